#include "services/notify/rules.h"

const Rule RULES[NOTICE_CATEGORY_COUNT] = {
    [NOTICE_CATEGORY_SECURITY] = {.is_mailed = true, .is_pushed = true, .urgency = "high"},
    [NOTICE_CATEGORY_ORDER] = {.is_mailed = true, .is_pushed = true, .urgency = "normal"},
    [NOTICE_CATEGORY_STORY] = {.is_mailed = true,
                               .is_pushed = true,
                               .may_be_refused = true,
                               .waits = true,
                               .is_capped = true,
                               .urgency = "low"},
    [NOTICE_CATEGORY_OPERATIONS] = {.is_mailed = true,
                                    .is_pushed = true,
                                    .may_be_refused = true,
                                    .is_capped = true,
                                    .urgency = "normal"},
    [NOTICE_CATEGORY_MARKETING] =
        {.is_mailed = true, .may_be_refused = true, .waits = true, .is_capped = true, .is_advertising = true},
};

bool rules_find(Str name, NoticeCategory *out)
{
    for (size_t i = 0; i < NOTICE_CATEGORY_COUNT; i++)
        if (str_equal(name, NOTICE_CATEGORY_TEXT[i])) {
            *out = (NoticeCategory)i;
            return true;
        }
    return false;
}
