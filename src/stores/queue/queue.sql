-- Jobs: adding, taking, ending. Each statement is right by the rows it locks (READ COMMITTED on a server).

-- ---- adding

-- Nothing is added where a living job of the kind has the key.
-- name: add :exec
-- in job_id text, kind text, lane text, state text, priority int, due_us int, input text, unique_key text null, order_key text null, parent_id text null, child_count int, traceparent text, now_us int
INSERT INTO job (job_id, kind, lane, state, priority, due_us, input, unique_key, order_key, parent_id, child_count, open_children,
    is_failing, attempt, fence, lease_until_us, worker, is_cancel_asked, progress, message, outcome, created_us, started_us, ended_us,
    expires_us, traceparent)
VALUES (:job_id, :kind, :lane, :state, :priority, :due_us, :input, :unique_key, :order_key, :parent_id, :child_count, :child_count,
    0, 0, 0, 0, '', 0, 0, '', '', :now_us, 0, 0, 0, :traceparent)
ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('later', 'ready', 'running', 'waiting') DO NOTHING;

-- name: find_unique :optional
-- in kind text, unique_key text
-- out job_id text
SELECT job_id FROM job
WHERE kind = :kind AND unique_key = :unique_key AND unique_key IS NOT NULL AND state IN ('later', 'ready', 'running', 'waiting');

-- One that is to be tried later is due now; the others are as they were.
-- name: hasten :exec
-- in job_id text, now_us int
UPDATE job SET state = 'ready', due_us = :now_us WHERE job_id = :job_id AND state = 'later';

-- name: enter_order :one
-- in order_key text
-- out living int
INSERT INTO job_order (order_key, living) VALUES (:order_key, 1)
ON CONFLICT (order_key) DO UPDATE SET living = job_order.living + 1
RETURNING living;

-- name: leave_order :one
-- in order_key text
-- out living int
UPDATE job_order SET living = living - 1 WHERE order_key = :order_key RETURNING living;

-- name: drop_order :exec
-- in order_key text
DELETE FROM job_order WHERE order_key = :order_key AND living = 0;

-- The next of an order may go.
-- name: let_next :exec
-- in order_key text, now_us int
UPDATE job SET state = CASE WHEN due_us <= :now_us THEN 'ready' ELSE 'later' END
WHERE job_id = (
    SELECT job_id FROM job WHERE order_key = :order_key AND state = 'waiting' ORDER BY job_id LIMIT 1
);

-- The same when one of its living was cancelled, which may have been waiting: not while another of them goes, and doesn't wait.
-- name: let_next_if_all_wait :exec
-- in order_key text, living int, now_us int
UPDATE job SET state = CASE WHEN due_us <= :now_us THEN 'ready' ELSE 'later' END
WHERE job_id = (
    SELECT job_id FROM job WHERE order_key = :order_key AND state = 'waiting' ORDER BY job_id LIMIT 1
) AND :living = (SELECT count(*) FROM job WHERE order_key = :order_key AND state = 'waiting');

-- One that waited for what is over.
-- name: let_go :exec
-- in job_id text, now_us int
UPDATE job SET state = CASE WHEN due_us <= :now_us THEN 'ready' ELSE 'later' END
WHERE job_id = :job_id AND state = 'waiting' AND open_children = 0;

-- ---- taking

-- row taken: job_id text, kind text, input text, attempt int, fence int, order_key text null, parent_id text null, child_count int, priority int, due_us int, traceparent text

-- name: promote :exec
-- in now_us int, most int
UPDATE job SET state = 'ready'
WHERE
    -- sqlite
    job_id IN (SELECT job_id FROM job WHERE state = 'later' AND due_us <= :now_us ORDER BY due_us LIMIT :most)
    -- postgres
    job_id = ANY (ARRAY(
        SELECT job_id FROM job WHERE state = 'later' AND due_us <= :now_us ORDER BY due_us LIMIT :most FOR UPDATE SKIP LOCKED
    ))
    -- both
;

-- The best of a lane that nobody else is taking. As an array they are chosen once: a server that joins by loops would choose anew for
-- each row, and as it skips those that it has changed, take them all.
-- name: take :many
-- in lane text, most int, worker text, now_us int, until_us int
-- out taken
UPDATE job SET state = 'running', fence = fence + 1, attempt = attempt + 1, worker = :worker, lease_until_us = :until_us,
    started_us = :now_us, progress = 0, message = ''
WHERE
    -- sqlite
    job_id IN (SELECT job_id FROM job WHERE state = 'ready' AND lane = :lane ORDER BY priority, due_us, job_id LIMIT :most)
    -- postgres
    job_id = ANY (ARRAY(
        SELECT job_id FROM job WHERE state = 'ready' AND lane = :lane ORDER BY priority, due_us, job_id LIMIT :most FOR UPDATE SKIP LOCKED
    ))
    -- both
RETURNING job_id, kind, input, attempt, fence, order_key, parent_id, child_count, priority, due_us, traceparent;

-- The first of a lane, to choose between lanes.
-- name: peek :optional
-- in lane text
-- out priority int, due_us int
SELECT priority, due_us FROM job WHERE state = 'ready' AND lane = :lane ORDER BY priority, due_us, job_id LIMIT 1;

-- name: add_lane :exec
-- in lane text
INSERT INTO job_lane (lane, minute, started) VALUES (:lane, 0, 0) ON CONFLICT (lane) DO NOTHING;

-- Of kinds that have limits, or had: nobody deletes one, for an older program may use it yet.
-- name: list_lanes :many
-- out lane text
SELECT lane FROM job_lane ORDER BY lane;

-- Locks the lane until the transaction ends. Who waited for it, or has a clock that is a minute behind, comes into the minute that another
-- has begun: theirs was over when it was.
-- name: enter_lane :one
-- in lane text, minute int
-- out started int
UPDATE job_lane SET started = CASE WHEN minute BETWEEN :minute AND :minute + 1 THEN started ELSE 0 END,
    minute = CASE WHEN minute BETWEEN :minute AND :minute + 1 THEN minute ELSE :minute END
WHERE lane = :lane RETURNING started;

-- Those, too, that lay in the one without limits when they were taken.
-- name: count_running :one
-- in lane text
-- out running int
SELECT count(*) AS running FROM job WHERE state = 'running' AND lane IN ('', :lane) AND kind = :lane;

-- One that was taken where it shouldn't have been lying goes where it belongs, as if it had never been taken.
-- name: move :exec
-- in job_id text, fence int, lane text
UPDATE job SET state = 'ready', lane = :lane, attempt = attempt - 1, fence = fence + 1
WHERE job_id = :job_id AND fence = :fence AND state = 'running';

-- And what lies there yet, of its kind.
-- name: move_ready :exec
-- in kind text, lane text
UPDATE job SET lane = :lane
WHERE
    -- sqlite
    state = 'ready' AND lane = '' AND kind = :kind
    -- postgres
    job_id = ANY (ARRAY(SELECT job_id FROM job WHERE state = 'ready' AND lane = '' AND kind = :kind FOR UPDATE SKIP LOCKED))
    -- both
;

-- name: note_started :exec
-- in lane text, more int
UPDATE job_lane SET started = started + :more WHERE lane = :lane;

-- ---- while it runs

-- Prolongs a lease; nothing when it is somebody else's by now.
-- name: keep :exec
-- in job_id text, fence int, until_us int, progress int, message text
UPDATE job SET lease_until_us = :until_us, progress = :progress, message = :message
WHERE job_id = :job_id AND fence = :fence AND state = 'running';

-- What a worker has taken and somebody has asked to stop: of those that run, which are few.
-- name: list_asked :many
-- in worker text
-- out job_id text, fence int
SELECT job_id, fence FROM job WHERE state = 'running' AND is_cancel_asked = 1 AND worker = :worker;

-- Those whose worker hasn't been heard of.
-- name: list_lost :many
-- in now_us int, most int
-- out taken
SELECT job_id, kind, input, attempt, fence, order_key, parent_id, child_count, priority, due_us, traceparent FROM job
WHERE state = 'running' AND lease_until_us < :now_us ORDER BY lease_until_us LIMIT :most;

-- ---- ending: each only by who holds the fence

-- name: end :exec
-- in job_id text, fence int, state text, outcome text, now_us int, expires_us int
UPDATE job SET state = :state, outcome = :outcome, progress = CASE WHEN :state = 'done' THEN 100 ELSE progress END,
    ended_us = :now_us, expires_us = :expires_us
WHERE job_id = :job_id AND fence = :fence AND state = 'running';

-- name: end_and_forget :exec
-- in job_id text, fence int
DELETE FROM job WHERE job_id = :job_id AND fence = :fence AND state = 'running';

-- Not what somebody has cancelled meanwhile.
-- name: try_again :exec
-- in job_id text, fence int, outcome text, due_us int
UPDATE job SET state = 'later', outcome = :outcome, due_us = :due_us
WHERE job_id = :job_id AND fence = :fence AND state = 'running' AND is_cancel_asked = 0;

-- As if it had never been taken: this program doesn't know the kind, or stops. Not what somebody has cancelled meanwhile.
-- name: put_back :exec
-- in job_id text, fence int, due_us int
UPDATE job SET state = 'later', due_us = :due_us, attempt = attempt - 1, fence = fence + 1
WHERE job_id = :job_id AND fence = :fence AND state = 'running' AND is_cancel_asked = 0;

-- ---- parents

-- name: child_ended :optional
-- in parent_id text
-- out open_children int, is_failing int
UPDATE job SET open_children = open_children - 1 WHERE job_id = :parent_id AND state = 'waiting' RETURNING open_children, is_failing;

-- Changes nothing when another one has before.
-- name: note_failing :exec
-- in parent_id text
UPDATE job SET is_failing = 1 WHERE job_id = :parent_id AND is_failing = 0 AND state = 'waiting';

-- name: more_children :exec
-- in parent_id text, more int
UPDATE job SET open_children = open_children + :more, child_count = child_count + :more WHERE job_id = :parent_id;

-- row child: job_id text, kind text, state text, input text, outcome text, order_key text null

-- name: list_children :many
-- in parent_id text
-- out child
SELECT job_id, kind, state, input, outcome, order_key FROM job WHERE parent_id = :parent_id AND parent_id IS NOT NULL ORDER BY job_id;

-- name: end_parent :exec
-- in parent_id text, state text, outcome text, now_us int, expires_us int
UPDATE job SET state = :state, outcome = :outcome, ended_us = :now_us, expires_us = :expires_us
WHERE job_id = :parent_id AND state = 'waiting';

-- Children are kept as long as their parent.
-- name: expire_children :exec
-- in parent_id text, expires_us int
UPDATE job SET expires_us = :expires_us WHERE parent_id = :parent_id AND parent_id IS NOT NULL;

-- ---- by people

-- row shown: job_id text, kind text, state text, priority int, due_us int, input text, unique_key text null, order_key text null, parent_id text null, attempt int, worker text, is_cancel_asked int, progress int, message text, outcome text, created_us int, started_us int, ended_us int

-- name: get :optional
-- in job_id text
-- out shown
SELECT job_id, kind, state, priority, due_us, input, unique_key, order_key, parent_id, attempt, worker, is_cancel_asked,
    progress, message, outcome, created_us, started_us, ended_us FROM job WHERE job_id = :job_id;

-- The newest first, those before a job's id; '' is any state or kind.
-- name: list :many
-- in state text, kind text, before_id text, most int
-- out shown
SELECT job_id, kind, state, priority, due_us, input, unique_key, order_key, parent_id, attempt, worker, is_cancel_asked,
    progress, message, outcome, created_us, started_us, ended_us FROM job
WHERE (:state = '' OR state = :state) AND (:kind = '' OR kind = :kind) AND (:before_id = '' OR job_id < :before_id)
ORDER BY job_id DESC LIMIT :most;

-- Those that are dead, the oldest first, those after a job's id.
-- name: list_dead :many
-- in after_id text, most int
-- out shown
SELECT job_id, kind, state, priority, due_us, input, unique_key, order_key, parent_id, attempt, worker, is_cancel_asked,
    progress, message, outcome, created_us, started_us, ended_us FROM job
WHERE state = 'dead' AND job_id > :after_id ORDER BY job_id LIMIT :most;

-- name: count_states :many
-- out state text, jobs int, oldest_us int
SELECT state, count(*) AS jobs, min(due_us) AS oldest_us FROM job GROUP BY state ORDER BY state;

-- As it is once whoever is changing it has; nobody else does until this transaction ends.
-- name: lock :optional
-- in job_id text
-- out state text
SELECT state FROM job WHERE job_id = :job_id
    -- postgres
    FOR UPDATE
    -- both
;

-- name: cancel_waiting :exec
-- in job_id text, outcome text, now_us int, expires_us int
UPDATE job SET state = 'cancelled', outcome = :outcome, ended_us = :now_us, expires_us = :expires_us
WHERE job_id = :job_id AND state IN ('later', 'ready', 'waiting');

-- name: ask_to_stop :exec
-- in job_id text
UPDATE job SET is_cancel_asked = 1 WHERE job_id = :job_id AND state = 'running';

-- Counts from the beginning; whoever had it before is locked out.
-- name: revive :exec
-- in job_id text, state text, now_us int
UPDATE job SET state = :state, attempt = 0, fence = fence + 1, due_us = :now_us, is_cancel_asked = 0, outcome = '', ended_us = 0, expires_us = 0
WHERE job_id = :job_id AND state IN ('dead', 'cancelled');

-- A parent that begins anew with so many of its children.
-- name: wait_for_children :exec
-- in job_id text, open int
UPDATE job SET state = 'waiting', open_children = :open, is_failing = 0 WHERE job_id = :job_id;

-- ---- by the clock

-- name: add_cron :exec
-- in kind text, next_us int
INSERT INTO job_cron (kind, next_us) VALUES (:kind, :next_us) ON CONFLICT (kind) DO NOTHING;

-- name: list_cron :many
-- out kind text, next_us int
SELECT kind, next_us FROM job_cron ORDER BY kind;

-- Only one of those that see it due moves it on.
-- name: move_cron :exec
-- in kind text, seen_us int, next_us int
UPDATE job_cron SET next_us = :next_us WHERE kind = :kind AND next_us = :seen_us;

-- Not one that somebody has revived since it was chosen.
-- name: delete_expired :exec
-- in now_us int, most int
DELETE FROM job WHERE expires_us > 0 AND expires_us <= :now_us AND job_id IN (
    SELECT job_id FROM job WHERE expires_us > 0 AND expires_us <= :now_us ORDER BY expires_us LIMIT :most
);

-- When something is due that isn't yet.
-- name: next_due :one
-- out due_us int null
SELECT min(due_us) AS due_us FROM job WHERE state = 'later';
