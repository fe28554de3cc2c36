/* Cross-origin resource sharing (Fetch standard, 3.2): which pages of other origins may call us. With credentials, so
 * never for everybody: each origin is listed.
 *
 *     TRY(cors_create("https://nerdx.com,https://apec.nerdx.com", &cors));
 *     server_add_filter(server, cors_filter(cors)); */
#ifndef NERDX_GATEWAY_CORS_H
#define NERDX_GATEWAY_CORS_H

#include "http/server.h"

enum { CORS_MOST_ORIGINS = 16, CORS_PREFLIGHT_MAX_AGE_S = 600 };

typedef struct Cors Cors;

/* origins: scheme://host[:port], separated by commas; empty: none. INVALID names the one that is no origin, "*" too. */
Err cors_create(Str origins, Cors **out);
void cors_destroy(Cors *cors); /* accepts NULL; the server must be gone */

Filter cors_filter(Cors *cors);

#endif
