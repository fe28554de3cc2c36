/* The peer for durable writes on PostgreSQL: libpq as its manual shows it. A connection a caller, and for each row BEGIN,
 * INSERT with its parameters, COMMIT, waiting for each. postgres URL SECONDS -> rows a second. */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { CALLERS = 64 };

static const char *url;
static double until;

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(PGconn *connection, PGresult *result)
{
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        fprintf(stderr, "postgres: %s", PQerrorMessage(connection));
        exit(1);
    }
    PQclear(result);
}

typedef struct Caller {
    pthread_t thread;
    PGconn *connection;
    int number;
    long written;
} Caller;

static void *write_until_over(void *context)
{
    Caller *caller = context;
    char id[64];
    const char *values[] = {id, "a note of some length"};

    for (; seconds() < until; caller->written++) {
        snprintf(id, sizeof id, "%d-%.6f-%d-%ld", (int)getpid(), until, caller->number, caller->written);
        must(caller->connection, PQexec(caller->connection, "BEGIN ISOLATION LEVEL SERIALIZABLE"));
        must(caller->connection,
             PQexecParams(caller->connection, "INSERT INTO bare (id, words) VALUES ($1, $2)", 2, NULL, values,
                          NULL, NULL, 0));
        must(caller->connection, PQexec(caller->connection, "COMMIT"));
    }
    return NULL;
}

static void connect_all(Caller *callers)
{
    for (int i = 0; i < CALLERS; i++) {
        callers[i].number = i;
        callers[i].connection = PQconnectdb(url);
        if (PQstatus(callers[i].connection) != CONNECTION_OK)
            exit(1);
    }
    must(callers->connection, PQexec(callers->connection, "SET client_min_messages = warning"));
    must(callers->connection,
         PQexec(callers->connection,
                "CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, words TEXT NOT NULL)"));
}

int main(int count, char **words)
{
    static Caller callers[CALLERS];
    long all = 0;

    if (count != 3)
        return 1;
    url = words[1];
    connect_all(callers);
    double begin = seconds();
    until = begin + atof(words[2]);
    for (int i = 0; i < CALLERS; i++)
        pthread_create(&callers[i].thread, NULL, write_until_over, &callers[i]);
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        all += callers[i].written;
        PQfinish(callers[i].connection);
    }
    printf("%.1f\n", (double)all / (seconds() - begin));
    return 0;
}
