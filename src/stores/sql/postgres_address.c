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

static Err read_schema(Arena *arena, Str said, const char **out)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const char *name = str_copy(arena, said).data;

    if (said.len == 0 || said.len > SCHEMA_MAX_LEN || strspn(name, ALLOWED) != said.len)
        return err(INVALID, "behind # stands the schema: a name of a-z, 0-9 and _, at most %d long",
                   SCHEMA_MAX_LEN);
    *out = name;
    return OK;
}

static Err read_connections(Str said, int *out)
{
    const Str name = STR("connections=");
    int64_t number;

    if (!str_starts(said, name) || !str_to_int(str_slice(said, name.len, said.len), &number) || number < 1 ||
        number > POSTGRES_MOST_CONNECTIONS)
        return err(INVALID,
                   "behind the schema stands how many connections there may be: ?connections=1 to %d",
                   POSTGRES_MOST_CONNECTIONS);
    *out = (int)number;
    return OK;
}

/* What is ours in the URL: "agents", or "agents?connections=32". fragment may be NULL. */
static Err read_fragment(Arena *arena, const char *fragment, PostgresAddress *out)
{
    out->schema = "public";
    out->connections = POSTGRES_CONNECTIONS;
    if (!fragment)
        return OK;
    Str said = str_from(fragment);
    size_t mark = str_find(said, STR("?"), 0);
    TRY(read_schema(arena, str_slice(said, 0, mark < said.len ? mark : said.len), &out->schema));
    return mark < said.len ? read_connections(str_slice(said, mark + 1, said.len), &out->connections) : OK;
}

Err postgres_address_read(Arena *arena, const char *address, PostgresAddress *out)
{
    const char *fragment = strrchr(address, '#');
    int len = fragment ? (int)(fragment - address) : (int)strlen(address);
    char *said = NULL;

    *out = (PostgresAddress){.shown = "postgresql"};
    TRY(read_fragment(arena, fragment ? fragment + 1 : NULL, out));
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
