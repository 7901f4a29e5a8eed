#!/usr/bin/env python3
"""Other tools' test requests against the web classifier: what a log would show of each, one request a test.

    bench/web_waf.py --gotestwaf DIR     a checkout of wallarm/gotestwaf: testcases/owasp, community and false-pos,
                                         each payload as a URL parameter and, where it has that place, in the agent
    bench/web_waf.py --crs DIR           a checkout of coreruleset/coreruleset: tests of rules 930 to 944 that paranoia
                                         level 1 has, whose payload stands in address, agent or referer

Neither is kept here: give your own checkout (`apt-get source modsecurity-crs` has the second, of version 3.3). The half whose
request has an odd FNV-1a hash is held back: `-v` prints of the other what was missed and what was wrongly flagged.
"""
import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import yaml

ROOT = Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--gotestwaf", type=Path)
parser.add_argument("--crs", type=Path)
parser.add_argument("-v", action="store_true")
args = parser.parse_args()


def is_odd(text):
    h = 0xCBF29CE484222325
    for b in text.encode():
        h = (h ^ b) * 0x100000001B3 & (1 << 64) - 1
    return h & 1 == 1


def judge(requests):
    """Which of the requests are flagged strong."""
    text = "\n".join(json.dumps(r) for r in requests) + "\n"
    command = ["cargo", "run", "-q", "--release", "-p", "sensors", "--example", "classify_lines", "--", "--json", "--every"]
    out = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
    return [line.startswith("strong\t") for line in out[: len(requests)]]


def told(name, requests, wanted):
    flagged = judge([r for _, r in requests])
    held = [is_odd(json.dumps(r)) for _, r in requests]
    of = lambda half: f"{sum(f for f, h in zip(flagged, held) if h == half)} of {held.count(half)}"
    print(f"{name}: {sum(flagged)} of {len(flagged)} flagged; developed on {of(False)}, held back {of(True)}")
    if args.v:
        for (what, request), yes, odd in zip(requests, flagged, held):
            if yes != wanted and not odd:
                print("  " + ("missed" if wanted else "wrong "), what, json.dumps(request)[:200])


def gotestwaf(folder):
    attacks, benign = [], []
    for file in sorted((folder / "testcases").glob("*/*.y*ml")):
        if file.parent.name not in ("owasp", "community", "false-pos"):
            continue
        case = yaml.safe_load(file.read_text())
        for payload in case.get("payload", []):
            if not isinstance(payload, str):
                continue
            places = case.get("placeholder", [])
            request = {"target": "/?q=" + quote(payload, safe="")}
            if "UserAgent" in places:
                request = {"target": "/", "user_agent": payload}
            elif "URLPath" in places and "URLParam" not in places:
                request = {"target": "/" + quote(payload, safe="/")}
            (benign if file.parent.name == "false-pos" else attacks).append((file.stem, request))
    told("gotestwaf, attacks", attacks, True)
    told("gotestwaf, benign", benign, False)


def crs(folder):
    levels = {}
    for conf in (folder / "rules").glob("*.conf"):
        for rule in re.split(r"\n(?=SecRule|SecAction)", conf.read_text(errors="replace")):
            number, level = re.search(r"\bid:(\d+)", rule), re.search(r"paranoia-level/(\d)", rule)
            if number and level:
                levels[number[1]] = int(level[1])
    attacks, benign = [], []
    for file in sorted((folder / "tests/regression/tests").glob("REQUEST-9[34]*/*.yaml")):
        if levels.get(file.stem, 1) > 1 or not "930" <= file.stem[:3] <= "944":
            continue
        for test in yaml.safe_load(file.read_text()).get("tests", []):
            for stage in test.get("stages", []):
                stage = stage.get("stage", stage)
                given, log = stage.get("input", {}), json.dumps(stage.get("output", {}))
                headers = {k.lower(): str(v) for k, v in (given.get("headers") or {}).items()}
                request = {
                    "method": given.get("method", "GET"),
                    "target": str(given.get("uri", "/")).replace(" ", "%20"),
                    "user_agent": headers.get("user-agent", ""),
                    "referer": headers.get("referer", ""),
                    "host": headers.get("host", ""),
                }
                # A log shows nothing of what stands in a body, a cookie or another header.
                plain = re.fullmatch(r"/(get|post|anything)?/?", request["target"]) and not request["referer"]
                if plain and re.fullmatch(r"|.*CRS test agent.*|ModSecurity CRS 3 Tests|OWASP (ModSecurity )?(CRS|Core Rule Set).{0,20}", request["user_agent"]):
                    continue
                refused = "no_expect_ids" in log or "no_log_contains" in log
                (benign if refused else attacks).append((f"{file.stem}-{test.get('test_id', test.get('test_title'))}", request))
    told("CRS level 1, attacks that a log shows", attacks, True)
    told("CRS, tests that expect nothing of the rule (others may match)", benign, False)


if not (args.gotestwaf or args.crs):
    sys.exit(parser.format_usage() + "give --gotestwaf or --crs")
if args.gotestwaf:
    gotestwaf(args.gotestwaf)
if args.crs:
    crs(args.crs)
