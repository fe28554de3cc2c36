/* nerdx jobs kinds: what the program does by itself, from the tables of its services: nothing is opened. */
#ifndef NERDX_APP_JOB_KINDS_H
#define NERDX_APP_JOB_KINDS_H

#include "app/command.h"

ExitCode job_kinds_print(void);

#endif
