//! Proofs against vectors of others, and what one changed bit does to them.

mod stamps;
mod words;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proofs::Hash;
use proofs::merkle::{grew, includes, leaf, node, sha256};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The vectors of a kind in the public data (transparency-dev/merkle); none, said so, where it is not there.
fn vectors(kind: &str) -> Vec<(PathBuf, Value)> {
    fn list(dir: &Path, all: &mut Vec<(PathBuf, Value)>) {
        for path in fs::read_dir(dir).into_iter().flatten().map(|e| e.expect("an entry").path()) {
            match path.extension().is_some_and(|e| e == "json") {
                true => {
                    let text = fs::read_to_string(&path).expect("read");
                    all.push((path, serde_json::from_str(&text).expect("a vector is JSON")));
                }
                false => list(&path, all),
            }
        }
    }
    let root = std::env::var_os("VIGIE_DATA").map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let dir = root.join("seals/merkle-vectors").join(kind);
    let mut all = Vec::new();
    list(&dir, &mut all);
    if all.is_empty() {
        println!("skipped: no vectors in {}", dir.display());
    }
    all
}

/// Whether `holds` says of every vector what the vector says.
fn judge(kind: &str, number: usize, holds: impl Fn(&Value) -> Option<bool>) {
    let all = vectors(kind);
    assert!(all.is_empty() || all.len() == number, "{} vectors of {kind}", all.len());
    let wrong = |(_, v): &&(PathBuf, Value)| holds(v).unwrap_or(false) == v["wantErr"].as_bool().expect("a verdict");
    let wrong: Vec<_> = all.iter().filter(wrong).map(|(path, _)| path.display().to_string()).collect();
    assert!(wrong.is_empty(), "{} of {number} {kind} are judged wrongly:\n{}", wrong.len(), wrong.join("\n"));
}

fn number(vector: &Value, key: &str) -> u64 {
    vector[key].as_u64().expect("a number")
}

fn bytes(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(value.as_str().unwrap_or_default()).expect("base64")
}

/// What is not 32 bytes long is no hash, and proves nothing.
fn hash(value: &Value) -> Option<Hash> {
    bytes(value).try_into().ok()
}

/// Some vectors of equal trees compare roots that are words instead of hashes: for them a word is its hash.
fn root(value: &Value) -> Hash {
    hash(value).unwrap_or_else(|| sha256(&bytes(value)))
}

fn proof(vector: &Value) -> Option<Vec<Hash>> {
    vector["proof"].as_array().map_or(Some(Vec::new()), |p| p.iter().map(hash).collect())
}

#[test]
fn inclusion() {
    judge("inclusion", 98, |v| {
        let (root, leaf) = (hash(&v["root"])?, hash(&v["leafHash"])?);
        Some(includes(0..number(v, "treeSize"), &root, number(v, "leafIdx"), &leaf, &proof(v)?))
    });
    judge("subtreeinclusion", 204, |v| {
        let (root, leaf) = (hash(&v["root"])?, hash(&v["leafHash"])?);
        Some(includes(number(v, "start")..number(v, "end"), &root, number(v, "leafIdx"), &leaf, &proof(v)?))
    });
}

#[test]
fn consistency() {
    judge("consistency", 98, |v| {
        // The vectors hold with RFC 9162 that a proof from no leaves is not asked for.
        let (old, size) = (number(v, "size1"), number(v, "size2"));
        Some(old > 0 && grew(0..old, &root(&v["root1"]), size, &root(&v["root2"]), &proof(v)?))
    });
    judge("subtreeconsistency", 118, |v| {
        let old = number(v, "start")..number(v, "end");
        Some(grew(old, &root(&v["root1"]), number(v, "size"), &root(&v["root2"]), &proof(v)?))
    });
}

/// RFC 6962 2.1, word for word.
fn tree(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [one] => *one,
        all => {
            let (left, right) = all.split_at(all.len().next_power_of_two() / 2);
            node(&tree(left), &tree(right))
        }
    }
}

/// RFC 6962 2.1.1 and 2.1.2, word for word.
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    match m.checked_sub(left.len()) {
        None => [path(m, left), vec![tree(right)]].concat(),
        Some(m) => [path(m, right), vec![tree(left)]].concat(),
    }
}

fn subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if whole { Vec::new() } else { vec![tree(leaves)] };
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    match m.checked_sub(left.len()) {
        None | Some(0) => [subproof(m, left, whole), vec![tree(right)]].concat(),
        Some(m) => [subproof(m, right, false), vec![tree(left)]].concat(),
    }
}

#[test]
fn every_proof_of_small_trees_holds_and_no_flipped_bit_does() {
    let leaves: Vec<Hash> = (0..40u8).map(|i| leaf(&[&[i]])).collect();
    for size in 1..=leaves.len() {
        let (all, new) = (&leaves[..size], tree(&leaves[..size]));
        for at in 0..size {
            let range = || 0..size as u64;
            let mut proof = path(at, all);
            assert!(includes(range(), &new, at as u64, &leaves[at], &proof), "{at} in {size}");
            for i in 0..proof.len() * 8 {
                proof[i / 8][i % 8 * 4] ^= 1;
                assert!(!includes(range(), &new, at as u64, &leaves[at], &proof), "{at} in {size}, flipped");
                proof[i / 8][i % 8 * 4] ^= 1;
            }
            let (old, root) = (at + 1, tree(&leaves[..=at]));
            let mut proof = subproof(old, all, true);
            let grown = |proof: &[Hash]| grew(0..old as u64, &root, size as u64, &new, proof);
            assert!(grown(&proof), "{old} to {size}");
            for i in 0..proof.len() * 8 {
                proof[i / 8][i % 8 * 4] ^= 1;
                assert!(!grown(&proof), "{old} to {size}, flipped");
                proof[i / 8][i % 8 * 4] ^= 1;
            }
            proof.push(new);
            assert!(!grown(&proof), "{old} to {size}, and one too many");
        }
    }
}
