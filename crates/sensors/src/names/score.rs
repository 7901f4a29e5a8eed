//! What a resemblance is worth, 0–100. The numbers are this page alone; they were set by hand and measured on the
//! labelled names of `examples/names_accuracy.rs`, of which one half was held back.
//!
//! You may rely on: the same resemblance always scores the same. Left out: finding resemblances (`kernel.rs`).

use super::lexicon::Role;
use super::technique::Technique;
use super::things::{Alias, Class, Kind, Thing};
use crate::domain::Parts;

/// Below, nothing is said.
pub const LEAST: f32 = 40.0;
/// Medium from here.
pub const MEDIUM: u8 = 60;
/// High from here.
pub const HIGH: u8 = 80;

/// How a public suffix stands to the protected one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suffix {
    /// The same.
    Same,
    /// Given only to those who are what they say (schools, governments).
    Closed,
    /// A country's, or an early generic one: its owner may have been there first.
    Plain,
    /// `com`, `net`, `org`: its owner probably was there first.
    First,
    /// A generic one of the later rounds, open to anyone.
    Open,
    /// A private party gives names under it, mostly for nothing.
    Hosting,
}

impl Suffix {
    /// Of a name, beside a thing.
    pub fn of(parts: &Parts, own: &[u8]) -> Suffix {
        let suffix = parts.suffix();
        if !own.is_empty() && suffix == own {
            return Suffix::Same;
        }
        if parts.private {
            return Suffix::Hosting;
        }
        let first = suffix.split(|&b| b == b'.').next().unwrap_or(suffix);
        let closed: [&[u8]; 12] =
            [b"edu", b"ac", b"gov", b"gouv", b"gob", b"mil", b"int", b"gub", b"gv", b"govt", b"go", b"aero"];
        if closed.contains(&first) && (suffix.len() > first.len() || first.len() > 2) {
            return Suffix::Closed;
        }
        let last = parts.last();
        if suffix == b"com" || suffix == b"net" || suffix == b"org" {
            return Suffix::First;
        }
        // Countries whose names are given away or sold to all the world; hardly anybody there was there first.
        let sold: [&[u8]; 11] = [b"tk", b"ml", b"ga", b"cf", b"gq", b"pw", b"cc", b"ws", b"pm", b"fm", b"su"];
        if sold.contains(&suffix) {
            return Suffix::Open;
        }
        let plain: [&[u8]; 3] = [b"info", b"biz", b"cat"];
        if last.len() == 2 || plain.contains(&last) || last.starts_with(b"xn--") {
            return Suffix::Plain;
        }
        Suffix::Open
    }
}

/// A part of a name beside the protected text it resembles.
#[derive(Clone, Copy)]
pub struct Likeness<'j, 'n> {
    /// What is protected.
    pub thing: &'j Thing,
    /// The text that is resembled.
    pub alias: &'j Alias,
    /// What leads from that to the part; nothing where they are equal.
    pub how: &'n [Technique],
    /// Hyphens stand elsewhere than in the protected text.
    pub hyphen: bool,
    /// How the public suffix stands to the protected one.
    pub suffix: Suffix,
    /// The part is not equal, and a word of every day.
    pub word: bool,
    /// It begins with another letter that does not look like the first one.
    pub first: bool,
}

/// How sure a text of this length is to mean its thing and nothing else.
fn distinct(alias: &Alias, worth: [f32; 8]) -> f32 {
    by_length(alias.plain.len(), worth)
}

fn by_length(length: usize, worth: [f32; 8]) -> f32 {
    worth[length.clamp(1, 8) - 1]
}

/// Letters of its own from which a label beside unknown words still means its thing: set off by hyphens, run together.
const OWN: (usize, usize) = (6, 8);

/// Letters of its own from which a label set off beside unknown words is worth a look.
const PARTLY: usize = 3;

/// A label that is the alias, or one resemblance away from it.
pub fn whole(l: &Likeness) -> f32 {
    let Likeness { thing, alias, how, hyphen, suffix, .. } = *l;
    if how.is_empty() {
        let length = distinct(alias, [0.3, 0.55, 0.82, 0.9, 0.97, 1.0, 1.0, 1.0]);
        let common = match suffix {
            _ if !alias.common => 1.0,
            Suffix::First => 0.8,
            _ => 0.95,
        };
        let base = match (thing.class, alias.kind) {
            (_, Kind::OwnLabel | Kind::CommonWord | Kind::Initial) => return 0.0,
            (_, Kind::Surname) => [44.0, 20.0, 42.0, 40.0, 50.0, 44.0],
            (Class::Person | Class::Phrase, _) => [68.0, 30.0, 66.0, 64.0, 72.0, 66.0],
            (_, Kind::WithoutArticle) => [62.0, 20.0, 56.0, 52.0, 68.0, 60.0],
            (Class::Service, _) => [48.0, 20.0, 46.0, 44.0, 66.0, 52.0],
            (Class::Outlet, _) => [70.0, 20.0, 52.0, 48.0, 74.0, 54.0],
            _ => [84.0, 40.0, 74.0, 70.0, 82.0, 78.0],
        }[suffix as usize];
        let hyphen = match hyphen && suffix != Suffix::Same {
            true if alias.plain.len() < 5 => -12.0,
            true => -4.0,
            false => 0.0,
        };
        return base * length * common + hyphen;
    }
    if matches!(alias.kind, Kind::OwnLabel | Kind::CommonWord | Kind::Initial | Kind::Surname) {
        return 0.0;
    }
    let mut base = edit(how);
    base += match suffix {
        Suffix::Same => 6.0,
        Suffix::Open => 2.0,
        Suffix::Plain | Suffix::First => -2.0,
        Suffix::Hosting => 0.0,
        Suffix::Closed => -40.0,
    };
    if hyphen {
        base -= 2.0;
    }
    base * near(l) * weight(thing)
}

fn weight(thing: &Thing) -> f32 {
    match thing.class {
        Class::Domain => 1.0,
        Class::Person => 0.95,
        Class::Phrase => 0.85,
        Class::Service | Class::Login => 0.85,
        Class::Outlet => 0.8,
    }
}

/// How sure a text one edit away from the alias is to mean it: short words have neighbours that are words.
fn near(l: &Likeness) -> f32 {
    let Likeness { alias, how, .. } = *l;
    if how.len() > 1 && alias.plain.len() < 7 {
        return 0.0;
    }
    let common = if alias.common { 0.94 } else { 1.0 };
    let word = if l.word { 0.6 } else { 1.0 };
    // What is left when a letter is gone is what may be somebody's own.
    let left = alias.plain.len() - usize::from(how == [Technique::Omission]);
    let first = match l.first {
        true if left < 6 => 0.85,
        true => 0.97,
        false => 1.0,
    };
    let long = if left >= 10 { 1.06 } else { 1.0 };
    let worth = match l.suffix {
        // `rnil.am`: letters that look the same, under the same suffix, are no other word.
        Suffix::Same if how == [Technique::Homoglyph] && alias.is_short_label(l.thing) => {
            [0.0, 0.0, 0.6, 0.8, 0.88, 0.97, 0.99, 1.0]
        }
        // Three letters have neighbours by the dozen: only under the protected suffix, and never more than worth a look.
        Suffix::Same if left == 3 && l.thing.class == Class::Domain => return 0.66 * common * word * first,
        // Under a suffix of the later rounds nobody was there first, however short the label.
        Suffix::Open => [0.0, 0.0, 0.0, 0.86, 0.93, 0.97, 0.99, 1.0],
        _ => [0.0, 0.0, 0.0, 0.74, 0.88, 0.97, 0.99, 1.0],
    };
    by_length(left, worth) * long * common * word * first
}

/// What the edits are worth by themselves.
fn edit(how: &[Technique]) -> f32 {
    use Technique::*;
    let worth = |t: &Technique| match t {
        Homoglyph => 86.0,
        MixedScript => 90.0,
        Leet => 80.0,
        Repetition | Transposition => 78.0,
        Omission | NeighbouringKey => 76.0,
        VowelSwap => 74.0,
        Insertion | Plural => 70.0,
        BitFlip => 68.0,
        _ => 67.0,
    };
    let least = how.iter().map(worth).fold(100.0, f32::min);
    if how.len() > 1 { least - 8.0 } else { least }
}

/// What stands beside the alias in its label.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside {
    /// What all words beside it do.
    pub roles: Role,
    /// Some token beside it is no known word.
    pub unknown: bool,
    /// The alias is set off by hyphens or the label's ends on both sides.
    pub cut: bool,
    /// A token beside it is the protected suffix (`fr` beside `en-marche`).
    pub suffix: bool,
    /// Nothing follows it in its label.
    pub ends: bool,
}

impl Beside {
    /// The most telling words that could stand there.
    pub fn best(before: &[u8], after: &[u8]) -> Beside {
        let cut = |b: Option<&u8>| b.is_none_or(|&b| b == b'-' || b == b'_');
        let roles = Role::SERVICE.with(Role::ACTION).with(Role::BRAND);
        let ends = after.is_empty();
        Beside { roles, cut: cut(before.last()) && cut(after.first()), ends, ..Beside::default() }
    }
}

/// An alias among other words of one label.
pub fn compound(l: &Likeness, beside: Beside) -> f32 {
    let Likeness { thing, alias, how, suffix, .. } = *l;
    let acts = beside.roles.any(Role::SERVICE.with(Role::ACTION).with(Role::BRAND));
    let tail = match suffix {
        Suffix::Open => 3.0,
        Suffix::Hosting => 2.0,
        Suffix::Closed => -40.0,
        Suffix::Same | Suffix::Plain | Suffix::First => 0.0,
    };
    if alias.kind == Kind::CommonWord {
        // A word of every day: only wholly among words of logging in, each set off by hyphens.
        if !acts || beside.unknown || !how.is_empty() {
            return 0.0;
        }
        let both = beside.roles.any(Role::SERVICE) && beside.roles.any(Role::ACTION.with(Role::BRAND));
        let base = match (thing.class, beside.cut) {
            (Class::Login, true) => 50.0,
            (Class::Login, false) => 36.0,
            (_, true) => 64.0,
            (_, false) => 48.0,
        };
        return base + tail + if both { 4.0 } else { 0.0 };
    }
    let ours = thing.is_ours();
    let made_up = is_made_up(l, beside.cut);
    let short = how.is_empty() && beside.cut && alias.is_short_label(thing);
    // It ends the label, and its own suffix follows: `webmail-gov.me`.
    let ends = short && suffix == Suffix::Same && beside.ends;
    let base = if beside.suffix && ours || ends {
        84.0
    } else if acts && !beside.unknown {
        if beside.roles.any(Role::SERVICE.with(Role::BRAND)) { 88.0 } else { 84.0 }
    } else if acts {
        70.0
    } else if beside.unknown && made_up {
        68.0
    } else if beside.unknown && short {
        52.0
    } else if beside.unknown {
        // A label that is partly its owner's own is worth a look, whatever stands beside it: `epsocard-mem`.
        let own = ours && beside.cut && how.is_empty() && alias.own >= PARTLY;
        match suffix {
            Suffix::Hosting => 50.0,
            Suffix::Open => 42.0,
            _ if own => 42.0,
            _ => 34.0,
        }
    } else if beside.roles.any(Role::DOTS) {
        76.0
    } else if beside.roles.any(Role::CAMPAIGN) {
        74.0
    } else {
        68.0
    };
    let glued = match beside.cut {
        true => 0.0,
        false if beside.unknown && !made_up => -24.0,
        false => -6.0,
    };
    let length = match ends {
        true => 0.85,
        false => distinct(alias, [0.0, 0.0, 0.5, 0.8, 0.88, 0.95, 0.98, 1.0]),
    };
    let common = if alias.common && !how.is_empty() {
        0.6
    } else if alias.common {
        0.78
    } else {
        1.0
    };
    let kind = match (thing.class, alias.kind) {
        (_, Kind::OwnLabel | Kind::Initial) => return 0.0,
        (_, Kind::Surname) => 0.78,
        (_, Kind::WithoutArticle) => 0.75,
        (Class::Person, _) => 0.95,
        (Class::Phrase, _) => 0.85,
        // `goog1e` is nobody's word, and among words of logging in it means one thing.
        (Class::Service, _) if acts && !beside.unknown && matches!(how, [Technique::Leet | Technique::Homoglyph]) => {
            0.95
        }
        (Class::Service, _) => 0.86,
        (Class::Outlet, _) => 0.74,
        _ => 1.0,
    };
    if how.len() > 1 {
        return 0.0;
    }
    let edits = if how.is_empty() { 1.0 } else { near(l) * edit(how) / 92.0 };
    (base + glued + tail) * length * common * kind * edits
}

/// Whether nobody writes the label by chance, whatever stands beside it: `quintelebre-4x`, unlike `en-marche-nordique`.
pub fn is_made_up(l: &Likeness, cut: bool) -> bool {
    let label = (l.thing.class, l.alias.kind) == (Class::Domain, Kind::Label);
    l.how.is_empty() && label && l.alias.own >= if cut { OWN.0 } else { OWN.1 }
}

/// A protected name, or what looks like it, as labels of a stranger's domain.
pub fn embedded(l: &Likeness, with_suffix: bool, acts: bool) -> f32 {
    let Likeness { thing, alias, how, .. } = *l;
    let length = distinct(alias, [0.4, 0.6, 0.85, 0.92, 1.0, 1.0, 1.0, 1.0]);
    let edits = if how.is_empty() { 1.0 } else { near(l) * edit(how) / 86.0 };
    let label = matches!(alias.kind, Kind::Label | Kind::FullName);
    match (with_suffix, thing.is_ours()) {
        (true, true) => 92.0 * length.max(0.9) * edits,
        (true, false) if alias.kind == Kind::OwnLabel || alias.kind == Kind::Label => 84.0 * length * edits,
        (false, true) if label => {
            let common = if alias.common { 0.7 } else { 1.0 };
            // From six letters on hardly anybody else's host is called so.
            let base = match (acts, alias.plain.len() >= 6) {
                (true, true) => 74.0,
                (true, false) => 66.0,
                (false, true) => 64.0,
                (false, false) => 54.0,
            };
            // A short text has neighbours that are words.
            let edits = if how.is_empty() || alias.plain.len() >= 6 { edits } else { 0.0 };
            base * length * common * edits
        }
        _ => 0.0,
    }
}
