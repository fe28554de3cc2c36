#include "service.h"

#include <string.h>

#include "base/settle.h"

static void note_trace(Call *call)
{
    Torture *torture = call->service;

    memcpy(torture->trace_id, call->trace.trace_id, sizeof torture->trace_id);
    memcpy(torture->span_id, call->trace.span_id, sizeof torture->span_id);
    torture->in_settlement = settlement_of_thread() != NULL;
}

Err torture_echo(Call *call, const Everything *in, Everything *out)
{
    note_trace(call);
    *out = *in;
    return OK;
}

static void put_parameters(const TortureFindInput *in, Buf *text)
{
    buf_format(text, "colour=%.*s id=%.*s limit=%d needed=%.*s", STR_ARG(COLOUR_TEXT[in->colour]),
               STR_ARG(in->id), (int)in->limit, STR_ARG(in->needed));
    if (in->has_least)
        buf_format(text, " least=%.15g", in->least);
    if (in->has_deep)
        buf_format(text, " deep=%d", in->deep);
    for (size_t i = 0; i < in->tag.count; i++)
        buf_format(text, " tag=%.*s", STR_ARG(in->tag.items[i]));
    for (size_t i = 0; i < in->number.count; i++)
        buf_format(text, " number=%d", (int)in->number.items[i]);
}

Err torture_find(Call *call, const TortureFindInput *in, Found *out)
{
    Buf text;

    note_trace(call);
    if (str_equal(in->id, STR("missing")))
        return err_detail(err(NOT_FOUND, "%.*s: no such thing", STR_ARG(in->id)), "for the log alone");
    if (str_equal(in->id, STR("busy")))
        return err_retry_after(err(UNAVAILABLE, "busy; come back"), 7);
    buf_init(&text, call->arena, 128);
    put_parameters(in, &text);
    *out = (Found){.text = buf_str(&text), .has_limit = true, .limit = in->limit};
    return OK;
}

Err torture_put(Call *call, const TorturePutInput *in, Found *out)
{
    note_trace(call);
    out->text = str_format(call->arena, "%.*s (%.*s) at %.15g, %.15g: %.*s", STR_ARG(in->id),
                           STR_ARG(in->note), in->body.x, in->body.y, STR_ARG(in->body.label));
    return OK;
}

Err torture_touch(Call *call, const TortureTouchInput *in, Found *out)
{
    note_trace(call);
    out->text = in->body == NULL ? STR("without") : STR("with");
    return OK;
}

Err torture_remove(Call *call, const TortureRemoveInput *in)
{
    note_trace(call);
    return str_equal(in->id, STR("A0")) ? OK : err_at(err(CONFLICT, "only A0 can go"), "/id");
}

Err torture_break(Call *call, Found *out)
{
    note_trace(call);
    *out = (Found){.text = STR("")};
    return OK;
}

Err torture_stream(Call *call)
{
    EventLog *log = event_log_create(4096);
    Point point = {.x = 1, .y = 2, .label = STR("here")};
    Found found = {.text = STR("end")};

    call_stream(call, log);
    Err e = torture_emit_point(log, &point);
    if (!failed(&e))
        e = torture_emit_end(log, &found);
    event_log_close(log);
    event_log_release(log);
    return e;
}

/* A few at a time. */
static Err next_rows(void *context, RowWriter *rows, bool *is_over)
{
    enum { A_FEW = 100 };
    Cells *row = context;

    for (size_t i = 0; i < A_FEW && row->number > 0; i++) {
        row->number--;
        TRY(torture_list_row(rows, row));
    }
    *is_over = row->number == 0;
    return OK;
}

Err torture_list(Call *call, const TortureListInput *in)
{
    Cells *row = arena_new(call->arena, Cells);

    note_trace(call);
    *row = (Cells){.text = STR("=1+1, \"two\""), .number = in->count, .has_ratio = true, .ratio = 0.5};
    call->rows = (RowSource){next_rows, row};
    return OK;
}

Err torture_own(Call *call, const TortureOwnInput *in, Found *out)
{
    note_trace(call);
    out->text = str_copy(call->arena, in->user_id);
    return OK;
}

Err torture_share(Call *call, const Shares *in, Found *out)
{
    note_trace(call);
    out->text = str_format(call->arena, "%zu", in->shares.count);
    return OK;
}
