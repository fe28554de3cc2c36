-- What shows push services who we are (VAPID), one row: made when it is first asked for, sealed.
CREATE TABLE push_key (
    name TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL
);

-- Browsers that take messages. endpoint: where; who knows it and the keys can write to that browser.
CREATE TABLE push_subscription (
    subscription_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    endpoint TEXT NOT NULL UNIQUE,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    at_us BIGINT NOT NULL
);

CREATE INDEX push_subscription_of_user ON push_subscription (user_id, at_us);
