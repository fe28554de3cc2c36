-- Which address a letter went to, as a keyed hash of it: nobody reads an address here, and another one of the same person is another mailbox.
ALTER TABLE delivery ADD COLUMN address TEXT NOT NULL DEFAULT '';

-- Whose letters come back. is_stopped: the mailbox of that hash isn't there. soft: letters that came back for other reasons.
CREATE TABLE mailbox (
    user_id TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    is_stopped BIGINT NOT NULL,
    soft BIGINT NOT NULL,
    status TEXT NOT NULL,
    at_us BIGINT NOT NULL
);
