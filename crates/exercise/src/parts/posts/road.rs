//! What the media publish, and the road of a leak: papers on an anonymous board, an early account, a well-known leak
//! site, an outlet at the fringe, then the press, each with the delay of its kind.
//!
//! Its shape is what was reported of 5 May 2017: an anonymous post links a paste, which lists torrents of an archive; a
//! quarter of an hour later an account far away gives it a hashtag that names the candidate; each carrier says in words
//! of its own what was leaked; most people say nothing and pass it on under the hashtag.

use super::{Forum, TrueStep, sentences};
use model::Time;
use std::borrow::Cow;

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

/// The paste that lists the archive, and the archive.
pub(crate) const PASTE: &str = "https://depot-anonyme.example/raw/9go";
pub(crate) const ARCHIVE: &str = "https://depot-anonyme.example/courriels_archive.torrent";

/// Name, minutes, level, what it says and links.
type Station = (&'static str, u64, &'static str, Option<(&'static str, &'static str)>);

/// Who carries the leak: name, after how many minutes, level, and what an account says and links; `{a}` is whose papers
/// they are, `{tag}` the hashtag. An outlet says nothing here: it has a page of its own.
const STATIONS: [Station; 8] = [
    (
        "anon_board_7",
        0,
        "illegal",
        Some(("Neuf gigaoctets de courriels et de documents internes de {a}, à lire ici", PASTE)),
    ),
    ("verite_cachee", 14, "grey", Some(("Énorme : les courriels de l’équipe {a} ont fuité {tag}", PASTE))),
    (
        "us_patriot_journal",
        24,
        "grey",
        Some(("BREAKING: leaked emails and documents of the {a} campaign {tag}", ARCHIVE)),
    ),
    (
        "open-papers",
        50,
        "grey",
        Some(("A leak of many thousand emails and photos; we are still checking it {tag}", ARCHIVE)),
    ),
    ("sud-tribune-libre", 85, "grey", None),
    ("eurasia-today", 130, "legal", None),
    ("la-gazette", 190, "legal", None),
    ("le-courrier", 260, "legal", None),
];

/// The outlets on the road that are not ordinary ones.
pub(super) fn grey_outlets() -> impl Iterator<Item = &'static str> {
    STATIONS.into_iter().filter(|(_, _, level, says)| says.is_none() && *level != "legal").map(|(who, ..)| who)
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
    for (who, after, level, says) in STATIONS {
        let at = start + after as i64 * 60_000 + random.below(50_000) as i64;
        let page = || format!("https://{who}.example/fuite-de-documents");
        let url = says.map_or_else(page, |(_, link)| link.into());
        let truth =
            TrueStep { at: Time::from_seconds(at / 1000), who: who.into(), level: level.into(), url: url.clone() };
        forum.truth.road.push(truth);
        if says.is_none() {
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
    // Whose papers they are, as people call them.
    let (_, named) = forum.debate.candidates[0].split_once(' ').unwrap_or(("", &forum.debate.candidates[0]));
    let tag: Cow<'static, str> = format!("{}Leaks", named.replace(|c: char| !c.is_alphanumeric(), "")).into();
    for (step, (.., says)) in steps.iter().zip(STATIONS) {
        let Some((says, link)) = says else { continue };
        let text = says.replace("{a}", named).replace("{tag}", &format!("#{tag}"));
        let tags = if says.contains("{tag}") { vec![tag.clone()] } else { Vec::new() };
        let account = forum.account(step.who.clone(), start - 300 * 86_400, "");
        forum.post(step.at.seconds() * 1000, account, text, link, tags);
    }
    // People find it on their own as it spreads.
    for _ in 0..forum.debate.posts / 60 {
        let step = &steps[(random.unit() * steps.len() as f64) as usize % steps.len()];
        let at = step.at.seconds() * 1000 + random.wait(3.6e6) as i64;
        let name = super::people::handle(&mut random);
        let account = forum.account(name, start - random.below(3000 * 86_400) as i64, "");
        let text = sentences::ordinary(&mut random, &forum.debate.candidates);
        forum.post(at, account, text, &step.url, vec![tag.clone()]);
    }
}
