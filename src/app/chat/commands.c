#include <string.h>

#include "app/chat/talk.h"

/* One command while it runs. */
typedef struct Command {
    Talk *talk;
    Call call;
    Str argument;
} Command;

typedef struct CommandRow {
    const char *name;
    const char *takes; /* of its argument, as /help shows it */
    const char *help[LANGUAGE_COUNT];
    Err (*run)(Command *command);
} CommandRow;

static Err show_why(Command *command);
static Err show_memories(Command *command);
static Err forget(Command *command);
static Err show_history(Command *command);
static Err show_sessions(Command *command);
static Err resume(Command *command);
static Err begin_anew(Command *command);
static Err set_language(Command *command);
static Err help(Command *command);
static Err leave(Command *command);

/* clang-format off */
static const CommandRow COMMANDS[] = {
    {"/why", "", {"바로 앞의 답이 무엇을 근거로 하는지, 출처와 함께", "what the last answer rests on, with its sources"}, show_why},
    {"/memory", "", {"매주가 기억하는 것", "what Maeju remembers of you"}, show_memories},
    {"/forget", "N|all", {"/memory의 그 번호, 또는 모두 잊기", "have that number of /memory forgotten, or all"}, forget},
    {"/history", "", {"이 이야기를 처음부터", "this talk from its beginning"}, show_history},
    {"/sessions", "", {"지난 이야기들", "the talks of before"}, show_sessions},
    {"/resume", "N", {"/sessions의 그 번호를 이어서", "go on with that number of /sessions"}, resume},
    {"/new", "", {"새 이야기", "begin a new talk"}, begin_anew},
    {"/lang", "ko|en|auto", {"답하는 언어; auto는 말씀하시는 대로", "language of the answers; auto: the one you write in"}, set_language},
    {"/help", "", {"이 목록", "this list"}, help},
    {"/quit", "", {"나가기 (Ctrl-D도)", "leave (Ctrl-D does, too)"}, leave},
};
/* clang-format on */
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS, NAME_COLUMNS = 18 };

static Paper *paper(const Command *command)
{
    return &command->talk->paper;
}

static const ChatWords *words(const Command *command)
{
    return talk_words(command->talk);
}

static void print_line(const Command *command, const char *text)
{
    paper_put(paper(command), str_from(text));
    paper_end(paper(command));
}

/* --- /why --- */

static void print_citation(const Command *command, const Citation *citation)
{
    Paper *out = paper(command);

    paper_format(out, "%.*s (%.*s)", STR_ARG(citation->name), STR_ARG(citation->id));
    paper_end(out);
    out->indent = 4;
    paper_format(out, "  %.*s", STR_ARG(citation->summary));
    paper_end(out);
    for (size_t i = 0; i < citation->sources.count; i++) {
        paper_format(out, "  - %.*s", STR_ARG(citation->sources.items[i]));
        paper_end(out);
    }
    if (citation->sources.count == 0)
        paper_format(out, "  - %s", words(command)->no_source);
    paper_end(out);
    out->indent = 0;
}

static Err show_why(Command *command)
{
    const Talk *talk = command->talk;
    const ChatReply none = {0}, *last = talk->last_is_whole ? answer_reply(talk->last) : &none;

    for (size_t i = 0; i < last->citations.count; i++)
        print_citation(command, &last->citations.items[i]);
    if (last->citations.count == 0)
        print_line(command, words(command)->rests_on_nothing);
    return OK;
}

/* --- /memory and /forget --- */

static Err read_memories(Command *command, MemoryList *out)
{
    const AgentsListMemoriesInput in = {
        .user_id = command->talk->user,
        .language = talk_language(command->talk) == LANGUAGE_KO ? AGENTS_LIST_MEMORIES_INPUT_LANGUAGE_KO
                                                                : AGENTS_LIST_MEMORIES_INPUT_LANGUAGE_EN,
    };

    return agents_list_memories(&command->call, &in, out);
}

static Err show_memories(Command *command)
{
    MemoryList list;

    TRY(read_memories(command, &list));
    paper(command)->indent = 5;
    for (size_t i = 0; i < list.items.count; i++) {
        const MemoryItem *item = &list.items.items[i];
        paper_format(paper(command), "%3zu  %.*s", i + 1, STR_ARG(item->text));
        if (item->until.data != NULL)
            paper_format(paper(command), "  (%s)", words(command)->corrected);
        paper_end(paper(command));
    }
    paper(command)->indent = 0;
    if (list.items.count == 0)
        print_line(command, words(command)->nothing_remembered);
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

/* The arrow keys don't bring back what was to be forgotten either. */
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
    line_forget_all(command->talk->lines);
    paper_format(paper(command), "%s: %lld", words(command)->forgotten, (long long)forgotten.forgotten);
    paper_end(paper(command));
    return OK;
}

/* --- talks --- */

static Err show_history(Command *command)
{
    return talk_print_history(command->talk, 0);
}

static Err show_sessions(Command *command)
{
    return talk_print_sessions(command->talk);
}

static Err resume(Command *command)
{
    SessionItem item;
    int64_t number;

    if (!str_to_int(command->argument, &number))
        return err(INVALID, "/resume: say which: a number of /sessions");
    TRY(talk_find_session(command->talk, command->call.arena, number, &item));
    return talk_go_on_with(command->talk, &item);
}

static Err begin_anew(Command *command)
{
    talk_begin_anew(command->talk);
    print_line(command, words(command)->begins);
    return OK;
}

/* --- the rest --- */

static Err set_language(Command *command)
{
    Talk *talk = command->talk;
    bool korean = str_equal(command->argument, STR("ko"));

    if (str_equal(command->argument, STR("auto"))) {
        talk->has_language = false;
        print_line(command, words(command)->answers_in_either);
        return OK;
    }
    if (!korean && !str_equal(command->argument, STR("en")))
        return err(INVALID, "/lang: say which: ko, en, or auto for the one that is written in");
    talk->has_language = true;
    talk->language = korean ? LANGUAGE_KO : LANGUAGE_EN;
    print_line(command, words(command)->answers_in[talk->language]);
    return OK;
}

static Err help(Command *command)
{
    Paper *out = paper(command);

    out->indent = NAME_COLUMNS + 2;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const CommandRow *row = &COMMANDS[i];
        int room = NAME_COLUMNS - (int)strlen(row->name) - 1;
        paper_format(out, "%s %-*s  %s", row->name, room, row->takes,
                     row->help[talk_language(command->talk)]);
        paper_end(out);
    }
    out->indent = 0;
    return OK;
}

static Err leave(Command *command)
{
    command->talk->leaves = true;
    return OK;
}

bool talk_is_command(Str line)
{
    return str_starts(line, STR("/"));
}

Err talk_command(Talk *talk, Str line)
{
    AUTO_ARENA Arena arena = {0};
    Command command = {.talk = talk, .call = talk_call(talk, &arena)};
    Str name;

    (void)str_split(&line, ' ', &name);
    command.argument = line.data != NULL ? str_trim(line) : STR("");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (str_equal(name, str_from(COMMANDS[i].name)))
            return COMMANDS[i].run(&command);
    return err(INVALID, "%.*s: no such command; /help lists those there are", STR_ARG(name));
}
