//! The lines that mend a fault, for nginx, Apache and the content management systems that campaigns use.

/// For whom, and what to write.
pub type Fix = (&'static str, &'static str);

const HEADER_CMS: Fix =
    ("WordPress", "set it on the server, or by the plug-in HTTP Headers; the .htaccess lines of Apache do");

/// The lines for a fault; empty where it is nothing that a server's settings mend.
#[must_use]
pub fn fix(id: &str) -> &'static [Fix] {
    match id {
        "content-security-policy" => &[
            (
                "nginx",
                "add_header Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'\" always;",
            ),
            (
                "Apache",
                "Header always set Content-Security-Policy \"default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'\"",
            ),
            (
                "WordPress",
                "begin with Content-Security-Policy-Report-Only: themes use inline scripts; give those a nonce or a hash, then enforce",
            ),
            ("Drupal", "module Content-Security-Policy (csp), first in report-only mode"),
        ],
        "cookies" => &[
            ("nginx", "proxy_cookie_flags ~ secure httponly samesite=lax;"),
            ("Apache", "Header always edit Set-Cookie ^(.*)$ \"$1; Secure; HttpOnly; SameSite=Lax\""),
            ("PHP", "session.cookie_secure = 1, session.cookie_httponly = 1, session.cookie_samesite = Lax"),
            ("WordPress", "define('FORCE_SSL_ADMIN', true); in wp-config.php"),
        ],
        "cross-origin-resource-sharing" | "reflected-origin-with-credentials" => &[
            (
                "nginx",
                "map $http_origin $cors { default \"\"; \"https://app.example.org\" $http_origin; } add_header Access-Control-Allow-Origin $cors; # no Access-Control-Allow-Credentials",
            ),
            (
                "Apache",
                "SetEnvIf Origin \"^https://app\\.example\\.org$\" cors=$0; Header set Access-Control-Allow-Origin %{cors}e env=cors; Header unset Access-Control-Allow-Credentials",
            ),
            ("WordPress", "remove_filter('rest_pre_serve_request', 'rest_send_cors_headers'); and send your own list"),
        ],
        "redirection" | "no-https" => &[
            ("nginx", "server { listen 80; server_name example.org; return 301 https://example.org$request_uri; }"),
            ("Apache", "<VirtualHost *:80> Redirect permanent / https://example.org/ </VirtualHost>"),
            ("WordPress", "both addresses under Settings, General with https://; the redirection on the server"),
        ],
        "referrer-policy" => &[
            ("nginx", "add_header Referrer-Policy strict-origin-when-cross-origin always;"),
            ("Apache", "Header always set Referrer-Policy strict-origin-when-cross-origin"),
            HEADER_CMS,
        ],
        "strict-transport-security" => &[
            ("nginx", "add_header Strict-Transport-Security \"max-age=31536000; includeSubDomains\" always;"),
            ("Apache", "Header always set Strict-Transport-Security \"max-age=31536000; includeSubDomains\""),
            HEADER_CMS,
        ],
        "subresource-integrity" => &[
            (
                "HTML",
                "<script src=\"https://cdn…\" integrity=\"sha384-…\" crossorigin=\"anonymous\"></script>; better: serve the file yourself",
            ),
            ("WordPress", "copy the script into the theme and wp_enqueue_script() it from there"),
        ],
        "x-content-type-options" => &[
            ("nginx", "add_header X-Content-Type-Options nosniff always;"),
            ("Apache", "Header always set X-Content-Type-Options nosniff"),
            HEADER_CMS,
        ],
        "x-frame-options" => &[
            ("nginx", "add_header X-Frame-Options DENY always; # and frame-ancestors 'none' in the policy"),
            ("Apache", "Header always set X-Frame-Options DENY"),
            HEADER_CMS,
        ],
        "cross-origin-resource-policy" => &[
            ("nginx", "add_header Cross-Origin-Resource-Policy same-origin always;"),
            ("Apache", "Header always set Cross-Origin-Resource-Policy same-origin"),
        ],
        "tls-old-version" | "tls-no-new-version" | "https-for-no-browser" | "tls-attack-known" => &[
            ("nginx", "ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on;"),
            ("Apache", "SSLProtocol -all +TLSv1.2 +TLSv1.3\nSSLHonorCipherOrder on"),
            ("hosted", "in the panel of the host: lowest version TLS 1.2"),
        ],
        "tls-weak-cipher" | "tls-no-forward-secrecy" | "tls-weak-key" => &[
            ("nginx", "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;"),
            ("Apache", "SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20"),
            ("hosted", "in the panel of the host: modern cipher suites"),
        ],
        "tls-certificate-not-trusted" | "tls-certificate-expires" | "bad-certificate" => &[
            ("nginx", "certbot --nginx -d example.org -d www.example.org; ssl_certificate takes fullchain.pem"),
            ("Apache", "certbot --apache -d example.org -d www.example.org; SSLCertificateFile takes fullchain.pem"),
            ("hosted", "order the free certificate in the panel of the host"),
        ],
        "version-told" => &[
            ("nginx", "server_tokens off;"),
            ("Apache", "ServerTokens Prod\nServerSignature Off"),
            ("PHP", "expose_php = Off"),
        ],
        "generator-told" => &[
            ("WordPress", "remove_action('wp_head', 'wp_generator');"),
            ("Joomla", "plug-in System, or $this->setGenerator(null) in the template"),
            ("Drupal", "hook_page_attachments_alter(): unset system_meta_generator"),
        ],
        "no-security-txt" | "security-txt-invalid" => &[
            ("file", "/.well-known/security.txt:\nContact: mailto:security@example.org\nExpires: 2027-06-30T00:00:00Z"),
            ("nginx", "location = /.well-known/security.txt { alias /srv/security.txt; default_type text/plain; }"),
            ("Apache", "Alias /.well-known/security.txt /srv/security.txt"),
        ],
        "secret-exposed" | "backup-exposed" => &[
            (
                "nginx",
                "location ~ /\\.(?!well-known) { deny all; } location ~ \\.(sql|bak|old|zip|tar|gz|log)$ { deny all; }",
            ),
            ("Apache", "<FilesMatch \"(^\\.|\\.(sql|bak|old|zip|tar|gz|log)$)\"> Require all denied </FilesMatch>"),
            ("all", "take the file out of the web root, and change every password and key that stood in it"),
        ],
        "directory-listed" => &[("nginx", "autoindex off;"), ("Apache", "Options -Indexes")],
        "source-map-exposed" => &[
            ("nginx", "location ~ \\.map$ { deny all; }"),
            ("Apache", "<FilesMatch \"\\.map$\"> Require all denied </FilesMatch>"),
        ],
        "users-enumerated" => &[
            ("nginx", "location ~ ^/wp-json/wp/v2/users { deny all; } if ($arg_author) { return 403; }"),
            (
                "Apache",
                "RewriteRule ^wp-json/wp/v2/users - [F]\nRewriteCond %{QUERY_STRING} author=\nRewriteRule ^ - [F]",
            ),
            ("WordPress", "add_filter('rest_endpoints', …): unset '/wp/v2/users' for those not signed in"),
        ],
        "admin-open" => &[
            (
                "nginx",
                "location /wp-admin { allow 192.0.2.0/24; deny all; } location = /wp-login.php { allow 192.0.2.0/24; deny all; }",
            ),
            ("Apache", "<Location /wp-admin> Require ip 192.0.2.0/24 </Location>"),
            ("WordPress", "a second factor for every account; limit of tries"),
        ],
        "port-open" => &[
            ("firewall", "nft add rule inet filter input tcp dport { 3306, 5432, 6379, 9200, 27017 } drop"),
            ("service", "bind it to 127.0.0.1 and ask for a password"),
        ],
        "no-cache" => &[
            ("nginx", "location ~ \\.(css|js|png|jpg|webp|woff2)$ { expires 30d; } proxy_cache for pages"),
            ("Apache", "mod_expires: ExpiresActive On; ExpiresDefault \"access plus 30 days\""),
            ("WordPress", "a page cache (WP Super Cache, or the host's own)"),
        ],
        "no-rate-limit" => &[
            (
                "nginx",
                "limit_req_zone $binary_remote_addr zone=each:10m rate=10r/s; limit_req zone=each burst=40 nodelay;",
            ),
            ("Apache", "mod_evasive, or mod_qos: QS_SrvMaxConnPerIP 50"),
        ],
        "mixed-content" => &[
            ("nginx", "add_header Content-Security-Policy upgrade-insecure-requests always;"),
            ("Apache", "Header always set Content-Security-Policy upgrade-insecure-requests"),
            ("WordPress", "search and replace http:// by https:// in the database (wp search-replace)"),
        ],
        "trackers-before-consent" | "cookies-before-consent" | "requests-before-consent" => &[
            ("HTML", "<script type=\"text/plain\" data-category=\"analytics\" …>, made live only after consent"),
            (
                "WordPress",
                "a consent plug-in that blocks scripts before consent, or Matomo on your own server without cookies",
            ),
        ],
        "fonts-from-third-party" => &[
            ("all", "download the .woff2 files, serve them yourself, write @font-face in your style sheet"),
            ("WordPress", "plug-in Local Google Fonts, or OMGF"),
        ],
        _ => &[],
    }
}
