//! `hypotheses`: who may have done it, weighed; a person's own evidence, and assessments that are signed and kept.

use super::links::keep;
use super::story::Asked;
use super::{Outcome, actor};
use crate::cli::Global;
use crate::output::{Out, decimals, say, stamp};
use crate::told::wrapped;
use casework::story::who::{Tier, Who, label, percents, tiers, words};
use casework::story::{Chain, Decision, Verb};
use clap::Args;
use model::{Error, Lang, Result, Text, escape};
use serde_json::json;
use std::path::PathBuf;

/// Who may have done it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie hypotheses DIR
  vigie hypotheses DIR --weigh insider --ratio 0.1..0.5 --reason \"no login from inside in the audit log\"
  vigie hypotheses DIR --sign --reason \"read with counsel on 6 May\"   keep the rows as they stand
  vigie hypotheses DIR --signed                                        earlier assessments
  vigie hypotheses DIR --tiers                                         from cluster to sponsor; who claims which name")]
pub struct Hypotheses {
    /// The case
    pub dir: PathBuf,
    /// Add evidence of one's own for or against a hypothesis
    #[arg(long, value_name = "HYPOTHESIS", requires_all = ["ratio", "reason"])]
    pub weigh: Option<String>,
    /// Its likelihood ratio against another group, from..to
    #[arg(long, value_name = "LOW..HIGH", value_parser = ratio)]
    pub ratio: Option<(f64, f64)>,
    /// Sign the assessment: the rows are kept as they stand
    #[arg(long, requires = "reason", conflicts_with = "weigh")]
    pub sign: bool,
    /// Print earlier signed assessments
    #[arg(long)]
    pub signed: bool,
    /// Print the tiers only: activity cluster, campaign, operator, sponsor, and who says which name is whose
    #[arg(long, conflicts_with_all = ["weigh", "sign", "signed"])]
    pub tiers: bool,
    /// Why; it is kept
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

fn ratio(text: &str) -> std::result::Result<(f64, f64), String> {
    let wrong = || "two numbers above 0, the smaller first, such as 3..30".to_string();
    let (low, high) = text.split_once("..").ok_or_else(wrong)?;
    let number = |t: &str| t.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
    match (number(low), number(high)) {
        (Some(low), Some(high)) if low <= high => Ok((low, high)),
        _ => Err(wrong()),
    }
}

/// `vigie hypotheses`.
pub fn hypotheses(args: &Hypotheses, global: &Global) -> Result<Outcome> {
    let asked = Asked::of(&args.dir, global)?;
    let story = asked.story(global)?;
    let incident = story.gravest();
    let chain = Chain::of(&story, incident);
    let who = Who::of(&story, incident, &chain);
    let number = asked.decisions.iter().map(|d| d.number).max().unwrap_or_default() + 1;
    let decision = |verb: Verb| Decision {
        number,
        time: global.now(),
        by: actor(),
        verb,
        findings: Vec::new(),
        of: None,
        hypothesis: String::new(),
        ratio: None,
        rows: Vec::new(),
        reason: args.reason.clone().unwrap_or_default(),
    };
    if let Some(hypothesis) = &args.weigh {
        if who.row(hypothesis).is_none() && !hypothesis.starts_with("intrusion_set:") {
            let all: Vec<&str> = who.rows.iter().map(|r| r.hypothesis.as_str()).collect();
            return Err(Error::new(format!("there is no hypothesis `{hypothesis}`"))
                .hint(format!("one of {}, or `intrusion_set:NAME`", all.join(", "))));
        }
        let ratio = args.ratio.map(|(low, high)| [low, high]);
        keep(&args.dir, global, &asked, &Decision { hypothesis: hypothesis.clone(), ratio, ..decision(Verb::Weigh) })?;
        say(&asked.style, format!("decision {number} is kept"), format!("la décision {number} est conservée"));
        return Ok(Outcome::Done);
    }
    if args.sign {
        let rows = who.rows.iter().map(|r| json!(r)).collect();
        keep(&args.dir, global, &asked, &Decision { rows, ..decision(Verb::Sign) })?;
        say(
            &asked.style,
            format!("assessment {number} is signed and kept"),
            format!("l’appréciation {number} est signée et conservée"),
        );
        return Ok(Outcome::Done);
    }
    let mut out = Out::new();
    if args.tiers {
        let all = tiers(&story, incident, &who);
        if asked.style.json {
            all.iter().try_for_each(|tier| out.json(tier))?;
        } else {
            print_tiers(&asked, &all, &mut out)?;
        }
    } else if args.signed {
        signed(&asked, &mut out)?;
    } else if asked.style.json {
        who.rows.iter().try_for_each(|row| out.json(row))?;
    } else {
        print(&asked, &who, &mut out)?;
        let context: Vec<Text> = story.context().iter().map(|m| Text::same(m.line())).collect();
        if !context.is_empty() {
            let head = "Context, which weighs nothing (whoever has a motive need not have acted):";
            out.line(asked.style.lang.of(head, "Contexte, qui ne pèse rien (avoir un mobile n’est pas avoir agi) :"))?;
            context.iter().try_for_each(|t| wrapped(&mut out, "  - ", &escape::visible(asked.say(t))))?;
        }
        print_tiers(&asked, &tiers(&story, incident, &who), &mut out)?;
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// From the weakest: each rests on the one before it.
fn print_tiers(asked: &Asked, all: &[Tier], out: &mut Out) -> Result<()> {
    for tier in all {
        let stands = if tier.stands {
            asked.style.lang.of("stands", "tient")
        } else {
            asked.style.lang.of("does not stand", "ne tient pas")
        };
        let line = format!("{}{}{stands} – {}", asked.say(&tier.what), asked.style.lang.colon(), asked.say(&tier.why));
        wrapped(out, "", &escape::visible(&line))?;
        tier.said.iter().try_for_each(|said| wrapped(out, "  - ", &escape::visible(asked.say(said))))?;
    }
    Ok(())
}

fn signed(asked: &Asked, out: &mut Out) -> Result<()> {
    for d in asked.decisions.iter().filter(|d| d.verb == Verb::Sign) {
        if asked.style.json {
            out.json(&json!({ "assessment": d }))?;
            continue;
        }
        let first = d.rows.first().and_then(|r| r["hypothesis"].as_str()).unwrap_or("–");
        let undetermined = d.rows.first().is_none_or(|r| r["undetermined"] == true);
        let state = if undetermined { asked.style.lang.of("undetermined", "indéterminé") } else { "" };
        out.line(&escape::visible(&format!(
            "{} {} {}{}{first} {state} – {}",
            d.number,
            stamp(d.time, &asked.style.zone),
            d.by,
            asked.style.lang.colon(),
            d.reason
        )))?;
    }
    Ok(())
}

fn print(asked: &Asked, who: &Who, out: &mut Out) -> Result<()> {
    let lang = asked.style.lang;
    let list = |out: &mut Out, head: &str, all: &[Text]| -> Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        out.line(head)?;
        all.iter().try_for_each(|t| wrapped(out, "  - ", &escape::visible(asked.say(t))))
    };
    if who.undetermined() {
        out.line(
            lang.of(
                "Undetermined: no hypothesis leads by enough.",
                "Indéterminé : aucune hypothèse ne l’emporte assez.",
            ),
        )?;
    }
    for row in &who.rows {
        let [low, high] = row.probability;
        let (a, b) = (words(low), words(high));
        let said = if a == b { asked.say(&a).to_string() } else { format!("{} – {}", asked.say(&a), asked.say(&b)) };
        let mark = if row.preferred { lang.of("preferred", "retenue") } else { "" };
        out.line(&escape::visible(&format!(
            "{} {:48} {:>8}{}",
            row.rank,
            asked.say(&label(&row.hypothesis)),
            percents(row.probability),
            lang.of("%", "\u{202f}%")
        )))?;
        let weight = decimals(&format!("{:+.2} … {:+.2}", row.weight[0], row.weight[1]), lang);
        wrapped(out, "    ", format!("{said} [{weight}] {mark}").trim_end())?;
        let semicolon = lang.of("; ", " ; ");
        for e in &row.evidence {
            let believed = match &e.reliability {
                Some(letter) => format!(
                    "{semicolon}{letter}{}{}",
                    lang.colon(),
                    decimals(&format!("{:.2}–{:.2}", e.believed[0], e.believed[1]), lang)
                ),
                None => String::new(),
            };
            let told = format!(
                "{} – {} ({}{semicolon}{}{believed}{semicolon}{})",
                asked.say(&e.what),
                asked.say(&e.from()),
                e.class.text().get(lang),
                decimals(&format!("{}–{}", e.ratio[0], e.ratio[1]), lang),
                asked.say(&e.basis)
            );
            wrapped(out, "    - ", &escape::visible(&told))?;
        }
    }
    wrapped(out, "", asked.say(&who.confidence))?;
    let caps: Vec<String> = who.caps.iter().map(|(c, cap)| format!("{} {cap:.0}", c.text().get(lang))).collect();
    wrapped(
        out,
        "",
        &format!(
            "{}{}{}",
            lang.of("the most that any number of signs is worth", "valeur maximale, quel que soit le nombre de signes"),
            lang.colon(),
            caps.join(", ")
        ),
    )?;
    list(out, lang.of("What tells them apart:", "Ce qui les distingue :"), &who.discriminating)?;
    list(out, lang.of("What would change the answer:", "Ce qui changerait la réponse :"), &who.change)?;
    list(out, lang.of("If a piece is false, or left out:", "Si une pièce est fausse, ou écartée :"), &who.sensitivity)?;
    list(out, lang.of("Names:", "Noms :"), &who.names)?;
    for told in who.inconsistency.iter().chain(&who.by_hand) {
        wrapped(out, "", &escape::visible(asked.say(told)))?;
    }
    wrapped(
        out,
        "",
        match lang {
            Lang::En => {
                "Scale (ICD 203): to 5% almost no chance, 20 very unlikely, 45 unlikely, 55 roughly even chance, 80 likely, 95 very likely, 99 almost certain. Weights are log10 of likelihood ratios against another group."
            }
            Lang::Fr => {
                "Échelle (ICD 203) : jusqu’à 5 % presque aucune chance, 20 très improbable, 45 improbable, 55 environ une chance sur deux, 80 probable, 95 très probable, 99 quasi certain. Les poids sont des log10 de rapports de vraisemblance contre un autre groupe."
            }
        },
    )
}
