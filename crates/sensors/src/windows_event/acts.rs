//! What an event says was done: numbers of events into actions, whichever log writes them.
//!
//! Numbers and fields are those of Microsoft's references of its security auditing, its logs and Sysmon, from memory, and held
//! against public logs. What the machine does for itself (its own accounts, services that log on) is ordinary.

use super::command;
use super::event::Event;
use model::Address;
use rows::windows_event::{Action, Activity, Sign};
use std::collections::BTreeSet;

/// Bytes of a text that is kept.
const TEXT: usize = 600;

fn clip(text: &str) -> String {
    formats::clip(text.trim(), TEXT).to_string()
}

/// What was done; none where it is nothing to keep one by one. Script blocks are put together first ([`super::script`]).
pub fn act(event: &Event) -> Option<Activity> {
    let channel = event.channel.as_str();
    match channel {
        "Security" => security(event),
        "System" => system(event),
        "Microsoft-Windows-Sysmon/Operational" => sysmon(event),
        "Windows PowerShell" => classic(event),
        "Microsoft-Windows-TaskScheduler/Operational" => task(event),
        "Microsoft-Windows-Windows Defender/Operational" => defender(event),
        "OpenSSH/Operational" => openssh(event),
        _ if channel.starts_with("Microsoft-Windows-TerminalServices-") || channel.contains("RdpCoreTS") => {
            desktop(event)
        }
        _ => None,
    }
}

/// An action of this event, nothing else told.
pub fn new(event: &Event, action: Action) -> Activity {
    Activity {
        action,
        refused: false,
        event_id: event.id,
        channel: clip(&event.channel),
        computer: clip(&event.computer).to_lowercase(),
        account: String::new(),
        actor: String::new(),
        source: None,
        method: String::new(),
        target: String::new(),
        detail: String::new(),
        parent: String::new(),
        signs: BTreeSet::new(),
        records: Vec::new(),
    }
}

/// An account with its domain, lower case; a machine's own accounts stand without.
fn account(event: &Event, name: &str, domain: &str) -> String {
    let (name, domain) = (event.field(name).trim(), event.field(domain).trim());
    whole(name, domain, &event.computer)
}

fn whole(name: &str, domain: &str, computer: &str) -> String {
    let name = if name == "-" { "" } else { name };
    let own = computer.split('.').next().unwrap_or_default();
    let plain = domain.is_empty() || domain == "-" || domain.eq_ignore_ascii_case(own) || name.contains(['@', '\\']);
    clip(&if plain { name.to_string() } else { format!("{domain}\\{name}") }).to_lowercase()
}

/// Whether an account is the machine's own: services, the desktop's helpers, machine accounts, and nobody.
fn is_machines(name: &str, sid: &str) -> bool {
    let name = name.trim();
    let lower = name.to_lowercase();
    name.is_empty()
        || name == "-"
        || name.ends_with('$')
        || matches!(sid, "S-1-5-18" | "S-1-5-19" | "S-1-5-20" | "S-1-5-7")
        || sid.starts_with("S-1-5-90-")
        || sid.starts_with("S-1-5-96-")
        || matches!(lower.as_str(), "system" | "local service" | "network service" | "anonymous logon")
        || lower.starts_with("umfd-")
        || lower.starts_with("dwm-")
}

/// An address that says where from: not the machine itself.
fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("::ffff:").unwrap_or(text);
    let bare = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') && port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => text,
    };
    let bare = bare.trim_matches(['[', ']']);
    let address = Address::parse(bare.as_bytes())?;
    let own = matches!(bare, "::1" | "0.0.0.0" | "::") || bare.starts_with("127.");
    (!own).then(|| address.to_string())
}

/// How a logon of a type is called.
fn logon_type(number: &str) -> &'static str {
    match number.trim() {
        "2" => "interactive",
        "3" => "network",
        "4" => "batch",
        "5" => "service",
        "7" => "unlock",
        "8" => "network_cleartext",
        "9" => "new_credentials",
        "10" => "remote_desktop",
        "11" => "cached_interactive",
        "12" => "cached_remote",
        "13" => "cached_unlock",
        _ => "",
    }
}

/// Why a logon was refused, by the code that says most.
fn refusal(event: &Event) -> &'static str {
    let code = |name: &str| event.field(name).trim().to_lowercase();
    let sub = code("SubStatus");
    let code = if sub.is_empty() || sub == "0x0" { code("Status") } else { sub };
    match code.as_str() {
        "0xc000006a" | "0x18" => "wrong password",
        "0xc0000064" | "0x6" => "no such account",
        "0xc0000234" | "0x12" => "locked out",
        "0xc0000072" => "account disabled",
        "0xc0000071" | "0x17" => "password expired",
        "0xc000015b" => "logon type not granted",
        "0xc000006d" => "bad name or password",
        "0xc0000193" => "account expired",
        "0xc000005e" => "no server to ask",
        _ => "",
    }
}

fn security(event: &Event) -> Option<Activity> {
    let field = |name: &str| event.field(name).trim();
    let actor = || account(event, "SubjectUserName", "SubjectDomainName");
    match event.id {
        4624 | 4625 => {
            let method = logon_type(field("LogonType"));
            let refused = event.id == 4625;
            let (name, sid) = (field("TargetUserName"), field("TargetUserSid"));
            if method == "service" || method == "batch" || is_machines(name, if refused { "" } else { sid }) {
                return None;
            }
            let mut a = new(event, Action::Logon);
            a.refused = refused;
            a.account = account(event, "TargetUserName", "TargetDomainName");
            a.source = address(field("IpAddress"));
            a.method = method.into();
            a.target = clip(field("WorkstationName")).trim_matches('-').to_lowercase();
            if method == "new_credentials" {
                a.actor = actor();
                a.target = whole(field("TargetOutboundUserName"), field("TargetOutboundDomainName"), "");
            }
            a.detail = match refused {
                true => refusal(event).into(),
                false => clip(field("LogonProcessName")),
            };
            Some(a)
        }
        // Asked of a controller of the domain: refused only, for what is let in is told by the machine.
        4771 | 4768 if !matches!(field("Status"), "" | "0x0") => {
            let status = refusal(event);
            if is_machines(field("TargetUserName"), "") || status.is_empty() {
                return None;
            }
            let mut a = new(event, Action::Logon);
            (a.refused, a.method, a.detail) = (true, "kerberos".into(), status.into());
            a.account = account(event, "TargetUserName", "");
            a.source = address(field("IpAddress"));
            Some(a)
        }
        4776 if !matches!(field("Status"), "" | "0x0") => {
            if is_machines(field("TargetUserName"), "") {
                return None;
            }
            let mut a = new(event, Action::Logon);
            (a.refused, a.method, a.detail) = (true, "ntlm".into(), refusal(event).into());
            a.account = account(event, "TargetUserName", "");
            a.target = clip(field("Workstation")).to_lowercase();
            Some(a)
        }
        4648 => {
            let here = matches!(field("TargetServerName").to_lowercase().as_str(), "localhost" | "" | "-");
            let (name, who) = (field("TargetUserName"), field("SubjectUserName"));
            // Windows does so whenever somebody logs on at the machine itself.
            if here || is_machines(name, "") || is_machines(who, field("SubjectUserSid")) {
                return None;
            }
            let mut a = new(event, Action::ExplicitCredentials);
            (a.account, a.actor) = (account(event, "TargetUserName", "TargetDomainName"), actor());
            a.target = clip(field("TargetServerName")).to_lowercase();
            a.detail = clip(field("ProcessName"));
            a.source = address(field("IpAddress"));
            Some(a)
        }
        4697 => {
            let mut a = service(event, field("ServiceName"), field("ServiceFileName"), field("ServiceType"));
            (a.account, a.actor) = (clip(field("ServiceAccount")).to_lowercase(), actor());
            Some(a)
        }
        4698 | 4702 => {
            let content = field("TaskContent");
            let part = |tag: &str| {
                let (_, rest) = content.split_once(&format!("<{tag}>"))?;
                Some(
                    rest.split_once("</")?
                        .0
                        .replace("&amp;", "&")
                        .replace("&quot;", "\"")
                        .replace("&lt;", "<")
                        .replace("&gt;", ">"),
                )
            };
            let line = [part("Command"), part("Arguments")].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let mut a = new(event, Action::Task);
            (a.actor, a.target, a.detail) = (actor(), clip(field("TaskName")), clip(&line));
            a.account = clip(&part("UserId").unwrap_or_default()).to_lowercase();
            a.signs = command::start_signs(&line);
            Some(a)
        }
        4719 => {
            let changes = field("AuditPolicyChanges");
            if !(changes.contains("%%8448") || changes.contains("%%8450")) {
                return None;
            }
            let mut a = new(event, Action::Logging);
            (a.actor, a.target, a.detail) =
                (actor(), clip(field("SubcategoryGuid")), "audit policy: no longer written down".into());
            Some(a)
        }
        1102 => {
            let mut a = new(event, Action::LogCleared);
            (a.actor, a.target) = (actor(), "Security".into());
            Some(a)
        }
        4720 => {
            let mut a = new(event, Action::Account);
            (a.account, a.actor) = (account(event, "TargetUserName", "TargetDomainName"), actor());
            Some(a)
        }
        4724 => {
            let mut a = new(event, Action::Password);
            (a.account, a.actor) = (account(event, "TargetUserName", "TargetDomainName"), actor());
            (!is_machines(field("TargetUserName"), "")).then_some(a)
        }
        4728 | 4732 | 4756 => {
            let mut a = new(event, Action::Group);
            let member = field("MemberName");
            let member = if matches!(member, "" | "-") { field("MemberSid") } else { member };
            (a.account, a.actor, a.target) = (clip(member).to_lowercase(), actor(), clip(field("TargetUserName")));
            a.detail = clip(field("TargetSid"));
            Some(a)
        }
        4688 => {
            let line = field("CommandLine");
            let image = field("NewProcessName");
            let mut a = process(event, if line.is_empty() { image } else { line }, field("ParentProcessName"))?;
            a.account = actor();
            Some(a)
        }
        4656 | 4663 => {
            let object = field("ObjectName").to_lowercase();
            let mask = number(field("AccessMask"));
            (object.ends_with("\\lsass.exe") && mask & 0x10 != 0).then_some(())?;
            memory(event, field("ProcessName"), field("AccessMask"), &actor())
        }
        // The rights by which controllers copy all passwords from one another, used by what is no controller.
        4662 => {
            const COPIES: [&str; 3] = ["1131f6aa-9c07-11d1", "1131f6ad-9c07-11d1", "89e95b76-444d-4c62"];
            let properties = field("Properties").to_lowercase();
            let copies = COPIES.iter().any(|c| properties.contains(c));
            if !copies || is_machines(field("SubjectUserName"), field("SubjectUserSid")) {
                return None;
            }
            let mut a = new(event, Action::Memory);
            (a.account, a.method, a.target) = (actor(), "replication".into(), clip(field("ObjectName")));
            a.signs.insert(Sign::Credentials);
            Some(a)
        }
        _ => None,
    }
}

fn number(text: &str) -> u64 {
    let text = text.trim();
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).unwrap_or(0),
        None => text.parse().unwrap_or(0),
    }
}

fn service(event: &Event, name: &str, path: &str, kind: &str) -> Activity {
    let mut a = new(event, Action::Service);
    (a.target, a.detail, a.method) = (clip(name), clip(path), clip(kind).to_lowercase());
    a.signs = command::start_signs(path);
    let file = command::program(&command::first(path));
    if command::is_made_up(name.trim()) && (command::is_made_up(&file) || !a.signs.is_empty()) {
        a.signs.insert(Sign::MadeUpName);
    }
    // What runs a command on another machine installs itself there.
    if matches!(file.as_str(), "psexesvc" | "paexec" | "remcomsvc" | "winexesvc" | "csexecsvc")
        || path.contains("\\ADMIN$")
        || path.contains("\\\\127.0.0.1\\")
    {
        a.signs.insert(Sign::Remote);
    }
    a
}

fn process(event: &Event, line: &str, parent: &str) -> Option<Activity> {
    let signs = command::signs(line, parent);
    if signs.is_empty() {
        return None;
    }
    let mut a = new(event, Action::Process);
    (a.detail, a.parent, a.signs) = (clip(line), clip(parent), signs);
    Some(a)
}

/// A program that opened the memory which holds passwords.
fn memory(event: &Event, program: &str, mask: &str, actor: &str) -> Option<Activity> {
    let lower = program.to_lowercase();
    // The system's own, and virus scanners, which look at all memory.
    const OWN: [&str; 5] = [
        "c:\\windows\\",
        "\\device\\harddiskvolume",
        "c:\\program files\\",
        "c:\\program files (x86)\\",
        "c:\\programdata\\microsoft\\windows defender\\",
    ];
    let interpreter = command::is_interpreter(&command::program(program))
        || matches!(command::program(program).as_str(), "taskmgr" | "werfault");
    if !interpreter && OWN.iter().any(|own| lower.starts_with(own)) && !command::is_writable(program) {
        return None;
    }
    let mut a = new(event, Action::Memory);
    (a.account, a.detail, a.method, a.target) = (actor.into(), clip(program), clip(mask), "lsass.exe".into());
    a.signs.insert(Sign::Credentials);
    Some(a)
}

fn system(event: &Event) -> Option<Activity> {
    let field = |name: &str| event.field(name).trim();
    match (event.id, event.provider.as_str()) {
        (7045, _) => {
            let mut a = service(event, field("ServiceName"), field("ImagePath"), field("ServiceType"));
            a.account = clip(field("AccountName")).to_lowercase();
            Some(a)
        }
        (7040, _) => {
            // What starts no more by itself; the words are the system's language, the short name is not.
            let off =
                ["disabled", "désactivé", "deaktiviert"].iter().any(|w| field("param3").to_lowercase().contains(w));
            let watches = matches!(
                field("param4").to_lowercase().as_str(),
                "eventlog" | "windefend" | "sense" | "sysmon" | "sysmon64"
            );
            (off && watches).then(|| {
                let mut a = new(event, Action::Logging);
                (a.target, a.detail) = (clip(field("param4")), "starts no more by itself".into());
                a
            })
        }
        (104, _) => {
            let mut a = new(event, Action::LogCleared);
            a.actor = account(event, "SubjectUserName", "SubjectDomainName");
            a.target = clip(event.all("Channel").last().unwrap_or_default());
            Some(a)
        }
        _ => None,
    }
}

fn sysmon(event: &Event) -> Option<Activity> {
    let field = |name: &str| event.field(name).trim();
    let user = || clip(field("User")).to_lowercase();
    match event.id {
        1 => {
            let mut a = process(event, field("CommandLine"), field("ParentImage"))?;
            a.account = user();
            Some(a)
        }
        8 | 10 => {
            let target = command::program(field("TargetImage"));
            let reads = event.id == 8 || number(field("GrantedAccess")) & 0x10 != 0;
            (target == "lsass" && reads).then_some(())?;
            memory(event, field("SourceImage"), field("GrantedAccess"), &clip(field("SourceUser")).to_lowercase())
        }
        11 => {
            let file = field("TargetFilename");
            let lower = file.to_lowercase();
            (lower.contains("\\start menu\\programs\\startup\\") && !lower.ends_with("desktop.ini")).then_some(())?;
            let mut a = new(event, Action::Autostart);
            (a.account, a.target, a.detail, a.parent) = (user(), "Startup".into(), clip(file), clip(field("Image")));
            a.signs = command::start_signs(file);
            Some(a)
        }
        13 => {
            let key = field("TargetObject");
            let lower = key.to_lowercase();
            let value = lower.rsplit('\\').next().unwrap_or_default();
            let starts = lower.contains("\\currentversion\\run\\")
                || lower.contains("\\currentversion\\runonce\\")
                || lower.contains("\\policies\\explorer\\run\\")
                || lower.contains("\\winlogon\\") && matches!(value, "shell" | "userinit")
                || lower.contains("\\image file execution options\\") && value == "debugger"
                || lower.contains("\\silentprocessexit\\") && value == "monitorprocess"
                || lower.contains("\\windows nt\\currentversion\\windows\\") && value == "appinit_dlls";
            let usual = value == "shell" && field("Details").eq_ignore_ascii_case("explorer.exe");
            if !starts || usual || field("Details").is_empty() {
                return None;
            }
            let mut a = new(event, Action::Autostart);
            (a.account, a.target, a.detail, a.parent) =
                (user(), clip(key), clip(field("Details")), clip(field("Image")));
            a.signs = command::start_signs(field("Details"));
            Some(a)
        }
        _ => None,
    }
}

/// PowerShell as it started, in logs of before scripts were written down.
fn classic(event: &Event) -> Option<Activity> {
    if event.id != 400 {
        return None;
    }
    let host = event.all("Data").find_map(|d| {
        let (_, rest) = d.split_once("HostApplication=")?;
        Some(rest.split('\n').next().unwrap_or(rest).trim())
    })?;
    let mut a = process(event, host, "")?;
    a.action = Action::Script;
    Some(a)
}

fn task(event: &Event) -> Option<Activity> {
    if event.id != 106 && event.id != 140 {
        return None;
    }
    let name = event.field("TaskName").trim();
    // The system's own tasks are set anew at every update.
    if name.starts_with("\\Microsoft\\") {
        return None;
    }
    let mut a = new(event, Action::Task);
    let actor =
        [event.field("UserContext"), event.field("UserName")].into_iter().find(|n| !n.is_empty()).unwrap_or_default();
    (a.actor, a.target) = (clip(actor).to_lowercase(), clip(name));
    Some(a)
}

fn defender(event: &Event) -> Option<Activity> {
    let field = |name: &str| event.field(name).trim();
    match event.id {
        1006 | 1015 | 1116 => {
            let mut a = new(event, Action::Malware);
            a.account = clip(field("DetectionUser")).to_lowercase();
            (a.target, a.detail, a.method) =
                (clip(field("ThreatName")), clip(field("Path")), clip(field("SeverityName")).to_lowercase());
            a.parent = clip(field("ProcessName"));
            Some(a)
        }
        // What it could do nothing about.
        1008 | 1118 | 1119 => {
            let mut a = new(event, Action::Malware);
            a.account = clip(field("DetectionUser")).to_lowercase();
            (a.target, a.detail) = (clip(field("ThreatName")), clip(field("Path")));
            a.method = "not removed".into();
            Some(a)
        }
        5001 | 5010 | 5012 => {
            let mut a = new(event, Action::ScannerOff);
            a.detail = match event.id {
                5001 => "real-time protection is off",
                5010 => "scanning for spyware is off",
                _ => "scanning for viruses is off",
            }
            .into();
            Some(a)
        }
        5007 => {
            let value = field("NewValue");
            let lower = value.to_lowercase();
            let excludes = lower.contains("\\exclusions\\");
            let off = lower.contains("\\disable") && lower.trim_end().ends_with("0x1");
            (excludes || off).then(|| {
                let mut a = new(event, Action::ScannerOff);
                a.detail = clip(value);
                a
            })
        }
        _ => None,
    }
}

/// `Accepted password for anne from 192.0.2.7 port 50000 ssh2`.
fn openssh(event: &Event) -> Option<Activity> {
    let text = event.field("payload").trim();
    let (said, rest) = text.split_once(" for ")?;
    let (accepted, method) = (said.strip_prefix("Accepted "), said.strip_prefix("Failed "));
    let way = accepted.or(method)?;
    let (who, from) = rest.split_once(" from ")?;
    let mut a = new(event, Action::Logon);
    a.refused = accepted.is_none();
    let unknown = who.strip_prefix("invalid user ");
    (a.method, a.account) = ("ssh".into(), clip(unknown.unwrap_or(who)).to_lowercase());
    a.source = address(from.split(' ').next().unwrap_or_default());
    a.detail = clip(if unknown.is_some() { "no such account" } else { way });
    Some(a)
}

/// Remote desktop as its own logs tell it.
fn desktop(event: &Event) -> Option<Activity> {
    let field = |name: &str| event.field(name).trim();
    let mut a = new(event, Action::Logon);
    a.method = "remote_desktop".into();
    match event.id {
        21 | 25 => {
            a.account = clip(field("User")).to_lowercase();
            a.source = address(field("Address"));
        }
        1149 => {
            a.account = whole(field("Param1"), field("Param2"), &event.computer);
            a.source = address(field("Param3"));
        }
        140 if event.channel.contains("RdpCoreTS") => {
            a.refused = true;
            a.source = address(field("IPString"));
            a.detail = "bad name or password".into();
        }
        _ => return None,
    }
    a.source.is_some().then_some(a)
}
