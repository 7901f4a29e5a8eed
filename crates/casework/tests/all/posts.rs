//! A debate in the brief and in exports: told in both languages, nothing hostile interpreted, and nobody named who is
//! below the threshold.

use crate::made::posts::INNOCENT;
use crate::made::{Case, Files};
use crate::{browser, made};
use casework::Accounts;
use casework::export::{Order, export, exports};
use model::{Fields, Finding, Lang, Result, Severity, Text};
use rows::Row;
use rows::posts::{Automation, CoAction, Coordination, Member, SharedPost};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

const AT: &str = "2017-05-06T09:00:00Z";

fn brief(case: &Case, lang: Lang) -> Files {
    made::brief(case, lang, AT)
}

fn page(case: &Case, lang: Lang) -> String {
    made::pages(&brief(case, lang))
}

/// Two posts of each member, of which the first shares an address and is a repost.
fn posts_of(group: &Finding) -> Result<Vec<Fields>> {
    let members = Coordination::of(&group.fields)?.members;
    let post = |i: usize, m: &Member, n: usize| SharedPost {
        id: format!("id{i}x{n}"),
        account: m.account.clone(),
        time: Some(model::Time::from_seconds(1_494_000_000 + i as i64 + 40 * n as i64)),
        text: "texte".into(),
        objects: if n == 0 {
            vec![(CoAction::Url, "https://fuite.example/papiers".into()), (CoAction::Repost, "id999".into())]
        } else {
            Vec::new()
        },
    };
    Ok(members.iter().enumerate().flat_map(|(i, m)| [post(i, m, 0).fields(), post(i, m, 1).fields()]).collect())
}

fn exported(case: &Case, format: &str, names: bool) -> Result<Files> {
    let accounts = Accounts::of(case, [7; 32], names)?;
    let line = |f: &Finding| Ok(serde_json::to_string(f).expect("JSON"));
    let format = export(format).expect("known");
    let at = made::time("2017-05-06T09:00:00Z");
    let context = model::Context { config: &case.config, origins: &made::Nowhere, at, modified: None };
    let only = std::collections::BTreeSet::new();
    let order = Order {
        least: format.least,
        lang: Lang::En,
        at,
        line: &line,
        accounts: &accounts,
        behind: &posts_of,
        context: &context,
        decisions: &[],
        only: &only,
        others: &[],
        note: &|_| (),
        mask: &|text: &str| text.to_string(),
        pages: &|| Ok(Vec::new()),
    };
    let mut files = Files::new();
    (format.make)(case, &order, &mut |name, bytes| {
        files.entry(name.into()).or_default().extend_from_slice(bytes);
        Ok(())
    })?;
    Ok(files)
}

fn text(files: Files) -> String {
    files.into_values().map(|b| String::from_utf8(b).expect("UTF-8")).collect()
}

#[test]
fn the_chapter_tells_groups_in_both_languages() {
    let case = made::posts::debate();
    let (en, fr) = (page(&case, Lang::En), page(&case, Lang::Fr));
    for part in [
        ">40\u{a0}accounts</a> shared the same links within 10\u{a0}s",
        ">3\u{a0}groups of accounts that act as one</a>",
        "less than 1 in 1,000,000,000",
        "a newsroom’s shared accounts – does not hold",
        "+14\u{a0}min",
    ] {
        assert!(en.contains(part), "{part}");
    }
    for part in [
        ">40\u{a0}comptes</a> ont partagé les mêmes liens à 10\u{a0}s au plus",
        "moins de 1 sur 1\u{202f}000\u{202f}000\u{202f}000",
        "le compte d\u{2019}un particulier",
    ] {
        assert!(fr.contains(part), "{part}");
    }
    for english in [" accounts ", " posts ", " group "] {
        let words = fr.replace("lang=\"en\"", "");
        let visible = words.split("<main").nth(1).expect("a main part");
        assert!(!visible.contains(english), "`{english}` in the French chapter");
    }
    assert_eq!(en.matches("<svg class=\"chart\"").count(), en.matches("<svg class=\"chart\" viewBox").count());
    assert_eq!(
        en.matches("<table").count(),
        en.matches("<caption").count() + 1,
        "only that of the hypotheses has its heading for a caption"
    );
}

#[test]
fn the_chapter_names_its_pictures() {
    let page = String::from_utf8(brief(&made::posts::debate(), Lang::En)["amplification.html"].clone()).expect("UTF-8");
    let values = |attribute: &str| -> Vec<String> {
        let start = format!(" {attribute}=\"");
        page.split(start.as_str()).skip(1).filter_map(|p| p.split('"').next()).map(String::from).collect()
    };
    let ids: BTreeSet<String> = values("id").into_iter().collect();
    for label in values("aria-labelledby") {
        assert!(label.split(' ').all(|l| ids.contains(l)), "{label}");
    }
}

#[test]
fn the_innocent_are_named_nowhere() {
    let case = made::posts::debate();
    let mut all = Vec::new();
    for lang in [Lang::En, Lang::Fr] {
        all.extend(brief(&case, lang).into_iter().map(|(name, bytes)| (format!("brief/{name}"), bytes)));
    }
    for format in exports() {
        for names in [false, true] {
            match exported(&case, format.name, names) {
                Ok(files) => {
                    all.extend(files.into_iter().map(|(name, b)| (format!("{}/{name} {names}", format.name), b)))
                }
                // Without names there is no dossier for platforms; of posts alone the brief has no picture.
                Err(e) => {
                    assert!(
                        matches!((format.name, names), ("dossier", false) | ("svg" | "png", _)),
                        "{}: {e}",
                        format.name
                    )
                }
            }
        }
    }
    assert!(all.len() > 16);
    for (name, bytes) in all {
        let text = String::from_utf8(bytes).expect("UTF-8");
        for innocent in INNOCENT.into_iter().chain(["groupuscule_", "groupuscule 1"]) {
            assert!(!text.contains(innocent), "{innocent} in {name}");
        }
        if name.ends_with(" false") {
            assert!(!text.contains("etoile_") && !text.contains("etoile 1") && !text.contains("sans_repos"), "{name}");
        }
    }
    let named = text(exported(&case, "json", true).expect("written"));
    assert!(named.contains("etoile_001") && named.contains("sans_repos"));
}

#[test]
fn a_platform_gets_a_dossier_with_posts_and_hashes() {
    let case = made::posts::debate();
    // Without names a platform can do nothing with it: none is written, and the others are.
    assert!(exported(&case, "dossier", false).expect("written").is_empty());
    let files = exported(&case, "dossier", true).expect("written");
    assert_eq!(files.len(), 3);
    let dossier = text(files);
    // printf texte | sha256sum
    assert!(dossier.contains("| `id0x0` | `etoile_001` | 2017-05-05T16:00:00Z | `a41a6138807bea7e591acbae98d154f61ba83164c7186cd7717f79073c3144c7` |"), "{dossier}");
    for part in ["T0049.003", "`etoile_001`", "SHA-256", "Innocent explanations considered", "posts.csv"] {
        assert!(dossier.contains(part), "{part}");
    }
}

#[test]
fn coortweet_reads_pairs_older_first() {
    let table = text(exported(&made::posts::debate(), "coortweet", true).expect("written"));
    let mut rows = table.lines();
    assert_eq!(rows.next(), Some("object_id,account_id,account_id_y,content_id,content_id_y,time_delta"));
    assert!(table.contains("https://fuite.example/papiers,etoile_001,etoile_008,id0x0,id1x0,1\r\n"), "{table}");
    assert!(rows.all(|r| {
        r.rsplit(',').next().and_then(|d| d.parse::<f64>().ok()).is_some_and(|d| (0.0..=1800.0).contains(&d))
    }));
    let hidden = text(exported(&made::posts::debate(), "coortweet", false).expect("written"));
    assert!(!hidden.contains("id999") && !hidden.contains("id0x0") && hidden.contains("post-"));
}

/// Runs a Python script on a file, unless it says that what it needs is absent.
fn python(script: &str, bytes: &[u8]) {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("file");
    std::fs::write(&path, bytes).expect("written");
    let python = std::env::var("VIGIE_PYTHON").unwrap_or_else(|_| "python3".into());
    let Ok(out) = Command::new(python).arg("-c").arg(script).arg(&path).output() else {
        println!("skipped: no Python");
        return;
    };
    print!("{}", String::from_utf8_lossy(&out.stdout));
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn networkx_opens_the_network() {
    let files = exported(&made::posts::debate(), "graphml", false).expect("written");
    python(
        "import sys\ntry:\n import networkx\nexcept ImportError:\n sys.exit(print('skipped: no networkx') or 0)\n\
         g = networkx.read_graphml(sys.argv[1])\nassert g.number_of_nodes() == 77, g\n\
         assert all(d['weight'] >= 2 and d['p'] < 1e-6 for _, _, d in g.edges(data=True))\n\
         assert sum(d['first_mover'] for _, d in g.nodes(data=True)) == 1\n",
        &files["groups.graphml"],
    );
}

#[test]
fn misp_takes_the_event() {
    let mut case = made::sample();
    case.findings.extend(made::posts::debate().findings);
    let files = exported(&case, "misp", false).expect("written");
    let event: Value = serde_json::from_slice(&files["event.misp.json"]).expect("JSON");
    assert!(event["Event"]["Attribute"].as_array().is_some_and(|a| a.len() > 50));
    python(
        "import sys\ntry:\n import pymisp\nexcept ImportError:\n sys.exit(print('skipped: no pymisp') or 0)\n\
         e = pymisp.MISPEvent()\ne.load_file(sys.argv[1], validate=True)\n\
         assert all(a.type == 'ip-src' and not a.to_ids for a in e.attributes)\n",
        &files["event.misp.json"],
    );
}

const EVIL: &str = "=1+1</style></title><script>alert(1)</script><img src=x>\"'&\u{1b}[31m\u{202e}\0\r\n|`{0}";

/// Words of ours, days and times: a row with others is none.
const OURS: [&str; 13] = [
    "by",
    "kind",
    "kinds",
    "explanation",
    "outcome",
    "class",
    "sign",
    "level",
    "time",
    "first",
    "half",
    "last",
    "created",
];

/// Evil text in every field that holds text, and rows that are none.
fn hostile() -> Case {
    fn spoil(value: &mut Value) {
        match value {
            Value::String(text) if text.parse::<model::Time>().is_err() => *text = EVIL.into(),
            Value::Array(list) => list.iter_mut().for_each(spoil),
            Value::Object(fields) => {
                fields.iter_mut().filter(|(key, _)| !OURS.contains(&key.as_str())).for_each(|(_, value)| spoil(value));
            }
            _ => {}
        }
    }
    let mut case = made::posts::debate();
    let mut odd = Vec::new();
    for finding in &mut case.findings {
        let mut wrong = finding.clone();
        for value in wrong.fields.values_mut() {
            *value = match value {
                Value::Array(_) => serde_json::json!([[9e9, -1, "x"], {}, null, [u64::MAX, 0, f64::MAX]]),
                Value::Object(_) => serde_json::json!({ EVIL: EVIL, "x": [u64::MAX, 1] }),
                _ => Value::Null,
            };
        }
        wrong.key += "odd";
        odd.push(wrong);
        let mut fields = Value::Object(std::mem::take(&mut finding.fields));
        spoil(&mut fields);
        finding.fields = fields.as_object().cloned().unwrap_or_default().into();
        finding.key = EVIL.into();
        finding.title = Text::same(EVIL);
        finding.entities.iter_mut().for_each(|e| e.value = EVIL.into());
    }
    case.findings.extend(odd);
    case
}

#[test]
fn hostile_posts_are_shown_not_obeyed() {
    let case = hostile();
    for lang in [Lang::En, Lang::Fr] {
        let html = page(&case, lang);
        assert!(!html.contains("<script>alert") && !html.contains("<img") && !html.contains('\u{202e}'));
        assert_eq!(html.matches("</style>").count(), html.matches("<style>").count());
        assert!(html.contains("id=\"ties-1\"") || html.contains("ties-1-t"), "groups are told");
    }
    for (format, name) in [("graphml", "groups.graphml"), ("coortweet", "coortweet.csv")] {
        let out = String::from_utf8(exported(&case, format, true).expect("written").remove(name).expect("a file"))
            .expect("UTF-8");
        assert!(
            !out.contains("<script") && !out.contains('\0') && !out.contains(",=") && !out.contains("\n="),
            "{out}"
        );
    }
    let all = text(exported(&case, "dossier", true).expect("written"));
    assert!(!all.contains("<script"));
    let files = exported(&case, "graphml", true).expect("written");
    python("import sys, xml.dom.minidom\nxml.dom.minidom.parse(sys.argv[1])", &files["groups.graphml"]);
}

#[test]
fn below_the_threshold_there_is_no_chapter() {
    let mut case = made::posts::debate();
    case.findings.retain(|f| [Coordination::NAME, Automation::NAME].contains(&&*f.detector));
    case.findings.iter_mut().for_each(|f| f.severity = Severity::Info);
    let html = page(&case, Lang::En);
    assert!(!html.contains("id=\"amplification\"") && !html.contains("etoile"));
}

#[test]
fn a_browser_shows_the_debate_and_asks_for_nothing() {
    let html = brief(&made::posts::debate(), Lang::Fr).remove("index.html").expect("a page");
    browser::check(html, "Amplification");
}
