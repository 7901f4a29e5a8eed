#!/usr/bin/env python3
"""A workbook with five levels as a ministry publishes one, made of the communes of 2017: titles above, merged heads, percentages
between counts, the head of the first candidate only, footnotes below, and the whole as a sheet of its own that stands upright.

    bench/recount_workbook.py COMMUNES.csv.gz OUT.xls|OUT.xlsx|OUT.ods [--wrong]

`--wrong` moves ten votes in one department's row. The same in three forms: BIFF8 (xlwt), Office Open XML (openpyxl), OpenDocument
(odfpy). Regions and departments hold their true sums; abroad (department 99) is left out.
"""
import usage
import csv, gzip, sys

FIGURES = ["Inscrits", "Abstentions", "Votants", "Blancs", "Nuls", "Exprimés"]


def share(part, whole):
    return round(100 * part / whole, 2) if whole else 0


def row(counts, votes, names):
    r, a, v, b, n, e = counts
    out = [r, a, share(a, r), v, share(v, r), b, share(b, r), share(b, v), n, share(n, r), share(n, v), e, share(e, r), share(e, v)]
    for name, n in sorted(zip(names, votes), key=lambda p: -p[1]):
        out += ["F" if name in ("LE PEN", "ARTHAUD") else "M", name, "Camille", n, share(n, r), share(n, e)]
    return out


HEAD = ["Inscrits", "Abstentions", "% Abs/Ins", "Votants", "% Vot/Ins", "Blancs", "% Blancs/Ins", "% Blancs/Vot", "Nuls", "% Nuls/Ins", "% Nuls/Vot", "Exprimés", "% Exp/Ins", "% Exp/Vot", "Sexe", "Nom", "Prénom", "Voix", "% Voix/Ins", "% Voix/Exp"]
NOTE = "* Y compris les bulletins déclarés nuls ; les Français établis hors de France ne sont pas compris."


def sheets(path, wrong):
    with gzip.open(path, "rt", encoding="utf-8") as f:
        rows = [r for r in csv.DictReader(f) if r["code_department"] not in ("99", "ZZ")]
    names = [k for k in rows[0] if k.isupper()]
    for r in rows:
        # The ministry writes two figures where these data have three.
        r["code_department"] = r["code_department"].lstrip("0").zfill(2)

    def total(of):
        sums = {}
        for r in rows:
            k = of(r)
            have = sums.setdefault(k, [0] * (6 + len(names)))
            for i, c in enumerate(FIGURES + names):
                have[i] += int(r[c])
        return sums

    def level(title, heads, of):
        body = [[*k, *row(v[:6], v[6:], names)] for k, v in sorted(total(of).items())]
        return title, [["Élection présidentielle 2017 : résultats du 1er tour"], ["État au 24/04/2017 00:00"], [], ["Territoire"] + [""] * (len(heads) - 1) + ["Participation"] + [""] * 13 + ["Candidat"], heads + HEAD, *body, [], [NOTE]], len(heads)

    whole = total(lambda r: ())[()]
    r, a, v, b, n, e = whole[:6]
    upright = [["Élection présidentielle 2017 : résultats du 1er tour"], ["France entière"], [], ["", "Nombre", "% Inscrits", "% Votants"], ["Inscrits", r, "", ""], ["Abstentions", a, share(a, r), ""], ["Votants", v, share(v, r), ""], ["Blancs", b, share(b, r), share(b, v)], ["Nuls", n, share(n, r), share(n, v)], ["Exprimés", e, share(e, r), share(e, v)], [], ["Liste des candidats", "Voix", "% Inscrits", "% Exprimés"]]
    upright += [[f"M. Camille {name}", n, share(n, r), share(n, e)] for name, n in sorted(zip(names, whole[6:]), key=lambda p: -p[1])]
    upright += [[], [NOTE]]
    out = [("France entière", upright, 1)]
    out.append(level("Régions", ["Code de la région", "Libellé de la région"], lambda r: (r["code_region"], f"Région {r['code_region']}")))
    out.append(level("Départements", ["Code du département", "Libellé du département"], lambda r: (r["code_department"], f"Dép. {r['code_department']}")))
    # Cantons are made up: ten to a department, by the last figure of the commune's code.
    out.append(level("Cantons", ["Code du département", "Libellé du département", "Code du canton", "Libellé du canton"], lambda r: (r["code_department"], f"Dép. {r['code_department']}", f"{int(r['code_commune'][-1]) + 1:02}" if r["code_commune"][-1].isdigit() else "11", "Canton")))
    communes = level("Communes", ["Code du département", "Libellé du département", "Code de la commune", "Libellé de la commune"], lambda r: (r["code_department"], f"Dép. {r['code_department']}", r["code_commune"][-3:], r["desc_commune"]))
    out.append(communes)
    if wrong:
        table = out[2][1]
        at = next(i for i, line in enumerate(table) if line and line[0] == "34")
        cells = table[at]
        names_at = {c: i for i, c in enumerate(cells) if isinstance(c, str) and c in names}
        cells[names_at["MACRON"] + 2] += 10
        cells[names_at["LE PEN"] + 2] -= 10
    return out


def main(source, path, wrong):
    made = sheets(source, wrong)
    if path.endswith(".xls"):
        import xlwt

        book = xlwt.Workbook()
        for title, table, wide in made:
            sheet = book.add_sheet(title)
            for r, line in enumerate(table):
                for c, cell in enumerate(line):
                    if cell != "":
                        sheet.write(r, c, cell)
            if wide > 1:
                sheet.merge(3, 3, 0, wide - 1)
                sheet.merge(3, 3, wide, wide + 13)
        book.save(path)
    elif path.endswith(".xlsx"):
        import openpyxl

        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, table, wide in made:
            sheet = book.create_sheet(title)
            for line in table:
                sheet.append([None if c == "" else c for c in line])
            if wide > 1:
                sheet.merge_cells(start_row=4, end_row=4, start_column=1, end_column=wide)
                sheet.merge_cells(start_row=4, end_row=4, start_column=wide + 1, end_column=wide + 14)
        book.save(path)
    else:
        from odf.opendocument import OpenDocumentSpreadsheet
        from odf.table import Table, TableCell, TableRow
        from odf.text import P

        book = OpenDocumentSpreadsheet()
        for title, table, _ in made:
            sheet = Table(name=title)
            for line in table:
                at = TableRow()
                for cell in line or [""]:
                    number = isinstance(cell, (int, float))
                    one = TableCell(valuetype="float", value=str(cell)) if number else TableCell(valuetype="string")
                    if not number and cell:
                        one.addElement(P(text=cell))
                    at.addElement(one)
                sheet.addElement(at)
            book.spreadsheet.addElement(sheet)
        book.save(path)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--wrong" in sys.argv)
