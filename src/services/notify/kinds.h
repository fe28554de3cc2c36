/* What the jobs of notices are called. */
#ifndef NERDX_SERVICES_NOTIFY_KINDS_H
#define NERDX_SERVICES_NOTIFY_KINDS_H

#define DELIVER_MAIL "notify.mail"        /* deliver.c */
#define DIGEST "notify.digest"            /* digest.c */
#define PUSH_ALL "notify.push"            /* push_jobs.c: whether it may go, and to whom */
#define CONSENTS_REMIND "notify.consents" /* consents.c */
#define PUSH_DEVICE "notify.push_device"  /* to one device */
#define PUSH_ONE "notify.push_one"        /* to one browser */

#endif
