//! Tiers: an activity cluster is less than a campaign, that less than an operator, that less than a sponsor. Each rests on the
//! one below, and stands only where that does. You may rely on: no sponsor is ever concluded here; who says for whom a set
//! works is told with its source, as context.

use super::{SET, Who, label};
use crate::story::{Incident, Story};
use model::Text;
use serde::Serialize;

/// Steps that must be joined before acts are a campaign.
const STEPS: usize = 3;
/// Coincidence must be less likely than this, at its high end: *unlikely* (ICD 203) at most.
const UNLIKELY: f64 = 0.45;

/// A tier.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Tier {
    /// Its word: `activity_cluster`, `campaign`, `operator`, `sponsor`.
    pub tier: &'static str,
    /// In words.
    pub what: Text,
    /// Whether it stands.
    pub stands: bool,
    /// Why, or why not.
    pub why: Text,
    /// What others say of it, with who says so and where.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Text>,
}

/// Who says it, as French has it: whose word another passes on.
pub(super) fn french(by: &str) -> String {
    by.replace(", cited by ", ", cité par ")
}

/// The tiers of an incident, the weakest first.
pub fn tiers(story: &Story, incident: Option<&Incident>, who: &Who) -> Vec<Tier> {
    let links = incident.map(|i| story.within(i)).unwrap_or_default();
    let hands = links.iter().filter(|l| l.is_hand()).count();
    let cluster = !links.is_empty();
    let joined = incident.map(|i| story.joined(i).len()).unwrap_or_default();
    let coincidence = who.row("coincidence").map_or(1.0, |r| r.probability[1]);
    let campaign = cluster && joined >= STEPS && coincidence < UNLIKELY;
    let preferred = who.rows.iter().find(|r| r.preferred && r.hypothesis != "coincidence");
    let operator = campaign && preferred.is_some();
    let percent = (coincidence * 100.0).round();
    let first = preferred.or_else(|| who.rows.iter().find(|r| r.hypothesis.starts_with(SET)));
    let set = first.and_then(|r| r.hypothesis.strip_prefix(SET));
    let below = Text::new("the tier below does not stand", "le niveau inférieur ne tient pas");
    let said = |all: Vec<(&str, &str, &str, &str)>| -> Vec<Text> {
        let told = all.into_iter().map(|(name, by, since, at)| {
            Text::new(
                format!("{name}, says {by} ({since}; {at})"),
                format!("{name}, dit {} ({since} ; {at})", french(by)),
            )
        });
        told.collect()
    };
    vec![
        Tier {
            tier: "activity_cluster",
            what: Text::new("activity cluster", "ensemble d’activités"),
            stands: cluster,
            why: Text::new(
                format!("{} links join findings, {hands} of them by what one operator has", links.len()),
                format!("{} liens relient des constats, dont {hands} par ce qu’un opérateur possède", links.len()),
            ),
            said: Vec::new(),
        },
        Tier {
            tier: "campaign",
            what: Text::new("campaign", "campagne"),
            stands: campaign,
            why: if cluster {
                Text::new(
                    format!("{joined} steps are joined ({STEPS} are needed); coincidence is at most {percent}% likely"),
                    format!(
                        "{joined} étapes sont reliées (il en faut {STEPS}) ; la coïncidence est probable à {percent}\u{202f}% au plus"
                    ),
                )
            } else {
                below.clone()
            },
            said: Vec::new(),
        },
        Tier {
            tier: "operator",
            what: Text::new("operator", "opérateur"),
            stands: operator,
            why: match (campaign, preferred) {
                (false, _) => below.clone(),
                (true, Some(row)) => label(&row.hypothesis),
                (true, None) => Text::new("no hypothesis is preferred", "aucune hypothèse n’est retenue"),
            },
            said: said(set.map(|s| story.aliases(s)).unwrap_or_default()),
        },
        Tier {
            tier: "sponsor",
            what: Text::new("sponsor", "commanditaire"),
            stands: false,
            why: if operator {
                Text::new(
                    "no evidence of a case shows who gave an order: a person decides, on other grounds",
                    "aucune pièce d’un dossier ne montre qui a donné un ordre : une personne décide, sur d’autres bases",
                )
            } else {
                below
            },
            said: said(set.map(|s| story.sponsors(s)).unwrap_or_default()),
        },
    ]
}
