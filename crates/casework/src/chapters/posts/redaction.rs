//! Whose name findings on posts tell, and where. Accounts of a group or of a sign at or above `low`, and channels and
//! outlets of a road, may be named where names are asked for; everybody else is an ordinary person. Each row says where
//! names stand in it; a finding on posts whose row cannot be understood keeps no field.

use crate::Accounts;
use model::{EntityKind, Fields, Finding, Severity, Text};
use rows::Row;
use rows::posts::{
    Automation, Burst, Claim, CoAction, Coordination, CopiedText, Narrative, Outlet, Road, StepKind, WholeNetwork,
};

/// A row that speaks of accounts.
trait Personal: Row {
    /// Makes known whom it speaks of; `above` says whether its own accounts may be named.
    fn learn(&self, above: bool, accounts: &mut Accounts);
    /// Takes out the names of those who must not be named.
    fn redact(&mut self, accounts: &Accounts);
}

/// What is done with the fields of one detector's findings.
struct Kind {
    name: &'static str,
    understood: fn(&Fields) -> bool,
    learn: fn(&Fields, bool, &mut Accounts),
    redact: fn(&Fields, &Accounts) -> Option<Fields>,
}

impl Kind {
    const fn of<R: Personal>() -> Kind {
        Kind {
            name: R::NAME,
            understood: |fields| R::of(fields).is_ok(),
            learn: |fields, above, accounts| {
                if let Ok(row) = R::of(fields) {
                    row.learn(above, accounts);
                }
            },
            redact: |fields, accounts| {
                let mut row = R::of(fields).ok()?;
                row.redact(accounts);
                Some(row.fields())
            },
        }
    }

    fn find(finding: &Finding) -> Option<&'static Kind> {
        KINDS.iter().find(|k| k.name == finding.detector)
    }
}

static KINDS: [Kind; 9] = [
    Kind::of::<Coordination>(),
    Kind::of::<WholeNetwork>(),
    Kind::of::<CopiedText>(),
    Kind::of::<Automation>(),
    Kind::of::<Burst>(),
    Kind::of::<Claim>(),
    Kind::of::<Narrative>(),
    Kind::of::<Outlet>(),
    Kind::of::<Road>(),
];

/// Whether a finding is of a detector that is known here, and its row can be read.
pub fn is_understood(finding: &Finding) -> bool {
    Kind::find(finding).is_some_and(|kind| (kind.understood)(&finding.fields))
}

/// Takes in whom a finding speaks of.
pub fn learn(finding: &Finding, accounts: &mut Accounts) {
    let above =
        finding.severity >= Severity::Low && [Coordination::NAME, Automation::NAME].contains(&&*finding.detector);
    for entity in finding.entities.iter().filter(|e| e.kind == EntityKind::UserAccount) {
        accounts.know(&entity.value, "", above);
    }
    if let Some(kind) = Kind::find(finding) {
        (kind.learn)(&finding.fields, above, accounts);
    }
}

/// Takes the names out of those who must not be named. A finding's id comes of its key, and the key may hold a name: the
/// id changes with it.
pub fn redact(finding: &mut Finding, accounts: &Accounts) {
    finding.key = accounts.text(&finding.key);
    both(&mut finding.title, accounts);
    finding.reasons.iter_mut().for_each(|r| both(&mut r.text, accounts));
    for entity in &mut finding.entities {
        entity.value = match entity.kind {
            EntityKind::UserAccount => accounts.account(&entity.value),
            _ => accounts.text(&entity.value),
        };
    }
    finding.fields = Kind::find(finding).and_then(|k| (k.redact)(&finding.fields, accounts)).unwrap_or_default();
}

/// Something that accounts share. The id of a post tells whose it is, and mentions are names.
pub fn object(accounts: &Accounts, kind: CoAction, object: &str) -> String {
    match kind {
        CoAction::Repost | CoAction::Reply => accounts.post_of_somebody(object),
        CoAction::Mentions => object.split(' ').map(|a| accounts.account(a)).collect::<Vec<_>>().join(" "),
        _ => accounts.text(object),
    }
}

fn both(text: &mut Text, accounts: &Accounts) {
    *text = Text::new(accounts.text(&text.en), accounts.text(&text.fr));
}

fn texts<'t>(texts: impl IntoIterator<Item = &'t mut String>, accounts: &Accounts) {
    texts.into_iter().for_each(|text| *text = accounts.text(text));
}

/// An account's id and its name.
fn named(account: &mut String, name: &mut String, accounts: &Accounts) {
    if !accounts.names(account) {
        *account = accounts.account(account);
        name.clone_from(account);
    }
}

/// It speaks of hashtags and sites, which may hold names.
impl Personal for Burst {
    fn learn(&self, _: bool, _: &mut Accounts) {}

    fn redact(&mut self, accounts: &Accounts) {
        texts(std::iter::once(&mut self.name).chain(self.parts.iter_mut().map(|p| &mut p.name)), accounts);
    }
}

/// What the case says of a claim is its own word; who said it first is an ordinary person.
impl Personal for Claim {
    fn learn(&self, _: bool, accounts: &mut Accounts) {
        self.first_account.iter().for_each(|a| accounts.know(a, "", false));
    }

    fn redact(&mut self, accounts: &Accounts) {
        texts([&mut self.name, &mut self.says], accounts);
        texts(self.outlets.iter_mut().map(|o| &mut o.host), accounts);
        texts(self.denials.iter_mut().flat_map(|d| [&mut d.who, &mut d.reference]), accounts);
        texts(self.supports.iter_mut().flat_map(|s| [&mut s.what, &mut s.reference]), accounts);
        self.first_account.iter_mut().for_each(|a| *a = accounts.account(a));
        self.first_post.iter_mut().for_each(|p| *p = accounts.post_of_somebody(p));
    }
}

/// It speaks of a set and of nobody in it.
impl Personal for WholeNetwork {
    fn learn(&self, _: bool, _: &mut Accounts) {}

    fn redact(&mut self, _: &Accounts) {}
}

impl Personal for Coordination {
    fn learn(&self, above: bool, accounts: &mut Accounts) {
        self.members.iter().for_each(|m| accounts.know(&m.account, &m.name, above));
        self.first_mover.iter().for_each(|a| accounts.know(a, "", false));
    }

    fn redact(&mut self, accounts: &Accounts) {
        self.members.iter_mut().for_each(|m| named(&mut m.account, &mut m.name, accounts));
        self.objects.iter_mut().for_each(|o| o.object = object(accounts, o.kind, &o.object));
        self.first_mover.iter_mut().for_each(|a| *a = accounts.account(a));
    }
}

impl Personal for CopiedText {
    fn learn(&self, above: bool, accounts: &mut Accounts) {
        self.members.iter().for_each(|m| accounts.know(&m.account, "", above));
    }

    fn redact(&mut self, accounts: &Accounts) {
        texts([&mut self.text], accounts);
        self.members.iter_mut().for_each(|m| m.account = accounts.account(&m.account));
    }
}

impl Personal for Automation {
    fn learn(&self, above: bool, accounts: &mut Accounts) {
        accounts.know(&self.account, &self.name, above);
    }

    fn redact(&mut self, accounts: &Accounts) {
        named(&mut self.account, &mut self.name, accounts);
        self.signs.iter_mut().for_each(|s| both(&mut s.why, accounts));
    }
}

impl Personal for Narrative {
    fn learn(&self, _: bool, _: &mut Accounts) {}

    fn redact(&mut self, accounts: &Accounts) {
        texts(self.urls.iter_mut().chain([&mut self.title]), accounts);
        for outlet in &mut self.outlets {
            let classified = outlet.classified.iter_mut();
            let told = classified.flat_map(|c| [&mut c.name, &mut c.who, &mut c.reference]);
            texts(told.chain([&mut outlet.host]), accounts);
        }
    }
}

impl Personal for Outlet {
    fn learn(&self, _: bool, accounts: &mut Accounts) {
        self.first_account.iter().for_each(|a| accounts.know(a, "", false));
    }

    fn redact(&mut self, accounts: &Accounts) {
        let c = &mut self.classified;
        texts([&mut self.outlet, &mut c.name, &mut c.who, &mut c.reference], accounts);
        texts(self.urls.iter_mut().map(|(url, _)| url), accounts);
        self.first_account.iter_mut().for_each(|a| *a = accounts.account(a));
    }
}

impl Personal for Road {
    fn learn(&self, _: bool, accounts: &mut Accounts) {
        for step in &self.steps {
            // A channel or an outlet publishes; an account may be anybody.
            let publishes = step.kind != StepKind::Account;
            match &step.account {
                Some(account) => accounts.know(account, &step.who, publishes),
                None => accounts.know(&step.who, "", publishes),
            }
        }
    }

    fn redact(&mut self, accounts: &Accounts) {
        texts(self.urls.iter_mut().chain(&mut self.hashtags).chain([&mut self.title]), accounts);
        for step in &mut self.steps {
            match &mut step.account {
                Some(account) => named(account, &mut step.who, accounts),
                None => step.who = accounts.account(&step.who),
            }
            texts([&mut step.url, &mut step.text].into_iter().chain(&mut step.classified_by), accounts);
            both(&mut step.how, accounts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Entity, Level, Role};
    use rows::posts::{Copier, Copying, Explanation, Member};

    fn finding<R: Row>(severity: Severity, row: &R) -> Finding {
        Finding {
            detector: R::NAME.into(),
            key: "k".into(),
            severity,
            confidence: 90,
            level: Level::Grey,
            title: Text::same("Marie Dupont and others"),
            reasons: Vec::new(),
            techniques: Vec::new(),
            first: None,
            last: None,
            entities: vec![Entity::user("marie_d", Role::Account)],
            traces: Vec::new(),
            fields: row.fields(),
        }
    }

    fn group() -> Coordination {
        Coordination {
            accounts: 1,
            members: vec![Member {
                account: "marie_d".into(),
                name: "Marie Dupont".into(),
                posts: 2,
                all: 3,
                created: None,
            }],
            by: vec![CoAction::Url],
            objects: Vec::new(),
            edges: Vec::new(),
            p: 1e-9,
            window: None,
            windows: Vec::new(),
            posts: 2,
            hours: [0; 24],
            calendar: Default::default(),
            languages: Default::default(),
            first_mover: Some("paul75".into()),
            created: Default::default(),
            density: 1.0,
            tries: 1,
            candidates: Default::default(),
            explanation: Explanation::None,
            innocent: Vec::new(),
        }
    }

    fn copied(text: &str, members: &[&str]) -> CopiedText {
        CopiedText {
            text: text.into(),
            kind: Copying::Verbatim,
            kinds: Default::default(),
            posts: 2,
            accounts: 2,
            first: None,
            half: None,
            last: None,
            similarity: 1.0,
            closeness: None,
            members: members.iter().map(|a| Copier { account: a.to_string(), posts: 1 }).collect(),
            half_within: None,
            of: 1,
        }
    }

    fn told(mut accounts: Accounts) -> (Coordination, CopiedText, [Finding; 2]) {
        let all =
            [finding(Severity::High, &group()), finding(Severity::Low, &copied("@paul75 dit abc", &["paul75", "abc"]))];
        all.iter().for_each(|f| accounts.learn(f));
        let all = all.map(|f| accounts.redacted(f));
        (Row::of(&all[0].fields).expect("a row"), Row::of(&all[1].fields).expect("a row"), all)
    }

    #[test]
    fn the_page_names_members_and_nobody_else() {
        let (group, copied, _) = told(Accounts::shown());
        assert_eq!(group.members[0].name, "Marie Dupont");
        assert_eq!(group.first_mover.as_deref(), Some("…"));
        assert!(copied.members.iter().all(|m| m.account == "…"));
        assert_eq!(copied.text, "@… dit abc");
    }

    #[test]
    fn what_leaves_the_machine_names_nobody_unless_asked_to() {
        let of = |key: u8, names: bool| told(Accounts::pseudonyms([key; 32], names)).2;
        let hidden = of(1, false);
        let text = serde_json::to_string(&hidden).expect("JSON");
        assert!(!text.contains("marie") && !text.contains("Marie") && !text.contains("paul75"), "{text}");
        let pseudonym = hidden[0].entities[0].value.clone();
        assert!(pseudonym.starts_with("account-") && pseudonym.len() == 20, "{pseudonym}");
        assert_eq!(hidden[0].title.en, format!("{pseudonym} and others"));
        assert_ne!(of(2, false)[0].entities[0].value, pseudonym);
        let named = of(1, true);
        assert_eq!(named[0].title.en, "Marie Dupont and others");
        assert!(!serde_json::to_string(&named).expect("JSON").contains("paul75"));
    }

    #[test]
    fn a_handle_is_known_without_its_platform() {
        let mut accounts = Accounts::shown();
        accounts.learn(&finding(Severity::Low, &copied("", &["x/some_body", "x/ab"])));
        assert_eq!(accounts.text("via some_body #some_body ab x/some_body"), "via … #… ab …");
    }

    #[test]
    fn fields_that_nobody_understands_are_not_told() {
        let mut odd = finding(Severity::High, &group());
        odd.fields.insert("members".into(), "Paul Martin".into());
        assert!(Accounts::shown().redacted(odd).fields.is_empty());
    }
}
