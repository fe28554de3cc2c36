"""What was posted long ago is thrown away, however much there is."""

from conversation import until
from postgres_server import PostgresServer

MANY = 40_000
ID = "'01a00000-0000-7000-8000-' || lpad(i::text, 12, '0')"
FILL = f"""
INSERT INTO webhooks.message SELECT {ID}, 'a', '{{}}', (extract(epoch FROM now()) * 1e6)::bigint
    FROM generate_series(1, {MANY}) i;
INSERT INTO webhooks.delivery SELECT '', {ID}, 'delivered', 1, 200, '', 1 FROM generate_series(1, {MANY + 1}) i;
UPDATE webhooks.job_cron SET next_us = 1 WHERE kind = 'webhooks.sweep';
"""


def test_what_was_posted_for_messages_that_are_gone_is_thrown_away_however_many_there_are(start_nerdx):
    with PostgresServer("work_mem=64kB") as postgres:  # of the usual 4 MB 150,000 take as much
        nerdx = start_nerdx("--job-threads", "0", env={"NERDX_WEBHOOKS_SQL": f"{postgres.url}#webhooks"})
        nerdx.stop()
        postgres.run(FILL)
        start_nerdx(data=nerdx.data, env={"NERDX_WEBHOOKS_SQL": f"{postgres.url}#webhooks"})
        until(lambda: postgres.run("SELECT count(*) FROM webhooks.delivery") == str(MANY))
