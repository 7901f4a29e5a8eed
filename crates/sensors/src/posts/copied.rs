//! Which posts of a case are copies of one text.
//!
//! You may rely on: reposts and articles are left out (a repost says so); a function of the texts alone. Left out:
//! who acts as one with whom.

use super::table::Table;
use super::text::Copies;
use super::text::meaning::Meant;
use foldhash::fast::RandomState;
use meaning::Model;
use std::collections::HashMap;

/// The copies among a case's posts.
pub struct Copied {
    /// The copies among the different texts.
    pub copies: Copies,
    /// By number of a text in the table, its place among those compared.
    places: HashMap<u32, usize, RandomState>,
}

/// Whether what a post says is its own.
pub fn compared(table: &Table, post: u32) -> bool {
    table.repost_of(post).is_empty() && !table.is_article(post) && !table.text(post).is_empty()
}

impl Copied {
    /// Compares the texts of a table.
    pub fn of(table: &Table) -> Copied {
        let own = (0..table.len() as u32).filter(|post| compared(table, *post));
        let mut first: Vec<(u32, u32)> = own.map(|post| (table.text_number(post), post)).collect();
        first.sort_unstable();
        first.dedup_by_key(|(number, _)| *number);
        let mut texts: Vec<(&str, u32)> = first.into_iter().map(|(number, post)| (table.text(post), number)).collect();
        texts.sort_unstable();
        let all: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
        let places = texts.iter().enumerate().map(|(place, (_, number))| (*number, place)).collect();
        Copied { copies: Copies::find(&all), places }
    }

    /// Which of them say the same, by a model.
    pub fn meant(&self, table: &Table, model: &Model) -> Meant {
        let mut texts = vec![""; self.places.len()];
        for post in 0..table.len() as u32 {
            if let Some(place) = self.place(table, post) {
                texts[place] = table.text(post);
            }
        }
        self.copies.meant(&texts, model)
    }

    /// The place of a post's text among those compared.
    pub fn place(&self, table: &Table, post: u32) -> Option<usize> {
        self.places.get(&table.text_number(post)).copied().filter(|_| compared(table, post))
    }

    /// The posts whose text counts as their own, in order, with its place: those compared, but for headlines. A text
    /// that comes word for word with its page from two accounts is the page's (a share button), and is left to it.
    pub fn posts(&self, table: &Table) -> Vec<(u32, usize)> {
        let mut pages: HashMap<(u32, u32), (u32, bool), RandomState> = HashMap::default();
        for post in 0..table.len() as u32 {
            for url in table.links(post) {
                let account = table.account(post);
                let page = pages.entry((table.text_number(post), *url)).or_insert((account, false));
                page.1 |= page.0 != account;
            }
        }
        let headline = |post: u32| table.links(post).iter().any(|url| pages[&(table.text_number(post), *url)].1);
        let own = (0..table.len() as u32).filter(|post| !headline(*post));
        own.filter_map(|post| Some((post, self.place(table, post)?))).collect()
    }

    /// The number of the text that a post's is a copy of.
    pub fn cluster(&self, table: &Table, post: u32) -> Option<u32> {
        self.copies.cluster(self.place(table, post)?)
    }
}
