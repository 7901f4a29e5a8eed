#!/usr/bin/env python3
"""Makes seeds: from the evidence blocks of the detectors' specifications, and a few of each wrapping. Made-up evidence only.

Usage: fuzz/seeds.py FOLDER: a folder for each target is made in it. `fuzz/run.py` calls it; what is kept is what a run leaves.
"""
import bz2
import gzip
import io
import lzma
import re
import sys
import tarfile
import zipfile
from pathlib import Path

root = Path(__file__).resolve().parent
place = Path(sys.argv[1])
count = 0


def seed(target, text):
    global count
    folder = place / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed-{count:05}").write_bytes(text)
    count += 1


for page in sorted((root.parent / "crates/sensors/src").rglob("*.md")):
    sensor = page.relative_to(root.parent / "crates/sensors/src").parts[0]
    for block in re.findall(r"```evidence [^\n]*\n(.*?)```", page.read_text(), re.S):
        text = block.encode()
        # Evidence that is no text stands there in hexadecimal or base64; it is a seed of no reader as it is.
        seed("read", text)
        seed(f"reader_{sensor}", b"\0" + text if sensor == "posts" else text)
        if sensor == "web_log":
            seed("split", b"\x01" + text)
            seed("classify", re.sub(rb'.*?"([A-Z]+) (\S+).*?"[^"\n]*"([^"\n]*)" "([^"\n]*)".*', rb"\1\n\2\n\4\n\3", text.split(b"\n")[0]))
        for target, kinds in {"names": ["names"], "text": ["posts"], "message": ["mail"], "html": ["mail", "documents"], "recount": ["station_minutes"], "encoded": ["mail"]}.items():
            if sensor in kinds:
                seed(target, text.replace(b",", b"\t") if target == "recount" else text)
        if sensor == "posts":
            seed("shares", b"\x80" + text)
for rule in sorted((root.parent / "crates").rglob("*.yml")):
    seed("sigma", rule.read_bytes()[:8000])

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
for text in [b"\n".join(records) + b"\0" + message, zone + b"\0" + message, b"\0" + message.replace(b"\r\n", b"\n")]:
    seed("authentication", text)
seed("message", message)

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
wrapped = [
    packed, packed + packed, bz2.compress(line), lzma.compress(line), b"\xff\xfe" + "é\n".encode("utf-16-le"),
    zipped(files), zipped(files, zipfile.ZIP_STORED), tape(files), tape({"d" * 150: line}, tarfile.GNU_FORMAT),
    tape({"é" * 90: line}, tarfile.PAX_FORMAT), gzip.compress(tape({"in.zip": zipped(files), "b.gz": packed}), mtime=0),
    zipped({"[Content_Types].xml": line}), zipped({"t.tar.bz2": bz2.compress(tape(files)), "u.xz": lzma.compress(line)}),
]
for text in wrapped:
    for target in ("walk", "read", "zip", "tar", "about"):
        seed(target, text)

# A little of each format, so that the fuzzer begins inside it.
pdf = (b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
       b"3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>\nendobj\n"
       b"4 0 obj\n<</Length 44>>\nstream\nBT /F1 12 Tf 0 0 Td (hello) Tj [(a) -200 (b)] TJ ET\nendstream\nendobj\ntrailer\n<</Root 1 0 R/Size 5/Info<</Author(x)/CreationDate(D:20170420080000Z)>>>>\n%%EOF\n")
rtf = b"{\\rtf1\\ansi\\ansicpg1252{\\info{\\author x}{\\creatim\\yr2017\\mo4\\dy20}}\\htmltag{\\*\\htmltag64 <p>}h\\'e9llo\\u233?\\par}"
html = "<!DOCTYPE html><title>t</title><meta name=generator content=x><style>.a{display:none}</style><p class=a>&eacute;&#x202e;<a href='http://kiosqve.example/'>https://kiosque.example</a><form action=/x><input type=password>".encode()
tiff = b"II*\0\x08\0\0\0\x03\0\0\x01\x03\0\x01\0\0\0\x08\0\0\0\x01\x01\x03\0\x01\0\0\0\x01\0\0\0\x11\x01\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0"
xml = b"\x01<Types/>\0<workbook><sheets><sheet name='a' sheetId='1' r:id='rId1'/></sheets></workbook>\0<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row></sheetData></worksheet>\0<sst><si><t>a</t></si></sst>"
proof = (b"c2sp.org/tlog-proof@v1\nindex 0\n\nkill.example\n1\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 kill.example " + b"A" * 92 + b"\n")
for target, text in {
    "pdf": pdf, "reader_documents": pdf, "about": pdf, "rtf": rtf, "html": html, "tiff": tiff, "xml": xml, "proof": proof,
    "ole": b"\0" * 24 + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + b"\0" * 10 + b"\x01\0\0\0\x01\0\0\0" + b"\0" * 1000,
    "seven": b"\x17\x06\x00\x01\x09\x00\x07\x0b\x01\x00\x01\x21\x21\x01\x00\x0c\x00\x00", "rar": b"\0" * 40, "cab": b"\0" * 60,
    "disk": b"\x01CD001\x01" + b"\0" * 2041, "evtx": b"**\0\0" + b"\0" * 60, "tar": tape(files)[:1536],
    "encoded": b"begin 644 a\n#0V%T\n`\nend\n=C3=A9=\naGVsbG8=", "wrapped": b"\x01a b c\n", "stamp": b"\xf0\x10" + b"a" * 16 + b"\x08\x00" + bytes([5, 0x88, 0x96, 0x0D, 0x73, 0xD7, 0x19, 1, 1, 1]),
    "law": "Votez demain pour Emmanuel Macron : 52 % selon Ipsos.\n\nUne phrase d’autre chose.".encode(),
    "site": b"Content-Type: text/html\nContent-Security-Policy: default-src 'self'; script-src 'unsafe-inline'\nSet-Cookie: a=b; Secure; SameSite=None\nStrict-Transport-Security: max-age=1; preload\n\n" + html,
    "pack": b"vigie-knowledge/v1\ndate 2027-01-31\n", "reader_reach": b'{"vigie":"probe","at":"2017-05-05T10:00:00Z"}\n',
    "reader_windows_event": b"ElfFile\0" + b"\0" * 120, "reader_sigma": b"x\n", "sigma": b"title: a\nlogsource:\n  category: process_creation\n  product: windows\ndetection:\n  s:\n    Image|endswith: x\n    EventID: 1\n  condition: s\n",
    "reader_sign_in": b"CreationDate,UserIds,Operations,AuditData\n", "reader_station_minutes": b"precinct,candidate,votes\n1,a,2\n", "recount": b"Inscrits\tVotants\tNom\tVoix\n10\t9\ta\t8\n",
}.items():
    seed(target, text)
for target in ("mail", "zip", "ole", "pdf", "csv", "json"):
    for n in range(6):
        seed(f"made_{target}", bytes((7 * i * (n + 1) + i * i // 3) % 256 for i in range(600)))
print(count, "seeds")
