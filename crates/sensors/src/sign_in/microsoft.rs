//! Microsoft 365's unified audit log, whatever way it was taken out (the portal's table, the Management API, PowerShell,
//! Graph), with what an operation's parameters make of it.

use super::event::{Event, address, at, clip, last_part, list, moment, named, settings, text, time, written};
use super::operations::{self, Meaning};
use rows::sign_in::{Action, Answer, Provider};
use serde_json::Value;

const M: Provider = Provider::Microsoft;

/// Whether a record is of the unified audit log.
pub fn is(value: &Value) -> bool {
    value.get("Operation").is_some()
        && (value.get("Workload").is_some() || value.get("RecordType").is_some() || value.get("UserType").is_some())
}

/// Reads a record of the unified audit log.
pub fn audit(v: &Value) -> Event {
    let operation = text(v, &["Operation"]);
    let user = text(v, &["UserId", "UserKey"]);
    let mut e = Event::new(M, operation, user, moment(v.get("CreationTime")));
    e.id = text(v, &["Id"]).to_string();
    let shown = ["ClientIP", "ClientIPAddress", "ActorIpAddress"].map(|key| text(v, &[key]));
    e.source = shown.iter().find_map(|t| address(t)).filter(|a| a.special() != Some("loopback"));
    let more = list(v, "ExtendedProperties");
    let agent = named(more, "UserAgent")
        .or_else(|| {
            let more = named(more, "additionalDetails")?;
            let more: Value = serde_json::from_str(&more).ok()?;
            Some(text(&more, &["User-Agent"]).to_string())
        })
        .unwrap_or_else(|| text(v, &["UserAgent", "ClientInfoString"]).to_string());
    e.client = operations::client(&agent);
    let kind = v.get("UserType").and_then(Value::as_u64);
    // Administrators of the data centre and the system itself act for the provider.
    if matches!(kind, Some(3 | 4)) || text(v, &["UserKey"]).to_lowercase().starts_with("nt authority") {
        e.meaning = if e.meaning == Meaning::Unknown { Meaning::Unknown } else { Meaning::Ordinary };
    }
    if matches!(text(v, &["ResultStatus"]), "Failed" | "False" | "Failure") {
        e.answer = Answer::Failed;
    }
    e.target = clip(text(v, &["ObjectId"]));
    match e.action() {
        Some(Action::SignIn) => sign_in(v, more, &agent, &mut e),
        Some(Action::Read) => read(v, &mut e),
        Some(Action::Open | Action::Download) => {
            e.names = vec![clip(text(v, &["SourceFileName"]))];
            e.bytes = v.get("FileSizeBytes").and_then(Value::as_u64).unwrap_or(0);
            e.target = String::new();
        }
        Some(Action::Sharing) => {
            let kind = text(v, &["EventData"]);
            e.detail = settings(&[("rights", between(kind, "<Type>", "</Type>"))]);
        }
        Some(_) => {
            let parameters = list(v, "Parameters");
            let changed = list(v, "ModifiedProperties");
            match parameters.is_empty() {
                false => exchange(v, parameters, &mut e),
                true => directory(changed, list(v, "Target"), &mut e),
            }
            folder_rights(v, &mut e);
            outlook_rules(v, &mut e);
        }
        None => security_info(list(v, "ModifiedProperties"), &mut e),
    }
    e
}

/// A record that the portal's table cut short: what the columns beside it say.
pub fn cut(columns: &Value) -> Option<Event> {
    let time = time(text(columns, &["CreationDate", "CreationTime"]))?;
    let operation = text(columns, &["Operations", "Operation"]);
    let mut e = Event::new(M, operation, text(columns, &["UserIds", "UserId"]), Some(time));
    e.id = text(columns, &["Identity", "RecordId"]).to_string();
    (!operation.is_empty()).then_some(e)
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> &'t str {
    let rest = text.split_once(open).map_or("", |(_, rest)| rest);
    rest.split_once(close).map_or("", |(inner, _)| inner)
}

fn sign_in(v: &Value, more: &[Value], agent: &str, e: &mut Event) {
    let code = written(v.get("ErrorNumber"));
    e.answer = match e.operation.as_str() {
        "UserLoggedIn" => Answer::Accepted,
        _ => failure(&code, text(v, &["LogonError"])),
    };
    let request = named(more, "RequestType").unwrap_or_default();
    let by = named(more, "UserAuthenticationMethod").unwrap_or_default();
    e.method = match () {
        () if request.contains("DeviceCode") || request == "Cmsi:Cmsi" => "device_code",
        () if matches!(agent, "BAV2ROPC" | "CBAInPROD" | "CBAinPROD") => "basic",
        // A password sent to where programs get tokens: no page was shown.
        () if request == "OAuth2:Token" && by == "1" => "password_grant",
        () => "",
    }
    .into();
    let device = list(v, "DeviceProperties");
    if e.client.is_empty() {
        e.client = clip(&[named(device, "BrowserType"), named(device, "OS")].map(Option::unwrap_or_default).join(" "));
    }
    e.client = e.client.trim().to_string();
    e.target = String::new();
    e.detail = settings(&[("code", if e.answer == Answer::Accepted { "" } else { &code })]);
}

/// What a failed sign-in's code says; a word where there is none.
pub fn failure(code: &str, word: &str) -> Answer {
    match operations::answer(M, code) {
        Some(Answer::Accepted) | None => match word {
            "InvalidUserNameOrPassword" => Answer::WrongPassword,
            "UserAccountNotFound" => Answer::UnknownAccount,
            "IdsLocked" => Answer::Locked,
            _ => Answer::Failed,
        },
        Some(answer) => answer,
    }
}

/// Messages read, or a folder copied whole.
fn read(v: &Value, e: &mut Event) {
    let how = list(v, "OperationProperties");
    e.throttled = named(how, "IsThrottled").is_some_and(|t| t.eq_ignore_ascii_case("true"));
    let owner = text(v, &["MailboxOwnerUPN"]).to_lowercase();
    e.target = if owner == e.account { String::new() } else { owner };
    if named(how, "MailAccessType").is_some_and(|t| t == "Sync") {
        e.method = "sync".into();
        return;
    }
    let folders = list(v, "Folders");
    let told: usize = folders.iter().map(|f| list(f, "FolderItems").len()).sum();
    let size = |item: &Value| item.get("SizeInBytes").and_then(Value::as_u64).unwrap_or(0);
    e.bytes = folders.iter().flat_map(|f| list(f, "FolderItems")).map(size).fold(0, u64::saturating_add);
    e.items = v.get("OperationCount").and_then(Value::as_u64).unwrap_or(0).max(told as u64).max(1);
}

/// Exchange's commands with their parameters.
fn exchange(v: &Value, parameters: &[Value], e: &mut Event) {
    let p = |name: &str| named(parameters, name).unwrap_or_default();
    let is = |name: &str, word: &str| p(name).eq_ignore_ascii_case(word);
    let identity = p("Identity");
    let object = if identity.is_empty() { text(v, &["ObjectId"]).to_string() } else { identity };
    e.target = clip(last_part(&object));
    match e.action() {
        Some(Action::Forwarding) => {
            let to = [p("ForwardingSmtpAddress"), p("ForwardingAddress")].into_iter().find(|t| !t.is_empty());
            let behalf = p("GrantSendOnBehalfTo");
            match to {
                Some(to) => {
                    let to = to.trim_start_matches("smtp:").trim_start_matches("SMTP:").to_lowercase();
                    let keep = p("DeliverToMailboxAndForward");
                    e.detail = settings(&[("forward_to", last_part(&to)), ("keeps_copy", &keep.to_lowercase())]);
                }
                None if is("AuditEnabled", "false") => {
                    e.does(Action::Logging);
                    e.detail = "AuditEnabled=False".into();
                }
                None if !behalf.is_empty() => {
                    e.does(Action::Delegate);
                    e.detail = settings(&[("to", last_part(&behalf)), ("rights", "SendOnBehalf")]);
                }
                None => e.is_ordinary(),
            }
        }
        Some(Action::InboxRule | Action::TransportRule) => {
            let first = |names: &[&str]| names.iter().map(|n| p(n)).find(|t| !t.is_empty()).unwrap_or_default();
            let to = first(&[
                "ForwardTo",
                "RedirectTo",
                "ForwardAsAttachmentTo",
                "BlindCopyTo",
                "RedirectMessageTo",
                "CopyTo",
                "AddToRecipients",
                "JournalEmailAddress",
            ]);
            let words = first(&[
                "SubjectOrBodyContainsWords",
                "SubjectContainsWords",
                "BodyContainsWords",
                "HeaderContainsWords",
                "SubjectOrBodyMatchesPatterns",
            ]);
            let from = first(&["From", "FromAddressContainsWords"]);
            let moved = first(&["MoveToFolder", "CopyToFolder"]);
            let named = named(parameters, "Name").or_else(|| Some(last_part(&object).to_string()));
            let deletes = is("DeleteMessage", "true") || is("SoftDeleteMessage", "true");
            let forward = to.trim_start_matches("smtp:").to_lowercase();
            let auto = if is("AutoForwardEnabled", "true") { "true" } else { "" };
            e.detail = settings(&[
                ("name", &shown(&named.unwrap_or_default())),
                ("forward_to", &forward),
                ("deletes", if deletes { "true" } else { "" }),
                ("moves_to", last_part(&moved)),
                ("marks_read", if is("MarkAsRead", "true") { "true" } else { "" }),
                ("words", &words),
                ("from", &from),
                ("auto_forward", auto),
            ]);
            e.target = String::new();
        }
        Some(Action::Delegate) => {
            let to = [p("User"), p("Trustee")].into_iter().find(|t| !t.is_empty()).unwrap_or_default();
            e.detail = settings(&[("to", last_part(&to)), ("rights", &p("AccessRights"))]);
        }
        Some(Action::Role) => {
            let role = [p("Role"), last_part(&p("Identity")).to_string()].into_iter().find(|t| !t.is_empty());
            let member = ["Member", "Members", "User"].map(p).into_iter().find(|t| !t.is_empty()).unwrap_or_default();
            e.detail = settings(&[("role", &role.unwrap_or_default())]);
            e.target = clip(last_part(&member));
        }
        Some(Action::Logging) => {
            let off = [
                ("UnifiedAuditLogIngestionEnabled", "false"),
                ("AdminAuditLogEnabled", "false"),
                ("AuditDisabled", "true"),
                ("AuditBypassEnabled", "true"),
                ("AuditEnabled", "false"),
            ];
            let found = off.iter().find(|(name, word)| is(name, word));
            e.only_if(found.is_some() || e.operation.starts_with("Remove") || e.operation.starts_with("Disable"));
            e.detail = found.map_or(String::new(), |(name, _)| format!("{name}={}", p(name)));
        }
        Some(Action::Policy) => {
            let opens = [
                ("ImapEnabled", "true"),
                ("PopEnabled", "true"),
                ("SmtpClientAuthenticationDisabled", "false"),
                ("AllowBasicAuthImap", "true"),
                ("AllowBasicAuthPop", "true"),
                ("AllowBasicAuthSmtp", "true"),
            ];
            let found = opens.iter().find(|(name, word)| is(name, word));
            e.only_if(found.is_some() || e.operation.starts_with("Remove-") || e.operation.starts_with("Disable-"));
            e.detail = found.map_or(String::new(), |(name, _)| format!("{name}={}", p(name)));
        }
        Some(Action::Export) => {
            e.only_if(e.operation != "New-ComplianceSearchAction" || is("Export", "true"));
            e.detail = settings(&[("name", &p("SearchName"))]);
        }
        _ => {}
    }
}

/// A rule's name, so that a name of one point or none can be seen.
fn shown(name: &str) -> String {
    match name.trim() {
        "" => "(none)".into(),
        name => name.into(),
    }
}

/// Rights given on a folder, as Outlook and mail programs give them. Free and busy times are everybody's to see.
fn folder_rights(v: &Value, e: &mut Event) {
    let Some(folder) = at(v, "Item.ParentFolder").filter(|_| e.action() == Some(Action::Delegate)) else { return };
    let (to, rights) = (text(folder, &["MemberUpn"]), text(folder, &["MemberRights"]));
    let own = matches!(to, "Member@local" | "Owner@local" | "Owner" | "Anonymous");
    let reads = rights.contains("ReadAny") || rights.contains("FolderOwner") || rights.contains("EditAny");
    let owner = text(v, &["MailboxOwnerUPN"]).to_lowercase();
    e.target = if owner.is_empty() { e.account.clone() } else { owner };
    e.detail = settings(&[("to", to), ("rights", rights), ("folder", text(folder, &["Path", "Name"]))]);
    e.only_if(reads && !own && !to.is_empty());
}

/// Rules as Outlook itself sets them.
fn outlook_rules(v: &Value, e: &mut Event) {
    let properties = list(v, "OperationProperties");
    if e.action() != Some(Action::InboxRule) || properties.is_empty() {
        return;
    }
    let p = |name: &str| named(properties, name).unwrap_or_default();
    let actions: Value = serde_json::from_str(&p("RuleActions")).unwrap_or_default();
    let all = match &actions {
        Value::Array(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    };
    let kind = |word: &str| all.iter().find(|a| text(a, &["ActionType"]).contains(word));
    let sends = kind("Forward").or_else(|| kind("Redirect"));
    let to = sends.map(|a| written(at(a, "Recipients"))).unwrap_or_default();
    e.only_if(!matches!(p("RuleOperation").as_str(), "RemoveMailboxRule" | "DeleteMailboxRule"));
    e.detail = settings(&[
        ("name", &shown(&p("RuleName"))),
        ("forward_to", &to.to_lowercase()),
        ("deletes", if kind("Delete").is_some() { "true" } else { "" }),
        ("moves_to", if kind("Move").is_some() { "a folder" } else { "" }),
        ("marks_read", if kind("MarkAsRead").is_some() { "true" } else { "" }),
        ("words", &p("RuleCondition")),
    ]);
}

/// The directory's changes: what was set, to whom (`targets` as `[{"ID", "Type"}]`).
fn directory(changed: &[Value], targets: &[Value], e: &mut Event) {
    let new = |name: &str| named(changed, name).map(|v| v.trim_matches(['"', ' ']).to_string()).unwrap_or_default();
    let of_type = |kind: u64| {
        let is = |t: &&Value| t.get("Type").and_then(Value::as_u64) == Some(kind);
        targets.iter().find(is).map(|t| text(t, &["ID"])).unwrap_or_default()
    };
    settle(&new, of_type(1), of_type(5), e);
}

/// What the directory's changes mean; the same in the audit log and in Entra's own.
pub fn settle(new: &dyn Fn(&str) -> String, shown: &str, principal: &str, e: &mut Event) {
    match e.action() {
        Some(Action::Consent) => {
            let permissions = new("ConsentAction.Permissions");
            let given = permissions.split_once("=>").map_or(permissions.as_str(), |(_, given)| given);
            let mut scopes: Vec<&str> = Vec::new();
            for part in given.split("Scope: ").skip(1) {
                let end = part.find([']', ',']).unwrap_or(part.len());
                scopes.extend(part[..end].split(' ').filter(|s| !s.is_empty()));
            }
            scopes.sort_unstable();
            scopes.dedup();
            let all = new("ConsentContext.OnBehalfOfAll").eq_ignore_ascii_case("true");
            if !shown.is_empty() {
                e.target = clip(shown);
            }
            let all = if all { "everybody" } else { "" };
            e.detail = settings(&[("for", all), ("scopes", &scopes.join(" "))]);
        }
        Some(Action::Role) => {
            e.detail = settings(&[("role", &new("Role.DisplayName"))]);
            e.only_if(!principal.is_empty() || !e.target.starts_with("ServicePrincipal"));
            if !principal.is_empty() {
                e.target = clip(principal);
            }
        }
        Some(Action::Credential) => {
            e.only_if(!matches!(new("KeyDescription").trim(), "" | "[]"));
            if !shown.is_empty() {
                e.target = clip(shown);
            }
        }
        Some(
            Action::Password | Action::FactorAdded | Action::FactorRemoved | Action::Recovery | Action::AppPassword,
        ) if !principal.is_empty() => {
            e.target = clip(principal);
        }
        _ => {}
    }
}

/// *Update user* that sets how somebody proves who he is.
fn security_info(changed: &[Value], e: &mut Event) {
    if !e.operation.starts_with("Update user") || operations::is_service(M, &e.account) {
        return;
    }
    security_change(changed, e);
}

/// What such a change sets: methods, or the numbers and addresses to recover by.
pub fn security_change(changed: &[Value], e: &mut Event) {
    let of = |name: &str| changed.iter().find(|c| text(c, &["Name", "displayName"]) == name);
    let sides = |c: &Value| {
        let size = |keys: &[&str]| text(c, keys).matches("MethodType").count();
        (size(&["OldValue", "oldValue"]), size(&["NewValue", "newValue"]))
    };
    if let Some(methods) = of("StrongAuthenticationMethod") {
        match sides(methods) {
            (old, new) if new > old => e.does(Action::FactorAdded),
            (old, new) if new < old => e.does(Action::FactorRemoved),
            _ => {}
        }
    } else if of("StrongAuthenticationPhoneAppDetail").is_some() {
        e.does(Action::FactorAdded);
    } else if of("StrongAuthenticationUserDetails").is_some() {
        e.does(Action::Recovery);
    }
}
