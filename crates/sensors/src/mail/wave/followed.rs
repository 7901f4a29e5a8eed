//! Who followed a lure, as far as other evidence shows it: visits that say they come from the page a link opens, logins
//! to a recipient's account from where they never came from before, answers.
//!
//! You may rely on: each has its confidence and how it is known, and nothing is certain from coming close in time alone
//! (a login from elsewhere stays under 50 unless something else speaks for it). Left out: proxies' logs; visits whose
//! browser told only the host of the page (who it was is then unknown: [`Visited`]).

use super::member::Member;
use crate::domain::registrable;
use crate::mail::profile::is_own;
use model::{Address, Context, Network, Result, Span, SpanSet, Text, Time, Trace, View};
use rows::Row as _;
use rows::auth_log::Outcome;
use rows::mail::wave::{How, Shared};
use rows::names::{Resemblance, Sighting};
use rows::sign_in::{Action, Activity, Answer as Answered};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Logins.
pub const LOGIN: &str = "auth_log/login";
/// Seconds after a message within which a login may be its thief's: three days.
const SOON: i64 = 3 * 86_400;
/// Logins before a message that make a habit; with fewer, nothing can be new.
const HABIT: usize = 3;
/// Letters of a part of a link that only one recipient can have got.
const TOKEN: usize = 8;
/// Visits and logins looked at.
const MOST: usize = 200_000;

/// Somebody followed a message.
#[derive(Clone, Debug)]
pub struct Followed {
    /// Whose.
    pub recipient: String,
    /// How it is known.
    pub how: How,
    /// 0–100.
    pub confidence: u8,
    /// When.
    pub time: Time,
    /// From which address.
    pub source: Option<Address>,
    /// In words.
    pub text: Text,
    /// Where it is written.
    pub trace: Trace,
}

/// A visit from a page of the wave of which nothing says who it was.
#[derive(Clone, Debug)]
pub struct Visited {
    /// The page named.
    pub page: String,
    /// When.
    pub time: Time,
    /// From which address.
    pub source: Option<Address>,
    /// Where it is written.
    pub trace: Trace,
}

/// A page that a visitor said to come from.
struct Visit {
    page: String,
    domain: String,
    time: Time,
    source: Option<Address>,
    trace: Trace,
}

struct Login {
    first: Time,
    source: Address,
    country: String,
    trace: Trace,
}

/// An answer by one's own people.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The message answered.
    pub id: String,
    /// Who answered.
    pub by: String,
    /// To whom.
    pub to: BTreeSet<String>,
    /// When.
    pub time: Time,
    /// The answer.
    pub trace: Trace,
}

/// What other evidence holds of visits and logins.
#[derive(Default)]
pub struct Elsewhere {
    visits: BTreeMap<String, Vec<Visit>>,
    logins: BTreeMap<String, Vec<Login>>,
}

/// Parts of an address that may be one recipient's own: long, with a digit in them.
fn tokens(url: &str) -> BTreeSet<&str> {
    let path = url.split_once("://").and_then(|(_, rest)| rest.find(['/', '?', '#']).map(|n| &rest[n..])).unwrap_or("");
    let parts = path.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'));
    parts.filter(|p| p.len() >= TOKEN && p.bytes().any(|b| b.is_ascii_digit())).collect()
}

/// Whether a name in a log is this address: whole, or its part before the `@`.
fn account(user: &str, accounts: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    accounts.get(&user.to_lowercase()).cloned().unwrap_or_default()
}

impl Elsewhere {
    /// Visits from these domains, logins of these people.
    pub fn new(case: &dyn View, context: &Context, members: &[&Member]) -> Result<Elsewhere> {
        let mut all = Elsewhere::default();
        let domains: BTreeSet<String> =
            members.iter().flat_map(|m| &m.urls).filter_map(|u| registrable(host(u))).collect();
        let mut left = MOST;
        for kind in [Resemblance::NAME, Sighting::NAME] {
            case.observations(kind, &mut |visit| {
                let o = &visit.observation;
                if !domains.contains(&o.key) {
                    return Ok(ControlFlow::Continue(()));
                }
                let seen = match kind {
                    Resemblance::NAME => Resemblance::of(&o.fields)?.seen,
                    _ => Sighting::of(&o.fields)?.seen,
                };
                for page in seen.pages.into_iter().take(100) {
                    left = left.saturating_sub(1);
                    let mut spans = SpanSet::new();
                    spans.push(Span { start: page.start, len: page.len, line: page.line });
                    let time = page.time.unwrap_or_default();
                    let source = page.visitor.and_then(|v| Address::parse(v.as_bytes()));
                    let list = all.visits.entry(o.key.clone()).or_default();
                    // A name that is both a look-alike and known to be bad tells its visits twice.
                    let known = |v: &Visit| v.page == page.url && v.time == time && v.source == source;
                    if left > 0 && !list.iter().any(known) {
                        let trace = Trace { spans, ..visit.trace() };
                        list.push(Visit { page: page.url, domain: o.key.clone(), time, source, trace });
                    }
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        let mut accounts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for address in members.iter().flat_map(|m| &m.recipients).collect::<BTreeSet<_>>() {
            accounts.entry(address.clone()).or_default().push(address.clone());
            if let Some((local, _)) = address.split_once('@').filter(|_| is_own(context.config, address)) {
                accounts.entry(local.to_string()).or_default().push(address.clone());
            }
        }
        let mut left = MOST;
        case.observations(LOGIN, &mut |visit| {
            let o = &visit.observation;
            let source = o.key.rsplit('|').next().and_then(|s| Address::parse(s.as_bytes()));
            let login = rows::auth_log::Login::of(&o.fields)?;
            if let Some(source) = source.filter(|_| login.outcome == Outcome::Accepted)
                && !context.config.is_own(source)
            {
                for address in login.users.keys().flat_map(|u| account(u, &accounts)) {
                    left = left.saturating_sub(1);
                    if left > 0 {
                        let country = context.origins.country(source);
                        let login = Login { first: o.first, source, country, trace: visit.trace() };
                        all.logins.entry(address).or_default().push(login);
                    }
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        case.observations(Activity::NAME, &mut |visit| {
            let row = Activity::of(&visit.observation.fields)?;
            let entered = row.action == Action::SignIn && row.answer == Answered::Accepted;
            let source = row.source.as_deref().and_then(|s| Address::parse(s.as_bytes()));
            if let Some(source) = source.filter(|s| entered && !context.config.is_own(*s)) {
                for address in account(&row.account, &accounts) {
                    left = left.saturating_sub(1);
                    if left > 0 {
                        let country = context.origins.country(source);
                        let login = Login { first: visit.observation.first, source, country, trace: visit.trace() };
                        all.logins.entry(address).or_default().push(login);
                    }
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        all.logins.values_mut().for_each(|l| l.sort_by_key(|l| (l.first, l.source)));
        Ok(all)
    }

    /// Who followed a wave's messages, and visits of nobody known.
    pub fn of(&self, wave: &[&Member], answers: &[Answer]) -> (Vec<Followed>, Vec<Visited>) {
        let (mut all, unknown) = self.visits(wave);
        self.logins(wave, &mut all);
        let known: BTreeMap<&str, &&Member> = wave.iter().map(|m| (m.id.as_str(), m)).collect();
        for answer in answers {
            let Some(member) = known.get(answer.id.as_str()) else { continue };
            let back = |a: &String| *a == member.from || member.reply_to.contains(a);
            if let Some(to) = answer.to.iter().find(|a| back(a)) {
                all.push(Followed {
                    recipient: answer.by.clone(),
                    how: How::Answer,
                    confidence: 90,
                    time: answer.time,
                    source: None,
                    text: Text::new(
                        format!("`{}` answered to `{to}`", answer.by),
                        format!("`{}` a répondu à `{to}`", answer.by),
                    ),
                    trace: answer.trace.clone(),
                });
            }
        }
        all.sort_by(|a, b| (a.time, &a.recipient, a.how).cmp(&(b.time, &b.recipient, b.how)));
        (all, unknown)
    }

    fn visits(&self, wave: &[&Member]) -> (Vec<Followed>, Vec<Visited>) {
        // Which recipients got a link with this part.
        let mut owners: BTreeMap<(String, &str), BTreeSet<usize>> = BTreeMap::new();
        let mut domains = BTreeSet::new();
        for (n, member) in wave.iter().enumerate() {
            for url in &member.urls {
                let Some(domain) = registrable(host(url)) else { continue };
                tokens(url).into_iter().for_each(|t| {
                    owners.entry((domain.clone(), t)).or_default().insert(n);
                });
                domains.insert(domain);
            }
        }
        let (mut followed, mut unknown) = (Vec::new(), Vec::new());
        for visit in domains.iter().filter_map(|d| self.visits.get(d)).flatten() {
            let holder = |t: &str| {
                let all = owners.get(&(visit.domain.clone(), t))?;
                let people: BTreeSet<&String> = all.iter().flat_map(|&n| &wave[n].recipients).collect();
                let sent = all.iter().any(|&n| wave[n].time.since(visit.time) <= 300);
                (people.len() == 1 && sent).then(|| people.into_iter().next().cloned()).flatten()
            };
            match tokens(&visit.page).into_iter().find_map(holder) {
                Some(recipient) => followed.push(Followed {
                    how: How::Visit,
                    confidence: 85,
                    time: visit.time,
                    source: visit.source,
                    text: Text::new(
                        format!("a visitor of our site came from the page that only `{recipient}` got a link to"),
                        format!(
                            "un visiteur de notre site venait de la page dont seul `{recipient}` avait reçu le lien"
                        ),
                    ),
                    trace: visit.trace.clone(),
                    recipient,
                }),
                None => unknown.push(Visited {
                    page: visit.page.clone(),
                    time: visit.time,
                    source: visit.source,
                    trace: visit.trace.clone(),
                }),
            }
        }
        unknown.sort_by(|a: &Visited, b| (a.time, &a.page, a.source).cmp(&(b.time, &b.page, b.source)));
        (followed, unknown)
    }

    /// Logins from a network that an account was never used from before the message.
    fn logins(&self, wave: &[&Member], all: &mut Vec<Followed>) {
        let visitors: BTreeSet<Address> = all.iter().filter_map(|f| f.source).collect();
        let servers: BTreeSet<Address> = wave
            .iter()
            .flat_map(|m| &m.shared)
            .filter(|s| s.what == Shared::Server)
            .filter_map(|s| Address::parse(s.value.as_bytes()))
            .collect();
        let mut first: BTreeMap<&String, Time> = BTreeMap::new();
        for member in wave {
            for recipient in &member.recipients {
                let time = first.entry(recipient).or_insert(member.time);
                *time = member.time.min(*time);
            }
        }
        let mut new: Vec<(&String, &Login, bool)> = Vec::new();
        for (recipient, sent) in first {
            let Some(logins) = self.logins.get(recipient) else { continue };
            let before: Vec<&Login> = logins.iter().filter(|l| l.first < sent).collect();
            if before.len() < HABIT {
                continue;
            }
            let networks: BTreeSet<Network> = before.iter().map(|l| l.source.network()).collect();
            let countries: BTreeSet<&str> = before.iter().map(|l| l.country.as_str()).collect();
            let soon = logins.iter().filter(|l| l.first >= sent && l.first.since(sent) <= SOON);
            let strange = soon.filter(|l| !networks.contains(&l.source.network()));
            new.extend(strange.take(1).map(|l| (recipient, l, !countries.contains(l.country.as_str()))));
        }
        let mut users: BTreeMap<Network, BTreeSet<&String>> = BTreeMap::new();
        new.iter().for_each(|(r, l, _)| {
            users.entry(l.source.network()).or_default().insert(r);
        });
        for (recipient, login, abroad) in new {
            let several = users.get(&login.source.network()).is_some_and(|u| u.len() > 1);
            let visited = visitors.contains(&login.source);
            let (confidence, en, fr) = match (servers.contains(&login.source), visited, several, abroad) {
                (true, ..) => (85, "which sent the messages", "qui a envoyé les messages"),
                (_, true, ..) => (75, "which also came from the lure's page", "venue aussi de la page du leurre"),
                (_, _, true, true) => (
                    80,
                    "in a country it was never used from, as were other recipients' accounts",
                    "dans un pays d’où il n’avait jamais servi, comme d’autres comptes de destinataires",
                ),
                (_, _, _, true) => {
                    (60, "in a country it was never used from", "dans un pays d’où il n’avait jamais servi")
                }
                // Colleagues on one train or in one hotel leave the same trace: nobody is named for it.
                (_, _, true, _) => (
                    45,
                    "as were other recipients' accounts: a thief, or a place where they were together",
                    "comme d’autres comptes de destinataires : un voleur, ou un lieu où ils étaient ensemble",
                ),
                _ => {
                    (30, "which may be a journey or a new telephone", "ce peut être un voyage ou un nouveau téléphone")
                }
            };
            let source = login.source;
            all.push(Followed {
                recipient: recipient.clone(),
                how: How::Login,
                confidence,
                time: login.first,
                source: Some(source),
                text: Text::new(
                    format!("`{recipient}`'s account was entered from a network new to it, {source}, {en}"),
                    format!("le compte `{recipient}` a été ouvert depuis un réseau nouveau pour lui, {source}, {fr}"),
                ),
                trace: login.trace.clone(),
            });
        }
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, r)| r);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..end];
    let host = host.rsplit_once('@').map_or(host, |(_, h)| h);
    host.split(':').next().unwrap_or(host)
}
