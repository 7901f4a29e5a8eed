#!/usr/bin/env python3
"""A case on a medium that cannot be written, and on a disk that is full: what only looks must answer as before, what writes must say
why it did not and lose nothing.

Usage: bench/sealed.py [VIGIE]          as root on Linux: it mounts small file systems in memory below $TMPDIR and takes them off again
Each is tried with a case as `run` leaves it and with one whose last writer was killed. On the full disk every command that writes is tried
with nothing free and with a little (so that it fails in its midst); it must name the full disk, and once there is space the same
command must end, and `verify` find nothing.
"""
import usage
import http.server, json, os, pathlib, shutil, signal, socket, subprocess, sys, tempfile, threading, time

vigie = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/vigie").resolve())
room = pathlib.Path(tempfile.mkdtemp(prefix="vigie-sealed-"))
FIXED = ["--at", "2017-03-01T00:00:00Z", "--lang", "en"]
env = dict(os.environ, VIGIE_KNOWLEDGE=str(room / "none/knowledge.note"))
tried, wrong = 0, []


def do(*args, cwd=None):
    return subprocess.run([vigie, *map(str, args), *FIXED], stdin=subprocess.DEVNULL, capture_output=True, env=env, cwd=cwd)


def mounted(size):
    place = room / "disk"
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=True)
    return place


def off(place):
    subprocess.run(["umount", place], check=True)


def remount(place, how):
    subprocess.run(["mount", "-o", f"remount,{how}", place], check=True)


def evidence():
    lines = [f'198.51.100.{i % 250} - - [14/Feb/2017:10:{i // 60 % 60:02}:{i % 60:02} +0100] "GET /page{i % 4} HTTP/1.1" 200 {1000 + i % 4} "-" "Mozilla/5.0"' for i in range(3000)]
    attack = '203.0.113.{} - - [14/Feb/2017:11:00:00 +0100] "GET /?id=1%27%20OR%20%271%27=%271 HTTP/1.1" 403 100 "-" "sqlmap/1.0"'
    (room / "a.log").write_text("\n".join(lines + [attack.format(i % 200) for i in range(600)]) + "\n")
    (room / "b.log").write_text("\n".join([attack.format(77)] * 3 + lines) + "\n")
    (room / "c.log").write_text("\n".join([attack.format(88)] * 3 + lines[:50]) + "\n")
    (room / "m.eml").write_text("From: \"Kiosque\" <x@kiosqve.example>\nTo: b@kiosque.example\nSubject: urgent\nDate: Tue, 14 Feb 2017 08:00:00 +0000\n"
                                "Message-ID: <1@x.example>\nContent-Type: text/html\n\n<a href=\"http://kiosqve.example/login\">https://kiosque.example/</a> mot de passe\n")
    (room / "says.txt").write_text("Votez demain pour notre candidate.\n")
    (room / "papers").mkdir()
    for n in range(60):
        (room / "papers" / f"{n}.txt").write_text(f"The budget of hall {n}.\n\nPosters and paper for {n} towns.\n")


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    do_HEAD = do_OPTIONS = do_GET
    log_message = lambda *_: None


def resolver(there):
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


def made(case, killed):
    """A case with findings and a log of seals; `killed`: the last run was."""
    for command in (["init", case, "--name", "t", "--protect", "kiosque.example"], ["add", case, room / "a.log", room / "m.eml"], ["run", case],
                    ["seal", room / "papers", "--case", case, "--name", "sealed.example"]):
        done = do(*command)
        assert done.returncode in (0, 1), (command, done.stderr)
    if killed:
        do("add", case, room / "b.log")
        process = subprocess.Popen([vigie, "run", case, *FIXED], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
        until = time.time() + 5
        while process.poll() is None and time.time() < until and (not (wal := case / "case.db-wal").exists() or wal.stat().st_size == 0):
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()


def looks(case):
    ids = [json.loads(line) for line in do("findings", case, "--json").stdout.splitlines()]
    mail = next((f["id"] for f in ids if f["detector"].startswith("mail/")), ids[0]["id"])
    return [["findings", case], ["findings", case, "--json"], ["show", case, ids[0]["id"]], ["show", case, mail], ["verify", case], ["verify", case, "--deep"],
            ["export", case, "--to", "csv"], ["export", case, "--to", "stix"], ["export", case, "--to", "json"], ["export", case, "--to", "blocklist"],
            ["links", case], ["chain", case], ["hypotheses", case], ["alert", case], ["timeline", case], ["graph", case, "--json"],
            ["sql", case, "SELECT count(*) FROM finding"], ["hygiene", case], ["replay", case, "--without", "web_log"],
            ["prove", room / "papers/1.txt", "--case", case, "-o", room / "proof"]]


def looked(case, where, before):
    global tried
    for command, (code, text) in before.items():
        tried += 1
        now = do(*command)
        # Where nothing can be recorded, that is said on standard error; what is printed is the same. What was broken off and cannot
        # be completed, `verify` tells in other words than what was.
        if now.returncode != code or now.stdout != text and not ("killed" in where and command[0] == "verify"):
            wrong.append(f"{where}: {' '.join(map(str, command[:1] + command[2:]))}: exit {now.returncode} for {code}\n{(now.stderr or now.stdout[-300:]).decode()[:500]}")


def writes(case, place):
    return [["init", place / "other", "--name", "o"], ["add", case, room / "b.log"], ["run", case], ["forget", case, EVIDENCE, "--reason", "asked"],
            ["links", case, "--innocent", FIRST, "--reason", "drill"], ["hypotheses", case, "--sign", "--reason", "read"],
            ["export", case, "--to", "csv", "-o", place / "out.csv"], ["export", case, "--to", "csv", "--names", "-o", place / "out2.csv"],
            ["silence", room / "says.txt", "--territory", "FR", "--case", case], ["silence", room / "says.txt", "--territory", "FR", "--log", place / "log"],
            ["seal", room / "papers", "--seals", place / "seals", "--name", "new.example"], ["seal", room, "--case", case],
            ["prove", room / "papers/1.txt", "--case", case, "-o", place / "proof"], ["prove", room / "papers/1.txt", "--case", case, "--pack", "-o", place / "pack"],
            ["keys", "fetch", case, "kiosque.example", "--selector", "s", *asks], ["collect", "dns", "kiosque.example", "--case", case, *asks],
            ["collect", "dns", "kiosque.example", "--out", place / "dns", *asks], ["site", url, "--case", case], ["site", url, "--keep", place / "kept"],
            ["hygiene", case, "--answer", "1=no"], ["search", case, "passwd"], ["exercise", place / "exercise"], ["man", place / "man"]]


def why(command, done, words):
    said = done.stderr.decode(errors="replace")
    if "panicked" in said or done.returncode not in (0, 1, 2):
        return "panic"
    if done.returncode == 2 and not any(w in said for w in words):
        return f"does not say why: {said.strip()[:300]}"
    return None


def free(place):
    at = os.statvfs(place)
    return at.f_bavail * at.f_frsize


def fill(place, left):
    with open(place / "filler", "ab", buffering=0) as f:
        try:
            while free(place) > left:
                f.write(b"x" * min(1 << 20, max(4096, free(place) - left)))
        except OSError:
            pass


evidence()
for killed in (False, True):
    state = "killed" if killed else "whole"
    place = mounted("96m")
    case = place / "case"
    made(case, killed)
    keep = room / "kept"
    shutil.rmtree(keep, ignore_errors=True)
    shutil.copytree(case, keep, symlinks=True)
    commands = looks(case)
    # What the first look completes, it completes before: compared is the same case.
    expected = {tuple(c): ((d := do(*c)).returncode, d.stdout) for c in commands}
    FIRST = json.loads(do("findings", case, "--json").stdout.splitlines()[0])["id"]
    EVIDENCE = subprocess.run(["sha256sum", room / "a.log"], capture_output=True, text=True).stdout.split()[0]
    if killed:
        shutil.rmtree(case)
        shutil.copytree(keep, case, symlinks=True)
    remount(place, "ro")
    looked(case, f"read-only, {state}", expected)
    for command in writes(case, place):
        tried += 1
        done = do(*command)
        if done.returncode != 2 and command[0] not in ("search", "silence"):
            wrong.append(f"read-only, {state}: {command[0]} {command[-1]}: exit {done.returncode} though nothing could be written")
        elif fault := why(command, done, ["ead-only", "read only", "readonly", "cannot be written", "ermission"]):
            wrong.append(f"read-only, {state}: {' '.join(map(str, command))}: {fault}")
    remount(place, "rw")
    fill(place, 0)
    looked(case, f"full, {state}", expected)
    os.unlink(place / "filler")
    for left in (0, 8 << 10, 64 << 10, 300 << 10):
        for command in writes(case, place):
            tried += 1
            for other in place.iterdir():
                shutil.rmtree(other) if other.is_dir() else other.unlink()
            shutil.copytree(keep, case, symlinks=True)
            fill(place, left)
            done = do(*command)
            if fault := why(command, done, ["disk is full"]):
                wrong.append(f"full but {left >> 10} KB, {state}: {' '.join(map(str, command))}: {fault}")
            os.unlink(place / "filler")
            again = do(*command)
            if again.returncode == 2 and done.returncode == 2:
                wrong.append(f"space again after {left >> 10} KB, {state}: {' '.join(map(str, command))}: {again.stderr.decode()[:300]}")
            do("run", case)
            held = do("verify", case)
            if held.returncode:
                wrong.append(f"space again after {left >> 10} KB, {state}: {' '.join(map(str, command))}: verify {held.returncode}: {held.stdout.decode()[:300]}")
    off(place)
print("\n".join(wrong))
print(f"{tried} commands tried where nothing, or little, could be written; {len(wrong)} not as they should be")
shutil.rmtree(room)
sys.exit(bool(wrong))
