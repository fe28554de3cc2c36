#include "services/agents/grounding/sheets.h"

#include "base/memory.h"
#include "base/thread.h"

struct Sheets {
    pthread_mutex_t making; /* taken before the other */
    pthread_mutex_t lock;
    Arena arena;
    StrIdMap by_text; /* as it was written -> place in items */
    Sheet *items;
    size_t count;
};

Sheets *sheets_create(void)
{
    Sheets *sheets = memory_new(Sheets);

    (void)pthread_mutex_init(&sheets->making, NULL);
    (void)pthread_mutex_init(&sheets->lock, NULL);
    arena_init(&sheets->arena);
    sheets->items = memory_zalloc(SHEETS_MAX * sizeof(Sheet));
    return sheets;
}

void sheets_destroy(Sheets *sheets)
{
    if (sheets == NULL)
        return;
    keymap_finish(&sheets->by_text);
    arena_finish(&sheets->arena);
    (void)pthread_mutex_destroy(&sheets->lock);
    (void)pthread_mutex_destroy(&sheets->making);
    memory_free(sheets->items);
    memory_free(sheets);
}

static bool find(Sheets *sheets, Str written, Sheet *out)
{
    MUTEX_HOLD(&sheets->lock);
    uint32_t at = keymap_get(&sheets->by_text, written);

    if (at == KEYMAP_NONE)
        return false;
    *out = sheets->items[at];
    return true;
}

static bool has_room(Sheets *sheets)
{
    MUTEX_HOLD(&sheets->lock);
    return sheets->count < SHEETS_MAX && sheets->arena.used <= SHEETS_MAX_BYTES;
}

/* Somebody else may have kept the same meanwhile: then it is there. */
static void keep(Sheets *sheets, Str written, const Sheet *sheet)
{
    if (!has_room(sheets))
        return;
    MUTEX_HOLD(&sheets->lock);
    uint32_t *place = keymap_place(&sheets->by_text, str_copy(&sheets->arena, written));
    if (*place != KEYMAP_NONE)
        return;
    *place = (uint32_t)sheets->count;
    Sheet *kept = &sheets->items[sheets->count++];
    kept->text = str_copy(&sheets->arena, sheet->text);
    ground_copy(&sheets->arena, &sheet->ground, &kept->ground);
}

static Str with_names(Arena *arena, Str text, Texts names)
{
    Buf out;

    buf_init(&out, arena, text.len + 1);
    buf_put(&out, text);
    for (size_t i = 0; i < names.count; i++) {
        buf_put_char(&out, '\n');
        buf_put(&out, names.items[i]);
    }
    return buf_str(&out);
}

static void make(const Guards *guards, const Grounding *grounding, Arena *arena, Str written, Texts names,
                 Sheet *out)
{
    out->text = guards != NULL ? guards_defuse(guards, arena, written) : written;
    ground_make(grounding, arena, with_names(arena, out->text, names), &out->ground);
}

/* One at a time: who comes for the same sheet finds it made, and what making takes for a moment (megabytes) is taken once. */
static bool find_or_make(Sheets *sheets, const Guards *guards, const Grounding *grounding, Str written,
                         Texts names, Sheet *out)
{
    AUTO_ARENA Arena scratch = {0};
    MUTEX_HOLD(&sheets->making);

    if (find(sheets, written, out))
        return true;
    make(guards, grounding, &scratch, written, names, out);
    keep(sheets, written, out);
    return find(sheets, written, out);
}

void sheet_find(Sheets *sheets, const Guards *guards, const Grounding *grounding, Arena *arena, Str written,
                Texts names, Sheet *out)
{
    if (find(sheets, written, out))
        return;
    if (!has_room(sheets) || !find_or_make(sheets, guards, grounding, written, names, out))
        make(guards, grounding, arena, written, names, out);
}
