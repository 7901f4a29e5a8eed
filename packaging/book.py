#!/usr/bin/env python3
"""Lays out the sources of the book (MyST Markdown for Sphinx): usage: book.py PROGRAM FOLDER. Pages are the repository's own texts and
what the program says of itself; nothing is written twice. Same sources, same pages.
"""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Sections of bench/RESULTS.md that are about evidence others published.
PUBLIC = ("Accuracy", "Cases of another tool", "Posts: the whole", "Cloud sign-ins: a real", "Documents: what they say", "The count", "Windows events")
CONF = '''project = "Vigie"
author = "the authors of Vigie"
extensions = ["myst_parser"]
html_theme = "furo"
myst_heading_anchors = 3
# Links between files of the repository that are not pages, and evidence fences, are as they are there.
suppress_warnings = ["myst.xref_missing", "myst.header", "misc.highlighting_failure", "toc.not_included"]
html_last_updated_fmt = None
html_show_sourcelink = False
html_copy_source = False
html_search_language = "en"
'''


def main(program, book):
    say = lambda *a: subprocess.run([program, *a], check=True, capture_output=True, text=True, env={**os.environ, "LANG": "C"}).stdout
    book.mkdir(parents=True)
    (book / "conf.py").write_text(CONF)
    shutil.copytree(ROOT / "docs", book / "docs")
    for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG"):
        text = (ROOT / f"{name}.md").read_text()
        (book / f"{name}.md").write_text(text)
    results = (ROOT / "bench/RESULTS.md").read_text()
    (book / "RESULTS.md").write_text(results)
    # What was found on evidence that others published, and what they found in it; one text, shown twice.
    sections = {s.split("\n", 1)[0]: s for s in re.split(r"^## ", results, flags=re.M)[1:]}
    public = [f"## {text.strip()}\n" for title, text in sections.items() if title.startswith(PUBLIC)]
    if not public:
        sys.exit("error: bench/RESULTS.md has none of the sections on public evidence that book.py names")
    (book / "published.md").write_text(
        "# Found on public evidence\n\nEvidence that others published, what they found in it, and what Vigie finds. Each figure "
        "is made again by the script that is named with it.\n\n" + "\n".join(public))
    (book / "scenarios.md").write_text((ROOT / "crates/exercise/scenarios/README.md").read_text())
    kinds = [json.loads(line) for line in say("explain", "--json").splitlines()]
    pages, observed = [], set()
    for kind in (k for k in kinds if k.get("detectors") is not None):
        names = []
        for detector in kind["detectors"]:
            page = f"detectors/{detector.replace('/', '-')}"
            target = book / f"{page}.md"
            target.parent.mkdir(exist_ok=True)
            schema = say("explain", "--schema", detector).strip()
            # A specification's fences carry evidence; the name behind the fence is a file's, not a language's.
            text = re.sub(r"^```(evidence|conf|toml|sql|text).*$", "```text", say("explain", detector), flags=re.M)
            shown = json.dumps(json.loads(schema)["properties"]["fields"], indent=1)
            observed.update(json.loads(say("explain", detector, "--json"))["inputs"])
            target.write_text(f"{text}\n\n## Schema of its fields\n\n```json\n{shown}\n```\n")
            names.append(page)
        index = f"kinds/{kind['kind']}"
        (book / "kinds").mkdir(exist_ok=True)
        formats = "\n".join(f"- {f}" for f in kind.get("formats", []))
        links = "\n".join(f"/{n}" for n in names)
        (book / f"{index}.md").write_text(
            f"# {kind['kind']}: {kind['title']}\n\nReads:\n\n{formats}\n\n```{{toctree}}\n:caption: Detectors\n\n{links}\n```\n")
        pages.append(index)
    # What readers hand to detectors. Tallies are counts, which `vigie read` prints none of, and have no schema.
    schemas = []
    (book / "observations").mkdir(exist_ok=True)
    for name in sorted(observed):
        told = subprocess.run([program, "explain", "--schema", name], capture_output=True, text=True)
        if told.returncode == 0:
            page = f"observations/{name.replace('/', '-')}"
            (book / f"{page}.md").write_text(f"# {name}\n\nA line of `vigie read --json`.\n\n```json\n{json.dumps(json.loads(told.stdout), indent=1)}\n```\n")
            schemas.append(f"/{page}")
    (book / "schemas.md").write_text(
        "# Schemas of observations\n\nJSON Schema of what `vigie read --json` prints; that of findings stands with each detector.\n\n"
        "```{toctree}\n\n" + "\n".join(schemas) + "\n```\n")
    # The next election first: that is what one looks up.
    elections = {}
    for row in say("silence", "--table").splitlines():
        elections.setdefault(re.search(r"\(([a-z0-9-]+)[/,]", row).group(1), []).append(row)
    latest = sorted(elections.items(), key=lambda e: (e[1][-1], e[0]), reverse=True)
    tables = "".join(f"\n## {name}\n\n```text\n" + "\n".join(rows) + "\n```\n" for name, rows in latest)
    (book / "law.md").write_text(
        "# Silence and polls: every second at which an answer changes\n\nMade by `vigie silence --table`: UTC, local time, territory, rule. "
        "It is no legal advice.\n" + tables)
    (book / "index.md").write_text(
        "# Vigie\n\nOne program that shows, proves and explains interference with an election, from evidence you have, offline.\n\n"
        "![The first page of a brief: what happened, since when, from where, what to do, the chain of steps, who perhaps](docs/pictures/index.png)\n\n"
        "```{toctree}\n:caption: To begin\n\ndocs/start\ndocs/debut\ndocs/pictures\nREADME\ndocs/options\n```\n\n"
        "```{toctree}\n:caption: Kinds of evidence\n\n" + "\n".join(pages) + "\n```\n\n"
        "```{toctree}\n:caption: To look up\n\nlaw\nschemas\npublished\nRESULTS\nSECURITY\nscenarios\nARCHITECTURE\nCONTRIBUTING\nCHANGELOG\n```\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
