//! The judgement of one name: is it made to look like something that is protected? Nothing is generated; any name
//! that is shown is judged, in time that hardly grows with what is protected.
//!
//! You may rely on: one [`Judge`] may be shared by threads, each with its own [`Scratch`]; no allocation for names
//! that resemble nothing; the same name gives the same judgement. Left out: what else is known of the name (its age,
//! who owns it, whether it is popular), which the detectors weigh.

use super::domain::{Damage, Parts};
use super::index::{Index, Sums};
use super::score::{self, Beside, Edited, LEAST, Suffix};
use super::technique::{Folded, Technique, compare, looks};
use super::things::{Alias, Class, Kind, Thing, Things};
use super::words::{Role, Vocabulary};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use knowledge::names::Names;
use model::{Protect, Reason, Text};
use std::collections::BTreeSet;

/// Aliases shorter than this are looked for as whole labels only.
const COMPOUND: usize = 3;
/// Aliases shorter than this are not looked for from one edit away.
const NEAR: usize = 4;

/// What is protected, made ready.
pub struct Judge {
    things: Things,
    vocabulary: Vocabulary,
    whole: Index,
    /// The alias of each key of `whole`.
    keys: Vec<u32>,
    /// Words that open or close a decoy's label, folded.
    affixes: Index,
    /// The same, found from one edit away too.
    misspelt: Index,
    inside: AhoCorasick,
    /// The alias of each pattern of `inside`.
    patterns: Vec<u32>,
    allow: BTreeSet<String>,
}

/// Room that is used again from name to name.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    parts: Parts,
    folded: Folded,
    sums: Sums,
    hits: Vec<(u32, u8, u8)>,
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

/// A range without its first or last character where that is doubled.
fn narrower(label: &[u8], range: &std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let text = &label[range.clone()];
    let mut all = Vec::new();
    if let Some(at) = (1..text.len()).find(|&i| text[i] != b'-').filter(|&i| text[i] == text[0]) {
        all.push(range.start + at..range.end);
    }
    if let Some(at) =
        (0..text.len().saturating_sub(1)).rfind(|&i| text[i] != b'-').filter(|&i| Some(&text[i]) == text.last())
    {
        all.push(range.start..range.start + at + 1);
    }
    all
}

/// A resemblance before it is put into words.
struct Claim<'j> {
    score: f32,
    alias: &'j Alias,
    how: Vec<Technique>,
    /// The label it was seen in.
    label: usize,
    beside: Option<Beside>,
    suffix: Suffix,
}

impl Judge {
    /// Of what a case protects, with the shipped vocabulary.
    pub fn new(protect: &Protect, data: &Names) -> Judge {
        let vocabulary = Vocabulary::new(data);
        let things = Things::new(protect, data, &vocabulary);
        let mut keys: Vec<(Vec<u8>, u32)> = Vec::new();
        for (n, alias) in things.aliases.iter().enumerate() {
            keys.push((alias.key.clone(), n as u32));
            let looks = looks(&alias.plain);
            if looks != alias.key {
                keys.push((looks, n as u32));
            }
        }
        let whole = Index::new(keys.iter().map(|(k, _)| k.as_slice()), NEAR);
        let keys = keys.into_iter().map(|(_, n)| n).collect();
        let affixes: Vec<Vec<u8>> = vocabulary.affixes().into_iter().map(super::technique::fold).collect();
        let misspelt = Index::new(affixes.iter().map(Vec::as_slice), 6);
        let affixes = Index::new(affixes.iter().map(Vec::as_slice), usize::MAX);
        let inner =
            |a: &&(usize, &Alias)| a.1.key.len() >= COMPOUND && a.1.kind != Kind::OwnLabel && a.1.kind != Kind::Initial;
        let all: Vec<(usize, &Alias)> = things.aliases.iter().enumerate().collect();
        let patterns: Vec<u32> = all.iter().filter(inner).map(|(n, _)| *n as u32).collect();
        let words = patterns.iter().map(|&n| &things.aliases[n as usize].key);
        let inside = AhoCorasick::builder()
            .kind(Some(if patterns.len() > 2000 { AhoCorasickKind::ContiguousNFA } else { AhoCorasickKind::DFA }))
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .build(words)
            .expect("keys are short and few enough for an automaton");
        Judge { things, vocabulary, whole, keys, affixes, misspelt, inside, patterns, allow: BTreeSet::new() }
    }

    /// Names under these registrable domains imitate nobody.
    pub fn allow(mut self, domains: impl IntoIterator<Item = String>) -> Judge {
        self.allow.extend(domains.into_iter().map(|d| d.trim_end_matches('.').to_lowercase()));
        self
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
        let Scratch { parts, folded, sums, hits } = scratch;
        let mut best: Option<Claim> = None;
        let registered = parts.registered();
        for n in 0..=registered {
            let label = parts.seen(n);
            if n < registered && (label.len() < 3 || label == b"www") {
                continue;
            }
            folded.set(label);
            hits.clear();
            self.find(folded, sums, label, n == registered, hits);
            for i in 0..hits.len() {
                if !hits[..i].contains(&hits[i]) {
                    let claim = self.claim(parts, folded, n, hits[i]);
                    if let Some(claim) = claim
                        && claim.score >= LEAST
                        && best.as_ref().is_none_or(|b| claim.score > b.score)
                    {
                        best = Some(claim);
                    }
                }
            }
        }
        let Some(best) = best else { return Ok(None) };
        Ok((!self.is_own(parts)).then(|| self.words(best, parts)))
    }

    /// Whether the name's domain is what others imitate.
    fn is_own(&self, parts: &Parts) -> bool {
        let domain = parts.domain();
        self.things.own.contains(domain)
            || self.allow.contains(domain)
            || (matches!(Suffix::of(parts, b""), Suffix::Plain | Suffix::First)
                && self.things.own_labels.contains(parts.label(parts.registered())))
    }

    /// Finds the aliases that parts of a label resemble: alias, start and end in the folded label.
    fn find(&self, folded: &Folded, sums: &mut Sums, label: &[u8], registered: bool, hits: &mut Vec<(u32, u8, u8)>) {
        let text = folded.folded();
        let n = text.len();
        if n < 2 {
            return;
        }
        sums.set(text);
        self.near(sums, 0, n, registered, hits);
        for m in self.inside.find_overlapping_iter(text) {
            if m.start() > 0 || m.end() < n {
                hits.push((self.patterns[m.pattern().as_usize()], m.start() as u8, m.end() as u8));
            }
        }
        if !registered {
            return;
        }
        // A typing error beside a word of logging in.
        for cut in 3..n.saturating_sub(NEAR).min(14) {
            let mut known = false;
            self.affixes.get(sums.part(0, cut), |_| known = true);
            if known {
                self.near(sums, cut, n, true, hits);
            }
            known = false;
            self.affixes.get(sums.part(n - cut, n), |_| known = true);
            if known {
                self.near(sums, 0, n - cut, true, hits);
            }
        }
        // A typing error in one token, or two beside each other, of several.
        if let Some(hyphen) = memchr::memchr(b'-', label) {
            let mut before = folded.place(0);
            let mut start = before;
            let mut end = folded.place(hyphen);
            let mut rest = hyphen;
            loop {
                self.near(sums, start, end, true, hits);
                if before < start && !(before == 0 && end == n) {
                    self.near(sums, before, end, true, hits);
                }
                if end >= n {
                    break;
                }
                (before, start) = (start, end);
                rest = memchr::memchr(b'-', &label[rest + 1..]).map_or(label.len(), |at| rest + 1 + at);
                end = folded.place(rest).max(start);
            }
        }
    }

    /// Finds the aliases that one part of a folded label is, or is one edit away from.
    #[inline]
    fn near(&self, sums: &Sums, start: usize, end: usize, edits: bool, hits: &mut Vec<(u32, u8, u8)>) {
        let n = end.saturating_sub(start);
        if n < self.whole.lengths.0.max(2) || n > self.whole.lengths.1 {
            return;
        }
        let mut hit = |key: u32| hits.push((self.keys[key as usize], start as u8, end as u8));
        self.whole.get(sums.part(start, end), &mut hit);
        if edits && n >= NEAR {
            for out in start..end {
                self.whole.get(sums.without(start, end, out), &mut hit);
            }
        }
    }

    /// What a part of a label that may resemble an alias is worth.
    fn claim<'j>(&'j self, parts: &Parts, folded: &Folded, n: usize, hit: (u32, u8, u8)) -> Option<Claim<'j>> {
        let alias = &self.things.aliases[hit.0 as usize];
        let thing = &self.things.things[alias.thing as usize];
        let label = parts.seen(n);
        let mut range = folded.origin(hit.1 as usize, hit.2 as usize);
        // A short word within others is chance, unless hyphens set it off.
        let set_off = |b: Option<&u8>| b.is_none_or(|b| matches!(b, b'-' | b'_'));
        if alias.plain.len() <= 4 && !(set_off(label[..range.start].last()) && set_off(label.get(range.end))) {
            return None;
        }
        let plain = |range: &std::ops::Range<usize>| -> Vec<u8> {
            label[range.clone()].iter().copied().filter(|&b| b != b'-').collect()
        };
        let mut how = compare(&plain(&range), &alias.plain)?;
        // A letter that doubles with its neighbour's (`onedrive-en…`) was folded into one: give it back.
        if !how.is_empty() && range.len() < label.len() {
            for narrower in narrower(label, &range) {
                if let Some(less) = compare(&plain(&narrower), &alias.plain).filter(|less| less.len() < how.len()) {
                    (how, range) = (less, narrower);
                }
            }
        }
        let (before, seen, after) = (&label[..range.start], &label[range.clone()], &label[range.end..]);
        let plain = plain(&range);
        let edited = Edited {
            word: !how.is_empty() && self.vocabulary.is_common(&plain),
            first: plain.first() != alias.plain.first()
                && how.first() != Some(&Technique::Homoglyph)
                && how.first() != Some(&Technique::Leet),
        };
        if parts.label(n) != label && how.is_empty() {
            how.push(if parts.mixed { Technique::MixedScript } else { Technique::Homoglyph });
        }
        let hyphens = |t: &[u8]| memchr::memchr_iter(b'-', t).count();
        let hyphen = hyphens(seen) != hyphens(&alias.written);
        let suffix = Suffix::of(parts, &alias.suffix);
        let registered = n == parts.registered();
        let whole = before.is_empty() && after.is_empty();
        if whole && !registered {
            return self.embedded(parts, n, alias, thing, how, suffix);
        }
        if whole {
            return Some(self.whole(parts, alias, how, hyphen, suffix, edited));
        }
        let beside = self.beside(before, after, thing);
        let mut score = score::compound(thing, alias, &how, beside, suffix, edited);
        if !registered {
            // Whoever owns a domain may have a host of that name for honest reasons.
            score -= if thing.is_ours() { 12.0 } else { 24.0 };
        }
        how.insert(
            0,
            match (thing.class, alias.kind) {
                _ if beside.suffix || (beside.roles == Role::DOTS) => Technique::Subdomain,
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

    fn whole<'j>(
        &'j self,
        parts: &Parts,
        alias: &'j Alias,
        mut how: Vec<Technique>,
        hyphen: bool,
        suffix: Suffix,
        edited: Edited,
    ) -> Claim<'j> {
        let thing = &self.things.things[alias.thing as usize];
        let n = parts.registered();
        let mut score = score::whole(thing, alias, &how, hyphen, suffix, edited);
        // The labels before it are those of the protected name too: `bmi.bund.pe` for `bmi.bund.de`.
        let host = &thing.host;
        if how.is_empty() && n > 0 && host.len() == n + 1 && (0..n).all(|i| parts.label(i) == host[i]) {
            score += 20.0;
        }
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

    /// A label to the left of a stranger's domain.
    fn embedded<'j>(
        &self,
        parts: &Parts,
        n: usize,
        alias: &'j Alias,
        thing: &Thing,
        mut how: Vec<Technique>,
        suffix: Suffix,
    ) -> Option<Claim<'j>> {
        let mut rest = &alias.suffix[..];
        let mut at = n + 1;
        let mut with_suffix = !rest.is_empty();
        while !rest.is_empty() {
            let cut = memchr::memchr(b'.', rest).unwrap_or(rest.len());
            let label = if at < parts.labels() { parts.label(at) } else { b"" };
            // The last label of the suffix may run on: `usps.com-track.top`.
            let runs_on = cut == rest.len() && label.len() > cut && label[cut] == b'-';
            if !label.starts_with(&rest[..cut]) || (label.len() != cut && !runs_on) {
                // A suffix of several labels whose last one was exchanged: `diplomatie.gouv.fm`.
                with_suffix &= at > n + 1 && at + 1 == parts.labels();
                break;
            }
            (rest, at) = (rest.get(cut + 1..).unwrap_or(b""), at + 1);
        }
        if !how.is_empty() && !with_suffix {
            return None;
        }
        let others = (0..=parts.registered()).filter(|&i| i != n);
        let acts = others.map(|i| self.roles(parts.seen(i))).any(|r| r.any(Role::SERVICE.with(Role::ACTION)));
        let score = score::embedded(thing, alias, with_suffix, acts);
        how.insert(0, Technique::Subdomain);
        Some(Claim { score, alias, how, label: n, beside: None, suffix })
    }

    /// What the words of a label do, unknown ones left out.
    fn roles(&self, label: &[u8]) -> Role {
        let tokens = label.split(|&b| b == b'-').map(|t| self.vocabulary.roles(t));
        tokens.filter(|&r| r != Role::UNKNOWN).fold(Role::default(), Role::with)
    }

    fn beside(&self, before: &[u8], after: &[u8], thing: &Thing) -> Beside {
        let cut = |b: Option<&u8>| b.is_none_or(|&b| b == b'-' || b == b'_');
        let mut beside = Beside { cut: cut(before.last()) && cut(after.first()), ..Beside::default() };
        let own = thing.suffix.split(|&b| b == b'.').next_back().unwrap_or(b"");
        for (token, follows) in [(before, false), (after, true)].into_iter().flat_map(|(side, follows)| {
            side.split(|&b| b == b'-' || b == b'_').filter(|t| !t.is_empty()).map(move |t| (t, follows))
        }) {
            let mut roles = self.vocabulary.roles(token);
            if roles == Role::UNKNOWN && self.misspelt(token) {
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

    /// Whether a token is one edit away from a word of logging in: decoys misspell those as well.
    fn misspelt(&self, token: &[u8]) -> bool {
        let folded = super::technique::fold(token);
        let n = folded.len();
        if !(5..=20).contains(&n) {
            return false;
        }
        let mut sums = Sums::default();
        sums.set(&folded);
        let mut found = false;
        self.misspelt.get(sums.part(0, n), |_| found = true);
        (0..n).for_each(|out| self.misspelt.get(sums.without(0, n, out), |_| found = true));
        found
    }

    /// Puts a resemblance into words.
    fn words(&self, claim: Claim, parts: &Parts) -> Judgement {
        let thing = &self.things.things[claim.alias.thing as usize];
        let score = claim.score.clamp(0.0, 100.0) as u8;
        let label = String::from_utf8_lossy(parts.seen(claim.label)).into_owned();
        let class = thing.class();
        let alias = String::from_utf8_lossy(&claim.alias.written);
        let mut techniques = claim.how;
        techniques.dedup();
        let mut reasons = vec![Reason::supporting(
            score,
            Text::new(
                format!("`{label}` resembles `{alias}`, {} `{}`", class.en, thing.name),
                format!("`{label}` ressemble à `{alias}`, {} `{}`", class.fr, thing.name),
            ),
        )];
        for technique in &techniques {
            let text = technique.text();
            reasons.push(Reason::supporting(
                20,
                Text::new(format!("technique: {}", text.en), format!("technique : {}", text.fr)),
            ));
        }
        if parts.mixed {
            reasons.push(Reason::supporting(
                30,
                Text::new(
                    "letters of several scripts within one label",
                    "lettres de plusieurs écritures dans un même label",
                ),
            ));
        }
        if parts.hidden {
            reasons.push(Reason::supporting(
                30,
                Text::new(
                    "characters without width, or that turn the direction of writing",
                    "caractères sans largeur ou qui inversent le sens de l’écriture",
                ),
            ));
        }
        if claim.beside.is_some_and(|b| b.unknown) {
            reasons.push(Reason::against(
                30,
                Text::new(
                    "beside it stands a word that is none of logging in or acting",
                    "il est accolé à un mot étranger à la connexion et à l’action",
                ),
            ));
        }
        if claim.alias.common {
            reasons.push(Reason::against(
                20,
                Text::new(
                    format!("`{alias}` is also a word of every day"),
                    format!("`{alias}` est aussi un mot courant"),
                ),
            ));
        }
        if matches!(claim.suffix, Suffix::Plain | Suffix::First) && techniques.contains(&Technique::TldSwap) {
            reasons.push(Reason::against(
                15,
                Text::new(
                    "under this suffix somebody may bear the name for honest reasons",
                    "sous ce suffixe, un tiers peut porter ce nom pour des raisons honnêtes",
                ),
            ));
        }
        if claim.suffix == Suffix::Closed {
            reasons.push(Reason::against(
                40,
                Text::new(
                    "this suffix is only given to schools or governments",
                    "ce suffixe n’est attribué qu’à des écoles ou à des administrations",
                ),
            ));
        }
        Judgement {
            score,
            domain: parts.domain().into(),
            name: parts.text().into(),
            shown: parts.shown(),
            imitates: thing.name.clone(),
            class: thing.class,
            techniques,
            reasons,
        }
    }
}
