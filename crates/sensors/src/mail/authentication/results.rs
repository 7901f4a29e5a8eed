//! `Authentication-Results` (RFC 8601): what another server found. You may rely on: comments, quotes and folding are
//! read as the RFC has them, results and properties are bounded. Whether the server is to be believed is
//! [`super::route`]'s question.

use super::tags::MAX_LIST;

/// Results of one field.
const MAX_RESULTS: usize = 64;
/// Properties of one result.
const MAX_PROPERTIES: usize = 16;

/// One method's result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stated {
    /// `spf`, `dkim`, `dmarc`, `arc` …, lower case.
    pub method: String,
    /// Its result word, lower case.
    pub result: String,
    /// `header.d` → `example.org` …; names lower case.
    pub properties: Vec<(String, String)>,
}

impl Stated {
    /// A property's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// A field: who says so, and what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Results {
    /// The server (authserv-id), lower case; empty where it names none.
    pub server: String,
    /// Its results.
    pub stated: Vec<Stated>,
}

/// A piece of a structured field.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Word(String),
    Quoted(String),
    Semicolon,
    Equals,
}

/// Cuts a field, without comments and white space. At most [`MAX_LIST`] bytes are looked at.
fn tokens(value: &[u8]) -> Vec<Token> {
    let value = &value[..value.len().min(MAX_LIST)];
    let (mut tokens, mut word, mut depth, mut at) = (Vec::new(), Vec::new(), 0u32, 0);
    let finish = |word: &mut Vec<u8>, tokens: &mut Vec<Token>| {
        if !word.is_empty() {
            tokens.push(Token::Word(String::from_utf8_lossy(&std::mem::take(word)).into_owned()));
        }
    };
    while let Some(&b) = value.get(at) {
        at += 1;
        match b {
            b'\\' if depth > 0 => at += 1,
            b'(' => {
                finish(&mut word, &mut tokens);
                depth += 1;
            }
            b')' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            b'"' => {
                finish(&mut word, &mut tokens);
                let mut text = Vec::new();
                while let Some(&b) = value.get(at) {
                    at += 1;
                    match b {
                        b'"' => break,
                        b'\\' => {
                            text.extend(value.get(at));
                            at += 1;
                        }
                        b'\r' | b'\n' => {}
                        _ => text.push(b),
                    }
                }
                tokens.push(Token::Quoted(String::from_utf8_lossy(&text).into_owned()));
            }
            b';' => {
                finish(&mut word, &mut tokens);
                tokens.push(Token::Semicolon);
            }
            b'=' => {
                finish(&mut word, &mut tokens);
                tokens.push(Token::Equals);
            }
            b' ' | b'\t' | b'\r' | b'\n' => finish(&mut word, &mut tokens),
            _ => word.push(b),
        }
    }
    finish(&mut word, &mut tokens);
    tokens
}

/// Reads a field; none where it is empty. One that names no server, as Microsoft's, begins with a result. Results it cannot
/// make sense of are left out.
pub fn parse(value: &[u8]) -> Option<Results> {
    let tokens = tokens(value);
    let mut parts = tokens.split(|t| *t == Token::Semicolon).peekable();
    if matches!(parts.peek(), Some([Token::Word(_), Token::Equals, Token::Word(_), ..])) {
        return Some(Results { server: String::new(), stated: parts.filter_map(stated).take(MAX_RESULTS).collect() });
    }
    let server = match parts.next()?.first()? {
        Token::Word(name) | Token::Quoted(name) => name.to_ascii_lowercase(),
        _ => return None,
    };
    let stated = parts.filter_map(stated).take(MAX_RESULTS).collect();
    Some(Results { server, stated })
}

/// `method [/version] = result [reason = …] *(ptype.property = value)`. A value may hold `=` of its own.
fn stated(part: &[Token]) -> Option<Stated> {
    let [Token::Word(method), Token::Equals, Token::Word(result), rest @ ..] = part else { return None };
    let mut properties = Vec::new();
    let mut at = 0;
    while let Some(Token::Word(name)) = rest.get(at) {
        let mut value = String::new();
        let mut next = at + 1;
        let mut expected = rest.get(next) == Some(&Token::Equals);
        while expected && properties.len() < MAX_PROPERTIES {
            next += 1;
            if let Some(Token::Word(text) | Token::Quoted(text)) = rest.get(next) {
                value.push_str(text);
                next += 1;
                // `local part`@domain comes as a quoted piece and a word.
                if let (Some(Token::Quoted(_)), Some(Token::Word(tail))) = (rest.get(next - 1), rest.get(next))
                    && tail.starts_with('@')
                {
                    value.push_str(tail);
                    next += 1;
                }
            }
            expected = rest.get(next) == Some(&Token::Equals);
            if expected {
                value.push('=');
            }
        }
        if next > at + 1 {
            properties.push((name.to_ascii_lowercase(), value));
        }
        at = next.max(at + 1);
    }
    let method = method.split('/').next().unwrap_or_default().to_ascii_lowercase();
    Some(Stated { method, result: result.to_ascii_lowercase(), properties })
}

/// `Received-SPF` (RFC 7208 9.1): a result word and `key=value` pairs, as a result of the method `spf`.
pub fn received_spf(value: &[u8]) -> Option<Stated> {
    let tokens = tokens(value);
    let Some(Token::Word(result)) = tokens.first() else { return None };
    let value = |key: &str| {
        tokens.windows(3).find_map(|w| match w {
            [Token::Word(k), Token::Equals, Token::Word(v) | Token::Quoted(v)] if k.eq_ignore_ascii_case(key) => {
                Some(v.trim_matches(['<', '>']).to_owned())
            }
            _ => None,
        })
    };
    let mut properties = Vec::new();
    properties.extend(value("envelope-from").map(|v| ("smtp.mailfrom".to_owned(), v)));
    properties.extend(value("helo").map(|v| ("smtp.helo".to_owned(), v)));
    Some(Stated { method: "spf".into(), result: result.to_ascii_lowercase(), properties })
}

/// What an `ARC-Authentication-Results` field says, without its instance.
pub fn sealed(value: &[u8]) -> Option<Results> {
    let (_, rest) = value.split_at_checked(memchr::memchr(b';', value)? + 1)?;
    parse(rest)
}

/// The instance of an `ARC-Authentication-Results` field: `i=` at its start.
pub fn instance(value: &[u8]) -> Option<u64> {
    let tokens = tokens(&value[..value.len().min(1000)]);
    match tokens.as_slice() {
        [Token::Word(i), Token::Equals, Token::Word(n), Token::Semicolon, ..] if i == "i" => {
            Some(n).filter(|n| n.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
        }
        _ => None,
    }
}

/// What an `ARC-Authentication-Results` field says, in short: `mx.example.org: spf=pass dkim=fail`.
pub fn said(value: &[u8]) -> String {
    let after = memchr::memchr(b';', value).map_or(&value[value.len()..], |n| &value[n + 1..]);
    let Some(results) = parse(after) else { return String::new() };
    let words: Vec<String> = results.stated.iter().map(|s| format!("{}={}", s.method, s.result)).collect();
    format!("{}: {}", results.server, words.join(" ")).chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        let check = |value: &str, expected: &str| {
            let said = parse(value.as_bytes()).map(|r| {
                let stated: Vec<String> = r
                    .stated
                    .iter()
                    .map(|s| {
                        let properties: Vec<String> = s.properties.iter().map(|(n, v)| format!(" {n}={v}")).collect();
                        format!("{}={}{}", s.method, s.result, properties.concat())
                    })
                    .collect();
                format!("{}|{}", r.server, stated.join("|"))
            });
            assert_eq!(said.as_deref().unwrap_or("-"), expected, "{value}");
        };
        check(" MX.example.org 1; none", "mx.example.org|");
        check(
            " mx.example.org;\r\n dkim=pass (2048-bit; \"x\") header.d=example.net header.b=\"a/b=\" ;spf=fail\r\n\tsmtp.mailfrom=a@b.example",
            "mx.example.org|dkim=pass header.d=example.net header.b=a/b=|spf=fail smtp.mailfrom=a@b.example",
        );
        check("x; dkim / 1 = pass", "x|");
        check("x; dkim/1 = Pass reason=\"all; good\" header.b=ab==", "x|dkim=pass reason=all; good header.b=ab==");
        check("x; spf=pass smtp.mailfrom=\"a b\"@c.example y", "x|spf=pass smtp.mailfrom=a b@c.example");
        check(
            " spf=fail (sender IP is 192.0.2.1)\r\n smtp.mailfrom=a.example; dkim=none (message not signed)\r\n header.d=none;dmarc=fail action=oreject header.from=a.example;compauth=fail reason=000",
            "|spf=fail smtp.mailfrom=a.example|dkim=none header.d=none|dmarc=fail action=oreject header.from=a.example|compauth=fail reason=000",
        );
        check("", "-");
        check("(only a comment", "-");
    }

    #[test]
    fn instances_stand_first() {
        let check = |value: &str, expected| assert_eq!(instance(value.as_bytes()), expected, "{value}");
        check(" i=1; mx.example.org; none", Some(1));
        check(" (c) i = 12 ; x", Some(12));
        check(" mx.example.org; i=1", None);
        check(" i=x; y", None);
        check(" i=1 y", None);
    }
}
