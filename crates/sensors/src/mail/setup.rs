//! What a case is set to, made ready once for all its mail: whom it trusts, the DNS answers it kept, the judge of names
//! and what looks into messages. Only the last configuration is kept: a process works on one case.

use super::authentication::{Archive, Trust};
use super::content::Analyser;
use super::settings::Settings;
use crate::names::setup as names;
use model::{Config, Context, Protect, Result};
use std::sync::{Arc, Mutex};

/// A case's settings for mail.
pub struct Setup {
    /// The judgement of names.
    pub names: Arc<names::Setup>,
    /// Looks into messages.
    pub analyser: Analyser,
    /// Answers of the DNS.
    pub archive: Archive,
    /// Whose word is believed.
    pub trust: Trust,
    /// Whom the case protects, and what it is set to.
    pub config: Config,
    /// Lines of the archive that could not be read.
    pub unread: u64,
    /// Services that are one's own.
    pub ours: Vec<String>,
    /// Where odd messages are forwarded to, lower case.
    pub report_to: Vec<String>,
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
    let names = names::setup(context)?;
    let (protect, table) = (&context.config.protect, context.config.kinds.get("mail"));
    let mut last = LAST.lock().unwrap_or_else(|e| e.into_inner());
    let same =
        |of: &&Cached| Arc::ptr_eq(&of.made.names, &names) && of.protect == *protect && of.table.as_ref() == table;
    if let Some(of) = last.as_ref().filter(same) {
        return Ok(of.made.clone());
    }
    let made = Arc::new(make(context, names)?);
    *last = Some(Cached { protect: protect.clone(), table: table.cloned(), made: made.clone() });
    Ok(made)
}

fn make(context: &Context, names: Arc<names::Setup>) -> Result<Setup> {
    let config = context.config;
    let settings: Settings = config.settings()?;
    let trust = Trust { servers: settings.trusted, networks: config.protect.networks.clone() };
    let (mut archive, mut unread) = (Archive::default(), 0);
    for text in settings.answers {
        unread += archive.add(text.as_bytes()).iter().map(|s| s.count).sum::<u64>();
    }
    let report_to = settings.report_to.iter().map(|a| a.to_lowercase()).collect();
    Ok(Setup {
        names,
        analyser: Analyser::new(context)?,
        archive,
        trust,
        unread,
        config: config.clone(),
        ours: settings.ours,
        report_to,
    })
}
