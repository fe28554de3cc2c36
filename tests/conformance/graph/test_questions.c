/* Questions in Cypher: every twin gives the same answers, and of what holds now only. */
#include "conformance/graph/fixture.h"
#include "stores/graph/cypher/cypher.h"

static const GraphBudget BUDGET = {.rows = 100, .reads = 1000, .bytes = 16 << 20, .time_us = 30000000};

static Err ask_as(Garden *garden, const char *text, GraphSight sight, GraphTable *out)
{
    GraphReading reading = {
        .sight = sight, .budget = BUDGET, .parameters = STR("{\"id\":\"rice\",\"n\":1.5}")};
    CypherQuery *query;

    TRY(cypher_parse(&garden->arena, str_from(text), CYPHER_READ, &query));
    reading.query = query;
    return graph_read(garden->graph, &garden->arena, &reading, out);
}

static Str ask(Garden *garden, const char *text)
{
    GraphTable table = {0};

    check_ok(ask_as(garden, text, (GraphSight){0}, &table));
    return table.rows;
}

static void put_two_labels(Garden *garden, const char *key, const char *first, const char *second)
{
    Str labels[] = {str_from(first), str_from(second)};
    GraphNode node = {.key = str_from(key), .labels = labels, .label_count = 2, .properties = STR("{}")};

    check_ok(graph_put(garden->graph, BOOK, (GraphBatch){.nodes = &node, .node_count = 1}));
}

static void plant(Garden *garden)
{
    put_node(garden, "nerd12", "Product", "{\"name\":\"NERD12\",\"abv\":12.5,\"tags\":[\"dry\",\"쌀\"]}");
    put_node(garden, "sour", "Product", "{\"name\":\"Sour\"}");
    put_node(garden, "rice", "Ingredient", "{\"amount\":1.0}");
    put_two_labels(garden, "mash", "Drink", "Product");
    put_relationship(garden, "HAS", "nerd12", "rice", 1);
    put_relationship(garden, "HAS", "sour", "rice", 1);
    put_relationship(garden, "IS_A", "sour", "mash", 1);
}

static void nodes_are_found_by_each_of_their_labels_and_by_id(void **state)
{
    Garden *garden = *state;

    plant(garden);
    check_text(ask(garden, "MATCH (n:Product) RETURN n.id ORDER BY n.id"),
               "[[\"mash\"],[\"nerd12\"],[\"sour\"]]");
    check_text(ask(garden, "MATCH (n:Drink:Product) RETURN labels(n)"), "[[[\"Drink\",\"Product\"]]]");
    check_text(ask(garden, "MATCH (n {id: $id}) RETURN n.amount, n.amount < $n"), "[[1.0,true]]");
    check_text(ask(garden, "MATCH (n) WHERE n.id = 'sour' RETURN n.name"), "[[\"Sour\"]]");
    check_text(ask(garden, "MATCH (n) RETURN count(*)"), "[[4]]");
    check_text(ask(garden, "MATCH (n:Nothing) RETURN n"), "[]");
}

static void relationships_are_followed_both_ways(void **state)
{
    Garden *garden = *state;

    plant(garden);
    check_text(ask(garden, "MATCH (:Ingredient)<-[:HAS]-(p) RETURN p.id ORDER BY p.id"),
               "[[\"nerd12\"],[\"sour\"]]");
    check_text(ask(garden, "MATCH (p {id: 'sour'})-[r]-(x) RETURN type(r), x.id ORDER BY x.id"),
               "[[\"IS_A\",\"mash\"],[\"HAS\",\"rice\"]]");
    check_text(ask(garden, "MATCH (a {id: 'nerd12'})-[*1..3]-(b) RETURN b.id ORDER BY b.id"),
               "[[\"mash\"],[\"rice\"],[\"sour\"]]");
    check_text(ask(garden, "MATCH (a)-[:HAS|IS_A|HAS]->(b) RETURN count(*)"), "[[3]]");
}

static void values_are_written_alike(void **state)
{
    Garden *garden = *state;

    plant(garden);
    check_text(
        ask(garden, "MATCH p = (n {id: 'nerd12'})-[r:HAS]->(i) RETURN n, r, length(p)"),
        "[[{\"key\":\"nerd12\",\"labels\":[\"Product\"],\"properties\":{\"abv\":12.5,\"id\":\"nerd12\","
        "\"name\":\"NERD12\",\"tags\":[\"dry\",\"쌀\"]}},{\"type\":\"HAS\",\"from\":\"nerd12\",\"to\":"
        "\"rice\","
        "\"properties\":{}},1]]");
    check_text(ask(garden, "MATCH p = ({id: 'sour'})-[:IS_A]->() RETURN p"),
               "[[{\"nodes\":[{\"key\":\"sour\",\"labels\":[\"Product\"],\"properties\":{\"id\":\"sour\","
               "\"name\":\"Sour\"}},"
               "{\"key\":\"mash\",\"labels\":[\"Drink\",\"Product\"],\"properties\":{\"id\":\"mash\"}}],"
               "\"relationships\":"
               "[{\"type\":\"IS_A\",\"from\":\"sour\",\"to\":\"mash\",\"properties\":{}}]}]]");
    check_text(ask(garden, "RETURN 1, 1.0, 0.0 / 0.0, 'x', null, [true], {b: 1, a: 2}"),
               "[[1,1.0,\"NaN\",\"x\",null,[true],{\"a\":2,\"b\":1}]]");
}

static void what_is_over_is_not_there(void **state)
{
    Garden *garden = *state;
    GraphOrigin novel = {STR("novel"), 2000};
    int64_t claims;

    plant(garden);
    say_node(garden, novel, "moon", "Lore", "{\"name\":\"Moon\"}");
    say(garden, novel,
        (GraphRelationship){
            .type = STR("TOLD"), .from = STR("moon"), .to = STR("rice"), .properties = STR("{}")});
    check_text(ask(garden, "MATCH (l:Lore)-[:TOLD]->(r) RETURN l.name, r.id"), "[[\"Moon\",\"rice\"]]");
    check_ok(graph_retract(garden->graph, STR("novel"), 3000, &claims));
    check_text(ask(garden, "MATCH (l:Lore) RETURN l"), "[]");
    check_text(ask(garden, "MATCH (n {id: 'rice'})<--(m) RETURN count(*)"), "[[2]]");
}

static void what_repeats_is_one_relationship_each_time(void **state)
{
    Garden *garden = *state;
    GraphRelationship chat = {.type = STR("CHATTED_WITH"),
                              .from = STR("nerd12"),
                              .to = STR("sour"),
                              .repeats = true,
                              .properties = STR("{}")};

    plant(garden);
    for (chat.line = 1; chat.line <= 3; chat.line++)
        say(garden, BOOK, chat);
    check_text(ask(garden, "MATCH (:Product)-[r:CHATTED_WITH]->() RETURN count(r)"), "[[3]]");
    check_text(ask(garden, "MATCH (a)-[r:CHATTED_WITH]->(b)<-[s:CHATTED_WITH]-(a) RETURN count(*)"), "[[6]]");
}

static void a_node_without_labels_is_a_node(void **state)
{
    Garden *garden = *state;
    GraphNode node = {.key = STR("_:1"), .properties = STR("{\"id\":7,\"x\":\"y\"}")};

    check_ok(graph_put(garden->graph, BOOK, (GraphBatch){.nodes = &node, .node_count = 1}));
    check_text(ask(garden, "MATCH (n) RETURN n, labels(n)"),
               "[[{\"key\":\"_:1\",\"labels\":[],\"properties\":{\"id\":7,\"x\":\"y\"}},[]]]");
    check_text(ask(garden, "MATCH (n {id: 7}) RETURN n.x"), "[[\"y\"]]");
    check_text(ask(garden, "MATCH (n {id: '_:1'}) RETURN n.x"), "[]");
}

static void what_is_not_to_be_seen_is_not_there(void **state)
{
    Garden *garden = *state;
    const Str labels[] = {STR("User"), STR("Drink")};
    const Str types[] = {STR("IS_A")};
    const GraphSight sight = {labels, 2, types, 1};
    static const char *const QUESTIONS[][2] = {
        {"MATCH (n) RETURN n.id ORDER BY n.id", "[[\"nerd12\"],[\"rice\"],[\"sour\"]]"},
        {"MATCH ()-[r]->() RETURN count(r)", "[[2]]"},
        {"MATCH (n {id: 'ann'}) RETURN count(*)", "[[0]]"},
        {"MATCH (n:User) RETURN count(*)", "[[0]]"},
        {"MATCH (n {id: 'rice'})-[*]-(m) RETURN count(*)", "[[2]]"},
        {"MATCH (n {id: 'rice'}) RETURN [(n)<--(m) | m.id][0..9] <> [], size([(n)<--(m) | m.id])",
         "[[true,2]]"},
        {"MATCH (n:Product) WHERE (n)-[:IS_A]->() RETURN n.id", "[]"},
        {"MATCH (n) WHERE exists { MATCH (n)<-[:INTERESTED_IN]-() } RETURN n.id", "[]"},
    };
    GraphInteraction like = {.event_id = STR("e1"),
                             .user = STR("ann"),
                             .type = STR("INTERESTED_IN"),
                             .entity = STR("rice"),
                             .once = true,
                             .at_us = 5,
                             .properties = STR("{}")};
    size_t accepted;

    plant(garden);
    check_ok(record(garden, like, &accepted));
    check_text(ask(garden, "MATCH (:User)-[r]->() RETURN count(r)"), "[[1]]");
    for (size_t i = 0; i < COUNT(QUESTIONS); i++) {
        GraphTable table = {0};

        check_ok(ask_as(garden, QUESTIONS[i][0], sight, &table));
        check_text(table.rows, QUESTIONS[i][1]);
    }
}

static void what_goes_wrong_on_the_way_is_refused(void **state)
{
    Garden *garden = *state;
    const GraphSight all = {0};
    GraphTable table = {0};

    plant(garden);
    check_err(ask_as(garden, "MATCH (n) RETURN 1 / size(n.tags[9..])", all, &table), UNPROCESSABLE, "");
    check_err(ask_as(garden, "MATCH (n {id: $missing}) RETURN n", all, &table), UNPROCESSABLE, "$missing");
    check_err(ask_as(garden, "UNWIND range(1, 101) AS x RETURN x", all, &table), UNPROCESSABLE, "rows");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        garden_test(nodes_are_found_by_each_of_their_labels_and_by_id),
        garden_test(relationships_are_followed_both_ways),
        garden_test(values_are_written_alike),
        garden_test(what_is_over_is_not_there),
        garden_test(what_repeats_is_one_relationship_each_time),
        garden_test(a_node_without_labels_is_a_node),
        garden_test(what_is_not_to_be_seen_is_not_there),
        garden_test(what_goes_wrong_on_the_way_is_refused),
    };

    garden_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
