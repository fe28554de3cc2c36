#include "app/chat/line.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "app/chat/signals.h"
#include "base/lines.h"
#include "base/memory.h"

enum { REMEMBERED_MAX = 500 };

struct LineReader {
    Lines *piped; /* NULL at a terminal */
    EditLine *edit;
    History *history;
    bool interrupted;
};

static char *prompt(EditLine *edit)
{
    static char text[] = "> ";

    (void)edit;
    return text;
}

/* The terminal was left, or has another size. */
static void draw_anew(EditLine *edit)
{
    (void)el_set(edit, EL_PREP_TERM, 1);
    el_resize(edit);
    (void)el_set(edit, EL_REFRESH);
}

/* A byte of the terminal; 0 at its end, -1 for Ctrl-C. libedit's own reading would take a first Ctrl-C for nothing. */
static int next_byte(LineReader *reader, char *byte)
{
    struct pollfd in = {STDIN_FILENO, POLLIN, 0};
    ssize_t got;

    do {
        int ready = poll(&in, 1, -1);
        reader->interrupted = signals_interrupted();
        if (reader->interrupted)
            return -1;
        if (signals_redraw())
            draw_anew(reader->edit);
        got = ready == 1 ? read(STDIN_FILENO, byte, 1) : -1;
    } while (got < 0 && (errno == EINTR || errno == EAGAIN));
    return (int)got;
}

/* EL_GETCFN: a character, of as many bytes as it has. */
static int next_character(EditLine *edit, wchar_t *out)
{
    LineReader *reader = NULL;
    mbstate_t state = {0};
    size_t taken;
    char byte;

    (void)el_get(edit, EL_CLIENTDATA, &reader);
    do {
        int got = next_byte(reader, &byte);
        if (got <= 0)
            return got;
        taken = mbrtowc(out, &byte, 1, &state);
        if (taken == (size_t)-1) { /* no text: what follows may be */
            memset(&state, 0, sizeof state);
            taken = (size_t)-2;
        }
    } while (taken == (size_t)-2);
    return 1;
}

/* Where the locale knows no Korean, its characters are read as UTF-8 all the same. */
static void read_utf8(void)
{
    if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX == 1)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
}

static void begin_editing(LineReader *reader)
{
    HistEvent event;

    read_utf8();
    reader->history = history_init();
    (void)history(reader->history, &event, H_SETSIZE, REMEMBERED_MAX);
    (void)history(reader->history, &event, H_SETUNIQUE, 1);
    reader->edit = el_init("nerdx", stdin, stdout, stderr);
    (void)el_set(reader->edit, EL_CLIENTDATA, reader);
    (void)el_set(reader->edit, EL_PROMPT, prompt);
    (void)el_set(reader->edit, EL_EDITOR, "emacs");
    (void)el_set(reader->edit, EL_HIST, history, reader->history);
    (void)el_wset(reader->edit, EL_GETCFN, next_character);
}

Err line_reader_create(bool at_terminal, LineReader **out)
{
    LineReader *reader = memory_new(LineReader);

    *out = reader;
    if (!at_terminal)
        return lines_open("-", LINE_MAX_BYTES, &reader->piped);
    begin_editing(reader);
    return OK;
}

void line_reader_destroy(LineReader *reader)
{
    if (reader == NULL)
        return;
    line_echo(reader, true);
    if (reader->edit != NULL)
        el_end(reader->edit);
    if (reader->history != NULL)
        history_end(reader->history);
    lines_close(reader->piped);
    memory_free(reader);
}

static Err too_long(void)
{
    return err(TOO_LARGE, "the line has more than %d bytes; a message has at most 2000 characters",
               LINE_MAX_BYTES);
}

static Err read_piped(LineReader *reader, LineKind *kind, Str *line)
{
    Err e = OK;
    bool given = lines_next(reader->piped, line, &e);

    *kind = given ? LINE_GIVEN : LINE_END;
    return e.code == TOO_LARGE ? too_long() : e;
}

/* The terminal is made ready before the prompt is there, so that no key between the two is shown twice. */
static Err read_edited(LineReader *reader, LineKind *kind, Str *line)
{
    int count = 0;

    (void)el_set(reader->edit, EL_PREP_TERM, 1);
    const char *text = el_gets(reader->edit, &count);
    *kind = text != NULL ? LINE_GIVEN : reader->interrupted ? LINE_INTERRUPTED : LINE_END;
    if (text == NULL)
        return OK;
    if (count > LINE_MAX_BYTES)
        return too_long();
    *line = str_trim((Str){text, (size_t)count});
    return OK;
}

Err line_read(LineReader *reader, LineKind *kind, Str *line)
{
    return reader->piped != NULL ? read_piped(reader, kind, line) : read_edited(reader, kind, line);
}

void line_echo(LineReader *reader, bool shown)
{
    struct termios mode;

    if (reader->edit == NULL || tcgetattr(STDIN_FILENO, &mode) != 0)
        return;
    mode.c_lflag = shown ? mode.c_lflag | ECHO : mode.c_lflag & ~(tcflag_t)ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
}

void line_remember(LineReader *reader, Str line)
{
    AUTO_ARENA Arena arena = {0};
    HistEvent event;

    if (reader->history == NULL || line.len == 0)
        return;
    arena_init(&arena);
    (void)history(reader->history, &event, H_ENTER, str_c(&arena, line));
}

void line_forget_all(LineReader *reader)
{
    HistEvent event;

    if (reader->history != NULL)
        (void)history(reader->history, &event, H_CLEAR);
}
