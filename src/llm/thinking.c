#include "llm/thinking.h"

#include <string.h>

static const Str OPENS = {"<think>", sizeof "<think>" - 1};
static const Str CLOSES = {"</think>", sizeof "</think>" - 1};

static Err say(Assembly *assembly, Str text)
{
    if (text.len == 0)
        return OK;
    assembly->began = true;
    return assembly->sink->text(assembly->sink->context, text);
}

static Str trim_start(Str text)
{
    while (text.len > 0 &&
           (text.data[0] == ' ' || text.data[0] == '\n' || text.data[0] == '\r' || text.data[0] == '\t'))
        text = str_slice(text, 1, text.len);
    return text;
}

/* What was held, given out by its owner: the next piece is held anew. */
static Str let_go(Assembly *assembly)
{
    Str held = buf_str(&assembly->held);

    buf_init(&assembly->held, assembly->arena, 16);
    return held;
}

/* At the very start: white space is left out, and nothing is said before it is sure that it isn't the tag. */
static Err look(Assembly *assembly)
{
    Str text = trim_start(buf_str(&assembly->held));

    if (str_starts(text, OPENS)) {
        assembly->thinking = THINKING_INSIDE;
        return OK;
    }
    if (str_starts(OPENS, text))
        return OK;
    assembly->thinking = THINKING_OUTSIDE;
    (void)let_go(assembly);
    return say(assembly, text);
}

/* All but what may be the start of the closing tag. */
static void forget_thoughts(Buf *held)
{
    size_t keep = held->len < CLOSES.len ? held->len : CLOSES.len - 1;

    memmove(held->data, held->data + held->len - keep, keep);
    held->len = keep;
}

static Err leave(Assembly *assembly)
{
    Str held = buf_str(&assembly->held);
    size_t end = str_find(held, CLOSES, 0);

    if (end == SIZE_MAX) {
        forget_thoughts(&assembly->held);
        return OK;
    }
    assembly->thinking = THINKING_UNKNOWN; /* white space goes, and some think twice */
    Str rest = str_slice(let_go(assembly), end + CLOSES.len, held.len);
    buf_put(&assembly->held, rest);
    return look(assembly);
}

Err thinking_pass(Assembly *assembly, Str text)
{
    if (assembly->thinking == THINKING_OUTSIDE)
        return say(assembly, text);
    buf_put(&assembly->held, text);
    if (assembly->thinking == THINKING_UNKNOWN)
        TRY(look(assembly));
    return assembly->thinking == THINKING_INSIDE ? leave(assembly) : OK;
}

Err thinking_end(Assembly *assembly)
{
    Str rest = trim_start(let_go(assembly));

    return assembly->thinking == THINKING_INSIDE ? OK : say(assembly, rest);
}
