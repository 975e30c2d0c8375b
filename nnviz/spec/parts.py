"""What every block of a spec is: a frozen model, and fields that a Param of the catalog checks."""

from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from nnviz.catalog.missing import own_hint
from nnviz.catalog.param import Param, UnknownActivation


class Part(BaseModel):
    """A block of a spec: frozen, without conversions between types (`"3"` is no number), and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def written(self) -> dict[str, Any]:
        """The fields as the user wrote them, defaults left out."""
        return self.model_dump(exclude_unset=True, mode="json")


class Component(Part):
    """A layer, cost, optimizer or schedule: its `kind` and the parameters that the catalog gives that kind."""

    kind: str

    @property
    def params(self) -> dict[str, Any]:
        """Every parameter with its value, defaults filled in, `kind` left out."""
        return {name: getattr(self, name) for name in type(self).model_fields if name != "kind"}


class Checked:
    """Marks a field that a Param of the catalog checks, so spec, forms and command line agree on every range."""

    def __init__(self, param: Param, *, varying: bool = False) -> None:
        self.param = param
        self._check = param.check_varying if varying else param.check

    def check(self, value: Any) -> Any:
        """As the Param checks it. Raises ValueError; of an unknown activation with the file that would define a custom one."""
        try:
            return self._check(value)
        except UnknownActivation as error:
            raise ValueError(f"{error}. {own_hint(error.name)}") from error

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return self.param.schema()


def choice(name: str, *choices: str) -> Any:
    return Checked(Param(name=name, type="choice", choices=choices, optional=True))
