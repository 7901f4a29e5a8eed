//! ARC chains (RFC 8617): what servers that passed a message on swore it was when it came to them. You may rely on: at
//! most [`MAX_SETS`] sets; every seal is verified, message signatures from the newest down to the first that does not
//! hold. A chain that passes says that its sealers said so, not that they are to be believed: their names are told.

use super::dkim::{Role, Verifier};
use super::header::Field;
use super::results;
use super::tags::{MAX_LIST, Tags};
use super::verdict::{Arc, ArcSet, Basis, Word};
use model::Text;

/// Sets of a chain (RFC 8617 4.2.1).
pub const MAX_SETS: usize = 50;

/// The three fields of one set.
#[derive(Clone, Copy, Default)]
struct Set<'m> {
    results: Option<&'m Field>,
    message: Option<&'m Field>,
    seal: Option<&'m Field>,
}

/// Judges a message's chain.
pub fn chain(verifier: &mut Verifier) -> Arc {
    let mut arc = Arc {
        result: Word::None,
        sets: Vec::new(),
        oldest_pass: None,
        sealers: Vec::new(),
        reason: Text::new("the message has no ARC chain", "le message n’a pas de chaîne ARC"),
        basis: Basis::default(),
    };
    match sets(verifier) {
        Ok(sets) if sets.is_empty() => {}
        Ok(sets) => (arc.result, arc.reason) = judge(verifier, &sets, &mut arc),
        Err(reason) => (arc.result, arc.reason) = (Word::Fail, reason),
    }
    arc
}

/// The sets in order of their instances; an error where they do not make a chain.
fn sets<'a>(verifier: &Verifier<'a>) -> Result<Vec<(&'a Field, &'a Field, &'a Field)>, Text> {
    let message = verifier.message;
    let broken = |en: &str, fr: &str| {
        Text::new(format!("the ARC chain is broken: {en}"), format!("la chaîne ARC est rompue : {fr}"))
    };
    let mut sets = [Set::default(); MAX_SETS];
    let mut newest = 0;
    let kinds = [("arc-authentication-results", 0), ("arc-message-signature", 1), ("arc-seal", 2)];
    for (name, kind) in kinds {
        for (_, field) in message.named(name) {
            let value = message.value(field);
            if value.len() > MAX_LIST {
                return Err(broken("a field is too long", "un champ est trop long"));
            }
            let instance = match kind {
                0 => results::instance(value),
                _ => Tags::parse(value).ok().and_then(|t| t.number("i").ok().flatten()),
            };
            let set = instance
                .and_then(|i| usize::try_from(i).ok()?.checked_sub(1))
                .and_then(|n| Some((n, sets.get_mut(n)?)));
            let Some((n, set)) = set else {
                return Err(broken("a field has no usable instance", "un champ n’a pas de rang utilisable"));
            };
            newest = newest.max(n + 1);
            let slot = match kind {
                0 => &mut set.results,
                1 => &mut set.message,
                _ => &mut set.seal,
            };
            if slot.replace(field).is_some() {
                return Err(broken("a field is there twice", "un champ figure deux fois"));
            }
        }
    }
    sets.iter()
        .take(newest)
        .map(|s| match (s.results, s.message, s.seal) {
            (Some(results), Some(message), Some(seal)) => Ok((results, message, seal)),
            _ => Err(broken("a field is missing", "il manque un champ")),
        })
        .collect()
}

fn judge(verifier: &mut Verifier, sets: &[(&Field, &Field, &Field)], arc: &mut Arc) -> (Word, Text) {
    let mut fault: Option<(u8, Word, Text)> = None;
    // The gravest fault speaks for the chain: what is broken before what could not be checked.
    let blame = |grade: u8, word: Word, reason: Text, fault: &mut Option<(u8, Word, Text)>| {
        if fault.as_ref().is_none_or(|(g, ..)| *g < grade) {
            *fault = Some((grade, word, reason));
        }
    };
    let mut sealed: Vec<&Field> = Vec::with_capacity(sets.len() * 3);
    for (n, &(results, message, seal)) in sets.iter().enumerate() {
        let instance = n as u32 + 1;
        let tags = Tags::parse(verifier.message.value(seal)).ok();
        let cv = tags.as_ref().and_then(|t| t.get("cv")).unwrap_or_default();
        let broken = |en: &str, fr: &str| {
            Text::new(
                format!("the ARC chain is broken at set {instance}: {en}"),
                format!("la chaîne ARC est rompue à l’ensemble {instance} : {fr}"),
            )
        };
        if tags.as_ref().is_some_and(|t| t.get("h").is_some()) {
            let reason = broken("its seal says which fields it covers", "son sceau dit quels champs il couvre");
            blame(3, Word::Fail, reason, &mut fault);
        }
        match (cv, n) {
            (b"fail", _) => {
                let reason = broken("its sealer found it broken", "son auteur l’a trouvée rompue");
                blame(3, Word::Fail, reason, &mut fault);
            }
            (b"none", 0) => {}
            (b"pass", n) if n > 0 => {}
            _ => blame(3, Word::Fail, broken("its `cv=` is impossible", "son `cv=` est impossible"), &mut fault),
        }
        sealed.extend([results, message]);
        let judged_seal = verifier.signature(seal, Role::Seal, &sealed);
        sealed.push(seal);
        if let Err(reason) = verifier.well_formed(message, Role::Message) {
            blame(3, Word::Fail, broken(&reason.en, &reason.fr), &mut fault);
        }
        let seal_broken = |reason: &Text| {
            Text::new(
                format!("the seal of ARC set {instance}: {}", reason.en),
                format!("le sceau de l’ensemble ARC {instance} : {}", reason.fr),
            )
        };
        match judged_seal.result {
            Word::Pass => {}
            Word::Unchecked => blame(1, Word::Unchecked, seal_broken(&judged_seal.reason), &mut fault),
            Word::Temperror => blame(2, Word::Temperror, seal_broken(&judged_seal.reason), &mut fault),
            _ => blame(3, Word::Fail, seal_broken(&judged_seal.reason), &mut fault),
        }
        arc.sealers.push(judged_seal.domain.clone());
        arc.sets.push(ArcSet {
            instance,
            cv: String::from_utf8_lossy(&cv[..cv.len().min(16)]).into_owned(),
            seal: judged_seal,
            message: verifier.unjudged(message),
            said: results::said(verifier.message.value(results)),
        });
    }
    // From the newest down: who changed the message after whom.
    for (n, &(_, message, _)) in sets.iter().enumerate().rev() {
        let judged = verifier.signature(message, Role::Message, &[]);
        let (word, reason) = (judged.result, judged.reason.clone());
        if let Some(set) = arc.sets.get_mut(n) {
            set.message = judged;
        }
        if word == Word::Pass {
            arc.oldest_pass = Some(if n == 0 { 0 } else { n as u32 + 1 });
            continue;
        }
        if n + 1 == sets.len() {
            let reason = Text::new(
                format!("the newest ARC message signature: {}", reason.en),
                format!("la signature ARC la plus récente : {}", reason.fr),
            );
            match word {
                Word::Unchecked => blame(1, Word::Unchecked, reason, &mut fault),
                Word::Temperror => blame(2, Word::Temperror, reason, &mut fault),
                _ => blame(3, Word::Fail, reason, &mut fault),
            }
        }
        break;
    }
    match fault {
        Some((_, word, reason)) => (word, reason),
        None => {
            let who = arc.sealers.join(", ");
            let (mut en, mut fr) = (
                format!("an unbroken ARC chain, sealed by {who}"),
                format!("une chaîne ARC intacte, scellée par {who}"),
            );
            if !arc.sets.last().is_some_and(|s| s.message.covers.iter().any(|n| n == "from")) {
                en += "; it says nothing of the author, as its newest signature does not cover From";
                fr += " ; elle ne dit rien de l’auteur : sa signature la plus récente ne couvre pas From";
            }
            (Word::Pass, Text::new(en, fr))
        }
    }
}
