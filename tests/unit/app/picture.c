#include "check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/picture/picture.h"
#include "base/arena.h"

enum { SEEDS = 40 };

/* A small generator of our own, so that a test that fails fails again. */
static unsigned next_number(unsigned *seed, unsigned below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

/* A tree of up to PICTURE_MAX_DEPTH relationships with some edges across, nearest first. */
static Picture make_picture(Arena *arena, unsigned seed, size_t count, bool has_centre)
{
    Picture picture = {.arena = arena, .node_count = count, .has_centre = has_centre};

    picture.nodes = arena_array(arena, PictureNode, count);
    picture.edges = arena_array(arena, PictureEdge, 2 * count);
    for (size_t i = 0; i < count; i++) {
        size_t parent = i == 0 ? 0 : next_number(&seed, (unsigned)(i < 12 ? i : i / 2));
        Buf name = {.arena = arena};

        while (picture.nodes[parent].distance == PICTURE_MAX_DEPTH)
            parent = picture.nodes[parent].parent;
        buf_format(&name, "node-%zu", i);
        picture.nodes[i] = (PictureNode){.id = buf_str(&name),
                                         .label = STR("Drink"),
                                         .name = buf_str(&name),
                                         .by = STR("IS_A"),
                                         .parent = parent,
                                         .distance = i == 0 ? 0 : picture.nodes[parent].distance + 1,
                                         .width = 40 + next_number(&seed, 300)};
        if (i > 0)
            picture.edges[picture.edge_count++] = (PictureEdge){parent, i, STR("IS_A")};
    }
    return picture;
}

static bool overlap(const PictureNode *a, const PictureNode *b)
{
    return fabs(a->x - b->x) < (a->width + b->width) / 2 && fabs(a->y - b->y) < PICTURE_BOX_HEIGHT;
}

static void check_apart(const Picture *picture, unsigned seed)
{
    for (size_t a = 0; a < picture->node_count; a++)
        for (size_t b = a + 1; b < picture->node_count; b++)
            if (overlap(&picture->nodes[a], &picture->nodes[b]))
                fail_msg("seed %u: %zu lies on %zu", seed, a, b);
}

static void in_a_fan_no_box_lies_on_another(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        AUTO_ARENA Arena arena = {0};
        unsigned numbers = seed;
        Picture picture;

        arena_init(&arena);
        picture = make_picture(&arena, seed, 1 + next_number(&numbers, PICTURE_MAX_NODES), true);
        picture_fan(&picture);
        check_apart(&picture, seed);
        assert_true(picture.nodes[0].x == 0 && picture.nodes[0].y == 0);
    }
}

static void spread_freely_no_box_lies_on_another(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 6; seed++) {
        AUTO_ARENA Arena arena = {0};
        Picture picture;

        arena_init(&arena);
        picture = make_picture(&arena, seed, (size_t)seed * 30, false);
        picture_spread(&picture);
        check_apart(&picture, seed);
    }
}

static void the_same_world_gives_the_same_picture(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Picture first;
    Picture second;

    (void)state;
    arena_init(&arena);
    first = make_picture(&arena, 7, 60, false);
    second = make_picture(&arena, 7, 60, false);
    picture_spread(&first);
    picture_spread(&second);
    for (size_t i = 0; i < first.node_count; i++)
        assert_true(first.nodes[i].x == second.nodes[i].x && first.nodes[i].y == second.nodes[i].y);
}

static void both_sides_of_a_fan_are_used(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Picture picture;
    size_t left = 0;

    (void)state;
    arena_init(&arena);
    picture = make_picture(&arena, 3, 41, true);
    for (size_t i = 1; i < 41; i++) {
        picture.nodes[i].parent = 0;
        picture.nodes[i].distance = 1;
    }
    picture_fan(&picture);
    for (size_t i = 1; i < 41; i++)
        left += picture.nodes[i].x < 0;
    assert_int_equal(left, 20);
}

static void check_holds(Str text, const char *part)
{
    if (str_find(text, str_from(part), 0) == SIZE_MAX)
        fail_msg("%s is not in %.*s", part, STR_ARG(text));
}

static void names_cannot_break_out_of_what_is_printed(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Picture picture;
    Buf svg = {.arena = &arena};
    Buf dot = {.arena = &arena};

    (void)state;
    arena_init(&arena);
    picture = make_picture(&arena, 1, 2, true);
    picture.nodes[1].name = STR("</text><script>\"&\\\n");
    picture.nodes[1].id = STR("a\"b");
    picture_fan(&picture);
    picture_print_svg(&picture, &svg);
    picture_print_dot(&picture, &dot);
    check_holds(buf_str(&svg), "&#60;/text&#62;&#60;script&#62;&#34;&#38;\\ ");
    assert_int_equal(str_find(buf_str(&svg), STR("<script"), 0), SIZE_MAX);
    check_holds(buf_str(&dot), "\"</text><script>\\\"&\\\\ \"");
    check_holds(buf_str(&dot), "\"node-0\" -> \"a\\\"b\" [label=\"IS_A\"]");
}

static void one_thing_and_nothing_can_be_drawn(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Picture one;
    Picture nothing = {.arena = &arena};
    Buf out = {.arena = &arena};

    (void)state;
    arena_init(&arena);
    one = make_picture(&arena, 1, 1, true);
    picture_fan(&one);
    picture_print_svg(&one, &out);
    check_holds(buf_str(&out), "Things: 1.");
    picture_spread(&nothing);
    picture_print_svg(&nothing, &out);
    check_holds(buf_str(&out), "Things: 0.");
    assert_int_equal(str_find(buf_str(&out), STR("\"nan"), 0), SIZE_MAX);
    assert_int_equal(str_find(buf_str(&out), STR("inf\""), 0), SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_a_fan_no_box_lies_on_another),
        cmocka_unit_test(spread_freely_no_box_lies_on_another),
        cmocka_unit_test(the_same_world_gives_the_same_picture),
        cmocka_unit_test(both_sides_of_a_fan_are_used),
        cmocka_unit_test(names_cannot_break_out_of_what_is_printed),
        cmocka_unit_test(one_thing_and_nothing_can_be_drawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
