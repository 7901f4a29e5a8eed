//! Every example and every innocent of the knowledge file, and arbitrary bytes.

use super::*;
use knowledge::web_attacks::WebAttacks;

/// Reads the notation of the knowledge file's examples.
fn request(line: &str) -> Request<'_> {
    let mut request = Request { method: b"GET", protocol: b"HTTP/1.1", ..Request::default() };
    let mut rest = line;
    loop {
        if let Some(agent) = rest.strip_prefix("UA: ") {
            return Request { target: b"/", user_agent: agent.as_bytes(), ..request };
        }
        if let Some(referer) = rest.strip_prefix("REF: ") {
            return Request { target: b"/", referer: referer.as_bytes(), ..request };
        }
        if let Some(whole) = rest.strip_prefix("LINE ") {
            return Request { target: whole.as_bytes(), status: 400, ..Request::default() };
        }
        if let Some(version) = rest.strip_prefix("VERSION ") {
            return Request { target: b"/", protocol: version.as_bytes(), ..request };
        }
        if let Some(after) = rest.strip_prefix("STATUS401 ") {
            request.status = 401;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("HOST ") {
            let (host, after) = after.split_once(' ').unwrap();
            request.host = host.as_bytes();
            rest = after;
        } else if let Some((method, after)) =
            rest.split_once(' ').filter(|(word, _)| word.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            request.method = method.as_bytes();
            rest = after;
        } else {
            return Request { target: rest.as_bytes(), ..request };
        }
    }
}

#[test]
fn every_example_and_every_innocent() {
    let data = WebAttacks::embedded();
    let classifier = Classifier::new(&data);
    let mut scratch = Scratch::default();
    let mut wrong = Vec::new();
    for (index, rule) in data.rule.iter().enumerate() {
        let class: Class = rule.class.parse().expect("a known class");
        let strong = rule.strength == "strong";
        for line in &rule.examples {
            let verdict = classifier.classify(&request(line), &mut scratch);
            let enough = verdict.strong.has(class) || (!strong && verdict.weak.has(class));
            if !enough {
                wrong.push(format!(
                    "{}: missed {line}: {:?}",
                    rule.id,
                    verdict.best.map(|best| &*classifier.rule(best.0).unwrap().id)
                ));
            }
        }
        for line in &rule.innocent {
            let verdict = classifier.classify(&request(line), &mut scratch);
            let own = Class::ALL
                .iter()
                .filter(|each| **each == class)
                .any(|each| if strong { verdict.strong.has(*each) } else { false });
            let same = verdict.best.is_some_and(|best| usize::from(best.0) == index);
            if own || same {
                wrong.push(format!(
                    "{}: false alarm on {line}: {:?}",
                    rule.id,
                    verdict.best.map(|best| &*classifier.rule(best.0).unwrap().id)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_engine_rule_is_in_the_file() {
    let data = WebAttacks::embedded();
    for id in Engine::IDS {
        assert!(data.rule.iter().any(|rule| rule.id == *id), "{id}");
    }
    assert!(Engine::IDS.len() <= 128);
    // A rule without literals must be an engine's.
    for rule in &data.rule {
        let literals = rule.path.len() + rule.target.len() + rule.query.len() + rule.agent.len() + rule.extension.len();
        assert!(literals > 0 || Engine::IDS.contains(&rule.id.as_str()), "{}", rule.id);
    }
}

/// A small generator (xorshift), so that a failure can be repeated.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, most: u64, alphabet: &[u8]) -> Vec<u8> {
        let length = self.next() % (most + 1);
        (0..length)
            .map(|_| {
                let pick = self.next();
                if alphabet.is_empty() || pick & 0xFF00 == 0 {
                    (pick >> 32) as u8
                } else {
                    alphabet[(pick >> 32) as usize % alphabet.len()]
                }
            })
            .collect()
    }
}

#[test]
fn arbitrary_bytes_do_not_panic() {
    let classifier = Classifier::new(&WebAttacks::embedded());
    let mut scratch = Scratch::default();
    let mut seeded = Seeded(0x5EED_0001);
    let alphabets: [&[u8]; 5] =
        [b"", b"%25c0aeufx'\"<>&;#", b"()'\"=;-/*$`{}|,. 1ao", b"../\\%2e:?=&{file}", b"${}:-jndilower() {;}"];
    for round in 0..20_000 {
        let alphabet = alphabets[round % alphabets.len()];
        let target = seeded.bytes(120, alphabet);
        let agent = seeded.bytes(60, alphabet);
        let referer = seeded.bytes(60, alphabet);
        let method = seeded.bytes(8, b"");
        for (method, lead) in [(&b"GET"[..], &b"/?q="[..]), (&method, b""), (b"", b"")] {
            let target = [lead, &target].concat();
            let request = Request {
                method,
                target: &target,
                protocol: b"HTTP/1.1",
                user_agent: &agent,
                referer: &referer,
                host: b"a.example",
                status: 200,
            };
            classifier.classify(&request, &mut scratch);
        }
    }
}

#[test]
fn the_same_request_gets_the_same_answer_whatever_came_before() {
    let data = WebAttacks::embedded();
    let classifier = Classifier::new(&data);
    let mut used = Scratch::default();
    for rule in &data.rule {
        for line in rule.examples.iter().chain(&rule.innocent) {
            let request = request(line);
            assert_eq!(
                classifier.classify(&request, &mut used),
                classifier.classify(&request, &mut Scratch::default())
            );
        }
    }
}

/// Worst cases stay linear: time is not asserted (machines differ), but a quadratic step would take minutes.
#[test]
fn long_and_nasty_inputs_end() {
    let classifier = Classifier::new(&WebAttacks::embedded());
    let mut scratch = Scratch::default();
    for unit in [
        "'",
        "\"",
        "(",
        "((",
        "or ",
        "' or ",
        "<",
        "<a ",
        "on",
        ":",
        "${",
        "${a:",
        "}",
        "${${",
        "/*",
        "*/",
        "--",
        "%25",
        "&#",
        "&",
        "`",
        "$(",
        ";id",
        "../",
        "/.",
        "\\",
        "a(",
        "union select ",
        "() {",
        "{{1*",
        ")(",
        "case when ",
        "select ",
        "o:1",
    ] {
        for lead in ["/?q=", "/", ""] {
            let target = format!("{lead}{}", unit.repeat(20_000 / unit.len()));
            let request = Request {
                method: b"GET",
                target: target.as_bytes(),
                protocol: b"HTTP/1.1",
                user_agent: target.as_bytes(),
                referer: target.as_bytes(),
                host: b"h",
                status: 0,
            };
            classifier.classify(&request, &mut scratch);
        }
    }
}
