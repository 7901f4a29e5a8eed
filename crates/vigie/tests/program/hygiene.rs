//! The guide, answered in a case.

use super::{lines, place, run};
use std::fs;

#[test]
fn a_campaign_answers_and_the_brief_tells() {
    let dir = place();
    let at = dir.path();
    run(at, &["init", "case", "--name", "Us", "--protect", "example.org"], 0);
    let blank = lines(&run(at, &["hygiene", "case", "--json"], 0));
    assert_eq!(
        (&blank[0]["answered"], &blank[0]["measures"], &blank[0]["score"]),
        (&0.into(), &54.into(), &serde_json::Value::Null)
    );
    run(
        at,
        &["hygiene", "case", "--answer", "13=partly", "--who", "press", "--owner", "Ada", "--due", "2027-01-15"],
        0,
    );
    run(at, &["hygiene", "case", "--answer", "39=standard", "--evidence", "minutes.pdf"], 0);
    run(at, &["hygiene", "case", "--html", "guide.html", "--ics", "plan.ics", "--lang", "fr"], 0);
    assert!(fs::read_to_string(at.join("guide.html")).expect("a page").contains("Un second facteur"));
    assert!(fs::read_to_string(at.join("plan.ics")).expect("a calendar").contains("DUE;VALUE=DATE:20270115"));
    let told = lines(&run(at, &["hygiene", "case", "--json"], 0));
    assert_eq!(told[0]["plan"], serde_json::json!(["13"]));
    run(at, &["run", "case"], 0);
    let brief = crate::brief(&at.join("case"));
    assert!(brief.contains("Are we ready?") && brief.contains("A second factor"));
    run(at, &["verify", "case"], 0);
    for wrong in [
        &["hygiene", "case", "--answer", "99=no"][..],
        &["hygiene", "case", "--answer", "1=maybe"],
        &["hygiene", "none"],
    ] {
        run(at, wrong, 2);
    }
    let questions = run(at, &["hygiene", "case", "--questions"], 0);
    fs::write(at.join("case/hygiene.toml"), questions).expect("written");
    run(at, &["hygiene", "case"], 0);
    fs::write(at.join("case/hygiene.toml"), "[[answer]]\nmeasure = \"99\"\n").expect("written");
    run(at, &["hygiene", "case"], 2);
}
