//! What a case is set to, made ready once: the judgement and the indicators.
//!
//! You may rely on: the same configuration gives the same object, made once in a process, however many files are read
//! and by whichever sensor. Only the last configuration is kept: a process works on one case.

use super::KNOWLEDGE;
use super::indicators::Known;
use super::kernel::Judge;
use super::settings::{Indicators, Settings};
use model::{Context, Protect, Result};
use std::sync::{Arc, Mutex};

/// The judgement and the indicators of a case.
pub struct Setup {
    /// Judges names.
    pub judge: Judge,
    /// Names somebody holds to be bad; none with `no_indicators`.
    pub known: Known,
    /// What the case says of names; the indicators it tells are in `known`.
    pub settings: Settings,
}

/// What a setup was made of.
struct Cached {
    protect: Protect,
    table: Option<toml::Table>,
    made: Arc<Setup>,
}

static LAST: Mutex<Option<Cached>> = Mutex::new(None);

/// The setup of a case.
pub fn setup(context: &Context) -> Result<Arc<Setup>> {
    let (protect, table) = (&context.config.protect, context.config.kinds.get("names"));
    let mut last = LAST.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(of) = last.as_ref().filter(|of| of.protect == *protect && of.table.as_ref() == table) {
        return Ok(of.made.clone());
    }
    let made = Arc::new(make(context)?);
    *last = Some(Cached { protect: protect.clone(), table: table.cloned(), made: made.clone() });
    Ok(made)
}

fn make(context: &Context) -> Result<Setup> {
    let mut settings: Settings = context.config.settings()?;
    let known: Vec<_> = std::mem::replace(&mut settings.known, Indicators::NONE).into_iter().collect();
    let judge = Judge::new(&context.config.protect, &KNOWLEDGE);
    if settings.no_indicators {
        return Ok(Setup { judge, known: Known::default(), settings });
    }
    let judge = judge.allow(settings.allow.iter().map(ToString::to_string));
    Ok(Setup { judge, known: Known::new(known), settings })
}
