//! SQL injection: judged by grammar, in each context the value could land in.
//!
//! A value is tokenized as it stands, and, if it holds a quote, once more as the inside of a string with that
//! quote. Then constructs are looked for that make sense only to a database: a tautology after a logical word,
//! `UNION SELECT`, a second statement, a string left and the rest commented away, and so on.
//! Each finds its rule by name, so the brief can say which it was.
//!
//! You may rely on: ordinary text with apostrophes, `or`, `select`, `union` or `--` stays silent because a
//! construct needs its operands, not its words. Left out: fragments that are valid ordinary text too
//! (`1 or 2`), and attacks split over two parameters.

use super::Engine::{
    SqlBoolean, SqlComment, SqlConcat, SqlExecutableComment, SqlFunction, SqlKeywords, SqlQuote, SqlQuoteHint,
    SqlStatement, SqlTime,
};
use super::sql_tokens::{Call, Context, Key, Kind, Token, tokenize};
use super::value::{Found, Value, has};
use super::wordset::WordTable;

/// Looks for SQL in `value`.
pub fn scan(value: &Value<'_>, functions: &WordTable, tokens: &mut Vec<Token>, found: &mut Found) {
    let text = value.text;
    if !value.any(b"'\"();=#*@|&-,~/ <>\t\n\r\x0b\x0c`") {
        return;
    }
    judge(text, Context::Bare, functions, tokens, found);
    if value.any(b"'") {
        judge(text, Context::Within(b'\''), functions, tokens, found);
    }
    if value.any(b"\"") {
        judge(text, Context::Within(b'"'), functions, tokens, found);
    }
}

fn judge(text: &[u8], context: Context, functions: &WordTable, tokens: &mut Vec<Token>, found: &mut Found) {
    let noticed = tokenize(text, context, functions, tokens);
    let look = Look { text, tokens };
    if tokens.is_empty() || (context != Context::Bare && !noticed.left_string) {
        return;
    }
    let (begin, broke) = look.landing(context);
    if context == Context::Bare {
        if noticed.executable_comment {
            found.add(SqlExecutableComment);
        }
        look.bare_comment(begin, found);
    } else {
        look.quote_left(context, begin, found);
    }
    let mut known_calls = 0;
    // "left (wing)" is no call.
    let mut glued = false;
    for at in 0..tokens.len() {
        // The construct follows the place where the fragment leaves its context.
        let adjacent = broke && at == begin && !look.elided(at, context);
        match tokens[at].kind {
            Kind::Key(Key::And | Key::Or | Key::Where | Key::Having) => look.logic(at, adjacent, context, found),
            Kind::Operator(b'|') => look.logic(at, adjacent && context != Context::Bare, context, found),
            Kind::Key(Key::Between)
                if adjacent && at > 0 && look.literal(at + 1) && look.is(at + 2, Kind::Key(Key::And)) =>
            {
                found.add(SqlBoolean);
            }
            Kind::Compare
                if adjacent
                    && context == Context::Bare
                    && text[tokens[at].start as usize].is_ascii_alphabetic()
                    && look.is(at + 1, Kind::Text) =>
            {
                found.add(SqlBoolean);
            }
            Kind::Key(Key::Union) => look.union(at, adjacent, noticed.comment_as_space, found),
            Kind::Key(Key::Select) => look.select(at, adjacent, found),
            Kind::Key(Key::Order | Key::Group) => look.order(at, adjacent, found),
            Kind::Key(Key::Waitfor) if look.is(at + 1, Kind::Key(Key::Delay)) => found.add(SqlTime),
            Kind::Key(Key::Procedure) if look.is(at + 1, Kind::Key(Key::Analyse)) => found.add(SqlFunction),
            Kind::Key(Key::Into) if look.is(at + 1, Kind::Key(Key::Outfile)) && look.literal(at + 2) => {
                found.add(SqlStatement);
            }
            Kind::Key(Key::Case) => look.case(at, found),
            Kind::Key(Key::If) if look.is(at + 1, Kind::Open) => look.conditional(at + 1, found),
            Kind::Semicolon => look.stacked(at + 1, broke || at > 0, found),
            Kind::Call(call) => {
                match call {
                    Call::Sure => {
                        if look.sure_call(at) {
                            found.add(SqlFunction);
                        } else {
                            glued |= look.is(at + 2, Kind::Comment) || look.kind(at + 2).is_none();
                            known_calls += 1;
                        }
                    }
                    Call::Known => {
                        known_calls += 1;
                        glued |= text.get(tokens[at].end as usize) == Some(&b'(');
                        let hexadecimal = look.is(at + 2, Kind::Number) && look.word(at + 2).starts_with(b"0x");
                        if hexadecimal || adjacent_operator(&look, at, begin, broke) {
                            found.add(SqlFunction);
                        }
                    }
                    Call::Unknown => {}
                }
                look.conditional(at + 1, found);
            }
            Kind::Open => look.comparison_product(at, found),
            _ => {}
        }
        if at == 0 && context == Context::Bare {
            look.stacked(0, false, found);
        }
    }
    if known_calls >= 3 || (known_calls >= 2 && char_codes(text)) {
        found.add(SqlFunction);
    } else if known_calls >= 1 && glued {
        found.add(SqlKeywords);
    }
}

/// A known function that stands right after the place left, e.g. `1' and ascii(`, is decided in `logic`; here
/// `1-if(`, `'||user()`: an operator directly after the landing, then the call.
fn adjacent_operator(look: &Look<'_>, at: usize, begin: usize, broke: bool) -> bool {
    broke
        && at == begin + 1
        && matches!(look.kind(begin), Some(Kind::Operator(_) | Kind::Compare | Kind::Comma))
        && look.kind(at + 1) == Some(Kind::Open)
}

/// `char(113)`, `chr(66)`, `0x7171`: text spelled in codes.
fn char_codes(text: &[u8]) -> bool {
    [&b"char("[..], b"chr(", b"0x", b"ascii(", b"unhex("].iter().any(|code| has(text, code))
}

/// The tokens of a value in one context, and the text they came from.
pub(super) struct Look<'a> {
    text: &'a [u8],
    pub(super) tokens: &'a [Token],
}

/// What stands on one side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operand {
    Number,
    Text,
    Null,
    Variable,
    Call(Call),
    Subselect,
    Name,
}

impl Operand {
    pub(super) fn constant(self) -> bool {
        matches!(self, Self::Number | Self::Text | Self::Null)
    }

    pub(super) fn telling(self) -> bool {
        matches!(self, Self::Subselect | Self::Call(Call::Sure | Call::Known) | Self::Variable)
    }
}

impl Look<'_> {
    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    pub(super) fn is(&self, at: usize, kind: Kind) -> bool {
        self.kind(at) == Some(kind)
    }

    pub(super) fn literal(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Number | Kind::Text | Kind::Key(Key::Null)))
    }

    /// Nothing more, or nothing that the database would see.
    pub(super) fn over(&self, at: usize) -> bool {
        matches!(self.kind(at), None | Some(Kind::Comment))
    }

    pub(super) fn word(&self, at: usize) -> &[u8] {
        self.tokens
            .get(at)
            .map_or(&[], |token| &self.text[token.start as usize..(token.end as usize).min(self.text.len())])
    }

    /// A word glued to an apostrophe that follows a letter, as French, Catalan and Italian have it: `l'union`,
    /// `d'or`. The construct then needs more than its place to be telling.
    fn elided(&self, at: usize, context: Context) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        let start = token.start as usize;
        context != Context::Bare
            && start >= 2
            && matches!(self.text[start - 1], b'\'' | b'"')
            && (self.text[start - 2].is_ascii_alphabetic() || self.text[start - 2] >= 0x80)
    }

    pub(super) fn skip(&self, mut at: usize, kind: Kind) -> usize {
        while self.is(at, kind) {
            at += 1;
        }
        at
    }

    /// Where the fragment's own SQL would begin, and whether it leaves its context there.
    fn landing(&self, context: Context) -> (usize, bool) {
        if context != Context::Bare {
            return (self.skip(1, Kind::Close), true);
        }
        let mut at = 0;
        if self.is(0, Kind::Operator(b'-')) {
            at = 1;
        }
        if self.literal(at) && !self.is(at, Kind::Text) {
            at += 1;
            if self.is(at, Kind::Operator(b'%')) && self.is(at + 1, Kind::Close) {
                at += 1;
            }
            return (self.skip(at, Kind::Close), true);
        }
        let after = self.skip(0, Kind::Close);
        if after > 0 {
            return (after, true);
        }
        (0, matches!(self.kind(0), Some(Kind::Key(Key::And | Key::Or | Key::Union | Key::Having))))
    }

    /// `1)--`, `1))#`: a number, closed parentheses, and the rest commented away.
    fn bare_comment(&self, begin: usize, found: &mut Found) {
        if begin == 0 || !self.is(begin, Kind::Comment) {
            return;
        }
        if self.word(begin).starts_with(b"#") && self.word(begin).get(1).is_some_and(|&byte| byte > b' ') {
            return;
        }
        if self.is(begin - 1, Kind::Close) {
            found.add(SqlComment);
        } else if self.word(begin).starts_with(b"--") {
            found.add(SqlQuoteHint);
        }
    }

    /// What follows the quote that ends the string.
    fn quote_left(&self, context: Context, begin: usize, found: &mut Found) {
        let prefix = &self.text[..(self.tokens[0].end as usize).min(self.text.len())];
        let from = prefix.iter().rposition(|&byte| matches!(byte, b'/' | b'=')).map_or(0, |slash| slash + 1);
        let number = prefix[from..]
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'%' | b'.' | b' ' | b'\\'));
        let closed = begin > 1;
        let single = context == Context::Within(b'\'');
        let mut at = begin;
        if self.is(at, Kind::Semicolon) && self.over(at + 1) {
            at += 1;
        }
        match self.kind(at) {
            None if number && (single || closed || at > begin || prefix.is_empty()) => found.add(SqlQuote),
            None if number || (closed && !prefix.contains(&b'(')) || at > begin => found.add(SqlQuoteHint),
            Some(Kind::Comment) => {
                let rest = self.word(at);
                let dashes = rest.starts_with(b"--");
                let spaced = rest.get(2).is_none_or(|&byte| byte <= b' ' || matches!(byte, b'+' | b'-' | b'%'));
                let bare = rest.get(1).is_none_or(|&byte| byte <= b' ');
                // `--` is a comment for MySQL only before a space; `#` and `/*` always, but passwords hold them.
                let hash = rest.starts_with(b"#");
                if (dashes && (spaced || (number && !prefix.is_empty())))
                    || (hash && bare)
                    || (!dashes && !hash && (number || rest.len() <= 2))
                {
                    found.add(SqlComment);
                }
            }
            Some(Kind::Operator(b'|' | b'+')) if self.is(at + 1, Kind::Text) && self.tokens.len() <= at + 3 => {
                found.add(SqlConcat);
            }
            // '-', 1'*': a sum with strings, to see whether it is worked out.
            Some(Kind::Operator(_)) if number && self.is(at + 1, Kind::Text) && self.tokens.len() == at + 2 => {
                found.add(SqlConcat);
            }
            // 1'', 1'": another quote.
            Some(Kind::Text)
                if number
                    && (!prefix.is_empty() || single != self.word(at).starts_with(b"'"))
                    && self.tokens.len() == at + 1
                    && self.word(at).len() <= 2 =>
            {
                found.add(SqlQuote);
            }
            // 'x'='x, ' like '%
            Some(Kind::Compare) if self.literal(at + 1) && (number || self.tokens.len() <= at + 3) => {
                let word = self.word(at);
                if word != b"<" && word != b">" {
                    found.add(SqlBoolean);
                }
            }
            Some(Kind::Compare) if number && self.operand(at + 1).is_some_and(|(kind, _)| kind.telling()) => {
                found.add(SqlBoolean);
            }
            _ => {}
        }
    }

    /// Reads one side of a comparison and says where it ends. Bounded: a call's arguments are skipped for at
    /// most 40 tokens.
    pub(super) fn operand(&self, mut at: usize) -> Option<(Operand, usize)> {
        let mut opened = 0;
        while let Some(Kind::Open | Kind::Operator(b'-' | b'+' | b'~') | Kind::Key(Key::Not | Key::All)) = self.kind(at)
        {
            if self.is(at, Kind::Open) {
                opened += 1;
            }
            at += 1;
        }
        let (kind, next) = match self.kind(at)? {
            Kind::Number => (Operand::Number, at + 1),
            Kind::Text => (Operand::Text, at + 1),
            Kind::Key(Key::Null) => (Operand::Null, at + 1),
            Kind::Variable => (Operand::Variable, at + 1),
            Kind::Name => (Operand::Name, at + 1),
            Kind::Key(Key::Select) if opened > 0 => (Operand::Subselect, self.close(at, opened)),
            Kind::Key(Key::Case) if self.case_when(at) => (Operand::Subselect, at + 1),
            Kind::Key(Key::If) if self.is(at + 1, Kind::Open) => (Operand::Call(Call::Known), self.close(at + 2, 1)),
            Kind::Call(call) => (Operand::Call(call), self.close(at + 2, 1)),
            _ => return None,
        };
        Some((kind, next))
    }

    fn close(&self, from: usize, mut depth: usize) -> usize {
        let mut at = from;
        while at < self.tokens.len() && at < from + 40 {
            match self.tokens[at].kind {
                Kind::Open => depth += 1,
                Kind::Close => {
                    depth -= 1;
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// A logical word: is what follows a condition that only a database evaluates?
    fn logic(&self, at: usize, adjacent: bool, context: Context, found: &mut Found) {
        let in_string = context != Context::Bare;
        let Some((left, next)) = self.operand(at + 1) else {
            return;
        };
        let after = self.skip(next, Kind::Close);
        let compared = match self.kind(after) {
            Some(Kind::Compare) => Some(after + 1),
            Some(Kind::Key(Key::Not)) if self.is(after + 1, Kind::Compare) => Some(after + 2),
            Some(Kind::Key(Key::Is | Key::In | Key::Between)) if adjacent => {
                let operand = self.operand(after + 1).map(|(kind, _)| kind);
                if at > 0 && operand.is_some_and(|kind| kind.constant() || kind.telling()) {
                    found.add(SqlBoolean);
                }
                return;
            }
            _ => None,
        };
        if let Some(right_at) = compared {
            let Some((right, _)) = self.operand(right_at) else {
                return;
            };
            let sign = self.word(right_at - 1);
            let same = left == right && left.constant();
            let pair = left.constant() && right.constant();
            let order = matches!(sign, b"<" | b">" | b"<=" | b">=");
            // `x'or 1 > 1`: after a word run together with its apostrophe too, two numbers compared are no French.
            let numbers = (left, right) == (Operand::Number, Operand::Number) && in_string && self.elided(at, context);
            if (same && !order)
                || numbers
                || (pair && adjacent)
                || (left.constant() && right.telling())
                || (left.telling() && (right.constant() || right.telling()))
                || (adjacent && left == Operand::Name && (right.constant() || right.telling()))
                || (adjacent && in_string && right == Operand::Name && left.constant())
                || (adjacent
                    && left == Operand::Name
                    && right == Operand::Name
                    && self.word(after - 1) == self.word(right_at))
            {
                found.add(SqlBoolean);
            } else if left == Operand::Name && right.constant() && in_string {
                found.add(SqlKeywords);
            }
            return;
        }
        if !adjacent && !self.is(at, Kind::Operator(b'|')) {
            if matches!(left, Operand::Call(Call::Sure) | Operand::Subselect) {
                found.add(SqlBoolean);
            }
            return;
        }
        match left {
            Operand::Call(Call::Sure | Call::Known) | Operand::Subselect if adjacent => found.add(SqlBoolean),
            // ' or 1-- , ' or true# : only with a string left or the rest commented away; `d'or 18` is a ring.
            Operand::Number | Operand::Null | Operand::Text if adjacent => {
                if in_string
                    && left == Operand::Text
                    && self.is(after, Kind::Operator(b'-'))
                    && self.is(after + 1, Kind::Text)
                {
                    found.add(SqlBoolean);
                }
                let commented = self.is(after, Kind::Comment);
                let glued =
                    self.tokens[at].start > 0 && matches!(self.text[self.tokens[at].start as usize - 1], b'\'' | b'"');
                if commented || (in_string && !glued && left != Operand::Text && self.over(after)) {
                    found.add(SqlBoolean);
                }
            }
            _ => {}
        }
    }
}
