//! Classifies what stands on standard input and prints what is flagged.
//!
//! `--values` (default): one parameter value a line, sent as `/?q=…`. `--targets`: one request target a line.
//! `--combined`: lines of the Combined Log Format, also with a prefix before the address; `--agents`: user agents.
//! `--json`: one object a line with `method`, `target`, `user_agent`, `referer`, `host`; `--every` prints every line's verdict.
//! `--missed` prints the lines that are not flagged strong instead; `--weak` also shows weak ones.

use knowledge::web_attacks::WebAttacks;
use sensors::web_log::classify::{Classifier, Request, Scratch};
use std::io::BufRead;

fn main() {
    let has = |option: &str| std::env::args().any(|word| word == option);
    let classifier = Classifier::new(&WebAttacks::embedded());
    let mut scratch = Scratch::default();
    let (mut lines, mut strong, mut weak) = (0, 0, 0);
    for line in std::io::stdin().lock().split(b'\n').map_while(Result::ok) {
        let mut request =
            Request { method: b"GET", protocol: b"HTTP/1.1", target: b"/", status: 200, ..Request::default() };
        let (target, object);
        if has("--json") {
            object = serde_json::from_slice::<serde_json::Value>(&line).unwrap_or_default();
            let part = |key: &str| object.get(key).and_then(|v| v.as_str()).unwrap_or("").as_bytes();
            for (place, key) in [
                (&mut request.target, "target"),
                (&mut request.user_agent, "user_agent"),
                (&mut request.referer, "referer"),
                (&mut request.host, "host"),
            ] {
                *place = part(key);
            }
            if !part("method").is_empty() {
                request.method = part("method");
            }
        } else if has("--combined") {
            let mut quoted = line.split(|&byte| byte == b'"');
            let (_, Some(asked)) = (quoted.next(), quoted.next()) else {
                continue;
            };
            let mut words = asked.splitn(2, |&byte| byte == b' ');
            request.method = words.next().unwrap_or(b"");
            let rest = words.next().unwrap_or(b"");
            match rest.iter().rposition(|&byte| byte == b' ') {
                Some(space) if rest[space + 1..].starts_with(b"HTTP/") => {
                    request.target = &rest[..space];
                    request.protocol = &rest[space + 1..];
                }
                _ => request = Request { target: asked, ..Request::default() },
            }
            let status = quoted.next().unwrap_or(b"");
            request.status =
                std::str::from_utf8(status).unwrap_or("").split_whitespace().next().unwrap_or("0").parse().unwrap_or(0);
            request.referer = quoted.next().unwrap_or(b"");
            quoted.next();
            request.user_agent = quoted.next().unwrap_or(b"");
        } else if has("--targets") {
            request.target = &line;
        } else if has("--agents") {
            request.user_agent = &line;
        } else {
            let mut text = b"/?q=".to_vec();
            for &byte in &line {
                if byte.is_ascii_alphanumeric() {
                    text.push(byte);
                } else {
                    text.extend_from_slice(format!("%{byte:02X}").as_bytes());
                }
            }
            target = text;
            request.target = &target;
        }
        lines += 1;
        let verdict = classifier.classify(&request, &mut scratch);
        let is_strong = !verdict.strong.is_empty();
        strong += usize::from(is_strong);
        weak += usize::from(!is_strong && !verdict.weak.is_empty());
        let show = if has("--every") {
            true
        } else if has("--missed") {
            !is_strong
        } else {
            is_strong || (has("--weak") && !verdict.is_silent())
        };
        if show {
            let rule = verdict.best.and_then(|best| classifier.rule(best.0)).map_or("-", |rule| &*rule.id);
            println!(
                "{}\t{rule}\t{}",
                match (is_strong, verdict.is_silent()) {
                    (true, _) => "strong",
                    (false, true) => "silent",
                    (false, false) => "weak",
                },
                String::from_utf8_lossy(&line[..line.len().min(200)])
            );
        }
    }
    println!("{lines} lines, {strong} strong, {weak} weak only");
}
