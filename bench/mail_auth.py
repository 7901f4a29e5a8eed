#!/usr/bin/env python3
"""Authentication of mail against what others find: RFC 7208's vectors (source of PyPI's pyspf), and DKIM and ARC
against dkimpy on mails that this script makes and signs; the public ARC suite and the tests of Perl's Mail::DKIM, both in
the source of Debian's `libmail-dkim-perl` (a tarball of it may be named in $MAIL_DKIM). Everything is asked through files
of records.

    cargo build --release -p sensors --example mail_auth
    python3 bench/mail_auth.py [spf] [dkim] [arc] [arc-suite] [mail-dkim] [speed]      (all where none is named)

Needs the network once, for pip (a virtual environment under $VIGIE_BENCH or the temporary directory). Prints agreement
and every exception. Exit 1 where less than 98 of 100 agree."""
import usage

import base64, glob, hashlib, json, os, random, re, subprocess, sys, tarfile, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
PLACE = os.environ.get("VIGIE_BENCH", os.path.join(tempfile.gettempdir(), "vigie-mail-auth"))
PROGRAM = os.environ.get("MAIL_AUTH", os.path.join(HERE, "../target/release/examples/mail_auth"))
PACKAGES = ["dkimpy==1.1.8", "authres==1.2.0", "pynacl==1.6.2", "pyyaml==6.0.3", "dnspython==2.9.2"]


def environment():
    """Runs this script again inside a virtual environment that has the counterparts."""
    python = os.path.join(PLACE, "venv/bin/python")
    if sys.executable == python:
        return
    if not glob.glob(os.path.join(PLACE, "pyspf-*.tar.gz")):
        os.makedirs(PLACE, exist_ok=True)
        subprocess.check_call([sys.executable, "-m", "venv", os.path.join(PLACE, "venv")])
        subprocess.check_call([python, "-m", "pip", "install", "-q", *PACKAGES])
        subprocess.check_call([python, "-m", "pip", "download", "-q", "--no-binary", ":all:", "--no-deps", "-d",
                               PLACE, "pyspf==2.0.14"])
    os.execv(python, [python, os.path.abspath(__file__), *sys.argv[1:]])


def write(name, text):
    path = os.path.join(PLACE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(text if isinstance(text, bytes) else text.encode())
    return path


def ask(*arguments):
    out = subprocess.run([PROGRAM, *arguments], check=True, capture_output=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def told(title, right, total, exceptions):
    share = 100 * right / max(total, 1)
    print(f"{title}: {right} of {total} agree ({share:.1f} %)")
    for line in exceptions:
        print(f"    {line}")
    return share >= 98


# SPF ------------------------------------------------------------------------------------------------------------------

def zone_lines(zone):
    """The suites' zones as records: TIMEOUT is a failing server, SPF stands for TXT where there is no TXT."""
    for name, data in zone.items():
        kinds, failing, own_text = {}, False, any(isinstance(d, dict) and "TXT" in d for d in data)
        for datum in data:
            if datum == "TIMEOUT":
                failing = True
                continue
            for kind, value in datum.items():
                if kind == "SPF":
                    if own_text:
                        continue
                    kind = "TXT"
                if value == "NONE":
                    continue
                if value == "TIMEOUT":
                    yield {"name": name, "type": kind, "rcode": "SERVFAIL"}
                    continue
                if kind == "MX":
                    value = f"{value[0]} {value[1]}"
                kinds.setdefault(kind, []).append(value)
        for kind, answers in kinds.items():
            yield {"name": name, "type": kind, "answers": answers}
        if failing:
            for kind in ["A", "AAAA", "MX", "PTR", "TXT"]:
                if kind not in kinds:
                    yield {"name": name, "type": kind, "rcode": "SERVFAIL"}
    yield {"name": "*", "type": "ANY", "rcode": "NXDOMAIN"}


def name_fits(name):
    name = name.rstrip(".")
    return 0 < len(name) <= 253 and all(0 < len(label) <= 63 for label in name.split("."))


def spf():
    import yaml
    good = True
    with tarfile.open(glob.glob(os.path.join(PLACE, "pyspf-*.tar.gz"))[0]) as archive:
        # `test.yml` beside them tests extensions of pyspf's own (`default=`) and is left out.
        suites = {os.path.basename(m.name): archive.extractfile(m).read() for m in archive.getmembers()
                  if m.name.endswith("-tests.yml")}
    for suite, text in sorted(suites.items()):
        right, total, exceptions = 0, 0, []
        for n, scenario in enumerate(s for s in yaml.safe_load_all(text) if s):
            lines = [l for l in zone_lines(scenario["zonedata"]) if l["name"] == "*" or name_fits(l["name"])]
            records = write("records.jsonl", "\n".join(json.dumps(l) for l in lines))
            tests = scenario["tests"]
            queries = [{"id": i, "ip": t["host"], "helo": t["helo"], "mail_from": t["mailfrom"]} for i, t in tests.items()]
            answers = ask(records, "--spf", write("queries.jsonl", "\n".join(json.dumps(q) for q in queries)))
            for answer in answers:
                test, found = tests[answer["id"]], answer["spf"]
                expected = test["result"] if isinstance(test["result"], list) else [test["result"]]
                words = test.get("explanation")
                same_words = words in (None, "DEFAULT") or found.get("explanation") == words
                total += 1
                if found["result"] in expected and same_words:
                    right += 1
                else:
                    exceptions.append(f"{answer['id']} ({test.get('spec')}): {found['result']} {found.get('explanation', '')!r}"
                                      f" for {expected} {words!r}: {found['reason']['en']}")
        good &= told(f"SPF, {suite}", right, total, exceptions)
    return good


# Mails and keys of our own --------------------------------------------------------------------------------------------

def private_keys():
    """Three RSA keys and one of Ed25519, made once by openssl and PyNaCl."""
    import nacl.signing
    keys = {}
    for bits in [1024, 2048, 4096, 512]:
        path = os.path.join(PLACE, f"rsa{bits}.pem")
        if not os.path.exists(path):
            subprocess.check_call(["openssl", "genrsa", "-traditional", "-out", path, str(bits)], stderr=subprocess.DEVNULL)
        public = subprocess.check_output(["openssl", "rsa", "-in", path, "-pubout", "-outform", "DER"], stderr=subprocess.DEVNULL)
        keys[f"rsa{bits}"] = (open(path, "rb").read(), "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode())
    seed = nacl.signing.SigningKey(hashlib.sha256(b"vigie").digest())
    keys["ed25519"] = (base64.b64encode(bytes(seed)), "v=DKIM1; k=ed25519; p=" + base64.b64encode(bytes(seed.verify_key)).decode())
    return keys


WORDS = "la mairie invite chaque bureau à vérifier ses listes avant dimanche ; the office opens at nine on Monday".split()


def mail(chance, n):
    """An ordinary mail with the accidents of ordinary mail: folding, tabs, runs of spaces, empty lines at the end."""
    line = lambda: "  ".join(" ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 9))) for _ in range(chance.randint(1, 3)))
    body = "\r\n".join(line() + chance.choice(["", "", " ", "\t"]) for _ in range(chance.randint(0, 40)))
    body += chance.choice(["", "\r\n", "\r\n\r\n\r\n", " \r\n"])
    head = [
        "Received: from a.example.net (a.example.net [192.0.2.1])\r\n\tby mx.example.org with ESMTP id 1;\r\n\tSun, 22 Nov 2026 03:00:00 +0000",
        "From: " + chance.choice(["Bureau", '"Bureau, central"']) + " <bureau@example.org>",
        "To: a@example.net,\r\n\tb@example.net",
        f"Subject: {line()}\r\n {line()}",
        "Date: Sun, 22 Nov 2026 03:00:00 +0000",
        f"Message-ID: <{n}@example.org>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain;  charset=utf-8",
        "X-Twice: one", "X-Twice:  two",
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def insert(raw, line):
    return line + raw


def mutations(chance, raw):
    """What happens to mail on its way, and what is done to it."""
    head, _, body = raw.partition(b"\r\n\r\n")
    yield "as signed", raw
    yield "bare line feeds", raw.replace(b"\r\n", b"\n")
    yield "line appended", raw + b"\r\nbuy now\r\n"
    yield "empty lines appended", raw.rstrip(b"\r\n") + b"\r\n" * 4
    yield "body changed", head + b"\r\n\r\n" + body.replace(b"e", b"E", 1) + b"!"
    yield "spaces doubled in body", head + b"\r\n\r\n" + body.replace(b" ", b"  ")
    yield "trailing spaces", head + b"\r\n\r\n" + body.replace(b"\r\n", b" \r\n")
    yield "subject changed", raw.replace(b"Subject: ", b"Subject: [list] ", 1)
    yield "subject refolded", raw.replace(b"Subject: ", b"Subject:\r\n ", 1)
    yield "names capitalised", raw.replace(b"\r\nTo: ", b"\r\nTO : ", 1).replace(b"TO : ", b"TO: ")
    yield "from duplicated", raw.replace(b"\r\nTo: ", b"\r\nFrom: x@evil.example\r\nTo: ", 1)
    yield "from prepended", insert(raw, b"From: x@evil.example\r\n")
    yield "field added", insert(raw, b"X-Spam: no\r\n")
    yield "unsigned repeated", insert(raw, b"X-Twice: three\r\n")
    yield "domain changed", raw.replace(b"d=example.org", b"d=example.net", 1)
    yield "signature cut", re.sub(rb"(\bb=[^;]{20})[^;]{4}", rb"\1", raw, count=1)
    yield "tag doubled", raw.replace(b"DKIM-Signature: ", b"DKIM-Signature: d=example.org; ", 1)
    yield "unknown tag", raw.replace(b"DKIM-Signature: v=1; ", b"DKIM-Signature: v=1; zz=1; ", 1)
    yield "version 2", raw.replace(b"v=1; a=", b"v=2; a=", 1)
    yield "signature refolded", raw.replace(b"; d=", b";\r\n\t d=", 1)
    yield "empty body", head + b"\r\n\r\n"
    yield "no body", head + b"\r\n"


def signer():
    """dkimpy's signing class, able to write tags that it has no argument for."""
    import dkim

    class Signer(dkim.DKIM):
        extra = {}

        def gen_header(self, fields, *rest, **named):
            for name, value in self.extra.items():
                at = [i for i, (n, _) in enumerate(fields) if n == name]
                if at:
                    fields[at[0]] = (name, value)
                else:
                    fields.insert(-2, (name, value))
            return super().gen_header(fields, *rest, **named)

    return Signer


def signed_mails(count):
    """(what it is, mail) for mails signed in every way."""
    chance, keys, Signer = random.Random(4), private_keys(), signer()
    forms = [(a, b) for a in (b"simple", b"relaxed") for b in (b"simple", b"relaxed")]
    now = int(time.time())
    ways = [
        ("rsa2048", b"rsa-sha256", {}), ("rsa1024", b"rsa-sha256", {}), ("rsa4096", b"rsa-sha256", {}),
        ("ed25519", b"ed25519-sha256", {}), ("rsa2048", b"rsa-sha1", {}), ("rsa512", b"rsa-sha256", {}),
        ("rsa2048", b"rsa-sha256", {b"x": str(now + 999999).encode()}),
        ("rsa2048", b"rsa-sha256", {b"x": b"1000000000"}),
        ("rsa2048", b"rsa-sha256", {b"i": b"someone@mail.example.org"}),
        ("rsa2048", b"rsa-sha256", {b"i": b"someone@badexample.org"}),
        ("rsa2048", b"rsa-sha256", {b"q": b"dns/txt"}), ("rsa2048", b"rsa-sha256", {b"t": b"12x"}),
    ]
    for n in range(count):
        raw = mail(chance, n)
        for form in [forms[n % 4]]:
            key, algorithm, extra = ways[n % len(ways)]
            long = n % 7 == 3
            head = [None, [b"from", b"subject"], [b"from", b"to", b"x-twice", b"x-twice", b"x-absent", b"date"],
                    [b"from", b"from", b"subject", b"x-twice"]][(n // 4) % 4]
            one = Signer(raw, signature_algorithm=algorithm)
            one.extra = extra
            line = one.sign(key.encode(), b"example.org", keys[key][0], canonicalize=form, include_headers=head, length=long)
            result = line + raw
            what = f"{key} {algorithm.decode()} {b'/'.join(form).decode()}{' l=' if long else ''} h{(n // 4) % 4} {extra or ''}"
            if n % 5 == 4:
                two = Signer(result, signature_algorithm=b"rsa-sha256")
                result = two.sign(b"rsa1024", b"other.example", keys["rsa1024"][0], canonicalize=(b"relaxed", b"relaxed")) + result
                what += " +second"
            yield what, result


KEY_RECORDS = {
    "revoked": "v=DKIM1; p=", "testing": "v=DKIM1; t=y; {}", "strict": "v=DKIM1; t=s; {}", "sha1only": "v=DKIM1; h=sha1; {}",
    "notmail": "v=DKIM1; s=tlsrpt; {}", "bad": "v=DKIM1; k=rsa; p=!!!!", "late": "k=rsa; v=DKIM2; {}",
}


def records():
    keys = private_keys()
    zone = {}
    for domain in ["example.org", "other.example", "fwd.example"]:
        for name, (_, text) in keys.items():
            zone[f"{name}._domainkey.{domain}"] = text
    plain = keys["rsa2048"][1].split("; ", 1)[1]
    for name, text in KEY_RECORDS.items():
        zone[f"{name}._domainkey.example.org"] = text.format(plain)
    lines = [{"name": n, "type": "TXT", "answers": [t]} for n, t in zone.items()]
    lines.append({"name": "*", "type": "ANY", "rcode": "NXDOMAIN"})
    return zone, write("keys.jsonl", "\n".join(json.dumps(l) for l in lines))


# Where we differ on purpose; each is a rule that dkimpy does not keep.
def on_purpose(ours, theirs, signature, raw):
    reason = signature["reason"]["en"]
    if theirs == "pass" and "the body is not the one" in reason and raw.endswith((b" ", b"\t")):
        return "white space at the end of a body without a line end is no part of its relaxed form (RFC 6376 3.4.4; Mail::DKIM reads it so too)"
    if theirs == "none" and "no usable instance" in reason:
        return "a chain of instance 0 alone is broken, not absent (RFC 8617 4.2.1)"
    if theirs == "pass" and "SHA-1" in reason:
        return "rsa-sha1 is no longer acceptable (RFC 8301 3.1)"
    if theirs == "pass" and "less than 1024" in reason:
        return "a key under 1024 bits (RFC 8301 3.2)"
    if theirs == "pass" and "does not allow this hash" in reason:
        return "the key's h= excludes the hash (RFC 6376 3.6.1)"
    if theirs == "pass" and "subdomains" in reason:
        return "the key's t=s forbids i= in a subdomain (RFC 6376 3.6.1)"
    if theirs == "pass" and "shorter than what was signed" in reason:
        return "l= exceeds the body (RFC 6376 3.5)"
    return None


def compare(title, cases, zone, records_path, theirs_of, ours_of):
    names = {}
    for n, (what, raw) in enumerate(cases):
        names[write(f"mails/{title}/{n}.eml", raw)] = (what, raw)
    answers = ask(records_path, "--list", write("list.jsonl", "\n".join(
        json.dumps({"path": p, "received": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}) for p in names)))
    right, total, exceptions, excused = 0, 0, [], {}
    lookup = lambda name, timeout=5: zone.get(name.decode().rstrip(".") if isinstance(name, bytes) else name.rstrip("."), "").encode()
    for answer in answers:
        what, raw = names[answer["path"]]
        for n, (ours, detail) in enumerate(ours_of(answer)):
            theirs = theirs_of(raw, n, lookup)
            total += 1
            excuse = None if ours == theirs else on_purpose(ours, theirs, detail, raw)
            if ours == theirs:
                right += 1
            elif excuse:
                excused[excuse] = excused.get(excuse, 0) + 1
            else:
                exceptions.append(f"{answer['path']} {what}: {ours} here, {theirs} there: {detail['reason']['en']}")
    for excuse, count in sorted(excused.items()):
        print(f"    {title}: {count} differ on purpose: {excuse}")
    return told(f"{title}, the rest", right, total - sum(excused.values()), exceptions)


def dkim_cases():
    chance = random.Random(5)
    keys, Signer = private_keys(), signer()
    for what, raw in signed_mails(240):
        yield f"{what}: as signed", raw
        changes = list(mutations(chance, raw))
        for name, changed in chance.sample(changes, 5):
            yield f"{what}: {name}", changed
    for name in KEY_RECORDS:
        for identity in [None, b"a@sub.example.org"]:
            one = Signer(mail(chance, 0))
            one.extra = {b"i": identity} if identity else {}
            yield f"key {name} {identity}", one.sign(name.encode(), b"example.org", keys["rsa2048"][0]) + mail(random.Random(5), 0)
    plain = mail(chance, 1)
    for name in [*KEY_RECORDS, "absent"]:
        one = Signer(plain)
        yield f"key {name}", one.sign(name.encode(), b"example.org", keys["rsa2048"][0]) + plain


def dkim_theirs(raw, n, lookup):
    import dkim
    try:
        return "pass" if dkim.DKIM(raw).verify(idx=n, dnsfunc=lookup) else "other"
    except (dkim.DKIMException, ValueError) as error:
        return "other"


def dkim_section():
    zone, path = records()
    ours = lambda a: [("pass" if s["result"] == "pass" else "other", s) for s in a["authentication"]["dkim"]["signatures"]]
    return compare("DKIM", dkim_cases(), zone, path, dkim_theirs, ours)


def arc_cases():
    import dkim
    chance, keys = random.Random(6), private_keys()
    for n in range(60):
        raw = mail(chance, n)
        hops = n % 5 + 1
        for hop in range(1, hops + 1):
            arc = "" if hop == 1 else "; arc=pass"
            raw = f"Authentication-Results: fwd.example; spf=pass smtp.mailfrom=example.org{arc}\r\n".encode() + raw
            if hop > 1 and chance.random() < 0.3:
                raw = raw.replace(b"Subject: ", b"Subject: [list] ", 1)
            lines = dkim.arc_sign(raw, b"rsa2048", b"fwd.example", keys["rsa2048"][0], b"fwd.example",
                                  include_headers=[b"from", b"to", b"subject", b"date", b"message-id"])
            raw = b"".join(lines) + raw
        yield f"{hops} hops", raw
        i = str(chance.randint(1, hops)).encode()
        drop = lambda name: re.sub(rb"(?ms)^" + name + rb": i=" + i + rb";.*?\r\n(?![ \t])", b"", raw, count=1)
        yield f"{hops} hops, seal {i} dropped", drop(b"ARC-Seal")
        yield f"{hops} hops, message signature {i} dropped", drop(b"ARC-Message-Signature")
        yield f"{hops} hops, results {i} dropped", drop(b"ARC-Authentication-Results")
        yield f"{hops} hops, results {i} changed", raw.replace(b"i=" + i + b"; fwd.example", b"i=" + i + b"; evil.example", 1)
        yield f"{hops} hops, body changed", raw + b"more\r\n"
        yield f"{hops} hops, subject changed", raw.replace(b"Subject: ", b"Subject: Re: ", 1)
        yield f"{hops} hops, first cv pass", raw.replace(b"cv=none", b"cv=pass")
        yield f"{hops} hops, cv fail", raw.replace(b"cv=pass", b"cv=fail", 1)
        yield f"{hops} hops, cv odd", raw.replace(b"cv=none", b"cv=maybe")
        yield f"{hops} hops, instance 0", raw.replace(b"i=" + i + b";", b"i=0;")
        yield f"{hops} hops, instance gap", raw.replace(b"i=" + str(hops).encode() + b";", b"i=" + str(hops + 1).encode() + b";")
        yield f"{hops} hops, instance odd", raw.replace(b"ARC-Seal: i=" + i, b"ARC-Seal: i=x", 1)
        yield f"{hops} hops, set doubled", raw[: raw.index(b"\r\nReceived")] + b"\r\n" + raw
        yield f"{hops} hops, seal with h", raw.replace(b"; cv=", b"; h=from; cv=", 1)
        yield f"{hops} hops, sha1", raw.replace(b"a=rsa-sha256", b"a=rsa-sha1", 1)
        yield f"{hops} hops, unknown key", raw.replace(b"s=rsa2048", b"s=nothere", 1)
        yield f"{hops} hops, unknown tag", raw.replace(b"; cv=", b"; zz=1; cv=", 1)
        yield f"{hops} hops, bare line feeds", raw.replace(b"\r\n", b"\n")
        yield f"{hops} hops, seal covered", raw.replace(b"h=from", b"h=arc-seal : from", 1)
        yield f"{hops} hops, no base64", re.sub(rb"bh=[A-Za-z0-9+/]{4}", b"bh=????", raw, count=1)
        yield f"{hops} hops, upper case", raw.replace(b"ARC-Seal:", b"arc-seal:", 1)
        yield f"{hops} hops, message signature without b", re.sub(rb"(?s)(ARC-Message-Signature: i=1;.*?) b=.*?\r\n(?![ \t])", rb"\1\r\n", raw, count=1)


def arc_theirs(raw, n, lookup):
    import dkim
    cv, _, _ = dkim.arc_verify(raw, dnsfunc=lookup)
    # A chain whose newest seal says "fail" has ended; dkimpy returns None for it, RFC 8617 5.2 "fail".
    return "fail" if cv is None else cv.decode()


def arc_section():
    zone, path = records()
    return compare("ARC", arc_cases(), zone, path, arc_theirs, lambda a: [(a["arc"], a["authentication"]["arc"])])


def mail_dkim():
    """The source of Perl's Mail::DKIM as an open tarball: named, or fetched by apt into a folder of its own."""
    place = os.path.join(PLACE, "debian")
    found = lambda: glob.glob(os.environ.get("MAIL_DKIM", os.path.join(place, "libmail-dkim-perl_*.orig.tar.gz")))
    for suite in ["trixie", "sid"]:
        sources = "".join(open(f).read() for f in glob.glob("/etc/apt/sources.list.d/*.sources") + glob.glob("/etc/apt/sources.list"))
        uri = re.search(r"(?m)^(?:URIs:|deb) +(\S*debian\S*)", sources)
        if found() or not uri:
            break
        os.makedirs(os.path.join(place, "lists/partial"), exist_ok=True)
        own = ["-o", f"Dir::Etc::SourceList={place}/sources.list", "-o", "Dir::Etc::SourceParts=/dev/null", "-o", f"Dir::State::Lists={place}/lists",
               "-o", f"Dir::Cache={place}", "-o", f"APT::Sandbox::User={os.environ.get('USER', 'root')}"]
        write("debian/sources.list", f"deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {uri[1]} {suite} main\n")
        for what in [["update"], ["source", "--download-only", "libmail-dkim-perl"]]:
            subprocess.run(["apt-get", "-q", *own, *what], cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not found():
        print("no source of libmail-dkim-perl: skipped")
        return None
    return tarfile.open(found()[0])


def named(archive, end):
    return next(archive.extractfile(m).read() for m in archive.getmembers() if m.name.endswith(end))


def arc_suite_section():
    """ValiMail's suite, verdict by verdict, each scenario with its own keys."""
    import yaml
    archive = mail_dkim()
    if archive is None:
        return True
    right, total, exceptions, legacy = 0, 0, [], []
    for n, scenario in enumerate(s for s in yaml.safe_load_all(named(archive, "/arc_test_suite/arc-draft-validation-tests.yml")) if s):
        lines = [{"name": name, "type": "TXT", "answers": ["".join(text.splitlines())]} for name, text in (scenario.get("txt-records") or {}).items()]
        lines.append({"name": "*", "type": "ANY", "rcode": "NXDOMAIN"})
        keys = write("suite.jsonl", "\n".join(json.dumps(l) for l in lines))
        paths = {}
        for name, test in scenario["tests"].items():
            raw = "\r\n".join((test["message"] or "").split("\n")).encode()
            # The suite's own word for a broken chain is an empty one.
            wanted = (test.get("cv") or "fail").strip().lower() or "fail"
            paths[write(f"mails/suite/{n}-{re.sub('[^a-z0-9_]', '-', name.lower())}.eml", raw)] = (name, test, wanted)
        for answer in ask(keys, *paths):
            name, test, wanted = paths[answer["path"]]
            ours, why = answer["arc"], answer["authentication"].get("arc", {}).get("reason", {}).get("en", "")
            # What the suite's draft said of SHA-1 no longer holds (RFC 8301); its other runners leave these out too.
            if "sha1" in name:
                legacy.append(f"{name}: {ours}")
                continue
            total += 1
            right += ours == wanted
            if ours != wanted:
                exceptions.append(f"{name} ({test.get('spec')}): {ours} for {wanted}: {why}")
    print(f"    {len(legacy)} verdicts about SHA-1 not counted: {', '.join(legacy)}")
    return told("ARC, public suite", right, total, exceptions)


def mail_dkim_section():
    """What Mail::DKIM's own tests say of its messages, where they are DKIM and not DomainKeys."""
    archive = mail_dkim()
    if archive is None:
        return True
    zone = [line.split(None, 1) for line in named(archive, "/t/FAKE_DNS.dat").decode("latin-1").splitlines() if line.strip() and not line.startswith("#")]
    lines = [{"name": "*", "type": "ANY", "rcode": "NXDOMAIN"}]
    for name, text in zone:
        if text.startswith("~~"):
            lines.append({"name": name, "type": "TXT", "rcode": "SERVFAIL"})
        elif text != "NXDOMAIN" and text != "NODATA":
            lines.append({"name": name, "type": "TXT", "answers": [text]})
    keys = write("mail-dkim.jsonl", "\n".join(json.dumps(l) for l in lines))
    stated = dict(re.findall(r'test_email\(\s*"(\w+\.txt)",\s*"(\w+)"', named(archive, "/t/verifier.t").decode()))
    paths = {write(f"mails/mail-dkim/{name}", named(archive, f"/corpus/{name}")): (name, wanted)
             for name, wanted in stated.items() if "dk_" not in name and "ietf00" not in name}
    right, exceptions, excused = 0, [], {}
    # What its tests still accept and RFCs since do not.
    since = {"no usable `v=`": "no v=, as drafts before RFC 4871 had it", "512 bits": "keys of 512 bits (RFC 8301 3.2)", "SHA-1": "rsa-sha1 (RFC 8301 3.1)"}
    for answer in ask(keys, *paths):
        name, wanted = paths[answer["path"]]
        ours, why = answer["dkim"], answer["authentication"]["dkim"]["reason"]["en"]
        excuse = next((text for sign, text in since.items() if sign in why), None)
        if (ours == "pass") == (wanted == "pass"):
            right += 1
        elif excuse:
            excused[excuse] = excused.get(excuse, 0) + 1
        else:
            exceptions.append(f"{name}: {ours} for {wanted}: {why}")
    print("    accepted there and not here:", "; ".join(f"{count} {what}" for what, count in sorted(excused.items())))
    return told("DKIM, Mail::DKIM's tests, the rest", right, len(paths) - sum(excused.values()), exceptions)


def speed_section():
    """One core, one run: ours, the bare arithmetic, dkimpy; each on the same mails."""
    import dkim
    zone, path = records()
    keys, chance = private_keys(), random.Random(7)
    lookup = lambda name, timeout=5: zone.get(name.decode().rstrip("."), "").encode()
    # Our own mails are short and full of double spaces; the corpus has mails that people wrote.
    made = [mail(chance, n) for n in range(100)]
    data = os.path.join(os.environ.get("VIGIE_DATA", os.path.join(HERE, "../../shared/data")), "mail/spamassassin-corpus/easy-ham-1")
    corpus = [f for f in sorted(glob.glob(os.path.join(data, "**/*"), recursive=True)) if os.path.isfile(f)]
    found = [raw for raw in (re.sub(rb"\r?\n", b"\r\n", open(f, "rb").read()) for f in corpus)]
    found = [raw for raw in (re.sub(rb"^From .*\r\n", b"", raw) for raw in found) if re.match(rb"[!-9;-~]+:", raw) and b"\r\nFrom: " in raw][:100]
    ways = [("rsa1024", b"rsa-sha256", made), ("rsa2048", b"rsa-sha256", made), ("ed25519", b"ed25519-sha256", made)]
    ways += [(key, b"rsa-sha256", found) for key in ("rsa1024", "rsa2048") if len(found) == 100]
    for key, algorithm, mails in ways:
        what = f"{key}, {'made' if mails is made else 'corpus'}"
        mails = [dkim.DKIM(m, signature_algorithm=algorithm).sign(key.encode(), b"example.org", keys[key][0],
                                                                   canonicalize=(b"relaxed", b"relaxed")) + m for m in mails]
        paths = [write(f"mails/speed/{what.replace(', ', '-')}-{n}.eml", m) for n, m in enumerate(mails)]
        ours = ask(path, "--speed", "5", *paths)[0]
        start, done = time.process_time(), 0
        while time.process_time() - start < 2:
            assert dkim.DKIM(mails[done % 100]).verify(dnsfunc=lookup)
            done += 1
        ours["dkimpy_per_second"] = round(done / (time.process_time() - start))
        print(f"speed {what}: {json.dumps(ours)}")
    return True


if __name__ == "__main__":
    environment()
    sections = {"spf": spf, "dkim": dkim_section, "arc": arc_section, "arc-suite": arc_suite_section, "mail-dkim": mail_dkim_section, "speed": speed_section}
    good = [sections[name]() for name in sys.argv[1:] or sections]
    sys.exit(0 if all(good) else 1)
