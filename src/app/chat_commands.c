#include "app/chat_commands.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/trace.h"

/* One command while it runs. */
typedef struct Command {
    const ChatTalk *talk;
    Call call;
    Str argument;
} Command;

typedef struct CommandRow {
    const char *name;
    const char *help;
    Err (*run)(Command *command);
} CommandRow;

static Err show_why(Command *command);
static Err show_memories(Command *command);
static Err forget(Command *command);
static Err help(Command *command);

static const CommandRow COMMANDS[] = {
    {"/why", "what the last answer rests on, with its sources", show_why},
    {"/memory", "what Maeju remembers of you", show_memories},
    {"/forget", "NUMBER or all: have something of /memory forgotten", forget},
    {"/help", "this list", help},
};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

typedef struct Phrases {
    const char *rests_on_nothing;
    const char *no_source;
    const char *nothing;
    const char *corrected;
    const char *forgotten;
} Phrases;

static const Phrases PHRASES[LANGUAGE_COUNT] = {
    [LANGUAGE_KO] = {"근거를 보일 답이 아직 없습니다.", "출처: 브랜드가 정한 설정입니다.",
                     "아직 기억해 둔 것이 없습니다.", "바로잡음", "잊었습니다"},
    [LANGUAGE_EN] = {"There is no answer yet that rests on anything.", "source: set by the brand",
                     "Nothing is remembered of you.", "corrected since", "Forgotten"},
};

static const Phrases *phrases(const Command *command)
{
    return &PHRASES[command->talk->language];
}

static void print_citation(const Citation *citation, const char *no_source)
{
    printf("%.*s (%.*s)\n  %.*s\n", STR_ARG(citation->name), STR_ARG(citation->id),
           STR_ARG(citation->summary));
    for (size_t i = 0; i < citation->sources.count; i++)
        printf("  - %.*s\n", STR_ARG(citation->sources.items[i]));
    if (citation->sources.count == 0)
        printf("  - %s\n", no_source);
}

static Err show_why(Command *command)
{
    const ChatReply *last = command->talk->last;

    for (size_t i = 0; i < last->citations.count; i++)
        print_citation(&last->citations.items[i], phrases(command)->no_source);
    if (last->citations.count == 0)
        puts(phrases(command)->rests_on_nothing);
    return OK;
}

static Err read_memories(Command *command, MemoryList *out)
{
    const AgentsListMemoriesInput in = {
        .user_id = command->talk->user,
        .language = command->talk->language == LANGUAGE_KO ? AGENTS_LIST_MEMORIES_INPUT_LANGUAGE_KO
                                                           : AGENTS_LIST_MEMORIES_INPUT_LANGUAGE_EN,
    };

    return agents_list_memories(&command->call, &in, out);
}

static Err show_memories(Command *command)
{
    MemoryList list;

    TRY(read_memories(command, &list));
    for (size_t i = 0; i < list.items.count; i++) {
        const MemoryItem *item = &list.items.items[i];
        printf("%3zu  %.*s", i + 1, STR_ARG(item->text));
        if (item->until.data != NULL)
            printf("  (%s)", phrases(command)->corrected);
        puts("");
    }
    if (list.items.count == 0)
        puts(phrases(command)->nothing);
    return OK;
}

static Err forget_all(Command *command, MemoriesForgotten *out)
{
    const AgentsForgetMemoriesInput in = {.user_id = command->talk->user};

    return agents_forget_memories(&command->call, &in, out);
}

static Err forget_one(Command *command, int64_t number, MemoriesForgotten *out)
{
    AgentsForgetMemoryInput in = {.user_id = command->talk->user};
    MemoryList list;

    TRY(read_memories(command, &list));
    if (number < 1 || (size_t)number > list.items.count)
        return err(INVALID, "/forget: there is no number %lld; /memory lists what there is",
                   (long long)number);
    in.memory_id = list.items.items[number - 1].memory_id;
    return agents_forget_memory(&command->call, &in, out);
}

static Err forget(Command *command)
{
    MemoriesForgotten forgotten = {0};
    int64_t number;

    if (str_equal(command->argument, STR("all")))
        TRY(forget_all(command, &forgotten));
    else if (str_to_int(command->argument, &number))
        TRY(forget_one(command, number, &forgotten));
    else
        return err(INVALID, "/forget: say which: a number of /memory, or all");
    printf("%s: %lld\n", phrases(command)->forgotten, (long long)forgotten.forgotten);
    return OK;
}

static Err help(Command *command)
{
    (void)command;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("%-8s  %s\n", COMMANDS[i].name, COMMANDS[i].help);
    return OK;
}

bool chat_is_command(Str line)
{
    return str_starts(line, STR("/"));
}

Err chat_command_run(const ChatTalk *talk, Str line)
{
    AUTO_ARENA Arena arena = {0};
    Command command = {.talk = talk,
                       .call = {.arena = &arena, .service = talk->agents, .trace = trace_new()}};
    Str name;

    (void)str_split(&line, ' ', &name);
    command.argument = line.data != NULL ? str_trim(line) : STR("");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (str_equal(name, str_from(COMMANDS[i].name)))
            return COMMANDS[i].run(&command);
    return err(INVALID, "%.*s: no such command; /help lists those there are", STR_ARG(name));
}
