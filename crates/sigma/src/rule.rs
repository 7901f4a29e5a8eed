//! A rule: what it says of itself, and what its detection asks of an event.
//!
//! Parsing is strict where the meaning would be another (an unknown modifier, a search that does not exist): such a rule is not
//! run, with the reason. See `DECISIONS.md` for what the specification leaves open.

use crate::collection::Names;
use crate::expression::{Clock, Compare, Expression, Item, Test};
use crate::pattern::{Ends, Pattern};
use crate::yaml::Node;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use regex::RegexBuilder;
use std::collections::HashMap;
use std::sync::Arc;

/// Bytes that a compiled regular expression may take, and bytes of a value that one so large is asked of: time is as one times
/// the other.
const REGEX: [(usize, usize); 3] = [(32 << 10, 256 << 10), (256 << 10, 64 << 10), (2 << 20, 16 << 10)];
/// What a regular expression may remember of its ways through values.
const MEMORY: usize = 256 << 10;
/// Values of one rule.
const VALUES: usize = 20_000;
/// Values that conditions of one rule name, each as often as they do.
const NAMED: usize = 100_000;
/// Values of all rules, those included that conditions name again; bytes of them; and bytes of all compiled expressions.
const ALL_VALUES: usize = 2_000_000;
const ALL_BYTES: usize = 32 << 20;
const ALL_REGEX: usize = 64 << 20;
/// Encodings one behind another, and bytes of a value that is encoded: each makes it longer, and some make several of it.
const ENCODINGS: usize = 3;
const ENCODED: usize = 64 << 10;
/// Levels of brackets.
const LEVELS: usize = 32;

/// What is left of what all rules together may take, so that no folder of rules fills the memory.
#[derive(Clone, Debug)]
pub struct Left {
    values: usize,
    bytes: usize,
    regex: usize,
}

impl Default for Left {
    fn default() -> Left {
        Left { values: ALL_VALUES, bytes: ALL_BYTES, regex: ALL_REGEX }
    }
}

impl Left {
    /// Takes values.
    fn values(&mut self, n: usize) -> Result<(), String> {
        self.values =
            self.values.checked_sub(n).ok_or_else(|| format!("more than {ALL_VALUES} values in all rules"))?;
        Ok(())
    }

    /// Takes bytes of values.
    fn bytes(&mut self, n: usize) -> Result<(), String> {
        let none = || format!("more than {} MiB of values in all rules", ALL_BYTES >> 20);
        self.bytes = self.bytes.checked_sub(n).ok_or_else(none)?;
        Ok(())
    }

    /// Takes what a compiled expression needs.
    fn regex(&mut self, n: usize) -> Result<(), String> {
        let none = || format!("more than {} MiB of regular expressions in all rules", ALL_REGEX >> 20);
        self.regex = self.regex.checked_sub(n).ok_or_else(none)?;
        Ok(())
    }
}

/// How much a rule's author says it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// For information.
    Informational,
    /// Notable.
    Low,
    /// To be looked at.
    Medium,
    /// To be looked at promptly.
    High,
    /// An incident.
    Critical,
}

/// Which log a rule is for; empty where it does not say.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct LogSource {
    /// `process_creation` …
    pub category: String,
    /// `windows` …
    pub product: String,
    /// `security` …
    pub service: String,
}

/// What a rule says of itself.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct About {
    /// Its id, else its name, else its title.
    pub id: String,
    /// The name by which correlations refer to it.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its author.
    pub author: String,
    /// Its licence.
    pub license: String,
    /// Its description.
    pub description: String,
    /// Its status.
    pub status: String,
    /// Its level.
    pub level: Option<Level>,
    /// Its tags.
    pub tags: Vec<String>,
    /// What else may fire it.
    pub false_positives: Vec<String>,
    /// Where to read more.
    pub references: Vec<String>,
    /// The file it stands in.
    pub file: String,
}

impl About {
    /// Of a document.
    pub fn of(node: &Node, file: &str) -> About {
        let word = |key: &str| node.word(key).unwrap_or_default();
        let list = |key: &str| node.get(key).map(Node::words).unwrap_or_default();
        let (title, name) = (word("title"), word("name"));
        let id = [word("id"), name.clone(), title.clone()]
            .into_iter()
            .find(|w| !w.is_empty())
            .unwrap_or_else(|| file.into());
        let level = match word("level").as_str() {
            "informational" => Some(Level::Informational),
            "low" => Some(Level::Low),
            "medium" => Some(Level::Medium),
            "high" => Some(Level::High),
            "critical" => Some(Level::Critical),
            _ => None,
        };
        About {
            id,
            name,
            title,
            author: list("author").join(", "),
            license: word("license"),
            description: word("description"),
            status: word("status"),
            level,
            tags: list("tags"),
            false_positives: list("falsepositives"),
            references: list("references"),
            file: file.into(),
        }
    }

    /// Whether a word refers to it.
    pub fn is(&self, word: &str) -> bool {
        !word.is_empty() && (self.id == word || self.name == word)
    }

    /// Techniques of ATT&CK among its tags.
    pub fn techniques(&self) -> Vec<String> {
        let tags = self.tags.iter().filter_map(|t| t.strip_prefix("attack."));
        let techniques = tags.filter(|t| t.starts_with('t') && t[1..].starts_with(|c: char| c.is_ascii_digit()));
        techniques.map(str::to_uppercase).collect()
    }
}

/// A rule that can be run.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it says of itself.
    pub about: About,
    /// Which log it is for.
    pub source: LogSource,
    /// What it asks.
    pub expression: Expression,
    /// The text of its file, for whoever wants to read it; rules of one file share it.
    pub text: Arc<str>,
}

/// The log source of a document.
pub fn source(node: &Node) -> LogSource {
    let of = |key: &str| node.get("logsource").and_then(|l| l.word(key)).unwrap_or_default().to_lowercase();
    LogSource { category: of("category"), product: of("product"), service: of("service") }
}

/// What a document's detection asks; with the filters that apply, joined by AND.
pub fn expression(node: &Node, names: &mut Names) -> Result<Expression, String> {
    let detection = node.get("detection").ok_or("it has no `detection`")?;
    detect(detection, names)
}

/// What a map of searches and a condition ask.
pub fn detect(detection: &Node, names: &mut Names) -> Result<Expression, String> {
    let Node::Map(all) = detection else { return Err("its `detection` is no map".into()) };
    let mut left = VALUES;
    let mut searches: Vec<(String, Expression)> = Vec::new();
    for (name, node) in all {
        if matches!(name.as_str(), "condition" | "timeframe") {
            continue;
        }
        let search = search(node, names, &mut left, 0).map_err(|e| format!("`{name}`: {e}"))?;
        searches.push((name.clone(), Expression::Named(name.as_str().into(), Arc::new(search))));
    }
    let conditions = detection.get("condition").map(Node::words).unwrap_or_default();
    if conditions.is_empty() {
        return Err("its detection has no `condition`".into());
    }
    let by_name: HashMap<&str, usize> = searches.iter().enumerate().map(|(n, (name, _))| (name.as_str(), n)).collect();
    let mut left = (NAMED, &mut names.left);
    let parse = |c: &String| Condition::parse(c, &searches, &by_name, &mut left);
    let all: Result<Vec<Expression>, String> = conditions.iter().map(parse).collect();
    let mut all = all?;
    Ok(if all.len() == 1 { all.swap_remove(0) } else { Expression::Or(all) })
}

fn search(node: &Node, names: &mut Names, left: &mut usize, level: usize) -> Result<Expression, String> {
    if level > LEVELS {
        return Err("nested too deep".into());
    }
    match node {
        Node::Map(all) => {
            let items: Result<Vec<Expression>, String> =
                all.iter().map(|(key, value)| item(key, value, names, left)).collect();
            Ok(Expression::And(items?)).and_then(|e| match &e {
                Expression::And(all) if all.is_empty() => Err("it is empty".into()),
                _ => Ok(e),
            })
        }
        Node::List(all) if all.is_empty() => Err("it is empty".into()),
        Node::List(all) => {
            let words: Vec<Node> = all.iter().filter(|n| !matches!(n, Node::Map(_) | Node::List(_))).cloned().collect();
            let mut any: Vec<Expression> = Vec::new();
            if !words.is_empty() {
                any.push(item("", &Node::List(words), names, left)?);
            }
            for inner in all.iter().filter(|n| matches!(n, Node::Map(_) | Node::List(_))) {
                any.push(search(inner, names, left, level + 1)?);
            }
            Ok(if any.len() == 1 { any.swap_remove(0) } else { Expression::Or(any) })
        }
        word => item("", word, names, left),
    }
}

/// How a value is to be taken.
#[derive(Default)]
struct Modifiers {
    ends: Ends,
    all: bool,
    cased: bool,
    dashes: bool,
    not: bool,
    exists: bool,
    network: bool,
    field: bool,
    compare: Option<Compare>,
    clock: Option<Clock>,
    regex: Option<(bool, bool, bool)>,
    /// Encodings in their order.
    encodings: Vec<String>,
}

fn modifiers(words: &[&str]) -> Result<Modifiers, String> {
    let mut m = Modifiers::default();
    for word in words {
        match *word {
            "contains" => m.ends = Ends { before: true, behind: true },
            "startswith" => m.ends.behind = true,
            "endswith" => m.ends.before = true,
            "all" => m.all = true,
            "cased" => m.cased = true,
            "windash" => m.dashes = true,
            "neq" => m.not = true,
            "exists" => m.exists = true,
            "cidr" => m.network = true,
            "fieldref" => m.field = true,
            "lt" => m.compare = Some(Compare::Less),
            "lte" => m.compare = Some(Compare::AtMost),
            "gt" => m.compare = Some(Compare::More),
            "gte" => m.compare = Some(Compare::AtLeast),
            "minute" => m.clock = Some(Clock::Minute),
            "hour" => m.clock = Some(Clock::Hour),
            "day" => m.clock = Some(Clock::Day),
            "week" => m.clock = Some(Clock::Week),
            "month" => m.clock = Some(Clock::Month),
            "year" => m.clock = Some(Clock::Year),
            "re" => m.regex = Some(m.regex.unwrap_or_default()),
            flag @ ("i" | "m" | "s") => {
                let Some(regex) = &mut m.regex else { return Err(format!("`{flag}` stands without `re`")) };
                match flag {
                    "i" => regex.0 = true,
                    "m" => regex.1 = true,
                    _ => regex.2 = true,
                }
            }
            "base64" | "base64offset" | "wide" | "utf16le" | "utf16be" | "utf16" => m.encodings.push((*word).into()),
            "expand" => return Err("it holds a placeholder, whose value nobody gave".into()),
            other => return Err(format!("there is no modifier `{other}`")),
        }
    }
    Ok(m)
}

fn item(key: &str, value: &Node, names: &mut Names, left: &mut usize) -> Result<Expression, String> {
    let mut words = key.split('|');
    let field = words.next().unwrap_or_default().trim();
    let words: Vec<&str> = words.collect();
    let mut m = modifiers(&words).map_err(|e| format!("`{key}`: {e}"))?;
    let field = if field.is_empty() { None } else { Some(names.of(field)) };
    if field.is_none() {
        // Words without a field stand anywhere in the event.
        m.ends = Ends { before: true, behind: true };
    }
    let values: Vec<&Node> = match value {
        Node::List(all) => all.iter().collect(),
        one => vec![one],
    };
    if values.is_empty() {
        return Err(format!("`{key}` has no value"));
    }
    *left = left.checked_sub(values.len()).ok_or_else(|| format!("it has more than {VALUES} values"))?;
    names.left.values(values.len())?;
    let mut tests = Vec::new();
    let mut groups: Vec<Vec<Test>> = Vec::new();
    for value in &values {
        let mut of = Vec::new();
        test(value, &m, names, &mut of).map_err(|e| format!("`{key}`: {e}"))?;
        groups.push(of);
    }
    // One value may have become several (encodings): of those one is enough, also where all values are asked.
    let several = m.all && groups.iter().any(|g| g.len() > 1);
    let written = written(key, &values);
    let expression = match several {
        true => Expression::And(
            groups
                .into_iter()
                .map(|tests| Expression::Item(Item { field, written: written.clone(), all: false, tests }))
                .collect(),
        ),
        false => {
            groups.into_iter().for_each(|g| tests.extend(g));
            Expression::Item(Item { field, written, all: m.all, tests })
        }
    };
    Ok(if m.not { Expression::Not(Box::new(expression)) } else { expression })
}

/// As the rule writes it, cut where it is long.
fn written(key: &str, values: &[&Node]) -> String {
    const SHOWN: usize = 6;
    let show = |node: &&Node| match node {
        Node::Null => "null".into(),
        Node::Text(text) => format!("'{text}'"),
        other => other.text().unwrap_or_else(|| "…".into()),
    };
    let mut all: Vec<String> = values.iter().take(SHOWN).map(show).collect();
    if values.len() > SHOWN {
        all.push(format!("… ({})", values.len()));
    }
    format!("{}: {}", if key.is_empty() { "(anywhere)" } else { key }, all.join(", "))
}

fn test(value: &Node, m: &Modifiers, names: &mut Names, out: &mut Vec<Test>) -> Result<(), String> {
    names.left.bytes(value.text().map_or(0, |t| t.len()))?;
    if m.exists {
        let Node::Bool(wanted) = value else { return Err("`exists` wants `true` or `false`".into()) };
        out.push(Test::Exists(*wanted));
        return Ok(());
    }
    let text = match value {
        Node::Null if m.regex.is_none() => {
            out.push(Test::Null);
            return Ok(());
        }
        value => value.text().ok_or("a value that is no text, number or word")?,
    };
    if let Some(compare) = m.compare {
        let number = crate::expression::number(&text).ok_or_else(|| format!("`{text}` is no number"))?;
        out.push(Test::Number(compare, number));
        return Ok(());
    }
    if let Some(clock) = m.clock {
        let number = text.parse().map_err(|_| format!("`{text}` is no number"))?;
        out.push(Test::Clock(clock, number));
        return Ok(());
    }
    if m.network {
        // An address alone is a network of one.
        let whole = if text.contains('/') {
            text.clone()
        } else if text.contains(':') {
            format!("{text}/128")
        } else {
            format!("{text}/32")
        };
        out.push(Test::Network(whole.parse().map_err(|_| format!("`{text}` is no network"))?));
        return Ok(());
    }
    if m.field {
        out.push(Test::Field(names.of(&text), m.ends, m.cased));
        return Ok(());
    }
    if let Some((insensitive, lines, all)) = m.regex {
        let mut builder = RegexBuilder::new(&text);
        builder.case_insensitive(insensitive).multi_line(lines).dot_matches_new_line(all);
        builder.nest_limit(64).dfa_size_limit(MEMORY);
        // What one takes is not told: the least of some bounds under which it can be made is.
        for (n, (most, of_value)) in REGEX.into_iter().enumerate() {
            names.left.regex(most)?;
            match builder.size_limit(most).build() {
                Ok(regex) => {
                    out.push(Test::Regex(regex, of_value));
                    return Ok(());
                }
                Err(regex::Error::CompiledTooBig(_)) if n + 1 < REGEX.len() => names.left.regex += most,
                Err(e) => {
                    names.left.regex += most;
                    return Err(regex_error(&e));
                }
            }
        }
    }
    if m.encodings.is_empty() {
        let pattern = match value {
            Node::Text(_) => Pattern::parse(&text, m.ends, m.cased, m.dashes),
            _ => Pattern::literal(&text, m.ends, m.cased),
        };
        if pattern.is_too_long() {
            return Err("a value whose places with `?` or dashes lie in more than 1024 characters".into());
        }
        out.push(Test::Text(pattern));
        return Ok(());
    }
    if m.encodings.len() > ENCODINGS || text.len() > ENCODED {
        return Err(format!(
            "more than {ENCODINGS} encodings one behind another, or an encoded value longer than 64 KiB"
        ));
    }
    let plain = text.replace("\\*", "*").replace("\\?", "?").replace("\\\\", "\\");
    let mut all: Vec<Vec<u8>> = vec![plain.into_bytes()];
    for encoding in &m.encodings {
        all = all.iter().flat_map(|bytes| encode(bytes, encoding)).collect();
    }
    names.left.values(all.len())?;
    for bytes in all {
        names.left.bytes(bytes.len())?;
        let text: String = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => e.as_bytes().iter().map(|b| char::from(*b)).collect(),
        };
        out.push(Test::Text(Pattern::literal(&text, m.ends, m.cased)));
    }
    Ok(())
}

fn regex_error(e: &regex::Error) -> String {
    match e {
        regex::Error::CompiledTooBig(_) => "its regular expression takes too much memory".into(),
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            format!("its regular expression cannot be run: {last}")
        }
    }
}

/// A value in an encoding; where its beginning may lie at any of three places, all three.
fn encode(bytes: &[u8], encoding: &str) -> Vec<Vec<u8>> {
    let wide = |le: bool| -> Vec<u8> {
        let text = String::from_utf8_lossy(bytes);
        text.encode_utf16().flat_map(|u| if le { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    };
    match encoding {
        "base64" => vec![base64::engine::general_purpose::STANDARD.encode(bytes).into_bytes()],
        "base64offset" => (0..3usize)
            .map(|shift| {
                let shifted = [vec![0; shift], bytes.to_vec()].concat();
                let text = STANDARD_NO_PAD.encode(&shifted);
                // What depends on the bytes before and behind is left away.
                let begin = [0, 2, 3][shift];
                let end = match shifted.len() % 3 {
                    0 => text.len(),
                    _ => text.len() - 1,
                };
                text.as_bytes().get(begin..end).unwrap_or_default().to_vec()
            })
            .collect(),
        "utf16be" => vec![wide(false)],
        "utf16" => vec![[vec![0xff, 0xfe], wide(true)].concat()],
        _ => vec![wide(true)],
    }
}

/// A condition, as it is read.
struct Condition<'c, 'l> {
    words: Vec<String>,
    at: usize,
    searches: &'c [(String, Expression)],
    by_name: &'c HashMap<&'c str, usize>,
    /// Values that a condition may still name, each as often as it does: of this rule, and of all.
    left: &'l mut (usize, &'c mut Left),
}

impl<'c, 'l> Condition<'c, 'l> {
    fn parse(
        text: &str,
        searches: &'c [(String, Expression)],
        by_name: &'c HashMap<&'c str, usize>,
        left: &'l mut (usize, &'c mut Left),
    ) -> Result<Expression, String> {
        if text.contains('|') {
            return Err("its condition counts behind `|`, which is no longer part of Sigma: write a correlation".into());
        }
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<String> = spaced.split_whitespace().map(String::from).collect();
        if words.len() > 2000 {
            return Err("its condition is too long".into());
        }
        let mut condition = Condition { words, at: 0, searches, by_name, left };
        let all = condition.or(0)?;
        match condition.peek() {
            None => Ok(all),
            Some(word) => Err(format!("its condition cannot be read from `{word}` on")),
        }
    }

    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(String::as_str)
    }

    fn is(&mut self, word: &str) -> bool {
        let is = self.peek().is_some_and(|w| w.eq_ignore_ascii_case(word));
        self.at += usize::from(is);
        is
    }

    fn or(&mut self, level: usize) -> Result<Expression, String> {
        let mut all = vec![self.and(level)?];
        while self.is("or") {
            all.push(self.and(level)?);
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Expression::Or(all) })
    }

    fn and(&mut self, level: usize) -> Result<Expression, String> {
        let mut all = vec![self.not(level)?];
        while self.is("and") {
            all.push(self.not(level)?);
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Expression::And(all) })
    }

    fn not(&mut self, level: usize) -> Result<Expression, String> {
        if level > LEVELS {
            return Err("its condition is nested too deep".into());
        }
        if self.is("not") {
            return Ok(Expression::Not(Box::new(self.not(level + 1)?)));
        }
        if self.is("(") {
            let inner = self.or(level + 1)?;
            return if self.is(")") { Ok(inner) } else { Err("a bracket of its condition is not closed".into()) };
        }
        let Some(word) = self.peek().map(String::from) else { return Err("its condition ends too early".into()) };
        self.at += 1;
        let of = self.peek().is_some_and(|w| w.eq_ignore_ascii_case("of"));
        if of && (word.eq_ignore_ascii_case("all") || word.eq_ignore_ascii_case("any") || word.parse::<usize>().is_ok())
        {
            self.at += 1;
            let Some(pattern) = self.peek().map(String::from) else {
                return Err("its condition ends after `of`".into());
            };
            self.at += 1;
            return self.of(&word, &pattern);
        }
        let found = self.by_name.get(word.as_str()).map(|n| self.searches[*n].1.clone());
        let found = found.ok_or_else(|| format!("its condition names `{word}`, which is no search of it"))?;
        self.named(found.weight())?;
        Ok(found)
    }

    /// Pays for what a condition names.
    fn named(&mut self, weight: usize) -> Result<(), String> {
        let most = || format!("its condition names more than {NAMED} values, each as often as it does");
        self.left.0 = self.left.0.checked_sub(weight).ok_or_else(most)?;
        self.left.1.values(weight)
    }

    fn of(&mut self, how: &str, pattern: &str) -> Result<Expression, String> {
        let wanted = Pattern::parse(pattern, Ends::default(), true, false);
        // All names are looked at.
        self.named(self.searches.len())?;
        let all: Vec<Expression> = self
            .searches
            .iter()
            .filter(
                |(name, _)| if pattern.eq_ignore_ascii_case("them") { !name.starts_with('_') } else { wanted.is(name) },
            )
            .map(|(_, e)| e.clone())
            .collect();
        self.named(all.iter().map(Expression::weight).sum())?;
        if all.is_empty() {
            return Err(format!("its condition names `{pattern}`, and no search is called so"));
        }
        match how.to_lowercase().as_str() {
            "all" => Ok(Expression::And(all)),
            "1" | "any" => Ok(Expression::Or(all)),
            other => Err(format!("`{other} of` is not part of Sigma: `1 of` and `all of` are")),
        }
    }
}
