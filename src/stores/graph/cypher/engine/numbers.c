/* Functions of numbers, and what becomes one. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "stores/graph/cypher/engine/call.h"

static Err need_number(const Call *call)
{
    return value_is_number(call->arguments[0]) ? OK : call_refuse(call, "a number", call->arguments[0]);
}

Err number_keep_type(const Call *call, Value *out)
{
    TRY(need_number(call));
    *out = call->arguments[0];
    if (out->type == VALUE_FLOAT)
        out->number = fabs(out->number);
    else if (out->integer == INT64_MIN)
        return run_refuse(call->place, "the result is outside the 64-bit integers");
    else if (out->integer < 0)
        out->integer = -out->integer;
    return OK;
}

/* Halves go up: 2.5 to 3, -2.5 to -2. */
static double round_half_up(double number)
{
    double below = floor(number);

    return number - below >= 0.5 ? below + 1 : below;
}

Err number_round(const Call *call, Value *out)
{
    double number;

    TRY(need_number(call));
    if (call->count > 1)
        return run_refuse(call->place, "%.*s(): only one argument is supported", STR_ARG(call->name));
    number = value_to_double(call->arguments[0]);
    if (call->function == CYPHER_FN_CEIL)
        number = ceil(number);
    else
        number = call->function == CYPHER_FN_FLOOR ? floor(number) : round_half_up(number);
    *out = value_float(number);
    return OK;
}

Err number_sign(const Call *call, Value *out)
{
    double number;

    TRY(need_number(call));
    number = value_to_double(call->arguments[0]);
    *out = value_integer((number > 0) - (number < 0));
    return OK;
}

Err number_of_float(const Call *call, Value *out)
{
    static double (*const FUNCTIONS[CYPHER_FUNCTION_COUNT])(double number) = {
        [CYPHER_FN_SQRT] = sqrt, [CYPHER_FN_EXP] = exp,   [CYPHER_FN_LOG] = log, [CYPHER_FN_LOG10] = log10,
        [CYPHER_FN_SIN] = sin,   [CYPHER_FN_COS] = cos,   [CYPHER_FN_TAN] = tan, [CYPHER_FN_ASIN] = asin,
        [CYPHER_FN_ACOS] = acos, [CYPHER_FN_ATAN] = atan,
    };

    TRY(need_number(call));
    *out = value_float(FUNCTIONS[call->function](value_to_double(call->arguments[0])));
    return OK;
}

static Value random_float(void)
{
    return value_float((double)(random_u64() >> 11) * 0x1p-53);
}

Err number_constant(const Call *call, Value *out)
{
    if (call->function == CYPHER_FN_RAND)
        *out = random_float();
    else
        *out = value_float(call->function == CYPHER_FN_E ? M_E : M_PI);
    return OK;
}

/* ---- Numbers from text ---- */

static size_t skip_sign(Str text, size_t at)
{
    return at + (at < text.len && (text.data[at] == '-' || text.data[at] == '+'));
}

static size_t skip_digits(Str text, size_t at)
{
    while (at < text.len && isdigit((unsigned char)text.data[at]))
        at++;
    return at;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit on one side of the point. */
static bool is_decimal(Str text)
{
    size_t at = skip_sign(text, 0);
    size_t whole = skip_digits(text, at) - at;
    size_t fraction = 0;

    at += whole;
    if (at < text.len && text.data[at] == '.') {
        fraction = skip_digits(text, at + 1) - at - 1;
        at += fraction + 1;
    }
    if (whole + fraction > 0 && at < text.len && (text.data[at] | 0x20) == 'e') {
        at = skip_sign(text, at + 1);
        if (skip_digits(text, at) == at)
            return false;
        at = skip_digits(text, at);
    }
    return whole + fraction > 0 && at == text.len;
}

static Err integer_from_float(const Call *call, double number, Value *out)
{
    const double limit = 9223372036854775808.0; /* 2^63 */

    if (!(number >= -limit && number < limit))
        return run_refuse(call->place, "%.*s(): the number is outside the 64-bit integers",
                          STR_ARG(call->name));
    *out = value_integer((int64_t)number);
    return OK;
}

/* Of a decimal: what is before the point, exactly; with an exponent by way of a float. */
static Err integer_from_decimal(const Call *call, Str text, Value *out)
{
    size_t sign = skip_sign(text, 0);
    size_t end = skip_digits(text, sign);
    bool plain = end == text.len || (text.data[end] == '.' && skip_digits(text, end + 1) == text.len);
    int64_t integer = 0;

    if (!plain || (end > sign && !str_to_int(str_slice(text, 0, end), &integer)))
        return integer_from_float(call, strtod(str_c(&call->run->scratch, text), NULL), out);
    *out = value_integer(integer);
    return OK;
}

/* A text that is no number gives null. */
Err number_to_integer(const Call *call, Value *out)
{
    Value value = call->arguments[0];

    switch (value.type) {
    case VALUE_INTEGER:
        *out = value;
        return OK;
    case VALUE_BOOLEAN:
        *out = value_integer(value.boolean);
        return OK;
    case VALUE_FLOAT:
        return integer_from_float(call, value.number, out);
    case VALUE_STRING:
        return is_decimal(value.text) ? integer_from_decimal(call, value.text, out) : OK;
    default:
        return call_refuse(call, "a number, boolean or string", value);
    }
}

Err number_to_float(const Call *call, Value *out)
{
    Value value = call->arguments[0];
    Str text;

    if (value.type == VALUE_STRING) {
        text = str_trim(value.text);
        if (is_decimal(text))
            *out = value_float(strtod(str_c(&call->run->scratch, text), NULL));
        return OK;
    }
    if (!value_is_number(value))
        return call_refuse(call, "a number or string", value);
    *out = value_float(value_to_double(value));
    return OK;
}
