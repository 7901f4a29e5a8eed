#!/usr/bin/env python3
"""False alarms and power of `vigie run --series`: 1,000 random walks, 1,000 smooth trends, true leads of 0-7 days.

    bench/series.py [LEDGER.CSV]      the brief's ledger.csv of the demo; a made ledger without it
"""
import usage
import subprocess
import sys

subprocess.run(["cargo", "run", "-q", "--release", "-p", "casework", "--example", "series_power", "--", *sys.argv[1:]], check=True)
