#include "services/auth/privacy/retention.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/yaml.h"
#include "services/auth/accounts/account.h"
#include "services/auth/ages_sql.h"
#include "services/auth/auth_sql.h"
#include "services/auth/keys_sql.h"
#include "services/auth/privacy/belongings.h"

enum { MOST_TERMS = 32, LANGUAGES = 2, MOST_GUESTS = 100, MOST_DAYS = 3660, DAY_S = 24 * 3600 };

/* What throws away the rows of a term: those that were over before a moment. */
typedef struct Sweep {
    const char *name;
    Err (*drop)(Tx *tx, int64_t before_us, int64_t *changed); /* NULL: sweep_guests */
} Sweep;

static const Sweep SWEEPS[] = {
    {"refresh-tokens", auth_sql_drop_refresh_tokens},
    {"letters", auth_sql_drop_errands},
    {"sign-ins", auth_sql_drop_sign_ins},
    {"keys", keys_sql_drop_over},
    {"ages", ages_sql_drop_expired},
    {"guests", NULL},
};

enum { SWEEP_COUNT = sizeof SWEEPS / sizeof *SWEEPS };

typedef struct Kept {
    Str id;
    Str where;
    Str what[LANGUAGES];
    Str purpose[LANGUAGES];
    Str until[LANGUAGES];
    bool has_days;
    int64_t days;
} Kept;

struct Retention {
    json_t *document;
    Kept terms[MOST_TERMS];
    size_t count;
    int64_t sweep_days[SWEEP_COUNT];
    bool is_asked[SWEEP_COUNT];
};

/* ---- reading */

static Err bad(Str id, const char *what)
{
    return err(INVALID, "retention.yaml: %.*s %s", STR_ARG(id), what);
}

static bool read_words(const json_t *row, const char *key, Str out[LANGUAGES])
{
    const json_t *words = json_object_get(row, key);
    bool all = true;

    for (size_t i = 0; i < LANGUAGES; i++) {
        out[i] = json_str_at(words, LANGUAGE_TEXT[i].data);
        all = all && out[i].len > 0;
    }
    return all;
}

static Err note_sweep(Retention *retention, const Kept *term, Str name)
{
    for (size_t i = 0; i < SWEEP_COUNT; i++)
        if (str_equal(name, str_from(SWEEPS[i].name))) {
            if (retention->is_asked[i] || !term->has_days)
                return bad(term->id, "sweeps what another does, or names no days");
            retention->is_asked[i] = true;
            retention->sweep_days[i] = term->days;
            return OK;
        }
    return bad(term->id, "names a sweep that there isn't");
}

static Err read_term(Retention *retention, const json_t *row)
{
    Kept *term = &retention->terms[retention->count++];
    const json_t *days = json_object_get(row, "days");
    Str sweep = json_str_at(row, "sweep");

    term->id = json_str_at(row, "id");
    term->where = json_str_at(row, "where");
    bool is_told = read_words(row, "what", term->what) && read_words(row, "purpose", term->purpose) &&
                   read_words(row, "until", term->until);
    if (term->id.len == 0 || term->where.len == 0 || !is_told)
        return bad(term->id, "must have id, where, and what, purpose and until in both languages");
    term->has_days = days != NULL;
    term->days = json_integer_value(days);
    if (term->days < 0 || term->days > MOST_DAYS)
        return bad(term->id, "days: must be from 0 to 3660");
    return sweep.data != NULL ? note_sweep(retention, term, sweep) : OK;
}

static Err read_all(Retention *retention, AssetTable content)
{
    const Asset *asset = asset_find(content, STR("retention.yaml"));
    const json_t *rows;

    if (asset == NULL)
        return err(INVALID, "content/auth has no retention.yaml");
    TRY(yaml_read(asset->bytes, &retention->document));
    rows = json_object_get(retention->document, "terms");
    if (json_array_size(rows) > MOST_TERMS)
        return err(INVALID, "retention.yaml: at most %d terms", MOST_TERMS);
    for (size_t i = 0; i < json_array_size(rows); i++)
        TRY(read_term(retention, json_array_get(rows, i)));
    for (size_t i = 0; i < SWEEP_COUNT; i++)
        if (!retention->is_asked[i])
            return bad(str_from(SWEEPS[i].name), "is asked for by no term: it would be kept for ever");
    return OK;
}

Err retention_create(AssetTable content, Retention **out)
{
    Retention *retention = memory_new(Retention);
    Err e = read_all(retention, content);

    *out = failed(&e) ? NULL : retention;
    if (failed(&e))
        retention_destroy(retention);
    return e;
}

void retention_destroy(Retention *retention)
{
    if (retention == NULL)
        return;
    json_decref(retention->document);
    memory_free(retention);
}

Err retention_days(const Retention *retention, Str id, int64_t *days)
{
    for (size_t i = 0; i < retention->count; i++)
        if (str_equal(retention->terms[i].id, id) && retention->terms[i].has_days) {
            *days = retention->terms[i].days;
            return OK;
        }
    return bad(id, "is no term of days");
}

/* ---- telling */

Err auth_list_terms(Call *call, const AuthListTermsInput *in, KeptTerms *out)
{
    const Auth *auth = call->service;
    const Retention *retention = auth->retention;

    out->items.items = arena_array(call->arena, Term, retention->count);
    for (size_t i = 0; i < retention->count; i++) {
        const Kept *kept = &retention->terms[i];
        out->items.items[out->items.count++] = (Term){
            .id = kept->id,
            .what = kept->what[in->language],
            .where = kept->where,
            .purpose = kept->purpose[in->language],
            .until = kept->until[in->language],
            .has_days = kept->has_days,
            .days = kept->days,
        };
    }
    return OK;
}

/* ---- throwing away */

/* As if they had asked for it themselves. */
static Err erase_guest(const Auth *auth, Arena *arena, Str user_id)
{
    Call call = {.arena = arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};

    call.identity.subject = user_id;
    TRY(belongings_erase(auth, &call));
    return account_erase(auth, arena, user_id, USER_DELETED_REASON_UNUSED);
}

static Err sweep_guests(const Auth *auth, int64_t before_us)
{
    size_t count;

    do {
        AUTO_ARENA Arena arena = {0};
        Str *ids;
        arena_init(&arena);
        TRY(auth_sql_list_idle_guests(auth->sql, NULL, &arena, before_us, MOST_GUESTS, &ids, &count));
        for (size_t i = 0; i < count; i++)
            TRY(erase_guest(auth, &arena, ids[i]));
    } while (count == MOST_GUESTS);
    return OK;
}

typedef struct Sweeping {
    const Retention *retention;
    int64_t now_us;
} Sweeping;

static int64_t term_begins_us(const Sweeping *sweeping, size_t i)
{
    return sweeping->now_us - sweeping->retention->sweep_days[i] * DAY_S * US_PER_S;
}

static Err drop_rows(void *context, Tx *tx)
{
    const Sweeping *sweeping = context;

    for (size_t i = 0; i < SWEEP_COUNT; i++)
        if (SWEEPS[i].drop != NULL)
            TRY(SWEEPS[i].drop(tx, term_begins_us(sweeping, i), NULL));
    return OK;
}

Err retention_sweep(const Auth *auth)
{
    Sweeping sweeping = {auth->retention, auth_now_us(auth)};

    TRY(sql_transact(auth->sql, drop_rows, &sweeping));
    for (size_t i = 0; i < SWEEP_COUNT; i++)
        if (SWEEPS[i].drop == NULL)
            TRY(sweep_guests(auth, term_begins_us(&sweeping, i)));
    return OK;
}
