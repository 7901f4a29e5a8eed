//! The command line. What it says of kinds of evidence comes from walking `sensors::SENSORS`.

use crate::settings::options::{Declared, arg, given};
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use model::{Lang, Severity, Time};
use std::path::PathBuf;

/// Reads evidence of interference with an election, offline: what happened, what it means, and where it is written.
#[derive(Parser, Debug)]
#[command(name = "vigie", version, max_term_width = 110, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Args, Debug, Clone)]
pub struct Global {
    /// Print one JSON object a line, with stable names
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of what is printed and of the brief: en or fr (default: the case's, else that of LANG)
    #[arg(long, global = true, value_parser = lang, value_name = "LANG")]
    pub lang: Option<Lang>,
    /// Take this for now (RFC 3339, or a day): the same evidence then gives the same bytes
    #[arg(long, global = true, value_parser = time, value_name = "TIME")]
    pub at: Option<Time>,
    /// Exit with 1 if anything found is at or above this: info, low, medium, high, critical
    #[arg(long, global = true, value_name = "SEVERITY")]
    pub fail_on: Option<Severity>,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Recognise each file and print its findings; no case needed
    Check(Check),
    /// Recognise each file and print its observations
    Read(Read),
    /// Make a new case: a few questions, a commented case.toml
    Init(Init),
    /// Take evidence in: hashed, registered, never changed
    Add(Add),
    /// Read what is new, detect, and write the brief
    Run(Run),
    /// Print a case's findings
    Findings(Findings),
    /// Which findings belong together, and why; join or part them, with the reason kept
    Links(Links),
    /// The steps of one story: found, missing, contradicted or exhausted
    Chain(ChainOf),
    /// Who may have done it, weighed: named groups, others, criminals, an insider, a false flag, coincidence
    Hypotheses(Hypotheses),
    /// How grave it is now, 1 to 5: by which rule, what would lower it, what to do
    Alert(AlertOf),
    /// What would have been seen without a kind of evidence
    Replay(Replay),
    /// Findings and days of the vote in order of time
    Timeline(Timeline),
    /// Findings and what they share, as a graph
    Graph(Graph),
    /// Find words in what a case holds: texts of documents, letters, descriptions; that it was asked is recorded
    Search(Search),
    /// Ask a case in SQL, read-only, over documented views
    Sql(Sql),
    /// Hand findings on: tables, STIX, blocklists, takedown dossiers
    Export(Export),
    /// Print the exact bytes behind a finding or a range of evidence
    Show(Show),
    /// Tell whether a byte of a case has changed, and print the head of its audit trail
    Verify(Verify),
    /// Erase evidence and all that was made of it; hash, reason and date stay
    Forget(Forget),
    /// Commit to documents before anybody leaks them
    Seal(Seal),
    /// Prove that a document was sealed, or was not; check such a proof
    Prove(Prove),
    /// Explain a detector or a kind of evidence; without a name, list them
    Explain(Explain),
    #[command(flatten)]
    Brought(Brought),
    /// Make evidence with known truth, or score a case against it
    Exercise(Exercise),
    /// Replay France 2017, from exercise to brief
    Demo(Demo),
    /// Ask DNS, RDAP and certificate logs, with --online; what they say becomes evidence
    Collect(Collect),
    /// Archive today's mail keys and policies, to judge mail by those of its day
    Keys(Keys),
    /// What of a text may be published now, and under which article of law what may not
    Silence(Silence),
    /// Examine one's own site: the grade of its headers, its front page's privacy, what to mend
    Site(Site),
    /// Walk the way of somebody who votes or registers at one's own platform, again and again, and write what was met
    Probe(Probe),
    /// Are we ready: the guide of 42 measures and what a campaign adds, filled in by what the case knows
    Hygiene(Hygiene),
    /// What is known before any evidence is seen: its files and their age; take in newer ones
    Knowledge(Knowledge),
    /// What this machine lacks, for what, and what to do
    Doctor,
    /// Completions of the command line for a shell
    Completions(Completions),
    /// The manual: a page, or all pages into a folder
    Man(Man),
    /// A worker process of another vigie
    #[command(hide = true, name = "worker")]
    Worker(Worker),
}

/// What `case.toml` would say: the options that settings declare, and where else to read them.
#[derive(Args, Debug, Default, Clone)]
pub struct Settings {
    #[command(flatten)]
    pub declared: Declared,
    /// Read the settings from this file, written like case.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read the settings from this case
    #[arg(long, value_name = "DIR", conflicts_with = "config")]
    pub case: Option<PathBuf>,
    /// Read everything in worker processes without network and file system
    #[arg(long)]
    pub isolate: bool,
}

#[derive(Args, Debug)]
pub struct Check {
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub settings: Settings,
    /// Print every finding, not only the most severe
    #[arg(long)]
    pub all: bool,
}

#[derive(Args, Debug)]
pub struct Read {
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub settings: Settings,
}

#[derive(Args, Debug)]
pub struct Init {
    /// The folder to make
    pub dir: PathBuf,
    /// The case's name
    #[arg(long)]
    pub name: Option<String>,
    /// A domain of ours (repeatable)
    #[arg(long, value_name = "DOMAIN")]
    pub protect: Vec<String>,
    /// A person of ours, "First Last" (repeatable)
    #[arg(long, value_name = "NAME")]
    pub protect_name: Vec<String>,
    /// A day of the vote, such as 2027-04-11 (repeatable)
    #[arg(long, value_name = "DAY")]
    pub day: Vec<String>,
    /// The campaign's time zone, such as Europe/Paris
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// Evidence to learn from what may be set: it is proposed, and set by you (repeatable)
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,
    /// What kinds of evidence ask to know: table, key, answers
    #[arg(skip)]
    pub asked: Vec<(&'static str, &'static str, Vec<String>)>,
}

#[derive(Args, Debug)]
pub struct Add {
    /// The case
    pub dir: PathBuf,
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Leave the files where they are, and remember their hashes
    #[arg(long)]
    pub reference: bool,
}

#[derive(Args, Debug)]
pub struct Run {
    /// The case
    pub dir: PathBuf,
    /// Curves to test the attempts against: CSV of date and value, such as polls (repeatable)
    #[arg(long, value_name = "FILE")]
    pub series: Vec<PathBuf>,
    /// Read everything in worker processes without network and file system
    #[arg(long)]
    pub isolate: bool,
}

#[derive(Args, Debug)]
pub struct Findings {
    /// The case
    pub dir: PathBuf,
    /// Only those at or above this: info, low, medium, high, critical
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<Severity>,
    /// Only what the last run that brought anything made, or changed, and what changed
    #[arg(long)]
    pub new: bool,
    /// Only what runs at or after this made or changed
    #[arg(long, value_parser = time, value_name = "TIME", conflicts_with = "new")]
    pub since: Option<Time>,
    /// Print every finding, not only the most severe
    #[arg(long)]
    pub all: bool,
}

#[derive(Args, Debug)]
pub struct Export {
    /// The case
    pub dir: PathBuf,
    /// The format
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub to: &'static casework::export::Export,
    /// Write to this file (or folder, where there are several) instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only findings at or above this: info, low, medium, high, critical
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<Severity>,
    /// Keep the names of accounts that act as one or stand out; the audit trail keeps who asked, and when
    #[arg(long)]
    pub names: bool,
    /// Only this finding, by the beginning of its id (repeatable; stix, stix-core, misp, graph, timesketch, csv, json …)
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    /// For a CERT: the chosen findings only, shown before anything is written, victims under pseudonyms; nothing is sent
    #[arg(long, requires = "only")]
    pub share: bool,
    /// With `stix`: give back the bundles of others that are evidence of the case, whatever types they have, unchanged
    #[arg(long)]
    pub others: bool,
}

#[derive(Args, Debug)]
pub struct Show {
    /// The case
    pub dir: PathBuf,
    /// A finding's id, or EVIDENCE:START-END (digits of a hash, and bytes after decompression)
    pub id: String,
    /// The bytes as they are, and nothing else; never on a terminal, which they may command
    #[arg(long)]
    pub raw: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie verify my-campaign
  vigie verify my-campaign --deep
  vigie verify my-campaign --head 5f0c…   the head that `run` printed, kept elsewhere")]
pub struct Verify {
    /// The case
    pub dir: PathBuf,
    /// Read all evidence again, and compare every row and finding with what comes of it
    #[arg(long)]
    pub deep: bool,
    /// A head that `run` or `verify` printed, or a line that holds one: the trail must have grown from it
    #[arg(long, value_parser = head, value_name = "HEAD")]
    pub head: Option<store::Hash>,
}

/// Which findings belong together.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie links DIR                                         incidents, and what joins them
  vigie links DIR --possible                              what is too weak to join, too
  vigie links DIR --join ID ID --reason \"same operator\"  decide that two findings are of one incident
  vigie links DIR --apart ID ID --reason \"our own drill\" decide that they are not
  vigie links DIR --innocent ID --reason \"a drill of ours\"
  vigie links DIR --withdraw 2 --reason \"mistaken\"       take decision 2 back")]
pub struct Links {
    /// The case
    pub dir: PathBuf,
    /// Show links that are too weak to join, too
    #[arg(long)]
    pub possible: bool,
    /// Show incidents of one finding, too
    #[arg(long)]
    pub all: bool,
    /// Two findings are of one incident
    #[arg(long, alias = "merge", num_args = 2, value_names = ["ID", "ID"], requires = "reason")]
    pub join: Vec<String>,
    /// Two findings are not of one incident
    #[arg(long, alias = "split", num_args = 2, value_names = ["ID", "ID"], requires = "reason", conflicts_with = "join")]
    pub apart: Vec<String>,
    /// A finding has an innocent cause
    #[arg(long, value_name = "ID", requires = "reason", conflicts_with_all = ["join", "apart"])]
    pub innocent: Option<String>,
    /// Take a decision back, by its number
    #[arg(long, value_name = "NUMBER", requires = "reason", conflicts_with_all = ["join", "apart", "innocent"])]
    pub withdraw: Option<u64>,
    /// Why; it is kept
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// The steps of one story.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie chain DIR            the gravest incident
  vigie chain DIR --all      the others, too
  vigie chain DIR --json     an object a step")]
pub struct ChainOf {
    /// The case
    pub dir: PathBuf,
    /// All incidents, not only the gravest
    #[arg(long)]
    pub all: bool,
}

/// Who may have done it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie hypotheses DIR
  vigie hypotheses DIR --weigh insider --ratio 0.1..0.5 --reason \"no login from inside in the audit log\"
  vigie hypotheses DIR --sign --reason \"read with counsel on 6 May\"   keep the rows as they stand
  vigie hypotheses DIR --signed                                        earlier assessments
  vigie hypotheses DIR --tiers                                         from cluster to sponsor; who claims which name")]
pub struct Hypotheses {
    /// The case
    pub dir: PathBuf,
    /// Add evidence of one's own for or against a hypothesis
    #[arg(long, value_name = "HYPOTHESIS", requires_all = ["ratio", "reason"])]
    pub weigh: Option<String>,
    /// Its likelihood ratio against another group, from..to
    #[arg(long, value_name = "LOW..HIGH", value_parser = ratio)]
    pub ratio: Option<(f64, f64)>,
    /// Sign the assessment: the rows are kept as they stand
    #[arg(long, requires = "reason", conflicts_with = "weigh")]
    pub sign: bool,
    /// Print earlier signed assessments
    #[arg(long)]
    pub signed: bool,
    /// Print the tiers only: activity cluster, campaign, operator, sponsor, and who says which name is whose
    #[arg(long, conflicts_with_all = ["weigh", "sign", "signed"])]
    pub tiers: bool,
    /// Why; it is kept
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// How grave it is.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie alert DIR
  vigie alert DIR --at 2017-05-06     as it stood on a day")]
pub struct AlertOf {
    /// The case
    pub dir: PathBuf,
}

/// What would have been seen.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie replay DIR --without web_log        without a kind of evidence
  vigie replay DIR --without 2017-03-15     without what happened on a day
  vigie replay DIR                          each kind left out in turn: which log to switch on first")]
pub struct Replay {
    /// The case
    pub dir: PathBuf,
    /// A kind of evidence, or a day
    #[arg(long, value_name = "KIND|DAY")]
    pub without: Vec<String>,
}

/// In order of time.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie timeline DIR
  vigie timeline DIR --severity high --json")]
pub struct Timeline {
    /// The case
    pub dir: PathBuf,
    /// From this severity on
    #[arg(long, default_value = "medium")]
    pub severity: Severity,
}

/// As a graph.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie graph DIR --json     a node a finding, an edge a link that joins")]
pub struct Graph {
    /// The case
    pub dir: PathBuf,
}

/// Words looked for.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie search DIR virement bahamas          all of these words, in one document or row, letters and accents alike
  vigie search DIR dupont --in documents     in rows of one kind of evidence
Who asked, when and for what is kept in the audit trail.")]
pub struct Search {
    /// The case
    pub dir: PathBuf,
    /// Words, all of which must be there; capitals and accents do not matter
    #[arg(required = true)]
    pub words: Vec<String>,
    /// In rows of this kind of evidence, or of this kind of row
    #[arg(long = "in", value_name = "KIND")]
    pub within: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
    /// Show what exposes persons too: addresses, numbers, words of health (recorded)
    #[arg(long)]
    pub unmasked: bool,
}

/// A question in SQL.
#[derive(Args, Debug)]
#[command(
    after_help = "Views: evidence_list(n, sha256, path, kind, size, added, forgotten), finding(id, detector, severity, confidence,
level, title_en, title_fr, first, last, fields, techniques, entities), observation(id, kind, key, first, last, count,
entities, fields, evidence), entity(kind, value, role, what, id, name, first, last), skip(evidence, reason, count).
Times are RFC 3339 in UTC; fields, techniques and entities are JSON.

Examples:
  vigie sql DIR \"SELECT severity, count(*) FROM finding GROUP BY severity\"
  vigie sql DIR \"SELECT value, count(DISTINCT name) AS kinds FROM entity WHERE what = 'finding' GROUP BY value HAVING kinds > 1\""
)]
pub struct Sql {
    /// The case
    pub dir: PathBuf,
    /// The question
    #[arg(value_name = "SQL")]
    pub question: String,
}

#[derive(Args, Debug)]
pub struct Completions {
    /// bash, zsh or fish
    #[arg(value_name = "SHELL", value_parser = crate::commands::manual::shell)]
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vigie knowledge
  vigie knowledge import knowledge-2027-01-31.note --key example.org/vigie+1a2b3c4d+ATnr…
  vigie knowledge pack crates/knowledge/data --seals release-seals -o knowledge-2027-01-31.note")]
pub struct Knowledge {
    #[command(subcommand)]
    pub what: Option<KnowledgeWhat>,
}

#[derive(Subcommand, Debug)]
pub enum KnowledgeWhat {
    /// Take in newer knowledge: a signed note, of the key that was pinned by the first import
    Import {
        /// The note
        file: PathBuf,
        /// The key that must have signed it, as its publisher names it elsewhere, or a file that holds it
        #[arg(long, value_name = "VKEY")]
        key: Option<String>,
    },
    /// Go back to what came with the program; the pinned key goes as well
    Drop,
    /// For whoever publishes: pack and sign the files of a folder
    Pack {
        /// The files, named as `vigie knowledge` names them
        folder: PathBuf,
        /// The log of seals whose key signs
        #[arg(long, value_name = "DIR")]
        seals: PathBuf,
        /// Write the note here
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
}

#[derive(Args, Debug)]
pub struct Man {
    /// Write every page into this folder
    pub dir: Option<PathBuf>,
    /// All commands and options as Markdown instead
    #[arg(long, conflicts_with = "dir")]
    pub markdown: bool,
}

#[derive(Args, Debug)]
pub struct Forget {
    /// The case; with --seals, the file whose salts are erased
    pub dir: PathBuf,
    /// The evidence: the first digits of its hash
    #[arg(required_unless_present = "seals")]
    pub evidence: Option<String>,
    /// Why; it stays in the register
    #[arg(long, value_name = "TEXT", required_unless_present = "seals")]
    pub reason: Option<String>,
    /// Erase what this log of seals knows of a file: its seal becomes meaningless, the log still verifies
    #[arg(long, value_name = "SEALS", conflicts_with_all = ["evidence", "reason"])]
    pub seals: Option<PathBuf>,
}

/// Where a log of seals lies.
#[derive(Args, Debug)]
pub struct SealsPlace {
    /// The case whose log it is (default: the log in ./seals)
    #[arg(long, value_name = "DIR")]
    pub case: Option<PathBuf>,
    /// The log's folder
    #[arg(long, value_name = "DIR", conflicts_with = "case")]
    pub seals: Option<PathBuf>,
}

impl SealsPlace {
    /// The folder.
    pub fn home(&self) -> PathBuf {
        let case = self.case.as_ref().map(|c| c.join("seals"));
        self.seals.clone().or(case).unwrap_or_else(|| "seals".into())
    }
}

#[derive(Args, Debug)]
pub struct Seal {
    /// Folders of documents and mailboxes, or files
    #[arg(value_name = "DIR")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub place: SealsPlace,
    /// The name of a new log: one's own address without https://
    #[arg(long)]
    pub name: Option<String>,
    /// Say where the salts and the key are, which must be kept safe
    #[arg(long)]
    pub backup: bool,
    /// Forge some of one's sealed files in memory, in each way, and show which forgeries would be caught. Exit 1: some not
    #[arg(long)]
    pub drill: bool,
    /// Begin a new log whose first leaf is the last head of a lost one
    #[arg(long, value_name = "HEAD")]
    pub continues: Option<PathBuf>,
    /// Take a new key; a note signed by both keys says so
    #[arg(long)]
    pub new_key: bool,
    /// Have heads signed with ML-DSA-44 too from now on; proofs are 3 KB longer then
    #[arg(long)]
    pub post_quantum: bool,
    /// Take in a head that witnesses cosigned
    #[arg(long, value_name = "NOTE")]
    pub cosigned: Option<PathBuf>,
    /// Write a request for a time stamp (RFC 3161) of the last head to this file
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
    /// Take in a time stamp of a head: an RFC 3161 response, or an OpenTimestamps file
    #[arg(long, value_name = "FILE")]
    pub stamp: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Prove {
    /// The file; with --check, the proof and then the file
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub place: SealsPlace,
    /// Check a proof: PROOF FILE. Exit 0: proved, 1: not proved, 2: it cannot be said
    #[arg(long)]
    pub check: bool,
    /// Prove that the bytes, or the text, were not committed to. Exit 0: absent, 1: there, 2: it cannot be said
    #[arg(long, conflicts_with_all = ["check", "pack", "part"])]
    pub absent: bool,
    /// Prove one part alone: the number of a paragraph or words in it, sheet:N, attachment:N
    #[arg(long, value_name = "PART", conflicts_with_all = ["check", "pack"])]
    pub part: Option<String>,
    /// Make a folder that can be checked with nothing installed: documents, proofs, a verifier in Python and as a page
    #[arg(long, conflicts_with = "check")]
    pub pack: bool,
    /// Write the proof here (with --pack: the folder)
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// The verifier key of the log, or a file that holds it
    #[arg(long, value_name = "VKEY", requires = "check")]
    pub key: Option<String>,
    /// A head, as it was published: its line, or a file that holds it
    #[arg(long, value_name = "HEAD")]
    pub head: Option<String>,
    /// Whom to trust: a policy of logs and witnesses (c2sp.org/tlog-policy)
    #[arg(long, value_name = "FILE", requires = "check", conflicts_with = "key")]
    pub policy: Option<PathBuf>,
    /// Cosignatures of the head as a file of its own (repeatable)
    #[arg(long, value_name = "NOTE", requires = "check")]
    pub cosigned: Vec<PathBuf>,
    /// A note that says which key followed (repeatable, oldest first)
    #[arg(long, value_name = "NOTE", requires = "check")]
    pub succession: Vec<PathBuf>,
    /// A time stamp of the head: an RFC 3161 response, or an OpenTimestamps file
    #[arg(long, value_name = "FILE", requires = "check")]
    pub stamp: Option<PathBuf>,
    /// Certificates of the time-stamping authority that is trusted (PEM)
    #[arg(long, value_name = "FILE", requires = "stamp")]
    pub tsa: Option<PathBuf>,
    /// Block headers of Bitcoin, a line each: HEIGHT and 80 bytes in hexadecimal
    #[arg(long, value_name = "FILE", requires = "stamp")]
    pub headers: Option<PathBuf>,
    /// The log's key was stolen then: only a head with an earlier stamp counts
    #[arg(long, value_name = "TIME", value_parser = time, requires = "check")]
    pub stolen: Option<Time>,
}

#[derive(Args, Debug)]
pub struct Explain {
    /// A detector (web_log/attempt), a kind of evidence (web_log), or a rule that you bring (--sigma PATH)
    pub name: Option<String>,
    #[command(flatten)]
    pub settings: Settings,
    /// Print the JSON Schema of what --json says of a detector's findings, or of a kind of observations
    #[arg(long, value_name = "NAME", conflicts_with = "name")]
    pub schema: Option<String>,
}

#[derive(Args, Debug)]
pub struct Exercise {
    /// The folder to make the evidence in; with --score, none
    #[arg(required_unless_present = "score")]
    pub dir: Option<PathBuf>,
    /// The same seed and scenario give the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A scenario file, or a shipped one: france-2017 (the default), inbox, debate, vote-day, innocent, false-flag, throughput, flood90
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// Make about this much web log instead of what the scenario says: 500MB, 1GB
    #[arg(long, value_name = "SIZE")]
    pub size: Option<String>,
    /// Compare what a case found with the truth
    #[arg(long, num_args = 2, value_names = ["CASE", "TRUTH"], conflicts_with_all = ["dir", "scenario"])]
    pub score: Option<Vec<PathBuf>>,
}

#[derive(Args, Debug)]
pub struct Demo {
    /// The folder to make
    #[arg(default_value = "vigie-demo")]
    pub dir: PathBuf,
    /// The same seed gives the same evidence
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Collect {
    #[command(subcommand)]
    pub what: Option<CollectWhat>,
    /// A case: asks DNS and RDAP about every look-alike it knows, and adds the answers to it
    pub dir: Option<PathBuf>,
    #[command(flatten)]
    pub dns: DnsOptions,
    #[command(flatten)]
    pub rdap: RdapOptions,
    /// Use the network; without it, say what would be asked of whom
    #[arg(long)]
    pub online: bool,
}

#[derive(Subcommand, Debug)]
pub enum CollectWhat {
    /// Ask a resolver for addresses, exchangers, name servers and texts of names
    Dns {
        /// Names, or - for a list on standard input
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        #[command(flatten)]
        dns: DnsOptions,
        #[command(flatten)]
        into: Into,
    },
    /// Ask registries, and the registrars they link to, who registered domains and when
    Rdap {
        /// Names, or - for a list on standard input
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        #[command(flatten)]
        rdap: RdapOptions,
        #[command(flatten)]
        into: Into,
    },
    /// Read the new entries of a certificate-transparency log (static-ct-api), each proven to be in it
    Ct(CollectCt),
}

#[derive(Args, Debug)]
pub struct CollectCt {
    /// The log's monitoring prefix
    pub url: String,
    /// The log's key, as lists of logs have it: SubjectPublicKeyInfo in base64, or a file of it
    #[arg(long)]
    pub key: String,
    /// The first entry to read, where the log was not followed before (default: what comes after its present end)
    #[arg(long, value_name = "INDEX")]
    pub from: Option<u64>,
    /// Read at most so many entries
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub most: u64,
    /// Look again after so many seconds, until interrupted
    #[arg(long, value_name = "SECONDS")]
    pub every: Option<u64>,
    #[command(flatten)]
    pub into: Into,
}

/// Where what was collected goes; without one, to standard output.
#[derive(Args, Debug)]
pub struct Into {
    /// Append to this file
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Add to this case as evidence
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    pub case: Option<PathBuf>,
    /// Use the network; without it, say what would be asked of whom
    #[arg(long)]
    pub online: bool,
}

#[derive(Args, Debug)]
pub struct DnsOptions {
    /// The resolver to ask, ADDRESS or ADDRESS:PORT (default: that of /etc/resolv.conf)
    #[arg(long, value_name = "ADDRESS")]
    pub resolver: Option<String>,
}

#[derive(Args, Debug)]
pub struct RdapOptions {
    /// Ask this RDAP server whatever the domain
    #[arg(long, value_name = "URL")]
    pub rdap: Option<String>,
    /// IANA's registry of RDAP servers as a file (default: what is embedded, then IANA's own)
    #[arg(long, value_name = "FILE")]
    pub bootstrap: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Keys {
    #[command(subcommand)]
    pub what: KeysWhat,
}

#[derive(Subcommand, Debug)]
pub enum KeysWhat {
    /// Ask a resolver for DKIM keys, SPF, DMARC, MTA-STS, TLS-RPT and MX, and add the answers to a case
    Fetch {
        /// The case
        dir: PathBuf,
        /// Domains that mail comes from: one's own, allies', providers'
        #[arg(required = true, value_name = "DOMAIN")]
        domains: Vec<String>,
        /// A DKIM selector (repeatable; default: those that are common)
        #[arg(long, value_name = "SELECTOR")]
        selector: Vec<String>,
        #[command(flatten)]
        dns: DnsOptions,
        /// Use the network; without it, say what would be asked of whom
        #[arg(long)]
        online: bool,
    },
}

#[derive(Args, Debug)]
pub struct Silence {
    /// A text, Markdown file or page; - for standard input; a case for its brief
    #[arg(required_unless_present_any = ["table", "check_log"], value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Where it is published: ISO 3166, such as FR (metropolitan France), GP, RE, PF or a country
    #[arg(long, value_name = "CODE")]
    pub territory: Option<String>,
    /// Who publishes: candidate, media (the default) or citizen
    #[arg(long = "for", value_name = "WHO")]
    pub who: Option<law::Audience>,
    /// A candidate or person to know, "First Last, alias, #hashtag" (repeatable)
    #[arg(long, value_name = "NAME")]
    pub name: Vec<String>,
    /// A file of such lines
    #[arg(long, value_name = "FILE")]
    pub names: Option<PathBuf>,
    /// Judge as `[silence]` of this case says, know whom it protects, and keep the verdict in its audit trail
    #[arg(long, value_name = "DIR")]
    pub case: Option<PathBuf>,
    /// Add calendars, written as the elections.toml of `vigie knowledge`
    #[arg(long, value_name = "FILE")]
    pub calendar: Option<PathBuf>,
    /// A day of a vote in another country
    #[arg(long, value_name = "DAY")]
    pub vote: Option<String>,
    /// Write the copy without what may not be said to this file
    #[arg(long, short, value_name = "FILE")]
    pub redact: Option<PathBuf>,
    /// Keep the verdict in this log, each line with the hash of the one before
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Tell whether a log of verdicts was changed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "table"])]
    pub check_log: Option<PathBuf>,
    /// Print every second at which an answer changes, by territory and rule
    #[arg(long, conflicts_with = "file")]
    pub table: bool,
    /// Only this election of the table
    #[arg(long, value_name = "ID", requires = "table")]
    pub election: Option<String>,
}

#[derive(Args, Debug)]
pub struct Site {
    /// Sites of one's own: a name or an address such as https://example.org
    #[arg(required_unless_present = "list", value_name = "URL")]
    pub urls: Vec<String>,
    /// Sites from a file, one a line, `#` begins a remark (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    /// Take this address for a host, as curl does: HOST:PORT:ADDRESS (repeatable)
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub resolve: Vec<String>,
    /// Trust the authorities in this file too (PEM)
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    #[command(flatten)]
    pub dns: DnsOptions,
    /// Probe as only the owner may: exposed files, listings, users, ports. On loopback without proof; elsewhere FILE holds a
    /// secret of yours, and what to publish is said
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub owner: Option<Option<PathBuf>>,
    /// A test record of one's own, to see whether records can be counted through (repeat it; with --owner)
    #[arg(long, value_name = "URL", requires = "owner")]
    pub record: Vec<String>,
    /// Have a browser (Chromium) load the front page, and say what left before consent
    #[arg(long)]
    pub browser: bool,
    /// Countries and networks of addresses from this database (MMDB, repeatable)
    #[arg(long, value_name = "FILE")]
    pub mmdb: Vec<PathBuf>,
    /// Keep what was asked and answered in this folder, and say what changed since the last time
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Keep it in this case: `hygiene` and the brief use it
    #[arg(long, value_name = "DIR", conflicts_with = "keep")]
    pub case: Option<PathBuf>,
    /// Write drafts of complaints beside what is kept, one for each article of the GDPR (with --keep or --case)
    #[arg(long)]
    pub complaint: bool,
    /// Write the findings to this file as SARIF 2.1.0
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Probe {
    /// The pages, in the order in which somebody opens them
    #[arg(required = true, value_name = "URL")]
    pub urls: Vec<String>,
    /// A text that must stand on the page: the first for the first page, and so on (repeatable)
    #[arg(long, value_name = "TEXT")]
    pub expect: Vec<String>,
    /// Paths of a waiting room (repeatable)
    #[arg(long, value_name = "PATH")]
    pub waiting: Vec<String>,
    /// From where this is tried, as it shall stand in the evidence
    #[arg(long, value_name = "PLACE", default_value = "here")]
    pub from: String,
    /// Rounds
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub times: u64,
    /// Seconds from the beginning of one round to the next; at least 10, except on this machine
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub every: u64,
    /// Seconds after which an answer is none
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub timeout: u64,
    /// Take this address for a host, as curl does: HOST:PORT:ADDRESS (repeatable)
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub resolve: Vec<String>,
    /// Trust the authorities in this file too (PEM)
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    #[command(flatten)]
    pub dns: DnsOptions,
    /// A secret of yours by which you show that the platform is yours; what to publish is said. Not needed on loopback
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub owner: Option<Option<PathBuf>>,
}

#[derive(Args, Debug)]
pub struct Hygiene {
    /// The case; its answers are in hygiene.toml
    pub dir: PathBuf,
    /// Print the questions as a file to fill in
    #[arg(long)]
    pub questions: bool,
    /// Answer: MEASURE=no, partly, standard, reinforced or not_applicable; MEASURE alone keeps the answer (repeatable)
    #[arg(long, value_name = "MEASURE=LEVEL")]
    pub answer: Vec<String>,
    /// Of which person or team the answer is
    #[arg(long, value_name = "WHO", requires = "answer")]
    pub who: Option<String>,
    /// Who sees to it
    #[arg(long, value_name = "NAME", requires = "answer")]
    pub owner: Option<String>,
    /// Until when
    #[arg(long, value_name = "DAY", requires = "answer")]
    pub due: Option<String>,
    /// What shows it: a hash of evidence, a file, an address (repeatable)
    #[arg(long, value_name = "WHAT", requires = "answer")]
    pub evidence: Vec<String>,
    /// In words
    #[arg(long, value_name = "TEXT", requires = "answer")]
    pub note: Option<String>,
    /// Write the filled-in guide as a page to this file
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write the plan as iCalendar to this file
    #[arg(long, value_name = "FILE")]
    pub ics: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Worker {
    /// Threads this worker may use
    pub threads: usize,
    /// Seconds one piece of evidence may take
    pub seconds: u64,
    /// Only try to leave the sandbox, and print how far that went
    #[arg(long)]
    pub probe: bool,
}

/// A command that a kind of evidence brings, and what was given of its arguments.
#[derive(Debug)]
pub struct Brought {
    pub command: &'static sensors::Command,
    pub given: sensors::command::Given,
}

/// All such commands.
fn brought() -> impl Iterator<Item = &'static sensors::Command> {
    sensors::SENSORS.iter().flat_map(|s| s.commands())
}

impl Subcommand for Brought {
    fn augment_subcommands(program: clap::Command) -> clap::Command {
        brought().fold(program, |program, c| {
            let examples: Vec<String> = c.examples.iter().map(|e| format!("\n  {e}")).collect();
            let command = clap::Command::new(c.name).about(c.about.0).args(c.arguments.iter().map(arg));
            program.subcommand(command.after_help(format!("Examples:{}", examples.concat())))
        })
    }

    fn augment_subcommands_for_update(program: clap::Command) -> clap::Command {
        Brought::augment_subcommands(program)
    }

    fn has_subcommand(name: &str) -> bool {
        brought().any(|c| c.name == name)
    }
}

impl FromArgMatches for Brought {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Brought, clap::Error> {
        let found = matches.subcommand().and_then(|(name, m)| Some((brought().find(|c| c.name == name)?, m)));
        let (command, matches) = found.ok_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidSubcommand))?;
        let given = command.arguments.iter().filter_map(|a| Some((a.name, given(matches, a)?)));
        Ok(Brought { command, given: sensors::command::Given::new(given) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Brought::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Cli {
    /// Parses the command line; help and mistakes end the program here, with 0 and 2.
    pub fn read() -> Cli {
        let matches = command().get_matches();
        Cli::from_arg_matches(&matches).unwrap_or_else(|e| e.exit())
    }
}

/// The command line with the examples that its help ends in.
/// The command line: what parses it, and what help, manual and completions are made of.
pub fn command() -> clap::Command {
    let kinds = kinds();
    let mut command = Cli::command().after_help(
        "Start here:\n  vigie demo                    the whole way on made-up evidence, with a brief to open\n  \
         vigie check access.log        what is in one file\n  vigie init my-campaign        a case that lasts",
    );
    for (name, examples) in EXAMPLES {
        let mut help = format!("Examples:\n{examples}");
        if matches!(*name, "check" | "read" | "add") {
            help = format!("{kinds}\n{help}");
        }
        if *name == "export" {
            let row = |e: &casework::export::Export| format!("  {:<9} {} ({}+)\n", e.name, e.help.0, e.least.as_str());
            let formats: String = casework::export::exports().map(row).collect();
            help = format!("Formats, with the least severity unless --severity names another:\n{formats}\n{help}");
        }
        command = command.mut_subcommand(name, |c| c.after_help(help));
    }
    command
}

fn kinds() -> String {
    let mut text =
        String::from("Kinds of evidence (known by content, not by name; .gz, .bz2, .xz and .zst are opened):\n");
    for sensor in sensors::SENSORS {
        text += &format!("  {:<10} {}\n", sensor.name(), sensor.title().en);
        for format in sensor.formats() {
            text += &format!("             - {format}\n");
        }
    }
    text
}

const EXAMPLES: &[(&str, &str)] = &[
    (
        "check",
        "  vigie check access.log auth.log.2.gz\n  vigie check /var/log --fail-on high\n  \
         vigie check --protect example.org names.txt.gz --indicators maltrail.txt\n  \
         vigie check mail.eml --records answers.jsonl --keys my-campaign\n  \
         zcat access.log.*.gz | vigie check - --json\n\nNext: `vigie read` shows what was read; `vigie init` keeps it.",
    ),
    (
        "read",
        "  vigie read auth.log\n  vigie read --json access.log | head\n  \
         vigie read --json mail.eml --records zone.txt\n\nNext: `vigie check` judges it.",
    ),
    (
        "init",
        "  vigie init my-campaign\n  vigie init my-campaign --name \"Our campaign\" --protect example.org \
         --zone Europe/Paris\n\nNext: `vigie add my-campaign LOGS…`, then `vigie run my-campaign`.",
    ),
    (
        "add",
        "  vigie add my-campaign /var/log/nginx\n  vigie add my-campaign --reference /mnt/big/access.log\n\n\
         Next: `vigie run my-campaign`.",
    ),
    (
        "run",
        "  vigie run my-campaign\n  vigie run my-campaign --series polls.csv --lang fr\n\n\
         Next: open my-campaign/brief/index.html; `vigie show` prints the lines behind a finding.",
    ),
    (
        "findings",
        "  vigie findings my-campaign --severity high\n  vigie findings my-campaign --new\n  \
         vigie findings my-campaign --since 2027-04-01 --json\n\n\
         Next: `vigie show my-campaign ID`.",
    ),
    (
        "export",
        "  vigie export my-campaign --to stix -o decoys.stix.json\n  vigie export my-campaign --to rpz --severity high\n  \
         vigie export my-campaign --to dossier -o takedown/ --lang fr\n\n\
         Next: read a dossier before you send it; `vigie show` prints the lines it cites.",
    ),
    (
        "show",
        "  vigie show my-campaign finding--3f0c…\n  vigie show my-campaign 9f86d081:1021-1042 --raw > lines\n\n\
         Next: `vigie explain DETECTOR` says what the finding's detector looks for.",
    ),
    (
        "verify",
        "  vigie verify my-campaign && echo unchanged\n\nIt reads all evidence again; exit 1 if anything differs.",
    ),
    (
        "forget",
        "  vigie forget my-campaign 9f86d081 --reason \"erasure asked for on 3 May\"\n\n\
         Next: `vigie run my-campaign` writes findings and brief anew from what is left.",
    ),
    (
        "seal",
        "  vigie seal ~/campaign --name seals.example.org\n  vigie seal ~/campaign ~/Maildir --case my-campaign\n  \
         vigie seal --backup\n  vigie seal --request head.tsq\n\nEvery night: what is new is added, and a new head printed. \
         Next: `vigie prove FILE`.",
    ),
    (
        "prove",
        "  vigie prove budget.docx\n  vigie prove budget.docx --part \"thirty thousand\"\n  \
         vigie prove --absent forged.docx\n  vigie prove --pack budget.docx letter.eml -o for-the-press\n  \
         vigie prove --check budget.docx.tlog-proof budget.docx --key seals/verifier.key",
    ),
    (
        "explain",
        "  vigie explain\n  vigie explain web_log\n  vigie explain web_log/attempt\n  vigie explain 5f1abf38-5bb4-4b4e-8a0c-1a5b6c7d8e9f --sigma rules/",
    ),
    (
        "exercise",
        "  vigie exercise practice --seed 7\n  vigie exercise practice --scenario mine.toml\n  \
         vigie exercise --score my-case practice/truth.json",
    ),
    ("demo", "  vigie demo\n  vigie demo /tmp/demo --lang fr\n\nNext: open vigie-demo/case/brief/index.html."),
    (
        "collect",
        "  vigie collect my-campaign --online\n  vigie collect dns en-marche.co --online --resolver 192.0.2.53\n  \
         vigie collect rdap en-marche.co --online -o answers.jsonl\n  \
         vigie collect ct https://log.example/2026h2/ --key MFkwEwYH… --online --case my-campaign\n\n\
         Nothing is asked without --online, and never the suspect host itself. A recursive resolver will ask the \
         domain's name servers: choose one that many share if you do not want to be seen asking.\n\
         Next: `vigie run my-campaign` brings back what changed; `vigie check answers.jsonl` reads a file.",
    ),
    (
        "keys",
        "  vigie keys fetch my-campaign example.org gmail.com --online\n  \
         vigie keys fetch my-campaign example.org --selector s2026 --online\n\nNext: `vigie run my-campaign`.",
    ),
    (
        "silence",
        "  vigie silence article.html\n  vigie silence statement.txt --for candidate --territory GP\n  \
         vigie silence article.md --at 2027-05-01T18:00:00+02:00 --redact article.public.md\n  \
         vigie silence my-campaign --log verdicts.jsonl\n  \
         vigie silence --table --territory RE --election president-2027\n\n\
         Exit 0: it may be published; 1: not, or not as it is; 2: that could not be said. It is no legal advice.",
    ),
    (
        "site",
        "  vigie site example.org\n  vigie site https://example.org --json\n  \
         vigie site test.example --resolve test.example:443:127.0.0.1 --ca ca.pem --fail-on high\n  \
         vigie site --list sites.txt --case my-campaign --sarif sites.sarif\n  \
         vigie site example.org --owner=secret.txt --browser\n  vigie site example.org --browser --keep seen --complaint\n\n\
         Requests as a browser makes them, hellos of TLS, the DNS; to this host only; robots.txt is obeyed. The DNS is not\n\
         asked of a site on this machine unless `--resolver` is named. Examine your own sites.",
    ),
    (
        "probe",
        "  vigie probe https://vote.example.org/ https://vote.example.org/login --owner=secret.txt \\\n    \
         --expect \"Bureau de vote\" --from Lyon --every 60 --times 720 > lyon.jsonl\n  \
         vigie check lyon.jsonl access.log\n\n\
         One page after another, at your own platform only: that it is yours must be shown. Nobody votes and nothing is\n\
         sent. Exit 1: a step was not served.",
    ),
    (
        "hygiene",
        "  vigie hygiene my-campaign\n  vigie hygiene my-campaign --questions > my-campaign/hygiene.toml\n  \
         vigie hygiene my-campaign --answer 13=partly --who press --owner Ada --due 2027-01-15\n  \
         vigie hygiene my-campaign --html guide.html --ics plan.ics\n\n\
         Next: `vigie run my-campaign` puts it into the brief.",
    ),
    ("knowledge", "  vigie knowledge\n  vigie knowledge --json"),
    (
        "doctor",
        "  vigie doctor            exits with 1 where something must be mended first\n  vigie doctor --json\n  vigie --version --json  what this program is: commit, age of what it knows, how its workers are held",
    ),
    (
        "completions",
        "  vigie completions bash > ~/.local/share/bash-completion/completions/vigie\n  \
         vigie completions zsh > ~/.zfunc/_vigie\n  vigie completions fish > ~/.config/fish/completions/vigie.fish",
    ),
    ("man", "  vigie man | man -l -\n  vigie man ~/.local/share/man/man1\n  vigie man --markdown > docs/options.md"),
];

fn lang(text: &str) -> Result<Lang, String> {
    match text {
        "en" => Ok(Lang::En),
        "fr" => Ok(Lang::Fr),
        _ => Err("one of en, fr".into()),
    }
}

fn format(text: &str) -> Result<&'static casework::export::Export, String> {
    casework::export::export(text).ok_or_else(|| {
        let names: Vec<&str> = casework::export::exports().map(|e| e.name).collect();
        format!("one of {}", names.join(", "))
    })
}

/// A head as it was printed: 64 hexadecimal digits or 32 bytes in base64, alone or in a line.
fn head(text: &str) -> Result<store::Hash, String> {
    let words =
        text.split(|c: char| c.is_whitespace() || matches!(c, ':' | '"' | ',' | '{' | '}')).filter(|w| !w.is_empty());
    let hex = |word: &str| word.to_ascii_lowercase().parse().ok().map(|model::EvidenceId(hash)| hash);
    let coded =
        |word: &str| base64::Engine::decode(&base64::engine::general_purpose::STANDARD, word).ok()?.try_into().ok();
    words.rev().find_map(|word| hex(word).or_else(|| coded(word))).ok_or_else(|| {
        "a SHA-256 in hexadecimal or base64, as the last line of `vigie run` and `vigie verify` has it".into()
    })
}

fn ratio(text: &str) -> Result<(f64, f64), String> {
    let wrong = || "two numbers above 0, the smaller first, such as 3..30".to_string();
    let (low, high) = text.split_once("..").ok_or_else(wrong)?;
    let number = |t: &str| t.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
    match (number(low), number(high)) {
        (Some(low), Some(high)) if low <= high => Ok((low, high)),
        _ => Err(wrong()),
    }
}

fn time(text: &str) -> Result<Time, String> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let day = text.parse::<jiff::civil::Date>().and_then(|d| d.to_zoned(jiff::tz::TimeZone::UTC));
    day.map(|d| d.timestamp().into()).map_err(|_| "a time such as 2027-04-11T20:00:00Z, or a day".into())
}

impl Global {
    /// The language: as told, else as the case says, else as the environment does.
    pub fn language(&self, case: Option<Lang>) -> Lang {
        let set = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
        let environment = || set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
        let french = || environment().is_some_and(|v| v.starts_with("fr"));
        self.lang.or(case).unwrap_or_else(|| if french() { Lang::Fr } else { Lang::En })
    }

    /// Now: as told, else the clock, in whole seconds. Nothing else in the house reads the clock.
    pub fn now(&self) -> Time {
        self.at.unwrap_or_else(|| Time::from_seconds(jiff::Timestamp::now().as_second()))
    }
}
