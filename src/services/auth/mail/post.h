/* Letters on their way: at once where that is quick, else as jobs of the service's own database, so that nobody waits for a relay and no
 * letter is lost with one. What waits is sealed (seal.h): a link to set a password is nobody's who may look at jobs. */
#ifndef NERDX_SERVICES_AUTH_MAIL_POST_H
#define NERDX_SERVICES_AUTH_MAIL_POST_H

#include "services/auth/core.h"

/* context: the service. */
Err post_letter(void *context, Arena *arena, const Mail *mail);

/* The kind "auth.letter". */
Err post_run(JobRun *run);
#define POST_LETTER "auth.letter"

#endif
