//! Events that fire rules into rows, while a reader shows them.
//!
//! You may rely on: memory is bounded: past [`GROUPS`] rows of one stretch, events are counted under nobody's name.

use super::{Place, asked, collection};
use crate::Sensor;
use crate::input::Input;
use ::sigma::{Bucket, Collection, View, why};
use model::{
    Address, Context, Ear, Entity, Event, Listener, LogSource, Note, Observation, Result, Role, Sink, Skip, Span,
    SpanSet, Step, Tally, Text, Time, Value,
};
use rows::Row;
use rows::sigma::{Match, Record};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Rows of one stretch.
pub(crate) const GROUPS: usize = 10_000;
/// Events of one row.
const RECORDS: usize = 1000;
/// Bytes of a value that is kept.
const VALUE: usize = 200;
/// Fields of the first event that are shown.
const SHOWN: usize = 12;
/// Events held that somebody may ask about: the last of a stretch.
const ASKED: usize = 50_000;
/// Rules named that are not run.
const NAMED: usize = 20;

/// Reads with rules listening, where any were brought.
pub(crate) fn heard(sensor: &dyn Sensor, input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
    let Some(rules) = collection(context.config) else { return sensor.read(input, context, out) };
    let ears = Arc::new(Ears { rules, why: asked(context.config), heard: Mutex::new(false), told: Arc::default() });
    let mut hearing = Hearing { out, ears: ears.clone() };
    sensor.read(input, context, &mut hearing)?;
    if *ears.heard.lock().unwrap_or_else(|e| e.into_inner()) {
        refused(&ears.rules, out);
        if let Some(Place(event)) = ears.why.filter(|_| !ears.told.load(Ordering::Relaxed)) {
            out.note(Note {
                text: Text::new(
                    format!("no event here is line or record {event}: nothing to say of why rules fire on it"),
                    format!("aucun évènement ici n’est la ligne ou l’enregistrement {event} : rien à dire des règles"),
                ),
            });
        }
    }
    Ok(())
}

/// Names the rules that are not run.
fn refused(rules: &Collection, out: &mut dyn Sink) {
    for refused in rules.refused.iter().take(NAMED) {
        let name = if refused.about.title.is_empty() { &refused.about.id } else { &refused.about.title };
        let (name, file, why) = (formats::clip(name, 200), formats::clip(&refused.about.file, 300), &refused.why);
        out.note(Note {
            text: Text::new(
                format!("Sigma rule `{name}` ({file}) is not run: {why}"),
                format!("règle Sigma « {name} » ({file}) non appliquée : {why}"),
            ),
        });
    }
    if rules.refused.len() > NAMED {
        let (more, all) = (rules.refused.len() - NAMED, rules.rules.len());
        out.note(Note {
            text: Text::new(
                format!("{more} more Sigma rules are not run, and {all} are: `vigie explain RULE --sigma PATH` says why"),
                format!("{more} autres règles Sigma ne sont pas appliquées, {all} le sont : `vigie explain RÈGLE --sigma CHEMIN` dit pourquoi"),
            ),
        });
    }
}

/// A sink with somebody who listens.
struct Hearing<'o> {
    out: &'o mut dyn Sink,
    ears: Arc<Ears>,
}

impl Sink for Hearing<'_> {
    fn observation(&mut self, observation: Observation) {
        self.out.observation(observation);
    }
    fn tally(&mut self, tally: Tally) {
        self.out.tally(tally);
    }
    fn skip(&mut self, skip: Skip) {
        self.out.skip(skip);
    }
    fn note(&mut self, note: Note) {
        self.out.note(note);
    }
    fn lines(&mut self, lines: model::Lines) {
        self.out.lines(lines);
    }
    fn inside(&mut self, steps: &[Step], sensor: Option<&str>) {
        self.out.inside(steps, sensor);
    }
    fn progress(&mut self, consumed: u64) {
        self.out.progress(consumed);
    }
    fn listener(&self) -> Option<Arc<dyn Listener>> {
        *self.ears.heard.lock().unwrap_or_else(|e| e.into_inner()) = true;
        Some(self.ears.clone())
    }
}

/// Hands out ears.
struct Ears {
    rules: Arc<Collection>,
    why: Option<Place>,
    /// Whether a reader asked for one.
    heard: Mutex<bool>,
    /// Whether the event that somebody asks about was met.
    told: Arc<AtomicBool>,
}

impl Listener for Ears {
    fn ear(&self) -> Box<dyn Ear> {
        Box::new(Asking {
            view: self.rules.view(),
            rules: self.rules.clone(),
            buckets: HashMap::new(),
            carried: HashMap::new(),
            fired: Vec::new(),
            open: BTreeMap::new(),
            full: Vec::new(),
            why: self.why,
            told: self.told.clone(),
            held: VecDeque::new(),
            others: 0,
        })
    }
}

/// By rule, whose, day.
type Key = (u32, String, i64);

/// Events of one row, still growing.
struct Open {
    row: Match,
    spans: Vec<Span>,
    entities: Vec<Entity>,
    count: u64,
}

/// An event that somebody may ask about: which line of the evidence it is, is known when its stretch ends.
struct Held {
    source: LogSource,
    place: Span,
    raw: Vec<u8>,
    fields: Vec<(String, String)>,
}

impl Held {
    fn of(event: &Event) -> Held {
        let fields = event.fields().map(|(name, value)| (name.to_string(), value.to_string()));
        Held { source: event.source, place: event.place, raw: event.raw.to_vec(), fields: fields.collect() }
    }

    /// Why each rule fires on it, or does not.
    fn told(&self, rules: &Collection, view: &mut View) -> Vec<Text> {
        let fields: Vec<(&str, Option<Value>)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), Some(Value::Text(value.as_bytes())))).collect();
        let (source, place) = (self.source, self.place);
        rules.fill(view, &Event { source, time: None, count: 1, place, raw: &self.raw, fields: &fields });
        let mut all = Vec::new();
        for rule in &rules.rules {
            let title = model::escape::visible(formats::clip(&rule.about.title, 200)).into_owned();
            let told = why(rules, rule, source, view);
            // One note a rule: notes are sorted, and these lines have an order.
            let lines: Vec<String> = told.iter().map(|line| model::escape::visible(line.trim()).into_owned()).collect();
            all.push(Text::same(format!("{title}: {}", lines.join(" · "))));
        }
        all
    }
}

/// Asks the rules of one stretch.
struct Asking {
    rules: Arc<Collection>,
    buckets: HashMap<LogSource, Arc<Bucket>>,
    view: View,
    /// By rule: the fields that correlations want.
    carried: HashMap<u32, Vec<String>>,
    fired: Vec<u32>,
    open: BTreeMap<Key, Open>,
    full: Vec<(Key, Open)>,
    why: Option<Place>,
    told: Arc<AtomicBool>,
    held: VecDeque<Held>,
    others: u64,
}

impl Ear for Asking {
    fn event(&mut self, event: &Event) {
        let rules = &self.rules;
        let bucket = self.buckets.entry(event.source).or_insert_with(|| rules.bucket(event.source));
        if bucket.is_empty() && self.why.is_none() {
            return;
        }
        let bucket = bucket.clone();
        self.rules.fill_for(&bucket, &mut self.view, event);
        // A stretch's first line is known at its end: any line up to the one that is asked for may be it.
        if self.why.is_some_and(|w| event.place.line <= w.0) {
            self.held.push_back(Held::of(event));
            if self.held.len() > ASKED {
                self.held.pop_front();
            }
        }
        let mut fired = std::mem::take(&mut self.fired);
        bucket.fire(&self.rules.rules, &mut self.view, &mut fired);
        for rule in &fired {
            self.take(*rule, event);
        }
        self.fired = fired;
    }

    fn end(mut self: Box<Self>, line: u64, out: &mut dyn Sink) {
        if let Some(wanted) = self.why {
            let held = std::mem::take(&mut self.held);
            for held in held.iter().filter(|h| h.place.line + line == wanted.0) {
                self.told.store(true, Ordering::Relaxed);
                held.told(&self.rules, &mut self.view).into_iter().for_each(|text| out.note(Note { text }));
            }
        }
        let open = std::mem::take(&mut self.open);
        for ((_, of, day), mut one) in self.full.drain(..).chain(open) {
            one.row.records.sort();
            let mut spans = SpanSet::new();
            one.spans.iter().for_each(|s| {
                spans.push(Span { line: if s.line == 0 && line == 0 { 0 } else { s.line + line }, ..*s })
            });
            let at = |r: Option<&Record>| Time::from_seconds(r.map_or(0, |r| r.0));
            out.observation(Observation {
                kind: Match::NAME.into(),
                key: format!("{}|{}|{day}", one.row.rule.replace('|', "%7C"), of.replace('|', "%7C")),
                first: at(one.row.records.first()),
                last: at(one.row.records.last()),
                count: one.count,
                entities: one.entities,
                fields: one.row.fields(),
                spans,
            });
        }
        if self.others > 0 {
            let n = self.others;
            out.note(Note {
                text: Text::new(
                    format!("Sigma rules fired for more than {GROUPS} machines, accounts or addresses: {n} events are counted without theirs"),
                    format!("des règles Sigma visent plus de {GROUPS} machines, comptes ou adresses : {n} évènements sont comptés sans les leurs"),
                ),
            });
        }
    }
}

impl Asking {
    fn take(&mut self, rule: u32, event: &Event) {
        let about = &self.rules.rules[rule as usize].about;
        let rules = &self.rules;
        let carried = self.carried.entry(rule).or_insert_with(|| rules.carried(about)).clone();
        let clip = |text: &str| formats::clip(text, VALUE).to_string();
        let values = carried.iter().map(|name| self.rules.value(&self.view, name).map(clip)).collect();
        let time = event.time.unwrap_or_default();
        let mut of = whose(event);
        let day = time.seconds().div_euclid(86_400);
        if self.open.len() >= GROUPS && !self.open.contains_key(&(rule, of.clone(), day)) {
            of = String::new();
            self.others += 1;
        }
        let key = (rule, of.clone(), day);
        let open = self.open.entry(key.clone()).or_insert_with(|| Open {
            row: Match { rule: about.id.clone(), of: clip(&of), carried, shown: shown(event), records: Vec::new() },
            spans: Vec::new(),
            entities: entities(event),
            count: 0,
        });
        open.row.records.push(Record(time.seconds(), identity(event), values));
        open.count += u64::from(event.count.max(1));
        open.spans.push(event.place);
        if open.row.records.len() >= RECORDS
            && let Some(full) = self.open.remove(&key)
        {
            self.full.push((key, full));
        }
    }
}

/// Beginnings of names that forms of one record of Windows write differently, or not at all.
const FORMS: [&str; 14] = [
    "Provider",
    "Execution",
    "Security_",
    "Correlation",
    "TimeCreated",
    "EventID",
    "EventRecordID",
    "Version",
    "Level",
    "Task",
    "Opcode",
    "Keywords",
    "Message",
    "Computer",
];

/// What a record of Windows says, whichever form it is written in and in whatever order.
fn body(event: &Event) -> u64 {
    let own = event.fields().filter(|(name, _)| !FORMS.iter().any(|f| name.starts_with(f)));
    let one = |(name, value): (&str, Value)| {
        let value = value.to_string().to_lowercase();
        if value.is_empty() { 0 } else { BuildHasherDefault::<DefaultHasher>::default().hash_one((name, value)) }
    };
    own.map(one).fold(0, u64::wrapping_add)
}

/// Products of Sigma's log sources whose logs are handed out in exports, which overlap: a record of theirs that says the same is
/// the same. Names under which such a record has an id of its own; the bytes of one without tell it apart.
const EXPORTED: [&str; 9] = ["m365", "azure", "gcp", "okta", "github", "slack", "cloudflare", "nextcloud", "zimbra"];
const IDS: [&str; 9] =
    ["Id", "id", "uuid", "id.uniqueQualifier", "_document_id", "ray_id", "RayID", "Request ID", "CorrelationId"];

/// All that an event says, in whatever order.
fn whole(event: &Event) -> u64 {
    let one = |(name, value): (&str, Value)| {
        BuildHasherDefault::<DefaultHasher>::default().hash_one((name, value.to_string()))
    };
    event.fields().map(one).fold(0, u64::wrapping_add)
}

/// What tells an event apart from others: of Windows the machine, the log, the number and what it says, for anybody can give
/// his record the number of another; of a cloud what it says; else what it says, and where.
fn identity(event: &Event) -> u64 {
    let text = |name: &str| event.field(name).map(|v| v.to_string());
    let hash = |value: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = BuildHasherDefault::<DefaultHasher>::default().build_hasher();
        value(&mut hasher);
        std::hash::Hasher::finish(&hasher) >> 11
    };
    let (number, computer) = (text("EventRecordID"), text("Computer"));
    match (number, computer) {
        (Some(number), Some(computer)) => {
            let (time, computer) = (event.time.map(|t| t.seconds()), computer.to_lowercase());
            hash(&|h| (&number, &computer, text("Channel"), time, body(event)).hash(h))
        }
        _ if EXPORTED.contains(&event.source.product) => {
            let time = event.time.map(|t| t.seconds());
            match first(event, &IDS) {
                Some(_) => hash(&|h| (time, whole(event)).hash(h)),
                None => hash(&|h| (time, event.raw).hash(h)),
            }
        }
        // Two lines that say the same are two events of one log; the place tells them apart.
        _ => hash(&|h| {
            (event.raw, event.place.start, event.place.len).hash(h);
            event.fields().for_each(|(name, value)| (name, value.to_string()).hash(h));
        }),
    }
}

/// Names under which logs tell where something came from, who did it, and on which machine.
const SOURCES: [&str; 16] = [
    "c-ip",
    "source.ip",
    "ClientIP",
    "ClientIPAddress",
    "ActorIpAddress",
    "ipAddress",
    "IpAddress",
    "client.ipAddress",
    "callerIpAddress",
    "SourceIp",
    "SourceAddress",
    "src_ip",
    "remoteAddr",
    "actor_ip",
    "context.ip_address",
    "IPAddress",
];
const ACCOUNTS: [&str; 14] = [
    "user.name",
    "UserId",
    "userPrincipalName",
    "UserPrincipalName",
    "actor.alternateId",
    "actor.email",
    "TargetUserName",
    "SubjectUserName",
    "User",
    "cs-username",
    "user_email",
    "actor",
    "AccountName",
    "user",
];
const MACHINES: [&str; 3] = ["Computer", "host.name", "cs-host"];

fn first(event: &Event, names: &[&str]) -> Option<String> {
    let found =
        names.iter().find_map(|name| event.field(name).filter(|v| *v != Value::Text(b"-") && *v != Value::Text(b"")));
    found.map(|v| formats::clip(&v.to_string(), VALUE).to_string())
}

fn source(event: &Event) -> Option<Address> {
    SOURCES.iter().find_map(|name| match event.field(name)? {
        Value::Address(address) => Some(address),
        Value::Text(text) => Address::parse(text),
        Value::Number(_) => None,
    })
}

/// Whose an event is: of Windows the machine, else the source, else the account.
fn whose(event: &Event) -> String {
    let machine = || first(event, &MACHINES).map(|m| m.to_lowercase());
    let found = match event.source.product {
        "windows" => machine(),
        _ => source(event).map(|a| a.to_string()).or_else(|| first(event, &ACCOUNTS)).or_else(machine),
    };
    found.unwrap_or_default()
}

fn entities(event: &Event) -> Vec<Entity> {
    let mut all: Vec<Entity> = source(event).map(|a| Entity::address(a, Role::Source)).into_iter().collect();
    if let Some(account) = first(event, &ACCOUNTS).filter(|a| !a.ends_with('$')) {
        all.push(Entity::user(account.to_lowercase(), Role::Account));
    }
    all.sort();
    all
}

/// Fields of an event as a finding shows them: those that tell most, the longest left away.
fn shown(event: &Event) -> BTreeMap<String, String> {
    const DULL: [&str; 12] = [
        "Provider_Name",
        "Provider_Guid",
        "Version",
        "Level",
        "Task",
        "Opcode",
        "Keywords",
        "Execution_ProcessID",
        "Execution_ThreadID",
        "TimeCreated_SystemTime",
        "EventRecordID",
        "Correlation_ActivityID",
    ];
    let all = event.fields().filter(|(name, _)| !DULL.contains(name));
    let all = all.map(|(name, value)| {
        (formats::clip(name, 80).to_string(), formats::clip(&value.to_string(), VALUE).to_string())
    });
    all.filter(|(_, value)| !value.is_empty()).take(SHOWN).collect()
}
