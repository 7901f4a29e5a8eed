//! Who listens is shown every event of a log, in the order of its lines, with its fields and its place; and the rows
//! are the same whether anybody listens or not.

use model::{Budget, Config, Context, Ear, Event, Listener, Note, Observation, Sink, Skip, Tally, Time};
use sensors::input::Input;
use sensors::testing::Memory;
use std::io::Cursor;
use std::sync::{Arc, Mutex};

/// Line, place and everything that was shown of each event.
type Heard = Vec<(u64, u64, String)>;

#[derive(Clone, Default)]
struct Ledger(Arc<Mutex<Heard>>);

struct Stretch {
    ledger: Ledger,
    heard: Heard,
}

impl Listener for Ledger {
    fn ear(&self) -> Box<dyn Ear> {
        Box::new(Stretch { ledger: self.clone(), heard: Vec::new() })
    }
}

impl Ear for Stretch {
    fn event(&mut self, event: &Event) {
        assert_eq!(event.raw.len() as u64, event.place.len);
        let fields: Vec<String> = event.fields().map(|(name, value)| format!("{name}={value}")).collect();
        let time = event.time.map_or("-".into(), |t| t.to_string());
        let source = [event.source.category, event.source.product, event.source.service].concat();
        let text = format!("{source} {time} {}x {}", event.count, fields.join(" "));
        self.heard.push((event.place.line, event.place.start, text));
    }
    fn end(self: Box<Self>, line: u64, _: &mut dyn Sink) {
        let mut all = self.ledger.0.lock().expect("nobody panics with it");
        all.extend(self.heard.into_iter().map(|(n, start, text)| (line + n, start, text)));
    }
}

/// A case whose owner listens, or not.
struct Listening {
    memory: Memory,
    ledger: Option<Ledger>,
}

impl Sink for Listening {
    fn observation(&mut self, observation: Observation) {
        self.memory.observation(observation);
    }
    fn tally(&mut self, tally: Tally) {
        self.memory.tally(tally);
    }
    fn skip(&mut self, skip: Skip) {
        self.memory.skip(skip);
    }
    fn note(&mut self, note: Note) {
        self.memory.note(note);
    }
    fn listener(&self) -> Option<Arc<dyn Listener>> {
        self.ledger.clone().map(|l| Arc::new(l) as Arc<dyn Listener>)
    }
}

/// What was heard, and every row as text.
fn read(sensor: &str, log: &str, listen: bool) -> (Heard, String) {
    let (config, origins) = (Config::default(), sensors::origin::Origin::default());
    let context = Context { config: &config, origins: &origins, at: Time::from_seconds(1_500_000_000), modified: None };
    let bytes = log.as_bytes().to_vec();
    let mut input = Input::open(Box::new(Cursor::new(bytes)), Budget::default()).expect("memory never fails to read");
    let mut out = Listening { memory: Memory::new(), ledger: listen.then(Ledger::default) };
    let sensor = sensors::sensor(sensor).expect("the sensor is there");
    sensor.read(&mut input, &context, &mut out).expect("evidence never makes a reader fail");
    let rows = format!("{:?} {:?} {:?}", out.memory.observations, out.memory.tallies, out.memory.skips);
    let heard = out.ledger.map(|l| l.0.lock().expect("nobody panics with it").clone()).unwrap_or_default();
    (heard, rows)
}

/// Reads with and without a listener, on one thread and on several; gives what was heard.
fn heard(sensor: &str, log: &str) -> Heard {
    let (heard, rows) = read(sensor, log, true);
    assert_eq!(read(sensor, log, false), (Vec::new(), rows.clone()), "listening changes no row");
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    assert_eq!(one.install(|| read(sensor, log, true)), (heard.clone(), rows), "threads change nothing");
    let starts: Vec<u64> =
        std::iter::once(0).chain(memchr::memchr_iter(b'\n', log.as_bytes()).map(|n| n as u64 + 1)).collect();
    for (line, start, _) in &heard {
        assert_eq!(starts[*line as usize - 1], *start, "line {line} begins where it is said to");
    }
    assert!(heard.is_sorted_by_key(|(line, ..)| *line), "in the order of the lines");
    heard
}

#[test]
fn every_request_of_a_web_log() {
    // Three blocks; ordinary requests, hostile ones, a line that is none.
    let mut log = String::new();
    for i in 0..20_000 {
        let target = if i % 7 == 0 { format!("/?id={i}%20UNION%20SELECT%201--") } else { format!("/page/{i}") };
        log += &format!(
            "h{}.example 198.51.100.{} - - [10/Jan/2017:13:55:36 +0100] \"GET {target} HTTP/1.1\" 200 123 \
             \"https://a.example/\" \"Mozilla/5.0\"\n",
            i % 3,
            i % 250
        );
    }
    log += "no line of a log\n198.51.100.1 - - [10/Jan/2017:13:55:36 +0100] \"GET / HTTP/1.1\" 404 - \"-\" \"-\"\n";
    assert!(log.len() > 2 << 20);
    let heard = heard("web_log", &log);
    assert_eq!(heard.len(), 20_001);
    assert_eq!(
        heard[7].2,
        "webserver 2017-01-10T12:55:36Z 1x c-ip=198.51.100.7 cs-method=GET cs-uri=/?id=7%20UNION%20SELECT%201-- \
         cs-uri-stem=/ cs-uri-query=id=7%20UNION%20SELECT%201-- cs-version=HTTP/1.1 cs-host=h1.example sc-status=200 \
         sc-bytes=123 cs-user-agent=Mozilla/5.0 cs-referer=https://a.example/"
    );
    let last = heard.last().expect("the last line is an event");
    assert_eq!(last.0, 20_002);
    let fields = "c-ip=198.51.100.1 cs-method=GET cs-uri=/ cs-uri-stem=/ cs-version=HTTP/1.1 sc-status=404";
    assert_eq!(last.2, format!("webserver 2017-01-10T12:55:36Z 1x {fields}"));
}

#[test]
fn every_line_of_a_login_log() {
    let mut log = String::new();
    for i in 0..20_000 {
        log += &format!(
            "2017-01-10T13:55:36+01:00 web sshd[7]: Failed password for root from 198.51.100.{} port 5 ssh2\n",
            i % 250
        );
    }
    log += "2017-01-10T13:55:37+01:00 web CRON[8]: (root) CMD (true)\n";
    log += "2017-01-10T13:55:37+01:00 web sshd[7]: message repeated 5 times: [ Failed password for root from \
            198.51.100.9 port 5 ssh2]\n";
    assert!(log.len() > 1 << 20);
    let heard = heard("auth_log", &log);
    assert_eq!(heard.len(), 20_002);
    let fields = "host.name=web service.type=ssh event.action=failed event.outcome=failure user.name=root";
    let method = "auth.method=password";
    assert_eq!(heard[9].2, format!("linuxsshd 2017-01-10T12:55:36Z 1x {fields} source.ip=198.51.100.9 {method}"));
    assert_eq!(heard[20_000].2, "linuxsyslog - 1x ");
    assert_eq!(heard[20_001].2, format!("linuxsshd 2017-01-10T12:55:37Z 5x {fields} source.ip=198.51.100.9 {method}"));
}
