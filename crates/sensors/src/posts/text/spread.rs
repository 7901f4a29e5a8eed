//! A copied text over time: who of its copies came first, how each came of it, when half of them were there.

use super::meaning::Meant;
use super::{Copies, Relation};
use model::Time;
use std::collections::BTreeMap;

/// A post of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Post {
    /// The text, by its place among those given.
    pub text: usize,
    /// When, where that is known.
    pub time: Option<Time>,
}

/// A post among the copies.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Member {
    /// The post, by its place among those given.
    pub post: usize,
    /// How its text came of the representative's.
    pub relation: Relation,
}

/// A text that was copied.
#[derive(Clone, PartialEq, Debug)]
pub struct Cluster {
    /// Its number ([`Copies::cluster`]).
    pub number: u32,
    /// The earliest post; of equal times, the one whose words sort first.
    pub representative: usize,
    /// All posts, the earliest first; those of unknown time last.
    pub members: Vec<Member>,
    /// The first time known.
    pub first: Option<Time>,
    /// When half of the posts of known time were there.
    pub half: Option<Time>,
    /// The last time known.
    pub last: Option<Time>,
}

impl Copies {
    /// The texts that were posted twice or more, by number; with what says the same, where that was looked at.
    pub fn spread(&self, posts: &[Post], meant: Option<&Meant>) -> Vec<Cluster> {
        let mut clusters: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (n, post) in posts.iter().enumerate() {
            if let Some(number) = self.cluster_of(post.text, meant) {
                clusters.entry(number).or_default().push(n);
            }
        }
        clusters.into_iter().filter(|(_, of)| of.len() > 1).map(|(n, of)| self.told(n, of, posts, meant)).collect()
    }

    fn told(&self, number: u32, mut of: Vec<usize>, posts: &[Post], meant: Option<&Meant>) -> Cluster {
        of.sort_by_key(|&n| (posts[n].time.is_none(), posts[n].time, self.corpus.id(posts[n].text), n));
        let representative = of[0];
        let times: Vec<Time> = of.iter().filter_map(|&n| posts[n].time).collect();
        let members = of.iter().filter_map(|&post| {
            let relation = self.relation_of(posts[representative].text, posts[post].text, meant)?;
            Some(Member { post, relation })
        });
        Cluster {
            number,
            representative,
            members: members.collect(),
            first: times.first().copied(),
            half: times.get(times.len().saturating_sub(1) / 2).copied(),
            last: times.last().copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rows::posts::Copying;

    #[test]
    fn a_copied_text_is_told_over_time() {
        let texts = [
            "Leaked minutes show that mayor Oskarsen sold the old harbour of Velmora to his brother-in-law",
            "Breaking: leaked minutes show that mayor Oskarsen sold the old harbour of Velmora to his brother-in-law",
            "Nothing to do with it, the weather in Torquay is lovely and the ferry left at noon",
        ];
        let at = |text, seconds| Post { text, time: Some(Time::from_seconds(seconds)) };
        let posts = [at(1, 300), at(0, 100), at(0, 200), at(2, 50), Post { text: 0, time: None }];
        let spread = Copies::find(&texts).spread(&posts, None);
        assert_eq!(spread.len(), 1);
        let cluster = &spread[0];
        assert_eq!(cluster.members.iter().map(|m| m.post).collect::<Vec<_>>(), [1, 2, 0, 4]);
        assert_eq!(cluster.members[2].relation.kind, Copying::Edited);
        assert_eq!(cluster.members[1].relation.kind, Copying::Verbatim);
        let times = [cluster.first, cluster.half, cluster.last].map(|t| t.map(Time::seconds));
        assert_eq!(times, [Some(100), Some(200), Some(300)]);
    }
}
