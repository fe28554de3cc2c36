#include "app/chat/paper.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "base/utf8.h"

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 20, WIDTH_MOST = 88 }; /* longer lines are hard to read */

void paper_measure(Paper *paper)
{
    struct winsize size = {0};

    if (paper->width == 0)
        return;
    size_t width =
        ioctl(fileno(paper->out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : WIDTH_DEFAULT;
    paper->width = width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : width;
}

Paper paper_on(FILE *out)
{
    const char *no_colour = getenv("NO_COLOR");
    bool terminal = isatty(fileno(out)) == 1;
    Paper paper = {
        .out = out,
        .width = terminal ? WIDTH_DEFAULT : 0,
        .colours = terminal && (no_colour == NULL || *no_colour == '\0'),
    };

    paper_measure(&paper);
    return paper;
}

/* Controls, and marks that turn the direction of what follows (UAX #9): a message may hold them to show something else. */
static bool commands_terminal(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* A syllable that is written in its parts stands on the columns of the first; terminals and libc have it so, utf8proc doesn't. */
static bool joins_syllable(uint32_t c)
{
    return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FF);
}

static size_t columns_of(uint32_t c)
{
    bool none = commands_terminal(c) || joins_syllable(c);
    int columns = none ? 0 : utf8proc_charwidth((utf8proc_int32_t)c);

    return columns > 0 ? (size_t)columns : 0;
}

size_t paper_columns(Str text)
{
    size_t at = 0, columns = 0;
    uint32_t c;

    while (utf8_next(text, &at, &c))
        columns += columns_of(c);
    return columns;
}

static void put_spaces(Paper *paper, size_t count)
{
    (void)fprintf(paper->out, "%*s", (int)count, "");
    paper->column += count;
}

static void break_line(Paper *paper, size_t indent)
{
    (void)fputc('\n', paper->out);
    paper->column = paper->gap = 0;
    put_spaces(paper, indent);
}

/* Character by character: a word that is wider than a line is broken where the line ends. */
static void put_characters(Paper *paper, Str word)
{
    size_t at = 0, from = 0;

    for (uint32_t c; utf8_next(word, &at, &c); from = at) {
        size_t columns = columns_of(c);
        if (commands_terminal(c))
            continue;
        if (columns > 0 && paper->column + columns > paper->width)
            break_line(paper, paper->indent);
        (void)fwrite(word.data + from, 1, at - from, paper->out);
        paper->column += columns;
    }
}

static void put_word(Paper *paper, Str word)
{
    size_t gap = paper->gap;

    if (paper->column > paper->indent && paper->column + gap + paper_columns(word) > paper->width)
        break_line(paper, paper->indent);
    else
        put_spaces(paper, gap);
    paper->gap = 0;
    put_characters(paper, word);
}

static Str word_at(Str text, size_t at)
{
    size_t end = at;

    while (end < text.len && strchr(" \t\n", text.data[end]) == NULL)
        end++;
    return str_slice(text, at, end > at ? end : at + 1);
}

void paper_put(Paper *paper, Str text)
{
    if (paper->width == 0) {
        (void)fwrite(text.data, 1, text.len, paper->out);
        paper->column = text.len > 0 ? text.data[text.len - 1] != '\n' : paper->column;
        return;
    }
    for (size_t at = 0; at < text.len;) {
        Str word = word_at(text, at);
        if (*word.data == ' ' || *word.data == '\t')
            paper->gap++;
        else if (*word.data == '\n')
            break_line(paper, 0);
        else
            put_word(paper, word);
        at += word.len;
    }
}

void paper_format(Paper *paper, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length >= 0)
        paper_put(paper, (Str){text, (size_t)length});
    free(text);
}

void paper_end(Paper *paper)
{
    if (paper->column > 0 || paper->gap > 0)
        (void)fputc('\n', paper->out);
    paper->column = paper->gap = 0;
}

void paper_label(Paper *paper, Ink ink, const char *text)
{
    if (paper->colours)
        (void)fputs(ink == INK_BOLD ? "\033[1m" : "\033[2m", paper->out);
    paper_put(paper, str_from(text));
    if (paper->colours)
        (void)fputs("\033[0m", paper->out);
}
