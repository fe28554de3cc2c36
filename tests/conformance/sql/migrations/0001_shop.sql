-- A small shop: what the suite writes and reads.
CREATE TABLE stock (
    sku text NOT NULL PRIMARY KEY,
    on_hand bigint NOT NULL CHECK (on_hand >= 0),
    note text
);
