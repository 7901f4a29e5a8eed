//! What in a text a rule may be about: each passage with its kind and place.
//!
//! You may rely on: a passage is a name, or a whole sentence. A sentence with a poll or a result carries its own names: the
//! law on polls decides about it, not the one on propaganda. Left out: irony, pictures, what a link leads to.

use crate::document::{Document, Part, Sentence};
use crate::markup::Where;
use crate::names::{Lexicon, Named, What};
use crate::phrases::{Found, Phrases};
use crate::polls::Mentions;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What a passage is; its word in JSON and in the rules' `catches`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// A call that takes sides.
    Endorsement,
    /// A campaign act: leaflets, canvassing.
    Campaigning,
    /// An election meeting.
    Meeting,
    /// Calls to voters in series.
    Calls,
    /// A candidate's name.
    Candidate,
    /// A movement's name.
    Movement,
    /// A poll, or what is said of one.
    Poll,
    /// A poll published before, with date, medium and institute.
    PublishedPoll,
    /// A result of this vote, partial or final.
    Result,
    /// An accusation of a candidate.
    Polemic,
    /// Paid advertising for a side.
    Advertising,
}

impl Kind {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Endorsement => "endorsement",
            Kind::Campaigning => "campaigning",
            Kind::Meeting => "meeting",
            Kind::Calls => "calls",
            Kind::Candidate => "candidate",
            Kind::Movement => "movement",
            Kind::Poll => "poll",
            Kind::PublishedPoll => "published_poll",
            Kind::Result => "result",
            Kind::Polemic => "polemic",
            Kind::Advertising => "advertising",
        }
    }

    /// Whether it is a name, and not a whole sentence.
    #[must_use]
    pub fn is_name(self) -> bool {
        matches!(self, Kind::Candidate | Kind::Movement)
    }
}

/// A passage.
#[derive(Clone, Debug)]
pub struct Passage {
    /// What it is.
    pub kind: Kind,
    /// A name in what is said of a poll or a result: which law decides about it then.
    pub within: Option<Kind>,
    /// Whom it names.
    pub who: Option<String>,
    /// The line it begins on.
    pub line: usize,
    /// As written, cut.
    pub text: String,
    /// Its characters' bytes, in order.
    pub bytes: Vec<(usize, usize)>,
    /// Its sentence, counted through the document.
    pub sentence: usize,
    /// It stands where a reader sees it.
    pub shown: bool,
}

/// What the moment says.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The day, in the territory.
    pub today: Date,
    /// A poll published on this day or later was not published before.
    pub ban: Option<Date>,
    /// Somebody has begun to vote in this round.
    pub begun: bool,
    /// The round is the second.
    pub second: bool,
    /// The year of the election.
    pub year: i16,
    /// Who speaks is a candidate.
    pub candidate: bool,
}

/// What was found in a text.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Passages, by place.
    pub passages: Vec<Passage>,
    /// Sentences shown, those of a word or two left out: by number.
    pub sentences: BTreeSet<usize>,
}

/// Longest excerpt.
const SHOWN: usize = 160;
/// Words between a name and its figure.
const APART: usize = 4;
/// Words behind which stands who says something.
const SAYING: [&str; 18] = [
    "dit",
    "disait",
    "declare",
    "affirme",
    "explique",
    "selon",
    "rappelle",
    "lance",
    "repond",
    "estime",
    "assure",
    "ajoute",
    "insiste",
    "says",
    "said",
    "according",
    "told",
    "adds",
];

/// A sentence with all that was found in it.
struct Seen<'a> {
    part: &'a Part,
    sentence: &'a Sentence,
    number: usize,
    found: Vec<Found>,
    names: Vec<Named>,
    kinds: BTreeSet<Kind>,
    mentions: Option<Mentions>,
}

impl Seen<'_> {
    fn has(&self, list: &str) -> bool {
        self.found.iter().any(|f| f.list == list)
    }

    /// It names somebody, or a side without a name.
    fn sided(&self) -> bool {
        !self.names.is_empty() || self.has("side")
    }
}

/// Finds the passages of a text.
pub fn read(document: &Document, lexicon: &Lexicon, phrases: &Phrases, moment: &Moment) -> Read {
    let mut seen = Vec::new();
    for part in &document.parts {
        let names = lexicon.find(&part.field.chars, &part.tokens);
        let mut unlisted = unlisted(part).into_iter().peekable();
        let mut found: Vec<Found> = Vec::new();
        (0..part.tokens.len()).for_each(|i| phrases.at(&part.tokens, i, &mut found));
        let (mut next_found, mut next_name) = (0, 0);
        for sentence in &part.sentences {
            let rest = &found[next_found..];
            let here: Vec<Found> = rest.iter().take_while(|f| f.first < sentence.tokens.end).copied().collect();
            next_found += here.len();
            let rest = &names[next_name..];
            let mut named: Vec<Named> =
                rest.iter().take_while(|n| n.tokens.start < sentence.tokens.end).cloned().collect();
            next_name += named.len();
            while let Some(n) = unlisted.next_if(|n| n.tokens.start < sentence.tokens.end) {
                if !named.iter().any(|k| k.chars.start < n.chars.end && n.chars.start < k.chars.end) {
                    named.push(n);
                }
            }
            let followers = here.iter().filter(|f| f.list == "people").map(|f| Named {
                what: What::Movement,
                who: String::new(),
                tokens: f.first..f.end,
                chars: part.tokens[f.first].chars.start..part.tokens[f.end - 1].chars.end,
                run: None,
            });
            named.extend(followers);
            named.sort_by_key(|n| n.chars.start);
            let number = seen.len();
            seen.push(Seen {
                part,
                sentence,
                number,
                found: here,
                names: named,
                kinds: BTreeSet::new(),
                mentions: None,
            });
        }
    }
    let electoral = seen.iter().any(|s| s.has("electoral") || s.sided());
    for s in &mut seen {
        if s.part.speaks(s.sentence) {
            s.kinds = kinds(s, lexicon, phrases, moment, electoral);
        }
        if s.kinds.contains(&Kind::Poll) || s.has("institutes") || s.has("published") {
            let tokens = &s.part.tokens[s.sentence.tokens.clone()];
            let shift = s.sentence.tokens.start;
            let own: Vec<Found> = s
                .found
                .iter()
                .filter(|f| f.end - shift <= tokens.len())
                .map(|f| Found { first: f.first - shift, end: f.end - shift, ..*f })
                .collect();
            s.mentions = Some(Mentions::of(tokens, &s.part.field.chars, &own, moment.today));
        }
    }
    publish(&mut seen, moment);
    collect(document, &seen, moment)
}

/// A candidate whom no list has: «la candidate Jeanne Petit», «Jean Petit, candidat».
fn unlisted(part: &Part) -> Vec<Named> {
    let tokens = &part.tokens;
    let adjacent = |i: usize| {
        part.field.chars[tokens[i].chars.end..tokens[i + 1].chars.start]
            .iter()
            .all(|c| matches!(c.c, ' ' | '\u{a0}' | '-' | '\n'))
    };
    let mut all = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        if !matches!(token.text.as_str(), "candidat" | "candidate" | "candidats" | "candidates") {
            continue;
        }
        let mut end = i + 1;
        while end < tokens.len() && tokens[end].capital && tokens[end].text.len() > 1 && adjacent(end - 1) {
            end += 1;
        }
        let mut start = i;
        // «X Y, candidat», «X Y, la candidate».
        let lead = usize::from(i > 0 && matches!(tokens[i - 1].text.as_str(), "le" | "la" | "the"));
        let mut back = i.saturating_sub(lead);
        let comma = back > 0
            && part.field.chars[tokens[back - 1].chars.end..tokens[back].chars.start]
                .iter()
                .any(|c| matches!(c.c, ',' | '('));
        while comma
            && back > 0
            && tokens[back - 1].capital
            && tokens[back - 1].text.len() > 1
            && (back == i - lead || adjacent(back - 1))
        {
            back -= 1;
            start = back;
        }
        let mut take = |range: std::ops::Range<usize>| {
            if range.len() >= 2 {
                let chars = tokens[range.start].chars.start..tokens[range.end - 1].chars.end;
                all.push(Named { what: What::Candidate, who: String::new(), tokens: range, chars, run: None });
            }
        };
        take(i + 1..end);
        if start < i {
            take(start..i - lead);
        }
    }
    all.sort_by_key(|n| n.tokens.start);
    all
}

fn kinds(s: &Seen, lexicon: &Lexicon, phrases: &Phrases, moment: &Moment, electoral: bool) -> BTreeSet<Kind> {
    let mut kinds = BTreeSet::new();
    let named = !s.names.is_empty();
    let sided = s.sided();
    let here = s.has("electoral") || sided;
    // Of another vote: a round that is over, a year that is another.
    let year = s.part.tokens[s.sentence.tokens.clone()].iter().any(|t| {
        t.text.len() == 4 && t.text.parse::<i16>().is_ok_and(|y| (1958..2100).contains(&y) && y != moment.year)
    });
    let earlier = year || moment.second && s.has("earlier");
    let figures = figures(s);
    let turnout = s.has("turnout") && !figures;
    let poll = s.has("poll") && (here || electoral && s.has("institutes"))
        || s.has("institutes") && (figures || percent(s)) && here;
    let exit = s.has("exit_poll");
    if poll || exit || figures && !earlier {
        kinds.insert(Kind::Poll);
    }
    let ours = here && (named || !s.has("elsewhere"));
    let won = s.has("outcome") && sided || s.has("seat");
    let stated = figures || percent(s) && s.has("result") && ours || s.has("outcome") && named && s.has("result");
    let endorsed = endorses(s, lexicon, phrases, moment, electoral);
    let counted = stated && (s.has("result") || moment.begun) || won && moment.begun && !endorsed;
    let told = !s.has("future") || figures;
    if (counted && !poll || exit && (named || percent(s) || s.has("outcome"))) && !earlier && !turnout && told {
        kinds.insert(Kind::Result);
    }
    if kinds.contains(&Kind::Result) && s.has("result") && !poll && !exit {
        kinds.remove(&Kind::Poll);
    }
    if !told && !figures {
        kinds.remove(&Kind::Poll);
    }
    if endorsed {
        kinds.insert(Kind::Endorsement);
    }
    if s.has("campaigning") && (here || moment.candidate) || s.has("own") && moment.candidate {
        kinds.insert(Kind::Campaigning);
    }
    if s.has("meeting") && (here || moment.candidate) {
        kinds.insert(Kind::Meeting);
    }
    if s.has("calls") && (here || electoral) {
        kinds.insert(Kind::Calls);
    }
    let rival = s.part.tokens[s.sentence.tokens.clone()]
        .iter()
        .any(|t| ["adversaire", "rival", "concurrent", "opponent"].iter().any(|w| t.text.starts_with(w)));
    if s.has("polemic") && (named || rival) {
        kinds.insert(Kind::Polemic);
    }
    if s.has("advertising") && electoral && (s.sentence.tokens.len() <= 8 || named) {
        kinds.insert(Kind::Advertising);
    }
    kinds
}

/// Where a share is told: `62 %`, `62 pour cent`, `52-48`.
fn percents(s: &Seen) -> Vec<usize> {
    let (tokens, chars) = (&s.part.tokens, &s.part.field.chars);
    let range = s.sentence.tokens.clone();
    let is = |i: usize| {
        let number = tokens[i].text.bytes().all(|b| b.is_ascii_digit());
        let behind = chars[tokens[i].chars.end..].iter().take(4).find(|c| !c.c.is_whitespace());
        let word = tokens.get(i + 1).map_or("", |t| t.text.as_str());
        let next = tokens.get(i + 2).map_or("", |t| t.text.as_str());
        let share = |t: &str| t.parse::<u32>().ok().filter(|n| (20..=80).contains(n));
        let halves = behind.is_some_and(|c| matches!(c.c, '-' | '–' | '/'))
            && share(&tokens[i].text).zip(share(word)).is_some_and(|(a, b)| a + b == 100);
        number
            && (halves
                || behind.is_some_and(|c| matches!(c.c, '%' | '％' | '٪' | '﹪'))
                || matches!(
                    (word, next),
                    ("pour", "cent") | ("percent" | "pourcent" | "voix" | "suffrages" | "votes", _)
                ))
    };
    range.filter(|i| is(*i)).collect()
}

fn percent(s: &Seen) -> bool {
    !percents(s).is_empty()
}

/// Words that may stand between a name and its figure.
const JOINING: [&str; 50] = [
    "a",
    "s",
    "effondre",
    "chute",
    "tombe",
    "grimpe",
    "monte",
    "avec",
    "est",
    "obtient",
    "obtiendrait",
    "recueille",
    "recueillerait",
    "serait",
    "autour",
    "de",
    "d",
    "pour",
    "environ",
    "at",
    "on",
    "with",
    "contre",
    "face",
    "credite",
    "creditee",
    "des",
    "voix",
    "suffrages",
    "du",
    "vote",
    "votes",
    "intentions",
    "le",
    "la",
    "les",
    "totalise",
    "totaliserait",
    "gets",
    "get",
    "has",
    "of",
    "the",
    "for",
    "would",
    "score",
    "et",
    "donne",
    "donnee",
    "en",
];

/// Names or sides with shares: «Macron 62 %», «62 % pour la gauche».
fn figures(s: &Seen) -> bool {
    let tokens = &s.part.tokens;
    let percents = percents(s);
    let said = |i: usize| {
        s.found.iter().any(|f| matches!(f.list, "outcome" | "poll" | "result") && (f.first..f.end).contains(&i))
    };
    let word = |t: &str| JOINING.contains(&t) || t.bytes().all(|b| b.is_ascii_digit());
    let joined = |from: usize, to: usize| {
        from <= to && to - from <= APART && (from..to).all(|i| word(&tokens[i].text) || said(i))
    };
    let names = s.names.iter().map(|n| (n.tokens.start, n.tokens.end));
    let sides = s.found.iter().filter(|f| f.list == "side" && !s.has("elsewhere")).map(|f| (f.first, f.end));
    names.chain(sides).any(|(start, end)| percents.iter().any(|p| joined(end, *p) || joined(p + 1, start)))
}

fn endorses(s: &Seen, lexicon: &Lexicon, phrases: &Phrases, moment: &Moment, electoral: bool) -> bool {
    let tokens = &s.part.tokens;
    let of_vote = |f: &Found| {
        tokens[f.first..f.end]
            .iter()
            .any(|t| ["vot", "voix", "suffrage", "candida", "elis"].iter().any(|w| t.text.starts_with(w)))
    };
    if s.found.iter().any(|f| f.list == "appeal" && (electoral || moment.candidate || of_vote(f))) {
        return true;
    }
    let weak = |f: &Found| s.found.iter().any(|w| w.list == "call_weak" && w.first == f.first && w.end == f.end);
    let begins = |f: &Found| f.first == s.sentence.tokens.start;
    let called = s.found.iter().filter(|f| f.list == "call" && (!weak(f) || begins(f))).any(|f| {
        // Who stands behind a word of saying says it, and is not whom it is for.
        let says = |from: usize, to: usize| tokens[from..to].iter().any(|t| SAYING.contains(&t.text.as_str()));
        let named = s.names.iter().any(|n| {
            let from = n.tokens.start;
            from >= f.end && from - f.end <= APART && !says(f.end, from)
        });
        let first =
            tokens[f.end..(f.end + 3).min(s.sentence.tokens.end.max(f.end))].iter().any(|t| lexicon.first_name(t));
        let side = tokens[f.end..(f.end + APART).min(s.sentence.tokens.end.max(f.end))].iter().any(|t| {
            let words = ["candidat", "gauche", "droite", "liste", "opposition", "majorite"];
            words.iter().any(|w| t.text.starts_with(w))
        });
        let side = side || s.found.iter().any(|x| x.list == "side" && x.first >= f.end && x.first - f.end < APART);
        named || first || side && !weak(f)
    });
    let shouted = s.part.field.chars[s.sentence.chars.clone()].iter().any(|c| c.c == '!');
    let hailed = s
        .found
        .iter()
        .filter(|f| f.list == "behind" && (shouted || s.sentence.tokens.len() <= 4))
        .any(|f| s.names.iter().any(|n| n.tokens.end == f.first));
    let tagged = s.names.iter().any(|n| {
        n.run.as_deref().is_some_and(|run| phrases.hashtag().iter().any(|w| run.contains(w.as_str())))
            && s.part.field.chars[n.chars.start].c == '#'
    });
    called || hailed || tagged
}

/// Decides which polls were published before and say so, and which law decides about names near polls and results.
fn publish(seen: &mut [Seen], moment: &Moment) {
    let Some(ban) = moment.ban else { return };
    let lawful =
        |m: &Mentions| !m.institutes.is_empty() && m.medium && m.dates.iter().any(|d| *d < ban) && !late(m, ban);
    // By institute: a paragraph or its neighbour that names date, medium and institute.
    let mut sourced: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut groups: BTreeMap<usize, Mentions> = BTreeMap::new();
    for s in seen.iter() {
        if let Some(m) = &s.mentions {
            let group = groups.entry(s.sentence.block).or_default();
            group.institutes.extend(m.institutes.iter().cloned());
            group.medium |= m.medium;
            group.dates.extend(&m.dates);
            group.today |= m.today;
        }
    }
    for (block, group) in groups.iter().filter(|(_, g)| lawful(g)) {
        for institute in &group.institutes {
            sourced.entry(institute.as_str()).or_default().insert(*block);
        }
    }
    let sourced: BTreeSet<String> = sourced.keys().map(|k| (*k).to_string()).collect();
    let all = seen.iter().filter_map(|s| s.mentions.as_ref()).flat_map(|m| &m.institutes).all(|i| sourced.contains(i));
    for s in seen.iter_mut().filter(|s| s.kinds.contains(&Kind::Poll)) {
        let own = s.mentions.clone().unwrap_or_default();
        let named = own.institutes.iter().all(|i| sourced.contains(i));
        if !sourced.is_empty()
            && named
            && (!own.institutes.is_empty() || all)
            && !late(&own, ban)
            && !s.has("exit_poll")
        {
            s.kinds.remove(&Kind::Poll);
            s.kinds.insert(Kind::PublishedPoll);
            s.kinds.remove(&Kind::Result);
        }
    }
}

/// It says that it is of the days of silence.
fn late(m: &Mentions, ban: Date) -> bool {
    m.today || m.dates.iter().any(|d| *d >= ban)
}

fn collect(document: &Document, seen: &[Seen], moment: &Moment) -> Read {
    let lines = document.lines();
    let told = |kinds: &BTreeSet<Kind>| {
        [Kind::Poll, Kind::Result, Kind::PublishedPoll].into_iter().find(|k| kinds.contains(k))
    };
    let blocks: BTreeMap<usize, Kind> = seen.iter().filter_map(|s| Some((s.sentence.block, told(&s.kinds)?))).fold(
        BTreeMap::new(),
        |mut all, (b, k)| {
            let kept = all.entry(b).or_insert(k);
            *kept = (*kept).min(k);
            all
        },
    );
    let anywhere = blocks.values().min().copied();
    let mut read = Read::default();
    for s in seen {
        let shown = s.part.field.place == Where::Shown;
        if shown && s.sentence.tokens.len() >= 3 {
            read.sentences.insert(s.number);
        }
        let sides = [Kind::Endorsement, Kind::Campaigning, Kind::Meeting, Kind::Calls, Kind::Advertising]
            .iter()
            .any(|k| s.kinds.contains(k));
        // What is said near a poll is said of it; what stands in a page's head belongs to all of it.
        let near = || match shown {
            true => (s.sentence.block.saturating_sub(1)..=s.sentence.block + 1).find_map(|b| blocks.get(&b).copied()),
            false => anywhere,
        };
        let within = if sides || moment.candidate { None } else { told(&s.kinds).or_else(near) };
        let mut put = |kind: Kind, within: Option<Kind>, who: Option<String>, chars: std::ops::Range<usize>| {
            let bytes: Vec<(usize, usize)> = s.part.field.chars[chars]
                .iter()
                .filter(|c| c.len > 0)
                .map(|c| (c.at as usize, c.at as usize + c.len as usize))
                .collect();
            let Some(start) = bytes.iter().map(|b| b.0).min() else { return };
            let end = bytes.iter().map(|b| b.1).max().unwrap_or(start);
            read.passages.push(Passage {
                kind,
                within,
                who,
                line: lines.partition_point(|n| *n < start) + 1,
                text: formats::clip(&document.source[start..end], SHOWN).to_string(),
                bytes,
                sentence: s.number,
                shown,
            });
        };
        for kind in &s.kinds {
            put(*kind, None, None, s.sentence.chars.clone());
        }
        for n in &s.names {
            let kind = if n.what == What::Candidate { Kind::Candidate } else { Kind::Movement };
            put(kind, within, Some(n.who.clone()).filter(|w| !w.is_empty()), n.chars.clone());
        }
    }
    read.passages.sort_by_key(|p| (p.bytes[0].0, p.kind));
    read
}
