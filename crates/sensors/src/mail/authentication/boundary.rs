//! Large services that take mail for many: by which hosts a message enters there, how those who are inside hand it on, and
//! whether what they found bears a name.
//!
//! You may rely on: a service counts only where the case trusts a host of it. Sources: the services' own documentation of
//! message headers (Microsoft: *Anti-spam message headers*, *Demystifying hybrid mail flow*; Google Workspace, Proofpoint
//! and Mimecast support pages) and the samples of other tools' test suites. Left out: which of a service's customers it was.

/// A service.
#[derive(Debug)]
pub struct Boundary {
    /// What people call it, lower case.
    names: &'static [&'static str],
    /// Domains of its hosts.
    hosts: &'static [&'static str],
    /// Hosts that take mail from outside; where none is named, all do.
    doors: &'static [&'static str],
    /// Names under which it says what it found (authserv-id), where they are no host of its.
    ids: &'static [&'static str],
    /// It says what it found without a name.
    pub unnamed: bool,
}

/// The services.
static ALL: [Boundary; 7] = [
    Boundary {
        names: &["microsoft 365", "microsoft", "microsoft365", "office 365", "office365", "m365", "exchange online"],
        hosts: &["outlook.com", "office365.com", "exchangelabs.com", "office365.us", "partner.outlook.cn"],
        doors: &[
            "mail.protection.outlook.com",
            "olc.protection.outlook.com",
            "mail.protection.office365.us",
            "mail.protection.partner.outlook.cn",
        ],
        ids: &["mx.microsoft.com"],
        unnamed: true,
    },
    Boundary {
        names: &["google", "gmail", "google workspace"],
        hosts: &["google.com"],
        doors: &["mx.google.com"],
        ids: &[],
        unnamed: false,
    },
    Boundary {
        names: &["proofpoint"],
        hosts: &["pphosted.com", "ppe-hosted.com"],
        doors: &[],
        ids: &["ppops.net", "proofpoint.com"],
        unnamed: false,
    },
    Boundary {
        names: &["mimecast"],
        hosts: &["mimecast.com"],
        doors: &[],
        ids: &["relay.mimecast.com"],
        unnamed: false,
    },
    Boundary {
        names: &["ovh", "ovhcloud"],
        hosts: &["ovh.net", "ovh.ca"],
        doors: &[],
        ids: &["ovh.com"],
        unnamed: false,
    },
    Boundary { names: &["gandi"], hosts: &["gandi.net"], doors: &[], ids: &[], unnamed: false },
    Boundary { names: &[], hosts: &["messagelabs.com", "iphmx.com"], doors: &[], ids: &[], unnamed: false },
];

fn under(name: &str, domains: &[&str]) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    domains.iter().any(|d| name.strip_suffix(d).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

impl Boundary {
    /// The service that a host belongs to, by its name or by that under which it speaks.
    pub fn of(name: &str) -> Option<&'static Boundary> {
        ALL.iter().find(|b| under(name, b.hosts) || under(name, b.ids))
    }

    /// The service that a case trusts by one of its hosts, or as people call it.
    pub fn trusted(name: &str) -> Option<&'static Boundary> {
        let called = name.trim().to_lowercase();
        Boundary::of(name).or_else(|| ALL.iter().find(|b| b.names.contains(&called.as_str())))
    }

    /// What people call it, where they do.
    pub fn name(&self) -> Option<&'static str> {
        self.names.first().copied()
    }

    /// Whether its hosts also send what anybody writes who has a mailbox there.
    pub fn is_open(&self) -> bool {
        !self.doors.is_empty()
    }

    /// Whether one of its hosts handed a message to another of them: what it calls itself is its own, and what took it
    /// cannot be reached from outside.
    pub fn is_inside(&self, from: &str, by: &str) -> bool {
        !self.doors.is_empty() && under(from, self.hosts) && under(by, self.hosts) && !under(by, self.doors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_are_told_from_what_lies_behind() {
        let microsoft = Boundary::of("BN8NAM12FT012.mail.protection.outlook.com").expect("known");
        assert!(microsoft.is_inside("a.eop-nam12.prod.protection.outlook.com", "b.outlook.office365.com"));
        assert!(microsoft.is_inside("b.namprd03.prod.outlook.com", "c.namprd12.prod.outlook.com"));
        // Whoever greets with such a name at the door is a stranger yet.
        assert!(!microsoft.is_inside("x.outlook.com", "a.mail.protection.outlook.com"));
        assert!(!microsoft.is_inside("evil.example", "c.namprd12.prod.outlook.com"));
        assert!(Boundary::of("evil-outlook.com").is_none() && Boundary::of("mx.parti-bleu.fr").is_none());
        assert!(Boundary::trusted("Microsoft 365").is_some_and(|b| b.unnamed) && Boundary::of("google").is_none());
        assert!(Boundary::of("ppops.net").is_some_and(|b| !b.unnamed));
    }
}
