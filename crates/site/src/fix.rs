//! The lines that mend a fault, for nginx, Apache and the content management systems that campaigns use; for what the DNS says,
//! the record. A test holds that every finding has some.

use model::Lang;

/// For whom, and what to write: in English, in French. What is said in words is said in both languages; what is written into a
/// file is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fix(&'static str, &'static str, &'static str);

/// In French as in English.
const SAME: &str = "";

impl Fix {
    /// `nginx`, `Apache`, `WordPress`, …; `hosted`: who has a host's panel only; `all`: whoever it is.
    #[must_use]
    pub const fn who(self) -> &'static str {
        self.0
    }

    /// What to write or do.
    #[must_use]
    pub const fn what(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Fr if !self.2.is_empty() => self.2,
            _ => self.1,
        }
    }

    /// For whom, in words.
    #[must_use]
    pub fn whom(self, lang: Lang) -> &'static str {
        match (self.0, lang) {
            ("hosted", Lang::Fr) => "hébergement",
            ("all", Lang::Fr) => "partout",
            ("file", Lang::Fr) => "fichier",
            ("firewall", Lang::Fr) => "pare-feu",
            (who, _) => who,
        }
    }
}

const HEADER_CMS: Fix = Fix(
    "WordPress",
    "set it on the server, or by the plug-in HTTP Headers; the .htaccess lines of Apache do",
    "le poser sur le serveur, ou par l’extension HTTP Headers\u{202f}; les lignes .htaccess d’Apache suffisent",
);

/// The lines for a fault; empty where it is none of ours.
#[must_use]
#[allow(clippy::too_many_lines, reason = "one table")]
pub fn fix(id: &str) -> &'static [Fix] {
    match id {
        "content-security-policy" => &[
            Fix(
                "nginx",
                "add_header Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'\" always;",
                SAME,
            ),
            Fix(
                "Apache",
                "Header always set Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'\"",
                SAME,
            ),
            Fix(
                "WordPress",
                "begin with Content-Security-Policy-Report-Only: themes use inline scripts; give those a nonce or a hash, then enforce",
                "commencer par Content-Security-Policy-Report-Only\u{202f}: les thèmes ont des scripts en ligne\u{202f}; leur donner un nonce ou une empreinte, puis appliquer",
            ),
            Fix(
                "Drupal",
                "module Content-Security-Policy (csp), first in report-only mode",
                "module Content-Security-Policy (csp), d’abord en mode rapport seul",
            ),
        ],
        "cookies" => &[
            Fix("nginx", "proxy_cookie_flags ~ secure httponly samesite=lax;", SAME),
            Fix("Apache", "Header always edit Set-Cookie ^(.*)$ \"$1; Secure; HttpOnly; SameSite=Lax\"", SAME),
            Fix("PHP", "session.cookie_secure = 1, session.cookie_httponly = 1, session.cookie_samesite = Lax", SAME),
            Fix(
                "WordPress",
                "define('FORCE_SSL_ADMIN', true); in wp-config.php",
                "define('FORCE_SSL_ADMIN', true); dans wp-config.php",
            ),
        ],
        "cross-origin-resource-sharing" | "reflected-origin-with-credentials" => &[
            Fix(
                "nginx",
                "map $http_origin $cors { default \"\"; \"https://app.example.org\" $http_origin; } add_header Access-Control-Allow-Origin $cors; # no Access-Control-Allow-Credentials",
                "map $http_origin $cors { default \"\"; \"https://app.example.org\" $http_origin; } add_header Access-Control-Allow-Origin $cors; # sans Access-Control-Allow-Credentials",
            ),
            Fix(
                "Apache",
                "SetEnvIf Origin \"^https://app\\.example\\.org$\" cors=$0; Header set Access-Control-Allow-Origin %{cors}e env=cors; Header unset Access-Control-Allow-Credentials",
                SAME,
            ),
            Fix(
                "WordPress",
                "remove_filter('rest_pre_serve_request', 'rest_send_cors_headers'); and send your own list",
                "remove_filter('rest_pre_serve_request', 'rest_send_cors_headers'); et envoyer votre propre liste",
            ),
        ],
        "redirection" | "no-https" => &[
            Fix(
                "nginx",
                "server { listen 80; server_name example.org; return 301 https://example.org$request_uri; }",
                SAME,
            ),
            Fix("Apache", "<VirtualHost *:80> Redirect permanent / https://example.org/ </VirtualHost>", SAME),
            Fix(
                "WordPress",
                "both addresses under Settings, General with https://; the redirection on the server",
                "les deux adresses de Réglages, Général en https://\u{202f}; la redirection sur le serveur",
            ),
        ],
        "referrer-policy" => &[
            Fix("nginx", "add_header Referrer-Policy strict-origin-when-cross-origin always;", SAME),
            Fix("Apache", "Header always set Referrer-Policy strict-origin-when-cross-origin", SAME),
            HEADER_CMS,
        ],
        "strict-transport-security" => &[
            Fix("nginx", "add_header Strict-Transport-Security \"max-age=31536000; includeSubDomains\" always;", SAME),
            Fix("Apache", "Header always set Strict-Transport-Security \"max-age=31536000; includeSubDomains\"", SAME),
            HEADER_CMS,
        ],
        "hsts-preload-refused" | "hsts-not-preloaded" => &[
            Fix(
                "nginx",
                "add_header Strict-Transport-Security \"max-age=31536000; includeSubDomains; preload\" always;",
                SAME,
            ),
            Fix(
                "Apache",
                "Header always set Strict-Transport-Security \"max-age=31536000; includeSubDomains; preload\"",
                SAME,
            ),
            HEADER_CMS,
        ],
        "subresource-integrity" => &[
            Fix(
                "HTML",
                "<script src=\"https://cdn…\" integrity=\"sha384-…\" crossorigin=\"anonymous\"></script>; better: serve the file yourself",
                "<script src=\"https://cdn…\" integrity=\"sha384-…\" crossorigin=\"anonymous\"></script>\u{202f}; mieux\u{202f}: héberger le fichier",
            ),
            Fix(
                "WordPress",
                "copy the script into the theme and wp_enqueue_script() it from there",
                "copier le script dans le thème et l’y charger par wp_enqueue_script()",
            ),
        ],
        "x-content-type-options" => &[
            Fix("nginx", "add_header X-Content-Type-Options nosniff always;", SAME),
            Fix("Apache", "Header always set X-Content-Type-Options nosniff", SAME),
            HEADER_CMS,
        ],
        "x-frame-options" => &[
            Fix(
                "nginx",
                "add_header X-Frame-Options DENY always; # and frame-ancestors 'none' in the policy",
                "add_header X-Frame-Options DENY always; # et frame-ancestors 'none' dans la politique",
            ),
            Fix("Apache", "Header always set X-Frame-Options DENY", SAME),
            HEADER_CMS,
        ],
        "cross-origin-resource-policy" => &[
            Fix("nginx", "add_header Cross-Origin-Resource-Policy same-origin always;", SAME),
            Fix("Apache", "Header always set Cross-Origin-Resource-Policy same-origin", SAME),
            HEADER_CMS,
        ],
        "tls-old-version" | "tls-no-new-version" | "https-for-no-browser" | "tls-attack-known" => &[
            Fix("nginx", "ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on;", SAME),
            Fix("Apache", "SSLProtocol -all +TLSv1.2 +TLSv1.3\nSSLHonorCipherOrder on", SAME),
            Fix(
                "hosted",
                "in the panel of the host: lowest version TLS 1.2",
                "dans l’espace client\u{202f}: version minimale TLS 1.2",
            ),
        ],
        "tls-weak-cipher" | "tls-no-forward-secrecy" | "tls-weak-key" => &[
            Fix("nginx", "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;", SAME),
            Fix("Apache", "SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20", SAME),
            Fix(
                "hosted",
                "in the panel of the host: modern cipher suites",
                "dans l’espace client\u{202f}: suites de chiffrement modernes",
            ),
        ],
        "tls-certificate-not-trusted" | "tls-certificate-expires" | "bad-certificate" => &[
            Fix(
                "nginx",
                "certbot --nginx -d example.org -d www.example.org; ssl_certificate takes fullchain.pem",
                "certbot --nginx -d example.org -d www.example.org\u{202f}; ssl_certificate prend fullchain.pem",
            ),
            Fix(
                "Apache",
                "certbot --apache -d example.org -d www.example.org; SSLCertificateFile takes fullchain.pem",
                "certbot --apache -d example.org -d www.example.org\u{202f}; SSLCertificateFile prend fullchain.pem",
            ),
            Fix(
                "hosted",
                "order the free certificate in the panel of the host",
                "commander le certificat gratuit dans l’espace client",
            ),
        ],
        "version-told" => &[
            Fix("nginx", "server_tokens off;", SAME),
            Fix("Apache", "ServerTokens Prod\nServerSignature Off", SAME),
            Fix("PHP", "expose_php = Off", SAME),
        ],
        "generator-told" => &[
            Fix("WordPress", "remove_action('wp_head', 'wp_generator');", SAME),
            Fix(
                "Joomla",
                "plug-in System, or $this->setGenerator(null) in the template",
                "module System, ou $this->setGenerator(null) dans le gabarit",
            ),
            Fix(
                "Drupal",
                "hook_page_attachments_alter(): unset system_meta_generator",
                "hook_page_attachments_alter()\u{202f}: retirer system_meta_generator",
            ),
        ],
        "no-security-txt" | "security-txt-without-expiry" => &[
            Fix(
                "file",
                "/.well-known/security.txt:\nContact: mailto:security@example.org\nExpires: 2027-06-30T00:00:00Z",
                SAME,
            ),
            Fix(
                "nginx",
                "location = /.well-known/security.txt { alias /srv/security.txt; default_type text/plain; }",
                SAME,
            ),
            Fix("Apache", "Alias /.well-known/security.txt /srv/security.txt", SAME),
            Fix(
                "WordPress",
                "put the file into the folder .well-known beside wp-config.php",
                "mettre le fichier dans le dossier .well-known à côté de wp-config.php",
            ),
        ],
        "secret-exposed" | "backup-exposed" | "version-file-exposed" => &[
            Fix(
                "nginx",
                "location ~ /\\.(?!well-known) { deny all; } location ~ \\.(sql|bak|old|zip|tar|gz|log|lock)$ { deny all; }",
                SAME,
            ),
            Fix(
                "Apache",
                "<FilesMatch \"(^\\.|\\.(sql|bak|old|zip|tar|gz|log|lock)$)\"> Require all denied </FilesMatch>",
                SAME,
            ),
            Fix(
                "all",
                "take the file out of the web root, and change every password and key that stood in it",
                "sortir le fichier de la racine web, et changer tout mot de passe ou clé qui y figurait",
            ),
        ],
        "directory-listed" => &[
            Fix("nginx", "autoindex off;", SAME),
            Fix("Apache", "Options -Indexes", SAME),
            Fix("WordPress", "an empty index.php in wp-content/uploads", "un index.php vide dans wp-content/uploads"),
        ],
        "source-map-exposed" => &[
            Fix("nginx", "location ~ \\.map$ { deny all; }", SAME),
            Fix("Apache", "<FilesMatch \"\\.map$\"> Require all denied </FilesMatch>", SAME),
            Fix("WordPress", "build the theme without source maps", "construire le thème sans source maps"),
        ],
        "users-enumerated" => &[
            Fix("nginx", "location ~ ^/wp-json/wp/v2/users { deny all; } if ($arg_author) { return 403; }", SAME),
            Fix(
                "Apache",
                "RewriteRule ^wp-json/wp/v2/users - [F]\nRewriteCond %{QUERY_STRING} author=\nRewriteRule ^ - [F]",
                SAME,
            ),
            Fix(
                "WordPress",
                "add_filter('rest_endpoints', …): unset '/wp/v2/users' for those not signed in",
                "add_filter('rest_endpoints', …)\u{202f}: retirer '/wp/v2/users' pour qui n’est pas connecté",
            ),
        ],
        "admin-open" => &[
            Fix(
                "nginx",
                "location /wp-admin { allow 192.0.2.0/24; deny all; } location = /wp-login.php { allow 192.0.2.0/24; deny all; }",
                SAME,
            ),
            Fix("Apache", "<Location /wp-admin> Require ip 192.0.2.0/24 </Location>", SAME),
            Fix(
                "WordPress",
                "a second factor for every account; limit of tries",
                "un second facteur pour chaque compte\u{202f}; limite d’essais",
            ),
        ],
        "records-countable" => &[
            Fix("nginx", "auth_request /session; # before each record", "auth_request /session; # avant chaque fiche"),
            Fix("Apache", "<Location /records> Require valid-user </Location>", SAME),
            Fix(
                "all",
                "look up who is signed in before giving a record; random numbers (UUIDv4) in addresses",
                "vérifier qui est connecté avant de donner une fiche\u{202f}; numéros au hasard (UUIDv4) dans les adresses",
            ),
        ],
        "port-open" | "port-unguarded" => &[
            Fix("firewall", "nft add rule inet filter input tcp dport { 3306, 5432, 6379, 9200, 27017 } drop", SAME),
            Fix(
                "service",
                "bind it to 127.0.0.1 and ask for a password",
                "l’attacher à 127.0.0.1 et exiger un mot de passe",
            ),
            Fix(
                "hosted",
                "in the panel of the host: close the port in its firewall",
                "dans l’espace client\u{202f}: fermer le port dans le pare-feu",
            ),
        ],
        "no-cache" => &[
            Fix(
                "nginx",
                "location ~ \\.(css|js|png|jpg|webp|woff2)$ { expires 30d; } # and proxy_cache for pages",
                "location ~ \\.(css|js|png|jpg|webp|woff2)$ { expires 30d; } # et proxy_cache pour les pages",
            ),
            Fix("Apache", "ExpiresActive On\nExpiresDefault \"access plus 30 days\" # mod_expires", SAME),
            Fix(
                "WordPress",
                "a page cache (WP Super Cache, or the host's own)",
                "un cache de pages (WP Super Cache, ou celui de l’hébergeur)",
            ),
        ],
        "no-cdn" => &[
            Fix(
                "nginx",
                "proxy_cache_path /var/cache/nginx keys_zone=pages:10m; proxy_cache pages; proxy_cache_valid 200 1m; # on a machine of its own in front",
                "proxy_cache_path /var/cache/nginx keys_zone=pages:10m; proxy_cache pages; proxy_cache_valid 200 1m; # sur une machine à part, devant",
            ),
            Fix("Apache", "CacheEnable disk / # mod_cache_disk", SAME),
            Fix(
                "hosted",
                "ask in writing what is offered against floods, until which rate, and whom to call at night",
                "demander par écrit la parade offerte, jusqu’à quel débit, et qui appeler la nuit",
            ),
            Fix(
                "WordPress",
                "export static pages for the last night (Simply Static), ready to be put in place",
                "exporter des pages statiques pour la dernière nuit (Simply Static), prêtes à être mises en place",
            ),
        ],
        "heavy-page" | "heavy-in-logs" => &[
            Fix(
                "nginx",
                "limit_rate_after 1m; limit_rate 500k; # for files; and expires 30d",
                "limit_rate_after 1m; limit_rate 500k; # pour les fichiers\u{202f}; et expires 30d",
            ),
            Fix("Apache", "SetOutputFilter RATE_LIMIT\nSetEnv rate-limit 500", SAME),
            Fix(
                "WordPress",
                "smaller pictures (WebP), loading=\"lazy\", videos elsewhere",
                "images plus légères (WebP), loading=\"lazy\", vidéos ailleurs",
            ),
            Fix(
                "all",
                "a plain front page of under 100 KiB, ready for the last night",
                "une page d’accueil sobre de moins de 100 Kio, prête pour la dernière nuit",
            ),
        ],
        "no-compression" => &[
            Fix("nginx", "gzip on; gzip_types text/css application/javascript application/json image/svg+xml;", SAME),
            Fix("Apache", "AddOutputFilterByType DEFLATE text/html text/css application/javascript", SAME),
            Fix(
                "WordPress",
                "the server compresses, no plug-in is needed",
                "le serveur compresse, aucune extension n’est nécessaire",
            ),
        ],
        "no-rate-limit" => &[
            Fix(
                "nginx",
                "limit_req_zone $binary_remote_addr zone=each:10m rate=10r/s; limit_req zone=each burst=40 nodelay;",
                SAME,
            ),
            Fix(
                "Apache",
                "QS_SrvMaxConnPerIP 50 # mod_qos; or mod_evasive",
                "QS_SrvMaxConnPerIP 50 # mod_qos\u{202f}; ou mod_evasive",
            ),
            Fix(
                "WordPress",
                "on the server; for sign-ins a plug-in that limits tries",
                "sur le serveur\u{202f}; pour les connexions, une extension qui limite les essais",
            ),
        ],
        "mixed-content" => &[
            Fix("nginx", "add_header Content-Security-Policy upgrade-insecure-requests always;", SAME),
            Fix("Apache", "Header always set Content-Security-Policy upgrade-insecure-requests", SAME),
            Fix(
                "WordPress",
                "search and replace http:// by https:// in the database (wp search-replace)",
                "remplacer http:// par https:// dans la base (wp search-replace)",
            ),
        ],
        "vulnerable-library" => &[
            Fix(
                "HTML",
                "<script src=\"/js/NAME-VERSION.min.js\"></script> with a version without these faults",
                "<script src=\"/js/NOM-VERSION.min.js\"></script> dans une version sans ces défauts",
            ),
            Fix(
                "WordPress",
                "update WordPress, theme and plug-ins: they bring their libraries along",
                "mettre à jour WordPress, thème et extensions\u{202f}: ils apportent leurs bibliothèques",
            ),
            Fix("Drupal", "composer update drupal/core-recommended --with-dependencies", SAME),
        ],
        "trackers-before-consent" | "cookies-before-consent" | "storage-before-consent" | "no-consent-asked" => &[
            Fix(
                "HTML",
                "<script type=\"text/plain\" data-category=\"analytics\" …>, made live only after consent",
                "<script type=\"text/plain\" data-category=\"analytics\" …>, activé seulement après accord",
            ),
            Fix(
                "WordPress",
                "a consent plug-in that blocks scripts before consent, or Matomo on your own server without cookies",
                "une extension de consentement qui bloque les scripts avant l’accord, ou Matomo sur votre serveur, sans cookies",
            ),
            Fix(
                "Drupal",
                "module klaro or eu_cookie_compliance, with blocking switched on",
                "module klaro ou eu_cookie_compliance, blocage activé",
            ),
        ],
        "refusing-harder-than-accepting" => &[
            Fix(
                "HTML",
                "<button>Refuse all</button><button>Accept all</button>, alike and on the first layer",
                "<button>Tout refuser</button><button>Tout accepter</button>, semblables et au premier niveau",
            ),
            Fix(
                "WordPress",
                "in the consent plug-in: show *refuse all* on the first layer",
                "dans l’extension de consentement\u{202f}: afficher *tout refuser* au premier niveau",
            ),
        ],
        "fonts-from-third-party" => &[
            Fix(
                "all",
                "download the .woff2 files, serve them yourself, write @font-face in your style sheet",
                "télécharger les fichiers .woff2, les héberger, écrire @font-face dans la feuille de style",
            ),
            Fix("WordPress", "plug-in Local Google Fonts, or OMGF", "extension Local Google Fonts, ou OMGF"),
        ],
        "widgets-from-third-party" | "third-party-on-donation-page" => &[
            Fix(
                "HTML",
                "<a href=\"https://…\"><img src=\"/widget.png\" alt=\"…\"></a> in place of the widget",
                "<a href=\"https://…\"><img src=\"/widget.png\" alt=\"…\"></a> à la place du module",
            ),
            Fix(
                "nginx",
                "add_header Content-Security-Policy \"default-src 'self'\" always; # on the donation page",
                "add_header Content-Security-Policy \"default-src 'self'\" always; # sur la page de dons",
            ),
            Fix(
                "Apache",
                "<Location /don> Header always set Content-Security-Policy \"default-src 'self'\" </Location>",
                SAME,
            ),
            Fix(
                "WordPress",
                "switch the plug-in's embeds off on that page; youtube-nocookie.com only behind a click",
                "désactiver les modules sur cette page\u{202f}; youtube-nocookie.com seulement après un clic",
            ),
        ],
        "other-third-parties" => &[
            Fix(
                "nginx",
                "add_header Content-Security-Policy-Report-Only \"default-src 'self'\" always; # shows what is loaded from others",
                "add_header Content-Security-Policy-Report-Only \"default-src 'self'\" always; # montre ce qui vient de tiers",
            ),
            Fix("Apache", "Header always set Content-Security-Policy-Report-Only \"default-src 'self'\"", SAME),
            Fix(
                "WordPress",
                "copy the files into the theme, or name their keepers in the notice",
                "copier les fichiers dans le thème, ou nommer leurs hébergeurs dans la notice",
            ),
        ],
        "cloaked-tracker" => &[
            Fix("DNS", "delete the CNAME record of that name", "supprimer l’enregistrement CNAME de ce nom"),
            Fix("WordPress", "take the script out that calls this name", "retirer le script qui appelle ce nom"),
        ],
        "form-in-clear" => &[
            Fix("HTML", "<form action=\"https://example.org/…\" method=\"post\">", SAME),
            Fix(
                "nginx",
                "return 301 https://$host$request_uri; # on port 80",
                "return 301 https://$host$request_uri; # sur le port 80",
            ),
            Fix("Apache", "Redirect permanent / https://example.org/", SAME),
            Fix(
                "WordPress",
                "both addresses under Settings, General with https://",
                "les deux adresses de Réglages, Général en https://",
            ),
        ],
        "form-in-address" => &[
            Fix("HTML", "<form method=\"post\" …>", SAME),
            Fix(
                "WordPress",
                "in the form plug-in: send by POST",
                "dans l’extension de formulaires\u{202f}: envoi par POST",
            ),
        ],
        "form-to-third-party" => &[
            Fix(
                "HTML",
                "<form action=\"/join\" method=\"post\">: receive it, then hand it on under a contract (GDPR art. 28)",
                "<form action=\"/join\" method=\"post\">\u{202f}: le recevoir, puis le transmettre sous contrat (RGPD art. 28)",
            ),
            Fix(
                "WordPress",
                "a form plug-in that stores on your own server",
                "une extension de formulaires qui enregistre sur votre serveur",
            ),
        ],
        "consent-ticked-before" | "form-without-consent" => &[
            Fix(
                "HTML",
                "<label><input type=\"checkbox\" name=\"consent\" required> I agree that … is kept for …</label>",
                "<label><input type=\"checkbox\" name=\"consent\" required> J’accepte que … soit conservé pour …</label>",
            ),
            Fix(
                "WordPress",
                "in the form plug-in: a field of consent, required, not ticked",
                "dans l’extension de formulaires\u{202f}: un champ de consentement, obligatoire, non coché",
            ),
        ],
        "personal-data-in-address" => &[
            Fix(
                "HTML",
                "<form method=\"post\" …>; in links a number that says nothing",
                "<form method=\"post\" …>\u{202f}; dans les liens, un numéro qui ne dit rien",
            ),
            Fix(
                "nginx",
                "add_header Referrer-Policy no-referrer always; log_format without: $uri instead of $request",
                "add_header Referrer-Policy no-referrer always; dans log_format\u{202f}: $uri au lieu de $request",
            ),
            Fix("Apache", "Header always set Referrer-Policy no-referrer", SAME),
            Fix(
                "WordPress",
                "links of newsletters without the address in them",
                "liens de lettres d’information sans l’adresse dedans",
            ),
        ],
        "members-revealed" => &[
            Fix(
                "nginx",
                "location /members { auth_basic \"members\"; auth_basic_user_file /etc/nginx/members; }",
                SAME,
            ),
            Fix("Apache", "<Location /members> Require valid-user </Location>", SAME),
            Fix(
                "WordPress",
                "make the page private, or show numbers instead of people",
                "rendre la page privée, ou montrer des nombres au lieu de personnes",
            ),
        ],
        "no-privacy-notice" | "privacy-notice-incomplete" => &[
            Fix(
                "HTML",
                "<a href=\"/confidentialite\">…</a> at the foot of every page",
                "<a href=\"/confidentialite\">Données personnelles</a> au pied de chaque page",
            ),
            Fix(
                "WordPress",
                "Settings, Privacy: choose the page; the text is yours to write",
                "Réglages, Confidentialité\u{202f}: choisir la page\u{202f}; le texte est à écrire",
            ),
        ],
        "no-legal-notice" | "legal-notice-incomplete" => &[
            Fix(
                "HTML",
                "<a href=\"/mentions-legales\">…</a> at the foot of every page",
                "<a href=\"/mentions-legales\">Mentions légales</a> au pied de chaque page",
            ),
            Fix("WordPress", "a page, linked in the menu at the foot", "une page, liée dans le menu de pied de page"),
        ],
        "document-metadata" => &[
            Fix(
                "all",
                "exiftool -all= FILE; of PDF then qpdf --linearize, else the old values can be brought back; LibreOffice and Word: File, Properties, remove personal data",
                "exiftool -all= FICHIER\u{202f}; d’un PDF ensuite qpdf --linearize, sinon les anciennes valeurs reviennent\u{202f}; LibreOffice et Word\u{202f}: Fichier, Propriétés, retirer les données personnelles",
            ),
            Fix(
                "WordPress",
                "clean the file before it is uploaded: no setting does it for documents",
                "nettoyer le fichier avant l’envoi\u{202f}: aucun réglage ne le fait pour les documents",
            ),
        ],
        "paid-content-unlabelled" | "political-label-incomplete" => &[
            Fix(
                "HTML",
                "<p>Political advertisement – paid for by … – <a href=\"/transparency\">transparency notice</a></p>",
                "<p>Annonce politique – financée par … – <a href=\"/transparence\">avis de transparence</a></p>",
            ),
            Fix(
                "WordPress",
                "a block with these words above each such post",
                "un bloc portant ces mots au-dessus de chaque contenu",
            ),
        ],
        "dns-no-ipv6" => &[
            Fix(
                "DNS",
                "www IN AAAA 2001:db8::1 ; the address your host gives you",
                "www IN AAAA 2001:db8::1\u{202f}; l’adresse donnée par l’hébergeur",
            ),
            Fix("nginx", "listen [::]:443 ssl;", SAME),
            Fix("Apache", "Listen [::]:443", SAME),
        ],
        "dns-not-signed" | "dns-broken-dnssec" => &[
            Fix(
                "DNS",
                "dnssec-policy default; inline-signing yes; (BIND), then the DS record at the registrar",
                "dnssec-policy default; inline-signing yes; (BIND), puis le DS chez le bureau d’enregistrement",
            ),
            Fix(
                "hosted",
                "in the panel of the registrar: switch DNSSEC on; where it is broken, off and on again",
                "dans l’espace du bureau d’enregistrement\u{202f}: activer DNSSEC\u{202f}; s’il est cassé, le couper puis le remettre",
            ),
        ],
        "dns-no-caa" => &[Fix("DNS", "example.org. IN CAA 0 issue \"letsencrypt.org\"", SAME)],
        "mail-no-spf" | "mail-spf-allows-all" | "mail-spf-neutral" | "mail-spf-invalid" => &[Fix(
            "DNS",
            "example.org. IN TXT \"v=spf1 include:… ip4:192.0.2.1 -all\" ; one record, ten lookups at most",
            "example.org. IN TXT \"v=spf1 include:… ip4:192.0.2.1 -all\"\u{202f}; un seul, dix requêtes au plus",
        )],
        "mail-no-dmarc" | "mail-dmarc-invalid" | "mail-dmarc-none" | "mail-dmarc-part" | "mail-dmarc-unread" => {
            &[Fix("DNS", "_dmarc.example.org. IN TXT \"v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org\"", SAME)]
        }
        "mail-dkim-weak-key" | "mail-dkim-testing" | "mail-dkim-not-found" => &[
            Fix("DNS", "s2027._domainkey.example.org. IN TXT \"v=DKIM1; k=rsa; p=…\"", SAME),
            Fix(
                "hosted",
                "in the panel of the mail host: switch DKIM on, 2048 bits",
                "dans l’espace de l’hébergeur de courrier\u{202f}: activer DKIM, 2048 bits",
            ),
        ],
        "mail-dane-unsigned" => &[Fix(
            "DNS",
            "sign the zone (DNSSEC), or delete _25._tcp.mx.example.org. TLSA",
            "signer la zone (DNSSEC), ou supprimer _25._tcp.mx.example.org. TLSA",
        )],
        "mail-no-mta-sts" => &[
            Fix("DNS", "_mta-sts.example.org. IN TXT \"v=STSv1; id=20270101\"", SAME),
            Fix(
                "file",
                "https://mta-sts.example.org/.well-known/mta-sts.txt:\nversion: STSv1\nmode: testing\nmx: mx.example.org\nmax_age: 604800",
                SAME,
            ),
        ],
        "mail-no-tls-rpt" => {
            &[Fix("DNS", "_smtp._tls.example.org. IN TXT \"v=TLSRPTv1; rua=mailto:tls@example.org\"", SAME)]
        }
        "tls-not-known" | "https-not-known" | "authorities-not-known" => &[Fix(
            "all",
            "ask again, from another network; on this machine: apt-get install ca-certificates",
            "redemander, depuis un autre réseau\u{202f}; sur cette machine\u{202f}: apt-get install ca-certificates",
        )],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of findings in a source: what stands behind `put(`, `told(` and `id:`.
    fn ids(source: &str) -> Vec<&str> {
        let mut all = Vec::new();
        for begins in ["put(", "told(", "id:"] {
            for (at, _) in source.match_indices(begins) {
                let rest = source[at + begins.len()..].trim_start();
                if let Some(id) = rest.strip_prefix('"').and_then(|r| r.split('"').next()).filter(|i| i.contains('-')) {
                    all.push(id);
                }
            }
        }
        all
    }

    #[test]
    fn every_finding_says_how_to_mend_it() {
        let sources = [
            include_str!("danger.rs"),
            include_str!("privacy.rs"),
            include_str!("forms.rs"),
            include_str!("political.rs"),
            include_str!("documents.rs"),
            include_str!("dns/mod.rs"),
            include_str!("owner.rs"),
        ];
        let all: Vec<&str> = sources.iter().flat_map(|s| ids(s)).collect();
        assert!(all.len() > 60, "{all:?}");
        for id in all {
            assert!(!fix(id).is_empty(), "{id}");
        }
        for id in
            ["tls-old-version", "tls-weak-key", "secret-exposed", "port-open", "heavy-in-logs", crate::tls::NOT_KNOWN]
        {
            assert!(!fix(id).is_empty(), "{id}");
        }
    }
}
