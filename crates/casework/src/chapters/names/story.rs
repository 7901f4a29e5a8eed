//! What names bring to the story: decoys with the day they were registered, who registered them, keys; and what others say
//! of a name that was met: of which intrusion set it is, and since when they say so.

use crate::story::{Bearers, Part, Sign, Value};
use jiff::civil::Date;
use model::{Context, Finding, Result, Text, Time, View};
use rows::Row;
use rows::names::{Cluster, KnownBad, Lookalike, Registered, Registration, Shared};
use rows::story::{Cause, Step};
use std::ops::ControlFlow;

/// What a finding brings.
pub fn part(finding: &Finding, context: &Context, part: &mut Part) {
    if let Some(row) = read::<Lookalike>(finding) {
        lookalike(finding, &row, context, part);
    } else if let Some(row) = read::<Cluster>(finding) {
        for (shared, cause) in [(Shared::Registrant, Cause::Registration), (Shared::Certificate, Cause::Certificate)] {
            for value in row.shared.get(&shared).into_iter().flatten() {
                part.share(cause, holder(value), finding.first, finding.last);
            }
        }
        innocent(row.shared.get(&Shared::Registrant).into_iter().flatten(), context, part);
    } else if let Some(row) = read::<KnownBad>(finding) {
        for said in row.indicators.iter().filter(|i| is_name(&i.what)) {
            part.signs.push(Sign {
                about: crate::story::About::Set(said.what.clone()),
                ratio: "means",
                class: None,
                origin: said.source.clone(),
                said: date(&said.when),
                reference: said.reference.clone(),
                what: Text::new(
                    format!("{} says that `{}` is of {}", said.source, said.name, said.what),
                    format!("{} dit que `{}` est de {}", said.source, said.name, said.what),
                ),
            });
        }
        // That somebody calls it bad does not show that it was registered, or when.
        part.hide(Step::DecoyRegistered);
        part.time(Cause::Name, None, finding.last);
    }
}

/// Whether this is what somebody calls a group: indicators are often titled by their own value.
fn is_name(what: &str) -> bool {
    !what.is_empty() && what.chars().count() <= 60 && !what.contains(['.', '/', ':', '@', '='])
}

fn lookalike(finding: &Finding, row: &Lookalike, context: &Context, part: &mut Part) {
    let Registration { created, registrant, certificates, .. } = &row.registration;
    let seen = finding.last.or(finding.first);
    // A name that only a mail or a visit brought shows no registration: that is another step's evidence.
    if created.is_none() && !row.met.is_empty() {
        part.hide(Step::DecoyRegistered);
    } else if !part.shows.is_empty() {
        part.show(Step::DecoyRegistered, *created, created.or(seen), finding.confidence);
    }
    part.time(Cause::Name, *created, seen.or(*created));
    let since = |cause, value: String| Value { cause, value, first: *created, last: seen.or(*created) };
    part.values.extend(registrant.iter().map(|r| since(Cause::Registration, holder(r))));
    part.values.extend(certificates.iter().map(|c| since(Cause::Certificate, c.clone())));
    innocent(registrant.iter(), context, part);
}

/// A name that our own people registered is no decoy.
fn innocent<'r>(registrant: impl Iterator<Item = &'r String>, context: &Context, part: &mut Part) {
    let protect = &context.config.protect;
    let own: Vec<String> = protect.domains.iter().chain(&protect.mail_domains).map(ToString::to_string).collect();
    let of_ours = |r: &&String| r.split_once('@').is_some_and(|(_, d)| own.iter().any(|o| d.eq_ignore_ascii_case(o)));
    if let Some(who) = registrant.into_iter().find(of_ours) {
        part.innocent =
            Some(Text::new(format!("registered by our own `{who}`"), format!("enregistré par nos soins, `{who}`")));
    }
}

fn holder(registrant: &str) -> String {
    registrant.trim().to_lowercase()
}

fn read<R: Row>(finding: &Finding) -> Option<R> {
    (finding.detector == R::NAME).then(|| R::of(&finding.fields).ok()).flatten()
}

/// A day or a moment, as sources write it.
fn date(when: &str) -> Option<Time> {
    let day = || when.get(..10)?.parse::<Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    when.parse().ok().or_else(|| day().map(|d| Time::from_seconds(d.timestamp().as_second())))
}

/// Who registered ordinary names, and how many names were seen.
pub fn bearers(view: &dyn View, bearers: &mut Bearers) -> Result<()> {
    if bearers.wants(Cause::Name) {
        let mut names = 0;
        view.tallies("names/day", &mut |_, counts| {
            names += counts.first().copied().unwrap_or_default();
            Ok(ControlFlow::Continue(()))
        })?;
        bearers.total(Cause::Name, names);
    }
    let wanted = [Cause::Registration, Cause::Certificate].into_iter().filter(|c| bearers.wants(*c));
    if wanted.count() == 0 {
        return Ok(());
    }
    let mut total = 0;
    view.observations(Registered::NAME, &mut |visit| {
        let Ok(row) = Registered::of(&visit.observation.fields) else { return Ok(ControlFlow::Continue(())) };
        if !bearers.is_hostile(&row.domain) {
            total += 1;
            for who in &row.registration.registrant {
                bearers.bears(Cause::Registration, &holder(who), 1);
            }
            for key in &row.registration.certificates {
                bearers.bears(Cause::Certificate, key, 1);
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    bearers.total(Cause::Registration, total);
    bearers.total(Cause::Certificate, total);
    Ok(())
}
