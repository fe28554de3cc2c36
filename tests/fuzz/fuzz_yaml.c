/* Front matter and tables: whatever the text is, it is read or refused with its line, and what is read is JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_JSON json_t *value = NULL;
    AUTO_JSON json_t *again = NULL;
    Err e = yaml_read((Str){(const char *)data, size}, &value);

    if (failed(&e) && (value || strncmp(e.message, "line ", 5) != 0))
        abort();
    if (failed(&e))
        return 0;
    e = json_read(json_text(&arena, value), &again);
    if (failed(&e))
        abort();
    return 0;
}
