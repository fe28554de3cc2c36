-- What jobs did, in the order they did it.
CREATE TABLE effect (
    number bigint NOT NULL PRIMARY KEY,
    job_id text NOT NULL,
    kind text NOT NULL,
    input text NOT NULL
);
