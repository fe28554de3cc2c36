-- What links of letters are signed with (hexadecimal), one row: made at the first start, the same for every node.
CREATE TABLE link_secret (
    name TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL
);
