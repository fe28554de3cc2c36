-- Inboxes.

-- row notice: notice_id text, template text, slots text, told_us int, read_us int

-- Whoever changes a row is the first to tell.
-- name: note_told :exec
-- in user_id text, told_key text, notice_id text, now_us int
INSERT INTO told (user_id, told_key, notice_id, told_us) VALUES (:user_id, :told_key, :notice_id, :now_us) ON CONFLICT (user_id, told_key) DO NOTHING;

-- name: get_told :one
-- in user_id text, told_key text
-- out notice_id text
SELECT notice_id FROM told WHERE user_id = :user_id AND told_key = :told_key;

-- name: add_notice :exec
-- in notice_id text, user_id text, template text, slots text, now_us int
INSERT INTO notice (notice_id, user_id, template, slots, told_us, read_us)
VALUES (:notice_id, :user_id, :template, :slots, :now_us, 0);

-- Those before one, the newest first.
-- name: list_notices :many
-- in user_id text, before_id text, most int
-- out notice
SELECT notice_id, template, slots, told_us, read_us FROM notice
WHERE user_id = :user_id AND notice_id < :before_id ORDER BY notice_id DESC LIMIT :most;

-- name: look_at_inbox :one
-- in user_id text
-- out notices int, unread int, newest text
SELECT COUNT(*) AS notices, COUNT(CASE WHEN read_us = 0 THEN 1 END) AS unread, COALESCE(MAX(notice_id), '') AS newest
FROM notice WHERE user_id = :user_id;

-- name: find_notice :optional
-- in user_id text, notice_id text
-- out notice_id text
SELECT notice_id FROM notice WHERE user_id = :user_id AND notice_id = :notice_id;

-- name: read_notice :exec
-- in user_id text, notice_id text, now_us int
UPDATE notice SET read_us = :now_us WHERE user_id = :user_id AND notice_id = :notice_id AND read_us = 0;

-- name: read_all_notices :exec
-- in user_id text, now_us int
UPDATE notice SET read_us = :now_us WHERE user_id = :user_id AND read_us = 0;

-- name: drop_notice :exec
-- in user_id text, notice_id text
DELETE FROM notice WHERE user_id = :user_id AND notice_id = :notice_id;

-- name: drop_notices_of :exec
-- in user_id text
DELETE FROM notice WHERE user_id = :user_id;

-- name: drop_told_of :exec
-- in user_id text
DELETE FROM told WHERE user_id = :user_id;

-- What both were told of: the other's own stays.
-- name: drop_notices_told_to_both :exec
-- in user_id text, other_id text
DELETE FROM notice WHERE user_id = :user_id AND notice_id IN
    (SELECT mine.notice_id FROM told AS mine JOIN told AS theirs ON theirs.told_key = mine.told_key
     WHERE mine.user_id = :user_id AND theirs.user_id = :other_id);

-- name: drop_told_to_both :exec
-- in user_id text, other_id text
DELETE FROM told WHERE user_id = :user_id AND told_key IN (SELECT theirs.told_key FROM told AS theirs WHERE theirs.user_id = :other_id);

-- name: move_notices :exec
-- in user_id text, other_id text
UPDATE notice SET user_id = :other_id WHERE user_id = :user_id;

-- name: move_told :exec
-- in user_id text, other_id text
UPDATE told SET user_id = :other_id WHERE user_id = :user_id;

-- How they want to be told: the other's own stays, what they haven't said comes along.
-- name: copy_person :exec
-- in user_id text, other_id text
INSERT INTO person (user_id, language, time_zone, quiet_from, quiet_until, most_a_day)
SELECT :other_id, language, time_zone, quiet_from, quiet_until, most_a_day FROM person WHERE user_id = :user_id
ON CONFLICT (user_id) DO NOTHING;

-- name: copy_preferences :exec
-- in user_id text, other_id text
INSERT INTO preference (user_id, category, channel, is_wanted)
SELECT :other_id, category, channel, is_wanted FROM preference WHERE user_id = :user_id
ON CONFLICT (user_id, category, channel) DO NOTHING;

-- All acts of both: of each subject the latest counts, whoever of the two it was.
-- name: move_consents :exec
-- in user_id text, other_id text
UPDATE consent SET user_id = :other_id WHERE user_id = :user_id;

-- What was sent counts against the day of who they are now.
-- name: move_deliveries :exec
-- in user_id text, other_id text
UPDATE delivery SET user_id = :other_id WHERE user_id = :user_id;

-- name: sweep_notices :exec
-- in before_us int
DELETE FROM notice WHERE told_us < :before_us;

-- name: sweep_told :exec
-- in before_us int
DELETE FROM told WHERE told_us < :before_us;

-- name: get_notice :optional
-- in notice_id text
-- out notice_id text, user_id text, template text, slots text
SELECT notice_id, user_id, template, slots FROM notice WHERE notice_id = :notice_id;

-- name: get_person :optional
-- in user_id text
-- out language text, time_zone text, quiet_from int, quiet_until int, most_a_day int
SELECT language, time_zone, quiet_from, quiet_until, most_a_day FROM person WHERE user_id = :user_id;

-- name: put_person :exec
-- in user_id text, language text, time_zone text, quiet_from int, quiet_until int, most_a_day int
INSERT INTO person (user_id, language, time_zone, quiet_from, quiet_until, most_a_day)
VALUES (:user_id, :language, :time_zone, :quiet_from, :quiet_until, :most_a_day)
ON CONFLICT (user_id) DO UPDATE SET language = :language, time_zone = :time_zone, quiet_from = :quiet_from,
    quiet_until = :quiet_until, most_a_day = :most_a_day;

-- name: get_preference :optional
-- in user_id text, category text, channel text
-- out is_wanted int
SELECT is_wanted FROM preference WHERE user_id = :user_id AND category = :category AND channel = :channel;

-- name: put_preference :exec
-- in user_id text, category text, channel text, is_wanted int
INSERT INTO preference (user_id, category, channel, is_wanted) VALUES (:user_id, :category, :channel, :is_wanted)
ON CONFLICT (user_id, category, channel) DO UPDATE SET is_wanted = :is_wanted;

-- The latest.
-- name: get_consent :optional
-- in user_id text, subject text
-- out is_given int, at_us int
SELECT is_given, at_us FROM consent WHERE user_id = :user_id AND subject = :subject
ORDER BY place DESC, consent_id DESC LIMIT 1;

-- name: list_consents :many
-- in user_id text, most int
-- out subject text, is_given int, at_us int, source text
SELECT subject, is_given, at_us, source FROM consent
WHERE user_id = :user_id ORDER BY place DESC, consent_id DESC LIMIT :most;

-- Those that hold since before then, a page behind one of them.
-- name: list_old_consents :many
-- in subject text, before_us int, after_id text, most int
-- out consent_id text, user_id text, at_us int
SELECT consent.consent_id, consent.user_id, consent.at_us FROM consent
WHERE consent.subject = :subject AND consent.is_given = 1 AND consent.at_us <= :before_us AND consent.consent_id > :after_id
    AND NOT EXISTS (SELECT 1 FROM consent AS later WHERE later.user_id = consent.user_id AND later.subject = consent.subject
        AND (later.place, later.consent_id) > (consent.place, consent.consent_id))
ORDER BY consent.consent_id LIMIT :most;

-- Behind all that its person said before, wherever that was, and else by the store's clock: nodes' clocks may be apart.
-- name: add_consent :exec
-- in consent_id text, user_id text, subject text, is_given int, now_us int, source text
-- sqlite
INSERT INTO consent (consent_id, user_id, subject, is_given, at_us, source, place)
VALUES (:consent_id, :user_id, :subject, :is_given, :now_us, :source,
    MAX(:now_us, (SELECT COALESCE(MAX(said.place), 0) + 1 FROM consent AS said WHERE said.user_id = :user_id)));
-- postgres
INSERT INTO consent (consent_id, user_id, subject, is_given, at_us, source, place)
VALUES (:consent_id, :user_id, :subject, :is_given, :now_us, :source,
    GREATEST((EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT,
        (SELECT COALESCE(MAX(said.place), 0) + 1 FROM consent AS said WHERE said.user_id = :user_id)));
-- both

-- Of a template and a time, the oldest first, what no letter is about.
-- name: list_unsent :many
-- in user_id text, template text, from_us int, until_us int, channel text, most int
-- out notice_id text
SELECT notice.notice_id FROM notice
WHERE notice.user_id = :user_id AND notice.template = :template AND notice.told_us >= :from_us AND notice.told_us < :until_us
    AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.notice_id = notice.notice_id AND delivery.channel = :channel)
ORDER BY notice.notice_id LIMIT :most;

-- Whoever changes a row is the first; one that waits for its letter is nobody's yet.
-- name: note_delivery :exec
-- in notice_id text, channel text, user_id text, category text, state text, address text, now_us int
INSERT INTO delivery (notice_id, channel, user_id, category, state, address, at_us)
VALUES (:notice_id, :channel, :user_id, :category, :state, :address, :now_us)
ON CONFLICT (notice_id, channel) DO UPDATE SET state = :state, address = :address, at_us = :now_us WHERE delivery.state = 'waiting';

-- Not of one that has come back: that may be quicker than its relay's answer.
-- name: set_delivery :exec
-- in notice_id text, channel text, state text, now_us int
UPDATE delivery SET state = :state, at_us = :now_us
WHERE notice_id = :notice_id AND channel = :channel AND state <> 'came back';

-- Of each category; what may have gone counts, too.
-- name: count_sent :many
-- in user_id text, channel text, since_us int, most int
-- out category text, sent int
SELECT category, COUNT(*) AS sent FROM delivery
WHERE user_id = :user_id AND channel = :channel AND at_us >= :since_us
    AND state IN ('sent', 'sending', 'unsure', 'came back')
GROUP BY category LIMIT :most;

-- name: drop_person :exec
-- in user_id text
DELETE FROM person WHERE user_id = :user_id;

-- name: drop_preferences_of :exec
-- in user_id text
DELETE FROM preference WHERE user_id = :user_id;

-- name: drop_consents_of :exec
-- in user_id text
DELETE FROM consent WHERE user_id = :user_id;

-- name: drop_deliveries_of :exec
-- in user_id text
DELETE FROM delivery WHERE user_id = :user_id;

-- name: sweep_deliveries :exec
-- in before_us int
DELETE FROM delivery WHERE at_us < :before_us;

-- name: add_link_secret :exec
-- in name text, secret text
INSERT INTO link_secret (name, secret) VALUES (:name, :secret) ON CONFLICT (name) DO NOTHING;

-- name: get_link_secret :one
-- in name text
-- out secret text
SELECT secret FROM link_secret WHERE name = :name;

-- Which letter came back, for the first time. template: '' once its reader has deleted it.
-- name: find_letter :optional
-- in notice_id text, channel text
-- out user_id text, address text, category text, template text
SELECT delivery.user_id AS user_id, delivery.address AS address, delivery.category AS category,
    COALESCE(notice.template, '') AS template
FROM delivery LEFT JOIN notice ON notice.notice_id = delivery.notice_id
WHERE delivery.notice_id = :notice_id AND delivery.channel = :channel
    AND delivery.state IN ('sent', 'sending', 'unsure');

-- It stays one of the day on which it went.
-- name: come_back :exec
-- in notice_id text, channel text
UPDATE delivery SET state = 'came back' WHERE notice_id = :notice_id AND channel = :channel;

-- name: get_mailbox :optional
-- in user_id text, address text
-- out is_stopped int, soft int, status text, at_us int
SELECT is_stopped, soft, status, at_us FROM mailbox WHERE user_id = :user_id AND address = :address;

-- name: count_mailboxes :one
-- in user_id text
-- out mailboxes int
SELECT COUNT(*) AS mailboxes FROM mailbox WHERE user_id = :user_id;

-- name: note_bounce :exec
-- in user_id text, address text, is_stopped int, soft int, status text, now_us int
INSERT INTO mailbox (user_id, address, is_stopped, soft, status, at_us) VALUES (:user_id, :address, :is_stopped, :soft, :status, :now_us)
ON CONFLICT (user_id, address) DO UPDATE SET
    is_stopped = CASE WHEN mailbox.is_stopped = 1 THEN 1 ELSE :is_stopped END,
    soft = mailbox.soft + :soft, status = :status, at_us = :now_us;

-- name: drop_mailboxes_of :exec
-- in user_id text
DELETE FROM mailbox WHERE user_id = :user_id;

-- name: add_push_key :exec
-- in name text, sealed text
INSERT INTO push_key (name, sealed) VALUES (:name, :sealed) ON CONFLICT (name) DO NOTHING;

-- name: get_push_key :optional
-- in name text
-- out sealed text
SELECT sealed FROM push_key WHERE name = :name;

-- name: set_push_key :exec
-- in name text, sealed text
UPDATE push_key SET sealed = :sealed WHERE name = :name;

-- The same browser, whosever it was.
-- name: put_subscription :exec
-- in subscription_id text, user_id text, endpoint text, p256dh text, auth text, now_us int
INSERT INTO push_subscription (subscription_id, user_id, endpoint, p256dh, auth, at_us)
VALUES (:subscription_id, :user_id, :endpoint, :p256dh, :auth, :now_us)
ON CONFLICT (endpoint) DO UPDATE SET user_id = :user_id, p256dh = :p256dh, auth = :auth, at_us = :now_us;

-- name: drop_oldest_subscriptions :exec
-- in user_id text, most int
DELETE FROM push_subscription WHERE user_id = :user_id AND subscription_id NOT IN
    (SELECT subscription_id FROM push_subscription WHERE user_id = :user_id ORDER BY at_us DESC, subscription_id DESC LIMIT :most);

-- name: list_subscriptions :many
-- in user_id text, most int
-- out subscription_id text, endpoint text, at_us int
SELECT subscription_id, endpoint, at_us FROM push_subscription WHERE user_id = :user_id ORDER BY at_us DESC, subscription_id DESC LIMIT :most;

-- name: get_subscription :optional
-- in subscription_id text
-- out user_id text, endpoint text, p256dh text, auth text
SELECT user_id, endpoint, p256dh, auth FROM push_subscription WHERE subscription_id = :subscription_id;

-- name: count_subscriptions :one
-- in user_id text
-- out subscriptions int
SELECT COUNT(*) AS subscriptions FROM push_subscription WHERE user_id = :user_id;

-- name: drop_subscription :exec
-- in user_id text, subscription_id text
DELETE FROM push_subscription WHERE user_id = :user_id AND subscription_id = :subscription_id;

-- Only as it was when it was pushed to: meanwhile it may have been subscribed anew.
-- name: drop_over_subscription :exec
-- in subscription_id text, auth text
DELETE FROM push_subscription WHERE subscription_id = :subscription_id AND auth = :auth;

-- name: drop_subscriptions_of :exec
-- in user_id text
DELETE FROM push_subscription WHERE user_id = :user_id;

-- name: move_subscriptions :exec
-- in user_id text, other_id text
UPDATE push_subscription SET user_id = :other_id WHERE user_id = :user_id;

-- The same app, whosever it was.
-- name: put_device :exec
-- in device_id text, user_id text, token text, platform text, now_us int
INSERT INTO device (device_id, user_id, token, platform, at_us) VALUES (:device_id, :user_id, :token, :platform, :now_us)
ON CONFLICT (token) DO UPDATE SET user_id = :user_id, platform = :platform, at_us = :now_us;

-- name: drop_oldest_devices :exec
-- in user_id text, most int
DELETE FROM device WHERE user_id = :user_id AND device_id NOT IN
    (SELECT device_id FROM device WHERE user_id = :user_id ORDER BY at_us DESC, device_id DESC LIMIT :most);

-- name: list_devices :many
-- in user_id text, most int
-- out device_id text, platform text, at_us int
SELECT device_id, platform, at_us FROM device WHERE user_id = :user_id ORDER BY at_us DESC, device_id DESC LIMIT :most;

-- name: get_device :optional
-- in device_id text
-- out user_id text, token text
SELECT user_id, token FROM device WHERE device_id = :device_id;

-- name: count_devices :one
-- in user_id text
-- out devices int
SELECT COUNT(*) AS devices FROM device WHERE user_id = :user_id;

-- name: drop_device :exec
-- in user_id text, device_id text
DELETE FROM device WHERE user_id = :user_id AND device_id = :device_id;

-- name: drop_devices_of :exec
-- in user_id text
DELETE FROM device WHERE user_id = :user_id;

-- name: move_devices :exec
-- in user_id text, other_id text
UPDATE device SET user_id = :other_id WHERE user_id = :user_id;
