#!/usr/bin/env python3
"""Fits the weights of `mail/content/sign.rs` to measured signs by logistic regression, drawn towards the weights that
stand there (a Gaussian prior), and shows what each set would reach.

    cargo run --release -p sensors --example mail_score -- --matrix 1:lure=DIR 0:ham=DIR … > signs.txt
    python3 bench/mail_weights.py crates/sensors/src/mail/content/sign.rs signs.txt [--fit]

A set's name begins with its label: 1 phishing, 0 honest, anything else is only shown."""
import math, re, sys
from collections import defaultdict
src = open(sys.argv[1]).read()
table = {}
for name, group, weight in re.findall(r"^    (\w+) (\w+) (-?\d+)$", src, re.M):
    snake = re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
    table[snake] = (group, float(weight))
prior = float(re.search(r"PRIOR: i16 = (-?\d+)", src).group(1))
for arg in sys.argv[3:]:
    if "=" in arg:
        k, v = arg.split("=")
        if k == "prior": prior = float(v)
        else: table[k] = (table[k][0], float(v))
rows = []
for line in open(sys.argv[2]):
    f = line.split()
    rows.append((f[0], f[2], f[3:]))
def features(signs):
    groups = defaultdict(list)
    for s in set(signs):
        if s in table: groups[table[s][0]].append(s)
    x = {}
    for g, all in groups.items():
        all.sort(key=lambda s: -abs(table[s][1]))
        for i, s in enumerate(all):
            x[s] = 1.0 if i == 0 or g in ("Lure", "Tone", "Against") else 1 / 3
    return x
X = [features(r[2]) for r in rows]
w = {k: v[1] for k, v in table.items()}
def total(x): return prior + sum(w[s] * v for s, v in x.items())
if "--fit" in sys.argv:
    data = [(x, int(r[0][0])) for x, r in zip(X, rows) if r[0][0] in "01"]
    n1 = sum(y for _, y in data); n0 = len(data) - n1
    w0 = dict(w)
    for step in range(400):
        g = defaultdict(float)
        for x, y in data:
            p = 1 / (1 + math.exp(-max(-30, min(30, total(x) / 10))))
            e = (y - p) / (n1 if y else n0) * 400
            for s, v in x.items(): g[s] += e * v / 10
        for s in w: w[s] += 0.4 * (g[s] - (w[s] - w0[s]) / 8)
    for s in sorted(w, key=lambda s: w[s] - w0[s]):
        if abs(w[s] - w0[s]) >= 2: print(f"{s} {w0[s]:.0f} -> {w[s]:.0f}")
sets = defaultdict(list)
for r, x in zip(rows, X): sets[r[0]].append((total(x), r[1], r[2]))
for name, all in sets.items():
    cut = lambda t: 100 * sum(s >= t for s, _, _ in all) / len(all)
    print(f"{name:12} n={len(all):4}  medium+ {cut(0):6.2f} %   low+ {cut(-11):6.2f} %   at -5: {cut(-5):6.2f} %  at -10: {cut(-10):6.2f} %")
if "--show" in sys.argv:
    for name, all in sets.items():
        wrong = [a for a in all if (a[0] >= -4 if name[0] == "0" else a[0] < 0 if name[0] == "1" else False)]
        for s, f, k in sorted(wrong)[:25] if name[0] == "1" else sorted(wrong)[-12:]: print(f"{name} {s:.0f} {f.split('/')[-1]} {' '.join(k)}")
