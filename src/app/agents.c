#include <stdio.h>

#include "app/command.h"
#include "app/settings.h"
#include "services/agents/agents.h"

typedef struct Format {
    const char *name;
    void (*print)(const AgentGraph *graph, Buf *out);
} Format;

static const Format FORMATS[] = {
    {"table", agent_graph_put_text},
    {"dot", agent_graph_put_dot},
};

ExitCode agents_run(const Options *options)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};
    size_t count;
    const char *const *words = options_arguments(options, &count);
    const Format *format =
        command_format(options, FORMATS, sizeof FORMATS / sizeof *FORMATS, sizeof *FORMATS);
    const AgentGraph *graph = count == 2 ? agents_graph(str_from(words[1])) : NULL;

    arena_init(&arena);
    if (graph == NULL || format == NULL || !str_equal(str_from(words[0]), STR("graph"))) {
        (void)fputs(
            "nerdx agents: expected an agent (maeju) and --format dot or table, such as: nerdx agents "
            "graph maeju --format dot\n",
            stderr);
        return EXIT_USAGE_WRONG;
    }
    format->print(graph, &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    return EXIT_DONE;
}
