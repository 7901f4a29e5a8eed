#!/usr/bin/env python3
"""Access logs in shapes that our own exercise does not make: clients evenly over days, distinct paths, real lines, a flood.

usage: bench/logs_uniform.py SHAPE FILE [--lines N] [--seed S] [--octet N]

  uniform      one address a line, distinct paths, one answer in five 404, one request in twenty hostile
  uniform-20k  the same from 20,000 addresses
  real         elastic-examples' 10,000 real lines again and again, each time a week later (from $VIGIE_DATA, else ../shared/data); with
               --octet each address begins with it, so that logs of other octets have other visitors
  flood        nine in ten hostile, nearly every line another source

The same shape, lines and seed give the same bytes. The hostile words are the plainest of their classes: what is measured
is the cost of keeping what was seen, not what is seen.
"""
import argparse
import os
import random
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

START = datetime(2017, 2, 1, tzinfo=timezone.utc)
WORDS = "programme meeting donate press video region team agenda question archive photo speech".split()
HOSTILE = [
    "/page?id=1%27%20UNION%20SELECT%20{n}%2Cpassword%20FROM%20users--",
    "/../../../../etc/passwd?{n}",
    "/search?q=%3Cscript%3Ealert({n})%3C/script%3E",
    "/wp-content/plugins/p{n}/../../../wp-config.php",
    "/cgi-bin/t?x=;cat%20/etc/passwd;{n}",
    "/.env?{n}",
]
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/56.0.2924.87 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_3) AppleWebKit/602.4.8 (KHTML, like Gecko) Version/10.0.3 Safari/602.4.8",
    "Mozilla/5.0 (X11; Linux x86_64; rv:51.0) Gecko/20100101 Firefox/51.0",
]


def address(n):
    """Spread over the whole unicast space, no two alike below 2^24 or so."""
    n = n * 2654435761 % 2**32
    return f"{1 + (n >> 24) % 222}.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


def made(out, lines, addresses, hostile, rng):
    span = 10 * 86400
    for i in range(lines):
        at = START + timedelta(seconds=i * span // lines)
        who = address(i if addresses >= lines else rng.randrange(addresses))
        if rng.random() < hostile:
            path, status = HOSTILE[rng.randrange(len(HOSTILE))].format(n=i), rng.choice((403, 404, 200))
        else:
            path = f"/{rng.choice(WORDS)}/{rng.choice(WORDS)}-{i}.html"
            status = 404 if rng.random() < 0.2 else 200
        out.write(
            f'{who} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" {status} {rng.randrange(300, 60000)} "-" "{rng.choice(AGENTS)}"\n'
        )


def real(out, lines, octet):
    data = Path(os.environ.get("VIGIE_DATA", Path(__file__).resolve().parent.parent.parent / "shared/data"))
    text = (data / "web-logs/elastic-examples/apache_logs").read_text(encoding="utf-8", errors="surrogateescape")
    stamp = re.compile(r"\[(\d\d/\w\w\w/\d{4}:\d\d:\d\d:\d\d)")
    source = text.splitlines()
    done = week = 0
    while done < lines:
        shift = timedelta(days=7 * week)
        later = lambda m: "[" + (datetime.strptime(m[1], "%d/%b/%Y:%H:%M:%S") + shift).strftime("%d/%b/%Y:%H:%M:%S")
        for line in source[: lines - done]:
            line = stamp.sub(later, line, count=1)
            out.write((re.sub(r"^\d+\.", f"{octet}.", line) if octet else line) + "\n")
        done += len(source)
        week += 1


def make(shape, path, lines, seed, octet=0):
    rng = random.Random(seed)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as out:
        if shape == "real":
            real(out, lines, octet)
        else:
            made(out, lines, 20_000 if shape == "uniform-20k" else lines, 0.9 if shape == "flood" else 0.05, rng)


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("shape", choices=["uniform", "uniform-20k", "real", "flood"])
    ask.add_argument("file")
    ask.add_argument("--lines", type=int, default=700_000)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--octet", type=int, default=0)
    of = ask.parse_args()
    make(of.shape, of.file, of.lines, of.seed, of.octet)
