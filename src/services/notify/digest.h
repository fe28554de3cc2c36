/* Several notices of a kind become one letter (digest_minutes of a template). */
#ifndef NERDX_SERVICES_NOTIFY_DIGEST_H
#define NERDX_SERVICES_NOTIFY_DIGEST_H

#include "services/notify/outgoing.h"

/* Within the transaction that tells: its letter waits for the end of a window of so many minutes. Errors: those of the store. */
Err digest_add(const Notify *notify, Tx *tx, Arena *arena, const NoticeTelling *telling, int minutes);

/* The kind DIGEST: what was told in a window goes as one letter, that of the oldest, which asks whether it may as any other. */
Err digest_run(JobRun *run);

/* The end of a letter's job whose notice its reader has deleted: those that it carries go as another letter. Errors: those of the store. */
Err digest_hand_on(JobRun *run);

/* The words of a letter that carries others become those of all. input: of its job. Errors: those of the store. */
Err digest_word(Outgoing *of, const json_t *input);

#endif
