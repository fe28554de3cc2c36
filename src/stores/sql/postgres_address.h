/* Where a PostgreSQL database is: a URL as libpq reads it, and behind a # the schema that is ours.
 *
 *     postgresql://nerdx@db.example.com/nerdx?sslrootcert=/etc/nerdx/ca.pem#agents
 *     postgresql://nerdx@db.example.com/nerdx#agents?connections=32        at the most, of this process (default: 16)
 *
 * The password comes from PGPASSWORD, PGPASSFILE or the URL. To a server that is not on this machine TLS is a must, and
 * it must prove its name (sslmode=verify-full), unless the URL itself says otherwise. */
#ifndef NERDX_STORES_SQL_POSTGRES_ADDRESS_H
#define NERDX_STORES_SQL_POSTGRES_ADDRESS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
    POSTGRES_MAX_PARAMETERS = 64,
    POSTGRES_CONNECTIONS = 16, /* unless the URL says otherwise, */
    POSTGRES_MOST_CONNECTIONS = 1024,
};

/* Keywords and values as PQconnectdbParams takes them, ended by NULL. */
typedef struct PostgresAddress {
    const char *keywords[POSTGRES_MAX_PARAMETERS];
    const char *values[POSTGRES_MAX_PARAMETERS];
    const char *schema; /* a plain name: a-z, 0-9, _ */
    int connections;    /* at the most */
    const char *shown;  /* "db.example.com:5432/nerdx#agents", for messages: without the password */
} PostgresAddress;

/* address: what follows "postgresql:". INVALID says what is wrong with it. The arena owns what *out holds. */
Err postgres_address_read(Arena *arena, const char *address, PostgresAddress *out);

#endif
