//! What a case is set to, made ready once: the judgement and the indicators.
//!
//! You may rely on: the same configuration gives the same object, made once in a process, however many files are read
//! and by whichever sensor. Only the last configuration is kept: a process works on one case.

use super::indicators::{self, Indicator, Known};
use super::kernel::Judge;
use super::{KNOWLEDGE, SETTINGS};
use model::{Context, Error, Protect, Result};
use std::sync::{Arc, Mutex};

/// The judgement and the indicators of a case.
pub struct Setup {
    /// Judges names.
    pub judge: Judge,
    /// Names somebody holds to be bad; none with `no_indicators`.
    pub known: Known,
    /// Whether indicators, and lists of popular and allowed names, are left out.
    pub no_indicators: bool,
}

/// What a setup was made of.
struct Of {
    protect: Protect,
    table: Option<toml::Table>,
    made: Arc<Setup>,
}

static LAST: Mutex<Option<Of>> = Mutex::new(None);

/// The setup of a case.
pub fn setup(context: &Context) -> Result<Arc<Setup>> {
    let (protect, table) = (&context.config.protect, context.config.kinds.get("names"));
    let mut last = LAST.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(of) = last.as_ref().filter(|of| of.protect == *protect && of.table.as_ref() == table) {
        return Ok(of.made.clone());
    }
    let made = Arc::new(make(context)?);
    *last = Some(Of { protect: protect.clone(), table: table.cloned(), made: made.clone() });
    Ok(made)
}

fn make(context: &Context) -> Result<Setup> {
    let no_indicators: bool = context.config.setting("names", &SETTINGS[4])?;
    let judge = Judge::new(&context.config.protect, &KNOWLEDGE);
    if no_indicators {
        return Ok(Setup { judge, known: Known::default(), no_indicators });
    }
    let allow: Vec<String> = context.config.setting("names", &SETTINGS[0])?;
    let known = told(context.config)?;
    Ok(Setup { judge: judge.allow(allow), known: Known::new(known), no_indicators })
}

/// The indicators of a configuration: tables as people write them, or the text that the program packed.
pub fn told(config: &model::Config) -> Result<Vec<Indicator>> {
    match config.kinds.get("names").and_then(|t| t.get("known")) {
        Some(toml::Value::String(packed)) => Ok(indicators::unpack(packed).collect()),
        _ => config.setting("names", &SETTINGS[2]),
    }
}

/// Adds indicators to a configuration, beside those it tells.
pub fn tell(config: &mut model::Config, more: Vec<Indicator>) -> Result<()> {
    let mut all = told(config)?;
    all.extend(more);
    let table = config.kinds.entry("names".into()).or_default();
    table.insert("known".into(), indicators::pack(all).into());
    Ok(())
}

/// The files of indicators a configuration names.
pub fn files(config: &model::Config) -> Result<Vec<String>> {
    let wrong = |e: Error| e.hint("write `indicators = [\"maltrail.txt\", \"event.json\"]`");
    match config.kinds.get("names").and_then(|t| t.get("indicators")) {
        Some(toml::Value::String(one)) => Ok(vec![one.clone()]),
        _ => config.setting("names", &SETTINGS[3]).map_err(wrong),
    }
}
