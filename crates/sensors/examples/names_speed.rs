//! Names judged in a second on one core: `cargo run --release -p sensors --example names_speed [LIST [PROTECTED]]`. The list is
//! held in memory; against 1, 100 and 10,000 made-up protected domains, or those given. Time is this thread's own where Linux tells it.

use knowledge::names::Names;
use model::Protect;
use sensors::names::kernel::{Judge, Scratch};

/// A cheap deterministic generator: the same names in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    /// A pronounceable label, so that labels share syllables as real ones do.
    fn label(&mut self) -> String {
        const SYLLABLES: [&str; 32] = [
            "ma", "re", "ti", "con", "for", "do", "na", "les", "pro", "in", "ver", "sta", "el", "mo", "ca", "lo", "ri",
            "ser", "ta", "bel", "gra", "pa", "nor", "sy", "lu", "web", "net", "de", "so", "vi", "hu", "press",
        ];
        let n = 2 + self.below(3);
        let mut label: String = (0..n).map(|_| SYLLABLES[self.below(32)]).collect();
        if self.below(4) == 0 {
            label.push('-');
            label.push_str(SYLLABLES[self.below(32)]);
            label.push_str(SYLLABLES[self.below(32)]);
        }
        label
    }
}

/// Seconds this thread ran (`/proc/thread-self/schedstat`), else seconds that went by.
fn clock() -> f64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    let own = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let own = own.and_then(|s| s.split(' ').next()?.parse::<f64>().ok());
    own.map_or_else(|| START.elapsed().as_secs_f64(), |ns| ns / 1e9)
}

fn main() {
    const SUFFIXES: [&str; 8] = ["com", "fr", "net", "org", "de", "co.uk", "info", "shop"];
    let mut random = Random(0x5eed);
    let given = std::env::args().nth(1);
    let names: Vec<String> = match &given {
        Some(path) => std::fs::read_to_string(path).expect("a list of names").lines().map(String::from).collect(),
        None => (0..2_000_000)
            .map(|_| {
                let host = ["", "", "www.", "mail."][random.below(4)];
                format!("{host}{}.{}", random.label(), SUFFIXES[random.below(8)])
            })
            .collect(),
    };
    let data = Names::embedded();
    let mut made = |n: usize| (0..n).map(|_| format!("{}{}.fr", random.label(), random.label())).collect();
    let sets: Vec<Vec<String>> = match std::env::args().nth(2) {
        Some(path) => {
            vec![std::fs::read_to_string(path).expect("protected domains").lines().map(String::from).collect()]
        }
        None => [1, 100, 10_000].map(&mut made).into(),
    };
    for domains in sets {
        let protected = domains.len();
        let start = clock();
        let judge = Judge::new(&Protect::of_domains(domains), &data);
        let built = clock() - start;
        let mut scratch = Scratch::default();
        let start = clock();
        let mut found = 0;
        let rounds = (2_000_000 / names.len().max(1)).max(1);
        for _ in 0..rounds {
            found += names.iter().filter(|n| judge.judge(n.as_bytes(), &mut scratch).is_some()).count();
        }
        let took = clock() - start;
        let judged = (names.len() * rounds) as f64;
        println!(
            "{protected:6} protected (ready in {:.0} ms): {:.2} million names a second, {found} resemble something",
            built * 1e3,
            judged / took / 1e6
        );
    }
}
