//! Keys: digests of all that a reading or a detection rests on. Equal keys, equal rows; so nothing is done twice, and
//! nothing stale is kept.

use model::Config;
use sensors::{Detector, SENSORS, Sensor, sources};
use std::borrow::Cow;
use store::{Hash, hash_of};

/// Changes whenever something else would be found inside the same evidence: archives that are newly entered.
const INSIDE: u32 = 1;

/// What all keys share.
pub struct Keys {
    /// Knowledge and configuration.
    base: Hash,
    /// All that decides which sensor reads a file.
    pub recogniser: Hash,
}

impl Keys {
    /// Of this configuration. Its name and language are for people and change no row.
    pub fn new(config: &Config) -> Keys {
        let neutral =
            Config { name: String::new(), lang: Default::default(), kinds: Default::default(), ..config.clone() };
        let common = toml::to_string(&neutral).expect("what was read from TOML can be written as TOML");
        let tables = config
            .kinds
            .iter()
            .fold(Hash::default(), |before, (name, table)| hash_of([&before[..], name.as_bytes(), &digest(table)]));
        let base = hash_of([&knowledge::digest()[..], common.as_bytes(), &tables]);
        let mut recogniser = hash_of([&base[..], &INSIDE.to_le_bytes()]);
        for sensor in SENSORS {
            recogniser =
                hash_of([&recogniser[..], sensor.name().as_bytes(), &sources::of_reading(*sensor).to_le_bytes()]);
        }
        Keys { base, recogniser }
    }

    /// Of a reading by this sensor; by nobody, where nobody knew the file.
    pub fn reading(&self, sensor: Option<&dyn Sensor>) -> Hash {
        match sensor {
            Some(s) => hash_of([&self.base[..], s.name().as_bytes(), &sources::of_reading(s).to_le_bytes()]),
            None => hash_of([&self.recogniser[..], b"nobody"]),
        }
    }

    /// What a detection by this detector rests on besides evidence.
    pub fn detector(&self, sensor: &dyn Sensor, detector: &dyn Detector, origins: Hash) -> Hash {
        let code = sources::of_detection(detector).to_le_bytes();
        hash_of([&self.reading(Some(sensor))[..], &origins, detector.id().as_bytes(), &code])
    }
}

/// Of what is known and of the code: when findings vanish, these tell whether the program is another.
pub fn program() -> store::Program {
    let code = SENSORS.iter().fold(Hash::default(), |before, sensor| {
        let reading = hash_of([&before[..], sensor.name().as_bytes(), &sources::of_reading(*sensor).to_le_bytes()]);
        let detectors = sensor.detectors().iter();
        detectors.fold(reading, |before, d| {
            hash_of([&before[..], d.id().as_bytes(), &sources::of_detection(*d).to_le_bytes()])
        })
    });
    store::Program { knowledge: knowledge::digest(), code }
}

/// Of one table. A packed list may be long: texts are hashed as they are, not written out first.
fn digest(table: &toml::Table) -> Hash {
    table.iter().fold(Hash::default(), |before, (key, value)| {
        let text = match value {
            toml::Value::String(text) => Cow::Borrowed(text.as_str()),
            other => Cow::Owned(other.to_string()),
        };
        hash_of([&before[..], key.as_bytes(), value.type_str().as_bytes(), text.as_bytes()])
    })
}
