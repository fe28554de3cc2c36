#include "stores/sql/postgres_error.h"

#include <string.h>

enum { SOON_S = 1, LATER_S = 30, STATE_LEN = 5 };

typedef struct ErrorRow {
    const char *state; /* an SQLSTATE, or how it begins */
    ErrCode code;
    int retry_after_s;
    const char *message;
} ErrorRow;

/* What libpq itself finds wrong before a server speaks: no SQLSTATE, so names of ours. */
#define NO_PASSWORD "no password"
#define NO_TLS "no tls"

/* The first that fits is taken. */
static const ErrorRow ERRORS[] = {
    {"23", CONFLICT, 0, "this clashes with what is already stored"},
    {"40", UNAVAILABLE, SOON_S, "another write was in the way; try again"},
    {"55P03", UNAVAILABLE, SOON_S, "the database is busy writing; try again"},
    {"57014", TIMED_OUT, 0, "a query ran too long and was stopped"},
    {"25P03", TIMED_OUT, 0, "a transaction was left open too long and was stopped"},
    {"53100", UNAVAILABLE, LATER_S, "the database's disk is full: free some space there"},
    {"53200", UNAVAILABLE, SOON_S, "the database ran out of memory"},
    {"53300", UNAVAILABLE, SOON_S,
     "the database has no connection left: raise its max_connections, or lower ours"},
    {"53", UNAVAILABLE, LATER_S, "the database lacks room"},
    {"57P", UNAVAILABLE, SOON_S, "the database is stopping or starting; try again"},
    {"58", UNAVAILABLE, LATER_S, "the disk of the database gives errors: check it, then try again"},
    {"25006", UNAVAILABLE, SOON_S, "the database is read-only now: a standby answers; try again"},
    {"08", UNAVAILABLE, SOON_S, "the database can't be reached; try again"},
    {"22021", INVALID, 0, "text holds a NUL or isn't UTF-8: take it out"},
    {"22P05", INVALID, 0, "text holds a character that can't be stored: take it out"},
    {"54", TOO_LARGE, 0, "a value is too large to store"},
    {"28", INTERNAL, 0, "the database refuses our name or password: check the URL, PGPASSWORD or PGPASSFILE"},
    {"3D000", INTERNAL, 0, "there is no such database on the server: create it first"},
    {"42501", INTERNAL, 0, "our role isn't allowed to do this: it must own its schema"},
    {NO_PASSWORD, INTERNAL, 0, "the database asks for a password: give it in PGPASSWORD or PGPASSFILE"},
    {NO_TLS, INTERNAL, 0, "no TLS with the database: see sslmode and sslrootcert of the URL"},
    {"XX001", INTERNAL, 0, "the database is damaged: stop the program and restore it from a backup"},
};

static const ErrorRow UNREACHED = {"", UNAVAILABLE, SOON_S, "the database can't be reached; try again"};
static const ErrorRow OTHER = {"", INTERNAL, 0, "a fault in the store"};

static const char *state_of(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    return state ? state : "";
}

static const ErrorRow *row_of(const char *state)
{
    for (size_t i = 0; i < sizeof ERRORS / sizeof *ERRORS; i++)
        if (strncmp(state, ERRORS[i].state, strlen(ERRORS[i].state)) == 0)
            return &ERRORS[i];
    return &OTHER;
}

bool postgres_met_another(const PGresult *result)
{
    const char *state = state_of(result);

    return strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0;
}

/* The primary message alone: DETAIL may quote the row, and with it a person. */
Err postgres_error(const PGresult *result, const char *doing)
{
    const char *state = state_of(result);
    const char *said = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const ErrorRow *row = row_of(state);
    Err e = err_retry_after(err(row->code, "%s", row->message), row->retry_after_s);

    return err_detail(e, "%s: %s (%s)", doing, said ? said : "no message", state);
}

static Err lost(const ErrorRow *row, const PGconn *pg, const char *doing)
{
    Err e = err_retry_after(err(row->code, "%s", row->message), row->retry_after_s);

    return err_detail(e, "%s: %s", doing, PQerrorMessage(pg));
}

Err postgres_lost(const PGconn *pg, const char *doing)
{
    return lost(&UNREACHED, pg, doing);
}

static bool is_state(const char *text)
{
    for (int i = 0; i < STATE_LEN; i++)
        if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'Z')))
            return false;
    return text[STATE_LEN] == ':';
}

void postgres_state_in(const char *said, char state[6])
{
    state[0] = '\0';
    for (const char *at = strstr(said, ":  "); at; at = strstr(at + 1, ":  "))
        if (is_state(at + 3)) {
            memcpy(state, at + 3, STATE_LEN);
            state[STATE_LEN] = '\0';
            return;
        }
}

/* Of TLS libpq has only words, but whatever the language they name it. */
Err postgres_refused(const PGconn *pg)
{
    char state[STATE_LEN + 1];
    const char *said = PQerrorMessage(pg);

    postgres_state_in(said, state);
    if (state[0])
        return lost(row_of(state), pg, "connect");
    if (PQconnectionNeedsPassword(pg))
        return lost(row_of(NO_PASSWORD), pg, "connect");
    return lost(strstr(said, "SSL") || strstr(said, "certificate") ? row_of(NO_TLS) : &UNREACHED, pg,
                "connect");
}
