#!/usr/bin/env python3
"""How long sealing takes, how much memory and disk, how large and fast a proof is, and hashing beside openssl.

Usage: bench/seals.py [--vigie PROGRAM] [--letters N] [--files N] [--room FOLDER]
Makes a mailbox of N letters and N small files, seals both into one log (each letter and file is one entry), seals again (nothing
new), proves ten files drawn by lot and checks the proofs, and hashes one large file as `vigie seal` and `openssl dgst -sha256` do.
Times are wall clock and processor time of the child; memory is the largest resident set (wait4).
"""
import argparse, os, pathlib, random, resource, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--vigie", default="target/release/vigie")
parser.add_argument("--letters", type=int, default=900_000)
parser.add_argument("--files", type=int, default=100_000)
parser.add_argument("--large", type=int, default=1 << 30, help="bytes of the file that is hashed")
parser.add_argument("--room")
args = parser.parse_args()
vigie = str(pathlib.Path(args.vigie).resolve())
room = pathlib.Path(tempfile.mkdtemp(prefix="vigie-seals-", dir=args.room))
papers, log = room / "papers", room / "seals"
papers.mkdir()


def run(command, wanted=0):
    """Runs a command; its output, seconds, processor seconds, MiB."""
    begin = time.time()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    out = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code == wanted, f"{command}: {code}\n{out[-2000:]}"
    return out, time.time() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def told(what, result):
    _, wall, cpu, memory = result
    print(f"{what}: {wall:.1f} s, {cpu:.1f} s of processor, {memory:.0f} MiB", flush=True)


def size(folder):
    return sum(f.stat().st_blocks * 512 for f in folder.rglob("*") if f.is_file())


with open(papers / "box.mbox", "w") as box:
    for n in range(args.letters):
        box.write(f"From a@example.org Mon Apr 03 09:00:00 2017\nFrom: A <a@example.org>\nTo: b@example.com\nSubject: note {n}\n"
                  f"Date: Mon, 03 Apr 2017 09:00:00 +0000\nMessage-ID: <{n}@example.org>\n\nThe note of number {n}.\n\nIt ends.\n\n")
for n in range(args.files):
    folder = papers / f"{n // 1000:03}"
    folder.mkdir(exist_ok=True)
    (folder / f"{n}.txt").write_text(f"The paper of number {n}.\n\nIt says nothing else.\n")
seal = [vigie, "seal", str(papers), "--seals", str(log), "--name", "bench.example"]
print(f"{args.letters} letters, {args.files} files")
first = run(seal)
told("sealed", first)
print("  " + first[0].strip().splitlines()[0])
print(f"  log and salts: {size(log) / 1e6:.0f} MB on disk")
told("sealed again", run(seal))
chance, sizes, proving, checking = random.Random(1), [], [], []
key = next((log / "verifier.key").open()).strip()
for n in chance.sample(range(args.files), 10):
    paper = papers / f"{n // 1000:03}" / f"{n}.txt"
    proving.append(run([vigie, "prove", str(paper), "--seals", str(log)]))
    proof = next(p for p in (paper.with_name(paper.name + ".tlog-proof"), pathlib.Path(paper.name + ".tlog-proof")) if p.exists())
    sizes.append(proof.stat().st_size)
    checking.append(run([vigie, "prove", "--check", str(proof), str(paper), "--key", key]))
    proof.unlink()
print(f"proofs: {min(sizes)} to {max(sizes)} bytes; made in {1000 * min(p[1] for p in proving):.0f} to "
      f"{1000 * max(p[1] for p in proving):.0f} ms, checked in {1000 * min(p[1] for p in checking):.1f} to "
      f"{1000 * max(p[1] for p in checking):.1f} ms (whole process; {1000 * min(p[2] for p in checking):.1f} ms of processor at least)")
if args.large:
    alone = room / "alone"
    alone.mkdir()
    with open(alone / "large.bin", "wb") as large:
        block = random.Random(2).randbytes(1 << 20)
        for _ in range(args.large >> 20):
            large.write(block)
    for what, command in (
        ("openssl dgst -sha256", ["openssl", "dgst", "-sha256", str(alone / "large.bin")]),
        ("vigie seal", [vigie, "seal", str(alone), "--seals", str(room / "one"), "--name", "bench.example"]),
    ):
        result = run(command)
        told(f"{what}, {args.large >> 20} MiB ({args.large / 1e6 / result[2]:.0f} MB a second of processor)", result)
subprocess.run(["rm", "-rf", str(room)])
