//! What authentication says of a message.

model::vocabulary! {
    /// A result word (RFC 8601 2.7), and `unchecked`.
    pub enum Word {
        /// Nothing to check: no signature, no policy.
        None = "none",
        /// It holds.
        Pass = "pass",
        /// It does not hold.
        Fail = "fail",
        /// SPF: probably not authorised.
        Softfail = "softfail",
        /// SPF: the domain says nothing.
        Neutral = "neutral",
        /// DKIM: it holds, or might, but is not acceptable (weak key, expired …).
        Policy = "policy",
        /// The servers of the DNS could not tell.
        Temperror = "temperror",
        /// What was published or signed cannot be made sense of.
        Permerror = "permerror",
        /// Something needed is not known here.
        Unchecked = "unchecked",
    }
}

impl Word {
    /// By its name in a header, case aside; `hardfail` is an old name of `fail`, and nobody else says `unchecked`.
    pub fn named(word: &str) -> Option<Word> {
        if word.eq_ignore_ascii_case("hardfail") {
            return Some(Word::Fail);
        }
        Word::ALL.into_iter().find(|w| *w != Word::Unchecked && w.as_str().eq_ignore_ascii_case(word))
    }
}
