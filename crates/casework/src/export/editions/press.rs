//! The press edition: what is shown, what is not, who perhaps, what speaks against it, and how to check; five pages at most.

use super::Edition;
use crate::story::chain::criteria;
use crate::story::who::label;
use rows::story::State;

/// Findings listed.
const LISTED: usize = 40;

impl Edition<'_> {
    pub(super) fn press(&self) -> String {
        let mut out = self.head(&self.say("Press edition", "Édition pour la presse"));
        out += &self.say("## In short\n\n", "## En bref\n\n");
        let (chain, who) = (&self.whole.chain, &self.whole.who);
        let found: Vec<String> =
            chain.steps.iter().filter(|s| s.state == State::Found).map(|s| self.text(&s.step.text())).collect();
        out += &match found.is_empty() {
            true => self.say("Nothing is shown.\n", "Rien n’est établi.\n"),
            false => format!("{}{}.\n", self.say("Shown, in order: ", "Établi, dans l’ordre : "), found.join(", ")),
        };
        if let Some(row) = who.row("coincidence") {
            let [low, high] = row.probability;
            out += &format!(
                "{}{}.\n",
                self.say("That this is one story is: ", "Qu’il s’agisse d’une seule histoire est : "),
                self.likely([1.0 - high, 1.0 - low])
            );
        }
        out += &match who.undetermined() {
            true => self.say("Who did it is **undetermined**.\n\n", "L’auteur est **indéterminé**.\n\n"),
            false => format!(
                "{}\n\n",
                self.say("A hypothesis is preferred, see *Who*.", "Une hypothèse est retenue, voir *Qui*.")
            ),
        };
        out += &self.say("## What happened, in order\n\n", "## Ce qui s’est passé, dans l’ordre\n\n");
        out += &self.chain();
        out += &self.unknown();
        out += &self.who();
        out += &self.criteria();
        out += &self.say("## The innocent reading\n\n", "## La lecture innocente\n\n");
        for step in chain.steps.iter().filter(|s| s.state == State::Found) {
            let innocent = self.whole.story.known().of(step.step).innocent();
            out += &format!("- **{}**{}{}\n", self.text(&step.step.text()), self.colon(), self.text(&innocent));
        }
        out += &self.say("\n## How to check\n\n", "\n## Comment vérifier\n\n");
        out += &self.say(
            "Each finding opens the bytes it rests on: `vigie show CASE ID`. Victims stand under pseudonyms.\n\n| Finding | Severity | Confidence | Since | What |\n|---|---|---|---|---|\n",
            "Chaque constat ouvre les octets sur lesquels il repose : `vigie show DOSSIER ID`. Les victimes sont sous pseudonyme.\n\n| Constat | Gravité | Confiance | Depuis | Quoi |\n|---|---|---|---|---|\n",
        );
        let told = self
            .whole
            .told
            .iter()
            .filter(|t| t.incident.is_some())
            .chain(self.whole.told.iter().filter(|t| t.incident.is_none()));
        for told in told.take(LISTED) {
            let f = &told.finding;
            out += &format!(
                "| `{}` | {} | {} | {} | {} |\n",
                f.id().trim_start_matches("finding--").get(..8).unwrap_or_default(),
                self.text(&f.severity.text()),
                f.confidence,
                f.first.map(|t| self.day(t)).unwrap_or_default(),
                self.text(&f.title)
            );
        }
        let more = self.whole.told.len().saturating_sub(LISTED) as u64 + self.whole.cut;
        if more > 0 {
            out += &self.say(
                &format!("\n{more} more findings are in the case.\n"),
                &format!("\n{more} autres constats sont au dossier.\n"),
            );
        }
        out += "\n";
        out + &self.corrections()
    }

    /// What is not shown, and where it would be.
    fn unknown(&self) -> String {
        let mut out = self.say("## What is not known\n\n", "## Ce qu’on ne sait pas\n\n");
        for step in self.whole.chain.steps.iter().filter(|s| s.state != State::Found) {
            let colon = self.colon();
            out += &format!("- **{}**{colon}{}", self.text(&step.step.text()), self.text(&step.state.text()));
            if let Some(why) = &step.why {
                out += &format!("{}{}", self.say("; ", " ; "), self.text(why));
            }
            if let Some(look) = &step.look {
                out += &format!(". {}{}", self.say("It would show in: ", "Cela se verrait dans : "), self.text(look));
            }
            out += "\n";
        }
        out + "\n"
    }

    /// The hypotheses; what accuses somebody is marked.
    fn who(&self) -> String {
        let who = &self.whole.who;
        let mut out = self.say("## Who\n\n", "## Qui\n\n");
        for row in &who.rows {
            let mark =
                if row.hypothesis.starts_with("intrusion_set:") || row.preferred && row.hypothesis != "coincidence" {
                    " ⚠"
                } else {
                    ""
                };
            let preferred = if row.preferred { self.say(" – preferred", " – retenue") } else { String::new() };
            out += &format!(
                "{}. {}{mark}{}{}{preferred}\n",
                row.rank,
                self.text(&label(&row.hypothesis)),
                self.colon(),
                self.likely(row.probability)
            );
            for piece in row.evidence.iter().take(6) {
                out += &format!("   - {} ({})\n", self.text(&piece.what), self.text(&piece.from()));
            }
        }
        out += &format!("\n{}\n\n", self.text(&who.confidence));
        out += &self.say(
            "⚠ accuses somebody. Before it is published: ask them, give the same room to what they answer, and have counsel read it; whoever publishes an accusation answers for it (law of 29 July 1881, defamation and right of reply). A likelihood is not a proof.\n\n",
            "⚠ met quelqu’un en cause. Avant publication : l’interroger, donner la même place à sa réponse, faire relire par un conseil ; qui publie une accusation en répond (loi du 29 juillet 1881, diffamation et droit de réponse). Une probabilité n’est pas une preuve.\n\n",
        );
        if !who.change.is_empty() {
            out += &self.say("What would change the answer:\n\n", "Ce qui changerait la réponse :\n\n");
            for told in &who.change {
                out += &format!("- {}\n", self.text(told));
            }
            out += "\n";
        }
        out
    }

    fn criteria(&self) -> String {
        let mut out = self.say(
            "## The four criteria of foreign digital interference\n\n",
            "## Les quatre critères de l’ingérence numérique étrangère\n\n",
        );
        let election = &self.order.context.config.election.name;
        for c in criteria(&self.whole.chain, &self.whole.who, election) {
            let list = |all: &[model::Text]| match all.is_empty() {
                true => "–".to_string(),
                false => all.iter().map(|t| self.text(t)).collect::<Vec<_>>().join(&self.say("; ", " ; ")),
            };
            out += &format!(
                "- **{}** – {}{}. {}{}.\n",
                self.text(&c.what),
                self.say("for: ", "pour : "),
                list(&c.supports),
                self.say("against: ", "contre : "),
                list(&c.against)
            );
        }
        out + "\n"
    }
}
