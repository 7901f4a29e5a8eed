//! Slack's, GitHub's and Cloudflare Access' audit logs: flat records.

use super::event::{Event, address, at, clip, moment, settings, text, written};
use super::operations;
use rows::sign_in::{Action, Answer, Provider};
use serde_json::Value;

/// Whether a record is of Slack's audit log.
pub fn is_slack(v: &Value) -> bool {
    v.get("action").is_some() && v.get("date_create").is_some() && v.get("actor").is_some_and(Value::is_object)
}

/// Reads a record of Slack's.
pub fn slack(v: &Value) -> Event {
    let operation = text(v, &["action"]);
    let user = text(v, &["actor.user.email", "actor.user.name", "actor.user.id"]);
    let mut e = Event::new(Provider::Slack, operation, user, moment(v.get("date_create")));
    e.id = text(v, &["id"]).to_string();
    e.source = address(text(v, &["context.ip_address"]));
    e.client = operations::client(text(v, &["context.ua"]));
    let kind = text(v, &["entity.type"]);
    let entity = |keys: [&str; 3]| {
        keys.iter().map(|k| written(at(v, &format!("entity.{kind}.{k}")))).find(|t| !t.is_empty()).unwrap_or_default()
    };
    let target = entity(["email", "name", "id"]);
    match e.action() {
        Some(Action::SignIn) if operation == "user_login_failed" => {
            e.answer = Answer::WrongPassword;
        }
        Some(Action::Open | Action::Download) => e.names = vec![clip(&entity(["title", "name", "id"]))],
        Some(Action::Consent) => {
            e.target = clip(&target);
            let scopes = [at(v, "entity.app.scopes"), at(v, "details.new_scopes"), at(v, "details.scopes")];
            let scopes = scopes.into_iter().map(written).find(|t| !t.is_empty()).unwrap_or_default();
            e.detail = settings(&[("scopes", &scopes)]);
        }
        Some(Action::Role) => {
            e.target = clip(&target);
            e.detail = settings(&[("role", operation.trim_start_matches("role_change_to_"))]);
        }
        Some(_) => e.target = clip(&target),
        None => {}
    }
    e
}

/// Whether a record is of GitHub's audit log.
pub fn is_github(v: &Value) -> bool {
    v.get("action").and_then(Value::as_str).is_some_and(|a| a.contains('.'))
        && (v.get("@timestamp").is_some() || v.get("created_at").is_some())
        && (v.get("actor").is_some_and(Value::is_string) || v.get("org").is_some() || v.get("user").is_some())
}

/// Reads a record of GitHub's.
pub fn github(v: &Value) -> Event {
    let operation = text(v, &["action"]);
    let when = moment(v.get("@timestamp")).or_else(|| moment(v.get("created_at")));
    let mut e = Event::new(Provider::Github, operation, text(v, &["actor", "user"]), when);
    e.id = text(v, &["_document_id"]).to_string();
    e.source = address(text(v, &["actor_ip", "ip"]));
    e.client = operations::client(text(v, &["user_agent"]));
    e.country = text(v, &["actor_location.country_code"]).into();
    let shown = |keys: &[&str]| clip(text(v, keys));
    match e.action() {
        Some(Action::SignIn) if operation == "user.failed_login" => {
            e.answer = Answer::WrongPassword;
        }
        Some(Action::Download) => {
            e.names = vec![shown(&["repo", "repository"])];
            if e.account.is_empty() {
                e.account = text(v, &["external_identity_username", "deploy_key_fingerprint"]).to_lowercase();
            }
        }
        Some(Action::Consent) => {
            e.target = shown(&["oauth_application_name", "integration", "name"]);
            let scopes = written(v.get("oauth_scopes").or_else(|| v.get("scopes")).or_else(|| v.get("permissions")));
            e.detail = settings(&[("scopes", &scopes)]);
        }
        Some(Action::Role) => {
            e.target = shown(&["user", "invitee"]);
            let role = text(v, &["permission", "role", "new_permission"]);
            e.only_if(operation != "org.update_member" || matches!(role, "admin" | "owner"));
            e.detail = settings(&[("role", if role.is_empty() { "administrator" } else { role })]);
        }
        Some(Action::Sharing) => {
            let public = text(v, &["visibility", "access"]) == "public";
            e.target = shown(&["repo", "repository"]);
            e.only_if(public);
            e.detail = settings(&[("rights", "public")]);
        }
        Some(Action::AppPassword) => {
            e.detail = settings(&[("name", text(v, &["title", "token_name", "oauth_application_name", "repo"]))]);
        }
        Some(_) => e.target = shown(&["user", "repo", "name"]),
        None => {}
    }
    e
}

/// Whether a record is of Cloudflare Access.
pub fn is_cloudflare(v: &Value) -> bool {
    v.get("user_email").is_some() && v.get("app_domain").is_some() && v.get("allowed").is_some()
        || v.get("Email").is_some() && v.get("AppDomain").is_some() && v.get("Allowed").is_some()
}

/// Reads a record of Cloudflare Access.
pub fn cloudflare(v: &Value) -> Event {
    let when = moment(v.get("created_at")).or_else(|| moment(v.get("CreatedAt")));
    let operation = text(v, &["action", "Action"]);
    let mut e = Event::new(Provider::Cloudflare, operation, text(v, &["user_email", "Email"]), when);
    e.id = text(v, &["ray_id", "RayID"]).to_string();
    e.source = address(text(v, &["ip_address", "IPAddress"]));
    e.country = text(v, &["country", "Country"]).to_uppercase();
    let allowed = v.get("allowed").or_else(|| v.get("Allowed")).and_then(Value::as_bool) == Some(true);
    // Who is refused here has proved who he is at the identity provider.
    e.answer = if allowed { Answer::Accepted } else { Answer::Blocked };
    e.detail = settings(&[
        ("application", text(v, &["app_domain", "AppDomain"])),
        ("by", text(v, &["connection", "Connection"])),
    ]);
    e
}
