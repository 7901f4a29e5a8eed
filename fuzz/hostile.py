#!/usr/bin/env python3
"""Hostile evidence over all readers, and what must hold of the program that reads it.

Usage: fuzz/hostile.py [VIGIE] [--keep DIR] [--only WORD] [--files DIR]
Makes some 500 files from a fixed seed (or takes those of DIR), reads each with `check` as a table and as JSON, then puts all
of them into one case and writes its brief and exports. It fails on: a panic, a worker that died, an exit code that is none
of ours, over 10 s of processor time for under 10 MB, over 300 MB of memory for under 50 MB, a raw control or bidirectional
character in what is printed, a tag of evidence in HTML that was not escaped, a cell of a table that a spreadsheet would run.
"""
import bz2, csv, gzip, io, json, lzma, os, pathlib, random, re, shutil, struct, subprocess, sys, tarfile, tempfile, time, warnings, zipfile, zlib

warnings.simplefilter("ignore")

MARK = "<vigie-tag onload=x>"
FORMULA = '=cmd|"/c calc"!VIGIECELL'
BIDI = "\u202egnp.exe\u2066\u2069\u061c"
C1 = "\u009b31m\u0085"
ESC = "\x1b]0;owned\x07\x1b[2J"
BAD = [MARK, FORMULA, BIDI, C1, ESC, "\x00", "'\"`$(id){{7*7}}", "%00%0a%0d%ff", "../" * 30 + "etc/passwd", "A" * 70000, "\U000e0041\ufeff\u200b", "é\udcff".encode("utf-8", "surrogatepass").decode("latin-1")]
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def web(host="www.kiosque.example", path="/", agent="Mozilla/5.0", source="203.0.113.9", stamp="14/Feb/2017:11:00:00 +0100", status="403", size="100", referer="-", user="-"):
    return f'{host} {source} - {user} [{stamp}] "GET {path} HTTP/1.1" {status} {size} "{referer}" "{agent}"\n'


ATTACK = "/?id=1%20UNION%20SELECT%20password%20FROM%20users--"


def ssh(user="alice", source="192.0.2.7", stamp="2017-02-14T03:12:00+01:00", host="web1", said="Failed password for"):
    return f"{stamp} {host} sshd[7]: {said} {user} from {source} port 5022 ssh2\n"


def mail(subject="x", sender="a@kiosque.example", body="hello\r\n", head="", kind="text/plain"):
    return (f"From: {sender}\r\nTo: b@kiosque.example\r\nSubject: {subject}\r\nDate: Thu, 20 Apr 2017 08:00:00 +0000\r\n"
            f"Message-ID: <1@x.example>\r\nMIME-Version: 1.0\r\n{head}Content-Type: {kind}\r\n\r\n{body}").encode("utf-8", "surrogateescape")


def zipped(members, how=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, body in members:
            archive.writestr(zipfile.ZipInfo(name, (2017, 4, 20, 8, 0, 0)), body, how)
    return out.getvalue()


def tape(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, body, kind in members:
            member = tarfile.TarInfo(name)
            member.size, member.type, member.linkname = len(body), kind, "/etc/passwd" if kind != tarfile.REGTYPE else ""
            archive.addfile(member, io.BytesIO(body))
    return out.getvalue()


def png(width, height, body=b"\0" * 100):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def attached(name, body, kind="application/octet-stream"):
    import base64
    coded = base64.encodebytes(body).decode()
    return mail(kind='multipart/mixed; boundary="b"', body=f'--b\r\nContent-Type: text/plain\r\n\r\nsee\r\n--b\r\nContent-Type: {kind}; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}\r\n--b--\r\n')


def pdf(objects):
    out = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n + 1, o) for n, o in enumerate(objects))
    return out + b"trailer\n<</Root 1 0 R/Size %d>>\n%%%%EOF\n" % (len(objects) + 1)


def stix(objects):
    return json.dumps({"type": "bundle", "id": "bundle--1", "spec_version": "2.1", "objects": objects}).encode()


def corpus():
    chance = random.Random(20261128)
    lots = lambda n, line: "".join(line(i) for i in range(n)).encode("utf-8", "surrogateescape")
    text = lambda s: s.encode("utf-8", "surrogateescape")
    # Every field of every kind of record, with everything that could act where it is shown.
    for n, bad in enumerate(BAD):
        field = bad.replace("\n", " ")
        plain = "".join(web(source=f"198.51.100.{i}") for i in range(30))
        for key in ("host", "path", "agent", "referer", "user", "status", "size", "stamp", "source"):
            hostile = ATTACK + field if key == "path" else field
            yield f"web-{key}-{n}.log", text(plain + web(path=ATTACK) * 3 + web(**{"path": ATTACK, key: hostile}) * 3)
        for key in ("user", "source", "stamp", "host", "said"):
            yield f"login-{key}-{n}.log", text(ssh() * 20 + ssh(**{key: field}) * 30 + ssh(said="Accepted password for"))
        yield f"names-{n}.txt", text("mail-kiosque.example\n" + field + "-kiosque.example\n" + "kiosqve.example\n")
        for key in ("subject", "sender", "body"):
            yield f"mail-{key}-{n}.eml", mail(**{key: field + (" <x@kiosqve.example>" if key == "sender" else "")})
        yield f"mail-file-{n}.eml", attached(field.replace('"', "")[:2000] + ".exe", b"MZ" + text(field))
        rows = [[f"{i}", f"acct{i % 7}{field}", f"copied text of a post {field}", f"https://x.example/{field}", f"2017-05-05 10:00:0{i % 10}"] for i in range(60)]
        out = io.StringIO()
        csv.writer(out).writerows([["id", "author", "text", "url", "created_at"]] + rows)
        yield f"posts-{n}.csv", text(out.getvalue().replace("\x00", ""))
        yield f"posts-{n}.json", json.dumps([{"id_str": str(i), "created_at": "Fri May 05 22:10:00 +0000 2017", "text": field, "user": {"id_str": str(i % 5), "screen_name": field}} for i in range(40)]).encode()
        yield f"member-{n}.zip", zipped([((field.replace("\x00", "?")[:3000] or "x") + ".log", text(web(path=ATTACK) * 3))])
    # Floods that a table could hold.
    for n in (4001, 30000):
        yield f"flood-hosts-{n}.log", lots(n, lambda i: web(host=f"h{i}.example"))
        yield f"flood-v6-{n}.log", lots(n, lambda i: web(source=f"2001:db8:{i % 65536:x}:{i // 65536}::{i % 999:x}", path=ATTACK))
        yield f"flood-paths-{n}.log", lots(n, lambda i: web(path=f"/p{i}"))
        yield f"flood-agents-{n}.log", lots(n, lambda i: web(path=ATTACK, agent=f"a{i}"))
        yield f"flood-days-{n}.log", lots(n, lambda i: web(stamp=f"{1 + i % 28:02}/Jan/{1970 + i % 8000}:00:00:00 +0000"))
        yield f"flood-users-{n}.log", lots(n, lambda i: ssh(user=f"u{i}"))
        yield f"flood-sources-{n}.log", lots(n, lambda i: ssh(source=f"2001:db8:{i % 65536:x}::{i // 65536}"))
        yield f"flood-machines-{n}.log", lots(n, lambda i: ssh(host=f"m{i}"))
        yield f"flood-lookalikes-{n}.txt", lots(n, lambda i: f"secure-kiosque{i}-login.example\n")
        yield f"flood-senders-{n}.mbox", b"".join(b"From x Thu Apr 20 08:00:00 2017\n" + mail(sender=f"a{i}@x{i}.example").replace(b"\r\n", b"\n") + b"\n" for i in range(n // 10))
        yield f"flood-accounts-{n}.csv", text("id,author,text,url,created_at\n") + lots(n // 3, lambda i: f"{i},a{i},one text that all of them copy word by word,https://x.example/{i % 60},2017-05-05 10:00:0{i % 5}\n")
    # Lines and documents without end.
    for size in (1 << 16, 1 << 20, 9 << 20):
        yield f"long-line-{size}.log", text(web()) * 5 + b"x" * size + b"\n" + text(web(path=ATTACK))
        yield f"long-path-{size}.log", text(web()) * 5 + text(web(path="/" + "%25" * (size // 3)))
        yield f"long-header-{size}.eml", mail(subject="x" * size)
        yield f"long-word-{size}.txt", b"kiosque.example\n" + b"a" * size + b".example\n"
        yield f"long-cell-{size}.csv", text("id,author,text,url,created_at\n1,a,") + b"x" * size + b",u,2017-05-05 10:00:00\n"
        yield f"long-string-{size}.json", stix([{"type": "indicator", "pattern": "[domain-name:value = '" + "a" * size + ".example']"}])
        yield f"quotes-{size}.csv", text("id,author,text,url,created_at\n") + b'"' * size
        yield f"no-newline-{size}.log", text(web().strip()) * (size // 120)
    for depth in (100, 5000, 200000):
        yield f"deep-{depth}.json", b'{"type":"bundle","objects":' + b"[" * depth + b"]" * depth + b"}"
        yield f"deep-objects-{depth}.json", b'[{"id_str":"1","user":' * depth
        yield f"deep-html-{depth}.eml", mail(kind="text/html", body="<div>" * depth + "x")
        yield f"deep-rtf-{depth}.rtf", b"{\\rtf1" + b"{" * depth + b"x"
        yield f"deep-xml-{depth}.rss", b"<rss><channel>" + b"<item>" * depth
        yield f"deep-log-{depth}.json", b'{"ts":1,"request":' * depth
        nested = "x\r\n"
        for i in range(min(depth, 300)):
            nested = f'Content-Type: multipart/mixed; boundary="b{i}"\r\n\r\n--b{i}\r\n{nested}\r\n--b{i}--\r\n'
        yield f"deep-parts-{depth}.eml", b"From: a@x.example\r\nMIME-Version: 1.0\r\n" + nested.encode()
        pages = pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Kids[" + b"[" * depth + b"]" * depth + b"]>>"])
        yield f"deep-{depth}.pdf", pages
    yield "laughs.rss", b'<?xml version="1.0"?><!DOCTYPE r [' + b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10 if i else b"ha") for i in range(20)) + b"]><rss><channel><item><title>&a19;</title></item></channel></rss>"
    # What is packed.
    line = text(web(path=ATTACK) * 3)
    for n, packed in enumerate((gzip.compress(b"") * 100000, lzma.compress(line) + b"\0" * (4 << 20), b"\x50\x2a\x4d\x18\0\0\0\0" * 400000, bz2.compress(b"") * 50000)):
        yield f"empty-{n}.bin", packed
        yield f"empty-{n}.gz", gzip.compress(packed)
        yield f"empty-{n}.gz.gz", gzip.compress(gzip.compress(packed * 8))
    bomb = gzip.compress(b"\0" * (200 << 20))
    yield "bomb.gz", bomb
    yield "bomb.gz.gz", gzip.compress(bomb * 20)
    yield "bomb.zip", zipped([(f"{i}.log", b"\0" * (30 << 20)) for i in range(4)])
    inner = zipped([("x.log", line)])
    for i in range(40):
        inner = zipped([(f"{i}.zip", inner)] * 2)
        if len(inner) > 200000:
            break
    yield "nested.zip", inner
    whole = zipped([(f"{i}.log", line) for i in range(50)])
    at = whole.rindex(b"PK\x01\x02")
    yield "overlap.zip", whole[:at] + re.sub(rb"(PK\x01\x02.{38}).{4}", lambda m: m[1] + bytes(4), whole[at:], flags=re.S)
    yield "many.zip", zipped([(f"{i}.log", b"") for i in range(60000)])
    yield "sizes.zip", re.sub(rb"(PK\x01\x02.{16}).{8}", lambda m: m[1] + b"\xff\xff\xff\x7f" * 2, whole, flags=re.S)
    yield "links.tar", tape([("a.log", line, tarfile.REGTYPE), ("b.log", b"", tarfile.SYMTYPE), ("c.log", b"", tarfile.LNKTYPE), ("../../d.log", line, tarfile.REGTYPE), ("/e.log", line, tarfile.REGTYPE), ("f", b"", tarfile.FIFOTYPE), ("g", b"", tarfile.CHRTYPE)])
    yield "size.tar", tape([("a.log", line, tarfile.REGTYPE)]).replace(b"%011o" % len(line), b"77777777777", 1)
    yield "7z.7z", b"7z\xbc\xaf\x27\x1c\0\4" + b"\xff" * 4096
    yield "rar.rar", b"Rar!\x1a\x07\x01\0" + b"\xff" * 4096
    yield "cab.cab", b"MSCF" + b"\xff" * 4096
    yield "disk.iso", b"\0" * 32768 + b"\x01CD001\x01" + b"\xff" * 60000
    yield "ole.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 8192
    yield "store.pst", b"!BDN" + b"\xff" * 8192
    for width, height in ((65535, 65535), (1, 0x7fffffff), (0, 0), (20000, 20000)):
        picture = png(width, height)
        yield f"picture-{width}x{height}.eml", attached("a.png", picture, "image/png")
        yield f"picture-{width}x{height}-gif.eml", attached("a.gif", b"GIF89a" + struct.pack("<HH", width & 65535, height & 65535) + b"\xf7\0\0" + b"\0" * 800 + b",\0\0\0\0\xff\xff\xff\xff\0\x08" + b"\xff" * 500, "image/gif")
    loop = pdf([b"<</Type/Catalog/Pages 2 0 R/OpenAction 2 0 R>>", b"<</Kids[1 0 R 2 0 R]/Parent 2 0 R/Length 2 0 R/Filter[/ASCIIHexDecode/LZWDecode/FlateDecode/RunLengthDecode]>>stream\n" + b"41" * 5000 + b"\nendstream"])
    yield "loop.pdf", loop
    yield "loop.eml", attached("a.pdf", loop)
    yield "stream.pdf", pdf([b"<</Type/Catalog>>"] + [b"<</Length 99999999/Filter/FlateDecode>>stream\n" + zlib.compress(b"\0" * (20 << 20)) + b"\nendstream"] * 3)
    for name, body in (("a.docx", zipped([("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<w:p>" * 100000)])), ("a.xlsm", zipped([("[Content_Types].xml", b"<x/>"), ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096)])), ("a.html", text(MARK * 10000)), ("a.ics", b"BEGIN:VCALENDAR\n" * 50000), ("winmail.dat", b"\x78\x9f\x3e\x22" + b"\xff" * 4096), ("a.lnk", b"L\0\0\0\x01\x14\x02\0" + b"\xff" * 500)):
        yield f"attached-{name}.eml", attached(name, body)
    # Good ones, damaged.
    good = {
        "web.log": text("".join(web(source=f"198.51.100.{i}") for i in range(20)) + web(path=ATTACK) * 3), "login.log": text(ssh() * 20),
        "web.json": b"\n".join(json.dumps({"ts": 1490000000 + i, "request": {"remote_ip": "203.0.113.9", "method": "GET", "host": "x", "uri": ATTACK}, "status": 403, "size": 1}).encode() for i in range(20)),
        "names.txt": b"mail-kiosque.example\nkiosqve.example\n" * 10, "mail.eml": attached("a.zip", zipped([("a.exe", b"MZ" * 50)])),
        "box.mbox": b"".join(b"From x Thu Apr 20 08:00:00 2017\n" + mail().replace(b"\r\n", b"\n") + b"\n" for _ in range(5)),
        "stix.json": stix([{"type": "indicator", "id": "indicator--1", "pattern": "[domain-name:value = 'bad.example.com']"}] * 5),
        "posts.csv": text("id,author,text,url,created_at\n") + lots(50, lambda i: f"{i},a{i % 5},text {i},https://x.example/{i % 3},2017-05-05 10:00:0{i % 5}\n"),
        "logs.zip": zipped([("a.log", line), ("b.eml", mail())]), "logs.tar": tape([("a.log", line, tarfile.REGTYPE)]), "logs.gz": gzip.compress(line, mtime=0),
        "logs.xz": lzma.compress(line), "logs.bz2": bz2.compress(line), "a.pdf": loop, "utf16.log": text(web()).decode().encode("utf-16"),
    }
    for name, data in good.items():
        for n in range(10):
            damaged = bytearray(data)
            for _ in range(chance.randrange(1, 12)):
                at = chance.randrange(max(1, len(damaged)))
                match chance.randrange(6):
                    case 0: damaged[at] ^= 1 << chance.randrange(8)
                    case 1: del damaged[at:at + chance.randrange(200)]
                    case 2: damaged[at:at] = damaged[max(0, at - 300):at] * chance.randrange(1, 30)
                    case 3: damaged[at:at] = chance.randbytes(chance.randrange(1, 50))
                    case 4: damaged[at:at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"9999"])
                    case 5: damaged[at:at] = chance.choice(list(good.values()))[:500]
                damaged = damaged or bytearray(b"\0")
            yield f"damaged-{n}-{name}", bytes(damaged)


def main():
    words = sys.argv[1:]
    option = lambda name: words[words.index(name) + 1] if name in words else None
    vigie = str(pathlib.Path(words[0] if words and not words[0].startswith("--") else "target/release/vigie").resolve())
    kept, only, given = option("--keep"), option("--only"), option("--files")
    room = pathlib.Path(kept or tempfile.mkdtemp(prefix="vigie-hostile-"))
    place = pathlib.Path(given) if given else room / "files"
    if not given:
        place.mkdir(parents=True, exist_ok=True)
        for name, data in corpus():
            (place / name).write_bytes(data)
    files = sorted(p for p in place.rglob("*") if p.is_file() and (not only or only in p.name))
    faults, slowest, largest, total = [], (0.0, ""), (0, ""), 0.0
    fixed = ["--at", "2017-06-01T00:00:00Z", "--lang", "en"]

    def read(args, name, size):
        nonlocal slowest, largest, total
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = subprocess.Popen([vigie, *args, *fixed], stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            begun = time.time()
            while True:
                pid, status, used = os.wait4(child.pid, os.WNOHANG)
                if pid:
                    break
                if time.time() - begun > 300:
                    child.kill()
                time.sleep(0.005)
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0), err.seek(0)
            said = out.read().decode("utf-8", "replace") + err.read().decode("utf-8", "replace")
        spent = used.ru_utime + used.ru_stime
        total += spent
        slowest, largest = max(slowest, (spent, name)), max(largest, (used.ru_maxrss, name))
        if child.returncode not in (0, 1, 2): faults.append((name, f"exit {child.returncode}"))
        if "panicked" in said: faults.append((name, "panic"))
        if re.search(r"the worker that read it (died|said nonsense)|the reader failed|owner failed", said): faults.append((name, "a reader or worker died"))
        if size < 10 << 20 and spent > 10: faults.append((name, f"{spent:.1f} s of processor time"))
        if size < 50 << 20 and used.ru_maxrss > 300 << 10: faults.append((name, f"{used.ru_maxrss >> 10} MB of memory"))
        if found := RAW.search(said): faults.append((name, f"raw {found.group()!r} printed"))
        return said

    for path in files:
        for args in (["check", "--all", str(path)], ["check", "--json", "--protect", "kiosque.example", str(path)]):
            read(args, path.name, path.stat().st_size)
    case = room / "case"
    shutil.rmtree(case, ignore_errors=True)
    subprocess.run([vigie, "init", case, "--protect", "kiosque.example", *fixed], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run([vigie, "add", case, *files, *fixed], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    read(["run", str(case)], "case", 1 << 40)
    read(["verify", str(case)], "case", 1 << 40)
    for made in sorted((case / "brief").iterdir()):
        data = made.read_text(errors="replace")
        if MARK in data and made.suffix in (".html", ".graphml"): faults.append((made.name, "a tag of evidence is not escaped"))
        if made.suffix in (".html", ".json", ".graphml") and (found := RAW.search(data)) and made.suffix != ".html": faults.append((made.name, f"raw {found.group()!r}"))
        if made.suffix == ".csv":
            csv.field_size_limit(1 << 30)
            for row in csv.reader(io.StringIO(data)):
                for cell in row:
                    if "VIGIECELL" in cell and cell.lstrip()[:1] in "=+-@\t\r": faults.append((made.name, f"a cell that would run: {cell[:40]!r}"))
    for form in ("stix", "misp", "csv", "attempts", "blocklist"):
        done = subprocess.run([vigie, "export", case, "--to", form, *fixed], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said = done.stdout.decode("utf-8", "replace")
        if "panicked" in done.stderr.decode("utf-8", "replace"): faults.append((form, "panic"))
        if done.returncode == 0 and form in ("stix", "misp") and (found := RAW.search(said)): faults.append((form, f"raw {found.group()!r}"))
    for name, fault in faults:
        print(f"{name}: {fault}")
    print(f"{len(files)} files, {2 * len(files)} readings, {total:.0f} s of processor time; slowest {slowest[1]} {slowest[0]:.1f} s; "
          f"largest {largest[1]} {largest[0] >> 10} MB; {len(faults)} faults")
    if not kept:
        shutil.rmtree(room)
    sys.exit(bool(faults))


main()
