//! What posts bring to the story: where a leak came out, who carried it on together, when the media took it up. Times are
//! those of the shared address: what a group did before it carried this leak is no part of it.

use super::read;
use crate::story::{Bearers, Part, Searched};
use jiff::civil::Date;
use model::{Finding, Result, Severity, View};
use rows::posts::{CoAction, Coordination, Explanation, Narrative, Road, StepKind};
use rows::story::{Cause, Step};
use std::ops::ControlFlow;

/// What a finding brings.
pub fn part(finding: &Finding, part: &mut Part) {
    if let Some(road) = read::<Road>(finding) {
        self::road(finding, &road, part);
    } else if let Some(group) = read::<Coordination>(finding) {
        self::group(finding, &group, part);
    } else if let Some(told) = read::<Narrative>(finding) {
        for url in &told.urls {
            part.share(Cause::Object, url.clone(), finding.first, finding.last);
            part.borne.push((Cause::Object, url.clone(), told.posts));
        }
        if told.coordinated > 0 && finding.severity > Severity::Info {
            part.show(Step::Amplified, finding.first, finding.last, finding.confidence);
        }
    }
}

fn road(finding: &Finding, road: &Road, part: &mut Part) {
    // A page that went round is no leak.
    if !road.leak {
        part.hide(Step::Published);
        part.hide(Step::InTheMedia);
        return;
    }
    let out = road.steps.first().map(|s| s.time).or(finding.first);
    part.show(Step::Published, out, out, finding.confidence);
    let media = || road.steps.iter().filter(|s| s.kind == StepKind::Outlet).map(|s| s.time);
    match media().min() {
        Some(first) => part.show(Step::InTheMedia, Some(first), media().max(), finding.confidence),
        None => part.hide(Step::InTheMedia),
    }
    for url in &road.urls {
        part.share(Cause::Object, url.clone(), out, finding.last);
        part.borne.push((Cause::Object, url.clone(), road.posts));
    }
}

fn group(finding: &Finding, group: &Coordination, part: &mut Part) {
    for object in group.objects.iter().filter(|o| o.kind == CoAction::Url) {
        part.share(Cause::Object, object.object.clone(), object.first.or(finding.first), object.last.or(finding.last));
    }
    if group.explanation != Explanation::None {
        let cause = group.explanation.text();
        part.hide(Step::Amplified);
        part.innocent = Some(cause);
    }
}

/// How many posts there are in which an address could have stood.
pub fn bearers(view: &dyn View, bearers: &mut Bearers) -> Result<()> {
    let mut posts = 0;
    if bearers.wants(Cause::Object) {
        view.tallies("posts/day", &mut |_, counts| {
            posts += counts.first().copied().unwrap_or_default();
            Ok(ControlFlow::Continue(()))
        })?;
    }
    bearers.total(Cause::Object, posts);
    Ok(())
}

/// The days of which there are posts.
pub fn searched(view: &dyn View) -> Result<Vec<Searched>> {
    let mut all = Searched { step: Step::Amplified, kind: "posts", days: Default::default() };
    view.tallies("posts/day", &mut |day, _| {
        all.days.extend(day.parse::<Date>().ok());
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(vec![all])
}
