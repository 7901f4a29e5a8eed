#!/usr/bin/env python3
"""Checks a proof that a document was sealed. Standard library only, no network.
    python3 verify.py KEY PROOF FILE [HEAD]      KEY: the verifier key, or a file that holds it
Exit 0: proved, 1: not proved, 2: it cannot be said."""
import base64, hashlib, re, sys, unicodedata

D = b"vigie-seal/v1 "
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
d = -121665 * pow(121666, -1, P) % P
class No(Exception): pass
class CannotSay(Exception): pass
def need(ok, why):
    if not ok: raise No(why)
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def node(left, right): return sha(D, b"node\n", left, right)
def rfc6962(left, right): return sha(b"\1", left, right)
def unb64(text):
    try: raw = base64.b64decode(text, validate=True)
    except Exception: return None
    return raw if base64.b64encode(raw).decode() == text else None
def hash32(text): return raw if (raw := unb64(text)) is not None and len(raw) == 32 else None
def number(text): return int(text) if re.fullmatch("0|[1-9][0-9]{0,18}", text) and int(text) < 2**63 else need(0, "a number is none")
def climb(at, size, leaf, path, node):                   # RFC 9162 2.1.3.2
    if at >= size: return None
    last = size - 1
    for beside in path:
        if last == 0: return None
        if at & 1 or at == last:
            leaf = node(beside, leaf)
            while not at & 1: at, last = at >> 1, last >> 1
        else: leaf = node(leaf, beside)
        at, last = at >> 1, last >> 1
    return leaf if last == 0 else None
def point(raw):                                          # RFC 8032 5.1.3
    y = int.from_bytes(raw, "little") & (1 << 255) - 1
    u, v = (y * y - 1) % P, (d * y * y + 1) % P
    x = u * v**3 % P * pow(u * v**7 % P, (P - 5) // 8, P) % P
    if (v * x * x - u) % P: x = x * pow(2, (P - 1) // 4, P) % P
    if (v * x * x - u) % P: return None
    return (P - x if x & 1 != raw[31] >> 7 else x), y % P, 1
def add(p, q):                                           # projective: X/Z, Y/Z
    a, c, e = p[2] * q[2] % P, p[0] * q[0] % P, p[1] * q[1] % P
    b, f = a * a % P, d * c * e % P
    return a * (b - f) * ((p[0] + p[1]) * (q[0] + q[1]) - c - e) % P, a * (b + f) * (e + c) % P, (b - f) * (b + f) % P
def times(n, p):
    out = (0, 1, 1)
    while n: out, p, n = add(out, p) if n & 1 else out, add(p, p), n >> 1
    return out
BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
def signed(key, text, sig):                              # Ed25519, RFC 8032 5.1.7
    a, s = point(key), int.from_bytes(sig[32:], "little")
    if len(sig) != 64 or a is None or s >= L: return False
    h = int.from_bytes(hashlib.sha512(sig[:32] + key + text).digest(), "little") % L
    x, y, z = add(times(s, BASE), times(h, (P - a[0], a[1], 1)))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == sig[:32]
SPACE = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
def of_text(text):
    text = re.sub(SPACE, " ", re.sub("[\xad\u200b\u2060\ufeff]", "", text)).strip(" ")
    return sha(D, b"text\n", unicodedata.normalize("NFC", text).encode())
def digests(kind, file):
    if kind not in ("text", "paragraph", "sheet"): return [sha(D, b"bytes\n", file)]
    try: text = file.decode()
    except UnicodeDecodeError: return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if kind == "paragraph" else None
    return [of_text(t) for t in [text] + (lines.split("\n") + lines.split("\n\n") if lines is not None else [])]
def lines(raw):
    try: text = raw.decode()
    except UnicodeDecodeError: raise No("it is not UTF-8")
    need(text.endswith("\n") and not re.search("[\0-\x09\x0b-\x1f]", text), "it is no text of lines")
    return text[:-1].split("\n")
def path(rows):
    out = []
    while rows and hash32(rows[0]): out.append(hash32(rows.pop(0)))
    return out
def check(key, proof, file, head=None):
    """What is proved; raises No or CannotSay."""
    name, kid, k = (key.strip().split("+", 2) + ["", ""])[:3]
    k = unb64(k) or b""
    if len(k) != 33 or k[0] != 1 or sha(name.encode(), b"\n", k)[:4].hex() != kid: raise CannotSay("the key is no verifier key")
    first = proof.split(b"\n")[0]
    if first.startswith(b"c2sp.org/tlog-proof@v") and first != b"c2sp.org/tlog-proof@v1": raise CannotSay("unknown version")
    need(len(proof) <= 1 << 18, "it is too long")
    all_lines = lines(proof)
    need("" in all_lines and all_lines[0] == "c2sp.org/tlog-proof@v1", "it is no proof")
    top, note = all_lines[1:all_lines.index("")], all_lines[all_lines.index("") + 1:]
    need(len(top) >= 2 and top[0].startswith("extra ") and top[1].startswith("index "), "it is no proof of a seal")
    index, up, extra = number(top[1][6:]), [hash32(t) for t in top[2:]], unb64(top[0][6:])
    need(None not in up and extra is not None and "" in note, "it is no proof of a seal")
    end = len(note) - 1 - note[::-1].index("")
    text, sigs, ours = note[:end], note[end + 1:], 0
    need(len(text) >= 3 and "" not in text and 1 <= len(sigs) <= 100, "its checkpoint is none")
    size, root = number(text[1]), hash32(text[2])
    need(root, "its root is no hash")
    first = extra.split(b"\n")[0]
    if first.startswith(b"vigie-seal/v") and first != D.strip(): raise CannotSay("unknown version")
    rows = lines(extra)
    need(len(rows) >= 3 and rows[0] == "vigie-seal/v1", "its extra field is not understood")
    m = re.fullmatch("part (bytes|text|paragraph|attachment|sheet|sketch|record) ([0-9]+) of ([0-9]+)", rows[1], re.A)
    salt = unb64(rows[2][5:]) if rows[2].startswith("salt ") else None
    need(m and salt and len(salt) == 16, "its extra field is not understood")
    kind, at, of, rows = m[1], number(m[2]), number(m[3]), rows[3:]
    beside, absent, near, record = path(rows), None, {}, b""
    if rows:
        absent = rows.pop(0)[7:] if kind == "record" and rows[0] in ("absent bytes", "absent text") else need(0, "its extra field is not understood")
        record = unb64(rows.pop(0)[7:]) if rows and rows[0].startswith("record ") else None
        need(record is not None, "its record is none")
        for word in ("below", "above"):
            if rows and rows[0].startswith(word + " "):
                w = rows.pop(0).split(" ")
                need(len(w) == 3 and hash32(w[2]), "a neighbour is none")
                near[word] = number(w[1]), hash32(w[2]), path(rows)
        need(not rows, "its extra field is not understood")
    for line in sigs:
        w = line[2:].split(" ", 1)
        sig = unb64(w[1]) if len(w) == 2 and line[:2] == "\u2014 " and w[0] else None
        need(sig and len(sig) > 4, "a line below its checkpoint is no signature")
        if w[0] == name == text[0] and sig[:4].hex() == kid:
            need(signed(k[1:], ("\n".join(text) + "\n").encode(), sig[4:]), "bad signature"); ours += 1
    need(ours, "the key did not sign it")
    if head: need(head.strip().removeprefix("head: ").split()[:3] == text[:3], "it is of another head: " + " ".join(text[:3]))
    for digest in [sha(D, b"bytes\n", record)] if absent else digests(kind, file):
        top = climb(at, of, sha(D, b"part ", kind.encode(), b"\n", salt, digest), beside, node)
        entry = top and sha(D, b"entry\n", of.to_bytes(8, "big"), top)
        if entry and climb(index, size, sha(b"\0", entry), up, rfc6962) == root: break
    else: raise No("this is not what was sealed, or the proof was changed")
    need(absent or kind != "record", "it says nothing of its record")
    if not absent: return f"{kind} was sealed at head {size} of {name} (entry {index}, part {at} of {of})"
    r = lines(record)
    word = lambda n, w: r[n][len(w) + 1:] if len(r) > n and r[n].startswith(w + " ") else need(0, "its record is none")
    need(r[0] == "vigie-seal/v1 record", "its record is none")
    entries, forgotten, keys, top, pepper = number(word(1, "entries")), number(word(2, "forgotten")), number(word(3, "keys")), hash32(word(4, "root")), hash32(word(5, "pepper"))
    need(top and pepper and entries == index and index + 1 == size, "its record is not of this head")
    low, high = near.get("below"), near.get("above")
    need(low or high, "it has no neighbours")
    for n in near.values(): need(climb(n[0], keys, sha(D, b"absent\n", n[1]), n[2], node) == top, "a neighbour is not in the record")
    need((low[0] if low else -1) + 1 == (high[0] if high else keys), "its neighbours are none")
    found = [sha(D, b"key ", absent.encode(), b"\n", pepper, digest) for digest in digests(absent, file)]
    need(found and all((not low or low[1] < k) and (not high or k < high[1]) for k in found), "the neighbours are not those of this file")
    if forgotten: raise CannotSay(f"{forgotten} entries were forgotten")
    return f"{absent} was not committed at head {size} of {name}; covered were: " + "; ".join(r[6:])
def main(key, proof, file, head=""):
    read = lambda p: open(p, "rb").read()
    try:
        key = read(key).decode() if "+" not in key else key
        print("proved:", check(key, read(proof), read(file), head)); return 0
    except No as e: print("not proved:", e); return 1
    except Exception as e: print("cannot say:", e); return 2
if __name__ == "__main__": sys.exit(main(*sys.argv[1:]) if 4 <= len(sys.argv) <= 5 else print(__doc__) or 2)
