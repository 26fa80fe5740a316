# Quello che il programma dice ai lettori in italiano. Gli argomenti sono descritti in en.ftl.

## Date

date-short =
    { $day ->
        [1] { $day }º
       *[other] { $day }
    } { $month }
date-short-with-year =
    { $day ->
        [1] { $day }º
       *[other] { $day }
    } { $month } { $year }
date-long =
    { $weekday } { $day ->
        [1] { $day }º
       *[other] { $day }
    } { $month }
date-long-with-year =
    { $weekday } { $day ->
        [1] { $day }º
       *[other] { $day }
    } { $month } { $year }
instant = { $date }, { $time }
nights =
    { $nights ->
        [one] { $from }, { $nights } notte
       *[other] da { $from } a { $to }, { $nights } notti
    }

## Titoli dei messaggi di avviso

title-stay =
    { $hut }: { $places ->
        [one] { $places } posto libero
       *[other] { $places } posti liberi
    } { $nights ->
        [one] { $day ->
                [8] l’{ $date }
                [11] l’{ $date }
               *[other] il { $date }
            }
       *[other] per { $nights } notti { $day ->
                [8] dall’{ $date }
                [11] dall’{ $date }
               *[other] dal { $date }
            }
    }
title-tour =
    { $watch }: posto in ogni tappa { $day ->
        [8] dall’{ $date }
        [11] dall’{ $date }
       *[other] dal { $date }
    }
title-several =
    { $name }: { $what ->
        [tour] { $count } partenze possibili, la prima
       *[stay] { $count } soggiorni possibili, il primo
    } { $day ->
        [8] l’{ $date }
        [11] l’{ $date }
       *[other] il { $date }
    }
title-closed-stay =
    { $hut }: non c’è più posto { $nights ->
        [one] { $day ->
                [8] l’{ $date }
                [11] l’{ $date }
               *[other] il { $date }
            }
       *[other] per { $nights } notti { $day ->
                [8] dall’{ $date }
                [11] dall’{ $date }
               *[other] dal { $date }
            }
    }
title-closed-tour =
    { $watch }: non è più possibile la partenza { $day ->
        [8] dell’{ $date }
        [11] dell’{ $date }
       *[other] del { $date }
    }
title-closed-several =
    { $name }: { $what ->
        [tour] { $count } partenze
       *[stay] { $count } soggiorni
    } non più possibili
title-summary =
    { $watch }: { $what ->
        [tour] { $count ->
            [one] { $count } partenza già possibile
           *[other] { $count } partenze già possibili
        }
       *[stay] { $count ->
            [one] { $count } soggiorno già possibile
           *[other] { $count } soggiorni già possibili
        }
    }
title-test = Prova: { $watch }

## Testi dei messaggi di avviso

summary = Questo è un riepilogo di ciò che era già libero quando l’avviso è stato creato o ripreso.
test = Questa è una prova: non si è liberato nulla, e l’esempio qui sotto è inventato.
opened =
    { $people ->
        [one] C’è posto per { $people } persona:
       *[other] C’è posto per { $people } persone:
    }
opened-many =
    { $people ->
        [one] C’è posto per { $people } persona:
       *[other] C’è posto per { $people } persone:
    } { $what ->
        [tour] { $count } partenze sono possibili. Le prime { $listed },
       *[stay] { $count } soggiorni sono possibili. I primi { $listed },
    } { $from-day ->
        [8] dall’{ $from }
        [11] dall’{ $from }
       *[other] dal { $from }
    } { $to-day ->
        [8] all’{ $to }
        [11] all’{ $to }
       *[other] al { $to }
    }:
closed = Non più possibile:
closed-many =
    { $what ->
        [tour] { $count } partenze non sono più possibili. Le prime { $listed },
       *[stay] { $count } soggiorni non sono più possibili. I primi { $listed },
    } { $from-day ->
        [8] dall’{ $from }
        [11] dall’{ $from }
       *[other] dal { $from }
    } { $to-day ->
        [8] all’{ $to }
        [11] all’{ $to }
       *[other] al { $to }
    }:
more =
    { $what ->
        [tour] { $count ->
            [one] … e { $count } altra.
           *[other] … e altre { $count }.
        }
       *[stay] { $count ->
            [one] … e { $count } altro.
           *[other] … e altri { $count }.
        }
    }
stay = { $hut }, { $nights }
tour = Giro, { $nights }
places =
    { $places ->
        [one] { $places } posto libero
       *[other] { $places } posti liberi
    }
places-by-night = { $places }; per notte: { $list }
or = o
full-for-days =
    { $count ->
        [one] Era al completo da { $count } giorno.
       *[other] Era al completo da { $count } giorni.
    }
full-for-hours =
    { $count ->
        [one] Era al completo da { $count } ora.
       *[other] Era al completo da { $count } ore.
    }
full-for-minutes =
    { $count ->
        [one] Era al completo da { $count } minuto.
       *[other] Era al completo da { $count } minuti.
    }
book = Prenota
as-of = situazione: { $instant }
label = { $label }: { $text }
watch = Avviso
message = Messaggio

## Tipi di rifugi

hut-type-unknown = sconosciuto
hut-type-closed = chiuso
hut-type-campgr = campeggio attrezzato
hut-type-shelter = riparo
hut-type-camping = area tende
hut-type-bivouac = bivacco
hut-type-selfhut = rifugio autogestito
hut-type-hut = rifugio
hut-type-alp = alpe
hut-type-bhotel = albergo semplice
hut-type-hostel = ostello
hut-type-hotel = hotel
hut-type-special = alloggio particolare
hut-type-resta = ristorante

## Tempi e numeri

date-medium =
    { $weekday } { $day ->
        [1] { $day }º
       *[other] { $day }
    } { $month } { $year }
days =
    { $count ->
        [one] { $count } giorno
       *[other] { $count } giorni
    }
hours =
    { $count ->
        [one] { $count } ora
       *[other] { $count } ore
    }
minutes =
    { $count ->
        [one] { $count } minuto
       *[other] { $count } minuti
    }
seconds =
    { $count ->
        [one] { $count } secondo
       *[other] { $count } secondi
    }
days-ago =
    { $count ->
        [one] { $count } giorno fa
       *[other] { $count } giorni fa
    }
hours-ago =
    { $count ->
        [one] { $count } ora fa
       *[other] { $count } ore fa
    }
minutes-ago =
    { $count ->
        [one] { $count } minuto fa
       *[other] { $count } minuti fa
    }
just-now = proprio ora
in-the-future = nel futuro
in-time = tra { $duration }
now = adesso
never = mai
old = vecchio
wrong-clock = orologio errato
percent = { $percent } %
metres = { $metres } m
kilometres = { $km } km

## Ogni pagina

site-name = Posti nei rifugi
skip = Vai al contenuto
nav = Pagine
nav-start = Trova un posto
nav-stays = Soggiorni
nav-tours = Giri
nav-availability = Disponibilità
nav-changes = Cambiamenti
nav-huts = Rifugi
nav-checks = Controlli
find-hut = Cerca un rifugio
find = Cerca
languages = Lingue
footer = I siti di prenotazione pubblicano questi numeri di posti liberi. Per prenotare segui il link al sito di prenotazione: questo sito mostra solo i dati.
any = tutti
show = Mostra
reset = Azzera
list-pages = Pagine dell’elenco
first-page = Prima pagina
previous = ← Precedente
next = Successiva →
rows-per-page = { $list }, { $count } per pagina
huts =
    { $count ->
        [one] { $count } rifugio
       *[other] { $count } rifugi
    }
people =
    { $count ->
        [one] { $count } persona
       *[other] { $count } persone
    }
night-count =
    { $count ->
        [one] { $count } notte
       *[other] { $count } notti
    }
change-count =
    { $count ->
        [one] { $count } cambiamento
       *[other] { $count } cambiamenti
    }
watch-count =
    { $count ->
        [one] { $count } avviso
       *[other] { $count } avvisi
    }
more-than = più di { $what }
hut = Rifugio
night = Notte
country = Paese
free = Liberi
occupancy = Occupazione
reservation = Prenotazione
hut-type = Tipo di rifugio
organization = Organizzazione
checked = Controllato
unknown = sconosciuto
none = nessuno

## Problemi

problem-value = «{ $value }» non è valido qui. { $hint }
hint-date = Serve una data come 2026-07-18, 18.7. oppure «oggi».
hint-number = Serve un numero intero nei limiti del campo.
hint-hut = Nessun rifugio ha questo nome. La pagina dei rifugi li elenca.
hint-place = Servono coordinate come 47.42,12.11 o un rifugio, con una distanza in km.
hint-range = Serve un intervallo come 1500..2500.
hint-choice = Scegli uno dei valori del campo.
hint-cursor = Torna alla prima pagina.
hint-stage = Una tappa è un rifugio o più rifugi separati da virgole, con il numero di notti dopo i due punti: hut-a,hut-b:2.
hint-other = Cambialo o toglilo.
problem-not-found = Questa pagina non esiste.
problem-unavailable = Al momento i dati non si possono leggere. Riprova tra un minuto.
problem-other = La pagina non può essere mostrata.
problem-title = Problema

## Occupazione di una notte

night-empty = tutto libero
night-low = molti posti
night-medium = alcuni posti
night-high = pochi posti
night-full = al completo
night-free_unknown = da chiedere
night-closed = chiuso
night-withdrawn = non più in elenco
night-unknown = sconosciuto
reservation-possible = possibile
reservation-not_possible = non possibile
reservation-not_online = non online
reservation-unknown = sconosciuta
places-free-of = { $free } liberi su { $total }
places-free = { $free } liberi, totale non pubblicato
places-hidden-of = posti liberi su { $total } non pubblicati
places-hidden = posti liberi non pubblicati
places-ask = da chiedere: { $places }
places-total-unknown = numero di posti sconosciuto
places-before = non più in elenco; prima: { $places }
short-free-of = { $free } su { $total }
short-free = { $free } (totale sconosciuto)
short-of = { $word } ({ $total } in tutto)
short-before = era { $places }

## Elenchi e filtri

country-AD = Andorra
country-AT = Austria
country-CH = Svizzera
country-DE = Germania
country-ES = Spagna
country-FR = Francia
country-IT = Italia
country-LI = Liechtenstein
country-SI = Slovenia
nights-field = Notti
people-field = Persone
elevation = Quota
booking-site = Sito di prenotazione
not-polled = non interrogato
no-hut-matches = Nessun rifugio corrisponde.
sorted-by = Ordinato per
order = Ordine
sort-date = notte
sort-hut = rifugio
sort-name = nome
sort-free = posti liberi
sort-occupancy = occupazione
sort-checked = ultimo controllo
direction-asc = crescente
direction-desc = decrescente
range-1 = oggi
range-7 = prossimi 7 giorni
range-30 = prossimi 30 giorni
range-all = tutte
too-many-to-sort = Ci sono troppe notti per ordinare per { $by }; l’elenco è ordinato per notte. Per ordinare per { $by } scegli un periodo.
select-to-sort = Scegli un’intestazione di colonna per ordinare.
no-night = Nessuna notte memorizzata corrisponde. Scegli più notti o meno filtri.
no-data = nessun dato

## Rifugi e notti

all-huts = Tutti i rifugi
hut-not-found = Rifugio non trovato
no-such-hut = Non c’è nessun rifugio «{ $slug }».
did-you-mean = Forse cercavi:
about = Informazioni
booking-sites = Siti di prenotazione
no-booking-site = Nessun sito di prenotazione ha questo rifugio.
booking-page = pagina di prenotazione
no-link = nessun link
source-moved = ora questo ID è di un altro rifugio
source-of-page = la fonte della disponibilità di questa pagina
location = Posizione
type-open = Tipo con gestore
places-open = Posti con gestore
type-closed = Tipo senza gestore
places-closed = Posti senza gestore
polled = Interrogato
not-bookable = no: il rifugio non è prenotabile
inactive = no: il rifugio è inattivo
polled-at = sì, presso { $organization }
last-check = Ultimo controllo
last-success = Ultimo successo
failures-in-a-row = Errori di fila
failing-since = da
last-error = Ultimo errore
year-of-nights = Un anno di notti
year-explained = Posti liberi di ogni notte, colorati secondo l’occupazione.
oldest-figure = Il dato più vecchio di una notte futura è di
year-earlier = Un anno prima
year-later = Un anno dopo
meaning-of-colours = Significato dei colori
meaning-of-signs = Significato dei simboli
sign-ask = ch.
meaning-ask = prenotabile, ma il numero di posti liberi non è pubblicato
meaning-unknown = numero di posti liberi sconosciuto
meaning-withdrawn = non più in elenco sul sito di prenotazione; il numero è l’ultimo
meaning-old = vecchio: non controllato da più di due intervalli, o controllato con un orologio errato
last-listed-ago = in elenco l’ultima volta { $age }
checked-ago = controllato { $age }
how-night-filled-up = Come si è riempita questa notte
free-over-time = Posti liberi nel tempo.
chart-has-gaps = La linea ha un’interruzione dove la notte era chiusa o il numero sconosciuto.
chart-of-night = Posti liberi per la notte di { $date } nel tempo
since = Da
until = A
duration = Durata
new = nuovo
duration-so-far = { $duration } finora
duration-withdrawn = { $duration }, poi non più in elenco
states = Stati di questa notte, dal più recente
last-states =
    { $count ->
        [one] L’ultimo stato di questa notte. I più vecchi non sono mostrati
       *[other] Gli ultimi { $count } stati di questa notte, dal più recente. I più vecchi non sono mostrati
    }
no-data-of-night = Per questa notte non ci sono dati: nessun sito di prenotazione l’ha ancora proposta.
previous-night = ← Notte precedente
next-night = Notte successiva →
withdrawn-night = Il sito di prenotazione non ha più questa notte in elenco. I dati qui sotto sono gli ultimi che ha dato: non ci si può più contare.
last-listed = In elenco l’ultima volta
first-checked = Primo controllo
last-checked = Ultimo controllo
book-at = Prenota presso { $organization }
book-hut = Prenota { $hut }
before = Prima
total = Totale
state = Stato
in-steps = a passi di dieci: { $percent } %
id-at-organization = ID presso l’organizzazione
link = Link
usual-type = il tipo abituale di questo rifugio
reduced-type = il tipo senza gestore
not-published = non pubblicato

## Soggiorni e giri

stays-intro = Rifugi con posto per un gruppo in notti consecutive.
tours-intro = Un giro ha tappe in notti consecutive. Scrivi in ogni campo l’identificativo di un rifugio, o più di uno separati da virgole, in alternativa. Due punti e un numero indicano le notti, se più di una: hut-a,hut-b:2.
first-arrival = Primo arrivo
last-arrival = Ultimo arrivo
today = oggi
days-later = 89 giorni dopo
arrival-on = Arrivo di (ogni giorno se nessuno è scelto)
near = Vicino a
near-example = 47.42,12.11 o un rifugio
within-km = Entro km
elevation-field = Quota in m
slug = identificativo
slug-or-name = identificativo o nome
arriving-on = arrivo { $date }
arriving-between = arrivo da { $from } a { $to }
group-of-stay = { $people }, { $nights }, { $arrivals }
stays-found =
    { $count ->
        [one] { $count } rifugio ha posto per { $group }
       *[other] { $count } rifugi hanno posto per { $group }
    }
stays-nowhere =
    { $count ->
        [one] Il rifugio non ha posto per { $group }.
       *[other] Nessuno dei { $count } rifugi ha posto per { $group }.
    }
other-huts = Scegli un altro paese, un’altra quota o un raggio maggiore, o lascia vuoti questi campi.
other-stay = Prova con meno persone o notti, più giorni di arrivo o altri rifugi. Oppure segui questa ricerca come feed: ha una voce appena si libera un posto.
no-huts-yet = Nessun rifugio è ancora interrogato: `hut-availability huts discover` trova i rifugi dei siti di prenotazione.
no-such-weekday = Da { $from } a { $to } non c’è un tale giorno della settimana.
other-weekdays = Scegli più giorni, o un ultimo arrivo più tardi.
numbers-are-free = I numeri sono posti liberi.
arrival-sign = ▸ segna le notti in cui un soggiorno può iniziare.
cell-of-night = { $free } liberi, { $date }, { $hut }
cell-of-arrival = { $free } liberi, { $date }, { $hut }, arrivo
arrivals = Arrivi
earlier-arrivals = ← Arrivi precedenti
later-arrivals = Arrivi successivi →
follow-feed = Segui come feed:
feed-atom = Atom per lettori di feed
feed-calendar = iCalendar per calendari
for-programs = Per i programmi:
stage = Tappa { $number }
start = Partenza
end = Fine
no-stage = Ancora nessuna tappa.
fill-in-stage = Compila almeno una tappa. Per trovare prima rifugi con posto:
other-tour = Prova con meno persone, altre date o più rifugi in alternativa. Oppure segui questa ricerca come feed: ha una voce appena si libera un posto. Queste ricerche mostrano quando ogni tappa ha posto:
tours-found =
    { $count ->
        [one] { $count } partenza per { $people }, { $nights }, da { $from } a { $to }
       *[other] { $count } partenze per { $people }, { $nights }, da { $from } a { $to }
    }
no-tour = Nessun giro per { $people }, { $nights }, da { $from } a { $to }.
or-more = o altri { $count }
and-more = e altri { $count }

## Avvisi

watches = Avvisi
watch-active = attivo
watch-paused = in pausa
watch-ended = terminato
name = Nome
waits-for = Attende
open-arrivals = Arrivi possibili
channels = Canali
channel = Canale
time = Ora
attempts = Tentativi
last-notifications = Ultime notifiche, dalla più recente
no-watches = Ancora nessun avviso. Per aggiungerne uno:
no-notifications = Ancora nessuna notifica. Un’esecuzione ne invia una appena un arrivo di un avviso diventa possibile.
delivery-pending = in attesa
delivery-sent = inviata
delivery-failed = non riuscita

## Pagina iniziale

start-title = Dove possiamo dormire?
arrival = Arrivo
where = Dove
where-example = rifugio, paese o 47.42,12.11
more-options = Altre opzioni
sort-distance = distanza
sort-best = ciò che va meglio
with-full-huts = anche rifugi senza posto
answer-found =
    { $count ->
        [one] { $count } rifugio ha posto per { $people } { $when }
       *[other] { $count } rifugi hanno posto per { $people } { $when }
    }
answer-none = Nessun rifugio ha posto per { $people } { $when }
when-night = la notte di { $date }
when-nights = per { $nights } da { $date }
when-weekdays = per { $nights }, arrivo { $weekdays }, da { $from } a { $to }
others = Tra gli altri:
others-ask =
    { $count ->
        [one] { $count } da chiedere
       *[other] { $count } da chiedere
    }
others-full =
    { $count ->
        [one] { $count } al completo
       *[other] { $count } al completo
    }
others-closed =
    { $count ->
        [one] { $count } chiuso
       *[other] { $count } chiusi
    }
others-unknown =
    { $count ->
        [one] { $count } sconosciuto
       *[other] { $count } sconosciuti
    }
other-place = Nessun rifugio corrisponde. Scrivi un altro luogo o lascia vuoto il campo.
other-night = Prova con un’altra notte, meno persone o un altro luogo. Oppure segui questa ricerca come feed: ha una voce appena si libera un posto.
next-with-room = La prossima notte con posto: { $date }
tonight = Stanotte
tomorrow = Domani
weekend = Sabato
earlier-night = ← Notte prima
later-night = Notte dopo →
earlier-week = « Settimana prima
later-week = Settimana dopo »
grid-explained = I numeri sono posti liberi; una cornice segna le notti adatte.
fits = posto per il gruppo
too-few = al completo o pochi posti
download = Scarica:

## Cambiamenti

only-freed =
    { $count ->
        [one] solo i posti liberati nell’ultimo giorno
       *[other] solo i posti liberati negli ultimi { $count } giorni
    }
freed-nights =
    { $count ->
        [one] posti liberati, { $count } notte
       *[other] posti liberati, { $count } notti
    }
newest-first = dal più recente
as-feed = Segui come feed
run-of = Esecuzione di
no-run = Senza esecuzione nel registro
then = poi
no-change = Nessun cambiamento memorizzato corrisponde. Scegli meno filtri.

## Controlli, per gestori

tile-overdue = In ritardo
tile-failing = In errore
tile-stalest = Controllo più vecchio
tile-last-run = Ultima esecuzione
tile-budget = Budget
tile-pending = Notifiche
oldest-since = il più vecchio:
of-huts =
    { $count ->
        [one] { $part } su { $count } rifugio
       *[other] { $part } su { $count } rifugi
    }
tile-never =
    { $count ->
        [one] { $count } mai controllato
       *[other] { $count } mai controllati
    }
accuracy = { $now } % delle notti aperte dovrebbero essere come memorizzate, { $mean } % nella media di un giorno
checks-a-day = { $checks } controlli al giorno
spent-today = { $spent } usati oggi, { $available } disponibili ora
shortfall = Gli intervalli più lunghi richiedono { $needed } controlli al giorno: aumenta --checks-per-day a { $per-hut } o più.
pending-count =
    { $count ->
        [one] { $count } in attesa
       *[other] { $count } in attesa
    }
watches-link = Avvisi e le loro notifiche
errors = Errori
no-failing = Nessun rifugio è in errore.
errors-by-kind = Errori per sito e tipo, prima con più rifugi
errors-by-hut = Errori per rifugio
most-failures-first = Rifugi il cui ultimo controllo è fallito, prima con più errori di fila
kind = Tipo
first-huts = Primi rifugi
example = Esempio
stalest-huts = Rifugi con i dati più vecchi
stalest-explained = Rifugi con più notti che dovrebbero differire da quanto memorizzato
age = Età
changes-a-day = Cambiamenti al giorno
open-nights = Notti aperte
expected-untrue = Probabilmente errate
due = Da controllare
last-runs = Ultime esecuzioni
last-runs-explained = Le ultime esecuzioni, dalla più recente
chart-of-runs =
    { $count ->
        [one] L’ultima esecuzione: al massimo { $most } rifugi
       *[other] Le ultime { $count } esecuzioni, dalla più vecchia: al massimo { $most } rifugi
    }
updated = Aggiornati
failed = Falliti
skipped = Saltati
started = Iniziata
mode = Modalità
result = Risultato
host = Host
no-runs = Ancora nessuna esecuzione
run-succeeded = riuscita
run-some-huts-failed = errori per alcuni rifugi
run-failed = fallita
run-running = in corso
run-killed = interrotta di forza
run-stopped-by-a-signal = fermata da un segnale

## Map

map-label = Mappa dei rifugi
map-tools = Sposta la mappa
map-in = Ingrandisci
map-out = Riduci
map-all = Mostra tutti i rifugi
map-west = Verso ovest
map-north = Verso nord
map-south = Verso sud
map-east = Verso est
map-legend = Significato dei simboli
map-fits = posti liberi
map-fits-group = posti liberi, abbastanza per { $people }
map-ask = prenotabile, numero non pubblicato
map-full = completo, o troppo pochi posti
map-several = più rifugi, e quanti hanno posto
map-cluster = { $huts }, { $fitting } con posti liberi
map-cluster-ask = { $huts }, { $fitting } con posti liberi, { $ask } da contattare
map-opens = { $cluster }: ingrandisci
map-source = Dati della mappa: Natural Earth
map-close = Chiudi
card-nights = Le prossime notti
card-away = a { $distance }
card-all-nights = Tutte le notti del rifugio
embed-open = Apri sul sito
map = Mappa
skip-map = Salta la mappa: la tabella mostra gli stessi rifugi
not-on-map =
    { $count ->
        [one] { $count } rifugio non è sulla mappa perché la sua posizione è sconosciuta o fuori dalla mappa.
       *[other] { $count } rifugi non sono sulla mappa perché la loro posizione è sconosciuta o fuori dalla mappa.
    }

## Pagina di un rifugio

not-followed = Le prenotazioni di questo rifugio qui non sono seguite, quindi i suoi posti liberi non sono noti. Chiedi al rifugio.
not-checked-since = Nessun controllo dal
not-checked-advice = Da allora il sito di prenotazione non ha risposto, quindi i numeri possono essere sbagliati. Guarda il sito di prenotazione prima di partire.
never-checked = I posti liberi di questo rifugio non sono ancora stati controllati. Torna più tardi, o guarda il sito di prenotazione.
next-stays = Prossimi soggiorni liberi per { $people }, { $nights }
weekends-with-room = Da venerdì a domenica con posto per { $people }
stay-dates = { $from } – { $to }
book-stay = Prenota { $hut }, { $dates }
no-stay-in-a-year = Nei prossimi dodici mesi non c’è posto per { $people }, { $nights }.
no-weekend-in-a-year = Nei prossimi dodici mesi non c’è mai posto da venerdì a domenica per { $people }.
try-other-stay = Prova con meno persone o meno notti, o con uno dei rifugi vicini più sotto. Oppure segui questo rifugio come feed: ha una voce appena si libera un posto.
all-stays-of-hut = Tutti i soggiorni liberi in questo rifugio
fits-group = posto per il tuo gruppo
months-closed = { $months }: chiuso
months-closed-or-without-data = { $months }: chiuso o senza dati
months-without-data = { $months }: nessun dato
download-nights = Scarica queste notti:
download-history = Scarica questo andamento:
one-night = Una notte
distance = Distanza
neighbours = Rifugi entro { $km } km con posto per { $stay }
stay-of-group = { $people }, { $nights }, da { $date }
neighbours-without-room =
    { $count ->
        [0] Entro { $km } km non è noto nessun altro rifugio per { $stay }. Cerca più lontano.
        [one] L’unico altro rifugio entro { $km } km non ha posto per { $stay }. Prova un’altra notte, o cerca più lontano.
       *[other] Nessuno degli altri { $count } rifugi entro { $km } km ha posto per { $stay }. Prova un’altra notte, o cerca più lontano.
    }
neighbours-wider = Rifugi entro { $km } km con posto
chart-compared = Posti liberi per la notte del { $date } secondo il numero di giorni prima, accanto alle notti precedenti
chart-of-days = Posti liberi in percentuale, secondo il numero di giorni prima della notte. La linea continua è questa notte.
band-median = La linea tratteggiata è il mezzo delle notti precedenti.
band-of-all = La fascia le contiene tutte.
band-of-most = La fascia ne contiene quattro su cinque.
on-similar-nights = In { $count } notti precedenti ({ $weekday }, { $month })
similar-half = { $nights } metà dei posti era di solito presa { $before }.
similar-half-and-full = { $nights } metà dei posti era di solito presa { $before }, e il rifugio era di solito pieno { $full }.
similar-stayed-free = { $nights } più della metà dei posti restava di solito libera fino alla fine.
days-before =
    { $count ->
        [0] il giorno stesso
        [one] { $count } giorno prima
       *[other] { $count } giorni prima
    }
compared-now = Ora, { $days } prima della notte, è libero il { $now } dei posti; di solito era il { $usual }.
too-few-similar =
    { $count ->
        [0] Non ci sono notti precedenti ({ $weekday }, { $month }) con cui confrontare questa.
        [one] C’è solo { $count } notte precedente ({ $weekday }, { $month }), troppo poco per un confronto.
       *[other] Ci sono solo { $count } notti precedenti ({ $weekday }, { $month }), troppo poche per un confronto.
    }
for-operators = Numeri per i gestori
preview-of-night = { $places }, { $date }
