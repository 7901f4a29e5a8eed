//! Those who only look coordinated: fans of one show, the accounts of one newsroom, automatic feeds, a planned campaign
//! that says so; and the account that never rests, which is alone.

use super::road::Article;
use super::{Forum, TrueGroup, people, sentences};

/// Clips of the show.
const CLIPS: u64 = 30;

/// Lets them act.
pub(super) fn act(forum: &mut Forum, articles: &[Article]) {
    fans(forum);
    newsroom(forum, articles);
    feeds(forum, articles);
    planned(forum);
    restless(forum);
}

fn innocent(forum: &mut Forum, name: &str, how: &str, members: Vec<u32>) {
    let members = forum.names(members);
    forum.truth.innocents.push(TrueGroup { name: name.into(), how: how.into(), members });
}

/// A show brings clips out; whoever watches shares the ones they like, most within minutes, each at their own pace.
fn fans(forum: &mut Forum) {
    let mut random = forum.stage.random("fans", 0);
    let count = forum.debate.fans;
    if count == 0 {
        return;
    }
    let fans: Vec<(u32, f64)> = (0..count)
        .map(|_| {
            let name = people::handle(&mut random);
            let created = forum.from - random.below(6 * 365 * 86_400) as i64;
            (forum.account(name, created, ""), 60_000.0 + random.wait(240_000.0))
        })
        .collect();
    let evening = forum.from * 1000 + (forum.to - forum.from) * 150;
    for clip in 0..CLIPS {
        let out = evening + clip as i64 * 300_000;
        let url = format!("https://le-grand-show.example/extrait/{clip}");
        for &(fan, pace) in &fans {
            if random.chance(0.5) {
                let at = out + random.wait(pace) as i64;
                let text = random.pick(&["Trop fort ce passage", "J’adore", "Ce show !", "mdr ce moment", "Énorme"]);
                forum.post(at, fan, text.to_string(), &url, vec!["legrandshow".into()]);
            }
        }
        // Others pass by.
        for _ in 0..random.below(60) {
            let name = people::handle(&mut random);
            let passer = forum.account(name, forum.from - random.below(9 * 365 * 86_400) as i64, "");
            forum.post(out + random.wait(3e6) as i64, passer, "Vu !".into(), &url, vec!["legrandshow".into()]);
        }
    }
    innocent(forum, "fans", "fans of one show, each at their own pace", fans.into_iter().map(|f| f.0).collect());
}

/// Five accounts of one newsroom carry its articles within seconds of one another.
fn newsroom(forum: &mut Forum, articles: &[Article]) {
    let mut random = forum.stage.random("newsroom", 0);
    let Some(outlet) = articles.first().map(|a| a.outlet) else { return };
    let desks = ["politique", "monde", "direct", "region", "redaction"];
    let members: Vec<u32> = desks
        .iter()
        .map(|desk| {
            forum.account(format!("{outlet}_{desk}"), forum.from - 2000 * 86_400, "Compte officiel de la rédaction")
        })
        .collect();
    for article in articles.iter().filter(|a| a.outlet == outlet) {
        for &member in &members {
            if random.chance(0.7) {
                let at = article.at + 5_000 + random.below(40_000) as i64;
                forum.post(at, member, article.title.clone(), &article.url, Vec::new());
            }
        }
    }
    innocent(forum, "newsroom", "accounts of one newsroom, which say so", members);
}

/// Feeds carry every article of all outlets as soon as it is out.
fn feeds(forum: &mut Forum, articles: &[Article]) {
    let mut random = forum.stage.random("feeds", 0);
    let members: Vec<u32> = (1..=6)
        .map(|i| forum.account(format!("actu_fil_{i}"), forum.from - 900 * 86_400, "Fil automatique (RSS), bot"))
        .collect();
    for article in articles {
        for &member in &members {
            if random.chance(0.8) {
                let at = article.at + 20_000 + random.below(30_000) as i64;
                forum.post(at, member, article.title.clone(), &article.url, Vec::new());
            }
        }
    }
    innocent(forum, "feeds", "automatic news feeds, which say so", members);
}

/// An association's members post one text at the hour they agreed on, and sign it.
fn planned(forum: &mut Forum) {
    let mut random = forum.stage.random("planned", 0);
    let members: Vec<u32> = (0..25)
        .map(|_| {
            let name = people::handle(&mut random);
            forum.account(name, forum.from - random.below(1500 * 86_400) as i64, "Bénévole de Lire Demain")
        })
        .collect();
    for round in 0..3 {
        let start = forum.from * 1000 + 3_600_000 * (round + 1);
        for &member in &members {
            let text = "Action commune Lire Demain : sauvons les bibliothèques de quartier ! #LireDemain (message proposé par l’association)";
            let at = start + random.below(600_000) as i64;
            forum.post(at, member, text.into(), "https://lire-demain.example/petition", vec!["LireDemain".into()]);
        }
    }
    innocent(forum, "planned", "a planned campaign that says so in every post", members);
}

/// One account posts evenly for twelve hours.
fn restless(forum: &mut Forum) {
    let count = forum.debate.restless;
    if count == 0 {
        return;
    }
    let mut random = forum.stage.random("restless", 0);
    let account = forum.account("patriote_veille".into(), forum.from - 40 * 86_400, "");
    let span = (forum.to - forum.from).min(12 * 3600) * 1000;
    for i in 0..count {
        let at = forum.from * 1000 + span * i as i64 / count as i64 + random.below(8_000) as i64;
        let text = sentences::ordinary(&mut random, &forum.debate.candidates);
        forum.post(at, account, text, "", vec![sentences::TAGS[0].into()]);
    }
    forum.truth.restless = Some(super::write::id(account));
}
