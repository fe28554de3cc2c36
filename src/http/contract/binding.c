#include "http/contract/binding.h"

#include <assert.h>
#include <string.h>

#include "http/contract/parameters.h"

enum { BODY_FIRST_BYTES = 512 };

/* Where the input has its body, or has the pointer to it. */
static void *body_place(const Field *body, void *in)
{
    return (char *)in + body->offset;
}

static Err decode_body(const Field *body, Arena *arena, const json_t *json, void *in)
{
    void *place = body_place(body, in);

    if (body->pointer) {
        void *value = arena_alloc(arena, body->shape->size);
        memcpy(place, &value, sizeof value);
        place = value;
    }
    return shape_decode(body->shape, arena, json, place);
}

static Err read_body(const Field *body, Arena *arena, Str text, void *in)
{
    const json_t *json;

    if (text.data == NULL && !body->required)
        return OK;
    if (text.len == 0)
        return err(INVALID, "the body is missing; a JSON object is expected");
    TRY(json_read_into(arena, text, &json));
    return decode_body(body, arena, json, in);
}

Err binding_read(const Binding *binding, Call *call, const CallInput *input, void *in)
{
    if (in != NULL)
        memset(in, 0, binding->input_size);
    if (binding->parameters != NULL)
        TRY(parameters_decode(binding->parameters, call->arena, input, in));
    else
        TRY(parameters_refuse(input->query));
    return binding->body == NULL ? OK : read_body(binding->body, call->arena, input->body, in);
}

/* An agent can't say who it is. */
static Err put_given(const json_t *given, json_t *all)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)given, name, value)
    {
        if (json_object_get(all, name) != NULL)
            return err_at(err(INVALID, "%s: is known and can't be chosen; leave it out", name), "/%s", name);
        (void)json_object_set(all, name, value);
    }
    return OK;
}

Err binding_read_tool(const Binding *binding, Arena *arena, const json_t *arguments, const json_t *given,
                      void *in)
{
    AUTO_JSON json_t *all = json_copy((json_t *)arguments);

    if (in != NULL)
        memset(in, 0, binding->input_size);
    if (binding->body != NULL) {
        if (binding->parameters != NULL)
            TRY(shape_decode(binding->parameters, arena, given, in));
        if (!binding->body->required && json_object_size(arguments) == 0)
            return OK;
        return decode_body(binding->body, arena, arguments, in);
    }
    TRY(put_given(given, all));
    if (binding->parameters != NULL)
        return shape_decode(binding->parameters, arena, all, in);
    return json_object_size(all) == 0 ? OK : err(INVALID, "it takes no arguments");
}

Err binding_refusal(Err e)
{
    if (e.code == INVALID)
        e.code = UNPROCESSABLE;
    return e;
}

/* The message of the check is for whoever wrote the handler: it goes to the log. */
Err binding_broken(const Err *e)
{
    return err_detail(err(INTERNAL, "the answer could not be made"), "breaks the contract at \"%s\": %s",
                      e->pointer, e->message);
}

Err binding_check_result(const Binding *binding, const void *result)
{
    if (binding->result == NULL)
        return OK;
    Err e = shape_check_trusted(binding->result, result);
    return failed(&e) ? binding_broken(&e) : OK;
}

Err binding_write(const Binding *binding, const Call *call, const void *result, Buf *out)
{
    if (call->streaming || binding->result == NULL)
        return OK;
    if (call->written.data != NULL) {
        assert(out->len == 0);
        *out = (Buf){out->arena, (char *)call->written.data, call->written.len, call->written.len + 1};
        return OK;
    }
    TRY(binding_check_result(binding, result));
    shape_encode(binding->result, result, out);
    if (call->keep != NULL)
        call->keep(call->keep_context, buf_str(out));
    return OK;
}

Err binding_check(const Binding *binding, const void *in)
{
    const Field *body = binding->body;

    if (binding->parameters != NULL)
        TRY(shape_check(binding->parameters, in));
    if (body == NULL || !field_is_present(body, in))
        return OK;
    return shape_check(body->shape, field_value(body, in));
}

Str binding_target(const Binding *binding, Arena *arena, const void *in)
{
    Buf out;

    buf_init(&out, arena, BODY_FIRST_BYTES);
    parameters_encode(binding->parameters, binding->path, in, &out);
    return buf_str(&out);
}

Str binding_body(const Binding *binding, Arena *arena, const void *in)
{
    const Field *body = binding->body;
    Buf out;

    if (body == NULL || !field_is_present(body, in))
        return (Str){0};
    buf_init(&out, arena, BODY_FIRST_BYTES);
    shape_encode(body->shape, field_value(body, in), &out);
    return buf_str(&out);
}

Err binding_read_result(const Binding *binding, Arena *arena, Str body, void *result)
{
    const json_t *json;

    if (binding->result == NULL)
        return OK;
    Err e = json_read_into(arena, body, &json);
    if (!failed(&e))
        e = shape_decode(binding->result, arena, json, result);
    return failed(&e) ? binding_broken(&e) : OK;
}

Err binding_emit(const Shape *shape, EventLog *log, Str name, const void *event)
{
    AUTO_ARENA Arena scratch = {0};
    Buf data;

    Err e = shape_check_trusted(shape, event);
    if (failed(&e))
        return binding_broken(&e);
    arena_init(&scratch);
    buf_init(&data, &scratch, BODY_FIRST_BYTES);
    shape_encode(shape, event, &data);
    return event_log_append(log, name, buf_str(&data));
}
