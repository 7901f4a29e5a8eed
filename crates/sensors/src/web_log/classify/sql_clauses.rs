//! SQL injection, second half: clauses and statements that make sense only to a database.
//!
//! Each method of [`Look`] here judges the construct that begins at one token. What calls them, and the
//! logic of conditions, is in [`super::sql`].

use super::Engine::{SqlConditional, SqlKeywords, SqlOrder, SqlStacked, SqlStatement, SqlSubselect, SqlUnion};
use super::sql::Look;
use super::sql_tokens::{Call, Key, Kind};
use super::value::Found;

impl Look<'_> {
    pub(super) fn union(&self, at: usize, adjacent: bool, spaced_by_comment: bool, found: &mut Found) {
        let mut next = at + 1;
        let mut all = false;
        while matches!(self.kind(next), Some(Kind::Key(Key::All) | Kind::Open | Kind::Operator(b'+'))) {
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
    pub(super) fn select(&self, at: usize, adjacent: bool, found: &mut Found) {
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
            Some(Kind::Call(Call::Sure | Call::Known) | Kind::Variable) => true,
            Some(Kind::Key(Key::Case)) => self.case_when(list),
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

    pub(super) fn order(&self, at: usize, adjacent: bool, found: &mut Found) {
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
    pub(super) fn case(&self, at: usize, found: &mut Found) {
        if !self.case_when(at) {
            return;
        }
        let next = at + 1 + usize::from(!self.is(at + 1, Kind::Key(Key::When)));
        if self.operand(next + 1).is_some_and(|(kind, _)| kind.constant() || kind.telling()) {
            found.add(SqlConditional);
        }
    }

    /// `case when …` or `case 1 when …`.
    pub(super) fn case_when(&self, at: usize) -> bool {
        self.is(at + 1, Kind::Key(Key::When))
            || (matches!(self.kind(at + 1), Some(Kind::Number | Kind::Text | Kind::Name | Kind::Key(Key::Null)))
                && self.is(at + 2, Kind::Key(Key::When)))
    }

    /// `elt(2567=9921,…`, `iif(1=1,…`: a comparison of constants as an argument.
    pub(super) fn conditional(&self, open: usize, found: &mut Found) {
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
    pub(super) fn sure_call(&self, at: usize) -> bool {
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
    pub(super) fn comparison_product(&self, at: usize, found: &mut Found) {
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
    pub(super) fn stacked(&self, at: usize, stacked: bool, found: &mut Found) {
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
            Key::Shutdown => stacked && (ends(one) || self.word(at + 1) == b"with"),
            Key::If => stacked && one == Some(Kind::Open) && self.literal(at + 2),
            Key::Begin if one == Some(Kind::Key(Key::Declare)) => true,
            Key::Begin => stacked && matches!(one, Some(Kind::Call(_) | Kind::Key(Key::If | Key::Exec))),
            Key::Call => stacked && matches!(one, Some(Kind::Call(_))),
            Key::Waitfor => one == Some(Kind::Key(Key::Delay)),
            _ => false,
        };
        if yes {
            found.add(if stacked { SqlStacked } else { SqlStatement });
        } else if !stacked && ends(three) && name(two) && matches!(one, Some(Kind::Key(Key::Object | Key::From))) {
            found.add(SqlKeywords); // "drop table tennis" is a statement too
        }
    }
}
