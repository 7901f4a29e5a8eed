#!/usr/bin/env python3
"""Families of names (`names/family`): how many of lists that one hand made are in one, and what is said of ordinary names.

    bench/names_families.py [SHARED_DATA] [--vigie target/release/vigie] [-v]
"""
import argparse
import csv
import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("data", nargs="?", type=Path, default=Path(os.environ.get("VIGIE_DATA", ROOT / "../shared/data")))
parser.add_argument("--vigie", type=Path, default=ROOT / "target/release/vigie")
parser.add_argument("-v", action="store_true")
args = parser.parse_args()
NAMES = args.data / "names"


def told(what, text, ending):
    """Runs `vigie check` on a list and prints its families."""
    with tempfile.NamedTemporaryFile("w", suffix=ending) as file:
        file.write(text)
        file.flush()
        out = subprocess.run([args.vigie, "check", "--json", file.name], capture_output=True, text=True).stdout
    found = [json.loads(line) for line in out.splitlines()]
    families = [f for f in found if f.get("detector") == "names/family"]
    names = {n for f in families if f["fields"]["kinship"] != "label" for n in f["fields"]["names"]}
    print(f"{what}: {len(set(text.split())) - 1} lines, {len(families)} families, {len(names)} names in those but of one label")
    for f in families if args.v else []:
        row = f["fields"]
        print(f"  {f['severity']} {row['kinship']} {row['pattern']} {row['count']}: {', '.join(row['names'][:6])}")


def lists(folder, *patterns):
    files = [f for p in patterns for f in sorted((NAMES / folder).glob(p))]
    return "\n".join(dict.fromkeys(line.strip() for f in files for line in f.read_text().splitlines() if line.strip())) + "\n"


told("Portal Kombat", (NAMES / "viginum-portal-kombat/domains.csv").read_text().replace("[.]", "."), ".csv")
told("Amnesty and Citizen Lab", lists("citizenlab-amnesty", "*.txt"), ".txt")
rows = list(csv.DictReader((NAMES / "dima-influence-networks/domains.csv").open()))
for operation in sorted({r["operation"] for r in rows}):
    told(operation, "\n".join(r["domain"] for r in rows if r["operation"] == operation) + "\n", ".txt")
told("top 10,000", "\n".join(json.loads((NAMES / "misp-warninglists/tranco10k/list.json").read_text())["list"]) + "\n", ".txt")
