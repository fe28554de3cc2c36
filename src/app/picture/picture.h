/* A part of the world to be drawn: what it shows, what joins it, and where that stands on the sheet. Gathered, laid out,
 * printed:
 *
 *     TRY(picture_gather_around(&source, id, depth, &picture));
 *     picture_fan(&picture);
 *     picture_print_svg(&picture, &out); */
#ifndef NERDX_APP_PICTURE_PICTURE_H
#define NERDX_APP_PICTURE_PICTURE_H

#include "api/world.h"
#include "base/buf.h"

enum {
    PICTURE_MAX_NODES = 400, /* more can't be told apart on a sheet */
    PICTURE_MAX_DEPTH = 6,
};

typedef struct PictureNode {
    Str id;
    Str label; /* its main one */
    Str name;  /* in the language that was asked for */
    Str by;    /* the relationship that led to it; absent for the centre and where nothing is the centre */
    bool leads_here; /* from what it was reached from to this, and not the other way */
    size_t parent;   /* what it was reached from; its own place for the centre */
    int distance;    /* relationships from the centre */
    double x;        /* middle of its box, in SVG user units */
    double y;
    double width;
} PictureNode;

typedef struct PictureEdge {
    size_t from;
    size_t to;
    Str type;
} PictureEdge;

typedef struct Picture {
    Arena *arena;
    PictureNode *nodes; /* nearest first */
    size_t node_count;
    PictureEdge *edges;
    size_t edge_count;
    bool has_centre; /* nodes[0] */
    bool is_cut;     /* there was more, but no room */
} Picture;

/* What pictures are made from. */
typedef struct PictureSource {
    const WorldClient *world;
    Arena *arena;    /* owns all of the picture */
    Str name_suffix; /* "_ko": of the property that is preferred to `name`; absent = none */
} PictureSource;

/* What lies within `depth` relationships of an entity; of one with more than 100 neighbours the first 100. At
 * PICTURE_MAX_NODES it is cut. NOT_FOUND names the id. */
Err picture_gather_around(const PictureSource *source, Str id, int depth, Picture *out);

/* These entities and what joins them; at the most PICTURE_MAX_NODES. */
Err picture_gather_these(const PictureSource *source, const Str *ids, size_t count, Picture *out);

/* Lays it out with nothing on top of anything: as a tree that grows to both sides of the centre, */
void picture_fan(Picture *picture);
/* or freely: what is joined stands near (Fruchterman and Reingold 1991, from a fixed start, so that the same world
 * gives the same picture), then boxes that overlap are pushed apart. */
void picture_spread(Picture *picture);

static const double PICTURE_BOX_HEIGHT = 30;

void picture_print_svg(const Picture *picture, Buf *out); /* SVG 1.1 with its own style, for light and dark */
void picture_print_dot(const Picture *picture, Buf *out); /* the language of Graphviz */

#endif
