-- Events by visitor and day, and what was made of them.

-- Whoever calls it is alone with that day until the transaction ends, and the day's version is another.
-- name: touch_day :exec
-- in day int
INSERT INTO day (day, version) VALUES (:day, 1) ON CONFLICT (day) DO UPDATE SET version = day.version + 1;

-- name: get_version :one
-- in day int
-- out version int
SELECT version FROM day WHERE day = :day;

-- From one day to another, both with.
-- name: list_versions :many
-- in first int, last int
-- out day int, version int
SELECT day, version FROM day WHERE day >= :first AND day <= :last ORDER BY day;

-- name: get_visit :optional
-- in day int, visitor blob
-- out events blob, details text
SELECT events, details FROM visit WHERE day = :day AND visitor = :visitor;

-- name: put_visit :exec
-- in day int, visitor blob, events blob, details text
INSERT INTO visit (day, visitor, events, details) VALUES (:day, :visitor, :events, :details)
ON CONFLICT (day, visitor) DO UPDATE SET events = :events, details = :details;

-- Of a day, those from one visitor on and before another.
-- name: scan_visits :each
-- in day int, first blob, behind blob
-- out visitor blob, events blob
SELECT visitor, events FROM visit WHERE day = :day AND visitor >= :first AND visitor < :behind ORDER BY visitor;

-- Of a day, those behind one visitor, with what is known of each event. Of those that are nobody's, and as long as a day
-- has events, the first bytes alone: of their events nothing else is known.
-- name: page_details :many
-- in day int, behind blob, most int, most_bytes int
-- out visitor blob, events blob, details text
SELECT visitor,
    CASE WHEN length(visitor) > 1 THEN events ELSE substr(events, 1, CAST(:most_bytes AS INTEGER)) END AS events,
    CASE WHEN length(visitor) > 1 THEN details ELSE '' END AS details
FROM visit WHERE day = :day AND visitor > :behind ORDER BY visitor LIMIT :most;

-- first: counts from 1.
-- name: get_slice :optional
-- in day int, visitor blob, first int, most_bytes int
-- out events blob
SELECT substr(events, CAST(:first AS INTEGER), CAST(:most_bytes AS INTEGER)) AS events
FROM visit WHERE day = :day AND visitor = :visitor;

-- name: drop_visits_before :exec
-- in day int
-- sqlite
DELETE FROM visit WHERE day < :day;
-- postgres
CALL drop_visits_before(:day);
-- both

-- name: touch_days_of :exec
-- in visitor blob
UPDATE day SET version = version + 1
WHERE day IN (SELECT visit.day FROM visit WHERE visit.visitor = :visitor AND visit.day IN (SELECT day FROM day));

-- Of all visitors that somebody was, the latest days first.
-- name: list_visits_of_person :many
-- in user_id text, most int, skipped int
-- out events blob, details text
SELECT events, details FROM visit
WHERE visitor IN (SELECT person.visitor FROM person WHERE user_id = :user_id) AND day IN (SELECT day FROM day)
ORDER BY day DESC, visitor LIMIT :most OFFSET :skipped;

-- name: drop_visits_of :exec
-- in visitor blob
DELETE FROM visit WHERE visitor = :visitor AND day IN (SELECT day FROM day);

-- name: link :exec
-- in user_id text, visitor blob
INSERT INTO person (user_id, visitor) VALUES (:user_id, :visitor) ON CONFLICT (user_id, visitor) DO NOTHING;

-- name: list_visitors :many
-- in user_id text
-- out visitor blob
SELECT visitor FROM person WHERE user_id = :user_id ORDER BY visitor;

-- name: drop_links_of :exec
-- in visitor blob
DELETE FROM person WHERE visitor = :visitor;

-- name: drop_links :exec
-- in user_id text
DELETE FROM person WHERE user_id = :user_id;

-- name: copy_links :exec
-- in from_id text, to_id text
INSERT INTO person (user_id, visitor)
SELECT :to_id, visitor FROM person WHERE user_id = :from_id
ON CONFLICT (user_id, visitor) DO NOTHING;

-- name: withdraw :exec
-- in visitor blob, day int
INSERT INTO withdrawn (visitor, day) VALUES (:visitor, :day) ON CONFLICT (visitor) DO UPDATE SET day = :day;

-- name: is_withdrawn :one
-- in visitor blob
-- out found int
SELECT COUNT(*) AS found FROM withdrawn WHERE visitor = :visitor;

-- name: drop_withdrawn_before :exec
-- in day int
DELETE FROM withdrawn WHERE day < :day;

-- name: expose :exec
-- in experiment text, visitor blob, variant int, at_ms int
INSERT INTO exposure (experiment, visitor, variant, at_ms) VALUES (:experiment, :visitor, :variant, :at_ms)
ON CONFLICT (experiment, visitor) DO NOTHING;

-- name: get_exposed :optional
-- in experiment text, visitor blob
-- out variant int
SELECT variant FROM exposure WHERE experiment = :experiment AND visitor = :visitor;

-- name: list_exposures :each
-- in experiment text
-- out visitor blob, variant int, at_ms int
SELECT visitor, variant, at_ms FROM exposure WHERE experiment = :experiment ORDER BY visitor;

-- name: drop_exposures_of :exec
-- in visitor blob
DELETE FROM exposure WHERE visitor = :visitor;

-- name: drop_exposures_before :exec
-- in at_ms int
DELETE FROM exposure WHERE at_ms < :at_ms;

-- name: list_roll_ups :many
-- in measure text, zone text, first int, last int
-- out day int, begin_ms int, end_ms int, versions int, content text
SELECT day, begin_ms, end_ms, versions, content FROM roll_up
WHERE measure = :measure AND zone = :zone AND day >= :first AND day <= :last ORDER BY day;

-- name: put_roll_up :exec
-- in measure text, zone text, day int, begin_ms int, end_ms int, versions int, content text
INSERT INTO roll_up (measure, zone, day, begin_ms, end_ms, versions, content)
VALUES (:measure, :zone, :day, :begin_ms, :end_ms, :versions, :content)
ON CONFLICT (measure, zone, day) DO UPDATE SET begin_ms = :begin_ms, end_ms = :end_ms, versions = :versions,
    content = :content;
