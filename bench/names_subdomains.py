#!/usr/bin/env python3
"""Brands left of the registrable domain: recall on published phishing hosts (half of them held back), and what is wrongly
said of ordinary hosts, those that real logs, mail and posts of ../shared/data name.

    bench/names_subdomains.py [SHARED_DATA] [-v]
"""
import usage
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
args = [a for a in sys.argv[1:] if a != "-v"]
DATA = Path(args[0] if args else os.environ.get("VIGIE_DATA", ROOT / "../shared/data"))
URL = re.compile(rb"https?://([a-z0-9.-]+\.[a-z]{2,})", re.I)

hosts = set()
for folder in ("web-logs/elastic-examples", "mail/spamassassin-corpus", "posts"):
    for file in sorted(DATA.glob(folder + "/**/*")):
        if file.is_file() and file.stat().st_size < 200 << 20 and "spam" not in file.parent.name.removeprefix("spamassassin"):
            hosts.update(h.decode().lower().strip(".") for h in URL.findall(file.read_bytes()))
phishing = DATA / "names/phishing-database/phishing-domains-ACTIVE/phishing-domains-ACTIVE2.txt"
with tempfile.NamedTemporaryFile("w", suffix=".txt") as ordinary:
    ordinary.write("\n".join(sorted(hosts)))
    ordinary.flush()
    program = ["cargo", "run", "-q", "--release", "-p", "sensors", "--example", "names_subdomains", "--"]
    subprocess.run([*program, str(phishing), ordinary.name, *(["-v"] if "-v" in sys.argv else [])], check=True, cwd=ROOT)
