#!/usr/bin/env python3
"""Modern honest mail by structure: what a campaign, a newsroom or a town hall gets today and no one need be warned of.
Delivery reports, calendars, lists, digests of filters, receipts, notices of services, letters through mailers, reports of
mail servers, forwards, absences. Header fields and parts are built as these programs write them; every sentence is the
author's own, nothing leads anywhere.

    python3 bench/mail_honest_modern.py OUT   ->  OUT/{honest-m1,honest-m2}/*.eml

Two parts of the same size, with other services, languages and words: `m1` is for development, `m2` is held back: nobody
who sets weights reads it or its mails; its figure is taken at the end. Both are by one author (there was no second one
at hand), `m2` written after `m1` in one go and not changed afterwards. `--folder` of `bench/mail.py` puts all in one case."""
import usage
import random, sys
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime
from datetime import datetime, timedelta, timezone
from pathlib import Path

US, ANNA = "parti-bleu.example", "anna.rey@parti-bleu.example"
START = datetime(2025, 3, 3, 8, 0, tzinfo=timezone.utc)


class Hand:
    def __init__(self, seed, out):
        self.r, self.out, self.n = random.Random(seed), Path(out), 0
        self.out.mkdir(parents=True, exist_ok=True)

    def token(self, n=12):
        return "".join(self.r.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(n))

    def mail(self, name, address, subject, to=ANNA, relay=None, back=None, proven=True, **fields):
        """A message with the fields that a delivery leaves, proven or not."""
        self.n += 1
        domain = address.split("@")[1]
        relay, back = relay or f"out.{domain}", address if back is None else back
        when = format_datetime(START + timedelta(hours=5 * self.n))
        m = EmailMessage()
        m["Return-Path"] = f"<{back}>"
        m["Delivered-To"] = to if "@" in to else ANNA
        m["Received"] = f"from {relay} ({relay} [203.0.113.{self.n % 250 + 1}]) by mx.{US} (Postfix) with ESMTPS id {self.token(8)} for <{ANNA}>; {when}"
        if proven and self.n % 2:
            m["Authentication-Results"] = f"mx.{US}; dkim=pass header.d={domain} header.s=s1; spf=pass smtp.mailfrom={back}; dmarc=pass header.from={domain}"
        m["From"] = f'"{name}" <{address}>' if name else address
        m["To"], m["Subject"], m["Date"] = to, subject, when
        m["Message-ID"] = f"<{self.token(16)}@{fields.pop('Id', relay)}>"
        for key, value in fields.items():
            m[key.replace("_", "-")] = value
        return m

    def text(self, m, text, html=None, links=(), unsubscribe=None):
        links = [(c, u.replace("#", self.token())) for c, u in links]
        if html is False:
            m.set_content(text + "\n\n" + "\n".join(f"{c}: {u}" if c else u for c, u in links) + "\n")
        else:
            body = "".join(f"<p>{line}</p>" for line in text.split("\n")) + "".join(f'<p><a href="{u}">{c or u}</a></p>' for c, u in links)
            if unsubscribe:
                body += f'<p style="font-size:11px"><a href="{unsubscribe.replace("#", self.token())}">Se désinscrire / Unsubscribe</a></p>'
            m.set_content(f"<html><body>{body}</body></html>", subtype="html")
        return m

    def save(self, m, kind):
        (self.out / f"{self.n:03}-{kind}.eml").write_bytes(m.as_bytes())

    # Kinds.

    def bounce(self, host, name, subject, words, to, code, returned, subtype="rfc822", link=""):
        m = self.mail(name, f"MAILER-DAEMON@{host}", subject, relay=host, back="", proven=False, Auto_Submitted="auto-replied")
        said = "rfc822" if subtype == "rfc822" else "rfc822-headers"
        parts = [
            ("text/plain; charset=utf-8", f"{words}\n\n<{to}>: {code}\n{link}\n"),
            ("message/delivery-status", f"Reporting-MTA: dns; {host}\nArrival-Date: {m['Date']}\n\nFinal-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; {code}\n"),
            (("message/" if said == "rfc822" else "text/") + said, f"From: Anna Rey <{ANNA}>\nTo: {to}\nSubject: {returned[0]}\nDate: {m['Date']}\nMessage-ID: <{self.token()}@{US}>\n\n{returned[1] if said == 'rfc822' else ''}\n"),
        ]
        # The library has no such message: its header, then the parts by hand.
        head = m.as_bytes().rstrip(b"\n") + b'\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="=_r"\n\n'
        body = "".join(f"--=_r\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n{text}\n" for kind, text in parts) + "--=_r--\n"
        (self.out / f"{self.n:03}-bounce.eml").write_bytes(head + body.encode())

    def calendar(self, name, address, subject, words, service, method="REQUEST", links=(), sender=None, relay=None):
        m = self.mail(name, address, subject, relay=relay or f"out.{service}", back=sender or address, proven=False, **({"Sender": sender, "Reply_To": address} if sender else {}))
        self.text(m, words, links=links)
        m.make_alternative()
        part = MIMEPart()
        entry = f"BEGIN:VCALENDAR\r\nPRODID:-//{service}//EN\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{self.token()}@{service}\r\nDTSTART:20250411T113000Z\r\nDTEND:20250411T123000Z\r\nORGANIZER;CN={name}:mailto:{address}\r\nATTENDEE;RSVP=TRUE:mailto:{ANNA}\r\nSUMMARY:{subject}\r\n" + (f"LOCATION:{links[0][1]}\r\n" if links else "") + "END:VEVENT\r\nEND:VCALENDAR\r\n"
        part.set_content(entry, subtype="calendar", params={"method": method}); m.attach(part)
        self.save(m, "calendar")

    def list(self, name, address, subject, words, list_id, host, answer=True, program="Mailman", links=()):
        fields = {"List_Id": f"<{list_id}>", "List_Post": f"<mailto:{list_id.replace('.', '@', 1)}>", "List_Unsubscribe": f"<mailto:{list_id.split('.')[0]}-leave@{host}>", "Precedence": "list"}
        if program == "Mailman":
            fields["X_Mailman_Version"] = "3.3.9"
        if answer:
            fields["In_Reply_To"] = f"<{self.token()}@mail.example>"
            fields["References"] = fields["In_Reply_To"]
        m = self.mail(name, address, subject, to=list_id.replace(".", "@", 1), relay=host, back=f"{list_id.split('.')[0]}-bounces@{host}", proven=False, **fields)
        self.save(self.text(m, words, html=False, links=links), "list")

    def bulk(self, name, address, subject, words, mailer, links, leave, relay, kind="letter", images="", **fields):
        m = self.mail(name, address, subject, relay=relay, back=f"bounce-{self.token(6)}@{mailer}", List_Unsubscribe=f"<{leave.replace('#', self.token())}>", List_Unsubscribe_Post="List-Unsubscribe=One-Click", **fields)
        if images:
            words = f'<img src="{images}" alt="{name}">\n' + words
        self.save(self.text(m, words, links=links, unsubscribe=leave), kind)

    def notice(self, name, address, subject, words, links=(), relay=None, back=None, kind="notice", html=None, **fields):
        self.save(self.text(self.mail(name, address, subject, relay=relay, back=back, **fields), words, links=links, html=html), kind)

    def attached(self, name, address, subject, words, files, kind="attached", **fields):
        m = self.text(self.mail(name, address, subject, **fields), words, html=False)
        for file, (main, sub), data in files:
            m.add_attachment(data, maintype=main, subtype=sub, filename=file)
        self.save(m, kind)


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n4 0 obj<</Length 70>>stream\nBT /F1 12 Tf 50 700 Td (Facture 2025-118, 240,00 EUR, merci de votre confiance) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
P, J, X = ("application", "pdf"), ("image", "jpeg"), ("application", "octet-stream")
AGGREGATE = b'<?xml version="1.0"?><feedback><report_metadata><org_name>receiver.example</org_name><email>d@receiver.example</email><report_id>7</report_id><date_range><begin>1741000000</begin><end>1741086400</end></date_range></report_metadata><policy_published><domain>parti-bleu.example</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.4</source_ip><count>3</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row><identifiers><header_from>parti-bleu.example</header_from></identifiers></record></feedback>'


def first(h):
    """For development."""
    h.bounce(f"mx.{US}", "Mail Delivery System", "Undelivered Mail Returned to Sender", f"This is the mail system at host mx.{US}.\nI'm sorry to have to inform you that your message could not be delivered to one or more recipients.", "jp@lanvallon.example", "host mx.lanvallon.example said: 550 5.1.1 User unknown", ("Votre mot de passe", f"Bonjour, pour changer de mot de passe : https://{US}/compte"))
    h.bounce("mail-yw1-f67.google.com", "Mail Delivery Subsystem", "Delivery Status Notification (Failure)", "Your message wasn't delivered because the address couldn't be found. LEARN MORE", "sam@brook.example", "550-5.1.1 The email account that you tried to reach does not exist", ("Meeting on Friday", "See you there"), link="https://support.google.com/mail/?p=NoSuchUser")
    h.bounce("AM6PR01.eurprd01.prod.outlook.com", "Microsoft Outlook", "Undeliverable: Programme", "Your message to karin@feld.example couldn't be delivered. The mailbox is full.", "karin@feld.example", "550 5.2.2 mailbox full", ("Programme", "Anbei"), "headers", "https://go.microsoft.com/fwlink/?LinkId=389361")
    h.bounce("smtp.hebergeur.example", "Mail Delivery System", "Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.", "presse@courrier.example", "550 Message rejected: URGENT account suspended", ("Communiqué de presse", "Le communiqué : https://parti-bleu.example/presse"))
    h.bounce("mx.univ.example", "Mail Delivery System", "Delayed Mail (still being retried)", "Your message could not be delivered for 4 hours. It will be retried until it is 5 days old.", "prof@univ.example", "450 4.7.1 greylisted", ("Question", "Bonjour"), "headers")
    h.calendar("Jan Novak", "jan@partner.example", "Invitation: Bureau @ Thu Apr 11, 2025 13:30 - 14:30 (CEST) (anna.rey@parti-bleu.example)", "Bureau\nThursday Apr 11, 2025\nJoin with Google Meet\nInvitation from Google Calendar. You are receiving this email because you are an attendee on the event. anna.rey@parti-bleu.example", "google.com", links=[("meet.google.com/yew-afgi-ynf", "https://meet.google.com/yew-afgi-ynf"), ("Yes", "https://calendar.google.com/calendar/event?action=RESPOND&eid=#&em=anna.rey@parti-bleu.example&rst=1"), ("No", "https://calendar.google.com/calendar/event?action=RESPOND&eid=#&rst=2")], sender="calendar-notification@google.com", relay="mail-sor-f73.google.com")
    h.calendar("Inès Caron", "ines.caron@mairie-kervil.example", "Commission urbanisme", "Réunion Microsoft Teams\nRejoindre la réunion\nID de réunion : 312 445 889 12\nCode secret : x7Yq2B", "outlook.com", links=[("Rejoindre la réunion", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_#/0"), ("Options", "https://teams.microsoft.com/meetingOptions/?organizerId=#")], relay="mail-vi1eur05on2046.outbound.protection.outlook.com")
    h.calendar("Tom Weber", "tom.weber@liste-citoyenne.example", "Accepted: Bureau", "Tom Weber has accepted this invitation.", "google.com", "REPLY", sender="calendar-notification@google.com", relay="mail-sor-f41.google.com")
    h.calendar("Karin Feld", "feld@kanzlei-feld.example", "Abgesagt: Besprechung", "Der Termin wurde abgesagt.", "kanzlei-feld.example", "CANCEL")
    h.calendar("Brookside Council", "meetings@brookside.example", "Zoom: Budget hearing", "You are invited to a Zoom meeting.\nPasscode: 448201", "brookside.example", links=[("Join Zoom Meeting", "https://us02web.zoom.us/j/81234567890?pwd=#")])
    for name, addr, subj, words, lid, host in [
        ("Sam F. Reed", "sfr@lists.example", "Re: merge of two trees", "> today conflict\nFixed, thanks. The account for the build bot was locked, I reset it.", "next.lists.example", "lists.example"),
        ("Élodie Brun", "e.brun@asso-velo.example", "Re: [velo] assemblée du 28", "> qui apporte la clé ?\nMoi. Pensez à payer la cotisation avant samedi.", "velo.listes.example", "listes.example"),
        ("Jonas Feld", "jonas@posteo.de", "[wahlhelfer] Schulung am Samstag", "Hallo zusammen, bitte bis morgen bestätigen, ob ihr kommt.", "wahlhelfer.listen.example", "listen.example"),
        ("Ruth Orr", "ruth.orr@gmail.com", "[PATCH v3 2/7] net: fix refcount on error path", "Signed-off-by: Ruth Orr <ruth.orr@gmail.com>\n---\n drivers/net/x.c | 2 +-", "netdev.vger.example", "vger.example"),
        ("ING", "ing.b@polytech.example", "Re: [tex] fonts", "> missing\nTry updating your account of the mirror.", "tex.lists.example", "lists.example"),
        ("Free Software Group", "info@fsg.example", "[announce] FSG conference: call for talks", "Please submit by 30 June, it is urgent for the programme team.", "announce.fsg.example", "fsg.example"),
        ("Luis Otero", "luis@otero.example", "Re: [barrio] reunión", "> ¿a qué hora?\nA las ocho, traed el DNI.", "barrio.listas.example", "listas.example"),
        ("Pia Lund", "pia@lund.example", "Re: [kor] Noter", "Her er noterne til torsdag.", "kor.lister.example", "lister.example"),
    ]:
        h.list(name, addr, subj, words, lid, host, answer=subj.startswith("Re"))
    h.list("'Claire Petit' via Presse", f"presse@{US}", "Demande d'interview", "Bonjour, je prépare un article sur les transports. Êtes-vous disponible mardi ?\n-- \nVous recevez ce message car vous êtes abonné au groupe Google Groupes.", f"presse.{US}", "mail-lf1-f61.google.com", answer=False, program="Google")
    h.notice("Quarantaine", "quarantine@ppops.net", "Résumé de quarantaine [5 nouveaux messages] : anna.rey@parti-bleu.example", "Les messages suivants ont été mis en quarantaine.\npromo@soldes.example : Gagnez un téléphone\nbanque@credit.example : Votre compte est suspendu", [("Libérer", "https://eu1.proofpointessentials.com/app/release?id=#"), ("Bloquer", "https://eu1.proofpointessentials.com/app/block?id=#"), ("Libérer", "https://eu1.proofpointessentials.com/app/release?id=#")], kind="digest")
    h.notice("quarantine@messaging.microsoft.com", "quarantine@messaging.microsoft.com", "Microsoft 365 security: You have messages in quarantine", "Review These Messages\n2 messages are being held for you to review as of 3 March 2025.\nSender: billing@shop.example Subject: Your invoice is overdue", [("Review Message", "https://security.microsoft.com/quarantine?viewid=#"), ("Release", "https://security.microsoft.com/quarantine/release?id=#")], kind="digest")
    h.notice("Mailinblack", "no-reply@mailinblack.com", "Vos e-mails en attente (3)", "3 expéditeurs n'ont pas confirmé leur envoi.\nlot@gains.example : Félicitations, vous avez gagné", [("Voir mes e-mails", "https://app.mailinblack.com/quarantine/#")], kind="digest")
    h.bulk("Marie Durand", f"marie@{US}", "Anna, il nous reste 48 heures", "Anna,\nIl reste moins de 48 heures avant la clôture, et il nous manque 12 000 €. Pouvez-vous donner 20 € avant minuit ?", "email.nationbuilder.com", [("Je donne 20 €", "https://partibleu.nationbuilder.com/r?u=#")], "https://partibleu.nationbuilder.com/unsubscribe?u=#", "mail.nationbuilder.com", "own", proven=False, DKIM_Signature="v=1; a=rsa-sha256; d=nationbuilder.com; s=s1; h=from; bh=AAAA; b=BBBB")
    h.bulk("Parti Bleu", f"newsletter@{US}", "Nos propositions pour Lanvallon", "Bonjour, découvrez nos propositions et rejoignez-nous samedi à 18 h.", "d.mailin.fr", [("Lire le programme", f"https://{US}/programme")], f"https://r.news.{US}/mk/un/#", "relay.mailin.fr", "own", proven=False)
    h.bulk("Parti Bleu", f"contact@{US}", "Confirmez votre inscription", "Bonjour, pour recevoir notre lettre, confirmez votre adresse.", "mail220.atl.mcsv.net", [("Oui, je m'inscris", "https://parti-bleu.us14.list-manage.com/subscribe/confirm?u=#")], "https://parti-bleu.us14.list-manage.com/unsubscribe?u=#", "mail220.atl.mcsv.net", "own", proven=False)
    for name, addr, subj, words, links, mailer, leave, relay in [
        ("Les Amis du Vélo", "bonjour@amisduvelo.example", "La lettre de novembre 🚲", "Chers adhérents, l'assemblée générale aura lieu le 28. Vous pouvez voter en ligne et renouveler votre cotisation. Suivez-nous sur Facebook et Twitter.", [("Voter", "https://amisduvelo.us14.list-manage.com/track/click?u=#"), ("Renouveler", "https://amisduvelo.us14.list-manage.com/track/click?u=#")], "mail220.atl.mcsv.net", "https://amisduvelo.us14.list-manage.com/unsubscribe?u=#", "mail220.atl.mcsv.net"),
        ("Boutique Lin", "bonjour@boutique-lin.example", "🎁 -30 % jusqu'à dimanche minuit", "Plus que 48 h pour profiter de nos offres. Livraison offerte dès 60 €.", [("J'en profite", "https://click.boutique-lin.example/c/#"), ("Nos boutiques", "https://click.boutique-lin.example/c/#")], "bounce.boutique-lin.example", "https://click.boutique-lin.example/u/#", "mta3.boutique-lin.example"),
        ("The Brook Review", "brookreview@substack.com", "What the council did not say", "This week: three numbers from the budget, and why they matter.", [("Read in app", "https://open.substack.com/pub/brookreview/p/#"), ("Upgrade to paid", "https://brookreview.substack.com/subscribe?token=#")], "mg-d1.substack.com", "https://brookreview.substack.com/action/disable_email?token=#", "mg-d1.substack.com"),
        ("Museum am Hafen", "newsletter@museum-hafen.example", "Neue Ausstellung ab Freitag", "Wir laden Sie herzlich ein. Eintritt frei bis 18 Uhr.", [("Mehr erfahren", "https://t.museum-hafen.example/l/#")], "bounce.rapidmail.example", "https://t.museum-hafen.example/u/#", "out7.rapidmail.example"),
        ("Librería Prado", "hola@libreriaprado.example", "Novedades de marzo", "Estas son las novedades. Reserva tu ejemplar.", [("Ver novedades", "https://libreriaprado.us5.list-manage.com/track/click?u=#")], "mail12.suw91.mcdlv.net", "https://libreriaprado.us5.list-manage.com/unsubscribe?u=#", "mail12.suw91.mcdlv.net"),
        ("Médecins Solidaires", "contact@medecins-solidaires.example", "Urgence : 72 heures pour agir", "Chaque don compte. 30 € suffisent pour un kit de soins. Reçu fiscal sous 24 h.", [("Je fais un don", "https://dons.medecins-solidaires.example/?c=#")], "bounce.sarbacane.com", "https://c.medecins-solidaires.example/u/#", "mta12.sarbacane.com"),
        ("Green Brook", "hello@greenbrook.example", "Sign before midnight: save the park", "We are 120 signatures short. Add your name now!", [("Sign the petition", "https://actionnetwork.org/petitions/save-the-park?source=email&#")], "bounces.actionnetwork.org", "https://actionnetwork.org/unsubscribe/#", "o1.actionnetwork.org"),
    ]:
        h.bulk(name, addr, subj, words, mailer, links, leave, relay)
    for row in [
        ("GitHub", "notifications@github.com", "[parti-bleu/site] Run failed: deploy - main (4f2a91c)", "The run failed for 1 job.", [("View workflow run", "https://github.com/parti-bleu/site/actions/runs/#")]),
        ("Claire (Slack)", "notification@slack.com", "[Parti Bleu] Claire vous a envoyé un message", "Bonjour Anna,\nVous avez un nouveau message direct dans l'espace Parti Bleu.", [("Voir dans Slack", "https://parti-bleu.slack.com/archives/#"), ("Aide", "https://slack.com/intl/fr-fr/help")]),
        ("Parti Bleu (Support)", "support@parti-bleu.zendesk.com", "[Parti Bleu] Demande reçue : adhésion", "Bonjour Anna,\nVotre demande (#10482) a été reçue et notre équipe l'étudie.", [("Ouvrir la demande", "https://parti-bleu.zendesk.com/hc/requests/10482")]),
        ("AssoConnect", "noreply@assoconnect.com", "Nouvelle adhésion enregistrée", "Bonjour Anna,\nMme Petit vient d'adhérer pour 20 €.", [("Ouvrir", "https://parti-bleu.assoconnect.com/d/#")]),
        ("Claire Petit (via Google Drive)", "drive-shares-dm-noreply@google.com", "Document partagé avec vous : « Programme v4 »", "Claire Petit (claire@parti-bleu.example) vous a invité à modifier le document suivant.", [("Ouvrir", "https://docs.google.com/document/d/#/edit?usp=sharing_eil")]),
        ("Inès Caron", "no-reply@sharepointonline.com", "Inès Caron a partagé « Budget 2025 » avec vous", "Inès Caron a partagé un fichier avec vous. Ce lien ne fonctionne que pour vous.", [("Ouvrir", "https://mairiekervil.sharepoint.com/:x:/s/budget/#?e=abc")]),
        ("DocuSign EU System", "dse@eumail.docusign.net", "Complétez avec DocuSign : Bail du local", "Cabinet Feld vous a envoyé un document à examiner et signer.", [("EXAMINER LE DOCUMENT", "https://eu.docusign.net/Signing/EmailStart.aspx?a=#")]),
        ("WeTransfer", "noreply@wetransfer.com", "studio@affiches.example vous a envoyé des fichiers via WeTransfer", "2 éléments, 340 Mo au total. Expire le 10 mars.", [("Télécharger", "https://wetransfer.com/downloads/#")]),
        ("Google", "no-reply@accounts.google.com", "Alerte de sécurité", "Nouvelle connexion sur un appareil Windows. Si c'était vous, aucune action n'est requise.", [("Vérifier l'activité", "https://accounts.google.com/AccountChooser?Email=anna.rey@parti-bleu.example&continue=https://myaccount.google.com/alert/nt/#")]),
        ("Microsoft", "account-security-noreply@accountprotection.microsoft.com", "Votre code à usage unique", "Votre code est 448201. Ne le communiquez à personne.", [("Déclaration", "https://go.microsoft.com/fwlink/?LinkId=521839")]),
        ("BoursoBank", "noreply@client.boursobank.info", "Votre relevé de compte est disponible", "Bonjour Mme DUPONT,\nVotre relevé est disponible dans votre Espace Client. Pour votre sécurité, cet e-mail ne contient aucun lien.", []),
        ("La Poste", "notification@laposte.fr", "Votre colis arrive demain", "Votre Colissimo 8R00112233445 sera livré demain entre 9 h et 13 h.", [("Suivre mon colis", "https://www.laposte.fr/outils/suivre-vos-envois?code=8R00112233445")]),
        ("SNCF Connect", "noreply@sncf-connect.com", "Confirmation de votre commande XKQRPT", "Votre e-billet Paris – Rennes du 12 mars est confirmé. Montant : 48,00 €.", [("Voir mes billets", "https://www.sncf-connect.com/app/trips/#")]),
        ("Stripe", "receipts+acct_1@stripe.com", "Your receipt from Brook Hosting #2811-0042", "Receipt from Brook Hosting. Amount paid €12.00. Questions? Visit the support site.", [("View receipt", "https://invoice.stripe.com/i/acct_1/#"), ("Support", "https://support.stripe.com")]),
        ("PayPal", "service@paypal.fr", "Reçu de votre paiement à Imprimerie Adour", "Vous avez envoyé un paiement de 240,00 EUR à Imprimerie Adour.", [("Voir la transaction", "https://www.paypal.com/myaccount/transactions/#")]),
        ("OVHcloud", "support@ovh.com", "[ab12345-ovh] Renouvellement de vos services", "Votre nom de domaine parti-bleu.example expire dans 30 jours. Le paiement automatique est activé.", [("Mon espace client", "https://www.ovh.com/manager/#/billing")]),
        ("Impots.gouv.fr", "ne-pas-repondre@dgfip.finances.gouv.fr", "Votre avis est disponible", "Votre avis est disponible dans votre espace particulier.", []),
        ("Doctolib", "no-reply@doctolib.fr", "Rappel : rendez-vous demain à 9:30", "Votre rendez-vous avec Dr Feld est confirmé.", [("Gérer mon rendez-vous", "https://www.doctolib.fr/account/appointments/#")]),
        ("LinkedIn", "messages-noreply@linkedin.com", "Sam vous a envoyé un message", "Sam Brook : Bonjour Anna, une question sur le programme.", [("Voir le message", "https://www.linkedin.com/comm/messaging/thread/#")]),
        ("Trello", "do-not-reply@trello.com", "Tom vous a mentionné sur la carte Affiches", "Tom : @anna peux-tu valider avant 18 h ?", [("Répondre", "https://trello.com/c/#")]),
        ("Amazon.fr", "auto-confirm@amazon.fr", "Votre commande « Piles AA » a été confirmée", "Total : 12,99 €. Livraison jeudi.", [("Voir votre commande", "https://www.amazon.fr/gp/css/order-details?orderId=#")]),
        ("Apple", "no_reply@email.apple.com", "Votre reçu d'Apple", "iCloud+ avec 50 Go de stockage, 0,99 €/mois.", [("Gérer", "https://apps.apple.com/account/subscriptions")]),
    ]:
        h.notice(*row)
    h.notice("Cron Daemon", f"root@web1.{US}", "Cron <root@web1> /usr/local/bin/backup", "rsync: connection timed out\nwarning: account backup locked", html=False, relay=f"web1.{US}", kind="machine", proven=False)
    h.notice("Nagios", f"nagios@mon.{US}", "** PROBLEM Service Alert: web1/HTTP is CRITICAL **", "Notification Type: PROBLEM\nService: HTTP\nState: CRITICAL", html=False, relay=f"mon.{US}", kind="machine", proven=False)
    h.attached("Copieur 2e étage", f"copieur@{US}", "Message de KM_C258", "Numérisation ci-jointe.", [("SKM_C25825030308120.pdf", P, PDF)], relay=f"copieur.{US}", kind="machine", proven=False)
    h.notice("Site Parti Bleu", f"wordpress@{US}", "Nouveau message du formulaire de contact", "De : Paul Caron\nE-mail : paul.caron@orange.fr\nMessage : Bonjour, comment vous aider ?", html=False, relay="srv12.hebergeur.example", back="www-data@srv12.hebergeur.example", kind="form", proven=False, Reply_To="paul.caron@orange.fr")
    h.attached("DMARC reports", "noreply-dmarc-support@google.com", f"Report domain: {US} Submitter: google.com Report-ID: 77", "This is an aggregate report.", [(f"google.com!{US}!1741000000.xml", ("application", "xml"), AGGREGATE)], kind="report")
    h.notice("Karin Feld", "feld@kanzlei-feld.example", "Automatische Antwort: Termin", "Ich bin bis 10. März nicht im Büro. In dringenden Fällen wenden Sie sich an das Sekretariat.", html=False, kind="absence", Auto_Submitted="auto-replied", X_Auto_Response_Suppress="All", In_Reply_To=f"<x1@{US}>")
    h.notice("Luis Otero", "luis@otero.example", "Leído: Programa", "Su mensaje fue leído el lunes.", html=False, kind="read", In_Reply_To=f"<x2@{US}>")
    for row in [
        ("Claire Petit", "claire.petit@courrier-lanvallon.example", "Question sur le budget", "Bonjour Anna, pouvez-vous confirmer le chiffre de 3,4 millions avant 17 h ? Merci. Claire"),
        ("Paul Caron", "paul.caron29@orange.fr", "Photos de samedi", "Salut, les photos : voir pièce jointe. À jeudi !"),
        ("Tom Weber", "tw1981@icloud.com", "Fwd: les affiches", "Dis-moi ce soir si ça te va."),
    ]:
        h.attached(*row, [("IMG_4411.jpg", J, b"\xff\xd8\xff\xe0" + b"0" * 300)], kind="person")
    h.attached("Imprimerie Adour", "compta@imprimerie-adour.example", "Facture 2025-118", "Bonjour, veuillez trouver ci-joint notre facture de 240,00 €. Cordialement", [("Facture-2025-118.pdf", P, PDF)], kind="invoice")
    h.attached("Gestoría Otero", "avisos@gestoria-otero.example", "Factura F-2025-31", "Adjuntamos la factura con vencimiento a 30 días.", [("F-2025-31.pdf", P, PDF)], kind="invoice")
    h.attached("Léa Morel", "lea.morel@gmail.com", "Candidature chargée de communication", "Madame, je vous adresse mon CV et ma lettre. Je reste joignable au 06 12 34 56 78.", [("CV-Lea-Morel.pdf", P, PDF), ("Lettre.pdf", P, PDF)], kind="person")
    h.notice("OVH Télécom", "noreply@ovhtelecom.fr", "Nouveau message vocal de 0296000000", "Vous avez reçu un message vocal de 22 secondes le 3 mars.", html=False, kind="voice")
    h.notice("Anna Rey", ANNA, "Note pour moi", "Appeler Claire, payer la salle.", html=False, relay=f"smtp.{US}", kind="self", proven=False)
    h.notice("Mairie de Kervil", "elections@mairie-kervil.example", "Bureaux de vote : composition", "Bonjour, merci de nous transmettre la liste des assesseurs avant le 12.", [("Formulaire", "https://www.mairie-kervil.example/elections/assesseurs")])
    h.notice("Billetweb", "no-reply@billetweb.fr", "Vos billets : Nuit du Débat", "Vos 2 billets sont prêts (36,00 €). À présenter à l'entrée.", [("Télécharger", "https://www.billetweb.fr/my_ticket.php?id=#")])
    h.notice("Framadate", "no-reply@framadate.org", "Nouveau vote : Réunion de bureau", "Tom vient de voter à votre sondage.", [("Voir", "https://framadate.org/#")])


def second(h):
    """Held back."""
    h.bounce(f"smtp.{US}", "Système de distribution du courrier", "Message non remis renvoyé à l'expéditeur", f"Ceci est le système de messagerie de smtp.{US}.\nVotre message n'a pas pu être remis.", "mairie@plouha.example", "host mx.plouha.example said: 552 5.2.2 Over quota", ("Invitation", f"Bonjour, inscrivez-vous avant demain : https://{US}/inscription"))
    h.bounce("mout.kundenserver.example", "Mail Delivery System", "Mail delivery failed", "A message that you sent could not be delivered to one or more of its recipients.", "otto@alt.example", "550 5.7.1 rejected as spam: contains phishing URL", ("Spendenaufruf", "Bitte spenden Sie: https://parti-bleu.example/spende"))
    h.bounce("PR3P192.EURP192.PROD.OUTLOOK.COM", "Microsoft Outlook", "Non remis : Ordre du jour", "Office 365 : votre message pour groupe@mairie.example n'a pas pu être remis. Le groupe n'accepte que les membres.", "groupe@mairie.example", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup", ("Ordre du jour", "Ci-joint"), "headers", "https://go.microsoft.com/fwlink/?LinkID=526655")
    h.bounce("mta.freenet.example", "MAILER-DAEMON", "failure notice", "Hi. I'm afraid I wasn't able to deliver your message to the following addresses.", "pia@lund.example", "Sorry, no mailbox here by that name", ("Referat", "Se vedhæftede"))
    h.bounce("mx2.asso.example", "Mail Delivery System", "Courrier retardé", "Votre message n'a pas encore été remis. Aucune action n'est nécessaire.", "tresorier@asso.example", "451 4.3.0 temporary failure", ("Cotisation", "Bonjour"), "headers")
    h.calendar("Rosa Marini", "rosa@comune.example", "Invito aggiornato: Riunione giunta @ lun 7 apr 2025 10:00", "Riunione giunta\nQuesto evento è stato aggiornato\nPartecipa con Google Meet\nInvito da Google Calendar anna.rey@parti-bleu.example", "google.com", links=[("meet.google.com/abc-defg-hij", "https://meet.google.com/abc-defg-hij"), ("Sì", "https://calendar.google.com/calendar/event?action=RESPOND&eid=#&em=anna.rey@parti-bleu.example&rst=1"), ("Altre opzioni", "https://calendar.google.com/calendar/event?action=VIEW&eid=#")], sender="calendar-notification@google.com", relay="mail-sor-f69.google.com")
    h.calendar("Greffe", "greffe@tribunal.example", "Audience du 14 avril", "Réunion Teams\nParticiper à partir de cet ordinateur\nID : 998 112 004\nCode : Qr7uZ1", "outlook.com", links=[("Participer maintenant", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_#/0")], relay="mail-pr2fra01on2099.outbound.protection.outlook.com")
    h.calendar("Ana Prado", "ana@prado.example", "Aceptada: Mesa de trabajo", "Ana Prado ha aceptado esta invitación.", "google.com", "REPLY", sender="calendar-notification@google.com", relay="mail-sor-f65.google.com")
    h.calendar("Ole Berg", "ole@berg.example", "Avlyst: Styremøte", "Møtet er avlyst.", "berg.example", "CANCEL")
    h.calendar("Cloud du parti", f"cloud@{US}", "Invitation : Collage samedi", "Claire vous invite à « Collage ».", US, links=[("Accepter", f"https://cloud.{US}/apps/dav/invitation/accept/#"), ("Refuser", f"https://cloud.{US}/apps/dav/invitation/decline/#")])
    for name, addr, subj, words, lid, host in [
        ("Axa Lund", "axa@lister.example", "Re: kontonummer til klubben", "> hvad er nummeret?\nDet står på siden.", "klub.lister.example", "lister.example"),
        ("Bruno Keller", "bnp@keller.example", "Re: [orga] Standdienst", "> wer hat den Schlüssel?\nIch. Bitte dringend Rückmeldung bis heute Abend.", "orga.listen.example", "listen.example"),
        ("Mei Tan", "mei.tan@gmail.com", "[RFC PATCH] mm: reclaim pages sooner", "This is an RFC.\n---\n mm/vmscan.c | 10 +++++-----", "mm.kvack.example", "kvack.example"),
        ("Comité", "comite@quartier.example", "[quartier] Compte rendu", "Bonjour, le compte rendu est en ligne. Merci de vérifier vos coordonnées.", "quartier.framalistes.example", "framalistes.example"),
        ("UPS Hughes", "ups@hughes.example", "Re: battery advice", "> which model?\nThe small one.", "hams.groups.example", "groups.example"),
        ("Ines", "ines@posteo.net", "Re: [chorale] partitions", "> lien mort\nNouveau lien ci-dessous.", "chorale.listes.example", "listes.example"),
        ("Press Office", "press@observatory.example", "[media] Embargoed until 6 pm: report", "Please do not publish before 18:00 today.", "media.observatory.example", "observatory.example"),
        ("Jorge", "jorge@aldea.example", "Re: [huerto] riego", "Mañana a las 9, traed guantes.", "huerto.listas.example", "listas.example"),
    ]:
        h.list(name, addr, subj, words, lid, host, answer=subj.startswith("Re"))
    h.list("'Hugo Blanc' via Contact", f"contact@{US}", "Bénévolat", "Bonjour, je souhaite aider samedi. Hugo\n-- \nPour vous désabonner de ce groupe, écrivez à contact+unsubscribe.", f"contact.{US}", "mail-ej1-f58.google.com", answer=False, program="Google")
    h.notice("Barracuda Spam Firewall", "quarantine@ess.barracudanetworks.com", "Spam Quarantine Summary: 4 new messages", "You have 4 messages quarantined.\nwinner@lotto.example: You have won 1,000,000\nhelp@bank.example: Account locked", [("Deliver", "https://ess.barracudanetworks.com/quarantine/deliver?id=#"), ("Log in", "https://ess.barracudanetworks.com/log")], kind="digest")
    h.notice("Vade", "digest@vadesecure.com", "Votre rapport de courriers filtrés", "2 messages filtrés hier.\noffre@credit.example : Prêt immédiat sans justificatif", [("Consulter", "https://cloud.vadesecure.com/quarantine/#")], kind="digest")
    h.notice("Mimecast", "postmaster@mimecast.com", "You have new held messages", "You can release all of your held messages and permit or block future emails.\npayroll@hr.example: Updated salary", [("Release", "https://login-uk.mimecast.com/m/digest/release?d=#"), ("Block", "https://login-uk.mimecast.com/m/digest/block?d=#")], kind="digest")
    h.bulk("Équipe Marie", f"equipe@{US}", "Dernières heures pour être à nos côtés", "Bonjour Anna, à minuit il sera trop tard : 15 € suffisent pour imprimer 200 tracts.", "bounces.actionnetwork.org", [("Je participe", "https://actionnetwork.org/fundraising/parti-bleu?#")], "https://actionnetwork.org/unsubscribe/#", "o2.actionnetwork.org", "own", proven=False)
    h.bulk("Parti Bleu 22", f"cotes@{US}", "Réunion publique jeudi à 19 h", "Venez nombreux, entrée libre.", "bounce.mailjet.com", [("Je viens", "https://xr2q.mjt.lu/lnk/#")], "https://xr2q.mjt.lu/unsub2?m=#", "o5.p25.mailjet.com", "own", proven=False)
    h.bulk("Parti Bleu", f"adhesions@{US}", "Votre adhésion expire le 31", "Renouvelez en ligne en deux minutes.", "d.mailin.fr", [("Renouveler mon adhésion", f"https://r.adhesions.{US}/tr/cl/#")], f"https://r.adhesions.{US}/tr/un/#", "relay2.mailin.fr", "own", proven=False)
    for name, addr, subj, words, links, mailer, leave, relay in [
        ("Théâtre du Port", "billetterie@theatre-port.example", "Ouverture des abonnements", "Réservez dès demain 10 h. Tarif réduit jusqu'au 15.", [("S'abonner", "https://r.theatre-port.example/mk/cl/#")], "d.sender-sib.com", "https://r.theatre-port.example/mk/un/#", "gm.d.sender-sib.com"),
        ("Zeit & Brot", "post@zeitundbrot.example", "Nur heute: 20 % auf alles", "Ihr Gutschein: BROT20. Gültig bis Mitternacht.", [("Jetzt einlösen", "https://click.zeitundbrot.example/#")], "bnc.zeitundbrot.example", "https://click.zeitundbrot.example/u/#", "mx.inxmail.example"),
        ("Il Quartiere", "redazione@quartiere.example", "La rassegna di oggi", "Buongiorno, ecco le notizie di oggi.", [("Leggi", "https://quartiere.us2.list-manage.com/track/click?u=#"), ("Abbonati", "https://quartiere.us2.list-manage.com/track/click?u=#")], "mail88.sea31.mcsv.net", "https://quartiere.us2.list-manage.com/unsubscribe?u=#", "mail88.sea31.mcsv.net"),
        ("Runners Club", "info@runners.example", "Your race number is ready", "Collect it on Saturday from 9 am. Bring photo ID.", [("My entry", "https://runners.example/entry/#")], "em4411.runners.example", "https://u4411.ct.sendgrid.net/wf/unsubscribe?upn=#", "o1.ptr11.runners.example"),
        ("Coopérative Solaire", "contact@coop-solaire.example", "Appel de capital : dernière semaine", "Il reste 4 parts à 500 €. Merci à tous.", [("Souscrire", "https://coop-solaire.example/parts?#")], "bounce.sendinblue.com", "https://r.coop-solaire.example/un/#", "p3.sendinblue.com"),
        ("Refugio Animal", "hola@refugio.example", "Necesitamos tu ayuda hoy", "Con 10 € alimentas a un perro una semana.", [("Donar", "https://refugio.example/donar?#")], "mail7.mailerlite.com", "https://click.mailerlite.com/unsub/#", "mail7.mailerlite.com"),
        ("Open Data Days", "team@odd.example", "Speaker check-in closes tonight", "Please confirm your talk by midnight.", [("Confirm", "https://pretalx.odd.example/#")], "bounce.mailgun.org", "https://odd.example/unsubscribe/#", "m12.mailgun.net"),
    ]:
        h.bulk(name, addr, subj, words, mailer, links, leave, relay)
    for row in [
        ("GitLab", "gitlab@mg.gitlab.com", "site | Failed pipeline for main | 9b1c2f", "Your pipeline has failed.", [("Pipeline", "https://gitlab.com/parti-bleu/site/-/pipelines/#")]),
        ("Tom in Teams", "noreply@email.teams.microsoft.com", "Tom sent a message", "Hi Anna, your teammates are trying to reach you in Microsoft Teams.", [("Reply in Teams", "https://teams.microsoft.com/l/chat/#")]),
        ("Freshdesk", "helpdesk@partibleu.freshdesk.com", "Ticket Received - [#311] imprimante", "Dear Anna, we have received your request.", [("View ticket", "https://partibleu.freshdesk.com/support/tickets/311")]),
        ("HelloAsso", "no-reply@helloasso.com", "Vous avez reçu un don de 50 €", "M. Blanc vient de faire un don à Parti Bleu.", [("Voir", "https://admin.helloasso.com/parti-bleu/#")]),
        ("Hugo Blanc (Google Docs)", "comments-noreply@docs.google.com", "Tracts - Pouvez-vous relire ?", "Hugo Blanc a ajouté un commentaire : @anna peux-tu valider le paragraphe 2 ?", [("Ouvrir", "https://docs.google.com/document/d/#/edit?disco=1")]),
        ("Rosa Marini", "no-reply@dropbox.com", "Rosa Marini shared \"Foto\" with you", "Rosa Marini invited you to view the folder \"Foto\".", [("Go to folder", "https://www.dropbox.com/l/scl/#")]),
        ("Adobe Acrobat Sign", "adobesign@adobesign.com", "Signature requise sur « Convention »", "Mairie de Plouha vous demande de signer.", [("Examiner et signer", "https://eu2.documents.adobe.com/public/esign?tsid=#")]),
        ("Swisstransfer", "no-reply@swisstransfer.com", "Hugo vous a envoyé 3 fichiers", "Disponible 30 jours. 120 Mo.", [("Télécharger", "https://www.swisstransfer.com/d/#")]),
        ("Facebook", "security@facebookmail.com", "Nouvelle connexion à Facebook", "Nous avons détecté une connexion depuis Rennes. Était-ce vous ?", [("C'était moi", "https://www.facebook.com/nd/?#"), ("Ce n'était pas moi", "https://www.facebook.com/hacked/disavow?u=#")]),
        ("Proton", "no-reply@notify.proton.me", "Code de vérification", "Votre code : 120934. Il expire dans 15 minutes.", []),
        ("Crédit Agricole", "notification@credit-agricole.fr", "Un nouveau document est disponible", "Un document est disponible dans votre espace. Nous ne vous demandons jamais vos codes.", []),
        ("DHL", "noreply@dhl.de", "Ihr Paket kommt heute", "Ihre Sendung 00340434 wird heute zugestellt.", [("Sendung verfolgen", "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode=#")]),
        ("Booking.com", "noreply@booking.com", "Votre réservation à l'Hôtel du Port est confirmée", "Arrivée le 20 mars. Prix total : 96 €. Paiement à l'hôtel.", [("Gérer ma réservation", "https://secure.booking.com/myreservations.html?bn=#")]),
        ("Mollie", "receipts@mollie.com", "Reçu de votre paiement à Asso Vélo", "Montant : 20,00 €.", [("Voir le reçu", "https://www.mollie.com/receipt/#")]),
        ("Gandi", "support@gandi.net", "[GANDI] parti-bleu.example : renouvellement effectué", "Votre domaine a été renouvelé pour 1 an.", [("Facture", "https://admin.gandi.net/billing/#")]),
        ("Ameli", "no-reply@info.ameli.fr", "Nouveau message dans votre compte ameli", "Connectez-vous à votre compte pour le lire. Aucun lien n'est joint par sécurité.", []),
        ("Signal (blog)", "no-reply@blog.signal.example", "New: usernames", "Read about usernames.", [("Read", "https://blog.signal.example/#")]),
        ("Planity", "no-reply@planity.com", "Confirmation de rendez-vous", "Coupe le 12 mars à 17 h.", [("Modifier", "https://www.planity.com/my-account/#")]),
        ("X", "info@x.com", "Claire vient de publier", "Découvrez ce que vous avez manqué.", [("Voir", "https://x.com/i/redirect?url=#")]),
        ("Asana", "no-reply@asana.com", "Tâche assignée : relire le tract", "Hugo vous a assigné une tâche, échéance demain.", [("Voir la tâche", "https://app.asana.com/0/#")]),
        ("eBay", "ebay@ebay.fr", "Commande confirmée : imprimante", "Merci pour votre achat de 60,00 €.", [("Voir", "https://order.ebay.fr/ord/show?orderId=#")]),
        ("Netflix", "info@account.netflix.com", "Nouvel appareil connecté", "Un nouvel appareil utilise votre compte.", [("Gérer les appareils", "https://www.netflix.com/ManageDevices?#")]),
    ]:
        h.notice(*row)
    h.notice("root", f"root@db1.{US}", "SMART error (OfflineUncorrectableSector) detected on host: db1", "This message was generated by the smartd daemon.", html=False, relay=f"db1.{US}", kind="machine", proven=False)
    h.notice("Uptime", f"uptime@mon.{US}", "[UP] www is back", "Down for 4 minutes.", [("Status", f"https://status.{US}/")], relay=f"mon.{US}", kind="machine", proven=False)
    h.attached("Scanner", f"scan@{US}", "Scan 20250303", "", [("scan0001.pdf", P, PDF)], relay=f"scan.{US}", kind="machine", proven=False)
    h.notice("Formulaire", f"no-reply@{US}", "Nouvelle inscription bénévole", "Nom : Hugo Blanc\nTéléphone : 06 00 00 00 00\nE-mail : hugo.blanc@laposte.net", html=False, relay="web33.mutu.example", back="php@web33.mutu.example", kind="form", proven=False, Reply_To="hugo.blanc@laposte.net")
    h.attached("TLS reports", "smtp-tls-reporting@receiver.example", f"Report Domain: {US} Submitter: receiver.example", "TLS report.", [("r.json", ("application", "json"), b'{"organization-name":"receiver.example","date-range":{"start-datetime":"2025-03-03T00:00:00Z","end-datetime":"2025-03-03T23:59:59Z"},"report-id":"1","policies":[]}')], kind="report")
    h.notice("Rosa Marini", "rosa@comune.example", "Fuori ufficio: Programma", "Sarò assente fino al 12 marzo. Per urgenze chiamare il 06 1234567.", html=False, kind="absence", Auto_Submitted="auto-replied", In_Reply_To=f"<x3@{US}>")
    h.notice("Otto Alt", "otto@alt.example", "Gelesen: Einladung", "Ihre Nachricht wurde gelesen.", html=False, kind="read", In_Reply_To=f"<x4@{US}>")
    for row in [
        ("Hugo Blanc", "hugo.blanc@laposte.net", "Re samedi", "Je serai là à 8 h. Tu peux me faire un virement pour l'essence (18 €) ?"),
        ("Mamie", "jeanne.rey44@wanadoo.fr", "ta recette", "Bisous ma chérie, voici la photo."),
        ("Dr. E. Wolf", "wolf@praxis-wolf.example", "Rückruf", "Bitte rufen Sie uns unter 030 1234567 zurück, wenn möglich heute."),
    ]:
        h.attached(*row, [("photo.jpg", J, b"\xff\xd8\xff\xe0" + b"1" * 300)], kind="person")
    h.attached("Garage Caron", "contact@garage-caron.example", "Votre facture", "Bonjour, ci-joint la facture pour la camionnette, 214 € TTC, à régler sous 30 jours.", [("FA2025-77.pdf", P, PDF)], kind="invoice")
    h.attached("Studio Tre", "amministrazione@studiotre.example", "Fattura 12/2025", "In allegato la fattura. Cordiali saluti", [("fattura12.pdf", P, PDF)], kind="invoice")
    h.attached("Yann Le Goff", "yann.legoff@outlook.fr", "Demande de stage", "Bonjour, je cherche un stage en avril. CV joint.", [("CV.pdf", P, PDF)], kind="person")
    h.notice("3CX", f"pbx@{US}", "New voicemail from 0299000000", "You have a new voicemail, duration 0:31.", html=False, relay=f"pbx.{US}", kind="voice", proven=False)
    h.notice("Claire Petit", f"claire@{US}", "Clés du local", "Je les laisse à la boulangerie.", html=False, relay=f"smtp.{US}", kind="colleague", proven=False)
    h.notice("Préfecture", "elections@prefecture.example", "Dépôt des candidatures : rappel", "Le dépôt se termine le 14 à 18 h. Pièces à fournir : voir la page.", [("Page officielle", "https://www.prefecture.example/elections/candidatures")])
    h.notice("Weezevent", "noreply@weezevent.com", "Votre billet pour le Banquet", "Votre billet est confirmé, 12,00 €.", [("Mon billet", "https://my.weezevent.com/ticket/#")])
    h.notice("Nuudel", "no-reply@nuudel.example", "Neue Stimme: Termin", "Otto hat abgestimmt.", [("Ansehen", "https://nuudel.example/#")])


first(Hand(7, Path(sys.argv[1]) / "honest-m1"))
second(Hand(8, Path(sys.argv[1]) / "honest-m2"))
