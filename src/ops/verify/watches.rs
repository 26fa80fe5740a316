//! SQL statements that find what is wrong with watches, each problem in one line. They suit both databases.

/// Watches, arrivals, the outbox and the messages contradict each other.
pub const PROBLEMS: &str = "
    SELECT 'watch ' || watch.id || ' has no hut' AS line, NULL AS field FROM watch
        WHERE NOT EXISTS (SELECT 1 FROM watch_hut WHERE watch_hut.watch_id = watch.id)
    UNION ALL
    SELECT 'watch ' || outbox.watch_id || ': the outbox has the opening ' || outbox.opening || ' of '
            || outbox.arrival || ' (hut ' || outbox.hut_id || '), which its arrival has not', NULL
        FROM outbox LEFT JOIN watch_arrival ON watch_arrival.watch_id = outbox.watch_id
            AND watch_arrival.arrival = outbox.arrival AND watch_arrival.hut_id = outbox.hut_id
        WHERE watch_arrival.opening IS NULL OR watch_arrival.opening < outbox.opening
    UNION ALL
    SELECT 'watch ' || outbox.watch_id || ': the opening of ' || outbox.arrival || ' (hut ' || outbox.hut_id
            || ') waits to be sent, but the arrival is closed', NULL
        FROM outbox JOIN watch_arrival ON watch_arrival.watch_id = outbox.watch_id
            AND watch_arrival.arrival = outbox.arrival AND watch_arrival.hut_id = outbox.hut_id
        WHERE outbox.state = 'waiting' AND NOT (watch_arrival.is_open AND watch_arrival.opening = outbox.opening)
    UNION ALL
    SELECT 'watch ' || outbox.watch_id || ': the message ' || outbox.message_id || ' goes to no channel', NULL
        FROM outbox
        WHERE outbox.state = 'queued'
            AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.message_id = outbox.message_id)
    UNION ALL
    SELECT 'watch ' || delivery.watch_id || ': the message ' || delivery.message_id || ' to ' || delivery.channel
            || ' is to be sent, but says nothing', NULL
        FROM delivery
        WHERE delivery.state = 'pending'
            AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.message_id = delivery.message_id)";

/// The instants in SQLite's tables of watches.
pub const INSTANTS: &str = "
    SELECT 'created_at of watch' AS field, created_at AS line FROM watch
    UNION ALL SELECT 'paused_at of watch', paused_at FROM watch WHERE paused_at IS NOT NULL
    UNION ALL SELECT 'opened_at of watch_arrival', opened_at FROM watch_arrival
    UNION ALL SELECT 'closed_at of watch_arrival', closed_at FROM watch_arrival WHERE closed_at IS NOT NULL
    UNION ALL SELECT 'found_at of outbox', found_at FROM outbox
    UNION ALL SELECT 'due_at of outbox', due_at FROM outbox
    UNION ALL SELECT 'created_at of delivery', created_at FROM delivery
    UNION ALL SELECT 'next_attempt_at of delivery', next_attempt_at FROM delivery";
