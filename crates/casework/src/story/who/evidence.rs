//! The evidence of an incident, each piece for one row: what joins findings, what has an innocent cause, what others say (one
//! origin counts once), what people add.

use super::{COINCIDENCE, Piece, SET, believed, round};
use crate::story::decision::Verb;
use crate::story::part::About;
use crate::story::{Chain, Incident, Sign, Story};
use knowledge::chain::Ratio;
use model::{Text, Time};
use rows::story::{Class, State, Step, Weighed};
use std::collections::{BTreeMap, BTreeSet};

/// All evidence of an incident.
pub(super) fn pieces(story: &Story, incident: &Incident, chain: &Chain, names: &mut Vec<Text>) -> Vec<Piece> {
    let known = story.known();
    let own = |row: &str, ratio: &Ratio, origin: &str, findings: Vec<String>, what: Text| Piece {
        row: row.into(),
        told: Weighed {
            what,
            origin: origin.into(),
            class: ratio.class,
            ratio: ratio.ratio,
            believed: ratio.ratio,
            reliability: None,
            basis: Text::new(
                format!("judgement of {}, {}", known.author, known.date),
                format!("jugement de {}, {}", known.author, known.date),
            ),
            findings,
        },
        by_hand: false,
    };
    let mut all = Vec::new();
    let first = |step: Step| chain.step(step).filter(|s| s.state == State::Found);
    let ids = |steps: &[Step]| -> Vec<String> {
        steps.iter().filter_map(|s| first(*s)).flat_map(|s| s.findings.iter().take(3).cloned()).collect()
    };
    // Coincidence: what joins, by the steps at which findings meet; steps within one finding are one.
    let inside: BTreeSet<usize> = incident.items.iter().copied().collect();
    let joined: BTreeSet<Step> = story
        .links
        .iter()
        .filter(|l| inside.contains(&l.ends.0) && inside.contains(&l.ends.1))
        .flat_map(|l| [l.ends.0, l.ends.1])
        .filter(|n| story.items[*n].part.innocent.is_none())
        .filter_map(|n| story.items[n].steps().min())
        .collect();
    let name = match joined.len() {
        0 | 1 => "unlinked",
        2 => "linked_2",
        3 => "linked_3",
        _ => "linked_4",
    };
    let ratio = known.ratio(name);
    all.push(own(COINCIDENCE, ratio, "links", ids(&joined.iter().copied().collect::<Vec<_>>()), ratio.what()));
    let mut causes: BTreeMap<&Text, Vec<String>> = BTreeMap::new();
    for item in story.of_incident(incident) {
        if let Some(cause) = &item.part.innocent {
            causes.entry(cause).or_default().push(item.id.clone());
        }
    }
    let ratio = known.ratio("innocent_cause");
    for (cause, findings) in causes {
        let what = ratio.what();
        let what = Text::new(format!("{}: {}", what.en, cause.en), format!("{} : {}", what.fr, cause.fr));
        all.push(own(COINCIDENCE, ratio, &format!("record: {}", cause.en), findings, what));
    }
    if let (Some(used), Some(taken)) = (first(Step::CredentialUsed), first(Step::DocumentsTaken))
        && used.first <= taken.last
    {
        let ratio = known.ratio("entry_before_theft");
        all.push(own("insider", ratio, "sign-ins", ids(&[Step::CredentialUsed, Step::DocumentsTaken]), ratio.what()));
    }
    let ransom = story.of_incident(incident).any(|i| i.part.signs.iter().any(|s| s.about == About::Other("criminals")));
    if first(Step::Published).is_some() && !ransom {
        let ratio = known.ratio("no_ransom");
        all.push(own("criminals", ratio, "publication", ids(&[Step::Published]), ratio.what()));
    }
    all.extend(said(story, incident, chain, names));
    for decision in story.decisions.iter().filter(|d| d.verb == Verb::Weigh) {
        let Some(ratio) = decision.ratio else { continue };
        let told = Weighed {
            what: Text::same(decision.reason.clone()),
            origin: format!("decision {}", decision.number),
            class: Class::Secret,
            ratio,
            believed: ratio,
            reliability: None,
            basis: Text::new(
                format!("judgement of {}, {}", decision.by, decision.time),
                format!("jugement de {}, {}", decision.by, decision.time),
            ),
            findings: decision.findings.clone(),
        };
        all.push(Piece { row: decision.hypothesis.clone(), told, by_hand: true });
    }
    all
}

/// What others say, one piece for each origin: who copies or cites another is none of his own.
fn said(story: &Story, incident: &Incident, chain: &Chain, names: &mut Vec<Text>) -> Vec<Piece> {
    let known = story.known();
    let act = [Step::DecoyRegistered, Step::Mail, Step::IntrusionAttempt]
        .into_iter()
        .filter_map(|s| chain.step(s)?.first)
        .min();
    let act = act.or(incident.first);
    struct Word<'s> {
        row: String,
        sign: &'s Sign,
        finding: &'s str,
    }
    let mut words: Vec<Word> = Vec::new();
    for item in story.of_incident(incident) {
        for sign in &item.part.signs {
            let row = match &sign.about {
                About::Other(row) => (*row).to_string(),
                About::Set(name) => match set(story, name, names) {
                    Some(name) => format!("{SET}{name}"),
                    None => continue,
                },
            };
            words.push(Word { row, sign, finding: &item.id });
        }
    }
    words.sort_by(|a, b| {
        (&a.row, a.sign.said, &a.sign.origin, a.finding).cmp(&(&b.row, b.sign.said, &b.sign.origin, b.finding))
    });
    let plain = |t: &str| t.trim().trim_end_matches('/').to_lowercase();
    let mut all: Vec<(Piece, Vec<String>, Vec<String>)> = Vec::new();
    for word in words {
        let (who, place) = (plain(&word.sign.origin), plain(&word.sign.reference));
        let of = |(piece, origins, places): &&mut (Piece, Vec<String>, Vec<String>)| {
            piece.row == word.row
                && (origins
                    .iter()
                    .any(|o| *o == who || !o.is_empty() && (who.contains(o.as_str()) || o.contains(&who)))
                    || !place.is_empty() && places.contains(&place))
        };
        if let Some((piece, origins, places)) = all.iter_mut().find(of) {
            piece.told.findings.push(word.finding.into());
            origins.push(who);
            places.push(place);
            continue;
        }
        let after = matches!((word.sign.said, act), (Some(said), Some(act)) if said > act);
        let name = match (word.sign.ratio, after) {
            ("means", true) => "unpublished_means",
            ("means", false) => "published_means",
            (name, _) => name,
        };
        let ratio = known.ratio(name);
        let letter = letter(story, &word.sign.origin);
        let right = letter.as_ref().and_then(|l| known.who.believed.get(l)).copied().unwrap_or(known.who.believed["F"]);
        // What nobody rated can be typed by anybody.
        let class = match (&letter, word.sign.class) {
            (_, Some(class)) => class,
            (None, None) => Class::Cheap,
            (Some(_), None) => ratio.class,
        };
        let (what, date) = (ratio.what(), word.sign.said.map(day).unwrap_or_default());
        let told = Weighed {
            what: Text::new(
                format!("{}: {}", word.sign.what.en, what.en),
                format!("{} : {}", word.sign.what.fr, what.fr),
            ),
            origin: word.sign.origin.clone(),
            class,
            ratio: ratio.ratio,
            believed: believed(ratio.ratio, right).map(round),
            reliability: Some(letter.unwrap_or_else(|| "F".into())),
            basis: Text::new(
                format!("report {date} {}; ratio: judgement of {}, {}", word.sign.reference, known.author, known.date),
                format!(
                    "rapport {date} {} ; rapport de vraisemblance : jugement de {}, {}",
                    word.sign.reference, known.author, known.date
                ),
            ),
            findings: vec![word.finding.into()],
        };
        all.push((Piece { row: word.row, told, by_hand: false }, vec![who], vec![place]));
    }
    all.into_iter()
        .map(|(mut piece, ..)| {
            piece.told.findings.sort();
            piece.told.findings.dedup();
            piece
        })
        .collect()
}

fn day(time: Time) -> String {
    time.to_string().chars().take(10).collect()
}

/// The set of a name: by the person's choice, else the only one that claims it, else the name as it is.
fn set(story: &Story, name: &str, names: &mut Vec<Text>) -> Option<String> {
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let chosen = story.settings.names.iter().filter_map(|n| n.split_once(':'));
    if let Some((_, set)) = chosen.map(|(n, s)| (n.trim(), s.trim())).find(|(n, _)| n.eq_ignore_ascii_case(name)) {
        return Some(set.into());
    }
    let claims = story.known.1.named(name);
    let mut say = |text: Text| {
        if !names.contains(&text) {
            names.push(text);
        }
    };
    match claims.as_slice() {
        [] => Some(name.into()),
        [(set, who)] => {
            if !set.name.eq_ignore_ascii_case(name) {
                say(Text::new(
                    format!("“{name}” is {}, says {who}", set.name),
                    format!("« {name} » est {}, dit {}", set.name, super::tiers::french(who)),
                ));
            }
            Some(set.name.clone())
        }
        several => {
            let all = several.iter().map(|(s, who)| format!("{} ({who})", s.name)).collect::<Vec<_>>().join(", ");
            say(Text::new(
                format!("“{name}” is claimed by several: {all}; refused until `[who] names` says whose it is"),
                format!(
                    "« {name} » est revendiqué par plusieurs : {all} ; refusé tant que `[who] names` ne dit pas à qui il est"
                ),
            ));
            None
        }
    }
}

/// The letter of a source: as the case rates it, else as it is known.
fn letter(story: &Story, source: &str) -> Option<String> {
    let rated = story.settings.rated.iter().filter_map(|r| r.split_once(':'));
    if let Some((letter, _)) =
        rated.map(|(l, s)| (l.trim(), s.trim())).find(|(_, s)| s.eq_ignore_ascii_case(source.trim()))
    {
        return Some(letter.to_uppercase()).filter(|l| story.known().who.believed.contains_key(l));
    }
    let is = |name: &String| name.eq_ignore_ascii_case(source.trim());
    let known = story.known().source.iter().find(|k| is(&k.name) || k.also.iter().any(is));
    known.map(|k| k.letter.clone())
}
