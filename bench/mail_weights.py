#!/usr/bin/env python3
"""Fits the weights of `mail/content/sign.rs` to measured signs by logistic regression, drawn towards what was judged
before (`mail_weights.txt`, a Gaussian prior), and says what it would reach on mail it did not see: ten parts, each
judged by weights fitted to the other nine. A template's copies, and of `bench/mail_real.py` a whole kind of lure
(`prize`, `wallet` …), stand in one part. Words and brands of the lexicon are not left out with them; the columns
"of unknown houses, unknown words, without marks of tools" drop the signs that rest on such lists.

    for s in lures held real honest; do python3 bench/mail_$s.py /tmp/m/$s; done; H=../shared/data/mail
    cargo run --release -p sensors --example mail_score -- --matrix \
        0:easy1=$H/spamassassin-corpus/easy-ham-1 0:easy2=$H/spamassassin-corpus/easy-ham-2 \
        0:hard=$H/spamassassin-corpus/hard-ham-1 0:nice=$H/spamassassin-tests/nice 0:odd=/tmp/m/honest \
        1:spam1=$H/spamassassin-corpus/spam-1 1:spam2=$H/spamassassin-corpus/spam-2 x:sublime=$H/sublime-emls/emls \
        1:real-lure-d1=/tmp/m/real/lure-d1 0:real-honest-d1=/tmp/m/real/honest-d1 \
        $(for k in dev held; do echo 1:lures-$k=/tmp/m/lures/lure-$k 0:lhon-$k=/tmp/m/lures/honest-$k; done) \
        $(for k in a b c; do echo 1:held-$k=/tmp/m/held/lure-$k 0:hhon-$k=/tmp/m/held/honest-$k; done) > signs.txt
    python3 bench/mail_weights.py crates/sensors/src/mail/content/sign.rs signs.txt [--fit] [--show] [--write]

A set's name begins with its label: 1 phishing, 0 honest, anything else is only shown. `--fit` fits and cross-validates,
`--show` lists what is judged wrongly (after `--fit`: by weights that did not see it), `--write` puts the fitted weights
into the table."""
import usage
import math, re, sys, zlib
from collections import defaultdict
from pathlib import Path

WIDTH = float(next((a.split("=")[1] for a in sys.argv if a.startswith("--width=")), "8"))  # of the Gaussian around the weight that stands there, in tenths of log-odds
AGAINST = 4.0  # the same for what speaks against, which a sender can arrange who knows of it
# The prior, on which weights rest that no set tells of; a person's own name, which a stolen or free mailbox bears too;
# a link that lies, which the sets hold too seldom; what the sets' authors like more than the world does,
# or less: a borrowed name whose links stay on the borrower's own domain.
TIGHT = {"": 1.0, "name_fits_address": 2.0, "shown_other": 2.0, "brand_in_name": 2.0, "brand_elsewhere": 1.5,
         "cheap_sender": 2.0, "cheap_link": 2.0, "case_number": 2.0,
         "random_sender": 3.0, "shouts": 2.0, "hours": 3.0, "large_sum": 3.0, "odd_from": 4.0, "picture_twice": 4.0}
FOLDS = 10
TABLE = re.compile(r"^    (\w+) (-?\d+)$", re.M)
PRIOR = re.compile(r"PRIOR: i16 = (-?\d+)")
snake = lambda name: re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def group(name, path):
    """What must not stand on both sides: a template's copies, a kind of lure."""
    stem = Path(path).stem
    if "lures" in name or "lhon" in name:
        return f"{name} {(int(stem) - 1) // (12 if name[0] == '1' else 5)}"
    if "held" in name or "hhon" in name:
        return f"{name} {stem[:3]}"
    if "real" in name:
        # D1: a lure's kind; an honest mail's template.
        return f"real {stem.split('-')[1]}" if name[0] == "1" else f"{name} {stem[:3]}"
    return f"{name} {stem}"


# Signs that rest on lists of names and of words.
NAMES = re.compile("brand|borrowed_link")
# Marks of today's tools, which tomorrow's will not leave.
TOOLS = re.compile("^odd_from|^odd_header|^picture_twice|^to_and_copy|^return_nowhere|^junk|^stuffed|^random_|^sender_elsewhere|^made_else|^return_else|^came_from_else")
LISTED = re.compile("brand|borrowed_link|^credential|^payment|^parcel|^document$|^storage|^wallet|^authority|^prize|^infection|^several|^lure|^fortune|^extortion|^errand|^callback|^income|^urgency|^asks|^stranger|^ask_button|^links_away|^one_target|^free_page")


def seen(rows, share):
    """What is fitted to. A share of each lure's weight goes to copies without names, without names and words, and without
    marks of tools, so that the weights serve houses, wordings and tools that were not met."""
    data = []
    for name, label, _, signs in rows:
        whole = share(name, label)
        if label == 0:
            data.append((signs, 0, whole))
            continue
        bare = [s for s in signs if not LISTED.search(s)]
        data.append((signs, 1, whole * (1 - 3 * FORGET)))
        data.append(([s for s in signs if not NAMES.search(s)], 1, whole * FORGET))
        data.append((bare, 1, whole * FORGET))
        data.append(([s for s in signs if not TOOLS.search(s)], 1, whole * FORGET))
    return data


def fit(rows, start, free, passes=30):
    """Weights by coordinate descent (Newton's step for each); a sign keeps its direction. `rows`: signs, label, share."""
    w = dict(start)
    score = [w[""] + sum(w[s] for s in signs) for signs, _, _ in rows]
    having = defaultdict(list)
    for n, (signs, _, _) in enumerate(rows):
        for s in signs:
            having[s].append(n)
    having[""] = range(len(rows))
    for _ in range(passes):
        moved = 0
        for s, ns in having.items():
            if s not in free and s != "":
                continue
            g, h = 0.0, 1e-9
            for n in ns:
                p = 1 / (1 + math.exp(-max(-30.0, min(30.0, score[n] / 10))))
                g += rows[n][2] * (rows[n][1] - p) / 10
                h += rows[n][2] * p * (1 - p) / 100
            width = TIGHT.get(s, WIDTH if start[s] > 0 else AGAINST)
            new = w[s] + max(-6.0, min(6.0, (g - (w[s] - start[s]) / width**2) / (h + 1 / width**2)))
            if s:
                new = max(1.0, new) if start[s] > 0 else min(-1.0, new)
            step = new - w[s]
            if abs(step) > 1e-3:
                w[s] = new
                moved = max(moved, abs(step))
                for n in ns:
                    score[n] += step
        if moved < 0.05:
            break
    return w


def shares(rows):
    """What each set weighs: honest as much as phishing, the sets that look like real mail more. SpamAssassin's spam (`1:spam`) is
    no phishing, but real: it counts little."""
    heavy = lambda name: 3.0 if "real" in name else 2.0 if "hard" in name or "odd" in name else 0.1 if "1:spam" in name else 1.0
    total = {y: sum(heavy(n) for n, label, *_ in rows if label == y) for y in (0, 1)}
    return lambda name, label: heavy(name) * len(rows) / 2 / total[label] * (BALANCE if label == 0 else 1.0)


# A false alarm against a miss.
BALANCE = float(next((a.split("=")[1] for a in sys.argv if a.startswith("--balance=")), "3"))

# The share of each lure that is fitted without its names, without its names and words, and without marks of tools.
FORGET = float(next((a.split("=")[1] for a in sys.argv if a.startswith("--forget=")), "0.12"))


def main():
    src = open(sys.argv[1]).read()
    now = {snake(n): float(w) for n, w in TABLE.findall(src)}
    now[""] = float(PRIOR.search(src).group(1))
    judged = [line.split() for line in open(Path(__file__).with_suffix(".txt")) if line[0] != "#"]
    start = {"" if n == "PRIOR" else snake(n): float(w) for n, w in judged}
    assert start.keys() == now.keys(), start.keys() ^ now.keys()
    rows = []
    for line in open(sys.argv[2]):
        f = line.split()
        signs = [s for s in dict.fromkeys(f[3:]) if s in start]
        rows.append((f[0], int(f[0][0]) if f[0][0] in "01" else None, f[2], signs))
    total = lambda w, signs: w[""] + sum(w[s] for s in signs)
    judged = [total(now, r[3]) for r in rows]
    nameless, wordless, toolless = judged[:], judged[:], judged[:]
    w = now
    if "--fit" in sys.argv:
        known = [r for r in rows if r[1] is not None]
        share = shares(known)
        data = seen(known, share)
        count = defaultdict(int)
        for *_, signs in known:
            for s in signs:
                count[s] += 1
        free = {s for s, n in count.items() if n >= 4}
        w = fit(data, start, free)
        part = [zlib.crc32(group(r[0], r[2]).encode()) % FOLDS for r in rows]
        for fold in range(FOLDS):
            rest = [r for r, p in zip(rows, part) if r[1] is not None and p != fold]
            other = fit(seen(rest, share), start, free, 15)
            for n, r in enumerate(rows):
                if part[n] == fold:
                    judged[n] = total(other, r[3])
                    nameless[n] = total(other, [s for s in r[3] if not NAMES.search(s)])
                    toolless[n] = total(other, [s for s in r[3] if not TOOLS.search(s)])
                    wordless[n] = total(other, [s for s in r[3] if not LISTED.search(s)])
        for s in sorted(w, key=lambda s: w[s] - start[s]):
            if abs(w[s] - start[s]) >= 2:
                print(f"{s or 'PRIOR'} {start[s]:.0f} -> {w[s]:.0f}  ({count[s]})")
    sets = defaultdict(list)
    for r, j, a, b, c in zip(rows, judged, nameless, wordless, toolless):
        sets[r[0]].append((j, total(w, r[3]), r[2], r[3], a, b, c))
    print(f"{'set':18} {'n':>4}  unseen (cross-validated with --fit): medium, low or above; of unknown houses, also of unknown words; without marks of tools; and fitted to all: medium, low or above")
    for name, all in sets.items():
        cut = lambda i, t: f"{100 * sum(a[i] >= t for a in all) / len(all):6.2f} %"
        print(f"{name:18} {len(all):4}  {cut(0, 0)}  {cut(0, -11)}   {cut(4, 0)}  {cut(5, 0)}  {cut(6, 0)}   {cut(1, 0)}  {cut(1, -11)}")
    for label in "01":
        all = [a for name, s in sets.items() if name[0] == label for a in s]
        print(f"all {label}: " + "  ".join(f"at {t:+}: {100 * sum(a[0] >= t for a in all) / len(all):.2f} %" for t in (-10, -6, -3, 0, 3, 6, 10)))
    if "--show" in sys.argv:
        for name, all in sets.items():
            wrong = [a for a in all if name[0] == "0" and a[0] >= -4 or name[0] == "1" and a[0] < 0]
            for j, _, f, signs, *_ in sorted(wrong, key=lambda a: a[0] if name[0] == "1" else -a[0])[:40]:
                print(f"{name} {j:.0f} {f.split('/')[-1]} {' '.join(f'{s}:{w[s]:.0f}' for s in signs)}")
    if "--write" in sys.argv:
        put = lambda m: f"    {m[1]} {round(w[snake(m[1])])}"
        src = PRIOR.sub(lambda m: f"PRIOR: i16 = {round(w[''])}", TABLE.sub(put, src))
        open(sys.argv[1], "w").write(src)


main()
