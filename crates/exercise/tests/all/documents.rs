//! A leak of papers and letters.

use super::common::{gather, make, scenario};
use exercise::{Scenario, generate};
use std::collections::BTreeMap;

const TEXT: &str = "name = \"leak\"\nzone = \"Europe/Paris\"\nfrom = \"2017-01-01\"\nto = \"2017-05-09\"\n[logins]\ndomain = \"en-avant.example\"\n\
    [leak]\nfrom = \"2017-01-09\"\ntaken = \"2017-04-24T03:10\"\npublished = \"2017-05-05T20:30\"\npapers = 60\n\
    letters_per_day = 6\nforged = 1\nburst = 6\nzone = \"Europe/Moscow\"\n";

#[test]
fn what_is_kept_and_what_comes_out_of_it() {
    let (truth, files) = make(&scenario(TEXT), 3);
    assert_eq!(make(&scenario(TEXT), 3).1, files, "the same seed gives the same bytes");
    let leak = truth.parts.documents.leak.expect("a leak");
    // Each kind of forgery is there, those of letters by their ids.
    assert_eq!(leak.forged.len(), 10, "{:?}", leak.forged);
    let names: Vec<&String> = files.keys().collect();
    assert_eq!(names, ["leak/courriels_archive.torrent", "leak/documents.zip", "leak/page.html"]);
    let zip = &files["leak/documents.zip"];
    let holds = |what: &str| zip.windows(what.len()).any(|w| w == what.as_bytes());
    for f in leak.forged.iter().filter(|f| f.document.contains('/')) {
        assert!(holds(&f.document), "{f:?}");
    }
    assert!(leak.decoys.iter().chain(&leak.foreign).all(|d| holds(d)) && leak.burst == 6);
    let torrent = &files["leak/courriels_archive.torrent"];
    let listed = format!("lengthi{}e4:pathl13:documents.zip", zip.len());
    assert!(torrent.windows(listed.len()).any(|w| w == listed.as_bytes()));
    // What was kept lies beside the evidence, and goes on after the theft.
    let dir = tempfile::tempdir().unwrap();
    generate(&scenario(TEXT), 3, dir.path()).unwrap();
    let mut kept = BTreeMap::new();
    gather(&dir.path().join("archive"), "", &mut kept);
    assert_eq!(kept.len(), 62, "papers, one that was planted, a mailbox");
    let mailbox = kept.iter().find(|(name, _)| name.ends_with(".mbox")).expect("a mailbox").1;
    let count = String::from_utf8_lossy(mailbox).matches("\nMessage-ID: ").count() as u64;
    assert!(count > leak.letters + leak.withheld.len() as u64, "{count} {}", leak.letters);
}

#[test]
fn what_cannot_be_made_is_refused() {
    for (right, wrong) in [
        ("papers = 60", "papers = 5"),
        ("forged = 1", "forged = 40"),
        ("taken = \"2017-04-24T03:10\"", "taken = \"2017-05-06\""),
        ("zone = \"Europe/Moscow\"", "zone = \"Europe/Nowhere\""),
        ("burst = 6", "bursts = 6"),
    ] {
        assert!(Scenario::parse(&TEXT.replacen(right, wrong, 1)).is_err(), "{wrong}");
    }
}
