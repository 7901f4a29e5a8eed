//! What a group did together, post by post: pairs of posts of different members that share a thing within the group's
//! window, the older first. You may rely on: pairs come in order of thing and time; more than [`MOST`] are an error,
//! never cut in silence.

use super::Post;
use model::{Error, Result};
use rows::posts::CoAction;
use std::collections::BTreeMap;

/// Pairs of one group.
const MOST: usize = 10_000_000;

/// A pair of posts.
#[derive(Clone, Copy, Debug)]
pub struct Act<'p> {
    /// What both share: kind of trace, and thing.
    pub object: &'p (CoAction, String),
    /// The older post.
    pub older: &'p Post,
    /// The newer one.
    pub newer: &'p Post,
    /// Microseconds between them.
    pub delay: i64,
}

/// All pairs within a window (seconds); without one, whatever the delay.
pub fn acts<'p>(posts: &'p [Post], window: Option<i64>, each: &mut dyn FnMut(Act<'p>) -> Result<()>) -> Result<()> {
    let mut by_object: BTreeMap<&(CoAction, String), Vec<(i64, &Post)>> = BTreeMap::new();
    for post in posts {
        let Some(time) = post.time else { continue };
        post.objects.iter().for_each(|o| by_object.entry(o).or_default().push((time.0, post)));
    }
    let window = window.map_or(i64::MAX, |seconds| seconds.saturating_mul(1_000_000));
    let mut pairs = 0usize;
    for (object, mut posts) in by_object {
        posts.sort_by(|a, b| (a.0, &a.1.id, &a.1.account).cmp(&(b.0, &b.1.id, &b.1.account)));
        for (i, (from, older)) in posts.iter().enumerate() {
            for (to, newer) in posts[i + 1..].iter().take_while(|n| n.0.saturating_sub(*from) <= window) {
                if older.account == newer.account {
                    continue;
                }
                pairs += 1;
                if pairs > MOST {
                    return Err(Error::new("a group has more than 10 million pairs of posts")
                        .hint("`vigie network FILE --csv` prints its edges instead"));
                }
                each(Act { object, older, newer, delay: to - from })?;
            }
        }
    }
    Ok(())
}
