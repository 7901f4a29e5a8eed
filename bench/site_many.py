#!/usr/bin/env python3
"""How long `vigie site` takes for 100 sites on this machine, and for hosts that do not behave. Run by hand; nothing here is a test.

    apt-get install nginx-light
    python3 bench/site_many.py [target/debug/vigie]

nginx serves 100 names over HTTP and HTTPS at 127.0.9.1, ports 80 and 443. Printed: seconds
for all, and for one server each that drips a handshake, drips an answer, and answers without end.
"""
import usage
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NUMBER = 100
ADDRESS = "127.0.9.1"


def listen(answer):
    server = socket.create_server(("127.0.0.1", 0))

    def each():
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(client,), daemon=True).start()

    threading.Thread(target=each, daemon=True).start()
    return server.getsockname()[1]


def drip_handshake(client):
    try:
        client.sendall(bytes([22, 3, 3, 64, 0]))
        while True:
            client.sendall(b"\0")
            time.sleep(0.05)
    except OSError:
        pass


def drip_answer(client):
    try:
        while True:
            client.sendall(b"H")
            time.sleep(1)
    except OSError:
        pass


def endless(client):
    try:
        client.recv(4096)
        client.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4294967296\r\n\r\n")
        while True:
            client.sendall(b"<" * 65536)
    except OSError:
        pass


def main() -> int:
    vigie = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/debug/vigie")
    hosts = [f"h{n}.many.test" for n in range(NUMBER)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", place / "key.pem", "-out", place / "ca.pem", "-days", "90", "-subj", "/CN=many.test", "-addext", "subjectAltName=DNS:*.many.test"], check=True, capture_output=True)
        conf = f"daemon on; pid {place}/pid; error_log {place}/error.log; worker_processes 1;\nevents {{ worker_connections 512; }}\nhttp {{ access_log off; server_names_hash_bucket_size 128;\n"
        conf += "".join(f"{t}_temp_path {place}/t;\n" for t in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        conf += f"ssl_certificate {place}/ca.pem; ssl_certificate_key {place}/key.pem; default_type text/html;\n"
        for host in hosts:
            conf += f"server {{ listen {ADDRESS}:80; listen {ADDRESS}:443 ssl; server_name {host}; location / {{ return 200 '<p>{host}</p>'; }} }}\n"
        (place / "nginx.conf").write_text(conf + "}\n")
        (place / "list").write_text("\n".join(hosts))
        subprocess.run(["nginx", "-e", "stderr", "-p", folder, "-c", str(place / "nginx.conf")], check=True)
        try:
            time.sleep(0.5)
            command = [vigie, "site", "--list", str(place / "list"), "--ca", str(place / "ca.pem"), "--json"]
            for host in hosts:
                command += ["--resolve", f"{host}:443:{ADDRESS}"]
            began = time.time()
            ran = subprocess.run(command, capture_output=True, text=True)
            took = time.time() - began
        finally:
            subprocess.run(["kill", (place / "pid").read_text().strip()])
            time.sleep(0.3)
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    whole = sum(1 for t in told if t["grade"] and t["tls"] and not t["unanswered"])
    print(f"{len(told)} of {NUMBER} sites examined, {whole} of them in full, {took:.1f} s")
    for name, answer, scheme in [("a handshake that drips", drip_handshake, "https"), ("an answer of a byte a second", drip_answer, "http"), ("4 GiB", endless, "http")]:
        port = listen(answer)
        began = time.time()
        ran = subprocess.run([vigie, "site", f"{scheme}://127.0.0.1:{port}", "--json"], capture_output=True, text=True)
        print(f"{name}: {time.time() - began:.1f} s, exit {ran.returncode}, {ran.stderr.strip()[:120]}")
    return 0 if len(told) == NUMBER else 1


if __name__ == "__main__":
    sys.exit(main())
