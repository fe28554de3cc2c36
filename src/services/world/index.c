#include "services/world/index.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/keymap.h"
#include "base/memory.h"

/* How much a word in the field weighs, how much the field's length counts against it (0 = not at all), and the length
 * in words that counts neither for nor against. */
static const struct {
    float boost;
    float length_penalty;
    float usual_length;
} FIELDS[INDEX_FIELDS] = {
    [INDEX_NAME] = {4.0F, 0.3F, 3.0F},
    [INDEX_SUMMARY] = {1.8F, 0.5F, 25.0F},
    [INDEX_TEXT] = {1.0F, 0.5F, 100.0F},
    [INDEX_ASKED] = {1.2F, 0.2F, 50.0F},
};

/* Until sealed, `own` grows; afterwards the postings are a part of the index's `all`. */
typedef struct Entry {
    Posting *own;
    uint32_t count;
    uint32_t capacity;
    size_t first;
    bool is_open; /* the last posting's gain is still its weight */
} Entry;

struct Index {
    Arena text;
    StrIdMap terms[INDEX_KINDS];
    Entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    uint32_t *lengths; /* of each document, in words */
    size_t length_count;
    size_t length_capacity;
    Posting *all;
};

Index *index_create(void)
{
    Index *index = memory_new(Index);

    arena_init(&index->text);
    return index;
}

void index_destroy(Index *index)
{
    if (index == NULL)
        return;
    for (size_t i = 0; i < index->entry_count; i++)
        memory_free(index->entries[i].own);
    for (size_t kind = 0; kind < INDEX_KINDS; kind++)
        keymap_finish(&index->terms[kind]);
    memory_free(index->entries);
    memory_free(index->lengths);
    memory_free(index->all);
    arena_finish(&index->text);
    memory_free(index);
}

static Entry *entry_of(Index *index, IndexKind kind, Str term)
{
    uint32_t known = keymap_get(&index->terms[kind], term);

    if (known != KEYMAP_NONE)
        return &index->entries[known];
    if (index->entry_count == index->entry_capacity) {
        index->entry_capacity = index->entry_capacity > 0 ? index->entry_capacity * 2 : 64;
        index->entries = memory_grow(index->entries, index->entry_capacity, sizeof(Entry));
    }
    *keymap_place(&index->terms[kind], str_copy(&index->text, term)) = (uint32_t)index->entry_count;
    index->entries[index->entry_count] = (Entry){0};
    return &index->entries[index->entry_count++];
}

/* Room for one more posting at the end. */
static Posting *append(Entry *entry)
{
    if (entry->count == entry->capacity) {
        entry->capacity = entry->capacity > 0 ? entry->capacity * 2 : 2;
        entry->own = memory_grow(entry->own, entry->capacity, sizeof(Posting));
    }
    return &entry->own[entry->count++];
}

/* Nothing more comes for the last document. */
static void close_last(Entry *entry)
{
    if (entry->is_open)
        entry->own[entry->count - 1].gain = index_saturate(entry->own[entry->count - 1].gain);
    entry->is_open = false;
}

static void note(Index *index, uint32_t document, IndexKind kind, Str term, float weight)
{
    Entry *entry = entry_of(index, kind, term);

    assert(entry->count == 0 || entry->own[entry->count - 1].document <= document);
    if (entry->count > 0 && entry->own[entry->count - 1].document == document) {
        entry->own[entry->count - 1].gain += weight;
        return;
    }
    close_last(entry);
    *append(entry) = (Posting){document, weight};
    entry->is_open = true;
}

static void note_word(Index *index, uint32_t document, const Word *word, float weight)
{
    note(index, document, INDEX_WORD, word->term, weight);
    for (size_t i = 0; i < word->piece_count; i++)
        note(index, document, INDEX_WORD, word->pieces[i], weight);
    for (size_t i = 0; i < word->pair_count; i++)
        note(index, document, INDEX_PAIR, word->pairs[i], weight);
    if (word->joint.data != NULL)
        note(index, document, INDEX_PAIR, word->joint, weight);
}

static void set_length(Index *index, uint32_t document, uint32_t length)
{
    if (document >= index->length_capacity) {
        index->length_capacity = ((size_t)document + 1) * 2;
        index->lengths = memory_grow(index->lengths, index->length_capacity, sizeof(uint32_t));
    }
    while (index->length_count <= document)
        index->lengths[index->length_count++] = 0;
    index->lengths[document] = length;
}

static float weight_in(IndexField field, size_t length)
{
    float penalty = FIELDS[field].length_penalty;

    return FIELDS[field].boost / (1 - penalty + penalty * (float)length / FIELDS[field].usual_length);
}

void index_add(Index *index, uint32_t document, const IndexText *texts, size_t count)
{
    size_t lengths[INDEX_FIELDS] = {0};
    size_t all = 0;

    for (size_t i = 0; i < count; i++) {
        lengths[texts[i].field] += texts[i].words.count;
        all += texts[i].words.count;
    }
    for (size_t i = 0; i < count; i++) {
        float weight = weight_in(texts[i].field, lengths[texts[i].field]);

        for (size_t w = 0; w < texts[i].words.count; w++)
            note_word(index, document, &texts[i].words.items[w], weight);
    }
    set_length(index, document, (uint32_t)all);
}

static void merge_entry(Index *index, IndexKind kind, Str term, Postings postings, const uint32_t *became)
{
    Entry *entry = NULL;

    for (size_t i = 0; i < postings.count; i++) {
        uint32_t document = became[postings.items[i].document];

        if (document == INDEX_GONE)
            continue;
        if (entry == NULL)
            entry = entry_of(index, kind, term);
        close_last(entry);
        *append(entry) = (Posting){document, postings.items[i].gain};
    }
}

void index_merge(Index *index, const Index *other, const uint32_t *became)
{
    for (size_t kind = 0; kind < INDEX_KINDS; kind++)
        for (size_t i = 0; i < other->terms[kind].capacity; i++) {
            const StrIdSlot *slot = &other->terms[kind].slots[i];

            if (slot->key.data != NULL)
                merge_entry(index, (IndexKind)kind, slot->key, index_postings(other, slot->value), became);
        }
    for (size_t i = 0; i < other->length_count; i++)
        if (became[i] != INDEX_GONE)
            set_length(index, became[i], other->lengths[i]);
}

void index_seal(Index *index)
{
    size_t total = 0;

    for (size_t i = 0; i < index->entry_count; i++)
        total += index->entries[i].count;
    index->all = memory_alloc(total * sizeof(Posting));
    total = 0;
    for (size_t i = 0; i < index->entry_count; i++) {
        Entry *entry = &index->entries[i];

        close_last(entry);
        memcpy(index->all + total, entry->own, entry->count * sizeof(Posting));
        memory_free(entry->own);
        entry->own = NULL;
        entry->first = total;
        total += entry->count;
    }
}

size_t index_term_count(const Index *index)
{
    return index->entry_count;
}

Postings index_postings(const Index *index, size_t term)
{
    const Entry *entry = &index->entries[term];

    return (Postings){index->all + entry->first, entry->count};
}

Postings index_find(const Index *index, IndexKind kind, Str term)
{
    uint32_t at = keymap_get(&index->terms[kind], term);

    return at != KEYMAP_NONE ? index_postings(index, at) : (Postings){0};
}

uint32_t index_length(const Index *index, uint32_t document)
{
    return document < index->length_count ? index->lengths[document] : 0;
}

float postings_gain(Postings postings, uint32_t document)
{
    size_t low = 0;
    size_t high = postings.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (postings.items[middle].document < document)
            low = middle + 1;
        else
            high = middle;
    }
    return low < postings.count && postings.items[low].document == document ? postings.items[low].gain : 0;
}

double index_idf(size_t documents_with_term, size_t documents)
{
    double with = (double)documents_with_term;

    return log(1 + ((double)documents - with + 0.5) / (with + 0.5));
}
