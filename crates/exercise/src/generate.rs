//! From scenario and seed to evidence and truth.

use crate::address::{Addresses, Country, two_letters};
use crate::calendar::{Habit, Period};
use crate::check::mean_requests;
use crate::files::LogFile;
use crate::logins::{LOGS, Watch};
use crate::names;
use crate::plan::{Plan, plan};
use crate::random::Random;
use crate::scenario::Scenario;
use crate::truth::{TrueChapter, TrueEvent, Truth};
use crate::visits::Public;
use crate::web::Web;
use crate::words::{Format, Purpose};
use model::{Error, Result, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

/// Writes `dir/evidence/`, `dir/case.toml` and `dir/truth.json`. The same scenario and seed give the same bytes.
/// Whatever lies in `dir` already is left alone: evidence found there is an error.
pub fn generate(scenario: &Scenario, seed: u64, dir: &Path) -> Result<Truth> {
    let evidence = dir.join("evidence");
    let failed = |path: &Path, e: std::io::Error| {
        Error::new(format!("could not write `{}`", path.display())).because(e).hint("check the disk's space and rights")
    };
    fs::create_dir_all(&evidence).map_err(|e| failed(&evidence, e))?;
    if fs::read_dir(&evidence).map_err(|e| failed(&evidence, e))?.next().is_some() {
        return Err(Error::new(format!("`{}` is not empty", evidence.display())).hint("choose a new directory"));
    }
    let truth = write(scenario, seed, &evidence)?;
    let case = dir.join("case.toml");
    fs::write(&case, case_toml(scenario)).map_err(|e| failed(&case, e))?;
    let path = dir.join("truth.json");
    let save = || -> std::io::Result<()> {
        let mut out = std::io::BufWriter::new(fs::File::create(&path)?);
        serde_json::to_writer_pretty(&mut out, &truth)?;
        out.write_all(b"\n")?;
        out.flush()
    };
    save().map_err(|e| failed(&path, e))?;
    Ok(truth)
}

fn write(s: &Scenario, seed: u64, evidence: &Path) -> Result<Truth> {
    let period = Period::of(s)?;
    let addresses = Addresses::of(countries(s))?;
    let habit = Habit::new(s, &period.zone);
    let (per_day, scale) = amounts(s, &period, &habit);
    let plan = plan(s, &period, &addresses, scale, seed)?;
    let mut truth = beginning(s, seed, &period, &plan);
    let weights: f64 = s.sites.iter().map(|site| site.weight).sum();
    for (number, site) in s.sites.iter().enumerate() {
        let name = format!("{}.access.log", site.name);
        let mut log = LogFile::new(evidence, &name, (site.rotation, site.compression), &period.zone, period.from);
        let mut random = Random::stream(seed, &site.name, 1);
        let public = Public::new(&s.ordinary, &addresses, &site.host, &mut random);
        let requests = per_day * site.weight / weights;
        let web = Web { site, number, period: &period, plan: &plan, habit: &habit, requests, seed };
        web.write(&public, &mut log)?;
        finish(log, &name, &mut truth)?;
    }
    let l = &s.logins;
    let watch = Watch { logins: l, period: &period, plan: &plan, addresses: &addresses, home: home(s), seed };
    for (name, services) in LOGS {
        let ordinary = match services[0] {
            Purpose::Ssh => l.ssh_per_day,
            Purpose::Smtp => l.mail_per_day,
            Purpose::Ftp => l.ftp_per_day,
            Purpose::Postgresql => l.database_per_day,
            _ => 0.0,
        };
        let tried = plan.attempts.iter().any(|a| services.contains(&a.truth.purpose));
        if tried || ordinary > 0.0 {
            let mut log = LogFile::new(evidence, name, (l.rotation, l.compression), &period.zone, period.from);
            watch.write(name, services, &mut log)?;
            finish(log, name, &mut truth)?;
        }
    }
    if let Some(stream) = &s.names {
        let written = names::write(stream, &period, seed, evidence)?;
        (truth.decoys, truth.ordinary_names) = (written.decoys, written.ordinary);
        for (name, lines, bytes) in written.files {
            truth.lines.insert(name.into(), lines);
            truth.bytes += bytes;
        }
    }
    if let Some(inbox) = &s.mail {
        let written = crate::mail::generate(inbox, &s.logins.domain, &period, seed, evidence)?;
        truth.decoys.extend(crate::mail::decoys(&written, &s.logins.domain));
        truth.mail = Some(written);
    }
    if let Some(debate) = &s.posts {
        truth.posts = Some(crate::posts::generate(debate, &period, seed, evidence)?);
    }
    truth.attempts = plan.attempts.into_iter().map(|a| a.truth).collect();
    Ok(truth)
}

fn finish(mut log: LogFile, name: &str, truth: &mut Truth) -> Result<()> {
    log.finish()?;
    truth.lines.insert(name.into(), log.lines);
    truth.bytes += log.bytes;
    Ok(())
}

fn beginning(s: &Scenario, seed: u64, period: &Period, plan: &Plan) -> Truth {
    let event = |e: &crate::scenario::Event| TrueEvent {
        at: Time::from_seconds(e.at.start(&period.zone)),
        name: e.name.clone(),
    };
    Truth {
        scenario: s.name.clone(),
        seed,
        zone: s.zone.clone(),
        from: Time::from_seconds(period.from),
        to: Time::from_seconds(period.to),
        lines: BTreeMap::new(),
        bytes: 0,
        events: s.events.iter().map(event).collect(),
        chapters: s.chapters.iter().map(|c| TrueChapter::of(c, &period.zone)).collect(),
        outages: plan.outages.iter().map(|o| o.truth(s)).collect(),
        attempts: Vec::new(),
        decoys: Vec::new(),
        ordinary_names: 0,
        mail: None,
        posts: None,
    }
}

fn countries(s: &Scenario) -> BTreeSet<Country> {
    let attempts = s.attempts.iter().flat_map(|b| b.country.0.iter().map(|(c, _)| c.0));
    attempts.chain(s.ordinary.countries.keys().filter_map(|c| two_letters(c))).collect()
}

/// Where most visitors live, and the staff.
fn home(s: &Scenario) -> Country {
    let most = s.ordinary.countries.iter().max_by(|a, b| a.1.total_cmp(b.1));
    most.and_then(|(c, _)| two_letters(c)).unwrap_or(*b"FR")
}

/// Requests on a day of weight 1, and what the counts of attempts are multiplied by.
fn amounts(s: &Scenario, period: &Period, habit: &Habit) -> (f64, f64) {
    let Some(size) = s.size else { return (s.ordinary.requests_per_day, 1.0) };
    let weights: f64 = s.sites.iter().map(|site| site.weight).sum();
    let mean = |of: fn(Format) -> f64| s.sites.iter().map(|site| of(site.format) * site.weight).sum::<f64>() / weights;
    let web = s.attempts.iter().filter(|b| matches!(b.service, Purpose::Web | Purpose::WebLogin));
    let hostile: f64 = web.map(|b| b.count as f64 * mean_requests(b)).sum();
    let share = if hostile > 0.0 { s.hostile_share.unwrap_or(0.0) } else { 0.0 };
    let lines = size.0 as f64 / (mean(|f| line(f).0) * (1.0 - share) + mean(|f| line(f).1) * share);
    let scale = if share > 0.0 { lines * share / hostile } else { 1.0 };
    (lines * (1.0 - share) / habit.days(period), scale)
}

/// Bytes of an ordinary and of a hostile line, on average, as measured; only the accuracy of `size` hangs on them.
fn line(format: Format) -> (f64, f64) {
    match format {
        Format::Combined => (262.0, 171.0),
        Format::VhostCombined => (287.0, 196.0),
        Format::NginxJson => (430.0, 330.0),
        Format::CaddyJson => (520.0, 450.0),
        Format::W3c => (270.0, 210.0),
    }
}

/// The configuration of a case for this evidence.
fn case_toml(s: &Scenario) -> String {
    let domains: BTreeSet<&str> = s.sites.iter().map(|site| site.host.as_str()).collect();
    // The sites first: the first domain is the one web logs without a virtual host are of.
    let posed = s.names.iter().flat_map(|n| &n.protect).map(String::as_str);
    let domains: Vec<String> = domains.into_iter().chain(posed).map(|d| format!("\"{d}\"")).collect();
    let mut people: Vec<&str> = s.posts.iter().flat_map(|p| &p.candidates).map(String::as_str).collect();
    people.extend(s.mail.iter().map(|_| crate::mail::CHIEF));
    let people: Vec<String> = people.iter().map(|p| format!("\"{p}\"")).collect();
    let mut text = format!(
        "# An exercise: made evidence, for training and measuring.\nname = \"Exercise {}\"\n\n[protect]\ndomains = [{}]\nmail_domains = [\"{}\"]\npeople = [{}]\n\n[election]\nzone = \"{}\"\n",
        s.name,
        domains.join(", "),
        s.logins.domain,
        people.join(", "),
        s.zone
    );
    if s.mail.is_some() {
        text += &crate::mail::case_toml(&s.logins.domain);
    }
    if s.posts.as_ref().is_some_and(|p| p.leak.is_some()) {
        text += &crate::posts::case_toml();
    }
    text
}
