//! Whom a leak exposes, for telling the authority and those concerned (GDPR, articles 33 and 34): the masked list, and a
//! draft of the notification with the clock of 72 hours, from the moment at which the evidence was taken in.
//!
//! You may rely on: nothing stands unmasked in it; what only people can know is left open and marked so. Left out: advice.

use crate::Write;
use crate::csv;
use crate::export::{Order, each};
use model::{EvidenceId, Result, Time, View};
use rows::Row;
use rows::documents::Exposure;
use std::collections::{BTreeMap, BTreeSet};

/// Seconds within which the authority is told.
const HOURS: i64 = 72 * 3600;
/// Kinds that are a high risk to whom they are of.
const GRAVE: [&str; 5] = ["iban", "social_security", "card", "password", "health"];

/// Who is exposed, as a table.
pub fn exposed(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut table = String::new();
    csv::row(&mut table, &["kind", "value", "documents"]);
    each(view, order.least, &mut |finding| {
        if &*finding.detector != Exposure::NAME {
            return Ok(());
        }
        for one in Exposure::of(&finding.fields)?.exposed {
            let documents: Vec<&str> = one.documents.iter().map(String::as_str).collect();
            csv::row(&mut table, &[one.kind.as_str(), &one.masked, &documents.join(" | ")]);
        }
        Ok(())
    })?;
    write("exposed.csv", table.as_bytes())
}

/// The draft of a notification.
pub fn notification(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let mut from: BTreeSet<EvidenceId> = BTreeSet::new();
    let (mut documents, mut persons) = (0, 0u64);
    each(view, order.least, &mut |finding| {
        if &*finding.detector != Exposure::NAME {
            return Ok(());
        }
        from.extend(finding.traces.iter().map(|t| t.evidence));
        let row = Exposure::of(&finding.fields)?;
        documents += row.documents;
        for (kind, n) in row.kinds {
            // Who has an address or such a number is a person; the rest is of them.
            persons = persons.max(if matches!(kind.as_str(), "email" | "social_security") { n } else { 0 });
            *kinds.entry(kind).or_default() += n;
        }
        Ok(())
    })?;
    let evidence = view.evidence()?;
    let withheld = view.withheld();
    let aware = evidence.iter().filter(|e| from.contains(&e.id)).map(|e| e.added).min();
    write("notification.md", draft(order, &kinds, (documents, persons, withheld), aware).as_bytes())
}

/// The draft.
fn draft(
    order: &Order,
    kinds: &BTreeMap<String, u64>,
    (documents, persons, withheld): (u64, u64, u64),
    aware: Option<Time>,
) -> String {
    let say = |en: &'static str, fr: &'static str| order.lang.of(en, fr);
    let at = |t: Time| t.to_string();
    let unknown = || say("to be filled in", "à compléter").to_string();
    let until = aware.map(|t| Time::from_seconds(t.seconds() + HOURS));
    let grave: Vec<&str> = kinds.keys().map(String::as_str).filter(|k| GRAVE.contains(k)).collect();
    let list: String = kinds.iter().map(|(kind, n)| format!("- {kind}: {n}\n")).collect();
    let mut out = format!(
        "# {}\n\n**{} {}**\n\n",
        say(
            "Personal data breach: draft of a notification",
            "Violation de données à caractère personnel : projet de notification"
        ),
        say("The authority is to be told before:", "L’autorité est à prévenir avant le :"),
        until.map(at).unwrap_or_else(unknown),
    );
    out += &format!(
        "{} {} (GDPR/RGPD 33(1)).\n\n",
        say(
            "72 hours from becoming aware; the evidence was taken in at",
            "72 heures à compter de la connaissance ; pièces prises en charge le"
        ),
        aware.map(at).unwrap_or_else(unknown),
    );
    for (head, body) in [
        (
            say("Nature of the breach (33(3)(a))", "Nature de la violation (33(3)(a))"),
            format!(
                "{}\n\n{}: {documents}\n{}: {persons}\n\n{list}",
                say("Disclosure of documents and letters that were taken.", "Divulgation de documents et de courriels qui ont été pris."),
                say("Documents concerned", "Documents concernés"),
                say("Persons, by different addresses and numbers, at least about", "Personnes, d’après les adresses et numéros distincts, au moins environ"),
            ),
        ),
        (say("Contact (33(3)(b))", "Contact (33(3)(b))"), unknown()),
        (
            say("Likely consequences (33(3)(c))", "Conséquences probables (33(3)(c))"),
            match grave.is_empty() {
                true => say("Unwanted mail, phishing.", "Courriels indésirables, hameçonnage.").to_string(),
                false => format!(
                    "{} ({}).",
                    say("Fraud, theft of identity or of accounts, disclosure of health", "Fraude, usurpation d’identité ou de comptes, révélation de santé"),
                    grave.join(", ")
                ),
            },
        ),
        (say("Measures taken (33(3)(d))", "Mesures prises (33(3)(d))"), unknown()),
        (
            say("Those concerned (34)", "Personnes concernées (34)"),
            match grave.is_empty() {
                true => say(
                    "To be told where the risk to them is high: to be judged.",
                    "À prévenir si le risque est élevé pour elles : à apprécier.",
                ),
                false => say(
                    "To be told without delay: kinds that carry a high risk were found. The list, masked: exposed.csv.",
                    "À prévenir dans les meilleurs délais : des catégories à risque élevé ont été trouvées. La liste, masquée : exposed.csv.",
                ),
            }
            .to_string(),
        ),
    ] {
        out += &format!("## {head}\n\n{}\n\n", body.trim_end());
    }
    if withheld > 0 {
        out += &format!(
            "{withheld} {}\n\n",
            say(
                "documents, letters or files are kept back by an editor: they are not counted here, whom they expose neither.",
                "documents, courriels ou fichiers sont exclus par un rédacteur : ni eux ni ceux qu’ils exposent ne sont comptés ici.",
            )
        );
    }
    out + say("This is no legal advice.", "Ceci n’est pas un avis juridique.") + "\n"
}
