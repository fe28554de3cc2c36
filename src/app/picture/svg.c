#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/picture/picture.h"

static const double MARGIN = 32;
static const double LEAST_WIDTH = 320;
static const double LEGEND_ROW = 28;
static const double LEGEND_MARK = 12;
static const double LEGEND_GAP = 24;
enum { PALETTE = 10 };

typedef struct Sheet {
    const Picture *picture;
    Buf *out;
    double left;
    double top;
    double width;
    double height; /* without the legend */
    const Str *labels;
    size_t label_count;
} Sheet;

/* Ground, ink and one colour a label, for light and for dark; the text on each has a contrast of at least 4.5. */
static const char STYLE[] =
    "<style>\n"
    "svg{--paper:#faf6ee;--ink:#2a2420;--faded:#6a5d52;--line:#b9aa95;background:var(--paper)}\n"
    "svg{--k0:#f3d9cf;--k1:#dbe8d3;--k2:#f4e3b8;--k3:#d5e3ec;--k4:#ead7ea;"
    "--k5:#e0e0d0;--k6:#f1d3dc;--k7:#cfe7e2;--k8:#ddd7f0;--k9:#ecdcc8}\n"
    "@media (prefers-color-scheme:dark){svg{--paper:#1b1815;--ink:#efe6d8;--faded:#b9ab99;--line:#6b5f53}\n"
    "svg{--k0:#5c3326;--k1:#33492a;--k2:#56451a;--k3:#26435a;--k4:#4f304f;"
    "--k5:#45452f;--k6:#5b2c3d;--k7:#22504a;--k8:#3d3563;--k9:#553f27}}\n"
    "text{font:14px \"Noto Sans KR\",\"Noto Sans CJK KR\",\"Apple SD Gothic Neo\",\"Malgun "
    "Gothic\",sans-serif;"
    "fill:var(--ink)}\n"
    "path{fill:none;stroke:var(--line);stroke-width:1.3}\n"
    ".free{opacity:.65}\n"
    "path.also{stroke-dasharray:3 5;opacity:.4}\n"
    "rect{stroke:var(--line)}\n"
    ".n{text-anchor:middle;dominant-baseline:central}\n"
    ".centre rect{stroke:var(--ink);stroke-width:2}\n"
    ".centre text{font-weight:700}\n"
    ".by{font-size:10px;fill:var(--faded);letter-spacing:.02em;paint-order:stroke;stroke:var(--paper);"
    "stroke-width:4px;stroke-linejoin:round}\n"
    ".r{text-anchor:end}\n"
    ".legend text{fill:var(--faded);font-size:13px;dominant-baseline:central}\n"
    "</style>\n";

static void put_escaped(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (c == '&' || c == '<' || c == '>' || c == '"')
            buf_format(out, "&#%d;", c);
        else
            buf_put_char(out, (unsigned char)c < ' ' ? ' ' : c);
    }
}

/* --- what is on the sheet */

static int by_text(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

/* Every label once, by name. */
static void collect_labels(Sheet *sheet)
{
    const Picture *picture = sheet->picture;
    Str *labels = arena_array(picture->arena, Str, picture->node_count);
    size_t kept = 0;

    for (size_t i = 0; i < picture->node_count; i++)
        labels[i] = picture->nodes[i].label;
    if (picture->node_count > 0)
        qsort(labels, picture->node_count, sizeof(*labels), by_text);
    for (size_t i = 0; i < picture->node_count; i++)
        if (kept == 0 || !str_equal(labels[i], labels[kept - 1]))
            labels[kept++] = labels[i];
    sheet->labels = labels;
    sheet->label_count = kept;
}

static size_t colour_of(const Sheet *sheet, Str label)
{
    for (size_t i = 0; i < sheet->label_count; i++)
        if (str_equal(sheet->labels[i], label))
            return i % PALETTE;
    return 0;
}

static void measure(Sheet *sheet)
{
    double right = -INFINITY;
    double bottom = -INFINITY;

    sheet->left = sheet->top = INFINITY;
    for (size_t i = 0; i < sheet->picture->node_count; i++) {
        const PictureNode *node = &sheet->picture->nodes[i];

        sheet->left = fmin(sheet->left, node->x - node->width / 2);
        right = fmax(right, node->x + node->width / 2);
        sheet->top = fmin(sheet->top, node->y - PICTURE_BOX_HEIGHT / 2);
        bottom = fmax(bottom, node->y + PICTURE_BOX_HEIGHT / 2);
    }
    if (sheet->picture->node_count == 0)
        sheet->left = sheet->top = right = bottom = 0;
    sheet->left -= MARGIN;
    sheet->top -= MARGIN;
    sheet->width = fmax(right - sheet->left + MARGIN, LEAST_WIDTH);
    sheet->height = bottom - sheet->top + MARGIN;
}

/* --- relationships */

static bool is_branch(const Picture *picture, const PictureEdge *edge)
{
    const PictureNode *from = &picture->nodes[edge->from];
    const PictureNode *to = &picture->nodes[edge->to];

    return picture->has_centre &&
           ((to->parent == edge->from && edge->to != 0 && str_equal(to->by, edge->type)) ||
            (from->parent == edge->to && edge->from != 0 && str_equal(from->by, edge->type)));
}

/* From the side of the parent's box to the near side of the child's. */
static void put_branch(const Sheet *sheet, const PictureNode *parent, const PictureNode *child)
{
    double side = child->x > 0 ? 1 : -1;
    double x1 = parent->x + side * parent->width / 2;
    double x2 = child->x - side * child->width / 2;
    double bend = (x2 - x1) / 2;

    buf_format(sheet->out, "<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>\n", x1, parent->y,
               x1 + bend, parent->y, x2 - bend, child->y, x2, child->y);
}

static void put_line(const Sheet *sheet, const PictureEdge *edge)
{
    const PictureNode *from = &sheet->picture->nodes[edge->from];
    const PictureNode *to = &sheet->picture->nodes[edge->to];

    buf_format(sheet->out, "<path%s d=\"M%.1f %.1fL%.1f %.1f\"><title>",
               sheet->picture->has_centre ? " class=\"also\"" : " class=\"free\"", from->x, from->y, to->x,
               to->y);
    put_escaped(sheet->out, edge->type);
    buf_put(sheet->out, STR("</title></path>\n"));
}

static void put_edges(const Sheet *sheet)
{
    const Picture *picture = sheet->picture;

    for (size_t i = 0; i < picture->edge_count; i++)
        if (!is_branch(picture, &picture->edges[i]) && picture->edges[i].from != picture->edges[i].to)
            put_line(sheet, &picture->edges[i]);
    for (size_t i = 1; picture->has_centre && i < picture->node_count; i++)
        put_branch(sheet, &picture->nodes[picture->nodes[i].parent], &picture->nodes[i]);
}

/* How it was reached, on the line that leads to it: "→ HAS_INGREDIENT". */
static void put_relationship(const Sheet *sheet, const PictureNode *node)
{
    bool right = node->x > 0;
    double x = node->x + (node->width / 2 + 8) * (right ? -1 : 1);

    buf_format(sheet->out, "<text class=\"by%s\" x=\"%.1f\" y=\"%.1f\">", right ? " r" : "", x, node->y - 5);
    if (right == node->leads_here)
        buf_put(sheet->out, right ? STR("") : STR("→ "));
    else
        buf_put(sheet->out, right ? STR("") : STR("← "));
    put_escaped(sheet->out, node->by);
    if (right)
        buf_put(sheet->out, node->leads_here ? STR(" →") : STR(" ←"));
    buf_put(sheet->out, STR("</text>\n"));
}

/* --- things */

static void put_node(const Sheet *sheet, size_t at)
{
    const PictureNode *node = &sheet->picture->nodes[at];
    bool is_centre = sheet->picture->has_centre && at == 0;

    buf_format(sheet->out, "<g%s><title>", is_centre ? " class=\"centre\"" : "");
    put_escaped(sheet->out, node->label);
    buf_put(sheet->out, STR(": "));
    put_escaped(sheet->out, node->id);
    buf_format(sheet->out,
               "</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\" "
               "style=\"fill:var(--k%zu)\"/><text class=\"n\" x=\"%.1f\" y=\"%.1f\">",
               node->x - node->width / 2, node->y - PICTURE_BOX_HEIGHT / 2, node->width, PICTURE_BOX_HEIGHT,
               PICTURE_BOX_HEIGHT / 2, colour_of(sheet, node->label), node->x, node->y);
    put_escaped(sheet->out, node->name);
    buf_put(sheet->out, STR("</text></g>\n"));
}

/* Which colour is which label, in rows below the picture. */
static void put_legend(const Sheet *sheet, double *height)
{
    double x = MARGIN;
    double y = sheet->height;

    buf_put(sheet->out, STR("<g class=\"legend\">\n"));
    for (size_t i = 0; i < sheet->label_count; i++) {
        double width = LEGEND_MARK + 8 + 8.5 * (double)sheet->labels[i].len;

        if (x > MARGIN && x + width > sheet->width - MARGIN) {
            x = MARGIN;
            y += LEGEND_ROW;
        }
        buf_format(
            sheet->out,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"3\" style=\"fill:var(--k%zu)\"/>"
            "<text x=\"%.1f\" y=\"%.1f\">",
            sheet->left + x, sheet->top + y - LEGEND_MARK / 2, LEGEND_MARK, LEGEND_MARK, i % PALETTE,
            sheet->left + x + LEGEND_MARK + 8, sheet->top + y);
        put_escaped(sheet->out, sheet->labels[i]);
        buf_put(sheet->out, STR("</text>\n"));
        x += width + LEGEND_GAP;
    }
    buf_put(sheet->out, STR("</g>\n"));
    *height = y + LEGEND_ROW;
}

static void put_title(const Sheet *sheet, Buf *out)
{
    const Picture *picture = sheet->picture;

    buf_put(out, STR("<title id=\"title\">"));
    put_escaped(out, picture->has_centre ? picture->nodes[0].name : STR("NERDX"));
    buf_format(out, "</title><desc id=\"desc\">Things: %zu. Relationships between them: %zu.%s</desc>\n",
               picture->node_count, picture->edge_count, picture->is_cut ? " There are more." : "");
}

void picture_print_svg(const Picture *picture, Buf *out)
{
    Buf body = {.arena = picture->arena};
    Sheet sheet = {.picture = picture, .out = &body};
    double height;

    collect_labels(&sheet);
    measure(&sheet);
    put_edges(&sheet);
    for (size_t i = 1; picture->has_centre && i < picture->node_count; i++)
        put_relationship(&sheet, &picture->nodes[i]);
    for (size_t i = 0; i < picture->node_count; i++)
        put_node(&sheet, i);
    put_legend(&sheet, &height);
    buf_format(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"%.1f %.1f %.1f %.1f\" width=\"%.0f\" "
               "height=\"%.0f\" role=\"img\" aria-labelledby=\"title desc\">\n",
               sheet.left, sheet.top, sheet.width, height, sheet.width, height);
    put_title(&sheet, out);
    buf_put(out, str_from(STYLE));
    buf_put(out, buf_str(&body));
    buf_put(out, STR("</svg>\n"));
}
