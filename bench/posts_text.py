#!/usr/bin/env python3
"""Texts to measure the copied-text kernel on, and its peer.

  posts_text.py corpus OUT.tsv    group, language, kind, text: this project's own posts; verses in two English versions
                                  and a Spanish one (real rewordings and translations); fortunes and news (unrelated, or
                                  on one topic). Needs, and skips with a message what is missing:
                                  apt-get install diatheke libsword-utils sword-text-web sword-text-sparv fortunes
                                    fortunes-de fortunes-es fortunes-it fortunes-ru fortunes-pl
                                  pip download --no-deps bbible==0.2.1 gensim==4.4.0, unpacked under $POSTS_TEXT_WHEELS
  posts_text.py fresh VIGIE [DIR] another corpus, by another construction, through `vigie network --by text --csv`: posts
                                  with rewordings and translations (posts_text_seeds.txt) and seeded edits; forms filled in
                                  in six languages, no two of them copies. Each text is its own account. Precision and
                                  recall of pairs, by half: groups whose hash is odd are held back, only the other half's
                                  wrong pairs are shown. Texts and labels are left in DIR
  posts_text.py datasketch FILE N MinHash (128 permutations, 5-grams) and LSH of datasketch over the first N lines of
                                  what `copied_text speed 1000000 FILE` writes; pip install datasketch; one core
"""
import usage
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


FORMS = {
    "en": [
        "Weather for {city}: {sky} in the morning, {sky} later, {n} to {n} degrees, wind from the {wind} at {n} km/h",
        "FULL TIME: {city} {d} - {d} {city}. Goals by {name}, {name} and {name} in front of {n}00 spectators",
        "We are hiring! {city} needs a {job} ({n} hours a week). Apply before {day} with your CV and two references",
        "Get {n}% off all {goods} until {day} at our shop in {city}, free delivery on orders above {n} euros",
        "The {time} train from {city} to {city} is delayed by {n} minutes because of a {fault}. We apologise",
        "Latest poll in {city}: {name} {n}%, {name} {n}%, undecided {n}%. Margin of error three points, {n}00 people asked",
        "Happy birthday to my dear friend {name} from {city}, I wish you all the best, health, love and happiness!",
        "“The only thing necessary for {goods} to triumph is that the {job} of {city} does nothing”",
        "RIP {name}, {job} from {city}, who passed away on {day}. Our thoughts are with the family",
        "My daily horoscope: the stars say that {goods} will bring luck on {day}, avoid any {job} from {city}",
    ],
    "fr": [
        "Météo à {city} : {sky} le matin, {sky} ensuite, de {n} à {n} degrés, vent de {wind} à {n} km/h",
        "Score final : {city} {d} - {d} {city}. Buts de {name}, {name} et {name} devant {n}00 spectateurs",
        "On recrute ! {city} cherche un {job} ({n} heures par semaine). Candidatures avant {day} avec CV et références",
        "-{n} % sur tous nos {goods} jusqu'à {day} dans notre magasin de {city}, livraison gratuite dès {n} euros",
        "Le train de {time} entre {city} et {city} a {n} minutes de retard en raison d'un incident : {fault}",
        "Joyeux anniversaire à mon ami {name} de {city}, je te souhaite plein de bonheur, la santé et l'amour !",
    ],
    "de": [
        "Wetter für {city}: morgens {sky}, später {sky}, {n} bis {n} Grad, Wind aus {wind} mit {n} km/h",
        "Abpfiff: {city} {d} - {d} {city}. Tore von {name}, {name} und {name} vor {n}00 Zuschauern",
        "Wir stellen ein! {city} sucht {job} ({n} Stunden pro Woche). Bewerbungen bis {day} mit Lebenslauf und Zeugnissen",
        "{n} % Rabatt auf alle {goods} bis {day} in unserem Laden in {city}, Lieferung frei ab {n} Euro",
    ],
    "es": [
        "El tiempo en {city}: {sky} por la mañana, {sky} más tarde, de {n} a {n} grados, viento del {wind} a {n} km/h",
        "Final del partido: {city} {d} - {d} {city}. Goles de {name}, {name} y {name} ante {n}00 espectadores",
        "¡Buscamos personal! {city} necesita {job} ({n} horas a la semana). Envía tu currículum antes del {day}",
    ],
    "ru": [
        "Погода в городе {city}: утром {sky}, позже {sky}, от {n} до {n} градусов, ветер {wind} {n} км/ч",
        "Матч окончен: {city} {d} - {d} {city}. Голы забили {name}, {name} и {name}, зрителей {n}00",
        "Требуется {job}, город {city}, {n} часов в неделю. Присылайте резюме до {day}",
    ],
    "pl": [
        "Pogoda: {city}, rano {sky}, potem {sky}, od {n} do {n} stopni, wiatr {wind} {n} km/h",
        "Koniec meczu: {city} {d} - {d} {city}. Bramki: {name}, {name} i {name}, widzów {n}00",
    ],
}
WORDS = {
    "city": "Torvik Lindholm Marnby Weidenau Almendral Roccaverde Zarechensk Oosterhaven Olszanka Dervan Skagen Velmora "
    "Hellerup Brockton Saint-Aubin Valdoria Kestrel Northfield Pontarlin Bergweiler",
    "name": "Oskarsen Verlaine Lindqvist Kowalczyk Marchetti Ferreira Holloway Petrov Brandt Delgado Okafor Nakamura "
    "Svensson Rousseau Bianchi Novak Schuster Almeida Kovalenko Byrne",
    "job": "nurse baker plumber teacher driver gardener electrician cook librarian carpenter",
    "goods": "shoes bicycles sofas lamps jackets laptops mattresses curtains kettles tents",
    "sky": "sunny cloudy foggy rainy stormy snowy clear windy",
    "wind": "north south east west north-east south-west",
    "day": "Monday Tuesday Friday Sunday 3/5 17/6 21/9 30/11",
    "fault": "broken-signal fallen-tree power-cut sick-passenger late-crew strike",
}


def seeds():
    group = 0
    for line in (ROOT / "bench/posts_text_seeds.txt").read_text().split("\n"):
        if line and line[0] != "#":
            kind, lang, text = line.split(" ", 2)
            group += kind == "o"
            yield f"seed {group}", lang, {"o": "original", "r": "rewording", "t": "translation"}[kind], text


def edits(text, draw):
    words = text.split(" ")
    yield text.upper() + " " + draw.choice(["😡😡", "!!!", "🔥", "👇"])
    yield f"@user{draw.randrange(999)} " + text.replace(",", "") + draw.choice([" #news", " #vote2027", " #мир"]) + " https://t.co/x"
    yield " ".join(w for w in words if draw.random() > 0.12)
    at = sorted(draw.sample(range(len(text) - 1), max(2, len(text) // 30)))
    yield "".join(c for n, c in enumerate(text) if n not in at)
    yield draw.choice(["Read this: ", "À lire : ", "Wichtig: ", "Прочитайте: "]) + text + draw.choice([" Share!", " Faites tourner", ""])


def texts():
    draw = random.Random(11)
    rows = []
    for group, lang, kind, text in seeds():
        rows.append((group, lang, kind, text))
        if kind == "original":
            rows += [(group, lang, f"edit {n}", t) for n, t in enumerate(edits(text, draw))]
    for lang, forms in FORMS.items():
        for n, form in enumerate(forms):
            for k in range(60):
                fill = lambda m: str(draw.randrange(2, 60)) if m[1] == "n" else str(draw.randrange(6)) if m[1] == "d" else (
                    f"{draw.randrange(5, 23)}:{draw.randrange(10, 59)}" if m[1] == "time" else draw.choice(WORDS[m[1]].split()))
                rows.append((f"form {lang} {n} {k}", lang, "form", re.sub(r"{(\w+)}", fill, form)))
    draw.shuffle(rows)
    return rows


def fresh(vigie, folder):
    import csv, hashlib, io, itertools
    from collections import Counter, defaultdict

    rows = texts()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "posts.csv"
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["object_id", "account_id", "content_id", "timestamp_share", "text"])
        out.writerows([n, f"a{n:05}", f"c{n}", 1700000000 + n * 61, row[3]] for n, row in enumerate(rows))
    with open(folder / "labels.tsv", "w") as f:
        f.writelines("\t".join((f"a{n:05}", *row)) + "\n" for n, row in enumerate(rows))
    run = subprocess.run([vigie, "network", path, "--by", "text", "--csv"], capture_output=True, text=True)
    edges = {tuple(sorted(int(a[1:]) for a in r[:2])) for r in list(csv.reader(io.StringIO(run.stdout)))[1:]}
    back = [hashlib.sha256(row[0].encode()).digest()[0] & 1 for row in rows]
    groups = defaultdict(list)
    for n, row in enumerate(rows):
        groups[row[0]].append(n)
    print(len(rows), "texts,", len(edges), "pairs found")
    for half, name in [(0, "developed on"), (1, "held back")]:
        found, all, wrong = Counter(), Counter(), []
        for group, members in groups.items():
            for pair in itertools.combinations(members, 2):
                if back[pair[0]] == half:
                    a, b = (rows[n] for n in pair)
                    what = "translation" if a[1] != b[1] else "rewording" if "rewording" in (a[2], b[2]) else "edit"
                    kind = group.split(" ")[0] + ", " + what
                    all[kind] += 1
                    found[kind] += pair in edges
        for a, b in sorted(edges):
            if rows[a][0] != rows[b][0] and back[a] == half == back[b]:
                wrong.append((a, b))
        mixed = sum(back[a] != back[b] and "form" not in (rows[a][2], rows[b][2]) for a, b in edges)
        for kind in sorted(all):
            print(f"  {name}: {kind:26} {found[kind]:5} of {all[kind]:5} = {found[kind] / all[kind]:.3f}")
        kinds = Counter(" / ".join(sorted((rows[a][2], rows[b][2]))) for a, b in wrong)
        right = sum(found.values())
        posts = sum(n for kind, n in kinds.items() if kind != "form / form")
        print(f"  {name}: recall {right / sum(all.values()):.3f}, precision {right / (right + posts):.4f} of posts,"
              f" {right / (right + len(wrong)):.4f} with forms; wrong:", dict(kinds), f"; {mixed} of posts across halves")
        if half == 0:
            seen = set()
            for a, b in wrong:
                key = (re.sub(r"\d+$", "", rows[a][0]), re.sub(r"\d+$", "", rows[b][0]))
                if key not in seen:
                    seen.add(key)
                    print("   ", rows[a][3], "|", rows[b][3])


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
    elif sys.argv[1:2] == ["fresh"]:
        fresh(sys.argv[2], Path(sys.argv[3] if len(sys.argv) > 3 else "/tmp/posts-text/fresh"))
    elif sys.argv[1:2] == ["datasketch"]:
        datasketch(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(__doc__)
