//! Risk-limiting audits of paper ballots: how many to draw, which, and when one may stop.
//!
//! BRAVO (Lindeman, Stark and Yates, *BRAVO: Ballot-polling Risk-limiting Audits to Verify Outcomes*, EVT/WOTE 2012), ALPHA with
//! its truncated shrinkage estimator (Stark, *ALPHA: Audit that Learns from Previously Hand-Audited Ballots*, Annals of Applied
//! Statistics 2023), and batch comparison by the Kaplan–Markov bound (Stark, 2008 and 2009). Draws follow a public seed: the
//! SHA-256 of `seed,number`, so that anybody can draw the same.
//!
//! You may rely on: a true outcome of another winner is confirmed with at most the risk limit's probability, whenever one stops.
//! Left out: ballot comparison (ballots of stations have no number), elections by ranking.

use sha2::{Digest, Sha256};

/// The mean number of ballots that BRAVO draws where the winner really has this share of the votes for two.
pub fn bravo_mean(share: f64, risk: f64) -> f64 {
    let (win, lose) = ((2.0 * share).ln(), (2.0 - 2.0 * share).ln());
    ((1.0 / risk).ln() + win / 2.0) / (share * win + (1.0 - share) * lose)
}

/// A ballot-polling audit of one pair of candidates: ballots come one by one, with replacement.
#[derive(Clone, Debug)]
pub struct Alpha {
    /// What is reported: the winner's share of the votes for the two.
    reported: f64,
    /// How many ballots the reported share is worth; none where it is never moved, which is BRAVO.
    weight: Option<f64>,
    /// Ballots so far, and those for the winner.
    drawn: f64,
    won: f64,
    /// The logarithm of the test's martingale, and its largest value.
    log: f64,
    most: f64,
}

impl Alpha {
    /// An audit by ALPHA; `weight` is *d*, in ballots.
    pub fn new(reported: f64, weight: f64) -> Alpha {
        Alpha { reported, weight: Some(weight), drawn: 0.0, won: 0.0, log: 0.0, most: 0.0 }
    }

    /// An audit by BRAVO, of which ALPHA is the general form.
    pub fn bravo(reported: f64) -> Alpha {
        Alpha { weight: None, ..Alpha::new(reported, 0.0) }
    }

    /// Takes a ballot: for the winner, or for the loser. Ballots for neither say nothing of the two.
    pub fn ballot(&mut self, winner: bool) {
        self.round(u64::from(winner), u64::from(!winner));
    }

    /// Takes the ballots of a round, in whatever order they were drawn: the share is that of the rounds before.
    pub fn round(&mut self, winner: u64, loser: u64) {
        let share = match self.weight {
            None => self.reported,
            Some(d) => {
                let so_far = d + self.drawn;
                let learnt = (d * self.reported + self.won) / so_far;
                // Kept above one half by an amount that shrinks as ballots come.
                learnt.max(0.5 + (self.reported - 0.5) / 2.0 / so_far.sqrt()).min(1.0 - f64::EPSILON)
            }
        };
        let (winner, loser) = (winner as f64, loser as f64);
        self.log += winner * (2.0 * share).ln() + loser * (2.0 * (1.0 - share)).ln();
        self.most = self.most.max(self.log);
        self.drawn += winner + loser;
        self.won += winner;
    }

    /// The risk measured so far: the p-value of the hypothesis that the winner did not win.
    pub fn risk(&self) -> f64 {
        (-self.most).exp().min(1.0)
    }

    /// Ballots so far.
    pub fn drawn(&self) -> u64 {
        self.drawn as u64
    }
}

/// The risk measured by batches that were counted again, drawn with probability in proportion to what each may hide: of each
/// its taint (the overstatement of the margin found there over the largest possible) for a total bound of `bound` margins.
pub fn kaplan_markov(bound: f64, taints: &[f64]) -> f64 {
    let product: f64 = taints.iter().map(|t| (1.0 - 1.0 / bound) / (1.0 - t.min(1.0 - f64::EPSILON))).product();
    product.min(1.0)
}

/// The risk that is left where so many batches are drawn and none of them errs.
pub fn clean(bound: f64, draws: u32) -> f64 {
    (1.0 - 1.0 / bound.max(1.0)).powi(draws as i32)
}

/// The draw of a number by a public seed, uniform in [0, 1): the first 53 bits of the SHA-256 of `seed,number`.
pub fn draw(seed: &str, number: u64) -> f64 {
    let hash = Sha256::digest(format!("{seed},{number}").as_bytes());
    let bits = hash[..8].iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// Which batches to count again: so many draws, each with probability in proportion to its weight, with replacement.
pub fn batches(weights: &[f64], draws: u64, seed: &str) -> Vec<usize> {
    let mut upto = Vec::with_capacity(weights.len());
    let mut sum = 0.0;
    for w in weights {
        sum += w.max(0.0);
        upto.push(sum);
    }
    if sum <= 0.0 {
        return Vec::new();
    }
    (1..=draws).map(|n| upto.partition_point(|u| *u <= draw(seed, n) * sum).min(weights.len() - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Random;

    #[test]
    fn means_are_those_of_the_published_formula() {
        let shares = [0.70, 0.65, 0.60, 0.58, 0.55, 0.54, 0.53, 0.52, 0.51, 0.505];
        let expected = [31.0, 54.0, 119.0, 185.0, 470.0, 731.0, 1295.0, 2902.0, 11562.0, 46151.0];
        assert_eq!(shares.map(|s| bravo_mean(s, 0.1).ceil()), expected);
    }

    #[test]
    fn a_wrong_outcome_is_confirmed_at_most_as_often_as_the_limit_says() {
        let (audits, limit) = (2000, 0.1);
        for bravo in [true, false] {
            let mut random = Random::new(7);
            let confirmed = (0..audits).filter(|_| {
                let mut audit = if bravo { Alpha::bravo(0.55) } else { Alpha::new(0.55, 100.0) };
                (0..2000).any(|_| {
                    audit.ballot(random.chance(0.5));
                    audit.risk() <= limit
                })
            });
            assert!(confirmed.count() as f64 <= limit * f64::from(audits));
        }
    }

    #[test]
    fn draws_follow_the_seed() {
        let all = batches(&[1.0, 0.0, 3.0], 1000, "12345");
        assert_eq!(all, batches(&[1.0, 0.0, 3.0], 1000, "12345"));
        let of = |n: usize| all.iter().filter(|b| **b == n).count();
        assert!(of(1) == 0 && (650..850).contains(&of(2)));
        assert!(
            (clean(10.0, 22) - 0.0985).abs() < 0.001
                && (kaplan_markov(10.0, &[0.0; 22]) - clean(10.0, 22)).abs() < 1e-9
        );
    }
}
