//! Made of the sources, so that nobody need keep it by hand: `sources.rs`, digests of the code that reads and judges
//! each kind of evidence, and `specifications.rs`, one test for each specification.
//!
//! You may rely on: digests depend on names and contents of files alone, never on a clock or on where they lie; whatever
//! code a kind rests on is in its digest, up to the crates that `Cargo.lock` pins. They may change needlessly (with a
//! comment, with a name that only looks like another module's): then evidence is read again, for nothing but time. Left
//! out: specifications and tests; the store and the program, which hand on what a kind says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Contents of files by their path, with `/`, from the folder they were listed in.
type Files = BTreeMap<String, String>;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let (specifications, code): (Files, Files) = files(Path::new("src")).into_iter().partition(|f| is_text(&f.0));
    let sources = Sources::new(packages(), &units(code, &specifications));
    let mut table = format!("const ALL: [u64; 2] = [{0:#x}; 2];\n", sources.digest(sources.units.keys()));
    table += "static SOURCES: &[(&str, [u64; 2])] = &[\n";
    for kind in sources.units.keys().filter(|u| !u.contains('/')) {
        let judging = sources.units.keys().filter(|u| u.split('/').next() == Some(kind));
        let [reads, judges] = [sources.digest([kind]), sources.digest(judging)];
        writeln!(table, "    ({kind:?}, [{reads:#x}, {judges:#x}]),").expect("memory");
    }
    fs::write(out.join("sources.rs"), table + "];\n").expect("cargo's folder is there");

    let mut tests = String::new();
    let mut ids = Vec::new();
    for path in specifications.keys() {
        let (kind, name) = (path.split('/').next(), Path::new(path).file_stem().and_then(|s| s.to_str()));
        let (kind, name) = (kind.expect("a kind's folder"), name.expect("UTF-8"));
        ids.push(format!("{kind}/{name}"));
        writeln!(tests, "#[test]\nfn {kind}_{name}() {{\n    holds(\"{kind}/{name}\");\n}}").expect("memory");
    }
    ids.sort();
    writeln!(tests, "const SPECIFICATIONS: &[&str] = &{ids:?};").expect("memory");
    fs::write(out.join("specifications.rs"), tests).expect("cargo's folder is there");
}

fn is_text(path: &str) -> bool {
    path.ends_with(".md")
}

/// All files below a folder but tests. Cargo is told of each that is code; a new one is named in another that changes.
fn files(root: &Path) -> Files {
    fn list(folder: &Path, root: &Path, all: &mut Files) {
        let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for path in entries.map(|e| e.expect("a folder that can be listed").path()) {
            let name = path.strip_prefix(root).expect("below it").to_str().expect("UTF-8").replace('\\', "/");
            let is_test = ["tests", "tests.rs", "testing.rs"].contains(&name.rsplit('/').next().unwrap_or(&name));
            if is_test {
                continue;
            }
            if path.is_dir() {
                list(&path, root, all);
                continue;
            }
            if !is_text(&name) {
                println!("cargo::rerun-if-changed={}", path.display());
            }
            let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            all.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    let mut all = Files::new();
    list(root, root, &mut all);
    all
}

/// The sources by unit: a module of the crate (`mail`), or within a kind what has its own specification beside it
/// (`mail/wave`): a detector, which reading rests on only where it names it.
fn units(code: Files, specifications: &Files) -> BTreeMap<String, Files> {
    let mut units: BTreeMap<String, Files> = BTreeMap::new();
    for (path, text) in code {
        let mut parts = path.split('/').map(|p| p.trim_end_matches(".rs"));
        let module = parts.next().unwrap_or_default();
        let unit = match parts.next() {
            Some(inner)
                if specifications.contains_key(&format!("{module}/{inner}.md"))
                    || specifications.contains_key(&format!("{module}/{inner}/{inner}.md")) =>
            {
                format!("{module}/{inner}")
            }
            _ => module.to_string(),
        };
        units.entry(unit).or_default().insert(path, text);
    }
    units
}

/// What a unit is: a digest of its files, and the units that they name.
struct Unit {
    digest: u64,
    names: BTreeSet<String>,
}

struct Sources {
    /// The packages beside this one.
    base: DefaultHasher,
    units: BTreeMap<String, Unit>,
}

impl Sources {
    fn new(base: DefaultHasher, units: &BTreeMap<String, Files>) -> Sources {
        let unit = |(unit, files): (&String, &Files)| {
            let mut hasher = DefaultHasher::new();
            let mut names = BTreeSet::new();
            for (path, text) in files {
                add(&mut hasher, path);
                add(&mut hasher, text);
                names.extend(named(unit, text, units.keys()));
            }
            (unit.clone(), Unit { digest: hasher.finish(), names })
        };
        Sources { base, units: units.iter().map(unit).collect() }
    }

    /// Of these units, the crate's root and all that they name, and so on.
    fn digest<'a>(&'a self, units: impl IntoIterator<Item = &'a String>) -> u64 {
        let root = self.units.keys().filter(|u| ["lib", "sensor"].contains(&u.as_str()));
        let mut open: Vec<&String> = units.into_iter().chain(root).collect();
        let mut closed = BTreeSet::new();
        while let Some(unit) = open.pop() {
            if closed.insert(unit) {
                open.extend(&self.units[unit].names);
            }
        }
        let mut hasher = self.base.clone();
        for unit in closed {
            add(&mut hasher, unit);
            hasher.write_u64(self.units[unit].digest);
        }
        hasher.finish()
    }
}

/// The units that a file of a unit names.
fn named<'a>(unit: &str, text: &str, units: impl Iterator<Item = &'a String>) -> Vec<String> {
    let kind = unit.split('/').next();
    let (far, near) = (words(text, "crate::"), words(text, "super::"));
    let is_near = |inner: &str| near.contains(inner) || text.contains(&format!("use {inner}::"));
    let named = |unit: &&String| match unit.split_once('/') {
        None => far.contains(unit.as_str()),
        Some((k, inner)) => far.contains(k) && far.contains(inner) || Some(k) == kind && is_near(inner),
    };
    units.filter(named).cloned().collect()
}

/// The words of every path that begins with `prefix`; of a group in braces, all words up to its end.
fn words<'t>(text: &'t str, prefix: &str) -> BTreeSet<&'t str> {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let paths = text.match_indices(prefix).map(|(at, _)| &text[at + prefix.len()..]);
    let ends = paths.map(|rest| match rest.starts_with('{') {
        true => rest.split(';').next().unwrap_or(rest),
        false => rest.split(|c| !inside(c)).next().unwrap_or(rest),
    });
    ends.flat_map(|path| path.split(|c: char| !inside(c) || c == ':')).collect()
}

/// All packages that this one rests on, as `Cargo.lock` has them: our own by their sources, others by their checksum.
fn packages() -> DefaultHasher {
    let path = Path::new("../../Cargo.lock");
    println!("cargo::rerun-if-changed={}", path.display());
    let lock = fs::read_to_string(path).expect("the workspace has a lock file");
    fn value<'b>(block: &'b str, key: &str) -> Option<&'b str> {
        block.lines().find_map(|l| l.strip_prefix(key)?.strip_prefix(" = ")).map(|v| v.trim_matches('"'))
    }
    let blocks: Vec<&str> = lock.split("[[package]]\n").skip(1).collect();
    let mut open = vec![env::var("CARGO_PKG_NAME").expect("cargo sets it")];
    let mut closed = BTreeSet::new();
    while let Some(dependency) = open.pop() {
        // A name, and the version where there are two.
        let (name, version) = dependency.split_once(' ').map_or((&dependency[..], None), |(n, v)| (n, Some(v)));
        let named =
            |b: &&&str| value(b, "name") == Some(name) && version.is_none_or(|v| value(b, "version") == Some(v));
        for &block in blocks.iter().filter(named).filter(|b| closed.insert(**b)) {
            open.extend(block.lines().filter_map(|l| Some(l.strip_prefix(" \"")?.trim_end_matches("\",").into())));
        }
    }
    let mut hasher = DefaultHasher::new();
    for block in closed {
        add(&mut hasher, block);
        if value(block, "source").is_none() && value(block, "name") != env::var("CARGO_PKG_NAME").ok().as_deref() {
            let folder = Path::new("..").join(value(block, "name").expect("a name")).join("src");
            for (path, text) in files(&folder).iter().filter(|(path, _)| !is_text(path)) {
                add(&mut hasher, path);
                add(&mut hasher, text);
            }
        }
    }
    hasher
}

fn add(hasher: &mut DefaultHasher, text: &str) {
    hasher.write_u64(text.len() as u64);
    hasher.write(text.as_bytes());
}
