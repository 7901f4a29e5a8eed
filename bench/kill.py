#!/usr/bin/env python3
"""Kills `add` and `run` with SIGKILL at random moments; the next `add` and `run` must end with the same case.

Usage: bench/kill.py [VIGIE] [TIMES] [SEED]
Compares findings, brief and `verify` with those of a case that nobody disturbed.
"""
import pathlib, random, shutil, signal, subprocess, sys, tempfile, time

vigie = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/vigie").resolve())
times = int(sys.argv[2]) if len(sys.argv) > 2 else 50
seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
chance = random.Random(seed)
print(f"seed {seed}")

room = pathlib.Path(tempfile.mkdtemp(prefix="vigie-kill-"))
logs = []
for n in range(3):
    path = room / f"log{n}"
    with open(path, "w") as f:
        for i in range(20000):
            hostile = chance.random() < 0.3
            target = chance.choice(["/.env", "/?id=1%27%20OR%20%271%27=%271", "/../../etc/passwd"]) if hostile else f"/page{i % 50}"
            source = f"{chance.randrange(1, 220)}.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
            stamp = f"{1 + i // 1440 % 28:02}/Feb/2017:{i // 60 % 24:02}:{i % 60:02}:{n:02} +0100"
            f.write(f'{source} - - [{stamp}] "GET {target} HTTP/1.1" {403 if hostile else 200} {1000 + i % 50} "-" "x"\n')
    logs.append(str(path))

FIXED = ["--at", "2017-03-01T00:00:00Z", "--lang", "en"]

def do(*args):
    return subprocess.run([vigie, *args, *FIXED], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

def commands(case):
    return [["add", case, *logs], ["run", case]]

def outcome(case):
    findings = do("findings", case, "--json").stdout
    brief = {p.name: p.read_bytes() for p in sorted(pathlib.Path(case, "brief").iterdir())}
    return findings, brief, do("verify", case).returncode

def finish(case):
    for command in commands(case):
        done = do(*command)
        assert done.returncode == 0, (command, done.stderr.decode())

def fresh(name):
    case = str(room / name)
    do("init", case, "--name", "kill")
    return case

case = fresh("undisturbed")
begun, spans = time.time(), []
for command in commands(case):
    before = time.time()
    assert do(*command).returncode == 0
    spans.append(time.time() - before)
expected = outcome(case)
print(f"{len(expected[0].splitlines())} findings, {len(expected[1])} files of brief; add {spans[0]:.2f} s, run {spans[1]:.2f} s")
assert expected[0] and expected[2] == 0

hit = {"add": 0, "run": 0, "done before": 0}
bad = 0
for n in range(times):
    case = fresh(f"case{n}")
    which = n % 2
    if which == 1:
        assert do(*commands(case)[0]).returncode == 0
    moment = chance.uniform(0, spans[which] * 1.05)
    process = subprocess.Popen([vigie, *commands(case)[which], *FIXED], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    hit["done before" if process.returncode == 0 else ["add", "run"][which]] += 1
    finish(case)
    got = outcome(case)
    if got != expected:
        bad += 1
        print(f"kill {n} at {moment:.3f} s of {['add', 'run'][which]}: another case in the end "
              f"(findings {got[0] == expected[0]}, brief {got[1] == expected[1]}, verify {got[2]})")
    shutil.rmtree(case)
print(f"killed in add {hit['add']}, in run {hit['run']}, ended before {hit['done before']}; different in the end: {bad}")
shutil.rmtree(room)
sys.exit(bool(bad))
