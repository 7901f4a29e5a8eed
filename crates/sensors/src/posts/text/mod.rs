//! Copied text: which posts are one text, verbatim, edited or reworded, and how it spread.
//!
//! Texts are stripped of what an editor's hand changes first (`normalise`), the different ones weighed by how
//! surprising their words are in this very collection (`corpus`), those that share rare things are brought together
//! (`candidates`), compared (`verify`) and grouped (`cluster`); [`Copies::spread`] tells the groups over time.
//!
//! You may rely on: a pure function of the texts; any order of them gives the same groups; near-linear in their
//! number, whatever they hold. One form filled in with other names or numbers is no copy. "Bravo !" twice is no copy: a text must carry more surprise than chance explains among
//! so many texts ([`cluster::enough_bits`]); no length decides.
//! Left out: translation but for what names, numbers and words of one origin tell; where the user brought a model,
//! `meaning` puts together what says the same, as a kind of its own.

pub mod candidates;
pub mod cluster;
pub mod corpus;
pub mod meaning;
pub mod normalise;
mod spread;
pub mod verify;

pub use spread::{Cluster, Member, Post};

use super::shares::Shares;
use ::meaning::Model;
use corpus::{Corpus, Id};
use meaning::Meant;
use rows::posts::Copying;
use verify::{Comparer, Shared};

/// How two texts are related.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Relation {
    /// By what kind of copying.
    pub kind: Copying,
    /// 0–1.
    pub similarity: f32,
    /// The surprise of what they share, in bits.
    pub bits: f32,
}

/// The most alike that a rewording is: beyond, whole passages stand unchanged.
const REWORDED: f32 = 0.6;

impl From<Shared> for Relation {
    fn from(shared: Shared) -> Relation {
        let kind = match shared {
            Shared { other_language: true, .. } => Copying::Translated,
            Shared { letters, .. } if letters >= REWORDED => Copying::Edited,
            _ => Copying::Reworded,
        };
        Relation { kind, similarity: shared.similarity(), bits: shared.bits }
    }
}

/// A collection of texts and what in it is copied.
pub struct Copies {
    corpus: Corpus,
    groups: Vec<Id>,
    enough: f32,
}

impl Copies {
    /// Finds the copies among texts.
    pub fn find<T: AsRef<str> + Sync>(texts: &[T]) -> Copies {
        let corpus = Corpus::new(texts);
        let groups = cluster::group(&corpus);
        let enough = cluster::enough_bits(corpus.len() as usize);
        Copies { corpus, groups, enough }
    }

    /// How many different texts there are, after normalisation.
    pub fn different(&self) -> usize {
        self.corpus.len() as usize
    }

    /// The number of the text that this one (by its place among those given) is a copy of; texts with one number are
    /// copies of each other. None where it says too little for its copy to be told from chance.
    pub fn cluster(&self, text: usize) -> Option<u32> {
        let id = self.corpus.id(text)?;
        let group = self.groups[id as usize];
        (group != id || self.corpus.total(id) >= self.enough).then_some(group)
    }

    /// Which of these texts, the same as were compared, say the same.
    pub fn meant<T: AsRef<str> + Sync>(&self, texts: &[T], model: &Model) -> Meant {
        let mut first: Vec<Option<usize>> = vec![None; self.corpus.len() as usize];
        for (n, id) in (0..texts.len()).filter_map(|n| Some((n, self.corpus.id(n)?))) {
            let least = &mut first[id as usize];
            // Of texts with the same words one stands for all, whatever their order.
            if least.is_none_or(|l| texts[n].as_ref() < texts[l].as_ref()) {
                *least = Some(n);
            }
        }
        let written = |id: Id| first[id as usize].map_or("", |n| texts[n].as_ref());
        Meant::find(&self.corpus, &self.groups, self.enough, model, written)
    }

    /// The number of the text that this one is a copy of or, where that was looked at, says the same as.
    pub fn cluster_of(&self, text: usize, meant: Option<&Meant>) -> Option<u32> {
        let (cluster, id) = (self.cluster(text), self.corpus.id(text)?);
        meant.map_or(cluster, |meant| cluster.map(|_| meant.group(id)))
    }

    /// How two texts of one cluster are related: as copies, or by what they mean.
    pub fn relation_of(&self, a: usize, b: usize, meant: Option<&Meant>) -> Option<Relation> {
        let [x, y] = [a, b].map(|text| self.corpus.id(text).map(|id| self.groups[id as usize]));
        match (meant, x? == y?) {
            (Some(meant), false) => {
                Some(Relation { kind: Copying::Meant, similarity: meant.closeness(x?, y?), bits: 0.0 })
            }
            _ => self.relation(a, b),
        }
    }

    /// How two texts are related, whether or not they are copies.
    pub fn relation(&self, a: usize, b: usize) -> Option<Relation> {
        let (a, b) = (self.corpus.id(a)?, self.corpus.id(b)?);
        if a == b {
            return Some(Relation { kind: Copying::Verbatim, similarity: 1.0, bits: self.corpus.total(a) });
        }
        Some(Comparer::default().shared(&self.corpus, a.min(b), a.max(b)).into())
    }
}

/// The cluster of every post of a table; none where its text is no copy. For [`Shares::with_objects`]. With a model, of
/// what it means; and how many texts were too many for that.
pub fn clusters(shares: &Shares, model: Option<&Model>) -> (Vec<Option<u32>>, usize) {
    let texts: Vec<_> = (0..shares.texts.len() as u32).map(|n| shares.texts.text(n)).collect();
    let copies = Copies::find(&texts);
    let meant = model.map(|model| copies.meant(&texts, model));
    let of = |text: u32| copies.cluster_of(text as usize, meant.as_ref());
    let clusters = (0..shares.len() as u32).map(|post| shares.text(post).and_then(of)).collect();
    (clusters, meant.map_or(0, |meant| meant.left_out))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARBOUR: &str =
        "Leaked minutes show that mayor Oskarsen sold the old harbour of Velmora to his brother-in-law";

    fn check(texts: &[&str], expected: &[Option<u32>]) {
        let copies = Copies::find(texts);
        let numbers: Vec<Option<u32>> = (0..texts.len()).map(|t| copies.cluster(t)).collect();
        let first = |n: Option<u32>| n.and_then(|n| numbers.iter().position(|m| *m == Some(n))).map(|p| p as u32);
        assert_eq!(numbers.iter().map(|n| first(*n)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn edits_and_rewordings_are_copies() {
        check(
            &[
                HARBOUR,
                "LEAKED minutes show that mayor OSKARSEN sold the old harbor of Velmora 😡 to his brother in law!!! #Velmora @tv",
                "Mayor Oskarsen sold Velmora's old harbour to his brother-in-law, according to minutes that were leaked",
                "The council of Velmora will vote on Thursday about the budget of its three public libraries",
            ],
            &[Some(0), Some(0), Some(0), Some(3)],
        );
    }

    #[test]
    fn one_form_filled_in_twice_is_no_copy() {
        let result = |home: &str, away: &str, first: &str, second: &str, spectators: u32| {
            format!(
                "Match over between {home} and {away}: goals by {first} and {second} in front of {spectators} spectators, \
                 tickets for the next match at the counter"
            )
        };
        check(
            &[
                &result("Torvik", "Lindholm", "Oskarsen", "Brandt", 4500),
                &result("Velmora", "Marnby", "Petrov", "Delgado", 1200),
                "Farmers blocked the bridge near Lindholm this morning and the drivers of lorries waited for four hours",
                "Lorries blocked the bridge near Lindholm this morning and the drivers of coaches waited for two hours",
            ],
            &[Some(0), Some(1), Some(2), Some(3)],
        );
        // The same numbers and names in other words and endings are no others.
        check(
            &[
                "Полиция Зареченска задержала четырёх активистов возле избирательного участка, сообщил Петров",
                "Петров сообщил, что возле избирательного участка полиция в Зареченске задержала четверых активистов",
            ],
            &[Some(0), Some(0)],
        );
    }

    #[test]
    fn a_campaign_that_is_the_whole_collection_is_found() {
        let variants = (0..500).map(|n| format!("{HARBOUR} and nobody in town wants to speak of it word{n:03}x"));
        let texts: Vec<String> = variants.collect();
        let copies = Copies::find(&texts);
        let one = copies.cluster(0);
        assert!(one.is_some() && (0..texts.len()).all(|n| copies.cluster(n) == one));
    }

    #[test]
    fn a_common_phrase_is_no_copy() {
        check(&["Bravo !", "bravo", "Bonne année à tous !", "Bonne année à tous", "👍", "👍", ""], &[None; 7]);
    }

    #[test]
    fn the_order_of_texts_changes_nothing() {
        let texts = [
            HARBOUR,
            "mayor Oskarsen sold the old harbour of Velmora to his brother-in-law, leaked minutes show",
            "a b c",
        ];
        let (a, b) = (Copies::find(&texts), Copies::find(&[texts[2], texts[1], texts[0]]));
        (0..3).for_each(|t| assert_eq!(a.cluster(t), b.cluster(2 - t)));
    }

    #[test]
    fn relations_are_told() {
        let copies = Copies::find(&[
            HARBOUR,
            &HARBOUR.to_uppercase(),
            &format!("{HARBOUR} again and again"),
            "Der Bürgermeister",
        ]);
        assert_eq!(copies.relation(0, 1).map(|r| r.kind), Some(Copying::Verbatim));
        assert_eq!(copies.relation(0, 2).map(|r| r.kind), Some(Copying::Edited));
        assert!(copies.relation(0, 3).is_some_and(|r| r.similarity < 0.1));
    }
}
