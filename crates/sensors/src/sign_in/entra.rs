//! Entra ID's own logs: sign-ins and directory changes, as Graph gives them, as Azure Monitor sends them, and as the
//! portal's tables.

use super::event::{Event, address, at, clip, list, moment, named, settings, text, written};
use super::microsoft::{failure, security_change, settle};
use super::operations::{self, Meaning};
use rows::sign_in::{Action, Answer, Provider};
use serde_json::Value;

const M: Provider = Provider::Microsoft;

/// Ways of signing in that know no second factor.
const LEGACY: &[&str] = &[
    "imap4",
    "imap",
    "pop3",
    "pop",
    "authenticated smtp",
    "smtp",
    "exchange activesync",
    "other clients",
    "autodiscover",
    "exchange web services",
    "outlook anywhere (rpc over http)",
    "mapi over http",
    "offline address book",
    "exchange online powershell",
    "reporting web services",
];

/// Whether a record is a sign-in.
pub fn is_sign_in(v: &Value) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|k| at(v, k).is_some());
    has(&["userPrincipalName", "UserPrincipalName", "Username"])
        && has(&["status.errorCode", "resultType", "ResultType", "Sign-in error code", "Status.errorCode"])
        && !has(&["Operation"])
}

/// Whether a record is a directory change.
pub fn is_audit(v: &Value) -> bool {
    (v.get("activityDisplayName").is_some() || v.get("ActivityDisplayName").is_some())
        && (v.get("initiatedBy").is_some() || v.get("InitiatedBy").is_some() || v.get("targetResources").is_some())
        || v.get("Activity").is_some() && v.get("ActorUserPrincipalName").is_some()
        || v.get("OperationName").is_some() && v.get("InitiatedBy").is_some()
}

/// Reads a sign-in.
pub fn sign_in(v: &Value) -> Event {
    let user = text(v, &["userPrincipalName", "UserPrincipalName", "Username"]);
    let when = ["createdDateTime", "CreatedDateTime", "TimeGenerated", "Date (UTC)", "Date", "time"];
    let mut e = Event::new(M, "Sign-in activity", user, when.iter().find_map(|k| moment(at(v, k))));
    e.id = text(v, &["id", "Id", "OriginalRequestId", "Request ID"]).to_string();
    e.source = address(text(v, &["ipAddress", "IPAddress", "IP address", "callerIpAddress"]));
    e.country = country(text(v, &["location.countryOrRegion", "LocationDetails.countryOrRegion", "Location"]));
    let by = |keys: &[&str]| text(v, keys);
    let device = [by(&["deviceDetail.browser", "Browser"]), by(&["deviceDetail.operatingSystem", "Operating System"])];
    let agent = by(&["userAgent", "UserAgent", "User agent"]);
    e.client = match device {
        ["", _] => operations::client(agent),
        [browser, system] => {
            operations::client(&format!("{} {system}", browser.replace("Chrome", "Chrome/").replace("Edge", "Edg/")))
        }
    };
    let app = by(&["clientAppUsed", "ClientAppUsed", "Client app"]).to_lowercase();
    let protocol = by(&["authenticationProtocol", "AuthenticationProtocol", "Authentication Protocol"]).to_lowercase();
    let transfer = by(&["originalTransferMethod", "OriginalTransferMethod", "Original transfer method"]).to_lowercase();
    e.method = match () {
        () if protocol.contains("device") || transfer.contains("device") => "device_code".into(),
        () if LEGACY.contains(&app.as_str()) => app.clone(),
        () if protocol == "ropc" => "password_grant".into(),
        () => String::new(),
    };
    let code = ["status.errorCode", "Status.errorCode", "resultType", "ResultType", "Sign-in error code"];
    let code = code.iter().map(|k| written(at(v, k))).find(|t| !t.is_empty()).unwrap_or_default();
    let said =
        by(&["status.additionalDetails", "authenticationDetails.authenticationStepResultDetail", "Failure reason"]);
    let status = by(&["Status"]);
    e.answer = match code.as_str() {
        "0" | "" if matches!(status, "Failure" | "Failed") => Answer::Failed,
        "0" | "" if status == "Interrupted" => Answer::SecondFactor,
        "0" | "" => Answer::Accepted,
        // The person pressed *no*.
        "500121" if said.contains("denied") || said.contains("declined") || said.contains("fraud") => Answer::Denied,
        "50140" | "50199" if status == "Interrupted" => Answer::Failed,
        code => failure(code, ""),
    };
    if e.answer == Answer::Failed && operations::answer(M, &code) == Some(Answer::Accepted) {
        e.is_ordinary();
    }
    // Each prompt is a record with the step that was asked for.
    if code == "500121" {
        e.does(Action::Prompt);
    }
    e.detail = settings(&[
        ("code", if e.answer == Answer::Accepted { "" } else { &code }),
        ("application", by(&["appDisplayName", "AppDisplayName", "Application"])),
    ]);
    e
}

/// A country as two letters; the portal writes `Paris, Paris, FR`.
fn country(text: &str) -> String {
    let last = text.rsplit(',').next().unwrap_or_default().trim();
    if last.len() == 2 && last.bytes().all(|b| b.is_ascii_uppercase()) { last.into() } else { String::new() }
}

/// Reads a directory change.
pub fn audit(v: &Value) -> Event {
    let operation = text(v, &["activityDisplayName", "ActivityDisplayName", "OperationName", "Activity"]);
    let user = text(
        v,
        &[
            "initiatedBy.user.userPrincipalName",
            "InitiatedBy.user.userPrincipalName",
            "ActorUserPrincipalName",
            "initiatedBy.app.displayName",
            "InitiatedBy.app.displayName",
            "ActorDisplayName",
        ],
    );
    let when = ["activityDateTime", "ActivityDateTime", "TimeGenerated", "Date (UTC)", "time"];
    let mut e = Event::new(M, operation, user, when.iter().find_map(|k| moment(at(v, k))));
    e.id = text(v, &["id", "Id", "CorrelationId"]).to_string();
    e.source = address(text(v, &["initiatedBy.user.ipAddress", "InitiatedBy.user.ipAddress", "IPAddress"]));
    e.client = operations::client(&named(list(v, "additionalDetails"), "User-Agent").unwrap_or_default());
    if matches!(text(v, &["result", "Result"]), "failure" | "Failure") {
        e.answer = Answer::Failed;
    }
    if e.account.is_empty() && e.meaning != Meaning::Unknown {
        // The directory itself.
        e.is_ordinary();
    }
    let targets = match list(v, "targetResources") {
        [] => list(v, "TargetResources"),
        given => given,
    };
    let mut changed: Vec<Value> = Vec::new();
    let (mut shown, mut principal) = (String::new(), String::new());
    for target in targets {
        changed.extend(list(target, "modifiedProperties").iter().cloned());
        let [name, upn] = [text(target, &["displayName"]), text(target, &["userPrincipalName"])];
        if principal.is_empty() {
            principal = upn.to_string();
        }
        if shown.is_empty() {
            shown = name.to_string();
        }
    }
    if targets.is_empty() {
        shown = text(v, &["Target1DisplayName"]).to_string();
        principal = text(v, &["Target1UserPrincipalName"]).to_string();
    }
    e.target = clip(if principal.is_empty() { &shown } else { &principal });
    let new = |name: &str| {
        let value = named(&changed, name).unwrap_or_else(|| flat(v, name));
        value.trim_matches(['"', ' ', '[', ']']).to_string()
    };
    if e.action().is_some() {
        let whole = |name: &str| match name {
            "ConsentAction.Permissions" => named(&changed, name).unwrap_or_else(|| flat(v, name)),
            _ => new(name),
        };
        settle(&whole, &shown, &principal, &mut e);
    } else if e.operation.starts_with("Update user") && !operations::is_service(M, &e.account) {
        security_change(&changed, &mut e);
    }
    e
}

/// A changed property of the portal's table: `Target1ModifiedProperty3Name`, `…NewValue`.
fn flat(v: &Value, name: &str) -> String {
    let of = |n: usize, what: &str| text(v, &[&format!("Target1ModifiedProperty{n}{what}")]).to_string();
    (1..=10).find(|n| of(*n, "Name") == name).map(|n| of(n, "NewValue")).unwrap_or_default()
}
