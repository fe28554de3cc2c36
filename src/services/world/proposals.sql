-- Proposed facts, and the prose that has been read for them.

-- row item: number int, source text, line int, part text, place int, passage text, fact text, is_node int, model text, run text, proposed_us int, state int, decided_us int

-- Adds one unless its source has it already, in whatever state.
-- name: add :exec
-- in source text, line int, part text, place int, passage text, fact text, digest text, is_node int, model text, run text, proposed_us int
INSERT INTO proposal (number, source, line, part, place, passage, fact, digest, is_node, model, run, proposed_us, state,
                      decided_us)
VALUES ((SELECT last + 1 FROM proposal_count), :source, :line, :part, :place, :passage, :fact, :digest, :is_node, :model,
        :run, :proposed_us, 0, 0)
ON CONFLICT (source, digest) DO NOTHING;

-- name: count_one_more :exec
UPDATE proposal_count SET last = last + 1;

-- name: get_state :optional
-- in source text, digest text
-- out state int
SELECT state FROM proposal WHERE source = :source AND digest = :digest;

-- name: get :optional
-- in number int
-- out item
SELECT number, source, line, part, place, passage, fact, is_node, model, run, proposed_us, state, decided_us
FROM proposal WHERE number = :number;

-- By number. source '' = of all; the decided ones, too, when asked for.
-- name: list :many
-- in source text, decided int, behind int, most int
-- out item
SELECT number, source, line, part, place, passage, fact, is_node, model, run, proposed_us, state, decided_us
FROM proposal
WHERE number > :behind AND (:source = '' OR source = :source) AND (state = 0 OR :decided = 1)
ORDER BY number LIMIT :most;

-- name: list_waiting_nodes :many
-- in source text, most int
-- out fact text
SELECT fact FROM proposal WHERE source = :source AND is_node = 1 AND state = 0 ORDER BY number LIMIT :most;

-- Unless it was begun or decided before. 0 takes the beginning back.
-- name: begin :exec
-- in number int, decided_us int
UPDATE proposal SET decided_us = :decided_us WHERE number = :number AND state = 0;

-- name: decide :exec
-- in number int, state int, decided_us int
UPDATE proposal SET state = :state, decided_us = :decided_us WHERE number = :number AND state = 0;

-- What the source proposed and nobody rejected.
-- name: withdraw :exec
-- in source text
DELETE FROM proposal WHERE source = :source AND state <> 2;

-- The accepted ones alone.
-- name: withdraw_accepted :exec
-- in source text
DELETE FROM proposal WHERE source = :source AND state = 1;

-- name: note_reading :exec
-- in source text, digest text, read_us int
INSERT INTO reading (source, digest, read_us) VALUES (:source, :digest, :read_us)
ON CONFLICT (source, digest) DO UPDATE SET read_us = :read_us;

-- name: get_reading :optional
-- in source text, digest text
-- out read_us int
SELECT read_us FROM reading WHERE source = :source AND digest = :digest;

-- name: drop_readings :exec
-- in source text
DELETE FROM reading WHERE source = :source;
