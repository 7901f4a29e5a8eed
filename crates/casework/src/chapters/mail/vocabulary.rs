//! Words for what a wave wants, and how long something took.

use crate::words::Words;
use rows::mail::wave::Lure;

impl Words {
    /// What a lure wants.
    pub fn lure(self, lure: Lure) -> String {
        let (en, fr) = match lure {
            Lure::Credentials => ("a password", "un mot de passe"),
            Lure::Attachment => ("that an attachment be opened", "que l’on ouvre une pièce jointe"),
            Lure::Impersonation => ("a favour, in somebody's name", "un service, au nom de quelqu'un"),
            Lure::Callback => ("a telephone call", "un appel téléphonique"),
            Lure::Extortion => ("money, by blackmail", "de l’argent, par chantage"),
            Lure::Fortune => ("money, for a promised fortune", "de l’argent, contre une fortune promise"),
            Lure::Link => ("a click", "un clic"),
            Lure::Other => ("something else", "autre chose"),
        };
        self.say(en, fr)
    }

    /// `45 s`, `12 min`, `3 h 05`, `2 days`.
    pub fn duration(self, seconds: f64) -> String {
        let minutes = (seconds.max(0.0) / 60.0).round() as u64;
        match minutes {
            0 => format!("{}\u{a0}s", seconds.max(0.0) as u64),
            1..=59 => format!("{minutes}\u{a0}min"),
            60..=2879 => format!("{}\u{a0}h\u{a0}{:02}", minutes / 60, minutes % 60),
            _ => self.count(minutes / 1440, ("day", "jour"), ("days", "jours")),
        }
    }
}
