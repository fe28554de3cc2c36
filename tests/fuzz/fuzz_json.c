/* JSON from outside: what is read must survive being written and read again; a NUL is never overlooked. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static void check_round_trip(const json_t *value)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_JSON json_t *again = NULL;
    Err e = json_read(json_text(&arena, value), &again);

    if (failed(&e))
        abort();
    /* A real without a fraction comes back as an integer; as text they are the same. */
    if (!str_equal(json_text(&arena, value), json_text(&arena, again)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_JSON json_t *value = NULL;
    Err e = json_read((Str){(const char *)data, size}, &value);

    if (failed(&e))
        return 0;
    if (memchr(data, '\0', size))
        abort();
    check_round_trip(value);
    return 0;
}
