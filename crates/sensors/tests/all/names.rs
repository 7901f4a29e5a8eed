//! Names: the public suffix list's own vectors, and everything that is no honest name.

use knowledge::names::Names as Knowledge;
use model::{Observation, Protect, Time};
use rows::Row as _;
use rows::names::{Family, Flood, Resemblance, Sighting};
use sensors::domain::registrable;
use sensors::names::Names;
use sensors::names::kernel::{Judge, Scratch};
use sensors::testing::{Memory, config};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn data(path: &str) -> Option<String> {
    let root = std::env::var_os("VIGIE_DATA").map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let text = std::fs::read_to_string(root.join(path)).ok();
    if text.is_none() {
        println!("skipped: no `{path}` under {}", root.display());
    }
    text
}

#[test]
fn public_suffix_vectors_pass() {
    let Some(vectors) = data("names/public-suffix-list/tests/test_psl.txt") else { return };
    let mut checked = 0;
    for line in vectors.lines() {
        let Some(arguments) = line.strip_prefix("checkPublicSuffix(").and_then(|l| l.strip_suffix(");")) else {
            continue;
        };
        let mut arguments = arguments.split(", ").map(|a| (a != "null").then(|| a.trim_matches('\'').to_string()));
        let (Some(Some(name)), Some(expected)) = (arguments.next(), arguments.next()) else { continue };
        assert_eq!(registrable(&name), expected, "{name}");
        checked += 1;
    }
    assert!(checked > 70, "only {checked} vectors read");
}

fn read(evidence: &[u8]) -> Memory {
    let config = config("[protect]\ndomains = [\"en-marche.fr\"]\npeople = [\"Zoé D’Été\"]\n");
    let mut case = Memory::new();
    case.read(&Names, "names", evidence, &config, Time::default());
    for detector in sensors::Sensor::detectors(&Names) {
        case.detect(*detector, &config, Time::default());
    }
    case
}

#[test]
fn damage_is_counted_with_its_reason() {
    let label = "a".repeat(64);
    let name = "a.".repeat(127) + "fr";
    let evidence = [
        format!("{label}.fr\n{name}\na..fr\n192.0.2.1\nxn--99999999999.fr\n_dmarc.kiosque.fr\n*.kiosque.fr\nkiosque.fr\nkiosque.fr\n").as_bytes(),
        b"\xff\xfe.fr\nkiosque.fr\0x\n\xe2\x80\xae.fr\nfr\n".as_slice(),
    ]
    .concat();
    let case = read(&evidence);
    let mut skips: Vec<(&str, u64, u64)> =
        case.skips.iter().map(|(_, s)| (s.reason.as_str(), s.count, s.line)).collect();
    skips.sort_unstable();
    assert_eq!(
        skips,
        [
            ("an address, not a name", 1, 4),
            ("character that stands in no name", 1, 11),
            ("empty label", 2, 3),
            ("invalid Punycode, judged as it is written", 1, 5),
            ("label longer than 63 bytes", 1, 1),
            ("name is not UTF-8", 1, 10),
            ("name longer than 253 bytes", 1, 2),
            ("no registrable domain", 1, 13),
        ]
    );
    assert_eq!(case.tallies.values().next().map(|c| c[0]), Some(5));
}

#[test]
fn ten_thousand_names_of_one_certificate_are_one_line() {
    let names: Vec<String> =
        (0..10_000).map(|n| format!("host{n}.kiosque.fr")).chain(["mail-en-marche.fr".into()]).collect();
    let line = serde_json::json!({"message_type": "certificate_update",
        "data": {"seen": 1_490_000_000.5, "leaf_cert": {"all_domains": names, "fingerprint": "AB:CD"}}});
    let case = read(format!("{line}\n{line}\n").as_bytes());
    assert_eq!(case.findings.len(), 1, "{:?}", case.skips);
    assert_eq!(case.findings[0].fields["certificates"], serde_json::json!(["ab:cd"]));
    assert_eq!(case.findings[0].first.map(|t| t.seconds()), Some(1_490_000_000));
}

#[test]
fn a_flood_is_one_finding_that_lists_every_name() {
    let all: Vec<String> = (0..1500).map(|n| format!("secure-en-marche{n}-login.fr")).collect();
    // What a machine asked for is told by itself, however many look alike.
    let evidence = format!("{}\nportail-en-marche.fr\n", all.join("\n"));
    let query = "22-Nov-2026 10:00:00.000 queries: info: client @0x7f 192.0.2.1#53 (x): query: secure-en-marche1499-login.fr IN A +\n";
    let mut case = Memory::new();
    let config = config("[protect]\ndomains = [\"en-marche.fr\"]\n");
    case.read(&Names, "names.txt", evidence.as_bytes(), &config, Time::default());
    case.read(&Names, "queries.log", query.as_bytes(), &config, Time::default());
    for detector in sensors::Sensor::detectors(&Names) {
        case.detect(*detector, &config, Time::default());
    }
    // That they are alike but for a number is told besides.
    let told = case.findings.iter().filter(|f| f.detector != Family::NAME);
    let (floods, apart): (Vec<_>, Vec<_>) = told.partition(|f| f.detector == Flood::NAME);
    let [flood] = floods[..] else { panic!("{} floods", floods.len()) };
    let row = Flood::of(&flood.fields).expect("a row");
    assert_eq!((row.count as usize, row.names.len(), apart.len()), (501, 501, 1000));
    assert!(apart.iter().any(|f| f.key == "secure-en-marche1499-login.fr"));
    let told: BTreeSet<&str> =
        apart.iter().map(|f| f.key.as_str()).chain(row.names.iter().map(String::as_str)).collect();
    assert_eq!(told.len(), 1501);
    let lines: u64 = flood.traces.iter().map(|t| t.spans.len()).sum();
    assert!(lines > 0 && lines < 501, "neighbouring lines are one range: {lines}");
}

/// Rows in the order in which detectors see them; entities are a set.
fn ordered(mut rows: Vec<Observation>) -> Vec<Observation> {
    rows.iter_mut().for_each(|o| o.entities.sort());
    rows.sort_by_key(|o| (o.kind.clone(), o.key.clone()));
    rows
}

#[test]
fn twelve_slices_of_a_query_log_make_the_rows_of_the_whole() {
    let config = config(
        "[protect]\ndomains = [\"en-marche.fr\"]\n[[names.known]]\nname = \"bad.example.com\"\nsource = \"CERT\"\n",
    );
    let kept = |evidence: &str| -> Vec<Observation> {
        let mut case = Memory::new();
        case.read(&Names, "queries.log", evidence.as_bytes(), &config, Time::default());
        case.observations.into_iter().map(|v| v.observation).collect()
    };
    let names =
        ["mail-en-marche.fr", "x.mail-en-marche.fr", "kiosque.fr", "bad.example.com", "en-marche.fr.login.kiosque.net"];
    let line = |n: usize| {
        let name = names[n * 7 % names.len()];
        format!(
            "22-Nov-2026 10:{:02}:00.000 queries: info: client @0x7f 192.0.2.{}#53 (x): query: {name} IN A +\n",
            n,
            n % 4
        )
    };
    let lines: Vec<String> = (0..60).map(line).collect();
    let (mut parts, mut start) = (Vec::new(), 0);
    for (n, slice) in lines.chunks(5).enumerate() {
        let slice = slice.concat();
        parts.extend(kept(&slice).into_iter().map(|mut o| {
            rows::shift(&mut o, start, 5 * n as u64);
            o
        }));
        start += slice.len() as u64;
    }
    assert_eq!(parts.len(), 36);
    let mut merged = rows::merge::<Resemblance>(parts.clone(), 0).expect("rows");
    merged.extend(rows::merge::<Sighting>(parts, 0).expect("rows"));
    assert_eq!(ordered(merged), ordered(kept(&lines.concat())));
}

#[test]
fn no_bytes_make_the_judge_panic() {
    let protect = Protect { people: vec!["Emmanuel Macron".into()], ..Protect::of_domains(["en-marche.fr"]) };
    let judge = Judge::new(&protect, &Knowledge::embedded());
    let mut scratch = Scratch::default();
    let mut random = 0x5eed_u64;
    let seeds: [&[u8]; 6] = [
        b"onedrive-en-marche.fr",
        b"xn--n-mrche-4fg5b.fr",
        b"en-marche.fr.login.example",
        "en-m\u{430}rche.fr".as_bytes(),
        b"emmanuel-macron.com",
        b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.fr",
    ];
    for round in 0..200_000 {
        let mut name = seeds[round % seeds.len()].to_vec();
        for _ in 0..1 + round % 4 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let at = random as usize % name.len();
            match random >> 60 {
                0..4 => name[at] = (random >> 32) as u8,
                4..8 => name.insert(at, (random >> 40) as u8),
                8..12 if name.len() > 1 => drop(name.remove(at)),
                _ => name.insert(at, b".-x1"[(random >> 33) as usize % 4]),
            }
        }
        judge.judge(&name, &mut scratch);
    }
}

/// Every single edit (Damerau) of a label.
fn edits(label: &str) -> Vec<String> {
    let chars: Vec<char> = label.chars().collect();
    let text = |all: &[char]| all.iter().collect::<String>();
    let mut made = Vec::new();
    for i in 0..=chars.len() {
        for new in 'a'..='z' {
            let mut put = chars.clone();
            put.insert(i, new);
            made.push(text(&put));
            if i < chars.len() {
                let mut changed = chars.clone();
                changed[i] = new;
                made.push(text(&changed));
            }
        }
        if i < chars.len() {
            let mut less = chars.clone();
            less.remove(i);
            made.push(text(&less));
        }
        if i + 1 < chars.len() {
            let mut swapped = chars.clone();
            swapped.swap(i, i + 1);
            made.push(text(&swapped));
        }
    }
    made.retain(|m| m != label);
    made
}

#[test]
fn every_single_edit_of_a_long_label_is_medium() {
    for label in ["quintelebre", "politrico", "vellimarche", "bonnoffice", "sternnews", "galacticll"] {
        let protect = Protect::of_domains([format!("{label}.fr")]);
        let judge = Judge::new(&protect, &Knowledge::embedded());
        let mut scratch = Scratch::default();
        for suffix in ["fr", "com", "site"] {
            let missed: Vec<String> = edits(label)
                .into_iter()
                .map(|edit| format!("{edit}.{suffix}"))
                .filter(|name| judge.judge(name.as_bytes(), &mut scratch).is_none_or(|j| j.score < 60))
                .collect();
            assert!(missed.is_empty(), "{label}: {missed:?}");
        }
    }
}

#[test]
fn a_made_up_label_is_meant_beside_any_word_and_a_common_one_is_not() {
    let domains = ["quintelebre.fr", "kervoldan.fr", "en-marche.fr", "lemonde.fr"];
    let judge = Judge::new(&Protect::of_domains(domains), &Knowledge::embedded());
    let mut scratch = Scratch::default();
    for (name, medium) in [
        ("quintelebre-prenotification.com", true),
        ("zimbrelkervoldan.fr", true),
        ("en-marche-nordique.fr", false),
        ("lemonde-du-bricolage.fr", false),
        ("toutlemondebricole.fr", false),
    ] {
        let score = judge.judge(name.as_bytes(), &mut scratch).map_or(0, |j| j.score);
        assert_eq!(score >= 60, medium, "{name}: {score}");
    }
}

#[test]
fn people_and_phrases_are_recognised() {
    let protect = Protect {
        people: vec!["Emmanuel Macron".into()],
        vocabulary: vec!["Ensemble la France".into()],
        ..Protect::of_domains(["en-marche.fr"])
    };
    let judge = Judge::new(&protect, &Knowledge::embedded());
    let mut scratch = Scratch::default();
    for (name, imitates) in [
        ("emmanuel-macron.info", Some("Emmanuel Macron")),
        ("macronemmanuel.site", Some("Emmanuel Macron")),
        ("emmanuelmacrom.com", Some("Emmanuel Macron")),
        ("mail-macron.fr", Some("Emmanuel Macron")),
        ("macron2017.info", Some("Emmanuel Macron")),
        ("ensemblelafrance.org", Some("Ensemble la France")),
        ("macaron.fr", None),
        ("macaronerie.fr", None),
        ("ensemble.fr", None),
    ] {
        let judgement = judge.judge(name.as_bytes(), &mut scratch);
        assert_eq!(judgement.as_ref().map(|j| j.imitates.as_str()), imitates, "{name}");
    }
}

#[test]
fn what_became_of_lines_is_said_of_lists_query_logs_and_web_logs() {
    let config = config("[protect]\ndomains = [\"en-marche.fr\"]\n");
    let told = |kind: &str, text: &str| {
        let mut case = Memory::new();
        case.read(sensors::sensor(kind).expect("a sensor"), "a", text.as_bytes(), &config, Time::default());
        let [(_, _, lines)] = &case.lines[..] else { panic!("{} pieces", case.lines.len()) };
        let shapes = lines.gravest().iter().map(|u| format!("{} {}", u.count, u.shape)).collect::<Vec<_>>();
        ([lines.read, lines.kept, lines.ordinary, lines.not_understood, lines.refusals], shapes.join("; "))
    };
    let names = "# a list\n\nmail-en-marche.fr\nordinaire.fr\n192.0.2.7\nun nom, des noms\na..b\n";
    assert_eq!(told("names", names), ([6, 1, 3, 2, 0], "1 no registrable domain; 1 empty label".into()));
    let queries = "Nov 22 10:00:00 h dnsmasq[1]: query[A] mail-en-marche.fr from 192.0.2.1\n\
                   Nov 22 10:00:00 h dnsmasq[1]: forwarded mail-en-marche.fr to 192.0.2.9\n\
                   Nov 22 10:00:00 h sshd[1]: Failed password for root from 192.0.2.9\n";
    assert_eq!(told("names", queries).0, [3, 1, 1, 1, 1]);
    let web = "192.0.2.1 - - [14/Feb/2017:09:10:00 +0100] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n\
               192.0.2.1 - - [14/Feb/2017:09:10:00 +0100] \"GET /.env HTTP/1.1\" 404 5 \"-\" \"-\"\n\
               login denied to bob from 192.0.2.9\nat lib.py line 12\n";
    assert_eq!(told("web_log", web), ([4, 1, 1, 2, 1], "1 login denied to bob from #; 1 at lib.py line #".into()));
}
