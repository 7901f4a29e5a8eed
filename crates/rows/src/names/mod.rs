//! Names: what readers keep of them and what findings say; how a look-alike is made, where it was met, what names of
//! one hand share.

mod family;
mod found;
mod observed;

pub use family::Family;
pub use found::{Accused, Cluster, Flood, KnownBad, Link, Lookalike};
pub use observed::{Indicator, MOST, PAGES, Page, Registered, Registration, Resemblance, Seen, Sighting};

use model::Role;

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
        /// An address they lead to.
        Address = "address" ("address", "adresse"),
        /// A certificate for all.
        Certificate = "certificate" ("certificate", "certificat"),
        /// Where their mail goes.
        Mail = "mail" ("mail server", "serveur de courrier"),
        /// Who answers for them.
        NameServer = "name_server" ("name server", "serveur de noms"),
        /// The day and the registrar of their registration.
        Registered = "registered" ("registered", "enregistrés"),
        /// Who registered them.
        Registrant = "registrant" ("registrant", "titulaire"),
    }
}

model::vocabulary! {
    /// What names of a family have in common (`fields.kinship`).
    pub enum Kinship {
        /// Many were registered on one day.
        Day = "day" ("registered on one day", "enregistrés le même jour"),
        /// One label under many public suffixes.
        Label = "label" ("one label under many suffixes", "un même nom sous de nombreux suffixes"),
        /// A letter or two apart.
        Near = "near" ("a letter or two apart", "à une ou deux lettres près"),
        /// Alike but for a number.
        Number = "number" ("alike but for a number", "semblables à un numéro près"),
        /// Alike but for a word.
        Word = "word" ("alike but for a word", "semblables à un mot près"),
        /// Made of nothing but words of logging in.
        Words = "words" ("made of words of logging in alone", "faits des seuls mots de connexion"),
    }
}

model::vocabulary! {
    /// A kind of record seen with a name (`fields.records`).
    pub enum Record {
        /// Address (RFC 1035).
        A = "a",
        /// Address of IPv6 (RFC 3596).
        Aaaa = "aaaa",
        /// The DNS said that there is no such record: its type.
        Absent = "absent",
        /// The fingerprint of a certificate.
        Certificate = "certificate",
        /// Another name for it (RFC 1035).
        Cname = "cname",
        /// When it was registered.
        Created = "created",
        /// Mail exchanger (RFC 1035).
        Mx = "mx",
        /// Name server (RFC 1035).
        Ns = "ns",
        /// The registrar.
        Registrar = "registrar",
        /// Text (RFC 1035).
        Txt = "txt",
        /// The DNS failed to answer: the type asked for, and the failure.
        Unknown = "unknown",
    }
}

model::vocabulary! {
    /// Where a name was met; for people, `it was met …`. Add a line for a new place.
    pub enum Via {
        /// The page a visitor came from, or that embeds one of ours (RFC 9110 10.1.3).
        Referer = "referer" (
            "it was met as the page that visits to our site came from, or that embeds parts of ours",
            "il a été vu comme la page d’où venaient des visites de notre site, ou qui en intègre des éléments"
        ),
        /// The host a request asked our server for.
        Host = "host" ("requests asked our server for it", "des requêtes l’ont demandé à notre serveur"),
        /// Where somebody of the house went, through a proxy of its own.
        Proxy = "proxy" ("somebody of the house went there, through its own proxy", "quelqu’un de la maison y est allé, par son mandataire"),
        /// Part of the name somebody logged in under.
        User = "user" (
            "somebody logged in, or tried to, under a name of it",
            "quelqu’un s’est connecté, ou l’a tenté, sous un nom de ce domaine"
        ),
        /// The sender of a message.
        Sender = "sender" ("messages came from it", "des messages en proviennent"),
        /// A link in a message, post or document.
        Link = "link" ("links lead to it", "des liens y mènent"),
    }
}

impl Via {
    /// The part that whoever brought the name plays.
    pub fn role(self) -> Role {
        match self {
            Via::Referer | Via::Host | Via::Proxy => Role::Victim,
            Via::User => Role::Source,
            Via::Sender | Via::Link => Role::Sender,
        }
    }
}
