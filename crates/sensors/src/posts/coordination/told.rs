//! A band as a finding: what it is called, how grave, why, and the fields the brief and exports read.

use super::bands::{Band, Joint};
use super::innocent::Innocent;
use super::ties::Looks;
use crate::posts::narrative::tell::Sides;
use crate::posts::table::Table;
use model::{Entity, Fields, Finding, Level, Reason, Role, Severity, Text, Time};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Objects and pairs that are listed.
const OBJECTS: usize = 20;
const EDGES: usize = 300;
/// Characters of a copied text that are shown.
const TEXT: usize = 160;

/// Tells one band.
pub fn finding(
    table: &Table,
    looks: &Looks,
    sides: &Sides,
    band: &Band,
    together: &BTreeMap<&'static str, Vec<Joint>>,
    innocent: Option<Innocent>,
) -> Finding {
    let id = |account: u32| table.accounts[account as usize].id.clone();
    let mut members: Vec<u32> = band.members.iter().copied().collect();
    members.sort_by_key(|m| id(*m));
    let posts: BTreeSet<u32> = together.values().flatten().map(|j| j.post).collect();
    let times = || posts.iter().filter_map(|p| table.time(*p));
    let (first, last) = (times().min(), times().max());
    let kinds: Vec<&str> = together.iter().filter(|(_, j)| !j.is_empty()).map(|(k, _)| *k).collect();
    let objects = objects(table, looks, together);
    let (p, density) = (band.p(), band.density());
    let windows: Vec<Option<i64>> = band.looks.iter().filter_map(|at| Some(looks.found.get(*at)?.window)).collect();
    let severity = match innocent {
        Some(_) => Severity::Info,
        None => severity(members.len(), p, density),
    };
    let confidence = match innocent {
        Some(_) => 80,
        None => (60.0 + (-p.max(1e-30).log10()) * 1.3).clamp(60.0, 98.0) as u8,
    };
    let mut fields = Fields::new();
    fields.insert("accounts".into(), members.len().into());
    fields.insert("members".into(), members.iter().map(|m| member(table, *m, together)).collect());
    fields.insert("by".into(), json!(kinds));
    let rows = objects.iter().take(OBJECTS);
    let rows = rows.map(|o| json!({"object": o.name, "kind": o.kind, "accounts": o.accounts, "posts": o.posts}));
    fields.insert("objects".into(), rows.collect());
    fields.insert("edges".into(), edges(band, &members));
    fields.insert("p".into(), json!(p));
    fields.insert("window".into(), json!(windows.iter().flatten().min()));
    fields.insert("windows".into(), shown(looks, band));
    fields.insert("posts".into(), posts.len().into());
    let mut hours = [0u32; 24];
    times().for_each(|t| hours[(t.seconds().rem_euclid(86_400) / 3600) as usize] += 1);
    fields.insert("hours".into(), json!(hours));
    let mut calendar: BTreeMap<String, [u32; 24]> = BTreeMap::new();
    for time in times() {
        let hour = (time.seconds().rem_euclid(86_400) / 3600) as usize;
        calendar.entry(time.timestamp().strftime("%Y-%m-%d").to_string()).or_default()[hour] += 1;
    }
    fields.insert("calendar".into(), json!(calendar));
    let mut languages: BTreeMap<&str, u32> = BTreeMap::new();
    posts.iter().map(|p| table.language(*p)).filter(|l| !l.is_empty()).for_each(|l| {
        *languages.entry(l).or_default() += 1;
    });
    fields.insert("languages".into(), json!(languages));
    fields.insert("first_mover".into(), first_mover(together).map_or(Value::Null, |a| id(a).into()));
    let mut created: BTreeMap<String, u32> = BTreeMap::new();
    for time in members.iter().filter_map(|m| table.accounts[*m as usize].created) {
        *created.entry(time.timestamp().strftime("%Y-%m-%d").to_string()).or_default() += 1;
    }
    fields.insert("created".into(), json!(created));
    fields.insert("density".into(), json!((density * 1000.0).round() / 1000.0));
    fields.insert("tries".into(), looks.tries.into());
    let told: Vec<u32> = posts.iter().copied().collect();
    let candidates = sides.count(table, &told);
    fields.insert("favours".into(), json!(leaning(&candidates, "for", "against")));
    fields.insert("against".into(), json!(leaning(&candidates, "against", "for")));
    fields.insert("candidates".into(), candidates.into());
    fields.insert("sides".into(), sides.over_time(table, &told).into());
    fields.insert("explanation".into(), innocent.map_or("none", Innocent::as_str).into());
    let outcome = |i: Innocent| match innocent == Some(i) {
        true => json!({"explanation": i.as_str(), "outcome": "holds"}),
        false => json!({"explanation": i.as_str(), "outcome": "does not hold"}),
    };
    let tested = std::iter::once(json!({"explanation": "chance", "outcome": "does not hold", "p": p}));
    fields.insert("innocent".into(), tested.chain(Innocent::ALL.map(outcome)).collect());
    let n = members.len();
    let named = named(&kinds);
    let title = match innocent {
        Some(i) => Text::new(
            format!("{n} accounts act together, and {}", i.text().en),
            format!("{n} comptes agissent ensemble, et {}", i.text().fr),
        ),
        None => Text::new(
            format!("{n} accounts act as one by {}", named.en),
            format!("{n} comptes agissent comme un seul par {}", named.fr),
        ),
    };
    Finding {
        detector: "posts/coordination".into(),
        key: format!("{}|{}", innocent.map_or("", Innocent::as_str), id(members[0])),
        severity,
        confidence,
        level: if innocent.is_some() { Level::Legal } else { Level::Grey },
        title,
        reasons: reasons(table, looks, band, &members, posts.len(), &objects, innocent, (first, last)),
        techniques: match innocent {
            Some(_) => Vec::new(),
            None => techniques(&kinds),
        },
        first,
        last,
        entities: members.iter().map(|m| Entity::user(id(*m), Role::Account)).collect(),
        traces: table.traces(posts),
        fields,
    }
}

/// Two who act as one may be one person's two accounts; many, densely and surely, are an operation.
fn severity(members: usize, p: f64, density: f64) -> Severity {
    match members {
        10.. if p <= 1e-6 && density >= 0.2 => Severity::High,
        4.. if p <= 1e-3 => Severity::Medium,
        _ => Severity::Low,
    }
}

/// Those for whom, or against whom, ten posts or more speak, and three times as many as on the other side: one told side
/// in fourteen is turned round on the hand-checked sample, so less is no leaning.
fn leaning<'c>(candidates: &'c Map<String, Value>, one: &str, other: &str) -> Vec<&'c str> {
    let leans = |counts: &Value| {
        let of = |side: &str| counts.get(side).and_then(Value::as_u64).unwrap_or(0);
        of(one) >= 10 && of(one) >= 3 * of(other)
    };
    candidates.iter().filter(|(_, counts)| leans(counts)).map(|(name, _)| name.as_str()).collect()
}

/// DISARM: flooding, and by reposts; copypasta.
fn techniques(kinds: &[&str]) -> Vec<String> {
    let mut ids = vec!["T0049"];
    ids.extend(kinds.contains(&"hashtags").then_some("T0049.002"));
    ids.extend(kinds.contains(&"repost").then_some("T0049.003"));
    ids.extend(kinds.contains(&"text").then_some("T0084.001"));
    ids.into_iter().map(String::from).collect()
}

fn member(table: &Table, account: u32, together: &BTreeMap<&'static str, Vec<Joint>>) -> Value {
    let posts: BTreeSet<u32> = together.values().flatten().filter(|j| j.account == account).map(|j| j.post).collect();
    let a = &table.accounts[account as usize];
    json!({"account": a.id, "name": a.name, "posts": posts.len(), "of": a.posts, "created": a.created})
}

/// Something several members shared together.
struct Object {
    name: String,
    kind: &'static str,
    accounts: usize,
    posts: usize,
    first: i64,
}

fn objects(table: &Table, looks: &Looks, together: &BTreeMap<&'static str, Vec<Joint>>) -> Vec<Object> {
    let mut all = Vec::new();
    for (&kind, joint) in together {
        for of in joint.chunk_by(|a, b| a.object == b.object) {
            let accounts: BTreeSet<u32> = of.iter().map(|j| j.account).collect();
            let name = match kind {
                "text" => table.text(of[0].post).chars().take(TEXT).collect(),
                _ => looks.shares[kind].objects.text(of[0].object).into_owned(),
            };
            all.push((Object { name, kind, accounts: accounts.len(), posts: of.len(), first: of[0].time }, of[0].post));
        }
    }
    all.sort_by(|(a, p), (b, q)| {
        (std::cmp::Reverse(a.accounts), a.first, a.kind, p).cmp(&(std::cmp::Reverse(b.accounts), b.first, b.kind, q))
    });
    all.into_iter().map(|(o, _)| o).collect()
}

/// The account that was first with the most objects; of equals the lower number.
fn first_mover(together: &BTreeMap<&'static str, Vec<Joint>>) -> Option<u32> {
    let mut firsts: BTreeMap<u32, u32> = BTreeMap::new();
    for joint in together.values() {
        for of in joint.chunk_by(|a, b| a.object == b.object) {
            *firsts.entry(of[0].account).or_default() += 1;
        }
    }
    firsts.into_iter().rev().max_by_key(|(_, n)| *n).map(|(account, _)| account)
}

fn edges(band: &Band, members: &[u32]) -> Value {
    let place: BTreeMap<u32, usize> = members.iter().enumerate().map(|(n, m)| (*m, n)).collect();
    let mut all: Vec<(usize, usize, u32, f64)> = Vec::new();
    for (&(a, b), &(together, p)) in &band.ties {
        let (a, b) = (place[&a], place[&b]);
        all.push((a.min(b), a.max(b), together, p));
    }
    all.sort_by(|x, y| x.3.total_cmp(&y.3).then((x.0, x.1).cmp(&(y.0, y.1))));
    // Each member's surest tie first, so that nobody stands in the group without the reason why.
    let mut seen = vec![false; members.len()];
    let (mut kept, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(a, b, ..)| [*a, *b].into_iter().any(|m| !std::mem::replace(&mut seen[m], true)));
    kept.extend(rest.into_iter().take(EDGES.saturating_sub(kept.len())));
    kept.sort_by(|x, y| x.3.total_cmp(&y.3).then((x.0, x.1).cmp(&(y.0, y.1))));
    json!(kept)
}

/// The looks that show a band: kind, window in seconds, pairs, least probability.
fn shown(looks: &Looks, band: &Band) -> Value {
    let row = |at: &usize| {
        let look = looks.found.get(*at)?;
        let ours = look.ties.iter().filter(|t| band.ties.contains_key(&(t.account_1, t.account_2)));
        let (pairs, p) = ours.fold((0, 1.0f64), |(n, p), t| (n + 1, p.min(t.corrected)));
        Some(json!({"by": look.kind, "window": look.window, "pairs": pairs, "p": p}))
    };
    band.looks.iter().filter_map(row).collect()
}

/// Kinds in words.
fn named(kinds: &[&str]) -> Text {
    let one = |kind: &&str| match *kind {
        "url" => ("the same links", "les mêmes liens"),
        "hashtags" => ("the same series of hashtags", "les mêmes suites de mots-dièse"),
        "repost" => ("reposts of the same posts", "la reprise des mêmes messages"),
        "reply" => ("answers to the same posts", "des réponses aux mêmes messages"),
        "mentions" => ("naming the same accounts", "l’interpellation des mêmes comptes"),
        "image" => ("the same pictures", "les mêmes images"),
        "text" => ("copies of the same texts", "des copies des mêmes textes"),
        _ => ("the same objects", "les mêmes objets"),
    };
    let all: Vec<(&str, &str)> = kinds.iter().map(one).collect();
    let join = |last: &str, words: Vec<&str>| match words.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => words.concat(),
    };
    Text::new(join("and", all.iter().map(|a| a.0).collect()), join("et", all.iter().map(|a| a.1).collect()))
}

/// A probability in words that a person reads.
fn written(p: f64) -> String {
    if p >= 0.001 {
        return format!("{p:.3}");
    }
    let raised = |digit: u8| ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'].get(usize::from(digit - b'0'));
    let exponent = format!("{}", -p.max(1e-300).log10().ceil());
    format!("10⁻{}", exponent.bytes().filter(u8::is_ascii_digit).filter_map(raised).collect::<String>())
}

#[allow(clippy::too_many_arguments, reason = "the parts of one finding, each used once")]
fn reasons(
    table: &Table,
    looks: &Looks,
    band: &Band,
    members: &[u32],
    posts: usize,
    objects: &[Object],
    innocent: Option<Innocent>,
    (first, last): (Option<Time>, Option<Time>),
) -> Vec<Reason> {
    let (n, shared, p) = (members.len(), objects.len(), written(band.p()));
    let tests = looks.tries;
    let pairs = band.ties.len();
    let mut reasons = vec![Reason::supporting(
        60,
        Text::new(
            format!(
                "{posts} posts of {n} accounts share {shared} objects together; of their pairs, {pairs} are together more often \
                 than chance explains once every account's volume and every object's popularity are kept (p ≤ {p}, \
                 corrected for all pairs of the case and for {tests} kinds and windows tried)"
            ),
            format!(
                "{posts} messages de {n} comptes partagent ensemble {shared} objets ; parmi leurs paires, {pairs} sont ensemble \
                 plus souvent que le hasard ne l’explique, à volume de chaque compte et popularité de chaque objet \
                 conservés (p ≤ {p}, corrigé pour toutes les paires de l’affaire et pour {tests} types de traces et \
                 fenêtres essayés)"
            ),
        ),
    )];
    let created: Vec<Time> = members.iter().filter_map(|m| table.accounts[*m as usize].created).collect();
    if let Some((most, days)) = burst(&created)
        && most * 2 >= n
        && n >= 4
    {
        reasons.push(Reason::supporting(
            20,
            Text::new(
                format!("{most} of them were created within {days} days"),
                format!("{most} d’entre eux ont été créés en {days} jours"),
            ),
        ));
    }
    if let (Some(first), Some(last)) = (first, last) {
        let hours = (last.since(first) as f64 / 3600.0).ceil().max(1.0);
        reasons.push(Reason::supporting(
            10,
            Text::new(format!("they did so over {hours} hours"), format!("cela s’étend sur {hours} heures")),
        ));
    }
    let left: u64 = band.looks.iter().filter_map(|at| looks.found.get(*at)).map(|l| l.left_out.0).max().unwrap_or(0);
    if left > 0 {
        reasons.push(Reason::against(
            5,
            Text::new(
                format!("{left} objects that too many accounts shared were not looked at"),
                format!("{left} objets partagés par trop de comptes n’ont pas été examinés"),
            ),
        ));
    }
    match innocent {
        Some(i) => reasons.push(Reason::against(
            90,
            Text::new(format!("not hidden: {}", i.text().en), format!("rien de caché : {}", i.text().fr)),
        )),
        None => reasons.push(Reason::against(
            15,
            Text::new(
                "acting together is not yet acting for another: people who agree among themselves look like this too",
                "agir ensemble n’est pas agir pour autrui : des personnes qui se concertent laissent les mêmes traces",
            ),
        )),
    }
    reasons
}

/// The most accounts created within two days of each other, and within how many days they were.
fn burst(created: &[Time]) -> Option<(usize, i64)> {
    let mut days: Vec<i64> = created.iter().map(|t| t.seconds().div_euclid(86_400)).collect();
    days.sort_unstable();
    let within = |from: usize| days[from..].partition_point(|d| *d - days[from] <= 2);
    let (from, most) = (0..days.len()).map(|at| (at, within(at))).max_by_key(|(at, n)| (*n, std::cmp::Reverse(*at)))?;
    Some((most, days[from + most - 1] - days[from] + 1))
}
