#include "check.h"
#include "base/buf.h"
#include "stores/graph/cypher/cypher.h"
#include "stores/graph/cypher/print.h"

#include <math.h>
#include <string.h>

static CypherQuery *parse(Arena *arena, const char *text)
{
    CypherQuery *query = NULL;

    check_ok(cypher_parse(arena, str_from(text), CYPHER_READ, &query));
    return query;
}

/* The expression of the only column. */
static const CypherExpression *returned(Arena *arena, const char *text)
{
    CypherQuery *query = parse(arena, text);
    const CypherSingle *part = &query->parts[0];

    return part->clauses[part->clause_count - 1].projection.items[0].expression;
}

static Err refusal(const char *text)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    arena_init(&arena);
    return cypher_parse(&arena, str_from(text), CYPHER_READ, &query);
}

static void check_refused(const char *text, const char *message)
{
    check_err(refusal(text), INVALID, message);
}

static void integers_are_read_in_all_their_forms(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } numbers[] = {
        {"RETURN 0", 0},
        {"RETURN 372036854", 372036854},
        {"RETURN 9223372036854775807", INT64_MAX},
        {"RETURN -9223372036854775808", INT64_MIN},
        {"RETURN 0x7fffffffffffffff", INT64_MAX},
        {"RETURN 0xAbC", 0xabc},
        {"RETURN -0x8000000000000000", INT64_MIN},
        {"RETURN 0o17", 15},
        {"RETURN -0o1000000000000000000000", INT64_MIN},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const CypherExpression *e = returned(&arena, numbers[i].text);

        assert_int_equal(e->kind, CYPHER_INTEGER);
        assert_true(e->integer == numbers[i].value);
    }
}

static void floats_are_read_in_all_their_forms(void **state)
{
    static const struct {
        const char *text;
        double value;
    } numbers[] = {
        {"RETURN 1.0", 1},     {"RETURN .5", 0.5},       {"RETURN 1e9", 1e9},
        {"RETURN 1E-3", 1e-3}, {"RETURN 12.5e+2", 1250}, {"RETURN .1e-5", 1e-6},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const CypherExpression *e = returned(&arena, numbers[i].text);

        assert_int_equal(e->kind, CYPHER_FLOAT);
        assert_true(fabs(e->number - numbers[i].value) <= 1e-12 * numbers[i].value);
    }
}

static void numbers_that_are_none_are_refused(void **state)
{
    (void)state;
    check_refused("RETURN 9223372036854775808", "line 1, column 8: this number is too large");
    check_refused("RETURN -9223372036854775809", "too large");
    check_refused("RETURN 99999999999999999999", "too large");
    check_refused("RETURN 0x8000000000000000", "too large");
    check_refused("RETURN 1.34E999", "too large");
    check_refused("RETURN 12ab", "has a letter");
    check_refused("RETURN 0x", "no digits");
    check_refused("RETURN 0x1G", "has a letter");
    check_refused("RETURN 0o8", "no digits");
}

static void escapes_in_strings_are_undone(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    check_text(returned(&arena, "RETURN 'it\\'s'")->text, "it's");
    check_text(returned(&arena, "RETURN \"it's\"")->text, "it's");
    check_text(returned(&arena, "RETURN 'a\\n\\t\\\\b'")->text, "a\n\t\\b");
    check_text(returned(&arena, "RETURN '\\u9152'")->text, "酒");
    check_text(returned(&arena, "RETURN '\\U0001F376'")->text, "🍶");
    check_text(returned(&arena, "RETURN '\\uD83C\\uDF76'")->text, "🍶");
    check_text(returned(&arena, "RETURN '막걸리 // no comment'")->text, "막걸리 // no comment");
    check_text(returned(&arena, "RETURN ''")->text, "");
}

static void strings_that_do_not_end_or_hold_nonsense_are_refused(void **state)
{
    (void)state;
    check_refused("RETURN 'abc", "line 1, column 8: this string doesn't end");
    check_refused("RETURN 'abc\\'", "doesn't end");
    check_refused("RETURN '\\x'", "this escape means nothing");
    check_refused("RETURN '\\uH'", "hexadecimal");
    check_refused("RETURN '\\u0000'", "isn't a character");
    check_refused("RETURN '\\uD800'", "isn't a character");
    check_refused("RETURN '\\uD800\\u0041'", "isn't a character");
    check_refused("RETURN '\\U00110000'", "isn't a character");
    check_refused("RETURN `abc", "this name doesn't end");
    check_refused("RETURN /* abc", "this comment doesn't end");
    check_refused("RETURN '\xff'", "UTF-8");
}

static void names_may_be_quoted_korean_or_words_of_the_language(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    (void)state;
    arena_init(&arena);
    query = parse(&arena,
                  "MATCH (술:전통주) RETURN 술.이름 AS `a``b`, 술.`order by` AS order, 술.match AS match");
    check_text(query->parts[0].clauses[0].match.paths[0].nodes[0].labels[0], "전통주");
    check_text(query->parts[0].clauses[1].projection.items[0].name.text, "a`b");
    check_text(query->parts[0].clauses[1].projection.items[1].expression->property.key, "order by");
    check_text(query->parts[0].clauses[1].projection.items[2].name.text, "match");
}

static void comments_and_all_kinds_of_white_space_separate(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    check_text(returned(&arena, "/* a\n * b */RETURN// one\n\xC2\xA0'x'/**/;\xE3\x80\x80// end")->text, "x");
}

/* The canonical text has brackets only where they are needed. */
static void check_read_as(const char *expression, const char *canonical)
{
    AUTO_ARENA Arena arena = {0};
    Str text;
    CypherPrinted printed;

    arena_init(&arena);
    text = str_format(&arena, "WITH 1 AS a, 2 AS b, true AS c, [1] AS l RETURN %s AS r", expression);
    check_ok(cypher_print(&arena, parse(&arena, str_c(&arena, text)), (CypherPrintOptions){0}, &printed));
    text = str_slice(printed.text, str_find(printed.text, STR("RETURN "), 0) + 7, printed.text.len);
    check_text(str_slice(text, 0, text.len - strlen(" AS `r`")), canonical);
}

static void operators_bind_as_opencypher_has_it(void **state)
{
    (void)state;
    check_read_as("a + b * a", "`a` + `b` * `a`");
    check_read_as("(a + b) * a", "(`a` + `b`) * `a`");
    check_read_as("a - (b - a)", "`a` - (`b` - `a`)");
    check_read_as("(a - b) - a", "`a` - `b` - `a`");
    check_read_as("a ^ b ^ a", "`a` ^ `b` ^ `a`");
    check_read_as("-a ^ b", "- `a` ^ `b`");
    check_read_as("-(a ^ b)", "- (`a` ^ `b`)");
    check_read_as("NOT c AND c OR c XOR c", "NOT `c` AND `c` OR `c` XOR `c`");
    check_read_as("NOT (c AND c)", "NOT (`c` AND `c`)");
    check_read_as("(NOT c) = c", "(NOT `c`) = `c`");
    check_read_as("NOT (c = c)", "NOT `c` = `c`");
    check_read_as("a < b <= a", "`a` < `b` <= `a`");
    check_read_as("(a < b) = c", "(`a` < `b`) = `c`");
    check_read_as("a IN l IS NULL", "(`a` IN `l`) IS NULL");
    check_read_as("a + b IN l + l", "`a` + `b` IN `l` + `l`");
    check_read_as("a = b IS NOT NULL", "`a` = `b` IS NOT NULL");
    check_read_as("[l][a][..b][a..]", "[`l`][`a`][ .. `b`][`a` .. ]");
    check_read_as("[(a IN l), a IN l]", "[(`a` IN `l`), `a` IN `l`]");
}

static void brackets_begin_a_pattern_only_where_a_relationship_follows(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    assert_int_equal(returned(&arena, "WITH 1 AS a, 2 AS b RETURN (a)-(b)")->kind, CYPHER_BINARY);
    assert_int_equal(returned(&arena, "WITH 1 AS a, 2 AS b RETURN (a)<-(b)")->kind, CYPHER_COMPARISON);
    assert_int_equal(returned(&arena, "MATCH (a), (b) RETURN exists((a)--(b))")->kind, CYPHER_PATTERN);
    assert_int_equal(returned(&arena, "MATCH (a) RETURN [(a)<-[:T]-() | 1]")->kind,
                     CYPHER_PATTERN_COMPREHENSION);
    assert_int_equal(returned(&arena, "MATCH (a) RETURN [p = (a)-->() | p]")->kind,
                     CYPHER_PATTERN_COMPREHENSION);
    assert_int_equal(returned(&arena, "RETURN [x IN [1] WHERE x > 0 | x]")->kind, CYPHER_LIST_COMPREHENSION);
}

static const CypherRelationshipPattern *first_relationship(Arena *arena, const char *text)
{
    return &parse(arena, text)->parts[0].clauses[0].match.paths[0].relationships[0];
}

static void lengths_and_directions_of_relationships_are_read(void **state)
{
    static const struct {
        const char *text;
        bool var_length;
        int64_t min;
        int64_t max;
        CypherDirection direction;
    } patterns[] = {
        {"MATCH (a)-->(b) RETURN 1", false, 1, 1, CYPHER_RIGHT},
        {"MATCH (a)<--(b) RETURN 1", false, 1, 1, CYPHER_LEFT},
        {"MATCH (a)--(b) RETURN 1", false, 1, 1, CYPHER_EITHER},
        {"MATCH (a)<-->(b) RETURN 1", false, 1, 1, CYPHER_EITHER},
        {"MATCH (a)-[*]->(b) RETURN 1", true, 1, CYPHER_NO_LIMIT, CYPHER_RIGHT},
        {"MATCH (a)-[*2]->(b) RETURN 1", true, 2, 2, CYPHER_RIGHT},
        {"MATCH (a)<-[*1..3]-(b) RETURN 1", true, 1, 3, CYPHER_LEFT},
        {"MATCH (a)-[r:A|:B*..3]-(b) RETURN 1", true, 1, 3, CYPHER_EITHER},
        {"MATCH (a)-[:A|B*0.. {x: 1}]-(b) RETURN 1", true, 0, CYPHER_NO_LIMIT, CYPHER_EITHER},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(patterns); i++) {
        const CypherRelationshipPattern *found = first_relationship(&arena, patterns[i].text);

        assert_int_equal(found->var_length, patterns[i].var_length);
        assert_int_equal(found->min, patterns[i].min);
        assert_int_equal(found->max, patterns[i].max);
        assert_int_equal(found->direction, patterns[i].direction);
    }
}

static void nothing_that_writes_gets_through(void **state)
{
    static const char *const writes[] = {
        "CREATE (n) RETURN n",
        "MATCH (n) create (m) RETURN n",
        "MATCH (n) /* RETURN n */ DELETE n RETURN 1",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n) SET n.x = 1 RETURN n",
        "MATCH (n) REMOVE n.x RETURN n",
        "MERGE (n) RETURN n",
        "MATCH (n) WITH n FOREACH (x IN [1] | CREATE ()) RETURN n",
        "LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l",
        "CALL db.labels() YIELD label RETURN label",
        "MATCH (n) WHERE EXISTS { MATCH (n) SET n.x = 1 } RETURN n",
        "MATCH (n) RETURN n UNION MATCH (n) DELETE n RETURN n",
        "CALL { CREATE (n) } RETURN 1",
        "MATCH (n) RETURN n; MATCH (n) DELETE n",
        "RETURN 1 CREATE (n)",
        "USE neo4j MATCH (n) RETURN n",
        "DROP DATABASE neo4j",
        "PROFILE MATCH (n) RETURN n",
        "MATCH (n) INSERT (m) RETURN n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(writes); i++)
        check_err(refusal(writes[i]), INVALID, "column");
    check_refused("MATCH (n)\n  SET n.x = 1", "line 2, column 3: SET isn't supported: queries only read");
}

static void what_is_not_supported_is_said_with_what_is(void **state)
{
    (void)state;
    check_refused("RETURN 'a' =~ 'b'",
                  "line 1, column 12: regular expressions (=~) aren't supported; CONTAINS");
    check_refused("MATCH p = shortestPath((a)-[*]-(b)) RETURN p", "supported; paths of a bounded length");
    check_refused("MATCH (n) RETURN n {.name}", "map projections");
    check_refused("RETURN date('2024-01-01')", "date() isn't supported: times are texts here");
    check_refused("RETURN duration.between(1, 2)", "with a dot");
    check_refused("MATCH (n $all) RETURN n", "expected {key: $parameter}");
}

static void errors_say_where_in_characters(void **state)
{
    (void)state;
    check_refused("", "line 1, column 1: expected MATCH");
    check_refused("MATCH (n)\nRETURN n.이름 +", "line 2, column 14: expected an expression, found the end");
    check_refused("RETURN '막걸리' ]", "line 1, column 14: expected MATCH, OPTIONAL MATCH");
    check_refused("RETURN [1, 2", "expected ,");
}

static Str repeated(Arena *arena, const char *before, const char *piece, size_t times, const char *behind)
{
    Buf out = {.arena = arena};

    buf_put(&out, str_from(before));
    for (size_t i = 0; i < times; i++)
        buf_put(&out, str_from(piece));
    buf_put(&out, str_from(behind));
    return buf_str(&out);
}

static void hostile_lengths_end_in_an_error(void **state)
{
    static const struct {
        const char *before;
        const char *piece;
        size_t times;
        const char *message;
    } texts[] = {
        {"RETURN ", "(", 10000, "nested too deeply"},
        {"RETURN ", "[", 10000, "nested too deeply"},
        {"RETURN ", "{a:", 5000, "nested too deeply"},
        {"RETURN ", "NOT ", 10000, "nested too deeply"},
        {"RETURN ", "-", 10000, "nested too deeply"},
        {"RETURN ", "- +", 5000, "nested too deeply"},
        {"RETURN ", "CASE ", 10000, "nested too deeply"},
        {"RETURN 1 ", "+ 1 ", 5000, "at most 200 operators"},
        {"RETURN true ", "IS NULL ", 5000, "at most 200 operators"},
        {"RETURN $a", "[0]", 5000, "at most 200 operators"},
        {"RETURN $a", ".b", 7000, "at most 200 operators"},
        {"MATCH (n) WHERE ", "EXISTS { MATCH (n) WHERE ", 1000, "nested too deeply"},
        {"MATCH (n) WHERE ", "[(n)-->() WHERE ", 1000, "nested too deeply"},
        {"RETURN 1", ",1", 20000, "the text is too long"},
        {"RETURN 1", "                ", 5000, "at most 65536 are supported"},
        {"MATCH ", "({a:", 4000, "nested too deeply"},
    };
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(texts); i++) {
        Str text = repeated(&arena, texts[i].before, texts[i].piece, texts[i].times, "");

        check_err(cypher_parse(&arena, text, CYPHER_READ, &query), INVALID, texts[i].message);
    }
}

static void reasonable_lengths_are_no_trouble(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    (void)state;
    arena_init(&arena);
    check_ok(cypher_parse(&arena, repeated(&arena, "RETURN 1", " + 1", 150, ""), CYPHER_READ, &query));
    check_ok(cypher_parse(&arena, repeated(&arena, "RETURN [1", ", 1", 7000, "]"), CYPHER_READ, &query));
    check_ok(
        cypher_parse(&arena, repeated(&arena, "MATCH (n)", "-->()", 1000, " RETURN n"), CYPHER_READ, &query));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_read_in_all_their_forms),
        cmocka_unit_test(floats_are_read_in_all_their_forms),
        cmocka_unit_test(numbers_that_are_none_are_refused),
        cmocka_unit_test(escapes_in_strings_are_undone),
        cmocka_unit_test(strings_that_do_not_end_or_hold_nonsense_are_refused),
        cmocka_unit_test(names_may_be_quoted_korean_or_words_of_the_language),
        cmocka_unit_test(comments_and_all_kinds_of_white_space_separate),
        cmocka_unit_test(operators_bind_as_opencypher_has_it),
        cmocka_unit_test(brackets_begin_a_pattern_only_where_a_relationship_follows),
        cmocka_unit_test(lengths_and_directions_of_relationships_are_read),
        cmocka_unit_test(nothing_that_writes_gets_through),
        cmocka_unit_test(what_is_not_supported_is_said_with_what_is),
        cmocka_unit_test(errors_say_where_in_characters),
        cmocka_unit_test(hostile_lengths_end_in_an_error),
        cmocka_unit_test(reasonable_lengths_are_no_trouble),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
