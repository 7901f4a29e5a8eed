//! A stream of names as certificate transparency shows it, with the registrations of some: thousands of ordinary names
//! made of words and syllables, innocent ones that share a word with what is protected, and decoys whose truth is known.
//!
//! You may rely on: the same seed gives the same names; names are unique. Everything but the names a scenario writes
//! out is made by lot and says nothing of whoever may hold such a name. Left out: scripts other than Latin.

use super::imitate::{Imitation, imitate};
use super::{Decoys, NameStream, Reported, TrueNames};
use crate::evidence::{Evidence, TrueDecoy};
use crate::files::{Compression, LogFile, Rotation};
use crate::random::Random;
use crate::stage::Stage;
use crate::values::word;
use model::{Error, Result, Time};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The stream's file.
const STREAM: &str = "names.certstream.jsonl";
/// The registrations'.
const REGISTRATIONS: &str = "names.rdap.jsonl";

const WORDS: &[&str] = &[
    "atelier",
    "maison",
    "jardin",
    "boulangerie",
    "garage",
    "photo",
    "voyage",
    "cuisine",
    "velo",
    "piscine",
    "coiffure",
    "immobilier",
    "location",
    "vacances",
    "camping",
    "restaurant",
    "traiteur",
    "fleurs",
    "librairie",
    "musique",
    "danse",
    "yoga",
    "tennis",
    "rando",
    "montagne",
    "plage",
    "foret",
    "chien",
    "chat",
    "cheval",
    "ecole",
    "college",
    "notaire",
    "avocat",
    "dentiste",
    "plombier",
    "peinture",
    "toiture",
    "menuiserie",
    "charpente",
    "solaire",
    "bois",
    "design",
    "studio",
    "agence",
    "conseil",
    "formation",
    "emploi",
    "auto",
    "moto",
    "pneus",
    "bijoux",
    "mode",
    "robe",
    "bebe",
    "jouet",
    "jeux",
    "cinema",
    "theatre",
    "festival",
    "concert",
    "vin",
    "biere",
    "fromage",
    "bio",
    "sante",
    "green",
    "blue",
    "river",
    "stone",
    "bright",
    "happy",
    "little",
    "urban",
    "craft",
    "coffee",
    "kitchen",
    "garden",
    "travel",
    "fitness",
    "market",
    "farm",
    "lake",
    "hill",
    "north",
    "south",
    "sunny",
    "silver",
    "golden",
    "rapid",
];
const SYLLABLES: &[&str] = &[
    "ba", "be", "bo", "ca", "co", "cu", "da", "de", "di", "do", "fa", "fe", "fi", "ga", "go", "ju", "ka", "ki", "la",
    "le", "lo", "lu", "ma", "me", "mo", "na", "ni", "no", "pa", "pi", "po", "ra", "re", "ri", "ro", "sa", "se", "so",
    "ta", "te", "ti", "to", "va", "vi", "vo", "xa", "ya", "yo", "za", "zo",
];
const TOWNS: &[&str] = &["lyon", "nantes", "lille", "paris", "rennes", "dijon", "metz", "nice", "tours", "brest"];
const SUFFIXES: &[&str] =
    &["fr", "fr", "fr", "com", "com", "com", "com", "net", "org", "eu", "info", "biz", "be", "ch", "de"];
const REGISTRARS: &[&str] = &["Registrar Alpha", "Registrar Beta", "Registrar Gamma", "Registrar Delta"];

/// A name of the stream.
struct Entry {
    at: i64,
    names: Vec<String>,
    /// Registrable domain, registrar, registrant, name servers' domain.
    registration: Option<[String; 4]>,
}

/// Writes the stream and the registrations.
pub(super) fn write(stream: &NameStream, stage: &Stage, evidence: &mut Evidence) -> Result<TrueNames> {
    let mut random = stage.random("names", 0);
    let period = &stage.period;
    let (from, to) = (stream.from.start(&period.zone), stream.to.end(&period.zone));
    let moment = |random: &mut Random| from + random.below((to - from).max(1) as u64) as i64;
    let mut taken: BTreeSet<String> = stream.protect.iter().cloned().collect();
    let (mut entries, mut decoys) = (Vec::new(), Vec::new());
    for (number, block) in stream.decoys.iter().enumerate() {
        let mut random = stage.random("decoys", number as u64);
        let server = format!("ns-{}.example", syllables(&mut random, 3));
        let owner = format!("{}@mail.example", syllables(&mut random, 3));
        let owner = if block.registrant.is_empty() { owner } else { block.registrant.clone() };
        for (n, (host, imitates)) in hosts(block, stream, &mut random, &mut taken)?.into_iter().enumerate() {
            let domain = registrable(&host, block);
            let own = |random: &mut Random, hand: &str, what: &str| match block.one_hand {
                true => hand.to_string(),
                false => what.replace('*', &syllables(random, 3)),
            };
            let owner = own(&mut random, &owner, "*@mail.example");
            let server = own(&mut random, &server, "ns-*.example");
            let at = match block.on.get(n) {
                Some(day) => day.start(&period.zone) + random.below(86_400) as i64,
                None => moment(&mut random),
            };
            let registrar = random.pick(REGISTRARS).to_string();
            let known = block.registered.then(|| [domain.clone(), registrar, owner, server]);
            entries.push(Entry { at, names: vec![host.clone()], registration: known });
            let hand = if block.one_hand { block.label.clone() } else { String::new() };
            let technique = block.technique.map(word).unwrap_or_default();
            decoys.push(TrueDecoy { name: domain, host, hand, technique, imitates, first: Time::from_seconds(at) });
        }
    }
    let mut ordinary = 0;
    let mut innocent = stream.innocent.clone();
    while ordinary < stream.ordinary {
        let name = match innocent.pop() {
            Some(name) => name,
            None => ordinary_name(stream, &mut random),
        };
        if !taken.insert(name.clone()) {
            continue;
        }
        ordinary += 1;
        let registration = random.chance(stream.registered).then(|| {
            let [owner, server] =
                ["*@mail.example", "ns-*.example"].map(|w| w.replace('*', &syllables(&mut random, 3)));
            [name.clone(), random.pick(REGISTRARS).to_string(), owner, server]
        });
        let mut names = vec![name.clone()];
        if random.chance(0.6) {
            names.push(format!("www.{name}"));
        }
        entries.push(Entry { at: moment(&mut random), names, registration });
    }
    entries.sort_by(|a, b| (a.at, &a.names).cmp(&(b.at, &b.names)));
    decoys.sort_by(|a, b| (a.first, &a.name).cmp(&(b.first, &b.name)));
    let rotated = (Rotation::None, Compression::None);
    let mut certificates = evidence.log(STREAM, rotated, stage);
    let mut registrations = evidence.log(REGISTRATIONS, rotated, stage);
    for entry in &entries {
        line(&mut certificates, entry.at, &certificate(entry))?;
        if let Some(known) = &entry.registration {
            line(&mut registrations, entry.at, &rdap(known, entry.at))?;
        }
    }
    evidence.finish(STREAM, certificates)?;
    evidence.finish(REGISTRATIONS, registrations)?;
    for (number, report) in stream.reports.iter().enumerate() {
        let on = report.on.start(&period.zone);
        let text = serde_json::to_vec_pretty(&bundle(report, on, number)).unwrap_or_default();
        evidence.file(&format!("report-{}.stix.json", number + 1), &text)?;
    }
    Ok(TrueNames { decoys, ordinary_names: ordinary })
}

fn line(file: &mut LogFile, at: i64, value: &Value) -> Result<()> {
    let (out, _) = file.at(at)?;
    serde_json::to_writer(&mut *out, value).map_err(|e| Error::new("could not write a name").because(e))?;
    out.push(b'\n');
    Ok(())
}

fn certificate(entry: &Entry) -> Value {
    json!({"message_type": "certificate_update", "data": {"update_type": "X509LogEntry",
        "leaf_cert": {"all_domains": entry.names}, "seen": entry.at}})
}

fn rdap([domain, registrar, owner, server]: &[String; 4], at: i64) -> Value {
    let day = Time::from_seconds(at - at.rem_euclid(86_400));
    let card = |kind: &str, text: &str| json!(["vcard", [[kind, {}, "text", text]]]);
    let abuse = format!("abuse@{}.example", registrar.to_lowercase().replace(' ', "-"));
    json!({"objectClassName": "domain", "ldhName": domain,
        "events": [{"eventAction": "registration", "eventDate": day}],
        "nameservers": [{"ldhName": format!("ns1.{server}")}, {"ldhName": format!("ns2.{server}")}],
        "entities": [
            {"roles": ["registrar"], "vcardArray": card("fn", registrar),
             "entities": [{"roles": ["abuse"], "vcardArray": card("email", &abuse)}]},
            {"roles": ["registrant"], "vcardArray": card("email", owner)}]})
}

/// A report as STIX 2.1: who says that which names are of which intrusion set.
fn bundle(report: &Reported, on: i64, number: usize) -> Value {
    let stamp = Time::from_seconds(on).to_string();
    let id = |kind: &str, n: usize| format!("{kind}--00000000-0000-5000-8000-{:06x}{n:06x}", number + 1);
    let common = |kind: &str, n: usize, more: Value| -> Value {
        let mut object = json!({"type": kind, "spec_version": "2.1", "id": id(kind, n), "created": stamp,
            "modified": stamp});
        if let (Some(all), Value::Object(more)) = (object.as_object_mut(), more) {
            all.extend(more);
        }
        object
    };
    let author = id("identity", 1);
    let mut objects = vec![
        common("identity", 1, json!({"name": report.source, "identity_class": "organization"})),
        common("intrusion-set", 2, json!({"name": report.set, "created_by_ref": author})),
    ];
    for (n, name) in report.names.iter().enumerate() {
        let mut indicator = json!({"name": name, "created_by_ref": author, "pattern_type": "stix",
            "pattern": format!("[domain-name:value = '{name}']"), "valid_from": stamp});
        if !report.reference.is_empty() {
            indicator["external_references"] = json!([{"source_name": report.source, "url": report.reference}]);
        }
        objects.push(common("indicator", 10 + n, indicator));
        objects.push(common(
            "relationship",
            1000 + n,
            json!({"relationship_type": "indicates",
            "source_ref": id("indicator", 10 + n), "target_ref": id("intrusion-set", 2), "created_by_ref": author}),
        ));
    }
    json!({"type": "bundle", "id": id("bundle", 0), "objects": objects})
}

pub(super) fn syllables(random: &mut Random, n: u64) -> String {
    (0..n).map(|_| random.pick(SYLLABLES)).collect()
}

/// A name like any other; one in a hundred shares a word with what is protected, innocently.
fn ordinary_name(stream: &NameStream, random: &mut Random) -> String {
    let common: Vec<&str> = stream.common.iter().map(String::as_str).collect();
    let word = random.pick(WORDS);
    let label = match random.below(100) {
        0 if !common.is_empty() && random.chance(0.5) => format!("{}-{}", random.pick(&common), word),
        0 if !common.is_empty() => format!("{word}-{}-{}", random.pick(&common), random.pick(TOWNS)),
        0..=24 => format!("{word}{}", syllables(random, 2)),
        25..=44 => format!("{word}-{}", random.pick(WORDS)),
        45..=59 => format!("{word}-{}", random.pick(TOWNS)),
        60..=74 => format!("{word}{}", random.below(100)),
        75..=84 => format!("{}{word}", syllables(random, 1)),
        _ => {
            let n = random.range(3, 5);
            syllables(random, n)
        }
    };
    format!("{label}.{}", random.pick(SUFFIXES))
}

/// The hosts of a block, with what each imitates.
fn hosts(
    block: &Decoys,
    stream: &NameStream,
    random: &mut Random,
    taken: &mut BTreeSet<String>,
) -> Result<Vec<(String, String)>> {
    let protect: Vec<&str> = stream.protect.iter().map(String::as_str).collect();
    let mut all = Vec::new();
    for name in &block.names {
        taken.insert(name.clone());
        all.push((name.clone(), block.imitates.clone()));
    }
    let Some(technique) = block.technique.filter(|_| !protect.is_empty()) else { return Ok(all) };
    let mut tries = 0;
    while (all.len() as u64) < block.names.len() as u64 + block.count {
        tries += 1;
        if tries > 1000 * block.count {
            return Err(Error::new("the scenario asks for more decoys of a technique than a name has")
                .hint("lower `count` of `[[names.decoys]]`, or protect a longer name"));
        }
        let target = random.pick(&protect);
        let (label, suffix) = target.split_once('.').unwrap_or((target, "com"));
        let Some(host) = imitate(technique, label, suffix, random) else { continue };
        if taken.insert(host.clone()) {
            all.push((host, target.to_string()));
        }
    }
    Ok(all)
}

/// The registrable domain of a decoy: its last two labels, but of a name a scenario wrote out the whole.
fn registrable(host: &str, block: &Decoys) -> String {
    match block.technique {
        Some(Imitation::Subdomain) => {
            let dots: Vec<usize> = host.match_indices('.').map(|(at, _)| at).collect();
            dots.len().checked_sub(2).map_or(host, |n| &host[dots[n] + 1..]).to_string()
        }
        _ => host.to_string(),
    }
}
