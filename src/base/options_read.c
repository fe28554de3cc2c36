#include "base/options_inside.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/near.h"
#include "base/option_kinds.h"
#include "base/utf8.h"

enum { FILE_MAX = 1 << 20, LONGEST_NAME = 64 };

/* ---- names and values */

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
    options_add_problem(options, (OptionProblem){is_warning, source, where, message});
}

static void set_value(Options *options, OptionMeant meant, OptionSource source, Str where, Str text)
{
    OptionValue *value = &options->values[meant.option];

    if (value->source == source)
        options_note(options, source, where, "%s is given twice (also by %.*s)", options->names[meant.option],
                     STR_ARG(value->where));
    if (value->source >= source)
        return;
    *value = (OptionValue){source, where, str_copy(&options->arena, text), meant.is_path_of_secret, 0};
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
static OptionMeant find_flag(const Options *options, Flag *flag)
{
    OptionMeant meant = options_find(options, flag->name);

    if (meant.known || !str_starts(flag->name, STR("no_")))
        return meant;
    meant = options_find(options, str_slice(flag->name, 3, flag->name.len));
    flag->negated = meant.known && options->table.items[meant.option].kind == OPTION_KIND_BOOL;
    return flag->negated ? meant : (OptionMeant){0};
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
    OptionMeant meant = find_flag(options, &flag);

    if (!meant.known) {
        note_unknown(options, FROM_FLAG, flag.said, flag.name);
        return 1;
    }
    const Option *option = &options->table.items[meant.option];
    Str value = flag_value(option, &flag, next, &taken);
    if (option->kind == OPTION_KIND_SECRET && !meant.is_path_of_secret)
        options_note(options, FROM_FLAG, flag.said,
                     "everyone on this machine could read it; use %.*s-file PATH", STR_ARG(flag.said));
    else if (!value.data)
        options_note(options, FROM_FLAG, flag.said, "a value is missing: %.*s %s", STR_ARG(flag.said),
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
            options_note(options, FROM_FLAG, argument, "flags begin with two dashes; \"--\" ends them");
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
        OptionMeant meant = options_find(options, name);
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
        options_note(options, FROM_FILE, where, "a line reads: name = value");
        return;
    }
    (void)str_split(&rest, '=', &name);
    name = str_trim(name);
    OptionMeant meant = options_find(options, name);
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
            options_note(options, FROM_FILE, str_copy(&options->arena, str_from(path)), "%s", e.message);
        return;
    }
    size_t valid = utf8_valid_until(rest);
    if (valid < rest.len) {
        options_note(options, FROM_FILE, str_copy(&options->arena, str_from(path)), "byte %zu is not UTF-8",
                     valid);
        return;
    }
    for (int number = 1; str_split(&rest, '\n', &line); number++)
        read_line(options, str_format(&options->arena, "%s:%d", path, number), line);
}
