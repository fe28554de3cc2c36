/* Letters of what somebody was told. */
#ifndef NERDX_SERVICES_NOTIFY_DELIVER_H
#define NERDX_SERVICES_NOTIFY_DELIVER_H

#include "services/notify/core.h"

/* The kind DELIVER_MAIL; outgoing_add adds it. */
Err deliver_run(JobRun *run);

#endif
