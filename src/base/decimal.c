#include "base/decimal.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { FEWEST_DIGITS = 15, MOST_DIGITS = 17 };

__extension__ typedef unsigned __int128 Wide;

/* |value| = mantissa / 2^shift; with these bounds mantissa × 10^places and a decimal × 2^shift are below 2^128. */
static const double LEAST = 1e-4, BOUND = 1e3;

typedef struct Binary {
    uint64_t mantissa; /* 2^52 to 2^53 */
    int shift;         /* 43 to 66 */
} Binary;

/* whole / 10^places */
typedef struct Decimal {
    uint64_t whole;
    int places;
} Decimal;

/* The fields of IEEE 754's binary64. */
static Binary binary_of(double value)
{
    const uint64_t hidden = UINT64_C(1) << 52;
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (Binary){(bits & (hidden - 1)) | hidden, 1075 - (int)(bits >> 52)};
}

/* The places behind the point with which the value has one digit. */
static int places_of_one(double value)
{
    static const double UNITS[] = {1e2, 1e1, 1, 1e-1, 1e-2, 1e-3, LEAST};
    int i = 0;

    while (value < UNITS[i])
        i++;
    return i - 2;
}

static Wide power_of_ten(int exponent)
{
    static const uint64_t BY_FOUR[] = {1, 10000, 100000000, 1000000000000, 10000000000000000};
    static const Wide REST[] = {1, 10, 100, 1000};

    return REST[exponent % 4] * (exponent < 20 ? BY_FOUR[exponent / 4] : (Wide)BY_FOUR[4] * 10000);
}

/* Rounds to so many places, to even in the middle. True when the decimal reads back as the value: when it is nearer
 * than half of the distance to the next double, which is 10^places in units of 2^-shift × 10^-places. */
static bool round_to(Binary binary, int places, Decimal *out)
{
    Wide power = power_of_ten(places);
    Wide scaled = binary.mantissa * power;
    Wide unit = (Wide)1 << binary.shift;
    Wide off = scaled & (unit - 1);
    uint64_t whole = (uint64_t)(scaled >> binary.shift);
    bool up = 2 * off > unit || (2 * off == unit && whole % 2 == 1);
    /* Below a power of two doubles are twice as near. */
    Wide times = binary.mantissa == UINT64_C(1) << 52 && !up ? 4 : 2;

    *out = (Decimal){whole + up, places};
    off = up ? unit - off : off;
    return times * off < power || (times * off == power && binary.mantissa % 2 == 0);
}

static Decimal without_zeros(Decimal decimal)
{
    while (decimal.places > 0 && decimal.whole % 10 == 0) {
        decimal.whole /= 10;
        decimal.places--;
    }
    return decimal;
}

static size_t write(Decimal decimal, bool negative, char *out)
{
    char digits[DECIMAL_TEXT];
    size_t at = sizeof digits;
    size_t len = 0;

    for (int i = 0; i <= decimal.places || decimal.whole > 0; i++, decimal.whole /= 10) {
        if (i == decimal.places && i > 0)
            digits[--at] = '.';
        digits[--at] = (char)('0' + decimal.whole % 10);
    }
    if (negative)
        digits[--at] = '-';
    while (at < sizeof digits)
        out[len++] = digits[at++];
    return len;
}

size_t decimal_print(double value, char out[static DECIMAL_TEXT])
{
    double size = fabs(value);
    Decimal decimal;
    Binary binary;
    int places;

    if (!(size >= LEAST && size < BOUND))
        return 0;
    binary = binary_of(size);
    places = places_of_one(size) + FEWEST_DIGITS - 1;
    while (!round_to(binary, places, &decimal) && places < places_of_one(size) + MOST_DIGITS - 1)
        places++;
    return write(without_zeros(decimal), value < 0, out);
}

bool decimal_read(Str text, double *out)
{
    static const double TENS[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool negative = text.len > 0 && text.data[0] == '-';
    size_t point = text.len;
    size_t digits = 0;
    int64_t whole = 0;

    for (size_t i = negative; i < text.len; i++) {
        char c = text.data[i];

        if (c == '.' && point == text.len && digits > 0 && i + 1 < text.len) {
            point = i;
            continue;
        }
        if (c < '0' || c > '9' || ++digits > FEWEST_DIGITS)
            return false;
        whole = whole * 10 + (c - '0');
    }
    /* Both are exact, so that their quotient is rounded once. */
    *out = (double)whole / TENS[point < text.len ? text.len - point - 1 : 0];
    *out = negative ? -*out : *out;
    return digits > 0;
}
