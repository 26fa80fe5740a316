# Kar program pove bralcem v slovenščini. Argumenti so opisani v en.ftl.

## Datumi

date-short = { $day }. { $month }
date-short-with-year = { $day }. { $month } { $year }
date-long = { $weekday }, { $day }. { $month }
date-long-with-year = { $weekday }, { $day }. { $month } { $year }
instant = { $date }, { $time }
nights =
    { $nights ->
        [one] { $from }, { $nights } noč
        [two] { $from } – { $to }, { $nights } noči
        [few] { $from } – { $to }, { $nights } noči
       *[other] { $from } – { $to }, { $nights } noči
    }

## Naslovi sporočil o iskanjih

title-stay =
    { $hut }: { $places ->
        [one] { $places } prosto mesto
        [two] { $places } prosti mesti
        [few] { $places } prosta mesta
       *[other] { $places } prostih mest
    }, { $nights ->
        [one] { $date }
        [two] { $nights } noči, prihod { $date }
        [few] { $nights } noči, prihod { $date }
       *[other] { $nights } noči, prihod { $date }
    }
title-tour = { $watch }: prostor na vseh etapah, začetek { $date }
title-several =
    { $name }: { $what ->
        [tour] { $count ->
            [one] možen je { $count } začetek
            [two] možna sta { $count } začetka
            [few] možni so { $count } začetki
           *[other] možnih je { $count } začetkov
        }
       *[stay] { $count ->
            [one] možno je { $count } bivanje
            [two] možni sta { $count } bivanji
            [few] možna so { $count } bivanja
           *[other] možnih je { $count } bivanj
        }
    }, najprej { $date }
title-closed-stay =
    { $hut }: ni več prostora, { $nights ->
        [one] { $date }
        [two] { $nights } noči, prihod { $date }
        [few] { $nights } noči, prihod { $date }
       *[other] { $nights } noči, prihod { $date }
    }
title-closed-tour = { $watch }: začetek { $date } ni več možen
title-closed-several =
    { $name }: { $what ->
        [tour] { $count ->
            [one] { $count } začetek ni več možen
            [two] { $count } začetka nista več možna
            [few] { $count } začetki niso več možni
           *[other] { $count } začetkov ni več možnih
        }
       *[stay] { $count ->
            [one] { $count } bivanje ni več možno
            [two] { $count } bivanji nista več možni
            [few] { $count } bivanja niso več možna
           *[other] { $count } bivanj ni več možnih
        }
    }
title-summary =
    { $watch }: { $what ->
        [tour] { $count ->
            [one] možen je že { $count } začetek
            [two] možna sta že { $count } začetka
            [few] možni so že { $count } začetki
           *[other] možnih je že { $count } začetkov
        }
       *[stay] { $count ->
            [one] možno je že { $count } bivanje
            [two] možni sta že { $count } bivanji
            [few] možna so že { $count } bivanja
           *[other] možnih je že { $count } bivanj
        }
    }
title-test = Preizkus: { $watch }

## Besedila sporočil o iskanjih

summary = To je pregled vsega, kar je bilo prosto že takrat, ko je bilo iskanje nastavljeno ali nadaljevano.
test = To je preizkus: nič se ni sprostilo, spodnji primer pa je izmišljen.
opened =
    { $people ->
        [one] Prostor za { $people } osebo:
        [two] Prostor za { $people } osebi:
        [few] Prostor za { $people } osebe:
       *[other] Prostor za { $people } oseb:
    }
opened-many =
    { $people ->
        [one] Prostor za { $people } osebo:
        [two] Prostor za { $people } osebi:
        [few] Prostor za { $people } osebe:
       *[other] Prostor za { $people } oseb:
    } { $what ->
        [tour] število možnih začetkov: { $count }.
       *[stay] število možnih bivanj: { $count }.
    } Najprej { $listed }, { $from } – { $to }:
closed = Ni več možno:
closed-many =
    { $what ->
        [tour] Število začetkov, ki niso več možni: { $count }.
       *[stay] Število bivanj, ki niso več možna: { $count }.
    } Najprej { $listed }, { $from } – { $to }:
more =
    { $what ->
        [tour] … in še { $count }.
       *[stay] … in še { $count }.
    }
stay = { $hut }, { $nights }
tour = Tura, { $nights }
places =
    { $places ->
        [one] { $places } prosto mesto
        [two] { $places } prosti mesti
        [few] { $places } prosta mesta
       *[other] { $places } prostih mest
    }
places-by-night = { $places }; po nočeh: { $list }
or = ali
full-for-days =
    { $count ->
        [one] Prej je bilo zasedeno { $count } dan.
        [two] Prej je bilo zasedeno { $count } dneva.
        [few] Prej je bilo zasedeno { $count } dni.
       *[other] Prej je bilo zasedeno { $count } dni.
    }
full-for-hours =
    { $count ->
        [one] Prej je bilo zasedeno { $count } uro.
        [two] Prej je bilo zasedeno { $count } uri.
        [few] Prej je bilo zasedeno { $count } ure.
       *[other] Prej je bilo zasedeno { $count } ur.
    }
full-for-minutes =
    { $count ->
        [one] Prej je bilo zasedeno { $count } minuto.
        [two] Prej je bilo zasedeno { $count } minuti.
        [few] Prej je bilo zasedeno { $count } minute.
       *[other] Prej je bilo zasedeno { $count } minut.
    }
book = Rezerviraj
as-of = stanje: { $instant }
label = { $label }: { $text }
watch = Iskanje
message = Sporočilo

## Vrste koč

hut-type-unknown = neznano
hut-type-closed = zaprto
hut-type-campgr = kamp
hut-type-shelter = zavetišče
hut-type-camping = prostor za šotore
hut-type-bivouac = bivak
hut-type-selfhut = koča brez oskrbnika
hut-type-hut = koča
hut-type-alp = planina
hut-type-bhotel = preprost hotel
hut-type-hostel = hostel
hut-type-hotel = hotel
hut-type-special = posebno prenočišče
hut-type-resta = restavracija

## Časi in števila

date-medium = { $weekday }, { $day }. { $month } { $year }
days =
    { $count ->
        [one] { $count } dan
        [two] { $count } dneva
        [few] { $count } dni
       *[other] { $count } dni
    }
hours =
    { $count ->
        [one] { $count } ura
        [two] { $count } uri
        [few] { $count } ure
       *[other] { $count } ur
    }
minutes =
    { $count ->
        [one] { $count } minuta
        [two] { $count } minuti
        [few] { $count } minute
       *[other] { $count } minut
    }
seconds =
    { $count ->
        [one] { $count } sekunda
        [two] { $count } sekundi
        [few] { $count } sekunde
       *[other] { $count } sekund
    }
days-ago =
    { $count ->
        [one] pred { $count } dnevom
        [two] pred { $count } dnevoma
        [few] pred { $count } dnevi
       *[other] pred { $count } dnevi
    }
hours-ago =
    { $count ->
        [one] pred { $count } uro
        [two] pred { $count } urama
        [few] pred { $count } urami
       *[other] pred { $count } urami
    }
minutes-ago =
    { $count ->
        [one] pred { $count } minuto
        [two] pred { $count } minutama
        [few] pred { $count } minutami
       *[other] pred { $count } minutami
    }
just-now = pravkar
in-the-future = v prihodnosti
in-time = čez { $duration }
now = zdaj
never = nikoli
old = zastarelo
wrong-clock = napačna ura
percent = { $percent } %
metres = { $metres } m
kilometres = { $km } km

## Vsaka stran

site-name = Prosta mesta v kočah
skip = Na vsebino
nav = Strani
nav-start = Poišči prenočišče
nav-stays = Bivanja
nav-tours = Ture
nav-availability = Razpoložljivost
nav-changes = Spremembe
nav-huts = Koče
nav-checks = Preverjanja
find-hut = Poišči kočo
find = Išči
languages = Jeziki
footer = Število prostih mest objavljajo rezervacijske strani. Za rezervacijo sledite povezavi na rezervacijsko stran: to spletno mesto samo prikazuje podatke.
any = vse
show = Pokaži
reset = Ponastavi
list-pages = Strani seznama
first-page = Prva stran
previous = ← Nazaj
next = Naprej →
rows-per-page = { $list }, { $count } na stran
huts =
    { $count ->
        [one] { $count } koča
        [two] { $count } koči
        [few] { $count } koče
       *[other] { $count } koč
    }
people =
    { $count ->
        [one] { $count } oseba
        [two] { $count } osebi
        [few] { $count } osebe
       *[other] { $count } oseb
    }
night-count =
    { $count ->
        [one] { $count } noč
        [two] { $count } noči
        [few] { $count } noči
       *[other] { $count } noči
    }
change-count =
    { $count ->
        [one] { $count } sprememba
        [two] { $count } spremembi
        [few] { $count } spremembe
       *[other] { $count } sprememb
    }
watch-count =
    { $count ->
        [one] { $count } iskanje
        [two] { $count } iskanji
        [few] { $count } iskanja
       *[other] { $count } iskanj
    }
more-than = več kot { $what }
hut = Koča
night = Noč
country = Država
free = Prosto
occupancy = Zasedenost
reservation = Rezervacija
hut-type = Vrsta koče
organization = Organizacija
checked = Preverjeno
unknown = neznano
none = brez

## Težave

problem-value = »{ $value }« tu ni veljavno. { $hint }
hint-date = Pričakovan je datum, na primer 2026-07-18, 18.7. ali »danes«.
hint-number = Pričakovano je celo število v mejah polja.
hint-hut = Nobena koča nima tega imena. Seznam je na strani vseh koč.
hint-place = Pričakovane so koordinate, na primer 47.42,12.11, ali koča, z razdaljo v km.
hint-range = Pričakovan je razpon, na primer 1500..2500.
hint-choice = Izberite eno od vrednosti polja.
hint-cursor = Vrnite se na prvo stran.
hint-stage = Etapa je koča ali več koč, ločenih z vejicami, s številom noči za dvopičjem: hut-a,hut-b:2.
hint-other = Spremenite ali izpustite.
problem-not-found = Te strani ni.
problem-unavailable = Podatkov trenutno ni mogoče prebrati. Poskusite znova čez minuto.
problem-other = Strani ni mogoče prikazati.
problem-title = Težava

## Zasedenost noči

night-empty = vse prosto
night-low = veliko mest
night-medium = nekaj mest
night-high = malo mest
night-full = polno
night-free_unknown = vprašajte
night-closed = zaprto
night-withdrawn = ni več v ponudbi
night-unknown = neznano
reservation-possible = mogoča
reservation-not_possible = ni mogoča
reservation-not_online = ne prek spleta
reservation-unknown = neznano
places-free-of = prostih { $free } od { $total }
places-free = prostih { $free }, skupno število ni objavljeno
places-hidden-of = prosta mesta od { $total } niso objavljena
places-hidden = prosta mesta niso objavljena
places-ask = vprašajte: { $places }
places-total-unknown = število mest neznano
places-before = ni več v ponudbi; prej: { $places }
short-free-of = { $free } od { $total }
short-free = { $free } (skupno neznano)
short-of = { $word } (skupaj { $total })
short-before = prej { $places }

## Seznami in filtri

country-AD = Andora
country-AT = Avstrija
country-CH = Švica
country-DE = Nemčija
country-ES = Španija
country-FR = Francija
country-IT = Italija
country-LI = Lihtenštajn
country-SI = Slovenija
nights-field = Noči
people-field = Osebe
elevation = Višina
booking-site = Rezervacijska stran
not-polled = se ne preverja
no-hut-matches = Nobena koča ne ustreza.
sorted-by = Razvrščeno po
order = Vrstni red
sort-date = noči
sort-hut = koči
sort-name = imenu
sort-free = prostih mestih
sort-occupancy = zasedenosti
sort-checked = zadnjem preverjanju
direction-asc = naraščajoče
direction-desc = padajoče
range-1 = danes
range-7 = naslednjih 7 dni
range-30 = naslednjih 30 dni
range-all = vse
too-many-to-sort = Noči je preveč za razvrščanje po { $by }; seznam je razvrščen po nočeh. Za razvrščanje po { $by } izberite obdobje.
select-to-sort = Za razvrščanje izberite naslov stolpca.
no-night = Nobena shranjena noč ne ustreza. Izberite več noči ali manj filtrov.
no-data = ni podatkov

## Koče in noči

all-huts = Vse koče
hut-not-found = Koča ni najdena
no-such-hut = Koče »{ $slug }« ni.
did-you-mean = Ste morda mislili:
about = O koči
booking-sites = Rezervacijske strani
no-booking-site = Nobena rezervacijska stran nima te koče.
booking-page = stran za rezervacijo
no-link = brez povezave
source-moved = to oznako ima zdaj druga koča
source-of-page = vir podatkov na tej strani
location = Lega
type-open = Vrsta z oskrbnikom
places-open = Mesta z oskrbnikom
type-closed = Vrsta brez oskrbnika
places-closed = Mesta brez oskrbnika
polled = Se preverja
not-bookable = ne: koče ni mogoče rezervirati
inactive = ne: koča ni dejavna
polled-at = da, pri { $organization }
last-check = Zadnje preverjanje
last-success = Zadnji uspeh
failures-in-a-row = Zaporedne napake
failing-since = od
last-error = Zadnja napaka
year-of-nights = Leto noči
year-explained = Prosta mesta za vsako noč, obarvana po zasedenosti.
oldest-figure = Najstarejši podatek za prihodnje noči:
year-earlier = Leto prej
year-later = Leto pozneje
meaning-of-colours = Pomen barv
meaning-of-signs = Pomen znakov
sign-ask = vpr.
meaning-ask = rezervacija je mogoča, število prostih mest pa ni objavljeno
meaning-unknown = število prostih mest neznano
meaning-withdrawn = ni več v ponudbi rezervacijske strani; število je zadnje znano
meaning-old = zastarelo: ni bilo preverjeno več kot dva intervala ali je bilo preverjeno z napačno uro
last-listed-ago = nazadnje v ponudbi { $age }
checked-ago = preverjeno { $age }
how-night-filled-up = Kako se je polnila ta noč
free-over-time = Prosta mesta skozi čas.
chart-has-gaps = Črta je prekinjena, kjer je bila noč zaprta ali število neznano.
chart-of-night = Prosta mesta skozi čas za noč: { $date }
since = Od
until = Do
duration = Trajanje
new = novo
duration-so-far = doslej { $duration }
duration-withdrawn = { $duration }, nato ni več v ponudbi
states = Stanja te noči, najnovejša najprej
last-states =
    { $count ->
        [one] Zadnje stanje te noči ({ $count }). Starejša niso prikazana
        [two] Zadnji stanji te noči ({ $count }), najnovejše najprej. Starejša niso prikazana
        [few] Zadnja stanja te noči ({ $count }), najnovejše najprej. Starejša niso prikazana
       *[other] Zadnja stanja te noči ({ $count }), najnovejše najprej. Starejša niso prikazana
    }
no-data-of-night = Za to noč ni podatkov: nobena rezervacijska stran je še ni ponudila.
previous-night = ← Prejšnja noč
next-night = Naslednja noč →
withdrawn-night = Rezervacijska stran te noči ne ponuja več. Spodnje številke so zadnje, ki jih je navedla: nanje se ni več mogoče zanesti.
last-listed = Nazadnje v ponudbi
first-checked = Prvič preverjeno
last-checked = Nazadnje preverjeno
book-at = Rezerviraj pri { $organization }
book-hut = Rezerviraj { $hut }
before = Prej
total = Skupaj
state = Stanje
in-steps = po korakih deset: { $percent } %
id-at-organization = Oznaka pri organizaciji
link = Povezava
usual-type = običajna vrsta te koče
reduced-type = vrsta brez oskrbnika
not-published = ni objavljeno

## Bivanja in ture

stays-intro = Koče s prostorom za skupino v zaporednih nočeh.
tours-intro = Tura ima etape v zaporednih nočeh. V vsako polje vpišite oznako koče ali več oznak z vejicami na izbiro. Dvopičje s številom pomeni število noči, če jih je več: hut-a,hut-b:2.
first-arrival = Prvi prihod
last-arrival = Zadnji prihod
today = danes
days-later = 89 dni pozneje
arrival-on = Prihod (kateri koli dan, če ni izbran noben)
near = V bližini
near-example = 47.42,12.11 ali koča
within-km = V krogu km
elevation-field = Višina v m
slug = oznaka
slug-or-name = oznaka ali ime
arriving-on = prihod { $date }
arriving-between = prihod { $from } – { $to }
group-of-stay = { $people }, { $nights }, { $arrivals }
stays-found =
    { $count ->
        [one] { $count } koča ima prostor: { $group }
        [two] { $count } koči imata prostor: { $group }
        [few] { $count } koče imajo prostor: { $group }
       *[other] { $count } koč ima prostor: { $group }
    }
stays-nowhere =
    { $count ->
        [one] Koča nima prostora: { $group }.
        [two] Nobena od { $count } koč nima prostora: { $group }.
        [few] Nobena od { $count } koč nima prostora: { $group }.
       *[other] Nobena od { $count } koč nima prostora: { $group }.
    }
other-huts = Izberite drugo državo, drugo višino ali večjo razdaljo ali pustite ta polja prazna.
other-stay = Poskusite z manj osebami ali nočmi, več prihodi ali drugimi kočami. Ali pa spremljajte to iskanje kot vir: vnos dobi takoj, ko se mesto sprosti.
no-huts-yet = Nobena koča se še ne preverja: `hut-availability huts discover` najde koče rezervacijskih strani.
no-such-weekday = V obdobju { $from } – { $to } ni takega dne v tednu.
other-weekdays = Izberite več dni v tednu ali poznejši zadnji prihod.
numbers-are-free = Številke so prosta mesta.
arrival-sign = ▸ označuje noči, s katerimi se bivanje lahko začne.
cell-of-night = prostih { $free }, { $date }, { $hut }
cell-of-arrival = prostih { $free }, { $date }, { $hut }, prihod
arrivals = Prihodi
earlier-arrivals = ← Prejšnji prihodi
later-arrivals = Poznejši prihodi →
follow-feed = Spremljajte kot vir:
feed-atom = Atom za bralnike virov
feed-calendar = iCalendar za koledarje
for-programs = Za programe:
stage = Etapa { $number }
start = Začetek
end = Konec
no-stage = Še ni etap.
fill-in-stage = Izpolnite vsaj eno etapo. Če želite najprej najti koče s prostorom:
other-tour = Poskusite z manj osebami, drugimi datumi ali več kočami na izbiro. Ali pa spremljajte to iskanje kot vir: vnos dobi takoj, ko se mesto sprosti. Ta iskanja pokažejo, kdaj ima posamezna etapa prostor:
tours-found =
    { $count ->
        [one] { $count } začetek: { $people }, { $nights }, { $from } – { $to }
        [two] { $count } začetka: { $people }, { $nights }, { $from } – { $to }
        [few] { $count } začetki: { $people }, { $nights }, { $from } – { $to }
       *[other] { $count } začetkov: { $people }, { $nights }, { $from } – { $to }
    }
no-tour = Ni ture: { $people }, { $nights }, { $from } – { $to }.
or-more = ali še { $count }
and-more = in še { $count }

## Iskanja

watches = Iskanja
watch-active = dejavno
watch-paused = ustavljeno
watch-ended = končano
name = Ime
waits-for = Čaka na
open-arrivals = Možni prihodi
channels = Kanali
channel = Kanal
time = Čas
attempts = Poskusi
last-notifications = Zadnja obvestila, najnovejša najprej
no-watches = Še ni iskanj. Tako se doda prvo:
no-notifications = Še ni obvestil. Zagon pošlje obvestilo takoj, ko prihod iskanja postane mogoč.
delivery-pending = čaka
delivery-sent = poslano
delivery-failed = neuspelo

## Začetna stran

start-title = Kje lahko prenočimo?
arrival = Prihod
where = Kje
where-example = koča, država ali 47.42,12.11
more-options = Več možnosti
sort-distance = razdalji
sort-best = najboljšem ujemanju
with-full-huts = tudi koče brez prostora
answer-found =
    { $count ->
        [one] { $count } koča ima prostor: { $people }, { $when }
        [two] { $count } koči imata prostor: { $people }, { $when }
        [few] { $count } koče imajo prostor: { $people }, { $when }
       *[other] { $count } koč ima prostor: { $people }, { $when }
    }
answer-none = Nobena koča nima prostora: { $people }, { $when }
when-night = { $date }
when-nights = { $nights }, prihod { $date }
when-weekdays = { $nights }, prihod { $weekdays }, { $from } – { $to }
others = Med drugimi:
others-ask =
    { $count ->
        [one] { $count } po vprašanju
        [two] { $count } po vprašanju
        [few] { $count } po vprašanju
       *[other] { $count } po vprašanju
    }
others-full =
    { $count ->
        [one] { $count } polna
        [two] { $count } polni
        [few] { $count } polne
       *[other] { $count } polnih
    }
others-closed =
    { $count ->
        [one] { $count } zaprta
        [two] { $count } zaprti
        [few] { $count } zaprte
       *[other] { $count } zaprtih
    }
others-unknown =
    { $count ->
        [one] { $count } neznana
        [two] { $count } neznani
        [few] { $count } neznane
       *[other] { $count } neznanih
    }
other-place = Nobena koča ne ustreza. Vpišite drug kraj ali pustite polje prazno.
other-night = Poskusite z drugo nočjo, manj osebami ali drugim krajem. Ali pa spremljajte to iskanje kot vir: vnos dobi takoj, ko se mesto sprosti.
next-with-room = Naslednja noč s prostorom: { $date }
tonight = Nocoj
tomorrow = Jutri
weekend = Sobota
earlier-night = ← Noč prej
later-night = Noč pozneje →
earlier-week = « Teden prej
later-week = Teden pozneje »
grid-explained = Številke so prosta mesta; okvir označuje ustrezne noči.
fits = prostor za skupino
too-few = polno ali premalo mest
download = Prenos:

## Spremembe

only-freed =
    { $count ->
        [one] samo sproščena mesta zadnjega { $count } dne
        [two] samo sproščena mesta zadnjih { $count } dni
        [few] samo sproščena mesta zadnjih { $count } dni
       *[other] samo sproščena mesta zadnjih { $count } dni
    }
freed-nights =
    { $count ->
        [one] sproščena mesta, { $count } noč
        [two] sproščena mesta, { $count } noči
        [few] sproščena mesta, { $count } noči
       *[other] sproščena mesta, { $count } noči
    }
newest-first = najnovejše najprej
as-feed = Spremljajte kot vir
run-of = Zagon
no-run = Brez zagona v dnevniku
then = nato
no-change = Nobena shranjena sprememba ne ustreza. Izberite manj filtrov.

## Preverjanja, za upravljavce

tile-overdue = Zamujajo
tile-failing = Z napako
tile-stalest = Najstarejše preverjanje
tile-last-run = Zadnji zagon
tile-budget = Proračun
tile-pending = Obvestila
oldest-since = najstarejše:
of-huts =
    { $count ->
        [one] { $part } od { $count } koče
        [two] { $part } od { $count } koč
        [few] { $part } od { $count } koč
       *[other] { $part } od { $count } koč
    }
tile-never =
    { $count ->
        [one] { $count } nikoli preverjena
        [two] { $count } nikoli preverjeni
        [few] { $count } nikoli preverjene
       *[other] { $count } nikoli preverjenih
    }
accuracy = { $now } % odprtih noči je predvidoma takih, kot so shranjene, { $mean } % v dnevnem povprečju
checks-a-day = { $checks } preverjanj na dan
spent-today = { $spent } porabljenih danes, { $available } na voljo zdaj
shortfall = Najdaljši intervali potrebujejo { $needed } preverjanj na dan: povečajte --checks-per-day na { $per-hut } ali več.
pending-count =
    { $count ->
        [one] { $count } čaka
        [two] { $count } čakata
        [few] { $count } čakajo
       *[other] { $count } čaka
    }
watches-link = Iskanja in njihova obvestila
errors = Napake
no-failing = Nobena koča nima napake.
errors-by-kind = Napake po strani in vrsti, največ koč najprej
errors-by-hut = Napake po kočah
most-failures-first = Koče, pri katerih zadnje preverjanje ni uspelo, največ zaporednih napak najprej
kind = Vrsta
first-huts = Prve koče
example = Primer
stalest-huts = Koče z najstarejšimi podatki
stalest-explained = Koče z največ nočmi, ki se predvidoma razlikujejo od shranjenih
age = Starost
changes-a-day = Spremembe na dan
open-nights = Odprte noči
expected-untrue = Predvidoma napačne
due = Na vrsti
last-runs = Zadnji zagoni
last-runs-explained = Zadnji zagoni, najnovejši najprej
chart-of-runs =
    { $count ->
        [one] Zadnji zagon ({ $count }): največ { $most } koč
        [two] Zadnja zagona ({ $count }), najstarejši najprej: največ { $most } koč
        [few] Zadnji zagoni ({ $count }), najstarejši najprej: največ { $most } koč
       *[other] Zadnji zagoni ({ $count }), najstarejši najprej: največ { $most } koč
    }
updated = Posodobljene
failed = Neuspele
skipped = Preskočene
started = Začetek
mode = Način
result = Izid
host = Gostitelj
no-runs = Še ni zagonov
run-succeeded = uspel
run-some-huts-failed = nekatere koče niso uspele
run-failed = ni uspel
run-running = teče
run-killed = prekinjen na silo
run-stopped-by-a-signal = ustavljen s signalom

## Map

map-label = Zemljevid koč
map-tools = Premakni zemljevid
map-in = Povečaj
map-out = Pomanjšaj
map-all = Pokaži vse koče
map-west = Proti zahodu
map-north = Proti severu
map-south = Proti jugu
map-east = Proti vzhodu
map-legend = Pomen znakov
map-fits = prosta mesta
map-fits-group = prosta mesta, dovolj za skupino: { $people }
map-ask = rezervacija mogoča, število ni objavljeno
map-full = zasedeno ali premalo mest
map-several = več koč in koliko jih ima prosta mesta
map-cluster = { $huts }, s prostimi mesti: { $fitting }
map-cluster-ask = { $huts }, s prostimi mesti: { $fitting }, za povpraševanje: { $ask }
map-opens = { $cluster } – povečaj
map-source = Podatki zemljevida: Natural Earth
map-close = Zapri
card-nights = Naslednje noči
card-away = oddaljeno { $distance }
card-all-nights = Vse noči koče
embed-open = Odpri na spletni strani
map = Zemljevid
skip-map = Preskoči zemljevid: preglednica kaže iste koče
not-on-map =
    { $count ->
        [one] { $count } koče ni na zemljevidu, ker je njena lega neznana ali zunaj zemljevida.
        [two] { $count } koč ni na zemljevidu, ker je njihova lega neznana ali zunaj zemljevida.
        [few] { $count } koč ni na zemljevidu, ker je njihova lega neznana ali zunaj zemljevida.
       *[other] { $count } koč ni na zemljevidu, ker je njihova lega neznana ali zunaj zemljevida.
    }

## Stran koče

not-followed = Rezervacij te koče tukaj ne preverjamo, zato njena prosta mesta niso znana. Vprašajte v koči.
not-checked-since = Ni preverjeno od
not-checked-advice = Rezervacijska stran od takrat ni odgovorila, zato so številke lahko napačne. Pred odhodom poglejte na rezervacijsko stran.
never-checked = Prosta mesta te koče še niso bila preverjena. Vrnite se pozneje ali poglejte na rezervacijsko stran.
next-stays = Naslednja prosta bivanja ({ $people }, { $nights })
weekends-with-room = Od petka do nedelje s prostorom ({ $people })
stay-dates = { $from } – { $to }
book-stay = Rezerviraj { $hut }, { $dates }
no-stay-in-a-year = V naslednjih dvanajstih mesecih ni prostora ({ $people }, { $nights }).
no-weekend-in-a-year = V naslednjih dvanajstih mesecih od petka do nedelje nikoli ni prostora ({ $people }).
try-other-stay = Poskusite z manj ljudmi ali nočmi ali z eno od bližnjih koč spodaj. Ali pa spremljajte to kočo kot vir: nov vnos ima takoj, ko se sprosti mesto.
all-stays-of-hut = Vsa prosta bivanja v tej koči
fits-group = prostor za vašo skupino
months-closed = { $months }: zaprto
months-closed-or-without-data = { $months }: zaprto ali brez podatkov
months-without-data = { $months }: ni podatkov
download-nights = Prenesite te noči:
download-history = Prenesite ta potek:
one-night = Ena noč
distance = Razdalja
neighbours = Koče do { $km } km s prostorom ({ $stay })
stay-of-group = { $people }, { $nights }, od { $date }
neighbours-without-room =
    { $count ->
        [0] Do { $km } km ni znana nobena druga koča ({ $stay }). Poiščite dlje stran.
        [one] Edina druga koča do { $km } km nima prostora ({ $stay }). Poskusite drugo noč ali poiščite dlje stran.
        [two] Nobena od { $count } drugih koč do { $km } km nima prostora ({ $stay }). Poskusite drugo noč ali poiščite dlje stran.
        [few] Nobena od { $count } drugih koč do { $km } km nima prostora ({ $stay }). Poskusite drugo noč ali poiščite dlje stran.
       *[other] Nobena od { $count } drugih koč do { $km } km nima prostora ({ $stay }). Poskusite drugo noč ali poiščite dlje stran.
    }
neighbours-wider = Koče do { $km } km s prostorom
chart-compared = Prosta mesta za noč { $date } po številu dni pred njo, ob prejšnjih nočeh
chart-of-days = Prosta mesta v odstotkih, po številu dni pred nočjo. Polna črta je ta noč.
band-median = Črtkana črta je sredina prejšnjih noči.
band-of-all = Pas vsebuje vse.
band-of-most = Pas vsebuje štiri od petih.
on-similar-nights = Pri { $count } prejšnjih nočeh ({ $weekday }, { $month })
similar-half = { $nights } je bila polovica mest navadno oddana { $before }.
similar-half-and-full = { $nights } je bila polovica mest navadno oddana { $before }, koča pa navadno polna { $full }.
similar-stayed-free = { $nights } je bila do konca navadno prosta več kot polovica mest.
days-before =
    { $count ->
        [0] na sam dan
        [one] { $count } dan prej
        [two] { $count } dneva prej
        [few] { $count } dni prej
       *[other] { $count } dni prej
    }
compared-now = Zdaj, { $days } pred nočjo, je prostih { $now } mest; navadno jih je bilo { $usual }.
too-few-similar =
    { $count ->
        [0] Ni prejšnje noči ({ $weekday }, { $month }), s katero bi primerjali to noč.
        [one] Je samo { $count } prejšnja noč ({ $weekday }, { $month }), premalo za primerjavo.
        [two] Sta samo { $count } prejšnji noči ({ $weekday }, { $month }), premalo za primerjavo.
        [few] So samo { $count } prejšnje noči ({ $weekday }, { $month }), premalo za primerjavo.
       *[other] Je samo { $count } prejšnjih noči ({ $weekday }, { $month }), premalo za primerjavo.
    }
for-operators = Številke za upravljavce
preview-of-night = { $places }, { $date }
