/* Bytes as the body of a form: what is taken is JSON. */
#include <stdlib.h>

#include "base/utf8.h"
#include "http/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand_object(Str type, Str body)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_JSON json_t *object = NULL;
    Json out;

    Err e = form_read(&arena, type, body, &out);
    if (failed(&e))
        return;
    e = json_read(out, &object); /* names that come twice, and NUL, are refused there */
    if (!failed(&e) && !json_is_object(object))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str body = {(const char *)data, size};

    if (!utf8_valid(body))
        return 0;
    demand_object(STR(FORM_MIME), body);
    demand_object(STR(PARTS_MIME "; boundary=x"), body);
    return 0;
}
