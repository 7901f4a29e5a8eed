//! The dossier of one group for the platform that its accounts are on: who, what, when, how it is held to be no
//! chance, what else it could be, and what is asked. Posts stand with their ids, times and the SHA-256 of their text,
//! so that the platform can check them against its own records. It names members, and is made on request only.

use super::acts::acts;
use super::{Group, Post};
use crate::export::markdown::{evidence, plain};
use crate::words::Words;
use model::{Evidence, Lang, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Posts listed; the CSV of `coortweet` holds all.
const POSTS: usize = 2000;

/// In Markdown.
pub fn dossier(group: &Group, posts: &[Post], register: &[Evidence], lang: Lang) -> Result<String> {
    let Group { finding, row } = group;
    let say = |en: &str, fr: &str| lang.of(en, fr).to_string();
    let words = Words(lang);
    let cell = |text: &str| plain(text).replace('`', "");
    let mut lines = vec![format!("# {}\n", plain(finding.title.get(lang)))];
    lines.push(say(
        "We ask you to check with your own records (addresses, devices, payments) whether these accounts are run together, and to apply your rules on inauthentic behaviour. What follows is what public posts show; it does not say who runs them.\n",
        "Nous vous demandons de vérifier dans vos propres données (adresses, appareils, paiements) si ces comptes sont tenus ensemble, et d’appliquer vos règles sur les comportements inauthentiques. Ce qui suit est ce que montrent des publications publiques ; cela ne dit pas qui les tient.\n",
    ));
    lines.push(format!("## {}\n", say("What they did", "Ce qu’ils ont fait")));
    let by: Vec<String> = row.by.iter().map(|b| words.text(&b.text())).collect();
    lines.push(format!("- {}: {}", say("shared", "ont partagé"), cell(&by.join(", "))));
    if let Some(window) = row.window {
        lines.push(format!("- {}: {window} s", say("within", "en moins de")));
    }
    if let (Some(first), Some(last)) = (finding.first, finding.last) {
        lines.push(format!("- {}: {first} – {last}", say("from, to", "du, au")));
    }
    lines.push(format!(
        "- {}: {}, {}: {}",
        say("accounts", "comptes"),
        row.members.len(),
        say("posts", "publications"),
        row.posts
    ));
    if let Some(first) = &row.first_mover {
        lines.push(format!(
            "- {}: `{}`",
            say("first to move, most often", "le premier à agir, le plus souvent"),
            cell(first)
        ));
    }
    lines.push(format!("- DISARM: {}\n", cell(&finding.techniques.join(", "))));
    lines.push(format!("## {}\n", say("Why it is no chance", "Pourquoi ce n’est pas un hasard")));
    let chance = say("corrected probability of chance", "probabilité corrigée d’un hasard");
    lines.push(format!("- {chance}: {:.1e}", row.p));
    for reason in &finding.reasons {
        lines.push(format!("- {} {}", if reason.supports { "+" } else { "−" }, plain(reason.text.get(lang))));
    }
    if !row.innocent.is_empty() {
        lines.push(format!("\n{}\n", say("Innocent explanations considered:", "Explications innocentes examinées :")));
        lines.extend(
            row.innocent
                .iter()
                .map(|t| format!("- {} – {}", words.text(&t.explanation.text()), words.text(&t.outcome.text()))),
        );
    }
    lines.push(format!("\n## {}\n", say("Accounts", "Comptes")));
    lines.push(format!(
        "| {} | {} | {} | {} |",
        say("id", "id"),
        say("name", "nom"),
        say("posts", "publications"),
        say("created", "créé")
    ));
    lines.push("|---|---|---:|---|".into());
    lines.extend(row.members.iter().map(|m| {
        let created = m.created.map_or_else(String::new, |t| t.to_string());
        format!("| `{}` | {} | {} | {created} |", cell(&m.account), cell(&m.name), m.posts)
    }));
    if !row.objects.is_empty() {
        lines.push(format!("\n## {}\n", say("What was shared", "Ce qui a été partagé")));
        lines.extend(row.objects.iter().map(|o| {
            let (accounts, posts) = (say("accounts", "comptes"), say("posts", "publications"));
            format!("- `{}` ({accounts}: {}, {posts}: {})", cell(&o.object), o.accounts, o.posts)
        }));
    }
    let mut together: BTreeSet<*const Post> = BTreeSet::new();
    acts(posts, row.window, &mut |act| {
        together.extend([std::ptr::from_ref(act.older), std::ptr::from_ref(act.newer)]);
        Ok(())
    })?;
    let listed: Vec<&Post> = posts.iter().filter(|p| together.contains(&std::ptr::from_ref(*p))).collect();
    lines.push(format!("\n## {}\n", say("Posts", "Publications")));
    lines.push(say(
        "The SHA-256 is that of the text in UTF-8 as it was exported.\n",
        "Le SHA-256 est celui du texte en UTF-8 tel qu’il a été exporté.\n",
    ));
    lines.push(format!(
        "| {} | {} | {} | SHA-256 |",
        say("post", "publication"),
        say("account", "compte"),
        say("time", "heure")
    ));
    lines.push("|---|---|---|---|".into());
    lines.extend(listed.iter().take(POSTS).map(|p| {
        let hash: String = Sha256::digest(p.text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        let time = p.time.map_or_else(String::new, |t| t.to_string());
        format!("| `{}` | `{}` | {time} | `{hash}` |", cell(&p.id), cell(&p.account))
    }));
    if listed.len() > POSTS {
        lines.push(format!("\n{} {} {}.", POSTS, say("are listed, of", "sont données, sur"), listed.len()));
    }
    lines.push(String::new());
    lines.push(evidence(finding, register, lang));
    lines.push(format!("\n`{}`\n", finding.id()));
    Ok(lines.join("\n"))
}
