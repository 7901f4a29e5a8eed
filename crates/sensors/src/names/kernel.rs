//! The judgement of one name: is it made to look like something that is protected? Nothing is generated; any name
//! that is shown is judged, in time that hardly grows with what is protected.
//!
//! You may rely on: one [`Judge`] may be shared by threads, each with its own [`Scratch`]; no allocation for names
//! that resemble nothing; the same name gives the same judgement. Left out: what else is known of the name (its age,
//! who owns it, whether it is popular), which the detectors weigh.

use super::explain;
use super::find::{Finder, Hit, Room, SHORT};
use super::lexicon::{Role, Vocabulary};
use super::score::{self, Beside, LEAST, Likeness, Suffix};
use super::technique::{Folded, Technique, compare, look};
use super::things::{Alias, Class, Kind, Thing, Things};
use crate::domain::{Damage, Parts};
use knowledge::names::Names;
use model::{Protect, Reason};
use std::collections::BTreeSet;
use std::ops::Range;

/// What is protected, made ready.
pub struct Judge {
    things: Things,
    vocabulary: Vocabulary,
    finder: Finder,
    allow: BTreeSet<String>,
}

/// Room that is used again from name to name.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    parts: Parts,
    folded: Folded,
    room: Room,
}

impl Scratch {
    /// The name that was judged last, taken apart.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }
}

/// A resemblance that a person can check.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// 0–100.
    pub score: u8,
    /// The registrable domain that carries it.
    pub domain: String,
    /// The whole name as it was judged.
    pub name: String,
    /// The name as a browser may show it, where that differs.
    pub shown: Option<String>,
    /// Which protected thing is imitated.
    pub imitates: String,
    /// What kind of thing that is.
    pub class: Class,
    /// How, the chief technique first.
    pub techniques: Vec<Technique>,
    /// For and against.
    pub reasons: Vec<Reason>,
}

/// A resemblance before it is put into words.
pub(super) struct Claim<'j> {
    /// What it is worth.
    pub score: f32,
    /// The text it resembles.
    pub alias: &'j Alias,
    /// How, the chief technique first.
    pub how: Vec<Technique>,
    /// The label it was seen in.
    pub label: usize,
    /// What stands beside it there.
    pub beside: Option<Beside>,
    /// How its public suffix stands to the protected one.
    pub suffix: Suffix,
}

/// A text of the name that is looked at: a label, or two with a hyphen for the dot between them.
#[derive(Clone, Copy)]
struct At<'p> {
    text: &'p [u8],
    /// The labels it is made of.
    first: usize,
    last: usize,
}

/// A label without its hyphens.
fn plain(label: &[u8]) -> Vec<u8> {
    label.iter().copied().filter(|&b| b != b'-').collect()
}

/// A range without its first or last character where that is doubled, or looks so.
fn narrower(label: &[u8], range: &Range<usize>) -> Vec<Range<usize>> {
    let text = &label[range.clone()];
    let mut all = Vec::new();
    let alike = |a: usize, b: usize| look(text[a]) == look(text[b]);
    if text.len() > 1 && alike(0, 1) {
        all.push(range.start + 1..range.end);
    }
    if text.len() > 1 && alike(text.len() - 1, text.len() - 2) {
        all.push(range.start..range.end - 1);
    }
    all
}

/// What leads from a text to a part of a label, and which part it is.
fn resemblance(label: &[u8], range: Range<usize>, ours: &[u8]) -> Option<(Vec<Technique>, Range<usize>)> {
    let how = compare(&plain(&label[range.clone()]), ours)?;
    // A letter that doubles with its neighbour's (`onedriveen…`) was folded into one: give it back.
    let shorter = match how.is_empty() || range.len() == label.len() {
        true => Vec::new(),
        false => narrower(label, &range),
    };
    let narrowed = shorter.into_iter().filter_map(|r| Some((compare(&plain(&label[r.clone()]), ours)?, r)));
    Some(narrowed.fold((how, range), |best, other| if other.0.len() < best.0.len() { other } else { best }))
}

impl Judge {
    /// Of what a case protects, with the shipped vocabulary.
    pub fn new(protect: &Protect, data: &Names) -> Judge {
        let vocabulary = Vocabulary::new(data);
        let things = Things::new(protect, data, &vocabulary);
        let finder = Finder::new(&things, &vocabulary);
        Judge { things, vocabulary, finder, allow: BTreeSet::new() }
    }

    /// Names under these registrable domains imitate nobody.
    pub fn allow(mut self, domains: impl IntoIterator<Item = String>) -> Judge {
        self.allow.extend(domains.into_iter().map(|d| d.trim_end_matches('.').to_lowercase()));
        self
    }

    /// The words that names are made of.
    pub fn words(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What was given to protect and could not be used.
    pub fn unusable(&self) -> &[String] {
        &self.things.unusable
    }

    /// Judges a name; none where it resembles nothing, or is none.
    pub fn judge(&self, name: &[u8], scratch: &mut Scratch) -> Option<Judgement> {
        self.try_judge(name, scratch).ok().flatten()
    }

    /// Judges a name, and says why it could not be judged.
    pub fn try_judge(&self, name: &[u8], scratch: &mut Scratch) -> Result<Option<Judgement>, Damage> {
        scratch.parts.set(name)?;
        let Scratch { parts, folded, room } = scratch;
        let mut best: Option<Claim> = None;
        let registered = parts.registered();
        let mut look = |at: At| {
            folded.set(at.text);
            self.finder.find(folded, true, room);
            for (i, &hit) in room.hits.iter().enumerate() {
                // What is worth no more than the best so far need not be looked at closely.
                let least = best.as_ref().map_or(LEAST, |b| b.score);
                if !room.hits[..i].contains(&hit)
                    && let Some(claim) = self.claim(parts, folded, at, hit, least)
                    && (claim.score > least || best.is_none() && claim.score >= least)
                {
                    best = Some(claim);
                }
            }
        };
        for n in (0..=registered).rev() {
            let text = parts.seen(n);
            if n < registered && (text.len() < 3 || text == b"www") {
                continue;
            }
            look(At { text, first: n, last: n });
        }
        // `en.marche.fr.evil.com`: a dot may stand for the hyphen.
        for n in (0..registered.saturating_sub(1)).rev() {
            let text = [parts.seen(n), parts.seen(n + 1)].join(&b'-');
            if text.len() >= 6 && text.len() <= 63 {
                look(At { text: &text, first: n, last: n + 1 });
            }
        }
        let Some(best) = best else { return Ok(None) };
        Ok((!self.is_own(parts)).then(|| self.judgement(best, parts)))
    }

    /// Whether the name's domain is what others imitate.
    fn is_own(&self, parts: &Parts) -> bool {
        let domain = parts.domain();
        self.things.own.contains(domain)
            || self.things.own_suffixes.iter().any(|s| parts.text().ends_with(s.as_str()))
            || self.allow.contains(domain)
            || (matches!(Suffix::of(parts, b""), Suffix::Plain | Suffix::First)
                && self.things.own_labels.contains(parts.label(parts.registered())))
    }

    /// What a part of a label that may resemble an alias is worth; none where that is less than `least` for sure.
    fn claim<'j>(&'j self, parts: &Parts, folded: &Folded, at: At, hit: Hit, least: f32) -> Option<Claim<'j>> {
        let alias = &self.things.aliases[hit.alias as usize];
        let thing = &self.things.things[alias.thing as usize];
        let (label, n) = (at.text, at.first);
        let range = folded.origin(hit.start as usize, hit.end as usize);
        let set_off = |b: Option<&u8>| b.is_none_or(|b| matches!(b, b'-' | b'_'));
        if alias.plain.len() <= SHORT && !(set_off(label[..range.start].last()) && set_off(label.get(range.end))) {
            // `natopress`: what a short label is run together with must be words that decoys use.
            let telling = Role::SERVICE.with(Role::ACTION).with(Role::CAMPAIGN);
            let words = |side: &[u8]| side.is_empty() || self.vocabulary.roles(side).any(telling);
            if !alias.is_short_label(thing) || !words(&label[..range.start]) || !words(&label[range.end..]) {
                return None;
            }
        }
        let (mut how, range) = resemblance(label, range, &alias.plain)?;
        let (before, seen, after) = (&label[..range.start], &label[range.clone()], &label[range.end..]);
        let first = seen.first() != alias.written.first();
        let visual = matches!(how.first(), Some(Technique::Homoglyph | Technique::Leet));
        let word = !how.is_empty() && self.vocabulary.is_common(&plain(seen));
        if how.is_empty() && at.first == at.last && parts.label(n) != label {
            how.push(if parts.mixed { Technique::MixedScript } else { Technique::Homoglyph });
        }
        let hyphens = |t: &[u8]| memchr::memchr_iter(b'-', t).count();
        let hyphen = hyphens(seen) != hyphens(&alias.written);
        let likeness = Likeness {
            thing,
            alias,
            how: &how,
            hyphen,
            suffix: Suffix::of(parts, &alias.suffix),
            word,
            first: first && !visual,
        };
        let registered = n == parts.registered();
        match before.is_empty() && after.is_empty() {
            true if registered => Some(self.whole(parts, likeness)),
            true => self.embedded(parts, at, likeness),
            false if at.first != at.last => None,
            false => self.compound(before, after, n, registered, likeness, least),
        }
    }

    /// A label that is the alias, or resembles it as a whole.
    fn whole<'j>(&'j self, parts: &Parts, likeness: Likeness<'j, '_>) -> Claim<'j> {
        let Likeness { thing, alias, how, hyphen, suffix, .. } = likeness;
        let n = parts.registered();
        let mut score = score::whole(&likeness);
        // The labels before it are those of the protected name too: `bmi.bund.pe` for `bmi.bund.de`.
        let host = &thing.host;
        if how.is_empty() && n > 0 && host.len() == n + 1 && (0..n).all(|i| parts.label(i) == host[i]) {
            score += 20.0;
        }
        let mut how = how.to_vec();
        if thing.class == Class::Person && how.is_empty() {
            how.push(Technique::Person);
        }
        if hyphen {
            how.push(Technique::Hyphenation);
        }
        if suffix != Suffix::Same && !alias.suffix.is_empty() || how.is_empty() {
            how.push(Technique::TldSwap);
        }
        Claim { score, alias, how, label: n, beside: None, suffix }
    }

    /// A label that holds the alias, or what resembles it, among other words.
    fn compound<'j>(
        &'j self,
        before: &[u8],
        after: &[u8],
        n: usize,
        registered: bool,
        likeness: Likeness<'j, '_>,
        least: f32,
    ) -> Option<Claim<'j>> {
        let Likeness { thing, alias, how, hyphen, suffix, .. } = likeness;
        if score::compound(&likeness, Beside::best(before, after)) < least {
            return None;
        }
        let beside = self.beside(before, after, thing, alias);
        let mut score = score::compound(&likeness, beside);
        if !registered {
            // Whoever owns a domain may have a host of that name for honest reasons.
            // Nobody has a made-up name there by chance.
            score -= match thing.is_ours() {
                true if score::is_made_up(&likeness, beside.cut) => 6.0,
                true => 12.0,
                false => 24.0,
            };
        }
        let mut how = how.to_vec();
        how.insert(
            0,
            match (thing.class, alias.kind) {
                _ if beside.suffix || beside.roles == Role::DOTS => Technique::Subdomain,
                (Class::Person, _) => Technique::Person,
                (_, Kind::CommonWord) | (Class::Service, _) => Technique::ServiceDecoy,
                _ => Technique::Compound,
            },
        );
        if hyphen {
            how.push(Technique::Hyphenation);
        }
        Some(Claim { score, alias, how, label: n, beside: Some(beside), suffix })
    }

    /// A label to the left of a stranger's domain.
    fn embedded<'j>(&'j self, parts: &Parts, within: At, likeness: Likeness<'j, '_>) -> Option<Claim<'j>> {
        let Likeness { alias, how, suffix, .. } = likeness;
        let n = within.first;
        let mut rest = &alias.suffix[..];
        let mut at = within.last + 1;
        let mut with_suffix = !rest.is_empty();
        while !rest.is_empty() {
            let cut = memchr::memchr(b'.', rest).unwrap_or(rest.len());
            let label = if at < parts.labels() { parts.label(at) } else { b"" };
            // The last label of the suffix may run on: `usps.com-track.top`.
            let runs_on = cut == rest.len() && label.len() > cut && label[cut] == b'-';
            if !label.starts_with(&rest[..cut]) || (label.len() != cut && !runs_on) {
                // A suffix of several labels whose last one was exchanged: `diplomatie.gouv.fm`.
                with_suffix &= at > within.last + 1 && at + 1 == parts.labels();
                break;
            }
            (rest, at) = (rest.get(cut + 1..).unwrap_or(b""), at + 1);
        }
        // Two labels that only together are the text are one by chance, unless its suffix follows.
        if within.first != within.last && !with_suffix {
            return None;
        }
        let others = (0..=parts.registered()).filter(|&i| i != n);
        let acts = others.map(|i| self.roles(parts.seen(i))).any(|r| r.any(Role::SERVICE.with(Role::ACTION)));
        let score = score::embedded(&likeness, with_suffix, acts);
        let how = [&[Technique::Subdomain], how].concat();
        Some(Claim { score, alias, how, label: n, beside: None, suffix })
    }

    /// What the words of a label do, unknown ones left out.
    fn roles(&self, label: &[u8]) -> Role {
        let tokens = label.split(|&b| b == b'-').map(|t| self.vocabulary.roles(t));
        tokens.filter(|&r| r != Role::UNKNOWN).fold(Role::default(), Role::with)
    }

    fn beside(&self, before: &[u8], after: &[u8], thing: &Thing, alias: &Alias) -> Beside {
        let cut = |b: Option<&u8>| b.is_none_or(|&b| b == b'-' || b == b'_');
        let (cut_off, ends) = (cut(before.last()) && cut(after.first()), after.is_empty());
        let mut beside = Beside { cut: cut_off, ends, ..Beside::default() };
        let own = thing.suffix.split(|&b| b == b'.').next_back().unwrap_or(b"");
        for (token, follows) in [(before, false), (after, true)].into_iter().flat_map(|(side, follows)| {
            side.split(|&b| b == b'-' || b == b'_').filter(|t| !t.is_empty()).map(move |t| (t, follows))
        }) {
            let mut roles = self.vocabulary.roles(token);
            // Beside a word of every day an unknown word is just that: `office-dentiste` is no misspelt `identité`.
            if roles == Role::UNKNOWN && alias.kind != Kind::CommonWord && self.vocabulary.is_misspelt(token) {
                roles = Role::ACTION;
            }
            // Two letters run together with it are part of another word, whatever they mean alone.
            if !beside.cut && token.len() < 3 && !roles.any(Role::NUMBER) {
                roles = Role::UNKNOWN;
            }
            // A few stray characters or digits are a counter, not a word.
            let stray = beside.cut && (token.len() <= 2 || token.iter().any(u8::is_ascii_digit));
            if roles == Role::UNKNOWN && !stray {
                beside.unknown = true;
            } else if roles != Role::UNKNOWN {
                beside.roles = beside.roles.with(roles);
            }
            beside.suffix |= follows && !own.is_empty() && token == own && after.len() <= own.len() + 1;
        }
        beside
    }

    /// Puts a resemblance into words.
    fn judgement(&self, mut claim: Claim, parts: &Parts) -> Judgement {
        let thing = &self.things.things[claim.alias.thing as usize];
        let score = claim.score.clamp(0.0, 100.0) as u8;
        claim.how.dedup();
        Judgement {
            score,
            domain: parts.domain().into(),
            name: parts.text().into(),
            shown: parts.shown(),
            imitates: thing.name.clone(),
            class: thing.class,
            reasons: explain::reasons(&claim, thing, score, parts),
            techniques: claim.how,
        }
    }
}
