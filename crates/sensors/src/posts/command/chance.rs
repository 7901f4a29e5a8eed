//! `--p-values` and `--groups`: what is no chance.

use super::arguments::Asked;
use super::cells;
use super::explained::Kept;
use crate::command::Host;
use crate::posts::chance::{self, LEVEL, Pair, SPANS, Tested};
use crate::posts::coordination::innocent::Innocent;
use crate::posts::groups::{Group, groups_of};
use crate::posts::network::{Index, Options};
use model::{Lang, Result, Text, escape};
use rows::posts::Explanation;
use serde_json::json;

/// Prints every pair that was tested, or the groups that the significant ones make.
pub fn print(index: &Index, asked: &Asked, options: Options, kept: Option<Kept>, host: &mut dyn Host) -> Result<()> {
    let tested = chance::test(index, options);
    let Tested { pairs, tests, part } = &tested;
    let significant = pairs.iter().filter(|p| p.corrected <= LEVEL).count();
    let span = super::span(options.window.saturating_mul(SPANS), host.lang());
    host.say(&Text::new(
        format!(
            "{significant} of {} pairs are no chance at the corrected 1% level ({tests} tests; times free within {span})",
            pairs.len()
        ),
        format!(
            "{significant} paires sur {} ne s’expliquent pas par le hasard, au seuil corrigé de 1 % ({tests} tests ; heures libres dans un intervalle de {span})",
            pairs.len()
        ),
    ));
    if *part < 1.0 {
        let one_in = (1.0 / part).round();
        host.say(&Text::new(
            format!("where crowds share, pairs among one account in {one_in} were tested"),
            format!("dans les foules, les paires d’un compte sur {one_in} ont été testées"),
        ));
    }
    if asked.p_values {
        return pairs_of(index, &tested, asked, host);
    }
    let all = groups_of(index, &options, pairs);
    if kept.as_ref().is_some_and(|kept| kept.more) {
        host.say(&Text::new(
            "not all posts were kept: what accounts say of themselves was looked for in the first million",
            "tous les messages n’ont pas été gardés : ce que les comptes disent d’eux-mêmes a été cherché dans le premier million",
        ));
    }
    let explained = kept.map_or_else(Default::default, |kept| kept.explain(index, &all));
    // Who says why acts with the like alone; the others are looked at without those.
    let among = |why: Option<Innocent>| -> Vec<Group> {
        let says = |rank: u32| explained.get(&index.accounts[rank as usize]).copied() == why;
        let pairs: Vec<Pair> = pairs.iter().copied().filter(|p| says(p.account_1) && says(p.account_2)).collect();
        groups_of(index, &options, &pairs)
    };
    let groups = among(None);
    let innocents = Innocent::ALL.into_iter().flat_map(|why| among(Some(why)).into_iter().map(move |g| (g, Some(why))));
    let told = groups.iter().cloned().map(|group| (group, None)).chain(innocents);
    for (n, (group, why)) in told.enumerate() {
        match host.wants_json() {
            true => host.json(&group_json(index, n + 1, &group, why))?,
            false => group_row(index, n + 1, &group, why, host)?,
        }
    }
    if groups.is_empty() {
        nearest(index, pairs, *tests, host)?;
        host.say(&match explained.is_empty() {
            true => Text::new("no group acts as one beyond chance", "aucun groupe n’agit de concert au-delà du hasard"),
            false => Text::new(
                "no group acts as one beyond chance but those that say why",
                "aucun groupe n’agit de concert au-delà du hasard, hors ceux qui s’en expliquent",
            ),
        });
    }
    Ok(())
}

/// Pairs told that came nearest.
const NEAREST: usize = 5;

/// What came nearest where nothing is beyond chance: the surest pairs, what chance would give, and why it is not enough.
fn nearest(index: &Index, pairs: &[Pair], tests: u64, host: &mut dyn Host) -> Result<()> {
    let mut pairs: Vec<&Pair> = pairs.iter().filter(|p| p.corrected > LEVEL).collect();
    pairs.sort_by(|a, b| a.corrected.total_cmp(&b.corrected).then(a.p.total_cmp(&b.p)));
    if pairs.is_empty() {
        return Ok(());
    }
    host.say(&Text::new(
        format!("what came nearest; with {tests} tests a pair must reach p ≤ {LEVEL} after correction:"),
        format!(
            "ce qui s’en approche le plus ; avec {tests} tests, une paire doit atteindre p ≤ {LEVEL} après correction :"
        ),
    ));
    let name = |rank| escape::visible_bytes(index.name(rank));
    for p in pairs.into_iter().take(NEAREST) {
        let (one, other) = (name(p.account_1), name(p.account_2));
        let corrected = p.corrected.min(1.0);
        host.say(&Text::new(
            format!(
                "  {one} and {other}: {} of {} shares together, {:.1} by chance; p = {:.1e}, corrected {corrected:.2}",
                p.together, p.trials, p.expected, p.p
            ),
            format!(
                "  {one} et {other} : {} partages sur {} ensemble, {:.1} par hasard ; p = {:.1e}, corrigé {corrected:.2}",
                p.together, p.trials, p.expected, p.p
            ),
        ));
    }
    Ok(())
}

fn pairs_of(index: &Index, tested: &Tested, asked: &Asked, host: &mut dyn Host) -> Result<()> {
    let name = |rank| escape::visible_bytes(index.name(rank));
    if asked.csv {
        host.line("account_1,account_2,trials,together,expected,p,p_corrected")?;
    }
    for p in &tested.pairs {
        if asked.csv {
            let mut row = Vec::new();
            cells::push(&mut row, index.name(p.account_1));
            row.push(b',');
            cells::push(&mut row, index.name(p.account_2));
            let rest = format!(",{},{},{:.4},{:.3e},{:.3e}\n", p.trials, p.together, p.expected, p.p, p.corrected);
            row.extend_from_slice(rest.as_bytes());
            host.write(&row)?;
        } else if host.wants_json() {
            host.json(&json!({ "account_1": String::from_utf8_lossy(index.name(p.account_1)),
                "account_2": String::from_utf8_lossy(index.name(p.account_2)), "trials": p.trials,
                "together": p.together, "expected": p.expected, "p": p.p, "p_corrected": p.corrected }))?;
        } else {
            host.line(&format!(
                "{:>10.1e}  {:5} / {:<5} ({:.1})  {}  {}",
                p.corrected,
                p.together,
                p.trials,
                p.expected,
                name(p.account_1),
                name(p.account_2)
            ))?;
        }
    }
    Ok(())
}

fn group_json(index: &Index, n: usize, group: &Group, why: Option<Innocent>) -> serde_json::Value {
    let shares = index.shares;
    let account = |a: u32| shares.accounts.text(a).into_owned();
    json!({
        "group": n, "explanation": why.map_or(Explanation::None, Explanation::from), "p_corrected": group.p, "density": group.density,
        "first": group.first, "last": group.last, "hours": group.hours,
        "first_mover": account(group.first_mover),
        "members": group.members.iter().map(|m| json!({ "account": account(m.account), "posts": m.posts,
            "first": m.first, "centrality": m.centrality })).collect::<Vec<_>>(),
        "objects": group.objects.iter().map(|o| json!({ "object": shares.objects.text(o.object),
            "members": o.members, "first": o.first })).collect::<Vec<_>>(),
        "edges": group.edges.iter().map(|e| json!({ "accounts": e.accounts.map(account), "trials": e.pair.trials,
            "together": e.pair.together, "expected": e.pair.expected, "p": e.pair.p, "p_corrected": e.pair.corrected,
            "posts": e.posts.iter().map(|p| shares.posts.text(*p)).collect::<Vec<_>>() })).collect::<Vec<_>>(),
    })
}

fn group_row(index: &Index, n: usize, group: &Group, why: Option<Innocent>, host: &mut dyn Host) -> Result<()> {
    let shares = index.shares;
    let shown = |name: std::borrow::Cow<str>| escape::visible(&name).chars().take(40).collect::<String>();
    let members: Vec<String> = group.members.iter().take(20).map(|m| shown(shares.accounts.text(m.account))).collect();
    let more = if group.members.len() > 20 { " …" } else { "" };
    let (count, objects) = (group.members.len(), group.objects.len());
    let first = shown(shares.accounts.text(group.first_mover));
    let (from, to, density, p) = (group.first, group.last, 100.0 * group.density, group.p);
    host.line(&match host.lang() {
        Lang::En => format!("{n}. {count} accounts, {objects} objects, {from} to {to}, {density:.0}% of pairs, p {p:.1e}, first mover {first}"),
        Lang::Fr => format!("{n}. {count} comptes, {objects} objets, du {from} au {to}, {density:.0} % des paires, p {p:.1e}, premier à agir : {first}"),
    })?;
    host.line(&format!("   {}{more}", members.join(" ")))?;
    why.map_or(Ok(()), |why| {
        host.line(&match host.lang() {
            Lang::En => format!("   not hidden: {}", why.text().en),
            Lang::Fr => format!("   rien de caché : {}", why.text().fr),
        })
    })
}
