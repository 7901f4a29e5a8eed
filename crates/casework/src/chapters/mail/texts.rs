//! What waves and verdicts become for people: an answer to whoever reported a message, a warning for the staff, and the
//! figures of an exercise; and the indicators of a wave for other programs.
//!
//! You may rely on: addresses are defanged (`hxxps://x[.]y`), so that nothing can be clicked; text of evidence stands
//! on a line of its own, without control characters, and is never markup. Left out: sending anything.

use crate::words::Words;
use crate::{csv, show};
use model::{Finding, Lang, Severity};
use rows::mail::phishing::Phishing;
use rows::mail::wave::{Lure, Wave};
use std::fmt::Write;

/// Addresses named in a text.
const FEW: usize = 12;

/// An address nobody can click.
pub fn defanged(text: &str) -> String {
    let plain = show::plain(text, 200);
    let plain = plain.replacen("http", "hxxp", usize::from(plain.starts_with("http")));
    plain.replace('.', "[.]").replace('@', "[@]")
}

/// Text of evidence on one line of Markdown: what would be read as markup is left out.
fn plain(text: &str) -> String {
    let kept: String =
        text.chars().filter(|c| !matches!(c, '<' | '>' | '[' | ']' | '|' | '*' | '`' | '_' | '\\' | '#')).collect();
    show::plain(&kept, 160)
}

/// What a message wants, and what follows from it, for the person who reported it.
fn verdict(message: &Finding, lang: Lang) -> &'static str {
    match message.severity {
        Severity::High | Severity::Critical => lang.of(
            "It is phishing: somebody wants to deceive you. You were right to report it.",
            "C’est de l’hameçonnage : quelqu’un veut vous tromper. Vous avez eu raison de le signaler.",
        ),
        Severity::Medium => lang.of(
            "It is probably phishing. Treat it as such. You were right to report it.",
            "C’est probablement de l’hameçonnage. Traitez-le comme tel. Vous avez eu raison de le signaler.",
        ),
        _ => lang.of(
            "It does not look like phishing. You were right to ask.",
            "Cela ne ressemble pas à de l’hameçonnage. Vous avez eu raison de demander.",
        ),
    }
}

/// The answer to somebody who reported a message; `wave` is the one it is of.
pub fn reply(message: &Finding, row: &Phishing, reporter: &str, wave: Option<&Wave>, lang: Lang) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out += &text;
        out.push('\n');
    };
    line(format!("{} {}", lang.of("To:", "À :"), show::plain(reporter, 200)));
    line(format!("{} {}\n", lang.of("Subject: Re:", "Objet : Re :"), plain(unanswered(&row.message.subject))));
    line(lang.of("Thank you for reporting this message.\n", "Merci d’avoir signalé ce message.\n").into());
    line(format!("{}\n", verdict(message, lang)));
    // Of a harmless one, what speaks for it: nobody is helped by what might have been meant.
    let suspect = message.severity >= Severity::Medium;
    let reasons: Vec<&model::Reason> = message.reasons.iter().filter(|r| r.supports == suspect).take(4).collect();
    if !reasons.is_empty() {
        line(lang.of("How one can tell:", "À quoi on le voit :").into());
        reasons.iter().for_each(|r| line(format!("- {}", sentence(r.text.get(lang)))));
        line(String::new());
    }
    line(format!("{} {}\n", lang.of("What to do:", "Que faire :"), row.what_to_do.get(lang)));
    if let Some(n) = wave.map(|w| w.recipients.len()).filter(|n| *n > 1) {
        line(match lang {
            Lang::En => {
                format!("You are not alone: {n} people got a message of this kind. We are warning the others.\n")
            }
            Lang::Fr => format!(
                "Vous n’êtes pas seul : {n} personnes ont reçu un message de ce genre. Nous prévenons les autres.\n"
            ),
        });
    }
    if row.message.quoted {
        line(lang.of(
            "We judged the text you forwarded. If you still have the message, forward it as an attachment: where it really came from stands in it alone.\n",
            "Nous avons jugé le texte que vous avez transféré. Si vous avez encore le message, transférez-le en pièce jointe : lui seul dit d’où il vient vraiment.\n",
        ).into());
    }
    if message.severity < Severity::Low {
        return out;
    }
    line(lang.of(
        "If you clicked, opened a file or typed a password, tell us now: nobody will blame you, and the first hour counts.",
        "Si vous avez cliqué, ouvert un fichier ou saisi un mot de passe, dites-le nous tout de suite : personne ne vous le reprochera, et la première heure compte.",
    ).into());
    out
}

/// A subject without the marks of those who answered before.
fn unanswered(subject: &str) -> &str {
    let mut rest = subject.trim_start();
    while let Some(after) = rest.get(..3).filter(|r| r.eq_ignore_ascii_case("re:")).map(|_| &rest[3..]) {
        rest = after.trim_start();
    }
    rest
}

/// Our own words with names of the evidence in them: names cannot be clicked.
fn sentence(text: &str) -> String {
    text.split('`').enumerate().map(|(i, part)| if i % 2 == 1 { defanged(part) } else { guarded(part) }).collect()
}

/// Words that hold a dot between letters could be made a link by the reader's program.
fn guarded(text: &str) -> String {
    let words = text.split_inclusive(' ').map(|w| {
        let bare = w.trim_end_matches([' ', '.', ',', ';', ':']);
        if bare.contains('.') || bare.contains('@') {
            w.replacen(bare, &defanged(bare), 1)
        } else {
            show::plain(w, 400)
        }
    });
    words.collect()
}

/// A warning for the staff, of the wave of this finding.
pub fn warning(id: &str, wave: &Wave, lang: Lang) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out += &text;
        out.push('\n');
    };
    let n = wave.recipients.len();
    line(format!(
        "# {}\n",
        lang.of("Warning: false messages are going round", "Attention : de faux messages circulent")
    ));
    let day: String = wave.first.map(|t| t.to_string()).unwrap_or_default().chars().take(10).collect();
    let want = Words(lang).lure(wave.lure);
    line(match lang {
        Lang::En => format!("Since {day}, {n} of us got a message that wants {want}. It is phishing.\n"),
        Lang::Fr => {
            format!("Depuis le {day}, {n} d’entre nous ont reçu un message qui veut {want}. C’est de l’hameçonnage.\n")
        }
    });
    line(format!("## {}\n", lang.of("How to recognise it", "Comment le reconnaître")));
    line(format!(
        "- {} {}",
        lang.of("Subject, or one much like it:", "Objet, ou un objet proche :"),
        plain(&wave.subject)
    ));
    for (values, en, fr) in [
        (&wave.senders, "It comes from", "Il vient de"),
        (&wave.reply_to, "Answers go to", "Les réponses partent vers"),
        (&wave.domains, "It leads to", "Il mène à"),
        (&wave.pages, "It leads to", "Il mène à"),
    ] {
        for value in values.iter().take(FEW) {
            line(format!("- {} {}", lang.of(en, fr), defanged(value)));
        }
    }
    line(format!("\n## {}\n", lang.of("What to do", "Que faire")));
    let steps = match wave.lure {
        Lure::Attachment => lang.of(
            "- Do not open the attachment.\n- If you opened it: disconnect the computer from the network, do not switch it off, call us.",
            "- N’ouvrez pas la pièce jointe.\n- Si vous l’avez ouverte : débranchez l’ordinateur du réseau, ne l’éteignez pas, appelez-nous.",
        ),
        Lure::Impersonation | Lure::Callback | Lure::Extortion | Lure::Fortune => lang.of(
            "- Do not answer, call or pay.\n- Check by a way you already know (voice, your own address book) whether the person really wrote.",
            "- Ne répondez pas, n’appelez pas, ne payez pas.\n- Vérifiez par un moyen que vous connaissez déjà (de vive voix, votre carnet d’adresses) si la personne a vraiment écrit.",
        ),
        _ => lang.of(
            "- Do not click. Type the address of a site yourself, or use your bookmark.\n- If you typed your password there: change it now on the real site, and call us.",
            "- Ne cliquez pas. Tapez vous-même l’adresse d’un site, ou prenez votre signet.\n- Si vous y avez saisi votre mot de passe : changez-le tout de suite sur le vrai site, et appelez-nous.",
        ),
    };
    line(steps.into());
    line(lang.of("- If you got it: report it, then delete it. Having clicked is no fault; keeping quiet about it helps the attacker.", "- Si vous l’avez reçu : signalez-le, puis supprimez-le. Avoir cliqué n’est pas une faute ; le taire aide l’attaquant.").into());
    line(
        lang.of(
            "- The dots in brackets above are there so that nobody clicks by mistake.",
            "- Les points entre crochets ci-dessus évitent qu’on clique par erreur.",
        )
        .into(),
    );
    let _ = write!(out, "\n`{id}`\n");
    out
}

/// The figures of an exercise: a row for each recipient of each wave.
pub fn drill(waves: &[(Finding, Wave)]) -> String {
    let mut out = String::new();
    csv::row(
        &mut out,
        &[
            "wave",
            "subject",
            "lure",
            "recipient",
            "team",
            "received",
            "followed",
            "how",
            "followed_after_seconds",
            "reported",
            "reported_after_seconds",
        ],
    );
    for (finding, wave) in waves {
        for p in &wave.people {
            let time = |t: Option<model::Time>| t.map_or_else(String::new, |t| t.to_string());
            let after = |t: Option<model::Time>| {
                let seconds = t.zip(p.received).map(|(t, r)| t.since(r));
                seconds.map_or_else(String::new, |s| s.to_string())
            };
            let row = [
                finding.id(),
                wave.subject.clone(),
                wave.lure.to_string(),
                p.address.clone(),
                p.team.clone(),
                time(p.received),
                time(p.followed),
                p.how.map(|h| h.to_string()).unwrap_or_default(),
                after(p.followed),
                time(p.reported),
                after(p.reported),
            ];
            csv::row(&mut out, &row);
        }
    }
    out
}

/// What a wave gives other programs to look for: kind (`domain`, `url`, `sender`, `reply-to`, `sha256`) and value.
pub fn indicators(wave: &Wave) -> Vec<(&'static str, &str)> {
    let lists = [
        ("domain", &wave.domains),
        ("url", &wave.pages),
        ("url", &wave.urls),
        ("sender", &wave.senders),
        ("reply-to", &wave.reply_to),
        ("sha256", &wave.files),
    ];
    let mut all: Vec<(&'static str, &str)> = Vec::new();
    for (kind, values) in lists {
        // A page may be a host alone: then it is a name, not an address.
        let kind_of = |v: &str| if kind == "url" && !v.contains("://") { "domain" } else { kind };
        all.extend(values.iter().map(|v| (kind_of(v), v.as_str())));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// An indicator as a STIX pattern (STIX 2.1, 9); none for what no pattern can say safely.
pub fn pattern(kind: &str, value: &str) -> Option<String> {
    if value.is_empty() || value.chars().any(char::is_control) {
        return None;
    }
    let value = value.replace('\\', "\\\\").replace('\'', "\\'");
    Some(match kind {
        "domain" => format!("[domain-name:value = '{value}']"),
        "url" => format!("[url:value = '{value}']"),
        "sender" => format!("[email-message:from_ref.value = '{value}']"),
        "reply-to" => format!("[email-message:additional_header_fields.'Reply-To' = '{value}']"),
        "sha256" => format!("[file:hashes.'SHA-256' = '{value}']"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::finding;
    use model::{Text, Time};
    use rows::mail::wave::{How, Person};
    use serde_json::json;

    fn wave() -> Wave {
        let time = |t: &str| t.parse::<Time>().ok();
        let received = time("2017-03-15T08:40:00Z");
        let (reported, followed) = (time("2017-03-15T08:52:00Z"), time("2017-03-15T09:40:00Z"));
        let (how, team) = (Some(How::Visit), "press".to_string());
        Wave {
            subject: "A <b>document</b>".into(),
            lure: Lure::Credentials,
            first: received,
            recipients: vec!["a@b.example".into(), "=c@b.example".into()],
            senders: vec!["x@mail-b.example".into()],
            domains: vec!["mail-b.example".into()],
            urls: vec!["https://mail-b.example/'x".into()],
            files: vec!["ab".into()],
            people: vec![
                Person { address: "a@b.example".into(), team, received, reported, ..Person::default() },
                Person { address: "=c@b.example".into(), received, followed, how, ..Person::default() },
            ],
            ..Wave::default()
        }
    }

    #[test]
    fn nothing_in_a_warning_can_be_clicked() {
        for lang in [Lang::En, Lang::Fr] {
            let text = warning("finding--1", &wave(), lang);
            assert!(text.contains("x[@]mail-b[.]example") && text.contains("mail-b[.]example"), "{text}");
            assert!(!text.contains("mail-b.example") && !text.contains("<b>") && !text.contains("http"), "{text}");
        }
    }

    #[test]
    fn replies_thank_and_tell_what_to_do() {
        let what_to_do = Text::new("Do not click.", "Ne cliquez pas.");
        let row = Phishing { what_to_do, ..Phishing::default() };
        let mut message = finding("mail/phishing", json!({}));
        message.reasons[0].text = model::Text::same("a link leads to bad.example/x, made to look like `b.example`");
        let text = reply(&message, &row, "ada@ours.example", Some(&wave()), Lang::En);
        assert!(text.contains("Thank you") && text.contains("Do not click.") && text.contains("2 people"), "{text}");
        assert!(
            text.contains("bad[.]example/x,") && text.contains("b[.]example") && !text.contains("bad.example"),
            "{text}"
        );
        assert!(reply(&message, &row, "ada@ours.example", None, Lang::Fr).contains("Merci"), "French");
    }

    #[test]
    fn the_drill_counts_from_each_ones_own_message() {
        let table = drill(&[(finding("mail/wave", json!(wave())), wave())]);
        let rows: Vec<&str> = table.lines().collect();
        assert!(rows[1].ends_with(",2017-03-15T08:52:00Z,720"), "{table}");
        assert!(rows[2].contains("visit,3600,") && !rows[2].contains(",=c@"), "{table}");
    }

    #[test]
    fn patterns_cannot_be_broken_out_of() {
        let wave = wave();
        let all: Vec<String> = indicators(&wave).into_iter().filter_map(|(k, v)| pattern(k, v)).collect();
        assert!(all.contains(&"[url:value = 'https://mail-b.example/\\'x']".to_string()), "{all:?}");
        assert!(all.contains(&"[email-message:from_ref.value = 'x@mail-b.example']".to_string()), "{all:?}");
        assert_eq!(pattern("domain", "a\nb"), None);
    }

    #[test]
    fn a_subject_is_answered_once() {
        let check = |subject: &str, bare: &str| assert_eq!(unanswered(subject), bare, "{subject}");
        check("RE: Re:  proofs", "proofs");
        check("Rechnung", "Rechnung");
        check("re:", "");
        check("é: proofs", "é: proofs");
    }
}
