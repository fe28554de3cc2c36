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

static Err tell_node(Rows *rows, Arena *scratch, const OutboxChange *change, int64_t version)
{
    int64_t shown = 0;
    bool found;

    TRY(rows->twin->get_shown(rows, change->key, &shown, &found));
    bool is_there = found && shown > 0;
    if (is_there && change->is_end)
        return OK;
    return tell(rows, scratch,
                (GraphHappening){.what = is_there ? HAPPENED_CHANGED : HAPPENED_GONE,
                                 .key = change->key,
                                 .event_id = STR(""),
                                 .version = version,
                                 .nodes = 1});
}

/* Each node once: the next from place i on, and where those behind it begin. */
static size_t take_node(const OutboxChange *changes, size_t count, size_t i, OutboxChange *out)
{
    *out = changes[i];
    for (i++; i < count && str_equal(changes[i].key, out->key); i++)
        out->is_end &= changes[i].is_end;
    return i;
}

static size_t count_nodes(const OutboxChange *changes, size_t count)
{
    OutboxChange node;
    size_t nodes = 0;

    for (size_t i = 0; i < count; nodes += !node.is_end)
        i = take_node(changes, count, i, &node);
    return nodes;
}

Err outbox_tell_changed(Rows *rows, Arena *scratch, const OutboxChange *changes, size_t count,
                        int64_t version)
{
    size_t nodes = count_nodes(changes, count);
    OutboxChange node;

    if (nodes > GRAPH_TOLD_EACH)
        return tell(rows, scratch,
                    (GraphHappening){.what = HAPPENED_FILLED,
                                     .key = STR(""),
                                     .event_id = STR(""),
                                     .version = version,
                                     .nodes = (int64_t)nodes});
    for (size_t i = 0; i < count;) {
        i = take_node(changes, count, i, &node);
        TRY(tell_node(rows, scratch, &node, version));
    }
    return OK;
}

Err outbox_tell_recorded(Rows *rows, Arena *scratch, const GraphInteraction *in)
{
    return tell(
        rows, scratch,
        (GraphHappening){.what = HAPPENED_RECORDED, .key = in->user, .event_id = in->event_id, .nodes = 1});
}
