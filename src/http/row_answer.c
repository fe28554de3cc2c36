#include "http/row_answer.h"

#include "http/contract/row_writer.h"
#include "http/negotiate.h"

enum { FIRST_BYTES = 8 * 1024 };

/* The rows of one answer, in the arena of its request. */
typedef struct RowFlow {
    FlowSource flow; /* of which it is the context */
    RowSource source;
    RowForm form;
} RowFlow;

static Err choose_form(const Exchange *exchange, RowForm *out)
{
    Str accept = exchange_header(exchange, STR("accept"));
    int csv = accept_weight(accept, STR("text/csv"));
    int lines = accept_weight(accept, STR("application/x-ndjson"));

    *out = lines > csv ? ROWS_NDJSON : ROWS_CSV;
    if (csv == 0 && lines == 0)
        return err(NOT_ACCEPTABLE, "Accept must allow text/csv or application/x-ndjson.");
    return OK;
}

static Err next(void *context, Arena *arena, Str *piece, bool *is_over)
{
    RowFlow *rows = context;
    RowWriter some = {.form = rows->form};

    buf_init(&some.out, arena, FIRST_BYTES);
    TRY(rows->source.next(rows->source.context, &some, is_over));
    *piece = buf_str(&some.out);
    return OK;
}

Err row_answer(const Operation *operation, Call *call, Exchange *exchange)
{
    RowFlow *rows = arena_new(call->arena, RowFlow);
    RowWriter first = {0};
    bool is_over = false;

    TRY(choose_form(exchange, &first.form));
    TRY(operation->invoke(call, &exchange->input, NULL));
    if (call->rows.next == NULL)
        return err_detail(err(INTERNAL, "The request was not answered."), "no rows by handler");
    buf_init(&first.out, call->arena, FIRST_BYTES);
    row_writer_begin(&first, operation->rows);
    TRY(call->rows.next(call->rows.context, &first, &is_over));
    *rows = (RowFlow){{next, rows}, call->rows, first.form};
    exchange_reply_on(exchange, operation->success_status, row_form_content_type(first.form),
                      buf_str(&first.out), is_over ? NULL : &rows->flow);
    return OK;
}
