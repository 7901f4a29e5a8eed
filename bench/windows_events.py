#!/usr/bin/env python3
"""Records that Vigie reads of Windows event logs, beside what another reader gives of each.

    bench/windows_events.py FOLDER [--vigie target/debug/vigie] [--python PYTHON] [--sigma RULES]

FOLDER holds .evtx files. The other reader is the package `evtx` of PyPI (the crate of that name): PYTHON is an interpreter that has
it; without one, only Vigie's counts are shown. What Vigie could not read is shown beside. With RULES, what fires of them.
"""
import argparse, collections, glob, json, os, sqlite3, subprocess, sys, tempfile

OTHER = """
import sys
from evtx import PyEvtxParser
good = bad = 0
records = PyEvtxParser(sys.argv[1]).records_json()
while True:
    try:
        next(records)
        good += 1
    except StopIteration:
        break
    except Exception:
        bad += 1
print(good, bad)
"""


def other(python, path):
    if not python:
        return "–", "–"
    done = subprocess.run([python, "-c", OTHER, path], capture_output=True, text=True)
    return done.stdout.split() if done.returncode == 0 else ("fails", "–")


def own(vigie, path):
    with tempfile.TemporaryDirectory() as folder:
        case = os.path.join(folder, "case")
        for words in (["init", case, "--name", "x"], ["add", case, path], ["run", case]):
            subprocess.run([vigie, *words], capture_output=True, check=True)
        db = sqlite3.connect(f"file:{case}/case.db?mode=ro", uri=True)
        read = sum(json.loads(lines)["read"] for (lines,) in db.execute("SELECT lines FROM log_lines"))
    done = subprocess.run([vigie, "check", "--json", "--all", path], capture_output=True, text=True)
    told = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    skips = [f"{t['reason']} ({t.get('skipped', t.get('count'))})" for t in told if "reason" in t]
    found = collections.Counter(f"{json.loads(line)['severity']} {json.loads(line)['detector']}" for line in done.stdout.splitlines())
    return read, skips, found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--vigie", default="target/debug/vigie")
    parser.add_argument("--python")
    parser.add_argument("--sigma")
    given = parser.parse_args()
    wrong = 0
    for path in sorted(glob.glob(os.path.join(given.folder, "*.evtx"))):
        good, bad = other(given.python, path)
        read, skips, found = own(given.vigie, path)
        print(f"{os.path.basename(path):<40} other {good:>6} ({bad} failed)  vigie {read:>6}  {'; '.join(skips)}")
        for what, n in sorted(found.items()):
            print(f"    {n:>4} {what}")
        wrong += good.isdigit() and read < int(good)
        if given.sigma:
            done = subprocess.run([given.vigie, "check", "--json", "--all", "--sigma", given.sigma, path], capture_output=True, text=True)
            fired = collections.Counter(f["fields"]["title"] for f in map(json.loads, done.stdout.splitlines()) if f["detector"] == "sigma/rule")
            for what, n in sorted(fired.items()):
                print(f"    {n:>4} sigma: {what}")
    sys.exit(wrong > 0)


main()
