//! Whether one text is a copy of another: what the two share, weighed by how surprising each shared thing is.
//!
//! You may rely on: symmetric; the cost is that of sorting the grams of both, once for those asked about again soon.
//! Left out: translation, but for names and numbers (`meaning`).

use super::corpus::{Corpus, Id, bits, grams, is_name, is_number, is_number_in_words};

/// What two texts share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shared {
    /// The surprise of the stems that both have, in bits: two strangers' texts share so much once in 2^bits pairs if
    /// words fell independently.
    pub bits: f32,
    /// Weighted Jaccard similarity of the stems, 0–1: survives another order of words and other endings.
    pub words: f32,
    /// Weighted Jaccard similarity of the grams, 0–1: survives typing errors, joined and split words.
    pub letters: f32,
    /// Each says a number or a name that the other does not: one form filled in twice, or two facts told alike.
    pub other_facts: bool,
    /// They are plainly in two languages: what is shared are names, numbers and words of one origin.
    pub other_language: bool,
}

impl Shared {
    /// How alike the texts are, 0–1.
    pub fn similarity(&self) -> f32 {
        let mut alike = (self.words + self.letters) / 2.0;
        if self.other_language {
            alike = (alike * OTHER_LANGUAGE).min(1.0);
        }
        if self.other_facts { alike * OTHER_FACTS } else { alike }
    }
}

/// What is left of a similarity when the facts of two texts contradict each other.
const OTHER_FACTS: f32 = 0.35;
/// The part of a text's surprise that its own facts must be: a letter sent to all with another date is a copy.
const FACTS: f32 = 0.03;
/// Texts in two languages that have nothing to do with each other share so much less than texts in one: measured by
/// `copied_text accuracy`, where a translation with names stands apart from 0.13 on.
const OTHER_LANGUAGE: f32 = 2.5;
/// Below this similarity of words, letters are not looked at: together they cannot reach a copy's.
const FEW_WORDS: f32 = 0.12;
/// Texts whose grams are kept.
const KEPT: usize = 512;

/// Compares texts, keeping the grams of those it was last asked about.
pub struct Comparer {
    kept: Vec<Grams>,
    facts: [Facts; 2],
}

impl Default for Comparer {
    fn default() -> Comparer {
        Comparer { kept: (0..KEPT).map(|_| Grams::default()).collect(), facts: Default::default() }
    }
}

#[derive(Default)]
struct Grams {
    of: Option<Id>,
    grams: Vec<u32>,
    weights: Vec<u8>,
    total: u32,
}

impl Grams {
    fn load(&mut self, corpus: &Corpus, id: Id) {
        if self.of != Some(id) {
            self.of = Some(id);
            grams(corpus.words(id), &mut self.grams);
            self.weights.clear();
            self.weights.extend(self.grams.iter().map(|g| corpus.gram_weight(*g)));
            self.total = self.weights.iter().map(|w| u32::from(*w)).sum();
        }
    }
}

/// What one text says and the other does not, in bits.
#[derive(Default)]
struct Facts {
    digits: f32,
    words: f32,
    names: Vec<(u32, f32)>,
}

impl Facts {
    fn clear(&mut self) {
        (self.digits, self.words) = (0.0, 0.0);
        self.names.clear();
    }

    fn add(&mut self, stem: u32, weight: u8) {
        if is_number(stem) {
            self.digits += bits(weight);
        } else if is_number_in_words(stem) {
            self.words += bits(weight);
        } else if is_name(weight) {
            self.names.push((stem, bits(weight)));
        }
    }
}

/// What two texts must share to be looked at closely.
#[derive(Clone, Copy, Debug)]
pub struct Least {
    /// The surprise of their common stems, in bits.
    pub bits: f32,
    /// Their similarity.
    pub similarity: f32,
}

impl Comparer {
    /// What two texts share.
    pub fn shared(&mut self, corpus: &Corpus, a: Id, b: Id) -> Shared {
        self.shared_at_least(corpus, a, b, Least { bits: 0.0, similarity: 0.0 })
    }

    /// What two texts share; letters are not looked at where that could not make it enough.
    pub fn shared_at_least(&mut self, corpus: &Corpus, a: Id, b: Id, least: Least) -> Shared {
        let mut shared = Shared { bits: self.gather(corpus, a, b), ..Shared::default() };
        shared.words = shared.bits / (corpus.total(a) + corpus.total(b) - shared.bits).max(f32::EPSILON);
        shared.other_language = corpus.in_two_languages(a, b);
        let few = if shared.other_language { FEW_WORDS / OTHER_LANGUAGE } else { FEW_WORDS };
        if shared.words >= few && shared.bits >= least.bits {
            shared.other_facts = self.contradict(corpus, a, b);
            if (Shared { letters: 1.0, ..shared }).similarity() >= least.similarity {
                shared.letters = self.letters(corpus, a, b);
            }
        }
        shared
    }

    /// Whether two texts of one meaning say different facts: each a number that the other has not, or names. Of two languages
    /// digits alone count, for names and numbers in words are written otherwise in another language.
    pub fn contradicts(&mut self, corpus: &Corpus, a: Id, b: Id) -> bool {
        self.gather(corpus, a, b);
        let two = matches!((corpus.spoken(a), corpus.spoken(b)), (Some(x), Some(y)) if x != y);
        let numbers = |facts: &Facts| facts.digits > 0.0 || !two && facts.words > 0.0;
        self.facts.iter().all(numbers) || !two && self.contradict(corpus, a, b)
    }

    /// The bits of what two texts share; what each says alone is kept.
    fn gather(&mut self, corpus: &Corpus, a: Id, b: Id) -> f32 {
        let mut shared = 0.0;
        let (left, right) = (corpus.weights(a), corpus.weights(b));
        self.facts.iter_mut().for_each(Facts::clear);
        let [only_a, only_b] = &mut self.facts;
        walk(corpus.stems(a), corpus.stems(b), |at| match at {
            At::Both(n) => shared += bits(left[n]),
            At::Left(n, stem) => only_a.add(stem, left[n]),
            At::Right(n, stem) => only_b.add(stem, right[n]),
        });
        shared
    }

    fn letters(&mut self, corpus: &Corpus, a: Id, b: Id) -> f32 {
        // Two neighbours in the table may not push each other out.
        let (x, y) = (a as usize % (KEPT / 2), KEPT / 2 + b as usize % (KEPT / 2));
        self.kept[x].load(corpus, a);
        self.kept[y].load(corpus, b);
        let (a, b) = (&self.kept[x], &self.kept[y]);
        let mut both = 0;
        walk(&a.grams, &b.grams, |at| {
            if let At::Both(n) = at {
                both += u32::from(a.weights[n]);
            }
        });
        both as f32 / (a.total + b.total - both).max(1) as f32
    }

    /// Whether each says facts that the other does not and that are a part of it worth naming.
    fn contradict(&mut self, corpus: &Corpus, a: Id, b: Id) -> bool {
        let [only_a, only_b] = &mut self.facts;
        if !only_a.names.is_empty() && !only_b.names.is_empty() {
            let (in_a, in_b) = (corpus.words(a), corpus.words(b));
            only_a.names.retain(|(stem, _)| corpus.word(a, *stem).is_some_and(|name| !named(name, in_b)));
            only_b.names.retain(|(stem, _)| corpus.word(b, *stem).is_some_and(|name| !named(name, in_a)));
        }
        let of = |own: &Facts, other: &Facts| {
            let names = own.names.iter().map(|(_, bits)| bits).sum::<f32>();
            [(own.digits, other.digits > 0.0), (own.words, other.words > 0.0), (names, !other.names.is_empty())]
                .into_iter()
                .map(|(bits, too)| if too { bits } else { 0.0 })
                .sum::<f32>()
        };
        of(only_a, only_b) >= FACTS * corpus.total(a)
            && of(only_b, only_a) >= FACTS * corpus.total(b)
            && of(only_a, only_b) > 0.0
            && of(only_b, only_a) > 0.0
    }
}

/// Whether a text has a word that may be this name with another ending or a typing error.
fn named(name: &str, words: &str) -> bool {
    words.split(' ').any(|word| {
        let before = same(name.bytes(), word.bytes());
        let after = same(name.bytes().rev(), word.bytes().rev());
        before >= 4 || before + after + 2 >= name.len().max(word.len()).max(5)
    })
}

fn same(a: impl Iterator<Item = u8>, b: impl Iterator<Item = u8>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

/// A place in two sorted lists walked together: which list has it, where, and what.
enum At {
    Left(usize, u32),
    Both(usize),
    Right(usize, u32),
}

fn walk(a: &[u32], b: &[u32], mut see: impl FnMut(At)) {
    let (mut i, mut j) = (0, 0);
    while let (Some(&x), Some(&y)) = (a.get(i), b.get(j)) {
        if x == y {
            see(At::Both(i));
            (i, j) = (i + 1, j + 1);
        } else if x < y {
            see(At::Left(i, x));
            i += 1;
        } else {
            see(At::Right(j, y));
            j += 1;
        }
    }
    (i..a.len()).for_each(|n| see(At::Left(n, a[n])));
    (j..b.len()).for_each(|n| see(At::Right(n, b[n])));
}
