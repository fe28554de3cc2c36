-- Which account somebody else's account signs in to. subject is who the issuer says it is; an address is never what it goes by.
CREATE TABLE link (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL,
    linked_us BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX link_of_user ON link (user_id);
