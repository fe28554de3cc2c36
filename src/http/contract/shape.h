/* What the contract says about a C type, as a read-only table: tools/apigen writes one Shape for every
 * schema, and the functions below decode, check and encode any struct that a Shape describes. Generated
 * headers wrap them with types (query_input_decode …); nobody else fills in a Shape.
 *
 * Every refusal is an INVALID Err: the message names the field, what came and what would be right; the
 * pointer is the RFC 6901 pointer to it. */
#ifndef NERDX_HTTP_CONTRACT_SHAPE_H
#define NERDX_HTTP_CONTRACT_SHAPE_H

#include <math.h>

#include "base/json.h"
#include "http/contract/pattern.h"

typedef enum ShapeKind {
    STRING_SHAPE,   /* Str */
    INTEGER_SHAPE,  /* int64_t */
    NUMBER_SHAPE,   /* double */
    BOOLEAN_SHAPE,  /* bool */
    ENUM_SHAPE,     /* an enum that counts from 0 */
    CONSTANT_SHAPE, /* nothing: its one value is known */
    OBJECT_SHAPE,   /* a struct */
    ONE_OF_SHAPE,   /* struct { enum kind; union { … }; } */
    LIST_SHAPE,     /* struct { T *items; size_t count; } */
    MAP_SHAPE,      /* struct { struct { Str key; T value; } *items; size_t count; } */
    JSON_SHAPE, /* Json: the text of an object whose fields the contract leaves open, or of such an array */
} ShapeKind;

typedef enum TextFormat {
    ANY_TEXT,
    DATE_TIME_TEXT,
    DATE_TEXT,
    URI_TEXT,
    URI_REFERENCE_TEXT,
    EMAIL_TEXT,
    UUID_TEXT,
    BYTE_TEXT,
} TextFormat;

typedef struct Shape Shape;
typedef struct Field Field;
typedef struct Variant Variant;

typedef struct StringRules {
    size_t min_length; /* in code points */
    size_t max_length;
    Pattern *pattern; /* or NULL */
    TextFormat format;
} StringRules;

typedef struct IntegerRules {
    int64_t minimum;
    int64_t maximum;
    int64_t multiple_of; /* 0 = any */
} IntegerRules;

typedef struct NumberRules {
    double minimum; /* -INFINITY = none */
    double maximum; /* INFINITY = none */
    bool above_minimum;
    bool below_maximum;
    double multiple_of; /* 0 = any */
} NumberRules;

typedef struct EnumRules {
    const Str *texts;
    size_t count;
} EnumRules;

typedef struct ObjectRules {
    const Field *fields; /* in the contract's order */
    size_t count;
    size_t required_count;
    const void *defaults; /* a struct with the defaults filled in; NULL = all zero */
    size_t min_properties;
    size_t max_properties;
    const Str *exactly_one; /* x-exactly-one: names of fields */
    size_t exactly_one_count;
} ObjectRules;

typedef struct OneOfRules {
    Str property; /* the discriminator */
    const Variant *variants;
    size_t count;
    size_t offset; /* of the union */
} OneOfRules;

typedef struct ListRules {
    const Shape *item;
    size_t stride;       /* sizeof an item, or of a map's entry */
    size_t value_offset; /* of an entry's value */
    size_t min_count;
    size_t max_count;
    bool unique;
    bool is_array; /* of JSON_SHAPE: of items of any kind, otherwise an object */
} ListRules;

struct Shape {
    ShapeKind kind;
    size_t size; /* of the C type */
    union {
        StringRules string;
        IntegerRules integer;
        NumberRules number;
        EnumRules enumeration;
        Json constant;
        ObjectRules object;
        OneOfRules one_of;
        ListRules list; /* LIST_SHAPE and MAP_SHAPE; of JSON_SHAPE only the counts and is_array */
    };
};

enum { NO_MEMBER = -1 };

typedef enum FieldSource { IN_BODY, IN_PATH, IN_QUERY } FieldSource;

struct Field {
    Str name;
    Str key; /* "name": as it is written */
    const Shape *shape;
    int offset; /* of the member; NO_MEMBER for a constant */
    int has;    /* of the bool that says the value is there; NO_MEMBER when the value itself says so */
    int null;   /* of the bool that says the value is null; NO_MEMBER when it can't be */
    bool required;
    bool pointer; /* the member points at the value */
    FieldSource source;
};

/* For generated tables: a field's name and key. */
#define FIELD_NAME(text) .name = STR(text), .key = STR("\"" text "\":")

struct Variant {
    Str tag;
    const Shape *shape;
};

/* Every list and map of generated code has this layout. */
typedef struct List {
    void *items;
    size_t count;
} List;

typedef struct StrList {
    Str *items;
    size_t count;
} StrList;

typedef struct IntegerList {
    int64_t *items;
    size_t count;
} IntegerList;

typedef struct NumberList {
    double *items;
    size_t count;
} NumberList;

typedef struct BooleanList {
    bool *items;
    size_t count;
} BooleanList;

typedef struct StrEntry {
    Str key;
    Str value;
} StrEntry;

typedef struct StrMap {
    StrEntry *items;
    size_t count;
} StrMap;

typedef struct IntegerEntry {
    Str key;
    int64_t value;
} IntegerEntry;

typedef struct IntegerMap {
    IntegerEntry *items;
    size_t count;
} IntegerMap;

typedef struct NumberEntry {
    Str key;
    double value;
} NumberEntry;

typedef struct NumberMap {
    NumberEntry *items;
    size_t count;
} NumberMap;

typedef struct BooleanEntry {
    Str key;
    bool value;
} BooleanEntry;

typedef struct BooleanMap {
    BooleanEntry *items;
    size_t count;
} BooleanMap;

/* Values without rules of their own, shared by all contracts. */
extern const Shape STRING_ANY, INTEGER_ANY, NUMBER_ANY, BOOLEAN_ANY;

/* Fills in *out from JSON: types, unknown fields, defaults, then every rule. The arena owns what *out refers
 * to; value may go. */
Err shape_decode(const Shape *shape, Arena *arena, const json_t *value, void *out);

/* The same rules on a struct, as if it had come over the wire. */
Err shape_check(const Shape *shape, const void *value);

/* Like shape_check for a struct of ours: the text in its Json members is trusted to be JSON. */
Err shape_check_trusted(const Shape *shape, const void *value);

/* Writes a checked struct as compact JSON; optional values that are absent are left out. */
void shape_encode(const Shape *shape, const void *value, Buf *out);

/* Is the field there? (Absent: has_… false, a NULL pointer, Str, Json or list.) */
bool field_is_present(const Field *field, const void *object);
bool field_is_null(const Field *field, const void *object);
const void *field_value(const Field *field, const void *object);

/* The field of that name; hint is where to look first. NULL when there is none. */
const Field *object_find_field(const ObjectRules *rules, Str name, size_t hint);

/* The position of text in an enum's table, or -1. */
int enum_find(const EnumRules *rules, Str text);

#endif
