#include "services/analytics/plans.h"

#include <sodium.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/yaml.h"

enum { MOST_WINDOW_DAYS = 30, MOST_WEIGHT = 1000 };

struct Plans {
    json_t *funnels_file, *experiments_file;
    NamedFunnel funnels[MOST_PLANS];
    size_t funnel_count;
    Experiment experiments[MOST_PLANS];
    size_t experiment_count;
};

static Err wrong(const char *file, Str id, const char *what)
{
    return err(INVALID, "%s: %.*s: %s", file, STR_ARG(id), what);
}

static bool kind_from(Str text, EventKind *out)
{
    for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
        if (str_equal(text, EVENT_KIND_TEXT[i])) {
            *out = (EventKind)i;
            return true;
        }
    return false;
}

/* ---- reading */

static Err read_funnel(const json_t *row, NamedFunnel *out)
{
    const json_t *steps = json_object_get(row, "steps");

    out->id = json_str_or_empty(row, "id");
    out->count = json_array_size(steps);
    out->window_days = json_integer_value(json_object_get(row, "window_days"));
    if (out->id.len == 0 || out->count < 2 || out->count > FUNNEL_MOST_STEPS)
        return wrong("funnels.yaml", out->id, "must have an id and 2 to 8 steps");
    if (out->window_days < 1 || out->window_days > MOST_WINDOW_DAYS)
        return wrong("funnels.yaml", out->id, "window_days: must be from 1 to 30");
    for (size_t i = 0; i < out->count; i++)
        if (!kind_from(json_str(json_array_get(steps, i)), &out->steps[i]))
            return wrong("funnels.yaml", out->id, "steps: must be kinds of api/analytics.yaml");
    return OK;
}

static Err read_variant(Str id, const json_t *row, ExperimentVariant *out)
{
    out->id = json_str_or_empty(row, "id");
    out->weight = json_integer_value(json_object_get(row, "weight"));
    if (out->id.len == 0 || out->weight < 0 || out->weight > MOST_WEIGHT)
        return wrong("experiments.yaml", id, "variants: must each have an id and a weight from 0 to 1000");
    return OK;
}

static Err read_experiment(const json_t *row, Experiment *out)
{
    const json_t *variants = json_object_get(row, "variants");
    int64_t weights = 0;

    out->id = json_str_or_empty(row, "id");
    out->count = json_array_size(variants);
    out->expected = json_number_value(json_object_get(row, "expected_difference"));
    if (out->id.len == 0 || out->count < 2 || out->count > MOST_VARIANTS)
        return wrong("experiments.yaml", out->id, "must have an id and 2 to 8 variants");
    for (size_t i = 0; i < out->count; i++) {
        TRY(read_variant(out->id, json_array_get(variants, i), &out->variants[i]));
        weights += out->variants[i].weight;
    }
    if (weights == 0 || !(out->expected > 0 && out->expected < 1))
        return wrong("experiments.yaml", out->id,
                     "needs a weight over 0 and an expected_difference between 0 and 1");
    if (!kind_from(json_str_at(row, "goal"), &out->goal))
        return wrong("experiments.yaml", out->id, "goal: must be a kind of api/analytics.yaml");
    return OK;
}

static Err read_file(AssetTable content, const char *name, const char *key, json_t **file,
                     const json_t **rows)
{
    const Asset *asset = asset_find(content, str_from(name));

    if (asset == NULL)
        return err(INVALID, "content/analytics has no %s", name);
    TRY(yaml_read(asset->bytes, file));
    *rows = json_object_get(*file, key);
    if (!json_is_array(*rows) || json_array_size(*rows) > MOST_PLANS)
        return err(INVALID, "%s: must be a list of at most %d under `%s`", name, MOST_PLANS, key);
    return OK;
}

static Err read_all(AssetTable content, Plans *plans)
{
    const json_t *rows = NULL;

    TRY(read_file(content, "funnels.yaml", "funnels", &plans->funnels_file, &rows));
    for (size_t i = 0; i < json_array_size(rows); i++)
        TRY(read_funnel(json_array_get(rows, i), &plans->funnels[plans->funnel_count++]));
    TRY(read_file(content, "experiments.yaml", "experiments", &plans->experiments_file, &rows));
    for (size_t i = 0; i < json_array_size(rows); i++)
        TRY(read_experiment(json_array_get(rows, i), &plans->experiments[plans->experiment_count++]));
    return OK;
}

Err plans_read(AssetTable content, Plans **out)
{
    Plans *plans = memory_new(Plans);
    Err e = read_all(content, plans);

    *out = failed(&e) ? NULL : plans;
    if (failed(&e))
        plans_destroy(plans);
    return e;
}

void plans_destroy(Plans *plans)
{
    if (plans == NULL)
        return;
    json_decref(plans->funnels_file);
    json_decref(plans->experiments_file);
    memory_free(plans);
}

/* ---- asking */

Err plans_find_funnel(const Plans *plans, Arena *arena, Str id, const NamedFunnel **out)
{
    Buf names = {.arena = arena};

    for (size_t i = 0; i < plans->funnel_count; i++) {
        *out = &plans->funnels[i];
        if (str_equal((*out)->id, id))
            return OK;
        buf_format(&names, "%s%.*s", i > 0 ? ", " : "", STR_ARG((*out)->id));
    }
    Str all = buf_str(&names);
    return err(NOT_FOUND, "no funnel \"%.*s\" is declared; these are: %.*s", STR_ARG(id), STR_ARG(all));
}

Err plans_find_experiment(const Plans *plans, Arena *arena, Str id, const Experiment **out)
{
    Buf names = {.arena = arena};

    for (size_t i = 0; i < plans->experiment_count; i++) {
        *out = &plans->experiments[i];
        if (str_equal((*out)->id, id))
            return OK;
        buf_format(&names, "%s%.*s", i > 0 ? ", " : "", STR_ARG((*out)->id));
    }
    Str all = buf_str(&names);
    return err(NOT_FOUND, "no experiment \"%.*s\" is declared; these are: %.*s", STR_ARG(id), STR_ARG(all));
}

/* The first eight bytes of SHA-256("EXPERIMENT unit"), as a share of all they can be. */
size_t experiment_assign(const Experiment *experiment, Str unit)
{
    enum { HASH_BYTES = 8 };
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    uint64_t number = 0, all = 0;

    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)experiment->id.data, experiment->id.len);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)" ", 1);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)unit.data, unit.len);
    (void)crypto_hash_sha256_final(&state, hash);
    for (size_t i = 0; i < HASH_BYTES; i++)
        number = number << 8 | hash[i];
    for (size_t i = 0; i < experiment->count; i++)
        all += (uint64_t)experiment->variants[i].weight;
    uint64_t place = number % all;
    size_t variant = 0;
    while (place >= (uint64_t)experiment->variants[variant].weight)
        place -= (uint64_t)experiment->variants[variant++].weight;
    return variant;
}
