# Was das Programm Lesern auf Deutsch sagt. Die Argumente sind in en.ftl beschrieben.

## Daten

date-short = { $day }. { $month }
date-short-with-year = { $day }. { $month } { $year }
date-long = { $weekday }, { $day }. { $month }
date-long-with-year = { $weekday }, { $day }. { $month } { $year }
instant = { $date }, { $time }
nights =
    { $nights ->
        [one] { $from }, { $nights } Nacht
       *[other] { $from } bis { $to }, { $nights } Nächte
    }

## Titel der Meldungen zu Suchaufträgen

title-stay =
    { $hut }: { $places ->
        [one] { $places } Platz
       *[other] { $places } Plätze
    } frei { $nights ->
        [one] am { $date }
       *[other] für { $nights } Nächte ab { $date }
    }
title-tour = { $watch }: Platz auf allen Etappen ab { $date }
title-several =
    { $name }: { $what ->
        [tour] { $count } Starttermine
       *[stay] { $count } Aufenthalte
    } möglich, der erste am { $date }
title-closed-stay =
    { $hut }: { $nights ->
        [one] am { $date }
       *[other] { $nights } Nächte ab { $date }
    } nicht mehr frei
title-closed-tour = { $watch }: Start am { $date } nicht mehr möglich
title-closed-several =
    { $name }: { $what ->
        [tour] { $count } Starttermine
       *[stay] { $count } Aufenthalte
    } nicht mehr möglich
title-summary =
    { $watch }: { $what ->
        [tour] { $count ->
            [one] { $count } Starttermin ist
           *[other] { $count } Starttermine sind
        }
       *[stay] { $count ->
            [one] { $count } Aufenthalt ist
           *[other] { $count } Aufenthalte sind
        }
    } schon möglich
title-test = Test: { $watch }

## Texte der Meldungen zu Suchaufträgen

summary = Dies ist eine Übersicht über alles, was schon frei war, als der Suchauftrag angelegt oder fortgesetzt wurde.
test = Dies ist ein Test: Es ist nichts frei geworden, und das Beispiel unten ist erfunden.
opened =
    { $people ->
        [one] Platz für { $people } Person:
       *[other] Platz für { $people } Personen:
    }
opened-many =
    { $people ->
        [one] Platz für { $people } Person:
       *[other] Platz für { $people } Personen:
    } { $what ->
        [tour] { $count } Starttermine sind möglich.
       *[stay] { $count } Aufenthalte sind möglich.
    } Die ersten { $listed }, vom { $from } bis zum { $to }:
closed = Nicht mehr möglich:
closed-many =
    { $what ->
        [tour] { $count } Starttermine sind nicht mehr möglich.
       *[stay] { $count } Aufenthalte sind nicht mehr möglich.
    } Die ersten { $listed }, vom { $from } bis zum { $to }:
more =
    { $what ->
        [tour] { $count ->
            [one] … und { $count } weiterer.
           *[other] … und { $count } weitere.
        }
       *[stay] { $count ->
            [one] … und { $count } weiterer.
           *[other] … und { $count } weitere.
        }
    }
stay = { $hut }, { $nights }
tour = Tour, { $nights }
places =
    { $places ->
        [one] { $places } Platz frei
       *[other] { $places } Plätze frei
    }
places-by-night = { $places }; je Nacht: { $list }
or = oder
full-for-days =
    { $count ->
        [one] War seit { $count } Tag ausgebucht.
       *[other] War seit { $count } Tagen ausgebucht.
    }
full-for-hours =
    { $count ->
        [one] War seit { $count } Stunde ausgebucht.
       *[other] War seit { $count } Stunden ausgebucht.
    }
full-for-minutes =
    { $count ->
        [one] War seit { $count } Minute ausgebucht.
       *[other] War seit { $count } Minuten ausgebucht.
    }
book = Buchen
as-of = Stand { $instant }
label = { $label }: { $text }
watch = Suchauftrag
message = Meldung

## Arten von Hütten

hut-type-unknown = unbekannt
hut-type-closed = geschlossen
hut-type-campgr = Campingplatz
hut-type-shelter = Schutzhütte
hut-type-camping = Zeltplatz
hut-type-bivouac = Biwak
hut-type-selfhut = Selbstversorgerhütte
hut-type-hut = Berghütte
hut-type-alp = Alp
hut-type-bhotel = einfaches Hotel
hut-type-hostel = Hostel
hut-type-hotel = Hotel
hut-type-special = besondere Unterkunft
hut-type-resta = Restaurant

## Zeiten und Zahlen

date-medium = { $weekday }, { $day }. { $month } { $year }
days =
    { $count ->
        [one] { $count } Tag
       *[other] { $count } Tage
    }
hours =
    { $count ->
        [one] { $count } Stunde
       *[other] { $count } Stunden
    }
minutes =
    { $count ->
        [one] { $count } Minute
       *[other] { $count } Minuten
    }
seconds =
    { $count ->
        [one] { $count } Sekunde
       *[other] { $count } Sekunden
    }
days-ago =
    { $count ->
        [one] vor { $count } Tag
       *[other] vor { $count } Tagen
    }
hours-ago =
    { $count ->
        [one] vor { $count } Stunde
       *[other] vor { $count } Stunden
    }
minutes-ago =
    { $count ->
        [one] vor { $count } Minute
       *[other] vor { $count } Minuten
    }
just-now = gerade eben
in-the-future = in der Zukunft
in-time = in { $duration }
now = jetzt
never = nie
old = veraltet
wrong-clock = falsche Uhr
percent = { $percent } %
metres = { $metres } m
kilometres = { $km } km

## Jede Seite

site-name = Freie Hüttenplätze
skip = Zum Inhalt springen
nav = Seiten
nav-start = Platz finden
nav-stays = Aufenthalte
nav-tours = Touren
nav-availability = Aktuelle Belegung
nav-changes = Änderungen
nav-huts = Hütten
nav-checks = Abfragen
find-hut = Hütte suchen
find = Suchen
languages = Sprachen
footer = Die Buchungsseiten veröffentlichen diese Zahlen freier Plätze. Zum Buchen folge dem Link zur Buchungsseite: Diese Website zeigt nur Daten.
any = alle
show = Anzeigen
reset = Zurücksetzen
list-pages = Seiten der Liste
first-page = Erste Seite
previous = ← Zurück
next = Weiter →
rows-per-page = { $list }, { $count } pro Seite
huts =
    { $count ->
        [one] { $count } Hütte
       *[other] { $count } Hütten
    }
people =
    { $count ->
        [one] { $count } Person
       *[other] { $count } Personen
    }
night-count =
    { $count ->
        [one] { $count } Nacht
       *[other] { $count } Nächte
    }
change-count =
    { $count ->
        [one] { $count } Änderung
       *[other] { $count } Änderungen
    }
watch-count =
    { $count ->
        [one] { $count } Suchauftrag
       *[other] { $count } Suchaufträge
    }
more-than = mehr als { $what }
hut = Hütte
night = Nacht
country = Land
free = Frei
occupancy = Belegung
reservation = Reservation
hut-type = Hüttenart
organization = Organisation
checked = Abgefragt
unknown = unbekannt
none = keine

## Fehler

problem-value = „{ $value }“ ist hier nicht gültig. { $hint }
hint-date = Erwartet wird ein Datum wie 2026-07-18, 18.7. oder „heute“.
hint-number = Erwartet wird eine ganze Zahl im Bereich des Feldes.
hint-hut = Keine Hütte heisst so. Die Seite aller Hütten listet sie auf.
hint-place = Erwartet werden Koordinaten wie 47.42,12.11 oder eine Hütte, mit einer Entfernung in km.
hint-range = Erwartet wird ein Bereich wie 1500..2500.
hint-choice = Wähle einen der Werte des Feldes.
hint-cursor = Gehe zurück zur ersten Seite.
hint-stage = Eine Etappe ist eine Hütte oder sind mehrere Hütten mit Kommas, mit der Zahl der Nächte nach einem Doppelpunkt: hut-a,hut-b:2.
hint-other = Ändere es oder lass es weg.
problem-not-found = Diese Seite gibt es nicht.
problem-unavailable = Die Daten können im Moment nicht gelesen werden. Versuche es in einer Minute wieder.
problem-other = Die Seite kann nicht angezeigt werden.
problem-title = Fehler

## Wie voll eine Nacht ist

night-empty = alles frei
night-low = viel Platz
night-medium = etwas Platz
night-high = wenig Platz
night-full = ausgebucht
night-free_unknown = anfragen
night-closed = geschlossen
night-withdrawn = nicht mehr angeboten
night-unknown = unbekannt
reservation-possible = möglich
reservation-not_possible = nicht möglich
reservation-not_online = nicht online
reservation-unknown = unbekannt
places-free-of = { $free } von { $total } frei
places-free = { $free } frei, Gesamtzahl nicht veröffentlicht
places-hidden-of = freie Plätze von { $total } nicht veröffentlicht
places-hidden = freie Plätze nicht veröffentlicht
places-ask = anfragen: { $places }
places-total-unknown = Zahl der Plätze unbekannt
places-before = nicht mehr angeboten; vorher: { $places }
short-free-of = { $free } von { $total }
short-free = { $free } (Gesamtzahl unbekannt)
short-of = { $word } ({ $total } insgesamt)
short-before = war { $places }

## Listen und Filter

country-AD = Andorra
country-AT = Österreich
country-CH = Schweiz
country-DE = Deutschland
country-ES = Spanien
country-FR = Frankreich
country-IT = Italien
country-LI = Liechtenstein
country-SI = Slowenien
nights-field = Nächte
people-field = Personen
elevation = Höhe
booking-site = Buchungsseite
not-polled = wird nicht abgefragt
no-hut-matches = Keine Hütte passt.
sorted-by = Sortiert nach
order = Reihenfolge
sort-date = Nacht
sort-hut = Hütte
sort-name = Name
sort-free = freien Plätzen
sort-occupancy = Belegung
sort-checked = letzter Abfrage
direction-asc = aufsteigend
direction-desc = absteigend
range-1 = heute
range-7 = nächste 7 Tage
range-30 = nächste 30 Tage
range-all = alle
too-many-to-sort = Es sind zu viele Nächte, um nach { $by } zu sortieren; die Liste ist nach Nacht sortiert. Um nach { $by } zu sortieren, wähle einen Zeitraum.
select-to-sort = Wähle eine Spaltenüberschrift, um zu sortieren.
no-night = Keine gespeicherte Nacht passt. Wähle mehr Nächte oder weniger Filter.
no-data = keine Daten

## Hütten und Nächte

all-huts = Alle Hütten
hut-not-found = Hütte nicht gefunden
no-such-hut = Es gibt keine Hütte „{ $slug }“.
did-you-mean = Meintest du:
about = Über die Hütte
booking-sites = Buchungsseiten
no-booking-site = Keine Buchungsseite führt diese Hütte.
booking-page = Buchungsseite
no-link = kein Link
source-moved = diese Kennung hat jetzt eine andere Hütte
source-of-page = die Quelle der Angaben auf dieser Seite
location = Lage
type-open = Art mit Hüttenwart
places-open = Plätze mit Hüttenwart
type-closed = Art ohne Hüttenwart
places-closed = Plätze ohne Hüttenwart
polled = Abgefragt
not-bookable = nein: die Hütte ist nicht buchbar
inactive = nein: die Hütte ist inaktiv
polled-at = ja, bei { $organization }
last-check = Letzte Abfrage
last-success = Letzter Erfolg
failures-in-a-row = Fehlschläge in Folge
failing-since = seit
last-error = Letzter Fehler
year-of-nights = Ein Jahr der Nächte
year-explained = Freie Plätze jeder Nacht, nach Belegung gefärbt.
oldest-figure = Die älteste Zahl einer kommenden Nacht ist von
year-earlier = Ein Jahr früher
year-later = Ein Jahr später
meaning-of-colours = Bedeutung der Farben
meaning-of-signs = Bedeutung der Zeichen
sign-ask = Anfr.
meaning-ask = buchbar, aber die Zahl der freien Plätze ist nicht veröffentlicht
meaning-unknown = Zahl der freien Plätze unbekannt
meaning-withdrawn = von der Buchungsseite nicht mehr angeboten; die Zahl ist die letzte
meaning-old = veraltet: länger als das doppelte Intervall nicht abgefragt, oder mit falscher Uhr abgefragt
last-listed-ago = zuletzt angeboten { $age }
checked-ago = abgefragt { $age }
how-night-filled-up = Wie sich diese Nacht füllte
free-over-time = Freie Plätze im Lauf der Zeit.
chart-has-gaps = Die Linie hat eine Lücke, wo die Nacht geschlossen oder die Zahl unbekannt war.
chart-of-night = Freie Plätze für die Nacht vom { $date } im Lauf der Zeit
since = Von
until = Bis
duration = Dauer
new = neu
duration-so-far = bisher { $duration }
duration-withdrawn = { $duration }, dann nicht mehr angeboten
states = Zustände dieser Nacht, neueste zuerst
last-states =
    { $count ->
        [one] Der letzte Zustand dieser Nacht. Ältere werden nicht gezeigt
       *[other] Die letzten { $count } Zustände dieser Nacht, neueste zuerst. Ältere werden nicht gezeigt
    }
no-data-of-night = Für diese Nacht sind keine Daten gespeichert: Keine Buchungsseite hat sie bisher angeboten.
previous-night = ← Vorige Nacht
next-night = Nächste Nacht →
withdrawn-night = Die Buchungsseite bietet diese Nacht nicht mehr an. Die Zahlen unten sind die letzten, die sie nannte: Auf sie ist kein Verlass mehr.
last-listed = Zuletzt angeboten
first-checked = Zuerst abgefragt
last-checked = Zuletzt abgefragt
book-at = Buchen bei { $organization }
book-hut = { $hut } buchen
before = Vorher
total = Insgesamt
state = Zustand
in-steps = in Zehnerschritten: { $percent } %
id-at-organization = Kennung bei der Organisation
link = Link
usual-type = die übliche Art dieser Hütte
reduced-type = die Art ohne Hüttenwart
not-published = nicht veröffentlicht

## Aufenthalte und Touren

stays-intro = Hütten mit Platz für eine Gruppe in aufeinanderfolgenden Nächten.
tours-intro = Eine Tour hat Etappen in aufeinanderfolgenden Nächten. Schreibe in jedes Feld das Kürzel einer Hütte, oder mehrere mit Kommas zur Auswahl. Ein Doppelpunkt mit einer Zahl gibt die Nächte an, wenn es mehr als eine ist: hut-a,hut-b:2.
first-arrival = Früheste Anreise
last-arrival = Späteste Anreise
today = heute
days-later = 89 Tage später
arrival-on = Anreise am (jeder Tag, wenn keiner gewählt ist)
near = In der Nähe von
near-example = 47.42,12.11 oder eine Hütte
within-km = Umkreis in km
elevation-field = Höhe in m
slug = Kürzel
slug-or-name = Kürzel oder Name
arriving-on = Anreise { $date }
arriving-between = Anreise { $from } bis { $to }
group-of-stay = { $people }, { $nights }, { $arrivals }
stays-found =
    { $count ->
        [one] { $count } Hütte hat Platz für { $group }
       *[other] { $count } Hütten haben Platz für { $group }
    }
stays-nowhere =
    { $count ->
        [one] Die Hütte hat keinen Platz für { $group }.
       *[other] Keine der { $count } Hütten hat Platz für { $group }.
    }
other-huts = Wähle ein anderes Land, eine andere Höhe oder einen grösseren Umkreis, oder lass diese Felder leer.
other-stay = Versuche es mit weniger Personen oder Nächten, mehr Anreisetagen oder anderen Hütten. Oder abonniere diese Suche als Feed: Er hat einen Eintrag, sobald ein Platz frei wird.
no-huts-yet = Noch wird keine Hütte abgefragt: `hut-availability huts discover` findet die Hütten der Buchungsseiten.
no-such-weekday = Vom { $from } bis { $to } gibt es keinen solchen Wochentag.
other-weekdays = Wähle mehr Wochentage oder eine spätere letzte Anreise.
numbers-are-free = Die Zahlen sind freie Plätze.
arrival-sign = ▸ kennzeichnet die Nächte, an denen ein Aufenthalt beginnen kann.
cell-of-night = { $free } frei, { $date }, { $hut }
cell-of-arrival = { $free } frei, { $date }, { $hut }, Anreise
arrivals = Anreisen
earlier-arrivals = ← Frühere Anreisen
later-arrivals = Spätere Anreisen →
follow-feed = Als Feed abonnieren:
feed-atom = Atom für Feedreader
feed-calendar = iCalendar für Kalender
for-programs = Für Programme:
stage = Etappe { $number }
start = Start
end = Ende
no-stage = Noch keine Etappe.
fill-in-stage = Fülle mindestens eine Etappe aus. Um zuerst Hütten mit Platz zu finden:
other-tour = Versuche es mit weniger Personen, anderen Daten oder mehr Hütten zur Auswahl. Oder abonniere diese Suche als Feed: Er hat einen Eintrag, sobald ein Platz frei wird. Diese Suchen zeigen, wann jede Etappe Platz hat:
tours-found =
    { $count ->
        [one] { $count } Start für { $people }, { $nights }, { $from } bis { $to }
       *[other] { $count } Starts für { $people }, { $nights }, { $from } bis { $to }
    }
no-tour = Keine Tour für { $people }, { $nights }, { $from } bis { $to }.
or-more = oder { $count } weitere
and-more = und { $count } weitere

## Suchaufträge

watches = Suchaufträge
watch-active = aktiv
watch-paused = pausiert
watch-ended = beendet
name = Name
waits-for = Wartet auf
open-arrivals = Mögliche Anreisen
channels = Kanäle
channel = Kanal
time = Zeit
attempts = Versuche
last-notifications = Letzte Meldungen, neueste zuerst
no-watches = Noch keine Suchaufträge. So legt man einen an:
no-notifications = Noch keine Meldungen. Ein Lauf sendet eine, sobald eine Anreise eines Suchauftrags möglich wird.
delivery-pending = ausstehend
delivery-sent = gesendet
delivery-failed = fehlgeschlagen

## Startseite

start-title = Wo können wir übernachten?
arrival = Anreise
where = Wo
where-example = Hütte, Land oder 47.42,12.11
more-options = Weitere Optionen
sort-distance = Entfernung
sort-best = passt am besten
with-full-huts = auch Hütten ohne Platz
answer-found =
    { $count ->
        [one] { $count } Hütte hat Platz für { $people } { $when }
       *[other] { $count } Hütten haben Platz für { $people } { $when }
    }
answer-none = Keine Hütte hat Platz für { $people } { $when }
when-night = am { $date }
when-nights = für { $nights } ab { $date }
when-weekdays = für { $nights }, Anreise { $weekdays }, { $from } bis { $to }
others = Von den anderen:
others-ask =
    { $count ->
        [one] { $count } anzufragen
       *[other] { $count } anzufragen
    }
others-full =
    { $count ->
        [one] { $count } ausgebucht
       *[other] { $count } ausgebucht
    }
others-closed =
    { $count ->
        [one] { $count } geschlossen
       *[other] { $count } geschlossen
    }
others-unknown =
    { $count ->
        [one] { $count } unbekannt
       *[other] { $count } unbekannt
    }
other-place = Keine Hütte passt. Gib einen anderen Ort ein oder lass das Feld leer.
other-night = Versuche es mit einer anderen Nacht, weniger Personen oder einem anderen Ort. Oder abonniere diese Suche als Feed: Er hat einen Eintrag, sobald ein Platz frei wird.
next-with-room = Die nächste Nacht mit Platz: { $date }
tonight = Heute
tomorrow = Morgen
weekend = Samstag
earlier-night = ← Nacht davor
later-night = Nacht danach →
earlier-week = « Woche davor
later-week = Woche danach »
grid-explained = Die Zahlen sind freie Plätze; ein Rahmen kennzeichnet die passenden Nächte.
fits = Platz für die Gruppe
too-few = ausgebucht oder zu wenig Plätze
download = Herunterladen:

## Änderungen

only-freed =
    { $count ->
        [one] nur frei gewordene Plätze des letzten Tages
       *[other] nur frei gewordene Plätze der letzten { $count } Tage
    }
freed-nights =
    { $count ->
        [one] Plätze wurden frei, { $count } Nacht
       *[other] Plätze wurden frei, { $count } Nächte
    }
newest-first = neueste zuerst
as-feed = Als Feed abonnieren
run-of = Lauf vom
no-run = Ohne Lauf im Protokoll
then = danach
no-change = Keine gespeicherte Änderung passt. Wähle weniger Filter.

## Abfragen, für Betreiber

tile-overdue = Überfällig
tile-failing = Fehlgeschlagen
tile-stalest = Älteste Abfrage
tile-last-run = Letzter Lauf
tile-budget = Budget
tile-pending = Meldungen
oldest-since = älteste:
of-huts =
    { $count ->
        [one] { $part } von { $count } Hütte
       *[other] { $part } von { $count } Hütten
    }
tile-never =
    { $count ->
        [one] { $count } nie abgefragt
       *[other] { $count } nie abgefragt
    }
accuracy = { $now } % der offenen Nächte sind voraussichtlich wie gespeichert, { $mean } % im Tagesmittel
checks-a-day = { $checks } Abfragen pro Tag
spent-today = { $spent } heute verbraucht, { $available } jetzt verfügbar
shortfall = Die längsten Intervalle brauchen { $needed } Abfragen pro Tag: Erhöhe --checks-per-day auf { $per-hut } oder mehr.
pending-count =
    { $count ->
        [one] { $count } ausstehend
       *[other] { $count } ausstehend
    }
watches-link = Suchaufträge und ihre Meldungen
errors = Fehler
no-failing = Keine Hütte schlägt fehl.
errors-by-kind = Fehler nach Buchungsseite und Art, die meisten Hütten zuerst
errors-by-hut = Fehler nach Hütte
most-failures-first = Hütten, deren letzte Abfrage fehlschlug, die meisten Fehlschläge in Folge zuerst
kind = Art
first-huts = Erste Hütten
example = Beispiel
stalest-huts = Hütten mit den ältesten Zahlen
stalest-explained = Hütten mit den meisten Nächten, die voraussichtlich vom Gespeicherten abweichen
age = Alter
changes-a-day = Änderungen pro Tag
open-nights = Offene Nächte
expected-untrue = Voraussichtlich falsch
due = Fällig
last-runs = Letzte Läufe
last-runs-explained = Die letzten Läufe, neueste zuerst
chart-of-runs =
    { $count ->
        [one] Der letzte Lauf: höchstens { $most } Hütten
       *[other] Die letzten { $count } Läufe, älteste zuerst: höchstens { $most } Hütten pro Lauf
    }
updated = Aktualisiert
failed = Fehlgeschlagen
skipped = Übersprungen
started = Gestartet
mode = Modus
result = Ergebnis
host = Rechner
no-runs = Noch keine Läufe
run-succeeded = erfolgreich
run-some-huts-failed = einige Hütten schlugen fehl
run-failed = fehlgeschlagen
run-running = läuft
run-killed = abgebrochen
run-stopped-by-a-signal = durch ein Signal beendet

## Map

map-label = Karte der Hütten
map-tools = Karte verschieben
map-in = Vergrößern
map-out = Verkleinern
map-all = Alle Hütten zeigen
map-west = Nach Westen
map-north = Nach Norden
map-south = Nach Süden
map-east = Nach Osten
map-legend = Bedeutung der Zeichen
map-fits = freie Plätze
map-fits-group = freie Plätze, genug für { $people }
map-ask = buchbar, Zahl nicht veröffentlicht
map-full = voll oder zu wenige Plätze
map-several = mehrere Hütten, und wie viele davon Platz haben
map-cluster = { $huts }, { $fitting } mit Platz
map-cluster-ask = { $huts }, { $fitting } mit Platz, { $ask } auf Anfrage
map-opens = { $cluster }: vergrößern
map-source = Kartendaten: Natural Earth
map-close = Schließen
card-nights = Die nächsten Nächte
card-away = { $distance } entfernt
card-all-nights = Alle Nächte der Hütte
embed-open = Auf der Website öffnen
map = Karte
skip-map = Karte überspringen: Die Tabelle zeigt dieselben Hütten
not-on-map =
    { $count ->
        [one] { $count } Hütte ist nicht auf der Karte, weil ihre Lage unbekannt ist oder ausserhalb liegt.
       *[other] { $count } Hütten sind nicht auf der Karte, weil ihre Lage unbekannt ist oder ausserhalb liegt.
    }

## Seite einer Hütte

not-followed = Die Buchungen dieser Hütte werden hier nicht abgefragt, ihre freien Plätze sind darum nicht bekannt. Frag bei der Hütte nach.
not-checked-since = Nicht abgefragt seit
not-checked-advice = Seither hat die Buchungsseite nicht geantwortet, die Zahlen können darum falsch sein. Schau vor dem Aufbruch auf der Buchungsseite nach.
never-checked = Die freien Plätze dieser Hütte wurden noch nie abgefragt. Komm später wieder, oder schau auf der Buchungsseite nach.
next-stays = Nächste freie Aufenthalte für { $people }, { $nights }
weekends-with-room = Freitag bis Sonntag mit Platz für { $people }
stay-dates = { $from } – { $to }
book-stay = { $hut } buchen, { $dates }
no-stay-in-a-year = In den nächsten zwölf Monaten ist kein Platz für { $people }, { $nights }.
no-weekend-in-a-year = In den nächsten zwölf Monaten ist von Freitag bis Sonntag nie Platz für { $people }.
try-other-stay = Versuche es mit weniger Personen oder Nächten, oder mit einer der Hütten in der Nähe weiter unten. Oder folge dieser Hütte als Feed: Er hat einen Eintrag, sobald ein Platz frei wird.
all-stays-of-hut = Alle freien Aufenthalte in dieser Hütte
fits-group = Platz für deine Gruppe
months-closed = { $months }: geschlossen
months-closed-or-without-data = { $months }: geschlossen oder keine Daten
months-without-data = { $months }: keine Daten
download-nights = Diese Nächte herunterladen:
download-history = Diesen Verlauf herunterladen:
one-night = Eine Nacht
distance = Entfernung
neighbours = Hütten im Umkreis von { $km } km mit Platz für { $stay }
stay-of-group = { $people }, { $nights }, ab { $date }
neighbours-without-room =
    { $count ->
        [0] Im Umkreis von { $km } km ist keine andere Hütte bekannt für { $stay }. Suche in grösserer Entfernung.
        [one] Die einzige andere Hütte im Umkreis von { $km } km hat keinen Platz für { $stay }. Versuche eine andere Nacht, oder suche in grösserer Entfernung.
       *[other] Keine der { $count } anderen Hütten im Umkreis von { $km } km hat Platz für { $stay }. Versuche eine andere Nacht, oder suche in grösserer Entfernung.
    }
neighbours-wider = Hütten im Umkreis von { $km } km mit Platz
chart-compared = Freie Plätze für die Nacht vom { $date } nach der Zahl der Tage davor, neben früheren Nächten
chart-of-days = Freie Plätze in Prozent, nach der Zahl der Tage vor der Nacht. Die durchgezogene Linie ist diese Nacht.
band-median = Die gestrichelte Linie ist die Mitte der früheren Nächte.
band-of-all = Das Band enthält sie alle.
band-of-most = Das Band enthält vier von fünf.
on-similar-nights = An { $count } früheren { $weekday }en im { $month }
similar-half = { $nights } war die Hälfte der Plätze meist { $before } weg.
similar-half-and-full = { $nights } war die Hälfte der Plätze meist { $before } weg, und die Hütte meist { $full } voll.
similar-stayed-free = { $nights } war meist bis zuletzt mehr als die Hälfte der Plätze frei.
days-before =
    { $count ->
        [0] am Tag selbst
        [one] { $count } Tag vorher
       *[other] { $count } Tage vorher
    }
compared-now = Jetzt, { $days } vor der Nacht, sind { $now } der Plätze frei; meist waren es { $usual }.
too-few-similar =
    { $count ->
        [0] Es gibt keinen früheren { $weekday } im { $month }, mit dem diese Nacht zu vergleichen wäre.
        [one] Es gibt erst { $count } früheren { $weekday } im { $month }, zu wenig für einen Vergleich.
       *[other] Es gibt erst { $count } frühere { $weekday }e im { $month }, zu wenige für einen Vergleich.
    }
for-operators = Zahlen für Betreiber
preview-of-night = { $places } am { $date }
