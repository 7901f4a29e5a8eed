#!/usr/bin/env python3
"""Makes the seed corpora from the evidence blocks of the detectors' specifications: made-up evidence only."""
import re
from pathlib import Path

root = Path(__file__).resolve().parent
blocks = []
for page in sorted((root.parent / "crates/sensors/src").rglob("*.md")):
    blocks += re.findall(r"```evidence [^\n]*\n(.*?)```", page.read_text(), re.S)
for target in ("read", "split", "classify", "names"):
    folder = root / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for n, block in enumerate(blocks):
        text = block.encode()
        if target == "split":
            text = b"\x01" + text
        if target == "classify":
            text = re.sub(rb'.*?"([A-Z]+) (\S+).*?"[^"\n]*"([^"\n]*)" "([^"\n]*)".*', rb"\1\n\2\n\4\n\3", text.split(b"\n")[0])
        (folder / f"seed-{n:03}").write_bytes(text)
print(len(blocks), "seeds each")
