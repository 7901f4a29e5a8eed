//! Scenarios unlike the exercise's: each is an ordinary debate with one kind of hidden group, or one kind of people who
//! only look like one, written without regard to how the detector works.
//!
//! `posts_scenarios [NAME|all|second|held] [SEEDS] [first SEED]`: who of the hidden is called coordinated (recall), who of those
//! called is hidden (precision), and how many innocents are, by scenario; through the case's own detector.

mod random;
mod scenes;
mod second;

use model::{Config, EntityKind, Span, Time};
use random::Random;
use rows::Row;
use rows::posts::{Coordination, Explanation};
use sensors::posts::block::Writer;
use sensors::posts::coordination::CoordinationDetector;
use sensors::posts::post::Post;
use sensors::testing::Memory;
use std::collections::BTreeSet;

/// Posts, and who is hidden among their accounts.
#[derive(Default)]
struct World {
    posts: Vec<Post>,
    hidden: BTreeSet<String>,
    innocent: BTreeSet<String>,
    names: u32,
}

/// What one run gives.
#[derive(Default)]
struct Seen {
    called: usize,
    right: usize,
    innocent: usize,
    hidden: usize,
}

fn run(scene: &scenes::Scene, seed: u64) -> Seen {
    let mut world = World::default();
    let mut random = Random::new(seed, scene.name);
    (scene.make)(&mut world, &mut random);
    random.shuffle(&mut world.posts);
    let mut case = Memory::new();
    let mut writer = Writer::new(&mut case);
    for (n, mut post) in std::mem::take(&mut world.posts).into_iter().enumerate() {
        post.id = format!("p{n}");
        writer.post(post, Span { start: 2 * n as u64, len: 1, line: n as u64 + 1 });
    }
    writer.finish(None);
    let found = case.detect(&CoordinationDetector, &Config::default(), Time(0));
    let told = |f: &model::Finding| Coordination::of(&f.fields).is_ok_and(|row| row.explanation == Explanation::None);
    // Links are entities as well.
    let named =
        found.iter().filter(|f| told(f)).flat_map(|f| &f.entities).filter(|e| e.kind == EntityKind::UserAccount);
    let called: BTreeSet<String> = named.map(|e| e.value.clone()).collect();
    Seen {
        called: called.len(),
        right: called.intersection(&world.hidden).count(),
        innocent: called.intersection(&world.innocent).count(),
        hidden: world.hidden.len(),
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted = arguments.first().map_or("all", String::as_str);
    let number = |n: usize, or: u64| arguments.get(n).and_then(|a| a.parse().ok()).unwrap_or(or);
    let (seeds, first) = (number(1, 5), number(2, 1));
    println!(
        "{:20} {:>9} {:>9} {:>9}  {:>22}",
        "scenario", "precision", "recall", "innocent", "least precision, recall"
    );
    let sets = [("all", scenes::ALL), ("second", second::DEVELOPED), ("held", second::HELD)];
    let wanted = |set: &str, scene: &str| wanted == set || wanted == scene;
    let scenes = sets.iter().flat_map(|(set, all)| all.iter().filter(move |s| wanted(set, s.name)));
    for scene in scenes {
        let runs: Vec<Seen> = (first..first + seeds).map(|seed| run(scene, seed)).collect();
        let rate = |part: usize, of: usize| if of == 0 { 1.0 } else { part as f64 / of as f64 };
        let sum = |what: fn(&Seen) -> usize| runs.iter().map(what).sum::<usize>();
        let least = |what: fn(&Seen) -> (usize, usize)| {
            runs.iter().map(what).map(|(part, of)| rate(part, of)).fold(1.0, f64::min)
        };
        println!(
            "{:20} {:9.3} {:9.3} {:9}  {:>13.3}, {:.3}",
            scene.name,
            rate(sum(|s| s.right), sum(|s| s.called)),
            rate(sum(|s| s.right), sum(|s| s.hidden)),
            sum(|s| s.innocent),
            least(|s| (s.right, s.called)),
            least(|s| (s.right, s.hidden)),
        );
    }
}
