//! Identifiers that are the same in every export of the same thing: UUIDv5 (RFC 9562 5.5), of cyber-observables in the
//! namespace that STIX 2.1 (2.9) names for them, of all else in our own.

use serde_json::Value;
use uuid::Uuid;

/// STIX's, for cyber-observables.
const OBSERVABLES: Uuid = uuid::uuid!("00abedb4-aa42-466c-9c01-fed23315a9b7");
/// Ours, for all else: fixed for ever.
const OURS: Uuid = uuid::uuid!("b0b1a6cf-2c5e-5d1e-9a5e-76696769655f");

/// Of anything of ours.
pub fn ours(content: &str) -> String {
    Uuid::new_v5(&OURS, content.as_bytes()).to_string()
}

/// Of a cyber-observable: of its contributing properties as canonical JSON (RFC 8785), which for sorted keys and texts is
/// what `serde_json` writes.
pub fn observable(contributing: &Value) -> String {
    Uuid::new_v5(&OBSERVABLES, contributing.to_string().as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observable_has_the_identifier_that_everybody_gives_it() {
        // As python-stix2 3.0.2 makes it: `stix2.DomainName(value="example.com").id`.
        let id = observable(&serde_json::json!({ "value": "example.com" }));
        assert_eq!(id, EXAMPLE);
    }

    const EXAMPLE: &str = "bedb4899-d24b-5401-bc86-8f6b4cc18ec7";
}
