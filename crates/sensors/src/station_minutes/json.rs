//! Results as JSON: NIST's Common Data Format (SP 1500-100, version 2), lists of records, and objects that tell figures and votes
//! by candidate wherever they stand.

use recount::build::Direct;
use recount::heads::{self, Column};
use recount::learn;
use recount::{About, Builder};
use rows::station_minutes::{Figure, Level, Table};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// What is told of one unit: figures, and votes by candidate.
type Unit = (Vec<(Figure, u32)>, BTreeMap<String, u32>);

/// Levels of nesting that are looked into.
const DEEP: usize = 12;

/// How sure a text is JSON of counts, by its beginning.
pub fn sniff(head: &str) -> u8 {
    if head.contains("ElectionResults.") {
        return 95;
    }
    let keys: String = head.split('"').skip(1).step_by(2).take(400).collect::<Vec<_>>().join(" ");
    if super::read::figures(&keys) >= 3 { 85 } else { 0 }
}

/// All tables.
pub fn tables(text: &str, about: &About, trouble: &mut dyn FnMut(String, u32)) -> Vec<Table> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(e) => {
            // Lines of JSON: a record each.
            let mut all = Vec::new();
            for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
                match serde_json::from_str(line) {
                    Ok(value) => all.push(value),
                    Err(_) if n == 0 => {
                        trouble(format!("no JSON: {e}"), e.line() as u32);
                        return Vec::new();
                    }
                    Err(_) => trouble("a line that is no JSON".into(), n as u32 + 1),
                }
            }
            Value::Array(all)
        }
    };
    if let Some(report) = value.as_object().filter(|o| {
        o.contains_key("GpUnit") || o.get("@type").and_then(Value::as_str).is_some_and(|t| t.contains("ElectionReport"))
    }) {
        return common_data(report, about, trouble);
    }
    let records = |a: &Vec<Value>| {
        a.len() > 1
            && a.iter().take(20).all(|v| {
                v.as_object().is_some_and(|o| o.values().filter(|v| !v.is_array() && !v.is_object()).count() >= 3)
            })
    };
    if let Some(list) = value.as_array().filter(|a| records(a)) {
        return grid(list, about, trouble);
    }
    let mut found: BTreeMap<String, Direct> = BTreeMap::new();
    let mut open: Vec<(Vec<String>, &Value)> = vec![(Vec::new(), &value)];
    let mut n = 0;
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(o) => {
                n += 1;
                if !object(o, &path, about, &mut found, n) && path.len() < DEEP {
                    open.extend(o.iter().rev().map(|(k, v)| ([&path[..], std::slice::from_ref(k)].concat(), v)));
                }
            }
            Value::Array(a) if path.len() < DEEP => open.extend(a.iter().rev().map(|v| (path.clone(), v))),
            _ => {}
        }
    }
    if found.is_empty() {
        trouble("JSON without figures of an election".into(), 1);
    }
    found.into_values().map(Direct::finish).collect()
}

/// A list of records is a table.
fn grid(list: &[Value], about: &About, trouble: &mut dyn FnMut(String, u32)) -> Vec<Table> {
    let mut head: Vec<String> = Vec::new();
    for o in list.iter().take(learn::HEAD).filter_map(Value::as_object) {
        for key in o.keys() {
            if !head.contains(key) && head.len() < 10_000 {
                head.push(key.clone());
            }
        }
    }
    let cell = |v: Option<&Value>| match v {
        Some(Value::String(s)) => s.clone(),
        Some(Value::Number(n)) => n.to_string(),
        _ => String::new(),
    };
    let row = |v: &Value| head.iter().map(|k| cell(v.get(k))).collect::<Vec<String>>();
    let mut first = vec![head.clone()];
    first.extend(list.iter().take(learn::HEAD - 1).map(row));
    let Some(shape) = learn::learn(&first) else {
        trouble("a list of records without figures of an election".into(), 1);
        return Vec::new();
    };
    let mut builder = Builder::new(&shape, about);
    for (n, record) in list.iter().enumerate() {
        let cells = row(record);
        builder.row(&cells.iter().map(String::as_str).collect::<Vec<_>>(), n as u32 + 1, None, trouble);
    }
    builder.finish(trouble)
}

fn whole(value: &Value) -> Option<u32> {
    match value {
        Value::Number(n) => n
            .as_u64()
            .or_else(|| n.as_f64().filter(|f| f.fract() == 0.0 && *f >= 0.0).map(|f| f as u64))
            .and_then(|n| u32::try_from(n).ok()),
        Value::String(s) => match recount::number::count(s) {
            recount::number::Count::Is(n) => Some(n),
            _ => None,
        },
        _ => None,
    }
}

/// An object that tells figures, its own or of an object in it, and votes by candidate; whether it is one.
fn object(
    o: &Map<String, Value>,
    path: &[String],
    about: &About,
    found: &mut BTreeMap<String, Direct>,
    line: u32,
) -> bool {
    let figure = |key: &str| match heads::column(key) {
        Column::Count(f) => Some(f),
        _ => None,
    };
    let mut figures: Vec<(Figure, u32)> = o.iter().filter_map(|(k, v)| Some((figure(k)?, whole(v)?))).collect();
    for inner in o.values().filter_map(Value::as_object) {
        let more: Vec<(Figure, u32)> = inner.iter().filter_map(|(k, v)| Some((figure(k)?, whole(v)?))).collect();
        if more.len() >= 2 {
            figures.extend(more);
        }
    }
    let mut votes: Vec<(String, u32)> = Vec::new();
    for (key, value) in o {
        let folded = heads::fold(key);
        if !folded.split(' ').any(|w| {
            [
                "result",
                "results",
                "resultat",
                "resultats",
                "votes",
                "voix",
                "candidats",
                "candidates",
                "scores",
                "ergebnis",
            ]
            .contains(&w)
        }) {
            continue;
        }
        match value {
            Value::Object(map) => votes.extend(map.iter().filter_map(|(k, v)| Some((k.clone(), whole(v)?)))),
            Value::Array(list) => votes.extend(list.iter().filter_map(pair)),
            _ => {}
        }
    }
    figures.sort();
    figures.dedup_by_key(|f| f.0);
    if votes.is_empty() || figures.is_empty() && votes.len() < 2 {
        return false;
    }
    let text = |keys: &[&str]| {
        keys.iter()
            .find_map(|k| o.get(*k))
            .map(|v| v.as_str().map_or_else(|| v.to_string(), String::from))
            .unwrap_or_default()
    };
    let place = text(&["location", "name", "nom", "area", "libelle", "zone"]);
    let code = text(&["code", "insee", "id"]);
    let told = heads::level(&heads::fold(&place)).or_else(|| heads::level(&heads::fold(&path.join(" "))));
    let name = place.rsplit('/').next().unwrap_or_default();
    let level = match heads::level(&heads::fold(name)) {
        Some(level) if level != Level::Country || name == place => level,
        _ => told.or(about.level).filter(|_| !(name.is_empty() && code.is_empty())).unwrap_or(Level::Country),
    };
    let above = path.join(" ");
    let mut round = recount::hint::round(&heads::fold(&above));
    if round.is_empty() {
        round = about.contest.clone();
    }
    if let Some(year) = path.iter().find(|p| p.len() == 4 && p.parse::<u16>().is_ok_and(|y| (1800..2200).contains(&y)))
    {
        round = format!("{year} {round}").trim().to_string();
    }
    let about = About { contest: round.clone(), part: path.join("/"), ..about.clone() };
    let table = found.entry(format!("{round}\n{above}")).or_insert_with(|| Direct::new(&about));
    let votes: Vec<(&str, u32)> = votes.iter().map(|(n, v)| (n.as_str(), *v)).collect();
    table.row(&[(level, &code, name)], &figures, &votes, line);
    true
}

/// A candidate and his votes, as a list or an object.
fn pair(value: &Value) -> Option<(String, u32)> {
    match value {
        Value::Array(list) => {
            let name = list.iter().find_map(Value::as_str)?;
            // Of two numbers the percentage has a fraction, or is the smaller.
            let votes = list.iter().filter(|v| v.is_number()).filter_map(whole).max()?;
            Some((name.to_string(), votes))
        }
        Value::Object(o) => {
            let mut name = [String::new(), String::new()];
            let mut votes = None;
            for (k, v) in o {
                match heads::column(k) {
                    Column::Last | Column::Candidate => name[1] = v.as_str().unwrap_or_default().into(),
                    Column::First => name[0] = v.as_str().unwrap_or_default().into(),
                    Column::Votes => votes = whole(v).or(votes),
                    _ => {}
                }
            }
            let name = name.join(" ").trim().to_string();
            Some((name, votes?)).filter(|(n, _)| !n.is_empty())
        }
        _ => None,
    }
}

/// The text of a name in the Common Data Format: a string, or a text in languages.
fn name(value: Option<&Value>) -> String {
    let text = |v: &Value| v.get("Content").and_then(Value::as_str).map(String::from);
    match value {
        Some(Value::String(s)) => s.clone(),
        Some(v) => v.get("Text").and_then(Value::as_array).and_then(|l| l.first()).and_then(text).unwrap_or_default(),
        None => String::new(),
    }
}

fn common_data(report: &Map<String, Value>, about: &About, trouble: &mut dyn FnMut(String, u32)) -> Vec<Table> {
    let list = |o: &Map<String, Value>, key: &str| match o.get(key) {
        Some(Value::Array(a)) => a.iter().filter_map(Value::as_object).cloned().collect::<Vec<_>>(),
        Some(Value::Object(o)) => vec![o.clone()],
        _ => Vec::new(),
    };
    let id = |o: &Map<String, Value>| o.get("@id").and_then(Value::as_str).unwrap_or_default().to_string();
    let ids = |v: Option<&Value>| -> Vec<String> {
        match v {
            Some(Value::Array(a)) => a.iter().filter_map(Value::as_str).map(String::from).collect(),
            Some(Value::String(s)) => s.split_whitespace().map(String::from).collect(),
            _ => Vec::new(),
        }
    };
    let time = report.get("GeneratedDate").and_then(Value::as_str).and_then(recount::when::time);
    let mut units: HashMap<String, (Level, String, String, Map<String, Value>)> = HashMap::new();
    let mut above: HashMap<String, String> = HashMap::new();
    for unit in list(report, "GpUnit") {
        let kind = unit.get("Type").and_then(Value::as_str).unwrap_or_default();
        let level = match kind {
            "precinct" | "split-precinct" | "combined-precinct" | "polling-place" | "vote-center" | "ballot-batch"
            | "drop-box" => Level::Station,
            // What the format has no word for is told beside it.
            "other" => {
                let told = unit.get("OtherType").and_then(Value::as_str).unwrap_or_default();
                heads::level(&heads::fold(told)).unwrap_or(Level::Constituency)
            }
            "city" | "town" | "township" | "village" | "municipality" | "borough" | "city-council" | "ward" => {
                Level::Commune
            }
            "county" | "parish" => Level::County,
            "state" | "province" => Level::State,
            "country" => Level::Country,
            "region" => Level::Region,
            "" => Level::Station,
            k if ["congressional", "state-house", "state-senate", "district"].contains(&k) => Level::Constituency,
            _ => heads::level(&heads::fold(kind)).unwrap_or(Level::Constituency),
        };
        let code = list(&unit, "ExternalIdentifier")
            .iter()
            .find_map(|e| e.get("Value").and_then(Value::as_str).map(String::from));
        let id = id(&unit);
        for part in ids(unit.get("ComposingGpUnitIds")) {
            above.entry(part).or_insert_with(|| id.clone());
        }
        units.insert(id, (level, code.unwrap_or_default(), name(unit.get("Name")), unit.clone()));
    }
    let persons: HashMap<String, String> =
        list(report, "Person").iter().map(|p| (id(p), name(p.get("FullName")))).collect();
    let parties: HashMap<String, String> = list(report, "Party").iter().map(|p| (id(p), name(p.get("Name")))).collect();
    let mut all = Vec::new();
    for election in list(report, "Election") {
        let mut candidates: HashMap<String, String> = HashMap::new();
        for c in list(&election, "Candidate") {
            let mut called = name(c.get("BallotName"));
            if called.is_empty() {
                called =
                    c.get("PersonId").and_then(Value::as_str).and_then(|p| persons.get(p)).cloned().unwrap_or_default();
            }
            candidates.insert(id(&c), called);
        }
        for contest in list(&election, "Contest") {
            let title = name(contest.get("Name"));
            let about =
                About { contest: title.clone(), part: String::new(), time: time.or(about.time), ..about.clone() };
            // By unit: figures and votes.
            let mut by_unit: BTreeMap<String, Unit> = BTreeMap::new();
            // Drafts of version 2 call them ballot selections.
            let selections = ["ContestSelection", "BallotSelection"].into_iter().flat_map(|key| list(&contest, key));
            for selection in selections {
                let mut called: Vec<String> =
                    ids(selection.get("CandidateIds")).iter().filter_map(|c| candidates.get(c).cloned()).collect();
                if called.is_empty() {
                    called = ids(selection.get("PartyIds")).iter().filter_map(|p| parties.get(p).cloned()).collect();
                }
                if called.is_empty() {
                    called.push(name(selection.get("Selection")));
                }
                let mut called = called.join(" / ");
                if called.trim().is_empty() {
                    called = if selection.get("IsWriteIn").and_then(Value::as_bool) == Some(true) {
                        "Write-in".into()
                    } else {
                        id(&selection)
                    };
                }
                let counts = list(&selection, "VoteCounts");
                // Ways of voting and machines are parts of a total that stands beside them.
                let is_total = |c: &Map<String, Value>| {
                    c.get("Type").and_then(Value::as_str) == Some("total") && !c.contains_key("DeviceClass")
                };
                let total = |unit: &str| {
                    counts.iter().any(|c| c.get("GpUnitId").and_then(Value::as_str) == Some(unit) && is_total(c))
                };
                for count in &counts {
                    let unit = count.get("GpUnitId").and_then(Value::as_str).unwrap_or_default();
                    if !is_total(count) && total(unit) {
                        continue;
                    }
                    match count.get("Count").and_then(whole) {
                        Some(n) => *by_unit.entry(unit.into()).or_default().1.entry(called.clone()).or_default() += n,
                        None => trouble(format!("votes of `{}` are no count", formats::clip(&called, 60)), 0),
                    }
                }
            }
            let others: Vec<_> =
                ["OtherCounts", "SummaryCounts"].into_iter().flat_map(|key| list(&contest, key)).collect();
            let unit =
                |o: &Map<String, Value>| o.get("GpUnitId").and_then(Value::as_str).unwrap_or_default().to_string();
            let of_all = |o: &Map<String, Value>| {
                !o.contains_key("DeviceClass") && o.get("Type").and_then(Value::as_str).is_none_or(|t| t == "total")
            };
            for other in &others {
                let (at, cast) = (unit(other), other.get("BallotsCast").and_then(whole));
                if !of_all(other) && others.iter().any(|o| of_all(o) && unit(o) == at && o.contains_key("BallotsCast"))
                {
                    continue;
                }
                let figures = &mut by_unit.entry(at).or_default().0;
                match (cast, figures.iter_mut().find(|f| f.0 == Figure::Voters)) {
                    (Some(n), Some(known)) => known.1 = known.1.saturating_add(n),
                    (Some(n), None) => figures.push((Figure::Voters, n)),
                    (None, _) => {}
                }
            }
            let mut table = Direct::new(&about);
            for (n, (unit, (mut figures, votes))) in by_unit.into_iter().enumerate() {
                let Some((level, code, called, own)) = units.get(&unit) else {
                    trouble("votes of a unit that is not told".into(), 0);
                    continue;
                };
                for (key, figure) in [("VotersRegistered", Figure::Registered), ("VotersParticipated", Figure::Voters)]
                {
                    if let Some(n) = own.get(key).and_then(whole).filter(|_| !figures.iter().any(|f| f.0 == figure)) {
                        figures.push((figure, n));
                    }
                }
                let mut places = vec![(*level, code.as_str(), called.as_str())];
                let (mut at, mut steps) = (&unit, 0);
                while let Some(parent) = above.get(at).filter(|_| steps < DEEP) {
                    if let Some((level, code, called, _)) = units.get(parent)
                        && places.iter().all(|p| p.0 < *level)
                    {
                        places.push((*level, code, called));
                    }
                    (at, steps) = (parent, steps + 1);
                }
                places.reverse();
                let votes: Vec<(&str, u32)> = votes.iter().map(|(n, v)| (n.as_str(), *v)).collect();
                table.row(&places, &figures, &votes, n as u32 + 1);
            }
            all.push(table.finish());
        }
    }
    all.retain(|t| !t.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{"@type":"ElectionResults.ElectionReport","Format":"precinct-level","GeneratedDate":"2027-04-11T20:30:00Z",
 "Election":[{"@type":"ElectionResults.Election","Candidate":[
   {"@id":"c1","@type":"ElectionResults.Candidate","BallotName":{"@type":"ElectionResults.InternationalizedText","Text":[{"@type":"ElectionResults.LanguageString","Content":"Ada Brandt","Language":"en"}]}},
   {"@id":"c2","@type":"ElectionResults.Candidate","BallotName":{"Text":[{"Content":"Lin Costa","Language":"en"}]}}],
  "Contest":[{"@id":"r","@type":"ElectionResults.CandidateContest","Name":"Governor","VotesAllowed":1,"KEY":[
    {"@id":"s1","@type":"ElectionResults.CandidateSelection","CandidateIds":["c1"],"VoteCounts":[
      {"@type":"ElectionResults.VoteCounts","Count":40,"GpUnitId":"p1","Type":"election-day"},
      {"@type":"ElectionResults.VoteCounts","Count":20,"GpUnitId":"p1","Type":"absentee"},
      {"@type":"ElectionResults.VoteCounts","Count":60,"GpUnitId":"p1","Type":"total"},
      {"@type":"ElectionResults.VoteCounts","Count":60,"GpUnitId":"k","Type":"total"}]},
    {"@id":"s2","@type":"ElectionResults.CandidateSelection","CandidateIds":["c2"],"VoteCounts":[
      {"@type":"ElectionResults.VoteCounts","Count":30,"GpUnitId":"p1","Type":"election-day"},
      {"@type":"ElectionResults.VoteCounts","Count":5,"GpUnitId":"p1","Type":"absentee"},
      {"@type":"ElectionResults.VoteCounts","Count":"x","GpUnitId":"k","Type":"total"}]}],
   "OTHER":[{"@type":"ElectionResults.SummaryCounts","BallotsCast":99,"GpUnitId":"p1"},
            {"@type":"ElectionResults.SummaryCounts","BallotsCast":60,"GpUnitId":"p1","DeviceClass":{"Type":"scan-batch"}}]}]}],
 "GpUnit":[{"@id":"k","@type":"ElectionResults.ReportingUnit","Name":{"Text":[{"Content":"Lake County"}]},"Type":"county","ComposingGpUnitIds":["p1"]},
  {"@id":"p1","@type":"ElectionResults.ReportingUnit","Name":"Precinct 1","Type":"precinct","VotersRegistered":200,
   "ExternalIdentifier":[{"@type":"ElectionResults.ExternalIdentifier","Type":"local-level","Value":"001"}]}]}"#;

    #[test]
    fn the_common_data_format_is_read_in_both_its_spellings() {
        for (key, other) in [("ContestSelection", "OtherCounts"), ("BallotSelection", "SummaryCounts")] {
            let text = REPORT.replace("KEY", key).replace("OTHER", other);
            assert_eq!(sniff(&text), 95);
            let mut troubles = Vec::new();
            let tables = tables(&text, &About::default(), &mut |why, _| troubles.push(why));
            let [table] = &tables[..] else { panic!("{tables:?}") };
            assert_eq!((table.contest.as_str(), table.len()), ("Governor", 2));
            assert_eq!(table.time.map(|t| t.to_string()).as_deref(), Some("2027-04-11T20:30:00Z"));
            let station = (0..2).find(|r| table.area(*r).any(|a| a.0 == Level::Station)).expect("a precinct");
            let areas: Vec<_> = table.area(station).collect();
            assert_eq!(areas, [(Level::County, "", "Lake County"), (Level::Station, "001", "Precinct 1")]);
            let at = |n: &str| table.figures.len() + table.candidates.iter().position(|c| c == n).expect("named");
            let row = table.row(station);
            assert_eq!((row[at("Ada Brandt")], row[at("Lin Costa")]), (Some(60), Some(35)));
            let figure = |f: Figure| row[table.figures.iter().position(|g| *g == f).expect("told")];
            assert_eq!((figure(Figure::Registered), figure(Figure::Voters)), (Some(200), Some(99)));
            assert_eq!(troubles, ["votes of `Lin Costa` are no count"]);
        }
    }
}
