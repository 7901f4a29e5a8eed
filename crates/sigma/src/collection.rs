//! All rules that were brought, and the few of them that an event may fire.
//!
//! Rules of one log source are a [`Bucket`]. Most rules cannot do without one of a few texts: all events' values are searched
//! for all rules' texts at once, and only rules whose text was met, and those without one, are asked.

use crate::correlation::{Correlation, Fired};
use crate::expression::Expression;
use crate::rule::{About, LogSource, Rule, detect, expression, source};
use crate::yaml::{self, Node};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use model::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Rules that are taken.
const RULES: usize = 50_000;
/// Fields of one event, and bytes of one value, that are looked at.
const FIELDS: usize = 4096;
const VALUE: usize = 256 << 10;

/// Names of fields, as numbers.
#[derive(Clone, Debug, Default)]
pub struct Names {
    numbers: HashMap<String, u32>,
    /// Names that stand for others, as a mapping says.
    mapped: HashMap<String, String>,
}

impl Names {
    /// The number of a name. Blanks do not count, for some logs write them and rules leave them away.
    pub fn of(&mut self, name: &str) -> u32 {
        let name = self.mapped.get(name).cloned().unwrap_or_else(|| name.into());
        let next = self.numbers.len() as u32;
        *self.numbers.entry(plain(&name)).or_insert(next)
    }

    fn known(&self, name: &str) -> Option<u32> {
        match name.contains(' ') {
            true => self.numbers.get(&plain(name)).copied(),
            false => self.numbers.get(name).copied(),
        }
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != ' ').collect()
}

/// A rule that is not run, and why.
#[derive(Clone, PartialEq, Debug)]
pub struct Refused {
    /// What it says of itself.
    pub about: About,
    /// Why.
    pub why: String,
}

/// All rules.
#[derive(Debug, Default)]
pub struct Collection {
    /// Those that are run.
    pub rules: Vec<Rule>,
    /// What counts them.
    pub correlations: Vec<Correlation>,
    /// Those that are not run.
    pub refused: Vec<Refused>,
    /// Documents that are no rule.
    pub others: u64,
    names: Names,
    buckets: Mutex<HashMap<model::LogSource, Arc<Bucket>>>,
}

/// A filter: what its rules are asked besides.
struct Filter {
    about: About,
    rules: Vec<String>,
    source: LogSource,
    node: Node,
}

impl Collection {
    /// Of files: their names and texts, in order.
    pub fn read<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Collection {
        let mut all = Collection::default();
        let mut documents: Vec<(&str, Node, &str)> = Vec::new();
        for (name, text) in files {
            match yaml::read(text) {
                Ok(nodes) => {
                    // Parts of a file that stand for all its rules, as older collections have them.
                    let mut global: Vec<(String, Node)> = Vec::new();
                    for node in nodes {
                        if node.word("action").as_deref() == Some("global") {
                            if let Node::Map(parts) = node {
                                global = parts.into_iter().filter(|(k, _)| k != "action").collect();
                            }
                            continue;
                        }
                        documents.push((name, merged(node, &global), text));
                    }
                }
                Err(why) => {
                    let about = About { id: name.into(), title: name.into(), file: name.into(), ..About::default() };
                    all.refused.push(Refused { about, why });
                }
            }
        }
        // Mappings are known before names of fields are numbered.
        for (_, node, _) in &documents {
            all.map(node);
        }
        let mut filters = Vec::new();
        for (file, node, _) in &documents {
            if let Some(filter) = node.get("filter") {
                filters.push(Filter {
                    about: About::of(node, file),
                    rules: filter.get("rules").map(Node::words).unwrap_or_default(),
                    source: source(node),
                    node: filter.clone(),
                });
            }
        }
        for (file, node, text) in documents {
            all.add(file, &node, text, &filters);
        }
        all.check();
        // What correlations carry on must be found in events.
        let carried: Vec<String> = all.rules.iter().flat_map(|r| all.carried(&r.about)).collect();
        for name in &carried {
            all.names.of(name);
        }
        all
    }

    /// Takes in a mapping of names of fields, as processing pipelines write it.
    fn map(&mut self, node: &Node) {
        let Some(Node::List(steps)) = node.get("transformations") else { return };
        for step in steps {
            match (step.word("type").as_deref(), step.get("mapping")) {
                (Some("field_name_mapping"), Some(Node::Map(pairs))) => {
                    for (from, to) in pairs {
                        if let Some(to) = to.words().into_iter().next() {
                            self.names.mapped.insert(from.clone(), to);
                        }
                    }
                }
                (kind, _) => {
                    let about = About { title: node.word("name").unwrap_or_default(), ..About::default() };
                    let why = format!("a step `{}` of a pipeline, which is not done", kind.unwrap_or_default());
                    self.refused.push(Refused { about, why });
                }
            }
        }
    }

    fn add(&mut self, file: &str, node: &Node, text: &str, filters: &[Filter]) {
        if node.get("filter").is_some() || node.get("transformations").is_some() {
            return;
        }
        if node.get("detection").is_none() && node.get("correlation").is_none() {
            self.others += 1;
            return;
        }
        let about = About::of(node, file);
        if self.rules.len() >= RULES {
            return self.refused.push(Refused { about, why: format!("more than {RULES} rules") });
        }
        if let Some(correlation) = node.get("correlation") {
            match Correlation::of(about.clone(), correlation, text) {
                Ok(correlation) => self.correlations.push(correlation),
                Err(why) => self.refused.push(Refused { about, why }),
            }
            return;
        }
        let source = source(node);
        match self.expression(node, &about, &source, filters) {
            Ok(expression) => self.rules.push(Rule { about, source, expression, text: text.into() }),
            Err(why) => self.refused.push(Refused { about, why }),
        }
    }

    fn expression(
        &mut self,
        node: &Node,
        about: &About,
        source: &LogSource,
        filters: &[Filter],
    ) -> Result<Expression, String> {
        let own = expression(node, &mut self.names)?;
        let mut all = vec![own];
        for filter in filters {
            let named = filter.rules.iter().any(|r| about.is(r) || r == "any");
            let part = |own: &str, other: &str| other.is_empty() || own == other;
            let same = part(&source.category, &filter.source.category)
                && part(&source.product, &filter.source.product)
                && part(&source.service, &filter.source.service);
            if named && same {
                let mut node = filter.node.clone();
                if let Node::Map(parts) = &mut node {
                    parts.retain(|(k, _)| k != "rules");
                }
                let what = |e| format!("the filter `{}` on it: {e}", filter.about.title);
                all.push(detect(&node, &mut self.names).map_err(what)?);
            }
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Expression::And(all) })
    }

    /// Refuses correlations of rules that are not there.
    fn check(&mut self) {
        loop {
            let known = |word: &str| {
                self.rules.iter().any(|r| r.about.is(word)) || self.correlations.iter().any(|c| c.about.is(word))
            };
            let missing = self.correlations.iter().position(|c| c.rules.iter().any(|r| !known(r)));
            let Some(at) = missing else { return };
            let why = self.correlations[at]
                .rules
                .iter()
                .find(|r| !known(r))
                .map(|r| format!("it counts `{r}`, which is no rule that is run"));
            let gone = self.correlations.remove(at);
            self.refused.push(Refused { about: gone.about, why: why.unwrap_or_default() });
        }
    }

    /// Whether a rule only stands for correlations that count it.
    pub fn is_counted_only(&self, about: &About) -> bool {
        self.correlations.iter().any(|c| !c.generate && c.rules.iter().any(|r| about.is(r)))
    }

    /// The fields that correlations want of a rule's events.
    pub fn carried(&self, about: &About) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for c in self.correlations.iter().filter(|c| c.counts(about, &self.correlations)) {
            for field in c.fields(about) {
                if !all.contains(&field) {
                    all.push(field);
                }
            }
        }
        all
    }

    /// The rules for a log source.
    pub fn bucket(&self, source: model::LogSource) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(|e| e.into_inner());
        buckets.entry(source).or_insert_with(|| Arc::new(Bucket::of(&self.rules, source))).clone()
    }

    /// An event as rules look at it.
    pub fn view(&self) -> View {
        View { slots: vec![u32::MAX; self.names.numbers.len()], ..View::default() }
    }

    /// Fills a view with an event.
    pub fn fill(&self, view: &mut View, event: &model::Event) {
        view.clear();
        for (name, value) in event.fields().take(FIELDS) {
            let field = self.names.known(name);
            match value {
                Value::Text(bytes) => view.push(field, &String::from_utf8_lossy(&bytes[..bytes.len().min(VALUE)])),
                Value::Number(number) => view.push(field, &number.to_string()),
                Value::Address(address) => view.push(field, &address.to_string()),
            }
        }
        if !event.raw.is_empty() {
            view.push(None, &String::from_utf8_lossy(&event.raw[..event.raw.len().min(VALUE)]));
        }
    }

    /// The first value of a field by its name, for whoever carries it on.
    pub fn value<'v>(&self, view: &'v View, name: &str) -> Option<&'v str> {
        view.values(self.names.known(name)?).next().map(|(value, _)| value)
    }

    /// Whether a rule is for events of a log source.
    pub(crate) fn is_heard(&self, rule: &Rule, source: model::LogSource) -> bool {
        is_for(&rule.source, source)
    }

    /// The text of a rule, a correlation or what was refused, by id or name: for whoever wants to read it.
    pub fn find(&self, word: &str) -> Option<(&About, &str)> {
        let rules = self.rules.iter().map(|r| (&r.about, r.text.as_str()));
        let mut all = rules.chain(self.correlations.iter().map(|c| (&c.about, c.text.as_str())));
        all.find(|(about, _)| about.is(word) || about.title == word)
    }

    /// What correlations make of rules that fired, in the order of time.
    pub fn correlate(&self, fired: &[Fired]) -> Vec<crate::Correlated> {
        crate::correlate(self, fired)
    }
}

fn merged(node: Node, global: &[(String, Node)]) -> Node {
    match node {
        Node::Map(mut own) => {
            for (key, value) in global {
                match own.iter_mut().find(|(k, _)| k == key) {
                    Some((_, Node::Map(inner))) => {
                        if let Node::Map(more) = value {
                            let new = more.iter().filter(|(k, _)| !inner.iter().any(|(own, _)| own == k)).cloned();
                            let new: Vec<_> = new.collect();
                            inner.extend(new);
                        }
                    }
                    Some(_) => {}
                    None => own.push((key.clone(), value.clone())),
                }
            }
            Node::Map(own)
        }
        other => other,
    }
}

/// Whether a rule for one log source is for events of another, which may be told more exactly: a rule without a product is for
/// all, and an event whose writer is unknown may be of any. Categories of the registry are parts of `registry_event`.
fn is_for(rule: &LogSource, event: model::LogSource) -> bool {
    let category = rule.category.is_empty()
        || rule.category == event.category
        || rule.category == "registry_event" && event.category.starts_with("registry_");
    let known = !event.category.is_empty() && rule.category == event.category;
    let part = |own: &str, other: &str| own.is_empty() || own == other || other.is_empty() && known;
    category && part(&rule.product, event.product) && part(&rule.service, event.service)
}

/// The rules for one log source.
#[derive(Debug)]
pub struct Bucket {
    /// Their numbers, in order.
    rules: Vec<u32>,
    words: Option<AhoCorasick>,
    /// By word: places in `rules`.
    of: Vec<Vec<u32>>,
    /// Those without a word.
    always: Vec<u32>,
}

impl Bucket {
    fn of(rules: &[Rule], source: model::LogSource) -> Bucket {
        let mine: Vec<u32> = (0..rules.len() as u32).filter(|n| is_for(&rules[*n as usize].source, source)).collect();
        let mut words: HashMap<String, Vec<u32>> = HashMap::new();
        let mut always = Vec::new();
        for (place, n) in mine.iter().enumerate() {
            match rules[*n as usize].expression.needs() {
                Some(needs) => needs.into_iter().for_each(|w| words.entry(w).or_default().push(place as u32)),
                None => always.push(place as u32),
            }
        }
        let mut all: Vec<(String, Vec<u32>)> = words.into_iter().collect();
        all.sort();
        let built = AhoCorasickBuilder::new().match_kind(MatchKind::Standard).build(all.iter().map(|(w, _)| w));
        match built {
            Ok(words) if !all.is_empty() => {
                Bucket { rules: mine, words: Some(words), of: all.into_iter().map(|(_, of)| of).collect(), always }
            }
            // Too many for one search: each is asked.
            _ => Bucket { always: (0..mine.len() as u32).collect(), rules: mine, words: None, of: Vec::new() },
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The numbers of the rules that an event fires, in order.
    pub fn fire(&self, rules: &[Rule], view: &mut View, fired: &mut Vec<u32>) {
        fired.clear();
        let mut asked = std::mem::take(&mut view.asked);
        asked.clear();
        asked.extend(&self.always);
        if let Some(words) = &self.words {
            view.met.clear();
            view.met.resize(self.of.len(), false);
            for found in words.find_overlapping_iter(view.lower.as_bytes()) {
                let word = found.pattern().as_usize();
                if !std::mem::replace(&mut view.met[word], true) {
                    asked.extend(&self.of[word]);
                }
            }
        }
        asked.sort_unstable();
        asked.dedup();
        for place in &asked {
            let n = self.rules[*place as usize];
            if rules[n as usize].expression.holds(view) {
                fired.push(n);
            }
        }
        view.asked = asked;
    }
}

/// An event as rules look at it: its values, as they are and in lower case.
#[derive(Debug, Default)]
pub struct View {
    text: String,
    lower: String,
    values: Vec<Held>,
    /// By field: the last of its values.
    slots: Vec<u32>,
    asked: Vec<u32>,
    met: Vec<bool>,
}

#[derive(Debug)]
struct Held {
    field: Option<u32>,
    text: (u32, u32),
    lower: (u32, u32),
    /// The value of the same field before it.
    next: u32,
}

impl View {
    fn clear(&mut self) {
        for held in self.values.drain(..) {
            if let Some(slot) = held.field.and_then(|f| self.slots.get_mut(f as usize)) {
                *slot = u32::MAX;
            }
        }
        self.text.clear();
        self.lower.clear();
    }

    fn push(&mut self, field: Option<u32>, value: &str) {
        let (text, lower) = (self.text.len() as u32, self.lower.len() as u32);
        self.text.push_str(value);
        match value.is_ascii() {
            true => {
                self.lower.push_str(value);
                self.lower[lower as usize..].make_ascii_lowercase();
            }
            false => self.lower.extend(value.chars().flat_map(char::to_lowercase)),
        }
        let (text, lower) = ((text, self.text.len() as u32), (lower, self.lower.len() as u32));
        // No word lies across two values.
        self.lower.push('\0');
        let at = self.values.len() as u32;
        // The order of a field's values says nothing: the last stands first.
        let slot = field.and_then(|f| self.slots.get_mut(f as usize));
        let next = slot.map_or(u32::MAX, |slot| std::mem::replace(slot, at));
        self.values.push(Held { field, text, lower, next });
    }

    fn value(&self, held: &Held) -> (&str, &str) {
        (
            &self.text[held.text.0 as usize..held.text.1 as usize],
            &self.lower[held.lower.0 as usize..held.lower.1 as usize],
        )
    }

    /// The values of a field: as they are, and in lower case.
    pub fn values(&self, field: u32) -> impl Iterator<Item = (&str, &str)> {
        let mut at = self.slots.get(field as usize).copied().unwrap_or(u32::MAX);
        std::iter::from_fn(move || {
            let held = self.values.get(at as usize)?;
            at = held.next;
            Some(self.value(held))
        })
    }

    /// All values.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|held| self.value(held))
    }
}
