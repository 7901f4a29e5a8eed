#!/usr/bin/env python3
"""Kills every command that writes with SIGKILL at random moments; the same commands, run again, must end with the same case.

Usage: bench/kill.py [VIGIE] [TIMES] [SEED] [LINES]
The commands are `init`, `add`, `run`, `forget`, `run` after it, and `export --names`. Compared are findings, brief, register,
names of files and `verify` with those of a case that nobody disturbed; between the kill and the next command `verify` may say
that something was broken off, but must answer, and nothing may cite evidence that is gone.
"""
import pathlib, random, shutil, signal, subprocess, sys, tempfile, time

vigie = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/vigie").resolve())
times = int(sys.argv[2]) if len(sys.argv) > 2 else 50
seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
lines = int(sys.argv[4]) if len(sys.argv) > 4 else 3000
chance = random.Random(seed)
print(f"seed {seed}")

room = pathlib.Path(tempfile.mkdtemp(prefix="vigie-kill-"))
logs = []
for n in range(3):
    path = room / f"log{n}"
    with open(path, "w") as f:
        for i in range(lines):
            hostile = chance.random() < 0.3
            target = chance.choice(["/.env", "/?id=1%27%20OR%20%271%27=%271", "/../../etc/passwd"]) if hostile else f"/page{i % 50}"
            source = f"{chance.randrange(1, 220)}.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
            stamp = f"{1 + i // 1440 % 28:02}/Feb/2017:{i // 60 % 24:02}:{i % 60:02}:{n:02} +0100"
            f.write(f'{source} - - [{stamp}] "GET {target} HTTP/1.1" {403 if hostile else 200} {1000 + i % 50} "-" "x"\n')
    logs.append(str(path))

FIXED = ["--at", "2017-03-01T00:00:00Z", "--lang", "en"]


def do(*args):
    return subprocess.run([vigie, *args, *FIXED], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def hash_of(path):
    return subprocess.run(["sha256sum", path], stdout=subprocess.PIPE, text=True).stdout.split()[0]


gone = hash_of(logs[1])


def commands(case):
    # What is done again after it was done already is refused or changes nothing: that is no difference.
    return [
        ("init", ["init", case, "--name", "kill"], (0, 2)),
        ("add", ["add", case, *logs], (0,)),
        ("run", ["run", case], (0,)),
        ("forget", ["forget", case, gone, "--reason", "asked"], (0, 2)),
        ("run after forget", ["run", case], (0,)),
        ("export", ["export", case, "--to", "csv", "--names"], (0,)),
    ]


def outcome(case):
    verified = do("verify", case)
    findings = do("findings", case, "--json").stdout
    files = {str(p.relative_to(case)): p.read_bytes() if "brief" in p.parts else b"" for p in sorted(pathlib.Path(case).rglob("*"))
             if p.is_file() and not p.name.endswith(("-wal", "-shm"))}
    return findings, files, verified.returncode


def finish(case, first):
    for name, command, codes in commands(case)[first:]:
        done = do(*command)
        assert done.returncode in codes, (name, done.returncode, done.stderr.decode())


case = str(room / "undisturbed")
spans = []
for name, command, _ in commands(case):
    before = time.time()
    assert do(*command).returncode == 0, name
    spans.append(time.time() - before)
expected = outcome(case)
print(f"{len(expected[0].splitlines())} findings, {len(expected[1])} files; " + ", ".join(f"{c[0]} {s:.2f} s" for c, s in zip(commands(case), spans)))
assert expected[0] and expected[2] == 0

stages = [None]
for n in range(len(spans) - 1):
    kept = room / f"stage{n}"
    stage = str(room / "stage")
    if stages[-1]:
        shutil.copytree(stages[-1], stage)
    assert do(*commands(stage)[n][1]).returncode == 0
    shutil.copytree(stage, kept)
    shutil.rmtree(stage)
    stages.append(str(kept))

hit = {c[0]: 0 for c in commands("")} | {"done before": 0}
bad = blind = 0
for n in range(times):
    which = n % len(spans)
    case = str(room / "case")
    if stages[which]:
        shutil.copytree(stages[which], case)
    name, command, _ = commands(case)[which]
    process = subprocess.Popen([vigie, *command, *FIXED], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(chance.uniform(0, spans[which] * 1.05))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    hit["done before" if process.returncode == 0 else name] += 1
    if which:
        between = do("verify", case)
        cited = {line for line in do("findings", case, "--json").stdout.decode().splitlines() if gone in line}
        there = pathlib.Path(case, "vault", gone).exists()
        if between.returncode not in (0, 1) or cited and not there:
            blind += 1
            print(f"kill {n} in {name}: verify {between.returncode}, {len(cited)} findings cite what is gone")
    finish(case, which)
    got = outcome(case)
    if got != expected:
        bad += 1
        print(f"kill {n} in {name}: another case in the end (findings {got[0] == expected[0]}, files {got[1] == expected[1]}, verify {got[2]})")
    shutil.rmtree(case)
print("killed in " + ", ".join(f"{name} {count}" for name, count in hit.items()) + f"; different in the end: {bad}; wrong in between: {blind}")
shutil.rmtree(room)
sys.exit(bool(bad or blind))
