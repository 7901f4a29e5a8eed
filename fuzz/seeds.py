#!/usr/bin/env python3
"""Makes the seed corpora from the evidence blocks of the detectors' specifications: made-up evidence only."""
import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from pathlib import Path

root = Path(__file__).resolve().parent
blocks = []
for page in sorted((root.parent / "crates/sensors/src").rglob("*.md")):
    blocks += re.findall(r"```evidence [^\n]*\n(.*?)```", page.read_text(), re.S)
for target in ("read", "split", "classify", "mail", "names", "text"):
    folder = root / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for n, block in enumerate(blocks):
        text = block.encode()
        if target == "split":
            text = b"\x01" + text
        if target == "classify":
            text = re.sub(rb'.*?"([A-Z]+) (\S+).*?"[^"\n]*"([^"\n]*)" "([^"\n]*)".*', rb"\1\n\2\n\4\n\3", text.split(b"\n")[0])
        (folder / f"seed-{n:03}").write_bytes(text)

# Records, NUL, message: each part of authentication once, with nothing that verifies.
records = [
    b'{"name":"s._domainkey.example.net","type":"TXT","answers":["v=DKIM1; k=rsa; h=sha256; s=*; t=y:s; p=AAAA"]}',
    b'{"name":"_dmarc.example.net","type":"TXT","answers":["v=DMARC1; p=reject; sp=none; pct=5; adkim=s"]}',
    b'{"name":"example.net","type":"TXT","answers":["v=spf1 a/24//64 mx ip4:192.0.2.0/24 ip6:2001:db8::/32 exists:%{ir}.%{l1r-}._%{d2} '
    b'include:example.org ptr redirect=%{o} exp=e.%{d}"]}',
    b'{"name":"*","type":"ANY","rcode":"NXDOMAIN"}',
]
zone = b'$ORIGIN example.net.\n@ 60 IN SOA a b ( 1 2\n 3 )\n@ TXT "v=spf1 " "-all" ; x\n MX 10 mx\nmx A 192.0.2.1\ns._domainkey CNAME x.\n'
sign = b" v=1; a=rsa-sha256; c=relaxed/simple; d=example.net; s=s; i=@example.net; l=3; t=1; x=2; h=from:to; bh=AAAA; b=AA==\r\n"
message = (
    b"Authentication-Results: mx.example.org 1; spf=pass (x) smtp.mailfrom=a@b.example; dkim=fail reason=\"y\" header.d=example.net\r\n"
    b"Received: from a (b [192.0.2.1])\r\n\tby mx.example.org (envelope-from <a@b.example>); Thu, 20 Apr 2017 08:00:00 +0000\r\n"
    b"ARC-Seal: i=1; cv=none; a=rsa-sha256; d=example.net; s=s; b=AA==\r\nARC-Message-Signature: i=1;" + sign[5:] +
    b"ARC-Authentication-Results: i=1; mx.example.org; spf=pass\r\nDKIM-Signature:" + sign +
    b'From: "a, b" <a@example.net>, g: c(d)@example.net;\r\nDate: Thu, 20 Apr 2017 08:00:00 +0000\r\n\r\na  b \r\n\r\n'
)
folder = root / "corpus" / "authentication"
folder.mkdir(parents=True, exist_ok=True)
for n, text in enumerate([b"\n".join(records) + b"\0" + message, zone + b"\0" + message, b"\0" + message.replace(b"\r\n", b"\n")]):
    (folder / f"seed-{n:03}").write_bytes(text)

# Every wrapping once, and some within each other.
def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2017, 4, 20, 8, 0, 0)), body, how)
    return out.getvalue()


def tape(members: dict[str, bytes], form: int = tarfile.USTAR_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, body in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return out.getvalue()


line = b"192.0.2.1 - - [20/Apr/2017:08:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n"
files = {"a/b.log": line, "c": line * 9}
packed = gzip.compress(line, mtime=0)
seeds = [
    packed, packed + packed, bz2.compress(line), lzma.compress(line), b"\xff\xfe" + "é\n".encode("utf-16-le"),
    zipped(files), zipped(files, zipfile.ZIP_STORED), tape(files), tape({"d" * 150: line}, tarfile.GNU_FORMAT),
    tape({"é" * 90: line}, tarfile.PAX_FORMAT), gzip.compress(tape({"in.zip": zipped(files), "b.gz": packed}), mtime=0),
    zipped({"[Content_Types].xml": line}), zipped({"t.tar.bz2": bz2.compress(tape(files)), "u.xz": lzma.compress(line)}),
]
folder = root / "corpus" / "walk"
folder.mkdir(parents=True, exist_ok=True)
for n, seed in enumerate(seeds):
    (folder / f"seed-{n:03}").write_bytes(seed)
print(len(blocks), "seeds each")
