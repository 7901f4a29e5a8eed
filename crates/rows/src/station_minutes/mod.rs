//! Rows of station minutes and published results: the words in them, tables as read, and what is found.

mod forensics;
mod found;
mod table;

pub use forensics::{Forensics, Test, Tested};
pub use found::{Audit, AuditRound, Cause, Coverage, Differing, Discrepancy, Margin, Upload};
pub use table::Table;

model::vocabulary! {
    /// At which level votes are counted, the smallest first. A county stands where a department does, a state where a
    /// region does.
    pub enum Level {
        /// Polling station, precinct, Wahlbezirk.
        Station = "station" ("station", "bureau de vote"),
        /// Commune, municipality, city.
        Commune = "commune" ("commune", "commune"),
        /// Canton.
        Canton = "canton" ("canton", "canton"),
        /// Constituency, Wahlkreis, congressional district.
        Constituency = "constituency" ("constituency", "circonscription"),
        /// County.
        County = "county" ("county", "comté"),
        /// Department.
        Department = "department" ("department", "département"),
        /// State, Land.
        State = "state" ("state", "État"),
        /// Region.
        Region = "region" ("region", "région"),
        /// The whole.
        Country = "country" ("country", "pays"),
    }
}

model::vocabulary! {
    /// What is counted besides the votes of candidates, in the order of the columns.
    pub enum Figure {
        /// Registered voters.
        Registered = "registered" ("registered", "inscrits"),
        /// Registered voters who did not vote.
        Abstentions = "abstentions" ("abstentions", "abstentions"),
        /// Voters, ballots cast.
        Voters = "voters" ("voters", "votants"),
        /// Blank ballots.
        Blank = "blank" ("blank", "blancs"),
        /// Null ballots; all invalid ones where blank ones are not told apart.
        Null = "null" ("null", "nuls"),
        /// Valid votes.
        Valid = "valid" ("valid", "exprimés"),
    }
}

model::vocabulary! {
    /// How figures disagree.
    pub enum Disagreement {
        /// Arithmetic of one row that cannot be.
        Impossible = "impossible" ("cannot be", "impossible"),
        /// A total that does not follow from its parts.
        Sum = "sum" ("does not add up", "total inexact"),
        /// Figures other than the minutes', or than another table's.
        Differs = "differs" ("differs", "diffère"),
        /// The votes of two candidates, exchanged.
        Swapped = "swapped" ("candidates swapped", "candidats intervertis"),
        /// Digits of one figure, exchanged.
        Transposed = "transposed" ("digits transposed", "chiffres intervertis"),
        /// Figures that stand in the column beside their own.
        Shifted = "shifted" ("columns shifted", "colonnes décalées"),
        /// Changed from one snapshot to the next.
        Changed = "changed" ("changed", "modifié"),
        /// Not there, though it is elsewhere.
        Missing = "missing" ("missing", "manquant"),
        /// There twice.
        Twice = "twice" ("there twice", "en double"),
        /// A whole that stands among its parts, and is so counted twice.
        Overlap = "overlap" ("counted twice", "compté deux fois"),
        /// Two people who typed one sheet of minutes disagree.
        DoubleEntry = "double_entry" ("typed differently", "saisies différentes"),
    }
}
