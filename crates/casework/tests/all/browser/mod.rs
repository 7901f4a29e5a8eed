//! Opens a page in headless Chromium from a server on loopback that counts what is asked for.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Shows, prints and photographs the page; skipped with a message where there is no Chromium.
pub fn check(html: Vec<u8>, heading: &str) {
    let Some(program) = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .into_iter()
        .find(|p| Path::new(p).exists())
    else {
        println!("skipped: no Chromium on this machine");
        return;
    };
    let asked = Arc::new(Mutex::new(Vec::new()));
    let address = serve(html, Arc::clone(&asked));
    let directory = tempfile::tempdir().expect("a directory");
    let (picture, blank, print) =
        (directory.path().join("page.png"), directory.path().join("blank.png"), directory.path().join("page.pdf"));
    let run = |action: String, url: &str| chromium(program, directory.path(), &action, url);

    let dom = run("--dump-dom".into(), &address);
    assert!(dom.contains(heading), "the heading does not show");
    run(format!("--screenshot={}", picture.display()), &address);
    run(format!("--screenshot={}", blank.display()), "about:blank");
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |m| m.len());
    assert!(size(&picture) > 4 * size(&blank) && size(&blank) > 0, "the page is blank");
    run(format!("--print-to-pdf={}", print.display()), &address);
    let pdf = std::fs::read(&print).expect("a print");
    let pages = pdf.windows(11).filter(|w| w.starts_with(b"/Type /Page") && w.len() == 11).count();
    assert!(pdf.starts_with(b"%PDF") && pages >= 1);

    let asked = asked.lock().expect("the server lives").clone();
    assert_eq!(asked, ["/", "/", "/"], "the page asked for more than itself");
}

/// Serves the page under `/`, writes down every path asked for.
fn serve(html: Vec<u8>, asked: Arc<Mutex<Vec<String>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            // A browser opens connections ahead of need and says nothing on them.
            let Some(first) = lines.next() else { continue };
            lines.take_while(|l| !l.is_empty()).for_each(drop);
            asked.lock().expect("the test lives").push(first.split(' ').nth(1).unwrap_or("?").to_string());
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                html.len()
            );
            let _ = (&stream).write_all(head.as_bytes()).and_then(|()| (&stream).write_all(&html));
        }
    });
    address
}

fn chromium(program: &str, directory: &Path, action: &str, url: &str) -> String {
    let output = directory.join("stdout");
    let mut child = Command::new(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        // Whatever is not loopback fails at once instead of waiting for a network.
        .arg("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
        .arg(format!("--user-data-dir={}", directory.join("profile").display()))
        .args(["--window-size=1100,1500", action, url])
        .stdout(std::fs::File::create(&output).expect("a file"))
        .stderr(Stdio::null())
        .spawn()
        .expect("Chromium starts");
    let began = Instant::now();
    while child.try_wait().expect("our child").is_none() {
        if began.elapsed() > Duration::from_secs(90) {
            let _ = child.kill();
            panic!("Chromium hangs on {action}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    std::fs::read_to_string(output).unwrap_or_default()
}
