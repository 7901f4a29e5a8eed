#!/usr/bin/env python3
"""A leak of many documents: how long it takes to examine, and how much memory.

Usage: bench/leak.py [--vigie PROGRAM] [--files N] [--bytes N] [--archives N] [--room FOLDER] [--originals N] [--leak FOLDER]
Makes archives (zip, tar, gzipped tar in turn) of copies of ../shared/data/documents, each with a few bytes of chance behind it, so
that no two are the same; large ones are drawn more often where the leak is to be larger than their mean allows. `vigie check` then
reads them as what came out, against N of the files themselves as originals. --leak keeps the archives in a folder, and takes them from
there when they are already in it. Times are by the clock and of processors; memory is the largest resident set of any one process,
and the sum of all at once as seen ten times a second. Of each process its own peak is told, and where it was reading each time that
peak grew by 16 MiB: the archive, and the member at that place in it (of a compressed one the place alone).
"""
import argparse, io, json, os, pathlib, random, shutil, subprocess, tarfile, tempfile, threading, time, zipfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--vigie", default="target/release/vigie")
parser.add_argument("--files", type=int, default=100_000)
parser.add_argument("--bytes", type=float, default=9e9)
parser.add_argument("--archives", type=int, default=10)
parser.add_argument("--originals", type=int, default=0)
parser.add_argument("--room")
parser.add_argument("--leak")
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
leak = pathlib.Path(args.leak) if args.leak else room / "leak"
n = args.files if leak.is_dir() and any(leak.iterdir()) else 0
leak.mkdir(exist_ok=True)
for archive in range(args.archives if n == 0 else 0):
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


def members(path):
    """Where the members of an archive begin, and their names; nothing of a compressed one."""
    if path.suffix == ".gz":
        return []
    if path.suffix == ".zip":
        return [(m.header_offset, m.filename) for m in zipfile.ZipFile(path).infolist()]
    return [(m.offset, m.name) for m in tarfile.open(path)]


def reading(pid):
    """Where a process stands in what it reads."""
    at = []
    for fd in pathlib.Path(f"/proc/{pid}/fd").glob("*"):
        try:
            path = os.readlink(fd)
            if path.startswith(str(leak)) and os.path.isfile(path):
                at.append((path, int((fd.parent.parent / "fdinfo" / fd.name).read_text().split()[1])))
        except OSError:
            pass
    return at


peaks = {}  # of each process: its own peak, and where it stood as that grew


def resident(root):
    """Bytes of a process and its children; what each has as its own peak is kept."""
    total, parents = 0, {}
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            said = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            parents[int(said["Pid"])] = (int(said["PPid"]), int(said.get("VmRSS", "0 kB").split()[0]) << 10, int(said.get("VmHWM", "0 kB").split()[0]) >> 10)
        except (OSError, KeyError, ValueError):
            pass
    for pid, (parent, memory, top) in parents.items():
        if root in (pid, parent):
            total += memory
            most = peaks.setdefault(pid, [0, []])
            if top >= most[0] + 16:
                try:
                    most[1].append((top, round(time.time() - begin), reading(pid)))
                except OSError:
                    pass
                most[0] = top
    return total


begin, peak, done = time.time(), 0, False
with open(room / "out", "wb") as out, open(room / "err", "wb") as err:
    child = subprocess.Popen(command, stdout=out, stderr=err)

    def watch():
        global peak
        while not done:
            peak = max(peak, resident(child.pid))
            time.sleep(0.1)

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
names = {}
for pid, (top, grown) in sorted(peaks.items(), key=lambda p: -p[1][0])[:8]:
    print(f"process {'the program' if pid == child.pid else pid}: {top} MiB or a little more")
    for top, seconds, places in grown[-6:]:
        for path, at in places or [(None, 0)]:
            if path and path not in names:
                names[path] = members(pathlib.Path(path))
            near = [name for begins, name in names.get(path, []) if begins <= at][-3:]
            print(f"    {top} MiB at {seconds} s" + (f", {pathlib.Path(path).name} at {at}: {', '.join(near)}" if path else ""))
shutil.rmtree(room)
