#!/usr/bin/env python3
"""What is inside the program: every crate that it is linked of, with version, source, checksum and licence.

usage: packaging/inside.py sbom       CycloneDX 1.6 on standard output
       packaging/inside.py licences   the texts, each once, with the crates that it covers
       packaging/inside.py check      exit 1 and the names, where a crate comes without its text

Build-time crates are not in it: they are not in the program. Same sources, same bytes.
"""
import json
import subprocess
import sys
import tomllib
import uuid
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = "x86_64-unknown-linux-gnu"
NAMES = ("license", "licence", "copying", "copyright", "unlicense", "notice")
# The text of a licence that a crate names and does not carry is the licence's own, which stands in another crate.
COMMON = {"MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "ISC", "Zlib", "MPL-2.0", "Unicode-3.0", "CC0-1.0", "0BSD", "Unlicense"}


def crates():
    """Crates that the program is linked of, by name and version."""
    told = json.loads(
        subprocess.run(
            ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET],
            cwd=ROOT, check=True, capture_output=True,
        ).stdout
    )
    nodes = {n["id"]: n for n in told["resolve"]["nodes"]}
    packages = {p["id"]: p for p in told["packages"]}
    start = next(p["id"] for p in told["packages"] if p["name"] == "vigie")
    seen, todo = set(), [start]
    while todo:
        at = todo.pop()
        if at in seen:
            continue
        seen.add(at)
        if any("proc-macro" in t["kind"] for t in packages[at]["targets"]):
            continue  # works while compiling; nothing of it, or of what it uses, is in the program
        todo += [d["pkg"] for d in nodes[at]["deps"] if any(k["kind"] is None for k in d["dep_kinds"])]
    linked = [packages[i] for i in seen if not any("proc-macro" in t["kind"] for t in packages[i]["targets"])]
    return sorted(linked, key=lambda p: (p["name"], p["version"])), told


def sums():
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}


def sbom():
    all_, told = crates()
    known = sums()
    ids = {p["id"]: f"pkg:cargo/{p['name']}@{p['version']}" for p in all_}
    nodes = {n["id"]: n for n in told["resolve"]["nodes"]}
    parts = []
    for p in all_:
        part = {"type": "library", "bom-ref": ids[p["id"]], "name": p["name"], "version": p["version"], "purl": ids[p["id"]]}
        if p["license"]:
            part["licenses"] = [{"expression": p["license"].replace("/", " OR ")}]
        if known.get((p["name"], p["version"])):
            part["hashes"] = [{"alg": "SHA-256", "content": known[p["name"], p["version"]]}]
        if p["repository"]:
            part["externalReferences"] = [{"type": "vcs", "url": p["repository"]}]
        parts.append(part)
    program = next(i for i, p in zip((p["id"] for p in all_), all_) if p["name"] == "vigie")
    rest = [p for p in parts if p["name"] != "vigie"]
    needs = [
        {"ref": ids[p["id"]], "dependsOn": sorted(ids[d] for d in nodes[p["id"]]["dependencies"] if d in ids)} for p in all_
    ]
    digest = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(rest, sort_keys=True))
    print(json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{digest}", "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": ids[program], "name": "vigie",
                                   "version": next(p["version"] for p in all_ if p["name"] == "vigie"), "purl": ids[program]}},
        "components": rest, "dependencies": needs,
    }, indent=1))


def texts(package):
    folder = Path(package["manifest_path"]).parent
    found = [p for p in sorted(folder.iterdir()) if p.is_file() and p.name.lower().startswith(NAMES)]
    # Of several licences to choose from, the text of each that is there is shown.
    return [p.read_text(encoding="utf-8", errors="replace").strip() for p in found]


def words(expression):
    return {w for w in expression.replace("/", " ").replace("(", " ").replace(")", " ").split() if w not in ("OR", "AND", "WITH")}


def licences(check=False):
    all_, _ = crates()
    by_text, bare = defaultdict(list), []
    for p in all_:
        label = f"{p['name']} {p['version']} ({p['license']})"
        if p["source"] is None:
            continue  # ours
        mine = texts(p)
        if not mine:
            bare.append((label, words(p["license"] or "")))
        for text in mine:
            by_text[text].append(label)
    missing = [label for label, named in bare if not named & COMMON]
    if check:
        print("\n".join(missing) if missing else f"{len(all_)} crates; {len(bare)} carry no text and name a licence whose text is shown with others")
        return bool(missing)
    print("What the program holds of others, and under which terms.\n\nVigie itself: Apache License 2.0, see below.\n")
    print((ROOT / "LICENSE").read_text().strip())
    for text, labels in sorted(by_text.items(), key=lambda kv: (kv[1], kv[0])):
        print("\n" + "=" * 100 + "\n" + "\n".join(labels) + "\n" + "-" * 100 + "\n" + text)
    if bare:
        print("\n" + "=" * 100 + "\nThese crates carry no text of their own; that of the licence they name stands above.\n")
        print("\n".join(label for label, _ in bare))
    return False


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) == 2 else ""
    if what == "sbom":
        sbom()
    elif what in ("licences", "check"):
        sys.exit(licences(what == "check"))
    else:
        print(__doc__)
        sys.exit(2)
