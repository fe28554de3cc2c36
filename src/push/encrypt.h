/* What is pushed, so that only the browser it is for reads it: RFC 8291, with RFC 8188's aes128gcm in one record. */
#ifndef NERDX_PUSH_ENCRYPT_H
#define NERDX_PUSH_ENCRYPT_H

#include "push/p256.h"

enum {
    PUSH_AUTH_BYTES = 16,
    PUSH_SALT_BYTES = 16,
    PUSH_TEXT_MAX = 3993, /* RFC 8291, section 4: 4096 are what every push service takes */
};

/* Of a subscription, as the browser gave them. */
typedef struct PushReader {
    uint8_t point[P256_POINT_BYTES];
    uint8_t auth[PUSH_AUTH_BYTES];
} PushReader;

/* What must be new for every message. */
typedef struct PushOnce {
    P256Key key;
    uint8_t salt[PUSH_SALT_BYTES];
} PushOnce;

void push_once_make(PushOnce *out);

/* least: how many bytes text is made to look like at the least, so that its length tells less. False where the reader's point is none, and
 * for a text over PUSH_TEXT_MAX. */
bool push_encrypt(Arena *arena, const PushReader *reader, const PushOnce *once, Str text, size_t least,
                  Str *out);

#endif
