//! One value of a rule against one value of an event: texts with wildcards, without backtracking.

/// Characters between two `*` where some may be one of several: each place of a value may be held against all of them.
const UNITS: usize = 1024;

/// A unit of text where a place may be one of several.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    Char(char),
    /// `?`: one character.
    Any,
    /// A dash of any kind, or a stroke: how Windows writes options.
    Dash,
}

/// The characters that Windows takes for one another before an option.
const DASHES: [char; 5] = ['-', '/', '–', '—', '―'];

/// What stands between two `*`.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    /// Plain text.
    Plain(String),
    /// With places that may be one of several.
    Mixed(Vec<Unit>),
}

/// A text with wildcards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    parts: Vec<Part>,
    /// Whether it may begin, and end, with anything.
    open: (bool, bool),
    /// Whether case counts.
    pub cased: bool,
}

/// What the value's ends are compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Ends {
    /// Anything may stand before.
    pub before: bool,
    /// Anything may stand behind.
    pub behind: bool,
}

impl Pattern {
    /// Of a value as a rule writes it: `*` and `?` are wildcards, a backslash takes their meaning away.
    pub fn parse(value: &str, ends: Ends, cased: bool, dashes: bool) -> Pattern {
        let mut units: Vec<Option<Unit>> = Vec::new();
        let mut chars = value.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' if matches!(chars.peek(), Some('*' | '?' | '\\')) => {
                    units.extend(chars.next().map(|c| Some(Unit::Char(c))))
                }
                '*' => units.push(None),
                '?' => units.push(Some(Unit::Any)),
                c if dashes && DASHES.contains(&c) => units.push(Some(Unit::Dash)),
                c => units.push(Some(Unit::Char(c))),
            }
        }
        Pattern::of(units, ends, cased)
    }

    /// Of a value in which nothing has a meaning of its own.
    pub fn literal(value: &str, ends: Ends, cased: bool) -> Pattern {
        Pattern::of(value.chars().map(|c| Some(Unit::Char(c))).collect(), ends, cased)
    }

    fn of(units: Vec<Option<Unit>>, ends: Ends, cased: bool) -> Pattern {
        let open = (ends.before || units.first() == Some(&None), ends.behind || units.last() == Some(&None));
        let lower = |u: &Option<Unit>| -> Vec<Unit> {
            match u {
                Some(Unit::Char(c)) if !cased => c.to_lowercase().map(Unit::Char).collect(),
                Some(unit) => vec![*unit],
                None => Vec::new(),
            }
        };
        let parts = units.split(Option::is_none).filter(|p| !p.is_empty()).map(|part| {
            let units: Vec<Unit> = part.iter().flat_map(lower).collect();
            let plain: Option<String> =
                units.iter().map(|u| if let Unit::Char(c) = u { Some(*c) } else { None }).collect();
            plain.map_or(Part::Mixed(units), Part::Plain)
        });
        Pattern { parts: parts.collect(), open, cased }
    }

    /// Whether a text is so; without case, the text is lower case already.
    pub fn is(&self, text: &str) -> bool {
        let (open_before, open_behind) = self.open;
        let Some((last, parts)) = self.parts.split_last() else { return text.is_empty() || open_before || open_behind };
        let mut at = 0;
        let mut first = true;
        for part in parts {
            let found = match first && !open_before {
                true => part.begins(text),
                false => part.find(&text[at..]).map(|(_, end)| at + end),
            };
            first = false;
            match found {
                Some(end) => at = end,
                None => return false,
            }
        }
        match (first && !open_before, open_behind) {
            (true, true) => last.begins(text).is_some(),
            (true, false) => last.begins(text) == Some(text.len()),
            (false, true) => last.find(&text[at..]).is_some(),
            (false, false) => last.ends(text).is_some_and(|begin| begin >= at),
        }
    }

    /// The longest text that must stand in whatever it matches, lower case; empty where there is none.
    pub fn needs(&self) -> String {
        let plain = self.parts.iter().flat_map(|part| match part {
            Part::Plain(text) => vec![low(text)],
            Part::Mixed(units) => {
                let runs = units.split(|u| !matches!(u, Unit::Char(_)));
                let run = |r: &[Unit]| {
                    r.iter().filter_map(|u| if let Unit::Char(c) = u { Some(*c) } else { None }).collect::<String>()
                };
                runs.map(|r| low(&run(r))).collect()
            }
        });
        plain.max_by_key(String::len).unwrap_or_default()
    }

    /// Whether it has so many places that may be one of several that a long value would take long.
    pub fn is_too_long(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Mixed(units) if units.len() > UNITS))
    }

    /// Whether nothing is asked but that there is a value.
    pub fn is_any(&self) -> bool {
        self.parts.is_empty() && (self.open.0 || self.open.1)
    }
}

impl Part {
    /// Where it ends, if a text begins with it.
    fn begins(&self, text: &str) -> Option<usize> {
        match self {
            Part::Plain(plain) => text.starts_with(plain.as_str()).then_some(plain.len()),
            Part::Mixed(units) => units_at(units, text),
        }
    }

    /// Where it begins, if a text ends with it.
    fn ends(&self, text: &str) -> Option<usize> {
        match self {
            Part::Plain(plain) => text.ends_with(plain.as_str()).then(|| text.len() - plain.len()),
            Part::Mixed(units) => {
                let begin = text.char_indices().rev().nth(units.len() - 1)?.0;
                units_at(units, &text[begin..]).map(|_| begin)
            }
        }
    }

    /// Where it begins and ends first.
    fn find(&self, text: &str) -> Option<(usize, usize)> {
        match self {
            Part::Plain(plain) => {
                memchr::memmem::find(text.as_bytes(), plain.as_bytes()).map(|at| (at, at + plain.len()))
            }
            Part::Mixed(units) => {
                text.char_indices().find_map(|(at, _)| units_at(units, &text[at..]).map(|len| (at, at + len)))
            }
        }
    }
}

/// Letter by letter, as events' values are made lower.
fn low(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn units_at(units: &[Unit], text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    for unit in units {
        let (_, c) = chars.next()?;
        let same = match unit {
            Unit::Char(own) => *own == c,
            Unit::Any => true,
            Unit::Dash => DASHES.contains(&c),
        };
        if !same {
            return None;
        }
    }
    Some(chars.next().map_or(text.len(), |(at, _)| at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(pattern: &str, text: &str) -> bool {
        Pattern::parse(pattern, Ends::default(), false, false).is(&text.to_lowercase())
    }

    #[test]
    fn wildcards_and_what_takes_their_meaning_away() {
        for (pattern, text, expected) in [
            (r"prog?.exe", "ProgA.exe", true),
            (r"prog?.exe", "prog.exe", false),
            (r"*\cmd.exe", r"C:\Windows\CMD.exe", true),
            (r"*\cmd.exe", r"C:\Windows\xcmd.exe", false),
            (r"a*b*c", "a1b2c", true),
            (r"a*b*c", "a1c2b", false),
            (r"a*a", "a", false),
            (r"*", "", true),
            (r"", "", true),
            (r"", "x", false),
            (r"100\%\*", "100\\%*", true),
            (r"\*", "x", false),
            (r"\*", "*", true),
            (r"a\\*", r"a\b", true),
            (r"a\\*", "a*", false),
            (r"a\\\*", r"a\*", true),
            (r"\\\\srv", r"\\srv", true),
            (r"\\\srv", r"\\srv", true),
            ("É*", "été", true),
            ("?t?", "été", true),
        ] {
            assert_eq!(is(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn patterns_that_go_back_elsewhere_are_linear_here() {
        let text = "a".repeat(1 << 20);
        assert!(!is(&"*a".repeat(100), &text[..50]));
        assert!(!is("*a*a*a*a*a*a*a*a*a*a*b", &text));
        assert!(!is("*a?a?a?b*", &text));
    }

    #[test]
    fn dashes_of_windows() {
        let pattern = Pattern::parse(" -f ", Ends { before: true, behind: true }, false, true);
        for text in ["x -f y", "x /f y", "x –f y", "x ―f y"] {
            assert!(pattern.is(text), "{text}");
        }
        assert!(!pattern.is("x +f y"));
        assert_eq!(pattern.needs(), "f ");
    }
}
