#include "http/problem.h"

#include <string.h>

static void put_member(Buf *out, const char *key, const char *text)
{
    buf_put_char(out, ',');
    json_put_string(out, str_from(key));
    buf_put_char(out, ':');
    json_put_string(out, str_from(text));
}

void problem_put(Buf *out, const Err *e, const Trace *trace)
{
    const ErrKind *kind = err_kind(e->code);
    char id[TRACE_ID_TEXT];

    buf_format(out, "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%d", kind->name, kind->title,
               kind->status);
    put_member(out, "detail", e->message[0] == '\0' ? kind->title : e->message);
    if (e->pointer[0] != '\0')
        put_member(out, "pointer", e->pointer);
    if (trace != NULL) {
        trace_id_print(trace, id);
        buf_format(out, ",\"instance\":\"urn:trace:%s\"", id);
    }
    if (e->retry_after_s > 0)
        buf_format(out, ",\"retry_after_s\":%d", e->retry_after_s);
    buf_put_char(out, '}');
}

Json problem_text(Arena *arena, const Err *e, const Trace *trace)
{
    Buf out;

    buf_init(&out, arena, 512);
    problem_put(&out, e, trace);
    return buf_str(&out);
}

static const char *text_of(const json_t *problem, const char *key)
{
    const char *text = json_string_value(json_object_get(problem, key));

    return text == NULL ? "" : text;
}

/* Several kinds may share a status: the type is exact. */
static ErrCode code_of(const json_t *problem, int status)
{
    static const char PREFIX[] = "/problems/";
    const char *type = text_of(problem, "type");

    if (strncmp(type, PREFIX, sizeof PREFIX - 1) == 0)
        for (ErrCode code = NO_ERROR + 1; code < ERR_CODE_COUNT; code++)
            if (strcmp(err_kind(code)->name, type + sizeof PREFIX - 1) == 0)
                return code;
    ErrCode code = err_code_of_status(status);
    return code == NO_ERROR ? INTERNAL : code;
}

Err problem_read(int status, Str body)
{
    AUTO_JSON json_t *problem = NULL;
    Err unreadable = json_read(body, &problem);

    if (failed(&unreadable) || !json_is_object(problem))
        return err_detail(err(code_of(NULL, status), "the other side answered %d without saying why", status),
                          "body of %zu bytes is no problem", body.len);
    Err e = err(code_of(problem, status), "%s", text_of(problem, "detail"));
    json_int_t seconds = json_integer_value(json_object_get(problem, "retry_after_s"));
    if (seconds > 0 && seconds < INT32_MAX)
        e = err_retry_after(e, (int)seconds);
    return err_at(e, "%s", text_of(problem, "pointer"));
}
