#!/usr/bin/env python3
"""Reading mail: speed of the whole program on many small messages, hostile messages, and `.msg` against extract-msg.

    cargo build --release -p vigie
    python3 bench/mail_read.py [speed] [hostile] [outlook]      (all where none is named)

Sample mails are found under ../shared/data (or $VIGIE_DATA). Times are processor time, the least of three, on one core:
`check` starts workers, whose time is counted. Peak memory is that of the largest process. `outlook` needs the network
once, for pip. Exit 1 where a hostile message takes over a second or 100 MB."""

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
    fine = True
    for name, mail in mails.items():
        with tempfile.NamedTemporaryFile(suffix=".eml") as file:
            file.write(mail.encode())
            file.flush()
            seconds, peak, out = min(run("read", "--json", file.name) for _ in range(3))
        rows = sum('"mail/message"' in line for line in out.splitlines())
        fine &= seconds < 1 and peak < 100 and rows > 0
        print(f"{name}: {seconds:.2f} s, {peak:.0f} MB, {rows} messages")
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


def main():
    asked = sys.argv[1:] or ["speed", "hostile", "outlook"]
    done = [{"speed": speed, "hostile": hostile, "outlook": outlook}[name]() for name in asked]
    sys.exit(1 if False in done else 0)


if __name__ == "__main__":
    main()
