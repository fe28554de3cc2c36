#include <time.h>

#include "app/chat/talk.h"
#include "base/random.h"
#include "base/time.h"

enum { LISTED = 20, PAGE = 100, SHOWN_AT_RESUME = 3, US_PER_S = 1000000 };

/* Moments in the zone of whoever reads: "2026-11-26 14:05". */
static Str local_moment(Arena *arena, Str moment)
{
    int64_t us;
    struct tm local;
    char text[sizeof "2026-11-26 14:05"];

    if (!time_parse(moment, &us))
        return moment;
    const time_t seconds = (time_t)(us / US_PER_S);
    if (localtime_r(&seconds, &local) == NULL || strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local) == 0)
        return moment;
    return str_copy(arena, str_from(text));
}

static Err list(const Talk *talk, Arena *arena, SessionList *out)
{
    Call call = talk_call(talk, arena);
    const AgentsListSessionsInput in = {.user_id = talk->user, .limit = LISTED};

    return agents_list_sessions(&call, &in, out);
}

static Str title_of(const Talk *talk, const SessionItem *item)
{
    return item->title.len > 0 ? item->title : str_from(talk_words(talk)->forgotten_words);
}

static void print_session(Talk *talk, Arena *arena, size_t number, const SessionItem *item)
{
    const ChatWords *words = talk_words(talk);
    Str moment = local_moment(arena, item->seen), title = title_of(talk, item);

    talk->paper.indent = 5;
    paper_format(&talk->paper, "%3zu  %.*s", number, STR_ARG(title));
    paper_end(&talk->paper);
    paper_format(&talk->paper, "     %.*s, ", STR_ARG(moment));
    paper_format(&talk->paper, "%s: %lld", words->turns, (long long)item->turns);
    if (str_equal(item->session_id, talk->session))
        paper_format(&talk->paper, ", %s", words->here);
    paper_end(&talk->paper);
    talk->paper.indent = 0;
}

Err talk_print_sessions(Talk *talk)
{
    AUTO_ARENA Arena arena = {0};
    SessionList found = {0};

    arena_init(&arena);
    TRY(list(talk, &arena, &found));
    for (size_t i = 0; i < found.items.count; i++)
        print_session(talk, &arena, i + 1, &found.items.items[i]);
    if (found.items.count == 0)
        paper_put(&talk->paper, str_from(talk_words(talk)->no_talks));
    paper_end(&talk->paper);
    return OK;
}

Err talk_find_session(Talk *talk, Arena *arena, int64_t number, SessionItem *out)
{
    SessionList found = {0};

    TRY(list(talk, arena, &found));
    if (number < 1 || (size_t)number > found.items.count)
        return err(INVALID, "/resume: there is no number %lld; /sessions lists what there is",
                   (long long)number);
    *out = found.items.items[number - 1];
    return OK;
}

/* --- the turns of a talk --- */

typedef struct Leafing {
    Talk *talk;
    int64_t behind; /* turns that are left out */
    void (*each)(Talk *talk, const SessionTurn *turn);
} Leafing;

static Err read_page(const Leafing *reading, Arena *arena, Str *cursor)
{
    const Talk *talk = reading->talk;
    Call call = talk_call(talk, arena);
    SessionTurns page = {0};
    const AgentsGetSessionInput in = {
        .session_id = talk->session, .user_id = talk->user, .limit = PAGE, .cursor = *cursor};

    TRY(agents_get_session(&call, &in, &page));
    for (size_t i = 0; i < page.items.count; i++)
        if (page.items.items[i].number > reading->behind)
            reading->each(reading->talk, &page.items.items[i]);
    *cursor = page.next_cursor;
    return OK;
}

static Err read_turns(const Leafing *reading)
{
    AUTO_ARENA Arena arena = {0};
    Str cursor = {NULL, 0};

    arena_init(&arena);
    do
        TRY(read_page(reading, &arena, &cursor));
    while (cursor.data != NULL);
    return OK;
}

static void print_turn(Talk *talk, const SessionTurn *turn)
{
    const ChatWords *words = talk_words(talk);
    Str forgotten = str_from(words->forgotten_words);

    paper_label(&talk->paper, INK_FAINT, words->you);
    paper_put(&talk->paper, STR("  "));
    paper_put(&talk->paper, turn->message.len > 0 ? turn->message : forgotten);
    paper_end(&talk->paper);
    paper_label(&talk->paper, INK_BOLD, words->label);
    paper_end(&talk->paper);
    paper_put(&talk->paper, turn->content.len > 0 ? turn->content : forgotten);
    paper_put(&talk->paper, STR("\n\n"));
}

static void remember_turn(Talk *talk, const SessionTurn *turn)
{
    talk->language_of_last = str_equal(turn->language, STR("ko")) ? LANGUAGE_KO : LANGUAGE_EN;
    line_remember(talk->lines, turn->message);
}

/* *turns: 0 when there is no such session yet. */
static Err count_turns(const Talk *talk, int64_t *turns)
{
    AUTO_ARENA Arena arena = {0};
    SessionTurns page = {0};
    const AgentsGetSessionInput in = {.session_id = talk->session, .user_id = talk->user, .limit = 1};

    arena_init(&arena);
    Call call = talk_call(talk, &arena);
    Err e = agents_get_session(&call, &in, &page);
    *turns = failed(&e) ? 0 : page.turns;
    return e.code == NOT_FOUND ? OK : e;
}

Err talk_print_history(Talk *talk, size_t most)
{
    int64_t turns;

    TRY(count_turns(talk, &turns));
    if (turns == 0) {
        paper_put(&talk->paper, str_from(talk_words(talk)->no_talks));
        paper_end(&talk->paper);
        return OK;
    }
    return read_turns(&(Leafing){talk, most > 0 ? turns - (int64_t)most : 0, print_turn});
}

/* --- from one to another --- */

/* What the last answer was in the talk before isn't that of this one. */
static void leave_last(Talk *talk)
{
    answer_destroy(talk->last);
    talk->last = NULL;
    talk->last_is_whole = false;
}

Err talk_go_on(Talk *talk, Str session_id)
{
    int64_t turns;

    leave_last(talk);
    talk->session = str_copy(&talk->own, session_id);
    TRY(count_turns(talk, &turns));
    if (turns == 0)
        return OK;
    TRY(read_turns(&(Leafing){talk, 0, remember_turn}));
    return talk->at_terminal ? talk_print_history(talk, SHOWN_AT_RESUME) : OK;
}

Err talk_go_on_with(Talk *talk, const SessionItem *item)
{
    Str title = title_of(talk, item);

    TRY(talk_go_on(talk, item->session_id));
    paper_format(&talk->paper, "%s: %.*s (%s: %lld)", talk_words(talk)->goes_on, STR_ARG(title),
                 talk_words(talk)->turns, (long long)item->turns);
    paper_end(&talk->paper);
    return OK;
}

Err talk_resume_latest(Talk *talk)
{
    AUTO_ARENA Arena arena = {0};
    SessionList found = {0};

    arena_init(&arena);
    TRY(list(talk, &arena, &found));
    if (found.items.count > 0)
        return talk_go_on_with(talk, &found.items.items[0]);
    talk_begin_anew(talk);
    return OK;
}

void talk_begin_anew(Talk *talk)
{
    leave_last(talk);
    talk->session = id_new(&talk->own, clock_system());
}
