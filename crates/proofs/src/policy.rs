//! Who is trusted with a checkpoint: a policy file (c2sp.org/tlog-policy) of logs, witnesses, groups and one quorum.
//!
//! You may rely on: a policy is taken whole or not at all; names are bytes, groups name what stands before them only, so
//! that nothing is counted twice and nothing turns in a circle. Left out: addresses, which are passed over.

use crate::vkey::{Kind, Signed, Vkey};
use crate::{Checkpoint, Fault, Note};
use model::{Error, Result};
use std::collections::{HashMap, HashSet};

/// Lines of a policy, at most.
const LINES: usize = 10_000;

/// A policy.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Any one of these must have signed.
    pub logs: Vec<Vkey>,
    members: Vec<Member>,
    /// The member whose word is needed; none asks for none.
    quorum: Option<usize>,
}

#[derive(Clone, Debug)]
enum Member {
    Witness(Vkey),
    /// So many of these.
    Group(usize, Vec<usize>),
}

impl Policy {
    /// A policy of one key and no witnesses.
    pub fn of(key: Vkey) -> Policy {
        Policy { logs: vec![key], ..Policy::default() }
    }

    /// Reads a policy.
    pub fn parse(bytes: &[u8]) -> Result<Policy> {
        let mut policy = Policy::default();
        let (mut names, mut used, mut keys) = (HashMap::new(), HashSet::new(), HashSet::new());
        let mut quorum = false;
        if bytes.iter().any(|b| (*b < 0x20 && !matches!(b, b'\t' | b'\n')) || *b == 0x7f) {
            return Err(Error::new("the policy has control characters").hint("see c2sp.org/tlog-policy"));
        }
        for (n, line) in bytes.split(|b| *b == b'\n').enumerate() {
            let wrong = |why: &str| {
                let what = format!("line {} of the policy is not understood", n + 1);
                Error::new(what).because(why.to_string()).hint("see c2sp.org/tlog-policy")
            };
            if n >= LINES {
                return Err(wrong("the policy has too many lines"));
            }
            let words: Vec<&[u8]> = line.split(|b| matches!(b, b' ' | b'\t')).filter(|w| !w.is_empty()).collect();
            let vkey = |word: &[u8], log: bool, keys: &mut HashSet<Vec<u8>>| {
                let key = Vkey::parse(std::str::from_utf8(word).map_err(|_| wrong("a key is not UTF-8"))?)?;
                match key.kind {
                    // A log may sign as a cosigner does, and with ML-DSA-44 should.
                    Kind::Witness if log => Err(wrong("a witness's key is given as a log's")),
                    Kind::Log if !log => Err(wrong("a log's key is given as a witness's")),
                    _ if !keys.insert(key.bytes.clone()) => Err(wrong("a key stands there twice")),
                    _ => Ok(key),
                }
            };
            match words[..] {
                [] => {}
                [first, ..] if first.starts_with(b"#") => {}
                [b"log", key] | [b"log", key, _] => policy.logs.push(vkey(key, true, &mut keys)?),
                [b"witness", name, key] | [b"witness", name, key, _] => {
                    policy.members.push(Member::Witness(vkey(key, false, &mut keys)?));
                    if name == b"none" || names.insert(name, policy.members.len() - 1).is_some() {
                        return Err(wrong("a name stands there twice"));
                    }
                }
                [b"group", name, threshold, ref rest @ ..] if !rest.is_empty() => {
                    let of: Option<Vec<usize>> = rest.iter().map(|m| names.get(m).copied()).collect();
                    let of = of.ok_or_else(|| wrong("a group names what does not stand before it"))?;
                    if !of.iter().all(|m| used.insert(*m)) {
                        return Err(wrong("a member is in two groups"));
                    }
                    let least = match threshold {
                        b"all" => of.len(),
                        b"any" => 1,
                        k => {
                            let k = std::str::from_utf8(k).ok().and_then(crate::text::number);
                            let k = k.and_then(|k| usize::try_from(k).ok());
                            k.filter(|k| (1..=of.len()).contains(k))
                                .ok_or_else(|| wrong("a group asks for too many"))?
                        }
                    };
                    policy.members.push(Member::Group(least, of));
                    if name == b"none" || names.insert(name, policy.members.len() - 1).is_some() {
                        return Err(wrong("a name stands there twice"));
                    }
                }
                [b"quorum", name] if !quorum => {
                    quorum = true;
                    if name != b"none" {
                        let member = names.get(name).copied();
                        policy.quorum = Some(member.ok_or_else(|| wrong("the quorum does not stand before it"))?);
                    }
                }
                _ => return Err(wrong("it says neither log, witness, group nor the one quorum")),
            }
        }
        match quorum {
            true => Ok(policy),
            false => Err(Error::new("the policy has no quorum").hint("`quorum none` asks for no witness")),
        }
    }

    /// Whether one of the logs signed a checkpoint, and enough witnesses; who did.
    pub fn judge(&self, note: &Note, checkpoint: &Checkpoint) -> std::result::Result<Vec<(Vkey, Signed)>, Fault> {
        let mut who = Vec::new();
        for key in self.logs.iter().filter(|k| k.name == checkpoint.origin) {
            who.extend(key.signed(note)?.map(|s| (key.clone(), s)));
        }
        if who.is_empty() {
            return Err(Fault::Signature);
        }
        let mut said: Vec<bool> = Vec::with_capacity(self.members.len());
        for member in &self.members {
            said.push(match member {
                Member::Witness(key) => {
                    let signed = key.signed(note)?;
                    who.extend(signed.map(|s| (key.clone(), s)));
                    signed.is_some()
                }
                // What a group names stands before it.
                Member::Group(least, of) => of.iter().filter(|m| said.get(**m) == Some(&true)).count() >= *least,
            });
        }
        match self.quorum.is_none_or(|q| said.get(q) == Some(&true)) {
            true => Ok(who),
            false => Err(Fault::Quorum),
        }
    }
}
