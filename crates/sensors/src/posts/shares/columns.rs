//! Which column says what. Known by their usual names (CooRTweet's, the QUT toolkit's, and those of common exports) or
//! mapped: `object=url,account=author`.
//!
//! You may rely on: a mapping comes before a usual name, and of usual names the first of the list below; case, accents
//! and what stands between words make no difference. Where no name is usual, the words of a head propose (`guess`). Left
//! out: what the cells hold (`understand`).

use super::guess::guesses;
use model::{Error, Result};
use rows::posts::CoAction;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a column is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// What is shared.
    Object,
    /// Who shares it.
    Account,
    /// In which post.
    Content,
    /// When.
    Timestamp,
    /// What the post says.
    Text,
    /// Links in the post.
    Url,
    /// Its hashtags.
    Hashtags,
    /// The post it repeats.
    Repost,
    /// The post it answers.
    Reply,
    /// The accounts it names.
    Mentions,
    /// The hash of its image.
    Image,
    /// What the account is called.
    Name,
    /// When the account was made.
    Created,
    /// What the account says of itself.
    About,
    /// The post's language.
    Language,
    /// The platform it stands on.
    Platform,
}

/// Roles in the order of their declaration, with the names they are known by, the usual first.
const NAMES: &[(Role, &str, &[&str])] = &[
    (Role::Object, "object", &["object_id", "object"]),
    (
        Role::Account,
        "account",
        &[
            "account_id",
            "user_id",
            "author_id",
            "from_user_id",
            "external_author_id",
            "alt_external_id",
            "userid",
            "author.id",
            "account.id",
            "user.id",
            "post_owner.id",
            "surface.id",
            "account",
            "account_handle",
            "author",
            "user",
            "username",
            "screen_name",
            "user_screen_name",
            "from_user_name",
            "user_name",
            "author_name",
            "account_name",
            "handle",
            "nickname",
            "influencer",
            "auteur",
            "compte",
            "utilisateur",
            "nom_d_utilisateur",
            "identifiant_de_l_auteur",
            "autor",
            "usuario",
            "autore",
            "konto",
            "profil",
            "page_name",
            "group_name",
            "channel_id",
            "channel_name",
            "channel",
            "chaine",
            "owner",
            "poster",
            "publisher",
            "media_name",
            "extra_author_attributes.id",
        ],
    ),
    (
        Role::Content,
        "content",
        &[
            "content_id",
            "message_id",
            "post_id",
            "tweet_id",
            "tweetid",
            "status_id",
            "platformId",
            "id",
            "id_str",
            "comment_id",
            "commentid",
            "video_id",
            "videoid",
            "article_id",
            "document_id",
            "identifiant",
            "resource_id",
        ],
    ),
    (
        Role::Timestamp,
        "timestamp",
        &[
            "timestamp_share",
            "unix_timestamp",
            "timestamp_utc",
            "timestamp",
            "created_at",
            "published_at",
            "publishedAt",
            "creation_time",
            "tweet_time",
            "created_utc",
            "create_time",
            "publish_date",
            "published",
            "date_published",
            "published_date",
            "pubdate",
            "post_created",
            "posted_at",
            "post_date",
            "datetime",
            "date_time",
            "date_utc",
            "date_heure",
            "date_et_heure",
            "horodatage",
            "date_de_publication",
            "publie_le",
            "date",
            "fecha",
            "datum",
            "jour",
            "created",
            "local_time",
            "indexed",
            "indexed_date",
            "time",
            "heure",
        ],
    ),
    (
        Role::Text,
        "text",
        &[
            "text",
            "message",
            "full_text",
            "tweet_text",
            "content",
            "body",
            "rawContent",
            "post_text",
            "texte",
            "contenu",
            "publication",
            "texto",
            "testo",
            "tweet",
            "hit_sentence",
            "caption",
            "comment",
            "commentaire",
            "text_original",
            "textOriginal",
            "textDisplay",
            "video_description",
            "videoDescription",
            "selftext",
            "snippet",
            "opening_text",
            "title",
            "titre",
            "headline",
        ],
    ),
    (
        Role::Url,
        "url",
        &[
            "urls",
            "url",
            "expanded_urls",
            "expanded_url",
            "entities.urls",
            "expandedLinks",
            "expanded",
            "link_attachment.link",
            "link",
            "links",
            "urls_expanded_url",
            "outlinks",
            "expanded_link",
            "final_link",
            "shared_link",
            "shared_url",
            "link_url",
            "lien",
            "liens",
            "lien_partage",
            "enlace",
            "tco1_step1",
        ],
    ),
    (Role::Hashtags, "hashtags", &["hashtags", "entities.hashtags", "tags", "mots_dieses"]),
    (
        Role::Repost,
        "repost",
        &[
            "repost_id",
            "repost_of",
            "retweet_id",
            "retweeted_id",
            "retweet_tweetid",
            "retweet_status_id",
            "retweeted_status_id",
            "referenced_tweets.retweeted.id",
            "reblog_of_id",
            "share_of_id",
        ],
    ),
    (
        Role::Reply,
        "reply",
        &[
            "reply_id",
            "in_reply_to_status_id",
            "in_reply_to_tweetid",
            "referenced_tweets.replied_to.id",
            "in_reply_to_id",
            "in_reply_to",
        ],
    ),
    (Role::Mentions, "mentions", &["mentions", "user_mentions", "entities.mentions"]),
    (Role::Image, "image", &["image_hash", "image_hashes", "media_hash", "phash", "perceptual_hash", "dhash", "image"]),
    (
        Role::Name,
        "name",
        &[
            "account_name",
            "author_name",
            "user_name",
            "display_name",
            "screen_name",
            "user_screen_name",
            "username",
            "user.screen_name",
            "user.username",
            "from_user_name",
            "auteur",
            "author",
            "author.username",
            "account.name",
            "post_owner.name",
            "surface.name",
        ],
    ),
    (
        Role::Created,
        "created",
        &[
            "account_created",
            "account_created_at",
            "account_creation_date",
            "user_created_at",
            "author_created_at",
            "user.created_at",
            "user.created",
            "author.created_at",
        ],
    ),
    (
        Role::About,
        "about",
        &[
            "account_description",
            "user_description",
            "user_profile_description",
            "author_description",
            "bio",
            "description",
            "user.description",
            "author.description",
        ],
    ),
    (Role::Language, "language", &["language", "lang", "tweet_language"]),
    (Role::Platform, "platform", &["platform", "source_platform", "network"]),
];

/// How many roles there are.
pub const ROLES: usize = NAMES.len();

impl Role {
    /// All roles, in the order in which they are declared.
    pub const ALL: [Role; ROLES] = {
        let mut all = [Role::Object; ROLES];
        let mut at = 0;
        while at < ROLES {
            all[at] = NAMES[at].0;
            at += 1;
        }
        all
    };

    /// What it is called in mappings.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// Whether it is something that a post shares or says, rather than whose or when it is.
    fn says(self) -> bool {
        (self as usize) <= Role::Image as usize && !matches!(self, Role::Account | Role::Content | Role::Timestamp)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name of a column as it is compared: lower case, without accents, one `_` for all that stands between words.
pub fn normal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c.is_alphanumeric() {
            true => out.push(c),
            false if out.ends_with('_') || out.is_empty() => {}
            false => out.push('_'),
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

/// The same in one word: `createdAt`, `created_at` and `Created At` are one name.
fn joined(name: &str) -> String {
    normal(name).replace('_', "")
}

/// The usual names of each role as they are compared: made once, for every file is asked whether it has them.
static USUAL: LazyLock<Vec<Vec<String>>> =
    LazyLock::new(|| NAMES.iter().map(|(.., usual)| usual.iter().map(|name| joined(name)).collect()).collect());

/// Names a column is given by hand.
#[derive(Clone, Debug, Default)]
pub struct Mapping(Vec<(Role, String)>);

impl FromStr for Mapping {
    type Err = Error;
    fn from_str(text: &str) -> Result<Mapping> {
        let one = |pair: &str| {
            let (role, column) = pair.split_once('=').unwrap_or((pair, ""));
            let known = NAMES.iter().find(|(_, name, others)| *name == role || others.contains(&role));
            match known {
                Some((role, ..)) if !column.is_empty() => Ok((*role, column.to_string())),
                _ => {
                    let roles: Vec<&str> = NAMES.iter().map(|(_, name, _)| *name).collect();
                    Err(Error::new(format!("`{pair}` maps no column")).hint(format!(
                        "write it as `object=url,account=author`; what can be mapped: {}",
                        roles.join(", ")
                    )))
                }
            }
        };
        text.split(',').filter(|p| !p.is_empty()).map(one).collect::<Result<_>>().map(Mapping)
    }
}

impl Mapping {
    /// Names a column for a role.
    pub fn with(mut self, role: Role, column: &str) -> Mapping {
        self.0.push((role, column.to_string()));
        self
    }

    /// Whether it names no column.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it names a column for a role.
    pub fn names(&self, role: Role) -> bool {
        self.0.iter().any(|(r, _)| *r == role)
    }

    /// The columns that it names and a table with this header does not have.
    pub fn missing<S: AsRef<str>>(&self, header: &[S]) -> Vec<&str> {
        let missing = |(_, column): &&(Role, String)| !header.iter().any(|h| joined(h.as_ref()) == joined(column));
        self.0.iter().filter(missing).map(|(_, column)| column.as_str()).collect()
    }

    /// Where columns of a role may stand among these names, the likeliest first. A mapped role is never looked for under
    /// a usual name, and what a mapping took is not also whose, which or when by its own name.
    pub fn candidates<S: AsRef<str>>(&self, role: Role, header: &[S]) -> Vec<usize> {
        self.places(role, &header.iter().map(|h| joined(h.as_ref())).collect::<Vec<_>>())
    }

    /// Where they may stand by the words of heads that are no usual names; nowhere where a mapping says it.
    pub fn guesses<S: AsRef<str>>(&self, role: Role, header: &[S]) -> Vec<usize> {
        if self.names(role) {
            return Vec::new();
        }
        let taken = |head: &str| self.0.iter().any(|(_, column)| joined(column) == joined(head));
        let usual = self.candidates(role, header);
        let all = guesses(role, header).into_iter();
        all.filter(|at| !usual.contains(at) && !taken(header[*at].as_ref())).collect()
    }

    fn places(&self, role: Role, header: &[String]) -> Vec<usize> {
        let places = |wanted: &str| (0..header.len()).filter(|at| header[*at] == wanted).collect::<Vec<_>>();
        let mapped = |(_, column): &(Role, String)| places(&joined(column));
        if self.names(role) {
            return self.0.iter().filter(|(r, _)| *r == role).flat_map(mapped).collect();
        }
        let usual = USUAL[role as usize].iter().flat_map(|name| places(name));
        let taken: Vec<usize> = match role {
            Role::Account | Role::Content | Role::Timestamp => self.0.iter().flat_map(mapped).collect(),
            _ => Vec::new(),
        };
        usual.filter(|at| !taken.contains(at)).collect()
    }

    /// Where the columns of each role stand among these names, by the names alone.
    pub fn columns<S: AsRef<str>>(&self, header: &[S]) -> Columns {
        let names: Vec<String> = header.iter().map(|h| joined(h.as_ref())).collect();
        Columns(Role::ALL.map(|role| self.places(role, &names).first().copied()))
    }

    /// The same of a table's head, whose words propose where no name is usual. Of JSON's keys nothing is guessed: any document
    /// has some.
    pub fn proposed<S: AsRef<str>>(&self, header: &[S]) -> Columns {
        let mut found = self.columns(header);
        // Every line of every file is asked whether it is a head: one with a number in it is none.
        let is_head = |name: &S| !name.as_ref().trim_start().starts_with(|c: char| c.is_ascii_digit());
        if header.len() > 2 && header.iter().all(is_head) {
            let missing = Role::ALL.into_iter().filter(|role| found.get(*role).is_none()).collect::<Vec<_>>();
            missing.into_iter().for_each(|role| found.set(role, self.guesses(role, header).first().copied()));
        }
        found
    }

    /// The names a role may have in an object of JSON, the likeliest first.
    pub fn keys(&self, role: Role) -> Vec<&str> {
        let mapped: Vec<&str> = self.0.iter().filter(|(r, _)| *r == role).map(|(_, c)| c.as_str()).collect();
        if !mapped.is_empty() {
            return mapped;
        }
        NAMES.iter().find(|(r, ..)| *r == role).map_or(Vec::new(), |(_, _, usual)| usual.to_vec())
    }
}

/// Where each role's column stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Columns([Option<usize>; ROLES]);

impl Columns {
    /// Where one stands.
    pub fn get(&self, role: Role) -> Option<usize> {
        self.0[role as usize]
    }

    /// Says where one stands.
    pub(super) fn set(&mut self, role: Role, at: Option<usize>) {
        self.0[role as usize] = at;
    }

    /// Whether these are columns of posts: somebody, some time, and something that can be shared or said.
    pub fn are_posts(&self) -> bool {
        self.get(Role::Account).is_some() && self.get(Role::Timestamp).is_some() && self.say_something()
    }

    /// Whether any of them says what is shared or said.
    fn say_something(&self) -> bool {
        Role::ALL.iter().any(|r| r.says() && self.get(*r).is_some())
    }
}

/// What accounts are joined by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum By {
    /// The column `object_id` as it is.
    #[default]
    Object,
    /// Normalised links; of a repost none, for it is its author's.
    Url,
    /// Registrable domains of links.
    Domain,
    /// The hashtags of a post in their order, two at least (Pacheco et al. 2021 compare sequences).
    Hashtags,
    /// The post that is repeated.
    Repost,
    /// The post that is answered.
    Reply,
    /// The set of accounts that a post names.
    Mentions,
    /// The hash of the image.
    Image,
    /// Copied text: the text builder's kernel makes the objects ([`super::Shares::with_objects`]).
    Text,
}

/// What a network can be made by, as on the command line.
pub const BY: &[(By, &str, &[Role])] = &[
    (By::Object, "object", &[Role::Object]),
    (By::Url, "url", &[Role::Url, Role::Text]),
    (By::Domain, "domain", &[Role::Url, Role::Text]),
    (By::Hashtags, "hashtags", &[Role::Hashtags, Role::Text]),
    (By::Repost, "repost", &[Role::Repost]),
    (By::Reply, "reply", &[Role::Reply]),
    (By::Mentions, "mentions", &[Role::Mentions, Role::Text]),
    (By::Image, "image", &[Role::Image]),
    (By::Text, "text", &[Role::Text]),
];

impl By {
    /// The roles that can say it, the best first.
    pub fn roles(self) -> &'static [Role] {
        BY.iter().find(|(by, ..)| *by == self).map_or(&[], |(_, _, roles)| roles)
    }
}

impl From<By> for CoAction {
    fn from(by: By) -> CoAction {
        match by {
            By::Object => CoAction::Object,
            By::Url => CoAction::Url,
            By::Domain => CoAction::Domain,
            By::Hashtags => CoAction::Hashtags,
            By::Repost => CoAction::Repost,
            By::Reply => CoAction::Reply,
            By::Mentions => CoAction::Mentions,
            By::Image => CoAction::Image,
            By::Text => CoAction::Text,
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(BY.iter().find(|(by, ..)| by == self).map_or("", |(_, name, _)| name))
    }
}

impl FromStr for By {
    type Err = String;
    fn from_str(text: &str) -> std::result::Result<By, String> {
        let names: Vec<&str> = BY.iter().map(|(_, name, _)| *name).collect();
        BY.iter()
            .find(|(_, name, _)| *name == text)
            .map(|(by, ..)| *by)
            .ok_or_else(|| format!("one of {}", names.join(", ")))
    }
}
