/* Fingerprints: 128 bits that tell texts apart, and say nothing of the text to who doesn't know the key. Nobody who chooses texts,
 * but not the key, can make two with the same one. SipHash-2-4 with 128 bits (Aumasson, Bernstein: SipHash, a fast
 * short-input PRF, 2012).
 *
 *     FingerprintKey key = fingerprint_key_new();
 *     Fingerprint print = fingerprint_of(&key, text); */
#ifndef NERDX_BASE_FINGERPRINT_H
#define NERDX_BASE_FINGERPRINT_H

#include <stdint.h>

#include "base/str.h"

typedef struct FingerprintKey {
    uint64_t low;
    uint64_t high;
} FingerprintKey;

typedef struct Fingerprint {
    uint64_t low;
    uint64_t high;
} Fingerprint;

FingerprintKey fingerprint_key_new(void); /* a random one */
Fingerprint fingerprint_of(const FingerprintKey *key, Str text);
uint64_t fingerprint_word(const FingerprintKey *key, Str text); /* its low half alone, sooner */
bool fingerprint_equal(Fingerprint a, Fingerprint b);

#endif
