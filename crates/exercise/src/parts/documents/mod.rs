//! A leak with known truth: the papers and the mailbox of a campaign as they were kept (`archive/`, to be sealed before), and
//! what came out of them: most of it as it was, some forged in each way that is known, some saved again by one hand within
//! minutes, some of others; with the page and the torrent by which it was published.
//!
//! The innocents are those that detectors take for forgeries: copies whose description was cleaned, papers of others, a
//! mailbox without what the thief held back. Where the exercise has sign-ins, the mailbox is that of the account that was
//! taken, and ends where the thief read last.

mod forge;
mod letters;
mod package;
mod papers;
mod score;

pub use forge::How;
pub use score::{CountedDocuments, FoundDocuments, LeakScore};

use super::{Part, mail, posts};
use crate::calendar::Period;
use crate::case::Case;
use crate::check::number;
use crate::evidence::Evidence;
use crate::measure::{Hidden, Row, Sheet};
use crate::stage::Stage;
use crate::values::When;
use forge::{Editor, forge};
use jiff::tz::TimeZone;
use letters::{Fate, Letter};
use model::{Error, Finding, Result, Text, Time};
use package::Properties;
use papers::{Content, Paper};
use ring::digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const DAY: i64 = 86_400;
/// People who write papers.
const STAFF: u64 = 12;
/// Papers that somebody planted to be stolen.
const DECOY: &str = "mots-de-passe-serveur.docx";

/// The table of a scenario.
#[derive(Clone, Debug, Deserialize)]
pub struct Tables {
    /// `[leak]`.
    pub leak: Option<Leak>,
}

/// What came out, and what it was made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leak {
    /// The first day of the papers.
    pub from: When,
    /// When the last was taken; without it, when the mailbox of a taken account was read last.
    pub taken: Option<When>,
    /// When all of it came out.
    pub published: When,
    /// Papers that the campaign has.
    pub papers: u64,
    /// Letters a day into the mailbox.
    pub letters_per_day: f64,
    /// Forgeries of each kind.
    pub forged: u64,
    /// Budgets saved again, unchanged, within four minutes.
    #[serde(default)]
    pub burst: u64,
    /// Where the clock of whoever edits runs.
    pub zone: String,
    /// Until when papers and letters were kept; without it, until they came out.
    pub kept_until: Option<When>,
}

/// The leak's keys of `truth.json`.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueDocuments {
    /// What is true of the leak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leak: Option<TrueLeak>,
}

/// What is true of the leak.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueLeak {
    /// Whose mailbox it was.
    pub account: String,
    /// When the last was taken.
    pub taken: Time,
    /// When it came out.
    pub published: Time,
    /// Papers in it.
    pub papers: u64,
    /// Letters in it.
    pub letters: u64,
    /// What is forged: the document's name, or the letter's `Message-ID`.
    pub forged: Vec<TrueForgery>,
    /// Papers saved again with the same content.
    pub reissued: Vec<String>,
    /// Papers of others.
    pub foreign: Vec<String>,
    /// Papers planted to be stolen.
    pub decoys: Vec<String>,
    /// Papers saved within minutes by one hand.
    pub burst: u64,
    /// The zone of whoever edited.
    pub zone: String,
    /// Letters that the leak leaves out though they came before the last.
    pub withheld: Vec<String>,
}

/// One of them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueForgery {
    /// Which.
    pub document: String,
    /// How.
    pub how: How,
}

/// How good findings are, where the exercise has a leak.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DocumentsScore {
    /// Of documents, and of the theft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leak: Option<LeakScore>,
}

/// Found or true, where the exercise has a leak.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DocumentsCounts {
    /// Counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leak: Option<CountedDocuments>,
}

/// The part.
pub struct Documents;

impl Part for Documents {
    type Tables = Tables;
    type Truth = TrueDocuments;
    type Found = FoundDocuments;
    type Score = DocumentsScore;
    type Counts = DocumentsCounts;

    fn check(tables: &Tables, stage: &Stage, _: &str) -> Result<()> {
        tables.leak.iter().try_for_each(|leak| check(leak, &stage.period))
    }

    fn write(tables: &Tables, stage: &Stage, evidence: &mut Evidence) -> Result<TrueDocuments> {
        let leak = tables.leak.as_ref().map(|leak| write(leak, stage, evidence)).transpose()?;
        Ok(TrueDocuments { leak })
    }

    /// The providers' keys as of that time, and what was planted.
    fn case(tables: &Tables, stage: &Stage, case: &mut Case) {
        if tables.leak.is_none() {
            return;
        }
        let records: Vec<String> =
            letters::providers(&mut stage.random("documents/providers", 0)).iter().map(|p| p.record()).collect();
        case.mail.push(format!("answers = ['''\n{}\n''']", records.join("\n")));
        case.tables += &format!("\n[documents]\ndecoys = [\"{DECOY}\"]\n");
    }

    fn hidden(truth: &TrueDocuments) -> Vec<Hidden> {
        let Some(leak) = &truth.leak else { return Vec::new() };
        let what = Text::new("forged documents and letters", "documents et courriels falsifiés");
        vec![Hidden { key: "forged", count: leak.forged.len() as u64, what }]
    }

    fn take(found: &mut FoundDocuments, finding: &Finding) {
        found.take(finding);
    }

    fn score(found: &FoundDocuments, truth: &TrueDocuments) -> DocumentsScore {
        DocumentsScore { leak: truth.leak.as_ref().map(|t| found.score(t)) }
    }

    fn show(score: &DocumentsScore, sheet: &mut Sheet) {
        score.leak.iter().for_each(|s| s.show(sheet));
    }

    fn found(found: &FoundDocuments, truth: &TrueDocuments, _: &TimeZone) -> DocumentsCounts {
        DocumentsCounts { leak: truth.leak.as_ref().map(|_| found.counted()) }
    }

    fn truth(truth: &TrueDocuments, _: &TimeZone) -> DocumentsCounts {
        DocumentsCounts { leak: truth.leak.as_ref().map(CountedDocuments::of) }
    }

    fn rows(found: &DocumentsCounts, truth: &DocumentsCounts) -> Vec<Row> {
        let (Some(found), Some(truth)) = (&found.leak, &truth.leak) else { return Vec::new() };
        let row = |en, fr, of: fn(&CountedDocuments) -> u64| Row::count(en, fr, [of(found), of(truth)]);
        vec![
            Row::head("A leak of papers and letters", "Une fuite de documents et de courriels"),
            row("  altered or made up", "  altérés ou fabriqués", |d| d.forged),
            row("  saved within minutes by one hand", "  enregistrés en quelques minutes par une main", |d| d.burst),
            row("  planted to be stolen", "  leurres volés", |d| d.decoys),
            row("  mailboxes whose theft is dated", "  boîtes dont le vol est daté", |d| d.dated),
        ]
    }
}

/// Checks `[leak]`.
fn check(leak: &Leak, period: &Period) -> Result<()> {
    number("`papers` of `[leak]`", leak.papers as f64, 30.0, 5_000.0)?;
    number("`letters_per_day` of `[leak]`", leak.letters_per_day, 0.0, 200.0)?;
    number("`forged` of `[leak]`", leak.forged as f64, 0.0, leak.papers as f64 / 12.0)?;
    number("`burst` of `[leak]`", leak.burst as f64, 0.0, leak.papers as f64 / 6.0)?;
    TimeZone::get(&leak.zone).map_err(|e| {
        Error::new("`zone` of `[leak]` is not a time zone").because(e).hint("use an IANA name such as `Europe/Moscow`")
    })?;
    let (from, out) = (leak.from.start(&period.zone), leak.published.start(&period.zone));
    let taken = leak.taken.map_or(out - 2 * DAY, |w| w.start(&period.zone));
    if !(from + 30 * DAY <= taken && taken + DAY <= out) || out - from > 800 * DAY {
        return Err(Error::new("`[leak]` has its days in the wrong order, or lasts longer than 800 days").hint(
            "a month of papers before `taken` at least, and a day between that and `published` for whoever edits",
        ));
    }
    Ok(())
}

/// The name behind an address.
fn name(address: &str) -> String {
    let local = address.split('@').next().unwrap_or_default();
    let word = |w: &str| {
        let plain: String = w.chars().filter(|c| !c.is_ascii_digit()).collect();
        let mut letters = plain.chars();
        letters.next().map(|c| c.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    };
    local.split('.').map(word).collect::<Vec<_>>().join(" ")
}

/// Whoever edits: made up, as everybody here.
const EDITOR: &str = "Григорий";

/// Writes `archive/` beside the evidence, and `leak/`.
fn write(leak: &Leak, stage: &Stage, evidence: &mut Evidence) -> Result<TrueLeak> {
    let zone = &stage.period.zone;
    let (from, published) = (leak.from.start(zone), leak.published.start(zone));
    let addresses = mail::staff(STAFF, &stage.mail_domain, &mut stage.random("staff", 0));
    let read = evidence.read.first().cloned();
    let account = read.as_ref().map_or_else(|| addresses[1].clone(), |(account, _)| account.clone());
    let taken =
        leak.taken.map(|w| w.start(zone)).or(read.map(|(_, last)| last.seconds())).unwrap_or(published - 11 * DAY);
    let kept_until = leak.kept_until.map_or(published, |w| w.start(zone)).max(taken.min(published));
    let people: Vec<String> = addresses.iter().map(|a| name(a)).collect();
    let mut papers = papers::papers(leak.papers, &people, (from, kept_until), &mut stage.random("documents/papers", 0));
    papers.push(decoy(&people[0], from));
    papers.sort_by(|a, b| (a.said.modified, &a.name).cmp(&(b.said.modified, &b.name)));
    let files: Vec<Vec<u8>> = papers.iter().map(Paper::bytes).collect();
    let providers = letters::providers(&mut stage.random("documents/providers", 0));
    let house = &stage.mail_domain;
    let letters = letters::letters(
        leak.letters_per_day,
        (from, kept_until),
        zone,
        &papers,
        house,
        &mut stage.random("documents/letters", 0),
    );
    for (paper, bytes) in papers.iter().zip(&files) {
        evidence.archive(&paper.name, bytes, paper.said.modified)?;
    }
    let mailbox = format!("courriels/{}.mbox", account.split('@').next().unwrap_or_default());
    let whole = |letter: &Letter| (letter.at, letter.bytes(&account, house, &files, &providers, Fate::Whole));
    if !letters.is_empty() {
        let all: Vec<_> = letters.iter().map(whole).collect();
        evidence.archive(&mailbox, &letters::mbox(&all), letters.last().map_or(taken, |l| l.at))?;
    }
    let mut truth = TrueLeak {
        account: account.clone(),
        taken: Time::from_seconds(taken),
        published: Time::from_seconds(published),
        zone: leak.zone.clone(),
        ..TrueLeak::default()
    };
    let mut members: Vec<(String, Vec<u8>)> = edited(leak, &papers, (taken, published), stage, &mut truth);
    let mut random = stage.random("documents/withheld", 0);
    let mut box_: Vec<(i64, Vec<u8>)> = Vec::new();
    let there: Vec<&Letter> = letters.iter().filter(|l| l.at <= taken).collect();
    let forged: BTreeSet<usize> = spread(there.len(), leak.forged, &mut random);
    for (n, letter) in there.iter().enumerate() {
        let last = n + 1 == there.len();
        if forged.contains(&n) {
            truth.forged.push(TrueForgery { document: letter.id.clone(), how: How::Letter });
            box_.push((letter.at, letter.bytes(&account, house, &files, &providers, Fate::Changed)));
            let made_up = Letter::invented(letter.at + 900, letter, &mut random);
            truth.forged.push(TrueForgery { document: made_up.id.clone(), how: How::LetterMadeUp });
            box_.push((made_up.at, made_up.bytes(&account, house, &files, &providers, Fate::Unsigned)));
        } else if !last && random.chance(0.02) {
            truth.withheld.push(letter.id.clone());
        } else {
            box_.push(whole(letter));
        }
    }
    box_.sort_by_key(|(at, _)| *at);
    truth.letters = box_.len() as u64;
    if !box_.is_empty() {
        members.push((mailbox, letters::mbox(&box_)));
    }
    publish(leak, &members, published, evidence)?;
    Ok(truth)
}

/// Places among so many, spread over all of them.
fn spread(all: usize, wanted: u64, random: &mut crate::random::Random) -> BTreeSet<usize> {
    let mut places: Vec<usize> = (0..all.saturating_sub(1)).collect();
    random.shuffle(&mut places);
    places.into_iter().take(wanted as usize).collect()
}

fn decoy(author: &str, from: i64) -> Paper {
    let at = (from + 20 * DAY) / 60 * 60;
    let said = Properties {
        author: author.into(),
        saved_by: author.into(),
        company: "En Avant".into(),
        language: "fr-FR",
        created: at - 3_600,
        modified: at,
        root: 0x00c0_ffee,
        tracked: None,
    };
    let text = ["Accès au serveur de secours", "Identifiant : secours. Le reste est dans le coffre de la direction."];
    Paper { name: format!("technique/{DECOY}"), said, content: Content::Note(text.map(String::from).into()) }
}

/// The papers as they came out.
fn edited(
    leak: &Leak,
    papers: &[Paper],
    (taken, published): (i64, i64),
    stage: &Stage,
    truth: &mut TrueLeak,
) -> Vec<(String, Vec<u8>)> {
    let mut random = stage.random("documents/forged", 0);
    let zone = TimeZone::get(&leak.zone).unwrap_or(TimeZone::UTC);
    let stolen: Vec<&Paper> = papers.iter().filter(|p| p.said.modified <= taken).collect();
    let mut free: Vec<usize> = (0..stolen.len()).filter(|n| !stolen[*n].name.ends_with(DECOY)).collect();
    random.shuffle(&mut free);
    let mut out: Vec<Option<(String, Vec<u8>)>> =
        stolen.iter().map(|p| Some((format!("documents/{}", p.name), p.bytes()))).collect();
    let mut more = Vec::new();
    let mut pick = |kind: &str| free.iter().position(|n| stolen[*n].is_of(kind)).map(|at| free.swap_remove(at));
    let offset = |at: i64| i64::from(zone.to_offset(Time::from_seconds(at).timestamp()).seconds());
    for how in How::PAPERS {
        for _ in 0..leak.forged {
            // Whoever edits has an afternoon for each.
            let at = taken + 7_200 + random.below((published - taken - 10_800).max(1) as u64) as i64;
            let editor = Editor { name: EDITOR.into(), at, offset: offset(at) };
            let Some(n) = pick(how.of()) else { continue };
            let mut forged = forge(stolen[n], how, &editor, &mut random);
            if how == How::MadeUp {
                forged.said.language = "ru-RU";
                forged.said.modified += 7;
            }
            let document = format!("documents/{}", forged.name);
            truth.forged.push(TrueForgery { document: document.clone(), how });
            match how {
                How::MadeUp => more.push((document, forged.bytes())),
                _ => out[n] = Some((document, forged.bytes())),
            }
        }
    }
    let start = (taken + (published - taken) * 2 / 5) / 60 * 60;
    for n in 0..leak.burst {
        let Some(which) = pick("budget") else { break };
        let mut again = stolen[which].clone();
        again.said.saved_by = EDITOR.into();
        again.said.modified = start + (n as i64 * 240 / leak.burst.max(1) as i64);
        out[which] = Some((format!("documents/{}", again.name), again.bytes()));
        truth.burst += 1;
    }
    // A server that cleans what passes takes the names off.
    for _ in 0..3 {
        let Some(which) = pick("note") else { break };
        let mut again = stolen[which].clone();
        (again.said.saved_by, again.said.company) = (String::new(), String::new());
        let name = format!("documents/{}", again.name);
        truth.reissued.push(name.clone());
        out[which] = Some((name, again.bytes()));
    }
    for n in 0..2 {
        let said = Properties {
            author: "Marguerite Oudin".into(),
            saved_by: "Marguerite Oudin".into(),
            company: "Amicale des boulistes".into(),
            language: "fr-FR",
            created: (taken - 90 * DAY) / 60 * 60,
            modified: (taken - 60 * DAY + n * DAY) / 60 * 60,
            root: random.bits() as u32 | 0x10,
            tracked: None,
        };
        let text = vec!["Concours de boules du printemps".to_string(), papers::sentence(&mut random)];
        let name = format!("documents/divers/concours-{n}.docx");
        truth.foreign.push(name.clone());
        more.push((name, Paper { name: String::new(), said, content: Content::Note(text) }.bytes()));
    }
    truth.decoys.extend(stolen.iter().filter(|p| p.name.ends_with(DECOY)).map(|p| format!("documents/{}", p.name)));
    let all: Vec<(String, Vec<u8>)> = out.into_iter().flatten().chain(more).collect();
    truth.papers = all.len() as u64;
    all
}

/// The archive, the torrent that lists it and the page that points to both.
fn publish(leak: &Leak, members: &[(String, Vec<u8>)], published: i64, evidence: &mut Evidence) -> Result<()> {
    let zone = TimeZone::get(&leak.zone).unwrap_or(TimeZone::UTC);
    let packed = published - 5 * 3600;
    let listed: Vec<(&str, &[u8], Option<i64>)> = members
        .iter()
        .enumerate()
        .map(|(n, (name, bytes))| (name.as_str(), bytes.as_slice(), Some(packed + n as i64 / 4)))
        .collect();
    let zip = package::zip(&listed, &zone, 0);
    let pieces: Vec<u8> = zip
        .chunks(262_144)
        .flat_map(|piece| digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, piece).as_ref().to_vec())
        .collect();
    let torrent = package::torrent("courriels_archive", &[("documents.zip", zip.len())], packed + 3_600, &pieces);
    let stamp = Time::from_seconds(published);
    let page = format!(
        "<!DOCTYPE html>\n<!-- saved from url=({:04}){} -->\n<html><head><meta charset=\"utf-8\"><title>9go</title>\
         <meta property=\"article:published_time\" content=\"{stamp}\"></head><body><pre>\n\
         Neuf gigaoctets de courriels et de documents internes, à lire ici :\n{}\ncourriels_archive/documents.zip\n</pre></body></html>\n",
        posts::PASTE.len(),
        posts::PASTE,
        posts::ARCHIVE,
    );
    evidence.file("leak/documents.zip", &zip)?;
    evidence.file("leak/courriels_archive.torrent", &torrent)?;
    evidence.file("leak/page.html", page.as_bytes())
}
