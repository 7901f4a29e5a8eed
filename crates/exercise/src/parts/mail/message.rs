//! A message and how it is written: headers as servers leave them, MIME, mboxrd.

use crate::random::Random;
use model::Time;

/// Somebody with an address.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) address: String,
}

/// What comes with a text.
pub(super) enum Part {
    Html(String),
    /// Name, type, content.
    Attachment(&'static str, &'static str, String),
}

/// A message before it is written.
pub(super) struct Message {
    pub(super) at: i64,
    pub(super) id: String,
    pub(super) from: Person,
    pub(super) reply_to: Option<String>,
    pub(super) to: Person,
    pub(super) subject: String,
    /// The message answered.
    pub(super) answers: Option<String>,
    pub(super) text: String,
    pub(super) parts: Vec<Part>,
    /// The server it came from, and its address; none for mail within the house.
    pub(super) via: Option<(String, String)>,
    /// What the receiving server found: the domain that authenticated, if one did.
    pub(super) authenticated: Option<String>,
    /// `List-Unsubscribe`, for newsletters.
    pub(super) list: Option<String>,
}

const FIRST: [&str; 24] = [
    "Anna", "Bilal", "Claire", "David", "Élise", "Fabrice", "Gaëlle", "Hugo", "Inès", "Jules", "Karine", "Lionel",
    "Maud", "Nadir", "Odile", "Paul", "Quentin", "Rania", "Sylvie", "Théo", "Ulysse", "Valérie", "William", "Yasmine",
];
const LAST: [&str; 20] = [
    "Aubert",
    "Barbier",
    "Chevalier",
    "Deschamps",
    "Estève",
    "Fontaine",
    "Guérin",
    "Hamon",
    "Imbert",
    "Jacquet",
    "Klein",
    "Lefort",
    "Meunier",
    "Normand",
    "Ollivier",
    "Pasquier",
    "Renard",
    "Savary",
    "Thibault",
    "Vasseur",
];

fn ascii(name: &str) -> String {
    let plain = |c: char| match c {
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'ï' => 'i',
        ' ' => '.',
        c => c,
    };
    name.to_lowercase().chars().map(plain).collect()
}

/// A person at a domain.
pub(super) fn person(random: &mut Random, domain: &str) -> Person {
    let name = format!("{} {}", random.pick(&FIRST), random.pick(&LAST));
    Person { address: format!("{}@{domain}", ascii(&name)), name }
}

/// The staff: the chief first, all addresses different.
pub(super) fn staff(count: u64, domain: &str, random: &mut Random) -> Vec<Person> {
    let chief = Person { name: super::CHIEF.into(), address: format!("{}@{domain}", ascii(super::CHIEF)) };
    let mut staff = vec![chief];
    while (staff.len() as u64) < count {
        let mut one = person(random, domain);
        if staff.iter().any(|p| p.address == one.address) {
            one.address = one.address.replacen('@', &format!("{}@", staff.len()), 1);
        }
        staff.push(one);
    }
    staff
}

/// RFC 2047 for what is not ASCII.
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.into();
    }
    let words: Vec<String> = text
        .split_inclusive(' ')
        .map(|w| {
            w.bytes()
                .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("={b:02X}") })
                .collect()
        })
        .map(|w: String| format!("=?UTF-8?Q?{w}?="))
        .collect();
    words.join("\n ")
}

fn date(at: i64) -> String {
    let zoned = jiff::Timestamp::from_second(at).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    jiff::fmt::rfc2822::to_string(&zoned).unwrap_or_default()
}

impl Message {
    /// Writes it as an mboxrd entry.
    pub(super) fn write(&self, house: &str, out: &mut Vec<u8>) {
        let (date, domain) = (date(self.at), self.from.address.split('@').nth(1).unwrap_or_default());
        let mut text = format!("Return-Path: <{}>\n", self.from.address);
        match &self.via {
            Some((host, address)) => {
                text += &format!(
                    "Received: from {host} ({host} [{address}])\n\tby mx.{house} with ESMTPS id {}\n\tfor <{}>; {date}\n",
                    &self.id[..8],
                    self.to.address
                );
                text += &format!("Authentication-Results: mx.{house};");
                text += &match &self.authenticated {
                    Some(d) => format!(
                        " spf=pass smtp.mailfrom={d};\n dkim=pass header.d={d};\n dmarc=pass header.from={domain}\n"
                    ),
                    None => format!(" spf=none smtp.mailfrom={domain};\n dkim=none; dmarc=none header.from={domain}\n"),
                };
            }
            None => text += &format!("Received: by mx.{house} (local) id {}; {date}\n", &self.id[..8]),
        }
        text += &format!("From: {} <{}>\n", encoded(&self.from.name), self.from.address);
        text += &format!("To: {} <{}>\n", encoded(&self.to.name), self.to.address);
        if let Some(address) = &self.reply_to {
            text += &format!("Reply-To: <{address}>\n");
        }
        text += &format!("Subject: {}\nDate: {date}\nMessage-ID: <{}>\n", encoded(&self.subject), self.id);
        if let Some(id) = &self.answers {
            text += &format!("In-Reply-To: <{id}>\nReferences: <{id}>\n");
        }
        if let Some(address) = &self.list {
            text += &format!("List-Unsubscribe: <{address}>\nPrecedence: bulk\n");
        }
        text += "MIME-Version: 1.0\n";
        if self.parts.is_empty() {
            text +=
                &format!("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n", self.text);
        } else {
            let boundary = format!("=_{}", &self.id[..12]);
            text += &format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\n\n");
            text += &format!(
                "--{boundary}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n",
                self.text
            );
            for part in &self.parts {
                text += &match part {
                    Part::Html(html) => format!(
                        "--{boundary}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{html}\n"
                    ),
                    Part::Attachment(name, kind, content) => format!(
                        "--{boundary}\nContent-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: 8bit\n\n{content}\n"
                    ),
                };
            }
            text += &format!("--{boundary}--\n");
        }
        let stamp = jiff::Timestamp::from_second(self.at).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
        out.extend(format!("From {} {}\n", self.from.address, stamp.strftime("%a %b %e %H:%M:%S %Y")).bytes());
        for line in text.lines() {
            if line.trim_start_matches('>').starts_with("From ") {
                out.push(b'>');
            }
            out.extend_from_slice(line.as_bytes());
            out.push(b'\n');
        }
        out.push(b'\n');
    }
}

/// A `Message-ID` without brackets.
pub(super) fn id(random: &mut Random, domain: &str) -> String {
    format!("{:016x}@{domain}", random.bits())
}

/// A line of the webmail's access log, Combined format.
pub(super) fn visit(at: i64, address: &str, path: &str, referer: &str) -> (i64, String) {
    let stamp = jiff::Timestamp::from_second(at).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    let stamp = stamp.strftime("%d/%b/%Y:%H:%M:%S +0000");
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/57.0.2987.133 Safari/537.36";
    (at, format!("{address} - - [{stamp}] \"GET {path} HTTP/1.1\" 200 5120 \"{referer}\" \"{agent}\""))
}

/// A time as the truth has it.
pub(super) fn time(at: i64) -> Time {
    Time::from_seconds(at)
}
