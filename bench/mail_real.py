#!/usr/bin/env python3
"""Synthetic phishing lures and honest modern mails for the weights of `mail/phishing`, development half (D1): structure
and mixture of kinds follow what really goes round.

    python3 bench/mail_real.py OUT   ->  OUT/{lure,honest}-d1/*.eml

How it was made: 41 samples of the public repository `rf-peixoto/phishing_pot` were read for their *kinds* only (what is
claimed, who sends, how links go, which tricks of HTML and headers), those whose number leaves 25 on division by 100,
or the next one stored up to 29: 226 325 425 1126 1225 1325 1426 1525 1625 1725 1825 1925 2025 2125 2325 2625 2725 2925
3025 3125 3325 3425 3625 3725 3825 3925 4225 4425 4525 4625 4725 4825 5025 5125 5325 5525 5625 5925 6025 6425 6525.
No text, address or link of them is taken over; every sentence is the author's own. This half is for development: the
weights' author sees it, so a share reached on it says nothing about mail not seen. Plainly made up: victims and most
senders stand under `.example`, domains of hosts and brands appear only behind invented labels, other domains are random
letters; nothing leads anywhere. Deterministic. A file's name says number, turn, kind and language.

`Hand` builds the messages and is shared with the held-out half (`bench/mail_real_held.py`)."""
import usage
import base64, html as entities, random, re, sys
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from datetime import datetime, timedelta, timezone
from pathlib import Path

# People who receive: name, address.
VICTIMS = [("Anna Rey", "anna.rey@parti-bleu.example"), ("Tom Weber", "tom.weber@liste-citoyenne.example"), ("Inès Caron", "ines.caron@mairie-kervil.example"), ("Karin Feld", "feld@kanzlei-feld.example"), ("Luis Otero", "luis.otero@gestoria-otero.example"), ("Joana Prado", "joana@padaria-prado.example"), ("Sam Brook", "sam.brook@brookside-council.example")]
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@example\r\nDTSTART:20240312T170000Z\r\nSUMMARY:Bureau\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

# Ways a mail leaves: relay | domain of the Return-Path | domain of the Message-ID | DKIM domain | bulk mailer's own fields.
# `@` stands for the domain of the sender, `#` for a random label, `%` for a number. None of the bulk mailers' names is a
# sign: phishing leaves through the same ones as honest mail.
ROUTES = {
    "own": ("mail.@", "@", "@", "@", {}),
    "bare": ("#.hosting.example", "@", "#.localdomain", "", {}),
    "web": ("srv%.hosting.example", "srv%.hosting.example", "@", "", {"X-PHP-Originating-Script": "33:mailer.php", "X-Mailer": "PHPMailer 6.5.3 (https://github.com/PHPMailer/PHPMailer)"}),
    "gmail": ("mail-yw1-f%.google.com", "@", "mail.gmail.com", "@", {}),
    "outlook": ("mail-eopbgr%.outbound.protection.outlook.com", "@", "AM6PR#.eurprd08.prod.outlook.com", "@", {"Accept-Language": "en-GB, en-US", "X-MS-Has-Attach": ""}),
    "tenant": ("mail-eopbgr%.outbound.protection.outlook.com", "@", "AM6PR#.eurprd08.prod.outlook.com", "#.onmicrosoft.com", {"Accept-Language": "en-US", "X-MS-Has-Attach": ""}),
    "sendgrid": ("o%.ptr%.@", "em%.@", "geopod-ismtpd-%", "@ sendgrid.net", {"X-SG-EID": "u001.#=="}),
    "sendgrid-free": ("wrqv#.outbound-mail.sendgrid.net", "sendgrid.net", "geopod-ismtpd-%", "sendgrid.net", {"X-SG-EID": "u001.#=="}),
    "ses": ("a7-%.smtp-out.eu-west-1.amazonses.com", "eu-west-1.amazonses.com", "eu-west-1.amazonses.com", "@ amazonses.com", {"Feedback-ID": "::1.eu-west-1.#:AmazonSES"}),
    "mailchimp": ("mail%.atl%.mcsv.net", "mail%.atl%.mcsv.net", "mail%.atl%.mcsv.net", "@ mailchimpapp.net", {"X-Mailer": "Mailchimp Mailer - **CID#**", "X-MC-User": "#", "Precedence": "bulk"}),
    "mailjet": ("o%.p%.mailjet.com", "a%.bnc3.mailjet.com", "mailjet.com", "@", {"X-MJ-Mid": "#", "Precedence": "bulk"}),
    "brevo": ("#.r.sender-sib.com", "bounces-%.#.sender-sib.com", "smtp-relay.sendinblue.com", "@", {"X-Mailin-EID": "#", "Feedback-ID": "%:%:Sendinblue"}),
    "salesforce": ("mta%.@", "bounce.@", "@", "@", {"X-SFMC-Stack": "50", "x-job": "%_%"}),
    "mailgun": ("m%.mailgun.net", "mg.@", "@", "mg.@", {"X-Mailgun-Sid": "#"}),
    "list": ("lists.example", "lists.example", "@", "@", {"Precedence": "list", "List-Id": "<#.lists.example>", "List-Post": "<mailto:#(at)lists.example>"}),
}


class Hand:
    """Builds messages from one seed: the same seed gives the same mails."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def label(self, n=8, letters="bcdfghjklmnpqrstvwxz0123456789"):
        return "".join(self.random.choice(letters) for _ in range(n))

    def digits(self, n=4):
        return "".join(self.random.choice("123456789") for _ in range(n))

    def signature(self, n):
        """What stands in a DKIM field, in pieces that fit a line."""
        return " ".join(re.findall(".{1,64}", base64.b64encode(self.random.randbytes(n)).decode()))

    def ip(self):
        """An address of the networks reserved for documentation."""
        return self.pick("192.0.2.", "198.51.100.", "203.0.113.") + str(self.random.randint(2, 254))

    def when(self, first=2015, last=2025):
        start = datetime(first, 1, 5, 6, tzinfo=timezone(timedelta(hours=self.pick(-5, 0, 1, 2))))
        return start + timedelta(seconds=self.random.randint(0, (last - first + 1) * 360 * 86400))

    def personal(self, text, to):
        """A text with its blanks filled: `{to}`, `{user}`, `{name}`, `{fullname}`, `{domain}`, `{b64}` the receiver, `{r}` a
        new label at each place, `{d}` three digits."""
        name, address = to
        user, _, domain = address.partition("@")
        for blank, value in (("{to}", address), ("{user}", user), ("{name}", name.split(" ")[0]), ("{fullname}", name), ("{domain}", domain), ("{b64}", base64.b64encode(address.encode()).decode())):
            text = text.replace(blank, value)
        text = re.sub(r"\{r\}", lambda _: self.label(), text)
        return re.sub(r"\{d\}", lambda _: self.digits(3), text)

    def message(self, *, shown, address, subject, to=None, route="own", html=None, text=None, reply_to=None, return_path=None, message_id=None, recipients=None, cc=None, when=None, authentication=None, unsubscribe=None, fields=(), attachments=(), inline=(), charset="utf-8", cte=None, alone=False, raw_from=None, raw_subject=None, raw_date=None, raw=()):
        """One mail as bytes.

        `authentication`: None leaves the fields out; else words for spf, dkim and dmarc such as "pass pass none".
        `attachments`, `inline`: (file name, bytes, media type); an inline part is `cid:` its file name.
        `recipients`: the whole To field where it is not the receiver's (an empty string: no To field).
        `charset`: kept only where the text can be written in it. `alone`: the page as only part of several alternatives.
        `raw_from`, `raw_subject`, `raw_date`, `raw`: whole fields as no mail library would write them; a `raw_from` or
        `raw_date` that is empty leaves the field out."""
        to = to or self.pick(*VICTIMS)
        when = when or self.when()
        relay, bounce, ident, signer, own = ROUTES[route]
        # One label and one number for all the places of a route, as one machine has one name.
        label, number, own_domain = self.label(), self.digits(3), address.partition("@")[2]
        fill = lambda t: t.replace("@", own_domain).replace("#", label).replace("%", number)
        relay, mx = fill(relay), "mx1." + to[1].partition("@")[2]
        back = return_path if return_path is not None else address if bounce == "@" else f"bounce-{self.digits(6)}-{to[1].replace('@', '=')}@{fill(bounce)}"
        m = EmailMessage()
        at = when + timedelta(seconds=self.random.randint(1, 9))
        m["Received"] = f"from {mx} (localhost [127.0.0.1]) by store.{to[1].partition('@')[2]} with LMTP id {self.label(10)} for <{to[1]}>; {format_datetime(at)}"
        ip = self.ip()
        m["Received"] = f"from {relay} ({relay} [{ip}]) by {mx} (Postfix) with ESMTPS id {self.label(10).upper()} for <{to[1]}>; {format_datetime(at)}"
        domain, envelope = address.partition("@")[2], back.partition("@")[2]
        if authentication:
            spf, dkim, dmarc = authentication.split()
            signers = [] if dkim == "none" else [fill(s) for s in signer.split()] or [envelope]
            m["Authentication-Results"] = f"{mx}; spf={spf} smtp.mailfrom={envelope}; " + ("; ".join(f"dkim={dkim} header.d={s}" for s in signers) or "dkim=none") + f"; dmarc={dmarc} header.from={domain}"
            m["Received-SPF"] = f"{spf.capitalize()} (mailfrom) identity=mailfrom; client-ip={ip}; helo={relay};"
            for s in signers:
                m["DKIM-Signature"] = f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={s}; s={self.pick('s1', 'mail', 'default', 'selector1')}; h=from:to:subject:date:message-id:mime-version; bh={self.signature(32)}; b={self.signature(96)}"
        m["Received"] = f"from {self.pick('localhost', '[' + self.ip() + ']', 'app-' + self.digits(2))} by {relay} with {self.pick('ESMTP', 'HTTP', 'ESMTPSA')} id {self.label(12)}; {format_datetime(when)}"
        if raw_date is None:
            m["Date"] = when
        if raw_from is None:
            m["From"] = Address(shown, addr_spec=address) if shown else address
        if recipients is None:
            m["To"] = self.pick(to[1], f"{to[0]} <{to[1]}>") if to[0] else to[1]
        elif recipients:
            m["To"] = recipients
        if cc:
            m["Cc"] = cc
        if reply_to:
            m["Reply-To"] = self.personal(reply_to, to)
        m["Subject"] = "@subject" if raw_subject is not None else self.personal(subject, to)
        if message_id != "":
            m["Message-ID"] = f"<{message_id or self.label(16) + '.' + self.digits(6) + '@' + fill(ident)}>"
        for name, value in {**own, **dict(fields)}.items():
            m[name] = fill(value).replace("(at)", "@") if name in own else self.personal(value, to)
        if unsubscribe:
            m["List-Unsubscribe"] = self.personal(unsubscribe, to)
        try:
            (self.personal((text or "") + (html or ""), to)).encode(charset)
        except UnicodeEncodeError:
            charset = "utf-8"
        if text is not None:
            m.set_content(self.personal(text, to) + "\n", charset=charset, cte=cte)
        if html is not None:
            page = self.personal(html, to) + "\n"
            if text is None:
                m.set_content(page, subtype="html", charset=charset, cte=cte)
            else:
                m.add_alternative(page, subtype="html", charset=charset, cte=cte)
            for name, data, media in inline:
                part = m if text is None else m.get_payload()[-1]
                part.add_related(data, *media.split("/"), cid=f"<{name}>", filename=name)
        if alone:
            m.make_alternative()
        for name, data, media in attachments:
            m.add_attachment(data, *media.split("/"), filename=self.personal(name, to))
        for part in m.walk():
            if part.is_multipart():
                part.set_boundary("----=_Part_" + self.label(20))
        odd = [*(f"From: {v}" for v in [raw_from] if v), *(f"Date: {v}" for v in [raw_date] if v), *raw]
        lines = "".join("\n" + self.personal(line, to) for line in odd).encode()
        subject = b"@subject" if raw_subject is None else self.personal(raw_subject, to).encode()
        top = f"Return-Path: <{self.personal(back, to)}>\n".encode()
        return top + m.as_bytes().replace(b"\nSubject:", lines + b"\nSubject:", 1).replace(b"Subject: @subject", b"Subject: " + subject, 1)


# Tricks of HTML, each a function of a text.
def split_words(hand, text):
    """Invisible characters in the middle of words."""
    return re.sub(r"(\w{2,4})(\w{2,})", lambda w: w[1] + hand.pick("\u200b", "\u200c", "\u00ad", "\u2060") + w[2], text)


def hide_between(hand, text):
    """Unseen letters between the words, of no size or of no colour."""
    style = hand.pick("font-size:0", "display:none", "color:#fff;font-size:1px", "visibility:hidden;font-size:0px")
    return re.sub(r" ", lambda _: f" <span style=\"{style}\">{hand.label(5)}</span>" if hand.random.random() < 0.4 else " ", text)


def comment_words(hand, text):
    """Comments in the middle of words."""
    return re.sub(r"(\w{3})(\w{2,})", lambda w: f"{w[1]}<!-- {hand.label(6)} -->{w[2]}", text)


def numeric(hand, text):
    """Letters as character references."""
    return "".join(f"&#{ord(c)};" if c.isalpha() and hand.random.random() < 0.7 else entities.escape(c) for c in text)


LOOKALIKE = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "i": "і", "x": "х", "s": "ѕ", "A": "Α", "B": "Β", "E": "Ε", "I": "l", "O": "Ο", "l": "I"}


def lookalike(hand, text, share=0.5):
    """Letters of other alphabets in place of Latin ones."""
    return "".join(LOOKALIKE[c] if c in LOOKALIKE and hand.random.random() < share else c for c in text)


def bold(text):
    """Mathematical bold letters, which filters of words do not read."""
    return "".join(chr(0x1D400 + ord(c) - 65) if "A" <= c <= "Z" else chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text)


def every_letter(text):
    """An encoded word in which each byte stands as a number."""
    return "=?UTF-8?Q?" + "".join(f"={b:02X}" for b in text.encode()) + "?="


def mojibake(text):
    """UTF-8 read as Latin-1 once too often."""
    return text.encode().decode("latin-1")


def filler(hand, text):
    """A long unseen block of another text after the lure (here a made-up newsletter)."""
    style = hand.pick("display:none", "font-size:0px;line-height:0;color:#ffffff", "max-height:0;overflow:hidden", "opacity:0;font-size:1px", "position:absolute;left:-9999px")
    return f'{text}<div style="{style}">{hand.pick(*FILLERS)}</div>'


FILLERS = [
    "The choir met on Monday to rehearse the spring programme. Afterwards the treasurer read the accounts, and everyone agreed to repaint the hall. " * 3,
    "Take two eggs, flour, a pinch of salt and warm milk. Let it rest for an hour, then fry thin pancakes on both sides until golden. " * 3,
    "Hi team, here are the minutes of last week's call. We moved the release by two days, thanks for all the reviews. Best, K. " * 3,
]


def table(hand, inner, width=600):
    """The layout of nearly every bulk mail: tables in tables, style sheet in the head."""
    a, b = hand.label(5, "abcdef"), hand.label(5, "ghijkl")
    return f'<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style type="text/css">.{a}{{font-family:Arial,sans-serif;font-size:14px;color:#333}} .{b}{{padding:20px}} @media only screen and (max-width:480px){{.{b}{{padding:8px}}}}</style></head><body style="margin:0;background:#f4f4f4"><table width="100%" cellpadding="0" cellspacing="0"><tr><td align="center"><table class="{a}" width="{width}" cellpadding="0" cellspacing="0" style="background:#fff"><tr><td class="{b}">{inner}</td></tr></table></td></tr></table></body></html>'


def button(text, url, colour="#0a66c2"):
    return f'<table cellpadding="0" cellspacing="0"><tr><td bgcolor="{colour}" style="border-radius:4px;padding:12px 24px"><a href="{url}" style="color:#fff;text-decoration:none;font-weight:bold">{text}</a></td></tr></table>'


def paragraphs(text):
    return "".join(f"<p>{line}</p>" for line in text.split("\n") if line)


def write(out, folder, mails):
    """Each (name, bytes) as a file."""
    Path(out, folder).mkdir(parents=True, exist_ok=True)
    for name, raw in mails:
        Path(out, folder, name + ".eml").write_bytes(raw)


# Kind | language | brand | what is offered | subject | text (parts by `\`) | button. Kinds and their shares are those of the
# samples read: a brand's prize or survey, advertisement under another's name, wallet, payout, dating, bank, parcel,
# renewal, shop, fraud, casino.
LURES = r"""
prize | de | Zooplus | Futterpaket im Wert von 400 € | Ihr Futterpaket liegt bereit, {user} | Guten Tag {to},\Ihre Adresse wurde aus allen Einsendungen gezogen.\Drei kurze Fragen, dann gehört das Futterpaket im Wert von 400 € Ihnen. | JETZT SICHERN
prize | de | Müller | 500-€-Gutschein | 🎁 Letzte Erinnerung: 500-€-Gutschein nicht abgeholt | Hallo {to},\Sie stehen auf der Liste der letzten zehn Teilnehmer unserer Verlosung. Der Gutschein verfällt heute um Mitternacht. | » GUTSCHEIN ABHOLEN «
prize | de | Lindt | Pralinenkoffer | ✅ {user}, nur noch ein Schritt bis zum Pralinenkoffer | Hallo {user},\die Teilnahme ist kostenlos und dauert keine Minute. Danach entscheidet das Los über den Pralinenkoffer. | Mitmachen und gewinnen
prize | de | ACE | Notfallkoffer fürs Auto | Een moment van uw tijd, een mooie prijs | Als geschätztes Mitglied erhalten Sie von uns einen Notfallkoffer fürs Auto.\Sagen Sie uns in einer kurzen Umfrage, wie zufrieden Sie sind. Sie zahlen nichts. | Koffer anfordern
prize | de | Sephora | Adventskalender | Täglich Schönheit: Ihre Box wartet | Wir haben noch eine Box auf Lager, reserviert für {to}.\Beantworten Sie vier Fragen und nennen Sie uns Ihre Lieferadresse. | Box reservieren
prize | de | MediaMarkt | Kaffeevollautomat | RE: Ihr Anspruch auf einen Kaffeevollautomaten | Sehr geehrter Kunde,\Ihr Anspruch Nr. 7{d}-{d} wurde bestätigt. Bitte bestätigen Sie Anschrift und Versandkosten von 1,95 €. | Anspruch bestätigen
prize | de | Kaufland | Einkauf für 1 Jahr | Glückwunsch 🎉 Sie sind Finalist | Die Ziehung hat in Hamburg stattgefunden und Sie sind unter den Finalisten.\Verlieren Sie keine Zeit, sonst rückt der nächste Name nach. | » WEITER «
prize | en | Walmart | $100 reward | {user}, a $1OO reward is waiting - open now | Dear {to},\thank you for shopping with us. Tell us about your last visit in half a minute and choose your reward.\This offer ends today. | Confirm here
prize | en | Verizon | new phone | Final notice about your new phone | Verizon Department\You are the only winner of this week in your region. Nobody else can claim the phone, but it is held for 24 hours only. | Claim my phone
prize | en | Home Depot | tool set | You have won a 170-piece tool set | We tried to reach you twice.\Your tool set has been packed. We need an address, and $4.95 for the shipping. | SCHEDULE DELIVERY
prize | en | Allstate | $90 promo | {to}: You've received a $9O Allstate bonus | Your entry of November was drawn.\Answer eight questions about your car insurance and the bonus is credited. | GET STARTED
prize | en | Kroger | grocery voucher | Opinion requested: groceries on us | We'd love to hear what you think of our shelves.\Everyone who completes the survey picks one of six gifts. Your unique code: #KR-{d}. | START THE SURVEY
prize | en | Yeti | cooler | Congratulations! Details apply ,_ | A cooler has been set aside under your name. Survey first, cooler after.\Attention: expires at midnight. | Open and Claim
prize | en | Ace Hardware | generator | it's official - you got a free gift n:{d}{d} | Hello,\we picked you for a free generator. Only 14 are left, click while it lasts. | Yes, send it
prize | en | Temu | mystery box | Mystery box: participation required | Dear customer,\your parcel of surprises could hold a watch, a phone or a drone. To open it take part in our short poll. | Open the box
prize | en | Ray-Ban | sunglasses | 𝗢𝗻𝗹𝘆 for you | Limited | See offer
prize | en | Lowe's | grill station | Lowe's Winner Dept. - second attempt | Your reference: LW{d}{d}. The reward of a grill station is not yet claimed.\We will give it to the next on the list at 8 pm. | Claim before 8 pm
prize | fr | Castorama | perceuse sans fil | Une surprise attend les clients de Castorama. | Bonjour {to},\votre numéro de client a été tiré au sort.\Répondez à quelques questions sur nos magasins et recevez une perceuse sans fil. | JE PARTICIPE
prize | fr | Leclerc | carte d'achat de 500 € | Dernier rappel : carte de 500 € à votre nom | Cher client,\nous vous avons déjà écrit la semaine passée. Sans réponse avant ce soir, la carte sera remise à une autre personne. | Récupérer ma carte
prize | fr | Maif | kit de secours | {user}, votre kit de secours offert | En remerciement de votre fidélité, un kit de secours pour la voiture vous est offert.\Seuls les frais d'envoi de 2,95 € restent à votre charge. | Recevoir mon kit
prize | nl | Albert Heijn | boodschappenpakket | Gefeliciteerd {user}! Uw pakket staat klaar | Beste {to},\u bent gekozen uit al onze klanten in uw postcode.\Vul de enquête in en ontvang het boodschappenpakket gratis thuis. | DOE MEE
prize | nl | ANWB | autopechset | Een minuut, een grote prijs | Vertel ons hoe u onze wegenwacht ervaart. Wie alle vragen beantwoordt krijgt een pechset voor in de auto.\Actie geldig tot vanavond. | Nu aanvragen
prize | pt | Magazine Luiza | TV 55 polegadas | Parabéns {user}: sua TV foi sorteada | Olá {to},\o seu CPF foi sorteado na campanha de aniversário. Confirme o endereço e pague apenas o frete de R$ 19,90. | RESGATAR PRÊMIO
ad | en | Canvas Prints Direct | 93% off | 𝐎𝐩𝐞𝐧 𝐍𝐨𝐰! | Turn any photo into wall art, 93 percent off this weekend. | Upload a photo
ad | en | People Lookup | background report | Someone looked you up | A new public record was added under your name. See who searched for you and what they found. | View my report
ad | en | Quick Home Buyers | cash for your house | Sell as it is - get a cash figure today | No repairs, no agents, no waiting. Type your postcode and see your figure in one minute. | Get my figure
ad | en | Personal Credit Line | up to $40,000 | Loans from $200 to $40,000, any score | Request any amount up to $40,000 and see it in your account in as little as one day. Bad score is fine. | Request now
ad | de | Sprachen im Schlaf | 70 % Rabatt | RE: 70 % Rabatt auf über 30 Sprachen | Endlich Spanisch im Urlaub: lernen Sie in zehn Minuten am Tag. Nur diese Woche mit 70 % Rabatt, lebenslanger Zugang. | Rabatt sichern
ad | de | Treppenlift Ratgeber | Zuschuss 4.180 € | Kassen zahlen 4.180 € Zuschuss - jetzt prüfen | Viele Senioren wissen nichts davon. Prüfen Sie in zwei Minuten, ob Ihnen der Zuschuss zusteht. | Anspruch prüfen
ad | nl | Landelijk Isolatie Centrum | gratis isolatie | Nog 100 plekken: uw woning isoleren zonder kosten | Bewoners in uw gemeente komen in aanmerking. Controleer of uw woning meedoet, het kost u niets. | Check mijn adres
ad | fr | Mutuelle Seniors Infos | dès 9 € | Nouvelle loi : ce que votre mutuelle doit rembourser | Depuis le 1er janvier, vous pouvez changer sans délai. Comparez en une minute et payez dès 9 € par mois. | Comparer
ad | en | Blood Sugar Ritual | one spoon at night | Doctors stunned by this spoon trick | Watch the short film before it is taken down. One spoon before bed and the numbers fall. | Watch the film
wallet | en | Ripple | allocation | Registration for the allocation opens today | After the ruling the foundation returns part of its reserve to holders.\Accounts registered in time receive 15 to 30 percent on top of their balance. | Submit claim
wallet | en | MetaMask | network update | [IMPORTANT] Your wallet has been restricted | Hi {user},\your wallet could not move to the new network. Update it by hand before the 21st or you may no longer reach your assets. | Update here
wallet | en | Ledger | recovery check | Data incident - check your recovery words | Dear customer,\a partner of ours lost records. Some recovery phrases may be known to others.\Open the check, type your words in order and follow the steps. | Check my recovery words
wallet | en | Ledger Notice | words leaked | Incident report: your words | Dear customer,\your device is safe, but the phrases of some accounts were copied from a third party.\1. Open our tool. 2. Follow the steps on screen. 3. Act at once if it warns you. | Verify my phrase
wallet | en | Trezor | firmware | Action needed: device firmware out of date | Devices that are not updated by Friday stop signing. Connect your device and enter the seed once to migrate. | Start migration
wallet | en | Exodus | desktop app | A new chapter: our desktop app is here | Dear community,\you asked for it for months: the desktop app is ready for Windows, macOS and Linux.\Your keys stay on your machine. Install it, import your wallet and tell us what you think.\Thank you for being with us. | Download the installer
wallet | de | Coinbase | Überprüfung | Ihr Konto ist eingeschränkt - Fall {d}{d} | Sehr geehrter Nutzer,\aufgrund neuer Vorschriften müssen Sie Ihre Wallet bis Sonntag neu bestätigen, sonst bleiben Auszahlungen gesperrt. | Wallet bestätigen
payout | de | Bitcoin Kasse | 18.420,77 € | 💰 18.420,77 € AUSZAHLUNG GENEHMIGT - BESTÄTIGUNG NÖTIG | Ihr Guthaben von 18.420,77 € ist zur Auszahlung bereit.\Frist: 48 Stunden\E-Mail: {to}\Zahlungsweg: Bank***{d}4\BITTE PRÜFEN SIE IHRE DATEN. | Daten bestätigen
payout | en | Private Survey | money for answers | Transcript of your chat with Robin from GiftDesk | 📢 NEW YEAR POLL: ANSWER AND GET PAID => {url}\Robin: are you there? Your payment of $842 waits => {url} | {url}
payout | fr | Trader Bitcoin | 9 214,50 € | ⏰ Votre retrait de 9 214,50 € expire | Cher membre {to},\votre robot a clôturé 14 opérations gagnantes. Retirez votre solde sous 24 h, sinon il sera réinvesti. | Retirer mon solde
dating | de | Herzklopfen | Nachricht | Sophie hat dir geschrieben, {user} | WILLST DU HEUTE JEMANDEN TREFFEN?\Sophie, 27, drei Kilometer entfernt, wartet auf deine Antwort. | Antwort lesen
dating | en | Meet Tonight | lover | I am 24 and look for a friend tonight | Hi, saw your profile. My photos are here: | Click for date
dating | de | Ost-Liebe | Fotos | Bin ich die Richtige? {to} | Hallo,\magst du es, wenn Frauen den ersten Schritt tun? Private Fotos, Videochat, alles ohne Umweg. | Private Fotos ansehen
dating | fr | Rencontres du soir | message | Camille t'a envoyé 2 photos | Coucou, je viens d'arriver dans ta ville et je m'ennuie. Viens discuter, c'est gratuit pour les hommes ce soir. | Voir ses photos
bank | pt | Banco do BrasiI | conta bloqueada | Liberacao-[{r}] | CLIENTE: {fullname}\SUA CONTA FOI BLOQUEADA\VEJA AS INSTRUCOES NO ANEXO\CODIGO: {d}{d}{d}{d}{d} |
bank | pt | Caixa Tem | pontos | Comunicado {d}{d} - pontos a vencer | Prezado {user}, seus 48.{d} pontos vencem em 48 horas. O resgate em conta corrente está descrito no documento anexo. |
bank | pt | Itaú | token | Seu iToken expira hoje {d}{d} | Prezado cliente,\por segurança, renove o iToken. Sem a renovação o acesso ao aplicativo será suspenso. | Renovar agora
parcel | pt | Correios | taxa alfandegária | Atenção: seu pedido foi retido. Protocolo {d}{d}{d} | Olá {to},\a encomenda está parada na alfândega por falta do pagamento da taxa de importação.\Pague para liberar a entrega. | Ver encomenda
parcel | pt | Pedido-Correios | imposto | Entrega parcialmente bloqueada pela fiscalização! Protocolo: {d}{d}{d}. | Olá, {to}\o seu objeto foi bloqueado por falta de pagamento do imposto obrigatório.\Pague agora para receber no prazo. | Efetuar pagamento
parcel | en | DHL Express | address fee | Parcel {d}{d}{d} could not be delivered | Your parcel is at the depot because the house number is missing. A fee of 1.99 is due before it is handed to the driver again. | Reschedule
renewal | de | Norton | Schutz abgelaufen | Ihr Schutz ist abgelaufen - handeln Sie jetzt | Ihre Lizenz endete am Montag. Sie haben 24 Stunden.\Konto-ID: {d}{d}_DE\Benutzer: {to}\Rabatt: 94,7 % RABATT\Ohne Schutz sind Ihre Geräte Viren ausgesetzt. | JETZT VERLÄNGERN
renewal | en | McAfee | expired | {user}, we failed to renew your protection | Your devices are at risk (5 threats found).\Renew within 24 hours and keep 89% off. | RENEW NOW
shop | en | GUCCI OUTLET | 90% off | 🎄 Holiday gift for you {user} - up to 90% off | Please click here if this mail is not shown.\FREE SHIPPING AND UP TO 90% OFF\$2,980.00 $219.00 shoulder bag, black\$1,150.00 $139.00 wallet, canvas\Limit six pieces per person. | SHOP NOW
shop | fr | Longchamp Déstockage | -85 % | Vente privée -85 % : dernières heures | Tout doit partir.\Sac cuir 420 € 63 €\Pochette 190 € 29 €\Livraison offerte, paiement par carte. | J'EN PROFITE
fraud | en | United Nations Compensation | 3.5 million | Fw: Good day, from the compensation office | Attention beneficiary,\after our meeting with the bank your unpaid fund of 3.5 million dollars is signed for release by ATM card. Send your full name, address, age and phone to the director Mr. Cole Dan.\He waits for your mail. |
fraud | fr | Cabinet Moreau | héritage | Dossier confidentiel | Bonjour cher ami,\je suis l'avocat d'un client décédé sans héritier, qui portait votre nom. La somme de 6,2 millions peut vous revenir. Écrivez-moi en privé. |
fraud | en | Mrs. Ruth Abel | donation | FROM MY SICK BED | Dearest one,\I am a widow of 68 years and the doctor gives me few months. I wish to give 4.1 million euros to good work through you. Please write to my lawyer with your telephone number. |
fraud | en | Grant Desk | selected | You are selected {d}{d} | Hello,\your e-mail was drawn by computer among all users of the continent: 850,000 dollars. To begin the claim fill name, country, age, job and reply. Keep this secret until paid. |
casino | de | Spielpalast | 200 Freispiele | 𝐆𝐑𝐀𝐓𝐈𝐒 𝐃𝐑𝐄𝐇𝐄𝐍, 𝐆𝐄𝐖𝐈𝐍𝐍 𝐁𝐄𝐇𝐀𝐋𝐓𝐄𝐍 | Ohne Einzahlung spielen und Gewinne behalten: 200 Freispiele sind auf {to} gebucht. | Freispiele holen
casino | en | Lucky Reef | bonus | Your 150 spins end at midnight | No deposit, no wager. Your balance of 25.00 is ready at the tables. | Play my spins
""".strip().splitlines()
SEED_DOMAINS = ["stadtfreunde.example", "gartenmarkt.example", "post-d1.freenet.de", "post-d1.orange.fr", "post-d1.kpn.com", "schulfreunde.example", "lesmagazines.example", "post-d1.telekom.de"]


def slug(brand):
    return re.sub(r"[^a-z]", "", brand.lower())


def cheap(hand):
    """A host of a made-up domain under a cheap ending."""
    return hand.label(13) + "." + hand.pick("xyz", "shop", "space", "online", "top", "store", "click", "site", "live")


def landing(hand, how, brand):
    """An address of the kind `how`; none leads anywhere."""
    n = lambda k: hand.digits(k)
    b64 = base64.b64encode(hand.random.randbytes(48)).decode().replace("+", "k").replace("/", "w")
    mixed = hand.label(18, "abcdEFGHijklMNOPqrstUVWX123456")
    return {
        "steps": lambda: f"http://{cheap(hand)}/cl/{n(4)}_md/{n(4)}/{n(5)}/{n(4)}/{n(3)}/{n(6)}",
        "packed": lambda: f"http://{hand.pick('blog', 'www', 'news')}.{cheap(hand)}/{b64}__",
        "deep": lambda: f"http://{mixed}.{cheap(hand)}/4{mixed[:5]}{n(6)}{mixed[5:]}{n(5)}/{n(4)}Q20",
        "t.co": lambda: f"https://t.co/d1-{hand.label(8)}",
        "is.gd": lambda: f"https://is.gd/d1-{hand.label(6)}",
        "partner": lambda: f"https://{hand.label(13)}.com/?a={n(4)}&amp;oc={n(5)}&amp;c={n(5)}&amp;m=3&amp;s1=",
        "planted": lambda: f"http://{hand.pick('tedx-valdaosta', 'boulangerie-kervil', 'zahnarzt-moor', 'fc-brookside')}.example/{hand.label(5)}.php?32={hand.random.randbytes(8).hex()}.{mixed}",
        "store": lambda: f"https://d1-{hand.label(6)}.s3.eu-north-1.amazonaws.com/recovery.html",
        "like": lambda: f"https://{hand.pick('mail', 'app', 'emailserv')}{n(2)}-{slug(brand)[:8]}{hand.label(8)}.{hand.pick('net', 'com', 'app')}/{hand.random.randbytes(12).hex()}",
        "form": lambda: f"https://d1-{hand.label(5)}.forms.yandex.com/cloud/{hand.random.randbytes(12).hex()}/",
        "forward": lambda: f"http://{cheap(hand)}/fwd/{b64[:40]}",
        "bare": lambda: f"https://www.{slug(brand)}{hand.label(9)}.app/",
        "country": lambda: f"https://log{slug(brand)}{hand.label(7)}.co.ua/rastreio/tarifas{n(3)}",
        "page": lambda: f"https://d1-{hand.label(8)}.{hand.pick('web.app', 'pages.dev', 'weebly.com', 'webflow.io')}/",
    }[how]()


def picture(hand):
    host = hand.pick("i.imgur.com", "zupimages.net/up/24/12", "pbs.twimg.com/media", "cdn.hosting.example")
    path = f"{host}/d1-{hand.label(6)}.{hand.pick('png', 'jpg')}"
    # The same picture twice, with and without scheme, stands in many of the samples.
    return f'<img src="https://{path}"><img src="//{path}">' if hand.random.random() < 0.7 else f'<img width="100%" src="https://{path}" alt="">'


def pixel(hand, url):
    host = url.split("/")[2] if url.count("/") > 2 and "t.co" not in url and "is.gd" not in url else cheap(hand)
    return f'<img src="http://{host}/{hand.pick("track", "op")}/{hand.digits(4)}_md/{hand.digits(6)}" width="1px" height="1px" style="visibility:hidden">'


LEAVE = {"de": "Abmelden", "en": "unsubscribe here", "fr": "se désinscrire", "nl": "uitschrijven", "pt": "descadastrar"}


def junk_lines(hand, n=60):
    pieces = [hand.label(8) + "+++" + hand.label(4) + "+++" + hand.label(4), hand.label(8), hand.label(6, "abefgiklmnoprstuvwxz") + hand.digits(2)]
    return "\n".join(hand.random.choice(pieces)[:4] + hand.label(9) for _ in range(n))


def body(hand, form, lang, brand, text, call, url):
    """HTML of a lure in one of the forms seen."""
    lines, leave = paragraphs(text.replace("\\", "\n").replace("{url}", f'<a href="{url}">{url}</a>')), LEAVE[lang]
    other = url.rsplit("/", 1)[0] + "/" + hand.label(10)
    removal = hand.pick(f'<span style="color:#888;font-size:11px">click <a href="{other}">here</a> to remove yourself from our emails list</span>', f'<p style="font-size:12px">{brand} - <a href="{other}">{leave}</a></p>', "")
    if form == "newsletter":
        return table(hand, f'<a href="{url}">{picture(hand)}</a>{lines}{button(call, url, "#ce0b2b")}') + f"<br><br>{removal}{pixel(hand, url)}"
    if form == "loud":
        return f'<p style="color:white"></p>\n<center><a href="{url}" style="text-decoration:none"><span style="font:30px calibri;color:#ff0000"><b>{brand} Department</b></span></a>{lines}<a href="{url}"><h2>{call}</h2></a><a href="{url}">{picture(hand)}</a><h6>{removal}</h6></center>\n' + hand.pick(f"<style>\n{junk_lines(hand)}\n</style>", '<a href="" ' + " ".join(f'{hand.label(8)}+++{hand.label(4)}=""' for _ in range(60)) + "></a>", "")
    if form == "picture":
        return f'<center><a href="{url}"><h1>{call}</h1>{picture(hand)}</a><br>{removal}</center>{pixel(hand, url)}'
    if form == "junk first":
        return f'<style>\n{junk_lines(hand, 200)}\n</style><center><a href="{url}">{picture(hand)}</a><a href="{url}">{call}</a>{removal}</center>'
    if form == "card":
        return f'<!DOCTYPE html><html><head><title>Consumer Winner</title></head><body style="background:#f4f4f4;font-family:sans-serif"><div style="max-width:420px;margin:0 auto;background:#fff;padding:30px;border-radius:10px;box-shadow:0 4px 10px rgba(0,0,0,.2);text-align:center"><h2>{brand}</h2>{lines}<!--Button--><a href="{url}"><div style="color:#fff;background:#000;padding:16px 40px;border-radius:50px;text-transform:uppercase">{call}</div></a></!--Button--><a href="{url}">{picture(hand)}</a></div>{removal}</body>{pixel(hand, url)}</html>'
    if form == "word":
        thread = "".join(f'<p class="MsoNormal">{line}<o:p></o:p></p>' for line in hand.pick(*FILLERS).split(". ")) * 4
        return f'<html><head><meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style>div.WordSection1{{visibility:collapse;max-height:0;padding:0;width:0}}</style></head><body><div class="WordSection1">{thread}</div><center><a href="{url}">{lines}<img src="cid:image001.png"><b>{call}</b></a></center></body></html>'
    if form == "alarm":
        return f'<div style="width:600px;margin:auto;border:1px solid #ddd"><a href="{url}">{picture(hand)}</a><marquee bgcolor="#AF0707"><div style="color:#fff;font-size:24px">{call}</div></marquee><div style="background:#ffebee;color:#d32f2f">{lines}</div>{button(call, url, "#c62828")}</div>{removal}'
    if form == "seen through":
        return f'<center><font color="#00000"><a href="mailto:replyto@{cheap(hand)}">Unsubscribe</a> by replying to this email</font><div style="font-size:33px"><a href="{url}"><span style="opacity:0">{hand.label(8)}</span> {call} <span style="opacity:0">{hand.label(8)}</span></a></div>{lines}<a href="{url}">{picture(hand)}</a><a href="{other}">{picture(hand)}</a></center>'
    if form == "template":
        return f'<html><head><!-- NAME: 1 COLUMN --><title>*|MC:SUBJECT|*</title><style>.mcnPreviewText{{display:none !important}} .mcnButton{{display:block}}</style></head><body><span class="mcnPreviewText" style="display:none;font-size:0;max-height:0;overflow:hidden;opacity:0">*|MC_PREVIEW_TEXT|*</span><table class="mcnTextContent"><tr><td>{lines}<a class="mcnButton" href="{url}">{call}</a></td></tr></table>{removal}</body></html>'
    if form == "broken":
        return f'<table width="644" bgcolor="#202020"><tr><td><a href="#tracking link#">{mojibake(call)}</a></td></tr>Ttt<tr>{mojibake(lines)}<a href="{url.split("//")[1]}">{brand}.net</a></tr><a href="{url}"><td background="https://cdn.hosting.example/L02.jpg">{picture(hand)}</td></a></table>{removal}'
    if form == "clean":
        return f'<!DOCTYPE html><html lang="{lang}"><body style="font-family:Arial;background:#f5f5f5"><div style="max-width:600px;margin:0 auto;background:#fff"><div style="background:#000;padding:20px;text-align:center"><img alt="{brand} Logo" src="https://cdn-d1.{slug(brand)}.com/logo.png" width="150"></div><h1>{call}</h1>{lines}<div style="text-align:center"><a href="{url}" style="background:#1c1e21;color:#fff;padding:12px 24px">{call}</a></div></div></body></html>'
    if form == "preheader":
        return f'<div style="display:none;visibility:hidden;opacity:0;font-size:0">{hand.pick("Action required", "Please read", "Update")}{"&zwnj;&nbsp;" * 20}</div>' + table(hand, f"{lines}{button(call, url)}{removal}", 500)
    if form == "chat":
        return f'<div style="background:rgb(241,241,241)"><table width="960"><tr><td><div style="font-size:39px">Chat Transcript</div></td></tr><tr><td><b>#2 Personal Manager#{slug(brand)}.com</b> - <a href="mailto:info@{slug(brand)}.example">info</a></td></tr><tr><td>Website : <a href="http://{cheap(hand)}/">{cheap(hand)}</a></td></tr><tr><td>{lines}</td></tr></table></div>'
    return f"<html><body>{lines}</body></html>"


def letter(hand, way, lang, brand, gift, subject, to):
    """Head fields of a lure in one of the ways of sending seen, for `Hand.message`."""
    code = hand.label(8, "abcdEFGHijkl2345")
    forged = hand.pick(*SEED_DOMAINS)
    local = hand.pick("service", "newsletter", "noreply", "info", "angebote", "reply")
    address = f"{local}@{forged}"
    if way == "forged":
        third = f"return@{hand.label(9)}.{hand.pick('live', 'tk', 'uk.com', 'example')}"
        shape = hand.pick(f"{brand}, <{address}>", f"{brand}, <{address}.>, {brand}, <{address}>", f"{brand},(<{address}>)", f'"{brand} ." <{address}>', f"{brand} - {gift}! <{address}>", f"{brand} <{address.replace('.', ',')}>")
        raw = [f"Sender: {brand}{'_' * hand.pick(0, 0, 300)},<{hand.pick(address, 'newsletter@mail-d1.toom.de')}>", f"Message-Id: <{code}.0.0.{code}.9.{code}@{forged}>"]
        raw += hand.pick([], [f"List-Unsubscribe: <{code}.0.0.{code}@{forged}>"])
        raw += hand.pick([], ["Importance: high\nX-Priority: 1"])
        return dict(shown="", address=address, route="bare", raw_from=shape, raw=raw, cc=hand.pick(None, to[1]), return_path=hand.pick("", third, address, address), message_id="", authentication=hand.pick(None, "none none none", "fail none fail", "softfail none none", "pass none fail"))
    if way == "forged signature":
        fields = [("DomainKey-Signature", f"a=rsa-sha1; c=nofws; q=dns; s=smtp; d={forged}; b={hand.signature(48)}"), ("DKIM-Signature", f"v=1; a=rsa-sha1; c=relaxed/relaxed; s=smtp; d={forged}; h=Date:Sender:To:From; b={hand.signature(48)}")]
        return dict(shown="", address=address, route="bare", raw_from=hand.pick(f"{brand} Opinion Requested <{slug(brand)}-survey-free,net>", f"{brand} <{local}@{forged}>"), raw=[f"Sender: {local}@{hand.pick(*SEED_DOMAINS)}", f"Message-Id: <{hand.digits(15)}.{hand.digits(1)}.{code}@id-d1.{slug(brand)}.com"], message_id="", return_path="", fields=fields, authentication=hand.pick(None, "none fail fail", "none none none"))
    if way == "random":
        domain = hand.label(11) + ".com"
        return dict(shown="", address=f"{hand.label(5)}@{domain}", route="bare", raw_from=f"{brand} {hand.pick('Department', '- ' + gift + ' WINNER', 'Rewards')}  ,_<{hand.label(5)}@{domain}>", raw_date=hand.pick(None, "11-06-2023", "12-09-2023"), message_id="", return_path=f"{hand.digits(3)}_{hand.digits(6)}_{code}@{hand.label(8)}.{hand.label(9)}.com", authentication=hand.pick(None, "none none none", "pass none none"))
    if way == "tenant":
        domain = hand.pick(f"{hand.label(6)}.{cheap(hand)}", f"{hand.label(9)}.onmicrosoft.com", "lovedale-college.example", "a.c.h.a.d.o.n." + cheap(hand))
        sender = f"{hand.pick('For_You', 'join_now', 'lina_anders', 'NEW_OFFER_6')}_{hand.digits(5)}@{domain}"
        thread = "\n ".join(hand.label(70, "abcdefGHIJKLmnop0123456789") for _ in range(hand.pick(6, 20)))
        raw = [f"List-ID: <{code}.xt.local>", f"X-CSA-Complaints: {code}.csa-complaints@eco.example", "X-SFMC-Stack: 11", f"References: <@mail-{code}.Bounce_dnO.io>", "List-ID: <.7289367.xt.local>", "Feedback-ID: 325-anexp#nret-fa:account-notifier", f"In-Reply-To: <{thread}.edu>", f"Message-ID: <ZF3l_{code}__Ip@{hand.label(30)}.dccd.example>"]
        return dict(shown="", address=sender, route="tenant", raw_from=f"{brand} <{sender} >", raw=raw, message_id="", recipients=hand.pick(f"<__Link__{code}@aol.example>", to[1]), cc=hand.pick(None, f"<__Link{code}@aol.example>"), return_path=sender, authentication=hand.pick(None, "pass none none", "pass pass pass", "none none none"))
    if way == "mailer":
        domain = hand.pick("dmi-verein.example", "sbd-smartorder.example", "aprimar-" + hand.label(5) + ".com", "zentrum-" + cheap(hand))
        return dict(shown=brand, address=f"{hand.pick('info', 'news', slug(brand)[:12])}@{domain}", route=hand.pick("sendgrid", "ses", "mailgun", "sendgrid-free", "salesforce"), authentication=hand.pick(None, "pass pass pass", "pass pass none"), unsubscribe=hand.pick(None, f"<http://links.{domain}/u/{{r}}>, <mailto:unsubscribe+{{d}}@{domain}>"))
    if way == "borrowed mailer":
        stranger = f"bounces+{hand.digits(8)}-{to[1].replace('@', '=')}@ayuda.{hand.pick('pasajes-sur', 'kurse-nord', 'hotel-tejo')}.example"
        return dict(shown=brand, address=f"{hand.pick('noreply', slug(brand))}@{hand.pick('recovery', 'notice')}-{hand.label(9)}.com", route="sendgrid-free", return_path=stranger, authentication=hand.pick(None, "pass pass none"))
    if way == "web server":
        host = f"{hand.label(9)}.{hand.label(13)}.org.br"
        return dict(shown="", address=f"aviso0{hand.digits(5)}@{slug(brand)}", raw_from=hand.pick(f"{brand} S/A <aviso0{hand.digits(5)}@{slug(brand)}>", f"{brand} <alerta@cliente{slug(brand)}{hand.digits(5)}pedido%{hand.label(8)}.net>"), route="web", return_path=f"root@{hand.pick(host, hand.label(20))}", raw=[f"Message-ID: <{hand.random.randbytes(16).hex()}@localhost.localdomain>"], message_id="", authentication=hand.pick(None, "none none none"))
    if way == "freemail":
        return dict(shown=hand.pick(f"[{brand} - Comunicado {hand.digits(10)}]", f"Informa {brand}: Conta bloqueada - Cod.{code}"), address=f"{hand.label(4)}{hand.digits(5)}@gmail.com", route="gmail", authentication=hand.pick(None, "pass pass pass"))
    if way == "small provider":
        return dict(shown=brand.split()[0], address=f"{hand.pick('juliek', 'marcop', 'annie')}@{hand.pick('kmf', 'mtj')}.provider.example", route="own", authentication=hand.pick(None, "pass pass pass"))
    if way == "own shop":
        domain = f"{slug(brand)[:2]}{hand.digits(2)}.{hand.label(9)}.shop"
        return dict(shown=brand, address=f"info@{domain}", route="own", fields=[("X-Mailer", "Microsoft Outlook Express 6.00.2900.5512"), ("X-MimeOLE", "Produced By Microsoft MimeOLE V6.00.2900.5512")], authentication=hand.pick(None, "pass none none"), cte="base64")
    if way == "bulk blind":
        return dict(shown=brand, address=f"contact@{hand.pick('rwmf-consulting.example', 'eatcakes.example')}", route="bare", recipients=hand.pick("Undisclosed recipients:;", to[1]), message_id=f"{hand.label(7)}.{hand.label(6)}@{hand.label(8)}.com", authentication=hand.pick(None, "pass none none"), fields=[("Importance", "high"), ("X-Priority", "1")])
    if way == "cc neighbours":
        near = ", ".join(f"<{to[1].split('@')[0]}{x}@{to[1].split('@')[1]}>" for x in ("abr", "arias86", "br", "bs"))
        return dict(shown=brand, address=f"{hand.label(11)}@granitos-norte.example", route="bare", cc=near, fields=[("X-Accept-Language", "en-us")], authentication=hand.pick(None, "pass none pass"))
    if way == "widget":
        return dict(shown="", address="noreply@chat-d1.zohosalesiq.com", route="own", reply_to="noreply@chat-d1.zohosalesiq.com", return_path=f"systemgenerated+{{r}}@eumailer-d1.zohosalesiq.com", authentication=hand.pick(None, "pass pass pass"))
    if way == "itself":
        return dict(shown=to[1], address="noreply@post-d1.digid.nl", route="bare", return_path=f"return@{hand.label(10)}.example", raw=[f"Sender: <noreply@post-d1.digid.nl>", f"Message-ID: <{hand.label(16)}-{hand.label(8)} ' '>"], message_id="", cc=to[1], authentication=hand.pick(None, "none none fail"))
    raise ValueError(way)


# Kind | ways of sending | forms of the text | how the link goes.
SEEN = {
    "prize": (["forged", "forged", "forged signature", "random", "random", "tenant", "tenant"], ["newsletter", "newsletter", "card", "card", "loud", "loud", "picture", "word"], ["steps", "packed", "deep", "t.co", "t.co", "partner", "forward"]),
    "ad": (["tenant", "tenant", "tenant", "forged", "mailer", "bulk blind"], ["picture", "newsletter", "template", "seen through", "loud"], ["t.co", "steps", "planted", "packed", "deep"]),
    "wallet": (["mailer", "mailer", "borrowed mailer", "borrowed mailer", "small provider"], ["clean", "preheader"], ["like", "store", "store", "bare", "page"]),
    "payout": (["tenant"], ["alarm", "newsletter"], ["is.gd", "t.co"]),
    "dating": (["forged", "cc neighbours"], ["broken", "newsletter"], ["steps", "forward"]),
    "bank": (["freemail"], ["clean", "card"], ["page", "like"]),
    "parcel": (["web server"], ["card", "clean"], ["country", "planted"]),
    "renewal": (["bulk blind", "random"], ["alarm", "loud"], ["t.co", "steps"]),
    "shop": (["own shop"], ["preheader", "newsletter"], ["bare", "like"]),
    "fraud": (["freemail", "small provider"], ["plain"], ["page"]),
    "casino": (["itself", "forged"], ["junk first", "picture"], ["steps", "t.co"]),
}


def lures(hand):
    """Each row twice, in other dress the second time."""
    rows, mails = [[f.strip() for f in row.split("|")] for row in LURES], []
    for i, (kind, lang, brand, gift, subject, text, call) in enumerate(rows):
        ways, forms, links = SEEN[kind]
        for turn in "xy" if kind != "fraud" else "x":
            to = hand.pick(*VICTIMS)
            way, form, how = hand.pick(*ways), hand.pick(*forms), hand.pick(*links)
            if "{url}" in text:
                way, form, how = "widget", "chat", "form"
            if turn == "y" and kind == "prize":
                brand = hand.pick(*[r[2] for r in rows if r[0] == kind and r[1] == lang])
            url = landing(hand, how, brand)
            fields = letter(hand, way, lang, brand, gift, subject, to)
            if kind in ("fraud", "bank") and not call:
                plain = text.replace("\\", "\n\n")
                fields.update(text=plain)
                if kind == "bank":
                    fields.update(html=f"<p>{'_' * 40}</p>{paragraphs(text.replace(chr(92), chr(10)))}<p>{'_' * 40}</p>", attachments=[(f"{hand.label(8)}.pdf", PDF, "application/pdf")])
                if kind == "fraud":
                    fields.update(shown=brand, reply_to=hand.pick(None, f"{hand.label(8)}@{hand.pick('gmail.com', 'yandex.com', 'outlook.com')}"))
            elif way in ("small provider", "cc neighbours"):
                plain = text.replace("\\", "\n\n") + f"\n\n{call}: {url}\n"
                fields.update(text=plain, cte="base64" if way == "cc neighbours" else None)
            else:
                page = body(hand, form, lang, brand, text, call or brand, url)
                fields.update(html=page, alone=way == "forged" and hand.random.random() < 0.4)
                if form == "word":
                    fields.update(inline=[("image001.png", PNG, "image/png")], alone=False)
                if way == "web server":
                    fields.update(text="Place an optional message here in case the HTML cannot be loaded", cte="base64")
                if way == "own shop" or way == "mailer" and hand.random.random() < 0.5:
                    fields.update(text=re.sub(r"\\", "\n\n", text) + f"\n\n{call} <{url}>")
            if subject.isascii() and way == "forged" and hand.random.random() < 0.4:
                fields.update(raw_subject=every_letter(hand.personal(subject, to)))
            elif kind in ("ad", "casino") and way == "tenant" and subject.isascii() and turn == "y":
                subject = bold(subject)
            fields.update(charset=hand.pick("utf-8", "utf-8", "utf-8", "utf-8", "windows-1252", "iso-8859-1"))
            if hand.random.random() < 0.23:
                fields.update(authentication=None)
            raw = hand.message(subject=subject, to=to, when=hand.when(2022, 2025), **fields)
            mails.append((f"{i:03}{turn}-{kind}-{lang}", raw))
    return mails


# Kind | language | way of sending | name | address | subject | text | links (text>address; `@` the tracker of the mailer) |
# dress: n newsletter, c plain card, w written in Outlook, i pictures, t text only, q answer with quotation, f forwarded;
# further letters: A a PDF, I an invitation, P a picture, O from an old script, 2 twice with other numbers.
HONEST = r"""
order | fr | sendgrid | Maison Brévin | commande@maison-brevin.example | Votre commande n° {d}{d} est confirmée | Bonjour {name},\merci pour votre commande de 6{d} €. Nous la préparons et vous écrirons dès son départ.\Article : lampe Odette, quantité 1. | Suivre ma commande>@; Nous contacter>mailto:bonjour@maison-brevin.example | n2
order | de | ses | Gartenhof Lenz | bestellung@gartenhof-lenz.example | Bestellbestätigung {d}{d} | Guten Tag {fullname},\wir haben Ihre Bestellung erhalten. Summe: 54,9 € inkl. Versand. Die Rechnung liegt bei. | Bestellung ansehen>@ | nA2
order | en | own | eBay | ebay@post-d1.ebay.com | Your order is confirmed: vintage desk lamp | Hi {name}, your order from brocante_42 is confirmed. Estimated delivery Thursday to Saturday. Total: $38.50 | View order details>https://order-d1.ebay.com/ord/show?orderId={d}{d}; Learn more>https://pages-d1.ebay.com/help | n
receipt | en | own | Apple | no_reply@post-d1.email.apple.com | Your receipt from Apple | APPLE ACCOUNT {to}\iCloud+ with 200 GB of storage, monthly, 2,99 €\Renews 3 May. If you did not buy this, report a problem. | Report a problem>https://reportaproblem-d1.apple.com/?s={r} | n
receipt | pt | sendgrid | Uber | noreply@post-d1.uber.com | Sua viagem de sexta-feira à noite | Obrigado por viajar, {name}. Total R$ 24,90. Pagamento: Mastercard final 41{d}. | Baixar recibo>@; Ajuda>https://help-d1.uber.com/ | n
reset | en | mailgun | Trellis Notes | accounts@trellis-notes.example | Reset your password | Hello {user},\someone asked for a new password for your account. The link below works for an hour. If that was not you, you can ignore this mail. | Choose a new password>https://app.trellis-notes.example/reset/{r}{r} | c2
reset | de | own | Stadtbücherei Moorburg | noreply@buecherei-moorburg.example | Ihr Passwort wurde geändert | Guten Tag,\das Passwort Ihres Ausweiskontos wurde heute geändert. Waren Sie das nicht, rufen Sie uns bitte an: 040 555 01 20. | | t
login | en | ses | Dropbox | no-reply@post-d1.dropbox.com | We noticed a new sign-in to your account | Hi {name}, a new browser just signed in to your Dropbox account: Firefox on Linux, near Brest. If this was you, there's nothing to do. | Review devices>https://www-d1.dropbox.com/account/security | n
login | fr | own | Google | no-reply@post-d1.accounts.google.com | Alerte de sécurité | Nouvelle connexion sur Appareil Linux\{to}\Nous avons détecté une nouvelle connexion à votre compte. S'il s'agit de vous, aucune action n'est requise. | Consulter l'activité>https://accounts-d1.google.com/AccountChooser?Email={to}&continue=x | n
code | en | ses | Slack | no-reply@post-d1.slack.com | Slack confirmation code: {d}-{d} | Confirm your email address. Your code is {d}-{d}. Enter it in your open browser window. If you didn't request this email, there's nothing to worry about. | | c2
parcel | de | salesforce | DHL Paket | noreply@post-d1.dhl.de | Ihr Gartenhof-Lenz-Paket kommt heute | Guten Tag {fullname},\Ihr Paket kommt heute zwischen 11:30 und 14:00 Uhr. Sie sind nicht da? Wählen Sie einen Ablageort. | Sendung verfolgen>@; Zur App>https://app-d1.dhl.de/ | n2
parcel | fr | mailjet | Mondial Relay | nepasrepondre@post-d1.mondialrelay.fr | Votre colis vous attend en Point Relais | Bonjour, votre colis {d}{d}{d} est disponible chez Tabac du Port jusqu'au 12. Munissez-vous d'une pièce d'identité. | Suivi de mon colis>@ | n
parcel | nl | own | PostNL | noreply@post-d1.postnl.nl | Je pakket is onderweg, morgen bezorgd | Beste {name},\je pakket van Boekhandel Vos komt morgen tussen 10:15 en 12:15. Anders plannen kan tot vannacht. | Volg je pakket>https://jouw-d1.postnl.nl/track/{r} | n
customs | pt | own | Correios | noreply@post-d1.correios.com.br | Seu objeto está aguardando pagamento | Olá {name},\o objeto NX{d}{d}BR aguarda o pagamento dos tributos. Acesse o aplicativo ou o portal Minhas Importações com seu login. Prazo: 20 dias. | Minhas Importações>https://portal-d1.correios.com.br/ | n
customs | en | own | Parcelforce | donotreply@post-d1.parcelforce.co.uk | Customs charges for your item | An item addressed to you has arrived in the UK. A charge of £23.18 is due: VAT £11.18 and clearance fee £12.00. You can pay online, by phone or at the depot within 20 days. | Pay charges>https://www-d1.parcelforce.co.uk/pay/{r} | c
bank | fr | own | Crédit Mutuel | information@post-d1.creditmutuel.fr | Un nouveau relevé est disponible | Bonjour,\votre relevé de compte d'octobre est disponible dans votre espace, rubrique Documents.\Pour votre sécurité, nous ne demandons jamais vos codes par courriel. | | c
bank | pt | own | Banco do Brasil | fatura@post-d1.bb.com.br | Fatura do seu Ourocard | Olá {name}, a fatura de novembro está anexa. Total R$ 1.2{d},40, vencimento dia 10. A senha do arquivo são os 5 primeiros dígitos do CPF. | | cA2
bank | de | salesforce | ING Deutschland | info@post-d1.ing.de | Neue Nachricht in Ihrer Post-Box | Guten Tag {fullname},\in Ihrer Post-Box liegt ein neues Dokument. Loggen Sie sich wie gewohnt ein. | Zum Log-in>https://banking-d1.ing.de/ | n
bank | en | own | Monzo | hello@post-d1.monzo.com | Your direct debit failed | Hi {name},\a direct debit of £14.20 to Brook Water didn't go through because there wasn't enough money in your account. We'll try again at 4pm. | Add money>https://monzo-d1.monzo.com/{r} | c
payment | en | own | PayPal | service@post-d1.intl.paypal.com | You sent a payment of 18.00 EUR to Buchladen Wolf | Hello {fullname},\you paid 18.00 EUR to Buchladen Wolf. It may take a moment for this transaction to appear. Transaction ID: 8KX{d}{d}. Problem? Log in and go to the Resolution Center within 180 days. | View transaction>https://www-d1.paypal.com/activity/payment/{r} | n
payment | de | own | Klarna | no-reply@post-d1.klarna.de | Deine Zahlung ist in 3 Tagen fällig | Hallo {name},\deine Rechnung von Gartenhof Lenz über 54,90 € ist in drei Tagen fällig. Bezahle in der App oder verschiebe die Zahlung. | Jetzt bezahlen>https://app-d1.klarna.com/pay/{r} | n2
payment | en | ses | Netflix | info@post-d1.members.netflix.com | Your payment was declined | Hi {name},\we couldn't charge your Visa ending 44{d} for this month. Please check your card details in your account so you can keep watching. | Update payment>https://www-d1.netflix.com/YourAccountPayment?lnktrk={r} | n
renewal | de | salesforce | Norton | norton@post-d1.norton.com | Ihr Abonnement verlängert sich am 14. Juni | Guten Tag {fullname},\Ihr Abonnement Norton 360 wird am 14. Juni automatisch für 94,99 € verlängert. Sie können die Verlängerung in Ihrem Konto ausschalten. | Mein Konto>@ | n
renewal | fr | own | OVHcloud | support@post-d1.ovh.com | [Rappel] Renouvellement de votre nom de domaine | Bonjour,\le service suivant arrive à échéance dans 15 jours : liste-citoyenne.example. Sans règlement il sera suspendu puis supprimé. | Renouveler>https://www-d1.ovh.com/manager/#/billing/{r} | t
renewal | en | mailchimp | Brookside Gazette | subs@brookside-gazette.example | Your subscription ends in two weeks | Dear {name},\thank you for reading us. Your subscription ends on the 30th; renew before and keep the old price of £48. | Renew my subscription>@ | n
invoice | de | outlook | Dachdeckerei Moor | buero@dachdeckerei-moor.example | Rechnung 2023-{d} | Sehr geehrte Damen und Herren,\anbei unsere Rechnung mit der Bitte um Überweisung binnen 14 Tagen.\Mit freundlichen Grüßen\Petra Moor | | wA
invoice | fr | own | Plomberie Adour | compta@plomberie-adour.example | Facture FA-{d} | Bonjour,\veuillez trouver ci-joint la facture de l'intervention du 12. Règlement par virement, RIB en bas de page.\Cordialement | | tA
invoice | es | tenant | Gestoría Otero | facturas@gestoria-otero.example | Factura del mes de marzo | Estimados clientes:\adjuntamos la factura de marzo. El cargo se hará el día 5.\Un saludo,\Luis Otero | | wA
invoice | it | own | Tipografia Salvi | amministrazione@tipografia-salvi.example | Sollecito fattura n. {d} | Gentile cliente,\dai nostri conti risulta ancora aperta la fattura n. {d} di 312 €. Se avete già pagato, ignorate questo avviso. | | tA
calendar | fr | gmail | Tom Weber | tom.weber.brest@gmail.com | Invitation : réunion de bureau @ mar. 12 mars 2024 18:00 | Tom vous a invité à un événement.\Salle 3, mairie annexe. Ordre du jour : tracts, affichage, procurations. | Oui>https://calendar-d1.google.com/calendar/event?action=RESPOND&eid={r}; Peut-être>https://calendar-d1.google.com/calendar/event?action=MAYBE&eid={r} | nI2
calendar | en | tenant | Karin Feld | feld@kanzlei-feld.example | Updated: budget review | Microsoft Teams meeting\Join on your computer, mobile app or room device | Join the meeting now>https://teams-d1.microsoft.com/l/meetup-join/{r} | wI
list | en | list | Jonas Roth via postfix-users | jonas@roth.example | Re: [postfix-users] greylisting and password resets | On Tue, Maria wrote:\> our users click twice because the reset mail arrives late\You can exempt the hosts of the big mailers, see the table at https://wiki.lists.example/exempt\Jonas | https://wiki.lists.example/exempt>https://wiki.lists.example/exempt | t
list | de | list | Elternrat Moorburg | elternrat@schule-moorburg.example | [Elternrat] Kuchenverkauf und Losverkauf am Freitag | Liebe Eltern,\für die Tombola suchen wir noch Preise, der Hauptpreis ist ein Fahrrad. Wer kann am Stand helfen? Bitte hier eintragen. | Liste>https://pad.schule-moorburg.example/p/{r} | t
support | en | ses | Brook Water Support | help@brookwater.zendesk.example | [Brook Water] Re: meter reading | ##- Please type your reply above this line -##\Your request ({d}{d}) has been updated. To add comments, reply to this mail.\Mia (Brook Water): we have corrected the reading, your new bill follows. | View request>https://brookwater.zendesk.example/hc/requests/{d} | n2
support | de | own | Hosting Nord | support@hosting-nord.example | [Ticket#20{d}{d}] Ihr Speicherplatz ist zu 92 % belegt | Guten Tag,\das Postfach {to} belegt 92 % des Speichers. Löschen Sie alte Mails oder buchen Sie im Kundenmenü mehr Platz. | Kundenmenü>https://kunden.hosting-nord.example/ | t
newsletter | fr | brevo | La Ferme de l'Adour | contact@ferme-adour.example | Le panier de la semaine | Bonjour {name},\poireaux, courges et œufs cette semaine. Commandez avant jeudi midi. | Composer mon panier>@; Notre blog>@; Facebook>https://www-d1.facebook.com/fermeadour | n2
newsletter | en | mailchimp | Harbour Museum | news@harbour-museum.example | Three things to see this month | New: boats of the north. Late opening on Fridays. Members go free. | Book tickets>@; Become a member>@; Read the story>@ | n2
newsletter | de | mailjet | Die Liste | post@die-liste.example | Unser Programm zur Wahl | Liebe Mitstreiterinnen,\das Programm ist fertig. Bitte spenden Sie bis Freitag: jeder Euro zählt in den letzten Tagen. | Programm lesen>@; Jetzt spenden>@ | n2
newsletter | en | ses | The Substack of Ann Lee | annlee@post-d1.substack.com | Why the bond market blinked | Bitcoin at a record, banks on edge, and a note on scams asking for your wallet's recovery words: never type them anywhere. | Read online>@; Upgrade to paid>@ | n
promo | de | salesforce | Douglas | newsletter@post-d1.douglas.de | 20 % auf alles - nur bis Sonntag ⏰ | Ihre Beauty Card macht's möglich: 20 % Rabatt auf alles, auch auf Düfte.\Code: BEAUTY20 | Jetzt shoppen>@; Düfte>@; Filiale finden>@ | i2
promo | fr | salesforce | Leroy Merlin | leroymerlin@post-d1.news.leroymerlin.fr | {name}, votre chèque fidélité de 10 € vous attend | Merci pour vos achats. Votre chèque fidélité de 10 € est chargé sur votre carte Maison, valable jusqu'au 30. | En profiter>@; Mon compte>@ | n2
promo | en | sendgrid | Wayfare | hello@wayfare-shop.example | 🎉 Up to 70% off: last hours | Everything must go. Free shipping over $35. Sofas from $199. | Shop now>@; Rugs>@; Lighting>@; Outdoor>@ | i2
promo | nl | mailjet | Bol | nieuws@post-d1.bol.com | Nog één dag: tot 40% korting | Beste {name}, onze eindejaarsdeals stoppen morgen. Speel ook mee met de adventskalender. | Bekijk de deals>@; Speel mee>@ | i
contest | de | salesforce | REWE Bonus | bonus@post-d1.rewe.de | Gewinnspiel: 1 Jahr gratis einkaufen | Hallo {name},\machen Sie bis zum 31. beim Gewinnspiel mit. Teilnahme ab 18 Jahren, die Bedingungen stehen auf der Aktionsseite. Verlost werden fünf Gutscheine zu je 500 €. | Zur Aktionsseite>@; Teilnahmebedingungen>@ | n2
contest | en | mailchimp | Harbour Museum Friends | friends@harbour-museum.example | You won two tickets! | Congratulations {name},\your answer to our quiz was drawn: two tickets for the concert on Friday are at the desk under your name. No need to print anything. | | n
survey | en | ses | Brook Rail | feedback@brook-rail.example | How was your journey on Tuesday? | Hi {name},\please tell us about your trip from Brookside in two minutes. Each month we draw one £50 voucher among those who answer. | Start survey>@ | n2
survey | fr | mailjet | Mairie de Kervil | enquete@mairie-kervil.example | Votre avis sur les transports | Bonjour,\la mairie ouvre une enquête de trois minutes sur les bus du soir. Les réponses sont anonymes. | Répondre>@ | n
loyalty | en | salesforce | Starbucks Rewards | rewards@post-d1.starbucks.com | A free drink is waiting for you | It's your birthday week, {name}. Your free drink is loaded on your card and expires in seven days. | See my reward>@ | i
dating | de | ses | Parship | nachricht@post-d1.parship.de | Du hast eine neue Nachricht von Sabine | Hallo {name},\Sabine, 51, Lehrerin, hat dir geschrieben. Antworte ihr, sobald du magst. | Nachricht lesen>@ | n2
social | en | own | LinkedIn | messages-noreply@post-d1.linkedin.com | You appeared in 7 searches this week | See who's looking: people from Brookside Council and two others found you. | See all searches>https://www-d1.linkedin.com/me/search-appearances?trk={r}; Unsubscribe>https://www-d1.linkedin.com/e/v2?u={r} | n2
social | fr | sendgrid | Leboncoin | noreply@post-d1.leboncoin.fr | Nouveau message pour « vélo enfant » | Bonjour {name}, Julie vous demande : toujours disponible ? Je peux passer samedi. | Répondre>https://www-d1.leboncoin.fr/messages/{r} | n
wallet | en | sendgrid | Kraken | noreply@post-d1.kraken.com | Withdrawal of 0.04 BTC confirmed | A withdrawal to address bc1q…{d} was confirmed. If you did not request it, lock your account in Settings and contact support. | View withdrawal>https://www-d1.kraken.com/u/history/{r} | n
wallet | en | sendgrid | Ledger | news@post-d1.ledger.com | Firmware 2.3 is available | Update from Ledger Live on your computer. We never ask for your 24 words. | What's new>@ | n2
share | en | own | Karin Feld (via Google Docs) | drive-shares-dm-noreply@post-d1.google.com | Document shared with you: "Leaflet draft" | Karin Feld (feld@kanzlei-feld.example) has invited you to edit the following document: Leaflet draft. | Open>https://docs-d1.google.com/document/d/{r}/edit?usp=sharing | n2
share | fr | ses | WeTransfer | noreply@post-d1.wetransfer.com | tom.weber@liste-citoyenne.example vous a envoyé affiches.zip | 1 fichier, 84 Mo. Expire le 20 novembre.\Message : voilà les fichiers pour l'imprimeur. | Récupérer les fichiers>https://we-d1.wetransfer.com/downloads/{r}/{r} | n
sign | en | own | DocuSign NA System | dse@post-d1.docusign.net | Completed: Lease 12 Quay Street | All signers completed the document Lease 12 Quay Street. Do not share this email: it contains a secure link. | View completed document>https://na-d1.docusign.net/Signing/EmailStart.aspx?a={r} | nA
work | de | own | Personio | notifications@post-d1.personio.de | Deine Gehaltsabrechnung ist da | Hallo {name}, in deinem Profil liegt eine neue Gehaltsabrechnung. | Dokument ansehen>https://kanzlei-feld.d1-personio.example/documents/{r} | n
work | en | own | GitHub | notifications@post-d1.github.com | [brookside/site] Login form loses password field (#118) | @sam assigned you. Steps: open the page on a phone, type a wrong password, the field is gone. | view it on GitHub>https://www-d1.github.com/brookside/site/issues/118 | q
government | fr | own | Direction générale des Finances publiques | ne-pas-repondre@post-d1.dgfip.finances.gouv.fr | Votre avis d'impôt est disponible en ligne | Bonjour,\votre avis est disponible dans la rubrique Documents de votre espace particulier. Pour votre sécurité, ce message ne contient pas de lien. | | c
government | en | own | GOV.UK Notify | noreply@post-d1.notifications.service.gov.uk | You need to confirm your voter registration details | Dear {name},\we are checking the register for your area. Reply by 12 August with your security code {d} {d}, or call the office. | Confirm online>https://www-d1.householdresponse.example/brookside | c
transport | pt | sendgrid | TAP Air Portugal | noreply@post-d1.flytap.com | O check-in do seu voo está aberto | Olá {name}, o check-in do voo TP 4{d} já está aberto. Leve um documento válido. | Fazer check-in>@ | n2
charity | en | mailchimp | Sea Rescue Friends | hello@sea-rescue.example | Will you match this gift today? | Dear {name},\a donor doubles every gift made before midnight. £20 becomes £40. | Give today>@; Why we ask>@ | n2
personal | fr | gmail | Léa Caron | lea.caron.kervil@gmail.com | Photos de dimanche | Coucou,\j'ai mis les photos ici, dis-moi si le lien marche. Tu viens samedi ? Bises\Léa | https://photos-d1.app.goo.gl/{r}>https://photos-d1.app.goo.gl/{r} | t
personal | en | outlook | Sam Brook | sam.brook71@outlook.com | Re: boiler quote | Hi,\sounds fine, go ahead. Can you send me your account details so I can pay the deposit today?\Cheers, Sam | | q
personal | de | gmail | Ute Feld | ute.feld@gmail.com | Geschenk für Papa | Hallo ihr,\sollen wir zusammen eine Gutscheinkarte vom Baumarkt kaufen? Ich lege 50 € aus, überweist mir einfach später. | | t
personal | pt | outlook | Marta Prado | marta.prado@outlook.com | Fwd: convite de casamento | Gente, segue o convite, confirmem até sexta!\Beijos | https://sites-d1.google.com/view/martaepaulo>https://sites-d1.google.com/view/martaepaulo | fP
personal | es | gmail | Luis Otero hijo | luisotero.jr@gmail.com | Urgente: la llave del local | Papá, ¿estás? Llámame cuando puedas, necesito la llave antes de las seis. | | t
forward | en | tenant | Karin Feld | feld@kanzlei-feld.example | FW: Is this one real? | Sam, this came to the info address and it looks odd to me. Shall we tell everyone? K | | f
church | de | web | Kirchengemeinde Moor | gemeindebrief@kirche-moor.example | Gemeindebrief und Basar | Liebe Gemeinde,\der Gemeindebrief ist da. Beim Basar gibt es eine große Tombola. | Gemeindebrief (PDF)>https://kirche-moor.example/wp-content/uploads/2023/11/brief.pdf | cP
shop web | fr | web | Librairie du Port | wordpress@librairie-port.example | [Librairie du Port] Votre commande est terminée | Bonjour {name},\nous avons terminé le traitement de votre commande n° {d}. | Voir la commande>https://librairie-port.example/mon-compte/view-order/{d} | n2
lottery | de | salesforce | Aktion Mensch | newsletter@post-d1.aktion-mensch.de | 🍀 Jetzt 5 Mio. € Hauptgewinn sichern | Guten Tag {name},\mit dem Jahreslos unterstützen Sie soziale Projekte und haben jede Woche die Chance auf einen Gewinn. | Los bestellen>@; So funktioniert's>@ | n2
lottery | fr | salesforce | FDJ | contact@post-d1.fdj.fr | {name}, 130 millions d'euros à gagner vendredi | Tentez votre chance avant vendredi 20 h 15. Jouer comporte des risques. | JOUER>@; Mes bulletins>@ | i
contest | fr | gmail | Secrétariat Amicale de Kervil | amicale.kervil29@gmail.com | Vous avez gagné à la tombola | Bonjour {name},\le billet 118 a gagné le panier garni. Passez le chercher samedi au local, ou dites-nous à qui le remettre.\Pour l'amicale, Yves | | t
loan | de | mailjet | smava | info@post-d1.smava.de | Ihr Kreditvergleich: bis 120.000 € in 24 h | Guten Tag {fullname},\wir haben drei Angebote ab 3,99 % eff. für Sie gefunden. Ihr Code ist bis Sonntag gültig. | Angebote ansehen>@ | n2
sale | en | mailchimp | Outnet Club | sale@outnet-club.example | CLEARANCE: extra 90% off, today only | Dear member,\handbags from $39, free shipping. Final hours, almost gone! | SHOP NOW>@; Bags>@; Shoes>@ | i2
sale | nl | sendgrid | Fietsen Kade | info@fietsenkade-d1.shop | Laatste dag: demo-fietsen met 50% korting | Beste {name},\we ruimen de showroom op. Op is op, wie het eerst komt. | Naar de fietsen>@ | n
franchise | fr | own | Carrefour Market Kervil | magasin@cm-kervil.example | Votre commande drive est prête | Bonjour {name},\votre commande vous attend quai 3 jusqu'à 19 h. | Itinéraire>https://maps-d1.app.goo.gl/{r} | c
hotel | en | own | Hotel Moor via Booking.com | noreply@guest-d1.booking.com | New message from Hotel Moor | Hello {name}, your room is ready from 3 pm. Please tell us when you arrive; a deposit is paid at the desk. | Reply>https://secure-d1.booking.com/messages/{r} | n
agency | de | ses | Umfrageinstitut Nord im Auftrag der Bahn | studie@umfrage-nord.example | Ihre Bahnreise: als Dank verlosen wir 20 Gutscheine | Guten Tag,\Sie wurden zufällig ausgewählt. Die Befragung dauert fünf Minuten. | Befragung starten>@ | n2
it | de | tenant | IT-Service Kanzlei Feld | it@kanzlei-feld.example | Ihr Kennwort läuft in 7 Tagen ab | Liebe Kolleginnen und Kollegen,\bitte ändern Sie Ihr Kennwort über Strg+Alt+Entf. Wir fragen nie per Mail danach.\Ihre IT | | w
advice | de | salesforce | Sparkasse Moor | info@post-d1.sparkasse.de | Vorsicht: falsche Mails zum pushTAN-Verfahren | Guten Tag {fullname},\zurzeit gehen Mails um, die mit der Sperrung Ihres Kontos drohen und nach der PIN fragen. Löschen Sie sie. Wir fragen Sie niemals per Mail danach. | Mehr zur Masche>@ | n
wallet | en | sendgrid | Bitpanda | hello@post-d1.bitpanda.com | Your staking rewards are here | Hi {name},\you earned 0.04 SOL this week. Rewards are paid every Monday, nothing to do. | See rewards>@; Invite a friend and earn 10 EUR>@ | n
script | de | web | Vereinsverwaltung | www-data@srv3.hosting.example | Beitragsrechnung {d} | Hallo {fullname},\Ihr Jahresbeitrag von 36,00 € wird am 15. eingezogen.\TuS Moorburg, der Kassenwart | | tO
script | en | bare | Weather Station | station@garden-node.example | Alert: battery low | Node 3 reports 3.1 V at 06:00. | http://192.0.2.40/status>http://192.0.2.40/status | tO
social | en | outlook | Marta Prado | marta.prado@outlook.com | look at this | haha is this your street? 😂 | https://t.co/d1-{r}>https://t.co/d1-{r} | t
personal | fr | gmail | Yves Le Goff | yves.legoff.asso@gmail.com | RIB de l'association | Bonjour {name},\comme convenu, le nouveau RIB de l'association en pièce jointe : l'ancien compte est clos. Appelle-moi si tu as un doute.\Yves | | tA
monitor | en | bare | root | root@srv1.brookside-council.example | Cron <root@srv1> /usr/local/bin/backup | tar: /srv/mail: file changed as we read it\backup finished with warnings, see https://wiki.brookside-council.example/backup | | t
""".strip().splitlines()


def tracker(hand, route, domain):
    """Where a mailer's links go first: its own host, which then leads on."""
    packed = hand.label(60, "abcdEFGH2345")
    return {
        "sendgrid": f"https://d1-{hand.digits(7)}.ct.sendgrid.net/ls/click?upn={packed}-2B{hand.label(20)}",
        "ses": f"https://d1-{hand.label(8)}.r.eu-west-1.awstrack.me/L0/https:%2F%2Fwww.{domain}%2F{hand.label(6)}/1/{packed}",
        "mailchimp": f"https://{domain.split('.')[0]}.d1-{hand.label(5)}.list-manage.com/track/click?u={packed[:25]}&amp;id={hand.label(10)}&amp;e={hand.label(10)}",
        "mailjet": f"https://d1-{hand.label(5)}.mjt.lu/lnk/{packed}/1/{hand.label(22)}/aHR0cHM6Ly93d3cu",
        "brevo": f"https://d1-{hand.label(8)}.r.sp1-brevo.net/mk/cl/f/sh/{packed}",
        "salesforce": f"https://click.{domain}/?qs={hand.random.randbytes(30).hex()}",
        "mailgun": f"https://email.mg.{domain}/c/{packed}",
    }.get(route, f"https://www.{domain}/{hand.label(8)}")


AWAY = {"de": "Newsletter abbestellen", "en": "Unsubscribe", "fr": "Se désinscrire", "nl": "Uitschrijven", "pt": "Cancelar inscrição", "es": "Darse de baja", "it": "Annulla iscrizione"}
ONLINE = {"de": "Im Browser ansehen", "en": "View in browser", "fr": "Voir en ligne", "nl": "Bekijk online", "pt": "Ver no navegador", "es": "Ver en línea", "it": "Apri nel browser"}


def dressed(hand, dress, lang, name, address, text, links, route):
    """HTML of an honest mail."""
    domain = address.partition("@")[2]
    lines = paragraphs(text.replace("\\", "\n"))
    anchors = "".join(f'<p><a href="{u}">{t}</a></p>' for t, u in links)
    if dress == "c":
        return f"<html><body style='font-family:Arial'>{lines}{anchors}<p style='color:#777'>{name}</p></body></html>"
    if dress == "w":
        return f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style>p.MsoNormal{{margin:0cm;font-size:11.0pt;font-family:"Calibri",sans-serif}} div.WordSection1{{page:WordSection1}}</style></head><body lang="{lang.upper()}"><div class="WordSection1">' + lines.replace("<p>", '<p class="MsoNormal">').replace("</p>", "<o:p></o:p></p>") + anchors + "</div></body></html>"
    if dress in "qf":
        quoted = paragraphs(hand.pick(*[r for r in LURES if r.startswith(("prize", "renewal"))]).split("|")[5].replace("\\", "\n")) if "real?" in text + name or "odd" in text else hand.pick(*FILLERS)
        older = f'<blockquote style="border-left:1px solid #ccc;padding-left:1ex">{quoted}</blockquote>'
        return f'<div dir="ltr">{lines}{anchors}<br><div class="gmail_quote">{"---------- Forwarded message ---------" if dress == "f" else "On Mon, 4 Mar, wrote:"}<br>{older}</div></div>'
    away, online = tracker(hand, route, domain), tracker(hand, route, domain)
    bulk = route in ("sendgrid", "ses", "mailchimp", "mailjet", "brevo", "salesforce") and hand.random.random() < 0.8
    preheader = f'<div style="display:none;font-size:1px;color:#fff;max-height:0;opacity:0;overflow:hidden">{text[:70].split(chr(92))[0]}{"&zwnj;&nbsp;" * hand.pick(0, 30, 80)}</div>' if hand.random.random() < 0.7 else ""
    top = f'<p style="font-size:11px"><a href="{online}">{ONLINE[lang]}</a></p>' if bulk else ""
    logo = f'<img src="https://img-d1.{domain}/logo.png" width="120" alt="{name}">'
    pictures = "".join(f'<a href="{u}"><img src="https://img-d1.{domain}/{hand.label(8)}.jpg" width="600" alt="{t}" style="display:block;border:0"></a>' for t, u in links) if dress == "i" else ""
    main = button(links[0][0], links[0][1]) + "".join(f'<p><a href="{u}">{t}</a></p>' for t, u in links[1:]) if links and dress == "n" else ""
    foot = f'<p style="font-size:11px;color:#888">{name}, {hand.pick("12 Quay Street", "Hafenstr. 3", "4 rue du Port", "Kade 9")}. ' + (f'<a href="{away}">{AWAY[lang]}</a>' if bulk else "") + "</p>"
    seen = f'<img src="{tracker(hand, route, domain).replace("click", "open")}" width="1" height="1" alt="" style="height:1px;width:1px;border-width:0">' if bulk else ""
    return table(hand, preheader + top + logo + pictures + lines + main + foot + seen)


def honest(hand):
    mails = []
    for i, row in enumerate(HONEST):
        kind, lang, route, name, address, subject, text, links, dress = [f.strip() for f in row.split("|")]
        for turn in "xy" if "2" in dress else "x":
            to, domain = hand.pick(*VICTIMS), address.partition("@")[2]
            made = [(t.strip(), tracker(hand, route, domain) if u == "@" else hand.personal(u.strip(), to)) for t, _, u in (p.partition(">") for p in links.split(";") if ">" in p)]
            files = [(f"{hand.pick('Rechnung', 'invoice', 'document', 'facture')}-{hand.digits(3)}.pdf", PDF, "application/pdf")] if "A" in dress else []
            files += [("invite.ics", ICS, "text/calendar")] if "I" in dress else []
            files += [("IMG_2041.png", PNG, "image/png")] if "P" in dress else []
            plain = text.replace("\\", "\n\n") + "".join(f"\n\n{u}" if t == u else f"\n\n{t}: {u}" for t, u in made)
            fields = dict(text=plain) if dress[0] == "t" else dict(html=dressed(hand, dress[0], lang, name, address, text, made, route))
            if dress[0] != "t" and hand.random.random() < 0.5:
                fields.update(text=plain)
            bulk = route in ("sendgrid", "ses", "mailchimp", "mailjet", "brevo", "salesforce")
            if bulk and hand.random.random() < 0.7:
                fields.update(unsubscribe=f"<mailto:unsubscribe-{{r}}@{domain}>, <https://u.{domain}/{{r}}>")
                fields.update(fields=[("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")])
            if dress[0] in "qf":
                fields.update(fields=[("In-Reply-To", f"<{hand.label(12)}@mail.example>"), ("References", f"<{hand.label(12)}@mail.example>")])
            if hand.random.random() < 0.15:
                fields.update(reply_to=f"{hand.pick('kontakt', 'reply', 'team')}@{hand.pick(domain, 'reply.' + domain)}")
            if "O" in dress:
                fields.update(raw_date="Tue, 4 Jun 2019 8:01:02", message_id="", return_path="")
            passed = hand.pick("pass pass pass", "pass pass pass", "pass none none", "pass pass none", "softfail pass pass", "none none none", "fail none fail" if route == "list" else "pass fail none")
            fields.update(charset=hand.pick("utf-8", "utf-8", "utf-8", "utf-8", "windows-1252", "iso-8859-1"))
            raw = hand.message(shown=name if hand.random.random() < 0.97 else "", address=address, subject=subject, to=to, route=route, authentication=passed if hand.random.random() < 0.5 else None, attachments=files, cte=hand.pick(None, None, None, "base64"), recipients=hand.pick(None, None, None, None, f"{kind}@lists.example") if route == "list" else None, **fields)
            mails.append((f"{i:03}{turn}-{kind.replace(' ', '-')}-{lang}", raw))
    return mails


def main(out):
    write(out, "lure-d1", lures(Hand(4101)))
    write(out, "honest-d1", honest(Hand(4102)))


if __name__ == "__main__":
    main(sys.argv[1])
