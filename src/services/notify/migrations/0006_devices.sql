-- Apps on phones that take messages. token: who knows it and the provider's key can write to that app.
CREATE TABLE device (
    device_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    platform TEXT NOT NULL,
    at_us BIGINT NOT NULL
);

CREATE INDEX device_of_user ON device (user_id, at_us);
