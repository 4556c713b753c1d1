"""Text of a record as sentences, for what compares or quotes it: AgentCore has documents and tagged topics."""

from __future__ import annotations

from travel_tui.memory.document_parser import document_parts
from travel_tui.memory.summary_parser import topics


def readable(text: str) -> str:
    """Return a record as lines: a document's parts, `Name: text` where one has a name, or the texts of topics.

    A summary of Agents for Bedrock, whose topics have a root element, and prose stay as they are.
    """
    if (parts := document_parts(text)) is not None:
        return "\n".join(f"{name}: {told}" if name else told for name, told in parts if name or told)
    if text.lstrip()[:6] == "<topic":
        return "\n".join(topic.text for topic in topics(text) if topic.text)
    return text
