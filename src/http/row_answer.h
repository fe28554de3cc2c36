/* Operations whose answer is made of rows (x-rows), in the form that is asked for. */
#ifndef NERDX_HTTP_ROW_ANSWER_H
#define NERDX_HTTP_ROW_ANSWER_H

#include "http/exchange.h"

/* Runs the operation and answers with its first rows; the others flow behind. Errors: NOT_ACCEPTABLE, the operation's. */
Err row_answer(const Operation *operation, Call *call, Exchange *exchange);

#endif
