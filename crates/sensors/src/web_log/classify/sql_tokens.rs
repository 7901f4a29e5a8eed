//! SQL as tokens: just enough of every dialect's lexical rules to judge a fragment.
//!
//! The text is a fragment that an application would paste into a statement, so the first thing to decide is
//! where it lands: bare, or inside a string that it tries to leave. [`tokenize`] takes that context.
//!
//! You may rely on: linear time, at most [`MOST`] tokens, no panic. Left out: dialect differences that
//! do not change the judgement (dollar quoting, `q'[…]'`, nested comments).

use super::wordset::WordTable;

/// Tokens kept of one value; an attack shows itself long before.
pub const MOST: usize = 400;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number, decimal or hexadecimal.
    Number,
    /// A string, closed or running to the end.
    Text,
    /// A name that is no keyword.
    Name,
    /// A name followed by `(`, with what the word list says.
    Call(Call),
    /// `@x`, `@@version`.
    Variable,
    /// A keyword.
    Key(Key),
    /// `=`, `<>`, `like` and the like.
    Compare,
    /// `+`, `-`, `*`, `/`, `%`, `||`, `^`, `~`.
    Operator(u8),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `--`, `#` or an unclosed `/*`: the rest of the line is gone.
    Comment,
    /// Any other byte.
    Other,
}

/// How telling a called function's name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Proof by itself.
    Sure,
    /// A SQL function, but an ordinary word too.
    Known,
    /// Not in the list.
    Unknown,
}

/// Keywords the judgement looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the SQL keyword of that name")]
pub enum Key {
    And,
    Or,
    Not,
    Union,
    All,
    Select,
    From,
    Where,
    Having,
    Order,
    Group,
    By,
    Limit,
    Insert,
    Into,
    Outfile,
    Update,
    Set,
    Delete,
    Drop,
    Create,
    Alter,
    Truncate,
    Object,
    Exec,
    Declare,
    Waitfor,
    Delay,
    Case,
    When,
    Then,
    Null,
    Is,
    In,
    Between,
    Values,
    If,
    Begin,
    Call,
    Procedure,
    Analyse,
    Shutdown,
    As,
}

/// One token with its place in the text.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Where the fragment lands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Outside of any string: a number or name is expected.
    Bare,
    /// Inside a string with this quote.
    Within(u8),
}

/// What tokenizing noticed besides the tokens.
#[derive(Debug, Clone, Copy, Default)]
pub struct Noticed {
    /// `/*!…*/`, MySQL's executable comment.
    pub executable_comment: bool,
    /// `/*…*/` between two words where a space would do.
    pub comment_as_space: bool,
    /// The string the fragment started in was closed.
    pub left_string: bool,
}

/// Fills `out` with the tokens of `text` (lower case).
pub fn tokenize(text: &[u8], context: Context, functions: &WordTable, out: &mut Vec<Token>) -> Noticed {
    out.clear();
    let mut noticed = Noticed::default();
    let mut at = 0;
    if let Context::Within(quote) = context {
        let end = memchr::memchr(quote, text).unwrap_or(text.len());
        noticed.left_string = end < text.len();
        push(out, Kind::Text, 0, end);
        at = end + 1;
    }
    let mut version_comment = false;
    while at < text.len() && out.len() < MOST {
        let byte = text[at];
        let start = at;
        let kind = match byte {
            0..=b' ' | b'[' | b']' => {
                at += 1;
                continue;
            }
            0xC2 if text.get(at + 1) == Some(&0xA0) => {
                at += 2;
                continue;
            }
            b'\'' | b'"' => {
                at = memchr::memchr(byte, &text[at + 1..]).map_or(text.len(), |end| at + 2 + end);
                Kind::Text
            }
            b'`' => {
                at = memchr::memchr(byte, &text[at + 1..]).map_or(text.len(), |end| at + 2 + end);
                Kind::Name
            }
            b'/' if text.get(at + 1) == Some(&b'*') => {
                if text.get(at + 2) == Some(&b'!') {
                    noticed.executable_comment = true;
                    version_comment = true;
                    at += 3;
                    while text.get(at).is_some_and(u8::is_ascii_digit) {
                        at += 1;
                    }
                    continue;
                }
                match memchr::memmem::find(&text[at + 2..], b"*/") {
                    Some(end) => {
                        noticed.comment_as_space |= !out.is_empty();
                        at += end + 4;
                        continue;
                    }
                    None => {
                        at = text.len();
                        Kind::Comment
                    }
                }
            }
            b'*' if version_comment && text.get(at + 1) == Some(&b'/') => {
                version_comment = false;
                at += 2;
                continue;
            }
            b'#' | b'-' if byte == b'#' || text.get(at + 1) == Some(&b'-') => {
                at = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end);
                Kind::Comment
            }
            b'0'..=b'9' => {
                at = number(text, at);
                if text.get(at).is_some_and(|&next| next.is_ascii_alphabetic() || next >= 0x80)
                    && !glued_keyword(&text[at..])
                {
                    at = word_end(text, at);
                    Kind::Name
                } else {
                    Kind::Number
                }
            }
            b'.' if text.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                at = number(text, at + 1);
                Kind::Number
            }
            b'a'..=b'z' | b'_' | 0x80.. => {
                at = word_end(text, at);
                word(text, start, at, functions)
            }
            b'@' => {
                at = word_end(text, at + 1);
                Kind::Variable
            }
            b'=' | b'<' | b'>' | b'!' => {
                at += 1;
                while at < text.len() && matches!(text[at], b'=' | b'<' | b'>') {
                    at += 1;
                }
                if byte == b'!' && at == start + 1 { Kind::Key(Key::Not) } else { Kind::Compare }
            }
            b'&' if text.get(at + 1) == Some(&b'&') => {
                at += 2;
                Kind::Key(Key::And)
            }
            b'|' if text.get(at + 1) == Some(&b'|') => {
                at += 2;
                Kind::Operator(b'|')
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'^' | b'~' | b'&' | b'|' => {
                at += 1;
                Kind::Operator(byte)
            }
            b'(' => {
                at += 1;
                Kind::Open
            }
            b')' => {
                at += 1;
                Kind::Close
            }
            b',' => {
                at += 1;
                Kind::Comma
            }
            b';' => {
                at += 1;
                Kind::Semicolon
            }
            _ => {
                at += 1;
                Kind::Other
            }
        };
        push(out, kind, start, at);
    }
    noticed
}

fn push(out: &mut Vec<Token>, kind: Kind, start: usize, end: usize) {
    let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    out.push(Token { kind, start: narrow(start), end: narrow(end) });
}

fn number(text: &[u8], mut at: usize) -> usize {
    if text[at..].starts_with(b"0x") && text.get(at + 2).is_some_and(u8::is_ascii_hexdigit) {
        at += 2;
        while text.get(at).is_some_and(u8::is_ascii_hexdigit) {
            at += 1;
        }
        return at;
    }
    while text.get(at).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.') {
        at += 1;
    }
    if text.get(at) == Some(&b'e') && text.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1;
        while text.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
    }
    at
}

/// `1union`, `1or(`: MySQL reads a number and a keyword.
fn glued_keyword(rest: &[u8]) -> bool {
    [&b"union"[..], b"or ", b"and ", b"or(", b"and(", b"or'", b"and'"].iter().any(|keyword| rest.starts_with(keyword))
}

fn word_end(text: &[u8], mut at: usize) -> usize {
    while text
        .get(at)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b'@' | 0x80..))
    {
        at += 1;
    }
    at
}

fn word(text: &[u8], start: usize, end: usize, functions: &WordTable) -> Kind {
    let word = &text[start..end];
    let called = text[end..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'(');
    let key = match word {
        b"and" => Key::And,
        b"or" | b"xor" => Key::Or,
        b"not" => Key::Not,
        b"union" => Key::Union,
        b"all" | b"distinct" | b"distinctrow" => Key::All,
        b"select" => Key::Select,
        b"from" => Key::From,
        b"where" => Key::Where,
        b"having" => Key::Having,
        b"order" => Key::Order,
        b"group" => Key::Group,
        b"by" => Key::By,
        b"limit" | b"offset" => Key::Limit,
        b"insert" | b"replace" => Key::Insert,
        b"into" => Key::Into,
        b"outfile" | b"dumpfile" => Key::Outfile,
        b"update" => Key::Update,
        b"set" => Key::Set,
        b"delete" => Key::Delete,
        b"drop" => Key::Drop,
        b"create" => Key::Create,
        b"alter" => Key::Alter,
        b"truncate" => Key::Truncate,
        b"table" | b"database" | b"view" | b"function" | b"schema" | b"trigger" | b"column" => Key::Object,
        b"exec" | b"execute" => Key::Exec,
        b"declare" => Key::Declare,
        b"waitfor" => Key::Waitfor,
        b"delay" => Key::Delay,
        b"case" => Key::Case,
        b"when" => Key::When,
        b"then" => Key::Then,
        b"null" | b"true" | b"false" => Key::Null,
        b"is" => Key::Is,
        b"in" => Key::In,
        b"between" => Key::Between,
        b"values" => Key::Values,
        b"if" => Key::If,
        b"begin" => Key::Begin,
        b"call" => Key::Call,
        b"procedure" => Key::Procedure,
        b"analyse" => Key::Analyse,
        b"shutdown" => Key::Shutdown,
        b"as" => Key::As,
        b"like" | b"rlike" | b"regexp" | b"ilike" | b"glob" => return Kind::Compare,
        _ => {
            if !called {
                return Kind::Name;
            }
            return Kind::Call(match functions.get(word) {
                Some(0) => Call::Sure,
                Some(_) => Call::Known,
                None => Call::Unknown,
            });
        }
    };
    Kind::Key(key)
}
