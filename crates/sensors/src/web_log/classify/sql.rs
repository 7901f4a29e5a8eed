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
    SqlBoolean, SqlComment, SqlConcat, SqlConditional, SqlExecutableComment, SqlFunction, SqlKeywords, SqlOrder,
    SqlQuote, SqlQuoteHint, SqlStacked, SqlStatement, SqlSubselect, SqlTime, SqlUnion,
};
use super::sql_tokens::{Call, Context, Key, Kind, Token, tokenize};
use super::value::{Found, Value, has};
use super::words::WordTable;

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
    for at in 0..tokens.len() {
        // The construct follows the place where the fragment leaves its context.
        let adjacent = broke && at == begin;
        match tokens[at].kind {
            Kind::Key(Key::And | Key::Or | Key::Where | Key::Having) => look.logic(at, adjacent, context, found),
            Kind::Operator(b'|') => look.logic(at, false, context, found),
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
                        }
                    }
                    Call::Known => {
                        known_calls += 1;
                        if adjacent_operator(&look, at, begin, broke) {
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
    } else if known_calls >= 1 {
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

struct Look<'a> {
    text: &'a [u8],
    tokens: &'a [Token],
}

/// What stands on one side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operand {
    Number,
    Text,
    Null,
    Variable,
    Call(Call),
    Subselect,
    Name,
}

impl Operand {
    fn constant(self) -> bool {
        matches!(self, Self::Number | Self::Text | Self::Null)
    }

    fn telling(self) -> bool {
        matches!(self, Self::Subselect | Self::Call(Call::Sure | Call::Known) | Self::Variable)
    }
}

impl Look<'_> {
    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn is(&self, at: usize, kind: Kind) -> bool {
        self.kind(at) == Some(kind)
    }

    fn literal(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Number | Kind::Text | Kind::Key(Key::Null)))
    }

    /// Nothing more, or nothing that the database would see.
    fn over(&self, at: usize) -> bool {
        matches!(self.kind(at), None | Some(Kind::Comment))
    }

    fn word(&self, at: usize) -> &[u8] {
        self.tokens
            .get(at)
            .map_or(&[], |token| &self.text[token.start as usize..(token.end as usize).min(self.text.len())])
    }

    fn skip(&self, mut at: usize, kind: Kind) -> usize {
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
        let number =
            prefix[from..].iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'%' | b'.' | b' '));
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
                if (dashes && (spaced || number)) || (hash && bare) || (!dashes && !hash && (number || rest.len() <= 2))
                {
                    found.add(SqlComment);
                }
            }
            Some(Kind::Operator(b'|' | b'+')) if self.is(at + 1, Kind::Text) && self.tokens.len() <= at + 3 => {
                found.add(SqlConcat);
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
    fn operand(&self, mut at: usize) -> Option<(Operand, usize)> {
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
            Kind::Key(Key::Case) => (Operand::Subselect, at + 1),
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
                if operand.is_some_and(|kind| kind.constant() || kind.telling()) {
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
            if (same && !order)
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

    fn union(&self, at: usize, adjacent: bool, spaced_by_comment: bool, found: &mut Found) {
        let mut next = at + 1;
        let mut all = false;
        while matches!(self.kind(next), Some(Kind::Key(Key::All) | Kind::Open)) {
            all |= self.is(next, Kind::Key(Key::All));
            next += 1;
        }
        if !self.is(next, Kind::Key(Key::Select)) {
            return;
        }
        let list = self.skip(next + 1, Kind::Key(Key::All));
        let telling = match self.kind(list) {
            None | Some(Kind::Comment) => all || adjacent,
            Some(Kind::Name) => {
                (adjacent && at > 0)
                    || all
                    || spaced_by_comment
                    || matches!(self.kind(list + 1), Some(Kind::Comma | Kind::Key(Key::From)))
            }
            Some(
                Kind::Number
                | Kind::Text
                | Kind::Open
                | Kind::Call(_)
                | Kind::Variable
                | Kind::Operator(_)
                | Kind::Key(Key::Null | Key::Case | Key::If),
            ) => true,
            Some(_) => all && adjacent,
        };
        found.add(if telling { SqlUnion } else { SqlKeywords });
    }

    /// `SELECT` with a list that is no English: in parentheses, at the start, or before `FROM`.
    fn select(&self, at: usize, adjacent: bool, found: &mut Found) {
        let enclosed = at > 0 && self.is(at - 1, Kind::Open);
        let list = self.skip(at + 1, Kind::Key(Key::All));
        let next = self.kind(list + 1);
        let formal = match self.kind(list) {
            Some(Kind::Operator(b'*')) => enclosed || matches!(next, None | Some(Kind::Key(Key::From) | Kind::Comment)),
            Some(Kind::Number | Kind::Text | Kind::Key(Key::Null)) => {
                enclosed && !matches!(next, Some(Kind::Name))
                    || matches!(next, Some(Kind::Key(Key::From | Key::Where) | Kind::Comma) | Some(Kind::Comment))
                        && self.sql_follows(list)
                    || matches!(next, Some(Kind::Comment))
            }
            Some(Kind::Call(Call::Sure | Call::Known) | Kind::Variable | Kind::Key(Key::Case)) => true,
            Some(Kind::Open) => matches!(next, Some(Kind::Key(Key::Select | Key::Case) | Kind::Call(_))),
            Some(Kind::Name) if self.word(list) == b"top" && matches!(next, Some(Kind::Number)) => enclosed || adjacent,
            Some(Kind::Name | Kind::Call(Call::Unknown)) => {
                (enclosed || adjacent || self.where_follows(list)) && self.sql_follows(list)
            }
            _ => false,
        };
        if formal {
            found.add(SqlSubselect);
        }
    }

    /// `… from name` within a few tokens, as a list of columns would have it.
    fn sql_follows(&self, list: usize) -> bool {
        let mut at = list;
        while at < list + 12 {
            match self.kind(at) {
                Some(Kind::Key(Key::From)) => {
                    return matches!(self.kind(at + 1), Some(Kind::Name | Kind::Call(_) | Kind::Open))
                        && !matches!(self.kind(at + 2), Some(Kind::Name));
                }
                Some(Kind::Key(Key::Where)) => return true,
                Some(Kind::Name) if self.is(at + 1, Kind::Name) => return false,
                None => return false,
                _ => at += 1,
            }
        }
        false
    }

    fn where_follows(&self, list: usize) -> bool {
        (list..self.tokens.len().min(list + 16))
            .any(|at| self.is(at, Kind::Key(Key::Where)) && self.is(at + 2, Kind::Compare))
    }

    fn order(&self, at: usize, adjacent: bool, found: &mut Found) {
        if !self.is(at + 1, Kind::Key(Key::By)) {
            return;
        }
        let next = self.kind(at + 2);
        let ends = matches!(self.kind(at + 3), None | Some(Kind::Comment | Kind::Comma | Kind::Close | Kind::Key(_)));
        match next {
            Some(Kind::Number) if ends && (adjacent || self.is(at + 3, Kind::Comment)) => found.add(SqlOrder),
            Some(Kind::Name) if adjacent && self.is(at + 3, Kind::Comment) => found.add(SqlOrder),
            Some(Kind::Name) if adjacent && self.is(at + 3, Kind::Key(Key::Having)) => found.add(SqlOrder),
            Some(Kind::Call(Call::Sure | Call::Known)) if adjacent => found.add(SqlOrder),
            Some(Kind::Number) if ends => found.add(SqlKeywords),
            _ => {}
        }
    }

    /// `case when 1=1 then`, `case 6240 when 6240`.
    fn case(&self, at: usize, found: &mut Found) {
        let mut next = at + 1;
        if self.literal(next) {
            next += 1;
        }
        if !self.is(next, Kind::Key(Key::When)) {
            return;
        }
        if self.operand(next + 1).is_some_and(|(kind, _)| kind.constant() || kind.telling()) {
            found.add(SqlConditional);
        }
    }

    /// `elt(2567=9921,…`, `iif(1=1,…`: a comparison of constants as an argument.
    fn conditional(&self, open: usize, found: &mut Found) {
        if !self.is(open, Kind::Open) {
            return;
        }
        let first = self.skip(open, Kind::Open);
        if self.literal(first)
            && self.is(first + 1, Kind::Compare)
            && self.literal(first + 2)
            && matches!(self.kind(first + 3), Some(Kind::Comma | Kind::Close | Kind::Operator(_)))
        {
            found.add(SqlConditional);
        }
    }

    /// `sleep(5)`, `extractvalue(x,…`; not "sleep (8 hours)", "sleep(ing)".
    fn sure_call(&self, at: usize) -> bool {
        let name = self.word(at);
        let technical = name.len() >= 9 || name.iter().any(|byte| matches!(byte, b'_' | b'.'));
        match self.kind(at + 2) {
            Some(Kind::Number) => !matches!(self.kind(at + 3), Some(Kind::Name)),
            Some(Kind::Text | Kind::Open | Kind::Variable | Kind::Operator(_) | Kind::Call(_)) => true,
            Some(Kind::Key(key)) => matches!(key, Key::Select | Key::Null | Key::If | Key::Case | Key::All),
            Some(Kind::Name) => technical || matches!(self.kind(at + 3), Some(Kind::Comma | Kind::Compare)),
            _ => technical,
        }
    }

    /// `(8362=9139)*9139`
    fn comparison_product(&self, at: usize, found: &mut Found) {
        if self.literal(at + 1)
            && self.is(at + 2, Kind::Compare)
            && self.literal(at + 3)
            && self.is(at + 4, Kind::Close)
            && matches!(self.kind(at + 5), Some(Kind::Operator(b'*' | b'/')))
        {
            found.add(SqlConditional);
        }
    }

    /// A statement at `at`: after a semicolon (`stacked`) or at the very start.
    fn stacked(&self, at: usize, stacked: bool, found: &mut Found) {
        let Some(Kind::Key(verb)) = self.kind(at) else { return };
        let one = self.kind(at + 1);
        let two = self.kind(at + 2);
        let three = self.kind(at + 3);
        let ends = |kind: Option<Kind>| matches!(kind, None | Some(Kind::Comment | Kind::Semicolon));
        let name = |kind: Option<Kind>| matches!(kind, Some(Kind::Name | Kind::Variable));
        let yes = match verb {
            Key::Select => {
                stacked
                    && matches!(
                        one,
                        Some(Kind::Operator(b'*') | Kind::Number | Kind::Text | Kind::Call(_) | Kind::Variable)
                            | Some(Kind::Open | Kind::Key(Key::Null | Key::Case))
                    )
                    && (!matches!(one, Some(Kind::Number)) || !matches!(two, Some(Kind::Name)))
            }
            Key::Drop | Key::Truncate | Key::Alter => {
                one == Some(Kind::Key(Key::Object)) && name(two) && (stacked || (ends(three) && three.is_some()))
            }
            Key::Create => matches!(one, Some(Kind::Key(Key::Object | Key::Or | Key::Procedure))) && stacked,
            Key::Insert => {
                one == Some(Kind::Key(Key::Into))
                    && matches!(two, Some(Kind::Name | Kind::Call(_)))
                    && (matches!(three, Some(Kind::Open | Kind::Key(Key::Values | Key::Select))))
            }
            Key::Update => name(one) && two == Some(Kind::Key(Key::Set)) && self.is(at + 4, Kind::Compare),
            Key::Delete => {
                one == Some(Kind::Key(Key::From))
                    && name(two)
                    && (three == Some(Kind::Key(Key::Where)) || (stacked && ends(three)))
            }
            Key::Exec => {
                matches!(one, Some(Kind::Name | Kind::Call(_) | Kind::Open | Kind::Variable))
                    && (stacked && !matches!(two, Some(Kind::Name)) || self.word(at + 1).starts_with(b"xp_"))
            }
            Key::Declare => matches!(one, Some(Kind::Variable)),
            Key::Shutdown => stacked && ends(one),
            Key::If => stacked && one == Some(Kind::Open) && self.literal(at + 2),
            Key::Begin => stacked && matches!(one, Some(Kind::Call(_) | Kind::Key(Key::If | Key::Exec))),
            Key::Call => stacked && matches!(one, Some(Kind::Call(_))),
            Key::Waitfor => one == Some(Kind::Key(Key::Delay)),
            _ => false,
        };
        if yes {
            found.add(if stacked { SqlStacked } else { SqlStatement });
        }
    }
}
