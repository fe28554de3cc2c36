/* Expressions and what they are worth. */
#include "small_graph.h"

typedef struct Case {
    const char *expression;
    const char *value; /* JSON */
} Case;

static const Case LITERALS[] = {
    {"1", "1"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"1.0", "1.0"},
    {"1e20", "1e+20"},
    {"0.1 + 0.2", "0.30000000000000004"},
    {"'누룩'", "\"누룩\""},
    {"[1, [2.5, null], {b: 1, a: 'x'}]", "[1,[2.5,null],{\"a\":\"x\",\"b\":1}]"},
    {"{a: 1, a: 2}", "{\"a\":2}"},
    {"0.0 / 0.0", "\"NaN\""},
    {"-1.0 / 0.0", "\"-Infinity\""},
    {"null", "null"},
};

static const Case ARITHMETIC[] = {
    {"7 / 2", "3"},
    {"-7 / 2", "-3"},
    {"-7 % 3", "-1"},
    {"7.0 / 2", "3.5"},
    {"2 ^ 3", "8.0"},
    {"1 + null", "null"},
    {"'a' + 1", "\"a1\""},
    {"1.5 + 'a'", "\"1.5a\""},
    {"[1] + 2", "[1,2]"},
    {"0 + [1]", "[0,1]"},
    {"[1] + [[2]]", "[1,[2]]"},
    {"[1] + null", "null"},
    {"-(-3)", "3"},
    {"9223372036854775807 % -1", "0"},
    {"5 % 2.5", "0.0"},
};

static const Case LOGIC[] = {
    {"null AND false", "false"},
    {"null AND true", "null"},
    {"null OR true", "true"},
    {"null OR false", "null"},
    {"null XOR true", "null"},
    {"true XOR true", "false"},
    {"NOT null", "null"},
    {"null = null", "null"},
    {"null IS NULL", "true"},
    {"1 IS NOT NULL", "true"},
    {"1 < 2 < 3", "true"},
    {"1 < 3 < 2", "false"},
    {"3 < 2 < null", "false"},
    {"1 < 2 < null", "null"},
    {"1 = 1.0", "true"},
    {"9007199254740993 = 9007199254740992.0", "false"},
    {"9007199254740993 > 9007199254740992.0", "true"},
    {"9223372036854775807 < 9223372036854775808.0", "true"},
    {"1 = '1'", "false"},
    {"1 < 'a'", "null"},
    {"[1, null] = [1, 2]", "null"},
    {"[1, null] = [2, null]", "false"},
    {"[1, null] = [1]", "false"},
    {"{a: 1} = {a: null}", "null"},
    {"{a: 1} = {b: null}", "false"},
    {"[1, 2] < [1, null]", "null"},
    {"[1] < [1, null]", "true"},
    {"0.0 / 0.0 = 0.0 / 0.0", "false"},
    {"0.0 / 0.0 <> 1", "true"},
    {"0.0 / 0.0 < 1", "false"},
    {"0.0 / 0.0 < 'a'", "null"},
    {"2 IN [1, 2]", "true"},
    {"2 IN [1, null]", "null"},
    {"null IN []", "false"},
    {"null IN [1]", "null"},
    {"1 IN null", "null"},
    {"'makgeolli' CONTAINS 'geo'", "true"},
    {"'makgeolli' STARTS WITH 'geo'", "false"},
    {"'막걸리' ENDS WITH '걸리'", "true"},
    {"toInteger('1') STARTS WITH '1'", "null"},
    {"CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' ELSE 'c' END", "\"b\""},
    {"CASE WHEN null THEN 'a' WHEN true THEN 'b' END", "\"b\""},
    {"CASE null WHEN null THEN 'a' ELSE 'b' END", "\"b\""},
    {"CASE 1 WHEN 2 THEN 'a' END", "null"},
};

static const Case PARTS[] = {
    {"[1, 2, 3][0]", "1"},         {"[1, 2, 3][-1]", "3"},          {"[1, 2, 3][3]", "null"},
    {"[1, 2, 3][null]", "null"},   {"[1, 2, 3, 4][1..3]", "[2,3]"}, {"[1, 2, 3, 4][-2..]", "[3,4]"},
    {"[1, 2, 3, 4][..-3]", "[1]"}, {"[1, 2, 3, 4][3..1]", "[]"},    {"[1, 2, 3, 4][2..99]", "[3,4]"},
    {"[1, 2][null..1]", "null"},   {"{a: {b: 2}}.a.b", "2"},        {"{a: 1}.b", "null"},
    {"{a: 1}['a']", "1"},
};

static const Case ITERATION[] = {
    {"[x IN [1, 2, 3] WHERE x > 1 | x * 10]", "[20,30]"},
    {"[x IN [1, null, 3] WHERE x > 1]", "[3]"},
    {"[x IN null | x]", "null"},
    {"all(x IN [] WHERE false)", "true"},
    {"all(x IN [1, null] WHERE x = 1)", "null"},
    {"all(x IN [2, null] WHERE x = 1)", "false"},
    {"any(x IN [1, null] WHERE x = 1)", "true"},
    {"none(x IN [null] WHERE x = 1)", "null"},
    {"single(x IN [1, 1] WHERE x = 1)", "false"},
    {"single(x IN [1, 2] WHERE x = 1)", "true"},
    {"single(x IN [1, null] WHERE x = 1)", "null"},
    {"reduce(sum = 0, x IN [1, 2, 3] | sum + x)", "6"},
    {"[x IN [[1, 2], [3]] | [y IN x | y + 1]]", "[[2,3],[4]]"},
};

static const Case FUNCTIONS[] = {
    {"abs(-3)", "3"},
    {"round(-2.5)", "-2.0"},
    {"round(2.5)", "3.0"},
    {"round(0.49999999999999994)", "0.0"},
    {"ceil(1.2)", "2.0"},
    {"floor(-1.2)", "-2.0"},
    {"sign(-0.5)", "-1"},
    {"sqrt(2.25)", "1.5"},
    {"toInteger('12.9')", "12"},
    {"toInteger('1234567890123456789.9')", "1234567890123456789"},
    {"toInteger(' 12')", "null"},
    {"toInteger('1e3')", "1000"},
    {"toInteger('.5')", "0"},
    {"toInteger('x')", "null"},
    {"toInteger(-1.9)", "-1"},
    {"toFloat('1')", "1.0"},
    {"toFloat('1.')", "1.0"},
    {"toFloat('1e')", "null"},
    {"toBoolean('TRUE')", "true"},
    {"toBoolean('yes')", "null"},
    {"toString(1.0)", "\"1.0\""},
    {"toString(10000000.0)", "\"1.0E7\""},
    {"toString(0.0001)", "\"1.0E-4\""},
    {"toString(123456.789)", "\"123456.789\""},
    {"toString(0.001)", "\"0.001\""},
    {"toString(-0.0)", "\"-0.0\""},
    {"toString(true)", "\"true\""},
    {"toUpper('aé한')", "\"AÉ한\""},
    {"toLower('AÉ한')", "\"aé한\""},
    {"trim('  a b　')", "\"a b\""},
    {"ltrim(' a ')", "\"a \""},
    {"rtrim(' a ')", "\" a\""},
    {"trim('   ')", "\"\""},
    {"rtrim('   ')", "\"\""},
    {"replace('aXbX', 'X', '--')", "\"a--b--\""},
    {"substring('막걸리', 1)", "\"걸리\""},
    {"substring('막걸리', 1, 1)", "\"걸\""},
    {"substring('abc', 5)", "\"\""},
    {"left('막걸리', 2)", "\"막걸\""},
    {"right('막걸리', 1)", "\"리\""},
    {"right('abc', 9)", "\"abc\""},
    {"split('a,b,', ',')", "[\"a\",\"b\",\"\"]"},
    {"split('', ',')", "[\"\"]"},
    {"split('막걸리', '')", "[\"막\",\"걸\",\"리\"]"},
    {"size('막걸리')", "3"},
    {"size([1, null])", "2"},
    {"size(null)", "null"},
    {"head([])", "null"},
    {"last([1, 2])", "2"},
    {"tail([1, 2, 3])", "[2,3]"},
    {"tail([])", "[]"},
    {"reverse('막걸리')", "\"리걸막\""},
    {"reverse([1, 2])", "[2,1]"},
    {"range(1, 3)", "[1,2,3]"},
    {"range(3, 1)", "[]"},
    {"range(3, 0, -2)", "[3,1]"},
    {"range(9223372036854775806, 9223372036854775807)", "[9223372036854775806,9223372036854775807]"},
    {"size(range(-9223372036854775808, 9223372036854775807, 9223372036854775807))", "3"},
    {"coalesce(null, 1, 1 / 0)", "1"},
    {"coalesce(null, null)", "null"},
    {"keys({b: 1, a: null})", "[\"a\",\"b\"]"},
    {"properties({a: 1})", "{\"a\":1}"},
};

/* What must be refused, and a text of the message. */
static const Case REFUSED[] = {
    {"9223372036854775807 + 1", "64-bit"},
    {"-9223372036854775808 / -1", "64-bit"},
    {"-(-9223372036854775807 - 1)", "64-bit"},
    {"abs(-9223372036854775808)", "64-bit"},
    {"3037000500 * 3037000500", "64-bit"},
    {"1 / 0", "zero"},
    {"1 % 0", "zero"},
    {"[1][head(['a', 1])]", "integer"},
    {"head([1, {a: 1}]).a", "no properties"},
    {"head([1, true]) AND true", "true or false"},
    {"toInteger(1e30)", "64-bit"},
    {"range(1, 2, 0)", "never ends"},
    {"range(1, 9000000000)", "too long"},
    {"substring('abc', -1)", "less than 0"},
    {"reduce(a = [], x IN range(1, 100) | [a])", "nested deeper"},
    {"reduce(a = 'xxxxxxxxxxxxxxxx', x IN range(1, 30) | a + a)", "too long"},
    {"replace('aaaa', '', 'b')", "empty"},
    {"toUpper('straße')", "U+00DF"},
    {"$nowhere", "isn't given"},
};

static SmallGraph empty;

static void check_cases(const Case *cases, size_t count)
{
    AUTO_ARENA Arena arena = {0};

    for (size_t i = 0; i < count; i++) {
        Str query = str_format(&arena, "RETURN %s AS it", cases[i].expression);
        Str rows = str_format(&arena, "[[%s]]", cases[i].value);

        check_rows(&empty, str_c(&arena, query), str_c(&arena, rows));
    }
}

static void literals_are_what_they_say(void **state)
{
    (void)state;
    check_cases(LITERALS, COUNT(LITERALS));
}

static void arithmetic_keeps_integers_and_passes_null_on(void **state)
{
    (void)state;
    check_cases(ARITHMETIC, COUNT(ARITHMETIC));
}

static void logic_has_three_values(void **state)
{
    (void)state;
    check_cases(LOGIC, COUNT(LOGIC));
}

static void parts_are_counted_from_either_end(void **state)
{
    (void)state;
    check_cases(PARTS, COUNT(PARTS));
}

static void lists_are_gone_through_item_by_item(void **state)
{
    (void)state;
    check_cases(ITERATION, COUNT(ITERATION));
}

static void functions_answer(void **state)
{
    (void)state;
    check_cases(FUNCTIONS, COUNT(FUNCTIONS));
}

static void what_has_no_right_value_is_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(REFUSED); i++)
        check_refused(&empty, str_c(&arena, str_format(&arena, "RETURN %s AS it", REFUSED[i].expression)),
                      REFUSED[i].value);
}

static void a_refusal_says_where(void **state)
{
    (void)state;
    check_refused(&empty, "WITH 1 AS a\nRETURN a, 2 / 0 AS b", "line 2, column ");
}

static void parameters_are_values_of_every_kind(void **state)
{
    AUTO_ARENA Arena arena = {0};
    GraphTable table;

    (void)state;
    check_ok(small_ask(&empty, "RETURN $a, $b.c[1], $d", "{\"a\":1.0,\"b\":{\"c\":[1,\"x\"]},\"d\":null}",
                       &arena, &table));
    check_text(table.rows, "[[1.0,\"x\",null]]");
    assert_int_equal(table.column_count, 3);
    check_text(table.columns[1], "$b.c[1]");
    check_err(small_ask(&empty, "RETURN $a", "{\"a\":", &arena, &table), INVALID, "line 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_are_what_they_say),
        cmocka_unit_test(arithmetic_keeps_integers_and_passes_null_on),
        cmocka_unit_test(logic_has_three_values),
        cmocka_unit_test(parts_are_counted_from_either_end),
        cmocka_unit_test(lists_are_gone_through_item_by_item),
        cmocka_unit_test(functions_answer),
        cmocka_unit_test(what_has_no_right_value_is_refused),
        cmocka_unit_test(a_refusal_says_where),
        cmocka_unit_test(parameters_are_values_of_every_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
