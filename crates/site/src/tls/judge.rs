//! What was found, under testssl.sh's ids, with its severities.
//!
//! You may rely on: what hangs on a question that was not answered is `WARN` (testssl.sh's word for a test that could not be
//! run), never `OK` and never a fault.

use super::certificate::{Certificate, Trust};
use super::scan::{Asked, BEFORE_13, Picked, Scan, bits};
use super::suites::{FINITE, GROUPS, Suite, Suites, Worth, group};
use model::Time;
use serde::Serialize;

/// One result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Judged {
    /// `OK`, `INFO`, `LOW`, `MEDIUM`, `HIGH`, `CRITICAL`; `WARN`: it could not be said.
    pub severity: &'static str,
    /// What it is.
    pub finding: String,
}

/// Results by id, in order.
pub type Named = Vec<(String, Judged)>;

/// The name of a prime that many servers share.
#[must_use]
pub fn prime_name(prime: &[u8]) -> Option<String> {
    let from = prime.iter().position(|b| *b != 0)?;
    let digest = ring::digest::digest(&ring::digest::SHA256, &prime[from..]);
    let hex: String = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    knowledge::tls::Tls::embedded().primes.get(&hex).cloned()
}

/// What it hangs on whether a suite is offered: by any version, by one before TLS 1.3, by one before TLS 1.1.
const ALL: [Asked; 5] = [
    Asked::Version(0x0300),
    Asked::Version(0x0301),
    Asked::Version(0x0302),
    Asked::Version(0x0303),
    Asked::Version(0x0304),
];
const OLD: [Asked; 4] =
    [Asked::Version(0x0300), Asked::Version(0x0301), Asked::Version(0x0302), Asked::Version(0x0303)];
const EARLY: [Asked; 2] = [Asked::Version(0x0300), Asked::Version(0x0301)];

const fn version(code: u16) -> &'static str {
    match code {
        0x0300 => "SSLv3",
        0x0301 => "TLSv1.0",
        0x0302 => "TLSv1.1",
        0x0303 => "TLSv1.2",
        _ => "TLSv1.3",
    }
}

/// What is told of what the server did not answer.
pub const NOT_SAID: &str = "could not be said: the server did not answer";
/// Of a chain where the authorities of this machine were not found: as `collect` says it.
pub const NO_AUTHORITIES: &str = "no authority is known";

struct Bench<'a> {
    scan: &'a Scan,
    suites: &'a Suites,
    out: Named,
}

impl<'a> Bench<'a> {
    fn put(&mut self, id: impl Into<String>, severity: &'static str, finding: impl Into<String>) {
        self.out.push((id.into(), Judged { severity, finding: finding.into() }));
    }

    /// A result that hangs on a question; where that was not answered and it is no fault that was seen, it could not be said.
    fn if_known(&mut self, asked: &[Asked], id: &str, severity: &'static str, finding: impl Into<String>) {
        match asked.iter().any(|a| self.scan.unknown.contains(a)) {
            true => self.put(id, "WARN", NOT_SAID),
            false => self.put(id, severity, finding),
        }
    }

    fn of(&self, versions: &[u16]) -> Vec<&'a Suite> {
        let (scan, suites) = (self.scan, self.suites);
        let mut all: Vec<&Suite> =
            versions.iter().filter_map(|v| scan.picked.get(v)).flatten().filter_map(|p| suites.get(p.suite)).collect();
        all.sort_by_key(|s| s.code);
        all.dedup();
        all
    }

    fn all(&self) -> Vec<&'a Suite> {
        self.of(&[0x0300, 0x0301, 0x0302, 0x0303, 0x0304])
    }

    fn versions(&mut self) {
        let scan = self.scan;
        match scan.ssl2 {
            None => self.if_known(&[Asked::Ssl2], "SSLv2", "OK", "not offered"),
            Some(0) => self.put("SSLv2", "HIGH", "offered, no cipher"),
            Some(n) => self.put("SSLv2", "CRITICAL", format!("offered with {n} ciphers")),
        }
        match scan.speaks(0x0300) {
            true => self.put("SSLv3", "HIGH", "offered"),
            false => self.if_known(&[Asked::Version(0x0300)], "SSLv3", "OK", "not offered"),
        }
        let mut below = scan.speaks(0x0300).then_some(0x0300);
        for (id, code) in [("TLS1", 0x0301), ("TLS1_1", 0x0302)] {
            if scan.speaks(code) {
                self.put(id, "LOW", "offered (deprecated)");
                below = Some(code);
            } else {
                self.refused(id, code, below, "INFO");
            }
        }
        match scan.speaks(0x0303) {
            true => {
                self.put("TLS1_2", "OK", "offered");
                below = Some(0x0303);
            }
            false => self.refused("TLS1_2", 0x0303, below, if scan.speaks(0x0304) { "INFO" } else { "MEDIUM" }),
        }
        match scan.speaks(0x0304) {
            true => self.put("TLS1_3", "OK", "offered with final"),
            false => self.refused("TLS1_3", 0x0304, below, "LOW"),
        }
        match scan.alpn.as_deref() {
            Some("h2") => self.put("ALPN_HTTP2", "OK", "h2"),
            Some(other) => self.put("ALPN", "INFO", other.to_string()),
            // TLS 1.3 says it behind what is encrypted.
            None if BEFORE_13.iter().any(|v| scan.speaks(*v)) => self.put("ALPN", "INFO", "not offered"),
            None => {}
        }
    }

    /// Of a version that is not spoken: how it was refused. A server that speaks a lower one and breaks off, or that answers
    /// with a higher one, is at fault.
    fn refused(&mut self, id: &str, code: u16, below: Option<u16>, severity: &'static str) {
        let how = code == 0x0304 && self.scan.unknown.contains(&Asked::Refusal);
        if how || self.scan.unknown.contains(&Asked::Version(code)) {
            self.put(id, "WARN", NOT_SAID);
            return;
        }
        match (self.scan.other.get(&code), below) {
            (Some(other), _) if *other > code => {
                self.put(id, "CRITICAL", format!("not offered, answered with {}", version(*other)));
            }
            (Some(other), Some(below)) if *other < below => {
                self.put(
                    id,
                    "CRITICAL",
                    format!("not offered, and downgraded to {} rather than {}", version(*other), version(below)),
                );
            }
            (Some(_), _) => {
                let severity = match code {
                    0x0302 => "CRITICAL",
                    0x0303 => "MEDIUM",
                    0x0301 => "MEDIUM",
                    _ => "INFO",
                };
                self.put(id, severity, "not offered + downgraded to weaker protocol");
            }
            (None, Some(below)) => {
                self.put(id, "CRITICAL", format!("connection failed rather than downgrading to {}", version(below)));
            }
            (None, None) => self.put(id, severity, "not offered"),
        }
    }

    fn lists(&mut self) {
        let all = self.all();
        let has = |worth: Worth| all.iter().any(|s| s.worth() == worth);
        for (id, worth, offered, not) in [
            ("cipherlist_NULL", Worth::Null, "CRITICAL", "OK"),
            ("cipherlist_aNULL", Worth::Anonymous, "CRITICAL", "OK"),
            ("cipherlist_EXPORT", Worth::Export, "CRITICAL", "OK"),
            ("cipherlist_LOW", Worth::Low, "HIGH", "OK"),
            ("cipherlist_3DES_IDEA", Worth::SmallBlocks, "MEDIUM", "INFO"),
            ("cipherlist_AVERAGE", Worth::Old, "LOW", "INFO"),
            ("cipherlist_STRONG", Worth::Strong, "OK", "MEDIUM"),
        ] {
            match has(worth) {
                true => self.put(id, offered, "offered"),
                false => self.if_known(&ALL, id, not, "not offered"),
            }
        }
    }

    fn forward(&mut self) {
        let mut all: Vec<&Suite> = self.all().into_iter().filter(|s| s.is_forward_secret()).collect();
        if all.is_empty() {
            self.if_known(&ALL, "PFS", "MEDIUM", "No ciphers supporting (P)FS offered");
            return;
        }
        self.put("PFS", "OK", "offered");
        all.sort_by_key(|s| std::cmp::Reverse(s.bits()));
        self.put("PFS_ciphers", "INFO", all.iter().map(|s| s.openssl.as_str()).collect::<Vec<_>>().join(" "));
        let curves: Vec<_> = GROUPS.iter().filter(|g| self.scan.curves.contains(&g.0)).collect();
        if let Some(low) = curves.iter().map(|g| g.2).min() {
            let severity = match low {
                ..=163 => "MEDIUM",
                164..=193 => "LOW",
                194..=224 => "INFO",
                _ if self.scan.unknown.iter().any(|a| matches!(a, Asked::Groups(_))) => "WARN",
                _ => "OK",
            };
            self.put("PFS_ECDHE_curves", severity, curves.iter().map(|g| g.1).collect::<Vec<_>>().join(" "));
        }
        let finite: Vec<&str> = FINITE.iter().filter(|g| self.scan.finite.contains(&g.0)).map(|g| g.1).collect();
        if !finite.is_empty() {
            self.put("DH_groups", "OK", finite.join(" "));
        } else if let Some(prime) = &self.scan.prime {
            let size = bits(prime);
            let severity = match size {
                ..=600 => "CRITICAL",
                601..=800 => "HIGH",
                801..=1280 => "MEDIUM",
                2048.. => "OK",
                _ => "INFO",
            };
            let name = prime_name(prime).unwrap_or_else(|| format!("Unknown DH group ({size} bits)"));
            self.put("DH_groups", severity, name);
        }
    }

    fn preference(&mut self) {
        let scan = self.scan;
        let [before, after] = scan.orders;
        let has13 = after == Some(true);
        let default13 = scan.usual.as_ref().is_some_and(|u| u.0 == 0x0304);
        let sure = !scan.unknown.iter().any(|a| matches!(a, Asked::Order(_) | Asked::Usual) || ALL.contains(a));
        match before {
            _ if !sure => self.put("cipher_order", "WARN", NOT_SAID),
            None if !has13 => self.put("cipher_order", "INFO", "not a cipher order for TLS 1.3 configured"),
            None => self.put("cipher_order", "INFO", "server (TLS 1.3)"),
            Some(false) if !has13 => self.put("cipher_order", "HIGH", "NOT a cipher order configured"),
            Some(false) => self.put("cipher_order", "HIGH", "server -- < TLS 1.3 client determined"),
            Some(true) if !has13 && default13 => {
                self.put("cipher_order", "OK", "server -- TLS 1.3 client determined");
            }
            Some(true) => self.put("cipher_order", "OK", "server"),
        }
        let Some((code, picked)) = &scan.usual else {
            if scan.unknown.contains(&Asked::Usual) {
                self.put("protocol_negotiated", "WARN", NOT_SAID);
                self.put("cipher_negotiated", "WARN", NOT_SAID);
            }
            return;
        };
        let (severity, word) = match code {
            0x0304 => ("OK", "TLS1.3"),
            0x0303 => ("OK", "TLS1.2"),
            0x0302 => ("LOW", "TLS1.1"),
            0x0301 => ("LOW", "TLS1.0"),
            _ => ("CRITICAL", "SSLv3"),
        };
        self.put("protocol_negotiated", severity, format!("Default protocol {word}"));
        if let Some(suite) = self.suites.get(picked.suite) {
            let severity = match suite.worth() {
                Worth::Strong => "OK",
                Worth::Old => "LOW",
                Worth::SmallBlocks => "MEDIUM",
                Worth::Low => "HIGH",
                _ => "CRITICAL",
            };
            self.put("cipher_negotiated", severity, format!("{}{}", suite.openssl, exchange(picked)));
        }
    }

    fn weaknesses(&mut self, compressed: Option<bool>) {
        let scan = self.scan;
        let all = self.all();
        let before13 = self.of(&BEFORE_13);
        let none = before13.is_empty();
        // Of what is not known before TLS 1.3, nothing can be said of a server of TLS 1.3 alone.
        let only13 = none && !OLD.iter().any(|a| scan.unknown.contains(a));
        let unsure = none && !only13;
        match scan.extensions.contains(&15) {
            false if unsure => self.put("heartbleed", "WARN", NOT_SAID),
            false => self.put("heartbleed", "OK", "not vulnerable, no heartbeat extension"),
            true if only13 => self.put("heartbleed", "OK", "not vulnerable, no heartbeat extension"),
            true => self.put("heartbleed", "INFO", "heartbeat is offered; whether it leaks was not tried"),
        }
        match scan.extensions.contains(&0xff01) {
            _ if only13 => self.put("secure_renego", "OK", "TLS 1.3 only server"),
            true => self.put("secure_renego", "OK", "supported"),
            false if unsure => self.put("secure_renego", "WARN", NOT_SAID),
            false => self.put("secure_renego", "CRITICAL", "VULNERABLE"),
        }
        match scan.compresses {
            _ if only13 => self.put("CRIME_TLS", "OK", "TLS 1.3 only server"),
            true => self.put("CRIME_TLS", "HIGH", "VULNERABLE"),
            false if unsure => self.put("CRIME_TLS", "WARN", NOT_SAID),
            false => self.if_known(&[Asked::Compression], "CRIME_TLS", "OK", "not vulnerable"),
        }
        match compressed {
            Some(false) => self.put("BREACH", "OK", "not vulnerable, no HTTP compression"),
            Some(true) => self.put("BREACH", "MEDIUM", "potentially VULNERABLE, HTTP compression detected"),
            None => self.put("BREACH", "WARN", "could not be said: no page was had"),
        }
        let ssl3 = self.of(&[0x0300]);
        let poodle = ssl3.iter().any(|s| s.is_cbc());
        match (scan.speaks(0x0300), poodle) {
            (false, _) => {
                self.if_known(&[Asked::Version(0x0300)], "POODLE_SSL", "OK", "not vulnerable, no SSLv3");
            }
            (true, true) => self.put("POODLE_SSL", "HIGH", "VULNERABLE, uses SSLv3+CBC"),
            (true, false) => self.if_known(&[Asked::Version(0x0300)], "POODLE_SSL", "OK", "not vulnerable"),
        }
        match scan.guards_fallback {
            _ if only13 => self.put("fallback_SCSV", "OK", "only TLS 1.3 supported"),
            None => {
                let asked = [&OLD[..], &[Asked::Fallback]].concat();
                self.if_known(&asked, "fallback_SCSV", "OK", "no protocol below the highest offered");
            }
            Some(true) => self.put("fallback_SCSV", "OK", "supported"),
            Some(false) if poodle => self.put("fallback_SCSV", "HIGH", "NOT supported and vulnerable to POODLE SSL"),
            Some(false) => self.put("fallback_SCSV", "MEDIUM", "NOT supported"),
        }
        let small =
            before13.iter().any(|s| ["3DES", "DES_", "DES40", "IDEA", "RC2"].iter().any(|c| s.cipher.starts_with(c)));
        match small {
            true => self.put("SWEET32", "LOW", "uses 64 bit block ciphers"),
            false => self.if_known(&OLD, "SWEET32", "OK", "not vulnerable"),
        }
        let export = |kinds: &[&str]| before13.iter().any(|s| s.export && kinds.contains(&s.exchange.as_str()));
        match export(&["RSA"]) {
            true => self.put("FREAK", "CRITICAL", "VULNERABLE, uses EXPORT RSA ciphers"),
            false => self.if_known(&OLD, "FREAK", "OK", "not vulnerable"),
        }
        match scan.ssl2 {
            None => self.if_known(&[Asked::Ssl2], "DROWN", "OK", "not vulnerable on this host and port"),
            Some(0) => self.put("DROWN", "HIGH", "SSLv2 offered, but could not detect a cipher"),
            Some(n) => self.put("DROWN", "CRITICAL", format!("VULNERABLE, SSLv2 offered with {n} ciphers")),
        }
        self.logjam(export(&["DH", "DHE"]));
        self.chained(&before13);
        let streams: Vec<&str> =
            all.iter().filter(|s| s.cipher.starts_with("RC4")).map(|s| s.openssl.as_str()).collect();
        match (only13, streams.is_empty()) {
            (true, _) => self.put("RC4", "OK", "not vulnerable, TLS 1.3 only"),
            (_, true) => self.if_known(&OLD, "RC4", "OK", "not vulnerable"),
            (_, false) => self.put("RC4", "HIGH", format!("VULNERABLE, Detected ciphers: {}", streams.join(" "))),
        }
    }

    fn logjam(&mut self, export: bool) {
        let size = self.scan.prime.as_ref().map(|p| bits(p));
        let name = self.scan.prime.as_ref().and_then(|p| prime_name(p));
        match (export, size, &name) {
            (true, ..) => self.put("LOGJAM", "HIGH", "VULNERABLE, uses DH EXPORT ciphers"),
            (false, Some(size), None) if size <= 1280 => {
                let severity = match size {
                    ..=600 => "CRITICAL",
                    601..=800 => "HIGH",
                    _ => "MEDIUM",
                };
                self.put("LOGJAM", severity, format!("no DH EXPORT ciphers, no common prime but only {size} bits"));
            }
            _ => self.if_known(&OLD, "LOGJAM", "OK", "not vulnerable, no DH EXPORT ciphers"),
        }
        match (size, name) {
            (None, _) => self.if_known(&OLD, "LOGJAM-common_primes", "OK", "no DH key with <= TLS 1.2"),
            (Some(_), None) => self.put("LOGJAM-common_primes", "OK", "--"),
            (Some(size), Some(name)) => {
                let severity = match size {
                    ..=800 => "CRITICAL",
                    801..=1024 => "HIGH",
                    1025..=1536 => "LOW",
                    _ => "INFO",
                };
                self.put("LOGJAM-common_primes", severity, name);
            }
        }
    }

    /// What follows from chained blocks.
    fn chained(&mut self, before13: &[&Suite]) {
        let scan = self.scan;
        let mut beast = false;
        for (id, code) in [("BEAST_CBC_SSL3", 0x0300), ("BEAST_CBC_TLS1", 0x0301)] {
            let mut chained: Vec<&Suite> = self.of(&[code]).into_iter().filter(|s| s.is_cbc()).collect();
            chained.sort_by_key(|s| std::cmp::Reverse(s.bits()));
            let names: Vec<&str> = chained.iter().map(|s| s.openssl.as_str()).collect();
            if !names.is_empty() {
                beast = true;
                self.put(id, "MEDIUM", names.join(" "));
            }
        }
        let higher: Vec<&str> = [0x0302, 0x0303].into_iter().filter(|v| scan.speaks(*v)).map(version).collect();
        match (scan.speaks(0x0300) || scan.speaks(0x0301), beast, higher.is_empty()) {
            (false, ..) => self.if_known(&EARLY, "BEAST", "OK", "not vulnerable, no SSL3 or TLS1"),
            (true, false, _) => self.if_known(&EARLY, "BEAST", "OK", "no CBC ciphers found for any protocol"),
            (true, true, false) => {
                let finding =
                    format!("VULNERABLE -- but also supports higher protocols {} (likely mitigated)", higher.join(" "));
                self.put("BEAST", "LOW", finding);
            }
            (true, true, true) => {
                self.put("BEAST", "MEDIUM", "VULNERABLE -- and no higher protocols as mitigation supported")
            }
        }
        match (before13.is_empty(), before13.iter().any(|s| s.is_cbc())) {
            (true, _) => self.if_known(&OLD, "LUCKY13", "OK", "not vulnerable, TLS 1.3 only"),
            (_, false) => self.if_known(&OLD, "LUCKY13", "OK", "not vulnerable"),
            (_, true) => self.put("LUCKY13", "LOW", "potentially vulnerable, uses TLS CBC ciphers"),
        }
    }

    fn suites(&mut self) {
        let mut by: Vec<(&Suite, &Picked)> = Vec::new();
        for picked in self.scan.picked.values().rev().flatten() {
            if let Some(suite) = self.suites.get(picked.suite)
                && !by.iter().any(|(s, _)| s.code == suite.code)
            {
                by.push((suite, picked));
            }
        }
        by.sort_by_key(|(s, _)| (std::cmp::Reverse(s.bits()), s.code));
        for (suite, picked) in by {
            let id = format!("cipher_x{:02x}", suite.code);
            self.put(
                id,
                "INFO",
                format!("x{:02x} {}{} {} {}", suite.code, suite.openssl, exchange(picked), suite.bits(), suite.name),
            );
        }
    }
}

fn exchange(picked: &Picked) -> String {
    let (name, size) = match (picked.group.and_then(group), picked.prime) {
        (Some(group), _) => group,
        (None, Some(size)) => return format!(", {size} bit DH"),
        (None, None) => return String::new(),
    };
    match name.starts_with("ffdhe") {
        true => format!(", {size} bit DH ({name})"),
        false => format!(", {size} bit ECDH ({name})"),
    }
}

fn day(at: Time) -> String {
    at.timestamp().strftime("%Y-%m-%d %H:%M").to_string()
}

impl Bench<'_> {
    /// Of one chain. `host` is who was asked for, `postfix` tells several apart.
    fn certificate(&mut self, chain: &[Vec<u8>], trust: &Trust, host: &str, at: Time, postfix: &str) {
        let Some(c) = chain.first().and_then(|d| Certificate::read(d)) else {
            self.put(format!("cert{postfix}"), "HIGH", "the certificate cannot be read");
            return;
        };
        let mut put = |id: &str, severity, finding: String| self.put(format!("{id}{postfix}"), severity, finding);
        let (hash, kind) = c.signature;
        let severity = match hash {
            "MD2" | "MD5" => "CRITICAL",
            "SHA1" => "MEDIUM",
            "SHA224" => "INFO",
            _ => "OK",
        };
        put(
            "cert_signatureAlgorithm",
            severity,
            match kind {
                "ECDSA" => format!("ECDSA with {hash}"),
                "PSS" => format!("RSASSA-PSS with {hash}"),
                "RSA" => format!("{hash} with RSA"),
                kind => kind.to_string(),
            },
        );
        let severity = match c.key {
            ("EC" | "Ed25519" | "Ed448", n) => match n {
                ..=110 => "CRITICAL",
                111..=123 => "HIGH",
                124..=163 => "MEDIUM",
                164..=224 => "INFO",
                _ => "OK",
            },
            (_, ..=512) => "CRITICAL",
            (_, 513..=768) => "HIGH",
            (_, 769..=1024) => "MEDIUM",
            (_, 1025..=2048) => "INFO",
            (_, 2049..=4096) => "OK",
            _ => "WARN",
        };
        put("cert_keySize", severity, format!("{} {} bits", c.key.0, c.key.1));
        match c.usage.join(", ") {
            usage if usage.is_empty() => put("cert_keyUsage", "INFO", "No server key usage information".into()),
            usage => put("cert_keyUsage", "INFO", usage),
        }
        match c.purposes.join(", ") {
            all if all.is_empty() => put("cert_extKeyUsage", "INFO", "No server extended key usage information".into()),
            all if all.contains("Server") || all.contains("Any") => put("cert_extKeyUsage", "INFO", all),
            all => put(
                "cert_extKeyUsage",
                "HIGH",
                format!("Certificate incorrectly used for TLS Web Server Authentication: \"{all}\""),
            ),
        }
        put("cert_serialNumber", "INFO", c.serial.clone());
        match c.serial.len() / 2 {
            n @ ..8 => put("cert_serialNumberLen", "LOW", format!("{n} is not enough entropy")),
            n @ 21.. => put("cert_serialNumberLen", "LOW", format!("{n} is too long")),
            n => put("cert_serialNumberLen", "INFO", n.to_string()),
        }
        put("cert_fingerprintSHA1", "INFO", c.fingerprints.0.clone());
        put("cert_fingerprintSHA256", "INFO", c.fingerprints.1.clone());
        put(
            "cert_commonName",
            if c.common_name.is_some() { "OK" } else { "INFO" },
            c.common_name.clone().unwrap_or_else(|| "no CN field in subject".into()),
        );
        let names = c.names.join(" ");
        match names.is_empty() {
            true => put("cert_subjectAltName", "HIGH", "No SAN, browsers are complaining".into()),
            false => put("cert_subjectAltName", "INFO", names),
        }
        let (name, organisation, country) = &c.issuer;
        match c.is_self_issued || name == &c.common_name {
            true => put("cert_caIssuers", "CRITICAL", "selfsigned".into()),
            false => {
                let name = name.clone().unwrap_or_default();
                let country = country.as_ref().map_or_else(String::new, |c| format!(" from {c}"));
                let by = organisation.as_ref().map_or_else(String::new, |o| format!(" ({o}{country})"));
                put("cert_caIssuers", "INFO", format!("{name}{by}"));
            }
        }
        let fit = c.fit(host);
        let by_san = match (fit.by_name, fit.by_star) {
            (true, _) => Some("Ok via SAN"),
            (false, true) => Some("Ok via SAN wildcard"),
            _ => None,
        };
        let (severity, finding) = match (by_san, fit.by_common, fit.by_common_star) {
            (Some(san), true, _) => ("OK", format!("{san} and CN")),
            (Some(san), false, true) => ("OK", format!("{san} and CN wildcard")),
            (Some(san), ..) => ("OK", san.to_string()),
            (None, true, _) | (None, _, true) => {
                ("HIGH", if c.names.is_empty() { "via CN only".into() } else { "via CN, but not SAN".into() })
            }
            (None, false, false) => ("HIGH", "certificate does not match supplied URI".to_string()),
        };
        let nameless = self.scan.nameless.as_ref().and_then(|n| n.first()).map(|d| Some(d) == chain.first());
        let without = match nameless {
            Some(true) => " (same w/o SNI)",
            Some(false) if severity == "OK" => " (SNI mandatory)",
            _ => "",
        };
        let mut put = |id: &str, severity, finding: String| self.put(format!("{id}{postfix}"), severity, finding);
        put("cert_trust", severity, format!("{finding}{without}"));
        match trust {
            Ok(()) => put("cert_chain_of_trust", "OK", "passed.".into()),
            Err(why) if why == NO_AUTHORITIES && !(chain.len() == 1 && c.is_self_issued) => {
                put("cert_chain_of_trust", "WARN", "could not be said: this machine knows no authorities".into());
            }
            Err(why) => {
                let why = if chain.len() == 1
                    && c.is_self_issued
                    && matches!(why.as_str(), "chain incomplete" | NO_AUTHORITIES)
                {
                    "self signed"
                } else if why == "chain incomplete"
                    && chain.iter().skip(1).filter_map(|d| Certificate::read(d)).any(|c| c.is_self_issued)
                {
                    "self signed CA in chain"
                } else {
                    why
                };
                put("cert_chain_of_trust", "CRITICAL", format!("failed ({why})."));
            }
        }
        self.times(&c, at, postfix);
        let mut put = |id: &str, severity, finding: String| self.put(format!("{id}{postfix}"), severity, finding);
        put("certs_countServer", "INFO", chain.len().to_string());
        let read: Vec<Certificate> = chain.iter().filter_map(|d| Certificate::read(d)).collect();
        let ordered = read.windows(2).all(|w| w[0].issuer.0.is_none() || w[0].issuer.0 == w[1].common_name);
        put(
            "certs_list_ordering_problem",
            if ordered { "INFO" } else { "LOW" },
            if ordered { "no".into() } else { "yes".into() },
        );
        let list = |all: &[String]| if all.is_empty() { "--".to_string() } else { all.join(" ") };
        put("cert_crlDistributionPoints", "INFO", list(&c.revocation.0));
        put("cert_ocspURL", "INFO", list(&c.revocation.1));
        if c.revocation.0.is_empty() && c.revocation.1.is_empty() {
            put("cert_revocation", "HIGH", "Neither CRL nor OCSP URI provided".into());
        }
        let staples = self.scan.staples;
        let mut put = |id: &str, severity, finding: String| self.put(format!("{id}{postfix}"), severity, finding);
        match (staples, c.revocation.1.is_empty()) {
            (true, _) => put("OCSP_stapling", "OK", "offered".into()),
            (false, true) => put("OCSP_stapling", "INFO", "not offered".into()),
            (false, false) => put("OCSP_stapling", "LOW", "not offered".into()),
        }
        match (c.must_staple, staples) {
            (false, _) => put("cert_mustStapleExtension", "INFO", "--".into()),
            (true, true) => put("cert_mustStapleExtension", "OK", "supported".into()),
            (true, false) => {
                put("cert_mustStapleExtension", "HIGH", "extension detected but no OCSP stapling provided".into())
            }
        }
        match c.is_logged {
            true => put("certificate_transparency", "OK", "yes (certificate extension)".into()),
            false => put("certificate_transparency", "INFO", "--".into()),
        }
    }

    fn times(&mut self, c: &Certificate, at: Time, postfix: &str) {
        const DAY: i64 = 86_400;
        let (from, until) = c.valid;
        let left = until.since(at).div_euclid(DAY);
        // Those of Let's Encrypt are short, and renewed by a machine.
        let (first, last) =
            if c.issuer.1.as_deref().is_some_and(|o| o.starts_with("Let's Encrypt")) { (30, 15) } else { (60, 30) };
        let (severity, finding) = match left {
            _ if until <= at => ("CRITICAL", "expired".to_string()),
            n if n < last => ("HIGH", format!("expires < {last} days ({n})")),
            n if n < first => ("MEDIUM", format!("expires < {first} days ({n})")),
            n => ("OK", format!("{n} >= {first} days")),
        };
        let mut put = |id: &str, severity, finding: String| self.put(format!("{id}{postfix}"), severity, finding);
        put("cert_expirationStatus", severity, finding);
        put("cert_notBefore", "INFO", day(from));
        put("cert_notAfter", severity, day(until));
        // Whole minutes, as dates are shown.
        let whole = (until.seconds() / 60 - from.seconds() / 60) * 60;
        let (severity, finding) = match whole {
            n if n >= DAY * 3650 => ("HIGH", format!("{} days", n / DAY)),
            n if n >= DAY * 1825 => ("MEDIUM", format!("{} days", n / DAY)),
            n if n > DAY * 825 && from.seconds() >= 1_517_353_200 => ("MEDIUM", format!("{} > 825 days", n / DAY)),
            n if n > DAY * 825 => ("INFO", format!("{} =< 825 days", n / DAY)),
            _ => ("INFO", "No finding".to_string()),
        };
        put("cert_validityPeriod", severity, finding);
    }
}

/// What was found of `host` at a moment. `trust` is of each chain in turn; `compressed` whether its front page comes
/// compressed; `caa` what the DNS says of who may make certificates for it.
#[must_use]
pub fn judge(
    scan: &Scan,
    suites: &Suites,
    host: &str,
    at: Time,
    trust: &[Trust],
    compressed: Option<bool>,
    caa: Option<&[String]>,
) -> Named {
    let mut bench = Bench { scan, suites, out: Vec::new() };
    bench.versions();
    bench.lists();
    bench.forward();
    bench.preference();
    match scan.chains.len() {
        0 => bench.put("cert_numbers", "WARN", NOT_SAID),
        n => bench.put("cert_numbers", "INFO", n.to_string()),
    }
    let good = Ok(());
    for (n, chain) in scan.chains.iter().enumerate() {
        let postfix = if scan.chains.len() > 1 { format!(" <hostCert#{}>", n + 1) } else { String::new() };
        bench.certificate(chain, trust.get(n).unwrap_or(&good), host, at, &postfix);
    }
    match caa {
        Some([]) => bench.put("DNS_CAArecord", "LOW", "--"),
        Some(all) => bench.put("DNS_CAArecord", "OK", all.join(", ")),
        None => {}
    }
    bench.weaknesses(compressed);
    bench.suites();
    bench.out
}
