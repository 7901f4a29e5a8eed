//! Whose name findings on posts tell, and where. Accounts of a group or of a sign at or above `low`, and channels and
//! outlets of a road, may be named where names are asked for; everybody else is an ordinary person.

use crate::Accounts;
use model::{EntityKind, Finding, Severity, Text, Time};
use serde_json::{Map, Value};

/// Values under these keys are words of ours, never names.
const OURS: [&str; 12] =
    ["by", "kind", "level", "sign", "window", "p", "platform", "language", "languages", "outcome", "curve", "edges"];

/// Takes in whom a finding speaks of.
pub fn learn(finding: &Finding, accounts: &mut Accounts) {
    let above =
        finding.severity >= Severity::Low && matches!(&*finding.detector, "posts/coordination" | "posts/automation");
    for entity in finding.entities.iter().filter(|e| e.kind == EntityKind::UserAccount) {
        accounts.know(&entity.value, "", above);
    }
    learn_from(&finding.fields, above, accounts);
}

fn learn_from(fields: &Map<String, Value>, above: bool, accounts: &mut Accounts) {
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    // A channel or an outlet publishes; an account may be anybody.
    let publishes = matches!(text("kind"), Some("channel" | "outlet"));
    match (text("account"), text("who"), text("kind")) {
        (Some(account), who, _) => accounts.know(account, text("name").or(who).unwrap_or(""), above || publishes),
        (None, Some(who), Some(_)) => accounts.know(who, "", publishes),
        _ => {}
    }
    for account in ["first_mover", "first_account"].into_iter().filter_map(text) {
        accounts.know(account, "", false);
    }
    for (key, value) in fields {
        let members = matches!(key.as_str(), "members" | "accounts");
        match value {
            Value::Object(inner) => learn_from(inner, above, accounts),
            Value::Array(list) => list.iter().for_each(|item| match item {
                Value::Object(inner) => learn_from(inner, above, accounts),
                Value::String(account) if members => accounts.know(account, "", above),
                _ => {}
            }),
            _ => {}
        }
    }
}

/// Takes the names out of those who must not be named. A finding's id comes of its key, and the key may hold a name: the
/// id changes with it.
pub fn redact(finding: &mut Finding, accounts: &Accounts) {
    let both = |text: &Text| Text::new(accounts.text(&text.en), accounts.text(&text.fr));
    finding.key = accounts.text(&finding.key);
    finding.title = both(&finding.title);
    finding.reasons.iter_mut().for_each(|r| r.text = both(&r.text));
    for entity in &mut finding.entities {
        entity.value = match entity.kind {
            EntityKind::UserAccount => accounts.account(&entity.value),
            _ => accounts.text(&entity.value),
        };
    }
    let shared = finding.fields.get("objects").cloned();
    clean(&mut finding.fields, accounts);
    if let Some(Value::Array(mut list)) = shared {
        for item in list.iter_mut().filter_map(Value::as_object_mut) {
            let kind = item.get("kind").and_then(Value::as_str).unwrap_or("").to_string();
            if let Some(Value::String(object)) = item.get_mut("object") {
                *object = accounts.object(object, &kind);
            }
        }
        finding.fields.insert("objects".into(), list.into());
    }
}

fn clean(fields: &mut Map<String, Value>, accounts: &Accounts) {
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    // Of whom the name beside is: an account, or itself where a kind says that it is somebody.
    let whose = text("account").or(text("who").filter(|_| text("kind").is_some())).map(String::from);
    for (key, value) in fields.iter_mut().filter(|(key, _)| !OURS.contains(&key.as_str())) {
        match (key.as_str(), value, &whose) {
            ("name" | "who", Value::String(name), Some(account)) => {
                if !accounts.names(account) {
                    *name = accounts.account(account);
                }
            }
            ("account" | "first_mover" | "first_account", Value::String(who), _) => *who = accounts.account(who),
            (_, value, _) => clean_value(value, accounts),
        }
    }
}

fn clean_value(value: &mut Value, accounts: &Accounts) {
    match value {
        Value::String(text) if text.parse::<Time>().is_err() => *text = accounts.text(text),
        Value::Array(list) => list.iter_mut().for_each(|v| clean_value(v, accounts)),
        Value::Object(fields) => clean(fields, accounts),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Entity, Fields, Level, Role};
    use serde_json::json;

    fn finding(detector: &'static str, severity: Severity, fields: Value) -> Finding {
        let Value::Object(fields) = fields else { panic!("fields are an object") };
        let fields: Fields = fields;
        Finding {
            detector: detector.into(),
            key: "k".into(),
            severity,
            confidence: 90,
            level: Level::Grey,
            title: Text::same("Marie Dupont and others"),
            reasons: Vec::new(),
            techniques: Vec::new(),
            first: None,
            last: None,
            entities: vec![Entity::user("marie_d", Role::Account)],
            traces: Vec::new(),
            fields,
        }
    }

    fn case() -> Vec<Finding> {
        vec![
            finding(
                "posts/coordination",
                Severity::High,
                json!({"members": [{"account": "marie_d", "name": "Marie Dupont"}], "first_mover": "paul75"}),
            ),
            finding(
                "posts/copied_text",
                Severity::Low,
                json!({"members": ["paul75", "abc"], "text": "@paul75 dit abc"}),
            ),
        ]
    }

    fn told(mut accounts: Accounts) -> Vec<Finding> {
        case().iter().for_each(|f| accounts.learn(f));
        case().into_iter().map(|f| accounts.redacted(f)).collect()
    }

    #[test]
    fn the_page_names_members_and_nobody_else() {
        let all = told(Accounts::shown());
        assert_eq!(all[0].fields["members"][0]["name"], "Marie Dupont");
        assert_eq!(all[0].fields["first_mover"], "…");
        assert_eq!(all[1].fields["members"], json!(["…", "…"]));
        assert_eq!(all[1].fields["text"], "@… dit abc");
    }

    #[test]
    fn what_leaves_the_machine_names_nobody_unless_asked_to() {
        let of = |key: u8, names: bool| told(Accounts::pseudonyms([key; 32], names));
        let hidden = of(1, false);
        let text = serde_json::to_string(&hidden).expect("JSON");
        assert!(!text.contains("marie") && !text.contains("Marie") && !text.contains("paul75"), "{text}");
        let pseudonym = hidden[0].entities[0].value.clone();
        assert!(pseudonym.starts_with("account-") && pseudonym.len() == 20, "{pseudonym}");
        assert_eq!(hidden[0].title.en, format!("{pseudonym} and others"));
        assert_ne!(of(2, false)[0].entities[0].value, pseudonym);
        let named = of(1, true);
        assert_eq!(named[0].title.en, "Marie Dupont and others");
        assert!(!serde_json::to_string(&named).expect("JSON").contains("paul75"));
    }

    #[test]
    fn a_handle_is_known_without_its_platform() {
        let mut accounts = Accounts::shown();
        accounts.learn(&finding("posts/copied_text", Severity::Low, json!({"members": ["x/some_body", "x/ab"]})));
        assert_eq!(accounts.text("via some_body #some_body ab x/some_body"), "via … #… ab …");
    }
}
