#!/usr/bin/env python3
"""Synthetic phishing lures and honest modern mails for the weights of `mail/phishing`, development half (D1): structure
and mixture of kinds follow what really goes round.

    python3 bench/mail_real.py OUT   ->  OUT/{lure,honest}-d1/*.eml

How it was made: about sixty samples of the public repository `rf-peixoto/phishing_pot` were read for their *kinds* only
(what is claimed, who sends, how links go, which tricks of HTML and headers). No text, address or link of them is taken
over; every sentence is the author's own. Plainly made up: senders and victims stand under `.example`, hosting and brand
domains appear only as suffix of invented labels, nothing leads anywhere. Deterministic.

`Hand` builds the messages and is shared with the held-out half (`bench/mail_real_held.py`)."""
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
VCF = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Tom Weber\r\nEND:VCARD\r\n"
FILES = {"pdf": PDF, "png": PNG, "ics": ICS, "vcf": VCF}

# Ways a mail leaves: relay | domain of the Return-Path | domain of the Message-ID | DKIM domain | bulk mailer's own fields.
# `@` stands for the domain of the sender, `#` for a random label, `%` for a number. None of the bulk mailers' names is a
# sign: phishing leaves through the same ones as honest mail.
ROUTES = {
    "own": ("mail.@", "@", "@", "@", {}),
    "bare": ("#.hosting.example", "@", "#.localdomain", "", {}),
    "web": ("srv%.hosting.example", "srv%.hosting.example", "@", "", {"X-PHP-Originating-Script": "33:mailer.php", "X-Mailer": "PHPMailer 6.5.3 (https://github.com/PHPMailer/PHPMailer)"}),
    "gmail": ("mail-yw1-f%.google.com", "@", "mail.gmail.com", "@", {}),
    "outlook": ("mail-eopbgr%.outbound.protection.outlook.com", "@", "AM6PR#.eurprd08.prod.outlook.com", "@", {"Accept-Language": "en-GB, en-US", "X-MS-Has-Attach": ""}),
    "tenant": ("mail-eopbgr%.outbound.protection.outlook.com", "@", "AM6PR#.eurprd08.prod.outlook.com", "#.onmicrosoft.com", {"X-MS-Exchange-CrossTenant-AuthAs": "Internal"}),
    "sendgrid": ("o%.ptr%.@", "em%.@", "geopod-ismtpd-%", "@ sendgrid.net", {"X-SG-EID": "u001.#=="}),
    "sendgrid-free": ("wrqv#.outbound-mail.sendgrid.net", "sendgrid.net", "geopod-ismtpd-%", "sendgrid.net", {"X-SG-EID": "u001.#=="}),
    "ses": ("a7-%.smtp-out.eu-west-1.amazonses.com", "eu-west-1.amazonses.com", "eu-west-1.amazonses.com", "@ amazonses.com", {"Feedback-ID": "::1.eu-west-1.#:AmazonSES"}),
    "mailchimp": ("mail%.atl%.mcsv.net", "mail%.atl%.mcsv.net", "mail%.atl%.mcsv.net", "@ mailchimpapp.net", {"X-Mailer": "Mailchimp Mailer - **CID#**", "X-MC-User": "#", "Precedence": "bulk"}),
    "mailjet": ("o%.p%.mailjet.com", "a%.bnc3.mailjet.com", "mailjet.com", "@", {"X-MJ-Mid": "#", "Precedence": "bulk"}),
    "brevo": ("#.r.sender-sib.com", "bounces-%.#.sender-sib.com", "smtp-relay.sendinblue.com", "@", {"X-Mailin-EID": "#", "Feedback-ID": "%:%:Sendinblue"}),
    "salesforce": ("mta%.@", "bounce.@", "@", "@", {"X-SFMC-Stack": "50", "x-job": "%_%"}),
    "mailgun": ("m%.mailgun.net", "mg.@", "@", "mg.@", {"X-Mailgun-Sid": "#"}),
    "list": ("lists.example", "lists.example", "@", "@", {"Precedence": "list", "List-Id": "<#.lists.example>", "List-Post": "<mailto:#@lists.example>"}),
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

    def message(self, *, shown, address, subject, to=None, route="own", html=None, text=None, reply_to=None, return_path=None, message_id=None, recipients=None, cc=None, when=None, authentication=None, unsubscribe=None, fields=(), attachments=(), inline=(), charset="utf-8", cte=None, raw_from=None, raw_subject=None, raw_date=None, raw=()):
        """One mail as bytes.

        `authentication`: None leaves the fields out; else words for spf, dkim and dmarc such as "pass pass none".
        `attachments`, `inline`: (file name, bytes, media type); an inline part is `cid:` its file name.
        `recipients`: the whole To field where it is not the receiver's (an empty string: no To field).
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
        m["Return-Path"] = f"<{self.personal(back, to)}>"
        at = when + timedelta(seconds=self.random.randint(1, 9))
        m["Received"] = f"from {mx} (localhost [127.0.0.1]) by store.{to[1].partition('@')[2]} with LMTP id {self.label(10)} for <{to[1]}>; {format_datetime(at)}"
        ip = self.ip()
        m["Received"] = f"from {relay} ({relay} [{ip}]) by {mx} (Postfix) with ESMTPS id {self.label(10).upper()} for <{to[1]}>; {format_datetime(at)}"
        domain, envelope = address.partition("@")[2], back.partition("@")[2]
        if authentication:
            spf, dkim, dmarc = authentication.split()
            signers = [fill(s) for s in signer.split()] or [envelope]
            m["Authentication-Results"] = f"{mx}; spf={spf} smtp.mailfrom={envelope}; " + "; ".join(f"dkim={dkim} header.d={s}" for s in signers) + f"; dmarc={dmarc} header.from={domain}"
            m["Received-SPF"] = f"{spf.capitalize()} (mailfrom) identity=mailfrom; client-ip={ip}; helo={relay}; envelope-from={self.personal(back, to)}"
            if dkim != "none":
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
            m[name] = fill(value) if name in own else self.personal(value, to)
        if unsubscribe:
            m["List-Unsubscribe"] = self.personal(unsubscribe, to)
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
        for name, data, media in attachments:
            m.add_attachment(data, *media.split("/"), filename=self.personal(name, to))
        odd = [*(f"From: {v}" for v in [raw_from] if v), *(f"Date: {v}" for v in [raw_date] if v), *raw]
        lines = "".join("\n" + self.personal(line, to) for line in odd).encode()
        subject = b"@subject" if raw_subject is None else self.personal(raw_subject, to).encode()
        return m.as_bytes().replace(b"\nSubject:", lines + b"\nSubject:", 1).replace(b"Subject: @subject", b"Subject: " + subject, 1)


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


def lures(hand):
    return []


def honest(hand):
    return []


def main(out):
    write(out, "lure-d1", lures(Hand(4101)))
    write(out, "honest-d1", honest(Hand(4102)))


if __name__ == "__main__":
    main(sys.argv[1])
