"""Options of the commands that let a language model answer at the local endpoint."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from travel_tui.cli.options import F, FiniteRange, GivenPath

if TYPE_CHECKING:
    from travel_tui.local.models.choice import ModelAddress


class ModelText(click.ParamType["ModelAddress"]):
    """The address of a language model."""

    name = "MODEL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ModelAddress:
        from travel_tui.local.models.choice import ChoiceError, ModelAddress, read_address

        if isinstance(value, ModelAddress):
            return value
        try:
            return read_address(str(value))
        except ChoiceError as error:
            self.fail(str(error), param, ctx)


def model_options(command: F) -> F:
    """Add the choice of a model; the command receives it as `model`, None for the scripted agent."""

    @wraps(command)
    def with_model(*arguments: Any, **options: Any) -> Any:
        from travel_tui.local.models.choice import ChoiceError, choose

        given = [options.pop(name) for name in ("model", "record", "replay", "model_timeout")]
        try:
            return command(*arguments, model=choose(*given), **options)
        except ChoiceError as error:
            raise click.UsageError(str(error)) from error

    file = GivenPath(dir_okay=False, path_type=Path)
    for option in (
        click.option(
            "--model-timeout",
            type=FiniteRange(min=0.1),
            default=120.0,
            show_default=True,
            metavar="SECONDS",
            help="How long the model may say nothing.",
        ),
        click.option("--replay", type=file, metavar="FILE", help="Answer from a recording; no model is called."),
        click.option("--record", type=file, metavar="FILE", help="Add what the model answers to a recording."),
        click.option(
            "--model",
            type=ModelText(),
            metavar="openai:URL#MODEL|bedrock:MODEL",
            help="Let a language model answer: of an OpenAI-compatible server, or of Amazon Bedrock.",
        ),
    ):
        with_model = option(with_model)
    return cast("F", with_model)
