//! The guide, answered.

use knowledge::hygiene::Guide;
use model::{Lang, Time};
use readiness::{Answer, Answers, Event, Fact, Facts, Level, Team, report};

fn answer(measure: &str, who: &str, level: Level) -> Answer {
    Answer { measure: measure.into(), who: who.into(), level: Some(level), ..Answer::default() }
}

fn fact(measure: &str, at_least: Option<Level>, at_most: Option<Level>) -> Fact {
    Fact { measure: measure.into(), at_least, at_most, text: "seen".into_text(), finding: "finding--1".into() }
}

trait IntoText {
    fn into_text(self) -> model::Text;
}

impl IntoText for &str {
    fn into_text(self) -> model::Text {
        model::Text::same(self)
    }
}

#[test]
fn unanswered_is_not_no() {
    let guide = Guide::embedded();
    let (answers, facts) = (Answers::default(), Facts::default());
    let empty = report(&guide, &answers, &facts);
    assert_eq!((empty.score, empty.answered, empty.all, empty.plan.len()), (None, 0, 54, 0));
    assert_eq!(empty.ask.len(), 54);
    let answers = Answers { answers: vec![answer("13", "", Level::Reinforced)], ..Answers::default() };
    let one = report(&guide, &answers, &facts);
    assert_eq!((one.score, one.answered, one.plan.len(), one.ask.len()), (Some(100), 1, 0, 53));
    let answers = Answers { answers: vec![answer("13", "", Level::No)], ..Answers::default() };
    assert_eq!(report(&guide, &answers, &facts).score, Some(0));
    let answers = Answers { answers: vec![answer("26", "", Level::NotApplicable)], ..Answers::default() };
    let none = report(&guide, &answers, &facts);
    assert_eq!((none.score, none.answered, none.all), (None, 0, 53));
}

#[test]
fn the_weakest_team_counts_and_the_case_speaks_against() {
    let guide = Guide::embedded();
    let answers = Answers {
        answers: vec![
            answer("13", "it", Level::Reinforced),
            answer("13", "press", Level::Partly),
            answer("24", "", Level::Reinforced),
        ],
        ..Answers::default()
    };
    let facts = Facts {
        facts: vec![fact("24", None, Some(Level::Standard)), fact("C11", Some(Level::Partly), None)],
        ..Facts::default()
    };
    let told = report(&guide, &answers, &facts);
    let state = |id: &str| told.measures.iter().find(|s| s.measure.id == id).expect("a measure");
    assert_eq!(state("13").level, Some(Level::Partly));
    assert_eq!((state("24").level, state("24").doubted), (Some(Level::Standard), true));
    assert_eq!((state("C11").level, state("C11").automatic), (Some(Level::Partly), true));
}

#[test]
fn what_stops_the_attacks_seen_comes_first() {
    let guide = Guide::embedded();
    let answers = Answers {
        answers: ["39", "24", "10", "34"].iter().map(|m| answer(m, "", Level::No)).collect(),
        ..Answers::default()
    };
    let order =
        |facts: &Facts| report(&guide, &answers, facts).plan.iter().map(|s| s.measure.id.clone()).collect::<Vec<_>>();
    let mut facts = Facts::default();
    facts.seen.insert("T1110.003".into(), (40, 160));
    assert_eq!(order(&facts)[0], "10");
    facts.seen = [("T1190".to_string(), (3, 48))].into();
    assert_eq!(order(&facts)[0], "34");
    assert_eq!(facts.against(&["T119".to_string()]), (0, 0), "a number is not a prefix of another");
}

#[test]
fn answers_are_held_to_the_guide() {
    let guide = Guide::embedded();
    for (text, why) in [
        ("[[answer]]\nmeasure = \"43\"", "no measure"),
        ("[[answer]]\nmeasure = \"1\"\nlevel = \"reinforced\"", "no reinforced"),
        ("[[answer]]\nmeasure = \"41\"\nlevel = \"standard\"", "reinforced level only"),
        ("[[answer]]\nmeasure = \"1\"\ndue = \"soon\"", "no day"),
        ("[[answer]]\nmeasure = \"1\"\nlevel = \"yes\"", "understood"),
        ("[[event]]\nkind = \"party\"\nname = \"x\"\nday = \"2027-01-01\"", "no kind"),
        (
            "[[event]]\nkind = \"drill\"\nname = \"x\"\nday = \"2027-01-01\"\nteams = [{ team = \"a\", invited = 1, came = 2 }]",
            "more than",
        ),
        ("nonsense", "understood"),
    ] {
        let refused = Answers::parse(text, &guide).expect_err(text).to_string();
        assert!(refused.contains(why), "{refused}");
    }
    for lang in [Lang::En, Lang::Fr] {
        let blank = Answers::parse(&readiness::template(&guide, lang), &guide).expect("the template parses");
        assert_eq!(blank.answers.len(), 54);
        assert!(blank.answers.iter().all(|a| a.level.is_none()));
    }
    let mut answers = Answers::default();
    answers.set(answer("13", "press", Level::No), &guide).expect("set");
    answers.set(Answer { owner: "Ada".into(), level: None, ..answer("13", "press", Level::No) }, &guide).expect("set");
    assert_eq!(answers.answers.len(), 1);
    assert_eq!((answers.answers[0].level, answers.answers[0].owner.as_str()), (Some(Level::No), "Ada"));
    assert_eq!(Answers::parse(&answers.text().expect("a text"), &guide).expect("parses"), answers);
}

#[test]
fn seminars_show_who_is_missing() {
    let guide = Guide::embedded();
    let team =
        |team: &str, invited, declined, came| Team { team: team.into(), invited, declined, came, ..Team::default() };
    let event = Event {
        kind: "seminar".into(),
        name: "Hygiene".into(),
        day: "2016-10-26".into(),
        teams: vec![team("one", 4, 0, 4), team("two", 5, 5, 0)],
    };
    let answers = Answers { events: vec![event], ..Answers::default() };
    let facts = Facts::default();
    let told = report(&guide, &answers, &facts);
    let teams: Vec<(&str, u64, u64)> =
        told.events[0].teams.iter().map(|(t, share)| (t.team.as_str(), *share, t.silent())).collect();
    assert_eq!(teams, [("two", 0, 0), ("one", 100, 0)]);
}

#[test]
fn page_and_calendar_are_sound() {
    let guide = Guide::embedded();
    let mut one = answer("13", "", Level::Partly);
    one.due = "2027-01-15".into();
    one.owner = "Ada; <b>, \\".into();
    let answers = Answers { answers: vec![one, answer("24", "", Level::No)], ..Answers::default() };
    let facts = Facts::default();
    let told = report(&guide, &answers, &facts);
    let ics = readiness::calendar(&told, "Case <x>\nBEGIN:VEVENT", Lang::Fr, Time::from_seconds(0));
    assert!(ics.split("\r\n").all(|l| l.len() <= 75 && !l.contains('\n')), "{ics}");
    assert_eq!(ics.matches("BEGIN:VTODO").count(), 1);
    assert_eq!(ics.matches("\r\nBEGIN:VEVENT").count(), 0);
    assert!(ics.contains("DUE;VALUE=DATE:20270115") && ics.contains("Ada\\; <b>\\, \\\\"), "{ics}");
    let page = readiness::page(&told, "Case <script>", Lang::En);
    assert!(page.contains("Case &lt;script&gt;") && !page.contains("<script") && page.contains("A second factor"));
}
