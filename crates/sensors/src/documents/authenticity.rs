//! What each document is held to be, in an order of suspicion: held against originals, then against itself.

use super::compare::Difference;
use super::known::{Match, Originals};
use super::leaked::{self, Leaked};
use super::letters;
use super::settings::Settings;
use super::signs::{self, Told};
use super::table::{Entry, elsewhere, entries, name, names};
use crate::mail::MESSAGE;
use crate::{Detector, Scope, Specification};
use model::{Context, EvidenceId, Finding, Level, Reason, Result, Severity, Step, Text, View};
use rows::documents::{Authenticity, Class, Cost, Document, Grounds, Metadata, Sign, Wording};
use rows::mail::message::Letter;
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

/// Where suspicion begins that a document without known original is made up, in weights of signs.
const FABRICATED: u32 = 75;
/// Bytes of what is quoted of an alteration.
const TOLD: usize = 80;
/// Originals that say who they are of, from which on others are foreign.
const CORPUS: usize = 5;

/// The detector.
pub struct AuthenticityDetector;

impl Detector for AuthenticityDetector {
    fn id(&self) -> &'static str {
        Authenticity::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Authenticity>())
    }

    fn scope(&self) -> Scope {
        Scope::Case
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME, Wording::NAME, MESSAGE]
    }

    fn watched(&self) -> &'static [&'static str] {
        &["class"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("authenticity.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let settings: Settings = context.config.settings()?;
        let originals = Originals::of(context.config)?;
        let corpus = Corpus::of(&originals);
        let entries = entries(case)?;
        let mut places: HashMap<(EvidenceId, Vec<Step>), usize> = HashMap::new();
        for (n, entry) in entries.iter().enumerate() {
            places.insert((entry.trace.evidence, entry.trace.steps.clone()), n);
        }
        let elsewhere = elsewhere(case)?;
        let signed = if entries.is_empty() { HashMap::new() } else { attached_to_signed(case, &settings)? };
        let mut copies = BTreeSet::new();
        // Told as they are judged: of a hundred thousand none need be held.
        case.observations(Wording::NAME, &mut |visit| {
            let Some(n) = places.get(&(visit.evidence, visit.steps.clone())) else {
                return Ok(ControlFlow::Continue(()));
            };
            let wording = Wording::of(&visit.observation.fields)?;
            let mut tell = |entry: &Entry| {
                let mut judged = judge(entry, &wording, &originals, &corpus, &settings, context);
                if !judged.row.original.is_empty() && leaked::is_member(&entry.trace.steps) {
                    copies.insert(entry.trace.evidence);
                }
                if let Some(by) = signed.get(&judged.row.sha256).filter(|_| judged.row.class != Class::SealedOriginal) {
                    judged.vouch(by);
                }
                found(finding(entry, judged))
            };
            tell(&entries[*n])?;
            for name in elsewhere.get(&visit.evidence).into_iter().flatten() {
                let (trace, document) = (entries[*n].trace.clone(), entries[*n].document.clone());
                tell(&Entry { name: format!("{name}{}", Step::path(&visit.steps)), trace, document })?;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        letters(case, &entries, copies, &originals, &settings, found)
    }
}

/// What is attached to letters that a signature vouches for, with whose key.
fn attached_to_signed(case: &dyn View, settings: &Settings) -> Result<HashMap<String, String>> {
    let mut all = HashMap::new();
    case.observations(MESSAGE, &mut |visit| {
        let letter = Letter::of(&visit.observation.fields)?;
        if let Some(signed) = letters::vouched(&letter, settings) {
            all.extend(letter.attachments.iter().map(|a| (a.sha256.to_string(), signed.domain.to_string())));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// The letters of what came out.
fn letters(
    case: &dyn View,
    entries: &[Entry],
    mut copies: BTreeSet<EvidenceId>,
    originals: &Originals,
    settings: &Settings,
    found: &mut dyn FnMut(Finding) -> Result<()>,
) -> Result<()> {
    if originals.letters().next().is_some() {
        case.observations(MESSAGE, &mut |visit| {
            let letter = Letter::of(&visit.observation.fields)?;
            let known = originals.letter(&visit.observation.key, letter.message_id).is_some();
            if known && leaked::is_member(&visit.steps) {
                copies.insert(visit.evidence);
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    let leaked = Leaked::of(case, entries, settings, copies)?;
    if leaked.is_empty() {
        return Ok(());
    }
    let mut neighbours = letters::Neighbours::of(originals);
    let is_one = |evidence, letter: &Letter| leaked.holds(evidence) && letter.container.is_none() && !letter.quoted;
    case.observations(MESSAGE, &mut |visit| {
        let letter = Letter::of(&visit.observation.fields)?;
        if is_one(visit.evidence, &letter) {
            let known = originals.letter(&visit.observation.key, letter.message_id).is_some();
            neighbours.meet(&letter, known, settings);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let (names, elsewhere) = (names(case)?, elsewhere(case)?);
    case.observations(MESSAGE, &mut |visit| {
        let letter = Letter::of(&visit.observation.fields)?;
        if !is_one(visit.evidence, &letter) {
            return Ok(ControlFlow::Continue(()));
        }
        let (key, at) = (visit.observation.key.as_str(), visit.observation.first);
        let id = if letter.message_id.is_empty() { key } else { letter.message_id };
        let others = elsewhere.get(&visit.evidence).into_iter().flatten();
        let others = others.map(|name| format!("{name}{}", Step::path(&visit.steps)));
        for name in others.chain([name(&names, visit.evidence, &visit.steps)]) {
            let name = format!("{name}/{id}");
            let judged = letters::judge((&name, key, at), &letter, originals, &neighbours, settings);
            let created = if at.0 == 0 { String::new() } else { at.to_string() };
            let document = Document { created, ..Document::default() };
            found(finding(&Entry { name, trace: visit.trace(), document }, judged))?;
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// Who and what stands in originals.
pub(super) struct Corpus {
    people: BTreeSet<String>,
    marks: BTreeSet<String>,
    languages: BTreeSet<String>,
    documents: usize,
}

impl Corpus {
    pub(super) fn of(originals: &Originals) -> Corpus {
        let mut corpus =
            Corpus { people: BTreeSet::new(), marks: BTreeSet::new(), languages: BTreeSet::new(), documents: 0 };
        for known in originals.all.iter().filter(|k| !k.document.sha256.is_empty() && !k.is_letter()) {
            corpus.documents += 1;
            corpus.people.extend(people(&known.document));
            corpus.marks.extend(marks(&known.document));
            corpus.languages.extend(Some(known.document.language.to_lowercase()).filter(|l| !l.is_empty()));
        }
        corpus
    }

    /// Whether nothing ties a document that says who it is of to the originals.
    fn is_foreign(&self, document: &Document) -> bool {
        let (people, marks) = (people(document), marks(document));
        self.documents >= CORPUS
            && !self.people.is_empty()
            && !people.is_empty()
            && people.is_disjoint(&self.people)
            && marks.is_disjoint(&self.marks)
    }

    /// Whether a person of this name stands in them.
    pub(super) fn names(&self, name: &str) -> bool {
        self.people.contains(&name.trim().to_lowercase())
    }

    fn knows_not(&self, name: &str) -> bool {
        self.documents >= CORPUS && !name.is_empty() && !self.people.is_empty() && !self.names(name)
    }

    fn speaks_not(&self, language: &str) -> bool {
        self.documents >= CORPUS
            && !language.is_empty()
            && !self.languages.is_empty()
            && !self.languages.iter().any(|l| l.get(..2) == language.to_lowercase().get(..2))
    }
}

fn people(document: &Document) -> BTreeSet<String> {
    let all = [&document.author, &document.last_modified_by, &document.by_line, &document.owner];
    let all = all.into_iter().chain(&document.editors);
    all.map(|p| p.trim().to_lowercase()).filter(|p| !p.is_empty()).collect()
}

fn marks(document: &Document) -> BTreeSet<String> {
    let root = Some(format!("rsid {}", document.rsid_root)).filter(|_| !document.rsid_root.is_empty());
    let all = [&document.company, &document.device_serial, &document.host, &document.printer, &document.document_id];
    let all = all.into_iter().map(|m| m.trim().to_lowercase()).filter(|m| !m.is_empty());
    all.chain(root).collect()
}

/// What is held of a document, with its words.
pub(super) struct Judged {
    pub(super) row: Authenticity,
    pub(super) severity: Severity,
    pub(super) title: Text,
    pub(super) reasons: Vec<Reason>,
}

impl Judged {
    /// A letter with these very bytes attached is signed by this domain's key. An original that differs is then another
    /// version, which is told as a reason.
    fn vouch(&mut self, by: &str) {
        let row = &mut self.row;
        let passages = row.paragraphs.values().sum();
        let short = row.document.rsplit('/').next().unwrap_or_default().to_string();
        let word = Class::GenuineBySignature.text();
        self.reasons.insert(
            0,
            Reason::against(
                95,
                Text::new(
                    format!("a letter signed by the key of {by} has these very bytes attached"),
                    format!("un courriel signé par la clef de {by} a ces mêmes octets en pièce jointe"),
                ),
            ),
        );
        (row.class, row.rank) = (Class::GenuineBySignature, 2);
        (row.class_without_cheap_signs, row.rank_without_cheap_signs) = (row.class, row.rank);
        row.paragraphs = [(Grounds::Signed, passages)].into_iter().filter(|(_, n)| *n > 0).collect();
        row.signed_by = by.into();
        self.severity = if row.decoy { Severity::Low } else { Severity::Info };
        self.title = Text::new(format!("`{short}`: {}", word.en), format!("« {short} » : {}", word.fr));
    }
}

/// Class and rank by what a comparison and signs say.
fn verdict(compared: &Compared, signs: &[&Sign], foreign: bool, readable: bool) -> (Class, u8) {
    let sum: u32 = signs.iter().map(|s| u32::from(s.weight)).sum();
    let strong = signs.iter().any(|s| s.weight >= 75);
    let up = |from: u32, by: u32, most: u32| (from + by).min(most) as u8;
    match compared {
        Compared::Same => (Class::SealedOriginal, 0),
        Compared::Altered => (Class::AlteredCopy, up(85, sum / 8, 100)),
        Compared::Reissued(metadata) => (Class::ReissuedCopy, up(45, metadata + sum / 10, 66)),
        Compared::Unknown if strong || sum >= FABRICATED => {
            (Class::LikelyFabricated, up(70, sum.saturating_sub(60) / 4, 84))
        }
        Compared::Unknown if !readable && signs.is_empty() => (Class::CannotSay, 20),
        Compared::Unknown if foreign => (Class::Foreign, up(30, sum / 6, 44)),
        Compared::Unknown => (Class::Consistent, up(5, sum / 2, 44)),
    }
}

enum Compared {
    /// The very bytes.
    Same,
    /// The same content; how much its description speaks against it.
    Reissued(u32),
    /// Other content.
    Altered,
    /// Nothing is known that it is a copy of.
    Unknown,
}

pub(super) fn judge(
    entry: &Entry,
    wording: &Wording,
    originals: &Originals,
    corpus: &Corpus,
    settings: &Settings,
    context: &Context,
) -> Judged {
    let document = &entry.document;
    let found = originals.find(&entry.name, document, wording);
    let mut told = signs::signs(document, wording, context.at);
    let mut metadata = Vec::new();
    let mut difference = None;
    let compared = match &found {
        None => Compared::Unknown,
        Some(Match { difference: None, .. }) => Compared::Same,
        Some(Match { original, difference: Some(d) }) => {
            difference = Some(d);
            metadata = differing(&original.document, document);
            match d.count {
                0 => Compared::Reissued(described(&metadata, document, &mut told)),
                _ => Compared::Altered,
            }
        }
    };
    let foreign = matches!(compared, Compared::Unknown) && corpus.is_foreign(document);
    if matches!(compared, Compared::Unknown | Compared::Reissued(_)) {
        if !foreign && corpus.knows_not(&document.last_modified_by) {
            told.push(sign(
                "editor_unknown_to_originals",
                10,
                Cost::Typed,
                format!("`{}` saved it last, whom no original names", document.last_modified_by),
                format!("« {} » l’a enregistré en dernier, qu’aucun original ne nomme", document.last_modified_by),
            ));
        }
        if corpus.speaks_not(&document.language) {
            told.push(sign(
                "language_unknown_to_originals",
                12,
                Cost::Typed,
                format!("its language is set to {}, that of no original", document.language),
                format!("sa langue est réglée sur {}, celle d’aucun original", document.language),
            ));
        }
    }
    if matches!(compared, Compared::Same) {
        told.clear();
    }
    told.sort_by(|a, b| b.sign.weight.cmp(&a.sign.weight).then_with(|| a.sign.sign.cmp(&b.sign.sign)));
    let all: Vec<&Sign> = told.iter().map(|t| &t.sign).collect();
    let dear: Vec<&Sign> = all.iter().copied().filter(|s| s.cost > Cost::Clock).collect();
    let readable = wording.readable;
    let (class, rank) = verdict(&compared, &all, foreign, readable);
    let (class_without, rank_without) = verdict(&compared, &dear, false, readable);
    let original = found.as_ref().map(|m| m.original);
    let name = |n: &str| n.rsplit('/').next().unwrap_or(n).to_string();
    let decoy = settings.decoys.iter().any(|d| {
        document.sha256.eq_ignore_ascii_case(d)
            || entry.name.ends_with(d.as_str())
            || d.len() > 3 && wording.passages.iter().any(|p| p.text.contains(d.as_str()))
    });
    let passages = wording.passages.len() as u64;
    let paragraphs: BTreeMap<Grounds, u64> = match (&compared, difference) {
        (Compared::Same, _) => [(Grounds::Sealed, passages)].into(),
        (_, Some(d)) => [(Grounds::Sealed, d.passages.0), (Grounds::Nothing, d.passages.1)].into(),
        _ => [(Grounds::Nothing, passages)].into(),
    };
    let row = Authenticity {
        class,
        rank,
        class_without_cheap_signs: class_without,
        rank_without_cheap_signs: rank_without,
        document: entry.name.clone(),
        sha256: document.sha256.clone(),
        media: document.media.clone(),
        original: original.map(|o| o.name.clone()).unwrap_or_default(),
        original_sealed: original.is_some_and(|o| o.sealed.is_some()),
        alterations: difference.map(|d| d.alterations.clone()).unwrap_or_default(),
        alterations_count: difference.map_or(0, |d| d.count),
        metadata,
        paragraphs: paragraphs.into_iter().filter(|(_, n)| *n > 0).collect(),
        signs: told.iter().map(|t| t.sign.clone()).collect(),
        author: document.author.clone(),
        modified: document.modified.clone(),
        signed_by: String::new(),
        decoy,
    };
    let mut reasons = reasons(&row, difference, original.is_some_and(|o| o.sealed.is_some()));
    reasons.extend(told.into_iter().map(|t| Reason::supporting(t.sign.weight, t.text)));
    let short = name(&entry.name);
    let of = name(&row.original);
    let severity = match class {
        Class::AlteredCopy => Severity::High,
        Class::LikelyFabricated => Severity::Medium,
        Class::Foreign => Severity::Low,
        Class::ReissuedCopy if rank >= 55 => Severity::Low,
        _ if decoy => Severity::Low,
        _ => Severity::Info,
    };
    let title = match (class, row.alterations.first()) {
        (Class::AlteredCopy, Some(first)) => Text::new(
            format!("`{short}` is an altered copy of `{of}`: {}", first.text(TOLD).en),
            format!("« {short} » est une copie altérée de « {of} » : {}", first.text(TOLD).fr),
        ),
        (Class::ReissuedCopy, _) => Text::new(
            format!("`{short}` says the same as `{of}` and is not the same file"),
            format!("« {short} » dit la même chose que « {of} » sans être le même fichier"),
        ),
        _ => {
            let word = class.text();
            Text::new(format!("`{short}`: {}", word.en), format!("« {short} » : {}", word.fr))
        }
    };
    Judged { row, severity, title, reasons }
}

pub(super) fn sign(name: &str, weight: u8, cost: Cost, en: String, fr: String) -> Told {
    Told { sign: Sign { sign: name.into(), weight, cost }, text: Text::new(en, fr) }
}

/// What of its description differs from the original's.
fn differing(original: &Document, copy: &Document) -> Vec<Metadata> {
    let before: BTreeMap<&str, &str> = original.said().into_iter().collect();
    let after: BTreeMap<&str, &str> = copy.said().into_iter().collect();
    let names: BTreeSet<&&str> = before.keys().chain(after.keys()).collect();
    let value = |map: &BTreeMap<&str, &str>, name: &str| map.get(name).copied().unwrap_or_default().to_string();
    let all = names.into_iter().map(|name| Metadata {
        name: (*name).to_string(),
        before: value(&before, name),
        after: value(&after, name),
    });
    all.filter(|m| m.before != m.after && !original.sha256.is_empty()).collect()
}

/// How much a description that differs speaks against a copy that says the same: what programs change as they save weighs
/// nothing, what nobody but a forger changes weighs.
fn described(metadata: &[Metadata], document: &Document, told: &mut Vec<Told>) -> u32 {
    let mut sum = 0;
    for m in metadata {
        // What is gone was stripped, by a tool for that purpose or by a server.
        if m.after.is_empty() {
            continue;
        }
        let page = document.media == "application/pdf";
        let earlier = formats::about::instant(&m.after) < formats::about::instant(&m.before);
        let weight = match m.name.as_str() {
            "author" | "by_line" | "owner" => 10,
            "created" if !page => 8,
            "created" | "modified" if earlier && !m.before.is_empty() => 8,
            "taken" | "gps" | "device" | "device_serial" | "host" | "printed" => 8,
            "company" | "manager" | "template" | "rsid_root" | "original_document_id" => 6,
            "last_modified_by" => 4,
            "title" | "subject" | "keywords" | "description" | "category" | "language" => 2,
            _ => 0,
        };
        // A value that there was none of before is less than one that was exchanged.
        let weight = if m.before.is_empty() { weight / 2 } else { weight };
        if weight >= 4 {
            told.push(sign(
                &format!("{}_differs", m.name),
                weight as u8,
                cost_of(&m.name),
                format!("`{}` is “{}” here and “{}” in the original", m.name, m.after, m.before),
                format!("`{}` vaut « {} » ici et « {} » dans l’original", m.name, m.after, m.before),
            ));
        }
        sum += weight;
    }
    sum
}

fn cost_of(name: &str) -> Cost {
    match name {
        "created" | "modified" | "printed" | "taken" => Cost::Clock,
        _ => Cost::Typed,
    }
}

fn reasons(row: &Authenticity, difference: Option<&Difference>, sealed: bool) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let kept = if sealed { ("sealed", "scellé") } else { ("known", "connu") };
    match row.class {
        Class::SealedOriginal => reasons.push(Reason::against(
            100,
            Text::new(
                format!("its bytes are those of the {} original `{}`", kept.0, row.original),
                format!("ses octets sont ceux de l’original {} « {} »", kept.1, row.original),
            ),
        )),
        Class::AlteredCopy | Class::ReissuedCopy => {
            for a in row.alterations.iter().take(10) {
                reasons.push(Reason::supporting(90, a.placed(TOLD)));
            }
            if row.alterations_count > 10 {
                reasons.push(Reason::supporting(
                    90,
                    Text::new(
                        format!("{} places differ in all", row.alterations_count),
                        format!("{} endroits diffèrent en tout", row.alterations_count),
                    ),
                ));
            }
            if let Some(d) = difference.filter(|_| row.alterations_count == 0) {
                reasons.push(Reason::against(
                    80,
                    Text::new(
                        format!("all it says and shows is what the {} original `{}` does", kept.0, row.original),
                        format!(
                            "tout ce qu’il dit et montre est ce que dit et montre l’original {} « {} »",
                            kept.1, row.original
                        ),
                    ),
                ));
                for (word, en, fr) in [
                    (
                        "comments",
                        "comments are left out, as programs do that clean documents",
                        "les commentaires manquent, comme après un nettoyage",
                    ),
                    (
                        "pictures",
                        "pictures are left out, as some programs do",
                        "des images manquent, comme le font certains programmes",
                    ),
                ] {
                    if d.left_out.contains(word) {
                        reasons.push(Reason::supporting(5, Text::new(en, fr)));
                    }
                }
            }
        }
        Class::Foreign => reasons.push(Reason::supporting(
            30,
            Text::new(
                "no person, company, machine or family of revisions in it is known from the originals",
                "aucune personne, société, machine ni famille de révisions qu’il nomme n’est connue des originaux",
            ),
        )),
        Class::CannotSay => reasons.push(Reason::supporting(
            10,
            Text::new(
                "what it says cannot be read: it is locked, damaged or of a kind that is not read",
                "son contenu ne peut être lu : il est verrouillé, endommagé ou d’un type non lu",
            ),
        )),
        _ if row.signs.is_empty() => reasons.push(Reason::against(
            20,
            Text::new(
                "nothing in it contradicts itself; no known original vouches for it",
                "rien n’y est contradictoire ; aucun original connu ne le garantit",
            ),
        )),
        _ => {}
    }
    if row.decoy {
        reasons.push(Reason::supporting(
            60,
            Text::new("it is a decoy that was planted to be stolen", "c’est un leurre déposé pour être volé"),
        ));
    }
    reasons
}

fn finding(entry: &Entry, judged: Judged) -> Finding {
    let Judged { row, severity, title, reasons } = judged;
    let time = [&entry.document.modified, &entry.document.created, &entry.document.taken]
        .into_iter()
        .find_map(|t| formats::about::instant(t));
    let steps: Vec<String> = entry.trace.steps.iter().map(Step::label).collect();
    Finding {
        detector: Authenticity::NAME.into(),
        key: format!("{}\n{}\n{}", row.sha256, entry.name, steps.join("/")),
        severity,
        confidence: match row.class {
            Class::SealedOriginal => 100,
            Class::AlteredCopy | Class::ReissuedCopy | Class::GenuineBySignature => 90,
            Class::CannotSay => 10,
            _ => row.rank.max(20),
        },
        level: if severity >= Severity::Medium { Level::Grey } else { Level::Legal },
        title,
        reasons,
        techniques: match row.class {
            // DISARM: alter authentic documents; ATT&CK: stored data manipulation.
            Class::AlteredCopy | Class::LikelyFabricated => vec!["T0089.003".into(), "T1565.001".into()],
            _ => Vec::new(),
        },
        first: time,
        last: time,
        entities: vec![model::Entity::new(model::EntityKind::File, row.sha256.clone(), model::Role::Mentioned)],
        traces: vec![entry.trace.clone()],
        fields: row.fields(),
    }
}
