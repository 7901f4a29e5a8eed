//! Mailboxes set to leak: mail that goes on to elsewhere, rules that hide, mailboxes opened to others.

use super::change::{ChangeDetector, Judged, Known, mailbox};
use super::event::setting;
use super::table::Row;
use crate::auth_log::plain;
use model::{Reason, Severity, Text};
use rows::sign_in::Action;

/// `sign_in/mailbox`.
pub static MAILBOX: ChangeDetector = ChangeDetector {
    id: "sign_in/mailbox",
    actions: &[Action::Forwarding, Action::InboxRule, Action::TransportRule, Action::Delegate],
    specification: include_str!("mailbox.md"),
    judge,
};

/// Folders that nobody looks into.
const UNSEEN: &[&str] = &[
    "rss",
    "junk",
    "conversation history",
    "archive",
    "deleted items",
    "trash",
    "spam",
    "éléments supprimés",
    "indésirable",
    "historique des conversations",
    "flux rss",
];

/// Words that a thief hides or collects.
const WORDS: &[&str] = &[
    "password",
    "passwort",
    "mot de passe",
    "invoice",
    "facture",
    "payment",
    "paiement",
    "wire",
    "virement",
    "bank",
    "security",
    "sécurité",
    "phish",
    "hameçonnage",
    "hack",
    "virus",
    "spam",
    "helpdesk",
    "support",
    "mfa",
    "suspicious",
    "confidential",
    "undeliver",
    "mailer-daemon",
    "microsoft",
    "docusign",
    "leak",
];

fn judge(row: &Row, known: &Known) -> Option<Judged> {
    let a = &row.activity;
    let who = plain(&a.account);
    let to = setting(&a.detail, "forward_to").unwrap_or_default();
    let mut judged = Judged {
        severity: Severity::Low,
        confidence: 50,
        title: Text::default(),
        reasons: Vec::new(),
        techniques: Vec::new(),
        infrastructure: mailbox(to).into_iter().filter(|e| known.is_outside(&e.value)).collect(),
        folds: false,
    };
    let outside = !judged.infrastructure.is_empty();
    let add = |judged: &mut Judged, weight, en: &str, fr: &str| {
        judged.reasons.push(Reason::supporting(weight, Text::new(en, fr)));
    };
    if !to.is_empty() {
        judged.techniques.push("T1114.003");
        if outside {
            add(&mut judged, 40, "mail leaves the organisation", "le courrier quitte l’organisation");
        }
    }
    let mailbox_of = if a.target.is_empty() { who.clone() } else { plain(&a.target) };
    let shown = plain(to);
    match a.action {
        Action::Forwarding => {
            judged.severity = if outside { Severity::High } else { Severity::Low };
            judged.confidence = if outside { 70 } else { 40 };
            judged.title = Text::new(
                format!("Mail of `{mailbox_of}` is forwarded to `{shown}`"),
                format!("Le courrier de « {mailbox_of} » est transféré à « {shown} »"),
            );
        }
        Action::InboxRule => {
            let has = |key| setting(&a.detail, key).unwrap_or_default();
            let (name, folder) = (has("name"), has("moves_to").to_lowercase());
            let words = format!("{} {}", has("words"), has("from")).to_lowercase();
            let telling = WORDS.iter().any(|w| words.contains(w));
            let unseen = UNSEEN.iter().any(|f| folder.contains(f));
            let deletes = has("deletes") == "true";
            let hides = deletes || unseen || has("marks_read") == "true" && !folder.is_empty();
            // Names of a point or a letter are made so as not to be seen.
            let nameless = name == "(none)" || name.chars().filter(|c| c.is_alphanumeric()).count() < 2;
            if !outside && !(hides && (telling || nameless || deletes || unseen)) {
                return None;
            }
            judged.severity = match () {
                () if outside => Severity::High,
                () if hides && (telling || nameless) => Severity::Medium,
                () => Severity::Low,
            };
            judged.confidence = if outside || telling || nameless { 65 } else { 40 };
            if hides {
                judged.techniques.push("T1564.008");
                add(
                    &mut judged,
                    20,
                    "it hides messages from their owner",
                    "elle cache des messages à leur destinataire",
                );
            }
            if telling {
                add(
                    &mut judged,
                    20,
                    "it picks messages by words that thieves look for or hide",
                    "elle trie par des mots que les voleurs cherchent ou cachent",
                );
            }
            if nameless {
                add(
                    &mut judged,
                    20,
                    "it has no name, or one made not to be seen",
                    "elle n’a pas de nom, ou un nom fait pour ne pas être vu",
                );
            }
            judged.title = match outside {
                true => Text::new(
                    format!("A rule in the mailbox of `{who}` sends messages to `{shown}`"),
                    format!("Une règle dans la boîte de « {who} » envoie des messages à « {shown} »"),
                ),
                false => Text::new(
                    format!("A rule in the mailbox of `{who}` hides messages"),
                    format!("Une règle dans la boîte de « {who} » cache des messages"),
                ),
            };
        }
        Action::TransportRule => {
            let auto = setting(&a.detail, "auto_forward").is_some();
            judged.severity = if outside { Severity::High } else { Severity::Low };
            judged.confidence = if outside { 75 } else { 35 };
            if auto {
                judged.severity = Severity::Medium;
                add(
                    &mut judged,
                    20,
                    "mail may be forwarded out automatically",
                    "le transfert automatique vers l’extérieur est permis",
                );
            }
            judged.title = match to.is_empty() {
                false => Text::new(
                    format!("`{who}` set a rule that sends everybody’s mail to `{shown}`"),
                    format!("« {who} » a posé une règle qui envoie le courrier de tous à « {shown} »"),
                ),
                true => Text::new(
                    format!("`{who}` set a rule for everybody’s mail ({})", plain(&a.operation)),
                    format!("« {who} » a posé une règle pour le courrier de tous ({})", plain(&a.operation)),
                ),
            };
        }
        _ => {
            let to = setting(&a.detail, "to").unwrap_or_default();
            let rights = setting(&a.detail, "rights").unwrap_or_default();
            let grantee = plain(to);
            // An administrator who gives himself a mailbox reads it.
            let self_given = !to.is_empty() && a.account.split('@').next() == to.to_lowercase().split('@').next();
            let everybody = matches!(to.to_lowercase().as_str(), "default" | "everyone" | "anonymous" | "anyone");
            judged.techniques.push("T1098.002");
            judged.infrastructure = mailbox(to).into_iter().filter(|e| known.is_outside(&e.value)).collect();
            if !judged.infrastructure.is_empty() || everybody {
                judged.severity = Severity::Medium;
                add(&mut judged, 30, "to somebody outside, or to everybody", "à quelqu’un d’extérieur, ou à tous");
            }
            if self_given {
                judged.severity = Severity::Medium;
                add(&mut judged, 30, "given to oneself", "donné à soi-même");
            }
            judged.folds = judged.severity < Severity::Medium || !self_given;
            judged.confidence = 40;
            judged.title = Text::new(
                format!("`{who}` opened the mailbox of `{mailbox_of}` to `{grantee}` ({})", plain(rights)),
                format!("« {who} » a ouvert la boîte de « {mailbox_of} » à « {grantee} » ({})", plain(rights)),
            );
            judged.reasons.push(Reason::against(
                20,
                Text::new("assistants and shared mailboxes need this", "assistants et boîtes partagées en ont besoin"),
            ));
        }
    }
    if a.action != Action::Delegate {
        judged.reasons.push(Reason::against(
            15,
            Text::new(
                "people forward their mail and sort it for reasons of their own",
                "on transfère et trie son courrier pour des raisons à soi",
            ),
        ));
    }
    Some(judged)
}
