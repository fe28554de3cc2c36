/* Patterns against a small world:
 *
 *   sour, rice: (:Product)   nuruk, yeast: (:Ingredient)   ann, bob: (:User)   _:1: a node without a key of its own
 *   (sour)-[:HAS {share: 3}]->(nuruk)-[:HAS]->(yeast)   (rice)-[:HAS {share: 5}]->(nuruk)   (rice)-[:LIKE]->(rice)
 *   (ann)-[:LIKES]->(sour) twice   (bob)-[:LIKES]->(rice) */
#include "small_graph.h"

enum { SOUR, RICE, NURUK, YEAST, ANN, BOB, MADE_UP };

static const SmallNode NODES[] = {
    [SOUR] = {"sour", {"Product"}, "{\"name\":\"Sour\",\"abv\":6.5,\"none\":null}"},
    [RICE] = {"rice", {"Product", "Sample"}, "{\"name\":\"Rice\",\"abv\":12}"},
    [NURUK] = {"nuruk", {"Ingredient"}, "{\"name\":\"누룩\"}"},
    [YEAST] = {"yeast", {"Ingredient"}, NULL},
    [ANN] = {"ann", {"User"}, NULL},
    [BOB] = {"bob", {"User"}, NULL},
    [MADE_UP] = {"_:1", {NULL}, "{\"id\":7}"},
};

static const SmallRelationship RELATIONSHIPS[] = {
    {SOUR, "HAS", NURUK, "{\"share\":3}"},
    {NURUK, "HAS", YEAST, NULL},
    {RICE, "HAS", NURUK, "{\"share\":5}"},
    {RICE, "LIKE", RICE, NULL},
    {ANN, "LIKES", SOUR, NULL},
    {ANN, "LIKES", SOUR, NULL},
    {BOB, "LIKES", RICE, NULL},
};

static SmallGraph world = {NODES, COUNT(NODES), RELATIONSHIPS, COUNT(RELATIONSHIPS)};

typedef struct Question {
    const char *query;
    const char *rows;
} Question;

static const Question NODE_QUESTIONS[] = {
    {"MATCH (n:Product) RETURN n.id", "[[\"sour\"],[\"rice\"]]"},
    {"MATCH (n:Product:Sample) RETURN n.id", "[[\"rice\"]]"},
    {"MATCH (n {id: 'nuruk'}) RETURN n", "[[{\"key\":\"nuruk\",\"labels\":[\"Ingredient\"],\"properties\":"
                                         "{\"id\":\"nuruk\",\"name\":\"누룩\"}}]]"},
    {"MATCH (n:Product {id: 'nuruk'}) RETURN n", "[]"},
    {"MATCH (n) WHERE n.id = 'sour' RETURN n.name", "[[\"Sour\"]]"},
    {"MATCH (n) WHERE n.id IN ['sour', 'nobody', null, 'rice', 'sour'] RETURN n.id",
     "[[\"sour\"],[\"rice\"]]"},
    {"MATCH (n) WHERE n.id IN ['sour', 7] RETURN n.id", "[[\"sour\"],[7]]"},
    {"MATCH (n) WHERE n.id IN null RETURN n.id", "[]"},
    {"MATCH (n {id: ['sour']}) RETURN n.id", "[]"},
    {"MATCH (n {id: 7}) RETURN n", "[[{\"key\":\"_:1\",\"labels\":[],\"properties\":{\"id\":7}}]]"},
    {"MATCH (n {id: '_:1'}) RETURN n", "[]"},
    {"MATCH (n {none: null}) RETURN n", "[]"},
    {"MATCH (n:Product) WHERE n.none IS NULL AND n.abv > 10 RETURN n.abv", "[[12]]"},
    {"MATCH (n) WHERE n:Ingredient RETURN count(n)", "[[2]]"},
    {"MATCH (n:Product) RETURN keys(n), labels(n)", "[[[\"abv\",\"id\",\"name\"],[\"Product\"]],"
                                                    "[[\"abv\",\"id\",\"name\"],[\"Product\",\"Sample\"]]]"},
    {"MATCH (a:User), (b:Product) RETURN count(*)", "[[4]]"},
    {"MATCH (a:User), (b:User) WHERE a.id < b.id RETURN a.id, b.id", "[[\"ann\",\"bob\"]]"},
    {"MATCH (a {id: 'ann'}) MATCH (b {id: a.id}) RETURN b.id", "[[\"ann\"]]"},
};

static const Question EDGE_QUESTIONS[] = {
    {"MATCH (:User)-[r]->(p) RETURN type(r), p.id ORDER BY p.id",
     "[[\"LIKES\",\"rice\"],[\"LIKES\",\"sour\"],"
     "[\"LIKES\",\"sour\"]]"},
    {"MATCH (n {id: 'nuruk'})<-[:HAS]-(p) RETURN p.id", "[[\"sour\"],[\"rice\"]]"},
    {"MATCH (n {id: 'nuruk'})-[:HAS|LIKES]-(p) RETURN p.id", "[[\"sour\"],[\"yeast\"],[\"rice\"]]"},
    {"MATCH (p)-[:HAS {share: 5}]->(i) RETURN p.id, i.id", "[[\"rice\",\"nuruk\"]]"},
    {"MATCH (a)-[r]->(a) RETURN a.id, type(r)", "[[\"rice\",\"LIKE\"]]"},
    {"MATCH (a {id: 'rice'})--(a) RETURN count(*)", "[[1]]"},
    {"MATCH (a {id: 'sour'})-[:HAS]->(x)<-[:HAS]-(b) RETURN b.id", "[[\"rice\"]]"},
    {"MATCH (a {id: 'ann'})-[r1:LIKES]->(p)<-[r2:LIKES]-(b) RETURN b.id", "[[\"ann\"],[\"ann\"]]"},
    {"MATCH (a {id: 'ann'})-[r:LIKES]->() MATCH (a)-[s:LIKES]->() RETURN count(*)", "[[4]]"},
    {"MATCH ()-[r:HAS {share: 3}]->() MATCH (x)-[r]->(y) RETURN x.id, y.id", "[[\"sour\",\"nuruk\"]]"},
    {"MATCH ()-[r:HAS {share: 3}]->() MATCH (x)-[r]-(y) RETURN x.id ORDER BY x.id",
     "[[\"nuruk\"],[\"sour\"]]"},
    {"MATCH ()-[r:HAS {share: 3}]->() MATCH (x:User)-[r]-(y) RETURN x.id", "[]"},
    {"MATCH (u {id: 'bob'})-[:LIKES]->(p)-[:HAS]->(i), (i)-[:HAS]->(y) RETURN p.id, i.id, y.id",
     "[[\"rice\",\"nuruk\",\"yeast\"]]"},
    {"MATCH ()-[r:LIKE]->() RETURN r, startNode(r).id",
     "[[{\"type\":\"LIKE\",\"from\":\"rice\",\"to\":\"rice\","
     "\"properties\":{}},\"rice\"]]"},
};

static const Question WAY_QUESTIONS[] = {
    {"MATCH (a {id: 'sour'})-[*1..2]->(b) RETURN b.id", "[[\"nuruk\"],[\"yeast\"]]"},
    {"MATCH (a {id: 'sour'})-[*0..1]->(b) RETURN b.id", "[[\"sour\"],[\"nuruk\"]]"},
    {"MATCH (a {id: 'sour'})-[:HAS*2]->(b) RETURN b.id", "[[\"yeast\"]]"},
    {"MATCH (a {id: 'rice'})-[*]->(b) RETURN count(*)", "[[5]]"},
    {"MATCH (a {id: 'yeast'})<-[rs:HAS*]-(b) WITH rs, b RETURN b.id, [r IN rs | r.share] ORDER BY b.id",
     "[[\"nuruk\",[null]],[\"rice\",[null,5]],[\"sour\",[null,3]]]"},
    {"MATCH p = (a {id: 'sour'})-[:HAS*]->(b {id: 'yeast'}) RETURN length(p), [n IN nodes(p) | n.id]",
     "[[2,[\"sour\",\"nuruk\",\"yeast\"]]]"},
    {"MATCH p = (b)<-[:HAS]-({id: 'nuruk'})<-[:HAS {share: 3}]-(a) RETURN [n IN nodes(p) | n.id]",
     "[[[\"yeast\",\"nuruk\",\"sour\"]]]"},
    {"MATCH p = (a {id: 'yeast'}) RETURN length(p), relationships(p)", "[[0,[]]]"},
    {"MATCH (a {id: 'sour'})-[rs:HAS*]->(b) MATCH (a)-[rs*]->(c) RETURN c.id", "[[\"nuruk\"],[\"yeast\"]]"},
    {"MATCH (a {id: 'rice'})-[*1..2 {share: 5}]->(b) RETURN b.id", "[[\"nuruk\"]]"},
    {"MATCH (a {id: 'sour'})-[*1..3]-(b {id: 'rice'}) RETURN count(*)", "[[2]]"},
};

static const Question NULL_QUESTIONS[] = {
    {"OPTIONAL MATCH (n:Nothing) RETURN n", "[[null]]"},
    {"MATCH (n:Product) OPTIONAL MATCH (n)-[r:LIKE]->(m) RETURN n.id, m.id",
     "[[\"sour\",null],[\"rice\",\"rice\"]]"},
    {"MATCH (n:Product) OPTIONAL MATCH p = (n)-[:LIKE]->(m) WHERE m.abv > 100 RETURN n.id, p",
     "[[\"sour\",null],"
     "[\"rice\",null]]"},
    {"OPTIONAL MATCH (n:Nothing) MATCH (n)-->(m) RETURN m", "[]"},
    {"OPTIONAL MATCH (n:Nothing) OPTIONAL MATCH (n)-->(m) RETURN m", "[[null]]"},
    {"OPTIONAL MATCH ()-[r:Nothing]->() OPTIONAL MATCH (a)-[r]->(b) RETURN a", "[[null]]"},
};

static const Question PREDICATE_QUESTIONS[] = {
    {"MATCH (n:Product) WHERE (n)<-[:LIKES]-() RETURN n.id", "[[\"sour\"],[\"rice\"]]"},
    {"MATCH (n:Product) WHERE NOT (n)-[:LIKE]->() RETURN n.id", "[[\"sour\"]]"},
    {"MATCH (n:Product), (m:User) WHERE (m)-[:LIKES]->(n) RETURN m.id, n.id",
     "[[\"ann\",\"sour\"],[\"bob\",\"rice\"]]"},
    {"MATCH (n:Product) RETURN n.id, [(n)-[:HAS]->(i) WHERE i.name IS NOT NULL | i.name]",
     "[[\"sour\",[\"누룩\"]],[\"rice\",[\"누룩\"]]]"},
    {"MATCH (n:Product) RETURN [p = (n)-[:HAS*]->() | length(p)]", "[[[1,2]],[[1,2]]]"},
    {"MATCH (n:Product) WHERE exists { (n)-[:LIKE]->() } RETURN n.id", "[[\"rice\"]]"},
    {"MATCH (n:Product) WHERE exists { MATCH (n)<-[:LIKES]-(u) WITH count(u) AS c WHERE c > 1 RETURN c } "
     "RETURN n.id",
     "[[\"sour\"]]"},
};

/* A condition that would fail on rows that another one takes away. */
static const Question ORDER_QUESTIONS[] = {
    {"MATCH (n:Product)-[r:HAS]->(i) WHERE r.share <> 3 AND 1 / (r.share - 3) = 0 RETURN n.id",
     "[[\"rice\"]]"},
    {"MATCH (a:User), (b:Product) WHERE a.id = 'ann' AND b.abv < 10 RETURN a.id, b.id",
     "[[\"ann\",\"sour\"]]"},
};

static void check_questions(const Question *questions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_rows(&world, questions[i].query, questions[i].rows);
}

static void nodes_are_found_by_label_id_and_property(void **state)
{
    (void)state;
    check_questions(NODE_QUESTIONS, COUNT(NODE_QUESTIONS));
}

static void no_relationship_stands_twice_in_one_match(void **state)
{
    (void)state;
    check_questions(EDGE_QUESTIONS, COUNT(EDGE_QUESTIONS));
}

static void ways_have_the_length_they_are_asked_for(void **state)
{
    (void)state;
    check_questions(WAY_QUESTIONS, COUNT(WAY_QUESTIONS));
}

static void what_is_optional_and_not_there_is_null(void **state)
{
    (void)state;
    check_questions(NULL_QUESTIONS, COUNT(NULL_QUESTIONS));
}

static void patterns_are_predicates(void **state)
{
    (void)state;
    check_questions(PREDICATE_QUESTIONS, COUNT(PREDICATE_QUESTIONS));
}

static void an_early_look_at_a_condition_is_no_error(void **state)
{
    (void)state;
    check_questions(ORDER_QUESTIONS, COUNT(ORDER_QUESTIONS));
}

static void what_is_not_seen_is_not_there(void **state)
{
    static const Str LABELS[] = {{"User", 4}, {"Sample", 6}};
    static const Str TYPES[] = {{"LIKE", 4}};
    static const Question QUESTIONS[] = {
        {"MATCH (n) RETURN count(*)", "[[4]]"}, /* rice is a Sample too */
        {"MATCH ()-[r]->() RETURN count(*)", "[[2]]"},
        {"MATCH (n {id: 'ann'}) RETURN n", "[]"},
        {"MATCH (n:Product) WHERE (n)<--() RETURN n.id", "[]"},
        {"MATCH (n {id: 'yeast'})-[*]-(m) RETURN m.id", "[[\"nuruk\"],[\"sour\"]]"},
        {"MATCH (n {id: 'nuruk'}) RETURN [(n)--(m) | m.id]", "[[[\"sour\",\"yeast\"]]]"},
    };
    GraphReading reading = {.sight = {LABELS, COUNT(LABELS), TYPES, COUNT(TYPES)}, .budget = SMALL_BUDGET};
    CypherReads reads = small_reads(&world);

    (void)state;
    for (size_t i = 0; i < COUNT(QUESTIONS); i++) {
        AUTO_ARENA Arena arena = {0};
        CypherQuery *query;
        GraphTable table;

        check_ok(cypher_parse(&arena, str_from(QUESTIONS[i].query), CYPHER_READ, &query));
        reading.query = query;
        check_ok(execute_query(&reads, &reading, clock_system(), &arena, &table));
        check_text(table.rows, QUESTIONS[i].rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_are_found_by_label_id_and_property),
        cmocka_unit_test(no_relationship_stands_twice_in_one_match),
        cmocka_unit_test(ways_have_the_length_they_are_asked_for),
        cmocka_unit_test(what_is_optional_and_not_there_is_null),
        cmocka_unit_test(patterns_are_predicates),
        cmocka_unit_test(an_early_look_at_a_condition_is_no_error),
        cmocka_unit_test(what_is_not_seen_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
