//! Logs: the truth is true of the evidence; attempts follow the definition; every line is of its format.

use crate::common::{make, scenario};
use exercise::parts::logs::{Down, Purpose, Shape, TrueAttempt};
use exercise::{Scenario, Truth, compare, generate, score, shipped};
use jiff::Timestamp;
use model::{Address, Entity, Fields, Finding, Level, Role, Severity, Text, Time};
use rows::attempt::Attempt;
use rows::{Row, web_log};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A small scenario of every class, shape and outcome.
fn small(format: &str, rotation: &str, compression: &str) -> Scenario {
    scenario(&format!(
        r#"
name = "small"
zone = "Europe/Paris"
from = "2017-03-20"
to = "2017-04-02"
[[sites]]
name = "www"
host = "www.campaign.example"
format = "{format}"
rotation = "{rotation}"
compression = "{compression}"
[ordinary]
requests_per_day = 900
ipv6 = 0.2
countries = {{ FR = 9, BE = 1 }}
errors = 0.01
[logins]
ssh_per_day = 5
mail_per_day = 9
ftp_per_day = 3
database_per_day = 4
rotation = "{rotation}"
compression = "{compression}"
[[attempts]]
classes = ["sql_injection", "cross_site_scripting", "path_traversal", "file_inclusion", "command_injection",
  "template_injection", "jndi_injection", "shellshock", "deserialization", "open_redirect", "proxy_abuse", "scanner",
  "secret_probe", "known_cve", "admin_probe", "user_enumeration", "web_shell", "malformed", "forced_browsing"]
count = 90
country = {{ UA = 2, CN = 1 }}
ipv6 = 0.2
shape = {{ burst = 6, slow = 2, distributed = 2 }}
outcome = {{ refused = 5, no_effect = 3, possibly_succeeded = 1 }}
[[attempts]]
classes = "flood"
count = 2
country = "NL"
outcome = "made_unavailable"
[[attempts]]
classes = ["sql_injection", "path_traversal", "secret_probe"]
mix = 3
count = 5
country = "RU"
curve = "ramp"
[[attempts]]
classes = ["brute_force", "user_enumeration", "password_spraying", "credential_stuffing"]
service = "ssh"
count = 14
country = "CN"
shape = {{ burst = 6, slow = 1, distributed = 2, spray = 2 }}
[[attempts]]
classes = ["brute_force"]
service = "imap"
count = 4
country = "UA"
outcome = ["refused", "possibly_succeeded"]
[[attempts]]
classes = ["password_spraying"]
service = "smtp"
count = 3
country = "BR"
shape = "spray"
[[attempts]]
classes = "brute_force"
service = "ftp"
count = 3
country = "BR"
[[attempts]]
classes = "brute_force"
service = "postgresql"
count = 3
country = "UA"
[[attempts]]
classes = "brute_force"
service = "mysql"
count = 3
country = "UA"
[[attempts]]
classes = ["brute_force", "credential_stuffing"]
service = "web-login"
count = 6
country = "RU"
outcome = ["refused", "no_effect", "possibly_succeeded"]
[[outages]]
start = "2017-03-28T10:00"
minutes = 40
kind = "silence"
"#
    ))
}

#[test]
fn same_seed_same_bytes() {
    let s = small("combined", "daily", "gz");
    let (one, two, other) = (make(&s, 5), make(&s, 5), make(&s, 6));
    assert_eq!(one, two);
    assert_ne!(one.1, other.1);
}

#[test]
fn rotated_logs_are_whole() {
    let plain = make(&small("combined", "none", "none"), 3);
    for (rotation, compression) in [("weekly", "xz"), ("daily", "bz2"), ("daily", "zst"), ("monthly", "gz")] {
        let rotated = make(&small("combined", rotation, compression), 3);
        // Oldest first: the numbers behind `access.log.` fall.
        let mut parts: Vec<_> = rotated.1.iter().filter(|(name, _)| name.starts_with("www")).collect();
        let age = |name: &str| name.split('.').find_map(|p| p.parse::<u32>().ok()).unwrap_or(0);
        parts.sort_by_key(|(name, _)| std::cmp::Reverse(age(name)));
        assert!(parts.len() > 1 && parts[0].0.ends_with(compression), "{rotation} {compression}");
        let joined: Vec<u8> = parts.into_iter().flat_map(|p| p.1.clone()).collect();
        assert!(joined == plain.1["www.access.log"], "{rotation} {compression}");
    }
}

#[test]
fn france_2017_has_its_figures() {
    let mut france = scenario(shipped("france-2017").unwrap());
    // Attempts do not depend on the ordinary traffic, which would only take time here.
    france.parts.logs.ordinary.requests_per_day = 0.0;
    for seed in 1..=4 {
        let (truth, files) = make(&france, seed);
        let summary = compare(std::iter::empty(), &truth).truth.logs;
        let [period, february, database, april] = &summary.chapters[..] else { panic!("four chapters") };
        assert_eq!((period.attempts, period.by_country["UA"]), (1922, 907));
        assert!((85..=115).contains(&period.by_month["2016-11"]), "{:?}", period.by_month);
        assert!(period.by_month["2017-01"] > 4 * period.by_month["2016-12"], "{:?}", period.by_month);
        assert_eq!((february.attempts, february.outages.len(), february.outages[0].minutes), (2, 1, 10));
        assert_eq!((database.attempts, april.attempts, summary.attempts), (1, 160, 2085));
        definition(&truth);
        if seed == 1 {
            truthful(&truth, &files);
        }
    }
}

#[test]
fn attempts_follow_the_definition_and_the_truth_is_true() {
    for seed in 1..=3 {
        let (truth, files) = make(&small("combined", "none", "none"), seed);
        definition(&truth);
        truthful(&truth, &files);
        tried(&truth, &files);
    }
}

/// No two independent attempts could be taken for one.
fn definition(truth: &Truth) {
    let mut networks: HashMap<String, Vec<(Time, Time)>> = HashMap::new();
    for a in &truth.parts.logs.attempts {
        assert!(a.first <= a.last && truth.from <= a.first && a.last < truth.to, "{a:?}");
        let of = |s: &String| Address::parse(s.as_bytes()).unwrap();
        assert!(a.sources.iter().all(|s| of(s).special().is_none()));
        let own: HashSet<String> = a.sources.iter().map(|s| of(s).network().to_string()).collect();
        for network in own {
            let others = networks.entry(network).or_default();
            assert!(others.iter().all(|o| a.first.since(o.1) > 48 * 3600), "two attempts from one network: {a:?}");
            others.push((a.first, a.last));
        }
        let (sources, requests) = (a.sources.len(), a.requests);
        match a.shape {
            Shape::Burst => assert_eq!(sources, 1),
            Shape::Slow => assert!(sources == 1 && requests >= 4),
            Shape::Distributed => assert!(sources >= 3 && requests >= 3),
            Shape::Spray => assert!(sources >= 5 && requests <= 5 * sources as u64),
        }
        for b in truth.parts.logs.attempts.iter().filter(|b| b.purpose == a.purpose && b != &a) {
            if a.shape == Shape::Spray && b.shape == Shape::Spray {
                assert!(a.first.since(b.last) > 1800 || b.first.since(a.last) > 1800, "two sprays at once");
            }
        }
        assert_eq!(a.classes.values().sum::<u64>(), requests);
    }
}

/// What the truth says of an attempt is what the logs show.
fn truthful(truth: &Truth, files: &BTreeMap<String, Vec<u8>>) {
    let mut times: HashMap<String, Vec<i64>> = HashMap::new();
    for (name, bytes) in files {
        for line in String::from_utf8_lossy(bytes).lines() {
            if name.starts_with("www") {
                let source = line.split(' ').next().unwrap();
                times.entry(source.into()).or_default().push(clf(line));
            }
        }
    }
    for a in truth.parts.logs.attempts.iter().filter(|a| matches!(a.purpose, Purpose::Web | Purpose::WebLogin)) {
        let mut at: Vec<i64> = a.sources.iter().flat_map(|s| times.get(s).cloned().unwrap_or_default()).collect();
        at.sort_unstable();
        assert_eq!(at.len() as u64, a.requests, "{a:?}");
        assert_eq!((at[0], at[at.len() - 1]), (a.first.seconds(), a.last.seconds()), "{a:?}");
        let bursts: Vec<usize> = at.chunk_by(|a, b| b - a <= 1800).map(<[i64]>::len).collect();
        match a.shape {
            Shape::Slow => {
                assert!(bursts.len() >= 4 && bursts.iter().all(|&n| n <= 3), "{a:?} {bursts:?}");
                assert!(at.windows(2).all(|w| w[1] - w[0] <= 48 * 3600));
            }
            _ => assert_eq!(bursts.len(), 1, "{a:?} {bursts:?}"),
        }
    }
}

/// Every try at a service is one line, an accepted one included.
fn tried(truth: &Truth, files: &BTreeMap<String, Vec<u8>>) {
    let logs = [
        (Purpose::Ssh, "auth.log", ["Failed password", "Accepted ", "Connection closed by"]),
        (Purpose::Smtp, "mail.log", ["SASL LOGIN authentication failed", "sasl_method=", "-"]),
        (Purpose::Imap, "mail.log", ["(auth failed", "imap-login: Login", "-"]),
        (Purpose::Ftp, "vsftpd.log", ["FAIL LOGIN", "OK LOGIN", "-"]),
        (Purpose::Postgresql, "postgresql.log", ["FATAL:  password", "connection authorized", "-"]),
        (Purpose::Mysql, "mysql-error.log", ["Access denied", "-", "-"]),
    ];
    for (purpose, log, marks) in logs {
        let text = String::from_utf8(files[log].clone()).unwrap();
        let tries = text.lines().filter(|l| marks.iter().any(|m| *m != "-" && l.contains(m)));
        let mut by_source: HashMap<&str, u64> = HashMap::new();
        for line in tries {
            let parts = line.split(|c: char| !c.is_ascii_hexdigit() && !".:".contains(c));
            let address = parts.filter(|p| p.len() > 6).find(|p| Address::parse(p.as_bytes()).is_some());
            *by_source.entry(address.unwrap_or_default()).or_default() += 1;
        }
        let attempts: Vec<_> = truth.parts.logs.attempts.iter().filter(|a| a.purpose == purpose).collect();
        assert!(!attempts.is_empty());
        for a in attempts {
            let seen: u64 = a.sources.iter().map(|s| by_source.get(s.as_str()).copied().unwrap_or(0)).sum();
            assert_eq!(seen, a.requests, "{a:?}");
        }
    }
}

fn clf(line: &str) -> i64 {
    let stamp = &line[line.find('[').unwrap() + 1..line.find(']').unwrap()];
    jiff::Zoned::strptime("%d/%b/%Y:%H:%M:%S %z", stamp).unwrap().timestamp().as_second()
}

#[test]
fn every_line_is_of_its_format_and_in_order() {
    for format in ["combined", "vhost_combined", "nginx_json", "caddy_json", "w3c"] {
        let (truth, files) = make(&small(format, "none", "none"), 2);
        let text = String::from_utf8(files["www.access.log"].clone()).unwrap();
        let mut last = i64::MIN;
        let mut lines = 0;
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let at = match format {
                "nginx_json" => json(line)["time"].as_str().unwrap().parse::<Timestamp>().unwrap().as_second(),
                "caddy_json" => json(line)["ts"].as_f64().unwrap() as i64,
                "w3c" => {
                    assert_eq!(line.split(' ').count(), 17, "{line}");
                    format!("{}Z", &line[..19].replace(' ', "T")).parse::<Timestamp>().unwrap().as_second()
                }
                _ => {
                    let fields = quoted(line);
                    assert_eq!(fields.len(), 7, "{line}");
                    clf(line)
                }
            };
            assert!(at >= last, "{line}");
            (last, lines) = (at, lines + 1);
        }
        assert_eq!(lines, truth.lines["www.access.log"]);
        assert!(text.bytes().all(|b| b == b'\n' || b == b'\r' || (b' '..=b'~').contains(&b)));
    }
}

fn json(line: &str) -> serde_json::Value {
    serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))
}

/// The parts of a combined line between its quotes and around them; escaped quotes are none.
fn quoted(line: &str) -> Vec<String> {
    line.replace("\\\\", "").replace("\\\"", "").split('"').map(String::from).collect()
}

#[test]
fn a_small_country_is_enough() {
    let text = r#"
name = "monaco"
from = "2017-01-01"
to = "2017-06-30"
[[sites]]
name = "www"
host = "www.campaign.example"
[[attempts]]
classes = ["scanner", "sql_injection"]
count = 300
country = "MC"
[[attempts]]
classes = "password_spraying"
service = "ssh"
shape = "spray"
count = 20
country = "MC"
requests = [20, 40]
"#;
    let (truth, files) = make(&scenario(text), 1);
    definition(&truth);
    let networks: HashSet<&str> =
        truth.parts.logs.attempts.iter().map(|a| a.sources[0].rsplit_once('.').unwrap().0).collect();
    assert!(networks.len() < 200, "networks are used again");
    assert_eq!((truth.parts.logs.attempts.len(), files.len()), (320, 2));
}

#[test]
fn outages_show() {
    let (truth, files) = make(&small("combined", "none", "none"), 4);
    let text = String::from_utf8(files["www.access.log"].clone()).unwrap();
    assert_eq!(truth.parts.logs.outages.len(), 3, "one planned, two made by floods");
    for outage in &truth.parts.logs.outages {
        let within = |l: &&str| (outage.first.seconds()..outage.last.seconds()).contains(&clf(l));
        let statuses: HashSet<&str> = text.lines().filter(within).map(status).collect();
        match outage.kind {
            Down::Silence => assert!(statuses.is_empty()),
            Down::Errors => assert!(statuses.iter().all(|s| ["502", "503", "504"].contains(s)) && !statuses.is_empty()),
        }
    }
}

fn status(line: &str) -> &str {
    let after = line.split("\" ").nth(1).unwrap();
    &after[..3]
}

#[test]
fn shipped_sizes_can_be_overridden() {
    for (name, hostile) in [("throughput", 0.05), ("flood90", 0.9)] {
        let mut s = scenario(shipped(name).unwrap());
        s.size = Some("20MB".parse().unwrap());
        let (truth, _) = make(&s, 1);
        let share = truth.parts.logs.attempts.iter().map(|a| a.requests).sum::<u64>() as f64
            / truth.lines["www.access.log"] as f64;
        assert!((0.8..1.2).contains(&(truth.bytes as f64 / 20e6)), "{}", truth.bytes);
        assert!((0.8..1.2).contains(&(share / hostile)), "{share}");
    }
}

/// A finding that says of an attempt what is true.
fn finding(a: &TrueAttempt) -> Finding {
    let word = |value: serde_json::Value| value.as_str().unwrap().to_string();
    let row = web_log::Attempt {
        attempt: Attempt {
            class: Some(word(serde_json::to_value(a.class).unwrap()).parse().unwrap()),
            classes: None,
            outcome: a.outcome,
            requests: a.requests,
            attempts: None,
            sources: Some(a.sources.len() as u64),
            country: Some(a.country.clone()),
            network: None,
            as_number: None,
            as_name: None,
            site: a.site.clone(),
            shape: None,
            purpose: word(serde_json::to_value(a.purpose).unwrap()).parse().unwrap(),
        },
        rules: Vec::new(),
        samples: Vec::new(),
    };
    Finding {
        detector: web_log::Attempt::NAME.into(),
        key: format!("{:?}", a.sources),
        severity: Severity::Low,
        confidence: 50,
        level: Level::Illegal,
        title: Text::same("an attempt"),
        reasons: Vec::new(),
        techniques: Vec::new(),
        first: Some(a.first),
        last: Some(a.last),
        entities: a
            .sources
            .iter()
            .map(|s| Entity::address(Address::parse(s.as_bytes()).unwrap(), Role::Source))
            .collect(),
        traces: Vec::new(),
        fields: row.fields(),
    }
}

/// The fields of an attempt, aimed at another service.
fn at(f: &Finding, purpose: rows::attempt::Purpose) -> Fields {
    let mut row = web_log::Attempt::of(&f.fields).unwrap();
    row.attempt.purpose = purpose;
    row.fields()
}

#[test]
fn scores_tell_right_from_wrong() {
    let (truth, _) = make(&small("combined", "none", "none"), 1);
    let right: Vec<Finding> = truth.parts.logs.attempts.iter().map(finding).collect();
    let perfect = score(right.iter().cloned(), &truth);
    assert_eq!((perfect.logs.attempts.precision, perfect.logs.attempts.recall), (1.0, 1.0));
    assert_eq!(perfect.logs.outcomes_right, truth.parts.logs.attempts.len() as u64);
    assert_eq!(perfect.logs.outages.recall, 0.0);
    assert!(perfect.logs.missed.is_empty() && perfect.logs.false_alarms.is_empty());
    assert!(perfect.to_string().contains("sql_injection"));
    let both = compare(right.iter().cloned(), &truth);
    assert_eq!(both.found.logs.attempts, both.truth.logs.attempts);

    // One split in two, one left out, one of another purpose, one at another time, one that is only for the record.
    let mut wrong = right.clone();
    wrong.push(right[0].clone());
    wrong.remove(1);
    wrong[1].fields = at(&wrong[1], rows::attempt::Purpose::Sieve);
    wrong[2].first = wrong[2].last.map(|t| Time(t.0 + 1_801_000_000));
    wrong[2].last = wrong[2].first;
    wrong[3].severity = Severity::Info;
    let s = score(wrong.into_iter(), &truth).logs.attempts;
    let n = truth.parts.logs.attempts.len() as u64;
    assert_eq!((s.truth, s.found, s.matched), (n, n - 1, n - 4));
}

#[test]
fn existing_evidence_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("evidence")).unwrap();
    std::fs::write(dir.path().join("evidence/www.access.log"), "mine").unwrap();
    assert!(generate(&small("combined", "none", "none"), 1, dir.path()).is_err());
    assert_eq!(std::fs::read(dir.path().join("evidence/www.access.log")).unwrap(), b"mine");
}
