//! How fast exports of posts are read, and in how much memory: `posts_read [FORMAT [MEGABYTES]]` makes an export of that
//! size (statuses, archive, pages, mastodon, telegram, rss, csv; all of them where none is named), reads it and prints
//! megabytes and posts a second and the peak of the process's memory.

use model::{Config, Context, Observation, Sink, Skip, Tally, Time};
use sensors::Sensor;
use sensors::input::Input;
use sensors::posts::Posts;
use std::fmt::Write as _;
use std::io::{self, Read};
use std::time::Instant;

/// Counts and forgets, as the store would have written it all down.
#[derive(Default)]
struct Counter {
    posts: u64,
    skips: u64,
}

impl Sink for Counter {
    fn observation(&mut self, observation: Observation) {
        self.posts += observation.count;
    }
    fn tally(&mut self, _: Tally) {}
    fn skip(&mut self, skip: Skip) {
        self.skips += skip.count;
    }
    fn note(&mut self, _: model::Note) {}
}

/// An export written while it is read, so that the file itself takes no memory.
struct Export {
    format: &'static str,
    bytes: u64,
    written: u64,
    number: u64,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Export {
    fn record(&self, n: u64) -> String {
        let (account, second, text) =
            (n % 5003, n % 60, "Un texte ordinaire d’une longueur ordinaire, avec un lien et deux mots. ".repeat(2));
        let mut out = String::from(if n == 0 || matches!(self.format, "rss" | "csv" | "pages") { "" } else { ",\n" });
        let done = match self.format {
            "statuses" => write!(
                out,
                r#"{{"id_str":"{n}","created_at":"Fri May 05 22:10:{second:02} +0000 2017","full_text":"{text}","truncated":false,"source":"<a href=\"http://x\">x</a>","retweet_count":3,"favorited":false,"entities":{{"urls":[{{"url":"https://t.co/x","expanded_url":"https://kiosque.example/{n}","indices":[0,23]}}],"hashtags":[{{"text":"vote","indices":[1,5]}}],"user_mentions":[]}},"user":{{"id_str":"{account}","screen_name":"u{account}","name":"U","description":"d","followers_count":3,"created_at":"Mon May 01 00:00:00 +0000 2017"}},"lang":"fr"}}"#
            ),
            "archive" => write!(
                out,
                r#"{{ "tweet" : {{ "id_str" : "{n}", "created_at" : "Fri May 05 22:10:{second:02} +0000 2017", "full_text" : "{text}", "retweeted" : false, "entities" : {{ "hashtags" : [ ], "urls" : [ ] }} }} }}"#
            ),
            "pages" => writeln!(
                out,
                r#"{{"data":[{{"id":"{n}","text":"{text}","author_id":"{account}","created_at":"2017-05-05T22:10:{second:02}.000Z","edit_history_tweet_ids":["{n}"]}}],"includes":{{"users":[{{"id":"{account}","username":"u{account}","name":"U"}}]}},"meta":{{"result_count":1}}}}"#
            ),
            "mastodon" => write!(
                out,
                r#"{{"id":"{n}","uri":"https://m.example/s/{n}","created_at":"2017-05-05T22:10:{second:02}.000Z","content":"<p>{text}<a href=\"https://kiosque.example/{n}\">l</a></p>","reblog":null,"account":{{"acct":"u{account}","url":"https://m.example/@u{account}","note":"<p>n</p>"}},"tags":[],"mentions":[]}}"#
            ),
            "telegram" => write!(
                out,
                r#"{{"id":{n},"type":"message","date":"2017-05-05T22:10:{second:02}","date_unixtime":"14940222{second:02}","from":"u{account}","from_id":"user{account}","text":["{text}",{{"type":"link","text":"https://kiosque.example/{n}"}}],"text_entities":[]}}"#
            ),
            "rss" => writeln!(
                out,
                "<item><title>{text}</title><link>https://kiosque.example/{n}</link><pubDate>Fri, 05 May 2017 22:10:{second:02} +0000</pubDate><description><![CDATA[<p>{text}</p>]]></description></item>"
            ),
            _ => writeln!(
                out,
                "{n},{account},u{account},2017-05-05T22:10:{second:02}Z,\"{text}\",https://kiosque.example/{n},vote"
            ),
        };
        done.expect("a string takes everything");
        out
    }

    fn ends(&self) -> (&'static str, &'static str) {
        match self.format {
            "statuses" | "mastodon" => ("[", "]"),
            "archive" => ("window.YTD.tweets.part0 = [", "]"),
            "telegram" => (r#"{"name":"K","type":"public_supergroup","id":5,"messages":["#, "]}"),
            "rss" => ("<rss version=\"2.0\"><channel><link>https://kiosque.example/</link>", "</channel></rss>"),
            "csv" => ("content_id,account_id,account_name,timestamp,text,url,hashtags\n", ""),
            _ => ("", ""),
        }
    }
}

impl Read for Export {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() {
            let mut next = String::from(if self.written == 0 { self.ends().0 } else { "" });
            while next.len() < 1 << 16 && self.written + (next.len() as u64) < self.bytes {
                next += &self.record(self.number);
                self.number += 1;
            }
            if next.is_empty() && !self.ended {
                self.ended = true;
                next += self.ends().1;
            }
            self.written += next.len() as u64;
            (self.ready, self.at) = (next.into_bytes(), 0);
        }
        let n = buffer.len().min(self.ready.len() - self.at);
        buffer[..n].copy_from_slice(&self.ready[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// Kibibytes by this name in the process's status; Linux only.
fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_default();
    line.trim_start_matches(':').trim().split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let wanted = arguments.next().unwrap_or_else(|| "all".into());
    let megabytes: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(200);
    println!("{:10} {:>6} {:>9} {:>7} {:>9} {:>11} {:>7}", "format", "MB", "posts", "s", "MB/s", "posts/s", "peak MB");
    for format in ["statuses", "archive", "pages", "mastodon", "telegram", "rss", "csv"] {
        if wanted != "all" && wanted != format {
            continue;
        }
        let export =
            Export { format, bytes: megabytes << 20, written: 0, number: 0, ready: Vec::new(), at: 0, ended: false };
        let config = Config::default();
        let origins = sensors::origin::Origin::default();
        let context = Context { config: &config, origins: &origins, at: Time(0), modified: None };
        let mut input = Input::open(Box::new(export), model::Budget::default()).expect("memory never fails");
        let mut counter = Counter::default();
        let begin = Instant::now();
        Posts.read(&mut input, &context, &mut counter).expect("damage is no error");
        let seconds = begin.elapsed().as_secs_f64();
        let (posts, skips) = (counter.posts, counter.skips);
        println!(
            "{format:10} {megabytes:6} {posts:9} {seconds:7.2} {:9.0} {:11.0} {:7} {}",
            megabytes as f64 / seconds,
            posts as f64 / seconds,
            status("VmHWM") >> 10,
            if skips == 0 { String::new() } else { format!("({skips} skips)") }
        );
    }
}
