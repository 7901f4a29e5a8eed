//! Ordinary people: few post much, most post little; they follow the news with a delay, repost what is being reposted,
//! and otherwise say what they think.

use super::road::Article;
use super::{Forum, Post, sentences};
use crate::random::{Random, Weighted};

const FIRST: [&str; 24] = [
    "marie", "jean", "nadia", "paul", "lucie", "karim", "anne", "hugo", "sophie", "marc", "ines", "louis", "camille",
    "ahmed", "julie", "pierre", "emma", "olivier", "sarah", "yves", "claire", "antoine", "fatou", "denis",
];
const LAST: [&str; 20] = [
    "dupre", "leroy", "martin", "petit", "roux", "blanc", "garnier", "faure", "colin", "mercier", "brun", "noel",
    "perrin", "morin", "dumas", "vidal", "caron", "roche", "henry", "lopez",
];

/// Seconds in ten years before the debate, from which ordinary accounts date.
const YEARS: u64 = 10 * 365 * 86_400;

/// The ordinary accounts, with how much each posts.
pub(super) struct Folk {
    first: u32,
    weights: Weighted,
}

/// A name such as people take, now and then the one a platform proposes.
pub(super) fn handle(random: &mut Random) -> String {
    match random.below(12) {
        0 => format!("{}{:08}", random.pick(&FIRST), random.below(100_000_000)),
        1..4 => format!("{}_{}", random.pick(&FIRST), random.pick(&LAST)),
        4..7 => format!("{}{}{}", random.pick(&FIRST), random.pick(&LAST), random.range(1, 99)),
        7..9 => format!("{}.{}", random.pick(&LAST), random.range(1950, 2003)),
        _ => format!("{}{}", random.pick(&LAST), random.range(10, 9999)),
    }
}

/// Makes the ordinary accounts.
pub(super) fn cast(forum: &mut Forum) -> Folk {
    let mut random = forum.stage.random("folk", 0);
    let first = forum.accounts.len() as u32;
    let mut weights = Vec::new();
    for _ in 0..forum.debate.accounts {
        let created = forum.from - random.below(YEARS) as i64 - 86_400;
        let name = handle(&mut random);
        forum.account(name, created, "");
        // Pareto with exponent 1.3, cut where nobody could type so much.
        weights.push((1.0 - random.unit()).powf(-1.0 / 1.3).min(120.0));
    }
    Folk { first, weights: Weighted::new(weights) }
}

/// How busy the evening is: a peak at nine, little after two.
fn busy(hour_of_day: f64) -> f64 {
    const HOURS: [f64; 24] = [
        0.5, 0.3, 0.16, 0.1, 0.08, 0.12, 0.35, 0.6, 0.7, 0.7, 0.7, 0.75, 0.9, 0.9, 0.75, 0.7, 0.7, 0.8, 0.95, 1.1, 1.4,
        1.5, 1.2, 0.85,
    ];
    HOURS[(hour_of_day as usize).min(23)]
}

/// A moment of the debate, more often when people are awake.
pub(super) fn moment(forum: &Forum, random: &mut Random) -> i64 {
    loop {
        let at = forum.from * 1000 + random.below(((forum.to - forum.from) * 1000) as u64) as i64;
        // Two hours ahead of UTC, as in a French spring; only the shape of the night hangs on it.
        let hour = (at / 1000 + 7200).rem_euclid(86_400) as f64 / 3600.0;
        if random.chance(busy(hour) / 1.5) {
            return at;
        }
    }
}

/// Fills the debate up with what ordinary people post.
pub(super) fn talk(forum: &mut Forum, folk: &Folk, articles: &[Article]) {
    let mut random = forum.stage.random("talk", 0);
    let pull = Weighted::new(articles.iter().map(|a| a.pull));
    let mut said: Vec<(i64, u32)> = Vec::new();
    let mut times: Vec<i64> = Vec::new();
    let wanted = (forum.debate.posts as usize).saturating_sub(forum.posts.len());
    times.extend((0..wanted).map(|_| moment(forum, &mut random)));
    times.sort_unstable();
    for at in times {
        let account = folk.first + folk.weights.draw(&mut random) as u32;
        let candidates = &forum.debate.candidates;
        if random.chance(0.42)
            && let Some(&(_, original)) = pick_recent(&said, at, &mut random)
        {
            // What is being reposted is reposted more: reposting enters the list again.
            said.push((at, original));
            let post = Post {
                at,
                account,
                text: String::new(),
                url: String::new(),
                reposts: Some(original),
                original: None,
                hashtags: Vec::new(),
            };
            forum.posts.push(post);
            continue;
        }
        let article = (!articles.is_empty() && random.chance(0.35)).then(|| &articles[pull.draw(&mut random)]);
        // The news is shared once it is out, most of it within the hour, some of it all night.
        let out = article.filter(|a| a.at <= at && random.chance((-((at - a.at) as f64) / 5.4e6).exp().max(0.03)));
        let text = match out {
            Some(article) if random.chance(0.5) => article.title.clone(),
            _ => sentences::ordinary(&mut random, candidates),
        };
        let url = out.map(|a| a.url.clone()).unwrap_or_default();
        let tags = (0..random.below(3)).map(|_| sentences::TAGS[random.below(16) as usize].into()).collect();
        // Few sayings are ever reposted, and those are reposted much.
        let original = (!random.chance(0.92)).then(|| {
            forum.originals += 1;
            said.push((at, forum.originals - 1));
            forum.originals - 1
        });
        forum.posts.push(Post { at, account, text, url, reposts: None, original, hashtags: tags });
    }
}

/// One of the last things said, the newer the likelier.
fn pick_recent<'s>(said: &'s [(i64, u32)], at: i64, random: &mut Random) -> Option<&'s (i64, u32)> {
    let back = random.wait(900.0) as usize;
    said.get(said.len().checked_sub(1 + back)?).filter(|(then, _)| *then < at)
}
