#include "services/auth/webauthn/cbor.h"

enum { DEPTH_MAX = 8, BYTE_BITS = 8, DIRECT = 24, LONGEST = 27, MAJOR_SHIFT = 5, INFO_MASK = 31 };

static Str behind(Str text, size_t bytes)
{
    return (Str){text.data + bytes, text.len - bytes};
}

bool cbor_take_head(Str *rest, CborHead *out)
{
    if (rest->len == 0)
        return false;
    uint8_t first = (uint8_t)rest->data[0], info = first & INFO_MASK;
    size_t more = info < DIRECT ? 0 : (size_t)1 << (info - DIRECT);
    if (info > LONGEST || rest->len <= more)
        return false;
    *out = (CborHead){(CborMajor)(first >> MAJOR_SHIFT), info < DIRECT ? info : 0};
    for (size_t i = 1; i <= more; i++)
        out->value = out->value << BYTE_BITS | (uint8_t)rest->data[i];
    *rest = behind(*rest, 1 + more);
    return true;
}

bool cbor_take_string(Str *rest, const CborHead *head, Str *out)
{
    if (head->value > rest->len)
        return false;
    *out = (Str){rest->data, (size_t)head->value};
    *rest = behind(*rest, (size_t)head->value);
    return true;
}

static bool skip(Str *rest, int depth);

static bool skip_items(Str *rest, uint64_t count, int depth)
{
    if (count > rest->len || depth == DEPTH_MAX) /* each takes a byte at the least */
        return false;
    for (uint64_t i = 0; i < count; i++)
        if (!skip(rest, depth + 1))
            return false;
    return true;
}

static bool skip(Str *rest, int depth) // NOLINT(misc-no-recursion): DEPTH_MAX deep
{
    CborHead head;
    Str text;

    if (!cbor_take_head(rest, &head))
        return false;
    switch (head.major) {
    case CBOR_BYTES:
    case CBOR_TEXT:
        return cbor_take_string(rest, &head, &text);
    case CBOR_ARRAY:
        return skip_items(rest, head.value, depth);
    case CBOR_MAP:
        return head.value <= rest->len && skip_items(rest, 2 * head.value, depth);
    case CBOR_TAG:
        return skip_items(rest, 1, depth);
    default:
        return true;
    }
}

bool cbor_skip(Str *rest)
{
    return skip(rest, 0);
}
