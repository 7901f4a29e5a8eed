//! The scenarios that ship with the program.

/// Their names and texts; the first is the demo's.
pub const SHIPPED: [(&str, &str); 8] = [
    // The French presidential campaign of 2017, as far as its figures were published.
    ("france-2017", include_str!("../scenarios/france-2017.toml")),
    // Three weeks of a campaign's mail with three waves of phishing in it.
    ("inbox", include_str!("../scenarios/inbox.toml")),
    // A night on social networks: hidden groups, innocents who look like them, the road of a leak.
    ("debate", include_str!("../scenarios/debate.toml")),
    // The week of a vote: machines that somebody enters, a platform that fails people, a count that is altered.
    ("vote-day", include_str!("../scenarios/vote-day.toml")),
    // The same surface signs, innocent.
    ("innocent", include_str!("../scenarios/innocent.toml")),
    // Signs of a known group that anybody could have planted.
    ("false-flag", include_str!("../scenarios/false-flag.toml")),
    // A log of a wanted size, 5 % of it hostile, for measuring throughput.
    ("throughput", include_str!("../scenarios/throughput.toml")),
    // The same, 90 % hostile.
    ("flood90", include_str!("../scenarios/flood90.toml")),
];

/// The text of a shipped scenario.
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(shipped, _)| *shipped == name).map(|(_, text)| *text)
}
