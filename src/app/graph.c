/* nerdx graph: draws the world, or what lies around one entity. */
#include <stdio.h>

#include "app/app.h"
#include "app/assets.h"
#include "app/command.h"
#include "app/picture/picture.h"
#include "app/settings.h"
#include "services/world/schema.h"
#include "stores/graph/graph.h"

typedef struct Format {
    const char *name;
    void (*print)(const Picture *picture, Buf *out);
} Format;

static const Format FORMATS[] = {{"dot", picture_print_dot}, {"svg", picture_print_svg}};

/* Everything that people search for. */
typedef struct Shown {
    const Schema *schema;
    Arena *arena;
    Str ids[PICTURE_MAX_NODES];
    size_t count; /* also what there was no room for */
} Shown;

/* A label that the schema doesn't know is one of an open schema. */
static Err note_node(void *context, const GraphNode *node)
{
    Shown *shown = context;
    const SchemaLabel *label = schema_label(shown->schema, node->labels[0]);

    if (label != NULL && !label->in_catalogue)
        return OK;
    if (shown->count < PICTURE_MAX_NODES)
        shown->ids[shown->count] = str_copy(shown->arena, node->key);
    shown->count++;
    return OK;
}

static void destroy_schema(Schema **schema)
{
    schema_destroy(*schema);
}

static void close_graph(Graph **graph)
{
    graph_close(*graph);
}

static Err find_shown(const Options *options, Arena *arena, Shown *out)
{
    __attribute__((cleanup(destroy_schema))) Schema *schema = NULL;
    __attribute__((cleanup(close_graph))) Graph *graph = NULL;

    GraphAccess access = app_graph(options);

    TRY(schema_read(asset_find(WORLD_CONTENT, STR("schema.yaml"))->bytes, &schema));
    TRY(graph_open(&access, &graph));
    out->schema = schema;
    out->arena = arena;
    TRY(graph_scan_nodes(graph, (Str){0}, note_node, out));
    if (out->count > PICTURE_MAX_NODES)
        return err(INVALID,
                   "%zu entities are too many for one sheet (%d): name one, as in nerdx graph makgeolli",
                   out->count, PICTURE_MAX_NODES);
    return OK;
}

static Err gather(const Options *options, const PictureSource *source, Str id, Picture *out)
{
    Shown *shown;

    if (id.len > 0) {
        TRY(picture_gather_around(source, id, (int)options_int(options, SETTING_DEPTH), out));
        picture_fan(out);
        return OK;
    }
    shown = arena_new(source->arena, Shown);
    TRY(find_shown(options, source->arena, shown));
    TRY(picture_gather_these(source, shown->ids, shown->count, out));
    picture_spread(out);
    return OK;
}

static Err draw(const Options *options, const Format *format, Str id, Arena *arena)
{
    AUTO_APP App app = {0};
    bool korean = str_equal(options_text(options, SETTING_LANGUAGE), STR("ko"));
    PictureSource source = {&app.world_client, arena, korean ? STR("_ko") : (Str){0}};
    Picture picture;
    Buf out;

    TRY(app_open_world(options, &app));
    TRY(gather(options, &source, id, &picture));
    if (picture.is_cut)
        (void)fprintf(stderr, "nerdx graph: drawn up to %d entities; a smaller --depth shows less\n",
                      PICTURE_MAX_NODES);
    buf_init(&out, arena, 0);
    format->print(&picture, &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    return OK;
}

ExitCode graph_run(const Options *options)
{
    AUTO_ARENA Arena arena = {0};
    size_t count;
    const char *const *words = options_arguments(options, &count);
    const Format *format =
        command_format(options, FORMATS, sizeof FORMATS / sizeof *FORMATS, sizeof *FORMATS);

    arena_init(&arena);
    if (format == NULL || count > 1) {
        (void)fprintf(
            stderr, "nerdx graph: expected one id at the most and --format dot or svg, such as: nerdx graph "
                    "makgeolli --format svg\n");
        return EXIT_USAGE_WRONG;
    }
    Err e = draw(options, format, count == 1 ? str_from(words[0]) : (Str){0}, &arena);
    return failed(&e) ? command_fail("graph", &e) : EXIT_DONE;
}
