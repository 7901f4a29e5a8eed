//! Evidence with known truth, for training and measuring: a scenario file and a seed become the evidence of a campaign,
//! with ordinary life and interference in it, and a `truth.json` outside; [`score`] holds findings against it.
//!
//! You may rely on: the same scenario and seed give the same bytes; no clock, no network; memory does not grow with
//! the size of the logs; attempts follow the documented definition of one attempt and never merge by accident.
//! Left out: anything that could be sent. Requests are log lines; hosts in them are under `.example` and `.test`. Names
//! in a stream of names are made by lot, or stand in the scenario with who reported them.
//!
//! Each kind of evidence is a part (`parts/<kind>/`); [`parts::PARTS`] is the one visible list.

mod address;
mod calendar;
mod case;
mod check;
mod compare;
mod evidence;
mod files;
mod generate;
mod keys;
mod measure;
pub mod parts;
mod random;
mod scenario;
mod score;
mod shipped;
mod stage;
mod truth;
mod values;

pub use calendar::Event;
pub use case::Case;
pub use compare::{Comparison, compare};
pub use evidence::{Evidence, TrueDecoy};
pub use generate::generate;
pub use measure::{Hidden, Rate, Row, Sheet};
pub use parts::Score;
pub use scenario::Scenario;
pub use score::score;
pub use shipped::{SHIPPED, shipped};
pub use stage::Stage;
pub use truth::{TrueEvent, Truth};
pub use values::Size;
