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
