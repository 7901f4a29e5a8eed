//! What the front page does with visitors' data, as its HTML says: a score of its own, each point with the article it rests on;
//! and what endangers a site whatever its grade.

use crate::answer::{Answer, Seen};
use crate::markup::{Tag, tags};
use crate::tests::{parts, registrable};
use model::{Severity, Text};
use std::collections::BTreeSet;

/// Something a site should mend.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its name, the same for the same fault.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What was seen.
    pub seen: String,
    /// Why it matters.
    pub why: Text,
    /// How to mend it.
    pub mend: Text,
    /// Where it is written, if anywhere.
    pub article: Option<&'static str>,
    /// Points off the privacy score.
    pub points: u32,
}

/// The privacy score and what it rests on.
#[derive(Clone, Debug)]
pub struct Privacy {
    /// 100 and down.
    pub score: u32,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Parties known for what they do: a part of their host, and what they are.
const PARTIES: [(&str, &str); 24] = [
    ("google-analytics.com", "tracker"),
    ("googletagmanager.com", "tracker"),
    ("doubleclick.net", "tracker"),
    ("googlesyndication.com", "tracker"),
    ("facebook.net", "tracker"),
    ("facebook.com", "widget"),
    ("connect.facebook.net", "tracker"),
    ("twitter.com", "widget"),
    ("platform.x.com", "widget"),
    ("tiktok.com", "tracker"),
    ("hotjar.com", "tracker"),
    ("clarity.ms", "tracker"),
    ("linkedin.com", "tracker"),
    ("licdn.com", "tracker"),
    ("criteo.com", "tracker"),
    ("xiti.com", "tracker"),
    ("segment.com", "tracker"),
    ("mixpanel.com", "tracker"),
    ("fonts.googleapis.com", "font"),
    ("fonts.gstatic.com", "font"),
    ("use.typekit.net", "font"),
    ("recaptcha.net", "captcha"),
    ("hcaptcha.com", "captcha"),
    ("youtube.com", "widget"),
];

fn party(url: &str) -> Option<&'static str> {
    let host = parts(url).1.to_lowercase();
    if host == "www.google.com" && url.contains("recaptcha") {
        return Some("captcha");
    }
    PARTIES.iter().find(|(p, _)| host == *p || host.ends_with(&format!(".{p}"))).map(|(_, what)| *what)
}

/// Names of cookies by which visitors are followed.
const FOLLOWS: [&str; 8] = ["_ga", "_gid", "_gcl", "_fbp", "_pk_id", "_hjid", "ajs_", "mp_"];

/// Addresses that a page makes a browser fetch at once, absolute.
fn fetched(tags: &[Tag]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for tag in tags {
        let keys: &[&str] = match tag.name.as_str() {
            "script" | "img" | "iframe" | "embed" | "source" | "audio" | "video" | "track" => &["src"],
            "link"
                if tag.get("rel").is_some_and(|r| {
                    ["stylesheet", "preload", "icon", "preconnect"].iter().any(|w| r.to_lowercase().contains(w))
                }) =>
            {
                &["href"]
            }
            "object" => &["data"],
            _ => &[],
        };
        for url in keys.iter().filter_map(|k| tag.get(k)) {
            let url = url.trim();
            if let Some(rest) = url.strip_prefix("//") {
                all.push((tag.name.clone(), format!("https://{rest}")));
            } else if url.starts_with("http://") || url.starts_with("https://") {
                all.push((tag.name.clone(), url.to_string()));
            }
        }
    }
    all
}

/// The privacy score of the front page.
#[must_use]
pub fn privacy(seen: &Seen) -> Privacy {
    let mut found = Vec::new();
    let Some(page) = seen.main().and_then(|v| v.last()) else { return Privacy { score: 0, findings: found } };
    let tags = if page.is_html() { tags(&page.text()) } else { Vec::new() };
    let own = registrable(&seen.host);
    let foreign = |url: &str| registrable(parts(url).1).is_some_and(|d| Some(d) != own);
    let all = fetched(&tags);
    let hosts = |kinds: &[&str]| -> BTreeSet<String> {
        let of = |u: &str| party(u).is_some_and(|k| kinds.contains(&k));
        all.iter().filter(|(_, u)| foreign(u) && of(u)).map(|(_, u)| parts(u).1.to_string()).collect()
    };
    let list = |set: &BTreeSet<String>| set.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    let mut put = |id, severity, points, seen: String, article, why: (&str, &str), mend: (&str, &str)| {
        found.push(Finding {
            id,
            severity,
            seen,
            why: Text::new(why.0, why.1),
            mend: Text::new(mend.0, mend.1),
            article: Some(article),
            points,
        });
    };
    let trackers = hosts(&["tracker"]);
    if !trackers.is_empty() {
        put(
            "trackers-before-consent",
            Severity::High,
            30,
            list(&trackers),
            "GDPR art. 6 and 9; directive 2002/58/EC art. 5(3)",
            (
                "whoever opens a campaign's page shows a political interest, and these parties learn it before anybody was asked",
                "qui ouvre la page d’une campagne montre un intérêt politique, et ces tiers l’apprennent avant toute question",
            ),
            (
                "load them only after consent, or count visits on your own server",
                "ne les charger qu’après consentement, ou mesurer l’audience sur votre propre serveur",
            ),
        );
    }
    let fonts = hosts(&["font"]);
    if !fonts.is_empty() {
        put(
            "fonts-from-third-party",
            Severity::Medium,
            10,
            list(&fonts),
            "GDPR art. 6 and 44",
            (
                "each visitor's address goes to another company for a typeface",
                "l’adresse de chaque visiteur part chez un tiers pour une police de caractères",
            ),
            ("serve the fonts from your own site", "héberger les polices sur votre propre site"),
        );
    }
    let widgets = hosts(&["widget", "captcha"]);
    if !widgets.is_empty() {
        put(
            "widgets-from-third-party",
            Severity::Medium,
            15,
            list(&widgets),
            "GDPR art. 6 and 26",
            ("a widget shows its maker who reads this page", "un module montre à son éditeur qui lit cette page"),
            ("put a picture with a link in its place", "mettre à la place une image avec un lien"),
        );
    }
    let others: BTreeSet<String> =
        all.iter().filter(|(_, u)| foreign(u) && party(u).is_none()).map(|(_, u)| parts(u).1.to_string()).collect();
    if !others.is_empty() {
        put(
            "other-third-parties",
            Severity::Low,
            5,
            list(&others),
            "GDPR art. 13(1)(e)",
            (
                "visitors must be told who receives their address",
                "les visiteurs doivent savoir qui reçoit leur adresse",
            ),
            (
                "name them in the privacy notice, or serve these files yourself",
                "les nommer dans la notice, ou servir ces fichiers vous-même",
            ),
        );
    }
    let cookies: BTreeSet<String> = seen
        .cookies()
        .into_iter()
        .filter(|c| c.kept.is_some() || FOLLOWS.iter().any(|f| c.name.starts_with(f)))
        .map(|c| c.name)
        .collect();
    if !cookies.is_empty() {
        put(
            "cookies-before-consent",
            Severity::High,
            20,
            list(&cookies),
            "directive 2002/58/EC art. 5(3); GDPR art. 7",
            (
                "a cookie that stays is set by the first answer, before anybody could agree",
                "un traceur durable est déposé dès la première réponse, avant tout accord",
            ),
            (
                "set none before consent but what the page cannot do without",
                "n’en déposer aucun avant consentement, sauf strict nécessaire",
            ),
        );
    }
    forms(&tags, page, &foreign, &mut put);
    let words = page.text().to_lowercase();
    let linked = |list: &[&str]| list.iter().any(|w| words.contains(w));
    if page.is_html()
        && !linked(&[
            "privacy",
            "confidentialité",
            "confidentialit&eacute;",
            "données personnelles",
            "donnees-personnelles",
            "rgpd",
            "gdpr",
            "datenschutz",
        ])
    {
        put(
            "no-privacy-notice",
            Severity::Medium,
            10,
            page.url.clone(),
            "GDPR art. 13",
            ("nobody is told what is done with their data", "personne n’apprend ce qu’il advient de ses données"),
            ("link a privacy notice from every page", "lier une notice de confidentialité depuis chaque page"),
        );
    }
    if page.is_html()
        && !linked(&[
            "mentions légales",
            "mentions l&eacute;gales",
            "mentions-legales",
            "legal notice",
            "impressum",
            "imprint",
        ])
    {
        put(
            "no-legal-notice",
            Severity::Low,
            5,
            page.url.clone(),
            "law 2004-575 (LCEN) art. 1-1",
            ("publisher and host must be named", "l’éditeur et l’hébergeur doivent être nommés"),
            ("link the legal notice from every page", "lier les mentions légales depuis chaque page"),
        );
    }
    found.sort_by(|a, b| (std::cmp::Reverse(a.severity), a.id).cmp(&(std::cmp::Reverse(b.severity), b.id)));
    let lost: u32 = found.iter().map(|f| f.points).sum();
    Privacy { score: 100u32.saturating_sub(lost), findings: found }
}

/// Writes a finding down: id, severity, points, what was seen, article, why and how to mend (English, French).
type Put<'p> = &'p mut dyn FnMut(&'static str, Severity, u32, String, &'static str, (&str, &str), (&str, &str));

fn forms(tags: &[Tag], page: &Answer, foreign: &dyn Fn(&str) -> bool, put: Put) {
    let (mut action, mut personal, mut agreed) = (None::<String>, false, false);
    for tag in tags.iter().map(Some).chain([None]) {
        let name = tag.map_or("/form", |t| t.name.as_str());
        match (name, tag) {
            ("form", Some(t)) => {
                (action, personal, agreed) = (Some(t.get("action").unwrap_or("").trim().to_string()), false, false)
            }
            ("input", Some(t)) => {
                let word = format!("{} {}", t.get("type").unwrap_or(""), t.get("name").unwrap_or("")).to_lowercase();
                personal |= ["mail", "tel", "phone", "name", "nom", "address", "adresse", "postal"]
                    .iter()
                    .any(|w| word.contains(w));
                agreed |= word.contains("checkbox");
            }
            ("/form", _) => {
                let Some(to) = action.take().filter(|_| personal) else { continue };
                let to = if to.is_empty() { page.url.clone() } else { to };
                if to.starts_with("http://") || !to.contains("://") && page.url.starts_with("http://") {
                    put(
                        "form-in-clear",
                        Severity::High,
                        25,
                        to.clone(),
                        "GDPR art. 32",
                        (
                            "names and addresses of supporters travel where anybody on the way can read them",
                            "noms et adresses des sympathisants voyagent lisibles par tous sur le chemin",
                        ),
                        ("send the form to an https:// address", "envoyer le formulaire vers une adresse https://"),
                    );
                }
                if foreign(&to) {
                    put(
                        "form-to-third-party",
                        Severity::Medium,
                        10,
                        to.clone(),
                        "GDPR art. 9, 26 and 28",
                        (
                            "who signs up tells another company a political opinion",
                            "s’inscrire révèle à un tiers une opinion politique",
                        ),
                        (
                            "receive it yourself, or name the processor and its contract",
                            "le recevoir vous-même, ou nommer le sous-traitant et son contrat",
                        ),
                    );
                }
                if !agreed {
                    put(
                        "form-without-consent",
                        Severity::Medium,
                        10,
                        to,
                        "GDPR art. 9(2)(a)",
                        (
                            "a political opinion is asked for without explicit consent",
                            "une opinion politique est recueillie sans consentement explicite",
                        ),
                        (
                            "add a box, not ticked, that says for what",
                            "ajouter une case, non cochée, qui dit pour quoi",
                        ),
                    );
                }
            }
            _ => {}
        }
    }
}

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
    if seen.https.is_none() && seen.tls.is_some() {
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
    let scripts: Vec<String> = seen.scripts.iter().map(Answer::text).collect();
    for met in crate::libraries::met(&tags, &scripts).into_iter().filter(|m| !m.faults.is_empty()) {
        found.push(Finding {
            id: "vulnerable-library",
            severity: Severity::Medium,
            seen: format!("{} {}: {}", met.name, met.version, met.faults.join(", ")),
            why: Text::new(
                "how to break into pages with this version is published",
                "la façon de s’introduire dans les pages avec cette version est publiée",
            ),
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
