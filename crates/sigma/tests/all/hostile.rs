//! Rules that ask for time or memory without end: refused with the reason, or run within bounds.

use crate::{WINDOWS, fired, rule};
use sigma::{Collection, Fired};
use std::time::{Duration, Instant};

/// Why rules are refused; reading them takes no long time.
fn refused(texts: &[String]) -> Vec<String> {
    let begun = Instant::now();
    let all = Collection::read(texts.iter().map(|t| ("rule.yml", t.as_str())));
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    all.refused.into_iter().map(|r| r.why).collect()
}

fn is_refused(detection: &str, because: &str) {
    let why = refused(&[rule(detection)]);
    assert!(why.len() == 1 && why[0].contains(because), "{:.200}: {why:?}", detection);
}

#[test]
fn encodings_one_behind_another() {
    is_refused(&format!("a:\n    F{}: x\ncondition: a", "|base64offset".repeat(30)), "encodings");
    is_refused(&format!("a:\n    F{}: x\ncondition: a", "|wide".repeat(60)), "encodings");
    assert!(refused(&[rule("a:\n    F|utf16le|base64offset|contains: powershell\ncondition: a")]).is_empty());
}

#[test]
fn conditions_that_name_much_often() {
    let values: String = (0..15_000).map(|n| format!("        - v{n}\n")).collect();
    let often = vec!["1 of a*"; 400].join(" or ");
    is_refused(&format!("a:\n    F:\n{values}condition: {often}"), "names more than");
    let list: String = (0..20_000).map(|_| "    - 1 of them\n").collect();
    is_refused(&format!("a:\n    F:\n{values}condition:\n{list}"), "names more than");
}

#[test]
fn regular_expressions() {
    for regex in ["x{1000}{1000}", "((a{0,100}){0,100}){0,100}", r"\w{1000}{9}", r"(?:(?:\w{100}){100}){100}"] {
        is_refused(&format!("a:\n    F|re: '{regex}'\ncondition: a"), "memory");
    }
    // Many of them, each of which alone may be made.
    let many: String = (0..300).map(|n| format!("        - '\\w{{20}}{n}'\n")).collect();
    is_refused(&format!("a:\n    F|re:\n{many}condition: a"), "in all rules");
    // What goes back elsewhere ends here.
    let all =
        Collection::read([("r", rule("a:\n    F|re: '(a|a)*(a|a)*(x+x+)+y[ab]*a[ab]{200}$'\ncondition: a").as_str())]);
    assert_eq!(all.refused, []);
    let (value, begun) = ("xa".repeat(200_000), Instant::now());
    fired(&all, WINDOWS, &[("F", &value)], "");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn wildcards_in_long_values() {
    is_refused(&format!("a:\n    F: '*{}b*'\ncondition: a", "?".repeat(100_000)), "1024");
    let all = Collection::read([("r", rule(&format!("a:\n    F: '*{}b*'\ncondition: a", "?".repeat(900))).as_str())]);
    let (value, begun) = ("a".repeat(1 << 20), Instant::now());
    assert!(fired(&all, WINDOWS, &[("F", &value)], "").is_empty());
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn texts_within_texts_are_searched_for_at_once() {
    // Each is the end of the next: of a value that holds them all, every place would end them all.
    let values: String = (2..1_300).map(|n| format!("    - '{}'\n", "a".repeat(n))).collect();
    let all = Collection::read([("r", rule(&format!("a:\n    F|contains:\n{values}condition: a")).as_str())]);
    assert_eq!(all.refused, []);
    let (value, begun) = ("a".repeat(200_000), Instant::now());
    fired(&all, WINDOWS, &[("F", &value)], "");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn parts_for_all_rules_and_filters() {
    let values: String = (0..10_000).map(|n| format!("    v{n}: x\n")).collect();
    let documents = "---\ndetection: {a: {F: x}, condition: a}\n".repeat(5_000);
    let why = refused(&[format!("action: global\ntags:\n{values}{documents}")]);
    assert!(why.iter().any(|w| w.contains("add more than")), "{why:?}");
    let listed: String = (0..15_000).map(|n| format!("        - v{n}\n")).collect();
    let filter = format!(
        "title: f\nlogsource: {{}}\nfilter:\n    rules: any\n    s:\n        F:\n{}    condition: not s\n",
        listed.replace("        -", "            -")
    );
    let mut texts = vec![filter];
    texts.extend(
        (0..300).map(|n| rule(&format!("a:\n    F: x{n}\ncondition: a")).replace("title: T", &format!("title: T{n}"))),
    );
    let why = refused(&texts);
    assert!(why.iter().any(|w| w.contains("add more than")), "{why:?}");
}

#[test]
fn correlations_of_correlations() {
    let one = |n: usize, rules: &[String]| {
        let rules: String = rules.iter().map(|r| format!("        - {r}\n")).collect();
        format!(
            "title: C{n}\nname: c{n}\ncorrelation:\n    type: event_count\n    rules:\n{rules}    timespan: 5m\n    condition: {{gte: 1}}\n"
        )
    };
    // Each counts the next, and the last counts nothing that is there.
    let chain: Vec<String> = (0..1_900).map(|n| one(n, &[format!("c{}", n + 1)])).collect();
    assert_eq!(refused(&chain).len(), 1_900);
    // Each counts many that count many, themselves among them.
    let web: Vec<String> =
        (0..1_000).map(|n| one(n, &(0..60).map(|m| format!("c{}", (n * 7 + m) % 1_000)).collect::<Vec<_>>())).collect();
    assert_eq!(refused(&web).len(), 1_000);
    // Levels that multiply: each counts all of the level below.
    let mut layers = vec![rule("a:\n    F: x\ncondition: a").replace("title: T", "title: T\nname: r")];
    layers.extend((0..60).map(|n| one(n, &["r".into()])));
    for level in 1..7 {
        let below: Vec<String> = (0..60).map(|n| format!("c{}", (level - 1) * 60 + n)).collect();
        layers.extend((0..60).map(|n| one(level * 60 + n, &below)));
    }
    let begun = Instant::now();
    let all = Collection::read(layers.iter().map(|t| ("rule.yml", t.as_str())));
    assert_eq!(all.refused, []);
    let fired: Vec<Fired> =
        (0..1_000).map(|n| Fired { rule: all.rules[0].about.id.clone(), time: n, fields: Vec::new() }).collect();
    let made = all.correlate(&fired);
    assert!(made.iter().any(|c| c.cut), "what is not looked at is said");
    assert!(begun.elapsed() < Duration::from_secs(120), "{:?}", begun.elapsed());
}

#[test]
fn an_order_over_many_events_is_found_in_one_pass() {
    let ordered = "title: O\ncorrelation:\n    type: temporal_ordered\n    rules: [r1, r2]\n    timespan: 365d\n";
    let own = |n: usize| {
        rule(&format!("a:\n    F: x{n}\ncondition: a")).replace("title: T", &format!("title: T{n}\nname: r{n}"))
    };
    let texts = [own(1), own(2), ordered.to_string()];
    let all = Collection::read(texts.iter().map(|t| ("rule.yml", t.as_str())));
    assert_eq!(all.refused, []);
    let id = |n: usize| all.rules[n].about.id.clone();
    let mut fired: Vec<Fired> = (0..100_000).map(|n| Fired { rule: id(1), time: n, fields: Vec::new() }).collect();
    let begun = Instant::now();
    assert!(all.correlate(&fired).is_empty(), "the second alone is no order");
    fired.push(Fired { rule: id(0), time: 50_000, fields: Vec::new() });
    let made = all.correlate(&fired);
    assert_eq!((made.len(), made[0].last), (1, 99_999));
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn many_rules_of_one_file_share_its_text() {
    let documents: String =
        (0..8_000).map(|n| format!("title: t{n}\ndetection: {{a: {{F: x{n}}}, condition: a}}\n---\n")).collect();
    let all = Collection::read([("r", documents.as_str())]);
    assert_eq!((all.rules.len(), all.refused.len()), (8_000, 0));
    assert!(std::ptr::eq(&*all.rules[0].text, &*all.rules[7_999].text));
}

#[test]
fn rules_with_one_id_are_told_apart() {
    let own = |value: &str| rule(&format!("a:\n    F: {value}\ncondition: a")).replace("title: T", "title: T\nid: one");
    let texts = [own("x"), own("y"), own("x")];
    let all = Collection::read(texts.iter().map(|t| ("rule.yml", t.as_str())));
    let ids: Vec<&str> = all.rules.iter().map(|r| r.about.id.as_str()).collect();
    assert_eq!(ids, ["one", "one#2"]);
}
