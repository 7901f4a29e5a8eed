//! The one list of what a case can be handed on as. To add a format: a function from a case to bytes, and its line in
//! [`EXPORTS`]; the command line's help and `vigie export` walk it.

use super::acts::acts;
use super::graphml::graphml;
use super::{Form, blocklist, dossier, indicators, is_plain, misp, named, platform};
use crate::mail::{people, texts};
use crate::posts::Group;
use crate::{Accounts, Write, csv};
use model::{Error, Evidence, Finding, Lang, Result, Severity, Time, View};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What is asked of an exporter.
pub struct Order<'a> {
    /// Findings at or above this only.
    pub least: Severity,
    /// The language of titles and reasons.
    pub lang: Lang,
    /// The date the export bears: that of the newest evidence, so that the same case gives the same bytes.
    pub at: Time,
    /// A finding as one line of JSON, as everywhere.
    pub line: &'a dyn Fn(&Finding) -> Result<String>,
    /// Whose names may leave the machine.
    pub accounts: &'a Accounts,
    /// The posts of a group's members, in order of time, with what they share of the kind that makes the group.
    pub posts: &'a dyn Fn(&Finding) -> Result<Vec<Post>>,
}

/// A post as exports need it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Post {
    /// Its id.
    pub id: String,
    /// Its account's, as findings name it.
    pub account: String,
    /// When.
    pub time: Option<Time>,
    /// What it says.
    pub text: String,
    /// What it shares: kind of trace, and thing.
    pub objects: Vec<(&'static str, String)>,
}

/// A format.
#[derive(Debug)]
pub struct Export {
    /// What `--to` calls it.
    pub name: &'static str,
    /// What it is (English, French).
    pub help: (&'static str, &'static str),
    /// The least severity unless another is asked for.
    pub least: Severity,
    /// Whether it writes a folder of files instead of one file.
    pub folder: bool,
    /// Whether it is JSON, whose treacherous characters can be written as escapes.
    pub json: bool,
    /// Writes it; the names of files matter for a folder only.
    pub make: fn(&dyn View, &Order, &mut Write) -> Result<()>,
}

/// All formats.
pub static EXPORTS: &[Export] = &[
    Export {
        name: "json",
        help: ("all findings, one JSON object a line", "tous les constats, un objet JSON par ligne"),
        least: Severity::Info,
        folder: false,
        json: true,
        make: lines,
    },
    Export {
        name: "csv",
        help: ("all findings, a table", "tous les constats, en tableau"),
        least: Severity::Info,
        folder: false,
        json: false,
        make: table,
    },
    Export {
        name: "stix",
        help: (
            "a STIX 2.1 bundle of indicators: decoy addresses, waves of phishing",
            "un lot STIX 2.1 d’indicateurs : adresses-leurres, vagues d’hameçonnage",
        ),
        least: Severity::Medium,
        folder: false,
        json: true,
        make: stix,
    },
    Export {
        name: "misp",
        help: (
            "a MISP event of indicators: decoy addresses, senders of phishing, addresses that attacked",
            "un événement MISP d’indicateurs : adresses-leurres, expéditeurs d’hameçonnage, adresses attaquantes",
        ),
        least: Severity::Medium,
        folder: false,
        json: true,
        make: misp,
    },
    Export {
        name: "graphml",
        help: (
            "the network of accounts that act as one, for Gephi, igraph or networkx",
            "le réseau des comptes qui agissent ensemble, pour Gephi, igraph ou networkx",
        ),
        least: Severity::Low,
        folder: false,
        json: false,
        make: |view, order, write| write("groups.graphml", graphml(&groups(view, order)?).as_bytes()),
    },
    Export {
        name: "coortweet",
        help: (
            "pairs of posts of accounts that act as one, a table as CooRTweet's detect_groups gives it",
            "les paires de publications des comptes qui agissent ensemble, au format de detect_groups de CooRTweet",
        ),
        least: Severity::Low,
        folder: false,
        json: false,
        make: coortweet,
    },
    Export {
        name: "hosts",
        help: ("a blocklist as a hosts file", "une liste de blocage au format hosts"),
        least: Severity::Medium,
        folder: false,
        json: false,
        make: |view, order, write| block(view, order, write, Form::Hosts),
    },
    Export {
        name: "rpz",
        help: ("a blocklist as a response policy zone", "une liste de blocage au format RPZ"),
        least: Severity::Medium,
        folder: false,
        json: false,
        make: |view, order, write| block(view, order, write, Form::Rpz),
    },
    Export {
        name: "unbound",
        help: ("a blocklist for Unbound", "une liste de blocage pour Unbound"),
        least: Severity::Medium,
        folder: false,
        json: false,
        make: |view, order, write| block(view, order, write, Form::Unbound),
    },
    Export {
        name: "dossier",
        help: (
            "dossiers in Markdown: for registrars, of each cluster of decoys; for platforms, of each group of accounts; a folder",
            "dossiers en Markdown : pour les bureaux d’enregistrement, par groupe de leurres ; pour les plateformes, par groupe de comptes ; un répertoire",
        ),
        least: Severity::Medium,
        folder: true,
        json: false,
        make: dossiers,
    },
    Export {
        name: "reply",
        help: (
            "an answer to whoever reported a message, a text each; a folder",
            "une réponse à qui a signalé un message, un texte chacune ; un répertoire",
        ),
        least: Severity::Info,
        folder: true,
        json: false,
        make: replies,
    },
    Export {
        name: "warning",
        help: (
            "a warning for the staff of each wave of phishing, in Markdown; a folder",
            "un avertissement au personnel par vague d’hameçonnage, en Markdown ; un répertoire",
        ),
        least: Severity::Medium,
        folder: true,
        json: false,
        make: warnings,
    },
    Export {
        name: "drill",
        help: (
            "who got, followed and reported each wave of phishing, and how fast, a table",
            "qui a reçu, suivi et signalé chaque vague d’hameçonnage, et en combien de temps, en tableau",
        ),
        least: Severity::Low,
        folder: false,
        json: false,
        make: |view, order, write| {
            write("drill.csv", super::mail::drill(&of_mail(view, order.least, "mail/wave")?).as_bytes())
        },
    },
];

/// The exporter of a name.
pub fn export(name: &str) -> Option<&'static Export> {
    EXPORTS.iter().find(|e| e.name == name)
}

fn each(view: &dyn View, least: Severity, work: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
    view.findings(&mut |finding| {
        if finding.severity >= least {
            work(finding)?;
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// The findings about names; few beside those of logs.
fn of_names(view: &dyn View, least: Severity) -> Result<Vec<Finding>> {
    let mut all = Vec::new();
    each(view, least, &mut |finding| {
        if finding.detector.starts_with("names/") {
            all.push(finding);
        }
        Ok(())
    })?;
    Ok(all)
}

/// The findings of a detector of mail.
fn of_mail(view: &dyn View, least: Severity, detector: &str) -> Result<Vec<Finding>> {
    let mut all = Vec::new();
    each(view, least, &mut |finding| {
        if finding.detector == detector {
            all.push(Finding { traces: Vec::new(), ..finding });
        }
        Ok(())
    })?;
    Ok(all)
}

/// An answer for each message that somebody reported, named by its finding.
fn replies(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let waves = of_mail(view, Severity::Info, "mail/wave")?;
    let wave_of: BTreeMap<&str, &Finding> =
        waves.iter().flat_map(|w| texts(w, "messages").map(move |id| (id, w))).collect();
    each(view, order.least, &mut |f| {
        let id = f.fields.get("message_id").and_then(|v| v.as_str()).unwrap_or(&f.key);
        let wave = wave_of.get(id).copied();
        // Where the mailbox holds the message too, only the wave knows that its recipient reported it.
        let by = |w: &Finding| people(w).any(|p| p.reported.is_some() && texts(&f, "to").any(|to| to == p.address));
        let reported = f.fields.contains_key("forwarded_by") || wave.is_some_and(by);
        if f.detector != "mail/phishing" || !reported {
            return Ok(());
        }
        // What is but quoted bears no id: a wave of its sender's is its own.
        let sender = f.fields.get("from").and_then(|v| v.as_str()).filter(|_| f.fields.contains_key("quoted"));
        let quoted = || waves.iter().find(|w| sender.is_some_and(|s| texts(w, "senders").any(|w| w == s)));
        let text = super::mail::reply(&f, wave.or_else(quoted), order.lang);
        write(&format!("reply-{}.txt", f.id().trim_start_matches("finding--")), text.as_bytes())
    })
}

fn warnings(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    for wave in of_mail(view, order.least, "mail/wave")? {
        let name = format!("warning-{}.md", wave.id().trim_start_matches("finding--"));
        write(&name, super::mail::warning(&wave, order.lang).as_bytes())?;
    }
    Ok(())
}

fn lines(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    each(view, order.least, &mut |finding| {
        let mut line = (order.line)(&order.accounts.finding(finding))?;
        line.push('\n');
        write("findings.json", line.as_bytes())
    })
}

fn table(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut out = String::new();
    csv::row(
        &mut out,
        &[
            "id",
            "detector",
            "severity",
            "confidence",
            "level",
            "first",
            "last",
            "title",
            "techniques",
            "entities",
            "evidence",
            "lines",
            "fields",
        ],
    );
    each(view, order.least, &mut |finding| {
        let f = order.accounts.finding(finding);
        let time = |t: Option<Time>| t.map_or_else(String::new, |t| t.to_string());
        let entities: Vec<&str> = f.entities.iter().take(20).map(|e| e.value.as_str()).collect();
        let mut evidence: Vec<String> = f.traces.iter().take(20).map(|t| t.evidence.to_string()).collect();
        evidence.dedup();
        let spans = f.traces.iter().flat_map(|t| t.spans.iter());
        let lines: Vec<String> = spans.filter(|s| s.line > 0).take(20).map(|s| s.line.to_string()).collect();
        let row = [
            f.id(),
            f.detector.to_string(),
            f.severity.as_str().to_string(),
            f.confidence.to_string(),
            level(&f).to_string(),
            time(f.first),
            time(f.last),
            f.title.get(order.lang).to_string(),
            f.techniques.join(" "),
            entities.join(" "),
            evidence.join(" "),
            lines.join(" "),
            serde_json::to_string(&f.fields).unwrap_or_default(),
        ];
        csv::row(&mut out, &row);
        if out.len() > 1 << 16 {
            write("findings.csv", out.as_bytes())?;
            out.clear();
        }
        Ok(())
    })?;
    write("findings.csv", out.as_bytes())
}

fn level(finding: &Finding) -> &'static str {
    match finding.level {
        model::Level::Illegal => "illegal",
        model::Level::Grey => "grey",
        model::Level::Legal => "legal",
    }
}

fn stix(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut all = of_names(view, order.least)?;
    all.extend(of_mail(view, order.least, "mail/wave")?);
    let bundle = indicators(&all, order.least, order.at);
    let mut text = serde_json::to_vec_pretty(&bundle).map_err(|e| Error::new("could not write STIX").because(e))?;
    text.push(b'\n');
    write("indicators.stix.json", &text)
}

fn misp(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut all = Vec::new();
    each(view, order.least, &mut |finding| {
        let tells = finding.detector.starts_with("names/")
            || finding.detector == "mail/phishing"
            || finding.fields.contains_key("outcome");
        if tells {
            all.push(Finding { traces: Vec::new(), reasons: Vec::new(), ..finding });
        }
        Ok(())
    })?;
    let event = misp::event(&all, order.least, order.at);
    let mut text = serde_json::to_vec_pretty(&event).map_err(|e| Error::new("could not write MISP").because(e))?;
    text.push(b'\n');
    write("event.misp.json", &text)
}

/// The groups, with nobody named who must not be.
fn groups(view: &dyn View, order: &Order) -> Result<Vec<Finding>> {
    let mut all = Vec::new();
    each(view, order.least.max(Severity::Low), &mut |finding| {
        if finding.detector == "posts/coordination" {
            all.push(order.accounts.finding(finding));
        }
        Ok(())
    })?;
    Ok(all)
}

/// Each pair of posts stands once, though groups by several kinds of trace may share it.
fn coortweet(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut out = String::new();
    csv::row(&mut out, &["object_id", "account_id", "account_id_y", "content_id", "content_id_y", "time_delta"]);
    let mut written: BTreeSet<(String, String, String)> = BTreeSet::new();
    each(view, order.least.max(Severity::Low), &mut |finding| {
        if finding.detector != "posts/coordination" {
            return Ok(());
        }
        let posts = (order.posts)(&finding)?;
        acts(&posts, Group::of(&finding).window, &mut |act| {
            let key = (act.object.1.clone(), act.older.id.clone(), act.newer.id.clone());
            if !written.insert(key) {
                return Ok(());
            }
            let account = |p: &Post| order.accounts.account(&p.account);
            let id = |p: &Post| order.accounts.post(&p.id, &p.account);
            let seconds = act.delay as f64 / 1e6;
            let row = [
                order.accounts.object(&act.object.1, act.object.0),
                account(act.older),
                account(act.newer),
                id(act.older),
                id(act.newer),
                seconds.to_string(),
            ];
            csv::row(&mut out, &row);
            if out.len() > 1 << 16 {
                write("coortweet.csv", out.as_bytes())?;
                out.clear();
            }
            Ok(())
        })
    })?;
    write("coortweet.csv", out.as_bytes())
}

fn block(view: &dyn View, order: &Order, write: &mut Write, form: Form) -> Result<()> {
    write("blocklist", blocklist(&of_names(view, order.least)?, order.least, form, order.at).as_bytes())
}

fn dossiers(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    // What a dossier draws on may be slighter than what it is written about.
    let findings = of_names(view, Severity::Info)?;
    let evidence = view.evidence()?;
    platforms(view, order, &evidence, write)?;
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut file = |about: &Finding, name: &str| {
        let name = if is_plain(name) { name.to_string() } else { about.id() };
        write(&format!("{name}.md"), dossier(about, &findings, &evidence, order.lang).as_bytes())
    };
    for cluster in findings.iter().filter(|f| f.detector == "names/cluster" && f.severity >= order.least) {
        told.extend(super::list(cluster, "domains"));
        file(cluster, &cluster.key)?;
    }
    for (name, finding) in named(&findings, order.least) {
        if !told.contains(name.as_str()) && !told.contains(finding.key.as_str()) && told.insert(&finding.key) {
            file(finding, &finding.key)?;
        }
    }
    Ok(())
}

/// A dossier of each group. A platform can do nothing with pseudonyms: names must have been asked for.
fn platforms(view: &dyn View, order: &Order, evidence: &[Evidence], write: &mut Write) -> Result<()> {
    let groups = groups(view, order)?;
    if !groups.is_empty() && !order.accounts.named() {
        return Err(Error::new("a dossier for a platform names accounts and posts")
            .hint("add `--names`; that it was asked for, when and by whom is kept in the audit trail"));
    }
    for group in &groups {
        let posts = (order.posts)(group)?;
        let name = format!("group-{}.md", group.id().trim_start_matches("finding--"));
        write(&name, platform::dossier(group, &posts, evidence, order.lang)?.as_bytes())?;
    }
    Ok(())
}
