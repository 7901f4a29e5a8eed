#!/usr/bin/env python3
"""Kills every command that writes with SIGKILL at random moments; the same commands, run again, must end with the same case.

Usage: bench/kill.py [VIGIE] [TIMES] [SEED] [LINES]
The commands are `init`, `add`, `run`, `forget`, `run` after it, `export --names`, `links --innocent`, `hypotheses --weigh` and `--sign`,
`search`, `show`, `silence`, `hygiene --answer`, `seal --case`, `site --case`, `keys fetch`, `collect dns --case`, `run` after all of them,
and `knowledge import`, which writes beside cases. Site and resolver answer here, on loopback. Compared are findings, brief,
register, names of files and `verify` with those of a case that nobody disturbed; between the kill and the next command `verify` may
say that something was broken off, but must answer, and nothing may cite evidence that is gone. What was decided before the kill is
not decided again. `bench/kill_seal.py` holds the log of seals to more. TMPDIR on memory (/dev/shm) makes a thousand kills affordable: what
SIGKILL leaves is the same there, for the kernel keeps what was written.
"""
import usage
import http.server, json, os, pathlib, random, shutil, signal, socket, subprocess, sys, tempfile, threading, time

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
(room / "says.txt").write_text("Votez demain pour notre candidate, qui gagnera selon nos estimations.\n")
(room / "papers").mkdir()
for n in range(20):
    (room / "papers" / f"{n}.txt").write_text(f"The budget of hall {n}.\n\nPosters and paper for {n} towns.\n")


class Page(http.server.BaseHTTPRequestHandler):
    """A site of one page."""

    def do_GET(self):
        body = b"<!doctype html><title>t</title><p>hello"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_OPTIONS = do_GET
    log_message = date_time_string = lambda *_: "Wed, 01 Mar 2017 00:00:00 GMT"


def resolver(there):
    """No name has anything."""
    while True:
        asked, whom = there.recvfrom(4096)
        end = asked.index(0, 12) + 5
        there.sendto(asked[:2] + b"\x81\x83\0\x01\0\0\0\0\0\0" + asked[12:end], whom)


served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
threading.Thread(target=served.serve_forever, daemon=True).start()
there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
there.bind(("127.0.0.1", 0))
threading.Thread(target=resolver, args=(there,), daemon=True).start()
asks = ["--resolver", f"127.0.0.1:{there.getsockname()[1]}", "--online"]
url = f"http://127.0.0.1:{served.server_address[1]}/"
first = ""


def commands(case):
    # What is done again after it was done already is refused or changes nothing: that is no difference.
    return [
        ("init", ["init", case, "--name", "kill"], (0, 2)),
        ("add", ["add", case, *logs], (0,)),
        ("run", ["run", case], (0,)),
        ("forget", ["forget", case, gone, "--reason", "asked"], (0, 2)),
        ("run after forget", ["run", case], (0,)),
        ("export", ["export", case, "--to", "csv", "--names"], (0,)),
        ("links", ["links", case, "--innocent", first, "--reason", "our own drill"], (0,)),
        ("weigh", ["hypotheses", case, "--weigh", "insider", "--ratio", "0.1..0.5", "--reason", "no login from inside"], (0,)),
        ("sign", ["hypotheses", case, "--sign", "--reason", "read with counsel"], (0,)),
        ("search", ["search", case, "passwd"], (0, 1)),
        ("show", ["show", case, first], (0,)),
        ("silence", ["silence", str(room / "says.txt"), "--territory", "FR", "--case", case], (0, 1)),
        ("hygiene", ["hygiene", case, "--answer", "1=no"], (0, 1)),
        ("seal", ["seal", str(room / "papers"), "--case", case, "--name", "kill.example"], (0, 2)),
        ("site", ["site", url, "--case", case], (0, 1)),
        ("keys", ["keys", "fetch", case, "kiosque.example", "--selector", "s", *asks], (0,)),
        ("collect", ["collect", "dns", "kiosque.example", "--case", case, *asks], (0,)),
        ("run in the end", ["run", case], (0,)),
    ]


# A decision that was taken is not taken again.
TAKEN = {"links": (["links"], "our own drill"), "weigh": (["hypotheses", "--json"], "no login from inside"), "sign": (["hypotheses", "--signed", "--json"], "read with counsel")}


def is_taken(name, case):
    args, words = TAKEN.get(name, ([], ""))
    return bool(args) and words.encode() in do(args[0], case, *args[1:]).stdout


def outcome(case):
    verified = do("verify", case)
    findings = do("findings", case, "--json").stdout
    files = {str(p.relative_to(case)): p.read_bytes() if "brief" in p.parts else b"" for p in sorted(pathlib.Path(case).rglob("*"))
             if p.is_file() and not p.name.endswith(("-wal", "-shm"))}
    return findings, files, verified.returncode


def finish(case, begin):
    for n, (name, command, codes) in list(enumerate(commands(case)))[begin:]:
        if n == begin and is_taken(name, case):
            continue
        done = do(*command)
        assert done.returncode in codes, (name, done.returncode, done.stderr.decode())


case = str(room / "undisturbed")
spans = []
for n in range(len(commands(case))):
    name, command, codes = commands(case)[n]
    before = time.time()
    done = do(*command)
    assert done.returncode in codes and done.returncode != 2, (name, done.returncode, done.stderr.decode())
    spans.append(time.time() - before)
    if name == "run after forget":
        first = json.loads(do("findings", case, "--json").stdout.splitlines()[0])["id"]
expected = outcome(case)
print(f"{len(expected[0].splitlines())} findings, {len(expected[1])} files; " + ", ".join(f"{c[0]} {s:.2f} s" for c, s in zip(commands(case), spans)))
assert expected[0] and expected[2] == 0

stages = [None]
for n in range(len(spans) - 1):
    kept = room / f"stage{n}"
    stage = str(room / "stage")
    if stages[-1]:
        shutil.copytree(stages[-1], stage)
    assert do(*commands(stage)[n][1]).returncode != 2
    shutil.copytree(stage, kept)
    shutil.rmtree(stage)
    stages.append(str(kept))

hit = {c[0]: 0 for c in commands("")} | {"knowledge import": 0}
early = 0


def killed(command, span):
    """Kills it at a random moment of the time it takes; how long it ran where it had ended before."""
    begun = time.time()
    process = subprocess.Popen([vigie, *command, *FIXED], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(chance.uniform(0, span))
        return time.time() - begun
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    # It may have ended between the last look and the signal.
    return None if process.returncode == -signal.SIGKILL else time.time() - begun


bad = blind = 0
for n in range(times):
    which = n % len(spans)
    case = str(room / "case")
    name, command, _ = commands(case)[which]
    # A moment after its end says nothing. The machine may be quicker than it was when the spans were taken: what is learnt stays.
    for tries in range(10):
        if stages[which]:
            shutil.copytree(stages[which], case)
        took = killed(command, spans[which])
        if took is None:
            hit[name] += 1
            break
        early += 1
        spans[which] = min(spans[which], took)
        if tries < 9:
            shutil.rmtree(case, ignore_errors=True)
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
    if n % 25 == 24:
        print(f"{sum(hit.values())} killed while they ran, {early} ended before; different {bad}, wrong in between {blind}", flush=True)

# Knowledge, which lies beside cases: what is used is the old or the new, whole, and taking it in again ends the same.
papers, home = room / "new", room / "home"
papers.mkdir()
rules = (pathlib.Path(__file__).resolve().parent.parent / "crates/knowledge/data/web_attacks.toml").read_text()
day = next(line for line in rules.splitlines() if line.startswith("date = "))
(papers / "web_attacks.toml").write_text(rules.replace(day, 'date = "2017-02-28"' if day < 'date = "2017-02-28"' else 'date = "2099-01-01"'))
os.environ["VIGIE_KNOWLEDGE"] = str(home / "knowledge.note")
FIXED[1] = "2099-01-02T00:00:00Z"
made = do("seal", str(room / "papers"), "--seals", str(room / "ours"), "--name", "ours.example")
packed = do("knowledge", "pack", str(papers), "--seals", str(room / "ours"), "-o", str(room / "new.note"))
assert made.returncode == packed.returncode == 0, (made.stderr, packed.stderr)
key = next(p for p in (room / "ours").rglob("verifier.key")).read_text().strip()
taking = ["knowledge", "import", str(room / "new.note"), "--key", key]


def in_use():
    done = do("knowledge", "--json")
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout.splitlines()[-1])["digest"]


old, before = in_use(), time.time()
assert do(*taking).returncode == 0
span, new = time.time() - before, in_use()
assert old != new
for n in range(max(5, times // len(spans))):
    shutil.rmtree(home)
    took = killed(taking, span)
    if took is None:
        hit["knowledge import"] += 1
    else:
        early, span = early + 1, min(span, took)
    blind += in_use() not in (old, new)
    again = do(*taking)
    if again.returncode not in (0, 2) or in_use() != new:
        bad += 1
        print(f"kill {n} in knowledge import: other knowledge in the end: {again.returncode} {again.stderr.decode()}")
print(f"{sum(hit.values())} killed while they ran, {early} ended before; " + ", ".join(f"{name} {count}" for name, count in hit.items()))
print(f"different in the end: {bad}; wrong in between: {blind}")
shutil.rmtree(room)
sys.exit(bool(bad or blind))
