//! What authentication says of a message, in the result words of RFC 8601 and one more: *unchecked*, where something
//! needed was not known. Could not be checked is never failed. Every verdict says what it rests on and why.

use super::records::Source;
use model::{Fields, Text, Time};
use rows::mail::message::Proven;
use serde::Serialize;
use std::collections::BTreeSet;

pub use rows::mail::authentication::Word;

/// What a verdict was made from.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Basis {
    /// Answers of the DNS, in the order they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<Source>,
    /// The trusted server whose statement this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
}

/// SPF (RFC 7208).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Spf {
    /// The word.
    pub result: Word,
    /// The domain that was asked: of MAIL FROM, or of HELO where that is empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub domain: String,
    /// `mailfrom` or `helo`.
    pub identity: &'static str,
    /// The address that sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The term that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mechanism: Option<String>,
    /// The domain's own explanation of a *fail* (`exp=`): a stranger's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// Why, in words.
    pub reason: Text,
    /// What it rests on.
    pub basis: Basis,
}

/// One DKIM signature (RFC 6376), or the message signature of an ARC set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Signature {
    /// The word.
    pub result: Word,
    /// `d=`.
    pub domain: String,
    /// `s=`.
    pub selector: String,
    /// `i=`, where given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// `a=`.
    pub algorithm: String,
    /// Bits of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
    /// `t=`: when it was signed, as the signer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<Time>,
    /// `x=`: until when it is meant to be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Time>,
    /// Whether the body is the one that was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<bool>,
    /// Bytes of the canonical body after what `l=` covers.
    #[serde(skip_serializing_if = "is_zero")]
    pub unsigned: u64,
    /// `l=` is given: whatever is put behind what it covers keeps the signature whole.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub limited: bool,
    /// Header fields it covers, lower case, as `h=` lists them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
    /// Of the fields it covers, those that stand in the header once more and are not covered there: what is shown may be those.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<String>,
    /// The key says `t=y`: its domain is only trying.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub testing: bool,
    /// Why, in words.
    pub reason: Text,
    /// What it rests on.
    pub basis: Basis,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// All DKIM signatures of a message, topmost first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Dkim {
    /// The word for all: *pass* where one passes; *unchecked* where one that could not be checked might.
    pub result: Word,
    /// Each.
    pub signatures: Vec<Signature>,
    /// Signatures beyond those that are looked at.
    #[serde(skip_serializing_if = "is_zero")]
    pub ignored: u64,
    /// Why, in words.
    pub reason: Text,
}

/// DMARC (RFC 7489).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Dmarc {
    /// The word.
    pub result: Word,
    /// The domain in From.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Another domain than the one shown, which a trusted server found to pass (`header.from`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// The domain whose policy it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_domain: Option<String>,
    /// What that domain asks to be done with what fails: `none`, `quarantine`, `reject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<&'static str>,
    /// To how many of a hundred it asks that to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// Domains that passed SPF or DKIM and are aligned with From.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aligned: Vec<String>,
    /// Why, in words.
    pub reason: Text,
    /// What it rests on.
    pub basis: Basis,
}

/// One set of an ARC chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ArcSet {
    /// `i=`.
    pub instance: u32,
    /// `cv=`: what the sealer said of the chain before it.
    pub cv: String,
    /// The seal.
    pub seal: Signature,
    /// The message signature.
    pub message: Signature,
    /// What the sealer's server said when the message came by (ARC-Authentication-Results): its word only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub said: String,
}

/// An ARC chain (RFC 8617).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Arc {
    /// The word: `none`, `pass`, `fail`, or `unchecked`.
    pub result: Word,
    /// The sets, oldest first.
    pub sets: Vec<ArcSet>,
    /// The oldest instance whose message signature still holds, 0 where all do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_pass: Option<u32>,
    /// Domains that sealed, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sealers: Vec<String>,
    /// Why, in words.
    pub reason: Text,
    /// What it rests on, besides the signatures' own.
    pub basis: Basis,
}

/// All verdicts on a message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Verdicts {
    /// When it was received, for these verdicts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<Time>,
    /// Where that time is from: `envelope`, `received`, `date`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_from: Option<&'static str>,
    /// Whether it was handed in from one's own networks, or by somebody who had logged in, as trusted servers say.
    pub within: bool,
    /// Whether lines were stored without their carriage returns, which were put back before hashing.
    pub restored_line_ends: bool,
    /// SPF.
    pub spf: Spf,
    /// DKIM.
    pub dkim: Dkim,
    /// DMARC.
    pub dmarc: Dmarc,
    /// ARC.
    pub arc: Arc,
}

impl Verdicts {
    /// As fields of an observation: `spf`, `dkim`, `dmarc` and `arc` hold the result word, `header_from` the domain that
    /// DMARC proved in place of the one shown, `passed` what SPF and DKIM vouch for where DMARC proves nobody,
    /// `authentication` all of it.
    pub fn fields(&self) -> Fields {
        let proven = self.dmarc.result == Word::Pass;
        Proven {
            spf: self.spf.result,
            dkim: self.dkim.result,
            dmarc: self.dmarc.result,
            arc: self.arc.result,
            within: self.within.then_some(true),
            header_from: self.dmarc.other.clone().filter(|_| !proven),
            passed: if proven { Vec::new() } else { self.passed() },
            authentication: self,
        }
        .fields()
    }

    /// Domains that SPF or DKIM vouch for, sorted.
    fn passed(&self) -> Vec<String> {
        let spf = (self.spf.result == Word::Pass).then_some(&self.spf.domain);
        let signed = self.dkim.signatures.iter().filter(|s| s.result == Word::Pass).map(|s| &s.domain);
        let all: BTreeSet<String> = spf.into_iter().chain(signed).map(|d| d.to_lowercase()).collect();
        all.into_iter().filter(|d| !d.is_empty()).take(20).collect()
    }
}
