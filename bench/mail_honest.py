#!/usr/bin/env python3
"""Honest mail that looks least coherent, for the weights of `mail/phishing`: clubs and crafts under free mail with a link
to a form, shops and practices that write through a platform, agencies, invoices, tickets, friends with a bare link. Made
up, by the weights' own hand, after the weights had called three of twenty such mails phishing: a development set.

    python3 bench/mail_honest.py OUT   ->  OUT/honest/*.eml

Name | address | subject | text | caption>link; … | host of the relay, where it is another; `t` plain text."""
import usage
import random, sys
from email.message import EmailMessage
from pathlib import Path
R = random.Random(41)
MAILS = """
Boutique Lin | store+66012@t.shopifyemail.com | Commande n°1042 confirmée | Bonjour Anna, merci pour votre commande de 42,00 €. Nous préparons l'envoi. Boutique Lin | Voir la commande>https://boutique-lin.example/66012/orders/{r} |
Tennis Club de Kervil | tck29@gmail.com | Inscriptions 2025 | Bonjour à tous, les inscriptions sont ouvertes. Merci de remplir le formulaire avant le 15. Cotisation : 120 €. | Formulaire>https://docs.google.com/forms/d/e/{r}/viewform |
Association des Parents | ape.kervil@outlook.com | Vente de gâteaux | Voici le lien pour commander avant jeudi. Merci, le bureau | Commander>https://www.helloasso.com/associations/ape-kervil/boutiques/gateaux |
Association des Parents | ape.kervil@outlook.com | Kermesse : il manque des bras | Bonjour, il manque six personnes samedi. Le bureau | Créneaux>https://framadate.org/{r} | t
Cinéma Le Vauban | newsletter@vadelivery.example | Programme du 6 au 12 novembre | À l'affiche cette semaine : six films. | Voir le programme>https://www.cinema-levauban.example/programme |
Chorale Arc-en-Ciel | chorale.aec@free.fr | Concert de Noël | Les places sont en vente, 8 € et 5 €. Venez nombreux. | Billetterie>https://www.billetweb.fr/{r} |
Plomberie Adour | p.adour64@orange.fr | Devis salle de bain | Bonjour, suite à ma visite voici le devis de 3 480 €. Il est valable un mois. Les photos sont ici. | Photos>https://photos.app.goo.gl/{r} |
Yoga mit Karin | karin.yoga@gmx.de | Neuer Kurs ab Januar | Liebe alle, der neue Kurs beginnt am 8. Januar, zehn Abende für 120 €. Anmeldung hier. | Anmelden>https://forms.gle/{r} |
Kleingartenverein Süd | kgv-sued@web.de | Jahreshauptversammlung | Die Einladung und die Tagesordnung liegen hier. | Einladung>https://www.dropbox.com/s/{r}/einladung.pdf |
Physio Hansen | termine@doctena-mail.example | Ihr Termin am 12.11. um 9:30 | Guten Tag, wir erinnern an Ihren Termin. Absagen bitte 24 Stunden vorher. | Termin verwalten>https://physio-hansen.example/termin/{r} | relay.doctena-mail.example
Bäckerei Wolf | bestellung@shop-kassensystem.example | Bestellung 10482 abholbereit | Ihre Bestellung 10482 liegt bereit. Betrag: 18,40 €. | Zur Bestellung>https://baeckerei-wolf.example/b/{r} |
Scouts of Brookside | brookside.scouts@yahoo.co.uk | Camp payment reminder | Hi all, the second half of the camp fee (£60) is due on Friday. Bank details as before, or use the link. | Pay by card>https://www.gofundme.com/f/{r} |
Brook & Sons Roofing | brookroofing77@hotmail.com | Your quote | Hi Anna, quote attached in the link, good for 30 days. Ring me on 01632 960 001. Sam | Quote>https://1drv.ms/b/s!{r} |
The Reading Room | hello@mailerstore.example | Two seats left for Thursday | A reading with two local authors. Tickets are £4. | Book a seat>https://www.eventbrite.co.uk/e/{r} | out.mailerstore.example
Maria Otero | m.otero.fotos@gmail.com | Fotos de la boda | Hola Anna, ya están las fotos. La clave es kervil. Un beso | Álbum>https://www.pixieset.com/{r} |
Peluquería Sol | citas@treatwell-mail.example | Recordatorio de su cita | Le esperamos mañana a las 17:00. | Cambiar la cita>https://peluqueria-sol.example/c/{r} | relay.treatwell-mail.example
Padaria Prado | padaria.prado@hotmail.com | Encomenda de Natal | Olá Anna, as encomendas para o Natal fecham dia 18. O formulário está aqui. | Encomendar>https://docs.google.com/forms/d/e/{r} |
Gestoría Otero | avisos@holded-mail.example | Factura F-2024-118 | Le enviamos la factura de 240,00 € con vencimiento a 30 días. | Ver factura>https://app.holded-mail.example/f/{r} |
Cabinet Feld | notifications@pennylane-mail.example | Facture F-2024-118 à régler | Cabinet Feld vous a envoyé une facture de 240,00 €. | Voir la facture>https://app.pennylane-mail.example/i/{r} |
Studio Tre | studiotre.architetti@libero.it | Planimetrie | Buongiorno, le planimetrie aggiornate sono nella cartella. Mi faccia sapere. | Cartella>https://drive.google.com/drive/folders/{r} |
Circolo Velico | circolovelico@tiscali.it | Regata di domenica | Le iscrizioni chiudono venerdì alle 18. Quota 25 €. | Iscriviti>https://forms.gle/{r} |
Buurthuis De Linde | buurthuis.delinde@ziggo.nl | Aanmelden kerstdiner | Beste buren, meld je aan voor het kerstdiner, kosten 12,50 euro. | Aanmelden>https://www.eventbrite.nl/e/{r} |
Doudou | xx_pierrot@hotmail.fr | trop drôle | regarde ça | Vidéo>https://www.youtube.com/watch?v={r} | t
Nana | nana.k.77@gmail.com | unser Hotel | Schau mal, das sieht gut aus, oder? 3 Nächte für 290 €. | Hotel>https://www.booking.com/hotel/at/{r} | t
Grandpa Joe | joseph.w.b@aol.com | Fwd: puzzle | You will like this one, love Grandpa | Puzzle>https://www.jigsawplanet.com/?rc=play&pid={r} | t
Tom W | tw1981@icloud.com | les affiches | Salut, les affiches sont en ligne, dis-moi avant ce soir si ça te va, je lance l'impression demain. | Affiches>https://we.tl/t-{r} | t
Sam Brook | sam@getgrowthly.example | Quick question | Hi Anna, I help groups like yours to print flyers faster. Worth a chat next week? | Pick a time>https://calendly.com/sam-growthly/15min |
Poterie Ortega | no-reply@forms-builder.example | Nouvelle demande de devis | Un visiteur a rempli le formulaire de votre site. | Ouvrir>https://poterie-ortega.example/admin/leads/{r} |
Collège Kervil | noreply@toutatice.example | Nouveau message de M. Le Goff | Vous avez reçu un message. | Lire le message>https://www.toutatice.example/messagerie/{r} |
Librairie du Port | contact@librairie-port.example | Rencontre avec une autrice samedi | Samedi à 18 h, lecture et signature. Entrée libre. | Réserver>https://r.librairie.d1.sp1-brevo.net/mk/cl/{r}; Se désinscrire>https://r.librairie.d1.sp1-brevo.net/mk/un/{r} | mail.sp1-brevo.net
Maison Ortega | hola@maisonortega.example | Nueva colección de otoño | Descubre la nueva colección, hasta el 30 % de descuento. Maison Ortega S.L., Sevilla | Ver colección>https://click.mailfactory.example/c/{r}; Darse de baja>https://click.mailfactory.example/u/{r} | out.mailfactory.example
Festival du Bout du Port | billetterie@ticketing-west.example | Vos billets : Nuit du Débat | Vos 2 billets (36,00 €) sont prêts. À présenter à l'entrée. | Télécharger mes billets>https://festival-bout-du-port.example/billets/{r} | out.ticketing-west.example
Camping Les Pins | reservation@secureholiday-mail.example | Confirmation de réservation 88412 | Votre séjour du 3 au 10 août est confirmé. Acompte : 180 €. Solde à régler avant le 1er juillet. | Ma réservation>https://camping-les-pins.example/resa/{r} |
Agence du Port | gestion@ics-copro.example | Appel de fonds du 1er trimestre | Votre appel de fonds de 312,40 € est disponible dans votre espace. | Mon espace>https://agence-du-port.example/espace/{r} |
Garage Caron | sms@planity-pro.example | Votre véhicule est prêt | Votre véhicule est prêt. Montant : 214,00 €. Vous pouvez régler en ligne ou sur place. | Régler en ligne>https://garage-caron.example/p/{r} |
Mairie de Kervil | enquete@mairie-kervil.example | Votre avis sur les transports | Cinq minutes pour répondre, avant le 30. | Répondre>https://fr.surveymonkey.com/r/KERVIL |
Parti Bleu 29 | parti-bleu-29@sendy.campagne-bleue.example | Réunion publique jeudi | Rendez-vous jeudi à 19 h salle Vauban. | Je participe>https://sendy.campagne-bleue.example/l/{r}; Se désabonner>https://sendy.campagne-bleue.example/u/{r} |
Campagne Bleue | equipe@campagne-bleue.example | Anna, il reste 48 heures | Plus que 48 heures pour atteindre 1 000 dons. Donnez 10 € avant minuit. | Je donne>https://dons.qomon-pay.example/{r} |
Team Weber 2025 | news@nationbuilder-mail.example | Drei Tage bis zur Wahl | Anna, wir brauchen noch 20 Helfer am Samstag. Kannst du kommen? | Ich helfe>https://www.weber-2025.example/helfen?{r} | out.nationbuilder-mail.example
Brookside Votes | hello@brooksidevotes.example | Confirm your volunteer shift | Thanks for signing up! Please confirm your shift by Friday. | Confirm my shift>https://www.mobilize.us/brookside/{r} |
Jonas (Signal-Gruppe) | jonas.feld.privat@posteo.de | Link zur Umfrage | Wann passt es euch? Bitte bis morgen eintragen. | Umfrage>https://nuudel.digitalcourage.de/{r} | t
Hausverwaltung Wolf | hv-wolf@t-online.de | Ablesung der Heizung | Die Ablesung ist am 4. Dezember zwischen 8 und 12 Uhr. Bitte bestätigen Sie den Termin. | Termin bestätigen>https://ista-termine.example/{r} |
Uni Kervil Alumni | alumni@univ-kervil.fr | Votre annuaire : mise à jour | Mettez à jour votre fiche pour rester en contact. | Mettre à jour>https://univ-kervil.hivebrite.example/{r} |
Helpdesk Rathaus | support@rathaus-ticket.example | [#20241107] Ihr Anliegen wurde beantwortet | Ihr Anliegen 20241107 wurde beantwortet. | Antwort lesen>https://rathaus-ticket.example/t/{r} |
""".strip().splitlines()


def main(out):
    folder = Path(out) / "honest"
    folder.mkdir(parents=True, exist_ok=True)
    for n, row in enumerate(MAILS):
        name, address, subject, text, links, how = (row.split("|") + [""])[:6]
        name, address, subject, text, how = (x.strip() for x in (name, address, subject, text, how))
        pairs = [p.strip().split(">", 1) for p in links.strip().replace("{r}", "".join(R.choice("abcdefghkmnpqrst2345678") for _ in range(9))).split(";")]
        relay = how if "." in how else "mail." + address.split("@")[1]
        m = EmailMessage()
        m["Return-Path"] = f"<bounce-{n}@{relay}>" if "." in how else f"<{address}>"
        m["Received"] = f"from {relay} ({relay} [203.0.113.{n + 1}]) by mx.parti-bleu.example with ESMTPS id {n}; Mon, 4 Nov 2024 10:00:0{n % 10} +0000"
        m["From"] = f'"{name}" <{address}>'
        m["To"], m["Subject"], m["Date"] = "Anna Rey <anna.rey@parti-bleu.example>", subject, "Mon, 4 Nov 2024 10:00:00 +0000"
        m["Message-ID"] = f"<{n}.{R.randrange(10**9)}@{relay}>"
        if how == "t":
            m.set_content(text + "\n\n" + "\n".join(u for _, u in pairs) + "\n")
        else:
            m.set_content(f"<html><body><p>{text}</p>" + "".join(f'<p><a href="{u}">{t}</a></p>' for t, u in pairs) + "</body></html>", subtype="html")
        (folder / f"{n:03}.eml").write_bytes(m.as_bytes())


main(sys.argv[1])
