/* What was verified a moment ago, by the BLAKE2b of its token (SHA-256 takes longer without instructions for it): a token itself
 * is kept nowhere. Bounded; what is over, or was used the longest ago, makes room. Thread-safe. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_CACHE_H
#define NERDX_SERVICES_AUTH_TOKENS_CACHE_H

#include "services/auth/tokens/claims.h"

enum { TOKEN_PRINT_BYTES = 32 };

typedef struct TokenPrint {
    uint8_t bytes[TOKEN_PRINT_BYTES];
} TokenPrint;

TokenPrint token_print(Str token);

typedef struct TokenCache TokenCache;

/* entries: at least so many, rounded up. */
TokenCache *token_cache_create(size_t entries);
void token_cache_destroy(TokenCache *cache); /* accepts NULL; wipes what was in it */

/* version: of the keys; what was put under another one isn't found. *out is the arena's. */
bool token_cache_get(TokenCache *cache, const TokenPrint *print, uint64_t version, Arena *arena, Claims *out);
void token_cache_put(TokenCache *cache, const TokenPrint *print, uint64_t version, const Claims *claims);

/* All tokens of a session. */
void token_cache_forget(TokenCache *cache, Str session);

#endif
