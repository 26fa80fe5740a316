-- Watches: what people wait for, which arrivals are open, and the messages to send.

-- The number of checks that changed whether the hut has room on some date. Each check writes this row anyway. A watch
-- whose stored number differs is to be matched, so that no change is missed, whatever is killed.
ALTER TABLE hut_check ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;

CREATE TABLE watch (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    -- A tour has stages on consecutive nights. Otherwise each of the huts may do.
    is_tour INTEGER NOT NULL CHECK (is_tour IN (0, 1)),
    places INTEGER NOT NULL CHECK (places >= 1),
    first_arrival TEXT NOT NULL,
    last_arrival TEXT NOT NULL,
    -- Such as fri,sat. Empty: any.
    weekdays TEXT NOT NULL,
    -- The names of channels, with commas.
    channels TEXT NOT NULL CHECK (channels <> ''),
    quiet_start INTEGER NOT NULL CHECK (quiet_start IN (0, 1)),
    closings INTEGER NOT NULL CHECK (closings IN (0, 1)),
    cooldown_seconds INTEGER NOT NULL CHECK (cooldown_seconds >= 0),
    -- The file from which `watches apply` took it. Null: it was made by hand.
    file TEXT,
    created_at TEXT NOT NULL,
    -- Null: it is not paused.
    paused_at TEXT,
    -- Not matched yet since it was made or resumed.
    is_starting INTEGER NOT NULL DEFAULT 1 CHECK (is_starting IN (0, 1)),
    CHECK (first_arrival <= last_arrival)
) STRICT;

-- The huts of a stay (stage 1), or those of each stage of a tour. Small tables, not distributed by hut.
CREATE TABLE watch_hut (
    watch_id INTEGER NOT NULL REFERENCES watch (id) ON DELETE CASCADE,
    stage INTEGER NOT NULL CHECK (stage >= 1),
    position INTEGER NOT NULL CHECK (position >= 1),
    hut_id INTEGER NOT NULL REFERENCES hut (id),
    nights INTEGER NOT NULL CHECK (nights >= 1),
    -- hut_check.changes at the last match. Null: never matched.
    matched_changes INTEGER,
    PRIMARY KEY (watch_id, stage, position)
) STRICT;

-- The arrivals that have opened at some time. hut_id is 0 for a tour, which has an arrival but no single hut.
CREATE TABLE watch_arrival (
    watch_id INTEGER NOT NULL REFERENCES watch (id) ON DELETE CASCADE,
    arrival TEXT NOT NULL,
    hut_id INTEGER NOT NULL,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    -- How often it has opened.
    opening INTEGER NOT NULL CHECK (opening >= 1),
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    -- When an opening was last put into a message. Null: never.
    notified_at TEXT,
    PRIMARY KEY (watch_id, arrival, hut_id),
    CHECK (is_open = (closed_at IS NULL))
) STRICT;

-- What is to be said: one row for each opening of an arrival, and one for each closing where the watch asks for it.
CREATE TABLE outbox (
    watch_id INTEGER NOT NULL REFERENCES watch (id) ON DELETE CASCADE,
    arrival TEXT NOT NULL,
    hut_id INTEGER NOT NULL,
    opening INTEGER NOT NULL,
    event TEXT NOT NULL CHECK (event IN ('opened', 'closed')),
    found_at TEXT NOT NULL,
    -- Later than found_at if the arrival opened within the cooldown.
    due_at TEXT NOT NULL,
    -- Huts, nights and free places as JSON: what the message says.
    visit TEXT NOT NULL,
    -- waiting: for its due time. queued: in a message. dropped: closed again before its due time.
    state TEXT NOT NULL CHECK (state IN ('waiting', 'queued', 'dropped')),
    message_id TEXT,
    PRIMARY KEY (watch_id, arrival, hut_id, opening, event),
    CHECK ((message_id IS NULL) = (state <> 'queued'))
) STRICT;

CREATE INDEX outbox_by_message ON outbox (message_id);

-- A message to one channel.
CREATE TABLE delivery (
    message_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    watch_id INTEGER NOT NULL REFERENCES watch (id) ON DELETE CASCADE,
    is_summary INTEGER NOT NULL CHECK (is_summary IN (0, 1)),
    -- When the match found the news, by the clock of the run.
    found_at TEXT NOT NULL,
    -- By the clock of the database, as all times below.
    created_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at TEXT NOT NULL,
    -- A sender has it in hand until this time. Null: none has.
    held_until TEXT,
    -- The name of that sender.
    holder TEXT,
    finished_at TEXT,
    last_error TEXT,
    PRIMARY KEY (message_id, channel),
    CHECK ((finished_at IS NULL) = (state = 'pending'))
) STRICT;

-- What is to be sent.
CREATE INDEX delivery_pending ON delivery (next_attempt_at) WHERE state = 'pending';
