#!/usr/bin/env python3
"""Headers graded by Vigie beside MDN's HTTP Observatory, on sites of this machine. Run by hand; nothing here is a test.

    npm install --ignore-scripts --prefix /tmp/observatory @mdn/mdn-http-observatory@1.4.8
    python3 bench/site_observatory.py /tmp/observatory [target/debug/vigie]

nginx serves each case under a name of its own at ports 80 and 443 of 127.0.0.1 (who runs this needs the right to them).
The Observatory is called from Node with `dns.lookup` led here; it is the reference at test time only. Printed: each
difference of grade, score, result or modifier; which results were met; how long both took. Exit 1 on a difference.
"""
import usage
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCAN = """
import dns from 'node:dns';
const lookup = dns.lookup;
dns.lookup = (name, options, done) => {
  if (typeof options === 'function') { done = options; options = {}; }
  if (!name.endsWith('.test')) return lookup(name, options, done);
  const family = 4, address = '127.0.0.1';
  return process.nextTick(() => options && options.all ? done(null, [{ address, family }]) : done(null, address, family));
};
const { scan } = await import(process.argv[2] + '/node_modules/@mdn/mdn-http-observatory/src/scanner/index.js');
for (const host of process.argv.slice(3)) {
  try {
    const r = await scan(host);
    const tests = Object.fromEntries(Object.entries(r.tests).map(([n, t]) => [n, { result: t.result, score_modifier: t.scoreModifier }]));
    console.log(JSON.stringify({ host, grade: r.scan.grade, score: r.scan.score, tests }));
  } catch (e) { console.log(JSON.stringify({ host, error: String(e.message || e) })); }
}
process.exit(0);
"""
H = "Strict-Transport-Security: max-age=63072000"
CSP = "Content-Security-Policy: "
SRI = "integrity='sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC'"
# Headers of the answer over HTTPS, its body; `plain` is what port 80 does, `type` the kind of body.
CASES = [
    ([], "", {}),
    ([H, "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", CSP + "default-src 'none'; frame-ancestors 'none'", "Referrer-Policy: no-referrer", "Cross-Origin-Resource-Policy: same-origin"], "", {}),
    ([H, CSP + "default-src 'self'"], "", {}),
    ([H, CSP + "default-src 'self' 'unsafe-inline'"], "", {}),
    ([H, CSP + "script-src 'self' 'unsafe-eval'; object-src 'none'"], "", {}),
    ([H, CSP + "default-src 'none'; img-src http:"], "", {}),
    ([H, CSP + "default-src http://a.test"], "", {}),
    ([H, CSP + "default-src 'none'; style-src 'unsafe-inline'"], "", {}),
    ([H, CSP + "script-src 'strict-dynamic' 'nonce-abc' https: 'unsafe-inline'; object-src 'none'"], "", {}),
    ([H, CSP + "script-src 'strict-dynamic'"], "", {}),
    ([H, CSP + "default-src 'self'; default-src 'none'"], "", {}),
    ([H, CSP + "default-src 'self'; report-uri /a; report-uri /b"], "", {}),
    ([H, CSP + "x"], "", {}),
    ([H, "Content-Security-Policy-Report-Only: default-src 'self'"], "", {}),
    ([H], "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">", {}),
    ([H, CSP + "default-src 'self'"], "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\">", {}),
    ([H, CSP + "default-src 'self'", CSP + "script-src 'none'"], "", {}),
    ([H, CSP + "frame-ancestors 'none'"], "", {}),
    ([H, CSP + "script-src data:; object-src 'none'"], "", {}),
    ([H, CSP + "default-src *"], "", {}),
    ([H, "Set-Cookie: a=1; Secure; HttpOnly; SameSite=Lax"], "", {}),
    ([H, "Set-Cookie: a=1; Secure"], "", {}),
    ([H, "Set-Cookie: a=1"], "", {}),
    (["Set-Cookie: a=1"], "", {}),
    ([H, "Set-Cookie: sessionid=1; HttpOnly"], "", {}),
    (["Set-Cookie: sessionid=1; HttpOnly"], "", {}),
    ([H, "Set-Cookie: sessionid=1; Secure"], "", {}),
    ([H, "Set-Cookie: csrftoken=1; Secure"], "", {}),
    ([H, "Set-Cookie: a=1; Secure; SameSite=Maybe"], "", {}),
    ([H, "Set-Cookie: a=1; SameSite=None"], "", {}),
    ([H, "Access-Control-Allow-Origin: *"], "", {}),
    ([H, "Access-Control-Allow-Origin: https://other.test"], "", {}),
    ([H, "Access-Control-Allow-Origin: $http_origin", "Access-Control-Allow-Credentials: true"], "", {}),
    ([H], "", {"plain": "none"}),
    ([H], "", {"plain": "page"}),
    ([H], "", {"plain": "301 http://$host/again"}),
    ([H], "", {"plain": "301 https://other.obs.test/"}),
    ([H], "", {"plain": "302 https://$host/there"}),
    ([H, "Referrer-Policy: unsafe-url"], "", {}),
    ([H, "Referrer-Policy: strict-origin-when-cross-origin"], "", {}),
    ([H, "Referrer-Policy: no-referrer, nonsense"], "", {}),
    ([H, "Referrer-Policy: nonsense"], "", {}),
    ([H], "<meta name='referrer' content='same-origin'>", {}),
    (["Strict-Transport-Security: max-age=86400"], "", {}),
    (["Strict-Transport-Security: nonsense"], "", {}),
    (["Strict-Transport-Security: max-age=31536000; includeSubDomains; preload"], "", {}),
    ([H], "<script src='https://cdn.other.test/a.js'></script>", {}),
    ([H], f"<script src='https://cdn.other.test/a.js' {SRI}></script>", {}),
    ([H], "<script src='http://cdn.other.test/a.js'></script>", {}),
    ([H], f"<script src='http://cdn.other.test/a.js' {SRI}></script>", {}),
    ([H], "<script src='/a.js'></script>", {}),
    ([H], f"<script src='/a.js' {SRI}></script>", {}),
    ([H], "<script src='//cdn.other.test/a.js'></script>", {}),
    ([H], "<script>1</script>", {}),
    ([H], "{}", {"type": "application/json"}),
    ([H, "X-Content-Type-Options: maybe"], "", {}),
    ([H, "X-Frame-Options: SAMEORIGIN"], "", {}),
    ([H, "X-Frame-Options: ALLOW-FROM https://a.test"], "", {}),
    ([H, "X-Frame-Options: maybe"], "", {}),
    ([H, "Cross-Origin-Resource-Policy: same-site"], "", {}),
    ([H, "Cross-Origin-Resource-Policy: cross-origin"], "", {}),
    ([H, "Cross-Origin-Resource-Policy: maybe"], "", {}),
    ([H], "", {"certificate": "bad"}),
    ([H], "", {"status": "403"}),
]


def sh(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificates(place: Path):
    at = lambda name: str(place / name)
    sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("ca.key"), "-out", at("ca.pem"), "-days", "30", "-subj", "/CN=bench")
    sh("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", at("own.key"), "-out", at("own.csr"), "-subj", "/CN=obs.test")
    (place / "ext").write_text("subjectAltName=DNS:*.obs.test\n")
    sh("openssl", "x509", "-req", "-in", at("own.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "30", "-extfile", at("ext"), "-out", at("own.pem"))
    sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("bad.key"), "-out", at("bad.pem"), "-days", "30", "-subj", "/CN=nobody")


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def configuration(place: Path) -> str:
    out = f"daemon on; pid {place}/pid; error_log {place}/error.log; worker_processes 1;\nevents {{ worker_connections 512; }}\nhttp {{ access_log off; server_names_hash_bucket_size 128;\n"
    out += "".join(f"{t}_temp_path {place}/t;\n" for t in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    for n, (headers, body, more) in enumerate(CASES):
        host = f"h{n:02}.obs.test"
        lines = "".join(f"add_header {name} {quoted(value)} always; " for name, value in (h.split(": ", 1) for h in headers))
        page = f"default_type {more.get('type', 'text/html')}; {lines} location = /robots.txt {{ return 404; }} location / {{ return {more.get('status', '200')} {quoted(body or 'hello')}; }}"
        name = "bad" if more.get("certificate") else "own"
        out += f"server {{ listen 127.0.0.1:443 ssl; server_name {host}; ssl_certificate {place}/{name}.pem; ssl_certificate_key {place}/{name}.key; {page} }}\n"
        plain = more.get("plain", "301 https://$host/")
        if plain == "none":
            out += f"server {{ listen 127.0.0.1:80; server_name {host}; return 444; }}\n"
        elif plain == "page":
            out += f"server {{ listen 127.0.0.1:80; server_name {host}; {page} }}\n"
        elif plain.endswith("/again"):
            out += f"server {{ listen 127.0.0.1:80; server_name {host}; location = / {{ return {plain}; }} location / {{ return 301 https://$host/; }} }}\n"
        else:
            out += f"server {{ listen 127.0.0.1:80; server_name {host}; return {plain}; }}\n"
    out += f"server {{ listen 127.0.0.1:443 ssl; server_name other.obs.test; ssl_certificate {place}/own.pem; ssl_certificate_key {place}/own.key; default_type text/html; add_header {H.replace(': ', ' ', 1).replace('max-age', chr(34) + 'max-age')}\" always; location / {{ return 200 other; }} }}\n"
    return out + "}\n"


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    observatory, vigie = Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "target/debug/vigie")
    conf = observatory / "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json"
    if not conf.exists():
        conf.write_text("{}")
    hosts = [f"h{n:02}.obs.test" for n in range(len(CASES))]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        certificates(place)
        (place / "nginx.conf").write_text(configuration(place))
        (place / "scan.mjs").write_text(SCAN)
        subprocess.run(["nginx", "-e", "stderr", "-p", folder, "-c", str(place / "nginx.conf")], check=True)
        try:
            time.sleep(0.5)
            began = time.time()
            node = subprocess.run(["node", str(place / "scan.mjs"), str(observatory), *hosts], capture_output=True, text=True, env={"PATH": "/usr/local/bin:/usr/bin:/bin", "NODE_EXTRA_CA_CERTS": str(place / "ca.pem")})
            theirs = {r["host"]: r for r in map(json.loads, node.stdout.splitlines())}
            between = time.time()
            (place / "list").write_text("\n".join(hosts))
            command = [vigie, "site", "--list", str(place / "list"), "--ca", str(place / "ca.pem"), "--json"]
            for host in hosts:
                command += ["--resolve", f"{host}:443:127.0.0.1"]
            ran = subprocess.run(command, capture_output=True, text=True)
            ours = {r["url"]: r for r in map(json.loads, ran.stdout.splitlines())}
            ended = time.time()
        finally:
            subprocess.run(["kill", (place / "pid").read_text().strip()])
            time.sleep(0.3)
    if not theirs:
        print(node.stderr[-2000:])
    wrong, met = 0, set()
    for n, host in enumerate(hosts):
        a, b = theirs.get(host, {"error": "nothing"}), ours.get(host, {"error": "nothing"})
        if "error" in a or "error" in b:
            print(f"{host} {CASES[n]}: {a.get('error')} | {b.get('error')} {ran.stderr[-300:] if 'error' in b else ''}")
            wrong += 1
            continue
        met |= {t["result"] for t in a["tests"].values()}
        differ = [f"{name}: {t['result']} {t['score_modifier']} | {b['tests'].get(name, {}).get('result')} {b['tests'].get(name, {}).get('score_modifier')}" for name, t in a["tests"].items() if (t["result"], t["score_modifier"]) != (b["tests"].get(name, {}).get("result"), b["tests"].get(name, {}).get("score_modifier"))]
        if differ or (a["grade"], a["score"]) != (b["grade"], b["score"]):
            wrong += 1
            print(f"{host} {CASES[n]}\n  {a['grade']} {a['score']} | {b['grade']} {b['score']}\n  " + "\n  ".join(differ))
    print(f"{len(hosts) - wrong} of {len(hosts)} sites the same; {len(met)} results met; Observatory {between - began:.1f} s, Vigie {ended - between:.1f} s (with TLS and the rest)")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
