//! `recount`: files of counts held against one another; totals, then what does not agree.

use super::sealed::Seals;
use super::{audit, forensics, read, told, typing};
use crate::command::{Command, Given, Host, Source};
use model::{Argument, Error, Lang, Result, Text, escape};
use recount::check::{Report, shown};
use recount::world::FIGURES;
use recount::{World, check};
use rows::station_minutes::{Coverage, Discrepancy, Figure, Level, Table};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// `vigie recount`.
pub const RECOUNT: Command = Command {
    name: "recount",
    about: (
        "Hold results and stations' minutes against one another at every level",
        "Confronter résultats et procès-verbaux à tous les niveaux",
    ),
    arguments: ARGUMENTS,
    examples: &[
        "vigie recount communes.csv official.csv",
        "vigie recount results.xlsx --minutes minutes/",
        "vigie recount snapshots/ --minutes night.csv --json",
        "vigie recount snapshots/ --minutes minutes/ --seals my-campaign/seals",
        "vigie recount stations.csv --seed 20270411 --draw 50",
        "vigie recount stations.csv --audit rounds.csv --risk-limit 0.05",
        "vigie recount stations.csv --seed 20270411 --draw 50 --recounted paper.csv",
        "vigie recount stations.csv ben.csv --type anne > anne.csv",
        "vigie recount stations.csv --forensics",
    ],
    run,
};

static ARGUMENTS: &[Argument] = &[
    Argument {
        name: "paths",
        value: Some("PATH"),
        help: (
            "Results at any level (CSV, .xlsx, .xls, .ods, JSON; compressed or not), directories, or - for standard input",
            "Résultats de tout niveau (CSV, .xlsx, .xls, .ods, JSON ; compressés ou non), dossiers, ou - pour l’entrée standard",
        ),
        many: true,
        placed: true,
        ..Argument::PLAIN
    },
    Argument {
        name: "minutes",
        value: Some("PATH"),
        help: (
            "Minutes of stations: what is published is held against them (repeatable; files named `minutes` or `pv` are taken for such)",
            "Procès-verbaux des bureaux : ce qui est publié leur est confronté (répétable ; les fichiers nommés « minutes » ou « pv » sont pris pour tels)",
        ),
        many: true,
        ..Argument::PLAIN
    },
    Argument {
        name: "seals",
        value: Some("LOG"),
        help: (
            "A log of seals (`vigie seal`): whether each file of minutes is as it was sealed",
            "Un journal de scellés (« vigie seal ») : si chaque fichier de procès-verbaux est tel qu’il a été scellé",
        ),
        many: true,
        ..Argument::PLAIN
    },
    Argument {
        name: "proof",
        value: Some("PATH"),
        help: (
            "Proofs out of such a log (`vigie prove`), or a folder of them, where the log is somebody else’s",
            "Preuves tirées d’un tel journal (« vigie prove »), ou un dossier de preuves, quand le journal est à quelqu’un d’autre",
        ),
        many: true,
        ..Argument::PLAIN
    },
    Argument {
        name: "key",
        value: Some("VKEY"),
        help: (
            "The log’s verifier key, or a file that holds it",
            "La clé de vérification du journal, ou un fichier qui la contient",
        ),
        ..Argument::PLAIN
    },
    Argument {
        name: "seed",
        value: Some("SEED"),
        help: (
            "Plan an audit: draw stations to count again by a public seed (dice thrown in public), for all races at once",
            "Préparer un audit : tirer les bureaux à recompter par une graine publique (dés jetés en public), pour tous les scrutins à la fois",
        ),
        ..Argument::PLAIN
    },
    Argument {
        name: "draw",
        value: Some("N"),
        help: ("How many draws (default: 50)", "Nombre de tirages (à défaut : 50)"),
        check: |text| text.parse::<u64>().map(drop).map_err(|e| e.to_string()),
        ..Argument::PLAIN
    },
    Argument {
        name: "audit",
        value: Some("FILE"),
        help: (
            "Rounds of a ballot-polling audit (CSV: round, candidate, votes): the risk after each",
            "Tours d’un audit par tirage de bulletins (CSV : round, candidate, votes) : le risque après chacun",
        ),
        many: true,
        ..Argument::PLAIN
    },
    Argument {
        name: "method",
        value: Some("METHOD"),
        help: (
            "How the risk of --audit is measured: bravo (default), or alpha, which learns from round to round",
            "Mesure du risque de --audit : bravo (à défaut), ou alpha, qui apprend d’un tour à l’autre",
        ),
        check: |text| match text {
            "bravo" | "alpha" => Ok(()),
            _ => Err("bravo or alpha".into()),
        },
        ..Argument::PLAIN
    },
    Argument {
        name: "recounted",
        value: Some("FILE"),
        help: (
            "Stations drawn by --seed and counted again (a table like that of the results): the risk that is left, by batch comparison",
            "Bureaux tirés par --seed et recomptés (tableau comme celui des résultats) : le risque qui reste, par comparaison de lots",
        ),
        many: true,
        ..Argument::PLAIN
    },
    Argument {
        name: "forensics",
        help: (
            "What statistics say of digits, shares and regions, with how often honest elections look the same",
            "Ce que disent les statistiques des chiffres, des parts et des régions, et combien d’élections honnêtes se ressemblent",
        ),
        ..Argument::PLAIN
    },
    Argument {
        name: "type",
        value: Some("WHO"),
        help: (
            "Type minutes from their sheets, as WHO, of the stations and candidates of PATH; minutes by others there are held against them; a table comes out",
            "Saisir des procès-verbaux, sous le nom WHO, pour les bureaux et candidats de PATH ; ceux qu’un autre a saisis leur sont confrontés ; un tableau en sort",
        ),
        conflicts: &["template", "seed", "audit", "forensics"],
        check: |text| if text.trim().is_empty() { Err("a name".into()) } else { Ok(()) },
        ..Argument::PLAIN
    },
    Argument {
        name: "template",
        help: (
            "Print a table to be filled in: the stations and candidates of PATH without counts",
            "Imprimer un tableau à remplir : les bureaux et candidats de PATH, sans chiffres",
        ),
        conflicts: &["seed", "audit", "forensics"],
        ..Argument::PLAIN
    },
    Argument {
        name: "risk-limit",
        value: Some("P"),
        help: (
            "The largest chance of confirming a wrong outcome (default: 0.05)",
            "La plus grande chance de confirmer un résultat faux (à défaut : 0.05)",
        ),
        check: |text| match text.parse::<f64>() {
            Ok(p) if p > 0.0 && p < 1.0 => Ok(()),
            _ => Err("a number between 0 and 1, such as 0.05".into()),
        },
        ..Argument::PLAIN
    },
    Argument {
        name: "every-area",
        help: (
            "Print the totals of the smallest areas too, however many",
            "Donner aussi les totaux des plus petites zones, si nombreuses soient-elles",
        ),
        ..Argument::PLAIN
    },
];

/// Smallest areas whose totals are printed unasked.
const FEW: usize = 2000;
/// Discrepancies on a terminal.
const SHOWN: usize = 60;

fn run(given: &Given, host: &mut dyn Host) -> Result<()> {
    let mut names = Vec::new();
    let mut tables = Vec::new();
    let mut seals = Seals::given(given, host)?;
    for (argument, minutes) in [("paths", false), ("minutes", true)] {
        let paths = given.values(argument);
        if paths.is_empty() {
            continue;
        }
        for source in host.sources(paths) {
            let file = source.name.clone();
            let again = Source { name: file.clone(), path: source.path.clone(), open: Box::new(|| None) };
            let before = tables.len();
            source.each(host, &mut |mut input, name, host| {
                names.push(name.to_string());
                for mut table in read::tables(&mut input, &file, &mut |skip| host.skipped(name, &skip))? {
                    table.minutes |= minutes;
                    tables.push((names.len() - 1, table));
                }
                Ok(())
            })?;
            if let Some(seals) = &mut seals
                && tables[before..].iter().any(|(_, table): &(usize, Table)| table.minutes)
            {
                seals.look(&again, host)?;
            }
        }
    }
    if tables.is_empty() {
        return Err(Error::new("nothing could be read: there is no table of counts").hint(
            "tables with a head are read: areas, registered, voters, valid, and candidates as columns, blocks or rows",
        ));
    }
    if let Some(who) = given.value::<String>("type")? {
        return typing::form(&tables, who.trim(), host);
    }
    if given.has("template") {
        return typing::template(&tables, host);
    }
    let world = World::new(names, tables);
    let report = check(&world);
    if host.wants_json() {
        as_json(&world, &report, given.has("every-area"), seals.as_ref(), host)?;
    } else {
        as_text(&world, &report, seals.as_ref(), host)?;
    }
    seals.iter().try_for_each(|seals| seals.print(host))?;
    if given.has("forensics") {
        forensics::print(&recount::forensics(&world, &report), host)?;
    }
    audit::print(given, &world, &report, host)
}

/// Levels whose totals are printed: all but the smallest, and that one too where it has few areas.
fn printed(world: &World, report: &Report, contest: usize, every: bool) -> impl Fn(Level) -> bool {
    let mut counts: BTreeMap<Level, usize> = BTreeMap::new();
    for t in report.totals.iter().filter(|t| t.contest == contest) {
        *counts.entry(world.areas[t.area as usize].level).or_default() += 1;
    }
    let smallest = counts.keys().next().copied();
    move |level| {
        every || Some(level) != smallest || counts.len() == 1 && counts[&level] <= 100_000 || counts[&level] <= FEW
    }
}

fn as_json(world: &World, report: &Report, every: bool, seals: Option<&Seals>, host: &mut dyn Host) -> Result<()> {
    for contest in 0..world.contests.len() {
        let wanted = printed(world, report, contest, every);
        for t in report.totals.iter().filter(|t| t.contest == contest) {
            let area = &world.areas[t.area as usize];
            if !wanted(area.level) {
                continue;
            }
            for (c, sum) in t.sums.iter().enumerate() {
                let Some(votes) = sum.or(t.published[c]) else { continue };
                let mut line = Map::new();
                line.insert("level".into(), json!(area.level));
                line.insert("area".into(), json!(shown(area)));
                if !area.name.is_empty() && area.name != area.shown {
                    line.insert("name".into(), json!(area.name));
                }
                let key = if c < FIGURES { "figure" } else { "candidate" };
                line.insert(key.into(), json!(world.column(contest, c)));
                line.insert("votes".into(), json!(votes));
                if t.from != area.level {
                    line.insert("from".into(), json!(t.from));
                    line.insert("parts".into(), json!(t.parts));
                    if let Some(published) = t.published[c] {
                        line.insert("published".into(), json!(published));
                    }
                }
                if !world.contests[contest].name.is_empty() {
                    line.insert("contest".into(), json!(world.contests[contest].name));
                }
                host.json(&Value::Object(line))?;
            }
        }
    }
    for d in &report.discrepancies {
        let mut line = Map::from_iter([("discrepancy".to_string(), json!(d.kind))]);
        line.extend(rows::Row::fields(d));
        line.remove("kind");
        if let Some(sealed) = seals.and_then(|seals| seals.holds(&d.against)) {
            line.insert("against_sealed".into(), json!(sealed));
        }
        host.json(&Value::Object(line))?;
    }
    for c in &report.coverage {
        let mut line = Map::from_iter([("coverage".to_string(), json!(c.contest))]);
        let mut fields = rows::Row::fields(c);
        fields.remove("totals");
        line.extend(fields);
        host.json(&Value::Object(line))?;
    }
    Ok(())
}

fn as_text(world: &World, report: &Report, seals: Option<&Seals>, host: &mut dyn Host) -> Result<()> {
    let lang = host.lang();
    let n = |n: u64| told::number(n, lang);
    for (contest, coverage) in report.coverage.iter().enumerate() {
        let totals: Vec<_> = report.totals.iter().filter(|t| t.contest == contest).collect();
        let Some(whole) = totals.iter().find(|t| t.area == 0).or(totals.first()) else { continue };
        let named = world.contests[contest].name.as_str();
        let named = if named.is_empty() { lang.of("Result", "Résultat") } else { named };
        let mut levels: BTreeMap<Level, u64> = BTreeMap::new();
        for t in &totals {
            let area = &world.areas[t.area as usize];
            if t.from == area.level || t.published.iter().any(Option::is_some) {
                *levels.entry(area.level).or_default() += 1;
            }
        }
        let levels: Vec<String> = levels.iter().rev().map(|(l, k)| told::areas(*k, *l, lang)).collect();
        host.line(&escape::visible(&format!("{named}{} {}", lang.of(":", "\u{202f}:"), levels.join(", "))))?;
        let published =
            whole.from != world.areas[whole.area as usize].level && whole.published.iter().any(Option::is_some);
        if published {
            let head = [
                lang.of("sum of parts", "somme des parties"),
                lang.of("published", "publié"),
                lang.of("difference", "différence"),
            ];
            host.line(&format!("  {:<28} {:>14} {:>14} {:>14}", "", head[0], head[1], head[2]))?;
        }
        let mut order: Vec<usize> = (0..whole.sums.len()).collect();
        order.sort_by_key(|c| {
            if *c < FIGURES {
                (0, *c as u64)
            } else {
                (1, u64::MAX - whole.published[*c].or(whole.sums[*c]).unwrap_or(0))
            }
        });
        for c in order {
            let Some(sum) = whole.sums[c].or(whole.published[c]) else { continue };
            let name: String =
                escape::visible(&told::figure(world.column(contest, c), lang)).chars().take(28).collect();
            let mut line = format!("  {name:<28} {:>14}", n(sum));
            if let Some(p) = whole.published[c].filter(|_| published) {
                let difference = p as i64 - sum as i64;
                line += &format!(
                    " {:>14} {:>14}",
                    n(p),
                    if difference == 0 { "=".into() } else { told::signed(difference, lang) }
                );
            }
            host.line(&line)?;
        }
        for m in &coverage.margins {
            let text = format!(
                "  {} {} {} {} {}",
                lang.of("margin:", "écart\u{202f}:"),
                m.winner,
                lang.of("over", "devant"),
                m.loser,
                n(m.votes)
            );
            host.line(&escape::visible(&text))?;
        }
        minutes(coverage, host)?;
    }
    if report.discrepancies.is_empty() {
        host.line(lang.of("No discrepancies.", "Aucune discordance."))?;
    } else {
        let all = report.discrepancies.len();
        host.line("")?;
        let words = match all {
            1 => lang.of("discrepancy", "discordance"),
            _ => lang.of("discrepancies, the largest effect first", "discordances, du plus grand effet au moindre"),
        };
        host.line(&format!("{} {words}", n(all as u64)))?;
    }
    for d in report.discrepancies.iter().take(SHOWN) {
        discrepancy(d, report, seals, host)?;
    }
    if report.discrepancies.len() > SHOWN {
        let left = report.discrepancies.len() - SHOWN;
        host.say(&Text::new(
            format!("{left} more: --json prints all"),
            format!("{left} autres : --json les donne toutes"),
        ));
    }
    Ok(())
}

fn minutes(c: &Coverage, host: &mut dyn Host) -> Result<()> {
    if c.with_minutes == 0 {
        return Ok(());
    }
    let lang = host.lang();
    let n = |k: u64| told::number(k, lang);
    let share = if c.votes > 0 { 100.0 * c.votes_confirmed as f64 / c.votes as f64 } else { 0.0 };
    let share = told::percent(share, lang);
    let text = match lang {
        Lang::En => format!(
            "  minutes of {} of {} stations; they confirm {} of {} votes ({share})",
            n(c.with_minutes),
            n(c.stations),
            n(c.votes_confirmed),
            n(c.votes)
        ),
        Lang::Fr => format!(
            "  procès-verbaux de {} bureaux sur {} ; ils confirment {} voix sur {} ({share})",
            n(c.with_minutes),
            n(c.stations),
            n(c.votes_confirmed),
            n(c.votes)
        ),
    };
    host.line(&text)?;
    if c.settled {
        host.line(lang.of(
            "  the result stands whatever the other stations hold",
            "  le résultat tient, quoi que contiennent les autres bureaux",
        ))?;
    }
    for (area, name, votes) in c.next.iter().take(5) {
        let next = lang.of("to collect next:", "à recueillir ensuite\u{202f}:");
        let text = format!("  {next} {area} {name} ({})", n(*votes));
        host.line(&escape::visible(&text))?;
    }
    Ok(())
}

fn discrepancy(d: &Discrepancy, report: &Report, seals: Option<&Seals>, host: &mut dyn Host) -> Result<()> {
    let lang = host.lang();
    let mut lines = vec![told::title(d).get(lang).to_string()];
    let coverage = report.coverage.iter().find(|c| c.contest == d.contest);
    lines.push(told::effect(d, coverage).get(lang).to_string());
    let at = if d.line > 0 { format!("{}:{}", d.source, d.line) } else { d.source.clone() };
    let against = told::against(d, lang);
    let against = if against.is_empty() { against } else { format!(" {} {against}", lang.of("against", "contre")) };
    let sealed = match seals.and_then(|seals| seals.holds(&d.against)) {
        Some(true) => lang.of(" (sealed)", " (scellé)"),
        Some(false) => lang.of(" (not as sealed)", " (non tel que scellé)"),
        None => "",
    };
    lines.push(format!("{at}{against}{sealed}"));
    if let Some(since) = &d.since {
        let until = d.until.as_ref().map_or(String::new(), |u| {
            format!(", {} {}", lang.of("right again in", "de nouveau juste dans"), told::upload(u))
        });
        lines.push(format!("{} {}{until}", lang.of("first in", "d’abord dans"), told::upload(since)));
    }
    for c in &d.causes {
        let mut moved: Vec<(&String, &i64)> = c.differences.iter().collect();
        moved.sort_by_key(|(name, n)| (name.parse::<Figure>().is_ok(), std::cmp::Reverse(n.unsigned_abs())));
        let moved: Vec<String> = moved
            .iter()
            .take(4)
            .map(|(name, n)| format!("{} {}", told::figure(name, lang), told::signed(**n, lang)))
            .collect();
        let cause = format!("{} {}", told::cause(&c.cause, lang), c.area);
        lines.push(format!("{}{} {}", cause.trim_end(), lang.of(":", "\u{202f}:"), moved.join(", ")));
    }
    let totals = [
        (&d.carried_to, lang.of("carried to", "reporté dans")),
        (&d.right_in, lang.of("not carried to", "non reporté dans")),
    ];
    for (areas, words) in totals.iter().filter(|(areas, _)| !areas.is_empty()) {
        lines.push(format!("{words} {}", told::totals(areas, lang)));
    }
    for (n, line) in lines.iter().enumerate() {
        host.line(&format!("{}{}", if n == 0 { "- " } else { "    " }, escape::visible(line)))?;
    }
    Ok(())
}
