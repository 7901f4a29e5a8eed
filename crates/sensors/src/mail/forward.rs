//! Messages forwarded in the text: who wrote the original, as the forwarder's program set it down, and the original
//! written anew from what is quoted. Less is known of such an original than of one that was attached, and all of it is
//! the forwarder's word.
//!
//! You may rely on: bounded time; a reply that quotes is no forward. Left out: originals whose four lines were edited;
//! which of the attachments were the forwarder's own (all are taken for the original's).

use super::message::{Mailbox, Message, Role};
use super::outlook::mime;
use super::{address, date};
use formats::html;
use std::borrow::Cow;

/// Bytes of text looked at.
const TEXT: usize = 64 << 10;
/// Lines in which the four fields of an original must stand together.
const NEAR: usize = 10;

/// The original of a message forwarded in its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Original {
    /// Who wrote it.
    pub from: Mailbox,
    /// To whom, as far as it says.
    pub to: Vec<Mailbox>,
    /// When, as it stands there.
    pub date: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Subjects begin so when programs forward: English, French, German, Spanish, Italian, Portuguese, Dutch, Polish, Swedish,
/// Danish and Norwegian.
const FORWARDS: [&str; 16] = [
    "fwd:", "fw:", "tr:", "tr :", "wg:", "rv:", "i:", "enc:", "res:enc:", "doorst:", "pd:", "vb:", "vs:", "fwd :",
    "fw :", "fwd]",
];
/// Subjects begin so when programs answer.
const ANSWERS: [&str; 11] = ["re:", "re :", "aw:", "sv:", "antw:", "rif:", "r:", "res:", "ré:", "odp:", "vs: re:"];
/// The words before the sender, the date, the subject and the recipients.
const SENDER: [&str; 9] = ["from", "de", "von", "da", "van", "od", "från", "fra", "expéditeur"];
const DATE: [&str; 26] = [
    "date",
    "sent",
    "envoyé",
    "envoyé le",
    "gesendet",
    "gesendet am",
    "datum",
    "fecha",
    "enviado",
    "enviado el",
    "enviado em",
    "enviada em",
    "enviada",
    "data",
    "inviato",
    "data invio",
    "verzonden",
    "verzonden op",
    "wysłano",
    "data wysłania",
    "skickat",
    "sendt",
    "dato",
    "le",
    "am",
    "date d’envoi",
];
const SUBJECT: [&str; 12] = [
    "subject",
    "objet",
    "sujet",
    "betreff",
    "asunto",
    "oggetto",
    "assunto",
    "onderwerp",
    "temat",
    "ämne",
    "emne",
    "betr",
];
const RECIPIENT: [&str; 22] = [
    "to",
    "à",
    "a",
    "an",
    "para",
    "aan",
    "do",
    "till",
    "til",
    "cc",
    "kopie",
    "kopia",
    "copie à",
    "cópia",
    "répondre à",
    "reply-to",
    "antwort an",
    "responder a",
    "rispondi a",
    "destinataire",
    "pour",
    "importance",
];

/// The original, where there is one.
pub fn original(message: &Message) -> Option<Original> {
    let subject = message.subject.trim_start().to_lowercase();
    let said = FORWARDS.iter().any(|f| subject.starts_with(f));
    let answers = !said && ANSWERS.iter().any(|a| subject.starts_with(a));
    let text: Cow<str> = match (message.of(Role::Text).next(), message.of(Role::Html).next()) {
        (Some(part), _) => Cow::Borrowed(&part.text),
        (None, Some(part)) if said || !answers => Cow::Owned(html::read(&part.text).text),
        _ => return None,
    };
    let text = &text[..text.floor_char_boundary(TEXT)];
    let mut found = (Original::default(), 0usize);
    let (mut marked, mut complete, mut subjected, mut at) = (false, false, false, 0);
    for (n, whole) in text.split_inclusive('\n').enumerate() {
        let line = bare(whole);
        // Programs set the same line above what is answered.
        marked |= mark(line) && !answers;
        let (original, begun) = &mut found;
        let (name, value) = line.split_once(':').unwrap_or(("", line));
        let (name, value) =
            (name.trim_matches([' ', '*', '\u{a0}']).to_lowercase(), value.trim_matches([' ', '*', '\u{a0}']));
        let name = name.as_str();
        // Who forwards may write the subject anew: four fields in a row are no sentence.
        let four = |o: &Original| !o.to.is_empty() && !o.from.address.is_empty();
        if complete && !RECIPIENT.contains(&name) && !DATE.contains(&name) && !SUBJECT.contains(&name) {
            // The text begins after an empty line, or where the fields end.
            original.text = unquoted(&text[at..]);
            return Some(found.0);
        }
        at += whole.len();
        if complete && RECIPIENT.contains(&name) {
            original.to.extend(address::list(value.as_bytes()));
        } else if SENDER.contains(&name) && !complete && (value.contains('@') || marked || said) {
            let from = address::list(value.as_bytes()).into_iter().next().unwrap_or_default();
            (*original, *begun, subjected) = (Original { from, ..Original::default() }, n, false);
        } else if original.from != Mailbox::default() && n < *begun + NEAR {
            if DATE.contains(&name) {
                original.date = value.into();
            } else if SUBJECT.contains(&name) {
                (original.subject, subjected) = (value.into(), true);
            } else if RECIPIENT.contains(&name) {
                original.to.extend(address::list(value.as_bytes()));
            }
            let all = !original.date.is_empty() && (subjected || !original.to.is_empty());
            complete = all && (said || marked || !answers && subjected && four(original) && n < *begun + 6);
        }
    }
    complete.then_some(found.0)
}

/// A line without what quotes it.
fn bare(line: &str) -> &str {
    line.trim_end().trim_start_matches(['>', ' ', '*', '\u{a0}'])
}

/// A text without the `>` of its lines, where most of them bear one.
fn unquoted(text: &str) -> String {
    let (quoted, all) = text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .fold((0, 0), |(quoted, all), line| (quoted + usize::from(line.starts_with('>')), all + 1));
    if quoted * 2 < all || quoted == 0 {
        return text.to_string();
    }
    let line = |l: &str| l.strip_prefix("> ").or(l.strip_prefix('>')).unwrap_or(l).to_string();
    text.lines().map(line).collect::<Vec<_>>().join("\r\n")
}

/// The original as a message of its own. Pages are cut after the lines that name it; what is attached goes with it.
pub fn written(message: &Message, original: &Original) -> Vec<u8> {
    let one_line = |text: &str| text.replace(['\r', '\n', '\0'], " ");
    let mailbox = |m: &Mailbox| {
        let name = one_line(&m.name).replace(['\\', '"'], " ");
        format!("\"{name}\" <{}>", one_line(&m.address))
    };
    let mut out = format!("From: {}\r\nSubject: {}\r\n", mailbox(&original.from), one_line(&original.subject));
    if !original.to.is_empty() {
        let to: Vec<String> = original.to.iter().take(50).map(mailbox).collect();
        out += &format!("To: {}\r\n", to.join(", "));
    }
    if date::parse(&original.date).is_some() {
        out += &format!("Date: {}\r\n", one_line(&original.date));
    }
    out += "MIME-Version: 1.0\r\n";
    let mut parts: Vec<(String, Cow<[u8]>)> =
        vec![("Content-Type: text/plain; charset=utf-8\r\n".into(), Cow::Borrowed(original.text.as_bytes()))];
    if let Some(page) = message.of(Role::Html).find(|p| !p.attached) {
        let page = after(&page.text, original);
        let parts_of =
            [parts.remove(0), ("Content-Type: text/html; charset=utf-8\r\n".into(), Cow::Borrowed(page.as_bytes()))];
        let mut inner = Vec::new();
        parts.push((mime::multipart("alternative", &parts_of, &mut inner), Cow::Owned(inner)));
    }
    for part in message.of(Role::Attachment) {
        let name = one_line(part.name.as_deref().unwrap_or_default()).replace(['\\', '"'], "_");
        let media = if part.media.is_empty() { "application/octet-stream" } else { &part.media };
        let head =
            format!("Content-Type: {}\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n", one_line(media));
        parts.push((head, Cow::Borrowed(&part.bytes)));
    }
    let mut body = Vec::new();
    let media = mime::multipart("mixed", &parts, &mut body);
    [out.as_bytes(), media.as_bytes(), b"\r\n", &body].concat()
}

/// A page after the place where it names the original's sender and subject; all of it where it does not.
fn after<'p>(page: &'p str, original: &Original) -> &'p str {
    let sender = if original.from.address.is_empty() { &original.from.name } else { &original.from.address };
    let Some(at) = page.find(sender.as_str()).filter(|_| !sender.is_empty()) else { return page };
    let rest = &page[at..];
    // Words with references in them stand otherwise in a page: the first that is plain will do.
    let word =
        original.subject.split_whitespace().filter(|w| w.chars().all(char::is_alphanumeric)).max_by_key(|w| w.len());
    let near = &rest[..rest.floor_char_boundary(4096)];
    let end = word.and_then(|w| near.find(w).map(|n| n + w.len())).unwrap_or(0);
    let end = rest[end..].find('<').map_or(end, |n| end + n);
    &rest[end..]
}

/// Lines that programs put above what they forward.
fn mark(line: &str) -> bool {
    let line = line.trim_matches(['-', ' ', ':', '_']).to_lowercase();
    let marks = [
        "forwarded message",
        "original message",
        "begin forwarded message",
        "message transféré",
        "message transmis",
        "message réexpédié",
        "début du message réexpédié",
        "début du message transféré",
        "message d'origine",
        "message d’origine",
        "weitergeleitete nachricht",
        "weitergeleitete message",
        "anfang der weitergeleiteten",
        "ursprüngliche nachricht",
        "mensaje reenviado",
        "inicio del mensaje reenviado",
        "mensaje original",
        "messaggio inoltrato",
        "inizio messaggio inoltrato",
        "messaggio originale",
        "mensagem encaminhada",
        "mensagem reencaminhada",
        "início da mensagem",
        "mensagem original",
        "doorgestuurd bericht",
        "begin doorgestuurd bericht",
        "oorspronkelijk bericht",
        "przekazana wiadomość",
        "wiadomość przekazana",
        "vidarebefordrat meddelande",
        "videresendt",
        "start på videresendt",
    ];
    marks.iter().any(|m| line.starts_with(m))
}

#[cfg(test)]
mod tests {
    use crate::mail::parse::parse;

    #[test]
    fn forwards_are_told_from_replies() {
        let check = |subject: &str, body: &str, expected: Option<(&str, &str)>| {
            let mail = format!("From: staff@kiosque.example\nSubject: {subject}\n\n{body}\n");
            let got = super::original(&parse(mail.as_bytes(), true)).map(|o| (o.from.address, o.subject));
            assert_eq!(got, expected.map(|(a, s)| (a.into(), s.into())), "{body}");
        };
        let four = "De : \"Banque\" <evil@stranger.example>\nEnvoyé : lundi 6 mars 2017 10:00\nÀ : staff\nObjet : Alerte\n\nlure";
        check("TR: Alerte", four, Some(("evil@stranger.example", "Alerte")));
        check("Re: Alerte", four, None);
        let gmail = "bizarre ?\n\n---------- Forwarded message ---------\nFrom: Bank <evil@stranger.example>\nDate: Mon, 6 Mar\nSubject: Alert\nTo: <staff@kiosque.example>\n\nlure";
        check("Alert", gmail, Some(("evil@stranger.example", "Alert")));
        check("hello", "From: me\nwith love", None);
        let check_all = [
            ("RE: Alerte", four, None),
            (
                "Alerte du jour",
                "vu ça ?\n\nDe : X <evil@stranger.example>\nEnvoyé : lundi 6 mars 2017 10:00\nÀ : staff <staff@kiosque.example>\nObjet : Alerte\n\nlure",
                Some(("evil@stranger.example", "Alerte")),
            ),
            (
                "ENC: Aviso",
                "De: Banco <evil@stranger.example>\nEnviado: segunda-feira, 6 de março de 2017 10:00\nPara: staff\nAssunto: Aviso\n\nlure",
                Some(("evil@stranger.example", "Aviso")),
            ),
            (
                "WG: Warnung",
                "Von: Bank <evil@stranger.example>\nGesendet: Montag, 6. März 2017 10:00\nAn: staff\nBetreff: Warnung\n\nlure",
                Some(("evil@stranger.example", "Warnung")),
            ),
            (
                "PD: Alert",
                "Od: Bank <evil@stranger.example>\nWysłano: poniedziałek, 6 marca 2017 10:00\nDo: staff\nTemat: Alert\n\nlure",
                Some(("evil@stranger.example", "Alert")),
            ),
            (
                "Fw: ",
                "________________________________\nFrom: Bank <evil@stranger.example>\nSent: Monday, March 6, 2017 10:00 AM\nTo: staff\nSubject: \n\nlure",
                Some(("evil@stranger.example", "")),
            ),
            ("Meeting", "From: me\nDate: tomorrow\nTo: all\nSubject: lunch\n\nsee you", None),
        ];
        check_all.into_iter().for_each(|(subject, body, expected)| check(subject, body, expected));
        let apple = "Début du message transféré :\n\n> De: Bank <evil@stranger.example>\n> Objet: Alerte\n> Date: 6 mars 2017\n> À: staff@kiosque.example\n>\n> lure";
        check("Alerte", apple, Some(("evil@stranger.example", "Alerte")));
    }

    #[test]
    fn originals_are_written_anew() {
        let page = "<p>odd?</p><div>From: Bank &lt;evil@stranger.example&gt;<br>Subject: Alert now<br></div><a href='https://kiosque.example/x'>here</a>";
        let mail = format!(
            "From: staff@kiosque.example\nSubject: Fwd: Alert now\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n\
             odd?\n> From: Bank <evil@stranger.example>\n> Date: Mon, 6 Mar 2017 10:00:00 +0100\n> Subject: Alert now\n\
             > To: anna@kiosque.example\n> \n> the lure\n--b\nContent-Type: text/html\n\n{page}\n--b\n\
             Content-Disposition: attachment; filename=a.bin\n\nbytes\n--b--\n"
        );
        let outer = parse(mail.as_bytes(), true);
        let written = super::written(&outer, &super::original(&outer).unwrap());
        let inner = parse(&written, false);
        assert_eq!(
            (inner.from[0].address.as_str(), inner.to[0].address.as_str()),
            ("evil@stranger.example", "anna@kiosque.example")
        );
        assert_eq!(
            (inner.subject.as_str(), inner.date.unwrap().to_string().as_str()),
            ("Alert now", "2017-03-06T09:00:00Z")
        );
        let texts: Vec<&str> = inner.parts.iter().map(|p| p.text.trim()).filter(|t| !t.is_empty()).collect();
        assert_eq!(texts, ["the lure", "<br></div><a href='https://kiosque.example/x'>here</a>"]);
        assert_eq!(inner.parts.iter().filter_map(|p| p.name.as_deref()).collect::<Vec<_>>(), ["a.bin"]);
    }
}
