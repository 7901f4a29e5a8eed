//! How sure the answer is, and what would make it another: confidence, which evidence tells rows apart, what would change the
//! answer, what happens where a piece is left out or false.

use super::judge::{Judged, judge};
use super::{Piece, SET, label, log};
use crate::story::Chain;
use knowledge::chain::Chain as Known;
use model::Text;
use rows::story::{Class, Hypothesis, State, Step};

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

pub(super) fn confidence(pieces: &[Piece], judged: &Judged, known: &Known) -> Text {
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

pub(super) fn discriminating(pieces: &[Piece], judged: &Judged) -> Vec<Text> {
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
        let from = p.told.from();
        Text::new(
            format!("{} “{}”: {} ({})", side.0, row.en, p.told.what.en, from.en),
            format!("{} « {} » : {} ({})", side.1, row.fr, p.told.what.fr, from.fr),
        )
    });
    told.take(6).collect()
}

pub(super) fn change(pieces: &[Piece], judged: &Judged, chain: &Chain) -> Vec<Text> {
    let mut all = Vec::new();
    let first = &judged.order[0];
    if !judged.preferred && judged.order.iter().any(|h| h.starts_with(SET)) {
        let named = judged.order.iter().find(|h| h.starts_with(SET)).map(|h| label(h)).unwrap_or_default();
        all.push(Text::new(
            format!("a second independent origin that has seen means of {} that were not public", named.en),
            format!("une seconde origine indépendante qui a vu des moyens, alors non publics, de : {}", named.fr),
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

pub(super) fn sensitivity(pieces: &[Piece], judged: &Judged, known: &Known) -> Vec<Text> {
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
        let (what, who) = (&piece.told.what, piece.told.from());
        hold(
            Text::new(format!("without “{}” ({})", what.en, who.en), format!("sans « {} » ({})", what.fr, who.fr)),
            &judge(&rest, known, known.who.imitation),
        );
        let mut turned = pieces.to_vec();
        let [low, high] = piece.told.believed;
        turned[n].told.believed = [1.0 / high, 1.0 / low];
        hold(
            Text::new(
                format!("if “{}” ({}) is false", what.en, who.en),
                format!("si « {} » ({}) est faux", what.fr, who.fr),
            ),
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
pub(super) fn inconsistency(rows: &[Hypothesis]) -> Option<Text> {
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
