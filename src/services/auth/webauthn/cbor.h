/* The outer shape of CBOR (RFC 8949) as CTAP2 writes it: definite lengths, few levels. libfido2 and libcbor read what is inside; but they set
 * memory aside for as much as a length claims, so lengths are compared with what is there first. */
#ifndef NERDX_SERVICES_AUTH_WEBAUTHN_CBOR_H
#define NERDX_SERVICES_AUTH_WEBAUTHN_CBOR_H

#include <stdint.h>

#include "base/str.h"

typedef enum CborMajor {
    CBOR_UNSIGNED,
    CBOR_NEGATIVE,
    CBOR_BYTES,
    CBOR_TEXT,
    CBOR_ARRAY,
    CBOR_MAP,
    CBOR_TAG,
    CBOR_SIMPLE
} CborMajor;

typedef struct CborHead {
    CborMajor major;
    uint64_t value; /* the number, the length, or how many */
} CborHead;

/* Takes a head off the rest. False for an indefinite length or what is cut off. */
bool cbor_take_head(Str *rest, CborHead *out);

/* Takes the bytes of a text or a byte string, whose head was taken. */
bool cbor_take_string(Str *rest, const CborHead *head, Str *out);

/* Takes one whole item. False unless it is well formed. */
bool cbor_skip(Str *rest);

#endif
