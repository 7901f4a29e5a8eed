//! Each decision of `DECISIONS.md`.

use crate::{WINDOWS, fired, fires, holds, rule};
use model::{Event, LogSource, Span, Value};
use sigma::{Collection, Fired};

fn check(detection: &str, cases: &[(&[(&str, &str)], bool)]) {
    for (fields, expected) in cases {
        assert_eq!(holds(detection, fields), *expected, "{detection}\n{fields:?}");
    }
}

#[test]
fn absent_field() {
    let detection =
        "a:\n    Image|endswith: '\\x.exe'\nfilter:\n    ParentImage|endswith: '\\y.exe'\ncondition: a and not filter";
    check(
        detection,
        &[
            (&[("Image", r"C:\x.exe")], true),
            (&[("Image", r"C:\x.exe"), ("ParentImage", r"C:\y.exe")], false),
            (&[("Image", r"C:\x.exe"), ("ParentImage", r"C:\z.exe")], true),
        ],
    );
}

#[test]
fn null_and_empty() {
    check("a:\n    F: null\ncondition: a", &[(&[], true), (&[("F", "")], false), (&[("F", "x")], false)]);
    check("a:\n    F: ''\ncondition: a", &[(&[], false), (&[("F", "")], true), (&[("F", "x")], false)]);
    check(
        "a:\n    F:\n        - null\n        - ''\ncondition: a",
        &[(&[], true), (&[("F", "")], true), (&[("F", "x")], false)],
    );
    check("a:\n    F: '*'\ncondition: a", &[(&[], false), (&[("F", "")], true), (&[("F", "x")], true)]);
}

#[test]
fn exists() {
    check("a:\n    F|exists: true\ncondition: a", &[(&[], false), (&[("F", "")], true)]);
    check("a:\n    F|exists: false\ncondition: a", &[(&[], true), (&[("F", "x")], false)]);
}

#[test]
fn windash() {
    for modifiers in ["contains|windash", "windash|contains"] {
        let detection = format!("a:\n    CommandLine|{modifiers}: ' -enc '\ncondition: a");
        for (line, expected) in [("x -enc y", true), ("x /ENC y", true), ("x –enc y", true), ("x enc y", false)] {
            check(&detection, &[(&[("CommandLine", line)], expected)]);
        }
    }
    check(
        "a:\n    C|windash|contains|all:\n        - ' -a-b'\n        - '/c'\ncondition: a",
        &[(&[("C", "x /a-b -c")], true), (&[("C", "x /a-b")], false)],
    );
}

#[test]
fn blanks_in_names() {
    check("a:\n    ThreatName: X\ncondition: a", &[(&[("Threat Name", "x")], true)]);
    check("a:\n    Threat Name: X\ncondition: a", &[(&[("ThreatName", "x")], true), (&[("Threat Name", "x")], true)]);
}

#[test]
fn case() {
    check("a:\n    F: 'ÉTÉ'\ncondition: a", &[(&[("F", "été")], true)]);
    check("a:\n    F|cased: 'Abc'\ncondition: a", &[(&[("F", "Abc")], true), (&[("F", "abc")], false)]);
    check("a:\n    F|re: 'Ab+c'\ncondition: a", &[(&[("F", "xAbbc")], true), (&[("F", "abc")], false)]);
    check("a:\n    F|re|i: 'Ab+c'\ncondition: a", &[(&[("F", "abc")], true)]);
    check("a:\n    f: x\ncondition: a", &[(&[("F", "x")], false)]);
}

#[test]
fn escapes() {
    check(
        r"a:
    F: '\\srv\*\x'
condition: a",
        &[(&[("F", r"\srv*\x")], true)],
    );
    check(
        r"a:
    F|startswith: 'C:\Users\'
condition: a",
        &[(&[("F", r"C:\Users\anne")], true)],
    );
    check(
        r"a:
    F|contains: '\\*\\x'
condition: a",
        &[(&[("F", r"a\b\x")], true)],
    );
}

#[test]
fn several_values() {
    check("a:\n    F: x\ncondition: a", &[(&[("F", "y"), ("F", "x")], true)]);
    check("a:\n    F: x\ncondition: not a", &[(&[("F", "y"), ("F", "x")], false), (&[("F", "y"), ("F", "z")], true)]);
    check("a:\n    F|contains|all:\n        - x\n        - y\ncondition: a", &[(&[("F", "y1"), ("F", "x1")], true)]);
}

#[test]
fn keywords() {
    let any = rule("words:\n    - one\n    - 'two*three'\ncondition: words");
    let all = rule("words:\n    '|all':\n        - one\n        - two\ncondition: words");
    for (rule, raw, field, expected) in [
        (&any, "it is ONE of", "", true),
        (&any, "", "and one", true),
        (&any, "two and three", "", true),
        (&any, "two", "", false),
        (&all, "one two", "", true),
        (&all, "one", "two", true),
        (&all, "one", "", false),
    ] {
        assert_eq!(!fires(&[rule], WINDOWS, &[("F", field)], raw).is_empty(), expected, "{raw} {field}");
    }
}

#[test]
fn numbers() {
    check("a:\n    EventID: 4688\ncondition: a", &[(&[("EventID", "4688")], true), (&[("EventID", "46880")], false)]);
    check(
        "a:\n    N|gte: 10\ncondition: a",
        &[(&[("N", "10")], true), (&[("N", "0x0f")], true), (&[("N", "9")], false), (&[("N", "x")], false)],
    );
    check(
        "a:\n    T|hour: 3\ncondition: a",
        &[(&[("T", "2017-04-12T03:00:00Z")], true), (&[("T", "2017-04-12 04:00:00")], false)],
    );
    check(
        "a:\n    IP|cidr: 10.0.0.0/8\ncondition: a",
        &[(&[("IP", "10.1.2.3")], true), (&[("IP", "11.1.2.3")], false), (&[("IP", "x")], false)],
    );
    check(
        "a:\n    A|fieldref: B\ncondition: a",
        &[(&[("A", "X"), ("B", "x")], true), (&[("A", "x"), ("B", "y")], false), (&[("A", "x")], false)],
    );
}

#[test]
fn neq() {
    check("a:\n    F|neq: x\ncondition: a", &[(&[("F", "y")], true), (&[("F", "x")], false), (&[], true)]);
}

#[test]
fn encodings() {
    check(
        "a:\n    F|base64offset|contains: 'http://'\ncondition: a",
        &[
            (&[("F", "x aHR0cDovL2V4YW1wbGU=")], true),
            (&[("F", "IGh0dHA6Ly9leGFtcGxl")], true),
            (&[("F", "ICBodHRwOi8vZXhhbXBsZQ==")], true),
            (&[("F", "ZnRwOi8vZXhhbXBsZQ==")], false),
        ],
    );
    check(
        "a:\n    F|wide|base64offset|contains: 'IEX'\ncondition: a",
        &[(&[("F", "SQBFAFgAIAAoAE4A")], true), (&[("F", "AAAA")], false)],
    );
    check("a:\n    F|base64: 'ab'\ncondition: a", &[(&[("F", "YWI=")], true)]);
}

#[test]
fn conditions() {
    let searches = "s1:\n    A: x\ns2:\n    B: x\n_s3:\n    C: x\ncondition: ";
    for (condition, fields, expected) in [
        ("1 of s*", &[("B", "x")][..], true),
        ("all of s*", &[("B", "x")], false),
        ("1 of them", &[("C", "x")], false),
        ("all of them", &[("A", "x"), ("B", "x")], true),
        ("s1 or s2 and _s3", &[("A", "x")], true),
        ("(s1 or s2) and _s3", &[("A", "x")], false),
        ("not s1 and not (s2 or _s3)", &[], true),
        ("s1 AND NOT s2", &[("A", "x")], true),
    ] {
        assert_eq!(holds(&format!("{searches}{condition}"), fields), expected, "{condition}");
    }
    check("a:\n    - A: x\n      B: y\n    - C: z\ncondition: a", &[(&[("C", "z")], true), (&[("A", "x")], false)]);
    check("a:\n    A: x\nb:\n    B: x\ncondition:\n    - a\n    - b", &[(&[("B", "x")], true), (&[], false)]);
}

#[test]
fn regular_expressions_and_what_is_refused() {
    for (detection, why) in [
        ("a:\n    F|re: '(?=x)y'\ncondition: a", "look-around"),
        ("a:\n    F|re: '((((((a{1,100}){1,100}){1,100}){1,100})))'\ncondition: a", "memory"),
        ("a:\n    F|expand: '%Servers%'\ncondition: a", "placeholder"),
        ("a:\n    F: x\ncondition: a | count() > 5", "correlation"),
        ("a:\n    F|frobnicate: x\ncondition: a", "no modifier `frobnicate`"),
        ("a:\n    F: x\ncondition: b", "no search"),
        ("a:\n    F: x\ncondition: 1 of b*", "no search"),
        ("a:\n    F: x\ncondition: (a", "not closed"),
        ("a:\n    F: x\ncondition: a a", "cannot be read"),
        ("a:\n    F: x", "no `condition`"),
        ("a: {}\ncondition: a", "empty"),
        ("a:\n    F|gt: x\ncondition: a", "no number"),
        ("a:\n    F|cidr: x\ncondition: a", "no network"),
    ] {
        let text = rule(detection);
        let all = Collection::read([("r.yml", text.as_str())]);
        assert_eq!(all.rules.len(), 0, "{detection}");
        assert!(all.refused[0].why.contains(why), "{detection}: {}", all.refused[0].why);
    }
    let nested = format!("a:\n    F: x\ncondition: {}a", "not ".repeat(10_000));
    assert_eq!(Collection::read([("r.yml", rule(&nested).as_str())]).rules.len(), 0);
    // Catastrophic elsewhere, linear here.
    check("a:\n    F|re: '^(a+)+$'\ncondition: a", &[(&[("F", &format!("{}b", "a".repeat(50_000)))], false)]);
}

#[test]
fn log_sources() {
    let of = |category, product, service| {
        let line =
            |key: &str, value: &str| if value.is_empty() { String::new() } else { format!("    {key}: {value}\n") };
        let source = [line("category", category), line("product", product), line("service", service)].concat();
        format!("title: T\nlogsource:\n{source}    definition: x\ndetection:\n    a:\n        F: x\n    condition: a\n")
    };
    const WEB: LogSource = LogSource { category: "webserver", product: "", service: "" };
    const SET: LogSource = LogSource { category: "registry_set", product: "windows", service: "sysmon" };
    for (rule, source, expected) in [
        (of("process_creation", "windows", ""), WINDOWS, true),
        (of("process_creation", "linux", ""), WINDOWS, false),
        (of("", "windows", ""), WINDOWS, true),
        (of("", "windows", "sysmon"), WINDOWS, true),
        (of("", "windows", "security"), WINDOWS, false),
        (of("webserver", "", ""), WEB, true),
        (of("webserver", "apache", ""), WEB, true),
        (of("", "apache", ""), WEB, false),
        (of("proxy", "", ""), WEB, false),
        (of("registry_event", "windows", ""), SET, true),
        (of("registry_add", "windows", ""), SET, false),
        (of("", "", ""), WEB, true),
    ] {
        assert_eq!(!fires(&[&rule], source, &[("F", "x")], "").is_empty(), expected, "{rule} {source:?}");
    }
}

#[test]
fn filters() {
    let own = rule("a:\n    F: x\ncondition: a").replace("title: T", "title: T\nid: r1");
    let filter = "title: F\nlogsource:\n    product: windows\nfilter:\n    rules:\n        - r1\n    own:\n        User: admin\n    condition: not own\n";
    let other = filter.replace("r1", "r2");
    assert_eq!(fires(&[&own, filter], WINDOWS, &[("F", "x"), ("User", "anne")], "").len(), 1);
    assert_eq!(fires(&[&own, filter], WINDOWS, &[("F", "x"), ("User", "admin")], "").len(), 0);
    assert_eq!(fires(&[&own, &other], WINDOWS, &[("F", "x"), ("User", "admin")], "").len(), 1);
}

#[test]
fn mappings() {
    let mapping = "name: M\ntransformations:\n    - id: m\n      type: field_name_mapping\n      mapping:\n          Image: process.executable\n";
    let own = rule("a:\n    Image: x\ncondition: a");
    assert_eq!(fires(&[&own, mapping], WINDOWS, &[("process.executable", "x")], "").len(), 1);
    // What a correlation groups by is mapped as well, and found in events that no rule asks for it.
    let counting = "title: C\ncorrelation:\n    type: event_count\n    rules: [T]\n    group-by: [Image]\n    timespan: 1m\n    condition:\n        gte: 2\n";
    let own = rule("a:\n    User: x\ncondition: a").replace("title: T", "title: T\nname: T");
    let all = Collection::read([("m.yml", mapping), ("r.yml", own.as_str()), ("c.yml", counting)]);
    let fields = [("process.executable", Some(Value::Text(b"p"))), ("User", Some(Value::Text(b"x")))];
    let place = Span { start: 0, len: 0, line: 1 };
    let event = Event { source: WINDOWS, time: None, count: 1, place, raw: b"", fields: &fields };
    let mut view = all.view();
    all.fill_for(&all.bucket(WINDOWS), &mut view, &event);
    assert_eq!(all.value(&view, "Image"), Some("p"));
}

#[test]
fn a_rule_is_asked_whichever_of_its_words_is_searched_for() {
    // Words that many rules name, short ones, lists, words anywhere, and negations beside them.
    let many: Vec<String> = (0..40)
        .map(|n| rule(&format!("a:\n    Image|endswith: '\\shell.exe'\n    Line|contains|all:\n        - ' -e '\n        - 'word{n}'\ncondition: a")))
        .collect();
    let words = rule("a:\n    - lorem\n    - ipsum\ncondition: a");
    let list = rule(
        "a:\n    EventID:\n        - 4624\n        - 4625\nb:\n    Image|endswith: '\\shell.exe'\ncondition: a and not b",
    );
    let mut all: Vec<&str> = many.iter().map(String::as_str).collect();
    all.extend([words.as_str(), list.as_str()]);
    let count = |fields: &[(&str, &str)], raw: &str| fires(&all, WINDOWS, fields, raw).len();
    assert_eq!(count(&[("Image", r"C:\Shell.exe"), ("Line", "x -E word7 y")], ""), 1);
    assert_eq!(count(&[("Image", r"C:\shell.exe"), ("Line", "x -e word17 y")], ""), 2, "word1 and word17");
    assert_eq!(count(&[("Image", r"C:\other.exe"), ("Line", "x -e word7 y")], ""), 0);
    assert_eq!(count(&[("Unasked", "x Ipsum y")], ""), 1, "in a field that no rule names");
    assert_eq!(count(&[("EventID", "4625")], "LOREM"), 2, "in the record as it is written");
    assert_eq!(count(&[("EventID", "4625"), ("Image", r"C:\shell.exe")], ""), 0);
}

#[test]
fn correlations() {
    let base = |name: &str, value: &str| {
        rule(&format!("a:\n    F: {value}\ncondition: a")).replace("title: T", &format!("title: {name}\nname: {name}"))
    };
    let correlation = |kind: &str, rules: &str, condition: &str| {
        format!(
            "title: C\ncorrelation:\n    type: {kind}\n    rules: [{rules}]\n    group-by: [User]\n    timespan: 10m\n{condition}"
        )
    };
    let count = |c: &str, events: &[(&str, i64, &str, &str)]| {
        let (a, b) = (base("one", "x"), base("two", "y"));
        let all = Collection::read([("a.yml", a.as_str()), ("b.yml", b.as_str()), ("c.yml", c)]);
        assert_eq!(all.refused, [], "{c}");
        let fired: Vec<Fired> = events
            .iter()
            .map(|(rule, time, user, value)| Fired {
                rule: (*rule).into(),
                time: *time,
                fields: vec![("User".into(), (*user).into()), ("Dst".into(), (*value).into())],
            })
            .collect();
        all.correlate(&fired).into_iter().map(|c| (c.first, c.last, c.members.len())).collect::<Vec<_>>()
    };
    let events = correlation("event_count", "one", "    condition:\n        gte: 3\n");
    assert_eq!(
        count(&events, &[("one", 0, "a", ""), ("one", 300, "a", ""), ("one", 600, "a", ""), ("one", 900, "a", "")]),
        [(0, 900, 4)]
    );
    assert_eq!(count(&events, &[("one", 0, "a", ""), ("one", 300, "b", ""), ("one", 600, "a", "")]), []);
    assert_eq!(count(&events, &[("one", 0, "a", ""), ("one", 700, "a", ""), ("one", 1400, "a", "")]), []);
    let values = correlation("value_count", "one", "    condition:\n        field: Dst\n        gt: 1\n");
    assert_eq!(count(&values, &[("one", 0, "a", "x"), ("one", 1, "a", "x")]), []);
    assert_eq!(count(&values, &[("one", 0, "a", "x"), ("one", 1, "a", "y")]), [(0, 1, 2)]);
    let together = correlation("temporal", "one, two", "");
    assert_eq!(count(&together, &[("two", 0, "a", ""), ("one", 10, "a", "")]), [(0, 10, 2)]);
    assert_eq!(count(&together, &[("two", 0, "a", ""), ("one", 10, "b", "")]), []);
    let ordered = correlation("temporal_ordered", "one, two", "");
    assert_eq!(count(&ordered, &[("two", 0, "a", ""), ("one", 10, "a", "")]), []);
    assert_eq!(count(&ordered, &[("one", 0, "a", ""), ("two", 10, "a", "")]), [(0, 10, 2)]);
    // What is counted is told by the count alone; a count of nothing is refused.
    let a = base("one", "x");
    let all = Collection::read([("a.yml", a.as_str()), ("c.yml", events.as_str())]);
    assert!(all.is_counted_only(&all.rules[0].about));
    assert_eq!(all.carried(&all.rules[0].about), ["User"]);
    let all = Collection::read([("c.yml", events.as_str())]);
    assert!(all.refused[0].why.contains("`one`"), "{:?}", all.refused);
}

#[test]
fn one_rule_that_is_none_costs_no_other() {
    let good = rule("a:\n    F: x\ncondition: a");
    let all = Collection::read([("bad.yml", "a: ["), ("good.yml", good.as_str()), ("other.yml", "a: 1")]);
    assert_eq!((all.rules.len(), all.refused.len(), all.others), (1, 1, 1));
    assert_eq!(fired(&all, WINDOWS, &[("F", "x")], ""), ["T"]);
}

#[test]
fn why_a_rule_fires_or_does_not() {
    let text = rule("a:\n    F: x\nfilter:\n    G: y\ncondition: a and not filter");
    let all = Collection::read([("r.yml", text.as_str())]);
    let fields = [("F", Some(model::Value::Text(b"z")))];
    let place = model::Span { start: 0, len: 0, line: 1 };
    let event = model::Event { source: WINDOWS, time: None, count: 1, place, raw: b"", fields: &fields };
    let mut view = all.view();
    all.fill(&mut view, &event);
    let told = sigma::why(&all, &all.rules[0], WINDOWS, &view).join("\n");
    assert!(told.contains("does not fire"), "{told}");
    assert!(told.contains("no  F: 'x'; the event has `z`"), "{told}");
    assert!(told.contains("`filter` (must not hold): does not hold"), "{told}");
}
