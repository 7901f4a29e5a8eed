//! A file for a complaint: the facts with what each rests on, the exhibits with who did what to them when and how, and articles
//! of French law that such facts may fall under. Which do is for a prosecutor to say.

use super::Edition;
use crate::export::markdown;
use model::{Result, View};
use rows::story::{State, Step};

/// Exhibits listed; of more, how many.
const EXHIBITS: usize = 500;
/// Articles, by the steps that make them worth naming. Texts: Légifrance, read in their versions of November 2026 or the last
/// that we could find.
const ARTICLES: [(&[Step], &str, &str); 5] = [
    (
        &[Step::IntrusionAttempt, Step::CredentialUsed],
        "Code pénal 323-1 and 323-7: fraudulent access to a system, and the attempt",
        "Code pénal 323-1 et 323-7 : accès frauduleux à un système, et sa tentative",
    ),
    (
        &[Step::DocumentsTaken, Step::DocumentsDoctored],
        "Code pénal 323-3: fraudulent extraction, holding, passing on or altering of data",
        "Code pénal 323-3 : extraction, détention, transmission ou modification frauduleuse de données",
    ),
    (
        &[Step::DocumentsTaken],
        // Read in stored copies on 29 November 2026: Légifrance, and a commentary that quotes the text in force.
        "Code pénal 226-15: taking notice of, or spreading, other people’s correspondence in bad faith, electronic mail too",
        "Code pénal 226-15 : prise de connaissance ou divulgation, de mauvaise foi, de correspondances de tiers, même électroniques",
    ),
    (
        &[Step::DecoyRegistered, Step::Mail],
        // Read in a stored copy of a commentary that quotes it (Lexing, 14 April 2017).
        "Code pénal 226-4-1: use of another’s identity to disturb his peace or harm his honour, online too",
        "Code pénal 226-4-1 : usurpation de l’identité d’un tiers pour troubler sa tranquillité ou porter atteinte à son honneur, en ligne aussi",
    ),
    (
        &[Step::DocumentsDoctored, Step::Amplified],
        "Code électoral L97: false news or manœuvres that diverted votes; L163-2: order to stop, within 48 hours, in the three months before a general election",
        "Code électoral L97 : fausses nouvelles ou manœuvres ayant détourné des suffrages ; L163-2 : référé, sous 48 heures, dans les trois mois précédant un scrutin général",
    ),
];

impl Edition<'_> {
    pub(super) fn complaint(&self, view: &dyn View) -> Result<String> {
        let mut out = self.head(&self.say("File for a complaint", "Dossier de plainte"));
        out += &self.say(
            "Made by a program; to be read, completed and signed by the complainant. Against X, unless a person decides otherwise.\n\n## Facts\n\n",
            "Établi par un programme ; à relire, compléter et signer par le plaignant. Contre X, sauf décision d’une personne.\n\n## Faits\n\n",
        );
        for step in self.whole.chain.steps.iter().filter(|s| s.state == State::Found) {
            let at = |t| self.moment(t);
            let when = match (step.first, step.last) {
                (Some(a), Some(b)) if a != b => format!("{} – {}", at(a), at(b)),
                (Some(a), _) => at(a),
                _ => self.say("undated", "sans date"),
            };
            out += &format!("### {} ({when})\n\n", self.text(&step.step.text()));
            for told in self.whole.told.iter().filter(|t| step.findings.contains(&t.id)).take(20) {
                out += &format!("- {} (`{}`)\n", self.text(&told.finding.title), told.finding.id());
            }
            out += "\n";
        }
        out += &self.say("## Exhibits and their custody\n\n", "## Pièces et chaîne de conservation\n\n");
        out += &self.say(
            "Who, when, on what, how, result: each exhibit is kept as received, known by the hash of its bytes; `vigie verify` shows whether any of it, or of the trail of who did what, changed since.\n\n| No. | On what | SHA-256 | Bytes | Who | When | How | Result |\n|---|---|---|---|---|---|---|---|\n",
            "Qui, quand, sur quoi, comment, résultat : chaque pièce est conservée telle que reçue, connue par l’empreinte de ses octets ; `vigie verify` montre si quoi que ce soit a changé depuis, journal compris.\n\n| N° | Sur quoi | SHA-256 | Octets | Qui | Quand | Comment | Résultat |\n|---|---|---|---|---|---|---|---|\n",
        );
        let mut evidence = view.evidence()?;
        evidence.sort_by(|a, b| (a.added, &a.path).cmp(&(b.added, &b.path)));
        for (n, e) in evidence.iter().take(EXHIBITS).enumerate() {
            out += &format!(
                "| {} | {} | `{}` | {} | {} | {} | `vigie add` | {} |\n",
                n + 1,
                markdown::plain(&e.path),
                e.id,
                e.size,
                markdown::plain(&e.by),
                e.added,
                e.kind.as_deref().map_or_else(
                    || self.say("not read", "non lu"),
                    |k| self.say(&format!("read as {k}"), &format!("lu comme {k}"))
                ),
            );
        }
        if evidence.len() > EXHIBITS {
            let more = evidence.len() - EXHIBITS;
            out +=
                &self.say(&format!("\n{more} more are in the case.\n"), &format!("\n{more} autres sont au dossier.\n"));
        }
        out += &self.say("\n## Articles of law\n\n", "\n## Textes\n\n");
        for (_, en, fr) in ARTICLES.iter().filter(|(steps, ..)| steps.iter().any(|s| self.found(*s).is_some())) {
            out += &format!("- {}\n", self.say(en, fr));
        }
        out += &self.say(
            "\n## Damage\n\n[To be said by the complainant: what was lost, who was exposed, what it cost.]\n\n## What is not shown\n\n",
            "\n## Préjudice\n\n[À dire par le plaignant : ce qui a été perdu, qui a été exposé, ce que cela a coûté.]\n\n## Ce qui n’est pas établi\n\n",
        );
        for step in self.whole.chain.steps.iter().filter(|s| s.state != State::Found) {
            out += &format!("- {}{}{}\n", self.text(&step.step.text()), self.colon(), self.text(&step.state.text()));
        }
        out += "\n";
        Ok(out + &self.corrections())
    }
}
