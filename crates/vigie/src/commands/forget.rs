//! `forget`: evidence and all that was made of it goes.

use super::{Outcome, actor, style};
use crate::cli::{Forget, Global};
use crate::output::{Out, say};
use crate::settings::from_case;
use model::{Error, Result};
use serde_json::json;
use store::{Case, Place};

/// `vigie forget`.
pub fn forget(args: &Forget, global: &Global) -> Result<Outcome> {
    let case = Case::open(&args.dir)?;
    let style = style(global, &from_case(&args.dir)?)?;
    let registered = case.evidence_like(&args.evidence)?;
    let id = registered.evidence.id;
    if registered.place == Place::Nowhere {
        return Err(Error::new(format!("{id} was forgotten already")).hint("`vigie verify` lists what is left"));
    }
    case.forget(&registered, &args.reason, global.now(), &actor())?;
    let mut out = Out::new();
    match style.json {
        true => out.json(&json!({ "forgotten": id, "reason": args.reason }))?,
        false => out.line(&format!("{}: {id}", style.lang.of("forgotten", "oublié")))?,
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
