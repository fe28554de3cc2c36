-- Whose letters come back from which address: a person may have had several, and each is a mailbox of its own.
ALTER TABLE mailbox RENAME TO mailbox_before;

CREATE TABLE mailbox (
    user_id TEXT NOT NULL,
    address TEXT NOT NULL,
    is_stopped BIGINT NOT NULL,
    soft BIGINT NOT NULL,
    status TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (user_id, address)
);

INSERT INTO mailbox (user_id, address, is_stopped, soft, status, at_us)
SELECT user_id, address, is_stopped, soft, status, at_us FROM mailbox_before;
DROP TABLE mailbox_before;
