//! `verify`: whether anything has changed since.

use super::{Outcome, style};
use crate::cli::{CaseDir, Global};
use crate::output::{Out, say};
use crate::progress::Progress;
use crate::settings::from_case;
use model::{Result, View, escape};
use serde_json::json;
use store::Case;

/// `vigie verify`.
pub fn verify(args: &CaseDir, global: &Global) -> Result<Outcome> {
    let case = Case::look(&args.dir)?;
    let style = style(global, &from_case(&args.dir)?)?;
    let progress = Progress::new(!style.json);
    progress.start(case.whole().evidence()?.iter().map(|e| e.size).sum());
    let verdict = case.verify(&|bytes| progress.passed(bytes))?;
    progress.end();
    let mut out = Out::new();
    let same = verdict.differs.is_empty();
    let texts = |t: &[model::Text]| t.iter().map(|t| t.get(style.lang).to_string()).collect::<Vec<_>>();
    let (differs, remarks) = (texts(&verdict.differs), texts(&verdict.remarks));
    if style.json {
        out.json(&json!({ "unchanged": same, "evidence": verdict.evidence, "bytes": verdict.bytes,
            "audit": verdict.trail, "differs": differs, "remarks": remarks }))?;
    } else {
        for line in &differs {
            out.line(&escape::visible(line))?;
        }
        remarks.iter().for_each(|r| say(&style, r, r));
        let (e, b, t) = (verdict.evidence, verdict.bytes, verdict.trail);
        out.line(&match (style.lang, same) {
            (model::Lang::En, true) => {
                format!("unchanged: {e} pieces of evidence ({b} bytes), {t} rows of the audit trail, findings, brief")
            }
            (model::Lang::Fr, true) => {
                format!("inchangé : {e} pièces ({b} octets), {t} lignes du journal d’audit, constats, note")
            }
            (model::Lang::En, false) => format!("changed: {} differences", differs.len()),
            (model::Lang::Fr, false) => format!("changé : {} différences", differs.len()),
        })?;
    }
    out.end()?;
    Ok(if same { Outcome::Done } else { Outcome::No })
}
