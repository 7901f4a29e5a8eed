//! What endangers a site, whatever its grade.

use crate::answer::{Answer, Seen};
use crate::markup::tags;
use crate::privacy::{Finding, fetched};
use model::{Severity, Text};

/// What endangers a site, whatever its grade.
#[must_use]
pub fn findings(seen: &Seen) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut put = |id, severity, seen: String, why: (&str, &str), mend: (&str, &str)| {
        found.push(Finding {
            id,
            severity,
            seen,
            why: Text::new(why.0, why.1),
            mend: Text::new(mend.0, mend.1),
            article: None,
            points: 0,
        });
    };
    if let Some((origin, answer)) = &seen.preflight {
        let allowed = answer.header("access-control-allow-origin").unwrap_or_default();
        let credentials =
            answer.header("access-control-allow-credentials").is_some_and(|c| c.trim().eq_ignore_ascii_case("true"));
        if credentials && (allowed.trim().eq_ignore_ascii_case(origin) || allowed.trim() == "null") {
            put(
                "reflected-origin-with-credentials",
                Severity::High,
                allowed,
                (
                    "any site a supporter opens can read his pages here in his name",
                    "tout site qu’un sympathisant ouvre peut lire ici ses pages en son nom",
                ),
                (
                    "nginx: send Access-Control-Allow-Origin for a fixed list only; leave credentials out",
                    "nginx\u{202f}: n’envoyer Access-Control-Allow-Origin que pour une liste fixe ; ne pas autoriser les identifiants",
                ),
            );
        }
    }
    if seen.is_https_silent() {
        put(
            "https-not-known",
            Severity::Info,
            seen.host.clone(),
            (
                "HTTPS was asked for and did not answer in time: whether it is sound could not be said",
                "HTTPS a été demandé et n’a pas répondu à temps\u{202f}: on n’a pas pu dire s’il est sain",
            ),
            (
                "ask again; see whether visitors wait as long",
                "redemander\u{202f}; voir si les visiteurs attendent autant",
            ),
        );
    }
    if seen.unknown_authorities {
        put(
            "authorities-not-known",
            Severity::Info,
            seen.host.clone(),
            (
                "this machine has no list of authorities: whether browsers trust the certificate could not be said",
                "cette machine n’a pas de liste d’autorités\u{202f}: on n’a pas pu dire si les navigateurs font confiance au certificat",
            ),
            (
                "install ca-certificates here, or name a file of them (PEM) in SSL_CERT_FILE, and ask again",
                "installer ici ca-certificates, ou en nommer un fichier (PEM) dans SSL_CERT_FILE, et redemander",
            ),
        );
    }
    if seen.tls.is_none() && seen.https.as_ref().is_some_and(|v| !v.verified) {
        put(
            "bad-certificate",
            Severity::High,
            seen.host.clone(),
            (
                "browsers warn, and visitors learn to click warnings away",
                "les navigateurs avertissent, et les visiteurs apprennent à ignorer les avertissements",
            ),
            ("renew it (certbot renew), with the whole chain", "le renouveler (certbot renew), avec toute la chaîne"),
        );
    }
    if seen.is_https_silent() {
        // Said above.
    } else if seen.https.is_none() && seen.tls.is_some() {
        put(
            "https-for-no-browser",
            Severity::High,
            seen.host.clone(),
            (
                "TLS is spoken, but nothing that a browser of today takes: visitors get an error",
                "TLS est parlé, mais rien qu’un navigateur actuel accepte\u{202f}: les visiteurs voient une erreur",
            ),
            ("offer TLS 1.2 and 1.3", "offrir TLS 1.2 et 1.3"),
        );
    } else if seen.https.is_none() {
        put(
            "no-https",
            Severity::High,
            seen.host.clone(),
            ("anybody on the way reads and changes the pages", "n’importe qui sur le chemin lit et change les pages"),
            ("install a certificate, redirect port 80", "installer un certificat, rediriger le port 80"),
        );
    }
    let nothing = Answer::default();
    let page = seen.main().and_then(|v| v.last()).unwrap_or(&nothing);
    for name in ["server", "x-powered-by", "x-generator", "x-aspnet-version"] {
        if let Some(value) = page.header(name).filter(|v| v.bytes().any(|b| b.is_ascii_digit())) {
            put(
                "version-told",
                Severity::Low,
                format!("{name}: {value}"),
                (
                    "whoever looks for a hole in this version finds you",
                    "qui cherche une faille de cette version vous trouve",
                ),
                (
                    "nginx: server_tokens off; PHP: expose_php = Off; Apache: ServerTokens Prod",
                    "nginx\u{202f}: server_tokens off\u{202f}; PHP\u{202f}: expose_php = Off\u{202f}; Apache\u{202f}: ServerTokens Prod",
                ),
            );
        }
    }
    let tags = if page.is_html() { tags(&page.text()) } else { Vec::new() };
    if let Some(version) = tags
        .iter()
        .find(|t| t.name == "meta" && t.get("name").is_some_and(|n| n.eq_ignore_ascii_case("generator")))
        .and_then(|t| t.get("content"))
    {
        put(
            "generator-told",
            Severity::Low,
            version.to_string(),
            ("the page names the program it is made with", "la page nomme le logiciel qui la produit"),
            (
                "WordPress: remove_action('wp_head', 'wp_generator')",
                "WordPress\u{202f}: remove_action('wp_head', 'wp_generator')",
            ),
        );
    }
    if seen.is_https()
        && let Some((_, url)) = fetched(&tags)
            .into_iter()
            .find(|(t, u)| u.starts_with("http://") && matches!(t.as_str(), "script" | "link" | "iframe"))
    {
        put(
            "mixed-content",
            Severity::Medium,
            url,
            (
                "a file that steers the page is fetched where it can be changed",
                "un fichier qui commande la page est chargé là où il peut être changé",
            ),
            ("write https:// in its address", "écrire https:// dans son adresse"),
        );
    }
    match &seen.security_txt {
        Some(a) if a.status == 200 && a.text().lines().any(|l| l.to_lowercase().starts_with("contact:")) => {
            if !a.text().lines().any(|l| l.to_lowercase().starts_with("expires:")) {
                put(
                    "security-txt-without-expiry",
                    Severity::Info,
                    a.url.clone(),
                    ("RFC 9116 asks for Expires", "le RFC 9116 demande Expires"),
                    ("add an Expires line", "ajouter une ligne Expires"),
                );
            }
        }
        None if seen.missed.iter().any(|(what, _)| what.ends_with("/security.txt")) => {}
        _ => put(
            "no-security-txt",
            Severity::Low,
            seen.host.clone(),
            ("who finds a hole does not know whom to tell", "qui trouve une faille ne sait à qui la dire"),
            (
                "put a Contact and an Expires line at /.well-known/security.txt (RFC 9116)",
                "mettre une ligne Contact et une ligne Expires dans /.well-known/security.txt (RFC 9116)",
            ),
        ),
    }
    preload(seen, &mut put);
    stands(seen, page, &mut put);
    let scripts: Vec<String> = seen.scripts.iter().map(Answer::text).collect();
    for met in crate::libraries::met(&tags, &scripts).into_iter().filter(|m| !m.faults.is_empty()) {
        found.push(Finding {
            id: "vulnerable-library",
            severity: if met.is_verified { Severity::Medium } else { Severity::Low },
            seen: format!("{} {}: {}", met.name, met.version, met.faults.join(", ")),
            why: if met.is_verified {
                Text::new(
                    "how to break into pages with this version is published",
                    "la façon de s’introduire dans les pages avec cette version est publiée",
                )
            } else {
                Text::new(
                    "how to break into pages with this version may be published; which versions are hurt was not held against an advisory",
                    "la façon de s’introduire dans les pages avec cette version est peut-être publiée\u{202f}; les versions touchées n’ont pas été vérifiées auprès d’un avis",
                )
            },
            mend: Text::new("load a version without these faults", "charger une version sans ces défauts"),
            article: None,
            points: 0,
        });
    }
    found.extend(seen.tls.iter().flat_map(crate::tls::findings));
    found.extend(crate::grade::grade(seen).iter().flat_map(|g| crate::headers::findings(seen, g)));
    found.sort_by(|a, b| (std::cmp::Reverse(a.severity), a.id).cmp(&(std::cmp::Reverse(b.severity), b.id)));
    found
}

/// Writes a finding down: id, severity, what was seen, why and how to mend (English, French).
type Put<'p> = &'p mut dyn FnMut(&'static str, Severity, String, (&str, &str), (&str, &str));

/// A year, which the keepers of browsers' lists ask for (hstspreload.org).
const YEAR: u64 = 31_536_000;

/// What a header of HSTS says of browsers' lists of preloaded sites: whether it asks to be on them, and what it lacks for that.
/// Told from the header alone: no list is part of the program, so whether the site is on one is not said.
#[must_use]
pub fn preloading(header: &str) -> (bool, Vec<&'static str>) {
    let header = formats::clip(header, 1024).to_lowercase();
    let parts: Vec<&str> = header.split(';').map(str::trim).collect();
    let age = parts.iter().find_map(|p| p.strip_prefix("max-age=")?.trim_matches('"').parse::<u64>().ok());
    let mut lacks = Vec::new();
    if age.is_none_or(|a| a < YEAR) {
        lacks.push("max-age=31536000");
    }
    if !parts.contains(&"includesubdomains") {
        lacks.push("includeSubDomains");
    }
    if !parts.contains(&"preload") {
        lacks.push("preload");
    }
    (parts.contains(&"preload"), lacks)
}

/// Whether browsers can know before the first visit that this site is HTTPS alone.
fn preload(seen: &Seen, put: Put) {
    let answer = seen.https.as_ref().filter(|v| v.verified).and_then(|v| v.last());
    let Some(header) = answer.and_then(|a| a.header("strict-transport-security")) else { return };
    let (asks, lacks) = preloading(&header);
    if asks && !lacks.is_empty() {
        put(
            "hsts-preload-refused",
            Severity::Low,
            format!("{header}: {}", lacks.join(", ")),
            (
                "it asks to be on browsers’ lists (preload) without what they ask for, so that it is left out",
                "il demande à figurer sur les listes des navigateurs (preload) sans remplir leurs conditions\u{202f}: il n’y sera pas",
            ),
            ("add what is missing, or take preload out", "ajouter ce qui manque, ou retirer preload"),
        );
    } else if !asks {
        put(
            "hsts-not-preloaded",
            Severity::Info,
            format!("{header}: {}", lacks.join(", ")),
            (
                "told from the header alone, no list was asked: whoever comes for the first time can still be caught on http://",
                "d’après l’en-tête seul, aucune liste n’a été consultée\u{202f}: qui vient pour la première fois peut encore être intercepté sur http://",
            ),
            (
                "once all subdomains speak HTTPS: add preload, then hand the name in at hstspreload.org (hard to undo)",
                "quand tous les sous-domaines parlent HTTPS\u{202f}: ajouter preload, puis inscrire le nom sur hstspreload.org (difficile à défaire)",
            ),
        );
    }
}

/// A page of so many bytes costs a server and its visitors.
const HEAVY: usize = 1 << 20;
/// Headers that caches between us and the site leave, or a part of them.
const CACHES: [&str; 12] = [
    "cf-ray",
    "cf-cache-status",
    "x-amz-cf-id",
    "x-akamai",
    "akamai-",
    "x-served-by",
    "x-fastly",
    "x-cdn",
    "x-sucuri-id",
    "x-edge-",
    "x-vercel-id",
    "x-nf-request-id",
];

/// Whether it could stand a flood: what that would meet, told by one visit.
fn stands(seen: &Seen, page: &Answer, put: Put) {
    if page.status == 0 {
        return;
    }
    let header = |name: &str| page.header(name).unwrap_or_default().to_lowercase();
    let cached_by = page.headers.iter().find(|(n, _)| CACHES.iter().any(|c| n.starts_with(c)));
    let between = cached_by.is_some() || !header("via").is_empty() || header("server").contains("cloudflare");
    if !between {
        put(
            "no-cdn",
            Severity::Info,
            seen.host.clone(),
            ("a flood meets this machine itself", "un flot de requêtes atteint la machine elle-même"),
            (
                "before the last weeks, ask the host what it offers against floods, or put a cache between",
                "avant les dernières semaines, demander à l’hébergeur sa parade, ou placer un cache devant",
            ),
        );
    }
    let control = header("cache-control");
    let kept = ["max-age=", "s-maxage="].iter().any(|k| control.split(*k).skip(1).any(|v| !v.starts_with('0')));
    if !kept && header("expires").is_empty() || control.contains("no-store") {
        put(
            "no-cache",
            Severity::Low,
            if control.is_empty() { "no Cache-Control".into() } else { control },
            (
                "every visit costs the server a whole page, and so does every request of a flood",
                "chaque visite, et chaque requête d’un flot, coûte au serveur une page entière",
            ),
            (
                "let pages be kept for a minute, files for a month",
                "laisser garder les pages une minute, les fichiers un mois",
            ),
        );
    }
    if page.body.len() > HEAVY {
        put(
            "heavy-page",
            Severity::Low,
            format!("{} KiB", page.body.len() / 1024),
            (
                "a few hundred visitors a second fill the line",
                "quelques centaines de visiteurs par seconde saturent la ligne",
            ),
            (
                "make the front page lighter, keep a plain one ready for the last night",
                "alléger la page d’accueil, en garder une sobre pour la dernière nuit",
            ),
        );
    }
    if seen.compressed.as_ref().is_some_and(|a| a.header("content-encoding").is_none() && a.body.len() > 4096) {
        put(
            "no-compression",
            Severity::Info,
            page.url.clone(),
            ("text goes out three times as long as it need be", "le texte part trois fois plus long qu’il ne faut"),
            ("nginx: gzip on; Apache: mod_deflate", "nginx\u{202f}: gzip on\u{202f}; Apache\u{202f}: mod_deflate"),
        );
    }
    let limits = ["ratelimit", "ratelimit-limit", "x-ratelimit-limit", "retry-after"];
    if !between && !limits.iter().any(|l| page.header(l).is_some()) {
        put(
            "no-rate-limit",
            Severity::Info,
            seen.host.clone(),
            (
                "no limit of requests is announced; whether there is one was not tried, for that would be a flood",
                "aucune limite de requêtes n’est annoncée\u{202f}; l’essayer serait une attaque, cela n’a pas été fait",
            ),
            ("set a limit for each address", "poser une limite par adresse"),
        );
    }
}
