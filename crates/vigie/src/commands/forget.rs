//! `forget`: evidence and all that was made of it goes.

use super::{Outcome, actor, style};
use crate::cli::Global;
use crate::output::{Out, say};
use crate::settings::{from_answers, from_case};
use clap::Args;
use model::{Error, Result};
use seals::Log;
use serde_json::json;
use std::path::{Path, PathBuf};
use store::{Case, Place};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  vigie forget my-campaign 9f86d081 --reason \"erasure asked for on 3 May\"\n\n\
         Next: `vigie run my-campaign` writes findings and brief anew from what is left.")]
pub struct Forget {
    /// The case; with --seals, the file whose salts are erased
    pub dir: PathBuf,
    /// The evidence: the first digits of its hash
    #[arg(required_unless_present = "seals")]
    pub evidence: Option<String>,
    /// Why; it stays in the register
    #[arg(long, value_name = "TEXT", required_unless_present = "seals")]
    pub reason: Option<String>,
    /// Erase what this log of seals knows of a file: its seal becomes meaningless, the log still verifies
    #[arg(long, value_name = "SEALS", conflicts_with_all = ["evidence", "reason"])]
    pub seals: Option<PathBuf>,
}

/// `vigie forget`.
pub fn forget(args: &Forget, global: &Global) -> Result<Outcome> {
    if let Some(home) = &args.seals {
        return seals(home, &args.dir, global);
    }
    let (evidence, reason) = (args.evidence.clone().unwrap_or_default(), args.reason.clone().unwrap_or_default());
    let case = Case::open(&args.dir)?;
    let style = style(global, &from_case(&args.dir)?)?;
    let registered = case.evidence_like(&evidence)?;
    let id = registered.evidence.id;
    if registered.place == Place::Nowhere {
        return Err(Error::new(format!("{id} was forgotten already")).hint("`vigie verify` lists what is left"));
    }
    case.forget(&registered, &reason, global.now(), &actor())?;
    let mut out = Out::new();
    match style.json {
        true => out.json(&json!({ "forgotten": id, "reason": reason }))?,
        false => out.line(&format!("{}{}{id}", style.lang.of("forgotten", "oublié"), style.lang.colon()))?,
    }
    out.end()?;
    if let Place::File(path) = &registered.place {
        let path = path.display();
        say(
            &style,
            format!("`{path}` was only referred to and is still there"),
            format!("« {path} » n’était que mentionné et existe toujours"),
        );
    }
    let dir = args.dir.display();
    say(&style, format!("next: vigie run {dir}"), format!("ensuite : vigie run {dir}"));
    Ok(Outcome::Done)
}

/// Erases the salts of a file, whether it is still there or not.
fn seals(home: &Path, file: &Path, global: &Global) -> Result<Outcome> {
    let style = style(global, &from_answers(toml::Table::new())?)?;
    if !home.join("private").is_dir() {
        return Err(Error::new(format!("there is no log of seals in `{}`", home.display())));
    }
    let mut log = Log::open(home, None, global.now())?;
    let bytes = crate::sealing::hash_of(file).ok();
    let forgotten = log.forget(&file.display().to_string(), bytes.as_ref())?;
    let mut out = Out::new();
    match style.json {
        true => out.json(&json!({ "forgotten": forgotten, "file": file.display().to_string() }))?,
        false => out.line(&format!(
            "{}{}{forgotten}",
            style.lang.of("entries forgotten", "entrées oubliées"),
            style.lang.colon()
        ))?,
    }
    out.end()?;
    if forgotten == 0 {
        say(
            &style,
            "nothing of that name and nothing with these bytes is sealed here",
            "rien de ce nom ni de ce contenu n’est scellé ici",
        );
        return Ok(Outcome::No);
    }
    say(
        &style,
        "the log still verifies; copies of `private/` must forget too, and what is absent can no longer be proved. A \
         file that stays in its folder is sealed again by the next run",
        "le journal se vérifie toujours ; les copies de « private/ » doivent oublier aussi, et l’absence ne peut plus être \
         prouvée. Un fichier resté dans son dossier sera scellé de nouveau",
    );
    Ok(Outcome::Done)
}
