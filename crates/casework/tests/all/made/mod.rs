//! A made-up case in memory, for the example and the tests. Deterministic; nobody in it exists, and its addresses are
//! documentation addresses, their countries made up.

#![allow(dead_code)]

pub mod mail;
pub mod posts;

use casework::{Line, Options, Wanted};
use model::{
    Address, Config, Entity, Evidence, EvidenceId, Finding, Level, Lines, Note, Outcome, Reason, Result, Role,
    Severity, Skip, Span, SpanSet, Step, Text, Time, Trace, View, Visit,
};
use rows::attempt::{Attempt, Class, Shape};
use rows::outage::{Down, Outage};
use rows::{Counts, Row, web_log};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The files of a brief, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// All pages of a brief, one after the other: what a chapter says, wherever it stands.
pub fn pages(files: &Files) -> String {
    let front = files.get("index.html");
    let others = files.iter().filter(|(name, _)| {
        name.ends_with(".html")
            && !["index.html", "council.html", "counter.html", "conseil.html", "contre.html"].contains(&name.as_str())
    });
    let all = front.into_iter().chain(others.map(|(_, bytes)| bytes));
    all.map(|bytes| String::from_utf8(bytes.clone()).expect("UTF-8")).collect()
}

/// A case's brief as it stands at a time.
pub fn brief(case: &Case, lang: model::Lang, at: &str) -> Files {
    let options = Options {
        lang,
        series: Vec::new(),
        lines: &|wanted| case.read_lines(wanted),
        origin_source: Text::default(),
        version: "0".into(),
        readiness: None,
        decisions: Vec::new(),
    };
    let context = model::Context { config: &case.config, origins: &Nowhere, at: time(at), modified: None };
    let mut files = Files::new();
    casework::write_brief(case, &context, &options, &mut |name, bytes| {
        files.entry(name.into()).or_default().extend_from_slice(bytes);
        Ok(())
    })
    .expect("a brief");
    files
}

/// The case.
#[derive(Default)]
pub struct Case {
    pub config: Config,
    pub evidence: Vec<Evidence>,
    pub skips: Vec<(EvidenceId, Skip)>,
    pub notes: Vec<(EvidenceId, Note)>,
    pub tallies: BTreeMap<String, Vec<u64>>,
    pub findings: Vec<Finding>,
    /// Text of each evidence's lines, from line 1; a line not here reads as an ordinary request.
    pub lines: BTreeMap<(EvidenceId, u64), Vec<u8>>,
}

/// Knows no country; findings carry their own.
pub struct Nowhere;

impl model::Origins for Nowhere {
    fn country(&self, _: Address) -> String {
        "unknown".into()
    }
    fn network(&self, _: Address) -> Option<(u32, String)> {
        None
    }
    fn source(&self) -> Text {
        Text::same("made up")
    }
}

impl View for Case {
    fn evidence(&self) -> Result<Vec<Evidence>> {
        Ok(self.evidence.clone())
    }
    fn skips(&self) -> Result<Vec<(EvidenceId, Skip)>> {
        Ok(self.skips.clone())
    }
    fn notes(&self) -> Result<Vec<(EvidenceId, Note)>> {
        Ok(self.notes.clone())
    }
    fn lines(&self) -> Result<Vec<(EvidenceId, Vec<Step>, Lines)>> {
        Ok(Vec::new())
    }
    fn observations(&self, _: &str, _: &mut dyn FnMut(Visit) -> Result<ControlFlow<()>>) -> Result<()> {
        Ok(())
    }
    fn tallies(&self, kind: &str, each: &mut dyn FnMut(&str, &[u64]) -> Result<ControlFlow<()>>) -> Result<()> {
        for (key, counts) in self.tallies.iter().filter(|_| kind == "web_log/slot") {
            if each(key, counts)?.is_break() {
                break;
            }
        }
        Ok(())
    }
    fn tally(&self, _: &str, key: &str) -> Result<Option<Vec<u64>>> {
        Ok(self.tallies.get(key).cloned())
    }
    fn findings(&self, each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>) -> Result<()> {
        for finding in &self.findings {
            if each(finding.clone())?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Case {
    /// Lines as the store would read them.
    pub fn read_lines(&self, wanted: &[Wanted]) -> Result<Vec<Vec<Line>>> {
        Ok(wanted.iter().map(|w| self.lines_of(w)).collect())
    }

    fn lines_of(&self, wanted: &Wanted) -> Vec<Line> {
        let spans: Vec<(EvidenceId, Span)> =
            wanted.traces.iter().flat_map(|t| t.spans.iter().map(|s| (t.evidence, s))).collect();
        let last_from = spans.len().saturating_sub(wanted.last);
        let near_an_end = |i: usize| i < wanted.first || i >= last_from;
        spans
            .iter()
            .enumerate()
            .filter(|(i, _)| near_an_end(*i))
            .map(|(_, (id, span))| Line {
                evidence: *id,
                path: self.evidence.iter().find(|e| e.id == *id).map_or_else(String::new, |e| e.path.clone()),
                steps: Vec::new(),
                number: span.line,
                start: span.start,
                end: span.start + span.len,
                text: self.lines.get(&(*id, span.line)).cloned().unwrap_or_else(|| b"GET / HTTP/1.1".to_vec()),
            })
            .collect()
    }

    /// Findings in the order a view promises.
    pub fn sort(&mut self) {
        self.findings.sort_by(|a, b| {
            (b.severity, b.confidence, a.first, &a.key).cmp(&(a.severity, a.confidence, b.first, &b.key))
        });
    }
}

/// A small generator, so that the case is the same everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % n.max(1)
    }
    fn pick<T: Copy>(&mut self, weighted: &[(T, u64)]) -> T {
        let mut at = self.below(weighted.iter().map(|w| w.1).sum());
        for (value, weight) in weighted {
            if at < *weight {
                return *value;
            }
            at -= weight;
        }
        weighted[0].0
    }
}

pub fn id(n: u8) -> EvidenceId {
    let mut bytes = [0; 32];
    (0..32).for_each(|i| bytes[i] = n.wrapping_mul(37).wrapping_add((i as u8).wrapping_mul(71)) ^ 0x5a);
    EvidenceId(bytes)
}

pub fn evidence(n: u8, path: &str, size: u64, kind: &str) -> Evidence {
    Evidence {
        id: id(n),
        path: path.into(),
        size,
        modified: None,
        added: time("2017-02-15T08:12:00Z"),
        by: "camille@bureau".into(),
        kind: Some(kind.into()),
        forgotten: None,
    }
}

pub fn time(text: &str) -> Time {
    text.parse().expect("a time of our own")
}

pub fn config() -> Config {
    let mut config = Config { name: "Campagne Delorme".into(), ..Config::default() };
    config.election.name = "Élection présidentielle 2017".into();
    config.election.zone = "Europe/Paris".into();
    config
}

/// What an attempt says; the rest is filled in.
pub struct Made<'a> {
    pub first: Time,
    pub seconds: i64,
    pub country: &'a str,
    pub class: &'a str,
    pub outcome: Outcome,
    pub purpose: &'a str,
    pub requests: u64,
    pub source: Address,
    pub line: u64,
    pub evidence: u8,
}

pub fn technique(class: &str) -> &'static str {
    match class {
        "scanner" => "T1595.002",
        "secret_probe" => "T1595.003",
        "brute_force" => "T1110.001",
        "web_shell" => "T1505.003",
        _ => "T1190",
    }
}

pub fn finding(made: &Made) -> Finding {
    let mut spans = SpanSet::new();
    for i in 0..made.requests.min(30) {
        let line = made.line + 3 * i;
        spans.push(Span { start: line * 180, len: 172, line });
    }
    let severity = match made.outcome {
        Outcome::PossiblySucceeded => Severity::Critical,
        Outcome::MadeUnavailable => Severity::High,
        Outcome::NoEffect => Severity::Medium,
        Outcome::Refused => Severity::Low,
    };
    let (en, fr) = match made.outcome {
        Outcome::PossiblySucceeded => ("with an answer that is not usual here", "avec une réponse inhabituelle ici"),
        _ => ("without effect that the log shows", "sans effet que le journal montre"),
    };
    let login = made.evidence == 2;
    let detector = if login { "auth_log/attempt" } else { "web_log/attempt" };
    let class: Class = made.class.parse().expect("a class");
    let row = web_log::Attempt {
        attempt: Attempt {
            class: Some(class),
            classes: Some(Counts(vec![(class, made.requests)])),
            attempts: None,
            outcome: made.outcome,
            requests: made.requests,
            sources: Some(1),
            country: Some(made.country.into()),
            network: Some(made.source.network().to_string()),
            as_number: None,
            as_name: None,
            site: if login { "srv1" } else { "www.delorme2017.example" }.into(),
            shape: Some(if made.seconds > 86_400 { Shape::Slow } else { Shape::Burst }),
            purpose: made.purpose.parse().expect("a purpose"),
        },
        rules: Vec::new(),
        samples: Vec::new(),
    };
    let mut entities = vec![Entity::address(made.source, Role::Source)];
    if login {
        entities.push(Entity::user("root", Role::Victim));
    }
    Finding {
        detector: detector.into(),
        key: format!("{}|{}|{}", made.purpose, made.source, made.first),
        severity,
        confidence: 60 + (made.requests % 40) as u8,
        level: Level::Illegal,
        title: Text::new(
            format!("{} from {}, {en}", made.class.replace('_', " "), made.source),
            format!("{} depuis {}, {fr}", made.class.replace('_', " "), made.source),
        ),
        reasons: vec![
            Reason::supporting(
                60,
                Text::new(
                    "the requests carry the marks of this class",
                    "les requêtes portent les marques de cette classe",
                ),
            ),
            Reason::against(
                10,
                Text::new("a scanner run by a friend looks the same", "le balayage d'un ami a la même allure"),
            ),
        ],
        techniques: vec![technique(made.class).into()],
        first: Some(made.first),
        last: Some(Time::from_seconds(made.first.seconds() + made.seconds)),
        entities,
        traces: vec![Trace { evidence: id(made.evidence), steps: Vec::new(), spans }],
        fields: row.fields(),
    }
}

const COUNTRIES: &[(&str, u64)] = &[
    ("UA", 472),
    ("RU", 96),
    ("CN", 84),
    ("US", 80),
    ("FR", 61),
    ("NL", 50),
    ("DE", 41),
    ("VN", 30),
    ("BR", 24),
    ("unknown", 20),
    ("IN", 14),
    ("RO", 10),
    ("TR", 8),
    ("PL", 5),
    ("BG", 3),
    ("TH", 2),
    ("private", 1),
];
const CLASSES: &[(&str, u64)] = &[
    ("scanner", 30),
    ("secret_probe", 22),
    ("sql_injection", 16),
    ("admin_probe", 12),
    ("brute_force", 10),
    ("path_traversal", 8),
    ("known_cve", 6),
    ("cross_site_scripting", 5),
    ("user_enumeration", 4),
    ("command_injection", 3),
    ("shellshock", 1),
    ("web_shell", 1),
];

fn target(class: &str) -> &'static str {
    match class {
        "sql_injection" => "/actualites?id=12%27%20UNION%20SELECT%20user_pass%20FROM%20wp_users--",
        "path_traversal" => "/download?f=..%2f..%2f..%2fetc%2fpasswd",
        "secret_probe" => "/.git/config",
        "cross_site_scripting" => "/recherche?q=<script>alert(document.cookie)</script>",
        "command_injection" => "/ping?host=127.0.0.1;id",
        "known_cve" => "/struts2-showcase/index.action",
        "user_enumeration" => "/?author=3",
        _ => "/wp-login.php",
    }
}

/// About 1,900 attempts between November 2016 and February 2017, with a surge in January, an outage after two attempts,
/// two that possibly succeeded, and some on the logins.
pub fn sample() -> Case {
    let mut case = Case { config: config(), ..Case::default() };
    case.evidence = vec![
        evidence(1, "access.log.gz", 184_203_114, "web_log"),
        evidence(2, "auth.log", 6_120_334, "auth_log"),
        evidence(3, "access.log.1", 22_480_907, "web_log"),
    ];
    case.skips = vec![
        (
            id(1),
            Skip {
                reason: "line longer than 64 KiB, judged without its middle".into(),
                count: 3,
                first: 80_112_004,
                line: 412_004,
            },
        ),
        (id(2), Skip { reason: "not a line of a login log".into(), count: 17, first: 0, line: 1 }),
    ];
    case.notes = vec![(
        id(2),
        Note {
            text: Text::new(
                "the stamps have no year; 2016 and 2017 were inferred from the file's date",
                "les dates sont sans année ; 2016 et 2017 ont été déduites de la date du fichier",
            ),
        },
    )];
    let mut dice = Dice(2017);
    let start = time("2016-10-31T23:00:00Z").seconds();
    let mut line = 1000;
    for day in 0..120u64 {
        for hour in 0..24u64 {
            let stamp = Time::from_seconds(start + (day * 24 + hour) as i64 * 3600);
            let busy = if (7..22).contains(&hour) { 900 } else { 120 } * if day % 7 < 5 { 3 } else { 2 };
            let text = stamp.to_string();
            case.tallies
                .insert(format!("www.delorme2017.example|{}", &text[..16]), vec![busy + 40, busy, busy, 0, 40, 0]);
        }
        let rate = match day {
            0..=30 => 3,
            31..=63 => 5,
            64..=84 => 26,
            85..=99 => 48,
            _ => 14,
        };
        for _ in 0..rate / 2 + dice.below(rate + 1) {
            let (class, country) = (dice.pick(CLASSES), dice.pick(COUNTRIES));
            let login = class == "brute_force" && dice.below(2) == 0;
            let outcome = dice.pick(&[(Outcome::Refused, 78), (Outcome::NoEffect, 22)]);
            let first = Time::from_seconds(start + day as i64 * 86_400 + dice.below(86_400) as i64);
            let source = Address::v4(
                [[192, 0, 2], [198, 51, 100], [203, 0, 113]][dice.below(3) as usize]
                    .into_iter()
                    .chain([dice.below(256) as u8])
                    .collect::<Vec<_>>()
                    .try_into()
                    .expect("four octets"),
            );
            line += 200;
            let requests = 1 + dice.below(40) * dice.below(3);
            let made = Made {
                first,
                seconds: 30 * requests as i64,
                country,
                class,
                outcome,
                purpose: if login {
                    "ssh"
                } else if class == "brute_force" {
                    "web-login"
                } else {
                    "web"
                },
                requests,
                source,
                line,
                evidence: if login { 2 } else { 1 },
            };
            write_lines(&mut case, &made);
            case.findings.push(finding(&made));
        }
    }
    for (first, class, evidence, purpose, requests, octet) in [
        ("2017-01-24T02:41:00Z", "web_shell", 1, "web", 9, 77),
        ("2017-02-03T23:10:00Z", "brute_force", 2, "ssh", 214, 12),
    ] {
        line += 5000;
        let made = Made {
            first: time(first),
            seconds: 1500,
            country: "UA",
            class,
            outcome: Outcome::PossiblySucceeded,
            purpose,
            requests,
            source: Address::v4([203, 0, 113, octet]),
            line,
            evidence,
        };
        write_lines(&mut case, &made);
        case.findings.push(finding(&made));
    }
    let mut sources = Vec::new();
    for first in ["2017-02-14T14:02:00Z", "2017-02-14T14:11:00Z"] {
        line += 5000;
        let made = Made {
            first: time(first),
            seconds: 400,
            country: "UA",
            class: "sql_injection",
            outcome: Outcome::MadeUnavailable,
            purpose: "web",
            requests: 380,
            source: Address::v4([198, 51, 100, 9]),
            line,
            evidence: 1,
        };
        write_lines(&mut case, &made);
        let finding = finding(&made);
        sources.push(made.source.to_string());
        case.findings.push(finding);
    }
    case.findings.push(outage(&sources));
    case.sort();
    case
}

fn outage(preceded_by: &[String]) -> Finding {
    let mut spans = SpanSet::new();
    (0..6).for_each(|i| spans.push(Span { start: 90_000_000 + 400 * i, len: 150, line: 501_000 + 2 * i }));
    let row = Outage {
        site: "www.delorme2017.example".into(),
        minutes: 23,
        kind: Down::Errors,
        lost: 400,
        preceded_by: preceded_by.to_vec(),
    };
    Finding {
        detector: "web_log/outage".into(),
        key: "www.delorme2017.example|2017-02-14".into(),
        severity: Severity::High,
        confidence: 90,
        level: Level::Illegal,
        title: Text::new(
            "the site answered with errors for 23 minutes",
            "le site a répondu par des erreurs pendant 23 minutes",
        ),
        reasons: vec![Reason::supporting(
            80,
            Text::new("612 of 640 answers were server errors", "612 réponses sur 640 étaient des erreurs du serveur"),
        )],
        techniques: vec!["T1499".into()],
        first: Some(time("2017-02-14T14:16:00Z")),
        last: Some(time("2017-02-14T14:39:00Z")),
        entities: vec![Entity::domain("www.delorme2017.example", Role::Victim)],
        traces: vec![Trace { evidence: id(1), steps: Vec::new(), spans }],
        fields: row.fields(),
    }
}

fn write_lines(case: &mut Case, made: &Made) {
    for i in 0..made.requests.min(30) {
        let line = made.line + 3 * i;
        let at = Time::from_seconds(made.first.seconds() + i as i64 * 7);
        let stamp = at.timestamp().strftime("%d/%b/%Y:%H:%M:%S +0000").to_string();
        let text = if made.evidence == 2 {
            let day = at.timestamp().strftime("%b %e %H:%M:%S").to_string();
            let word = if made.outcome == Outcome::PossiblySucceeded && i == 29 { "Accepted" } else { "Failed" };
            format!(
                "{day} srv1 sshd[{}]: {word} password for root from {} port {} ssh2",
                2000 + i,
                made.source,
                40_000 + i
            )
        } else {
            let (path, status) = match made.outcome {
                Outcome::PossiblySucceeded => ("/wp-content/uploads/2017/cache.php?cmd=id", 200),
                Outcome::NoEffect => (target(made.class), 200),
                _ => (target(made.class), 404),
            };
            format!(
                "{} - - [{stamp}] \"GET {path} HTTP/1.1\" {status} {} \"-\" \"Mozilla/5.0 sqlmap/1.0\"",
                made.source,
                512 + i
            )
        };
        case.lines.insert((id(made.evidence), line), text.into_bytes());
    }
}

/// One attempt only.
pub fn one() -> Case {
    let mut case = Case { config: config(), ..Case::default() };
    case.evidence = vec![evidence(1, "access.log", 4_210, "web_log")];
    let made = Made {
        first: time("2017-01-04T10:00:00Z"),
        seconds: 20,
        country: "UA",
        class: "sql_injection",
        outcome: Outcome::Refused,
        purpose: "web",
        requests: 1,
        source: Address::v4([192, 0, 2, 1]),
        line: 7,
        evidence: 1,
    };
    write_lines(&mut case, &made);
    case.findings = vec![finding(&made)];
    case
}

/// Evidence in which nothing was found.
pub fn nothing() -> Case {
    Case { config: config(), evidence: vec![evidence(1, "access.log", 4_210, "web_log")], ..Case::default() }
}

/// Many attempts over two years.
pub fn many(n: u64) -> Case {
    let mut case = Case { config: config(), ..Case::default() };
    case.evidence = vec![evidence(1, "access.log.gz", 42_184_203_114, "web_log")];
    let mut dice = Dice(1);
    let start = time("2015-02-01T00:00:00Z").seconds();
    for i in 0..n {
        let outcome = dice.pick(&[
            (Outcome::Refused, 80_000),
            (Outcome::NoEffect, 19_960),
            (Outcome::MadeUnavailable, 10),
            (Outcome::PossiblySucceeded, 30),
        ]);
        let made = Made {
            first: Time::from_seconds(start + dice.below(740 * 86_400) as i64),
            seconds: 60,
            country: dice.pick(COUNTRIES),
            class: dice.pick(CLASSES),
            outcome,
            purpose: "web",
            requests: 1 + dice.below(20),
            source: Address(0x2001_0db8_u128 << 96 | u128::from(i)),
            line: 5 * i + 1,
            evidence: 1,
        };
        case.findings.push(finding(&made));
    }
    case.sort();
    case
}
