#!/usr/bin/env python3
"""A week of a made-up platform's web server log with known troubles, and weeks without any: what `reach/trouble` says of them.

    bench/reach.py VIGIE [WEEKS]

Five countries by their day; a crawler that is told to slow down, scanners, a server error now and then. Then into one week: three
hours in which a country's people are told to wait, two in which another's are gone, one of server errors for all, one of attempts
from many sources, and a probe that fails three rounds.
"""
import usage
import json, math, os, random, subprocess, sys, tempfile
from datetime import datetime, timedelta, timezone

# Blocks of the registries' data, so that countries differ: nobody stands behind these lines.
REGIONS = {"FR": ("193.50", 1), "US": ("8.8", -6), "BR": ("200.160", -3), "JP": ("133.5", 9), "ZA": ("196.21", 2)}
START = datetime(2027, 4, 5, tzinfo=timezone.utc)
TROUBLES = {("US", "queue"), ("BR", "absent"), ("", "errors"), ("", "attempts"), ("Lyon", "probe")}


def line(at, address, status, path="/vote", agent="Mozilla/5.0"):
    return f'vote.example {address} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" {status} 512 "-" "{agent}"'


def week(rng, troubled):
    lines = []
    for hour in range(7 * 24):
        at = START + timedelta(hours=hour)
        for region, (block, zone) in REGIONS.items():
            local = (at.hour + zone) % 24
            mean = 90 * max(0.03, math.sin(math.pi * (local - 6) / 18)) if local >= 6 else 3
            n = max(0, round(rng.gauss(mean, mean**0.5)))
            if troubled and region == "BR" and hour in (63, 64):
                n = 0
            for _ in range(n):
                status = 500 if rng.random() < 0.004 else 200
                if troubled and region == "US" and 88 <= hour <= 90 and rng.random() < 0.6:
                    status = 503
                if troubled and hour == 110 and rng.random() < 0.7:
                    status = 502
                address = f"{block}.{rng.randint(1, 60)}.{rng.randint(1, 250)}"
                lines.append((at + timedelta(seconds=rng.randint(0, 3599)), address, status, rng.choice(["/vote", "/", "/aide"])))
        # One crawler that is told to slow down, day and night, and a scanner.
        for n in range(30):
            lines.append((at + timedelta(seconds=n * 100), "8.8.8.8", 429, "/"))
        lines.append((at, "133.9.9.9", 404, "/.env"))
        if troubled and hour == 130:
            for n in range(200):
                lines.append((at + timedelta(seconds=n * 17), f"133.{n % 40 + 10}.{n}.7", 404, "/?id=1%27%20OR%20%271%27=%271"))
    return "\n".join(line(at, a, s, p) for at, a, s, p in sorted(lines)) + "\n"


def found(vigie, log, probe=""):
    with tempfile.TemporaryDirectory() as place:
        open(f"{place}/access.log", "w").write(log)
        files = [f"{place}/access.log"]
        if probe:
            open(f"{place}/probe.jsonl", "w").write(probe)
            files.append(f"{place}/probe.jsonl")
        out = subprocess.run([vigie, "check", *files, "--platform", "vote.example", "--json"], capture_output=True, text=True)
        rows = [json.loads(l) for l in out.stdout.splitlines()]
        return [r for r in rows if r.get("detector") == "reach/trouble"]


def main(vigie, weeks):
    told = 0
    for seed in range(weeks):
        for f in found(vigie, week(random.Random(seed), False)):
            told += 1
            print("honest week", seed, f["title"])
    print(f"{weeks} honest weeks: {told} troubles told")
    step = lambda n, met: json.dumps({"vigie": "probe", "at": f"{START + timedelta(minutes=n):%Y-%m-%dT%H:%M:%SZ}", "site": "vote.example", "from": "Lyon", "step": 1, "url": "https://vote.example/", "met": met, "status": 0, "millis": [0, 0, 9]}, separators=(",", ":")) + "\n"
    probe = "".join(step(n, "timeout" if 30 <= n < 33 else "served") for n in range(120))
    rows = found(vigie, week(random.Random(99), True), probe)
    kinds = {(r["fields"]["region"], r["fields"]["how"]) for r in rows}
    kinds = {(r, "errors" if h == "several" else "queue" if (r, h) == ("US", "queue") else h) for r, h in kinds}
    print(f"a week with {len(TROUBLES)} troubles: {len(TROUBLES & kinds)} told; besides: {sorted(kinds - TROUBLES)}")
    for r in rows:
        print(" ", r["severity"], r["title"])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
