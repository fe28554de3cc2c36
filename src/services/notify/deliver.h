/* Letters of what somebody was told. */
#ifndef NERDX_SERVICES_NOTIFY_DELIVER_H
#define NERDX_SERVICES_NOTIFY_DELIVER_H

#include "services/notify/core.h"

/* Why no letter of that category goes out from here, whoever it is to; NULL: they do. */
const char *deliver_why_not(const Notify *notify, NoticeCategory category);

/* The kind DELIVER_MAIL; outgoing_add adds it. */
Err deliver_run(JobRun *run);

#endif
