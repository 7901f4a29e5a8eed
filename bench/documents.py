#!/usr/bin/env python3
"""What documents say of themselves, against exiftool; and forgeries of known kinds against their originals.

    bench/documents.py metadata [--vigie PROGRAM] [FOLDER…]     needs exiftool
    bench/documents.py forge FOLDER [--each N] [--half a|b] [-v] [--vigie PROGRAM]  needs python-docx, openpyxl, pikepdf, PyMuPDF, Pillow, exiftool, qpdf

`metadata` prints, for each folder, how many files were read or told with a reason, and in how many `author`, `created` and
`modified` are exiftool's -Author, -CreateDate and -ModifyDate wherever it gives them. Times are compared as they are written,
with their offset where both have one. `forge` makes forgeries, innocent copies and unmodified documents of genuine ones in
FOLDER, and prints for each method how many rank above every unmodified document and which class they were given. `--half`
takes the files of shared data whose name's SHA-256 is even (a) or odd (b): the code is mended by looking at a alone. `-v` names
what was not judged as it should be: never with b.
"""

import argparse
import collections
import glob
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys

SHARED = os.environ.get("VIGIE_DATA", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../shared/data"))


def rows(command):
    """Lines of JSON that a command prints, and those it prints to standard error."""
    run = subprocess.run(command, capture_output=True, text=True, errors="replace")

    def read(text):
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                pass

    return list(read(run.stdout)), list(read(run.stderr))


def digits(text):
    """A date as its parts: year to second, and the offset if there is one."""
    text = str(text).strip()
    found = re.match(r"(\d{4})[-:](\d\d)[-:](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?", text)
    if not found:
        return None
    offset = re.search(r"(Z|[+-]\d\d:?\d\d)$", text[16:])
    zone = offset and (0 if offset[1] == "Z" else int(offset[1].replace(":", "")))
    return tuple(int(p or 0) for p in found.groups()), zone


def same_date(ours, theirs):
    a, b = digits(ours), digits(theirs)
    if a is None or b is None:
        return False
    zones = a[1] is None or b[1] is None or a[1] == b[1]
    return a[0] == b[0] and zones


def fold(text):
    return re.sub(r"\s+", " ", str(text)).strip()


def metadata(program, folders):
    for folder in folders:
        theirs = json.loads(
            subprocess.run(
                ["exiftool", "-q", "-r", "-json", "-Author", "-CreateDate", "-ModifyDate", folder], capture_output=True
            ).stdout
        )
        ours, skips = rows([program, "read", "--json", folder])
        said = {}
        for row in ours:
            if row["kind"] == "documents/document" and not row["trace"]["steps"]:
                said[os.path.abspath(row["trace"]["path"])] = row
        files = [os.path.join(d, f) for d, _, names in os.walk(folder) for f in names]
        told = {os.path.abspath(s["path"].split("/part ")[0]) for s in skips if "path" in s}
        known = {os.path.abspath(row["trace"]["path"]) for row in ours}
        unread = [f for f in files if os.path.abspath(f) not in known and not any(t.startswith(os.path.abspath(f)) for t in told)]
        print(f"{folder}: {len(files)} files, {len(known)} read, {len(unread)} neither read nor told")
        for f in unread[:10]:
            print("    neither:", f)
        for name, tag, same in [
            ("author", "Author", None),
            ("created", "CreateDate", same_date),
            ("modified", "ModifyDate", same_date),
        ]:
            equal, all_, wrong = 0, 0, []
            for row in theirs:
                value = row.get(tag)
                if value in (None, "") or same and digits(value) is None:
                    continue
                mine = said.get(os.path.abspath(row["SourceFile"]), {}).get(name, "")
                all_ += 1
                good = same(mine, value) if same else fold(mine) == fold(value)
                equal += good
                if not good:
                    wrong.append((row["SourceFile"], value, mine))
            share = 100 * equal / all_ if all_ else 100
            print(f"  {name}: {equal} of {all_} ({share:.1f} %)")
            for w in wrong[:12]:
                print("    differs:", *w)


def make(out, N, half):
    """Originals of shared data and what is made of them; the same for the same seed."""
    import datetime
    import docx
    import openpyxl
    import pikepdf
    import pymupdf
    from PIL import Image, ImageDraw

    S = os.path.join(SHARED, "documents")
    R = random.Random(7)
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out + "/originals")
    os.makedirs(out + "/leak")

    def listing(p):
        side = lambda f: "ab"[hashlib.sha256(os.path.relpath(f, S).encode()).digest()[0] % 2]
        return [f for f in sorted(glob.glob(p, recursive=True)) if half is None or side(f) == half]

    D = [p for p in listing(S + "/**/*.docx") if os.path.getsize(p) < 1_500_000]
    X = [p for p in listing(S + "/**/*.xlsx") if os.path.getsize(p) < 1_500_000]
    P = [p for p in listing(S + "/**/*.pdf") if os.path.getsize(p) < 3_000_000]
    J = [p for p in listing(S + "/exif-samples/**/*.jpg") if os.path.getsize(p) < 6_000_000]
    R.shuffle(D)
    R.shuffle(X)
    R.shuffle(P)
    R.shuffle(J)
    truth = []

    def put(method, src, fn, kind):
        name = os.path.basename(src)
        d = f"{out}/leak/{method}"
        os.makedirs(d, exist_ok=True)
        dst = f"{d}/{name}"
        try:
            fn(src, dst)
            assert os.path.exists(dst) and open(dst, "rb").read() != open(src, "rb").read() or kind == "unmodified"
        except Exception as e:
            if os.path.exists(dst):
                os.remove(dst)
            return False
        truth.append((dst, method, kind, src))
        return True

    def each(method, files, fn, kind, n=None):
        k = 0
        for f in files:
            if put(method, f, fn, kind):
                k += 1
            if k >= (n or N):
                break
        print(method, k, file=sys.stderr)

    def paras(d):
        return [p for p in d.paragraphs if len(p.text.split()) >= 4]

    def d_word(s, t):
        d = docx.Document(s)
        ps = paras(d)
        p = R.choice(ps)
        w = p.text.split()
        i = R.randrange(len(w))
        w[i] = "forged" if w[i] != "forged" else "other"
        txt = " ".join(w)
        for r in p.runs[1:]:
            r.text = ""
        p.runs[0].text = txt
        d.save(t)

    def d_insert(s, t):
        d = docx.Document(s)
        p = R.choice(paras(d))
        p.insert_paragraph_before("We moved the money to the Bahamas in March.")
        d.save(t)

    def d_delete(s, t):
        d = docx.Document(s)
        p = R.choice(paras(d))
        p._element.getparent().remove(p._element)
        d.save(t)

    def d_meta(s, t):
        d = docx.Document(s)
        d.core_properties.author = "Emmanuel M."
        import datetime

        d.core_properties.created = datetime.datetime(2016, 3, 4, 10, 1, 7)
        d.core_properties.modified = datetime.datetime(2017, 4, 24, 11, 2, 9)
        d.save(t)

    def d_resave(s, t):
        docx.Document(s).save(t)

    def lo(ext):
        def f(s, t):
            od = out + "/lo"
            os.makedirs(od, exist_ok=True)
            subprocess.run(
                ["soffice", "--headless", "--convert-to", ext, "--outdir", od, s],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=120,
            )
            r = od + "/" + os.path.splitext(os.path.basename(s))[0] + "." + ext
            shutil.move(r, t)

        return f

    def mat2(s, t):
        c = out + "/m_" + os.path.basename(s)
        shutil.copy(s, c)
        subprocess.run(["mat2", c], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
        b, e = os.path.splitext(c)
        shutil.move(b + ".cleaned" + e, t)
        os.remove(c)

    def d_table(s, t):
        d = docx.Document(s)
        cells = [c for tb in d.tables for r in tb.rows for c in r.cells if c.text.strip()]
        c = R.choice(cells)
        c.text = "forged" if c.text != "forged" else "other"
        d.save(t)

    def d_number(s, t):
        d = docx.Document(s)
        runs = [r for p in d.paragraphs for r in p.runs if re.search(r"[1-9]", r.text)]
        r = R.choice(runs)
        r.text = re.sub(r"[1-9]", lambda m: str(int(m[0]) % 9 + 1), r.text, count=1)
        d.save(t)

    def x_row(s, t):
        w = openpyxl.load_workbook(s)
        ws = R.choice([ws for ws in w.worksheets if ws.max_row > 3 and ws.max_column > 1])
        ws.delete_rows(R.randrange(2, ws.max_row))
        w.save(t)

    def x_formula(s, t):
        w = openpyxl.load_workbook(s)
        cs = [c for ws in w.worksheets for r in ws.iter_rows() for c in r if isinstance(c.value, (int, float))]
        c = R.choice([c for c in cs if not isinstance(c.value, bool)])
        c.value = f"={c.value + 1}"
        w.save(t)

    def f_image(s, t):
        with pikepdf.open(s) as p:
            images = [o for pg in p.pages for o in pg.images.values() if int(o.Width) > 64 and int(o.Height) > 64]
            o = R.choice(images)
            w, h = int(o.Width), int(o.Height)
            im = pikepdf.PdfImage(o).as_pil_image().convert("RGB")
            ImageDraw.Draw(im).rectangle((w // 4, h // 4, w // 2, h // 2), fill=(0, 0, 0))
            o.write(im.tobytes())
            o.ColorSpace, o.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
            p.save(t)

    def f_annot(s, t):
        d = pymupdf.open(s)
        assert not d.is_encrypted
        d[0].add_freetext_annot(pymupdf.Rect(72, 72, 300, 100), "forged by hand")
        d.save(t)

    def f_replace(s, t):
        """A number of the text changed in the stream that shows it."""
        with pikepdf.open(s) as p:
            for pg in p.pages:
                ins = pikepdf.parse_content_stream(pg)
                for i, (o, op) in enumerate(ins):
                    b = bytes(o[0]) if str(op) == "Tj" else b""
                    if re.search(rb"[1-8]", b):
                        b = re.sub(rb"[1-8]", lambda m: bytes([m[0][0] + 1]), b, count=1)
                        ins[i] = pikepdf.ContentStreamInstruction([pikepdf.String(b)], op)
                        pg.Contents = p.make_stream(pikepdf.unparse_content_stream(ins))
                        return p.save(t)
        raise ValueError("no number")

    def f_strip(s, t):
        subprocess.run(["exiftool", "-q", "-all=", "-o", t, s], check=True, stderr=subprocess.DEVNULL)

    def as_png(s, t):
        Image.open(s).convert("RGB").save(t, "PNG")

    def x_cell(s, t):
        w = openpyxl.load_workbook(s)
        cs = [
            c
            for ws in w.worksheets
            for r in ws.iter_rows()
            for c in r
            if c.value is not None and not str(c.value).startswith("=")
        ]
        c = R.choice(cs)
        c.value = (c.value + 17) if isinstance(c.value, (int, float)) and not isinstance(c.value, bool) else "forged"
        w.save(t)

    def x_meta(s, t):
        import datetime

        w = openpyxl.load_workbook(s)
        w.properties.creator = "Emmanuel M."
        w.properties.created = datetime.datetime(2016, 3, 4, 10, 1, 7)
        w.save(t)

    def x_resave(s, t):
        w = openpyxl.load_workbook(s)
        w.save(t)

    def f_text(s, t):
        d = pymupdf.open(s)
        assert not d.is_encrypted
        pg = R.choice([p for p in d if len(p.get_text()) > 80])
        b = [w for w in pg.get_text("words") if len(w[4]) > 3]
        w = R.choice(b)
        r = pymupdf.Rect(w[:4])
        pg.add_redact_annot(r, text="forged", fontsize=8)
        pg.apply_redactions()
        d.save(t)

    def f_overlay(s, t):
        d = pymupdf.open(s)
        assert not d.is_encrypted
        pg = R.choice([p for p in d if len(p.get_text()) > 80])
        w = R.choice([w for w in pg.get_text("words") if len(w[4]) > 3])
        r = pymupdf.Rect(w[:4])
        pg.draw_rect(r, color=(1, 1, 1), fill=(1, 1, 1))
        pg.insert_text((r.x0, r.y1), "forged", fontsize=8)
        d.save(t)

    def f_cover(s, t):
        d = pymupdf.open(s)
        assert not d.is_encrypted
        pg = R.choice([p for p in d if len(p.get_text()) > 80])
        w = R.choice([w for w in pg.get_text("words") if len(w[4]) > 3])
        pg.draw_rect(pymupdf.Rect(w[:4]), color=(1, 1, 1), fill=(1, 1, 1))
        d.save(t)

    def f_incr(s, t):
        shutil.copy(s, t)
        d = pymupdf.open(t)
        assert not d.is_encrypted
        pg = R.choice([p for p in d if len(p.get_text()) > 80])
        pg.insert_text((72, 72), "forged by hand", fontsize=9)
        d.saveIncr()

    def f_page(s, t):
        with pikepdf.open(s) as p:
            assert len(p.pages) > 1
            del p.pages[R.randrange(len(p.pages))]
            p.save(t)

    def f_qpdfpages(s, t):
        subprocess.run(["qpdf", s, "--pages", ".", "2-z", "--", t], check=True, stderr=subprocess.DEVNULL)

    def f_stream(s, t):
        with pikepdf.open(s) as p:
            done = False
            for pg in p.pages:
                pg.contents_coalesce()
                ins = pikepdf.parse_content_stream(pg)
                for i, (o, op) in enumerate(ins):
                    if str(op) in ("Tj",) and len(bytes(o[0])) > 3:
                        b = bytes(o[0])
                        ins[i] = pikepdf.ContentStreamInstruction([pikepdf.String(bytes(reversed(b)))], op)
                        done = True
                        break
                    if str(op) == "TJ" and any(isinstance(x, pikepdf.String) and len(bytes(x)) > 3 for x in o[0]):
                        a = [pikepdf.String(bytes(reversed(bytes(x)))) if isinstance(x, pikepdf.String) else x for x in o[0]]
                        ins[i] = pikepdf.ContentStreamInstruction([pikepdf.Array(a)], op)
                        done = True
                        break
                if done:
                    pg.Contents = p.make_stream(pikepdf.unparse_content_stream(ins))
                    break
            assert done
            p.save(t)

    def f_meta(s, t):
        subprocess.run(
            ["exiftool", "-q", "-Author=Emmanuel M.", "-CreateDate=2016:03:04 10:01:07", "-o", t, s],
            check=True,
            stderr=subprocess.DEVNULL,
        )

    def f_meta_pike(s, t):
        with pikepdf.open(s) as p:
            p.docinfo["/Author"] = "Emmanuel M."
            p.docinfo["/CreationDate"] = "D:20160304100107+01'00'"
            p.save(t)

    def f_qpdf(s, t):
        subprocess.run(["qpdf", s, t], check=True, stderr=subprocess.DEVNULL)

    def f_lin(s, t):
        subprocess.run(["qpdf", "--linearize", "--object-streams=generate", s, t], check=True, stderr=subprocess.DEVNULL)

    def f_pike(s, t):
        with pikepdf.open(s) as p:
            p.save(t)

    def f_mu(s, t):
        d = pymupdf.open(s)
        assert not d.is_encrypted
        d.save(t, garbage=3, deflate=True)

    def f_redl(s, t):
        with pikepdf.open(s) as p:
            p.docinfo["/CreationDate"] = "D:20170905120000Z"
            p.docinfo["/ModDate"] = "D:20170905120000Z"
            p.save(t, static_id=True)

    def j_crop(s, t):
        i = Image.open(s)
        w, h = i.size
        assert w > 200 and h > 200
        i = i.convert("RGB")
        i.crop((int(w * 0.12), int(h * 0.1), int(w * 0.9), int(h * 0.95))).save(t, quality=90)

    def j_crop2(s, t):
        i = Image.open(s).convert("RGB")
        w, h = i.size
        assert w > 200 and h > 200
        i.crop((0, 0, int(w * 0.7), h)).save(t, quality=85)

    def j_paint(s, t):
        i = Image.open(s).convert("RGB")
        w, h = i.size
        assert w > 200 and h > 200
        d = ImageDraw.Draw(i)
        x, y = R.randrange(w // 2), R.randrange(h // 2)
        px = i.getpixel((min(w - 1, x + w // 20), min(h - 1, y + h // 20)))
        c = (255, 255, 255) if sum(px) < 384 else (0, 0, 0)
        d.rectangle((x, y, x + w // 8, y + h // 8), fill=c)
        i.save(t, quality=90)

    def j_clone(s, t):
        i = Image.open(s).convert("RGB")
        w, h = i.size
        assert w > 200 and h > 200
        bx = i.crop((0, 0, w // 6, h // 6))
        i.paste(bx, (w // 2, h // 2))
        i.save(t, quality=92)

    def j_re(q):
        def f(s, t):
            i = Image.open(s)
            i.convert("RGB").save(t, quality=q)

        return f

    def j_scale(s, t):
        i = Image.open(s).convert("RGB")
        w, h = i.size
        i.resize((w // 2, h // 2)).save(t, quality=85)

    def j_meta(s, t):
        subprocess.run(
            [
                "exiftool",
                "-q",
                "-DateTimeOriginal=2016:03:04 10:01:07",
                "-CreateDate=2016:03:04 10:01:07",
                "-Artist=Emmanuel M.",
                "-o",
                t,
                s,
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )

    each("unmodified", D, shutil.copy, "unmodified", 25)
    each("unmodified_x", X, shutil.copy, "unmodified", 12)
    each("unmodified_p", P, shutil.copy, "unmodified", 25)
    each("unmodified_j", J, shutil.copy, "unmodified", 20)
    each("docx_word", D, d_word, "altered")
    each("docx_insert", D, d_insert, "altered")
    each("docx_delete", D, d_delete, "altered")
    each("docx_table", D, d_table, "altered")
    each("docx_number", D, d_number, "altered")
    each("docx_meta", D, d_meta, "metadata")
    each("xlsx_cell", X, x_cell, "altered")
    each("xlsx_row", X, x_row, "altered")
    each("xlsx_formula", X, x_formula, "altered")
    each("xlsx_meta", X, x_meta, "metadata")
    for m, f in [
        ("pdf_text", f_text),
        ("pdf_overlay", f_overlay),
        ("pdf_cover", f_cover),
        ("pdf_incr", f_incr),
        ("pdf_page", f_page),
        ("pdf_qpdfpages", f_qpdfpages),
        ("pdf_stream", f_stream),
        ("pdf_image", f_image),
        ("pdf_annot", f_annot),
        ("pdf_replace", f_replace),
    ]:
        each(m, P, f, "altered")
    each("pdf_meta_exiftool", P, f_meta, "metadata")
    each("pdf_meta_pike", P, f_meta_pike, "metadata")
    for m, f in [("jpg_crop", j_crop), ("jpg_crop2", j_crop2), ("jpg_paint", j_paint), ("jpg_clone", j_clone)]:
        each(m, J, f, "altered")
    each("jpg_meta", J, j_meta, "metadata")
    for m, f in [("re_qpdf", f_qpdf), ("re_lin", f_lin), ("re_pike", f_pike), ("re_mupdf", f_mu), ("re_download", f_redl)]:
        each(m, P, f, "innocent")
    each("re_docx", D, d_resave, "innocent")
    each("re_xlsx", X, x_resave, "innocent")
    for q in (95, 70, 40):
        each(f"jpg_re{q}", J, j_re(q), "innocent")
    each("jpg_scale", J, j_scale, "innocent")
    each("lo_docx", D, lo("docx"), "innocent")
    each("lo_xlsx", X, lo("xlsx"), "innocent")
    for end in ("doc", "odt", "rtf", "xls", "ods"):
        each(f"lo_{end}", listing(f"{S}/**/*.{end}"), lo(end), "innocent")
    each("strip_pdf", P, f_strip, "innocent")
    each("strip_jpg", J, f_strip, "innocent")
    each("jpg_png", J, as_png, "innocent")
    each("lo_pdf", D, lambda s, t: lo("pdf")(s, t), "innocent", 5)
    each("mat2_docx", D, mat2, "innocent", 6)
    each("mat2_xlsx", X, mat2, "innocent", 6)
    each("mat2_jpg", J, mat2, "innocent", 4)
    each("mat2_pdf", P, mat2, "innocent", 4)
    def texts():
        """Plain texts of genuine documents: notes, Markdown, tables, pages."""
        os.makedirs(out + "/texts")
        for n, s in enumerate(D + X):
            try:
                if s.endswith(".xlsx"):
                    rows_ = [r for ws in openpyxl.load_workbook(s, data_only=True).worksheets for r in ws.iter_rows(values_only=True)]
                    lines = [";".join("" if c is None else str(c) for c in r) for r in rows_ if any(c is not None for c in r)]
                else:
                    lines = [p.text for p in docx.Document(s).paragraphs if p.text.strip()]
            except Exception:
                continue
            if sum(len(line.split()) for line in lines) < 8:
                continue
            end = "csv" if s.endswith(".xlsx") else ("txt", "md", "html")[n % 3]
            text = {
                "txt": "\n\n".join(lines),
                "md": "# " + lines[0] + "\n\n" + "\n".join("- " + line for line in lines[1:]),
                "csv": "\n".join(lines),
                "html": "<html><body>\n" + "\n".join(f"<p>{line}</p>" for line in lines) + "\n</body></html>",
            }[end]
            name = f"{out}/texts/{os.path.splitext(os.path.basename(s))[0]}.{end}"
            with open(name, "w", encoding="utf-8", newline="") as f:
                f.write(text + "\n")
            yield name

    def t(change, encoding="utf-8"):
        def f(s, t):
            with open(s, encoding="utf-8", newline="") as read:
                text = change(read.read())
            with open(t, "w", encoding=encoding, newline="") as write:
                write.write(text)

        return f

    def t_word(text):
        at = R.choice(list(re.finditer(r"(?<![<&/\w])[^\W\d_]{3,}(?![\w>;])", text)))
        return text[: at.start()] + ("forged" if at[0] != "forged" else "other") + text[at.end() :]

    def t_number(text):
        at = R.choice(list(re.finditer(r"[1-9]", text)))
        return text[: at.start()] + str(int(at[0]) % 9 + 1) + text[at.end() :]

    def t_line(text):
        lines = text.split("\n")
        lines.insert(R.randrange(len(lines) - 1) + 1, "We moved the money to the Bahamas in March.")
        return "\n".join(lines)

    def t_cut(text):
        lines = text.split("\n")
        full = [n for n, line in enumerate(lines) if len(line.split()) > 2]
        assert len(full) > 1
        del lines[R.choice(full)]
        return "\n".join(lines)

    def t_wrap(text):
        import textwrap

        return "\n".join(textwrap.fill(line, 60, break_long_words=False, break_on_hyphens=False) for line in text.split("\n"))

    def f_pictures(painted):
        """Every picture packed again as a JPEG, one of them painted over or none."""

        def f(s, t):
            with pikepdf.open(s) as p:
                found = {}
                for pg in p.pages:
                    for o in pg.images.values():
                        found[o.objgen] = o
                all_ = [o for o in found.values() if int(o.Width) > 64 and int(o.Height) > 64 and "/ImageMask" not in o]
                one = R.choice(all_)
                for o in all_:
                    im = pikepdf.PdfImage(o).as_pil_image().convert("RGB")
                    w, h = im.size
                    if painted and o.objgen == one.objgen:
                        light = sum(im.getpixel((w // 3, h // 3))) > 384
                        ImageDraw.Draw(im).rectangle((w // 4, h // 4, w // 2, h // 2), fill=(0, 0, 0) if light else (255, 255, 255))
                    packed = __import__("io").BytesIO()
                    im.save(packed, "JPEG", quality=75)
                    o.write(packed.getvalue(), filter=pikepdf.Name.DCTDecode)
                    o.ColorSpace, o.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
                    for key in ("/Decode", "/DecodeParms"):
                        if key in o:
                            del o[key]
                p.save(t)

        return f

    def f_lock(s, t):
        subprocess.run(["qpdf", "--allow-weak-crypto", "--encrypt", "", "owner", R.choice(["40", "128", "256"]), "--", s, t], check=True, stderr=subprocess.DEVNULL)

    def f_lock_weak(s, t):
        with pikepdf.open(s) as p:
            p.save(t, encryption=pikepdf.Encryption(user="", owner="o", R=R.choice([4, 6])))

    def f_lock_number(s, t):
        f_replace(s, t + ".x")
        f_lock(t + ".x", t)
        os.remove(t + ".x")

    each("pdf_paint", P, f_pictures(True), "altered")
    each("pdf_lock_number", P, f_lock_number, "altered")
    each("pdf_jpeg", P, f_pictures(False), "innocent")
    each("pdf_lock", P, f_lock, "innocent")
    each("pdf_lock_pike", P, f_lock_weak, "innocent")
    T = list(texts())
    each("unmodified_t", T, shutil.copy, "unmodified", 20)
    for m, f in [("text_word", t_word), ("text_number", t_number), ("text_line", t_line), ("text_cut", t_cut)]:
        each(m, T, t(f), "altered")
    same = lambda text: text
    for m, f in [
        ("text_utf16", t(same, "utf-16")),
        ("text_utf16be", t(lambda text: "\ufeff" + text, "utf-16-be")),
        ("text_mark", t(same, "utf-8-sig")),
        ("text_crlf", t(lambda text: text.replace("\n", "\r\n"))),
        ("text_latin", t(lambda text: text + "\n\n", "cp1252")),
        ("text_wrap", t(t_wrap)),
    ]:
        each(m, T, f, "innocent")
    used = {t[3] for t in truth}
    for u in sorted(used):
        d = os.path.relpath(u, S if u.startswith(S) else out)
        os.makedirs(os.path.dirname(f"{out}/originals/{d}"), exist_ok=True)
        shutil.copy(u, f"{out}/originals/{d}")
    return {t[0]: (t[1], t[2]) for t in truth}


def forge(program, out, each_many, half, verbose):
    """Forgeries, innocent copies and unmodified documents of genuine ones, then what Vigie says of each."""
    truth = make(out, each_many, half)
    found, _ = rows([program, "check", "--json", "--all", "--originals", out + "/originals", out + "/leak"])
    got = {f["fields"]["document"]: f["fields"] for f in found if f["detector"] == "documents/authenticity"}
    methods = collections.defaultdict(list)
    for name, (method, kind) in truth.items():
        methods[kind, method].append(got.get(name, {}))
    top = max((f.get("rank", 0) for (kind, _), all_ in methods.items() if kind == "unmodified" for f in all_), default=0)
    print(f"{len(truth)} documents; the most suspect that is unmodified has rank {top}")
    for (kind, method), all_ in sorted(methods.items()):
        classes = collections.Counter(f.get("class") for f in all_)
        above = sum(f.get("rank", -1) > top for f in all_)
        print(f"  {kind:10} {method:18} above {above}/{len(all_)}", dict(classes))
    right = {"altered": ["altered_copy"], "unmodified": ["sealed_original"]}
    for name, (_, kind) in sorted(truth.items()) if verbose else []:
        if got.get(name, {}).get("class") not in right.get(kind, ["reissued_copy"]):
            print("   ", got.get(name, {}).get("class"), got.get(name, {}).get("rank"), name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["metadata", "forge"])
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--vigie", default="target/release/vigie")
    parser.add_argument("--each", type=int, default=8)
    parser.add_argument("--half", choices=["a", "b"])
    parser.add_argument("-v", action="store_true")
    args = parser.parse_intermixed_args()
    if args.what == "metadata":
        base = os.path.join(SHARED, "documents")
        metadata(
            args.vigie, args.folders or [os.path.join(base, d) for d in ("tika-test-documents", "openxml-sdk", "exif-samples")]
        )
    else:
        forge(args.vigie, args.folders[0] if args.folders else "/tmp/vigie-forgeries", args.each, args.half, args.v)


if __name__ == "__main__":
    main()
