//! Documents: what one says of itself and what it says; how it compares with what is known to be genuine.

mod document;
mod found;
mod several;
mod wording;

pub use document::{Change, Document, Embedded, Packing, Revision, Zone};
pub use found::{
    Alteration, Authenticity, Bound, Burst, EditorZone, Exposed, Exposure, Grounds, Metadata, Publication, Sign, Theft,
    Visual, place,
};
pub use several::{Genealogy, Holes, Kin, Misfit, Misnumbered, NearDuplicate, PackedAt, Session};
pub use wording::{Passage, Sketch, Wording};

model::vocabulary! {
    /// What is held of a document (`fields.class`).
    pub enum Class {
        /// The very bytes that were sealed, or that are known to be the original.
        SealedOriginal = "sealed_original" ("sealed original", "original scellé"),
        /// A signature by somebody else's key vouches for it.
        GenuineBySignature = "genuine_by_signature" ("genuine by its signature", "authentique par sa signature"),
        /// Nothing about it contradicts itself or the others.
        Consistent = "consistent" ("consistent", "cohérent"),
        /// It says the same as the original; dates, ids or the container differ.
        ReissuedCopy = "reissued_copy" ("re-issued copy: the same content", "copie réémise : même contenu"),
        /// It says something else than the original.
        AlteredCopy = "altered_copy" ("altered copy", "copie altérée"),
        /// It contradicts itself in a way that no ordinary program or person does.
        LikelyFabricated = "likely_fabricated" ("likely fabricated", "probablement fabriqué"),
        /// Nothing ties it to the known originals.
        Foreign = "foreign" ("foreign to us", "étranger à nos documents"),
        /// It cannot be read, or there is nothing to hold it against.
        CannotSay = "cannot_say" ("cannot say", "indécidable"),
    }
}

model::vocabulary! {
    /// What a forger needs to make a sign (`fields.signs[].cost`), the cheapest first.
    pub enum Cost {
        /// A name typed into a form.
        Typed = "typed" ("a value typed in", "une valeur saisie"),
        /// A clock set, or a tool that writes dates.
        Clock = "clock" ("a clock set", "une horloge réglée"),
        /// Knowledge of the format.
        Skill = "skill" ("knowledge of the format", "la connaissance du format"),
        /// The content itself.
        Content = "content" ("the content itself", "le contenu lui-même"),
        /// Somebody's secret key.
        Key = "key" ("a stolen key", "une clef volée"),
    }
}

/// What is none is left out of a row.
fn is_none<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
