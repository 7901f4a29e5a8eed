//! One's own site, on this machine.

#[path = "../../../collect/tests/all/nginx.rs"]
#[allow(dead_code, reason = "made for the tests of `collect`, which use all of it")]
mod nginx;

use super::collect::unbound;
use super::{lines, place, run, told};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;

/// Answers so many requests with these bytes; gives the port.
fn served(answer: &'static str, times: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(times) {
            let Ok(mut stream) = stream else { continue };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

#[test]
fn a_site_is_graded() {
    let dir = place();
    let port = served(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nServer: nginx/1.22.1\r\nX-Content-Type-Options: nosniff\r\n\r\n<p>Bonjour</p>",
        20,
    );
    let told = &lines(&run(dir.path(), &["site", &format!("http://127.0.0.1:{port}"), "--json"], 0))[0];
    assert_eq!(told["tests"]["x-content-type-options"]["result"], "x-content-type-options-nosniff");
    assert_eq!(told["tests"]["strict-transport-security"]["score_modifier"], -20);
    assert!(told["grade"].is_string() && told["privacy_score"].is_u64());
    let ids: Vec<&str> =
        told["findings"].as_array().expect("findings").iter().filter_map(|f| f["id"].as_str()).collect();
    assert!(ids.contains(&"no-https") && ids.contains(&"version-told"), "{ids:?}");
    run(dir.path(), &["site", &format!("http://127.0.0.1:{port}"), "--fail-on", "high"], 1);
}

#[test]
fn what_cannot_be_examined_is_said() {
    let dir = place();
    let port = served("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /\n", 20);
    run(dir.path(), &["site", &format!("http://127.0.0.1:{port}")], 2);
    let port = served("garbage", 20);
    run(dir.path(), &["site", &format!("http://127.0.0.1:{port}")], 2);
    for wrong in ["ftp://127.0.0.1", "http://", "a b", "http://127.0.0.1:99999"] {
        run(dir.path(), &["site", wrong], 2);
    }
    run(dir.path(), &["site", "127.0.0.1", "--resolve", "nonsense"], 2);
}

/// Ids of the findings of the first site told.
fn ids(told: &[Value]) -> Vec<String> {
    let all = told[0]["findings"].as_array().expect("findings");
    all.iter().filter_map(|f| f["id"].as_str()).map(str::to_string).collect()
}

#[test]
fn only_an_owner_probes_and_what_changed_is_said() {
    let Some(nginx) = nginx::nginx("ssl_protocols TLSv1.2 TLSv1.3;", "autoindex on;") else { return };
    let www = nginx.place.path().join("www");
    for folder in [".git", "uploads"] {
        fs::create_dir(www.join(folder)).expect("a folder");
    }
    fs::write(www.join(".git/HEAD"), "ref: refs/heads/main\n").expect("written");
    fs::write(
        www.join("index.html"),
        "<script src=/jquery-1.8.3.min.js></script><form action=/j><input name=email></form>",
    )
    .expect("written");
    let (dir, url) = (place(), format!("https://site.test:{}", nginx.ports.1));
    let (resolve, ca) = (format!("site.test:{}:127.0.0.1", nginx.ports.1), nginx.place.path().join("ca.pem"));
    let asked = ["site", &url, "--resolve", &resolve, "--ca", ca.to_str().expect("a path"), "--keep", "kept", "--json"];
    let with = |more: &[&str]| lines(&run(dir.path(), &[&asked[..], more].concat(), 0));
    let visited = with(&["--at", "2026-11-01"]);
    let found = ids(&visited);
    for id in ["vulnerable-library", "form-without-consent", "form-in-address", "content-security-policy", "no-cache"] {
        assert!(found.iter().any(|f| f == id), "{id} in {found:?}");
    }
    assert!(!found.iter().any(|f| f == "secret-exposed"), "{found:?}");
    assert_eq!(visited[0]["tls"]["TLS1_2"]["finding"], "offered");
    let probed = with(&["--at", "2026-11-02", "--owner", "--sarif", "site.sarif"]);
    let found = ids(&probed);
    assert!(found.iter().any(|f| f == "secret-exposed") && found.iter().any(|f| f == "directory-listed"), "{found:?}");
    assert_eq!((&probed[0]["owner"], &probed[0]["change"]["gone"]), (&"loopback".into(), &serde_json::json!([])));
    assert!(probed[0]["change"]["new"].as_array().is_some_and(|n| n.iter().any(|f| f["id"] == "secret-exposed")));
    let sarif: Value =
        serde_json::from_str(&fs::read_to_string(dir.path().join("site.sarif")).expect("SARIF")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert!(results.iter().any(|r| r["ruleId"] == "secret-exposed" && r["level"] == "error"));
    let evidence = probed[0]["evidence"]["file"].as_str().expect("a file");
    let kept = lines(&fs::read_to_string(dir.path().join(evidence)).expect("evidence"));
    let asked_for = |what: &str| kept.iter().any(|e| e["what"].as_str().is_some_and(|w| w.ends_with(what)));
    assert!(asked_for("/.git/HEAD") && asked_for("tls"));
}

#[test]
fn the_dns_is_asked_and_private_addresses_are_refused() {
    let more = " local-data: 'site.test. 300 IN A 127.0.0.1'\n local-data: 'site.test. 300 IN MX 10 mx.site.test.'\n \
                local-data: 'site.test. 300 IN TXT \"v=spf1 +all\"'\n local-data: '_dmarc.site.test. 300 IN TXT \"v=DMARC1; p=none\"'\n \
                local-data: 'site.test. 300 IN CAA 0 issue \"letsencrypt.org\"'\n";
    let Some(unbound) = unbound::unbound(more) else { return };
    let resolver = unbound.resolver.servers[0].to_string();
    let dir = place();
    let port = served("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Bonjour</p>", 40);
    let url = format!("http://site.test:{port}");
    // A name that leads here was not meant to: a name is asked once, and what it leads to is checked.
    let refused = told(dir.path(), &["site", &url, "--resolver", &resolver]);
    assert!(refused.contains("private network"), "{refused}");
    let resolve = format!("site.test:{port}:127.0.0.1");
    run(dir.path(), &["init", "case", "--name", "Us", "--protect", "site.test"], 0);
    let asked = ["site", &url, "--resolver", &resolver, "--resolve", &resolve, "--case", "case", "--json"];
    let told = lines(&run(dir.path(), &asked, 0));
    let found = ids(&told);
    for id in ["mail-spf-allows-all", "mail-dmarc-none", "dns-no-ipv6"] {
        assert!(found.iter().any(|f| f == id), "{id} in {found:?}");
    }
    assert_eq!(told[0]["dns"]["caa"], serde_json::json!(["0 issue \"letsencrypt.org\""]));
    assert!(!found.iter().any(|f| f == "dns-no-caa"));
    // The guide and the brief know it.
    let guide = lines(&run(dir.path(), &["hygiene", "case", "--json"], 0));
    let of = |n: &str| guide.iter().find(|l| l["measure"] == n && l["title"].is_string()).expect("a measure").clone();
    assert!(of("24")["facts"][0]["text"].as_str().is_some_and(|t| t.contains("`none`")), "{}", of("24"));
    assert!(of("21")["facts"][0]["text"].as_str().is_some_and(|t| t.contains("no-https")), "{}", of("21"));
    run(dir.path(), &["run", "case"], 0);
    let brief = crate::brief(&dir.path().join("case"));
    assert!(brief.contains("Our own sites") && brief.contains("site.test"));
    run(dir.path(), &["verify", "case"], 0);
}

#[test]
fn answers_without_end_end() {
    let dir = place();
    for answer in [
        "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.test/\r\n\r\n",
    ] {
        let url = format!("http://127.0.0.1:{}", served(answer, 80));
        let told = lines(&run(dir.path(), &["site", &url, "--json"], 0));
        assert!(told[0]["grade"].is_string());
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(40) {
            let Ok(mut stream) = stream else { continue };
            std::thread::spawn(move || {
                let _ = stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4294967296\r\n\r\n");
                while stream.write_all(&[b'<'; 65536]).is_ok() {}
            });
        }
    });
    let told = lines(&run(dir.path(), &["site", &format!("http://127.0.0.1:{port}"), "--json"], 0));
    assert!(ids(&told).iter().any(|f| f == "heavy-page"));
    fs::write(dir.path().join("sites.txt"), format!("# ours\nhttp://127.0.0.1:{port}\nhttp://127.0.0.1:1\n"))
        .expect("written");
    assert_eq!(lines(&run(dir.path(), &["site", "--list", "sites.txt", "--json"], 2)).len(), 1);
}
