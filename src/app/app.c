#include "app/app.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "app/assets.h"
#include "app/settings.h"

enum { FOLDER_MODE = 0700 }; /* conversations are nobody else's business */

static Err make_folder(const char *path)
{
    struct stat found;

    if (stat(path, &found) == 0 && S_ISDIR(found.st_mode))
        return OK;
    if (mkdir(path, FOLDER_MODE) == 0)
        return OK;
    return err(FORBIDDEN,
               "%s can't be made the data folder (%s): choose another with --data, or make it writable", path,
               strerror(errno));
}

GraphAccess app_graph(const Options *options)
{
    return (GraphAccess){
        .url = options_chars(options, SETTING_WORLD_GRAPH),
        .user = options_chars(options, SETTING_WORLD_GRAPH_USER),
        .password = options_chars(options, SETTING_WORLD_GRAPH_PASSWORD),
    };
}

static Err open_world(const Options *options, bool follows, App *app)
{
    WorldConfig config = {
        .graph = app_graph(options),
        .content = WORLD_CONTENT,
        .clock = clock_system(),
        .empty = options_bool(options, SETTING_EMPTY),
        .open_schema = options_bool(options, SETTING_OPEN_SCHEMA),
        .follows = follows,
    };

    TRY(world_create(&config, &app->world));
    app->world_client = (WorldClient){.service = app->world};
    return OK;
}

static Err open_agents(const Options *options, App *app)
{
    AgentsConfig config = {
        .store = options_chars(options, SETTING_AGENTS_SQL),
        .content = AGENTS_CONTENT,
        .world = &app->world_client,
        .clock = clock_system(),
    };

    return agents_create(&config, &app->agents);
}

static Err close_on_error(App *app, Err e)
{
    if (failed(&e))
        app_close(app);
    return e;
}

static Err open_folder_and_world(const Options *options, bool follows, App *app)
{
    *app = (App){0};
    TRY(make_folder(options_chars(options, SETTING_DATA)));
    return close_on_error(app, open_world(options, follows, app));
}

Err app_open_world(const Options *options, App *app)
{
    return open_folder_and_world(options, false, app);
}

Err app_open(const Options *options, App *app)
{
    TRY(open_folder_and_world(options, true, app));
    return close_on_error(app, open_agents(options, app));
}

void app_close(App *app)
{
    agents_destroy(app->agents);
    world_destroy(app->world);
    *app = (App){0};
}
