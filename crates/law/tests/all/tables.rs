//! Calendars: what is refused, what is brought, and that a verdict changes at the seconds of the table and at no other.

use super::judged;
use law::{Entry, Law};
use model::Time;

fn brought(text: &str) -> Result<Law, String> {
    Law::embedded().expect("sound").with(text).map_err(|e| e.to_string())
}

const BY: &str = r#"
[[election]]
id = "ID"
kind = "deputies"
name = { en = "by-election", fr = "partielle" }
close = "20:00"
own_close = "20:00"
rounds = [{ day = "DAY1" }, { day = "DAY2" }]
status = "unverified"
source = "a test"
"#;

#[test]
fn calendars_that_make_no_sense_are_refused() {
    let make =
        |id: &str, first: &str, second: &str| BY.replace("ID", id).replace("DAY1", first).replace("DAY2", second);
    assert!(brought(&make("by", "2026-06-07", "2026-06-14")).is_ok());
    for (text, why) in [
        (make("by", "2026-06-14", "2026-06-07"), "after one"),
        (make("by", "2027-04-18", "2027-05-02"), "overlaps"),
        (make("by", "2026-13-01", "2026-13-08"), "no day"),
        (make("president-2027", "2026-06-07", "2026-06-14"), "twice"),
        (make("by", "2026-06-07", "2026-06-08"), "ends before it starts"),
        (
            make("by", "2026-06-07", "2026-06-14").replace("own_close", "saturday = [\"XX\"]\nown_close"),
            "nothing is known",
        ),
        (make("by", "2026-06-07", "2026-06-14").replace("20:00", "25:00"), "no time of day"),
        ("nonsense".into(), "understood"),
    ] {
        let refused = brought(&text).err().unwrap_or_else(|| panic!("{text}"));
        assert!(refused.contains(why), "{refused}");
    }
}

#[test]
fn verdicts_change_where_the_table_says() {
    let law = Law::embedded().expect("sound");
    let text = "Votez Emmanuel Macron ! Un sondage donne Marine Le Pen à 45 %. Premières estimations : Emmanuel Macron 65 % des voix.";
    for place in law.places().expect("territories") {
        let intervals = law.intervals(&place).expect("intervals");
        for i in intervals.iter().filter(|i| i.election.id == "president-2022") {
            assert!(i.from < i.until);
            for (at, inside) in
                [(i.from.0 - 1_000_000, false), (i.from.0, true), (i.until.0 - 1_000_000, true), (i.until.0, false)]
            {
                let at = Time(at);
                assert_eq!(i.holds(at), inside);
                let rules = judged(text, &at.to_string(), &place.code, "media", &[], |j| {
                    j.rules.iter().map(|r| (r.rule.id.clone(), r.round)).collect::<Vec<_>>()
                });
                assert_eq!(
                    rules.contains(&(i.rule.id.clone(), i.round)),
                    intervals.iter().any(|o| o.rule.id == i.rule.id && o.round == i.round && o.holds(at))
                );
            }
        }
    }
}

#[test]
fn nothing_is_said_outside_the_calendars() {
    let law = Law::embedded().expect("sound");
    let place = law.place("FR").expect("known");
    let document = law::Document::read(b"Bonjour tout le monde.").expect("a text");
    for at in ["2011-05-01T00:00:00Z", "2031-01-01T00:00:00Z"] {
        let at = at.parse().expect("a moment");
        assert!(law::judge(&law, &document, at, &place, law::Audience::Media, &[]).is_err());
    }
    assert!(law.place("XX").is_err() && law.place("").is_err());
    assert_eq!(law.place("gp").expect("known").code, "GP");
    assert_eq!(law.place("971").expect("known").code, "GP");
}

#[test]
fn a_log_tells_what_was_changed() {
    let entry = |verdict: &str| Entry {
        seq: 0,
        at: Time::from_seconds(0),
        actor: "a".into(),
        text: "00".into(),
        territory: "FR".into(),
        who: "media".into(),
        verdict: verdict.into(),
        until: None,
        rules: vec![],
        knowledge: "00".into(),
        previous: String::new(),
        hash: String::new(),
    };
    let first = entry("redact").line(None).expect("a line");
    let last = law::checked(&first).expect("sound").expect("a line");
    let second = entry("hold_until").line(Some(&last)).expect("a line");
    let log = format!("{first}\n{second}\n");
    assert_eq!(law::checked(&log).expect("sound").expect("a line").seq, 2);
    assert!(law::checked(&log.replace("redact", "may_be_published")).is_err());
    assert!(law::checked(&format!("{second}\n")).is_err());
    assert!(law::checked(&format!("{second}\n{first}\n")).is_err());
}

#[test]
fn a_country_with_limits_asks_for_the_day_of_its_vote() {
    let asks = |territory: &str, at: &str| {
        judged("Un sondage donne la gauche à 31 % des voix.", at, territory, "media", &[], |j| {
            j.told.iter().any(|t| t.text.en.contains("--vote"))
        })
    };
    assert!(asks("IT", "2024-05-26T00:00:00Z") && asks("PL", "2027-05-01T00:00:00Z"));
    assert!(!asks("PL", "2024-06-08T12:00:00Z") && !asks("AT", "2024-06-08T12:00:00Z"));
}
