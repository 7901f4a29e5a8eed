#!/usr/bin/env python3
"""Packs the program into a wheel (PEP 427) that `pip install`, `pipx run` and `uvx` take: usage: wheel.py STAGE OUT VERSION.

A static program runs with any C library, and the tags say so; one that is not static is tagged for machines like this one alone.
Same stage, same bytes.
"""
import base64
import hashlib
import os
import struct
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def is_static(program):
    """Whether an ELF program names no interpreter (PT_INTERP): nothing but the kernel starts it."""
    start, size, count = struct.unpack_from("<Q", program, 32)[0], *struct.unpack_from("<HH", program, 54)
    return all(struct.unpack_from("<I", program, start + i * size)[0] != 3 for i in range(count))


def main(stage, out, version):
    info, data = f"vigie-{version}.dist-info", f"vigie-{version}.data"
    tags = ["py3-none-manylinux_2_17_x86_64", "py3-none-manylinux2014_x86_64", "py3-none-musllinux_1_1_x86_64"]
    if not is_static((stage / "vigie").read_bytes()):
        tags = ["py3-none-linux_x86_64"]
    platforms = ".".join(t.split("-")[2] for t in tags)
    metadata = f"""Metadata-Version: 2.4
Name: vigie
Version: {version}
Summary: Shows, proves and explains interference with an election, offline
License-Expression: Apache-2.0
License-File: LICENSE
License-File: LICENCES.txt
Requires-Python: >=3.8
Classifier: Environment :: Console
Classifier: Operating System :: POSIX :: Linux
Classifier: Natural Language :: English
Classifier: Natural Language :: French
Description-Content-Type: text/markdown

""" + (ROOT / "README.md").read_text()
    wheel = "Wheel-Version: 1.0\nGenerator: vigie-packaging\nRoot-Is-Purelib: false\n" + "".join(f"Tag: {t}\n" for t in tags)
    files = [(f"{data}/scripts/vigie", (stage / "vigie").read_bytes(), 0o755)]
    files += [(f"{data}/data/share/man/man1/{p.name}", p.read_bytes(), 0o644) for p in sorted((stage / "man").iterdir())]
    files += [
        (f"{info}/METADATA", metadata.encode(), 0o644),
        (f"{info}/WHEEL", wheel.encode(), 0o644),
        (f"{info}/licenses/LICENSE", (ROOT / "LICENSE").read_bytes(), 0o644),
        (f"{info}/licenses/LICENCES.txt", (stage / "LICENCES.txt").read_bytes(), 0o644),
        (f"{info}/sboms/vigie.cdx.json", (stage / "sbom.cdx.json").read_bytes(), 0o644),
    ]
    digest = lambda b: base64.urlsafe_b64encode(hashlib.sha256(b).digest()).rstrip(b"=").decode()
    record = "".join(f"{name},sha256={digest(b)},{len(b)}\n" for name, b, _ in files) + f"{info}/RECORD,,\n"
    files.append((f"{info}/RECORD", record.encode(), 0o644))
    at = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), 315532800))[:6]
    with zipfile.ZipFile(out / f"vigie-{version}-py3-none-{platforms}.whl", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name, at)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(entry, content)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
