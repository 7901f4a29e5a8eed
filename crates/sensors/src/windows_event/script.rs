//! Script blocks put together: PowerShell writes long scripts down in parts (event 4104), which may stand in any order.

use super::acts;
use super::command;
use super::event::Event;
use model::Span;
use rows::windows_event::{Action, Activity};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Bytes of open scripts together, and of one.
pub const HELD: usize = 32 << 20;
const ONE: usize = 2 << 20;
/// What an open script weighs besides its text.
const OPEN: usize = 2000;
/// Different texts of one part.
const TEXTS: usize = 8;
/// Bytes of a script that are kept in a row.
const TEXT: usize = 2000;

/// A script that is whole, or as much as there is of it: what it does, its parts' places, and how many parts are missing.
pub struct Whole {
    /// What was run.
    pub activity: Activity,
    /// The event that it counts as: its last part.
    pub event: Event,
    /// Where its parts stand.
    pub places: Vec<Span>,
    /// Parts that are missing.
    pub missing: u64,
}

struct Open {
    event: Event,
    /// By number; a number may come with several texts, of which none hides another.
    parts: BTreeMap<u64, Vec<String>>,
    places: Vec<Span>,
    total: u64,
    bytes: usize,
}

/// Scripts whose parts have not all come.
pub struct Scripts {
    most: usize,
    open: HashMap<(String, String), Open>,
    order: VecDeque<(String, String)>,
    bytes: usize,
}

impl Scripts {
    /// None yet; of so many bytes at most.
    pub fn new(most: usize) -> Scripts {
        Scripts { most, open: HashMap::new(), order: VecDeque::new(), bytes: 0 }
    }

    /// Takes a part; gives scripts that are whole, or that must make room.
    pub fn add(&mut self, event: &Event, place: Span) -> Vec<Whole> {
        let text = event.field("ScriptBlockText");
        let number = |name: &str| event.field(name).trim().parse::<u64>().unwrap_or(1);
        let (n, total) = (number("MessageNumber"), number("MessageTotal"));
        let mut done = Vec::new();
        if total <= 1 {
            let parts = BTreeMap::from([(1, vec![text.to_string()])]);
            let bytes = text.len();
            done.push(Open { event: event.clone(), parts, places: vec![place], total: 1, bytes }.end());
            return done;
        }
        let key = (event.computer.clone(), event.field("ScriptBlockId").to_string());
        let open = self.open.entry(key.clone()).or_insert_with(|| {
            self.order.push_back(key.clone());
            self.bytes += OPEN;
            Open { event: event.clone(), parts: BTreeMap::new(), places: Vec::new(), total, bytes: OPEN }
        });
        let known = open.parts.get(&n).is_some_and(|all| all.iter().any(|t| t == text) || all.len() == TEXTS);
        if !known && open.bytes + text.len() <= ONE {
            open.bytes += text.len() + 64;
            self.bytes += text.len() + 64;
            open.parts.entry(n).or_default().push(text.to_string());
        }
        // Places of a part that comes again and again are held as well.
        open.bytes += 32;
        self.bytes += 32;
        open.places.push(place);
        open.event.record = open.event.record.max(event.record);
        if open.parts.len() as u64 >= total {
            self.take(&key, &mut done);
        }
        while self.bytes > self.most {
            let Some(oldest) = self.order.front().cloned() else { break };
            self.take(&oldest, &mut done);
        }
        done
    }

    fn take(&mut self, key: &(String, String), done: &mut Vec<Whole>) {
        if let Some(open) = self.open.remove(key) {
            self.bytes -= open.bytes.min(self.bytes);
            done.push(open.end());
        }
        // The oldest stands first: nothing need be looked for.
        match self.order.front() == Some(key) {
            true => drop(self.order.pop_front()),
            false => self.order.retain(|k| k != key),
        }
    }

    /// All that is left, in the order in which it began.
    pub fn finish(mut self) -> Vec<Whole> {
        let mut done = Vec::new();
        while let Some(oldest) = self.order.front().cloned() {
            self.take(&oldest, &mut done);
        }
        done
    }
}

impl Open {
    fn end(self) -> Whole {
        let text: String = self.parts.values().map(|all| all[0].as_str()).collect();
        let mut activity = acts::new(&self.event, Action::Script);
        activity.signs = command::script_signs(&text);
        let others = self.parts.values().flat_map(|all| &all[1..]);
        others.for_each(|text| activity.signs.extend(command::script_signs(text)));
        activity.detail = formats::clip(text.trim(), TEXT).into();
        activity.target = formats::clip(self.event.field("Path").trim(), 300).into();
        let missing = self.total.saturating_sub(self.parts.len() as u64);
        Whole { activity, event: self.event, places: self.places, missing }
    }
}
