/* Bytes as the JSON of a type of the torture contract (the first byte says which): whatever is accepted must
 * encode, decode again and encode to the same text; what the check of the struct says must be what the decoder
 * said. */
#include <stdlib.h>

#include "types.h"

static void fail_unless(bool promise)
{
    if (!promise)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    void *value, *again;

    if (size == 0)
        return 0;
    arena_init(&arena);
    const Shape *shape = TYPES[data[0] % TYPE_COUNT].shape;
    Err e = type_read(shape, &arena, (Str){(const char *)data + 1, size - 1}, &value);
    if (failed(&e)) {
        fail_unless(e.code == INVALID && e.message[0] != '\0');
        return 0;
    }
    Err check = shape_check(shape, value);
    fail_unless(!failed(&check));
    Str text = type_write(shape, &arena, value);
    e = type_read(shape, &arena, text, &again);
    fail_unless(!failed(&e) && str_equal(text, type_write(shape, &arena, again)));
    return 0;
}
