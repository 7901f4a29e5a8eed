//! The rules as compiled from the knowledge file, and the names of those the tokenizers recognise.

use super::kinds::Class;
use super::literals::Place;
use super::value::Found;
use super::wordset::WordTable;
use knowledge::web_attacks::{RuleData, WebAttacks};

/// What one match is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// Only repetition or context makes it an attempt.
    Weak,
    /// One request is an attempt.
    Strong,
}

/// A rule, as the brief shows it.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Stable name.
    pub id: Box<str>,
    /// What it shows.
    pub class: Class,
    /// What one match is worth.
    pub strength: Strength,
    /// Public reference.
    pub source: Box<str>,
    /// What it means, for a person.
    pub note: Box<str>,
    /// CVE number where there is one.
    pub cve: Option<Box<str>>,
    /// Only for these methods; empty for all.
    pub(super) methods: Box<[Box<[u8]>]>,
}

/// Names the rules that are recognised by code; the string is the id in the knowledge file.
macro_rules! engines {
    ($($name:ident = $id:literal,)*) => {
        /// Rules that the tokenizers recognise, each with an entry of its own in the knowledge file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the rule of that id explains itself in the knowledge file")]
        pub enum Engine { $($name,)* }

        impl Engine {
            /// Ids, by number.
            pub const IDS: &'static [&'static str] = &[$($id,)*];
        }
    };
}

engines! {
    AgentName = "scanner-agent-name",
    SqlUnion = "sql-union",
    SqlBoolean = "sql-boolean",
    SqlFunction = "sql-function",
    SqlStacked = "sql-stacked",
    SqlStatement = "sql-statement",
    SqlOrder = "sql-order",
    SqlComment = "sql-comment",
    SqlQuote = "sql-quote",
    SqlQuoteHint = "sql-quote-hint",
    SqlConcat = "sql-concat",
    SqlSubselect = "sql-subselect",
    SqlTime = "sql-time",
    SqlExecutableComment = "sql-executable-comment",
    SqlConditional = "sql-conditional",
    SqlKeywords = "sql-keywords",
    NoSql = "nosql-operator",
    LdapFilter = "ldap-filter",
    XssScript = "xss-script",
    XssHandler = "xss-handler",
    XssUri = "xss-uri",
    XssActive = "xss-active-element",
    XssCall = "xss-call",
    XssStyle = "xss-style",
    XssMarkup = "xss-markup",
    HeaderSplit = "header-splitting",
    TravClimb = "traversal-climb",
    TravDisguise = "traversal-disguise",
    TravDots = "traversal-dots",
    TravTruncate = "traversal-truncate",
    TravNull = "traversal-null",
    TravTemplate = "traversal-template",
    TravHint = "traversal-hint",
    HiddenOther = "hidden-other",
    IncScheme = "inclusion-scheme",
    IncRemote = "inclusion-remote",
    IncSensitive = "inclusion-drive",
    IncEntity = "inclusion-entity",
    SsrfLocal = "ssrf-local",
    CmdChain = "command-chain",
    CmdSubstitution = "command-substitution",
    CmdPath = "command-path",
    CmdCall = "command-call",
    CmdIfs = "command-ifs",
    CmdCode = "command-code",
    CmdHint = "command-hint",
    CmdFormat = "format-string",
    SsiDirective = "ssi-directive",
    TplArithmetic = "template-arithmetic",
    TplObject = "template-object",
    Jndi = "jndi-lookup",
    Shellshock = "shellshock-function",
    Deserial = "php-object",
    LineTls = "line-tls",
    LineGarbage = "line-garbage",
    LineTool = "line-tool",
    LineVersion = "line-version",
    MethodOdd = "method-odd",
    MethodUpload = "method-upload",
    UploadProgram = "upload-program",
    ProxyConnect = "proxy-connect",
    ProxyForeign = "proxy-foreign",
    ProxyAbsolute = "proxy-absolute",
    RedirectForeign = "redirect-foreign",
    LoginPosted = "login-posted",
    LoginRefused = "login-refused",
}

impl Found {
    /// In a header, what is ordinary there does not count: an agent's name may hold quotes, an address words.
    pub(super) fn for_header(self) -> Self {
        let mut kept = Self::default();
        for engine in [
            Engine::SqlUnion,
            Engine::SqlBoolean,
            Engine::SqlFunction,
            Engine::SqlStacked,
            Engine::SqlTime,
            Engine::SqlSubselect,
            Engine::SqlConditional,
            Engine::SqlStatement,
            Engine::SqlExecutableComment,
            Engine::NoSql,
            Engine::LdapFilter,
            Engine::TravClimb,
            Engine::IncScheme,
            Engine::XssUri,
            Engine::XssCall,
            Engine::XssScript,
            Engine::XssHandler,
            Engine::XssActive,
            Engine::SsiDirective,
            Engine::CmdSubstitution,
            Engine::CmdIfs,
            Engine::CmdCode,
            Engine::TplArithmetic,
            Engine::TplObject,
            Engine::Jndi,
            Engine::Shellshock,
            Engine::Deserial,
            Engine::HeaderSplit,
        ] {
            if self.has(engine) {
                kept.add(engine);
            }
        }
        kept
    }
}

/// All rules, with the tokenizers' ones found by number.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    all: Vec<Rule>,
    engine: Vec<Option<u16>>,
}

impl Rules {
    pub(super) fn new(data: &WebAttacks) -> Self {
        let all: Vec<Rule> = data.rule.iter().map(compile).collect();
        let engine = Engine::IDS
            .iter()
            .map(|id| all.iter().position(|rule| *rule.id == **id).and_then(|index| u16::try_from(index).ok()))
            .collect();
        Self { all, engine }
    }

    pub(super) fn get(&self, index: u16) -> Option<&Rule> {
        self.all.get(usize::from(index))
    }

    pub(super) fn at(&self, index: u16) -> &Rule {
        &self.all[usize::from(index)]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.all.iter()
    }

    pub(super) fn of_engine(&self, number: usize) -> Option<u16> {
        self.engine.get(number).copied().flatten()
    }

    /// Every literal with its place and rule.
    pub(super) fn literals<'a>(&self, data: &'a WebAttacks) -> Vec<(&'a str, Place, u16)> {
        let mut out = Vec::new();
        for (index, rule) in data.rule.iter().enumerate() {
            let Ok(index) = u16::try_from(index) else { break };
            for (list, place) in [
                (&rule.path, Place::Path),
                (&rule.query, Place::Query),
                (&rule.target, Place::Target),
                (&rule.agent, Place::Agent),
            ] {
                out.extend(list.iter().map(|text| (text.as_str(), place, index)));
            }
        }
        out
    }

    /// The extensions, and each one's rule by the number the table gives.
    pub(super) fn extensions(&self, data: &WebAttacks) -> (WordTable, Vec<u16>) {
        let mut words = Vec::new();
        let mut rules = Vec::new();
        for (index, rule) in data.rule.iter().enumerate() {
            if let (false, Ok(number), Ok(index)) =
                (rule.extension.is_empty(), u8::try_from(rules.len()), u16::try_from(index))
            {
                words.extend(rule.extension.iter().map(|word| (word.as_str(), number)));
                rules.push(index);
            }
        }
        (WordTable::new(words), rules)
    }
}

fn compile(data: &RuleData) -> Rule {
    Rule {
        id: data.id.as_str().into(),
        // A class from a newer file is shown as what it most likely is: a known weakness' request.
        class: data.class.parse().unwrap_or(Class::KnownCve),
        strength: if data.strength == "strong" { Strength::Strong } else { Strength::Weak },
        source: data.source.as_str().into(),
        note: data.note.as_str().into(),
        cve: data.cve.as_deref().map(Into::into),
        methods: data.method.iter().map(|method| method.as_bytes().into()).collect(),
    }
}
