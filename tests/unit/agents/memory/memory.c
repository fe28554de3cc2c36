/* Memory without a world: the tables of content, the summary, old turns, and what a long talk costs. */
#include "services/agents/memory/memory.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "content.h"
#include "drop_store.h"
#include "services/agents/agents_sql.h"
#include "services/agents/memory/room.h"

typedef struct Desk {
    char folder[64];
    char url[128];
    Sql *sql;
    Memory *memory;
    Arena arena;
    Call call;
    size_t turns;
} Desk;

static const int64_t DESK_TIME_US = 1700000000000000;

static int open_desk(void **state)
{
    static Desk desk;

    desk = (Desk){.folder = "/tmp/nerdx-memory-XXXXXX"};
    assert_non_null(mkdtemp(desk.folder));
    (void)snprintf(desk.url, sizeof desk.url, "sqlite:%s/agents.db", desk.folder);
    check_ok(sql_open(desk.url, AGENTS_SQL_MIGRATIONS, &desk.sql));
    check_ok(memory_create(&(MemoryConfig){.content = AGENTS_CONTENT, .sql = desk.sql}, &desk.memory));
    arena_init(&desk.arena);
    desk.call.arena = &desk.arena;
    *state = &desk;
    return 0;
}

static int close_desk(void **state)
{
    Desk *desk = *state;

    memory_destroy(desk->memory);
    sql_close(desk->sql);
    drop_store(desk->folder, "agents.db");
    arena_finish(&desk->arena);
    return 0;
}

static void check_has(Str text, const char *part)
{
    if (str_find(text, str_from(part), 0) == SIZE_MAX)
        fail_msg("\"%.*s\" doesn't have \"%s\"", STR_ARG(text), part);
}

#define desk_test(f) cmocka_unit_test_setup_teardown(f, open_desk, close_desk)

static MemoryPlace place_of(Desk *desk)
{
    return (MemoryPlace){
        .user_id = STR("minji"),
        .session_id = STR("talk"),
        .turn_id = str_format(&desk->arena, "turn-%08zu", desk->turns),
        .at_us = DESK_TIME_US + (int64_t)desk->turns * 1000000,
        .tongue = ENGLISH,
        .number = desk->turns,
    };
}

static void store_turn(Desk *desk, Tx *tx, Str message)
{
    const MemoryPlace place = place_of(desk);
    const Told told = {0};

    desk->turns++;
    check_ok(agents_sql_touch_session(tx, place.user_id, place.session_id, place.at_us, NULL));
    check_ok(agents_sql_add_turn(tx, place.turn_id, STR("maeju"), place.user_id, place.session_id,
                                 place.at_us, STR("en"), STR("answer"),
                                 memory_mask(desk->memory, &desk->arena, message), STR("Well."), STR(""),
                                 STR(""), STR(""), STR(""), STR(""), STR(""), STR("[]"), NULL));
    check_ok(memory_keep(desk->memory, tx, &desk->arena, &place, &told));
}

static void say(Desk *desk, const char *message)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    check_ok(sql_begin(desk->sql, &tx));
    store_turn(desk, tx, str_from(message));
    check_ok(sql_commit(&tx));
}

static void chatter(Desk *desk, size_t turns)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    check_ok(sql_begin(desk->sql, &tx));
    for (size_t i = 0; i < turns; i++) {
        ArenaMark mark = arena_mark(&desk->arena);
        store_turn(desk, tx, str_format(&desk->arena, "How did people in village %zu brew makgeolli?", i));
        arena_rewind(&desk->arena, mark);
    }
    check_ok(sql_commit(&tx));
}

static Recollection recall(Desk *desk, const char *question)
{
    const MemoryPlace place = place_of(desk);
    Recollection out;

    check_ok(memory_recall(desk->memory, &desk->call, &place, str_from(question), &out));
    return out;
}

enum { LATEST = BUFFER_TURNS + 5 };

static Str sum_up(Desk *desk)
{
    const MemoryPlace place = place_of(desk);
    AgentsSqlTurn *turns;
    Str latest[LATEST], out;
    size_t count;

    check_ok(agents_sql_list_turns(desk->sql, NULL, &desk->arena, place.user_id, place.session_id, LATEST,
                                   &turns, &count));
    for (size_t i = 0; i < count; i++)
        latest[i] = turns[i].message;
    check_ok(memory_sum_up(desk->memory, &desk->arena, &place, (Texts){latest, count}, &out));
    return out;
}

static void a_message_that_asks_nothing_back_recalls_no_turn(void **state)
{
    Desk *desk = *state;
    Recollection r;

    chatter(desk, 20);
    say(desk, "I walked by the river");
    r = recall(desk, "Hello");
    assert_int_equal(r.ask, ASKS_NOTHING);
    assert_int_equal(r.turn_count, 0);
}

static void the_summary_keeps_statements_before_questions_and_stays_small(void **state)
{
    Desk *desk = *state;
    Str summary;

    say(desk, "Hello there. I walk by the river every evening. What is soju?");
    say(desk, "I was diagnosed with diabetes last year.");
    assert_int_equal(sum_up(desk).len, 0);
    chatter(desk, 400);
    summary = sum_up(desk);
    assert_true(summary.len > SUMMARY_MAX_BYTES / 2 && summary.len <= SUMMARY_MAX_BYTES);
    check_has(summary, "The visitor said: I walk by the river every evening.");
    check_has(summary, "The visitor asked: How did people in village 39");
    assert_true(str_find(summary, STR("diabetes"), 0) == SIZE_MAX);
}

static void a_long_talk_is_looked_through_in_little_time_and_memory(void **state)
{
    Desk *desk = *state;
    const Clock *clock = clock_system();
    static const size_t lengths[] = {300, 9700};

    say(desk, "My grandmother kept a parrot named Jade");
    for (size_t i = 0; i < COUNT(lengths); i++) {
        chatter(desk, lengths[i]);
        size_t before = desk->arena.used;
        int64_t begun_us = clock_monotonic_us(clock);
        Recollection r = recall(desk, "Do you remember what my grandmother kept in her village?");
        int64_t took_us = clock_monotonic_us(clock) - begun_us;
        print_message("recall among %zu turns: %.1f ms, %zu KiB of the call's memory\n", desk->turns,
                      (double)took_us / 1000, (desk->arena.used - before) >> 10);
        assert_true(r.turn_count > 0);
        if (desk->turns <= SEEK_TURNS_MAX)
            check_has(r.turns[0].said, "parrot named Jade");
        assert_true(desk->arena.used - before < 1 << 20);
    }
}

/* What is kept of its words in memory must not bring back a turn that was erased, by whichever process. */
static void an_erased_turn_is_recalled_no_more(void **state)
{
    static const char QUESTION[] = "Do you remember what my grandmother kept in her village?";
    Desk *desk = *state;
    AUTO_ROLLBACK Tx *tx = NULL;
    Recollection r;

    say(desk, "My grandmother kept a parrot named Jade");
    chatter(desk, 5);
    for (int again = 0; again < 2; again++) {
        r = recall(desk, QUESTION);
        assert_true(r.turn_count > 0);
        check_has(r.turns[0].said, "parrot named Jade");
    }
    check_ok(sql_begin(desk->sql, &tx));
    check_ok(memory_sql_erase_turn(tx, r.turns[0].turn_id, STR("minji"), NULL));
    check_ok(sql_commit(&tx));
    r = recall(desk, QUESTION);
    for (size_t i = 0; i < r.turn_count; i++)
        assert_true(str_find(r.turns[i].said, STR("Jade"), 0) == SIZE_MAX && r.turns[i].said.len > 0);
    say(desk, "My grandmother kept a hen named Ruby");
    check_has(recall(desk, QUESTION).turns[0].said, "hen named Ruby");
}

static size_t told_behind(Desk *desk, size_t characters)
{
    const MemoryPlace place = place_of(desk);
    Buf message = {.arena = &desk->arena};
    Told told;

    while (message.len < characters * 3)
        buf_put(&message, STR("그것을 그렇게 "));
    Str before = utf8_cut(buf_str(&message), characters);
    check_ok(memory_listen(desk->memory, &desk->call, &place,
                           str_format(&desk->arena, "%.*s, 제 이름은 서연이에요", STR_ARG(before)), &told));
    return told.count;
}

/* Patterns try a sentence from each of its places; so many there are at most, and what that takes of the call's memory. */
static void a_sentence_is_listened_to_for_300_characters_however_long_it_is(void **state)
{
    Desk *desk = *state;
    size_t before;

    assert_int_equal(told_behind(desk, 20), 1);
    assert_int_equal(told_behind(desk, 270), 1);
    assert_int_equal(told_behind(desk, 310), 0);
    before = desk->arena.used;
    assert_int_equal(told_behind(desk, 1980), 0);
    assert_in_range(desk->arena.used - before, 1, 128 << 10);
}

static void a_question_that_nobody_answered_is_said_to_be_unanswered(void **state)
{
    Desk *desk = *state;
    Recollection r;

    say(desk, "I walked by the river");
    r = recall(desk, "Do you remember my telescope?");
    assert_true(r.found_nothing);
    assert_int_equal(r.answer.count, 1);
    r = recall(desk, "What do you know about me?");
    assert_int_equal(r.ask, ASKS_ALL);
    assert_true(r.found_nothing);
}

static const struct {
    const char *message;
    const char *stored;
} MASKED[] = {
    {"call 010-1234-5678 now", "call … now"},
    {"제 번호는 01012345678이에요", "제 번호는 …이에요"},
    {"900101-1234567", "…"},
    {"card 4111-1111-1111-1111", "card …"},
    {"sam.rivers@example.co.kr is me", "… is me"},
    {"+44 20 7946 0958", "…"},
    {"account 110-234-567890", "account …"},
    {"brewed in 1909, 12.5 %, 2026-11-25", "brewed in 1909, 12.5 %, 2026-11-25"},
    {"NERD12 for 12,000 won", "NERD12 for 12,000 won"},
};

static void what_tells_a_person_apart_is_hidden_and_nothing_else(void **state)
{
    Desk *desk = *state;

    for (size_t i = 0; i < COUNT(MASKED); i++)
        assert_string_equal(
            str_c(&desk->arena, memory_mask(desk->memory, &desk->arena, str_from(MASKED[i].message))),
            MASKED[i].stored);
}

static const struct {
    const char *sentence;
    bool sensitive;
} SENSITIVE[] = {
    {"i have diabetes", true},
    {"i am on antidepressants", true},
    {"저는 고혈압이 있어요", true},
    {"i go to church on sundays", true},
    {"저는 노조 활동을 해요", true},
    {"my salary is low", true},
    {"the old church of brewing", true}, /* rather too much than too little */
    {"i like sweet drinks", false},
    {"고향은 안동이에요", false},
    {"암반수로 빚은 술이 좋아요", false},
    {"첫 월급으로 술을 샀어요", false},
    {"i work in a warehouse", false},
};

static void sensitive_sentences_are_told_from_others(void **state)
{
    Desk *desk = *state;

    for (size_t i = 0; i < COUNT(SENSITIVE); i++)
        if (memory_is_sensitive(desk->memory, str_from(SENSITIVE[i].sentence)) != SENSITIVE[i].sensitive)
            fail_msg("\"%s\"", SENSITIVE[i].sentence);
}

static void every_kind_is_told_in_both_languages(void **state)
{
    Desk *desk = *state;
    const MemoryRules *rules = desk->memory->rules;

    for (size_t i = 0; i < rules->kind_count; i++)
        for (Tongue t = 0; t < TONGUE_COUNT; t++) {
            const MemorySqlItem row = {.kind = rules->kinds[i].id,
                                       .who = SELF,
                                       .entity = STR(""),
                                       .name_en = STR("Andong"),
                                       .name_ko = STR("안동")};
            Remembered r = remembered_of(desk->memory, &desk->arena, &row, t);
            check_has(r.text, t == KOREAN ? "안동" : "Andong");
            assert_true(str_find(r.text, STR("{"), 0) == SIZE_MAX);
        }
}

static void content_that_is_wrong_is_named(void **state)
{
    static const struct {
        const char *yaml;
        const char *said;
    } rows[] = {
        {"{}", "phrases.and.ko"},
        {"nonsense: [", "line"},
    };
    Memory *memory;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Asset file = {
            .path = "maeju/memory.yaml", .mime = "", .bytes = str_from(rows[i].yaml), .etag = ""};
        check_err(memory_create(&(MemoryConfig){.content = {&file, 1}}, &memory), INVALID, rows[i].said);
        assert_null(memory);
    }
    check_err(memory_create(&(MemoryConfig){.content = {NULL, 0}}, &memory), INVALID,
              "maeju/memory.yaml is missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        desk_test(a_message_that_asks_nothing_back_recalls_no_turn),
        desk_test(the_summary_keeps_statements_before_questions_and_stays_small),
        desk_test(an_erased_turn_is_recalled_no_more),
        desk_test(a_long_talk_is_looked_through_in_little_time_and_memory),
        desk_test(a_sentence_is_listened_to_for_300_characters_however_long_it_is),
        desk_test(a_question_that_nobody_answered_is_said_to_be_unanswered),
        desk_test(what_tells_a_person_apart_is_hidden_and_nothing_else),
        desk_test(sensitive_sentences_are_told_from_others),
        desk_test(every_kind_is_told_in_both_languages),
        cmocka_unit_test(content_that_is_wrong_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
