//! `keys fetch`: the keys and policies mail is judged by, as they are today, into the case's archive.

use super::Outcome;
use super::collect::{DnsOptions, Into};
use super::collect::{Work, granted, resolver};
use crate::cli::Global;
use clap::{Args, Subcommand};
use collect::dns::Question;
use collect::keys;
use model::{Error, Result};
use sensors::domain::Parts;
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  vigie keys fetch my-campaign example.org gmail.com --online\n  \
         vigie keys fetch my-campaign example.org --selector s2026 --online\n\nNext: `vigie run my-campaign`.")]
pub struct Keys {
    #[command(subcommand)]
    pub what: KeysWhat,
}

#[derive(Subcommand, Debug)]
pub enum KeysWhat {
    /// Ask a resolver for DKIM keys, SPF, DMARC, MTA-STS, TLS-RPT and MX, and add the answers to a case
    Fetch {
        /// The case
        dir: PathBuf,
        /// Domains that mail comes from: one's own, allies', providers'
        #[arg(required = true, value_name = "DOMAIN")]
        domains: Vec<String>,
        /// A DKIM selector (repeatable; default: those that are common)
        #[arg(long, value_name = "SELECTOR")]
        selector: Vec<String>,
        #[command(flatten)]
        dns: DnsOptions,
        /// Use the network; without it, say what would be asked of whom
        #[arg(long)]
        online: bool,
    },
}

/// What such evidence is called: `collect/keys-…`; by this it is found again.
pub const NAME: &str = "keys";

/// `vigie keys`.
pub fn keys(args: &Keys, global: &Global) -> Result<Outcome> {
    let KeysWhat::Fetch { dir, domains, selector, dns, online } = &args.what;
    let selectors = match selector.is_empty() {
        true => knowledge::selectors::Selectors::embedded().all(),
        false => selector.clone(),
    };
    let (mut questions, mut parts) = (Vec::<Question>::new(), Parts::default());
    for domain in domains {
        parts.set(domain.as_bytes()).map_err(|damage| {
            Error::new(format!("`{domain}` is no domain: {}", damage.reason()))
                .hint("name what stands after the `@` of addresses")
        })?;
        questions.extend(keys::questions(parts.text(), parts.domain(), &selectors));
    }
    let resolver = resolver(dns)?;
    let servers: Vec<String> = resolver.servers.iter().map(ToString::to_string).collect();
    let what = format!(
        "the resolver {} for {} selectors and the mail policies of `{}`",
        servers.join(" or "),
        selectors.len(),
        domains.join("`, `")
    );
    let online = granted(*online, &what)?;
    let into = Into { out: None, case: Some(dir.clone()), online: true };
    let mut work = Work::begin(global, &into, NAME)?;
    let clock = || global.now();
    let mut records = Vec::new();
    keys::fetch(&online, &resolver, questions, &clock, &mut |record| {
        records.push(record);
        Ok(())
    })?;
    records.iter().try_for_each(|record| work.record(record))?;
    work.end(Vec::new())
}
