//! What posts bring to the story: where a leak came out, who carried it on together, when the media took it up. Times are
//! those of the shared address: what a group did before it carried this leak is no part of it.

use super::read;
use crate::export::{Channel, Exported, Objects};
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

/// What a finding brings to the bundle of the whole case: who published and carried, as channels; what was spread. An outlet
/// that reports is a channel, and nobody's means.
pub fn told(told: &Exported, objects: &mut Objects) {
    let f = &told.finding;
    let time = (f.first, f.last);
    if let Some(road) = read::<Road>(f) {
        let pages: Vec<String> = road.urls.iter().take(20).filter_map(|u| objects.content(u, &road.title)).collect();
        for step in road.steps.iter().take(200) {
            let kind = step.kind.as_str();
            let name =
                if step.kind == StepKind::Outlet { step.who.clone() } else { objects.accounts.account(&step.who) };
            let description = format!("{} posts carried it on", step.posts);
            let Some(id) = objects.channel(&Channel { name: &name, kind, description }) else { continue };
            for page in &pages {
                objects.relate(&id, "publishes", page, (Some(step.time), None));
            }
        }
        if road.leak {
            pages.into_iter().for_each(|page| objects.uses(&told.id, page));
        }
    } else if let Some(group) = read::<Coordination>(f) {
        let description = format!("{} accounts that act as one; {}", group.accounts, group.explanation.text().en);
        let name = format!("{} accounts ({})", group.accounts, &f.id()["finding--".len()..][..8]);
        let Some(id) = objects.channel(&Channel { name: &name, kind: "group", description }) else { return };
        for object in group.objects.iter().filter(|o| o.kind == CoAction::Url).take(20) {
            if let Some(page) = objects.content(&object.object, "") {
                objects.relate(&id, "amplifies", &page, (object.first, object.last));
            }
        }
        if group.explanation == Explanation::None && f.severity > Severity::Info {
            objects.uses(&told.id, id);
        }
    } else if let Some(narrative) = read::<Narrative>(f) {
        let description = format!("{} posts of {} accounts", narrative.posts, narrative.accounts);
        let Some(id) = objects.narrative(&narrative.title, description) else { return };
        for url in narrative.urls.iter().take(20) {
            if let Some(page) = objects.content(url, "") {
                objects.relate(&page, "related-to", &id, time);
            }
        }
        if narrative.coordinated > 0 && f.severity > Severity::Info {
            objects.uses(&told.id, id);
        }
    }
}
