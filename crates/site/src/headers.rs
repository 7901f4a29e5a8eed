//! The tests that failed, as findings: why each matters and how to mend it.

use crate::answer::Seen;
use crate::grade::Grade;
use crate::privacy::Finding;
use model::{Severity, Text};

type Words = (&'static str, (&'static str, &'static str), (&'static str, &'static str));

const TESTS: [Words; 10] = [
    (
        "content-security-policy",
        (
            "whoever slips a script into a page has everything a visitor has there",
            "qui glisse un script dans une page y peut tout ce que peut le visiteur",
        ),
        ("say from where scripts may come", "dire d’où les scripts peuvent venir"),
    ),
    (
        "cookies",
        (
            "a session's cookie without its flags can be stolen and used in its owner's name",
            "un cookie de session sans ses attributs peut être volé et servir au nom de son porteur",
        ),
        ("set Secure, HttpOnly and SameSite", "poser Secure, HttpOnly et SameSite"),
    ),
    (
        "cross-origin-resource-sharing",
        ("other sites may read what visitors see here", "d’autres sites peuvent lire ce que voient ici les visiteurs"),
        ("allow a fixed list of origins", "n’autoriser qu’une liste fixe d’origines"),
    ),
    (
        "redirection",
        (
            "whoever types the name without https:// can be caught on the way",
            "qui tape le nom sans https:// peut être intercepté",
        ),
        ("redirect to https:// of the same host at once", "rediriger d’emblée vers https:// du même hôte"),
    ),
    (
        "referrer-policy",
        (
            "other sites learn which page a visitor came from, with all that stands in its address",
            "d’autres sites apprennent de quelle page vient le visiteur, avec tout ce que dit son adresse",
        ),
        ("send strict-origin-when-cross-origin or stricter", "envoyer strict-origin-when-cross-origin ou plus strict"),
    ),
    (
        "strict-transport-security",
        (
            "a browser that was here once still tries http:// first and can be caught there",
            "un navigateur déjà venu essaie encore http:// d’abord et peut y être intercepté",
        ),
        ("send it with a year", "l’envoyer pour un an"),
    ),
    (
        "subresource-integrity",
        (
            "who breaks into the other host changes this page too",
            "qui s’introduit chez l’autre hôte change aussi cette page",
        ),
        ("serve the script yourself, or pin its hash", "héberger le script, ou fixer son empreinte"),
    ),
    (
        "x-content-type-options",
        (
            "a file that visitors uploaded can be run as a script",
            "un fichier déposé par un visiteur peut être exécuté comme script",
        ),
        ("send nosniff", "envoyer nosniff"),
    ),
    (
        "x-frame-options",
        (
            "another site can show this one in a frame and have its visitors click unawares",
            "un autre site peut afficher celui-ci dans un cadre et faire cliquer à l’insu",
        ),
        ("forbid frames", "interdire les cadres"),
    ),
    (
        "cross-origin-resource-policy",
        ("other sites may take its files in", "d’autres sites peuvent intégrer ses fichiers"),
        ("send same-origin", "envoyer same-origin"),
    ),
];

/// A finding for each test that failed.
#[must_use]
pub fn findings(seen: &Seen, grade: &Grade) -> Vec<Finding> {
    // Without HTTPS at all that is the fault, and told as such.
    let plain = seen.https.is_none();
    let failed = grade.tests.iter().filter(|t| !t.pass && t.score_modifier < 0);
    failed
        .filter(|t| !(plain && matches!(t.name, "strict-transport-security" | "redirection")))
        .filter_map(|t| {
            let (id, why, mend) = TESTS.iter().find(|w| w.0 == t.name)?;
            let severity = match t.score_modifier {
                ..=-40 => Severity::High,
                -39..=-20 => Severity::Medium,
                _ => Severity::Low,
            };
            let (why, mend) = (Text::new(why.0, why.1), Text::new(mend.0, mend.1));
            Some(Finding { id, severity, seen: t.result.into(), why, mend, article: None, points: 0 })
        })
        .collect()
}
