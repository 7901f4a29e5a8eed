//! All rules that were brought, and the few of them that an event may fire.
//!
//! Rules of one log source are a [`Bucket`]. Most rules cannot do without one of a few texts: an event's values are searched
//! for all rules' texts at once, and only rules whose text was met, and those without one, are asked. Of several texts that a
//! rule cannot do without, the one that fewest rules name is searched for; of an event, only what some rule asks for is looked at.

use crate::correlation::{Correlation, Fired, LEVELS};
use crate::expression::{Expression, Need};
use crate::rule::{About, Left, LogSource, Rule, detect, expression, source};
use crate::yaml::{self, Node};
use aho_corasick::AhoCorasick;
use model::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::{Arc, Mutex};

/// Rules that are taken, correlations, and filters; bytes of all files.
const RULES: usize = 50_000;
const CORRELATIONS: usize = 2_000;
const FILTERS: usize = 1_000;
const TEXTS: usize = 64 << 20;
/// Values that parts for all rules of a file, and filters, add to rules: each is added to many.
const ADDED: usize = 1_000_000;
/// Fields that correlations want of a rule.
const CARRIED: usize = 64;
/// Fields of one event, and bytes of one value, that are looked at.
const FIELDS: usize = 4096;
const VALUE: usize = 256 << 10;
/// Bytes under which a word may be met by chance.
const SHORT: usize = 8;

/// Names of fields, as numbers.
#[derive(Clone, Debug, Default)]
pub struct Names {
    numbers: HashMap<String, u32>,
    /// Names that stand for others, as a mapping says.
    mapped: HashMap<String, String>,
    /// What rules may still take.
    pub(crate) left: Left,
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
    /// By id and name: the first rule, and the correlations.
    pub(crate) by_word: HashMap<String, (Option<u32>, Vec<u32>)>,
    /// Words of correlations that are told in place of what they count.
    silent: HashSet<String>,
    /// By id and name of what is counted: the correlations that do.
    counting: HashMap<String, Vec<u32>>,
    names: Names,
    /// The fields that correlations want.
    carried: Vec<u32>,
    buckets: Mutex<HashMap<model::LogSource, Arc<Bucket>>>,
}

/// A filter: what its rules are asked besides.
struct Filter {
    about: About,
    rules: HashSet<String>,
    source: LogSource,
    node: Node,
    size: usize,
}

/// What is added to rules, while it is.
struct Adding {
    left: usize,
}

impl Adding {
    fn take(&mut self, size: usize) -> Result<(), String> {
        self.left = self
            .left
            .checked_sub(size)
            .ok_or_else(|| format!("filters and parts for all rules of a file add more than {ADDED} values"))?;
        Ok(())
    }
}

impl Collection {
    /// Of files: their names and texts, in order.
    pub fn read<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Collection {
        let mut all = Collection::default();
        let mut documents: Vec<(&str, Node, Arc<str>)> = Vec::new();
        let (mut texts, mut adding) = (0, Adding { left: ADDED });
        for (name, text) in files {
            let refused = |why: String| {
                let about = About { id: name.into(), title: name.into(), file: name.into(), ..About::default() };
                Refused { about, why }
            };
            texts += text.len();
            if texts > TEXTS {
                all.refused.push(refused(format!("more than {} MiB of rules", TEXTS >> 20)));
                continue;
            }
            match yaml::read(text) {
                Ok(nodes) => {
                    // Parts of a file that stand for all its rules, as older collections have them.
                    let mut global: Vec<(String, Node)> = Vec::new();
                    let mut size = 0;
                    let text: Arc<str> = text.into();
                    for node in nodes {
                        if node.word("action").as_deref() == Some("global") {
                            if let Node::Map(parts) = node {
                                global = parts.into_iter().filter(|(k, _)| k != "action").collect();
                                size = global.iter().map(|(_, node)| 1 + node.size()).sum();
                            }
                            continue;
                        }
                        if let Err(why) = adding.take(size) {
                            all.refused.push(refused(why));
                            break;
                        }
                        documents.push((name, merged(node, &global), text.clone()));
                    }
                }
                Err(why) => all.refused.push(refused(why)),
            }
        }
        // Mappings are known before names of fields are numbered.
        for (_, node, _) in &documents {
            all.map(node);
        }
        let mut filters = Vec::new();
        for (file, node, _) in &documents {
            if let Some(filter) = node.get("filter") {
                let about = About::of(node, file);
                if filters.len() == FILTERS {
                    all.refused.push(Refused { about, why: format!("more than {FILTERS} filters") });
                    continue;
                }
                filters.push(Filter {
                    about,
                    rules: filter.get("rules").map(Node::words).unwrap_or_default().into_iter().collect(),
                    source: source(node),
                    node: filter.clone(),
                    size: filter.size(),
                });
            }
        }
        let mut known: HashMap<String, HashSet<u64>> = HashMap::new();
        for (file, node, text) in documents {
            all.add(file, &node, text, &filters, &mut adding, &mut known);
        }
        all.check();
        // What correlations carry on must be found in events.
        let carried: BTreeSet<String> = all.rules.iter().flat_map(|r| all.carried(&r.about)).collect();
        all.carried = carried.iter().map(|name| all.names.of(name)).collect();
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

    fn add(
        &mut self,
        file: &str,
        node: &Node,
        text: Arc<str>,
        filters: &[Filter],
        adding: &mut Adding,
        known: &mut HashMap<String, HashSet<u64>>,
    ) {
        if node.get("filter").is_some() || node.get("transformations").is_some() {
            return;
        }
        if node.get("detection").is_none() && node.get("correlation").is_none() {
            self.others += 1;
            return;
        }
        let mut about = About::of(node, file);
        if self.rules.len() >= RULES {
            return self.refused.push(Refused { about, why: format!("more than {RULES} rules") });
        }
        // Findings are told apart by their rule's id: one that stands twice is the same rule brought twice, or another.
        let print = print(node);
        let alike = known.entry(about.id.clone()).or_default();
        if !alike.insert(print) {
            self.others += 1;
            return;
        }
        if alike.len() > 1 {
            about.id = format!("{}#{}", about.id, alike.len());
        }
        if let Some(correlation) = node.get("correlation") {
            if self.correlations.len() >= CORRELATIONS {
                return self.refused.push(Refused { about, why: format!("more than {CORRELATIONS} correlations") });
            }
            match Correlation::of(about.clone(), correlation, text) {
                Ok(correlation) => self.correlations.push(correlation),
                Err(why) => self.refused.push(Refused { about, why }),
            }
            return;
        }
        let source = source(node);
        match self.expression(node, &about, &source, filters, adding) {
            Ok(expression) => self.rules.push(Rule { about, source, expression, text }),
            Err(why) => self.refused.push(Refused { about, why }),
        }
    }

    fn expression(
        &mut self,
        node: &Node,
        about: &About,
        source: &LogSource,
        filters: &[Filter],
        adding: &mut Adding,
    ) -> Result<Expression, String> {
        let own = expression(node, &mut self.names)?;
        let mut all = vec![own];
        for filter in filters {
            let named = ["any", &about.id, &about.name].into_iter().any(|w| !w.is_empty() && filter.rules.contains(w));
            let part = |own: &str, other: &str| other.is_empty() || own == other;
            let same = part(&source.category, &filter.source.category)
                && part(&source.product, &filter.source.product)
                && part(&source.service, &filter.source.service);
            if named && same {
                adding.take(filter.size)?;
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

    /// Refuses correlations of rules that are not there, and those that count themselves.
    fn check(&mut self) {
        let rules: HashSet<&str> = self.rules.iter().flat_map(|r| [r.about.id.as_str(), &r.about.name]).collect();
        // From below: those first that count rules alone.
        let mut sound: HashSet<String> = HashSet::new();
        let mut left: Vec<Correlation> = std::mem::take(&mut self.correlations);
        let words: HashSet<String> = left.iter().flat_map(|c| [c.about.id.clone(), c.about.name.clone()]).collect();
        let mut done: Vec<Correlation> = Vec::new();
        for _ in 0..=LEVELS {
            let is_sound = |c: &Correlation| {
                let known = |w: &String| !w.is_empty() && (rules.contains(w.as_str()) || sound.contains(w));
                c.rules.iter().all(known)
            };
            let (now, later): (Vec<Correlation>, Vec<Correlation>) = left.into_iter().partition(is_sound);
            left = later;
            if now.is_empty() {
                break;
            }
            sound.extend(now.iter().flat_map(|c| [c.about.id.clone(), c.about.name.clone()]));
            done.extend(now);
        }
        for gone in left {
            let missing = gone.rules.iter().find(|r| !rules.contains(r.as_str()) && !sound.contains(*r));
            let why = match missing {
                Some(rule) if !words.contains(rule) => format!("it counts `{rule}`, which is no rule that is run"),
                Some(rule) => {
                    format!("it counts `{rule}`, which is not run, counts itself or lies {LEVELS} levels below")
                }
                None => String::new(),
            };
            self.refused.push(Refused { about: gone.about, why });
        }
        self.correlations = done;
        for (n, rule) in self.rules.iter().enumerate() {
            for word in [&rule.about.id, &rule.about.name].into_iter().filter(|w| !w.is_empty()) {
                self.by_word.entry(word.clone()).or_default().0.get_or_insert(n as u32);
            }
        }
        for (n, correlation) in self.correlations.iter().enumerate() {
            let mut words = vec![&correlation.about.id, &correlation.about.name];
            words.dedup();
            for word in words.into_iter().filter(|w| !w.is_empty()) {
                self.by_word.entry(word.clone()).or_default().1.push(n as u32);
            }
            if !correlation.generate {
                self.silent.extend(correlation.rules.iter().cloned());
            }
        }
        for (n, correlation) in self.correlations.iter().enumerate() {
            for word in &correlation.rules {
                self.counting.entry(word.clone()).or_default().push(n as u32);
            }
        }
    }

    /// Whether a rule only stands for correlations that count it.
    pub fn is_counted_only(&self, about: &About) -> bool {
        self.silent.contains(&about.id) || self.silent.contains(&about.name)
    }

    /// The correlations that count a rule.
    fn counting<'c>(&'c self, about: &'c About) -> impl Iterator<Item = &'c Correlation> {
        let words = [&about.id, &about.name].into_iter().filter(|w| !w.is_empty());
        let all: BTreeSet<u32> = words.filter_map(|w| self.counting.get(w)).flatten().copied().collect();
        all.into_iter().map(|n| &self.correlations[n as usize])
    }

    /// Whether correlations count a rule.
    pub fn is_counted(&self, about: &About) -> bool {
        self.counting(about).next().is_some()
    }

    /// The fields that correlations want of a rule's events. What counts correlations is given their groups.
    pub fn carried(&self, about: &About) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for field in self.counting(about).flat_map(|c| c.fields(about)) {
            if all.len() < CARRIED && !all.contains(&field) {
                all.push(field);
            }
        }
        all
    }

    /// The rules for a log source.
    pub fn bucket(&self, source: model::LogSource) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(|e| e.into_inner());
        buckets.entry(source).or_insert_with(|| Arc::new(Bucket::of(&self.rules, source, &self.carried))).clone()
    }

    /// An event as rules look at it.
    pub fn view(&self) -> View {
        View { slots: vec![u32::MAX; self.names.numbers.len()], ..View::default() }
    }

    /// Fills a view with an event, and all of it.
    pub fn fill(&self, view: &mut View, event: &model::Event) {
        self.put(view, event, &|_| true, true);
    }

    /// Fills a view with what a log source's rules ask for.
    pub fn fill_for(&self, bucket: &Bucket, view: &mut View, event: &model::Event) {
        self.put(view, event, &|field| bucket.fields.get(field as usize) == Some(&true), bucket.whole);
    }

    fn put(&self, view: &mut View, event: &model::Event, asked: &dyn Fn(u32) -> bool, whole: bool) {
        view.clear();
        let field = |name: &str| self.names.known(name).filter(|f| asked(*f));
        let fields = event.fields().take(FIELDS);
        for (name, value) in fields.clone() {
            if let Some(field) = field(name) {
                view.put(Some(field), value);
            }
        }
        view.rest = view.lower.len();
        if whole {
            fields.filter(|(name, _)| field(name).is_none()).for_each(|(_, value)| view.put(None, value));
            view.put(None, Value::Text(event.raw));
        }
    }

    /// The first value of a field by its name, for whoever carries it on.
    pub fn value<'v>(&self, view: &'v View, name: &str) -> Option<&'v str> {
        let name = self.names.mapped.get(name).map_or(name, String::as_str);
        view.values(self.names.known(name)?).next().map(|(value, _)| value)
    }

    /// Whether a rule is for events of a log source.
    pub(crate) fn is_heard(&self, rule: &Rule, source: model::LogSource) -> bool {
        is_for(&rule.source, source)
    }

    /// The text of a rule, a correlation or what was refused, by id or name: for whoever wants to read it.
    pub fn find(&self, word: &str) -> Option<(&About, &str)> {
        let rules = self.rules.iter().map(|r| (&r.about, &*r.text));
        let mut all = rules.chain(self.correlations.iter().map(|c| (&c.about, &*c.text)));
        all.find(|(about, _)| about.is(word) || about.title == word)
    }

    /// What correlations make of rules that fired, in the order of time.
    pub fn correlate(&self, fired: &[Fired]) -> Vec<crate::Correlated> {
        crate::correlate(self, fired)
    }
}

/// What tells a document's text apart, as it is read.
fn print(node: &Node) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(format!("{node:?}"))
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
    /// Words that stand in fields, and those that stand anywhere.
    within: Words,
    anywhere: Words,
    /// Those without a word: places in `rules`.
    always: Vec<u32>,
    /// By field: whether a rule asks for it.
    fields: Vec<bool>,
    /// Whether a rule asks for the event as a whole.
    whole: bool,
}

/// Texts that are searched for at once.
#[derive(Debug, Default)]
struct Words {
    search: Option<AhoCorasick>,
    /// By word: places in [`Bucket::rules`].
    of: Vec<Vec<u32>>,
}

impl Words {
    /// None where they are too many for one search.
    fn of(words: Vec<(Need, Vec<u32>)>) -> Option<Words> {
        if words.is_empty() {
            return Some(Words::default());
        }
        let search = AhoCorasick::new(words.iter().map(|(w, _)| &w.text)).ok()?;
        Some(Words { search: Some(search), of: words.into_iter().map(|(_, of)| of).collect() })
    }

    /// Adds the rules whose words stand in a text.
    fn find(&self, text: &str, met: &mut Vec<bool>, asked: &mut Vec<u32>) {
        let Some(search) = &self.search else { return };
        met.clear();
        met.resize(self.of.len(), false);
        for found in search.find_overlapping_iter(text.as_bytes()) {
            let word = found.pattern().as_usize();
            if !std::mem::replace(&mut met[word], true) {
                asked.extend(&self.of[word]);
            }
        }
    }
}

impl Bucket {
    fn of(rules: &[Rule], source: model::LogSource, carried: &[u32]) -> Bucket {
        let mine: Vec<u32> = (0..rules.len() as u32).filter(|n| is_for(&rules[*n as usize].source, source)).collect();
        let asked = |place: usize| &rules[mine[place] as usize].expression;
        let (mut fields, mut whole) = (BTreeSet::from_iter(carried.iter().copied()), false);
        // By word: how many rules name it. What many name, many events have, and all those are asked then.
        let mut named: HashMap<Need, (u32, usize)> = HashMap::new();
        for place in 0..mine.len() {
            asked(place).each(&mut |item| {
                whole |= item.field.is_none();
                fields.extend(item.field.into_iter().chain(item.others()));
                for need in item.needed().flatten() {
                    let (count, last) = named.entry(need).or_insert((0, usize::MAX));
                    *count += u32::from(*last != place);
                    *last = place;
                }
            });
        }
        let met = |need: &Need| {
            let named = u64::from(named.get(need).map_or(1, |(n, _)| *n));
            (named * named) << (2 * SHORT.saturating_sub(need.text.len()))
        };
        let mut words: BTreeMap<Need, Vec<u32>> = BTreeMap::new();
        let mut always = Vec::new();
        for place in 0..mine.len() {
            match asked(place).needs(&met) {
                Some(needs) => needs.into_iter().for_each(|w| words.entry(w).or_default().push(place as u32)),
                None => always.push(place as u32),
            }
        }
        let (anywhere, within) = words.into_iter().partition(|(w, _)| w.anywhere);
        let (within, anywhere) = match (Words::of(within), Words::of(anywhere)) {
            (Some(within), Some(anywhere)) => (within, anywhere),
            // Too many for one search: each rule is asked.
            _ => {
                always = (0..mine.len() as u32).collect();
                Default::default()
            }
        };
        let last = fields.last().map_or(0, |f| *f as usize + 1);
        let fields = (0..last as u32).map(|f| fields.contains(&f)).collect();
        Bucket { rules: mine, within, anywhere, always, fields, whole }
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
        self.within.find(&view.lower[..view.rest], &mut view.met, &mut asked);
        self.anywhere.find(&view.lower, &mut view.met, &mut asked);
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
    /// Where in `lower` that begins which only those rules look at that ask for the event as a whole.
    rest: usize,
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

    fn put(&mut self, field: Option<u32>, value: Value) {
        match value {
            Value::Text(bytes) => self.push(field, &String::from_utf8_lossy(&bytes[..bytes.len().min(VALUE)])),
            Value::Number(number) => self.push(field, &number.to_string()),
            Value::Address(address) => self.push(field, &address.to_string()),
        }
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
