//! Names: how a look-alike is made, what names of one hand share.

model::vocabulary! {
    /// A technique of making names look alike (`fields.technique`, `fields.techniques`).
    pub enum Technique {
        /// Another character of the same look (UTS #39), or letters that look like another: `rn` for `m`.
        Homoglyph = "homoglyph" ("characters that look alike", "caractères qui se ressemblent"),
        /// Letters of several scripts in one label.
        MixedScript = "mixed_script" (
            "letters of several scripts in one label",
            "lettres de plusieurs écritures dans un même nom"
        ),
        /// A digit for a letter.
        Leet = "leet" ("digits for letters", "chiffres à la place de lettres"),
        /// A letter left out.
        Omission = "omission" ("a letter left out", "une lettre omise"),
        /// A letter twice.
        Repetition = "repetition" ("a letter doubled", "une lettre doublée"),
        /// Two neighbouring letters exchanged.
        Transposition = "transposition" ("two letters exchanged", "deux lettres interverties"),
        /// A key beside the right one, on AZERTY or QWERTY.
        NeighbouringKey = "neighbouring_key" ("a neighbouring key", "une touche voisine"),
        /// One vowel for another.
        VowelSwap = "vowel_swap" ("a vowel exchanged", "une voyelle remplacée"),
        /// One bit of a letter turned over.
        BitFlip = "bit_flip" ("one bit flipped", "un bit inversé"),
        /// A letter put in.
        Insertion = "insertion" ("a letter added", "une lettre ajoutée"),
        /// Any other letter for one.
        Substitution = "substitution" ("a letter replaced", "une lettre remplacée"),
        /// A hyphen put in or left out.
        Hyphenation = "hyphenation" ("a hyphen added or removed", "un trait d’union ajouté ou retiré"),
        /// The singular for the plural or the reverse.
        Plural = "plural" ("singular for plural or the reverse", "singulier pour pluriel ou l’inverse"),
        /// The protected name as labels of a stranger's domain, or its dots written as hyphens or left out.
        Subdomain = "subdomain" (
            "the protected name placed to the left of a stranger’s domain",
            "le nom protégé placé à gauche du domaine d’un tiers"
        ),
        /// The same label under another public suffix.
        TldSwap = "tld_swap" ("the same name under another suffix", "le même nom sous un autre suffixe"),
        /// The protected name beside words of logging in or acting.
        Compound = "compound" (
            "the protected name beside words of logging in or acting",
            "le nom protégé accolé à des mots de connexion ou d’action"
        ),
        /// A service's word beside such words, naming no campaign.
        ServiceDecoy = "service_decoy" (
            "a login service’s word beside words of action",
            "le mot d’un service de connexion accolé à des mots d’action"
        ),
        /// A person's name.
        Person = "person" ("a protected person’s name", "le nom d’une personne protégée"),
    }
}

model::vocabulary! {
    /// What names of one hand share (`fields.shared`).
    pub enum Shared {
        /// Who registered them.
        Registrant = "registrant" ("registrant", "titulaire"),
        /// A certificate for all.
        Certificate = "certificate" ("certificate", "certificat"),
        /// An address they lead to.
        Address = "address" ("address", "adresse"),
        /// Who answers for them.
        NameServer = "name_server" ("name server", "serveur de noms"),
        /// Where their mail goes.
        Mail = "mail" ("mail server", "serveur de courrier"),
        /// The day and the registrar of their registration.
        Registered = "registered" ("registered", "enregistrés"),
    }
}
