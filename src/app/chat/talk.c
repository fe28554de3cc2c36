#include "app/chat/talk.h"

#include <stdlib.h>
#include <unistd.h>

#include "app/chat/signals.h"
#include "app/command.h"
#include "app/settings.h"
#include "base/random.h"

Language talk_language(const Talk *talk)
{
    return talk->has_language ? talk->language : talk->language_of_last;
}

const ChatWords *talk_words(const Talk *talk)
{
    return chat_words(talk_language(talk));
}

Call talk_call(const Talk *talk, Arena *arena)
{
    return (Call){
        .arena = arena, .service = talk->app.agents, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
}

static void say(Talk *talk, const char *text)
{
    paper_label(&talk->paper, INK_FAINT, text);
    paper_end(&talk->paper);
}

/* --- what stands under an answer --- */

static void print_citations(Talk *talk, const ChatReply *reply)
{
    const ChatWords *words = chat_words(reply->language);

    for (size_t i = 0; i < reply->citations.count; i++) {
        const Citation *citation = &reply->citations.items[i];
        paper_format(&talk->paper, "  [%s] %.*s (%.*s)%s%s", words->cited, STR_ARG(citation->name),
                     STR_ARG(citation->id), citation->sample ? " — " : "",
                     citation->sample ? words->sample : "");
        if (citation->sources.count)
            paper_format(&talk->paper, " — %.*s", STR_ARG(citation->sources.items[0]));
        paper_end(&talk->paper);
    }
}

static void print_handoff(Talk *talk, const ChatReply *reply)
{
    const Handoff *handoff = reply->handoff;

    if (handoff == NULL)
        return;
    paper_format(&talk->paper, "  [%s] %.*s", chat_words(reply->language)->to_joon,
                 STR_ARG(handoff->summary.wants));
    for (size_t i = 0; i < handoff->products.count; i++)
        paper_format(&talk->paper, "%s%.*s", i == 0 ? " — " : ", ", STR_ARG(handoff->products.items[i]));
    paper_end(&talk->paper);
}

static void print_trace(Talk *talk, const ChatReply *reply)
{
    for (size_t i = 0; i < reply->trace.count; i++) {
        const TraceStep *step = &reply->trace.items[i];
        paper_format(&talk->paper, "  %8.3f ms +%8.3f ms  %-16.*s %s %.*s\n", step->at_ms, step->took_ms,
                     STR_ARG(step->node), step->way == TRACE_STEP_WAY_ASIDE ? "~" : " ", STR_ARG(step->saw));
    }
    for (size_t i = 0; i < reply->tools.count; i++) {
        const ToolCall *tool = &reply->tools.items[i];
        paper_format(&talk->paper, "  %.*s(%.*s): %s, %.3f ms\n", STR_ARG(tool->name),
                     STR_ARG(tool->arguments), tool->ok ? "ok" : "failed", tool->took_ms);
    }
}

static void print_under(Talk *talk, const ChatReply *reply)
{
    paper_end(&talk->paper);
    talk->paper.indent = 4;
    print_handoff(talk, reply);
    print_citations(talk, reply);
    if (reply->has_fallback)
        paper_format(&talk->paper, "  %s\n", chat_words(reply->language)->fallback[reply->fallback]);
    print_trace(talk, reply);
    talk->paper.indent = 0;
    (void)fputs("\n", talk->paper.out);
}

/* --- a message --- */

/* An answer that was stopped comes first: the turns of a session follow each other. False: whoever waits wants to leave. */
static bool await_last(Talk *talk)
{
    if (talk->last == NULL || answer_ended(talk->last))
        return true;
    say(talk, talk_words(talk)->still_answering);
    (void)fflush(stdout);
    return answer_wait(talk->last);
}

static AgentsChatInput input_of(const Talk *talk, Str message)
{
    return (AgentsChatInput){
        .agent = STR("maeju"),
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
}

static Err show(Talk *talk)
{
    AnswerEnd end;
    Err e = answer_show(talk->last, &talk->paper, &end);

    paper_end(&talk->paper);
    TRY(e);
    if (end == ANSWER_STOPPED) {
        say(talk, talk_words(talk)->stopped);
        return OK;
    }
    talk->last_is_whole = true;
    talk->language_of_last = answer_reply(talk->last)->language;
    print_under(talk, answer_reply(talk->last));
    return OK;
}

static Err answer(Talk *talk, Str message)
{
    const AgentsChatInput in = input_of(talk, message);

    TRY(chat_input_check(&in.body));
    if (!await_last(talk)) {
        talk->leaves = true;
        return OK;
    }
    answer_destroy(talk->last);
    talk->last_is_whole = false;
    talk->last = answer_begin(talk->app.agents, &in);
    return show(talk);
}

static Err respond(Talk *talk, Str line)
{
    Err e;

    paper_measure(&talk->paper);
    line_remember(talk->lines, line);
    line_echo(talk->lines, false);
    e = talk_is_command(line) ? talk_command(talk, line) : answer(talk, line);
    (void)fflush(stdout);
    line_echo(talk->lines, true);
    return e;
}

/* --- from line to line --- */

/* What is refused is said, and the talk goes on; piped into a script it ends with what isn't the message's fault. */
static Err said_or_ends(const Talk *talk, Err e)
{
    if (!failed(&e))
        return OK;
    if (!talk->at_terminal && e.code != INVALID && e.code != TOO_LARGE)
        return e;
    (void)fprintf(stderr, "nerdx chat: %s\n", e.message);
    return OK;
}

static Err converse(Talk *talk)
{
    LineKind kind = LINE_GIVEN;
    Str line;

    while (!talk->leaves) {
        Err e = line_read(talk->lines, &kind, &line);
        if (!failed(&e) && kind != LINE_GIVEN)
            break;
        line = failed(&e) ? STR("") : str_trim(line);
        TRY(said_or_ends(talk, failed(&e) || line.len == 0 ? e : respond(talk, line)));
    }
    if (talk->at_terminal && !talk->leaves)
        puts("");
    return OK;
}

/* A name that no message could have is refused before the first one. */
static Err check_names(const Talk *talk, Str session)
{
    return chat_input_check(&(ChatInput){.user_id = talk->user, .session_id = session, .message = STR("?")});
}

static Err begin(Talk *talk, Str session, bool latest)
{
    if (talk->at_terminal) {
        paper_put(&talk->paper, str_from(talk_words(talk)->welcome));
        paper_put(&talk->paper, STR("\n\n"));
    }
    if (session.data != NULL) {
        TRY(check_names(talk, session));
        return talk_go_on(talk, session);
    }
    if (latest)
        return talk_resume_latest(talk);
    talk_begin_anew(talk);
    return OK;
}

/* A turn that is still going on is left as a power cut would leave it: it goes on at the next start. */
static void close_talk(Talk *talk)
{
    line_reader_destroy(talk->lines);
    if (talk->last != NULL && !answer_ended(talk->last)) {
        (void)fflush(stdout);
        _exit(EXIT_DONE);
    }
    answer_destroy(talk->last);
    app_close(&talk->app);
    arena_finish(&talk->own);
}

/* Before anybody has said anything: --lang, else what the terminal is set to. */
static Language language_at_first(Str wanted)
{
    const char *locale = getenv("LC_ALL");

    if (locale == NULL || *locale == '\0')
        locale = getenv("LANG");
    if (wanted.data != NULL)
        return str_equal(wanted, STR("ko")) ? LANGUAGE_KO : LANGUAGE_EN;
    return locale != NULL && str_starts(str_from(locale), STR("ko")) ? LANGUAGE_KO : LANGUAGE_EN;
}

static Err chat(const Options *options)
{
    Str session = options_text(options, SETTING_SESSION);
    Str language = options_text(options, SETTING_LANGUAGE);
    __attribute__((cleanup(close_talk))) Talk talk = {
        .user = options_text(options, SETTING_USER),
        .has_language = language.data != NULL,
        .language = language_at_first(language),
        .language_of_last = language_at_first(language),
        .trace = options_bool(options, SETTING_TRACE),
        .at_terminal = isatty(STDIN_FILENO) == 1,
        .paper = paper_on(stdout),
    };

    arena_init(&talk.own);
    signals_begin(talk.at_terminal);
    TRY(line_reader_create(talk.at_terminal, &talk.lines));
    TRY(app_open(options, &talk.app));
    if (talk.app.agents == NULL)
        return err(INVALID, "nobody to talk with: this needs the role agents");
    TRY(begin(&talk, session, options_bool(options, SETTING_RESUME)));
    return converse(&talk);
}

ExitCode chat_run(const Options *options)
{
    Err e = chat(options);

    return failed(&e) ? command_fail("chat", &e) : EXIT_DONE;
}
