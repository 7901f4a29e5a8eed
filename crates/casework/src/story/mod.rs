//! The case as stories: which findings belong together, which steps of the chain they show, who may have done it.
//!
//! What a finding brings ([`Part`]) comes of its entities, roles and techniques, and of its chapter where that knows more;
//! nothing here knows a kind of evidence by name. Findings are joined by values they share and by victims, weighed by how
//! rare that is ([`rarity`], after Fellegi and Sunter); shuffled identities say how often chance would do the same
//! ([`null`]); what is joined is an incident ([`incidents`]), which shows steps ([`chain`]) and lets hypotheses about who be
//! weighed ([`who`]). What a person decided ([`Decision`]) stands above the rules and can be taken back.
//!
//! You may rely on: the same findings and decisions give the same story, in whatever order evidence came; one weak link
//! never joins two incidents; any number of links below half the cut join nothing. Left out: steps nobody recorded, and
//! whether one thing was because of another.

pub mod alert;
pub mod chain;
mod decision;
mod incidents;
mod links;
mod null;
mod part;
mod rarity;
mod search;
pub mod who;

pub use alert::Alert;
pub use chain::{Chain, Criterion};
pub use decision::{Decision, Verb, standing};
pub use incidents::Incident;
pub use links::Link;
pub use null::Null;
pub use part::{About, Part, Shows, Sign, Value, account, day};
pub use rarity::Bearers;
pub use search::Searched;

use crate::chapters::CHAPTERS;
use knowledge::chain::{Chain as Known, Sets};
use model::{Context, Finding, Level, Result, Severity, Text, Time, View};
use rows::story::Step;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

model::settings! {
    /// What a case says of who.
    pub struct Settings in "who", "Who may have done it", "Qui a pu le faire" {
        rated: Vec<String> = "[]",
            "sources with a letter of the Admiralty code, \"B: CERT-X\"; whoever is rated by nobody never decides",
            "sources et leur lettre du code de l’Amirauté, « B: CERT-X » ; qui n’est noté par personne ne décide jamais";
        names: Vec<String> = "[]",
            "whose a name is that several claim, \"Pawn Storm: APT28\"",
            "à qui est un nom que plusieurs revendiquent, « Pawn Storm: APT28 »";
        shared: Vec<String> = "[]",
            "values that many share and that therefore join nothing: addresses of a VPN, hosts",
            "valeurs que beaucoup partagent et qui ne relient donc rien : adresses d’un VPN, hôtes";
        context: Vec<Motive> = "[]",
            "context for a motive (loans, visits, statements), shown apart and weighed as nothing: tables of what, when, who, reference",
            "contexte d’un mobile (prêts, visites, déclarations), montré à part et sans aucun poids : tables de what, when, who, reference";
    }
}

/// Context for a motive, as a case writes it. Whoever has a motive need not have acted: nothing is weighed by it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Motive {
    /// What.
    pub what: String,
    /// When.
    pub when: String,
    /// Whose, or of whom.
    pub who: String,
    /// Where it stands.
    pub reference: String,
}

impl Motive {
    /// In one line: when, who, what, where it stands; what is missing is left out.
    pub fn line(&self) -> String {
        let parts = [&self.when, &self.who, &self.what].into_iter().filter(|p| !p.trim().is_empty());
        let line = parts.map(|p| p.trim()).collect::<Vec<_>>().join(", ");
        if self.reference.trim().is_empty() { line } else { format!("{line} ({})", self.reference.trim()) }
    }
}

/// A finding as the story needs it: its words are read again where they are told ([`wording`]), for there may be a million.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Who defends it.
    pub detector: Arc<str>,
    /// How much it matters.
    pub severity: Severity,
    /// How sure.
    pub confidence: u8,
    /// What comes first.
    pub urgency: i64,
    /// Where it stands towards the law.
    pub level: Level,
    /// First event.
    pub first: Option<Time>,
    /// Last event.
    pub last: Option<Time>,
    /// What it brings.
    pub part: Part,
}

impl Item {
    /// The steps it shows.
    pub fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        self.part.shows.iter().map(|s| s.step)
    }

    /// The kind of evidence that it speaks of: the room of its detector.
    pub fn kind(&self) -> &str {
        self.detector.split('/').next().unwrap_or_default()
    }
}

/// A case put together.
#[derive(Clone, Debug)]
pub struct Story {
    /// Findings that show a step, share a value or speak of who: by first event, then id.
    pub items: Vec<Item>,
    /// Links that join, the strongest first.
    pub links: Vec<Link>,
    /// Links that are too weak to join.
    pub possible: Vec<Link>,
    /// How often chance would do the same.
    pub null: Null,
    /// The gravest first, each of several findings; of those that nothing joins only the gravest of all, where it comes first.
    pub incidents: Vec<Incident>,
    /// What was searched.
    pub searched: Vec<Searched>,
    /// What stands of people's decisions.
    pub decisions: Vec<Decision>,
    known: Arc<(Known, Sets)>,
    settings: Settings,
}

impl Story {
    /// Of a case, with what people decided. `keep` says which findings are looked at: all, but where a case is replayed
    /// without some of its evidence.
    pub fn of(
        view: &dyn View,
        context: &Context,
        decisions: &[Decision],
        keep: &dyn Fn(&Finding) -> bool,
    ) -> Result<Story> {
        let known = Arc::new((Known::embedded(), Sets::embedded()));
        let settings = context.config.settings::<Settings>()?;
        let decisions = decision::in_force(decisions);
        let reader = part::Reader::new(context, &known.0, &settings);
        let mut items: Vec<Item> = Vec::new();
        let mut detectors: BTreeSet<Arc<str>> = BTreeSet::new();
        view.findings_as_they_lie(&mut |finding| {
            if keep(&finding) {
                items.extend(item(finding, &reader, &decisions, &mut detectors));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        // One finding may have been made of two pieces of evidence: which of them is kept, what they say decides.
        items.sort_by(|a, b| {
            (a.first, &a.id, a.last, a.urgency).cmp(&(b.first, &b.id, b.last, b.urgency)).then_with(|| {
                let said = |i: &Item| format!("{:?}", i.part);
                if a.id == b.id { said(a).cmp(&said(b)) } else { std::cmp::Ordering::Equal }
            })
        });
        items.dedup_by(|b, a| a.id == b.id);
        let mut bearers = Bearers::of(&items, &known.0);
        for chapter in CHAPTERS {
            chapter.bearers(view, context, &mut bearers)?;
        }
        let mut weighed = links::weigh(&items, &bearers, &known.0);
        let mut shuffled = null::shuffle(&items, &bearers);
        let first = shuffled.told(&items, &weighed);
        let cores = incidents::cores(&items, &links::bearing(&items), &weighed, &first, &decisions)?;
        links::together(&items, &cores, &mut weighed, &bearers, &known.0);
        let (groups, meetings) = links::groups(&items, &cores, &known.0);
        shuffled.together(&groups, &meetings, &bearers);
        let null = shuffled.told(&items, &weighed);
        let (links, possible): (Vec<Link>, Vec<Link>) =
            weighed.into_iter().partition(|l: &Link| l.bits >= null.cut(l.pair));
        let incidents = incidents::join(&items, &links, &null, &decisions)?;
        let searched = CHAPTERS.iter().map(|c| c.searched(view)).collect::<Result<Vec<_>>>()?.concat();
        Ok(Story { items, links, possible, null, incidents, searched, decisions, known, settings })
    }

    /// What the case says of motives.
    pub fn context(&self) -> &[Motive] {
        &self.settings.context
    }

    /// The gravest incident.
    pub fn gravest(&self) -> Option<&Incident> {
        self.incidents.first()
    }

    /// The incidents of several findings by the places of these.
    pub fn places(&self) -> HashMap<usize, &Incident> {
        let many = self.incidents.iter().filter(|i| i.items.len() > 1);
        many.flat_map(|i| i.items.iter().map(move |n| (*n, i))).collect()
    }

    /// Findings that nothing joins, each an incident of one.
    pub fn alone(&self) -> impl Iterator<Item = Incident> + '_ {
        let joined = self.places();
        (0..self.items.len()).filter(move |n| !joined.contains_key(n)).map(|n| Incident::of(&self.items, vec![n]))
    }

    /// The findings of an incident.
    pub fn of_incident<'s>(&'s self, incident: &'s Incident) -> impl Iterator<Item = &'s Item> {
        incident.items.iter().map(|n| &self.items[*n])
    }

    /// Steps that links join in an incident: those of findings that a link leads to.
    pub fn joined(&self, incident: &Incident) -> BTreeSet<Step> {
        self.within(incident)
            .into_iter()
            .flat_map(|l| [l.ends.0, l.ends.1])
            .flat_map(|n| self.items[n].steps().collect::<Vec<_>>())
            .collect()
    }

    /// Other names that somebody says are those of an intrusion set.
    pub fn known_as(&self, set: &str) -> Vec<&str> {
        let set = self.known.1.set.iter().find(|s| s.name == set);
        set.into_iter().flat_map(|s| &s.claims).map(|c| c.name.as_str()).collect()
    }

    /// Who says that which other name is that set's: name, who, since when, where.
    pub fn aliases(&self, set: &str) -> Vec<(&str, &str, &str, &str)> {
        self.claimed(set, |s| &s.claims)
    }

    /// Who says for whom a set works.
    pub fn sponsors(&self, set: &str) -> Vec<(&str, &str, &str, &str)> {
        self.claimed(set, |s| &s.sponsor)
    }

    fn claimed(
        &self,
        set: &str,
        of: fn(&knowledge::chain::Set) -> &[knowledge::chain::Claim],
    ) -> Vec<(&str, &str, &str, &str)> {
        let Some(set) = self.known.1.set.iter().find(|s| s.name == set) else { return Vec::new() };
        let place = |c: &'_ knowledge::chain::Claim| c.reference.is_empty();
        of(set)
            .iter()
            .map(|c| (&*c.name, &*c.says, &*c.since, if place(c) { &*set.reference } else { &*c.reference }))
            .collect()
    }

    /// The links within an incident.
    pub fn within(&self, incident: &Incident) -> Vec<&Link> {
        let inside: BTreeSet<usize> = incident.items.iter().copied().collect();
        self.links.iter().filter(|l| inside.contains(&l.ends.0) && inside.contains(&l.ends.1)).collect()
    }

    /// How many findings of the case show a step, whatever they are joined to.
    pub fn showing(&self, step: Step) -> usize {
        let shows = |p: &Part| p.shows.iter().any(|s| s.step == step && s.confidence >= incidents::SURE);
        self.items.iter().filter(|i| i.part.innocent.is_none() && shows(&i.part)).count()
    }

    /// What is known of the chain.
    pub fn known(&self) -> &Known {
        &self.known.0
    }
}

/// What the story needs of a finding; none where that is nothing.
fn item(
    finding: Finding,
    reader: &part::Reader,
    decisions: &[Decision],
    detectors: &mut BTreeSet<Arc<str>>,
) -> Option<Item> {
    let id = finding.id();
    let mut part = reader.read(&finding);
    if let Some(said) = decisions.iter().find(|d| d.verb == Verb::Innocent && d.findings.contains(&id)) {
        part.innocent = Some(Text::same(said.reason.clone()));
    }
    let named = decisions.iter().any(|d| d.findings.contains(&id));
    if !named && part.is_empty() {
        return None;
    }
    let detector = detectors.get(&*finding.detector).cloned().unwrap_or_else(|| {
        let new: Arc<str> = finding.detector.as_ref().into();
        detectors.insert(new.clone());
        new
    });
    Some(Item {
        id,
        urgency: finding.urgency(),
        detector,
        severity: finding.severity,
        confidence: finding.confidence,
        level: finding.level,
        first: finding.first,
        last: finding.last,
        part,
    })
}

/// What a finding says of itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Wording {
    /// In one line.
    pub title: Text,
    /// The gravest reason against it.
    pub against: Option<Text>,
}

/// What these findings say of themselves.
pub fn wording<'i>(view: &dyn View, of: impl IntoIterator<Item = &'i str>) -> Result<HashMap<String, Wording>> {
    let wanted: HashSet<&str> = of.into_iter().collect();
    let mut all: HashMap<String, Wording> = HashMap::new();
    if wanted.is_empty() {
        return Ok(all);
    }
    view.findings_as_they_lie(&mut |finding| {
        let id = finding.id();
        if wanted.contains(id.as_str()) {
            let against = finding.reasons.into_iter().filter(|r| !r.supports).max_by_key(|r| r.weight).map(|r| r.text);
            let said = Wording { title: finding.title, against };
            // Of one finding made of two pieces of evidence always the same.
            let known = all.entry(id).or_insert_with(|| said.clone());
            if said < *known {
                *known = said;
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}
