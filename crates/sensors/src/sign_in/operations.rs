//! What operations mean (`knowledge/data/cloud_operations.toml`), ready to be asked for every record.

use knowledge::cloud::{Cloud, ORDINARY};
use model::{Address, Network};
use rows::sign_in::{Action, Answer, Provider};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What an operation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// Something to keep.
    Does(Action),
    /// Known, and nothing to keep one by one.
    Ordinary,
    /// Nobody told us.
    Unknown,
}

/// What is known of one provider.
struct Words {
    actions: HashMap<String, Meaning>,
    /// Beginnings and ends of what is ordinary.
    begins: Vec<String>,
    ends: Vec<String>,
    middles: Vec<String>,
    services: Vec<String>,
    networks: Vec<Network>,
    errors: HashMap<String, Answer>,
}

static ALL: LazyLock<HashMap<Provider, Words>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (name, given) in Cloud::embedded().providers {
        let Ok(provider) = name.parse::<Provider>() else { continue };
        let mut words = Words {
            actions: HashMap::new(),
            begins: Vec::new(),
            ends: Vec::new(),
            middles: Vec::new(),
            services: given.services,
            networks: given.networks.iter().filter_map(|n| n.parse().ok()).collect(),
            errors: HashMap::new(),
        };
        for (action, operations) in &given.actions {
            let meaning =
                if action == ORDINARY { Some(Meaning::Ordinary) } else { action.parse().ok().map(Meaning::Does) };
            let Some(meaning) = meaning else { continue };
            for operation in operations {
                let text = plain(operation);
                match (text.strip_prefix('*'), text.strip_suffix('*')) {
                    (Some(_), Some(_)) => words.middles.push(text.trim_matches('*').into()),
                    (None, Some(begin)) => words.begins.push(begin.into()),
                    (Some(end), None) => words.ends.push(end.into()),
                    (None, None) => drop(words.actions.insert(text, meaning)),
                }
            }
        }
        for (answer, codes) in given.errors {
            let Ok(answer) = answer.parse::<Answer>() else { continue };
            words.errors.extend(codes.into_iter().map(|code| (code, answer)));
        }
        all.insert(provider, words);
    }
    all
});

static RISKY: LazyLock<Vec<String>> = LazyLock::new(|| Cloud::embedded().scopes.risky);

/// An operation as it is looked up: logs of one provider write it with and without a final point, with one dash or another.
fn plain(operation: &str) -> String {
    operation.trim().trim_end_matches('.').replace('–', "-").to_lowercase()
}

/// What an operation of a provider is.
pub fn meaning(provider: Provider, operation: &str) -> Meaning {
    let Some(words) = ALL.get(&provider) else { return Meaning::Unknown };
    let text = plain(operation);
    if let Some(meaning) = words.actions.get(&text) {
        return *meaning;
    }
    let ordinary = words.begins.iter().any(|b| text.starts_with(b.as_str()))
        || words.ends.iter().any(|e| text.ends_with(e.as_str()))
        || words.middles.iter().any(|m| text.contains(m.as_str()));
    if ordinary { Meaning::Ordinary } else { Meaning::Unknown }
}

/// Whether a name (lower case) is the provider's own.
pub fn is_service(provider: Provider, name: &str) -> bool {
    let own = |given: &String| match given.strip_suffix('*') {
        Some(begin) => name.starts_with(begin),
        None => name == given,
    };
    ALL.get(&provider).is_some_and(|words| words.services.iter().any(own))
}

/// Whether an address is of the provider's own programs, which act for people.
pub fn is_providers(provider: Provider, address: Address) -> bool {
    ALL.get(&provider).is_some_and(|words| words.networks.iter().any(|n| n.contains(address)))
}

/// What a code of failure says.
pub fn answer(provider: Provider, code: &str) -> Option<Answer> {
    ALL.get(&provider)?.errors.get(code).copied()
}

/// The rights among some (parted by blanks or commas) that reach mail, files, people or accounts.
pub fn risky(scopes: &str) -> Vec<&str> {
    let parts = scopes.split([' ', ',', ';']).filter(|s| !s.is_empty());
    parts.filter(|s| RISKY.iter().any(|r| s.to_lowercase().contains(r.as_str()))).collect()
}

/// A browser and system, or the first word of a program that is none: versions change every month and say nothing of who
/// it is.
pub fn client(agent: &str) -> String {
    let has = |word: &str| agent.contains(word);
    let system = match () {
        () if has("Windows") => "Windows",
        () if has("iPhone") => "iPhone",
        () if has("iPad") => "iPad",
        () if has("Android") => "Android",
        () if has("Mac OS X") || has("Macintosh") || has("macOS") || has("MacOs") => "macOS",
        () if has("CrOS") => "ChromeOS",
        () if has("Linux") => "Linux",
        () => "",
    };
    let browser = match () {
        () if has("Edg/") || has("Edge") || has("EdgA/") => "Edge",
        () if has("OPR/") || has("Opera") => "Opera",
        () if has("Firefox") || has("FxiOS") => "Firefox",
        () if has("SamsungBrowser") => "Samsung Internet",
        () if has("Chrome") || has("CriOS") || has("CHROME") => "Chrome",
        () if has("Safari") && !has("Mobile Safari") || has("Safari") && has("iP") => "Safari",
        () if has("Outlook") => "Outlook",
        () if has("Trident") || has("MSIE") => "Internet Explorer",
        () => "",
    };
    match (browser, system) {
        ("", _) => {
            let first = agent.split(['/', ';', '(']).next().unwrap_or_default().trim();
            formats::clip(first, 40).chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
        }
        (browser, "") => browser.into(),
        (browser, system) => format!("{browser}, {system}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_however_they_are_written() {
        let of = |operation| meaning(Provider::Microsoft, operation);
        assert_eq!(of("Consent to application."), Meaning::Does(Action::Consent));
        assert_eq!(of("Consent to application"), Meaning::Does(Action::Consent));
        assert_eq!(of("Update application – Certificates and secrets management "), Meaning::Does(Action::Credential));
        assert_eq!(of("Install-AdminAuditLogConfig"), Meaning::Ordinary);
        assert_eq!(of("Set-AdminAuditLogConfig"), Meaning::Does(Action::Logging));
        assert_eq!(of("SomethingNew"), Meaning::Unknown);
        assert!(Provider::ALL.iter().all(|p| ALL.contains_key(p)), "every provider has words");
        assert!(ALL[&Provider::Microsoft].networks.len() > 10);
    }

    #[test]
    fn every_action_and_code_in_the_data_has_a_word() {
        for (name, given) in Cloud::embedded().providers {
            assert!(name.parse::<Provider>().is_ok(), "{name}");
            let actions = given.actions.keys().filter(|a| *a != ORDINARY);
            actions.for_each(|a| assert!(a.parse::<Action>().is_ok(), "{name}: {a}"));
            given.errors.keys().for_each(|a| assert!(a.parse::<Answer>().is_ok(), "{name}: {a}"));
            given.networks.iter().for_each(|n| assert!(n.parse::<model::Network>().is_ok(), "{name}: {n}"));
        }
    }

    #[test]
    fn programs_have_names_without_versions() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/91.0.4472.77 Safari/537.36",
                "Chrome, Windows",
            ),
            ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:87.0) Gecko/20100101 Firefox/87.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 14_4 like Mac OS X) AppleWebKit/605.1.15 Version/14.0 Safari/604.1",
                "Safari, iPhone",
            ),
            ("BAV2ROPC", "BAV2ROPC"),
            ("python-requests/2.25.1", "python-requests"),
            ("", ""),
        ] {
            assert_eq!(client(agent), expected);
        }
    }
}
