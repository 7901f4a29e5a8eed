#!/usr/bin/env python3
"""Time and memory of many Sigma rules over many events, all plainly made up, and another engine's on the same files.

    bench/sigma.py [--vigie target/release/vigie] [--mb 1000] [--rules 3000] [--vary FOLDER] [--folder FOLDER] [--python PYTHON] [--runs 3]

Makes lines of JSON (processes as Sysmon writes them) and rules (processes by image and command line, with a filter each), from a
fixed seed; reads them without rules and with them, by turns, and prints the least time on the clock, the least processor time and
the peak of memory of each. With --vary: lines of a web server, and as many rules as are wanted made of those in FOLDER
(`../shared/data/web-logs/sigma-web-rules`), each again and again with its longer values changed. With PYTHON, an interpreter that
has `pysigma` and `pysigma-backend-sqlite` of PyPI: Zircolite's road, events into SQLite in memory and a query for each rule, on
the first --other-mb megabytes, beside Vigie on the same; hits of both are compared, with what both spend on reading rules.
"""
import argparse, glob, json, os, random, re, subprocess, sys, tempfile, time

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
parsed = time.time()
backend = sqliteBackend()
hits = failed = 0
for rule in rules.rules:
    for query in backend.convert_rule(rule):
        query = query.replace("<TABLE_NAME>", "logs")
        try:
            hits += len(db.execute(query).fetchall())
        except sqlite3.Error as e:
            failed += 1
print(json.dumps({"seconds": time.time() - begun, "loading": loaded - begun, "parsing": parsed - loaded, "hits": hits, "failed": failed, "rules": len(rules.rules)}))
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


def visits(path, mb, seed):
    """Lines of a web server; one of a thousand has a word that rules look for."""
    chance = random.Random(seed)
    pages = [f"/{word}/{n}.html" for word in WORDS for n in range(300)]
    agents = [f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0 Safari/537.36" for n in range(40, 58)]
    with open(path, "w") as out:
        size, n = 0, 0
        while size < mb << 20:
            page = chance.choice(pages) + chance.choice(["", f"?page={chance.randrange(99)}", f"?id={chance.randrange(10**6)}"])
            if n % 1000 == 7:
                # What `web_path_traversal_exploitation_attempt` of the rules that are varied looks for, with the change of some of them.
                page += f"?x=../../../../../lib/password{chance.randrange(80)}"
            line = '198.51.%d.%d - - [%02d/Apr/2017:%02d:%02d:%02d +0000] "GET %s HTTP/1.1" 200 %d "-" "%s"\n' % (
                chance.randrange(256), chance.randrange(256), 1 + n // 864000 % 28, n // 36000 % 24, n // 600 % 60, n // 10 % 60, page, chance.randrange(9999), chance.choice(agents))
            out.write(line)
            size, n = size + len(line), n + 1
    return n


def varied(given, folder, count):
    """Rules made of others: each again and again, with another id and its longer values changed."""
    texts = [open(p).read() for p in sorted(glob.glob(os.path.join(given, "**", "*.yml"), recursive=True))]
    os.makedirs(folder, exist_ok=True)
    for n in range(count):
        text = texts[n % len(texts)]
        turn = n // len(texts)
        if turn:
            head, detection = text.split("detection:", 1)
            detection, tail = re.split(r"(?m)^(?=falsepositives:|level:)", detection, maxsplit=1)
            detection = re.sub(r"(?m)^(\s+(?:- |[^\s']+: )'[^'\n]{5,})'", lambda m: f"{m[1]}{turn}'", detection)
            text = re.sub(r"(?m)^id: .*$", f"id: 00000000-0000-4000-8000-{n:012}", head) + "detection:" + detection + tail
        with open(os.path.join(folder, f"r{n:05}.yml"), "w") as out:
            out.write(text)


def run(words):
    """Seconds, processor seconds, peak of memory in MiB of it and all it starts, output."""
    begun = time.time()
    done = subprocess.Popen(["/usr/bin/env", "python3", "-c", "import resource, subprocess, sys\nd = subprocess.run(sys.argv[1:], capture_output=True)\n"
        "sys.stdout.buffer.write(d.stdout)\nr = resource.getrusage(resource.RUSAGE_CHILDREN)\nsys.stderr.write(f'{r.ru_utime + r.ru_stime} {r.ru_maxrss}')", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, peak = done.communicate()
    spent, peak = peak.split()
    return time.time() - begun, float(spent), int(peak) / 1024, out


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
    parser.add_argument("--vary")
    parser.add_argument("--folder")
    parser.add_argument("--python")
    parser.add_argument("--other-mb", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or made
        os.makedirs(folder, exist_ok=True)
        log, own = os.path.join(folder, "events.ndjson"), os.path.join(folder, "rules")
        make = visits if given.vary else events
        n = make(log, given.mb, 1)
        varied(given.vary, own, given.rules) if given.vary else rules(own, given.rules, 2)
        print(f"{n} events, {os.path.getsize(log) >> 20} MiB, {given.rules} rules; load {os.getloadavg()[0]:.1f}")
        best = {}
        for _ in range(given.runs):
            for name, more in (("without rules", []), ("with rules", ["--sigma", own])):
                seconds, spent, peak, out = run([given.vigie, "check", "--json", "--all", log, *more])
                before = best.get(name, (seconds, spent, peak, out))
                best[name] = (min(seconds, before[0]), min(spent, before[1]), max(peak, before[2]), out)
        for name, (seconds, spent, peak, out) in best.items():
            count, fired = hits(out)
            print(f"{name:<14} {seconds:8.1f} s {spent:8.1f} s of processor {peak:7.0f} MiB  {count} events of {fired} rules")
        if given.python and not given.vary:
            small = os.path.join(folder, "small.ndjson")
            make(small, given.other_mb, 1)
            seconds, spent, peak, out = run([given.vigie, "check", "--json", "--all", small, "--sigma", own])
            print(f"{given.other_mb} MiB: vigie  {seconds:8.1f} s {spent:8.1f} s of processor {peak:7.0f} MiB  {hits(out)[0]} hits")
            seconds, other, peak, out = run([given.python, "-c", OTHER, small, own])
            told = json.loads(out.splitlines()[-1])
            print(f"{given.other_mb} MiB: sqlite {seconds:8.1f} s {other:8.1f} s of processor {peak:7.0f} MiB  {told['hits']} hits, "
                  f"{told['failed']} queries failed; loading {told['loading']:.1f} s, parsing {told['parsing']:.1f} s")
            print(f"processor time: {other / spent:.1f} times Vigie's")


main()
