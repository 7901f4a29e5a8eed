//! What `network` says of the whole before it shows the parts.

use crate::command::Host;
use crate::posts::network::whole::Whole;
use model::{Result, Text};
use serde_json::json;

/// Says whether the network is more than chance gives, and what that says of single accounts.
pub fn say(whole: &Whole, host: &mut dyn Host) {
    let Whole { rows, expected, sd, p, runs, .. } = whole;
    let part = 100.0 * whole.false_share();
    host.say(&match whole.is_no_chance() {
        true => Text::new(
            format!(
                "The network as a whole is no chance: {rows} rows, where {expected:.1} ± {sd:.1} come by chance (p = {p:.3}, \
                 {runs} runs with times moved within their spans); about {part:.0}% of its rows are chance's. This accuses nobody: \
                 which rows those are it does not say"
            ),
            format!(
                "Le réseau dans son ensemble n’est pas dû au hasard : {rows} lignes, là où le hasard en donne {expected:.1} ± {sd:.1} \
                 (p = {p:.3}, {runs} tirages, heures déplacées dans leur intervalle) ; environ {part:.0} % de ses lignes relèvent \
                 du hasard. Personne n’est accusé : lesquelles, cela n’est pas dit"
            ),
        ),
        false => Text::new(
            format!("chance explains how many rows there are: {rows}, where {expected:.1} ± {sd:.1} come by chance (p = {p:.3})"),
            format!("le hasard explique le nombre de lignes : {rows}, là où il en donne {expected:.1} ± {sd:.1} (p = {p:.3})"),
        ),
    });
    if whole.is_no_chance() {
        let told =
            |(weight, rows, _, part): &(u32, usize, f64, f64)| format!("≥ {weight}: {rows} ({:.0} %)", 100.0 * part);
        let told = whole.by_weight.iter().map(told).collect::<Vec<_>>().join(", ");
        host.say(&Text::new(
            format!("rows by least weight, and the share of false ones among them: {told}"),
            format!("lignes selon le poids minimal, et part de fausses parmi elles : {told}"),
        ));
    }
}

/// The same as an object, after the rows.
pub fn print(whole: &Whole, host: &mut dyn Host) -> Result<()> {
    let Whole { rows, expected, sd, p, runs, .. } = whole;
    let by_weight: Vec<_> = whole
            .by_weight
            .iter()
            .map(|(weight, rows, expected, part)| {
                json!({ "min_weight": weight, "rows": rows, "expected": expected, "false_share": part })
            })
            .collect();
    host.json(&json!({ "rows": rows, "expected": expected, "sd": sd, "p": p, "runs": runs,
            "false_share": whole.false_share(), "no_chance": whole.is_no_chance(), "by_weight": by_weight }))
}
