//! Where an address comes from: country by what the five regional Internet registries delegated (embedded), better
//! country data and autonomous systems from the user's own MMDB files. A registry says where a block was *assigned*,
//! not where it is used; whoever shows a country says which data it rests on.
//!
//! Left out: opening files (the program hands the bytes), any network.

use maxminddb::{PathElement, Reader};
use model::{Address, Argument, Config, Error, Files, Origins, Paths, Result, Settings as _, Text};

/// The date of the embedded registry data: when the pinned crate was published.
pub const REGISTRY_DATE: &str = "2026-11-01";

model::settings! {
    /// What a case says of the origin of addresses.
    pub struct Settings in "origin", "Where addresses come from", "D’où viennent les adresses" {
        mmdb: Paths = "[]",
            "better data on where addresses come from: country, city or ASN databases in MMDB format, beside case.toml",
            "de meilleures données sur l’origine des adresses : bases de pays, villes ou AS au format MMDB, à côté de case.toml",
            files: Some(&DATABASES), options: &[Argument {
                name: "mmdb",
                value: Some("FILE"),
                help: (
                    "A country, city or ASN database in MMDB format (repeatable)",
                    "Une base de pays, de villes ou d’AS au format MMDB (répétable)",
                ),
                many: true,
                ..Argument::PLAIN
            }];
    }
}

static DATABASES: Files = Files {
    what: "a database of addresses",
    form: "give country, city or ASN databases in MaxMind's MMDB format: `mmdb = [\"country.mmdb\", \"asn.mmdb\"]` under \
           `[origin]`, or `--mmdb`",
    most: 4 << 30,
    aside: &[],
    evidence: None,
    deep: false,
    seals: false,
    load: |config, files| {
        let all = files.collect::<Result<_>>()?;
        config.attached.insert(Settings::TABLE.name, all);
        Ok(())
    },
};

/// The embedded registry data, and the user's databases before it.
#[derive(Default)]
pub struct Origin {
    databases: Vec<(String, Reader<Vec<u8>>)>,
}

impl Origin {
    /// With the databases that are attached to a configuration; they are taken out of it.
    pub fn of(config: &mut Config) -> Result<Origin> {
        let mut origin = Origin::default();
        for database in config.attached.remove(Settings::TABLE.name).into_iter().flatten() {
            origin.add_mmdb(&database.name, database.bytes)?;
        }
        Ok(origin)
    }

    /// Adds a database in MMDB format (country, city or ASN); later ones fill what earlier ones lack.
    pub fn add_mmdb(&mut self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let reader = Reader::from_source(bytes).map_err(|e| {
            Error::new(format!("could not use `{name}`"))
                .because(e)
                .hint("give a country, city or ASN database in MaxMind's MMDB format")
        })?;
        self.databases.push((name.to_string(), reader));
        Ok(())
    }

    fn text(&self, address: Address, path: &[PathElement]) -> Option<String> {
        self.databases.iter().find_map(|(_, db)| db.lookup(address.ip()).ok()?.decode_path(path).ok()?)
    }
}

impl Origins for Origin {
    fn country(&self, address: Address) -> String {
        if let Some(special) = address.special() {
            return special.into();
        }
        let own = |key| self.text(address, &[PathElement::Key(key), PathElement::Key("iso_code")]);
        // The user's file may hold anything: a country code is two letters or it is not used.
        let code = |c: &String| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase());
        own("country")
            .filter(code)
            .or_else(|| own("registered_country").filter(code))
            .or_else(|| iptocc::country_code(address.ip()).map(str::to_string))
            .unwrap_or_else(|| "unknown".into())
    }

    fn region(&self, address: Address) -> String {
        let country = self.country(address);
        let path = [PathElement::Key("subdivisions"), PathElement::Index(0), PathElement::Key("iso_code")];
        // The user's file may hold anything.
        let code = |c: &String| (1..=3).contains(&c.len()) && c.bytes().all(|b| b.is_ascii_alphanumeric());
        match self.text(address, &path).filter(code) {
            Some(part) if country.len() == 2 => format!("{country}-{part}"),
            _ => country,
        }
    }

    fn network(&self, address: Address) -> Option<(u32, String)> {
        // Writers store the number in the smallest type that holds it, and the library converts none into another.
        let number = self.databases.iter().find_map(|(_, db)| {
            let path = [PathElement::Key("autonomous_system_number")];
            let value: serde_json::Value = db.lookup(address.ip()).ok()?.decode_path(&path).ok()??;
            u32::try_from(value.as_u64()?).ok()
        })?;
        let name = self.text(address, &[PathElement::Key("autonomous_system_organization")]).unwrap_or_default();
        Some((number, name))
    }

    fn source(&self) -> Text {
        let mut en = String::new();
        let mut fr = String::new();
        for (name, db) in &self.databases {
            let built = model::Time::from_seconds(db.metadata().build_epoch.min(i64::MAX as u64 / 2_000_000) as i64);
            let date = &built.to_string()[..10];
            en += &format!("`{name}` ({}, built {date}), then ", db.metadata().database_type);
            fr += &format!("`{name}` ({}, du {date}), puis ", db.metadata().database_type);
        }
        Text::new(
            format!(
                "{en}delegation data of the regional Internet registries (crate iptocc 1.4.175, {REGISTRY_DATE}): the country a block was assigned to, not where it is used"
            ),
            format!(
                "{fr}données de délégation des registres Internet régionaux (iptocc 1.4.175, {REGISTRY_DATE}) : le pays auquel un bloc a été attribué, pas celui où il sert"
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_and_mapped_addresses() {
        let check = |text: &str, expected: &str| {
            let address = Address::parse(text.as_bytes()).expect("an address");
            assert_eq!(Origin::default().country(address), expected, "{text}");
        };
        check("10.1.2.3", "private");
        check("::1", "loopback");
        check("192.0.2.9", "documentation");
        check("240.0.0.1", "reserved");
        check("8.8.8.8", "US");
        check("::ffff:8.8.8.8", "US");
        check("fe80::1%eth0", "link-local");
    }

    #[test]
    fn a_file_that_is_no_database() {
        assert!(Origin::default().add_mmdb("x.mmdb", b"hello".to_vec()).is_err());
    }
}
