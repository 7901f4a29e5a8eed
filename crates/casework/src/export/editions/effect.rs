//! The file on the effect upon the vote: what is measured of reach and time, what is not and cannot be, and the ways and
//! deadlines in which a vote is contested. It claims no effect.

use super::Edition;
use crate::chapters::CHAPTERS;
use crate::export::markdown;
use model::{Severity, Time};
use rows::story::{REACH, State, Step};

/// What is listed of the count and of platforms.
const LISTED: usize = 40;

impl Edition<'_> {
    pub(super) fn effect(&self) -> String {
        let mut out = self.head(&self.say("Effect upon the vote", "Effet sur le scrutin"));
        out += &self.say(
            "**No effect is claimed here.** How many people saw something is not how many changed their vote; nothing in a case of this kind measures that.\n\n## What is measured\n\n",
            "**Aucun effet n’est affirmé ici.** Le nombre de personnes qui ont vu n’est pas celui de qui a changé de vote ; rien dans un tel dossier ne le mesure.\n\n## Ce qui est mesuré\n\n",
        );
        let election = &self.order.context.config.election;
        let days: Vec<jiff::civil::Date> = election.days.iter().filter_map(|d| d.to_string().parse().ok()).collect();
        let spread = [Step::Published, Step::Amplified, Step::InTheMedia];
        let mut any = false;
        for step in self.whole.chain.steps.iter().filter(|s| spread.contains(&s.step) && s.state == State::Found) {
            any = true;
            let before = step.first.and_then(|t| self.before(t, &days));
            let before = before.map(|h| {
                self.say(
                    &format!(", {h} hours before the day of the vote"),
                    &format!(", {h} heures avant le jour du vote"),
                )
            });
            out += &format!(
                "- **{}**: {}{} ({})\n",
                self.text(&step.step.text()),
                step.first.map(|t| self.moment(t)).unwrap_or_default(),
                before.unwrap_or_default(),
                self.rests(step)
            );
        }
        for told in self.whole.told.iter().filter(|t| t.incident.is_some() && t.finding.severity > Severity::Info) {
            let number = |key: &str| told.finding.fields.get(key).and_then(serde_json::Value::as_u64);
            let reach: Vec<String> = REACH
                .into_iter()
                .filter_map(|(key, en, fr)| Some(format!("{} {}", number(key)?, self.say(en, fr))))
                .collect();
            if !reach.is_empty() {
                any = true;
                out += &format!(
                    "  - {}: {} (`{}`)\n",
                    self.text(&told.finding.title),
                    reach.join(", "),
                    told.finding.id()
                );
            }
        }
        if !any {
            out += &self.say("- Nothing of reach was measured.\n", "- Aucune diffusion n’a été mesurée.\n");
        }
        out += &self.of_the_vote();
        out += &self.say(
            "\n## What is not measured\n\n- who read it, and whether it was believed;\n- how many of the accounts are voters;\n- what would have been voted without it: there is no such vote to compare with.\n\n",
            "\n## Ce qui n’est pas mesuré\n\n- qui l’a lu, et si on l’a cru ;\n- combien de ces comptes sont des électeurs ;\n- ce qui aurait été voté sans cela : il n’existe pas de scrutin pour comparer.\n\n",
        );
        out += &self.say("## The vote\n\n", "## Le scrutin\n\n");
        let name = if election.name.trim().is_empty() { "–".to_string() } else { markdown::plain(&election.name) };
        let days: Vec<String> = days.iter().map(|d| self.words.day(*d)).collect();
        out += &format!("{name}{}{}\n\n", self.colon(), if days.is_empty() { "–".into() } else { days.join(", ") });
        out += &self.say("## Contesting it in France: ways and deadlines\n\n", "## Le contester : voies et délais\n\n");
        out += &self.say(
            "- Presidential: any voter by a remark in the minutes of the station; the State’s representative, and any candidate, before the Constitutional Council within 48 hours of the close of the poll (decree 2001-213 of 8 March 2001, article 30).\n- Parliamentary: before the Constitutional Council until the tenth day after the result is proclaimed, 18:00; voters of the constituency and candidates (ordinance 58-1067 of 7 November 1958, article 33).\n- Others differ: check.\n\nA judge asks whether the manœuvre altered the sincerity of the vote, given the margin. What this file can give: what happened, when, how widely; what it cannot: that it mattered.\n\n",
            "- Présidentielle : tout électeur par une mention au procès-verbal du bureau ; le représentant de l’État et tout candidat devant le Conseil constitutionnel dans les 48 heures suivant la clôture du scrutin (décret 2001-213 du 8 mars 2001, article 30).\n- Législatives : devant le Conseil constitutionnel jusqu’au dixième jour qui suit la proclamation des résultats, 18 heures ; inscrits de la circonscription et candidats (ordonnance 58-1067 du 7 novembre 1958, article 33).\n- Les autres scrutins diffèrent : vérifier.\n\nLe juge se demande si la manœuvre a altéré la sincérité du scrutin, compte tenu de l’écart des voix. Ce que ce dossier peut donner : ce qui s’est passé, quand, avec quelle ampleur ; ce qu’il ne peut pas : que cela ait compté.\n\n",
        );
        out + &self.corrections()
    }

    /// What the case says of the count, and of whether people could vote; nothing where it says nothing.
    fn of_the_vote(&self) -> String {
        let all = self.whole.told.iter().filter_map(|t| {
            let text = CHAPTERS.iter().find_map(|c| c.upon_the_vote(&t.finding))?;
            Some(format!("- {} (`{}`)\n", self.text(&text), t.finding.id()))
        });
        let all: Vec<String> = all.collect();
        if all.is_empty() {
            return String::new();
        }
        let mut out = self.say(
            "\n## The count, and whether people could vote\n\n",
            "\n## Le dépouillement, et si l’on pouvait voter\n\n",
        );
        out += &all.iter().take(LISTED).cloned().collect::<String>();
        if all.len() > LISTED {
            let more = all.len() - LISTED;
            out += &self.say(
                &format!("- and {more} others: `vigie findings`\n"),
                &format!("- et {more} autres\u{202f}: `vigie findings`\n"),
            );
        }
        out
    }

    /// Hours before the next day of the vote begins.
    fn before(&self, time: Time, days: &[jiff::civil::Date]) -> Option<i64> {
        let starts = days.iter().filter_map(|d| d.to_zoned(self.zone.clone()).ok()).map(|z| z.timestamp().as_second());
        starts.map(|s| s - time.seconds()).filter(|s| *s >= 0).min().map(|s| s / 3600)
    }
}
