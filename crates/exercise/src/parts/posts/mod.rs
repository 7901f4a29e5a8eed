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
mod score;
mod sentences;
mod write;

pub(crate) use road::{ARCHIVE, PASTE};

pub use score::{Called, CountedDebate, DebateScore, FoundPosts, RoadScore};

use super::Part;
use crate::calendar::Period;
use crate::case::Case;
use crate::evidence::Evidence;
use crate::measure::{Hidden, Row, Sheet};
use crate::stage::Stage;
use crate::values::When;
use jiff::tz::TimeZone;
use model::{Error, Finding, Result, Text, Time};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The table of a scenario.
#[derive(Clone, Debug, Deserialize)]
pub struct Tables {
    /// `[posts]`.
    #[serde(rename = "posts")]
    pub debate: Option<Debate>,
}

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
    /// How many times it carries the leak's address, in the hours after it is out.
    #[serde(default)]
    pub carries: u64,
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

/// The posts' key of `truth.json`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TruePosts {
    /// The debate on social networks.
    #[serde(rename = "posts", default, skip_serializing_if = "Option::is_none")]
    pub debate: Option<TrueDebate>,
}

/// What really happened.
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
    hashtags: Vec<Cow<'static, str>>,
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
struct Forum<'s> {
    debate: &'s Debate,
    stage: &'s Stage,
    from: i64,
    to: i64,
    accounts: Vec<Account>,
    posts: Vec<Post>,
    originals: u32,
    truth: TrueDebate,
}

impl Forum<'_> {
    fn account(&mut self, name: String, created: i64, about: &'static str) -> u32 {
        self.accounts.push(Account { name, created, about });
        self.accounts.len() as u32 - 1
    }

    /// Adds a post if it falls within the debate.
    fn post(&mut self, at: i64, account: u32, text: String, url: &str, hashtags: Vec<Cow<'static, str>>) {
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

/// How good findings are, where the exercise has a debate.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PostsScore {
    /// Accounts called coordinated.
    #[serde(rename = "posts", skip_serializing_if = "Option::is_none")]
    pub debate: Option<DebateScore>,
}

/// Accounts that act as one, where the exercise has a debate.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PostsCounts {
    /// Found or true.
    #[serde(rename = "posts", skip_serializing_if = "Option::is_none")]
    pub debate: Option<CountedDebate>,
}

/// The part.
pub struct Posts;

impl Part for Posts {
    type Tables = Tables;
    type Truth = TruePosts;
    type Found = FoundPosts;
    type Score = PostsScore;
    type Counts = PostsCounts;

    fn check(tables: &Tables, stage: &Stage, _: &str) -> Result<()> {
        tables.debate.iter().try_for_each(|debate| check(debate, &stage.period))
    }

    fn write(tables: &Tables, stage: &Stage, evidence: &mut Evidence) -> Result<TruePosts> {
        let debate = tables.debate.as_ref().map(|debate| write(debate, stage, evidence)).transpose()?;
        Ok(TruePosts { debate })
    }

    /// Who is argued about; and outlets that stand for state media and sites of operations, which are made up, so that no
    /// shipped list can know them.
    fn case(tables: &Tables, _: &Stage, case: &mut Case) {
        let Some(debate) = &tables.debate else { return };
        case.people.extend(debate.candidates.iter().cloned());
        if debate.leak.is_some() {
            case.tables.extend(road::grey_outlets().map(|outlet| {
                format!(
                    "\n[[posts.classified]]\ndomain = \"{outlet}.example\"\nwho = \"the exercise\"\nwhat = \"operation\"\n"
                )
            }));
        }
    }

    fn hidden(truth: &TruePosts) -> Vec<Hidden> {
        let accounts = truth.debate.iter().flat_map(|d| &d.groups).map(|g| g.members.len() as u64).sum();
        let what = Text::new("coordinated accounts", "comptes coordonnés");
        vec![Hidden { key: "coordinated", count: accounts, what }]
    }

    fn take(found: &mut FoundPosts, finding: &Finding) {
        found.take(finding);
    }

    fn score(found: &FoundPosts, truth: &TruePosts) -> PostsScore {
        PostsScore { debate: truth.debate.as_ref().map(|t| found.score(t)) }
    }

    fn show(score: &PostsScore, sheet: &mut Sheet) {
        score.debate.iter().for_each(|s| s.show(sheet));
    }

    fn found(found: &FoundPosts, truth: &TruePosts, _: &TimeZone) -> PostsCounts {
        PostsCounts { debate: truth.debate.as_ref().map(|t| found.counted(t)) }
    }

    fn truth(truth: &TruePosts, _: &TimeZone) -> PostsCounts {
        PostsCounts { debate: truth.debate.as_ref().map(CountedDebate::of) }
    }

    fn rows(found: &PostsCounts, truth: &PostsCounts) -> Vec<Row> {
        let (Some(found), Some(truth)) = (&found.debate, &truth.debate) else { return Vec::new() };
        let row = |en, fr, of: fn(&CountedDebate) -> u64| Row::count(en, fr, [of(found), of(truth)]);
        let mut rows = vec![
            Row::head("A night on social networks", "Une nuit sur les réseaux sociaux"),
            row("  groups that act as one", "  groupes qui agissent ensemble", |d| d.groups),
            row("  accounts in them", "  comptes qui en sont", |d| d.accounts),
        ];
        if truth.steps > 0 {
            let (en, fr) = ("  steps of the leak's road, in order", "  étapes de la fuite, dans l’ordre");
            rows.push(row(en, fr, |d| d.steps));
        }
        rows
    }
}

/// Writes `posts.csv` and, where there is a leak, `articles.xml`.
fn write(debate: &Debate, stage: &Stage, evidence: &mut Evidence) -> Result<TrueDebate> {
    let zone = &stage.period.zone;
    let mut forum = Forum {
        debate,
        stage,
        from: debate.from.start(zone),
        to: debate.to.end(zone),
        accounts: Vec::new(),
        posts: Vec::new(),
        originals: 0,
        truth: TrueDebate::default(),
    };
    let articles = road::articles(&mut forum);
    let folk = people::cast(&mut forum);
    groups::act(&mut forum, &articles);
    innocent::act(&mut forum, &articles);
    road::travel(&mut forum);
    people::talk(&mut forum, &folk, &articles);
    write::write(forum, &articles, evidence)
}

/// Checks `[posts]`.
fn check(debate: &Debate, period: &Period) -> Result<()> {
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
