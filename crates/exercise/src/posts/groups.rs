//! The hidden groups: who they are and what they do, by discipline. Each favours one candidate.

use super::road::Article;
use super::{Discipline, Group, Stage, TrueGroup, people, sentences};
use crate::random::Random;

/// Lets every group act.
pub(super) fn act(stage: &mut Stage, articles: &[Article]) {
    for (number, group) in stage.debate.groups.iter().enumerate() {
        let mut random = Random::stream(stage.seed, "group", number as u64);
        let members = cast(stage, group, &mut random);
        for action in 0..group.actions {
            let start = people::moment(stage, &mut random);
            match group.discipline {
                Discipline::Seconds => together(stage, group, &members, (start, 10_000, 0.9), action, &mut random),
                Discipline::Minute => together(stage, group, &members, (start, 90_000, 0.5), action, &mut random),
                Discipline::Copies => copies(stage, group, &members, start, &mut random),
            }
        }
        cover(stage, &members, articles, group.discipline, &mut random);
        let how = match group.discipline {
            Discipline::Seconds => "the same address within seconds",
            Discipline::Minute => "the same address within a minute and a half",
            Discipline::Copies => "altered copies of one text",
        };
        let members = stage.names(members);
        stage.truth.groups.push(TrueGroup { name: group.name.clone(), how: how.into(), members });
    }
}

fn cast(stage: &mut Stage, group: &Group, random: &mut Random) -> Vec<u32> {
    let burst = stage.from - random.range(20, 90) as i64 * 86_400;
    let mut members = Vec::new();
    for _ in 0..group.members {
        // The most disciplined were made for this, on two days and by a script; the others were bought or are people.
        let (name, created) = match group.discipline {
            Discipline::Seconds => {
                (format!("user{:08}", random.below(100_000_000)), burst + random.below(2 * 86_400) as i64)
            }
            _ => (people::handle(random), stage.from - random.below(5 * 365 * 86_400) as i64 - 86_400),
        };
        members.push(stage.account(name, created, ""));
    }
    members
}

fn other<'c>(stage: &Stage<'c>, group: &Group) -> &'c str {
    let rival = stage.debate.candidates.iter().find(|c| **c != group.favours);
    rival.map_or("", String::as_str)
}

/// Many share one address at once: when, within how many milliseconds, and how many of them.
fn together(
    stage: &mut Stage,
    group: &Group,
    members: &[u32],
    (start, within, share): (i64, u64, f64),
    action: u64,
    random: &mut Random,
) {
    let url = format!("https://{}-revele.example/{:05}-{action}", group.name, random.below(100_000));
    let text = sentences::lure(random, &group.favours, other(stage, group));
    for &member in members {
        if random.chance(share) {
            let said = if random.chance(0.5) { text.clone() } else { sentences::altered(&text, random) };
            stage.post(start + random.below(within) as i64, member, said, &url, Vec::new());
        }
    }
}

/// Each posts the text in somewhat other words within half an hour.
fn copies(stage: &mut Stage, group: &Group, members: &[u32], start: i64, random: &mut Random) {
    let text = sentences::lure(random, &group.favours, other(stage, group));
    for &member in members {
        if random.chance(0.7) {
            let said = sentences::altered(&text, random);
            stage.post(start + random.below(1_800_000) as i64, member, said, "", Vec::new());
        }
    }
}

/// What members post beside: little for the disciplined, an ordinary life for the others.
fn cover(stage: &mut Stage, members: &[u32], articles: &[Article], discipline: Discipline, random: &mut Random) {
    let most = if discipline == Discipline::Seconds { 3 } else { 14 };
    for &member in members {
        for _ in 0..random.below(most) {
            let at = people::moment(stage, random);
            let article = articles.get(random.below(articles.len() as u64 * 3) as usize).filter(|a| a.at < at);
            let text = sentences::ordinary(random, &stage.debate.candidates);
            stage.post(at, member, text, article.map_or("", |a| &a.url), Vec::new());
        }
    }
}
