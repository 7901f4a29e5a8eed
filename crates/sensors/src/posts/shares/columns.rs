//! Which column says what. Known by their usual names (CooRTweet's, the QUT toolkit's, and those of common exports) or
//! mapped: `object=url,account=author`.
//!
//! You may rely on: a mapping comes before a usual name, and of usual names the first of the list below. Left out:
//! guessing by what the cells hold.

use model::{Error, Result};
use rows::posts::CoAction;
use std::fmt;
use std::str::FromStr;

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
            "userid",
            "author.id",
            "account.id",
            "user.id",
            "post_owner.id",
            "surface.id",
            "account",
            "author",
            "user",
            "username",
            "screen_name",
        ],
    ),
    (
        Role::Content,
        "content",
        &["content_id", "message_id", "post_id", "tweet_id", "tweetid", "status_id", "platformId", "id", "id_str"],
    ),
    (
        Role::Timestamp,
        "timestamp",
        &["timestamp_share", "timestamp", "created_at", "published_at", "creation_time", "tweet_time", "date", "time"],
    ),
    (Role::Text, "text", &["text", "message", "full_text", "tweet_text", "content", "body"]),
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
        ],
    ),
    (Role::Hashtags, "hashtags", &["hashtags", "entities.hashtags", "tags"]),
    (
        Role::Repost,
        "repost",
        &[
            "repost_id",
            "repost_of",
            "retweet_id",
            "retweeted_id",
            "retweet_tweetid",
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

    /// Whether it is something that a post shares or says, rather than whose or when it is.
    fn says(self) -> bool {
        (self as usize) <= Role::Image as usize && !matches!(self, Role::Account | Role::Content | Role::Timestamp)
    }
}

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

    /// Where the columns of each role stand among these names. A mapped role is never looked for under a usual name.
    pub fn columns<S: AsRef<str>>(&self, header: &[S]) -> Columns {
        let place = |wanted: &str| header.iter().position(|h| h.as_ref().trim().eq_ignore_ascii_case(wanted));
        let mut columns = Columns([None; ROLES]);
        for (at, (role, _, usual)) in NAMES.iter().enumerate() {
            let mut mapped = self.0.iter().filter(|(r, _)| r == role).peekable();
            columns.0[at] = match mapped.peek() {
                Some(_) => mapped.find_map(|(_, column)| place(column)),
                None => usual.iter().find_map(|name| place(name)),
            };
        }
        // One column says one thing: what a mapping took is not also what its own name says.
        for (at, (role, ..)) in NAMES.iter().enumerate() {
            let is_mapped = |r: Role| self.0.iter().any(|(m, _)| *m == r);
            let taken =
                (0..ROLES).any(|other| other != at && is_mapped(NAMES[other].0) && columns.0[other] == columns.0[at]);
            if !is_mapped(*role)
                && taken
                && columns.0[at].is_some()
                && matches!(role, Role::Account | Role::Content | Role::Timestamp)
            {
                columns.0[at] = None;
            }
        }
        columns
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
#[derive(Clone, Copy, Debug)]
pub struct Columns([Option<usize>; ROLES]);

impl Columns {
    /// Where one stands.
    pub fn get(&self, role: Role) -> Option<usize> {
        self.0[role as usize]
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
