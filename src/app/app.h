/* The services and their stores, opened as the options say. Services meet here and nowhere else.
 *
 *     AUTO_APP App app = {0};
 *     TRY(app_open(options, &app)); */
#ifndef NERDX_APP_APP_H
#define NERDX_APP_APP_H

#include "api/world.h"
#include "base/options.h"
#include "llm/llm.h"
#include "services/agents/agents.h"
#include "services/world/world.h"

typedef struct App {
    World *world;
    WorldClient world_client; /* what the agents reach the world by */
    Llm *llm;                 /* NULL: none is configured */
    Agents *agents;
} App;

/* Makes the data folder, opens the stores, seeds the world when it is new.
 * Errors: FORBIDDEN, UNAVAILABLE, INTERNAL: the message says what to do. On error the app is closed. */
Err app_open(const Options *options, App *app);
Err app_open_world(const Options *options, App *app); /* only the world: for commands that need no agents */
void app_close(App *app);                             /* accepts a zeroed one */

/* The language model that the options name; *out is NULL when they name none. Errors: INVALID. The caller destroys it. */
Err app_open_llm(const Options *options, Llm **out);

/* Where the world model's graph is. */
GraphAccess app_graph(const Options *options);

#define AUTO_APP __attribute__((cleanup(app_close)))

#endif
