//! A wave as a finding: what binds it, whom it reached, who followed it, who reported it.

use super::followed::{Followed, Visited};
use super::group::Met;
use super::member::{Common, Member};
use super::{Report, Time};
use crate::mail::content::sign::Kind;
use model::{Entity, EntityKind, Finding, Level, Reason, Role, Severity, Text, Trace};
use rows::Row as _;
use rows::mail::wave::{Bond, Click, How, Lure, Person, Shared, Visit, Wave};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Messages and people told of a wave.
const LISTED: usize = 1_000;
/// Addresses, pages, files and subjects told.
const FEW: usize = 100;
/// Confidence from which somebody counts as having followed.
const SURE: u8 = 50;
/// Own people reached that make a wave grave.
const WIDE: usize = 5;

/// All that is known of a wave.
pub struct Found<'w> {
    pub members: &'w [&'w Member],
    pub met: &'w BTreeMap<Common, Met>,
    pub followed: Vec<Followed>,
    pub visited: Vec<Visited>,
    /// Which message (its `Message-ID`), and by whom.
    pub reports: Vec<(String, Report)>,
    pub teams: &'w BTreeMap<String, Vec<String>>,
}

/// What shows that a message wants this.
fn signs(lure: Lure) -> &'static [Kind] {
    use Kind::*;
    match lure {
        Lure::Extortion => &[Extortion],
        Lure::Fortune => &[Fortune, FortuneStrong],
        Lure::Attachment => &[
            HtmlAttachmentForm,
            RunsAttachment,
            MacroAttachment,
            AutoMacro,
            ActiveDocument,
            DiskImage,
            Smuggling,
            Disguised,
            PasswordInBody,
            HtmlAttachment,
        ],
        Lure::Callback => &[Callback],
        Lure::Impersonation => &[ProtectedName, OwnName, CorrespondentName, Errand, ErrandStrong],
        Lure::Credentials => &[
            Credential,
            CredentialStrong,
            PasswordForm,
            LookAlikeLink,
            Storage,
            AskButton,
            BrandAsks,
            Document,
            RecipientInLink,
        ],
        Lure::Link => &[LinksAway, OneTarget, FreeHosting, Shortener],
        Lure::Other => &[],
    }
}

impl Found<'_> {
    /// The finding.
    pub fn finding(self) -> Finding {
        let members = self.members;
        let dated: Vec<Time> = members.iter().map(|m| m.time).filter(|t| t.0 > 0).collect();
        let (first, last) = (dated.iter().min().copied(), dated.iter().max().copied());
        let recipients: BTreeSet<&String> = members.iter().flat_map(|m| &m.recipients).collect();
        let clicked: BTreeSet<&String> =
            self.followed.iter().filter(|f| f.confidence >= SURE).map(|f| &f.recipient).collect();
        let lure = self.lure();
        let lure_text = lure.text();
        let subject = common(members.iter().map(|m| m.subject.as_str()));
        let shown: String = subject.chars().take(80).collect();
        let (count, reached) = (members.len(), recipients.len());
        let row = Wave {
            count: count as u64,
            messages: members.iter().take(LISTED).map(|m| m.id.clone()).collect(),
            near: members.iter().filter(|m| !m.is_seed()).take(FEW).map(|m| m.id.clone()).collect(),
            recipients: recipients.iter().take(LISTED).map(|r| r.to_string()).collect(),
            first,
            last,
            lure,
            subject: shown.clone(),
            clicked: clicked.iter().map(|r| r.to_string()).collect(),
            clicks: self.followed.iter().take(FEW).map(click).collect(),
            visits: self.visited.iter().take(FEW).map(visit).collect(),
            shared: self.shared().into_iter().take(FEW).map(bond).collect(),
            domains: self.own(Shared::Domain),
            pages: self.own(Shared::Page),
            files: self.own(Shared::File),
            senders: self.own(Shared::Sender),
            reply_to: self.own(Shared::ReplyTo),
            servers: self.own(Shared::Server),
            urls: self.urls(),
            people: recipients.iter().take(LISTED).map(|r| self.person(r)).collect(),
            reported_by: self.reports.iter().map(|(_, r)| r.by.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
            what_to_do: what_to_do(lure, !clicked.is_empty()),
        };
        let worst = members.iter().filter_map(|m| m.verdict.as_ref()).map(|v| v.severity).max();
        let mut severity = worst.unwrap_or(Severity::Medium);
        if reached >= WIDE {
            severity = severity.max(Severity::High);
        }
        if self.followed.iter().any(|f| f.confidence >= 75) {
            severity = Severity::Critical;
        }
        let surest = members.iter().filter_map(|m| m.verdict.as_ref()).map(|v| v.score).max();
        let first_seed = members.iter().find(|m| m.is_seed()).or(members.first());
        Finding {
            detector: Cow::Borrowed(Wave::NAME),
            key: first_seed.map(|m| m.key.clone()).unwrap_or_default(),
            severity,
            confidence: surest.unwrap_or(50).min(99),
            level: Level::Illegal,
            title: Text::new(
                format!(
                    "A wave of {count} messages to {reached} {}, `{shown}`: {}{}",
                    if reached == 1 { "person" } else { "people" },
                    lure_text.en,
                    if clicked.is_empty() { String::new() } else { format!("; {} followed it", clicked.len()) }
                ),
                format!(
                    "Une vague de {count} messages à {reached} {}, « {shown} » : {}{}",
                    if reached < 2 { "personne" } else { "personnes" },
                    lure_text.fr,
                    if clicked.is_empty() { String::new() } else { format!(" ; {} y ont donné suite", clicked.len()) }
                ),
            ),
            reasons: self.reasons(&clicked),
            techniques: techniques(lure),
            first,
            last: last.max(self.followed.iter().map(|f| f.time).max()),
            entities: self.entities(),
            traces: self.traces(),
            fields: row.fields(),
        }
    }

    /// Whether a trait is the wave's own: rarely met elsewhere.
    fn is_own(&self, shared: &Common) -> bool {
        self.met.get(shared).is_none_or(|m| m.is_rare())
    }

    /// The wave's own of one sort, sorted.
    fn own(&self, what: Shared) -> Vec<String> {
        let all = self.members.iter().flat_map(|m| &m.shared).filter(|s| s.what == what && self.is_own(s));
        let all: BTreeSet<&str> = all.map(|s| s.value.as_str()).collect();
        all.into_iter().take(FEW).map(String::from).collect()
    }

    /// What at least two messages share, most of them first.
    fn shared(&self) -> Vec<(&Common, usize)> {
        let mut counts: BTreeMap<&Common, usize> = BTreeMap::new();
        self.members
            .iter()
            .flat_map(|m| &m.shared)
            .filter(|s| self.is_own(s))
            .for_each(|s| *counts.entry(s).or_default() += 1);
        let mut all: Vec<_> = counts.into_iter().filter(|(_, n)| *n > 1).collect();
        all.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| b.is_strong().cmp(&a.is_strong())).then_with(|| a.cmp(b)));
        all
    }

    fn lure(&self) -> Lure {
        let bears = |signs: &[Kind]| {
            let has = |m: &&&Member| m.verdict.as_ref().is_some_and(|v| v.signs.iter().any(|s| signs.contains(s)));
            self.members.iter().filter(has).count()
        };
        let seeds = self.members.iter().filter(|m| m.verdict.is_some()).count();
        Lure::ALL.into_iter().find(|lure| 2 * bears(signs(*lure)) > seeds).unwrap_or_default()
    }

    /// Addresses to block or look for: those at the wave's own domains and pages.
    fn urls(&self) -> Vec<String> {
        let own: BTreeSet<&Common> = self
            .members
            .iter()
            .flat_map(|m| &m.shared)
            .filter(|s| matches!(s.what, Shared::Domain | Shared::Page) && self.is_own(s))
            .collect();
        let all: BTreeSet<&str> = self.members.iter().flat_map(|m| &m.urls).map(String::as_str).collect();
        all.into_iter().filter(|u| own.iter().any(|s| u.contains(&s.value))).take(FEW).map(String::from).collect()
    }

    fn team(&self, address: &str) -> Option<&str> {
        self.teams.iter().find(|(_, all)| all.iter().any(|a| a.eq_ignore_ascii_case(address))).map(|(t, _)| t.as_str())
    }

    /// A person: when the first message came, whether and when they followed it, reported it.
    fn person(&self, address: &String) -> Person {
        let followed = self.followed.iter().filter(|f| f.recipient == *address && f.confidence >= SURE);
        let followed = followed.min_by_key(|f| f.time);
        Person {
            address: address.clone(),
            team: self.team(address).unwrap_or_default().to_string(),
            received: self.members.iter().filter(|m| m.recipients.contains(address)).map(|m| m.time).min(),
            followed: followed.map(|f| f.time),
            how: followed.map(|f| f.how),
            reported: self.reports.iter().filter(|(_, r)| r.by == *address).map(|(_, r)| r.time).min(),
        }
    }

    fn reasons(&self, clicked: &BTreeSet<&String>) -> Vec<Reason> {
        let count = self.members.len();
        let mut all = Vec::new();
        let named: BTreeSet<&String> = BTreeSet::new();
        let mut told = named;
        for f in self.followed.iter().filter(|f| told.insert(&f.recipient)).take(12) {
            all.push(Reason::supporting(f.confidence, f.text.clone()));
        }
        // What binds few of many would only lengthen the list.
        for (shared, n) in self.shared().into_iter().filter(|(_, n)| 4 * n >= count).take(8) {
            let text = words(shared);
            let weight = if shared.is_strong() { 40 } else { 15 };
            all.push(Reason::supporting(
                weight,
                Text::new(
                    format!("{n} of {count} messages share {}", text.en),
                    format!("{n} messages sur {count} ont en commun {}", text.fr),
                ),
            ));
        }
        let near = self.members.iter().filter(|m| !m.is_seed()).count();
        if near > 0 {
            all.push(Reason::against(
                10,
                Text::new(
                    format!("{near} of them would not stand out alone: they are here for what they share"),
                    format!(
                        "{near} d’entre eux ne se remarqueraient pas seuls : ils sont ici pour ce qu’ils ont en commun"
                    ),
                ),
            ));
        }
        if !self.visited.is_empty() {
            all.push(Reason::supporting(
                20,
                Text::new(
                    format!(
                        "{} visits of our site came from its pages, and nothing says whose they were",
                        self.visited.len()
                    ),
                    format!(
                        "{} visites de notre site venaient de ses pages, et rien ne dit de qui",
                        self.visited.len()
                    ),
                ),
            ));
        }
        if !clicked.is_empty() {
            all.push(Reason::against(
                10,
                Text::new(
                    "a program that checks links, or somebody who examines them, leaves the same visits",
                    "un programme qui vérifie les liens, ou quelqu’un qui les examine, laisse les mêmes visites",
                ),
            ));
        }
        all
    }

    fn entities(&self) -> Vec<Entity> {
        let mut all = BTreeSet::new();
        for shared in self.members.iter().flat_map(|m| &m.shared).filter(|s| self.is_own(s)) {
            let value = &shared.value;
            match shared.what {
                Shared::Domain => all.insert(Entity::domain(value, Role::Infrastructure)),
                Shared::Sender | Shared::ReplyTo => {
                    all.insert(Entity::new(EntityKind::EmailAddr, value.clone(), Role::Sender))
                }
                Shared::File => all.insert(Entity::new(EntityKind::File, value.clone(), Role::Infrastructure)),
                Shared::Server => model::Address::parse(value.as_bytes())
                    .is_some_and(|a| all.insert(Entity::address(a, Role::Sender))),
                _ => false,
            };
        }
        for followed in &self.followed {
            // Whoever enters the account of one who was lured is not the one who was lured.
            let role = if followed.how == How::Login { Role::Source } else { Role::Victim };
            all.extend(followed.source.map(|a| Entity::address(a, role)));
        }
        // Whoever followed it is an account in other hands, and not only an address that was written to.
        let followed = self.followed.iter().filter(|f| f.confidence >= SURE);
        all.extend(followed.map(|f| Entity::user(f.recipient.to_lowercase(), Role::Victim)));
        all.extend(self.urls().into_iter().map(|u| Entity::new(EntityKind::Url, u, Role::Infrastructure)));
        let recipients = self.members.iter().flat_map(|m| &m.recipients).take(LISTED);
        all.extend(recipients.map(|r| Entity::new(EntityKind::EmailAddr, r.clone(), Role::Victim)));
        all.into_iter().collect()
    }

    /// The messages, then what shows who followed.
    fn traces(&self) -> Vec<Trace> {
        let messages = self.members.iter().take(LISTED).map(|m| &m.trace);
        let visits = self.visited.iter().take(FEW).map(|v| &v.trace);
        let mut all: Vec<Trace> = Vec::new();
        for trace in messages.chain(visits).chain(self.followed.iter().take(FEW).map(|f| &f.trace)) {
            match all.iter_mut().find(|t| t.evidence == trace.evidence && t.steps == trace.steps) {
                Some(known) => trace.spans.iter().for_each(|s| known.spans.push(s)),
                None => all.push(trace.clone()),
            }
        }
        all
    }
}

fn click(f: &Followed) -> Click {
    Click {
        recipient: f.recipient.clone(),
        how: f.how,
        confidence: f.confidence,
        time: f.time,
        source: f.source.map(|s| s.to_string()),
        why: f.text.clone(),
    }
}

fn visit(v: &Visited) -> Visit {
    Visit { page: v.page.clone(), time: v.time, source: v.source.map(|s| s.to_string()) }
}

fn bond((shared, n): (&Common, usize)) -> Bond {
    Bond { what: shared.what, value: shared.value.clone(), messages: n as u64 }
}

/// What two messages share, for people.
fn words(shared: &Common) -> Text {
    let v: String = shared.value.chars().take(120).collect();
    let (en, fr) = match shared.what {
        Shared::Domain => (format!("links to `{v}`"), format!("des liens vers `{v}`")),
        Shared::Page => (format!("the page `{v}`"), format!("la page `{v}`")),
        Shared::File => (format!("an attached file (SHA-256 {v})"), format!("un fichier joint (SHA-256 {v})")),
        Shared::ReplyTo => (format!("answers that go to `{v}`"), format!("des réponses qui vont à `{v}`")),
        Shared::Sender => (format!("the sender `{v}`"), format!("l’expéditeur `{v}`")),
        Shared::Template => {
            ("the same text, but for names and numbers".into(), "le même texte, aux noms et nombres près".into())
        }
        Shared::Server => (format!("the sending server {v}"), format!("le serveur d’envoi {v}")),
        Shared::Subject => (format!("the words of the subject, `{v}`"), format!("les mots de l’objet, « {v} »")),
        Shared::Name => (format!("the sender's name, `{v}`"), format!("le nom de l’expéditeur, « {v} »")),
        Shared::FileName => {
            (format!("the name of an attached file, `{v}`"), format!("le nom d’un fichier joint, « {v} »"))
        }
    };
    Text::new(en, fr)
}

/// The most frequent text, with `…` for words that fewer than half of all have: names of recipients, numbers.
fn common<'t>(all: impl Iterator<Item = &'t str>) -> String {
    let (mut texts, mut words): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = Default::default();
    let mut number = 0;
    for text in all {
        number += 1;
        *texts.entry(text).or_default() += 1;
        text.split_whitespace().collect::<BTreeSet<_>>().into_iter().for_each(|w| *words.entry(w).or_default() += 1);
    }
    let most = texts.into_iter().max_by(|(a, n), (b, m)| n.cmp(m).then_with(|| b.cmp(a))).map_or("", |(t, _)| t);
    let kept = |w: &str| words.get(w).is_some_and(|n| 2 * n >= number);
    if !most.split_whitespace().any(kept) {
        return most.to_string();
    }
    let mut shown: Vec<&str> = most.split_whitespace().map(|w| if kept(w) { w } else { "…" }).collect();
    shown.dedup_by(|b, a| *a == "…" && *b == "…");
    shown.join(" ")
}

fn techniques(lure: Lure) -> Vec<String> {
    let all: &[&str] = match lure {
        Lure::Attachment => &["T1566.001"],
        Lure::Impersonation => &["T1566", "T1656"],
        Lure::Callback => &["T1566.004"],
        _ => &["T1566.002"],
    };
    all.iter().map(|t| t.to_string()).collect()
}

fn what_to_do(lure: Lure, followed: bool) -> Text {
    let (en, fr) = match lure {
        Lure::Attachment => (
            "Warn all recipients not to open the attachment; have those who did disconnect their computer and call.",
            "Prévenez tous les destinataires de ne pas ouvrir la pièce jointe ; que ceux qui l’ont ouverte débranchent leur ordinateur et appellent.",
        ),
        Lure::Impersonation | Lure::Callback | Lure::Extortion | Lure::Fortune => (
            "Warn all recipients not to answer; let the person whose name is used know.",
            "Prévenez tous les destinataires de ne pas répondre ; avertissez la personne dont le nom est utilisé.",
        ),
        _ => (
            "Warn all recipients not to click; block the domains named here; report them for takedown.",
            "Prévenez tous les destinataires de ne pas cliquer ; bloquez les domaines nommés ici ; signalez-les pour suspension.",
        ),
    };
    let (more_en, more_fr) = match followed {
        true => (
            " First of all: change the passwords of those who followed it, end their sessions, and look at what was done with their accounts.",
            " Avant tout : changez les mots de passe de ceux qui y ont donné suite, fermez leurs sessions, et examinez ce qui a été fait avec leurs comptes.",
        ),
        false => ("", ""),
    };
    Text::new(format!("{en}{more_en}"), format!("{fr}{more_fr}"))
}
