# What the program says to readers, in English.
#
# The other files have the same texts with the same arguments; a test compares them. Arguments:
#   $watch, $hut, $name   names, $name of a hut or a watch
#   $what                 "stay" or "tour"
#   $day, $from-day, …    the day of the month of $date, $from, …, for articles that depend on it

## Dates

date-short = { $day } { $month }
date-short-with-year = { $day } { $month } { $year }
date-long = { $weekday } { $day } { $month }
date-long-with-year = { $weekday } { $day } { $month } { $year }
instant = { $date }, { $time }
nights =
    { $nights ->
        [one] { $from }, { $nights } night
       *[other] { $from } to { $to }, { $nights } nights
    }

## Titles of messages about watches

title-stay =
    { $hut }: { $places ->
        [one] { $places } place
       *[other] { $places } places
    } free { $nights ->
        [one] on { $date }
       *[other] for { $nights } nights from { $date }
    }
title-tour = { $watch }: room on every stage from { $date }
title-several =
    { $name }: { $what ->
        [tour] { $count } start dates possible
       *[stay] { $count } stays possible
    }, the first on { $date }
title-closed-stay =
    { $hut }: no longer free { $nights ->
        [one] on { $date }
       *[other] for { $nights } nights from { $date }
    }
title-closed-tour = { $watch }: start on { $date } no longer possible
title-closed-several =
    { $name }: { $what ->
        [tour] { $count } start dates
       *[stay] { $count } stays
    } no longer possible
title-summary =
    { $watch }: { $what ->
        [tour] { $count ->
            [one] { $count } start date is
           *[other] { $count } start dates are
        }
       *[stay] { $count ->
            [one] { $count } stay is
           *[other] { $count } stays are
        }
    } possible already
title-test = Test: { $watch }

## Texts of messages about watches

summary = This is a summary of what was free already when the watch was set up or resumed.
test = This is a test: nothing has opened, and the example below is made up.
opened =
    { $people ->
        [one] Room for { $people } person:
       *[other] Room for { $people } people:
    }
opened-many =
    { $people ->
        [one] Room for { $people } person:
       *[other] Room for { $people } people:
    } { $what ->
        [tour] { $count } start dates are possible.
       *[stay] { $count } stays are possible.
    } The first { $listed }, from { $from } to { $to }:
closed = No longer possible:
closed-many =
    { $what ->
        [tour] { $count } start dates are no longer possible.
       *[stay] { $count } stays are no longer possible.
    } The first { $listed }, from { $from } to { $to }:
more =
    { $what ->
        [tour] … and { $count } more.
       *[stay] … and { $count } more.
    }
stay = { $hut }, { $nights }
tour = Tour, { $nights }
places =
    { $places ->
        [one] { $places } place free
       *[other] { $places } places free
    }
places-by-night = { $places }; by night: { $list }
or = or
full-for-days =
    { $count ->
        [one] Had been full for { $count } day.
       *[other] Had been full for { $count } days.
    }
full-for-hours =
    { $count ->
        [one] Had been full for { $count } hour.
       *[other] Had been full for { $count } hours.
    }
full-for-minutes =
    { $count ->
        [one] Had been full for { $count } minute.
       *[other] Had been full for { $count } minutes.
    }
book = Book
as-of = as of { $instant }
label = { $label }: { $text }
watch = Watch
message = Message

## Types of huts

hut-type-unknown = unknown
hut-type-closed = closed
hut-type-campgr = campground
hut-type-shelter = shelter
hut-type-camping = camping
hut-type-bivouac = bivouac
hut-type-selfhut = self-service hut
hut-type-hut = hut
hut-type-alp = alp
hut-type-bhotel = basic hotel
hut-type-hostel = hostel
hut-type-hotel = hotel
hut-type-special = special
hut-type-resta = restaurant
