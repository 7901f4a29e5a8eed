#!/usr/bin/env python3
"""Time and memory of many Sigma rules over many events, all plainly made up, and another engine's on the same files.

    bench/sigma.py [--vigie target/release/vigie] [--mb 1000] [--rules 3000] [--folder FOLDER] [--python PYTHON] [--runs 3]

Makes lines of JSON (processes as Sysmon writes them) and rules (processes by image and command line, with a filter each), from a
fixed seed; reads them without rules and with them, by turns, and prints the least time and the peak of memory of each. With
PYTHON, an interpreter that has `pysigma` and `pysigma-backend-sqlite` of PyPI: Zircolite's road, events into SQLite in memory and
a query for each rule, on the first --other-mb megabytes, beside Vigie on the same; hits of both are compared.
"""
import argparse, json, os, random, subprocess, sys, tempfile, time

WORDS = ["sync", "index", "render", "mount", "replay", "deploy", "trace", "fetch", "merge", "probe", "stage", "export", "rotate", "verify"]
OTHER = r'''
import json, sqlite3, sys, time
from sigma.collection import SigmaCollection
from sigma.backends.sqlite import sqliteBackend
begun = time.time()
db = sqlite3.connect(":memory:")
names = ["Channel", "EventID", "Computer", "Image", "CommandLine", "ParentImage", "User"]
db.execute("CREATE TABLE logs (%s)" % ", ".join(f"{n} TEXT COLLATE NOCASE" for n in names))
rows = ([str(e.get(n, "")) for n in names] for e in map(json.loads, open(sys.argv[1])))
db.executemany("INSERT INTO logs VALUES (%s)" % ",".join("?" * len(names)), rows)
loaded = time.time()
rules = SigmaCollection.load_ruleset([sys.argv[2]])
backend = sqliteBackend()
hits = failed = 0
for rule in rules.rules:
    for query in backend.convert_rule(rule):
        query = query.replace("<TABLE_NAME>", "logs")
        try:
            hits += len(db.execute(query).fetchall())
        except sqlite3.Error as e:
            failed += 1
print(json.dumps({"seconds": time.time() - begun, "loading": loaded - begun, "hits": hits, "failed": failed, "rules": len(rules.rules)}))
'''


def events(path, mb, seed):
    chance = random.Random(seed)
    with open(path, "w") as out:
        size, n = 0, 0
        while size < mb << 20:
            word = chance.choice(WORDS)
            tool = f"tool{chance.randrange(4000):04}"
            line = json.dumps({
                "EventTime": "2017-04-%02d %02d:%02d:%02d" % (1 + n // 86400 % 28, n // 3600 % 24, n // 60 % 60, n % 60),
                "Hostname": f"pc{chance.randrange(40)}.example.org", "EventID": 1, "SourceName": "Microsoft-Windows-Sysmon",
                "Channel": "Microsoft-Windows-Sysmon/Operational", "RecordNumber": n, "Computer": f"pc{chance.randrange(40)}.example.org",
                "Image": f"C:\\Program Files\\Example\\{tool}.exe",
                "CommandLine": f"\"C:\\Program Files\\Example\\{tool}.exe\" --{word} /level:{chance.randrange(9)} --id {chance.randrange(10**9):09} " + "x" * chance.randrange(200),
                "ParentImage": "C:\\Windows\\explorer.exe" if chance.random() < 0.9 else "C:\\Program Files\\Example\\updater.exe",
                "User": f"EXAMPLE\\user{chance.randrange(40)}", "IntegrityLevel": "Medium", "ProcessId": str(chance.randrange(9999)),
                "Hashes": "SHA256=%064x" % chance.getrandbits(256), "UtcTime": "2017-04-01 00:00:00.000",
            }) + "\n"
            out.write(line)
            size, n = size + len(line), n + 1
    return n


def rules(folder, count, seed):
    chance = random.Random(seed)
    os.makedirs(folder, exist_ok=True)
    for n in range(count):
        word = chance.choice(WORDS)
        with open(os.path.join(folder, f"r{n:05}.yml"), "w") as out:
            out.write(f"""title: Example tool {n} with {word}
id: 00000000-0000-4000-8000-{n:012}
author: nobody
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\tool{n % 4000:04}.exe'
        CommandLine|contains|all:
            - ' --{word} '
            - '/level:{chance.randrange(9)}'
    filter:
        ParentImage|endswith: '\\updater.exe'
    condition: selection and not filter
level: low
""")


def run(words):
    """Seconds, peak of memory in MiB of it and all it starts, output."""
    begun = time.time()
    done = subprocess.Popen(["/usr/bin/env", "python3", "-c", "import resource, subprocess, sys\nd = subprocess.run(sys.argv[1:], capture_output=True)\n"
        "sys.stdout.buffer.write(d.stdout)\nsys.stderr.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, peak = done.communicate()
    return time.time() - begun, int(peak or 0) / 1024, out


def hits(out):
    found = [json.loads(line) for line in out.splitlines() if line.startswith(b"{")]
    found = [f for f in found if f["detector"] == "sigma/rule"]
    return sum(f["fields"]["events"] for f in found), len({f["fields"]["rule"] for f in found})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vigie", default="target/release/vigie")
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--rules", type=int, default=3000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder")
    parser.add_argument("--python")
    parser.add_argument("--other-mb", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or made
        os.makedirs(folder, exist_ok=True)
        log, own = os.path.join(folder, "events.ndjson"), os.path.join(folder, "rules")
        n = events(log, given.mb, 1)
        rules(own, given.rules, 2)
        print(f"{n} events, {os.path.getsize(log) >> 20} MiB, {given.rules} rules")
        best = {}
        for _ in range(given.runs):
            for name, more in (("without rules", []), ("with rules", ["--sigma", own])):
                seconds, peak, out = run([given.vigie, "check", "--json", "--all", log, *more])
                if name not in best or seconds < best[name][0]:
                    best[name] = (seconds, peak, out)
        for name, (seconds, peak, out) in best.items():
            count, fired = hits(out)
            print(f"{name:<14} {seconds:8.1f} s {peak:7.0f} MiB  {count} events of {fired} rules")
        if given.python:
            small = os.path.join(folder, "small.ndjson")
            events(small, given.other_mb, 1)
            seconds, peak, out = run([given.vigie, "check", "--json", "--all", small, "--sigma", own])
            print(f"{given.other_mb} MiB: vigie  {seconds:8.1f} s {peak:7.0f} MiB  {hits(out)[0]} hits")
            begun = time.time()
            done = subprocess.run([given.python, "-c", OTHER, small, own], capture_output=True, text=True)
            if done.returncode:
                sys.exit(done.stderr[-2000:])
            told = json.loads(done.stdout.splitlines()[-1])
            print(f"{given.other_mb} MiB: sqlite {time.time() - begun:8.1f} s, {told['hits']} hits, {told['failed']} queries failed")


main()
