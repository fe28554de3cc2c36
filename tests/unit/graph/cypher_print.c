#include "check.h"
#include "stores/graph/cypher/cypher.h"
#include "stores/graph/cypher/print.h"
#include "stores/graph/cypher/tree.h"

static const CypherPrintOptions NEO4J = {
    .node_label = STR("_Node"), .hidden_prefix = STR("_"), .text_prefix = STR("_text")};

static CypherQuery *parse(Arena *arena, Str text)
{
    CypherQuery *query = NULL;

    check_ok(cypher_parse(arena, text, CYPHER_READ, &query));
    return query;
}

static CypherPrinted print(Arena *arena, const char *text, CypherPrintOptions options)
{
    CypherPrinted printed;

    check_ok(cypher_print(arena, parse(arena, str_from(text)), options, &printed));
    return printed;
}

static Err refusal(Arena *arena, const char *text)
{
    CypherPrinted printed;

    return cypher_print(arena, parse(arena, str_from(text)), NEO4J, &printed);
}

static void printing_and_parsing_gives_the_same_query(void **state)
{
    static const char *const queries[] = {
        "MATCH (a:A:B {x: 1, y: 'z'})-[r:T|U*2..5 {k: $v}]->(b)<--()--(c) WHERE a.x = b.y RETURN *",
        "OPTIONAL MATCH p = (a)-[*0..]-(b), (c) WITH DISTINCT a, p ORDER BY a.x DESC, p WHERE a.z RETURN a",
        "MATCH (a) RETURN count(*) AS c, collect(DISTINCT a.x)",
        "UNWIND [1, 2.5, -3, 1e300, 0x10, null, true, 'it\\'s \\\\', {a: [], `b c`: {}}] AS x RETURN x",
        "RETURN 1 AS x UNION ALL RETURN 2 AS x",
        "RETURN -9223372036854775808 AS a, - - 1 AS b, 1 - -1 AS c, NOT (NOT true) AS d, 2 ^ -1 AS e",
        "RETURN CASE (1) WHEN 1 THEN 1 END AS a, CASE 1 WHEN 2 THEN 3 WHEN 4 THEN 5 ELSE 6 END AS b",
        "MATCH (n) WHERE n:A:B AND (n)-[:T]->({x: 1}) AND NOT exists((n)--()) AND n.x IS NOT NULL RETURN n",
        "MATCH (n) RETURN [x IN n.list WHERE x > 1 | x + 1][1..][..2] AS a, all(x IN [1] WHERE x = 1) AS b",
        "MATCH (n) RETURN [p = (n)-->(m) WHERE m:X | [p, m]] AS a, reduce(s = 0, x IN [1] | s + x) AS b",
        "MATCH (n) WHERE EXISTS { (n)-->(m) WHERE m.x = 1 } AND EXISTS { MATCH (n) RETURN n } RETURN n",
        "MATCH (n) WHERE n.x IN [1] IS NULL AND n.a STARTS WITH 'x' AND n.b CONTAINS 'y' RETURN n",
        "WITH 1 AS a RETURN a < 2 <= 3 <> 4 AS x, (a = 1) = true AS y, [(a IN [1]), a IN [2]] AS z",
        "MATCH (n) WHERE (n:A) < (n:B) = (NOT n:C) RETURN [n:A, 1] AS l",
        "MATCH (n) WHERE ((n:A)) < -[1][0] RETURN n",
        "WITH 1 AS `a``b` RETURN `a``b` AS `막걸리`, $p AS q, $`odd name` AS r ORDER BY q",
        "MATCH (n) RETURN n.x AS x, sum(n.y) AS s ORDER BY sum(n.y), n.x",
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(queries); i++) {
        CypherPrinted printed = print(&arena, queries[i], (CypherPrintOptions){0});

        if (!tree_equal_queries(parse(&arena, str_from(queries[i])), parse(&arena, printed.text)))
            fail_msg("%s\nbecame %.*s", queries[i], STR_ARG(printed.text));
    }
}

static void queries_that_differ_are_told_apart(void **state)
{
    static const char *const pairs[][2] = {
        {"RETURN 1 AS a", "RETURN 2 AS a"},
        {"RETURN 1 AS a", "RETURN 1.0 AS a"},
        {"RETURN 1 AS a", "RETURN 1 AS b"},
        {"MATCH (a)-->(b) RETURN 1", "MATCH (a)<--(b) RETURN 1"},
        {"MATCH (a)-[*1..2]->(b) RETURN 1", "MATCH (a)-[*1..3]->(b) RETURN 1"},
        {"MATCH (a) RETURN a", "OPTIONAL MATCH (a) RETURN a"},
        {"MATCH (a) RETURN a ORDER BY a", "MATCH (a) RETURN a ORDER BY a DESC"},
        {"RETURN 1 - (2 - 3) AS a", "RETURN 1 - 2 - 3 AS a"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(pairs); i++)
        assert_false(
            tree_equal_queries(parse(&arena, str_from(pairs[i][0])), parse(&arena, str_from(pairs[i][1]))));
}

static void texts_become_parameters_so_that_none_is_read_as_cypher(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherPrinted printed;

    (void)state;
    arena_init(&arena);
    printed =
        print(&arena, "MATCH (n:A) WHERE n.x = '\\\\u0027 OR true //' AND n.y = $y RETURN 'b' AS b", NEO4J);
    check_text(printed.text,
               "MATCH (`n`:`A`) WHERE `n`.`x` = $_text0 AND `n`.`y` = $`y` RETURN $_text1 AS `b`");
    assert_int_equal(printed.text_count, 2);
    check_text(printed.texts[0], "\\u0027 OR true //");
    check_text(printed.texts[1], "b");
}

static void names_can_not_end_their_quotes(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    check_text(print(&arena, "MATCH (n:`A``) DELETE n //`) RETURN n", NEO4J).text,
               "MATCH (`n`:`A``) DELETE n //`) RETURN `n`");
    check_err(refusal(&arena, "MATCH (n:`A\\u0060) DELETE n //`) RETURN n"), INVALID,
              "names with a backslash");
    check_err(refusal(&arena, "RETURN $_text0 AS x"), INVALID, "can't begin with _text");
}

static void hidden_nodes_labels_and_properties_stay_hidden(void **state)
{
    static const char *const pairs[][2] = {
        {"MATCH (n) RETURN n", "MATCH (`n`:`_Node`) RETURN `n`"},
        {"MATCH (n:A)-->() RETURN n", "MATCH (`n`:`A`)-[]->(:`_Node`) RETURN `n`"},
        {"MATCH (n:_Claim) RETURN n", "MATCH (`n`:`_Node`&`_Claim`) RETURN `n`"},
        {"MATCH (n:A) WHERE n:B:C RETURN n", "MATCH (`n`:`A`) WHERE (`n`:`B`&`C`) RETURN `n`"},
        {"MATCH (n) WHERE n:_Claim RETURN n",
         "MATCH (`n`:`_Node`) WHERE CASE WHEN `n` IS NOT NULL THEN false END RETURN `n`"},
        {"MATCH (n) RETURN n._key AS k",
         "MATCH (`n`:`_Node`) RETURN CASE WHEN `n` IS :: MAP THEN `n`.`_key` END AS `k`"},
        {"MATCH (n) RETURN n['_key'] AS k",
         "MATCH (`n`:`_Node`) RETURN CASE WHEN `n` IS :: MAP THEN `n`.`_key` END AS `k`"},
        {"MATCH (n) RETURN n[$k] AS k", "MATCH (`n`:`_Node`) RETURN `n`[CASE WHEN `n` IS :: MAP OR NOT "
                                        "toString($`k`) STARTS WITH $_text0 THEN $`k` "
                                        "END] AS `k`"},
        {"WITH [1] AS l RETURN l[0] AS k", "WITH [1] AS `l` RETURN `l`[0] AS `k`"},
        {"WITH {_a: 1} AS m RETURN m._a AS k, keys(m) AS l",
         "WITH {`_a`: 1} AS `m` RETURN `m`.`_a` AS `k`, keys(`m`) AS `l`"},
        {"MATCH (n) RETURN labels(n) AS l",
         "MATCH (`n`:`_Node`) RETURN [`_name` IN labels(`n`) WHERE NOT `_name` STARTS WITH $_text0] AS `l`"},
        {"MATCH (n) WHERE EXISTS { (n)-->(m) } RETURN [(n)-->(m) | m] AS l",
         "MATCH (`n`:`_Node`) WHERE EXISTS { MATCH (`n`:`_Node`)-[]->(`m`:`_Node`) } RETURN "
         "[(`n`:`_Node`)-[]->(`m`:`_Node`) | `m`] AS `l`"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(pairs); i++)
        check_text(print(&arena, pairs[i][0], NEO4J).text, pairs[i][1]);
    check_err(refusal(&arena, "MATCH (n:_Node) RETURN n"), INVALID, "the label _Node can't be asked for");
    check_err(refusal(&arena, "MATCH (n {_key: 1}) RETURN n"), INVALID, "can't begin with _");
    check_err(refusal(&arena, "MATCH (n) RETURN properties(n)"), INVALID,
              "properties() isn't supported here");
}

static const Str LABELS[] = {STR("User"), STR("Turn")};
static const Str TYPES[] = {STR("SAW"), STR("ASKED")};

static CypherPrintOptions limited(void)
{
    CypherPrintOptions options = NEO4J;

    options.sight = (GraphSight){LABELS, COUNT(LABELS), TYPES, COUNT(TYPES)};
    return options;
}

static void what_is_not_to_be_seen_is_kept_out_of_every_pattern(void **state)
{
    static const char *const pairs[][2] = {
        {"MATCH (n:A:B) RETURN n", "MATCH (`n`:`A`&`B`&!`User`&!`Turn`) RETURN `n`"},
        {"MATCH (n:A) MATCH (n)-->(m) RETURN m",
         "MATCH (`n`:`A`&!`User`&!`Turn`) MATCH (`n`:`_Node`)-[:!`SAW`&!`ASKED`]->"
         "(`m`:`_Node`&!`User`&!`Turn`) RETURN `m`"},
        {"MATCH (:A)-[:SAW|T]->(:B) RETURN 1 AS x",
         "MATCH (:`A`&!`User`&!`Turn`)-[:`T`]->(:`B`&!`User`&!`Turn`) RETURN 1 AS `x`"},
        {"MATCH (n:A) WHERE (n)-[:SAW]->() RETURN n",
         "MATCH (`n`:`A`&!`User`&!`Turn`) WHERE exists((`n`:`_Node`)-[:`_none`]->(:`_Node`&!`User`&!`Turn`)) "
         "RETURN `n`"},
        {"MATCH (n:A) WHERE EXISTS { (n)-[:T]->(m) } RETURN [(n)-[:T]->(k) | k] AS l",
         "MATCH (`n`:`A`&!`User`&!`Turn`) WHERE EXISTS { MATCH "
         "(`n`:`_Node`)-[:`T`]->(`m`:`_Node`&!`User`&!`Turn`) } "
         "RETURN [(`n`:`_Node`)-[:`T`]->(`k`:`_Node`&!`User`&!`Turn`) | `k`] AS `l`"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(pairs); i++)
        check_text(print(&arena, pairs[i][0], limited()).text, pairs[i][1]);
}

static void paths_do_not_go_through_what_is_not_to_be_seen(void **state)
{
    static const char *const pairs[][2] = {
        {"MATCH (a)-[*1..2]-(b) WHERE a.x = 1 OR b.x = 1 RETURN a",
         "MATCH (`a`:`_Node`)-[`_1`*1..2]-(`b`:`_Node`) WHERE (`a`.`x` = 1 OR `b`.`x` = 1) AND all(`_step` "
         "IN `_1` WHERE "
         "NOT type(`_step`) STARTS WITH $_text0) RETURN `a`"},
        {"MATCH (a)-[*1..2]-(_1) RETURN a", "MATCH (`a`:`_Node`)-[`__1`*1..2]-(`_1`:`_Node`) WHERE "
                                            "all(`__step` IN `__1` WHERE NOT type(`__step`) STARTS "
                                            "WITH $_text0) RETURN `a`"},
        {"MATCH (a) WHERE (a)-[*2]->() RETURN a",
         "MATCH (`a`:`_Node`) WHERE EXISTS { MATCH (`a`:`_Node`)-[`_1`*2..2]->(:`_Node`) WHERE all(`_step` "
         "IN `_1` WHERE "
         "NOT type(`_step`) STARTS WITH $_text0) } RETURN `a`"},
        {"MATCH (a)-[:T*1..2]-(b) RETURN a", "MATCH (`a`:`_Node`)-[:`T`*1..2]-(`b`:`_Node`) RETURN `a`"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(pairs); i++)
        check_text(print(&arena, pairs[i][0], NEO4J).text, pairs[i][1]);
    check_text(
        print(&arena, "MATCH (a:A)-[r:T|SAW*1..2]-(b:B) RETURN r", limited()).text,
        "MATCH (`a`:`A`&!`User`&!`Turn`)-[`r`:`T`*1..2]-(`b`:`B`&!`User`&!`Turn`) WHERE all(`_step` IN `r` "
        "WHERE NOT "
        "startNode(`_step`):`User` AND NOT endNode(`_step`):`User` AND NOT startNode(`_step`):`Turn` AND NOT "
        "endNode(`_step`):`Turn`) RETURN `r`");
    check_text(
        print(&arena, "MATCH (:A)-[r*]-(:B) RETURN r", limited()).text,
        "MATCH (:`A`&!`User`&!`Turn`)-[`r`*1..]-(:`B`&!`User`&!`Turn`) WHERE all(`_step` IN `r` WHERE NOT "
        "type(`_step`) STARTS WITH $_text0 AND type(`_step`) <> $_text1 AND type(`_step`) <> $_text2 AND NOT "
        "startNode(`_step`):`User` AND NOT endNode(`_step`):`User` AND NOT startNode(`_step`):`Turn` AND NOT "
        "endNode(`_step`):`Turn`) RETURN `r`");
}

static void properties_that_the_store_can_not_give_are_refused(void **state)
{
    static const Str ODD[] = {STR("tree")};
    static const char *const refused[] = {"MATCH (n) RETURN n.tree", "MATCH (n {tree: 1}) RETURN n",
                                          "MATCH (n) RETURN n['tree']", "MATCH (n) RETURN n[$key]",
                                          "MATCH (n) RETURN keys(n)"};
    CypherPrintOptions options = NEO4J;
    AUTO_ARENA Arena arena = {0};
    CypherPrinted printed;

    (void)state;
    arena_init(&arena);
    options.odd = ODD;
    options.odd_count = COUNT(ODD);
    for (size_t i = 0; i < COUNT(refused); i++)
        check_err(cypher_print(&arena, parse(&arena, str_from(refused[i])), options, &printed), INVALID,
                  "this store can't be asked about");
    (void)print(&arena, "MATCH (n) RETURN n.name, {tree: 1}.tree", options);
}

static void labels_come_in_their_order_where_the_store_keeps_it(void **state)
{
    CypherPrintOptions options = NEO4J;
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    options.labels_property = STR("_order");
    check_text(print(&arena, "MATCH (n) RETURN labels(n) AS l", options).text,
               "MATCH (`n`:`_Node`) RETURN coalesce(`n`.`_order`, [`_name` IN labels(`n`) WHERE NOT `_name` "
               "STARTS WITH $_text0]) AS `l`");
}

static void what_neo4j_answers_otherwise_is_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherPrinted printed;

    (void)state;
    arena_init(&arena);
    check_err(cypher_print(&arena, parse(&arena, STR("RETURN range(0, 1, -5) AS l")), NEO4J, &printed),
              INVALID, "range() with a step");
    (void)print(&arena, "RETURN range(0, 1) AS l", NEO4J);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printing_and_parsing_gives_the_same_query),
        cmocka_unit_test(queries_that_differ_are_told_apart),
        cmocka_unit_test(texts_become_parameters_so_that_none_is_read_as_cypher),
        cmocka_unit_test(names_can_not_end_their_quotes),
        cmocka_unit_test(hidden_nodes_labels_and_properties_stay_hidden),
        cmocka_unit_test(what_is_not_to_be_seen_is_kept_out_of_every_pattern),
        cmocka_unit_test(paths_do_not_go_through_what_is_not_to_be_seen),
        cmocka_unit_test(properties_that_the_store_can_not_give_are_refused),
        cmocka_unit_test(labels_come_in_their_order_where_the_store_keeps_it),
        cmocka_unit_test(what_neo4j_answers_otherwise_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
