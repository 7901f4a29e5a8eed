//! Attempts: against what, of which class, in which shape.

model::vocabulary! {
    /// What an attempt tries (`fields.class`). The first nineteen are told from one request, the rest from many.
    pub enum Class {
        /// A statement smuggled into a database query (also NoSQL, LDAP and XPath filters). CWE-89, -90, -643, -943.
        SqlInjection = "sql_injection" ("SQL injection", "injection SQL"),
        /// Script smuggled into a page (also header splitting). CWE-79, -113.
        CrossSiteScripting = "cross_site_scripting" ("cross-site scripting (XSS)", "script intersite (XSS)"),
        /// Leaving the served directory. CWE-22.
        PathTraversal = "path_traversal" ("path traversal", "traversée de répertoires"),
        /// Making the application open a file, stream or entity. CWE-98, -611.
        FileInclusion = "file_inclusion" ("file inclusion", "inclusion de fichier"),
        /// A shell command or server-side code. CWE-78, -94, -97.
        CommandInjection = "command_injection" ("command injection", "injection de commandes"),
        /// An expression for a template engine. CWE-1336, -917.
        TemplateInjection = "template_injection" ("template injection", "injection de gabarit"),
        /// A Java naming look-up (Log4Shell). CVE-2021-44228.
        JndiInjection = "jndi_injection" ("JNDI injection (Log4Shell)", "injection JNDI (Log4Shell)"),
        /// A bash function definition in a header. CVE-2014-6271.
        Shellshock = "shellshock" ("Shellshock", "Shellshock"),
        /// A serialised object. CWE-502; OWASP A8:2017.
        Deserialization = "deserialization" ("insecure deserialisation", "désérialisation non sécurisée"),
        /// A redirect to a stranger's address. CWE-601.
        OpenRedirect = "open_redirect" ("open redirect", "redirection ouverte"),
        /// Use of the server as a proxy, also towards itself (SSRF). CWE-441, -918.
        ProxyAbuse = "proxy_abuse" ("proxy abuse", "abus de serveur mandataire"),
        /// A scanning tool, by its name or its tell-tale request. ATT&CK T1595.002.
        Scanner = "scanner" ("vulnerability scanning", "balayage de vulnérabilités"),
        /// A file nobody links to: secrets, backups, repositories. CWE-538.
        SecretProbe = "secret_probe" ("search for secrets and backups", "recherche de secrets et de sauvegardes"),
        /// A request made for one published weakness.
        KnownCve = "known_cve" ("known vulnerability (CVE)", "vulnérabilité connue (CVE)"),
        /// An administration page.
        AdminProbe = "admin_probe" ("search for administration pages", "recherche de pages d’administration"),
        /// A name and password sent, or refused.
        LoginAttempt = "login_attempt" ("login attempt", "tentative de connexion"),
        /// A list of the site's accounts. CWE-204.
        UserEnumeration = "user_enumeration" ("user enumeration", "énumération de comptes"),
        /// A web shell looked for or used. ATT&CK T1505.003.
        WebShell = "web_shell" ("web shell", "porte dérobée web"),
        /// Bytes that are no HTTP request.
        Malformed = "malformed" ("malformed requests", "requêtes malformées"),
        /// Guessing addresses that nobody links to. CWE-425.
        ForcedBrowsing = "forced_browsing" ("forced browsing", "navigation forcée"),
        /// More requests than visitors make. ATT&CK T1498.001, T1499.002.
        Flood = "flood" ("HTTP flood", "inondation de requêtes HTTP"),
        /// Many passwords for few accounts. ATT&CK T1110.001.
        BruteForce = "brute_force" ("password guessing", "essais de mots de passe"),
        /// Few passwords for many accounts. ATT&CK T1110.003.
        PasswordSpraying = "password_spraying" ("password spraying", "pulvérisation de mots de passe"),
        /// Pairs of account and password stolen elsewhere. ATT&CK T1110.004.
        CredentialStuffing = "credential_stuffing" ("credential stuffing", "bourrage d’identifiants"),
    }
}

model::vocabulary! {
    /// What an attempt is aimed at (`fields.purpose`, and the first part of a run's key).
    pub enum Purpose {
        /// A site.
        Web = "web" ("web site", "site web"),
        /// The login page of a site, or of a program that writes its logins to syslog.
        WebLogin = "web-login" ("login page of the web site", "page de connexion du site"),
        /// Secure shell.
        Ssh = "ssh" ("SSH login", "connexion SSH"),
        /// Mail submission with SASL.
        Smtp = "smtp" ("mail sending (SMTP)", "envoi de courriel (SMTP)"),
        /// IMAP.
        Imap = "imap" ("mailbox (IMAP)", "boîte aux lettres (IMAP)"),
        /// POP3.
        Pop3 = "pop3" ("mailbox (POP3)", "boîte aux lettres (POP3)"),
        /// ManageSieve (RFC 5804).
        Sieve = "sieve" ("mailbox filters (ManageSieve)", "filtres de messagerie (ManageSieve)"),
        /// FTP.
        Ftp = "ftp" ("file transfer (FTP)", "transfert de fichiers (FTP)"),
        /// PostgreSQL.
        Postgresql = "postgresql" ("PostgreSQL database", "base de données PostgreSQL"),
        /// MySQL or MariaDB.
        Mysql = "mysql" ("MySQL database", "base de données MySQL"),
        /// `sudo`.
        Sudo = "sudo" ("administrator rights (sudo)", "droits d’administration (sudo)"),
        /// `su`.
        Su = "su" ("another account's rights (su)", "droits d’un autre compte (su)"),
        /// Windows file shares (Samba).
        Smb = "smb" ("file shares (SMB)", "partages de fichiers (SMB)"),
        /// Any other program that asks PAM.
        Pam = "pam" ("other login (PAM)", "autre connexion (PAM)"),
    }
}

model::vocabulary! {
    /// How an attempt's events lie (`fields.shape`).
    pub enum Shape {
        /// Within the window of one another, from one source.
        Burst = "burst" ("one burst", "une rafale"),
        /// A few at a time over days, from one source.
        Slow = "slow" ("slow, over days", "lente, étalée sur plusieurs jours"),
        /// From several sources of one network.
        Distributed = "distributed" ("distributed over one network", "répartie dans un même réseau"),
        /// Logins from many networks at once, a few each, over the same names.
        Spray = "spray" ("spread over many sources", "répartie entre de nombreuses sources"),
    }
}
