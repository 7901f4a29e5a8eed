//! A wave as a finding: what binds it, whom it reached, who followed it, who reported it.

use super::followed::{Followed, Visited};
use super::group::Met;
use super::member::{Member, Shared};
use super::{Report, Time};
use model::{Entity, EntityKind, Fields, Finding, Level, Reason, Role, Severity, Text, Trace};
use serde_json::{Value, json};
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
pub struct Wave<'w> {
    pub members: &'w [&'w Member],
    pub met: &'w BTreeMap<Shared, Met>,
    pub followed: Vec<Followed>,
    pub visited: Vec<Visited>,
    /// Which message (its `Message-ID`), and by whom.
    pub reports: Vec<(String, Report)>,
    pub teams: &'w BTreeMap<String, Vec<String>>,
}

/// What a wave wants: its word and for people.
const LURES: [(&str, &[&str], &str, &str); 7] = [
    ("extortion", &["extortion"], "blackmail", "un chantage"),
    ("fortune", &["fortune", "fortune_strong"], "a stranger's fortune", "la fortune d’un inconnu"),
    (
        "attachment",
        &[
            "html_attachment_form",
            "runs_attachment",
            "macro_attachment",
            "auto_macro",
            "active_document",
            "disk_image",
            "smuggling",
            "disguised",
            "password_in_body",
            "html_attachment",
        ],
        "an attachment to open",
        "une pièce jointe à ouvrir",
    ),
    ("callback", &["callback"], "a number to call", "un numéro à appeler"),
    (
        "impersonation",
        &["protected_name", "own_name", "correspondent_name", "errand", "errand_strong"],
        "somebody's name, asking for a favour",
        "le nom de quelqu’un, qui demande un service",
    ),
    (
        "credentials",
        &[
            "credential",
            "credential_strong",
            "password_form",
            "look_alike_link",
            "storage",
            "ask_button",
            "brand_asks",
            "document",
            "recipient_in_link",
        ],
        "a page that asks for a password",
        "une page qui demande un mot de passe",
    ),
    ("link", &["links_away", "one_target", "free_hosting", "shortener"], "a link to follow", "un lien à suivre"),
];

impl Wave<'_> {
    /// The finding.
    pub fn finding(self) -> Finding {
        let members = self.members;
        let dated: Vec<Time> = members.iter().map(|m| m.time).filter(|t| t.0 > 0).collect();
        let (first, last) = (dated.iter().min().copied(), dated.iter().max().copied());
        let recipients: BTreeSet<&String> = members.iter().flat_map(|m| &m.recipients).collect();
        let clicked: BTreeSet<&String> =
            self.followed.iter().filter(|f| f.confidence >= SURE).map(|f| &f.recipient).collect();
        let (lure, lure_text) = self.lure();
        let subject = common(members.iter().map(|m| m.subject.as_str()));
        let shown: String = subject.chars().take(80).collect();
        let (count, reached) = (members.len(), recipients.len());
        let mut fields = Fields::new();
        let mut put = |name: &str, value: Value| {
            if !matches!(&value, Value::Array(a) if a.is_empty()) && !value.is_null() {
                fields.insert(name.into(), value);
            }
        };
        put("count", json!(count));
        put("messages", json!(members.iter().take(LISTED).map(|m| &m.id).collect::<Vec<_>>()));
        put("near", json!(members.iter().filter(|m| !m.is_seed()).take(FEW).map(|m| &m.id).collect::<Vec<_>>()));
        put("recipients", json!(recipients.iter().take(LISTED).collect::<Vec<_>>()));
        put("first", json!(first.map(|t| t.to_string())));
        put("last", json!(last.map(|t| t.to_string())));
        put("lure", json!(lure));
        put("subject", json!(shown));
        put("clicked", json!(clicked));
        put("clicks", self.followed.iter().take(FEW).map(click).collect());
        put("visits", self.visited.iter().take(FEW).map(visit).collect());
        put("shared", self.shared().into_iter().take(FEW).map(shared).collect());
        for (name, kind) in [
            ("domains", "domain"),
            ("pages", "page"),
            ("files", "file"),
            ("senders", "sender"),
            ("reply_to", "reply_to"),
            ("servers", "server"),
        ] {
            let all: BTreeSet<&str> = members
                .iter()
                .flat_map(|m| &m.shared)
                .filter(|s| s.kind() == kind && self.is_own(s))
                .map(Shared::value)
                .collect();
            put(name, json!(all.into_iter().take(FEW).collect::<Vec<_>>()));
        }
        put("urls", json!(self.urls()));
        put("people", self.people(&recipients));
        put("reported_by", json!(self.reports.iter().map(|(_, r)| &r.by).collect::<BTreeSet<_>>()));
        put("what_to_do", json!(what_to_do(lure, !clicked.is_empty())));
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
            detector: Cow::Borrowed("mail/wave"),
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
            fields,
        }
    }

    /// Whether a trait is the wave's own: rarely met elsewhere.
    fn is_own(&self, shared: &Shared) -> bool {
        self.met.get(shared).is_none_or(|m| m.is_rare())
    }

    /// What at least two messages share, most of them first.
    fn shared(&self) -> Vec<(&Shared, usize)> {
        let mut counts: BTreeMap<&Shared, usize> = BTreeMap::new();
        self.members
            .iter()
            .flat_map(|m| &m.shared)
            .filter(|s| self.is_own(s))
            .for_each(|s| *counts.entry(s).or_default() += 1);
        let mut all: Vec<_> = counts.into_iter().filter(|(_, n)| *n > 1).collect();
        all.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| b.is_strong().cmp(&a.is_strong())).then_with(|| a.cmp(b)));
        all
    }

    fn lure(&self) -> (&'static str, Text) {
        let bears = |signs: &[&str]| {
            let has =
                |m: &&&Member| m.verdict.as_ref().is_some_and(|v| v.signs.iter().any(|s| signs.contains(&s.as_str())));
            self.members.iter().filter(has).count()
        };
        let seeds = self.members.iter().filter(|m| m.verdict.is_some()).count();
        let found = LURES.iter().find(|(_, signs, ..)| 2 * bears(signs) > seeds);
        found.map_or(("other", Text::new("an unusual demand", "une demande inhabituelle")), |(word, _, en, fr)| {
            (*word, Text::new(*en, *fr))
        })
    }

    /// Addresses to block or look for: those at the wave's own domains and pages.
    fn urls(&self) -> Vec<&str> {
        let own: Vec<&Shared> = self
            .members
            .iter()
            .flat_map(|m| &m.shared)
            .filter(|s| matches!(s, Shared::Domain(_) | Shared::Page(_)) && self.is_own(s))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let all: BTreeSet<&str> = self.members.iter().flat_map(|m| &m.urls).map(String::as_str).collect();
        all.into_iter().filter(|u| own.iter().any(|s| u.contains(s.value()))).take(FEW).collect()
    }

    fn team(&self, address: &str) -> Option<&str> {
        self.teams.iter().find(|(_, all)| all.iter().any(|a| a.eq_ignore_ascii_case(address))).map(|(t, _)| t.as_str())
    }

    /// Each person: when the first message came, whether and when they followed it, reported it.
    fn people(&self, recipients: &BTreeSet<&String>) -> Value {
        let one = |address: &String| {
            let received = self.members.iter().filter(|m| m.recipients.contains(address)).map(|m| m.time).min();
            let mut person = Fields::new();
            person.insert("address".into(), json!(address));
            person.extend(self.team(address).map(|t| ("team".into(), json!(t))));
            person.extend(received.map(|t| ("received".into(), json!(t.to_string()))));
            let followed =
                self.followed.iter().filter(|f| f.recipient == *address && f.confidence >= SURE).min_by_key(|f| f.time);
            if let Some(f) = followed {
                person.insert("followed".into(), json!(f.time.to_string()));
                person.insert("how".into(), json!(f.how));
            }
            let reported = self.reports.iter().filter(|(_, r)| r.by == *address).map(|(_, r)| r.time).min();
            person.extend(reported.map(|t| ("reported".into(), json!(t.to_string()))));
            Value::Object(person)
        };
        recipients.iter().take(LISTED).map(|a| one(a)).collect()
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
            match shared {
                Shared::Domain(d) => all.insert(Entity::domain(d, Role::Infrastructure)),
                Shared::Sender(a) | Shared::ReplyTo(a) => {
                    all.insert(Entity::new(EntityKind::EmailAddr, a.clone(), Role::Sender))
                }
                Shared::File(h) => all.insert(Entity::new(EntityKind::File, h.clone(), Role::Infrastructure)),
                Shared::Server(ip) => {
                    model::Address::parse(ip.as_bytes()).is_some_and(|a| all.insert(Entity::address(a, Role::Sender)))
                }
                _ => false,
            };
        }
        for followed in &self.followed {
            // Whoever enters the account of one who was lured is not the one who was lured.
            let role = if followed.how == "login" { Role::Source } else { Role::Victim };
            all.extend(followed.source.map(|a| Entity::address(a, role)));
        }
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

fn click(f: &Followed) -> Value {
    json!({
        "recipient": f.recipient, "how": f.how, "confidence": f.confidence, "time": f.time.to_string(),
        "source": f.source.map(|s| s.to_string()), "why": f.text,
    })
}

fn visit(v: &Visited) -> Value {
    json!({ "page": v.page, "time": v.time.to_string(), "source": v.source.map(|s| s.to_string()) })
}

fn shared((shared, n): (&Shared, usize)) -> Value {
    json!({ "what": shared.kind(), "value": shared.value(), "messages": n })
}

/// What two messages share, for people.
fn words(shared: &Shared) -> Text {
    let v: String = shared.value().chars().take(120).collect();
    let (en, fr) = match shared {
        Shared::Domain(_) => (format!("links to `{v}`"), format!("des liens vers `{v}`")),
        Shared::Page(_) => (format!("the page `{v}`"), format!("la page `{v}`")),
        Shared::File(_) => (format!("an attached file (SHA-256 {v})"), format!("un fichier joint (SHA-256 {v})")),
        Shared::ReplyTo(_) => (format!("answers that go to `{v}`"), format!("des réponses qui vont à `{v}`")),
        Shared::Sender(_) => (format!("the sender `{v}`"), format!("l’expéditeur `{v}`")),
        Shared::Template(_) => {
            ("the same text, but for names and numbers".into(), "le même texte, aux noms et nombres près".into())
        }
        Shared::Server(_) => (format!("the sending server {v}"), format!("le serveur d’envoi {v}")),
        Shared::Subject(_) => (format!("the words of the subject, `{v}`"), format!("les mots de l’objet, « {v} »")),
        Shared::Name(_) => (format!("the sender's name, `{v}`"), format!("le nom de l’expéditeur, « {v} »")),
        Shared::FileName(_) => {
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

fn techniques(lure: &str) -> Vec<String> {
    let all: &[&str] = match lure {
        "attachment" => &["T1566.001"],
        "impersonation" => &["T1566", "T1656"],
        "callback" => &["T1566.004"],
        _ => &["T1566.002"],
    };
    all.iter().map(|t| t.to_string()).collect()
}

fn what_to_do(lure: &str, followed: bool) -> Text {
    let (en, fr) = match lure {
        "attachment" => (
            "Warn all recipients not to open the attachment; have those who did disconnect their computer and call.",
            "Prévenez tous les destinataires de ne pas ouvrir la pièce jointe ; que ceux qui l’ont ouverte débranchent leur ordinateur et appellent.",
        ),
        "impersonation" | "callback" | "extortion" | "fortune" => (
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
