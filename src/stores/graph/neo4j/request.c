#include "stores/graph/neo4j/request.h"

enum { FIRST_BYTES = 1024 };

void cypher_init(CypherRequest *request, Arena *arena)
{
    *request = (CypherRequest){0};
    buf_init(&request->body, arena, FIRST_BYTES);
    buf_put(&request->body, STR("{\"statements\":["));
}

void cypher_begin(CypherRequest *request, Str text)
{
    if (request->statements++ > 0)
        buf_put_char(&request->body, ',');
    request->parameters = 0;
    buf_put(&request->body, STR("{\"statement\":"));
    buf_put(&request->body, text);
    buf_put(&request->body, STR(",\"parameters\":{"));
}

static Buf *put_name(CypherRequest *request, const char *name)
{
    if (request->parameters++ > 0)
        buf_put_char(&request->body, ',');
    json_put_string(&request->body, str_from(name));
    buf_put_char(&request->body, ':');
    return &request->body;
}

void cypher_put_text(CypherRequest *request, const char *name, Str value)
{
    json_put_string(put_name(request, name), value);
}

void cypher_put_int(CypherRequest *request, const char *name, int64_t value)
{
    buf_put_int(put_name(request, name), value);
}

void cypher_put_json(CypherRequest *request, const char *name, Json value)
{
    buf_put(put_name(request, name), value);
}

void cypher_put_text_or_null(CypherRequest *request, const char *name, Str value)
{
    if (value.data != NULL)
        cypher_put_text(request, name, value);
    else
        cypher_put_json(request, name, STR("null"));
}

void cypher_put_json_or_null(CypherRequest *request, const char *name, Json value)
{
    cypher_put_json(request, name, value.data != NULL ? value : STR("null"));
}

void cypher_end(CypherRequest *request)
{
    buf_put(&request->body, STR("}}"));
}

void cypher_add_printed(CypherRequest *request, Str text, Json parameters)
{
    if (request->statements++ > 0)
        buf_put_char(&request->body, ',');
    buf_put(&request->body, STR("{\"statement\":"));
    json_put_string(&request->body, text);
    buf_put(&request->body, STR(",\"parameters\":"));
    buf_put(&request->body, parameters);
    buf_put_char(&request->body, '}');
}

Json cypher_finish(CypherRequest *request)
{
    buf_put(&request->body, STR("]}"));
    return buf_str(&request->body);
}

/* ---- values */

void request_list_init(RequestList *list, Arena *arena)
{
    *list = (RequestList){.text.arena = arena};
    buf_put_char(&list->text, '[');
}

Buf *request_list_next(RequestList *list)
{
    if (list->count++ > 0)
        buf_put_char(&list->text, ',');
    return &list->text;
}

Json request_list_finish(RequestList *list)
{
    buf_put_char(&list->text, ']');
    return buf_str(&list->text);
}

static void put_member(Buf *buf, const char *name)
{
    if (buf->data[buf->len - 1] != '{')
        buf_put_char(buf, ',');
    json_put_string(buf, str_from(name));
    buf_put_char(buf, ':');
}

void cypher_put_text_member(Buf *buf, const char *name, Str value)
{
    if (value.data == NULL)
        return;
    put_member(buf, name);
    json_put_string(buf, value);
}

void cypher_put_int_member(Buf *buf, const char *name, int64_t value)
{
    put_member(buf, name);
    buf_put_int(buf, value);
}

void cypher_put_json_member(Buf *buf, const char *name, Json value)
{
    put_member(buf, name);
    buf_put(buf, value);
}
