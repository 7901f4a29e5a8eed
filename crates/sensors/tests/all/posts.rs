//! Posts: the table from every kind of file, the network against its definition, chance against the obvious.

use model::{Budget, Context, Random, Skip, Time};
use sensors::input::Input;
use sensors::posts::groups::groups;
use sensors::posts::network::{Clock, Index, Network, Options};
use sensors::posts::shares::{self, By, Mapping, Shares};
use sensors::posts::{Posts, chance};
use sensors::testing::{Memory, config};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

fn read_into(evidence: &[u8], options: &shares::Options, shares: &mut Shares) -> shares::Outcome {
    let input = Input::open(Box::new(Cursor::new(evidence.to_vec())), Budget::default());
    shares::read(&mut input.expect("memory never fails"), "posts.csv", options, shares).expect("damage is no error")
}

fn read(evidence: &[u8]) -> (Shares, Vec<Skip>) {
    let mut shares = Shares::new(true);
    let outcome = read_into(evidence, &shares::Options::default(), &mut shares);
    (shares, outcome.skips)
}

type Row = (String, String, u32);

fn network(shares: &Shares, seconds: i64, min_weight: u32, loops: bool) -> Vec<Row> {
    let options = Options { window: seconds * 1_000_000, min_weight, loops };
    let index = Index::new(shares, Clock::of(options.window), None);
    let name = |rank| String::from_utf8_lossy(index.name(rank)).into_owned();
    let edges = Network::new(&index, options).edges();
    edges.into_iter().map(|e| (name(e.account_1), name(e.account_2), e.weight)).collect()
}

/// The definition, word by word and slowly.
fn defined(posts: &[(String, String, String, i64)], window: i64, least: u32, loops: bool) -> Vec<Row> {
    let mut earliest: BTreeMap<&str, &(String, String, String, i64)> = BTreeMap::new();
    for post in posts {
        let known = earliest.entry(&post.2).or_insert(post);
        if post.3 < known.3 {
            *known = post;
        }
    }
    let mut seen: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for a in earliest.values() {
        for b in earliest.values().filter(|b| b.0 == a.0 && !a.0.is_empty() && (a.3 - b.3).abs() <= window) {
            seen.entry((&a.1, &b.1)).or_default().insert(&a.2);
        }
    }
    let row = |((a, b), posts): ((&str, &str), BTreeSet<&str>)| (a.to_string(), b.to_string(), posts.len() as u32);
    seen.into_iter().map(row).filter(|r| r.2 >= least && (loops || r.0 != r.1)).collect()
}

/// By remainder, for tests that want many small files.
fn random(state: &mut Random, below: u64) -> u64 {
    state.bits() % below
}

#[test]
fn the_network_is_as_defined_on_many_small_files() {
    for seed in 0..400 {
        let state = &mut Random::new(seed * 7919);
        let n = 1 + random(state, 60);
        let ids = 1 + random(state, 80);
        let posts: Vec<(String, String, String, i64)> = (0..n)
            .map(|_| {
                let object = random(state, 5);
                let object = if object == 4 { String::new() } else { format!("o{object}") };
                (
                    object,
                    format!("a{}", random(state, 12)),
                    format!("m{}", random(state, ids)),
                    random(state, 300) as i64,
                )
            })
            .collect();
        let mut csv = String::from("object_id,account_id,content_id,timestamp_share\n");
        posts.iter().for_each(|p| csv += &format!("{},{},{},{}\n", p.0, p.1, p.2, p.3));
        let (shares, skips) = read(csv.as_bytes());
        assert!(skips.is_empty(), "{skips:?}");
        let (window, least, loops) = (random(state, 90) as i64, 1 + random(state, 3) as u32, random(state, 2) == 0);
        assert_eq!(network(&shares, window, least, loops), defined(&posts, window, least, loops), "seed {seed}");
    }
}

#[test]
fn the_window_has_ends_and_whole_seconds() {
    let pair = |times: [&str; 2]| {
        let (shares, _) = read(
            format!("object_id,account_id,content_id,timestamp\no,a,1,{}\no,b,2,{}\n", times[0], times[1]).as_bytes(),
        );
        network(&shares, 60, 1, false).len()
    };
    assert_eq!(pair(["0", "60"]), 2);
    assert_eq!(pair(["0", "61"]), 0);
    assert_eq!(pair(["1493600000", "1493600060000"]), 2, "seconds and milliseconds");
    assert_eq!(pair(["1493600000.0", "2017-05-01T02:54:20+02:00"]), 2, "seconds and ISO 8601");
    assert_eq!(pair(["-30", "30"]), 2);
}

#[test]
fn files_of_every_make_say_the_same() {
    let expected = vec![("a,1".to_string(), "b".to_string(), 1), ("b".to_string(), "a,1".to_string(), 1)];
    let check = |evidence: &[u8], options: &shares::Options| {
        let mut shares = Shares::new(true);
        let outcome = read_into(evidence, options, &mut shares);
        assert_eq!(outcome.skips, [], "{}", String::from_utf8_lossy(evidence));
        assert_eq!(network(&shares, 60, 1, false), expected, "{}", String::from_utf8_lossy(evidence));
    };
    let plain = shares::Options::default();
    check(b"object_id,account_id,content_id,timestamp_share\no,\"a,1\",1,5\no,b,2,9\n", &plain);
    check(b"\xef\xbb\xbftext,timestamp,content_id,account_id,object_id\r\n\"two\r\nlines, \"\"said\"\"\",5,1,\"a,1\",o\r\n\r\nx,9,2,b,o", &plain);
    check(b"object_id;account_id;content_id;timestamp\no;a,1;1;5\no;b;2;9\n", &plain);
    check(b"{\"object_id\":\"o\",\"account_id\":\"a,1\",\"content_id\":1,\"timestamp\":5}\n{\"object_id\":\"o\",\"account_id\":\"b\",\"content_id\":2,\"timestamp\":\"1970-01-01T00:00:09Z\"}\n", &plain);
    let mapping: Mapping = "object=link,account=who.name".parse().expect("a mapping");
    check(b"{\"link\":\"o\",\"who\":{\"name\":\"a,1\"},\"id\":1,\"timestamp\":5}\n{\"link\":\"o\",\"who\":{\"name\":\"b\"},\"id\":2,\"timestamp\":9}\n", &shares::Options { mapping, ..plain.clone() });
    let long = format!(
        "{{\"object_id\":\"o\",\"account_id\":\"a,1\",\"content_id\":1,\"timestamp\":5,\"text\":\"{}\"}}\n",
        "word ".repeat(1 << 18)
    );
    let short = "{\"object_id\":\"o\",\"account_id\":\"b\",\"content_id\":2,\"timestamp\":9}\n";
    check((long + short).as_bytes(), &plain);
    let urls = shares::Options { by: By::Url, ..plain };
    check(b"message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n1,\"a,1\",x,,,hi,5,\"['https://www.k.fr/?utm_source=t', 'http://k.fr/2']\"\n2,b,y,,,ho,9,\"['http://k.fr/2', 'http://K.fr/']\"\n3,c,z,1,,ho,9,['http://k.fr/2']\n", &urls);
}

#[test]
fn damage_is_counted_with_its_reason() {
    let mut evidence =
        b"object_id,account_id,content_id,timestamp\no,,1,5\no,a,,5\no,a,2,\no,a,3,soon\no,a,4,5,6\no,a,5\n".to_vec();
    evidence.extend(b"o,a\0b,6,5\no,\xff,7,5\no,a,8,2017-05-05 20:00:00\n\"o,b,9,5\no,b,10,5\n");
    let (shares, skips) = read(&evidence);
    let found: Vec<(&str, u64, u64)> = skips.iter().map(|s| (s.reason.as_str(), s.count, s.line)).collect();
    assert_eq!(
        found,
        [
            ("more cells than the header", 1, 6),
            ("no account", 1, 2),
            ("no post id", 1, 3),
            ("no time", 2, 4),
            ("no time that can be read", 1, 5),
            ("quoted cell without end", 1, 11),
            ("time without zone: taken for UTC", 1, 10),
        ]
    );
    assert_eq!(shares.len(), 4);
    let place = shares.place(3).expect("places are kept");
    assert_eq!(&evidence[place.start as usize..][..place.len as usize], b"o,b,10,5\n");
    assert_eq!(place.line, 12);
}

#[test]
fn nothing_written_makes_it_fail() {
    let long =
        format!("object_id,account_id,content_id,timestamp,text\no,a,1,5,\"{}\"\no,b,2,5,x\n", "é\n".repeat(500_000));
    let (shares, skips) = read(long.as_bytes());
    assert_eq!((shares.len(), skips), (2, vec![]), "a text of 1 MB");
    for seed in 0..300 {
        let state = &mut Random::new(seed * 104_729);
        let alphabet = b"o,a1\"\"\n\r;\0\xff\xef{}:.-+9\t";
        let mut evidence = b"object_id,account_id,content_id,timestamp\n".to_vec();
        evidence.extend((0..random(state, 400)).map(|_| alphabet[random(state, alphabet.len() as u64) as usize]));
        let (shares, _) = read(&evidence);
        let window = Options { window: i64::MAX, min_weight: 1, loops: true };
        Network::new(&Index::new(&shares, Clock::of(window.window), Some(3)), window).edges();
    }
}

#[test]
fn order_threads_and_chunks_change_nothing() {
    let rows: Vec<String> = (0..60_000u64)
        .map(|i| {
            format!(
                "o{},a{},m{i},{},\"t, {}\nx\"\n",
                i * 7919 % 500,
                i * 104_729 % 97,
                1_000 + i * 31 % 5000,
                "y".repeat((i % 90) as usize)
            )
        })
        .collect();
    let header = "object_id,account_id,content_id,timestamp,text\n";
    let one = [header, &rows.concat()].concat();
    let expected = network(&read(one.as_bytes()).0, 60, 3, false);
    assert!(expected.len() > 1000, "{}", expected.len());
    let mut turned = rows.clone();
    turned.reverse();
    assert!(network(&read([header, &turned.concat()].concat().as_bytes()).0, 60, 3, false) == expected);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    assert!(pool.install(|| network(&read(one.as_bytes()).0, 60, 3, false)) == expected);
    // Overlapping files: the posts of the second half come twice.
    let mut shares = Shares::new(false);
    for part in [&rows[..40_000], &rows[30_000..]] {
        read_into([header, &part.concat()].concat().as_bytes(), &shares::Options::default(), &mut shares);
    }
    assert_eq!(shares.repeated, 10_000);
    assert!(network(&shares, 60, 3, false) == expected);
}

#[test]
fn objects_shared_too_often_are_left_out_and_told() {
    let rows: String = (0..50).map(|i| format!("hot,a{i},m{i},5\n")).collect();
    let (shares, _) = read(format!("object_id,account_id,content_id,timestamp\n{rows}o,x,x1,5\no,y,y1,6\n").as_bytes());
    let index = Index::new(&shares, Clock::of(60_000_000), Some(49));
    assert_eq!(index.left_out, (1, 50));
    let options = Options { window: 60_000_000, min_weight: 1, loops: false };
    assert_eq!(Network::new(&index, options).edges().len(), 2);
}

/// Objects of a group: twelve accounts within 20 seconds; `crowd` others in the half hour around.
fn coordinated(crowd: u64) -> String {
    let state = &mut Random::new(5);
    let mut csv = String::from("object_id,account_id,content_id,timestamp\n");
    let mut id = 0;
    for object in 0..25 {
        let start = 1_493_600_000 + object * 7200 + random(state, 900);
        let shares = (0..12).map(|m| (format!("g{m:02}"), 600 + random(&mut Random::new(object * 99 + m), 20)));
        let crowd: Vec<(String, u64)> =
            (0..crowd).map(|_| (format!("c{}", random(state, 400)), random(state, 1800))).collect();
        for (account, after) in shares.chain(crowd) {
            id += 1;
            csv += &format!("o{object},{account},m{id},{}\n", start + after);
        }
    }
    csv
}

#[test]
fn a_group_is_no_chance_and_a_crowd_is() {
    let options = Options { window: 60_000_000, min_weight: 2, loops: false };
    for crowd in [0, 5, 80] {
        let (shares, _) = read(coordinated(crowd).as_bytes());
        let found = groups(&shares, &options);
        assert_eq!(found.len(), 1, "crowd {crowd}");
        let group = &found[0];
        let members: Vec<_> = group.members.iter().map(|m| shares.accounts.text(m.account).into_owned()).collect();
        assert_eq!(members, (0..12).map(|m| format!("g{m:02}")).collect::<Vec<_>>());
        assert_eq!(group.objects.len(), 25);
        assert!(group.p <= chance::LEVEL && group.density > 0.9);
        assert!(group.edges.iter().all(|e| e.posts.len() as u32 >= 2 * e.pair.together));
        assert_eq!(group.hours.iter().sum::<u32>(), 12 * 25);
    }
}

#[test]
fn those_who_are_fast_with_everybody_are_no_group() {
    let state = &mut Random::new(11);
    let mut csv = String::from("object_id,account_id,content_id,timestamp\n");
    for episode in 0..40u64 {
        for fan in 0..80u64 {
            let unit = (random(state, 1 << 30) as f64 + 1.0) / f64::from(1 << 30);
            let after = (-180.0 * unit.ln()) as u64;
            csv += &format!("e{episode},f{fan},{episode}-{fan},{}\n", 1_493_600_000 + episode * 1111 + after);
        }
    }
    let (shares, _) = read(csv.as_bytes());
    let found = groups(&shares, &Options { window: 60_000_000, min_weight: 2, loops: false });
    assert_eq!(found.len(), 0, "{:?}", found.iter().map(|g| g.members.len()).collect::<Vec<_>>());
}

#[test]
fn posts_are_known_and_counted_by_day() {
    let config = config("");
    let mut case = Memory::new();
    let evidence = b"object_id,account_id,content_id,timestamp\no,a,1,1493600000\no,b,2,1493600001\no,b,3,1493700000\n";
    let context =
        Context { config: &config, origins: &sensors::origin::Origin::default(), at: Time::default(), modified: None };
    assert_eq!(sensors::recognise(evidence, &context).map(|s| s.name()), Some("posts"));
    case.read(&Posts, "posts.csv", evidence, &config, Time::default());
    let days: Vec<_> = case.tallies.iter().map(|((_, day), counts)| (day.as_str(), counts[0])).collect();
    assert_eq!(days, [("2017-05-01", 2), ("2017-05-02", 1)]);
}

#[test]
fn a_finding_leads_to_its_lines_and_their_order_changes_nothing() {
    let at = |i: i64, k: i64| 1_493_996_500 + i * 3600 + k * 3;
    let line = |i, k| format!("{i}{k},{k},{},https://a.example/{i}\n", at(i, k));
    let mut lines: Vec<String> = (0..6).flat_map(|i| (1..4).map(move |k| line(i, k))).collect();
    // A repeated post and a record of nobody's make no difference.
    lines.extend([line(0, 1), ",,soon,\n".to_string()]);
    let header = "content_id,account_id,timestamp,url\n";
    let found = |lines: &[String]| {
        let evidence = format!("{header}{}", lines.concat());
        let mut memory = Memory::new();
        memory.read(&Posts, "posts.csv", evidence.as_bytes(), &config(""), Time(0));
        let found = memory.detect(&sensors::posts::coordination::CoordinationDetector, &config(""), Time(0));
        assert_eq!(found.len(), 1);
        (evidence, found[0].clone())
    };
    let (evidence, finding) = found(&lines);
    let spans: Vec<&str> =
        finding.traces[0].spans.iter().map(|s| &evidence[s.start as usize..(s.start + s.len) as usize]).collect();
    assert_eq!(spans.join("\n") + "\n", lines[..18].concat());
    lines.reverse();
    let (_, back) = found(&lines);
    assert_eq!((&finding.fields, &finding.key), (&back.fields, &back.key));
    // Blocks are kept as they were cut: of slices read apart the same table is made.
    let mut apart = Memory::new();
    for slice in lines.chunks(2) {
        apart.read(&Posts, "slice.csv", format!("{header}{}", slice.concat()).as_bytes(), &config(""), Time(0));
    }
    let found = apart.detect(&sensors::posts::coordination::CoordinationDetector, &config(""), Time(0));
    assert_eq!((&finding.fields, &finding.key), (&found[0].fields, &found[0].key));
}

/// What a file is read as: posts, the ids of accounts, links, the first and the last moment.
fn understood(evidence: &[u8]) -> (u64, BTreeSet<String>, usize, String) {
    let mut memory = Memory::new();
    memory.read(&Posts, "table", evidence, &config(""), Time::from_seconds(0));
    let table = sensors::posts::table::Table::load(&memory).expect("memory never fails");
    let accounts = table.accounts.iter().map(|a| a.id.clone()).collect();
    let links: BTreeSet<&str> = (0..table.len() as u32).flat_map(|p| table.urls(p)).collect();
    let period = table.period().map(|(first, last)| format!("{first} {last}")).unwrap_or_default();
    (table.len() as u64, accounts, links.len(), period)
}

#[test]
fn tables_are_understood_before_they_are_used() {
    let names = |all: &[&str]| all.iter().map(|n| n.to_string()).collect::<BTreeSet<String>>();
    let period = "2026-11-12T08:00:00Z 2026-11-13T09:30:00Z".to_string();
    let expected = (2, names(&["anne", "bob"]), 2, period);
    for table in [
        // No id; French heads, days before months by a number above twelve, Windows-1252.
        &b"Auteur;Date;Texte;Lien\nanne;12/11/2026 08:00;num\xe9ro un;https://a.example/1\nbob;13/11/2026 09:30;deux;https://a.example/2\n"[..],
        // The post's own address beside the link that its text shares; a zone behind a space.
        b"id,created_at,screen_name,full_text,url\n900001,2026-11-12 09:00:00 +01:00,anne,see https://a.example/1,https://x.example/anne/status/900001\n900002,2026-11-13 10:30:00 +01:00,bob,see https://a.example/2,https://x.example/bob/status/900002\n",
        // Ids in powers of ten, months first by a number above twelve, links in columns of their own.
        b"external_author_id,author,content,publish_date,tco1_step1\n9.06E+17,anne,one two three,11/12/2026 8:00,https://a.example/1\n9.06E+17,bob,one two three,11/13/2026 9:30,https://a.example/2\n",
        // Day numbers of a spreadsheet.
        b"created_at,username,text,url\n46338.333333,anne,x,https://a.example/1\n46339.395833,bob,y,https://a.example/2\n",
        // Lines above the header; day and hour apart.
        b"Report:,Vote\n\nDate,Time,Author,Full Text,Link\n12-Nov-2026,08:00:00,anne,x,https://a.example/1\n13-Nov-2026,09:30:00,bob,y,https://a.example/2\n",
        // Documents and pandas' forms.
        br#"{"meta":{"count":2},"data":{"list":[{"username":"anne","date":"2026-11-12T08:00:00Z","text":"x","url":"https://a.example/1"},{"username":"bob","date":"2026-11-13T09:30:00Z","text":"y","url":"https://a.example/2"}]}}"#,
        br#"{"username":{"0":"anne","1":"bob"},"date":{"0":1794470400000,"1":1794562200000},"text":{"0":"x","1":"y"},"url":{"0":"https://a.example/1","1":"https://a.example/2"}}"#,
        br#"{"columns":["username","date","text","url"],"index":[0,1],"data":[["anne",1794470400,"x","https://a.example/1"],["bob",1794562200,"y","https://a.example/2"]]}"#,
        // Heads that are no usual names, in two languages; a date in words.
        b"publishedAt,authorDisplay,commentText,authorUrl,pageLink\n2026-11-12 08:00:00,anne,one two three,http://y.example/@anne,https://a.example/1\n2026-11-13 09:30:00,bob,four five six,http://y.example/@bob,https://a.example/2\n",
        "Benutzername;Erstellt am (Datum);Beitrag;Link\nanne;12. November 2026 08:00;eins zwei drei;https://a.example/1\nbob;13. November 2026 09:30;vier fünf sechs;https://a.example/2\n".as_bytes(),
        // Lines that end with a carriage return alone.
        b"username,created_at,text,url\ranne,2026-11-12T08:00:00Z,one two three,https://a.example/1\rbob,2026-11-13T09:30:00Z,four five six,https://a.example/2\r",
        // X as its pages are given posts.
        br#"{"item_id":"1","source_platform":"twitter.com","data":{"rest_id":"1","core":{"user_results":{"result":{"rest_id":"anne","legacy":{"screen_name":"a"}}}},"legacy":{"id_str":"1","created_at":"Thu Nov 12 08:00:00 +0000 2026","full_text":"x","entities":{"urls":[{"expanded_url":"https://a.example/1"}]}}}}
{"item_id":"2","source_platform":"twitter.com","data":{"rest_id":"2","core":{"user_results":{"result":{"rest_id":"bob","core":{"screen_name":"b"}}}},"legacy":{"id_str":"2","created_at":"Fri Nov 13 09:30:00 +0000 2026","full_text":"y","entities":{"urls":[{"expanded_url":"https://a.example/2"}]}}}}
"#,
        // What Python prints of an object.
        b",url,date,rawContent,id,user,outlinks\n0,https://x.example/anne/900001,2026-11-12 08:00:00+00:00,x,900001,\"{'username': 'anne', 'id': 1}\",['https://a.example/1']\n1,https://x.example/bob/900002,2026-11-13 09:30:00+00:00,y,900002,\"{'username': 'bob', 'id': 2}\",['https://a.example/2']\n",
    ] {
        let (posts, accounts, links, period) = understood(table);
        // Where the platform is known its name stands before the account's.
        let accounts = accounts.iter().map(|a| a.rsplit('/').next().unwrap_or(a).to_string()).collect();
        assert_eq!((posts, accounts, links, period), expected, "{}", String::from_utf8_lossy(table));
    }
    // What can be no time is none, rather than a day of January 1970.
    let wrong = b"id,timestamp,username,text\n1,1623881,anne,x\n2,1623882,bob,y\n";
    assert_eq!(understood(wrong).3, "");
}

#[test]
fn stamps_of_whole_hours_make_no_group() {
    let state = &mut Random::new(3);
    for grain in [60, 3600, 86_400] {
        let mut csv = String::from("object_id,account_id,content_id,timestamp\n");
        for link in 0..200u64 {
            let start = 1_493_600_000 + link / 8 * 86_400 + random(state, 70_000);
            for account in (0..40u64).filter(|_| random(state, 10) < 4).collect::<Vec<_>>() {
                let at = (start + random(state, 3600)) / grain * grain;
                csv += &format!("o{link},a{account},{link}-{account},{at}\n");
            }
        }
        let (shares, _) = read(csv.as_bytes());
        for window in [10, 60, 300] {
            let found = groups(&shares, &Options { window: window * 1_000_000, min_weight: 2, loops: false });
            assert_eq!(found.len(), 0, "{grain} {window}");
        }
    }
}

/// What is said of the groups of made posts: `(account, second, link)`.
fn coordination(posts: Vec<(String, u64, String)>) -> Vec<model::Finding> {
    let mut csv = String::from("content_id,account_id,timestamp,url\n");
    for (n, (who, at, link)) in posts.into_iter().enumerate() {
        csv += &format!("{n},{who},{},https://{link}\n", 1_493_600_000 + at);
    }
    let mut memory = Memory::new();
    memory.read(&Posts, "posts.csv", csv.as_bytes(), &config(""), Time(0));
    memory.detect(&sensors::posts::coordination::CoordinationDetector, &config(""), Time(0))
}

#[test]
fn groups_that_no_pair_shows_are_told_by_their_company_and_by_their_list() {
    let state = &mut Random::new(5);
    let public = |state: &mut Random, who: String, n: u64| -> Vec<(String, u64, String)> {
        let one = |_| (who.clone(), random(state, 600_000), format!("news.example/{}", random(state, 60)));
        (0..n).map(one).collect()
    };
    let mut crowd: Vec<(String, u64, String)> = Vec::new();
    (0..800).for_each(|n| crowd.extend(public(state, format!("a{n}"), 20)));
    // Twelve accounts, twelve links within a hundred seconds, each half of them, no two more than five; forty others besides.
    let mut drowned = crowd.clone();
    for member in 0..12 {
        drowned.extend(public(state, format!("h{member}"), 40));
        for action in 0..12 {
            if (action + 12 - member) % 12 < 6 {
                let at = action * 45_000 + 1000 + random(state, 100);
                drowned.push((format!("h{member}"), at, format!("site{}.example/{action}", action % 3)));
            }
        }
    }
    let found = coordination(drowned);
    let said = |f: &model::Finding| f.reasons.iter().map(|r| r.text.en.to_string()).collect::<Vec<_>>().join("; ");
    let accounts = |f: &model::Finding| -> Vec<String> {
        let accounts = f.entities.iter().filter(|e| e.kind == model::EntityKind::UserAccount);
        accounts.map(|e| e.value.to_string()).collect()
    };
    // No two of them met often enough to hold all of them together.
    assert!(!found.is_empty());
    for group in &found {
        assert!(accounts(group).iter().all(|who| who.starts_with('h')), "{:?}", accounts(group));
        assert!(group.severity <= model::Severity::Medium);
        assert!(said(group).contains("of at least half of the others who share it"), "{}", said(group));
        assert!(said(group).contains("pair by pair they met too seldom"), "{}", said(group));
    }
    // Eight accounts with one list of forty links, whenever they like.
    let listed = |state: &mut Random, part: &dyn Fn(u64) -> u64| {
        let mut posts = crowd.clone();
        for (member, link) in (0..8).flat_map(|m| (0..40).map(move |l| (m, l))) {
            if random(state, 100) < part(member) {
                let at = link * 14_000 + random(state, 40_000);
                posts.push((format!("h{member}"), at, format!("outlet{}.example/{link}", link % 5)));
            }
        }
        coordination(posts)
    };
    let found = listed(state, &|_| 92);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].severity, found[0].title.en.contains("8 accounts")), (model::Severity::Low, true));
    assert!(said(&found[0]).contains("share one list of 40 links of 5 sites"), "{}", said(&found[0]));
    assert_eq!(listed(state, &|member| if member < 5 { 92 } else { 40 }).len(), 0);
}
