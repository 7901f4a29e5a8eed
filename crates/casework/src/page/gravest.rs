//! The gravest findings of all kinds, in one order: for each kind its gravest finding with what, when, who, why, the strongest
//! innocent reading, and what to do. You may rely on: severity comes first, then what possibly succeeded, then how sure; a
//! kind that only repeats what another tells (the messages of a wave) stands with that one; what is left out is counted and
//! a link away. Left out: what else a chapter says of them.

use super::told::{self, fact};
use super::{BRIEF, Page, Place, Section, finding_anchor};
use crate::chapters::CHAPTERS;
use crate::detail::Detail;
use crate::show;
use crate::words::{Pair, Words};
use jiff::civil::Date;
use maud::{Markup, html};
use model::{EntityKind, Finding, Reason, Role, Severity, Text};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Kinds told one by one.
const TOLD: usize = 10;
/// Findings kept of a kind.
const KEPT: usize = 3;
/// Kinds counted.
const KINDS: usize = 500;
/// Addresses named.
const NAMED: usize = 3;

/// What a person should do about a finding.
#[derive(Clone, Debug)]
pub struct Advice {
    /// What.
    pub what: Text,
    /// Who.
    pub who: Pair,
    /// The detector that tells this and more, where it found something as grave.
    pub within: Option<&'static str>,
}

impl Advice {
    /// What, and by whom.
    pub fn new(who: Pair, en: impl Into<String>, fr: impl Into<String>) -> Advice {
        Advice { what: Text::new(en, fr), who, within: None }
    }

    /// Told with another's findings, where those are as grave.
    pub fn within(mut self, detector: &'static str) -> Advice {
        self.within = Some(detector);
        self
    }
}

/// Those who keep the machines.
pub const IT: Pair = ("IT", "l’informatique");
/// Those who lead the defence.
pub const LEAD: Pair = ("security lead", "responsable de la sécurité");
/// Those who speak for the campaign.
pub const VOICE: Pair = ("spokesperson", "porte-parole");

/// The gravest of each kind.
#[derive(Debug, Default)]
pub struct Gravest(BTreeMap<String, Kind>);

/// Findings of one detector, of medium severity and above.
#[derive(Debug, Default)]
struct Kind {
    counts: BTreeMap<Severity, u64>,
    top: Vec<Grave>,
}

/// A kind with its detector.
type Named<'g> = (&'g String, &'g Kind);

/// A finding told.
#[derive(Debug)]
struct Grave {
    detail: Detail,
    advice: Option<Advice>,
    /// At what of ours it was aimed, before the list was cut: how many, by what they are.
    aimed: BTreeMap<Ours, u64>,
    /// Addresses it came from.
    from: usize,
}

impl Gravest {
    /// Looks at a finding; findings come gravest first.
    pub fn take(&mut self, finding: &Finding, day: Option<Date>) {
        self.count(&finding.detector, finding.severity);
        self.keep(finding, day);
    }

    /// Counts a finding.
    pub fn count(&mut self, detector: &str, severity: Severity) {
        if severity < Severity::Medium || (self.0.len() >= KINDS && !self.0.contains_key(detector)) {
            return;
        }
        if !self.0.contains_key(detector) {
            self.0.insert(detector.to_string(), Kind::default());
        }
        if let Some(kind) = self.0.get_mut(detector) {
            *kind.counts.entry(severity).or_default() += 1;
        }
    }

    /// Keeps a finding that was counted, where it is one of the first of its kind; findings come gravest first.
    pub fn keep(&mut self, finding: &Finding, day: Option<Date>) {
        let Some(kind) = self.0.get_mut(&*finding.detector).filter(|k| k.top.len() < KEPT) else { return };
        if finding.severity < Severity::Medium {
            return;
        }
        let advice = CHAPTERS.iter().find_map(|c| c.advice(finding));
        let of = |role: Role| -> usize {
            finding.entities.iter().filter(|e| e.role == role).map(|e| &e.value).collect::<BTreeSet<_>>().len()
        };
        let from = of(Role::Source);
        let victims = finding.entities.iter().filter(|e| e.role == Role::Victim).map(|e| (e.kind, &e.value));
        let mut aimed = BTreeMap::new();
        for (kind, _) in victims.collect::<BTreeSet<_>>() {
            *aimed.entry(Ours::of(kind)).or_default() += 1;
        }
        let detail = Detail::with_ends(finding.clone(), day, (1, 0));
        kind.top.push(Grave { detail, advice, aimed, from });
        kind.top.sort_by_key(|g| Reverse(gravity(&g.detail.finding)));
    }

    /// Whether of all that was counted as many are kept as ever will be.
    pub fn is_full(&self) -> bool {
        self.0.values().all(|k| k.top.len() as u64 >= k.counts.values().sum::<u64>().min(KEPT as u64))
    }

    /// What is kept whole.
    pub fn details(&mut self) -> impl Iterator<Item = &mut Detail> {
        self.0.values_mut().flat_map(|k| &mut k.top).map(|g| &mut g.detail)
    }

    /// The gravest finding of each of the first kinds told.
    pub fn into_first(self, n: usize) -> Vec<crate::short::Grave> {
        let names: Vec<String> = self.split().0.into_iter().take(n).map(|(detector, _)| detector.clone()).collect();
        let mut kinds = self.0;
        let of = |name: &String| {
            let kind = kinds.remove(name)?;
            let more = kind.counts.values().sum::<u64>().saturating_sub(1);
            let Grave { detail, advice, .. } = kind.top.into_iter().next()?;
            let advice = advice.map(|a| (a.what, Text::new(a.who.0, a.who.1)));
            Some(crate::short::Grave { finding: detail.finding, advice, more })
        };
        names.iter().filter_map(of).collect()
    }

    /// Kinds told one by one, the gravest first, and the others.
    fn split(&self) -> (Vec<Named<'_>>, Vec<Named<'_>>) {
        let mut all: Vec<Named> = self.0.iter().collect();
        all.sort_by_key(|(_, k)| Reverse(k.top.first().map(|g| gravity(&g.detail.finding))));
        let worst = |k: &Kind| k.counts.keys().next_back().copied();
        let covered = |k: &Kind| {
            let within = k.top.first().and_then(|g| g.advice.as_ref()).and_then(|a| a.within);
            within.and_then(|d| self.0.get(d)).is_some_and(|other| worst(other) >= worst(k))
        };
        // What is worth a look today; where there is nothing of the kind, what is worth one this week.
        let least = all.iter().filter_map(|(_, k)| worst(k)).max().map_or(Severity::High, |s| s.min(Severity::High));
        let mut n = 0;
        all.into_iter().partition(|(_, k)| {
            let told = n < TOLD && worst(k) >= Some(least) && !covered(k);
            n += usize::from(told);
            told
        })
    }
}

/// What comes first: severity, then what possibly succeeded, then how sure.
fn gravity(f: &Finding) -> (Severity, i64) {
    (f.severity, f.urgency())
}

/// The section, where anything is grave.
pub fn section(page: &Page, gravest: &Gravest) -> Option<Section> {
    let (told, others) = gravest.split();
    if told.is_empty() {
        return None;
    }
    let markup = html! {
        p.quiet { (page.say(
            "One order for all kinds. “Or else” is the strongest innocent reading.",
            "Un seul ordre pour toutes les natures. « Ou bien » est la lecture innocente la plus forte.",
        )) }
        @for (n, (detector, kind)) in told.iter().enumerate() { (entry(page, n + 1, detector, kind)) }
        @if !others.is_empty() { (rest(page, &others)) }
    };
    let title = ("Findings by gravity", "Constats par gravité");
    Some(Section { leaf: BRIEF, cover: false, place: Place::First, id: "gravest", title, markup })
}

/// A severity, as a mark that does not rest on colour.
pub fn badge(page: &Page, severity: Severity) -> Markup {
    let mark = match severity {
        Severity::Critical => "▲ ",
        Severity::High => "■ ",
        _ => "",
    };
    html! { span.badge.(severity.as_str()) { (mark) (page.words.text(&severity.text())) } }
}

fn entry(page: &Page, n: usize, detector: &str, kind: &Kind) -> Markup {
    let Some(grave) = kind.top.first() else { return html! {} };
    let f = &grave.detail.finding;
    let strongest = |supports: bool| f.reasons.iter().filter(|r| r.supports == supports).max_by_key(|r| r.weight);
    let reason = |r: &Reason| page.words.prose(&r.text, 260);
    let today = f.severity >= Severity::High;
    let soon = if today { page.say("today", "aujourd’hui") } else { page.say("this week", "cette semaine") };
    html! {
        article.grave {
            h3 { (badge(page, f.severity)) " " (n) ". " (page.words.prose(&f.title, 220)) }
            div.pair {
                dl.facts {
                    (told::moments(page, &grave.detail))
                    (who(page, grave))
                    @if let Some(r) = strongest(true) { (fact(&page.say("Because", "Parce que"), &reason(r))) }
                    (fact(&page.say("Or else", "Ou bien"), &match strongest(false) {
                        Some(r) => reason(r),
                        None => html! { (page.say("nothing in the evidence speaks against it", "rien dans les pièces ne s’y oppose")) },
                    }))
                    @if let Some(more) = more(page, detector, kind) { (fact(&page.say("Besides", "En outre"), &more)) }
                }
                div.do { p { strong { (page.say("Do", "À faire")) } br;
                    @match &grave.advice {
                        Some(a) => { (page.words.prose(&a.what, 400)) " " span.quiet { (page.words.pair(a.who)) ", " (soon) } },
                        None => { (page.say(
                            "Look at its reasons and its lines, then decide.",
                            "Examiner ses raisons et ses lignes, puis décider.",
                        )) " " span.quiet { (page.words.pair(LEAD)) ", " (soon) } },
                    }
                } }
            }
            p.open { a href=(format!("#{}", finding_anchor(&f.id()))) { (page.say("Reasons and lines", "Raisons et lignes")) } }
        }
    }
}

/// What of ours something was aimed at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Ours {
    Account,
    Mailbox,
    Domain,
    Machine,
    Thing,
}

impl Ours {
    fn of(kind: EntityKind) -> Ours {
        match kind {
            EntityKind::UserAccount => Ours::Account,
            EntityKind::EmailAddr => Ours::Mailbox,
            EntityKind::DomainName | EntityKind::Url => Ours::Domain,
            EntityKind::Ipv4Addr | EntityKind::Ipv6Addr | EntityKind::MacAddr => Ours::Machine,
            _ => Ours::Thing,
        }
    }

    fn count(self, words: Words, n: u64) -> String {
        let (one, many) = match self {
            Ours::Account => (("account", "compte"), ("accounts", "comptes")),
            Ours::Mailbox => (("mailbox", "boîte aux lettres"), ("mailboxes", "boîtes aux lettres")),
            Ours::Domain => (("site or domain", "site ou domaine"), ("sites or domains", "sites ou domaines")),
            Ours::Machine => (("machine", "machine"), ("machines", "machines")),
            Ours::Thing => (("other target", "autre cible"), ("other targets", "autres cibles")),
        };
        words.count(n, one, many)
    }
}

/// Where it came from and at whom it was aimed. The latter are counted: their names stand where they are needed.
fn who(page: &Page, grave: &Grave) -> Markup {
    let words = page.words;
    let of = |role: Role| -> Vec<&str> {
        let all: BTreeSet<&str> =
            grave.detail.finding.entities.iter().filter(|e| e.role == role).map(|e| e.value.as_str()).collect();
        all.into_iter().collect()
    };
    let named = |list: &[&str], all: usize| {
        html! {
            @for (i, name) in list.iter().take(NAMED).enumerate() { @if i > 0 { ", " } code { (show::text(name, 60)) } }
            @if all > NAMED { " " (page.say("and", "et")) " " (words.count((all - NAMED) as u64, ("more", "autre"), ("more", "autres"))) }
        }
    };
    let (source, sender, rests) = (of(Role::Source), of(Role::Sender), of(Role::Infrastructure));
    if source.is_empty() && sender.is_empty() && rests.is_empty() && grave.aimed.is_empty() {
        return html! {};
    }
    let mut parts: Vec<Markup> = Vec::new();
    if !source.is_empty() {
        parts.push(html! { (page.say("from ", "depuis ")) (named(&source, grave.from)) });
    }
    if !sender.is_empty() {
        parts.push(html! { (page.say("sent as ", "au nom de ")) (named(&sender, sender.len())) });
    }
    if !rests.is_empty() {
        parts.push(html! { (page.say("by way of ", "par ")) (named(&rests, rests.len())) });
    }
    if !grave.aimed.is_empty() {
        let aimed: Vec<String> = grave.aimed.iter().map(|(ours, n)| ours.count(words, *n)).collect();
        parts.push(html! { (page.say("aimed at ", "visait ")) (aimed.join(", ")) });
    }
    fact(
        &page.say("Who", "Qui"),
        &html! { @for (i, part) in parts.iter().enumerate() { @if i > 0 { (page.say("; ", " ; ")) } (part) } },
    )
}

/// The others of the kind: the next by their titles, all by a link.
fn more(page: &Page, detector: &str, kind: &Kind) -> Option<Markup> {
    let all: u64 = kind.counts.values().sum();
    let next = kind.top.iter().skip(1).take(2).map(|g| &g.detail.finding);
    (all > 1).then(|| html! {
        (counts(page, detector, kind, 1))
        @for f in next { " · " a href=(format!("#{}", finding_anchor(&f.id()))) { (page.words.prose(&f.title, 120)) } }
    })
}

/// How many of a kind by severity, less those told, with the way to them.
fn counts(page: &Page, detector: &str, kind: &Kind, told: u64) -> Markup {
    let mut told = told;
    let counts: Vec<(u64, Severity)> = kind
        .counts
        .iter()
        .rev()
        .filter_map(|(s, n)| {
            let left = n - told.min(*n);
            told -= told.min(*n);
            (left > 0).then_some((left, *s))
        })
        .collect();
    html! {
        a href=(super::findings::way(&format!("detector:{detector} severity>=medium"))) {
            @for (i, (n, severity)) in counts.iter().enumerate() {
                @if i > 0 { ", " } (page.words.number(*n)) " " (page.words.text(&severity.counted(*n)))
            }
        }
    }
}

/// Kinds that are not told one by one.
fn rest(page: &Page, others: &[Named]) -> Markup {
    html! {
        h3 { (page.say("Also worth a look", "À voir aussi")) }
        ul.rest { @for (detector, kind) in others.iter().take(20) { @if let Some(grave) = kind.top.first() {
            li {
                (badge(page, grave.detail.finding.severity)) " "
                a href=(format!("#{}", finding_anchor(&grave.detail.finding.id()))) { (page.words.prose(&grave.detail.finding.title, 160)) }
                " (" (page.say("in all", "en tout")) " " (counts(page, detector, kind, 0)) ")"
            }
        } } }
    }
}
