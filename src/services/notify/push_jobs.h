/* Pushing what somebody was told to the browsers that take messages. */
#ifndef NERDX_SERVICES_NOTIFY_PUSH_JOBS_H
#define NERDX_SERVICES_NOTIFY_PUSH_JOBS_H

#include "services/notify/core.h"

enum { MOST_BROWSERS = 10, MOST_DEVICES = 10 }; /* of a person */

/* Adds what pushes it, in the transaction that tells, where there is a browser or a device to push to. Errors: those of the store. */
Err push_within(const Notify *notify, Tx *tx, Arena *arena, Str user_id, Str notice_id);

/* The kinds PUSH_ALL, PUSH_ONE and PUSH_DEVICE: the first asks whether it may go, and adds one of the others for each browser and device. */
Err push_all_run(JobRun *run);
Err push_one_run(JobRun *run);
Err push_device_run(JobRun *run);

#endif
