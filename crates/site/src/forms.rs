//! Forms, notices and what else a page says about the data it takes.

use crate::answer::{Answer, Before, Seen};
use crate::markup::Tag;
use knowledge::suffixes;
use model::Severity;
use std::collections::BTreeSet;

/// Writes a finding down: id, severity, points, what was seen, article, why and how to mend (English, French).
pub type Put<'p> = &'p mut dyn FnMut(&'static str, Severity, u32, String, &'static str, (&str, &str), (&str, &str));

/// Forms that ask who somebody is.
pub fn forms(tags: &[Tag], page: &Answer, foreign: &dyn Fn(&str) -> bool, put: Put) {
    let (mut action, mut gets, mut personal, mut agreed) = (None::<String>, false, false, None::<bool>);
    for tag in tags.iter().map(Some).chain([None]) {
        let name = tag.map_or("/form", |t| t.name.as_str());
        match (name, tag) {
            ("form", Some(t)) => {
                action = Some(t.get("action").unwrap_or("").trim().to_string());
                gets = !t.get("method").is_some_and(|m| m.trim().eq_ignore_ascii_case("post"));
                (personal, agreed) = (false, None);
            }
            ("input", Some(t)) => {
                let kind = t.get("type").unwrap_or("text").trim().to_lowercase();
                // What nobody writes into asks for nothing, and who looks for something tells nobody's name.
                let writes = !["hidden", "submit", "button", "reset", "image", "checkbox", "radio", "search", "file"]
                    .contains(&kind.as_str());
                personal |= writes && (["email", "tel"].contains(&kind.as_str()) || asks(t.get("name").unwrap_or("")));
                if kind == "checkbox" {
                    agreed = Some(agreed.unwrap_or(false) || t.get("checked").is_some());
                }
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
                if gets {
                    put(
                        "form-in-address",
                        Severity::Medium,
                        10,
                        to.clone(),
                        "GDPR art. 5(1)(f) and 32",
                        (
                            "sent by GET, what people write stands in addresses, logs and referrers",
                            "envoyé par GET, ce que les gens écrivent reste dans adresses, journaux et référents",
                        ),
                        ("write method=\"post\"", "écrire method=\"post\""),
                    );
                }
                if agreed == Some(true) {
                    put(
                        "consent-ticked-before",
                        Severity::Medium,
                        10,
                        to.clone(),
                        "GDPR art. 4(11) and 9(2)(a)",
                        (
                            "a box that is ticked already is no consent (CJEU, C-673/17)",
                            "une case déjà cochée n’est pas un consentement (CJUE, C-673/17)",
                        ),
                        ("leave the box empty", "laisser la case vide"),
                    );
                }
                if agreed.is_none() {
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

/// Whether a field's name says that it asks who somebody is: one of its words does, or it begins or ends with one that stands
/// in no other word.
fn asks(name: &str) -> bool {
    const WORDS: [&str; 14] = [
        "tel",
        "phone",
        "name",
        "nom",
        "address",
        "adresse",
        "surname",
        "lastname",
        "firstname",
        "fullname",
        "mobile",
        "portable",
        "fname",
        "lname",
    ];
    const PARTS: [&str; 7] = ["mail", "courriel", "prenom", "téléphone", "telephone", "postal", "birth"];
    let mut spaced = String::new();
    for c in name.chars().take(200) {
        if c.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(c.to_lowercase());
    }
    let lower = name.to_lowercase();
    let words = |text: &str| -> bool { text.split(|c: char| !c.is_alphabetic()).any(|w| WORDS.contains(&w)) };
    // A name of a file, of a form, of a user to sign in with is nobody's.
    let other = ["filename", "form_name", "formname", "list_name", "username", "hostname"];
    !other.contains(&lower.as_str()) && (words(&spaced) || words(&lower) || PARTS.iter().any(|p| lower.contains(p)))
}

/// What else the page itself shows. `asks`: it loads what needs consent.
pub fn page_itself(seen: &Seen, page: &Answer, asks: bool, put: Put) {
    let shown = seen.before.as_ref().map_or_else(|| page.text(), |b| b.page.clone());
    let words = shown.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
    let accept = [
        "tout accepter",
        "accepter tout",
        "accept all",
        "accept cookies",
        "j'accepte",
        "j’accepte",
        "alle akzeptieren",
    ];
    let refuse = [
        "tout refuser",
        "refuser tout",
        "continuer sans accepter",
        "refuser",
        "reject all",
        "refuse all",
        "decline",
        "continue without",
        "only necessary",
        "alle ablehnen",
    ];
    if has(&accept) && !has(&refuse) {
        put(
            "refusing-harder-than-accepting",
            Severity::Medium,
            15,
            page.url.clone(),
            "GDPR art. 4(11) and 7(3); directive 2002/58/EC art. 5(3)",
            (
                "there is a button to accept all and none to refuse: such consent is not free",
                "un bouton accepte tout, aucun ne refuse\u{202f}: un tel consentement n’est pas libre",
            ),
            ("put *refuse all* beside it, as large", "mettre *tout refuser* à côté, aussi grand"),
        );
    } else if page.is_html() && asks && !has(&accept) && !has(&["cookie", "consent", "traceur"]) {
        put(
            "no-consent-asked",
            Severity::Medium,
            10,
            page.url.clone(),
            "directive 2002/58/EC art. 5(3)",
            ("others are loaded and nobody is asked", "des tiers sont chargés et personne n’est interrogé"),
            ("ask before loading them", "demander avant de les charger"),
        );
    }
}

/// What becomes of people who say who they are on a page, or are named on it. `asks`: it loads things of others.
pub fn people(host: &str, page: &Answer, tags: &[Tag], asks: bool, before: Option<&Before>, put: Put) {
    let gives = ["montant", "amount", "donation", "donate", "don", "iban", "cardnumber", "card-number"];
    let donation = tags.iter().any(|t| {
        let name = t.get("name").or_else(|| t.get("id")).unwrap_or("").to_lowercase();
        t.name == "input" && gives.contains(&name.as_str())
    });
    if donation && asks {
        put(
            "third-party-on-donation-page",
            Severity::High,
            15,
            page.url.clone(),
            "GDPR art. 9",
            (
                "who gives to a campaign shows an opinion, and others watch him do it",
                "qui donne à une campagne montre une opinion, et des tiers le regardent faire",
            ),
            ("load nothing from others on this page", "ne rien charger de tiers sur cette page"),
        );
    }
    let telling = |url: &str| {
        // What a mail program opens goes to no server.
        let scheme = url.split([':', '/', '?']).next().unwrap_or("").trim();
        if ["mailto", "tel", "sms", "javascript", "data", "blob"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) {
            return false;
        }
        let query = url.split_once('?').map_or("", |(_, q)| q).split('#').next().unwrap_or("").to_lowercase();
        query.split(['&', ';']).any(|p| {
            let (name, value) = p.split_once('=').unwrap_or((p, ""));
            let secret = ["token", "session", "sessionid", "sid", "auth", "password", "email", "mail", "phone"];
            !value.is_empty() && secret.contains(&name) || !addresses(&value.replace("%40", "@")).is_empty()
        })
    };
    let named = tags.iter().flat_map(|t| [t.get("href"), t.get("src"), t.get("action")]).flatten();
    let asked = before.iter().flat_map(|b| &b.requests).map(String::as_str);
    let leaks: BTreeSet<String> = named.chain(asked).filter(|u| telling(u)).map(str::to_string).collect();
    if let Some(first) = leaks.first() {
        put(
            "personal-data-in-address",
            Severity::Medium,
            10,
            first.clone(),
            "GDPR art. 5(1)(f) and 32",
            (
                "an address stands in logs and histories and goes on to other sites as the referrer",
                "une adresse reste dans les journaux et historiques et part vers d’autres sites comme référent",
            ),
            ("send it in the body of a POST", "l’envoyer dans le corps d’un POST"),
        );
    }
    let mut text = crate::markup::text(&page.text());
    for to in tags.iter().filter_map(|t| t.get("href")?.trim().strip_prefix("mailto:")) {
        text.push(' ');
        text.push_str(to);
    }
    let people: BTreeSet<String> =
        addresses(&text).into_iter().filter(|a| foreign_address(host, a) && !is_office(a)).collect();
    if people.len() >= MEMBERS {
        put(
            "members-revealed",
            Severity::High,
            25,
            format!("{}, … ({})", people.iter().next().cloned().unwrap_or_default(), people.len()),
            "GDPR art. 9 and 32",
            (
                "who stands on such a list of a campaign has shown a political opinion to the world",
                "qui figure sur une telle liste d’une campagne montre au monde une opinion politique",
            ),
            ("take the list off the page", "retirer la liste de la page"),
        );
    }
}

/// From so many addresses on, a page is a list of people.
const MEMBERS: usize = 8;

fn foreign_address(host: &str, address: &str) -> bool {
    let domain = address.rsplit('@').next().unwrap_or("");
    crate::tests::registrable(domain).is_some_and(|d| Some(d) != crate::tests::registrable(host))
}

/// Names before the `@` behind which stands an office and no person.
const OFFICES: [&str; 26] = [
    "abuse",
    "accueil",
    "admin",
    "bonjour",
    "bureau",
    "communication",
    "contact",
    "dpo",
    "hello",
    "info",
    "infos",
    "mairie",
    "media",
    "medias",
    "newsletter",
    "noreply",
    "no-reply",
    "office",
    "postmaster",
    "presse",
    "press",
    "privacy",
    "rgpd",
    "secretariat",
    "security",
    "webmaster",
];

fn is_office(address: &str) -> bool {
    let name = address.split('@').next().unwrap_or("");
    OFFICES.iter().any(|o| name.strip_prefix(o).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric())))
}

/// What files are called that stand behind an `@` (`logo@2x.png`, `jquery@3.7.1/dist/jquery.min.js`).
const FILES: [&str; 22] = [
    "avif", "bmp", "css", "eot", "gif", "heic", "htm", "html", "ico", "jpeg", "jpg", "js", "json", "map", "mjs", "otf",
    "php", "png", "svg", "ttf", "webp", "woff2",
];

/// Whether a name can be the domain of a mailbox: its end is one that exists and no file's, and it is no version of anything.
fn is_mail_domain(domain: &str) -> bool {
    let end = domain.rsplit('.').next().unwrap_or("");
    !FILES.contains(&end)
        && !domain.split('.').any(|l| l.is_empty() || l.starts_with('-') || l.ends_with('-') || l.contains(['_', '+']))
        && suffixes::suffix(domain.as_bytes()).is_some_and(|s| s.is_known())
        && suffixes::registrable(domain).is_some()
}

/// Addresses of mail in a text.
fn addresses(text: &str) -> Vec<String> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let mut all = Vec::new();
    for (at, _) in text.match_indices('@').take(10_000) {
        let before = &text[..at];
        let name = &before[before
            .rfind(|c: char| !part(c))
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8))..];
        let after = &text[at + 1..];
        let domain = after[..after.find(|c: char| !part(c)).unwrap_or(after.len())].trim_end_matches('.');
        let domain = domain.to_lowercase();
        if !name.is_empty() && name.len() <= 64 && !name.starts_with('.') && is_mail_domain(&domain) {
            all.push(format!("{name}@{domain}").to_lowercase());
        }
    }
    all
}

/// Whether the notices say what they must.
pub fn notices(seen: &Seen, put: Put) {
    let legal = |a: &&Answer| ["legal", "impressum", "imprint"].iter().any(|w| a.url.to_lowercase().contains(w));
    let text = |a: &Answer| a.text().to_lowercase().replace("&eacute;", "é").replace("&egrave;", "è");
    let missing = |text: &str, wanted: &[(&'static str, &[&str])]| -> Vec<&'static str> {
        wanted.iter().filter(|(_, words)| !words.iter().any(|w| text.contains(w))).map(|(name, _)| *name).collect()
    };
    let (of_law, of_data): (Vec<&Answer>, Vec<&Answer>) =
        seen.notices.iter().filter(|a| a.status == 200).partition(legal);
    if let Some(page) = of_law.first() {
        let wanted: [(&str, &[&str]); 3] = [
            (
                "director of publication",
                &[
                    "directeur de la publication",
                    "directrice de la publication",
                    "directeur de publication",
                    "directrice de publication",
                    "responsable de la publication",
                    "director of publication",
                    "verantwortlich",
                ],
            ),
            ("host", &["hébergeur", "hébergé", "hébergement", "hosted by", "hosting"]),
            (
                "address or telephone",
                &["téléphone", "tél.", "tél :", "adresse", "siège", "phone", "address", "rue ", "avenue"],
            ),
        ];
        let lacks = missing(&text(page), &wanted);
        if !lacks.is_empty() {
            put(
                "legal-notice-incomplete",
                Severity::Low,
                5,
                format!("{}: {}", page.url, lacks.join(", ")),
                "law 2004-575 (LCEN) art. 1-1, since 23 May 2024",
                (
                    "publisher, director of publication and host must be named",
                    "éditeur, directeur de la publication et hébergeur doivent être nommés",
                ),
                ("add what is missing", "ajouter ce qui manque"),
            );
        }
    }
    if let Some(page) = of_data.first() {
        let wanted: [(&str, &[&str]); 5] = [
            (
                "controller",
                &["responsable de traitement", "responsable du traitement", "controller", "verantwortlicher"],
            ),
            ("purposes", &["finalité", "purpose", "zweck"]),
            ("how long", &["durée", "conserv", "retention", "retain", "how long", "speicher"]),
            (
                "rights",
                &[
                    "droit d'accès",
                    "droit d’accès",
                    "vos droits",
                    "your rights",
                    "right of access",
                    "right to access",
                    "betroffenenrechte",
                ],
            ),
            (
                "complaint to the authority",
                &["cnil", "autorité de contrôle", "supervisory authority", "aufsichtsbehörde"],
            ),
        ];
        let lacks = missing(&text(page), &wanted);
        if !lacks.is_empty() {
            put(
                "privacy-notice-incomplete",
                Severity::Low,
                5,
                format!("{}: {}", page.url, lacks.join(", ")),
                "GDPR art. 13",
                (
                    "people must be told who keeps what, why and how long, and what they can do",
                    "chacun doit savoir qui garde quoi, pourquoi, combien de temps, et quels sont ses droits",
                ),
                ("add what is missing", "ajouter ce qui manque"),
            );
        }
    }
}
