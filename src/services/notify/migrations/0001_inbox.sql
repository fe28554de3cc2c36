-- What somebody was told: the template and what fills its gaps (JSON), so that it is read in any language. read_us 0 = it isn't.
CREATE TABLE notice (
    notice_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    template TEXT NOT NULL,
    slots TEXT NOT NULL,
    told_us BIGINT NOT NULL,
    read_us BIGINT NOT NULL
);

CREATE INDEX notice_of_user ON notice (user_id, notice_id);
CREATE INDEX notice_unread ON notice (user_id) WHERE read_us = 0;

-- What somebody has been told of, though they may have deleted it: nobody is told twice.
CREATE TABLE told (
    user_id TEXT NOT NULL,
    told_key TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    told_us BIGINT NOT NULL,
    PRIMARY KEY (user_id, told_key)
);

CREATE INDEX notice_by_age ON notice (told_us);
CREATE INDEX told_by_age ON told (told_us);
