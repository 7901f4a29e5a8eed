//! Decoy addresses: names that resemble something protected, names of one hand, names held to be bad that were met. You
//! may rely on: the gravest of each detector are kept whole, all are counted. Left out: judging (crate `sensors`).

mod dossier;
mod page;
mod story;

use self::dossier::Grounds;
use super::{Chapter, Gathering};
use crate::Write;
use crate::detail::{Detail, Kept};
use crate::export::{Bundle, Dossier, Event, Indicator, Order, each, is_plain};
use crate::page::gravest::{Advice, IT, LEAD};
use crate::page::{Answer, ChapterPage, Place, Section, Sentence};
use crate::story::{Bearers, Part};
use jiff::civil::Date;
use model::{Context, Finding, Result, Severity, View};
use rows::Row;
use rows::names::{Accused, Cluster, Flood, KnownBad, Lookalike, Via};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Names of a flood that are shown.
const NAMES: usize = 20;

/// The chapter.
pub struct Names;

impl Chapter for Names {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::<Gathered>::default()
    }

    fn prints(&self) -> &'static [&'static str] {
        &["names"]
    }

    fn part(&self, finding: &Finding, context: &Context, part: &mut Part) {
        story::part(finding, context, part);
    }

    fn bearers(&self, view: &dyn View, _: &Context, bearers: &mut Bearers) -> Result<()> {
        story::bearers(view, bearers)
    }

    fn indicators(&self, finding: &Finding, bundle: &mut Bundle) {
        for name in accused(finding) {
            let pattern = format!("[domain-name:value = '{name}']");
            let sure = is_used(finding);
            bundle.once(&Indicator { finding, name, pattern, phase: "resource-development", sure });
        }
    }

    /// Names that somebody registered to deceive: the only indicators fit for detection, where more than likeness speaks.
    fn attributes(&self, finding: &Finding, event: &mut Event) {
        if !is_of_names(finding) {
            return;
        }
        event.of(finding);
        for name in accused(finding) {
            event.add("Network activity", "domain", name, is_used(finding), finding);
        }
    }

    fn advice(&self, finding: &Finding) -> Option<Advice> {
        let registrar = || {
            Advice::new(
                LEAD,
                "Report it to its registrar and host (`vigie export DIR --to dossier`), and block it on your resolver.",
                "Le signaler à son bureau d’enregistrement et à son hébergeur (`vigie export DIR --to dossier`), et le bloquer sur votre résolveur.",
            )
        };
        match &*finding.detector {
            Cluster::NAME => Some(registrar().within(Lookalike::NAME)),
            Lookalike::NAME | Flood::NAME => Some(registrar()),
            KnownBad::NAME => Some(Advice::new(
                IT,
                "Find the machine or the person that met it, and block the name.",
                "Trouver la machine ou la personne qui l’a rencontré, et bloquer le nom.",
            )),
            _ => None,
        }
    }

    /// Blocking harms whoever owns a name: likeness alone is not enough.
    fn blocked<'f>(&self, finding: &'f Finding) -> Vec<&'f str> {
        if is_used(finding) { accused(finding) } else { Vec::new() }
    }

    fn dossiers<'o>(&self, view: &dyn View, order: &'o Order) -> Result<Vec<Dossier<'o>>> {
        dossiers(view, order)
    }
}

/// What the case says of names.
#[derive(Debug, Default)]
struct Gathered {
    /// Names that resemble something protected.
    lookalikes: Vec<Kept<Lookalike>>,
    /// Many names of one pattern, a sample of each.
    floods: Vec<Kept<Flood>>,
    /// Names of one hand.
    clusters: Vec<Kept<Cluster>>,
    /// Names held to be bad that were met.
    sightings: Vec<Kept<KnownBad>>,
    /// How many, by detector and severity.
    counts: BTreeMap<(String, Severity), u64>,
}

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathered {
    /// Findings of a detector at or above a severity.
    fn count(&self, detector: &str, least: Severity) -> u64 {
        self.counts.iter().filter(|((d, s), _)| d == detector && *s >= least).map(|(_, n)| n).sum()
    }

    /// Whether nothing is worth telling.
    fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// All kept.
    fn all(&self) -> impl Iterator<Item = &Detail> {
        let clusters = self.clusters.iter().map(|t| &t.detail);
        let lookalikes = self.lookalikes.iter().map(|t| &t.detail);
        let floods = self.floods.iter().map(|t| &t.detail);
        clusters.chain(lookalikes).chain(floods).chain(self.sightings.iter().map(|t| &t.detail))
    }
}

impl Gathering for Gathered {
    fn take(&mut self, mut finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        let (detector, severity) = (finding.detector.to_string(), finding.severity);
        let left = match detector.as_str() {
            Lookalike::NAME => Kept::keep(&mut self.lookalikes, Severity::Low, finding, day),
            Flood::NAME => {
                sample(&mut finding);
                Kept::keep(&mut self.floods, Severity::Low, finding, day)
            }
            Cluster::NAME => Kept::keep(&mut self.clusters, Severity::Low, finding, day),
            KnownBad::NAME => Kept::keep(&mut self.sightings, Severity::Low, finding, day),
            _ => return Ok(Some(finding)),
        };
        if left.is_none() {
            *self.counts.entry((detector, severity)).or_default() += 1;
        }
        Ok(left)
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        let lookalikes = self.lookalikes.iter_mut().map(|t| &mut t.detail);
        let clusters = self.clusters.iter_mut().map(|t| &mut t.detail);
        let floods = self.floods.iter_mut().map(|t| &mut t.detail);
        lookalikes.chain(floods).chain(clusters).chain(self.sightings.iter_mut().map(|t| &mut t.detail)).collect()
    }

    fn figures(&self) -> Map<String, Value> {
        use Severity::{High, Low};
        let list: Value = self
            .all()
            .map(|d| {
                let f = &d.finding;
                json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "score": f.confidence,
                    "first": f.first, "fields": f.fields })
            })
            .collect();
        let all = json!({
            "lookalikes": self.count(Lookalike::NAME, Low),
            "lookalikes_high": self.count(Lookalike::NAME, High),
            "floods": self.count(Flood::NAME, Low),
            "clusters": self.count(Cluster::NAME, Low),
            "sightings": self.count(KnownBad::NAME, Low),
            "list": list,
        });
        Map::from_iter([("names".into(), all)])
    }

    fn answers(&self, page: &crate::page::Page) -> Vec<Answer> {
        page::answer(&Page::new(page, self)).into_iter().collect()
    }

    fn sentences(&self, page: &crate::page::Page) -> Vec<Sentence> {
        let markup = (!self.is_empty()).then(|| page::sentence(&Page::new(page, self)));
        markup.map(|markup| Sentence { place: Place::Body, markup }).into_iter().collect()
    }

    fn sections(&self, page: &crate::page::Page) -> Vec<Section> {
        page::section(&Page::new(page, self)).into_iter().collect()
    }
}

/// Keeps of a flood's names what the page shows.
fn sample(finding: &mut Finding) {
    if let Ok(mut row) = Flood::of(&finding.fields) {
        row.names.truncate(NAMES);
        finding.fields = row.fields();
    }
}

/// The names that a finding accuses.
fn accused(finding: &Finding) -> Vec<&str> {
    match &*finding.detector {
        Lookalike::NAME | Flood::NAME | KnownBad::NAME => {
            let accused = finding.fields.borrowed::<Accused>().map(Accused::names).unwrap_or_default();
            accused.into_iter().filter(|n| is_plain(n)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether more than likeness speaks against the names: they were used (mail, a link, a page that visits came from), somebody
/// holds them to be bad, or the likeness is high.
fn is_used(finding: &Finding) -> bool {
    let used = |met: BTreeSet<Via>| met.iter().any(|v| matches!(v, Via::Sender | Via::Link | Via::Referer));
    finding.severity >= Severity::High
        || match &*finding.detector {
            Lookalike::NAME => Lookalike::of(&finding.fields).is_ok_and(|row| used(row.met)),
            Flood::NAME => Flood::of(&finding.fields).is_ok_and(|row| used(row.met)),
            KnownBad::NAME => finding.severity >= Severity::Medium,
            _ => false,
        }
}

fn is_of_names(finding: &Finding) -> bool {
    finding.detector.starts_with("names/")
}

/// A dossier of each cluster, and of each decoy that is of none.
fn dossiers<'o>(view: &dyn View, order: &'o Order) -> Result<Vec<Dossier<'o>>> {
    // What a dossier draws on may be slighter than what it is written about.
    let (mut findings, mut grounds) = (Vec::new(), Grounds::new());
    each(view, Severity::Info, &mut |finding| {
        dossier::add(&mut grounds, &finding)?;
        findings.extend(Some(finding).filter(|f| is_of_names(f) && f.severity >= order.least));
        Ok(())
    })?;
    let clusters = findings.iter().filter(|f| f.detector == Cluster::NAME);
    let mut about: Vec<&Finding> = clusters.clone().collect();
    let mut told: BTreeSet<String> = BTreeSet::new();
    for cluster in clusters {
        told.extend(Cluster::of(&cluster.fields)?.domains);
    }
    // By name, each by the surest finding that speaks of it.
    let mut named: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in &findings {
        for name in accused(finding) {
            let known = named.entry(name).or_insert(finding);
            if finding.confidence > known.confidence {
                *known = finding;
            }
        }
    }
    for (name, finding) in named {
        if !told.contains(name) && !told.contains(finding.key.as_str()) && told.insert(finding.key.clone()) {
            about.push(finding);
        }
    }
    let about: Vec<Finding> = about.into_iter().cloned().collect();
    let (grounds, evidence) = (Rc::new(grounds), Rc::new(view.evidence()?));
    let dossier = |about: Finding| -> Dossier<'o> {
        let name = if is_plain(&about.key) { about.key.clone() } else { about.id() };
        let (grounds, evidence) = (grounds.clone(), evidence.clone());
        let make = move || dossier::dossier(&about, &grounds, &evidence, order.lang);
        Dossier { name, make: Box::new(make) }
    };
    Ok(about.into_iter().map(dossier).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::finding;
    use crate::export::{Form, blocklist};
    use model::{Lang, Time};
    use rows::names::Technique;

    fn lookalike(domain: &str, technique: Technique, name: &str) -> Lookalike {
        Lookalike {
            domain: domain.into(),
            technique: Some(technique),
            imitates: "parti-bleu.fr".into(),
            names: [name.to_string()].into(),
            ..Lookalike::default()
        }
    }

    fn findings() -> Vec<Finding> {
        let mut decoy = lookalike("mail-parti-bleu.fr", Technique::Compound, "mail-parti-bleu.fr");
        decoy.registration.registrar = "=cmd()".into();
        let mut embedded = lookalike("kiosque.net", Technique::Subdomain, "parti-bleu.fr.kiosque.net");
        [&mut decoy, &mut embedded].into_iter().for_each(|row| row.met = [Via::Link].into());
        [decoy, embedded].iter().map(|row| finding(Lookalike::NAME, row.fields().into())).collect()
    }

    #[test]
    fn blocklists_name_what_is_bad_and_no_more() {
        let all = findings();
        let at = Time::from_seconds(1_490_000_000);
        let names = all.iter().flat_map(|f| Names.blocked(f)).map(str::to_string).collect();
        let list = |form| blocklist(&names, Severity::Medium, form, at);
        let hosts = list(Form::Hosts);
        assert!(hosts.ends_with("0.0.0.0 mail-parti-bleu.fr\n0.0.0.0 parti-bleu.fr.kiosque.net\n"), "{hosts}");
        let rpz = list(Form::Rpz);
        assert!(rpz.contains("\n*.mail-parti-bleu.fr CNAME .\n") && rpz.contains(" 1490000000 "), "{rpz}");
        let unbound = list(Form::Unbound);
        assert!(unbound.contains("local-zone: \"mail-parti-bleu.fr\" always_nxdomain\n"), "{unbound}");
    }

    #[test]
    fn likeness_alone_asks_for_a_look_and_blocks_nothing() {
        let mut alike = lookalike("parti-bleu-nordique.fr", Technique::Compound, "parti-bleu-nordique.fr");
        let of =
            |row: &Lookalike| Finding { severity: Severity::Medium, ..finding(Lookalike::NAME, row.fields().into()) };
        let told = |finding: &Finding| {
            let mut grounds = Grounds::new();
            dossier::add(&mut grounds, finding).expect("rows");
            let mut bundle = Bundle::new(Time::from_seconds(1_490_000_000));
            Names.indicators(finding, &mut bundle);
            let kind = bundle.objects()[0].1["indicator_types"][0].clone();
            let suspension = dossier::dossier(finding, &grounds, &[], Lang::En).expect("rows").contains("suspension");
            (Names.blocked(finding).len(), suspension, kind)
        };
        assert_eq!(told(&of(&alike)), (0, false, "anomalous-activity".into()));
        alike.met = [Via::Sender].into();
        assert_eq!(told(&of(&alike)), (1, true, "malicious-activity".into()));
    }

    #[test]
    fn indicators_and_dossiers_say_why() {
        let all = findings();
        let bundle = || {
            let mut bundle = Bundle::new(Time::from_seconds(1_490_000_000));
            all.iter().for_each(|f| Names.indicators(f, &mut bundle));
            bundle.objects()
        };
        assert_eq!(bundle()[0].1["pattern"], "[domain-name:value = 'mail-parti-bleu.fr']");
        assert_eq!(bundle(), bundle());
        let names = vec!["mail-parti-bleu.fr".to_string()];
        let abuse = [("cheap|names".to_string(), "abuse@cheap.example".to_string())].into();
        let row = Cluster { domains: names.clone(), imitating: names, abuse, ..Cluster::default() };
        let cluster = finding(Cluster::NAME, row.fields().into());
        let mut grounds = Grounds::new();
        all.iter().for_each(|f| dossier::add(&mut grounds, f).expect("rows"));
        let text = dossier::dossier(&cluster, &grounds, &[], Lang::Fr).expect("rows");
        assert!(text.contains("`mail-parti-bleu.fr`") && text.contains("abuse@cheap.example"), "{text}");
    }
}
