//! What a mail filter on the way took the message for, by the fields it left. A filter saw what we cannot: who else got
//! it, from where, and what became of those who answered.
//!
//! You may rely on: its word counts against a message only, for an author can write the field that praises. Sources:
//! Microsoft (*Anti-spam message headers*), SpamAssassin, rspamd, Proofpoint, Barracuda, bogofilter, OVH, Gandi and GMX, in
//! their public documentation. Left out: scores whose bound the filter's owner sets (Mimecast), bulk (`CAT:BULK`).

use super::sign::{Kind, Sign};
use crate::mail::message::Message;

/// Fields that say *spam* by how they begin.
const BEGINS: [(&str, &[&str]); 16] = [
    ("x-spam-flag", &["yes", "true"]),
    ("x-spam-status", &["yes"]),
    ("x-spam", &["yes", "true"]),
    ("x-spamd-result", &["default: true"]),
    ("x-barracuda-spam-status", &["yes"]),
    ("x-bogosity", &["spam", "yes"]),
    ("x-dspam-result", &["spam"]),
    ("x-crm114-status", &["spam"]),
    ("x-mailscanner-spamcheck", &["spam"]),
    ("x-proofpoint-spam-details", &["rule=spam", "rule=phish", "rule=malware"]),
    ("x-vr-spamstate", &["spam", "phishing", "scam"]),
    ("x-ovh-spam-status", &["spam"]),
    ("x-gnd-status", &["spam"]),
    ("x-ui-filterresults", &["junk:"]),
    ("x-yandex-spam", &["4"]),
    ("x-ms-exchange-organization-scl", &["5", "6", "7", "8", "9"]),
];
/// What Microsoft calls fraud: phishing, a person or domain imitated, what runs.
const FRAUD: [&str; 9] = ["phsh", "hphsh", "hphish", "amp", "malw", "dimp", "gimp", "uimp", "bimp"];
/// The same of spam.
const SPAM: [&str; 3] = ["spm", "hspm", "spoof"];
/// Characters of one field that are looked at.
const LOOKED_AT: usize = 2_000;

/// What filters found.
pub fn signs(message: &Message, signs: &mut Vec<Sign>) {
    let (mut fraud, mut spam, mut bulk) = (None, None, false);
    for field in message.headers.iter().filter(|h| matches!(h.name.as_bytes().first(), Some(b'x' | b'X'))) {
        let value = || String::from_utf8_lossy(&field.value[..field.value.len().min(LOOKED_AT)]).to_ascii_lowercase();
        let found = if field.is("x-forefront-antispam-report") {
            let report = value();
            bulk |= report.contains("cat:bulk");
            microsoft(&report)
        } else if field.is("x-microsoft-antispam-mailbox-delivery") {
            // Where it was put: into the mailbox's junk.
            value().split(';').any(|t| matches!(t.trim(), "dest:j" | "rf:junkemail")).then_some(false)
        } else {
            BEGINS.iter().find(|(n, _)| field.is(n)).and_then(|(_, words)| {
                let value = value();
                let says = words.iter().any(|w| value.trim_start().starts_with(w));
                says.then(|| value.contains("phish"))
            })
        };
        match found {
            Some(true) => fraud = fraud.or(Some(field.name)),
            Some(false) => spam = spam.or(Some(field.name)),
            None => {}
        }
    }
    // Many letters of one kind are no spam for that.
    let spam = spam.filter(|_| !bulk);
    signs.extend(fraud.map(|f| Kind::FilterFraud.on(f)).or(spam.map(|f| Kind::FilterSpam.on(f))));
}

/// Whether Exchange Online's report says fraud (`CAT:`), or spam (`CAT:`, `SFV:SPM`, a confidence of 5 at least).
fn microsoft(report: &str) -> Option<bool> {
    let of = |key: &str| report.split(';').find_map(|t| t.trim().strip_prefix(key)).map(str::trim);
    let category = of("cat:").unwrap_or("");
    if FRAUD.contains(&category) {
        return Some(true);
    }
    let sure = of("scl:").and_then(|n| n.parse::<i8>().ok()).is_some_and(|n| n >= 5);
    (SPAM.contains(&category) || of("sfv:") == Some("spm") || sure).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Option<Kind>) {
        let raw = format!("From: a@b.example\n{header}\nSubject: x\n\ny\n");
        let mut found = Vec::new();
        signs(&crate::mail::parse::parse(raw.as_bytes(), true), &mut found);
        assert_eq!(found.first().map(|s| s.sign), expected, "{header}");
    }

    #[test]
    fn filters_words_are_read() {
        for field in [
            "X-Spam-Flag: YES",
            "X-Spam-Status: Yes, score=9.1 required=5.0",
            "X-Spamd-Result: default: True [18.1 / 15.0]",
            "X-MS-Exchange-Organization-SCL: 6",
            "X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:;SCL:5;SRV:;SFV:SPM;CAT:SPM;",
            "X-Microsoft-Antispam-Mailbox-Delivery: wl:0;\n dest:J;ENG:(1);RF:JunkEmail;",
        ] {
            check(field, Some(Kind::FilterSpam));
        }
        check("X-Forefront-Antispam-Report: SCL:8;SFV:SPM;CAT:PHSH;", Some(Kind::FilterFraud));
        for field in [
            "X-Spam-Status: No, score=-2",
            "X-Spam-Level: *****",
            "X-MS-Exchange-Organization-SCL: -1",
            "X-Forefront-Antispam-Report: SCL:6;SFV:SPM;CAT:BULK;",
            "X-Microsoft-Antispam-Mailbox-Delivery: dest:I;",
            "X-Proofpoint-Spam-Details: rule=notspam policy=default",
        ] {
            check(field, None);
        }
    }
}
