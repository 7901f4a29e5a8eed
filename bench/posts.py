#!/usr/bin/env python3
"""Figures of the posts' networks, side by side with the peers'. Run by hand; nothing here is a test.

usage: bench/posts.py [parity] [random] [speed] [scale] [longer] [chance] [scenarios] [exercise [SEEDS]]
       (default: parity random speed)

Needs a release build (`cargo build --release`; chance, scenarios: `--example posts_chance`, `posts_scenarios` of crate sensors) and a Python with
duckdb, numpy and coordination-network-toolkit (PyPI); its interpreter is $POSTS_PYTHON, else /tmp/posts-venv/bin/python.
Data and the peers' scripts are looked for in $VIGIE_DATA's parent, else ../shared. Writes below $TMPDIR/vigie-posts.
Times are processor seconds (user and system) pinned to one core, the least of three runs, for the machine may be busy with others.
"""
import usage
import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VIGIE = ROOT / "target/release/vigie"
SHARED = Path(os.environ["VIGIE_DATA"]).parent if "VIGIE_DATA" in os.environ else ROOT.parent / "shared"
WORK = Path(os.environ.get("TMPDIR", "/tmp")) / "vigie-posts"
PYTHON = os.environ.get("POSTS_PYTHON", "/tmp/posts-venv/bin/python")
REAL = SHARED / "data/posts/coortweet/russian_coord_tweets.csv"
QUT = SHARED / "data/posts/coortweet/qut_toolkit_co_retweet_60s_minweight2.csv"

# The toolkit on a share file: its own tables, its own computation, read back from its database.
TOOLKIT = """
import csv, os, sqlite3, sys, time
from coordination_network_toolkit.preprocess import preprocess_data
from coordination_network_toolkit.compute_networks import compute_co_retweet_parallel
source, window, least, out = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
place = out + '.db'
if os.path.exists(place): os.remove(place)
rows = sorted(csv.DictReader(open(source, newline='')), key=lambda r: float(r['timestamp_share']))
preprocess_data(place, ((r['content_id'], r['account_id'], '', r['object_id'], None, '', r['timestamp_share'], []) for r in rows))
compute_co_retweet_parallel(place, window, n_threads=1, min_edge_weight=least)
rows = sqlite3.connect(place).execute('select user_1, user_2, weight from co_retweet_network order by 1, 2')
csv.writer(open(out, 'w', newline='')).writerows(rows)
"""


def run(command, pinned=True):
    """Processor seconds (user and system), wall seconds and MiB of a command's whole tree."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = (["taskset", "-c", "1"] if pinned else []) + [str(c) for c in command]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = lambda r: r.ru_utime + r.ru_stime
    return used(after) - used(before), time.perf_counter() - start, usage.ru_maxrss / 1024


def vigie(source, window, least, *more):
    command = [VIGIE, "network", source, "--by", "object", "--window", f"{window}s", "--min-weight", least, "--csv", *more]
    done = subprocess.run([str(c) for c in command], capture_output=True, check=True)
    return list(csv.reader(done.stdout.decode().splitlines()))[1:]


def duckdb(source, window, least):
    out = WORK / "duckdb.csv"
    subprocess.run([PYTHON, SHARED / "bench/coaction_duckdb.py", source, str(window), str(least), out], check=True, capture_output=True)
    return list(csv.reader(open(out, newline="")))[1:]


def toolkit(source, window, least):
    out = WORK / "toolkit.csv"
    subprocess.run([PYTHON, "-c", TOOLKIT, source, str(window), str(least), out], check=True, capture_output=True)
    return list(csv.reader(open(out, newline="")))


def made(n):
    path = WORK / f"shares-{n}.csv"
    if not path.exists():
        with open(path, "w") as out:
            subprocess.run([PYTHON, SHARED / "bench/shares.py", str(n)], stdout=out, check=True)
    return path


def parity():
    print("== the QUT toolkit's own network of posts/coortweet")
    given = sorted(list(csv.reader(open(QUT, newline="")))[1:])
    ours = vigie(REAL, 60, 2, "--loops")
    print(f"   with loops: {len(ours)} rows, {'equal' if ours == given else 'DIFFERENT'}")
    given = [r for r in given if r[0] != r[1]]
    ours = vigie(REAL, 60, 2)
    print(f"   without: {len(ours)} rows, {'equal' if ours == given else 'DIFFERENT'}")


def random_files():
    print("== random small files: ties, repeated posts with other objects and times, empty objects, one busy account")
    seen = {"duckdb": 0, "toolkit": 0, "duckdb ties": 0}
    rounds = 120
    for seed in range(rounds):
        rng = random.Random(seed)
        path = WORK / "random.csv"
        # Of a repeated post with equal times no reference says which counts: times are distinct per post but for some.
        ties = seed % 4 == 0
        times = {}
        with open(path, "w") as out:
            out.write("object_id,account_id,content_id,timestamp_share\n")
            for _ in range(rng.randint(1, 400)):
                content = f"m{rng.randint(0, rng.choice([50, 500]))}"
                stamp = rng.randint(0, 600)
                while not ties and stamp in times.setdefault(content, set()):
                    stamp += 1
                times.setdefault(content, set()).add(stamp)
                account = "a0" if rng.random() < 0.3 else f"a{rng.randint(0, 30)}"
                out.write(f"o{rng.randint(0, 8)},{account},{content},{stamp}\n")
        window, least = rng.choice([1, 10, 60, 200]), rng.choice([1, 2, 3])
        ours = vigie(path, window, least, "--loops")
        seen["duckdb ties" if ties else "duckdb"] += ours == duckdb(path, window, least)
        if not ties and seed % 4 == 1:
            seen["toolkit"] += ours == toolkit(path, window, least)
    print(f"   DuckDB: {seen['duckdb']} of {rounds * 3 // 4} equal; with ties among repeats (which counts is chance there): "
          f"{seen['duckdb ties']} of {rounds // 4}; QUT toolkit: {seen['toolkit']} of {rounds // 4} equal")


def speed():
    print("== CSV to edges, one core, 60 s, weight 2 (processor seconds, least of three; the toolkit once)")
    path = made(1_990_000)
    shares = sum(1 for _ in open(path)) - 1
    best = lambda command: min((run(command) for _ in range(3)))
    ours = best([VIGIE, "network", path, "--loops", "--csv"])
    duck = best([PYTHON, SHARED / "bench/coaction_duckdb.py", path, 60, 2, WORK / "d.csv"])
    qut = run([PYTHON, "-c", TOOLKIT, path, 60, 2, WORK / "q.csv"])
    for name, (user, wall, memory) in (("vigie", ours), ("DuckDB", duck), ("QUT toolkit", qut)):
        print(f"   {name:12} {user:7.2f} s processor {wall:7.2f} s wall {shares / user:12,.0f} shares/s {memory:6.0f} MiB")
    print(f"   vigie / DuckDB: {duck[0] / ours[0]:.1f} (wanted: 3); vigie / QUT toolkit: {qut[0] / ours[0]:.0f} (wanted: 50)")


def scale():
    print("== growth: both cores (wanted: 10 million under 20 s and 2 GB)")
    for n in (990_000, 2_990_000, 9_990_000, 29_990_000):
        path = made(n)
        user, wall, memory = run([VIGIE, "network", path, "--csv"], pinned=False)
        print(f"   {n + 10_000:12,} shares {wall:7.2f} s wall {user:7.2f} s processor {1e6 * user / (n + 10_000):6.2f} µs a share {memory:6.0f} MiB")


def longer():
    print("== growth: as many shares a month, more months; both cores")
    base = made(990_000).read_text().splitlines()[1:]
    for months in (1, 3, 10, 30):
        path = WORK / "longer.csv"
        with open(path, "w") as out:
            out.write("object_id,account_id,content_id,timestamp_share\n")
            for month in range(months):
                for row in base:
                    thing, account, post, stamp = row.split(",")
                    out.write(f"{thing}_{month},{account},{post}_{month},{int(stamp) + month * 2_592_000}\n")
        user, wall, memory = run([VIGIE, "network", path, "--csv"], pinned=False)
        print(f"   {months:4},000,000 shares {wall:7.2f} s wall {user:7.2f} s processor {user / months:6.2f} µs a share {memory:6.0f} MiB", flush=True)
        path.unlink()


def scenarios():
    print("== scenarios unlike the exercise's: hidden groups, and people who only look like one")
    subprocess.run([ROOT / "target/release/examples/posts_scenarios", "all", "5"], check=True)


def chance():
    print("== chance: shuffled real data (wanted: at most 5 of 200), a made-up debate")
    example = ROOT / "target/release/examples/posts_chance"
    subprocess.run([example, "shuffle", REAL, "200"], check=True)
    subprocess.run([example, "debate", "20"], check=True)


def exercise(seeds=20):
    print(f"== exercise: the scenario `debate`, {seeds} seeds, from `vigie add` and `vigie run` to `--score`")
    print("(wanted: precision >= 0.95, recall >= 0.90; innocents called: none)")
    print(f"{'seed':>4}{'precision':>11}{'recall':>9}  called of each group | innocents called | run: user s, wall s, MiB")
    rates = []
    for seed in range(1, seeds + 1):
        made, case = WORK / f"debate{seed}", WORK / f"debate{seed}-case"
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(case, ignore_errors=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL, "check": True}
        subprocess.run([VIGIE, "exercise", made, "--scenario", "debate", "--seed", str(seed)], **quiet)
        subprocess.run([VIGIE, "init", case, "--name", "exercise"], **quiet)
        subprocess.run([VIGIE, "add", case, made / "evidence"], **quiet)
        user, wall, memory = run([VIGIE, "run", case], pinned=False)
        score = subprocess.run([VIGIE, "--json", "exercise", "--score", case, made / "truth.json"], capture_output=True, check=True)
        posts = json.loads(score.stdout)["posts"]
        rate = posts["accounts"]
        rates.append((rate["precision"], rate["recall"]))
        groups = " ".join(f"{n} {c['called']}/{c['members']}" for n, c in posts["groups"].items())
        innocents = " ".join(f"{n} {c['called']}" for n, c in posts["innocents"].items())
        restless = "the restless found" if posts["restless"] else "the restless missed"
        print(f"{seed:>4}{rate['precision']:>11.3f}{rate['recall']:>9.3f}  {groups} | {innocents} | {restless} | {user:.1f} {wall:.1f} {memory:.0f}", flush=True)
        shutil.rmtree(made)
        shutil.rmtree(case)
    print(f"least precision {min(p for p, _ in rates):.3f}, least recall {min(r for _, r in rates):.3f}")


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    chapters = {"parity": parity, "random": random_files, "speed": speed, "scale": scale, "longer": longer, "scenarios": scenarios, "chance": chance, "exercise": exercise}
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    for name in [a for a in sys.argv[1:] if not a.isdigit()] or ["parity", "random", "speed"]:
        chapters[name](*numbers if name == "exercise" else [])


if __name__ == "__main__":
    main()
