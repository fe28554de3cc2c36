-- Facts that a language model read in prose: what waits for a person, and what was decided. state: 0 = it waits, 1 = it was
-- accepted and the graph knows it, 2 = it was rejected. decided_us of one that waits: somebody was accepting it then, and the
-- graph may know it already; 0 = nobody was.
CREATE TABLE proposal (
    number BIGINT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    line BIGINT NOT NULL,
    part TEXT NOT NULL,
    place BIGINT NOT NULL,
    passage TEXT NOT NULL,
    fact TEXT NOT NULL,
    digest TEXT NOT NULL,
    is_node BIGINT NOT NULL,
    model TEXT NOT NULL,
    run TEXT NOT NULL,
    proposed_us BIGINT NOT NULL,
    state BIGINT NOT NULL,
    decided_us BIGINT NOT NULL
);

CREATE UNIQUE INDEX proposal_of_source ON proposal (source, digest);
CREATE INDEX proposal_by_state ON proposal (state, number);

-- Numbers are never given out twice, also when proposals are deleted.
CREATE TABLE proposal_count (last BIGINT NOT NULL);
INSERT INTO proposal_count (last) VALUES (0);

-- What a model has read: it isn't asked about the same again.
CREATE TABLE reading (
    source TEXT NOT NULL,
    digest TEXT NOT NULL,
    read_us BIGINT NOT NULL,
    PRIMARY KEY (source, digest)
);
