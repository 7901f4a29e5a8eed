#!/usr/bin/env python3
"""Texts to measure the copied-text kernel on, and its peer.

  posts_text.py corpus OUT.tsv    group, language, kind, text: this project's own posts; verses in two English versions
                                  and a Spanish one (real rewordings and translations); fortunes and news (unrelated, or
                                  on one topic). Needs, and skips with a message what is missing:
                                  apt-get install diatheke libsword-utils sword-text-web sword-text-sparv fortunes
                                    fortunes-de fortunes-es fortunes-it fortunes-ru fortunes-pl
                                  pip download --no-deps bbible==0.2.1 gensim==4.4.0, unpacked under $POSTS_TEXT_WHEELS
  posts_text.py datasketch FILE N MinHash (128 permutations, 5-grams) and LSH of datasketch over the first N lines of
                                  what `copied_text speed 1000000 FILE` writes; pip install datasketch; one core
"""
import glob, json, os, random, re, subprocess, sys, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHEELS = Path(os.environ.get("POSTS_TEXT_WHEELS", "/tmp/posts-text"))
BOOKS = ["Ruth", "Esther", "Job", "Ecclesiastes", "Judges", "Jonah", "Acts", "Romans", "Hebrews", "James", "Galatians"]
flat = lambda s: re.sub(r"\s+", " ", s).strip()


def verses(module):
    raw = subprocess.run(["mod2imp", module], capture_output=True, text=True).stdout
    out, key = {}, None
    for line in raw.split("\n"):
        if line.startswith("$$$"):
            key = line[3:]
        elif key:
            line = re.sub(r"<note.*?</note>|<title.*?</title>", "", line)
            out[key] = flat(out.get(key, "") + " " + re.sub(r"<[^>]*>", "", line))
    return out


def corpus(out):
    rows, group = [], 0
    add = lambda *row: rows.append((group, *row))
    for line in (ROOT / "crates/sensors/examples/copied_text/texts.txt").read_text().split("\n"):
        if not line or line[0] == "#":
            continue
        kind, lang, text = line.split(" ", 2)
        group += kind == "o"
        add(lang, "own-" + kind, text)
    random.seed(5)
    seen = []  # news agencies and joke books copy as well: what is half another's words is left out

    def new(text):
        words = set(re.findall(r"\w{4,}", text.lower()))
        if any(2 * len(words & w) > 0.9 * min(len(words), len(w)) for w in seen):
            return False
        seen.append(words)
        return True

    try:
        web, rv = verses("engWEB2015eb"), verses("spaRV1909eb")
        kjv = json.loads((WHEELS / "bbible/data/kjv.json").read_text())
    except OSError as e:
        print("no verses:", e)
        web = {}
    for book in BOOKS if web else []:
        for chapter, all in kjv[book.lower()].items():
            for verse, text in all.items():
                key = f"{book} {chapter}:{verse}"
                if random.random() < 0.16 and 70 <= len(text) <= 300 and key in web and key in rv:
                    group += 1
                    add("en", "verse-o", flat(text))
                    add("en", "verse-r", web[key])
                    add("es", "verse-t", rv[key])
    news = glob.glob(str(WHEELS / "gensim/test/test_data/lee*.cor"))
    if not news:
        print("no news: gensim's wheel is not unpacked under", WHEELS)
    for path in sorted(news):
        for line in Path(path).read_text(errors="replace").split("\n"):
            sentences = re.split(r"(?<=[.?!])\s+(?=[A-Z])", flat(line))
            for n, text in enumerate([" ".join(sentences[:2]), " ".join(sentences[3:5]), " ".join(sentences[6:8])]):
                if len(text) > 60 and new(text):
                    group += 1
                    add("en", f"news-{n}", text[:400])
    base = "/usr/share/games/fortunes"
    roots = [base, os.environ.get("POSTS_TEXT_FORTUNES", base)]
    for lang in ["de", "es", "it", "ru", "pl", "en"]:
        texts = []
        for root in sorted(set(roots)):
            for path in sorted(glob.glob(f"{root}/{'' if lang == 'en' else lang + '/'}*")):
                if not path.endswith((".dat", ".u8")) and os.path.isfile(path):
                    texts += re.split(r"\n%+\n", Path(path).read_text(errors="ignore"))
        texts = sorted({flat(t.split("--")[0]) for t in texts})
        texts = [t for t in texts if 60 < len(t) < 350]
        if not texts:
            print("no fortunes of", lang)
        random.shuffle(texts)
        for text in texts[:700]:
            if new(text):
                group += 1
                add(lang, "fortune", text)
    with open(out, "w") as f:
        for row in rows:
            f.write("\t".join(map(str, row)) + "\n")
    print(len(rows), "texts,", group, "groups")


def datasketch(path, n):
    from datasketch import MinHash, MinHashLSH

    texts = Path(path).read_text().split("\n")[:n]
    start = time.process_time()
    lsh, pairs = MinHashLSH(threshold=0.5, num_perm=128), 0
    for i, text in enumerate(texts):
        sketch = MinHash(num_perm=128)
        sketch.update_batch({text[k : k + 5].encode() for k in range(max(1, len(text) - 4))})
        pairs += len(lsh.query(sketch))
        lsh.insert(i, sketch)
    seconds = time.process_time() - start
    print(f"datasketch: {len(texts)} texts, {pairs} pairs, {seconds:.1f} s, {len(texts) / seconds:.0f} texts/s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["corpus"]:
        corpus(sys.argv[2])
    elif sys.argv[1:2] == ["datasketch"]:
        datasketch(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(__doc__)
