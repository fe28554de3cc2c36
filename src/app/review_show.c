/* A proposal on paper: for people and for programs. */
#include <inttypes.h>
#include <stdio.h>

#include "app/review.h"
#include "base/time.h"
#include "base/utf8.h"

static bool is_control(uint32_t c)
{
    enum { FIRST_PLAIN = 0x20, DELETE = 0x7F, LAST_C1 = 0x9F };

    return c < FIRST_PLAIN || (c >= DELETE && c <= LAST_C1);
}

/* Turns the direction of writing about (UAX #9): what follows is read where it doesn't stand. */
static bool turns_about(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* On one line and with nothing in it that a terminal obeys: a document or a model may want to hide what it says. */
static Str plain(Arena *arena, Str text)
{
    Buf out = {.arena = arena};
    size_t at = 0;
    uint32_t c;

    for (size_t from = 0; utf8_next(text, &at, &c); from = at)
        if (c == '\n' || c == '\t')
            buf_put_char(&out, ' ');
        else if (is_control(c) || turns_about(c) || c == UTF8_REPLACEMENT)
            buf_put(&out, STR("\xEF\xBF\xBD"));
        else
            buf_put(&out, str_slice(text, from, at));
    return buf_str(&out);
}

static void print_changes(Arena *arena, const ReviewText *text)
{
    printf("    would change: %.*s\n", STR_ARG(text->extent));
    for (size_t i = 0; i < text->change_count; i++)
        printf("        %.*s\n", STR_ARG(plain(arena, text->changes[i])));
}

Err review_print(Review *review, const Proposal *proposal)
{
    AUTO_ARENA Arena arena = {0};
    ReviewText text;

    TRY(review_describe(review->app.world, &arena, proposal, review->korean, &text));
    printf("%" PRId64 "  %.*s\n", proposal->number, STR_ARG(plain(&arena, text.fact)));
    printf("    “%.*s”\n", STR_ARG(plain(&arena, proposal->passage)));
    printf("    %.*s, line %" PRId64 "; found by %.*s, %.*s\n", STR_ARG(plain(&arena, proposal->source)),
           proposal->line, STR_ARG(plain(&arena, proposal->model)),
           STR_ARG(time_format(&arena, proposal->proposed_us)));
    if (proposal->state == PROPOSAL_WAITS)
        print_changes(&arena, &text);
    else
        printf("    %s by a person, %.*s\n", PROPOSAL_STATES[proposal->state],
               STR_ARG(time_format(&arena, proposal->decided_us)));
    return OK;
}

static void put_time(Buf *out, const char *name, int64_t us)
{
    buf_format(out, ",\"%s\":", name);
    json_put_time(out, us);
}

static void put_changes(Buf *out, const ReviewText *text)
{
    buf_put(out, STR(",\"changes\":["));
    for (size_t i = 0; i < text->change_count; i++) {
        if (i > 0)
            buf_put_char(out, ',');
        json_put_string(out, text->changes[i]);
    }
    buf_put_char(out, ']');
}

Err review_put_json(Review *review, const Proposal *proposal, Buf *out)
{
    ReviewText text;

    TRY(review_describe(review->app.world, out->arena, proposal, review->korean, &text));
    buf_format(out, "{\"number\":%" PRId64 ",\"state\":\"%s\"", proposal->number,
               PROPOSAL_STATES[proposal->state]);
    json_put_member(out, "source", proposal->source);
    buf_format(out, ",\"line\":%" PRId64, proposal->line);
    json_put_member(out, "part", proposal->part);
    buf_format(out, ",\"offset\":%" PRId64, proposal->place);
    json_put_member(out, "passage", proposal->passage);
    buf_put(out, STR(",\"fact\":"));
    buf_put(out, proposal->fact);
    json_put_member(out, "words", text.fact);
    json_put_member(out, "extent", text.extent);
    put_changes(out, &text);
    json_put_member(out, "model", proposal->model);
    json_put_member(out, "run", proposal->run);
    put_time(out, "proposed", proposal->proposed_us);
    if (proposal->state != PROPOSAL_WAITS)
        put_time(out, "decided", proposal->decided_us);
    buf_put_char(out, '}');
    return OK;
}
