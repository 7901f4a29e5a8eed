//! A band as a finding: what it is called, how grave, why, and the fields the brief and exports read.

use super::bands::{Band, Together};
use super::innocent::Innocent;
use super::ties::Looks;
use crate::posts::chance::lists::List;
use crate::posts::narrative::tell::{Named, languages};
use crate::posts::table::Table;
use model::{Entity, EntityKind, Finding, Level, Reason, Role, Severity, Text, Time};
use rows::Row;
use rows::posts::{CoAction, Coordination, Edge, Explanation, Look, Member, Object, Tested, Verdict};
use std::collections::BTreeMap;

/// Objects and pairs that are listed.
const OBJECTS: usize = 20;
const EDGES: usize = 300;
/// Characters of a copied text that are shown.
const TEXT: usize = 160;

/// Tells one band.
pub fn finding(
    table: &Table,
    looks: &Looks,
    people: &Named,
    band: &Band,
    together: &Together,
    innocent: Option<Innocent>,
) -> Finding {
    let id = |account: u32| table.accounts[account as usize].id.clone();
    let mut members: Vec<u32> = band.members.iter().copied().collect();
    members.sort_by_key(|m| id(*m));
    let posts = distinct(together.values().flatten().map(|j| j.post));
    let times = || posts.iter().filter_map(|p| table.time(*p));
    let (first, last) = (times().min(), times().max());
    let by: Vec<CoAction> = together.iter().filter(|(_, j)| !j.is_empty()).map(|(k, _)| *k).collect();
    let objects = objects(table, looks, together);
    let (p, density) = (band.p(), band.density());
    let windows: Vec<Option<i64>> = band.looks.iter().filter_map(|at| Some(looks.found.get(*at)?.window)).collect();
    let severity = match innocent {
        Some(_) => Severity::Info,
        None => severity(members.len(), p, density, band.has_pairs(looks), band.company(looks).is_some()),
    };
    let confidence = match innocent {
        Some(_) => 80,
        None => (60.0 + (-p.max(1e-30).log10()) * 1.3).clamp(60.0, 98.0) as u8,
    };
    let mut hours = [0; 24];
    let mut calendar: BTreeMap<i64, [u64; 24]> = BTreeMap::new();
    for time in times() {
        let hour = (time.seconds().rem_euclid(86_400) / 3600) as usize;
        hours[hour] += 1;
        calendar.entry(time.seconds().div_euclid(86_400)).or_default()[hour] += 1;
    }
    let calendar = calendar.into_iter().map(|(n, hours)| (day(Time::from_seconds(n * 86_400)), hours)).collect();
    let mut created: BTreeMap<String, u64> = BTreeMap::new();
    for time in members.iter().filter_map(|m| table.accounts[*m as usize].created) {
        *created.entry(day(time)).or_default() += 1;
    }
    let considered = Innocent::ALL.map(|i| Tested {
        explanation: i.into(),
        outcome: if innocent == Some(i) { Verdict::Holds } else { Verdict::Fails },
        p: None,
    });
    let chance = Tested { explanation: Explanation::Chance, outcome: Verdict::Fails, p: Some(p) };
    let mut joint: BTreeMap<u32, u64> = BTreeMap::new();
    let made = distinct(together.values().flatten().map(|j| (j.account, j.post)));
    made.iter().for_each(|(account, _)| *joint.entry(*account).or_default() += 1);
    let row = Coordination {
        accounts: members.len() as u64,
        members: members.iter().map(|m| member(table, *m, joint.get(m).copied().unwrap_or_default())).collect(),
        objects: objects.iter().take(OBJECTS).cloned().collect(),
        edges: edges(band, &members),
        p,
        window: windows.iter().flatten().min().copied(),
        windows: shown(looks, band),
        posts: posts.len() as u64,
        hours,
        calendar,
        languages: languages(table, &posts),
        first_mover: first_mover(together).map(id),
        created,
        density: (density * 1000.0).round() / 1000.0,
        tries: looks.tries.into(),
        candidates: people.count(table, &posts),
        explanation: innocent.map_or(Explanation::None, Explanation::from),
        innocent: std::iter::once(chance).chain(considered).collect(),
        by,
    };
    let n = members.len();
    let named = named(&row.by);
    let title = match innocent {
        Some(i) => Text::new(
            format!("{n} accounts act together, and {}", i.text().en),
            format!("{n} comptes agissent ensemble, et {}", i.text().fr),
        ),
        None => Text::new(
            format!("{n} accounts act as one by {}", named.en),
            format!("{n} comptes agissent de concert par {}", named.fr),
        ),
    };
    Finding {
        detector: Coordination::NAME.into(),
        key: format!("{}|{}", innocent.map_or("", Innocent::as_str), id(members[0])),
        severity,
        confidence,
        level: if innocent.is_some() { Level::Legal } else { Level::Grey },
        title,
        reasons: reasons(table, looks, band, &members, posts.len(), &objects, innocent, (first, last)),
        techniques: match innocent {
            Some(_) => Vec::new(),
            None => techniques(&row.by),
        },
        first,
        last,
        entities: entities(&row, members.iter().map(|m| id(*m))),
        traces: table.traces(posts),
        fields: row.fields(),
    }
}

/// Two who act as one may be one person's two accounts; many, densely and surely, are an operation, if pairs of them show it.
/// A list alone says no more than that it is one.
fn severity(members: usize, p: f64, density: f64, pairs: bool, company: bool) -> Severity {
    match members {
        _ if !pairs && !company => Severity::Low,
        10.. if p <= 1e-6 && density >= 0.2 && pairs => Severity::High,
        4.. if p <= 1e-3 => Severity::Medium,
        _ => Severity::Low,
    }
}

/// DISARM: flooding, and by reposts; copypasta.
fn techniques(by: &[CoAction]) -> Vec<String> {
    let mut ids = vec!["T0049"];
    ids.extend(by.contains(&CoAction::Hashtags).then_some("T0049.002"));
    ids.extend(by.contains(&CoAction::Repost).then_some("T0049.003"));
    ids.extend(by.contains(&CoAction::Text).then_some("T0084.001"));
    ids.into_iter().map(String::from).collect()
}

fn member(table: &Table, account: u32, posts: u64) -> Member {
    let a = &table.accounts[account as usize];
    Member { account: a.id.clone(), name: a.name.clone(), posts, all: a.posts.into(), created: a.created }
}

/// The members, and the links that several of them shared: by these it meets other evidence.
fn entities(row: &Coordination, members: impl Iterator<Item = String>) -> Vec<Entity> {
    let links = row.objects.iter().filter(|o| o.kind == CoAction::Url);
    let links = links.map(|o| Entity::new(EntityKind::Url, o.object.clone(), Role::Infrastructure));
    members.map(|m| Entity::user(m, Role::Account)).chain(links).collect()
}

/// In order, each once: of a million posts a tree would cost more than all that is told of them.
fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn day(time: Time) -> String {
    time.timestamp().strftime("%Y-%m-%d").to_string()
}

fn objects(table: &Table, looks: &Looks, together: &Together) -> Vec<Object> {
    let mut all = Vec::new();
    for (&kind, joint) in together {
        for of in joint.chunk_by(|a, b| a.object == b.object) {
            let accounts = distinct(of.iter().map(|j| j.account));
            let object = match kind {
                CoAction::Text => table.text(of[0].post).chars().take(TEXT).collect(),
                _ => looks.shares[&kind].objects.text(of[0].object).into_owned(),
            };
            let time = |t: Option<i64>| t.map(Time);
            let first = time(of.iter().map(|j| j.time).min());
            let last = time(of.iter().map(|j| j.time).max());
            let object = Object { object, kind, accounts: accounts.len() as u64, posts: of.len() as u64, first, last };
            all.push((object, of[0].time, of[0].post));
        }
    }
    all.sort_by_key(|(object, first, post)| (std::cmp::Reverse(object.accounts), *first, object.kind, *post));
    all.into_iter().map(|(object, ..)| object).collect()
}

/// The account that was first with the most objects; of equals the lower number.
fn first_mover(together: &Together) -> Option<u32> {
    let mut firsts: BTreeMap<u32, u32> = BTreeMap::new();
    for joint in together.values() {
        for of in joint.chunk_by(|a, b| a.object == b.object) {
            *firsts.entry(of[0].account).or_default() += 1;
        }
    }
    firsts.into_iter().rev().max_by_key(|(_, n)| *n).map(|(account, _)| account)
}

fn edges(band: &Band, members: &[u32]) -> Vec<Edge> {
    let place: BTreeMap<u32, usize> = members.iter().enumerate().map(|(n, m)| (*m, n)).collect();
    let mut all: Vec<Edge> = Vec::new();
    for (&(a, b), &(together, p)) in &band.ties {
        let (a, b) = (place[&a], place[&b]);
        all.push((a.min(b), a.max(b), together.into(), p));
    }
    all.sort_by(|x, y| x.3.total_cmp(&y.3).then((x.0, x.1).cmp(&(y.0, y.1))));
    // Each member's surest tie first, so that nobody stands in the group without the reason why.
    let mut seen = vec![false; members.len()];
    let (mut kept, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(a, b, ..)| [*a, *b].into_iter().any(|m| !std::mem::replace(&mut seen[m], true)));
    kept.extend(rest.into_iter().take(EDGES.saturating_sub(kept.len())));
    kept.sort_by(|x, y| x.3.total_cmp(&y.3).then((x.0, x.1).cmp(&(y.0, y.1))));
    kept
}

/// The looks that show a band: kind, window in seconds, pairs, least probability.
fn shown(looks: &Looks, band: &Band) -> Vec<Look> {
    let row = |at: &usize| {
        let look = looks.found.get(*at)?;
        let ours = look.ties.iter().filter(|t| band.ties(t));
        let (pairs, p) = ours.fold((0, 1.0f64), |(n, p), t| (n + 1, p.min(t.corrected)));
        Some(Look { by: look.kind, window: look.window, pairs, p })
    };
    band.looks.iter().filter_map(row).collect()
}

/// Kinds in words.
fn named(by: &[CoAction]) -> Text {
    let all: Vec<Text> = by.iter().map(|b| b.text()).collect();
    let join = |last: &str, words: Vec<&str>| match words.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => words.concat(),
    };
    Text::new(join("and", all.iter().map(|t| &*t.en).collect()), join("et", all.iter().map(|t| &*t.fr).collect()))
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
    let (posts, pairs) = (Text::number(posts as u64), Text::number(band.ties.len() as u64));
    let all = members.iter().map(|m| u64::from(table.accounts[*m as usize].posts)).sum::<u64>();
    let company = band.company(looks);
    let has_pairs = band.has_pairs(looks);
    let company = company.filter(|_| !has_pairs);
    let list = band.list(looks).filter(|_| !has_pairs && company.is_none());
    let counted = || [posts.clone(), Text::number(n as u64), Text::number(shared as u64)];
    let mut reasons = vec![match (company, list) {
        (Some((with, (near, of))), _) => Reason::supporting(50, with_kin(looks, band, counted(), (with, near, of), &p)),
        (None, Some(list)) => Reason::supporting(40, one_list(list, n, &p)),
        (None, None) => Reason::supporting(60, by_pairs(looks, [&posts, &pairs], (n, shared), &p)),
    }];
    if company.is_some() {
        let all = Text::number(all);
        reasons.push(Reason::against(
            15,
            Text::new(
                format!(
                    "pair by pair they met too seldom to be told from chance; of their {} posts {} were made together",
                    all.en, posts.en
                ),
                format!(
                    "paire par paire, ils se sont croisés trop rarement pour exclure le hasard ; sur leurs {} messages, {} sont communs",
                    all.fr, posts.fr
                ),
            ),
        ));
    }
    if list.is_some() {
        reasons.push(Reason::against(
            40,
            Text::new(
                "when they share plays no part in this: automatic relays of one feed, a publisher's own pages and one person's \
                 several accounts look exactly like it",
                "les horaires n’y jouent aucun rôle : des relais automatiques d’un même flux, les pages d’un même éditeur ou \
                 les comptes d’une seule personne laissent exactement les mêmes traces",
            ),
        ));
    }
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
    let part = band.looks.iter().filter_map(|at| looks.found.get(*at)).map(|l| l.part).fold(1.0, f64::min);
    if part < 1.0 {
        let one_in = (1.0 / part.max(1e-9)).round();
        reasons.push(Reason::against(
            5,
            Text::new(
                format!(
                    "where crowds share, one account in {one_in} stood for all; the others were found by acting with those"
                ),
                format!(
                    "dans les foules, un compte sur {one_in} a représenté tous les autres, retrouvés parce qu’ils agissent avec lui"
                ),
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

/// What pairs say.
fn by_pairs(looks: &Looks, [posts, pairs]: [&Text; 2], (n, shared): (usize, usize), p: &str) -> Text {
    let tests = looks.tries;
    Text::new(
        format!(
            "{} posts of {n} accounts share {shared} objects together; of their pairs, {} are together more often \
             than chance explains once every account's volume and every object's popularity are kept (p ≤ {p}, \
             corrected for all pairs of the case and for {tests} kinds and windows tried)",
            posts.en, pairs.en
        ),
        format!(
            "{} messages de {n} comptes partagent ensemble {shared} objets ; parmi leurs paires, {} sont ensemble \
             plus souvent que le hasard ne l’explique, à volume de chaque compte et popularité de chaque objet \
             conservés (p ≤ {p}, corrigé pour toutes les paires de l’affaire et pour {tests} types de traces et \
             fenêtres essayés)",
            posts.fr, pairs.fr
        ),
    )
}

/// What accounts say of whom each is with, where no pair says it.
fn with_kin(
    looks: &Looks,
    band: &Band,
    [posts, n, shared]: [Text; 3],
    (with, near, of): (usize, u32, u32),
    p: &str,
) -> Text {
    let tests = looks.company_tries;
    let seconds = band.looks.iter().filter_map(|at| looks.found.get(*at)?.window).max().unwrap_or_default();
    Text::new(
        format!(
            "{} posts of {} accounts share {} rare objects together; each of {with} shares within {seconds} s of at least half \
             of the others who share it, on {near} of {of} occasions or more, and hardly any share of these objects falls \
             outside: more than chance explains once every account's volume and every object's popularity are kept \
             (p ≤ {p}, corrected for all accounts that could be and for {tests} kinds and windows tried)",
            posts.en, n.en, shared.en
        ),
        format!(
            "{} messages de {} comptes partagent ensemble {} objets rares ; chacun de {with} d’entre eux publie à moins de \
             {seconds} s d’au moins la moitié des autres présents, dans {near} occasions sur {of} ou plus, et presque aucun \
             partage de ces objets n’y échappe : plus que le hasard ne l’explique, à volume de chaque compte et popularité \
             de chaque objet conservés (p ≤ {p}, corrigé pour tous les comptes possibles et pour {tests} types de traces et \
             fenêtres essayés)",
            posts.fr, n.fr, shared.fr
        ),
    )
}

/// What a list says.
fn one_list(list: &List, n: usize, p: &str) -> Text {
    let [part, own] = [list.least.0, list.least.1].map(|part| (100.0 * part).floor());
    let (links, sites) = (list.links.len(), list.sites);
    Text::new(
        format!(
            "{n} accounts share one list of {links} links of {sites} sites that hardly anybody else here shares: each shares at \
             least {part} % of it, and of the links that each shares at least {own} % are of it, where an audience would also have \
             those who share some (p ≤ {p} by every account's volume and every link's popularity, corrected for all pairs)",
        ),
        format!(
            "{n} comptes partagent une même liste de {links} liens de {sites} sites que presque personne d’autre ici ne partage : \
             chacun en partage au moins {part} %, et elle fait au moins {own} % des liens de chacun, alors qu’un public compterait \
             aussi ceux qui n’en partagent qu’une partie (p ≤ {p} à volume de chaque compte et popularité de chaque lien \
             conservés, corrigé pour toutes les paires)",
        ),
    )
}

/// The most accounts created within two days of each other, and within how many days they were.
fn burst(created: &[Time]) -> Option<(usize, i64)> {
    let mut days: Vec<i64> = created.iter().map(|t| t.seconds().div_euclid(86_400)).collect();
    days.sort_unstable();
    let within = |from: usize| days[from..].partition_point(|d| *d - days[from] <= 2);
    let (from, most) = (0..days.len()).map(|at| (at, within(at))).max_by_key(|(at, n)| (*n, std::cmp::Reverse(*at)))?;
    Some((most, days[from + most - 1] - days[from] + 1))
}
