#!/usr/bin/env python3
"""What `vigie check` says of real posts, and how often it says anything where there is nothing. Run by hand; no test.

usage: bench/posts_real.py slices [NAME…]       findings by detector and severity of ../shared/data/posts/ira-troll-tweets
                                                (default: newsfeed2016 podesta; german and hashtag2016 are held back), with
                                                every road, the first groups and copied texts, seconds and peak MiB
       bench/posts_real.py alarms [RUNS [ROWS]] posts/coortweet (its first ROWS rows; default 200 runs of 6000 rows): every
                                                time moved within its span of 20 minutes, and accounts shuffled among posts:
                                                in how many runs `posts/network` or `posts/coordination` says anything
       bench/posts_real.py whole                posts/coortweet as it is: the network as a whole

The program is $VIGIE, else target/release/vigie. Data is looked for in $VIGIE_DATA, else ../shared/data.
"""
import csv, gzip, json, os, random, subprocess, sys, tempfile, time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VIGIE = os.environ.get("VIGIE", str(ROOT / "target/release/vigie"))
DATA = Path(os.environ.get("VIGIE_DATA", ROOT.parent / "shared/data")) / "posts"
SPAN = 20 * 60


def check(path):
    """Findings of a file, seconds, MiB."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([VIGIE, "check", str(path), "--json"], stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            raise SystemExit(f"{path}: check failed")
        out.seek(0)
        findings = [json.loads(line) for line in out]
    return [f for f in findings if "detector" in f], time.perf_counter() - start, usage.ru_maxrss / 1024


def told(finding):
    title = finding["title"]
    return title if isinstance(title, str) else title["en"]


def slices(names):
    for name in names or ["newsfeed2016", "podesta"]:
        findings, seconds, size = check(DATA / f"ira-troll-tweets/{name}.csv.gz")
        print(f"== {name}: {seconds:.1f} s, {size:.0f} MiB")
        for (detector, severity), n in sorted(Counter((f["detector"], f["severity"]) for f in findings).items()):
            print(f"   {detector:22} {severity:8} {n}")
        for detector, most in [("posts/road", 50), ("posts/network", 9), ("posts/burst", 9), ("posts/coordination", 9), ("posts/copied_text", 5)]:
            for f in [f for f in findings if f["detector"] == detector][:most]:
                print(f"   {f['severity']:6} {detector}: {told(f)[:150]}")


def rows(most):
    with open(DATA / "coortweet/russian_coord_tweets.csv", newline="") as file:
        table = list(csv.reader(file))
    head, body = table[0], table[1:]
    body.sort(key=lambda r: float(r[head.index("timestamp_share")]))
    return head, body[:most]


def alarms(runs, most):
    head, body = rows(most)
    at, who = head.index("timestamp_share"), head.index("account_id")
    for how in ["times moved within their spans", "accounts shuffled among posts"]:
        said = Counter()
        for seed in range(runs):
            dice = random.Random(seed)
            moved = [list(r) for r in body]
            if how.startswith("times"):
                for row in moved:
                    row[at] = str(int(float(row[at])) // SPAN * SPAN + dice.randrange(SPAN))
            else:
                accounts = [row[who] for row in moved]
                dice.shuffle(accounts)
                for row, account in zip(moved, accounts):
                    row[who] = account
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "posts.csv"
                with open(path, "w", newline="") as file:
                    csv.writer(file).writerows([head, *moved])
                found = {f["detector"] for f in check(path)[0] if f["detector"] == "posts/network" or f["severity"] != "info"}
            for detector in ["posts/network", "posts/coordination"]:
                said[detector] += detector in found
        print(f"{how}, {len(body)} posts, {runs} runs: " + ", ".join(f"{d} speaks in {n}" for d, n in sorted(said.items())))


def whole():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.csv"
        head, body = rows(None)
        with open(path, "w", newline="") as file:
            csv.writer(file).writerows([head, *body])
        findings, seconds, size = check(path)
    for f in findings:
        if f["detector"] == "posts/network":
            print(told(f))
            print(json.dumps(f["fields"]))
    print(Counter((f["detector"], f["severity"]) for f in findings), f"{seconds:.1f} s, {size:.0f} MiB")


if __name__ == "__main__":
    what, *more = sys.argv[1:] or ["slices"]
    if what == "slices":
        slices(more)
    elif what == "alarms":
        alarms(int(more[0]) if more else 200, int(more[1]) if len(more) > 1 else 6000)
    elif what == "whole":
        whole()
    else:
        raise SystemExit(__doc__)
