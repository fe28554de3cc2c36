#include "gateway/access_log.h"

#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "gateway/pseudonym.h"

/* A method is what the client sent: as long as its head may be. The rest of a line is bounded by its source. */
enum { LINE = 512, METHOD_SHOWN = 32 };

struct AccessLog {
    const Clock *clock;
    const Proxies *proxies;
    Pseudonyms *pseudonyms;
};

AccessLog *access_log_create(const Clock *clock, const Proxies *proxies)
{
    AccessLog *log = memory_new(AccessLog);

    *log = (AccessLog){clock, proxies, pseudonyms_create()};
    return log;
}

void access_log_destroy(AccessLog *log)
{
    if (!log)
        return;
    pseudonyms_destroy(log->pseudonyms);
    memory_free(log);
}

static void put_error(Buf *line, const Err *error)
{
    if (!error)
        return;
    buf_put(line, STR(",\"error\":"));
    json_put_string(line, str_from(err_kind(error->code)->name));
    if (error->detail[0] == '\0')
        return;
    buf_put(line, STR(",\"detail\":"));
    json_put_string(line, str_from(error->detail));
}

static void put_int(Buf *line, Str key, int64_t value)
{
    buf_put(line, key);
    buf_put_int(line, value);
}

/* What holds nothing that would have to be escaped. */
static void put_quoted(Buf *line, Str text)
{
    buf_put_char(line, '"');
    buf_put(line, text);
    buf_put_char(line, '"');
}

/* A key's beginning is shown to who has it, so that they find it in a log. */
static void put_consumer(Buf *line, const AccessLog *log, const Exchange *exchange, int64_t now_us)
{
    char consumer[CONSUMER_TEXT], pseudonym[PSEUDONYM_TEXT];

    buf_put(line, STR(",\"consumer\":"));
    if (exchange->identity.key.data) {
        json_put_string(line, exchange->identity.key);
        return;
    }
    pseudonym_print(log->pseudonyms, now_us, consumer_of(log->proxies, exchange, consumer), pseudonym);
    put_quoted(line, (Str){pseudonym, PSEUDONYM_TEXT - 1});
}

/* What kind of caller. */
static void put_caller(Buf *line, const Identity *identity)
{
    static const char *const KINDS[] = {
        [IDENTITY_GUEST] = "guest", [IDENTITY_MEMBER] = "member", [IDENTITY_KEY] = "key"};

    if (identity->kind == IDENTITY_NOBODY)
        return;
    buf_put(line, STR(",\"caller\":"));
    json_put_string(line, str_from(KINDS[identity->kind]));
}

static void put_line(Buf *line, const AccessLog *log, const Exchange *exchange, const Outcome *outcome)
{
    char trace_id[TRACE_ID_TEXT], span_id[SPAN_ID_TEXT];
    int64_t now_us = clock_wall_us(log->clock);

    trace_id_print(&exchange->trace, trace_id);
    span_id_print(&exchange->trace, span_id);
    buf_put(line, STR("{\"time\":"));
    json_put_time(line, now_us);
    buf_put(line, STR(",\"level\":\"info\",\"message\":\"request\",\"method\":"));
    json_put_string(line, utf8_cut_bytes(exchange->method, METHOD_SHOWN));
    buf_put(line, STR(",\"route\":"));
    json_put_string(line, str_from(exchange->route));
    put_caller(line, &exchange->identity);
    put_consumer(line, log, exchange, now_us);
    put_int(line, STR(",\"status\":"), outcome->status);
    put_int(line, STR(",\"bytes\":"), (int64_t)outcome->bytes);
    put_int(line, STR(",\"duration_us\":"), outcome->duration_us);
    buf_put(line, STR(",\"trace_id\":"));
    put_quoted(line, (Str){trace_id, TRACE_ID_TEXT - 1});
    buf_put(line, STR(",\"span_id\":"));
    put_quoted(line, (Str){span_id, SPAN_ID_TEXT - 1});
    if (exchange->from_node)
        buf_put(line, STR(",\"from_node\":true"));
    if (outcome->aborted)
        buf_put(line, STR(",\"aborted\":true"));
    put_error(line, outcome->error);
    buf_put(line, STR("}\n"));
}

static void write_line(void *context, const Exchange *exchange, const Outcome *outcome)
{
    AUTO_ARENA Arena scratch = {0}; /* of a line that is longer than most */
    char room[LINE];
    Buf line = {.arena = &scratch, .data = room, .capacity = sizeof room};

    put_line(&line, context, exchange, outcome);
    log_buffered(buf_str(&line));
}

Filter access_log_filter(AccessLog *log)
{
    return (Filter){.after = write_line, .context = log};
}
