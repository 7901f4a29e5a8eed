//! What attempts bring to the story: that somebody tried, from where, and, where it possibly succeeded, that an account was
//! used. Accounts that were merely tried are no victims: a spray names them all.

use crate::story::{Bearers, Part};
use model::{Finding, Outcome, Result, View};
use rows::Row;
use rows::attempt::{Attempt, Purpose};
use rows::auth_log::Login;
use rows::auth_log::Outcome as Came;
use rows::story::{Cause, Step};
use std::ops::ControlFlow;

/// What a finding brings.
pub fn part(finding: &Finding, part: &mut Part) {
    let Some(attempt) = Attempt::of(&finding.fields) else { return };
    let (first, last) = (finding.first, finding.last);
    part.show(Step::IntrusionAttempt, first, last, finding.confidence);
    part.hide(Step::CredentialUsed);
    let logs_in = attempt.purpose != Purpose::Web;
    if attempt.outcome == Outcome::PossiblySucceeded && logs_in {
        part.show(Step::CredentialUsed, last, last, finding.confidence);
    } else {
        part.victims.clear();
    }
}

/// Who logs in from an address as a matter of course: what many use joins nothing.
pub fn bearers(view: &dyn View, bearers: &mut Bearers) -> Result<()> {
    if !bearers.wants(Cause::Hosting) {
        return Ok(());
    }
    let mut total = 0;
    view.observations(Login::NAME, &mut |visit| {
        let o = visit.observation;
        if matches!(Login::outcome(&o.fields), Ok(Came::Accepted)) {
            total += 1;
            for source in o.entities.iter().filter(|e| e.is_source()) {
                bearers.bears(Cause::Hosting, &source.value, 1);
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    bearers.total(Cause::Hosting, total);
    Ok(())
}
