//! What the media publish, and the road of a leak: papers on an anonymous board, an early account, a well-known leak
//! site, an outlet at the fringe, then the press, each with the delay of its kind.

use super::{Forum, TrueStep, sentences};
use model::Time;

/// A media article.
pub(super) struct Article {
    /// Milliseconds.
    pub(super) at: i64,
    pub(super) outlet: &'static str,
    pub(super) url: String,
    pub(super) title: String,
    /// How much it is shared.
    pub(super) pull: f64,
}

const OUTLETS: [&str; 6] =
    ["le-courrier", "la-gazette", "radio-plus", "le-soir-du-pays", "actu-matin", "the-chronicle"];

/// Who carries the leak: name, after how many minutes, level, whether it is an outlet.
const STATIONS: [(&str, u64, &str, bool); 8] = [
    ("anon_board_7", 0, "illegal", false),
    ("verite_cachee", 14, "grey", false),
    ("us_patriot_journal", 24, "grey", false),
    ("open-papers", 50, "grey", false),
    ("sud-tribune-libre", 85, "grey", true),
    ("eurasia-today", 130, "legal", true),
    ("la-gazette", 190, "legal", true),
    ("le-courrier", 260, "legal", true),
];

/// The outlets on the road that are not ordinary ones.
pub(super) fn grey_outlets() -> impl Iterator<Item = &'static str> {
    STATIONS.into_iter().filter(|(_, _, level, outlet)| *outlet && *level != "legal").map(|(who, ..)| who)
}

/// All articles of the time, those on the leak among them.
pub(super) fn articles(forum: &mut Forum) -> Vec<Article> {
    let mut random = forum.stage.random("articles", 0);
    let mut all = Vec::new();
    for outlet in OUTLETS {
        for n in 0..40 {
            let at = forum.from * 1000 + random.below(((forum.to - forum.from) * 1000) as u64) as i64;
            let title = sentences::headline(&mut random, &forum.debate.candidates);
            let pull = (1.0 - random.unit()).powf(-1.0 / 1.2).min(80.0);
            all.push(Article { at, outlet, url: format!("https://{outlet}.example/2017/{n:04}"), title, pull });
        }
    }
    let Some(leak) = &forum.debate.leak else { return all };
    let start = leak.start(&forum.stage.period.zone) * 1000;
    for (who, after, level, outlet) in STATIONS {
        let at = start + after as i64 * 60_000 + random.below(50_000) as i64;
        let url = match outlet {
            true => format!("https://{who}.example/fuite-de-documents"),
            false => "https://depot-anonyme.example/archive".into(),
        };
        let truth =
            TrueStep { at: Time::from_seconds(at / 1000), who: who.into(), level: level.into(), url: url.clone() };
        forum.truth.road.push(truth);
        if outlet {
            all.push(Article {
                at,
                outlet: who,
                url,
                title: "Une fuite de documents agite la campagne".into(),
                pull: 60.0,
            });
        }
    }
    all
}

/// The posts on the road.
pub(super) fn travel(forum: &mut Forum) {
    let Some(leak) = &forum.debate.leak else { return };
    let mut random = forum.stage.random("road", 0);
    let start = leak.start(&forum.stage.period.zone);
    let steps = forum.truth.road.clone();
    let mut carriers: Vec<u32> = Vec::new();
    for (step, (_, _, _, outlet)) in steps.iter().zip(STATIONS) {
        if !outlet {
            let account = forum.account(step.who.clone(), start - 300 * 86_400, "");
            carriers.push(account);
            let text = "Des documents internes circulent, à lire avant qu’ils ne disparaissent #leak".to_string();
            forum.post(step.at.seconds() * 1000, account, text, &step.url, vec!["leak"]);
        }
    }
    // People find it on their own as it spreads.
    for _ in 0..forum.debate.posts / 60 {
        let step = &steps[(random.unit() * steps.len() as f64) as usize % steps.len()];
        let at = step.at.seconds() * 1000 + random.wait(3.6e6) as i64;
        let name = super::people::handle(&mut random);
        let account = forum.account(name, start - random.below(3000 * 86_400) as i64, "");
        let text = sentences::ordinary(&mut random, &forum.debate.candidates);
        forum.post(at, account, text, &step.url, vec!["leak"]);
    }
}
