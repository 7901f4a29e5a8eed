//! A made-up debate: three groups, copied texts, an account that never rests, narratives and the road of a leak.

use super::{Case, Dice, config, evidence, id, time};
use model::{Entity, Finding, Level, Reason, Role, Severity, Span, SpanSet, Text, Time, Trace};
use serde_json::{Value, json};

/// Somebody below the threshold; must never be named.
pub const INNOCENT: [&str; 3] = ["ordinaire_jeanne", "Jeanne Ordinaire", "paul_le_passant"];

fn finding(detector: &'static str, key: &str, title: Text, fields: Value) -> Finding {
    let mut spans = SpanSet::new();
    (0..9).for_each(|i| spans.push(Span { start: 4000 * i, len: 180, line: 20 * i + 2 }));
    let accounts = fields["members"].as_array().into_iter().flatten().filter_map(|m| m["account"].as_str());
    Finding {
        detector: detector.into(),
        key: key.into(),
        severity: Severity::High,
        confidence: 95,
        level: Level::Grey,
        title,
        reasons: vec![
            Reason::supporting(70, Text::new("no chance explains it", "aucun hasard ne l'explique")),
            Reason::against(10, Text::new("friends may agree to post", "des amis peuvent s'entendre pour publier")),
        ],
        techniques: vec!["T0049.003".into()],
        first: Some(time("2017-05-05T18:50:00Z")),
        last: Some(time("2017-05-06T05:40:00Z")),
        entities: accounts.map(|a| Entity::user(a, Role::Account)).collect(),
        traces: vec![Trace { evidence: id(1), steps: Vec::new(), spans }],
        fields: fields.as_object().expect("an object").clone(),
    }
}

fn group(name: &str, n: u64, window: &str, by: &str, dice: &mut Dice) -> Finding {
    let members: Vec<Value> = (0..n)
        .map(|i| {
            let account = format!("{name}_{:03}", 7 * i + 1);
            let day = 1 + i % 3;
            json!({ "account": account, "name": format!("{name} {i}"), "posts": 10 + dice.below(90), "created": format!("2017-04-0{day}T10:00:00Z") })
        })
        .collect();
    let edges: Vec<Value> = (1..n)
        .flat_map(|i| [(i, i / 2), (i, i.saturating_sub(3)), (i, (i * 7) % n)])
        .filter(|(a, b)| a != b)
        .map(|(a, b)| json!([a, b, 2 + dice.below(30), 1e-9]))
        .collect();
    let day = |dice: &mut Dice, from: u64, to: u64| -> Vec<u64> {
        (0..24).map(|h| if (from..to).contains(&h) { 5 + dice.below(60) } else { 0 }).collect()
    };
    let calendar = json!({ "2017-05-05": day(dice, 18, 24), "2017-05-06": day(dice, 0, 6) });
    let hours: Vec<u64> =
        (0..24).map(|h| ["2017-05-05", "2017-05-06"].iter().filter_map(|d| calendar[d][h].as_u64()).sum()).collect();
    let fields = json!({
        "members": members, "by": [by], "edges": edges, "p": 1e-9, "window": window, "posts": hours.iter().sum::<u64>(),
        "objects": [
            { "object": "https://fuite.example/papiers", "kind": "url", "accounts": n, "posts": 4 * n },
            { "object": format!("https://twitter.com/{}/status/12", INNOCENT[0]), "kind": "url", "accounts": n - 1, "posts": 2 * n },
        ],
        "hours": hours, "calendar": calendar, "languages": { "fr": 40, "en": 12 }, "density": 0.3,
        "first_mover": if by == "url" { members[0]["account"].clone() } else { json!(INNOCENT[0]) },
        "created": { "2017-04-01": 12, "2017-04-02": 9 },
        "innocent": [
            { "explanation": "fans", "outcome": "rejected", "why": { "en": "they share nothing of one show", "fr": "ils ne partagent rien d'une même émission" } },
            { "explanation": "newsroom", "outcome": "rejected", "why": { "en": "no link to an outlet", "fr": "aucun lien avec un média" } },
        ],
        "favours": ["Claire Vasseur"], "against": ["Marc Delorme"],
    });
    let title = Text::new(format!("{n} accounts act as one"), format!("{n} comptes agissent comme un seul"));
    finding("posts/coordination", name, title, fields)
}

/// The debate.
pub fn debate() -> Case {
    let mut case = Case { config: config(), ..Case::default() };
    case.evidence = vec![evidence(1, "posts.csv", 31_882_041, "posts")];
    let mut dice = Dice(5);
    case.findings = vec![
        group("etoile", 40, "10s", "url", &mut dice),
        group("vigne", 25, "90s", "repost", &mut dice),
        group("marée", 12, "30m", "text", &mut dice),
    ];
    let text = format!("RT @{}: #papiers {}", INNOCENT[0], INNOCENT[2]);
    let members = json!([{ "account": INNOCENT[0], "name": INNOCENT[1] }, { "account": INNOCENT[2], "name": "" }, { "account": "etoile_001" }]);
    case.findings.push(finding(
        "posts/copied_text",
        "copy",
        Text::new("one text by 61 accounts", "un texte par 61 comptes"),
        json!({ "text": text, "kind": "edited", "posts": 83, "accounts": 61, "first": "2017-05-05T19:00:00Z",
            "half": "2017-05-05T19:12:00Z", "last": "2017-05-06T04:00:00Z", "similarity": 0.91, "members": members }),
    ));
    let mut restless = finding(
        "posts/automation",
        "sans_repos",
        Text::new("sans_repos posts without rest", "sans_repos publie sans repos"),
        json!({ "account": "sans_repos", "name": "Sans Repos", "posts": 486, "signs": [
            { "sign": "pace", "value": 486, "why": { "en": "486 posts in 12 hours", "fr": "486 publications en 12 heures" } },
            { "sign": "second_of_minute", "value": 0.83, "why": { "en": "always at the same second", "fr": "toujours à la même seconde" } },
        ] }),
    );
    restless.severity = Severity::Low;
    restless.entities = vec![Entity::user("sans_repos", Role::Account)];
    case.findings.push(restless);
    // Not above the threshold: neither told nor named.
    let mut slight = group("groupuscule", 3, "60s", "url", &mut dice);
    slight.severity = Severity::Info;
    case.findings.push(slight);
    let start = time("2017-05-05T18:00:00Z").seconds();
    let curve: Vec<Value> = (0..40u64)
        .map(|i| json!([Time::from_seconds(start + i as i64 * 1200).to_string(), 20 + (i * (40 - i)) + dice.below(60)]))
        .collect();
    case.findings.push(finding(
        "posts/narrative",
        "papiers",
        Text::new("the papers", "les papiers"),
        json!({ "title": "#papiers fuite.example", "urls": ["https://fuite.example/papiers"], "posts": 9120, "accounts": 3411,
            "curve": curve, "outlets": ["monde-libre.example"],
            "candidates": { "Marc Delorme": { "for": 120, "against": 4030, "unclear": 900 }, "Claire Vasseur": { "for": 310, "against": 22, "unclear": 80 } } }),
    ));
    case.findings.push(finding(
        "posts/outlet",
        "monde-libre.example",
        Text::new("a state medium", "un média d'État"),
        json!({ "outlet": "monde-libre.example", "class": "state_media", "who": "EUvsDisinfo", "name": "Monde Libre", "posts": 212, "accounts": 160,
            "candidates": { "Marc Delorme": { "for": 0, "against": 140, "unclear": 20 } } }),
    ));
    let mut road = finding(
        "posts/road",
        "papiers",
        Text::new("from the theft to the front page in nine hours", "du vol à la une en neuf heures"),
        json!({ "steps": [
            { "time": "2017-05-05T18:35:00Z", "who": "fuite.example", "kind": "channel", "level": "illegal", "url": "https://fuite.example/papiers", "posts": 1, "delay": 0 },
            { "time": "2017-05-05T18:49:00Z", "who": INNOCENT[0], "kind": "account", "level": "grey", "url": "https://fuite.example/papiers", "posts": 3, "delay": 840 },
            { "time": "2017-05-05T18:50:30Z", "who": "etoile_001", "kind": "account", "level": "grey", "url": "https://fuite.example/papiers", "posts": 40, "delay": 90 },
            { "time": "2017-05-05T20:10:00Z", "who": "monde-libre.example", "kind": "outlet", "level": "grey", "url": "https://monde-libre.example/exclusif", "posts": 220, "delay": 4770 },
            { "time": "2017-05-06T03:40:00Z", "who": "gazette.example", "kind": "outlet", "level": "legal", "url": "https://gazette.example/une", "posts": 800, "delay": 27000 },
        ] }),
    );
    road.level = Level::Illegal;
    case.findings.push(road);
    case.sort();
    case
}
