#include <stdio.h>

#include "app/app.h"
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

static ExitCode wrong(const AgentBook *book)
{
    AUTO_ARENA Arena arena = {0};
    Buf names = {.arena = &arena};

    arena_init(&arena);
    for (size_t i = 0; i < agent_book_count(book); i++)
        buf_format(&names, "%s%s", i == 0 ? "" : ", ", agent_book_at(book, i)->name);
    (void)fprintf(
        stderr,
        "nerdx agents: expected `list`, or `graph` with an agent (%.*s) and --format dot or table, such "
        "as: nerdx agents graph maeju --format dot\n",
        STR_ARG(buf_str(&names)));
    return EXIT_USAGE_WRONG;
}

/* --- list --- */

static void put_generators(const Agent *agent, Buf *out)
{
    buf_put(out, STR("  speaks by   "));
    for (size_t i = 0; i < agent->generator_count; i++)
        buf_format(out, "%s%s", i == 0 ? "" : ", then ", GENERATOR_TEXT[agent->generators[i]].data);
    buf_format(out, "; a turn has %lld tokens, %lld calls, %lld rounds\n", (long long)agent->tokens,
               (long long)agent->calls, (long long)agent->rounds);
}

static void put_tools(const Agent *agent, Buf *out)
{
    for (size_t i = 0; i < agent->tool_count; i++) {
        const Tool *tool = &agent->tools[i];
        buf_format(out, "  %s %.*s: %s%s\n", i == 0 ? "tools      " : "           ", STR_ARG(tool->name),
                   tool->schema->name, tool->schema->needs_approval ? " (asks first)" : "");
    }
}

static void put_agent(const Agent *agent, Buf *out)
{
    buf_format(out, "%s: %.*s. %.*s\n", agent->name, STR_ARG(agent->title), STR_ARG(agent->about));
    put_generators(agent, out);
    put_tools(agent, out);
    for (size_t i = 0; i < agent->handoff_count; i++)
        buf_format(out, "  hands over  to %.*s (%s)\n", STR_ARG(agent->handoffs[i].to),
                   HANDOFF_REASON_TEXT[agent->handoffs[i].reason].data);
}

static ExitCode list(const AgentBook *book)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};

    arena_init(&arena);
    for (size_t i = 0; i < agent_book_count(book); i++)
        put_agent(agent_book_at(book, i), &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    return EXIT_DONE;
}

/* --- graph --- */

static ExitCode draw(const Options *options, const AgentBook *book, Str name)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};
    const Agent *agent = agent_book_find(book, name);
    const Format *format =
        command_format(options, FORMATS, sizeof FORMATS / sizeof *FORMATS, sizeof *FORMATS);

    if (agent == NULL || format == NULL)
        return wrong(book);
    arena_init(&arena);
    format->print(&agent->graph, &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    return EXIT_DONE;
}

static void release_book(AgentBook **book)
{
    agent_book_destroy(*book);
}

ExitCode agents_run(const Options *options)
{
    AUTO_ARENA Arena arena = {0};
    __attribute__((cleanup(release_book))) AgentBook *book = NULL;
    AssetTable content;
    size_t count;
    const char *const *words = options_arguments(options, &count);

    arena_init(&arena);
    Err e = app_agents_content(options, &arena, &content);
    if (!failed(&e))
        e = agents_read(content, &book);
    if (failed(&e))
        return command_fail("agents", &e);
    if (count == 1 && str_equal(str_from(words[0]), STR("list")))
        return list(book);
    return count == 2 && str_equal(str_from(words[0]), STR("graph")) ? draw(options, book, str_from(words[1]))
                                                                     : wrong(book);
}
