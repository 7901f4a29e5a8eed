//! One event in words that all forms share: XML, binary XML, and the JSON of several exporters.
//!
//! Fields are named as Sigma's taxonomy names them: those of the head by element and attribute (`Provider_Name`,
//! `Execution_ProcessID`), those of the body by their own names.

use formats::evtx::Element;
use model::{LogSource, Time};
use serde_json::{Map, Value};
use std::rc::Rc;

/// Fields of one event that are looked at, and levels of JSON within one.
const FIELDS: usize = 2000;
const LEVELS: usize = 6;

/// One event.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Event {
    /// Its number.
    pub id: u32,
    /// Who wrote it.
    pub provider: String,
    /// In which log.
    pub channel: String,
    /// On which machine.
    pub computer: String,
    /// Its number in the log; 0 where none is told.
    pub record: u64,
    /// When.
    pub time: Option<Time>,
    /// All fields in order.
    pub fields: Vec<(Rc<str>, String)>,
}

impl Event {
    /// The value of a field of the body or the head; empty where there is none. Blanks in names do not count.
    pub fn field(&self, name: &str) -> &str {
        let same = |own: &str| own == name || own.contains(' ') && own.bytes().filter(|b| *b != b' ').eq(name.bytes());
        self.fields.iter().find(|(n, _)| same(n)).map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e str> {
        self.fields.iter().filter(move |(n, _)| **n == *name).map(|(_, value)| value.as_str())
    }

    fn push(&mut self, name: impl Into<Rc<str>>, value: impl Into<String>) {
        if self.fields.len() < FIELDS {
            self.fields.push((name.into(), value.into()));
        }
    }

    /// A field of the head, whose meaning is known.
    fn head(&mut self, name: &str, value: &str) {
        match name {
            "Provider_Name" => self.provider = value.into(),
            "EventID" => self.id = value.trim().parse().unwrap_or(0),
            "Channel" => self.channel = value.into(),
            "Computer" => self.computer = value.into(),
            "EventRecordID" => self.record = value.trim().parse().unwrap_or(0),
            "TimeCreated_SystemTime" => self.time = time(value),
            _ => {}
        }
        self.push(name, value);
    }

    /// Of XML: an `Event`; none where it is something else.
    pub fn of_element(root: &Element) -> Option<Event> {
        let mut event = Event::default();
        for part in &root.children {
            match &*part.name {
                "System" => {
                    for field in &part.children {
                        for (name, value) in &field.attributes {
                            event.head(&format!("{}_{name}", field.name), value);
                        }
                        if field.has_value || field.attributes.is_empty() {
                            event.head(&field.name, &field.text);
                        }
                    }
                }
                "EventData" | "UserData" => event.body(part, 0),
                "RenderingInfo" => {
                    for field in part.children.iter().filter(|f| &*f.name == "Message") {
                        event.push("Message", field.text.clone());
                    }
                }
                _ => {}
            }
        }
        (&*root.name == "Event" && event.is_one()).then_some(event)
    }

    fn is_one(&self) -> bool {
        self.id != 0 && (!self.channel.is_empty() || !self.provider.is_empty())
    }

    fn body(&mut self, part: &Element, level: usize) {
        for field in &part.children {
            match field.attribute("Name") {
                _ if !field.children.is_empty() && level < LEVELS => self.body(field, level + 1),
                // A field without a value is left out: `null` is what rules call that.
                _ if !field.has_value => {}
                Some(name) if &*field.name == "Data" => self.push(name, field.text.clone()),
                _ => self.push(field.name.clone(), field.text.clone()),
            }
        }
    }

    /// Of JSON as exporters write it; none where it is no event.
    pub fn of_json(value: &Value) -> Option<Event> {
        let mut event = Event::default();
        let value = value.get("_source").filter(|v| v.is_object()).unwrap_or(value);
        if let Some(Value::Object(inner)) = value.get("Event") {
            event.nested(inner);
        } else if let Some(Value::Object(beat)) = value.get("winlog") {
            event.beat(beat, value);
        } else {
            event.flat(value.as_object()?);
        }
        event.is_one().then_some(event)
    }

    /// `{"Event": {"System": …, "EventData": …}}`, attributes as `#attributes`, `@Name` or `Provider_attributes`.
    fn nested(&mut self, event: &Map<String, Value>) {
        if let Some(Value::Object(system)) = event.get("System") {
            for (name, value) in system {
                let plain = name.strip_suffix("_attributes").unwrap_or(name);
                let Value::Object(inner) = value else {
                    self.head(name, &written(value));
                    continue;
                };
                for (key, value) in inner {
                    match (key.as_str(), value) {
                        ("#text", value) => self.head(plain, &written(value)),
                        ("#attributes" | "@attributes", Value::Object(attributes)) => {
                            attributes.iter().for_each(|(k, v)| self.head(&format!("{plain}_{k}"), &written(v)));
                        }
                        (key, value) => {
                            self.head(&format!("{plain}_{}", key.trim_start_matches('@')), &written(value));
                        }
                    }
                }
            }
        }
        for part in ["EventData", "UserData"] {
            if let Some(value) = event.get(part) {
                self.json(None, value, 0);
            }
        }
        let message = event.get("RenderingInfo").and_then(|r| r.get("Message")).and_then(Value::as_str);
        message.into_iter().for_each(|m| self.push("Message", m));
    }

    fn json(&mut self, name: Option<&str>, value: &Value, level: usize) {
        match value {
            Value::Null => {}
            Value::Object(members) if level < LEVELS => {
                // `{"@Name": "TargetUserName", "#text": "anne"}`, as converters of XML write it.
                let own = members.get("@Name").or_else(|| members.get("Name")).and_then(Value::as_str);
                let text = members.get("#text").or_else(|| members.get("content"));
                if let (Some(own), Some(text)) = (own, text) {
                    return self.push(own, written(text));
                }
                for (key, value) in members.iter().filter(|(k, _)| !k.starts_with('@') && *k != "#attributes") {
                    let key = if key == "#text" { name.unwrap_or("Data") } else { key };
                    self.json(Some(key), value, level + 1);
                }
            }
            Value::Array(all) => all.iter().take(FIELDS).for_each(|v| self.json(name, v, level + 1)),
            value => self.push(name.unwrap_or("Data"), written(value)),
        }
    }

    /// Winlogbeat and what follows it.
    fn beat(&mut self, beat: &Map<String, Value>, whole: &Value) {
        let text = |key: &str| beat.get(key).map(written).unwrap_or_default();
        self.head("Provider_Name", &text("provider_name"));
        let id = beat.get("event_id").or_else(|| whole.pointer("/event/code")).map(written);
        self.head("EventID", &id.unwrap_or_default());
        self.head("Channel", &text("channel"));
        self.head("Computer", &text("computer_name"));
        self.head("EventRecordID", &text("record_id"));
        let time = whole.get("@timestamp").map(written).unwrap_or_default();
        self.head("TimeCreated_SystemTime", &time);
        for key in ["event_data", "user_data"] {
            if let Some(value) = beat.get(key) {
                self.json(None, value, 0);
            }
        }
        if let Some(Value::String(message)) = whole.get("message") {
            self.push("Message", message.clone());
        }
    }

    /// One object of all fields: NXLog, `ConvertTo-Json`, datasets that were flattened.
    fn flat(&mut self, all: &Map<String, Value>) {
        let first = |keys: &[&str]| keys.iter().find_map(|k| all.get(*k)).map(written).unwrap_or_default();
        const HEAD: [(&str, &[&str]); 6] = [
            ("Provider_Name", &["Provider_Name", "ProviderName", "SourceName", "Provider", "source_name"]),
            ("EventID", &["EventID", "EventId", "Id", "event_id"]),
            ("Channel", &["Channel", "LogName", "log_name"]),
            ("Computer", &["Computer", "Hostname", "MachineName", "host", "computer_name"]),
            ("EventRecordID", &["EventRecordID", "RecordNumber", "RecordId", "record_number"]),
            (
                "TimeCreated_SystemTime",
                &[
                    "TimeCreated_SystemTime",
                    "SystemTime",
                    "UtcTime",
                    "TimeCreated",
                    "@timestamp",
                    "EventTime",
                    "timestamp",
                ],
            ),
        ];
        for (name, keys) in HEAD {
            self.head(name, &first(keys));
        }
        for (name, value) in all {
            let known = HEAD.iter().any(|(own, _)| own == name);
            match name.as_str() {
                _ if known => {}
                "EventData" | "UserData" => self.json(None, value, 0),
                name => self.json(Some(name), value, 0),
            }
        }
    }

    /// Which of Sigma's log sources it is of.
    pub fn source(&self) -> LogSource {
        let channel = self.channel.as_str();
        let service = SERVICES.iter().find(|(c, _)| c.eq_ignore_ascii_case(channel)).map_or("", |(_, s)| *s);
        let category = match (service, self.id) {
            ("sysmon", 12) if self.field("EventType").starts_with("Create") => "registry_add",
            ("sysmon", 12) => "registry_delete",
            ("sysmon", id) => SYSMON.iter().find(|(n, _)| *n == id).map_or("", |(_, category)| *category),
            ("security", 4688) => "process_creation",
            ("powershell", 4104) => "ps_script",
            ("powershell", 4103) => "ps_module",
            ("powershell-classic", 400) => "ps_classic_start",
            ("powershell-classic", 600) => "ps_classic_provider_start",
            ("powershell-classic", 800) => "ps_classic_script",
            _ => "",
        };
        LogSource { category, product: "windows", service }
    }

    /// Names under which rules for a category ask for what this log calls otherwise.
    pub fn aliases(&self) -> &'static [(&'static str, &'static str)] {
        match self.id {
            4688 if self.channel == "Security" => &[
                ("NewProcessName", "Image"),
                ("ParentProcessName", "ParentImage"),
                ("SubjectUserName", "User"),
                ("MandatoryLabel", "IntegrityLevel"),
            ],
            _ => &[],
        }
    }
}

/// What a value says.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A time as exporters write it: RFC 3339, without a zone in UTC, and `/Date(1490000000000)/`.
fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("/Date(").or_else(|| text.strip_prefix("\\/Date(")) {
        let digits: String = inner.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect();
        return Some(Time::from_seconds(digits.parse::<i64>().ok()?.div_euclid(1000)));
    }
    crate::posts::shares::stamp(text.as_bytes()).map(|s| s.time)
}

/// Sigma's services by the log's name, as its taxonomy and its pipelines for Windows have them.
static SERVICES: &[(&str, &str)] = &[
    ("Security", "security"),
    ("System", "system"),
    ("Application", "application"),
    ("Microsoft-Windows-Sysmon/Operational", "sysmon"),
    ("Microsoft-Windows-PowerShell/Operational", "powershell"),
    ("PowerShellCore/Operational", "powershell"),
    ("Windows PowerShell", "powershell-classic"),
    ("Microsoft-Windows-TaskScheduler/Operational", "taskscheduler"),
    ("Microsoft-Windows-WMI-Activity/Operational", "wmi"),
    ("Microsoft-Windows-Windows Defender/Operational", "windefend"),
    ("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall", "firewall-as"),
    ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", "terminalservices-localsessionmanager"),
    ("Microsoft-Windows-CodeIntegrity/Operational", "codeintegrity-operational"),
    ("Microsoft-Windows-AppLocker/EXE and DLL", "applocker"),
    ("Microsoft-Windows-AppLocker/MSI and Script", "applocker"),
    ("Microsoft-Windows-AppLocker/Packaged app-Deployment", "applocker"),
    ("Microsoft-Windows-AppLocker/Packaged app-Execution", "applocker"),
    ("Microsoft-Windows-DriverFrameworks-UserMode/Operational", "driver-framework"),
    ("Microsoft-Windows-NTLM/Operational", "ntlm"),
    ("Microsoft-Windows-DNS-Client/Operational", "dns-client"),
    ("DNS Server", "dns-server"),
    ("Microsoft-Windows-DNS-Server/Analytical", "dns-server-analytic"),
    ("Microsoft-Windows-DNS-Server/Audit", "dns-server-audit"),
    ("Microsoft-Windows-Bits-Client/Operational", "bits-client"),
    ("Microsoft-Windows-SMBClient/Security", "smbclient-security"),
    ("Microsoft-Windows-SmbClient/Connectivity", "smbclient-connectivity"),
    ("Microsoft-Windows-SMBServer/Audit", "smbserver-audit"),
    ("Microsoft-Windows-PrintService/Admin", "printservice-admin"),
    ("Microsoft-Windows-PrintService/Operational", "printservice-operational"),
    ("Microsoft-Windows-AppXDeploymentServer/Operational", "appxdeployment-server"),
    ("Microsoft-Windows-AppxPackaging/Operational", "appxpackaging-om"),
    ("Microsoft-Windows-AppModel-Runtime/Admin", "appmodel-runtime"),
    ("Microsoft-Windows-LSA/Operational", "lsa-server"),
    ("Microsoft-Windows-LDAP-Client/Debug", "ldap"),
    ("Microsoft-Windows-Security-Mitigations/KernelMode", "security-mitigations"),
    ("Microsoft-Windows-Security-Mitigations/UserMode", "security-mitigations"),
    ("Microsoft-Windows-Diagnosis-Scripted/Operational", "diagnosis-scripted"),
    ("Microsoft-Windows-Shell-Core/Operational", "shell-core"),
    ("Microsoft-Windows-CAPI2/Operational", "capi2"),
    (
        "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational",
        "certificateservicesclient-lifecycle-system",
    ),
    ("Microsoft-Windows-VHDMP-Operational", "vhdmp"),
    ("Microsoft-Windows-VHDMP/Operational", "vhdmp"),
    ("Microsoft-Windows-Kernel-ShimEngine/Operational", "kernel-shimengine"),
    ("Microsoft-Windows-Kernel-EventTracing/Admin", "kernel-event-tracing"),
    ("Microsoft-IIS-Configuration/Operational", "iis-configuration"),
    ("Microsoft-ServiceBus-Client", "microsoft-servicebus-client"),
    ("Microsoft-ServiceBus-Client/Operational", "microsoft-servicebus-client"),
    ("MSExchange Management", "msexchange-management"),
    ("OpenSSH/Operational", "openssh"),
    ("Microsoft-Windows-SENSE/Operational", "sense"),
];

/// Sigma's categories by Sysmon's numbers.
static SYSMON: &[(u32, &str)] = &[
    (1, "process_creation"),
    (2, "file_change"),
    (3, "network_connection"),
    (4, "sysmon_status"),
    (5, "process_termination"),
    (6, "driver_load"),
    (7, "image_load"),
    (8, "create_remote_thread"),
    (9, "raw_access_thread"),
    (10, "process_access"),
    (11, "file_event"),
    (13, "registry_set"),
    (14, "registry_rename"),
    (15, "create_stream_hash"),
    (16, "sysmon_status"),
    (17, "pipe_created"),
    (18, "pipe_created"),
    (19, "wmi_event"),
    (20, "wmi_event"),
    (21, "wmi_event"),
    (22, "dns_query"),
    (23, "file_delete"),
    (24, "clipboard_capture"),
    (25, "process_tampering"),
    (26, "file_delete"),
    (27, "file_block_executable"),
    (28, "file_block_shredding"),
    (29, "file_executable_detected"),
    (255, "sysmon_error"),
];
