/* Fruchterman and Reingold, "Graph Drawing by Force-directed Placement", Software: Practice and Experience 21(11), 1991. */
#include <math.h>

#include "app/picture/picture.h"

static const double NEAR = 95;       /* what is joined likes to stand this far apart */
static const double FLATTEN = 1.7;   /* sheets and names are wider than high */
static const double PULL = 0.035;    /* to the middle, so that what is joined to nothing stays on the sheet */
static const double FIRST_STEP = 60; /* how far anything may move at first; less each round */
static const double GOLDEN_ANGLE = 2.39996322972865332;
static const double SPACE = 8; /* between boxes */
enum { ROUNDS = 500, PUSHES = 2000 };

typedef struct Move {
    double x;
    double y;
} Move;

/* A sunflower: spread evenly, and the same each time. */
static void begin(Picture *picture)
{
    for (size_t i = 0; i < picture->node_count; i++) {
        double r = NEAR * 0.7 * sqrt((double)i + 0.5);

        picture->nodes[i].x = r * cos((double)i * GOLDEN_ANGLE);
        picture->nodes[i].y = r * sin((double)i * GOLDEN_ANGLE);
    }
}

static void push_apart(const Picture *picture, Move *moves)
{
    for (size_t a = 0; a < picture->node_count; a++)
        for (size_t b = a + 1; b < picture->node_count; b++) {
            double dx = picture->nodes[a].x - picture->nodes[b].x;
            double dy = picture->nodes[a].y - picture->nodes[b].y;
            double force = NEAR * NEAR / fmax(dx * dx + dy * dy, 1);

            moves[a].x += dx * force;
            moves[a].y += dy * force;
            moves[b].x -= dx * force;
            moves[b].y -= dy * force;
        }
}

static void pull_together(const Picture *picture, Move *moves)
{
    for (size_t i = 0; i < picture->edge_count; i++) {
        const PictureEdge *edge = &picture->edges[i];
        double dx = picture->nodes[edge->from].x - picture->nodes[edge->to].x;
        double dy = picture->nodes[edge->from].y - picture->nodes[edge->to].y;
        double force = sqrt(dx * dx + dy * dy) / NEAR;

        moves[edge->from].x -= dx * force;
        moves[edge->from].y -= dy * force;
        moves[edge->to].x += dx * force;
        moves[edge->to].y += dy * force;
    }
    for (size_t i = 0; i < picture->node_count; i++) {
        moves[i].x -= picture->nodes[i].x * PULL * NEAR;
        moves[i].y -= picture->nodes[i].y * PULL * NEAR;
    }
}

static void move(Picture *picture, const Move *moves, double most)
{
    for (size_t i = 0; i < picture->node_count; i++) {
        double length = fmax(sqrt(moves[i].x * moves[i].x + moves[i].y * moves[i].y), 1e-9);
        double step = fmin(length, most) / length;

        picture->nodes[i].x += moves[i].x * step;
        picture->nodes[i].y += moves[i].y * step;
    }
}

/* Two boxes that overlap go half of it each, the shorter way. */
static bool separate(PictureNode *a, PictureNode *b)
{
    double dx = b->x - a->x;
    double dy = b->y - a->y;
    double over_x = (a->width + b->width) / 2 + SPACE - fabs(dx);
    double over_y = PICTURE_BOX_HEIGHT + SPACE - fabs(dy);

    if (over_x <= 0 || over_y <= 0)
        return false;
    if (over_y < over_x) {
        a->y -= copysign(over_y / 2 + 0.1, dy);
        b->y += copysign(over_y / 2 + 0.1, dy);
    } else {
        a->x -= copysign(over_x / 2 + 0.1, dx);
        b->x += copysign(over_x / 2 + 0.1, dx);
    }
    return true;
}

static bool separate_all(Picture *picture)
{
    bool moved = false;

    for (size_t a = 0; a < picture->node_count; a++)
        for (size_t b = a + 1; b < picture->node_count; b++)
            moved |= separate(&picture->nodes[a], &picture->nodes[b]);
    return moved;
}

void picture_spread(Picture *picture)
{
    Move *moves = arena_array(picture->arena, Move, picture->node_count);

    begin(picture);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < picture->node_count; i++)
            moves[i] = (Move){0};
        push_apart(picture, moves);
        pull_together(picture, moves);
        move(picture, moves, FIRST_STEP * (double)(ROUNDS - round) / (double)ROUNDS);
    }
    for (size_t i = 0; i < picture->node_count; i++)
        picture->nodes[i].x *= FLATTEN;
    for (int i = 0; i < PUSHES && separate_all(picture); i++)
        ;
}
