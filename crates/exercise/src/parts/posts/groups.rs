//! The hidden groups: who they are and what they do, by discipline. Each favours one candidate.

use super::road::Article;
use super::{Discipline, Forum, Group, TrueGroup, people, sentences};
use crate::random::Random;

/// Lets every group act.
pub(super) fn act(forum: &mut Forum, articles: &[Article]) {
    for (number, group) in forum.debate.groups.iter().enumerate() {
        let mut random = forum.stage.random("group", number as u64);
        let members = cast(forum, group, &mut random);
        for action in 0..group.actions {
            let start = people::moment(forum, &mut random);
            match group.discipline {
                Discipline::Seconds => together(forum, group, &members, (start, 10_000, 0.9), action, &mut random),
                Discipline::Minute => together(forum, group, &members, (start, 90_000, 0.5), action, &mut random),
                Discipline::Copies => copies(forum, group, &members, start, &mut random),
            }
        }
        cover(forum, &members, articles, group.discipline, &mut random);
        carry(forum, group, &members, number as u64);
        let how = match group.discipline {
            Discipline::Seconds => "the same address within seconds",
            Discipline::Minute => "the same address within a minute and a half",
            Discipline::Copies => "altered copies of one text",
        };
        let members = forum.names(members);
        forum.truth.groups.push(TrueGroup { name: group.name.clone(), how: how.into(), members });
    }
}

fn cast(forum: &mut Forum, group: &Group, random: &mut Random) -> Vec<u32> {
    let burst = forum.from - random.range(20, 90) as i64 * 86_400;
    let mut members = Vec::new();
    for _ in 0..group.members {
        // The most disciplined were made for this, on two days and by a script; the others were bought or are people.
        let (name, created) = match group.discipline {
            Discipline::Seconds => {
                (format!("user{:08}", random.below(100_000_000)), burst + random.below(2 * 86_400) as i64)
            }
            _ => (people::handle(random), forum.from - random.below(5 * 365 * 86_400) as i64 - 86_400),
        };
        members.push(forum.account(name, created, ""));
    }
    members
}

fn other<'c>(forum: &Forum<'c>, group: &Group) -> &'c str {
    let rival = forum.debate.candidates.iter().find(|c| **c != group.favours);
    rival.map_or("", String::as_str)
}

/// Many share one address at once: when, within how many milliseconds, and how many of them.
fn together(
    forum: &mut Forum,
    group: &Group,
    members: &[u32],
    (start, within, share): (i64, u64, f64),
    action: u64,
    random: &mut Random,
) {
    let url = format!("https://{}-revele.example/{:05}-{action}", group.name, random.below(100_000));
    let text = sentences::lure(random, &group.favours, other(forum, group));
    for &member in members {
        if random.chance(share) {
            let said = if random.chance(0.5) { text.clone() } else { sentences::altered(&text, random) };
            forum.post(start + random.below(within) as i64, member, said, &url, Vec::new());
        }
    }
}

/// The group carries the leak's address, once it is out: from half an hour on, over the night.
fn carry(forum: &mut Forum, group: &Group, members: &[u32], number: u64) {
    let Some(leak) = &forum.debate.leak else { return };
    let start = leak.start(&forum.stage.period.zone) * 1000;
    let mut random = forum.stage.random("posts/carry", number);
    for _ in 0..group.carries {
        let at = start + 30 * 60_000 + random.below(6 * 3_600_000) as i64;
        let text = sentences::lure(&mut random, &group.favours, other(forum, group));
        for &member in members {
            if random.chance(0.8) {
                let said = sentences::altered(&text, &mut random);
                forum.post(at + random.below(30_000) as i64, member, said, super::road::ARCHIVE, vec!["leak".into()]);
            }
        }
    }
}

/// Each posts the text in somewhat other words within half an hour.
fn copies(forum: &mut Forum, group: &Group, members: &[u32], start: i64, random: &mut Random) {
    let text = sentences::lure(random, &group.favours, other(forum, group));
    for &member in members {
        if random.chance(0.7) {
            let said = sentences::altered(&text, random);
            forum.post(start + random.below(1_800_000) as i64, member, said, "", Vec::new());
        }
    }
}

/// What members post beside: little for the disciplined, an ordinary life for the others.
fn cover(forum: &mut Forum, members: &[u32], articles: &[Article], discipline: Discipline, random: &mut Random) {
    let most = if discipline == Discipline::Seconds { 3 } else { 14 };
    for &member in members {
        for _ in 0..random.below(most) {
            let at = people::moment(forum, random);
            let article = articles.get(random.below(articles.len() as u64 * 3) as usize).filter(|a| a.at < at);
            let text = sentences::ordinary(random, &forum.debate.candidates);
            forum.post(at, member, text, article.map_or("", |a| &a.url), Vec::new());
        }
    }
}
