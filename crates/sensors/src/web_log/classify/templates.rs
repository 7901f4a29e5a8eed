//! Code in small print: template expressions, JNDI look-ups, Shellshock, serialised objects, header and
//! query-language injection.
//!
//! You may rely on: an unfilled placeholder (`{{name}}`, `${user}`) stays silent; an expression that
//! computes does not. Nested look-ups are resolved in linear time. Left out: expressions inside base64.

use super::Engine::{Deserial, HeaderSplit, Jndi, LdapFilter, NoSql, Shellshock, TplArithmetic, TplObject};
use super::value::{Found, Value, has};

/// Looks for embedded expressions in `value`. `spare` is working room.
pub fn scan(value: &Value<'_>, spare: &mut Vec<u8>, found: &mut Found) {
    if value.any(b"{") {
        if value.any(b"$") {
            lookups(value.text, spare, found);
        }
        shellshock(value.text, found);
        expressions(value, found);
        if value.any(b"$") && value.any(b"\"':") {
            nosql_json(value, found);
        }
    }
    if value.any(b"%") && value.any(b"<") && arithmetic_between(value.text, b"<%=", b"%>") {
        found.add(TplArithmetic);
    }
    if value.any(b":") && value.any(b"\"{") {
        php_object(value.text, found);
    }
    if value.any(b"\r\n") {
        header(value.text, found);
    }
    if value.any(b")") && value.any(b"*|&(") {
        ldap(value.text, found);
    }
}

/// Parameter names such as `user[$ne]`.
pub fn parameter_name(name: &[u8], found: &mut Found) {
    if let Some(at) = memchr::memmem::find(name, b"[$")
        && OPERATORS.iter().any(|operator| name[at + 2..].starts_with(operator))
    {
        found.add(NoSql);
    }
}

/// MongoDB's comparison and evaluation operators (MongoDB manual).
const OPERATORS: [&[u8]; 14] =
    [b"ne", b"gt", b"gte", b"lt", b"lte", b"eq", b"in", b"nin", b"regex", b"where", b"exists", b"or", b"and", b"func"];

fn nosql_json(value: &Value<'_>, found: &mut Found) {
    for at in memchr::memchr_iter(b'$', value.text).take(16) {
        let quoted = at > 0 && matches!(value.text[at - 1], b'"' | b'\'' | b'{');
        let rest = &value.text[at + 1..];
        let name = rest.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(rest.len());
        if quoted && OPERATORS.contains(&&rest[..name]) && rest[name..].iter().take(3).any(|&byte| byte == b':') {
            found.add(NoSql);
        }
    }
}

/// Resolves `${lower:j}`, `${::-n}`, `${env:X:-d}` from the inside outwards and looks for `${jndi:`.
///
/// One pass with a stack of where look-ups opened. Only the first 64 bytes of a look-up are searched for
/// its default or prefix, so that deep nesting cannot make it quadratic.
fn lookups(text: &[u8], out: &mut Vec<u8>, found: &mut Found) {
    const DEEPEST: usize = 64;
    out.clear();
    let mut open = [0_usize; DEEPEST];
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(b"${") && depth < DEEPEST {
            open[depth] = out.len();
            depth += 1;
            at += 2;
            continue;
        }
        if text[at] == b'}' && depth > 0 {
            depth -= 1;
            let from = open[depth];
            if out[from..].starts_with(b"jndi:") {
                found.add(Jndi);
                return;
            }
            let head = &out[from..out.len().min(from + 64)];
            let keep = memchr::memmem::find(head, b":-").map(|place| place + 2).or_else(|| {
                [&b"lower:"[..], b"upper:", b"date:", b"base64:", b"k8s:", b"main:"]
                    .iter()
                    .find(|prefix| head.starts_with(prefix))
                    .map(|prefix| prefix.len())
            });
            if let Some(keep) = keep {
                out.drain(from..from + keep);
            }
            at += 1;
            continue;
        }
        out.push(text[at]);
        at += 1;
    }
    // Never closed (logs cut long lines), or closed after the bound.
    if open[..depth].iter().any(|&from| out[from..].starts_with(b"jndi:")) {
        found.add(Jndi);
    }
}

/// A bash function definition where an environment variable's value begins (CVE-2014-6271).
fn shellshock(text: &[u8], found: &mut Found) {
    let mut from = 0;
    for _ in 0..8 {
        let Some(open) = memchr::memmem::find(&text[from..], b"()").map(|at| at + from) else {
            return;
        };
        let blank =
            text[open + 2..].iter().position(|&byte| byte != b' ' && byte != b'+' && byte != b'\t').unwrap_or(0);
        let rest = &text[open + 2 + blank..];
        from = open + 2;
        let Some(body) = rest.strip_prefix(b"{") else { continue };
        let begins = open == 0 || matches!(text[open - 1], b'"' | b'\'' | b'=' | b'\t');
        let body: &[u8] = {
            let skip = body.iter().position(|&byte| byte != b' ' && byte != b'+').unwrap_or(body.len());
            &body[skip..]
        };
        if (begins && (body.starts_with(b":") || body.starts_with(b"_") || body.starts_with(b"(") || has(body, b"};")))
            || body.starts_with(b":;")
            || body.starts_with(b"_;")
        {
            found.add(Shellshock);
            return;
        }
    }
}

/// `{{7*7}}`, `${7*7}`, `#{7*7}`, and expressions that reach for the interpreter.
fn expressions(value: &Value<'_>, found: &mut Found) {
    let text = value.text;
    for (open, close) in [
        (&b"{{"[..], &b"}}"[..]),
        (b"${", b"}"),
        (b"#{", b"}"),
        (b"*{", b"}"),
        (b"@{", b"}"),
        (b"{", b"}"),
        (b"~{", b"}"),
        (b"[[", b"]]"),
    ] {
        if arithmetic_between(text, open, close) {
            found.add(TplArithmetic);
            break;
        }
    }
    let reaching: [&[u8]; 20] = [
        b"__class__",
        b"__globals__",
        b"__subclasses__",
        b"__init__",
        b"__mro__",
        b"__builtins__",
        b"constructor.constructor",
        b"t(java.lang",
        b"java.lang.",
        b"?new()",
        b"#_memberaccess",
        b"@java.",
        b"processbuilder",
        b"getruntime",
        b"self._template",
        b"cycler.__",
        b"lipsum.",
        b"request.application",
        b"[].constructor",
        b"_self.env",
    ];
    let opening: [&[u8]; 11] = [
        b"{{config",
        b"{{self}}",
        b"{{settings",
        b"{{''",
        b"{{request",
        b"{{dump",
        b"{php}",
        b"{{constructor",
        b"{{$on.",
        b"{{tostring",
        b"{{_self",
    ];
    if reaching.iter().any(|sign| has(text, sign))
        || opening.iter().any(|sign| text.starts_with(sign))
        || has(text, b"{%import")
        || has(text, b"{% import")
    {
        found.add(TplObject);
    }
}

/// Whether some `open … close` holds a number, an arithmetic sign and a number (or quoted text).
fn arithmetic_between(text: &[u8], open: &[u8], close: &[u8]) -> bool {
    for at in memchr::memmem::find_iter(text, open).take(8) {
        let inside = &text[at + open.len()..];
        let inside = &inside[..inside.len().min(40)];
        let Some(end) = memchr::memmem::find(inside, close) else {
            continue;
        };
        let inside = &inside[..end];
        let Some(sign) = inside.iter().position(|&byte| matches!(byte, b'*' | b'+' | b'-' | b'/')) else {
            continue;
        };
        let number = |part: &[u8]| {
            let part: &[u8] = part.trim_ascii();
            let part = part.strip_prefix(b"(").unwrap_or(part);
            !part.is_empty()
                && part.iter().all(|byte| {
                    byte.is_ascii_digit() || matches!(byte, b'\'' | b'"' | b'*' | b'+' | b'-' | b' ' | b')')
                })
                && part.iter().any(u8::is_ascii_digit)
        };
        if number(&inside[..sign]) && number(&inside[sign + 1..]) && (inside[sign] == b'*' || open.len() > 1) {
            return true;
        }
    }
    false
}

/// `O:8:"stdClass":1:{…}` (PHP manual, "serialize").
fn php_object(text: &[u8], found: &mut Found) {
    for at in memchr::memmem::find_iter(text, b":").take(32) {
        if at == 0 || !matches!(text[at - 1], b'o' | b'c') || (at > 1 && text[at - 2].is_ascii_alphanumeric()) {
            continue;
        }
        let rest = &text[at + 1..];
        let rest = rest.strip_prefix(b"+").unwrap_or(rest);
        let digits = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(0);
        if digits > 0 && rest[digits..].starts_with(b":\"") {
            found.add(Deserial);
            return;
        }
    }
}

/// A new line and a header's name: the answer or the mail is split (CWE-113).
fn header(text: &[u8], found: &mut Found) {
    for at in memchr::memchr2_iter(b'\n', b'\r', text).take(32) {
        let rest = &text[at + 1..];
        let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        let rest = rest.trim_ascii_start();
        let headers: [&[u8]; 14] = [
            b"set-cookie:",
            b"location:",
            b"content-type:",
            b"content-length:",
            b"http/1.",
            b"refresh:",
            b"bcc:",
            b"x-xss-protection:",
            b"host:",
            b"transfer-encoding:",
            b"header:",
            b"cc:",
            b"to:",
            b"x-",
        ];
        if let Some(index) = headers.iter().position(|name| rest.starts_with(name)) {
            // A message typed into a form may hold "To:" on a new line.
            if index < 11 || (index == 13 && rest.iter().take(30).any(|&byte| byte == b':')) {
                found.add(HeaderSplit);
                return;
            }
        }
    }
}

/// A filter closed and another opened (RFC 4515 syntax): `*)(uid=*`, `)(|(`.
fn ldap(text: &[u8], found: &mut Found) {
    for at in memchr::memmem::find_iter(text, b")(").take(16) {
        let rest = &text[at + 2..];
        if matches!(rest.first(), Some(b'|' | b'&' | b'!')) && rest.get(1) == Some(&b'(') {
            found.add(LdapFilter);
            return;
        }
        let name = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(0);
        if name >= 2
            && rest[name..].starts_with(b"=")
            && (at > 0 && text[at - 1] == b'*' || rest[name..].starts_with(b"=*"))
        {
            found.add(LdapFilter);
            return;
        }
    }
    for opening in [&b"(|("[..], b"(&(", b"(!("] {
        if let Some(at) = memchr::memmem::find(text, opening) {
            let rest = &text[at + 3..];
            let name = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(0);
            if name >= 2 && rest[name..].starts_with(b"=") {
                found.add(LdapFilter);
                return;
            }
        }
    }
    if text == b"*)(&" || text.starts_with(b"*))%00") || text == b"*(|(mail=*))" {
        found.add(LdapFilter);
    }
}
