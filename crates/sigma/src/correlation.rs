//! Rules that count what other rules fired: how often, how many different values, which together, in which order.
//!
//! You may rely on: what is counted lies within the rule's span of time, group by group; a group that fires is told once for
//! each stretch in which it goes on. Left out: percentiles.

use crate::collection::Collection;
use crate::expression::Compare;
use crate::rule::About;
use crate::yaml::Node;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Correlations of correlations.
pub(crate) const LEVELS: usize = 8;
/// Events that all correlations together look at: each counts for each that counts it.
const WORK: usize = 5_000_000;

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Events.
    Events,
    /// Different values of a field.
    Values,
    /// All rules, in any order.
    Together,
    /// All rules, in their order.
    Ordered,
    /// The sum of a field.
    Sum,
    /// The mean of a field.
    Mean,
}

/// A rule that counts others.
#[derive(Clone, Debug)]
pub struct Correlation {
    /// What it says of itself.
    pub about: About,
    /// What is counted.
    pub kind: Kind,
    /// What it counts, by id or name.
    pub rules: Vec<String>,
    /// By which fields events are kept apart.
    pub group_by: Vec<String>,
    /// Within so many seconds.
    pub timespan: i64,
    /// Whether the rules it counts are told as well.
    pub generate: bool,
    /// The text of its file.
    pub text: Arc<str>,
    conditions: Vec<(Condition, f64)>,
    field: Option<String>,
    /// By alias: rule and field.
    aliases: Vec<(String, Vec<(String, String)>)>,
}

/// How a count is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Condition {
    Is(Compare),
    Equal,
    Other,
}

impl Correlation {
    /// Of a document's `correlation`.
    pub fn of(about: About, node: &Node, text: Arc<str>) -> Result<Correlation, String> {
        let kind = match node.word("type").unwrap_or_default().as_str() {
            "event_count" => Kind::Events,
            "value_count" => Kind::Values,
            "temporal" => Kind::Together,
            "temporal_ordered" => Kind::Ordered,
            "value_sum" => Kind::Sum,
            "value_avg" => Kind::Mean,
            other => return Err(format!("a correlation of type `{other}`, which is not counted")),
        };
        let rules = node.get("rules").map(Node::words).unwrap_or_default();
        if rules.is_empty() || rules.len() > 64 {
            return Err("a correlation of no rules, or of more than 64".into());
        }
        let span = node.word("timespan").unwrap_or_default();
        let timespan = timespan(&span).ok_or_else(|| format!("`{span}` is no span of time, such as `5m`"))?;
        let mut conditions = Vec::new();
        let mut field = None;
        match node.get("condition") {
            Some(Node::Map(all)) => {
                for (key, value) in all {
                    let condition = match key.as_str() {
                        "gt" => Condition::Is(Compare::More),
                        "gte" => Condition::Is(Compare::AtLeast),
                        "lt" => Condition::Is(Compare::Less),
                        "lte" => Condition::Is(Compare::AtMost),
                        "eq" => Condition::Equal,
                        "neq" => Condition::Other,
                        "field" => {
                            let mut words = value.words();
                            field = words.pop();
                            if !words.is_empty() {
                                return Err("it counts values of several fields together, which is not done".into());
                            }
                            continue;
                        }
                        other => return Err(format!("its condition has a `{other}`, which is not known")),
                    };
                    let number = value.text().and_then(|t| t.parse::<f64>().ok());
                    conditions
                        .push((condition, number.ok_or_else(|| format!("`{key}` of its condition is no number"))?));
                }
            }
            Some(Node::Null) | None => {}
            Some(_) => return Err("its condition is written in words, which are not counted".into()),
        }
        let temporal = matches!(kind, Kind::Together | Kind::Ordered);
        if conditions.is_empty() && !temporal {
            return Err("it has no condition".into());
        }
        if field.is_none() && matches!(kind, Kind::Values | Kind::Sum | Kind::Mean) {
            return Err("its condition names no field".into());
        }
        let pairs = |node: &Node| match node {
            Node::Map(all) => all.iter().filter_map(|(k, v)| Some((k.clone(), v.text()?))).collect(),
            _ => Vec::new(),
        };
        let aliases = match node.get("aliases") {
            Some(Node::Map(all)) => all.iter().map(|(alias, of)| (alias.clone(), pairs(of))).collect(),
            _ => Vec::new(),
        };
        Ok(Correlation {
            about,
            kind,
            rules,
            group_by: node.get("group-by").map(Node::words).unwrap_or_default(),
            timespan,
            generate: node.word("generate").as_deref() == Some("true"),
            text,
            conditions,
            field,
            aliases,
        })
    }

    /// The fields that it wants of a rule's events.
    pub(crate) fn fields(&self, about: &About) -> Vec<String> {
        let own = self.group_by.iter().chain(&self.field);
        own.map(|name| self.of_rule(name, about)).collect()
    }

    /// What a field is called in a rule's events.
    fn of_rule(&self, name: &str, about: &About) -> String {
        let alias = self.aliases.iter().find(|(alias, _)| alias == name);
        let own = alias.and_then(|(_, of)| of.iter().find(|(rule, _)| about.is(rule)));
        own.map_or_else(|| name.into(), |(_, field)| field.clone())
    }

    fn holds(&self, value: f64) -> bool {
        self.conditions.iter().all(|(condition, number)| match condition {
            Condition::Is(compare) => compare.holds(value, *number),
            Condition::Equal => value == *number,
            Condition::Other => value != *number,
        })
    }
}

/// `30s`, `5m`, `2h`, `7d`, `1w`, `1M`, `1y`, in seconds.
fn timespan(text: &str) -> Option<i64> {
    let text = text.trim();
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        'M' => 30 * 86_400,
        'y' => 365 * 86_400,
        _ => return None,
    };
    let number: i64 = text[..text.len() - 1].trim().parse().ok()?;
    number.checked_mul(unit).filter(|s| *s > 0)
}

/// A rule that an event fired.
#[derive(Clone, PartialEq, Debug)]
pub struct Fired {
    /// The rule's id.
    pub rule: String,
    /// When: seconds since 1970.
    pub time: i64,
    /// The fields that correlations want, with their values.
    pub fields: Vec<(String, String)>,
}

/// What a correlation made of them.
#[derive(Clone, PartialEq, Debug)]
pub struct Correlated {
    /// The correlation's place among all.
    pub correlation: usize,
    /// The first event that it counts.
    pub first: i64,
    /// The last.
    pub last: i64,
    /// The group: names and values.
    pub group: Vec<(String, String)>,
    /// Places of what it counts among what fired.
    pub members: Vec<usize>,
    /// Whether more fired than was looked at.
    pub cut: bool,
}

/// An event of a group.
struct Member {
    time: i64,
    /// Which of the correlation's rules.
    rule: usize,
    value: Option<String>,
    of: Vec<usize>,
}

/// What correlations make of rules that fired.
pub fn correlate(collection: &Collection, fired: &[Fired]) -> Vec<Correlated> {
    let all = &collection.correlations;
    let mut by_rule: HashMap<&str, Vec<usize>> = HashMap::new();
    for (n, one) in fired.iter().enumerate() {
        by_rule.entry(&one.rule).or_default().push(n);
    }
    let mut done: BTreeMap<usize, Vec<Correlated>> = BTreeMap::new();
    let mut left = WORK;
    // They stand in the order in which they rest on one another.
    for n in 0..all.len() {
        let made = count(collection, n, &done, fired, &by_rule, &mut left);
        done.insert(n, made);
    }
    let mut made: Vec<Correlated> = done.into_values().flatten().collect();
    made.sort_by(|a, b| (a.first, a.correlation, &a.group).cmp(&(b.first, b.correlation, &b.group)));
    made
}

fn count(
    collection: &Collection,
    n: usize,
    done: &BTreeMap<usize, Vec<Correlated>>,
    fired: &[Fired],
    by_rule: &HashMap<&str, Vec<usize>>,
    left: &mut usize,
) -> Vec<Correlated> {
    let correlation = &collection.correlations[n];
    let mut groups: BTreeMap<Vec<String>, Vec<Member>> = BTreeMap::new();
    let mut cut = false;
    let mut add = |about: &About, rule: usize, time: i64, fields: &[(String, String)], of: Vec<usize>| {
        let value = |name: &String| {
            let own = correlation.of_rule(name, about);
            fields.iter().find(|(field, _)| *field == own || field == name).map(|(_, v)| v.clone())
        };
        // What has no value of a field that groups belongs to no group.
        let Some(group) = correlation.group_by.iter().map(value).collect::<Option<Vec<String>>>() else { return };
        let value = correlation.field.as_ref().and_then(value);
        groups.entry(group).or_default().push(Member { time, rule, value, of });
    };
    let mut pay = |n: usize| {
        let rest = left.checked_sub(n);
        cut |= rest.is_none();
        rest.map(|rest| *left = rest).is_some()
    };
    for (place, word) in correlation.rules.iter().enumerate() {
        let Some((rule, others)) = collection.by_word.get(word) else { continue };
        if let Some(rule) = rule {
            let about = &collection.rules[*rule as usize].about;
            for at in by_rule.get(about.id.as_str()).into_iter().flatten() {
                if !pay(1) {
                    break;
                }
                add(about, place, fired[*at].time, &fired[*at].fields, vec![*at]);
            }
        }
        for o in others.iter().map(|o| *o as usize).filter(|o| *o != n) {
            for one in done.get(&o).into_iter().flatten() {
                if !pay(one.members.len()) {
                    break;
                }
                add(&collection.correlations[o].about, place, one.last, &one.group, one.members.clone());
            }
        }
    }
    let mut made = Vec::new();
    for (group, mut members) in groups {
        members.sort_by_key(|m| (m.time, m.rule));
        let named: Vec<(String, String)> = correlation.group_by.iter().cloned().zip(group).collect();
        stretches(correlation, &members, &mut |from, to| {
            let part = &members[from..=to];
            let mut all: Vec<usize> = part.iter().flat_map(|m| m.of.iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            made.push(Correlated {
                correlation: n,
                first: part.first().map_or(0, |m| m.time),
                last: part.last().map_or(0, |m| m.time),
                group: named.clone(),
                members: all,
                cut,
            });
        });
    }
    made
}

/// Tells of the stretches in which a group fires: windows that overlap are one.
fn stretches(correlation: &Correlation, members: &[Member], each: &mut dyn FnMut(usize, usize)) {
    let mut window = Window::default();
    let mut order = Order::new(correlation.rules.len());
    let mut begin = 0;
    let mut open: Option<(usize, usize)> = None;
    for (at, member) in members.iter().enumerate() {
        window.take(member);
        while member.time - members[begin].time > correlation.timespan {
            window.drop(&members[begin]);
            begin += 1;
        }
        let holds = match correlation.kind {
            Kind::Events => correlation.holds((at - begin + 1) as f64),
            Kind::Values => correlation.holds(window.values.len() as f64),
            Kind::Sum => correlation.holds(window.sum),
            Kind::Mean => window.numbers > 0 && correlation.holds(window.sum / window.numbers as f64),
            Kind::Together => match correlation.conditions.is_empty() {
                true => window.rules.len() == correlation.rules.len(),
                false => correlation.holds(window.rules.len() as f64),
            },
            Kind::Ordered => order.take(member).is_some_and(|first| member.time - first <= correlation.timespan),
        };
        if !holds {
            continue;
        }
        open = match open {
            Some((from, to)) if begin <= to => Some((from, at)),
            Some((from, to)) => {
                each(from, to);
                Some((begin, at))
            }
            None => Some((begin, at)),
        };
    }
    if let Some((from, to)) = open {
        each(from, to);
    }
}

/// All rules one behind another; at one time, in any order, for equal times are sorted by rule.
struct Order(Vec<Option<i64>>);

impl Order {
    fn new(rules: usize) -> Order {
        Order(vec![None; rules])
    }

    /// Takes the next; gives when the last beginning of a whole row of rules was, this one at its end or within it.
    fn take(&mut self, member: &Member) -> Option<i64> {
        let begun = match member.rule {
            0 => Some(member.time),
            rule => self.0[rule - 1].max(self.0[rule]),
        };
        self.0[member.rule] = begun;
        self.0.last().copied().flatten()
    }
}

/// What lies within the span of time.
#[derive(Default)]
struct Window {
    values: BTreeMap<String, usize>,
    rules: BTreeMap<usize, usize>,
    sum: f64,
    numbers: usize,
}

impl Window {
    fn take(&mut self, member: &Member) {
        *self.rules.entry(member.rule).or_default() += 1;
        let Some(value) = &member.value else { return };
        if let Some(number) = crate::expression::number(value) {
            self.sum += number;
            self.numbers += 1;
        }
        *self.values.entry(value.clone()).or_default() += 1;
    }

    fn drop(&mut self, member: &Member) {
        less(&mut self.rules, &member.rule);
        let Some(value) = &member.value else { return };
        if let Some(number) = crate::expression::number(value) {
            self.sum -= number;
            self.numbers -= 1;
        }
        less(&mut self.values, value);
    }
}

fn less<K: Ord>(counts: &mut BTreeMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}
