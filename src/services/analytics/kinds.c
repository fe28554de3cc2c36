#include "services/analytics/kinds.h"

const KindRow KIND_ROWS[EVENT_KIND_COUNT] = {
    [EVENT_KIND_PAGE_VIEWED] = {1, true},     [EVENT_KIND_TALK_STARTED] = {2, false},
    [EVENT_KIND_PRODUCT_VIEWED] = {3, false}, [EVENT_KIND_CART_ADDED] = {4, false},
    [EVENT_KIND_CAMEO_REQUESTED] = {5, true}, [EVENT_KIND_CAMEO_FINISHED] = {6, true},
    [EVENT_KIND_ORDER_PLACED] = {7, true},    [EVENT_KIND_AR_OPENED] = {8, false},
    [EVENT_KIND_ACCOUNT_MADE] = {9, true},    [EVENT_KIND_TURN_ENDED] = {10, true},
    [EVENT_KIND_MEMBER_JOINED] = {11, true},
};

bool kind_of_code(uint8_t code, EventKind *out)
{
    for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
        if (KIND_ROWS[i].code == code) {
            *out = (EventKind)i;
            return true;
        }
    return false;
}
