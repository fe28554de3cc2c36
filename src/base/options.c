#include "base/options.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/near.h"
#include "base/option_kinds.h"
#include "base/utf8.h"

enum { FILE_MAX = 1 << 20, SECRET_MAX = 64 * 1024, LONGEST_NAME = 64 };

/* What was said about an option by its strongest source so far. */
typedef struct Value {
    OptionSource source;
    Str where;
    Str text;
    bool is_path_of_secret; /* NAME_FILE: text is where the value is to be read from */
    int64_t number;
} Value;

struct Options {
    Arena arena;
    OptionTable table;
    Value *values;
    const char **names; /* for near misses */
    OptionProblem *problems;
    size_t problem_count;
    size_t error_count;
    const char **arguments;
    size_t argument_count;
    bool resolved;
};

Options *options_create(OptionTable table)
{
    Options *options = memory_new(Options);

    options->table = table;
    options->values = arena_array(&options->arena, Value, table.count);
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

/* ---- problems */

static void add_problem(Options *options, OptionProblem problem)
{
    options->problems = memory_grow(options->problems, options->problem_count + 1, sizeof problem);
    options->problems[options->problem_count++] = problem;
    options->error_count += !problem.is_warning;
}

__attribute__((format(printf, 4, 5))) static void note(Options *options, OptionSource source, Str where,
                                                       const char *format, ...)
{
    char text[2 * ERR_TEXT];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    Str message = utf8_cut_bytes(str_from(text), sizeof text - 1);
    add_problem(options, (OptionProblem){false, source, where, str_copy(&options->arena, message)});
}

/* An option's name as this source writes it: --log-level, NERDX_LOG_LEVEL, log_level. */
static Str name_as_said(Options *options, OptionSource source, const char *name)
{
    if (source == FROM_FILE)
        return str_from(name);
    const char *prefix = source == FROM_FLAG ? "--" : options->table.prefix;
    Str said = str_format(&options->arena, "%s%s", prefix, name);
    for (char *at = (char *)said.data + strlen(prefix); *at; at++) {
        if (source == FROM_FLAG && *at == '_')
            *at = '-';
        if (source == FROM_ENVIRONMENT && *at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    }
    return said;
}

static void note_unknown(Options *options, OptionSource source, Str where, Str name)
{
    const char *meant = near_miss(name, options->names, options->table.count);
    bool is_warning = source == FROM_ENVIRONMENT && !meant;
    Str message = str_format(&options->arena, "no option is called %.*s", STR_ARG(name));

    if (meant)
        message = str_format(&options->arena, "%.*s; did you mean %.*s?", STR_ARG(message),
                             STR_ARG(name_as_said(options, source, meant)));
    add_problem(options, (OptionProblem){is_warning, source, where, message});
}

OptionProblems options_problems(const Options *options)
{
    return (OptionProblems){options->problems, options->problem_count, options->error_count};
}

/* ---- what a source says */

/* Which option a name means: `workers`, or for secrets also `api_key_file`. */
typedef struct Meant {
    bool known;
    bool is_path_of_secret;
    size_t option;
} Meant;

static Meant find_option(const Options *options, Str name)
{
    static const Str SUFFIX = {"_file", 5};

    for (size_t i = 0; i < options->table.count; i++) {
        const Option *option = &options->table.items[i];
        Str known = str_from(option->name);
        if (str_equal(name, known))
            return (Meant){true, false, i};
        if (option->kind == OPTION_KIND_SECRET && name.len == known.len + SUFFIX.len &&
            str_starts(name, known) && str_ends(name, SUFFIX))
            return (Meant){true, true, i};
    }
    return (Meant){0};
}

static void set_value(Options *options, Meant meant, OptionSource source, Str where, Str text)
{
    Value *value = &options->values[meant.option];

    if (value->source == source)
        note(options, source, where, "%s is given twice (also by %.*s)", options->names[meant.option],
             STR_ARG(value->where));
    if (value->source >= source)
        return;
    *value = (Value){source, where, str_copy(&options->arena, text), meant.is_path_of_secret, 0};
}

/* The name in lower case with '_' for '-', at most LONGEST_NAME of it. */
static Str plain_name(Options *options, Str name)
{
    char *plain = str_c(&options->arena, str_slice(name, 0, LONGEST_NAME));
    size_t len = name.len < LONGEST_NAME ? name.len : LONGEST_NAME;

    for (size_t i = 0; i < len; i++)
        plain[i] = plain[i] == '-'                      ? '_'
                   : plain[i] >= 'A' && plain[i] <= 'Z' ? (char)(plain[i] + 'a' - 'A')
                                                        : plain[i];
    return (Str){plain, len};
}

/* ---- flags */

/* A flag taken apart: --name, --name=value, --no-name. */
typedef struct Flag {
    Str said; /* "--name" */
    Str name;
    Str value; /* absent without '=' */
    bool negated;
} Flag;

static Flag split_flag(Options *options, Str argument)
{
    size_t equals = str_find(argument, STR("="), 0);
    Flag flag = {.said = str_slice(argument, 0, equals)};

    if (equals != SIZE_MAX)
        flag.value = str_slice(argument, equals + 1, argument.len);
    flag.name = plain_name(options, str_slice(flag.said, 2, flag.said.len));
    return flag;
}

/* Which option it means, looking behind "no_" for those that are yes or no. */
static Meant find_flag(const Options *options, Flag *flag)
{
    Meant meant = find_option(options, flag->name);

    if (meant.known || !str_starts(flag->name, STR("no_")))
        return meant;
    meant = find_option(options, str_slice(flag->name, 3, flag->name.len));
    flag->negated = meant.known && options->table.items[meant.option].kind == OPTION_KIND_BOOL;
    return flag->negated ? meant : (Meant){0};
}

/* A flag's value: behind '=', the next argument, or absent. A bool needs none. */
static Str flag_value(const Option *option, const Flag *flag, const char *next, int *taken)
{
    if (flag->value.data)
        return flag->value;
    if (option->kind == OPTION_KIND_BOOL)
        return flag->negated ? STR("no") : STR("yes");
    if (!next || str_starts(str_from(next), STR("--")))
        return (Str){0};
    *taken = 2;
    return str_from(next);
}

/* Takes what one flag says; next is the argument behind it. Returns how many arguments it took. */
static int read_flag(Options *options, Str argument, const char *next)
{
    int taken = 1;
    Flag flag = split_flag(options, argument);
    Meant meant = find_flag(options, &flag);

    if (!meant.known) {
        note_unknown(options, FROM_FLAG, flag.said, flag.name);
        return 1;
    }
    const Option *option = &options->table.items[meant.option];
    Str value = flag_value(option, &flag, next, &taken);
    if (option->kind == OPTION_KIND_SECRET && !meant.is_path_of_secret)
        note(options, FROM_FLAG, flag.said, "everyone on this machine could read it; use %.*s-file PATH",
             STR_ARG(flag.said));
    else if (!value.data)
        note(options, FROM_FLAG, flag.said, "a value is missing: %.*s %s", STR_ARG(flag.said),
             option_example(option));
    else
        set_value(options, meant, FROM_FLAG, flag.said, value);
    return taken;
}

static void add_argument(Options *options, const char *argument)
{
    options->arguments =
        memory_grow(options->arguments, options->argument_count + 1, sizeof *options->arguments);
    options->arguments[options->argument_count++] = argument;
}

void options_read_flags(Options *options, int count, char *const *arguments)
{
    bool flags_end = false;

    for (int i = 0; i < count;) {
        Str argument = str_from(arguments[i]);
        if (flags_end || !str_starts(argument, STR("-")) || argument.len == 1) {
            add_argument(options, arguments[i++]);
        } else if (str_equal(argument, STR("--"))) {
            flags_end = true;
            i++;
        } else if (!str_starts(argument, STR("--"))) {
            note(options, FROM_FLAG, argument, "flags begin with two dashes; \"--\" ends them");
            i++;
        } else {
            i += read_flag(options, argument, i + 1 < count ? arguments[i + 1] : NULL);
        }
    }
}

const char *const *options_arguments(const Options *options, size_t *count)
{
    *count = options->argument_count;
    return options->arguments;
}

/* ---- environment and file */

void options_read_environment(Options *options, char *const *environment)
{
    Str prefix = str_from(options->table.prefix);

    for (; *environment; environment++) {
        Str text = str_from(*environment);
        Str where;
        if (!str_starts(text, prefix) || !str_split(&text, '=', &where) || text.len == 0)
            continue; /* NAME= says nothing, as in most programs */
        Str name = plain_name(options, str_slice(where, prefix.len, where.len));
        Meant meant = find_option(options, name);
        if (meant.known)
            set_value(options, meant, FROM_ENVIRONMENT, where, text);
        else
            note_unknown(options, FROM_ENVIRONMENT, where, name);
    }
}

static void read_line(Options *options, Str where, Str line)
{
    Str rest = str_trim(line);
    Str name;

    if (rest.len == 0 || rest.data[0] == '#')
        return;
    if (str_find(rest, STR("="), 0) == SIZE_MAX) {
        note(options, FROM_FILE, where, "a line reads: name = value");
        return;
    }
    (void)str_split(&rest, '=', &name);
    name = str_trim(name);
    Meant meant = find_option(options, name);
    if (meant.known)
        set_value(options, meant, FROM_FILE, where, str_trim(rest));
    else
        note_unknown(options, FROM_FILE, where, name);
}

void options_read_file(Options *options, const char *path, bool must_exist)
{
    AUTO_ARENA Arena scratch = {0};
    Str rest;
    Str line;
    Err e = file_read(&scratch, path, FILE_MAX, &rest);

    if (failed(&e)) {
        if (must_exist || e.code != NOT_FOUND)
            note(options, FROM_FILE, str_copy(&options->arena, str_from(path)), "%s", e.message);
        return;
    }
    size_t valid = utf8_valid_until(rest);
    if (valid < rest.len) {
        note(options, FROM_FILE, str_copy(&options->arena, str_from(path)), "byte %zu is not UTF-8", valid);
        return;
    }
    for (int number = 1; str_split(&rest, '\n', &line); number++)
        read_line(options, str_format(&options->arena, "%s:%d", path, number), line);
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
        Meant meant = find_option(options, str_slice(rest, open + 1, close));
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
        options->values[option] = (Value){0};
        return;
    }
    options->values[option] =
        (Value){FROM_DEFAULT, STR("default"), expand_default(options, option), false, 0};
}

static void read_secret(Options *options, size_t option)
{
    Value *value = &options->values[option];
    const char *path = value->text.data;
    Str text = {0};
    Err e = file_read(&options->arena, path, SECRET_MAX, &text);

    value->text = str_trim(text);
    if (failed(&e))
        note(options, value->source, value->where, "%s: %s", options->names[option], e.message);
}

static void resolve(Options *options, size_t option)
{
    const Option *row = &options->table.items[option];
    Value *value = &options->values[option];

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
    note(options, value->source, value->where, "%s: %s", row->name,
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

static const Value *value_of(const Options *options, size_t option)
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
