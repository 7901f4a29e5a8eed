#!/usr/bin/env python3
"""Checks what the lock file brings in, offline: every licence is on the permissive list and every source is the package registry.
Advisories need the RustSec database, which is not reachable offline: see CONTRIBUTING.md. Exits 1 on a fault."""
import json
import re
import subprocess
import sys

ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT",
    "MIT-0", "Unicode-3.0", "Unlicense", "Zlib", "bzip2-1.0.6",
}


def allowed(expression: str) -> bool:
    """An SPDX expression holds if one alternative of every conjunct is allowed."""
    expression = expression.replace("/", " OR ")
    tokens = re.findall(r"\(|\)|[^\s()]+(?: WITH \S+)?", expression)

    def parse_or() -> bool:
        value = parse_and()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            value = parse_and() or value
        return value

    def parse_and() -> bool:
        value = parse_one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            value = parse_one() and value
        return value

    def parse_one() -> bool:
        token = tokens.pop(0)
        if token == "(":
            value = parse_or()
            tokens.pop(0)
            return value
        return token in ALLOWED

    return parse_or()


def main() -> int:
    run = ["cargo", "metadata", "--format-version", "1", "--locked"]
    packages = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)["packages"]
    faults = []
    for package in packages:
        name = f'{package["name"]} {package["version"]}'
        source = package["source"]
        if source is not None and not source.startswith("registry+"):
            faults.append(f"{name}: comes from {source}")
        if not allowed(package["license"] or "none stated"):
            faults.append(f'{name}: licence {package["license"]}')
    outside = [p for p in packages if p["source"]]
    print(f"{len(outside)} dependencies, {len(faults)} faults")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
