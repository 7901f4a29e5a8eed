#!/usr/bin/env python3
"""Checks a proof that a document was sealed, or was not. Standard library only, no network.
    python3 verify.py KEY PROOF FILE [HEAD]      KEY: a verifier key or its file. Exit 0: proved, 1: not, 2: cannot say"""
import base64, hashlib, re, sys, unicodedata
D, P, L = b"vigie-seal/v1 ", 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
d = -121665 * pow(121666, -1, P) % P
No, CannotSay = (type(name, (Exception,), {}) for name in ("No", "CannotSay"))
def need(ok, why):
    if not ok: raise No(why)
    return ok
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def unb64(text):                                         # base64 in its one form, or None
    try: return need(base64.b64encode(raw := base64.b64decode(text, validate=True)).decode() == text, "") and raw
    except Exception: return None
def hash32(text): return raw if len(raw := unb64(text) or b"") == 32 else None
def number(text): return int(need(re.fullmatch("0|[1-9][0-9]{0,18}", text) and int(text) < 2**63 and text, "a number is none"))
def climb(at, size, leaf, path, node):                   # RFC 9162 2.1.3.2
    last = size - 1
    for beside in path if at < size else []:
        if last == 0: return None
        leaf = node(beside, leaf) if (right := at & 1 or at == last) else node(leaf, beside)
        while right and not at & 1: at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return leaf if last == 0 <= at < size else None
def node(left, right): return sha(D, b"node\n", left, right)
def point(raw):                                          # Ed25519: RFC 8032 5.1
    y = int.from_bytes(raw, "little") & (1 << 255) - 1
    x = (u := (y * y - 1) % P) * (v := (d * y * y + 1) % P)**3 % P * pow(u * v**7 % P, (P - 5) // 8, P) % P
    if (v * x * x - u) % P: x = x * pow(2, (P - 1) // 4, P) % P
    return None if (v * x * x - u) % P else (P - x if x & 1 != raw[31] >> 7 else x, y % P, 1)
def add(p, q):
    a, c, e = p[2] * q[2] % P, p[0] * q[0] % P, p[1] * q[1] % P
    b, f = a * a % P, d * c * e % P
    return a * (b - f) * ((p[0] + p[1]) * (q[0] + q[1]) - c - e) % P, a * (b + f) * (e + c) % P, (b - f) * (b + f) % P
def times(n, p): return add(times(n >> 1, add(p, p)), p if n & 1 else (0, 1, 1)) if n else (0, 1, 1)
def signed(key, text, sig):
    if len(sig) != 64 or not (a := point(key)) or (s := int.from_bytes(sig[32:], "little")) >= L: return False
    h = int.from_bytes(hashlib.sha512(sig[:32] + key + text).digest(), "little") % L
    x, y, z = add(times(s, point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))), times(h, (P - a[0], a[1], 1)))
    return (y * pow(z, -1, P) % P | (x * pow(z, -1, P) % P & 1) << 255).to_bytes(32, "little") == sig[:32]
def digests(kind, file):                                 # what the file may be as a part of this kind
    if kind not in ("text", "paragraph", "sheet"): return [sha(D, b"bytes\n", file)]
    try: texts = [file.decode("utf-16" if file[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")]
    except UnicodeDecodeError: return []
    if kind == "paragraph": texts += (rows := re.sub("\r\n?", "\n", texts[0])).split("\n") + rows.split("\n\n")
    spaces = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
    texts = [re.sub(spaces, " ", re.sub("[\xad\u200b\u2060\ufeff]", "", t)).strip(" ") for t in texts]
    return [sha(D, b"text\n", unicodedata.normalize("NFC", t).encode()) for t in texts]
def lines(raw, version):
    first = raw.split(b"\n")[0].decode("latin-1")
    if first.startswith(version[:-1]) and first != version and version[-1] == "1": raise CannotSay("unknown version")
    need(len(raw) <= 1 << 18 and not re.search(rb"[\0-\x09\x0b-\x1f]", raw) and raw.endswith(b"\n"), "it is no text of lines")
    try: return need(raw.decode().split("\n")[:-1], "")
    except UnicodeDecodeError: raise No("it is not UTF-8")
def hashes(rows): return [hash32(rows.pop(0)) for _ in range(next((i for i, r in enumerate(rows) if not hash32(r)), len(rows)))]
def after(rows, word): return need(rows and rows[0].startswith(word + " "), "`%s` is wanted" % word) and rows.pop(0)[len(word) + 1:]
def check(key, proof, file, head=""):
    """What is proved, in words; raises No or CannotSay."""
    name, kid, k = (key.strip().split("+", 2) + ["", ""])[:3]
    if len(k := unb64(k) or b"") != 33 or k[0] != 1 or sha(name.encode(), b"\n", k)[:4].hex() != kid: raise CannotSay("the key is none")
    rows = lines(proof, "c2sp.org/tlog-proof@v1")
    gap = need("" in rows and rows.pop(0) == "c2sp.org/tlog-proof@v1" and "" in rows and rows.index(""), "it is no proof")
    extra, index, up = unb64(after(top := rows[:gap], "extra")), number(after(top, "index")), hashes(top)
    need(not top and extra is not None and "" in (note := rows[gap + 1:]), "it is no proof of a seal")
    end = len(note) - 1 - note[::-1].index("")
    text, sigs = note[:end], [re.fullmatch("\u2014 ([^ ]+) (.*)", line) for line in note[end + 1:]]
    need(len(text) > 2 and "" not in text and 0 < len(sigs) < 101 and all(s and len(unb64(s[2]) or b"") > 4 for s in sigs), "its checkpoint is none")
    size, root = number(text[1]), need(hash32(text[2]), "its root is no hash")
    rows = lines(extra, "vigie-seal/v1")
    part = re.fullmatch("(bytes|text|paragraph|attachment|sheet|sketch|record) ([0-9]+) of ([0-9]+)", after(need(rows[0] == "vigie-seal/v1" and rows[1:], "no seal"), "part"))
    kind, at, of = need(part, "its part is none")[1], number(part[2]), number(part[3])
    salt, beside, absent, near = need(len(s := unb64(after(rows := rows[2:], "salt")) or b"") == 16 and s, "no salt"), hashes(rows), None, {}
    if rows:
        absent, record = after(rows, "absent"), unb64(after(rows, "record"))
        near = {w: (number((v := after(rows, w).split(" "))[0]), need(len(v) == 2 and hash32(v[1]), "no key"), hashes(rows)) for w in ("below", "above") if rows and rows[0].startswith(w)}
        need(not rows and kind == "record" and absent in ("bytes", "text") and record is not None, "its extra field is not understood")
    ours = [sig for s in sigs if s[1] == name == text[0] and (sig := unb64(s[2]))[:4].hex() == kid]
    need(ours and all(signed(k[1:], ("\n".join(text) + "\n").encode(), sig[4:]) for sig in ours), "the key did not sign it")
    need(not head.strip() or head.strip().removeprefix("head: ").split()[:3] == text[:3], "it is of another head: " + " ".join(text[:3]))
    def sealed(digest):
        top = climb(at, of, sha(D, b"part ", kind.encode(), b"\n", salt, digest), beside, node)
        return top and climb(index, size, sha(b"\0", sha(D, b"entry\n", of.to_bytes(8, "big"), top)), up, lambda a, b: sha(b"\1", a, b)) == root
    need(any(map(sealed, [sha(D, b"bytes\n", record)] if absent else digests(kind, file))), "this is not what was sealed, or the proof was changed")
    if not absent: return need(kind != "record", "it says nothing of its record") and f"the {kind} {'were' if kind == 'bytes' else 'was'} sealed at head {size} of {name} (entry {index}, part {at} of {of})"
    need((rows := lines(record, "vigie-seal/v1 record")).pop(0) == "vigie-seal/v1 record", "its record is none")
    entries, forgotten, keys, top, pepper = (f(after(rows, w)) for f, w in ((number, "entries"), (number, "forgotten"), (number, "keys"), (hash32, "root"), (hash32, "pepper")))
    need(top and pepper and entries == index == size - 1, "its record is not of this head")
    low, high = near.get("below"), near.get("above")
    need(near and (low[0] if low else -1) + 1 == (high[0] if high else keys), "its neighbours are none")
    need(all(climb(n[0], keys, sha(D, b"absent\n", n[1]), n[2], node) == top for n in near.values()), "a neighbour is not in the record")
    found = [sha(D, b"key ", absent.encode(), b"\n", pepper, digest) for digest in digests(absent, file)]
    need(found and all((not low or low[1] < f) and (not high or f < high[1]) for f in found), "the neighbours are not those of this file")
    if forgotten: raise CannotSay(f"{forgotten} entries were forgotten")
    return f"the {absent} {'were' if absent == 'bytes' else 'was'} not committed at head {size} of {name}; covered were: " + "; ".join(rows)
def main(key, proof, file, head=""):
    read = lambda path: open(path, "rb").read()
    try: print("proved:", check(key if "+" in key else read(key).decode(), read(proof), read(file), head))
    except Exception as e: return print("not proved:" if (no := isinstance(e, No)) else "cannot say:", e) or 2 - no
    return 0
if __name__ == "__main__": sys.exit(main(*sys.argv[1:]) if 4 <= len(sys.argv) <= 5 else print(__doc__) or 2)
