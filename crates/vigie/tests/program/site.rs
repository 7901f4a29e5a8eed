//! One's own site, on this machine.

use super::{lines, place, run};
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
