//! The scenes. Times are seconds from the case's beginning; a debate lasts thirteen hours where nothing else is said.

use super::World;
use super::random::Random;
use model::Time;
use sensors::posts::post::Post;

/// A scene.
pub struct Scene {
    pub name: &'static str,
    pub make: fn(&mut World, &mut Random),
}

/// All of them: hidden groups first, then innocents.
pub const ALL: &[Scene] = &[
    Scene { name: "loose", make: loose },
    Scene { name: "loose-popular", make: loose_popular },
    Scene { name: "mixed", make: mixed },
    Scene { name: "small", make: small },
    Scene { name: "camouflage", make: camouflage },
    Scene { name: "reposters", make: reposters },
    Scene { name: "days", make: days },
    Scene { name: "large", make: large },
    Scene { name: "planted", make: planted },
    Scene { name: "ignition", make: ignition },
    Scene { name: "hourly", make: hourly },
    Scene { name: "minutes", make: minutes },
    Scene { name: "viral", make: viral },
    Scene { name: "fans", make: fans },
    Scene { name: "fast-fans", make: fast_fans },
    Scene { name: "followers", make: followers },
    Scene { name: "club", make: club },
    Scene { name: "even-fans", make: even_fans },
    Scene { name: "alerts", make: alerts },
    Scene { name: "tv-night", make: tv_night },
    Scene { name: "breakfast", make: breakfast },
    Scene { name: "schedulers", make: schedulers },
    Scene { name: "newsroom", make: newsroom },
    Scene { name: "feeds", make: feeds },
];

const DAY: f64 = 86_400.0;
pub const NIGHT: f64 = 13.0 * 3600.0;

/// What a post shares besides its words.
#[derive(Clone)]
pub enum Shared {
    Nothing,
    Url(String),
    Tags(Vec<String>),
    Repost(String),
    Mentions(Vec<String>),
}

impl World {
    fn account(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    pub fn cast(&mut self, stem: &str, n: usize, hidden: bool) -> Vec<String> {
        let all: Vec<String> = (0..n).map(|_| self.account(stem)).collect();
        let of = if hidden { &mut self.hidden } else { &mut self.innocent };
        of.extend(all.iter().cloned());
        all
    }

    pub fn post(&mut self, account: &str, at: f64, shared: &Shared, random: &mut Random) -> usize {
        // Words by lot: no two texts are alike.
        let text: Vec<String> = (0..8 + random.below(10)).map(|_| format!("w{}", random.below(5000))).collect();
        let mut post = Post {
            account: account.into(),
            time: Some(Time::from_seconds(1_493_600_000 + at as i64)),
            text: text.join(" "),
            ..Post::default()
        };
        match shared {
            Shared::Nothing => {}
            Shared::Url(url) => post.urls.push(url.clone()),
            Shared::Tags(tags) => post.hashtags.clone_from(tags),
            Shared::Repost(id) => (post.repost_of, post.text) = (id.clone(), String::new()),
            Shared::Mentions(names) => post.mentions.clone_from(names),
        }
        self.posts.push(post);
        self.posts.len() - 1
    }
}

pub fn page(n: usize) -> String {
    format!("https://news{}.example/{n}", n % 7)
}

/// An ordinary debate: links, reposts and hashtags of unequal popularity, each with its own curve, by unequal people.
pub fn crowd(world: &mut World, random: &mut Random, posts: usize, people: usize, length: f64) -> Vec<f64> {
    let births: Vec<f64> = (0..2000).map(|_| random.unit() * length * 0.9).collect();
    for _ in 0..posts {
        let who = format!("a{}", (people as f64 * random.unit().powi(3)) as usize);
        let what = (2000f64.powf(random.unit()) as usize).min(1999);
        let at = births[what] + random.wait(length / 8.0);
        let at = if at < length { at } else { random.unit() * length };
        let shared = match random.below(10) {
            0..=3 => Shared::Url(page(what)),
            4..=6 => Shared::Repost(format!("t{what}")),
            7 => Shared::Tags(vec!["vote".into(), format!("tag{}", what % 60)]),
            8 => Shared::Mentions(vec![format!("m{}", what % 200)]),
            _ => Shared::Nothing,
        };
        world.post(&who, at, &shared, random);
    }
    births
}

pub fn ordinary(world: &mut World, random: &mut Random) -> Vec<f64> {
    crowd(world, random, 25_000, 6_000, NIGHT)
}

/// Members take part in some of many actions, each within some seconds of its beginning.
fn act(world: &mut World, random: &mut Random, members: &[String], actions: &[(f64, Shared)], within: f64, part: f64) {
    for (start, shared) in actions {
        for member in members {
            if random.chance(part) {
                let at = start + random.unit() * within;
                world.post(member, at, shared, random);
            }
        }
    }
}

fn own_links(random: &mut Random, n: usize, length: f64) -> Vec<(f64, Shared)> {
    let lot = random.below(1000);
    (0..n).map(|k| (random.unit() * length, Shared::Url(format!("https://truth{lot}.example/{k}")))).collect()
}

/// Half-hour windows; each member takes part in three of ten actions.
fn loose(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let members = world.cast("h", 30, true);
    let actions = own_links(random, 40, NIGHT - 1800.0);
    act(world, random, &members, &actions, 1800.0, 0.3);
}

/// The links that everybody shares, pushed at a moment of the group's choosing.
fn loose_popular(world: &mut World, random: &mut Random) {
    let births = ordinary(world, random);
    let members = world.cast("h", 25, true);
    let actions: Vec<(f64, Shared)> = (0..30)
        .map(|_| {
            let what = random.below(60);
            (births[what] + random.unit() * 9000.0, Shared::Url(page(what)))
        })
        .collect();
    act(world, random, &members, &actions, 300.0, 0.5);
}

/// Links, reposts, series of hashtags and mentions in turn.
fn mixed(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let members = world.cast("h", 20, true);
    for k in 0..24 {
        let start = random.unit() * (NIGHT - 600.0);
        let shared = match k % 4 {
            0 => Shared::Url(format!("https://truth.example/{k}")),
            1 => Shared::Repost(format!("t{}", random.below(300))),
            2 => Shared::Tags(vec![format!("now{k}"), "vote".into(), "truth".into()]),
            _ => Shared::Mentions(vec![format!("m{}", random.below(200)), format!("m{}", random.below(200))]),
        };
        act(world, random, &members, &[(start, shared)], 180.0, 0.6);
    }
}

/// Five accounts.
fn small(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let members = world.cast("h", 5, true);
    let actions = own_links(random, 15, NIGHT - 60.0);
    act(world, random, &members, &actions, 60.0, 0.8);
}

/// Members with a life: a dozen actions among a hundred ordinary posts each.
fn camouflage(world: &mut World, random: &mut Random) {
    let births = ordinary(world, random);
    let members = world.cast("h", 20, true);
    let actions = own_links(random, 12, NIGHT - 120.0);
    act(world, random, &members, &actions, 120.0, 0.7);
    for member in &members {
        for _ in 0..100 {
            let what = (2000f64.powf(random.unit()) as usize).min(1999);
            let at = (births[what] + random.wait(6000.0)).min(NIGHT);
            let shared = if random.chance(0.5) { Shared::Url(page(what)) } else { Shared::Repost(format!("t{what}")) };
            world.post(member, at, &shared, random);
        }
    }
}

/// Reposts of a leader's posts within minutes, among those of other readers over hours.
fn reposters(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let members = world.cast("h", 40, true);
    for k in 0..30 {
        let start = random.unit() * (NIGHT - 3600.0);
        let shared = Shared::Repost(format!("leader{k}"));
        act(world, random, &members, &[(start, shared.clone())], 120.0, 0.4);
        for _ in 0..random.below(60) {
            let who = format!("a{}", random.below(6000));
            let at = (start + random.wait(5400.0)).min(NIGHT);
            world.post(&who, at, &shared, random);
        }
    }
}

/// Two weeks, two actions a day.
fn days(world: &mut World, random: &mut Random) {
    crowd(world, random, 25_000, 6_000, 14.0 * DAY);
    let members = world.cast("h", 15, true);
    let actions = own_links(random, 28, 14.0 * DAY - 3600.0);
    act(world, random, &members, &actions, 900.0, 0.5);
}

/// Three hundred accounts in seconds.
fn large(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let members = world.cast("h", 300, true);
    let actions = own_links(random, 15, NIGHT - 60.0);
    act(world, random, &members, &actions, 45.0, 0.5);
}

/// Ten accounts push some of everybody's links at moments of their own.
fn planted(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let members = world.cast("h", 10, true);
    let actions: Vec<(f64, Shared)> =
        (0..20).map(|_| (random.unit() * NIGHT, Shared::Url(page(random.below(2000))))).collect();
    act(world, random, &members, &actions, 30.0, 0.9);
}

/// A group brings links out within a minute; the public takes them up over hours.
fn ignition(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let members = world.cast("h", 20, true);
    for (start, shared) in own_links(random, 20, NIGHT - 3600.0) {
        act(world, random, &members, &[(start, shared.clone())], 60.0, 0.7);
        for _ in 0..5 + random.below(40) {
            let who = format!("a{}", random.below(6000));
            let at = (start + random.wait(4000.0)).min(NIGHT);
            world.post(&who, at, &shared, random);
        }
    }
}

/// Every full hour of two days the same link, by most of fifteen accounts.
fn hourly(world: &mut World, random: &mut Random) {
    crowd(world, random, 25_000, 6_000, 2.0 * DAY);
    let members = world.cast("h", 15, true);
    let actions: Vec<(f64, Shared)> =
        (0..40).map(|k| (f64::from(k) * 3600.0, Shared::Url(format!("https://truth.example/{k}")))).collect();
    act(world, random, &members, &actions, 40.0, 0.7);
}

/// Five-minute windows with links of their own and a slow public.
fn minutes(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let members = world.cast("h", 20, true);
    for (start, shared) in own_links(random, 25, NIGHT - 3600.0) {
        act(world, random, &members, &[(start, shared.clone())], 300.0, 0.6);
        for _ in 0..random.below(20) {
            let who = format!("a{}", random.below(6000));
            let at = (start + random.wait(7000.0)).min(NIGHT);
            world.post(&who, at, &shared, random);
        }
    }
}

/// Breaking news: a thousand people share one link within three minutes, and many of them the next one as well.
fn viral(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let public = world.cast("v", 1500, false);
    for k in 0..20 {
        let start = random.unit() * (NIGHT - 1800.0);
        let shared = Shared::Url(format!("https://breaking.example/{k}"));
        for who in &public {
            if random.chance(0.4) {
                let at = start + random.wait(120.0);
                world.post(who, at, &shared, random);
            }
        }
    }
}

fn show(world: &mut World, random: &mut Random, fans: &[String], paces: &[f64], clips: usize, part: f64) {
    for k in 0..clips {
        let out = random.unit() * (NIGHT - 3600.0);
        let shared = Shared::Url(format!("https://show.example/clip{k}"));
        for (fan, pace) in fans.iter().zip(paces) {
            if random.chance(part) {
                let at = out + random.wait(*pace);
                world.post(fan, at, &shared, random);
            }
        }
    }
}

/// Fans of one show, each at a pace of minutes.
fn fans(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let fans = world.cast("f", 300, false);
    let paces: Vec<f64> = fans.iter().map(|_| random.around(240.0, 0.6)).collect();
    show(world, random, &fans, &paces, 50, 0.5);
}

/// Fans of very different pace: some have switched notices on and share within seconds, always.
fn fast_fans(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let fans = world.cast("f", 300, false);
    let paces: Vec<f64> = fans.iter().map(|_| random.around(120.0, 1.5)).collect();
    show(world, random, &fans, &paces, 60, 0.6);
}

/// Followers who repost a star as soon as they see it.
fn followers(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let all = world.cast("f", 200, false);
    let paces: Vec<f64> = all.iter().map(|_| random.around(60.0, 1.2)).collect();
    for k in 0..40 {
        let out = random.unit() * (NIGHT - 3600.0);
        for (fan, pace) in all.iter().zip(&paces) {
            if random.chance(0.5) {
                let at = out + random.wait(*pace);
                world.post(fan, at, &Shared::Repost(format!("star{k}")), random);
            }
        }
    }
}

/// A dozen readers of a small site, alone with it.
fn club(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let fans = world.cast("c", 12, false);
    let paces: Vec<f64> = fans.iter().map(|_| random.around(300.0, 0.8)).collect();
    show(world, random, &fans, &paces, 40, 0.6);
}

/// Fans who share at any moment of the ten minutes that a clip lasts.
fn even_fans(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let fans = world.cast("f", 200, false);
    for k in 0..40 {
        let out = random.unit() * (NIGHT - 3600.0);
        act(world, random, &fans, &[(out, Shared::Url(format!("https://show.example/clip{k}")))], 600.0, 0.5);
    }
}

/// Followers with alerts on, most of whom share within a minute; some see it hours later.
fn alerts(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let fans = world.cast("f", 150, false);
    for k in 0..40 {
        let out = random.unit() * (NIGHT - 3600.0);
        for fan in &fans {
            if random.chance(0.5) {
                let pace = if random.chance(0.2) { 3000.0 } else { 45.0 };
                let at = out + random.wait(pace);
                world.post(fan, at, &Shared::Repost(format!("star{k}")), random);
            }
        }
    }
}

/// A televised debate: at every turn thousands post the same two hashtags.
fn tv_night(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let viewers = world.cast("v", 1500, false);
    for turn in 0..60 {
        let start = 7200.0 + 90.0 * f64::from(turn) + random.unit() * 60.0;
        for who in &viewers {
            if random.chance(0.12) {
                let at = start + random.wait(25.0);
                let tags = vec!["ledebat".into(), ["morel", "vasseur", "2017"][random.below(3)].into()];
                world.post(who, at, &Shared::Tags(tags), random);
            }
        }
    }
}

/// Two weeks of readers with habits: each reads at the same half hour every day and shares some of the morning's pages.
fn breakfast(world: &mut World, random: &mut Random) {
    crowd(world, random, 15_000, 6_000, 14.0 * DAY);
    let readers = world.cast("r", 200, false);
    let hours: Vec<f64> = readers.iter().map(|_| random.around(7.5, 0.3) * 3600.0).collect();
    for day in 0..14 {
        for (reader, hour) in readers.iter().zip(&hours) {
            for article in 0..12 {
                if random.chance(0.4) {
                    let at = f64::from(day) * DAY + hour + random.unit() * 1200.0;
                    world.post(reader, at, &Shared::Url(format!("https://daily.example/{day}/{article}")), random);
                }
            }
        }
    }
}

/// Pages whose posts are scheduled for whole quarters of an hour: the same agency's news, and as much of their own.
fn schedulers(world: &mut World, random: &mut Random) {
    crowd(world, random, 15_000, 6_000, 5.0 * DAY);
    let pages = world.cast("s", 40, false);
    for k in 0..150 {
        let out = random.unit() * 4.8 * DAY;
        for page in &pages {
            if random.chance(0.5) {
                let slot = ((out + random.wait(2400.0)) / 900.0).ceil() * 900.0;
                let at = slot + random.unit() * 4.0;
                world.post(page, at, &Shared::Url(format!("https://agency.example/{k}")), random);
                let slot = (random.unit() * 480.0).floor() * 900.0;
                let at = slot + random.unit() * 4.0;
                world.post(page, at, &Shared::Url(format!("https://{page}.example/{k}")), random);
            }
        }
    }
}

/// A newsroom's accounts, which say whose they are.
fn newsroom(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let desks = ["Sport", "Politics", "World", "Live"];
    let members: Vec<String> = desks.iter().map(|d| format!("the_courier_{}", d.to_lowercase())).collect();
    world.innocent.extend(members.iter().cloned());
    let from = world.posts.len();
    let actions: Vec<(f64, Shared)> =
        (0..30).map(|k| (random.unit() * NIGHT, Shared::Url(format!("https://www.thecourier.example/{k}")))).collect();
    act(world, random, &members, &actions, 30.0, 0.8);
    for post in &mut world.posts[from..] {
        post.account_name = format!("The Courier – {}", post.account.rsplit('_').next().unwrap_or_default());
    }
}

/// Feeds that call themselves so in their own ways.
fn feeds(world: &mut World, random: &mut Random) {
    ordinary(world, random);
    let said = [
        ("newsbot_fr", ""),
        ("HeadlineBot7", "All headlines, all day"),
        ("rss2tweet", ""),
        ("actu24", "Revue de presse automatique"),
        ("worldfeed", "I post news from many sources automatically."),
        ("presse_robot", "Flux d’actualité"),
    ];
    for (name, about) in said {
        world.innocent.insert(name.into());
        for k in 0..60 {
            if random.chance(0.85) {
                let at = 600.0 * f64::from(k) + 20.0 + random.unit() * 30.0;
                let n = world.post(name, at, &Shared::Url(page(10_000 + k as usize)), random);
                world.posts[n].about = about.into();
                world.posts[n].account_name = name.into();
            }
        }
    }
}
