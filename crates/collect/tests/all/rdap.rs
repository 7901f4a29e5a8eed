//! RDAP against a server on this machine.

use crate::server::{Said, serve};
use collect::Online;
use collect::http::Client;
use collect::rdap::{Bootstrap, Rdap};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const DOMAIN: &str = "decoy.example";

/// What is written about a domain, and the paths asked for.
fn ask(say: impl Fn(&str, &str) -> Said + Send + Sync + 'static) -> (Vec<Value>, Vec<String>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (seen, base) = (asked.clone(), Arc::new(Mutex::new(String::new())));
    let own = base.clone();
    let url = serve(move |path| {
        seen.lock().expect("one at a time").push(path.to_string());
        say(path, &own.lock().expect("one at a time"))
    });
    *base.lock().expect("one at a time") = url.clone();
    let client = Client::new(&Online::granted());
    let rdap = Rdap {
        client: &client,
        bootstrap: Bootstrap::default(),
        server: Some(format!("{url}/rdap/")),
        clock: &|| model::Time::from_seconds(1_795_300_000),
        suspects: [DOMAIN.to_string()].into(),
    };
    let lines = rdap.ask(DOMAIN);
    let asked = asked.lock().expect("one at a time").clone();
    (lines, asked)
}

fn answer(links: Value) -> Said {
    Said::ok(
        json!({ "objectClassName": "domain", "ldhName": "DECOY.EXAMPLE", "links": links,
        "events": [{ "eventAction": "registration", "eventDate": "2017-03-15T09:12:00Z" }] })
        .to_string(),
    )
}

#[test]
fn the_registry_answers_and_its_registrar_adds_once() {
    let (lines, asked) = ask(|path, base| match path {
        "/rdap/domain/decoy.example" => answer(json!([
            { "rel": "self", "href": format!("{base}/rdap/domain/decoy.example") },
            { "rel": "related", "type": "text/html", "href": format!("{base}/page/domain/decoy.example") },
            { "rel": "related", "type": "application/rdap+json", "href": format!("{base}/registrar/domain/DECOY.EXAMPLE") },
        ])),
        "/registrar/domain/DECOY.EXAMPLE" => answer(json!([
            { "rel": "related", "type": "application/rdap+json", "href": format!("{base}/again/domain/decoy.example") },
        ])),
        _ => Said::none(),
    });
    assert_eq!(asked, ["/rdap/domain/decoy.example", "/registrar/domain/DECOY.EXAMPLE"]);
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert_eq!((&line["ldhName"], &line["seen"]), (&"DECOY.EXAMPLE".into(), &"2026-11-21T22:26:40Z".into()));
        assert!(line["source"].as_str().is_some_and(|s| s.starts_with("http://127.0.0.1:")));
    }
}

#[test]
fn failure_is_written_and_told_from_absence() {
    let check = |say: fn(&str, &str) -> Said, what: &str, status: Option<u16>| {
        let line = ask(say).0.remove(0);
        assert_eq!((&line["name"], &line["status_code"]), (&DOMAIN.into(), &json!(status)), "{line}");
        assert!(line["rdap"].as_str().is_some_and(|r| r.contains(what)), "{line}");
    };
    check(|_, _| Said::none(), "not found", Some(404));
    check(|_, _| Said { status: 403, ..Said::default() }, "would not say", Some(403));
    check(|_, _| Said::ok("<html>"), "no JSON", Some(200));
    check(|_, _| Said::ok("{}"), "no domain", Some(200));
    check(|_, _| Said::ok("[".repeat(100_000)), "no JSON", Some(200));
    check(|_, _| Said::ok(" ".repeat(2 << 20)), "longer than", None);
    let sent = |to: &str| Said { status: 302, headers: format!("location: {to}\r\n"), body: Vec::new() };
    assert_eq!(ask(move |path, _| sent(&format!("{path}x"))).1.len(), 4, "redirections end");
    check(
        |_, _| Said { status: 302, headers: "location: https://www.decoy.example/\r\n".into(), body: Vec::new() },
        "suspect",
        None,
    );
    check(
        |_, _| Said { status: 302, headers: "location: https://192.0.2.1/x\r\n".into(), body: Vec::new() },
        "has a name",
        None,
    );
    check(
        |_, _| Said { status: 302, headers: "location: http://rdap.example/x\r\n".into(), body: Vec::new() },
        "https",
        None,
    );
}

#[test]
fn a_redirection_is_followed() {
    let (lines, asked) = ask(|path, _| match path {
        "/moved/domain/decoy.example" => answer(json!([])),
        _ => Said { status: 301, headers: "location: /moved/domain/decoy.example\r\n".into(), body: Vec::new() },
    });
    assert_eq!((asked.len(), &lines[0]["ldhName"]), (2, &"DECOY.EXAMPLE".into()));
}
