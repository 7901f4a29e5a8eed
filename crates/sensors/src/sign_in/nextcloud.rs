//! Nextcloud's audit log (`admin_audit`): sentences in JSON lines.
//!
//! You may rely on: names stand in quotes in the sentences and are taken out of them, so that what a name says is never
//! read as a sentence; of the main log, which may stand in the same file, refused log-ins are read (older versions write them
//! nowhere else), once where both logs have them. Left out: the main log's other words; a main log alone, which the login logs'
//! reader knows.

use super::event::{Event, address, clip, moment, settings, text};
use super::operations;
use rows::sign_in::{Answer, Provider};
use serde_json::Value;

/// The words of both logs for a log-in that was refused.
const REFUSED: &str = "Login failed";

/// Whether a record is of Nextcloud's.
pub fn is(v: &Value) -> bool {
    ["remoteAddr", "app", "reqId"].iter().all(|key| v.get(*key).is_some())
}

/// Reads a record.
pub fn read(v: &Value) -> Event {
    let message = text(v, &["message"]);
    let (words_of, quoted) = unquote(message);
    let has = |w: &str| words_of.contains(w);
    let user = text(v, &["user"]);
    let is_audit = text(v, &["app"]) == "admin_audit";
    let refused = message.strip_prefix("Login failed: '").and_then(|rest| rest.rsplit_once("' (Remote IP"));
    let first = quoted.first().map_or("", String::as_str);
    let (operation, account, answer, target, detail) = match () {
        () if !is_audit => (REFUSED, refused.map_or("", |(name, _)| name), Answer::WrongPassword, "", String::new()),
        () if has("Login successful") => ("Login successful", first, Answer::Accepted, "", String::new()),
        () if has(REFUSED) => (REFUSED, first, Answer::WrongPassword, "", String::new()),
        () if has("Login attempt") => ("Login attempt", first, Answer::Accepted, "", String::new()),
        () if has("two factor") || has("Two factor") || has("two-factor") => {
            let operation = match () {
                () if has("ailed") => "Two factor failed",
                () if has("nabled") => "Two factor enabled",
                () if has("isabled") => "Two factor disabled",
                () => "Two factor succeeded",
            };
            let answer = if has("ailed") { Answer::Denied } else { Answer::Accepted };
            (operation, user, answer, first, String::new())
        }
        () if has("Password of user") || has("assword") && has("changed") => {
            ("Password changed", user, Answer::Accepted, first, String::new())
        }
        () if has("added to group") && quoted.iter().any(|q| q == "admin") => {
            ("Added to admin group", user, Answer::Accepted, first, settings(&[("role", "admin")]))
        }
        () if has("User created") => ("User created", user, Answer::Accepted, first, String::new()),
        () if has("app password") || has("App password") || has("App token") => {
            ("App password created", user, Answer::Accepted, first, String::new())
        }
        () if has("shared via link") || has("has been shared via link") => {
            let rights = quoted.iter().find(|q| q.chars().all(|c| c.is_ascii_digit() || c == ',' || c == ' '));
            let rights = settings(&[("rights", rights.map_or("", String::as_str))]);
            ("Shared by link", user, Answer::Accepted, first, rights)
        }
        () if has("App") && has("disabled") && first == "admin_audit" => {
            ("Audit app disabled", user, Answer::Accepted, first, String::new())
        }
        () if (has("File") || has("file")) && (has("accessed") || has("read")) && !has("Preview") => {
            ("File accessed", user, Answer::Accepted, "", String::new())
        }
        () => (words_of.as_str(), user, Answer::Accepted, first, String::new()),
    };
    let mut e = Event::new(Provider::Nextcloud, operation, account, moment(v.get("time")));
    // One request may do many things: its id alone is none of a record. It refuses one log-in at most, which both logs tell.
    let request = text(v, &["reqId"]);
    if operation == REFUSED && !request.is_empty() {
        e.id = format!("{request}|{}", e.account);
    }
    if !is_audit && refused.is_none() {
        e.is_ordinary();
    }
    e.source = address(text(v, &["remoteAddr"]));
    e.client = operations::client(text(v, &["userAgent"]));
    e.answer = answer;
    e.target = clip(target);
    e.detail = detail;
    if operation == "File accessed" {
        e.names = quoted.iter().rev().take(1).map(|q| clip(q)).collect();
    }
    e
}

/// A sentence without what stands in quotes, and that.
fn unquote(message: &str) -> (String, Vec<String>) {
    let (mut words, mut quoted) = (String::new(), Vec::new());
    for (n, part) in message.split('"').take(40).enumerate() {
        if n % 2 == 0 { words += part } else { quoted.push(part.to_string()) }
    }
    (clip(words.trim()), quoted)
}
