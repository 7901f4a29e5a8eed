//! Names of countries (ISO 3166-1 alpha-2, as of 2024) in English and French, and the words for addresses that have
//! none. Common names, not the official long ones.

use crate::words::Words;

/// The name of a country code, or the words for an address without a country; an unknown code is shown as it is.
pub fn name(code: &str, words: Words) -> String {
    if let Some((_, en, fr)) = SPECIAL.iter().find(|(c, ..)| *c == code) {
        return words.say(en, fr);
    }
    let found = NAMES.lines().find_map(|line| {
        let mut parts = line.split('|');
        (parts.next() == Some(code)).then(|| (parts.next().unwrap_or(code), parts.next().unwrap_or(code)))
    });
    found.map_or_else(|| code.to_string(), |(en, fr)| words.say(en, fr))
}

const SPECIAL: [(&str, &str, &str); 10] = [
    ("unknown", "country unknown", "pays inconnu"),
    ("private", "private network", "réseau privé"),
    ("loopback", "the machine itself", "la machine elle-même"),
    ("link-local", "local network", "réseau local"),
    ("shared", "shared network of a provider", "réseau partagé d'un opérateur"),
    ("documentation", "documentation addresses", "adresses de documentation"),
    ("benchmarking", "benchmarking addresses", "adresses de mesure"),
    ("reserved", "reserved addresses", "adresses réservées"),
    ("multicast", "multicast addresses", "adresses de multidiffusion"),
    ("other", "other countries", "autres pays"),
];

const NAMES: &str = "\
AD|Andorra|Andorre
AE|United Arab Emirates|Émirats arabes unis
AF|Afghanistan|Afghanistan
AG|Antigua and Barbuda|Antigua-et-Barbuda
AI|Anguilla|Anguilla
AL|Albania|Albanie
AM|Armenia|Arménie
AO|Angola|Angola
AQ|Antarctica|Antarctique
AR|Argentina|Argentine
AS|American Samoa|Samoa américaines
AT|Austria|Autriche
AU|Australia|Australie
AW|Aruba|Aruba
AX|Åland Islands|Îles Åland
AZ|Azerbaijan|Azerbaïdjan
BA|Bosnia and Herzegovina|Bosnie-Herzégovine
BB|Barbados|Barbade
BD|Bangladesh|Bangladesh
BE|Belgium|Belgique
BF|Burkina Faso|Burkina Faso
BG|Bulgaria|Bulgarie
BH|Bahrain|Bahreïn
BI|Burundi|Burundi
BJ|Benin|Bénin
BL|Saint Barthélemy|Saint-Barthélemy
BM|Bermuda|Bermudes
BN|Brunei|Brunei
BO|Bolivia|Bolivie
BQ|Caribbean Netherlands|Pays-Bas caribéens
BR|Brazil|Brésil
BS|Bahamas|Bahamas
BT|Bhutan|Bhoutan
BV|Bouvet Island|Île Bouvet
BW|Botswana|Botswana
BY|Belarus|Biélorussie
BZ|Belize|Belize
CA|Canada|Canada
CC|Cocos (Keeling) Islands|Îles Cocos
CD|Democratic Republic of the Congo|République démocratique du Congo
CF|Central African Republic|République centrafricaine
CG|Congo|Congo
CH|Switzerland|Suisse
CI|Côte d'Ivoire|Côte d'Ivoire
CK|Cook Islands|Îles Cook
CL|Chile|Chili
CM|Cameroon|Cameroun
CN|China|Chine
CO|Colombia|Colombie
CR|Costa Rica|Costa Rica
CU|Cuba|Cuba
CV|Cabo Verde|Cap-Vert
CW|Curaçao|Curaçao
CX|Christmas Island|Île Christmas
CY|Cyprus|Chypre
CZ|Czechia|Tchéquie
DE|Germany|Allemagne
DJ|Djibouti|Djibouti
DK|Denmark|Danemark
DM|Dominica|Dominique
DO|Dominican Republic|République dominicaine
DZ|Algeria|Algérie
EC|Ecuador|Équateur
EE|Estonia|Estonie
EG|Egypt|Égypte
EH|Western Sahara|Sahara occidental
ER|Eritrea|Érythrée
ES|Spain|Espagne
ET|Ethiopia|Éthiopie
EU|European Union|Union européenne
FI|Finland|Finlande
FJ|Fiji|Fidji
FK|Falkland Islands|Îles Malouines
FM|Micronesia|Micronésie
FO|Faroe Islands|Îles Féroé
FR|France|France
GA|Gabon|Gabon
GB|United Kingdom|Royaume-Uni
GD|Grenada|Grenade
GE|Georgia|Géorgie
GF|French Guiana|Guyane
GG|Guernsey|Guernesey
GH|Ghana|Ghana
GI|Gibraltar|Gibraltar
GL|Greenland|Groenland
GM|Gambia|Gambie
GN|Guinea|Guinée
GP|Guadeloupe|Guadeloupe
GQ|Equatorial Guinea|Guinée équatoriale
GR|Greece|Grèce
GS|South Georgia and the South Sandwich Islands|Géorgie du Sud-et-les îles Sandwich du Sud
GT|Guatemala|Guatemala
GU|Guam|Guam
GW|Guinea-Bissau|Guinée-Bissau
GY|Guyana|Guyana
HK|Hong Kong|Hong Kong
HM|Heard Island and McDonald Islands|Îles Heard-et-MacDonald
HN|Honduras|Honduras
HR|Croatia|Croatie
HT|Haiti|Haïti
HU|Hungary|Hongrie
ID|Indonesia|Indonésie
IE|Ireland|Irlande
IL|Israel|Israël
IM|Isle of Man|Île de Man
IN|India|Inde
IO|British Indian Ocean Territory|Territoire britannique de l'océan Indien
IQ|Iraq|Irak
IR|Iran|Iran
IS|Iceland|Islande
IT|Italy|Italie
JE|Jersey|Jersey
JM|Jamaica|Jamaïque
JO|Jordan|Jordanie
JP|Japan|Japon
KE|Kenya|Kenya
KG|Kyrgyzstan|Kirghizistan
KH|Cambodia|Cambodge
KI|Kiribati|Kiribati
KM|Comoros|Comores
KN|Saint Kitts and Nevis|Saint-Christophe-et-Niévès
KP|North Korea|Corée du Nord
KR|South Korea|Corée du Sud
KW|Kuwait|Koweït
KY|Cayman Islands|Îles Caïmans
KZ|Kazakhstan|Kazakhstan
LA|Laos|Laos
LB|Lebanon|Liban
LC|Saint Lucia|Sainte-Lucie
LI|Liechtenstein|Liechtenstein
LK|Sri Lanka|Sri Lanka
LR|Liberia|Liberia
LS|Lesotho|Lesotho
LT|Lithuania|Lituanie
LU|Luxembourg|Luxembourg
LV|Latvia|Lettonie
LY|Libya|Libye
MA|Morocco|Maroc
MC|Monaco|Monaco
MD|Moldova|Moldavie
ME|Montenegro|Monténégro
MF|Saint Martin (French part)|Saint-Martin (partie française)
MG|Madagascar|Madagascar
MH|Marshall Islands|Îles Marshall
MK|North Macedonia|Macédoine du Nord
ML|Mali|Mali
MM|Myanmar|Birmanie
MN|Mongolia|Mongolie
MO|Macao|Macao
MP|Northern Mariana Islands|Îles Mariannes du Nord
MQ|Martinique|Martinique
MR|Mauritania|Mauritanie
MS|Montserrat|Montserrat
MT|Malta|Malte
MU|Mauritius|Maurice
MV|Maldives|Maldives
MW|Malawi|Malawi
MX|Mexico|Mexique
MY|Malaysia|Malaisie
MZ|Mozambique|Mozambique
NA|Namibia|Namibie
NC|New Caledonia|Nouvelle-Calédonie
NE|Niger|Niger
NF|Norfolk Island|Île Norfolk
NG|Nigeria|Nigeria
NI|Nicaragua|Nicaragua
NL|Netherlands|Pays-Bas
NO|Norway|Norvège
NP|Nepal|Népal
NR|Nauru|Nauru
NU|Niue|Niue
NZ|New Zealand|Nouvelle-Zélande
OM|Oman|Oman
PA|Panama|Panama
PE|Peru|Pérou
PF|French Polynesia|Polynésie française
PG|Papua New Guinea|Papouasie-Nouvelle-Guinée
PH|Philippines|Philippines
PK|Pakistan|Pakistan
PL|Poland|Pologne
PM|Saint Pierre and Miquelon|Saint-Pierre-et-Miquelon
PN|Pitcairn|Îles Pitcairn
PR|Puerto Rico|Porto Rico
PS|Palestine|Palestine
PT|Portugal|Portugal
PW|Palau|Palaos
PY|Paraguay|Paraguay
QA|Qatar|Qatar
RE|Réunion|La Réunion
RO|Romania|Roumanie
RS|Serbia|Serbie
RU|Russia|Russie
RW|Rwanda|Rwanda
SA|Saudi Arabia|Arabie saoudite
SB|Solomon Islands|Îles Salomon
SC|Seychelles|Seychelles
SD|Sudan|Soudan
SE|Sweden|Suède
SG|Singapore|Singapour
SH|Saint Helena, Ascension and Tristan da Cunha|Sainte-Hélène, Ascension et Tristan da Cunha
SI|Slovenia|Slovénie
SJ|Svalbard and Jan Mayen|Svalbard et Jan Mayen
SK|Slovakia|Slovaquie
SL|Sierra Leone|Sierra Leone
SM|San Marino|Saint-Marin
SN|Senegal|Sénégal
SO|Somalia|Somalie
SR|Suriname|Suriname
SS|South Sudan|Soudan du Sud
ST|São Tomé and Príncipe|Sao Tomé-et-Principe
SV|El Salvador|Salvador
SX|Sint Maarten (Dutch part)|Saint-Martin (partie néerlandaise)
SY|Syria|Syrie
SZ|Eswatini|Eswatini
TC|Turks and Caicos Islands|Îles Turques-et-Caïques
TD|Chad|Tchad
TF|French Southern Territories|Terres australes et antarctiques françaises
TG|Togo|Togo
TH|Thailand|Thaïlande
TJ|Tajikistan|Tadjikistan
TK|Tokelau|Tokelau
TL|Timor-Leste|Timor oriental
TM|Turkmenistan|Turkménistan
TN|Tunisia|Tunisie
TO|Tonga|Tonga
TR|Türkiye|Turquie
TT|Trinidad and Tobago|Trinité-et-Tobago
TV|Tuvalu|Tuvalu
TW|Taiwan|Taïwan
TZ|Tanzania|Tanzanie
UA|Ukraine|Ukraine
UG|Uganda|Ouganda
UM|United States Minor Outlying Islands|Îles mineures éloignées des États-Unis
US|United States|États-Unis
UY|Uruguay|Uruguay
UZ|Uzbekistan|Ouzbékistan
VA|Vatican City|Vatican
VC|Saint Vincent and the Grenadines|Saint-Vincent-et-les-Grenadines
VE|Venezuela|Venezuela
VG|British Virgin Islands|Îles Vierges britanniques
VI|United States Virgin Islands|Îles Vierges des États-Unis
VN|Vietnam|Viêt Nam
VU|Vanuatu|Vanuatu
WF|Wallis and Futuna|Wallis-et-Futuna
WS|Samoa|Samoa
XK|Kosovo|Kosovo
YE|Yemen|Yémen
YT|Mayotte|Mayotte
ZA|South Africa|Afrique du Sud
ZM|Zambia|Zambie
ZW|Zimbabwe|Zimbabwe
";

#[cfg(test)]
mod tests {
    use super::*;
    use model::Lang;

    #[test]
    fn every_code_has_both_names_once() {
        let mut codes = Vec::new();
        for line in NAMES.lines() {
            let parts: Vec<_> = line.split('|').collect();
            assert!(parts.len() == 3 && parts[0].len() == 2 && !parts[1].is_empty() && !parts[2].is_empty(), "{line}");
            codes.push(parts[0]);
        }
        assert!(codes.is_sorted_by(|a, b| a < b));
        // ISO 3166-1 has 249 codes; registries also use EU and XK.
        assert_eq!(codes.len(), 251);
        assert_eq!(name("UA", Words(Lang::Fr)), "Ukraine");
        assert_eq!(name("ZZ", Words(Lang::En)), "ZZ");
    }
}
