/* The keys of a fleet: a folder that every node sees, read again every few seconds, so that a key that an operator adds is known
 * to all before it signs. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_KEY_FOLDER_H
#define NERDX_SERVICES_AUTH_TOKENS_KEY_FOLDER_H

#include "base/clock.h"
#include "services/auth/tokens/keyring.h"

enum {
    KEYS_READ_EVERY_S = 10,
    KEYS_AHEAD_S_MIN = 3 * KEYS_READ_EVERY_S, /* a key must be with all nodes before it signs */
    KEYS_AHEAD_S = 60 * 60                    /* and with those who keep what JWKS says for a while */
};

typedef struct KeyFolder KeyFolder;

/* An empty folder gets its first key; of many nodes one makes it. A folder that is missing is made. Errors: of
 * key_files_read. */
Err key_folder_open(const char *path, int64_t lifetime_s, KeyFolder **out);
void key_folder_close(KeyFolder *folder); /* accepts NULL; wipes the keys */

/* A copy, to be wiped; false when there is none. */
bool key_folder_signer(KeyFolder *folder, int64_t now_s, Key *out);
bool key_folder_find(KeyFolder *folder, Str id, int64_t now_s, Key *out);
Str key_folder_public_keys(KeyFolder *folder, Arena *arena, int64_t now_s);

/* Another number whenever the keys are others: what was checked under another one must be checked again. */
uint64_t key_folder_version(const KeyFolder *folder);

/* What happens by itself every KEYS_READ_EVERY_S. What can't be read, or holds no key, leaves the keys as they were, and is
 * logged once. */
void key_folder_read_again(KeyFolder *folder);

/* For an operator. Publishes a key that signs ahead_s from now, and removes those that are over; *signs_from_s says when.
 * Errors: INVALID for less than KEYS_AHEAD_S_MIN; CONFLICT while a key is published that doesn't sign yet. */
Err keys_rotate(const char *path, const Clock *clock, int64_t ahead_s, int64_t lifetime_s,
                int64_t *signs_from_s);

#endif
