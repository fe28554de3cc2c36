#include "services/agents/narrator/book.h"

#include "base/keymap.h"
#include "base/memory.h"
#include "base/thread.h"

struct FactBook {
    int64_t version;
    size_t readers; /* the shelf is one of them; guarded by its lock */
    pthread_mutex_t lock;
    Arena arena;
    StrIdMap places;
    const FactPage *pages[BOOK_PAGES_MAX];
};

struct FactShelf {
    pthread_mutex_t lock;
    FactBook *newest;
};

static FactBook *open_book(int64_t version)
{
    FactBook *book = memory_new(FactBook);

    book->version = version;
    book->readers = 1;
    arena_init(&book->arena);
    (void)pthread_mutex_init(&book->lock, NULL);
    return book;
}

static void let_go(FactBook *book)
{
    if (book == NULL || --book->readers > 0)
        return;
    keymap_finish(&book->places);
    arena_finish(&book->arena);
    (void)pthread_mutex_destroy(&book->lock);
    memory_free(book);
}

FactShelf *fact_shelf_create(void)
{
    FactShelf *shelf = memory_new(FactShelf);

    (void)pthread_mutex_init(&shelf->lock, NULL);
    return shelf;
}

void fact_shelf_destroy(FactShelf *shelf)
{
    if (shelf == NULL)
        return;
    let_go(shelf->newest);
    (void)pthread_mutex_destroy(&shelf->lock);
    memory_free(shelf);
}

FactBook *fact_shelf_take(FactShelf *shelf, int64_t version)
{
    MUTEX_HOLD(&shelf->lock);
    if (shelf->newest == NULL || shelf->newest->version != version) {
        let_go(shelf->newest);
        shelf->newest = open_book(version);
    }
    shelf->newest->readers++;
    return shelf->newest;
}

void fact_shelf_give_back(FactShelf *shelf, FactBook *book)
{
    MUTEX_HOLD(&shelf->lock);
    let_go(book);
}

int64_t fact_book_version(const FactBook *book)
{
    return book->version;
}

const FactPage *fact_book_find(FactBook *book, Str key)
{
    MUTEX_HOLD(&book->lock);
    uint32_t place = keymap_get(&book->places, key);

    return place == KEYMAP_NONE ? NULL : book->pages[place];
}

static Texts copy_texts(Arena *arena, Texts from)
{
    Str *items = arena_array(arena, Str, from.count);

    for (size_t i = 0; i < from.count; i++)
        items[i] = str_copy(arena, from.items[i]);
    return (Texts){items, from.count};
}

static const Property *copy_properties(Arena *arena, const Fact *from)
{
    Property *properties = arena_array(arena, Property, from->property_count);

    for (size_t i = 0; i < from->property_count; i++)
        properties[i] =
            (Property){str_copy(arena, from->properties[i].key), str_copy(arena, from->properties[i].value)};
    return properties;
}

static const Relation *copy_relations(Arena *arena, const Fact *from)
{
    Relation *relations = arena_array(arena, Relation, from->relation_count);

    for (size_t i = 0; i < from->relation_count; i++) {
        const Relation *one = &from->relations[i];
        relations[i] = (Relation){
            .directed = str_copy(arena, one->directed),
            .id = str_copy(arena, one->id),
            .label = str_copy(arena, one->label),
            .name = str_copy(arena, one->name),
            .sample = one->sample,
            .korean = str_copy(arena, one->korean),
        };
    }
    return relations;
}

static const Notes *copy_notes(Arena *arena, const Fact *from, Str text)
{
    Notes *notes = arena_new(arena, Notes);

    if (from->notes == NULL)
        return NULL;
    *notes = notes_copy(arena, from->notes, text);
    return notes;
}

static Fact copy_fact(Arena *arena, const Fact *from)
{
    Fact fact = *from; /* counts and flags */

    fact.id = str_copy(arena, from->id);
    fact.label = str_copy(arena, from->label);
    fact.name = str_copy(arena, from->name);
    fact.korean = str_copy(arena, from->korean);
    fact.summary = str_copy(arena, from->summary);
    fact.text = str_copy(arena, from->text);
    fact.sources = copy_texts(arena, from->sources);
    fact.properties = copy_properties(arena, from);
    fact.relations = copy_relations(arena, from);
    fact.notes = copy_notes(arena, from, fact.text);
    return fact;
}

void fact_page_seek(Arena *arena, FactPage *page)
{
    SoughtName *names = arena_array(arena, SoughtName, page->aliases.count + 2);
    size_t count = 0;

    names[count++] = text_seek(arena, page->fact.name);
    names[count++] = text_seek(arena, page->fact.korean);
    for (size_t i = 0; i < page->aliases.count; i++)
        names[count++] = text_seek(arena, page->aliases.items[i]);
    page->names = names;
    page->name_count = count;
}

void fact_book_keep(FactBook *book, Str key, const FactPage *page)
{
    MUTEX_HOLD(&book->lock);
    size_t count = book->places.count;

    if (count == BOOK_PAGES_MAX || book->arena.used >= BOOK_MAX_BYTES ||
        keymap_get(&book->places, key) != KEYMAP_NONE)
        return;
    FactPage *kept = arena_new(&book->arena, FactPage);
    *kept =
        (FactPage){copy_fact(&book->arena, &page->fact), copy_texts(&book->arena, page->aliases), NULL, 0};
    fact_page_seek(&book->arena, kept);
    book->pages[count] = kept;
    *keymap_place(&book->places, str_copy(&book->arena, key)) = (uint32_t)count;
}
