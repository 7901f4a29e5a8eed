//! Accounts that post as programs do, each with its signs and never with a bare score. Specification: `automation.md`.

mod signs;

use super::dataset::Dataset;
use super::table::Table;
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, View};
use rows::posts::{Automation, Sign, Signed};
use rows::{Row, Shape};
use signs::{Measured, Out};

/// Accounts that stand out as programs would.
pub struct AutomationDetector;

/// Accounts told, the most signs first.
const TOLD: usize = 500;

/// Words by which an account says that it is automatic.
const SAYS: [&str; 8] = ["bot", "rss", "feed", "automated", "automatic", "automatique", "automatisé", "robot"];

impl Detector for AutomationDetector {
    fn id(&self) -> &'static str {
        Automation::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Automation>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        super::INPUTS
    }

    fn watched(&self) -> &'static [&'static str] {
        &["posts"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("automation.md"))
    }

    fn detect(&self, case: &dyn View, _context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        if table.is_empty() {
            return Ok(());
        }
        let measured = signs::measure(&dataset);
        let outs = signs::outliers(&measured);
        let bursts = signs::bursts(table);
        let far = |outs: &[Out]| outs.iter().map(|o| o.distance).fold(0.0, f64::max);
        let mut told: Vec<(&Measured, Vec<Out>)> = measured.iter().zip(outs).filter(|(_, o)| !o.is_empty()).collect();
        told.sort_by(|(a, x), (b, y)| {
            y.len().cmp(&x.len()).then(far(y).total_cmp(&far(x))).then(a.account.cmp(&b.account))
        });
        // Those with more than one sign are counted, so all of them are told.
        let kept = told.iter().enumerate().filter(|(n, (_, outs))| *n < TOLD || outs.len() > 1);
        kept.map(|(_, told)| told).try_for_each(|(account, outs)| found(finding(table, account, outs, &bursts)))
    }
}

/// What stands out, in words.
fn why(out: &Out, measured: &Measured) -> Text {
    let Out { sign, value, usual, .. } = out;
    let percent = |part: f64| (part * 100.0).round();
    match sign {
        Sign::Pace => Text::new(
            format!("{value} posts, where its peers have {usual}"),
            format!("{value} messages, quand ses pairs en ont {usual}"),
        ),
        Sign::Intervals => Text::new(
            format!("its intervals vary by {value:.2} of their mean; its peers' by {usual:.2}"),
            format!("ses intervalles varient de {value:.2} de leur moyenne ; ceux de ses pairs de {usual:.2}"),
        ),
        Sign::Pauses => Text::new(
            format!(
                "its longest pause is {value:.2} of what {} posts usually leave; its peers' {usual:.2}",
                measured.posts.len()
            ),
            format!(
                "sa plus longue pause vaut {value:.2} de ce que {} messages laissent d’ordinaire ; celle de ses pairs {usual:.2}",
                measured.posts.len()
            ),
        ),
        Sign::Seconds => Text::new(
            format!(
                "it posts at the same seconds of the minute: {value:.1} times as uneven as chance, its peers {usual:.1}"
            ),
            format!(
                "il publie aux mêmes secondes de la minute : {value:.1} fois plus inégal que le hasard, ses pairs {usual:.1}"
            ),
        ),
        Sign::Repetition => Text::new(
            format!("{}% of its own texts it had said before; its peers {}%", percent(*value), percent(*usual)),
            format!("{} % de ses textes sont des redites ; chez ses pairs {} %", percent(*value), percent(*usual)),
        ),
        Sign::Reposts => Text::new(
            format!("{}% of its posts are reposts; of its peers' {}%", percent(*value), percent(*usual)),
            format!("{} % de ses messages sont des reprises ; chez ses pairs {} %", percent(*value), percent(*usual)),
        ),
        // There or not: nothing was measured.
        Sign::DefaultHandle | Sign::CreationBurst => sign.text(),
    }
}

/// A name as platforms propose it: letters and eight digits.
fn is_default(name: &str) -> bool {
    let digits = name.chars().rev().take_while(char::is_ascii_digit).count();
    digits == 8 && name.chars().count() > 8
}

fn finding(table: &Table, measured: &Measured, outs: &[Out], bursts: &std::collections::BTreeSet<i64>) -> Finding {
    let account = &table.accounts[measured.account as usize];
    let mut reasons: Vec<Reason> = Vec::new();
    let mut signs = Vec::new();
    for out in outs {
        let weight = (out.distance * 3.0).clamp(10.0, 40.0) as u8;
        let text = why(out, measured);
        let [value, usual, distance] = [out.value, out.usual, out.distance].map(|v| Some(round(v)));
        signs.push(Signed { sign: out.sign, value, usual, distance, why: text.clone() });
        reasons.push(Reason::supporting(weight, text));
    }
    let mut beside = |sign: Sign, en: String, fr: String| {
        let text = Text::new(en, fr);
        signs.push(Signed { sign, value: None, usual: None, distance: None, why: text.clone() });
        reasons.push(Reason::supporting(5, text));
    };
    if is_default(&account.name) {
        beside(
            Sign::DefaultHandle,
            "its name is one that a platform proposes".into(),
            "son nom est de ceux que propose la plateforme".into(),
        );
    }
    if let Some(created) = account.created.filter(|c| bursts.contains(&c.seconds().div_euclid(86_400))) {
        let day = created.timestamp().strftime("%Y-%m-%d").to_string();
        beside(
            Sign::CreationBurst,
            format!("it was created on {day}, with unusually many others"),
            format!("il a été créé le {day}, avec un nombre inhabituel d’autres"),
        );
    }
    let text = format!("{} {}", account.name, account.about).to_lowercase();
    let says = text.split(|c: char| !c.is_alphanumeric()).any(|w| SAYS.contains(&w));
    reasons.push(match says {
        true => Reason::against(
            60,
            Text::new("it says itself that it is automatic", "il se dit lui-même automatique"),
        ),
        false => Reason::against(
            30,
            Text::new(
                "rhythm is weak evidence: busy people and newsrooms with a schedule stand out as well",
                "le rythme est un indice faible : des personnes très actives ou une rédaction organisée ressortent aussi",
            ),
        ),
    });
    let severity = match outs.len() {
        _ if says => Severity::Info,
        0 | 1 => Severity::Info,
        2 | 3 => Severity::Low,
        _ => Severity::Medium,
    };
    let times = || measured.posts.iter().filter_map(|p| table.time(*p));
    let (first, last) = (times().min(), times().max());
    let hours = first.zip(last).map_or(0, |(f, l)| (l.since(f) as f64 / 3600.0).round() as i64);
    let n = measured.posts.len();
    let named = if account.name.is_empty() { account.id.clone() } else { account.name.clone() };
    // One thing out of six is no program's way of posting: it is told as what it is.
    let title = match &signs[..] {
        [Signed { why, .. }, ..] if outs.len() == 1 && !says => Text::new(
            format!("`{named}` stands out in one way: {}", why.en),
            format!("`{named}` se distingue sur un point : {}", why.fr),
        ),
        _ => Text::new(
            format!("`{named}` posts as programs do: {n} posts in {hours} hours"),
            format!("`{named}` publie comme un programme : {n} messages en {hours} heures"),
        ),
    };
    let row = Automation {
        account: account.id.clone(),
        name: account.name.clone(),
        posts: n as u64,
        hours,
        signs,
        declared: says,
    };
    Finding {
        detector: Automation::NAME.into(),
        key: account.id.clone(),
        severity,
        confidence: (30 + 10 * outs.len().min(4)) as u8,
        level: if says { Level::Legal } else { Level::Grey },
        title,
        reasons,
        techniques: if says || outs.len() < 2 { Vec::new() } else { vec!["T0049.003".into()] },
        first,
        last,
        entities: vec![Entity::user(account.id.clone(), Role::Account)],
        traces: table.traces(measured.posts.iter().copied()),
        fields: row.fields(),
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
