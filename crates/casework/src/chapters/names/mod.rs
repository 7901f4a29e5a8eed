//! Decoy addresses: names that resemble something protected, names of one hand, names held to be bad that were met. You
//! may rely on: the gravest of each detector are kept whole, all are counted. Left out: judging (crate `sensors`).

mod dossier;
mod page;
mod words;

use super::{Chapter, Gathering};
use crate::detail::{Detail, LISTED};
use crate::export::{Bundle, Dossier, Event, Indicator, Order, each, is_plain};
use crate::page::{ChapterPage, Place, Section, Sentence};
use crate::{Write, fields};
use jiff::civil::Date;
use model::{Finding, Result, Severity, View};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The chapter.
pub struct Names;

impl Chapter for Names {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::<Gathered>::default()
    }

    fn prints(&self) -> &'static [&'static str] {
        &["names"]
    }

    fn indicators(&self, finding: &Finding, bundle: &mut Bundle) {
        for name in self.blocked(finding) {
            let pattern = format!("[domain-name:value = '{name}']");
            bundle.once(&Indicator { finding, name, pattern, phase: "resource-development" });
        }
    }

    /// Names that somebody registered to deceive: the only indicators fit for detection.
    fn attributes(&self, finding: &Finding, event: &mut Event) {
        if !is_of_names(finding) {
            return;
        }
        event.of(finding);
        for name in self.blocked(finding) {
            event.add("Network activity", "domain", name, true, finding);
        }
    }

    fn blocked<'f>(&self, finding: &'f Finding) -> Vec<&'f str> {
        match &*finding.detector {
            "names/lookalike" | "names/indicator" => names_of(finding).filter(|n| is_plain(n)).collect(),
            _ => Vec::new(),
        }
    }

    fn dossiers<'o>(&self, view: &dyn View, order: &'o Order) -> Result<Vec<Dossier<'o>>> {
        dossiers(view, order)
    }
}

/// What the case says of names.
#[derive(Debug, Default)]
struct Gathered {
    /// Names that resemble something protected.
    lookalikes: Vec<Detail>,
    /// Names of one hand.
    clusters: Vec<Detail>,
    /// Names held to be bad that were met.
    sightings: Vec<Detail>,
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
        self.clusters.iter().chain(&self.lookalikes).chain(&self.sightings)
    }
}

impl Gathering for Gathered {
    fn take(&mut self, finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        let list = match &*finding.detector {
            "names/lookalike" => &mut self.lookalikes,
            "names/cluster" => &mut self.clusters,
            "names/indicator" => &mut self.sightings,
            _ => return Ok(Some(finding)),
        };
        *self.counts.entry((finding.detector.to_string(), finding.severity)).or_default() += 1;
        if list.len() < LISTED && finding.severity > Severity::Info {
            list.push(Detail::new(finding, day));
        }
        Ok(None)
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        self.lookalikes.iter_mut().chain(&mut self.clusters).chain(&mut self.sightings).collect()
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
            "lookalikes": self.count("names/lookalike", Low),
            "lookalikes_high": self.count("names/lookalike", High),
            "clusters": self.count("names/cluster", Low),
            "sightings": self.count("names/indicator", Low),
            "list": list,
        });
        Map::from_iter([("names".into(), all)])
    }

    fn sentences(&self, page: &crate::page::Page) -> Vec<Sentence> {
        let markup = (!self.is_empty()).then(|| page::sentence(&Page::new(page, self)));
        markup.map(|markup| Sentence { place: Place::Body, markup }).into_iter().collect()
    }

    fn sections(&self, page: &crate::page::Page) -> Vec<Section> {
        page::section(&Page::new(page, self)).into_iter().collect()
    }
}

fn is_of_names(finding: &Finding) -> bool {
    finding.detector.starts_with("names/")
}

/// The names a finding speaks of: its domain, or only the hosts where the domain is a stranger's that may be innocent.
fn names_of(finding: &Finding) -> Box<dyn Iterator<Item = &str> + '_> {
    match fields::text(finding, "domain") {
        domain if !domain.is_empty() && fields::text(finding, "technique") != "subdomain" => {
            Box::new(std::iter::once(domain))
        }
        _ => Box::new(fields::texts(finding, "names")),
    }
}

/// A dossier of each cluster, and of each decoy that is of none.
fn dossiers<'o>(view: &dyn View, order: &'o Order) -> Result<Vec<Dossier<'o>>> {
    // What a dossier draws on may be slighter than what it is written about.
    let mut findings = Vec::new();
    each(view, Severity::Info, &mut |finding| {
        findings.extend(Some(finding).filter(is_of_names));
        Ok(())
    })?;
    let clusters = findings.iter().filter(|f| f.detector == "names/cluster" && f.severity >= order.least);
    let mut about: Vec<&Finding> = clusters.clone().collect();
    let mut told: BTreeSet<&str> = clusters.flat_map(|c| fields::texts(c, "domains")).collect();
    // By name, each by the surest finding that speaks of it.
    let mut named: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.severity >= order.least) {
        for name in Names.blocked(finding) {
            let known = named.entry(name).or_insert(finding);
            if finding.confidence > known.confidence {
                *known = finding;
            }
        }
    }
    for (name, finding) in named {
        if !told.contains(name) && !told.contains(finding.key.as_str()) && told.insert(&finding.key) {
            about.push(finding);
        }
    }
    let about: Vec<Finding> = about.into_iter().cloned().collect();
    let (findings, evidence) = (Rc::new(findings), Rc::new(view.evidence()?));
    let dossier = |about: Finding| -> Dossier<'o> {
        let name = if is_plain(&about.key) { about.key.clone() } else { about.id() };
        let (findings, evidence) = (findings.clone(), evidence.clone());
        let make = move || Ok(dossier::dossier(&about, &findings, &evidence, order.lang));
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

    fn findings() -> Vec<Finding> {
        vec![
            finding(
                "names/lookalike",
                json!({"domain": "mail-parti-bleu.fr", "technique": "compound", "imitates": "parti-bleu.fr", "registrar": "=cmd()", "names": ["mail-parti-bleu.fr"]}),
            ),
            finding(
                "names/lookalike",
                json!({"domain": "kiosque.net", "technique": "subdomain", "imitates": "parti-bleu.fr", "names": ["parti-bleu.fr.kiosque.net"]}),
            ),
        ]
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
    fn indicators_and_dossiers_say_why() {
        let all = findings();
        let bundle = || {
            let mut bundle = Bundle::new(Time::from_seconds(1_490_000_000));
            all.iter().for_each(|f| Names.indicators(f, &mut bundle));
            bundle.json()
        };
        assert_eq!(bundle()["objects"][0]["pattern"], "[domain-name:value = 'mail-parti-bleu.fr']");
        assert_eq!(bundle(), bundle());
        let cluster = finding(
            "names/cluster",
            json!({"domains": ["mail-parti-bleu.fr"], "imitating": ["mail-parti-bleu.fr"], "abuse": {"cheap|names": "abuse@cheap.example"}}),
        );
        let text = dossier::dossier(&cluster, &all, &[], Lang::Fr);
        assert!(text.contains("`mail-parti-bleu.fr`") && text.contains("abuse@cheap.example"), "{text}");
    }
}
