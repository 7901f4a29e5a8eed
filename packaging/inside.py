#!/usr/bin/env python3
"""What is inside the program: every crate that it is linked of, and what is no crate (Rust's library, SQLite; of a static one
the C library), with version, source, checksum and licence.

usage: packaging/inside.py sbom [static]       CycloneDX 1.6 on standard output
       packaging/inside.py licences [static]   the texts, each once, with what it covers
       packaging/inside.py check               exit 1 and the names, where something comes without its text

Build-time crates are not in it: they are not in the program. Same sources and tools, same bytes.
"""
import html
import json
import re
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


def told(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def beside(static):
    """What is in the program and is no crate: name, version, licence, files with the texts."""
    docs = Path(told("rustc", "--print", "sysroot")) / "share/doc/rust"
    crate = next(p for p in crates()[0] if p["name"] == "libsqlite3-sys")
    header = Path(crate["manifest_path"]).parent / "sqlite3/sqlite3.h"
    sqlite = re.search(r'#define SQLITE_VERSION +"([^"]+)"', header.read_text()).group(1)
    all_ = [
        ("rust-std", re.search(r"^release: (.+)$", told("rustc", "-vV"), re.M).group(1), "MIT OR Apache-2.0", [docs / "COPYRIGHT-library.html"]),
        ("sqlite", sqlite, "blessing", []),
    ]
    if static:
        own = docs / "licenses"
        gcc = [own / "GPL-3.0-or-later.txt", own / "GCC-exception-3.1.txt"]
        libc = [Path("/usr/share/doc/libc6-dev/copyright"), Path("/usr/share/common-licenses/LGPL-2.1")]
        all_ += [
            ("glibc", told("getconf", "GNU_LIBC_VERSION").split()[-1], "LGPL-2.1-or-later", libc),
            ("libgcc", told("gcc", "-dumpfullversion"), "GPL-3.0-or-later WITH GCC-exception-3.1", gcc),
        ]
    return all_


# SQLite's own text is a sentence in each of its files.
NO_TEXT = {"sqlite": "SQLite is in the public domain (https://sqlite.org/copyright.html)."}
RELINK = """The program is linked statically with the GNU C Library, which is free under the GNU Lesser General Public License 2.1. Whoever
wants it with another C library builds it so: all of its source is in its repository, at the commit that `vigie --version` names,
and packaging/build.sh is how it was linked."""


def text_of(file):
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"(?s)<(style|head)\b.*?</\1>", "", text)))
        text = re.sub(r"\s*\n\s*\n+", "\n\n", text)
    return text.strip()


def sums():
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}


def sbom(static):
    all_, metadata = crates()
    known = sums()
    ids = {p["id"]: f"pkg:cargo/{p['name']}@{p['version']}" for p in all_}
    nodes = {n["id"]: n for n in metadata["resolve"]["nodes"]}
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
    others = [(f"pkg:generic/{name}@{version}", name, version, licence) for name, version, licence, _ in beside(static)]
    for ref, name, version, licence in others:
        rest.append({"type": "library", "bom-ref": ref, "name": name, "version": version, "purl": ref,
                     "licenses": [{"expression": licence}]})
    needs = [
        {"ref": ids[p["id"]], "dependsOn": sorted(ids[d] for d in nodes[p["id"]]["dependencies"] if d in ids)} for p in all_
    ]
    own = next(n for n in needs if n["ref"] == ids[program])
    own["dependsOn"] = sorted([*own["dependsOn"], *(o[0] for o in others)])
    needs += [{"ref": o[0], "dependsOn": []} for o in others]
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


def licences(static, check=False):
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
    files = []
    for name, version, licence, wanted in beside(static):
        label = f"{name} {version} ({licence})"
        files += [(label, f) for f in wanted]
        missing += [f"{label}: there is no {f}" for f in wanted if not f.is_file()]
        if name in NO_TEXT:
            by_text[NO_TEXT[name]].append(label)
    if missing and not check:
        sys.exit("error: the text of a licence is missing\n" + "\n".join(missing) + "\nhint: libc6-dev with its copyright file, and rustup's default profile, have them")
    for label, file in [] if missing else files:
        by_text[text_of(file)].append(label)
    if check:
        print("\n".join(missing) if missing else f"{len(all_)} crates; {len(bare)} carry no text and name a licence whose text is shown with others")
        return bool(missing)
    print("What the program holds of others, and under which terms.\n\nVigie itself: Apache License 2.0, see below.\n")
    if static:
        print(RELINK + "\n")
    print((ROOT / "LICENSE").read_text().strip())
    for text, labels in sorted(by_text.items(), key=lambda kv: (kv[1], kv[0])):
        print("\n" + "=" * 100 + "\n" + "\n".join(labels) + "\n" + "-" * 100 + "\n" + text)
    if bare:
        print("\n" + "=" * 100 + "\nThese crates carry no text of their own; that of the licence they name stands above.\n")
        print("\n".join(label for label, _ in bare))
    return False


if __name__ == "__main__":
    what, static = (sys.argv[1:] + [""])[0], sys.argv[2:] == ["static"]
    if what == "sbom":
        sbom(static)
    elif what in ("licences", "check"):
        sys.exit(licences(static, what == "check"))
    else:
        print(__doc__)
        sys.exit(2)
