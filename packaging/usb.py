#!/usr/bin/env python3
"""Packs a USB key: usage: usb.py STAGE ZIP. The program, its guide, the demo's brief in both languages and a folder for cases, with
names and sizes that FAT holds. The brief is the demo's, made here; same stage, same bytes.
"""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AT = "2017-05-09T00:00:00Z"


def main(stage, archive):
    program = stage / "vigie"
    with tempfile.TemporaryDirectory() as work:
        key = Path(work) / "key"
        key.mkdir()
        shutil.copy(program, key / "vigie")
        for file in sorted((ROOT / "packaging/usb").iterdir()):
            shutil.copy(file, key / file.name)
        shutil.copy(ROOT / "LICENSE", key / "LICENSE.txt")
        for text in ("LICENCES.txt", "sbom.cdx.json"):
            shutil.copy(stage / text, key / text)
        run = lambda *a: subprocess.run([program, *map(str, a)], check=True, capture_output=True, cwd=work)
        run("demo", Path(work) / "demo", "--at", AT)
        for lang, name in (("en", "example/en"), ("fr", "exemple/fr")):
            # The same case, its brief in the reader's language.
            run("run", Path(work) / "demo/case", "--lang", lang, "--at", AT)
            shutil.copytree(Path(work) / "demo/case/brief", key / name)
            run("init", Path(work) / f"guide-{lang}", "--name", "demo", "--at", AT)
            run("hygiene", Path(work) / f"guide-{lang}", "--html", key / f"guide-{lang}.html", "--lang", lang, "--at", AT)
        files = sorted(p for p in key.rglob("*") if p.is_file())
        for p in files:
            assert p.stat().st_size < 2**32 - 1, f"FAT holds no file as large as {p}"
            assert not set(p.name) & set('\\/:*?"<>|') and len(p.name) < 200, f"FAT holds no name like {p.name}"
        sums = "".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(key).as_posix()}\n" for p in files)
        (key / "SHA256SUMS").write_text(sums)
        at = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), 315532800))[:6]
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
            for p in [*files, key / "SHA256SUMS"]:
                entry = zipfile.ZipInfo("vigie/" + p.relative_to(key).as_posix(), at)
                entry.external_attr = (0o100755 if p.name in ("vigie", "vigie.sh") else 0o100644) << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                z.writestr(entry, p.read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
