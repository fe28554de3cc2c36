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

Str prompt_text(const Improviser *improviser, const char *group, const char *key)
{
    const json_t *value = json_object_get(improviser->file, group);

    if (key != NULL)
        value = json_object_get(value, key);
    return json_str(value);
}

Str prompt_context(const Improviser *improviser, Tongue tongue, const char *key)
{
    const json_t *words = json_object_get(json_object_get(improviser->file, "context"), tongue_code(tongue));
    const json_t *value = json_object_get(words, key);

    return json_str(value);
}

/* --- reading --- */

static Err wrong(const char *what)
{
    return err(INVALID, "content/agents/maeju/prompt.yaml: %s", what);
}

static Str text_at(const json_t *row, const char *key)
{
    const json_t *value = json_object_get(row, key);

    return json_is_string(value) ? json_str(value) : STR("");
}

static Err read_tool(Improviser *improviser, const json_t *row)
{
    Str operation = text_at(row, "operation");
    ToolFn run = toolbox_find(operation);

    if (improviser->tool_count == TOOLS_MAX)
        return wrong("too many tools");
    if (run == NULL || text_at(row, "name").len == 0)
        return wrong("a tool needs a name and an operation that there is");
    improviser->runs[improviser->tool_count] = run;
    improviser->tools[improviser->tool_count++] = (LlmTool){
        .name = text_at(row, "name"),
        .description = text_at(row, "description"),
        .parameters = toolbox_parameters(operation),
    };
    return OK;
}

static Err check_texts(const Improviser *improviser)
{
    static const char *const GROUPS[] = {"rules", "again"};

    if (str_find(prompt_text(improviser, "persona", NULL), STR("{relevant_knowledge}"), 0) == SIZE_MAX)
        return wrong("persona must hold {user_context} and {relevant_knowledge}");
    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++)
        for (Tongue tongue = 0; tongue < TONGUE_COUNT; tongue++)
            if (prompt_text(improviser, GROUPS[i], tongue_code(tongue)).len == 0)
                return wrong("rules and again must be there in ko and en");
    return OK;
}

static Err read_prompt(Improviser *improviser, AssetTable content)
{
    const Asset *asset = asset_find(content, STR("maeju/prompt.yaml"));
    const json_t *row;
    size_t i;

    if (asset == NULL)
        return wrong("is missing");
    Err e = yaml_read(asset->bytes, &improviser->file);
    if (failed(&e))
        return wrong(e.message);
    TRY(check_texts(improviser));
    json_array_foreach(json_object_get(improviser->file, "tools"), i, row) TRY(read_tool(improviser, row));
    return OK;
}

Err improviser_create(Llm *llm, AssetTable content, Improviser **out)
{
    Improviser *improviser = memory_new(Improviser);

    arena_init(&improviser->arena);
    improviser->llm = llm;
    improviser->metrics = metrics_create(ROWS, ROW_COUNT);
    Err e = read_prompt(improviser, content);
    *out = failed(&e) ? NULL : improviser;
    if (failed(&e))
        improviser_destroy(improviser);
    return e;
}

void improviser_destroy(Improviser *improviser)
{
    if (improviser == NULL)
        return;
    metrics_destroy(improviser->metrics);
    json_decref(improviser->file);
    arena_finish(&improviser->arena);
    memory_free(improviser);
}

const Metrics *improviser_metrics(const Improviser *improviser)
{
    return improviser->metrics;
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
