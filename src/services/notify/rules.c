#include "services/notify/rules.h"

const Rule RULES[NOTICE_CATEGORY_COUNT] = {
    [NOTICE_CATEGORY_SECURITY] = {.is_mailed = true},
    [NOTICE_CATEGORY_ORDER] = {.is_mailed = true},
    [NOTICE_CATEGORY_STORY] = {.is_mailed = true, .may_be_refused = true, .waits = true, .is_capped = true},
    [NOTICE_CATEGORY_OPERATIONS] = {.is_mailed = true, .may_be_refused = true, .is_capped = true},
    [NOTICE_CATEGORY_MARKETING] =
        {.is_mailed = true, .may_be_refused = true, .waits = true, .is_capped = true, .is_advertising = true},
};
