-- Who did what, as a chain: each row's hash covers the row and the hash before it, so that no row can be changed or taken away
-- unnoticed. The head is kept apart: rows that were cut off at the end are missed, too.
CREATE TABLE audit (
    number BIGINT NOT NULL PRIMARY KEY,
    at_us BIGINT NOT NULL,
    act TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE INDEX audit_of_subject ON audit (subject, number);

CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL
);
