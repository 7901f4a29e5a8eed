//! SPF (RFC 7208): may this address send for this domain. You may rely on: at most ten terms that ask the DNS, two
//! answers of nothing, ten exchangers, ten names of an address; so that neither loops of `include` nor macros cost more.
//! An answer nobody has makes the verdict *unchecked*, unless a term before it has matched.

pub mod macros;
pub mod policy;

use super::records::{Answer, Kind, Records, Source, canonical_name};
use super::verdict::{Basis, Spf, Word};
use macros::{MacroString, Values, dotted};
use model::{Address, Network, Text, Time};
use policy::Mechanism;
use std::net::IpAddr;

/// Terms that ask the DNS (RFC 7208 4.6.4).
const MAX_TERMS: u32 = 10;
/// Answers of nothing.
const MAX_VOID: u32 = 2;
/// Exchangers of one domain; names of one address.
const MAX_NAMES: usize = 10;
/// Bytes of HELO and of the sender that are looked at.
const MAX_IDENTITY: usize = 1000;
/// Sources told.
const MAX_SOURCES: usize = 40;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The address that sent.
    pub ip: Address,
    /// The name it greeted with; empty where not known.
    pub helo: &'a str,
    /// MAIL FROM without its brackets; empty for the null sender.
    pub mail_from: &'a str,
    /// Who received.
    pub receiver: &'a str,
    /// When.
    pub at: Option<Time>,
}

/// Why an evaluation ended without a match.
enum Stop {
    Temporary(String),
    Permanent(&'static str, &'static str),
    Unknown(String, Kind),
}

struct Evaluation<'a> {
    query: &'a Query<'a>,
    records: &'a dyn Records,
    local: &'a str,
    origin: &'a str,
    terms: u32,
    void: u32,
    /// Inside an `include`, where a *fail* is no result and explains nothing.
    included: u32,
    sources: Vec<Source>,
    mechanism: Option<String>,
    explanation: Option<String>,
    name: Option<String>,
}

/// Asks whether the address may send for the sender's domain.
pub fn check(query: &Query, records: &dyn Records) -> Spf {
    let (from, helo) = (prefix(query.mail_from), prefix(query.helo));
    let (identity, sender) = if from.is_empty() { ("helo", helo) } else { ("mailfrom", from) };
    let (local, domain) = sender.rsplit_once('@').unwrap_or(("", sender));
    let query = &Query { helo, mail_from: from, ..*query };
    let mut evaluation = Evaluation {
        query,
        records,
        local: if local.is_empty() { "postmaster" } else { local },
        origin: domain,
        terms: 0,
        void: 0,
        included: 0,
        sources: Vec::new(),
        mechanism: None,
        explanation: None,
        name: None,
    };
    // Only a name of several labels can have a policy (RFC 7208 4.3).
    let name = canonical_name(domain).filter(|d| d.contains('.') && !d.starts_with('['));
    let outcome = match &name {
        Some(name) => evaluation.domain(name),
        None => Ok(Word::None),
    };
    evaluation.verdict(outcome, domain, identity)
}

fn prefix(text: &str) -> &str {
    let mut end = text.len().min(MAX_IDENTITY);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl Evaluation<'_> {
    fn verdict(self, outcome: Result<Word, Stop>, domain: &str, identity: &'static str) -> Spf {
        let (ip, domain_text) = (self.query.ip, domain.to_owned());
        let term = self.mechanism.as_ref().map(|m| format!(" (`{m}`)")).unwrap_or_default();
        let (mut result, mut reason) = match outcome {
            Ok(Word::Pass) => (
                Word::Pass,
                Text::new(
                    format!("{domain} allows {ip} to send its mail{term}"),
                    format!("{domain} autorise {ip} à envoyer son courrier{term}"),
                ),
            ),
            Ok(Word::Fail) => (
                Word::Fail,
                Text::new(
                    format!("{domain} does not allow {ip} to send its mail{term}"),
                    format!("{domain} n’autorise pas {ip} à envoyer son courrier{term}"),
                ),
            ),
            Ok(Word::Softfail) => (
                Word::Softfail,
                Text::new(
                    format!("{domain} does not expect {ip} to send its mail, but will not swear to it{term}"),
                    format!("{domain} ne s’attend pas à ce que {ip} envoie son courrier, sans l’exclure{term}"),
                ),
            ),
            Ok(Word::None) => (
                Word::None,
                Text::new(
                    format!("{domain} does not say who may send its mail"),
                    format!("{domain} ne dit pas qui peut envoyer son courrier"),
                ),
            ),
            Ok(word) => (
                word,
                Text::new(
                    format!("{domain} neither allows {ip} to send its mail nor forbids it{term}"),
                    format!("{domain} n’autorise ni n’interdit à {ip} d’envoyer son courrier{term}"),
                ),
            ),
            Err(Stop::Temporary(name)) => (
                Word::Temperror,
                Text::new(
                    format!("the servers of {name} did not answer"),
                    format!("les serveurs de {name} n’ont pas répondu"),
                ),
            ),
            Err(Stop::Permanent(en, fr)) => (
                Word::Permerror,
                Text::new(
                    format!("what {domain} publishes about its senders cannot be used: {en}"),
                    format!("ce que {domain} publie sur ses expéditeurs est inutilisable : {fr}"),
                ),
            ),
            Err(Stop::Unknown(name, kind)) => {
                let kind = format!("{kind:?}").to_uppercase();
                (
                    Word::Unchecked,
                    Text::new(
                        format!("could not be checked: no {kind} record of {name} is known here"),
                        format!("n’a pas pu être vérifié : aucun enregistrement {kind} de {name} n’est connu ici"),
                    ),
                )
            }
        };
        let far = self.sources.iter().find(|s| !s.is_near());
        if let Some(far) = far.filter(|_| !matches!(result, Word::Pass | Word::Neutral | Word::Unchecked)) {
            let days = far.days.unwrap_or_default().unsigned_abs();
            result = Word::Unchecked;
            reason = Text::new(
                format!(
                    "could not be checked: what is known of {} was seen {days} days away from the receipt",
                    far.name
                ),
                format!(
                    "n’a pas pu être vérifié : ce que l’on sait de {} date de {days} jours de la réception",
                    far.name
                ),
            );
        }
        Spf {
            result,
            domain: domain_text,
            identity,
            ip: Some(ip.to_string()),
            mechanism: self.mechanism,
            explanation: self.explanation.filter(|_| result == Word::Fail),
            reason,
            basis: Basis { records: self.sources, server: None },
        }
    }

    /// The texts of a name; empty where there is nothing. A name that can be none has no records.
    fn ask(&mut self, name: &str, kind: Kind) -> Result<Vec<String>, Stop> {
        let Some(name) = canonical_name(name) else { return Ok(Vec::new()) };
        let replies = self.records.replies(&name, kind, self.query.at);
        let Some(reply) = replies.first() else { return Err(Stop::Unknown(name, kind)) };
        if self.sources.len() < MAX_SOURCES {
            self.sources.push(Source::new(&name, kind, reply, self.query.at));
        }
        match reply.answer {
            Answer::Found(texts) => Ok(texts.to_vec()),
            Answer::Nothing => Ok(Vec::new()),
            Answer::Failed => Err(Stop::Temporary(name)),
        }
    }

    /// As [`Evaluation::ask`], and nothing counts against the domain.
    fn ask_counted(&mut self, name: &str, kind: Kind) -> Result<Vec<String>, Stop> {
        let texts = self.ask(name, kind)?;
        if texts.is_empty() {
            self.void += 1;
            if self.void > MAX_VOID {
                return Err(Stop::Permanent(
                    "more than two look-ups find nothing",
                    "plus de deux recherches restent vaines",
                ));
            }
        }
        Ok(texts)
    }

    fn count_term(&mut self) -> Result<(), Stop> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(Stop::Permanent("it needs more than ten look-ups", "il faut plus de dix recherches"));
        }
        Ok(())
    }

    /// `check_host()` (RFC 7208 4): the result for a domain.
    fn domain(&mut self, domain: &str) -> Result<Word, Stop> {
        let texts = self.ask(domain, Kind::Txt)?;
        let mut policies = texts.iter().filter(|t| policy::is_policy(t));
        let Some(text) = policies.next() else { return Ok(Word::None) };
        if policies.next().is_some() {
            return Err(Stop::Permanent("there are several records", "il y a plusieurs enregistrements"));
        }
        let policy =
            policy::parse(text).map_err(|()| Stop::Permanent("it has a syntax error", "la syntaxe est erronée"))?;
        for directive in &policy.directives {
            if self.matches(&directive.mechanism, domain)? {
                if self.included == 0 {
                    self.mechanism = Some(directive.text.clone());
                    if let (Word::Fail, Some(explanation)) = (directive.result, &policy.explanation) {
                        self.explanation = self.explain(explanation, domain);
                    }
                }
                return Ok(directive.result);
            }
        }
        let Some(redirect) = &policy.redirect else { return Ok(Word::Neutral) };
        self.count_term()?;
        let target = self.expand(redirect, domain)?;
        match self.domain(&target)? {
            Word::None => Err(Stop::Permanent(
                "it refers to a domain without a record",
                "il renvoie à un domaine sans enregistrement",
            )),
            word => Ok(word),
        }
    }

    fn matches(&mut self, mechanism: &Mechanism, domain: &str) -> Result<bool, Stop> {
        let target = |this: &mut Self, name: &Option<MacroString>| match name {
            Some(name) => this.expand(name, domain),
            None => Ok(domain.to_owned()),
        };
        match mechanism {
            Mechanism::All => Ok(true),
            Mechanism::Ip(network) => Ok(network.contains(self.query.ip)),
            Mechanism::Include(name) => {
                self.count_term()?;
                let name = self.expand(name, domain)?;
                self.included += 1;
                let word = self.domain(&name)?;
                self.included -= 1;
                match word {
                    Word::None => Err(Stop::Permanent(
                        "it includes a domain without a record",
                        "il inclut un domaine sans enregistrement",
                    )),
                    word => Ok(word == Word::Pass),
                }
            }
            Mechanism::A(name, four, six) => {
                self.count_term()?;
                let name = target(self, name)?;
                let addresses = self.ask_counted(&name, self.family())?;
                Ok(self.holds(&addresses, *four, *six))
            }
            Mechanism::Mx(name, four, six) => {
                self.count_term()?;
                let name = target(self, name)?;
                let exchangers = self.ask_counted(&name, Kind::Mx)?;
                if exchangers.len() > MAX_NAMES {
                    return Err(Stop::Permanent(
                        "a domain has more than ten mail exchangers",
                        "un domaine a plus de dix serveurs de courrier",
                    ));
                }
                for exchanger in &exchangers {
                    let host = exchanger.split_ascii_whitespace().next_back().unwrap_or_default();
                    let addresses = self.ask(host, self.family())?;
                    if self.holds(&addresses, *four, *six) {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Mechanism::Ptr(name) => {
                self.count_term()?;
                let name = target(self, name)?;
                let names = self.names_of_address(true)?;
                Ok(names.iter().any(|n| lies_under(n, &name)))
            }
            Mechanism::Exists(name) => {
                self.count_term()?;
                let name = self.expand(name, domain)?;
                Ok(!self.ask_counted(&name, Kind::A)?.is_empty())
            }
        }
    }

    fn family(&self) -> Kind {
        if self.query.ip.is_v4() { Kind::A } else { Kind::Aaaa }
    }

    fn holds(&self, addresses: &[String], four: u8, six: u8) -> bool {
        let length = if self.query.ip.is_v4() { four } else { six };
        addresses
            .iter()
            .filter_map(|a| a.trim().parse::<IpAddr>().ok())
            .any(|a| Network(Address::from(a).0, length).contains(self.query.ip))
    }

    /// The names of the address that lead back to it (RFC 7208 5.5). Look-ups that fail find nothing.
    fn names_of_address(&mut self, counted: bool) -> Result<Vec<String>, Stop> {
        let labels = dotted(self.query.ip);
        let mut labels: Vec<&str> = labels.split('.').collect();
        labels.reverse();
        let root = if self.query.ip.is_v4() { "in-addr.arpa" } else { "ip6.arpa" };
        let name = format!("{}.{root}", labels.join("."));
        let asked = if counted { self.ask_counted(&name, Kind::Ptr) } else { self.ask(&name, Kind::Ptr) };
        let names = match asked {
            Err(Stop::Temporary(_)) => return Ok(Vec::new()),
            other => other?,
        };
        let mut valid = Vec::new();
        for name in names.iter().take(MAX_NAMES) {
            match self.ask(name, self.family()) {
                Ok(addresses) if self.holds(&addresses, 32, 128) => valid.push(name.trim_end_matches('.').to_owned()),
                Ok(_) | Err(Stop::Temporary(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(valid)
    }

    /// The value of `%{p}`: of the validated names the domain itself, else one under it, else any (RFC 7208 7.3).
    fn validated_name(&mut self, domain: &str) -> Result<String, Stop> {
        if self.name.is_none() {
            let names = self.names_of_address(false)?;
            let best = names
                .iter()
                .find(|n| n.eq_ignore_ascii_case(domain))
                .or_else(|| names.iter().find(|n| lies_under(n, domain)))
                .or_else(|| names.first());
            self.name = Some(best.cloned().unwrap_or_else(|| "unknown".into()));
        }
        Ok(self.name.clone().unwrap_or_default())
    }

    fn expand(&mut self, text: &MacroString, domain: &str) -> Result<String, Stop> {
        let name = if text.needs_name() { self.validated_name(domain)? } else { String::new() };
        Ok(text.name(&self.values(domain, &name)))
    }

    fn values<'v>(&'v self, domain: &'v str, name: &'v str) -> Values<'v> {
        Values {
            local: self.local,
            origin: self.origin,
            domain,
            ip: self.query.ip,
            helo: self.query.helo,
            name,
            receiver: if self.query.receiver.is_empty() { "unknown" } else { self.query.receiver },
            at: self.query.at,
        }
    }

    /// The domain's words to a refused sender; none where anything is wrong with them (RFC 7208 6.2).
    fn explain(&mut self, at: &MacroString, domain: &str) -> Option<String> {
        let name = self.expand(at, domain).ok()?;
        let texts = self.ask(&name, Kind::Txt).ok()?;
        let [text] = texts.as_slice() else { return None };
        let text = MacroString::parse(text, true).ok()?;
        let name = if text.needs_name() { self.validated_name(domain).ok()? } else { String::new() };
        let words = text.expand(&self.values(domain, &name));
        words.is_ascii().then_some(words)
    }
}

fn lies_under(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.trim_end_matches('.'), domain.trim_end_matches('.'));
    let Some(cut) = name.len().checked_sub(domain.len()) else { return false };
    let (head, tail) = (name.as_bytes().get(..cut), name.as_bytes().get(cut..));
    tail.is_some_and(|t| t.eq_ignore_ascii_case(domain.as_bytes()))
        && head.is_some_and(|h| h.is_empty() || h.ends_with(b"."))
}
