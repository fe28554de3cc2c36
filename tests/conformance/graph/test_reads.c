/* What was put is read: nodes, neighbours, scans, marks. */
#include "conformance/graph/fixture.h"

static void plant(Garden *garden)
{
    put_node(garden, "nerd12", "Product", "{\"name\":\"NERD12\",\"name_ko\":\"너드12\"}");
    put_node(garden, "takju", "Drink", "{\"title\":\"Takju\"}");
    put_node(garden, "rice", "Ingredient", "{}");
}

static void a_node_comes_back_as_it_was_put(void **state)
{
    Garden *garden = *state;
    Str labels[] = {STR("Drink"), STR("Sample")};
    GraphNode node = {
        .key = STR("makgeolli"),
        .labels = labels,
        .label_count = 2,
        .properties = STR("{\"name\":\"막걸리\",\"abv\":6.0,\"tags\":[\"a\",\"b\"]}"),
    };
    GraphNode found;

    check_ok(graph_put(garden->graph, BOOK, (GraphBatch){.nodes = &node, .node_count = 1}));
    check_ok(graph_get_node(garden->graph, &garden->arena, STR("makgeolli"), GRAPH_NOW, &found));
    check_text(found.key, "makgeolli");
    assert_int_equal(found.label_count, 2);
    check_text(found.labels[0], "Drink");
    check_text(found.labels[1], "Sample");
    check_text(found.properties, "{\"name\":\"막걸리\",\"abv\":6.0,\"tags\":[\"a\",\"b\"]}");
}

static void an_unknown_node_is_named(void **state)
{
    Garden *garden = *state;
    GraphNode found;

    check_err(graph_get_node(garden->graph, &garden->arena, STR("nobody"), GRAPH_NOW, &found), NOT_FOUND,
              "nobody");
    check_text(neighbours(garden, "nobody", GRAPH_BOTH, NULL, 10), "");
}

static void putting_a_node_again_replaces_its_properties(void **state)
{
    Garden *garden = *state;
    GraphNode found;

    plant(garden);
    put_node(garden, "rice", "Ingredient", "{\"name\":\"Rice\"}");
    check_ok(graph_get_node(garden->graph, &garden->arena, STR("rice"), GRAPH_NOW, &found));
    check_text(found.properties, "{\"name\":\"Rice\"}");
}

static void neighbours_are_ordered_by_type_then_newest_then_key(void **state)
{
    Garden *garden = *state;

    plant(garden);
    put_relationship(garden, "IS_A", "nerd12", "takju", 5);
    put_relationship(garden, "HAS", "nerd12", "takju", 1);
    put_relationship(garden, "HAS", "nerd12", "rice", 1);
    put_relationship(garden, "HAS", "takju", "nerd12", 9);
    check_text(neighbours(garden, "nerd12", GRAPH_BOTH, NULL, 10),
               "HAS<takju@9 {}; HAS>rice@1 {}; HAS>takju@1 {}; IS_A>takju@5 {}");
    check_text(neighbours(garden, "nerd12", GRAPH_OUT, NULL, 2), "HAS>rice@1 {}; HAS>takju@1 {}");
    check_text(neighbours(garden, "nerd12", GRAPH_IN, NULL, 10), "HAS<takju@9 {}");
    check_text(neighbours(garden, "nerd12", GRAPH_BOTH, "IS_A", 10), "IS_A>takju@5 {}");
    check_text(neighbours(garden, "nerd12", GRAPH_BOTH, "HAS", 1), "HAS<takju@9 {}");
}

static void of_one_type_the_newest_is_first_in_both_directions(void **state)
{
    Garden *garden = *state;

    plant(garden);
    put_relationship(garden, "HAS", "nerd12", "rice", 1);
    put_relationship(garden, "HAS", "nerd12", "takju", 2);
    put_relationship(garden, "HAS", "takju", "rice", 3);
    check_text(neighbours(garden, "nerd12", GRAPH_OUT, NULL, 10), "HAS>takju@2 {}; HAS>rice@1 {}");
    check_text(neighbours(garden, "nerd12", GRAPH_OUT, "HAS", 10), "HAS>takju@2 {}; HAS>rice@1 {}");
    check_text(neighbours(garden, "rice", GRAPH_IN, NULL, 10), "HAS<takju@3 {}; HAS<nerd12@1 {}");
    check_text(neighbours(garden, "rice", GRAPH_IN, "HAS", 1), "HAS<takju@3 {}");
}

/* The keys of all neighbours, page by page of two. */
static Str pages(Garden *garden, GraphView view)
{
    Buf text = {.arena = &garden->arena};
    GraphNeighbour *list;
    size_t count;

    view.limit = 2;
    do {
        check_ok(graph_get_neighbours(garden->graph, &garden->arena, STR("hub"), view, &list, &count));
        for (size_t i = 0; i < count; i++)
            buf_format(&text, "%.*s%c%.*s ", STR_ARG(list[i].relationship),
                       list[i].direction == GRAPH_OUT ? '>' : '<', STR_ARG(list[i].key));
        if (count > 0)
            view.after = (GraphPlace){list[count - 1].relationship, list[count - 1].at_us,
                                      list[count - 1].key, list[count - 1].direction, list[count - 1].id};
    } while (count > 0);
    return buf_str(&text);
}

static void pages_follow_each_other_without_a_gap(void **state)
{
    static const Str types[] = {STR("SAW"), STR("HAS"), STR("NEAR")};
    static const char all[] =
        "HAS>rice HAS>takju HAS<takju HAS>nerd12 IS_A>hub IS_A<hub SAW>rice SAW>rice SAW<rice ";
    static const char wanted[] = "HAS>rice HAS>takju HAS<takju HAS>nerd12 SAW>rice SAW>rice SAW<rice ";
    Garden *garden = *state;

    plant(garden);
    put_node(garden, "hub", "Lore", "{}");
    put_relationship(garden, "HAS", "hub", "rice", 5);
    put_relationship(garden, "HAS", "hub", "takju", 3);
    put_relationship(garden, "HAS", "takju", "hub", 3);
    put_relationship(garden, "HAS", "hub", "nerd12", 0);
    put_relationship(garden, "IS_A", "hub", "hub", 0);
    for (int64_t line = 1; line <= 3; line++)
        say(garden, BOOK,
            (GraphRelationship){.type = STR("SAW"),
                                .from = line < 3 ? STR("hub") : STR("rice"),
                                .to = line < 3 ? STR("rice") : STR("hub"),
                                .line = line,
                                .repeats = true});
    for (int64_t moment_us = GRAPH_NOW; moment_us <= 10; moment_us += 10) {
        check_text(pages(garden, (GraphView){.direction = GRAPH_BOTH, .as_of_us = moment_us}), all);
        check_text(pages(garden, (GraphView){GRAPH_BOTH, types, COUNT(types), .as_of_us = moment_us}),
                   wanted);
        check_text(pages(garden, (GraphView){.direction = GRAPH_IN, .as_of_us = moment_us}),
                   "HAS<takju IS_A<hub SAW<rice ");
    }
}

static void several_types_are_one_list(void **state)
{
    static const Str types[] = {STR("IS_A"), STR("HAS")};
    Garden *garden = *state;
    GraphNeighbour *list = NULL;
    size_t count = 0;

    plant(garden);
    put_relationship(garden, "IS_A", "nerd12", "takju", 5);
    put_relationship(garden, "NEAR", "nerd12", "takju", 1);
    put_relationship(garden, "HAS", "takju", "nerd12", 9);
    check_ok(graph_get_neighbours(garden->graph, &garden->arena, STR("nerd12"),
                                  (GraphView){GRAPH_BOTH, types, 2, .limit = 9}, &list, &count));
    assert_int_equal(count, 2);
    check_text(list[0].relationship, "HAS");
    check_text(list[1].relationship, "IS_A");
}

static void a_neighbour_is_shown_by_name_title_or_key(void **state)
{
    static const char *const names[] = {"NERD12", "Takju", "rice"};
    Garden *garden = *state;
    GraphNeighbour *list = NULL;
    size_t count = 0;

    plant(garden);
    put_node(garden, "hub", "Lore", "{}");
    put_relationship(garden, "A", "hub", "nerd12", 0);
    put_relationship(garden, "B", "hub", "takju", 0);
    put_relationship(garden, "C", "hub", "rice", 0);
    check_ok(graph_get_neighbours(garden->graph, &garden->arena, STR("hub"),
                                  (GraphView){.direction = GRAPH_OUT, .limit = 9}, &list, &count));
    assert_int_equal(count, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++)
        check_text(list[i].name, names[i]);
    check_text(list[0].label, "Product");
}

/* The same neighbours in the same order, without what their nodes say. */
static void a_bare_view_leaves_out_labels_and_names_and_nothing_else(void **state)
{
    static const Str types[] = {STR("HAS")};
    Garden *garden = *state;

    plant(garden);
    put_relationship(garden, "HAS", "nerd12", "rice", 1);
    put_relationship(garden, "HAS", "nerd12", "takju", 2);
    put_relationship(garden, "IS_A", "nerd12", "takju", 3);
    put_relationship(garden, "HAS", "takju", "nerd12", 4);
    for (int i = 0; i < 8; i++) {
        GraphView view = {.direction = i % 2 == 0 ? GRAPH_OUT : GRAPH_BOTH,
                          .types = types,
                          .type_count = i & 2 ? 1 : 0,
                          .limit = 3,
                          .as_of_us = i & 4 ? 10 : GRAPH_NOW};
        GraphNeighbour *whole, *bare;
        size_t whole_count, bare_count;

        check_ok(
            graph_get_neighbours(garden->graph, &garden->arena, STR("nerd12"), view, &whole, &whole_count));
        view.bare = true;
        check_ok(
            graph_get_neighbours(garden->graph, &garden->arena, STR("nerd12"), view, &bare, &bare_count));
        assert_int_equal(bare_count, whole_count);
        for (size_t n = 0; n < bare_count; n++) {
            assert_null(bare[n].label.data);
            assert_null(bare[n].name.data);
            assert_int_equal(bare[n].at_us, whole[n].at_us);
            assert_int_equal(bare[n].direction, whole[n].direction);
            check_text(bare[n].relationship, str_c(&garden->arena, whole[n].relationship));
            check_text(bare[n].key, str_c(&garden->arena, whole[n].key));
            check_text(bare[n].properties, str_c(&garden->arena, whole[n].properties));
        }
    }
}

static void joining_again_only_updates(void **state)
{
    Garden *garden = *state;

    plant(garden);
    put_relationship(garden, "IS_A", "nerd12", "takju", 5);
    put_relationship(garden, "IS_A", "nerd12", "takju", 6);
    check_text(neighbours(garden, "nerd12", GRAPH_OUT, NULL, 10), "IS_A>takju@6 {}");
}

static void a_batch_with_a_missing_end_changes_nothing(void **state)
{
    Garden *garden = *state;
    Str labels[] = {STR("Drink")};
    GraphNode node = {.key = STR("soju"), .labels = labels, .label_count = 1, .properties = STR("{}")};
    GraphRelationship r = {
        .type = STR("IS_A"), .from = STR("soju"), .to = STR("spirit"), .properties = STR("{}")};
    GraphNode found;

    check_err(graph_put(garden->graph, BOOK, (GraphBatch){&node, 1, &r, 1}), NOT_FOUND, "spirit");
    check_err(graph_get_node(garden->graph, &garden->arena, STR("soju"), GRAPH_NOW, &found), NOT_FOUND,
              "soju");
}

static Err note_key(void *context, const GraphNode *node)
{
    buf_format(context, "%.*s ", STR_ARG(node->key));
    return OK;
}

static Err note_relationship(void *context, const GraphRelationship *r)
{
    buf_format(context, "%.*s-%.*s-%.*s ", STR_ARG(r->from), STR_ARG(r->type), STR_ARG(r->to));
    return OK;
}

static Err stop(void *context, const GraphNode *node)
{
    (void)context;
    return err(CONFLICT, "enough after %.*s", STR_ARG(node->key));
}

static void scans_go_by_key_and_can_be_stopped(void **state)
{
    Garden *garden = *state;
    Buf seen = {.arena = &garden->arena};

    plant(garden);
    check_ok(graph_scan_nodes(garden->graph, (Str){0}, note_key, &seen));
    check_ok(graph_scan_nodes(garden->graph, STR("Drink"), note_key, &seen));
    check_text(buf_str(&seen), "nerd12 rice takju takju ");
    check_err(graph_scan_nodes(garden->graph, (Str){0}, stop, NULL), CONFLICT, "enough after nerd12");
}

/* Longer than any page, in all the scripts that sort otherwise by UTF-16 or by the rules of a language. */
enum { MANY = 1300 };
static const char *const SCRIPTS[] = {"a", "B", "Z", "z", "\u00e9", "\ud55c", "\uffee", "\U0001f600"};

typedef struct Sorted {
    Str last;
    size_t count;
    Arena *arena;
} Sorted;

static Err check_next_key(void *context, const GraphNode *node)
{
    Sorted *sorted = context;

    if (sorted->count > 0)
        assert_true(str_compare(sorted->last, node->key) < 0);
    sorted->last = str_copy(sorted->arena, node->key);
    sorted->count++;
    return OK;
}

static Err check_next_relationship(void *context, const GraphRelationship *r)
{
    Sorted *sorted = context;
    Str place = str_format(sorted->arena, "%.*s\n%.*s", STR_ARG(r->from), STR_ARG(r->to));

    if (sorted->count > 0)
        assert_true(str_compare(sorted->last, place) < 0);
    sorted->last = place;
    sorted->count++;
    return OK;
}

static void a_long_scan_is_whole_and_in_the_order_of_bytes(void **state)
{
    Garden *garden = *state;
    Str labels[] = {STR("Drink")};
    GraphNode *nodes = arena_array(&garden->arena, GraphNode, MANY);
    GraphRelationship *relationships = arena_array(&garden->arena, GraphRelationship, 2 * MANY);
    Sorted keys = {.arena = &garden->arena};
    Sorted places = {.arena = &garden->arena};

    for (size_t i = 0; i < MANY; i++)
        nodes[i] = (GraphNode){
            .key = str_format(&garden->arena, "%s%zu", SCRIPTS[i % COUNT(SCRIPTS)], i),
            .labels = labels,
            .label_count = 1,
            .properties = STR("{}"),
        };
    for (size_t i = 0; i < 2 * MANY; i++)
        relationships[i] = (GraphRelationship){
            .type = STR("NEAR"),
            .from = nodes[i % MANY].key,
            .to = nodes[i < MANY ? i : 2 * MANY - 1 - i].key,
            .properties = STR("{}"),
        };
    check_ok(graph_put(garden->graph, BOOK,
                       (GraphBatch){.nodes = nodes,
                                    .node_count = MANY,
                                    .relationships = relationships,
                                    .relationship_count = 2 * MANY}));
    check_ok(graph_scan_nodes(garden->graph, STR("Drink"), check_next_key, &keys));
    check_ok(graph_scan_relationships(garden->graph, STR("NEAR"), check_next_relationship, &places));
    assert_int_equal(keys.count, MANY);
    assert_int_equal(places.count, 2 * MANY);
}

static void relationships_are_scanned_by_type_and_ends(void **state)
{
    Garden *garden = *state;
    Buf seen = {.arena = &garden->arena};

    plant(garden);
    put_relationship(garden, "IS_A", "nerd12", "takju", 0);
    put_relationship(garden, "HAS", "takju", "rice", 0);
    put_relationship(garden, "HAS", "nerd12", "rice", 0);
    check_ok(graph_scan_relationships(garden->graph, (Str){0}, note_relationship, &seen));
    check_ok(graph_scan_relationships(garden->graph, STR("IS_A"), note_relationship, &seen));
    check_text(buf_str(&seen), "nerd12-HAS-rice takju-HAS-rice nerd12-IS_A-takju nerd12-IS_A-takju ");
}

static void a_mark_is_absent_until_it_is_set_and_outlives_a_restart(void **state)
{
    Garden *garden = *state;
    Str value;

    check_ok(graph_get_mark(garden->graph, &garden->arena, STR("digest"), &value));
    assert_null(value.data);
    check_ok(graph_set_mark(garden->graph, STR("digest"), STR("a")));
    check_ok(graph_set_mark(garden->graph, STR("digest"), STR("b")));
    reopen(garden);
    check_ok(graph_get_mark(garden->graph, &garden->arena, STR("digest"), &value));
    check_text(value, "b");
}

static void an_unknown_kind_of_store_is_refused_with_what_would_be_right(void **state)
{
    Graph *graph = NULL;

    (void)state;
    check_err(graph_open(&(GraphAccess){.url = "carrier-pigeon:north"}, &graph), INVALID, "sqlite:/path");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        garden_test(a_node_comes_back_as_it_was_put),
        garden_test(an_unknown_node_is_named),
        garden_test(putting_a_node_again_replaces_its_properties),
        garden_test(neighbours_are_ordered_by_type_then_newest_then_key),
        garden_test(of_one_type_the_newest_is_first_in_both_directions),
        garden_test(pages_follow_each_other_without_a_gap),
        garden_test(several_types_are_one_list),
        garden_test(a_neighbour_is_shown_by_name_title_or_key),
        garden_test(a_bare_view_leaves_out_labels_and_names_and_nothing_else),
        garden_test(joining_again_only_updates),
        garden_test(a_batch_with_a_missing_end_changes_nothing),
        garden_test(scans_go_by_key_and_can_be_stopped),
        garden_test(a_long_scan_is_whole_and_in_the_order_of_bytes),
        garden_test(relationships_are_scanned_by_type_and_ends),
        garden_test(a_mark_is_absent_until_it_is_set_and_outlives_a_restart),
        garden_test(an_unknown_kind_of_store_is_refused_with_what_would_be_right),
    };

    garden_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
