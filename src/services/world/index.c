#include "services/world/index.h"

#include <assert.h>
#include <math.h>

#include "base/keymap.h"
#include "base/memory.h"

/* Weight of a word in the field, and how much the field's length counts against it (0 = not at all). */
static const struct {
    float boost;
    float length_penalty;
} FIELDS[INDEX_COUNT] = {
    [INDEX_NAME] = {4.0F, 0.3F},
    [INDEX_SUMMARY] = {1.8F, 0.5F},
    [INDEX_TEXT] = {1.0F, 0.75F},
};
static const double SATURATION = INDEX_MAX_GAIN - 1; /* k1 */

typedef struct Occurrence {
    uint32_t document;
    uint32_t times[INDEX_COUNT];
} Occurrence;

typedef struct TermEntry {
    Occurrence *occurrences; /* until sealed */
    Posting *postings;       /* afterwards */
    size_t count;
    size_t capacity;
    double idf;
} TermEntry;

struct Index {
    Arena text;
    StrIdMap terms;
    TermEntry *entries;
    size_t entry_count;
    size_t entry_capacity;
    uint32_t *lengths; /* words a document and field */
    size_t length_capacity;
    size_t document_count;
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
    for (size_t i = 0; i < index->entry_count; i++) {
        memory_free(index->entries[i].occurrences);
        memory_free(index->entries[i].postings);
    }
    memory_free(index->entries);
    memory_free(index->lengths);
    keymap_finish(&index->terms);
    arena_finish(&index->text);
    memory_free(index);
}

static TermEntry *entry_of(Index *index, Str term)
{
    uint32_t known = keymap_get(&index->terms, term);

    if (known != KEYMAP_NONE)
        return &index->entries[known];
    if (index->entry_count == index->entry_capacity) {
        index->entry_capacity = index->entry_capacity > 0 ? index->entry_capacity * 2 : 1024;
        index->entries = memory_grow(index->entries, index->entry_capacity, sizeof(TermEntry));
    }
    *keymap_place(&index->terms, str_copy(&index->text, term)) = (uint32_t)index->entry_count;
    index->entries[index->entry_count] = (TermEntry){0};
    return &index->entries[index->entry_count++];
}

static void note(Index *index, uint32_t document, IndexField field, Str term)
{
    TermEntry *entry = entry_of(index, term);

    if (entry->count == 0 || entry->occurrences[entry->count - 1].document != document) {
        assert(entry->count == 0 || entry->occurrences[entry->count - 1].document < document);
        if (entry->count == entry->capacity) {
            entry->capacity = entry->capacity > 0 ? entry->capacity * 2 : 2;
            entry->occurrences = memory_grow(entry->occurrences, entry->capacity, sizeof(Occurrence));
        }
        entry->occurrences[entry->count++] = (Occurrence){.document = document};
    }
    entry->occurrences[entry->count - 1].times[field]++;
}

static uint32_t *length_of(Index *index, uint32_t document, IndexField field)
{
    size_t needed = ((size_t)document + 1) * INDEX_COUNT;

    if (needed > index->length_capacity) {
        size_t capacity = needed * 2;

        index->lengths = memory_grow(index->lengths, capacity, sizeof(uint32_t));
        for (size_t i = index->length_capacity; i < capacity; i++)
            index->lengths[i] = 0;
        index->length_capacity = capacity;
    }
    return &index->lengths[(size_t)document * INDEX_COUNT + (size_t)field];
}

void index_add(Index *index, uint32_t document, IndexField field, Words words)
{
    *length_of(index, document, field) += (uint32_t)words.count;
    for (size_t i = 0; i < words.count; i++) {
        const Word *word = &words.items[i];

        note(index, document, field, word->term);
        for (size_t p = 0; p < word->part_count; p++)
            note(index, document, field, word->parts[p]);
    }
}

static void average_lengths(Index *index, double averages[INDEX_COUNT])
{
    for (size_t f = 0; f < INDEX_COUNT; f++) {
        double sum = 0;

        for (size_t d = 0; d < index->document_count; d++)
            sum += *length_of(index, (uint32_t)d, (IndexField)f);
        averages[f] = fmax(1.0, sum / fmax(1.0, (double)index->document_count));
    }
}

/* Occurrences weighed by field and by the field's length, before saturation. */
static double weigh(Index *index, const Occurrence *o, const double averages[INDEX_COUNT])
{
    double weight = 0;

    for (size_t f = 0; f < INDEX_COUNT; f++) {
        double penalty = (double)FIELDS[f].length_penalty;
        double length = *length_of(index, o->document, (IndexField)f);

        if (o->times[f] > 0)
            weight += (double)FIELDS[f].boost * o->times[f] / (1 - penalty + penalty * length / averages[f]);
    }
    return weight;
}

static double idf(const Index *index, size_t documents_with_term)
{
    double with = (double)documents_with_term;

    return log(1 + ((double)index->document_count - with + 0.5) / (with + 0.5));
}

static void seal_entry(Index *index, TermEntry *entry, const double averages[INDEX_COUNT])
{
    double k1 = SATURATION;

    entry->idf = idf(index, entry->count);
    entry->postings = memory_alloc(entry->count * sizeof(Posting));
    for (size_t i = 0; i < entry->count; i++) {
        double weight = weigh(index, &entry->occurrences[i], averages);

        entry->postings[i] = (Posting){
            .document = entry->occurrences[i].document,
            .score = (float)(entry->idf * weight * (k1 + 1) / (weight + k1)),
        };
    }
    memory_free(entry->occurrences);
    entry->occurrences = NULL;
}

void index_seal(Index *index, size_t document_count)
{
    double averages[INDEX_COUNT];

    index->document_count = document_count;
    average_lengths(index, averages);
    for (size_t i = 0; i < index->entry_count; i++)
        seal_entry(index, &index->entries[i], averages);
}

Postings index_find(const Index *index, Str term)
{
    uint32_t at = keymap_get(&index->terms, term);

    if (at == KEYMAP_NONE)
        return (Postings){0};
    return (Postings){index->entries[at].postings, index->entries[at].count, index->entries[at].idf};
}

double index_rarest(const Index *index)
{
    return idf(index, 1);
}

const Posting *postings_of(Postings postings, uint32_t document)
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
    return low < postings.count && postings.items[low].document == document ? &postings.items[low] : NULL;
}
