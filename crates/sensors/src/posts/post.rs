//! One post, as any platform gives it. Readers of platforms make these; `block` keeps them, `table` joins them.
//!
//! You may rely on: after [`Post::bound`] no part is longer than said here, whatever the evidence holds. Left out:
//! what only one platform has (likes, views, follower counts).

use model::Time;

/// Bytes of an id, a name, a link or a tag that are kept.
pub const PART_MAX: usize = 2048;
/// Bytes of a text that are kept.
pub const TEXT_MAX: usize = 64 << 10;
/// Links, tags, mentions or images of one post that are kept.
pub const LIST_MAX: usize = 64;

/// A post, or an article of an outlet. What is not known is empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Post {
    /// The platform (`twitter`, `mastodon`, `telegram` …), lower case; empty where the file does not say.
    pub platform: String,
    /// Its id there.
    pub id: String,
    /// The id of who wrote it; of an article the outlet's host.
    pub account: String,
    /// What the account is called.
    pub account_name: String,
    /// When the account was made.
    pub account_created: Option<Time>,
    /// What the account says of itself.
    pub about: String,
    /// When it was written.
    pub time: Option<Time>,
    /// Minutes east of UTC that the source gave the time in.
    pub offset: Option<i16>,
    /// What it says.
    pub text: String,
    /// Its language as the platform says it (BCP 47).
    pub language: String,
    /// Links, as written.
    pub urls: Vec<String>,
    /// Hashtags in their order, without `#`, lower case.
    pub hashtags: Vec<String>,
    /// Accounts it names, without `@`.
    pub mentions: Vec<String>,
    /// The id of the post it repeats, on the same platform.
    pub repost_of: String,
    /// The id of the post it answers, on the same platform.
    pub reply_to: String,
    /// Hashes of its images.
    pub images: Vec<String>,
    /// What it shares, where the file says no more than that (`object_id` of CooRTweet's format).
    pub object: String,
    /// An article of an outlet rather than a post of an account.
    pub article: bool,
}

impl Post {
    /// Cuts every part to its bound, between characters. Returns whether anything was cut.
    pub fn bound(&mut self) -> bool {
        let parts = [
            &mut self.platform,
            &mut self.id,
            &mut self.account,
            &mut self.account_name,
            &mut self.about,
            &mut self.language,
            &mut self.repost_of,
            &mut self.reply_to,
            &mut self.object,
        ];
        let mut cut = parts.into_iter().fold(false, |cut, part| shorten(part, PART_MAX) | cut);
        cut |= shorten(&mut self.text, TEXT_MAX);
        for list in [&mut self.urls, &mut self.hashtags, &mut self.mentions, &mut self.images] {
            cut |= list.len() > LIST_MAX;
            list.truncate(LIST_MAX);
            cut = list.iter_mut().fold(cut, |cut, part| shorten(part, PART_MAX) | cut);
        }
        cut
    }
}

fn shorten(text: &mut String, most: usize) -> bool {
    let cut = text.len() > most;
    text.truncate(text.floor_char_boundary(most));
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_between_characters() {
        let mut post = Post {
            text: format!("{}é", "a".repeat(TEXT_MAX - 1)),
            urls: vec!["u".into(); LIST_MAX + 1],
            ..Post::default()
        };
        assert!(post.bound());
        assert_eq!((post.text.len(), post.urls.len()), (TEXT_MAX - 1, LIST_MAX));
        assert!(!post.bound());
    }
}
