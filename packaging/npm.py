#!/usr/bin/env python3
"""Makes the npm packages: usage: npm.py STAGE OUT VERSION. `vigie` has a small script that starts the program of the platform's own
package (`@vigie/linux-x64`), which npm installs as an optional dependency; nothing is downloaded by a script.
"""
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLATFORMS = {"linux-x64": ("linux", "x64")}


def main(stage, out, version):
    common = {"version": version, "license": "Apache-2.0", "engines": {"node": ">=18"}}
    for name, (system, cpu) in PLATFORMS.items():
        place = out / name
        (place / "bin").mkdir(parents=True)
        shutil.copy(stage / "vigie", place / "bin/vigie")
        for text in ("LICENCES.txt", "sbom.cdx.json"):
            shutil.copy(stage / text, place / text)
        shutil.copy(ROOT / "LICENSE", place / "LICENSE")
        (place / "README.md").write_text(f"The program of [vigie](https://www.npmjs.com/package/vigie) for {name}.\n")
        told = {"name": f"@vigie/{name}", "description": f"The program vigie for {name}", **common, "os": [system], "cpu": [cpu]}
        (place / "package.json").write_text(json.dumps(told, indent=2) + "\n")
    place = out / "vigie"
    (place / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "packaging/npm/vigie.js", place / "bin/vigie.js")
    shutil.copytree(stage / "man", place / "man")
    for text in ("LICENSE", "README.md"):
        shutil.copy(ROOT / text, place / text)
    told = {
        "name": "vigie", "description": "Shows, proves and explains interference with an election, offline", **common,
        "bin": {"vigie": "bin/vigie.js"}, "man": sorted(f"man/{p.name}" for p in (stage / "man").iterdir()),
        "optionalDependencies": {f"@vigie/{name}": version for name in PLATFORMS},
    }
    (place / "package.json").write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
