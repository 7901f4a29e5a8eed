#!/usr/bin/env python3
"""Stations made by splitting the communes of 2017 (results by station are not among the data): minutes and ten snapshots, with
known alterations of each kind in two of them. French results by station are thus made up; sums by commune are real.

    bench/recount_stations.py COMMUNES.csv.gz FOLDER [SEED] [STATIONS]

Writes FOLDER/minutes/minutes.csv, FOLDER/snapshots/<time>.csv and FOLDER/truth.json; with `--score FOUND.jsonl FOLDER` holds
what `vigie recount FOLDER/snapshots --minutes FOLDER/minutes --json` found against the truth. Many seeds at once, with the time of
each:

    bench/recount_stations.py --seeds 1-20 VIGIE COMMUNES.csv.gz FOLDER [STATIONS]
"""
import usage
import csv, gzip, json, os, random, resource, shutil, subprocess, sys, time

FIGURES = ["Inscrits", "Abstentions", "Votants", "Blancs", "Nuls", "Exprimés"]
KINDS = ["differs", "swapped", "transposed", "shifted", "missing", "twice"]


def split(total, parts, rng):
    cuts = sorted(rng.randint(0, total) for _ in range(parts - 1))
    return [b - a for a, b in zip([0] + cuts, cuts + [total])]


def make(source, folder, seed, wanted):
    rng = random.Random(seed)
    with gzip.open(source, "rt", encoding="utf-8") as f:
        communes = list(csv.DictReader(f))
    names = [k for k in communes[0] if k.isupper()]
    spare = max(0, wanted - len(communes))
    voters = sum(int(c["Inscrits"]) for c in communes)
    rows, so_far = [], 0
    for c in communes:
        # As many stations as were asked for: what rounding leaves goes to the next commune.
        before, so_far = so_far, so_far + int(c["Inscrits"])
        parts = 1 + spare * so_far // voters - spare * before // voters
        votes = [split(int(c[n]), parts, rng) for n in names]
        rest = [split(int(c[k]), parts, rng) for k in ("Blancs", "Nuls", "Abstentions")]
        for p in range(parts):
            v = [x[p] for x in votes]
            blank, null, absent = (x[p] for x in rest)
            valid = sum(v)
            cast = valid + blank + null
            rows.append([c["code_department"], c["code_commune"], c["desc_commune"], f"{p + 1:04}", cast + absent, absent, cast, blank, null, valid, *v])
    head = ["Code du département", "Code de la commune", "Libellé de la commune", "Code du b.vote", *FIGURES, *names]
    os.makedirs(f"{folder}/minutes", exist_ok=True)
    os.makedirs(f"{folder}/snapshots", exist_ok=True)

    def write(path, table):
        with open(path, "w", newline="", encoding="utf-8") as f:
            csv.writer(f, delimiter=";").writerows([head, *table])

    write(f"{folder}/minutes/minutes.csv", rows)
    usable = [n for n, r in enumerate(rows) if len(set(r[10:14])) == 4 and min(r[10:14]) > 20]
    altered = dict(zip(rng.sample(usable, 2 * len(KINDS)), KINDS * 2))
    since = {n: rng.randint(2, 9) for n in altered}
    order = list(range(len(rows)))
    rng.shuffle(order)
    truth = []
    for s in range(10):
        there = set(order[: len(rows) * (s + 1) // 10]) | {n for n in altered if s + 1 >= since[n] - 1}
        table = []
        for n in range(len(rows)):
            if n not in there:
                continue
            row = rows[n]
            if n in altered and s >= since[n]:
                row = alter(list(row), altered[n])
            if row is None:
                continue
            table.append(row)
            if n in altered and s >= since[n] and altered[n] == "twice":
                table.append(row)
        write(f"{folder}/snapshots/2017-04-23T{20 + s // 4:02}-{s % 4 * 15:02}.csv", table)
    for n, kind in altered.items():
        s = since[n]
        truth.append({"area": f"{rows[n][1]} {rows[n][3]}", "kind": kind, "since": f"2017-04-23T{20 + s // 4:02}:{s % 4 * 15:02}:00Z"})
    json.dump(truth, open(f"{folder}/truth.json", "w"), ensure_ascii=False, indent=1)
    print(len(rows), "stations,", len(truth), "alterations")


def alter(row, kind):
    if kind == "missing":
        return None
    if kind == "differs":
        row[10] += 1
    if kind == "swapped":
        row[10], row[12] = row[12], row[10]
    if kind == "transposed":
        for c in range(10, 14):
            d = str(row[c])
            if d[-1] != d[-2]:
                row[c] = int(d[:-2] + d[-1] + d[-2])
                break
        else:
            row[10] += 1
    if kind == "shifted":
        row[10:] = [row[-1], *row[10:-1]]
    return row


def score(found, folder):
    truth = {t["area"]: t for t in json.load(open(f"{folder}/truth.json"))}
    lines = [json.loads(l) for l in open(found)]
    told = [l for l in lines if "discrepancy" in l]
    right = [l for l in told if l["area"] in truth]
    missed = sorted(set(truth) - {l["area"] for l in right})
    invented = [l for l in told if l["area"] not in truth]
    named = sum(truth[l["area"]]["kind"] == l["discrepancy"] for l in right)
    dated = sum(l.get("since", {}).get("time") == truth[l["area"]]["since"] for l in right)
    print(f"{len(truth)} altered, {len(truth) - len(missed)} found, {named} of their kind, {dated} dated right, {len(invented)} invented, {len(right) - (len(truth) - len(missed))} told twice")
    for m in missed:
        print("missed", truth[m])
    bad = invented + [l for l in right if truth[l["area"]]["kind"] != l["discrepancy"]]
    for l in bad[:5]:
        print("look", l["discrepancy"], l["area"], truth.get(l["area"]), str(l["figures"])[:200])
    return [len(truth), len(truth) - len(missed), named, dated, len(invented), len(right) - (len(truth) - len(missed))]


def many(seeds, vigie, source, folder, wanted):
    first, _, last = seeds.partition("-")
    sums, clock, worst, user = [0] * 6, [], 0, []
    for seed in range(int(first), int(last or first) + 1):
        place = f"{folder}/{seed}"
        make(source, place, seed, wanted)
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        with open(f"{place}/found.jsonl", "w") as out:
            running = subprocess.Popen([vigie, "recount", f"{place}/snapshots", "--minutes", f"{place}/minutes", "--json"], stdout=out)
            while running.poll() is None:
                # What the system says of an ended child counts this script's own memory.
                with open(f"/proc/{running.pid}/status") as status:
                    worst = max([worst, *(int(l.split()[1]) for l in status if l.startswith("VmHWM"))])
                time.sleep(0.05)
            assert running.returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        clock.append(time.monotonic() - start)
        user.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        print(f"seed {seed}: {clock[-1]:.1f} s, {user[-1]:.1f} s of processor;", end=" ")
        sums = [a + b for a, b in zip(sums, score(f"{place}/found.jsonl", place))]
        shutil.rmtree(place)
    altered, found, named, dated, invented, twice = sums
    print(f"in all: {altered} altered, {found} found, {named} of their kind, {dated} dated right, {invented} invented, {twice} told twice")
    print(f"time: at most {max(clock):.1f} s, {max(user):.1f} s of processor; {worst // 1024} MB")


if __name__ == "__main__":
    if sys.argv[1] == "--seeds":
        many(*sys.argv[2:6], int(sys.argv[6]) if len(sys.argv) > 6 else 70_000)
    elif sys.argv[1] == "--score":
        score(sys.argv[2], sys.argv[3])
    else:
        make(sys.argv[1], sys.argv[2], int((sys.argv + ["1"])[3] if len(sys.argv) > 3 else 1), int(sys.argv[4]) if len(sys.argv) > 4 else 70_000)
