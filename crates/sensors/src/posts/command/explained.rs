//! Who of the accounts that act together says why, as `check` says it: for `--groups`.
//!
//! You may rely on: the same explanations as the detector's. Left out: posts beyond [`KEPT`], which is said.

use crate::posts::coordination::innocent::{self, Innocent};
use crate::posts::groups::Group;
use crate::posts::network::Index;
use crate::posts::post::Post;
use crate::posts::reading;
use crate::posts::shares::Place;
use crate::posts::table::Table;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Posts that are kept to look at.
const KEPT: usize = 1_000_000;

/// What explanations are looked for in.
#[derive(Default)]
pub struct Kept {
    posts: Vec<Post>,
    /// Whether there were more.
    pub more: bool,
}

impl Kept {
    /// Takes a post.
    pub fn keep(&mut self, post: &Post, place: Place) {
        if self.posts.len() >= KEPT {
            self.more = true;
            return;
        }
        // Accounts and posts are known here as the table of shares knows them.
        self.posts.push(Post {
            platform: String::new(),
            id: reading::id(post, place),
            images: Vec::new(),
            mentions: Vec::new(),
            hashtags: Vec::new(),
            ..post.clone()
        });
    }

    /// The accounts of these groups that explain themselves, by their number in the table of shares.
    pub fn explain(self, index: &Index, groups: &[Group]) -> BTreeMap<u32, Innocent> {
        if groups.is_empty() {
            return BTreeMap::new();
        }
        let table = Table::of(self.posts);
        let accounts: HashMap<&str, u32> =
            table.accounts.iter().enumerate().map(|(n, a)| (a.id.as_str(), n as u32)).collect();
        let posts: HashMap<&str, u32> = (0..table.len() as u32).map(|p| (table.id(p), p)).collect();
        let mut posts_of: Vec<Vec<u32>> = vec![Vec::new(); table.accounts.len()];
        (0..table.len() as u32).for_each(|post| posts_of[table.account(post) as usize].push(post));
        let shares = index.shares;
        let mut all = BTreeMap::new();
        for group in groups {
            let number = |account: u32| accounts.get(&*shares.accounts.text(account)).copied();
            let members: BTreeMap<u32, u32> =
                group.members.iter().filter_map(|m| Some((number(m.account)?, m.account))).collect();
            let mut together: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
            for post in group.edges.iter().flat_map(|e| &e.posts) {
                if let Some(post) = posts.get(&*shares.posts.text(*post)) {
                    together.entry(table.account(*post)).or_default().insert(*post);
                }
            }
            let explained = innocent::explained(&table, &posts_of, &members.keys().copied().collect(), &together);
            all.extend(explained.into_iter().filter_map(|(account, why)| Some((*members.get(&account)?, why))));
        }
        all
    }
}
