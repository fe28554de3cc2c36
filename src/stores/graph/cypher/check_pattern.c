#include "stores/graph/cypher/checker.h"

/* What a name in a pattern may be. */
typedef enum NewNames { NEW_DECLARED, NEW_REFUSED } NewNames;

static bool is_bound(const Checker *checker, const Binding *binding)
{
    return (size_t)(binding - checker->bindings) < checker->bound;
}

static Err refuse_kind(const CypherName *name, const Binding *binding, Kinds wanted)
{
    return cypher_error(name->place, "%.*s is %s already: it can't be %s too", STR_ARG(name->text),
                        kinds_name(binding->type.kinds), kinds_name(wanted));
}

static Err declare_element(Checker *checker, CypherName *name, Type type, NewNames new_names)
{
    Binding *binding = name->text.data != NULL ? checker_find(checker, name->text) : NULL;

    if (name->text.data == NULL) {
        name->slot = checker_new_slot(checker);
        return OK;
    }
    if (binding == NULL && new_names == NEW_REFUSED)
        return cypher_error(name->place,
                            "%.*s isn't defined: a pattern in an expression has no new variables",
                            STR_ARG(name->text));
    if (binding == NULL) {
        checker_declare(checker, name, type);
        return OK;
    }
    if ((binding->type.kinds & type.kinds) == 0 || (binding->type.items & type.items) == 0)
        return refuse_kind(name, binding, type.kinds);
    binding->type = type;
    name->slot = binding->slot;
    name->bound = is_bound(checker, binding);
    return OK;
}

/* No relationship is matched twice, so that one name can't stand for two of them. */
static Err declare_relationship(Checker *checker, CypherRelationshipPattern *relationship, NewNames new_names)
{
    CypherName *name = &relationship->name;
    Type type = relationship->var_length ? type_list(KIND_RELATIONSHIP) : type_of(KIND_RELATIONSHIP);
    const Binding *binding = name->text.data != NULL ? checker_find(checker, name->text) : NULL;

    if (binding != NULL && !is_bound(checker, binding) && (binding->type.kinds & type.kinds))
        return cypher_error(name->place, "%.*s stands for two relationships: expected a name for each",
                            STR_ARG(name->text));
    return declare_element(checker, name, type, new_names);
}

static Err declare_elements(Checker *checker, CypherPath *path, NewNames new_names)
{
    for (size_t i = 0; i <= path->relationship_count; i++) {
        TRY(declare_element(checker, &path->nodes[i].name, type_of(KIND_NODE), new_names));
        if (i < path->relationship_count)
            TRY(declare_relationship(checker, &path->relationships[i], new_names));
    }
    return OK;
}

static Err declare_path(Checker *checker, CypherPath *path)
{
    if (path->name.text.data == NULL)
        return OK;
    if (checker_find(checker, path->name.text) != NULL)
        return cypher_error(path->name.place, "%.*s is a variable already: expected a new name for the path",
                            STR_ARG(path->name.text));
    checker_declare(checker, &path->name, type_of(KIND_PATH));
    return OK;
}

static Err check_one(Checker *checker, CypherExpression *properties)
{
    Type type = {0};

    return properties != NULL ? check_expression(checker, properties, &type) : OK;
}

/* What a pattern's properties are compared with must be known before it is matched. */
static Err check_properties(Checker *checker, CypherPath *path)
{
    for (size_t i = 0; i <= path->relationship_count; i++) {
        TRY(check_one(checker, path->nodes[i].properties));
        if (i < path->relationship_count)
            TRY(check_one(checker, path->relationships[i].properties));
    }
    return OK;
}

/* Paths from `first` on: the names, then the properties. */
static Err check_paths(Checker *checker, CypherPath *paths, size_t count)
{
    size_t ready = checker->ready;

    for (size_t i = 0; i < count; i++) {
        TRY(declare_elements(checker, &paths[i], NEW_DECLARED));
        TRY(declare_path(checker, &paths[i]));
    }
    checker->ready = checker->count;
    for (size_t i = 0; i < count; i++)
        TRY(check_properties(checker, &paths[i]));
    checker->ready = ready;
    return OK;
}

Err check_match(Checker *checker, CypherMatch *match)
{
    checker->bound = checker->count;
    TRY(check_paths(checker, match->paths, match->path_count));
    return match->where != NULL ? check_where(checker, match->where) : OK;
}

Err check_pattern(Checker *checker, CypherPath *path)
{
    size_t bound = checker->bound;

    checker->bound = checker->count;
    TRY(declare_elements(checker, path, NEW_REFUSED));
    TRY(check_properties(checker, path));
    checker->bound = bound;
    return OK;
}

Err check_matching(Checker *checker, CypherPath *path)
{
    size_t bound = checker->bound;

    checker->bound = checker->count;
    TRY(check_paths(checker, path, 1));
    checker->bound = bound;
    return OK;
}
