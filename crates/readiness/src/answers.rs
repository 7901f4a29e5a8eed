//! What people answer: `hygiene.toml` of a case. One table for each answer, by measure and, if wanted, by person or team; one
//! for each seminar or drill.

use jiff::civil::Date;
use knowledge::hygiene::Guide;
use model::{Error, Lang, Result};
use serde::{Deserialize, Serialize};

model::vocabulary! {
    /// How far a measure is taken.
    pub enum Level {
        /// Not at all.
        No = "no" ("no", "non"),
        /// In part, or by some.
        Partly = "partly" ("partly", "en partie"),
        /// As the standard level asks.
        Standard = "standard" ("standard", "standard"),
        /// As the reinforced level asks.
        Reinforced = "reinforced" ("reinforced", "renforcé"),
        /// It has no object here.
        NotApplicable = "not_applicable" ("not applicable", "sans objet"),
    }
}

/// All answers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// To measures.
    #[serde(default, rename = "answer", skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Seminars and drills.
    #[serde(default, rename = "event", skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
}

/// One answer.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The measure's number.
    pub measure: String,
    /// Of which person or team; of all where empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// How far; unset where nobody knows yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Who sees to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Until when.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub due: String,
    /// What shows it: a hash of evidence, a file, an address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A seminar or a drill.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// `seminar` or `drill`.
    pub kind: String,
    /// What it was.
    pub name: String,
    /// When.
    pub day: String,
    /// Who.
    #[serde(default)]
    pub teams: Vec<Team>,
}

/// A team at a seminar or drill: how many.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Its name.
    pub team: String,
    /// Were invited, or sent the drill.
    pub invited: u64,
    /// Said they would not come.
    #[serde(default)]
    pub declined: u64,
    /// Came, or opened it.
    #[serde(default)]
    pub came: u64,
    /// Passed: did as they should.
    #[serde(default)]
    pub passed: u64,
    /// Reported it.
    #[serde(default)]
    pub reported: u64,
}

pub(crate) fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|e| Error::new(format!("`{text}` is no day")).because(e).hint("write it as 2027-01-15"))
}

impl Answers {
    /// From the text of the file; refused where it names what is not.
    pub fn parse(text: &str, guide: &Guide) -> Result<Answers> {
        let answers: Answers = toml::from_str(text).map_err(|e: toml::de::Error| {
            Error::new("the answers could not be understood")
                .because(e)
                .hint("`vigie hygiene DIR --questions` prints the form of the file")
        })?;
        answers.check(guide)?;
        Ok(answers)
    }

    fn check(&self, guide: &Guide) -> Result<()> {
        for a in &self.answers {
            let measure = guide.measure(&a.measure).ok_or_else(|| {
                Error::new(format!("there is no measure `{}`", a.measure)).hint("they are 1 to 42 and C1 to C12")
            })?;
            if !a.due.is_empty() {
                day(&a.due)?;
            }
            if a.level == Some(Level::Reinforced) && measure.reinforced.is_none() {
                return Err(
                    Error::new(format!("measure {} has no reinforced level", measure.id)).hint("answer `standard`")
                );
            }
            if a.level == Some(Level::Standard) && measure.standard.is_none() {
                return Err(Error::new(format!("measure {} has a reinforced level only", measure.id))
                    .hint("answer `reinforced`"));
            }
        }
        for e in &self.events {
            day(&e.day)?;
            if !matches!(e.kind.as_str(), "seminar" | "drill") {
                return Err(Error::new(format!("`{}` is no kind of event", e.kind)).hint("seminar or drill"));
            }
            for t in &e.teams {
                if [t.declined, t.came].iter().any(|n| *n > t.invited)
                    || t.declined + t.came > t.invited
                    || t.passed > t.invited
                    || t.reported > t.invited
                {
                    return Err(Error::new(format!("`{}` at `{}`: more than were invited", t.team, e.name)));
                }
            }
        }
        Ok(())
    }

    /// With another answer; of the same measure and person it takes the place of the one before, and keeps what it does not
    /// say again.
    pub fn set(&mut self, answer: Answer, guide: &Guide) -> Result<()> {
        match self.answers.iter_mut().find(|a| a.measure == answer.measure && a.who == answer.who) {
            Some(old) => {
                old.level = answer.level.or(old.level);
                for (old, new) in
                    [(&mut old.owner, answer.owner), (&mut old.due, answer.due), (&mut old.note, answer.note)]
                {
                    if !new.is_empty() {
                        *old = new;
                    }
                }
                old.evidence.extend(answer.evidence);
                old.evidence.sort();
                old.evidence.dedup();
            }
            None => self.answers.push(answer),
        }
        let place = |a: &Answer| guide.measures.iter().position(|m| m.id == a.measure);
        self.answers.sort_by(|a, b| (place(a), &a.who).cmp(&(place(b), &b.who)));
        self.check(guide)
    }

    /// The text of the file.
    pub fn text(&self) -> Result<String> {
        let text = toml::to_string(self).map_err(|e| Error::new("could not write the answers").because(e))?;
        Ok(format!("# Answers to the guide; `vigie hygiene DIR --questions` prints the questions.\n\n{text}"))
    }
}

/// The questions as a file to fill in.
#[must_use]
pub fn template(guide: &Guide, lang: Lang) -> String {
    let mut text = String::from(lang.of(
        "# Write behind `level` no, partly, standard, reinforced or not_applicable; leave out what nobody knows.\n\
         # Also: who = \"a person or team\", owner, due = \"2027-01-15\", evidence = [\"…\"], note.\n",
        "# Écrivez derrière `level` no, partly, standard, reinforced ou not_applicable\u{202f}; laissez ce que nul ne sait.\n\
         # Aussi\u{202f}: who = \"une personne ou équipe\", owner, due = \"2027-01-15\", evidence = [\"…\"], note.\n",
    ));
    for chapter in &guide.chapters {
        text += &format!("\n# {} – {}\n", chapter.id, chapter.name.get(lang));
        for m in guide.measures.iter().filter(|m| m.chapter == chapter.id) {
            text += &format!("\n# {} {}\n", m.id, m.title.get(lang));
            for (name, question) in [("standard", &m.standard), ("reinforced", &m.reinforced)] {
                if let Some(question) = question {
                    text += &format!("#   {name}: {}\n", question.get(lang));
                }
            }
            text += &format!("[[answer]]\nmeasure = \"{}\"\n# level = \"\"\n", m.id);
        }
    }
    text + "\n# [[event]]\n# kind = \"seminar\"    # or drill\n# name = \"\"\n# day = \"2027-01-15\"\n\
        # teams = [{ team = \"\", invited = 0, declined = 0, came = 0, passed = 0, reported = 0 }]\n"
}
