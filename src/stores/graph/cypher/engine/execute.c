#include "stores/graph/cypher/engine/execute.h"

#include "stores/graph/cypher/engine/pipeline.h"
#include "stores/graph/cypher/engine/tuples.h"
#include "stores/graph/cypher/engine/value_json.h"

/* ---- The answer ---- */

/* What the parts of a UNION put their rows into. */
typedef struct Answer {
    Buf rows; /* JSON */
    size_t count;
    Tuples seen;
} Answer;

/* The end of a part: writes its row. */
typedef struct AnswerOperator {
    Operator operator; /* first: an AnswerOperator is an Operator */
    const CypherProjection *columns;
    bool distinct; /* UNION without ALL */
    Answer *answer;
} AnswerOperator;

static Err write_row(Answer *answer, Run *run, const Value *values, size_t count)
{
    if (answer->count++ == run->budget.rows)
        return err(UNPROCESSABLE, "the answer has more than %zu rows: add a LIMIT", run->budget.rows);
    buf_put(&answer->rows, answer->count > 1 ? STR(",[") : STR("["));
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_char(&answer->rows, ',');
        TRY(access_load(&run->access, values[i]));
        value_put_json(&answer->rows, values[i]);
    }
    buf_put_char(&answer->rows, ']');
    return run_reserve(run, 0);
}

static Err answer_push(Operator *operator, Run * run)
{
    AnswerOperator *self = (AnswerOperator *)operator;
    size_t count = self->columns->item_count;
    Value *values = arena_array(&run->scratch, Value, count);
    bool is_new = true;

    for (size_t i = 0; i < count; i++)
        values[i] = run->row[self->columns->items[i].name.slot];
    if (self->distinct)
        (void)tuples_put(&self->answer->seen, values, &is_new);
    return is_new ? write_row(self->answer, run, values, count) : OK;
}

static const CypherProjection *columns_of(const CypherSingle *single)
{
    return &single->clauses[single->clause_count - 1].projection;
}

static Err run_part(Run *run, const CypherSingle *single, bool distinct, Answer *answer)
{
    AnswerOperator last = {
        .operator= {.push = answer_push},
        .columns = columns_of(single),
        .distinct = distinct,
        .answer = answer,
    };
    Operator *first;

    TRY(pipeline_build(run, single, &last.operator, & first));
    return pipeline_run(run, first);
}

static Err run_all(Run *run, Answer *answer)
{
    const CypherQuery *query = run->query;
    bool distinct = query->part_count > 1 && !query->parts[1].all;

    tuples_init(&answer->seen, &run->kept, columns_of(&query->parts[0])->item_count);
    buf_init(&answer->rows, &run->kept, 0);
    buf_put_char(&answer->rows, '[');
    for (size_t i = 0; i < query->part_count; i++)
        TRY(run_part(run, &query->parts[i], distinct, answer));
    buf_put_char(&answer->rows, ']');
    return OK;
}

static void put_columns(Arena *arena, const CypherProjection *columns, GraphTable *out)
{
    Str *names = arena_array(arena, Str, columns->item_count);

    for (size_t i = 0; i < columns->item_count; i++)
        names[i] = str_copy(arena, columns->items[i].name.text);
    out->columns = names;
    out->column_count = columns->item_count;
}

/* ---- A run ---- */

static Err check_parameters(const Run *run)
{
    for (size_t i = 0; i < run->query->parameter_count; i++)
        if (value_map_get(run->parameters, run->query->parameters[i]) == NULL)
            return err(UNPROCESSABLE, "the parameter $%.*s isn't given", STR_ARG(run->query->parameters[i]));
    return OK;
}

static Err read_parameters(Run *run, Json text)
{
    if (text.data)
        TRY(value_map_from_json(&run->kept, text, &run->parameters));
    return check_parameters(run);
}

static void begin(Run *run, const CypherReads *reads, const GraphReading *reading, const Clock *clock)
{
    arena_init(&run->scratch);
    arena_init(&run->kept);
    access_init(&run->access, reads, reading->sight, reading->budget.reads);
    run->query = reading->query;
    run->budget = reading->budget;
    run->clock = clock;
    run->deadline_us = clock_monotonic_us(clock) + reading->budget.time_us;
    run->row = arena_array(&run->kept, Value, run->query->slot_count);
}

static void finish(Run *run)
{
    arena_finish(&run->scratch);
    arena_finish(&run->kept);
    access_finish(&run->access);
}

Err execute_query(const CypherReads *reads, const GraphReading *reading, const Clock *clock, Arena *arena,
                  GraphTable *out)
{
    Run run __attribute__((cleanup(finish))) = {0};
    Answer answer = {0};

    begin(&run, reads, reading, clock);
    TRY(read_parameters(&run, reading->parameters));
    TRY(run_all(&run, &answer));
    put_columns(arena, columns_of(&run.query->parts[0]), out);
    out->rows = str_copy(arena, buf_str(&answer.rows));
    out->row_count = answer.count;
    return OK;
}

/* ---- EXISTS ---- */

typedef struct FoundOperator {
    Operator operator; /* first: a FoundOperator is an Operator */
    bool found;
} FoundOperator;

static Err found_push(Operator *operator, Run * run)
{
    (void)run;
    ((FoundOperator *)operator)->found = operator->full = true;
    return OK;
}

static Err part_exists(Run *run, const CypherSingle *single, bool *found)
{
    FoundOperator last = {.operator= {.push = found_push} };
    Operator *first;

    TRY(pipeline_build(run, single, &last.operator, & first));
    TRY(pipeline_run(run, first));
    *found = last.found;
    return OK;
}

Err execute_exists(Run *run, const CypherQuery *query, bool *found)
{
    ArenaMark scratch = arena_mark(&run->scratch);
    ArenaMark kept = arena_mark(&run->kept);

    *found = false;
    for (size_t i = 0; i < query->part_count && !*found; i++)
        TRY(part_exists(run, &query->parts[i], found));
    arena_rewind(&run->scratch, scratch);
    arena_rewind(&run->kept, kept);
    return OK;
}
