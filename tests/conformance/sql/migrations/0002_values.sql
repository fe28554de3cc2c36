-- One column of each type, and whether it may be NULL.
CREATE TABLE sample (
    id bigint NOT NULL PRIMARY KEY,
    whole bigint,
    share double precision,
    words text,
-- sqlite
    bytes blob
-- postgres
    bytes bytea
-- both
);
