//! What cloud accounts bring to the story: since when somebody else uses one, what was taken out of it and until when, and who
//! signs in from where as a matter of course. You may rely on: what the owner reads with his own machine is no theft of a
//! stranger's, and its last day joins nothing.

use crate::story::{Bearers, Part, Searched, account, day};
use jiff::civil::Date;
use model::{Context, Finding, Result, Time, View};
use rows::Row;
use rows::sign_in::{Action, Activity, Answer, Takeover, Theft};
use rows::story::{Cause, Step};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// What a finding brings.
pub fn part(finding: &Finding, context: &Context, part: &mut Part) {
    if let Some(row) = read::<Takeover>(finding) {
        part.show(Step::CredentialUsed, Some(row.signed_in), finding.last, finding.confidence);
        part.time(Cause::Hosting, Some(row.signed_in), finding.last);
        // The application that he let in is his.
        for deed in row.deeds.iter().filter(|d| d.action == Action::Consent) {
            let name = deed.detail.split(": ").next().unwrap_or_default();
            part.share(Cause::Account, name, Some(deed.time), finding.last);
        }
        // What he read is told by whoever counts it; here only since when he could.
        if let (true, Some(from), Some(end)) = (shows_theft(part), row.read_from, row.cut_off) {
            part.show(Step::DocumentsTaken, Some(from), Some(end.from), finding.confidence);
        }
    } else if let Some(row) = read::<Theft>(finding) {
        let first = row.stretches.first().map(|s| s.first).or(finding.first);
        part.show(Step::DocumentsTaken, first, Some(row.cut_off.from), finding.confidence);
        part.time(Cause::Hosting, first, Some(row.cut_off.from));
        if row.from_elsewhere {
            let end = Some(row.cut_off.from);
            part.share(Cause::CutOff, day(row.cut_off.from, context), end, end);
        }
    }
}

fn shows_theft(part: &Part) -> bool {
    part.shows.iter().any(|s| s.step == Step::DocumentsTaken)
}

fn read<R: Row>(finding: &Finding) -> Option<R> {
    (finding.detector == R::NAME).then(|| R::of(&finding.fields).ok()).flatten()
}

/// Whose accounts are ours; who uses an address or an application as a matter of course: owners, not events, and none whose
/// account a finding says a stranger used from there.
pub fn bearers(view: &dyn View, context: &Context, bearers: &mut Bearers) -> Result<()> {
    let protect = &context.config.protect;
    let own: BTreeSet<String> = protect.domains.iter().chain(&protect.mail_domains).map(ToString::to_string).collect();
    let mut owners: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<(Cause, String, String)> = BTreeSet::new();
    let mut days: BTreeSet<Date> = BTreeSet::new();
    view.observations(Activity::NAME, &mut |visit| {
        let Ok(row) = Activity::of(&visit.observation.fields) else { return Ok(ControlFlow::Continue(())) };
        days.extend(row.records.first().map(|r| date(r.0)));
        if row.answer != Answer::Accepted {
            return Ok(ControlFlow::Continue(()));
        }
        let who = account(&row.account, &own);
        if row.account.split_once('@').is_some_and(|(_, domain)| own.contains(domain)) {
            bearers.account(who.clone());
        }
        let source = row.source.as_ref().filter(|_| row.action == Action::SignIn);
        let application = Some(&row.target).filter(|_| row.action == Action::Consent);
        for (cause, value) in
            source.map(|s| (Cause::Hosting, s)).into_iter().chain(application.map(|a| (Cause::Account, a)))
        {
            if bearers.is_shared(cause, value) && !bearers.is_used_by_stranger(value, &who) {
                seen.insert((cause, value.clone(), who.clone()));
            }
        }
        if row.action == Action::SignIn && owners.len() < OWNERS {
            owners.insert(who);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for (cause, value, _) in &seen {
        bearers.bears(*cause, value, 1);
    }
    bearers.total(Cause::Hosting, owners.len() as u64);
    bearers.total(Cause::Account, owners.len() as u64);
    bearers.total(Cause::CutOff, days.len() as u64);
    Ok(())
}

/// Owners counted.
const OWNERS: usize = 100_000;

fn date(seconds: i64) -> Date {
    Time::from_seconds(seconds).in_zone(&jiff::tz::TimeZone::UTC).date()
}

/// The days on which anybody signed in, and on which anything was read.
pub fn searched(view: &dyn View) -> Result<Vec<Searched>> {
    let of = |step| Searched { step, kind: "sign_in", days: Default::default() };
    let (mut used, mut taken) = (of(Step::CredentialUsed), of(Step::DocumentsTaken));
    view.observations(Activity::NAME, &mut |visit| {
        if let Ok(row) = Activity::of(&visit.observation.fields) {
            let days = row.records.iter().map(|r| date(r.0));
            match row.action {
                Action::SignIn => used.days.extend(days),
                Action::Read | Action::Open | Action::Download => taken.days.extend(days),
                _ => {}
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(vec![used, taken])
}
