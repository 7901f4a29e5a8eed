//! What chance gives, and what it does not.
//!
//! `posts_chance shuffle FILE RUNS`: permutes the times of all posts of a real file (popularity and volumes kept) and
//! counts the runs in which any group is reported; then within each object (its curve kept as well).
//! `posts_chance debate SEEDS`: a made-up debate of 13 hours with fans of one show and three groups of different
//! discipline; who is found, and whether a fan ever is.

use model::{Budget, Random, Time};
use sensors::input::Input;
use sensors::posts::groups::groups;
use sensors::posts::network::Options;
use sensors::posts::shares::{self, Place, Record, Shares};
use std::collections::BTreeMap;

/// A post: object, account, second.
type Post = (String, String, i64);

fn table(posts: &[Post]) -> Shares {
    let mut table = Shares::new(false);
    for (n, (object, account, time)) in posts.iter().enumerate() {
        let id = n.to_string();
        let record = Record {
            account: table.key(account.as_bytes()),
            post: table.key(id.as_bytes()),
            time: Time::from_seconds(*time),
            objects: [table.key(object.as_bytes())].into_iter(),
            text: None,
            place: Place::default(),
        };
        table.add(record).expect("room");
    }
    table
}

fn options() -> Options {
    Options { window: 60_000_000, min_weight: 2, loops: false }
}

fn shuffle(file: &str, runs: u64) {
    let input = std::fs::File::open(file).map_err(|e| format!("`{file}`: {e}")).expect("a file");
    let mut input = Input::open(Box::new(input), Budget::default()).expect("a file that can be read");
    let mut read = Shares::new(false);
    shares::read(&mut input, file, &shares::Options::default(), &mut read).expect("read");
    let real: Vec<Post> = (0..read.len() as u32)
        .flat_map(|p| read.shared(p).iter().map(move |o| (*o, p)))
        .map(|(o, p)| {
            (
                read.objects.text(o).into_owned(),
                read.accounts.text(read.account(p)).into_owned(),
                read.time(p).seconds(),
            )
        })
        .collect();
    println!("as it is: {} groups", groups(&table(&real), &options()).len());
    for within in [false, true] {
        let mut reported = 0;
        for seed in 1..=runs {
            let mut random = Random::new(seed);
            let mut times: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
            for (object, _, time) in &real {
                times.entry(if within { object } else { "" }).or_default().push(*time);
            }
            times.values_mut().for_each(|t| random.shuffle(t));
            let taken = |(object, account, _): &Post| {
                let time = times.get_mut(if within { object.as_str() } else { "" }).and_then(Vec::pop);
                (object.clone(), account.clone(), time.expect("as many times as posts"))
            };
            let posts: Vec<Post> = real.iter().map(taken).collect();
            reported += u64::from(!groups(&table(&posts), &options()).is_empty());
        }
        let how = if within { "within each object" } else { "over all posts" };
        println!("times permuted {how}: {reported} of {runs} runs report anything");
    }
}

/// 13 hours: 60,000 posts of 8,000 people on 3,000 things; 200 fans who share most of 60 episodes, `pace` seconds after
/// they appear on average; groups of 12, 25 and 40 that share 40 things each.
fn debate(seed: u64, pace: f64) -> Vec<Post> {
    let mut random = Random::new(seed);
    let day = 13.0 * 3600.0;
    let mut posts = Vec::new();
    let births: Vec<f64> = (0..3000).map(|_| random.unit() * day * 0.8).collect();
    let popular = |random: &mut Random| ((3000f64).powf(random.unit()) as usize).min(2999);
    for _ in 0..60_000 {
        let object = popular(&mut random);
        let account = (8000.0 * random.unit().powi(3)) as usize;
        let time = births[object] + random.wait(5400.0);
        posts.push((format!("o{object}"), format!("a{account}"), time as i64));
    }
    for episode in 0..60 {
        let birth = random.unit() * day;
        for fan in 0..200 {
            if random.unit() < 0.6 {
                let time = birth + random.wait(pace);
                posts.push((format!("show{episode}"), format!("fan{fan:03}"), time as i64));
            }
        }
        for _ in 0..60 {
            let time = birth + random.wait(pace * 2.0);
            posts.push((format!("show{episode}"), format!("a{}", random.below(8000)), time as i64));
        }
    }
    for (group, members, spread, part) in [(0, 12, 15.0, 0.95), (1, 25, 45.0, 0.8), (2, 40, 90.0, 0.6)] {
        for thing in 0..40 {
            let (name, start) = match random.unit() < 0.5 {
                true => (format!("o{}", popular(&mut random)), random.unit() * day),
                false => (format!("g{group}-{thing}"), random.unit() * day),
            };
            for member in 0..members {
                if random.unit() < part {
                    let time = start + random.unit() * spread;
                    posts.push((name.clone(), format!("g{group}m{member:02}"), time as i64));
                }
            }
        }
    }
    random.shuffle(&mut posts);
    posts.iter_mut().for_each(|p| p.2 += 1_493_600_000);
    posts
}

fn debates(seeds: u64) {
    for pace in [90.0, 180.0, 300.0, 900.0] {
        let (mut found, mut wrong, mut fans) = ([0; 3], 0, 0);
        for seed in 1..=seeds {
            let shares = table(&debate(seed, pace));
            for member in groups(&shares, &options()).iter().flat_map(|g| &g.members) {
                let name = shares.accounts.text(member.account).into_owned();
                match name.as_bytes() {
                    [b'g', n @ b'0'..=b'2', ..] => found[usize::from(n - b'0')] += 1,
                    [b'f', ..] => fans += 1,
                    _ => wrong += 1,
                }
            }
        }
        let part = |n: usize, size: u64| 100.0 * f64::from(found[n]) / (size * seeds) as f64;
        println!(
            "fans after {pace} s on average: {fans} fans and {wrong} others called coordinated; found {:.1} % of the group \
             within 15 s, {:.1} % within 45 s, {:.1} % within 90 s",
            part(0, 12),
            part(1, 25),
            part(2, 40)
        );
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: usize| arguments.get(n).and_then(|a| a.parse().ok());
    match arguments.first().map(String::as_str) {
        Some("shuffle") if arguments.len() > 1 => shuffle(&arguments[1], number(2).unwrap_or(200)),
        Some("debate") => debates(number(1).unwrap_or(20)),
        _ => println!("usage: posts_chance shuffle FILE RUNS | posts_chance debate SEEDS"),
    }
}
