//! A stream of names.

use exercise::{Scenario, generate};

#[test]
fn a_stream_of_names_hides_decoys_whose_truth_is_known() {
    let scenario = "name = \"names\"\nfrom = \"2017-03-15\"\nto = \"2017-03-15\"\n[names]\nfrom = \"2017-03-15\"\nto = \"2017-03-15\"\n\
        ordinary = 500\nregistered = 0.1\nprotect = [\"parti-bleu.example\"]\ncommon = [\"parti\"]\ninnocent = [\"parti-pris.fr\"]\n\
        [[names.decoys]]\nlabel = \"hand\"\ntechnique = \"compound\"\ncount = 3\nregistered = true\none_hand = true\n\
        [[names.decoys]]\nnames = [\"parti-bleu.co\"]\non = [\"2017-03-15\"]\ntechnique = \"tld_swap\"\n";
    let make = |seed| {
        let dir = tempfile::tempdir().expect("a folder");
        let truth = generate(&Scenario::parse(scenario).expect("a scenario"), seed, dir.path()).expect("made");
        let read = |name: &str| std::fs::read_to_string(dir.path().join("evidence").join(name)).expect("written");
        (truth, read("names.certstream.jsonl"), read("names.rdap.jsonl"))
    };
    let (truth, stream, registrations) = make(1);
    assert_eq!(
        (truth.parts.names.decoys.len(), truth.parts.names.ordinary_names, stream.lines().count()),
        (4, 500, 504)
    );
    assert!(
        truth.parts.names.decoys.iter().all(|d| stream.contains(&format!("\"{}\"", d.host))),
        "every decoy is in the stream"
    );
    let hand: Vec<&str> =
        truth.parts.names.decoys.iter().filter(|d| d.hand == "hand").map(|d| d.name.as_str()).collect();
    let owners: std::collections::BTreeSet<&str> = registrations
        .lines()
        .filter(|l| hand.iter().any(|n| l.contains(&format!("\"{n}\""))))
        .filter_map(|l| l.rsplit("\"email\",{},\"text\",\"").next()?.split('"').next())
        .collect();
    assert_eq!((hand.len(), owners.len()), (3, 1), "three names, one owner");
    assert_eq!(make(1), (truth, stream, registrations), "the same seed gives the same bytes");
    for wrong in ["protect = [\"parti bleu\"]", "protect = []", "protect = [\"a.example\"]\nordinary = 1e9"] {
        let text = scenario.replace("protect = [\"parti-bleu.example\"]", wrong);
        assert!(Scenario::parse(&text).is_err(), "{wrong}");
    }
}
