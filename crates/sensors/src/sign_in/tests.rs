//! Each provider's record in the words of all; records twice, damaged, wrapped, unknown and hostile.

use super::SignIn;
use crate::Sensor;
use crate::testing::{Memory, config};
use model::Time;
use rows::Row as _;
use rows::sign_in::{Action, Activity, Answer, Attempt};

fn at() -> Time {
    "2017-06-01T00:00:00Z".parse().expect("a time")
}

fn read(files: &[&str]) -> Memory {
    let config = config("");
    let mut memory = Memory::new();
    for (n, text) in files.iter().enumerate() {
        let sure = super::read::sniff(text.as_bytes());
        assert!(sure.is_some_and(|(_, sure)| sure >= 90), "not recognised: {text}");
        memory.read(&SignIn, &format!("f{n}"), text.as_bytes(), &config, at());
    }
    memory
}

/// The activities, as `action answer account source target detail`.
fn told(text: &str) -> Vec<String> {
    let memory = read(&[text]);
    let all = memory.observations.iter().map(|v| Activity::of(&v.observation.fields).expect("a row"));
    let mut all: Vec<(i64, String)> = all
        .map(|a| {
            let source = a.source.unwrap_or_default();
            let parts = [a.action.as_str(), a.answer.as_str(), &a.account, &source, &a.target, &a.detail];
            (a.records[0].0, parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" | "))
        })
        .collect();
    all.sort();
    all.into_iter().map(|(_, text)| text).collect()
}

const LOGIN: &str = r#"{"CreationTime":"2017-04-03T08:00:00","Id":"a1","Operation":"UserLoggedIn","RecordType":15,"UserType":0,"Workload":"AzureActiveDirectory","ClientIP":"90.1.0.10","UserId":"Anne@Parti.example","ErrorNumber":"0"}"#;

#[test]
fn every_provider_speaks_of_the_same_things() {
    let check = |text: &str, expected: &[&str]| assert_eq!(told(text), expected, "{text}");
    check(LOGIN, &["sign_in | accepted | anne@parti.example | 90.1.0.10"]);
    check(
        r#"{"items":[{"kind":"admin#reports#activity","id":{"time":"2017-04-03T08:00:00.000Z","uniqueQualifier":"7","applicationName":"login"},"actor":{"email":"anne@parti.example"},"ipAddress":"90.1.0.10","events":[{"type":"login","name":"login_failure","parameters":[{"name":"login_type","value":"google_password"}]}]},
           {"kind":"admin#reports#activity","id":{"time":"2017-04-03T08:01:00.000Z","uniqueQualifier":"8","applicationName":"token"},"actor":{"email":"anne@parti.example"},"events":[{"name":"authorize","parameters":[{"name":"app_name","value":"Docs"},{"name":"scope","multiValue":["https://mail.google.com/"]}]}]}]}"#,
        &[
            "sign_in | wrong_password | anne@parti.example | 90.1.0.10 | type=google_password",
            "consent | accepted | anne@parti.example | Docs | scopes=https://mail.google.com/",
        ],
    );
    check(
        r#"[{"uuid":"u1","published":"2017-04-03T08:00:00.000Z","eventType":"user.session.start","actor":{"type":"User","alternateId":"anne@parti.example"},"client":{"ipAddress":"90.1.0.10"},"outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}}]"#,
        &["sign_in | wrong_password | anne@parti.example | 90.1.0.10"],
    );
    check(
        r#"{"entries":[{"id":"s1","date_create":1491206400,"action":"manual_export_started","actor":{"type":"user","user":{"id":"U1","email":"anne@parti.example"}},"entity":{"type":"workspace","workspace":{"id":"T1","name":"parti"}},"context":{"ip_address":"90.1.0.10","ua":"x"}}]}"#,
        &["export | accepted | anne@parti.example | 90.1.0.10 | parti"],
    );
    check(
        r#"{"@timestamp":1491206400000,"_document_id":"g1","action":"repo.access","actor":"anne","actor_ip":"90.1.0.10","visibility":"public","repo":"parti/site"}"#,
        &["sharing | accepted | anne | 90.1.0.10 | parti/site | rights=public"],
    );
    check(
        r#"{"result":[{"user_email":"anne@parti.example","ip_address":"90.1.0.10","app_domain":"wiki.parti.example","action":"login","connection":"onetimepin","allowed":false,"created_at":"2017-04-03T08:00:00Z","ray_id":"c1"}]}"#,
        &["sign_in | blocked | anne@parti.example | 90.1.0.10 | application=wiki.parti.example; by=onetimepin"],
    );
    check(
        r#"{"reqId":"n1","level":1,"time":"2017-04-03T08:00:00+00:00","remoteAddr":"90.1.0.10","user":"anne","app":"admin_audit","message":"Login successful: \"anne\"","userAgent":"Firefox/52.0"}"#,
        &["sign_in | accepted | anne | 90.1.0.10"],
    );
    check(
        "2017-04-03 08:00:00,123 WARN  [qtp-1] [name=anne@parti.example;oip=90.1.0.10;ua=zclient/8;] security - cmd=Auth; account=anne@parti.example; protocol=soap; error=authentication failed for [anne], invalid password;\n",
        &["sign_in | wrong_password | anne@parti.example | 90.1.0.10"],
    );
    check(
        "Date (UTC),Request ID,User agent,Username,IP address,Location,Status,Sign-in error code,Client app\n2017-04-03T08:00:00Z,r1,Firefox/52.0,anne@parti.example,90.1.0.10,\"Paris, Paris, FR\",Failure,50126,Browser\n",
        &["sign_in | wrong_password | anne@parti.example | 90.1.0.10 | code=50126"],
    );
    check(
        r#"{"activityDisplayName":"Add member to role","activityDateTime":"2017-04-03T08:00:00Z","id":"d1","result":"success","initiatedBy":{"user":{"userPrincipalName":"anne@parti.example","ipAddress":"90.1.0.10"}},"targetResources":[{"type":"User","userPrincipalName":"bruno@parti.example","modifiedProperties":[{"displayName":"Role.DisplayName","oldValue":null,"newValue":"\"Global Administrator\""}]}]}"#,
        &["role | accepted | anne@parti.example | 90.1.0.10 | bruno@parti.example | role=Global Administrator"],
    );
}

#[test]
fn tables_of_consoles_and_workspaces_say_the_same_as_interfaces() {
    let check = |text: &str, expected: &[&str]| assert_eq!(told(text), expected, "{text}");
    // Log Analytics: American stamps, JSON in cells.
    check(
        "TimeGenerated [UTC],OperationName,ResultType,UserPrincipalName,IPAddress,LocationDetails,Status\n\
         \"4/3/2017, 8:00:00.000 AM\",Sign-in activity,50126,anne@parti.example,90.1.0.10,\"{\"\"countryOrRegion\"\":\"\"FR\"\"}\",\"{\"\"errorCode\"\":50126}\"\n",
        &["sign_in | wrong_password | anne@parti.example | 90.1.0.10 | code=50126"],
    );
    check(
        "TimeGenerated [UTC],OperationName,Result,InitiatedBy,TargetResources\n\
         \"4/3/2017, 8:00:00.000 AM\",Add member to role,success,\"{\"\"user\"\":{\"\"userPrincipalName\"\":\"\"anne@parti.example\"\",\"\"ipAddress\"\":\"\"90.1.0.10\"\"}}\",\
         \"[{\"\"userPrincipalName\"\":\"\"bruno@parti.example\"\",\"\"modifiedProperties\"\":[{\"\"displayName\"\":\"\"Role.DisplayName\"\",\"\"newValue\"\":\"\"Owner\"\"}]}]\"\n",
        &["role | accepted | anne@parti.example | 90.1.0.10 | bruno@parti.example | role=Owner"],
    );
    check(
        "eventType,actor.alternateId,client.ipAddress,outcome.result,outcome.reason,published\n\
         user.session.start,anne@parti.example,90.1.0.10,FAILURE,INVALID_CREDENTIALS,2017-04-03T08:00:00.000Z\n",
        &["sign_in | wrong_password | anne@parti.example | 90.1.0.10"],
    );
    check(
        "action,actor,actor_ip,org,repo,created_at,title\npublic_key.create,anne,90.1.0.10,parti,parti/site,1491206400000,a key\n",
        &["app_password | accepted | anne | 90.1.0.10 | name=a key"],
    );
    check(
        "Event Name,User,Login Type,IP Address,Date\nFailed Login,anne@parti.example,Google Password,90.1.0.10,\"Apr 3, 2017, 10:00:00\u{202f}AM CEST\"\n",
        &["sign_in | wrong_password | anne@parti.example | 90.1.0.10"],
    );
    // Of a stamp that cannot be read nothing is guessed, and the log is not one in which nothing happened.
    let memory =
        read(&["Event Name,User,IP Address,Date\nFailed Login,anne@parti.example,90.1.0.10,\"3 avr. 2017\"\n"]);
    let lines = &memory.lines[0].2;
    assert_eq!((lines.kept, lines.ordinary, lines.not_understood), (0, 0, 1));
}

#[test]
fn what_small_providers_write_beside_sign_ins() {
    let check = |text: &str, expected: &[&str]| assert_eq!(told(text), expected, "{text}");
    // Both of Nextcloud's logs in one file: a refusal stands in both, in one by an older version.
    check(
        "{\"reqId\":\"n1\",\"time\":\"2017-04-03T08:00:00+00:00\",\"remoteAddr\":\"90.1.0.10\",\"user\":\"--\",\"app\":\"admin_audit\",\"message\":\"Login failed: \\\"anne\\\"\"}\n\
         {\"reqId\":\"n1\",\"time\":\"2017-04-03T08:00:00+00:00\",\"remoteAddr\":\"90.1.0.10\",\"user\":\"--\",\"app\":\"core\",\"message\":\"Login failed: 'anne' (Remote IP: '90.1.0.10')\"}\n\
         {\"reqId\":\"n2\",\"time\":\"2017-04-03T08:00:01+00:00\",\"remoteAddr\":\"90.1.0.10\",\"user\":\"--\",\"app\":\"cron\",\"message\":\"slow\"}\n",
        &["sign_in | wrong_password | anne | 90.1.0.10"],
    );
    let zimbra = |said: &str| {
        format!("2017-04-03 08:00:00,123 INFO  [qtp-1] [name=root@parti.example;ip=90.1.0.10;] security - {said}\n")
    };
    check(
        &zimbra("cmd=ModifyAccount; name=anne@parti.example; zimbraIsAdminAccount=TRUE;"),
        &["role | accepted | root@parti.example | 90.1.0.10 | anne@parti.example | role=administrator"],
    );
    check(
        &zimbra("cmd=DelegateAuth; accountId=1; accountName=anne@parti.example;"),
        &[
            "delegate | accepted | root@parti.example | 90.1.0.10 | anne@parti.example | to=root@parti.example; rights=all",
        ],
    );
    // A wrong code is no guessed password.
    check(
        r#"{"uuid":"u1","published":"2017-04-03T08:00:00.000Z","eventType":"user.authentication.auth_via_mfa","actor":{"alternateId":"anne@parti.example"},"client":{"ipAddress":"90.1.0.10"},"outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}}"#,
        &["prompt | second_factor | anne@parti.example | 90.1.0.10"],
    );
    // What a page says of the next one is no record.
    let page = r#"{"entries":[{"id":"s1","date_create":1491206400,"action":"user_login","actor":{"user":{"email":"anne@parti.example"}},"entity":{"type":"user","user":{}}}],"response_metadata":{"next_cursor":""}}"#;
    assert_eq!(read(&[page]).lines[0].2.not_understood, 0);
}

#[test]
fn a_record_counts_once_however_often_and_in_whatever_form_it_stands() {
    let failed = |n: usize| {
        LOGIN
            .replace("UserLoggedIn", "UserLoginFailed")
            .replace("\"a1\"", &format!("\"f{n}\""))
            .replace("\"0\"}", "\"50126\"}")
    };
    let lines: Vec<String> = (0..6).map(failed).collect();
    let csv: String = lines.iter().map(|l| format!("x,\"{}\"\n", l.replace('"', "\"\""))).collect();
    let csv = format!("CreationDate,AuditData\n{csv}");
    let strings: Vec<_> =
        lines.iter().map(|l| serde_json::json!({ "Operations": "UserLoginFailed", "AuditData": l })).collect();
    let wrapped = serde_json::json!({ "value": strings }).to_string();
    let mut memory = read(&[&lines.join("\n"), &csv, &wrapped, &csv]);
    let found = memory.detect(&super::attempt::AttemptDetector, &config(""), at());
    let row = Attempt::of(&found[0].fields).expect("an attempt");
    assert_eq!(
        (found.len(), row.attempt.requests, found[0].traces.len()),
        (1, 6, 4),
        "six tries, a trace into each file"
    );
}

#[test]
fn what_is_cut_costs_itself_and_what_is_unknown_is_said_by_its_name() {
    let csv = format!(
        "CreationDate,UserIds,Operations,AuditData\n4/3/2017 8:00:00 AM,anne@parti.example,Consent to application.,\"{{\"\"Operation\"\":\"\"Consent\"\n\
         x,y,z,\"{}\"\nx,y,z,\"{}\"\n",
        LOGIN.replace('"', "\"\""),
        LOGIN.replace("UserLoggedIn", "<script>\u{202e}NewThing").replace('"', "\"\"")
    );
    let memory = read(&[&csv]);
    let actions: Vec<Action> =
        memory.observations.iter().map(|v| Activity::of(&v.observation.fields).expect("a row").action).collect();
    assert!(actions.contains(&Action::SignIn) && actions.contains(&Action::Consent), "{actions:?}");
    assert_eq!(memory.skips.iter().map(|(_, s)| s.count).sum::<u64>(), 1, "{:?}", memory.skips);
    let lines = &memory.lines[0].2;
    assert_eq!((lines.read, lines.kept, lines.not_understood), (3, 2, 1));
    assert!(lines.shapes[0].shape.contains("NewThing"), "{:?}", lines.shapes);
}

#[test]
fn damaged_and_hostile_bytes_end_in_nothing_worse_than_skips() {
    let deep = format!(
        "{{\"Operation\":\"UserLoggedIn\",\"Workload\":\"x\",\"RecordType\":1,\"a\":{}1{}}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    for text in [
        &LOGIN[..LOGIN.len() / 2],
        &deep,
        "CreationDate,AuditData\n\"open quote\n",
        "{\"Operation\":null,\"Workload\":1,\"RecordType\":[]}",
        "[{\"uuid\":1,\"eventType\":[],\"published\":\"x\",\"alternateId\":2,\"actor\":{}}]",
    ] {
        let mut memory = Memory::new();
        memory.read(&SignIn, "f", text.as_bytes(), &config(""), at());
        for detector in SignIn.detectors() {
            assert!(memory.detect(*detector, &config(""), at()).is_empty(), "{text:.60}");
        }
    }
    // A name that is another's key or markup is data.
    let strange = LOGIN.replace("Anne@Parti.example", "a|b\\u0000<script>");
    let row = Activity::of(&read(&[&strange]).observations[0].observation.fields).expect("a row");
    assert_eq!((row.account.as_str(), row.answer), ("a|b\0<script>", Answer::Accepted));
}
