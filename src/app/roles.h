/* Which services live in this process. The others are reached over HTTP, and nothing but app/ can tell. */
#ifndef NERDX_APP_ROLES_H
#define NERDX_APP_ROLES_H

#include "base/err.h"
#include "base/str.h"

typedef enum Serves { SERVES_WORLD = 1, SERVES_AGENTS = 2 } Serves;

/* "world,agents": bits of Serves. INVALID names what is none. */
Err roles_read(Str text, unsigned *out);

#endif
