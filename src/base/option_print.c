#include "base/options.h"

#include <string.h>

#include "base/option_kinds.h"

enum { WIDEST = 44 };

static Str shown_value(const Options *options, size_t option)
{
    Str value = options_text(options, option);

    if (!value.data)
        return STR("(none)");
    return options_table(options).items[option].kind == OPTION_KIND_SECRET ? STR("********") : value;
}

static int wider(int width, size_t len)
{
    return len > WIDEST ? width : (int)len > width ? (int)len : width;
}

void options_print_values(const Options *options, FILE *out)
{
    OptionTable table = options_table(options);
    int name_width = 0;
    int value_width = 0;

    for (size_t i = 0; i < table.count; i++) {
        name_width = wider(name_width, strlen(table.items[i].name));
        value_width = wider(value_width, shown_value(options, i).len);
    }
    for (size_t i = 0; i < table.count; i++) {
        Str value = shown_value(options, i);
        Str where = options_where(options, i);
        (void)fprintf(out, "  %-*s  %-*.*s  %.*s\n", name_width, table.items[i].name, value_width,
                      STR_ARG(value), STR_ARG(where.data ? where : STR("-")));
    }
}

/* "--worker-threads N"; for secrets "--api-key-file PATH". */
static Str flag_of(Arena *arena, const Option *option)
{
    bool secret = option->kind == OPTION_KIND_SECRET;
    const char *example = secret ? "PATH" : option->kind == OPTION_KIND_BOOL ? "" : option_example(option);
    Str name = str_format(arena, "%s%s", option->name, secret ? "_file" : "");
    char *dashed = str_c(arena, name);

    for (size_t i = 0; i < name.len; i++)
        if (dashed[i] == '_')
            dashed[i] = '-';
    return str_format(arena, "--%s%s%s", dashed, *example ? " " : "", example);
}

void options_print_help(OptionTable table, FILE *out)
{
    AUTO_ARENA Arena scratch = {0};
    int width = 0;

    for (size_t i = 0; i < table.count; i++)
        width = wider(width, flag_of(&scratch, &table.items[i]).len);
    for (size_t i = 0; i < table.count; i++) {
        const Option *option = &table.items[i];
        (void)fprintf(out, "  %-*s  %s", width, flag_of(&scratch, option).data, option->help);
        if (option->fallback && *option->fallback)
            (void)fprintf(out, " (default: %s)", option->fallback);
        (void)fputc('\n', out);
    }
}
