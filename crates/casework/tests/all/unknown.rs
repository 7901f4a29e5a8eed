//! A kind of evidence that no chapter knows: what is found in it is on page one, and its lines are not printed.

use crate::made::{self, Case};
use model::{Finding, Lang, Severity, Span, SpanSet, Text, Trace};

const AT: &str = "2017-03-01T09:00:00Z";
const LINE: &str = "alice reads https://clinic.example/results";

/// A case with one finding of a detector, in line 7 of a piece of evidence of a kind.
fn case(detector: &'static str, kind: &str, severity: Severity) -> Case {
    let mut case = made::one();
    case.evidence = vec![made::evidence(1, "proxy.log", 4_210, kind)];
    case.lines.insert((made::id(1), 7), LINE.into());
    let mut spans = SpanSet::new();
    spans.push(Span { start: 600, len: 80, line: 7 });
    let traces = vec![Trace { evidence: made::id(1), steps: Vec::new(), spans }];
    let title = Text::new("a tunnel through the proxy", "un tunnel à travers le mandataire");
    let mut finding = Finding { detector: detector.into(), severity, title, traces, ..case.findings.remove(0) };
    finding.fields.remove("outcome");
    case.findings = vec![finding];
    case
}

fn page(case: &Case, lang: Lang) -> String {
    made::pages(&made::brief(case, lang, AT))
}

/// The summary alone.
fn summary(html: &str) -> &str {
    let (_, rest) = html.split_once("<section id=\"summary\"").expect("a summary");
    rest.split_once("</section>").expect("an end").0
}

/// What stands before the contents.
fn cover(html: &str) -> &str {
    html.split_once("id=\"cover\"").and_then(|(_, rest)| rest.split_once("<nav")).expect("a first page").0
}

#[test]
fn what_is_grave_is_on_page_one_whatever_its_kind() {
    for (lang, title, today) in
        [(Lang::En, "a tunnel through", "looked at today"), (Lang::Fr, "un tunnel à travers", "examiner aujourd")]
    {
        let html = page(&case("proxy/tunnel", "proxy", Severity::High), lang);
        let first = cover(&html).split_once("<strong>").expect("an alarm").1;
        assert!(first.contains(title) && first.contains(today), "{first}");
        // And among the gravest, with what to do.
        assert!(html.split_once("id=\"gravest\"").is_some_and(|(_, rest)| rest.contains(title)));
        let medium = page(&case("proxy/tunnel", "proxy", Severity::Medium), lang);
        assert!(summary(&medium).contains(title) && !cover(&medium).contains(title), "{}", summary(&medium));
        let low = page(&case("proxy/tunnel", "proxy", Severity::Low), lang);
        assert!(!summary(&low).contains(title) && low.contains(title), "{low}");
    }
}

#[test]
fn what_no_chapter_takes_stands_in_the_figures() {
    let case = case("proxy/tunnel", "proxy", Severity::High);
    let json = made::brief(&case, Lang::En, AT).remove("brief.json").expect("figures");
    let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(json["others"]["findings"], 1);
    let told = &json["others"]["list"][0];
    assert_eq!((&told["id"], &told["severity"]), (&case.findings[0].id().into(), &"high".into()));
    // What its fields may tell is for its chapter to say.
    assert!(told.get("fields").is_none());
}

#[test]
fn lines_of_a_kind_that_no_chapter_lets_be_printed_are_places() {
    // Whoever found it: a kind without a chapter, an attempt that says what came of it, a decoy met there.
    let mut attempt = case("proxy/attempt", "proxy", Severity::High);
    attempt.findings[0].fields.insert("outcome".into(), "refused".into());
    let decoy = case("names/lookalike", "mail", Severity::High);
    for case in [case("proxy/tunnel", "proxy", Severity::High), attempt, decoy] {
        let html = page(&case, Lang::En);
        assert!(!html.contains("clinic.example"), "a line of {} is printed", case.findings[0].detector);
        assert!(html.contains("Where it stands:") && html.contains(", line 7"), "{}", case.findings[0].detector);
    }
    assert!(page(&case("names/lookalike", "web_log", Severity::High), Lang::En).contains("clinic.example"));
}
