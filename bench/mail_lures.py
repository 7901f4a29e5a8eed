#!/usr/bin/env python3
"""Writes synthetic mail to measure `mail/phishing` on: plainly made-up lures and modern honest mail, each set split
into a development half and a half held back (by template, so that no template stands in both).

    python3 bench/mail_lures.py OUT   ->  OUT/{lure,honest}-{dev,held}/*.eml

No template is taken from a labelled mail. Hosts are reserved or made up; nothing here leads anywhere."""
import usage
import base64, os, random, sys
from email.message import EmailMessage

R = random.Random(20261122)
OUT = sys.argv[1]
PEOPLE = [("Anna Rey", "anna.rey@parti-bleu.example"), ("Jonas Feld", "j.feld@kiosque.example"), ("Lea Moreau", "lea@moreau.example")]
ODD = ["qnxr-mailer.top", "bestlight-group.com", "salon-marguerite.fr", "kv7hq2.info", "novaterra.com.br", "grandview-dental.com", "info-centre-mkt.online", "update-desk.site", "hotel-alpenrose.at", "mx.trinity-school.org"]
LANDING = ["https://kv7hq2.info/a/{r}", "https://grandview-dental.com/wp-includes/{r}/", "https://{r}.web.app/#{to}", "https://storage.googleapis.com/{r}/index.html#{r}", "https://bit.ly/{r}", "https://{r}.r2.dev/login.html", "https://novaterra.com.br/{r}.php?e={b}", "https://{r}.weebly.com/", "https://t.co/{r}", "https://{r}.blob.core.windows.net/x/i.html", "http://185.225.19.{n}/{r}", "https://www.google.com/url?q=https%3A%2F%2Fkv7hq2.info%2F{r}", "https://sites.google.com/view/{r}", "https://salon-marguerite.fr/{r}", "https://tracking.info-centre-mkt.online/c/{r}"]
def rnd(n=8): return "".join(R.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(n))
def landing(to):
    return R.choice(LANDING).format(r=rnd(), n=R.randint(2, 250), to=to, b=base64.b64encode(to.encode()).decode())

# name, subject, text, button ({B} brand), per template
LURES = [
 ("Netflix", "Netflix", "Your membership is on hold", "Hi, We were unable to process your last payment. Please update your payment details within 48 hours to keep watching.", "Update payment"),
 ("DHL Express", "DHL", "Votre colis est en attente", "Bonjour, votre colis n'a pas pu être livré car des frais de douane de 1,99 € restent à payer. Confirmez la livraison avant demain.", "Suivre mon colis"),
 ("Microsoft account team", "Microsoft", "Unusual sign-in activity", "We detected something unusual about a recent sign-in to your account. Country: unknown. If this was not you, please review your activity and secure your account.", "Review recent activity"),
 ("IT Helpdesk", None, "Password expires today for {to}", "Dear {to}, the password of your mailbox expires today. Keep the same password by using the button below or you will lose access to your email.", "Keep same password"),
 ("Sparkasse Kundenservice", "Sparkasse", "Wichtig: Ihre pushTAN läuft ab", "Sehr geehrter Kunde, Ihre pushTAN-Verbindung läuft in Kürze ab. Bitte aktualisieren Sie Ihre Daten, damit Ihr Konto nicht gesperrt wird.", "Jetzt aktualisieren"),
 ("Banco Santander", "Santander", "Su cuenta ha sido bloqueada", "Estimado cliente: por motivos de seguridad su cuenta ha sido bloqueada temporalmente. Verifique sus datos para recuperar el acceso.", "Verificar ahora"),
 ("Ameli", "Assurance Maladie", "Votre nouvelle carte vitale", "Cher assuré, votre nouvelle carte vitale est disponible. Merci de remplir le formulaire pour continuer à bénéficier de vos remboursements.", "Accéder au formulaire"),
 ("Walmart Rewards", "Walmart", "Congratulations! You have been selected", "You have been chosen to participate in our survey and claim a $100 reward. Offer expires today.", "Claim now"),
 ("iCloud", "iCloud", "Your storage is full", "Your photos and videos will be deleted. Your iCloud storage is full. Upgrade now to get 50 GB for free.", "Upgrade storage"),
 ("McAfee", "McAfee", "Your protection has expired", "Your computer may be infected with viruses. Your antivirus subscription expired today. Renew now with an 80% discount.", "Renew protection"),
 ("MetaMask Support", "MetaMask", "Verify your wallet", "Your wallet will be suspended unless you complete the KYC verification. Have your recovery phrase at hand.", "Verify wallet"),
 ("SharePoint", "SharePoint", "{n} shared a document with you", "A document has been shared with you: Payroll_2026.pdf. Sign in with your email to view the document.", "Open document"),
 ("Voicemail Service", None, "New voice message (00:42)", "You have received a new voice message from +33 1 55 00 00 00. Listen to the message before it is deleted.", "Play voicemail"),
 ("Bradesco Livelo", "Bradesco", "Seus pontos vencem hoje", "Prezado cliente, você possui 91.230 pontos que expiram hoje. Resgate agora os seus pontos e evite a perda.", "Resgatar pontos"),
 ("Impôts", "impots.gouv", "Remboursement d'impôt", "Après calcul de votre activité fiscale, vous êtes éligible à un remboursement de 268,30 €. Merci de confirmer vos coordonnées bancaires.", "Accéder au remboursement"),
 ("PayPal", "PayPal", "Your account has been limited", "Dear customer, we noticed suspicious activity. Your account access has been limited until you confirm your information.", "Confirm information"),
 ("Intesa Sanpaolo", "Intesa Sanpaolo", "Il suo conto è stato sospeso", "Gentile cliente, il suo conto è stato sospeso per motivi di sicurezza. Per riattivare il servizio confermi i suoi dati.", "Accedi ora"),
 ("Mail Administrator", None, "You have 6 undelivered messages", "6 incoming messages are pending on the server because your mailbox quota is exceeded. Release your messages below.", "Release messages"),
 ("Coinbase", "Coinbase", "Withdrawal request", "A withdrawal of 0.45 BTC was requested from an unknown device. If you did not request this, cancel the transaction and secure your wallet.", "Cancel transaction"),
 ("La Poste", "La Poste", "Frais de livraison impayés", "Votre colis est retenu dans notre centre. Réglez les frais de 2,90 € sous 24 heures pour replanifier la livraison.", "Payer les frais"),
]
PLAIN = [
 ("Dr. Michael Okonjo", "Confidential business proposal", "Dear Friend, I am a barrister. My late client, who died without next of kin, left the sum of 14.5 million dollars. I need you to stand as beneficiary of the fund; 40 percent will be yours. Keep this confidential and reply with your full name and phone number."),
 ("Martina Weiss", "Spende", "Guten Tag, ich bin eine Witwe und habe Krebs. Ich möchte Ihnen eine Spende von 2,5 million Euro geben. Bitte kontaktieren Sie mich vertraulich für die Überweisung. The donation of 2.5 million euros is confidential, contact me."),
 ("Savvy", "I recorded you", "I am a hacker. I got access to your device and your webcam recorded you while you visited adult sites. Send me 950 USD in bitcoin to this wallet: 1BoatSLRHtKNngkdXEeobR76b53LETtpyT. You have 48 hours or I send the video to all your contacts."),
 ("Paul Martin", "Request", "Hi, are you available? I am in a meeting and need a quick task done. I need you to purchase gift cards for a client. Let me know when you are available, I can't talk. Send me your cell number."),
 ("Geek Squad Billing", "Order confirmation 88213-A", "Thank you for your order. Your Geek Squad subscription has been renewed and 399.99 USD was charged to your account. If you did not authorize this payment, call our customer support to cancel: +1 (888) 555-0142."),
 ("Claire Dubois", "RIB", "Bonjour, je souhaite changer mes coordonnées bancaires pour le virement de mon salaire ce mois-ci. Quels documents vous faut-il ? C'est urgent, merci de confirmer."),
]
HONEST = [
 ("Netflix", "info@account.netflix.com", "What is new this week", "New on Netflix this week: six films picked for you.", [("Watch now", "https://www.netflix.com/browse?x={r}"), ("Unsubscribe", "https://www.netflix.com/email/{r}")]),
 ("Boutique Lin", "contact@boutique-lin.fr", "Votre commande a été expédiée", "Bonjour Anna, votre commande 10231 a été expédiée par Colissimo. Vous pouvez suivre votre colis.", [("Suivre mon colis", "https://www.laposte.fr/outils/suivre-vos-envois?code={r}"), ("Boutique", "https://boutique-lin.fr/")]),
 ("GitHub", "noreply@github.com", "[GitHub] A new SSH key was added to your account", "A new public key was added to your account. If you believe this was in error, remove the key.", [("https://github.com/settings/keys", "https://github.com/settings/keys")]),
 ("Marie from Kiosque", "newsletter@kiosque.example", "Our October newsletter", "Hello Anna, this month we write about the harvest, the new library and the council's budget. Read the interview with our baker and join the concert on Friday.", [("Read more", "https://kiosque.us1.list-manage.com/track/click?u={r}"), ("Concert", "https://kiosque.us1.list-manage.com/track/click?u={r}2"), ("Unsubscribe", "https://kiosque.us1.list-manage.com/unsubscribe?u={r}"), ("Facebook", "https://www.facebook.com/kiosque")]),
 ("Google", "no-reply@accounts.google.com", "Security alert", "A new sign-in on Linux. We noticed a new sign-in to your Google Account. If this was you, you don't need to do anything. If not, we'll help you secure your account.", [("Check activity", "https://accounts.google.com/AccountChooser?Email={r}")]),
 ("Jonas Feld", "j.feld@kiosque.example", "Re: minutes of Tuesday", "Hi Anna,\nthanks, the minutes look good. I added two remarks on page 3. See you on Thursday.\nJonas", [("minutes", "https://docs.google.com/document/d/{r}/edit")]),
 ("Hetzner Online GmbH", "no-reply@hetzner.com", "Ihre Rechnung R0019283", "Guten Tag Frau Rey, Ihre Rechnung für den Monat Oktober ist verfügbar. Der Betrag wird von Ihrem Konto abgebucht.", [("Zur Rechnung", "https://accounts.hetzner.com/invoice/{r}")]),
 ("SNCF Connect", "ne-pas-repondre@info.sncf-connect.com", "Votre billet Paris - Lyon", "Bonjour Anna, votre billet pour le voyage du 12 novembre est confirmé. Retrouvez-le dans votre compte.", [("Voir mon billet", "https://www.sncf-connect.com/app/trips/{r}")]),
 ("Acme via DocuSign", "dse@eumail.docusign.net", "Complete with DocuSign: contract.pdf", "Acme sent you a document to review and sign.", [("Review document", "https://eu.docusign.net/Signing/?ti={r}")]),
 ("Slack", "feedback@slack.com", "Jonas sent you a message", "You have a new direct message in Parti Bleu.", [("View in Slack", "https://parti-bleu.slack.com/archives/{r}")]),
 ("Ecosia", "hello@news.ecosia.org", "Your trees this year", "Dear reader, together we planted another million trees. Here is our financial report and a story from Burkina Faso.", [("See the report", "https://click.news.ecosia.org/?qs={r}"), ("Instagram", "https://instagram.com/ecosia")]),
 ("Caisse d'Epargne", "no-reply@caisse-epargne.fr", "Votre relevé de compte est disponible", "Bonjour, votre relevé de compte est disponible dans votre espace client. Connectez-vous depuis l'application.", [("Espace client", "https://www.caisse-epargne.fr/espace-client?{r}")]),
 ("Zalando Team", "info@service-mail.zalando.de", "Deine Bestellung ist unterwegs", "Hallo Anna, dein Paket ist unterwegs und kommt am Freitag mit DHL.", [("Sendung verfolgen", "https://www.zalando.de/track/{r}"), ("Rückgabe", "https://www.zalando.de/r/{r}")]),
 ("Mairie de Brest", "contact@mairie-brest.example", "Conseil municipal du 3 décembre", "Madame, Monsieur, l'ordre du jour du conseil municipal est en ligne. La séance est publique.", [("Ordre du jour", "https://www.mairie-brest.example/conseil/{r}.pdf")]),
 ("Notion Team", "team@mail.notion.so", "Your weekly summary", "Pages you edited this week, and two tips to organise them.", [("Open Notion", "https://www.notion.so/{r}"), ("Unsubscribe", "https://mail.notion.so/u/{r}")]),
 ("Stripe", "receipts+acct_1x@stripe.com", "Your receipt from Feld Software #2231-9921", "Receipt from Feld Software. Amount paid 24,00 €. Payment method Visa 4242.", [("View receipt", "https://dashboard.stripe.com/receipts/{r}"), ("Contact", "mailto:hello@feld.example")]),
 ("Lea Moreau", "lea.moreau@gmail.com", "Photos du week-end", "Coucou Anna, voilà les photos de dimanche, dis-moi si tu arrives à ouvrir l'album. Bises, Léa", [("album", "https://photos.app.goo.gl/{r}")]),
 ("Atelier Web", "support@atelier-web.example", "Réinitialisation de votre mot de passe", "Bonjour, vous avez demandé à réinitialiser votre mot de passe. Si vous n'êtes pas à l'origine de cette demande, ignorez ce message.", [("Réinitialiser mon mot de passe", "https://atelier-web.example/reset/{r}")]),
 ("Cabinet Feld", "secretariat@cabinet-feld.example", "Facture novembre", "Bonjour, veuillez trouver ci-joint notre facture du mois de novembre. Le règlement est attendu sous 30 jours. Cordialement", []),
 ("Eventbrite", "noreply@order.eventbrite.com", "Your tickets for the Debate Night", "You're going to Debate Night! Add it to your calendar.", [("View your tickets", "https://www.eventbrite.com/mytickets/{r}")]),
 ("Paul Martin", "paul.martin@parti-bleu.example", "Réunion de demain", "Anna, la réunion de demain est déplacée à 15 h, salle 2. Peux-tu apporter les affiches ? Merci, Paul", []),
 ("LinkedIn", "messages-noreply@linkedin.com", "Jonas, you have 3 new invitations", "You have 3 new invitations waiting.", [("View invitations", "https://www.linkedin.com/comm/mynetwork/{r}")]),
 ("Dropbox", "no-reply@dropbox.com", "Lea shared \"affiches\" with you", "Hi Anna, Lea invited you to view the folder affiches on Dropbox.", [("View folder", "https://www.dropbox.com/l/scl/{r}")]),
 ("Ma Mutuelle", "contact@ma-mutuelle.example", "Votre remboursement est effectué", "Bonjour, un remboursement de 23,50 € a été versé sur votre compte. Retrouvez le détail dans votre espace.", [("Mon espace", "https://espace.ma-mutuelle.example/{r}")]),
]
def write(folder, n, name, address, to, subject, text, links, html=True, image=False):
    m = EmailMessage()
    m["From"] = f'"{name}" <{address}>' ; m["To"] = to ; m["Subject"] = subject
    m["Date"] = f"{R.randint(10,28)} Oct 2026 {R.randint(10,20)}:12:33 +0000"; m["Message-ID"] = f"<{rnd(16)}@{address.split('@')[1]}>"
    if html:
        body = "".join(f'<p><a href="{u}">{t}</a></p>' for t, u in links)
        if image and links:
            body = f'<a href="{links[0][1]}"><img src="https://i.imgur.com/{rnd()}.png"></a>'; text = ""
        m.set_content(f"<html><body><p>{text}</p>{body}<p style='font-size:11px'>© 2026 {name}</p></body></html>", subtype="html")
    else:
        m.set_content(text + "\n" + "\n".join(u for _, u in links))
    os.makedirs(f"{OUT}/{folder}", exist_ok=True)
    open(f"{OUT}/{folder}/{n:04}.eml", "wb").write(m.as_bytes())
n = 0
for i, (name, brand, subject, text, button) in enumerate(LURES):
    for k in range(12):
        _, to = R.choice(PEOPLE); n += 1
        local = R.choice(["info", "no-reply", "support", "news", rnd(10), "service", "contact"])
        address = f"{local}@{R.choice(ODD)}" if k % 4 else f"{local}.{rnd(4)}@{R.choice(['gmail.com','outlook.com','hotmail.com'])}"
        links = [(button, landing(to))] * (1 + k % 2) + ([("unsubscribe", landing(to))] if k % 3 == 0 else [])
        fill = lambda s: s.replace("{to}", to).replace("{n}", "Paul")
        shown = name if k % 6 else "Customer Service"
        write("lure-" + ("held" if i % 2 else "dev"), n, shown, address, to, fill(subject), fill(text), links, image=k == 5)
for i, (name, subject, text) in enumerate(PLAIN):
    for k in range(4):
        _, to = R.choice(PEOPLE); n += 1
        write("lure-" + ("held" if i % 2 else "dev"), n, name, f"{rnd(9)}@{R.choice(['gmail.com', 'outlook.com', R.choice(ODD)])}", to, subject, text, [], html=k % 2 == 0)
for i, (name, address, subject, text, links) in enumerate(HONEST):
    for k in range(5):
        _, to = R.choice(PEOPLE); n += 1
        write("honest-" + ("held" if i % 2 else "dev"), n, name, address, to, subject, text, [(t, u.replace("{r}", rnd(10))) for t, u in links])
