//! Where leaked papers came out: a torrent that lists evidence of the case, a saved page that names it or the torrent.

use super::leaked::{file_name, lists, names};
use super::table::{Entry, entries};
use crate::mail::MESSAGE;
use crate::posts::shares::url as spelled;
use crate::{Detector, Specification};
use formats::about::instant;
use model::{
    Context, Entity, EntityKind, Evidence, EvidenceId, Finding, Level, Reason, Result, Role, Severity, Step, Text, View,
};
use regex::Regex;
use rows::documents::{Document, Publication, Wording};
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::LazyLock;

/// Addresses and pieces of evidence that are told of one.
const TOLD: usize = 200;
/// Addresses that are looked at in one page.
const MET: usize = 20_000;

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?:https?://|magnet:\?)[^\s"'<>()\[\]{}|\\^`]{4,500}"#).expect("a fixed pattern"));

/// The detector.
pub struct PublicationDetector;

impl Detector for PublicationDetector {
    fn id(&self) -> &'static str {
        Publication::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Publication>())
    }

    /// Mailboxes are listed and named, too.
    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME, Wording::NAME, MESSAGE]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("publication.md"))
    }

    fn detect(&self, case: &dyn View, _: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let evidence = case.evidence()?;
        let entries = entries(case)?;
        let mut out: BTreeSet<EvidenceId> = BTreeSet::new();
        let mut torrents: BTreeSet<String> = BTreeSet::new();
        for torrent in entries.iter().filter(|e| e.document.media == "application/x-bittorrent") {
            let listed: Vec<&Evidence> = evidence.iter().filter(|e| lists(torrent, e)).collect();
            out.extend(listed.iter().map(|e| e.id));
            if !listed.is_empty() {
                // That of the file, and that of the folder in it.
                torrents.insert(file_name(&torrent.name).to_string());
                torrents.extend(Some(&torrent.document.title).filter(|t| t.len() > 5).cloned());
            }
            let row = Publication {
                by: "torrent".into(),
                url: String::new(),
                addresses: Some(torrent.document.tracker.clone()).filter(|t| !t.is_empty()).into_iter().collect(),
                publisher: torrent.document.publisher.clone(),
                time: torrent.document.created.clone(),
                lists: listed.iter().take(TOLD).map(|e| e.path.clone()).collect(),
                files: torrent.document.files.len() as u64,
                more: listed.len().saturating_sub(TOLD) as u64,
            };
            found(if listed.is_empty() { announced(torrent, row) } else { finding(torrent, row, &listed) })?;
        }
        let pages: BTreeMap<(EvidenceId, &[Step]), &Entry> = entries
            .iter()
            .filter(|e| matches!(e.document.media.as_str(), "text/html" | "text/plain"))
            .map(|e| ((e.trace.evidence, e.trace.steps.as_slice()), e))
            .collect();
        case.observations(Wording::NAME, &mut |visit| {
            let Some(page) = pages.get(&(visit.evidence, visit.steps.as_slice())) else {
                return Ok(ControlFlow::Continue(()));
            };
            let wording = Wording::of(&visit.observation.fields)?;
            let texts = || wording.passages.iter().map(|p| p.text.as_str());
            let named: Vec<&Evidence> = evidence
                .iter()
                .filter(|e| e.id != visit.evidence && (out.contains(&e.id) || !page.document.saved_from.is_empty()))
                .filter(|e| texts().any(|t| names(t, e)))
                .collect();
            let points = texts().any(|t| torrents.iter().any(|torrent| t.contains(torrent.as_str())));
            if named.is_empty() && !points {
                return Ok(ControlFlow::Continue(()));
            }
            let addresses =
                texts().flat_map(|t| ADDRESS.find_iter(t).take(MET).map(|m| m.as_str()).collect::<Vec<_>>());
            let bare = |a: &str| a.trim_end_matches(['.', ',', ';', ':']).to_string();
            let addresses: BTreeSet<String> = addresses.take(MET).map(bare).collect();
            let more = addresses.len().saturating_sub(TOLD) + named.len().saturating_sub(TOLD);
            let d = &page.document;
            let time = [&d.created, &d.saved, &d.modified].into_iter().find(|t| !t.is_empty());
            let row = Publication {
                by: "page".into(),
                url: d.saved_from.clone(),
                addresses: addresses.into_iter().take(TOLD).collect(),
                publisher: [&d.publisher, &d.author].into_iter().find(|p| !p.is_empty()).cloned().unwrap_or_default(),
                time: time.cloned().unwrap_or_default(),
                lists: named.iter().take(TOLD).map(|e| e.path.clone()).collect(),
                files: named.len() as u64,
                more: more as u64,
            };
            found(finding(page, row, &named))?;
            Ok(ControlFlow::Continue(()))
        })
    }
}

/// A torrent that lists nothing of the case: what was announced, and is not here. Nothing joins a story by it.
fn announced(of: &Entry, row: Publication) -> Finding {
    let (short, files) = (file_name(&of.name), &of.document.files);
    let bytes: u64 = files.iter().fold(0, |sum, (_, size)| sum.saturating_add(*size));
    let size = if bytes < 10_000_000 { (bytes / 1000, "kB", "ko") } else { (bytes / 1_000_000, "MB", "Mo") };
    let what: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).take(3).collect();
    let (what, n) = (what.join(", "), Text::count(row.files, ("file", "fichier"), ("files", "fichiers")));
    let mut reasons = vec![Reason::against(
        20,
        Text::new(
            "no evidence of this case has the name and length of any of them: add what it leads to",
            "aucune pièce de ce dossier n’a le nom et la taille de l’un d’eux : ajoutez ce à quoi il mène",
        ),
    )];
    let said = [&row.publisher].into_iter().chain(&row.addresses).filter(|w| !w.is_empty());
    let said: Vec<&str> = said.map(String::as_str).collect();
    if !said.is_empty() {
        let said = said.join(", ");
        reasons.push(Reason::supporting(10, Text::new(format!("it says: {said}"), format!("il dit : {said}"))));
    }
    Finding {
        severity: Severity::Info,
        level: Level::Legal,
        title: Text::new(
            format!("The torrent `{short}` lists {}, {} {}, none of them here: {what}", n.en, size.0, size.1),
            format!("Le torrent « {short} » énumère {}, {} {}, dont aucun n’est ici : {what}", n.fr, size.0, size.2),
        ),
        reasons,
        techniques: Vec::new(),
        entities: Vec::new(),
        ..finding(of, row, &[])
    }
}

fn finding(of: &Entry, row: Publication, listed: &[&Evidence]) -> Finding {
    let time = instant(&row.time);
    let object =
        |url: &String| Entity::new(EntityKind::Url, spelled(url).unwrap_or_else(|| url.clone()), Role::Infrastructure);
    let urls: Vec<&String> = Some(&row.url).filter(|u| !u.is_empty()).into_iter().chain(&row.addresses).collect();
    let mut entities: Vec<Entity> = urls.into_iter().map(object).collect();
    entities.extend(listed.iter().take(TOLD).map(|e| Entity::new(EntityKind::File, e.id.to_string(), Role::Mentioned)));
    let short = file_name(&of.name);
    let what: Vec<&str> = row.lists.iter().map(|l| file_name(l)).take(3).collect();
    let what = what.join(", ");
    let title = match (row.by.as_str(), what.is_empty()) {
        ("torrent", _) => {
            Text::new(format!("The torrent `{short}` lists {what}"), format!("Le torrent « {short} » énumère {what}"))
        }
        (_, false) => {
            Text::new(format!("The page `{short}` names {what}"), format!("La page « {short} » nomme {what}"))
        }
        _ => Text::new(
            format!("The page `{short}` points to a torrent of what leaked"),
            format!("La page « {short} » renvoie à un torrent de ce qui a fuité"),
        ),
    };
    let mut reasons = vec![match row.by.as_str() {
        "torrent" => Reason::supporting(
            80,
            Text::new(
                "files of that name and length are evidence of this case",
                "des fichiers de ces nom et taille sont des pièces de ce dossier",
            ),
        ),
        _ => Reason::supporting(
            60,
            Text::new(
                "it names files of this case, or the torrent that lists them",
                "elle nomme des fichiers de ce dossier, ou le torrent qui les énumère",
            ),
        ),
    }];
    if row.more > 0 {
        reasons.push(Reason::supporting(
            5,
            Text::new(
                format!("{} more addresses and pieces of evidence in it are counted and not named", row.more),
                format!("{} autres adresses et pièces y sont comptées sans être nommées", row.more),
            ),
        ));
    }
    reasons.push(Reason::against(
        20,
        Text::new(
            "times and names in it are typed by whoever made it",
            "heures et noms y sont saisis par qui l’a fait",
        ),
    ));
    Finding {
        detector: Publication::NAME.into(),
        key: format!("{}\n{}", of.document.sha256, of.name),
        severity: Severity::Medium,
        confidence: if row.by == "torrent" { 85 } else { 70 },
        level: Level::Grey,
        title,
        reasons,
        // DISARM: obtain authentic documents, which publishing them shows.
        techniques: vec!["T0089.001".into()],
        first: time,
        last: time,
        entities,
        traces: vec![of.trace.clone()],
        fields: row.fields(),
    }
}
