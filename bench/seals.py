#!/usr/bin/env python3
"""How long sealing takes, how much memory and disk, how large and fast a proof is, and hashing beside openssl.

Usage: bench/seals.py [--vigie PROGRAM] [--letters N] [--files N] [--room FOLDER]
Makes a mailbox of N letters and N small files, seals both into one log (each letter and file is one entry), seals again (nothing
new), adds N/10 more files and seals again, then reads the tiles of the log and holds it, in Python and by itself, against both heads and
against consistency proofs (RFC 9162 2.1.4) between them and between 200 pairs of sizes drawn by lot, each also with one bit flipped; proves ten files drawn by lot and checks the proofs, and hashes one large file as `vigie seal` and `openssl dgst -sha256` do.
Times are wall clock and processor time of the child; memory is the largest resident set (wait4).
"""
import argparse, base64, hashlib, os, pathlib, random, resource, subprocess, sys, tempfile, time

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
more = room / "papers/more"
more.mkdir()
for n in range(args.files // 10):
    (more / f"{n}.txt").write_text(f"The later paper of number {n}.\n\nIt says nothing else.\n")
told(f"{args.files // 10} more sealed", run(seal))


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaves():
    """The hashes of all leaves, from the tiles of the lowest level."""
    folder, n = log / "tile/0", 0
    while True:
        name, rest = f"{n % 1000:03}", n // 1000
        while rest:
            name, rest = f"x{rest % 1000:03}/{name}", rest // 1000
        path = folder / name
        if path.exists():
            yield path.read_bytes()
        else:
            parts = sorted((int(p.name), p) for p in path.with_name(path.name + ".p").glob("*"))
            if parts:
                yield parts[-1][1].read_bytes()
            return
        n += 1


tiles = b"".join(leaves())
levels = [[tiles[i:i + 32] for i in range(0, len(tiles), 32)]]
while len(levels[-1]) > 1:
    below = levels[-1]
    levels.append([sha(b"\1", below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])


def root(begin, end):
    """The root of these leaves; `begin` is a multiple of the largest power of two that is less than their number, or more."""
    size = end - begin
    level = size.bit_length() - 1
    if size == 1 << level and begin % size == 0:
        return levels[level][begin >> level]
    split = 1 << (size - 1).bit_length() - 1
    return sha(b"\1", root(begin, begin + split), root(begin + split, end))


def consistency(old, begin, end, whole=True):
    if old == end - begin:
        return [] if whole else [root(begin, end)]
    split = 1 << (end - begin - 1).bit_length() - 1
    if old <= split:
        return consistency(old, begin, begin + split, whole) + [root(begin + split, end)]
    return consistency(old - split, begin + split, end, False) + [root(begin, begin + split)]


def holds(first, second, first_root, second_root, proof):
    """RFC 9162, 2.1.4.2."""
    if first == second:
        return not proof and first_root == second_root
    proof = ([first_root] if first & (first - 1) == 0 else []) + proof
    if not proof:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = sha(b"\1", c, fr), sha(b"\1", c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha(b"\1", sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == first_root and sr == second_root and sn == 0


heads = sorted((int(h.name), base64.b64decode(h.read_text().split("\n")[2])) for h in (log / "heads").iterdir() if h.suffix != ".txt")
assert len(heads) == 2 and heads[-1][0] == len(levels[0])
assert all(root(0, size) == said for size, said in heads), "a head is not the root of its leaves"
chance = random.Random(3)
pairs = [(heads[0][0], heads[1][0])] + [tuple(sorted(chance.sample(range(1, len(levels[0]) + 1), 2))) for _ in range(200)]
caught = 0
for old, new in pairs:
    proof = consistency(old, 0, new)
    assert holds(old, new, root(0, old), root(0, new), proof), (old, new)
    at, bit = chance.randrange(len(proof)), chance.randrange(256)
    flipped = bytearray(proof[at])
    flipped[bit >> 3] ^= 1 << (bit & 7)
    caught += not holds(old, new, root(0, old), root(0, new), proof[:at] + [bytes(flipped)] + proof[at + 1:])
print(f"consistency: {len(heads)} heads are the roots of their leaves, {len(pairs)} of {len(pairs)} proofs hold, {caught} of {len(pairs)} with a bit flipped do not", flush=True)
sizes, proving, checking = [], [], []
chance = random.Random(1)
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
