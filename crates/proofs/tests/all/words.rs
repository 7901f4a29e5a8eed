//! Keys, notes and policies as the specifications show them.

use proofs::vkey::Kind;
use proofs::{Note, Policy, Signer, Vkey};

/// The example of c2sp.org/signed-note.
const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7\
Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

#[test]
fn the_example_of_the_specification_verifies() {
    let key = Vkey::parse(KEY).expect("a key");
    assert_eq!(key.to_string(), KEY);
    assert!(key.signed(&Note::parse(NOTE.as_bytes()).unwrap()).unwrap().is_some());
    assert!(key.signed(&Note::parse(NOTE.replace("This", "That").as_bytes()).unwrap()).is_err());
    assert!(Vkey::parse(&KEY.replace("AekyeR", "AekyeS")).is_err());
}

#[test]
fn a_quorum_is_what_its_groups_say() {
    let text = "log.example\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    let signer = |name: &str, kind, n| Signer::new(name, kind, [n; 32]).unwrap();
    let log = signer("log.example", Kind::Log, 1);
    let witness: Vec<Signer> =
        (2..5).map(|n| signer(&format!("w{n}"), if n == 4 { Kind::PostQuantum } else { Kind::Witness }, n)).collect();
    let lines: Vec<String> =
        witness.iter().enumerate().map(|(n, w)| format!("witness w{n} {} https://w.example\n", w.vkey())).collect();
    let policy =
        |rest: &str| Policy::parse(format!("# who\nlog {}\n{}{rest}\n", log.vkey(), lines.concat()).as_bytes());
    let judged = |policy: &Policy, who: &[usize]| {
        let signatures: String = who.iter().map(|n| witness[*n].sign(text, 1_700_000_000).unwrap()).collect();
        let note = Note::parse(format!("{text}\n{}{signatures}", log.sign(text, 0).unwrap()).as_bytes()).unwrap();
        policy.judge(&note, &proofs::Checkpoint::of_text(text).unwrap()).is_ok()
    };
    let two = policy("group two 2 w0 w1 w2\nquorum two").expect("a policy");
    assert!(judged(&two, &[0, 1]) && judged(&two, &[1, 2]) && !judged(&two, &[2]) && !judged(&two, &[]));
    assert!(judged(&policy("quorum none").unwrap(), &[]));
    for wrong in [
        "",
        "quorum w9",
        "quorum w0\nquorum w1",
        "group g 4 w0 w1\nquorum g",
        "group g 0 w0\nquorum g",
        "group g any h\ngroup h any w0\nquorum g",
        "group g any w0\ngroup h any w0\nquorum h",
        "group none any w0\nquorum none",
        "what is this\nquorum none",
        "group g 01 w0\nquorum g",
    ] {
        assert!(policy(wrong).is_err(), "{wrong}");
    }
}
