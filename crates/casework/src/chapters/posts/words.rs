//! Words for what accounts share, what an outlet is held to be, signs of automation, innocent explanations.

use crate::words::{Pair, Words, lookup};

impl Words {
    /// What accounts share, in the plural.
    pub fn co_action(self, kind: &str) -> String {
        lookup(CO_ACTIONS, kind).map_or_else(|| kind.replace('_', " "), |p| self.pair(p))
    }

    /// What an outlet is held to be.
    pub fn outlet(self, class: &str) -> String {
        lookup(OUTLETS, class).map_or_else(|| class.replace('_', " "), |p| self.pair(p))
    }

    /// A sign of automation.
    pub fn sign(self, sign: &str) -> String {
        lookup(SIGNS, sign).map_or_else(|| sign.replace('_', " "), |p| self.pair(p))
    }

    /// An innocent explanation, or what came of looking for it.
    pub fn innocent(self, word: &str) -> String {
        lookup(INNOCENT, word).map_or_else(|| word.to_string(), |p| self.pair(p))
    }
}

const CO_ACTIONS: &[(&str, Pair)] = &[
    ("url", ("the same addresses", "les mêmes adresses")),
    ("domain", ("addresses of the same sites", "des adresses des mêmes sites")),
    ("hashtags", ("the same series of hashtags", "les mêmes suites de mots-dièse")),
    ("hashtag", ("the same hashtags", "les mêmes mots-dièse")),
    ("repost", ("reposts of the same posts", "les mêmes publications reprises")),
    ("reply", ("replies to the same posts", "des réponses aux mêmes publications")),
    ("mentions", ("mentions of the same accounts", "des mentions des mêmes comptes")),
    ("image", ("the same pictures", "les mêmes images")),
    ("text", ("the same texts", "les mêmes textes")),
    ("object", ("the same things", "les mêmes objets")),
    ("verbatim", ("word for word", "mot pour mot")),
    ("edited", ("edited", "retouché")),
    ("reworded", ("reworded", "reformulé")),
];

const OUTLETS: &[(&str, Pair)] = &[
    ("state_media", ("a state's media", "un média d'État")),
    ("operation", ("a site of an influence operation", "un site d'une opération d'influence")),
    ("mirror", ("copies of state media's articles", "des copies d'articles de médias d'État")),
    ("leak_site", ("a site that publishes leaked papers", "un site qui publie des documents volés")),
    ("anonymous_board", ("an anonymous board", "un forum anonyme")),
    ("lookalike", ("a name that imitates an outlet", "un nom qui imite un média")),
    ("listed", ("on a list", "sur une liste")),
    ("ordinary", ("an ordinary outlet", "un média ordinaire")),
];

const SIGNS: &[(&str, Pair)] = &[
    ("pace", ("pace", "cadence")),
    ("intervals", ("regular intervals", "intervalles réguliers")),
    ("pauses", ("no pauses", "sans pauses")),
    ("seconds", ("the same second of the minute", "toujours la même seconde")),
    ("repetition", ("repetition", "répétition")),
    ("reposts", ("mostly reposts", "surtout des reprises")),
];

const INNOCENT: &[(&str, Pair)] = &[
    ("fans", ("fans of one show", "des amateurs d'une même émission")),
    ("newsroom", ("a newsroom's shared accounts", "les comptes partagés d'une rédaction")),
    ("feeds", ("automatic news feeds", "des fils d'actualité automatiques")),
    ("feed", ("automatic news feeds", "des fils d'actualité automatiques")),
    (
        "chance",
        (
            "chance, or the same tastes at the same hours (fans of one show)",
            "le hasard, ou les mêmes goûts aux mêmes heures (les amateurs d'une même émission)",
        ),
    ),
    ("planned", ("a planned campaign that says so", "une campagne annoncée comme telle")),
    ("campaign", ("a planned campaign that says so", "une campagne annoncée comme telle")),
    ("holds", ("holds", "tient")),
    ("does not hold", ("does not hold", "ne tient pas")),
    ("rejected", ("set aside", "écartée")),
    ("possible", ("possible", "possible")),
];
