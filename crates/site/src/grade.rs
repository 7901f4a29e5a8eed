//! Tests into a score and a grade.

use crate::answer::Seen;
use crate::tests;
use serde::Serialize;

/// A test's result, in the Observatory's words.
#[derive(Clone, Debug, Serialize)]
pub struct Test {
    /// Its name.
    pub name: &'static str,
    /// What it found.
    pub result: &'static str,
    /// What that adds to the score.
    pub score_modifier: i32,
    /// Whether it is passed.
    pub pass: bool,
}

/// A site's grade.
#[derive(Clone, Debug, Serialize)]
pub struct Grade {
    /// `A+` to `F`.
    pub grade: &'static str,
    /// 0 and up.
    pub score: i32,
    /// By test.
    pub tests: Vec<Test>,
}

/// From this score on, extra credit counts.
const EXTRA: i32 = 90;
const GRADES: [&str; 21] =
    ["F", "F", "F", "F", "F", "D-", "D", "D", "D+", "C-", "C", "C", "C+", "B-", "B", "B", "B+", "A-", "A", "A", "A+"];

/// Grades a site; none where nothing answered that can be graded.
#[must_use]
pub fn grade(seen: &Seen) -> Option<Grade> {
    let status = seen.main()?.last()?.status;
    if !(200..400).contains(&status) && !matches!(status, 401 | 403) {
        return None;
    }
    let tests = tests::all(seen);
    let extra: i32 = 100 + tests.iter().map(|t| t.score_modifier).sum::<i32>();
    let plain: i32 = 100 + tests.iter().map(|t| t.score_modifier.min(0)).sum::<i32>();
    let score = if plain >= EXTRA { extra } else { plain }.max(0);
    let grade = GRADES[usize::try_from(score / 5).unwrap_or(0).min(20)];
    Some(Grade { grade, score, tests })
}
