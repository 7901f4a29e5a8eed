//! What of it an owner should mend.

use super::judge::{Judged, Named};
use crate::privacy::Finding;
use model::{Severity, Text};

fn severity(word: &str) -> Option<Severity> {
    Some(match word {
        "LOW" => Severity::Low,
        "MEDIUM" => Severity::Medium,
        "HIGH" => Severity::High,
        "CRITICAL" => Severity::Critical,
        _ => return None,
    })
}

/// A kind of fault: its id, the results that show it, why it matters and how to mend it.
type Kind = (&'static str, &'static [&'static str], (&'static str, &'static str), (&'static str, &'static str));

const KINDS: [Kind; 8] = [
    (
        "tls-old-version",
        &["SSLv2", "SSLv3", "TLS1", "TLS1_1"],
        (
            "whoever stands on the way can push a visitor down to a version that is broken",
            "qui se tient sur le chemin peut rabattre un visiteur sur une version cassée",
        ),
        ("offer TLS 1.2 and 1.3 only", "n’offrir que TLS 1.2 et 1.3"),
    ),
    (
        "tls-no-new-version",
        &["TLS1_2", "TLS1_3"],
        (
            "browsers of today want TLS 1.2 or later, and TLS 1.3 hides more and is faster",
            "les navigateurs actuels exigent TLS 1.2 ou plus, et TLS 1.3 cache davantage et va plus vite",
        ),
        ("offer TLS 1.2 and 1.3", "offrir TLS 1.2 et 1.3"),
    ),
    (
        "tls-weak-cipher",
        &[
            "cipherlist_NULL",
            "cipherlist_aNULL",
            "cipherlist_EXPORT",
            "cipherlist_LOW",
            "cipherlist_3DES_IDEA",
            "cipherlist_STRONG",
        ],
        (
            "what is encrypted with these can be read or changed, or nobody shows who he is",
            "ce qui est chiffré ainsi peut être lu ou changé, ou nul ne prouve qui il est",
        ),
        (
            "offer authenticated ciphers with forward secrecy only",
            "n’offrir que des suites authentifiées à confidentialité persistante",
        ),
    ),
    (
        "tls-no-forward-secrecy",
        &["PFS"],
        (
            "who records the traffic today reads it all when the key is lost one day",
            "qui enregistre le trafic aujourd’hui le lira entier si la clé se perd un jour",
        ),
        ("offer ECDHE suites", "offrir des suites ECDHE"),
    ),
    (
        "tls-weak-key",
        &["cert_keySize", "cert_signatureAlgorithm", "DH_groups", "LOGJAM", "LOGJAM-common_primes", "PFS_ECDHE_curves"],
        (
            "keys of this kind can be computed by who has the means of a state",
            "de telles clés se calculent avec les moyens d’un État",
        ),
        (
            "new certificate with EC P-256 or RSA 3072 and SHA-256; leave finite-field DH out",
            "nouveau certificat EC P-256 ou RSA 3072 avec SHA-256\u{202f}; se passer de DH sur corps finis",
        ),
    ),
    (
        "tls-certificate-not-trusted",
        &[
            "cert_chain_of_trust",
            "cert_trust",
            "cert_subjectAltName",
            "cert_extKeyUsage",
            "certs_list_ordering_problem",
        ],
        (
            "browsers warn, and visitors learn to click warnings away",
            "les navigateurs avertissent, et les visiteurs apprennent à ignorer les avertissements",
        ),
        (
            "a certificate for this name from an authority browsers know, with the whole chain",
            "un certificat à ce nom d’une autorité connue des navigateurs, avec toute la chaîne",
        ),
    ),
    (
        "tls-certificate-expires",
        &["cert_expirationStatus", "cert_validityPeriod"],
        (
            "a site whose certificate ran out is a site that is down, on the worst day",
            "un site au certificat expiré est un site en panne, le pire jour",
        ),
        (
            "let a machine renew it (ACME) and watch the date",
            "laisser une machine le renouveler (ACME) et surveiller la date",
        ),
    ),
    (
        "tls-attack-known",
        &[
            "secure_renego",
            "CRIME_TLS",
            "POODLE_SSL",
            "fallback_SCSV",
            "FREAK",
            "DROWN",
            "RC4",
            "cert_mustStapleExtension",
        ],
        ("an attack is published against what is offered", "une attaque est publiée contre ce qui est offert"),
        (
            "update the TLS library, offer TLS 1.2 and 1.3 only",
            "mettre à jour la bibliothèque TLS, n’offrir que TLS 1.2 et 1.3",
        ),
    ),
];

/// The finding that says what could not be said.
pub const NOT_KNOWN: &str = "tls-not-known";

/// One finding for each kind of fault, as grave as its gravest result.
#[must_use]
pub fn findings(named: &Named) -> Vec<Finding> {
    let mut found = Vec::new();
    for (id, results, why, mend) in KINDS {
        let bad: Vec<(&str, &Judged, Severity)> = named
            .iter()
            .filter_map(|(name, j)| {
                let plain = name.split(' ').next().unwrap_or(name);
                results.contains(&plain).then_some(())?;
                Some((name.as_str(), j, severity(j.severity)?))
            })
            .collect();
        if let Some(worst) = bad.iter().map(|b| b.2).max() {
            found.push(Finding {
                id,
                severity: worst,
                seen: bad.iter().map(|(name, j, _)| format!("{name}: {}", j.finding)).collect::<Vec<_>>().join("; "),
                why: Text::new(why.0, why.1),
                mend: Text::new(mend.0, mend.1),
                article: None,
                points: 0,
            });
        }
    }
    let open: Vec<&str> = named.iter().filter(|(id, j)| is_open(id, j)).map(|(id, _)| id.as_str()).collect();
    if !open.is_empty() {
        found.push(Finding {
            id: NOT_KNOWN,
            severity: Severity::Info,
            seen: open.join(", "),
            why: Text::new(
                "this was asked and not answered: it is neither sound nor broken, it could not be said",
                "cela a été demandé sans réponse\u{202f}: ni sain ni défaillant, on n’a pas pu le dire",
            ),
            mend: Text::new(
                "ask again, from a network that the server answers; `cert_chain_of_trust` needs the system’s authorities (ca-certificates)",
                "redemander, depuis un réseau auquel le serveur répond\u{202f}; `cert_chain_of_trust` exige les autorités du système (ca-certificates)",
            ),
            article: None,
            points: 0,
        });
    }
    found
}

/// All kinds of fault.
pub const ALL: [&str; 8] = {
    let mut all = [""; 8];
    let mut n = 0;
    while n < KINDS.len() {
        all[n] = KINDS[n].0;
        n += 1;
    }
    all
};

/// Whether a result could not be said. Of a key that is larger than usual testssl.sh says `WARN` as well.
fn is_open(id: &str, judged: &Judged) -> bool {
    judged.severity == "WARN" && !id.starts_with("cert_keySize")
}

/// Findings that hang on a result that could not be said.
#[must_use]
pub fn unjudged(named: &Named) -> Vec<&'static str> {
    let open = |result: &str| named.iter().any(|(name, j)| is_open(name, j) && name.split(' ').next() == Some(result));
    KINDS.iter().filter(|kind| kind.1.iter().any(|r| open(r))).map(|kind| kind.0).collect()
}
