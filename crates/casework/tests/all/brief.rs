//! The brief as a whole: nothing of evidence is interpreted, its figures agree with one another, both languages are
//! complete, links lead somewhere, and a browser shows it without asking for anything.

use crate::made::{Case, Files};
use crate::{browser, made};
use casework::{Options, Series};
use model::{Context, Entity, Lang, Note, Role, Skip, Text};
use std::collections::{BTreeMap, BTreeSet};

fn brief(case: &Case, lang: Lang) -> Files {
    let polls = "date;value\n2016-10-28;14,5\n2016-12-19;16\n2017-01-20;21,5\n2017-03-03;26\n";
    let options = Options {
        lang,
        series: Series::parse("polls.csv", polls).expect("good"),
        lines: &|wanted| case.read_lines(wanted),
        origin_source: Text::new("a made-up table", "une table inventée"),
        version: "0".into(),
        readiness: None,
        decisions: Vec::new(),
    };
    let context = Context {
        config: &case.config,
        origins: &made::Nowhere,
        at: made::time("2017-03-01T09:00:00Z"),
        modified: None,
    };
    let mut files = Files::new();
    casework::write_brief(case, &context, &options, &mut |name, bytes| {
        files.entry(name.into()).or_default().extend_from_slice(bytes);
        Ok(())
    })
    .expect("a brief");
    files
}

fn text(files: &Files, name: &str) -> String {
    String::from_utf8(files[name].clone()).expect("UTF-8")
}

/// What stands between tags, without style, evidence lines and what is marked as another language.
fn words(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        out += before;
        out.push(' ');
        let (tag, after) = after.split_once('>').expect("tags close");
        let skipped = if tag.starts_with("style") {
            "</style>"
        } else if tag.starts_with("code") {
            "</code>"
        } else if tag.starts_with("script") {
            "</script>"
        } else if tag.contains(" lang=") && tag.starts_with("a ") {
            "</a>"
        } else if tag.contains("lang=\"en\"") && tag.starts_with("td") {
            "</td>"
        } else {
            ""
        };
        rest = if skipped.is_empty() { after } else { after.split_once(skipped).expect("closes").1 };
    }
    out + rest
}

fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str()).skip(1).filter_map(|part| part.split('"').next()).collect()
}

#[test]
fn both_languages_are_whole() {
    let case = made::sample();
    for (lang, own, other) in [
        (Lang::En, [" the ", " of ", " and "], [" les ", " des ", " une ", " et ", " du ", " qui ", " pas "]),
        (Lang::Fr, [" les ", " des ", " une "], [" the ", " of ", " and ", " are ", " with ", " that ", " not "]),
    ] {
        let html = made::pages(&brief(&case, lang));
        assert!(html.contains(&format!("<html lang=\"{}\">", lang.of("en", "fr"))));
        let words = words(&html).to_lowercase().replace(['\n', '\u{a0}', '\u{202f}', '\u{2019}'], " ");
        own.iter().for_each(|w| assert!(words.contains(w), "{lang:?} lacks {w}"));
        for w in other {
            let at = words.find(w);
            assert!(
                at.is_none(),
                "{lang:?}: {:?}",
                at.map(|a| words[a.saturating_sub(60)..].chars().take(120).collect::<String>())
            );
        }
    }
}

#[test]
fn one_sentence_serves_the_brief_and_what_is_handed_on() {
    let case = made::mail::inbox();
    let escaped = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let list = |lang: Lang| text(&brief(&case, lang), "findings.html");
    let (en, fr) = (list(Lang::En), list(Lang::Fr));
    let (csv, table) = (crate::mail::exported(&case, "csv", Lang::En), crate::mail::exported(&case, "csv", Lang::Fr));
    let told = case.findings.iter().filter(|f| f.title.en.len() < 200 && !f.title.en.contains(['\u{202e}', '\u{1b}']));
    let mut n = 0;
    for f in told {
        n += 1;
        let (title, titre) = (f.title.en.replace('`', ""), f.title.fr.replace('`', ""));
        assert!(en.contains(&escaped(&title)), "{title}");
        assert!(fr.contains(&escaped(&model::spaced(&titre))), "{titre}");
        assert!(csv.contains(&f.title.en.replace('"', "\"\"")), "{title}");
        assert!(table.contains(&f.title.fr.replace('"', "\"\"")), "{titre}");
    }
    assert!(n > 3, "{n}");
}

#[test]
fn french_keeps_its_marks_with_their_words() {
    for case in [made::sample(), made::mail::inbox()] {
        for (name, bytes) in brief(&case, Lang::Fr).iter().filter(|(n, _)| n.ends_with(".html") && !n.contains("coun"))
        {
            // Where a tag parts two texts, their space is none of ours.
            let html = words(&std::str::from_utf8(bytes).expect("UTF-8").replace('<', "\u{1}<"));
            for apart in ["« ", " »", " ;", " ?", " !", " %"] {
                let mut wrong = html.match_indices(apart).filter(|(at, _)| !html[..*at].ends_with('\u{1}'));
                let around = |at: usize| {
                    html[..at].chars().skip(html[..at].chars().count().saturating_sub(60)).collect::<String>()
                };
                assert_eq!(wrong.next().map(|(at, _)| around(at)), None, "{name}: `{apart}`");
            }
        }
    }
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    let case = made::sample();
    assert_eq!(brief(&case, Lang::Fr), brief(&case, Lang::Fr));
}

#[test]
fn every_link_leads_somewhere_and_headings_are_in_order() {
    for case in [made::sample(), made::one(), made::nothing(), Case::default(), made::many(5000), hostile()] {
        let files = brief(&case, Lang::En);
        let html = |name: &str| text(&files, name);
        let ids =
            |name: &str| -> BTreeSet<String> { values(&html(name), "id").into_iter().map(str::to_string).collect() };
        let all: BTreeMap<String, BTreeSet<String>> =
            files.keys().filter(|n| n.ends_with(".html")).map(|n| (n.clone(), ids(n))).collect();
        for (name, own) in &all {
            let html = html(name);
            assert_eq!(values(&html, "id").len(), own.len(), "an id stands twice in {name}");
            for href in values(&html, "href") {
                let (file, anchor) = href.split_once('#').unwrap_or((href, ""));
                let there = if file.is_empty() { Some(own) } else { all.get(file) };
                // What stands behind the list's `#` chooses findings.
                let found =
                    there.is_some_and(|ids| anchor.is_empty() || ids.contains(anchor) || file == "findings.html");
                assert!(href == "data:," || found, "`{href}` in {name} leads nowhere");
            }
            let levels: Vec<u32> = html.split("<h").skip(1).filter_map(|h| h.chars().next()?.to_digit(10)).collect();
            assert_eq!(levels[0], 1, "{name}");
            assert!(levels.windows(2).all(|l| l[1] <= l[0] + 1 && l[1] > 1), "{name}: {levels:?}");
            assert!(
                !html.contains("<img") && !html.contains("http://") && html.contains("default-src 'none'"),
                "{name}"
            );
            if !["council.html", "counter.html", "conseil.html", "contre.html"].contains(&name.as_str()) {
                assert_eq!(
                    html.matches("<svg class=\"chart\"").count(),
                    html.matches("<svg class=\"chart\" viewBox").count()
                );
                // The page's own script, named by its hash, and data that no browser runs.
                assert_eq!(html.matches("<script>").count(), 1, "{name}");
                assert!(html.contains("script-src 'sha256-"), "{name}");
            }
        }
    }
}

#[test]
fn figures_agree_with_one_another() {
    for case in [made::sample(), made::many(5000)] {
        let files = brief(&case, Lang::En);
        let json: serde_json::Value = serde_json::from_slice(&files["brief.json"]).expect("JSON");
        let attempts = json["attempts"].as_u64().expect("a number");
        for list in ["outcomes", "countries", "classes", "purposes"] {
            let sum: u64 =
                json[list].as_array().expect("a list").iter().map(|r| r["attempts"].as_u64().unwrap_or(0)).sum();
            assert_eq!(sum, attempts, "{list}");
        }
        let columns: u64 =
            json["columns"]["rows"].as_array().expect("rows").iter().map(|r| r["attempts"].as_u64().unwrap_or(0)).sum();
        assert_eq!(columns, attempts);
        let ledger: u64 = text(&files, "ledger.csv")
            .lines()
            .skip(1)
            .map(|l| l.split(',').nth(5).and_then(|n| n.parse::<u64>().ok()).expect("attempts"))
            .sum();
        assert_eq!(ledger, attempts);
        assert_eq!(text(&files, "attempts.csv").lines().count() as u64, attempts + 1);
        let html = made::pages(&files);
        let ukraine = json["countries"][0]["attempts"].as_u64().expect("a number");
        assert!(html.contains(&format!("href=\"sources.html#n-country-UA\">{}</a>", grouped(ukraine))));
        assert!(html.contains(&format!("href=\"sources.html#n-attempts\">{}\u{a0}attempts</a>", grouped(attempts))));
        // Every table of counts ends with the same sum.
        let sums: Vec<&str> = html
            .split("<tfoot>")
            .skip(1)
            .filter_map(|t| t.split("href=\"sources.html#n-attempts\">").nth(1)?.split('<').next())
            .collect();
        assert_eq!(sums.len(), 4);
        assert!(sums.iter().all(|s| *s == grouped(attempts)), "{sums:?}");
    }
}

fn grouped(n: u64) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

const EVIL: &str = "=1+1</style></title><script>alert(1)</script><img src=x onerror=a>\"'\u{1b}[31m\u{202e}\0\r\n{0}";

/// Evil text in every field evidence can reach.
fn hostile() -> Case {
    let mut case = made::one();
    case.config.name = EVIL.into();
    case.config.election.name = EVIL.into();
    case.evidence[0].path = EVIL.into();
    case.evidence[0].by = EVIL.into();
    case.evidence[0].kind = Some(EVIL.into());
    case.evidence[0].forgotten = Some((made::time("2017-02-01T00:00:00Z"), EVIL.into()));
    case.skips = vec![(made::id(1), Skip { reason: EVIL.into(), count: 1, first: 0, line: 1 })];
    case.notes = vec![(made::id(1), Note { text: Text::same(EVIL) })];
    let mut finding = case.findings[0].clone();
    finding.key = EVIL.into();
    finding.title = Text::same(EVIL);
    finding.techniques = vec![EVIL.into()];
    finding.entities.push(Entity::user(EVIL, Role::Victim));
    finding.reasons.iter_mut().for_each(|r| r.text = Text::same(EVIL));
    for field in ["country", "network", "site"] {
        finding.fields.insert(field.into(), EVIL.into());
    }
    let mut outage = finding.clone();
    outage.detector = "web_log/outage".into();
    outage.fields.remove("outcome");
    outage.fields.insert("kind".into(), "silence".into());
    outage.fields.insert("minutes".into(), u64::MAX.into());
    outage.fields.insert("lost".into(), u64::MAX.into());
    outage.fields.insert("preceded_by".into(), vec![EVIL; 3].into());
    // Words that no vocabulary has make it something else.
    let mut other = finding.clone();
    other.detector = EVIL.into();
    other.fields.insert("class".into(), EVIL.into());
    let mut huge = finding.clone();
    huge.key = "huge".into();
    huge.first = Some(model::Time(i64::MAX));
    huge.last = Some(model::Time(i64::MIN));
    huge.fields.insert("requests".into(), u64::MAX.into());
    case.findings = vec![finding, outage, other, huge];
    case.lines.values_mut().for_each(|l| *l = [EVIL.as_bytes(), b"\xff\xfe"].concat());
    case
}

#[test]
fn hostile_text_is_never_interpreted() {
    for lang in [Lang::En, Lang::Fr] {
        let files = brief(&hostile(), lang);
        let html = made::pages(&files);
        assert!(!html.contains("<script>alert") && !html.contains("<img"));
        assert_eq!(html.matches("</style>").count(), html.matches("<style>").count());
        assert_eq!(html.matches("</title>").count(), html.matches("<title").count());
        assert!(html.contains("&lt;script&gt;") && html.contains("<b class=\"raw\">U+202E</b>"));
        for name in ["index.html", "attempts.csv", "ledger.csv"] {
            let bad = |c: char| (c.is_control() && !matches!(c, '\n' | '\r')) || matches!(c, '\u{202e}');
            assert!(!text(&files, name).contains(bad), "{name}");
        }
        assert!(!text(&files, "brief.json").contains('\u{1b}'));
        for name in ["attempts.csv", "ledger.csv"] {
            let table = text(&files, name);
            assert!(table.contains("\"'=1+1"), "{name}");
            assert!(!table.contains(",=") && !table.contains(",\"=") && !table.contains("\n="), "{name}");
            // A line break inside evidence must not make a row.
            assert!(table.lines().count() <= 3, "{name}");
        }
    }
}

#[test]
fn an_address_is_told_by_the_part_it_played() {
    let mut case = made::one();
    let mut finding = case.findings[0].clone();
    finding.fields.remove("outcome");
    let address = |a: &[u8], role| Entity::address(model::Address::parse(a).expect("an address"), role);
    finding.entities = vec![address(b"203.0.113.77", Role::Victim), address(b"203.0.113.78", Role::Infrastructure)];
    case.findings = vec![finding];
    let html = made::pages(&brief(&case, Lang::En));
    for (label, address) in [("Met by", "203.0.113.77"), ("Hosted at", "203.0.113.78")] {
        assert!(html.contains(&format!("<dt>{label}</dt><dd><code>{address}</code></dd>")));
    }
    assert!(!html.contains("<dt>Source</dt>"));
}

#[test]
fn what_possibly_succeeded_comes_before_all_counting() {
    let html = made::pages(&brief(&made::sample(), Lang::En));
    let place = |what: &str| html.find(what).unwrap_or_else(|| panic!("`{what}` is missing"));
    assert!(place("2\u{a0}attempts</a> possibly succeeded") < place("id=\"gravest\""));
    assert!(place("id=\"gravest\"") < place("id=\"time\""));
    assert!(html.contains("Accepted password for root"), "the deciding line is shown");
    assert!(html.contains("vigie show DIR "));
}

#[test]
fn the_surge_and_the_outage_are_told() {
    let json: serde_json::Value =
        serde_json::from_slice(&brief(&made::sample(), Lang::En)["brief.json"]).expect("JSON");
    let segments = json["surges"]["segments"].as_array().expect("segments");
    assert!(
        segments[1]["change"] == "surge" && segments[1]["first"].as_str().is_some_and(|d| d.starts_with("2017-01-0"))
    );
    assert_eq!(json["outages"]["list"][0]["fields"]["minutes"], 23);
    let html = made::pages(&brief(&made::sample(), Lang::Fr));
    // What came before it is named by its number, not by its address.
    let outages = html.split("id=\"outages\"").nth(1).and_then(|h| h.split("</table>").next()).expect("outages");
    assert_eq!(outages.matches("#a-").count(), 2, "{outages}");
    assert!(html.contains("Le rythme a bondi à partir du ") && html.contains("pendant 23\u{a0}minutes"));
}

#[test]
fn the_ordinary_week_is_that_of_the_traffic() {
    let json = |case| serde_json::from_slice::<serde_json::Value>(&brief(&case, Lang::En)["brief.json"]).expect("JSON");
    let profile = |json: &serde_json::Value| -> Vec<f64> {
        json["baseline"]["profile"].as_array().expect("a list").iter().filter_map(|v| v.as_f64()).collect()
    };
    let sample = json(made::sample());
    let week = profile(&sample);
    assert!(week.len() == 168 && (week.iter().sum::<f64>() / 168.0 - 1.0).abs() < 1e-9);
    // Made in Paris time: by day more than by night, and least on two days of seven.
    assert!(week[12] > 4.0 * week[3], "noon {} night {}", week[12], week[3]);
    assert!(sample["baseline"]["requests"].as_u64().expect("a number") > 100_000);
    let flat = json(made::one());
    assert!(profile(&flat).iter().all(|w| *w == 1.0) && flat["baseline"]["requests"] == 0);
}

#[test]
fn an_empty_case_says_so() {
    let empty = made::pages(&brief(&Case::default(), Lang::En));
    assert!(empty.contains("No evidence has been added"));
    let nothing = made::pages(&brief(&made::nothing(), Lang::Fr));
    assert!(nothing.contains("Aucune tentative d\u{2019}intrusion"));
}

#[test]
fn a_wrong_marking_is_named() {
    let mut case = made::nothing();
    case.config.kinds.insert("brief".into(), toml::from_str("tlp = \"PURPLE\"").expect("TOML"));
    let options = Options {
        lang: Lang::En,
        series: Vec::new(),
        lines: &|_| Ok(Vec::new()),
        origin_source: Text::default(),
        version: String::new(),
        readiness: None,
        decisions: Vec::new(),
    };
    let context = Context {
        config: &case.config,
        origins: &made::Nowhere,
        at: made::time("2017-03-01T09:00:00Z"),
        modified: None,
    };
    let wrong = casework::write_brief(&case, &context, &options, &mut |_, _| Ok(())).expect_err("wrong");
    assert_eq!(wrong.to_string(), "`PURPLE` is no marking of the Traffic Light Protocol");
}

#[test]
fn a_browser_shows_it_and_asks_for_nothing() {
    let html = brief(&made::sample(), Lang::Fr).remove("index.html").expect("a page");
    browser::check(html, "Campagne Delorme");
}

#[test]
fn old_knowledge_is_told() {
    let told = |at: &str, lang| made::pages(&made::brief(&made::one(), lang, at));
    assert!(!told("2026-12-01T00:00:00Z", Lang::En).contains("days old"));
    assert!(told("2031-01-01T00:00:00Z", Lang::En).contains("days old"));
    assert!(told("2031-01-01T00:00:00Z", Lang::Fr).contains("prenez un Vigie plus récent"));
}
