//! The takedown dossier of one infrastructure cluster: what to send to a registrar or a CERT, in Markdown.

use crate::export::markdown::{evidence as register, plain};
use model::{Evidence, Finding, Lang, Result};
use rows::Row as _;
use rows::names::{Cluster, KnownBad, Lookalike, Registration};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What a finding says of one domain.
#[derive(Debug)]
pub struct Ground {
    finding: Finding,
    names: BTreeSet<String>,
    registration: Registration,
}

/// What findings say of domains, by domain.
pub type Grounds = BTreeMap<String, Vec<Ground>>;

/// Adds a finding that speaks of one domain.
pub fn add(grounds: &mut Grounds, finding: &Finding) -> Result<()> {
    let (domain, names, registration) = match &*finding.detector {
        Lookalike::NAME => {
            let row = Lookalike::of(&finding.fields)?;
            (row.domain, row.names, row.registration)
        }
        KnownBad::NAME => {
            let row = KnownBad::of(&finding.fields)?;
            (row.domain, row.names, Registration::default())
        }
        _ => return Ok(()),
    };
    grounds.entry(domain).or_default().push(Ground { finding: finding.clone(), names, registration });
    Ok(())
}

/// About a cluster (or one domain that is of none): what findings say of its domains, and the register of evidence.
pub fn dossier(about: &Finding, grounds: &Grounds, evidence: &[Evidence], lang: Lang) -> Result<String> {
    let cluster = (about.detector == Cluster::NAME).then(|| Cluster::of(&about.fields)).transpose()?;
    let members = cluster.as_ref().map_or_else(|| vec![about.key.clone()], |c| c.domains.clone());
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line(format!("# {}\n", plain(about.title.get(lang))));
    let used = |f: &Finding| super::is_used(f);
    let proved = used(about) || members.iter().filter_map(|m| grounds.get(m)).flatten().any(|g| used(&g.finding));
    if !proved {
        line(lang.of("Nothing but likeness is known of these domains so far. We ask you to look at who registered them and what for, and to tell us; the evidence is below and can be verified by its SHA-256.\n", "De ces domaines, on ne connaît à ce jour que la ressemblance. Nous vous demandons d’examiner qui les a enregistrés et pourquoi, et de nous le dire ; les preuves figurent ci-dessous et se vérifient par leur SHA-256.\n").into());
    } else {
        line(lang.of("We ask for the suspension of these domains; the evidence is below and can be verified by its SHA-256.\n", "Nous demandons la suspension de ces domaines ; les preuves figurent ci-dessous et se vérifient par leur SHA-256.\n").into());
    }
    line(format!("## {}\n", lang.of("Domains", "Domaines")));
    for name in &members {
        line(format!("### `{}`\n", plain(name)));
        let known = grounds.get(name).map_or(&[][..], Vec::as_slice);
        for Ground { finding, names, registration } in known {
            line(format!("- {}", plain(finding.title.get(lang))));
            let created = registration.created.map(|t| t.to_string()).unwrap_or_default();
            for (text, word) in [
                (&registration.registrar, lang.of("registrar", "bureau d’enregistrement")),
                (&created, lang.of("registered", "enregistré le")),
                (&registration.abuse, lang.of("abuse contact", "contact « abuse »")),
            ] {
                if !text.is_empty() {
                    line(format!("- {word}: `{}`", plain(text)));
                }
            }
            let hosts: Vec<String> = names.iter().filter(|n| *n != name).map(|n| format!("`{}`", plain(n))).collect();
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
        if known.is_empty() {
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
    if cluster.is_some() {
        line(format!("## {}\n", lang.of("What links them", "Ce qui les lie")));
        for reason in &about.reasons {
            line(format!("- {} {}", if reason.supports { "+" } else { "−" }, plain(reason.text.get(lang))));
        }
        line(String::new());
    }
    line(format!("## {}\n", lang.of("Whom to write to", "À qui écrire")));
    let abuse: BTreeMap<String, String> = cluster.map_or_else(
        || {
            let known = grounds.get(&about.key).into_iter().flatten();
            known.map(|g| (g.registration.registrar.clone(), g.registration.abuse.clone())).collect()
        },
        |c| c.abuse,
    );
    let abuse: Vec<_> = abuse.iter().filter(|(_, mail)| !mail.is_empty()).collect();
    for (registrar, mail) in &abuse {
        line(format!("- `{}`: `{}`", plain(registrar), plain(mail)));
    }
    if abuse.is_empty() {
        line(
            lang.of(
                "The registrars' abuse contacts are not in the evidence: ask RDAP.",
                "Les contacts « abuse » des bureaux d’enregistrement ne figurent pas dans les preuves : interroger RDAP.",
            )
            .into(),
        );
    }
    line(format!("\n{}", register(about, evidence, lang)));
    let _ = write!(out, "\n`{}`\n", about.id());
    Ok(out)
}
