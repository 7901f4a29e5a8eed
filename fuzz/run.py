#!/usr/bin/env python3
"""Fuzzes the targets one after another, keeps the least that reaches what they reached, and prints a table.

Usage: fuzz/run.py [--seconds N] [--runs N] [--keep] [TARGET]...     (default: every target, 60 s, at least 100,000 executions)
Each target begins from its seeds (`fuzz/seeds.py`), what `fuzz/corpus` keeps, and what earlier runs left in `fuzz/corpus-work`;
it ends after so many seconds, later where it has not made so many executions by then. With --keep, `fuzz/corpus` is made anew from
what reaches most: the smallest files, at most 40 KB and 150 of a target. The program is built without a sanitizer of memory,
for nothing of ours is `unsafe`: faults are panics, assertions, over 10 s for one input, over 1 GB. Exits 1 where one was found;
its input lies in `fuzz/artifacts/TARGET`. Needs a compiler of C++ for libFuzzer, and stable Rust.
"""
import os, pathlib, re, shutil, subprocess, sys

root = pathlib.Path(__file__).resolve().parent
words = sys.argv[1:]


def option(name, default):
    if name not in words:
        return default
    at = words.index(name)
    value = int(words[at + 1])
    del words[at:at + 2]
    return value


seconds, runs = option("--seconds", 60), option("--runs", 100_000)
keep = "--keep" in words
words = [w for w in words if w != "--keep"]
KEPT, FILES = 40_000, 150
# Inputs that say nothing below some length.
LONG = {"read": 8192, "evtx": 8192, "disk": 8192, "walk": 8192, "ole": 8192, "reader_windows_event": 8192, "classify": 1024, "encoded": 1024}

said = (root.parent / "crates/fuzzed/src/lib.rs").read_text()
targets = re.findall(r'^    \(\s*"(\w+)",', said, re.M)
chosen = words or targets
assert set(chosen) <= set(targets), f"no targets: {set(chosen) - set(targets)}"
env = dict(os.environ, RAYON_NUM_THREADS="1")
# What `cargo fuzz` asks of the compiler, without a sanitizer; a target is named so that build scripts are built without it.
counted = "level=4 inline-8bit-counters pc-table trace-compares".split()
flags = "--cfg fuzzing -C passes=sancov-module " + " ".join(f"-C llvm-args=-sanitizer-coverage-{c}" for c in counted)
host = re.search(r"host: (\S+)", subprocess.run(["rustc", "-vV"], capture_output=True, text=True).stdout)[1]
subprocess.run(["cargo", "build", "--release", "--target", host], cwd=root, env=dict(env, RUSTFLAGS=flags), check=True)
program = root / "target" / host / "release/any"
work = root / "corpus-work"
subprocess.run([sys.executable, root / "seeds.py", work / "seeds"], check=True, stdout=subprocess.DEVNULL)


def fuzz(target, *args):
    done = subprocess.run([program, *map(str, args)], env=dict(env, FUZZED=target), capture_output=True, text=True, errors="replace")
    return done.returncode, done.stderr


faults, total = [], 0
print("| target | executions | a second | edges | corpus | kept | faults |\n|---|---|---|---|---|---|---|", flush=True)
for target in chosen:
    own, seeds, kept, bad = work / target, work / "seeds" / target, root / "corpus" / target, root / "artifacts" / target
    for folder in (own, seeds, kept, bad):
        folder.mkdir(parents=True, exist_ok=True)
    common = [f"-max_len={LONG.get(target, 4096)}", "-timeout=10", "-rss_limit_mb=1024", f"-artifact_prefix={bad}/", "-print_final_stats=1", "-verbosity=1"]
    made, spent, found = 0, 0.0, 0
    before = os.times()
    while True:
        code, told = fuzz(target, *common, f"-max_total_time={seconds}", own, seeds, kept)
        made += int((re.findall(r"number_of_executed_units: (\d+)", told) or re.findall(r"^#(\d+)", told, re.M) or ["0"])[-1])
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        if code:
            found += 1
            why = re.search(r"panicked at .*\n.*|ERROR: libFuzzer: .*", told)
            faults.append(f"{target}: {why.group() if why else told[-400:]}")
        if found or made >= runs or spent > 20 * seconds:
            break
    edges = (re.findall(r"cov: (\d+)", told) or ["?"])[-1]
    total += made
    if keep:
        least = work / "least"
        shutil.rmtree(least, ignore_errors=True)
        least.mkdir()
        fuzz(target, "-merge=1", *common[:3], least, kept, seeds, own)
        new, held = root / "corpus" / f"{target}.new", 0
        new.mkdir()
        for n, path in enumerate(sorted(least.iterdir(), key=lambda p: (p.stat().st_size, p.name))):
            held += path.stat().st_size
            if held > KEPT or n >= FILES:
                break
            shutil.copy(path, new / path.name[:12])
        if any(new.iterdir()):
            shutil.rmtree(kept)
            new.rename(kept)
        else:
            new.rmdir()
    count = lambda folder: sum(1 for _ in folder.iterdir())
    print(f"| {target} | {made:,} | {made / max(spent, 0.1):,.0f} | {edges} | {count(own)} | {count(kept)} | {found} |", flush=True)
print(f"{total:,} executions in all")
print("\n".join(faults))
sys.exit(bool(faults))
