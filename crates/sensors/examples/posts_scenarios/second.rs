//! Scenes by a second hand, written before the method that they measure: groups that are drowned in what their members post
//! besides, or slow, and innocents who come close to them. `second` runs those that were developed on, `held` those held back.

use super::World;
use super::random::Random;
use super::scenes::{NIGHT, Scene, Shared, crowd, ordinary, page};

const DAY: f64 = 86_400.0;

/// Those that were developed on.
pub const DEVELOPED: &[Scene] = &[
    Scene { name: "drowned", make: drowned },
    Scene { name: "drowned-late", make: drowned_late },
    Scene { name: "lists", make: lists },
    Scene { name: "half-lists", make: half_lists },
    Scene { name: "bells", make: bells },
    Scene { name: "newsletter", make: newsletter },
    Scene { name: "chat", make: chat },
    Scene { name: "sitting", make: sitting },
];

/// Those that were measured once.
pub const HELD: &[Scene] = &[
    Scene { name: "drowned-tags", make: drowned_tags },
    Scene { name: "drowned-reposts", make: drowned_reposts },
    Scene { name: "drowned-public", make: drowned_public },
    Scene { name: "drowned-slow", make: drowned_slow },
    Scene { name: "friends", make: friends },
    Scene { name: "live", make: live },
    Scene { name: "superfans", make: superfans },
    Scene { name: "nine-sharp", make: nine_sharp },
    Scene { name: "threads", make: threads },
];

/// What members of a debate post besides: links and reposts of everybody's.
fn besides(world: &mut World, random: &mut Random, who: &str, births: &[f64], posts: usize, length: f64) {
    for _ in 0..posts {
        let what = (2000f64.powf(random.unit()) as usize).min(1999);
        let at = (births[what] + random.wait(length / 8.0)).min(length);
        let shared = if random.chance(0.6) { Shared::Url(page(what)) } else { Shared::Repost(format!("t{what}")) };
        world.post(who, at, &shared, random);
    }
}

/// An action: each member with this chance, so many seconds after its beginning at most.
fn action(world: &mut World, random: &mut Random, who: &[String], start: f64, shared: &Shared, within: f64, part: f64) {
    for one in who {
        if random.chance(part) {
            let at = start + random.unit() * within;
            world.post(one, at, shared, random);
        }
    }
}

/// Eight members, twenty actions in four days within a minute, sixty to two hundred posts besides.
fn drowned(world: &mut World, random: &mut Random) {
    let length = 4.0 * DAY;
    let births = crowd(world, random, 25_000, 5_000, length);
    let members = world.cast("h", 8, true);
    for k in 0..20 {
        let start = random.unit() * length * 0.95;
        let shared = Shared::Url(format!("https://site{}.example/{k}", k % 5));
        action(world, random, &members, start, &shared, 60.0, 0.6);
    }
    for who in &members {
        let posts = 60 + random.below(140);
        besides(world, random, who, &births, posts, length);
    }
}

/// Sixteen members within a hundred seconds; one share in thirty comes hours late.
fn drowned_late(world: &mut World, random: &mut Random) {
    let births = ordinary(world, random);
    let members = world.cast("h", 16, true);
    for k in 0..14 {
        let start = random.unit() * NIGHT * 0.8;
        let shared = Shared::Url(format!("https://site{}.example/{k}", k % 3));
        for who in &members {
            if random.chance(0.7) {
                let late = if random.chance(0.033) { random.wait(7200.0) } else { 0.0 };
                let at = (start + random.unit() * 100.0 + late).min(NIGHT);
                world.post(who, at, &shared, random);
            }
        }
    }
    for who in &members {
        besides(world, random, who, &births, 80, NIGHT);
    }
}

/// An operator's list of sixty links of nine sites in ten days: twelve members share nine in ten of it within eight hours,
/// and little of their own.
fn lists(world: &mut World, random: &mut Random) {
    list_of(world, random, 12, 0.9, 4);
}

/// The same, half of the list each, and as much of everybody's.
fn half_lists(world: &mut World, random: &mut Random) {
    list_of(world, random, 12, 0.5, 30);
}

fn list_of(world: &mut World, random: &mut Random, members: usize, part: f64, own: usize) {
    let length = 10.0 * DAY;
    let births = crowd(world, random, 25_000, 5_000, length);
    let members = world.cast("h", members, true);
    for k in 0..60 {
        let start = f64::from(k) * DAY / 6.0;
        let shared = Shared::Url(format!("https://outlet{}.example/{k}", random.below(9)));
        action(world, random, &members, start, &shared, 8.0 * 3600.0, part);
    }
    for who in &members {
        besides(world, random, who, &births, own, length);
    }
}

/// Twenty-five fans with a bell on, most within a minute or two, some when they next look; and lives besides.
fn bells(world: &mut World, random: &mut Random) {
    let births = ordinary(world, random);
    let fans = world.cast("f", 25, false);
    let paces: Vec<f64> = fans.iter().map(|_| random.around(40.0, 0.6)).collect();
    for k in 0..15 {
        let out = random.unit() * NIGHT * 0.8;
        for (who, pace) in fans.iter().zip(&paces) {
            if random.chance(0.6) {
                let late = if random.chance(0.12) { random.wait(5400.0) } else { 0.0 };
                let at = (out + random.wait(*pace) + late).min(NIGHT);
                world.post(who, at, &Shared::Repost(format!("star{k}")), random);
            }
        }
    }
    for who in &fans {
        besides(world, random, who, &births, 60, NIGHT);
    }
}

/// Sixty readers of a letter with ten links a day of seven sites, each with a zeal of his own, in the hours after it.
fn newsletter(world: &mut World, random: &mut Random) {
    let length = 10.0 * DAY;
    let births = crowd(world, random, 25_000, 5_000, length);
    let readers = world.cast("r", 60, false);
    let zeal: Vec<f64> = readers.iter().map(|_| 0.05 + 0.75 * random.unit().powi(2)).collect();
    for day in 0..10 {
        let out = f64::from(day) * DAY + 6.5 * 3600.0;
        for k in 0..10 {
            let shared = Shared::Url(format!("https://outlet{}.example/{day}/{k}", random.below(7)));
            for (who, zeal) in readers.iter().zip(&zeal) {
                if random.chance(*zeal) {
                    let at = (out + random.wait(2.0 * 3600.0)).min(length);
                    world.post(who, at, &shared, random);
                }
            }
        }
    }
    for who in &readers {
        besides(world, random, who, &births, 20, length);
    }
}

/// An hour of questions on five Thursdays: fifteen who answer each within minutes with its tag.
fn chat(world: &mut World, random: &mut Random) {
    let length = 35.0 * DAY;
    let births = crowd(world, random, 20_000, 5_000, length);
    let guests = world.cast("g", 15, false);
    for week in 0..5 {
        for question in 0..8 {
            let start = f64::from(week) * 7.0 * DAY + 20.0 * 3600.0 + f64::from(question) * 420.0;
            let shared = Shared::Tags(vec!["edchat".into(), format!("q{week}{question}")]);
            for who in &guests {
                if random.chance(0.7) {
                    let at = start + random.wait(90.0);
                    world.post(who, at, &shared, random);
                }
            }
        }
    }
    for who in &guests {
        besides(world, random, who, &births, 40, length);
    }
}

/// Nine who watch one long debate together and pass on what comes up within seconds, twenty things in two evenings.
fn sitting(world: &mut World, random: &mut Random) {
    let length = 3.0 * DAY;
    let births = crowd(world, random, 20_000, 5_000, length);
    let guests = world.cast("g", 9, false);
    for k in 0..20 {
        let evening = f64::from(k % 2) * DAY + 20.5 * 3600.0;
        let start = evening + random.unit() * 1500.0;
        action(world, random, &guests, start, &Shared::Repost(format!("live{k}")), 80.0, 0.7);
    }
    for who in &guests {
        besides(world, random, who, &births, 40, length);
    }
}

/// Series of hashtags of their own, twenty-five members within a hundred seconds.
fn drowned_tags(world: &mut World, random: &mut Random) {
    let births = ordinary(world, random);
    let members = world.cast("h", 25, true);
    for k in 0..14 {
        let start = random.unit() * NIGHT * 0.9;
        let shared = Shared::Tags(vec![format!("wake{k}"), "vote".into(), "now".into()]);
        action(world, random, &members, start, &shared, 100.0, 0.5);
    }
    for who in &members {
        besides(world, random, who, &births, 50, NIGHT);
    }
}

/// Reposts of a small leader, whom a few strangers repost later.
fn drowned_reposts(world: &mut World, random: &mut Random) {
    let length = 2.0 * DAY;
    let births = crowd(world, random, 25_000, 6_000, length);
    let members = world.cast("h", 12, true);
    for k in 0..12 {
        let start = random.unit() * length * 0.9;
        let shared = Shared::Repost(format!("leader{k}"));
        action(world, random, &members, start, &shared, 90.0, 0.75);
        for _ in 0..random.below(6) {
            let who = format!("a{}", random.below(6000));
            let at = (start + random.wait(7200.0)).min(length);
            world.post(&who, at, &shared, random);
        }
    }
    for who in &members {
        besides(world, random, who, &births, 80, length);
    }
}

/// Links that others take up: twenty to fifty strangers over hours.
fn drowned_public(world: &mut World, random: &mut Random) {
    let births = ordinary(world, random);
    let members = world.cast("h", 14, true);
    for k in 0..12 {
        let start = random.unit() * NIGHT * 0.8;
        let shared = Shared::Url(format!("https://site{}.example/{k}", k % 4));
        action(world, random, &members, start, &shared, 90.0, 0.7);
        for _ in 0..20 + random.below(30) {
            let who = format!("a{}", random.below(6000));
            let at = (start + random.wait(6000.0)).min(NIGHT);
            world.post(&who, at, &shared, random);
        }
    }
    for who in &members {
        besides(world, random, who, &births, 70, NIGHT);
    }
}

/// Drowned, and within six minutes only.
fn drowned_slow(world: &mut World, random: &mut Random) {
    let births = ordinary(world, random);
    let members = world.cast("h", 20, true);
    for k in 0..14 {
        let start = random.unit() * NIGHT * 0.9;
        let shared = Shared::Url(format!("https://site{}.example/{k}", k % 4));
        action(world, random, &members, start, &shared, 360.0, 0.7);
    }
    for who in &members {
        besides(world, random, who, &births, 70, NIGHT);
    }
}

/// Six friends who pass on one another's posts within minutes.
fn friends(world: &mut World, random: &mut Random) {
    let length = 5.0 * DAY;
    let births = crowd(world, random, 20_000, 5_000, length);
    let friends = world.cast("f", 6, false);
    for k in 0..25 {
        let start = random.unit() * length * 0.95;
        for who in &friends {
            if random.chance(0.6) {
                let at = (start + random.wait(300.0)).min(length);
                world.post(who, at, &Shared::Repost(format!("friend{k}")), random);
            }
        }
    }
    for who in &friends {
        besides(world, random, who, &births, 60, length);
    }
}

/// Forty viewers of a weekly programme: a page that it names, within a minute or two; some watch it later.
fn live(world: &mut World, random: &mut Random) {
    let length = 21.0 * DAY;
    let births = crowd(world, random, 20_000, 5_000, length);
    let viewers = world.cast("v", 40, false);
    for week in 0..3 {
        for page in 0..6 {
            let start = f64::from(week) * 7.0 * DAY + 21.0 * 3600.0 + f64::from(page) * 600.0;
            let shared = Shared::Url(format!("https://programme.example/{week}/{page}"));
            for who in &viewers {
                if random.chance(0.5) {
                    let late = if random.chance(0.1) { DAY * random.unit() } else { 0.0 };
                    let at = (start + random.wait(60.0) + late).min(length);
                    world.post(who, at, &shared, random);
                }
            }
        }
    }
    for who in &viewers {
        besides(world, random, who, &births, 30, length);
    }
}

/// Fifteen who share nearly all that one site brings, among sixty who share some, at their own hours.
fn superfans(world: &mut World, random: &mut Random) {
    let length = 10.0 * DAY;
    let births = crowd(world, random, 20_000, 5_000, length);
    let fans = world.cast("f", 75, false);
    for k in 0..60 {
        let out = random.unit() * length * 0.9;
        let shared = Shared::Url(format!("https://fansite.example/{k}"));
        for (n, who) in fans.iter().enumerate() {
            if random.chance(if n < 15 { 0.85 } else { 0.15 }) {
                let at = (out + random.wait(3600.0)).min(length);
                world.post(who, at, &shared, random);
            }
        }
    }
    for who in &fans {
        besides(world, random, who, &births, 15, length);
    }
}

/// Seven pages that put what an agency brought overnight on for nine o'clock sharp, as all they post.
fn nine_sharp(world: &mut World, random: &mut Random) {
    let length = 14.0 * DAY;
    let births = crowd(world, random, 20_000, 5_000, length);
    let pages = world.cast("s", 7, false);
    for day in 0..14 {
        let nine = f64::from(day) * DAY + 9.0 * 3600.0;
        for who in &pages {
            for k in 0..3 {
                if random.chance(0.6) {
                    let at = nine + f64::from(k) + random.unit() * 3.0;
                    world.post(who, at, &Shared::Url(format!("https://agency.example/{day}/{k}")), random);
                }
            }
            // Each has a page of its own for nine o'clock as well.
            let at = nine + 4.0 + random.unit() * 3.0;
            world.post(who, at, &Shared::Url(format!("https://{who}.example/{day}")), random);
        }
    }
    for who in &pages {
        besides(world, random, who, &births, 10, length);
    }
}

/// A forum's regulars: whoever is online when a thread opens passes it on within a minute or two, the others in the evening.
fn threads(world: &mut World, random: &mut Random) {
    let length = 7.0 * DAY;
    let births = crowd(world, random, 20_000, 5_000, length);
    let regulars = world.cast("r", 20, false);
    for k in 0..30 {
        let start = random.unit() * length * 0.9;
        let shared = Shared::Url(format!("https://forum.example/{k}"));
        for who in &regulars {
            let at = match random.below(10) {
                0..=3 => start + random.wait(50.0),
                4..=5 => ((start / DAY).floor() + 0.8 + 0.1 * random.unit()) * DAY,
                _ => continue,
            };
            world.post(who, at.max(start).min(length), &shared, random);
        }
    }
    for who in &regulars {
        besides(world, random, who, &births, 50, length);
    }
}
