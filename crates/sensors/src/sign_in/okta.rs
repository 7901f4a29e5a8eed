//! Okta's system log.

use super::event::{Event, address, clip, list, moment, settings, text};
use super::operations;
use rows::sign_in::{Action, Answer, Provider};
use serde_json::Value;

/// Whether a record is of the system log.
pub fn is(v: &Value) -> bool {
    v.get("eventType").is_some()
        && (v.get("actor").is_some() || v.get("actor.alternateId").is_some())
        && (v.get("published").is_some() || v.get("outcome").is_some())
}

/// Reads a record.
pub fn read(v: &Value) -> Event {
    let operation = text(v, &["eventType"]);
    let user = text(v, &["actor.alternateId", "actor.displayName"]);
    let mut e = Event::new(Provider::Okta, operation, user, moment(v.get("published")));
    e.id = text(v, &["uuid"]).to_string();
    e.source = address(text(v, &["client.ipAddress"]));
    let agent = text(v, &["client.userAgent.rawUserAgent"]);
    e.client = operations::client(agent);
    let [result, reason] = [text(v, &["outcome.result"]), text(v, &["outcome.reason"])];
    e.answer = answer(result, reason);
    let user = |t: &&Value| matches!(text(t, &["type"]), "User" | "AppUser");
    let targets = list(v, "target");
    let of = |t: Option<&Value>| t.map_or("", |t| text(t, &["alternateId", "displayName"])).to_string();
    let shown = |t: Option<&Value>| t.map_or("", |t| text(t, &["displayName", "alternateId"])).to_string();
    e.target = clip(&of(targets.iter().find(user).or(targets.first())));
    match e.action() {
        Some(Action::SignIn) => {
            if operation.starts_with("user.account.lock") {
                e.answer = Answer::Locked;
            }
            // A person is let in when a session begins; the password alone is asked in events of its own.
            if operation.starts_with("user.authentication.auth") && e.answer == Answer::Accepted {
                e.is_ordinary();
            }
            e.target = String::new();
        }
        Some(Action::Prompt) => {
            // A wrong code is no wrong password, which was right before it was asked for.
            if e.answer == Answer::WrongPassword {
                e.answer = Answer::SecondFactor;
            }
            if operation.contains("deny_push") {
                e.answer = Answer::Denied;
            } else if operation.contains("send_factor") {
                // Sent, and nothing said of what came of it.
                e.answer = Answer::Failed;
            }
            if e.account.is_empty() || operations::is_service(Provider::Okta, &e.account) {
                e.account = e.target.to_lowercase();
            }
        }
        Some(Action::Consent) => {
            let app = targets.iter().find(|t| !user(t));
            e.target = clip(&shown(app.or(targets.first())));
            let data = [
                "debugContext.debugData.requestedScopes",
                "debugContext.debugData.grantedScopes",
                "debugContext.debugData.scopes",
            ];
            e.detail = settings(&[("scopes", text(v, &data))]);
        }
        Some(Action::Role) => {
            e.detail = settings(&[("role", text(v, &["debugContext.debugData.privilegeGranted"]))]);
        }
        Some(Action::FactorAdded | Action::FactorRemoved) => {
            e.detail = settings(&[("factor", text(v, &["debugContext.debugData.factor", "displayMessage"]))]);
        }
        Some(Action::AppPassword) => {
            e.target = String::new();
            e.detail = settings(&[("name", &shown(targets.first()))]);
        }
        _ => {}
    }
    if matches!(text(v, &["securityContext.isProxy"]), "true")
        || v.get("securityContext").and_then(|s| s.get("isProxy")).and_then(Value::as_bool) == Some(true)
    {
        e.detail =
            [e.detail.as_str(), "proxy=true"].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join("; ");
    }
    e
}

fn answer(result: &str, reason: &str) -> Answer {
    match (result, reason) {
        ("SUCCESS" | "ALLOW" | "", _) => Answer::Accepted,
        (_, "INVALID_CREDENTIALS" | "VERIFICATION_ERROR" | "PASSWORD_BASED_LOGIN_DISALLOWED") => Answer::WrongPassword,
        (_, "UNKNOWN_USER") => Answer::UnknownAccount,
        (_, "LOCKED_OUT") => Answer::Locked,
        (_, "FastPass declined phishing attempt") => Answer::Blocked,
        ("CHALLENGE", _) => Answer::SecondFactor,
        ("DENY", _) => Answer::Blocked,
        (_, reason) if reason.to_lowercase().contains("deny") || reason.contains("declined") => Answer::Denied,
        _ => Answer::Failed,
    }
}
