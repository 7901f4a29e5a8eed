//! The posts of a group's members with what they share, for exports.
//!
//! You may rely on: order of time; the case's posts are loaded when the first group asks, and once. Left out: who may be
//! named.

use super::dataset::Dataset;
use super::shares::{BY, Shares};
use crate::Behind;
use model::{Fields, Finding, Result, View};
use rows::Row;
use rows::posts::{CoAction, Coordination, SharedPost};
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// Characters that a copied text is known by in what is exported.
const SHOWN: usize = 200;

/// Gives the posts behind a group; behind another finding there are none.
pub fn behind(case: &dyn View) -> Behind<'_> {
    let dataset: OnceCell<Rc<Dataset>> = OnceCell::new();
    let texts: OnceCell<HashMap<u32, String>> = OnceCell::new();
    Box::new(move |finding: &Finding| {
        if finding.detector != Coordination::NAME {
            return Ok(Vec::new());
        }
        let dataset = match dataset.get() {
            Some(dataset) => dataset,
            None => {
                let loaded = Dataset::of(case)?;
                dataset.get_or_init(|| loaded)
            }
        };
        posts(dataset, &texts, &Coordination::of(&finding.fields)?)
    })
}

fn posts(dataset: &Dataset, texts: &OnceCell<HashMap<u32, String>>, group: &Coordination) -> Result<Vec<Fields>> {
    let table = &dataset.table;
    let Coordination { members, by, .. } = group;
    let members: BTreeSet<&str> = members.iter().map(|m| m.account.as_str()).collect();
    let kinds = BY.iter().map(|(kind, ..)| (CoAction::from(*kind), *kind));
    let kinds = kinds.filter(|(word, _)| *word != CoAction::Text && by.contains(word));
    let shares: Vec<(CoAction, Shares)> = kinds.map(|(word, kind)| (word, table.shares(kind))).collect();
    let none = HashMap::new();
    let copied = if by.contains(&CoAction::Text) { texts.get_or_init(|| copied(dataset)) } else { &none };
    let account = |post: u32| table.accounts.get(table.account(post) as usize).map_or("", |a| a.id.as_str());
    let own = (0..table.len() as u32).filter(|p| members.contains(account(*p)));
    let posts = own.map(|p| SharedPost {
        id: table.id(p).into(),
        account: account(p).into(),
        time: table.time(p),
        text: table.text(p).into(),
        objects: shares
            .iter()
            .flat_map(|(word, s)| s.shared(p).iter().map(move |o| (*word, s.objects.text(*o).into_owned())))
            .chain(copied.get(&p).map(|text| (CoAction::Text, text.clone())))
            .collect(),
    });
    Ok(posts.map(|post| post.fields()).collect())
}

/// By post, the copied text it holds: the beginning of its earliest copy.
fn copied(dataset: &Dataset) -> HashMap<u32, String> {
    let (table, copied) = (&dataset.table, dataset.copied());
    let mut first: HashMap<u32, u32> = HashMap::new();
    let earliest = |(post, text)| Some((post, *first.entry(copied.copies.cluster(text)?).or_insert(post)));
    let all: Vec<(u32, u32)> = copied.posts(table).into_iter().filter_map(earliest).collect();
    all.into_iter().map(|(post, first)| (post, table.text(first).chars().take(SHOWN).collect())).collect()
}
