"""What a contract says, once read: schemas, operations and services, without any C."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from names import camel
from source import Where

SCALARS = {"string", "integer", "number", "boolean"}
NAMED = {"enum", "object", "one_of"}


@dataclass
class Schema:
    """One schema; `name` is its C type's, or the path to it when it has none of its own."""

    kind: str  # string integer number boolean enum constant object one_of list map json
    where: Where
    unit: str  # the file it was declared in: "world"
    name: str
    declared: bool = False  # under components/schemas
    description: str = ""
    nullable: bool = False
    default: Any = None
    rules: dict[str, Any] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)  # enum
    fields: list[Field] = field(default_factory=list)  # object
    item: Schema | None = None  # list, map
    tag: str = ""  # one_of: the discriminator
    variants: list[tuple[str, Schema]] = field(default_factory=list)
    body: Field | None = None  # the input of an operation that has parameters and a body


@dataclass
class Field:
    """A property of an object, or a parameter of an operation."""

    name: str
    member: str
    schema: Schema
    required: bool
    where: Where
    description: str = ""
    default: Any = None
    source: str = "body"
    given: bool = False  # a parameter that agents don't fill in

    @property
    def pointer(self) -> bool:
        return self.schema.kind in ("object", "one_of") and (not self.required or self.schema.nullable)

    @property
    def has_flag(self) -> bool:
        """Its presence doesn't show in the value itself."""
        if self.required or self.default is not None:
            return False
        return self.schema.kind in ("integer", "number", "boolean", "enum", "constant")


@dataclass
class Access:
    """Who may do what: permissions in the order of their bits, and roles, which are sets of them."""

    unit: str = ""  # the file that declares them
    permissions: dict[str, str] = field(default_factory=dict)  # name -> what it allows
    roles: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Operation:
    """An operation of a service."""

    id: str
    method: str
    path: str
    where: Where
    summary: str
    description: str
    parameters: Schema | None = None
    body: Schema | None = None
    body_required: bool = True
    body_limit: int = 0
    form: bool = False  # the body is an HTML form's, not JSON
    input: Schema | None = None  # what the handler gets: parameters, or body, or both
    result: Schema | None = None
    result_description: str = ""
    status: int = 200
    blocking: bool = False
    blocking_with: list[Field] = field(default_factory=list)  # properties of the body
    shares_commit: bool = False
    limit_class: str = ""
    time_limit_s: int = 0  # as the server has it
    most_at_once: int = 0  # as many as the server takes
    tool: bool = True
    needs_approval: bool = False
    permission: str = ""  # empty: public
    permission_with: list[tuple[str, Field, str]] = field(default_factory=list)  # how C gets there, member, permission
    owner: Field | None = None  # names whose it is
    owner_place: str = ""
    owner_list: Field | None = None  # the list whose items have the owner
    events: dict[str, Schema] = field(default_factory=dict)
    sockets: bool = False  # the events over a WebSocket, too
    rows: Schema | None = None  # the answer is made of any number of these
    errors: dict[int, str] = field(default_factory=dict)

    @property
    def streams(self) -> bool:
        return bool(self.events)

    @property
    def only_streams(self) -> bool:
        return self.streams and self.result is None

    @property
    def answers_json(self) -> bool:
        return not self.only_streams and self.rows is None

    @property
    def has_client(self) -> bool:
        return self.answers_json and not self.form


@dataclass
class EventType:
    """Something that happens, as others are told of it."""

    name: str  # nerdx.auth.user.signed_up.v1
    source: str
    schema: str  # the URI of its data's schema
    summary: str
    subject: str  # what its subject is
    data: Schema
    where: Where


@dataclass
class Unit:
    """A contract file."""

    name: str
    title: str
    version: str
    description: str
    schemas: list[Schema] = field(default_factory=list)  # with C types, inline ones too
    scalars: list[Schema] = field(default_factory=list)  # declared, without C types of their own
    operations: list[Operation] = field(default_factory=list)
    event_types: list[EventType] = field(default_factory=list)
    uses: set[str] = field(default_factory=set)  # other units

    @property
    def title_name(self) -> str:
        return camel(self.name)
