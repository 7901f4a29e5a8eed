#!/usr/bin/env python3
"""Reading mail: speed of the whole program on many small messages, hostile messages, `.msg` against extract-msg, and
Outlook stores against libpff.

    cargo build --release -p vigie
    python3 bench/mail_read.py [speed] [hostile] [outlook] [store]      (all where none is named)

Sample mails are found under ../shared/data (or $VIGIE_DATA). Times are processor time, the least of three, on one core:
`check` starts workers, whose time is counted. Peak memory is that of the largest process. `outlook` and
`store` need the network once, for pip and for the three stores that npm's pst-extractor is tested with. Exit 1 where a hostile message takes over a second or 100 MB."""
import usage

import base64, glob, json, os, shutil, struct, subprocess, sys, tempfile, zlib

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("VIGIE", os.path.join(HERE, "../target/release/vigie"))
DATA = os.environ.get("VIGIE_DATA", os.path.join(HERE, "../../shared/data"))


def run(*arguments):
    """Processor seconds, peak in MB, standard output. GNU time measures: this process's own memory must not count."""
    with tempfile.NamedTemporaryFile("r") as said:
        command = ["/usr/bin/time", "-o", said.name, "-f", "%U %S %M", "taskset", "-c", "0", PROGRAM, *arguments]
        out = subprocess.run(command, capture_output=True, text=True).stdout
        user, system, peak = said.read().split()[-3:]
    return float(user) + float(system), int(peak) / 1024, out


def speed():
    mails = sorted(glob.glob(os.path.join(DATA, "mail/spamassassin-corpus/*/*.txt")))[:1000]
    with tempfile.TemporaryDirectory() as folder:
        for n, mail in enumerate(mails):
            shutil.copy(mail, os.path.join(folder, f"{n}.eml"))
        seconds, peak, _ = min(run("check", folder) for _ in range(3))
    print(f"{len(mails)} messages: {seconds:.2f} s, {len(mails) / seconds:.0f} a second and core, {peak:.0f} MB")


def hostile():
    head = "From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
    html = "From: a@b.example\nContent-Type: text/html\n\n"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"\0" * (1 << 28)) + packer.flush()
    archive = b"PK\3\4\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0" + struct.pack("<IIHH", len(packed), 1 << 28, 5, 0) + b"a.doc" + packed
    directory = b"PK\1\2\x14\0\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0" + struct.pack("<IIHHHHHII", len(packed), 1 << 28, 5, 0, 0, 0, 0, 0, 0) + b"a.doc"
    archive += directory + b"PK\5\6\0\0\0\0\1\0\1\0" + struct.pack("<IIH", len(directory), len(archive), 0)
    attached = "--b\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
    mails = {
        "100,000 parts": head + "".join(f"--b\n\npart {n}\n" for n in range(100_000)),
        "2,000 levels of multiparts": "From: a@b.example\n" + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000)),
        "300 messages within each other": "".join(f"From: a{n}@b.example\nContent-Type: message/rfc822\n\n" for n in range(300)),
        "a million folded lines": "From: a@b.example\nSubject: x" + "\n y" * 1_000_000 + "\n\nbody",
        "a million fields": "From: a@b.example\n" + "X: y\n" * 1_000_000 + "\nbody",
        "900 signatures": "DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=s; c=relaxed/relaxed; h=from; bh=x; b=y\n" * 900 + "From: a@b.example\n\n" + "x " * 2_000_000,
        "boundaries without end": head + "--b \n--b\n--bx\n\n--" * 1_000_000,
        "32 MB of base64": "From: a@b.example\nContent-Type: a/b\nContent-Transfer-Encoding: base64\n\n" + "QUFB" * (8 << 20),
        "half a million links": html + "<a href=http://x.example/><b>" * 500_000,
        "700,000 open elements": html + "<div style='x'>" * 700_000,
        "300,000 addresses in text": "From: a@b.example\n\n" + "".join(f"http://h{n}.example/ " for n in range(300_000)),
        "a zip bomb": head + attached + base64.encodebytes(archive).decode() + "--b--\n",
    }

    def with_files(*files):
        parts = (f"--b\nContent-Disposition: attachment; filename={name}\nContent-Transfer-Encoding: base64\n\n".encode()
                 + base64.encodebytes(body) for name, body in files)
        return head.encode() + b"".join(parts) + b"--b--\n"

    def zipped(name, body, times=1):
        """A zip whose directory names one member so many times."""
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(body) + packer.flush()
        sizes = struct.pack("<II", len(packed), len(body))
        local = b"PK\3\4\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0" + sizes + struct.pack("<HH", len(name), 0) + name + packed
        entry = b"PK\1\2\x14\0\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0" + sizes + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
        return local + entry * times + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, times, times, len(entry) * times, len(local), 0)

    def picture(side):
        """A PNG of noise: what it costs to look for a code."""
        rows, state = [], 1
        for _ in range(side):
            state = (state * 1103515245 + 12345) & (1 << 8 * (side // 8)) - 1
            rows.append(b"\0" + state.to_bytes(side // 8, "big"))
        chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")

    def disc(files):
        """An ISO image whose files are all the same place."""
        name = lambda n: b"%08d.EXE" % n
        record = lambda at, size, kind, name: bytes([34 + len(name) - len(name) % 2, 0]) + struct.pack("<II", at, 0) + struct.pack("<II", size, 0) + bytes(7) + bytes([kind]) + bytes(6) + bytes([len(name)]) + name + bytes(1 - len(name) % 2)
        rows = [record(40, 4 << 20, 0, name(n)) for n in range(files)]
        each = 2048 // len(rows[0])
        listing = b"".join(b"".join(rows[n:n + each]).ljust(2048, b"\0") for n in range(0, files, each))
        image = bytearray(40 * 2048 + (4 << 20))
        image[16 * 2048:16 * 2048 + 6] = b"\1CD001"
        root = record(len(image) // 2048, len(listing), 2, b"\0")
        image[16 * 2048 + 156:16 * 2048 + 156 + len(root)] = root
        return bytes(image) + listing

    nested = b"end"
    for _ in range(60):
        nested = zipped(b"a.zip", nested)
    stream = b"1 0 obj <</FlateDecode>> stream\n" + zlib.compress(b" re 0 0 1 1" * 2_000_000) + b"\nendstream\n"
    mails |= {
        "a boundary inside a boundary": head + "--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 3_000 + "--bb\n\nx\n" * 100_000 + "--b--\n" * 3_000,
        "boundaries that begin each other": "From: a@b.example\n" + "".join(f"Content-Type: multipart/mixed; boundary={'b' * n}\n\n--{'b' * n}\n" for n in range(1, 500)) + "--" + "b" * 600 + "\n",
        "a zip of 4,000 times one member": with_files(("a.zip", zipped(b"a.doc", bytes(64 << 20), 4_000))),
        "zips within zips, 60 deep": with_files(("a.zip", nested)),
        "base64 within base64": "From: a@b.example\n" + "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"From: c@d.example\n\n" + b"QUJD" * (4 << 20))).decode(),
        "folding, comments and quotes without end": "From: " + "(" * 300_000 + " a@b.example\nTo: " + '"' * 300_001 + "\n " * 100_000 + "\nReferences: " + "<a@b>\n " * 200_000 + "\nReceived: " + "from a (b [192.0.2.1]) by c; " * 20_000 + "\n\nx",
        "300,000 encoded words and 8-bit headers": b"From: \xe9\xff\xfe <a@b.example>\nSubject: " + b"=?utf-8?B?w6k=?= =?iso-8859-1?Q?=E9?= " * 150_000 + b"\nX-\xe9: \xff\n\n\xff\xfe",
        "1,000 parts of wrong charsets": head.encode() + b"".join(b"--b\nContent-Type: text/plain; charset=" + kind + b"\n\n" + b"\x1b$B\xff\xfe+AGE-&\x80" * 500 + b"\n" for kind in [b"utf-7", b"utf-16", b"iso-2022-jp", b"gb18030", b"x-none"] * 200),
        "8 MB of style sheet and script": html + "<style>" + ".a .b>c{color:red}" * 220_000 + "</style><script>" + "atob('" * 600_000 + "</script>",
        "a million entities and attributes": html + "&amp;&#x41;&#99999999999;" * 150_000 + "<a " + "b=c " * 1_000_000 + ">",
        "50,000 cells in tables 1,000 deep": html + "<table><tr>" * 1_000 + "<td bgcolor=#000><td bgcolor=#fff>" * 50_000,
        "4 MB of block characters": "From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n" + ("\u2588\u2580" * 60 + "\n") * 11_000,
        "12 pictures of 5.8 megapixels": with_files(*((f"{n}.png", picture(2400)) for n in range(12))),
        "a disc of 2,000 times one file": with_files(("a.iso", disc(2_000))),
        "a PDF of 300 pages of rectangles": with_files(("a.pdf", b"%PDF-1.4\n" + stream * 300)),
    }
    with tempfile.TemporaryDirectory() as folder:
        def measure(name, chunks, times=3, slow=False):
            file = os.path.join(folder, "hostile.eml")
            with open(file, "wb") as out:
                out.writelines(chunks)
            seconds, peak, out = min(run("read", "--json", file) for _ in range(times))
            lines = out.splitlines()
            rows = sum('"mail/message"' in line for line in lines)
            print(f"{name}: {seconds:.2f} s, {peak:.0f} MB, {rows} messages", flush=True)
            return (slow or seconds < 1) and peak < 100 and rows > 0

        fine = all([measure(name, [mail if isinstance(mail, bytes) else mail.encode()]) for name, mail in mails.items()])
        # Two gigabytes take what reading them takes: memory alone is bounded.
        lines = base64.encodebytes(bytes(range(256)) * 3 * 1024)
        huge = [attached.encode()] + [lines] * (2 ** 31 // len(lines)) + [b"--b--\n"]
        fine &= measure("a 2 GB attachment", [head.encode()] + huge, times=1, slow=True)
    return fine


def outlook():
    place = os.path.join(tempfile.gettempdir(), "vigie-extract-msg")
    if not os.path.exists(place):
        subprocess.check_call([sys.executable, "-m", "venv", place])
        subprocess.check_call([os.path.join(place, "bin/pip"), "-q", "install", "extract-msg==0.57.0"])
    ask = "import sys, extract_msg as e\nm = e.openMsg(sys.argv[1], delayAttachments=False)\n" \
        "print((m.subject or '').strip().strip(chr(0)), len(m.attachments), sep='\\t')"
    same, all_files = 0, sorted(glob.glob(os.path.join(DATA, "documents/**/*.msg"), recursive=True))
    for file in all_files:
        theirs = subprocess.run([os.path.join(place, "bin/python"), "-c", ask, file], capture_output=True, text=True).stdout.strip("\n")
        rows = [json.loads(line) for line in run("read", "--json", file)[2].splitlines()]
        rows = [row for row in rows if row["kind"] == "mail/message"]
        # What they count as an attachment and is a message stands here as a message.
        ours = f"{rows[0].get('subject', '')}\t{len(rows[0].get('attachments', [])) + len(rows) - 1}" if rows else ""
        same += ours == theirs
        if ours != theirs:
            print(f"{os.path.basename(file)}: {theirs!r} they say, {ours!r} we")
    print(f"{same} of {len(all_files)} Outlook items give the same subject and attachments")


# Their messages: subject and number of attachments, of items of the classes that are mail.
THEIRS = """
import json, pypff, sys
def walk(folder):
    yield from folder.sub_messages
    for below in folder.sub_folders:
        yield from walk(below)
def said(message):
    sets = [e for s in message.record_sets for e in s.entries if e.entry_type == 0x1a]
    return (sets[0].get_data_as_string() if sets else "").upper()
file = pypff.file()
file.open(sys.argv[1])
for m in walk(file.get_root_folder()):
    if not said(m) or said(m).startswith(("IPM.NOTE", "REPORT.", "IPM.SCHEDULE", "IPM.POST")):
        print(json.dumps([(m.subject or "").strip("\\0 "), m.number_of_attachments]))
"""


def store():
    place = os.path.join(tempfile.gettempdir(), "vigie-stores")
    if not os.path.exists(place):
        subprocess.check_call([sys.executable, "-m", "venv", place])
        subprocess.check_call([os.path.join(place, "bin/pip"), "-q", "install", "libpff-python==20260926"])
        subprocess.check_call(["npm", "pack", "--silent", "pst-extractor@1.12.0"], cwd=place)
        subprocess.check_call(["tar", "xzf", "pst-extractor-1.12.0.tgz"], cwd=place)
    for file in sorted(glob.glob(os.path.join(place, "package/example/testdata/*.[op]st"))):
        theirs = subprocess.run([os.path.join(place, "bin/python"), "-c", THEIRS, file], capture_output=True, text=True, check=True)
        theirs = sorted(json.loads(line) for line in theirs.stdout.splitlines())
        seconds, peak, out = run("read", "--json", file)
        rows = [row for row in map(json.loads, out.splitlines()) if row["kind"] == "mail/message" and "container" not in row]
        ours = sorted([row.get("subject", "").strip(), len(row.get("attachments", []))] for row in rows)
        same = "the same" if ours == theirs else f"NOT THE SAME: {len(theirs)} theirs"
        print(f"{os.path.basename(file)}: {len(ours)} messages, {same}; {seconds:.2f} s, {peak:.0f} MB")


def main():
    known = {"speed": speed, "hostile": hostile, "outlook": outlook, "store": store}
    done = [known[name]() for name in sys.argv[1:] or known]
    sys.exit(1 if False in done else 0)


if __name__ == "__main__":
    main()
