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

## Times and numbers

date-medium = { $weekday } { $day } { $month } { $year }
days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
seconds =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
days-ago =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
hours-ago =
    { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
minutes-ago =
    { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
just-now = just now
in-the-future = in the future
in-time = in { $duration }
now = now
never = never
old = old
wrong-clock = wrong clock
percent = { $percent } %
metres = { $metres } m
kilometres = { $km } km

## Every page

site-name = Hut availability
skip = Skip to content
nav = Pages
nav-start = Find a bed
nav-stays = Stays
nav-tours = Tours
nav-availability = Current availability
nav-changes = Changes
nav-huts = Huts
nav-checks = Checks
find-hut = Find a hut
find = Find
languages = Languages
footer = The booking sites publish these numbers of free places. To book, follow the link to the booking site: this website only shows data.
any = any
show = Show
reset = Reset
list-pages = Pages of the list
first-page = First page
previous = ← Previous
next = Next →
rows-per-page = { $list }, { $count } per page
huts =
    { $count ->
        [one] { $count } hut
       *[other] { $count } huts
    }
people =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
night-count =
    { $count ->
        [one] { $count } night
       *[other] { $count } nights
    }
change-count =
    { $count ->
        [one] { $count } change
       *[other] { $count } changes
    }
watch-count =
    { $count ->
        [one] { $count } watch
       *[other] { $count } watches
    }
more-than = more than { $what }
hut = Hut
night = Night
country = Country
free = Free
occupancy = Occupancy
reservation = Reservation
hut-type = Hut type
organization = Organization
checked = Checked
unknown = unknown
none = none

## Problems

problem-value = “{ $value }” is not valid here. { $hint }
hint-date = Expected is a date such as 2026-07-18, 18.7. or “today”.
hint-number = Expected is a whole number within the range of the field.
hint-hut = No hut has this name. The page of all huts lists them.
hint-place = Expected are coordinates such as 47.42,12.11, or a hut, with a distance in km.
hint-range = Expected is a range such as 1500..2500.
hint-choice = Choose one of the values of the field.
hint-cursor = Go back to the first page.
hint-stage = A stage is a hut or several huts with commas, with a number of nights after a colon: hut-a,hut-b:2.
hint-other = Change it or leave it out.
problem-not-found = This page does not exist.
problem-unavailable = The data cannot be read at the moment. Try again in a minute.
problem-other = The page cannot be shown.
problem-title = Problem

## How full a night is

night-empty = all free
night-low = plenty
night-medium = some
night-high = few
night-full = full
night-free_unknown = ask
night-closed = closed
night-withdrawn = no longer listed
night-unknown = unknown
reservation-possible = possible
reservation-not_possible = not possible
reservation-not_online = not online
reservation-unknown = unknown
places-free-of = { $free } of { $total } free
places-free = { $free } free, total not published
places-hidden-of = free places of { $total } not published
places-hidden = free places not published
places-ask = ask: { $places }
places-total-unknown = number of places unknown
places-before = no longer listed; before: { $places }
short-free-of = { $free } of { $total }
short-free = { $free } (total unknown)
short-of = { $word } ({ $total } in all)
short-before = was { $places }

## Lists and filters

country-AD = Andorra
country-AT = Austria
country-CH = Switzerland
country-DE = Germany
country-ES = Spain
country-FR = France
country-IT = Italy
country-LI = Liechtenstein
country-SI = Slovenia
nights-field = Nights
people-field = People
elevation = Elevation
booking-site = Booking site
not-polled = not polled
no-hut-matches = No hut matches.
sorted-by = Sorted by
order = Order
sort-date = night
sort-hut = hut
sort-name = name
sort-free = free places
sort-occupancy = occupancy
sort-checked = last check
direction-asc = ascending
direction-desc = descending
range-1 = today
range-7 = next 7 days
range-30 = next 30 days
range-all = all
too-many-to-sort = There are too many nights to sort by { $by }, so the list is sorted by night. To sort by { $by }, choose a range of nights.
select-to-sort = Select a column heading to sort.
no-night = No stored night matches. Choose more nights or fewer filters.
no-data = no data

## Huts and nights

all-huts = All huts
hut-not-found = Hut not found
no-such-hut = There is no hut “{ $slug }”.
did-you-mean = Did you mean:
about = About
booking-sites = Booking sites
no-booking-site = No booking site lists this hut.
booking-page = booking page
no-link = no link
source-moved = another hut has this ID now
source-of-page = the source of the availability on this page
location = Location
type-open = Type with a warden
places-open = Places with a warden
type-closed = Type without a warden
places-closed = Places without a warden
polled = Polled
not-bookable = no: the hut is not bookable
inactive = no: the hut is inactive
polled-at = yes, at { $organization }
last-check = Last check
last-success = Last success
failures-in-a-row = Failures in a row
failing-since = since
last-error = Last error
year-of-nights = A year of nights
year-explained = Free places of each night, coloured by occupancy.
oldest-figure = The oldest figure of a coming night is from
year-earlier = A year earlier
year-later = A year later
meaning-of-colours = Meaning of the colours
meaning-of-signs = Meaning of the signs
sign-ask = ask
meaning-ask = bookable, but the number of free places is not published
meaning-unknown = number of free places unknown
meaning-withdrawn = no longer listed by the booking site; the number is the last one
meaning-old = old: not checked for more than twice the polling interval, or checked with a wrong clock
last-listed-ago = last listed { $age }
checked-ago = checked { $age }
how-night-filled-up = How this night filled up
free-over-time = Free places over time.
chart-has-gaps = The line has a gap where the night was closed or the number was not known.
chart-of-night = Free places for the night of { $date } over time
since = From
until = To
duration = Duration
new = new
duration-so-far = { $duration } so far
duration-withdrawn = { $duration }, then no longer listed
states = States of this night, newest first
last-states =
    { $count ->
        [one] The last state of this night. Older states are not shown
       *[other] The last { $count } states of this night, newest first. Older states are not shown
    }
no-data-of-night = No data is stored for this night: no booking site has listed it yet.
previous-night = ← Previous night
next-night = Next night →
withdrawn-night = The booking site no longer lists this night. The figures below are the last ones that it gave: nobody can rely on them now.
last-listed = Last listed
first-checked = First checked
last-checked = Last checked
book-at = Book at { $organization }
book-hut = Book { $hut }
before = Before
total = Total
state = State
in-steps = in steps of ten: { $percent } %
id-at-organization = ID at the organization
link = Link
usual-type = the usual type of this hut
reduced-type = the type without a warden
not-published = not published

## Stays and tours

stays-intro = Huts with room for a group on consecutive nights.
tours-intro = A tour has stages on consecutive nights. Write the slug of a hut into each field, or several slugs with commas as alternatives. A colon with a number gives the nights, if it is more than one: hut-a,hut-b:2.
first-arrival = First arrival
last-arrival = Last arrival
today = today
days-later = 89 days later
arrival-on = Arrival on (any day if none is chosen)
near = Near
near-example = 47.42,12.11 or a hut
within-km = Within km
elevation-field = Elevation in m
slug = slug
slug-or-name = slug or name
arriving-on = arriving on { $date }
arriving-between = arriving from { $from } to { $to }
group-of-stay = { $people }, { $nights }, { $arrivals }
stays-found =
    { $count ->
        [one] { $count } hut has room for { $group }
       *[other] { $count } huts have room for { $group }
    }
stays-nowhere =
    { $count ->
        [one] The hut has no room for { $group }.
       *[other] None of the { $count } huts has room for { $group }.
    }
other-huts = Choose another country, another elevation or a greater distance, or leave these fields empty.
other-stay = Try fewer people or nights, more arrivals, or other huts. Or follow this search as a feed: it has an entry as soon as a place becomes free.
no-huts-yet = No hut is polled yet: `hut-availability huts discover` finds the huts of the booking sites.
no-such-weekday = There is no such weekday from { $from } to { $to }.
other-weekdays = Choose more weekdays, or a later last arrival.
numbers-are-free = The numbers are free places.
arrival-sign = ▸ marks the nights on which a stay can begin.
cell-of-night = { $free } free, { $date }, { $hut }
cell-of-arrival = { $free } free, { $date }, { $hut }, arrival
arrivals = Arrivals
earlier-arrivals = ← Earlier arrivals
later-arrivals = Later arrivals →
follow-feed = Follow this as a feed:
feed-atom = Atom for readers of feeds
feed-calendar = iCalendar for calendars
for-programs = For programs:
stage = Stage { $number }
start = Start
end = End
no-stage = No stage yet.
fill-in-stage = Fill in at least one stage. To find huts with room first:
other-tour = Try fewer people, other dates, or more alternatives for a stage. Or follow this search as a feed: it has an entry as soon as a place becomes free. These searches show when each stage has room:
tours-found =
    { $count ->
        [one] { $count } start for { $people }, { $nights }, from { $from } to { $to }
       *[other] { $count } starts for { $people }, { $nights }, from { $from } to { $to }
    }
no-tour = No tour for { $people }, { $nights }, from { $from } to { $to }.
or-more = or { $count } more
and-more = and { $count } more

## Watches

watches = Watches
watch-active = active
watch-paused = paused
watch-ended = ended
name = Name
waits-for = Waits for
open-arrivals = Open arrivals
channels = Channels
channel = Channel
time = Time
attempts = Attempts
last-notifications = Last notifications, newest first
no-watches = No watches yet. This shows how to add one:
no-notifications = No notifications yet. A run sends one as soon as an arrival of a watch opens.
delivery-pending = pending
delivery-sent = sent
delivery-failed = failed

## Start page

start-title = Where can we sleep?
arrival = Arrival
where = Where
where-example = hut, country or 47.42,12.11
more-options = More options
sort-distance = distance
sort-best = what fits best
with-full-huts = also huts without room
answer-found =
    { $count ->
        [one] { $count } hut has room for { $people } { $when }
       *[other] { $count } huts have room for { $people } { $when }
    }
answer-none = No hut has room for { $people } { $when }
when-night = on { $date }
when-nights = for { $nights } from { $date }
when-weekdays = for { $nights }, arriving on { $weekdays } from { $from } to { $to }
others = Of the others:
others-ask =
    { $count ->
        [one] { $count } to ask
       *[other] { $count } to ask
    }
others-full =
    { $count ->
        [one] { $count } full
       *[other] { $count } full
    }
others-closed =
    { $count ->
        [one] { $count } closed
       *[other] { $count } closed
    }
others-unknown =
    { $count ->
        [one] { $count } unknown
       *[other] { $count } unknown
    }
other-place = No hut matches. Write another place, or leave the field empty.
other-night = Try another night, fewer people, or another place. Or follow this search as a feed: it has an entry as soon as a place becomes free.
next-with-room = The next night with room: { $date }
tonight = Tonight
tomorrow = Tomorrow
weekend = Saturday
earlier-night = ← Night before
later-night = Night after →
earlier-week = « Week before
later-week = Week after »
grid-explained = The numbers are free places; a frame marks the nights that fit.
fits = room for the group
too-few = full or too few places
download = Download:

## Changes

only-freed =
    { $count ->
        [one] only places that came free, in the last { $count } day
       *[other] only places that came free, in the last { $count } days
    }
freed-nights =
    { $count ->
        [one] places came free on { $count } night
       *[other] places came free on { $count } nights
    }
newest-first = newest first
as-feed = Follow this as a feed
run-of = Run of
no-run = Without a run in the log
then = then
no-change = No stored change matches. Choose fewer filters.

## Checks, for operators

tile-overdue = Overdue
tile-failing = Failing
tile-stalest = Oldest check
tile-last-run = Last run
tile-budget = Budget
tile-pending = Notifications
oldest-since = oldest:
of-huts =
    { $count ->
        [one] { $part } of { $count } hut
       *[other] { $part } of { $count } huts
    }
tile-never =
    { $count ->
        [one] { $count } never checked
       *[other] { $count } never checked
    }
accuracy = { $now } % of the open nights are expected to be as stored, { $mean } % in the mean of a day
checks-a-day = { $checks } checks a day
spent-today = { $spent } spent today, { $available } available now
shortfall = The longest intervals need { $needed } checks a day: raise --checks-per-day to { $per-hut } or more.
pending-count =
    { $count ->
        [one] { $count } pending
       *[other] { $count } pending
    }
watches-link = Watches and their notifications
errors = Errors
no-failing = No hut is failing.
errors-by-kind = Errors by booking site and kind, the most huts first
errors-by-hut = Errors by hut
most-failures-first = Huts whose last check failed, those with the most failures in a row first
kind = Kind
first-huts = First huts
example = Example
stalest-huts = Stalest huts
stalest-explained = Huts with the most nights that are expected to differ from what is stored
age = Age
changes-a-day = Changes a day
open-nights = Open nights
expected-untrue = Expected untrue
due = Due
last-runs = Last runs
last-runs-explained = The last runs, newest first
chart-of-runs =
    { $count ->
        [one] The last run: at most { $most } huts
       *[other] The last { $count } runs, oldest first: at most { $most } huts in a run
    }
updated = Updated
failed = Failed
skipped = Skipped
started = Started
mode = Mode
result = Result
host = Host
no-runs = No runs yet
run-succeeded = succeeded
run-some-huts-failed = some huts failed
run-failed = failed
run-running = running
run-killed = killed
run-stopped-by-a-signal = stopped by a signal

## Map

map-label = Map of the huts
map-tools = Move the map
map-in = Zoom in
map-out = Zoom out
map-all = Show all huts
map-west = Move to the west
map-north = Move to the north
map-south = Move to the south
map-east = Move to the east
map-legend = Meaning of the marks
map-fits = free places
map-fits-group = free places, enough for { $people }
map-ask = bookable, number not published
map-full = full, or too few places
map-several = several huts, and how many of them have room
map-cluster = { $huts }, { $fitting } with room
map-cluster-ask = { $huts }, { $fitting } with room, { $ask } to ask
map-opens = { $cluster }: zoom in
map-source = Map data: Natural Earth
map-close = Close
card-nights = The next nights
card-away = { $distance } away
card-all-nights = All nights of the hut
embed-open = Open on the website
map = Map
skip-map = Skip the map: the grid shows the same huts
not-on-map =
    { $count ->
        [one] { $count } hut is not on the map, because its location is unknown or outside the map.
       *[other] { $count } huts are not on the map, because their location is unknown or outside the map.
    }

## Page of a hut

not-followed = Nobody checks the bookings of this hut here, so its free places are not known. Ask the hut itself.
not-checked-since = Not checked since
not-checked-advice = The booking site has not answered since then, so the numbers may be wrong. Look at the booking site before you go.
never-checked = The free places of this hut have not been checked yet. Come back later, or look at the booking site.
next-stays = Next free stays for { $people }, { $nights }
weekends-with-room = Fridays to Sundays with room for { $people }
stay-dates = { $from } – { $to }
book-stay = Book { $hut }, { $dates }
no-stay-in-a-year = There is no room for { $people }, { $nights }, in the next twelve months.
no-weekend-in-a-year = No Friday to Sunday in the next twelve months has room for { $people }.
try-other-stay = Try fewer people or fewer nights, or one of the huts nearby further down. Or follow this hut as a feed: it has an entry as soon as a place becomes free.
all-stays-of-hut = All free stays in this hut
fits-group = room for your group
months-closed = { $months }: closed
months-closed-or-without-data = { $months }: closed or no data
months-without-data = { $months }: no data
download-nights = Download these nights:
download-history = Download this history:
one-night = One night
distance = Distance
neighbours = Huts within { $km } km with room for { $stay }
stay-of-group = { $people }, { $nights }, from { $date }
neighbours-without-room =
    { $count ->
        [0] No other hut within { $km } km is known for { $stay }. Look further away.
        [one] The only other hut within { $km } km has no room for { $stay }. Try another night, or look further away.
       *[other] None of the { $count } other huts within { $km } km has room for { $stay }. Try another night, or look further away.
    }
neighbours-wider = Huts within { $km } km with room
chart-compared = Free places for the night of { $date } by the number of days before it, beside earlier nights
chart-of-days = Free places in percent, by the number of days before the night. The solid line is this night.
band-median = The dashed line is the middle of the earlier nights.
band-of-all = The band contains all of them.
band-of-most = The band contains four out of five of them.
on-similar-nights = On { $count } earlier { $weekday }s in { $month }
similar-half = { $nights }, half of the places were usually gone { $before }.
similar-half-and-full = { $nights }, half of the places were usually gone { $before }, and the hut was usually full { $full }.
similar-stayed-free = { $nights }, more than half of the places were usually free to the end.
days-before =
    { $count ->
        [0] on the day itself
        [one] { $count } day before
       *[other] { $count } days before
    }
compared-now = Now, { $days } before the night, { $now } of the places are free; usually it was { $usual }.
too-few-similar =
    { $count ->
        [0] There is no earlier { $weekday } in { $month } to compare this night with.
        [one] There is only { $count } earlier { $weekday } in { $month }, too few to compare this night with.
       *[other] There are only { $count } earlier { $weekday }s in { $month }, too few to compare this night with.
    }
for-operators = Numbers for operators
preview-of-night = { $places } on { $date }
