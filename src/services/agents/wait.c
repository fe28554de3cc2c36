#include "services/agents/wait.h"

#include <stddef.h>
#include <string.h>

#include "base/time.h"
#include "services/agents/generator.h"

enum { US_PER_S = 1000 * 1000, RECORD_FIRST_BYTES = 2048 };

typedef struct WaitingRow {
    const char *key;
    size_t offset;
} WaitingRow;

static const WaitingRow ROWS[] = {
    {"message", offsetof(WaitingRecord, message)},     {"state", offsetof(WaitingRecord, state)},
    {"reply", offsetof(WaitingRecord, reply)},         {"talk", offsetof(WaitingRecord, talk)},
    {"tool", offsetof(WaitingRecord, tool)},           {"call_id", offsetof(WaitingRecord, call_id)},
    {"arguments", offsetof(WaitingRecord, arguments)},
};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

static Json write(Arena *arena, const WaitingRecord *record)
{
    Buf out;

    buf_init(&out, arena, RECORD_FIRST_BYTES);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        Str value;
        memcpy(&value, (const char *)record + ROWS[i].offset, sizeof value);
        buf_format(&out, "%s\"%s\":", i == 0 ? "{" : ",", ROWS[i].key);
        json_put_string(&out, value.data == NULL ? STR("") : value);
    }
    buf_put_char(&out, '}');
    return buf_str(&out);
}

Err waiting_read(Arena *arena, Json record, WaitingRecord *out)
{
    AUTO_JSON json_t *root = NULL;

    TRY(json_read(record, &root));
    for (size_t i = 0; i < ROW_COUNT; i++) {
        Str value = str_copy(arena, json_str(json_object_get(root, ROWS[i].key)));
        memcpy((char *)out + ROWS[i].offset, &value, sizeof value);
    }
    return OK;
}

static Approval *approval_of(const Turn *turn)
{
    Arena *arena = turn->call->arena;
    Approval *approval = arena_new(arena, Approval);

    *approval = (Approval){
        .approval_id = turn->waiting.approval_id,
        .turn_id = turn->id,
        .tool = turn->waiting.tool->name,
        .does = turn->waiting.tool->description,
        .arguments = turn->waiting.arguments,
        .until = time_format(arena, turn->waiting.until_us),
    };
    return approval;
}

static Err keep_row(void *context, Tx *tx)
{
    const Turn *turn = context;
    const Waiting *waiting = &turn->waiting;
    Arena *arena = turn->call->arena;
    Buf reply;

    buf_init(&reply, arena, RECORD_FIRST_BYTES);
    chat_reply_encode(turn->reply, &reply);
    const WaitingRecord record = {
        turn_message_record(turn), turn_state_record(turn), buf_str(&reply),   waiting->talk,
        waiting->tool->name,       waiting->call_id,        waiting->arguments};
    TRY(agents_sql_add_waiting_turn(tx, turn->id, waiting->approval_id, turn->in->user_id,
                                    turn->in->session_id, waiting->until_us, write(arena, &record), NULL));
    return turn_in_time(turn);
}

/* What it waits for is kept durably first and shown then: whoever knows of it can decide it. */
Err turn_wait(Turn *turn, Way *way)
{
    Waiting *waiting = &turn->waiting;

    if (!waiting->is_new)
        return OK;
    *way = STOP;
    turn->run.wait = (AgentWait){NULL, NULL};
    waiting->decision = UNDECIDED; /* of this one, when it asks again */
    waiting->approval_id = id_new(turn->call->arena, turn->tools->clock);
    waiting->until_us = clock_wall_us(turn->tools->clock) + turn->agent->approval_s * US_PER_S;
    turn->outcome = CHAT_REPLY_OUTCOME_WAITING;
    turn->approval = approval_of(turn);
    TRY(turn_introduce(turn));
    TRY(agents_emit_approval(turn->stored, turn->approval));
    TRY(turn_make_reply(turn));
    TRY(sql_transact(turn->tools->sql, keep_row, turn));
    outcomes_count(turn->tools->outcomes, turn->outcome);
    return turn_release(turn);
}

static Err drop_late(void *before_us, Tx *tx)
{
    return agents_sql_drop_late_turns(tx, *(const int64_t *)before_us, NULL);
}

Err wait_drop_late(Sql *sql, int64_t now_us)
{
    int64_t before_us = now_us - (int64_t)US_PER_S * 24 * 3600;

    return sql_transact(sql, drop_late, &before_us);
}
