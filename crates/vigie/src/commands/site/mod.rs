//! `site`: one's own site, asked as a visitor's browser would ask; deeper where its owner shows that he is.

mod examine;
mod keep;
mod probe;
mod report;
mod sarif;

use super::Outcome;
use super::collect::DnsOptions;
use crate::cli::Global;
use crate::output::Out;
use crate::progress::Progress;
use clap::Args;
use collect::Online;
use examine::{Asked, Examined, examine};
use model::{Error, Result, escape};
pub use probe::{Probe, probe};
use sensors::origin::Origin;
use site::Finding;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  vigie site example.org\n  vigie site https://example.org --json\n  \
         vigie site test.example --resolve test.example:443:127.0.0.1 --ca ca.pem --fail-on high\n  \
         vigie site --list sites.txt --case my-campaign --sarif sites.sarif\n  \
         vigie site example.org --owner=secret.txt --browser\n  vigie site example.org --browser --keep seen --complaint\n\n\
         Requests as a browser makes them, hellos of TLS, the DNS; to this host only; robots.txt is obeyed. The DNS is not\n\
         asked of a site on this machine unless `--resolver` is named. Examine your own sites.")]
pub struct Site {
    /// Sites of one's own: a name or an address such as https://example.org
    #[arg(required_unless_present = "list", value_name = "URL")]
    pub urls: Vec<String>,
    /// Sites from a file, one a line, `#` begins a remark (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    /// Take this address for a host, as curl does: HOST:PORT:ADDRESS (repeatable)
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub resolve: Vec<String>,
    /// Trust the authorities in this file too (PEM)
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    #[command(flatten)]
    pub dns: DnsOptions,
    /// Probe as only the owner may: exposed files, listings, users, ports. On loopback without proof; elsewhere FILE holds a
    /// secret of yours, and what to publish is said
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub owner: Option<Option<PathBuf>>,
    /// A test record of one's own, to see whether records can be counted through (repeat it; with --owner)
    #[arg(long, value_name = "URL", requires = "owner")]
    pub record: Vec<String>,
    /// Have a browser (Chromium) load the front page, and say what left before consent
    #[arg(long)]
    pub browser: bool,
    /// Countries and networks of addresses from this database (MMDB, repeatable)
    #[arg(long, value_name = "FILE")]
    pub mmdb: Vec<PathBuf>,
    /// Keep what was asked and answered in this folder, and say what changed since the last time
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Keep it in this case: `hygiene` and the brief use it
    #[arg(long, value_name = "DIR", conflicts_with = "keep")]
    pub case: Option<PathBuf>,
    /// Write drafts of complaints beside what is kept, one for each article of the GDPR (with --keep or --case)
    #[arg(long)]
    pub complaint: bool,
    /// Write the findings to this file as SARIF 2.1.0
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
}

/// Sites examined at once: one waits for answers most of the time.
const AT_ONCE: usize = 8;
/// Bytes of a list of sites, and of a file of authorities.
const LIST: u64 = 16 << 20;
/// Bytes of a database of addresses.
const MMDB: u64 = 1 << 30;

/// `vigie site`.
pub fn site(args: &Site, global: &Global) -> Result<Outcome> {
    let lang = global.language(None);
    let urls = named(args)?;
    let roots = args.ca.as_deref().map(|p| read(p, LIST)).transpose()?;
    let mut origin = Origin::default();
    for path in &args.mmdb {
        origin.add_mmdb(&path.to_string_lossy(), read(path, MMDB)?)?;
    }
    let asked = Asked {
        resolve: args.resolve.iter().map(|r| resolved(r)).collect::<Result<_>>()?,
        roots,
        resolver: args.dns.resolver.as_ref().map(|_| super::collect::resolver(&args.dns)).transpose()?,
        owner: owner(&args.owner)?,
        records: args.record.clone(),
        browser: args.browser,
        origin,
        at: global.now(),
    };
    let kept = match (&args.keep, &args.case) {
        (Some(dir), _) => Some(dir.clone()),
        (None, Some(case)) => {
            crate::settings::from_case(case)?;
            Some(case.join("site"))
        }
        (None, None) => None,
    };
    let case = args.case.as_deref().map(store::Case::look).transpose()?;
    let complain = args.complaint.then_some(lang);
    if args.complaint && kept.is_none() {
        return Err(Error::new("a complaint needs exhibits, and nothing is kept")
            .hint("`--keep DIR`, or `--case DIR`, keeps what was asked and answered"));
    }
    let (mut met, mut failed, mut all) = (false, false, Vec::new());
    let mut out = Out::new();
    let progress = Progress::counting(!global.json && urls.len() > 1);
    progress.start(urls.len() as u64);
    each(&urls, &asked, &progress, &mut |url, result| {
        let mut examined = match result {
            Ok(examined) => examined,
            Err(e) if urls.len() == 1 => return Err(e),
            Err(e) => {
                failed = true;
                eprintln!("error: {}", escape::visible(&e.to_string()));
                return Ok(());
            }
        };
        if let Some(case) = &case {
            let (heavy, unnamed) = readiness::load::heavy(&case.whole(), &examined.seen.host)?;
            examined.found.extend(report::heavy(&heavy, unnamed));
        }
        let found = report::findings(&examined);
        met |= global.fail_on.is_some_and(|limit| found.iter().any(|f| f.severity >= limit));
        let mut line = report::line(url, &examined, &found, lang);
        if let Some(dir) = &kept {
            keep::keep(dir, url, &examined, &found, &mut line, complain)?;
        }
        match global.json {
            true => out.json(&line)?,
            false => report::print(url, &examined, &found, &line, lang, &mut out)?,
        }
        if args.sarif.is_some() {
            all.push((url.to_string(), found));
        }
        Ok(())
    })?;
    progress.end();
    out.end()?;
    if let Some(path) = &args.sarif {
        let text = sarif::sarif(&all, lang).to_string() + "\n";
        fs::write(path, text).map_err(|e| Error::new(format!("could not write `{}`", path.display())).because(e))?;
    }
    drop(case);
    if let Some(case) = &args.case {
        store::Case::open(case)?.record_folder("site", global.now(), &super::actor())?;
    }
    Ok(match (failed, met) {
        (true, _) => Outcome::CouldNot,
        (false, true) => Outcome::No,
        (false, false) => Outcome::Done,
    })
}

/// Examines sites side by side and gives each result in the order they were named.
fn each(
    urls: &[String],
    asked: &Asked,
    progress: &Progress,
    take: &mut dyn FnMut(&str, Result<Examined>) -> Result<()>,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let (send, come) = std::sync::mpsc::channel();
    let send = Mutex::new(send);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(urls.len()) {
            let Ok(send) = send.lock().map(|s| s.clone()) else { continue };
            let (next, stop) = (&next, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let Some(url) = urls.get(n) else { return };
                    // The user names the site to be asked: that is leave to ask it, and nothing else.
                    if send.send((n, examine(&Online::granted(), url, asked))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let (mut waiting, mut turn) = (BTreeMap::new(), 0);
        let mut done = Ok(());
        for (n, result) in come {
            waiting.insert(n, result);
            progress.passed(1);
            while let (Some(result), true) = (waiting.remove(&turn), done.is_ok()) {
                done = take(&urls[turn], result);
                turn += 1;
            }
            if done.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
        }
        done
    })
}

/// A file that was named: a device or a pipe that never ends is refused, and so is what is larger than such files are.
fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    store::small(path, most).map_err(|e| Error::new(format!("could not read `{}`", path.display())).because(e))
}

/// The sites named on the command line and in lists, each once.
fn named(args: &Site) -> Result<Vec<String>> {
    let mut all = args.urls.clone();
    if let Some(path) = &args.list {
        let failed = |e| Error::new(format!("could not read `{}`", path.display())).because(e);
        let mut text = String::new();
        match path.as_os_str() == "-" {
            true => std::io::stdin().lock().take(LIST).read_to_string(&mut text).map_err(failed)?,
            false => {
                let bytes = store::small(path, LIST).map_err(failed)?;
                text = String::from_utf8(bytes).map_err(|e| failed(std::io::Error::other(e)))?;
                text.len()
            }
        };
        all.extend(
            text.lines().map(|l| l.split('#').next().unwrap_or("").trim().to_string()).filter(|l| !l.is_empty()),
        );
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|url| seen.insert(url.clone()));
    if all.is_empty() {
        return Err(Error::new("no site is named").hint("`vigie site example.org`, or `--list FILE` with one a line"));
    }
    Ok(all)
}

fn resolved(text: &str) -> Result<(String, IpAddr)> {
    let wrong = || {
        Error::new(format!("`{text}` is no address of a host"))
            .hint("write HOST:PORT:ADDRESS, as example.org:443:192.0.2.1")
    };
    let (host, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (_, address) = rest.split_once(':').ok_or_else(wrong)?;
    let address = address.trim_matches(['[', ']']).parse().map_err(|_| wrong())?;
    Ok((host.to_lowercase(), address))
}

/// Whether the user says that the sites are his, and the secret that shows it.
fn owner(given: &Option<Option<PathBuf>>) -> Result<Option<Option<Vec<u8>>>> {
    let Some(path) = given else { return Ok(None) };
    let Some(path) = path else { return Ok(Some(None)) };
    let secret = store::small(path, 1 << 20).map_err(|e| {
        Error::new(format!("could not read `{}`", path.display()))
            .because(e)
            .hint("make a secret of your own: head -c 32 /dev/urandom | base64 > FILE")
    })?;
    if secret.len() < 16 {
        return Err(Error::new(format!("`{}` is too short to be a secret", path.display()))
            .hint("16 bytes at least: head -c 32 /dev/urandom | base64 > FILE"));
    }
    Ok(Some(Some(secret)))
}

/// What one finding rests on: the request whose answer shows it.
fn request(finding: &Finding, examined: &Examined) -> String {
    match finding.id {
        id if id.starts_with("tls-") => "tls".into(),
        "trackers-before-consent"
        | "cookies-before-consent"
        | "storage-before-consent"
        | "personal-data-in-address"
            if examined.run.is_some() =>
        {
            "browser".into()
        }
        id if id.starts_with("dns-") || id.starts_with("mail-") => "dns".into(),
        "port-open" | "port-unguarded" => format!("port {}", finding.seen.split(' ').next().unwrap_or("")),
        "reflected-origin-with-credentials" => {
            examined.seen.preflight.as_ref().map_or_else(String::new, |(_, a)| format!("OPTIONS {}", a.url))
        }
        _ => begins_with(finding, examined).unwrap_or_else(|| {
            examined.seen.main().and_then(|v| v.last()).map_or_else(String::new, |a| format!("GET {}", a.url))
        }),
    }
}

/// The request for the address with which a finding begins (`https://…: what is there`), where it was asked for.
fn begins_with(finding: &Finding, examined: &Examined) -> Option<String> {
    let address = finding.seen.split(": ").next().filter(|a| a.starts_with("http"))?;
    let what = format!("GET {address}");
    examined.exchanges.iter().any(|e| e.what == what).then_some(what)
}
