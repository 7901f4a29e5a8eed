//! What evidence fills has a largest size, and whoever writes the evidence knows it. One test for all such tables: at
//! the cap nothing is lost and nothing said; one past it a note or a skip says so with the number, every event is still
//! counted somewhere, and nobody is named by a line that does not name him. A new kind asks [`holds`] of its tables in tests
//! of its own; nothing is added here.

use crate::input::Input;
use crate::names::Names;
use crate::testing::{Memory, config};
use crate::{Sensor, auth_log, mail, sigma, sign_in, station_minutes, web_log, windows_event};
use model::{Context, Result, Span, Time, Visit};
use rows::Row;
use rows::attempt::Purpose;
use rows::auth_log::{Login, Outcome};
use rows::key::RunKey;
use rows::station_minutes::Table as Counts;
use rows::web_log::{Request, Slot};
use std::io::Cursor;

/// A table under test.
pub(crate) struct Table {
    pub name: &'static str,
    /// Its cap, as the test sets it or as it is.
    pub cap: usize,
    /// Evidence with so many different things.
    pub evidence: fn(usize) -> String,
    /// Reads it with that cap.
    pub read: fn(&[u8], usize) -> Memory,
    /// What stands in the note or skip one past the cap; nothing where passing it loses nothing.
    pub said: Option<&'static str>,
    /// How many events are counted in all.
    pub counted: fn(&Memory) -> u64,
}

/// What a reader says of some bytes.
pub(crate) fn with(bytes: &[u8], read: impl FnOnce(&mut Input, &Context, &mut Memory) -> Result<()>) -> Memory {
    let config = config("[protect]\ndomains = [\"parti-bleu.fr\"]");
    let origins = crate::origin::Origin::default();
    let context = Context { config: &config, origins: &origins, at: Time::from_seconds(1_490_000_000), modified: None };
    let mut memory = Memory::new();
    let mut input = Input::open(Box::new(Cursor::new(bytes.to_vec())), Default::default()).expect("memory reads");
    read(&mut input, &context, &mut memory).expect("evidence never makes a reader fail");
    memory
}

fn web(bytes: &[u8], caps: web_log::Caps) -> Memory {
    with(bytes, |input, context, out| web_log::read_with(input, context, caps, out))
}

fn letters(bytes: &[u8], caps: mail::Caps) -> Memory {
    with(bytes, |input, context, out| mail::read_with(input, context, caps, out))
}

fn machines(bytes: &[u8], caps: windows_event::Caps) -> Memory {
    with(bytes, |input, _, out| windows_event::read_with(input, caps, out))
}

/// A line of an exporter: an event of Windows with these members.
fn windows(record: usize, id: usize, members: &str) -> String {
    let members = if members.ends_with(',') { members } else { "" };
    format!(
        "{{\"EventTime\":\"2017-04-12 08:00:00\",\"Hostname\":\"PC1\",\"EventID\":{id},\"SourceName\":\"x\",{members}\"Channel\":\"x\",\"RecordNumber\":{record}}}\n"
    )
}

/// Events of Windows that were read, by all tallies.
fn events(memory: &Memory) -> u64 {
    let tallied = memory.tallies.iter().filter(|((kind, _), _)| kind == windows_event::EVENT);
    tallied.map(|(_, counts)| counts[0]).sum()
}

/// A message of parts of one kind.
fn parts(media: &str, parts: &[String]) -> String {
    let parts: String = parts.iter().map(|part| format!("--b\nContent-Type: {media}\n\n{part}")).collect();
    format!("From: a@b.example\nTo: c@b.example\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n")
}

/// How long the lists of this name in messages are.
fn listed(memory: &Memory, name: &str) -> u64 {
    let messages = memory.observations.iter().filter(|v| v.observation.kind == mail::MESSAGE);
    messages.filter_map(|v| v.observation.fields.get(name)?.as_array()).map(|list| list.len() as u64).sum()
}

fn skipped(memory: &Memory) -> u64 {
    memory.skips.iter().map(|(_, skip)| skip.count).sum()
}

fn web_line(host: &str, source: usize, minute: usize, target: &str) -> String {
    format!(
        "{host} 198.51.{}.{} - - [10/Jan/2017:{:02}:{:02}:36 +0100] \"GET {target} HTTP/1.1\" 200 123 \"-\" \"Mozilla\"\n",
        source / 250,
        source % 250,
        13 + minute / 60,
        minute % 60
    )
}

const ATTACK: &str = "/?id=1%20UNION%20SELECT%20password%20FROM%20users--";

/// The requests counted by site and five minutes.
fn requests(memory: &Memory) -> u64 {
    memory.tallies.iter().filter(|((kind, _), _)| kind == Slot::NAME).map(|(_, counts)| counts[0]).sum()
}

fn tables() -> Vec<Table> {
    vec![
        Table {
            name: "web_log sites",
            cap: 8,
            evidence: |n| {
                let line = |i: usize| web_line(&format!("h{i}.example"), i, 0, ATTACK);
                // Our own site is asked for last, when the table is full.
                (0..n).map(line).collect::<String>() + &web_line("parti-bleu.fr", n, 0, ATTACK).repeat(2)
            },
            read: |bytes, sites| web(bytes, web_log::Caps { sites, ..Default::default() }),
            said: Some("more than 8 host names were asked for: 1 requests"),
            counted: |m| {
                assert_eq!(m.count(Request::NAME, |o| o.key.contains("|parti-bleu.fr|")), 2, "our site is told");
                assert_eq!(m.count(Request::NAME, |_| true), requests(m));
                requests(m) - 2
            },
        },
        Table {
            name: "web_log visitors",
            cap: 8,
            evidence: |n| (0..n).map(|i| web_line("a.example", i, 0, "/")).collect(),
            read: |bytes, visitors| web(bytes, web_log::Caps { visitors, ..Default::default() }),
            said: Some("more than 8 visitors came within an hour: 9 ordinary requests"),
            counted: requests,
        },
        Table {
            name: "web_log counts by site and five minutes",
            cap: 8,
            evidence: |n| (0..n).map(|i| web_line("a.example", 0, 5 * i, "/")).collect(),
            read: |bytes, slots| web(bytes, web_log::Caps { slots, ..Default::default() }),
            said: None,
            counted: requests,
        },
        Table {
            name: "auth_log connections",
            cap: 8,
            evidence: |n| {
                // Up to twice the cap is remembered.
                let connections = 8 + 9 * (n - 8);
                let line = |i: usize, said: &str| format!("2017-01-10 13:55:36 UTC [{i}] {said}\n");
                let received = |i: usize| line(i, &format!("LOG:  connection received: host=198.51.100.{i} port=5"));
                let refused = |i: usize| line(i, &format!("FATAL:  password authentication failed for user \"u{i}\""));
                (1..=connections).map(received).chain((1..=n).map(refused)).collect()
            },
            read: |bytes, most| with(bytes, |input, context, out| auth_log::read_with(input, context, most, out)),
            said: Some("only the last 8 connections to databases are remembered: 8 events"),
            counted: |m| m.count(Login::NAME, |o| Login::of(&o.fields).is_ok_and(|l| l.outcome == Outcome::Failed)),
        },
        Table {
            name: "pairs of who writes to whom",
            cap: 8,
            evidence: |n| {
                let from = "From x@example Mon Mar  6 10:00:00 2017\n";
                (0..n).map(|i| format!("{from}From: a{i}@b.example\nTo: c@b.example\nSubject: x\n\ny\n\n")).collect()
            },
            read: |bytes, profile| letters(bytes, mail::Caps { profile, ..Default::default() }),
            said: Some("more than 8 pairs of author and recipient"),
            counted: |m| m.count(mail::MESSAGE, |_| true),
        },
        Table {
            name: "messages within a message",
            cap: 8,
            evidence: |n| {
                // The outermost is one of them.
                let inner: Vec<String> = (1..n).map(|i| format!("From: a{i}@b.example\nSubject: x\n\ny\n")).collect();
                parts("message/rfc822", &inner)
            },
            read: |bytes, within| letters(bytes, mail::Caps { within, ..Default::default() }),
            said: Some("more messages within each other than are read (1)"),
            counted: |m| m.count(mail::MESSAGE, |_| true) + skipped(m),
        },
        Table {
            name: "attachments of a message",
            cap: mail::content::attachment::ATTACHMENTS,
            evidence: |n| parts("application/octet-stream", &vec!["x\n".to_string(); n]),
            read: |bytes, _| letters(bytes, mail::Caps::default()),
            said: Some("more attachments than are looked into (1)"),
            counted: |m| listed(m, "opened") + skipped(m),
        },
        Table {
            name: "links of a message",
            cap: mail::content::links::MOST,
            evidence: |n| {
                let link = |i: usize| format!("<a href=https://h{i}.example>x</a>");
                let links: String = (0..n).map(link).collect();
                format!("From: a@b.example\nTo: c@b.example\nContent-Type: text/html\n\n{links}\n")
            },
            read: |bytes, _| letters(bytes, mail::Caps::default()),
            said: Some("more links in a message than are looked at (1)"),
            counted: |m| listed(m, "links") + skipped(m),
        },
        Table {
            name: "sign_in operations",
            cap: 8,
            evidence: |n| {
                let record = |i: usize| {
                    format!(
                        "{{\"Operation\":\"Op{i}\",\"Workload\":\"Exchange\",\"RecordType\":1,\"UserType\":0,\"Id\":\"{i}\",\"UserId\":\"a@b.example\",\"CreationTime\":\"2017-04-03T08:00:00\"}}\n"
                    )
                };
                (0..n).map(record).collect()
            },
            read: |bytes, operations| {
                with(bytes, |input, context, out| sign_in::read_with(input, context, sign_in::Caps { operations }, out))
            },
            said: Some("more than 8 names of operations: 1 records are counted without theirs"),
            counted: |m| {
                let tallied = m.tallies.iter().filter(|((kind, _), _)| kind == sign_in::OPERATION);
                tallied.map(|(_, counts)| counts[0]).sum()
            },
        },
        Table {
            name: "races of a count",
            cap: recount::build::RACES,
            evidence: |n| {
                let all: String = (0..n).map(|i| format!("Race {i},1,Ada,5\n")).collect();
                format!("contest,station,candidate,votes\n{all}")
            },
            read: |bytes, _| with(bytes, |input, _, out| station_minutes::read::evidence(input, out)),
            said: Some("more races than are read (1)"),
            counted: |m| m.count(Counts::NAME, |_| true) + skipped(m),
        },
        Table {
            name: "candidates of a race",
            cap: recount::build::CANDIDATES,
            evidence: |n| {
                let all: String = (0..n).map(|i| format!("Mayor,1,Ada {i},5\n")).collect();
                format!("contest,station,candidate,votes\n{all}")
            },
            read: |bytes, _| with(bytes, |input, _, out| station_minutes::read::evidence(input, out)),
            said: Some("more candidates than are read (1)"),
            counted: |m| {
                let tables = m.observations.iter().filter_map(|v| Counts::of(&v.observation.fields).ok());
                tables.map(|t| t.counts.iter().flatten().count() as u64).sum::<u64>() + skipped(m)
            },
        },
        Table {
            name: "windows_event kinds of events",
            cap: 8,
            evidence: |n| (0..n).map(|i| windows(i, 50_000 + i, "x")).collect(),
            read: |bytes, events| machines(bytes, windows_event::Caps { events, ..Default::default() }),
            said: Some("more than 8 kinds of events: 1 records are counted without theirs"),
            counted: events,
        },
        Table {
            name: "windows_event scripts in parts",
            cap: 8,
            evidence: |n| {
                let part = |i: usize, part: usize| {
                    let text = format!(
                        "\"MessageNumber\":{part},\"MessageTotal\":2,\"ScriptBlockId\":\"s{i}\",\"ScriptBlockText\":\"x\","
                    );
                    let channel = "Microsoft-Windows-PowerShell/Operational";
                    windows(2 * i + part, 4104, &text)
                        .replace("\"Channel\":\"x\"", &format!("\"Channel\":\"{channel}\""))
                };
                (0..n).map(|i| part(i, 1)).chain((0..n).map(|i| part(i, 2))).collect()
            },
            // Each weighs a little more than 2,000 bytes until its second part comes.
            read: |bytes, scripts| {
                machines(bytes, windows_event::Caps { scripts: 2_200 * scripts, ..Default::default() })
            },
            said: Some("part of a script block that is missing"),
            counted: |m| events(m) / 2,
        },
        Table {
            name: "machines, accounts and addresses of a Sigma rule",
            cap: sigma::listen::GROUPS,
            evidence: |n| {
                (0..n).map(|i| windows(i, 50_000, "\"Y\":1,").replace("\"PC1\"", &format!("\"PC{i}\""))).collect()
            },
            read: |bytes, _| {
                let rule = "title: x\nlogsource: {product: windows}\ndetection: {a: {Y: 1}, condition: a}";
                let config = config(&format!("[[sigma.told]]\nname = \"r.yml\"\ntext = \"\"\"{rule}\"\"\""));
                let origins = crate::origin::Origin::default();
                let at = Time::from_seconds(1_490_000_000);
                let context = Context { config: &config, origins: &origins, at, modified: None };
                let mut memory = Memory::new();
                let mut input =
                    Input::open(Box::new(Cursor::new(bytes.to_vec())), Default::default()).expect("memory reads");
                let reader = &windows_event::WindowsEvent;
                sigma::heard(reader, &mut input, &context, &mut memory).expect("evidence never makes a reader fail");
                memory
            },
            said: Some("machines, accounts or addresses: 1 events are counted without theirs"),
            counted: |m| {
                let all = m.observations.iter().filter(|v| v.observation.kind == rows::sigma::Match::NAME);
                all.map(|v| v.observation.count).sum()
            },
        },
        Table {
            name: "names of a JSON document",
            cap: 100_000,
            evidence: |n| {
                let all: Vec<String> = (0..n).map(|i| format!("\"n{i}.example\"")).collect();
                format!("{{\n\"domains\": [{}]}}", all.join(","))
            },
            read: |bytes, _| with(bytes, |input, context, out| Names.read(input, context, out)),
            said: Some("more than 100,000 members in one list"),
            counted: |m| {
                let read: u64 = m.tallies.values().map(|counts| counts[0]).sum();
                read + skipped(m)
            },
        },
    ]
}

/// What was said, in notes and skips, but that a long list is not searched for families: it loses nothing that is counted.
fn said(memory: &Memory) -> Vec<String> {
    let skips = memory.skips.iter().map(|(_, s)| format!("{} ({})", s.reason, s.count));
    let notes = memory.notes.iter().map(|(_, n)| n.text.en.clone()).filter(|n| !n.contains("no families"));
    notes.chain(skips).collect()
}

/// Every line of an observation names the source and the site in its key.
fn names_whom_its_lines_name(visit: &Visit, bytes: &[u8], table: &str) {
    let Ok(RunKey { purpose, site, source }) = visit.observation.key.parse() else { return };
    for Span { start, len, .. } in visit.observation.spans.iter() {
        let line = String::from_utf8_lossy(&bytes[start as usize..(start + len) as usize]);
        if purpose == Purpose::Web {
            assert!([web_log::OTHERS, "-"].contains(&&*site) || line.contains(&site), "{table}: {site}: {line}");
            assert!(line.contains(&source.to_string()), "{table}: {source}: {line}");
        }
    }
}

/// One past its cap is said, counted and blamed on nobody.
pub(crate) fn holds(table: &Table) {
    let at = |n: usize| {
        let bytes = (table.evidence)(n).into_bytes();
        let memory = (table.read)(&bytes, table.cap);
        memory.observations.iter().for_each(|v| names_whom_its_lines_name(v, &bytes, table.name));
        assert_eq!((table.counted)(&memory), n as u64, "{}: {n} things are counted", table.name);
        said(&memory)
    };
    assert_eq!(at(table.cap), Vec::<String>::new(), "{} at its cap", table.name);
    let past = at(table.cap + 1);
    match table.said {
        Some(words) => assert!(past.iter().any(|s| s.contains(words)), "{}: {past:?}", table.name),
        None => assert_eq!(past, Vec::<String>::new(), "{} loses nothing", table.name),
    }
}

#[test]
fn one_past_every_cap_is_said_counted_and_blamed_on_nobody() {
    tables().iter().for_each(holds);
}

#[test]
fn a_million_names_of_hosts_neither_stop_nor_slow_the_reader() {
    // Several blocks, each with more hosts than there are sites.
    let log: String = (0..40_000).map(|i| web_line(&format!("s{i}.example.org"), 7, 0, "/")).collect();
    let memory = web(log.as_bytes(), web_log::Caps::default());
    assert_eq!(requests(&memory), 40_000);
    assert!(said(&memory)[0].contains("36000 requests"), "{:?}", said(&memory));
}
