//! Any bytes as an export of posts, whichever platform's they look like, into the case's table: no panic, no error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::{Config, Time};
use sensors::posts::Posts;
use sensors::posts::platforms::html;
use sensors::posts::table::Table;
use sensors::testing::Memory;

/// Beginnings by which a format is known, so that the rest is read by its reader.
const HEADS: [&str; 10] = [
    "",
    "[{\"id_str\":\"1\",\"created_at\":\"Fri May 05 22:10:00 +0000 2017\",\"text\":\"a\",\"user\":{\"id_str\":\"2\"}},",
    "window.YTD.tweets.part0 = [",
    "{\"data\":[{\"id\":\"1\",\"text\":\"a\",\"author_id\":\"2\"},",
    "[{\"account\":{\"acct\":\"a\"},\"content\":\"<p>\",\"id\":\"1\"},",
    "{\"orderedItems\":[",
    "{\"name\":\"a\",\"type\":\"public_channel\",\"id\":1,\"messages\":[{\"id\":1,\"type\":\"message\",\"date\":\"x\",\"from_id\":\"a\"},",
    "<rss><channel><item>",
    "Page Name,User Name,Facebook Id,Post Created,URL,Message,Link\n",
    "short,long\n",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let evidence = [HEADS[usize::from(first) % HEADS.len()].as_bytes(), rest].concat();
    let mut memory = Memory::new();
    memory.read(&Posts, "fuzz", &evidence, &Config::default(), Time(0));
    let table = Table::load(&memory).expect("memory never fails");
    (0..table.len() as u32).for_each(|post| drop(table.text(post).len()));
    html::text(&String::from_utf8_lossy(rest));
});
