/* What of an order is heard in what people say, and what only looks like it. It is said on Thursday, 26 November 2026, at noon in Korea. */
#include "services/agents/order/order.h"

#include "base/buf.h"
#include "check.h"
#include "content.h"

static const int64_t NOON_US = INT64_C(1795662000) * 1000000;

typedef struct Books {
    Grounding *grounding;
    OrderBook *orders;
} Books;

static const Str NERD12[] = {STR("NERD12 Signature"), STR("NERD12 시그니처"), STR("NERD12"),
                             STR("너드12"),           STR("시그니처"),        STR("Signature")};
static const Str NERD8[] = {STR("NERD8 Fresh (sample)"), STR("NERD8"), STR("너드8"),
                            STR("NERD8 프레시 (예시)")};
static const OrderProduct SOLD[] = {{STR("nerd12"), {NERD12, sizeof NERD12 / sizeof *NERD12}},
                                    {STR("nerd8"), {NERD8, sizeof NERD8 / sizeof *NERD8}}};

typedef struct Row {
    const char *said;
    const char
        *means; /* "2 bottle nerd12; <=50000 KRW; by 2026-12-04; for mother, gift, birthday"; "" nothing */
} Row;

static void put_quantities(const HandoffSummary *summary, Buf *out)
{
    for (size_t i = 0; i < summary->quantities.count; i++) {
        const HandoffQuantity *one = &summary->quantities.items[i];
        buf_format(out, "%lld %.*s", (long long)one->count, STR_ARG(HANDOFF_QUANTITY_UNIT_TEXT[one->unit]));
        if (one->product_id.len > 0)
            buf_format(out, " %.*s", STR_ARG(one->product_id));
        buf_put(out, STR("; "));
    }
}

static void put_budget(const HandoffBudget *budget, Buf *out)
{
    if (budget == NULL)
        return;
    if (budget->has_min_minor)
        buf_format(out, ">=%lld ", (long long)budget->min_minor);
    if (budget->has_max_minor)
        buf_format(out, "%s%lld ", budget->approximate ? "~" : "<=", (long long)budget->max_minor);
    buf_format(out, "%.*s%s; ", STR_ARG(HANDOFF_BUDGET_CURRENCY_TEXT[budget->currency]),
               budget->each ? " each" : "");
}

static void put_rest(const HandoffSummary *summary, Buf *out)
{
    const HandoffRecipient *to = summary->recipient;

    if (summary->needed_by != NULL)
        buf_format(out, "by %.*s; ",
                   STR_ARG(summary->needed_by->date.len > 0 ? summary->needed_by->date : STR("?")));
    if (to == NULL)
        return;
    buf_format(out, "for %.*s%s", STR_ARG(to->who.len > 0 ? to->who : STR("?")), to->gift ? ", gift" : "");
    if (to->occasion_id.len > 0)
        buf_format(out, ", %.*s", STR_ARG(to->occasion_id));
    buf_put(out, STR("; "));
}

/* As Row.means has it. */
static Str meaning(const HandoffSummary *summary, Arena *arena)
{
    Buf out;

    buf_init(&out, arena, 128);
    put_quantities(summary, &out);
    put_budget(summary->budget, &out);
    put_rest(summary, &out);
    Str text = buf_str(&out);
    return str_slice(text, 0, text.len >= 2 ? text.len - 2 : 0);
}

/* Messages newest first; of NERD12, when nothing else is named. */
static Str heard(const Books *books, Arena *arena, const char *const *said, size_t count,
                 const ToolHandOff *chosen)
{
    static const Str TALKED[] = {STR("nerd12")};
    OrderProducts sold = {SOLD, sizeof SOLD / sizeof *SOLD};
    HandoffSummary summary = {0};
    Order order;

    order_begin(&order, books->orders, arena, sold);
    for (size_t i = 0; i < count; i++)
        order_hear(&order, &(OrderSaid){str_from(said[i]), NOON_US, {NULL, 0}});
    Texts products = order_products(&order, 0);
    order_settle(&order, products.count > 0 ? products : (Texts){TALKED, 1}, chosen, &summary);
    return meaning(&summary, arena);
}

static void check_rows(const Books *books, const Row *rows, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        AUTO_ARENA Arena arena = {0};
        arena_init(&arena);
        Str got = heard(books, &arena, &rows[i].said, 1, NULL);
        if (str_equal(got, str_from(rows[i].means)))
            continue;
        print_error("%s\n  heard \"%.*s\", not \"%s\"\n", rows[i].said, STR_ARG(got), rows[i].means);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(state, ...)                                          \
    do {                                                           \
        static const Row rows_[] = {__VA_ARGS__};                  \
        check_rows(*(state), rows_, sizeof rows_ / sizeof *rows_); \
    } while (0)

static void how_many_is_heard(void **state)
{
    CHECK(state, {"I'd like two bottles", "2 bottle nerd12"},
          {"I want to buy two bottles of NERD12.", "2 bottle nerd12"},
          {"Can I get a bottle of NERD8?", "1 bottle nerd8"}, {"one box of NERD12, please", "1 box nerd12"},
          {"I'll take three of them", "3 item nerd12"}, {"NERD12 x 2 please", "2 item nerd12"},
          {"Two NERD12s and one NERD8", "2 item nerd12; 1 item nerd8"},
          {"half a dozen bottles", "6 bottle nerd12"},
          {"twenty-four bottles for the office", "24 bottle nerd12; for team"},
          {"I need a couple of bottles", "2 bottle nerd12"}, {"a case of Signature to go, can I buy it?", ""},
          {"order 12 bottles of nerd 12", "12 bottle nerd12"}, {"두 병 살게요", "2 bottle nerd12"},
          {"너드12 세 병 주세요", "3 bottle nerd12"}, {"NERD12 시그니처 한 박스 주문할게요", "1 box nerd12"},
          {"NERD12 두 병이랑 NERD8 한 병 주세요", "2 bottle nerd12; 1 bottle nerd8"},
          {"열두 병 주문하고 싶어요", "12 bottle nerd12"}, {"시그니처 하나 주세요", "1 item nerd12"},
          {"이거 세 개 주세요", "3 item nerd12"}, {"선물 세트 두 세트 살게요", "2 set nerd12"},
          {"NERD12랑 NERD8 두 병씩 주세요", "2 bottle nerd12; 2 bottle nerd8"},
          {"10병 주문할게요", "10 bottle nerd12"}, {"스무 병 필요해요", "20 bottle nerd12"},
          {"두병만 보내주세요", "2 bottle nerd12"});
}

static void how_much_is_heard(void **state)
{
    CHECK(state, {"something under 50,000 won", "<=50000 KRW"}, {"my budget is $40", "<=4000 USD"},
          {"$40", "<=4000 USD"}, {"no more than 40 dollars", "<=4000 USD"},
          {"about 30,000 won", "~30000 KRW"}, {"between 30,000 and 50,000 won", ">=30000 <=50000 KRW"},
          {"$30-40 is fine", ">=3000 <=4000 USD"}, {"fifty thousand won at most", "<=50000 KRW"},
          {"under $25.50 a bottle", "<=2550 USD each"}, {"at least 100,000 won", ">=100000 KRW"},
          {"two bottles for $40", "2 bottle nerd12; <=4000 USD"}, {"up to 50k won", "<=50000 KRW"},
          {"5만원 이하로 사고 싶어요", "<=50000 KRW"}, {"3만5천원까지 쓸 수 있어요", "<=35000 KRW"},
          {"3만 5천 원 이내로요", "<=35000 KRW"}, {"예산은 10만원이에요", "<=100000 KRW"},
          {"5만원 정도 생각해요", "~50000 KRW"}, {"5만원대로 부탁드려요", ">=50000 <=59999 KRW"},
          {"3만원에서 5만원 사이", ">=30000 <=50000 KRW"}, {"3~5만원", ">=30000 <=50000 KRW"},
          {"오만 원 미만", "<=50000 KRW"}, {"한 병에 2만원 이하", "<=20000 KRW each"},
          {"예산 5만", "<=50000 KRW"}, {"40달러 안쪽으로", "<=4000 USD"},
          {"십만 원짜리 선물", "~100000 KRW; for ?, gift"});
}

static void by_when_is_heard(void **state)
{
    CHECK(state, {"I need it by Friday", "by 2026-11-27"}, {"for next Friday", "by 2026-12-04"},
          {"I need two bottles for tomorrow", "2 bottle nerd12; by 2026-11-27"},
          {"before Christmas please", "by 2026-12-24"}, {"by December 4th", "by 2026-12-04"},
          {"within two weeks", "by 2026-12-10"}, {"for Thursday", "by 2026-12-03"},
          {"by 2026-12-31", "by 2026-12-31"}, {"for the weekend", "by 2026-11-28"},
          {"by 3 January", "by 2027-01-03"}, {"in time for Seollal", "by 2027-02-07; for ?, seollal"},
          {"by the end of the month", "by 2026-11-30"}, {"금요일까지 필요해요", "by 2026-11-27"},
          {"다음 주 금요일까지 받고 싶어요", "by 2026-12-04"}, {"추석 전까지 도착하나요?", "by 2027-09-14"},
          {"12월 24일까지요", "by 2026-12-24"}, {"내일까지 받을 수 있어요?", "by 2026-11-27"},
          {"모레까지요", "by 2026-11-28"}, {"설날 전에 보내 주세요", "by 2027-02-06"},
          {"일주일 안에 받고 싶어요", "by 2026-12-03"}, {"사흘 안에 필요해요", "by 2026-11-29"},
          {"이번 주말까지 부탁해요", "by 2026-11-28"}, {"다음 달 5일까지", "by 2026-12-05"},
          {"24일까지 보내 주세요", "by 2026-12-24"},
          {"크리스마스 전까지 두 병", "2 bottle nerd12; by 2026-12-24"}, {"월말까지요", "by 2026-11-30"});
}

static void for_whom_is_heard(void **state)
{
    CHECK(state, {"two bottles for my mother", "2 bottle nerd12; for mother"},
          {"a gift for my mother-in-law", "for mother_in_law, gift"},
          {"it's for my boss's birthday", "for boss, birthday"},
          {"something for Chuseok", "by 2027-09-15; for ?, chuseok"},
          {"I want to send a bottle to my best friend", "1 bottle nerd12; for friend"},
          {"it's just for me", "for self"}, {"for our wedding anniversary", "for ?, wedding-anniversary"},
          {"a present for a friend's housewarming", "for friend, gift, housewarming"},
          {"장모님 선물로 두 병", "2 bottle nerd12; for mother_in_law, gift"},
          {"어머니께 드릴 거예요", "for mother, gift"},
          {"아버지 환갑 선물이에요", "for father, gift, sixtieth-birthday"},
          {"친구 집들이 선물로 한 병", "1 bottle nerd12; for friend, gift, housewarming"},
          {"제가 마실 거예요", "for self"}, {"거래처에 보낼 선물", "for client, gift"},
          {"추석에 쓸 술 두 병", "2 bottle nerd12; by 2027-09-15; for ?, chuseok"},
          {"부모님 결혼기념일에 드리려고요", "for parents, gift, wedding-anniversary"});
}

static void what_only_looks_like_it_is_not(void **state)
{
    CHECK(state, {"Is it 12 degrees?", ""}, {"NERD12", ""}, {"I'd like to buy NERD12", ""},
          {"How much is a bottle?", ""}, {"What does one bottle cost?", ""},
          {"Which of the four bottles is the strongest?", ""}, {"Tell me about one of them", ""},
          {"I drank two bottles yesterday", ""}, {"I bought three bottles last year for 50,000 won", ""},
          {"Is it brewed three times?", ""}, {"Tell me two stories", ""}, {"Why is it 12 percent?", ""},
          {"I'm 40 years old", ""}, {"It was 1,000 won in 1965", ""},
          {"Which one is sweeter, NERD12 or NERD8?", ""}, {"I was in Seoul on Friday", ""},
          {"Tell me a story for my mother", "for mother"}, {"12도짜리 술이에요?", ""},
          {"한 병에 얼마예요?", ""}, {"NERD12 얼마예요?", ""}, {"세 번 빚은 술인가요?", ""},
          {"두 번째 이야기 들려주세요", ""}, {"어제 두 병 마셨어요", ""}, {"네 병 중에 뭐가 제일 세요?", ""},
          {"병이 예쁘네요", ""}, {"2022년에 시작했나요?", ""}, {"두 가지 차이가 뭐예요?", ""},
          {"이야기 하나 해 주세요", ""}, {"500년 된 이야기", ""}, {"물 한 병 주세요", ""},
          {"NERD12는 몇 도예요?", ""}, {"임금님께 드린 쌀 이야기", ""});
}

/* --- talks --- */

#define HEARD(...)                                            \
    heard(*state, &arena, (const char *const[]){__VA_ARGS__}, \
          sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), NULL)

static void the_newest_word_holds(void **state)
{
    AUTO_ARENA Arena arena = {0};

    arena_init(&arena);
    check_text(HEARD("두 병으로 할게요", "NERD12 세 병 주세요"), "2 bottle nerd12");
    check_text(HEARD("I'd like to buy it", "make that three", "two bottles of NERD12 under $40"),
               "3 item nerd12; <=4000 USD");
    check_text(HEARD("Ship it to Busan", "by Friday", "by next Friday"), "by 2026-11-27");
}

static void what_was_said_of_another_product_is_not_handed_on(void **state)
{
    AUTO_ARENA Arena arena = {0};

    arena_init(&arena);
    check_text(HEARD("How much is NERD8?", "two bottles of NERD12"), "");
    check_text(HEARD("Three NERD8 as well", "two bottles", "What is NERD12?"), "3 item nerd8");
    check_text(HEARD("three bottles and one box", "What are NERD12 and NERD8?"), "3 bottle; 1 box");
}

static void a_model_is_believed_as_far_as_the_visitor_said_so(void **state)
{
    static ToolQuantity counts[] = {{STR("nerd12"), 3}, {STR("nerd8"), 7}};
    static const ToolBudget TOLD = {.has_max_minor = true,
                                    .max_minor = 30000,
                                    .currency = TOOL_BUDGET_CURRENCY_KRW},
                            MADE_UP = {.has_max_minor = true,
                                       .max_minor = 99000,
                                       .currency = TOOL_BUDGET_CURRENCY_KRW};
    const ToolHandOff told = {.quantities = {counts, 2},
                              .budget = &TOLD,
                              .needed_by = STR("2026-12-04"),
                              .recipient = STR("mother")};
    const ToolHandOff made_up = {
        .budget = &MADE_UP, .needed_by = STR("2026-12-25"), .recipient = STR("king")};
    const char *said[] = {"두 병 살게요, 5만원 이하로", "세 병, 3만원 이하로 금요일까지 친구 선물로",
                          "어머니께 드릴 거예요, 다음 주 금요일까지"};
    AUTO_ARENA Arena arena = {0};

    arena_init(&arena);
    check_text(heard(*state, &arena, said, 3, &told),
               "3 bottle nerd12; <=30000 KRW; by 2026-12-04; for mother, gift");
    check_text(heard(*state, &arena, said, 3, &made_up),
               "2 bottle nerd12; <=50000 KRW; by 2026-11-27; for friend, gift");
}

static void the_visitor_s_words_are_kept(void **state)
{
    static const char *const SAID = "  I'd like  Two NERD12s by Friday, under ₩50,000";
    const Books *books = *state;
    AUTO_ARENA Arena arena = {0};
    Order order;

    arena_init(&arena);
    order_begin(&order, books->orders, &arena, (OrderProducts){SOLD, 2});
    order_hear(&order, &(OrderSaid){str_from(SAID), NOON_US, {NULL, 0}});
    check_text(order.counts[0].told.said, "Two NERD12s");
    check_text(order.days[0].said, "by Friday");
    check_text(order.budgets[0].said, "under ₩50,000");
}

static int open_books(void **state)
{
    static Books books;

    check_ok(grounding_create(AGENTS_CONTENT, &books.grounding));
    check_ok(order_book_create(AGENTS_CONTENT, books.grounding, &books.orders));
    *state = &books;
    return 0;
}

static int close_books(void **state)
{
    Books *books = *state;

    order_book_destroy(books->orders);
    grounding_destroy(books->grounding);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_many_is_heard),
        cmocka_unit_test(how_much_is_heard),
        cmocka_unit_test(by_when_is_heard),
        cmocka_unit_test(for_whom_is_heard),
        cmocka_unit_test(what_only_looks_like_it_is_not),
        cmocka_unit_test(the_newest_word_holds),
        cmocka_unit_test(what_was_said_of_another_product_is_not_handed_on),
        cmocka_unit_test(a_model_is_believed_as_far_as_the_visitor_said_so),
        cmocka_unit_test(the_visitor_s_words_are_kept),
    };

    return cmocka_run_group_tests(tests, open_books, close_books);
}
