//! A record as rules of users are asked about it: its own fields, dotted where they are nested, and the names by which the rules
//! of Microsoft's log sources know them.
//!
//! Such rules were written for where a record ends up (Log Analytics begins its columns with a capital where Graph does not,
//! others put all beneath `properties.`), so each field is shown by all of these; lists and objects are shown as the text they
//! are, too, for rules that look for a word in them. Where each name comes from stands in `crates/sigma/DECISIONS.md`.

use super::event::{self, Event, at, list, named, text, written};
use model::{Ear, LogSource, Span, Value as Shown};
use rows::sign_in::{Answer, Provider};
use serde_json::Value;

/// Bytes of a cell that is read as the JSON it holds.
const NESTED: usize = 256 << 10;
/// Fields of one record.
const FIELDS: usize = 4000;

/// Names and values: a value stands once, however many names it has.
#[derive(Default)]
struct Fields {
    values: Vec<String>,
    names: Vec<(String, usize)>,
}

impl Fields {
    fn put(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.put_all([name.into()], value.into());
    }

    fn put_all<const N: usize>(&mut self, names: [String; N], value: String) {
        if self.names.len() + N <= FIELDS {
            self.names.extend(names.into_iter().map(|name| (name, self.values.len())));
            self.values.push(value);
        }
    }

    fn put_told(&mut self, names: &[&str], value: &str) {
        if !value.is_empty() {
            for name in names {
                self.put(*name, value);
            }
        }
    }
}

/// Shows a record to who listens, `whole` being what it was wrapped in.
pub fn show(event: &Event, record: &Value, whole: Option<&Value>, raw: &[u8], place: Span, ear: &mut dyn Ear) {
    let is_audit = event.provider == Provider::Microsoft && record.get("Operation").is_some();
    let is_sign_in = event.operation == "Sign-in activity";
    let (product, service) = match event.provider {
        // One log of several services: which it is of its workload says, and a rule asks for that.
        Provider::Microsoft if is_audit => ("m365", ""),
        Provider::Microsoft if is_sign_in => ("azure", "signinlogs"),
        Provider::Microsoft => ("azure", "auditlogs"),
        Provider::Google => ("gcp", "google_workspace.admin"),
        Provider::Okta => ("okta", "okta"),
        Provider::Github => ("github", "audit"),
        Provider::Slack => ("slack", "audit"),
        Provider::Cloudflare => ("cloudflare", "access"),
        Provider::Nextcloud => ("nextcloud", "audit"),
        Provider::Zimbra => ("zimbra", "audit"),
    };
    let mut fields = Fields::default();
    match product {
        "m365" => unified(event, record, &mut fields),
        "azure" => {
            entra(record, whole, &mut fields);
            if is_sign_in { sign_in(event, record, &mut fields) } else { directory(event, record, &mut fields) }
        }
        _ => event::fields(record, &mut |name, value| fields.put(name, value)),
    }
    let source = event.source.map(|a| a.to_string()).unwrap_or_default();
    for (name, value) in [("event.action", &event.operation), ("user.name", &event.account), ("source.ip", &source)] {
        fields.put_told(&[name], value);
    }
    let all: Vec<(&str, Option<Shown>)> =
        fields.names.iter().map(|(name, n)| (name.as_str(), Some(Shown::Text(fields.values[*n].as_bytes())))).collect();
    ear.event(&model::Event {
        source: LogSource { category: "", product, service },
        time: event.time,
        count: 1,
        place,
        raw,
        fields: &all,
    });
}

/// The unified audit log: as it is, as Elastic's module names it, and by source, name and status.
fn unified(event: &Event, record: &Value, fields: &mut Fields) {
    event::fields(record, &mut |name, value| {
        let long = format!("o365.audit.{name}");
        fields.put_all([name, long], value);
    });
    for key in ["ExtendedProperties", "DeviceProperties", "OperationProperties"] {
        for property in list(record, key) {
            fields.put_told(&[text(property, &["Name"])], &written(property.get("Value")));
        }
    }
    for (key, value) in record.as_object().into_iter().flatten() {
        if value.is_array() || value.is_object() {
            fields.put(key.as_str(), value.to_string());
        }
        for pair in value.as_array().into_iter().flatten().take(FIELDS) {
            for part in ["Name", "Value"] {
                fields.put_told(&[&format!("{key}.{part}")], text(pair, &[part]));
            }
        }
    }
    fields.put_told(&["eventSource"], text(record, &["Workload"]));
    // An alert's name says what happened, its operation that there was one.
    fields.put_told(&["eventName"], text(record, &["Operation"]));
    if text(record, &["Operation"]).starts_with("Alert") {
        fields.put_told(&["eventName"], text(record, &["Name"]));
    }
    let failed = event.answer == Answer::Failed;
    fields.put("status", if failed { "failure" } else { "success" });
    fields.put_told(&["user.email", "user.id"], text(record, &["UserId"]));
}

/// Entra ID's logs, by every spelling of a field.
fn entra(record: &Value, whole: Option<&Value>, fields: &mut Fields) {
    let mut take = |name: String, value: String| {
        let (turned, below) = (turned(&name), format!("properties.{name}"));
        fields.put_all([turned, below, name], value);
    };
    event::fields(record, &mut take);
    for (key, value) in record.as_object().into_iter().flatten() {
        // A table holds lists and objects as text.
        let cell = value.as_str().filter(|t| t.len() <= NESTED && t.trim_start().starts_with(['[', '{']));
        if let Some(inner) = cell.and_then(|t| serde_json::from_str::<Value>(t).ok()) {
            event::fields(&inner, &mut |name, value| take(format!("{key}.{name}"), value));
        }
        if value.is_array() || value.is_object() {
            take(key.clone(), value.to_string());
        }
    }
    for (key, value) in whole.and_then(Value::as_object).into_iter().flatten().filter(|(_, v)| !v.is_object()) {
        let name = turned(key);
        fields.put_all([key.clone(), name], written(Some(value)));
    }
    let modified = ["targetResources", "TargetResources"].into_iter().flat_map(|key| {
        match record.get(key) {
            Some(Value::String(cell)) if cell.len() <= NESTED => serde_json::from_str(cell).unwrap_or_default(),
            other => other.cloned().unwrap_or_default(),
        }
        .as_array()
        .cloned()
        .unwrap_or_default()
    });
    for target in modified.take(FIELDS) {
        for property in list(&target, "modifiedProperties") {
            let value = written(property.get("newValue"));
            fields.put_told(&[text(property, &["displayName"])], value.trim_matches('"'));
        }
    }
}

/// A name that begins with a capital where it did not, and the other way round.
fn turned(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) if first.is_ascii_lowercase() => first.to_ascii_uppercase().to_string() + chars.as_str(),
        Some(first) => first.to_ascii_lowercase().to_string() + chars.as_str(),
        None => String::new(),
    }
}

/// What Log Analytics and the portal call what Graph calls otherwise.
fn sign_in(event: &Event, record: &Value, fields: &mut Fields) {
    let codes = ["status.errorCode", "Status.errorCode", "Sign-in error code"];
    let code = codes.iter().map(|key| written(at(record, key))).find(|t| !t.is_empty()).unwrap_or_default();
    fields.put_told(&["ResultType", "resultType"], &code);
    let code = if code.is_empty() { written(at(record, "ResultType").or(at(record, "resultType"))) } else { code };
    // A record of Azure Monitor has the code besides.
    fields.put_told(
        &["Status", "status"],
        if matches!(code.as_str(), "" | "0") && event.answer != Answer::Failed { "Success" } else { "Failure" },
    );
    let said = text(record, &["status.failureReason", "Status.failureReason", "ResultDescription", "Failure reason"]);
    fields.put_told(&["ResultDescription", "Resultdescription"], said);
    fields.put_told(&["Status"], text(record, &["status.additionalDetails", "Status.additionalDetails"]));
    fields.put("ActivityDetails", "Sign-ins");
    fields.put_told(
        &["Username", "UserPrincipalName"],
        text(record, &["userPrincipalName", "UserPrincipalName", "Username"]),
    );
    fields.put_told(&["ClientApp", "ClientAppUsed"], text(record, &["clientAppUsed", "ClientAppUsed", "Client app"]));
    fields.put_told(&["userAgent", "UserAgent"], text(record, &["userAgent", "UserAgent", "User agent"]));
    fields.put_told(&["IPAddress"], text(record, &["ipAddress", "IP address"]));
    fields.put_told(&["AppDisplayName"], text(record, &["Application"]));
    fields.put_told(&["Location"], &event.country);
    if let Some(trust) = at(record, "deviceDetail.trustType").or(at(record, "DeviceDetail.trustType")) {
        fields.put("DeviceDetail.trusttype", written(Some(trust)));
    }
    let message = match event.method.as_str() {
        "device_code" => "Device Code",
        "password_grant" => "ROPC",
        _ => "",
    };
    fields.put_told(&["properties.message"], message);
}

fn directory(event: &Event, record: &Value, fields: &mut Fields) {
    fields.put_told(&["OperationName", "operationName", "ActivityDisplayName", "properties.message"], &event.operation);
    fields.put_told(&["Status"], text(record, &["result", "Result"]));
    // The portal's table has properties by number.
    for n in 1..=10 {
        let of =
            |what: &str| text(record, &[&format!("Target1ModifiedProperty{n}{what}")]).trim_matches('"').to_string();
        fields.put_told(&[&of("Name")], &of("NewValue"));
    }
    let details = list(record, "additionalDetails");
    fields.put_told(&["userAgent", "UserAgent"], &named(details, "User-Agent").unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in::{entra, microsoft};
    use std::collections::{BTreeMap, BTreeSet};

    /// What was shown: the log source, and the values of each name.
    #[derive(Default)]
    struct Heard(LogSource, BTreeMap<String, BTreeSet<String>>);

    impl Ear for Heard {
        fn event(&mut self, event: &model::Event) {
            self.0 = event.source;
            for (name, value) in event.fields() {
                self.1.entry(name.into()).or_default().insert(value.to_string());
            }
        }
        fn end(self: Box<Self>, _: u64, _: &mut dyn model::Sink) {}
    }

    /// Whether each name has this value among its own.
    fn check(of: fn(&Value) -> Event, record: &str, source: (&str, &str), expected: &[(&str, &str)]) {
        let record: Value = serde_json::from_str(record).expect("JSON");
        let mut heard = Heard::default();
        show(&of(&record), &record, None, b"", Span { start: 0, len: 0, line: 0 }, &mut heard);
        assert_eq!((heard.0.product, heard.0.service), source);
        for (name, value) in expected {
            let all = heard.1.get(*name);
            assert!(all.is_some_and(|all| all.contains(*value)), "{name}={value}: {all:?}");
        }
    }

    #[test]
    fn the_unified_audit_log_has_the_names_that_rules_ask_for() {
        let record = r#"{"CreationTime":"2017-04-03T08:00:00","Id":"a1","Operation":"New-InboxRule","RecordType":1,"UserType":2,"Workload":"Exchange","UserId":"anne@parti.example","ResultStatus":"True","Parameters":[{"Name":"ForwardTo","Value":"x@other.example"}]}"#;
        let expected = [
            ("Operation", "New-InboxRule"),
            ("Parameters.ForwardTo", "x@other.example"),
            ("Parameters.Name", "ForwardTo"),
            ("Parameters", r#"[{"Name":"ForwardTo","Value":"x@other.example"}]"#),
            ("eventSource", "Exchange"),
            ("eventName", "New-InboxRule"),
            ("status", "success"),
            ("o365.audit.Workload", "Exchange"),
            ("user.email", "anne@parti.example"),
        ];
        check(microsoft::audit, record, ("m365", ""), &expected);
        let login = r#"{"CreationTime":"2017-04-03T08:00:00","Id":"a2","Operation":"UserLoggedIn","RecordType":15,"UserType":0,"Workload":"AzureActiveDirectory","ClientIP":"90.1.0.10","UserId":"anne@parti.example","ExtendedProperties":[{"Name":"RequestType","Value":"Cmsi:Cmsi"}]}"#;
        check(microsoft::audit, login, ("m365", ""), &[("RequestType", "Cmsi:Cmsi"), ("source.ip", "90.1.0.10")]);
        let alert = r#"{"CreationTime":"2017-04-03T08:00:00","Id":"a3","Operation":"AlertTriggered","Name":"Impossible travel activity","RecordType":40,"UserType":4,"Workload":"SecurityComplianceCenter","UserId":"SecurityComplianceAlerts"}"#;
        let told = [("eventSource", "SecurityComplianceCenter"), ("eventName", "Impossible travel activity")];
        check(microsoft::audit, alert, ("m365", ""), &told);
    }

    #[test]
    fn entra_is_known_by_the_names_of_graph_and_of_log_analytics() {
        let graph = r#"{"id":"s1","createdDateTime":"2017-04-03T08:00:00Z","userPrincipalName":"anne@parti.example","appDisplayName":"Office","appId":"app-1","ipAddress":"90.1.0.10","clientAppUsed":"IMAP4","userAgent":"BAV2ROPC","authenticationRequirement":"singleFactorAuthentication","authenticationProtocol":"deviceCode","isInteractive":true,"status":{"errorCode":50126,"failureReason":"Invalid username or password.","additionalDetails":"MFA denied; user declined"},"location":{"countryOrRegion":"UA"},"deviceDetail":{"deviceId":"","isCompliant":false,"trustType":""}}"#;
        let expected = [
            ("ResultType", "50126"),
            ("Status", "Failure"),
            ("Status", "MFA denied; user declined"),
            ("ResultDescription", "Invalid username or password."),
            ("AppId", "app-1"),
            ("AuthenticationRequirement", "singleFactorAuthentication"),
            ("AuthenticationProtocol", "deviceCode"),
            ("IsInteractive", "true"),
            ("DeviceDetail.isCompliant", "false"),
            ("DeviceDetail.deviceId", ""),
            ("DeviceDetail.trusttype", ""),
            ("properties.message", "Device Code"),
            ("properties.userPrincipalName", "anne@parti.example"),
            ("userAgent", "BAV2ROPC"),
            ("UserAgent", "BAV2ROPC"),
            ("ClientApp", "IMAP4"),
            ("Location", "UA"),
        ];
        check(entra::sign_in, graph, ("azure", "signinlogs"), &expected);
        let table = r#"{"TimeGenerated":"2017-04-03T08:00:00Z","UserPrincipalName":"anne@parti.example","ResultType":"0","AppDisplayName":"Office","DeviceDetail":"{\"isCompliant\":true}"}"#;
        let expected = [("ResultType", "0"), ("Status", "Success"), ("DeviceDetail.isCompliant", "true")];
        check(entra::sign_in, table, ("azure", "signinlogs"), &expected);
    }

    #[test]
    fn changes_of_the_directory_are_found_by_message_and_by_what_was_set() {
        let record = r#"{"id":"d1","activityDateTime":"2017-04-03T08:00:00Z","activityDisplayName":"Consent to application","category":"ApplicationManagement","loggedByService":"Core Directory","result":"success","initiatedBy":{"user":{"userPrincipalName":"anne@parti.example"}},"targetResources":[{"displayName":"App","modifiedProperties":[{"displayName":"ConsentContext.IsAdminConsent","newValue":"\"False\""},{"displayName":"ConsentAction.Permissions","newValue":"Scope: Mail.Read offline_access"}]}]}"#;
        let expected = [
            ("properties.message", "Consent to application"),
            ("OperationName", "Consent to application"),
            ("operationName", "Consent to application"),
            ("Category", "ApplicationManagement"),
            ("LoggedByService", "Core Directory"),
            ("Status", "success"),
            ("ConsentContext.IsAdminConsent", "False"),
            ("TargetResources.modifiedProperties.newValue", "Scope: Mail.Read offline_access"),
        ];
        check(entra::audit, record, ("azure", "auditlogs"), &expected);
    }
}
