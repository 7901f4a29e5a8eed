//! What is found in documents.

use super::{Class, Cost, is_none};
use crate::Row;
use model::{Text, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is held of one document.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Authenticity {
    /// What it is held to be.
    pub class: Class,
    /// Suspicion, 0–100; 100 the most suspect. An order, no probability.
    pub rank: u8,
    /// Class and rank without the signs that cost a forger nothing but typing or setting a clock.
    pub class_without_cheap_signs: Class,
    /// The rank without them.
    pub rank_without_cheap_signs: u8,
    /// Which document: the evidence's name, and the members in it.
    pub document: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its media type.
    pub media: String,
    /// The known original that it is a copy of.
    #[serde(default, skip_serializing_if = "is_none")]
    pub original: String,
    /// Whether that was sealed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub original_sealed: bool,
    /// What it says otherwise than the original, word by word.
    #[serde(default, skip_serializing_if = "is_none")]
    pub alterations: Vec<Alteration>,
    /// How many there are.
    #[serde(default, skip_serializing_if = "is_none")]
    pub alterations_count: u64,
    /// What of its description differs from the original's.
    #[serde(default, skip_serializing_if = "is_none")]
    pub metadata: Vec<Metadata>,
    /// Paragraphs by what they stand on.
    #[serde(default, skip_serializing_if = "is_none")]
    pub paragraphs: BTreeMap<Grounds, u64>,
    /// What speaks for and against.
    #[serde(default, skip_serializing_if = "is_none")]
    pub signs: Vec<Sign>,
    /// Who wrote it, as it says.
    #[serde(default, skip_serializing_if = "is_none")]
    pub author: String,
    /// When it was changed last, as it says.
    #[serde(default, skip_serializing_if = "is_none")]
    pub modified: String,
    /// Whose key signed it, where a signature makes it genuine: its domain.
    #[serde(default, skip_serializing_if = "is_none")]
    pub signed_by: String,
    /// Whether it was planted to be stolen (`[documents] decoys`).
    #[serde(default, skip_serializing_if = "is_none")]
    pub decoy: bool,
}

model::vocabulary! {
    /// What a paragraph stands on.
    pub enum Grounds {
        /// A seal, or a known original.
        Sealed = "sealed" ("sealed or known", "scellé ou connu"),
        /// A signature by somebody else's key.
        Signed = "signed" ("signed by a provider", "signé par un fournisseur"),
        /// Nothing: only this copy says it.
        Nothing = "nothing" ("nothing but this copy", "cette seule copie"),
    }
}

/// A place where a copy says something else.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Alteration {
    /// Where: `§ 3`, `p. 4`, `Subject`, a cell, a picture's name. Fixed words are English; [`place`] says them to people.
    #[serde(skip_serializing_if = "is_none")]
    pub at: String,
    /// What the original says there.
    pub before: String,
    /// What the copy says there.
    pub after: String,
    /// What differs there, where it is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<Visual>,
}

/// What differs of something that is no text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visual {
    /// A part of a picture is another.
    Painted {
        /// How much of it, in thousandths.
        per_mille: u32,
        /// Around where: hundredths from the left.
        left: u32,
        /// And from the top.
        top: u32,
    },
    /// A picture was cut.
    Cropped {
        /// How much is left of it, in hundredths.
        percent: u32,
    },
    /// The original has no such picture.
    Inserted,
    /// Something was drawn over a page.
    Drawn {
        /// So many shapes more.
        shapes: u64,
    },
}

impl Visual {
    /// In words.
    pub fn text(&self) -> Text {
        match *self {
            Visual::Painted { per_mille, left, top } => {
                let (whole, tenth) = (per_mille / 10, per_mille % 10);
                Text::new(
                    format!(
                        "{whole}.{tenth}% of the picture differs, around {left}% from the left and {top}% from the top"
                    ),
                    format!(
                        "{whole},{tenth} % de l’image diffère, vers {left} % depuis la gauche et {top} % depuis le haut"
                    ),
                )
            }
            Visual::Cropped { percent } => Text::new(
                format!("only {percent}% of the picture is left: it was cut"),
                format!("il ne reste que {percent} % de l’image : elle a été rognée"),
            ),
            Visual::Inserted => {
                Text::new("a picture that the original does not have", "une image que l’original n’a pas")
            }
            Visual::Drawn { shapes } => {
                let more = Text::count(
                    shapes,
                    ("more shape is", "forme de plus est"),
                    ("more shapes are", "formes de plus sont"),
                );
                Text::new(
                    format!("{} drawn on it", more.en),
                    format!("{} {}", more.fr, if shapes < 2 { "dessinée dessus" } else { "dessinées dessus" }),
                )
            }
        }
    }
}

impl Alteration {
    /// What became of what, in words; of texts no more than so many bytes each.
    pub fn text(&self, longest: usize) -> Text {
        if let Some(what) = &self.what {
            return what.text();
        }
        let cut = |text: &str| {
            let end = (0..=longest.min(text.len())).rev().find(|n| text.is_char_boundary(*n)).unwrap_or_default();
            if end < text.len() { format!("{}…", &text[..end]) } else { text.to_string() }
        };
        let (before, after) = (cut(&self.before), cut(&self.after));
        match (before.is_empty(), after.is_empty()) {
            (true, true) => Text::new("it differs", "différent"),
            (true, false) => Text::new(format!("“{after}” was put in"), format!("« {after} » a été ajouté")),
            (false, true) => Text::new(format!("“{before}” was taken out"), format!("« {before} » a été retiré")),
            (false, false) => {
                Text::new(format!("“{before}” became “{after}”"), format!("« {before} » est devenu « {after} »"))
            }
        }
    }

    /// The same behind its place, where it has one.
    pub fn placed(&self, longest: usize) -> Text {
        let (at, text) = (place(&self.at), self.text(longest));
        match self.at.is_empty() {
            true => text,
            false => Text::new(format!("{}: {}", at.en, text.en), format!("{} : {}", at.fr, text.fr)),
        }
    }
}

/// A place in a document, of a [`Passage`](super::Passage) or an [`Alteration`], in words.
pub fn place(at: &str) -> Text {
    let (bare, copy) = at.strip_suffix(" of the copy").map_or((at, ""), |bare| (bare, " de la copie"));
    let fr = match bare {
        "attachment" => "pièce jointe",
        "attached message" => "courriel joint",
        "order of paragraphs" => "ordre des paragraphes",
        "picture" => "image",
        "note" => "note",
        "comment" => "commentaire",
        "margin" => "en-tête ou pied de page",
        "cell" => "cellule",
        "body" => "texte",
        "Subject" => "objet",
        "From" => "auteur",
        "To" => "destinataires",
        "Cc" => "en copie",
        "Reply-To" => "adresse de réponse",
        "Date" => "date",
        other => other,
    };
    let en = if at == "margin" { "head or foot" } else { at };
    Text::new(en, format!("{fr}{copy}"))
}

/// A value of its description that differs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Metadata {
    /// Which.
    pub name: String,
    /// What the original has.
    pub before: String,
    /// What the copy has.
    pub after: String,
}

/// A sign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Sign {
    /// Which: `created_after_modified` …
    pub sign: String,
    /// Weight, 0–100.
    pub weight: u8,
    /// What making it, or hiding it, costs a forger.
    pub cost: Cost,
}

/// Many documents saved within minutes by one hand.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Burst {
    /// What they have in common: `last_modified_by`, `application`, `language` or `packing`.
    pub by: String,
    /// Its value.
    pub value: String,
    /// How many documents.
    pub documents: u64,
    /// Minutes from the first to the last.
    pub minutes: u64,
    /// Of these, how many were made over a year before.
    pub old: u64,
    /// The age in years of the oldest.
    pub oldest_years: u64,
    /// The documents, a sample.
    pub names: Vec<String>,
    /// Who wrote them, as they say.
    pub authors: BTreeSet<String>,
}

/// The clock by which an editor or packer lives.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EditorZone {
    /// Whose: a name, or `packer` of an archive.
    pub who: String,
    /// Offsets from UTC in minutes, with the number of pairs of times that show each.
    pub offsets: BTreeMap<i32, u64>,
    /// IANA zones whose rules fit all pairs, one of each set of equal rules; a sample.
    pub zones: Vec<String>,
    /// How many zones fit.
    pub zones_count: u64,
    /// Documents.
    pub documents: u64,
}

/// When what leaked was taken.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Theft {
    /// From whom: the account of a mailbox, or the evidence that papers lie in.
    pub of: String,
    /// Not before: the newest that is in it.
    pub earliest: Time,
    /// Not after.
    pub latest: Time,
    /// What says so.
    pub bound: Bound,
    /// Items it rests on.
    pub items: u64,
    /// Of these, how many a seal, a known original or a signature vouches for.
    pub vouched: u64,
    /// Items that came before the newest and were left out of the leak, as far as originals tell.
    pub withheld: u64,
    /// Days on which items came.
    pub days: u64,
    /// How sure the upper end is, 0–100.
    pub sure: u8,
}

model::vocabulary! {
    /// What says when a theft was over (`fields.bound`).
    pub enum Bound {
        /// What came next and is not in it.
        Missing = "missing" ("what came next is missing", "la suite manque"),
        /// What usually comes in such a time did not.
        Rhythm = "rhythm" ("no more came where more usually does", "rien de plus n’est venu là où il en vient d’ordinaire"),
        /// It was out by then.
        Published = "published" ("it was out by then", "la publication"),
    }
}

/// Where leaked papers came out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Publication {
    /// `torrent` or `page`.
    pub by: String,
    /// The address, where the page says it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub url: String,
    /// Addresses that it links or lists.
    #[serde(default, skip_serializing_if = "is_none")]
    pub addresses: BTreeSet<String>,
    /// Who published it, as it says.
    #[serde(default, skip_serializing_if = "is_none")]
    pub publisher: String,
    /// When it was made or published, as it says.
    #[serde(default, skip_serializing_if = "is_none")]
    pub time: String,
    /// Evidence of this case that it lists or names.
    pub lists: BTreeSet<String>,
    /// Files that it lists.
    pub files: u64,
    /// Pieces of evidence and addresses beyond those told.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more: u64,
}

/// Persons whose data is exposed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Exposure {
    /// Documents in which something was found.
    pub documents: u64,
    /// How many values of each kind.
    pub kinds: BTreeMap<String, u64>,
    /// What was found, masked.
    pub exposed: Vec<Exposed>,
    /// How many there are.
    pub exposed_count: u64,
}

/// A value that exposes somebody.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Exposed {
    /// `email`, `phone`, `iban`, `social_security`, `card`, `password`, `health`.
    pub kind: String,
    /// The value, masked.
    pub masked: String,
    /// Documents it stands in.
    pub documents: BTreeSet<String>,
    /// Documents beyond those named.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more: u64,
}

impl Row for Authenticity {
    const NAME: &'static str = "documents/authenticity";
}

impl Row for Burst {
    const NAME: &'static str = "documents/edit_burst";
}

impl Row for EditorZone {
    const NAME: &'static str = "documents/editor_zone";
}

impl Row for Theft {
    const NAME: &'static str = "documents/theft";
}

impl Row for Publication {
    const NAME: &'static str = "documents/publication";
}

impl Row for Exposure {
    const NAME: &'static str = "documents/exposure";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alteration_is_told_in_either_language() {
        let check = |at: &str, (before, after): (&str, &str), what: Option<Visual>, en: &str, fr: &str| {
            let a = Alteration { at: at.into(), before: before.into(), after: after.into(), what };
            assert_eq!(a.placed(6), Text::new(en, fr));
        };
        check("§ 2", ("300", "900"), None, "§ 2: “300” became “900”", "§ 2 : « 300 » est devenu « 900 »");
        check("", ("", "élégant"), None, "“élég…” was put in", "« élég… » a été ajouté");
        check(
            "order of paragraphs",
            ("", ""),
            None,
            "order of paragraphs: it differs",
            "ordre des paragraphes : différent",
        );
        check(
            "§ 1 of the copy",
            ("", "x"),
            None,
            "§ 1 of the copy: “x” was put in",
            "§ 1 de la copie : « x » a été ajouté",
        );
        check(
            "picture",
            ("", ""),
            Some(Visual::Painted { per_mille: 90, left: 20, top: 30 }),
            "picture: 9.0% of the picture differs, around 20% from the left and 30% from the top",
            "image : 9,0 % de l’image diffère, vers 20 % depuis la gauche et 30 % depuis le haut",
        );
        check(
            "p. 2",
            ("", ""),
            Some(Visual::Drawn { shapes: 2 }),
            "p. 2: 2 more shapes are drawn on it",
            "p. 2 : 2 formes de plus sont dessinées dessus",
        );
    }
}
