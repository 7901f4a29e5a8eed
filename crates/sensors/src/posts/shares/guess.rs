//! Columns whose heads are no usual name: told by the words of the head. Heads are written in many ways and mean few things.
//!
//! You may rely on: a head is only a proposal; whether a column is taken for what its head says is told by what stands in
//! it (`understand`). Left out: heads that are one word for everything ("value"), languages that are not listed.

use super::columns::{Role, normal};

/// What a head must have one word of, the likeliest first; a text of words.
fn words_of(role: Role) -> &'static str {
    match role {
        Role::Account => {
            "author auteur autore autor autora user username usuario utilisateur utente benutzer \
             benutzername nutzer nutzername account compte conto konto cuenta conta sender expediteur \
             absender remitente mittente poster posted publisher handle pseudo screen profile profil \
             perfil profilo channel chaine canal kanal canale page pagina seite owner creator createur \
             nickname member membre from vertex by"
        }
        Role::Timestamp => {
            "timestamp created published publishing posted sent datetime horodatage zeitstempel publie \
             cree creation date fecha datum data time zeitpunkt zeit heure hora jour giorno indexed"
        }
        Role::Text => {
            "text texte texto testo message mensaje messaggio mensagem nachricht msg content contenu \
             contenido contenuto conteudo inhalt body beitrag beitragstext tweet publication publicacion \
             caption comment commentaire kommentar comentario commento description desc snippet title \
             titre titel titolo headline post"
        }
        Role::Url => "url urls link links lien liens enlace enlaces collegamento collegamenti verweis href",
        Role::Content => "id ids uri guid identifiant",
        _ => "",
    }
}

/// What a head may have no word of: then it says something else of the same thing.
fn never(role: Role) -> &'static str {
    match role {
        Role::Account => {
            "url urls link lien avatar image photo picture bio about description location lieu country \
             city created creation date time count counts follower followers following friends verified \
             like likes reach lang language type category gender timezone utcoffset posts tweets views to \
             reply replied mentioned mentions retweeted quoted parent thread text message title is has \
             bot status data listed favourites on at"
        }
        Role::Timestamp => {
            "account user author profile channel page updated modified edited collected collection \
             retrieved scraped query added crawled quoted retweeted thread duration zone timezone birth \
             until end by"
        }
        Role::Text => {
            "id ids url urls link links lien date time type count lang language author user published \
             created hour status source account page profile channel visibility to reply number"
        }
        Role::Url => {
            "profile profil avatar image images picture photo photos thumbnail media video audio author \
             user channel account banner icon logo source music home count title domain text caption \
             description"
        }
        Role::Content => {
            "author user account channel page profile from sender owner parent conversation thread reply \
             to query place list document quoted retweeted replied media music sponsor repost retweet \
             share domain category game source object subreddit"
        }
        _ => "",
    }
}

/// The words of a head: at capitals too (`publishedAt`).
fn words(head: &str) -> Vec<String> {
    let mut apart = String::with_capacity(head.len() + 8);
    let mut small = false;
    for c in head.chars() {
        if small && c.is_uppercase() {
            apart.push(' ');
        }
        small = c.is_lowercase() || c.is_ascii_digit();
        apart.push(c);
    }
    normal(&apart).split('_').filter(|w| !w.is_empty()).map(String::from).collect()
}

/// Where columns of a role may stand by the words of their heads, the likeliest first.
pub fn guesses<S: AsRef<str>>(role: Role, header: &[S]) -> Vec<usize> {
    let (wanted, never) = (words_of(role), never(role));
    let rank = |head: &str| {
        // A sentence is no head.
        if wanted.is_empty() || head.len() > 60 {
            return None;
        }
        let words = words(head);
        let has = |list: &str| list.split(' ').any(|of| words.iter().any(|w| w == of));
        let place = wanted.split(' ').position(|of| words.iter().any(|w| w == of))?;
        // An account is best known by its id.
        let id = role == Role::Account && !has("id ids");
        (!has(never)).then_some((id, place, words.len()))
    };
    let mut found: Vec<_> = header.iter().enumerate().filter_map(|(at, h)| Some((rank(h.as_ref())?, at))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_proposals() {
        let check =
            |role, header: &[&str], expected: &[usize]| assert_eq!(guesses(role, header), expected, "{header:?}");
        check(Role::Account, &["authorName", "authorChannelId", "authorChannelUrl", "replyTo"], &[1, 0]);
        check(Role::Account, &["Nom du compte", "user_followers_count"], &[0]);
        check(Role::Timestamp, &["Created Time", "account_created", "duration"], &[0]);
        check(Role::Text, &["Contenu du message", "message_id"], &[0]);
        check(Role::Url, &["profile_image_url", "URL partagée"], &[1]);
        check(Role::Content, &["SN_MSG_ID", "Sender User Id"], &[0]);
        check(Role::Repost, &["text"], &[]);
    }
}
