//! Who may have done it: hypotheses as rows, evidence weighed by likelihood ratios with their ranges, what anybody could
//! plant shown and never deciding. The words are those of ICD 203; likelihood and confidence never stand in one sentence.
//!
//! Signs are pooled from the cheapest class up; after each, the sum S becomes −log10(10^−S + ρ·π), for one imitator can
//! make any number of them (ρ: that somebody tries, π: that he can). So a hundred cheap signs are worth as much as a few,
//! and none of them moves the preferred hypothesis. A source's word is worth 1/((1−r) + r/LR), r its reliability: a wrong
//! report is taken to name the group anyway. One origin counts once.
//!
//! You may rely on: the program proposes, and `undetermined` is the answer unless the first row leads all others by a
//! factor of ten over the ranges and is more likely than not. Left out: motive, which is context and has no weight here.

use super::decision::Verb;
use super::part::About;
use super::{Chain, Incident, Story};
use knowledge::chain::{Chain as Known, Ratio};
use model::{Text, Time};
use rows::story::{Class, Hypothesis, State, Step, Weighed};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// log10 of the prior odds of a named group against another: 1:10, 1:3, 1:1.
const PRIORS: [f64; 3] = [-1.0, -0.5, 0.0];
/// The middle one, by which rows are ranked.
const PRIOR: f64 = -0.5;
/// The first row must lead by this much (log10), and be this likely at its low end.
const LEAD: f64 = 1.0;
const LIKELY: f64 = 0.55;
const SET: &str = "intrusion_set:";
const FLAG: &str = "false_flag";
const ANOTHER: &str = "another_group";
const COINCIDENCE: &str = "coincidence";
/// Rows that every case has.
const ROWS: [&str; 5] = [ANOTHER, "criminals", "insider", FLAG, COINCIDENCE];

/// A piece of evidence and the row it is for.
#[derive(Clone, PartialEq, Debug)]
struct Piece {
    row: String,
    told: Weighed,
    /// Whether a person added it.
    by_hand: bool,
}

/// The hypotheses of an incident.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Who {
    /// The incident.
    pub incident: Option<String>,
    /// The rows, by rank.
    pub rows: Vec<Hypothesis>,
    /// How confident the judgement is: a sentence of its own.
    pub confidence: Text,
    /// Evidence that tells the first two rows apart, the most telling first.
    pub discriminating: Vec<Text>,
    /// What would change the answer.
    pub change: Vec<Text>,
    /// What happens if any one piece is left out or false, or imitation is rarer or more common.
    pub sensitivity: Vec<Text>,
    /// Where the count of inconsistencies orders the rows otherwise.
    pub inconsistency: Option<Text>,
    /// The most that signs of a class are worth, as likelihood ratios.
    pub caps: Vec<(Class, f64)>,
    /// Names that several claim, and what was made of names.
    pub names: Vec<Text>,
    /// What a person's own evidence changed.
    pub by_hand: Option<Text>,
}

impl Who {
    /// Of an incident.
    pub fn of(story: &Story, incident: Option<&Incident>, chain: &Chain) -> Who {
        let known = story.known();
        let mut names = Vec::new();
        let pieces = incident.map(|i| pieces(story, i, chain, &mut names)).unwrap_or_default();
        let judged = judge(&pieces, known, known.who.imitation);
        let rows = judged.rows(&pieces, known, incident.map(|i| i.id.clone()));
        let own: Vec<Piece> = pieces.iter().filter(|p| !p.by_hand).cloned().collect();
        let without = judge(&own, known, known.who.imitation);
        let by_hand = (own.len() < pieces.len()).then(|| {
            let (with, without) = (judged.answer(), without.answer());
            Text::new(
                format!("with what people added: {}; without it: {}", with.en, without.en),
                format!("avec ce que des personnes ont ajouté : {} ; sans : {}", with.fr, without.fr),
            )
        });
        Who {
            incident: incident.map(|i| i.id.clone()),
            confidence: confidence(&pieces, &judged, known),
            discriminating: discriminating(&pieces, &judged),
            change: change(&pieces, &judged, chain),
            sensitivity: sensitivity(&pieces, &judged, known),
            inconsistency: inconsistency(&rows),
            caps: Class::ALL.map(|c| (c, 1.0 / (known.who.imitation * known.who.plantable[&c]))).into(),
            names,
            by_hand,
            rows,
        }
    }

    /// Whether no hypothesis is preferred.
    pub fn undetermined(&self) -> bool {
        self.rows.iter().all(|r| !r.preferred)
    }

    /// The row of a hypothesis.
    pub fn row(&self, hypothesis: &str) -> Option<&Hypothesis> {
        self.rows.iter().find(|r| r.hypothesis == hypothesis)
    }
}

/// The words of ICD 203 for a probability.
pub fn words(p: f64) -> Text {
    const WORDS: [(f64, &str, &str); 7] = [
        (0.05, "almost no chance", "presque aucune chance"),
        (0.20, "very unlikely", "très improbable"),
        (0.45, "unlikely", "improbable"),
        (0.55, "roughly even chance", "à peu près une chance sur deux"),
        (0.80, "likely", "probable"),
        (0.95, "very likely", "très probable"),
        (1.01, "almost certain", "quasi certain"),
    ];
    let (_, en, fr) = WORDS.iter().find(|(to, ..)| p <= *to).unwrap_or(&WORDS[6]);
    Text::new(*en, *fr)
}

/// A hypothesis in words.
pub fn label(hypothesis: &str) -> Text {
    match hypothesis {
        ANOTHER => Text::new("another group", "un autre groupe"),
        "criminals" => Text::new("criminals, for money", "des criminels, pour l’argent"),
        "insider" => Text::new("somebody from inside", "quelqu’un de l’intérieur"),
        FLAG => Text::new("somebody who poses as a known group", "quelqu’un qui se fait passer pour un groupe connu"),
        COINCIDENCE => Text::new("coincidence: no one story", "coïncidence : pas une seule histoire"),
        set => Text::same(set.trim_start_matches(SET)),
    }
}

fn log(ratio: [f64; 2]) -> [f64; 2] {
    ratio.map(|r| r.max(1e-12).log10())
}

/// What a source's word is worth.
fn believed(ratio: [f64; 2], right: f64) -> [f64; 2] {
    ratio.map(|lr| if lr <= 1.0 { lr } else { 1.0 / ((1.0 - right) + right / lr) })
}

fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}

/// All evidence of an incident.
fn pieces(story: &Story, incident: &Incident, chain: &Chain, names: &mut Vec<Text>) -> Vec<Piece> {
    let known = story.known();
    let own = |row: &str, ratio: &Ratio, origin: &str, findings: Vec<String>, what: Text| Piece {
        row: row.into(),
        told: Weighed {
            what,
            origin: origin.into(),
            class: ratio.class,
            ratio: ratio.ratio,
            believed: ratio.ratio,
            reliability: None,
            basis: Text::new(
                format!("judgement of {}, {}", known.author, known.date),
                format!("jugement de {}, {}", known.author, known.date),
            ),
            findings,
        },
        by_hand: false,
    };
    let mut all = Vec::new();
    let first = |step: Step| chain.step(step).filter(|s| s.state == State::Found);
    let ids = |steps: &[Step]| -> Vec<String> {
        steps.iter().filter_map(|s| first(*s)).flat_map(|s| s.findings.iter().take(3).cloned()).collect()
    };
    // Coincidence: what joins, by the steps at which findings meet; steps within one finding are one.
    let inside: BTreeSet<usize> = incident.items.iter().copied().collect();
    let joined: BTreeSet<Step> = story
        .links
        .iter()
        .filter(|l| inside.contains(&l.ends.0) && inside.contains(&l.ends.1))
        .flat_map(|l| [l.ends.0, l.ends.1])
        .filter(|n| story.items[*n].part.innocent.is_none())
        .filter_map(|n| story.items[n].steps().min())
        .collect();
    let name = match joined.len() {
        0 | 1 => "unlinked",
        2 => "linked_2",
        3 => "linked_3",
        _ => "linked_4",
    };
    let ratio = known.ratio(name);
    all.push(own(COINCIDENCE, ratio, "links", ids(&joined.iter().copied().collect::<Vec<_>>()), ratio.what()));
    let mut causes: BTreeMap<&Text, Vec<String>> = BTreeMap::new();
    for item in story.of_incident(incident) {
        if let Some(cause) = &item.part.innocent {
            causes.entry(cause).or_default().push(item.id.clone());
        }
    }
    let ratio = known.ratio("innocent_cause");
    for (cause, findings) in causes {
        let what = ratio.what();
        let what = Text::new(format!("{}: {}", what.en, cause.en), format!("{} : {}", what.fr, cause.fr));
        all.push(own(COINCIDENCE, ratio, &format!("record: {}", cause.en), findings, what));
    }
    if let (Some(used), Some(taken)) = (first(Step::CredentialUsed), first(Step::DocumentsTaken))
        && used.first <= taken.last
    {
        let ratio = known.ratio("entry_before_theft");
        all.push(own("insider", ratio, "sign-ins", ids(&[Step::CredentialUsed, Step::DocumentsTaken]), ratio.what()));
    }
    let ransom = story.of_incident(incident).any(|i| i.part.signs.iter().any(|s| s.about == About::Other("criminals")));
    if first(Step::Published).is_some() && !ransom {
        let ratio = known.ratio("no_ransom");
        all.push(own("criminals", ratio, "publication", ids(&[Step::Published]), ratio.what()));
    }
    all.extend(said(story, incident, chain, names));
    for decision in story.decisions.iter().filter(|d| d.verb == Verb::Weigh) {
        let Some(ratio) = decision.ratio else { continue };
        let told = Weighed {
            what: Text::same(decision.reason.clone()),
            origin: format!("decision {}", decision.number),
            class: Class::Secret,
            ratio,
            believed: ratio,
            reliability: None,
            basis: Text::new(
                format!("judgement of {}, {}", decision.by, decision.time),
                format!("jugement de {}, {}", decision.by, decision.time),
            ),
            findings: decision.findings.clone(),
        };
        all.push(Piece { row: decision.hypothesis.clone(), told, by_hand: true });
    }
    all
}

/// What others say, one piece for each origin: who copies or cites another is none of his own.
fn said(story: &Story, incident: &Incident, chain: &Chain, names: &mut Vec<Text>) -> Vec<Piece> {
    let known = story.known();
    let act = [Step::DecoyRegistered, Step::Mail, Step::IntrusionAttempt]
        .into_iter()
        .filter_map(|s| chain.step(s)?.first)
        .min();
    let act = act.or(incident.first);
    struct Word<'s> {
        row: String,
        sign: &'s super::Sign,
        finding: &'s str,
    }
    let mut words: Vec<Word> = Vec::new();
    for item in story.of_incident(incident) {
        for sign in &item.part.signs {
            let row = match &sign.about {
                About::Other(row) => (*row).to_string(),
                About::Set(name) => match set(story, name, names) {
                    Some(name) => format!("{SET}{name}"),
                    None => continue,
                },
            };
            words.push(Word { row, sign, finding: &item.id });
        }
    }
    words.sort_by(|a, b| {
        (&a.row, a.sign.said, &a.sign.origin, a.finding).cmp(&(&b.row, b.sign.said, &b.sign.origin, b.finding))
    });
    let plain = |t: &str| t.trim().trim_end_matches('/').to_lowercase();
    let mut all: Vec<(Piece, Vec<String>, Vec<String>)> = Vec::new();
    for word in words {
        let (who, place) = (plain(&word.sign.origin), plain(&word.sign.reference));
        let of = |(piece, origins, places): &&mut (Piece, Vec<String>, Vec<String>)| {
            piece.row == word.row
                && (origins
                    .iter()
                    .any(|o| *o == who || !o.is_empty() && (who.contains(o.as_str()) || o.contains(&who)))
                    || !place.is_empty() && places.contains(&place))
        };
        if let Some((piece, origins, places)) = all.iter_mut().find(of) {
            piece.told.findings.push(word.finding.into());
            origins.push(who);
            places.push(place);
            continue;
        }
        let after = matches!((word.sign.said, act), (Some(said), Some(act)) if said > act);
        let name = match (word.sign.ratio, after) {
            ("means", true) => "unpublished_means",
            ("means", false) => "published_means",
            (name, _) => name,
        };
        let ratio = known.ratio(name);
        let letter = letter(story, &word.sign.origin);
        let right = letter.as_ref().and_then(|l| known.who.believed.get(l)).copied().unwrap_or(known.who.believed["F"]);
        // What nobody rated can be typed by anybody.
        let class = match (&letter, word.sign.class) {
            (_, Some(class)) => class,
            (None, None) => Class::Cheap,
            (Some(_), None) => ratio.class,
        };
        let (what, date) = (ratio.what(), word.sign.said.map(day).unwrap_or_default());
        let told = Weighed {
            what: Text::new(
                format!("{}: {}", word.sign.what.en, what.en),
                format!("{} : {}", word.sign.what.fr, what.fr),
            ),
            origin: word.sign.origin.clone(),
            class,
            ratio: ratio.ratio,
            believed: believed(ratio.ratio, right).map(round),
            reliability: Some(letter.unwrap_or_else(|| "F".into())),
            basis: Text::new(
                format!("report {date} {}; ratio: judgement of {}, {}", word.sign.reference, known.author, known.date),
                format!(
                    "rapport {date} {} ; rapport de vraisemblance : jugement de {}, {}",
                    word.sign.reference, known.author, known.date
                ),
            ),
            findings: vec![word.finding.into()],
        };
        all.push((Piece { row: word.row, told, by_hand: false }, vec![who], vec![place]));
    }
    all.into_iter()
        .map(|(mut piece, ..)| {
            piece.told.findings.sort();
            piece.told.findings.dedup();
            piece
        })
        .collect()
}

fn day(time: Time) -> String {
    time.to_string().chars().take(10).collect()
}

/// The set of a name: by the person's choice, else the only one that claims it, else the name as it is.
fn set(story: &Story, name: &str, names: &mut Vec<Text>) -> Option<String> {
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let chosen = story.settings.names.iter().filter_map(|n| n.split_once(':'));
    if let Some((_, set)) = chosen.map(|(n, s)| (n.trim(), s.trim())).find(|(n, _)| n.eq_ignore_ascii_case(name)) {
        return Some(set.into());
    }
    let claims = story.known.1.named(name);
    let mut say = |text: Text| {
        if !names.contains(&text) {
            names.push(text);
        }
    };
    match claims.as_slice() {
        [] => Some(name.into()),
        [(set, who)] => {
            if !set.name.eq_ignore_ascii_case(name) {
                say(Text::new(
                    format!("“{name}” is {}, says {who}", set.name),
                    format!("« {name} » est {}, dit {who}", set.name),
                ));
            }
            Some(set.name.clone())
        }
        several => {
            let all = several.iter().map(|(s, who)| format!("{} ({who})", s.name)).collect::<Vec<_>>().join(", ");
            say(Text::new(
                format!("“{name}” is claimed by several: {all}; refused until `[who] names` says whose it is"),
                format!(
                    "« {name} » est revendiqué par plusieurs : {all} ; refusé tant que `[who] names` ne dit pas à qui il est"
                ),
            ));
            None
        }
    }
}

/// The letter of a source: as the case rates it, else as it is known.
fn letter(story: &Story, source: &str) -> Option<String> {
    let rated = story.settings.rated.iter().filter_map(|r| r.split_once(':'));
    if let Some((letter, _)) =
        rated.map(|(l, s)| (l.trim(), s.trim())).find(|(_, s)| s.eq_ignore_ascii_case(source.trim()))
    {
        return Some(letter.to_uppercase()).filter(|l| story.known().who.believed.contains_key(l));
    }
    let is = |name: &String| name.eq_ignore_ascii_case(source.trim());
    let known = story.known().source.iter().find(|k| is(&k.name) || k.also.iter().any(is));
    known.map(|k| k.letter.clone())
}

/// The rows, weighed.
struct Judged {
    /// By hypothesis: log10 of the ratio, from and to.
    weights: BTreeMap<String, [f64; 2]>,
    with_cheap: BTreeMap<String, [f64; 2]>,
    /// By rank.
    order: Vec<String>,
    preferred: bool,
}

fn judge(pieces: &[Piece], known: &Known, imitation: f64) -> Judged {
    let dear: Vec<&Piece> = pieces.iter().filter(|p| p.told.class != Class::Cheap).collect();
    let all: Vec<&Piece> = pieces.iter().collect();
    let rows: BTreeSet<String> = ROWS
        .into_iter()
        .map(String::from)
        .chain(pieces.iter().filter(|p| p.row.starts_with(SET)).map(|p| p.row.clone()))
        .collect();
    let weights = weigh(&rows, &dear, known, imitation);
    let with_cheap = weigh(&rows, &all, known, imitation);
    let middle = |h: &str| (weights[h][0] + weights[h][1]) / 2.0 + prior(h, PRIOR);
    let mut order: Vec<String> = rows.into_iter().collect();
    order.sort_by(|a, b| {
        let round = |x: f64| (x * 1e9).round() as i64;
        // A named group before another of the same weight: that is what the reader asks about.
        round(middle(b)).cmp(&round(middle(a))).then_with(|| a.cmp(b))
    });
    let first = &order[0];
    let lead = order[1..].iter().map(|h| weights[first][0] - weights[h][1]).fold(f64::INFINITY, f64::min);
    // Without any evidence that is dear, nothing can be preferred.
    let preferred = !dear.is_empty() && lead >= LEAD - 1e-9 && posterior(&weights, first, [0, 1], PRIOR) >= LIKELY;
    Judged { weights, with_cheap, order, preferred }
}

fn weigh(rows: &BTreeSet<String>, pieces: &[&Piece], known: &Known, imitation: f64) -> BTreeMap<String, [f64; 2]> {
    let of = |row: &str, end: usize| -> Vec<(Class, f64)> {
        pieces.iter().filter(|p| p.row == row).map(|p| (p.told.class, log(p.told.believed)[end])).collect()
    };
    let one = |row: &String| -> [f64; 2] {
        [0, 1].map(|end| {
            if row.starts_with(SET) {
                pool(&of(row, end), known, imitation)
            } else if row == FLAG {
                let sets = rows.iter().filter(|r| r.starts_with(SET)).map(|r| flag(&of(r, end), known, imitation));
                sets.fold(imitation.log10(), f64::max) + of(row, end).iter().map(|(_, w)| w).sum::<f64>()
            } else {
                // Cheap signs of others are pooled as well: whoever can plant one can plant many.
                let (cheap, dear): (Vec<_>, Vec<_>) = of(row, end).into_iter().partition(|(c, _)| *c == Class::Cheap);
                pool(&cheap, known, imitation) + dear.iter().map(|(_, w)| w).sum::<f64>()
            }
        })
    };
    rows.iter().map(|row| (row.clone(), one(row))).collect()
}

/// Signs that name one group, each class capped by what an imitator could do.
fn pool(signs: &[(Class, f64)], known: &Known, imitation: f64) -> f64 {
    let mut sum: f64 = 0.0;
    for class in Class::ALL {
        let here: Vec<f64> = signs.iter().filter(|(c, _)| *c == class).map(|(_, w)| *w).collect();
        if here.is_empty() {
            continue;
        }
        sum += here.iter().sum::<f64>();
        if sum > 0.0 {
            sum = -(10f64.powf(-sum) + imitation * known.who.plantable[&class]).log10();
        }
    }
    sum
}

/// That somebody able to do up to a class made all of it.
fn flag(signs: &[(Class, f64)], known: &Known, imitation: f64) -> f64 {
    let of = |class: Class| {
        let up: Vec<(Class, f64)> = signs.iter().filter(|(c, _)| *c <= class).copied().collect();
        pool(&up, known, imitation) + known.who.plantable[&class].log10()
    };
    let there = Class::ALL.into_iter().filter(|c| signs.iter().any(|(s, _)| s == c));
    imitation.log10() + there.map(of).fold(0.0, f64::max)
}

fn prior(hypothesis: &str, p: f64) -> f64 {
    if hypothesis.starts_with(SET) || hypothesis == FLAG { p } else { 0.0 }
}

/// The probability of a row, its own end against another end of all others.
fn posterior(weights: &BTreeMap<String, [f64; 2]>, row: &str, [own, others]: [usize; 2], p: f64) -> f64 {
    let odds = |h: &str, end: usize| 10f64.powf(weights[h][end] + prior(h, p));
    let mine = odds(row, own);
    mine / (mine + weights.keys().filter(|h| *h != row).map(|h| odds(h, others)).sum::<f64>())
}

impl Judged {
    fn rows(&self, pieces: &[Piece], known: &Known, incident: Option<String>) -> Vec<Hypothesis> {
        let _ = known;
        let row = |(n, h): (usize, &String)| {
            let end = |ends: [usize; 2], pick: fn(f64, f64) -> f64, from: f64| {
                PRIORS.iter().map(|p| posterior(&self.weights, h, ends, *p)).fold(from, pick)
            };
            let probability = [end([0, 1], f64::min, 1.0), end([1, 0], f64::max, 0.0)];
            let evidence: Vec<Weighed> = pieces.iter().filter(|p| p.row == *h).map(|p| p.told.clone()).collect();
            Hypothesis {
                hypothesis: h.clone(),
                rank: n as u64 + 1,
                preferred: self.preferred && n == 0,
                undetermined: !self.preferred,
                weight: self.weights[h].map(round),
                with_cheap: self.with_cheap[h].map(round),
                probability: probability.map(round),
                words: probability.map(|p| words(p).en),
                inconsistent: evidence.iter().filter(|w| log(w.believed)[1] < 0.0).count() as u64,
                evidence,
                incident: incident.clone(),
            }
        };
        self.order.iter().enumerate().map(row).collect()
    }

    fn answer(&self) -> Text {
        match self.preferred {
            true => label(&self.order[0]),
            false => Text::new(
                format!("undetermined, {} first", label(&self.order[0]).en),
                format!("indéterminé, {} en tête", label(&self.order[0]).fr),
            ),
        }
    }
}

fn origins<'p>(pieces: &'p [Piece], row: &str) -> Vec<&'p Piece> {
    pieces.iter().filter(|p| p.row == row && p.told.class != Class::Cheap).collect()
}

/// Whether the first stays first, and the answer the answer, when any one piece is left out.
fn stable(pieces: &[Piece], judged: &Judged, known: &Known) -> bool {
    (0..pieces.len()).all(|n| {
        let mut rest = pieces.to_vec();
        rest.remove(n);
        judge(&rest, known, known.who.imitation).order[0] == judged.order[0]
    })
}

fn confidence(pieces: &[Piece], judged: &Judged, known: &Known) -> Text {
    let mine = origins(pieces, &judged.order[0]);
    let held = mine.iter().any(|p| p.told.class >= Class::Held);
    let stable = stable(pieces, judged, known);
    let n = mine.len();
    match (n, held, stable) {
        (3.., true, true) => Text::new(
            format!(
                "Confidence is high: {n} independent origins, one of them hard to plant, and no single piece decides."
            ),
            format!(
                "La confiance est élevée : {n} origines indépendantes, dont une difficile à imiter, et aucune pièce ne décide seule."
            ),
        ),
        (2.., _, true) => Text::new(
            format!("Confidence is moderate: {n} independent origins, and no single piece decides."),
            format!("La confiance est moyenne : {n} origines indépendantes, et aucune pièce ne décide seule."),
        ),
        _ => Text::new(
            format!(
                "Confidence is low: {} {}{}.",
                n,
                if n == 1 { "independent origin" } else { "independent origins" },
                if stable { "" } else { ", and one piece alone decides which row is first" }
            ),
            format!(
                "La confiance est faible : {} {}{}.",
                n,
                if n < 2 { "origine indépendante" } else { "origines indépendantes" },
                if stable { "" } else { ", et une seule pièce décide de la ligne qui vient en tête" }
            ),
        ),
    }
}

fn discriminating(pieces: &[Piece], judged: &Judged) -> Vec<Text> {
    let top: Vec<&String> = judged.order.iter().take(3).collect();
    let mut telling: Vec<(&Piece, f64)> = pieces
        .iter()
        .filter(|p| p.told.class != Class::Cheap && (top.contains(&&p.row) || log(p.told.believed)[1] < 0.0))
        .map(|p| (p, log(p.told.believed).iter().sum::<f64>().abs() / 2.0))
        .filter(|(_, w)| *w > 0.1)
        .collect();
    telling.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.told.what.cmp(&b.0.told.what)));
    let told = telling.into_iter().map(|(p, _)| {
        let side = if log(p.told.believed)[1] < 0.0 { ("against", "contre") } else { ("for", "pour") };
        let row = label(&p.row);
        Text::new(
            format!("{} “{}”: {} ({})", side.0, row.en, p.told.what.en, p.told.origin),
            format!("{} « {} » : {} ({})", side.1, row.fr, p.told.what.fr, p.told.origin),
        )
    });
    told.take(6).collect()
}

fn change(pieces: &[Piece], judged: &Judged, chain: &Chain) -> Vec<Text> {
    let mut all = Vec::new();
    let first = &judged.order[0];
    if !judged.preferred && judged.order.iter().any(|h| h.starts_with(SET)) {
        let named = judged.order.iter().find(|h| h.starts_with(SET)).map(|h| label(h)).unwrap_or_default();
        all.push(Text::new(
            format!("a second independent origin that has seen means of {} that were not public", named.en),
            format!("une seconde origine indépendante qui a vu des moyens de {} alors non publics", named.fr),
        ));
    } else if first.starts_with(SET) && origins(pieces, first).len() < 3 {
        all.push(Text::new(
            "that one of the origins withdraws, or turns out to rest on the other",
            "que l’une des origines se rétracte, ou repose en fait sur l’autre",
        ));
    }
    let holes = chain.steps.iter().filter(|s| s.state == State::Missing);
    let wanted = [Step::CredentialUsed, Step::DocumentsTaken, Step::DocumentsDoctored];
    for step in holes.filter(|s| wanted.contains(&s.step)).take(2) {
        let (name, look) = (step.step.text(), step.look.clone().unwrap_or_default());
        all.push(Text::new(
            format!("evidence of “{}”: {}", name.en, look.en),
            format!("une preuve de « {} » : {}", name.fr, look.fr),
        ));
    }
    all
}

fn sensitivity(pieces: &[Piece], judged: &Judged, known: &Known) -> Vec<Text> {
    let mut all = Vec::new();
    let mut same = 0;
    let mut hold = |what: Text, other: &Judged| {
        if other.order[0] == judged.order[0] && other.preferred == judged.preferred {
            same += 1;
            return;
        }
        let answer = other.answer();
        all.push(Text::new(format!("{}: {}", what.en, answer.en), format!("{} : {}", what.fr, answer.fr)));
    };
    for (n, piece) in pieces.iter().enumerate().filter(|(_, p)| p.told.class != Class::Cheap) {
        let mut rest = pieces.to_vec();
        rest.remove(n);
        let (what, who) = (&piece.told.what, &piece.told.origin);
        hold(
            Text::new(format!("without “{}” ({who})", what.en), format!("sans « {} » ({who})", what.fr)),
            &judge(&rest, known, known.who.imitation),
        );
        let mut turned = pieces.to_vec();
        let [low, high] = piece.told.believed;
        turned[n].told.believed = [1.0 / high, 1.0 / low];
        hold(
            Text::new(format!("if “{}” ({who}) is false", what.en), format!("si « {} » ({who}) est faux", what.fr)),
            &judge(&turned, known, known.who.imitation),
        );
    }
    for imitation in [0.03_f64, 0.3] {
        let percent = (imitation * 100.0).round();
        hold(
            Text::new(
                format!("if imitation is tried in {percent}% of cases"),
                format!("si l’imitation est tentée dans {percent}\u{202f}% des cas"),
            ),
            &judge(pieces, known, imitation),
        );
    }
    all.push(Text::new(
        format!("in {same} other trials the answer stays the same"),
        format!("dans {same} autres essais la réponse reste la même"),
    ));
    all
}

/// Where counting what speaks against each row orders them otherwise.
fn inconsistency(rows: &[Hypothesis]) -> Option<Text> {
    let least = rows.iter().map(|r| r.inconsistent).min()?;
    let first = rows.first()?;
    let best: Vec<String> = rows.iter().filter(|r| r.inconsistent == least).map(|r| label(&r.hypothesis).en).collect();
    let best_fr: Vec<String> =
        rows.iter().filter(|r| r.inconsistent == least).map(|r| label(&r.hypothesis).fr).collect();
    (first.inconsistent > least).then(|| {
        Text::new(
            format!("Counting only what speaks against each would put first: {}.", best.join(", ")),
            format!("Ne compter que ce qui contredit chacune mettrait en tête : {}.", best_fr.join(", ")),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(row: &str, class: Class, ratio: [f64; 2]) -> Piece {
        let told = Weighed {
            what: Text::same("w"),
            origin: "o".into(),
            class,
            ratio,
            believed: ratio,
            reliability: None,
            basis: Text::default(),
            findings: Vec::new(),
        };
        Piece { row: row.into(), told, by_hand: false }
    }

    fn others() -> Vec<Piece> {
        let held = |row: &str, low: f64, high: f64| piece(row, Class::Held, [10f64.powf(low), 10f64.powf(high)]);
        vec![
            held("criminals", -1.5, -0.5),
            held("criminals", -0.5, -0.1),
            held("insider", -1.5, -0.5),
            held("coincidence", -3.0, -1.5),
        ]
    }

    /// The worked example of `method/case.md`, number by number.
    #[test]
    fn one_origin_is_undetermined_and_two_are_not() {
        let known = Known::embedded();
        let report = || piece("intrusion_set:A", Class::Secret, believed([30.0, 100.0], 0.8));
        let told = report().told.believed;
        assert!((told[0] - 4.41).abs() < 0.01 && (told[1] - 4.81).abs() < 0.01);
        let mut all = others();
        all.push(report());
        let one = judge(&all, &known, 0.1);
        assert_eq!(one.order[0], "intrusion_set:A");
        assert!(!one.preferred);
        let [low, high] = one.weights["intrusion_set:A"];
        assert!((low - 0.59).abs() < 0.01 && (high - 0.62).abs() < 0.01, "{low} {high}");
        all.push(report());
        let two = judge(&all, &known, 0.1);
        assert!(two.preferred && two.order[0] == "intrusion_set:A");
        assert!(!judge(&all, &known, 0.3).preferred);
        // A hundred planted cheap signs change nothing.
        let before = two.weights.clone();
        all.extend((0..100).map(|_| piece("intrusion_set:A", Class::Cheap, [2.0, 5.0])));
        all.extend((0..100).map(|_| piece("intrusion_set:B", Class::Cheap, [2.0, 5.0])));
        let planted = judge(&all, &known, 0.1);
        assert!(planted.preferred && planted.order[0] == "intrusion_set:A");
        assert!(before.iter().all(|(h, w)| planted.weights[h] == *w));
        assert!(planted.with_cheap["intrusion_set:B"][1] <= 1.0);
    }

    #[test]
    fn a_false_flag_is_undetermined() {
        let known = Known::embedded();
        let mut all = others();
        all.extend((0..6).map(|_| piece("intrusion_set:A", Class::Cheap, [2.0, 5.0])));
        all.push(piece("intrusion_set:A", Class::Secret, [0.033, 0.33]));
        assert!(!judge(&all, &known, 0.1).preferred);
    }

    #[test]
    fn what_has_innocent_causes_is_coincidence() {
        let known = Known::embedded();
        let innocent = || piece("coincidence", Class::Held, [3.0, 30.0]);
        let judged = judge(&[innocent(), innocent()], &known, 0.1);
        assert_eq!(judged.order[0], "coincidence");
        assert_eq!(judge(&[innocent()], &known, 0.1).order[0], "coincidence");
    }

    #[test]
    fn words_have_their_numbers() {
        for (p, word) in
            [(0.05, "almost no chance"), (0.2, "very unlikely"), (0.5, "roughly even chance"), (0.99, "almost certain")]
        {
            assert_eq!(words(p).en, word);
        }
    }
}
