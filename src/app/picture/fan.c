/* A tree that grows to both sides of the centre: a column for each distance, a row for each leaf, so that no box can lie
 * on another. */
#include <math.h>

#include "app/picture/picture.h"

static const double ROW = 40;  /* a box and some space */
static const double GAP = 170; /* between columns: the relationships are named there */

typedef enum Side { RIGHT, LEFT, SIDE_COUNT } Side;

typedef struct Branch {
    Side side;
    size_t leaves; /* rows it needs */
    size_t row;    /* the first of them, counted on its side */
    size_t next;   /* where its next child begins */
} Branch;

/* Children stand behind their parents in the list. */
static void count_leaves(const Picture *picture, Branch *branches)
{
    for (size_t i = picture->node_count; i-- > 1;) {
        if (branches[i].leaves == 0)
            branches[i].leaves = 1;
        branches[picture->nodes[i].parent].leaves += branches[i].leaves;
    }
}

/* Half of the rows to the right, the rest to the left; a branch stays whole. */
static void choose_sides(const Picture *picture, Branch *branches)
{
    size_t placed = 0;

    for (size_t i = 1; i < picture->node_count; i++) {
        size_t parent = picture->nodes[i].parent;

        branches[i].side = branches[parent].side;
        if (parent != 0)
            continue;
        branches[i].side = 2 * placed < branches[0].leaves ? RIGHT : LEFT;
        placed += branches[i].leaves;
    }
}

/* Returns in rows how many each side has. */
static void assign_rows(const Picture *picture, Branch *branches, size_t rows[SIDE_COUNT])
{
    for (size_t i = 1; i < picture->node_count; i++) {
        Branch *branch = &branches[i];
        size_t parent = picture->nodes[i].parent;
        size_t *next = parent == 0 ? &rows[branch->side] : &branches[parent].next;

        branch->row = branch->next = *next;
        *next += branch->leaves;
    }
}

/* Where each column begins, as far from the middle as the widest boxes before it need. */
static void place_columns(const Picture *picture, const Branch *branches, Side side,
                          double begins[PICTURE_MAX_DEPTH + 2])
{
    double widest[PICTURE_MAX_DEPTH + 2] = {picture->nodes[0].width / 2};

    for (size_t i = 1; i < picture->node_count; i++)
        if (branches[i].side == side)
            widest[picture->nodes[i].distance] =
                fmax(widest[picture->nodes[i].distance], picture->nodes[i].width);
    begins[0] = 0;
    for (size_t i = 1; i < PICTURE_MAX_DEPTH + 2; i++)
        begins[i] = begins[i - 1] + widest[i - 1] + GAP;
}

static void place_side(Picture *picture, const Branch *branches, Side side, size_t rows)
{
    double begins[PICTURE_MAX_DEPTH + 2];
    double middle = (double)rows / 2;

    place_columns(picture, branches, side, begins);
    for (size_t i = 1; i < picture->node_count; i++) {
        PictureNode *node = &picture->nodes[i];
        const Branch *branch = &branches[i];

        if (branch->side != side)
            continue;
        node->x = (begins[node->distance] + node->width / 2) * (side == RIGHT ? 1 : -1);
        node->y = ((double)branch->row + (double)branch->leaves / 2 - middle) * ROW;
    }
}

void picture_fan(Picture *picture)
{
    Branch *branches = arena_array(picture->arena, Branch, picture->node_count);
    size_t rows[SIDE_COUNT] = {0};

    count_leaves(picture, branches);
    choose_sides(picture, branches);
    assign_rows(picture, branches, rows);
    for (Side side = RIGHT; side < SIDE_COUNT; side++)
        place_side(picture, branches, side, rows[side]);
}
