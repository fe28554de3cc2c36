#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/app.h"
#include "app/chat_commands.h"
#include "app/command.h"
#include "app/settings.h"
#include "base/random.h"

/* One conversation in the terminal: a line in, an answer out, until the end of input. */
typedef struct Talk {
    App app;
    Str user;
    Str session;
    bool has_language;
    Language language;
    Language language_of_last; /* answer; English at first */
    Arena said;                /* where the last answer lies */
    ChatReply last;
    bool trace;
    bool at_terminal; /* somebody types; otherwise lines are piped in and no prompt is shown */
} Talk;

typedef struct Words {
    const char *welcome;
    const char *cited;
    const char *sample;
} Words;

static const Words WORDS[LANGUAGE_COUNT] = {
    [LANGUAGE_KO] = {"매주와 이야기합니다 (AI). 한 줄을 쓰고 Enter, 끝내려면 Ctrl-D.", "근거", "견본"},
    [LANGUAGE_EN] = {"You are talking with Maeju (an AI). Type a line and press Enter; Ctrl-D ends.", "from",
                     "sample"},
};

static void print_citations(const ChatReply *reply)
{
    const Words *words = &WORDS[reply->language];

    for (size_t i = 0; i < reply->citations.count; i++) {
        const Citation *citation = &reply->citations.items[i];
        printf("  [%s] %.*s (%.*s)%s%s", words->cited, STR_ARG(citation->name), STR_ARG(citation->id),
               citation->sample ? " — " : "", citation->sample ? words->sample : "");
        if (citation->sources.count)
            printf(" — %.*s", STR_ARG(citation->sources.items[0]));
        puts("");
    }
}

static void print_trace(const ChatReply *reply)
{
    for (size_t i = 0; i < reply->trace.count; i++) {
        const TraceStep *step = &reply->trace.items[i];
        printf("  %8.3f ms +%8.3f ms  %-16.*s %s %.*s\n", step->at_ms, step->took_ms, STR_ARG(step->node),
               step->way == TRACE_STEP_WAY_ASIDE ? "~" : " ", STR_ARG(step->saw));
    }
    for (size_t i = 0; i < reply->tools.count; i++) {
        const ToolCall *tool = &reply->tools.items[i];
        printf("  %.*s(%.*s): %s, %.3f ms\n", STR_ARG(tool->name), STR_ARG(tool->arguments),
               tool->ok ? "ok" : "failed", tool->took_ms);
    }
}

static Err answer(Talk *talk, Str message)
{
    Call call = {.arena = &talk->said, .service = talk->app.agents, .trace = trace_new()};
    AgentsChatInput in = {
        .trace = talk->trace,
        .body =
            {
                .user_id = talk->user,
                .session_id = talk->session,
                .message = message,
                .has_language = talk->has_language,
                .language = talk->language,
            },
    };
    ChatReply reply = {0};

    TRY(chat_input_check(&in.body));
    talk->last = reply;
    arena_reset(&talk->said);
    TRY(agents_chat(&call, &in, &reply));
    talk->last = reply;
    talk->language_of_last = reply.language;
    printf("%.*s\n", STR_ARG(reply.content));
    print_citations(&reply);
    print_trace(&reply);
    puts("");
    (void)fflush(stdout);
    return OK;
}

static Err respond(Talk *talk, Str line)
{
    const ChatTalk command = {talk->app.agents, talk->user,
                              talk->has_language ? talk->language : talk->language_of_last, &talk->last};

    if (!chat_is_command(line))
        return answer(talk, line);
    TRY(chat_command_run(&command, line));
    (void)fflush(stdout);
    return OK;
}

static void prompt(const Talk *talk)
{
    if (!talk->at_terminal)
        return;
    (void)fputs("> ", stdout);
    (void)fflush(stdout);
}

static void free_line(char **line)
{
    free(*line);
}

/* A message that is refused (too long, not UTF-8) is said so, and the conversation goes on. */
static Err converse(Talk *talk)
{
    __attribute__((cleanup(free_line))) char *line = NULL;
    size_t capacity = 0;
    ssize_t length;

    if (talk->at_terminal)
        puts(WORDS[talk->has_language ? talk->language : LANGUAGE_EN].welcome);
    for (prompt(talk); (length = getline(&line, &capacity, stdin)) >= 0; prompt(talk)) {
        Str message = str_trim((Str){line, (size_t)length});
        if (message.len == 0)
            continue;
        Err e = respond(talk, message);
        if (failed(&e) && e.code != INVALID)
            return e;
        if (failed(&e))
            (void)fprintf(stderr, "nerdx chat: %s\n", e.message);
    }
    return OK;
}

static void close_talk(Talk *talk)
{
    app_close(&talk->app);
    arena_finish(&talk->said);
}

static Err chat(const Options *options)
{
    AUTO_ARENA Arena arena = {0};
    Str session = options_text(options, SETTING_SESSION);
    Str language = options_text(options, SETTING_LANGUAGE);
    __attribute__((cleanup(close_talk))) Talk talk = {
        .user = options_text(options, SETTING_USER),
        .session = session.data ? session : id_new(&arena, clock_system()),
        .has_language = language.data != NULL,
        .language = str_equal(language, STR("ko")) ? LANGUAGE_KO : LANGUAGE_EN,
        .language_of_last = LANGUAGE_EN,
        .trace = options_bool(options, SETTING_TRACE),
        .at_terminal = isatty(STDIN_FILENO) == 1,
    };

    TRY(app_open(options, &talk.app));
    return converse(&talk);
}

ExitCode chat_run(const Options *options)
{
    Err e = chat(options);

    return failed(&e) ? command_fail("chat", &e) : EXIT_DONE;
}
