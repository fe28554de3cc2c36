/* What may be told how: one row a category. */
#ifndef NERDX_SERVICES_NOTIFY_RULES_H
#define NERDX_SERVICES_NOTIFY_RULES_H

#include "api/notify.h"

typedef struct Rule {
    bool is_mailed; /* by letter, where nobody said otherwise */
    bool is_pushed; /* to the browsers that take messages, where nobody said otherwise; false: never */
    bool
        may_be_refused; /* as a letter; false: what one must know, preferences don't stop it. A push always may */
    bool waits;         /* for the end of quiet hours */
    bool is_capped;     /* counted against letters a day */
    bool is_advertising; /* by consent alone, and marked so */
    const char *urgency; /* of a push (RFC 8030, section 5.3) */
} Rule;

/* Of an order: 전자상거래 등에서의 소비자보호에 관한 법률 제13조, 제14조 (what was bought, and that an order came in, is told to who
 * bought). Of advertising: 정보통신망 이용촉진 및 정보보호 등에 관한 법률 제50조. Both at https://www.law.go.kr. */
extern const Rule RULES[NOTICE_CATEGORY_COUNT];

/* Which of them is of that name. */
bool rules_find(Str name, NoticeCategory *out);

/* A day: how long a push service keeps it for a browser that isn't there. */
enum { PUSH_TTL_S = 24 * 60 * 60 };

/* When advertising isn't sent without a consent of its own (제50조 제3항): 21:00 to 08:00, Korean time. */
enum { NIGHT_FROM = 21 * 60, NIGHT_UNTIL = 8 * 60 };

#endif
