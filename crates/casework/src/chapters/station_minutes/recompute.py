#!/usr/bin/env python3
"""Computes every published total of rows.jsonl again from its parts: python3 recompute.py [rows.jsonl]

A total is the sum of the rows of each smaller level within its area. Equal figures are counted, every other is printed with both
sums; the exit code is 1 where any differs. Minutes are summed apart from what is published, and each is held against the row that
is published of its area. Rows name their evidence (SHA-256 of the file) and line.
"""
import collections
import json
import sys

LEVELS = ["station", "commune", "canton", "constituency", "county", "department", "state", "region", "country"]


def key(code, name):
    return (code.lstrip("0") or "0").upper() if code else " ".join(name.lower().split())


def within(part, whole):
    """Whether a part's areas name all that the whole's do; the country holds everything."""
    return all(part.get(level) == area for level, area in whole.items() if level != "country")


def main(path):
    rows = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            areas = {level: key(code, name) for level, code, name in row["areas"]}
            level = min(areas, key=LEVELS.index) if areas else "country"
            rows.append((row["contest"], row["minutes"], level, areas, row))
    races = collections.defaultdict(lambda: collections.defaultdict(list))
    for contest, minutes, level, areas, row in rows:
        races[contest, minutes][level].append((areas, row))
    equal = differing = 0
    for (contest, minutes), levels in sorted(races.items()):
        for whole in levels:
            for part in levels:
                if LEVELS.index(part) >= LEVELS.index(whole):
                    continue
                shared = [l for l in LEVELS if l != "country" and all(l in a for a, _ in levels[part]) and any(l in a for a, _ in levels[whole])]
                if whole != "country" and whole not in shared:
                    continue
                sums = collections.defaultdict(collections.Counter)
                for areas, row in levels[part]:
                    sums[tuple(areas[l] for l in shared)].update(row["counts"])
                for areas, row in levels[whole]:
                    total = collections.Counter()
                    named = [l for l in shared if l in areas]
                    if named == shared:
                        total.update(sums.get(tuple(areas[l] for l in shared), {}))
                    else:
                        for place, counts in sums.items():
                            if within(dict(zip(shared, place)), areas):
                                total.update(counts)
                    for figure, published in row["counts"].items():
                        if figure not in total:
                            continue
                        if total[figure] == published:
                            equal += 1
                        else:
                            differing += 1
                            name = " ".join(f"{l} {a}" for l, a in areas.items()) or "country"
                            print(f"{contest} {name}: {figure} {published}, sum of {part} {total[figure]} ({published - total[figure]:+}); {row['evidence'][:12]} line {row['line']}")
    against = 0
    for (contest, minutes), levels in sorted(races.items()):
        if not minutes:
            continue
        for level, parts in levels.items():
            published = {tuple(sorted(a.items())): row for a, row in races.get((contest, False), {}).get(level, [])}
            for areas, row in parts:
                other = published.get(tuple(sorted(areas.items())))
                for figure, counted in row["counts"].items() if other else ():
                    if figure not in other["counts"]:
                        continue
                    if other["counts"][figure] == counted:
                        against += 1
                    else:
                        differing += 1
                        name = " ".join(f"{l} {a}" for l, a in areas.items()) or "country"
                        print(f"{contest} {name}: {figure} {other['counts'][figure]}, minutes {counted} ({other['counts'][figure] - counted:+}); {other['evidence'][:12]} line {other['line']}, {row['evidence'][:12]} line {row['line']}")
    if against:
        print(f"{against} figures are those of the minutes")
    print(f"{equal} figures follow from their parts, {differing} do not")
    return differing > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "rows.jsonl"))
