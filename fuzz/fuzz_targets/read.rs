//! Any bytes, through every sensor's reader and every detector: no panic, no error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::Time;
use sensors::SENSORS;
use sensors::testing::{Memory, config};

fuzz_target!(|bytes: &[u8]| {
    let config = config("");
    let at = Time::from_seconds(1_490_000_000);
    for sensor in SENSORS {
        let mut case = Memory::new();
        case.read(*sensor, "fuzz", bytes, &config, at);
        for detector in sensor.detectors() {
            case.detect(*detector, &config, at);
        }
    }
});
