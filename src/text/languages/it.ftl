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
