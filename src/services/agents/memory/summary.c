/* The summary of a session, extractive: of each turn that has left the buffer the sentence that says most, what the visitor stated before
 * what they asked. It never grows beyond SUMMARY_MAX_BYTES; when it is full the oldest question goes, and after them the
 * oldest statement. It is made for who wants it, from the turns themselves, so that what is forgotten with a turn isn't in it. */
#include <assert.h>

#include "base/template.h"
#include "base/utf8.h"
#include "services/agents/memory/room.h"

/* LINE_REST_BYTES: a line's part of the bound beside what was said. */
enum { LINE_MAX_BYTES = 160, LINE_REST_BYTES = 32, LINE_MIN_CHARACTERS = 6 };

/* A sentence of a message, or none: where it begins, and how long it is. */
typedef struct Saying {
    uint32_t at;
    uint32_t len;
    bool asks;
} Saying;

static_assert(sizeof(Saying) == SAYING_BYTES, "room for it where sayings are kept");

/* The sentence that says most: the longest statement, else the longest question. */
static Saying find_saying(const Memory *memory, Str message)
{
    AUTO_ARENA Arena scratch = {0};
    Saying best = {.asks = true};
    Str rest = message, sentence;

    while (text_next_sentence(&rest, (Texts){NULL, 0}, &sentence)) {
        Str folded = text_fold(&scratch, sentence);
        bool asks = listener_hears(memory->rules->question, folded);

        if (utf8_count(folded) < LINE_MIN_CHARACTERS || memory_is_sensitive(memory, folded) ||
            (asks && !best.asks) || (asks == best.asks && sentence.len <= best.len))
            continue;
        best = (Saying){(uint32_t)(sentence.data - message.data), (uint32_t)sentence.len, asks};
    }
    return best;
}

/* The same message is summed up in every later turn of its session. */
static Saying saying_of(const Memory *memory, Str message)
{
    const Fingerprint print = recent_print(memory->sayings, message);
    Saying saying;

    if (recent_find(memory->sayings, print, &saying))
        return saying;
    saying = find_saying(memory, message);
    recent_keep(memory->sayings, print, &saying);
    return saying;
}

/* --- the lines, oldest first --- */

typedef struct Line {
    Str said;
    bool asks;
} Line;

typedef struct Lines {
    Line *items;
    size_t count;
    size_t bytes;
} Lines;

static void drop_oldest(Lines *lines)
{
    size_t at = 0;

    while (at < lines->count && !lines->items[at].asks)
        at++;
    at = at < lines->count ? at : 0;
    lines->bytes -= lines->items[at].said.len + LINE_REST_BYTES;
    lines->count--;
    for (; at < lines->count; at++)
        lines->items[at] = lines->items[at + 1];
}

static void take_in(const Memory *memory, Str message, Lines *lines)
{
    Saying saying = saying_of(memory, message);
    Str said = utf8_cut_bytes(str_slice(message, saying.at, saying.at + saying.len), LINE_MAX_BYTES);

    if (said.len == 0)
        return;
    lines->items[lines->count++] = (Line){said, saying.asks};
    lines->bytes += said.len + LINE_REST_BYTES;
    while (lines->bytes > SUMMARY_MAX_BYTES)
        drop_oldest(lines);
}

/* Newest first, as they come. */
static void take_in_all(const Memory *memory, const Str *messages, size_t count, Lines *lines)
{
    for (size_t i = count; i-- > 0;)
        take_in(memory, messages[i], lines);
}

static Str write_lines(const Memory *memory, Arena *arena, Tongue tongue, const Lines *lines)
{
    Buf text = {.arena = arena};

    buf_put(&text, STR(""));
    for (size_t i = 0; i < lines->count; i++) {
        const Line *line = &lines->items[i];
        const Slot slots[] = {{"said", line->said}};
        Str words = memory_rules_phrase(memory->rules, tongue, line->asks ? "asked" : "said", 0);

        buf_put(&text, i == 0 ? STR("") : STR("\n"));
        buf_put(&text, template_fill(arena, words, slots, 1));
    }
    return buf_str(&text);
}

Err memory_sum_up(const Memory *memory, Arena *arena, const MemoryPlace *place, Texts latest, Str *out)
{
    const size_t buffered = latest.count < BUFFER_TURNS ? latest.count : BUFFER_TURNS;
    const int64_t before = (int64_t)(place->number - latest.count) + 1;
    Lines lines = {0};
    Str *older = NULL;
    size_t older_count = 0;

    if (before > 1)
        TRY(memory_sql_list_messages(memory->config.sql, NULL, arena, place->user_id, place->session_id,
                                     before, SUMMARY_TURNS_MAX, &older, &older_count));
    lines.items = arena_array(arena, Line, latest.count + older_count + 1);
    take_in_all(memory, older, older_count, &lines);
    take_in_all(memory, latest.items + buffered, latest.count - buffered, &lines);
    *out = write_lines(memory, arena, place->tongue, &lines);
    return OK;
}
