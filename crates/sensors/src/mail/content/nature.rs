//! What kind of mail a message is, told by its structure and never by its words: a mail server's report on a delivery, an
//! invitation that a calendar made, a filter's list of what it held back, a letter to many by a mailer. What such mail
//! quotes is not what it says.
//!
//! You may rely on: each kind asks for several fields that belong together, and that nothing in it leads to a stranger.
//! Left out: whether the header is true, which authentication tells.

use super::ideas::LEXICON;
use super::links::{HOSTS, Link, Trait, related};
use super::sign::{Kind, Sign};
use super::text::Reading;
use super::url::Url;
use crate::domain::registrable;
use crate::mail::header;
use crate::mail::message::{Mailbox, Message, Role};

/// Whether a message is a mail server's report on a delivery (RFC 3464): a part says so field by field, and no person wrote it.
pub fn is_report(message: &Message) -> bool {
    let status = message.parts.iter().any(|p| {
        p.media == "message/delivery-status" && {
            let block = header::block(&p.bytes);
            let mut rest = &p.bytes[block.body.min(p.bytes.len())..];
            // The message's fields stand before those of each recipient.
            let mut fields: Vec<String> = block.fields.iter().map(|f| f.name.to_ascii_lowercase()).collect();
            for _ in 0..4 {
                let block = header::block(rest);
                fields.extend(block.fields.iter().map(|f| f.name.to_ascii_lowercase()));
                rest = &rest[block.body.min(rest.len())..];
            }
            let has = |name: &str| fields.iter().any(|f| f == name);
            has("reporting-mta") && has("final-recipient") && (has("action") || has("status"))
        }
    });
    let nobody = message.return_path.as_ref().is_none_or(|r| r.address.is_empty());
    let local = message.author().map(|m| m.local().to_ascii_lowercase()).unwrap_or_default();
    status && (nobody || matches!(&*local, "mailer-daemon" | "postmaster" | "mailerdaemon"))
}

/// The same as text alone, as Exim and qmail write it: it goes back to nobody, leads nowhere, and brings back with its header what
/// its reader wrote.
fn is_text_report(message: &Message) -> bool {
    let author = message.author().map(|m| m.local().to_ascii_lowercase()).unwrap_or_default();
    let mut parts = message.parts.iter().filter(|p| p.role != Role::Container);
    let (Some(part), None) = (parts.next(), parts.next()) else { return false };
    let nobody = message.return_path.as_ref().is_some_and(|r| r.address.is_empty());
    if !nobody || part.role != Role::Text || !matches!(&*author, "mailer-daemon" | "postmaster" | "mailerdaemon") {
        return false;
    }
    let text = super::clip(&part.text, 64 << 10);
    let begins = |line: &str| ["return-path:", "received:"].iter().any(|n| line.to_ascii_lowercase().starts_with(n));
    let mut ends = text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at - line.len(), line))
    });
    let Some((at, _)) = ends.find(|(_, line)| begins(super::clip(line, 20))) else { return false };
    let block = header::block(&text.as_bytes()[at..]);
    let from = block.fields.iter().find(|f| f.is("from")).map(|f| f.plain().to_lowercase()).unwrap_or_default();
    let ours = |m: &Mailbox| m.address.contains('@') && from.contains(&m.address.to_lowercase());
    message.to.iter().any(ours)
        && super::links::in_text(&text[..at]).iter().all(|(url, _)| Url::parse(url).is_some_and(|u| is_house(&u.host)))
}

/// Whether a host is a known house's own, where not anybody can put something.
fn is_house(host: &str) -> bool {
    let free = |t: &Trait| matches!(t, Trait::File | Trait::Site | Trait::Bio | Trait::Dynamic | Trait::Gateway);
    LEXICON.is_known(host) && !HOSTS.of(host).iter().any(free)
}

impl Reading<'_> {
    /// Signs on what kind of mail it is; those that only what it quotes gave are taken away.
    pub fn nature(&self, clicks: &[&Link], signs: &mut Vec<Sign>) {
        use Kind::*;
        let m = self.message;
        let domain = self.sender.map_or("", |s| s.from.domain());
        let stays = |l: &&Link| {
            l.does().is_none()
                && !l.has(Trait::Redirect)
                && !l.has(Trait::LookAlike)
                && (related(&l.host, domain) || is_house(&l.host))
        };
        let harmless = self.links.iter().all(|l| stays(&l))
            && self.attachments.iter().all(|a| a.traits.is_empty() || is_calendar(a));
        if is_report(m) && harmless {
            signs.retain(|s| {
                !matches!(s.sign, RoleName | CameFromElsewhere | NameStrange | ReturnNowhere | SenderElsewhere)
            });
            signs.push(ServerReport.on(domain));
        } else if is_text_report(m) {
            // All it says is of what its reader wrote.
            signs.clear();
            signs.push(ServerReport.on(domain));
        } else if self.is_invitation() && harmless {
            // A calendar writes for others, and tells by the link who answers.
            signs.retain(|s| {
                !matches!(
                    s.sign,
                    RecipientInLink
                        | InvitationLink
                        | SenderElsewhere
                        | SenderUnnamed
                        | GreetsAddress
                        | MadeElsewhere
                        | SpeaksOfYours
                )
            });
            signs.push(Invitation.on(""));
        } else if self.is_digest(clicks) {
            // Whom it lists wrote the subjects.
            signs.retain(|s| {
                !matches!(
                    s.sign,
                    Prize
                        | PrizeStrong
                        | Credential
                        | CredentialStrong
                        | Payment
                        | Parcel
                        | Storage
                        | Wallet
                        | Authority
                        | Infection
                        | SeveralLures
                        | LureInSubject
                        | NothingFits
                        | BrandInBody
                        | BrandAsks
                )
            });
            signs.push(Digest.on(domain));
        }
        if let Some(mailer) = self.mailer() {
            // A mailer's customers have spaces of their names there.
            let strange = |l: &Link| l.has(Trait::LookAlike) && !l.has(Trait::Bulk);
            if !self.links.iter().any(strange) {
                signs.retain(|s| s.sign != LookAlikeLink);
            }
            signs.push(Mailer.on(mailer));
        }
    }

    /// A calendar's entry whose organiser or guest the sender is, or which a known calendar sent for them.
    fn is_invitation(&self) -> bool {
        let m = self.message;
        let part = m.parts.iter().find(|p| p.media == "text/calendar");
        let Some(part) =
            part.filter(|p| p.param("method").is_some() || memchr::memmem::find(&p.bytes, b"METHOD:").is_some())
        else {
            return false;
        };
        let text = if part.text.is_empty() { String::from_utf8_lossy(&part.bytes) } else { part.text.as_str().into() };
        let text = super::clip(&text, 64 << 10).to_lowercase().replace("\r\n ", "").replace("\n ", "");
        let named = |address: &str| !address.is_empty() && text.contains(&format!("mailto:{}", address.to_lowercase()));
        let by = m.sender.as_ref().or(m.return_path.as_ref()).map_or("", Mailbox::domain);
        let author = m.author().map_or("", |a| a.address.as_str());
        text.contains("begin:vevent") && (named(author) || is_house(by) && !HOSTS.is_freemail(by))
    }

    /// A filter's own list: from a filter, and all one can do is at a filter's.
    fn is_digest(&self, clicks: &[&Link]) -> bool {
        let filter = |host: &str| HOSTS.of(host).contains(&Trait::Filter);
        let from = self.sender.map_or("", |s| s.from.domain());
        let ways = clicks.iter().filter(|l| !related(&l.host, from)).collect::<Vec<_>>();
        !clicks.is_empty() && ways.iter().all(|l| filter(&l.host)) && (filter(from) || ways.len() >= 2)
    }

    /// The service that sends a letter to many: one leaves it there (RFC 2369, RFC 8058), and it took the letter in.
    fn mailer(&self) -> Option<String> {
        let m = self.message;
        let leave = m.header("list-unsubscribe")?.plain().to_lowercase();
        let bulk = |host: &str| HOSTS.of(host).contains(&Trait::Bulk);
        let signed = m.all("dkim-signature").map(|h| h.plain()).filter_map(|v| {
            let d = v.split(';').find_map(|t| t.trim().strip_prefix("d="))?.trim().to_lowercase();
            Some(d)
        });
        let ways = leave.split(['/', '<', '>', '@', '?', ',', ' ']).filter(|w| w.contains('.')).map(str::to_string);
        let back = [&m.return_path, &m.sender].into_iter().flatten().map(|a| a.domain().to_string());
        let all: Vec<String> =
            back.chain(signed).chain(ways).filter(|h| bulk(h)).filter_map(|h| registrable(&h)).collect();
        all.into_iter().next()
    }
}

/// Whether an attachment is but a calendar's entry.
fn is_calendar(a: &super::attachment::Attachment) -> bool {
    a.kind == "calendar"
}

/// Whether a message that a report brings back is one that its reader sent: what comes back lures nobody.
pub fn is_returned(report: &Message, returned: &Message) -> bool {
    let author = returned.author().map(|a| a.address.to_lowercase()).unwrap_or_default();
    !author.is_empty()
        && report.to.iter().any(|m| m.address.eq_ignore_ascii_case(&author))
        && report.of(Role::Message).count() == 1
}
