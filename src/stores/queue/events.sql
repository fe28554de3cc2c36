-- Events: telling, handing out, hearing once.

-- Who tells of the same subject waits here until this transaction ends.
-- name: next_number :one
-- in subject text, now_us int
-- out number int
INSERT INTO event_subject (subject, number) VALUES (:subject, :now_us)
ON CONFLICT (subject) DO UPDATE
    SET number = CASE WHEN event_subject.number >= :now_us THEN event_subject.number + 1 ELSE :now_us END
RETURNING number;

-- name: add :exec
-- in event_id text, number int, type text, subject text, body text, traceparent text, now_us int
INSERT INTO event (event_id, number, type, subject, body, created_us, is_waiting, traceparent)
VALUES (:event_id, :number, :type, :subject, :body, :now_us, 1, :traceparent);

-- One that was told elsewhere; nothing when it was taken over before.
-- name: add_told :exec
-- in event_id text, number int, type text, subject text, body text, traceparent text, now_us int
INSERT INTO event (event_id, number, type, subject, body, created_us, is_waiting, traceparent)
VALUES (:event_id, :number, :type, :subject, :body, :now_us, 1, :traceparent)
ON CONFLICT (event_id) DO NOTHING;

-- name: find_waiting :optional
-- out event_id text
SELECT event_id FROM event WHERE is_waiting = 1 ORDER BY event_id LIMIT 1;

-- name: list_waiting :many
-- in most int
-- out event_id text, number int, type text, subject text, body text, traceparent text
SELECT event_id, number, type, subject, body, traceparent FROM event WHERE is_waiting = 1 ORDER BY event_id LIMIT :most;

-- name: note_handed_out :exec
-- in event_id text
UPDATE event SET is_waiting = 0 WHERE event_id = :event_id;

-- Nothing when it was before.
-- name: consume :exec
-- in event_id text, consumer text, now_us int
INSERT INTO event_consumed (event_id, consumer, at_us) VALUES (:event_id, :consumer, :now_us)
ON CONFLICT (event_id, consumer) DO NOTHING;

-- Rare, and the table holds a week: it has no index.
-- name: forget :exec
-- in subject text
DELETE FROM event WHERE subject = :subject;

-- name: forget_subject :exec
-- in subject text
DELETE FROM event_subject WHERE subject = :subject;

-- name: delete_old :exec
-- in before_us int, most int
DELETE FROM event WHERE event_id IN (
    SELECT event_id FROM event WHERE created_us < :before_us AND is_waiting = 0 ORDER BY created_us LIMIT :most
);

-- Not one that was told of since it was chosen.
-- name: delete_old_subjects :exec
-- in before_us int, most int
DELETE FROM event_subject WHERE number < :before_us AND subject IN (
    SELECT subject FROM event_subject WHERE number < :before_us ORDER BY number LIMIT :most
);

-- name: delete_old_consumed :exec
-- in before_us int, most int
DELETE FROM event_consumed WHERE (event_id, consumer) IN (
    SELECT event_id, consumer FROM event_consumed WHERE at_us < :before_us ORDER BY at_us LIMIT :most
);
