//! What was searched: of a kind of evidence, which step it would show, and the days it covers. From it a step is *exhausted*
//! and not merely *missing*.

use jiff::civil::Date;
use rows::story::Step;
use std::collections::BTreeSet;

/// A kind of evidence that would show a step.
#[derive(Clone, PartialEq, Debug)]
pub struct Searched {
    /// Which step.
    pub step: Step,
    /// The kind.
    pub kind: &'static str,
    /// Days (UTC) that it covers.
    pub days: BTreeSet<Date>,
}

impl Searched {
    /// Whether every day from one to the other is covered.
    pub fn covers(&self, from: Date, to: Date) -> bool {
        let mut day = from;
        while day <= to {
            if !self.days.contains(&day) {
                return false;
            }
            let Ok(next) = day.tomorrow() else { return false };
            day = next;
        }
        from <= to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_gap_of_a_day_is_a_gap() {
        let days = BTreeSet::from([date(2017, 5, 5), date(2017, 5, 6), date(2017, 5, 8)]);
        let searched = Searched { step: Step::Amplified, kind: "transfer", days };
        assert!(searched.covers(date(2017, 5, 5), date(2017, 5, 6)));
        assert!(!searched.covers(date(2017, 5, 5), date(2017, 5, 8)));
        assert!(!searched.covers(date(2017, 5, 6), date(2017, 5, 5)));
    }
}
