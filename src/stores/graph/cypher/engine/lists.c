/* Functions of lists; some take texts too. */
#include "base/utf8.h"
#include "stores/graph/cypher/engine/call.h"

static Err need_list(const Call *call)
{
    Value value = call->arguments[0];

    return value.type == VALUE_LIST ? OK : call_refuse(call, "a list", value);
}

Err list_size(const Call *call, Value *out)
{
    Value value = call->arguments[0];

    if (value.type == VALUE_LIST)
        *out = value_integer((int64_t)value.list.count);
    else if (value.type == VALUE_STRING)
        *out = value_integer((int64_t)utf8_count(value.text));
    else
        return call_refuse(call, "a list or string", value);
    return OK;
}

Err list_item(const Call *call, Value *out)
{
    ValueList list = call->arguments[0].list;

    TRY(need_list(call));
    if (list.count > 0)
        *out = list.items[call->function == CYPHER_FN_HEAD ? 0 : list.count - 1];
    return OK;
}

Err list_tail(const Call *call, Value *out)
{
    ValueList list = call->arguments[0].list;

    TRY(need_list(call));
    *out = list.count > 0 ? value_list(list.items + 1, list.count - 1) : call->arguments[0];
    return OK;
}

Err list_reverse(const Call *call, Value *out)
{
    Value value = call->arguments[0];

    if (value.type == VALUE_STRING) {
        TRY(run_reserve_text(call->run, call->place, value.text.len));
        *out = value_text(text_reverse(&call->run->scratch, value.text));
        return OK;
    }
    if (value.type != VALUE_LIST)
        return call_refuse(call, "a list or string", value);
    TRY(run_reserve_items(call->run, call->place, value.list.count));
    Value *items = arena_array(&call->run->scratch, Value, value.list.count);
    for (size_t i = 0; i < value.list.count; i++)
        items[i] = value.list.items[value.list.count - 1 - i];
    *out = value_list(items, value.list.count);
    return OK;
}

/* How many numbers a range has; the ends may be further apart than an int64_t tells. */
static uint64_t range_count(int64_t first, int64_t last, int64_t step)
{
    uint64_t distance = step > 0 ? (uint64_t)last - (uint64_t)first : (uint64_t)first - (uint64_t)last;
    uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    bool empty = step > 0 ? last < first : last > first;

    return empty ? 0 : distance / stride + (distance / stride < UINT64_MAX);
}

/* Both ends are in it. */
Err list_range(const Call *call, Value *out)
{
    int64_t first;
    int64_t last;
    int64_t step = 1;

    TRY(call_integer(call, 0, INT64_MIN, &first));
    TRY(call_integer(call, 1, INT64_MIN, &last));
    if (call->count > 2)
        TRY(call_integer(call, 2, INT64_MIN, &step));
    if (step == 0)
        return run_refuse(call->place, "%.*s(): a step of 0 never ends", STR_ARG(call->name));
    uint64_t count = range_count(first, last, step);
    TRY(run_reserve_items(call->run, call->place, (size_t)count));
    Value *items = arena_array(&call->run->scratch, Value, (size_t)count);
    for (uint64_t i = 0; i < count; i++)
        items[i] = value_integer((int64_t)((uint64_t)first + i * (uint64_t)step));
    *out = value_list(items, (size_t)count);
    return OK;
}
