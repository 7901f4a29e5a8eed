//! `Received` fields: the way a message took (RFC 5321 4.4), as sendmail, Postfix, Exim, Exchange, qmail and the large
//! providers write them.
//!
//! You may rely on: never fails; what a field does not say is empty. Only what one's own servers wrote is true; who
//! trusts which hop is decided by `authentication/route`.

use super::date;
use super::message::Hop;
use model::Address;

/// One field's value as text.
pub fn parse(value: &str) -> Hop {
    let value = value.get(..value.floor_char_boundary(2_000)).unwrap_or(value);
    let (clauses, stamp) = value.rsplit_once(';').unwrap_or((value, ""));
    let mut hop = Hop { time: date::parse(stamp.trim()), ..Hop::default() };
    // An address that the client calls itself is its own word: the server's, in a comment, goes before it.
    let (mut said, mut literal) = (Clause::Nothing, None);
    for (token, comment) in tokens(clauses) {
        if comment {
            if said == Clause::From {
                client(token, &mut hop);
            }
            if let Some((_, envelope)) = token.split_once("envelope-from") {
                let address = envelope.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
                hop.mail_from = hop.mail_from.or_else(|| address.map(|(a, _)| a.trim().to_string()));
            }
            continue;
        }
        let clause = match token.to_ascii_lowercase().as_str() {
            "from" => Some(Clause::From),
            "by" => Some(Clause::By),
            "with" => Some(Clause::With),
            "for" => Some(Clause::For),
            "id" | "via" => Some(Clause::Other),
            _ => None,
        };
        if let Some(clause) = clause {
            said = clause;
            continue;
        }
        let place = match said {
            Clause::From => &mut hop.helo,
            Clause::By => &mut hop.by,
            Clause::With => &mut hop.with,
            Clause::For => &mut hop.recipient,
            _ => continue,
        };
        if place.is_empty() {
            *place = token.trim_matches(['<', '>']).to_string();
            literal = literal.or(address(token).filter(|_| said == Clause::From));
        } else if said == Clause::From && hop.ip.is_none() {
            hop.ip = address(token);
        }
    }
    hop.ip = hop.ip.or(literal);
    hop
}

#[derive(PartialEq, Clone, Copy)]
enum Clause {
    Nothing,
    From,
    By,
    With,
    For,
    Other,
}

/// Words and comments (with what is nested in them).
fn tokens(text: &str) -> Vec<(&str, bool)> {
    let (mut out, mut start, mut depth) = (Vec::new(), 0, 0u32);
    for (n, b) in text.bytes().enumerate() {
        match b {
            b'(' => {
                if depth == 0 {
                    out.push((&text[start..n], false));
                    start = n + 1;
                }
                depth += 1;
            }
            b')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    out.push((&text[start..n], true));
                    start = n + 1;
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => {
                out.push((&text[start..n], false));
                start = n + 1;
            }
            _ => {}
        }
    }
    out.push((&text[start..], depth > 0));
    out.retain(|(t, _)| !t.is_empty());
    out
}

/// What a server says of its client in the comment after `from`: `name [address]`, `HELO x`, `helo=x`, `[address]`. What
/// stands last it wrote itself: before it may stand what the client said.
fn client(comment: &str, hop: &mut Hop) {
    let mut found = None;
    let mut words =
        comment.split(|c: char| c.is_ascii_whitespace() || matches!(c, '(' | ')')).filter(|w| !w.is_empty());
    while let Some(word) = words.next() {
        let lower = word.to_ascii_lowercase();
        let helo = lower.strip_prefix("helo=").or_else(|| lower.strip_prefix("ehlo=")).map(str::to_string);
        let helo = helo.or_else(|| matches!(&*lower, "helo" | "ehlo").then(|| words.next().unwrap_or("").to_string()));
        if let Some(helo) = helo {
            // The comment holds what was said, so the word before it is the looked-up name (Exim, qmail).
            if hop.name.is_empty() && address(&hop.helo).is_none() {
                hop.name = std::mem::take(&mut hop.helo);
            }
            hop.helo = helo.trim_matches(['[', ']']).to_string();
        } else if let Some(ip) = address(word) {
            found = Some(ip);
        } else if hop.name.is_empty() && hop.ip.is_none() && word.contains('.') && !word.contains('=') {
            // `name[address]`, as Sendmail writes a client that says who it is.
            let (name, ip) = word.split_once('[').unwrap_or((word, ""));
            found = address(ip).or(found);
            hop.confirmed = !comment.contains("forged") && !comment.contains('=') && !comment.contains('@');
            hop.name = name.rsplit('@').next().unwrap_or(name).trim_end_matches('.').to_lowercase();
        }
    }
    hop.ip = hop.ip.or(found);
}

/// An address as it stands in such a field: `[192.0.2.1]`, `IPv6:2001:db8::1`, `192.0.2.1:25`, `user@192.0.2.1`.
fn address(word: &str) -> Option<Address> {
    let word = word.rsplit('@').next()?.trim_matches(['[', ']', ',']);
    let word = word.get(..5).filter(|p| p.eq_ignore_ascii_case("ipv6:")).map_or(word, |_| &word[5..]);
    let word = word.split(']').next()?;
    let parse = |ip: &str| Address::parse(ip.as_bytes()).filter(|_| ip.contains(['.', ':']));
    parse(word)
        .or_else(|| word.split_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).and_then(|(ip, _)| parse(ip)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_many_servers() {
        let check = |value: &str, helo: &str, name: &str, ip: &str, by: &str| {
            let hop = parse(value);
            let got = hop.ip.map(|a| a.to_string()).unwrap_or_default();
            assert_eq!(
                (hop.helo.as_str(), hop.name.as_str(), got.as_str(), hop.by.as_str()),
                (helo, name, ip, by),
                "{value}"
            );
        };
        check(
            "from mx.example (mx.example.net [192.0.2.1]) by in.example (Postfix) with ESMTP id 1 for <a@b.fr>; Thu, 22 Aug 2002 12:36:23 +0100",
            "mx.example",
            "mx.example.net",
            "192.0.2.1",
            "in.example",
        );
        check(
            "from [192.0.2.7] (helo=evil.example) by in.example with smtp (Exim 3.35)",
            "evil.example",
            "",
            "192.0.2.7",
            "in.example",
        );
        check(
            "from rdns.example (HELO said.example) (192.0.2.7) by in.example with SMTP",
            "said.example",
            "rdns.example",
            "192.0.2.7",
            "in.example",
        );
        check(
            "from host (2001:db8::1) by in.example (2001:db8::2) with Microsoft SMTP Server",
            "host",
            "",
            "2001:db8::1",
            "in.example",
        );
        check("from x ([IPv6:2001:db8::1])", "x", "", "2001:db8::1", "");
        check("by 2002:a05:6a00::1 with SMTP id x", "", "", "", "2002:a05:6a00::1");
        // A client may call itself any address.
        check(
            "from [192.0.2.9] (mx.example [192.0.2.1]) by in.example",
            "[192.0.2.9]",
            "mx.example",
            "192.0.2.1",
            "in.example",
        );
        check(
            "from mx.example ([192.0.2.1] helo=[192.0.2.9]) by in.example",
            "192.0.2.9",
            "mx.example",
            "192.0.2.1",
            "in.example",
        );
        check("(qmail 1 invoked by uid 5)", "", "", "", "");
        check("", "", "", "", "");
        for (value, confirmed) in [
            ("from x (mx.example.net [192.0.2.1]) by in.example (Postfix)", true),
            ("from x (unknown [192.0.2.1]) by in.example (Postfix)", false),
            ("from x (mx.example.net [192.0.2.1] (may be forged)) by in.example (8.18.1)", false),
            ("from mx.example.net (HELO x) (192.0.2.1) by in.example", false),
            ("from mx.example ([192.0.2.1] helo=x.example) by in.example", false),
        ] {
            assert_eq!(parse(value).confirmed, confirmed, "{value}");
        }
        assert_eq!(parse("by x for <a@b.fr>; 22 Aug 2002 12:36:23 GMT").recipient, "a@b.fr");
    }
}
