//! The vote itself: the count from its files, rounds of an audit that a case keeps, and platforms that failed people.

use super::{brief, case, lines, place, run};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;

const PUBLISHED: &str = "commune,station,registered,voters,blank,null,valid,Brandt,Costa\n\
                         Arles,1,800,600,5,5,590,390,200\nArles,2,700,500,2,8,490,290,200\n";

#[test]
fn a_workbook_of_several_levels_with_percentages_between_counts() {
    let dir = place();
    // As sheets of a ministry's workbook stand in it: a title, heads of the first candidate alone, percentages, a note.
    let head = "Élection : résultats\t\n\n\t\tParticipation\nCode du département\tLibellé du département\tInscrits\tAbstentions\t% Abs/Ins\tVotants\t% Vot/Ins\tExprimés\t% Exp/Ins\tSexe\tNom\tPrénom\tVoix\t% Voix/Ins\t% Voix/Exp\n";
    let row = |code: &str, n: u32, a: u32, b: u32| {
        format!(
            "{code}\tDép. {code}\t{}\t{}\t20.00\t{n}\t80.00\t{n}\t80.00\tF\tBRANDT\tAda\t{a}\t10.50\t44.44\tM\tCOSTA\tLin\t{b}\t12.25\t55.56\n",
            n * 5 / 4,
            n / 4
        )
    };
    let table = format!("{head}{}{}\n* une note\n", row("01", 800, 500, 300), row("02", 400, 150, 250));
    fs::write(dir.path().join("departements.tsv"), table).expect("written");
    let whole = "France entière\n\t\tNombre\t% Inscrits\nInscrits\t1500\nVotants\t1200\t80.00\nExprimés\t1200\t80.00\n\nListe des candidats\tVoix\nMme Ada BRANDT\t650\t43.3\nM. Lin COSTA\t560\t37.3\n";
    fs::write(dir.path().join("france.tsv"), whole).expect("written");
    let told = lines(&run(dir.path(), &["recount", "departements.tsv", "france.tsv", "--json"], 0));
    let found: Vec<&Value> = told.iter().filter(|l| l.get("discrepancy").is_some()).collect();
    // Costa has 550 by the departments.
    assert!(
        found.iter().any(|d| d["level"] == "country" && d["figures"].to_string().contains("\"difference\":10")),
        "{found:?}"
    );
    assert!(found.iter().all(|d| d["level"] == "country"), "{found:?}");
}

#[test]
fn rounds_of_an_audit_stay_in_the_case() {
    let dir = place();
    fs::write(dir.path().join("published.csv"), PUBLISHED).expect("written");
    fs::write(dir.path().join("round-1.csv"), "audit round,candidate,votes\n1,Brandt,20\n1,Costa,12\n")
        .expect("written");
    fs::write(dir.path().join("round-2.csv"), "audit round,candidate,votes\n2,Brandt,40\n2,Costa,16\n")
        .expect("written");
    fs::write(dir.path().join("again.csv"), "audit round,candidate,votes\n1,Brandt,30\n1,Costa,2\n").expect("written");
    let told = lines(&run(
        dir.path(),
        &["recount", "published.csv", "--audit", "round-1.csv", "--audit", "round-2.csv", "--json"],
        0,
    ));
    let rounds: Vec<&Value> = told.iter().filter(|l| l.get("round").is_some()).collect();
    assert_eq!((rounds.len(), &rounds[0]["stop"], &rounds[1]["stop"]), (2, &Value::Bool(false), &Value::Bool(true)));
    case(dir.path(), "c", &["published.csv", "round-1.csv", "round-2.csv"]);
    let of =
        |found: &str| lines(found).into_iter().find(|f| f["detector"] == "station_minutes/audit").expect("an audit");
    let audit = of(&run(dir.path(), &["findings", "c", "--json"], 0));
    assert_eq!(
        (&audit["fields"]["stop"], audit["fields"]["rounds"].as_array().map(Vec::len)),
        (&Value::Bool(true), Some(2))
    );
    assert!(brief(&dir.path().join("c")).contains("round-2.csv"));
    // Somebody tells the first round in another way: the first holds, and it is said.
    run(dir.path(), &["add", "c", "again.csv"], 0);
    run(dir.path(), &["run", "c"], 0);
    let audit = of(&run(dir.path(), &["findings", "c", "--json"], 0));
    assert_eq!((&audit["severity"], &audit["fields"]["conflicts"]), (&Value::from("medium"), &Value::from(1)));
}

/// Answers so many requests with these bytes; gives the port.
fn served(answer: &'static str, times: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(times) {
            let Ok(mut stream) = stream else { continue };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

#[test]
fn a_platform_of_ones_own_is_probed_and_no_other() {
    let dir = place();
    let port = served("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nBureau de vote", 8);
    let url = format!("http://127.0.0.1:{port}/");
    let probe = |more: &[&str], code| lines(&run(dir.path(), &[&["probe", &url, "--json"], more].concat(), code));
    let told = probe(&["--expect", "Bureau", "--from", "Lyon", "--times", "2", "--every", "0"], 0);
    assert_eq!((told.len(), &told[0]["met"], &told[1]["from"]), (2, &Value::from("served"), &Value::from("Lyon")));
    assert_eq!(probe(&["--expect", "Wahllokal"], 1)[0]["met"], "unexpected");
    let busy = served("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 1);
    let told = lines(&run(dir.path(), &["probe", &format!("http://127.0.0.1:{busy}/"), &url, "--json"], 1));
    assert_eq!((told.len(), &told[0]["met"]), (1, &Value::from("busy")), "who is told to wait comes no further");
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let told = lines(&run(dir.path(), &["probe", &format!("http://127.0.0.1:{closed}/"), "--json"], 1));
    assert_eq!(told[0]["met"], "unreachable");
    // Not without a proof that it is one's own.
    run(dir.path(), &["probe", "https://192.0.2.1/"], 2);
}

#[test]
fn when_a_platform_failed_people_stands_in_the_brief() {
    let dir = place();
    let line = |net: &str, n: u32, status: u16| {
        format!(
            "vote.example {net}.{n} - - [14/Feb/2017:09:{n:02}:00 +0000] \"GET /vote HTTP/1.1\" {status} 512 \"-\" \"Mozilla/5.0\"\n"
        )
    };
    let log: String = (1..25).flat_map(|n| [line("8.8.4", n, 429), line("193.50.1", n, 200)]).collect();
    fs::write(dir.path().join("access.log"), log).expect("written");
    let step = |at: &str, met: &str| {
        format!(
            "{{\"vigie\":\"probe\",\"at\":\"2017-02-14T{at}Z\",\"site\":\"vote.example\",\"from\":\"Lyon\",\"step\":1,\"url\":\"https://vote.example/\",\"met\":\"{met}\",\"status\":0,\"millis\":[0,0,9]}}\n"
        )
    };
    let steps =
        [step("09:00:00", "served"), step("09:01:00", "timeout"), step("09:02:00", "unreachable"), "{}\n".into()]
            .concat();
    fs::write(dir.path().join("probe.jsonl"), steps).expect("written");
    run(dir.path(), &["init", "c", "--name", "test"], 0);
    let toml = dir.path().join("c/case.toml");
    let text = fs::read_to_string(&toml).expect("a case") + "\n[reach]\nsites = [\"vote.example\"]\n";
    fs::write(&toml, text).expect("written");
    run(dir.path(), &["add", "c", "access.log", "probe.jsonl"], 0);
    run(dir.path(), &["run", "c"], 0);
    let found = lines(&run(dir.path(), &["findings", "c", "--json"], 0));
    let how = |how: &str| found.iter().find(|f| f["detector"] == "reach/trouble" && f["fields"]["how"] == how);
    assert_eq!(how("queue").expect("queues")["fields"]["region"], "US");
    assert_eq!(how("probe").expect("a probe")["severity"], "high");
    let page = brief(&dir.path().join("c"));
    assert!(
        page.contains("reach.html") && page.contains("Could people vote") && page.contains("unable to connect")
            || page.contains("a probe failed")
    );
}

#[test]
fn a_total_is_carried_to_where_it_holds_what_is_wrong_and_nowhere_else() {
    let dir = place();
    let minutes = "department,commune,station,registered,voters,valid,Brandt,Costa\n\
                   01,Arles,1,800,600,600,400,200\n01,Arles,2,700,500,500,300,200\n02,Blois,1,900,700,700,350,350\n";
    let write = |name: &str, text: String| fs::write(dir.path().join(name), text).expect("written");
    write("minutes.csv", minutes.into());
    // Ten votes come to Costa in the second snapshot; the commune's total follows, the department's does not, and in the third
    // the station is right again while the commune's total is not.
    let communes = |costa: u32| {
        format!(
            "department,commune,registered,voters,valid,Brandt,Costa\n01,Arles,1500,1100,1100,{},{costa}\n02,Blois,900,700,700,350,350\n",
            1100 - costa
        )
    };
    let departments = |costa: u32| {
        format!(
            "department,registered,voters,valid,Brandt,Costa\n01,1500,1100,1100,{},{costa}\n02,900,700,700,350,350\n",
            1100 - costa
        )
    };
    let wrong = minutes.replace("300,200", "290,210");
    for (hour, stations, of_communes) in
        [(20, minutes, 400), (21, &*wrong, 410), (22, minutes, 410), (23, minutes, 400)]
    {
        write(&format!("stations-2017-04-23T{hour}-00.csv"), stations.into());
        write(&format!("communes-2017-04-23T{hour}-00.csv"), communes(of_communes));
        write(&format!("departments-2017-04-23T{hour}-00.csv"), departments(400));
    }
    let files = |what: &str| [20, 21, 22, 23].map(|hour| format!("{what}-2017-04-23T{hour}-00.csv"));
    let all = ["stations", "communes", "departments"].map(files).concat();
    let mut args: Vec<&str> = vec!["recount", "--json", "--minutes", "minutes.csv"];
    args.extend(all.iter().map(String::as_str));
    let told = lines(&run(dir.path(), &args, 0));
    let found: Vec<&Value> = told.iter().filter(|l| l.get("discrepancy").is_some()).collect();
    let of = |level: &str| found.iter().filter(|d| d["level"] == level).copied().collect::<Vec<_>>();
    let [station] = of("station")[..] else { panic!("one station: {found:?}") };
    assert_eq!(station["carried_to"], serde_json::json!([["commune", "Arles"]]));
    assert_eq!(station["right_in"], serde_json::json!([["department", "01"]]));
    let [commune] = of("commune")[..] else { panic!("one commune: {found:?}") };
    // Wrong on its own since the third, until the fourth; never the department's.
    assert_eq!(
        (&commune["carried_to"], &commune["right_in"]),
        (&Value::Null, &serde_json::json!([["department", "01"]]))
    );
    assert!(
        commune["since"]["time"].to_string().contains("T22") && commune["until"]["time"].to_string().contains("T23")
    );
    assert!(of("department").is_empty() && of("country").is_empty(), "{found:?}");
}

#[test]
fn minutes_are_held_against_their_seals() {
    let dir = place();
    let minutes = "commune,station,registered,voters,blank,null,valid,Brandt,Costa\n";
    fs::create_dir(dir.path().join("pv")).expect("made");
    fs::write(dir.path().join("pv/1.csv"), format!("{minutes}Arles,1,800,600,5,5,590,390,200\n")).expect("written");
    fs::write(dir.path().join("pv/2.csv"), format!("{minutes}Arles,2,700,500,2,8,490,280,210\n")).expect("written");
    fs::write(dir.path().join("published.csv"), PUBLISHED).expect("written");
    run(dir.path(), &["seal", "pv", "--seals", "log"], 0);
    run(dir.path(), &["prove", "pv/1.csv", "pv/2.csv", "--seals", "log"], 0);
    let recount = |more: &[&str], code| {
        let told =
            lines(&run(dir.path(), &[&["recount", "published.csv", "--minutes", "pv", "--json"], more].concat(), code));
        let sealed: Vec<bool> = told.iter().filter_map(|l| l.get("sealed")?.as_bool()).collect();
        let against: Vec<bool> = told.iter().filter_map(|l| l.get("against_sealed")?.as_bool()).collect();
        (sealed, against)
    };
    assert_eq!(recount(&["--seals", "log"], 0), (vec![true, true], vec![true]));
    fs::create_dir(dir.path().join("proofs")).expect("made");
    for n in ["1.csv", "2.csv"] {
        let name = format!("{n}.tlog-proof");
        fs::rename(dir.path().join("pv").join(&name), dir.path().join("proofs").join(&name)).expect("moved");
    }
    // Whoever has proofs and the key alone needs no log.
    let proofs = ["--proof", "proofs", "--key", "log/verifier.key"];
    assert_eq!(recount(&proofs, 0), (vec![true, true], vec![true]));
    fs::write(dir.path().join("pv/2.csv"), format!("{minutes}Arles,2,700,500,2,8,490,285,205\n")).expect("written");
    assert_eq!(recount(&proofs, 0), (vec![true, false], vec![false]));
    assert_eq!(recount(&["--seals", "log"], 0), (vec![true, false], vec![false]));
    run(dir.path(), &["recount", "published.csv", "--minutes", "pv", "--proof", "proofs"], 2);
}

#[test]
fn a_merge_certificate_computes_published_totals_and_no_minutes() {
    let dir = place();
    let minutes = PUBLISHED.replace("290,200", "280,210");
    fs::write(dir.path().join("minutes.csv"), minutes).expect("written");
    fs::write(dir.path().join("published.csv"), PUBLISHED).expect("written");
    let communes = "commune,registered,voters,blank,null,valid,Brandt,Costa\nArles,1500,1100,7,13,1080,680,400\n";
    fs::write(dir.path().join("communes.csv"), communes).expect("written");
    case(dir.path(), "c", &["minutes.csv", "published.csv", "communes.csv"]);
    run(dir.path(), &["export", "c", "--to", "merge", "-o", "m"], 0);
    let Ok(done) = std::process::Command::new("python3").arg("recompute.py").current_dir(dir.path().join("m")).output()
    else {
        println!("skipped: no python3");
        return;
    };
    let told = String::from_utf8_lossy(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "{told}");
    assert!(told.contains("7 figures follow from their parts, 2 do not"), "{told}");
    assert!(
        told.contains("12 figures are those of the minutes") && told.contains("Costa 200, minutes 210 (-10)"),
        "{told}"
    );
}
