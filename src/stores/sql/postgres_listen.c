/* Hearing what other processes say: a connection of its own that waits for notifications, made anew whenever it breaks. */
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "stores/sql/postgres.h"

enum { PAUSE_MS = 500, LISTEN_SIZE = 128 };

struct SqlListener {
    const PostgresAddress *address;
    SqlHeardFn heard;
    void *context;
    int stop; /* an eventfd, readable once it is over */
    pthread_t thread;
};

/* True: it is over. fd: something that may be read, too; -1: nothing. */
static bool wait_for(const SqlListener *listener, int fd, int most_ms)
{
    struct pollfd watched[] = {{.fd = listener->stop, .events = POLLIN}, {.fd = fd, .events = POLLIN}};

    (void)poll(watched, 2, most_ms);
    return watched[0].revents != 0;
}

/* What was said while nobody listened is lost: whoever hears is told that there may have been something. */
static Err begin_to_listen(const SqlListener *listener, PostgresConnection *connection)
{
    char text[LISTEN_SIZE];

    (void)snprintf(text, sizeof text, "LISTEN \"%s\"", listener->address->schema);
    TRY(postgres_connect(listener->address, connection));
    Err e = postgres_script(connection, text);
    if (failed(&e))
        postgres_disconnect(connection);
    else
        listener->heard(listener->context, STR(""));
    return e;
}

static void tell_what_came(const SqlListener *listener, PGconn *pg)
{
    PGnotify *said;

    while ((said = PQnotifies(pg)) != NULL) {
        listener->heard(listener->context, str_from(said->extra));
        PQfreemem(said);
    }
}

static void hear_until_lost(const SqlListener *listener, PGconn *pg)
{
    do
        tell_what_came(listener, pg);
    while (!wait_for(listener, PQsocket(pg), -1) && PQconsumeInput(pg) == 1);
}

static void *listen_on(void *context)
{
    const SqlListener *listener = context;
    PostgresConnection connection;

    do {
        Err e = begin_to_listen(listener, &connection);
        if (!failed(&e)) {
            hear_until_lost(listener, connection.pg);
            postgres_disconnect(&connection);
        } else {
            log_debug("a database can't be listened to", log_err(&e));
        }
    } while (!wait_for(listener, -1, PAUSE_MS));
    return NULL;
}

Err postgres_listen(Sql *sql, SqlHeardFn heard, void *context, SqlListener **out)
{
    SqlListener *listener = memory_new(SqlListener);

    listener->address = &((PostgresDatabase *)sql)->address;
    listener->heard = heard;
    listener->context = context;
    listener->stop = eventfd(0, EFD_CLOEXEC);
    if (listener->stop < 0) {
        memory_free(listener);
        return err(UNAVAILABLE, "the process has no file descriptor left");
    }
    listener->thread = thread_start("sql-listen", listen_on, listener);
    *out = listener;
    return OK;
}

void postgres_unlisten(SqlListener *listener)
{
    (void)eventfd_write(listener->stop, 1);
    thread_join(listener->thread);
    (void)close(listener->stop);
    memory_free(listener);
}
