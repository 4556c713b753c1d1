"""The steps of a model's decision, as long as somebody waits for them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from travel_tui.local.agent_model import AgentModel, ModelError, ModelInput, Step
from travel_tui.local.runtime.token_pacer import HurriedError, TokenPacer


class StoppedError(ModelError):
    """The model was stopped in the middle: the client has disconnected, or the endpoint is shutting down."""


async def model_steps(model: AgentModel, given: ModelInput, pacer: TokenPacer) -> AsyncGenerator[Step, None]:
    """Yield the steps to the model's next decision. Raises ModelError, and StoppedError once there is no time left.

    The scripted agent answers at once, so it is not stopped: its turn is completed though nobody waits for it.
    """
    async with aclosing(model.decide(given)) as steps:
        while True:
            try:
                work = anext(steps)
                step = await (pacer.unless_hurried(work) if model.is_language_model else work)
            except StopAsyncIteration:
                return
            except HurriedError as error:
                raise StoppedError("The model was stopped: the client left, or the endpoint shuts down.") from error
            yield step
