/* Being asked to stop: SIGTERM and SIGINT, for commands that run until then. */
#ifndef NERDX_APP_STOP_H
#define NERDX_APP_STOP_H

/* From here on the two are taken, and blocked in the threads that are started. */
void stop_begin(void);

/* Until one comes. Returns which: "TERM" or "INT". */
const char *stop_wait(void);

/* So long, or until another comes. */
void stop_wait_for(int ms);

#endif
