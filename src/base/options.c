#include "base/options_inside.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/option_kinds.h"
#include "base/utf8.h"

enum { SECRET_MAX = 64 * 1024, NOTE_MAX = 384 };

Options *options_create(OptionTable table)
{
    Options *options = memory_new(Options);

    options->table = table;
    options->values = arena_array(&options->arena, OptionValue, table.count);
    options->names = arena_array(&options->arena, const char *, table.count);
    for (size_t i = 0; i < table.count; i++)
        options->names[i] = table.items[i].name;
    return options;
}

void options_destroy(Options *options)
{
    if (!options)
        return;
    for (size_t i = 0; i < options->table.count; i++)
        if (options->table.items[i].kind == OPTION_KIND_SECRET && options->values[i].text.data)
            explicit_bzero((char *)options->values[i].text.data, options->values[i].text.len);
    arena_finish(&options->arena);
    memory_free(options->problems);
    memory_free(options->arguments);
    memory_free(options);
}

/* ---- names and problems */

OptionMeant options_find(const Options *options, Str name)
{
    static const Str SUFFIX = {"_file", 5};

    for (size_t i = 0; i < options->table.count; i++) {
        const Option *option = &options->table.items[i];
        Str known = str_from(option->name);
        if (str_equal(name, known))
            return (OptionMeant){true, false, i};
        if (option->kind == OPTION_KIND_SECRET && name.len == known.len + SUFFIX.len &&
            str_starts(name, known) && str_ends(name, SUFFIX))
            return (OptionMeant){true, true, i};
    }
    return (OptionMeant){0};
}

void options_add_problem(Options *options, OptionProblem problem)
{
    options->problems = memory_grow(options->problems, options->problem_count + 1, sizeof problem);
    options->problems[options->problem_count++] = problem;
    options->error_count += !problem.is_warning;
}

void options_note(Options *options, OptionSource source, Str where, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    Str message = utf8_cut_bytes(str_vformat(&options->arena, format, args), NOTE_MAX);
    va_end(args);
    options_add_problem(options, (OptionProblem){false, source, where, message});
}

OptionProblems options_problems(const Options *options)
{
    return (OptionProblems){options->problems, options->problem_count, options->error_count};
}

/* ---- resolving */

/* A default with {name} replaced by what that option says. Options only refer to earlier rows. */
static Str expand_default(Options *options, size_t option)
{
    Str rest = str_from(options->table.items[option].fallback);
    Buf text = {.arena = &options->arena};

    while (rest.len > 0) {
        size_t open = str_find(rest, STR("{"), 0);
        size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(rest, STR("}"), open);
        if (close == SIZE_MAX)
            break;
        OptionMeant meant = options_find(options, str_slice(rest, open + 1, close));
        assert(meant.known && meant.option < option);
        buf_put(&text, str_slice(rest, 0, open));
        buf_put(&text, options->values[meant.option].text);
        rest = str_slice(rest, close + 1, rest.len);
    }
    buf_put(&text, rest);
    return buf_str(&text);
}

static void use_default(Options *options, size_t option)
{
    if (!options->table.items[option].fallback) {
        options->values[option] = (OptionValue){0};
        return;
    }
    options->values[option] =
        (OptionValue){FROM_DEFAULT, STR("default"), expand_default(options, option), false, 0};
}

static void read_secret(Options *options, size_t option)
{
    OptionValue *value = &options->values[option];
    const char *path = value->text.data;
    Str text = {0};
    Err e = file_read(&options->arena, path, SECRET_MAX, &text);

    value->text = str_trim(text);
    if (failed(&e))
        options_note(options, value->source, value->where, "%s: %s", options->names[option], e.message);
}

static void resolve(Options *options, size_t option)
{
    const Option *row = &options->table.items[option];
    OptionValue *value = &options->values[option];

    if (value->source == FROM_NOWHERE)
        use_default(options, option);
    else if (value->is_path_of_secret)
        read_secret(options, option);
    if (!value->text.data)
        return;
    Err e = option_read(row, value->text, &value->number);
    if (!failed(&e))
        return;
    assert(value->source != FROM_DEFAULT);
    options_note(options, value->source, value->where, "%s: %s", row->name,
                 row->kind == OPTION_KIND_SECRET ? "not what is wanted" : e.message);
    use_default(options, option); /* so that a caller who goes on has something sound */
    if (value->text.data)
        (void)option_read(row, value->text, &value->number);
}

void options_resolve(Options *options)
{
    assert(!options->resolved);
    for (size_t i = 0; i < options->table.count; i++)
        resolve(options, i);
    options->resolved = true;
}

/* ---- values */

static const OptionValue *value_of(const Options *options, size_t option)
{
    assert(options->resolved && option < options->table.count);
    return &options->values[option];
}

OptionTable options_table(const Options *options)
{
    return options->table;
}

Str options_peek(const Options *options, size_t option)
{
    assert(option < options->table.count);
    return options->values[option].text;
}

Str options_text(const Options *options, size_t option)
{
    return value_of(options, option)->text;
}

const char *options_chars(const Options *options, size_t option)
{
    return value_of(options, option)->text.data;
}

int64_t options_int(const Options *options, size_t option)
{
    return value_of(options, option)->number;
}

bool options_bool(const Options *options, size_t option)
{
    return value_of(options, option)->number != 0;
}

OptionSource options_source(const Options *options, size_t option)
{
    return value_of(options, option)->source;
}

Str options_where(const Options *options, size_t option)
{
    return value_of(options, option)->where;
}
