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
mod doubt;
mod evidence;
mod judge;
mod tiers;

pub use tiers::{Tier, tiers};

use super::{Chain, Incident, Story};
use doubt::{change, confidence, discriminating, inconsistency, sensitivity};
use evidence::pieces;
use judge::judge;
use model::Text;
use rows::story::{Class, Hypothesis, Weighed};
use serde::Serialize;

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
        (0.55, "roughly even chance", "environ une chance sur deux"),
        (0.80, "likely", "probable"),
        (0.95, "very likely", "très probable"),
        (1.01, "almost certain", "quasi certain"),
    ];
    let (_, en, fr) = WORDS.iter().find(|(to, ..)| p <= *to).unwrap_or(&WORDS[6]);
    Text::new(*en, *fr)
}

/// A range of probability in whole percent, without the sign: no chance is told as none or as certainty, whatever rounding makes
/// of it.
pub fn percents([low, high]: [f64; 2]) -> String {
    let whole = |p: f64| match p * 100.0 {
        n if n < 1.0 => "<1".to_string(),
        n if n > 99.0 => ">99".to_string(),
        n => format!("{n:.0}"),
    };
    let (low, high) = (whole(low), whole(high));
    let open = low.starts_with(['<', '>']) || high.starts_with(['<', '>']);
    match low == high {
        true => low,
        // `98–>99` reads as an arrow.
        false if open => format!("{low}\u{a0}–\u{a0}{high}"),
        false => format!("{low}–{high}"),
    }
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

#[cfg(test)]
mod tests {
    use super::judge::judge;
    use super::*;
    use knowledge::chain::Chain as Known;

    #[test]
    fn open_bounds_can_be_read() {
        let check = |range: [f64; 2], expected: &str| assert_eq!(percents(range), expected);
        check([0.2, 0.35], "20–35");
        check([0.2, 0.2], "20");
        check([0.98, 0.999], "98\u{a0}–\u{a0}>99");
        check([0.001, 0.05], "<1\u{a0}–\u{a0}5");
        check([0.001, 0.999], "<1\u{a0}–\u{a0}>99");
        check([0.001, 0.002], "<1");
    }

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
