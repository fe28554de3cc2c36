/* Letters of what somebody was told. */
#ifndef NERDX_SERVICES_NOTIFY_DELIVER_H
#define NERDX_SERVICES_NOTIFY_DELIVER_H

#include "services/notify/core.h"

#define DELIVER_MAIL "notify.mail"

/* That kind; outgoing_add adds it. */
Err deliver_run(JobRun *run);

#endif
