//! The stations, their minutes, and the snapshots of the night.

use super::{Alteration, Night, TrueAlteration, TrueCount};
use crate::evidence::Evidence;
use crate::random::Random;
use crate::stage::Stage;
use model::{Result, Time};

/// Stations of one commune, at most.
const COMMUNE: u64 = 6;
/// Seconds from one snapshot to the next.
const QUARTER: i64 = 900;
/// Names of communes, with a number from the second round on.
const NAMES: [&str; 12] = [
    "Saint-Évran",
    "Le Plessis-Dormoy",
    "Vallabrèze",
    "Montfaucet",
    "Ardoise-sur-Lys",
    "Bréhaumont",
    "Coudrette",
    "Fontaine-l'Épine",
    "Grandrieux",
    "Hautecombe-les-Bois",
    "Issolières",
    "Jarnoux",
];

/// A station: its commune's code and name, its own code, registered, voters, blank, null, valid, votes.
#[derive(Clone)]
struct Station {
    department: u64,
    commune: String,
    name: String,
    code: u64,
    figures: [u64; 5],
    votes: Vec<u64>,
}

pub fn write(night: &Night, stage: &Stage, evidence: &mut Evidence) -> Result<TrueCount> {
    let mut random = stage.random("count/stations", 0);
    let stations = stations(night, &mut random);
    let mut chance = stage.random("count/altered", 0);
    let mut order: Vec<usize> = (0..stations.len()).collect();
    chance.shuffle(&mut order);
    let kinds = night.altered.iter().flat_map(|a| (0..a.stations).map(|_| a.kind));
    let usable = |n: &usize, kind: Alteration| altered(&stations[*n], kind).is_some();
    let (mut left, mut plan) = (order, Vec::new());
    for kind in kinds {
        if let Some(at) = left.iter().position(|n| usable(n, kind)) {
            // Published right at first wherever there is more than one snapshot.
            plan.push((left.remove(at), kind, night.snapshots / 2 + chance.below(night.snapshots.div_ceil(2))));
        }
    }
    let mut chance = stage.random("count/minutes", 0);
    let there: Vec<bool> = stations.iter().map(|_| chance.chance(night.minutes)).collect();
    let collected: Vec<Station> = stations.iter().zip(&there).filter(|(_, t)| **t).map(|(s, _)| s.clone()).collect();
    let minutes = table(night, &collected, true);
    if there.contains(&true) {
        evidence.file("count/minutes/minutes.csv", minutes.as_bytes())?;
    }
    let mut late = stage.random("count/late", 0);
    let comes: Vec<u64> = stations.iter().map(|_| late.below(night.snapshots)).collect();
    let start = night.at.start(&stage.period.zone);
    let when = |n: u64| Time::from_seconds(start + QUARTER * n as i64);
    for n in 0..night.snapshots {
        let mut published: Vec<Station> = Vec::new();
        for (s, station) in stations.iter().enumerate() {
            let plan = plan.iter().find(|p| p.0 == s);
            // What is to be altered was there before.
            let first = plan.map_or(comes[s], |p| comes[s].min(p.2.saturating_sub(1)));
            if first > n {
                continue;
            }
            match plan.filter(|p| p.2 <= n) {
                None => published.push(station.clone()),
                Some((_, Alteration::Missing, _)) => {}
                Some((_, Alteration::Twice, _)) => published.extend([station.clone(), station.clone()]),
                Some((_, kind, _)) => published.extend(altered(station, *kind)),
            }
        }
        let name = when(n).to_string()[..16].replace(':', "-");
        evidence.file(&format!("count/published/{name}.csv"), table(night, &published, false).as_bytes())?;
    }
    let mut truth = TrueCount { alterations: Vec::new(), counted_stations: night.stations };
    for (n, kind, since) in plan {
        let (right, wrong) = (&stations[n], altered(&stations[n], kind));
        let moved = |w: &Station| {
            let d = w.votes.iter().zip(&right.votes).map(|(w, r)| *w as i64 - *r as i64);
            d.clone().max().unwrap_or(0).max(0).abs_diff(d.min().unwrap_or(0).min(0))
        };
        truth.alterations.push(TrueAlteration {
            station: format!("{} {:04}", right.commune, right.code),
            kind,
            swing: wrong.as_ref().filter(|_| !matches!(kind, Alteration::Missing | Alteration::Twice)).map_or(0, moved),
            since: when(since),
            with_minutes: there[n],
        });
    }
    truth.alterations.sort_by(|a, b| a.station.cmp(&b.station));
    Ok(truth)
}

fn stations(night: &Night, random: &mut Random) -> Vec<Station> {
    let mut all = Vec::new();
    let mut commune = 0;
    while (all.len() as u64) < night.stations {
        let name = NAMES[commune as usize % NAMES.len()];
        let round = commune as usize / NAMES.len();
        let name = if round == 0 { name.to_string() } else { format!("{name} {}", round + 1) };
        let department = 1 + commune / 40;
        let code = format!("{department:02}{:03}", 1 + commune % 40);
        // A place has its own turnout and leaning.
        let (turnout, leaning) = (1.1 + 0.2 * random.normal(), 0.5 * random.normal());
        for n in 0..random.range(1, COMMUNE).min(night.stations - all.len() as u64) {
            let registered = (720.0 * (0.3 * random.normal()).exp()).clamp(120.0, 2500.0) as u64;
            let voters = drawn(registered, logistic(turnout + 0.1 * random.normal()), random);
            let blank = drawn(voters, 0.015, random);
            let null = drawn(voters - blank, 0.008, random);
            let valid = voters - blank - null;
            let (mut left, mut votes) = (valid, Vec::new());
            for place in 0..night.candidates.len() {
                let rest = night.candidates.len() - place;
                let part = logistic(-((rest - 1) as f64).max(0.1).ln() + 0.25 + if place == 0 { leaning } else { 0.0 });
                let won = if rest == 1 { left } else { drawn(left, part, random) };
                votes.push(won);
                left -= won;
            }
            let figures = [registered, voters, blank, null, valid];
            all.push(Station { department, commune: code.clone(), name: name.clone(), code: n + 1, figures, votes });
        }
        commune += 1;
    }
    all
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn drawn(of: u64, part: f64, random: &mut Random) -> u64 {
    (0..of).filter(|_| random.chance(part)).count() as u64
}

/// A station as it is published once altered; none where this kind would change nothing there.
fn altered(right: &Station, kind: Alteration) -> Option<Station> {
    let mut wrong = right.clone();
    match kind {
        // Sums hold: only the minutes know.
        Alteration::Differs => {
            let taken = (right.votes[0] / 4).max(1).min(right.votes[0]);
            wrong.votes[0] -= taken;
            wrong.votes[1] += taken;
        }
        Alteration::Swapped => wrong.votes.swap(0, 1),
        Alteration::Transposed => {
            let votes = wrong.votes.iter_mut().find(|v| **v >= 10 && **v % 10 != **v / 10 % 10)?;
            *votes = *votes / 100 * 100 + *votes % 10 * 10 + *votes / 10 % 10;
        }
        Alteration::Shifted => wrong.votes.rotate_right(1),
        Alteration::Missing | Alteration::Twice => return Some(wrong),
    }
    (wrong.votes != right.votes).then_some(wrong)
}

fn table(night: &Night, stations: &[Station], minutes: bool) -> String {
    let mut text = head(night, minutes);
    stations.iter().for_each(|s| line(&mut text, s, minutes));
    text
}

fn head(night: &Night, minutes: bool) -> String {
    let areas = if minutes {
        "department,commune code,commune name,station"
    } else {
        "Code du département;Code de la commune;Libellé de la commune;Code du b.vote"
    };
    let figures = if minutes {
        ["registered", "voters", "blank", "null", "valid"]
    } else {
        ["Inscrits", "Votants", "Blancs", "Nuls", "Exprimés"]
    };
    let sep = if minutes { "," } else { ";" };
    let words: Vec<&str> = figures.into_iter().chain(night.candidates.iter().map(String::as_str)).collect();
    format!("{areas}{sep}{}{}\n", words.join(sep), if minutes { ",collector" } else { "" })
}

/// Minutes as delegates type them; what is published as an office writes it: capitals, thousands apart.
fn line(text: &mut String, s: &Station, minutes: bool) {
    let counts = s.figures.iter().chain(&s.votes);
    if minutes {
        let counts: Vec<String> = counts.map(u64::to_string).collect();
        let who = ["anne", "ben", "chloe"][s.code as usize % 3];
        *text += &format!("{:02},{},{},{:04},{},{who}\n", s.department, s.commune, s.name, s.code, counts.join(","));
    } else {
        let apart = |n: &u64| if *n < 1000 { n.to_string() } else { format!("{}\u{a0}{:03}", n / 1000, n % 1000) };
        let counts: Vec<String> = counts.map(apart).collect();
        *text += &format!(
            "{:02};{};{};{:04};{}\n",
            s.department,
            &s.commune[2..],
            s.name.to_uppercase(),
            s.code,
            counts.join(";")
        );
    }
}
