/* Recommendations in a world of five bottles and as many people as a test wants. */
#include <dirent.h>

#include "services/world/advice.h"
#include "services/world/recommend/linear.h"
#include "services/world/recommender.h"
#include "services/world/room.h"
#include "world_fixture.h"

static const char *const BOTTLES[] = {"amber", "birch", "clear", "dusk", "ember"};

/* bottle has icheon-rice; amber, birch too; clear has wheat; dusk and ember have nothing. */
static void put_bottles(Town *town)
{
    static const Str label[] = {STR("Product")};
    static const char *const properties[] = {
        "{\"name\":\"Amber\",\"category\":\"Takju\",\"abv\":8,\"taste\":[\"sweet\"]}",
        "{\"name\":\"Birch\",\"category\":\"Takju\",\"abv\":12,\"taste\":[\"dry\"]}",
        ("{\"name\":\"Clear\",\"category\":\"Yakju\",\"category_ko\":\"약주\",\"abv\":16,"
         "\"taste\":[\"sweet\"]}"),
        "{\"name\":\"Dusk\",\"category\":\"Soju\",\"abv\":40}",
        "{\"name\":\"Ember\",\"category\":\"Soju\",\"abv\":53}",
    };
    GraphRelationship made[] = {
        {.type = STR("HAS_INGREDIENT"),
         .from = STR("amber"),
         .to = STR("icheon-rice"),
         .properties = STR("{}")},
        {.type = STR("HAS_INGREDIENT"),
         .from = STR("birch"),
         .to = STR("icheon-rice"),
         .properties = STR("{}")},
        {.type = STR("HAS_INGREDIENT"), .from = STR("clear"), .to = STR("wheat"), .properties = STR("{}")},
    };
    GraphNode nodes[COUNT(BOTTLES)];
    Graph *graph;

    for (size_t i = 0; i < COUNT(BOTTLES); i++)
        nodes[i] = (GraphNode){.key = str_from(BOTTLES[i]),
                               .labels = label,
                               .label_count = 1,
                               .properties = str_from(properties[i])};
    check_ok(graph_open(&(GraphAccess){.url = town->url}, &graph));
    check_ok(graph_put(graph, (GraphOrigin){STR("bottles"), TOWN_TIME_US},
                       (GraphBatch){.nodes = nodes,
                                    .node_count = COUNT(nodes),
                                    .relationships = made,
                                    .relationship_count = COUNT(made)}));
    graph_close(graph);
    check_ok(town_start(town));
}

static void likes(Town *town, const char *user, const char *entity, double score)
{
    LearnEvent event = {
        .event_id = str_format(&town->arena, "%s %s %g", user, entity, score),
        .user_id = str_from(user),
        .type = STR("INTERESTED_IN"),
        .entity_id = str_from(entity),
        .has_score = true,
        .score = score,
    };
    LearnInput in = {.events = {&event, 1}};
    LearnResult out;

    check_ok(world_learn(&town->call, &in, &out));
    assert_int_equal(out.accepted, 1);
}

/* `count` people who like both, and nothing else. */
static void like_both(Town *town, size_t count, const char *a, const char *b)
{
    for (size_t i = 0; i < count; i++) {
        const char *user = str_c(&town->arena, str_format(&town->arena, "%s-%s-%zu", a, b, i));

        likes(town, user, a, 1);
        likes(town, user, b, 1);
    }
}

static Recommendations recommend(Town *town, const char *user, WorldRecommendInput in)
{
    Recommendations out = {0};

    in.user_id = str_from(user);
    check_ok(world_recommend(&town->call, &in, &out));
    return out;
}

static Recommendations to(Town *town, const char *user)
{
    return recommend(town, user, WORLD_RECOMMEND_INPUT_DEFAULTS);
}

/* "amber birch …" */
static Str ids(Town *town, Recommendations found)
{
    Buf text = {.arena = &town->arena};

    buf_put(&text, STR(""));
    for (size_t i = 0; i < found.items.count; i++)
        buf_format(&text, "%s%.*s", i > 0 ? " " : "", STR_ARG(found.items.items[i].entity.id));
    return buf_str(&text);
}

static void what_people_like_together_comes_first_and_names_what_brought_it(void **state)
{
    Town *town = *state;
    Recommendations found;

    put_bottles(town);
    like_both(town, 30, "dusk", "ember");
    like_both(town, 30, "amber", "clear");
    likes(town, "minji", "dusk", 1);
    likes(town, "minji", "bottle", 0.1);
    found = to(town, "minji");
    check_text(found.items.items[0].entity.id, "ember");
    assert_int_equal(found.items.items[0].kind, RECOMMENDATION_KIND_PEOPLE_WHO_LIKED);
    check_text(found.items.items[0].reason, "liked Dusk");
    assert_int_equal(found.items.items[0].because.count, 1);
    check_text(found.items.items[0].because.items[0], "dusk");
}

static void what_was_seen_is_left_out_unless_it_is_wanted(void **state)
{
    Town *town = *state;
    WorldRecommendInput in = WORLD_RECOMMEND_INPUT_DEFAULTS;

    put_bottles(town);
    likes(town, "minji", "dusk", 1);
    likes(town, "minji", "amber", -1);
    in.limit = 50;
    assert_int_equal(recommend(town, "minji", in).items.count, 4);
    in.seen = WORLD_RECOMMEND_INPUT_SEEN_INCLUDE;
    assert_int_equal(recommend(town, "minji", in).items.count, 6);
}

static void a_new_interest_changes_the_next_recommendation(void **state)
{
    Town *town = *state;

    put_bottles(town);
    like_both(town, 30, "dusk", "ember");
    like_both(town, 30, "amber", "clear");
    likes(town, "minji", "amber", 1);
    check_text(to(town, "minji").items.items[0].entity.id, "clear");
    likes(town, "minji", "dusk", 1);
    likes(town, "minji", "amber", -1);
    check_text(to(town, "minji").items.items[0].entity.id, "ember");
}

static void what_is_disliked_speaks_against_what_goes_with_it(void **state)
{
    Town *town = *state;
    WorldRecommendInput in = WORLD_RECOMMEND_INPUT_DEFAULTS;
    Recommendations found;

    put_bottles(town);
    like_both(town, 30, "dusk", "ember");
    likes(town, "minji", "dusk", -1);
    in.limit = 50;
    found = recommend(town, "minji", in);
    check_text(found.items.items[found.items.count - 1].entity.id, "ember");
    assert_true(found.items.items[found.items.count - 1].score < 0);
}

static void what_nobody_knows_yet_is_recommended_for_what_it_shares(void **state)
{
    Town *town = *state;
    Recommendations found;

    put_bottles(town);
    likes(town, "minji", "bottle", 1);
    found = to(town, "minji");
    check_text(ids(town, found), "amber birch clear dusk ember");
    assert_int_equal(found.items.items[0].kind, RECOMMENDATION_KIND_SHARED_INGREDIENT);
    check_text(found.items.items[0].reason, "Moonlight Jar has Icheon Rice");
    check_text(found.items.items[0].because.items[0], "bottle");
    check_text(found.items.items[0].because.items[1], "icheon-rice");
    likes(town, "jun", "wheat", 1);
    found = to(town, "jun");
    check_text(found.items.items[0].entity.id, "clear");
    check_text(found.items.items[0].reason, "has Wheat");
}

static void a_reason_is_told_in_korean_with_its_particle(void **state)
{
    Town *town = *state;
    WorldRecommendInput in = WORLD_RECOMMEND_INPUT_DEFAULTS;

    put_bottles(town);
    likes(town, "minji", "bottle", 1);
    in.language = WORLD_RECOMMEND_INPUT_LANGUAGE_KO;
    check_text(recommend(town, "minji", in).items.items[0].reason, "달빛 항아리처럼 이천 쌀로");
}

static void somebody_new_gets_what_fits_their_preferences_then_what_others_like(void **state)
{
    Town *town = *state;
    WorldRecommendInput in = WORLD_RECOMMEND_INPUT_DEFAULTS;
    Str words[] = {STR("SWEET")};
    Recommendations found;

    put_bottles(town);
    like_both(town, 3, "dusk", "ember");
    likes(town, "jun", "ember", 1);
    found = to(town, "nobody");
    check_text(ids(town, found), "ember dusk amber birch bottle");
    assert_int_equal(found.items.items[0].kind, RECOMMENDATION_KIND_POPULAR);
    assert_int_equal(found.items.items[2].kind, RECOMMENDATION_KIND_THERE);
    in.preferences = (StrList){words, 1};
    found = recommend(town, "nobody", in);
    check_text(ids(town, found), "amber clear ember dusk birch");
    assert_int_equal(found.items.items[0].kind, RECOMMENDATION_KIND_TASTE);
    check_text(found.items.items[0].reason, "sweet");
}

static void category_and_alcohol_narrow_it_down(void **state)
{
    Town *town = *state;
    WorldRecommendInput in = WORLD_RECOMMEND_INPUT_DEFAULTS;
    Recommendations out;

    put_bottles(town);
    in.category = STR("takju");
    check_text(ids(town, recommend(town, "nobody", in)), "amber birch");
    in.category = STR("약주");
    check_text(ids(town, recommend(town, "nobody", in)), "clear");
    in.category = (Str){0};
    in.abv_min = 12;
    in.abv_max = 40;
    check_text(ids(town, recommend(town, "nobody", in)), "birch clear dusk");
    in.abv_min = 41;
    in.user_id = STR("nobody");
    check_err(world_recommend(&town->call, &in, &out), INVALID, "abv_min: 41 is more than abv_max");
}

/* The named thing has the largest part in the score: taken away, the score falls most. */
static void the_named_thing_has_the_largest_part(void **state)
{
    Town *town = *state;
    WorldRecommendInput in = WORLD_RECOMMEND_INPUT_DEFAULTS;
    static const double scores[] = {0.5, 1, 0.5, 0.3};
    Recommendations found;
    Guide *guide;

    put_bottles(town);
    like_both(town, 40, "birch", "ember");
    like_both(town, 25, "amber", "ember");
    like_both(town, 10, "dusk", "ember");
    for (size_t i = 0; i < COUNT(BOTTLES) - 1; i++)
        likes(town, "minji", BOTTLES[i], scores[i]);
    found = recommend(town, "minji", in);
    check_text(found.items.items[0].entity.id, "ember");
    check_ok(recommender_take(town->world->recommender, &guide));
    uint32_t ember = keymap_get(&guide->likes.by_item, STR("ember"));
    double most = 0;
    Str named = {0};

    for (size_t i = 0; i < COUNT(BOTTLES) - 1; i++) {
        Like like = {.score = (float)scores[i]};
        Liking liking = guide_liking(guide, str_from(BOTTLES[i]), &like);
        double part = (double)liking.value * model_between(&guide->model, liking.liked, ember);

        if (part > most) {
            most = part;
            named = str_from(BOTTLES[i]);
        }
    }
    check_text(named, "birch");
    check_text(found.items.items[0].because.items[0], "birch");
    guide_release(&guide);
}

static void a_score_is_read_from_properties(void **state)
{
    (void)state;
    assert_true(guide_score(STR("{}")) == 1);
    assert_true(guide_score(STR("{\"score\":-0.5}")) == -0.5);
    assert_true(guide_score(STR("{\"score\":7}")) == 1);
    assert_true(guide_score(STR("{\"score\":0.25,\"note\":\"crisp\"}")) == 0.25);
    assert_true(guide_score(STR("{\"note\":\"score\",\"score\":1e-1}")) == 0.1);
    assert_true(guide_score(STR("{\"score\":\"high\"}")) == 1);
    assert_true(guide_score(STR("{\"timestamp\":\"2026-01-01T08:20:00Z\",\"score\":0.3}")) == 0.3);
    assert_true(guide_score(STR("{\"note\":[\"crisp\"],\"score\":0.3}")) == 0.3);
    assert_true(guide_score(STR("{\"score\":")) == 1);
}

static void a_guide_grows_old_by_what_was_learned_and_never_costs_more_than_a_tenth(void **state)
{
    enum { SECOND = 1000000 };
    GuideAge age = {.since_made_us = 2LL * SECOND, .making_us = SECOND / 10, .likes = 5000};

    (void)state;
    assert_false(guide_is_old(&age));
    age.learned = 100;
    assert_true(guide_is_old(&age));
    age.making_us = SECOND;
    assert_false(guide_is_old(&age));
    age.making_us = SECOND / 10;
    age.likes = 1000000;
    assert_false(guide_is_old(&age));
    age.since_made_us = 61LL * SECOND;
    assert_true(guide_is_old(&age));
    age.learned = 0;
    assert_false(guide_is_old(&age));
    age.graph_changed = true;
    assert_true(guide_is_old(&age));
    age.graph_changed = false;
    age.since_made_us = 901LL * SECOND;
    assert_true(guide_is_old(&age));
}

typedef struct Lines {
    Arena *arena;
    Buf text;
} Lines;

static void on_advised(void *context, Str user, Str id, double score)
{
    Lines *lines = context;

    (void)score;
    if (str_equal(user, STR("minji")))
        buf_format(&lines->text, "%.*s ", STR_ARG(id));
}

static void everybody_gets_what_each_would_get_alone(void **state)
{
    Town *town = *state;
    Lines lines = {.text = {.arena = &town->arena}};
    WorldRecommendInput in = WORLD_RECOMMEND_INPUT_DEFAULTS;

    put_bottles(town);
    like_both(town, 30, "dusk", "ember");
    like_both(town, 30, "amber", "clear");
    likes(town, "minji", "dusk", 0.5);
    likes(town, "minji", "bottle", 1);
    in.limit = 3;
    check_ok(world_recommend_all(town->world, 3, on_advised, &lines));
    check_text(str_trim(buf_str(&lines.text)), str_c(&town->arena, ids(town, recommend(town, "minji", in))));
}

static void a_living_one_answers_at_once_and_learns_beside(void **state)
{
    Town *town = *state;
    Guide *guide = NULL;

    put_bottles(town);
    like_both(town, 5, "dusk", "ember");
    likes(town, "minji", "dusk", 1);
    check_ok(town_start_as(town, (WorldConfig){.follows = true}));
    assert_int_equal(to(town, "minji").items.count, 5);
    do {
        guide_release(&guide);
        check_ok(recommender_take(town->world->recommender, &guide));
    } while (guide->model.items == 0);
    guide_release(&guide);
    check_text(to(town, "minji").items.items[0].entity.id, "ember");
}

static size_t threads_here(void)
{
    DIR *tasks = opendir("/proc/self/task");
    size_t count = 0;

    while (tasks != NULL && readdir(tasks) != NULL)
        count++;
    if (tasks != NULL)
        closedir(tasks);
    assert_true(count > 0);
    return count;
}

static void the_library_of_linear_algebra_starts_no_threads(void **state)
{
    size_t before = threads_here();

    (void)state;
    check_ok(linear_load());
    assert_int_equal(threads_here(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_library_of_linear_algebra_starts_no_threads),
        town_test(what_people_like_together_comes_first_and_names_what_brought_it),
        town_test(what_was_seen_is_left_out_unless_it_is_wanted),
        town_test(a_new_interest_changes_the_next_recommendation),
        town_test(what_is_disliked_speaks_against_what_goes_with_it),
        town_test(what_nobody_knows_yet_is_recommended_for_what_it_shares),
        town_test(a_reason_is_told_in_korean_with_its_particle),
        town_test(somebody_new_gets_what_fits_their_preferences_then_what_others_like),
        town_test(category_and_alcohol_narrow_it_down),
        town_test(the_named_thing_has_the_largest_part),
        cmocka_unit_test(a_score_is_read_from_properties),
        cmocka_unit_test(a_guide_grows_old_by_what_was_learned_and_never_costs_more_than_a_tenth),
        town_test(everybody_gets_what_each_would_get_alone),
        town_test(a_living_one_answers_at_once_and_learns_beside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
