#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/settings.h"
#include "base/log.h"
#include "base/near.h"

extern char **environ;

static ExitCode version_run(const Options *options)
{
    (void)options;
    puts("nerdx " NERDX_VERSION);
    return EXIT_DONE;
}

static ExitCode help_run(const Options *options);

static const Command COMMANDS[] = {
    {"serve", "[--data DIR] [--listen HOST:PORT]", "serve the API and the page", serve_run},
    {"chat", "[--language ko|en] [--session ID]", "talk with Maeju here, in the terminal", chat_run},
    {"query", "TEXT [--language ko|en] [--limit N] [--format table|tsv|json]", "ask the world model",
     query_run},
    {"doctor", "", "print every option, where it came from, and what is wrong", doctor_run},
    {"version", "", "print the version", version_run},
    {"help", "", "print this", help_run},
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

static const Command *find_command(const char *name)
{
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
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
    (void)fprintf(stderr, "nerdx: no command is called %s%s%s; `nerdx help` lists them\n", name,
                  meant ? "; did you mean " : "", meant ? meant : "");
    return EXIT_USAGE_WRONG;
}

/* `doctor` lists what is wrong with the options itself; every other command stops at it. */
static bool options_are_right(const Options *options)
{
    OptionProblems problems = options_problems(options);

    for (size_t i = 0; i < problems.count; i++)
        (void)fprintf(stderr, "nerdx: %.*s: %.*s\n", STR_ARG(problems.items[i].where),
                      STR_ARG(problems.items[i].message));
    return problems.count == 0;
}

static ExitCode run(const Command *command, const Options *options)
{
    LogLevel level;

    if (command->run != doctor_run && !options_are_right(options))
        return EXIT_USAGE_WRONG;
    if (log_level_from(options_text(options, SETTING_LOG_LEVEL), &level))
        log_set_level(level);
    return command->run(options);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "help";
    const Command *command = find_command(name);

    if (!command)
        return (int)refuse_command(name);
    (void)signal(SIGPIPE,
                 SIG_IGN); /* a reader that goes away is an error of that write, not of the program */

    Options *options = settings_read(argc > 1 ? argc - 2 : 0, argv + 2, environ);
    ExitCode code = run(command, options);
    options_destroy(options);
    return (int)code;
}
