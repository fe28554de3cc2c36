/* Questions in Cypher: printed as canonical Cypher, Neo4j answers them itself. What it can't be asked (properties that it
 * doesn't keep as they are, what might grow beyond bounds: tame.h), and what it refuses, the engine of ../cypher answers over its rows: so both twins give
 * the same answers and the same errors. */
#include "base/memory.h"
#include "base/thread.h"
#include "stores/graph/cypher/engine/value_json.h"
#include "stores/graph/cypher/print.h"
#include "stores/graph/neo4j/jolt.h"
#include "stores/graph/neo4j/neo4j_cypher.h"
#include "stores/graph/neo4j/neo4j_graph.h"
#include "stores/graph/neo4j/status.h"
#include "stores/graph/neo4j/tame.h"

enum { MOST_PRINTINGS = 3, MEGABYTE_BITS = 20 };

static const double SECOND_US = 1000000;

static const Str TEXT_PREFIX = {"_text", sizeof("_text") - 1};

/* ---- the odd properties, as they were when Neo4j was asked last: each answer tells whether they still are ---- */

static Str odd_now(Neo4jGraph *graph, Arena *arena)
{
    MUTEX_HOLD(&graph->odd_lock);
    return str_copy(arena, str_from(graph->odd));
}

static void note_odd(Neo4jGraph *graph, Str odd)
{
    AUTO_ARENA Arena scratch = {0};
    MUTEX_HOLD(&graph->odd_lock);

    memory_free(graph->odd);
    graph->odd = memory_copy_text(str_c(&scratch, odd));
}

/* ---- the question ---- */

/* One while it is put. */
typedef struct Question {
    Neo4jGraph *graph;
    Arena *arena;
    const GraphReading *reading;
    Str odd; /* the JSON list it was printed for */
    CypherPrinted printed;
    bool answered;
} Question;

static Err print(Question *question)
{
    AUTO_JSON json_t *odd = NULL;
    CypherPrintOptions options = {
        .node_label = STR("_Node"),
        .hidden_prefix = STR("_"),
        .text_prefix = TEXT_PREFIX,
        .labels_property = STR("_order"),
        .sight = question->reading->sight,
    };
    Str *names;

    TRY(json_read(question->odd, &odd));
    options.odd_count = json_array_size(odd);
    options.odd = names = arena_array(question->arena, Str, options.odd_count);
    for (size_t i = 0; i < options.odd_count; i++)
        names[i] = str_copy(question->arena, reply_text(json_array_get(odd, i)));
    return cypher_print(question->arena, question->reading->query, options, &question->printed);
}

/* One row more than may be: then there are too many. */
static Str limited_text(const Question *question)
{
    const CypherQuery *query = question->reading->query;
    const CypherSingle *last = &query->parts[query->part_count - 1];
    const CypherProjection *projection = &last->clauses[last->clause_count - 1].projection;

    if (query->part_count > 1 || projection->limit != NULL)
        return question->printed.text;
    return str_format(question->arena, "%.*s LIMIT %zu", STR_ARG(question->printed.text),
                      question->reading->budget.rows + 1);
}

/* Those of the caller that the query asks for, and the texts that were in the query. */
static Err put_parameters(const Question *question, Buf *buf)
{
    AUTO_JSON json_t *given = NULL;
    const CypherQuery *query = question->reading->query;
    const CypherPrinted *printed = &question->printed;

    if (question->reading->parameters.data != NULL)
        TRY(json_read(question->reading->parameters, &given));
    buf_put_char(buf, '{');
    for (size_t i = 0; i < query->parameter_count; i++) {
        const char *name = str_c(question->arena, query->parameters[i]);
        const json_t *value = json_object_get(given, name);

        if (value == NULL)
            return err(UNPROCESSABLE, "the parameter $%s isn't given", name);
        cypher_put_json_member(buf, name, STR(""));
        value_put_json(buf, value_from_json(question->arena, value)); /* a float keeps its point */
    }
    for (size_t i = 0; i < printed->text_count; i++)
        cypher_put_text_member(buf, str_format(question->arena, "%.*s%zu", STR_ARG(TEXT_PREFIX), i).data,
                               printed->texts[i]);
    buf_put_char(buf, '}');
    return OK;
}

enum { STATEMENT_ODD, STATEMENT_QUESTION, STATEMENT_COUNT };

static Err put(const Question *question, Arena *scratch, JoltAnswer *answer)
{
    Buf parameters = {.arena = scratch};
    CypherRequest request;
    Str lines;

    TRY(put_parameters(question, &parameters));
    cypher_init(&request, scratch);
    neo4j_cypher_get_odd(&request);
    cypher_add_printed(&request, limited_text(question), buf_str(&parameters));
    TRY(link_ask(question->graph->link, scratch, question->reading->budget.time_us, &request, &lines));
    if (lines.len > question->reading->budget.bytes)
        return err(UNPROCESSABLE, "the answer needs more than %zu MB: add a LIMIT",
                   question->reading->budget.bytes >> MEGABYTE_BITS);
    return jolt_read(question->arena, lines, STATEMENT_COUNT, answer);
}

/* ---- the answer ---- */

static Err failure_of(const Question *question, const JoltAnswer *answer, bool *refused)
{
    Err e = status_of(str_c(question->arena, answer->code), str_c(question->arena, answer->message));

    *refused = str_starts(answer->code, STR("Neo.ClientError.Statement."));
    if (*refused)
        return OK;
    if (str_starts(answer->code, STR("Neo.TransientError.General.MemoryPool")))
        return err(UNPROCESSABLE,
                   "the query needs more memory than there is: let it keep fewer rows or smaller lists");
    if (e.code == TIMED_OUT)
        return err(UNPROCESSABLE,
                   "the query takes longer than its %.1f s: begin at an id or a label, or go fewer hops",
                   (double)question->reading->budget.time_us / SECOND_US);
    if (e.code == CONFLICT)
        e.code = UNAVAILABLE;
    return e;
}

/* Ends of relationships that are no part of the answer themselves. */
static Err read_keys(const Question *question, JoltAnswer *answer)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;
    RequestList elements;

    request_list_init(&elements, &scratch);
    for (size_t i = 0; i < answer->node_count; i++)
        if (answer->nodes[i]->key.data == NULL)
            json_put_string(request_list_next(&elements), answer->elements[i]);
    if (elements.count == 0)
        return OK;
    cypher_init(&request, &scratch);
    neo4j_cypher_list_keys(&request, request_list_finish(&elements));
    TRY(link_read(question->graph->link, LINK_QUICK, &scratch, &request, &reply));
    for (size_t i = 0; i < reply_count(&reply, 0); i++) {
        const json_t *row = reply_row(&reply, 0, i);
        uint32_t place = keymap_get(&answer->places, row_text(row, 0));

        answer->nodes[place]->key = str_copy(question->arena, row_text(row, 1));
    }
    return OK;
}

static void put_rows(const Question *question, const JoltRows *rows, GraphTable *out)
{
    Buf buf = {.arena = question->arena};

    buf_put_char(&buf, '[');
    for (size_t i = 0; i < rows->count; i++) {
        buf_put(&buf, i > 0 ? STR(",[") : STR("["));
        for (size_t k = 0; k < out->column_count; k++) {
            if (k > 0)
                buf_put_char(&buf, ',');
            value_put_json(&buf, rows->items[i][k]);
        }
        buf_put_char(&buf, ']');
    }
    buf_put_char(&buf, ']');
    out->rows = buf_str(&buf);
    out->row_count = rows->count;
}

static void put_columns(const Question *question, GraphTable *out)
{
    const CypherSingle *first = &question->reading->query->parts[0];
    const CypherProjection *columns = &first->clauses[first->clause_count - 1].projection;

    out->columns = arena_array(question->arena, Str, columns->item_count);
    out->column_count = columns->item_count;
    for (size_t i = 0; i < columns->item_count; i++)
        out->columns[i] = str_copy(question->arena, columns->items[i].name.text);
}

static Err answer_with(Question *question, JoltAnswer *answer, GraphTable *out)
{
    const JoltRows *rows = &answer->statements[STATEMENT_QUESTION];
    bool refused = false;

    if (answer->failed)
        TRY(failure_of(question, answer, &refused));
    if (refused)
        return OK;
    if (rows->count > question->reading->budget.rows)
        return err(UNPROCESSABLE, "the answer has more than %zu rows: add a LIMIT",
                   question->reading->budget.rows);
    TRY(read_keys(question, answer));
    put_columns(question, out);
    put_rows(question, rows, out);
    question->answered = true;
    return OK;
}

/* Once; *stale: it was printed for odd properties that are others now. */
static Err ask_once(Question *question, GraphTable *out, bool *stale)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_JOLT JoltAnswer answer = {0};
    const JoltRows *odd;
    Err e;

    *stale = false;
    question->odd = odd_now(question->graph, question->arena);
    e = print(question);
    if (failed(&e))
        return OK; /* for the engine */
    e = put(question, &scratch, &answer);
    if (e.code == UNSUPPORTED)
        return OK; /* the same */
    TRY(e);
    odd = &answer.statements[STATEMENT_ODD];
    if (odd->count == 0)
        return err(INTERNAL, "the graph in Neo4j was emptied while it is in use: start again");
    *stale = !str_equal(odd->items[0][0].text, question->odd);
    if (!*stale)
        return answer_with(question, &answer, out);
    note_odd(question->graph, odd->items[0][0].text);
    return OK;
}

Err neo4j_read(Graph *graph, Arena *arena, const GraphReading *reading, GraphTable *out)
{
    Question question = {.graph = (Neo4jGraph *)graph, .arena = arena, .reading = reading};
    bool stale = question_is_tame(reading->query);

    for (int i = 0; i < MOST_PRINTINGS && stale; i++)
        TRY(ask_once(&question, out, &stale));
    return question.answered ? OK : neo4j_read_here(graph, arena, reading, out);
}
