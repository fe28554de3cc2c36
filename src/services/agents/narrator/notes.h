/* The sentences of a text with what is known of them whoever asks: which lean on the one before ("Both are …"), which the guards
 * forbid, what they tell, their words. Made once for a fact that is kept (book.h). */
#ifndef NERDX_SERVICES_AGENTS_NARRATOR_NOTES_H
#define NERDX_SERVICES_AGENTS_NARRATOR_NOTES_H

#include "services/agents/narrator/voice.h"

enum { NOTES_MAX = 64 };

typedef struct Note {
    Str text; /* a part of the text it was read from */
    size_t paragraph;
    bool leans;             /* can't be understood without the one before it */
    bool forbidden;         /* by the guards */
    uint32_t tells;         /* bit i: it has what ask i is after */
    const uint64_t *hashes; /* its terms (text.h) */
    size_t hash_count;
} Note;

typedef struct Notes {
    Str of; /* the text */
    const Note *items;
    size_t count;
} Notes;

/* At most NOTES_MAX. */
Notes notes_read(const Voice *voice, Arena *arena, Tongue tongue, Str text);

/* One of a text that is one sentence. */
Note note_of(const Voice *voice, Arena *arena, Tongue tongue, Str sentence);

/* text: that of the notes, at another place. */
Notes notes_copy(Arena *arena, const Notes *from, Str text);

#endif
