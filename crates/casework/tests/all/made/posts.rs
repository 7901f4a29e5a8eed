//! A made-up debate: three groups, copied texts, an account that never rests, narratives and the road of a leak.

use super::{Case, Dice, config, evidence, id, time};
use model::{Entity, Finding, Level, Reason, Role, Severity, Span, SpanSet, Text, Time, Trace};
use rows::Row;
use rows::posts::{
    Automation, Classified, CoAction, Coordination, CopiedText, Copier, Copying, Explanation, Member, Narrative,
    Object, Outlet, OutletClass, Road, RoadStep, Shared, Sign, Signed, StepKind, Tested, Verdict,
};
use std::collections::BTreeMap;

/// Somebody below the threshold; must never be named.
pub const INNOCENT: [&str; 3] = ["ordinaire_jeanne", "Jeanne Ordinaire", "paul_le_passant"];

fn finding<R: Row>(key: &str, title: Text, accounts: &[&str], row: &R) -> Finding {
    let mut spans = SpanSet::new();
    (0..9).for_each(|i| spans.push(Span { start: 4000 * i, len: 180, line: 20 * i + 2 }));
    Finding {
        detector: R::NAME.into(),
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
        entities: accounts.iter().map(|a| Entity::user(*a, Role::Account)).collect(),
        traces: vec![Trace { evidence: id(1), steps: Vec::new(), spans }],
        fields: row.fields(),
    }
}

fn group(name: &str, n: u64, window: i64, by: CoAction, dice: &mut Dice) -> Finding {
    let members: Vec<Member> = (0..n)
        .map(|i| Member {
            account: format!("{name}_{:03}", 7 * i + 1),
            name: format!("{name} {i}"),
            posts: 10 + dice.below(90),
            all: 100,
            created: Some(time(&format!("2017-04-0{}T10:00:00Z", 1 + i % 3))),
        })
        .collect();
    let edges = (1..n as usize)
        .flat_map(|i| [(i, i / 2), (i, i.saturating_sub(3)), (i, (i * 7) % n as usize)])
        .filter(|(a, b)| a != b)
        .map(|(a, b)| (a, b, 2 + dice.below(30), 1e-9))
        .collect();
    let mut day = |from: usize, to: usize| -> [u64; 24] {
        std::array::from_fn(|h| if (from..to).contains(&h) { 5 + dice.below(60) } else { 0 })
    };
    let calendar: BTreeMap<String, [u64; 24]> =
        [("2017-05-05".into(), day(18, 24)), ("2017-05-06".into(), day(0, 6))].into();
    let hours: [u64; 24] = std::array::from_fn(|h| calendar.values().map(|d| d[h]).sum());
    let object = |object: String, accounts: u64, posts: u64| Object {
        object,
        kind: CoAction::Url,
        accounts,
        posts,
        first: None,
        last: None,
    };
    let fails = |explanation| Tested { explanation, outcome: Verdict::Fails, p: None };
    let row = Coordination {
        accounts: n,
        by: vec![by],
        objects: vec![
            object("https://fuite.example/papiers".into(), n, 4 * n),
            object(format!("https://twitter.com/{}/status/12", INNOCENT[0]), n - 1, 2 * n),
        ],
        edges,
        p: 1e-9,
        window: Some(window),
        windows: Vec::new(),
        posts: hours.iter().sum(),
        hours,
        calendar,
        languages: [("fr".into(), 40), ("en".into(), 12)].into(),
        first_mover: Some(if by == CoAction::Url { members[0].account.clone() } else { INNOCENT[0].into() }),
        created: [("2017-04-01".into(), 12), ("2017-04-02".into(), 9)].into(),
        density: 0.3,
        tries: 12,
        candidates: BTreeMap::new(),
        explanation: Explanation::None,
        innocent: vec![fails(Explanation::Chance), fails(Explanation::Newsroom)],
        members,
    };
    let accounts: Vec<&str> = row.members.iter().map(|m| &*m.account).collect();
    let title = Text::new(format!("{n} accounts act as one"), format!("{n} comptes agissent de concert"));
    finding(name, title, &accounts, &row)
}

fn step(at: &str, who: &str, kind: StepKind, level: Level, url: &str, posts: u64) -> RoadStep {
    RoadStep {
        time: time(at),
        who: who.into(),
        kind,
        level,
        url: url.into(),
        posts,
        delay: None,
        since_first: None,
        how: Text::same("l'adresse"),
        inferred: false,
        text: "…".into(),
        trace: Vec::new(),
        account: None,
        class: None,
        classified_by: None,
        class_text: None,
    }
}

/// The debate.
pub fn debate() -> Case {
    let mut case = Case { config: config(), ..Case::default() };
    case.evidence = vec![evidence(1, "posts.csv", 31_882_041, "posts")];
    let mut dice = Dice(5);
    case.findings = vec![
        group("etoile", 40, 10, CoAction::Url, &mut dice),
        group("vigne", 25, 90, CoAction::Repost, &mut dice),
        group("marée", 12, 1800, CoAction::Text, &mut dice),
    ];
    let text = format!("RT @{}: #papiers {}", INNOCENT[0], INNOCENT[2]);
    let copiers = [INNOCENT[0], INNOCENT[2], "etoile_001"];
    case.findings.push(finding(
        "copy",
        Text::new("one text by 61 accounts", "un texte par 61 comptes"),
        &copiers,
        &CopiedText {
            text,
            kind: Copying::Edited,
            kinds: [(Copying::Edited, 82)].into(),
            posts: 83,
            accounts: 61,
            first: Some(time("2017-05-05T19:00:00Z")),
            half: Some(time("2017-05-05T19:12:00Z")),
            last: Some(time("2017-05-06T04:00:00Z")),
            similarity: 0.91,
            closeness: None,
            members: copiers.map(|a| Copier { account: a.into(), posts: 1 }).into(),
            half_within: Some(720),
            of: 1,
        },
    ));
    let sign = |sign, value, en: &str, fr: &str| Signed {
        sign,
        value: Some(value),
        usual: None,
        distance: None,
        why: Text::new(en, fr),
    };
    let mut restless = finding(
        "sans_repos",
        Text::new("sans_repos posts without rest", "sans_repos publie sans repos"),
        &["sans_repos"],
        &Automation {
            account: "sans_repos".into(),
            name: "Sans Repos".into(),
            posts: 486,
            hours: 12,
            signs: vec![
                sign(Sign::Pace, 486.0, "486 posts in 12 hours", "486 publications en 12 heures"),
                sign(Sign::Seconds, 0.83, "always at the same second", "toujours à la même seconde"),
            ],
            declared: false,
        },
    );
    restless.severity = Severity::Low;
    case.findings.push(restless);
    // Not above the threshold: neither told nor named.
    let mut slight = group("groupuscule", 3, 60, CoAction::Url, &mut dice);
    slight.severity = Severity::Info;
    case.findings.push(slight);
    let start = time("2017-05-05T18:00:00Z").seconds();
    let curve = (0..40u64)
        .map(|i| (Time::from_seconds(start + i as i64 * 1200), 20 + (i * (40 - i)) + dice.below(60)))
        .collect();
    case.findings.push(finding(
        "papiers",
        Text::new("the papers", "les papiers"),
        &[],
        &Narrative {
            title: "#papiers fuite.example".into(),
            posts: 9120,
            accounts: 3411,
            rank: 1,
            of: 1,
            coordinated: 65,
            urls: vec!["https://fuite.example/papiers".into()],
            outlets: vec![Shared { host: "monde-libre.example".into(), classified: None }],
            curve,
            languages: BTreeMap::new(),
            candidates: [("Marc Delorme".into(), 5050), ("Claire Vasseur".into(), 412)].into(),
        },
    ));
    case.findings.push(finding(
        "monde-libre.example",
        Text::new("a state medium", "un média d'État"),
        &[],
        &Outlet {
            outlet: "monde-libre.example".into(),
            classified: Classified {
                class: OutletClass::StateMedia,
                name: "Monde Libre".into(),
                who: "EUvsDisinfo".into(),
                reference: String::new(),
            },
            posts: 212,
            accounts: 160,
            first_account: Some(INNOCENT[2].into()),
            urls: vec![("https://monde-libre.example/exclusif".into(), 212)],
            curve: Vec::new(),
            groups: Vec::new(),
            candidates: [("Marc Delorme".into(), 160)].into(),
        },
    ));
    let papers = "https://fuite.example/papiers";
    let mut road = finding(
        "papiers",
        Text::new("from the theft to the front page in nine hours", "du vol à la une en neuf heures"),
        &[],
        &Road {
            title: "#papiers".into(),
            leak: true,
            urls: vec![papers.into()],
            hashtags: vec!["papiers".into()],
            posts: 9120,
            outlets: 2,
            press: 1,
            of: 1,
            steps: vec![
                step("2017-05-05T18:35:00Z", "fuite.example", StepKind::Channel, Level::Illegal, papers, 1),
                step("2017-05-05T18:49:00Z", INNOCENT[0], StepKind::Account, Level::Grey, papers, 3),
                step("2017-05-05T18:50:30Z", "etoile_001", StepKind::Account, Level::Grey, papers, 40),
                step(
                    "2017-05-05T20:10:00Z",
                    "monde-libre.example",
                    StepKind::Outlet,
                    Level::Grey,
                    "https://monde-libre.example/exclusif",
                    220,
                ),
                step(
                    "2017-05-06T03:40:00Z",
                    "gazette.example",
                    StepKind::Outlet,
                    Level::Legal,
                    "https://gazette.example/une",
                    800,
                ),
            ],
        },
    );
    road.level = Level::Illegal;
    case.findings.push(road);
    case.sort();
    case
}
