/* A JWS in compact serialisation (RFC 7515, section 7.1) taken apart: ours, and those of other issuers. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_COMPACT_H
#define NERDX_SERVICES_AUTH_TOKENS_COMPACT_H

#include "base/err.h"
#include "base/str.h"

/* Nobody's word until the signature was checked. All but the first decoded. */
typedef struct CompactJws {
    Str signed_text; /* the head and the payload, as they came */
    Str head;
    Str payload;
    Str signature;
} CompactJws;

/* Three parts, each base64url without padding and in its one right form, of `most` bytes together. Errors: INVALID, for the log. */
Err compact_read(Arena *arena, Str text, size_t most, CompactJws *out);

#endif
