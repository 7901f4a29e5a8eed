//! What a configuration says: refused where it protects nothing, normalised where its meaning is certain, and said.

use super::{lines, other_log, place, run, told};
use std::fs;

#[test]
fn what_protects_nothing_is_refused_with_the_right_form() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("names.txt"), "kiosque.fr\n").expect("written");
    let refused = |toml: &str, parts: &[&str]| {
        fs::write(d.join("c.toml"), toml).expect("written");
        run(d, &["check", "names.txt", "--config", "c.toml"], 2);
        let said = told(d, &["check", "names.txt", "--config", "c.toml"]);
        assert!(parts.iter().all(|p| said.contains(p)), "{toml}\n{said}\n{parts:?}");
        assert!(said.contains("hint: ") && said.contains("c.toml"), "{said}");
    };
    refused(
        "[protect]\ndomains = [\"En Marche !\"]",
        &["`[protect] domains`", "`En Marche !` is no domain", "`en-marche.fr`"],
    );
    refused("[protect]\ndomains = [\"parti\"]", &["`parti.fr`"]);
    refused("[protect]\ndomains = [\"marie@parti.fr\"]", &["address for mail"]);
    refused("[protect]\nnetworks = [\"192.0.2.0/33\"]", &["`[protect] networks`", "`192.0.2.0/33`"]);
    refused("[protect]\npeople = [\"Madonna\"]", &["`Madonna`", "`First Last`"]);
    refused("[protect]\nvocabulary = [\"!\"]", &["`!`", "four letters"]);
    refused("[protect]\ndomain = [\"parti.fr\"]", &["`domain` in `[protect]`", "did you mean `domains`?"]);
    refused("[election]\ndays = [\"04/05/2017\"]", &["`2017-05-04` or `2017-04-05`"]);
    refused("[election]\nzone = \"Paris\"", &["`Paris` is not a time zone"]);
    refused("zone = \"Europe/Paris\"", &["key `zone` outside a table", "under `[election]`"]);
    refused("[web-log]\nwindow = \"1h\"", &["table `[web-log]`", "did you mean `[web_log]`?"]);
    refused("[web_log]\nwindw = \"1h\"", &["`windw` in `[web_log]`", "`window`"]);
    refused("[web_log]\nwindow = \"soon\"", &["`[web_log] window`", "`30m`"]);
    refused("[web_log.patterns]\nmine = \"%\"", &["mine"]);
    refused("[posts]\ncolumns = { acount = \"author\" }", &["acount"]);
    refused("[brief]\ncolour = 1", &["`colour` in `[brief]`", "`tlp`"]);
    refused("colour = 1", &["no key `colour`", "`web_log`", "`protect`"]);
    refused("protect = 3", &["`protect` is a table"]);
    refused("lang = \"de\"", &["not usable"]);
    refused("[names]\nallow = [\"a b\"]", &["`[names] allow`", "`a b`"]);
    refused("[protect\n", &["could not understand"]);
}

#[test]
fn options_are_held_to_the_same() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("names.txt"), "www.en-marche.co\n").expect("written");
    for protect in ["En Marche !", "marie@en-marche.fr", "", "fr"] {
        run(d, &["check", "names.txt", "--protect", protect], 2);
    }
    assert!(told(d, &["check", "names.txt", "--year", "soon"]).contains("invalid value 'soon' for '--year <YEAR>'"));
    assert!(told(d, &["check", "names.txt", "--no-indicators", "--indicators", "x"]).contains("cannot be used with"));
    let pasted = ["check", "names.txt", "--protect", "https://www.en-marche.fr/"];
    assert!(told(d, &pasted).contains("`https://www.en-marche.fr/` was taken as `en-marche.fr`"));
    let found = lines(&run(d, &[&pasted[..], &["--json"]].concat(), 0));
    assert_eq!(found[0]["fields"]["imitates"], "en-marche.fr");
}

#[test]
fn a_new_case_says_what_it_took_and_explains_every_key() {
    let dir = place();
    let d = dir.path();
    run(d, &["init", "x", "--protect", "En Marche !"], 2);
    run(d, &["init", "x", "--day", "soon"], 2);
    assert!(!d.join("x").exists(), "nothing is made of an answer that cannot be used");
    let said = told(d, &["init", "c", "--protect", "https://www.parti.fr/accueil", "--day", "23/04/2017"]);
    assert!(said.contains("taken as `parti.fr`") && said.contains("taken as `2017-04-23`"), "{said}");
    let toml = fs::read_to_string(d.join("c/case.toml")).expect("settings");
    assert!(toml.contains("domains = [\"parti.fr\"]") && toml.contains("days = [\"2017-04-23\"]"), "{toml}");
    // Every key stands there, and the whole is usable with every remark taken away.
    let bare = |l: &str| l.split_once(" = ").is_some_and(|(k, _)| !k.contains(' ')) || l.starts_with('[');
    let all: Vec<&str> = toml.lines().map(|l| l.strip_prefix("# ").unwrap_or(l)).filter(|l| bare(l)).collect();
    for line in ["[web_log]", "[names]", "[posts]", "[mail]", "[auth_log]", "[origin]", "[brief]", "tlp = \"AMBER\""] {
        assert!(all.contains(&line), "{line}\n{toml}");
    }
    fs::write(d.join("c/case.toml"), all.join("\n")).expect("written");
    fs::write(d.join("access.log"), other_log()).expect("written");
    run(d, &["add", "c", "access.log"], 0);
    run(d, &["run", "c"], 0);
    let reference = run(d, &["explain"], 0);
    for line in all.iter().filter(|l| l.starts_with('[')) {
        assert!(reference.contains(line), "{line}");
    }
    assert!(run(d, &["explain", "protect"], 0).contains("--protect DOMAIN"));
}

#[test]
fn files_beside_a_configuration_are_opened_in_one_way() {
    let dir = place();
    let d = dir.path();
    fs::write(d.join("names.txt"), "kiosque.fr\n").expect("written");
    fs::write(d.join("empty.csv"), "a,b\n1,2\n").expect("written");
    fs::write(d.join("latin.csv"), b"domain,who\n\xe9.fr,x\n").expect("written");
    fs::write(d.join("cut.gz"), &super::gzip(b"kiosque.fr\n")[..15]).expect("written");
    fs::write(d.join("list.gz"), super::gzip(b"kiosque.fr\n")).expect("written");
    fs::create_dir(d.join("folder")).expect("made");
    fs::write(d.join("folder/list.txt"), "kiosque.fr\n").expect("written");
    fs::write(d.join("folder/manifest.json"), "{}").expect("written");
    assert!(std::process::Command::new("mkfifo").arg(d.join("pipe")).status().is_ok_and(|s| s.success()));
    for (key, what) in [
        ("names]\nindicators", "indicators"),
        ("mail]\nrecords", "DNS answers"),
        ("posts]\noutlets", "classified outlets"),
        ("posts]\nshortened", "short links"),
        ("origin]\nmmdb", "a database of addresses"),
    ] {
        for (file, why) in [("nowhere", ""), ("pipe", "not a regular file"), ("cut.gz", "")] {
            fs::write(d.join("c.toml"), format!("[{key} = \"{file}\"\n")).expect("written");
            let said = told(d, &["check", "names.txt", "--config", "c.toml"]);
            assert!(
                said.contains(&format!("could not read {what} from")) && said.contains(why),
                "{key} {file}: {said}"
            );
            assert!(said.contains("hint: "), "{said}");
        }
    }
    for (key, file) in
        [("names]\nindicators", "empty.csv"), ("posts]\noutlets", "empty.csv"), ("posts]\noutlets", "latin.csv")]
    {
        fs::write(d.join("c.toml"), format!("[{key} = [\"{file}\"]\n")).expect("written");
        run(d, &["check", "names.txt", "--config", "c.toml"], 2);
    }
    let known = |file: &str| {
        let found = lines(&run(d, &["check", "names.txt", "--indicators", file, "--json"], 0));
        assert!(found.iter().any(|f| f["detector"] == "names/indicator"), "{file}");
    };
    ["list.gz", "folder"].into_iter().for_each(known);
}
