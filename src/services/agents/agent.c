#include "services/agents/agent.h"

#include <string.h>

#include "base/memory.h"
#include "base/yaml.h"

static const char FILE_NAME[] = "/agent.yaml";

struct AgentBook {
    Arena arena;
    json_t *files[AGENTS_MAX];
    Agent agents[AGENTS_MAX];
    size_t count;
};

static Err wrong(const Agent *agent, const char *what)
{
    return err(INVALID, "content/agents/%s/agent.yaml: %s", agent->name, what);
}

/* The number of a text in a table of an enum, or -1. */
static int number_of(const Str *texts, size_t count, const json_t *value)
{
    for (size_t i = 0; json_is_string(value) && i < count; i++)
        if (str_equal(json_str(value), texts[i]))
            return (int)i;
    return -1;
}

/* --- reading --- */

static Err read_generators(const json_t *file, Agent *agent)
{
    const json_t *list = json_object_get(file, "generators"), *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        int number = number_of(GENERATOR_TEXT, GENERATOR_COUNT, item);
        if (number < 0 || agent_speaks_by(agent, (Generator)number))
            return wrong(agent, "generators: a list of llm, narrator, each once");
        agent->generators[agent->generator_count++] = (Generator)number;
    }
    return agent->generator_count > 0 ? OK : wrong(agent, "generators: who speaks? llm, narrator");
}

/* What protects people is nobody's to leave out. */
static const ChatReplyOutcome ALWAYS[] = {
    CHAT_REPLY_OUTCOME_ANSWER,    CHAT_REPLY_OUTCOME_ABSTAIN, CHAT_REPLY_OUTCOME_CARE,
    CHAT_REPLY_OUTCOME_MINOR,     CHAT_REPLY_OUTCOME_MEDICAL, CHAT_REPLY_OUTCOME_EXCESS,
    CHAT_REPLY_OUTCOME_INJECTION,
};

static Err read_outcomes(const json_t *file, Agent *agent)
{
    const json_t *list = json_object_get(file, "outcomes"), *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        int number = number_of(CHAT_REPLY_OUTCOME_TEXT, CHAT_REPLY_OUTCOME_COUNT, item);
        if (number < 0)
            return wrong(agent, "outcomes: one of them is none of the contract's (ChatReply.outcome)");
        agent->outcomes |= UINT32_C(1) << number;
    }
    for (i = 0; i < sizeof ALWAYS / sizeof *ALWAYS; i++)
        if (!agent_knows(agent, ALWAYS[i]))
            return wrong(agent,
                         "outcomes: answer, abstain and those that protect people (care, minor, medical, "
                         "excess, injection) can't be left out");
    return OK;
}

static Err read_handoffs(const json_t *file, Agent *agent)
{
    const json_t *row;
    size_t i;

    json_array_foreach(json_object_get(file, "handoffs"), i, row)
    {
        int reason = number_of(HANDOFF_REASON_TEXT, HANDOFF_REASON_COUNT, json_object_get(row, "reason"));
        const json_t *words = json_object_get(row, "words");
        if (agent->handoff_count == AGENT_HANDOFFS_MAX || reason < 0 || json_str_or_empty(row, "to").len == 0)
            return wrong(agent, "handoffs: each has {to: AGENT, reason: purchase_intent or other_subject}");
        AgentHandoff *handoff = &agent->handoffs[agent->handoff_count++];
        *handoff = (AgentHandoff){.to = json_str_or_empty(row, "to"), .reason = (HandoffReason)reason};
        for (Tongue tongue = 0; tongue < TONGUE_COUNT; tongue++)
            handoff->words[tongue] = json_str_or_empty(words, tongue_code(tongue));
    }
    return OK;
}

/* A hand-off is to somebody that the row names, with words to say. */
static Err check_hand_off(const Agent *agent, const Tool *tool)
{
    const json_t *to = json_object_get(tool->with, "agent");

    return !tool->hands_off || (json_is_string(to) && agent_handoff_to(agent, json_str(to)) != NULL)
               ? OK
               : wrong(agent, "tools: a hand-off is with {agent: one of its handoffs}");
}

static Err read_tools(const json_t *file, const ToolSources *sources, Agent *agent)
{
    const json_t *row;
    size_t i;

    json_array_foreach(json_object_get(file, "tools"), i, row)
    {
        if (agent->tool_count == AGENT_TOOLS_MAX)
            return wrong(agent, "too many tools");
        Err e = tool_read(sources, row, &agent->tools[agent->tool_count]);
        if (failed(&e))
            return wrong(agent, e.message);
        TRY(check_hand_off(agent, &agent->tools[agent->tool_count++]));
    }
    return OK;
}

/* What of a budget is written as a number, within bounds. */
typedef struct BudgetRow {
    const char *key;
    size_t offset;
    int64_t most;
    int64_t usual;
} BudgetRow;

static const BudgetRow BUDGETS[] = {
    {"tokens", offsetof(Agent, tokens), 1000000, 40000},
    {"calls", offsetof(Agent, calls), 32, 16},
    {"rounds", offsetof(Agent, rounds), 16, 4},
    {"approval_s", offsetof(Agent, approval_s), 7 * 24 * 3600, 900},
};

static Err read_budget(const json_t *file, Agent *agent)
{
    const json_t *budget = json_object_get(file, "budget");

    for (size_t i = 0; i < sizeof BUDGETS / sizeof *BUDGETS; i++) {
        const BudgetRow *row = &BUDGETS[i];
        const json_t *value = json_object_get(budget, row->key);
        int64_t number = value == NULL ? row->usual : json_integer_value(value);
        if (number < 1 || number > row->most)
            return wrong(agent,
                         "budget: tokens from 1 to 1000000, calls to 32, rounds to 16, approval_s to a week");
        memcpy((char *)agent + row->offset, &number, sizeof number);
    }
    return OK;
}

static Err let_improvise(const AgentBookConfig *config, const json_t *file, Agent *agent)
{
    const ImproviserConfig improviser = {
        .llm = config->llm,
        .content = config->content,
        .folder = agent->name,
        .prompt = json_str_or_empty(file, "prompt"),
        .house = json_str_or_empty(file, "house"),
        .tools = agent->tools,
        .tool_count = agent->tool_count,
        .metrics = config->metrics,
    };

    return agent_speaks_by(agent, GENERATOR_LLM) ? improviser_create(&improviser, &agent->improviser) : OK;
}

static Err read_row(const AgentBookConfig *config, const json_t *file, Agent *agent)
{
    agent->title = json_str_or_empty(file, "name");
    agent->about = json_str_or_empty(file, "about");
    agent->character = json_str_or_empty(file, "character");
    agent->graph = *config->graph;
    agent->graph.name = agent->name;
    if (agent->title.len == 0)
        return wrong(agent, "name: what is it called?");
    TRY(read_generators(file, agent));
    TRY(read_outcomes(file, agent));
    TRY(read_handoffs(file, agent));
    TRY(read_tools(file, config->sources, agent));
    TRY(read_budget(file, agent));
    return let_improvise(config, file, agent);
}

static Err read_agent(AgentBook *book, const AgentBookConfig *config, const Asset *asset, Str name)
{
    Agent *agent = &book->agents[book->count];
    json_t **file = &book->files[book->count];

    *agent = (Agent){.name = str_c(&book->arena, name)};
    if (book->count + 1 == AGENTS_MAX)
        return wrong(agent, "there are too many agents");
    book->count++;
    Err e = yaml_read(asset->bytes, file);
    return failed(&e) ? wrong(agent, e.message) : read_row(config, *file, agent);
}

static Err read_all(AgentBook *book, const AgentBookConfig *config)
{
    for (size_t i = 0; i < config->content.count; i++) {
        const Asset *asset = &config->content.items[i];
        Str path = str_from(asset->path), rest = path, name;
        if (str_split(&rest, '/', &name) && str_equal(rest, STR("agent.yaml")))
            TRY(read_agent(book, config, asset, name));
    }
    return book->count > 0 ? OK : err(INVALID, "content/agents: there is no agent (NAME%s)", FILE_NAME);
}

Err agent_book_create(const AgentBookConfig *config, AgentBook **out)
{
    AgentBook *book = memory_new(AgentBook);
    Err e;

    arena_init(&book->arena);
    e = read_all(book, config);
    *out = failed(&e) ? NULL : book;
    if (failed(&e))
        agent_book_destroy(book);
    return e;
}

void agent_book_destroy(AgentBook *book)
{
    if (book == NULL)
        return;
    for (size_t i = 0; i < book->count; i++) {
        improviser_destroy(book->agents[i].improviser);
        json_decref(book->files[i]);
    }
    arena_finish(&book->arena);
    memory_free(book);
}

/* --- asking --- */

size_t agent_book_count(const AgentBook *book)
{
    return book->count;
}

const Agent *agent_book_at(const AgentBook *book, size_t i)
{
    return &book->agents[i];
}

const Agent *agent_book_find(const AgentBook *book, Str name)
{
    for (size_t i = 0; i < book->count; i++)
        if (str_equal(str_from(book->agents[i].name), name))
            return &book->agents[i];
    return NULL;
}

Err agent_book_get(const AgentBook *book, Str name, const Agent **out)
{
    AUTO_ARENA Arena arena = {0};
    Buf names = {.arena = &arena};

    arena_init(&arena);
    *out = agent_book_find(book, name);
    for (size_t i = 0; i < book->count; i++)
        buf_format(&names, "%s%s", i == 0 ? "" : ", ", book->agents[i].name);
    return *out != NULL ? OK
                        : err_at(err(NOT_FOUND, "agent: nobody is called \"%.*s\"; there are %.*s",
                                     STR_ARG(name), STR_ARG(buf_str(&names))),
                                 "/agent");
}

bool agent_knows(const Agent *agent, ChatReplyOutcome outcome)
{
    return (agent->outcomes >> outcome & 1U) != 0;
}

bool agent_speaks_by(const Agent *agent, Generator generator)
{
    for (size_t i = 0; i < agent->generator_count; i++)
        if (agent->generators[i] == generator)
            return true;
    return false;
}

const Tool *agent_tool(const Agent *agent, Str name)
{
    for (size_t i = 0; i < agent->tool_count; i++)
        if (str_equal(agent->tools[i].name, name))
            return &agent->tools[i];
    return NULL;
}

const AgentHandoff *agent_handoff_to(const Agent *agent, Str to)
{
    for (size_t i = 0; i < agent->handoff_count; i++)
        if (str_equal(agent->handoffs[i].to, to))
            return &agent->handoffs[i];
    return NULL;
}

const AgentHandoff *agent_handoff_for(const Agent *agent, HandoffReason reason)
{
    for (size_t i = 0; i < agent->handoff_count; i++)
        if (agent->handoffs[i].reason == reason)
            return &agent->handoffs[i];
    return NULL;
}
