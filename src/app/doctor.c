#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/app.h"
#include "app/command.h"
#include "app/doctor_node.h"
#include "app/settings.h"
#include "base/file.h"
#include "stores/graph/graph.h"

/* A check of something outside the options: what it looks at, and one line of what it saw. */
typedef struct Check {
    const char *name;
    Setting setting; /* where the thing is named */
    Err (*look)(const Options *options, Setting setting, Arena *arena, Str *report);
    const char *without; /* what holds when nothing is named; NULL: something always is */
} Check;

static Err look_at_folder(const Options *options, Setting setting, Arena *arena, Str *report)
{
    const char *path = options_chars(options, setting);

    (void)arena;
    if (access(path, W_OK | X_OK) == 0)
        *report = STR("can be written");
    else if (errno == ENOENT)
        *report = STR("absent, will be made");
    else
        return err(FORBIDDEN,
                   "%s: %s; give this user the right to write there, or choose another with --data", path,
                   strerror(errno));
    return OK;
}

static Err look_at_world(const Options *options, Setting setting, Arena *arena, Str *report)
{
    GraphAccess access = app_graph(options);

    (void)setting;
    return graph_check(&access, arena, report);
}

static Err look_at_proposals(const Options *options, Setting setting, Arena *arena, Str *report)
{
    return proposals_check(options_chars(options, setting), arena, report);
}

static Err look_at_agents(const Options *options, Setting setting, Arena *arena, Str *report)
{
    return agents_check(options_chars(options, setting), arena, report);
}

static Err look_at_analytics(const Options *options, Setting setting, Arena *arena, Str *report)
{
    return sql_check(options_chars(options, setting), analytics_tables(), arena, report);
}

static Err look_at_accounts(const Options *options, Setting setting, Arena *arena, Str *report)
{
    return auth_check(options_chars(options, setting), arena, report);
}

static Err look_at_webhooks(const Options *options, Setting setting, Arena *arena, Str *report)
{
    return sql_check(options_chars(options, setting), webhooks_tables(), arena, report);
}

static Err look_at_notices(const Options *options, Setting setting, Arena *arena, Str *report)
{
    return notify_check(options_chars(options, setting), arena, report);
}

static void release_llm(Llm **llm)
{
    llm_destroy(*llm);
}

static Err look_at_llm(const Options *options, Setting setting, Arena *arena, Str *report)
{
    __attribute__((cleanup(release_llm))) Llm *llm = NULL;

    (void)setting;
    TRY(app_open_llm(options, &llm));
    return llm_check(llm, arena, report);
}

static Err try_to_bind(const struct addrinfo *address, Str listen)
{
    AUTO_CLOSE int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, 0);
    int on = 1;

    if (fd < 0)
        return err(UNAVAILABLE, "%.*s: %s", STR_ARG(listen), strerror(errno));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) != 0)
        return err(UNAVAILABLE, "%.*s: %s; stop what serves there, or choose another with --listen",
                   STR_ARG(listen), strerror(errno));
    return OK;
}

static Err look_at_port(const Options *options, Setting setting, Arena *arena, Str *report)
{
    Str listen = options_text(options, setting);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    const char *host;
    int port;

    TRY(settings_split_address(listen, arena, &host, &port));
    int problem = getaddrinfo(host, str_format(arena, "%d", port).data, &hints, &found);
    if (problem != 0)
        return err(UNAVAILABLE, "%s: %s; give an address of this machine", host, gai_strerror(problem));
    Err e = try_to_bind(found, listen);
    freeaddrinfo(found);
    *report = failed(&e) ? STR("a node serves there, see below") : STR("free");
    return failed(&e) && doctor_finds_node(options) ? OK : e;
}

static const Check CHECKS[] = {
    {"data folder", SETTING_DATA, look_at_folder},
    {"world model", SETTING_WORLD_GRAPH, look_at_world},
    {"facts that wait", SETTING_WORLD_SQL, look_at_proposals},
    {"sessions and turns", SETTING_AGENTS_SQL, look_at_agents},
    {"accounts", SETTING_AUTH_SQL, look_at_accounts},
    {"webhooks", SETTING_WEBHOOKS_SQL, look_at_webhooks},
    {"events of our pages", SETTING_ANALYTICS_SQL, look_at_analytics},
    {"notices", SETTING_NOTIFY_SQL, look_at_notices},
    {"language model", SETTING_LLM_URL, look_at_llm, "none is named (llm_url): the narrator speaks"},
    {"port", SETTING_LISTEN, look_at_port},
};

static size_t print_problems(const Options *options)
{
    OptionProblems problems = options_problems(options);

    for (size_t i = 0; i < problems.count; i++)
        printf("%s  %.*s: %.*s\n", problems.items[i].is_warning ? "note " : "WRONG",
               STR_ARG(problems.items[i].where), STR_ARG(problems.items[i].message));
    return problems.errors;
}

static void print_wrong(const Check *check, const Err *e)
{
    printf("WRONG  %s: %s\n", check->name, e->message);
    doctor_advise(check->name);
}

static bool run_check(const Options *options, const Check *check)
{
    AUTO_ARENA Arena arena = {0};
    Str report = STR("");
    Str subject = options_text(options, check->setting);

    if (!subject.data && check->without != NULL && options_source(options, check->setting) == FROM_NOWHERE)
        printf("ok     %s: %s\n", check->name, check->without);
    if (!subject.data)
        return true; /* none is needed, or its option is wrong and was named */
    Err e = check->look(options, check->setting, &arena, &report);
    if (failed(&e))
        print_wrong(check, &e);
    else
        printf("ok     %s: %.*s: %.*s\n", check->name, STR_ARG(subject), STR_ARG(report));
    return !failed(&e);
}

ExitCode doctor_run(const Options *options)
{
    options_print_values(options, stdout);
    puts("");
    size_t wrong = print_problems(options);

    for (size_t i = 0; i < sizeof CHECKS / sizeof *CHECKS; i++)
        wrong += !run_check(options, &CHECKS[i]);
    wrong += doctor_look_at_node(options);
    puts(wrong ? "\nSomething is wrong; each line above says what to do." : "\nAll is well.");
    return wrong ? EXIT_FOUND_WRONG : EXIT_DONE;
}
