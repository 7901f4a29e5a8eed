#!/usr/bin/env python3
"""The case as one story, measured on the made season: what joins, what vanishes, what must never happen.

    bench/story.py VIGIE [--seeds 20] [--first 1] [--work /tmp/story]
    bench/story.py VIGIE --million       the demo's case with a flood of a million sources in it: what the story and the brief cost

For each seed: `vigie demo`, then the chain, the end of the theft and the day of publication, the hypotheses, and the bound on
the share of false links; on the first seed what vanishes without each kind of evidence (`vigie replay`), and the innocent and
the false-flag scenario. Prints a row a seed and a last line that says how many held; exits 1 where one did not.
"""
import argparse, json, math, os, shutil, subprocess, sys, time
from pathlib import Path

WANTED = ["decoy_registered", "mail", "click", "credential_used", "documents_taken", "documents_doctored", "published", "amplified", "in_the_media"]


def run(vigie, *args):
    done = subprocess.run([vigie, *map(str, args)], capture_output=True, text=True)
    if done.returncode == 2:
        sys.exit(f"vigie {' '.join(map(str, args))}: {done.stderr}")
    return done.stdout


def rows(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def story(vigie, case):
    chain = {r["step"]: r for r in rows(run(vigie, "chain", case, "--json"))}
    who = rows(run(vigie, "hypotheses", case, "--json"))
    links = rows(run(vigie, "links", case, "--json"))
    null = next(r["null"] for r in links if "null" in r)
    return chain, who, null, [r for r in links if "incident" in r and "findings" in r]


def scenario(vigie, work, name, seed):
    folder, case = work / name, work / f"{name}-case"
    for path in (folder, case):
        shutil.rmtree(path, ignore_errors=True)
    run(vigie, "exercise", folder, "--scenario", name, "--seed", seed)
    run(vigie, "init", case, "--name", name, "--protect", "en-avant.example", "--zone", "Europe/Paris")
    table = folder / "case.toml"
    if table.exists():
        shutil.copy(table, case / "case.toml")
    run(vigie, "add", case, *sorted((folder / "evidence").iterdir()))
    run(vigie, "run", case)
    return story(vigie, case)


def measured(name, command):
    began = time.time()
    done = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(done.pid, 0)
    print(f"  {name}: {time.time() - began:.1f} s, processor {usage.ru_utime + usage.ru_stime:.1f} s, {usage.ru_maxrss / 1024:.0f} MiB, exit {os.waitstatus_to_exitcode(status)}", flush=True)


def million(vigie, work):
    case, log = work / "million" / "case", work / "million.log"
    shutil.rmtree(work / "million", ignore_errors=True)
    subprocess.run([sys.executable, Path(__file__).parent / "logs_uniform.py", "flood", log, "--lines", "1150000"], check=True)
    run(vigie, "demo", work / "million")
    run(vigie, "add", case, log)
    measured("run, all that is new", [vigie, "run", case])
    for what in ("observations", "findings"):
        print(f"  {run(vigie, 'sql', case, f'select count(*) from {what}').split()[-1]} {what}")
    measured("chain", [vigie, "chain", case])
    measured("links", [vigie, "links", case, "--json"])
    measured("run again, the brief written anew", [vigie, "run", case])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("vigie")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1, help="the seed to begin with")
    parser.add_argument("--work", default="/tmp/story")
    parser.add_argument("--million", action="store_true")
    given = parser.parse_args()
    work = Path(given.work)
    work.mkdir(parents=True, exist_ok=True)
    if given.million:
        return million(given.vigie, work)
    held = 0
    for seed in range(given.first, given.seeds + 1):
        shutil.rmtree(work / "demo", ignore_errors=True)
        began = time.time()
        run(given.vigie, "demo", work / "demo", "--seed", seed)
        took = time.time() - began
        case = work / "demo" / "case"
        chain, who, null, incidents = story(given.vigie, case)
        found = [s for s, r in chain.items() if r["state"] == "found"]
        missing = [s for s in WANTED if s not in found]
        false = [s for s in found if s not in WANTED and s != "intrusion_attempt"]
        end = (chain["documents_taken"]["last"] or "")[:10]
        out = (chain["published"]["first"] or "")[:10]
        first = who[0]["hypothesis"]
        good = not missing and not false and end == "2017-04-24" and out == "2017-05-05" and null["share"] <= 0.01
        held += good
        print(f"seed {seed:2} {'held' if good else 'NOT '} found {len(found)}/{len(WANTED)} missing {','.join(missing) or '–'} false {','.join(false) or '–'} "
              f"theft to {end or '–'} out {out or '–'} first {first} undetermined {who[0]['undetermined']} links {null['links']} "
              f"false ≤ {math.ceil(10000 * null['share']) / 100:.2f} % incidents {len(incidents)} {took:.0f} s", flush=True)
        if seed == 1:
            for row in rows(run(given.vigie, "replay", case, "--json")):
                print(f"  without {row['without']}: {', '.join(row['vanish']) or '–'}; no longer joined {', '.join(row['apart']) or '–'} ({row['found_before']} → {row['found_after']})")
    ends = []
    for name, wanted in (("innocent", lambda w: w[0]["hypothesis"] == "coincidence"), ("false-flag", lambda w: all(r["undetermined"] for r in w))):
        _, who, null, _ = scenario(given.vigie, work, name, 1)
        ends.append(wanted(who))
        print(f"{name}: first {who[0]['hypothesis']}, undetermined {who[0]['undetermined']}: {'held' if ends[-1] else 'NOT'}")
    tried = given.seeds + 1 - given.first
    print(f"{held} of {tried} seeds held")
    sys.exit(held < tried or not all(ends))


if __name__ == "__main__":
    main()
