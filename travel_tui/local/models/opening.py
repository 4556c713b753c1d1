"""Opening of what answers: the scripted agent unless a model was chosen."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from travel_tui.local.models.choice import ChoiceError, ModelChoice

if TYPE_CHECKING:
    from travel_tui.local.agent_model import AgentModel
    from travel_tui.local.models.chat import ChatModel


def open_model(choice: ModelChoice | None) -> AgentModel:
    """Open the model. Raises ChoiceError if a file cannot be used or a package is missing."""
    if choice is None:
        from travel_tui.local.models.scripted import ScriptedModel

        return ScriptedModel()
    from travel_tui.local.models.language_model import LanguageModel

    return LanguageModel(_chat(choice))


def _chat(choice: ModelChoice) -> ChatModel:
    if choice.replay:
        from travel_tui.local.models.recording import ReplayedChat

        return ReplayedChat(choice.replay)
    if choice.address is None:
        raise ChoiceError("No model was chosen.")
    chat: ChatModel
    if choice.address.api == "openai":
        if find_spec("openai") is None or find_spec("httpx2") is None:
            raise ChoiceError("--model openai:… needs the package openai: `pip install 'travel-tui[model]'`.")
        from travel_tui.local.models.openai_chat import OpenAIChat

        chat = OpenAIChat(choice.address, choice.timeout_s)
    else:
        from travel_tui.local.models.bedrock_chat import BedrockChat

        chat = BedrockChat(choice.address, choice.timeout_s)
    if choice.record:
        from travel_tui.local.models.recording import RecordedChat

        return RecordedChat(chat, choice.record)
    return chat
