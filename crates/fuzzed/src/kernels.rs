//! Kernels of sensors, asked without the reader around them: faster, and more is asserted.

use meaning::near::{self, Vectors};
use model::{Budget, Event, LogSource, Protect, Span, Value};
use sensors::input::Input;
use sensors::mail::authentication::{Archive, Envelope, Trust, judge};
use sensors::mail::{header, parse, report};
use sensors::names::kernel::{Judge, Scratch};
use sensors::posts::groups::groups;
use sensors::posts::network::{Clock, Index, Network, Options};
use sensors::posts::shares::{self, BY, Shares};
use sensors::posts::text::Copies;
use sensors::web_log::classify::{Classifier, Request};
use std::io::Cursor;
use std::sync::LazyLock;

/// A request: its lines are method, target, user agent and referer.
pub fn classify(bytes: &[u8]) {
    static CLASSIFIER: LazyLock<Classifier> =
        LazyLock::new(|| Classifier::new(&knowledge::web_attacks::WebAttacks::embedded()));
    let mut parts = bytes.splitn(4, |&b| b == b'\n');
    let mut next = || parts.next().unwrap_or(b"");
    let request = Request { method: next(), target: next(), user_agent: next(), referer: next(), ..Request::default() };
    let mut scratch = sensors::web_log::classify::Scratch::default();
    let once = CLASSIFIER.classify(&request, &mut scratch);
    assert_eq!(once, CLASSIFIER.classify(&request, &mut scratch));
}

/// Names, one a line.
pub fn names(bytes: &[u8]) {
    static JUDGE: LazyLock<Judge> = LazyLock::new(|| {
        let protect = Protect {
            domains: ["en-marche.fr", "quintelebre.de", "bmi.bund.de", "n-tv.de"]
                .map(|d| d.parse().expect("a domain"))
                .into(),
            people: vec!["Emmanuel Macron".into(), "Jean-Luc Mélenchon".into()],
            vocabulary: vec!["Ensemble la France".into()],
            ..Protect::default()
        };
        Judge::new(&protect, &knowledge::names::Names::embedded())
    });
    let mut used = Scratch::default();
    for name in bytes.split(|&b| b == b'\n') {
        let once = JUDGE.judge(name, &mut used);
        assert_eq!(once, JUDGE.judge(name, &mut Scratch::default()));
        assert!(once.is_none_or(|j| j.score <= 100 && !j.reasons.is_empty()));
    }
}

/// Texts, one a line.
pub fn text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut texts: Vec<&str> = text.split('\n').collect();
    let once = Copies::find(&texts);
    let last = texts.len() - 1;
    texts.reverse();
    let again = Copies::find(&texts);
    for n in 0..texts.len() {
        assert_eq!(once.cluster(n), again.cluster(last - n));
        let _ = once.relation(0, n);
    }
}

/// Posts by all that they can be joined by: the first byte chooses by what, and whether a head stands above.
pub fn shares(bytes: &[u8]) {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let by = BY[usize::from(first) % BY.len()].0;
    let head: &[u8] = match first & 0x80 {
        0 => b"object_id,account_id,content_id,timestamp,text,urls,repost_id,reply_id,image_hash\n",
        _ => b"",
    };
    let evidence = [head, rest].concat();
    let options = shares::Options { by, texts: true, ..shares::Options::default() };
    let mut shares = Shares::new(true);
    let input = Input::open(Box::new(Cursor::new(evidence)), Budget::default());
    shares::read(&mut input.expect("memory never fails"), "fuzz", &options, &mut shares).expect("damage is no error");
    let options = Options { window: 60_000_000, min_weight: 1, loops: false };
    let index = Index::new(&shares, Clock::of(options.window), None);
    Network::new(&index, options).edges();
    groups(&shares, &options);
}

/// Records up to the first NUL, then a message.
pub fn authentication(bytes: &[u8]) {
    let (records, message) =
        bytes.iter().position(|b| *b == 0).map_or((&b""[..], bytes), |n| (&bytes[..n], &bytes[n + 1..]));
    let (archive, _) = Archive::parse(records);
    let trust = Trust { servers: vec!["mx.example.org".into()], networks: Vec::new() };
    let envelope = Envelope {
        ip: model::Address::parse(b"192.0.2.1"),
        helo: Some("mx.example.net".into()),
        mail_from: Some("a@example.net".into()),
        received: None,
    };
    for envelope in [envelope, Envelope::default()] {
        let once = judge(message, &envelope, &archive, &trust);
        assert_eq!(once, judge(message, &envelope, &archive, &trust));
    }
}

/// What the head of the bytes would keep from being reached in a whole reading.
pub fn message(bytes: &[u8]) {
    let message = parse::parse(bytes, true);
    assert!(message.parts.len() <= parse::PARTS);
    message.parts.iter().for_each(|p| assert!(p.place.end <= bytes.len()));
    header::decode(bytes);
    header::parameters(bytes);
    report::read(bytes);
}

/// A table of tabs and lines, learnt, counted, checked.
pub fn recount(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let rows: Vec<Vec<String>> =
        text.lines().take(500).map(|l| l.split('\t').take(100).map(String::from).collect()).collect();
    let Some(shape) = recount::learn(&rows) else { return };
    let about = recount::About::default();
    let mut builder = recount::Builder::new(&shape, &about);
    for (n, row) in rows.iter().enumerate().skip(shape.first) {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        builder.row(&cells, n as u32 + 1, None, &mut |_, _| {});
    }
    let tables = builder.finish(&mut |_, _| {}).into_iter().map(|t| (0, t)).collect();
    let world = recount::World::new(vec!["fuzz".into()], tables);
    let report = recount::check(&world);
    recount::forensics(&world, &report);
}

/// Rules as anybody may write them, and an event.
pub fn sigma(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let all = sigma::Collection::read([("rule.yml", text)]);
    let mut view = all.view();
    let (mut fired, place) = (Vec::new(), Span { start: 0, len: 0, line: 1 });
    if all.rules.is_empty() {
        return;
    }
    let source = LogSource { category: "process_creation", product: "windows", service: "" };
    let fields = [("Image", Some(Value::Text(bytes))), ("EventID", Some(Value::Number(1)))];
    all.fill(&mut view, &Event { source, time: None, count: 1, place, raw: bytes, fields: &fields });
    all.bucket(source).fire(&all.rules, &mut view, &mut fired);
    all.rules.iter().for_each(|rule| drop(sigma::why(&all, rule, source, &view)));
}

/// A model that a user brings: by the first byte any bytes as its package, its vocabulary with a sentence, its weights, or
/// as vectors to be compared.
pub fn meaning(bytes: &[u8]) {
    /// Three pieces with their scores: the least that is a vocabulary.
    const PIECES: &[u8] = b"\x0a\x08\x0a\x01a\x15\0\0\0\0\x0a\x08\x0a\x01b\x15\0\0\0\0\x0a\x08\x0a\x01c\x15\0\0\0\0";
    let Some((which, rest)) = bytes.split_first() else { return };
    match which % 4 {
        0 => {
            if let Ok(found) = meaning::find([("a.whl", rest)]) {
                let _ = meaning::Model::new(&found);
            }
        }
        1 => {
            let (length, rest) = rest.split_at(rest.len().min(2));
            let length = length.iter().fold(0, |n, b| n << 8 | usize::from(*b));
            let (pieces, text) = rest.split_at(rest.len().min(length));
            if let Ok((tokens, all)) = meaning::tokens(pieces, &String::from_utf8_lossy(text)) {
                assert!(tokens.iter().all(|token| (*token as usize) < all), "a token that is no piece");
            }
        }
        2 => {
            assert!(meaning::tokens(PIECES, "abc").is_ok(), "the least vocabulary is one");
            let _ = meaning::Model::new(&meaning::Found { weights: rest.to_vec(), pieces: PIECES.to_vec() });
        }
        _ => {
            let vector = |part: &[u8]| {
                let numbers: meaning::Vector = std::array::from_fn(|n| f32::from(part[n % part.len()]) / 128.0 - 1.0);
                near::kept(&numbers.map(|x| x / (meaning::DIMENSIONS as f32).sqrt()))
            };
            let vectors = Vectors::from(rest.chunks(4).take(512).map(vector).collect::<Vec<_>>());
            let close = |_: u32, _: u32| 0.5;
            let pairs = vectors.pairs(&close);
            assert!(pairs.iter().all(|(a, b, cosine)| a < b && *cosine >= 0.5));
            assert_eq!(pairs, vectors.pairs(&close));
            assert!(vectors.background().iter().all(|b| b.is_finite()));
        }
    }
}
