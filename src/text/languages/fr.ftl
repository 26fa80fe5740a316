# Ce que le programme dit aux lecteurs en français. Les arguments sont décrits dans en.ftl.

## Dates

date-short =
    { $day ->
        [1] { $day }er
       *[other] { $day }
    } { $month }
date-short-with-year =
    { $day ->
        [1] { $day }er
       *[other] { $day }
    } { $month } { $year }
date-long =
    { $weekday } { $day ->
        [1] { $day }er
       *[other] { $day }
    } { $month }
date-long-with-year =
    { $weekday } { $day ->
        [1] { $day }er
       *[other] { $day }
    } { $month } { $year }
instant = { $date } à { $time }
nights =
    { $nights ->
        [one] { $from }, { $nights } nuit
       *[other] du { $from } au { $to }, { $nights } nuits
    }

## Titres des messages d’alerte

title-stay =
    { $hut }{ "\u00A0" }: { $places ->
        [one] { $places } place libre
       *[other] { $places } places libres
    } { $nights ->
        [one] le { $date }
       *[other] pour { $nights } nuits dès le { $date }
    }
title-tour = { $watch }{ "\u00A0" }: de la place à chaque étape dès le { $date }
title-several =
    { $name }{ "\u00A0" }: { $what ->
        [tour] { $count } départs possibles
       *[stay] { $count } séjours possibles
    }, le premier le { $date }
title-closed-stay =
    { $hut }{ "\u00A0" }: plus de place { $nights ->
        [one] le { $date }
       *[other] pour { $nights } nuits dès le { $date }
    }
title-closed-tour = { $watch }{ "\u00A0" }: départ du { $date } plus possible
title-closed-several =
    { $name }{ "\u00A0" }: { $what ->
        [tour] { $count } départs ne sont plus possibles
       *[stay] { $count } séjours ne sont plus possibles
    }
title-summary =
    { $watch }{ "\u00A0" }: { $what ->
        [tour] { $count ->
            [one] { $count } départ déjà possible
           *[other] { $count } départs déjà possibles
        }
       *[stay] { $count ->
            [one] { $count } séjour déjà possible
           *[other] { $count } séjours déjà possibles
        }
    }
title-test = Test{ "\u00A0" }: { $watch }

## Textes des messages d’alerte

summary = Ceci est un récapitulatif de ce qui était déjà libre à la création ou à la reprise de l’alerte.
test = Ceci est un test{ "\u00A0" }: rien ne s’est libéré, et l’exemple ci-dessous est inventé.
opened =
    { $people ->
        [one] De la place pour { $people } personne{ "\u00A0" }:
       *[other] De la place pour { $people } personnes{ "\u00A0" }:
    }
opened-many =
    { $people ->
        [one] De la place pour { $people } personne{ "\u00A0" }:
       *[other] De la place pour { $people } personnes{ "\u00A0" }:
    } { $what ->
        [tour] { $count } départs sont possibles.
       *[stay] { $count } séjours sont possibles.
    } Les { $listed } premiers, du { $from } au { $to }{ "\u00A0" }:
closed = Plus possible{ "\u00A0" }:
closed-many =
    { $what ->
        [tour] { $count } départs ne sont plus possibles.
       *[stay] { $count } séjours ne sont plus possibles.
    } Les { $listed } premiers, du { $from } au { $to }{ "\u00A0" }:
more =
    { $what ->
        [tour] { $count ->
            [one] … et { $count } autre.
           *[other] … et { $count } autres.
        }
       *[stay] { $count ->
            [one] … et { $count } autre.
           *[other] … et { $count } autres.
        }
    }
stay = { $hut }, { $nights }
tour = Randonnée, { $nights }
places =
    { $places ->
        [one] { $places } place libre
       *[other] { $places } places libres
    }
places-by-night = { $places }{ "\u00A0" }; par nuit{ "\u00A0" }: { $list }
or = ou
full-for-days =
    { $count ->
        [one] C’était complet depuis { $count } jour.
       *[other] C’était complet depuis { $count } jours.
    }
full-for-hours =
    { $count ->
        [one] C’était complet depuis { $count } heure.
       *[other] C’était complet depuis { $count } heures.
    }
full-for-minutes =
    { $count ->
        [one] C’était complet depuis { $count } minute.
       *[other] C’était complet depuis { $count } minutes.
    }
book = Réserver
as-of = vu le { $instant }
label = { $label }{ "\u00A0" }: { $text }
watch = Alerte
message = Message

## Types de refuges

hut-type-unknown = inconnu
hut-type-closed = fermé
hut-type-campgr = terrain de camping
hut-type-shelter = abri
hut-type-camping = emplacement de tente
hut-type-bivouac = bivouac
hut-type-selfhut = refuge non gardé
hut-type-hut = refuge
hut-type-alp = alpage
hut-type-bhotel = hôtel simple
hut-type-hostel = auberge
hut-type-hotel = hôtel
hut-type-special = hébergement insolite
hut-type-resta = restaurant

## Temps et nombres

date-medium =
    { $weekday } { $day ->
        [1] { $day }er
       *[other] { $day }
    } { $month } { $year }
days =
    { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }
hours =
    { $count ->
        [one] { $count } heure
       *[other] { $count } heures
    }
minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
seconds =
    { $count ->
        [one] { $count } seconde
       *[other] { $count } secondes
    }
days-ago =
    { $count ->
        [one] il y a { $count } jour
       *[other] il y a { $count } jours
    }
hours-ago =
    { $count ->
        [one] il y a { $count } heure
       *[other] il y a { $count } heures
    }
minutes-ago =
    { $count ->
        [one] il y a { $count } minute
       *[other] il y a { $count } minutes
    }
just-now = à l’instant
in-the-future = dans le futur
in-time = dans { $duration }
now = maintenant
never = jamais
old = ancien
wrong-clock = horloge fausse
percent = { $percent } %
metres = { $metres } m
kilometres = { $km } km

## Chaque page

site-name = Places en refuge
skip = Aller au contenu
nav = Pages
nav-start = Trouver une place
nav-stays = Séjours
nav-tours = Itinéraires
nav-availability = Disponibilités
nav-changes = Changements
nav-huts = Refuges
nav-checks = Contrôles
find-hut = Chercher un refuge
find = Chercher
languages = Langues
footer = Les sites de réservation publient ces nombres de places libres. Pour réserver, suivez le lien vers le site de réservation{ "\u00A0" }: ce site ne fait qu’afficher les données.
any = tous
show = Afficher
reset = Réinitialiser
list-pages = Pages de la liste
first-page = Première page
previous = ← Précédente
next = Suivante →
rows-per-page = { $list }, { $count } par page
huts =
    { $count ->
        [one] { $count } refuge
       *[other] { $count } refuges
    }
people =
    { $count ->
        [one] { $count } personne
       *[other] { $count } personnes
    }
night-count =
    { $count ->
        [one] { $count } nuit
       *[other] { $count } nuits
    }
change-count =
    { $count ->
        [one] { $count } changement
       *[other] { $count } changements
    }
watch-count =
    { $count ->
        [one] { $count } alerte
       *[other] { $count } alertes
    }
more-than = plus de { $what }
hut = Refuge
night = Nuit
country = Pays
free = Libres
occupancy = Occupation
reservation = Réservation
hut-type = Type de refuge
organization = Organisation
checked = Contrôlé
unknown = inconnu
none = aucun

## Problèmes

problem-value = «{ "\u00A0" }{ $value }{ "\u00A0" }» n’est pas valable ici. { $hint }
hint-date = Il faut une date telle que 2026-07-18, 18.7. ou «{ "\u00A0" }aujourd’hui{ "\u00A0" }».
hint-number = Il faut un nombre entier dans les limites du champ.
hint-hut = Aucun refuge ne porte ce nom. La page des refuges les énumère.
hint-place = Il faut des coordonnées telles que 47.42,12.11 ou un refuge, avec une distance en km.
hint-range = Il faut un intervalle tel que 1500..2500.
hint-choice = Choisissez l’une des valeurs du champ.
hint-cursor = Revenez à la première page.
hint-stage = Une étape est un refuge ou plusieurs refuges séparés par des virgules, avec le nombre de nuits après deux-points{ "\u00A0" }: hut-a,hut-b:2.
hint-other = Modifiez-le ou supprimez-le.
problem-not-found = Cette page n’existe pas.
problem-unavailable = Les données ne peuvent pas être lues pour le moment. Réessayez dans une minute.
problem-other = La page ne peut pas être affichée.
problem-title = Problème

## Occupation d’une nuit

night-empty = tout libre
night-low = beaucoup de places
night-medium = quelques places
night-high = peu de places
night-full = complet
night-free_unknown = à demander
night-closed = fermé
night-withdrawn = plus proposée
night-unknown = inconnu
reservation-possible = possible
reservation-not_possible = impossible
reservation-not_online = pas en ligne
reservation-unknown = inconnue
places-free-of = { $free } libres sur { $total }
places-free = { $free } libres, total non publié
places-hidden-of = places libres sur { $total } non publiées
places-hidden = places libres non publiées
places-ask = à demander{ "\u00A0" }: { $places }
places-total-unknown = nombre de places inconnu
places-before = plus proposée{ "\u00A0" }; avant{ "\u00A0" }: { $places }
short-free-of = { $free } sur { $total }
short-free = { $free } (total inconnu)
short-of = { $word } ({ $total } en tout)
short-before = était { $places }

## Listes et filtres

country-AD = Andorre
country-AT = Autriche
country-CH = Suisse
country-DE = Allemagne
country-ES = Espagne
country-FR = France
country-IT = Italie
country-LI = Liechtenstein
country-SI = Slovénie
nights-field = Nuits
people-field = Personnes
elevation = Altitude
booking-site = Site de réservation
not-polled = pas interrogé
no-hut-matches = Aucun refuge ne correspond.
sorted-by = Trié par
order = Ordre
sort-date = nuit
sort-hut = refuge
sort-name = nom
sort-free = places libres
sort-occupancy = occupation
sort-checked = dernier contrôle
direction-asc = croissant
direction-desc = décroissant
range-1 = aujourd’hui
range-7 = 7 prochains jours
range-30 = 30 prochains jours
range-all = toutes
too-many-to-sort = Il y a trop de nuits pour trier par { $by }{ "\u00A0" }; la liste est triée par nuit. Pour trier par { $by }, choisissez une période.
select-to-sort = Choisissez un titre de colonne pour trier.
no-night = Aucune nuit enregistrée ne correspond. Choisissez plus de nuits ou moins de filtres.
no-data = pas de données

## Refuges et nuits

all-huts = Tous les refuges
hut-not-found = Refuge introuvable
no-such-hut = Il n’y a pas de refuge «{ "\u00A0" }{ $slug }{ "\u00A0" }».
did-you-mean = Vouliez-vous dire{ "\u00A0" }:
about = À propos
booking-sites = Sites de réservation
no-booking-site = Aucun site de réservation ne propose ce refuge.
booking-page = page de réservation
no-link = pas de lien
source-moved = un autre refuge a maintenant cet identifiant
source-of-page = la source des disponibilités de cette page
location = Position
type-open = Type avec gardien
places-open = Places avec gardien
type-closed = Type sans gardien
places-closed = Places sans gardien
polled = Interrogé
not-bookable = non{ "\u00A0" }: le refuge n’est pas réservable
inactive = non{ "\u00A0" }: le refuge est inactif
polled-at = oui, auprès de { $organization }
last-check = Dernier contrôle
last-success = Dernier succès
failures-in-a-row = Échecs de suite
failing-since = depuis
last-error = Dernière erreur
year-of-nights = Une année de nuits
year-explained = Places libres de chaque nuit, colorées selon l’occupation.
oldest-figure = Le chiffre le plus ancien d’une nuit à venir date de
year-earlier = Un an plus tôt
year-later = Un an plus tard
meaning-of-colours = Signification des couleurs
meaning-of-signs = Signification des signes
sign-ask = dem.
meaning-ask = réservable, mais le nombre de places libres n’est pas publié
meaning-unknown = nombre de places libres inconnu
meaning-withdrawn = plus proposée par le site de réservation{ "\u00A0" }; le nombre est le dernier
meaning-old = ancien{ "\u00A0" }: pas contrôlé depuis plus de deux intervalles, ou contrôlé avec une horloge fausse
last-listed-ago = proposée pour la dernière fois { $age }
checked-ago = contrôlé { $age }
how-night-filled-up = Comment cette nuit s’est remplie
free-over-time = Places libres au fil du temps.
chart-has-gaps = La ligne s’interrompt quand la nuit était fermée ou le nombre inconnu.
chart-of-night = Places libres pour la nuit du { $date } au fil du temps
since = De
until = À
duration = Durée
new = nouveau
duration-so-far = { $duration } jusqu’ici
duration-withdrawn = { $duration }, puis plus proposée
states = États de cette nuit, du plus récent au plus ancien
last-states =
    { $count ->
        [one] Le dernier état de cette nuit. Les plus anciens ne sont pas affichés
       *[other] Les { $count } derniers états de cette nuit, du plus récent au plus ancien. Les plus anciens ne sont pas affichés
    }
no-data-of-night = Aucune donnée n’est enregistrée pour cette nuit{ "\u00A0" }: aucun site de réservation ne l’a encore proposée.
previous-night = ← Nuit précédente
next-night = Nuit suivante →
withdrawn-night = Le site de réservation ne propose plus cette nuit. Les chiffres ci-dessous sont les derniers qu’il a donnés{ "\u00A0" }: on ne peut plus s’y fier.
last-listed = Proposée pour la dernière fois
first-checked = Premier contrôle
last-checked = Dernier contrôle
book-at = Réserver auprès de { $organization }
book-hut = Réserver { $hut }
before = Avant
total = Total
state = État
in-steps = par pas de dix{ "\u00A0" }: { $percent } %
id-at-organization = Identifiant auprès de l’organisation
link = Lien
usual-type = le type habituel de ce refuge
reduced-type = le type sans gardien
not-published = non publié

## Séjours et itinéraires

stays-intro = Refuges avec de la place pour un groupe pendant des nuits consécutives.
tours-intro = Un itinéraire a des étapes en nuits consécutives. Indiquez dans chaque champ l’identifiant d’un refuge, ou plusieurs séparés par des virgules, au choix. Deux-points et un nombre indiquent les nuits, s’il y en a plus d’une{ "\u00A0" }: hut-a,hut-b:2.
first-arrival = Première arrivée
last-arrival = Dernière arrivée
today = aujourd’hui
days-later = 89 jours plus tard
arrival-on = Arrivée le (n’importe quel jour si aucun n’est choisi)
near = Près de
near-example = 47.42,12.11 ou un refuge
within-km = Rayon en km
elevation-field = Altitude en m
slug = identifiant
slug-or-name = identifiant ou nom
arriving-on = arrivée { $date }
arriving-between = arrivée du { $from } au { $to }
group-of-stay = { $people }, { $nights }, { $arrivals }
stays-found =
    { $count ->
        [one] { $count } refuge a de la place pour { $group }
       *[other] { $count } refuges ont de la place pour { $group }
    }
stays-nowhere =
    { $count ->
        [one] Le refuge n’a pas de place pour { $group }.
       *[other] Aucun des { $count } refuges n’a de place pour { $group }.
    }
other-huts = Choisissez un autre pays, une autre altitude ou un rayon plus grand, ou laissez ces champs vides.
other-stay = Essayez avec moins de personnes ou de nuits, plus de jours d’arrivée, ou d’autres refuges. Ou suivez cette recherche comme flux{ "\u00A0" }: il a une entrée dès qu’une place se libère.
no-huts-yet = Aucun refuge n’est encore interrogé{ "\u00A0" }: `hut-availability huts discover` trouve les refuges des sites de réservation.
no-such-weekday = Il n’y a pas de tel jour du { $from } au { $to }.
other-weekdays = Choisissez plus de jours, ou une dernière arrivée plus tardive.
numbers-are-free = Les nombres sont des places libres.
arrival-sign = ▸ marque les nuits où un séjour peut commencer.
cell-of-night = { $free } libres, { $date }, { $hut }
cell-of-arrival = { $free } libres, { $date }, { $hut }, arrivée
arrivals = Arrivées
earlier-arrivals = ← Arrivées précédentes
later-arrivals = Arrivées suivantes →
follow-feed = Suivre comme flux{ "\u00A0" }:
feed-atom = Atom pour lecteurs de flux
feed-calendar = iCalendar pour agendas
for-programs = Pour les programmes{ "\u00A0" }:
stage = Étape { $number }
start = Départ
end = Fin
no-stage = Pas encore d’étape.
fill-in-stage = Remplissez au moins une étape. Pour trouver d’abord des refuges avec de la place{ "\u00A0" }:
other-tour = Essayez avec moins de personnes, d’autres dates, ou plus de refuges au choix. Ou suivez cette recherche comme flux{ "\u00A0" }: il a une entrée dès qu’une place se libère. Ces recherches montrent quand chaque étape a de la place{ "\u00A0" }:
tours-found =
    { $count ->
        [one] { $count } départ pour { $people }, { $nights }, du { $from } au { $to }
       *[other] { $count } départs pour { $people }, { $nights }, du { $from } au { $to }
    }
no-tour = Aucun itinéraire pour { $people }, { $nights }, du { $from } au { $to }.
or-more = ou { $count } de plus
and-more = et { $count } de plus

## Alertes

watches = Alertes
watch-active = active
watch-paused = en pause
watch-ended = terminée
name = Nom
waits-for = Attend
open-arrivals = Arrivées possibles
channels = Canaux
channel = Canal
time = Heure
attempts = Essais
last-notifications = Dernières notifications, de la plus récente à la plus ancienne
no-watches = Pas encore d’alertes. Pour en ajouter une{ "\u00A0" }:
no-notifications = Pas encore de notifications. Une exécution en envoie une dès qu’une arrivée d’une alerte devient possible.
delivery-pending = en attente
delivery-sent = envoyée
delivery-failed = échouée

## Page d’accueil

start-title = Où pouvons-nous dormir{ "\u00A0" }?
arrival = Arrivée
where = Où
where-example = refuge, pays ou 47.42,12.11
more-options = Plus d’options
sort-distance = distance
sort-best = ce qui convient le mieux
with-full-huts = aussi les refuges complets
answer-found =
    { $count ->
        [one] { $count } refuge a de la place pour { $people } { $when }
       *[other] { $count } refuges ont de la place pour { $people } { $when }
    }
answer-none = Aucun refuge n’a de place pour { $people } { $when }
when-night = le { $date }
when-nights = pendant { $nights } dès le { $date }
when-weekdays = pendant { $nights }, arrivée { $weekdays }, du { $from } au { $to }
others = Parmi les autres{ "\u00A0" }:
others-ask =
    { $count ->
        [one] { $count } à demander
       *[other] { $count } à demander
    }
others-full =
    { $count ->
        [one] { $count } complet
       *[other] { $count } complets
    }
others-closed =
    { $count ->
        [one] { $count } fermé
       *[other] { $count } fermés
    }
others-unknown =
    { $count ->
        [one] { $count } inconnu
       *[other] { $count } inconnus
    }
other-place = Aucun refuge ne correspond. Indiquez un autre lieu ou laissez le champ vide.
other-night = Essayez une autre nuit, moins de personnes ou un autre lieu. Ou suivez cette recherche comme flux{ "\u00A0" }: il a une entrée dès qu’une place se libère.
next-with-room = La prochaine nuit avec de la place{ "\u00A0" }: { $date }
tonight = Ce soir
tomorrow = Demain
weekend = Samedi
earlier-night = ← Nuit d’avant
later-night = Nuit d’après →
earlier-week = «{ "\u00A0" }Semaine d’avant
later-week = Semaine d’après{ "\u00A0" }»
grid-explained = Les nombres sont des places libres{ "\u00A0" }; un cadre marque les nuits qui conviennent.
fits = de la place pour le groupe
too-few = complet ou pas assez de places
download = Télécharger{ "\u00A0" }:

## Changements

only-freed =
    { $count ->
        [one] seulement les places libérées du dernier jour
       *[other] seulement les places libérées des { $count } derniers jours
    }
freed-nights =
    { $count ->
        [one] places libérées, { $count } nuit
       *[other] places libérées, { $count } nuits
    }
newest-first = du plus récent au plus ancien
as-feed = Suivre comme flux
run-of = Exécution du
no-run = Sans exécution dans le journal
then = puis
no-change = Aucun changement enregistré ne correspond. Choisissez moins de filtres.

## Contrôles, pour exploitants

tile-overdue = En retard
tile-failing = En échec
tile-stalest = Contrôle le plus ancien
tile-last-run = Dernière exécution
tile-budget = Budget
tile-pending = Notifications
oldest-since = la plus ancienne{ "\u00A0" }:
of-huts =
    { $count ->
        [one] { $part } sur { $count } refuge
       *[other] { $part } sur { $count } refuges
    }
tile-never =
    { $count ->
        [one] { $count } jamais contrôlé
       *[other] { $count } jamais contrôlés
    }
accuracy = { $now } % des nuits ouvertes devraient être comme enregistré, { $mean } % en moyenne sur un jour
checks-a-day = { $checks } contrôles par jour
spent-today = { $spent } utilisés aujourd’hui, { $available } disponibles maintenant
shortfall = Les plus longs intervalles demandent { $needed } contrôles par jour{ "\u00A0" }: augmentez --checks-per-day à { $per-hut } ou plus.
pending-count =
    { $count ->
        [one] { $count } en attente
       *[other] { $count } en attente
    }
watches-link = Alertes et leurs notifications
errors = Erreurs
no-failing = Aucun refuge n’est en échec.
errors-by-kind = Erreurs par site et par type, le plus de refuges d’abord
errors-by-hut = Erreurs par refuge
most-failures-first = Refuges dont le dernier contrôle a échoué, le plus d’échecs de suite d’abord
kind = Type
first-huts = Premiers refuges
example = Exemple
stalest-huts = Refuges aux chiffres les plus anciens
stalest-explained = Refuges avec le plus de nuits qui devraient différer de ce qui est enregistré
age = Âge
changes-a-day = Changements par jour
open-nights = Nuits ouvertes
expected-untrue = Probablement faux
due = À contrôler
last-runs = Dernières exécutions
last-runs-explained = Les dernières exécutions, de la plus récente à la plus ancienne
chart-of-runs =
    { $count ->
        [one] La dernière exécution{ "\u00A0" }: au plus { $most } refuges
       *[other] Les { $count } dernières exécutions, de la plus ancienne à la plus récente{ "\u00A0" }: au plus { $most } refuges
    }
updated = Mis à jour
failed = Échoués
skipped = Ignorés
started = Démarrée
mode = Mode
result = Résultat
host = Hôte
no-runs = Pas encore d’exécution
run-succeeded = réussie
run-some-huts-failed = échec pour certains refuges
run-failed = échouée
run-running = en cours
run-killed = tuée
run-stopped-by-a-signal = arrêtée par un signal

## Map

map-label = Carte des refuges
map-tools = Déplacer la carte
map-in = Agrandir
map-out = Réduire
map-all = Afficher tous les refuges
map-west = Vers l’ouest
map-north = Vers le nord
map-south = Vers le sud
map-east = Vers l’est
map-legend = Signification des symboles
map-fits = places libres
map-fits-group = places libres, assez pour { $people }
map-ask = réservable, nombre non publié
map-full = complet, ou trop peu de places
map-several = plusieurs refuges, et combien ont de la place
map-cluster = { $huts }, dont { $fitting } avec de la place
map-cluster-ask = { $huts }, dont { $fitting } avec de la place et { $ask } à contacter
map-opens = { $cluster } : agrandir
map-source = Données de la carte : Natural Earth
map-close = Fermer
card-nights = Les prochaines nuits
card-away = à { $distance }
card-all-nights = Toutes les nuits du refuge
embed-open = Ouvrir sur le site
map = Carte
skip-map = Passer la carte{ "\u00A0" }: le tableau montre les mêmes refuges
not-on-map =
    { $count ->
        [one] { $count } refuge n’est pas sur la carte, car sa position est inconnue ou hors de la carte.
       *[other] { $count } refuges ne sont pas sur la carte, car leur position est inconnue ou hors de la carte.
    }

## Page d’un refuge

not-followed = Les réservations de ce refuge ne sont pas suivies ici, ses places libres ne sont donc pas connues. Demandez au refuge.
not-checked-since = Pas de contrôle depuis
not-checked-advice = Le site de réservation n’a plus répondu depuis, les nombres peuvent donc être faux. Consultez le site de réservation avant de partir.
never-checked = Les places libres de ce refuge n’ont pas encore été contrôlées. Revenez plus tard, ou consultez le site de réservation.
next-stays = Prochains séjours libres pour { $people }, { $nights }
weekends-with-room = Du vendredi au dimanche avec de la place pour { $people }
stay-dates = { $from } – { $to }
book-stay = Réserver { $hut }, { $dates }
no-stay-in-a-year = Il n’y a pas de place pour { $people }, { $nights }, dans les douze prochains mois.
no-weekend-in-a-year = Dans les douze prochains mois, il n’y a jamais de place du vendredi au dimanche pour { $people }.
try-other-stay = Essayez avec moins de personnes ou de nuits, ou avec un des refuges voisins plus bas. Ou suivez ce refuge comme flux{ "\u00A0" }: il a une entrée dès qu’une place se libère.
all-stays-of-hut = Tous les séjours libres dans ce refuge
fits-group = de la place pour votre groupe
months-closed = { $months }{ "\u00A0" }: fermé
months-closed-or-without-data = { $months }{ "\u00A0" }: fermé ou sans données
months-without-data = { $months }{ "\u00A0" }: pas de données
download-nights = Télécharger ces nuits{ "\u00A0" }:
download-history = Télécharger cet historique{ "\u00A0" }:
one-night = Une nuit
distance = Distance
neighbours = Refuges à { $km } km au plus avec de la place pour { $stay }
stay-of-group = { $people }, { $nights }, à partir du { $date }
neighbours-without-room =
    { $count ->
        [0] Aucun autre refuge à { $km } km au plus n’est connu pour { $stay }. Cherchez plus loin.
        [one] Le seul autre refuge à { $km } km au plus n’a pas de place pour { $stay }. Essayez une autre nuit, ou cherchez plus loin.
       *[other] Aucun des { $count } autres refuges à { $km } km au plus n’a de la place pour { $stay }. Essayez une autre nuit, ou cherchez plus loin.
    }
neighbours-wider = Refuges à { $km } km au plus avec de la place
chart-compared = Places libres pour la nuit du { $date } selon le nombre de jours avant, à côté des nuits précédentes
chart-of-days = Places libres en pour cent, selon le nombre de jours avant la nuit. La ligne continue est cette nuit.
band-median = La ligne en tirets est le milieu des nuits précédentes.
band-of-all = La bande les contient toutes.
band-of-most = La bande en contient quatre sur cinq.
on-similar-nights = Lors de { $count } { $weekday }s précédents en { $month }
similar-half = { $nights }, la moitié des places étaient en général prises { $before }.
similar-half-and-full = { $nights }, la moitié des places étaient en général prises { $before }, et le refuge était en général complet { $full }.
similar-stayed-free = { $nights }, plus de la moitié des places restaient en général libres jusqu’à la fin.
days-before =
    { $count ->
        [0] le jour même
        [one] { $count } jour avant
       *[other] { $count } jours avant
    }
compared-now = Maintenant, { $days } avant la nuit, { $now } des places sont libres{ "\u00A0" }; en général, c’était { $usual }.
too-few-similar =
    { $count ->
        [0] Il n’y a pas de { $weekday } précédent en { $month } pour comparer cette nuit.
        [one] Il n’y a que { $count } { $weekday } précédent en { $month }, trop peu pour comparer cette nuit.
       *[other] Il n’y a que { $count } { $weekday }s précédents en { $month }, trop peu pour comparer cette nuit.
    }
for-operators = Nombres pour les exploitants
preview-of-night = { $places } le { $date }
