#include "app/picture/picture.h"

/* In quotes, as the language of Graphviz has them. */
static void put_quoted(Buf *out, Str text)
{
    buf_put_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            buf_put_char(out, '\\');
        buf_put_char(out, text.data[i] == '\n' ? ' ' : text.data[i]);
    }
    buf_put_char(out, '"');
}

void picture_print_dot(const Picture *picture, Buf *out)
{
    buf_put(out, STR("digraph nerdx {\n"
                     "  graph [layout=sfdp, overlap=prism, splines=true];\n"
                     "  node [shape=box, style=rounded, fontname=\"Noto Sans CJK KR\"];\n"
                     "  edge [fontname=\"Noto Sans CJK KR\", fontsize=9];\n"));
    for (size_t i = 0; i < picture->node_count; i++) {
        buf_put(out, STR("  "));
        put_quoted(out, picture->nodes[i].id);
        buf_put(out, STR(" [label="));
        put_quoted(out, picture->nodes[i].name);
        buf_put(out, STR(", tooltip="));
        put_quoted(out, picture->nodes[i].label);
        buf_put(out, STR("];\n"));
    }
    for (size_t i = 0; i < picture->edge_count; i++) {
        buf_put(out, STR("  "));
        put_quoted(out, picture->nodes[picture->edges[i].from].id);
        buf_put(out, STR(" -> "));
        put_quoted(out, picture->nodes[picture->edges[i].to].id);
        buf_put(out, STR(" [label="));
        put_quoted(out, picture->edges[i].type);
        buf_put(out, STR("];\n"));
    }
    buf_put(out, STR("}\n"));
}
