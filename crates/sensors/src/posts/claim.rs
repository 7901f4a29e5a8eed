//! Claims that a case follows (a rumour, an accusation): who said it first in evidence, who repeated it, which outlets took it up,
//! who denied it and how far the denial went.
//!
//! You may rely on: a post carries a claim where it has all words of one of its sets, or one of its links; whoever links to a
//! denial is counted with the denial alone; nobody is named but members of groups that are named already. What supports a
//! claim and who denied it is what the case says, repeated. Left out: whether a claim is true, and posts in other words.

use super::dataset::Dataset;
use super::narrative::{build, tell};
use super::outlet::{Groups, favouring, groups};
use super::settings::Settings;
use super::table::Table;
use super::{naming, shares};
use crate::{Detector, Specification};
use model::{Config, Context, Error, Finding, Level, Reason, Result, Severity, Text, Time, View};
use rows::posts::{Carrier, Claim, Denial, Support};
use rows::{Row, Shape};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Claims that a case may follow: each is looked for in every text.
const CLAIMS: usize = 200;
/// Outlets told.
const LISTED: usize = 20;

/// A claim as a case writes it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Followed {
    /// What it is called.
    pub name: String,
    /// What it says.
    pub says: String,
    /// Sets of words; all of a set stand in one post, in any order, accents and capitals aside.
    pub words: Vec<String>,
    /// Links, with all below them.
    pub links: Vec<String>,
    /// Denials.
    pub denied: Vec<Denied>,
    /// What is brought forward for it.
    pub supports: Vec<Support>,
}

/// A denial as a case writes it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Denied {
    /// Who.
    pub who: String,
    /// When.
    pub when: String,
    /// Where.
    pub reference: String,
}

/// Refuses claims that could match nothing or everything.
pub fn check(config: &Config) -> Result<()> {
    let claims = config.settings::<Settings>()?.claims;
    if claims.len() > CLAIMS {
        return Err(
            Error::new(format!("more than {CLAIMS} claims")).hint("follow fewer: `[[posts.claims]]` in case.toml")
        );
    }
    let mut names = BTreeSet::new();
    for claim in &claims {
        let wrong = |what: &str| Error::new(format!("the claim `{}` {what}", claim.name));
        if claim.name.trim().is_empty() || !names.insert(claim.name.trim()) {
            return Err(wrong("has no name of its own").hint("each of `[[posts.claims]]` has another `name`"));
        }
        if claim.words.iter().all(|w| words(w).len() < 2) && claim.links.is_empty() {
            return Err(wrong("would be met by a single word").hint(
                "write sets of two words or more, `words = [\"compte bahamas\", \"account bahamas\"]`, or `links`",
            ));
        }
    }
    Ok(())
}

/// The detector.
pub struct ClaimDetector;

impl Detector for ClaimDetector {
    fn id(&self) -> &'static str {
        Claim::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Claim>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        super::INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("claim.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let claims = context.config.settings::<Settings>()?.claims;
        if claims.is_empty() {
            return Ok(());
        }
        let dataset = Dataset::of(case)?;
        let table = &dataset.table;
        let groups = groups(case)?;
        let mut carried = carried(table, &claims);
        for (claim, posts) in claims.iter().zip(&mut carried) {
            let denials = denials(table, claim, posts);
            if !posts.is_empty() {
                found(finding(table, claim, posts, denials, &groups))?;
            }
        }
        Ok(())
    }
}

fn words(text: &str) -> BTreeSet<String> {
    naming::words(text).collect()
}

/// The posts of each claim, in the table's order.
fn carried(table: &Table, claims: &[Followed]) -> Vec<BTreeSet<u32>> {
    // A set of one word would be met by whoever writes about the weather.
    let sets = |c: &Followed| c.words.iter().map(|w| words(w)).filter(|w| w.len() > 1).collect::<Vec<_>>();
    let sets: Vec<Vec<BTreeSet<String>>> = claims.iter().map(sets).collect();
    let links: Vec<Vec<String>> =
        claims.iter().map(|c| c.links.iter().filter_map(|l| shares::url(l)).collect()).collect();
    let wanted: BTreeSet<&String> = sets.iter().flatten().flatten().collect();
    let mut all = vec![BTreeSet::new(); claims.len()];
    // Equal texts are looked at once: a rumour is copied.
    let mut known: HashMap<u32, Vec<usize>> = HashMap::new();
    for post in 0..table.len() as u32 {
        let met = known.entry(table.text_number(post)).or_insert_with(|| {
            let here: BTreeSet<String> = naming::words(table.text(post)).filter(|w| wanted.contains(w)).collect();
            let holds = |n: &usize| sets[*n].iter().any(|set| set.is_subset(&here));
            (0..claims.len()).filter(holds).collect()
        });
        met.iter().for_each(|n| {
            all[*n].insert(post);
        });
        for url in table.urls(post) {
            for (n, links) in links.iter().enumerate() {
                if links.iter().any(|l| is_below(url, l)) {
                    all[n].insert(post);
                }
            }
        }
    }
    all
}

/// Whether a link is this one or lies below it.
fn is_below(url: &str, link: &str) -> bool {
    url.strip_prefix(link).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

/// How far each denial went; whoever links to one does not carry the claim.
fn denials(table: &Table, claim: &Followed, posts: &mut BTreeSet<u32>) -> Vec<Denial> {
    let links: Vec<Option<String>> = claim.denied.iter().map(|d| shares::url(&d.reference)).collect();
    let mut met: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); links.len()];
    if links.iter().any(Option::is_some) {
        for post in 0..table.len() as u32 {
            for url in table.urls(post) {
                let of = |l: &Option<String>| l.as_ref().is_some_and(|l| is_below(url, l));
                met.iter_mut().zip(&links).filter(|(_, l)| of(l)).for_each(|(m, _)| {
                    m.insert(post);
                });
            }
        }
    }
    met.iter().flatten().for_each(|post| {
        posts.remove(post);
    });
    let denial = |(d, met): (&Denied, &BTreeSet<u32>)| Denial {
        who: d.who.clone(),
        when: d.when.clone(),
        reference: d.reference.clone(),
        posts: met.len() as u64,
        accounts: accounts(table, met).len() as u64,
        first: met.iter().filter_map(|p| table.time(*p)).min(),
    };
    claim.denied.iter().zip(&met).map(denial).collect()
}

fn accounts<'t>(table: &'t Table, posts: &BTreeSet<u32>) -> BTreeSet<&'t str> {
    let of = |p: &u32| table.accounts[table.account(*p) as usize].id.as_str();
    posts.iter().filter(|p| !table.is_article(**p)).map(of).collect()
}

/// Outlets whose articles are among these posts, the earliest first.
fn outlets(table: &Table, posts: &BTreeSet<u32>) -> Vec<Carrier> {
    let mut all: BTreeMap<&str, (Option<Time>, u64)> = BTreeMap::new();
    for post in posts.iter().copied().filter(|p| table.is_article(*p)) {
        let Some(host) = table.urls(post).next().map(build::host) else { continue };
        let (first, articles) = all.entry(host).or_default();
        *first = [*first, table.time(post)].into_iter().flatten().min();
        *articles += 1;
    }
    let carrier = |(host, (first, articles)): (&str, _)| Carrier { host: host.into(), first, articles };
    let mut all: Vec<Carrier> = all.into_iter().map(carrier).collect();
    all.sort_by(|a, b| (a.first.is_none(), a.first, &a.host).cmp(&(b.first.is_none(), b.first, &b.host)));
    all
}

fn finding(table: &Table, claim: &Followed, posts: &BTreeSet<u32>, denials: Vec<Denial>, groups: &Groups) -> Finding {
    let list: Vec<u32> = posts.iter().copied().collect();
    let sharers = accounts(table, posts);
    let first = list.iter().find(|p| !table.is_article(**p) && table.time(**p).is_some());
    let (n, a) = (list.len() as u64, sharers.len() as u64);
    let favouring = favouring(groups, &sharers);
    let mut outlets = outlets(table, posts);
    let outlets_count = outlets.len() as u64;
    outlets.truncate(LISTED);
    let mut reasons = vec![
        Reason::supporting(
            60,
            Text::new(
                format!("{n} posts have the words or links that the case names, by {a} accounts"),
                format!("{n} publications portent les mots ou les liens que le dossier nomme, de {a} comptes"),
            ),
        ),
        Reason::against(
            40,
            Text::new(
                "whoever mocks, doubts or quotes a claim uses its words too",
                "qui raille, met en doute ou cite une affirmation en emploie aussi les mots",
            ),
        ),
    ];
    if first.is_some() {
        reasons.push(Reason::against(
            20,
            Text::new(
                "the first post in evidence need not be the first ever: what was not collected is not seen",
                "la première publication parmi les pièces n’est pas forcément la première : ce qui n’a pas été recueilli ne se voit pas",
            ),
        ));
    }
    if !favouring.is_empty() {
        let told = Text::count(
            favouring.len() as u64,
            ("group held to act as one carries it", "groupe tenu pour agir de concert la porte"),
            ("groups held to act as one carry it", "groupes tenus pour agir de concert la portent"),
        );
        reasons.push(Reason { supports: true, weight: 30, text: told });
    }
    if outlets_count > 0 {
        let told = Text::count(
            outlets_count,
            ("outlet has articles that carry it", "média a des articles qui la portent"),
            ("outlets have articles that carry it", "médias ont des articles qui la portent"),
        );
        let named = match outlets_count > LISTED as u64 {
            true => Text::new(
                format!("{}; the {LISTED} earliest are named", told.en),
                format!("{} ; les {LISTED} premiers sont nommés", told.fr),
            ),
            false => told,
        };
        reasons.push(Reason { supports: true, weight: 20, text: named });
    }
    let row = Claim {
        name: claim.name.trim().to_string(),
        says: claim.says.clone(),
        posts: n,
        accounts: a,
        first_account: first.map(|p| table.accounts[table.account(*p) as usize].id.clone()),
        first_post: first
            .map(|p| format!("{}/{}", table.platform(*p), table.id(*p)).trim_start_matches('/').to_string()),
        outlets,
        outlets_count,
        groups: favouring,
        denials,
        supports: claim.supports.clone(),
        curve: tell::curve(table, &list),
    };
    let times = || list.iter().filter_map(|p| table.time(*p));
    Finding {
        detector: Cow::Borrowed(Claim::NAME),
        key: row.name.clone(),
        severity: Severity::Info,
        confidence: 50,
        level: Level::Legal,
        title: Text::new(
            format!("The claim “{}”: {n} posts by {a} accounts", row.name),
            format!("L’affirmation « {} » : {n} publications de {a} comptes", row.name),
        ),
        reasons,
        techniques: Vec::new(),
        first: times().min(),
        last: times().max(),
        entities: Vec::new(),
        traces: table.traces(list.iter().copied()),
        fields: row.fields(),
    }
}
