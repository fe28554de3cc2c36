/* What a model tells of now and of the past. */
#include <stdlib.h>
#include <string.h>

#include "conformance/graph/history_model.h"

Json values_text(Arena *arena, Values values)
{
    Buf text = {.arena = arena};

    buf_put_char(&text, '{');
    for (int i = 0; i < PROPERTIES; i++)
        if (values.of[i] != 0)
            buf_format(&text, "%s\"%c\":%d", text.len > 1 ? "," : "", 'a' + i, values.of[i]);
    buf_put_char(&text, '}');
    return buf_str(&text);
}

/* A sum, whose properties stand in the order in which they came. */
typedef struct Sum {
    Values values;
    int order[PROPERTIES];
    int count;
} Sum;

static void lay_over(Sum *sum, Values values)
{
    for (int i = 0; i < PROPERTIES; i++) {
        if (values.of[i] == 0)
            continue;
        if (sum->values.of[i] == 0)
            sum->order[sum->count++] = i;
        sum->values.of[i] = values.of[i];
    }
}

static void put_sum(Buf *text, const Sum *sum)
{
    buf_put_char(text, '{');
    for (int i = 0; i < sum->count; i++)
        buf_format(text, "%s\"%c\":%d", i > 0 ? "," : "", 'a' + sum->order[i], sum->values.of[sum->order[i]]);
    buf_put_char(text, '}');
}

static int64_t first_deed(const Model *model, const char *key)
{
    int64_t first = GRAPH_FOREVER;

    for (size_t i = 0; i < model->count; i++)
        if (model->claims[i].said.by_event && history_same_text(model->claims[i].said.key, key))
            first = history_smaller(first, model->claims[i].since_us);
    return first;
}

/* The claims that make the node at a moment: the open ones, or else those that ended last, or else those that begin
 * first. */
static size_t choose(const Model *model, const char *key, int64_t moment_us, const Claim *chosen[MAX_CLAIMS])
{
    int64_t ended = INT64_MIN;
    int64_t begins = INT64_MAX;
    bool any_open = false;
    size_t count = 0;

    for (size_t i = 0; i < model->count; i++) {
        const Claim *claim = &model->claims[i];

        if (!claim->said.is_node || !history_same_text(claim->said.key, key))
            continue;
        any_open = any_open || model_is_open(claim, moment_us);
        begins = history_smaller(begins, claim->since_us);
        if (moment_us == GRAPH_NOW || claim->since_us <= moment_us)
            ended = history_larger(ended, claim->until_us);
    }
    for (size_t i = 0; i < model->count; i++) {
        const Claim *claim = &model->claims[i];
        bool wanted = any_open             ? model_is_open(claim, moment_us)
                      : ended != INT64_MIN ? claim->until_us == ended
                                           : claim->since_us == begins;

        if (claim->said.is_node && history_same_text(claim->said.key, key) && wanted)
            chosen[count++] = claim;
    }
    return any_open || !model_did_something(model, key, moment_us) ? count : 0;
}

Str model_node_at(Arena *arena, const Model *model, const char *key, int64_t moment_us)
{
    const Claim *chosen[MAX_CLAIMS];
    size_t count = choose(model, key, moment_us, chosen);
    Buf text = {.arena = arena};
    int64_t since_us = INT64_MAX;
    Sum sum = {0};

    if (!model_exists(model, key, moment_us))
        return STR("none");
    if (count == 0)
        return str_format(arena, "User@%lld {\"made\":true}", (long long)first_deed(model, key));
    for (size_t i = 0; i < count; i++) {
        if (str_find(buf_str(&text), str_from(chosen[i]->said.type), 0) == SIZE_MAX)
            buf_format(&text, "%s%s", i > 0 ? "," : "", chosen[i]->said.type);
        since_us = history_smaller(since_us, chosen[i]->since_us);
        lay_over(&sum, chosen[i]->said.values);
    }
    buf_format(&text, "@%lld ", (long long)since_us);
    put_sum(&text, &sum);
    return buf_str(&text);
}

/* A relationship at a moment, as the node sees it. */
typedef struct Seen {
    const Claim *shown;
    bool out;
    Sum sum;
} Seen;

static bool is_shown_before(const Claim *a, const Claim *b)
{
    return a->said.by_event != b->said.by_event ? a->said.by_event : a->since_us < b->since_us;
}

static void see(Seen *seen, size_t *count, const Claim *claim, bool out)
{
    Seen *found = NULL;

    for (size_t i = 0; i < *count && !claim->said.repeats; i++)
        if (seen[i].out == out && !seen[i].shown->said.repeats &&
            model_same_thing(&seen[i].shown->said, &claim->said))
            found = &seen[i];
    if (found == NULL) {
        found = &seen[(*count)++];
        *found = (Seen){.shown = claim, .out = out};
    }
    if (is_shown_before(claim, found->shown))
        found->shown = claim;
    lay_over(&found->sum, claim->said.values);
}

static const char *other_end(const Seen *seen)
{
    return seen->out ? seen->shown->said.to : seen->shown->said.key;
}

static int compare_seen(const void *a, const void *b)
{
    const Seen *left = a;
    const Seen *right = b;
    int order = strcmp(left->shown->said.type, right->shown->said.type);

    if (order == 0 && left->shown->since_us != right->shown->since_us)
        order = left->shown->since_us > right->shown->since_us ? -1 : 1;
    if (order == 0)
        order = strcmp(other_end(left), other_end(right));
    if (order == 0)
        order = right->out - left->out;
    return order != 0 ? order : (left->shown > right->shown) - (left->shown < right->shown);
}

Str model_neighbours_at(Arena *arena, const Model *model, const char *key, int64_t moment_us)
{
    Seen seen[2 * MAX_CLAIMS];
    size_t count = 0;
    Buf text = {.arena = arena};

    for (size_t i = 0; i < model->count; i++) {
        const Claim *claim = &model->claims[i];

        if (claim->said.is_node || !model_is_open(claim, moment_us))
            continue;
        if (history_same_text(claim->said.key, key))
            see(seen, &count, claim, true);
        if (history_same_text(claim->said.to, key))
            see(seen, &count, claim, false);
    }
    qsort(seen, count, sizeof(*seen), compare_seen);
    buf_put(&text, STR(""));
    for (size_t i = 0; i < count; i++) {
        buf_format(&text, "%s%s%c%s@%lld ", i > 0 ? "; " : "", seen[i].shown->said.type,
                   seen[i].out ? '>' : '<', other_end(&seen[i]), (long long)seen[i].shown->since_us);
        put_sum(&text, &seen[i].sum);
    }
    return buf_str(&text);
}

static void put_claim(Buf *text, Arena *arena, const Claim *claim)
{
    buf_format(text, "%s%s", text->len > 0 ? "; " : "", claim->said.origin);
    if (claim->said.line > 0)
        buf_format(text, ":%lld", (long long)claim->said.line);
    buf_format(text, "@%lld", (long long)claim->since_us);
    if (claim->until_us != GRAPH_FOREVER)
        buf_format(text, "-%lld", (long long)claim->until_us);
    buf_format(text, " %.*s", STR_ARG(values_text(arena, claim->said.values)));
}

Str model_node_claims(Arena *arena, const Model *model, const char *key)
{
    Buf text = {.arena = arena};

    for (size_t i = 0; i < model->count; i++)
        if (model->claims[i].said.is_node && history_same_text(model->claims[i].said.key, key))
            put_claim(&text, arena, &model->claims[i]);
    if (model_did_something(model, key, GRAPH_NOW))
        buf_format(&text, "%sevents@%lld {\"made\":true}", text.len > 0 ? "; " : "",
                   (long long)first_deed(model, key));
    return buf_str(&text);
}

Str model_relationship_claims(Arena *arena, const Model *model, const char *type, const char *from,
                              const char *to)
{
    Buf text = {.arena = arena};

    for (size_t i = 0; i < model->count; i++) {
        const Said *said = &model->claims[i].said;

        if (!said->is_node && history_same_text(said->type, type) && history_same_text(said->key, from) &&
            history_same_text(said->to, to))
            put_claim(&text, arena, &model->claims[i]);
    }
    return buf_str(&text);
}
