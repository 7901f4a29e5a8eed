#!/usr/bin/env python3
"""Mail as a helpdesk of 2024-2026 gets it, a third set, 30 November 2026: lures of the kinds that issue 13 names, each kind
beside honest mail of the same form (its twin), in ten languages, made by structure before the code that judges was read:
who speaks, who vouches, what is asked, where it leads.

    python3 bench/mail_third.py OUT [--seed N]                       ->  OUT/{lure,honest}-{a,b}/*.eml, OUT/case.toml
    python3 bench/mail_third.py OUT --vigie target/release/vigie     and what `vigie check` finds, each mail alone

All of it arrives in one house, half at a Postfix, half at a tenant of Microsoft 365, both of them trusted in `case.toml`.
A hash of kind and variant puts a mail in half a or b, and its twin with it. **Half b is held back**: of it totals are printed,
never rows. Header fields and parts are built as these programs write them; sentences are the author's own; strangers'
domains are reserved ones or labels under free hosts; true services appear under their own names because it is they whose
voice is borrowed. Nothing leads anywhere. Codes need `qrencode`, two of their forms Pillow."""
import usage
import hashlib, io, json, struct, subprocess, sys, zipfile, zlib
from collections import defaultdict
from pathlib import Path
import mail_world as world
from mail_world import ANNA, US, meeting, page, pdf, plain, token

PARTNER = "imprimerie-leclerc.example"


class Box(world.Box):
    """Mails of one side; `put` names kind and variant."""

    def put(self, kind, variant, name, address, subject, body, **how):
        how.setdefault("auth", "pass")
        how.setdefault("route", "postfix" if digest(f"{kind}/{variant}")[1] % 2 else "tenant")
        self.mail(f"{kind}.{variant}", name, address, subject, body, **how)

    def folder(self, kind):
        return self.out / f"{self.side}-{half(kind)}"


digest = lambda text: hashlib.sha256(text.encode()).digest()
half = lambda kind: "ab"[digest(kind.replace("/", "."))[0] % 2]
leave = lambda url: [("List-Unsubscribe", f"<{url}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]


# ---- Codes in every form ----

def modules(address):
    """A code as rows of booleans, with its quiet zone."""
    address = world.filled(address)
    try:
        drawn = subprocess.run(["qrencode", "-t", "ASCII", "-m", "4", "-o", "-", address], capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        sys.exit("qrencode is needed")
    return [[line[i] == "#" for i in range(0, len(line), 2)] for line in drawn.splitlines()]


def pixels(rows, scale):
    return [[dark for dark in row for _ in range(scale)] for row in rows for _ in range(scale)]


def png(rows, scale=5):
    grid = pixels(rows, scale)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    lines = b"".join(b"\0" + bytes(0 if dark else 255 for dark in row) for row in grid)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", len(grid[0]), len(grid), 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def svg(rows):
    dark = "".join(f'<rect x="{x}" y="{y}" width="1" height="1"/>' for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}" width="300" height="300"><rect width="100%" height="100%" fill="#fff"/>{dark}</svg>'.encode()


def blocks(rows):
    rows = rows + [[False] * len(rows[0])] * (len(rows) % 2)
    return "\n".join("".join(" ▄▀█"[2 * upper + lower] for upper, lower in zip(rows[i], rows[i + 1])) for i in range(0, len(rows), 2))


def cells(rows):
    return '<table cellspacing="0" cellpadding="0">' + "".join("<tr>" + "".join(f'<td width="5" height="5" bgcolor="{"#000000" if dark else "#ffffff"}"></td>' for dark in row) + "</tr>" for row in rows) + "</table>"


def pictured(rows, form):
    """Needs Pillow; a PNG where there is none."""
    try:
        from PIL import Image
    except ImportError:
        return png(rows)
    grid = pixels(rows, 6)
    image = Image.new("L", (len(grid[0]), len(grid)))
    image.putdata([0 if dark else 255 for row in grid for dark in row])
    out = io.BytesIO()
    image.save(out, **{"webp": dict(format="WEBP", lossless=False, quality=80), "tiff": dict(format="TIFF", compression="jpeg"), "gif": dict(format="GIF")}[form])
    return out.getvalue()


def pdf_code(rows, lines):
    """A page with a code as an image object, as printers of PDF embed one."""
    grid = pixels(rows, 4)
    data = zlib.compress(b"".join(bytes(0 if dark else 255 for dark in row) for row in grid))
    words = "BT /F1 12 Tf 72 740 Td " + " 0 -16 Td ".join(f"({line}) Tj" for line in lines) + " ET q 200 0 0 200 72 400 cm /I Do Q"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>>>", b"<</Length %d>>stream\n%s\nendstream" % (len(words), words.encode("latin-1", "replace")), b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(grid[0]), len(grid), len(data), data)]
    return b"%PDF-1.5\n" + b"".join(b"%d 0 obj%sendobj\n" % (i + 1, o) for i, o in enumerate(objects)) + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def docx(lines, picture=None, link=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        def add(name, text):
            z.writestr(zipfile.ZipInfo(name, (2026, 10, 5, 8, 0, 0)), text)
        add("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
        add("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
        words = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
        drawn = '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><a:blip r:embed="rId5"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>' if picture else ""
        linked = '<w:p><w:hyperlink r:id="rId6"><w:r><w:t>Open</w:t></w:r></w:hyperlink></w:p>' if link else ""
        add("word/document.xml", f'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>{words}{drawn}{linked}</w:body></w:document>')
        rels = '<Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image1.png"/>' if picture else ""
        rels += f'<Relationship Id="rId6" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="{world.filled(link)}" TargetMode="External"/>' if link else ""
        add("word/_rels/document.xml.rels", f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rels}</Relationships>')
        if picture:
            z.writestr(zipfile.ZipInfo("word/media/image1.png", (2026, 10, 5, 8, 0, 0)), picture)
    return out.getvalue()


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
inline = lambda text, cid: page(text, foot=f'<img src="cid:{cid}" width="200" alt="">')


def lures(b):
    none, fail, nothing = dict(auth="none"), dict(auth="fail"), dict(auth="nothing")
    # A code to type in at a true service's true page.
    b.put("device-code", "en", "Teams Meetings", "host@northgate-advisory.example", "Teams meeting: briefing at 14:00", page("Join the briefing on Microsoft Teams.\nTo enter the meeting room open the page below and type the meeting code F7QK2XM9D. The code is valid for 15 minutes.", [("Join meeting", "https://microsoft.com/devicelogin")]))
    b.put("device-code", "fr", "Secrétariat de la délégation", "secretariat@delegation-parlementaire.example", "Visioconférence de demain", plain("Madame,\r\n\r\npour rejoindre la visioconférence, ouvrez https://login.microsoftonline.com/common/oauth2/deviceauth et saisissez le code C4TRW8PLN, puis connectez-vous avec votre adresse professionnelle.\r\n\r\nLe secrétariat\r\n"))
    b.put("device-code", "uk", "Секретаріат", "sekretariat@forum-bezpeky.example", "Запрошення на онлайн-зустріч", page("Шановна пані,\nщоб приєднатися до зустрічі, відкрийте сторінку та введіть код доступу HX3N7QPLD протягом 15 хвилин.", [("Приєднатися", "https://www.microsoft.com/devicelogin")]), **none)
    # A consent asked for a stranger's programme.
    b.put("consent", "ms", "Signatures IT", "it-notice@cloud-addins.example", "Action needed: approve the new mail signature add-in", page("The new signature add-in must be approved by every user before Friday. Sign in and accept the permissions.", [("Approve add-in", "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=4a1f8c2e-7d11-4f0e-9a77-0c5e1f1b2a33&response_type=code&redirect_uri=https%3A%2F%2Faddin-#.azurewebsites.net%2Fcb&scope=Mail.ReadWrite%20offline_access%20Files.Read.All&state=#")]))
    b.put("consent", "google", "Agenda partagé", "partage@agenda-collectif.example", "Claire souhaite partager son agenda", page("Claire souhaite partager son agenda avec vous. Autorisez l'accès avec votre compte Google pour l'afficher.", [("Autoriser", "https://accounts.google.com/o/oauth2/v2/auth?client_id=88121-#.apps.googleusercontent.com&redirect_uri=https%3A%2F%2Fagenda-#.herokuapp.com%2Foauth&response_type=code&scope=https%3A%2F%2Fmail.google.com%2F&access_type=offline")]), **none)
    # Shares by true services; the author's words are a stranger's.
    b.put("drive", "google-note", "Gewinnabteilung (via Google Drive)", "drive-shares-dm-noreply@google.com", "Ihre Auszahlung steht bereit", page("Gewinnabteilung (auszahlung.team.#@gmail.com) hat Sie zu folgendem Dokument hinzugefügt: Auszahlung 1,38 BTC\n„Ihr Konto wurde seit einem Jahr nicht genutzt. Zahlen Sie heute aus, sonst wird das Guthaben gelöscht.“", [("Öffnen", "https://docs.google.com/presentation/d/#/edit?usp=sharing_eil")]), back="3#@doclist.bounces.google.com", fields=[("Reply-To", "Gewinnabteilung <auszahlung.team.#@gmail.com>")], dkim="google.com")
    b.put("drive", "sharepoint", "Accounts Payable", "no-reply@sharepointonline.com", "Accounts Payable shared \"Salary adjustment Q4\" with you", page("Accounts Payable shared a file with you\nYou must confirm your new salary before today 17:00. Sign in with your work password to read.\nThis link only works for anna.rey@parti-bleu.example.", [("Open", "https://hotelmirador-my.sharepoint.com/:o:/g/personal/info_hotelmirador/#?e=#")], ), relay="na01.mail.sharepointonline.com", fields=[("Reply-To", "payables.#@outlook.com")])
    b.put("drive", "dropbox-pl", "Dropbox", "no-reply@dropbox.com", "Kadry (kadry.wynagrodzenia.#@gmail.com) udostępnił Ci plik", page("Kadry (kadry.wynagrodzenia@gmail.com) zaprosił Cię do wyświetlenia pliku „Podwyzki_2026.pdf” w Dropbox.\nKadry napisał: „Zaloguj się hasłem do poczty służbowej, aby potwierdzić podwyżkę do końca dnia.”", [("Wyświetl plik", "https://www.dropbox.com/scl/fi/#/Podwyzki_2026.pdf?rlkey=#")]), fields=[("Reply-To", "kadry.wynagrodzenia.#@gmail.com")])
    # Forms.
    b.put("form", "google-score", "Bitcoin-Auszahlung", "forms-receipts-noreply@google.com", "Score released: Your balance 1.2471 BTC", page("Thanks for filling out Balance confirmation.\nYour balance of 1.2471 BTC ($128,000) will be deleted today. To withdraw, open the cabinet: https://sites.google.com/view/balance-#", [("View score", "https://docs.google.com/forms/d/e/1FAIpQL#/viewscore?viewscore=#"), ("Confirm withdrawal", "https://sites.google.com/view/balance-#")]), dkim="google.com")
    b.put("form", "jotform-fr", "Service Informatique", "noreply@jotform.com", "Mise à jour obligatoire de la messagerie", page("Cher utilisateur,\nvotre messagerie doit être mise à jour avant ce soir, sinon elle sera suspendue. Remplissez le formulaire avec votre adresse et votre mot de passe.", [("Remplir le formulaire", "https://form.jotform.com/26#")]))
    b.put("form", "office", "HR Department", "hr.dept@colegio-sanjose.example", "Benefit enrolment closes today", page("All staff must enrol before midnight or lose their benefits. Use your email and password.", [("Enrol", "https://forms.office.com/Pages/ResponsePage.aspx?id=#")]), **none)
    # Invoices of true services with a number to call in what the author wrote.
    b.put("invoice", "paypal", "service@paypal.com", "service@paypal.com", "You have a money request from Billing Desk", page("Billing Desk sent you a money request for $689.99 USD\nNote from Billing Desk: Your PayPal account has been charged $689.99 for Bitcoin. If you did not make this transaction call (888) 555-0142 immediately to cancel and get a refund.", [("Pay now", "https://www.paypal.com/myaccount/transfer/payRequest/#")]), relay="mx1.slc.paypal.com", to="Billing <desk8811@hotelmirador.onmicrosoft.com>")
    b.put("invoice", "quickbooks", "Geek Protection", "quickbooks@notification.intuit.com", "Invoice 88120 from Geek Protection", page("Dear customer, thank you for your order. Antivirus Total 3 years: $499.00 will be debited from your account within 24 hours.\nTo cancel or dispute this charge call our billing team at +1 (805) 555-0178.", [("View invoice", "https://connect.intuit.com/t/scs-v1-#")]), fields=[("Reply-To", "billing.#@gmail.com")], relay="o9.e.notification.intuit.com")
    b.put("invoice", "stripe-es", "Soporte Seguridad", "invoice+statements@stripe.com", "Factura de Soporte Seguridad #4471", page("Soporte Seguridad le ha enviado una factura de 389,90 €.\nNota: su renovación se cobrará hoy. Si no reconoce este cargo, llame de inmediato al +34 910 555 017 para cancelar.", [("Pagar factura", "https://invoice.stripe.com/i/acct_#")]))
    # E-signature.
    b.put("esign", "docusign-call", "Order Desk via Docusign", "dse_na4@docusign.net", "Complete with Docusign: Order confirmation 44718", page("Order Desk sent you a document to review and sign.\nOrder Desk: Your subscription of $612.50 was processed today. If you do not recognize this charge call customer care on +1 808 555 0193 within 12 hours.", [("REVIEW DOCUMENT", "https://na4.docusign.net/Signing/EmailStart.aspx?a=#")]), fields=[("Reply-To", "orders.#@gmail.com")], relay="mailna4.docusign.net")
    b.put("esign", "adobe-fr", "Direction des ressources humaines (via Adobe Acrobat Sign)", "adobesign@adobesign.com", "Signature demandée sur « Prime exceptionnelle »", page("Direction des ressources humaines (rh.prime.#@outlook.com) vous demande de signer « Prime exceptionnelle ».\nMessage : pour toucher la prime, indiquez aujourd'hui votre IBAN et la photo de votre carte d'identité.", [("Vérifier et signer", "https://eu1.documents.adobe.com/public/esign?tsid=#")]), fields=[("Reply-To", "rh.prime.#@outlook.com")])
    b.put("esign", "fake", "Docusign", "signature@menuiserie-adour.example", "Document prêt à signer : avenant au contrat", page("Vous avez reçu un document à examiner et à signer.", [("EXAMINER LE DOCUMENT", "https://docs-#.workers.dev/s?e=anna.rey@parti-bleu.example")]), **none)
    # Invitations.
    b.put("calendar", "call", "Billing support", "calendar-invite@amber-consult.example", "Invitation: Subscription renewed $449.99 @ Mon 12 Oct", plain("You have been invited to the following event.\r\n"), also=("text/calendar; charset=utf-8; method=REQUEST", meeting("Subscription renewed $449.99", "billing@amber-consult.example", "Your plan was renewed and $449.99 charged. To cancel call +1 (877) 555-0121 within 24 hours.")), **none)
    b.put("calendar", "google", "calendar-notification@google.com", "calendar-notification@google.com", "Einladung: Ihre Steuererstattung 684,20 € wartet", page("Einladung von steuer.erstattung.#@gmail.com\nIhre Steuererstattung von 684,20 € verfällt morgen. Bestätigen Sie Ihre Bankverbindung: https://erstattung-#.web.app/", [("Teilnehmen", "https://calendar.google.com/calendar/event?action=RESPOND&eid=#"), ("Erstattung bestätigen", "https://erstattung-#.web.app/")]), also=("text/calendar; charset=utf-8; method=REQUEST", meeting("Ihre Steuererstattung 684,20 EUR wartet", "steuer.erstattung@gmail.com", "Bestätigen Sie Ihre Bankverbindung: https://erstattung-a1.web.app/")), dkim="google.com")
    b.put("calendar", "link", "HR", "hr@riverside-plumbing.example", "Mandatory: compliance training", plain("Please accept.\r\n"), also=("text/calendar; charset=utf-8; method=REQUEST", meeting("Mandatory compliance training", "hr@riverside-plumbing.example", "Sign in with your mail password to confirm or your account will be suspended: https://training-q2.pages.dev/login")), **none)
    # Codes.
    ask = "Your multi-factor authentication expires today. Scan the code with your phone's camera and sign in to keep access to your mailbox."
    b.put("code", "png", "Security team", "mfa@riverside-plumbing.example", "Authenticator re-enrolment required", inline(ask, "cid1"), files=[("cid1", "image/png", png(modules("https://mfa-#.workers.dev/?u=anna.rey@parti-bleu.example")))], **none)
    b.put("code", "svg", "Sicherheitsteam", "mfa@tischlerei-hansen.example", "Erneuerung Ihrer Zwei-Faktor-Anmeldung", page("Ihre Zwei-Faktor-Anmeldung läuft heute ab. Scannen Sie den beigefügten Code mit dem Handy, sonst wird Ihr Postfach gesperrt."), files=[("code.svg", "image/svg+xml", svg(modules("https://mfa-#.pages.dev/de")))], **none)
    b.put("code", "pdf", "Payroll", "payroll@gardenworks.example", "Updated payroll form", plain("Please see the attached document.\r\n"), files=[("Payroll_update.pdf", "application/pdf", pdf_code(modules("https://pay-#.web.app/?e=anna.rey@parti-bleu.example"), ["Payroll department", "Scan the code with your phone and sign in with your work account", "to review your new salary before Friday."]))], **none)
    b.put("code", "docx", "Ressources humaines", "rh@hotelmirador.example", "Avenant à votre contrat", plain("Bonjour, merci de lire le document joint.\r\n"), files=[("Avenant.docx", DOCX, docx(["Ressources humaines", "Scannez le code avec votre téléphone et connectez-vous avec votre compte professionnel pour signer l'avenant aujourd'hui."], png(modules("https://rh-#.r2.dev/index.html"))))], **none)
    b.put("code", "characters", "Поддержка почты", "support@ferreteria-lopez.example", "Ваш почтовый ящик будет отключён", page("Для продолжения работы отсканируйте код телефоном и войдите в почту.", foot="<pre style='line-height:1'>" + blocks(modules("https://mail-#.web.app/ru")) + "</pre>"), **none)
    b.put("code", "cells", "Posta yöneticisi", "yonetici@pousada-mar-azul.example", "Posta kutunuz kapatılacak", page("Hesabınızı doğrulamak için aşağıdaki kodu telefonunuzla okutun ve şifrenizi girin.", foot=cells(modules("https://posta-#.pages.dev/"))), **none)
    b.put("code", "webp", "Soporte TI", "ti@ferreteria-lopez.example", "Renovación obligatoria del acceso", inline("Su acceso caduca hoy. Escanee el código con el móvil e inicie sesión para no perder el correo.", "cid1"), files=[("cid1", "image/webp", pictured(modules("https://acceso-#.r2.dev/es"), "webp"))], **none)
    b.put("code", "tiff", "Scanner", "scan@gardenworks.example", "Scanned document from reception", plain("Scan attached. Use your phone to open the secured page.\r\n"), files=[("scan_0091.tif", "image/tiff", pictured(modules("https://scan-#.workers.dev/"), "tiff"))], **none)
    # Exact domains of others, which disown the mail.
    b.put("forged", "bank-fr", "La Banque Postale", "alerte@labanquepostale.fr", "Nouveau bénéficiaire ajouté", page("Un nouveau bénéficiaire a été ajouté à votre compte. Si vous n'êtes pas à l'origine de cet ajout, annulez-le.", [("Annuler", "https://lbp-#.web.app/")]), relay="vps-31.hosting.example", **fail)
    b.put("forged", "gov-pl", "e-Urząd Skarbowy", "powiadomienia@mf.gov.pl", "Zwrot nadpłaty podatku 1 284,00 zł", page("Przysługuje Ci zwrot nadpłaty. Podaj numer karty, aby otrzymać przelew.", [("Odbierz zwrot", "https://zwrot-#.workers.dev/")]), relay="vps-31.hosting.example", **fail)
    b.put("forged", "own", "Claire Morvan", f"claire.morvan@{US}", "Virement à faire avant midi", plain("Anna,\r\n\r\nmerci de régler la facture jointe de 14 300 € avant midi, je suis en réunion. Confirme-moi quand c'est parti.\r\n\r\nClaire\r\n"), relay="vps-31.hosting.example", files=[("facture.pdf", "application/pdf", pdf(["Facture 14 300 EUR", "IBAN LT12 1000 0111 0100 1000"]))], **fail)
    b.put("forged", "partner-text", "Marc Leclerc", f"m.leclerc@{PARTNER}", "Nouveau RIB", plain("Bonjour,\r\n\r\nnotre banque a changé. Pour la facture en cours, merci de virer sur le compte LT12 1000 0111 0100 1000.\r\n\r\nMarc Leclerc\r\n"), relay="vps-31.hosting.example", **fail)
    # Answers into somebody's conversation.
    quoted = "\r\n\r\nLe lun. 5 oct. 2026 à 09:12, Anna Rey <anna.rey@parti-bleu.example> a écrit :\r\n> Bonjour Marc,\r\n> merci pour le devis des affiches, nous le validons.\r\n> Anna\r\n"
    b.put("thread", "zip", "Marc Leclerc", "contact@colegio-sanjose.example", "Re: Devis affiches", plain("Bonjour,\r\n\r\nvoir le document ci-joint, mot de passe 4471." + quoted), fields=[("In-Reply-To", "<a1@parti-bleu.example>")], files=[("devis.zip", "application/zip", world.zipped({"devis.js": b"// harmless"}))], **none)
    b.put("thread", "link", "Marc Leclerc", "info@pousada-mar-azul.example", "Re: Devis affiches", plain("Bonjour,\r\n\r\nle document corrigé est ici, merci de regarder rapidement : https://pousada-mar-azul.example/tmp/#.php\r\n" .replace("#", token()) + quoted), fields=[("In-Reply-To", "<a1@parti-bleu.example>")], **none)
    b.put("thread", "iban", "Marc Leclerc", "m.leclerc@imprimerie-leclerc-compta.example", "Re: Facture 2026-118", plain("Bonjour Anna,\r\n\r\nnotre compte habituel est en cours d'audit. Merci de payer la facture 2026-118 (8 420 €) sur le nouveau compte LT12 1000 0111 0100 1000 et de m'envoyer l'ordre de virement.\r\n\r\nMarc" + quoted), fields=[("In-Reply-To", "<a1@parti-bleu.example>")])
    # A number to call, on paper.
    b.put("callback", "pdf-en", "Order team", "orderteam8812@gmail.com", "Your order is complete", plain("Thank you. Please find your receipt attached.\r\n"), files=[("Receipt_8812.pdf", "application/pdf", pdf(["Norton LifeLock", "Renewal 3 years: $399.99 charged today", "If you did not authorize this payment call +1 (888) 555-0177", "within 24 hours to cancel and get a refund."]))])
    b.put("callback", "pdf-de", "Rechnungsstelle", "rechnung.8812@gmx.de", "Ihre Abbuchung", plain("Ihre Rechnung finden Sie im Anhang.\r\n"), files=[("Rechnung.pdf", "application/pdf", pdf(["PayPal Kundendienst", "Es wurden 489,00 EUR von Ihrem Konto abgebucht.", "Falls Sie dies nicht veranlasst haben, rufen Sie sofort an: +49 30 5550 0177"]))])
    b.put("callback", "docx", "Abrechnung", "kundenkonto@riverside-plumbing.example", "Renewal notice 7719", plain("See attachment.\r\n"), files=[("Notice.docx", DOCX, docx(["McAfee Total Protection", "Your plan renews today for $429.99.", "To cancel call our support line +1 (844) 555-0102."]))], **none)
    # Demands by language and theme, at free hosts and bought names.
    for variant, name, address, subject, text, button, url, how in [
        ("pl-inpost", "InPost", "powiadomienie@hotelmirador.example", "Twoja paczka została wstrzymana", "Nie mogliśmy doręczyć paczki z powodu niepełnego adresu. Zaktualizuj adres i dopłać 1,99 zł w ciągu 12 godzin.", "Zaktualizuj adres", "https://paczka-#.workers.dev/", none),
        ("tr-ptt", "PTT Kargo", "bilgi@pousada-mar-azul.example", "Kargonuz teslim edilemedi", "Adres bilgileri eksik olduğu için kargonuz teslim edilemedi. 24 saat içinde 19,90 TL ücreti ödeyerek yeniden teslimat isteyin.", "Ödeme yap", "https://kargo-#.pages.dev/", none),
        ("uk-nova", "Нова пошта", "dostavka@gardenworks.example", "Вашу посилку затримано", "Вашу посилку затримано на складі. Сплатіть митний збір 49 грн протягом доби, інакше її буде повернено.", "Сплатити", "https://posylka-#.web.app/", none),
        ("ar-aramex", "أرامكس", "info@kessler-dach.example", "شحنتك معلقة", "تعذر تسليم شحنتك بسبب رسوم جمركية غير مدفوعة. يرجى دفع 12.50 خلال 24 ساعة وإلا ستعاد إلى المرسل.", "ادفع الآن", "https://aramex-#.workers.dev/", none),
        ("en-toll", "E-ZPass Services", "notice@toll-balance-services.example", "Outstanding toll: final notice", "Our records show an unpaid toll of $6.99. To avoid a late fee of $50 and suspension of your registration, pay by tomorrow.", "Pay toll", "https://toll-balance-services.example/pay/#", {}),
        ("es-dgt", "DGT", "multas@sede-pago-multas.example", "Multa pendiente de pago", "Tiene una multa impagada de 35 €. Si no paga en 48 horas, el importe subirá a 135 €.", "Pagar la multa", "https://sede-pago-multas.example/m/#", {}),
        ("it-fisco", "Agenzia delle Entrate", "notifiche@gardenworks.example", "Rimborso IRPEF disponibile", "Dai controlli risulta un rimborso a suo favore di 412,80 €. Inserisca i dati della carta entro 48 ore.", "Richiedi rimborso", "https://rimborsi-#.r2.dev/index.html", none),
        ("de-bank", "Sparkasse", "service@pousada-mar-azul.example", "Ihre S-pushTAN läuft ab", "Ihre Registrierung läuft heute ab. Ohne Erneuerung wird Ihr Online-Zugang gesperrt.", "Jetzt erneuern", "https://sites.google.com/view/pushtan-#", none),
        ("ru-bank", "Служба безопасности банка", "security@ferreteria-lopez.example", "Ваша карта заблокирована", "Мы обнаружили подозрительную операцию. Подтвердите данные карты в течение 24 часов, иначе счёт будет заблокирован.", "Подтвердить", "https://bank-#.web.app/", none),
        ("tr-bank", "Ziraat Bankası", "guvenlik@gardenworks.example", "Hesabınız askıya alındı", "Güvenlik nedeniyle hesabınız askıya alındı. Erişimi geri almak için bilgilerinizi doğrulayın.", "Doğrula", "https://ziraat-#.workers.dev/", none),
        ("en-wallet", "Wallet migration", "support@wallet-migration-center.example", "Mandatory wallet migration before 30 November", "All holders must move to the new network. Restore your wallet with your 12-word recovery phrase to keep your tokens.", "Start migration", "https://wallet-migration-center.example/start", {}),
        ("ru-wallet", "Trust Wallet", "support@hotelmirador.example", "Требуется проверка кошелька", "Ваш кошелёк будет ограничен. Пройдите проверку и введите секретную фразу из 12 слов, чтобы сохранить доступ к средствам.", "Пройти проверку", "https://trust-#.pages.dev/", none),
        ("de-voice", "Voicemail", "voice@gardenworks.example", "Neue Sprachnachricht (00:48)", "Sie haben eine neue Sprachnachricht von +49 30 5550 0144. Melden Sie sich mit Ihrem E-Mail-Passwort an, um sie abzuhören.", "Abhören", "https://voice-#.r2.dev/v.html#anna.rey@parti-bleu.example", none),
        ("es-password", "Administrador de correo", "admin@riverside-plumbing.example", "Su contraseña caduca hoy", "La contraseña de anna.rey@parti-bleu.example caduca hoy. Conserve la contraseña actual con el botón.", "Conservar contraseña", "https://correo-#.workers.dev/?e=anna.rey@parti-bleu.example", none),
        ("it-hr", "Ufficio personale", "personale@pousada-mar-azul.example", "Aumento salariale 2026", "In allegato l'elenco degli aumenti. Acceda con la sua posta aziendale per confermare entro oggi.", "Apri il documento", "https://hr-2026-#.notion.site/aumenti", none),
        ("fr-canva", "Comptabilité", "compta@hotelmirador.example", "Facture à valider", "Un document sécurisé vous a été transmis. Connectez-vous avec votre messagerie pour le consulter.", "Voir le document", "https://www.canva.com/design/DAG#/view", none),
        ("ar-mail", "مسؤول البريد", "admin@kessler-dach.example", "سيتم إغلاق بريدك", "تم تجاوز سعة صندوق بريدك. سجل الدخول لتأكيد حسابك خلال 24 ساعة وإلا سيتم إيقافه.", "تأكيد الحساب", "https://mail-#.web.app/", none),
        ("uk-pay", "Дія. Виплати", "vyplaty@dopomoga-online.example", "Вам нараховано виплату 6 500 грн", "Вам нараховано соціальну виплату 6 500 грн. Щоб отримати кошти, вкажіть номер картки до кінця дня.", "Отримати виплату", "https://dopomoga-online.example/vyplata/#", {}),
        ("fr-cheque", "Chèque énergie", "service@attribution-cheque-energie.example", "Votre chèque énergie de 277 €", "Vous avez droit à un chèque énergie de 277 €. Complétez votre dossier et vos coordonnées bancaires avant le 15.", "Compléter mon dossier", "https://attribution-cheque-energie.example/dossier/#", {}),
        ("pl-bank", "mBank", "bezpieczenstwo@gardenworks.example", "Wykryliśmy nowe urządzenie", "Dodano nowe urządzenie do aplikacji. Jeśli to nie Ty, zablokuj dostęp i potwierdź tożsamość.", "Zablokuj", "https://mbank-#.web.app/", none),
        ("en-onedrive", "OneDrive", "share@kessler-dach.example", "Contract_2026.pdf has been shared", "A confidential document was shared with you. Verify your email to open it.", "Open", "https://kesslerdach-my.sharepoint.com/:b:/g/personal/m_kessler/#", none),
        ("de-abo", "Netflix", "konto@riverside-plumbing.example", "Ihre Zahlung ist fehlgeschlagen", "Wir konnten Ihre letzte Zahlung nicht abbuchen. Aktualisieren Sie Ihre Zahlungsdaten, sonst endet Ihr Abo heute.", "Zahlung aktualisieren", "https://nf-#.pages.dev/", none),
        ("fr-ameli", "Assurance Maladie", "ameli@hotelmirador.example", "Votre remboursement de 231,40 €", "Un remboursement n'a pas pu vous être versé. Renseignez votre carte bancaire pour le recevoir.", "Recevoir", "https://ameli-#.r2.dev/fr.html", none),
        ("es-correo", "Correos", "envios@gardenworks.example", "Paquete retenido en aduana", "Su paquete está retenido. Pague 2,11 € de aduana en 24 horas para recibirlo.", "Pagar", "https://t.ly/#", none),
    ]:
        b.put("theme", variant, name, address, subject, page(f"{text}", [(button, url)]), **how)
    # The boss, and an account that changed: no link.
    for variant, name, address, subject, text, how in [
        ("ceo-fr", "Claire Morvan", "direction.claire.morvan@gmail.com", "Confidentiel", "Anna, es-tu au bureau ? J'ai une opération confidentielle à régler aujourd'hui, un acompte de 23 700 €. Ne m'appelle pas, réponds-moi ici et je t'envoie le RIB.", {}),
        ("ceo-de", "Dr. Peter Lang", "vorstand.lang@gmx.de", "Dringende Überweisung", "Guten Morgen Frau Rey, können Sie heute noch eine Überweisung über 18.900 Euro veranlassen? Die Angelegenheit ist vertraulich, ich bin nur per E-Mail erreichbar.", {}),
        ("ceo-es", "Carlos Vega", "c.vega.presidencia@outlook.com", "¿Estás disponible?", "Hola Anna, necesito que compres cinco tarjetas regalo de 100 € para unos clientes. Es una sorpresa, no se lo digas a nadie. Envíame los códigos por correo.", {}),
        ("ceo-pl", "Jan Nowak", "prezes.nowak@wp.pl", "Pilny przelew", "Dzień dobry, proszę pilnie wykonać przelew 42 000 zł do nowego kontrahenta. Sprawa poufna, jestem na spotkaniu i nie mogę rozmawiać. Dane wyślę w odpowiedzi.", {}),
        ("ceo-ru", "Пётр Иванов", "p.ivanov.dir@mail.ru", "Срочно", "Анна, вы на месте? Нужно срочно и конфиденциально провести платёж на 480 000 рублей. Я на совещании, не звоните, пишите сюда.", {}),
        ("ceo-it", "Paolo Bianchi", "p.bianchi.direzione@libero.it", "Bonifico urgente", "Buongiorno, devo chiederle di disporre oggi un bonifico di 15.600 € in via riservata. Sono in riunione, mi risponda via e-mail.", {}),
        ("payroll-fr", "Thomas Weber", "thomas.weber.perso.81@gmail.com", "Changement de RIB", "Bonjour, j'ai changé de banque. Pouvez-vous verser mon prochain salaire sur mon nouveau compte ? Je vous envoie le RIB en retour.", {}),
        ("payroll-en", "Martin Kent", "m.kent.home.2@gmail.com", "Payroll update", "Hello, I would like to change my direct deposit details before the next pay date. What do you need from me?", {}),
        ("iban-de", "Buchhaltung Kessler", "buchhaltung@kessler-dach-rechnung.example", "Neue Bankverbindung", "Sehr geehrte Damen und Herren, unsere Bankverbindung hat sich geändert. Bitte überweisen Sie alle offenen Rechnungen ab sofort auf LT12 1000 0111 0100 1000 und senden Sie uns den Zahlungsbeleg.", {}),
        ("iban-it", "Amministrazione", "amministrazione@studio-ferro-fatture.example", "Aggiornamento coordinate bancarie", "Gentile cliente, le nostre coordinate bancarie sono cambiate. La preghiamo di effettuare i prossimi pagamenti sul nuovo IBAN LT12 1000 0111 0100 1000 e di inviarci la contabile.", {}),
        ("tr-ceo", "Mehmet Demir", "mehmet.demir.mudur@gmail.com", "Acil ödeme", "Merhaba Anna, bugün gizli bir ödeme yapmamız gerekiyor, 85.000 TL. Toplantıdayım, beni arama, buradan cevap ver.", {}),
        ("ar-fund", "السيدة أمينة", "amina.foundation.81@gmail.com", "تبرع", "أنا أرملة مريضة بالسرطان وأرغب في التبرع بمبلغ 4.5 مليون دولار من خلالك للأعمال الخيرية. أرجو الرد بسرية تامة.", {}),
        ("ru-fund", "Юрист Орлов", "orlov.notarius@list.ru", "Наследство", "Уважаемая госпожа, мой клиент скончался, не оставив наследников, на его счёте 8,7 миллиона долларов. Вы носите ту же фамилию. Ответьте конфиденциально, долю разделим пополам.", {}),
    ]:
        b.put("letter", variant, name, address, subject, plain(text.replace(". ", ".\r\n") + "\r\n"), **how)


def honest(b):
    none, fail, nothing = dict(auth="none"), dict(auth="fail"), dict(auth="nothing")
    b.put("device-code", "en", "Disney+", "disneyplus@trx.mail2.disneyplus.com", "Your one-time passcode for Disney+", page("Enter this passcode on your TV: 447 118. It expires in 15 minutes. If you did not request it, change your password.", [("Help", "https://help.disneyplus.com/")]))
    b.put("device-code", "fr", "Microsoft", "account-security-noreply@accountprotection.microsoft.com", "Code à usage unique", page("Voici votre code à usage unique : 471 882. Ne le saisissez que dans une application officielle. Ne le partagez avec personne.", [("Confidentialité", "https://go.microsoft.com/fwlink/?LinkId=521839")]))
    b.put("device-code", "uk", "GitHub", "noreply@github.com", "[GitHub] A new device was activated", plain("Hey anna-rey!\r\n\r\nA device was activated for your account with the code you entered at https://github.com/login/device\r\n\r\nIf this was not you, visit https://github.com/settings/security\r\n"))
    b.put("consent", "ms", "Calendly", "notifications@calendly.com", "Reconnect your Microsoft calendar", page("We lost the connection to your calendar. Sign in with Microsoft again to keep your availability in sync.", [("Reconnect", "https://calendly.com/app/calendar_connections?utm_source=#")]), fields=leave("https://calendly.com/u/#"))
    b.put("consent", "google", "Google", "no-reply@accounts.google.com", "Alerte de sécurité", page("L'application Framadate a été autorisée à accéder à votre compte Google anna.rey.perso@gmail.com\nSi vous ne l'avez pas autorisée, vérifiez cette activité.", [("Vérifier l'activité", "https://accounts.google.com/AccountChooser?Email=anna.rey.perso@gmail.com&continue=https://myaccount.google.com/alert/nt/#")]), to="anna.rey.perso@gmail.com", dkim="accounts.google.com")
    b.put("drive", "google-note", "Jonas Feld (via Google Drive)", "drive-shares-dm-noreply@google.com", "Einladung zur Bearbeitung: Redaktionsplan", page("Jonas Feld (j.feld@kiosque.example) hat Sie als Bearbeiter hinzugefügt: Redaktionsplan\n„Hallo Anna, hier der Plan für November. Schau bitte über Woche 47.“", [("Öffnen", "https://docs.google.com/spreadsheets/d/#/edit?usp=sharing_eil")]), back="3#@doclist.bounces.google.com", fields=[("Reply-To", "Jonas Feld <j.feld@kiosque.example>")], dkim="google.com")
    b.put("drive", "sharepoint", "Marc Leclerc", "no-reply@sharepointonline.com", "Marc Leclerc shared \"Affiches v3\" with you", page("Marc Leclerc shared a file with you\nHere's the document that Marc Leclerc shared with you.\nThis link only works for anna.rey@parti-bleu.example.", [("Open", "https://imprimerieleclerc-my.sharepoint.com/:b:/g/personal/m_leclerc/#?e=#")]), relay="na01.mail.sharepointonline.com", fields=[("Reply-To", f"m.leclerc@{PARTNER}")])
    b.put("drive", "dropbox-pl", "Dropbox", "no-reply@dropbox.com", "Ewa Nowak udostępniła Ci plik „Zdjecia_gala.zip”", page("Ewa Nowak (ewa.nowak.foto@gmail.com) udostępniła Ci plik w Dropbox.\nEwa napisała: „Cześć, tu zdjęcia z soboty. Daj znać, które bierzecie.”", [("Wyświetl plik", "https://www.dropbox.com/scl/fi/#/Zdjecia_gala.zip?rlkey=#")]), fields=[("Reply-To", "ewa.nowak.foto@gmail.com")])
    b.put("form", "google-score", "Google Forms", "forms-receipts-noreply@google.com", "Inscription à l'assemblée générale", page("Merci d'avoir rempli Inscription à l'assemblée générale.\nVoici ce que nous avons reçu : Nom : Anna Rey, présente : oui, repas végétarien : oui.", [("Modifier la réponse", "https://docs.google.com/forms/d/e/1FAIpQL#/viewform?edit2=#")]), dkim="google.com")
    b.put("form", "jotform-fr", "Jotform", "noreply@jotform.com", "Nouvelle réponse : Bénévoles du marché", page("Vous avez reçu une réponse au formulaire Bénévoles du marché.\nNom : Luc Petit\nTéléphone : 06 55 50 01 12\nDisponibilités : samedi matin", [("Voir la réponse", "https://www.jotform.com/inbox/26#")]), fields=[("Reply-To", "luc.petit.#@gmail.com")])
    b.put("form", "office", "Jonas Feld", "j.feld@kiosque.example", "Umfrage zur Klausur", page("Liebe alle, bitte füllt bis Freitag die Umfrage zur Klausur aus. Dauert zwei Minuten.\nJonas", [("Zur Umfrage", "https://forms.office.com/Pages/ResponsePage.aspx?id=#")]))
    b.put("invoice", "paypal", "service@paypal.fr", "service@paypal.fr", "Vous avez envoyé un paiement de 24,00 € à Atelier Ferro", page("Bonjour Anna Rey, vous avez envoyé 24,00 € EUR à Atelier Ferro.\nLa transaction peut prendre quelques instants à apparaître sur votre compte.", [("Voir la transaction", "https://www.paypal.com/myaccount/activities/#")]), relay="mx2.slc.paypal.com")
    b.put("invoice", "quickbooks", "Kolibri Design Studio", "quickbooks@notification.intuit.com", "Invoice 1042 from Kolibri Design Studio", page("Dear Anna, please find below the invoice for the October leaflets: $420.00, due 30 November.\nQuestions? Reply to this mail or call us at +1 (415) 555-0131.\nKolibri Design Studio, 12 Pine Street", [("Review and pay", "https://connect.intuit.com/t/scs-v1-#")]), fields=[("Reply-To", "studio@kolibri.example")], relay="o9.e.notification.intuit.com")
    b.put("invoice", "stripe-es", "Librería Sol", "invoice+statements@stripe.com", "Su recibo de Librería Sol #1187-4471", page("Recibo de Librería Sol\nImporte pagado 34,00 €, fecha 12 de octubre de 2026, Visa 4471.", [("Descargar recibo", "https://dashboard.stripe.com/receipts/invoices/#")]))
    b.put("esign", "docusign-call", "Karin Wendt via Docusign", "dse_na4@docusign.net", "Complete with Docusign: Lease office Kervil", page("Karin Wendt sent you a document to review and sign.\nKarin Wendt: Dear Anna, here is the lease as discussed on the phone. Please sign page 4.", [("REVIEW DOCUMENT", "https://na4.docusign.net/Signing/EmailStart.aspx?a=#")]), fields=[("Reply-To", "wendt@notariat-wendt.example")], relay="mailna4.docusign.net")
    b.put("esign", "adobe-fr", "Luc Petit (via Adobe Acrobat Sign)", "adobesign@adobesign.com", "Signature demandée sur « Convention de bénévolat »", page("Luc Petit (l.petit@asso-marche.example) vous demande de signer « Convention de bénévolat ».\nMessage : Bonjour Anna, comme convenu samedi.", [("Vérifier et signer", "https://eu1.documents.adobe.com/public/esign?tsid=#")]), fields=[("Reply-To", "l.petit@asso-marche.example")])
    b.put("esign", "fake", "Yousign", "no-reply@yousign.app", "Imprimerie Leclerc vous invite à signer", page("Imprimerie Leclerc vous invite à signer le document « Bon de commande 118 ».", [("Accéder aux documents", "https://yousign.app/procedure/sign?members=#")]))
    b.put("calendar", "call", "Karin Wendt", "wendt@notariat-wendt.example", "Termin: Unterzeichnung Mietvertrag", plain("Karin Wendt hat Sie eingeladen.\r\n"), also=("text/calendar; charset=utf-8; method=REQUEST", meeting("Unterzeichnung Mietvertrag", "wendt@notariat-wendt.example", "Bei Verspätung bitte kurz anrufen: +49 30 5550 0121. Bitte Ausweis mitbringen.")))
    b.put("calendar", "google", "Jonas Feld", "j.feld@kiosque.example", "Einladung: Redaktionssitzung @ Mo 12. Okt.", page("Redaktionssitzung\nMontag 12. Okt. 2026, 10:00\nMit Google Meet teilnehmen", [("Teilnehmen", "https://meet.google.com/abc-defg-hij"), ("Ja", "https://calendar.google.com/calendar/event?action=RESPOND&eid=#")]), also=("text/calendar; charset=utf-8; method=REQUEST", meeting("Redaktionssitzung", "j.feld@kiosque.example", "Teilnehmen: https://meet.google.com/abc-defg-hij")), back="3#@calendar-server.bounces.google.com")
    b.put("calendar", "link", "Personalabteilung", f"personal@{US}", "Datenschutzschulung (Pflicht)", plain("Bitte zusagen.\r\n"), also=("text/calendar; charset=utf-8; method=REQUEST", meeting("Datenschutzschulung (Pflicht)", f"personal@{US}", "Teams: https://teams.microsoft.com/l/meetup-join/19%3ameeting_a1")))
    b.put("code", "png", "Billetterie du Théâtre", "billets@theatre-kervil.example", "Vos billets pour samedi", inline("Bonjour Anna, présentez ce code à l'entrée le samedi 17 octobre à 20 h.", "cid1"), files=[("cid1", "image/png", png(modules("https://theatre-kervil.example/b/#")))])
    b.put("code", "svg", "Deutsche Bahn", "noreply@deutschebahn.com", "Ihre Fahrkarte", page("Ihr Ticket Berlin - Kiel am 17.10. Zeigen Sie den Code im Zug vor.", [("Reise ansehen", "https://www.bahn.de/buchung/reise?#")]), files=[("ticket.svg", "image/svg+xml", svg(modules("TICKET 4471 8820 #")))])
    b.put("code", "pdf", "Kolibri Design Studio", "studio@kolibri.example", "Invoice 1042", plain("Dear Anna, please find our invoice attached. Thank you for your order.\r\n\r\nKolibri Design Studio\r\n"), files=[("Invoice_1042.pdf", "application/pdf", pdf_code(modules("BCD\n002\n1\nSCT\nBFSWDE33BER\nKolibri\nDE02120300000000202051\nEUR420.00\n\n\nInvoice 1042"), ["Kolibri Design Studio", "Invoice 1042: leaflets October, EUR 420.00", "Scan the code with your banking app to pay by 30 November."]))])
    b.put("code", "docx", "Luc Petit", "l.petit@asso-marche.example", "Affiche du marché", plain("Bonjour Anna, voici l'affiche avec le code vers notre page. Dis-moi si le format convient.\r\n\r\nLuc\r\n"), files=[("Affiche.docx", DOCX, docx(["Marché de Noël", "Samedi 12 décembre, place du Port", "Le programme complet : scannez le code."], png(modules("https://asso-marche.example/noel"))))])
    b.put("code", "characters", "Кинотеатр Восток", "bilety@vostok-kino.example", "Ваши билеты", page("Покажите код на входе. Зал 2, ряд 5, место 7.", foot="<pre style='line-height:1'>" + blocks(modules("https://vostok-kino.example/t/#")) + "</pre>"))
    b.put("code", "cells", "Pegasus", "noreply@flypgs.com", "Biniş kartınız", page("Biniş kartınız hazır. Kapıda kodu gösterin. Uçuş PC 4471, kapı 12.", [("Seyahatim", "https://www.flypgs.com/seyahat/#")], foot=cells(modules("M1REY/ANNA #"))))
    b.put("code", "webp", "Teatro Real", "entradas@teatro-real.example", "Sus entradas para el viernes", inline("Presente este código en la puerta el viernes a las 20:00.", "cid1"), files=[("cid1", "image/webp", pictured(modules("https://teatro-real.example/e/#"), "webp"))])
    b.put("code", "tiff", "Kopierer Flur 2", f"kopierer@{US}", "Scan 0091", plain("Gescannt am 12.10.2026, 3 Seiten.\r\n"), relay=f"mfp2.{US}", files=[("scan_0091.tif", "image/tiff", pictured(modules("INV-2026-0091"), "tiff"))])
    b.put("forged", "bank-fr", "La Banque Postale", "nepasrepondre@labanquepostale.fr", "Votre relevé de compte est disponible", page("Votre relevé d'octobre est disponible dans votre espace client.", [("Mon espace", "https://www.labanquepostale.fr/")]), relay="relais.ecole-kervil.example", back="SRS0=#=labanquepostale.fr@ecole-kervil.example", **fail)
    b.put("forged", "gov-pl", "Gmina Kervil", "newsletter@gmina-kervil.example", "Wydarzenia w październiku", page("Zapraszamy na dni otwarte w urzędzie i koncert w bibliotece.", [("Kalendarz", "https://gmina-kervil.example/kalendarz"), ("Wypisz się", "https://gmina-kervil.example/wypisz/#")]), relay="smtp7.hosting.example", fields=leave("https://gmina-kervil.example/wypisz/#"), **fail)
    b.put("forged", "own", "Tom Weber", f"tom.weber@{US}", "[bureau] Ordre du jour de jeudi", plain(f"Bonjour à tous,\r\n\r\nl'ordre du jour de jeudi : budget, affiches, divers. Ajoutez vos points.\r\n\r\nTom\r\n--\r\nhttps://listes.asso-marche.example/info/bureau\r\n"), relay="listes.asso-marche.example", back="bureau-bounces@listes.asso-marche.example", to="bureau@listes.asso-marche.example", fields=[("List-Id", "<bureau.listes.asso-marche.example>"), ("List-Post", "<mailto:bureau@listes.asso-marche.example>"), ("List-Unsubscribe", "<https://listes.asso-marche.example/options/bureau>"), ("Precedence", "list")], **fail)
    b.put("forged", "partner-text", "Marc Leclerc", f"m.leclerc@{PARTNER}", "Livraison jeudi", plain("Bonjour Anna,\r\n\r\nles affiches seront livrées jeudi matin. Quelqu'un sera-t-il là ?\r\n\r\nMarc\r\n"), relay="smtp7.hosting.example", **fail)
    quoted = "\r\n\r\nLe lun. 5 oct. 2026 à 09:12, Anna Rey <anna.rey@parti-bleu.example> a écrit :\r\n> Bonjour Marc,\r\n> merci pour le devis des affiches, nous le validons.\r\n> Anna\r\n"
    b.put("thread", "zip", "Marc Leclerc", f"m.leclerc@{PARTNER}", "Re: Devis affiches", plain("Bonjour Anna,\r\n\r\nvoici les fichiers pour relecture, dans une archive." + quoted), fields=[("In-Reply-To", "<a1@parti-bleu.example>")], files=[("affiches.zip", "application/zip", world.zipped({"affiche_a2.pdf": pdf(["Affiche A2"]), "affiche_a3.pdf": pdf(["Affiche A3"])}))])
    b.put("thread", "link", "Marc Leclerc", f"m.leclerc@{PARTNER}", "Re: Devis affiches", plain(f"Bonjour,\r\n\r\nl'épreuve corrigée est ici : https://{PARTNER}/epreuves/4471.pdf\r\nDites-moi si le bleu convient.\r\n\r\nMarc" + quoted), fields=[("In-Reply-To", "<a1@parti-bleu.example>")])
    b.put("thread", "iban", "Marc Leclerc", "marc.leclerc.56@gmail.com", "Re: Devis affiches", plain("Bonjour Anna,\r\n\r\nje réponds de mon adresse personnelle, la messagerie de l'imprimerie est en panne. La facture suivra par courrier.\r\n\r\nMarc" + quoted), fields=[("In-Reply-To", "<a1@parti-bleu.example>")])
    b.put("callback", "pdf-en", "Kolibri Design Studio", "kolibri.studio.design@gmail.com", "Receipt for your order", plain("Dear Anna, thank you for your order. Your receipt is attached.\r\n\r\nMaya, Kolibri\r\n"), files=[("Receipt_1042.pdf", "application/pdf", pdf(["Kolibri Design Studio, 12 Pine Street", "Receipt 1042: leaflets, $420.00, paid by card", "Questions? Call us: +1 (415) 555-0131, Mon-Fri 9-5"]))])
    b.put("callback", "pdf-de", "Stadtwerke Kervil", "rechnung@stadtwerke-kervil.example", "Ihre Jahresabrechnung", plain("Guten Tag Frau Rey,\r\n\r\nIhre Jahresabrechnung finden Sie im Anhang.\r\n\r\nStadtwerke Kervil\r\n"), files=[("Jahresabrechnung.pdf", "application/pdf", pdf(["Stadtwerke Kervil GmbH", "Nachzahlung 48,20 EUR, wird am 15.11. abgebucht.", "Fragen? Kundenservice 04321 5550, Mo-Fr 8-18 Uhr"]))])
    b.put("callback", "docx", "Luc Petit", "l.petit@asso-marche.example", "Contrat de la salle", plain("Bonjour Anna, voici le contrat de la salle à signer.\r\n\r\nLuc\r\n"), files=[("Contrat.docx", DOCX, docx(["Contrat de location", "Salle du port, 12 décembre, 240 €", "En cas d'annulation appelez le 02 55 50 01 02."]))])
    for variant, name, address, subject, text, button, url, how in [
        ("pl-inpost", "InPost", "powiadomienia@inpost.pl", "Paczka czeka na odbiór", "Twoja paczka 6800 4471 czeka w paczkomacie KER01M do 14.10. Kod odbioru: 447118.", "Śledź paczkę", "https://inpost.pl/sledzenie-przesylek?number=#", {}),
        ("tr-ptt", "PTT", "bilgi@ptt.gov.tr", "Gönderiniz dağıtıma çıktı", "KP04471 numaralı gönderiniz bugün teslim edilecektir.", "Gönderi takibi", "https://gonderitakip.ptt.gov.tr/?q=#", {}),
        ("uk-nova", "Нова пошта", "noreply@novaposhta.ua", "Посилка прибула у відділення", "Ваша посилка 2045 0118 прибула у відділення №3. Забрати можна до 17 жовтня. До сплати 180 грн при отриманні.", "Відстежити", "https://novaposhta.ua/tracking/?cargo_number=#", {}),
        ("ar-aramex", "أرامكس", "noreply@aramex.com", "شحنتك في الطريق", "شحنتك رقم 44718820 ستصل اليوم بين الساعة 10 و 14.", "تتبع الشحنة", "https://www.aramex.com/track/#", {}),
        ("en-toll", "FasTrak", "noreply@bayareafastrak.org", "Your FasTrak statement is ready", "Your statement for October is ready. Balance due: $14.00, to be charged to your card on file on 20 October.", "View statement", "https://www.bayareafastrak.org/statements?id=#", {}),
        ("es-dgt", "Ayuntamiento de Kervil", "multas@ayto-kervil.example", "Notificación disponible en la sede", "Tiene una notificación en la sede electrónica del Ayuntamiento. Acceda con Cl@ve o certificado. Plazo de pago con descuento: 20 días.", "Sede electrónica", "https://sede.ayto-kervil.example/notificaciones/#", {}),
        ("it-fisco", "CAF Kervil", "pratiche@caf-kervil.example", "Rimborso 730: pratica conclusa", "Gentile Anna Rey, la sua pratica è conclusa. Il rimborso di 412,80 € sarà accreditato dall'Agenzia delle Entrate sul conto già comunicato.", "Area clienti", "https://caf-kervil.example/area/#", {}),
        ("de-bank", "Sparkasse Kervil", "info@sparkasse-kervil.example", "Neue Nachricht in Ihrem Postfach", "In Ihrem elektronischen Postfach liegt eine neue Nachricht. Melden Sie sich wie gewohnt über unsere Internetseite an.", "Zur Sparkasse", "https://sparkasse-kervil.example/", {}),
        ("ru-bank", "Банк Восток", "info@bank-vostok.example", "Выписка за октябрь", "Выписка по вашей карте за октябрь готова. Мы никогда не просим сообщить код из сообщения.", "Войти в кабинет", "https://online.bank-vostok.example/", {}),
        ("tr-bank", "Ziraat Bankası", "bilgi@ziraatbank.com.tr", "Hesap özetiniz hazır", "Ekim ayı hesap özetiniz hazır. Şifrenizi kimseyle paylaşmayın.", "İnternet Şubesi", "https://bireysel.ziraatbank.com.tr/", {}),
        ("en-wallet", "Ledger", "noreply@ledger.com", "Ledger Live 3.1 is available", "Update Ledger Live from within the app. We never ask for your 24-word recovery phrase.", "Release notes", "https://www.ledger.com/ledger-live-release-notes?#", dict(fields=leave("https://www.ledger.com/u/#"))),
        ("ru-wallet", "Bybit", "noreply@bybit.com", "Вход с нового устройства", "Выполнен вход в ваш аккаунт из Киля, 12.10.2026 09:14. Если это были не вы, смените пароль в приложении.", "Открыть Bybit", "https://www.bybit.com/user/accounts/security", {}),
        ("de-voice", "Placetel", "voicemail@placetel.de", "Neue Nachricht von +49 30 5550 0144", "Sie haben eine neue Sprachnachricht, Dauer 0:48. Die Aufnahme liegt bei.", "Einstellungen", "https://web.placetel.de/voicemail", dict(files=[("nachricht.mp3", "audio/mpeg", b"ID3\x03\0\0\0\0\0\0" + b"\xff\xfb\x90\x00" * 64)])),
        ("es-password", "Soporte", f"soporte@{US}", "Su contraseña caduca en 5 días", "Su contraseña caduca en 5 días. Cámbiela con Ctrl+Alt+Supr en su puesto o en la intranet.", "Intranet", f"https://intranet.{US}/password", {}),
        ("it-hr", "Ufficio personale", f"personale@{US}", "Cedolino di ottobre", "Il cedolino di ottobre è disponibile nel portale.", "Portale", f"https://portale.{US}/cedolini", {}),
        ("fr-canva", "Canva", "no-reply@canva.com", "Luc Petit a partagé « Affiche Noël » avec vous", "Luc Petit (l.petit@asso-marche.example) vous invite à modifier un design.", "Ouvrir le design", "https://www.canva.com/design/DAG#/edit", {}),
        ("ar-mail", "الدعم الفني", f"support@{US}", "صيانة البريد يوم الجمعة", "سيتوقف البريد ساعة واحدة يوم الجمعة للصيانة. لا يلزمك القيام بأي شيء.", "حالة الخدمة", f"https://status.{US}/", {}),
        ("uk-pay", "Дія", "no-reply@diia.gov.ua", "Довідка готова", "Ваша довідка готова. Завантажте її в застосунку Дія або на порталі.", "Портал Дія", "https://diia.gov.ua/", {}),
        ("fr-cheque", "EDF", "nepasrepondre@edf.fr", "Votre chèque énergie a bien été pris en compte", "Nous avons déduit 148 € de chèque énergie de votre contrat. Rien à faire de votre part.", "Mon espace client", "https://particulier.edf.fr/fr/accueil/espace-client.html", {}),
        ("pl-bank", "mBank", "kontakt@mbank.pl", "Dodano nowe urządzenie", "Dodano nowe urządzenie do aplikacji mBank: Pixel 9, 12.10.2026. Jeśli to nie Ty, zadzwoń na mLinię.", "Jak zadbać o bezpieczeństwo", "https://www.mbank.pl/bezpieczenstwo/", {}),
        ("en-onedrive", "Microsoft OneDrive", "photos@onedrive.com", "Your memories from this week", "Look back at the photos you took on this day. 12 photos from Kervil.", "See photos", "https://onedrive.live.com/?v=photos&#", dict(fields=leave("https://onedrive.live.com/u/#"))),
        ("de-abo", "Netflix", "info@account.netflix.com", "Zahlung fehlgeschlagen: wir versuchen es erneut", "Wir konnten Ihre letzte Zahlung nicht abbuchen und versuchen es in drei Tagen noch einmal. Sie können Ihre Zahlungsdaten im Konto aktualisieren.", "Konto", "https://www.netflix.com/youraccountpayment?#", {}),
        ("fr-ameli", "Assurance Maladie", "nepasrepondre@assurance-maladie.fr", "Votre relevé mensuel est disponible", "Vous pouvez consulter votre relevé de remboursements dans votre compte ameli.", "Mon compte ameli", "https://assure.ameli.fr/", {}),
        ("es-correo", "Zara", "noreply@zara.com", "Tu pedido está en aduana", "Tu pedido 44718820 pasa el control de aduana y llegará el jueves. No tienes que pagar nada.", "Ver pedido", "https://www.zara.com/es/es/user/order/#", {}),
    ]:
        b.put("theme", variant, name, address, subject, page(f"{text}", [(button, url)]), **how)
    for variant, name, address, subject, text, how in [
        ("ceo-fr", "Claire Morvan", f"claire.morvan@{US}", "Gâteau pour Tom", "Anna, tu es au bureau demain ? C'est l'anniversaire de Tom, peux-tu acheter un gâteau ? Je te rembourse. N'en parle pas à Tom, c'est une surprise.", {}),
        ("ceo-de", "Jonas Feld", "jonas.feld.privat@gmx.de", "Überweisung Klassenfahrt", "Hallo Anna, ich habe dir die 85 Euro für die Klassenfahrt überwiesen, bitte schau, ob es angekommen ist. Grüße, Jonas", {}),
        ("ceo-es", "Carlos Vega", "carlos.vega.perez@outlook.com", "¿Estás disponible el jueves?", "Hola Anna, ¿estás disponible el jueves para comer? Quiero enseñarte el cartel nuevo. Un abrazo, Carlos", {}),
        ("ceo-pl", "Jan Nowak", "jan.nowak.kervil@wp.pl", "Przelew za salę", "Dzień dobry, potwierdzam przelew 420 zł za salę, wysłany wczoraj. Faktura przyjdzie pocztą. Pozdrawiam, Jan Nowak", {}),
        ("ceo-ru", "Пётр Иванов", "petr.ivanov.kiel@mail.ru", "Встреча в среду", "Анна, добрый день! Я буду в Киле в среду, можем встретиться после совещания? Позвоните, когда удобно.", {}),
        ("ceo-it", "Paolo Bianchi", "paolo.bianchi.kervil@libero.it", "Bonifico quota sociale", "Buongiorno, ho fatto il bonifico di 30 € per la quota sociale. Mi manda la ricevuta quando può? Grazie, Paolo", {}),
        ("payroll-fr", "Tom Weber", f"tom.weber@{US}", "Changement de RIB", "Bonjour Anna, j'ai changé de banque, le nouveau RIB est dans ton casier depuis ce matin. Appelle-moi si tu veux vérifier.", {}),
        ("payroll-en", "Martin Kent", "m.kent@kolibri.example", "Holiday next week", "Hello Anna, I will be on leave next week, Maya covers for the leaflets. Best, Martin", {}),
        ("iban-de", "Stadtwerke Kervil", "service@stadtwerke-kervil.example", "Umstellung unserer Bankverbindung", "Sehr geehrte Frau Rey, ab Januar gilt eine neue Bankverbindung. Sie erhalten sie in den nächsten Tagen per Brief. Per E-Mail teilen wir keine Kontodaten mit.", {}),
        ("iban-it", "Studio Ferro", "amministrazione@studio-ferro.example", "Fattura 118", "Gentile Anna, in calce i dati della fattura 118: 240 € entro fine mese, sul conto già in vostro possesso. Cordiali saluti, Studio Ferro", {}),
        ("tr-ceo", "Mehmet Demir", "mehmet.demir.kiel@gmail.com", "Toplantı", "Merhaba Anna, cuma günkü toplantıya gelemiyorum, notları bana gönderir misin? Teşekkürler, Mehmet", {}),
        ("ar-fund", "أمينة حداد", "amina.haddad.kiel@gmail.com", "حملة التبرعات", "مرحبا آنا، جمعنا 4500 يورو في حملة التبرعات يوم السبت. سأرسل القائمة غدا. تحياتي، أمينة", {}),
        ("ru-fund", "Нотариус Орлова", "orlova@notariat-kiel.example", "Документы по наследству", "Уважаемая госпожа Рей, документы по наследству вашей тёти готовы. Приём по вторникам с 10 до 12, возьмите паспорт.", {}),
    ]:
        b.put("letter", variant, name, address, subject, plain(text.replace(". ", ".\r\n") + "\r\n"), **how)


def verdict(vigie, case, path):
    """The gravest a mail reaches, judged alone."""
    done = subprocess.run([vigie, "check", "--json", "--config", case, path], capture_output=True, text=True)
    grades = ["none", "info", "low", "medium", "high", "critical"]
    worst = "none"
    for line in done.stdout.splitlines():
        finding = json.loads(line)
        if finding.get("detector") == "mail/phishing":
            worst = max(worst, finding["severity"], key=grades.index)
    return worst


def measure(vigie, out):
    for side in ("lure", "honest"):
        for part in "ab":
            kinds, grades, rows = defaultdict(lambda: [0, 0]), defaultdict(int), []
            for path in sorted((out / f"{side}-{part}").glob("*.eml")):
                grade = verdict(vigie, out / "case.toml", path)
                kind, reached = path.stem.split("-", 1)[1].split(".")[0], grade in ("medium", "high", "critical")
                kinds[kind][0] += reached
                kinds[kind][1] += 1
                grades[grade] += 1
                rows += [f"    {path.stem}: {grade}"] * (reached != (side == "lure"))
            found, all_ = (sum(k[i] for k in kinds.values()) for i in (0, 1))
            print(f"{side}-{part}: {found} of {all_} at medium or above ({100 * found / all_:.1f} %), {dict(sorted(grades.items()))}")
            if part == "a":
                print("  " + ", ".join(f"{k} {n}/{m}" for k, (n, m) in kinds.items()), *rows, sep="\n")


def main(words):
    if not words or words[0].startswith("-"):
        sys.exit(__doc__)
    option = lambda name: words[words.index(name) + 1] if name in words else None
    world.R.seed(int(option("--seed") or 1130))
    out = Path(words[0])
    out.mkdir(parents=True, exist_ok=True)
    (out / "case.toml").write_text(f'[protect]\ndomains = ["{US}"]\n\n[mail]\ntrusted = ["mx.{US}", "Microsoft 365"]\n')
    lures(Box(out, "lure"))
    honest(Box(out, "honest"))
    for folder in sorted(out.glob("*-[ab]")):
        print(folder.name, len(list(folder.glob("*.eml"))))
    if option("--vigie"):
        measure(option("--vigie"), out)


if __name__ == "__main__":
    main(sys.argv[1:])
