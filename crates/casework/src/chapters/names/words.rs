//! Words for how a decoy imitates, and what names of one hand share.

use crate::words::{Pair, Words, lookup};

impl Words {
    /// How a decoy address imitates, in a few words.
    pub fn technique(self, technique: &str) -> String {
        lookup(TECHNIQUES, technique).map_or_else(|| technique.replace('_', " "), |p| self.pair(p))
    }

    /// What names of one hand share.
    pub fn shared(self, thing: &str) -> String {
        lookup(SHARED, thing).map_or_else(|| thing.replace('_', " "), |p| self.pair(p))
    }
}

const TECHNIQUES: &[(&str, Pair)] = &[
    ("homoglyph", ("letters that look alike", "lettres qui se ressemblent")),
    ("mixed_script", ("letters of several scripts", "lettres de plusieurs écritures")),
    ("leet", ("digits for letters", "chiffres pour des lettres")),
    ("omission", ("a letter left out", "une lettre omise")),
    ("repetition", ("a letter doubled", "une lettre doublée")),
    ("transposition", ("letters exchanged", "lettres interverties")),
    ("neighbouring_key", ("a neighbouring key", "une touche voisine")),
    ("vowel_swap", ("a vowel exchanged", "une voyelle remplacée")),
    ("bit_flip", ("one bit flipped", "un bit inversé")),
    ("insertion", ("a letter added", "une lettre ajoutée")),
    ("substitution", ("a letter replaced", "une lettre remplacée")),
    ("hyphenation", ("a hyphen more or less", "un trait d'union en plus ou en moins")),
    ("plural", ("singular for plural", "singulier pour pluriel")),
    ("subdomain", ("our name below a stranger's", "notre nom sous celui d'un tiers")),
    ("tld_swap", ("another suffix", "un autre suffixe")),
    ("compound", ("our name beside words of logging in", "notre nom accolé à des mots de connexion")),
    ("service_decoy", ("a login service's word", "le mot d'un service de connexion")),
    ("person", ("a person's name", "le nom d'une personne")),
];

const SHARED: &[(&str, Pair)] = &[
    ("registrant", ("registrant", "titulaire")),
    ("certificate", ("certificate", "certificat")),
    ("address", ("address", "adresse")),
    ("name_server", ("name server", "serveur de noms")),
    ("mail", ("mail server", "serveur de courrier")),
    ("registered", ("registered", "enregistrés")),
];
