#include "stores/graph/outbox.h"

#include "base/clock.h"
#include "base/random.h"
#include "base/span.h"

static Err tell(Rows *rows, Arena *scratch, GraphHappening happening)
{
    const Trace *doing = span_current();
    char text[TRACE_TEXT] = "";

    if (doing != NULL)
        trace_print(doing, text);
    TRY(rows->twin->next_number(rows, clock_wall_us(clock_system()), &happening.number));
    happening.id = id_of_moment(scratch, happening.number);
    happening.traceparent = str_from(text);
    return rows->twin->add_happening(rows, &happening);
}

static Err tell_node(Rows *rows, Arena *scratch, Str key, int64_t version)
{
    int64_t shown = 0;
    bool found;

    TRY(rows->twin->get_shown(rows, key, &shown, &found));
    return tell(rows, scratch,
                (GraphHappening){.what = found && shown > 0 ? HAPPENED_CHANGED : HAPPENED_GONE,
                                 .key = key,
                                 .event_id = STR(""),
                                 .version = version,
                                 .nodes = 1});
}

static bool is_another(const Str *keys, size_t i)
{
    return i == 0 || !str_equal(keys[i], keys[i - 1]);
}

static size_t count_nodes(const Str *keys, size_t count)
{
    size_t nodes = 0;

    for (size_t i = 0; i < count; i++)
        nodes += is_another(keys, i);
    return nodes;
}

Err outbox_tell_changed(Rows *rows, Arena *scratch, const Str *keys, size_t count, int64_t version)
{
    size_t nodes = count_nodes(keys, count);

    if (nodes > GRAPH_TOLD_EACH)
        return tell(rows, scratch,
                    (GraphHappening){.what = HAPPENED_FILLED,
                                     .key = STR(""),
                                     .event_id = STR(""),
                                     .version = version,
                                     .nodes = (int64_t)nodes});
    for (size_t i = 0; i < count; i++)
        if (is_another(keys, i))
            TRY(tell_node(rows, scratch, keys[i], version));
    return OK;
}

Err outbox_tell_recorded(Rows *rows, Arena *scratch, const GraphInteraction *in)
{
    return tell(
        rows, scratch,
        (GraphHappening){.what = HAPPENED_RECORDED, .key = in->user, .event_id = in->event_id, .nodes = 1});
}
