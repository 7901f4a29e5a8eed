//! What the front page does with visitors' data, as its HTML says, or a browser saw, and what pages on which people give, join or
//! sign ask of them: a score of its own, each point with the article it rests on.

use crate::answer::Seen;
use crate::forms::{forms, notices, page_itself, people};
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

/// Where aliases of a site's own names lead that hide a tracker. Source: from memory of lists that blockers publish.
const CLOAKS: [&str; 14] = [
    "eulerian.net",
    "at-o.net",
    "ati-host.net",
    "omtrdc.net",
    "2o7.net",
    "data.adobedc.net",
    "dnsdelegation.io",
    "keyade.com",
    "wizaly.com",
    "webtrekk.net",
    "pardot.com",
    "eloqua.com",
    "tracedock.com",
    "actonservice.com",
];

/// Names of cookies by which visitors are followed.
const FOLLOWS: [&str; 8] = ["_ga", "_gid", "_gcl", "_fbp", "_pk_id", "_hjid", "ajs_", "mp_"];

fn follows(name: &str) -> bool {
    FOLLOWS.iter().any(|f| name.starts_with(f))
}

/// Addresses that a page makes a browser fetch at once, absolute.
pub(crate) fn fetched(tags: &[Tag]) -> Vec<(String, String)> {
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
    let mut all = fetched(&tags);
    all.extend(seen.before.iter().flat_map(|b| &b.requests).map(|u| ("request".to_string(), u.clone())));
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
        .filter(|c| c.kept.is_some() || follows(&c.name))
        .map(|c| c.name)
        .chain(seen.before.iter().flat_map(|b| &b.cookies).filter(|c| c.1 || follows(&c.0)).map(|c| c.0.clone()))
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
    let storage: BTreeSet<String> = seen.before.iter().flat_map(|b| b.storage.clone()).collect();
    if !storage.is_empty() {
        put(
            "storage-before-consent",
            if storage.iter().any(|s| follows(s)) { Severity::High } else { Severity::Low },
            5,
            list(&storage),
            "directive 2002/58/EC art. 5(3)",
            (
                "what is written into a visitor's browser needs his consent, unless the page cannot do without",
                "écrire dans le navigateur du visiteur exige son accord, sauf strict nécessaire",
            ),
            ("write nothing there before consent", "n’y rien écrire avant consentement"),
        );
    }
    let cloaked: BTreeSet<String> = seen
        .aliases
        .iter()
        .filter(|(_, to)| {
            CLOAKS.iter().any(|c| to == c || to.ends_with(&format!(".{c}")))
                || party(&format!("https://{to}/")) == Some("tracker")
        })
        .map(|(name, to)| format!("{name} → {to}"))
        .collect();
    if !cloaked.is_empty() {
        put(
            "cloaked-tracker",
            Severity::High,
            30,
            list(&cloaked),
            "GDPR art. 5(1)(a) and 6; directive 2002/58/EC art. 5(3)",
            (
                "a tracker that hides behind this site's own name gets its cookies, and blockers do not see it",
                "un traceur caché derrière le nom du site en reçoit les cookies, et les bloqueurs ne le voient pas",
            ),
            ("take the alias (CNAME) out of the DNS", "retirer l’alias (CNAME) du DNS"),
        );
    }
    let asks = !trackers.is_empty() || !others.is_empty() || !widgets.is_empty();
    forms(&tags, page, &foreign, &mut put);
    page_itself(seen, page, asks, &mut put);
    people(&seen.host, page, &tags, asks, seen.before.as_ref(), &mut put);
    for page in seen.pages.iter().filter(|p| p.status == 200 && p.is_html()) {
        let tags = crate::markup::tags(&page.text());
        let theirs: BTreeSet<String> =
            fetched(&tags).iter().filter(|(_, u)| foreign(u)).map(|(_, u)| parts(u).1.to_string()).collect();
        // Where it was seen comes first: that is the answer which shows it.
        let mut here = |id, severity, points, seen: String, article, why: (&str, &str), mend: (&str, &str)| {
            let seen = if seen == page.url { seen } else { format!("{}: {seen}", page.url) };
            put(id, severity, points, seen, article, why, mend);
        };
        forms(&tags, page, &foreign, &mut here);
        people(&seen.host, page, &tags, !theirs.is_empty(), None, &mut here);
    }
    notices(seen, &mut put);
    if page.is_html() {
        crate::political::labels(page, &tags, &mut put);
    }
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
    found.extend(crate::documents::findings(seen));
    found.sort_by(|a, b| (std::cmp::Reverse(a.severity), a.id).cmp(&(std::cmp::Reverse(b.severity), b.id)));
    // Ten documents of one hand are one fault.
    let mut counted = BTreeSet::new();
    let lost: u32 = found.iter().filter(|f| counted.insert(f.id)).map(|f| f.points).sum();
    Privacy { score: 100u32.saturating_sub(lost), findings: found }
}
