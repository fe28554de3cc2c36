/* A key in a file: a private JWK (RFC 7517, RFC 8037), named after the moment from which it signs, for its owner alone. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_KEY_FILE_H
#define NERDX_SERVICES_AUTH_TOKENS_KEY_FILE_H

#include "services/auth/tokens/keyring.h"

/* Whether a file's name is that of a key: "ed25519-1764158400.jwk" signs from that Unix second on. */
bool key_file_moment(Str name, int64_t *signs_from_s);
const char *key_file_path(Arena *arena, const char *folder, int64_t signs_from_s);

/* Errors: of file_read_private; INVALID, naming the file, for what is no private Ed25519 key or not the one it says it is. */
Err key_file_read(const char *path, Key *out);

/* A new key. Errors: of file_make_private: CONFLICT when there is one of that moment. */
Err key_file_make(const char *folder, int64_t signs_from_s);

/* Every key of a folder, scheduled; files with other names are left alone. Errors: of the above, and of keyring_add. */
Err key_files_read(const char *folder, int64_t lifetime_s, Keyring *out);

#endif
