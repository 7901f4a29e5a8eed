//! Families of documents: who was saved on from whom, as revision-save ids tell that Word leaves at every save. Which version was
//! taken, and which branch somebody edited.
//!
//! You may rely on: kinship is told and nothing is accused by it; ids that many unrelated documents share (a template's) make
//! no family. Left out: documents without such ids.

use super::known::Originals;
use super::table::entries;
use crate::{Detector, Specification};
use formats::about::instant;
use model::{Context, Finding, Level, Reason, Result, Severity, Text, Trace, View};
use rows::documents::{Document, Genealogy, Kin};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Ids that two documents must share to be kin where they do not begin with the same.
const SHARED: usize = 5;
/// An id that more documents than this have is a template's.
const COMMON: usize = 40;
/// Members that are told.
const TOLD: usize = 60;

/// The detector.
pub struct GenealogyDetector;

impl Detector for GenealogyDetector {
    fn id(&self) -> &'static str {
        Genealogy::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Genealogy>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("genealogy.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let originals = Originals::of(context.config)?;
        let entries = entries(case)?;
        let mut all: Vec<Member> = Vec::new();
        let mut seen = BTreeSet::new();
        for entry in entries.iter().filter(|e| !e.document.rsids.is_empty()) {
            // The same bytes in two places are one version.
            if seen.insert(entry.document.sha256.as_str()) {
                all.push(Member { name: &entry.name, document: &entry.document, trace: Some(&entry.trace) });
            }
        }
        for known in originals.all.iter().filter(|k| !k.document.rsids.is_empty()) {
            if seen.insert(known.document.sha256.as_str()) {
                all.push(Member { name: &known.name, document: &known.document, trace: None });
            }
        }
        for family in families(&all) {
            let members: Vec<&Member> = family.iter().map(|n| &all[*n]).collect();
            if members.len() > 1 && members.iter().any(|m| m.trace.is_some()) {
                found(finding(&members))?;
            }
        }
        // Beginnings that so many share are told as a number, for they may be a template's.
        let mut roots: BTreeMap<&str, Vec<&Member>> = BTreeMap::new();
        for member in all.iter().filter(|m| !m.document.rsid_root.is_empty()) {
            roots.entry(&member.document.rsid_root).or_default().push(member);
        }
        for (root, members) in roots.into_iter().filter(|(_, m)| m.len() > COMMON) {
            if members.iter().any(|m| m.trace.is_some()) {
                found(crowd(root, &members))?;
            }
        }
        Ok(())
    }
}

struct Member<'d> {
    name: &'d str,
    document: &'d Document,
    /// None of an original.
    trace: Option<&'d Trace>,
}

/// Members by family: the same root, or ids enough in common.
fn families(all: &[Member]) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..all.len()).collect();
    fn root(of: &mut [usize], mut n: usize) -> usize {
        while of[n] != n {
            of[n] = of[of[n]];
            n = of[n];
        }
        n
    }
    let mut bearers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut roots: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, member) in all.iter().enumerate() {
        member.document.rsids.iter().for_each(|id| bearers.entry(id).or_default().push(n));
        if !member.document.rsid_root.is_empty() {
            roots.entry(&member.document.rsid_root).or_default().push(n);
        }
    }
    let mut join = |a: usize, b: usize| {
        let (a, b) = (root(&mut of, a), root(&mut of, b));
        of[a.max(b)] = a.min(b);
    };
    for same in roots.values().filter(|s| s.len() <= COMMON) {
        same.windows(2).for_each(|w| join(w[0], w[1]));
    }
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for who in bearers.values().filter(|w| (2..=COMMON).contains(&w.len())) {
        for (i, a) in who.iter().enumerate() {
            who[i + 1..].iter().for_each(|b| *shared.entry((*a, *b)).or_default() += 1);
        }
    }
    shared.iter().filter(|(_, n)| **n >= SHARED).for_each(|((a, b), _)| join(*a, *b));
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in 0..all.len() {
        groups.entry(root(&mut of, n)).or_default().push(n);
    }
    groups.into_values().collect()
}

/// Many documents of one beginning, of which no family is made.
fn crowd(root: &str, members: &[&Member]) -> Finding {
    let documents = members.len() as u64;
    let row = Genealogy {
        root: root.into(),
        template: members.iter().map(|m| &m.document.template).find(|t| !t.is_empty()).cloned().unwrap_or_default(),
        documents,
        originals: members.iter().filter(|m| m.trace.is_none()).count() as u64,
        members: Vec::new(),
    };
    Finding {
        detector: Genealogy::NAME.into(),
        key: format!("{root}\ncrowd"),
        severity: Severity::Info,
        confidence: 40,
        level: Level::Legal,
        title: Text::new(
            format!("{documents} documents have one beginning, as those of a template do: no family is made of them"),
            format!("{documents} documents ont un même début, comme ceux d’un modèle : aucune famille n’en est faite"),
        ),
        reasons: vec![Reason::supporting(
            20,
            Text::new(
                format!("more than {COMMON} documents begin with the revision `{root}`"),
                format!("plus de {COMMON} documents commencent par la révision « {root} »"),
            ),
        )],
        techniques: Vec::new(),
        first: None,
        last: None,
        entities: Vec::new(),
        traces: members.iter().filter_map(|m| m.trace.cloned()).take(TOLD).collect(),
        fields: row.fields(),
    }
}

fn finding(members: &[&Member]) -> Finding {
    let mut order: Vec<&Member> = members.to_vec();
    order.sort_by_key(|m| (m.document.rsids.len(), instant(&m.document.modified), m.name));
    let kin = |(n, m): (usize, &&Member)| {
        let ids = &m.document.rsids;
        // It was saved on from the member that has most of its ids and none besides.
        let from = order[..n].iter().rev().find(|p| p.document.rsids.is_subset(ids));
        let own = ids.iter().filter(|id| !order.iter().any(|o| o.name != m.name && o.document.rsids.contains(*id)));
        Kin {
            document: m.name.to_string(),
            original: m.trace.is_none(),
            revisions: ids.len() as u64,
            from: from.map(|p| p.name.to_string()).unwrap_or_default(),
            own: own.count() as u64,
            modified: m.document.modified.clone(),
        }
    };
    let all: Vec<Kin> = order.iter().enumerate().map(kin).collect();
    let originals = all.iter().filter(|k| k.original).count() as u64;
    // Of a family whose originals are known, what was saved on without one of them having it.
    let edited: Vec<&Kin> = all.iter().filter(|k| !k.original && k.own > 0 && originals > 0).collect();
    let mut reasons = vec![Reason::supporting(
        50,
        Text::new(
            format!("{} documents share the ids that Word leaves at each save", all.len()),
            format!("{} documents partagent les identifiants que Word laisse à chaque enregistrement", all.len()),
        ),
    )];
    if edited.len() > 5 {
        reasons.push(Reason::supporting(
            30,
            Text::new(
                format!("{} of them were saved on after the last original that is known", edited.len()),
                format!("{} d’entre eux ont été enregistrés après le dernier original connu", edited.len()),
            ),
        ));
    }
    if all.len() > TOLD {
        reasons.push(Reason::supporting(
            5,
            Text::new(
                format!("{} more of the family are counted and not named", all.len() - TOLD),
                format!("{} autres de la famille sont comptés sans être nommés", all.len() - TOLD),
            ),
        ));
    }
    for k in edited.iter().take(5) {
        reasons.push(Reason::supporting(
            30,
            Text::new(
                format!("`{}` was saved on: {} ids that no original has", k.document, k.own),
                format!("« {} » a été enregistré ensuite : {} identifiants qu’aucun original n’a", k.document, k.own),
            ),
        ));
    }
    reasons.push(Reason::against(
        40,
        Text::new(
            "kinship is no forgery: people write new papers over old ones",
            "la parenté n’est pas une falsification : on écrit un document neuf sur un ancien",
        ),
    ));
    let root = members.iter().map(|m| &m.document.rsid_root).find(|r| !r.is_empty()).cloned().unwrap_or_default();
    let key = order.first().map(|m| m.document.sha256.clone()).unwrap_or_default();
    let row = Genealogy {
        root,
        template: members.iter().map(|m| &m.document.template).find(|t| !t.is_empty()).cloned().unwrap_or_default(),
        documents: all.len() as u64,
        originals,
        members: all.iter().take(TOLD).cloned().collect(),
    };
    let times = || members.iter().filter(|m| m.trace.is_some()).filter_map(|m| instant(&m.document.modified));
    Finding {
        detector: Genealogy::NAME.into(),
        key: format!("{}\n{key}", row.root),
        severity: Severity::Info,
        confidence: 80,
        level: Level::Legal,
        title: Text::new(
            format!("{} documents are versions of one another or of one beginning", row.documents),
            format!("{} documents sont des versions les uns des autres ou d’un même début", row.documents),
        ),
        reasons,
        techniques: Vec::new(),
        first: times().min(),
        last: times().max(),
        entities: Vec::new(),
        traces: members.iter().filter_map(|m| m.trace.cloned()).take(TOLD).collect(),
        fields: row.fields(),
    }
}
