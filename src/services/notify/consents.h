/* Consents to advertising: each act kept, its answer told, and said again every two years. */
#ifndef NERDX_SERVICES_NOTIFY_CONSENTS_H
#define NERDX_SERVICES_NOTIFY_CONSENTS_H

#include "services/notify/core.h"

typedef struct ConsentSaid {
    Str user_id;
    ConsentSubject subject;
    bool is_given; /* false: it is taken back */
    Str source;    /* where it was said */
} ConsentSaid;

/* Within tx: keeps it as the proof, and tells its person, once of the same within a day. Errors: those of the store. */
Err consents_note(const Notify *notify, Tx *tx, Arena *arena, const ConsentSaid *said);

/* The kind CONSENTS_REMIND: who agreed two years ago, or four, is told so, and how to take it back. */
Err consents_remind_run(JobRun *run);

#endif
