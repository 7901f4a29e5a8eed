//! A browser (Chromium) that loads one page as a visitor's would, and is listened to over a pipe (Chrome DevTools Protocol).
//!
//! You may rely on: its profile is a folder that who calls gives and takes away, so nothing of the user's own browser is seen or
//! changed; time, messages and bytes have bounds; the site's name leads to the address that was checked. It meets whomever the
//! page names, as every visitor's browser does: who asks for a browser asks for that. Root's browser is nobody's, and one that ran
//! without its sandbox says so. It also draws our own pictures ([`draw`]), asking for nothing. Left out: clicking on anything.

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
    /// As the browser told it, written as HTTP/1.1: what went over the wire may have been HTTP/2 or 3.
    pub sent: Vec<u8>,
    /// The browser put it on the wire; else it was ordered and came to nothing (a name without an address, a block).
    pub left: bool,
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
    /// What kept the browser from its own sandbox, where something did.
    pub unguarded: Option<&'static str>,
}

struct Pipe {
    child: Child,
    come: Receiver<String>,
    number: u64,
    run: Run,
    kept: usize,
    /// Requests as told so far: the browser's number for each, and what it says of it.
    told: Vec<(String, Value)>,
    /// Headers that it adds to a request under way, by its number, in the order of requests of that number.
    extra: Vec<(String, Value)>,
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
    fn open(program: &Path, arguments: &[String], as_nobody: Option<&Path>) -> Result<Pipe> {
        // Chromium reads orders from descriptor 3 and answers on 4; a shell puts our two ends there.
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"]).arg(program).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(home) = as_nobody {
            platform::as_nobody(&mut command, home)
                .map_err(|e| trouble("could not be given a folder of its own").because(e))?;
        }
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
        Ok(Pipe { child, come, number: 0, run: Run::default(), kept: 0, told: Vec::new(), extra: Vec::new() })
    }

    fn order(&mut self, session: Option<&str>, method: &str, params: Value) -> Result<u64> {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let ends = trouble(WENT_AWAY);
        let stdin = self.child.stdin.as_mut().ok_or(ends)?;
        let text = message.to_string() + "\0";
        stdin.write_all(text.as_bytes()).and_then(|()| stdin.flush()).map_err(|e| trouble(WENT_AWAY).because(e))?;
        Ok(self.number)
    }

    /// The next message, noted; none where the time is up.
    fn hear(&mut self, until: Instant) -> Result<Option<Value>> {
        let text = match self.come.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(text) => text,
            Err(RecvTimeoutError::Timeout) => return Ok(None),
            Err(RecvTimeoutError::Disconnected) => return Err(trouble(WENT_AWAY)),
        };
        let message: Value = serde_json::from_str(&text).unwrap_or_default();
        if message["method"].as_str().is_some_and(|m| m.starts_with("Network.")) && self.kept + text.len() <= MESSAGES {
            self.kept += text.len();
            self.run.messages.push(text);
        }
        let number = message["params"]["requestId"].as_str().unwrap_or_default().to_string();
        let url = message["params"]["request"]["url"].as_str().unwrap_or_default();
        if message["method"] == "Network.requestWillBeSent" && self.told.len() < REQUESTS && url.starts_with("http") {
            self.told.push((number, message["params"]["request"].clone()));
        } else if message["method"] == "Network.requestWillBeSentExtraInfo" && self.extra.len() < REQUESTS {
            self.extra.push((number, message["params"]["headers"].clone()));
        }
        Ok(Some(message))
    }

    /// Requests with the headers that were added to them: of one number (redirections keep it) the first belongs to the first.
    fn requests(&mut self) -> Vec<Request> {
        let mut extra = std::mem::take(&mut self.extra);
        let mut all = Vec::new();
        for (number, request) in std::mem::take(&mut self.told) {
            let added = extra.iter().position(|(n, _)| *n == number).map(|at| extra.remove(at).1);
            all.push(written(&request, added.as_ref()));
        }
        all
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

/// A request as HTTP/1.1 would write it.
fn written(request: &Value, added: Option<&Value>) -> Request {
    let headers = added.unwrap_or(&request["headers"]);
    let part = |key: &str| request[key].as_str().unwrap_or_default();
    let (method, url) = (part("method"), part("url"));
    let rest = url.split_once("://").map_or("", |(_, r)| r);
    let cut = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = (&rest[..cut], rest[cut..].split('#').next().unwrap_or(""));
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut text = format!("{method} {slash}{path} HTTP/1.1\r\n");
    let given: Vec<(&String, &Value)> = headers.as_object().into_iter().flatten().collect();
    if !given.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        text += &format!("Host: {host}\r\n");
    }
    for (name, value) in given.into_iter().filter(|(name, _)| !name.starts_with(':')) {
        text += &format!("{name}: {}\r\n", value.as_str().unwrap_or_default().replace(['\r', '\n'], " "));
    }
    text += "\r\n";
    text += part("postData");
    Request { method: method.into(), url: url.into(), sent: text.into_bytes(), left: added.is_some() }
}

/// Where Chromium is, if it is.
fn program() -> Result<std::path::PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::env::split_paths(&path).flat_map(|d| NAMES.map(|n| d.join(n)));
    all.into_iter()
        .find(|p| p.is_file())
        .ok_or_else(|| Error::new("no browser was found").hint("install Chromium (`apt-get install chromium`)"))
}

/// Loads a page. `host` is led to `address`; `profile` is an empty folder; `as_root`: we are root, and the browser is started as
/// nobody, whom that folder is given to; `any_certificate`: of a site whose authority only we know. Where its own sandbox cannot
/// be had it runs without, as nobody, and [`Run::unguarded`] says so.
pub fn look(
    online: &Online,
    url: &str,
    host: (&str, IpAddr),
    profile: &Path,
    as_root: bool,
    any_certificate: bool,
) -> Result<Run> {
    match once(online, url, host, profile, as_root, (any_certificate, true)) {
        Err(e) if e.to_string().contains(WENT_AWAY) => {
            let mut run = once(online, url, host, profile, as_root, (any_certificate, false))?;
            run.unguarded = Some(if as_root {
                "its sandbox could not be had; it ran without, as nobody"
            } else {
                "its sandbox could not be had; it ran without, as the user who asked"
            });
            Ok(run)
        }
        done => done,
    }
}

/// How a browser that ended is told: one that cannot have its sandbox ends at once.
const WENT_AWAY: &str = "went away";

/// A browser with an empty page, and the page's session.
fn start(profile: &Path, as_root: bool, sandbox: bool, more: Vec<String>) -> Result<(Pipe, String)> {
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
    arguments.extend(more);
    arguments.extend((!sandbox).then(|| "--no-sandbox".to_string()));
    arguments.push("about:blank".into());
    let mut pipe = Pipe::open(&program()?, &arguments, as_root.then_some(profile))?;
    let target = pipe.ask(None, "Target.createTarget", json!({ "url": "about:blank" }))?["targetId"].clone();
    let session = pipe.ask(None, "Target.attachToTarget", json!({ "targetId": target, "flatten": true }))?["sessionId"]
        .as_str()
        .ok_or_else(|| trouble("has no page"))?
        .to_string();
    Ok((pipe, session))
}

/// Draws pictures (SVG) as PNG, twice as many pixels as they have units; each is given to `each` by its name. Nothing is asked for
/// from anywhere: no name leads to an address, and the page may load nothing. `profile` and `as_root` as in [`look`].
pub fn draw(
    pictures: &[(String, String)],
    profile: &Path,
    as_root: bool,
    each: &mut dyn FnMut(&str, &[u8]) -> Result<()>,
) -> Result<()> {
    let nowhere = || vec!["--host-resolver-rules=MAP * ~NOTFOUND".to_string(), "--hide-scrollbars".to_string()];
    let begun = match start(profile, as_root, true, nowhere()) {
        Err(e) if e.to_string().contains(WENT_AWAY) => start(profile, as_root, false, nowhere()),
        begun => begun,
    };
    let (mut pipe, session) = begun?;
    let session = Some(session.as_str());
    let frame = pipe.ask(session, "Page.getFrameTree", json!({}))?["frameTree"]["frame"]["id"].clone();
    pipe.ask(session, "Emulation.setScriptExecutionDisabled", json!({ "value": true }))?;
    for (name, svg) in pictures {
        let (width, height) = extent(svg).ok_or_else(|| Error::new(format!("`{name}` says no size")))?;
        let html = format!(
            "<!doctype html><meta charset=utf-8><meta http-equiv=Content-Security-Policy content=\"default-src 'none'; \
             style-src 'unsafe-inline'\"><style>body{{margin:0}}svg{{display:block;width:{width}px;height:{height}px}}</style>{svg}"
        );
        let screen = json!({ "width": width.ceil(), "height": height.ceil(), "deviceScaleFactor": 2, "mobile": false });
        pipe.ask(session, "Emulation.setDeviceMetricsOverride", screen)?;
        pipe.ask(session, "Page.setDocumentContent", json!({ "frameId": frame, "html": html }))?;
        let shot = pipe.ask(session, "Page.captureScreenshot", json!({ "format": "png" }))?;
        let data = shot["data"].as_str().unwrap_or_default();
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data)
            .ok()
            .filter(|b| b.starts_with(b"\x89PNG"))
            .ok_or_else(|| trouble(&format!("drew nothing of `{name}`")))?;
        each(name, &bytes)?;
    }
    let _ = pipe.order(None, "Browser.close", json!({}));
    Ok(())
}

/// The largest side of a picture that is drawn.
const SIDE: f64 = 4_000.0;

/// How wide and how high a picture is, by its `viewBox`.
fn extent(svg: &str) -> Option<(f64, f64)> {
    let (_, after) = svg.split_once("viewBox=\"")?;
    let (text, _) = after.split_once('"')?;
    let all: Vec<f64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    let [_, _, width, height] = all[..] else { return None };
    ((1.0..=SIDE).contains(&width) && (1.0..=SIDE).contains(&height)).then_some((width, height))
}

fn once(
    _: &Online,
    url: &str,
    (host, address): (&str, IpAddr),
    profile: &Path,
    as_root: bool,
    (any_certificate, sandbox): (bool, bool),
) -> Result<Run> {
    let mapped = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
    let mut more = vec![format!("--host-resolver-rules=MAP {host} {mapped}")];
    more.extend(any_certificate.then(|| "--ignore-certificate-errors".to_string()));
    let (mut pipe, session) = start(profile, as_root, sandbox, more)?;
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
    pipe.run.requests = pipe.requests();
    Ok(std::mem::take(&mut pipe.run))
}

#[cfg(test)]
mod tests {
    use super::extent;

    #[test]
    fn a_picture_says_how_large_it_is() {
        assert_eq!(extent("<svg viewBox=\"0 0 920 300.5\" role=\"img\">"), Some((920.0, 300.5)));
        for wrong in ["<svg>", "viewBox=\"0 0 9\"", "viewBox=\"0 0 9 99999\"", "viewBox=\"0 0 0 9\""] {
            assert_eq!(extent(wrong), None, "{wrong}");
        }
    }
}
