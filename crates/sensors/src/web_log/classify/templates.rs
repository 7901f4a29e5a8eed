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
    if value.any(b"#<{") && DIRECTIVES.iter().any(|sign| value.has(sign)) {
        found.add(TplObject);
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
    if value.any(b"(") || value.any(b")") {
        if value.any(b"*|&(") {
            ldap(value.text, found);
        }
        if value.any(b".") {
            shell_of_mongo(value.text, found);
        }
    }
    if value.any(b"$") && value.any(b":") && !value.any(b"{") {
        nosql_json(value, found);
    }
}

/// Directives of template languages: OGNL, Velocity, FreeMarker, Jinja, Twig, Smarty.
const DIRECTIVES: [&[u8]; 13] = [
    b"%{(#",
    b"%{#",
    b"${#",
    b"#set($",
    b"#set ($",
    b"<#assign ",
    b"{%debug%}",
    b"{% debug %}",
    b"{%include",
    b"{$smarty.",
    b"{system(",
    b"{% for c in",
    b"{{[].",
];

/// `db.users.drop()`, as typed into MongoDB's shell: `db`, a collection, a method.
fn shell_of_mongo(text: &[u8], found: &mut Found) {
    const METHODS: [&[u8]; 16] = [
        b"insert",
        b"insertone",
        b"insertmany",
        b"find",
        b"findone",
        b"remove",
        b"drop",
        b"deleteone",
        b"deletemany",
        b"update",
        b"updateone",
        b"updatemany",
        b"aggregate",
        b"mapreduce",
        b"count",
        b"save",
    ];
    for at in memchr::memmem::find_iter(text, b"db.").take(16) {
        if at > 0 && (text[at - 1].is_ascii_alphanumeric() || text[at - 1] == b'.') {
            continue;
        }
        let rest = &text[at + 3..];
        let word = |rest: &[u8]| {
            rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_')).unwrap_or(rest.len())
        };
        let end = word(rest);
        let Some(method) = rest[end..].strip_prefix(b".") else { continue };
        let length = word(method);
        if end > 0 && METHODS.contains(&&method[..length]) && method.get(length) == Some(&b'(') {
            found.add(NoSql);
            return;
        }
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
const OPERATORS: [&[u8]; 18] = [
    b"ne",
    b"gt",
    b"gte",
    b"lt",
    b"lte",
    b"eq",
    b"in",
    b"nin",
    b"regex",
    b"where",
    b"exists",
    b"or",
    b"and",
    b"nor",
    b"not",
    b"func",
    b"expr",
    b"jsonschema",
];

fn nosql_json(value: &Value<'_>, found: &mut Found) {
    for at in memchr::memchr_iter(b'$', value.text).take(16) {
        // Bare it is told from a sum of money by the colon right behind it.
        let before = if at == 0 { b',' } else { value.text[at - 1] };
        let quoted = matches!(before, b'"' | b'\'' | b'{' | b',') || before == b' ' && value.any(b",;'\"{|");
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
        // SMTP's and IMAP's commands (RFC 5321, RFC 9051): the form's mail is ended and another begun.
        let commands: [&[u8]; 6] = [b"mail from:", b"rcpt to:", b"data\n", b"data\r", b"quit\r", b"quit\n"];
        let tagged = |rest: &[u8]| {
            let tag = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(0);
            let verbs: [&[u8]; 9] = [
                b"capability",
                b"fetch ",
                b"login ",
                b"logout",
                b"select ",
                b"create ",
                b"delete ",
                b"rename ",
                b"search ",
            ];
            (2..=6).contains(&tag)
                && rest[..tag].iter().any(u8::is_ascii_digit)
                && rest[..tag].iter().any(u8::is_ascii_alphabetic)
                && verbs.iter().any(|verb| rest[tag..].strip_prefix(b" ").is_some_and(|rest| rest.starts_with(verb)))
        };
        if commands.iter().any(|command| rest.starts_with(command)) || rest == b"quit" || tagged(rest) {
            found.add(HeaderSplit);
            return;
        }
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

/// Attributes that directories are searched by (RFC 4519, Active Directory's schema).
const ATTRIBUTES: [&[u8]; 19] = [
    b"uid",
    b"cn",
    b"sn",
    b"ou",
    b"dc",
    b"mail",
    b"objectclass",
    b"objectcategory",
    b"userpassword",
    b"samaccountname",
    b"userprincipalname",
    b"member",
    b"memberof",
    b"givenname",
    b"displayname",
    b"user",
    b"username",
    b"password",
    b"pass",
];

/// An item of a filter behind its parenthesis (RFC 4515): an attribute and what it is compared with. Gives the attribute
/// and the rest.
fn item(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-').unwrap_or(rest.len());
    let signs: [&[u8]; 5] = [b"=", b"~=", b">=", b"<=", b":="];
    let after = signs.iter().find_map(|sign| rest[end..].strip_prefix(*sign))?;
    (end >= 2).then(|| (&rest[..end], after))
}

/// A filter closed and another opened (RFC 4515 syntax): `*)(uid=*`, `)(|(`, `admin)(!(&(|`; a filter of a known attribute.
fn ldap(text: &[u8], found: &mut Found) {
    for open in memchr::memchr_iter(b'(', text).take(32) {
        let mut rest = &text[open + 1..];
        let before = text[..open].trim_ascii_end().last().copied();
        // `(|(`, `((|`, `(!(`: operators of filters, which stand before their operands.
        let operator = matches!(rest, [b'|' | b'&' | b'!', ..]);
        while let [b'|' | b'&' | b'!' | b'(', tail @ ..] = rest {
            rest = tail;
        }
        let broken = matches!(before, Some(b')' | b'*'));
        let told = match item(rest) {
            Some((name, after)) => {
                operator
                    || ATTRIBUTES.contains(&name) && (broken || after.starts_with(b"*"))
                    || broken && (after.starts_with(b"*") || open >= 2 && text[..open].ends_with(b"*)"))
            }
            // Cut off, as what the application appends goes on: `*)(&`, `admin)(!(&(|`.
            None => operator && broken && (rest.is_empty() || rest[0] <= b' '),
        };
        if told {
            found.add(LdapFilter);
            return;
        }
    }
    if text == b"*)(&" || text.starts_with(b"*))\0") || text.starts_with(b"*))%00") {
        found.add(LdapFilter);
    }
}
