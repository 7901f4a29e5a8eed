#!/usr/bin/env python3
"""Mail end to end through `vigie check`: share of honest mails with any finding at medium or above (`names/*` raised from
mails count too), share of lures, with `--protect` and without, with headers of authentication and without them; the
exercise's inbox; speed beside rspamd without network and `spamassassin -L` on the same mails, one core.

    python3 bench/mail.py [VIGIE] [--no-speed | --only-speed]      (mails: ../shared/data/mail, or under $VIGIE_DATA)

Each mail is one file, so a finding's traces say which mails it was raised from. rspamd and SpamAssassin are Debian's
(`apt install rspamd spamassassin`); where they are missing their lines are left out. Needs no root for itself."""
import usage
import json, os, re, resource, shutil, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
options = [a for a in sys.argv[1:] if a.startswith("--")]
words = [a for a in sys.argv[1:] if not a.startswith("--")]
VIGIE = str(Path(words[0] if words else ROOT / "target/release/vigie").resolve())
DATA = Path(os.environ.get("VIGIE_DATA", ROOT.parent / "shared/data")) / "mail"
SETS = ("lures", "held", "real", "real_held", "honest", "honest_modern", "examiner", "world")
PROTECT = ["--protect", "parti-bleu.fr", "--protect", "parti-bleu.example", "--protect-name", "Marie Durand"]
AUTHENTICATION = {"authentication-results", "arc-authentication-results", "arc-message-signature", "arc-seal", "dkim-signature", "received-spf", "domainkey-signature", "x-google-dkim-signature"}


def is_mail(path):
    """Whether a file begins with header fields (licences and tables beside the mails do not)."""
    head = path.read_bytes()[:4000]
    return path.suffix not in (".md", ".cf", ".mbox", ".json") and path.name != "LICENSE" and len(re.findall(rb"^(?:From|Received|Return-Path|Subject|To|Date|Message-ID)[: ]", head, re.M | re.I)) >= 2


def strip(raw):
    """A mail without header fields of authentication."""
    end = re.search(rb"\r?\n\r?\n", raw)
    head, body = (raw[: end.start()], raw[end.start():]) if end else (raw, b"")
    fields = re.split(rb"\r?\n(?![ \t])", head)
    return b"\n".join(f for f in fields if f.split(b":")[0].strip().lower().decode("latin-1") not in AUTHENTICATION) + body


def flagged(folder, protect):
    out = subprocess.run([VIGIE, "check", "--json", "--all", *protect, str(folder)], capture_output=True, text=True)
    mails, by = set(), {}
    for line in out.stdout.splitlines():
        finding = json.loads(line)
        if finding["severity"] in ("medium", "high", "critical"):
            paths = {t["path"] for t in finding["traces"]}
            mails |= paths
            by[finding["detector"]] = by.get(finding["detector"], 0) + len(paths)
    return mails, by


def sets(scratch):
    for name in SETS:
        subprocess.run([sys.executable, str(ROOT / f"bench/mail_{name}.py"), f"{scratch}/{name}"], check=True)
    corpus = DATA / "spamassassin-corpus"
    named = [("honest: spamassassin ham", [corpus / d for d in ("easy-ham-1", "easy-ham-2", "hard-ham-1")]), ("honest: spamassassin nice", [DATA / "spamassassin-tests/nice"]), ("lures: sublime", [DATA / "sublime-emls/emls"])]
    for name in SETS:
        for part in sorted(p for p in Path(f"{scratch}/{name}").iterdir() if p.is_dir()):
            kind = {"lure": "lures", "grey": "grey"}.get(part.name[:4], "honest")
            named.append((f"{kind}: bench/mail_{name}.py {part.name}", [part]))
    return named


def accuracy(scratch):
    print(f"{'set':44} {'mails':>5}  at medium or above: plain, stripped, --protect")
    for n, (name, folders) in enumerate(sets(scratch)):
        files = [f for d in folders if d.exists() for f in sorted(d.rglob("*")) if f.is_file() and is_mail(f)]
        if not files:
            print(f"{name}: not there")
            continue
        shares, seen = [], {}
        # Results count where their server is trusted.
        trusted = [f for f in (folders[0].parent / "trusted.toml",) if f.exists() and folders[0].name == "lure-forged"]
        plain = ["--config", str(trusted[0])] if trusted else []
        for stripped, protect in ((False, plain), (True, []), (False, PROTECT)):
            folder = Path(scratch) / f"set{n}{int(stripped)}{len(shares)}"
            folder.mkdir()
            for i, f in enumerate(files):
                raw = f.read_bytes()
                (folder / f"{i:05}-{f.stem}.eml").write_bytes(strip(raw) if stripped else raw)
            mails, by = flagged(folder, protect)
            shares.append(f"{100 * len(mails) / len(files):6.2f} %")
            seen.update(by)
        print(f"{name:44} {len(files):5}  {'  '.join(shares)}  {seen}")


def seconds(command, **more):
    """The least user and system time of three runs of a command and its children."""
    best = None
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["taskset", "-c", "1", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = spent if best is None else min(best, spent)
    return best


def cpu(pid):
    """User and system time of a process and its children so far, in seconds."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if stat.parent.name == str(pid) or fields[1] == str(pid):
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


# Modules that ask the network or a redis.
NETWORK = "rbl asn dkim dkim_signing arc spf dmarc fuzzy_check greylist ratelimit history_redis neural replies reputation url_redirector milter_headers mx_check p0f clickhouse elastic external_services antivirus spamassassin dns_tool known_senders bayes_expiry clustering metadata_exporter metric_exporter dynamic_conf maillist settings force_actions".split()


def rspamd(files, scratch):
    """Seconds of processor time that rspamd spends on the mails, after its start; none where it is missing."""
    if not shutil.which("rspamd"):
        return None
    folder, port = f"{scratch}/rspamd", 21333
    os.chmod(scratch, 0o755)
    shutil.copytree("/etc/rspamd", f"{folder}/etc")
    os.chmod(folder, 0o777)
    settings = {"worker-normal.inc": f'bind_socket = "127.0.0.1:{port}"; count = 1;', "logging.inc": f'type = "file"; filename = "{folder}/rspamd.log"; level = "error";',
                "options.inc": f'pidfile = "{folder}/rspamd.pid"; dns {{ nameserver = ["127.0.0.1:1"]; timeout = 0.01s; retransmits = 1; }}'}
    settings |= {f"worker-{w}.inc": "enabled = false;" for w in ("controller", "proxy", "fuzzy")} | {f"{m}.conf": "enabled = false;" for m in NETWORK}
    os.makedirs(f"{folder}/etc/override.d", exist_ok=True)
    for name, text in settings.items():
        Path(f"{folder}/etc/override.d/{name}").write_text(text + "\n")
    places = [f"--var={name}={folder}{end}" for name, end in (("CONFDIR", "/etc"), ("LOCAL_CONFDIR", "/etc"), ("DBDIR", ""), ("RUNDIR", ""), ("LOGDIR", ""))]
    server = subprocess.Popen(["taskset", "-c", "1", "rspamd", "-f", "-i", "-u", "_rspamd", "-g", "_rspamd", "-c", f"{folder}/etc/rspamd.conf", *places], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        import http.client
        def send(raw):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            link.request("POST", "/checkv2", body=raw)
            answer = link.getresponse()
            return answer.status, answer.read()
        # It compiles its expressions for half a minute before it listens.
        for _ in range(240):
            try:
                status, answer = send(files[0].read_bytes())
                break
            except OSError:
                time.sleep(0.5)
        else:
            print("rspamd did not start:", Path(f"{folder}/rspamd.log").read_text()[-300:] if Path(f"{folder}/rspamd.log").exists() else "")
            return None
        print("rspamd answers:", status, len(json.loads(answer).get("symbols", {})), "symbols on the first mail")
        # What it still compiles behind is no work on mails: wait until it rests.
        before, now = None, cpu(server.pid)
        while now != before:
            time.sleep(3)
            before, now = now, cpu(server.pid)
        for f in files:
            send(f.read_bytes())
        return cpu(server.pid) - before
    finally:
        server.terminate()
        server.wait()


def speed(scratch):
    corpus = DATA / "spamassassin-corpus"
    files = [f for f in sorted(corpus.rglob("*")) if f.is_file() and is_mail(f)]
    folder = Path(scratch) / "speed"
    folder.mkdir()
    for i, f in enumerate(files):
        (folder / f"{i:05}.eml").write_bytes(f.read_bytes())
    mbox = Path(scratch) / "all.mbox"
    with open(mbox, "wb") as out:
        for f in files:
            raw = f.read_bytes()
            raw = raw if raw.startswith(b"From ") else b"From x@example Mon Mar  6 10:00:00 2017\n" + raw
            out.write(re.sub(rb"\n(>*From )", rb"\n>\1", raw) + b"\n\n")
    rates = {}
    environment = dict(os.environ, RAYON_NUM_THREADS="1")
    rates["vigie check, one file each"] = len(files) / seconds([VIGIE, "check", "--json", "--all", str(folder)], env=environment)
    rates["vigie check, one mbox"] = len(files) / seconds([VIGIE, "check", "--json", "--all", str(mbox)], env=environment)
    spent = rspamd(files, scratch)
    if spent:
        rates["rspamd, network modules off"] = len(files) / spent
    if shutil.which("spamassassin"):
        some = files[::20]
        small = Path(scratch) / "some.mbox"
        with open(small, "wb") as out:
            for f in some:
                raw = f.read_bytes()
                raw = raw if raw.startswith(b"From ") else b"From x@example Mon Mar  6 10:00:00 2017\n" + raw
                out.write(re.sub(rb"\n(>*From )", rb"\n>\1", raw) + b"\n\n")
        one = Path(scratch) / "one.mbox"
        one.write_bytes(small.read_bytes().split(b"\nFrom ")[0] + b"\n")
        # The start of the interpreter is not counted.
        whole = seconds(["spamassassin", "-L", "-t", "--mbox", str(small)]) - seconds(["spamassassin", "-L", "-t", "--mbox", str(one)])
        rates[f"spamassassin -L ({len(some)} of the mails, start not counted)"] = (len(some) - 1) / whole
    print(f"\nspeed on {len(files)} mails, one core, processor time, best of three (rspamd: one pass of a running server)")
    for name, rate in rates.items():
        print(f"  {name:66} {rate:8.1f} mails/s")


def exercise(scratch):
    for seed in (1, 7):
        practice, case = Path(scratch) / f"practice{seed}", Path(scratch) / f"case{seed}"
        subprocess.run([VIGIE, "exercise", practice, "--scenario", "inbox", "--seed", str(seed)], check=True, capture_output=True)
        subprocess.run([VIGIE, "init", case], check=True, capture_output=True)
        shutil.copy(practice / "case.toml", case / "case.toml")
        subprocess.run([VIGIE, "add", case, practice / "evidence"], check=True, capture_output=True)
        subprocess.run([VIGIE, "run", case], check=True, capture_output=True)
        truth = practice / "truth.json"
        out = subprocess.run([VIGIE, "exercise", "--score", case, truth], capture_output=True, text=True)
        print(f"\nvigie exercise --scenario inbox --seed {seed}; --score\n{(out.stdout + out.stderr)[-2500:]}")


with tempfile.TemporaryDirectory() as scratch:
    if "--only-speed" not in options:
        accuracy(scratch)
        exercise(scratch)
    if "--no-speed" not in options:
        speed(scratch)
