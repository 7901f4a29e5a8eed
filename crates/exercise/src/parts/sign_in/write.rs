//! The log: ordinary days first, then what is hidden among them, put in order and written as two exports that overlap.

use super::{SignIns, TrueLog, TrueTaken};
use crate::address::{Addresses, Country, Side};
use crate::evidence::Evidence;
use crate::parts::mail::staff;
use crate::random::Random;
use crate::stage::Stage;
use model::{Address, Result, Time};
use serde_json::{Value, json};

const DAY: i64 = 86_400;

/// One record: its second, and itself.
type Record = (i64, Value);

/// Programs of the staff.
const CLIENTS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:52.0) Gecko/20100101 Firefox/52.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/57.0.2987.133 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_4) AppleWebKit/603.1.30 (KHTML, like Gecko) Version/10.1 Safari/603.1.30",
];
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 10_3_1 like Mac OS X) AppleWebKit/603.1.30 (KHTML, like Gecko) Version/10.0 Mobile/14E304 Safari/602.1";
const THIEF: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/56.0.2924.87 Safari/537.36";

/// A person and where he is.
struct Person {
    account: String,
    home: Address,
    phone: Address,
    client: &'static str,
}

struct Log {
    records: Vec<Record>,
    random: Random,
}

impl Log {
    fn add(&mut self, at: i64, mut record: Value) {
        let id = format!("{:016x}-{:016x}", self.random.bits(), self.random.bits());
        let stamp = Time::from_seconds(at).to_string();
        record["CreationTime"] = json!(stamp.trim_end_matches('Z'));
        record["Id"] = json!(id);
        self.records.push((at, record));
    }

    /// A sign-in; a code where it fails.
    fn sign_in(&mut self, at: i64, account: &str, source: Address, client: &str, code: &str) {
        let operation = if code == "0" { "UserLoggedIn" } else { "UserLoginFailed" };
        self.add(
            at,
            json!({
                "Operation": operation, "RecordType": 15, "UserType": 0, "Workload": "AzureActiveDirectory",
                "ClientIP": source.to_string(), "UserId": account, "ErrorNumber": code,
                "ExtendedProperties": [{ "Name": "UserAgent", "Value": client }, { "Name": "RequestType", "Value": "OAuth2:Authorize" }],
            }),
        );
    }

    /// Messages read within two minutes.
    fn read(&mut self, at: i64, account: &str, source: Address, client: &str, messages: u64) {
        self.add(
            at,
            json!({
                "Operation": "MailItemsAccessed", "RecordType": 50, "UserType": 0, "Workload": "Exchange",
                "ClientIPAddress": source.to_string(), "UserId": account, "MailboxOwnerUPN": account,
                "ClientInfoString": format!("Client=OWA;{client}"), "OperationCount": messages,
                "OperationProperties": [{ "Name": "MailAccessType", "Value": "Bind" }, { "Name": "IsThrottled", "Value": "False" }],
            }),
        );
    }

    /// One of Exchange's commands.
    fn exchange(
        &mut self,
        at: i64,
        operation: &str,
        account: &str,
        kind: u64,
        source: Option<Address>,
        parameters: Value,
    ) {
        self.add(
            at,
            json!({
                "Operation": operation, "RecordType": 1, "UserType": kind, "Workload": "Exchange", "UserId": account,
                "ClientIP": source.map(|s| format!("{s}:443")).unwrap_or_default(), "Parameters": parameters,
            }),
        );
    }
}

/// Writes `m365.audit-1.csv` and `m365.audit-2.csv`.
pub(super) fn write(s: &SignIns, stage: &Stage, evidence: &mut Evidence) -> Result<TrueLog> {
    let zone = &stage.period.zone;
    let (from, to) = (s.from.start(zone), s.to.end(zone));
    let mut countries: Vec<Country> = vec![s.country.0, s.journey.0];
    countries.extend(s.taken.iter().map(|t| t.country.0).chain(s.spray.iter().map(|t| t.country.0)));
    let addresses = Addresses::of(countries)?;
    let random = &mut stage.random("sign_in/people", 0);
    // The same people as in the mail.
    let names = staff(s.staff, &stage.mail_domain, &mut stage.random("staff", 0));
    let office = addresses.draw(s.country.0, Side::Ordinary, random);
    let mut people: Vec<Person> = Vec::new();
    for account in names {
        let home = addresses.draw(s.country.0, Side::Ordinary, random);
        let phone = addresses.draw(s.country.0, Side::Ordinary, random);
        people.push(Person { account, home, phone, client: random.pick(&CLIENTS) });
    }
    let mut log = Log { records: Vec::new(), random: stage.random("sign_in/ids", 0) };
    // The first of the staff administers and the last travels; whoever followed a lure does neither.
    let lured: Vec<(String, Time)> =
        evidence.lured.iter().filter(|(who, _)| people.iter().any(|p| p.account == *who)).cloned().collect();
    let followed = |n: &usize| lured.iter().any(|(who, _)| people[*n].account == *who);
    let administrator = (0..people.len()).find(|n| !followed(n)).unwrap_or(0);
    let traveller = (0..people.len()).rev().find(|n| !followed(n) && *n != administrator).unwrap_or(people.len() - 1);
    let abroad = addresses.draw(s.journey.0, Side::Ordinary, random);
    // The journey is in the middle of the log, with the own machine.
    let journey = (from + to) / 2;
    let mut day = from;
    while day < to {
        for (n, person) in people.iter().enumerate() {
            let travels = n == traveller && (journey..journey + 3 * DAY).contains(&day);
            ordinary(&mut log, person, day, office, travels.then_some(abroad), &addresses, s.country.0, random);
        }
        services(&mut log, day, random);
        day += DAY;
    }
    migration(&mut log, &people, administrator, journey + 8 * DAY, office);
    let mut truth = TrueLog::default();
    // Whoever followed a lure, else by lot; never the administrator or who travels.
    let mut lured = lured.clone();
    let mut free: Vec<usize> = (0..people.len()).filter(|n| *n != administrator && *n != traveller).collect();
    random.shuffle(&mut free);
    // Whoever lets the same application in, by the same country, is one hand with one way out.
    let mut hands: Vec<((Country, &str), Address)> = Vec::new();
    for taken in &s.taken {
        let lure = if lured.is_empty() { None } else { Some(lured.remove(0)) };
        let place =
            lure.as_ref().and_then(|(who, _)| free.iter().position(|n| people[*n].account == *who)).unwrap_or(0);
        let person = &people[free.swap_remove(place)];
        let hand = (taken.country.0, taken.application.as_str());
        let same = hands.iter().find(|(of, _)| *of == hand && !taken.application.is_empty()).map(|(_, source)| *source);
        let source = same.unwrap_or_else(|| addresses.draw(taken.country.0, Side::Attempts, random));
        hands.push((hand, source));
        let until = taken.until.start(zone);
        let first_night = until - (taken.nights as i64 - 1).max(0) * DAY;
        let given = taken.at.map(|w| w.start(zone));
        let after = lure.map(|(_, time)| time.seconds() + 2 * DAY);
        let at = given.or(after).unwrap_or(first_night).min(first_night + 2 * 3600) + random.below(1800) as i64;
        let done = take(&mut log, person, source, at, (until, taken), random);
        evidence.read.push((done.account.clone(), done.cut_off));
        truth.taken.push(done);
    }
    if let Some(spray) = &s.spray {
        let source = addresses.draw(spray.country.0, Side::Attempts, random);
        let mut at = spray.at.start(zone);
        for _ in 0..spray.passwords {
            for person in &people {
                log.sign_in(at, &person.account, source, "BAV2ROPC", "50126");
                truth.sprayed += 1;
                at += random.range(3, 9) as i64;
            }
            at += 900;
        }
    }
    exports(log.records, &mut truth, evidence)?;
    Ok(truth)
}

/// A person's day.
#[allow(clippy::too_many_arguments, reason = "all of them are where somebody may be")]
fn ordinary(
    log: &mut Log,
    person: &Person,
    day: i64,
    office: Address,
    abroad: Option<Address>,
    addresses: &Addresses,
    country: Country,
    random: &mut Random,
) {
    let account = person.account.as_str();
    let morning = day + 8 * 3600 + random.below(5400) as i64;
    let place = abroad.unwrap_or(if random.chance(0.6) { office } else { person.home });
    // One morning in twenty with a mistyped password first.
    if random.chance(0.05) {
        (0..random.range(1, 3))
            .for_each(|n| log.sign_in(morning - 60 + 15 * n as i64, account, place, person.client, "50126"));
    }
    log.sign_in(morning, account, place, person.client, "0");
    for _ in 0..random.range(2, 6) {
        let at = morning + 300 + random.below(9 * 3600) as i64;
        log.read(at, account, place, person.client, random.range(1, 12));
    }
    // A telephone, on whatever mobile network it is.
    if random.chance(0.5) {
        let mobile = if random.chance(0.3) { addresses.draw(country, Side::Ordinary, random) } else { person.phone };
        log.sign_in(day + 19 * 3600 + random.below(3600) as i64, account, abroad.unwrap_or(mobile), PHONE, "0");
    }
}

/// What the provider does by itself.
fn services(log: &mut Log, day: i64, random: &mut Random) {
    const SYSTEM: &str = "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)";
    for operation in
        ["Set-Mailbox", "Set-MailboxPlan", "Add-MailboxPermission", "Set-AdminAuditLogConfig", "Set-TransportConfig"]
    {
        let at = day + random.below(DAY as u64) as i64;
        let parameters = json!([
            { "Name": "Identity", "Value": "host/DiscoverySearchMailbox" }, { "Name": "User", "Value": "host/Discovery Management" },
            { "Name": "AccessRights", "Value": "FullAccess" },
        ]);
        log.exchange(at, operation, SYSTEM, 3, None, parameters);
    }
}

/// Who administers opens everybody's mailbox to a program that moves them.
fn migration(log: &mut Log, people: &[Person], administrator: usize, at: i64, office: Address) {
    for (n, person) in people.iter().enumerate() {
        let parameters = json!([
            { "Name": "Identity", "Value": format!("host/{}", person.account) }, { "Name": "User", "Value": "host/migration" },
            { "Name": "AccessRights", "Value": "FullAccess" },
        ]);
        log.exchange(
            at + 20 * n as i64,
            "Add-MailboxPermission",
            &people[administrator].account,
            2,
            Some(office),
            parameters,
        );
    }
}

/// What somebody else does with an account.
fn take(
    log: &mut Log,
    person: &Person,
    source: Address,
    at: i64,
    (until, taken): (i64, &super::Taken),
    random: &mut Random,
) -> TrueTaken {
    let account = person.account.as_str();
    log.sign_in(at, account, source, THIEF, "0");
    if !taken.application.is_empty() {
        log.add(
            at + 240,
            json!({
                "Operation": "Consent to application.", "RecordType": 8, "UserType": 0, "Workload": "AzureActiveDirectory",
                "UserId": account, "ResultStatus": "Success", "ObjectId": "0f0e0d0c",
                "Target": [{ "ID": taken.application, "Type": 1 }],
                "ModifiedProperties": [
                    { "Name": "ConsentContext.OnBehalfOfAll", "NewValue": "False", "OldValue": "" },
                    { "Name": "ConsentAction.Permissions", "NewValue": "[] => [[Id: x, Scope: Mail.Read offline_access]]; ", "OldValue": "" },
                ],
            }),
        );
    }
    let rule = json!([
        { "Name": "Name", "Value": "." }, { "Name": "SubjectContainsWords", "Value": "security;password" },
        { "Name": "DeleteMessage", "Value": "True" },
    ]);
    log.exchange(at + 420, "New-InboxRule", account, 2, Some(source), rule);
    let (mut messages, mut cut_off) = (0, at);
    for night in (0..taken.nights as i64).rev() {
        let mut time = (until - night * DAY + 2 * 3600 + random.below(1800) as i64).max(at + 600);
        log.sign_in(time - 30, account, source, THIEF, "0");
        let mut left = taken.messages;
        while left > 0 {
            let some = random.range(5, 40).min(left);
            log.read(time, account, source, THIEF, some);
            (messages, left, cut_off) = (messages + some, left - some, time);
            time += random.range(125, 400) as i64;
        }
    }
    TrueTaken {
        account: account.into(),
        source: source.to_string(),
        signed_in: Time::from_seconds(at),
        messages,
        cut_off: Time::from_seconds(cut_off),
    }
}

/// The portal gives the newest first, and its exports overlap: the second begins a fifth before the first ends.
fn exports(mut records: Vec<Record>, truth: &mut TrueLog, evidence: &mut Evidence) -> Result<()> {
    records.sort_by(|a, b| (a.0, a.1["Id"].as_str()).cmp(&(b.0, b.1["Id"].as_str())));
    truth.records = records.len() as u64;
    let (end, begin) = (records.len() * 3 / 5, records.len() * 2 / 5);
    for (name, part) in [("m365.audit-1.csv", &records[..end]), ("m365.audit-2.csv", &records[begin..])] {
        let mut text = String::from("CreationDate,UserIds,Operations,AuditData\n");
        for (_, record) in part.iter().rev() {
            let of = |key: &str| record[key].as_str().unwrap_or_default();
            let data = record.to_string().replace('"', "\"\"");
            text += &format!("{}Z,{},{},\"{data}\"\n", of("CreationTime"), of("UserId"), of("Operation"));
        }
        truth.rows += part.len() as u64;
        evidence.file(name, text.as_bytes())?;
    }
    Ok(())
}
