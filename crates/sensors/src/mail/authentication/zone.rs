//! Zones in master-file form (RFC 1035 5): `name [ttl] [class] type data`, `$ORIGIN`, comments, quoted strings and data
//! over several lines in parentheses. A zone that begins with its SOA record is whole: names it does not list do not
//! exist. Left out: `$INCLUDE` (it names a file) and types that authentication does not ask for.

use super::records::{Kind, canonical_name};

/// Bytes of one record with all its lines.
const MAX_RECORD: usize = 256 << 10;

/// What a zone says.
pub enum Record {
    /// It is the whole of this name (it has its SOA).
    Origin(String),
    /// A record: owner, type, data as text.
    Data(String, Kind, String),
}

/// Reads a zone. `skip` is told the reason, the byte offset and the line of what is not read.
pub fn read(bytes: &[u8], record: &mut dyn FnMut(Record), skip: &mut dyn FnMut(&'static str, u64, u64)) {
    let (mut origin, mut owner) = (String::new(), String::new());
    let (mut at, mut line) = (0, 1u64);
    while at < bytes.len() {
        let (start, first) = (at, line);
        let words = entry(bytes, &mut at, &mut line);
        let Some(words) = words else {
            skip("record of a zone with damaged quotes or over 256 KiB", start as u64, first);
            continue;
        };
        let inherits = bytes.get(start).is_some_and(|b| matches!(b, b' ' | b'\t'));
        if let Err(reason) = one(&words, inherits, &mut origin, &mut owner, record) {
            skip(reason, start as u64, first);
        }
    }
}

/// One record's words, each with whether it was quoted; line ends inside parentheses do not end it.
fn entry(bytes: &[u8], at: &mut usize, line: &mut u64) -> Option<Vec<(String, bool)>> {
    let (mut words, mut word, mut quoted, mut in_word, mut depth) = (Vec::new(), Vec::new(), false, false, 0u32);
    let (start, mut comment, mut sound) = (*at, false, true);
    let mut finish = |word: &mut Vec<u8>, in_word: &mut bool, quoted: bool| {
        if std::mem::take(in_word) {
            words.push((String::from_utf8_lossy(&std::mem::take(word)).into_owned(), quoted));
        }
    };
    while let Some(&b) = bytes.get(*at) {
        *at += 1;
        if b == b'\n' {
            *line += 1;
        }
        if *at - start > MAX_RECORD {
            sound = false;
        }
        match b {
            // Quotes do not go over a line end: a missing one costs its own record, not the rest of the zone.
            b'\n' if quoted || depth == 0 || !sound => {
                sound &= !quoted;
                break;
            }
            b'\n' => {
                comment = false;
                finish(&mut word, &mut in_word, false);
            }
            _ if comment => {}
            b'\\' => {
                in_word = true;
                let digits = bytes.get(*at..*at + 3).filter(|d| d.iter().all(u8::is_ascii_digit));
                if let Some(d) = digits {
                    let value = d.iter().fold(0u32, |n, d| n * 10 + u32::from(d - b'0'));
                    word.push(value as u8);
                    *at += 3;
                } else if let Some(&next) = bytes.get(*at).filter(|b| **b != b'\n') {
                    word.push(next);
                    *at += 1;
                }
            }
            b'"' if quoted => {
                finish(&mut word, &mut in_word, true);
                quoted = false;
            }
            _ if quoted => word.push(b),
            b'"' => {
                finish(&mut word, &mut in_word, false);
                (quoted, in_word) = (true, true);
            }
            b';' => comment = true,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b' ' | b'\t' | b'\r' => finish(&mut word, &mut in_word, false),
            _ => {
                in_word = true;
                word.push(b);
            }
        }
    }
    finish(&mut word, &mut in_word, quoted);
    sound.then_some(words)
}

fn one(
    words: &[(String, bool)],
    inherits: bool,
    origin: &mut String,
    owner: &mut String,
    record: &mut dyn FnMut(Record),
) -> Result<(), &'static str> {
    let Some((first, _)) = words.first() else { return Ok(()) };
    if first.starts_with('$') {
        return match (first.to_ascii_uppercase().as_str(), words.get(1)) {
            ("$ORIGIN", Some((name, _))) => {
                *origin = absolute(name, origin).ok_or("`$ORIGIN` of a zone that is no name")?;
                Ok(())
            }
            ("$TTL", _) => Ok(()),
            _ => Err("directive of a zone that is not read"),
        };
    }
    let mut rest = words;
    if !inherits {
        *owner = absolute(first, origin).ok_or("record of a zone for what is no name")?;
        rest = &words[1..];
    }
    while let [(word, false), tail @ ..] = rest {
        let class_or_life = matches!(word.to_ascii_uppercase().as_str(), "IN" | "CH" | "HS")
            || word.as_bytes().first().is_some_and(u8::is_ascii_digit);
        if !class_or_life {
            break;
        }
        rest = tail;
    }
    let [(kind, _), data @ ..] = rest else { return Err("record of a zone without a type") };
    let text = |n: usize| data.get(n).map(|(t, _)| t.as_str()).ok_or("record of a zone without data");
    let name = |n: usize| text(n).and_then(|t| absolute(t, origin).ok_or("record of a zone that points to no name"));
    let (kind, text) = match kind.to_ascii_uppercase().as_str() {
        "SOA" => {
            record(Record::Origin(owner.clone()));
            return Ok(());
        }
        "A" => (Kind::A, text(0)?.to_owned()),
        "AAAA" => (Kind::Aaaa, text(0)?.to_owned()),
        "MX" => (Kind::Mx, format!("{} {}", text(0)?, name(1)?)),
        "PTR" => (Kind::Ptr, name(0)?),
        "CNAME" => (Kind::Cname, name(0)?),
        "TXT" => (Kind::Txt, data.iter().map(|(t, _)| t.as_str()).collect()),
        "NS" | "SPF" | "CAA" | "SRV" | "DS" | "DNSKEY" | "RRSIG" | "NSEC" | "NSEC3" | "HTTPS" | "TLSA" => return Ok(()),
        _ => return Err("record of a zone of a type that is not read"),
    };
    record(Record::Data(owner.clone(), kind, text));
    Ok(())
}

/// A name made absolute; the root (a null MX) is the empty name.
fn absolute(name: &str, origin: &str) -> Option<String> {
    match (name, name.strip_suffix('.')) {
        ("@", _) => Some(origin.to_owned()),
        (".", _) => Some(String::new()),
        (_, Some(whole)) => canonical_name(whole),
        _ if origin.is_empty() => canonical_name(name),
        _ => canonical_name(&format!("{name}.{origin}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_read() {
        let zone = "$ORIGIN example.org.\n$TTL 1h\n@ 3600 IN SOA ns hostmaster ( 1 2 ; serial\n 3 4 5 )\n\
            @ IN MX 10 mx\n  TXT \"v=spf1 \" \"a;b -all\" ; a comment\nmx A 192.0.2.1\n 60 AAAA 2001:db8::1\n\
            s._domainkey TXT ( \"v=DKIM1; \"\n  \"p=\\065\\\"\" )\nbroken TXT \"no end\nw.example.net. CNAME mx\n\
            x NAPTR 1 2\n";
        let (mut records, mut skips) = (Vec::new(), Vec::new());
        read(
            zone.as_bytes(),
            &mut |r| {
                records.push(match r {
                    Record::Origin(o) => format!("whole {o}"),
                    Record::Data(n, k, t) => format!("{n} {k:?} {t}"),
                })
            },
            &mut |reason, _, line| skips.push((line, reason)),
        );
        assert_eq!(
            records,
            [
                "whole example.org",
                "example.org Mx 10 mx.example.org",
                "example.org Txt v=spf1 a;b -all",
                "mx.example.org A 192.0.2.1",
                "mx.example.org Aaaa 2001:db8::1",
                "s._domainkey.example.org Txt v=DKIM1; p=A\"",
                "w.example.net Cname mx.example.org",
            ]
        );
        assert_eq!(
            skips,
            [
                (11, "record of a zone with damaged quotes or over 256 KiB"),
                (13, "record of a zone of a type that is not read")
            ]
        );
    }
}
