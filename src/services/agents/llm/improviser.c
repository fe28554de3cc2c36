#include "services/agents/llm/inside.h"

#include "base/memory.h"
#include "base/yaml.h"

typedef enum Row { ROW_ANSWERS, ROW_FALLBACKS, ROW_WITHHELD, ROW_REGENERATED, ROW_COUNT } Row;

static const char *const REASONS[FALLBACK_COUNT] = {
    [FALLBACK_UNAVAILABLE] = "unavailable", [FALLBACK_LIMITED] = "limited",
    [FALLBACK_TIMED_OUT] = "timed_out",     [FALLBACK_REFUSED] = "refused",
    [FALLBACK_UNREADABLE] = "unreadable",   [FALLBACK_UNGROUNDED] = "ungrounded",
};

static const char *const WITHHELD[WITHHELD_COUNT] = {
    [WITHHELD_FORBIDDEN] = "forbidden", [WITHHELD_UNGROUNDED] = "ungrounded"};

static const Metric ROWS[ROW_COUNT] = {
    [ROW_ANSWERS] = {METRIC_COUNTER, "nerdx_agents_llm_answers_total",
                     "Answers that the language model gave."},
    [ROW_FALLBACKS] = {METRIC_COUNTER, "nerdx_agents_llm_fallbacks_total",
                       "Answers that the narrator gave in its place, by why.",
                       .labels = {{"reason", REASONS, FALLBACK_COUNT}}},
    [ROW_WITHHELD] = {METRIC_COUNTER, "nerdx_agents_llm_withheld_total",
                      "Sentences of the language model that weren't sent, by why.",
                      .labels = {{"reason", WITHHELD, WITHHELD_COUNT}}},
    [ROW_REGENERATED] = {METRIC_COUNTER, "nerdx_agents_llm_regenerated_total",
                         "Answers asked for anew because no sentence of theirs could be sent."},
};

/* --- texts --- */

static Str text_in(const json_t *file, const char *group, const char *key)
{
    const json_t *value = json_object_get(file, group);

    return json_str(key != NULL ? json_object_get(value, key) : value);
}

Str prompt_text(const Improviser *improviser, const char *group, const char *key)
{
    Str own = text_in(improviser->file, group, key);

    return own.len > 0 ? own : text_in(improviser->house, group, key);
}

static Str context_in(const json_t *file, Tongue tongue, const char *key)
{
    return text_in(json_object_get(file, "context"), tongue_code(tongue), key);
}

Str prompt_context(const Improviser *improviser, Tongue tongue, const char *key)
{
    Str own = context_in(improviser->file, tongue, key);

    return own.len > 0 ? own : context_in(improviser->house, tongue, key);
}

/* --- reading --- */

static Err wrong(const ImproviserConfig *config, const char *what)
{
    return err(INVALID, "content/agents/%s/%.*s: %s", config->folder, STR_ARG(config->prompt), what);
}

static Err check_texts(const Improviser *improviser, const ImproviserConfig *config)
{
    static const char *const GROUPS[] = {"rules", "again"};

    if (str_find(prompt_text(improviser, "persona", NULL), STR("{relevant_knowledge}"), 0) == SIZE_MAX)
        return wrong(config, "persona must hold {user_context} and {relevant_knowledge}");
    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++)
        for (Tongue tongue = 0; tongue < TONGUE_COUNT; tongue++)
            if (prompt_text(improviser, GROUPS[i], tongue_code(tongue)).len == 0)
                return wrong(config, "rules and again must be there in ko and en, or in the house's prompt");
    return OK;
}

static Err read_file(const ImproviserConfig *config, Str folder, Str name, json_t **out)
{
    AUTO_ARENA Arena arena = {0};
    const Asset *asset;

    arena_init(&arena);
    asset = asset_find(config->content, str_format(&arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name)));
    if (asset == NULL)
        return wrong(config, "is missing");
    Err e = yaml_read(asset->bytes, out);
    return failed(&e) ? wrong(config, e.message) : OK;
}

static Err read_prompt(Improviser *improviser, const ImproviserConfig *config)
{
    TRY(read_file(config, improviser->name, config->prompt, &improviser->file));
    if (config->house.len > 0)
        TRY(read_file(config, config->house, STR("prompt.yaml"), &improviser->house));
    return check_texts(improviser, config);
}

Err improviser_create(const ImproviserConfig *config, Improviser **out)
{
    Improviser *improviser = memory_new(Improviser);

    *improviser = (Improviser){.llm = config->llm,
                               .name = str_from(config->folder),
                               .metrics = config->metrics,
                               .tool_count = config->tool_count};
    for (size_t i = 0; i < config->tool_count; i++) {
        const Tool *tool = &config->tools[i];
        improviser->offered[i] = (LlmTool){tool->name, tool->description, tool->schema->parameters};
    }
    Err e = read_prompt(improviser, config);
    *out = failed(&e) ? NULL : improviser;
    if (failed(&e))
        improviser_destroy(improviser);
    return e;
}

void improviser_destroy(Improviser *improviser)
{
    if (improviser == NULL)
        return;
    json_decref(improviser->file);
    json_decref(improviser->house);
    memory_free(improviser);
}

Metrics *improviser_metrics_create(void)
{
    return metrics_create(ROWS, ROW_COUNT);
}

static void count(const Improviser *improviser, Row row, size_t label)
{
    metrics_add(improviser->metrics, row, metrics_series(improviser->metrics, row, label, 0), 1);
}

void improviser_count_withheld(const Improviser *improviser, Withheld why)
{
    count(improviser, ROW_WITHHELD, why);
}

void improviser_count_regenerated(const Improviser *improviser)
{
    count(improviser, ROW_REGENERATED, 0);
}

void improviser_count_answer(const Improviser *improviser)
{
    count(improviser, ROW_ANSWERS, 0);
}

void improviser_count_fallback(const Improviser *improviser, Fallback why)
{
    count(improviser, ROW_FALLBACKS, why);
}
