//! A browser (Chromium) that loads one page as a visitor's would, and is listened to over a pipe (Chrome DevTools Protocol).
//!
//! You may rely on: its profile is a folder that who calls gives and takes away, so nothing of the user's own browser is seen or
//! changed; time, messages and bytes have bounds; the site's name leads to the address that was checked. It meets whomever the
//! page names, as every visitor's browser does: who asks for a browser asks for that. Left out: clicking on anything.

use crate::Online;
use model::{Error, Result};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::IpAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// What it is called where.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// For the page to be loaded.
const LOADING: Duration = Duration::from_secs(20);
/// After that: scripts that wait before they call.
const SETTLING: Duration = Duration::from_secs(3);
/// For one answer of the browser.
const ANSWER: Duration = Duration::from_secs(15);
/// Bytes of one message, and of all that are kept.
const MESSAGE: u64 = 32 << 20;
const MESSAGES: usize = 64 << 20;
/// Requests that are told.
const REQUESTS: usize = 5_000;

/// A request that left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// How and where.
    pub method: String,
    /// Its address.
    pub url: String,
}

/// A cookie that is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Whose.
    pub domain: String,
    /// It outlives the browser.
    pub stays: bool,
}

/// What was seen while nobody clicked on anything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Run {
    /// Requests, in order.
    pub requests: Vec<Request>,
    /// Cookies.
    pub cookies: Vec<Cookie>,
    /// Names in the page's storage.
    pub storage: Vec<String>,
    /// The page as it stood then.
    pub page: String,
    /// All messages of the browser about it, as they came: the evidence.
    pub messages: Vec<String>,
}

struct Pipe {
    child: Child,
    come: Receiver<String>,
    number: u64,
    run: Run,
    kept: usize,
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn trouble(what: &str) -> Error {
    Error::new(format!("the browser {what}"))
}

impl Pipe {
    fn open(program: &Path, arguments: &[String]) -> Result<Pipe> {
        // Chromium reads orders from descriptor 3 and answers on 4; a shell puts our two ends there.
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"]).arg(program).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|e| trouble("could not be started").because(e))?;
        let out = child.stdout.take().ok_or_else(|| trouble("has no voice"))?;
        let (send, come) = channel();
        std::thread::spawn(move || {
            let mut out = BufReader::new(out);
            loop {
                let mut bytes = Vec::new();
                match out.by_ref().take(MESSAGE).read_until(0, &mut bytes) {
                    Ok(n) if n > 0 && bytes.last() == Some(&0) => bytes.pop(),
                    _ => return,
                };
                if send.send(String::from_utf8_lossy(&bytes).into_owned()).is_err() {
                    return;
                }
            }
        });
        Ok(Pipe { child, come, number: 0, run: Run::default(), kept: 0 })
    }

    fn order(&mut self, session: Option<&str>, method: &str, params: Value) -> Result<u64> {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let ends = trouble("went away");
        let stdin = self.child.stdin.as_mut().ok_or(ends)?;
        let text = message.to_string() + "\0";
        stdin.write_all(text.as_bytes()).and_then(|()| stdin.flush()).map_err(|e| trouble("went away").because(e))?;
        Ok(self.number)
    }

    /// The next message, noted; none where the time is up.
    fn hear(&mut self, until: Instant) -> Result<Option<Value>> {
        let text = match self.come.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(text) => text,
            Err(RecvTimeoutError::Timeout) => return Ok(None),
            Err(RecvTimeoutError::Disconnected) => return Err(trouble("went away")),
        };
        let message: Value = serde_json::from_str(&text).unwrap_or_default();
        if message["method"].as_str().is_some_and(|m| m.starts_with("Network.")) && self.kept + text.len() <= MESSAGES {
            self.kept += text.len();
            self.run.messages.push(text);
        }
        if message["method"] == "Network.requestWillBeSent" && self.run.requests.len() < REQUESTS {
            let request = &message["params"]["request"];
            let part = |key: &str| request[key].as_str().unwrap_or_default().to_string();
            let (method, url) = (part("method"), part("url"));
            if url.starts_with("http") {
                self.run.requests.push(Request { method, url });
            }
        }
        Ok(Some(message))
    }

    fn ask(&mut self, session: Option<&str>, method: &str, params: Value) -> Result<Value> {
        let number = self.order(session, method, params)?;
        let until = Instant::now() + ANSWER;
        while let Some(mut message) = self.hear(until)? {
            if message["id"] == number {
                return Ok(message["result"].take());
            }
        }
        Err(trouble(&format!("did not answer `{method}`")))
    }

    /// Listens until an event comes or the time is up.
    fn listen(&mut self, event: &str, time: Duration) -> Result<()> {
        let until = Instant::now() + time;
        while let Some(message) = self.hear(until)? {
            if message["method"] == event {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Where Chromium is, if it is.
fn program() -> Result<std::path::PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::env::split_paths(&path).flat_map(|d| NAMES.map(|n| d.join(n)));
    all.into_iter()
        .find(|p| p.is_file())
        .ok_or_else(|| Error::new("no browser was found").hint("install Chromium (`apt-get install chromium`)"))
}

/// Loads a page. `host` is led to `address`; `profile` is an empty folder; `as_root`: without the browser's own sandbox, which
/// it cannot have then; `any_certificate`: of a site whose authority only we know.
pub fn look(
    _: &Online,
    url: &str,
    (host, address): (&str, IpAddr),
    profile: &Path,
    as_root: bool,
    any_certificate: bool,
) -> Result<Run> {
    let mapped = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--remote-debugging-pipe",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-sync",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--metrics-recording-only",
        "--mute-audio",
    ]
    .map(String::from)
    .to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--host-resolver-rules=MAP {host} {mapped}"));
    arguments.extend(as_root.then(|| "--no-sandbox".to_string()));
    arguments.extend(any_certificate.then(|| "--ignore-certificate-errors".to_string()));
    arguments.push("about:blank".into());
    let mut pipe = Pipe::open(&program()?, &arguments)?;
    let target = pipe.ask(None, "Target.createTarget", json!({ "url": "about:blank" }))?["targetId"].clone();
    let session = pipe.ask(None, "Target.attachToTarget", json!({ "targetId": target, "flatten": true }))?["sessionId"]
        .as_str()
        .ok_or_else(|| trouble("has no page"))?
        .to_string();
    let session = Some(session.as_str());
    pipe.ask(session, "Network.enable", json!({}))?;
    pipe.ask(session, "Page.enable", json!({}))?;
    let went = pipe.ask(session, "Page.navigate", json!({ "url": url }))?;
    if let Some(why) = went["errorText"].as_str() {
        return Err(Error::new(format!("the browser could not load `{url}`")).because(why.to_string()));
    }
    pipe.listen("Page.loadEventFired", LOADING)?;
    pipe.listen("", SETTLING)?;
    let cookies = pipe.ask(session, "Network.getAllCookies", json!({}))?;
    for cookie in cookies["cookies"].as_array().into_iter().flatten() {
        let part = |key: &str| cookie[key].as_str().unwrap_or_default().to_string();
        let stays = cookie["session"] == false;
        pipe.run.cookies.push(Cookie { name: part("name"), domain: part("domain"), stays });
    }
    let mut said = |expression: &str| -> Result<String> {
        let value =
            pipe.ask(session, "Runtime.evaluate", json!({ "expression": expression, "returnByValue": true }))?;
        Ok(value["result"]["value"].as_str().unwrap_or_default().to_string())
    };
    let names = said("JSON.stringify([...Object.keys(localStorage), ...Object.keys(sessionStorage)])")?;
    let page = said("document.documentElement.outerHTML.slice(0, 2097152)")?;
    pipe.run.storage = serde_json::from_str(&names).unwrap_or_default();
    pipe.run.storage.sort();
    pipe.run.page = page;
    let _ = pipe.order(None, "Browser.close", json!({}));
    Ok(std::mem::take(&mut pipe.run))
}
