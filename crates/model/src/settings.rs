//! What can be set. A table of `case.toml` is one struct ([`settings!`](crate::settings!)), declared by whom it
//! concerns: each key with its type, its default and its help, with the options of `check` and `read` that say the same,
//! and with what is read where a key names files ([`Files`]). The command line's help, the template of `vigie init` and
//! the reference of `vigie explain` are made of these declarations.
//!
//! You may rely on: a key that nobody declared is refused with the nearest one that somebody did; what a key says is
//! parsed once, into its type, and refused with its place. Left out: opening files (the program does).

use crate::{Config, Error, Result, Text};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// One key of a table.
#[derive(Debug)]
pub struct Setting {
    /// The key.
    pub name: &'static str,
    /// The default as TOML.
    pub default: &'static str,
    /// What it does (English, French).
    pub help: (&'static str, &'static str),
    /// Options of `check` and `read` that say the same.
    pub options: &'static [Argument],
    /// What is read, where its value names files.
    pub files: Option<&'static Files>,
    /// What `init` asks to set it (English, French): a list, with commas.
    pub asked: Option<(&'static str, &'static str)>,
}

impl Setting {
    /// One that only `case.toml` says, and that names no files.
    pub const PLAIN: Setting =
        Setting { name: "", default: "", help: ("", ""), options: &[], files: None, asked: None };

    /// The help in both languages.
    pub fn text(&self) -> Text {
        Text::new(self.help.0, self.help.1)
    }
}

/// An option or an argument of the command line.
#[derive(Debug)]
pub struct Argument {
    /// Its long name; of an argument that is known by its place, the word for it.
    pub name: &'static str,
    /// What stands for its value in the help; none where it takes none.
    pub value: Option<&'static str>,
    /// What it does (English, French).
    pub help: (&'static str, &'static str),
    /// May be given several times.
    pub many: bool,
    /// Is known by its place, and must be there.
    pub placed: bool,
    /// Its value where it is not given.
    pub default: Option<&'static str>,
    /// Options that it cannot stand beside.
    pub conflicts: &'static [&'static str],
    /// Why a value is none that can be used.
    pub check: fn(&str) -> std::result::Result<(), String>,
}

impl Argument {
    /// An option that takes no value.
    pub const PLAIN: Argument = Argument {
        name: "",
        value: None,
        help: ("", ""),
        many: false,
        placed: false,
        default: None,
        conflicts: &[],
        check: |_| Ok(()),
    };
}

/// Files that are read beside the evidence: lists, answers, databases.
#[derive(Debug)]
pub struct Files {
    /// What they hold, for errors: `indicators`.
    pub what: &'static str,
    /// The forms that are read: the hint of an error.
    pub form: &'static str,
    /// Bytes of one file at most, decompressed.
    pub most: u64,
    /// Names of files in a folder that hold nothing of the kind.
    pub aside: &'static [&'static str],
    /// Evidence of a case that is read like such a file: what `collect` brought under this name.
    pub evidence: Option<&'static str>,
    /// Whether the folders in a folder count as well; what in it cannot be opened comes as [`Loaded::unread`].
    pub deep: bool,
    /// Whether a log of seals stands for what was sealed into it; that of the case, or else `./seals`, counts unasked.
    pub seals: bool,
    /// Makes what they say part of the configuration, so that evidence meets other files again. Files are opened as
    /// the iterator comes to them.
    pub load: fn(&mut Config, &mut dyn Iterator<Item = Result<Loaded>>) -> Result<()>,
}

/// What one such file holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Loaded {
    /// The path that was named: the file's, or its folder's.
    pub path: String,
    /// The file's own name.
    pub name: String,
    /// Its bytes, decompressed; none of what was sealed and is no longer there.
    pub bytes: Vec<u8>,
    /// How it was sealed.
    pub sealed: Option<Sealed>,
    /// Why it could not be read; then there are no bytes.
    pub unread: Option<String>,
}

/// The hashes by which something was sealed, in hexadecimal.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Sealed {
    /// That of its bytes.
    pub bytes: String,
    /// That of its text.
    pub text: Option<String>,
    /// Those of its paragraphs.
    pub paragraphs: Vec<String>,
}

impl Files {
    /// What could not be done with a file or a folder of them.
    pub fn wrong(&self, path: &str) -> Error {
        Error::new(format!("could not read {} from `{path}`", self.what)).hint(self.form)
    }

    /// Reads all files; a path that gives nothing is an error, for nobody names a file to get nothing.
    pub fn rows<T>(
        &self,
        files: &mut dyn Iterator<Item = Result<Loaded>>,
        mut parse: impl FnMut(&Loaded) -> Result<Vec<T>>,
    ) -> Result<Vec<T>> {
        let (mut all, mut current, mut before) = (Vec::new(), None, 0);
        let mut whole = |path: Option<String>, rows: usize| match path {
            Some(path) if rows == before => Err(self.wrong(&path).because("nothing of the kind stands in it")),
            _ => {
                before = rows;
                Ok(())
            }
        };
        for file in files {
            let file = file?;
            if current.as_ref() != Some(&file.path) {
                whole(current.replace(file.path.clone()), all.len())?;
            }
            all.extend(parse(&file)?);
        }
        whole(current, all.len())?;
        Ok(all)
    }
}

/// A table of `case.toml`.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What it is about (English, French).
    pub title: (&'static str, &'static str),
    /// Its keys.
    pub keys: &'static [Setting],
    /// Whether what was given can be used.
    pub check: fn(&toml::Table) -> Result<()>,
}

impl Table {
    /// The title in both languages.
    pub fn text(&self) -> Text {
        Text::new(self.title.0, self.title.1)
    }

    /// Refuses keys that it does not have.
    pub fn known(&self, given: &toml::Table) -> Result<()> {
        let Some(unknown) = given.keys().find(|k| self.keys.iter().all(|s| s.name != *k)) else { return Ok(()) };
        let all: Vec<&str> = self.keys.iter().map(|s| s.name).collect();
        let near = nearest(unknown, all.iter().copied()).map(|n| format!("did you mean `{n}`? ")).unwrap_or_default();
        Err(Error::new(format!("there is no key `{unknown}` in `[{}]`", self.name))
            .hint(format!("{near}its keys are `{}`", all.join("`, `"))))
    }

    /// What a key says, or its default.
    pub fn value<T: DeserializeOwned>(&self, name: &str, given: &toml::Table) -> Result<T> {
        let setting = self.keys.iter().find(|s| s.name == name);
        let default = setting.map_or("", |s| s.default);
        let wrong = |e: toml::de::Error| {
            Error::new(format!("`[{}] {name}` in the configuration is not usable", self.name))
                .because(e.message().to_string())
                .hint(format!("its default is `{name} = {default}`; `vigie explain {}` says what it does", self.name))
        };
        let value = match given.get(name) {
            Some(given) => given.clone(),
            None => toml::from_str::<toml::Table>(&format!("v = {default}"))
                .map_err(wrong)?
                .remove("v")
                .expect("the key was just written"),
        };
        value.try_into().map_err(wrong)
    }
}

/// A table as a struct.
pub trait Settings: Sized {
    /// Its declaration.
    const TABLE: &'static Table;
    /// From what was given; defaults for the rest.
    fn read(given: &toml::Table) -> Result<Self>;
}

/// Declares a table of `case.toml` as a struct: each key with its type, its default as TOML and its help in both
/// languages; then, where there are any, `options` and `files` ([`Setting`](crate::Setting)).
///
/// ```
/// model::settings! {
///     /// What a case says of tides.
///     pub struct Tides in "tides", "Tides", "Marées" {
///         harbour: String = "\"\"", "whose tides", "les marées de quel port";
///         highest: u32 = "7", "metres above which it is told", "mètres à partir desquels on le dit";
///     }
/// }
/// let given = toml::from_str("highest = 9").expect("TOML");
/// assert_eq!(<Tides as model::Settings>::read(&given).expect("usable").highest, 9);
/// let wrong = toml::from_str("hihgest = 9").expect("TOML");
/// assert!(<Tides as model::Settings>::read(&wrong).expect_err("unknown").get_hint().expect("a hint").contains("`highest`"));
/// ```
#[macro_export]
macro_rules! settings {
    ($(#[$meta:meta])* $vis:vis struct $Name:ident in $table:literal, $en:literal, $fr:literal {
        $($field:ident: $type:ty = $default:literal, $help_en:literal, $help_fr:literal
            $(, $more:ident: $value:expr)*;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Debug)]
        $vis struct $Name {
            $(#[doc = $help_en] pub $field: $type,)*
        }

        impl $crate::Settings for $Name {
            #[allow(clippy::needless_update, reason = "a key may say all that a setting can")]
            const TABLE: &'static $crate::Table = &$crate::Table {
                name: $table,
                title: ($en, $fr),
                keys: &[$($crate::Setting {
                    name: stringify!($field),
                    default: $default,
                    help: ($help_en, $help_fr),
                    $($more: $value,)*
                    ..$crate::Setting::PLAIN
                }),*],
                check: |given| <$Name as $crate::Settings>::read(given).map(drop),
            };

            fn read(given: &$crate::toml::Table) -> $crate::Result<Self> {
                let table = <$Name as $crate::Settings>::TABLE;
                table.known(given)?;
                Ok($Name { $($field: table.value(stringify!($field), given)?,)* })
            }
        }

        impl Default for $Name {
            fn default() -> Self {
                <$Name as $crate::Settings>::read(&$crate::toml::Table::new()).expect("defaults are usable")
            }
        }
    };
}

/// The word among these that somebody most probably meant; none where nothing comes near.
pub fn nearest<'w>(given: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let fold = |w: &str| w.to_lowercase().replace(['-', ' '], "_");
    let given = fold(&given.chars().take(64).collect::<String>());
    let close = |word: &str| {
        let word = fold(word);
        let inside = given.len() >= 4 && (word.contains(&given) || given.contains(&word) && word.len() >= 4);
        let edits = edits(&given, &word);
        (edits <= 1 + word.len() / 4 || inside).then_some(edits)
    };
    words.filter_map(|w| Some((close(w)?, w))).min().map(|(_, w)| w)
}

/// Characters to put in, take out or exchange (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, d) in b.iter().enumerate() {
            let next = (corner + usize::from(c != *d)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered_and_no_other() {
        let check = |given: &str, expected: Option<&str>| {
            let words = ["window", "patterns", "web_log", "mail_domains"];
            assert_eq!(nearest(given, words.into_iter()), expected, "{given}");
        };
        check("windw", Some("window"));
        check("web-log", Some("web_log"));
        check("mail_domain", Some("mail_domains"));
        check("domains", Some("mail_domains"));
        check("colour", None);
        check("", None);
        check(&"x".repeat(1 << 20), None);
    }
}
