#!/usr/bin/env python3
"""A leak of many documents: how long it takes to examine, and how much memory.

Usage: bench/leak.py [--vigie PROGRAM] [--files N] [--bytes N] [--archives N] [--room FOLDER] [--originals N]
Makes archives (zip, tar, gzipped tar in turn) of copies of ../shared/data/documents, each with a few bytes of chance behind it, so
that no two are the same; large ones are drawn more often where the leak is to be larger than their mean allows. `vigie check` then
reads them as what came out, against N of the files themselves as originals. Times are by the clock and of processors; memory is the
largest resident set of any one process, and the sum of all at once as seen four times a second.
"""
import argparse, io, json, os, pathlib, random, shutil, subprocess, tarfile, tempfile, threading, time, zipfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--vigie", default="target/release/vigie")
parser.add_argument("--files", type=int, default=100_000)
parser.add_argument("--bytes", type=float, default=9e9)
parser.add_argument("--archives", type=int, default=10)
parser.add_argument("--originals", type=int, default=0)
parser.add_argument("--room")
args = parser.parse_args()
vigie = str(pathlib.Path(args.vigie).resolve())
here = pathlib.Path(__file__).resolve().parent
shared = pathlib.Path(os.environ.get("VIGIE_DATA", here / "../../shared/data")) / "documents"
room = pathlib.Path(tempfile.mkdtemp(prefix="vigie-leak-", dir=args.room))
chance = random.Random(1)
sources = [(p, p.read_bytes()) for p in sorted(shared.rglob("*")) if p.is_file() and p.stat().st_size]
mean = sum(len(b) for _, b in sources) / len(sources)
large = [s for s in sources if len(s[1]) > args.bytes / args.files]
top = sum(len(b) for _, b in large) / len(large)
share = min(max((args.bytes / args.files - mean) / (top - mean), 0), 1)
leak = room / "leak"
leak.mkdir()
n = 0
for archive in range(args.archives):
    count = args.files * (archive + 1) // args.archives - n
    kind = ("zip", "tar", "tar.gz")[archive % 3]
    path = leak / f"part{archive}.{kind}"
    opened = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) if kind == "zip" else tarfile.open(path, "w:gz" if kind == "tar.gz" else "w", **({"compresslevel": 1} if kind == "tar.gz" else {}))
    with opened as out:
        for _ in range(count):
            source, content = chance.choice(large if chance.random() < share else sources)
            name, content = f"{n // 1000:03}/{n}-{source.name}", content + chance.randbytes(3)
            if kind == "zip":
                out.writestr(zipfile.ZipInfo(name, (2017, 4, 3, 9, n // 60 % 60, n % 60)), content)
            else:
                member = tarfile.TarInfo(name)
                member.size, member.mtime = len(content), 1_491_210_000 + n
                out.addfile(member, io.BytesIO(content))
            n += 1
size = sum(f.stat().st_size for f in leak.iterdir())
print(f"{n} files, {size / 1e9:.2f} GB in {args.archives} archives", flush=True)
command = [vigie, "check", "--json", "--all", "--leaked", "*", str(leak)]
if args.originals:
    (room / "originals").mkdir()
    for source, content in chance.sample(sources, args.originals):
        (room / "originals" / source.name).write_bytes(content)
    command[2:2] = ["--originals", str(room / "originals")]


def resident(root):
    """Bytes of a process and its children."""
    total, parents = 0, {}
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            said = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            parents[int(said["Pid"])] = (int(said["PPid"]), int(said.get("VmRSS", "0 kB").split()[0]) << 10)
        except (OSError, KeyError, ValueError):
            pass
    for pid, (parent, memory) in parents.items():
        total += memory if root in (pid, parent) else 0
    return total


begin, peak, done = time.time(), 0, False
with open(room / "out", "wb") as out, open(room / "err", "wb") as err:
    child = subprocess.Popen(command, stdout=out, stderr=err)

    def watch():
        global peak
        while not done:
            peak = max(peak, resident(child.pid))
            time.sleep(0.25)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, used = os.wait4(child.pid, 0)
    done = True
    watcher.join()
classes, findings = {}, 0
for line in open(room / "out", "rb"):
    try:
        finding = json.loads(line)
    except ValueError:
        continue
    findings += 1
    if finding.get("detector") == "documents/authenticity":
        word = finding["fields"]["class"]
        classes[word] = classes.get(word, 0) + 1
skips = sum(1 for line in open(room / "err", "rb") if b'"skipped"' in line)
wall, cpu = time.time() - begin, used.ru_utime + used.ru_stime
print(f"exit {os.waitstatus_to_exitcode(status)}: {wall:.0f} s by the clock, {cpu:.0f} s of processor, {n / wall:.0f} files a second; "
      f"largest process {used.ru_maxrss / 1024:.0f} MiB, all at once {peak / 2**20:.0f} MiB; {findings} findings, {skips} skips, {classes}")
shutil.rmtree(room)
