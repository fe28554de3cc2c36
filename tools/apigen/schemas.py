"""Schemas of a contract file into the model, keyword by keyword; what isn't known is refused."""

from __future__ import annotations

import math
import re
from typing import Any

from model import NAMED, SCALARS, Field, Schema, Unit
from names import camel, member, snake, upper
from patterns import check_pattern
from source import ContractError, Map, Sequence, Where, allow, need

ALWAYS = {"type", "description", "default"}
KEYWORDS = {
    "string": {"minLength", "maxLength", "pattern", "format"},
    "integer": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "boolean": set(),
    "object": {"properties", "required", "additionalProperties", "minProperties", "maxProperties", "x-exactly-one"},
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
}
FORMATS = {"date-time", "date", "uri", "uri-reference", "email", "uuid", "byte"}
UNIQUE_MAX = 256
# Names of src/ that generated code stands among; a schema named so would hide one.
RESERVED = {
    "Arena",
    "Asset",
    "Binding",
    "Boolean",
    "Buf",
    "Call",
    "Constant",
    "Enum",
    "Err",
    "Event",
    "EventGot",
    "EventLog",
    "EventNew",
    "EventType",
    "Field",
    "Integer",
    "Json",
    "List",
    "Map",
    "Number",
    "Object",
    "OneOf",
    "Operation",
    "OperationTable",
    "Param",
    "Params",
    "Pattern",
    "RowForm",
    "RowSource",
    "RowWriter",
    "Shape",
    "Str",
    "String",
    "ToolSchema",
    "Trace",
    "Variant",
} | {f"{kind}{form}" for kind in ("Str", "Integer", "Number", "Boolean") for form in ("List", "Map", "Entry")}
INT64_MAX = 2**63 - 1
PLAIN = re.compile(r"[ !#-\[\]-~]*")


class Schemas:
    """Reads the schemas of all files; a schema that is referred to is read once."""

    def __init__(self, documents: dict[str, Map], units: dict[str, Unit]) -> None:
        self.documents = documents
        self.units = units
        self.declared: dict[tuple[str, str], Schema] = {}
        self.names: dict[str, Schema] = {}

    def referred(self, unit: str, ref: Any, where: Where) -> Schema:
        match = re.fullmatch(r"(?:([a-z0-9_-]+)\.yaml)?#/components/schemas/([A-Za-z0-9]+)", str(ref))
        if match is None:
            raise ContractError(where, f"$ref {ref}: write #/components/schemas/Name or file.yaml#/components/…")
        other = match[1] or unit
        if other not in self.documents:
            raise ContractError(where, f"$ref {ref}: {other}.yaml is not among the contract's files")
        if other != unit:
            self.units[unit].uses.add(other)
        return self.component(other, match[2], where)

    def component(self, unit: str, name: str, where: Where) -> Schema:
        key = (unit, name)
        if key not in self.declared:
            components = self.documents[unit].get("components") or {}
            source = components.get("schemas", {}).get(name)
            if not isinstance(source, Map):
                raise ContractError(where, f"no schema {name} in {unit}.yaml")
            if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
                raise ContractError(source.where, f"{name}: a schema's name is CamelCase, as it names a C type")
            schema = Schema("", components["schemas"].at(name), unit, name, declared=True)
            self.declared[key] = schema
            self.read(schema, source)
        return self.declared[key]

    def inline(self, unit: str, source: Any, name: str, where: Where) -> Schema:
        """A schema where one is used: a reference, or written out there and named after its place."""
        if not isinstance(source, Map):
            raise ContractError(where, "a schema is a mapping")
        if "$ref" in source:
            allow(source, {"$ref", "description", "default"}, "a schema that refers to another")
            return self.referred(unit, source["$ref"], source.where)
        schema = Schema("", source.where, unit, name)
        self.read(schema, source)
        return schema

    def claim(self, schema: Schema) -> None:
        if schema.name in RESERVED:
            raise ContractError(schema.where, f"{schema.name}: the name is taken by the generated code's own parts")
        other = self.names.setdefault(schema.name, schema)
        if other is not schema:
            raise ContractError(schema.where, f"{schema.name}: the name is taken by the schema at {other.where}")

    def read(self, schema: Schema, source: Map) -> None:
        schema.description = str(source.get("description", "")).strip()
        if "oneOf" in source:
            self.read_one_of(schema, source)
        else:
            self.read_typed(schema, source)
        if schema.kind in NAMED or schema.declared:
            self.claim(schema)
            unit = self.units[schema.unit]
            (unit.schemas if schema.kind in NAMED else unit.scalars).append(schema)

    def read_typed(self, schema: Schema, source: Map) -> None:
        kind = source.get("type")
        if isinstance(kind, Sequence):
            if len(kind) != 2 or kind[1] != "null":
                raise ContractError(source.at("type"), 'type: write one type, or [type, "null"]')
            schema.nullable, kind = True, kind[0]
        if kind not in KEYWORDS:
            raise ContractError(source.at("type"), f"type: {kind!r} is none of {', '.join(KEYWORDS)}")
        if "const" in source:
            self.read_constant(schema, source, kind)
        elif "enum" in source:
            self.read_enum(schema, source, kind)
        else:
            allow(source, ALWAYS | KEYWORDS[kind], f"a schema of type {kind}")
            getattr(self, f"read_{kind}")(schema, source)
        if "default" in source:
            self.check_default(schema, source["default"], source.at("default"))
            schema.default = source["default"]

    def read_constant(self, schema: Schema, source: Map, kind: str) -> None:
        allow(source, {"type", "description", "const"}, "a schema with const")
        types = {"string": str, "integer": int, "boolean": bool}
        value = source["const"]
        if kind not in types or type(value) is not types[kind] or schema.nullable:
            raise ContractError(
                source.at("const"), f"const: {value!r} is not of type {kind} (string, integer, boolean)"
            )
        if isinstance(value, str) and not PLAIN.fullmatch(value):
            raise ContractError(source.at("const"), "const: only printable ASCII without quotes and backslashes")
        schema.kind = "constant"
        schema.rules["const"] = value

    def read_enum(self, schema: Schema, source: Map, kind: str) -> None:
        allow(source, ALWAYS | {"enum"}, "a schema with enum")
        texts = need(source, "enum", Sequence, "an enum")
        if kind != "string" or not texts or not all(isinstance(text, str) and text for text in texts):
            raise ContractError(source.at("enum"), "enum: a list of texts, of type string")
        if len({upper(text) for text in texts}) != len(texts) or any(not upper(text) for text in texts):
            raise ContractError(source.at("enum"), "enum: two values make the same C name, or one makes none")
        schema.kind = "enum"
        schema.texts = list(texts)

    def count_rule(self, schema: Schema, source: Map, key: str) -> None:
        if key not in source:
            return
        value = source[key]
        if type(value) is not int or value < 0:
            raise ContractError(source.at(key), f"{key}: {value!r} is not a whole number from 0")
        schema.rules[key] = value

    def order_rules(self, schema: Schema, source: Map, low: str, high: str) -> None:
        if schema.rules.get(low, 0) > schema.rules.get(high, math.inf):
            raise ContractError(source.at(low), f"{low}: is above {high}; nothing would fit")

    def read_string(self, schema: Schema, source: Map) -> None:
        schema.kind = "string"
        self.count_rule(schema, source, "minLength")
        self.count_rule(schema, source, "maxLength")
        self.order_rules(schema, source, "minLength", "maxLength")
        if "format" in source:
            if source["format"] not in FORMATS:
                known = ", ".join(sorted(FORMATS))
                raise ContractError(source.at("format"), f"format: {source['format']!r} is none of {known}")
            schema.rules["format"] = source["format"]
        if "pattern" in source:
            check_pattern(str(source["pattern"]), source.at("pattern"))
            schema.rules["pattern"] = source["pattern"]

    def read_integer(self, schema: Schema, source: Map) -> None:
        schema.kind = "integer"
        for key in KEYWORDS["integer"] & source.keys():
            if type(source[key]) is not int or abs(source[key]) > INT64_MAX:
                raise ContractError(source.at(key), f"{key}: {source[key]!r} is not a whole number of 64 bits")
        low = [source["minimum"]] if "minimum" in source else []
        high = [source["maximum"]] if "maximum" in source else []
        low += [source["exclusiveMinimum"] + 1] if "exclusiveMinimum" in source else []
        high += [source["exclusiveMaximum"] - 1] if "exclusiveMaximum" in source else []
        schema.rules.update({"minimum": max(low)} if low else {})
        schema.rules.update({"maximum": min(high)} if high else {})
        self.order_rules_numbers(schema, source)
        self.multiple_rule(schema, source)

    def read_number(self, schema: Schema, source: Map) -> None:
        schema.kind = "number"
        for key in KEYWORDS["number"] & source.keys():
            if type(source[key]) not in (int, float) or not math.isfinite(source[key]):
                raise ContractError(source.at(key), f"{key}: {source[key]!r} is not a number")
        for plain, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if plain in source and exclusive in source:
                raise ContractError(source.at(plain), f"{plain}: write it or {exclusive}, not both")
            for key in {plain, exclusive} & source.keys():
                schema.rules[plain] = source[key]
                schema.rules[exclusive] = key == exclusive
        self.order_rules_numbers(schema, source)
        self.multiple_rule(schema, source)

    def order_rules_numbers(self, schema: Schema, source: Map) -> None:
        if schema.rules.get("minimum", -math.inf) > schema.rules.get("maximum", math.inf):
            raise ContractError(source.where, "minimum is above maximum; nothing would fit")

    def multiple_rule(self, schema: Schema, source: Map) -> None:
        if "multipleOf" in source:
            if source["multipleOf"] <= 0:
                raise ContractError(source.at("multipleOf"), "multipleOf: must be above 0")
            schema.rules["multipleOf"] = source["multipleOf"]

    def read_boolean(self, schema: Schema, _source: Map) -> None:
        schema.kind = "boolean"

    def read_array(self, schema: Schema, source: Map) -> None:
        open_items = source.get("items") is True
        schema.kind = "json" if open_items else "list"
        if open_items:
            schema.rules["array"] = True
        else:
            schema.item = self.element(schema, source.get("items"), source, "items")
        self.count_rule(schema, source, "minItems")
        self.count_rule(schema, source, "maxItems")
        if "maxItems" not in source:
            raise ContractError(source.where, "an array needs maxItems: every limit is declared")
        self.order_rules(schema, source, "minItems", "maxItems")
        if source.get("uniqueItems", False) is not False:
            if schema.item is None:
                raise ContractError(source.at("uniqueItems"), "uniqueItems: not for items of any kind")
            scalar = schema.item.kind in SCALARS | {"enum"}
            if source["uniqueItems"] is not True or not scalar or source["maxItems"] > UNIQUE_MAX:
                raise ContractError(
                    source.at("uniqueItems"), f"uniqueItems: true, for scalars, with maxItems up to {UNIQUE_MAX}"
                )
            schema.rules["uniqueItems"] = True

    def element(self, schema: Schema, source: Any, parent: Map, key: str) -> Schema:
        item = self.inline(schema.unit, source, schema.name + "Item", parent.at(key))
        if item.nullable or item.kind == "constant":
            raise ContractError(parent.at(key), f"{key}: can't be null or constant")
        if isinstance(source, Map) and "default" in source:
            raise ContractError(source.at("default"), f"default: has no meaning in {key}")
        return item

    def read_object(self, schema: Schema, source: Map) -> None:
        extra = source.get("additionalProperties")
        self.count_rule(schema, source, "minProperties")
        self.count_rule(schema, source, "maxProperties")
        self.order_rules(schema, source, "minProperties", "maxProperties")
        if "properties" in source or extra is False:
            self.read_struct(schema, source, extra)
            return
        for key in {"required", "x-exactly-one"} & source.keys():
            raise ContractError(source.at(key), f"{key}: needs properties")
        if extra is True:
            schema.kind = "json"
        elif isinstance(extra, Map):
            schema.kind = "map"
            schema.item = self.element(schema, extra, source, "additionalProperties")
            if "maxProperties" not in source:
                raise ContractError(source.where, "a map needs maxProperties: every limit is declared")
        else:
            raise ContractError(source.where, "an object needs properties, or additionalProperties: true or a schema")

    def read_struct(self, schema: Schema, source: Map, extra: Any) -> None:
        schema.kind = "object"
        if extra is not False:
            raise ContractError(
                source.at("additionalProperties"),
                "an object with properties needs additionalProperties: false, as unknown fields are refused",
            )
        properties = source.get("properties", Map(source.where))
        required = source.get("required", [])
        for name in required:
            if name not in properties:
                raise ContractError(source.at("required"), f"required: {name} is not among the properties")
        for name, value in properties.items():
            schema.fields.append(self.read_field(schema, name, value, name in required, properties.at(name)))
        self.refuse_collisions(schema)
        self.read_exactly_one(schema, source)
        if {"minProperties", "maxProperties"} & source.keys() and any(f.default is not None for f in schema.fields):
            raise ContractError(source.where, "minProperties and maxProperties don't go with defaults")

    def read_field(self, parent: Schema, name: str, source: Any, required: bool, where: Where) -> Field:
        child = self.inline(parent.unit, source, parent.name + camel(name), where)
        default = source.get("default", child.default)
        if "default" in source and "$ref" in source:
            self.check_default(child, default, source.at("default"))
        if required and "default" in source:
            raise ContractError(where, f"{name}: is required, so its default has no meaning")
        description = str(source.get("description", child.description)).strip()
        return Field(name, member(name), child, required, where, description, None if required else default)

    def refuse_collisions(self, schema: Schema) -> None:
        taken: dict[str, Field] = {}
        for field in schema.fields:
            members = [field.member] + ["has_" + field.member] * field.has_flag
            members += [field.member + "_is_null"] * field.schema.nullable
            for name in members:
                if name in taken or not re.fullmatch(r"[ !#-\[\]-~]+", field.name):
                    raise ContractError(field.where, f"{field.name}: its C member {name} is taken or impossible")
                taken[name] = field

    def read_exactly_one(self, schema: Schema, source: Map) -> None:
        names = source.get("x-exactly-one")
        if names is None:
            return
        fields = {field.name: field for field in schema.fields}
        for name in names:
            field = fields.get(name)
            if field is None or field.required or field.default is not None:
                raise ContractError(
                    source.at("x-exactly-one"), f"x-exactly-one: {name} must be an optional property without default"
                )
        if len(names) < 2 or len(set(names)) != len(names):
            raise ContractError(source.at("x-exactly-one"), "x-exactly-one: two or more different properties")
        schema.rules["x-exactly-one"] = list(names)

    def read_one_of(self, schema: Schema, source: Map) -> None:
        allow(source, {"description", "oneOf", "discriminator"}, "a schema with oneOf")
        schema.kind = "one_of"
        choice = need(source, "discriminator", Map, "oneOf")
        allow(choice, {"propertyName"}, "a discriminator")
        schema.tag = need(choice, "propertyName", str, "a discriminator")
        for variant in source["oneOf"]:
            if not isinstance(variant, Map) or set(variant) != {"$ref"}:
                raise ContractError(source.at("oneOf"), "oneOf: a list of $ref")
            other = self.referred(schema.unit, variant["$ref"], variant.where)
            tags = [f for f in other.fields if f.name == schema.tag and f.required and f.schema.kind == "constant"]
            if not tags or not isinstance(tags[0].schema.rules["const"], str):
                raise ContractError(
                    variant.where, f"oneOf: {other.name} needs the required property {schema.tag} with a const text"
                )
            schema.variants.append((tags[0].schema.rules["const"], other))
        names = [snake(tag) for tag, _ in schema.variants]
        if len(set(names)) != len(names) or len(names) < 2:
            raise ContractError(source.at("oneOf"), "oneOf: two or more variants with different tags")

    def check_default(self, schema: Schema, value: Any, where: Where) -> None:
        rules = schema.rules
        kinds: dict[str, tuple[type, ...]] = {
            "string": (str,),
            "enum": (str,),
            "integer": (int,),
            "number": (int, float),
            "boolean": (bool,),
        }
        if type(value) not in kinds.get(schema.kind, ()) or schema.nullable:
            raise ContractError(where, f"default: {value!r} is not a {schema.kind}, or one can't be given here")
        fits = True
        if schema.kind == "enum":
            fits = value in schema.texts
        elif schema.kind == "string":
            fits = rules.get("minLength", 0) <= len(value) <= rules.get("maxLength", math.inf)
            if "pattern" in rules:
                fits = fits and re.search(rules["pattern"].replace("$", r"\Z"), value) is not None
        elif schema.kind in ("integer", "number"):
            fits = rules.get("minimum", -math.inf) <= value <= rules.get("maximum", math.inf)
        if not fits:
            raise ContractError(where, f"default: {value!r} breaks the schema's own rules")
