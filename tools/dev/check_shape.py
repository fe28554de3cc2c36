"""The shape of the C in the house: how long functions and files may be, and that every folder says what it is for."""

import re
import statistics

from house import ROOT, say, tracked

FUNCTION_LINES, FUNCTION_USUAL, USUAL_SHARE = 60, 25, 0.85
FILE_LINES = 500
HEAD = re.compile(r"^(?!typedef|struct|enum|union|static const|const|#)[A-Za-z_].*\b([A-Za-z_]\w*)\(")


def functions(lines):
    """(name, first line, length in lines) of each function, for text laid out by clang-format."""
    name, start = None, 0
    for number, line in enumerate(lines, 1):
        head = HEAD.match(line)
        if head and not line.endswith(";"):
            name, start = head.group(1), number
        elif line == "}" and name:
            yield name, start, number - start + 1
            name = None
        elif line.startswith("};") or (line.endswith(");") and not line.startswith(" ")):
            name = None


def check():
    found, lengths = [], []
    for path in tracked("src/*.c", "src/*.h", "tests/*.c"):
        lines, where = path.read_text().splitlines(), path.relative_to(ROOT)
        if len(lines) > FILE_LINES:
            found.append(f"{where}: {len(lines)} lines, more than {FILE_LINES}: it has two subjects")
        for name, start, length in functions(lines):
            if length > FUNCTION_LINES:
                found.append(
                    f"{where}:{start}: {name} has {length} lines, more than {FUNCTION_LINES}: it does two things"
                )
            if where.parts[0] == "src":
                lengths.append(length)
    if lengths:
        usual = sum(length <= FUNCTION_USUAL for length in lengths) / len(lengths)
        middle = statistics.median(lengths)
        say(f"   {len(lengths)} functions, median {middle:.0f} lines, {usual:.0%} up to {FUNCTION_USUAL}")
        if usual < USUAL_SHARE:
            found.append(f"src: {usual:.0%} of the functions have up to {FUNCTION_USUAL} lines, not {USUAL_SHARE:.0%}")
    return found


def check_notes():
    """Every folder with code has a README.md of at least three lines."""
    kinds = (".c", ".h", ".py", ".sql", ".yaml", ".js", ".sh", ".lua", ".go")
    folders = {
        path.parent
        for path in tracked("src", "tools", "api", "bench", "tests", "web", "content")
        if path.suffix in kinds
    }
    found = []
    for folder in sorted(folders):
        note = next((f / "README.md" for f in (folder, folder.parent) if (f / "README.md").is_file()), None)
        if note is None:
            found.append(f"{folder.relative_to(ROOT)}: no README.md here or one folder up")
        elif len(note.read_text().splitlines()) < 3:
            found.append(
                f"{note.relative_to(ROOT)}: say what lives here, what may come in, what it may use, where to start"
            )
    return found
