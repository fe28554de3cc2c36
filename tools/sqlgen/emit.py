"""Writes the C: a header with row structs and one function a query, and a source that calls stores/sql."""

from parse import OWN_NAMES

MOST_ARGUMENTS = 9  # that clang-tidy lets a function have
WIDTH = 110
MAX_LITERAL = 84

C_TYPES = {
    ("int", False): "int64_t ",
    ("int", True): "SqlMaybeInt ",
    ("real", False): "double ",
    ("real", True): "SqlMaybeReal ",
    ("text", False): "Str ",
    ("text", True): "Str ",
    ("blob", False): "SqlBlob ",
    ("blob", True): "SqlBlob ",
}


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def c_type(column):
    return C_TYPES[column.type, column.nullable]


def row_type(module, row):
    """The C type of one row: a struct, or the value itself when there is one column."""
    if len(row.columns) == 1:
        return c_type(row.columns[0])
    return f"{camel(module)}Sql{camel(row.name)} "


def owns_text(row):
    return any(column.type in ("text", "blob") for column in row.columns)


def wrap_call(head, arguments, tail):
    """head(arguments)tail, broken as clang-format does."""
    lines, line = [], head + "("
    indent = " " * len(line)
    for i, argument in enumerate(arguments):
        piece = argument + (", " if i + 1 < len(arguments) else ")" + tail)
        if len((line + piece).rstrip()) > WIDTH:
            lines.append(line.rstrip())
            line = indent
        line += piece
    return "\n".join(lines + [line])


def wrap_list(head, items, tail):
    """head item, item, … tail, filled line by line."""
    lines, line = [], head
    for i, item in enumerate(items):
        piece = item + (", " if i + 1 < len(items) else tail)
        if len((line + piece).rstrip()) > WIDTH:
            lines.append(line.rstrip())
            line = "    "
        line += piece
    return "\n".join(lines + [line])


def arguments_of(module, query):
    arguments = ["Tx *tx"] if query.writes else ["Sql *sql", "Tx *tx"]
    if query.row and query.kind != "each" and (query.kind == "many" or owns_text(query.row)):
        arguments.append("Arena *arena")
    arguments += [f"{c_type(parameter)}{parameter.name}" for parameter in query.parameters]
    return arguments + results(module, query)


def signature(module, query, tail):
    return wrap_call(f"Err {module}_sql_{query.name}", arguments_of(module, query), tail)


def result_name(query):
    """A single column gives its name to the result, unless a parameter or the function itself has it."""
    name = query.row.columns[0].name
    alone = len(query.row.columns) == 1
    free = not OWN_NAMES.fullmatch(name) and name not in [parameter.name for parameter in query.parameters]
    return name if alone and free else "out"


def results(module, query):
    if query.kind == "exec":
        return ["int64_t *changed"]
    kind = row_type(module, query.row)
    name = result_name(query)
    if query.kind == "each":
        return [f"Err (*on_row)(void *context, const {kind}*row)", "void *context"]
    if query.kind == "many":
        return [f"{kind}**{name if name != 'out' else 'rows'}", "size_t *count"]
    return [f"{kind}*{name}"] + (["bool *found"] if query.kind == "optional" else [])


def rows_of(queries):
    rows = {}
    for query in queries:
        if query.row:
            rows.setdefault(query.row.name, query.row)
    return rows.values()


def comment(lines):
    text, out, line = " ".join(lines), [], "/*"
    for word in text.split():
        if len(line) + 1 + len(word) > WIDTH - 3:
            out.append(line)
            line = " *"
        line += " " + word
    return "\n".join(out + [line + " */"]) if text else ""


NOTES = {
    "one": "Gives one row; INTERNAL when there is none.",
    "optional": "Gives one row, or *found false.",
    "many": "Gives all rows, in the arena.",
    "each": "Calls on_row for each row; its text is valid only during the call, and its error ends the walk.",
    "exec": "*changed (may be NULL) tells how many rows it touched.",
}


def banner(source):
    return f"/* Made by tools/sqlgen from {source}: do not edit. */\n"


def emit_struct(module, row):
    name = row_type(module, row).strip()
    absent = [column.name for column in row.columns if column.nullable]
    note = f"/* May be absent: {', '.join(absent)}. */\n" if absent else ""
    fields = "".join(f"    {c_type(column)}{column.name};\n" for column in row.columns)
    return f"{note}typedef struct {name} {{\n{fields}}} {name};\n"


def emit_header(module, source, queries, migrations):
    guard = f"NERDX_{module.upper()}_SQL_H"
    out = [
        banner(source) + f"#ifndef {guard}\n#define {guard}\n",
        '#include "base/arena.h"\n#include "base/err.h"\n#include "base/str.h"\n#include "stores/sql/sql.h"\n',
    ]
    if migrations:
        out.append(f"extern const SqlMigrations {module.upper()}_SQL_MIGRATIONS;\n")
    out += [emit_struct(module, row) for row in rows_of(queries) if len(row.columns) > 1]
    for query in queries:
        note = comment(query.doc + [NOTES[query.kind]])
        out.append(f"{note}\n{signature(module, query, ';')}\n")
    return "\n".join(out) + "\n#endif\n"


def literal(text):
    """A C string, one literal a line of SQL."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    lines = [piece for line in text.split("\n") for piece in break_line(line)]
    return [f'"{line} "' for line in lines[:-1]] + [f'"{lines[-1]}"']


def break_line(line):
    """Broken at a single space, for a piece that ends gets one back."""
    while len(line) > MAX_LITERAL:
        at = line.rfind(" ", 0, MAX_LITERAL)
        if at <= 0:
            break
        yield line[:at]
        line = line[at + 1 :]
    yield line


def field(name, text):
    head = f"    .{name} = "
    return head + ("\n" + " " * len(head)).join(literal(text)) + ",\n"


def emit_columns(row):
    entries = [f'    {{"{c.name}", SQL_{c.type.upper()}, {str(c.nullable).lower()}}},\n' for c in row.columns]
    return f"static const SqlColumn {row.name.upper()}_COLUMNS[] = {{\n{''.join(entries)}}};\n"


GETTERS = {
    ("int", False): "columns[{i}].integer",
    ("int", True): "sql_maybe_int(&columns[{i}])",
    ("real", False): "columns[{i}].real",
    ("real", True): "sql_maybe_real(&columns[{i}])",
    ("text", False): "sql_keep_text(arena, &columns[{i}])",
    ("text", True): "sql_keep_text(arena, &columns[{i}])",
    ("blob", False): "sql_keep_blob(arena, &columns[{i}])",
    ("blob", True): "sql_keep_blob(arena, &columns[{i}])",
}


def emit_fill(module, row):
    kind = row_type(module, row)
    lines = [f"    {kind}*out = row;\n\n"]
    if not owns_text(row):
        lines.append("    (void)arena;\n")
    for i, column in enumerate(row.columns):
        target = "*out" if len(row.columns) == 1 else f"out->{column.name}"
        lines.append(f"    {target} = {GETTERS[column.type, column.nullable].format(i=i)};\n")
    head = f"static void fill_{row.name}(Arena *arena, const SqlValue *columns, void *row)"
    return f"{head}\n{{\n{''.join(lines)}}}\n"


def emit_types(query):
    if not query.parameters:
        return ""
    types = ", ".join(f"SQL_{parameter.type.upper()}" for parameter in query.parameters)
    return wrap_list(f"static const SqlType {query.name.upper()}_TYPES[] = {{", types.split(", "), "};\n")


def emit_statement(module, query):
    columns = f"    .columns = {query.row.name.upper()}_COLUMNS,\n" if query.row else ""
    types = f"    .parameter_types = {query.name.upper()}_TYPES,\n" if query.parameters else ""
    walk = "    .is_walk = true,\n" if query.kind == "each" else ""
    return (
        f"{emit_types(query)}static const SqlStatement {query.name.upper()} = {{\n"
        f'    .name = "{module}_sql_{query.name}",\n'
        f"{field('sqlite', query.text['sqlite'])}{field('postgres', query.text['postgres'])}"
        f"    .parameter_count = {len(query.parameters)},\n{types}"
        f"    .column_count = {len(query.row.columns) if query.row else 0},\n{columns}{walk}}};\n"
    )


def binding(parameter):
    maybe = "maybe_" if parameter.nullable else ""
    return f"sql_bind_{maybe}{parameter.type}({parameter.name})"


def emit_each(module, query):
    """A small bridge from values to the typed callback."""
    kind = row_type(module, query.row)
    name = f"{camel(query.name)}Walk"
    return (
        f"typedef struct {name} {{\n    Err (*on_row)(void *context, const {kind}*row);\n    void *context;\n"
        f"}} {name};\n\n"
        f"static Err walk_{query.name}(void *context, const SqlValue *columns)\n{{\n"
        f"    const {name} *walk = context;\n    {kind}row;\n\n"
        f"    fill_{query.row.name}(NULL, columns, &row);\n    return walk->on_row(walk->context, &row);\n}}\n"
    )


def emit_call(module, query):
    sql = "NULL" if query.writes else "sql"
    statement = f"&{query.name.upper()}"
    parameters = "parameters" if query.parameters else "NULL"
    call = [sql, "tx", statement, parameters]
    if query.kind == "exec":
        return wrap_call("    return sql_run", call + ["NULL", "NULL", "changed"], ";")
    if query.kind == "each":
        return wrap_call("    return sql_run", call + [f"walk_{query.name}", "&walk", "NULL"], ";")
    names = [argument.split("*")[-1] for argument in results(module, query)]
    arena = "arena" if owns_text(query.row) or query.kind == "many" else "NULL"
    fill = f"fill_{query.row.name}"
    if query.kind == "many":
        call += [arena, fill, f"sizeof **{names[0]}", "&all", names[1]]
        return wrap_call("    TRY(sql_fetch_many", call, ");") + f"\n    *{names[0]} = all;\n    return OK;"
    return wrap_call(f"    return sql_fetch_{query.kind}", call + [arena, fill] + names, ";")


def emit_function(module, query):
    lines = [emit_parameters(query)] if query.parameters else []
    if query.kind == "each":
        lines.append(f"    {camel(query.name)}Walk walk = {{on_row, context}};")
    if query.kind == "many":
        lines.append("    void *all;")
    body = "\n".join(lines) + ("\n\n" if lines else "") + emit_call(module, query)
    many = len(arguments_of(module, query)) > MOST_ARGUMENTS
    lint = "/* As many parameters as the query: NOLINTNEXTLINE(readability-function-size) */\n" if many else ""
    return f"{lint}{signature(module, query, '')}\n{{\n{body}\n}}\n"


def emit_parameters(query):
    line = f"    const SqlValue parameters[] = {{{', '.join(binding(p) for p in query.parameters)}}};"
    return line if len(line) <= WIDTH else wrap_braces(query)


def wrap_braces(query):
    entries = "".join(f"        {binding(p)},\n" for p in query.parameters)
    return f"    const SqlValue parameters[] = {{\n{entries}    }};"


def emit_table_statement(module, table, name, text_of, types, gives_rows):
    constant = f"TABLE_{table.name.upper()}_{name.upper()}"
    kinds = wrap_list(f"static const SqlType {constant}_TYPES[] = {{", [f"SQL_{t.upper()}" for t in types], "};\n")
    rows = f"    .column_count = {len(table.columns)},\n    .columns = TABLE_{table.name.upper()}_COLUMNS,\n"
    return (
        f"{kinds if types else ''}static const SqlStatement {constant} = {{\n"
        f'    .name = "{module}_table_{table.name}_{name}",\n'
        f"{field('sqlite', text_of('sqlite'))}{field('postgres', text_of('postgres'))}"
        f"    .parameter_count = {len(types)},\n"
        f"{f'    .parameter_types = {constant}_TYPES,' + chr(10) if types else ''}{rows if gives_rows else ''}}};\n"
    )


def emit_table(module, table):
    upper = table.name.upper()
    key = wrap_list(f"static const int TABLE_{upper}_KEY[] = {{", [str(number) for number in table.key], "};\n")
    entries = [f'    {{"{c.name}", SQL_{c.type.upper()}, {str(c.nullable).lower()}}},\n' for c in table.columns]
    columns = f"static const SqlColumn TABLE_{upper}_COLUMNS[] = {{\n{''.join(entries)}}};\n"
    return columns + key + "".join(emit_table_statement(module, table, *one) for one in table.statements())


def emit_tables(module, tables):
    entries = "".join(
        f'    {{"{t.name}", {", ".join(f"&TABLE_{t.name.upper()}_{s[0].upper()}" for s in t.statements())},\n'
        f"     TABLE_{t.name.upper()}_KEY, {len(t.key)}, {str(t.is_keyed).lower()}, {t.initial_rows}}},\n"
        for t in tables
    )
    return "\n".join([emit_table(module, t) for t in tables] + [f"static const SqlTable TABLES[] = {{\n{entries}}};\n"])


def emit_migrations(module, migrations, tables):
    entries = "".join(
        f'    {{\n        .version = {m.version},\n        .name = "{m.name}",\n'
        + "".join("    " + line + "\n" for d in ("sqlite", "postgres") for line in field(d, m.text[d]).splitlines())
        + "    },\n"
        for m in migrations
    )
    return (
        f"{emit_tables(module, tables)}\n"
        f"static const SqlMigration MIGRATIONS[] = {{\n{entries}}};\n\n"
        f"const SqlMigrations {module.upper()}_SQL_MIGRATIONS = {{\n"
        f"    MIGRATIONS, {len(migrations)}, TABLES, {len(tables)}}};\n"
    )


def emit_source(module, source, queries, migrations, tables):
    out = [banner(source) + f'#include "{module}_sql.h"\n\n#include "stores/sql/statement.h"\n']
    if migrations:
        out.append(emit_migrations(module, migrations, tables))
    for row in rows_of(queries):
        out += [emit_columns(row), emit_fill(module, row)]
    for query in queries:
        out.append(emit_statement(module, query))
        if query.kind == "each":
            out.append(emit_each(module, query))
        out.append(emit_function(module, query))
    return "\n".join(out)
