/* The small texts that come in headers and files: UTF-8, trace contexts, moments. What is taken must mean what its
 * printed form means. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "base/trace.h"
#include "base/utf8.h"

static void check_utf8(Str text)
{
    bool replaced = false;
    uint32_t code_point;

    for (size_t at = 0; utf8_next(text, &at, &code_point);) {
        char bytes[4];
        size_t length = utf8_encode(code_point, bytes);
        replaced |= at < length || memcmp(text.data + at - length, bytes, length) != 0;
    }
    if (utf8_valid(text) == replaced)
        abort();
    for (size_t bytes = 0; bytes <= text.len && !replaced; bytes++)
        if (!utf8_valid(utf8_cut_bytes(text, bytes)))
            abort();
}

static void check_trace(Str text)
{
    char printed[TRACE_TEXT];
    Trace trace;
    Trace again;

    if (!trace_parse(text, &trace))
        return;
    trace_print(&trace, printed);
    if (!trace_parse(str_from(printed), &again) || memcmp(&trace, &again, sizeof trace) != 0)
        abort();
}

static void check_time(Str text)
{
    char printed[TIME_TEXT];
    int64_t time_us;
    int64_t again;

    if (!time_parse(text, &time_us))
        return;
    size_t len = time_print(printed, time_us);
    if (!time_parse((Str){printed, len}, &again) || again != time_us)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str text = {(const char *)data, size};

    check_utf8(text);
    check_trace(text);
    check_time(text);
    return 0;
}
