//! A debate on social networks with known truth: thousands of ordinary accounts, people who only look coordinated
//! (fans of one show, a newsroom, automatic feeds, a planned campaign that says so), hidden groups of different
//! discipline, one account that never rests, and the road of a leak into the media.
//!
//! You may rely on: the same scenario and seed give the same bytes; every name, address and sentence is made up, hosts
//! are under `.example`. Left out: pictures, likes, follower lists.

mod groups;
mod innocent;
mod people;
mod road;
pub(crate) mod score;
mod sentences;
mod write;

pub use score::{Called, CountedDebate, DebateScore, RoadScore};

use crate::calendar::Period;
use crate::random::Random;
use crate::values::When;
use model::{Error, Result, Time};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// `[posts]` of a scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Debate {
    /// From when.
    pub from: When,
    /// Until when.
    pub to: When,
    /// Posts, all together and about.
    pub posts: u64,
    /// Ordinary accounts.
    pub accounts: u64,
    /// Who is argued about: two names.
    pub candidates: Vec<String>,
    /// Hidden groups.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Fans of one show, who share its clips as soon as they come.
    #[serde(default)]
    pub fans: u64,
    /// Posts of the account that never rests, in twelve hours; 0 for none.
    #[serde(default)]
    pub restless: u64,
    /// When stolen papers are published; the road into the media begins here.
    pub leak: Option<When>,
}

/// A hidden group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What the truth calls it.
    pub name: String,
    /// How many accounts.
    pub members: u64,
    /// How it works.
    pub discipline: Discipline,
    /// How many times it acts.
    pub actions: u64,
    /// Whom it favours: one of `candidates`.
    pub favours: String,
}

/// How a group works.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discipline {
    /// Nearly all members share one address within ten seconds.
    Seconds,
    /// Half of them do, within a minute and a half, and live an ordinary life beside.
    Minute,
    /// Each posts an altered copy of one text within half an hour, with no address in common.
    Copies,
}

/// What really happened, in `truth.json`.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueDebate {
    /// Posts written.
    pub posts: u64,
    /// Accounts that posted.
    pub accounts: u64,
    /// Hidden groups.
    pub groups: Vec<TrueGroup>,
    /// Those who only look coordinated.
    pub innocents: Vec<TrueGroup>,
    /// The account that never rests.
    pub restless: Option<String>,
    /// The road of the leak, in time order.
    pub road: Vec<TrueStep>,
}

/// Accounts that belong together.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueGroup {
    /// Its name.
    pub name: String,
    /// How a hidden group works; why the others are innocent.
    pub how: String,
    /// Accounts, sorted.
    pub members: Vec<String>,
}

/// One step of the road.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueStep {
    /// When.
    pub at: Time,
    /// The account or outlet.
    pub who: String,
    /// `illegal`, `grey` or `legal`.
    pub level: String,
    /// The address it published.
    pub url: String,
}

/// A post, before it is written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Post {
    /// Milliseconds.
    at: i64,
    account: u32,
    text: String,
    url: String,
    /// The text and account it reposts, by the number of an original (see [`write`]).
    reposts: Option<u32>,
    /// What others repost it by.
    original: Option<u32>,
    hashtags: Vec<&'static str>,
}

/// Who posts.
#[derive(Clone, Debug)]
struct Account {
    name: String,
    /// When it was made, in seconds.
    created: i64,
    /// What it says of itself.
    about: &'static str,
}

/// A debate being made.
struct Stage<'s> {
    debate: &'s Debate,
    from: i64,
    to: i64,
    seed: u64,
    accounts: Vec<Account>,
    posts: Vec<Post>,
    originals: u32,
    truth: TrueDebate,
}

impl Stage<'_> {
    fn random(&self, part: &str) -> Random {
        Random::stream(self.seed, part, 0)
    }

    fn account(&mut self, name: String, created: i64, about: &'static str) -> u32 {
        self.accounts.push(Account { name, created, about });
        self.accounts.len() as u32 - 1
    }

    /// Adds a post if it falls within the debate.
    fn post(&mut self, at: i64, account: u32, text: String, url: &str, hashtags: Vec<&'static str>) {
        if (self.from * 1000..self.to * 1000).contains(&at) {
            self.posts.push(Post { at, account, text, url: url.into(), reposts: None, original: None, hashtags });
        }
    }

    /// Accounts by number, as the truth names them.
    fn names(&self, accounts: impl IntoIterator<Item = u32>) -> Vec<String> {
        let mut names: Vec<String> = accounts.into_iter().map(write::id).collect();
        names.sort();
        names
    }
}

/// Writes `posts.csv` and, where there is a leak, `articles.xml`.
pub(crate) fn generate(debate: &Debate, period: &Period, seed: u64, dir: &Path) -> Result<TrueDebate> {
    let (from, to) = (debate.from.start(&period.zone), debate.to.end(&period.zone));
    let accounts = Vec::new();
    let mut stage =
        Stage { debate, from, to, seed, accounts, posts: Vec::new(), originals: 0, truth: TrueDebate::default() };
    let articles = road::articles(&mut stage, period);
    let folk = people::cast(&mut stage);
    groups::act(&mut stage, &articles);
    innocent::act(&mut stage, &articles);
    road::travel(&mut stage, period);
    people::talk(&mut stage, &folk, &articles);
    write::write(stage, &articles, dir)
}

/// What the case is told of outlets: those that stand for state media and sites of operations are made up, so that no
/// shipped list can know them.
pub(crate) fn case_toml() -> String {
    let table = |outlet: &str| {
        format!("\n[[posts.classified]]\ndomain = \"{outlet}.example\"\nwho = \"the exercise\"\nwhat = \"operation\"\n")
    };
    road::grey_outlets().map(table).collect()
}

/// Checks `[posts]`.
pub(crate) fn check(debate: &Debate, period: &Period) -> Result<()> {
    let wrong = |what: &str, hint: &str| Err(Error::new(format!("`[posts]` is not usable: {what}")).hint(hint));
    let (from, to) = (debate.from.start(&period.zone), debate.to.end(&period.zone));
    if to - from < 3600 || to - from > 40 * 86_400 {
        return wrong("it lasts less than an hour or more than 40 days", "set `from` and `to`");
    }
    if debate.posts > 20_000_000 || !(100..=2_000_000).contains(&debate.accounts) {
        return wrong("too many posts, or too few or too many accounts", "20 million posts, 100 to 2 million accounts");
    }
    if debate.candidates.len() != 2 {
        return wrong("two candidates are needed", "write `candidates = [\"First Last\", \"Other Name\"]`");
    }
    let asked: u64 = debate.groups.iter().map(|g| g.members.saturating_mul(g.actions)).sum();
    if debate.groups.len() > 20 || asked > debate.posts || debate.fans.saturating_mul(40) > debate.posts {
        return wrong(
            "groups and fans would write more than `posts`",
            "raise `posts`, or lower `members` and `actions`",
        );
    }
    if let Some(group) = debate.groups.iter().find(|g| !debate.candidates.contains(&g.favours)) {
        return wrong(&format!("`{}` favours none of `candidates`", group.favours), "name one of the two");
    }
    Ok(())
}
