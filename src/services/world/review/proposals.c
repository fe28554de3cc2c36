#include "services/world/review/proposals.h"

#include "base/memory.h"
#include "services/world/proposals_sql.h"

enum { MOST_WAITING_NODES = 10000 };

const char *const PROPOSAL_STATES[PROPOSAL_STATE_COUNT] = {
    [PROPOSAL_WAITS] = "waits",
    [PROPOSAL_ACCEPTED] = "accepted",
    [PROPOSAL_REJECTED] = "rejected",
};

struct Proposals {
    Sql *sql;
};

Err proposals_open(const char *url, Proposals **out)
{
    Sql *sql;

    *out = NULL;
    TRY(sql_open(url, PROPOSALS_SQL_MIGRATIONS, &sql));
    *out = memory_new(Proposals);
    (*out)->sql = sql;
    return OK;
}

void proposals_close(Proposals *proposals)
{
    if (proposals == NULL)
        return;
    sql_close(proposals->sql);
    memory_free(proposals);
}

Err proposals_check(const char *url, Arena *arena, Str *report)
{
    return sql_check(url, PROPOSALS_SQL_MIGRATIONS, arena, report);
}

SqlMigrations proposals_tables(void)
{
    return PROPOSALS_SQL_MIGRATIONS;
}

/* ---- what a fact is known by */

static void free_text(char **text)
{
    free(*text);
}

Err proposal_text(Arena *arena, const Fact *fact, Json *out)
{
    AUTO_JSON json_t *object = NULL;
    __attribute__((cleanup(free_text))) char *sorted = NULL;
    Buf text = {.arena = arena};

    fact_to_json(&text, fact);
    TRY(json_read(buf_str(&text), &object));
    sorted = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    *out = str_copy(arena, str_from(sorted));
    return OK;
}

static Str digest_of(Arena *arena, Str text)
{
    return str_format(arena, "%016llx", (unsigned long long)str_hash(text));
}

/* ---- adding */

typedef struct Adding {
    const Reading *reading;
    const Draft *drafts;
    size_t count;
    size_t added;
} Adding;

static Err add_one(Tx *tx, const Reading *reading, const Draft *draft, size_t *added)
{
    AUTO_ARENA Arena scratch = {0};
    int64_t changed;

    TRY(proposals_sql_add(tx, reading->source, draft->line, reading->part, draft->place, draft->passage,
                          draft->fact, digest_of(&scratch, draft->fact), draft->is_node, reading->model,
                          reading->run, reading->read_us, &changed));
    *added += (size_t)changed;
    return changed > 0 ? proposals_sql_count_one_more(tx, NULL) : OK;
}

static Err add_all(void *context, Tx *tx)
{
    Adding *adding = context;
    const Reading *reading = adding->reading;

    adding->added = 0;
    for (size_t i = 0; i < adding->count; i++)
        TRY(add_one(tx, reading, &adding->drafts[i], &adding->added));
    if (!reading->is_whole)
        return OK;
    return proposals_sql_note_reading(tx, reading->source, reading->digest, reading->read_us, NULL);
}

Err proposals_add(Proposals *proposals, const Reading *reading, const Draft *drafts, size_t count,
                  size_t *added)
{
    Adding adding = {reading, drafts, count, 0};

    TRY(sql_transact(proposals->sql, add_all, &adding));
    *added = adding.added;
    return OK;
}

Err proposals_was_read(Proposals *proposals, Str source, Str digest, bool *out)
{
    int64_t read_us;

    return proposals_sql_get_reading(proposals->sql, NULL, source, digest, &read_us, out);
}

Err proposals_is_rejected(Proposals *proposals, Str source, Json fact, bool *out)
{
    AUTO_ARENA Arena scratch = {0};
    int64_t state = PROPOSAL_WAITS;
    bool found;

    TRY(proposals_sql_get_state(proposals->sql, NULL, source, digest_of(&scratch, fact), &state, &found));
    *out = found && state == PROPOSAL_REJECTED;
    return OK;
}

Err proposals_waiting_nodes(Proposals *proposals, Arena *arena, Str source, Json **out, size_t *count)
{
    return proposals_sql_list_waiting_nodes(proposals->sql, NULL, arena, source, MOST_WAITING_NODES, out,
                                            count);
}

/* ---- reading */

static Proposal proposal_of(const ProposalsSqlItem *row)
{
    return (Proposal){
        .number = row->number,
        .source = row->source,
        .line = row->line,
        .part = row->part,
        .place = row->place,
        .passage = row->passage,
        .fact = row->fact,
        .is_node = row->is_node != 0,
        .model = row->model,
        .run = row->run,
        .proposed_us = row->proposed_us,
        .state = (ProposalState)row->state,
        .decided_us = row->decided_us,
    };
}

Err proposals_list(Proposals *proposals, Arena *arena, const ProposalsWanted *wanted, Proposal **out,
                   size_t *count)
{
    Str source = wanted->source.data != NULL ? wanted->source : STR("");
    ProposalsSqlItem *rows;

    TRY(proposals_sql_list(proposals->sql, NULL, arena, source, wanted->decided, wanted->behind,
                           (int64_t)wanted->limit, &rows, count));
    *out = arena_array(arena, Proposal, *count);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = proposal_of(&rows[i]);
    return OK;
}

Err proposals_get(Proposals *proposals, Arena *arena, int64_t number, Proposal *out)
{
    ProposalsSqlItem row;
    bool found;

    TRY(proposals_sql_get(proposals->sql, NULL, arena, number, &row, &found));
    if (!found)
        return err(NOT_FOUND, "there is no proposal %lld; `nerdx review list` lists them", (long long)number);
    *out = proposal_of(&row);
    return OK;
}

/* ---- deciding */

typedef struct Deciding {
    int64_t number;
    ProposalState state;
    int64_t decided_us;
    int64_t changed; /* rows */
} Deciding;

static Err begin(void *context, Tx *tx)
{
    const Deciding *deciding = context;

    return proposals_sql_begin(tx, deciding->number, deciding->decided_us, NULL);
}

Err proposals_begin(Proposals *proposals, int64_t number, int64_t decided_us)
{
    Deciding deciding = {.number = number, .decided_us = decided_us};

    return sql_transact(proposals->sql, begin, &deciding);
}

static Err decide(void *context, Tx *tx)
{
    Deciding *deciding = context;

    return proposals_sql_decide(tx, deciding->number, deciding->state, deciding->decided_us,
                                &deciding->changed);
}

Err proposals_decide(Proposals *proposals, int64_t number, ProposalState state, int64_t decided_us)
{
    Deciding deciding = {number, state, decided_us, 0};

    TRY(sql_transact(proposals->sql, decide, &deciding));
    return deciding.changed > 0 ? OK
                                : err(CONFLICT, "proposal %lld was decided meanwhile", (long long)number);
}

typedef struct Withdrawal {
    Str source;
    bool only_accepted;
} Withdrawal;

static Err withdraw(void *context, Tx *tx)
{
    const Withdrawal *of = context;

    TRY(of->only_accepted ? proposals_sql_withdraw_accepted(tx, of->source, NULL)
                          : proposals_sql_withdraw(tx, of->source, NULL));
    return proposals_sql_drop_readings(tx, of->source, NULL);
}

Err proposals_withdraw(Proposals *proposals, Str source, bool only_accepted)
{
    Withdrawal withdrawal = {source, only_accepted};

    return sql_transact(proposals->sql, withdraw, &withdrawal);
}
