#!/usr/bin/env python3
"""What Vigie says of TLS beside testssl.sh 3.0.8 (Debian), on ten servers of this machine. Run by hand; nothing here is a test.

    apt-get install testssl.sh nginx-light
    python3 bench/site_testssl.py [target/debug/vigie] [testssl]

nginx serves each case under a name of its own on a loopback address of its own. testssl.sh runs one host after another (a
minute each). Printed: each id whose severity, or whose finding where that is a fact and no sentence, differs; ids that only
one has; how long both took. Exit 1 on a difference.
"""
import usage
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = 8443
OLD = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; "
# TLS settings; kind of certificate.
CASES = [
    (OLD + "ssl_ciphers ALL:@SECLEVEL=0;", "rsa"),
    (OLD + "ssl_ciphers ALL:!aNULL:@SECLEVEL=0; ssl_prefer_server_ciphers on;", "rsa"),
    ("ssl_protocols TLSv1.2; ssl_ciphers ECDHE+AESGCM; ssl_prefer_server_ciphers on;", "rsa"),
    ("ssl_protocols TLSv1.3;", "rsa"),
    ("ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers HIGH:!aNULL:!MD5;", "ec"),
    ("ssl_protocols TLSv1; ssl_ciphers AES128-SHA:@SECLEVEL=0;", "rsa"),
    ("ssl_protocols TLSv1.2; ssl_ciphers DHE:!aNULL:@SECLEVEL=0; ssl_dhparam {place}/dh1024.pem; ssl_prefer_server_ciphers on;", "rsa"),
    ("ssl_protocols TLSv1.1 TLSv1.2; ssl_ciphers AES:!aNULL:@SECLEVEL=0; ssl_ecdh_curve secp384r1;", "self"),
    ("ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20; ssl_prefer_server_ciphers on;", "other"),
    ("ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers RSA+AES; ssl_prefer_server_ciphers on;", "short"),
]
# Sentences of testssl.sh, whose severity is compared and not their words.
SENTENCES = {"TLS1", "TLS1_1", "TLS1_2", "TLS1_3", "cipher_negotiated", "BEAST", "LOGJAM", "LUCKY13", "SWEET32", "BREACH", "DROWN", "POODLE_SSL", "fallback_SCSV", "secure_renego", "heartbleed", "CRIME_TLS", "RC4", "FREAK", "cert_trust", "OCSP_stapling", "PFS_ciphers", "BEAST_CBC_TLS1", "LOGJAM-common_primes", "certificate_transparency", "cert_expirationStatus", "cert_chain_of_trust"}
# What only testssl.sh tells: itself, HTTP, what needs a handshake that is ended or an attack tried, what it prints of clients.
OTHERS = ("scan", "engine", "service", "pre_128", "NPN", "HTTP_", "HSTS", "HPKP", "banner", "cookie", "security_headers", "CCS", "ROBOT", "ticketbleed", "secure_client", "session", "TLS_extensions", "TLS_session_ticket", "SSL_sessionID", "TLS_timestamp", "cert_commonName_wo_SNI", "cert_certificatePolicies_EV", "cert_eTLS", "DROWN_hint", "DNS_CAArecord", "cipher_order_", "cipherorder_", "cipher_x", "clientsimulation", "cert <", "RSA_")
FLAGS = "-p -s -f -P -S -H -C -O -Z -W -F -D -J -A -L -4".split()


def sh(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificates(place: Path):
    at = lambda name: str(place / name)
    sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("ca.key"), "-out", at("ca.pem"), "-days", "3000", "-subj", "/CN=Bench CA/O=Bench/C=FR")
    for name, key, days, names in [("rsa", "rsa:2048", 90, "*.bench.test"), ("ec", "ec", 40, "*.bench.test"), ("other", "rsa:4096", 900, "else.test"), ("short", "rsa:3072", 10, "*.bench.test")]:
        kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1"] if key == "ec" else ["-newkey", key]
        sh("openssl", "req", *kind, "-nodes", "-keyout", at(name + ".key"), "-out", at(name + ".csr"), "-subj", "/CN=" + names.replace("*.", ""))
        (place / "ext").write_text(f"subjectAltName=DNS:{names}\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n")
        sh("openssl", "x509", "-req", "-in", at(name + ".csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", str(days), "-extfile", at("ext"), "-out", at(name + ".pem"))
    sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("self.key"), "-out", at("self.pem"), "-days", "4000", "-subj", "/CN=h7.bench.test", "-addext", "subjectAltName=DNS:h7.bench.test")
    sh("openssl", "dhparam", "-dsaparam", "-out", at("dh1024.pem"), "1024")


def main() -> int:
    vigie = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/debug/vigie")
    testssl = sys.argv[2] if len(sys.argv) > 2 else "testssl"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        certificates(place)
        conf = f"daemon on; pid {place}/pid; error_log {place}/error.log; worker_processes 1;\nevents {{ worker_connections 256; }}\nhttp {{ access_log off;\n"
        conf += "".join(f"{t}_temp_path {place}/t;\n" for t in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        for n, (tls, kind) in enumerate(CASES):
            conf += f"server {{ listen 127.0.7.{n + 1}:{PORT} ssl; server_name h{n}.bench.test; ssl_certificate {place}/{kind}.pem; ssl_certificate_key {place}/{kind}.key; {tls.replace('{place}', folder)} default_type text/html; location / {{ return 200 hello; }} }}\n"
        (place / "nginx.conf").write_text(conf + "}\n")
        subprocess.run(["nginx", "-e", "stderr", "-p", folder, "-c", str(place / "nginx.conf")], check=True)
        wrong = same = 0
        theirs_time = ours_time = 0.0
        try:
            time.sleep(0.5)
            for n, (tls, kind) in enumerate(CASES):
                host, address, out = f"h{n}.bench.test", f"127.0.7.{n + 1}", place / f"{n}.json"
                began = time.time()
                subprocess.run(["bash", testssl, "--quiet", "--color", "0", "--warnings", "off", *FLAGS, "--add-ca", str(place / "ca.pem"), "--ip", address, "--jsonfile", str(out), f"{host}:{PORT}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/bin:/usr/sbin"})
                between = time.time()
                ran = subprocess.run([vigie, "site", f"https://{host}:{PORT}", "--resolve", f"{host}:{PORT}:{address}", "--ca", str(place / "ca.pem"), "--json"], capture_output=True, text=True)
                ended = time.time()
                theirs_time, ours_time = theirs_time + between - began, ours_time + ended - between
                theirs = {r["id"]: (r["severity"], r["finding"].strip()) for r in json.loads(out.read_text())}
                ours = {k: (v["severity"], v["finding"].strip()) for k, v in json.loads(ran.stdout)["tls"].items()} if ran.stdout else {}
                print(f"{host} {kind} {tls[:70]}: {between - began:.0f} s | {ended - between:.1f} s {ran.stderr[:200]}", flush=True)
                for id, (severity, finding) in theirs.items():
                    if id.startswith(OTHERS) or id == "cert":
                        continue
                    mine = ours.get(id)
                    fact = id.split(" ")[0] not in SENTENCES
                    if mine and mine[0] == severity and (not fact or sorted(mine[1].split()) == sorted(finding.split())):
                        same += 1
                        continue
                    wrong += 1
                    print(f"  {id}: {severity} {finding[:110]} | {mine}", flush=True)
                for id in ours.keys() - theirs.keys():
                    if not id.startswith(OTHERS):
                        print(f"  only ours: {id} {ours[id]}", flush=True)
        finally:
            subprocess.run(["kill", (place / "pid").read_text().strip()])
            time.sleep(0.3)
    print(f"{same} results the same, {wrong} not; testssl.sh {theirs_time:.0f} s, Vigie {ours_time:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
