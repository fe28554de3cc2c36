#include "llm/plain_chunk.h"

typedef struct Reader {
    Json json;
    size_t at;
    Str content;
} Reader;

/* Members of one object, in any order; one that isn't in its table, or comes twice, makes the chunk no plain one. */
typedef struct MemberRow {
    Str name;
    bool (*read)(Reader *reader);
} MemberRow;

typedef struct Shape {
    const MemberRow *rows;
    size_t count;
    unsigned wanted; /* rows that it must have, as bits */
} Shape;

static char next(Reader *reader)
{
    const Json *json = &reader->json;

    while (reader->at < json->len && (json->data[reader->at] == ' ' || json->data[reader->at] == '\n' ||
                                      json->data[reader->at] == '\r' || json->data[reader->at] == '\t'))
        reader->at++;
    return reader->at < json->len ? json->data[reader->at] : '\0';
}

static bool take(Reader *reader, char wanted)
{
    if (next(reader) != wanted)
        return false;
    reader->at++;
    return true;
}

static bool read_text(Reader *reader, Str *out)
{
    return next(reader) == '"' && json_peek_text(reader->json, &reader->at, out);
}

static bool read_member(Reader *reader, const Shape *shape, unsigned *seen)
{
    Str name;

    if (!read_text(reader, &name) || !take(reader, ':'))
        return false;
    for (size_t i = 0; i < shape->count; i++) {
        unsigned bit = 1U << i;
        if (!str_equal(name, shape->rows[i].name))
            continue;
        if (*seen & bit)
            return false;
        *seen |= bit;
        return shape->rows[i].read(reader);
    }
    return false;
}

static bool read_object(Reader *reader, const Shape *shape)
{
    unsigned seen = 0;

    if (!take(reader, '{'))
        return false;
    if (next(reader) == '}' && shape->wanted == 0)
        return take(reader, '}');
    do {
        if (!read_member(reader, shape, &seen))
            return false;
    } while (take(reader, ','));
    return take(reader, '}') && (seen & shape->wanted) == shape->wanted;
}

/* --- values --- */

static bool null(Reader *reader)
{
    static const Str NONE = {"null", sizeof "null" - 1};

    if (next(reader) != 'n' || !str_starts(str_slice(reader->json, reader->at, reader->json.len), NONE))
        return false;
    reader->at += NONE.len;
    return true;
}

static bool text(Reader *reader)
{
    Str ignored;

    return read_text(reader, &ignored);
}

static bool text_or_null(Reader *reader)
{
    return next(reader) == 'n' ? null(reader) : text(reader);
}

static bool zero(Reader *reader)
{
    return take(reader, '0') && (next(reader) == ',' || next(reader) == '}');
}

/* Seconds since 1970: digits that begin with none of 0, and few enough for any number. */
static bool whole_number(Reader *reader)
{
    enum { MOST = 15 };
    size_t begin = next(reader) == '0' ? SIZE_MAX : reader->at;

    while (reader->at < reader->json.len && reader->json.data[reader->at] >= '0' &&
           reader->json.data[reader->at] <= '9')
        reader->at++;
    size_t digits = reader->at - begin;
    return begin != SIZE_MAX && digits > 0 && digits <= MOST && (next(reader) == ',' || next(reader) == '}');
}

static bool content(Reader *reader)
{
    return next(reader) == 'n' ? null(reader) : read_text(reader, &reader->content);
}

/* --- what a plain chunk is --- */

#define NAMED(name) {name, sizeof(name) - 1}

static bool delta(Reader *reader)
{
    static const MemberRow ROWS[] = {
        {NAMED("content"), content}, {NAMED("role"), text_or_null},  {NAMED("refusal"), null},
        {NAMED("tool_calls"), null}, {NAMED("function_call"), null}, {NAMED("reasoning_content"), null},
        {NAMED("reasoning"), null},
    };

    return read_object(reader, &(Shape){ROWS, sizeof ROWS / sizeof *ROWS, 0});
}

static bool choices(Reader *reader)
{
    static const MemberRow ROWS[] = {
        {NAMED("delta"), delta},   {NAMED("index"), zero},       {NAMED("finish_reason"), null},
        {NAMED("logprobs"), null}, {NAMED("stop_reason"), null}, {NAMED("token_ids"), null},
    };

    return take(reader, '[') && read_object(reader, &(Shape){ROWS, sizeof ROWS / sizeof *ROWS, 1}) &&
           take(reader, ']');
}

bool plain_chunk_read(Json chunk, Str *out)
{
    static const MemberRow ROWS[] = {
        {NAMED("choices"), choices},
        {NAMED("id"), text},
        {NAMED("object"), text},
        {NAMED("created"), whole_number},
        {NAMED("model"), text},
        {NAMED("system_fingerprint"), text_or_null},
        {NAMED("service_tier"), text_or_null},
        {NAMED("usage"), null},
        {NAMED("obfuscation"), text},
    };
    Reader reader = {.json = chunk, .content = STR("")};

    if (!read_object(&reader, &(Shape){ROWS, sizeof ROWS / sizeof *ROWS, 1}) || next(&reader) != '\0')
        return false;
    *out = reader.content;
    return reader.at == chunk.len;
}
