-- Work that is to be done once, in the database of the service whose work it is: added in the transaction that makes it
-- necessary. docs/jobs.md tells the states. 0 is "never" for every moment.
CREATE TABLE job (
    job_id text NOT NULL PRIMARY KEY, -- UUID version 7: sorts by when it was added
    kind text NOT NULL,
    lane text NOT NULL, -- its kind, where a limit is kept for that; else ''
    state text NOT NULL CHECK (state IN ('later', 'ready', 'running', 'waiting', 'done', 'dead', 'cancelled')),
    priority integer NOT NULL, -- 0 goes first, 9 last
    due_us bigint NOT NULL,
    input text NOT NULL, -- JSON
    unique_key text, -- at most one living job of a kind has it
    order_key text, -- those that share it run one after the other
    parent_id text, -- waits for it
    child_count integer NOT NULL,
    open_children integer NOT NULL, -- of them, that it waits for
    is_failing integer NOT NULL, -- one of them didn't succeed
    attempt integer NOT NULL,
    fence bigint NOT NULL, -- counts who has taken it: what an earlier one says is refused
    lease_until_us bigint NOT NULL,
    worker text NOT NULL,
    is_cancel_asked integer NOT NULL,
    progress integer NOT NULL, -- percent
    message text NOT NULL, -- what it does just now
    outcome text NOT NULL, -- done: its result, JSON; dead, or to be tried again: what went wrong
    created_us bigint NOT NULL,
    started_us bigint NOT NULL,
    ended_us bigint NOT NULL,
    expires_us bigint NOT NULL -- when it is deleted
);
CREATE INDEX job_ready ON job (lane, priority, due_us, job_id) WHERE state = 'ready';
CREATE INDEX job_later ON job (due_us) WHERE state = 'later';
CREATE INDEX job_lease ON job (lane, lease_until_us) WHERE state = 'running';
CREATE UNIQUE INDEX job_unique ON job (kind, unique_key)
    WHERE unique_key IS NOT NULL AND state IN ('later', 'ready', 'running', 'waiting');
CREATE INDEX job_waiting ON job (order_key, job_id) WHERE order_key IS NOT NULL AND state = 'waiting';
CREATE INDEX job_parent ON job (parent_id, job_id) WHERE parent_id IS NOT NULL;
CREATE INDEX job_expiry ON job (expires_us) WHERE expires_us > 0;

-- How many living jobs share an order.
CREATE TABLE job_order (
    order_key text NOT NULL PRIMARY KEY,
    living bigint NOT NULL
);

-- The kinds that have limits: the row is locked while some are taken.
CREATE TABLE job_lane (
    lane text NOT NULL PRIMARY KEY,
    minute bigint NOT NULL, -- since 1970, in UTC
    started bigint NOT NULL -- within it
);

-- What comes again by the calendar. Whoever moves next_us on adds the job.
CREATE TABLE job_cron (
    kind text NOT NULL PRIMARY KEY,
    next_us bigint NOT NULL
);
