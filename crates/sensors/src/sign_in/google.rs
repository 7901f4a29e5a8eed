//! Google Workspace: the Reports API's activities of the login, token, admin, Drive, Gmail and account applications, and the
//! tables of the admin console.

use super::event::{Event, address, clip, list, moment, named, settings, text, time, written};
use super::operations;
use rows::sign_in::{Action, Answer, Provider};
use serde_json::Value;

const G: Provider = Provider::Google;

/// Whether a record is an activity.
pub fn is(v: &Value) -> bool {
    v.get("events").is_some() && v.get("actor").is_some() && v.get("id").is_some_and(Value::is_object)
}

/// Whether a record is a row of the console's tables.
pub fn is_row(v: &Value) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|k| v.get(*k).is_some());
    has(&["Event", "Event name", "Event Name"])
        && has(&["Actor", "User", "User email", "Actor email"])
        && has(&["Date", "Time"])
}

/// Reads an activity: each of its events.
pub fn activity(v: &Value, each: &mut dyn FnMut(Event)) {
    let actor = match text(v, &["actor.email"]) {
        "" => text(v, &["actor.key", "actor.callerType"]),
        email => email,
    };
    for (n, event) in list(v, "events").iter().enumerate() {
        let mut e = Event::new(G, text(event, &["name"]), actor, moment(v.get("id").and_then(|id| id.get("time"))));
        e.id = format!("{}-{}-{n}", written(v.get("id").and_then(|i| i.get("uniqueQualifier"))), text(v, &["id.time"]));
        e.source = address(text(v, &["ipAddress"]));
        let parameters = list(event, "parameters");
        let p = |name: &str| named(parameters, name).unwrap_or_default();
        settle(&p, text(v, &["id.applicationName"]), &mut e);
        each(e);
    }
}

/// Reads a row of the console's tables, whose words stand for parameters.
pub fn row(v: &Value) -> Event {
    let operation = text(v, &["Event name", "Event Name", "Event"]);
    let when = time(text(v, &["Date", "Time"]));
    let mut e = Event::new(G, operation, text(v, &["Actor", "User", "User email", "Actor email"]), when);
    e.source = address(text(v, &["IP address", "IP Address"]));
    let p = |name: &str| -> String {
        let keys: &[&str] = match name {
            "login_type" => &["Login type"],
            "doc_title" => &["Title", "Item name", "Document title"],
            "visibility" => &["Visibility"],
            "app_name" => &["App name", "Application Name"],
            "scope" => &["Scope", "Scopes"],
            "login_failure_type" => &["Login failure type", "Failure type"],
            _ => &[],
        };
        text(v, keys).to_string()
    };
    settle(&p, "", &mut e);
    if e.operation.to_lowercase().contains("fail") {
        e.answer = Answer::WrongPassword;
    }
    e
}

fn settle(p: &dyn Fn(&str) -> String, application: &str, e: &mut Event) {
    let action = e.action();
    match action {
        Some(Action::SignIn) => {
            e.answer = match e.operation.as_str() {
                "login_success" | "Successful Login" | "Successful login" => Answer::Accepted,
                "login_failure" => match p("login_failure_type").as_str() {
                    "login_failure_account_disabled" => Answer::Blocked,
                    _ => Answer::WrongPassword,
                },
                // A challenge follows a password that was right.
                "login_challenge" | "Login Challenge" | "Login challenge" => match p("login_challenge_status").as_str()
                {
                    "Challenge Passed" | "passed" => Answer::Accepted,
                    _ => Answer::SecondFactor,
                },
                "suspicious_login" | "Suspicious login" | "suspicious_login_less_secure_app" => Answer::Accepted,
                "suspicious_programmatic_login" => Answer::Accepted,
                _ => Answer::Failed,
            };
            let challenged = e.operation.contains("hallenge") || e.operation.contains("verification");
            e.only_if(!(challenged && e.answer != Answer::SecondFactor));
            if e.operation.contains("less_secure_app") || e.operation.contains("programmatic") {
                e.method = "basic".into();
            }
            e.detail = settings(&[
                ("type", &p("login_type")),
                ("suspicious", if p("is_suspicious") == "true" { "true" } else { "" }),
            ]);
            e.client = String::new();
        }
        Some(Action::Consent) => {
            e.target = clip(
                &[p("app_name"), p("API_CLIENT_NAME"), p("OAUTH2_APP_NAME"), p("client_id")]
                    .into_iter()
                    .find(|t| !t.is_empty())
                    .unwrap_or_default(),
            );
            let all = if application == "admin" || e.operation.contains("API_CLIENT") { "everybody" } else { "" };
            let scopes = [p("scope"), p("API_SCOPES"), p("scope_data")].into_iter().find(|t| !t.is_empty());
            e.detail = settings(&[("for", all), ("scopes", &scopes.unwrap_or_default())]);
        }
        Some(Action::Open | Action::Download) => {
            e.names = vec![clip(&p("doc_title"))];
            let owner = p("owner").to_lowercase();
            e.target = if owner == e.account { String::new() } else { clip(&owner) };
        }
        Some(Action::Read) => e.names = Vec::new(),
        Some(Action::Sharing) => {
            let open = [p("visibility"), p("new_value")]
                .into_iter()
                .find(|v| matches!(v.as_str(), "people_with_link" | "public_on_the_web" | "Anyone with the link"));
            e.only_if(open.is_some());
            e.target = clip(&p("doc_title"));
            e.detail = settings(&[("rights", &open.unwrap_or_default())]);
        }
        Some(Action::Forwarding) => {
            let to = ["email_forwarding_destination_address", "forwarding_address", "destination"].map(p);
            e.detail =
                settings(&[("forward_to", &to.into_iter().find(|t| !t.is_empty()).unwrap_or_default().to_lowercase())]);
            e.target = e.account.clone();
        }
        Some(Action::Role) => {
            e.target = clip(&[p("USER_EMAIL"), p("USER")].into_iter().find(|t| !t.is_empty()).unwrap_or_default());
            let role = [p("ROLE_NAME"), p("PRIVILEGE_NAME")].into_iter().find(|t| !t.is_empty());
            e.detail = settings(&[("role", &role.unwrap_or_else(|| "administrator".into()))]);
        }
        Some(Action::Export) => {
            e.target = clip(
                &[p("USER_EMAIL"), p("products_requested")].into_iter().find(|t| !t.is_empty()).unwrap_or_default(),
            );
        }
        Some(_) => {
            e.target = clip(
                &[p("USER_EMAIL"), p("affected_email_address")].into_iter().find(|t| !t.is_empty()).unwrap_or_default(),
            );
            e.detail = settings(&[("setting", &p("SETTING_NAME")), ("value", &p("NEW_VALUE"))]);
        }
        None => {}
    }
    if !p("user_agent").is_empty() {
        e.client = operations::client(&p("user_agent"));
    }
}
