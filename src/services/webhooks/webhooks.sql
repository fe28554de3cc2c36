-- Webhooks: where to, what, and what came of it.

-- row endpoint: webhook_id text, url text, types text, description text, secret text, previous_secret text, previous_until_us int, is_enabled int, created_us int, hangs int, resting_until_us int

-- name: add :exec
-- in webhook_id text, url text, types text, description text, secret text, now_us int
INSERT INTO webhook (webhook_id, url, types, description, secret, previous_secret, previous_until_us, is_enabled, created_us)
VALUES (:webhook_id, :url, :types, :description, :secret, '', 0, 1, :now_us);

-- name: count :one
-- out webhooks int
SELECT count(*) AS webhooks FROM webhook;

-- name: get :optional
-- in webhook_id text
-- out endpoint
SELECT webhook_id, url, types, description, secret, previous_secret, previous_until_us, is_enabled, created_us, hangs,
    resting_until_us FROM webhook
WHERE webhook_id = :webhook_id;

-- name: list :many
-- out endpoint
SELECT webhook_id, url, types, description, secret, previous_secret, previous_until_us, is_enabled, created_us, hangs,
    resting_until_us FROM webhook
ORDER BY webhook_id;

-- name: rotate :exec
-- in webhook_id text, secret text, until_us int
UPDATE webhook SET previous_secret = secret, previous_until_us = :until_us, secret = :secret WHERE webhook_id = :webhook_id;

-- Nothing when it was rotated meanwhile.
-- name: reseal :exec
-- in webhook_id text, old_secret text, secret text, previous_secret text
UPDATE webhook SET secret = :secret, previous_secret = :previous_secret WHERE webhook_id = :webhook_id AND secret = :old_secret;

-- name: set_enabled :exec
-- in webhook_id text, is_enabled int
UPDATE webhook SET is_enabled = :is_enabled WHERE webhook_id = :webhook_id;

-- Who begins the first try after a rest, or breaks it off: nothing when another has begun it, or ended the rest.
-- name: try_rested :exec
-- in webhook_id text, seen_us int, until_us int
UPDATE webhook SET resting_until_us = :until_us WHERE webhook_id = :webhook_id AND resting_until_us = :seen_us;

-- What came of a try, unless another's did meanwhile.
-- name: rest :exec
-- in webhook_id text, seen_us int, hangs int, until_us int
UPDATE webhook SET hangs = :hangs, resting_until_us = :until_us WHERE webhook_id = :webhook_id AND resting_until_us = :seen_us;

-- name: end_rest :exec
-- in webhook_id text, now_us int
UPDATE webhook SET resting_until_us = :now_us WHERE webhook_id = :webhook_id AND resting_until_us > :now_us;

-- name: remove :exec
-- in webhook_id text
DELETE FROM webhook WHERE webhook_id = :webhook_id;

-- name: forget_deliveries :exec
-- in webhook_id text
DELETE FROM delivery WHERE webhook_id = :webhook_id;

-- ---- messages

-- row note: event_id text, type text, body text, created_us int

-- name: add_message :exec
-- in event_id text, type text, body text, now_us int
INSERT INTO message (event_id, type, body, created_us) VALUES (:event_id, :type, :body, :now_us) ON CONFLICT (event_id) DO NOTHING;

-- name: get_message :optional
-- in event_id text
-- out note
SELECT event_id, type, body, created_us FROM message WHERE event_id = :event_id;

-- name: list_messages :many
-- in since_us int, most int
-- out note
SELECT event_id, type, body, created_us FROM message WHERE created_us >= :since_us ORDER BY created_us, event_id LIMIT :most;

-- name: drop_messages :exec
-- in before_us int
DELETE FROM message WHERE created_us < :before_us;

-- Joined, as no server joins NOT IN: that looked through all messages for each delivery.
-- name: drop_deliveries :exec
DELETE FROM delivery WHERE NOT EXISTS (SELECT 1 FROM message WHERE message.event_id = delivery.event_id);

-- ---- deliveries

-- Anew where it was before.
-- name: put_delivery :exec
-- in webhook_id text, event_id text, now_us int
INSERT INTO delivery (webhook_id, event_id, state, tries, status, reason, changed_us)
VALUES (:webhook_id, :event_id, 'waiting', 0, 0, '', :now_us)
ON CONFLICT (webhook_id, event_id) DO UPDATE SET state = 'waiting', reason = '', changed_us = :now_us;

-- When it was asked for, or tried, last.
-- name: last_change :optional
-- in webhook_id text, event_id text
-- out changed_us int
SELECT changed_us FROM delivery WHERE webhook_id = :webhook_id AND event_id = :event_id;

-- name: note_try :exec
-- in webhook_id text, event_id text, state text, status int, reason text, now_us int
UPDATE delivery SET state = :state, tries = tries + 1, status = :status, reason = :reason, changed_us = :now_us
WHERE webhook_id = :webhook_id AND event_id = :event_id;

-- It wasn't tried.
-- name: note_refused :exec
-- in webhook_id text, event_id text, state text, reason text, now_us int
UPDATE delivery SET state = :state, reason = :reason, changed_us = :now_us WHERE webhook_id = :webhook_id AND event_id = :event_id;

-- Whose job is given up; nothing when what came of it was noted.
-- name: note_given_up :exec
-- in webhook_id text, event_id text, reason text, now_us int
UPDATE delivery SET state = 'failed', reason = :reason, changed_us = :now_us
WHERE webhook_id = :webhook_id AND event_id = :event_id AND state = 'waiting';

-- The newest first, those before an event; '' is any state.
-- name: list_deliveries :many
-- in webhook_id text, state text, before_id text, most int
-- out event_id text, type text, state text, tries int, status int, reason text, changed_us int
SELECT d.event_id AS event_id, m.type AS type, d.state AS state, d.tries AS tries, d.status AS status, d.reason AS reason, d.changed_us AS changed_us
FROM delivery d JOIN message m ON m.event_id = d.event_id
WHERE d.webhook_id = :webhook_id AND (:state = '' OR d.state = :state) AND (:before_id = '' OR d.event_id < :before_id)
ORDER BY d.event_id DESC LIMIT :most;
