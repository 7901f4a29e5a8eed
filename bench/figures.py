#!/usr/bin/env python3
"""Issue A's figures, side by side with the peers'. Run by hand; nothing here is a test.

usage: bench/figures.py [accuracy] [peers] [exercise] [speed] [shapes] [memory] [build]     (default: accuracy peers exercise speed)

Needs a release build (`cargo build --release`) and, for what it compares with: goaccess, rg, openssl (Debian packages
goaccess, ripgrep, openssl). Real data is looked for in $VIGIE_DATA, else ../shared/data; what is missing is said.
Writes only below $TMPDIR/vigie-figures. Record what it prints in bench/RESULTS.md with date and machine.
"""
import usage
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VIGIE = ROOT / "target/release/vigie"
DATA = Path(os.environ.get("VIGIE_DATA", ROOT.parent / "shared/data"))
WORK = Path(os.environ.get("TMPDIR", "/tmp")) / "vigie-figures"


def check(*args, stdin=None):
    """The findings of `vigie check --json`."""
    run = subprocess.run([VIGIE, "--json", "check", *map(str, args)], capture_output=True, input=stdin)
    if run.returncode == 2:
        raise SystemExit(run.stderr.decode())
    return [json.loads(line) for line in run.stdout.splitlines()]


def have(path):
    if not path.exists():
        print(f"   skipped: {path} is not there")
        return False
    return True


def sources(finding):
    return {e["value"] for e in finding["entities"] if e["type"] in ("ipv4-addr", "ipv6-addr")}


def flagged(findings):
    return [f for f in findings if f["severity"] != "info"]


def held_back(payload):
    """The half that no rule was written from: odd FNV-1a of the value (see web_log/classify)."""
    h = 0xCBF29CE484222325
    for b in payload.encode():
        h = (h ^ b) * 0x100000001B3 & (1 << 64) - 1
    return h & 1 == 1


def accuracy():
    print("== http-params (train): one percent-encoded GET per value, a source of its own, flagged = low or above")
    train = DATA / "web-logs/http-params/payload_train.csv"
    if have(train):
        rows = list(csv.DictReader(open(train, newline="", encoding="utf-8")))
        log = WORK / "http-params.log"
        address = lambda i: f"{11 + i // 65536}.{i // 256 % 256}.{i % 256}.7"
        with open(log, "w") as out:
            for i, row in enumerate(rows):
                value = urllib.parse.quote(row["payload"], safe="")
                out.write(f'{address(i)} - - [14/Feb/2017:09:{i // 60 % 60:02}:{i % 60:02} +0100] "GET /page?v={value} HTTP/1.1" 200 5120 "-" "Mozilla/5.0"\n')
        seen = set().union(*(sources(f) for f in flagged(check(log))))
        table = defaultdict(lambda: [0, 0, 0, 0])
        for i, row in enumerate(rows):
            held = held_back(row["payload"])
            for name in (row["attack_type"], "all anomalous" if row["label"] == "anom" else None):
                if name:
                    table[name][2 * held] += address(i) in seen
                    table[name][2 * held + 1] += 1
        print(f"   {'class':16} {'developed on':>22} {'held back':>22} {'all':>22}")
        for name, (a, n, b, m) in sorted(table.items()):
            cell = lambda k, of: f"{k:6} of {of:6} {100 * k / max(of, 1):6.2f}%"
            print(f"   {name:16} {cell(a, n)} {cell(b, m)} {cell(a + b, n + m)}")
        print("   (norm: false positives; the rest: recall)")

    print("== elastic-examples: 10,000 real, essentially benign lines")
    log = DATA / "web-logs/elastic-examples/apache_logs"
    if have(log):
        lines = set()
        for f in flagged(check(log)):
            for t in f["traces"]:
                lines.add((t["line"], f["title"]))
        count = sum(f["fields"].get("requests", 0) for f in flagged(check(log)) if f["detector"] == "web_log/attempt")
        print(f"   {count} lines flagged")
        for line, title in sorted(lines):
            print(f"     from line {line}: {title}")

    print("== elastic-auth: logins")
    log = DATA / "auth-logs/elastic-auth/auth.log"
    if have(log):
        run = subprocess.run([VIGIE, "--json", "read", log], capture_output=True, check=True)
        counts = Counter()
        for line in run.stdout.splitlines():
            o = json.loads(line)
            if o["kind"] == "auth_log/login":
                counts[o["outcome"]] += o["count"]
        print("  ", dict(sorted(counts.items())), "(stated: 226 accepted, 178 invalid-user events, 1,042 failed)")


def peers():
    print("== crowdsec-hub-tests: cases that expect something, in formats and on subjects of this issue")
    root = DATA / "web-logs/crowdsec-hub-tests"
    if not have(root):
        return
    out_of_scope = dict(
        line.split("\t", 1) for line in (ROOT / "bench/crowdsec-out-of-scope.tsv").read_text().splitlines() if "\t" in line
    )
    raised = total = 0
    for case in sorted(p for p in root.iterdir() if (p / "scenario.assert").exists()):
        asserts = (case / "scenario.assert").read_text()
        wanted = set(re.findall(r'"([^"]+)" in results\[\d+\]\.Overflow\.GetSources\(\)', asserts))
        if not wanted:
            continue
        if case.name in out_of_scope:
            print(f"   {'-':10} {case.name:36} {out_of_scope[case.name]}")
            continue
        logs = sorted(case.glob("*.log"))
        found = {e["value"] for log in logs for f in flagged(check(log)) for e in f["entities"]}
        canonical = lambda a: a.replace("::ffff:", "")
        hit = all(canonical(w) in found for w in wanted)
        total += 1
        raised += hit
        print(f"   {'raised' if hit else 'NOT RAISED':10} {case.name:36} {', '.join(sorted(wanted))}")
    print(f"   {raised} of {total} raised with the right source ({100 * raised / max(total, 1):.1f} %)")


def exercise():
    print("== exercise: attempts over 20 seeds of the shipped scenario")
    worst = [1.0, 1.0]
    for seed in range(1, 21):
        place = WORK / "exercise"
        shutil.rmtree(place, ignore_errors=True)
        quiet = dict(check=True, capture_output=True)
        subprocess.run([VIGIE, "exercise", place, "--seed", str(seed)], **quiet)
        case = WORK / "exercise-case"
        shutil.rmtree(case, ignore_errors=True)
        subprocess.run([VIGIE, "init", case, "--name", "exercise"], **quiet)
        shutil.copy(place / "case.toml", case / "case.toml")
        subprocess.run([VIGIE, "add", case, place / "evidence"], **quiet)
        subprocess.run([VIGIE, "run", case], **quiet)
        score = json.loads(subprocess.run([VIGIE, "--json", "exercise", "--score", case, place / "truth.json"], **quiet).stdout)
        worst = [min(worst[0], score["attempts"]["precision"]), min(worst[1], score["attempts"]["recall"])]
        print(f"   seed {seed:2}: precision {score['attempts']['precision']:.4f} recall {score['attempts']['recall']:.4f}")
    print(f"   worst: precision {worst[0]:.4f} recall {worst[1]:.4f}")


def timed(label, command, size, cpus="0", runs=5):
    """Best and median of some runs pinned to `cpus`, with a warm page cache; peak memory of the largest process."""
    walls, peak = [], 0
    for _ in range(runs):
        start = time.perf_counter()
        run = subprocess.Popen(["taskset", "-c", cpus, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(run.pid, 0)
        walls.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss)
    walls.sort()
    middle = walls[len(walls) // 2]
    rate = size / 1e6 / middle
    print(f"   {label:44} {walls[0]:7.2f} s best {middle:7.2f} s median {rate:8.1f} MB/s {peak / 1024:6.0f} MiB")
    return rate


def made_log(scenario, size):
    """A log of about `size` bytes from the exercise."""
    place = WORK / f"{scenario}-{size}"
    if not place.exists():
        subprocess.run([VIGIE, "exercise", place, "--seed", "1", "--scenario", scenario, "--size", str(size)], check=True, capture_output=True)
    logs = [p for p in (place / "evidence").rglob("*") if p.is_file() and "access" in p.name]
    return max(logs, key=lambda p: p.stat().st_size)


def speed():
    print("== throughput: 1 GB of exercise output, one core, warm page cache, in one run")
    log = made_log("throughput", 10**9)
    size = log.stat().st_size
    subprocess.run(["cat", log], stdout=subprocess.DEVNULL, check=True)
    patterns = "|".join((ROOT / "bench/rg-patterns.txt").read_text().split("\n")).strip("|")
    rates = {}
    rates["vigie"] = timed("vigie check", [VIGIE, "check", log], size)
    rates["vigie both"] = timed("vigie check, both cores", [VIGIE, "check", log], size, "0,1")
    if shutil.which("rg"):
        rates["rg"] = timed("rg -j1 --no-mmap -c -i, 20-way alternation", ["rg", "-j1", "--no-mmap", "-c", "-i", patterns, log], size)
    if shutil.which("openssl"):
        rates["sha"] = timed("openssl dgst -sha256", ["openssl", "dgst", "-sha256", log], size)
    if shutil.which("goaccess"):
        command = ["goaccess", log, "--log-format=COMBINED", "-o", WORK / "goaccess.json", "--no-progress"]
        rates["goaccess"] = timed("goaccess (once)", command, size, runs=1)
        print(f"   vigie / goaccess: {rates['vigie'] / rates['goaccess']:.1f} (wanted: 20)")
    if "rg" in rates:
        print(f"   vigie / rg: {rates['vigie'] / rates['rg']:.2f} (wanted: 0.5)")
    print(f"   both cores / one: {rates['vigie both'] / rates['vigie']:.2f}")


def shapes():
    """Logs that our exercise does not make (bench/logs_uniform.py), beside the peers, in one run."""
    for shape in ("uniform", "uniform-20k", "real", "flood"):
        log = WORK / f"{shape}.log"
        if not log.exists():
            subprocess.run([sys.executable, ROOT / "bench/logs_uniform.py", shape, log], check=True)
        size = log.stat().st_size
        print(f"== {shape}: {size / 1e6:.0f} MB, 700,000 lines")
        runs = 3 if shape == "flood" else 5
        one = timed("vigie check", [VIGIE, "check", log], size, runs=runs)
        both = timed("vigie check, both cores", [VIGIE, "check", log], size, "0,1", runs=runs)
        as_json = timed("vigie check --json", [VIGIE, "check", "--json", log], size, runs=runs)
        print(f"   both cores / one: {both / one:.2f} (wanted: 1.7); --json costs {100 * (one / as_json - 1):.0f} %")
        if shutil.which("rg"):
            patterns = "|".join((ROOT / "bench/rg-patterns.txt").read_text().split("\n")).strip("|")
            timed("rg -j1 --no-mmap -c -i, 20-way alternation", ["rg", "-j1", "--no-mmap", "-c", "-i", patterns, log], size)
        if shutil.which("openssl"):
            timed("openssl dgst -sha256", ["openssl", "dgst", "-sha256", log], size)
        if shutil.which("goaccess"):
            command = ["goaccess", log, "--log-format=COMBINED", "-o", WORK / "goaccess.json", "--no-progress"]
            peer = timed("goaccess", command, size, runs=1)
            print(f"   vigie / goaccess: {one / peer:.1f} (wanted: {5 if shape == 'flood' else 20})")
        else:
            print("   skipped: there is no goaccess")


def memory():
    print("== peak memory of `vigie check` (wanted: under 300 MB)")
    for scenario in ("throughput", "flood90"):
        for size in (10**9, 10**10):
            log = made_log(scenario, size)
            start = time.perf_counter()
            run = subprocess.Popen([VIGIE, "check", log], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, _, usage = os.wait4(run.pid, 0)
            print(f"   {scenario:12} {log.stat().st_size / 1e9:5.1f} GB {usage.ru_maxrss / 1024:6.0f} MiB {time.perf_counter() - start:7.1f} s")
            if size > 10**9:
                shutil.rmtree(WORK / f"{scenario}-{size}")


def build():
    print("== cargo build --release from nothing, with what each crate costs")
    target = WORK / "target"
    shutil.rmtree(target, ignore_errors=True)
    start = time.perf_counter()
    subprocess.run(["cargo", "build", "--release", "--timings", "--target-dir", target], cwd=ROOT, check=True, capture_output=True)
    print(f"   {time.perf_counter() - start:.0f} s on {os.cpu_count()} cores")
    html = max((target / "cargo-timings").glob("cargo-timing-2*.html")).read_text()
    units = json.loads(re.search(r"const UNIT_DATA = (\[.*?\]);", html, re.S).group(1))
    cost = Counter()
    for u in units:
        cost[f'{u["name"]} {u["version"]}'] += u["duration"]
    for name, seconds in cost.most_common(40):
        print(f"   {seconds:6.1f} s  {name}")


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:] or ["accuracy", "peers", "exercise", "speed"]
    print(time.strftime("%Y-%m-%d"), os.uname().machine, subprocess.run(["sh", "-c", "grep -m1 'model name' /proc/cpuinfo"], capture_output=True, text=True).stdout.split(":")[-1].strip(), f"{os.cpu_count()} cores")
    for name in wanted:
        {"accuracy": accuracy, "peers": peers, "exercise": exercise, "speed": speed, "shapes": shapes, "memory": memory, "build": build}[name]()


if __name__ == "__main__":
    main()
