/* The running summary of a session, extractive: of each turn that leaves the buffer the sentence that says most, what
 * the visitor stated before what they asked. It never grows beyond SUMMARY_MAX_BYTES; when it is full the oldest
 * question goes, and after them the oldest statement. */
#include "base/template.h"
#include "base/utf8.h"
#include "services/agents/memory/room.h"

enum { LINE_MAX_BYTES = 160, LINE_MIN_CHARACTERS = 6 };

static bool asks(const json_t *line)
{
    return json_is_true(json_object_get(line, "asks"));
}

static json_t *read_lines(Str text)
{
    json_t *lines = NULL;
    Err e = text.len > 0 ? json_read(text, &lines) : OK;

    return failed(&e) || lines == NULL ? json_array() : lines;
}

/* The sentence that says most: the longest statement, else the longest question; absent when there is nothing in it. */
static Str best_sentence(const Memory *memory, Arena *arena, Str message, bool *asking)
{
    Str best = {NULL, 0};
    Str sentence;

    *asking = true;
    while (text_next_sentence(&message, (Texts){NULL, 0}, &sentence)) {
        Str folded = text_fold(arena, sentence);
        bool question = listener_hears(memory->rules->question, folded);

        if (utf8_count(folded) < LINE_MIN_CHARACTERS || memory_is_sensitive(memory, folded) ||
            (question && !*asking) || (question == *asking && sentence.len <= best.len))
            continue;
        best = sentence;
        *asking = question;
    }
    return utf8_cut_bytes(best, LINE_MAX_BYTES);
}

static size_t size_of(const json_t *lines)
{
    size_t size = 0;

    for (size_t i = 0; i < json_array_size(lines); i++)
        size += json_str_at(json_array_get(lines, i), "said").len + 32; /* the words around it */
    return size;
}

static void drop_oldest(json_t *lines)
{
    size_t i = 0;

    while (i < json_array_size(lines) && !asks(json_array_get(lines, i)))
        i++;
    json_array_remove(lines, i < json_array_size(lines) ? i : 0);
}

static Err read_stored(const Memory *memory, Tx *tx, Arena *arena, const MemoryPlace *place, json_t **out)
{
    Str text = {NULL, 0};
    bool found;

    TRY(memory_sql_get_summary(memory->config.sql, tx, arena, place->user_id, place->session_id, &text,
                               &found));
    *out = read_lines(found ? text : (Str){NULL, 0});
    return OK;
}

Err summary_advance(const Memory *memory, Tx *tx, Arena *arena, const MemoryPlace *place)
{
    AUTO_JSON json_t *lines = NULL;
    MemorySqlGetEarlier turn;
    bool found, asking;
    Str said;

    TRY(memory_sql_get_earlier(memory->config.sql, tx, arena, place->user_id, place->session_id, BUFFER_TURNS,
                               &turn, &found));
    said = found ? best_sentence(memory, arena, turn.message, &asking) : (Str){NULL, 0};
    if (said.len == 0)
        return OK;
    TRY(read_stored(memory, tx, arena, place, &lines));
    json_array_append_new(lines, json_pack("{s:s%, s:s%, s:b}", "turn", turn.turn_id.data, turn.turn_id.len,
                                           "said", said.data, said.len, "asks", asking));
    while (size_of(lines) > SUMMARY_MAX_BYTES)
        drop_oldest(lines);
    return memory_sql_put_summary(tx, place->user_id, place->session_id, json_text(arena, lines), NULL);
}

Err summary_drop(const Memory *memory, Tx *tx, Arena *arena, Str user_id, Str turn_id)
{
    MemorySqlListSummaries *rows;
    size_t count;

    TRY(memory_sql_list_summaries(memory->config.sql, tx, arena, user_id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        AUTO_JSON json_t *lines = read_lines(rows[i].lines);
        size_t before = json_array_size(lines);

        for (size_t k = before; k-- > 0;)
            if (str_equal(json_str_at(json_array_get(lines, k), "turn"), turn_id))
                json_array_remove(lines, k);
        if (json_array_size(lines) < before)
            TRY(memory_sql_put_summary(tx, user_id, rows[i].session_id, json_text(arena, lines), NULL));
    }
    return OK;
}

Err memory_sum_up(const Memory *memory, Arena *arena, const MemoryPlace *place, Str *out)
{
    AUTO_JSON json_t *lines = NULL;
    Buf text = {.arena = arena};

    TRY(read_stored(memory, NULL, arena, place, &lines));
    buf_put(&text, STR(""));
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        const Slot slots[] = {{"said", json_str_at(line, "said")}};
        Str words = memory_rules_phrase(memory->rules, place->tongue, asks(line) ? "asked" : "said", 0);

        buf_put(&text, i == 0 ? STR("") : STR("\n"));
        buf_put(&text, template_fill(arena, words, slots, 1));
    }
    *out = buf_str(&text);
    return OK;
}
