#!/usr/bin/env python3
"""What `vigie check` says of real posts, and how often it says anything where there is nothing. Run by hand; no test.

usage: bench/posts_real.py slices [NAME…]       findings by detector and severity of ../shared/data/posts/ira-troll-tweets
                                                (default: newsfeed2016 podesta; german and hashtag2016 are held back), with
                                                every road, the first groups and copied texts, seconds and peak MiB
       bench/posts_real.py alarms [RUNS [ROWS]] posts/coortweet (its first ROWS rows; default 200 runs of 6000 rows): every
                                                time moved within its span of 20 minutes, and accounts shuffled among posts:
                                                in how many runs `posts/network` or `posts/coordination` says anything
       bench/posts_real.py whole                posts/coortweet as it is: the network as a whole
       bench/posts_real.py moved [RUNS]         posts/coortweet, every time moved by up to ten minutes either way (default 20
                                                runs): rows of the network at 60 s and weight 2, beside those as it is
       bench/posts_real.py shuffled NAME [RUNS [ROWS]]
                                                a slice, accounts shuffled among posts (default 20 runs of its first 20000
                                                rows): in how many runs groups are told, and how grave
       bench/posts_real.py read NAME [N]        N findings of a slice to be read by a person (default 50): each kind in turn, the
                                                gravest first, with texts, members and objects

The program is $VIGIE, else target/release/vigie. Data is looked for in $VIGIE_DATA, else ../shared/data.
"""
import usage
import csv, gzip, json, os, random, subprocess, sys, tempfile, time
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from statistics import mean, stdev

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


def rows_of_network(path):
    command = [VIGIE, "network", str(path), "--by", "object", "--window", "60s", "--min-weight", "2", "--csv"]
    return len(subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()) - 1


def moved(runs):
    head, body = rows(None)
    at, counts = head.index("timestamp_share"), []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.csv"
        for seed in range(runs + 1):
            dice = random.Random(seed)
            by = (lambda: 0) if seed == 0 else (lambda: dice.randint(-600, 600))
            with open(path, "w", newline="") as file:
                out = csv.writer(file)
                out.writerow(head)
                out.writerows([*r[:at], int(float(r[at])) + by(), *r[at + 1 :]] for r in body)
            counts.append(rows_of_network(path))
    print(f"{counts[0]} rows as it is; moved by up to ten minutes, {runs} runs: {mean(counts[1:]):.1f} ± {stdev(counts[1:]):.1f}")


def shuffled(name, runs, most):
    with gzip.open(DATA / f"ira-troll-tweets/{name}.csv.gz", "rt", newline="") as file:
        table = csv.reader(file)
        head = next(table)
        body = [row for _, row in zip(range(most), table)]
    who = [head.index(c) for c in ("account_id", "account_name") if c in head]
    told = Counter()
    for seed in range(runs):
        accounts = [[r[c] for c in who] for r in body]
        random.Random(seed).shuffle(accounts)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "posts.csv"
            with open(path, "w", newline="") as file:
                out = csv.writer(file)
                out.writerow(head)
                for row, account in zip(body, accounts):
                    row = list(row)
                    for c, value in zip(who, account):
                        row[c] = value
                    out.writerow(row)
            found = [f for f in check(path)[0] if f["detector"] == "posts/coordination" and f["severity"] != "info"]
        told.update(Counter(f["severity"] for f in found))
        told["runs with a group"] += bool(found)
    print(f"{name}, {len(body)} posts, accounts shuffled, {runs} runs: {dict(told)}")


def read(name, most):
    findings, *_ = check(DATA / f"ira-troll-tweets/{name}.csv.gz")
    grave = ["critical", "high", "medium", "low", "info"]
    kinds = {}
    for f in sorted(findings, key=lambda f: grave.index(f["severity"])):
        kinds.setdefault(f["detector"], []).append(f)
    turn = [f for group in zip_longest(*kinds.values()) for f in group if f][:most]
    for n, f in enumerate(turn, 1):
        fields = f["fields"]
        print(f"{n:3} {f['severity']:7} {f['detector']}: {told(f)}")
        for key in ("text", "by", "windows", "members", "objects", "parts", "urls", "signs"):
            if fields.get(key):
                print(f"        {key}: {json.dumps(fields[key], ensure_ascii=False)[:400]}")


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
    elif what == "moved":
        moved(int(more[0]) if more else 20)
    elif what == "shuffled":
        shuffled(more[0], *map(int, more[1:] + ["20", "20000"][len(more) - 1 :]))
    elif what == "read":
        read(more[0], int(more[1]) if len(more) > 1 else 50)
    else:
        raise SystemExit(__doc__)
