//! The verdict: what of a text which rule forbids, at one moment, in one territory, to one kind of person.
//!
//! You may rely on: `until` is the first second at which the text may be published as it is; nothing a rule only *tells*
//! ever holds a text. Left out: what the rules do not say, which is named in `told`.

use crate::calendar::{Interval, Law, Place, round_day};
use crate::document::Document;
use crate::names::Lexicon;
use crate::passages::{Kind, Moment, Passage, Read, read};
use crate::phrases::Phrases;
use jiff::ToSpan;
use knowledge::law::{Effect, Group, Names, Status};
use model::{Error, Result, Text, Time};
use std::collections::BTreeSet;
use std::str::FromStr;

/// Who publishes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Audience {
    /// A candidate, a party, their staff.
    Candidate,
    /// A newsroom, an agency, a site.
    #[default]
    Media,
    /// Anybody.
    Citizen,
}

impl Audience {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Audience::Candidate => "candidate",
            Audience::Media => "media",
            Audience::Citizen => "citizen",
        }
    }
}

impl FromStr for Audience {
    type Err = String;
    fn from_str(text: &str) -> std::result::Result<Audience, String> {
        let all = [Audience::Candidate, Audience::Media, Audience::Citizen];
        all.into_iter().find(|a| a.word() == text).ok_or_else(|| "one of candidate, media, citizen".into())
    }
}

/// What may be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Publish it.
    MayBePublished,
    /// Wait.
    HoldUntil,
    /// Publish the redacted copy, or wait.
    Redact,
}

impl Verdict {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::MayBePublished => "may_be_published",
            Verdict::HoldUntil => "hold_until",
            Verdict::Redact => "redact",
        }
    }
}

/// A passage that a rule forbids.
#[derive(Clone, Debug)]
pub struct Held<'a> {
    /// The passage.
    pub passage: Passage,
    /// The rule, and when it holds.
    pub interval: Interval<'a>,
    /// To name somebody is no propaganda by itself; it is held back to be safe.
    pub precaution: bool,
}

/// Something to know.
#[derive(Clone, Debug)]
pub struct Told {
    /// Where it is written, if anywhere.
    pub article: Option<String>,
    /// In words.
    pub text: Text,
}

/// A verdict and what it rests on.
#[derive(Clone, Debug)]
pub struct Judgement<'a> {
    /// What may be done.
    pub verdict: Verdict,
    /// When.
    pub at: Time,
    /// Held: the first second at which it may be published as it is.
    pub until: Option<Time>,
    /// Free: the first second at which it may not any more, if the calendars know one.
    pub next: Option<Time>,
    /// The election it is about, and the round.
    pub election: Option<(&'a knowledge::law::Election, usize)>,
    /// What is held, by place.
    pub held: Vec<Held<'a>>,
    /// All passages, held or not.
    pub passages: Vec<Passage>,
    /// Rules in force here at this moment.
    pub rules: Vec<Interval<'a>>,
    /// What else is to be known.
    pub told: Vec<Told>,
}

/// Judges a text. `people` are lines of a name and its aliases.
pub fn judge<'a>(
    law: &'a Law,
    document: &Document,
    at: Time,
    place: &Place,
    who: Audience,
    people: &[String],
) -> Result<Judgement<'a>> {
    if place.group.is_some() && !law.covers(at) {
        let (from, until) = law.covered();
        return Err(Error::new(format!("no calendar answers for {at}"))
            .hint(format!("they go from {from} to {until}; `--calendar FILE` adds one, `--at` names another time")));
    }
    let intervals = law.intervals(place)?;
    let context = context(&intervals, at);
    let moment = moment(&intervals, context, at, place, who)?;
    let names = Names::embedded();
    let phrases = Phrases::new(names.movements.iter().flat_map(|m| m.people.clone()));
    let lexicon = Lexicon::new(&names, &keys(context, &names), people);
    let Read { passages, sentences } = read(document, &lexicon, &phrases, &moment);
    let held = held(&intervals, &passages, at, place, who);
    let verdict = verdict(&held, &sentences, who);
    let mut changes: Vec<Time> = intervals.iter().flat_map(|i| [i.from, i.until]).filter(|t| *t > at).collect();
    changes.sort();
    changes.dedup();
    let free = |t: &Time| !forbidden(&intervals, &passages, *t, place, who);
    let (until, next) = match verdict {
        Verdict::MayBePublished => (None, changes.iter().copied().find(|t| !free(t))),
        _ => (changes.iter().copied().find(free), None),
    };
    let rules: Vec<Interval> = intervals.iter().filter(|i| i.holds(at)).cloned().collect();
    let told = told(&rules, &held, &passages, context, place, who, verdict);
    let election = context.map(|i| (i.election, i.round));
    Ok(Judgement { verdict, at, until, next, election, held, passages, rules, told })
}

/// The round a moment belongs to: the one whose rules hold, else the next, else the last.
fn context<'i, 'a>(intervals: &'i [Interval<'a>], at: Time) -> Option<&'i Interval<'a>> {
    let of_round = || intervals.iter().filter(|i| i.round > 0 && i.rule.effect == Effect::Forbids);
    let now = of_round().filter(|i| i.holds(at)).min_by_key(|i| i.until);
    now.or_else(|| of_round().filter(|i| i.from > at).min_by_key(|i| i.from))
        .or_else(|| of_round().max_by_key(|i| i.until))
}

fn moment(
    intervals: &[Interval],
    context: Option<&Interval>,
    at: Time,
    place: &Place,
    who: Audience,
) -> Result<Moment> {
    let today = at.in_zone(&place.zone).date();
    let Some(context) = context else {
        return Ok(Moment {
            today,
            ban: None,
            begun: false,
            second: false,
            year: today.year(),
            candidate: who == Audience::Candidate,
        });
    };
    let (e, round) = (context.election, context.round);
    let day = round_day(e, round)?;
    let begun =
        intervals.iter().any(|i| i.election.id == e.id && i.round == round && i.rule.begins == "vote" && i.from <= at);
    Ok(Moment {
        today,
        ban: day.checked_sub(1.day()).ok(),
        begun: begun || e.country.is_some() && today >= day,
        second: round > 1,
        year: day.year(),
        candidate: who == Audience::Candidate,
    })
}

/// Under which keys the data lists who stands.
fn keys(context: Option<&Interval>, names: &Names) -> Vec<String> {
    let mut keys = Vec::new();
    if let Some(i) = context {
        keys = vec![i.election.id.clone(), format!("{}/{}", i.election.id, i.round)];
    }
    if !names.people.iter().any(|p| p.stands.iter().any(|s| keys.contains(s))) {
        keys.push("figures".into());
    }
    keys
}

/// Whether a rule binds whoever speaks here.
fn binds(i: &Interval, place: &Place, who: Audience) -> bool {
    let bound = i.rule.binds.is_empty() || i.rule.binds.iter().any(|b| b == who.word());
    // A publisher abroad is not within a French rule; French candidates and voters there are.
    let reaches = place.group.is_some() || i.election.country.is_some() || who != Audience::Media;
    bound && reaches && i.rule.effect == Effect::Forbids
}

fn catches(i: &Interval, p: &Passage) -> bool {
    let kind = p.within.unwrap_or(p.kind);
    i.rule.catches.iter().any(|c| c == kind.word())
}

fn forbidden(intervals: &[Interval], passages: &[Passage], at: Time, place: &Place, who: Audience) -> bool {
    intervals.iter().filter(|i| i.holds(at) && binds(i, place, who)).any(|i| passages.iter().any(|p| catches(i, p)))
}

fn held<'a>(intervals: &[Interval<'a>], passages: &[Passage], at: Time, place: &Place, who: Audience) -> Vec<Held<'a>> {
    let now: Vec<&Interval> = intervals.iter().filter(|i| i.holds(at) && binds(i, place, who)).collect();
    let each = |p: &Passage| -> Vec<Held<'a>> {
        let by = now.iter().filter(|i| catches(i, p));
        let precaution = p.kind.is_name() && p.within.is_none() && who != Audience::Candidate;
        by.map(|i| Held { passage: p.clone(), interval: (*i).clone(), precaution }).collect()
    };
    passages.iter().flat_map(each).collect()
}

/// Names go and the rest stays; of sentences, if most stay.
fn verdict(held: &[Held], sentences: &BTreeSet<usize>, who: Audience) -> Verdict {
    if held.is_empty() {
        return Verdict::MayBePublished;
    }
    let gone: BTreeSet<usize> = held.iter().filter(|h| !h.passage.kind.is_name()).map(|h| h.passage.sentence).collect();
    let lost = gone.intersection(sentences).count();
    let hidden = gone.iter().any(|s| !sentences.contains(s)) && lost == 0;
    match who {
        Audience::Candidate => Verdict::HoldUntil,
        // What is paid for is paid for as a whole: its label gone, it would be no better.
        _ if held.iter().any(|h| h.passage.kind == Kind::Advertising) => Verdict::HoldUntil,
        _ if gone.is_empty() => Verdict::Redact,
        _ if hidden && !sentences.is_empty() => Verdict::Redact,
        _ if lost * 2 < sentences.len() => Verdict::Redact,
        _ => Verdict::HoldUntil,
    }
}

fn told(
    rules: &[Interval],
    held: &[Held],
    passages: &[Passage],
    context: Option<&Interval>,
    place: &Place,
    who: Audience,
    verdict: Verdict,
) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    let mut say = |article: Option<&str>, en: String, fr: String| {
        all.push(Told { article: article.map(str::to_string), text: Text::new(en, fr) })
    };
    let mut seen = BTreeSet::new();
    for h in held.iter().filter(|h| seen.insert(h.interval.rule.id.clone())) {
        let article = Some(h.interval.rule.article.as_str());
        if h.interval.rule.by_usage {
            say(
                article,
                "its text names no end; 20:00 in Paris on the day of the vote, when the last metropolitan station closes, is usage".into(),
                "le texte ne fixe pas de fin ; 20 heures à Paris le jour du vote, à la fermeture du dernier bureau métropolitain, est l’usage".into(),
            );
        }
        if h.interval.rule.zone_note {
            say(
                article,
                "its text names no time zone; it is taken to begin at the earlier of local and Paris midnight".into(),
                "le texte ne nomme pas de fuseau ; il est réputé commencer au premier des deux minuits, local ou de Paris".into(),
            );
        }
        if h.interval.rule.id.starts_with("l52-2") && place.group == Some(Group::Collectivity) {
            say(
                article,
                "its text speaks of overseas departments; that it holds alike in a collectivity was not verified".into(),
                "le texte vise les départements d’outre-mer ; qu’il vaille de même dans une collectivité n’a pas été vérifié".into(),
            );
        }
    }
    if held.iter().any(|h| h.precaution) {
        say(
            None,
            "to name a candidate or a movement is no propaganda by itself: names are held back to be safe, and a report that takes no side may be defended".into(),
            "nommer un candidat ou un mouvement n’est pas en soi de la propagande : les noms sont retenus par prudence, et un récit qui ne prend pas parti se défend".into(),
        );
    }
    if held.iter().any(|h| h.interval.rule.id == "polls-2016") {
        say(
            Some("Loi n° 77-808, art. 11"),
            "of a poll published before Saturday one may speak, if the date of first publication, the medium and the institute are named beside it".into(),
            "un sondage publié avant le samedi peut être évoqué, si la date de première publication, le média et l’organisme sont indiqués à côté".into(),
        );
    }
    for i in rules.iter().filter(|i| i.rule.effect == Effect::Tells && !passages.is_empty()) {
        if !seen.insert(i.rule.id.clone()) {
            continue;
        }
        if i.rule.binds.is_empty() || i.rule.binds.iter().any(|b| b == who.word()) {
            say(Some(&i.rule.article), i.rule.text.en.clone(), i.rule.text.fr.clone());
        }
    }
    if place.group.is_none() {
        let own = rules.iter().any(|i| i.election.country.is_some());
        abroad(place, who, own, &mut say);
    }
    if let Some(e) = context.map(|c| c.election).filter(|e| matches!(e.status, Status::Announced | Status::Unverified))
    {
        let (en, fr) = match e.status {
            Status::Announced => ("announced, no decree was found", "annoncé, aucun décret trouvé"),
            _ => ("from memory, not verified", "de mémoire, non vérifié"),
        };
        say(None, format!("the calendar of the {} is {en}", e.name.en), format!("calendrier ({}) : {fr}", e.name.fr));
    }
    if verdict == Verdict::MayBePublished && !rules.iter().any(|i| i.round > 0 && i.rule.effect == Effect::Forbids) {
        say(
            None,
            "no silence is in force in the calendars at this time; by-elections are not in them".into(),
            "aucune période de silence n’est en vigueur à ce moment dans les calendriers ; les élections partielles n’y sont pas".into(),
        );
    }
    all
}

/// What binds whoever publishes in another country. `own`: a rule of that country is in force.
fn abroad(place: &Place, who: Audience, own: bool, say: &mut impl FnMut(Option<&str>, String, String)) {
    let code = &place.code;
    match who {
        Audience::Media => say(
            None,
            format!(
                "a publisher in {code} is not within the French rules by where it is; it is for what it aims at the public in France, as a partner, a correspondent or a site for French readers (not verified in a decision)"
            ),
            format!(
                "un éditeur établi en {code} n’est pas soumis aux règles françaises par son siège ; il l’est pour ce qu’il destine au public en France, par un partenaire, un correspondant ou un site pour lecteurs français (non vérifié dans une décision)"
            ),
        ),
        _ => say(
            None,
            format!(
                "French rules are applied to French candidates and voters in {code}, by the day on which the posts there vote"
            ),
            format!(
                "les règles françaises sont appliquées aux candidats et électeurs français en {code}, au jour où les bureaux y votent"
            ),
        ),
    }
    match place.limits {
        Some(false) => say(
            None,
            format!("no limit before a vote is known in {code}"),
            format!("aucune limite avant un vote n’est connue en {code}"),
        ),
        Some(true) if own => {}
        Some(true) => say(
            None,
            format!(
                "{code} has limits before votes of its own; name the day of such a vote with `--vote`, few are in the calendars"
            ),
            format!(
                "{code} connaît des limites avant ses propres votes ; indiquez-en le jour par « --vote », peu sont dans les calendriers"
            ),
        ),
        None => say(
            None,
            format!("nothing is known here of the law of {code} before its own votes"),
            format!("rien n’est connu ici du droit de {code} avant ses propres votes"),
        ),
    }
}

impl Judgement<'_> {
    /// Minutes from the moment to another, begun ones counted.
    #[must_use]
    pub fn minutes(&self, to: Time) -> i64 {
        (to.0 - self.at.0).max(0).saturating_add(59_999_999) / 60_000_000
    }

    /// Kinds held.
    #[must_use]
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.held.iter().map(|h| h.passage.kind).collect()
    }
}
