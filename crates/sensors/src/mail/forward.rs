//! Messages forwarded in the text: who wrote the original, as the forwarder's program set it down. Less is known of such
//! an original than of one that was attached, and all of it is the forwarder's word.
//!
//! You may rely on: bounded time; a reply that quotes is no forward. Left out: originals in HTML only, and those whose
//! four lines were edited.

use super::address;
use super::message::{Mailbox, Message, Role};

/// Bytes of text looked at.
const TEXT: usize = 64 << 10;
/// Lines in which the four fields of an original must stand together.
const NEAR: usize = 10;

/// The original of a message forwarded in its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Original {
    /// Who wrote it.
    pub from: Mailbox,
    /// When, as it stands there.
    pub date: String,
    /// Its subject.
    pub subject: String,
}

/// Subjects begin so when programs forward (English, French, German, Spanish, Italian, Dutch).
const FORWARDS: [&str; 10] = ["fwd:", "fw:", "tr:", "tr :", "wg:", "rv:", "i:", "doorst:", "fwd :", "fw :"];
/// The words before the sender, the date and the subject.
const SENDER: [&str; 5] = ["from", "de", "von", "da", "van"];
const DATE: [&str; 11] =
    ["date", "sent", "envoyé", "envoyé le", "gesendet", "datum", "fecha", "enviado", "data", "inviato", "verzonden"];
const SUBJECT: [&str; 7] = ["subject", "objet", "sujet", "betreff", "asunto", "oggetto", "onderwerp"];

/// The original, where there is one.
pub fn original(message: &Message) -> Option<Original> {
    let subject = message.subject.trim_start().to_lowercase();
    let said = FORWARDS.iter().any(|f| subject.starts_with(f));
    let part = message.of(Role::Text).next()?;
    let text = part.text.get(..part.text.floor_char_boundary(TEXT)).unwrap_or(&part.text);
    let mut found = (Original::default(), 0usize);
    let mut marked = false;
    for (n, line) in text.lines().enumerate() {
        let line = line.trim_start_matches(['>', ' ', '*', '\u{a0}']);
        marked |= mark(line);
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.trim_matches([' ', '*', '\u{a0}']).to_lowercase();
        let value = value.trim_matches([' ', '*', '\u{a0}']);
        let (original, begun) = &mut found;
        if SENDER.contains(&name.as_str()) && (value.contains('@') || marked || said) {
            let from = address::list(value.as_bytes()).into_iter().next().unwrap_or_default();
            (*original, *begun) = (Original { from, ..Original::default() }, n);
        } else if original.from != Mailbox::default() && n < *begun + NEAR {
            if DATE.contains(&name.as_str()) {
                original.date = value.into();
            } else if SUBJECT.contains(&name.as_str()) {
                original.subject = value.into();
            }
            if (said || marked) && !original.date.is_empty() && !original.subject.is_empty() {
                return Some(found.0);
            }
        }
    }
    None
}

/// Lines that programs put above what they forward; not those above what they quote in an answer.
fn mark(line: &str) -> bool {
    let line = line.trim_matches(['-', ' ', ':', '_']).to_lowercase();
    let marks = [
        "forwarded message",
        "message transféré",
        "message réexpédié",
        "début du message réexpédié",
        "begin forwarded message",
        "weitergeleitete nachricht",
        "mensaje reenviado",
        "messaggio inoltrato",
        "début du message transféré",
        "doorgestuurd bericht",
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
    }
}
