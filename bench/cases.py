#!/usr/bin/env python3
"""Runs `vigie` on a folder of small cases and says, case by case, what it read.

A case is a folder with evidence and `expected.md`, whose line `- command:` has the options and whose section `What is
right` says in words how many events of whom there are. Where those words name a number and an address, the case is *right*
if so many events of one outcome are read from there, else *look*: a person reads on.

    bench/cases.py DIR [--vigie target/release/vigie] [--only 003,006]
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess

NUMBERS = dict(zip("one two three four five six seven eight nine ten eleven twelve eighteen".split(), [*range(1, 13), 18]))


def run(vigie, command, folder, names, options):
    told = subprocess.run([vigie, command, "--json", *options, *names], cwd=folder, capture_output=True, text=True)
    objects = lambda text: [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return told.returncode, objects(told.stdout), objects(told.stderr)


def case(vigie, folder):
    text = (folder / "expected.md").read_text()
    command = re.search(r"- command: `vigie read --json ([^`]*)`", text)
    words = command.group(1).split() if command else []
    names = sorted(p.name for p in folder.iterdir() if p.name != "expected.md" and not p.name.startswith("_"))
    options = [w for w in words if w not in names]
    right = text.split("## What is right")[1].split("##")[0].strip()
    code, rows, said = run(vigie, "read", folder, names, options)
    counts = collections.Counter()
    for row in rows:
        source = next((e["value"] for e in row.get("entities", []) if "addr" in e["type"]), "-")
        counts[(source, row.get("outcome", row["kind"]))] += row["count"]
    _, found, _ = run(vigie, "check", folder, names, options)
    lines = next((s for s in said if "not_understood" in s), None)
    numbers = {n for w in re.findall(r"[a-z]+", right.lower()) if (n := NUMBERS.get(w))}
    is_right = bool(numbers & set(counts.values()))
    told = ", ".join(f"{n} {outcome} of {source}" for (source, outcome), n in counts.most_common(4)) or "nothing"
    missed = f"{lines['not_understood']} of {lines['lines']} lines not understood" if lines else "no lines"
    print(f"{'right' if is_right else 'look '} {folder.name}: exit {code}; {told}; {missed}")
    for f in found[:3]:
        print(f"        {f['severity']} {f['title']}")
    if not is_right:
        print(f"        wanted: {right[:300]}")
    return is_right


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--vigie", default="target/release/vigie")
    parser.add_argument("--only", default="", help="numbers with which the folders begin, by commas")
    args = parser.parse_args()
    vigie = str(pathlib.Path(args.vigie).resolve())
    only = tuple(n for n in args.only.split(",") if n)
    folders = [d for d in sorted(args.dir.iterdir()) if (d / "expected.md").exists() and (not only or d.name.startswith(only))]
    right = sum(case(vigie, folder) for folder in folders)
    print(f"{right} of {len(folders)} right by number; look at the others")


if __name__ == "__main__":
    main()
