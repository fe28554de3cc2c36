#include "services/world/ingest/passages.h"

#include <string.h>

#include "base/utf8.h"

typedef struct Cutting {
    Arena *arena;
    Passage *items;
    size_t count;
    size_t capacity;
    Str heading;
    Str open;      /* what the passage that is being made holds so far; absent when none is */
    Str paragraph; /* the lines of it so far, likewise */
} Cutting;

static Passage *more_room(Cutting *cutting)
{
    if (cutting->count == cutting->capacity) {
        Passage *items;

        cutting->capacity = cutting->capacity > 0 ? 2 * cutting->capacity : 32;
        items = arena_array(cutting->arena, Passage, cutting->capacity);
        if (cutting->count > 0)
            memcpy(items, cutting->items, cutting->count * sizeof *items);
        cutting->items = items;
    }
    return &cutting->items[cutting->count++];
}

static void close_passage(Cutting *cutting)
{
    Str text = str_trim(cutting->open);

    cutting->open = (Str){0};
    if (text.len > 0)
        *more_room(cutting) = (Passage){cutting->heading, text};
}

/* The longest start that fits and ends between words, or else between characters. */
static size_t cut_at(Str text)
{
    size_t at = utf8_cut_bytes(text, PASSAGE_MAX_BYTES).len;
    size_t blank = at;

    while (blank > 0 && text.data[blank - 1] != ' ' && text.data[blank - 1] != '\n')
        blank--;
    return blank > 0 ? blank : at;
}

/* The paragraph has ended, if there was one. */
static void close_paragraph(Cutting *cutting)
{
    Str paragraph = cutting->paragraph;
    const char *end;

    cutting->paragraph = (Str){0};
    if (paragraph.data == NULL)
        return;
    end = paragraph.data + paragraph.len;
    if (cutting->open.data != NULL && (size_t)(end - cutting->open.data) > PASSAGE_MAX_BYTES)
        close_passage(cutting);
    while (paragraph.len > PASSAGE_MAX_BYTES) {
        size_t cut = cut_at(paragraph);

        *more_room(cutting) = (Passage){cutting->heading, str_trim(str_slice(paragraph, 0, cut))};
        paragraph = str_slice(paragraph, cut, paragraph.len);
    }
    if (cutting->open.data == NULL)
        cutting->open = (Str){paragraph.data, 0};
    cutting->open.len = (size_t)(end - cutting->open.data);
}

/* "## Heading" without its signs; absent when the line is none. */
static Str heading_of(Str line)
{
    size_t level = 0;

    while (level < line.len && line.data[level] == '#')
        level++;
    if (level == 0 || level > 6 || level == line.len || line.data[level] != ' ')
        return (Str){0};
    return str_trim(str_slice(line, level, line.len));
}

static void add_line(Cutting *cutting, Str line)
{
    Str heading = heading_of(line);

    if (str_trim(line).len == 0) {
        close_paragraph(cutting);
    } else if (heading.data != NULL) {
        close_paragraph(cutting);
        close_passage(cutting);
        cutting->heading = heading;
    } else if (cutting->paragraph.data == NULL) {
        cutting->paragraph = line;
    } else {
        cutting->paragraph.len = (size_t)(line.data + line.len - cutting->paragraph.data);
    }
}

size_t passages_of(Arena *arena, Str body, Passage **out)
{
    Cutting cutting = {.arena = arena};
    Str line;

    while (str_split(&body, '\n', &line))
        add_line(&cutting, line);
    close_paragraph(&cutting);
    close_passage(&cutting);
    *out = cutting.items;
    return cutting.count;
}

static MentionPlace place_of(Str text, Words words, const NameMatch *match)
{
    const Str first = words.items[match->first].surface;
    const Str last = words.items[match->first + match->count - 1].surface;
    size_t begin = (size_t)(first.data - text.data);
    size_t end = (size_t)(last.data + last.len - text.data);

    return (MentionPlace){utf8_count(str_slice(text, 0, begin)), utf8_count(str_slice(text, begin, end))};
}

static Mention *mention_of(Mention *mentions, size_t *count, const CatalogueEntity *entity, Arena *arena,
                           size_t max_places)
{
    for (size_t i = 0; i < *count; i++)
        if (mentions[i].entity == entity)
            return &mentions[i];
    mentions[*count] = (Mention){entity, arena_array(arena, MentionPlace, max_places), 0};
    return &mentions[(*count)++];
}

size_t passage_mentions(Arena *arena, const Catalogue *catalogue, const Passage *passage, Mention **out)
{
    Words words = analyse(arena, passage->text);
    NameMatch *matches;
    size_t match_count = names_find(catalogue_names(catalogue), arena, words, &matches);
    size_t count = 0;

    *out = arena_array(arena, Mention, match_count);
    for (size_t i = 0; i < match_count; i++) {
        const CatalogueEntity *entity = catalogue_entity(catalogue, matches[i].entities[0]);
        Mention *mention;

        if (matches[i].entity_count != 1)
            continue;
        mention = mention_of(*out, &count, entity, arena, match_count);
        mention->places[mention->place_count++] = place_of(passage->text, words, &matches[i]);
    }
    return count;
}
