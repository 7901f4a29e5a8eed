#!/usr/bin/env python3
"""What somebody can pour into evidence, and what it costs: time, memory, size of the case. Run by hand; nothing here is a test.

usage: bench/floods.py [VIGIE] [PART]...     (default: every part)

Parts: names sources logins objects files mbox hosts links repeats. Each is printed at sizes that double, so that what is not linear
shows; seconds are of processor time with all workers, MB the largest process. Wanted: memory under 300 MB; twice the flood, twice
the time; a flood of names or sources told in few findings; 5,000 accounts with 200 links each in under 10 s. Exits 1 where one of
these does not hold. Some 2 GB below $TMPDIR.
"""
import usage
import datetime
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

words = sys.argv[1:]
vigie = str(pathlib.Path(words.pop(0) if words and words[0].find("/") >= 0 else "target/release/vigie").resolve())
room = pathlib.Path(tempfile.mkdtemp(prefix="vigie-floods-"))
FIXED = ["--at", "2017-06-01T00:00:00Z", "--lang", "en"]
missed = []


def cost(*args):
    """Processor seconds, the largest process in MB, lines printed."""
    code = (
        "import os,resource,subprocess,sys\n"
        "p=subprocess.Popen(sys.argv[2:],stdout=open(sys.argv[1],'wb'),stderr=subprocess.PIPE);e=p.stderr.read();p.wait()\n"
        "u=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(u.ru_utime+u.ru_stime,u.ru_maxrss,p.returncode);sys.stderr.buffer.write(e[-400:])"
    )
    out = room / "out"
    done = subprocess.run([sys.executable, "-c", code, out, vigie, *map(str, args), *FIXED], capture_output=True, text=True)
    seconds, most, status = done.stdout.split()
    if int(status) not in (0, 1):
        missed.append(f"{args[0]} ended with {status}: {done.stderr.strip()}")
    with open(out, "rb") as lines:
        return float(seconds), int(most) / 1024, sum(1 for _ in lines)


def size(folder):
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6


def bound(what, value, most):
    if value > most:
        missed.append(f"{what}: {value:,.1f}, wanted under {most:,}")


def row(part, n, paths, *more, seconds=None, findings=None):
    """One size of a flood, through `check` and through a case."""
    checked = cost("check", "--json", *more, *paths)
    case = room / "case"
    cost("init", case, "--name", "flood", *[w for w in more])
    added = cost("add", case, *paths)
    ran = cost("run", case)
    weight = size(case)
    listed = cost("findings", case, "--json")
    evidence = sum(p.stat().st_size for top in paths for p in ([top] if top.is_file() else top.rglob("*")) if p.is_file()) / 1e6
    print(f"| {part} {n:,} ({evidence:.0f} MB) | {checked[0]:.1f} s, {checked[1]:.0f} MB | {added[0]:.1f} s, {added[1]:.0f} MB | "
          f"{ran[0]:.1f} s, {ran[1]:.0f} MB | {weight:.0f} MB | {listed[2]:,} |", flush=True)
    for what, (spent, most, _) in (("check", checked), ("add", added), ("run", ran)):
        # Posts are held as a whole (bench/RESULTS.md).
        if part != "links":
            bound(f"{part} {n:,}: MB of memory of {what}", most, 300)
        if seconds:
            bound(f"{part} {n:,}: seconds of {what}", spent, seconds)
    if findings:
        bound(f"{part} {n:,}: findings", listed[2], findings)
    shutil.rmtree(case)
    return checked[0], ran[0] + added[0]


def doubled(part, small, large, make, *more, **bounds):
    """Both sizes; the time may grow as the flood does, and a fifth more."""
    costs = []
    for n in (small, large):
        place = room / "evidence"
        place.mkdir()
        make(place, n)
        paths = [place] if part == "files" else sorted(place.iterdir())
        costs.append(row(part, n, paths, *more, **bounds))
        shutil.rmtree(place)
    for what, before, after in zip(("check", "add and run"), *costs):
        if before > 0.5:
            bound(f"{part}: time of {what} for {large / small:.0f} times as many, against that many times the time", after / before / (large / small), 1.2)


def write(path, lines):
    with open(path, "w") as out:
        out.writelines(lines)


def names(place, n):
    write(place / "names.txt", (f"secure-kiosque{i}-login.org\n" for i in range(n)))


def address(i):
    return f"2001:db8:{i % 65536:x}:{i // 65536:x}::{i % 999 + 1:x}"


def sources(place, n):
    write(place / "access.log", (f'{address(i)} - - [14/Feb/2017:{i * 80000 // n // 3600:02}:{i * 80000 // n // 60 % 60:02}:{i * 80000 // n % 60:02} +0100] "GET /?id=1%27%20OR%20%271%27=%271 HTTP/1.1" 403 100 "-" "x"\n' for i in range(n)))


def logins(place, n):
    stamp = lambda i: f"2017-02-14T{i * 80000 // n // 3600:02}:{i * 80000 // n // 60 % 60:02}:{i * 80000 // n % 60:02}+01:00"
    write(place / "many.log", (f"{stamp(i)} web1 sshd[7]: Failed password for invalid user u{i} from {address(i)} port 5022 ssh2\n" for i in range(n // 2)))
    write(place / "one.log", (f"{stamp(i)} web1 sshd[7]: Failed password for invalid user u{i} from 2001:db8::{i // 65536:x}:{i % 65536:x} port 5022 ssh2\n" for i in range(n // 2)))


def objects(place, n):
    """One line each: a bundle of STIX, an event of MISP."""
    with open(place / "bundle.json", "w") as out:
        out.write('{"type":"bundle","id":"bundle--1","objects":[')
        for i in range(n):
            comma = "," if i else ""
            out.write(f'{comma}{{"type":"indicator","spec_version":"2.1","id":"indicator--{i:08x}-0000-4000-8000-000000000000","created":"2017-01-01T00:00:00.000Z","modified":"2017-01-01T00:00:00.000Z","name":"a name of some length {i}","pattern_type":"stix","valid_from":"2017-01-01T00:00:00Z","pattern":"[domain-name:value = \'bad{i}.example\']"}}')
        out.write("]}")
    with open(place / "event.json", "w") as out:
        out.write('{"Event":{"id":"1","info":"flood","Attribute":[')
        for i in range(n):
            comma = "," if i else ""
            out.write(f'{comma}{{"id":"{i}","type":"domain","category":"Network activity","to_ids":true,"uuid":"{i:08x}-0000-4000-8000-000000000000","timestamp":"1490000000","comment":"some words that say why","value":"worse{i}.example"}}')
        out.write("]}}")


def files(place, n):
    for i in range(n):
        folder = place / f"{i // 1000:03}"
        folder.mkdir(exist_ok=True)
        (folder / f"{i}.log").write_text(f'198.51.100.{i % 250} - - [14/Feb/2017:11:{i // 60 % 60:02}:{i % 60:02} +0100] "GET /page{i % 50} HTTP/1.1" 200 1000 "-" "x{i}"\n' * 3)


def mbox(place, n):
    with open(place / "box.mbox", "w") as out:
        for i in range(n):
            stamp = datetime.datetime(2017, 2, 1) + datetime.timedelta(seconds=20 * i)
            out.write(f"From x {stamp:%a %b %d %H:%M:%S %Y}\nFrom: Person {i % 700} <p{i % 700}@org{i % 90}.example>\nTo: b@kiosque.example\nSubject: about {i % 5000}\n"
                      f"Date: {stamp:%a, %d %b %Y %H:%M:%S} +0000\nMessage-ID: <{i}@org{i % 90}.example>\n\nHello, the text of message {i} is here.\nSee http://host{i % 3000}.example/\n\n")


def hosts(place, n):
    write(place / "access.log", (f'h{i}.example 198.51.100.{i % 250} - - [14/Feb/2017:{i * 80000 // n // 3600:02}:{i * 80000 // n // 60 % 60:02}:{i * 80000 // n % 60:02} +0100] "GET / HTTP/1.1" 200 100 "-" "x"\n' for i in range(n)))


def links(place, n):
    """Every account shares 200 links, each within five seconds of the others."""
    start = datetime.datetime(2017, 5, 5, 10)
    with open(place / "posts.csv", "w") as out:
        out.write("id,author,text,url,created_at\n")
        for link in range(200):
            for i in range(n):
                stamp = start + datetime.timedelta(seconds=600 * link + (i * 7919 + link) % 5)
                out.write(f"{link * n + i},account{i},look at this {link},https://x.example/{link},{stamp:%Y-%m-%d %H:%M:%S}\n")


def repeats(place, n):
    """A hundred accounts that have eight rare links in common, and repeat one link all through forty minutes."""
    chance, start, rows = random.Random(1), datetime.datetime(2017, 5, 5, 10), []
    for account in range(100):
        rows += [(chance.randrange(2400), account, "https://x.example/one") for _ in range(n // 100)]
        rows += [(90_000 * (k + 1) + chance.randrange(90), account, f"https://y{k}.example/r") for k in range(8)]
    with open(place / "posts.csv", "w") as out:
        out.write("id,author,text,url,created_at\n")
        for i, (second, account, link) in enumerate(sorted(rows)):
            out.write(f"{i},account{account},look {i},{link},{start + datetime.timedelta(seconds=second):%Y-%m-%d %H:%M:%S}\n")


PARTS = {
    "names": lambda: doubled("names", 150_000, 300_000, names, "--protect", "kiosque.fr", findings=1000),
    "sources": lambda: doubled("sources", 80_000, 160_000, sources, findings=1000),
    "logins": lambda: doubled("logins", 80_000, 160_000, logins, findings=1000),
    "objects": lambda: doubled("objects", 200_000, 400_000, objects, "--protect", "kiosque.fr"),
    "files": lambda: doubled("files", 50_000, 100_000, files),
    "mbox": lambda: doubled("mbox", 50_000, 100_000, mbox, "--protect", "kiosque.fr"),
    "hosts": lambda: doubled("hosts", 500_000, 1_000_000, hosts, seconds=60),
    "links": lambda: doubled("links", 2_500, 5_000, links, seconds=10),
    "repeats": lambda: doubled("repeats", 200_000, 400_000, repeats),
}
print("| flood | `check` | `add` | `run` | the case | findings |\n|---|---|---|---|---|---|", flush=True)
for part in words or PARTS:
    PARTS[part]()
shutil.rmtree(room)
print("\n".join(missed) or "every bound holds")
sys.exit(bool(missed))
