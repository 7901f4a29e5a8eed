//! The mailbox that was read: letters from outside, day by day, each signed by its provider's key (DKIM, RFC 6376, with
//! Ed25519, RFC 8463), some with papers of the archive attached.

use super::papers::{Paper, sentence};
use crate::random::Random;
use jiff::tz::TimeZone;
use model::Time;
use ring::digest;
use ring::signature::{Ed25519KeyPair, KeyPair};

/// A provider: its domain, its address, its key.
pub(super) struct Provider {
    domain: String,
    key: Ed25519KeyPair,
}

const SELECTOR: &str = "s2017";
const PLACES: [&str; 6] =
    ["mairie-est", "imprimerie-duval", "salle-concorde", "agence-relais", "comite-ouest", "presse-regionale"];
const WRITERS: [&str; 8] = [
    "Alice Morand",
    "Bruno Tessier",
    "Chantal Roy",
    "Denis Caron",
    "Estelle Prat",
    "Franck Noël",
    "Gilles Andre",
    "Helene Bry",
];

/// Providers, each with a key of its own.
pub(super) fn providers(random: &mut Random) -> Vec<Provider> {
    let of = |place: &&str| {
        let mut seed = [0; 32];
        seed.chunks_mut(8).for_each(|c| c.copy_from_slice(&random.bits().to_be_bytes()));
        let key = Ed25519KeyPair::from_seed_unchecked(&seed).ok()?;
        Some(Provider { domain: format!("{place}.example"), key })
    };
    PLACES.iter().filter_map(of).collect()
}

impl Provider {
    /// Its answer in the DNS, as `vigie keys fetch` keeps one.
    pub(super) fn record(&self) -> String {
        let key = base64(self.key.public_key().as_ref());
        format!(
            "{{\"name\":\"{SELECTOR}._domainkey.{}\",\"type\":\"TXT\",\"rcode\":\"NOERROR\",\"answers\":[\"v=DKIM1; k=ed25519; p={key}\"]}}",
            self.domain
        )
    }
}

/// A letter.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// When it came.
    pub(super) at: i64,
    pub(super) id: String,
    provider: usize,
    writer: usize,
    subject: String,
    /// What it answers.
    answers: Option<String>,
    pub(super) paragraphs: Vec<String>,
    /// Which paper is attached.
    pub(super) attached: Option<usize>,
}

/// What becomes of a letter on its way into the leak.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// As it came.
    Whole,
    /// A sentence was put in after it was signed.
    Changed,
    /// Nobody ever signed it.
    Unsigned,
}

/// So many letters a day (four in ten of that at the end of a week), between seven and ten in the evening.
pub(super) fn letters(
    per_day: f64,
    (from, to): (i64, i64),
    zone: &TimeZone,
    papers: &[Paper],
    house: &str,
    random: &mut Random,
) -> Vec<Letter> {
    let mut all: Vec<Letter> = Vec::new();
    let mut day = from;
    while day < to {
        let weekend = matches!(
            Time::from_seconds(day + 43_200).in_zone(zone).weekday(),
            jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
        );
        for _ in 0..random.poisson(if weekend { per_day * 0.4 } else { per_day }) {
            let at = day + 7 * 3600 + random.below(15 * 3600) as i64;
            // Papers are sent when they are there.
            let ready = papers.iter().take_while(|p| p.said.modified < at).count() as u64;
            let attached = (ready > 0 && random.chance(0.08)).then(|| random.below(ready) as usize);
            let subject = match &attached {
                Some(n) => format!("Document : {}", papers[*n].name.rsplit('/').next().unwrap_or_default()),
                None => format!("Point du {}", Time::from_seconds(at).in_zone(zone).strftime("%d/%m")),
            };
            let answers = random.chance(0.3).then(|| format!("{:016x}@{house}", random.bits()));
            all.push(Letter {
                at,
                id: format!("{:016x}@{}.example", random.bits(), PLACES[random.below(6) as usize]),
                provider: random.below(PLACES.len() as u64) as usize,
                writer: random.below(WRITERS.len() as u64) as usize,
                subject,
                answers,
                paragraphs: (0..random.range(2, 5)).map(|_| sentence(random)).collect(),
                attached,
            });
        }
        day += 86_400;
    }
    all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    all
}

impl Letter {
    /// A letter nobody wrote.
    pub(super) fn invented(at: i64, like: &Letter, random: &mut Random) -> Letter {
        let paragraphs =
            vec![sentence(random), "Le virement vers le compte aux Bahamas est fait, détruisez ce message.".into()];
        Letter {
            at,
            id: format!("{:016x}@{}.example", random.bits(), PLACES[0]),
            paragraphs,
            attached: None,
            ..like.clone()
        }
    }

    /// As it lies in a mailbox, lines ended by line feeds.
    pub(super) fn bytes(
        &self,
        owner: &str,
        house: &str,
        papers: &[Vec<u8>],
        providers: &[Provider],
        fate: Fate,
    ) -> Vec<u8> {
        let provider = &providers[self.provider];
        let stamp = |at: i64| {
            let zoned = Time::from_seconds(at).in_zone(&TimeZone::UTC);
            jiff::fmt::rfc2822::to_string(&zoned).unwrap_or_default()
        };
        let name = WRITERS[self.writer];
        let local = name.to_lowercase().replace(' ', ".").replace('ë', "e");
        let mut head = vec![
            ("From", format!("{} <{local}@{}>", name.replace('ë', "e"), provider.domain)),
            ("To", owner.to_string()),
            ("Subject", encoded(&self.subject)),
            ("Date", stamp(self.at - 4)),
            ("Message-ID", format!("<{}>", self.id)),
        ];
        let text = self.paragraphs.join("\r\n\r\n");
        let attachment = self.attached.map(|n| &papers[n]);
        let (kind, body) = match attachment {
            None => ("text/plain; charset=utf-8".to_string(), format!("{text}\r\n")),
            Some(bytes) => {
                let boundary = format!("=_{}", &self.id[..12]);
                let file = self.subject.trim_start_matches("Document : ").to_string();
                let lines: Vec<String> =
                    base64(bytes).as_bytes().chunks(76).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
                let body = format!(
                    "--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n\
                     --{boundary}\r\nContent-Type: application/octet-stream; name=\"{file}\"\r\n\
                     Content-Disposition: attachment; filename=\"{file}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
                     --{boundary}--\r\n",
                    lines.join("\r\n")
                );
                (format!("multipart/mixed; boundary=\"{boundary}\""), body)
            }
        };
        let signature = match fate {
            Fate::Unsigned => None,
            _ => Some(signature(provider, &head, &body)),
        };
        let body = match fate {
            Fate::Changed => body.replacen(
                &self.paragraphs[0],
                &format!("{} La somme a été versée en liquide, comme convenu.", self.paragraphs[0]),
                1,
            ),
            _ => body,
        };
        if let Some(id) = &self.answers {
            head.push(("In-Reply-To", format!("<{id}>")));
        }
        let mut out = format!("Return-Path: <{local}@{}>\r\n", provider.domain);
        out += &format!(
            "Received: from mx.{0} (mx.{0} [192.0.2.{1}])\r\n\tby mx.{house} with ESMTPS id {2}\r\n\tfor <{owner}>; {3}\r\n",
            provider.domain,
            self.provider + 20,
            &self.id[..8],
            stamp(self.at)
        );
        signature.into_iter().for_each(|s| out += &format!("DKIM-Signature: {s}\r\n"));
        head.iter().for_each(|(name, value)| out += &format!("{name}: {value}\r\n"));
        out += &format!("MIME-Version: 1.0\r\nContent-Type: {kind}\r\n");
        if attachment.is_none() {
            out += "Content-Transfer-Encoding: 8bit\r\n";
        }
        out += "\r\n";
        out += &body;
        out.replace("\r\n", "\n").into_bytes()
    }
}

/// A mailbox of such messages (mboxrd).
pub(super) fn mbox(messages: &[(i64, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, bytes) in messages {
        let stamp = Time::from_seconds(*at).in_zone(&TimeZone::UTC).strftime("%a %b %e %H:%M:%S %Y").to_string();
        out.extend(format!("From - {stamp}\n").bytes());
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let bare = line.iter().position(|b| *b != b'>').map_or(line, |n| &line[n..]);
            if bare.starts_with(b"From ") {
                out.push(b'>');
            }
            out.extend_from_slice(line);
        }
        out.push(b'\n');
    }
    out
}

/// The signature's value. Fields and body are written so that they are their own relaxed form (RFC 6376 3.4).
fn signature(provider: &Provider, head: &[(&str, String)], body: &str) -> String {
    let names: Vec<String> = head.iter().map(|(n, _)| n.to_lowercase()).collect();
    let hash = base64(digest::digest(&digest::SHA256, body.as_bytes()).as_ref());
    let unsigned = format!(
        "v=1; a=ed25519-sha256; c=relaxed/relaxed; d={}; s={SELECTOR}; h={}; bh={hash}; b=",
        provider.domain,
        names.join(":")
    );
    let mut input: String = head.iter().map(|(n, v)| format!("{}:{v}\r\n", n.to_lowercase())).collect();
    input += &format!("dkim-signature:{unsigned}");
    let digest = digest::digest(&digest::SHA256, input.as_bytes());
    format!("{unsigned}{}", base64(provider.key.sign(digest.as_ref()).as_ref()))
}

/// RFC 2047 in one word, for what is not ASCII.
fn encoded(text: &str) -> String {
    match text.is_ascii() {
        true => text.into(),
        false => format!("=?UTF-8?B?{}?=", base64(text.as_bytes())),
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |w, b| w << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for n in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * n) & 63) as usize] as char;
            out.push(if n <= chunk.len() { letter } else { '=' });
        }
    }
    out
}
