/* What wakes the talk while an answer is made or a line is typed: Ctrl-C, another size of the terminal, the next event of a turn.
 * One for the process. */
#ifndef NERDX_APP_CHAT_SIGNALS_H
#define NERDX_APP_CHAT_SIGNALS_H

#include <stdbool.h>

/* at_terminal: from here on Ctrl-C is noted instead of ending the program. */
void signals_begin(bool at_terminal);

bool signals_interrupted(void); /* whether Ctrl-C was pressed since this was asked last */
bool signals_redraw(void); /* the same for what wants the line drawn anew: a new size, back from Ctrl-Z */

void signals_wake(void);  /* lets signals_sleep return, once; from any thread */
void signals_sleep(void); /* until then, or until a signal */

#endif
