//! Cipher suites, taken apart by their names, and groups for key exchange.

use std::collections::BTreeMap;

/// A cipher suite.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suite {
    /// Its number.
    pub code: u16,
    /// Its name in the IANA's registry.
    pub name: String,
    /// The name OpenSSL gives it.
    pub openssl: String,
    /// How keys are exchanged: `RSA`, `DH`, `DHE`, `ECDH`, `ECDHE`; empty where the suite does not say (TLS 1.3).
    pub exchange: String,
    /// Whom the server shows to be: `RSA`, `ECDSA`, `DSS`, `anon`; empty where the suite does not say.
    pub proof: String,
    /// The cipher, as `AES_128_GCM`.
    pub cipher: String,
    /// Weakened for export from the United States, as was the law until 2000.
    pub export: bool,
}

/// What a suite is worth, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Worth {
    /// Nothing is encrypted.
    Null,
    /// Nobody shows who he is.
    Anonymous,
    /// Weakened for export.
    Export,
    /// DES, RC2, RC4.
    Low,
    /// 3DES, IDEA: blocks of 64 bits.
    SmallBlocks,
    /// CBC with a code apart.
    Old,
    /// Authenticated encryption.
    Strong,
}

impl Suite {
    fn new(code: u16, name: &str) -> Suite {
        let bare = name.strip_prefix("TLS_").unwrap_or(name);
        let (who, rest) = bare.split_once("_WITH_").unwrap_or(("", bare));
        let export = who.contains("EXPORT");
        let who = who.split("_EXPORT").next().unwrap_or("");
        let (exchange, proof) = who.split_once('_').unwrap_or((who, who));
        let cipher = match rest.rsplit_once('_') {
            Some((cipher, mac)) if mac.starts_with("SHA") || mac == "MD5" => cipher,
            // CCM's suites have no hash in their names.
            _ => rest,
        };
        let (exchange, proof, cipher) = (exchange.to_string(), proof.to_string(), cipher.to_string());
        Suite { code, name: name.into(), openssl: openssl(name, who, rest, export), exchange, proof, cipher, export }
    }

    fn has(&self, part: &str) -> bool {
        self.cipher.starts_with(part)
    }

    /// Authenticated encryption.
    #[must_use]
    pub fn is_aead(&self) -> bool {
        ["GCM", "CCM", "POLY1305"].iter().any(|m| self.cipher.contains(m))
    }

    /// Blocks chained, with a code apart.
    #[must_use]
    pub fn is_cbc(&self) -> bool {
        self.cipher.contains("CBC") || self.has("DES40") || self.has("SEED")
    }

    /// What it is worth.
    #[must_use]
    pub fn worth(&self) -> Worth {
        match () {
            () if self.has("NULL") => Worth::Null,
            () if self.proof == "anon" => Worth::Anonymous,
            () if self.export => Worth::Export,
            () if self.has("DES_") || self.has("RC2") || self.has("RC4") => Worth::Low,
            () if self.has("3DES") || self.has("IDEA") => Worth::SmallBlocks,
            () if self.is_aead() => Worth::Strong,
            () => Worth::Old,
        }
    }

    /// Whether what was recorded stays closed when the server's key is lost.
    #[must_use]
    pub fn is_forward_secret(&self) -> bool {
        matches!(self.exchange.as_str(), "" | "DHE" | "ECDHE") && matches!(self.worth(), Worth::Old | Worth::Strong)
    }

    /// Whether versions before TLS 1.2 may have it: no authenticated encryption, no newer hash.
    #[must_use]
    pub fn is_before_tls12(&self) -> bool {
        !self.is_aead() && !self.name.ends_with("SHA256") && !self.name.ends_with("SHA384")
    }

    /// Whether only TLS 1.3 has it.
    #[must_use]
    pub fn is_tls13(&self) -> bool {
        self.code >> 8 == 0x13
    }

    /// Bits of its key.
    #[must_use]
    pub fn bits(&self) -> u32 {
        match () {
            () if self.has("3DES") => 168,
            () if self.has("DES_") => 56,
            () if self.has("CHACHA20") => 256,
            () if self.has("SEED") || self.has("IDEA") => 128,
            () => self.cipher.split('_').find_map(|p| p.parse().ok().filter(|n| *n >= 40)).unwrap_or(0),
        }
    }
}

/// OpenSSL's name of a suite.
fn openssl(name: &str, who: &str, rest: &str, export: bool) -> String {
    if who.is_empty() {
        return name.to_string();
    }
    let mut out: Vec<String> = Vec::new();
    if export {
        out.push(if name.contains("EXPORT1024") { "EXP1024".into() } else { "EXP".into() });
    }
    match (who, rest) {
        ("RSA", _) => {}
        ("DH_anon", _) => out.push("ADH".into()),
        ("ECDH_anon", _) => out.push("AECDH".into()),
        // ARIA's suites are named without the key's kind there.
        ("ECDHE_RSA", rest) if rest.starts_with("ARIA") => out.push("ECDHE".into()),
        ("DHE_RSA", rest) if rest.contains("DES") && !rest.starts_with("AES") => out.push("EDH-RSA".into()),
        ("DHE_DSS", rest) if rest.contains("DES") && !rest.starts_with("AES") => out.push("EDH-DSS".into()),
        (who, _) => out.push(who.replace('_', "-")),
    }
    let mut rest = rest
        .replace("3DES_EDE_CBC", "DES-CBC3")
        .replace("DES40_CBC", "DES-CBC")
        .replace("CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305")
        .replace("CCM_8", "CCM8");
    for cipher in ["AES", "CAMELLIA", "ARIA"] {
        rest = rest.replace(&format!("{cipher}_"), cipher);
    }
    for gone in ["_CBC_SHA", "RC4_128", "RC4_40", "RC4_56"] {
        let kept = match gone {
            // AES, Camellia and SEED drop the word CBC; DES and IDEA keep it.
            "_CBC_SHA" if !rest.starts_with("DES") && !rest.starts_with("IDEA") => "_SHA",
            "_CBC_SHA" => continue,
            _ => "RC4",
        };
        rest = rest.replace(gone, kept);
    }
    let rest = rest.replace("RC2_CBC_40", "RC2-CBC").replace("RC2_CBC_56", "RC2-CBC");
    out.push(rest.replace('_', "-"));
    out.join("-")
}

/// All suites that are asked for.
#[derive(Debug)]
pub struct Suites {
    by: BTreeMap<u16, Suite>,
}

impl Suites {
    /// As the program knows them.
    #[must_use]
    pub fn embedded() -> Suites {
        let known = knowledge::tls::Tls::embedded();
        Suites { by: known.suites.iter().map(|(name, code)| (*code, Suite::new(*code, name))).collect() }
    }

    /// One.
    #[must_use]
    pub fn get(&self, code: u16) -> Option<&Suite> {
        self.by.get(&code)
    }

    /// Those a version may have.
    #[must_use]
    pub fn of(&self, version: u16) -> Vec<u16> {
        let fits = |s: &&Suite| match version {
            0x0304 => s.is_tls13(),
            0x0303 => !s.is_tls13(),
            _ => !s.is_tls13() && s.is_before_tls12(),
        };
        self.by.values().filter(fits).map(|s| s.code).collect()
    }
}

/// Groups for key exchange (IANA, "TLS Supported Groups"): number, name, bits.
pub const GROUPS: [(u16, &str, u32); 30] = [
    (1, "sect163k1", 163),
    (2, "sect163r1", 162),
    (3, "sect163r2", 163),
    (4, "sect193r1", 193),
    (5, "sect193r2", 193),
    (6, "sect233k1", 232),
    (7, "sect233r1", 233),
    (8, "sect239k1", 238),
    (9, "sect283k1", 281),
    (10, "sect283r1", 282),
    (11, "sect409k1", 407),
    (12, "sect409r1", 409),
    (13, "sect571k1", 570),
    (14, "sect571r1", 570),
    (15, "secp160k1", 161),
    (16, "secp160r1", 161),
    (17, "secp160r2", 161),
    (18, "secp192k1", 192),
    (19, "prime192v1", 192),
    (20, "secp224k1", 225),
    (21, "secp224r1", 224),
    (22, "secp256k1", 256),
    (23, "prime256v1", 256),
    (24, "secp384r1", 384),
    (25, "secp521r1", 521),
    (26, "brainpoolP256r1", 256),
    (27, "brainpoolP384r1", 384),
    (28, "brainpoolP512r1", 512),
    (29, "X25519", 253),
    (30, "X448", 448),
];

/// Groups of whole numbers (RFC 7919).
pub const FINITE: [(u16, &str, u32); 5] = [
    (256, "ffdhe2048", 2048),
    (257, "ffdhe3072", 3072),
    (258, "ffdhe4096", 4096),
    (259, "ffdhe6144", 6144),
    (260, "ffdhe8192", 8192),
];

/// A group by its number.
#[must_use]
pub fn group(code: u16) -> Option<(&'static str, u32)> {
    GROUPS.iter().chain(&FINITE).find(|g| g.0 == code).map(|g| (g.1, g.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_taken_apart() {
        let all = Suites::embedded();
        let named = |name: &str| all.by.values().find(|s| s.name == name).expect("a suite");
        for (name, openssl, worth, bits) in [
            ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", Worth::Strong, 128),
            ("TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA", Worth::Old, 256),
            ("TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256", Worth::Old, 128),
            ("TLS_RSA_WITH_AES_256_CCM_8", "AES256-CCM8", Worth::Strong, 256),
            ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "DES-CBC3-SHA", Worth::SmallBlocks, 168),
            ("TLS_RSA_EXPORT_WITH_RC4_40_MD5", "EXP-RC4-MD5", Worth::Export, 40),
            ("TLS_DH_anon_WITH_AES_128_CBC_SHA", "ADH-AES128-SHA", Worth::Anonymous, 128),
            ("TLS_ECDH_anon_WITH_AES_256_CBC_SHA", "AECDH-AES256-SHA", Worth::Anonymous, 256),
            ("TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384", "ECDHE-ARIA256-GCM-SHA384", Worth::Strong, 256),
            ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305", Worth::Strong, 256),
            ("TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256", "CAMELLIA128-SHA256", Worth::Old, 128),
            ("TLS_RSA_WITH_RC4_128_SHA", "RC4-SHA", Worth::Low, 128),
            ("TLS_RSA_WITH_NULL_SHA256", "NULL-SHA256", Worth::Null, 0),
            ("TLS_RSA_WITH_SEED_CBC_SHA", "SEED-SHA", Worth::Old, 128),
            ("TLS_RSA_WITH_IDEA_CBC_SHA", "IDEA-CBC-SHA", Worth::SmallBlocks, 128),
            ("TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", Worth::Strong, 128),
        ] {
            let s = named(name);
            assert_eq!((s.openssl.as_str(), s.worth(), s.bits()), (openssl, worth, bits), "{name}");
        }
        assert!(named("TLS_AES_128_GCM_SHA256").is_forward_secret());
        assert!(!named("TLS_RSA_WITH_AES_128_GCM_SHA256").is_forward_secret());
        assert!(all.of(0x0301).iter().all(|c| all.get(*c).is_some_and(Suite::is_before_tls12)));
    }
}
