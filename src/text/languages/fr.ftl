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
