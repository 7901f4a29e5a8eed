//! Whether people could use a platform to vote or to register: what its own logs say that it answered, by region and hour, and
//! what a probe of one's own met (`vigie probe`).
//!
//! You may rely on: only sites that a case names are watched, so that nothing is counted for anybody else; one source that
//! hammers is never taken for many people; what never reached the server stands in no log of it, so that a region whose people
//! are cut off shows only by their absence, and by a probe from there. Left out: what people did there, who they were, and
//! whether their votes were counted as cast: a platform for votes needs proofs of its own.
//!
//! Other kinds of evidence count for it ([`Watch`], [`Hours`]): web server logs while they are read. Logins are looked at as
//! `auth_log` keeps them.

mod hours;
mod overview;
mod probe;
mod trouble;

pub use hours::{Asked, Hours, Watch};

use crate::input::Input;
use crate::{Detector, Sensor};
use model::{Argument, Context, Result, Settings as _, Sink, Table};
use rows::Shape;
use rows::reach::Step;

model::settings! {
    /// What a case says of platforms for voting or registering.
    pub struct Settings in "reach", "Could people vote: platforms", "Pouvait-on voter : plateformes" {
        sites: Vec<String> = "[]",
            "the platforms' host names in web server logs, with all below them; `*` for every site of these logs",
            "noms d’hôte des plateformes dans les journaux web, avec leurs sous-domaines ; « * » pour tous les sites de ces journaux",
            options: &[Argument {
                name: "platform",
                value: Some("SITE"),
                help: (
                    "A platform for voting or registering: could people use it, by region and hour; `*` for every site of the logs (repeatable)",
                    "Une plateforme pour voter ou s’inscrire : a-t-on pu s’en servir, par région et par heure ; « * » pour tous les sites (répétable)",
                ),
                many: true,
                ..Argument::PLAIN
            }];
        machines: Vec<String> = "[]",
            "the machines, as login logs name them, to which people sign in to vote or register; `*` for all",
            "machines, telles que les journaux de connexion les nomment, où l’on se connecte pour voter ou s’inscrire ; « * » pour toutes";
        waiting: Vec<String> = "[]",
            "paths of a waiting room: `/queue`",
            "chemins d’une salle d’attente : « /attente »";
    }
}

/// Platforms.
pub struct Reach;

impl Sensor for Reach {
    fn name(&self) -> &'static str {
        "reach"
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "what `vigie probe` met at one's own platform (lines of JSON); web server and login logs of platforms named under [reach]",
        ]
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        probe::sniff(head)
    }

    fn read(&self, input: &mut Input, _context: &Context, out: &mut dyn Sink) -> Result<()> {
        probe::read(input, out)
    }

    fn settings(&self) -> &'static Table {
        Settings::TABLE
    }

    fn shapes(&self) -> &'static [Shape] {
        const SHAPES: &[Shape] = &[Shape::observed::<Step>()];
        SHAPES
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[&trouble::TroubleDetector, &overview::OverviewDetector]
    }
}
