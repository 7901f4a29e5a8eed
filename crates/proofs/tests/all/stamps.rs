//! Time stamps: those of others (trailofbits/rfc3161-client), changed ones, and one made here for OpenTimestamps.

use proofs::merkle::sha256;
use proofs::stamp::{Certificate, Headers, Ots, Token, Unstamped, anchors, request};
use std::fs;
use std::path::PathBuf;

/// A file of the public data; none, said so, where it is not there.
fn file(name: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("VIGIE_DATA").map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let read = fs::read(root.join("seals/rfc3161").join(name)).ok();
    if read.is_none() {
        println!("skipped: no {name}");
    }
    read
}

fn shows(stamp: &[u8], trusted: &[Certificate]) -> Result<model::Time, Unstamped> {
    Token::parse(stamp)?.shows(b"hello", trusted)
}

#[test]
fn a_stamp_holds_for_whoever_trusts_its_authority() {
    let (Some(good), Some(chain)) = (file("test_tsa/response.tsr"), file("test_tsa/ts_chain.pem")) else { return };
    let chain = anchors(&chain).expect("certificates");
    assert_eq!(shows(&good, &chain).map(|t| t.to_string()), Ok("2024-10-08T15:40:32Z".into()));
    assert!(Token::parse(&good).unwrap().shows(b"hallo", &chain).is_err());
    // Of another authority; signed wrongly; with a certificate that another put in.
    for name in
        ["test_tsa/other_response.tsr", "sigstage/response-invalid-signature.tsr", "sigstage/response-sha384.tsr"]
    {
        let stamp = file(name).expect("the data is there");
        assert!(shows(&stamp, &chain).is_err(), "{name}");
    }
    let injected = file("test_tsa/response-injected-certs.tsr").expect("the data is there");
    println!("with a certificate put in: {:?}", shows(&injected, &chain));
    let (identrust, theirs) = (file("identrust/issue-104.tsr").unwrap(), file("identrust/ts_chain.pem").unwrap());
    let theirs = anchors(&theirs).expect("certificates");
    assert_eq!(shows(&identrust, &theirs).map(|t| t.to_string()), Ok("2025-03-11T08:52:08Z".into()));
    assert!(shows(&identrust, &chain).is_err() && shows(&good, &theirs).is_err());
    // The root alone is enough where the stamp brings what is between.
    assert!(shows(&identrust, &theirs[theirs.len() - 1..]).is_ok() || shows(&identrust, &theirs[..1]).is_ok());
}

#[test]
fn no_changed_byte_of_a_stamp_panics_or_moves_its_time() {
    let (Some(good), Some(chain)) = (file("test_tsa/response.tsr"), file("test_tsa/ts_chain.pem")) else { return };
    let chain = anchors(&chain).expect("certificates");
    let held = shows(&good, &chain);
    for at in 0..good.len() * 8 {
        let mut other = good.clone();
        other[at / 8] ^= 1 << (at % 8);
        // A bit in what nobody signed (an authority's own copy of a certificate) may change nothing.
        let said = shows(&other, &chain);
        assert!(said.is_err() || said == held, "bit {at}");
    }
    (0..good.len()).for_each(|cut| assert!(shows(&good[..cut], &chain).is_err()));
}

#[test]
fn a_request_is_what_openssl_reads() {
    let asked = request(&sha256(b"head"), 7);
    let dir = std::env::temp_dir().join(format!("vigie-proofs-{}", std::process::id()));
    fs::write(&dir, &asked).unwrap();
    let read = std::process::Command::new("openssl").args(["ts", "-query", "-text", "-in"]).arg(&dir).output();
    let _ = fs::remove_file(&dir);
    match read {
        Ok(out) => assert!(String::from_utf8_lossy(&out.stdout).contains("Certificate required: yes")),
        Err(_) => println!("skipped: no openssl"),
    }
}

/// The header of Bitcoin's first block, as everybody has it.
const GENESIS: &str = "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e6776\
8f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c";

/// A proof of a hash by these operations.
fn ots(hash: &[u8], operations: &[u8]) -> Vec<u8> {
    [b"\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08", hash, operations].concat()
}

fn attest(tag: &[u8], payload: &[u8]) -> Vec<u8> {
    [&[0][..], tag, &[payload.len() as u8], payload].concat()
}

#[test]
fn a_block_vouches_only_with_its_header() {
    let bitcoin = [5, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 1];
    let pending = [0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e];
    let hash = sha256(b"head");
    // A fork: a calendar that promised, and a way to block 0 by one hash; its root is of course another.
    let way =
        [&[0xff][..], &attest(&pending, b"\x0bhttps://cal"), &[0xf0, 2, 1, 2, 8], &attest(&bitcoin, &[0])].concat();
    let proof = Ots::parse(&ots(&hash, &way)).expect("a proof");
    assert_eq!(proof.blocks[0].root, sha256(&[&hash[..], &[1, 2]].concat()));
    let none = proof.shows(&hash, &Headers::default());
    let Err(Unstamped::CannotSay(why)) = none else { panic!("{none:?}") };
    assert!(why.contains("height 0 root "), "{why}");
    let headers = Headers::parse(&format!("0 {GENESIS}\n")).expect("headers");
    assert!(matches!(proof.shows(&hash, &headers), Err(Unstamped::No(_))));
    // One whose root is the block's: what was stamped is the root itself.
    let bytes: Vec<u8> = (0..80).map(|i| u8::from_str_radix(&GENESIS[2 * i..2 * i + 2], 16).unwrap()).collect();
    let root: [u8; 32] = bytes[36..68].try_into().unwrap();
    let proof = Ots::parse(&ots(&root, &attest(&bitcoin, &[0]))).expect("a proof");
    assert_eq!(proof.shows(&root, &headers).map(|(h, t)| (h, t.to_string())), Ok((0, "2009-01-03T18:15:05Z".into())));
    assert!(matches!(proof.shows(&hash, &headers), Err(Unstamped::No(_))));
    // A header without its work, and hostile proofs.
    assert!(Headers::parse(&format!("0 {}\n", GENESIS.replace("29ab5f49", "29ab5f48"))).is_err());
    assert!(Ots::parse(&ots(&hash, &vec![0xff; 100_000])).is_err());
    assert!(Ots::parse(&ots(&hash, &[0xf3; 20])).is_err());
    (0..way.len()).for_each(|cut| assert!(Ots::parse(&ots(&hash, &way[..cut])).is_err()));
}
