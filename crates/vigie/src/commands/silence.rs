//! `silence`: what of a text may be published, where and when, under which article of law.

use super::{Outcome, actor};
use crate::cli::Global;
use crate::output::{Out, Style, say};
use crate::settings::from_case;
use clap::Args;
use knowledge::law::Effect;
use law::{Audience, Document, Judgement, Law, Place, Verdict};
use model::{Config, Error, EvidenceId, Lang, Result, Time, escape};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use store::Case;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie silence article.html\n  vigie silence statement.txt --for candidate --territory GP\n  \
         vigie silence article.md --at 2027-05-01T18:00:00+02:00 --redact article.public.md\n  \
         vigie silence my-campaign --log verdicts.jsonl\n  \
         vigie silence --table --territory RE --election president-2027\n\n\
         Exit 0: it may be published; 1: not, or not as it is; 2: that could not be said. It is no legal advice."
)]
pub struct Silence {
    /// A text, Markdown file or page; - for standard input; a case for its brief
    #[arg(required_unless_present_any = ["table", "check_log"], value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Where it is published: ISO 3166, such as FR (metropolitan France), GP, RE, PF or a country
    #[arg(long, value_name = "CODE")]
    pub territory: Option<String>,
    /// Who publishes: candidate, media (the default) or citizen
    #[arg(long = "for", value_name = "WHO")]
    pub who: Option<law::Audience>,
    /// A candidate or person to know, "First Last, alias, #hashtag" (repeatable)
    #[arg(long, value_name = "NAME")]
    pub name: Vec<String>,
    /// A file of such lines
    #[arg(long, value_name = "FILE")]
    pub names: Option<PathBuf>,
    /// Judge as `[silence]` of this case says, know whom it protects, and keep the verdict in its audit trail
    #[arg(long, value_name = "DIR")]
    pub case: Option<PathBuf>,
    /// Add calendars, written as the elections.toml of `vigie knowledge`
    #[arg(long, value_name = "FILE")]
    pub calendar: Option<PathBuf>,
    /// A day of a vote in another country
    #[arg(long, value_name = "DAY")]
    pub vote: Option<String>,
    /// Write the copy without what may not be said to this file
    #[arg(long, short, value_name = "FILE")]
    pub redact: Option<PathBuf>,
    /// Keep the verdict in this log, each line with the hash of the one before
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Tell whether a log of verdicts was changed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "table"])]
    pub check_log: Option<PathBuf>,
    /// Print every second at which an answer changes, by territory and rule
    #[arg(long, conflicts_with = "file")]
    pub table: bool,
    /// Only this election of the table
    #[arg(long, value_name = "ID", requires = "table")]
    pub election: Option<String>,
}

/// That it is no legal advice, and whom to ask.
const NOTICE: (&str, &str) = (
    "No legal advice: a computation from dated data. Ask the campaign's lawyer; on polls the Commission des sondages, on the presidential campaign the commission that controls it, on broadcasting Arcom.",
    "Ceci n’est pas un conseil juridique, mais un calcul sur des données datées. Demandez à l’avocat de la campagne ; pour les sondages, à la Commission des sondages ; pour la campagne présidentielle, à la commission nationale de contrôle ; pour l’audiovisuel, à l’Arcom.",
);

/// `vigie silence`.
pub fn silence(args: &Silence, global: &Global) -> Result<Outcome> {
    let lang = global.language(None);
    let style = Style { json: global.json, lang, zone: jiff::tz::TimeZone::UTC };
    let mut law = Law::embedded()?;
    if let Some(path) = &args.calendar {
        law = law.with(&text(path)?).map_err(|e| named(path, "use", e))?;
    }
    if let Some(path) = &args.check_log {
        return checked(path, &style);
    }
    let asked = Asked::of(args, global)?;
    let place = law.place(&asked.territory)?;
    if let Some(day) = &args.vote {
        if place.group.is_some() {
            return Err(Error::new("`--vote` is for other countries")
                .hint("`--calendar FILE` adds an election in France, with its rounds and who votes on Saturday"));
        }
        if place.limits.is_none() {
            return Err(Error::new(format!("no rule of `{}` could be verified", place.code))
                .hint("ask a lawyer there; PL, HR, SK, ES, IT and nine states without limits are known"));
        }
        law = law.with_vote(&place, day)?;
    }
    if args.table {
        return table(args, asked.who, &law, &place, &style);
    }
    judge(args, &asked, &law, &place, &style)
}

/// What a text is judged by.
struct Asked {
    territory: String,
    who: Audience,
    /// Names and aliases, a line each.
    people: Vec<String>,
    at: Time,
}

impl Asked {
    /// As told, else as the case says.
    fn of(args: &Silence, global: &Global) -> Result<Asked> {
        let mut asked = match &args.case {
            Some(dir) => Asked::by(&from_case(dir)?.config, global.now())?,
            None => Asked { territory: "FR".into(), who: Audience::default(), people: Vec::new(), at: global.now() },
        };
        asked.territory = args.territory.clone().unwrap_or(asked.territory);
        asked.who = args.who.unwrap_or(asked.who);
        asked.people.extend(args.name.iter().cloned());
        if let Some(list) = &args.names {
            let lines = text(list)?;
            asked.people.extend(
                lines.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_string),
            );
        }
        Ok(asked)
    }

    fn by(config: &Config, at: Time) -> Result<Asked> {
        let settings: law::Settings = config.settings()?;
        let who = settings.publisher.parse().map_err(|e: String| {
            Error::new(format!("`{}` is no publisher", settings.publisher))
                .hint(format!("`publisher` under `[silence]`: {e}"))
        })?;
        let people = settings.names.into_iter().chain(config.protect.people.iter().cloned()).collect();
        Ok(Asked { territory: settings.territory, who, people, at })
    }
}

fn judge(args: &Silence, asked: &Asked, law: &Law, place: &Place, style: &Style) -> Result<Outcome> {
    let path = args.file.as_deref().unwrap_or(Path::new("-"));
    let (bytes, path) = bytes(path)?;
    let document = Document::read(&bytes).map_err(|e| named(&path, "read", e))?;
    let (at, who, people) = (asked.at, asked.who, &asked.people);
    let judged = law::judge(law, &document, at, place, who, people)?;
    let copy = match (&args.redact, judged.verdict) {
        (None, Verdict::MayBePublished | Verdict::HoldUntil) => None,
        (Some(_), _) | (None, Verdict::Redact) => Some(law::redacted(law, &document, at, place, who, people)),
    };
    let copy = match (copy, &args.redact) {
        (Some(Err(e)), Some(_)) => return Err(e),
        (Some(made), _) => made.ok(),
        (None, _) => None,
    };
    let entry = entry(&bytes, &judged, who, place);
    if let Some(log) = &args.log {
        append(log, &entry)?;
    }
    if let Some(dir) = &args.case {
        record(&Case::open(dir)?, &entry)?;
    }
    if let (Some(path), Some(copy)) = (&args.redact, &copy) {
        fs::write(path, copy).map_err(|e| named(path, "write", Error::new("the copy was not kept").because(e)))?;
    }
    let mut out = Out::new();
    match style.json {
        true => out.json(&line(&judged, who, place, &path, copy.as_deref(), style.lang))?,
        false => print(&judged, place, style, &mut out)?,
    }
    out.end()?;
    Ok(if judged.verdict == Verdict::MayBePublished { Outcome::Done } else { Outcome::No })
}

fn named(path: &Path, what: &str, e: Error) -> Error {
    let hint = e.get_hint().map(str::to_string);
    let error = Error::new(format!("could not {what} `{}`", path.display())).because(e);
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn text(path: &Path) -> Result<String> {
    let failed = |e| named(path, "read", Error::new("it is no text that can be opened").because(e));
    let bytes = store::small(path, TEXT).map_err(failed)?;
    String::from_utf8(bytes).map_err(|e| failed(std::io::Error::other(e)))
}

/// Bytes of a list of names, or of the log of verdicts.
const TEXT: u64 = 64 << 20;

/// At most one byte more than is read of a text: enough to refuse it.
fn bytes(path: &Path) -> Result<(Vec<u8>, PathBuf)> {
    // A file that a person named may be a link of his; what is in a case may have come from somebody else.
    let is_case = path.is_dir();
    let opened = |path: &Path| match is_case {
        true => store::Folder::open(path).and_then(|case| case.inside("brief")?.file("index.html")),
        false => store::regular(path, true),
    };
    let file = (path.as_os_str() != "-").then(|| opened(path));
    let path = if is_case { path.join("brief").join("index.html") } else { path.to_path_buf() };
    let failed = |e: std::io::Error| Error::new(format!("could not read `{}`", path.display())).because(e);
    let mut bytes = Vec::new();
    let most = law::MOST as u64 + 1;
    match file {
        None => std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(failed)?,
        Some(file) => file.and_then(|f| f.take(most).read_to_end(&mut bytes)).map_err(failed)?,
    };
    Ok((bytes, path))
}

fn entry(bytes: &[u8], judged: &Judgement, who: Audience, place: &Place) -> law::Entry {
    let mut rules: Vec<String> = judged.held.iter().map(|h| h.interval.rule.id.clone()).collect();
    rules.sort();
    rules.dedup();
    law::Entry {
        seq: 0,
        at: judged.at,
        actor: actor(),
        text: law::sha256(bytes),
        territory: place.code.clone(),
        who: who.word().into(),
        verdict: judged.verdict.word().into(),
        until: judged.until,
        rules,
        knowledge: EvidenceId(knowledge::digest()).to_string(),
        previous: String::new(),
        hash: String::new(),
    }
}

fn append(path: &Path, entry: &law::Entry) -> Result<()> {
    let failed = |e: std::io::Error| Error::new(format!("could not write the log `{}`", path.display())).because(e);
    let before = match store::small(path, TEXT).and_then(|b| String::from_utf8(b).map_err(std::io::Error::other)) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(failed(e)),
    };
    let last = law::checked(&before).map_err(|e| named(path, "go on with", e))?;
    let line = entry.clone().line(last.as_ref())? + "\n";
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut f| f.write_all(line.as_bytes()))
        .map_err(failed)
}

fn checked(path: &Path, style: &Style) -> Result<Outcome> {
    let mut out = Out::new();
    let (same, lines, why) = match law::checked(&text(path)?) {
        Ok(last) => (true, last.map_or(0, |l| l.seq), None),
        Err(e) => (false, 0, Some(e.to_string())),
    };
    match style.json {
        true => out.json(&json!({ "unchanged": same, "verdicts": lines, "reason": why }))?,
        false => out.line(&match (why, style.lang) {
            (Some(why), _) => escape::visible(&why).into_owned(),
            (None, Lang::En) => format!("unchanged: {lines} verdicts"),
            (None, Lang::Fr) => format!("inchangé : {lines} verdicts"),
        })?,
    }
    out.end()?;
    Ok(if same { Outcome::Done } else { Outcome::No })
}

/// Into the audit trail, which is chained as the log is: hashes and the verdict.
fn record(case: &Case, entry: &law::Entry) -> Result<()> {
    let detail = json!({ "text": entry.text, "territory": entry.territory, "for": entry.who, "verdict": entry.verdict,
        "until": entry.until, "rules": entry.rules, "knowledge": entry.knowledge });
    case.record_verdict(detail, entry.at, &entry.actor)
}

/// Texts that leave a case, judged by themselves while a silence is in force: what is held is said and recorded.
pub fn outgoing(dir: &Path, config: &Config, files: &[PathBuf], style: &Style, at: Time) -> Result<()> {
    let law = Law::embedded()?;
    let asked = Asked::by(config, at)?;
    let place = law.place(&asked.territory)?;
    let silent = law.intervals(&place)?.iter().any(|i| i.round > 0 && i.rule.effect == Effect::Forbids && i.holds(at));
    if !silent || !law.covers(at) || files.is_empty() {
        return Ok(());
    }
    let case = Case::open(dir)?;
    for path in files {
        let (bytes, path) = bytes(path)?;
        let Ok(document) = Document::read(&bytes) else { continue };
        let judged = law::judge(&law, &document, at, &place, asked.who, &asked.people)?;
        record(&case, &entry(&bytes, &judged, asked.who, &place))?;
        let Some(until) = judged.until else { continue };
        let (until, path) = (local(until, &place), path.display());
        say(
            style,
            format!(
                "an election is near: `{path}` may not be published as it is before {until}; `vigie silence {path}` says why"
            ),
            format!(
                "un vote approche : `{path}` ne peut être publié tel quel avant le {until} ; `vigie silence {path}` dit pourquoi"
            ),
        );
    }
    Ok(())
}

/// A moment where it is lived, with its offset.
fn local(at: Time, place: &Place) -> String {
    at.in_zone(&place.zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn line(judged: &Judgement, who: Audience, place: &Place, path: &Path, copy: Option<&str>, lang: Lang) -> Value {
    let mut line = Map::new();
    let mut put = |key: &str, value: Value| drop(line.insert(key.into(), value));
    put("verdict", judged.verdict.word().into());
    if let Some(until) = judged.until {
        put("until", json!(until));
        put("until_local", local(until, place).into());
        put("minutes_left", judged.minutes(until).into());
    }
    if let Some(next) = judged.next {
        put("may_be_published_until", json!(next));
        put("minutes_left", judged.minutes(next).into());
    }
    put("file", path.to_string_lossy().into());
    put("at", json!(judged.at));
    put("territory", place.code.clone().into());
    put("for", who.word().into());
    if let Some((election, round)) = judged.election {
        put("election", election.id.clone().into());
        put("round", round.into());
        put("calendar_status", election.status.word().into());
    }
    let rule = |i: &law::Interval| {
        json!({ "rule": i.rule.id, "article": i.rule.article, "version_since": i.rule.since, "from": i.from, "until": i.until,
            "end_by_usage": i.rule.by_usage, "text": i.rule.text.get(lang), "penalty": i.rule.penalty.get(lang),
            "status": i.rule.status.word(), "source": i.rule.source })
    };
    if !judged.held.is_empty() {
        let passages: Vec<Value> = judged
            .held
            .iter()
            .map(|h| {
                let p = &h.passage;
                let start = p.bytes.iter().map(|b| b.0).min();
                let end = p.bytes.iter().map(|b| b.1).max();
                json!({ "kind": p.kind.word(), "who": p.who, "text": p.text, "line": p.line, "start": start, "end": end,
                    "rule": h.interval.rule.id, "article": h.interval.rule.article, "precaution": h.precaution })
            })
            .collect();
        put("passages", passages.into());
        let by: BTreeMap<&str, Value> =
            judged.held.iter().map(|h| (h.interval.rule.id.as_str(), rule(&h.interval))).collect();
        put("rules", by.into_values().collect::<Vec<_>>().into());
    }
    if !judged.told.is_empty() {
        let told: Vec<Value> =
            judged.told.iter().map(|t| json!({ "article": t.article, "text": t.text.get(lang) })).collect();
        put("told", told.into());
    }
    if let Some(copy) = copy {
        put("redacted", copy.into());
    }
    put("notice", lang.of(NOTICE.0, NOTICE.1).into());
    Value::Object(line)
}

fn print(judged: &Judgement, place: &Place, style: &Style, out: &mut Out) -> Result<()> {
    let lang = style.lang;
    let minutes = |to: Time| match (judged.minutes(to), lang) {
        (n, Lang::En) => format!("{} ({n} minutes left)", local(to, place)),
        (n, Lang::Fr) => format!("{} (encore {n} minutes)", local(to, place)),
    };
    let name = place.name.get(lang);
    out.line(&match (judged.verdict, judged.until, judged.next, lang) {
        (Verdict::MayBePublished, _, None, Lang::En) => format!("may be published in {name}"),
        (Verdict::MayBePublished, _, None, Lang::Fr) => format!("peut être publié : {name}"),
        (Verdict::MayBePublished, _, Some(next), Lang::En) => {
            format!("may be published in {name} until {}", minutes(next))
        }
        (Verdict::MayBePublished, _, Some(next), Lang::Fr) => {
            format!("peut être publié : {name}, jusqu’au {}", minutes(next))
        }
        (Verdict::HoldUntil, Some(until), _, Lang::En) => format!("hold until {} in {name}", minutes(until)),
        (Verdict::HoldUntil, Some(until), _, Lang::Fr) => format!("à retenir jusqu’au {} : {name}", minutes(until)),
        (Verdict::HoldUntil, None, _, _) => lang.of("hold: no end is known", "à retenir : aucune fin connue").into(),
        (Verdict::Redact, until, _, Lang::En) => {
            format!("redact in {name}{}", until.map_or_else(String::new, |u| format!(", or hold until {}", minutes(u))))
        }
        (Verdict::Redact, until, _, Lang::Fr) => {
            format!(
                "à caviarder : {name}{}",
                until.map_or_else(String::new, |u| format!(", ou retenir jusqu’au {}", minutes(u)))
            )
        }
    })?;
    if let Some((election, round)) = judged.election {
        let round = match (round, lang) {
            (0, _) => String::new(),
            (n, Lang::En) => format!(", round {n}"),
            (n, Lang::Fr) => format!(", tour {n}"),
        };
        out.line(&format!("  {}{round}", election.name.get(lang)))?;
    }
    for held in &judged.held {
        let p = &held.passage;
        let careful = if held.precaution { lang.of(" (to be safe)", " (par prudence)") } else { "" };
        out.line(&format!(
            "  {}:{} {} – {}{careful}",
            lang.of("line", "ligne"),
            p.line,
            escape::visible(&p.text.split_whitespace().collect::<Vec<_>>().join(" ")),
            held.interval.rule.article
        ))?;
    }
    let by: BTreeMap<&str, &law::Interval> =
        judged.held.iter().map(|h| (h.interval.rule.id.as_str(), &h.interval)).collect();
    for interval in by.values() {
        let r = interval.rule;
        out.line(&format!("  {} – {}", r.article, r.text.get(lang)))?;
        out.line(&format!(
            "    {} {} – {} · {}{} {} · {}",
            lang.of("here", "ici"),
            local(interval.from, place),
            local(interval.until, place),
            lang.of("penalty:", "peine :"),
            "",
            r.penalty.get(lang),
            r.status.word(),
        ))?;
    }
    for told in &judged.told {
        let article = told.article.as_deref().map_or_else(String::new, |a| format!("{a} – "));
        out.line(&format!("  · {article}{}", told.text.get(lang)))?;
    }
    say(style, NOTICE.0, NOTICE.1);
    Ok(())
}

/// Every second at which an answer changes.
fn table(args: &Silence, who: Audience, law: &Law, place: &Place, style: &Style) -> Result<Outcome> {
    let places = match &args.territory {
        Some(_) => vec![place.clone()],
        None => law.places()?,
    };
    if let Some(id) = &args.election
        && !law.elections().any(|e| e.id == *id)
    {
        let ids: Vec<&str> = law.elections().map(|e| e.id.as_str()).collect();
        return Err(Error::new(format!("there is no election `{id}`")).hint(format!("there are {}", ids.join(", "))));
    }
    let mut out = Out::new();
    let mut rows = Vec::new();
    for place in &places {
        let all = law.intervals(place)?;
        let wanted = all.into_iter().filter(|i| args.election.as_ref().is_none_or(|id| i.election.id == *id));
        let wanted = wanted
            .filter(|i| i.rule.binds.is_empty() || i.rule.binds.iter().any(|b| b == who.word() || args.who.is_none()));
        for i in wanted {
            rows.push((i.from, true, place, i.clone()));
            rows.push((i.until, false, place, i));
        }
    }
    rows.sort_by(|a, b| (a.0, &a.2.code, &a.3.rule.id, a.1).cmp(&(b.0, &b.2.code, &b.3.rule.id, b.1)));
    for (at, begins, place, i) in rows {
        let (r, e) = (i.rule, i.election);
        match style.json {
            true => out.json(&json!({ "at": at, "local": local(at, place), "territory": place.code, "rule": r.id,
                "article": r.article, "change": if begins { "begins" } else { "ends" }, "election": e.id, "round": i.round,
                "effect": if r.effect == Effect::Forbids { "forbids" } else { "tells" },
                "binds": r.binds, "end_by_usage": !begins && r.by_usage, "status": r.status.word(), "calendar_status": e.status.word() }))?,
            false => out.line(&format!(
                "{at}  {}  {}  {:<6} {}  ({}{}, {})",
                local(at, place),
                place.code,
                match (begins, style.lang) {
                    (true, Lang::En) => "begins",
                    (true, Lang::Fr) => "début",
                    (false, Lang::En) => "ends",
                    (false, Lang::Fr) => "fin",
                },
                r.article,
                e.id,
                if i.round > 0 { format!("/{}", i.round) } else { String::new() },
                if !begins && r.by_usage { style.lang.of("by usage", "par usage") } else { r.status.word() },
            ))?,
        }
    }
    out.end()?;
    Ok(Outcome::Done)
}
