//! What the tables of logs must be beyond their grammar: bounds that keep a hostile file from filling a disk, and
//! attempts that the definition of one attempt can tell apart.

use super::habit::Habit;
use super::tables::{Block, Tables};
use super::vocabulary::{Class, Purpose, Shape};
use crate::address::two_letters;
use crate::calendar::Period;
use crate::check::{label, name, number, shown};
use crate::stage::Stage;
use crate::values::{Curve, When, word};
use model::{Error, Outcome, Result};

/// Lines in one exercise, at most.
const REQUESTS: f64 = 1e9;

/// Checks the tables; `text` is only used to find the line of a block.
pub(super) fn check(s: &Tables, stage: &Stage, text: &str) -> Result<()> {
    let period = &stage.period;
    sites(s, stage)?;
    ordinary(s)?;
    logins(s)?;
    for (i, block) in s.attempts.iter().enumerate() {
        attempts(s, block, period).map_err(|e| {
            let line = line_of(text, "[[attempts]]", i);
            let label = if block.label.is_empty() { String::new() } else { format!(" `{}`", shown(&block.label)) };
            let hint = e.get_hint().unwrap_or("`scenarios/README.md` explains blocks of attempts").to_string();
            Error::new(format!("`[[attempts]]` number {}{label} (line {line}) is not usable", i + 1))
                .because(e)
                .hint(hint)
        })?;
    }
    outages(s, period)?;
    s.chapters.iter().try_for_each(|c| name("`name` of a chapter", &c.name))?;
    total(s, stage)
}

fn sites(s: &Tables, stage: &Stage) -> Result<()> {
    let hint = "sites are told apart by `name`; each writes `<name>.access.log`";
    for (i, site) in s.sites.iter().enumerate() {
        name("`name` of a site", &site.name)?;
        name("`host` of a site", &site.host)?;
        number("`weight` of a site", site.weight, 0.0, 1e9)?;
        if s.sites[..i].iter().any(|other| other.name == site.name) {
            return Err(Error::new(format!("two sites are called `{}`", site.name)).hint(hint));
        }
    }
    if s.sites.len() > 64 {
        return Err(Error::new("there are more than 64 sites").hint(hint));
    }
    let web = s.attempts.iter().any(|b| matches!(b.service, Purpose::Web | Purpose::WebLogin));
    if s.sites.is_empty() && (web || s.ordinary.requests_per_day > 0.0 || stage.size.is_some()) {
        return Err(Error::new("there is web traffic but no site").hint("add `[[sites]]` with `name` and `host`"));
    }
    if !s.sites.is_empty() && s.sites.iter().all(|site| site.weight == 0.0) {
        return Err(Error::new("no site has any weight").hint(hint));
    }
    Ok(())
}

fn ordinary(s: &Tables) -> Result<()> {
    let o = &s.ordinary;
    number("`requests_per_day` of `[ordinary]`", o.requests_per_day, 0.0, 1e9)?;
    for (what, list, len) in [("hours", &o.hours, 24), ("weekdays", &o.weekdays, 7)] {
        if list.len() != len || list.iter().any(|w| !(0.0..=1e6).contains(w)) || list.iter().all(|&w| w == 0.0) {
            return Err(Error::new(format!("`{what}` of `[ordinary]` is not usable"))
                .hint(format!("write {len} weights of 0 or more, one of them over 0")));
        }
    }
    let shares = [("ipv6", o.ipv6), ("crawlers", o.crawlers), ("broken_links", o.broken_links), ("errors", o.errors)];
    for (what, share) in shares {
        number(&format!("`{what}` of `[ordinary]`"), share, 0.0, 1.0)?;
    }
    number("`staff_logins_per_day`", o.staff_logins_per_day, 0.0, 5e3)?;
    points(&o.curve)?;
    for (code, weight) in &o.countries {
        two_letters(code).ok_or_else(|| {
            Error::new(format!("`{}` is not a country", shown(code))).hint("two capital letters: `FR`")
        })?;
        number("the weight of a country", *weight, 0.0, 1e9)?;
    }
    if o.countries.values().all(|&w| w == 0.0) {
        return Err(Error::new("visitors have no country").hint("write `countries = { FR = 1 }` under `[ordinary]`"));
    }
    for page in &o.pages {
        number("`weight` of a page", page.weight, 0.0, 1e9)?;
        let plain = |b: u8| b.is_ascii_graphic() && !b"\"\\<>".contains(&b);
        if !page.path.starts_with('/') || page.path.len() > 500 || !page.path.bytes().all(plain) || page.bytes > 1 << 30
        {
            return Err(Error::new(format!("the page `{}` is not usable", shown(&page.path))).hint(
                "a path begins with `/`, is percent-encoded, has at most 500 characters, and `bytes` under 1 GiB",
            ));
        }
    }
    if o.pages.len() > 1000 || o.newsletters.len() > 1000 || s.chapters.len() > 1000 {
        return Err(Error::new("more than 1000 pages, newsletters or chapters").hint("write fewer"));
    }
    Ok(())
}

fn logins(s: &Tables) -> Result<()> {
    let l = &s.logins;
    name("`host` of `[logins]`", &l.host)?;
    name("`domain` of `[logins]`", &l.domain)?;
    l.staff.iter().try_for_each(|n| name("a name in `staff` of `[logins]`", n))?;
    if l.staff.is_empty() || l.staff.len() > 1000 {
        return Err(Error::new("`staff` of `[logins]` needs 1 to 1000 names").hint("such as `staff = [\"anna\"]`"));
    }
    let rates = [l.ssh_per_day, l.mail_per_day, l.ftp_per_day, l.database_per_day];
    rates.into_iter().try_for_each(|r| number("a rate of `[logins]`", r, 0.0, 5e3))
}

fn attempts(s: &Tables, b: &Block, period: &Period) -> Result<()> {
    label(&b.label)?;
    number("`ipv6`", b.ipv6, 0.0, 1.0)?;
    for (class, _) in &b.classes.0 {
        if !class.fits(b.service) {
            return Err(Error::new(format!("`{}` does not go with service `{}`", word(class), word(b.service)))
                .hint("login classes need a `service` such as `ssh`; web classes need none"));
        }
    }
    if !(1..=8).contains(&b.mix) || b.count > 5_000_000 {
        return Err(Error::new("`mix` or `count` is out of bounds").hint("`mix` is 1 to 8, `count` at most 5000000"));
    }
    if b.mix > 1 && (b.service != Purpose::Web || b.classes.0.iter().any(|(c, _)| c.least(b.service) > 1)) {
        return Err(Error::new("`mix` is for classes of which a single request is enough").hint(
            "leave `mix` away, or give logins, `flood`, `forced_browsing` and `user_enumeration` their own block",
        ));
    }
    for (outcome, _) in &b.outcome.0 {
        if !b.classes.0.iter().any(|(c, _)| c.may(b.service, *outcome)) {
            return Err(Error::new(format!("no class of this block can come out as `{}`", outcome.as_str()))
                .hint("`scenarios/README.md` has a table of what each class can come out as"));
        }
    }
    let made_unavailable = b.outcome.0.iter().any(|(o, _)| *o == Outcome::MadeUnavailable);
    if made_unavailable && !matches!(b.service, Purpose::Web | Purpose::WebLogin) {
        return Err(Error::new("only web sites can be made unavailable").hint("use another `outcome`"));
    }
    if made_unavailable && b.count > 1000 {
        return Err(Error::new("a block brings sites down more than 1000 times").hint("lower its `count`"));
    }
    shapes(b)?;
    requests(b)?;
    if let Curve::Points(p) = &b.curve {
        points(p)?;
    }
    if !b.site.is_empty() && s.sites.iter().all(|site| site.name != b.site) {
        return Err(Error::new(format!("there is no site `{}`", shown(&b.site))).hint("`site` is the `name` of a site"));
    }
    period.within(b.from, b.to).map(drop)
}

fn shapes(b: &Block) -> Result<()> {
    for (class, _) in &b.classes.0 {
        if !b.shape.0.iter().any(|(shape, _)| class.takes(b.service, *shape)) {
            return Err(Error::new(format!("`{}` cannot have any `shape` of this block", word(class))).hint(
                "`slow` is not for flood, forced browsing and user enumeration on a site; `spray` is for logins",
            ));
        }
    }
    Ok(())
}

fn requests(b: &Block) -> Result<()> {
    let Some((least, most)) = b.requests else { return Ok(()) };
    if least == 0 || least > most || most > 10_000_000 {
        return Err(Error::new("`requests` is not usable").hint("write `requests = [least, most]`, from 1 to 10000000"));
    }
    let Some((needed, class)) = b.classes.0.iter().map(|(c, _)| (c.least(b.service), *c)).max() else { return Ok(()) };
    let one_source = b.shape.0.iter().any(|(s, _)| matches!(s, Shape::Burst | Shape::Distributed));
    if one_source && least < needed {
        return Err(Error::new(format!("`requests` begins at {least}, which does not show `{}`", word(class))).hint(
            format!("at least {needed}: fewer failed logins or odd requests than that happen to honest people"),
        ));
    }
    Ok(())
}

fn outages(s: &Tables, period: &Period) -> Result<()> {
    for o in &s.outages {
        let at = o.start.start(&period.zone);
        if !(1..=10_080).contains(&o.minutes) || !(period.from..period.to).contains(&at) {
            return Err(Error::new(format!("the outage of {} is not usable", o.start))
                .hint("it begins within the scenario's period and lasts 1 to 10080 minutes"));
        }
        if !o.site.is_empty() && s.sites.iter().all(|site| site.name != o.site) {
            return Err(
                Error::new(format!("there is no site `{}`", shown(&o.site))).hint("`site` is the `name` of a site")
            );
        }
        for label in &o.preceded_by {
            if s.attempts.iter().all(|b| b.label != *label) {
                return Err(Error::new(format!("no attempts have the label `{}`", shown(label)))
                    .hint("`preceded_by` names the `label` of a block of attempts"));
            }
        }
    }
    Ok(())
}

/// Keeps the whole within bounds.
fn total(s: &Tables, stage: &Stage) -> Result<()> {
    let period = &stage.period;
    let share = s.hostile_share.unwrap_or(0.0);
    number("`hostile_share`", share, 0.0, 1.0)?;
    if s.hostile_share.is_some() && stage.size.is_none() {
        return Err(Error::new("`hostile_share` needs a `size`").hint("such as `size = \"1GB\"`"));
    }
    if s.attempts.len() > 1000 || s.outages.len() > 100 {
        return Err(
            Error::new("more than 1000 blocks of attempts or 100 outages").hint("use blocks with a larger `count`")
        );
    }
    let days = (period.to - period.from) as f64 / 86_400.0;
    let attempts: f64 = s.attempts.iter().map(|b| b.count as f64 * mean_requests(b)).sum();
    let l = &s.logins;
    let rates = l.ssh_per_day + l.mail_per_day + l.ftp_per_day + l.database_per_day;
    let visits = s.ordinary.requests_per_day * Habit::new(&s.ordinary, &stage.events, &period.zone).days(period);
    let ordinary = visits + days * (rates + s.ordinary.staff_logins_per_day);
    let sized = stage.size.map_or(0.0, |size| size.0 as f64 / 100.0);
    if attempts + ordinary.max(sized) > REQUESTS {
        return Err(Error::new("the scenario asks for more than a thousand million log lines")
            .hint("lower `requests_per_day`, `size`, or `count` and `requests` of the attempts"));
    }
    Ok(())
}

/// Requests of an attempt of this block, on average, by its bounds.
pub(super) fn mean_requests(b: &Block) -> f64 {
    let bounds = |(low, high): (u64, u64)| (low + high) as f64 / 2.0;
    let usual = |(c, w): &(Class, f64)| bounds(c.usual(b.service)) * w;
    let weights: f64 = b.classes.0.iter().map(|(_, w)| w).sum();
    b.requests.map_or_else(|| b.classes.0.iter().map(usual).sum::<f64>() / weights, bounds)
}

/// The points of a curve.
fn points(points: &[(When, f64)]) -> Result<()> {
    let rising = points.is_sorted_by(|a, b| a.0 < b.0);
    let weights =
        points.iter().all(|p| (0.0..=1e9).contains(&p.1)) && (points.is_empty() || points.iter().any(|p| p.1 > 0.0));
    if rising && weights && points.len() <= 10_000 {
        return Ok(());
    }
    Err(Error::new("a curve is not usable")
        .hint("its points are in order of time, each with a weight of 0 or more, one over 0"))
}

/// The line of the `n`th table of a name, from 1; 0 where it is written in another way.
fn line_of(text: &str, table: &str, n: usize) -> usize {
    text.lines().enumerate().filter(|(_, l)| l.trim_start().starts_with(table)).nth(n).map_or(0, |(i, _)| i + 1)
}
