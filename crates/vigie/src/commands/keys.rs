//! `keys fetch`: the keys and policies mail is judged by, as they are today, into the case's archive.

use super::Outcome;
use super::collect::{Work, granted, resolver};
use crate::cli::{Global, Into, Keys, KeysWhat};
use collect::dns::Question;
use collect::keys;
use model::{Error, Result};
use sensors::domain::Parts;

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
