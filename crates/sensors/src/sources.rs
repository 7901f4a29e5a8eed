//! What a sensor's rows and findings rest on besides evidence, knowledge and settings: its code. The digests are made
//! by the build script, which says what is in them.

use crate::{Detector, Sensor};

include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The digest of all code that a sensor reads with: another, and the same bytes may give other observations.
pub fn of_reading(sensor: &dyn Sensor) -> u64 {
    of(sensor.name())[0]
}

/// The digest of all code that a detector judges with. The detectors of a kind share one.
pub fn of_detection(detector: &dyn Detector) -> u64 {
    of(detector.id().split('/').next().unwrap_or_default())[1]
}

/// Of the code in a kind's folder; of everything, for whom has none.
fn of(kind: &str) -> [u64; 2] {
    SOURCES.iter().find(|s| s.0 == kind).map_or(ALL, |s| s.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_code_of_its_own() {
        for sensor in crate::SENSORS {
            assert!(SOURCES.iter().any(|s| s.0 == sensor.name()), "{} is no folder", sensor.name());
            let judged = of_detection(sensor.detectors()[0]);
            assert!(judged != of_reading(*sensor) && judged != ALL[0], "{}: what judges is not apart", sensor.name());
        }
    }
}
