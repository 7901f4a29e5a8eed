//! Posts on social networks: accounts that act as one, copied texts, accounts that look automatic, narratives, outlets,
//! the road of a leak. You may rely on: the gravest of each detector are kept whole; nobody is named who must not be
//! ([`redaction`]), on the page or in an export. Left out: judging (crate `sensors`), reading posts (the program hands
//! them in through [`Order::behind`]).

mod acts;
mod graphml;
mod page;
mod platform;
mod redaction;
mod story;

use super::{Chapter, Gathering};
use crate::detail::{Detail, LISTED};
use crate::export::{Dossier, Export, Exported, Objects, Order, each};
use crate::page::gravest::{Advice, LEAD, VOICE};
use crate::page::{Answer, ChapterPage, Place, Section, Sentence};
use crate::story::{Bearers, Part, Searched};
use crate::{Accounts, Write, csv};
use jiff::civil::Date;
use maud::html;
use model::{Context, Finding, Result, Severity, Text, View};
use rows::Row;
use rows::posts::{
    Automation, Burst, Claim, Coordination, CopiedText, Narrative, Outlet, Road, SharedPost as Post, WholeNetwork,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The chapter.
pub struct Posts;

impl Chapter for Posts {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::<Gathered>::default()
    }

    fn learn(&self, finding: &Finding, accounts: &mut Accounts) {
        if is_of_posts(finding) {
            redaction::learn(finding, accounts);
        }
    }

    fn redact(&self, finding: &mut Finding, accounts: &Accounts) {
        if is_of_posts(finding) {
            redaction::redact(finding, accounts);
        }
    }

    fn part(&self, finding: &Finding, _: &Context, part: &mut Part) {
        story::part(finding, part);
    }

    fn told(&self, told: &Exported, objects: &mut Objects) {
        story::told(told, objects);
    }

    fn bearers(&self, view: &dyn View, _: &Context, bearers: &mut Bearers) -> Result<()> {
        story::bearers(view, bearers)
    }

    fn searched(&self, view: &dyn View) -> Result<Vec<Searched>> {
        story::searched(view)
    }

    /// A dossier of each group. A platform can do nothing with pseudonyms: names must have been asked for.
    fn dossiers<'o>(&self, view: &dyn View, order: &'o Order) -> Result<Vec<Dossier<'o>>> {
        let groups = groups(view, order)?;
        if !groups.is_empty() && !order.accounts.named() {
            let n = groups.len();
            (order.note)(&Text::new(
                format!(
                    "no dossier was written for platforms ({n} groups): it names accounts and posts; add `--names`, which the audit trail keeps"
                ),
                format!(
                    "aucun dossier pour les plateformes n’a été écrit ({n} groupes) : il nomme comptes et publications ; ajoutez `--names`, que la piste d’audit retient"
                ),
            ));
            return Ok(Vec::new());
        }
        let evidence = Rc::new(view.evidence()?);
        let dossier = |group: Group| -> Dossier<'o> {
            let evidence = evidence.clone();
            let name = format!("group-{}", group.finding.id().trim_start_matches("finding--"));
            let make = move || platform::dossier(&group, &posts(order, &group.finding)?, &evidence, order.lang);
            Dossier { name, make: Box::new(make) }
        };
        Ok(groups.into_iter().map(dossier).collect())
    }

    fn advice(&self, finding: &Finding) -> Option<Advice> {
        match &*finding.detector {
            Coordination::NAME => Some(Advice::new(
                LEAD,
                "Hand the platform the list (`vigie export DIR --to dossier --names`); do not call the accounts “bots” in public.",
                "Remettre la liste à la plateforme (`vigie export DIR --to dossier --names`) ; ne pas parler de « robots » en public.",
            )),
            Road::NAME => Some(Advice::new(
                VOICE,
                "Do not discuss what the papers say; tell newsrooms what is shown of their way and what is inferred.",
                "Ne pas commenter le contenu des documents ; dire aux rédactions ce qui est établi de leur parcours et ce qui est déduit.",
            )),
            detector if detector.starts_with("posts/") => Some(Advice::new(
                LEAD,
                "Watch it; volume and likeness alone show nobody’s hand.",
                "Surveiller ; le volume et la ressemblance seuls ne montrent la main de personne.",
            )),
            _ => None,
        }
    }

    fn exports(&self) -> &'static [Export] {
        EXPORTS
    }
}

/// The posts of a group's members, in order of time.
fn posts(order: &Order, group: &Finding) -> Result<Vec<Post>> {
    (order.behind)(group)?.iter().map(Post::of).collect()
}

static EXPORTS: &[Export] = &[
    Export {
        name: "graphml",
        help: (
            "the network of accounts that act as one, for Gephi, igraph or networkx",
            "le réseau des comptes qui agissent ensemble, pour Gephi, igraph ou networkx",
        ),
        least: Severity::Low,
        folder: false,
        json: false,
        opens: false,
        make: |view, order, write| write("groups.graphml", graphml::graphml(&groups(view, order)?).as_bytes()),
    },
    Export {
        name: "coortweet",
        help: (
            "pairs of posts of accounts that act as one, a table as CooRTweet's detect_groups gives it",
            "les paires de publications des comptes qui agissent ensemble, au format de detect_groups de CooRTweet",
        ),
        least: Severity::Low,
        folder: false,
        json: false,
        opens: false,
        make: coortweet,
    },
];

/// A group: what the finding says, and its row.
struct Group {
    finding: Finding,
    row: Coordination,
}

/// Visits the groups; a finding that is none, or cannot be understood, is passed by.
fn each_group(view: &dyn View, order: &Order, visit: &mut dyn FnMut(Group) -> Result<()>) -> Result<()> {
    each(view, order.least.max(Severity::Low), &mut |finding| match read::<Coordination>(&finding) {
        Some(row) => visit(Group { finding, row }),
        None => Ok(()),
    })
}

/// The groups, with nobody named who must not be.
fn groups(view: &dyn View, order: &Order) -> Result<Vec<Group>> {
    let mut all = Vec::new();
    each_group(view, order, &mut |group| {
        let finding = order.accounts.redacted(group.finding);
        all.extend(read(&finding).map(|row| Group { finding, row }));
        Ok(())
    })?;
    Ok(all)
}

/// The row of a finding, where it is one of this detector that can be understood.
fn read<R: Row>(finding: &Finding) -> Option<R> {
    (finding.detector == R::NAME).then(|| R::of(&finding.fields).ok()).flatten()
}

/// Each pair of posts stands once, though groups by several kinds of trace may share it.
fn coortweet(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut out = String::new();
    csv::row(&mut out, &["object_id", "account_id", "account_id_y", "content_id", "content_id_y", "time_delta"]);
    let mut written: BTreeSet<(String, String, String)> = BTreeSet::new();
    each_group(view, order, &mut |Group { finding, row }| {
        let posts = posts(order, &finding)?;
        acts::acts(&posts, row.window, &mut |act| {
            let key = (act.object.1.clone(), act.older.id.clone(), act.newer.id.clone());
            if !written.insert(key) {
                return Ok(());
            }
            let account = |p: &Post| order.accounts.account(&p.account);
            let id = |p: &Post| order.accounts.post(&p.id, &p.account);
            let seconds = act.delay as f64 / 1e6;
            let row = [
                redaction::object(order.accounts, act.object.0, &act.object.1),
                account(act.older),
                account(act.newer),
                id(act.older),
                id(act.newer),
                seconds.to_string(),
            ];
            csv::row(&mut out, &row);
            if out.len() > 1 << 16 {
                write("coortweet.csv", out.as_bytes())?;
                out.clear();
            }
            Ok(())
        })
    })?;
    write("coortweet.csv", out.as_bytes())
}

/// What the case says of posts.
#[derive(Debug, Default)]
struct Gathered {
    /// Accounts that act as one.
    groups: List,
    /// Networks as a whole, by what is shared.
    wholes: List,
    /// Far more posts than usual.
    bursts: List,
    /// Texts that many accounts posted.
    copied: List,
    /// Accounts that look automatic.
    automation: List,
    /// What is told, by whom, over time.
    narratives: List,
    /// Media and channels.
    outlets: List,
    /// Claims that the case follows.
    claims: List,
    /// The road of a leak into the media.
    roads: List,
    /// Groups that act together and say why (an outlet's accounts, feeds, an announced campaign).
    explained: u64,
}

/// Findings of one detector: the gravest, how many the case has, and how many there are, told as findings or not.
#[derive(Debug, Default)]
struct List {
    told: Vec<Detail>,
    kept: u64,
    all: u64,
}

impl List {
    fn push(&mut self, finding: Finding, day: Option<Date>) {
        self.kept += 1;
        self.all = self.all.max(self.kept).max(of(&finding).unwrap_or_default());
        if self.told.len() < LISTED {
            self.told.push(Detail::new(finding, day));
        }
    }

    /// What is told, with its rows as they stand once nobody is named in them who must not be.
    fn rows<R: Row>(&self) -> impl Iterator<Item = (&Detail, R)> {
        self.told.iter().filter_map(|d| Some((d, read(&d.finding)?)))
    }
}

/// How many there are of what a detector tells the most of and no more.
fn of(finding: &Finding) -> Option<u64> {
    match &*finding.detector {
        CopiedText::NAME => read::<CopiedText>(finding).map(|row| row.of),
        Narrative::NAME => read::<Narrative>(finding).map(|row| row.of),
        Road::NAME => read::<Road>(finding).map(|row| row.of),
        _ => None,
    }
}

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathering for Gathered {
    fn take(&mut self, finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        // Those that accuse nobody are told at any severity; what is below the threshold of the others stays unsaid.
        let (list, tells) = match &*finding.detector {
            Coordination::NAME => (&mut self.groups, false),
            WholeNetwork::NAME => (&mut self.wholes, true),
            Burst::NAME => (&mut self.bursts, true),
            CopiedText::NAME => (&mut self.copied, true),
            Automation::NAME => (&mut self.automation, false),
            Narrative::NAME => (&mut self.narratives, true),
            Outlet::NAME => (&mut self.outlets, true),
            Claim::NAME => (&mut self.claims, true),
            Road::NAME => (&mut self.roads, true),
            _ => return Ok(Some(finding)),
        };
        if !redaction::is_understood(&finding) {
            return Ok(Some(finding));
        }
        if tells || finding.severity > Severity::Info {
            list.push(finding, day);
        } else if finding.detector == Coordination::NAME {
            self.explained += 1;
        }
        Ok(None)
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        let Gathered { groups, wholes, bursts, copied, automation, narratives, outlets, claims, roads, .. } = self;
        [groups, wholes, bursts, copied, automation, narratives, outlets, claims, roads]
            .into_iter()
            .flat_map(|l| &mut l.told)
            .collect()
    }

    /// How many, and those told on the page.
    fn figures(&self) -> Map<String, Value> {
        let list: Value = self
            .all()
            .map(|d| {
                let f = &d.finding;
                json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "confidence": f.confidence,
                    "level": f.level, "first": f.first, "last": f.last, "fields": f.fields })
            })
            .collect();
        let all = json!({
            "groups": self.groups.all,
            "networks": self.wholes.all,
            "bursts": self.bursts.all,
            "copied_texts": self.copied.all,
            "automatic": self.automation.all,
            "narratives": self.narratives.all,
            "claims": self.claims.all,
            "list": list,
        });
        Map::from_iter([("posts".into(), all)])
    }

    fn answers(&self, page: &crate::page::Page) -> Vec<Answer> {
        page::answers(&Page::new(page, self))
    }

    fn sentences(&self, page: &crate::page::Page) -> Vec<Sentence> {
        if self.is_empty() {
            return Vec::new();
        }
        let name = page.say("Amplification", "Amplification");
        let markup = html! { a href="#amplification" { (name) } (page.say(": ", " : ")) (page::sentence(&Page::new(page, self))) };
        vec![Sentence { place: Place::Body, markup }]
    }

    fn sections(&self, page: &crate::page::Page) -> Vec<Section> {
        page::section(&Page::new(page, self)).into_iter().collect()
    }
}

impl Gathered {
    /// Whether nothing is worth telling.
    fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// All kept.
    fn all(&self) -> impl Iterator<Item = &Detail> {
        let lists = [
            &self.groups,
            &self.wholes,
            &self.bursts,
            &self.copied,
            &self.automation,
            &self.narratives,
            &self.outlets,
            &self.claims,
            &self.roads,
        ];
        lists.into_iter().flat_map(|l| &l.told)
    }
}

/// Also of a detector that is not known here: what it says of accounts must not go out.
fn is_of_posts(finding: &Finding) -> bool {
    finding.detector.starts_with("posts/")
}
