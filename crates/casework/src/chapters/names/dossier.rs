//! The takedown dossier of one infrastructure cluster: what to send to a registrar or a CERT, in Markdown.

use crate::export::markdown::{evidence as register, plain};
use crate::fields;
use model::{Evidence, Finding, Lang};
use serde_json::Value;
use std::fmt::Write;

/// Of a `names/cluster` finding (or a single look-alike), the findings it draws on, and the register of evidence.
pub fn dossier(cluster: &Finding, findings: &[Finding], evidence: &[Evidence], lang: Lang) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line(format!("# {}\n", plain(cluster.title.get(lang))));
    line(lang.of("We ask for the suspension of these domains; the evidence is below and can be verified by its SHA-256.\n", "Nous demandons la suspension de ces domaines ; les preuves figurent ci-dessous et se vérifient par leur SHA-256.\n").into());
    line(format!("## {}\n", lang.of("Domains", "Domaines")));
    let alone = cluster.detector != "names/cluster";
    let members: Vec<&str> =
        if alone { vec![cluster.key.as_str()] } else { fields::texts(cluster, "domains").collect() };
    for name in &members {
        line(format!("### `{}`\n", plain(name)));
        let of = |f: &&Finding| fields::text(f, "domain") == *name;
        let mut any = false;
        for finding in findings.iter().filter(of) {
            any = true;
            line(format!("- {}", plain(finding.title.get(lang))));
            for (key, word) in [
                ("registrar", lang.of("registrar", "bureau d’enregistrement")),
                ("created", lang.of("registered", "enregistré le")),
                ("abuse", lang.of("abuse contact", "contact « abuse »")),
            ] {
                if let Some(text) = finding.fields.get(key).and_then(Value::as_str) {
                    line(format!("- {word}: `{}`", plain(text)));
                }
            }
            let hosts: Vec<String> =
                fields::texts(finding, "names").filter(|n| n != name).map(|n| format!("`{}`", plain(n))).collect();
            if !hosts.is_empty() {
                line(format!("- {}: {}", lang.of("hosts seen", "noms vus"), hosts.join(", ")));
            }
            if let Some(first) = finding.first {
                line(format!("- {}: {first}", lang.of("first seen", "vu pour la première fois")));
            }
            for reason in &finding.reasons {
                let mark = if reason.supports { "+" } else { "−" };
                line(format!("  - {mark} {}", plain(reason.text.get(lang))));
            }
        }
        if !any {
            line(format!(
                "- {}",
                lang.of(
                    "imitates nobody by itself; linked as below",
                    "n’imite personne par lui-même ; lié comme ci-dessous"
                )
            ));
        }
        line(String::new());
    }
    if !alone {
        line(format!("## {}\n", lang.of("What links them", "Ce qui les lie")));
        for reason in &cluster.reasons {
            line(format!("- {} {}", if reason.supports { "+" } else { "−" }, plain(reason.text.get(lang))));
        }
        line(String::new());
    }
    line(format!("## {}\n", lang.of("Whom to write to", "À qui écrire")));
    let text = |key: &str| cluster.fields.get(key).and_then(Value::as_str).unwrap_or("");
    match cluster.fields.get("abuse") {
        Some(Value::Object(all)) => {
            for (registrar, mail) in all {
                line(format!("- `{}`: `{}`", plain(registrar), plain(mail.as_str().unwrap_or(""))));
            }
        }
        Some(Value::String(mail)) => line(format!("- `{}`: `{}`", plain(text("registrar")), plain(mail))),
        _ => line(
            lang.of(
                "The registrars' abuse contacts are not in the evidence: ask RDAP.",
                "Les contacts « abuse » des bureaux d’enregistrement ne figurent pas dans les preuves : interroger RDAP.",
            )
            .into(),
        ),
    }
    line(format!("\n{}", register(cluster, evidence, lang)));
    let _ = write!(out, "\n`{}`\n", cluster.id());
    out
}
