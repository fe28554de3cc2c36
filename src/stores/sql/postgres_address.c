#include "stores/sql/postgres_address.h"

#include <libpq-fe.h>
#include <string.h>

enum { SCHEMA_MAX_LEN = 63 }; /* NAMEDATALEN - 1 */

/* Said to libpq unless the URL does: a server that is gone is noticed within 5 s. */
typedef struct Habit {
    const char *keyword;
    const char *value;
} Habit;

static const Habit HABITS[] = {
    {"connect_timeout", "3"},      {"keepalives_idle", "2"},     {"keepalives_interval", "1"},
    {"keepalives_count", "3"},     {"tcp_user_timeout", "5000"}, {"client_encoding", "UTF8"},
    {"application_name", "nerdx"},
};

static const Habit HABITS_ABROAD[] = {
    {"sslmode", "verify-full"},
    {"sslrootcert", "/etc/ssl/certs/ca-certificates.crt"},
};

static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0)
            return options->val;
    return NULL;
}

static void add(PostgresAddress *out, size_t *count, const char *keyword, const char *value)
{
    if (*count + 1 < POSTGRES_MAX_PARAMETERS) {
        out->keywords[*count] = keyword;
        out->values[(*count)++] = value;
    }
}

static void add_habits(PostgresAddress *out, size_t *count, const PQconninfoOption *said, const Habit *habits,
                       size_t habit_count)
{
    for (size_t i = 0; i < habit_count; i++)
        if (!value_of(said, habits[i].keyword))
            add(out, count, habits[i].keyword, habits[i].value);
}

/* A socket, or a name of this machine. Of several hosts each must be one. */
static bool is_here(const PQconninfoOption *said)
{
    static const char *const HERE[] = {"localhost", "127.0.0.1", "::1", ""};
    const char *host = value_of(said, "host");

    if (value_of(said, "hostaddr"))
        host = value_of(said, "hostaddr");
    if (!host || host[0] == '/')
        return !host || !strchr(host, ',');
    for (size_t i = 0; i < sizeof HERE / sizeof *HERE; i++)
        if (strcmp(host, HERE[i]) == 0)
            return true;
    return false;
}

static void fill(Arena *arena, const PQconninfoOption *said, PostgresAddress *out)
{
    size_t count = 0;

    for (const PQconninfoOption *option = said; option->keyword; option++)
        if (option->val)
            add(out, &count, str_copy(arena, str_from(option->keyword)).data,
                str_copy(arena, str_from(option->val)).data);
    add_habits(out, &count, said, HABITS, sizeof HABITS / sizeof *HABITS);
    if (!is_here(said) && !value_of(said, "sslmode"))
        add_habits(out, &count, said, HABITS_ABROAD, sizeof HABITS_ABROAD / sizeof *HABITS_ABROAD);
}

static const char *show(Arena *arena, const PQconninfoOption *said, const char *schema)
{
    const char *host = value_of(said, "host");
    const char *port = value_of(said, "port");
    const char *name = value_of(said, "dbname");

    return str_format(arena, "%s:%s/%s#%s", host ? host : "localhost", port ? port : "5432", name ? name : "",
                      schema)
        .data;
}

static Err read_schema(Arena *arena, const char *fragment, const char **out)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t len = fragment ? strlen(fragment) : 0;

    *out = "public";
    if (!fragment)
        return OK;
    if (len == 0 || len > SCHEMA_MAX_LEN || strspn(fragment, ALLOWED) != len)
        return err(INVALID, "behind # stands the schema: a name of a-z, 0-9 and _, at most %d long",
                   SCHEMA_MAX_LEN);
    *out = str_copy(arena, str_from(fragment)).data;
    return OK;
}

Err postgres_address_read(Arena *arena, const char *address, PostgresAddress *out)
{
    const char *fragment = strrchr(address, '#');
    int len = fragment ? (int)(fragment - address) : (int)strlen(address);
    char *said = NULL;

    *out = (PostgresAddress){.shown = "postgresql"};
    TRY(read_schema(arena, fragment ? fragment + 1 : NULL, &out->schema));
    PQconninfoOption *options =
        PQconninfoParse(str_format(arena, "postgresql:%.*s", len, address).data, &said);
    if (!options) { /* libpq's words quote the URL, and with it the password */
        PQfreemem(said);
        return err(
            INVALID,
            "isn't a URL of PostgreSQL: it should look like postgresql://user@host:5432/database#schema");
    }
    fill(arena, options, out);
    out->shown = show(arena, options, out->schema);
    PQconninfoFree(options);
    return OK;
}
