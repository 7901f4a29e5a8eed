//! `init`: a new case. On a terminal at most five questions; elsewhere, or with options, none.

use super::Outcome;
use crate::cli::{Global, Init};
use crate::escape;
use crate::output::Out;
use crate::settings::template;
use model::{Error, Lang, Result};
use std::io::{IsTerminal, Write};
use store::Case;

/// `vigie init`.
pub fn init(mut args: Init, global: &Global) -> Result<Outcome> {
    let lang = global.language(None);
    let told = args.name.is_some()
        || args.zone.is_some()
        || !(args.protect.is_empty() && args.protect_name.is_empty() && args.day.is_empty());
    if !told && !global.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        ask(&mut args, lang)?;
    }
    if args.name.is_none() {
        args.name = args.dir.file_name().map(|n| n.to_string_lossy().into_owned());
    }
    if let Some(zone) = args.zone.as_deref().filter(|z| !z.is_empty()) {
        jiff::tz::TimeZone::get(zone).map_err(|e| {
            Error::new(format!("`{zone}` is not a time zone"))
                .because(e)
                .hint("use an IANA name such as `Europe/Paris`")
        })?;
    }
    Case::create(&args.dir, &template(&args, lang))?;
    let dir = args.dir.display().to_string();
    let dir = escape::visible(&dir);
    let mut out = Out::new();
    match (global.json, lang) {
        (true, _) => out.json(&serde_json::json!({ "case": args.dir.to_string_lossy() }))?,
        (false, Lang::En) => {
            out.line(&format!("made `{dir}`; its `case.toml` explains itself"))?;
            out.line(&format!("next: vigie add {dir} LOGS…"))?;
        }
        (false, Lang::Fr) => {
            out.line(&format!("`{dir}` est prêt ; son `case.toml` s’explique lui-même"))?;
            out.line(&format!("ensuite : vigie add {dir} JOURNAUX…"))?;
        }
    }
    out.end()?;
    Ok(Outcome::Done)
}

fn ask(args: &mut Init, lang: Lang) -> Result<()> {
    let say = |en, fr| lang.of(en, fr);
    let list = |answer: String| -> Vec<String> {
        answer.split(',').map(|p| p.trim().to_string()).filter(|p| !p.is_empty()).collect()
    };
    eprintln!("{}", say("Five questions; an empty answer is fine.", "Cinq questions ; on peut ne rien répondre."));
    args.name = Some(question(say("Name of the case", "Nom du dossier"))?).filter(|n| !n.is_empty());
    args.protect = list(question(say("Your web domains, with commas", "Vos domaines web, séparés par des virgules"))?);
    args.protect_name =
        list(question(say("People in view, with commas", "Personnes en vue, séparées par des virgules"))?);
    args.day = list(question(say(
        "Days of the vote (2027-04-11), with commas",
        "Jours du vote (2027-04-11), séparés par des virgules",
    ))?);
    args.zone = Some(question(say("Time zone (Europe/Paris)", "Fuseau horaire (Europe/Paris)"))?);
    Ok(())
}

fn question(text: &str) -> Result<String> {
    eprint!("{text}: ");
    let mut answer = String::new();
    let read = std::io::stderr().flush().and_then(|()| std::io::stdin().read_line(&mut answer));
    read.map_err(|e| Error::new("could not read the answer").because(e))?;
    Ok(answer.trim().to_string())
}
