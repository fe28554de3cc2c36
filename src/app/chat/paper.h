/* Text for people, on a terminal of some width: lines are broken between words, by the columns that characters take (Korean
 * ones take two), and what would command the terminal is left out. Where there is no terminal it goes out as it is.
 *
 *     Paper paper = paper_on(stdout);
 *     paper_put(&paper, STR("빗소리가 들리면 "));
 *     paper_put(&paper, STR("파전 생각이 나요."));
 *     paper_end(&paper); */
#ifndef NERDX_APP_CHAT_PAPER_H
#define NERDX_APP_CHAT_PAPER_H

#include <stdio.h>

#include "base/str.h"

typedef struct Paper {
    FILE *out;
    size_t width;  /* columns; 0 = no terminal: nothing is broken */
    size_t indent; /* of the lines that go on */
    size_t column; /* of the next character */
    size_t gap;    /* spaces that come before the next word, if it is on the same line */
    bool colours;
} Paper;

/* Colours only at a terminal, and not where $NO_COLOR (no-color.org) is set. */
Paper paper_on(FILE *out);
void paper_measure(Paper *paper); /* how wide the terminal is by now */

void paper_put(Paper *paper, Str text);
void paper_format(Paper *paper, const char *format, ...) __attribute__((format(printf, 2, 3)));
void paper_end(Paper *paper); /* ends the line, if one has begun */

/* A label: bold or faint where there are colours. */
typedef enum Ink { INK_BOLD, INK_FAINT } Ink;
void paper_label(Paper *paper, Ink ink, const char *text);

/* Columns of a text on a terminal. */
size_t paper_columns(Str text);

#endif
