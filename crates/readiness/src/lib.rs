//! Is a campaign ready: the measures of the guide, what people answer, what the case itself knows, and what to do first.
//!
//! You may rely on: pure functions; unanswered is not *no* and counts for nothing; of several answers to a measure the weakest
//! counts; what the case knows never makes an answer better than it is given, it fills a gap or speaks against. Left out:
//! whether an answer is true.

mod answers;
mod calendar;
mod facts;
pub mod load;
mod page;
mod report;

pub use answers::{Answer, Answers, Event, Level, Team, template};
pub use calendar::calendar;
pub use facts::{Fact, Facts, Site};
pub use page::page;
pub use report::{ChapterState, EventState, Report, State, Step, report};
