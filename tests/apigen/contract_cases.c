/* Reads lines "Type<TAB>JSON" from stdin and says for each what the contract says:
 * {"ok":true,"text":"…"} with the value encoded again, or {"ok":false,"pointer":"…","message":"…"}. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

static void put_text(Buf *out, const char *key, Str text)
{
    buf_format(out, ",\"%s\":", key);
    json_put_string(out, text);
}

static Str judge(Arena *arena, Str type, Str text)
{
    const Shape *shape = type_find(type);
    void *value = NULL;
    Buf out;

    if (shape == NULL)
        abort(); /* a fault of the test */
    buf_init(&out, arena, 256);
    Err e = type_read(shape, arena, text, &value);
    buf_put(&out, failed(&e) ? STR("{\"ok\":false") : STR("{\"ok\":true"));
    put_text(&out, "pointer", str_from(e.pointer));
    put_text(&out, "message", str_from(e.message));
    if (!failed(&e))
        put_text(&out, "text", type_write(shape, arena, value));
    buf_put_char(&out, '}');
    return buf_str(&out);
}

int main(void)
{
    AUTO_ARENA Arena arena = {0};
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;

    arena_init(&arena);
    while ((length = getline(&line, &capacity, stdin)) > 0) {
        Str rest = str_trim((Str){line, (size_t)length});
        Str type;
        if (!str_split(&rest, '\t', &type))
            abort();
        (void)puts(judge(&arena, type, rest).data);
        arena_reset(&arena);
    }
    free(line);
    return 0;
}
