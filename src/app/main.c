#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/settings.h"
#include "app/stores.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/near.h"

static ExitCode version_run(const Options *options)
{
    (void)options;
    puts("nerdx " NERDX_VERSION);
    return EXIT_DONE;
}

static ExitCode help_run(const Options *options);

static const Command COMMANDS[] = {
    {"serve", "[--data DIR] [--listen HOST:PORT]", "serve the API and the page", false, serve_run},
    {"chat", "[--resume] [--session ID] [--user ID] [--lang ko|en] [--trace]",
     "talk with Maeju here, in the terminal", false, chat_run},
    {"agents", "list | graph NAME [--format dot|table]",
     "say which agents there are, or draw the state graph of one", true, agents_run},
    {"query", "TEXT|--batch FILE [--lang ko|en] [--limit N] [--format table|tsv|json]", "ask the world model",
     true, query_run},
    {"recommend",
     "USER|--all [--limit N] [--category NAME] [--abv-min N] [--abv-max N] [--format table|tsv|json]",
     "what a user may like, and why", true, recommend_run},
    {"cypher", "QUERY [--parameters JSON] | --batch FILE",
     "ask the graph in Cypher; prints columns and rows as JSON", true, cypher_run},
    {"ingest", "[--dry-run] [--empty] [--open-schema] [--prose new|all|none] FILE... | --retract SOURCE",
     "read facts from .jsonl, .csv, .md and .cypher files into the world, or forget them", true, ingest_run},
    {"review", "[list | show N | accept N... | reject N...] [--source NAME] [--all] [--format table|json]",
     "decide what a language model found in prose; without arguments one by one", true, review_run},
    {"graph", "[ID] [--format dot|svg] [--depth N] [--lang ko|en]",
     "draw the world, or what lies around an entity", true, graph_run},
    {"account", "--role member|partner|operator|admin E-MAIL",
     "say what a member may do; their sign-ins end and their keys are revoked", true, account_run},
    {"token", "[--user ID] [--role ROLE] [--for DURATION]",
     "print an access token for scripts on this machine; an operator's unless said", false, token_run},
    {"keys", "[rotate] --jwt-keys DIR [--jwt-keys-ahead DURATION] | reseal",
     "say which keys a fleet signs its tokens with; rotate publishes the next one; reseal puts what "
     "auth_previous_key sealed under auth_key",
     true, keys_run},
    {"worker", "[--job-threads N] [--metrics-listen HOST:PORT]",
     "do the jobs of every service, and serve nobody but who watches it", false, worker_run},
    {"jobs", "[list|kinds|show ID|retry ID|retry dead|cancel ID] [--state STATE]",
     "look at jobs, cancel them, have dead ones tried again", true, jobs_run},
    {"migrate", "[--dry-run]",
     "bring the tables of every store up to date, as serve does; --dry-run only prints how", false,
     migrate_run},
    {"backup", "DIR | prune DIR | --archive DIR",
     "copy every embedded store into a folder, while they are in use, or into the archive; prune throws away "
     "what has been kept for its term",
     true, backup_run},
    {"restore", "--archive DIR [--at MOMENT] --data NEW",
     "make the embedded stores as they were at a moment, in a new folder, from what --archive has kept",
     false, restore_run},
    {"export", "[--service NAME] > FILE",
     "write the whole state of the services, or of one, as lines with a digest", false, export_run},
    {"import", "[--service NAME] [--replace] < FILE",
     "take in what export wrote, whole or not at all, on either kind of store", false, import_run},
    {"top", "[URL] [--listen HOST:PORT]",
     "show how a node is: requests, stores, jobs, workers; live in a terminal, else once", true, top_run},
    {"doctor", "", "print every option, where it came from, and what is wrong", false, doctor_run},
    {"version", "", "print the version", false, version_run},
    {"help", "", "print this", false, help_run},
};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

static ExitCode help_run(const Options *options)
{
    (void)options;
    puts("nerdx: one continuous story around a bottle\n\nCommands:");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  nerdx %s %s\n      %s\n", COMMANDS[i].name, COMMANDS[i].usage, COMMANDS[i].help);
    puts("\nOptions (also as NERDX_NAME in the environment, or `name = value` in the file that --config "
         "names):");
    options_print_help(settings_table(), stdout);
    return EXIT_DONE;
}

static bool is_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

/* `nerdx serve --help` asks for help too, up to a "--". */
static bool asks_for_help(int count, char *const *arguments)
{
    for (int i = 0; i < count && strcmp(arguments[i], "--") != 0; i++)
        if (is_help(arguments[i]))
            return true;
    return false;
}

static const Command *find_command(const char *name)
{
    if (is_help(name))
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(COMMANDS[i].name, name) == 0)
            return &COMMANDS[i];
    return NULL;
}

static ExitCode refuse_command(const char *name)
{
    const char *names[COMMAND_COUNT];

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = COMMANDS[i].name;
    const char *meant = near_miss(str_from(name), names, COMMAND_COUNT);
    if (meant)
        (void)fprintf(stderr, "nerdx: no command is called %s; did you mean `nerdx %s`?\n", name, meant);
    else
        (void)fprintf(stderr, "nerdx: no command is called %s; `nerdx help` lists them\n", name);
    return EXIT_USAGE_WRONG;
}

/* `doctor` lists what is wrong with the options itself; every other command stops at it, but for warnings. */
static bool options_are_right(const Options *options)
{
    OptionProblems problems = options_problems(options);

    for (size_t i = 0; i < problems.count; i++)
        (void)fprintf(stderr, "nerdx: %.*s: %.*s%s\n", STR_ARG(problems.items[i].where),
                      STR_ARG(problems.items[i].message), problems.items[i].is_warning ? " (ignored)" : "");
    return problems.errors == 0;
}

static bool arguments_are_right(const Command *command, const Options *options)
{
    size_t count;
    const char *const *arguments = options_arguments(options, &count);

    if (command->takes_text || count == 0)
        return true;
    (void)fprintf(stderr, "nerdx %s: \"%s\" is not a flag, and this command takes nothing else\n",
                  command->name, arguments[0]);
    return false;
}

static ExitCode run(const Command *command, const Options *options)
{
    LogLevel level;

    if (command->run != doctor_run && !options_are_right(options))
        return EXIT_USAGE_WRONG;
    /* What follows an unknown flag may have been meant as its value: one mistake is named once. */
    if (options_problems(options).errors == 0 && !arguments_are_right(command, options))
        return EXIT_USAGE_WRONG;
    if (log_level_from(options_text(options, SETTING_LOG_LEVEL), &level))
        log_set_level(level);
    Err e = command->run == restore_run ? OK : app_use_archive(options);
    return failed(&e) ? command_fail(command->name, &e) : command->run(options);
}

static bool reader_is_gone(void)
{
    struct pollfd out = {STDOUT_FILENO, POLLOUT, 0};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/* What was printed and never arrived (a full disk) is said; a reader that went away has had enough. */
static ExitCode finish_output(ExitCode code)
{
    bool whole = fflush(stdout) == 0 && !ferror(stdout);

    if (whole || code != EXIT_DONE || reader_is_gone())
        return code;
    (void)fputs("nerdx: not all of the output could be written: is the disk full?\n", stderr);
    return EXIT_TRY_LATER;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "help";
    const Command *command = find_command(name);

    if (!command)
        return (int)refuse_command(name);
    if (asks_for_help(argc - 1, argv + 1))
        return (int)finish_output(help_run(NULL));
    /* A reader that goes away is an error of that write, not of the program. */
    (void)signal(SIGPIPE, SIG_IGN);
    memory_share_heaps();

    Options *options = settings_read(argc > 1 ? argc - 2 : 0, argv + 2, environ);
    ExitCode code = run(command, options);
    options_destroy(options);
    return (int)finish_output(code);
}
