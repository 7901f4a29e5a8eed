//! `collect`: what DNS, RDAP and certificate logs say of names, as evidence. Nothing is asked without `--online`.

use super::{Outcome, actor};
use crate::cli::Global;
use crate::output::{Out, Style, say, skipped};
use crate::settings::from_case;
use clap::{Args, Subcommand};
use collect::ct::{Bounds, Brought, Key, Log, State, Trouble};
use collect::dns::{Kind, Question, Record, Resolver};
use collect::http::Client;
use collect::rdap::{Bootstrap, Rdap};
use collect::{Online, dns};
use model::{EntityKind, Error, Severity, Time, View, escape};

type Result<T, E = Error> = std::result::Result<T, E>;

use sensors::domain::Parts;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Seek, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{Arrival, Case};

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
#[command(
    after_help = "Examples:\n  vigie collect my-campaign --online\n  vigie collect dns en-marche.co --online --resolver 192.0.2.53\n  \
         vigie collect rdap en-marche.co --online -o answers.jsonl\n  \
         vigie collect ct https://log.example/2026h2/ --key MFkwEwYH… --online --case my-campaign\n\n\
         Nothing is asked without --online, and never the suspect host itself. A recursive resolver will ask the \
         domain's name servers: choose one that many share if you do not want to be seen asking.\n\
         Next: `vigie run my-campaign` brings back what changed; `vigie check answers.jsonl` reads a file."
)]
pub struct Collect {
    #[command(subcommand)]
    pub what: Option<CollectWhat>,
    /// A case: asks DNS and RDAP about every look-alike it knows, and adds the answers to it
    pub dir: Option<PathBuf>,
    #[command(flatten)]
    pub dns: DnsOptions,
    #[command(flatten)]
    pub rdap: RdapOptions,
    /// Use the network; without it, say what would be asked of whom
    #[arg(long)]
    pub online: bool,
}

#[derive(Subcommand, Debug)]
pub enum CollectWhat {
    /// Ask a resolver for addresses, exchangers, name servers and texts of names
    Dns {
        /// Names, or - for a list on standard input
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        #[command(flatten)]
        dns: DnsOptions,
        #[command(flatten)]
        into: Into,
    },
    /// Ask registries, and the registrars they link to, who registered domains and when
    Rdap {
        /// Names, or - for a list on standard input
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        #[command(flatten)]
        rdap: RdapOptions,
        #[command(flatten)]
        into: Into,
    },
    /// Read the new entries of a certificate-transparency log (static-ct-api), each proven to be in it
    Ct(CollectCt),
}

#[derive(Args, Debug)]
pub struct CollectCt {
    /// The log's monitoring prefix
    pub url: String,
    /// The log's key, as lists of logs have it: SubjectPublicKeyInfo in base64, or a file of it
    #[arg(long)]
    pub key: String,
    /// The first entry to read, where the log was not followed before (default: what comes after its present end)
    #[arg(long, value_name = "INDEX")]
    pub from: Option<u64>,
    /// Read at most so many entries
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub most: u64,
    /// Look again after so many seconds, until interrupted
    #[arg(long, value_name = "SECONDS")]
    pub every: Option<u64>,
    #[command(flatten)]
    pub into: Into,
}

/// Where what was collected goes; without one, to standard output.
#[derive(Args, Debug)]
pub struct Into {
    /// Append to this file
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Add to this case as evidence
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    pub case: Option<PathBuf>,
    /// Use the network; without it, say what would be asked of whom
    #[arg(long)]
    pub online: bool,
}

#[derive(Args, Debug)]
pub struct DnsOptions {
    /// The resolver to ask, ADDRESS or ADDRESS:PORT (default: that of /etc/resolv.conf)
    #[arg(long, value_name = "ADDRESS")]
    pub resolver: Option<String>,
}

#[derive(Args, Debug)]
pub struct RdapOptions {
    /// Ask this RDAP server whatever the domain
    #[arg(long, value_name = "URL")]
    pub rdap: Option<String>,
    /// IANA's registry of RDAP servers as a file (default: what is embedded, then IANA's own)
    #[arg(long, value_name = "FILE")]
    pub bootstrap: Option<PathBuf>,
}

/// Bytes of a list of names on standard input.
const LIST: u64 = 64 << 20;

/// `vigie collect`.
pub fn collect(args: &Collect, global: &Global) -> Result<Outcome> {
    match &args.what {
        Some(CollectWhat::Dns { names, dns, into }) => {
            let (names, refused) = named(names)?;
            let online = granted(into.online, &ask_dns(dns, &names)?)?;
            let mut work = Work::begin(global, into, "dns")?;
            let resolver = resolver(dns)?;
            work.dns(&online, &resolver, names.keys())?;
            work.end(refused)
        }
        Some(CollectWhat::Rdap { names, rdap, into }) => {
            let (names, refused) = named(names)?;
            let online = granted(into.online, &ask_rdap(rdap, &names))?;
            let mut work = Work::begin(global, into, "rdap")?;
            work.rdap(&online, rdap, &names)?;
            work.end(refused)
        }
        Some(CollectWhat::Ct(ct)) => certificates(ct, global),
        None => case(args, global),
    }
}

/// Asks about every look-alike of a case.
fn case(args: &Collect, global: &Global) -> Result<Outcome> {
    let dir = args.dir.as_deref().ok_or_else(|| Error::new("nothing is named to be asked about"))?;
    let names = suspects(dir)?;
    if names.is_empty() {
        return Err(Error::new(format!("`{}` knows no look-alike to ask about", dir.display()))
            .hint("add lists of names and `vigie run` it first; `vigie collect dns NAME` asks about any name"));
    }
    let what = format!("{}; {}", ask_dns(&args.dns, &names)?, ask_rdap(&args.rdap, &names));
    let online = granted(args.online, &what)?;
    let into = Into { out: None, case: Some(dir.into()), online: true };
    let resolver = resolver(&args.dns)?;
    let mut work = Work::begin(global, &into, "dns")?;
    work.dns(&online, &resolver, names.keys())?;
    let dns = work.end(Vec::new())?;
    let mut work = Work::begin(global, &into, "rdap")?;
    work.rdap(&online, &args.rdap, &names)?;
    let rdap = work.end(Vec::new())?;
    Ok(if dns == Outcome::Done { rdap } else { dns })
}

/// Names to their registrable domains; none where nobody but the owner of its suffix registers.
type Named = BTreeMap<String, Option<String>>;

/// What was named on the command line, and what of it is no name.
fn named(given: &[String]) -> Result<(Named, Vec<(String, &'static str)>)> {
    let mut list = String::new();
    if given.iter().any(|n| n == "-") {
        let read = std::io::stdin().lock().take(LIST).read_to_string(&mut list);
        read.map_err(|e| Error::new("could not read the list of names").because(e))?;
    }
    let (mut names, mut refused, mut parts) = (Named::new(), Vec::new(), Parts::default());
    let given = given.iter().map(String::as_str).filter(|n| *n != "-");
    for name in given.chain(list.split_whitespace()) {
        match parts.set(name.as_bytes()) {
            Ok(()) => drop(names.insert(parts.text().into(), domain(&parts))),
            Err(damage) => refused.push((name.to_string(), damage.reason())),
        }
    }
    if let (true, Some((name, reason))) = (names.is_empty(), refused.first()) {
        return Err(Error::new(format!("`{name}` is no name that can be asked about: {reason}")));
    }
    Ok((names, refused))
}

fn domain(parts: &Parts) -> Option<String> {
    (!parts.private).then(|| parts.domain().to_string())
}

/// The domains that flagged findings about names speak of, but for one's own.
fn suspects(dir: &Path) -> Result<Named> {
    let case = Case::look(dir)?;
    let config = from_case(dir)?.config;
    crate::pipeline::withhold(&case, &config)?;
    let (mut names, mut parts) = (Named::new(), Parts::default());
    let own: BTreeSet<&str> = config.protect.domains.iter().chain(&config.protect.mail_domains).map(|d| &**d).collect();
    case.whole().findings(&mut |finding| {
        let kind = finding.detector.split('/').next().and_then(sensors::sensor);
        if finding.severity >= Severity::Low && kind.is_some_and(|k| k.accuses_domains()) {
            for entity in finding.entities.iter().filter(|e| e.kind == EntityKind::DomainName) {
                if parts.set(entity.value.as_bytes()).is_ok() && !own.contains(parts.domain()) {
                    names.insert(parts.text().into(), domain(&parts));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(names)
}

/// Leave to ask, or an error that says what would be asked.
pub fn granted(online: bool, what: &str) -> Result<Online> {
    if online {
        return Ok(Online::granted());
    }
    Err(Error::new(format!("nothing was asked: with `--online` this asks {what}"))
        .hint("add `--online` if that may be seen by them"))
}

/// The resolver that the options or the system name.
pub fn resolver(options: &DnsOptions) -> Result<Resolver> {
    match &options.resolver {
        Some(address) => Resolver::parse(address),
        None => {
            let read = std::fs::read_to_string("/etc/resolv.conf");
            let text = read.map_err(|e| {
                Error::new("could not read `/etc/resolv.conf`")
                    .because(e)
                    .hint("name a resolver with `--resolver ADDRESS`")
            })?;
            Resolver::from_resolv_conf(&text)
        }
    }
}

/// Some of the names, for a sentence.
fn some<'n>(names: impl ExactSizeIterator<Item = &'n String>) -> String {
    let n = names.len();
    let first: Vec<&str> = names.take(3).map(String::as_str).collect();
    let more = if n > first.len() { format!(" and {} more", n - first.len()) } else { String::new() };
    format!("`{}`{more}", first.join("`, `"))
}

fn ask_dns(options: &DnsOptions, names: &Named) -> Result<String> {
    let servers: Vec<String> = resolver(options)?.servers.iter().map(ToString::to_string).collect();
    let servers = servers.join(" or ");
    Ok(format!("the resolver {servers} for A, AAAA, MX, NS and TXT of {}", some(names.keys())))
}

fn ask_rdap(options: &RdapOptions, names: &Named) -> String {
    let domains: BTreeSet<&String> = names.values().flatten().collect();
    let whom = options.rdap.as_deref().unwrap_or("their registries and registrars");
    format!("{whom} (RDAP) about {}", some(domains.into_iter()))
}

/// What is being collected, and where it goes.
pub struct Work<'g> {
    global: &'g Global,
    /// How to print.
    pub style: Style,
    kind: &'static str,
    case: Option<PathBuf>,
    out: Sink,
    lines: u64,
    /// Answers by what became of the question.
    counts: BTreeMap<String, u64>,
}

enum Sink {
    Stdout(Out),
    File(BufWriter<File>),
    /// For a case: taken in when it is whole.
    Passing(BufWriter<File>),
}

impl<'g> Work<'g> {
    /// Makes ready to write; that nothing can be written shows before anything is asked.
    pub fn begin(global: &'g Global, into: &Into, kind: &'static str) -> Result<Work<'g>> {
        let (mut lang, mut zone) = (None, jiff::tz::TimeZone::UTC);
        let out = match (&into.case, &into.out) {
            (Some(dir), _) => {
                Case::look(dir)?;
                let configured = from_case(dir)?;
                (lang, zone) = (configured.lang, configured.config.zone()?);
                let file =
                    tempfile::tempfile().map_err(|e| Error::new("could not make a temporary file").because(e))?;
                Sink::Passing(BufWriter::new(file))
            }
            (None, Some(path)) => {
                let file = OpenOptions::new().append(true).create(true).open(path);
                let wrong = |e| Error::new(format!("could not write `{}`", path.display())).because(e);
                Sink::File(BufWriter::new(file.map_err(wrong)?))
            }
            (None, None) => Sink::Stdout(Out::new()),
        };
        let style = Style { json: global.json, lang: global.language(lang), zone };
        Ok(Work { global, style, kind, case: into.case.clone(), out, lines: 0, counts: BTreeMap::new() })
    }

    fn write(&mut self, line: &impl Serialize) -> Result<()> {
        self.lines += 1;
        let wrong = |e: std::io::Error| Error::new("could not write what was collected").because(e);
        match &mut self.out {
            Sink::Stdout(out) => out.json(line),
            Sink::File(file) | Sink::Passing(file) => {
                serde_json::to_writer(&mut *file, line).map_err(|e| wrong(e.into()))?;
                file.write_all(b"\n").map_err(wrong)
            }
        }
    }

    /// Writes an answer of the DNS.
    pub fn record(&mut self, record: &Record) -> Result<()> {
        let known = if record.rcode == "NOERROR" && record.answers.is_empty() { "NODATA" } else { &record.rcode };
        *self.counts.entry(known.into()).or_default() += 1;
        self.write(record)
    }

    fn dns<'n>(&mut self, online: &Online, resolver: &Resolver, names: impl Iterator<Item = &'n String>) -> Result<()> {
        let questions: Vec<Question> =
            names.flat_map(|name| Kind::USUAL.map(|kind| Question::new(name.clone(), kind))).collect();
        let clock = || self.global.now();
        let mut records = Vec::new();
        // In turns, so that what was answered is written however long the rest takes.
        for some in questions.chunks(1024) {
            dns::ask(online, resolver, some, &clock, &mut |record| {
                records.push(record);
                Ok(())
            })?;
            records.drain(..).try_for_each(|record| self.record(&record))?;
        }
        Ok(())
    }

    fn rdap(&mut self, online: &Online, options: &RdapOptions, names: &Named) -> Result<()> {
        let mut bootstrap = Bootstrap::embedded();
        if let Some(path) = &options.bootstrap {
            let read = store::small(path, store::SMALL);
            let wrong = |e| Error::new(format!("could not read `{}`", path.display())).because(e);
            bootstrap.overlay(Bootstrap::parse(&read.map_err(wrong)?)?);
        }
        let client = Client::new(online);
        let global = self.global;
        let clock = || global.now();
        let suspects: BTreeSet<String> = names.values().flatten().cloned().collect();
        let server = options.rdap.clone();
        let mut rdap = Rdap { client: &client, bootstrap, server, clock: &clock, suspects };
        let domains = rdap.suspects.clone();
        if options.bootstrap.is_none() && !domains.iter().all(|d| rdap.knows(d)) {
            match rdap.fetch_registry() {
                Ok(line) => self.write(&line)?,
                Err(e) => skipped(&self.style, collect::rdap::REGISTRY, &e.to_string(), 1, 0),
            }
        }
        for domain in &domains {
            for line in rdap.ask(domain) {
                let what = line.get("rdap").and_then(Value::as_str).unwrap_or("answered");
                *self.counts.entry(what.into()).or_default() += 1;
                self.write(&line)?;
            }
        }
        Ok(())
    }

    /// Closes what was written, takes it into the case, and says how it went.
    pub fn end(mut self, refused: Vec<(String, &'static str)>) -> Result<Outcome> {
        self.keep()?;
        for (name, reason) in &refused {
            skipped(&self.style, name, reason, 1, 0);
        }
        let counts: Vec<String> = self.counts.iter().map(|(what, n)| format!("{n} {what}")).collect();
        let counts = if counts.is_empty() { "0".into() } else { counts.join(", ") };
        say(&self.style, format!("{}: {counts}", self.kind), format!("{} : {counts}", self.kind));
        if let Some(dir) = self.case.as_ref().filter(|_| self.lines > 0).map(|d| d.display()) {
            say(&self.style, format!("next: vigie run {dir}"), format!("ensuite : vigie run {dir}"));
        }
        let said = ["NOERROR", "NODATA", "NXDOMAIN", "answered", "not found"];
        let nothing = !self.counts.is_empty() && !self.counts.keys().any(|k| said.contains(&k.as_str()));
        Ok(if nothing || !refused.is_empty() { Outcome::CouldNot } else { Outcome::Done })
    }

    /// Flushes; what is meant for the case becomes evidence, dated.
    fn keep(&mut self) -> Result<()> {
        let wrong = |e: std::io::Error| Error::new("could not write what was collected").because(e);
        let lines = std::mem::take(&mut self.lines);
        match &mut self.out {
            Sink::Stdout(out) => out.flush(),
            Sink::File(file) => file.flush().map_err(wrong),
            Sink::Passing(_) if lines == 0 => Ok(()),
            Sink::Passing(file) => {
                file.flush().map_err(wrong)?;
                let file = file.get_mut();
                file.rewind().map_err(wrong)?;
                let now = self.global.now();
                let path = format!("collect/{}-{now}.jsonl", self.kind);
                let arrival = Arrival { path, bytes: None, modified: Some(now), added: now, by: actor() };
                let dir = self.case.as_deref().unwrap_or(Path::new("."));
                let (registered, _) = opened(dir)?.take_in(&*file, arrival)?;
                if self.style.json {
                    let e = &registered.evidence;
                    let mut out = Out::new();
                    out.json(&json!({ "evidence": e.id, "path": e.path, "size": e.size }))?;
                    out.end()?;
                }
                file.set_len(0).and_then(|()| file.rewind()).map_err(wrong)?;
                self.lines = lines;
                Ok(())
            }
        }
    }
}

/// Opens a case to write in it. What was collected is worth waiting for another vigie to be done.
fn opened(dir: &Path) -> Result<Case> {
    Case::look(dir)?;
    for _ in 0..60 {
        if let Ok(case) = Case::open(dir) {
            return Ok(case);
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    Case::open(dir)
}

/// Lines that a log's entries become.
impl Write for Work<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.lines += bytes.iter().filter(|b| **b == b'\n').count() as u64;
        match &mut self.out {
            Sink::File(file) | Sink::Passing(file) => file.write_all(bytes)?,
            Sink::Stdout(out) => {
                for line in String::from_utf8_lossy(bytes).lines() {
                    out.line(&escape::json(line)).map_err(std::io::Error::other)?;
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Work<'_> {
    /// How much was written so far; 0 where it cannot be taken back.
    fn mark(&mut self) -> std::io::Result<(u64, u64)> {
        match &mut self.out {
            Sink::Stdout(_) => Ok((0, self.lines)),
            Sink::File(file) | Sink::Passing(file) => {
                file.flush()?;
                Ok((file.get_ref().metadata()?.len(), self.lines))
            }
        }
    }

    /// Takes back what was written since.
    fn undo(&mut self, (length, lines): (u64, u64)) -> std::io::Result<()> {
        self.lines = lines;
        match &mut self.out {
            Sink::Stdout(_) => Ok(()),
            Sink::File(file) | Sink::Passing(file) => {
                file.flush()?;
                file.get_mut().set_len(length)?;
                file.get_mut().seek(std::io::SeekFrom::End(0)).map(drop)
            }
        }
    }
}

/// The text of a small regular file, if there is one.
fn small(path: &Path) -> Option<String> {
    store::small(path, store::SMALL).ok().and_then(|b| String::from_utf8(b).ok())
}

/// What is remembered of a log: in the case, or beside the file.
struct Memory {
    into: Into,
    name: String,
}

impl Memory {
    fn file(path: &Path) -> PathBuf {
        let mut name = path.as_os_str().to_os_string();
        name.push(".state");
        name.into()
    }

    fn recall(&self) -> Result<Option<State>> {
        let text = match (&self.into.case, &self.into.out) {
            (Some(dir), _) => Case::look(dir)?.bookmark(&self.name)?,
            (None, Some(path)) => small(&Memory::file(path)),
            (None, None) => None,
        };
        let wrong = |e| {
            Error::new("what was remembered of this log is damaged")
                .because(e)
                .hint("remove it to begin anew: it is in the case's folder `collect`, or beside the file")
        };
        text.map(|t| serde_json::from_str(&t).map_err(wrong)).transpose()
    }

    fn remember(&self, state: &State, now: Time) -> Result<()> {
        let text = json!(state).to_string();
        match (&self.into.case, &self.into.out) {
            (Some(dir), _) => opened(dir)?.set_bookmark(&self.name, &text, now, &actor()),
            (None, Some(path)) => {
                let (path, next) = (Memory::file(path), Memory::file(&Memory::file(path)));
                let written = std::fs::write(&next, text).and_then(|()| std::fs::rename(&next, &path));
                written.map_err(|e| Error::new(format!("could not write `{}`", path.display())).because(e))
            }
            (None, None) => Ok(()),
        }
    }
}

/// `vigie collect ct`.
fn certificates(args: &CollectCt, global: &Global) -> Result<Outcome> {
    let online = granted(args.into.online, &format!("the log at {} for its tree head and its entries", args.url))?;
    let key = Key::parse(small(Path::new(&args.key)).as_deref().unwrap_or(&args.key))?;
    let client = Client::new(&online);
    let log = Log::new(&client, &args.url, key)?;
    let mut work = Work::begin(global, &args.into, "ct")?;
    let Into { out, case, .. } = &args.into;
    let into = Into { out: out.clone(), case: case.clone(), online: true };
    let memory = Memory { into, name: format!("ct-{}", &log.id()[..16]) };
    let mut state = memory.recall()?;
    loop {
        let before = state.clone();
        let looked = pass(&log, &mut state, args, &mut work);
        // What came before the trouble was proven, and is kept.
        if let Err(Trouble::Log(fault)) = &looked {
            work.write(&json!({ "log": log.id(), "prefix": args.url, "seen": global.now(), "fault": fault.kind(),
                "detail": fault.to_string(), "heads": fault.heads() }))?;
        }
        work.keep()?;
        if let Some(state) = state.as_ref().filter(|s| before.as_ref() != Some(s)) {
            memory.remember(state, global.now())?;
        }
        let behind = match looked {
            Ok(brought) => {
                told(&work.style, &brought);
                brought.position < brought.size
            }
            Err(Trouble::Log(fault)) => {
                let error = Error::new(format!("the log at `{}` does not keep its promises", args.url)).because(fault);
                skipped(&work.style, &args.url, &error.to_string(), 1, 0);
                return Ok(Outcome::No);
            }
            Err(Trouble::Network(e)) if args.every.is_none() => return Err(e),
            Err(Trouble::Network(e)) => {
                skipped(&work.style, &args.url, &e.to_string(), 1, 0);
                false
            }
        };
        match args.every {
            None => return Ok(Outcome::Done),
            Some(seconds) if !behind => std::thread::sleep(Duration::from_secs(seconds)),
            Some(_) => {}
        }
    }
}

/// Entries after which it is remembered how far one came.
const STEP: u64 = 25_600;

/// Reads what is new, step by step; what a failed step wrote is taken back.
fn pass(log: &Log, state: &mut Option<State>, args: &CollectCt, work: &mut Work) -> Result<Brought, Trouble> {
    let mut all = Brought::default();
    loop {
        let failed = |e| Trouble::Network(Error::new("could not write what was collected").because(e));
        let mark = work.mark().map_err(failed)?;
        let bounds = Bounds { from: args.from, most: STEP.min(args.most - all.entries) };
        match log.look(state.clone(), bounds, work.global.now(), work) {
            Ok((next, brought)) => {
                *state = Some(next);
                all = Brought {
                    entries: all.entries + brought.entries,
                    names: all.names + brought.names,
                    damaged: all.damaged + brought.damaged,
                    ..brought
                };
                if all.position >= all.size || all.entries >= args.most {
                    return Ok(all);
                }
            }
            Err(trouble) => {
                work.undo(mark).map_err(failed)?;
                return Err(trouble);
            }
        }
    }
}

fn told(style: &Style, b: &Brought) {
    let left = b.size - b.position;
    say(
        style,
        format!(
            "{} entries, {} names, {} damaged; {left} of {} are left to read",
            b.entries, b.names, b.damaged, b.size
        ),
        format!(
            "{} entrées, {} noms, {} abîmées ; il en reste {left} à lire sur {}",
            b.entries, b.names, b.damaged, b.size
        ),
    );
}
