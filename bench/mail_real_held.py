#!/usr/bin/env python3
"""Synthetic phishing lures and honest modern mails, held-back half (D2): for measurement only. Nobody who sets weights
reads this file or its mails before the figure is taken; the development half is `bench/mail_real.py`, by another hand.

    python3 bench/mail_real_held.py OUT   ->  OUT/{lure,honest,grey}-d2/*.eml

How it was made: of the public repository `rf-peixoto/phishing_pot` (phishing really received, 2022-2026) those samples
were read whose number leaves 75 on division by 100, a missing one replaced by one of the next four where there was time:
175 275 577 675 775 875 1075 1175 1375 1475 1577 1775 1875 1975 2077 2175 2375 2475 2675 2775 2875 2975 3175 3275 3375
3577 3675 3775 3875 3975 4075 4175 4375 4475 4575 4675 4875 5075 5175 5275 5375 5475 5575 5675 5775 5875 5977 6075 6175
6375 6475 6575 6675 6775 6875. Each was noted by kind and structure (what it claims, who sends, how links go, tricks of
HTML and headers) and is re-created twice, with other brands and in the author's own words; no text, address or link is
taken over. The proportion of kinds is that of the samples. Three samples were genuine senders' advertising, no lures:
their re-creations stand apart in `grey-d2`. File names: sample's number, kind, language, version. The honest mails are
what arrives in the mailboxes of a campaign or a newsroom, sent as usual through providers with foreign Return-Paths and
tracking domains. In both classes every other mail keeps its authentication fields.

All is plainly made up and harmless: `.example`, reserved addresses, invented labels under real suffixes where the
structure needs them; nothing leads anywhere. Deterministic."""
import usage
import base64, html as entities, re, sys
from email.header import Header, decode_header, make_header
import mail_real
from mail_real import Hand, PDF, PNG, ICS, VICTIMS, button, paragraphs, table, write

# Further ways a mail leaves, as in `mail_real.ROUTES`.

mail_real.ROUTES.update({
    "vm": ("#.@", "@", "@", "", {}),
    "stray": ("#.stray-%.example", "stray-%.example", "stray-%.example", "", {}),
    "root": ("#.#vm%.example", "#.#vm%.example", "localhost.localdomain", "", {"X-Mailer": "PHPMailer [version 1.73]"}),
    "cpanel": ("server.host%.example", "@", "@", "@", {"X-AntiAbuse": "Primary Hostname - server.host%.example", "X-Get-Message-Sender-Via": "server.host%.example: authenticated_id: @"}),
    "activecampaign": ("d%.asa.acemsa5.com", "d%.csa.acemsa1.com", "#.activehosted.com", "@", {"X-Mailer": "ActiveCampaign Mailer", "Feedback-ID": "%:%.%:warmedips:activecampaign"}),
    "mailersend": ("mail%.mailersend.net", "mta.@", "mailersend.net", "@", {"Feedback-ID": "#:MailerSend"}),
    "aliyun": ("out%.us.a.dm.aliyun.com", "@", "smtpdm.aliyun.com", "@", {"Feedback-ID": "default:@:batch:%"}),
    "firebase": ("mail-oi1-f%.google.com", "@", "google.com", "firebaseapp.com", {}),
    "workspace": ("mail-lf1-f%.google.com", "@", "mail.gmail.com", "#.20230601.gappssmtp.com", {}),
    "relayed": ("DM3PR#.outbound.protection.outlook.com", "@", "SG1PEPF#.apcprd02.prod.outlook.com", "", {"X-MS-Exchange-CrossTenant-AuthAs": "Anonymous"}),
    "hubspot": ("bid%.hubspotemail.net", "bf%.hubspotemail.net", "bid%.hubspotemail.net", "@ hubspotemail.net", {"X-HS-Cid": "1axc#"}),
    "klaviyo": ("o%.ptr%.klaviyomail.com", "em%.@", "geopod-ismtpd-%", "@", {"X-Kmail-Account": "#"}),
})


def encoded(text):
    """A header text as mailers encode it."""
    return text if text.isascii() else Header(text, "utf-8").encode()


class Box:
    """Collects mails of one class; every second keeps its authentication fields."""

    def __init__(self, seed):
        self.hand, self.mails, self.turn = Hand(seed), [], 0

    def add(self, name, shown, address, subject, auth="pass none none", first=2022, **how):
        self.turn += 1
        how.setdefault("when", self.hand.when(first, 2025))
        to = how.setdefault("to", self.hand.pick(*VICTIMS))
        for blank in ("recipients", "cc", "message_id"):
            if how.get(blank):
                how[blank] = self.hand.personal(how[blank], to)
        if how.get("raw_from"):
            how["raw_from"] = how["raw_from"].replace("§", address)
        how["authentication"] = auth if self.turn % 2 else None
        raw = self.hand.message(shown=shown, address=address, subject=subject, **how)
        head, gap, rest = raw.partition(b"\n\n")
        # The mail library encodes long addresses here; those who really send do not.
        head = re.sub(rb"(?m)^List-Unsubscribe: (=\?.*(?:\n[ \t].*)*)", lambda f: b"List-Unsubscribe: " + str(make_header(decode_header(f[1].decode()))).replace(", <", ",\n <").encode(), head)
        self.mails.append((f"{self.turn:03}-{name}", head + gap + rest))


# ---- Pages as the samples build them ----

def leaf(hand, parts=4, size=16):
    """A long path of random pieces."""
    return "/".join(hand.label(hand.random.randint(4, size), "abcdefghijkmnopqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ123456789") for _ in range(parts))


def survey(hand, host, title, text, call, sign, picture=True):
    """Advertising page of one big image, a text and a loud button, all to one counting link."""
    url = f"http://{host}/cl/{hand.digits(3)}_md/{hand.digits(2)}/{hand.digits(2)}/{hand.digits(2)}/{hand.digits(7)}"
    image = f'<a href="{url}" style="outline:0" target="_blank"><img src="http://{host}/media/{hand.label(14, "0123456789abcdef")}.jpg" style="width:100%" border="0" alt=""></a>' if picture else ""
    return f'''<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><meta name="format-detection" content="telephone=no"><title></title><style type="text/css">body {{Margin:0 auto; padding:0;}} img {{max-width:100%;}} .ReadMsgBody {{width:100%;}} .ExternalClass {{width:100%;}} @keyframes pound {{from {{transform:none;}} 50% {{transform:scale(1.2);}}}}</style></head>
<body bgcolor="#f2f2f2"><!-- GK: container --><table width="100%" border="0" cellpadding="0" cellspacing="0"><tr><td align="center"><table width="600"><tr><td>{image}</td></tr>
<tr><td align="center" style="font-size:26px;font-weight:bold">{title}</td></tr><tr><td style="font-size:18px;padding:0px 45px">{paragraphs(text)}</td></tr>
<tr><td align="center" style="background-color:#00818a;padding:6px 12px"><a style="text-transform:uppercase;color:#ffffff" href="{url}" target="_blank">» {call} «</a></td></tr>
<tr><td style="padding:20px 45px">{sign}</td></tr></table></td></tr></table><img src="http://{host}/op/{hand.digits(3)}_md/{hand.digits(7)}" width="1" height="1"></body></html>'''


def pictures(hand, host, headline, reply="", tag="h1", hidden=False, pictured="i.imgur.com"):
    """Nothing but a headline and two pictures to click, with a way out by mail."""
    url = lambda: f"http://{host}/{leaf(hand, hand.pick(1, 6, 9), 24)}"
    if hidden:
        headline = f'<span style="opacity: 0;">{hand.label(8)}</span> {headline} <span style="opacity: 0;">{hand.label(8)}</span>'
    image = lambda: (lambda p: f'<img border="0" src="https://{p}" usemap="#image-map"><map name="image-map"><center><img border="0" src="//{p}" usemap="#image-map"> <map name="image-map">')(f"{pictured}/example{hand.label(5)}.png")
    way_out = f'<span style="color:#888;font-size:11px;font-family:verdana;display:block;text-align:center;margin-top:10px"><a href="mailto:{reply}">Unsubscribe</a>  from all lists by answering this email</span><br>' if reply else ""
    u = url()
    return f'''<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>
 <body>
   <center> ________________________________________________________________________________________
 <font color="#00000">{way_out}
  <{tag}><a href="{u}"><font color="gray">{headline}</font></a></{tag}></div>
   <p><a href="{u}">{image()}</a>
   <p><a href="{url()}">{image()}</a>
 </center></body></html>
<br><br><img alt="" src="http://{host}/{leaf(hand, 5)}" width="1px" height="1px" style="visibility:hidden">'''


WORDS = "detecting premises alkaline replacing heavenly robuste introduire pensamientos bunch mailbag countertop artikeln soprano abordar ransom colegio forums botella yarn alumno supplement bersicht vibrations recording nachfrage martel lluvia superiores richly".split()


def ballast(hand, lines=60, hexed=False):
    """Random words or digits in a style sheet, which nobody sees."""
    one = lambda: "+++".join(hand.label(n, "0123456789abcdef") for n in (8, 4, 4, 4, 13)) if hexed else f"{hand.pick(*WORDS)} {hand.label(4, '0123456789abcdef')},"
    return '\n<style type="text/css">' + "\n\n".join(one() for _ in range(lines)) + "</style>\n"


PROSE = ["The gardener counted the apples twice before closing the shed", "Nessa altura, o rio subia devagar e ninguém reparava nisso", "Two of the old maps disagree about the position of the mill", "A segunda parte do curso trata das raízes e das folhas", "Nobody had explained to her why the clock in the hall was stopped", "As cartas ficaram guardadas numa gaveta durante muitos anos", "It takes about four hours to walk round the lake in dry weather", "O autor não distingue bem entre costume e regra", "Wool was weighed every morning and written into a green book"]


def threaded(hand, text):
    """Sentences of other books between the words, of no size and hidden."""
    return " ".join(f'<span class="{hand.label(7, "aeioubcdlmnrst")}-{hand.label(5, "aeioubcdlmnrst")}" style="visibility: hidden; position: absolute; font-size: 0;">{hand.pick(*PROSE)}</span>{word}' if i % 2 else word for i, word in enumerate(text.split(" ")))


THREAD = [("Lars", "Ida", "desk in room 12", "Could you tell me when the new desk arrives? The old one has been taken away already.", "It should be here on Thursday, the carrier will call me."), ("Maud", "Piet", "projector for Tuesday", "The projector in the big room does not start any more. Is there a second one?", "Yes, ask at the reception, they keep it in the cupboard.")]


def correspondence(hand, visible):
    """A correspondence between colleagues, collapsed by a class of the style sheet, around what is shown."""
    a, b, about, asked, answered = hand.pick(*THREAD)
    lines = [answered, f"Regards, {b}", f"From: {a} &lt;{a.lower()}@office{hand.digits(2)}.example&gt;", f"Subject: Re: {about}", f"Hi {b},", asked, "Thanks", a] * 3
    shown = "".join(f'<p class="MsoNormal">{line}<o:p></o:p></p>\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n' for line in lines)
    return f'''<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta http-equiv="Content-Type" content="text/html; charset=Windows-1252"><meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style><!--
p.MsoNormal {{margin:0in; font-size:11.0pt; font-family:"Calibri",sans-serif;}}
@page WordSection1 {{size:8.5in 11.0in;}}
div.WordSection1 {{page:WordSection1;visibility: collapse; max-height: 0; padding: 0; border-width: 0; width: 0; background-color: transparent;}}
--></style></head><body lang="EN-US" link="#0563C1"><div class="WordSection1"><hr>{shown}</div>
{visible}
<div class="WordSection1">{shown}</div></body></html>'''


SHEET = "body{margin:0;padding:0}table,td,tr{border-collapse:collapse;vertical-align:top}p{margin:0}*{line-height:inherit}a[x-apple-data-detectors=true]{color:inherit!important;text-decoration:none!important}.u-row .u-col-100{width:600px!important}@media (max-width:620px){.u-row{width:100%!important}.u-row .u-col{display:block!important;min-width:320px!important}}.hide_on_mobile{display:none!important}"


def designed(hand, title, blocks, call, url, out, colour="#003d86", before=""):
    """The page of a newsletter designer: rows and columns, one button, a way out."""
    row = lambda inner: f'<div class="u-row-container" style="padding:0px"><div class="u-row" style="margin:0 auto;min-width:320px;max-width:600px"><div class="u-col u-col-100" style="display:table-cell;vertical-align:top"><table role="presentation" cellpadding="0" cellspacing="0" width="100%" border="0"><tbody><tr><td style="overflow-wrap:break-word;padding:15px;font-family:\'Montserrat\',sans-serif" align="left">{inner}</td></tr></tbody></table></div></div></div>'
    return f'''{before}<!DOCTYPE HTML PUBLIC "-//W3C//DTD XHTML 1.0 Transitional //EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml"><head><!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]--><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><meta name="x-apple-disable-message-reformatting"><title></title><style type="text/css">{SHEET}</style></head><body class="clean-body u_body" style="margin:0;padding:0;background-color:#f9f9f9">
{row(f'<p style="text-align:center"><img src="https://i.imgur.com/example{hand.label(5)}.png" width="180"></p>')}{row(f'<h2 style="text-align:center;color:{colour}"><strong>{title}</strong></h2>')}{"".join(row(f"<p>{b}</p>") for b in blocks)}
{row(f'<div align="center"><a href="{url}" target="_blank" style="background-color:{colour};border-radius:4px;color:#fff;padding:14px 44px;text-decoration:none"><strong>{call}</strong></a></div>')}{row(f'<p style="font-size:10px;text-align:center;color:#999">{out}</p>')}</body></html>'''


def coded(hand, host, title, blocks, call, small):
    """A page whose links all carry one coded path of letters and digits on one plain host."""
    code = lambda: f"http://{host}/{hand.pick('4', '5')}{hand.label(5, 'abcdEFGHijkLMN')}{hand.digits(5)}{hand.label(4, 'abcdEFGH')}{hand.digits(4)}{hand.label(10, 'abcdefghij')}{hand.digits(5)}{hand.label(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')}{hand.digits(4)}{hand.label(1, 'klrtu')}10"
    return f'''<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><meta name="viewport" content="width=device-width, initial-scale=1.0"><title>{title}</title><link href="{code()}" rel="stylesheet"><style type="text/css">body {{margin:0 auto;font-family:Arial,sans-serif}} .cta-button {{background-color:#ff9900;color:#ffffff !important;padding:15px 30px;font-weight:bold}} .footer-text {{font-size:10px;color:#666666}}</style></head><body bgcolor="#f3f3f3" marginwidth="0" topmargin="0"><table width="100%"><tr><td align="center"><table width="600" bgcolor="#ffffff"><tr><td align="center"><a href="{code()}" target="_blank"><img src="https://www.images-{hand.label(5)}.example/{hand.digits(4)}logo.png" width="150" alt=""></a></td></tr>
<tr><td style="padding:40px;line-height:1.6"><h1 style="font-size:22px">{title}</h1>{"".join(f"<p>{b}</p>" for b in blocks)}<table width="100%"><tr><td align="center"><a href="{code()}" class="cta-button" target="_blank">{call}</a></td></tr></table></td></tr>
<tr><td style="padding:30px;background-color:#f9f9f9"><p class="footer-text">{small}</p><p style="font-size:11px"><a href="{code()}">Abmelden</a> | <a href="{code()}">Datenschutz</a></p></td></tr></table></td></tr></table></body></html>'''


def office(hand, letters, ministry, notice, bar, blocks, call, url, foot):
    """A page that paints an authority's sign letter by letter."""
    sign = "".join(f'<span style="color: {hand.pick("#0052CC", "#FFD700", "#00D024")};">{c}</span>' for c in letters)
    return f'''<!DOCTYPE html><html lang="pt-BR"><head><meta name="viewport" content="width=device-width, initial-scale=1.0"><meta name="x-apple-disable-message-reformatting"><title>{notice}</title></head><body style="margin:0;padding:0;background-color:#f4f6f9;font-family:Arial,sans-serif"><table role="presentation" width="100%"><tr><td style="padding:20px 0"><table role="presentation" width="100%" style="max-width:650px;margin:0 auto;background-color:#ffffff;border-radius:8px"><!-- Header --><tr><td style="background-color:#002776;color:white;padding:20px;text-align:center"><div style="font-size:28px;font-weight:bold">{sign}</div><div>{ministry}</div><div>{notice}</div></td></tr><!-- Sub Header --><tr><td style="background-color:#e6ecf3;color:#002776;font-weight:bold;text-align:center">{bar}</td></tr><!-- Content --><tr><td style="padding:30px 25px">{"".join(f"<p style='margin:15px 0'>{b}</p>" for b in blocks)}<div style="text-align:center"><a href="{url}" style="background-color:#ff0000;color:#fff;padding:15px 30px;text-decoration:none" target="_blank" title="{call}">{call}</a></div></td></tr><tr><td style="font-size:12px;color:#666">{foot}</td></tr></table></td></tr></table></body></html>'''


def soup(hand, host, picture):
    """One picture as background of a link with bytes no name may hold, and a hidden heap of tags."""
    tags = ["acronym", "figcaption", "thead", "kbd", "abbr", "noscript", "address", "figure", "strong", "base", "mark"]
    heap = "\n".join(f"<{t}>" * hand.random.randint(2, 9) for t in (hand.pick(*tags) for _ in range(70)))
    return f'''<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>
<style type="text/css">
h4{{  text-align: center;  color: blue;  font-size: 25px; }}
q{{display:none}}
</style>
  <a href="              http://\u00f0hq{hand.label(2)}&#159;E{hand.label(1)}&#156;{hand.digits(1)}pDr.{host}/{hand.label(5)}.php?{hand.digits(2)}={hand.label(18)}_{hand.digits(4)}.{hand.label(8)}" style="text-decoration:none;">
<h4>     </h4><br>
<div style="display: block; width: 640px; height: 1104px; max-width: 100%; background: url('https://{picture}') no-repeat center center; text-indent: -9999px;"> </div></a><br>
<tfoot>
<a>
<q>
{heap}'''


ENCRYPTED = PDF.replace(b"trailer<</Root 1 0 R>>", b"4 0 obj<</Filter/Standard/Length 128/O<00>/P -4/R 3/U<00>/V 2>>endobj\ntrailer<</Root 1 0 R/Encrypt 4 0 R>>")


def linked(url):
    """A PDF of one page that is one link."""
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Annots[4 0 R]>>endobj\n4 0 obj<</Type/Annot/Subtype/Link/Rect[5 100 600 700]/A<</S/URI/Type/Action/URI(" + url.encode() + b")>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


# ---- The lures, by number of the sample whose build they follow ----

def lures(seed):
    box = Box(seed)
    h, add = box.hand, box.add
    own = lambda: "-".join(h.label(n, "0123456789abcdef") for n in (8, 4, 4, 4, 12)) + "@mx1.{domain}"
    gmail = lambda name: f"{name}{h.digits(5)}@gmail.com"

    def twice(number, kind, langs, build):
        """The two versions of one sample."""
        for version, lang in zip("xy", langs):
            build(f"{number}-{kind}-{lang}-{version}", version == "y")

    def unseen(reply=None):
        return {"message_id": f"{h.label(7)}.{h.label(6)}.{h.label(4)}@{h.label(8)}.example", "recipients": "Undisclosed recipients:;", "route": "vm", "fields": (("Importance", "high"), ("X-Priority", "1"), ("X-Message-Flag", "Follow up")), "reply_to": reply}

    # 175
    def dating(name, y):
        t = [("Hot_kontakte_heute🍒", "Sie wohnt gleich nebenan und ist heute allein", "Lena hat dein Profil angesehen und dir ein Foto hinterlassen.\nSie sucht nichts Festes und möchte dich noch heute treffen.", "Foto ansehen"), ("Buurvrouw_online💋", "Kom je vanavond nog langs?", "Er wachten drie nieuwe berichten van vrouwen uit jouw buurt.\nJe profiel is nog maar kort gratis zichtbaar.", "Berichten lezen")][y]
        host = f"news.vlinderdal{h.digits(2)}.example"
        add(name, None, f"newsmail@{host}", t[1], "pass none none", route="stray", raw_from=f'"{t[0]}" <newsmail@{host}>', reply_to=f"news@aichaflor{h.digits(2)}.example", fields=(("Sender", f'"Profielen" <news@{host}>'), ("In-Reply-To", f"_----{h.label(20)}===_{h.label(9)}@{h.label(8)}.example"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("Feedback-ID", f"e.{host}")), html=designed(h, t[1], t[2].split("\n"), t[3], f"http://{h.label(6)}.rosenfeld-track.example/c/{h.label(22)}", f'<a href="http://{h.label(6)}.rosenfeld-track.example/u/{h.label(22)}">x</a>', "#c2185b"))
    twice(175, "dating", ("de", "nl"), dating)

    # 275
    def renewal(name, y):
        brand, subject, head, body, call = [("Netflix", "Re: Payement declined: your membership could not be complited on Tuesday. INV#" + h.digits(6), "Membership on hold", "Hello {to}\nThe last payment for your membership did not go through, your card was refused by the bank.\nYour profiles stay on hold until a valid card is saved. Please do it in the next 5 days.", "Update payment card"), ("Disney+", "Re: Paiment refusé: votre abonement n'a pas pu étre renouvelé REF#" + h.digits(6), "Abonnement suspendu", "Bonjour {to}\nLe dernier prélèvement de votre abonnement a été rejeté par votre banque.\nPour garder vos profils, enregistrez une nouvelle carte dans les 5 jours.", "Mettre à jour la carte")][y]
        split = "\u200d".join(brand) + "\u200d \u200d\u200d"
        host = f"metallbau{h.digits(2)}-precision.example"
        add(name, split, f"emailnoreply{h.label(10)}@{host}", subject, "pass none none", route="tenant", text="normal", cte="base64", html=table(h, f'<h2>{head}</h2><a href="https://www-example.{brand.lower().strip("+")}.com/account"><img style="width:100%" src="https://encrypted-tbn0.gstatic.com/images?q=tbn:example{h.label(8)}" alt="Credit card"></a>{paragraphs(body)}<h3><strong><a href="https://www.linkedin.com/slink?code=example{h.label(4)}?{h.label(4)}={h.digits(5)}" target="_blank">{call}</a></strong></h3><p>{brand}</p>'), attachments=[(f"lnvoice\u034f\u034f-{h.digits(5)}.pdf", b"awdawd", "application/pdf")])
    twice(275, "subscription", ("en", "fr"), renewal)

    # 577
    def drive(name, y):
        subject, line, tail = [("Paula Hendry", "+31,904$! You must move it in 20 hours", "teacher of the small town,"), ("Nadia Brun", "+18 250€! Il reste 24 heures pour le transfert", "la porte du jardin,")][y]
        others = ", ".join(f"{h.label(6, 'aeiourtlnms')}{h.digits(2)}@{h.pick('mail', 'post', 'box')}{h.digits(1)}.example" for _ in range(24))
        add(name, h.pick("Margaret Lowe", "Edith Brandt"), gmail(h.pick("margaretlowe", "edithbrandt") + h.label(4)), subject, "pass pass pass", route="gmail", recipients=others + ", {to}", text=f"{line}\n\nhttps://drive.google.com/file/d/1EXAMPLE{h.label(25)}\n\n\n{tail}")
    twice(577, "windfall", ("en", "fr"), drive)

    # 675, 775, 1975
    def sealed(number, versions):
        def build(name, y):
            shown, subject, text = versions[y]
            add(name, shown.replace("#", h.digits(15)), gmail(h.label(10)), subject.replace("#", h.label(12)), "pass pass pass", route="gmail", message_id=f"{h.label(32, '0123456789abcdef')}@gmail.com", cte="quoted-printable", text=text, html="<hr>" + "".join(f'<p style="text-align: center;">{entities.escape(x, quote=False)}</p>' for x in text.split("\n")) + "<hr>", attachments=[(h.label(14) + ".pdf", ENCRYPTED, "application/pdf")])
        twice(number, "sealed-pdf", ("pt", "pt") if number != 1975 else ("pt", "es"), build)
    sealed(675, [("Bradesco - Você tem milhas #", "Resgate Autorizado  - #", "Bradesco Cartões\n{fullname}, suas milhas podem pagar a próxima fatura. Os detalhes estão no documento em anexo.\nSenha do PDF: 123\n \nCódigo de autenticidade: 771920043351;"), ("Caixa - Pontos a vencer #", "Aviso de pontos - #", "Cartões Caixa\n{fullname}, seus pontos vencem hoje. Troque por desconto na fatura conforme o anexo.\nSenha para abrir: 1234\n \nAutenticação: 551100927714;")])
    sealed(775, [("Nubank - Valor liberado | Protocolo: #", "[ Depósito aprovado ] - Liberação: #", "Nubank\n{to}\nExiste um valor em seu nome aguardando retirada.\nVeja o anexo.\nSenha do arquivo PDF: 123\nAviso: 300918273645 ; Emitido às 09:41:00"), ("Banco do Brasil - Crédito pendente | Protocolo: #", "[ Crédito pendente ] - #", "Banco do Brasil\n{to}\nIdentificamos um crédito não resgatado vinculado ao seu cadastro.\nMais detalhes no documento anexo.\nSenha: 123\nNotificação: 998127364501 ; Emitida às 16:20:00")])
    sealed(1975, [("(Receita FederaI) - Restituição a liberar - Protocolo: #", "Notificação emitida - #", "Há restituição vinculada ao seu CPF. Faça a liberação em até 24 horas.\n \nDetalhes no anexo | Senha do PDF: 123\n \nProtocolo: 1182736450 | E-mail do cadastro: {to}"), ("(Agencia TributarIa) - Devolución pendiente - Registro: #", "Notificación emitida - #", "Consta una devolución a su nombre, solicítela en un plazo de 24 horas.\n \nInformación en el documento adjunto | Clave del PDF: 123\n \nRegistro: 7719203344 | Correo: {to}")])

    # 875
    def terms(name, y):
        shown, subject, head, body, call, foot = [("Google Privacy", "Your new service agreement. Monday, June 12", "Google service agreement", "Our terms change on Monday, June 12. We wrote them in plainer words so that you know what to expect.\nPlease accept the new agreement when you have a moment. Without it the account cannot be used further.", "Accept agreement", "You receive this mail because an agreement of your account changed."), ("Microsoft Datenschutz", "Ihre neue Nutzungsvereinbarung. Mittwoch, 14. Juni", "Microsoft-Nutzungsvereinbarung", "Am Mittwoch, 14. Juni haben wir unsere Bedingungen überarbeitet, damit sie besser verständlich sind.\nBitte stimmen Sie der neuen Vereinbarung bei Gelegenheit zu, sonst kann das Konto nicht weiter genutzt werden.", "Bedingungen zustimmen", "Sie erhalten diese Mail, weil sich die Vereinbarung Ihres Kontos geändert hat.")][y]
        site = base64.b64encode(f"https://consult-{h.label(5)}.example/blog/post-{h.digits(2)}/".encode()).decode().rstrip("=")
        add(name, shown, f"noreply@reisebuero-argo{h.digits(1)}.example", subject, "pass none none", route="own", text="teks di sini", cte="quoted-printable", html=f'<div dir="ltr"><table width="100%" lang="en"><tbody><tr align="center"><td><div itemscope="" itemtype="//schema.org/EmailMessage"><div itemprop="action" itemscope="" itemtype="//schema.org/ViewAction"><link href="https://accounts-example.google.com/AccountChooser?Email={{to}}" itemprop="url"></div></div><table style="max-width:516px"><tbody><tr><td><div style="border-radius:8px;padding:40px 20px;border:2px solid #DADCE0" align="center"><div style="font-size:24px;">{head}</div><a style="color:black;font-size:14px">{{to}}</a>{paragraphs(body)}<a href="https://www.bing.com/ck/a?!&&p={h.label(40)}JmltdHM9&ptn=3&hsh=3&fclid={h.label(8)}&u=a1{site}&ntb=1" target="_blank" style="color:white;background-color:#4184F3;padding:10px 24px">{call}</a></div><div style="font-size:11px">{foot}</div></td></tr></tbody></table></td></tr></tbody></table></div>')
    twice(875, "account", ("en", "de"), terms)

    # 1075
    def signin(name, y):
        brand, host, subject, head, rows, report = [("Yahoo account team", "access-yacsecure", "Yahoo account unusual sign-in", "Unusual sign.in", "We saw something unusual about a sign-in to the account {to}.\nSign-in details\nCountry: <strong>Belarus/Minsk</strong>\nIP address: <strong>203.0.113.77</strong>\nPlatform: <strong>Windows 11</strong>\nBrowser: <strong>Opera</strong>\nSomebody from <strong>Belarus/Minsk</strong> opened your account with a new device. If it was not you, report the user now.", "Report The User"), ("Equipo de cuentas Microsoft", "acceso-msegura", "Inicio de sesión inusual en la cuenta de Microsoft", "Actividad inusual", "Hemos visto algo inusual en un inicio de sesión de la cuenta {to}.\nDetalles\nPaís: <strong>Rusia/Kazán</strong>\nIP: <strong>198.51.100.23</strong>\nPlataforma: <strong>Windows 10</strong>\nAlguien entró en su cuenta con un dispositivo nuevo. Si no fue usted, denuncie al usuario.", "Denunciar al usuario")][y]
        to = gmail("teamresolve")
        cell = lambda x: f'<tr style="height:18px"><td style="padding:6px 0 0;font-family:\'Segoe UI\',Tahoma,Verdana,Arial,sans-serif;font-size:14px;color:#2a2a2a">{x}</td></tr>'
        mail = lambda s: f"mailto:{to}?&amp;cc={to}&amp;subject={s}&amp;body={report}"
        leave = cell('<a href="' + mail("Unsubscribe me") + '">click here</a>')
        add(name, None, f"no-reply@{host}{h.digits(1)}.example", subject, "none none permerror", route="stray", raw_from=f"{brand} ,_<§>", reply_to=to, message_id=own(), cte="8bit", fields=(("Importance", "high"),), html=f'<table dir="ltr"><tbody>{cell(brand)}<tr><td style="font-size:41px;color:#2672ec">{head}</td></tr>{"".join(cell(x) for x in rows.split(chr(10)))}<tr><td bgcolor="#2672ec" style="padding:5px 20px"><a href="{mail("unusual sign-in")}" style="color:#fff">{report}</a></td></tr>{leave}<img alt="" src="http://bandalista{h.digits(2)}.example/track/{h.label(40)}" width="1px" height="1px" style="visibility:hidden"></tbody></table>' + ballast(h))
    twice(1075, "account-mailto", ("en", "es"), signin)

    # 1175
    def mailbox(name, y):
        shown, subject, head, body, call = [("Tuta Mail Alert                                      notification@example.tuta.com", "Tuta account closing *** Sign in now", "Tuta opened on a new device.<br>Sign in again or the account is closed", "Dear valued customer,\nsomebody tried to sign in to your Tuta account from a device we do not know.\nTo avoid the closing of the account, sign in to confirm.", "Sign in to your Tuta account now"), ("GMX Sicherheit                              sicherheit@example.gmx.net", "GMX Konto wird geschlossen *** Jetzt anmelden", "Neue Anmeldung in Ihrem GMX Postfach.<br>Bitte erneut anmelden", "Sehr geehrter Kunde,\nIhr Postfach wurde mit einem unbekannten Gerät geöffnet.\nMelden Sie sich an, um die Schließung zu vermeiden.", "Jetzt bei GMX anmelden")][y]
        add(name, shown, gmail("tunde.olawale"), subject, "pass pass pass", route="gmail", recipients="undisclosed-recipients:;", cte="base64", html=f'<div dir="ltr">\n\n\n\n<table style="border-width:1px" width="100%" bgcolor="#4184f3"><tbody><tr><td style="font-size:24px;color:#fff">{head}</td></tr></tbody></table><table bgcolor="#fafafa"><tbody><tr><td>{paragraphs(body)}<b><a href="https://{h.pick("lucia", "ramon")}velasco-photo.example/{h.label(16)}=" rel="nofollow" style="color:#fff;background-color:#4184f3;padding:10px 24px" target="_blank">{call}</a></b><p><font size="2"><b>Security !</b></font></p><p style="color:rgb(88,89,91)">© 2023</p></td></tr></tbody></table>\n\n\n</div>')
    twice(1175, "account", ("en", "de"), mailbox)

    # 1375, 1475
    def contest(number, versions, ip):
        def build(name, y):
            shown, subject, title, text, call, sign = versions[y]
            host = h.ip() if ip else f"easiglett{h.digits(2)}.example"
            back = f"return@{h.pick('kaiorecords', 'audiosilver', 'tanzhaus')}{h.digits(2)}.example"
            add(name, None, f"service@schulfreunde{h.digits(1)}.example", subject, h.pick("softfail none none", "pass none none"), route="vm", raw_from=f"{shown}, {h.label(4)} <§>", return_path=back, message_id=own(), recipients="{to}", cc="{to}", html=survey(h, host, title, text, call, sign))
        twice(number, "prize" if ip else "shop", ("de", "de"), build)
    contest(1375, [("JOYN PLUS", "JOYN Plus Jahresabo", "JOYN Plus geschenkt", "Guten Tag {to}\nHeute ist Ihr Glückstag!\nSie sind für die Verlosung von einem Jahr JOYN Plus vorgemerkt.\nBeantworten Sie drei Fragen und tragen Sie danach Ihre Anschrift ein, damit der Gewinn zu Ihnen kommt.\nDie Teilnahme ist gratis, der Vorrat aber begrenzt.", "Gewinn abholen", "Herzliche Grüße<br><strong>Tobias Kern</strong><br>Team Kundenfreude"), ("dm Gutschein", "Ihr dm Gutschein über 250 Euro", "250 € für Ihren Einkauf", "Hallo {to}\nwir haben Sie als Teilnehmerin unserer Umfrage ausgewählt.\nNach vier kurzen Fragen wartet ein Gutschein über 250 Euro auf Sie.\nBitte halten Sie Ihre Adressdaten bereit.", "Jetzt mitmachen", "Ihre Sabine Roth<br>Kundenservice")], True)
    contest(1475, [("SHARKY-MESSER", "Heute 60 % auf geschmiedete Messer!", "Ein Angebot für Köche: 60% Rabatt", "Scharf wie am ersten Tag, von Hand geschmiedet und ausgewogen: das Sharky-Messer.\nEs gehört in jede Küche und ist ein Geschenk, das bleibt.\nNur heute zahlen Sie weniger als die Hälfte, der Vorrat ist klein.", "Rabatt sichern", "© Küchenfreunde"), ("HEIZWUNDER", "55 % Rabatt auf die kleine Heizung!", "Warm in zwei Minuten, 55% Rabatt", "Hohe Heizkosten? Das Heizwunder steckt in jeder Steckdose und wärmt den Raum in zwei Minuten.\nTausende Haushalte sparen damit schon.\nDas Angebot gilt nur noch heute.", "Jetzt bestellen", "© Warmes Zuhause")], False)

    # 1577
    def wallet(name, y):
        shown, subject, head, body, call = [("Trust Wallet", "Notice: your wallet will be limited!", "Apply for identity verification", "Dear user,\nto keep using the wallet you must complete the verification of identity (KYC). It helps us to serve only legitimate customers.\nOnce verified you can store, send and withdraw without interruption.\nPlease do it soon to avoid the suspension of your wallet.", "Verify wallet"), ("Exodus", "Aviso: sua carteira será suspensa!", "Verificação de identidade", "Prezado usuário,\npara continuar usando a carteira é preciso concluir a verificação de identidade (KYC).\nDepois disso você envia e retira sem interrupções.\nConclua logo para evitar a suspensão da carteira.", "Verificar carteira")][y]
        host = f"colegio-santarosa{h.digits(1)}.example"
        url = lambda: f"http://clickemailmkt.{host}/ls/click?upn={h.label(60)}-3D-3D{h.label(4)}_{h.label(90)}"
        add(name, shown, f"marketing@{host}", subject, "pass pass pass", route="sendgrid", reply_to=f"marketing@{host}", fields=(("Precedence", "bulk"), ("X-Entity-ID", h.label(22) + "==")), text=f"View email in your browser [ {url()} ]\n{head}\n\n{body}\n\n{url()} [ {url()} ]\n\nTeam {shown} 🔒", html=f'<span style="display:none;font-size:1px;color:#ffffff;max-height:0px;opacity:0;overflow:hidden;">•</span>' + table(h, f'<a href="{url()}">View in browser</a><h1>{head}</h1>{paragraphs(body)}{button(call, url(), "#f6851b")}<p>Team {shown} 🔒</p><img src="{url()}" width="1" height="1">'))
    twice(1577, "wallet", ("en", "pt"), wallet)

    # 1775
    def store(name, y):
        shown, subject, head, line, call, out = [("Lowe's Rewards ,_", "Congratulations - Terms Inside ", "Hardware Team<p>Last notice for the Makita drill customer rewards<p>", "CONGRATULATIONS! You were drawn as online winner of a new Makita drill set entry!", "hurry! your reward is waiting!", "You may leave the list at any time."), ("Home Depot ,_", "Winner notice - Open ", "Tools Department<p>Final reminder, Milwaukee lamp customer survey<p>", "WELL DONE! Your name came up for the brand new Milwaukee lamp sweepstakes!", "get it before it is gone!", "Unsubscribe by one click.")][y]
        host = f"ther{h.label(8, 'aeiourtlns')}.onmicrosoft.com"
        t = f"https://t.co/example{h.label(8)}"
        add(name, None, f"{h.label(10)}@{host}", subject, "pass fail none", route="relayed", raw_from=f"{shown}<§>", return_path="", message_id=f"{h.label(20)}@{host}", fields=(("sender", f"{h.label(14)}@{host}"), ("In-Reply-To", f"<{h.label(14)}@{h.label(10)}.example>"), ("X-MID", f"<{h.label(9)}_email@2_{h.digits(6)}>"), ("Importance", "high")), html=f'<center><a href="{t}" style="text-decoration:none"><span><b>{head}\n</b></span></a>{line}<br><br>\n<a href="{t}" target="_blank"><span style="font:25px calibri; color:#ffffff;background-color: #ff0000;padding:5px 55px"><b>{call}</b></span></a><br><a href="{t}"><img width="100%" src="https://i.imgur.com/example{h.label(4)}.jpg"><img width="100%" src="//i.imgur.com/example{h.label(4)}.jpg"></a><h6>{out} <a href="https://t.co/example{h.label(8)}">Unsubscribe</a> or by writing to 12 Example Road</h6><h6><a href="http://dproblem{h.label(6)}.us/{leaf(h, 2, 30)}">CLICK HERE</a></h6></center>' + ballast(h, 80, True))
    twice(1775, "prize", ("en", "en"), store)

    # 1875
    def antivirus(name, y):
        shown, bad, subject, head, rows, text, call = [("Norton_RENEWAL ALERT", "noreply@service desk.example.norton.com", "NOBODY COVERS YOUR LOSS once protection ends - Look Now !", "Your Protection May Have Ended", [("Customer ID", "771203"), ("User", "{to}"), ("Device Status", "At Risk"), ("Discount", "65% Renewal Discount")], "Your <b>Norton</b> plan for Windows may have ended today.<br><br>Without a plan your computer is open to viruses and thieves of identity. A special discount was switched on for you.<br><br>The offer ends tonight.", "Renew my plan"), ("Avast_VERLÄNGERUNG", "kein reply@kunden service.example.avast.com", "WIR HAFTEN NICHT, wenn Ihr Schutz abläuft - Jetzt prüfen !", "Ihr Virenschutz ist vielleicht abgelaufen", [("Kundennummer", "440913"), ("Benutzer", "{to}"), ("Status", "Ausgesetzt"), ("Rabatt", "70% Rabatt")], "Ihr <b>Avast</b>-Abo für Windows ist möglicherweise heute abgelaufen.<br><br>Ohne Schutz ist Ihr Rechner Viren ausgesetzt. Für Sie gilt ein besonderer Rabatt.<br><br>Das Angebot endet heute.", "Jetzt verlängern")][y]
        t, nothing = f"https://t.co/example{h.label(8)}", '<span style="font-size:0%;"></span>'
        add(name, None, f"x@cetybade{h.digits(2)}.example", subject, "none none none", route="stray", raw_from=f"{shown}   <{bad}>", reply_to=f"{h.label(10)}@sunsy{h.digits(2)}.example", message_id=own(), html=f'<center>\n<a href="{t}" style="display:block;font-weight:bold" target="_blank"><font face="impact" style="font-size:46pt" color="#e8505c">ATTENTION</font></a>\n<table style="width:40%" border="0" align="center"><tr><th colspan="2" bgcolor="#B80000" style="color:#fff;font-size:22px">{head}</th></tr>{"".join(f"<tr height=40px><td>{a}</td><td>{b}</td></tr>" for a, b in rows)}<tr><td colspan="2">{text.replace(". ", "." + nothing * 2 + " ")}{nothing}<table bgcolor="#b90105"><tr><td><a href="{t}" style="color:white">{call}</a></td></tr></table></td></tr></table>{"<br>" * 14}<span style="color:#888;font-size:11px"><a href="https://t.co/example{h.label(8)}"><img scr="http://{h.label(14)}.example/r.jpg">UNSUBSCRIBE</a></span>')
    twice(1875, "antivirus", ("en", "de"), antivirus)

    # 2077, 2675
    def reward(number, versions):
        def build(name, y):
            shown, subject, alt = versions[y]
            host = f"{h.label(12, 'aeiourtlns')}{h.digits(1)}.club"
            add(name, None, f"{h.label(9)}@{host}", subject, "none none fail", route="stray", raw_from=f"{shown}   ,_<§>", message_id=own(), return_path=f"{h.digits(3)}_{h.digits(6)}_{h.label(10)}@{h.label(8)}.{h.label(10)}.example", cte="quoted-printable", charset="windows-1252", html=correspondence(h, f'<center><a href="http://{h.label(11, "aeiourtlns")}.example/{leaf(h, 3)}"><img src="cid:image001.png" alt="{alt}" border="0"></a><br><a href="http://{h.label(11, "aeiourtlns")}.example/{leaf(h, 3)}"><img src="cid:image002.png" border="0"></a></center>'), inline=[("image001.png", PNG, "image/png"), ("image002.png", PNG, "image/png")])
        twice(number, "insurance", ("en", "en"), build)
    reward(2077, [("GEICO Auto__SPRING WEEK__$80 REWARD_WINNER", "{to}, a $8O GEICO Reward came in - Open today!", "claim"), ("Allstate Home__BONUS DAY__$75 GIFT", "{to}, your $7S Allstate Gift is reserved - Open now!", "")])
    reward(2675, [("CarShield Auto Cover  ", "Great news! {user}, You're approved for lower pricing.", ""), ("Choice Home Warranty", "Hello {user}, You qualify for the members price.", "see price")])

    # 2175
    def refund(name, y):
        shown, to, subject, line = [("Yearly Tax - Notice", "statement.alert@hmrc-official.example", "Notice - Your refund can be issued now.", "[HMRC] Tax Statement\n\nYour refund can be issued at once, see the PDF with this mail for the steps."), ("Avis annuel - Impôts", "avis.officiel@impots-officiel.example", "Avis - Votre remboursement est prêt.", "[lMPOTS] Relevé\n\nVotre remboursement est prêt, consultez le PDF joint pour la suite.")][y]
        add(name, shown, f"refund-{h.label(18)}@{h.label(9, 'aeiourtlns')}.rheumahilfe-info.example", subject, "none pass none", route="workspace", recipients=to, text=line, html=f'<div dir="ltr"><div dir="ltr">{line.replace(chr(10), "<br>")}<br></div></div>', attachments=[("Details.pdf", linked(f"https://{h.label(9)}.example/r?id={h.label(20)}"), "application/pdf")])
    twice(2175, "tax-pdf", ("en", "fr"), refund)

    # 2375
    def parcel(name, y):
        shown, subject = [("Envío detenido:", "SU PAQUETE ESTÁ EN ESPERA"), ("Consegna faIIita:", "CONSEGNA DEL PACCO SOSPESA")][y]
        host = f"www.kertesz{h.digits(1)}.uni-exemple.example"
        url = lambda: f"http://{host}/{h.label(16)}.{h.label(7)}?gAAAAAB{h.label(90)}===="
        pasted = f"Your code\n\nEnter this code in the app to verify your account: {h.digits(6)}\n\nThe code ends after 24 hours. {h.digits(8)}\n\nIf you did not ask for it, ignore this message. {h.digits(7)}\n\nHelp: https://help.chat.example/\n\nThis is an automatic message."
        add(name, shown, f"renew@mishru{h.label(4)}.example", subject, "pass none none", route="own", message_id=own(), recipients="{to}", cc="{to}", html=f'<body>\n<center><br>\n<a href="{url()}"><input type="image" src="https://i.imgur.com/example{h.label(4)}.png" width="600""></a></center>\n<center><a href="{url()}"><input type="image" src="" width=""></a></center><img src="{url()}" width="1" height="1">\n<i style="color:#f7f7f7;text-decoration: underline;font-size:6px;">\n<div class="d1">{"_" * 90}</div>\n{h.digits(7)}\n\n{pasted}\n\n{h.digits(7)}</i>\n<script>\n<none>\n<input type="hidden"\n{chr(10).join("|".join(h.label(n).upper() for n in (8, 4, 4, 11)) for _ in range(14))}\n/></none></script>')
    twice(2375, "parcel", ("es", "it"), parcel)

    # 2475
    def breach(name, y):
        shown, subject, body, call = [("Trezor News", "Update your Trezor", "Dear client,\nwe regret to tell you that Trezor was the target of an attack and that data of about 88,000 customers were taken by a third party.\nYou receive this mail because the wallet of your e-mail address is among them.\nOur forensic team found harmful software on a server of the Suite. For now it is not possible to say how far the attackers got, therefore your funds may be at risk of theft.\nTo protect your assets, please install the newest version.", "Install newest version"), ("Ledger Actualités", "Mettez à jour votre Ledger", "Cher client,\nnous avons le regret de vous annoncer une attaque contre nos serveurs : les données d'environ 88 000 clients ont été dérobées.\nVous recevez ce message car le portefeuille lié à votre adresse en fait partie.\nIl est impossible à ce jour de mesurer l'étendue des dégâts, vos fonds peuvent donc être en danger.\nPour protéger vos actifs, installez la dernière version.", "Installer la dernière version")][y]
        host, track = f"gradestars{h.digits(1)}.example", f"http://example{h.label(5)}.activehosted.com"
        add(name, shown, f"rodolfo@{host}", subject, "pass pass pass", route="activecampaign", unsubscribe=f"<mailto:unsubscribe-{h.label(20)}@d12.csa.acemsa1.com>, <{track}/box.php?nl=2&c={h.digits(4)}&m={h.digits(4)}&s={h.label(20)}&funcml=unsub2&luha=1>", fields=(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),), text=f"{body}\n\n{call}\n\nunsubscribe\n_________________\nSent to {{to}}\n\nUnsubscribe:\n{track}/proc.php?nl=2&act=unsub", html=table(h, f'<div class="{h.label(12)}num12">{paragraphs(body)}<div align="center"><a href="{track}/lt.php?x={h.label(60)}" style="background:#142533;color:#fff;padding:14px 30px">{call}</a></div><p style="font-size:11px">This email was sent to you because you bought a product of ours. <a href="{track}/proc.php?nl=2&act=unsub">unsubscribe</a></p><p>Sent to {{to}}</p></div>'))
    twice(2475, "wallet", ("en", "fr"), breach)

    # 2775
    def fund(name, y):
        shown, subject, text = [("Dr. Pavlos Andreou", "Hello!!", "Dear Sir,\n\nI would like to talk to you about investments and projects of mutual benefit in your country. As soon as I have your answer I send the details.\n\nKind regards,\nDr. Pavlos Andreou"), ("Mme Odile Garnier", "Attn", "Bonjour,\n\nJe cherche un partenaire de confiance pour placer une somme importante dans votre pays, tous secteurs confondus. Dès votre réponse je vous donne les détails.\n\nCordialement,\nMme Odile Garnier")][y]
        add(name, shown, f"info@utektron{h.digits(1)}.example", subject, "fail none none", route="own", recipients="Undisclosed recipients:;", reply_to=gmail("aprivateoffice"), charset="windows-1251" if not y else "utf-8", fields=(("X-Mailer", "Microsoft Outlook Express 6.00.2600.0000"), ("X-MimeOLE", "Produced By Microsoft MimeOLE V6.00.2600.0000")), text=text)
    twice(2775, "advance-fee", ("en", "fr"), fund)

    # 2875, 2975
    def quote(name, y):
        shown, subject, text, call = [("Ana Beatriz", "Sua cotação chegou, {name}", "{name}\nVeja a cotação do seu plano odontológico com a tabela nova e até 35%* de desconto.\nAs melhores clínicas do país por um preço que cabe no bolso.\n- Rede própria\n- Urgência 24 horas\n- Sem carência*", "ver cotação"), ("Maria Clara", "Cotação do seguro auto de {name}", "{name}\nSua cotação de seguro auto com condição especial já está pronta, com até 40%* de redução.\nGuincho, vidros e carro reserva incluídos.\n- Assistência 24 horas\n- Pagamento em 12 vezes", "cotar online")][y]
        host, click = f"go.comparandoplanos{h.digits(1)}.example", f"https://example{h.label(9)}.click.mailersend.net"
        add(name, shown, f"ana@{host}", subject, "pass pass pass", route="mailersend", reply_to=f"ana@{host}", unsubscribe=f"<{click}/uws/{h.label(24)}?parameters={h.label(60)}>", fields=(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),), text=f"{text}\n\n{call} [https://example-{h.label(6)}.s3.amazonaws.com/go.html]\nClick here to unsubscribe: {click}/uws/{h.label(24)}", html=f'<!DOCTYPE html><html lang="pt-br"><head><title>outros</title><style type="text/css">body{{margin:0;padding:0;}}</style></head><body><table align="center" style="width:600px"><tr><td style="font:normal 18px/28px arial,sans-serif">{paragraphs(text)}<p style="text-align:center"><a href="{click}/tl/cws/{h.label(120)}" style="display:block;background-color:#ff9900;text-transform:uppercase;color:#fff;padding:25px 0;border-radius:50px">{call}</a></p></td></tr></table><p>Clique para <a href="{click}/uws/{h.label(24)}">descadastrar</a></p></body></html>')
    twice(2875, "health-ad", ("pt", "pt"), quote)

    def tariff(name, y):
        shown, subject, lines, call = [("Planos SulAmérica Saúde", "Tabela SulAmérica 2024 *NOVA* Troque de plano sem carência", ["<strong>{name},</strong> só até sexta!", "Preços até 35% menores no plano SulAmérica Saúde.", "Não gosta da rede ou do preço do seu plano? Aproveite a campanha.", "A simulação é grátis e leva meio minuto."], "Ver tabela nova"), ("Planos Unimed Empresa", "Tabela Unimed empresarial *ATUALIZADA* a partir de 2 vidas", ["<strong>{name},</strong> oferta da semana!", "Condição especial para empresas, economia de até 40%.", "Hospitais e clínicas em todo o país.", "Faça a sua simulação sem compromisso."], "Consultar preços")][y]
        host = f"compareplano{h.digits(1)}.example"
        track = lambda page: f"https://app-b.{host}/{page}.php?id={h.label(56, '0123456789ABCDEF')}"
        hide = "&nbsp;&#8204;" * 90
        add(name, shown, f"cotar@tabela.{host}", subject, "pass pass pass", route="aliyun", return_path=f"cotar@tabela.{host}", reply_to=f"contato@{host}", unsubscribe=f"<mailto:unsubscribe-{h.label(40, '0123456789ABCDEF')}@tabela.{host}?subject=unsubscribe>", message_id=own(), charset="iso-8859-1", cte="quoted-printable", html=f'<!DOCTYPE html><html lang="pt-br"><body><div style="display: none !important; font-size: 1px; opacity: 0; mso-hide: all;">Tem (1) proposta nova para você<div style="display: none; max-height: 0px; overflow: hidden;">{hide}</div></div><table style="width:600px" align="center"><tr><td style="font:normal 18px/28px arial,sans-serif">{"".join(f"<p>{x}</p>" for x in lines)}<p><span style="color:#ff0000"><em><strong>* SEMANA PROMOCIONAL</strong></em></span></p><p style="text-align:center"><a style="display:block;background-color:#ff9900;color:#fff;border-radius:50px" href="{track("lnk")}"><span style="font-size:x-large">{call}</span></a></p></td></tr><tr><td><p style="font-size:8pt">© 2018-2024 Comparador<br>Se este e-mail incomoda, <a href="{track("rem")}">parar de receber</a></p></td></tr></table></body><img src="{track("oimg")}" width="1" height="1" border="0" alt=""></html>')
    twice(2975, "health-ad", ("pt", "pt"), tariff)

    # 3175
    def nudge(name, y):
        shown, subject, text = [("Ana Beatriz", "Retorno do seu orçamento.", "Oi, tudo certo?\n\nVocê chegou a ver a mensagem que mandei ontem?\nSe não recebeu, me avise que envio outra vez.\n\nAbraço.\nAna Beatriz\n\n\nnão quer mais? responda \"PARAR\""), ("Clara Nunes", "Sobre a proposta de segunda.", "Olá, como vai?\n\nConseguiu olhar a proposta de segunda-feira?\nQualquer dúvida é só responder aqui.\n\nAtenciosamente,\nClara\n\n\npara sair responda \"SAIR\"")][y]
        add(name, shown, f"contato@e.planos-facil{h.digits(1)}.example", subject, "pass pass pass", route="ses", charset="iso-8859-1", cte="quoted-printable", text=text)
    twice(3175, "nudge", ("pt", "pt"), nudge)

    # 3275
    def mystery(name, y):
        shown, sender, subject, title, blocks, call, foot = [("Message de TEMU", "Vous êtes notre gagnant", "Bravo à nos participants ! Répondez au petit questionnaire et recevez la Boîte Surprise TEMU", "Chère cliente TEMU,", ["Nous voudrions vous offrir la chance de recevoir une", "<strong>Boîte Surprise TEMU !</strong>", "Il suffit de répondre à quelques questions sur vos achats."], "commencer", "Cette offre prend fin aujourd'hui"), ("Nachricht von ZALANDO", "Sie wurden ausgewählt", "Glückwunsch! Kurzen Fragebogen ausfüllen und ZALANDO Überraschungsbox erhalten", "Liebe ZALANDO Kundin,", ["Heute möchten wir Ihnen etwas Besonderes schenken:", "<strong>die ZALANDO Überraschungsbox!</strong>", "Beantworten Sie dafür ein paar Fragen zu Ihren Einkäufen."], "Umfrage starten", "Dieses Angebot endet heute")][y]
        host = f"ml.gazettefemme{h.digits(1)}.example"
        junk = f"{h.label(7)}.0.0.{h.label(7)}.9@{host}"
        out = lambda: f"http://magicmotor{h.digits(1)}works-{h.label(3)}.info/{h.label(120)}"
        add(name, None, f"info@{host}", subject, "fail none none", route="vm", return_path=f"info@{host}", raw_from=f"{encoded(shown)}, <info@{host}>", message_id=junk, recipients="{to}", cc="{to}", unsubscribe=f"<{junk}>", fields=(("sender", f"{sender},<info@{host}>"),), html=designed(h, title, blocks, call, f"https://directfwd-example{h.digits(1)}.com/?a={h.digits(4)}&amp;oc={h.digits(5)}&amp;c={h.digits(5)}&amp;m=3&amp;s1=", f'{foot}<br><a href="{out()}">click here</a> to remove yourself', "#050505") + f'<br><span style="color:#888;font-size:11px">click <a href="{out()}">here</a> to remove yourself</span><img alt="" src="{out()}" width="1px" height="1px" style="visibility:hidden">')
    twice(3275, "prize", ("fr", "de"), mystery)

    # 3675
    def mining(name, y):
        subject, head, body, call = [("Your balance: 0.9812 BTC", "AUTOMATIC MINING", "Welcome back, user-id77120931!\nYou registered for automatic mining 358 days ago, your devices were linked by e-mail.\nYou were away but coins were collected all the time.\nWhile you were gone you made 0.9812 BTC ($61,204.40).", "Continue"), ("Ihr Guthaben: 1,2044 BTC", "CLOUD MINING", "Willkommen zurück, Nutzer 55120398!\nSeit Ihrer Anmeldung vor 361 Tagen hat Ihr Gerät automatisch Bitcoin gesammelt.\nIn Ihrer Abwesenheit entstanden 1,2044 BTC (74.911,20 $).", "Weiter")][y]
        host = f"el-bethania{h.digits(1)}.example"
        url = f"https://translate.google.com/translate?sl=auto&tl=en&hl=en&u={h.label(10)}.nxcli-{h.label(4)}.example/temp/user/login.php?click=m_news_0050_copy%26PIDR={{to}}%26id_list={h.label(20)}"
        add(name, "Support", f"info@{host}", subject, "softfail pass none", route="cpanel", message_id=f"{h.label(40, '0123456789abcdef')}@{host}", reply_to=f"Support <{h.label(12)}@hotel-parc{h.digits(2)}.example>", cte="quoted-printable", text=f"{head}\n\n{body}\n\n{call}\n\nIf the link does not work, please copy it into your browser:\n\n{url}\n\n(c) 2024 Mining Corp.", html=f'<!DOCTYPE html><html lang="en"><head><style> .container {{border:1px solid #e0e0e0;border-radius:10px;max-width:400px}} .btn {{background-color:#4caf50;color:white}} </style></head><body><div class="container"><div class="title">{head}</div>{paragraphs(body)}<a href="{url}" class="btn">{call}</a><textarea readonly>{url}</textarea><div class="footer">© 2024 Mining Corp. Cryptocurrency is not regulated everywhere.</div></div></body></html>')
    twice(3675, "crypto-balance", ("en", "de"), mining)

    # 3775, 5977
    def relayed(number, kind, langs, versions, route):
        def build(name, y):
            shown, local, subject, title, blocks, call = versions[y]
            host = f"ali00{h.digits(1)}.sara{h.label(4)}.za.com" if route == "relayed" else f"ifflers{h.digits(2)}.example"
            junk = h.label(10)
            add(name, None if route == "relayed" else shown, f"{local}@{host}", subject, "pass pass none", route=route, raw_from=f"{shown} <{local}_{h.digits(5)}@{host} >" if route == "relayed" else None, recipients=f"<__Link{junk}@box{h.digits(2)}.example>" if route == "relayed" else None, unsubscribe=None if route == "relayed" else f"5.{h.label(12).upper()}@luxyinbox-{h.label(3)}.site", fields=(("List-ID", f"<.{h.digits(7)}.xt.local>"), ("X-CSA-Complaints", f"{junk}.csa-complaints@eco.example"), ("X-SFMC-Stack", "11"), ("References", "<@mail-9D9.Bounce_dnO.example>"), ("Feedback-ID", "325-anexp#nret-fa:account-notifier"), ("In-Reply-To", "<" + " ".join(h.label(180, "abcdefghijkABCDEFGHIJK0123456789") for _ in range(5)) + ".edu>"), ("X-Mailer", h.label(5))), html=designed(h, title, blocks, call, f"https://storage.googleapis.com/example-{h.label(8)}/{h.label(6)}.html#{h.label(30)}", f'<a href="https://storage.googleapis.com/example-{h.label(8)}/o.html#{h.label(30)}">Unsubscribe</a>', "#351c15"))
        twice(number, kind, langs, build)
    relayed(3775, "job-ad", ("en", "en"), [("FedEx Partner", "Hudson_Ray", '"Become a FedEx Partner - Start Earning This Month!"', "A partnership that pays", ["Own a van? Drive your own routes and earn up to $1,900 a week.", "Seats in your area are few, apply before Friday."], "Apply for a seat"), ("UPS Survey Team", "Miller_Kay", '"Your UPS opinion is worth $100 - last chance"', "Tell us about your last parcel", ["Answer nine questions about our service.", "Choose one of the exclusive gifts (value up to $100) as our thank you."], "Start")], "relayed")
    relayed(5977, "casino", ("de", "de"), [("🎁 Goldstadt Casino Geschenk", "kelly.dorne", "🎰 Bonus wartet: 800 € + 80 Freispiele bei Casino Goldstadt – ohne Einzahlung | Nur heute!", "Willkommen bei Goldstadt", ["800 € Bonus und 80 Freispiele sind für Sie reserviert.", "Keine Einzahlung nötig, Auszahlung in 24 Stunden."], "Bonus aktivieren"), ("🍀 Lucky Rhein Team", "mara.lindt", "🎁 Ihr Geschenk läuft ab: 100 Freispiele bei Lucky Rhein", "Ihre 100 Freispiele", ["Ihr Konto ist vorbereitet, die Freispiele warten.", "Nur bis Mitternacht gültig."], "Jetzt spielen")], "workspace")

    # 3875, 6475
    def exposed(name, y):
        shown, subject, title, blocks, call = [("Klug einsteigen, reich aussteigen", "Kurse am Boden: So nutzen Kluge den Krypto-Herbst", "Der Moderator bereut sein Interview", ["Der bekannte Talkmaster sprach offen über seine zweite Einnahmequelle, danach wollte der Sender die Folge löschen.", "Er habe mit 250 Euro begonnen und nach drei Monaten seine Wohnung bezahlt.", "Unsere Redaktion hat das Programm ausprobiert."], "Zum Bericht"), ("Acheter bas, vendre haut", "La chute des cryptos : votre chance de gagner demain", "La présentatrice en a trop dit", ["En direct, elle a révélé comment elle double ses revenus chaque mois.", "La banque centrale a demandé l'arrêt de l'émission, mais trop tard.", "250 € suffisent pour commencer."], "Lire l'article")][y]
        host = f"topmarktplace{h.label(5)}.example"
        add(name, None, f"newsletter@news.privalia{h.digits(1)}.example", subject, "none none none", route="vm", raw_from=f"{encoded(shown)},(<§>)", return_path="", message_id=f"{h.label(22).upper()}@my.modehaus{h.digits(1)}.example", unsubscribe=f"<{h.label(20).upper()}@my.modehaus{h.digits(1)}.example>", fields=(("sender", f"{encoded(shown)},<message@my.modehaus{h.digits(1)}.example>"), ("X-Mailer", "2")), html=coded(h, host, title, blocks, call, "Sie erhalten diese Mail als Kunde." if not y else "Vous recevez ce message en tant que client."))
    twice(3875, "crypto-ad", ("de", "fr"), exposed)

    def voucher(name, y):
        shown, fake, subject, title, blocks, call, small = [("Ihre Lena Fuchs (Kundenservice)", "noreply@marktplatz-example.rewe.de", "Eine kleine Überraschung für Sie. 😊", "Gute Nachricht!", ["Hallo,<br><br>Sie sind für einen <strong>500€ REWE-Gutschein</strong> vorgemerkt! 🎁", "Ob Wocheneinkauf oder Grillabend: mit dem Gutschein wird alles leichter.", "Bestätigen Sie nur noch Ihre Angaben:"], "GUTSCHEIN HOLEN", "REWE ist eine Marke der REWE Group. Teilnahme ab 18 Jahren."), ("Ihr Jonas Wolf (Kundenbetreuung)", "noreply@shop-example.lidl.de", "Damit möchten wir Danke sagen 😊", "Ihr 250€ Lidl-Gutschein wartet", ["Hallo,<br><br>als treuer Kunde sind Sie möglicher Gewinner eines <strong>250€ Lidl-Gutscheins</strong>! 🎁", "✅ kostenlos<br>✅ sofort geprüft<br>✅ für alle Waren", "Bitte bestätigen Sie Ihre Daten:"], "JETZT SICHERN", "Lidl ist eine eingetragene Marke der Lidl Stiftung.")][y]
        add(name, None, f"info@us-flow{h.digits(2)}.example", subject, "temperror none none", route="stray", raw_from=f'"{shown}" <"{fake}">', return_path=f"Info@us-flowforce{h.digits(1)}-{h.label(3)}.us", message_id=own(), recipients="{to}", cc="{to}", html=coded(h, f"mailservicenet{h.label(3)}.example", title, blocks, call, small))
    twice(6475, "voucher", ("de", "de"), voucher)

    # 3975, 4075, 4175, 5075
    def pictured(number, kind, langs, versions, hidden=False, where="i.imgur.com"):
        def build(name, y):
            shown, local, tld, subject, line = versions[y]
            host = f"{h.pick('lithium', 'finanzgarten', 'sportwald', 'bikeshare')}{h.label(4)}.{tld}"
            add(name, None, f"{local}@{host}", subject, h.pick("pass none none", "pass none permerror"), raw_from=f"{encoded(shown)}   ,<{local}@{host}>" if not hidden else f"{shown} <{local}@{host}>", **unseen(f"replyto@heimat-{h.digits(2)}.example" if y else None), html=pictures(h, f"{h.pick('stadtblog', 'autopneu', 'oldtimerclub')}{h.digits(2)}.example", line, f"replyto@heimat-{h.digits(2)}.example", h.pick("h1", "h2"), hidden, where))
        twice(number, kind, langs, build)
    pictured(3975, "parcel", ("fr", "de"), [("DPD distribution", "renew", "cfd", "{to} !  Avis de retard. Votre colis attend un paiement.", "{to} , en attente – envoi [#31907-04] Samsung Galaxy"), ("Hermes Zustellung", "info", "icu", "{to} !  Zahlung fehlt. Ihr Paket konnte nicht ausgeliefert werden.", "{to} , wartend – Bestellung [#20418-09] iPhone")])
    pictured(4075, "prize", ("es", "pl"), [("Bricomart Dział", "renew", "example", "Reservado para {to}", "Tu opción a una caja<br> de herramientas Stanley GRATIS"), ("Castorama Dział", "promo", "icu", "Ważne dla {to}", "Twoja szansa na zestaw<br> narzędzi Dexter ZA DARMO")])
    pictured(4175, "prize", ("fr", "fr"), [("Intersport Service clients", "alert", "fun", "Partez tranquille avec la trousse de secours 120 pièces", "★★★Bonjour {to}, une offre rien que pour vous ! La trousse de 120 pièces ★★★<br> <font color=\"red\" size=\"6\">MERCI DE CONFIRMER</font>"), ("Castorama Service", "alert", "cfd", "Votre perceuse vous attend, {to}", "★★★Bonjour {to}, vous êtes sélectionné ! Perceuse Bosch 18V ★★★<br> <font color=\"red\" size=\"6\">CONFIRMEZ</font>")])
    pictured(5075, "prize", ("en", "en"), [("Exclusive Yeti Offer", "contact", "example", "RE: 2nd try for {to}", "Get Your Free Yeti Cooler – Blue Shield Member Reward!"), ("Medicare Kit Desk", "contact", "example", "RE: last attempt {to}", "Claim Your Free Emergency Kit – AARP Member Thank You!")], True, "pbs.twimg.com/media")

    # 4375
    def receipt(name, y):
        brand, plan, price, phone = [("Geek Squad", "Geek Squad Total Home", "$398.00", "(808) 555-0144"), ("Norton", "Norton 360 LifeLock Family", "$471.50", "(855) 555-0126")][y]
        host = f"billinv{h.digits(2)}.example"
        lines = [f"<b><font color=#cd232c size=6>{brand}</font></b>", "Receipt date: Tuesday, 5 March", f"Receipt number: KQ{h.label(2).upper()}-{h.digits(9)}", "", "Hi Customer,", f"thank you for choosing {brand}.", "", "Your device was checked and the renewal of the plan was approved. It covers all devices in your home. The plan renews by itself within 12 hours.", "<b>Item Details</b>", f"Product: {plan}", f"Product key: {h.label(8)}-{h.label(4)}-{h.label(12)}", "Email address: {to}", f"Renewal: {price}", "", f"If you do not wish to renew and want to stop the charge of {price}, have your receipt number at hand and call {phone}.", f"Our desk answers day and night at {phone}."]
        add(name, "Paid Client", gmail("pooja.rane"), "We ship your order on Wednesday, 6 March Paid", "pass pass pass", route="gmail", message_id=f"{h.label(8)}.050a0220.{h.label(6)}.{h.label(4)}@mx.google.com", recipients='"Paid Client" <{to}>', unsubscribe="https://mail-example.google.com/mail/u/0/?fs=1&to=10", fields=(("X-Report-Abuse-To", "abuse@secure.example"),), cte="base64", html='<html><body><div class="yahoo-style-wrap"><div dir="ltr">' + "".join(f"<div>{x or '<br>'}</div>" for x in lines) + f'</div></div><p>If you no longer wish these emails, unsubscribe <a href="https://{host}/unsubscribe/id={{to}}"><img src="https://{host}/unsubscribe/id={{to}}" alt="Here" width="10" height="10"></a> at any time.</p></body></html>')
    twice(4375, "phone", ("en", "en"), receipt)

    # 4475, 4575
    def held(number, versions):
        def build(name, y):
            brand, local, subject, lines, call = versions[y]
            bare = brand.lower().replace(" ", "")
            page = "".join(f"<p>{threaded(h, x)}</p>" for x in lines)
            add(name, brand, f"{local}@{bare}", subject, "none fail none", route="root", return_path=f"{local}@{bare}", message_id=f"{h.label(8)}-{h.label(4)}-{h.label(12)}@{bare}", fields=(("X-Mailer", ""),)[:0], cte="quoted-printable", html=f'<!DOCTYPE html><html lang="pt-BR"><head><title>Notificação - {brand}</title><style>.container {{width:90%;max-width:750px;background-color:#1c65c8;color:#FFFFFF;}} .header {{background-color:#f9e33b;padding:30px;}} .button {{padding:32px 34px;background-color:#f9e33b;}}</style></head><body><div class="container"><div class="header"><h1>{threaded(h, "de " + brand)[3:]}</h1></div><div class="content"><p>{{fullname}},</p>{page}<a class="button" href="https://{h.label(8)}{h.digits(4)}.example/rastreio/{h.label(10)}">{threaded(h, call)}</a></div><div class="footer">{threaded(h, brand + " todos os direitos")}</div></div></body></html>')
        twice(number, "parcel", ("pt", "pt") if number == 4475 else ("pt", "es"), build)
    held(4475, [("Correios", "avisos", "{fullname}, sua encomenda esta parada.", ["Verificamos que a sua encomenda se encontra retida na alfândega por falta de pagamento da taxa.", "Pague a taxa para que a entrega seja feita em dois dias úteis."], "Pagar a taxa"), ("Jadlog", "contato", "{fullname}, sua entrega foi suspensa.", ["A entrega não pôde ser feita porque o endereço está incompleto.", "Confirme os dados e pague o novo envio hoje mesmo."], "Confirmar endereço")])
    held(4575, [("Correios Brasil", "notifica", "{fullname}, seu objeto foi tributado.", ["O objeto enviado para você foi tributado e aguarda o pagamento.", "Sem o pagamento, ele volta ao remetente em 48 horas."], "Ver objeto"), ("Correos", "avisos", "{fullname}, su envio esta retenido.", ["Su envío se encuentra retenido en nuestro centro porque falta el pago de los derechos.", "Realice el pago para recibirlo mañana."], "Pagar ahora")])

    # 4875, 5575
    def sampled(number, kind, versions, before=""):
        def build(name, y):
            shown, subject, title, blocks, call, out = versions[y]
            host = f"{h.label(6)}.domglad{h.digits(2)}.example"
            add(name, shown, f"contact@{host}", subject, "none none none", route="vm", return_path="", message_id=f"{h.digits(15)}.{h.digits(1)}.{h.label(3).upper()}{h.digits(10)}@{host}", fields=(("Sender", f"contact@{host}"),), cte="8bit", html=designed(h, title, blocks, call, f"http://{host}/{h.label(4)}/{h.label(26)}", f'{out} <a href="http://{host}/u/{h.label(26)}">uitschrijven</a>', "#56a659", before))
        twice(number, kind, ("nl", "nl"), build)
    sampled(4875, "prize", [("Klantenservice", "Bedankt dat u er bent!", "Speciaal van Kruidvat: uw verrassingspakket", ["Als trouwe klant mag u meedoen aan ons korte onderzoek.", "Vul acht vragen in en kies daarna uw cadeau. Alleen de verzending betaalt u zelf."], "Start het onderzoek", "Deze actie stopt vandaag."), ("Klantendienst", "Uw geschenk ligt klaar!", "Albert Heijn geeft u een airfryer", ["U bent een van de 20 klanten van deze week.", "Beantwoord de vragen voor middernacht, anders gaat uw geschenk naar een ander."], "Geschenk ophalen", "Zolang de voorraad strekt.")])
    sampled(5575, "energy", [("Nationaal Isolatie Loket", "Kijk hoeveel subsidie u krijgt in uw gemeente!", "Nieuwe regeling voor huiseigenaren", ["Huiseigenaren in uw postcode krijgen nu tot 70% van de kosten terug.", "Doe de check, het duurt een minuut."], "Doe de check", "U krijgt dit bericht als huiseigenaar."), ("Zonnepanelen Collectief", "Bereken uw besparing voor de zomer!", "Panelen zonder eigen geld", ["Woont u in een koophuis? Dan doet u mee zonder eigen inleg.", "Vul uw postcode in en zie meteen wat u bespaart."], "Bereken", "U krijgt dit bericht als lid.")], '<div style="display:flex;background-color:#f1f9f2;min-height:30px"><div style="background-color:#56a659;width:5px"></div><div><span>This message is from a trusted sender.</span></div></div>\n')

    # 5175, 5675, 5875, 6875
    def official(number, kind, versions):
        def build(name, y):
            shown, sender, subject, plain, letters, ministry, notice, bar, blocks, call, url, foot = versions[y]
            subject = subject.replace("#", h.digits(8))
            add(name, None, "root@x.example", subject, "none none none", route="root", raw_from=f"{encoded(shown)} <{sender.replace('#', h.digits(6))}>", return_path=f"root@{h.label(9)}.{h.label(10)}{h.digits(2)}.example", message_id=f"{h.label(32, '0123456789abcdef')}@localhost.localdomain", cte="base64", text=plain, html=office(h, letters, ministry, notice, bar, [b.replace("#", h.digits(8)) for b in blocks], call, url.replace("#", h.digits(8)), foot))
        twice(number, kind, ("pt", "pt") if number != 5175 else ("pt", "it"), build)
    official(5175, "tax", [("Aviso Receita Federal", "regularize@cadastroid#", "Situação grave: CPF será bloqueado por pendência. Código: #.", "Texto alternativo caso o HTML não abra", "gov.br", "MINISTÉRIO DA ECONOMIA", "AVISO OFICIAL", "PENDÊNCIA NO CPF", ["Prezado(a) <strong>{to}</strong>,", "Encontramos uma <strong>pendência fiscal</strong> no seu CPF. Protocolo: RF-#", "Sem o pagamento até hoje, o CPF fica bloqueado para contas e benefícios."], "Regularizar CPF", "https://cpf#.consulta-{r}.example/", "Sistema Tributário"), ("Avviso Agenzia Entrate", "avvisi@cassettofiscale#", "Situazione critica: codice fiscale sospeso. Pratica: #.", "Inserisci qui un testo facoltativo", "agenzia", "MINISTERO DELL'ECONOMIA", "AVVISO UFFICIALE", "IRREGOLARITÀ RILEVATA", ["Gentile <strong>{to}</strong>,", "Risulta una <strong>irregolarità fiscale</strong> a suo carico. Pratica: AE-#", "Senza pagamento entro oggi scattano sanzioni e blocco dei servizi."], "Regolarizza ora", "https://pratica#.fisco-{r}.example/", "Agenzia")])
    official(5675, "traffic", [("Detran - Multa Vencida", "detran@55120%govcnh-example.br", "Olá, {user}! Sua CNH será suspensa! ID: #", "{to}", "gov.br", "DEPARTAMENTO DE TRÂNSITO", "Aviso de multa", "CNH EM RISCO", ["Prezado(a) {to},", "<b>ATENÇÃO:</b> consta uma infração <b>grave</b> não paga na sua CNH.", "Pague até a data indicada para não perder a carteira."], "Pagar multa agora", "https://multa#.consultacnh-{r}.biz.ua", "© 2025 Trânsito"), ("Senatran Notifica", "senatran@771203%gov-example.br", "{user}, pontos na CNH atingiram o limite! ID: #", "{to}", "gov.br", "SECRETARIA DE TRÂNSITO", "Notificação", "PROCESSO ABERTO", ["Prezado(a) {to},", "Foi aberto processo de cassação da sua CNH.", "Apresente defesa e quite a taxa no portal."], "Abrir defesa", "https://defesa#.portalcnh-{r}.example", "© 2025")])
    official(5875, "tax", [("Central de Regularização", "info@regularize#", "Atenção, {user}! Cadastro irregular detectado. Bloqueio em andamento. Protocolo: #.", "Texto opcional", "gov.br", "RECEITA FEDERAL", "NOTIFICAÇÃO", "IRREGULARIDADE CADASTRAL", ["Prezado(a) <strong>{to}</strong>,", "Seu cadastro está <strong>irregular</strong> e os serviços serão bloqueados. Protocolo: #", "Emita o boleto e regularize hoje."], "Emitir boleto", "https://regular#.{r}.example/", "Receita"), ("Dívida Ativa União", "cobranca@dividaativa#", "Aviso final, {user}! Protesto em cartório. Protocolo: #.", "Texto", "gov.br", "PROCURADORIA", "AVISO FINAL", "DÉBITO EM ABERTO", ["Prezado(a) <strong>{to}</strong>,", "O débito # será levado a protesto em cartório amanhã.", "Pague com 40% de desconto ainda hoje."], "Pagar com desconto", "https://divida#.{r}.example/", "Procuradoria")])
    official(6875, "bank", [("Banco Santander", "banco.santander@campanhasantander#", "Upgrade liberado: Cartão Infinite Black. Código: #", "Mensagem", "Santander", "Cartões", "Convite exclusivo", "LIMITE INICIAL R$ 60.000", ["<strong>Olá, {to}</strong>.", "Após análise do seu perfil, você foi <strong>pré-qualificado</strong> para o Cartão Infinite Black.", "Salas VIP, concierge 24h e primeiro ano sem anuidade. O convite vale por tempo limitado."], "Aceitar convite", "https://convite#.{r}.example/black", "Ref: BX-77120"), ("Banco Itaú", "itau.personnalite@campanhasitau#", "Convite: Cartão The One. Código: #", "Mensagem em texto", "Itaú", "Personnalité", "Convite", "LIMITE DE ATÉ R$ 90.000", ["<strong>Olá, {to}</strong>.", "Temos a satisfação de convidar você para o cartão The One.", "Pontos que não expiram e zero taxas no exterior. Confirme seus dados para receber."], "Confirmar dados", "https://theone#.{r}.example/", "Ref: IT-40913")])

    # 5275
    def processed(name, y):
        who, what, price, phone = [("Coinbase, Inc.", "Ethereum purchase 0.14 ETH", "$436.20 USD", "(877) 555-0183"), ("PayPal, Inc.", "Annual Device Protection", "$389.99 USD", "(844) 555-0107")][y]
        order = f"{h.digits(4)}-{h.label(2).upper()}-{h.digits(4)}"
        add(name, "", gmail("srinaut"), f"Order No. {order} {h.digits(11)} is done for you", "pass pass pass", route="gmail", message_id=f"{h.label(8)}.170a0220.{h.label(6)}@mx.google.com", fields=(("X-Google-Original-From", who),), text=f"Subject: Payment done for order #{order}\n\nDear {{to}},\n\nyour payment of {price} was processed for:\n{what}\n\nDetails\n• Order #: {order}\n• Amount: {price}\n• On your statement within a day\n\nQuestions?\nCall our team:\n📞 {phone}\n\nThank you for choosing {who}.\n\nThe {who} Team")
    twice(5275, "phone", ("en", "en"), processed)

    # 5375
    def form(name, y):
        site, blog, subject, bait = [("holygrace-letters", "Grace Letters", "Login Details", "www.{r}-example.blogspot.com - 64120 USD COINBASE"), ("chorale-vallon", "La Chorale du Vallon", "Identifiants de connexion", "www.{r}-example.blogspot.com - 41800 EUR BINANCE")][y]
        bait = bait.replace("{r}", h.label(6))
        quoted = bait.replace(" ", "%20")
        words = ("Username", "To set your password, visit the following address") if not y else ("Identifiant", "Pour choisir votre mot de passe, rendez-vous à l'adresse suivante")
        host = f"{site}{h.digits(1)}.example"
        add(name, "WordPress", f"wordpress@{host}", f"[{blog}] {subject}", "none none none", route="web", return_path=f"{site[:8]}@hosting.srv{h.digits(3)}.example", text=f"{words[0]}: {bait}\n\n{words[1]} :\n\nhttps://{host}/wp-login.php?login={quoted}&key={h.label(20)}&action=rp\n\nhttps://{host}/wp-login.php\n")
    twice(5375, "form-abuse", ("en", "fr"), form)

    # 5475
    def shop(name, y):
        shown, bad, subject, title, blocks, call = [("SHEIN", "support@sheinrewards-example,com", "{to}, See what SHEIN saved for you!", "Your mystery bag is packed", ["Fill in the quick survey and choose your bag.", "You only pay the shipping. 41 bags left today."], "Choose my bag"), ("TEMU", "support@temubonus-example,com", "{to}, TEMU hat eine Überraschung!", "Ihre Palette wartet", ["Eine Palette voller Rückläufer für 2 €: heute ist Ihr Name dran.", "Noch 12 Stück."], "Palette sichern")][y]
        add(name, None, f"cs1@email-2ink{h.digits(1)}.example", subject, "none fail none", route="stray", raw_from=f"{shown} <{bad}>", return_path="", message_id=f"{h.digits(15)}.7.{h.label(3).upper()}{h.digits(10)}@{bad.split('@')[1].replace(',', '.')}", fields=(("Sender", f"cs1@email-2ink{h.digits(1)}.example"), ("DomainKey-Signature", f"a=rsa-sha1; c=nofws; q=dns; s=smtp; d=email-2ink.example; b={h.label(60)}")), html=designed(h, title, blocks, call, f"http://{h.label(8, 'aeiourtlns')}six.{h.label(12, 'aeiourtlns')}.example/{h.label(30)}", f'<a href="http://{h.label(8, "aeiourtlns")}six.{h.label(12, "aeiourtlns")}.example/u">unsubscribe</a>', "#fb7701"))
    twice(5475, "prize", ("en", "de"), shop)

    # 5775
    def protect(name, y):
        brand, subject, head, urgent, lines, call = [("Norton", "{user}, Ihr Norton-Abo endet, verlängern Sie jetzt!", "Ihr Norton-Abonnement ist abgelaufen", "Dringend: Sie haben noch 24 Stunden, um den Schutz zu erneuern.", ["Ihr Abonnement Norton 360 für Windows ist <strong>heute</strong> abgelaufen.", "<strong>Ihre Geräte sind Viren und Datendieben ausgeliefert.</strong>"], "Jetzt erneuern"), ("Bitdefender", "{user}, votre protection Bitdefender expire !", "Votre abonnement Bitdefender a expiré", "Urgent : il vous reste 24 heures pour renouveler.", ["Votre abonnement pour Windows a pris fin <strong>aujourd'hui</strong>.", "<strong>Vos appareils ne sont plus protégés.</strong>"], "Renouveler")][y]
        host = f"bettybeauty{h.digits(2)}.example"
        url = f"https://{host}/cl/{h.digits(6)}_md/{h.digits(3)}/{h.digits(7)}/{h.digits(4)}/{h.digits(3)}/{h.digits(6)}"
        serial = "".join(f'<span style="border:2px solid #ddd;background-color:#ffe0e0;font-family:monospace">{h.label(4).upper()}</span>' for _ in range(4))
        sender = f"nordform{h.digits(1)}.example"
        add(name, f"{brand}™", f"support@{sender}", subject, "pass none none", route="vm", return_path=f"msprvs1={h.label(10)}=bounces-{h.label(8)}@{sender}", message_id=f"{h.label(24)}@email.amazonses.com", recipients="<{user}@post.example>", cc="<{user}@post.example>", fields=(("Sender", f"{brand}™  <support@example.{brand.lower()}.com>"),), html=f'<!DOCTYPE html><html lang="en"><body style="background-color:#f5f5f5"><div style="width:600px;background-color:#fff"><a href="{url}"><img src="https://pbs.twimg.com/media/example{h.label(6)}?format=png&amp;name=small" width="300px"><br><img src="//pbs.twimg.com/media/example{h.label(6)}?format=png" width="300px"></a><div style="background-color:#AF0707;color:#fff;font-size:24px">{head}</div><div style="background-color:#ffebee;color:#d32f2f">{urgent}</div>{"".join(f"<p>{x}</p>" for x in lines)}<a href="{url}" style="color:#000000"><table><tr><td>ID:</td><td>{h.digits(7)}DE</td></tr><tr><td>{{to}}</td><td>{serial}</td></tr></table></a><a href="{url}" style="background-color:#c62828;color:#fff;padding:15px 30px">{call}</a><p style="font-size:10px"><a href="{url}">Abmelden</a></p></div></body></html>')
    twice(5775, "antivirus", ("de", "fr"), protect)

    # 6075, 6775
    def hosted(number, kind, langs, versions, whole):
        def build(name, y):
            shown, subject, lines, call = versions[y]
            project = f"example-{h.label(5)}-{h.label(4)}-{h.digits(6)}"
            url = f"https://storage.googleapis.com/{h.label(3)}-example-{h.digits(4)}/{h.label(9)}/info.html#{h.label(36)}"
            tail = f"\n\nHello ,\n\nFollow this link to verify your email address.\n\nhttps://{project}.firebaseapp.com/__/auth/action?mode=resetPassword&oobCode={h.label(50)}&apiKey=EXAMPLE{h.label(24)}&lang=en\n\nIf you didn't ask to verify this address, you can ignore this email.\n\nThanks,\n\nYour {project} team" if whole else ""
            page = f'<a href="{url}" style="display:block;max-width:640px;text-decoration:none;color:inherit"><div style="max-width:640px"><img src="//images.kit{h.digits(2)}.example/1/img/1.png" style="max-width:246px">{"".join(f"<p>{x}</p>" for x in lines)}<p>📧 Email: {{to}}</p><p style="background:#0a0;color:#fff">{call}</p></div></a>' if whole else f'<!DOCTYPE html><html lang="de"><head><style>body {{background:#000}} .card {{border-radius:16px}}</style></head><body><div class="card"><a href="{url}"><img class="banner" src="https://i.imgur.com/example{h.label(4)}.png"></a><h1>{lines[0]}</h1>{"".join(f"<p>{x}</p>" for x in lines[1:])}<p><a href="{url}">{call}</a></p><p><a href="{url}u">Abmelden</a></p></div></body></html>'
            add(name, shown, f"noreply@{project}.firebaseapp.com", subject, "pass pass permerror", route="firebase", reply_to=None if whole else "no-reply@example.com", message_id=f"000000000000{h.label(6)}0641{h.label(8)}@google.com", cte="base64", text="\n\n".join(lines) + f"\n\n{call}" + tail, html=page + (tail.replace("\n\n", "<p>") + "<!-- " + " ".join(h.pick(*PROSE) for _ in range(80)) + " -->" if whole else ""))
        twice(number, kind, langs, build)
    hosted(6075, "loan-ad", ("fr", "fr"), [("👉 PrêtDirect", "💡 Le bon taux pour votre projet", ["Comparateur de prêts", "Votre simulation est prête, aucun papier à fournir.", "Réponse de principe immédiate, fonds sous 48 h. Un crédit vous engage et doit être remboursé."], "Voir mon taux"), ("✅ Mutuelle Malin", "Votre mutuelle vous coûte trop cher ?", ["Comparateur santé", "Statut : éligible", "Économisez jusqu'à 300 € par an sans changer de médecin."], "Comparer")], True)
    hosted(6775, "casino", ("de", "de"), [("Royal Palace Casino", "🎉 Gewonnen! Holen Sie Ihren Bonus von 750 €!", ["🎰 120 Freispiele ohne Einzahlung", "Spielen Sie die beliebtesten Automaten und gewinnen Sie echtes Geld.", "🏆 Gewinner dieser Woche: ********@****.de 750 € Bonus"], "Freispiele holen"), ("Blumenfee Gewinnspiel", "🎁 Ihr Name wurde gezogen!", ["🎁 Ein Staubroboter gehört fast Ihnen", "Bestätigen Sie die Anschrift und zahlen Sie nur den Versand.", "Die Frist endet um Mitternacht."], "Adresse bestätigen")], False)

    # 6175
    def spaced(name, y):
        shown, subject = [("S ubsidie L oket N ederland", "-Wij.. wachten op u! Laatste bericht over uw..woning     XK"), ("F örder Z entrale B und", "-Wir-erreichen Sie nicht.Bitte..melden!     KD")][y]
        host = f"secretaris{h.digits(2)}.example"
        add(name, None, f"newsletters.{h.label(4).upper()}@{host}", subject + h.digits(7), "pass pass pass", route="vm", raw_from=f'"{encoded(shown)}"      ZQ{h.digits(3)}        <§>', return_path=f"newsletter.{h.label(5)}@{host}", message_id=own(), recipients="{to}", cc="{to}", fields=(("Sender", f'"TAXOS" <{h.label(7)}@{h.label(5).upper()}.example>'),), cte="8bit", html=soup(h, f"webrent{h.label(4)}.eu.com", f"imgur.com/example{h.label(4)}.png"))
    twice(6175, "energy", ("nl", "de"), spaced)

    # 6375
    def soles(name, y):
        shown, subject, title, blocks, call = [("Knee & Joint Comfort Specialists", "Climb the Stairs with Our Support Sleeves", "Walk without pain", ["Doctors hate this sleeve: it takes the weight off your knees in seconds.", "Half the price until Sunday."], "Get mine"), ("Hearing Experts Direct", "Hear Every Word with the Invisible Aid", "The aid nobody sees", ["Thousands hear again for less than a dinner.", "Order today and get the second one free."], "Try now")][y]
        host, mark = f"tho{h.digits(8)}.onmicrosoft.com", h.label(2)
        add(name, None, f"{h.label(12)}@{host}", f"{subject} {mark}-{h.digits(4)}", "pass none none", route="relayed", raw_from=f"\"{shown} {mark}\" <{h.label(12)}@'{h.label(10)}.com>", cte="8bit", html=designed(h, title, blocks, call, f"http://{h.label(9)}.example/{h.label(30)}", f'<a href="http://{h.label(9)}.example/u/{h.label(20)}">stop</a>', "#1a7f37"))
    twice(6375, "shop", ("en", "en"), soles)

    # 6575
    def replayed(name, y):
        shown, subject, title, blocks, call = [("Krypto", "Der leichteste Weg, mit Bitcoin zu verdienen.", "So verdienen Anfänger mit Bitcoin", ["Keine Vorkenntnisse, zehn Minuten am Tag.", "Die Software handelt für Sie, Sie sehen zu. Mindesteinsatz 250 Euro."], "Platz sichern"), ("Immediate Edge", "Laatste plekken voor het beursplatform.", "Van 250 naar 4.000 euro per maand", ["Ons platform handelt automatisch, u hoeft niets te doen.", "Er zijn vandaag nog 9 plekken vrij."], "Registreer nu")][y]
        host = f"universidad-ica{h.digits(1)}.example"
        add(name, None, f"customerservice.{h.label(5)}@{host}", subject, "pass pass none", route="tenant", raw_from=f'"{shown}"<§>', fields=(("X-MSGID", h.label(32, "0123456789abcdef")), ("Authentication-Results-Original", f"spf=pass smtp.mailfrom=smaller{h.label(5)}.example; dkim=none; dmarc=pass header.from=smaller{h.label(5)}.example")), html=coded(h, f"inboxroute{h.label(4)}.example", title, blocks, call, ""))
    twice(6575, "crypto-ad", ("de", "nl"), replayed)

    # 6675
    def loan(name, y):
        shown, subject, text = [("Harold Pike", "LOAN FOR YOU....", "Take a private or company loan at 2% interest this week.\nWrite to us for details.\n\nName:\nCountry:\nAmount:\nDuration:\nPhone:"), ("Günther Lang", "KREDITANGEBOT....", "Privat- oder Firmenkredit zu 3% Zinsen, heute beantragen.\nKontaktieren Sie uns.\n\nName:\nLand:\nBetrag:\nLaufzeit:\nTelefon:")][y]
        add(name, shown, gmail("johanp"), subject, "pass pass pass", route="gmail", recipients="undisclosed-recipients:;", reply_to=gmail("pikefinancialloans"), text=text, html=f'<div dir="ltr">{text.replace(chr(10), "<br>")}<br></div>')
    twice(6675, "loan", ("en", "de"), loan)
    return box.mails


# ---- Genuine advertising that lies among the samples ----

def grey(seed):
    box = Box(seed)
    h, add = box.hand, box.add
    for number, shown, subject, title, blocks, call in [(3375, "Bitfaucet.example", "Could you be first? $20,000 this month!", "MONTHLY RACE", ["Wager and refer to climb the list.", "Your rank: 0. Your volume: 0.00000000 BTC."], "Play now"), (3375, "Spinbet.example", "This week: $5,000 in free bets", "WEEKLY RACE", ["Ten winners each week, see where you stand."], "See ranking"), (3577, "Bitfaucet.example", "[2X Tickets] The bonanza is back!", "2-3-4 BONANZA", ["You receive this email as active user, id 551203.", "Double tickets, triple points until Sunday."], "Play now"), (3577, "Spinbet.example", "Your free spin ends in 48 hours", "WHEEL OF FORTUNE", ["One free spin is on your account."], "Spin")]:
        host = shown.lower()
        add(f"{number}-promo-en", shown, f"noreply@{host}", subject, "pass pass pass", route="ses", return_path=f"{h.label(20)}@mail.{host}", text=title + "\n\n" + "\n".join(blocks) + f"\n\n{call} - https://{host}/?op=home&utm_source=contest&utm_medium=email", html=designed(h, title, blocks, call, f"https://{host}/?op=home&utm_source=contest&utm_medium=email", f'This email was sent to {{to}}. <a href="https://{host}/?op=unsubscribe&u={h.digits(7)}">opt out</a>', "#f7931a"))
    for shown, domain, subject, text in [("Santander", "brasil-example.santander.com.br", "Psiu! Cartão sem anuidade com limite na hora 💳", "Olá,\nseu cartão sem anuidade está a um clique, com limite pré-aprovado."), ("Inter", "news-example.inter.co", "Seu limite aumentou 🎉 Aproveite", "Olá, {name},\nseu limite pré-aprovado aumentou, veja no aplicativo.")]:
        add("4675-promo-pt", shown, f"conta@{domain}", subject, "pass pass pass", route="salesforce", reply_to=f"reply@{domain}", unsubscribe=f"<mailto:unsubscribe@{domain}>, <https://data.{domain}/ee/v1/listUnsubscribe?params={h.label(80)}>", fields=(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("x-message-type", "marketing")), text="\u200c\u00a0" * 60 + text, html=table(h, "\u200c&nbsp;" * 60 + paragraphs(text) + button("Peça já", f"https://data.{domain}/ee/v1/click?params={h.label(80)}", "#ec0000")))
    return box.mails


# kind | language | name | address | route | subject | text | links: words>path; ... | options
# Options: n newsletter, b notice with button, i pictures, o Outlook's page, g Gmail's page, t plain text; k untracked
# links, U to nobody named, C copies to many, I an old charset, p PDF, c invitation, d other document, l mailing list, q answer with quotation, f forwarded, r other Reply-To,
# x no text alternative, u unsubscribe field
HONEST = r"""
receipt|fr|Boulangerie du Pont|commande@boulangerie-pont.example|sendgrid|Votre commande n°{d}21 est confirmée|Bonjour {name},\nmerci pour votre commande de 12 croissants et 2 pains de campagne, à retirer samedi dès 8 h.\nMontant payé : 24,60 €.|Voir ma commande>/commandes/{d}; Nous joindre>/contact|b
receipt|en|Stripe|receipts@e-example.stripe.com|sendgrid|Your receipt from Hall & Garden Hire #{d}-9921|Receipt from Hall & Garden Hire\nAmount paid £86.00\nDate paid 4 May\nPayment method Visa ending 4242\nIf you have any questions, contact the seller.|Download invoice>/invoice/{d}; Download receipt>/receipt/{d}|bk
receipt|de|Bahnhofsbuchhandlung Lenz|shop@buch-lenz.example|mailjet|Ihre Bestellung {d}-88 ist eingegangen|Guten Tag {fullname},\nvielen Dank für Ihre Bestellung. Sobald die Bücher das Lager verlassen, erhalten Sie eine Nachricht.\nSumme: 41,90 €, bezahlt mit Lastschrift.|Bestellung ansehen>/konto/bestellungen/{d}|b
receipt|en|Uber Receipts|noreply@e-example.uber.com|ses|Your Thursday evening trip with Uber|Thanks for riding, {name}\nTotal £11.84\nTrip fare 9.90, booking fee 1.94. You rode with Daniel.|Review or report>/trips/{d}; Download PDF>/trips/{d}/pdf; Contact support>/help|bk
receipt|fr|SNCF Connect|nepasrepondre@mail-example.sncf-connect.com|salesforce|Confirmation de votre voyage Rennes - Paris|Bonjour {name},\nvotre paiement de 47,00 € a bien été accepté. Votre billet est disponible dans l'application.\nPensez à vérifier vos horaires la veille du départ.|Voir mon billet>/billets/{d}; Échanger ou annuler>/echange|bx
receipt|es|Librería Tres Calles|pedidos@trescalles.example|brevo|Gracias por tu pedido {d}|Hola {name}:\nhemos recibido tu pedido y lo prepararemos en 24 horas.\nTotal: 33,80 €. Te avisaremos cuando salga.|Ver pedido>/pedidos/{d}|b
receipt|en|Apple|no_reply@email-example.apple.com|own|Your receipt from Apple.|Receipt\nAPPLE ACCOUNT {to}\niCloud+ with 200 GB, monthly, renews 14 June, £2.49.\nIf you have questions about your bill, visit support.|Support>/support/billing; Manage subscriptions>/account/subscriptions|bkx
receipt|nl|Bloemen aan de Gracht|winkel@bloemen-gracht.example|klaviyo|Bestelling {d} ontvangen|Beste {name},\nbedankt voor je bestelling. We bezorgen het boeket zaterdag tussen 10 en 13 uur.|Bestelling bekijken>/bestelling/{d}|b
reset|en|GitHub|noreply@e-example.github.com|sendgrid|[GitHub] Please reset your password|We heard that you lost your GitHub password. Sorry about that!\nBut don't worry, you can use the button below to reset it. If you don't use it within 3 hours, it will expire.|Reset your password>/password_reset/{d}|bk
reset|fr|Kervil Covoiturage|bonjour@covoit-kervil.example|mailgun|Réinitialisation de votre mot de passe|Bonjour {name},\nvous avez demandé à changer de mot de passe. Le lien ci-dessous est valable une heure.\nSi vous n'êtes pas à l'origine de cette demande, ignorez ce message.|Choisir un nouveau mot de passe>/motdepasse?jeton={d}{r}|b
reset|de|Nextcloud der Liste|cloud@liste-citoyenne.example|own|Passwort zurücksetzen|Benutze den folgenden Knopf, um dein Passwort zurückzusetzen. Wenn du das nicht angefordert hast, kannst du diese E-Mail ignorieren.|Passwort zurücksetzen>/index.php/lostpassword/reset/form/{r}{r}|bk
reset|en|Zoom|no-reply@e-example.zoom.us|ses|Code for signing in to Zoom|Hi {name}, here is your one-time code 4{d}92. It expires in 10 minutes.\nIf you did not try to sign in, change your password and contact support.|Zoom support>/support|bk
reset|pt|Câmara de Vale Verde|portal@cm-valeverde.example|own|Recuperação da palavra-passe|Caro(a) {fullname},\nfoi pedido um novo acesso ao portal do munícipe. Clique no endereço em baixo para definir a palavra-passe.|https://cm-valeverde.example/portal/recuperar?c={r}>https://cm-valeverde.example/portal/recuperar?c={r}|tk
reset|en|WordPress|wordpress@brookside-council.example|web|[Brookside Council] Password Reset|Someone has requested a password reset for the following account:\n\nSite Name: Brookside Council\nUsername: sam\n\nIf this was a mistake, ignore this email and nothing will happen. To reset your password, visit the following address:|https://brookside-council.example/wp-login.php?action=rp&key={r}{r}&login=sam>https://brookside-council.example/wp-login.php?action=rp&key={r}{r}&login=sam|tk
security|en|Google|no-reply@accounts-example.google.com|own|Security alert|A new sign-in on Windows\n{to}\nWe noticed a new sign-in to your Google Account on a Windows device. If this was you, you don't need to do anything. If not, we'll help you secure your account.|Check activity>/notifications|bkx
security|fr|Microsoft|account-security-noreply@accountprotection-example.microsoft.com|own|Activité de connexion inhabituelle du compte Microsoft|Compte Microsoft\nNous avons détecté une activité inhabituelle lors d'une connexion récente au compte {to}.\nPays/région : France\nPlateforme : Windows\nConsultez votre activité récente ; nous vous aiderons à prendre des mesures.|Consulter l'activité récente>/activity|bk
security|de|Dropbox|no-reply@e-example.dropbox.com|ses|Neues Gerät mit Ihrem Konto verbunden|Hallo {name},\ngerade wurde ein neues Gerät mit Ihrem Konto verbunden: Firefox unter Linux, Hannover.\nWaren Sie das nicht? Dann trennen Sie das Gerät in den Einstellungen.|Geräte verwalten>/account/security|bk
security|en|Facebook|security@mail-example.facebookmail.com|own|Was this you? New login from Leeds|Hi {name},\nwe noticed a login from a device you don't usually use. If it wasn't you, secure your account.|This was me>/l/yes; This wasn't me>/l/no|bkx
security|es|Instagram|security@mail-example.instagram.com|own|{user}, hemos facilitado tu acceso a Instagram|Hola, {user}:\nsentimos que tengas problemas para entrar en Instagram. Podemos ayudarte a recuperar tu cuenta.|Iniciar sesión como {user}>/_n/web; Restablecer contraseña>/accounts/password|bkx
parcel|fr|Colissimo|noreply@notif-example.laposte.fr|salesforce|Votre colis arrive demain|Bonjour,\nvotre Colissimo 8Q{d}55{d}1 expédié par Papeterie Lenoir sera livré demain entre 9 h et 13 h.\nAbsent ? Choisissez un voisin ou un point de retrait, sans frais.|Suivre mon colis>/suivi/8Q{d}; Modifier ma livraison>/modifier/8Q{d}|b
parcel|de|DHL Paket|noreply@notif-example.dhl.de|own|Ihr Paket ist unterwegs|Guten Tag {fullname},\nIhre Sendung 0034{d}{d} von Stoffladen Berta kommt voraussichtlich am Freitag.\nSie können einen Ablageort festlegen.|Sendung verfolgen>/sendung/{d}; Ablageort wählen>/ablage|bk
parcel|en|Royal Mail|no-reply@e-example.royalmail.com|salesforce|Your parcel has been delivered to a neighbour|We left your item RN{d}44GB with your neighbour at number 12.\nIf you can't find it, tell us within 14 days.|See delivery details>/track/{d}|b
parcel|en|Amazon.co.uk|shipment-tracking@e-example.amazon.co.uk|ses|Your Amazon order of "Extension lead 5 m" has dispatched|Hello {fullname},\nwe thought you'd like to know that we've dispatched your item. Arriving tomorrow by 9pm.\nOrder total £14.99.|Track your package>/progress-tracker/{d}; Order details>/order/{d}|bk
parcel|nl|PostNL|noreply@edm-example.postnl.nl|salesforce|Uw pakket wordt vandaag bezorgd|Beste heer/mevrouw,\nuw pakket van Fietsshop Noord wordt vandaag tussen 14:10 en 16:10 bezorgd.|Volg uw pakket>/volg/{d}; Bezorgvoorkeur aanpassen>/voorkeur|bx
parcel|es|Correos|noreply@avisos-example.correos.es|own|Su envío está listo para recoger|Su envío PQ{d}70 está disponible en la oficina de la calle Mayor hasta el día 21. Presente su DNI.|Localizar envío>/localizador/{d}|bk
parcel|pl|InPost Paczkomaty|powiadomienia@e-example.inpost.pl|mailgun|Paczka czeka w Paczkomacie|Dzień dobry,\npaczka od Księgarnia Wisła czeka na Ciebie do soboty. Kod odbioru: 4{d}1.|Szczegóły>/sledzenie/{d}|b
newsletter|fr|La Gazette de Kervil|lettre@gazette-kervil.example|mailchimp|Le matin : budget voté, grève des bus et fête du port|Bonjour, voici l'essentiel de ce mardi.\nLe conseil municipal a adopté le budget par 21 voix contre 8.\nLes bus resteront au dépôt jeudi.\nLe port prépare sa fête : le programme complet.|Budget : qui paiera quoi>/a/1; La grève expliquée>/a/2; Programme du port>/a/3; S'abonner>/abo|nu
newsletter|en|Brookside Labour Group|hello@brookside-labour.example|activecampaign|Three things we won for our town this month|Dear {name},\nthanks to you the library stays open on Saturdays.\nWe need forty doorstep volunteers before the 7th, can you give us an evening?\nChip in £5 if you can.|I can help>/volunteer; Chip in £5>/donate; Read the report>/report|nu
newsletter|de|Stadtrat aktuell|redaktion@stadtrat-aktuell.example|brevo|Newsletter 14: Radweg, Kitas und ein neuer Spielplatz|Liebe Leserinnen und Leser,\nder Radweg an der Hauptstraße wird im Herbst gebaut.\nFür die neue Kita sucht die Stadt noch Personal.\nAm Sonntag wird der Spielplatz eröffnet.|Zum Radweg>/1; Zur Kita>/2; Zum Fest>/3|nu
newsletter|en|The Ballot Letter|editor@mail-example.substack.com|mailgun|What the polls missed in the north|A short note this week, as I am on the road.\nThe swing in the three northern seats is smaller than the headlines say, and I explain why with two charts.\nPaid subscribers get the full table.|Read in app>/p/{d}; Share>/share; Upgrade to paid>/subscribe|nux
newsletter|fr|Maison du Vélo|infos@maison-velo.example|mailjet|🚲 Atelier gratuit samedi, et une bonne nouvelle|Chers adhérents,\nl'atelier de réparation ouvre ses portes samedi de 10 h à 17 h, c'est gratuit.\nLa subvention de la région a été confirmée !|Je m'inscris>/atelier; Adhérer>/adhesion|nu
newsletter|es|Boletín Vecinal|boletin@vecinos-norte.example|mailchimp|Boletín de abril: asamblea, huerto y cine de verano|Hola, vecinas y vecinos:\nla asamblea será el jueves 18 a las 19 h en el centro cívico.\nBuscamos manos para el huerto.|Orden del día>/asamblea; Apuntarme al huerto>/huerto|nu
newsletter|en|Medium Daily Digest|noreply@e-example.medium.com|sendgrid|How I count postal votes in a spreadsheet|Stories for {fullname}\nToday's highlights: counting postal votes, the history of the ballot box, and why queues form.|Read>/p/1; Read>/p/2; Control your recommendations>/me/settings|nu
newsletter|pt|Jornal do Vale|noticias@jornaldovale.example|brevo|Manhã: obras na ponte e o orçamento da junta|Bom dia,\na ponte fecha ao trânsito a partir de segunda-feira.\nA junta aprovou o orçamento com menos 3% de despesa.|Ler mais>/1; Ver mapa dos desvios>/2|nu
newsletter|it|Comune di Valdora|urp@comune-valdora.example|mailgun|Notizie dal Comune: bandi, strade, eventi|Gentili cittadini,\nè aperto il bando per gli asili nido fino al 30.\nVia Roma resta chiusa fino a venerdì.|Bando asili>/asili; Viabilità>/strade|nu
newsletter|en|Open Data Weekly|weekly@opendata-weekly.example|hubspot|Registers, APIs and a map of every polling place|Hi {name},\nthis week a map of polling places, two new registers and a job.|See the map>/map; Job board>/jobs|nu
newsletter|fr|France Bénévolat Kervil|contact@benevolat-kervil.example|mailjet|Huit missions près de chez vous|Bonjour,\nla banque alimentaire cherche des bras pour la collecte, et l'école un lecteur le vendredi.|Voir les missions>/missions|nu
newsletter|de|taz-Team|team@newsletter-example.taz.de|mailjet|team zukunft: Was jetzt mit dem Wald passiert|Guten Morgen,\nder Waldzustandsbericht ist da, und er ist kein Grund zur Freude. Trotzdem gibt es eine gute Nachricht aus dem Harz.|Weiterlesen>/1; Abo testen>/abo|nux
invitation|fr|Eventbrite|noreply@order-example.eventbrite.com|sendgrid|Votre billet pour Débat : le port demain|Bonjour {name},\nvous êtes inscrit ! Débat : le port demain, jeudi 19 h, salle des fêtes.\nVotre billet est en pièce jointe.|Voir l'événement>/e/{d}; Gérer ma commande>/mytickets|bp
invitation|en|Chamber of Trade|events@trade-brook.example|hubspot|You're invited: breakfast with the candidates|Dear {fullname},\nplease join us on the 9th at 7:45 for breakfast with all four candidates. Places are limited, reply by Friday.|RSVP>/rsvp/{d}|b
invitation|de|Landeszentrale Nord|veranstaltungen@landeszentrale-nord.example|own|Einladung: Tagung Desinformation erkennen|Sehr geehrte Damen und Herren,\nwir laden Sie herzlich zur Tagung am 12. Mai ein. Das Programm finden Sie anbei, um Anmeldung bis zum 3. Mai wird gebeten.|Zur Anmeldung>/anmeldung/{d}|opk
invitation|fr|Préfecture|pref-elections@prefecture-exemple.example|own|Réunion des mandataires du 14 mars|Madame, Monsieur,\nvous êtes conviés à la réunion d'information des mandataires le 14 mars à 14 h 30, salle Jean Moulin. Merci de confirmer votre présence par retour de courriel.||op
calendar|en|Karin Feld|karin.feld@kanzlei-feld.example|outlook|Invitation: contract review @ Tue 4pm|Hi {name}, shall we go through the contract on Tuesday? Dial-in below.\n\nMicrosoft Teams meeting|Join the meeting now>https://teams-example.microsoft.com/l/meetup-join/19%3ameeting_{r}|oc
calendar|fr|Tom Weber (via Google Agenda)|calendar-notification@calendar-example.google.com|own|Invitation : Bureau @ jeu. 18:00 - 19:30|Bureau\njeudi 18:00 - 19:30\nSalle du haut\nTom Weber vous a invité. Participerez-vous ?|Oui>/event?action=RESPOND&rst=1; Non>/event?action=RESPOND&rst=2; Détails>/event?eid={r}|bkc
calendar|en|Calendly|notifications@e-example.calendly.com|ses|New Event: Interview - 10:30am Wed|Hi {name},\na new event has been scheduled.\nInvitee: Laura Stein, Evening Post\nEvent: Interview, 30 minutes|View event in Calendly>/events/{d}|bkc
calendar|de|Doodle|mailer@e-example.doodle.com|mailgun|{name}, bitte abstimmen: Termin Haustürwahlkampf|Hallo {name},\nMaria Ernst lädt dich ein, an der Umfrage "Termin Haustürwahlkampf" teilzunehmen.|Jetzt abstimmen>/poll/{r}|b
invoice|fr|Imprimerie Morvan|compta@imprimerie-morvan.example|own|Facture F2023-0{d} - tracts|Bonjour,\nveuillez trouver ci-joint notre facture pour l'impression des 8 000 tracts. Règlement à 30 jours par virement, notre RIB n'a pas changé.\nCordialement,\nSolène Morvan||op
invoice|en|OVHcloud|support@e-example.ovhcloud.com|own|Your invoice FR5{d}21 is available|Dear customer,\nyour invoice dated 1 June for 11.99 € is available in your account. It will be paid by direct debit on 5 June, no action is needed.|View invoice>/billing/{d}|bkp
invoice|de|Druckerei Sommer|rechnung@druckerei-sommer.example|outlook|Rechnung 2022-{d} Plakate A1|Sehr geehrte Frau Feld,\nanbei die Rechnung über die Plakate. Bitte überweisen Sie bis zum 15. auf das bekannte Konto.\nMit freundlichen Grüßen\nP. Sommer||op
invoice|es|Asesoría Ramos|facturas@asesoria-ramos.example|own|Factura de abril|Buenos días, Luis:\nadjunto la factura de abril. Cualquier duda, me dices.\nUn saludo,\nMarta Ramos||gp
invoice|en|QuickBooks|quickbooks@notification-example.intuit.com|sendgrid|Invoice 1{d} from Brook Signs Ltd|Dear customer,\nhere's your invoice. We appreciate your prompt payment.\nBALANCE DUE £240.00, due 30/06.|Review and pay>/invoice/{r}|bpr
invoice|pt|Gráfica Sol|financeiro@graficasol.example|own|Fatura {d}/2021 em atraso|Boa tarde,\nverificámos que a fatura em anexo ainda não foi paga. Se o pagamento já seguiu, ignore este aviso.\nObrigada,\nRute||gp
invoice|fr|Free|facture@e-example.free.fr|own|Votre facture Free du 12 est disponible|Bonjour,\nvotre facture de 29,99 € est disponible dans votre espace abonné. Elle sera prélevée le 20.\nVotre identifiant : fbx{d}.|Mon espace abonné>/facture|bk
invoice|en|Harper Catering|jo@harper-catering.example|gmail|Invoice for Saturday|Hi Sam,\ninvoice attached for Saturday's lunch - 48 covers. New bank details are on page 2 since we moved to Starling, give me a ring if you want to check them.\nJo||gp
list|en|Ian Malloy via observers|observers@lists.example|list|Re: [observers] ballot paper photo rules|On the question of photos: the handbook says no inside the booth, but the sign at our station says no anywhere. Which one counts?\n\n> has anyone seen the new handbook?|https://handbook-observers.example/ch4.html>https://handbook-observers.example/ch4.html|tlkq
list|fr|Jeanne Le Goff|jeanne.legoff@asso-port.example|list|[quartier-port] Compte rendu de la réunion du 3|Bonjour à tous,\nle compte rendu est sur le nuage de l'association, le mot de passe est le même que d'habitude.\nBonne semaine, Jeanne|https://nuage.asso-port.example/s/{r}>https://nuage.asso-port.example/s/{r}|tlk
list|de|Debian Sicherheit|dsa@lists.example|list|[SECURITY] [DSA {d}-1] openssl security update|A vulnerability was found which could allow a remote attacker to run code. We recommend that you upgrade your packages.\n\nFor details see the tracker.|https://tracker-example.debian.org/tracker/openssl>https://tracker-example.debian.org/tracker/openssl|tlk
list|en|Mailman|observers-bounces@lists.example|list|Your subscription to observers needs confirmation|We have received a request to subscribe {to} to the list observers. To confirm, reply to this message or visit the page below. If you do not wish to be subscribed, disregard this message.|https://lists.example/confirm/observers/{r}>https://lists.example/confirm/observers/{r}|tlk
list|en|Priya Nair (Jira)|jira@parti-example.atlassian.net|sendgrid|[JIRA] (WEB-{d}) Donation page: button hidden on small screens|Priya Nair commented:\nI can reproduce it on a Pixel 6. Fix is in review.|View issue>/browse/WEB-{d}; Add a comment>/browse/WEB-{d}#c|bk
list|en|dependabot[bot]|notifications@e-example.github.com|own|[kervil/site] Bump lodash from 4.17.20 to 4.17.21 (PR #{d})|Bumps lodash from 4.17.20 to 4.17.21. You can merge, rebase or close this request.|View it on GitHub>/kervil/site/pull/{d}; unsubscribe>/notifications/unsubscribe|bkl
ticket|en|Brook Hosting Support|support@brook-hosting.example|own|[#{d}12] Re: mailbox quota|Hello {name},\nthe quota of your mailbox was raised to 10 GB, nothing else changes. You can rate this answer.\nKind regards,\nNeil|Rate this answer>/rate/{d}; View ticket>/tickets/{d}|bkq
ticket|fr|Support Zimbra mairie|support@mairie-kervil.example|own|Ticket {d} : migration de la messagerie samedi|Bonjour,\nla messagerie sera indisponible samedi de 6 h à 9 h pour la migration. Vos mots de passe ne changent pas, aucune action n'est nécessaire de votre part.\nLe service informatique||o
ticket|de|Zendesk (Ticketshop Nord)|support@ticketshopnord-example.zendesk.com|sendgrid|[Request received] Karten für Samstag|Ihre Anfrage ({d}) ist eingegangen und wird von unserem Team bearbeitet. Um Kommentare hinzuzufügen, antworten Sie auf diese E-Mail.|Anfrage ansehen>/hc/requests/{d}|b
ticket|es|Soporte Dominios Sur|soporte@dominios-sur.example|own|Su dominio gestoria-otero.example caduca en 30 días|Estimado cliente:\nle recordamos que su dominio caduca el día 28. Si tiene la renovación automática activada no debe hacer nada.|Renovar ahora>/renovar/{d}|bk
ticket|en|Slack|feedback@e-example.slack.com|ses|[Newsroom] notifications from the Slack workspace|You have 3 new mentions and 1 direct message from Laura Stein: "can you check the turnout table before 5?"|View in Slack>/archives/{d}|bk
promo|fr|Leroy Merlin|infos@e-example.leroymerlin.fr|salesforce|-20 % sur la peinture, jusqu'à dimanche seulement !|Profitez-en : -20 % sur toute la peinture intérieure.\nVos points fidélité vous attendent, 1 240 points à utiliser avant le 30.|J'en profite>/peinture; Trouver un magasin>/magasins|ixu
promo|en|Yeti Coolers UK|hello@mail-example.yeti.com|klaviyo|Your basket misses you|You left something behind. Finish your order today and we ship it free.|Back to basket>/basket; Shop all>/shop|iu
promo|de|REWE|newsletter@mail-example.rewe.de|salesforce|🎁 10fach Punkte: nur noch heute|Hallo {name},\nheute sammeln Sie 10fach Punkte auf Obst und Gemüse. Coupon in der App aktivieren.|Coupon aktivieren>/coupons; Markt finden>/markt|ixu
promo|nl|Kruidvat|nieuws@mail-example.kruidvat.nl|salesforce|1+1 gratis op alle verzorging 💛|Alleen deze week: 1+1 gratis.\nBekijk de folder.|Naar de acties>/acties; Folder>/folder|ixu
promo|en|Norton|info@secure-example.norton.com|salesforce|Your subscription renews soon|Hello {name},\nyour Norton 360 subscription renews on 24 June. You will be charged £84.99 to the card ending 2201. To change this, sign in to your account.|My account>/account; Renewal settings>/renewal|bk
promo|es|Decathlon|novedades@mail-example.decathlon.es|salesforce|¿Preparado para el verano? Todo desde 4,99 €|Descubre bañadores, gafas y mochilas.\nEnvío gratis a tienda.|Ver todo>/verano|ixu
promo|pt|Santander|conta@cliente-example.santander.pt|salesforce|O seu extrato de maio está disponível|Caro(a) {name},\no seu extrato já pode ser consultado no homebanking. Por segurança, este email não contém ligações.||b
promo|fr|Disney+|disneyplus@mail-example.disneyplus.com|salesforce|Nous n'avons pas pu traiter votre paiement|Bonjour {name},\nnous n'avons pas pu prélever votre abonnement ce mois-ci. Mettez à jour votre mode de paiement dans votre compte pour continuer.|Mettre à jour le paiement>/account/billing|bxu
promo|en|Lidl Plus|lidlplus@mail-example.lidl.co.uk|salesforce|Scratch and win: your card is ready|You spent £10, so you get a scratch card in the app. It ends in 7 days.|Open the app>/app|ixu
promo|en|Duolingo|hello@e-example.duolingo.com|sendgrid|We haven't seen you in a while|Your streak froze. Two minutes of Spanish bring it back!|Practice now>/learn|iu
bank|fr|Crédit Agricole|ne-pas-repondre@info-example.credit-agricole.fr|own|Votre relevé de compte est disponible|Bonjour,\nvotre e-relevé de compte est disponible dans votre espace personnel. Pour votre sécurité, connectez-vous en saisissant vous-même l'adresse du site.||b
bank|de|Sparkasse Nordland|service@mail-example.sparkasse.de|own|Neue Nachricht in Ihrem Postfach|Guten Tag,\nin Ihrem elektronischen Postfach liegt eine neue Nachricht. Bitte melden Sie sich wie gewohnt im Online-Banking an.||b
bank|en|PayPal|service@mail-example.paypal.co.uk|own|You sent a payment to Print & Post Ltd|Hello {fullname},\nyou sent £36.50 GBP to Print & Post Ltd. It may take a few moments for this transaction to appear in your account. If you don't recognise it, report it in the Resolution Centre.|View or manage payment>/activity/{d}|bkx
bank|it|Intesa Sanpaolo|comunicazioni@mail-example.intesasanpaolo.com|own|Documento disponibile nell'area riservata|Gentile cliente,\nun nuovo documento è disponibile nella sua area riservata, sezione Archivio.||b
bank|en|Wise|noreply@e-example.wise.com|ses|Your money has arrived|Hi {name},\n1,200.00 EUR from Kervil Print SARL arrived in your EUR balance.|See transfer>/transactions/{d}|bk
bank|es|CaixaBank|avisos@mail-example.caixabank.com|own|Aviso de recibo domiciliado|Estimado cliente:\nmañana se cargará en su cuenta el recibo de Aguas del Norte por 38,12 €.|CaixaBankNow>/particular|bk
forward|fr|Tom Weber|tom.weber@liste-citoyenne.example|own|TR: Devis sono|Salut, tu en penses quoi ? Moi je trouve ça cher.\nTom\n\n---------- Message transféré ----------\nDe : Sono Ouest <devis@sono-ouest.example>\nObjet : Devis sono\n\nBonjour, voici notre devis pour la soirée du 12 : 640 € TTC, installation comprise.||tp
forward|en|Sam Brook|sam.brook@brookside-council.example|outlook|FW: Suspicious email - is this real?|Can you have a look? I did not click. Sam\n\nFrom: HMRC Refunds\nSubject: You are due a refund\n\nComplete the form to get £318.22 back.||ot
forward|de|Maria Ernst|maria.ernst@buendnis-nord.example|own|WG: Anfrage Abendblatt|Hallo Karin,\nkannst du das übernehmen? Frist ist morgen 12 Uhr.\nMaria\n\n-----Ursprüngliche Nachricht-----\nVon: Lea Winter\nBetreff: Anfrage\n\nIch hätte gern eine Stellungnahme zum Haushalt.||t
forward|es|Luis Otero|luis.otero@gestoria-otero.example|gmail|Fwd: Modelo 303|Te reenvío lo de Hacienda, el plazo acaba el 20. Lo presento yo.\nLuis||gp
colleague|fr|Inès Caron|ines.caron@mairie-kervil.example|own|salle pour mardi|Coucou,\nla petite salle est prise mardi, on a la grande de 18 h à 20 h. Tu peux prévenir les autres ?\nInès||t
colleague|en|Laura Stein|l.stein@evening-post.example|gmail|quick one|Hi, are you free for five minutes before the conference? Nothing urgent, it's about tomorrow's page 3.\nL.||g
colleague|de|Karin Feld|feld@kanzlei-feld.example|outlook|AW: Satzung|Liebe Frau Ernst,\n§ 4 würde ich so lassen, § 7 habe ich geändert. Rufen Sie mich gern an.\nMit freundlichen Grüßen\nKarin Feld\nRechtsanwältin||oqd
colleague|pt|Joana Prado|joana@padaria-prado.example|gmail|sábado|Olá, consigo levar os bolos às 9h. São quantas pessoas afinal?\nBeijinhos||g
colleague|en|Dad|brookdad1948@gmail.com|gmail|Re: Re: Sunday|We will be there at one. Mum asks if the little one still eats peas. Bring the ladder if you can.||tq
colleague|fr|Anna Rey|anna.rey@parti-bleu.example|own|URGENT relecture tract|Tu peux relire avant 17 h ? L'imprimeur attend, c'est vraiment urgent. Version jointe.\nMerci !!||td
colleague|nl|Pieter Bos|pieter.bos@lijst-zuid.example|outlook|Re: flyers|Hoi, de flyers liggen bij mij in de garage, haal ze maar op na zessen.\nGroet, Pieter||oq
colleague|it|Chiara Bruni|chiara.bruni@comitato-sud.example|gmail|turni gazebo|Ciao, ti va bene sabato mattina al gazebo? Mancano due persone.\nA presto||g
link|fr|Tom Weber|tom.weber@liste-citoyenne.example|own|photos du marché|Les photos de samedi sont là, prends celles que tu veux.|https://photos.liste-citoyenne.example/album/{r}>https://photos.liste-citoyenne.example/album/{r}|tk
link|en|Priya Nair|priya@parti-bleu.example|gmail|turnout sheet|Here's the sheet, second tab. I've given you edit rights.|https://docs-example.google.com/spreadsheets/d/{r}{r}/edit>https://docs-example.google.com/spreadsheets/d/{r}{r}/edit|gk
link|de|Jonas Reh|jonas.reh@buendnis-nord.example|own|Artikel|Guck mal, das könnte für euch interessant sein. Steht ganz unten auch was zu eurem Antrag.|https://www.abendblatt-nord.example/lokales/{d}>https://www.abendblatt-nord.example/lokales/{d}|tk
link|es|Marta Ramos|marta@asesoria-ramos.example|gmail|formulario|Luis, rellena esto cuando puedas, son dos minutos.|https://example.forms.gle/{r}>https://example.forms.gle/{r}|gk
link|en|Neil Hart|neil.hart@brook-signs.example|outlook|artwork too big for email|Hi Sam,\nthe artwork is too big to attach so it's on WeTransfer until Friday. Let me know if the colours look right.\nNeil|https://example.we.tl/t-{r}>https://example.we.tl/t-{r}|ok
link|fr|Solène Morvan|solene@imprimerie-morvan.example|own|BAT affiche|Bonjour, le bon à tirer est en ligne, merci de le valider avant demain midi sinon nous perdons le créneau machine.|Voir le BAT>https://bat.imprimerie-morvan.example/{r}|ok
shared|en|Priya Nair (via Google Docs)|drive-shares-noreply@mail-example.google.com|own|Document shared with you: "Door script v3"|Priya Nair (priya@parti-bleu.example) has invited you to edit the following document:\nDoor script v3|Open>/document/d/{r}{r}/edit|bkr
shared|de|OneDrive von Karin Feld|no-reply@sharepoint-example.microsoft.com|own|Karin Feld hat die Datei "Entwurf Satzung.docx" für Sie freigegeben|Karin Feld hat eine Datei für Sie freigegeben. Dieser Link funktioniert nur für die direkten Empfänger dieser Nachricht.|Öffnen>/:w:/g/personal/{r}|bkr
shared|en|WeTransfer|noreply@e-example.wetransfer.com|ses|neil.hart@brook-signs.example sent you artwork_final.zip via WeTransfer|neil.hart@brook-signs.example sent you some files\n1 item, 212 MB in total, expires on 14 June|Get your files>/downloads/{r}|bkr
shared|fr|Nuage de l'asso|nuage@asso-port.example|own|Jeanne a partagé « Statuts » avec vous|Jeanne Le Goff a partagé « Statuts » avec vous.|Ouvrir « Statuts »>/f/{d}|bk
shared|en|DocuSign NA3 System|dse_NA3@mail-example.docusign.net|own|Completed: Lease - 14 High Street|All parties have completed: Lease - 14 High Street. You can view, download or print the completed document.|VIEW COMPLETED DOCUMENT>/Member/EmailStart.aspx?a={r}{r}|bkp
journalist|en|Laura Stein|l.stein@evening-post.example|own|Question for tomorrow's paper - deadline 4pm|Hello,\nI'm writing about the cost of the new council offices. Could you tell me whether the figure of £2.1m is right and who signed it off? I need a line by 4pm.\nThanks, Laura Stein, Evening Post, 0113 496 0000||t
journalist|fr|Paul Guillou|p.guillou@ouest-matin.example|gmail|Demande d'interview|Bonjour Madame Rey,\nje prépare un portrait des têtes de liste et j'aimerais vous rencontrer cette semaine, une demi-heure suffit. Quel jour vous arrange ?\nBien à vous,\nPaul Guillou, Ouest Matin||g
journalist|de|Lea Winter|winter@abendblatt-nord.example|outlook|Presseanfrage Haushalt|Sehr geehrte Damen und Herren,\nbitte beantworten Sie mir bis morgen, 12 Uhr, die Fragen im Anhang. Danke!\nLea Winter, Redaktion Lokales||od
journalist|es|Nuria Gil|nuria.gil@radio-norte.example|own|Entrevista en directo el jueves|Hola, ¿podrías entrar en directo el jueves a las 8:15? Serían seis minutos por teléfono.\nGracias, Nuria||t
journalist|en|Radio Kervil Newsdesk|newsdesk@radio-kervil.example|own|Embargoed: poll results, 6am|Embargoed until 6am. Tables attached, methodology on our site. Call the desk for a clip.|https://radio-kervil.example/methodology>https://radio-kervil.example/methodology|tkp
volunteer|fr|Malo Hervé|malo.herve22@gmail.com|gmail|Je veux aider !|Bonjour, j'ai 19 ans et j'aimerais distribuer des tracts dans mon quartier. Je suis libre les week-ends. À qui dois-je m'adresser ?\nMalo||t
volunteer|en|Signup form|forms@mail-example.typeform.com|sendgrid|New response: Volunteer sign-up|You have a new response.\nName: Olive Tran\nWhen can you help: Tuesdays\nCan you drive: yes|See all responses>/form/{r}/results|bk
volunteer|de|Gisela Brandt|g.brandt1951@gmail.com|gmail|Plakate|Guten Tag, in der Lindenstraße ist ein Plakat heruntergefallen. Ich kann es wieder aufhängen, brauche aber Kabelbinder.\nGisela Brandt||g
volunteer|en|Organise Brookside|rota@mail-example.mobilize.us|mailgun|Reminder: door knocking tomorrow, 5:30pm|Hi {name},\nyou signed up for door knocking tomorrow at 5:30pm, meeting at the library steps. Can't make it? Let us know.|I'll be there>/e/{d}/yes; Change>/e/{d}|b
volunteer|pt|Rui Matos|ruimatos.vale@gmail.com|gmail|Inscrição|Boa noite, quero inscrever-me para a mesa de voto. Envio o cartão em anexo.\nRui Matos||gp
survey|en|SurveyMonkey|noreply@e-example.surveymonkey.com|ses|Brookside Council wants your opinion|Brookside Council is running a survey on bus routes, it takes 4 minutes and closes on Sunday. Ten people who answer win a £20 voucher.|Begin survey>/r/{r}|bu
survey|fr|Enquête MAIF|enquetes@mail-example.maif.fr|brevo|{name}, votre avis compte : 3 minutes|Bonjour {name},\nvous avez appelé nos conseillers le 12. Merci de répondre à trois questions.|Répondre>/enquete/{d}|bu
admin|fr|Urssaf|ne-pas-repondre@info-example.urssaf.fr|own|Votre échéance du 5 du mois|Bonjour,\nvotre prochaine échéance de 412 € sera prélevée le 5. Aucune action n'est requise si votre mandat est actif.|Mon espace>/espace|bk
admin|de|Elster|portal@mail-example.elster.de|own|Bereitstellung eines Dokuments|Sehr geehrte Damen und Herren,\nin Ihrem Postfach wurde ein Dokument bereitgestellt. Zum Abholen melden Sie sich bitte im Portal an.||t
admin|en|Companies House|noreply@mail-example.companieshouse.gov.uk|own|Confirmation statement due: BROOK HALL TRUST|Your confirmation statement is due by 14 July. You can file it online, the fee is £34. There's a penalty for filing late.|File online>/confirmation-statement|tk
admin|en|ICANN renewals at Brook Hosting|domains@brook-hosting.example|own|ACTION REQUIRED: verify your contact details within 15 days|Dear {fullname},\nyou registered brook-hall.example with us. The rules ask you to verify the e-mail address of the owner, else the domain will be suspended.|Verify my address>/verify/{r}|bk
club|fr|Secrétariat du club de lecture|secretariat@club-lecture.example|own|Prochaine rencontre et cotisations|Bonjour à toutes et à tous,\nnous nous retrouvons le 9 à 20 h autour du roman choisi. Merci à ceux qui n'ont pas encore réglé leur cotisation (15 euros) d'apporter un chèque.\nAmitiés, Monique||tUI
club|en|Parish Clerk|clerk@brook-parish.example|own|Agenda for Thursday|Dear all,\nplease find the agenda attached. The footpath item comes first because the officer must leave at eight.\nKind regards,\nRuth||opC
club|de|Kontaktformular buendnis-nord.example|www-data@buendnis-nord.example|web|Neue Nachricht über das Formular|Name: Horst Adam\nE-Mail: h.adam@post.example\nNachricht: Wann kommt der Infostand wieder nach Altdorf? Ich hätte gern drei Plakate.||tI
club|es|Coro de la Villa|coro@coro-villa.example|own|Ensayo del viernes|Hola a todos:\nel viernes ensayamos en la iglesia, traed abrigo. Las partituras están en la web.|http://coro-villa.example/partituras.html>http://coro-villa.example/partituras.html|tkU
job|en|LinkedIn|jobs-noreply@e-example.linkedin.com|own|{name}: 7 new jobs for "campaign manager"|Your job alert for campaign manager in Leeds\n7 new jobs match your preferences.|See all jobs>/comm/jobs; Manage alerts>/comm/alerts|nkux
job|fr|Pôle RH Parti Bleu|rh@parti-bleu.example|own|Bulletin de paie de mars|Bonjour {name},\nvotre bulletin de paie est joint à ce message. Le fichier est protégé, le mot de passe est celui que vous avez choisi à l'embauche.\nLe pôle RH||op
job|de|Personio|noreply@e-example.personio.de|ses|Urlaubsantrag genehmigt|Hallo {name},\ndein Urlaubsantrag vom 4. bis 8. August wurde genehmigt.|In Personio ansehen>/time-off/{d}|bk
"""


def tracker(hand, route, host):
    """How a provider counts the clicks of one customer: a new address at each call."""
    account, number = hand.label(8), hand.digits(8)
    return lambda: {
        "mailchimp": f"https://{host.split('.')[0]}.us{number[0]}.list-manage.com/track/click?u={account}{number}&id={hand.label(10)}&e={hand.label(10)}",
        "sendgrid": f"https://u{number}.ct.sendgrid.net/ls/click?upn=u001.{hand.label(70)}-3D",
        "ses": f"https://{account}.r.eu-west-1.awstrack.me/L0/https:%2F%2Fwww.{host}%2F{hand.label(6)}/1/{hand.label(40)}",
        "mailjet": f"https://{account[:5]}.mjt.lu/lnk/{hand.label(60)}",
        "brevo": f"https://{account}.r.bh.d.sendibt3.com/mk/cl/f/{hand.label(80)}",
        "salesforce": f"https://click.{host}/?qs={hand.label(70, '0123456789abcdef')}",
        "mailgun": f"https://email.mg.{host}/c/eJx{hand.label(90)}",
        "hubspot": f"https://{account}.eu1.hubspotlinks.com/Ctc/{hand.label(60)}",
        "klaviyo": f"https://ctrk.klclick1.com/l/01{hand.label(40)}",
        "activecampaign": f"https://{host.split('.')[0]}.activehosted.com/lt.php?x={hand.label(70)}",
    }.get(route, f"https://www.{host}/{hand.label(6)}")


FOOT = {"fr": ("Vous recevez ce message car vous êtes inscrit avec l'adresse {to}.", "Se désinscrire", "Voir dans le navigateur"), "de": ("Sie erhalten diese E-Mail an {to}.", "Abmelden", "Im Browser ansehen"), "es": ("Recibes este correo en {to}.", "Darse de baja", "Ver en el navegador"), "pt": ("Recebeu este email em {to}.", "Cancelar subscrição", "Ver no navegador"), "it": ("Ricevi questa email all'indirizzo {to}.", "Annulla iscrizione", "Apri nel browser"), "nl": ("U ontvangt deze mail op {to}.", "Afmelden", "Bekijk in browser"), "pl": ("Wiadomość wysłano na {to}.", "Wypisz się", "Zobacz w przeglądarce"), "en": ("This email was sent to {to}.", "Unsubscribe", "View in browser")}


# Services that write in somebody's name: answers go to that person.
ANSWERS = {"drive-shares-noreply": "priya@parti-bleu.example", "no-reply@sharepoint": "karin.feld@kanzlei-feld.example", "noreply@e-example.wetransfer": "neil.hart@brook-signs.example", "dse_NA3": "lettings@brook-estates.example", "quickbooks": "accounts@brook-signs.example", "www-data": "h.adam@post.example", "mailer@e-example.doodle": "jonas.reh@buendnis-nord.example", "noreply@order-example": "contact@club-debats.example", "notifications@e-example.calendly": "l.stein@evening-post.example", "observers": "observers@lists.example", "dsa@": "dsa@lists.example"}
PERSONAL = "colleague link forward journalist club volunteer invoice calendar".split()


def habits(hand, kind, route, address, options, off, to):
    """The lesser fields as programs and providers leave them: answers, copies, ways out, mailer, priority."""
    host, chance, fields, how = address.partition("@")[2], hand.random.random, [], {}
    personal = kind in PERSONAL and route in ("own", "outlook", "gmail")
    answer = next((a for start, a in ANSWERS.items() if address.startswith(start)), None)
    if not answer and not personal and chance() < 0.35:
        answer = hand.pick(f"contact@{host}", f"reply-{hand.label(20)}@reply.{host}", f"no-reply@{host}", address, f"{host.split('.')[0]}.contact@gmail.com" if kind in ("receipt", "newsletter", "promo") and host.endswith(".example") and host.count(".") == 1 else f"support@{host}")
    if answer:
        how["reply_to"] = answer
    if "n" in options or "u" in options or kind in ("promo", "list") or not personal and route not in ("own", "web") and chance() < 0.3:
        how["unsubscribe"] = hand.pick(f"<{off}>", f"<{off}>, <mailto:leave-{hand.label(10)}@{host}>", f"<mailto:unsubscribe-{hand.label(14)}@{host}?subject=unsubscribe>")
        if off in how["unsubscribe"] and chance() < 0.5:
            fields.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    if personal:
        if chance() < 0.3:
            how["cc"] = ", ".join(hand.random.sample([f"{v[0]} <{v[1]}>" for v in VICTIMS if v != to] + [f"office@{host}", f"Ruth Adler <ruth.adler@{host}>"], hand.pick(1, 1, 2, 3)))
        if route == "own":
            fields.append(hand.pick(("X-Mailer", "Microsoft Outlook 16.0"), ("X-Mailer", "Apple Mail (2.3608.120.23.2.7)"), ("X-Mailer", "iPhone Mail (19H12)"), ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Thunderbird/102.3.0"), ("User-Agent", "Roundcube Webmail/1.4.11")))
    elif route in ("own", "web") and chance() < 0.4:
        fields.append(("X-Mailer", hand.pick("PHPMailer 6.8.0 (https://github.com/PHPMailer/PHPMailer)", "SwiftMailer 6.3", "Microsoft Outlook 16.0", "Nodemailer", "JavaMail")))
    if chance() < 0.07:
        fields += [("X-Priority", hand.pick("3 (Normal)", "1 (Highest)", "3")), ("Importance", hand.pick("Normal", "High"))]
    if not personal and chance() < 0.1:
        fields.append(("Sender", hand.pick(address, f"mailer@{host}")))
    return fields, how


def honest(seed):
    box, lesser = Box(seed), Hand(seed + 1000)
    h = box.hand
    for row in HONEST.strip().splitlines():
        kind, lang, shown, address, route, subject, body, links, options = [f.strip() for f in row.split("|")]
        to, host, body = h.pick(*VICTIMS), address.partition("@")[2], body.replace("\\n", "\n")
        # Whoever the text calls by name receives it.
        to = next((v for v in VICTIMS if v[0].split(" ")[0] in body or v[0].split(" ")[1] in body.split("\n")[0]), to)
        if to[1] == address:
            to = VICTIMS[(VICTIMS.index(to) + 1) % len(VICTIMS)]
        pairs = [p.strip().split(">", 1) for p in links.split(";") if ">" in p]
        track, fixed = tracker(h, route, host), (h.label(10), h.digits(5))
        known = lambda t: t.replace("{r}", fixed[0]).replace("{d}", fixed[1])
        where = lambda target: target if target.startswith("http") else f"https://{host}{target}" if "k" in options else track()
        pairs = [(known(words), known(where(target))) for words, target in pairs]
        sent, leave, browser = FOOT[lang]
        off = track() if "k" not in options else f"https://{host}/unsubscribe/{h.label(12)}"
        plain = body + "".join("\n\n" + (u if u == w else f"{w}: {u}") for w, u in pairs)
        buttons = "".join(button(w, u, h.pick("#0a66c2", "#00796b", "#333", "#c62828")) for w, u in pairs)
        pixel = f'<img src="{track()}" width="1" height="1" alt="" style="display:none">'
        page = None
        if "n" in options:
            pre = f'<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">{body.split(chr(10))[0]}{"&nbsp;&zwnj;" * h.random.randint(20, 90)}</div>'
            stories = "".join(f"<h3>{x}</h3>" if i % 2 else f"<p>{x}</p>" for i, x in enumerate(body.split("\n")))
            page = table(h, pre + f'<p style="font-size:11px"><a href="{off}">{browser}</a></p><img src="https://{host}/img/{h.label(6)}.png" alt="{entities.escape(shown)}" width="200">{stories}{buttons}<p style="font-size:11px;color:#888">{sent} <a href="{off}">{leave}</a> · 12 rue du Port</p>{pixel}')
        elif "i" in options:
            blocks = "".join(f'<a href="{u}"><img src="https://image.{host}/lib/{h.label(10)}/m/1/{h.label(8)}.jpg" width="600" alt="{entities.escape(w)}" style="display:block"></a>' for w, u in pairs * 2)
            page = table(h, f'<div style="display:none;font-size:1px;color:#fff">{body.split(chr(10))[0]}{"&#847; " * 40}</div>{blocks}<p style="font-size:12px">{body.replace(chr(10), "<br>")}</p><p style="font-size:10px;color:#999">{sent} <a href="{off}">{leave}</a></p>{pixel}', 640)
        elif "b" in options:
            page = table(h, f'<img src="https://{host}/logo-{h.label(4)}.png" alt="{entities.escape(shown)}" height="32">{paragraphs(body)}{buttons}<p style="font-size:11px;color:#777">© {shown}. {sent}</p>' + (pixel if "k" not in options else ""))
        elif "o" in options:
            anchors = "".join(f'<p class="MsoNormal"><a href="{u}">{w}</a><o:p></o:p></p>' for w, u in pairs)
            page = '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;} div.WordSection1 {page:WordSection1;} --></style></head><body lang="FR" link="#0563C1" vlink="#954F72"><div class="WordSection1">' + "".join(f'<p class="MsoNormal">{x}<o:p></o:p></p>' for x in body.split("\n")) + anchors + "</div></body></html>"
        elif "g" in options:
            page = f'<div dir="ltr">{body.replace(chr(10), "<br>")}' + "".join(f'<div><a href="{u}">{w}</a></div>' for w, u in pairs) + "</div>"
        if "q" in options:
            plain += f"\n\n> {h.pick('Can we move it?', 'Merci pour ta réponse.', 'Danke, passt so.')}\n> {h.pick('Best', 'Bises', 'Gruß')}"
            page = page and page + '<blockquote style="border-left:1px solid #ccc;padding-left:1ex">…</blockquote>'
        files = [("facture_{d}.pdf" if lang == "fr" else "document_{d}.pdf", PDF, "application/pdf")] * ("p" in options) + [("invite.ics", ICS, "text/calendar")] * ("c" in options) + [("version2.docx", b"PK\x03\x04" + b"\x00" * 60, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")] * ("d" in options)
        fields = [("In-Reply-To", f"<{h.label(12)}@mail.{host}>"), ("References", f"<{h.label(12)}@mail.{host}>")] if "q" in options or "l" in options else []
        more, how = habits(lesser, kind, route, address, options, off, to)
        if "C" in options:
            how["cc"] = ", ".join(f"{v[0]} <{v[1]}>" for v in VICTIMS if v != to)
        taken = {f.lower() for f in mail_real.ROUTES[route][4]}
        fields += [f for f in more if f[0].lower() not in taken]
        if "list-unsubscribe" in taken:
            how.pop("unsubscribe", None)
        box.add(f"{kind}-{lang}", shown, address, subject, h.pick("pass pass pass", "pass pass none", "pass none none", "none none none") if route in ("own", "web", "outlook", "list") else "pass pass pass", first=2015, to=to, route=route, text=plain if "x" not in options else None, html=page if "t" not in options else None, attachments=files, recipients="undisclosed-recipients:;" if "U" in options else None, charset="iso-8859-1" if "I" in options else "utf-8", cte=h.pick(None, "quoted-printable", "base64") if "x" in options else None, fields=fields, **how)
    return box.mails


def main(out):
    write(out, "lure-d2", lures(7501))
    write(out, "grey-d2", grey(7502))
    write(out, "honest-d2", honest(7503))


if __name__ == "__main__":
    main(sys.argv[1])
