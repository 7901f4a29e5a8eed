//! Objects of a bundle: each once, by its identifier, with the author and the marking that all have.

use super::observables::observable;
use crate::Accounts;
use crate::export::ids;
use knowledge::techniques::technique;
use model::{Entity, EntityKind, Role, Time};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// OASIS's common object that says how TLP 2.0 marks (cti-stix-common-objects).
const TLP: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";
/// Its markings: the word of the brief's setting, the identifier.
const MARKINGS: [(&str, &str); 5] = [
    ("CLEAR", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"),
    ("GREEN", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    ("AMBER", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
    ("AMBER+STRICT", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"),
    ("RED", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"),
];
/// When our extension definitions were made; they never change.
const DEFINED: &str = "2026-11-29T00:00:00.000Z";
/// Types that STIX 2.1 does not have: what it is, what it must have, and how it extends.
const EXTENSIONS: [(&str, &str, &str, &str); 4] = [
    ("channel", "An account, a group of accounts, a site or an outlet by which content is spread.", "name", "new-sdo"),
    ("narrative", "A story that posts and articles tell in many words.", "name", "new-sdo"),
    ("media-content", "A page, a post or a file that is spread, by its address.", "url", "new-sco"),
    ("event", "Something that happens in public, such as a vote.", "name", "new-sdo"),
];

/// Objects of a bundle.
pub struct Objects<'a> {
    /// Whose names may leave the machine.
    pub accounts: &'a Accounts,
    stamp: String,
    author: String,
    marking: &'static str,
    /// Whether types that STIX does not have may stand in it.
    extended: bool,
    all: BTreeMap<String, Value>,
    extensions: BTreeSet<&'static str>,
    /// What campaigns use, by finding: filled by chapters, read when campaigns are made.
    pub used: BTreeMap<String, BTreeSet<String>>,
}

/// A channel as a chapter tells it.
pub struct Channel<'c> {
    /// What it is called.
    pub name: &'c str,
    /// What it is: `account`, `group`, `outlet`.
    pub kind: &'c str,
    /// In a sentence.
    pub description: String,
}

impl<'a> Objects<'a> {
    /// An empty bundle of a case.
    pub fn new(case: &str, marking: &str, at: Time, extended: bool, accounts: &'a Accounts) -> Objects<'a> {
        let marking = MARKINGS.iter().find(|(word, _)| *word == marking).unwrap_or(&MARKINGS[2]);
        let name = if case.trim().is_empty() { "whose case this is" } else { case.trim() };
        let author = format!("identity--{}", ids::ours(&format!("identity|{name}")));
        let mut objects = Objects {
            accounts,
            stamp: stamp(at),
            author: author.clone(),
            marking: marking.1,
            extended,
            all: BTreeMap::new(),
            extensions: BTreeSet::new(),
            used: BTreeMap::new(),
        };
        objects.all.insert(
            marking.1.into(),
            json!({ "type": "marking-definition", "spec_version": "2.1", "id": marking.1, "created": "2022-10-01T00:00:00.000Z",
                "name": format!("TLP:{}", marking.0),
                "extensions": { TLP: { "extension_type": "property-extension", "tlp_2_0": marking.0.to_lowercase() } } }),
        );
        objects.put(author, "identity", json!({ "name": name, "identity_class": "organization" }));
        objects
    }

    /// The identity whose case this is.
    pub fn author(&self) -> String {
        self.author.clone()
    }

    /// Whether types that STIX does not have may stand in it.
    pub fn is_extended(&self) -> bool {
        self.extended
    }

    /// An object of ours, named by what makes it this one; gives its identifier.
    pub fn object(&mut self, kind: &str, distinct: &str, properties: Value) -> String {
        let id = format!("{kind}--{}", ids::ours(&format!("{kind}|{distinct}")));
        self.put(id.clone(), kind, properties);
        id
    }

    fn put(&mut self, id: String, kind: &str, properties: Value) {
        let mut object = json!({ "type": kind, "spec_version": "2.1", "id": id, "created": self.stamp, "modified": self.stamp,
            "created_by_ref": self.author, "object_marking_refs": [self.marking] });
        if id == self.author
            && let Some(map) = object.as_object_mut()
        {
            map.remove("created_by_ref");
        }
        if let (Some(object), Value::Object(properties)) = (object.as_object_mut(), properties) {
            object.extend(properties.into_iter().filter(|(_, v)| !v.is_null()));
        }
        self.all.entry(id).or_insert(object);
    }

    /// Takes in an object that is whole but for author and marking.
    pub fn take(&mut self, mut object: Value) -> Option<String> {
        let id = object["id"].as_str()?.to_string();
        object["created_by_ref"] = json!(self.author);
        object["object_marking_refs"] = json!([self.marking]);
        self.all.entry(id.clone()).or_insert(object);
        Some(id)
    }

    /// The observable of an entity; none where its value is not valid. Whoever was done to stands under a pseudonym.
    pub fn observable(&mut self, entity: &Entity) -> Option<String> {
        let person = matches!(entity.kind, EntityKind::UserAccount | EntityKind::EmailAddr);
        let hidden = person && matches!(entity.role, Role::Victim | Role::Account | Role::Mentioned);
        let object = match hidden {
            true => {
                let name = self.accounts.account(&entity.value);
                let kind = if name == entity.value { entity.kind } else { EntityKind::UserAccount };
                observable(&Entity::new(kind, name, entity.role))?
            }
            false => observable(entity)?,
        };
        let id = object["id"].as_str()?.to_string();
        let mut object = object;
        object["object_marking_refs"] = json!([self.marking]);
        self.all.entry(id.clone()).or_insert(object);
        Some(id)
    }

    /// A technique; none where its number is unknown to ATT&CK and DISARM.
    pub fn technique(&mut self, id: &str) -> Option<String> {
        let known = technique(id)?;
        let (source, chain) = if known.is_disarm() { ("DISARM", "disarm") } else { ("mitre-attack", "mitre-attack") };
        let url = match (known.is_disarm(), id.split_once('.')) {
            (true, _) => format!(
                "https://github.com/DISARMFoundation/DISARMframeworks/blob/main/generated_pages/techniques/{id}.md"
            ),
            (false, Some((all, sub))) => format!("https://attack.mitre.org/techniques/{all}/{sub}"),
            (false, None) => format!("https://attack.mitre.org/techniques/{id}"),
        };
        let phases: Vec<Value> =
            known.tactics.iter().map(|t| json!({ "kill_chain_name": chain, "phase_name": t })).collect();
        let properties = json!({ "name": known.name, "external_references": [{ "source_name": source, "external_id": id, "url": url }],
            "kill_chain_phases": if phases.is_empty() { Value::Null } else { json!(phases) } });
        let id = format!("attack-pattern--{}", known.stix);
        self.put(id.clone(), "attack-pattern", properties);
        Some(id)
    }

    /// A relation, with the time in which it holds; one of no length has no end.
    pub fn relate(&mut self, from: &str, verb: &str, to: &str, time: (Option<Time>, Option<Time>)) -> String {
        let (first, last) = time;
        let last = last.filter(|l| first.is_some_and(|f| f < *l));
        let properties = json!({ "relationship_type": verb, "source_ref": from, "target_ref": to,
            "start_time": first.map(moment), "stop_time": last.map(moment) });
        self.object("relationship", &format!("{from}|{verb}|{to}"), properties)
    }

    /// An object of a type that STIX does not have; none in a core bundle.
    fn extension(&mut self, kind: &'static str, distinct: &str, mut properties: Value) -> Option<String> {
        if !self.extended {
            return None;
        }
        let (.., how) = EXTENSIONS.iter().find(|e| e.0 == kind)?;
        self.extensions.insert(kind);
        properties["extensions"] = json!({ extension(kind): { "extension_type": how } });
        if *how == "new-sdo" {
            return Some(self.object(kind, distinct, properties));
        }
        let id = format!("{kind}--{}", ids::observable(&json!({ "url": distinct })));
        let mut object =
            json!({ "type": kind, "spec_version": "2.1", "id": id, "object_marking_refs": [self.marking] });
        if let (Some(object), Value::Object(properties)) = (object.as_object_mut(), properties) {
            object.extend(properties);
        }
        self.all.entry(id.clone()).or_insert(object);
        Some(id)
    }

    /// A channel.
    pub fn channel(&mut self, channel: &Channel) -> Option<String> {
        let properties =
            json!({ "name": channel.name, "channel_types": [channel.kind], "description": channel.description });
        self.extension("channel", &format!("{}|{}", channel.kind, channel.name), properties)
    }

    /// A page or file that is spread.
    pub fn content(&mut self, url: &str, title: &str) -> Option<String> {
        self.extension("media-content", url, json!({ "url": url, "title": title }))
    }

    /// A narrative.
    pub fn narrative(&mut self, name: &str, description: String) -> Option<String> {
        self.extension("narrative", name, json!({ "name": name, "description": description }))
    }

    /// Something that happens in public.
    pub fn event(&mut self, name: &str, kind: &str, day: (Time, Time)) -> Option<String> {
        let properties =
            json!({ "name": name, "event_types": [kind], "start_time": moment(day.0), "stop_time": moment(day.1) });
        self.extension("event", &format!("{name}|{}", stamp(day.0)), properties)
    }

    /// What a finding's campaign uses.
    pub fn uses(&mut self, finding: &str, id: String) {
        self.used.entry(finding.into()).or_default().insert(id);
    }

    /// Identifiers of all that a report is about: everything but markings.
    pub fn referred(&self) -> Vec<String> {
        self.all.keys().filter(|id| !id.starts_with("marking-definition")).cloned().collect()
    }

    /// The bundle: what defines others first, then by identifier.
    pub fn bundle(mut self) -> Value {
        if !self.extensions.is_empty() {
            self.define();
        }
        let first = |id: &str| !id.starts_with("marking-definition") && !id.starts_with("extension-definition");
        let mut objects: Vec<(bool, String, Value)> = self.all.into_iter().map(|(id, o)| (first(&id), id, o)).collect();
        objects.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let objects: Vec<Value> = objects.into_iter().map(|(.., o)| o).collect();
        let id = ids::ours(&serde_json::to_string(&objects).unwrap_or_default());
        json!({ "type": "bundle", "id": format!("bundle--{id}"), "objects": objects })
    }

    /// The definitions of types that are used, made by nobody's case.
    fn define(&mut self) {
        let author = format!("identity--{}", ids::ours("identity|Vigie, the program"));
        let common = |kind: &str, id: &str| json!({ "type": kind, "spec_version": "2.1", "id": id, "created": DEFINED, "modified": DEFINED });
        let mut program = common("identity", &author);
        program["name"] = json!("Vigie");
        program["identity_class"] = json!("system");
        self.all.insert(author.clone(), program);
        for (kind, about, must, how) in EXTENSIONS.into_iter().filter(|e| self.extensions.contains(e.0)) {
            let mut told = common("extension-definition", &extension(kind));
            let schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind, "type": "object",
                "properties": { "type": { "const": kind }, must: { "type": "string" } }, "required": ["type", "id", must] });
            told["created_by_ref"] = json!(author);
            told["name"] = json!(kind);
            told["description"] = json!(about);
            told["schema"] = json!(schema.to_string());
            told["version"] = json!("1.0.0");
            told["extension_types"] = json!([how]);
            self.all.insert(extension(kind), told);
        }
    }
}

fn extension(kind: &str) -> String {
    format!("extension-definition--{}", ids::ours(&format!("extension-definition|{kind}")))
}

/// A moment of what happened.
pub fn moment(time: Time) -> String {
    time.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// When an object was made: STIX wants milliseconds here, and here alone.
pub fn stamp(time: Time) -> String {
    time.timestamp().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
