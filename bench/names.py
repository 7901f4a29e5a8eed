#!/usr/bin/env python3
"""Names judged, beside the peers, on one core in one run. Run by hand; nothing here is a test.

    python3 -m venv /tmp/names-peers && /tmp/names-peers/bin/pip install dnstwist opensquat rapidfuzz
    cargo build --release -p sensors --example names_speed
    /tmp/names-peers/bin/python bench/names.py [CORE]

Against 100 made-up protected domains, from a seed: Vigie judges a list of 100,000 names; dnstwist generates for the
100 and matches the same list; openSquat's matching and rapidfuzz's edit distance see fewer of the names, and are
compared by the name. Time is each process's own, not the wall's. What is not installed is said and left out.
"""
import usage
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPEED = ROOT / "target/release/examples/names_speed"
SYLLABLES = "ma re ti con for do na les pro in ver sta el mo ca lo ri ser ta bel gra pa nor sy lu so vi hu press".split()
SUFFIXES = ["com", "fr", "net", "org", "de", "co.uk", "info", "shop"]


def label(seed, least, most):
    return "".join(seed.choices(SYLLABLES, k=seed.randint(least, most)))


def timed(work):
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def vigie(names, protected):
    with tempfile.TemporaryDirectory() as place:
        files = [Path(place) / "names.txt", Path(place) / "protected.txt"]
        for file, lines in zip(files, (names, protected)):
            file.write_text("\n".join(lines) + "\n")
        best = None
        for _ in range(3):
            out = subprocess.run([SPEED, *files], capture_output=True, text=True, check=True).stdout
            ready, rate = re.search(r"ready in (\d+) ms\): ([\d.]+) million", out).groups()
            best = max(best or (0, 0), (float(rate) * 1e6, float(ready) / 1e3))
    return best


def main():
    os.sched_setaffinity(0, {int(sys.argv[1]) if len(sys.argv) > 1 else 1})
    seed = random.Random(20261122)
    protected = [f"{label(seed, 3, 4)}.{seed.choice(SUFFIXES)}" for _ in range(100)]
    names = [f"{label(seed, 2, 4)}.{seed.choice(SUFFIXES)}" for _ in range(100_000)]
    rate, ready = vigie(names, protected)
    job = ready + len(names) / rate
    print(f"vigie       {rate:12,.0f} names/s; the whole job, made ready included: {job * 1e3:.0f} ms")
    try:
        import dnstwist

        def whole():
            made = set()
            for domain in protected:
                fuzz = dnstwist.Fuzzer(domain)
                fuzz.generate()
                made |= {p["domain"] for p in fuzz.permutations()}
            return len(made), len(made & set(names))

        took, (made, hit) = timed(whole)
        print(f"dnstwist    {made:,} names made in its whole job of {took:.2f} s, {hit} of the list among them: {took / job:,.0f} times ours (wanted: 50)")
    except ImportError:
        print("dnstwist    skipped: not installed")
    try:
        from opensquat.squatting_detector import SquattingDetector

        some = names[:1000]
        detector = SquattingDetector(confidence_level=2)
        keywords = [d.split(".")[0] for d in protected]
        took, _ = timed(lambda: [detector.check(k, some) for k in keywords])
        print(f"openSquat   {len(some) / took:12,.0f} names/s on {len(some):,}: 1/{rate * took / len(some):,.0f} of ours (wanted: 1,000)")
    except ImportError:
        print("openSquat   skipped: not installed")
    try:
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import extract_iter

        some = [n.split(".")[0] for n in names[:20_000]]
        labels = [d.split(".")[0] for d in protected]
        near = lambda: sum(1 for n in some for _ in extract_iter(n, labels, scorer=Levenshtein.distance, score_cutoff=1))
        took, _ = timed(near)
        print(f"rapidfuzz   {len(some) / took:12,.0f} names/s on {len(some):,} (edit distance of one alone, for orientation)")
    except ImportError:
        print("rapidfuzz   skipped: not installed")


if __name__ == "__main__":
    main()
