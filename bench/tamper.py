#!/usr/bin/env python3
"""Changes a case in every way its holder could, one at a time; `verify` must say so each time, and `run` must make right
what can be made again from the evidence.

Usage: bench/tamper.py [VIGIE] [BYTES] [SEED]
Every file of the folder has BYTES random bytes flipped, one at a time, is cut short, grows, vanishes, becomes a link;
strange files appear; every table has a row deleted and every column of one changed. The case has what fills each table: skips, notes, an
archive of two logs, a finding that is gone with its evidence (`erasing` alone stays empty: it holds what a killed `forget` left).
"""
import usage
import hashlib, os, pathlib, random, shutil, sqlite3, subprocess, sys, tempfile, time, zipfile

vigie = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/vigie").resolve())
flips = int(sys.argv[2]) if len(sys.argv) > 2 else 20
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
chance = random.Random(seed)
room = pathlib.Path(tempfile.mkdtemp(prefix="vigie-tamper-"))
FIXED = ["--at", "2017-03-01T00:00:00Z", "--lang", "en"]


def do(*args):
    return subprocess.run([vigie, *map(str, args), *FIXED], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def made():
    lines = [f'198.51.100.{i} - - [14/Feb/2017:10:{i:02}:00 +0100] "GET /page{i % 4} HTTP/1.1" 200 {1000 + i % 4} "-" "Mozilla/5.0"' for i in range(40)]
    attack = '203.0.113.{} - - [14/Feb/2017:11:00:00 +0100] "GET /?id=1%27%20OR%20%271%27=%271 HTTP/1.1" 403 100 "-" "sqlmap/1.0"'
    (room / "a.log").write_text("\n".join(lines + [attack.format(9)] * 3) + "\nnonsense\n")
    (room / "b.log").write_text("\n".join([attack.format(77)] * 3) + "\n")
    refused = "Feb 14 12:{:02}:00 h sshd[7]: Failed password for root from 203.0.113.9 port 22 ssh2"
    (room / "auth.log").write_text("\n".join(map(refused.format, range(9))) + "\nFeb 14 12:30:00 h sshd[7]: Failed password for\n")
    with zipfile.ZipFile(room / "two.zip", "w") as two:
        for n in (5, 6):
            two.writestr(zipfile.ZipInfo(f"{n}.log"), "\n".join([attack.format(n)] * 3 + lines[:9]) + "\n")
    (room / "gone.log").write_text("\n".join([attack.replace("203.0.113", "45.9.148").format(99)] * 3) + "\n")
    (room / "names.txt").write_text("mail-parti-bleu.fr\nkiosque.fr\n")
    case = room / "case"
    evidence = [room / name for name in ("a.log", "b.log", "auth.log", "two.zip", "gone.log", "names.txt")]
    forgotten = hashlib.sha256((room / "gone.log").read_bytes()).hexdigest()
    for command in (["init", case, "--name", "t", "--protect", "parti-bleu.fr"], ["add", case, *evidence], ["run", case],
                    ["forget", case, forgotten, "--reason", "asked"], ["run", case]):
        done = do(*command)
        assert done.returncode == 0, (command, done.stderr)
    return case


case = made()
clean = do("verify", case)
assert clean.returncode == 0, clean.stdout
findings = do("findings", case, "--json").stdout
files = sorted(p.relative_to(case) for p in case.rglob("*") if p.is_file() and p.name not in ("case.db-shm", "case.db-wal"))
tried = missed = unmade = 0
slow = 0.0


def attempt(what, change, mend=False):
    global tried, missed, unmade, slow
    copy = room / "copy"
    shutil.copytree(case, copy, symlinks=True)
    for folder, _, names in os.walk(copy):
        for name in names:
            os.chmod(os.path.join(folder, name), 0o600)
    if change(copy) is not False:
        tried += 1
        begun = time.time()
        try:
            done = subprocess.run([vigie, "verify", str(copy), *FIXED], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)
            code, told = done.returncode, (done.stdout + done.stderr).decode(errors="replace")
        except subprocess.TimeoutExpired:
            code, told = "hangs", ""
        slow = max(slow, time.time() - begun)
        # A case whose own files are no files any more is refused, which is no blindness.
        if code not in (1, 2) or "panicked" in told:
            missed += 1
            print(f"verify says {code} to: {what}\n{told[-300:]}")
        if mend:
            done = do("run", copy)
            again = do("verify", copy)
            if done.returncode or again.returncode or do("findings", copy, "--json").stdout != findings:
                unmade += 1
                print(f"run does not make right: {what}: {done.returncode} {again.returncode}\n{(done.stderr + again.stdout).decode()[-400:]}")
    shutil.rmtree(copy)


def flip(path, at):
    def change(copy):
        data = bytearray((copy / path).read_bytes())
        data[at] ^= 1 << chance.randrange(8)
        (copy / path).write_bytes(bytes(data))
    return change


def sql(*statements):
    def change(copy):
        db = sqlite3.connect(copy / "case.db")
        try:
            changed = sum(db.execute(s).rowcount for s in statements)
            db.commit()
        except sqlite3.Error as e:
            print(f"not tried: {statements}: {e}")
            return False
        finally:
            db.close()
        return changed != 0
    return change


for path in files:
    size = (case / path).stat().st_size
    for _ in range(min(flips, size)):
        at = chance.randrange(size)
        attempt(f"byte {at} of {path}", flip(path, at))
    attempt(f"{path} cut short", lambda c: (c / path).write_bytes((case / path).read_bytes()[:-1]) is None if size else False)
    attempt(f"{path} grown", lambda c: (c / path).write_bytes((case / path).read_bytes() + b"\n") is None)
    if path.name not in ("case.sum", "case.lock"):
        attempt(f"{path} gone", lambda c: (c / path).unlink())
    attempt(f"{path} a link", lambda c: ((c / path).rename(c / "elsewhere"), (c / path).symlink_to(c / "elsewhere")) and None)
    attempt(f"{path} endless", lambda c: ((c / path).unlink(), (c / path).symlink_to("/dev/zero")) and None)
    attempt(f"{path} a pipe", lambda c: ((c / path).unlink(), os.mkfifo(c / path)) and None)
for strange in ("strange", "brief/strange.html", "vault/strange", "seals/strange", "collect/ct.json"):
    attempt(f"{strange} added", lambda c: ((c / strange).parent.mkdir(exist_ok=True), (c / strange).write_text("x")) and None)
attempt("attacker's network declared ours", lambda c: (c / "case.toml").write_text((c / "case.toml").read_text() + '\n[protect.more]\n') and None)

db = sqlite3.connect(case / "case.db")
tables = {t: [r[1] for r in db.execute(f"PRAGMA table_info({t})")] for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
keys = {t: [r[1] for r in db.execute(f"PRAGMA table_info({t})") if r[5]] for t in tables}
full = {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}
db.close()
DERIVED = {"observations", "tallies", "skips", "notes", "reads", "places", "findings", "detections", "observation_entities", "finding_entities", "digests"}
for table, columns in tables.items():
    if not full[table]:
        print(f"table {table}: no row to change")
        continue
    which = " AND ".join(f"{k} = (SELECT {k} FROM {table} LIMIT 1)" for k in keys[table] or ["rowid"])
    attempt(f"row of {table} deleted", sql(f"DELETE FROM {table} WHERE {which}"), table in DERIVED)
    attempt(f"all of {table} deleted", sql(f"DELETE FROM {table}"), table in DERIVED)
    for column in columns:
        value = f"CASE typeof({column}) WHEN 'integer' THEN {column} + 1000 WHEN 'null' THEN 1 WHEN 'blob' THEN cast({column} || 'x' AS BLOB) ELSE {column} || 'x' END"
        attempt(f"{table}.{column} changed", sql(f"UPDATE {table} SET {column} = {value} WHERE {which}"), table in DERIVED - {"observations", "reads"})
for what, statements in {
    "observations and what was read from them deleted": ["DELETE FROM observations WHERE kind = 'web_log/request'"],
    "a row of observations added": ["INSERT INTO observations SELECT id + 1000, kind, key, first, last, count, entities, fields, spans FROM observations LIMIT 1"],
    "a trigger": ["CREATE TRIGGER y BEFORE INSERT ON evidence BEGIN SELECT RAISE(IGNORE); END"],
    "an endless view": ["ALTER TABLE evidence RENAME TO e", "CREATE VIEW evidence AS WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n FROM x"],
    "a table": ["CREATE TABLE more(x)"],
    "an index": ["CREATE INDEX more ON evidence(path)"],
    "the version": ["PRAGMA user_version = 4"],
}.items():
    attempt(what, sql(*statements), "observations" in what)

# The past: a trail cut off with what it told of, and a folder put back.
head = clean.stdout.decode().splitlines()[-1].split()[-1]
(room / "later.txt").write_text("portail-parti-bleu.fr\n")
old = room / "old"
shutil.copytree(case, old, symlinks=True)
assert do("add", case, room / "later.txt").returncode == 0 and do("run", case).returncode == 0
now = do("verify", case).stdout.decode().splitlines()[-1].split()[-1]
tried += 2
if do("verify", old, "--head", now).returncode != 1:
    missed += 1
    print("a folder put back to an older state is believed")
if do("verify", case, "--head", head).returncode != 0:
    missed += 1
    print("a trail that only grew is not believed")
print(f"{tried} changes, {missed} not told by verify, {unmade} not made right by run; the slowest verify took {slow:.1f} s")
shutil.rmtree(room)
sys.exit(bool(missed or unmade))
