//! Texts that say the same in other words or another language, by a model that the user brought (crate `meaning`).
//!
//! Of each group of copies a few texts stand for it. Two of them say the same where their vectors lie closer than those
//! of the collection lie by and large: a collection on one subject asks for more than one on many. Two texts of one language
//! must lie closer than two of two, and no number may contradict another. The pairs found are joined from the closest to
//! the least, groups of them where they are close *on average*, as copies are (`cluster`).
//!
//! You may rely on: copies stay together; any order of texts gives the same groups; time is bounded by [`AT_MOST`] texts,
//! and what is left out is drawn by the whole collection, so that nobody can choose it. Left out: texts that say too
//! little for a copy of them to be told from chance; that somebody copied, for two may come to say the same by themselves.

use super::corpus::{Corpus, Id, mix};
use super::verify::Comparer;
use meaning::Model;
use meaning::near::{Vectors, kept};
use rayon::prelude::*;
use std::collections::HashMap;

/// Texts whose meaning is looked at: four minutes of two cores.
pub const AT_MOST: usize = 1 << 18;
/// Texts that stand for a group of copies.
const SAMPLE: usize = 4;
/// How much closer than others two texts alone must lie, as the sum over both; and two groups on average. Chosen on half of
/// the texts of `bench/posts_meaning.py`.
const ALONE: f32 = 1.0;
const ON_AVERAGE: f32 = 0.9;
/// How much more that must be in one language, or where a language is unclear.
const ONE_LANGUAGE: f32 = 0.2;
/// Languages that are told apart.
const LANGUAGES: usize = 16;

/// Which texts say the same.
pub struct Meant {
    /// By different text the least of those that say the same, or are its copies.
    groups: Vec<Id>,
    /// By group of copies, the vectors of those that stand for it.
    standing: HashMap<Id, Vec<u32>>,
    vectors: Vectors,
    /// Texts that were not looked at because there were too many.
    pub left_out: usize,
}

impl Meant {
    /// Of a collection in groups of copies, with the bits that a text must carry and the text as it was written.
    pub fn find<'t>(
        corpus: &Corpus,
        groups: &[Id],
        enough: f32,
        model: &Model,
        written: impl Fn(Id) -> &'t str + Sync,
    ) -> Meant {
        let mut of: HashMap<Id, Vec<Id>> = HashMap::new();
        for id in (0..corpus.len()).filter(|id| corpus.total(*id) >= enough) {
            let all = of.entry(groups[id as usize]).or_default();
            if all.len() < SAMPLE {
                all.push(id);
            }
        }
        let mut chosen: Vec<(Id, Id)> = of.iter().flat_map(|(group, all)| all.iter().map(|id| (*group, *id))).collect();
        let left_out = chosen.len().saturating_sub(AT_MOST);
        if left_out > 0 {
            let seed = corpus.seed();
            chosen.sort_unstable_by_key(|(group, id)| (mix(seed ^ u64::from(*group)), *id));
            chosen.truncate(AT_MOST);
        }
        chosen.sort_unstable();
        let texts: Vec<String> = chosen.par_iter().map(|(_, id)| plain(written(*id))).collect();
        let vectors = Vectors::from(model.encode(&texts, kept));
        let mut joined = Joined::new(corpus, &vectors, &chosen);
        joined.join();
        let mut meant: Vec<Id> = groups.to_vec();
        let mut named: HashMap<u32, Id> = HashMap::new();
        let mut same: HashMap<Id, Id> = HashMap::new();
        for (n, (group, _)) in chosen.iter().enumerate() {
            // In order, so that the first group met is the least.
            let name = *named.entry(joined.find(n as u32)).or_insert(*group);
            same.insert(*group, name);
        }
        meant.iter_mut().for_each(|group| *group = same.get(group).copied().unwrap_or(*group));
        let mut standing: HashMap<Id, Vec<u32>> = HashMap::new();
        chosen.iter().enumerate().for_each(|(n, (group, _))| standing.entry(*group).or_default().push(n as u32));
        Meant { groups: meant, standing, vectors, left_out }
    }

    /// The group of a different text.
    pub fn group(&self, id: Id) -> Id {
        self.groups[id as usize]
    }

    /// How close two groups of copies lie, 0–1: the mean cosine of the texts that stand for them.
    pub fn closeness(&self, a: Id, b: Id) -> f32 {
        let of = |group: Id| self.standing.get(&group).map_or(&[][..], Vec::as_slice);
        let pairs = of(a).iter().flat_map(|x| of(b).iter().map(move |y| self.vectors.cosine(*x, *y)));
        let (sum, count) = pairs.fold((0.0, 0), |(sum, count), cosine| (sum + cosine, count + 1));
        if count == 0 { 0.0 } else { (sum / count as f32).clamp(0.0, 1.0) }
    }
}

/// A text without what says nothing of its meaning: links, mentions, the marks of hashtags and of a repost. A text in
/// capitals is written small, for the model knows few words in capitals.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let word = word.trim_start_matches(['#', '\u{200b}', '\u{feff}']);
        let link = word.contains("://") || word.starts_with("www.");
        let retweets = out.is_empty() && word == "RT";
        if !(link || retweets || word.is_empty() || word.starts_with('@')) {
            out += if out.is_empty() { "" } else { " " };
            out += word;
        }
        if out.len() > meaning::MOST_BYTES {
            break;
        }
    }
    let (upper, lower) = out.chars().fold((0, 0), |(upper, lower), c| {
        (upper + usize::from(c.is_uppercase()), lower + usize::from(c.is_lowercase()))
    });
    if upper > lower { out.to_lowercase() } else { out }
}

/// Texts that are joined into groups.
struct Joined<'a> {
    corpus: &'a Corpus,
    vectors: &'a Vectors,
    background: Vec<f32>,
    ids: Vec<Id>,
    parent: Vec<u32>,
    groups: HashMap<u32, Sum>,
}

/// What a group of texts comes to.
#[derive(Clone)]
struct Sum {
    numbers: Vec<f64>,
    background: f64,
    languages: [u32; LANGUAGES],
    count: u32,
}

impl Joined<'_> {
    /// Of texts that stand for groups of copies, those of one group beside each other.
    fn new<'a>(corpus: &'a Corpus, vectors: &'a Vectors, chosen: &[(Id, Id)]) -> Joined<'a> {
        let mut joined = Joined {
            corpus,
            vectors,
            background: vectors.background(),
            ids: chosen.iter().map(|(_, id)| *id).collect(),
            parent: (0..chosen.len() as u32).collect(),
            groups: HashMap::new(),
        };
        for n in 1..chosen.len() {
            if chosen[n].0 == chosen[n - 1].0 {
                let first = joined.find(n as u32 - 1);
                joined.unite(first, n as u32);
            }
        }
        joined
    }

    fn find(&self, mut n: u32) -> u32 {
        while self.parent[n as usize] != n {
            n = self.parent[n as usize];
        }
        n
    }

    fn language(&self, n: u32) -> Option<u8> {
        self.corpus.spoken(self.ids[n as usize])
    }

    fn sum(&self, group: u32) -> Sum {
        self.groups.get(&group).cloned().unwrap_or_else(|| {
            let mut languages = [0; LANGUAGES];
            self.language(group).into_iter().for_each(|l| languages[usize::from(l) % LANGUAGES] += 1);
            Sum {
                numbers: self.vectors.numbers(group).iter().map(|x| f64::from(*x)).collect(),
                background: f64::from(self.background[group as usize]),
                languages,
                count: 1,
            }
        })
    }

    fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (a.min(b), a.max(b));
        let (mut sum, other) = (self.sum(a), self.sum(b));
        sum.numbers.iter_mut().zip(&other.numbers).for_each(|(x, y)| *x += y);
        sum.languages.iter_mut().zip(other.languages).for_each(|(x, y)| *x += y);
        (sum.background, sum.count) = (sum.background + other.background, sum.count + other.count);
        self.groups.remove(&b);
        self.groups.insert(a, sum);
        self.parent[b as usize] = a;
    }

    /// How much two texts must be above what lies around them, in the cosine.
    fn asked(&self, a: u32, b: u32) -> f32 {
        let more = match (self.language(a), self.language(b)) {
            (Some(x), Some(y)) if x != y => 0.0,
            _ => ONE_LANGUAGE,
        };
        self.background[a as usize] + self.background[b as usize] + more
    }

    fn join(&mut self) {
        let least = |a, b| (ON_AVERAGE + self.asked(a, b)) / 2.0;
        let pairs = self.vectors.pairs(&least);
        let one = |(a, b, cosine): &(u32, u32, f32), comparer: &mut Comparer| {
            let (x, y) = (self.ids[*a as usize], self.ids[*b as usize]);
            let fits = self.find(*a) != self.find(*b) && !comparer.contradicts(self.corpus, x.min(y), x.max(y));
            fits.then(|| (2.0 * cosine - self.asked(*a, *b), *a, *b))
        };
        let mut edges: Vec<(f32, u32, u32)> = pairs
            .par_chunks(1024)
            .flat_map_iter(|chunk| {
                let mut comparer = Comparer::default();
                chunk.iter().filter_map(|pair| one(pair, &mut comparer)).collect::<Vec<_>>()
            })
            .collect();
        edges.par_sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        // Two groups that were refused are refused again while neither grew.
        let mut refused: HashMap<(u32, u32), (u32, u32)> = HashMap::new();
        for (above, a, b) in edges {
            let (a, b) = (self.find(a), self.find(b));
            let (a, b) = (a.min(b), a.max(b));
            if a == b {
                continue;
            }
            let sizes = [a, b].map(|g| self.groups.get(&g).map_or(1, |sum| sum.count));
            if refused.get(&(a, b)) == Some(&(sizes[0], sizes[1])) {
                continue;
            }
            let fits = match sizes {
                [1, 1] => above >= ALONE,
                _ => self.above_on_average(a, b) >= f64::from(ON_AVERAGE),
            };
            match fits {
                true => self.unite(a, b),
                false => drop(refused.insert((a, b), (sizes[0], sizes[1]))),
            }
        }
    }

    fn above_on_average(&self, a: u32, b: u32) -> f64 {
        let (a, b) = (self.sum(a), self.sum(b));
        let count = f64::from(a.count) * f64::from(b.count);
        let product: f64 = a.numbers.iter().zip(&b.numbers).map(|(x, y)| x * y).sum();
        let cosine = product / (f64::from(meaning::near::ONE) * f64::from(meaning::near::ONE)) / count;
        let known = |sum: &Sum| f64::from(sum.languages.iter().sum::<u32>());
        let same: f64 = a.languages.iter().zip(b.languages).map(|(x, y)| f64::from(*x) * f64::from(y)).sum();
        let different = (known(&a) * known(&b) - same) / count;
        let around = a.background / f64::from(a.count) + b.background / f64::from(b.count);
        2.0 * cosine - around - f64::from(ONE_LANGUAGE) * (1.0 - different)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_left_out() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected);
        check("RT @bob: They sold #Velmora https://t.co/x @tv RT", "They sold Velmora RT");
        check("ILS ONT VENDU LE PORT !", "ils ont vendu le port !");
        check("  ", "");
    }
}
