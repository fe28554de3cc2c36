"""What a contract may not say is refused when it is generated from, with file, line and what would be right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
API = Path(__file__).parent / "api"

HEAD = """openapi: 3.1.0
info: {title: T, version: 1.0.0}
"""
POST = """paths:
  /t:
    post:
      operationId: t_do
      x-permission: public
      summary: Do.
      requestBody:
        required: true
        x-max-bytes: 10
        content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
      responses: {"204": {description: Done.}}
"""


FORMS = ["application/x-www-form-urlencoded", "multipart/form-data"]


def form(media: list[str] = FORMS) -> str:
    schema = '{schema: {$ref: "#/components/schemas/Thing"}}'
    content = ", ".join(f"{kind}: {schema}" for kind in media)
    post = POST.replace("      summary: Do.\n", "      summary: Do.\n      x-tool: false\n")
    return post.replace(f"application/json: {schema}", content)


ROWS = ["text/csv", "application/x-ndjson"]


def rows(media: list[str] = ROWS, bounds: str = "      x-blocking: true\n      x-at-once: 2\n") -> str:
    content = ", ".join(f'{kind}: {{x-rows: {{$ref: "#/components/schemas/Thing"}}}}' for kind in media)
    get = POST.split("      requestBody:")[0].replace("post:", "get:") + bounds
    return get + f'      responses: {{"200": {{description: Rows., content: {{{content}}}}}}}\n'


def generate(tmp_path: Path, *arguments: str, **files: str) -> subprocess.CompletedProcess[str]:
    paths = []
    for name, text in files.items():
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    command = [sys.executable, str(ROOT / "tools/apigen/apigen.py"), *arguments, "--out", str(tmp_path), *paths]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def thing(properties: str, more: str = "") -> str:
    return (
        HEAD
        + f"components:\n  schemas:\n    Thing:\n      type: object\n      additionalProperties: false\n{more}"
        + f"      properties:\n        {properties}\n"
    )


PROPERTIES = [
    ("a: {type: string, minLenght: 1}", "t.yaml:9: minLenght: not supported in a schema of type string"),
    ("a: {type: text}", "t.yaml:9: type: 'text' is none of"),
    ("a: {}", "t.yaml:9: type: None is none of"),
    ("a: {type: [string, integer]}", 't.yaml:9: type: write one type, or [type, "null"]'),
    ("a: {type: string, format: hostname}", "t.yaml:9: format: 'hostname' is none of"),
    ("a: {type: string, minLength: 5, maxLength: 2}", "t.yaml:9: minLength: is above maxLength"),
    ("a: {type: string, minLength: -1}", "t.yaml:9: minLength: -1 is not a whole number from 0"),
    ("a: {type: string, pattern: 'a.c'}", "'.' means different things"),
    ("a: {type: string, pattern: '(a)'}", "only groups without capture"),
    ("a: {type: string, pattern: '\\d+'}", "\\d isn't in the subset"),
    ("a: {type: string, pattern: '(?:a+)+'}", "can take exponential time"),
    ("a: {type: string, pattern: '(?=a)'}", "only groups without capture"),
    ("a: {type: string, pattern: '[a'}", "the class isn't closed"),
    ("a: {type: string, pattern: 'a)'}", "a ) too many"),
    ("a: {type: string, pattern: 'a+?'}", "lazy and possessive"),
    ("a: {type: integer, minimum: 0.5}", "t.yaml:9: minimum: 0.5 is not a whole number"),
    ("a: {type: integer, minimum: 5, maximum: 2}", "t.yaml:9: minimum is above maximum"),
    ("a: {type: number, multipleOf: 0}", "t.yaml:9: multipleOf: must be above 0"),
    ("a: {type: array, items: {type: string}}", "t.yaml:9: an array needs maxItems"),
    ("a: {type: array, maxItems: 3}", "a schema is a mapping"),
    ("a: {type: array, maxItems: 999, uniqueItems: true, items: {type: string}}", "maxItems up to 256"),
    ("a: {type: array, maxItems: 3, items: {type: [string, 'null']}}", "items: can't be null or constant"),
    ("a: {type: object}", "t.yaml:9: an object needs properties"),
    ("a: {type: object, additionalProperties: {type: string}}", "a map needs maxProperties"),
    ("a: {type: object, properties: {b: {type: string}}}", "needs additionalProperties: false"),
    ("a: {type: string, enum: []}", "enum: a list of texts"),
    ("a: {type: string, enum: [a-b, a_b]}", "two values make the same C name"),
    ("a: {type: integer, enum: [1]}", "enum: a list of texts"),
    ("a: {type: string, const: 3}", "const: 3 is not of type string"),
    ("a: {type: integer, default: x}", "default: 'x' is not a integer"),
    ("a: {type: integer, maximum: 3, default: 4}", "default: 4 breaks the schema's own rules"),
    ("a: {$ref: '#/components/schemas/None'}", "no schema None in t.yaml"),
    ("a: {$ref: 'other.yaml#/components/schemas/X'}", "other.yaml is not among the contract's files"),
    ("a: {$ref: 'x'}", "write #/components/schemas/Name"),
    ("a: {$ref: '#/components/schemas/Thing', minLength: 1}", "minLength: not supported in a schema that refers"),
    ("a: {type: string}\n        a: {type: string}", "t.yaml:10: a: is there twice"),
    ("aB: {type: string}\n        a_b: {type: string}", "t.yaml:10: a_b: its C member a_b is taken"),
    ("a: {type: integer}\n        has_a: {type: string}", "its C member has_a is taken"),
    ("a: &x {type: string}", "t.yaml:9: anchors and aliases are not used"),
    ("a: {type: string", "t.yaml:10: not YAML"),
    ("a: {allOf: []}", "type: None is none of"),
    ("a: {oneOf: []}", "oneOf needs discriminator"),
    ("a: {type: [object, 'null'], additionalProperties: false, properties: {b: {type: [string, 'null'], default: x}}}",
     "one can't be given here"),
]  # fmt: skip


@pytest.mark.parametrize(("properties", "message"), PROPERTIES, ids=[p for p, _ in PROPERTIES])
def test_schema_is_refused(tmp_path: Path, properties: str, message: str) -> None:
    done = generate(tmp_path, t=thing(properties))
    assert done.returncode == 1, done.stdout
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("apigen: t.yaml:"), done.stderr


def allowed(more: str) -> str:
    """An operation that asks for a permission, fly, with another extension."""
    listed = "l: {type: array, maxItems: 2, items: {type: string}}"
    properties = "\n        ".join(["r: {type: string}", "a: {type: string}", "n: {type: integer}", listed])
    return (
        thing(properties, "      required: [r]\n")
        + POST.replace("x-permission: public", f"x-permission: fly\n      {more}")
        + 'x-permissions: {fly: Up., "users:any": All.}\n'
    )


LIST_OF_NAMED = "l: {type: array, maxItems: 2, items: {$ref: '#/components/schemas/Named'}}"


def of_user(more: str, properties: str = "user_id: {type: string}", role: str = "[fly, 'users:any']") -> str:
    """An operation that asks for fly and takes a user_id, in a contract where one role may fly."""
    named = "    Named: {type: object, additionalProperties: false, properties: {user_id: {type: string}}}\n"
    post = POST.replace("x-permission: public", f"x-permission: fly\n      {more}")
    access = f'x-permissions: {{fly: Up., "users:any": All.}}\nx-roles: {{bird: {role}}}\n'
    return thing(properties) + named + post + access



DOCUMENTS = [
    (thing("a: {type: string}", "      required: [b]\n"), "required: b is not among the properties"),
    (thing("a: {type: integer, default: 1}", "      required: [a]\n"), "a: is required, so its default"),
    (thing("a: {type: integer, default: 1}", "      minProperties: 1\n"), "don't go with defaults"),
    (thing("a: {type: integer}", "      x-exactly-one: [a]\n"), "two or more different properties"),
    (thing("a: {type: integer}", "      x-exactly-one: [a, b]\n"), "b must be an optional property"),
    (thing("a: {$ref: '#/components/schemas/Thing'}", "      required: [a]\n"), "Thing would hold itself"),
    (HEAD.replace("3.1.0", "3.0.0"), "openapi: must be 3.1.0"),
    (HEAD + "servers: []\n", "servers: not supported in an OpenAPI document"),
    (HEAD + "components: {schemas: {thing: {type: string}}}\n", "thing: a schema's name is CamelCase"),
    (HEAD + "components: {schemas: {String: {type: string}}}\n", "String: the name is taken by the generated code"),
    (POST and HEAD + POST, "no schema Thing in t.yaml"),
    (thing("a: {type: string}") + POST.replace("t_do", "do"), "operationId do: write t_verb_noun"),
    (thing("a: {type: string}") + POST.replace("/t:", "/t/{id}:"), "the path parameters are not those of /t/{id}"),
    (thing("a: {type: string}") + POST.replace("/t:", "/t/:"), "a path is /segments"),
    (thing("a: {type: string}") + POST.replace("        x-max-bytes: 10\n", ""), "a request body needs x-max-bytes"),
    (thing("a: {type: string}") + POST.replace("      summary: Do.\n", ""), "an operation needs summary"),
    (thing("a: {type: string}") + POST.replace("summary: Do.", "summary: Do.\n      x-blocks: true"), "x-blocks: not"),
    (thing("a: {type: string}") + POST.replace("summary: Do.", "summary: Do.\n      x-seconds: 0"), "from 1 to 3600"),
    (thing("a: {type: string}") + POST.replace("summary: Do.", "summary: Do.\n      x-at-once: x"), "from 1 to 100000"),
    (thing("a: {type: string}") + POST.replace("summary: Do.", "summary: Do.\n      x-websocket: true"), "a GET"),
    (
        thing("a: {type: string}")
        + POST.replace("summary: Do.", "summary: Do.\n      x-shares-commit: true\n      x-blocking: true"),
        "x-shares-commit: not beside x-blocking or events",
    ),
    (
        thing("a: {type: string}") + POST.replace("summary: Do.", "summary: Do.\n      x-blocking-with: [b]"),
        "x-blocking-with: b is no optional property of a body alone",
    ),
    (
        thing("a: {type: string}")
        + POST.replace("summary: Do.", "summary: Do.\n      x-blocking: true\n      x-blocking-with: [a]"),
        "x-blocking-with: not beside what it would change",
    ),
    (thing("a: {type: string}") + POST.replace('{"204"', '{"404"'), "an operation has one response of 2xx"),
    (thing("a: {type: string}") + POST.replace("      x-permission: public\n", ""), "an operation needs x-permission"),
    (thing("a: {type: string}") + POST.replace("public", "fly"), "x-permission: 'fly' is no permission"),
    (HEAD + "x-permissions: {Fly: Up.}\n", "Fly: a permission is called subject or subject:verb"),
    (HEAD + "x-permissions: {public: All.}\n", "public: a permission is called"),
    (HEAD + "x-permissions: {fly: }\n", "fly: say what it allows"),
    (HEAD + "x-permissions: {}\n", "x-permissions: 1 to 64 names"),
    (HEAD + "x-permissions: {fly: Up.}\nx-roles: {bird: [swim]}\n", "bird: 'swim' is no permission"),
    (HEAD + "x-permissions: {fly: Up.}\nx-roles: {bird: fly}\n", "bird: a role is a list of permissions"),
    (allowed("x-owner: b"), "x-owner: b is no parameter and no property"),
    (allowed("x-owner: n"), "x-owner: n is no text"),
    (allowed("x-owner: l.n"), "x-owner: l.n is no text, nor one in a list's items"),
    (
        allowed("x-owner: a").replace("x-permission: fly", "x-permission: public"),
        "x-owner: a public operation knows no caller",
    ),
    (allowed("x-owner: a").replace('"users:any": All.', "walk: Along."), "x-owner: 'users:any' is no permission"),
    (of_user("x-tool: true"), "user_id: say x-owner: user_id, or x-any-owner with why it may be anybody"),
    (of_user("x-tool: true", LIST_OF_NAMED), "user_id: say x-owner"),
    (of_user("x-any-owner: true"), "x-any-owner: say why it may be anybody"),
    (of_user("x-any-owner: Birds.\n      x-owner: user_id"), "x-any-owner: say why it may be anybody, in place of"),
    (of_user("x-any-owner: Birds.", role="[fly]"), "x-any-owner: bird has fly without users:any"),
    (
        of_user("x-any-owner: Birds.").replace("x-permission: fly", "x-permission: public"),
        "x-any-owner: then everybody could act for anybody",
    ),
    (allowed("x-any-owner: Birds."), "x-any-owner: the input has no user_id"),
    (allowed("x-permission-with: {a: swim}"), "a: 'swim' is no permission"),
    (allowed("x-permission-with: {b: fly}"), "b: b is no parameter"),
    (allowed("x-permission-with: {r: fly}"), "r: what needs a permission of its own is optional"),
    (thing("a: {type: string}") + POST.replace("application/json", "text/plain"), "text/plain: not supported"),
    (thing("a: {type: string}") + form(FORMS[:1]), "a form is taken in both of its forms"),
    (thing("a: {type: integer}") + form(), "a: a form's properties are texts"),
    (thing("a: {type: string}") + rows(ROWS[:1]), "rows are given in both of their forms, alone and alike"),
    (thing("a: {type: string}") + rows([*ROWS, "application/json"]), "rows are given in both of their forms"),
    (thing("a: {type: array, maxItems: 1, items: {type: string}}") + rows(), "a: what is in a row is one value"),
    (thing('a: {type: [string, "null"]}') + rows(), "a: what is in a row is one value, or absent"),
    (thing("a: {type: string}") + rows(bounds=""), "rows are made on workers, for some callers at once"),
    (
        thing("a: {type: string}") + form().replace("      x-tool: false\n", ""),
        "a form has properties, and x-tool: false",
    ),
]


@pytest.mark.parametrize(("document", "message"), DOCUMENTS, ids=[message for _, message in DOCUMENTS])
def test_document_is_refused(tmp_path: Path, document: str, message: str) -> None:
    done = generate(tmp_path, t=document)
    assert done.returncode == 1, done.stdout
    assert message in done.stderr
    assert done.stderr.startswith("apigen: t.yaml:"), done.stderr


def test_who_may_act_for_anybody_needs_only_say_why(tmp_path: Path) -> None:
    done = generate(tmp_path, t=of_user("x-any-owner: Birds."))
    assert done.returncode == 0, done.stderr


def test_a_schema_name_is_there_once_over_all_files(tmp_path: Path) -> None:
    done = generate(tmp_path, t=thing("a: {type: string}"), u=thing("b: {type: string}"))
    assert done.returncode == 1
    assert "apigen: u.yaml:5: Thing: the name is taken by the schema at t.yaml:5" in done.stderr


def test_a_tool_that_holds_itself_is_refused_with_the_way_out(tmp_path: Path) -> None:
    recursive = thing("a: {$ref: '#/components/schemas/Thing'}") + POST
    done = generate(tmp_path, t=recursive)
    assert done.returncode == 1
    assert "x-tool: false" in done.stderr
    way_out = recursive.replace("summary: Do.", "summary: Do.\n      x-tool: false")
    assert generate(tmp_path, t=way_out).returncode == 0


def torture_files() -> dict[str, str]:
    return {name: (API / f"{name}.yaml").read_text(encoding="utf-8") for name in ("pieces", "torture")}


def test_the_same_contract_makes_the_same_code(tmp_path: Path) -> None:
    outputs = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        done = generate(tmp_path / folder, **torture_files())
        assert done.returncode == 0, done.stderr
        outputs.append({path.name: path.read_bytes() for path in sorted((tmp_path / folder).glob("*.[ch]"))})
    assert outputs[0] == outputs[1]


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for item in value.values() for ref in references(item)]
    return [ref for item in value for ref in references(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("files", ["torture", "nerdx"])
def test_the_bundled_document_refers_only_to_itself(tmp_path: Path, files: str) -> None:
    served = {name: (ROOT / f"api/{name}.yaml").read_text(encoding="utf-8") for name in ("common", "world", "agents")}
    done = generate(tmp_path, "--docs", **(torture_files() if files == "torture" else served))
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "openapi.json").read_text(encoding="utf-8"))
    assert document["openapi"] == "3.1.0"
    found = references(document)
    assert found
    for ref in found:
        assert ref.startswith("#/components/schemas/")
        assert ref.rsplit("/", 1)[1] in document["components"]["schemas"]


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing(tmp_path: Path) -> None:
    done = generate(tmp_path, "--docs", **torture_files())
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for forbidden in ("<script", "<style", "style=", "onclick", "<img", 'src="', "@import", "url("):
        assert forbidden not in page + (tmp_path / "docs.css").read_text(encoding="utf-8")
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    targets = {part.split('"')[0] for part in page.split('href="#')[1:]}
    assert len(ids) == len(set(ids))
    assert targets <= set(ids)


def test_the_document_says_who_may_call_what(tmp_path: Path) -> None:
    assert generate(tmp_path, "--docs", **torture_files()).returncode == 0
    document = json.loads((tmp_path / "openapi.json").read_text(encoding="utf-8"))
    public, owned = document["paths"]["/torture/echo"]["post"], document["paths"]["/torture/owned/{user_id}"]["get"]
    assert public["security"] == []
    assert "401" not in public["responses"]
    assert owned["security"] == [{"bearer": ["see"]}, {"cookie": ["see"]}]
    assert set(document["components"]["securitySchemes"]) == {"bearer", "cookie"}
    assert "WWW-Authenticate" in owned["responses"]["401"]["description"]
    assert "see" in owned["responses"]["403"]["description"]
    assert "user_id" in owned["responses"]["403"]["description"]
    assert document["x-roles"]["visitor"] == ["see", "share"]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<a class="tag" href="#roles">see</a>' in page
    assert "`" not in page.split('id="torture_own"')[1].split("</article>")[0]


MOVED = "x-events:\n  {name}:\n    {{summary: Moved., subject: Its name., data: {data}}}\n"
THING = '{$ref: "#/components/schemas/Thing"}'


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("nerdx.t.moved.v1", "{type: string}", "data: refers to a declared object"),
        ("nerdx.t.moved", THING, "an event is called nerdx.SERVICE.WHAT.HAPPENED.v1"),
        ("nerdx.t.moved.v1", '{$ref: "#/components/schemas/Gone"}', "no schema Gone in t.yaml"),
    ],
)
def test_an_event_has_a_version_and_an_object(tmp_path: Path, name: str, data: str, message: str) -> None:
    done = generate(tmp_path, t=thing("a: {type: string}") + MOVED.format(name=name, data=data))
    assert done.returncode == 1
    assert message in done.stderr


def test_programs_find_every_event_with_the_schema_of_its_data(tmp_path: Path) -> None:
    assert generate(tmp_path, "--docs", **torture_files()).returncode == 0
    (event,) = json.loads((tmp_path / "events.json").read_text(encoding="utf-8")).items()
    assert event[0] == "nerdx.torture.point.moved.v1"
    assert event[1]["dataschema"] == "urn:nerdx:schema:nerdx.torture.point.moved.v1"
    assert set(event[1]["data"]["properties"]) == {"x", "y", "label"}
