//! The readers of platforms' exports: the smallest evidence of each format, and what goes wrong in it.

use model::{Budget, Config, Context, Loaded, Skip, Time};
use sensors::Sensor;
use sensors::input::Input;
use sensors::posts::Posts;
use sensors::posts::table::Table;
use sensors::recognise;
use sensors::testing::Memory;
use std::io::Cursor;

fn read(evidence: &[u8]) -> Memory {
    let mut memory = Memory::new();
    memory.read(&Posts, "evidence", evidence, &Config::default(), Time(0));
    memory
}

/// One line a post: `platform id account time text | links | tags | mentions | repost reply`.
fn told(memory: &Memory) -> Vec<String> {
    let table = Table::load(memory).expect("memory never fails");
    let list = |items: Vec<&str>| items.join(" ");
    (0..table.len() as u32)
        .map(|p| {
            format!(
                "{} {} {} {} {} | {} | {} | {} | {} {}{}",
                table.platform(p),
                table.id(p),
                table.accounts[table.account(p) as usize].id,
                table.time(p).map_or("-".into(), |t| t.to_string()),
                table.text(p).replace('\n', "/"),
                list(table.urls(p).collect()),
                list(table.hashtags(p).collect()),
                list(table.mentions(p).collect()),
                table.repost_of(p),
                table.reply_to(p),
                if table.is_article(p) { " article" } else { "" },
            )
        })
        .collect()
}

fn check(evidence: &str, posts: &[&str], skips: &[&str]) {
    let about: String = evidence.chars().take(500).collect();
    let input = Input::open(Box::new(Cursor::new(evidence.as_bytes().to_vec())), Budget::default());
    let context = Context {
        config: &Config::default(),
        origins: &sensors::origin::Origin::default(),
        at: Time(0),
        modified: None,
    };
    let kind = recognise(input.expect("memory never fails").head(), &context).map(|s| s.name());
    assert_eq!(kind, Some("posts"), "{about}");
    let memory = read(evidence.as_bytes());
    assert_eq!(told(&memory), posts, "{about}");
    let reasons = |s: &Skip| format!("{} {}", s.count, s.reason);
    assert_eq!(memory.skips.iter().map(|(_, s)| reasons(s)).collect::<Vec<_>>(), skips, "{about}");
}

const TWEET: &str = r#"{"id_str":"12","created_at":"Fri May 05 22:10:00 +0000 2017","text":"cut…","extended_tweet":{"full_text":"Voir https://t.co/x #Vote @Zoe","entities":{"urls":[{"url":"https://t.co/x","expanded_url":"http://www.kiosque.fr/a?utm_source=t"}],"hashtags":[{"text":"Vote"}],"user_mentions":[{"screen_name":"Zoe"}]}},"user":{"id_str":"7","screen_name":"anna","created_at":"Mon May 01 00:00:00 +0000 2017","description":"x"},"lang":"fr","in_reply_to_status_id_str":"11"}"#;

#[test]
fn twitter_v1_in_lines_lists_and_search_answers() {
    let repost = r#"{"id_str":"13","created_at":"Fri May 05 22:11:00 +0000 2017","full_text":"RT @anna: Voir","user":{"id_str":"8","screen_name":"bob"},"retweeted_status":{"id_str":"12"}}"#;
    let first =
        "twitter 12 twitter/7 2017-05-05T22:10:00Z Voir https://t.co/x #Vote @Zoe | kiosque.fr/a | vote | zoe |  11";
    let second = "twitter 13 twitter/8 2017-05-05T22:11:00Z RT @anna: Voir |  |  | anna | 12 ";
    check(&format!("{TWEET}\n{repost}\n"), &[first, second], &[]);
    check(&format!("[{TWEET},\n{repost}]"), &[first, second], &[]);
    check(&format!("{{\"statuses\":[{TWEET}],\"search_metadata\":{{\"count\":1}}}}"), &[first], &[]);
    // Lines: a cut one, a lost quote and something else cost themselves alone; a repeated one is one post.
    let bad = format!("{TWEET}\n{}\n{{\"id_str\":\"x}}\n[]\n{{\"a\":1}}\n{TWEET}\n{repost}", &TWEET[..80]);
    check(&bad, &[first, second], &["2 record is cut short", "1 record is no post"]);
}

#[test]
fn the_archive_of_twitter_names_its_owner_by_a_picture() {
    let archive = |media: &str| {
        format!(
            "window.YTD.tweets.part0 = [\n  {{\n    \"tweet\" : {{ \"id_str\" : \"9\", \"created_at\" : \"Fri May 05 22:10:00 +0000 2017\", \"full_text\" : \"un &amp; deux\", \"entities\" : {{ }} }}\n  }},\n  {{ \"tweet\" : {{ \"id_str\" : \"10\", \"created_at\" : \"Fri May 05 22:12:00 +0000 2017\", \"full_text\" : \"trois\", \"entities\" : {{ {media} }} }} }}\n]\n"
        )
    };
    let posts = |owner: &str| {
        [("9", "10", "un &amp; deux"), ("10", "12", "trois")].map(|(id, minute, text)| {
            format!("twitter {id} twitter/{owner} 2017-05-05T22:{minute}:00Z {text} |  |  |  |  ")
        })
    };
    let own = r#""media":[{"expanded_url":"https://twitter.com/Anna/status/10/photo/1","id_str":"5"}]"#;
    let expected = posts("anna");
    check(&archive(own), &[&expected[0], &expected[1]], &[]);
    let expected = posts("archive of 9");
    check(&archive(""), &[&expected[0], &expected[1]], &[]);
}

#[test]
fn pages_of_twitter_v2_join_their_authors() {
    let page = r#"{"data":[{"id":"20","text":"RT @x: y","author_id":"3","created_at":"2017-05-05T22:10:00.000Z","referenced_tweets":[{"type":"retweeted","id":"19"}],"entities":{"urls":[{"url":"https://t.co/q","expanded_url":"https://bit.ly/q","unwound_url":"https://kiosque.fr/q"}],"hashtags":[{"tag":"Vote"}],"mentions":[{"username":"x"}]},"edit_history_tweet_ids":["20"]}],"includes":{"users":[{"id":"3","username":"carla","created_at":"2017-05-01T00:00:00.000Z"}],"tweets":[{"id":"19","text":"y"}]},"meta":{"result_count":1}}"#;
    let post = "twitter 20 twitter/3 2017-05-05T22:10:00Z RT @x: y | kiosque.fr/q | vote | x | 19 ";
    check(page, &[post], &[]);
    check(&format!("{page}\n{}", page.replace("\"20\"", "\"21\"")), &[post, &post.replace(" 20 ", " 21 ")], &[]);
    let memory = read(page.as_bytes());
    let table = Table::load(&memory).expect("memory never fails");
    assert_eq!((table.accounts[0].name.as_str(), table.accounts[0].created.is_some()), ("carla", true));
    // A page cut in two: what came whole is kept.
    let cut = page.find("\"includes\"").unwrap_or_default();
    check(&page[..cut], &[post], &["1 record is cut short"]);
}

#[test]
fn mastodon_and_activitypub() {
    let status = r##"{"id":"1","uri":"https://m.example/users/ana/statuses/1","created_at":"2017-05-05T22:10:00.000Z","content":"<p>Lisez <a href=\"https://kiosque.fr/a?b=1&amp;c=2\">ici</a> <a href=\"https://m.example/tags/vote\">#<span>Vote</span></a><script>x</script></p>","account":{"acct":"ana","url":"https://m.example/@ana","display_name":"Ana","created_at":"2017-05-01T00:00:00.000Z","note":"<p>moi</p>"},"tags":[{"name":"Vote","url":"https://m.example/tags/vote"}],"mentions":[],"reblog":null,"in_reply_to_id":null,"language":"fr"}"##;
    let said = "2017-05-05T22:10:00Z Lisez ici #Vote | kiosque.fr/a?b=1&c=2 | vote |  |  ";
    let expected = format!("mastodon https://m.example/users/ana/statuses/1 mastodon/ana@m.example {said}");
    check(&format!("[{status}]"), &[&expected], &[]);
    check(&format!("{status}\n{status}\n"), &[&expected], &[]);
    let outbox = r##"{"@context":"https://www.w3.org/ns/activitystreams","type":"OrderedCollection","orderedItems":[
      {"id":"https://m.example/users/ana/statuses/1/activity","type":"Create","actor":"https://m.example/users/ana","published":"2017-05-05T22:10:00Z","object":{"id":"https://m.example/users/ana/statuses/1","type":"Note","content":"<p>Bonjour</p>","tag":[{"type":"Hashtag","name":"#Vote"}],"attributedTo":"https://m.example/users/ana","inReplyTo":"https://n.example/2"}},
      {"id":"https://m.example/a2","type":"Announce","actor":"https://m.example/users/ana","published":"2017-05-05T22:11:00Z","object":"https://n.example/3"},
      {"id":"https://m.example/a3","type":"Like","actor":"https://m.example/users/ana","object":"https://n.example/3"}]}"##;
    check(
        outbox,
        &[
            "mastodon https://m.example/users/ana/statuses/1 mastodon/ana@m.example 2017-05-05T22:10:00Z Bonjour |  | vote |  |  https://n.example/2",
            "mastodon https://m.example/a2 mastodon/ana@m.example 2017-05-05T22:11:00Z  |  |  |  | https://n.example/3 ",
        ],
        &["1 record is no post"],
    );
}

#[test]
fn telegram_exports_of_one_chat_and_of_all() {
    let messages = r##"[{"id":1,"type":"service","date":"2017-05-05T22:00:00","actor":"K","action":"create_channel"},
      {"id":2,"type":"message","date":"2017-05-06T00:10:00","date_unixtime":"1494022200","from":"Kanal","from_id":"channel5","text":["Lire ",{"type":"text_link","text":"ici","href":"https://kiosque.fr/a"}," ",{"type":"hashtag","text":"#Vote"}],"text_entities":[]},
      {"id":3,"type":"message","date":"2017-05-06T00:11:00","date_unixtime":"1494022260","from":"Kanal","from_id":"channel5","forwarded_from":"Autre","reply_to_message_id":2,"text":"copié","text_entities":[]}]"##;
    let posts = [
        "telegram 5/2 telegram/channel5 2017-05-05T22:10:00Z Lire ici #Vote | kiosque.fr/a | vote |  |  ",
        "telegram 5/3 telegram/channel5 2017-05-05T22:11:00Z copié |  |  |  | Autre/b363977208d3c73a 5/2",
    ];
    check(&format!(r#"{{"name":"Kanal","type":"public_channel","id":5,"messages":{messages}}}"#), &posts, &[]);
    let all = format!(
        r#"{{"about":"x","contacts":{{"list":[{{"user_id":1}}]}},"chats":{{"about":"y","list":[{{"name":"Kanal","type":"public_channel","id":5,"messages":{messages}}},{{"name":"Vide","type":"private_group","id":6,"messages":[{{"id":1,"type":"message","date":"2017-05-05T23:00:00","from":"Z","from_id":"user9","text":"seul"}}]}}]}}}}"#
    );
    let last = "telegram 6/1 telegram/user9 2017-05-05T23:00:00Z seul |  |  |  |  ";
    check(&all, &[posts[0], posts[1], last], &["1 time without zone: taken for UTC"]);
}

#[test]
fn feeds_are_articles_of_their_hosts() {
    let rss = |items: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<!-- <item> --><rss version=\"2.0\" xmlns:dc=\"x\"><channel><title>K</title><link>https://www.kiosque.fr/</link><language>fr</language>\n{items}</channel></rss>"
        )
    };
    let item = "<item><title>Un &amp; deux &eacute;</title><link>https://kiosque.fr/a?utm_source=rss</link><guid isPermaLink=\"false\">1</guid><pubDate>Sat, 06 May 2017 00:10:00 +0200</pubDate><description><![CDATA[<p>Corps </item> <a href=\"https://autre.fr/b\">lien</a></p>]]></description><category>Vote</category></item>";
    let said = "web kiosque.fr/a web/kiosque.fr 2017-05-05T22:10:00Z Un & deux é/Corps  lien | kiosque.fr/a autre.fr/b | vote |  |   article";
    check(&rss(item), &[said], &[]);
    // No entity is expanded; a cut item, an item without end and one without anything cost themselves alone.
    let hostile = format!(
        "<item><title>&xxe;</title><guid>2</guid><pubDate>soon</pubDate></item>\n<item><title>lost\n{item}<item/><item></item>\n<item><title>x"
    );
    let entity = "web 2 web/kiosque.fr - &xxe; |  |  |  |   article";
    check(
        &rss(&hostile).replace("</channel></rss>", ""),
        &[said, entity],
        &["1 no post id", "1 no time that can be read: kept without", "3 record is cut short"],
    );
    let atom = "<?xml version='1.0'?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>K</title><link href=\"https://kiosque.fr/\"/><entry><id>urn:1</id><title type=\"html\">Un &lt;b&gt;gras&lt;/b&gt;</title><link rel=\"self\" href=\"https://kiosque.fr/self\"/><link href=\"https://kiosque.fr/b\"/><updated>2017-05-05T22:10:00Z</updated><author><name>A</name></author></entry></feed>";
    check(
        atom,
        &["web kiosque.fr/b web/kiosque.fr 2017-05-05T22:10:00Z Un gras | kiosque.fr/b |  |  |   article"],
        &[],
    );
    let rdf = "<rdf:RDF xmlns:rdf=\"r\" xmlns=\"http://purl.org/rss/1.0/\"><channel rdf:about=\"https://kiosque.fr/\"><title>K</title></channel><item rdf:about=\"https://kiosque.fr/c\"><title>C</title><link>https://kiosque.fr/c</link><dc:date>2017-05-05T22:10:00+00:00</dc:date></item></rdf:RDF>";
    check(rdf, &["web kiosque.fr/c web/kiosque.fr 2017-05-05T22:10:00Z C | kiosque.fr/c |  |  |   article"], &[]);
}

#[test]
fn relative_links_and_news_sitemaps_are_articles_of_their_hosts() {
    let atom = |head: &str| {
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"{head}<entry><id>urn:1</id><title>Un</title><link href=\"2017/b\"/><updated>2017-05-05T22:10:00Z</updated></entry></feed>"
        )
    };
    let told = |at: &str| format!("web {at} web/kiosque.fr 2017-05-05T22:10:00Z Un | {at} |  |  |   article");
    let own = "><link rel=\"self\" href=\"https://kiosque.fr/blog/feed.atom\"/>";
    check(&atom(own), &[&told("kiosque.fr/blog/2017/b")], &[]);
    check(&atom(&format!(" xml:base=\"https://kiosque.fr/\"{own}")), &[&told("kiosque.fr/2017/b")], &[]);
    let sitemap = "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n<url><loc>https://kiosque.fr/c</loc><news:news><news:publication><news:name>Le Kiosque</news:name><news:language>fr</news:language></news:publication><news:publication_date>2017-05-05T22:10:00Z</news:publication_date><news:title>Un</news:title></news:news></url></urlset>";
    check(sitemap, &[&told("kiosque.fr/c")], &[]);
}

#[test]
fn an_archive_in_two_parts_is_of_one_person() {
    let part = |n: u32, id: u32, more: &str| {
        format!(
            "window.YTD.tweets.part{n} = [ {{ \"tweet\" : {{ \"id_str\" : \"{id}\", \"created_at\" : \"Fri May 05 22:10:0{n} +0000 2017\", \"full_text\" : \"t{n}\"{more} }} }} ]"
        )
    };
    let owners = |parts: &[(&str, String)]| {
        let mut memory = Memory::new();
        for (name, text) in parts {
            memory.read(&Posts, name, text.as_bytes(), &Config::default(), Time(0));
        }
        let table = Table::load(&memory).expect("memory never fails");
        table.accounts.iter().map(|a| format!("{} {}", a.id, a.posts)).collect::<Vec<_>>()
    };
    let picture =
        ", \"entities\" : { \"media\" : [ { \"expanded_url\" : \"https://twitter.com/Anna/status/12/photo/1\" } ] }";
    let [first, second] = ["x/data/tweets.js", "x/data/tweets-part1.js"];
    let nameless = [(first, part(0, 9, "")), (second, part(1, 12, ""))];
    assert_eq!(owners(&nameless), ["twitter/archive of 9 2"]);
    assert_eq!(owners(&[(first, part(0, 9, "")), (second, part(1, 12, picture))]), ["twitter/anna 2"]);
    // Another folder is another person.
    assert_eq!(
        owners(&[(first, part(0, 9, "")), ("y/data/tweets.js", part(1, 12, ""))]),
        ["twitter/archive of 9 1", "twitter/archive of 12 1"]
    );
    // Who answers oneself is named by the answer.
    let answer = ", \"in_reply_to_status_id_str\" : \"9\", \"in_reply_to_screen_name\" : \"Anna\" } }, { \"tweet\" : { \"id_str\" : \"9\", \"created_at\" : \"Fri May 05 22:00:00 +0000 2017\", \"full_text\" : \"t\"";
    assert_eq!(owners(&[(first, part(0, 10, answer))]), ["twitter/anna 2"]);
}

#[test]
fn gdelt_by_its_columns() {
    let row = |cells: &[(usize, &str)], width: usize| {
        let cell = |n: usize| cells.iter().find(|(at, _)| *at == n).map_or("", |(_, text)| text);
        (0..width).map(cell).collect::<Vec<_>>().join("\t")
    };
    let graph = row(
        &[
            (0, "20170505221500-T1"),
            (1, "20170505221500"),
            (2, "1"),
            (3, "kiosque.fr"),
            (4, "https://www.kiosque.fr/a"),
            (25, "srclc:fra;eng:Moses"),
            (26, "<PAGE_TITLE>L&#x27;un</PAGE_TITLE>"),
        ],
        27,
    );
    let said = "web kiosque.fr/a web/kiosque.fr 2017-05-05T22:15:00Z L'un | kiosque.fr/a |  |  |   article";
    check(&format!("{graph}\nshort line\n"), &[said], &["1 record is no post"]);
    let event = row(&[(0, "650001"), (1, "20170505"), (59, "20170505221500"), (60, "https://www.kiosque.fr/a")], 61);
    let article = said.replace("L'un", "");
    check(&format!("{event}\n{event}\n"), &[&article], &[]);
    let mention = row(
        &[(0, "650001"), (1, "20170505220000"), (2, "20170505221500"), (3, "1"), (5, "https://www.kiosque.fr/a")],
        16,
    );
    check(&mention, &[&article], &[]);
    let documents = r#"{"articles": [ { "url": "https://www.kiosque.fr/a", "url_mobile": "", "title": "L'un", "seendate": "20170505T221500Z", "socialimage": "", "domain": "kiosque.fr", "language": "French", "sourcecountry": "France" } ] }"#;
    check(documents, &[said], &[]);
}

#[test]
fn hostile_json_costs_itself_alone() {
    let with = |text: &str| TWEET.replace("Voir https://t.co/x #Vote @Zoe", text);
    let first =
        |text: &str| format!("twitter 12 twitter/7 2017-05-05T22:10:00Z {text} | kiosque.fr/a | vote | zoe |  11");
    // Half a surrogate pair, an escaped backslash before a u.
    check(&format!("{}\n", with(r"\ud83d oh \\ud83d \ud83d\ude00")), &[&first("\u{fffd} oh \\ud83d 😀")], &[]);
    // A text of a megabyte is cut, a record of five is passed over, and the next is read.
    let long = with(&"a".repeat(1 << 20));
    let over = with(&"\\\"{[".repeat(5 << 18)).replace("\"12\"", "\"99\"");
    let memory = read(format!("[{over},{long}]").as_bytes());
    assert!(told(&memory) == [first(&"a".repeat(64 << 10))]);
    let reasons: Vec<&str> = memory.skips.iter().map(|(_, s)| s.reason.as_str()).collect();
    assert_eq!(reasons, ["longer text or lists than are kept: cut", "record longer than 4 MiB"]);
    // Depth without end, in the middle and at the end.
    let deep = format!("[{{\"a\":{}}},{TWEET},{}", "[".repeat(1000) + &"]".repeat(1000), "[".repeat(100_000));
    let memory = read(deep.as_bytes());
    assert_eq!(told(&memory), [first("Voir https://t.co/x #Vote @Zoe")]);
    assert!(memory.skips.len() >= 2);
}

#[test]
fn spans_are_the_records() {
    let evidence = format!("[ {TWEET} ,\n {TWEET} ]");
    let memory = read(evidence.as_bytes());
    let table = Table::load(&memory).expect("memory never fails");
    let traces = table.traces([0]);
    let span = traces[0].spans.iter().next().expect("a record has a place");
    assert_eq!(&evidence[span.start as usize..(span.start + span.len) as usize], TWEET);
    assert_eq!(span.line, 1);
}

#[test]
fn any_cut_of_any_format_is_read() {
    let posts = [
        format!("[{TWEET},{TWEET}]"),
        String::from(
            "<rss version=\"2\"><channel><item><title>x</title><link>https://a.fr/1</link></item></channel></rss>",
        ),
        format!("window.YTD.tweets.part0 = [{TWEET}]"),
    ];
    for evidence in posts {
        for end in 0..evidence.len() {
            if evidence.is_char_boundary(end) {
                read(&evidence.as_bytes()[..end]);
                // And with a byte gone.
                read(&[&evidence.as_bytes()[..end], &evidence.as_bytes()[end + 1..]].concat());
            }
        }
    }
}

#[test]
fn a_map_of_short_links_is_evidence() {
    let map = "short,long\nhttps://bit.ly/x,https://t.ly/y\nt.ly/y,https://kiosque.fr/a?utm_source=b\nc.ly/1,c.ly/2\nc.ly/2,c.ly/1\nno,link\n";
    check(map, &[], &["1 no link"]);
    let mut memory = read(map.as_bytes());
    let posts = "content_id,account_id,timestamp,text\n1,a,1494022200,voir https://bit.ly/x et http://c.ly/1\n";
    memory.read(&Posts, "posts", posts.as_bytes(), &Config::default(), Time(0));
    let said = " 1 a 2017-05-05T22:10:00Z voir https://bit.ly/x et http://c.ly/1 | kiosque.fr/a c.ly/1 |  |  |  ";
    assert_eq!(told(&memory), [said]);
}

/// All files of the shared data, by folder.
fn shared(dir: &std::path::Path, each: &mut dyn FnMut(&std::path::Path)) {
    let mut entries: Vec<_> = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => shared(&path, each),
            false => each(&path),
        }
    }
}

#[test]
fn nobody_elses_evidence_is_taken() {
    let root = std::env::var("VIGIE_DATA").unwrap_or_else(|_| "../../../shared/data".into());
    let config = Config::default();
    let origins = sensors::origin::Origin::default();
    let context = Context { config: &config, origins: &origins, at: Time(0), modified: None };
    let mut seen = 0;
    shared(std::path::Path::new(&root), &mut |path| {
        let Ok(file) = std::fs::File::open(path) else { return };
        let Ok(input) = Input::open(Box::new(file), Budget::default()) else { return };
        seen += 1;
        let ours = path.components().any(|c| c.as_os_str() == "posts");
        let kind = recognise(input.head(), &context).map(|s| s.name());
        assert!(ours || kind != Some("posts"), "{}", path.display());
        let table = path.extension().is_some_and(|e| e == "csv") && ours;
        // Results of a network and a list of sites are no posts.
        let posts = table && !path.ends_with("sites_of_concern.csv") && !path.to_string_lossy().contains("minweight");
        assert!(!posts || kind == Some("posts"), "{}", path.display());
    });
    if seen == 0 {
        println!("skipped: no shared data at `{root}`");
    }
}

#[test]
fn crowdtangle_and_mapped_columns() {
    let header = "Page Name,User Name,Facebook Id,Page Created,Likes at Posting,Post Created,Type,URL,Message,Link,Final Link,Link Text";
    let row = "Kiosque,kiosque,100,2010-01-01 00:00:00 EST,\"1,234\",2017-05-05 18:10:00 EDT,Link,https://www.facebook.com/100/posts/1,\"=HYPERLINK(\"\"x\"\") #Vote\nligne\",https://bit.ly/x,https://kiosque.fr/a,Titre";
    let said = "facebook https://www.facebook.com/100/posts/1 facebook/100 2017-05-05T22:10:00Z =HYPERLINK(\"x\") #Vote/ligne | kiosque.fr/a | vote |  |  ";
    check(&format!("{header}\n{row}\n{row},extra\n"), &[said], &["1 more cells than the header"]);
    let mut memory = Memory::new();
    let config =
        sensors::testing::config("[posts]\ncolumns = { account = \"qui\", timestamp = \"quand\", text = \"quoi\" }");
    memory.read(&Posts, "evidence", "qui;quand;quoi\nana;1494022200;Bonjour\n".as_bytes(), &config, Time(0));
    assert_eq!(told(&memory), ["  ana 2017-05-05T22:10:00Z Bonjour |  |  |  |  "]);
}

#[test]
fn a_document_on_one_line_is_no_file_of_lines() {
    let answer = r#"{"data":[{"id":"1","media_product_type":"THREADS","permalink":"https://www.threads.net/@anne/post/x","username":"anne","text":"Bonjour","timestamp":"2017-05-05T22:10:00+0000"}],"paging":{}}"#;
    for end in ["", "\n", "\r\n\n"] {
        check(&format!("{answer}{end}"), &["threads 1 threads/anne 2017-05-05T22:10:00Z Bonjour |  |  |  |  "], &[]);
    }
}

/// What images the posts show.
fn images(evidence: &str) -> Vec<String> {
    let memory = read(evidence.as_bytes());
    let table = Table::load(&memory).expect("memory never fails");
    (0..table.len() as u32).flat_map(|p| table.images(p).map(String::from).collect::<Vec<_>>()).collect()
}

#[test]
fn snscrape_writes_lines_of_tweets_and_of_channels() {
    let tweet = r#"{"_type":"snscrape.modules.twitter.Tweet","url":"https://twitter.com/anna/status/12","date":"2017-05-06T00:10:00+02:00","rawContent":"Voir #Vote","id":12,"user":{"_type":"snscrape.modules.twitter.User","username":"anna","id":7,"created":"2017-05-01T00:00:00+00:00"},"lang":"fr","links":[{"text":"k","url":"https://kiosque.fr/a","tcourl":"https://t.co/x"}],"retweetedTweet":null,"inReplyToTweetId":11,"mentionedUsers":[{"username":"Zoe"}],"hashtags":["Vote"]}"#;
    let said = "twitter 12 twitter/7 2017-05-05T22:10:00Z Voir #Vote | kiosque.fr/a | vote | zoe |  11";
    check(&format!("{tweet}\n{tweet}\n{{\"_type\":\"x\"}}\n"), &[said], &["1 record is no post"]);
    let post = r#"{"_type":"snscrape.modules.telegram.TelegramPost","url":"https://t.me/s/Kanal/5","date":"2017-05-05T22:10:00+00:00","content":"Lire","outlinks":["https://kiosque.fr/a"]}"#;
    check(post, &["telegram kanal/5 telegram/kanal 2017-05-05T22:10:00Z Lire | kiosque.fr/a |  |  |  "], &[]);
}

#[test]
fn telethon_knows_which_message_was_forwarded() {
    let message = r#"{"_":"Message","id":3,"peer_id":{"_":"PeerChannel","channel_id":5},"date":"2017-05-05T22:10:00+00:00","message":"Lire https://kiosque.fr/a","from_id":null,"fwd_from":{"_":"MessageFwdHeader","from_id":{"_":"PeerChannel","channel_id":9},"channel_post":41},"reply_to":{"reply_to_msg_id":2},"entities":[{"_":"MessageEntityTextUrl","url":"https://autre.fr/b"}]}"#;
    let said = "telegram 5/3 telegram/channel5 2017-05-05T22:10:00Z Lire https://kiosque.fr/a | kiosque.fr/a autre.fr/b |  |  | 9/41 5/2";
    check(&format!("[{message}]"), &[said], &[]);
    check(&format!("{message}\n{message}\n"), &[said], &[]);
}

#[test]
fn pictures_are_known_by_their_digests() {
    let status = |id: u8| {
        format!(
            r#"{{"id":"{id}","uri":"https://m.example/{id}","created_at":"2017-05-05T22:10:00.000Z","content":"<p>x</p>","account":{{"acct":"ana","url":"https://m.example/@ana"}},"reblog":null,"media_attachments":[{{"type":"image","blurhash":"UBL_:rOpGG-o"}}],"tags":[],"mentions":[]}}"#
        )
    };
    assert_eq!(images(&format!("[{},{}]", status(1), status(2))), ["UBL_:rOpGG-o", "UBL_:rOpGG-o"]);
    let table = "content_id,account_id,timestamp,text,phash\n1,a,1494022200,x,ff00ff00\n2,b,1494022201,y,ff00ff00\n";
    assert_eq!(images(table), ["ff00ff00", "ff00ff00"]);
}

#[test]
fn activitypub_names_actors_and_replies_in_several_ways() {
    let note = r##"{"@context":"https://www.w3.org/ns/activitystreams","type":"Collection","totalItems":1,"items":[{"id":"https://v.example/a/1","type":"Create","actor":{"id":"https://v.example/@ana","type":"Person"},"published":"2017-05-05T22:10:00Z","object":{"id":"https://v.example/n/1","type":"Note","content":"Bonjour","inReplyTo":{"id":"https://n.example/2"},"attributedTo":["https://v.example/@ana"]}}]}"##;
    check(
        note,
        &[
            "mastodon https://v.example/n/1 mastodon/ana@v.example 2017-05-05T22:10:00Z Bonjour |  |  |  |  https://n.example/2",
        ],
        &[],
    );
}

#[test]
fn tables_of_research_interfaces_need_no_mapping() {
    // twarc's CSV: lists of entities as JSON in a cell.
    let twarc = "id,referenced_tweets.replied_to.id,referenced_tweets.retweeted.id,author_id,created_at,text,lang,entities.hashtags,entities.mentions,entities.urls,author.username\n12,,11,7,2017-05-05T22:10:00.000Z,RT @zoe: Voir,fr,\"[{\"\"start\"\":1,\"\"end\"\":4,\"\"tag\"\":\"\"Vote\"\"}]\",\"[{\"\"username\"\":\"\"Zoe\"\"}]\",\"[{\"\"url\"\":\"\"https://t.co/x\"\",\"\"expanded_url\"\":\"\"https://kiosque.fr/a\"\"}]\",anna\n";
    check(twarc, &[" 12 7 2017-05-05T22:10:00Z RT @zoe: Voir | kiosque.fr/a | vote | zoe | 11 "], &[]);
    let meta = "id,post_owner.id,post_owner.name,creation_time,text,link_attachment.link,lang\n9,100,Kiosque,2017-05-05T22:10:00+00:00,Titre,https://kiosque.fr/a,fr\n";
    check(meta, &[" 9 100 2017-05-05T22:10:00Z Titre | kiosque.fr/a |  |  |  "], &[]);
    // CrowdTangle's interface, one post a line.
    let crowdtangle = r#"{"platformId":"100_1","platform":"Facebook","date":"2017-05-05 22:10:00","type":"link","message":"Titre","expandedLinks":[{"original":"https://bit.ly/x","expanded":"https://kiosque.fr/a"}],"account":{"id":5,"name":"Kiosque","platformId":"100"}}"#;
    check(
        crowdtangle,
        &["facebook 100_1 facebook/5 2017-05-05T22:10:00Z Titre | kiosque.fr/a |  |  |  "],
        &["1 time without zone: taken for UTC"],
    );
    // Older exports say `Created`.
    let old = "Page Name,User Name,Facebook Id,Created,URL,Message,Link\nKiosque,kiosque,100,2017-05-05 18:10:00 EDT,https://www.facebook.com/100/posts/1,Titre,https://kiosque.fr/a\n";
    check(
        old,
        &[
            "facebook https://www.facebook.com/100/posts/1 facebook/100 2017-05-05T22:10:00Z Titre | kiosque.fr/a |  |  |  ",
        ],
        &[],
    );
    // Events of GDELT 1.0: 58 columns, a day without a clock.
    let mut cells = vec!["0"; 58];
    (cells[0], cells[1], cells[56], cells[57]) = ("650001", "20170505", "20170505", "https://www.kiosque.fr/a");
    check(
        &format!("{}\n", cells.join("\t")),
        &["web kiosque.fr/a web/kiosque.fr 2017-05-05T00:00:00Z  | kiosque.fr/a |  |  |   article"],
        &[],
    );
}

#[test]
fn files_in_utf_16_are_read_by_their_mark() {
    let csv = "content_id,account_id,timestamp,text\n1,a,1494022200,été 😀\n";
    let rss = "<?xml version=\"1.0\" encoding=\"utf-16\"?><rss version=\"2.0\"><channel><item><title>Un é</title><link>https://kiosque.fr/a</link><pubDate>Fri, 05 May 2017 22:10:00 GMT</pubDate></item></channel></rss>";
    for (text, said) in [
        (csv, " 1 a 2017-05-05T22:10:00Z été 😀 |  |  |  |  "),
        (rss, "web kiosque.fr/a web/kiosque.fr 2017-05-05T22:10:00Z Un é | kiosque.fr/a |  |  |   article"),
    ] {
        let units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
        let little: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        for bytes in [little, big] {
            let memory = read(&bytes);
            assert_eq!(told(&memory), [said]);
            assert_eq!(memory.observations[0].steps, [model::Step::Utf16]);
            // Half a pair, and an odd byte at the end.
            read(&[&bytes[..], &[0xd8]].concat());
        }
    }
}

#[test]
fn a_map_of_short_links_may_be_named_in_the_configuration() {
    let mut config = Config::default();
    let map = "short;long\nhttps://bit.ly/x;t.ly/y\nt.ly/y;https://kiosque.fr/a?utm_source=b\n";
    let shortened = Posts.settings().keys.iter().find(|s| s.name == "shortened").and_then(|s| s.files);
    let file = Loaded { path: "map.csv".into(), name: "map.csv".into(), bytes: map.into(), sealed: None, unread: None };
    (shortened.expect("files").load)(&mut config, &mut [Ok(file)].into_iter()).expect("pairs are a setting");
    let mut memory = Memory::new();
    let posts = "content_id,account_id,timestamp,text\n1,a,1494022200,voir http://bit.ly/x\n";
    memory.read(&Posts, "posts", posts.as_bytes(), &config, Time(0));
    assert_eq!(told(&memory), [" 1 a 2017-05-05T22:10:00Z voir http://bit.ly/x | kiosque.fr/a |  |  |  "]);
}
