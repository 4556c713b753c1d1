"""State of the session's life as the panel shows it, for services whose sessions end and for those without an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travel_tui.conversation.memory_labels import none_left
from travel_tui.conversation.memory_words import memory_words
from travel_tui.tui.extraction_view import extraction_view
from travel_tui.tui.view_models import SessionLifeView, life_view

if TYPE_CHECKING:
    from travel_tui.conversation.service import ConversationService
    from travel_tui.conversation.session import Conversation
    from travel_tui.memory.watcher import MemorySnapshot
    from travel_tui.tui.context import AppContext


def session_life(
    conversation: Conversation, watch: MemorySnapshot, app_context: AppContext, service: ConversationService
) -> SessionLifeView:
    """Return the current state of the conversation's session."""
    deleted_by = service.memory.gone.get(conversation.session_id)
    life = life_view(conversation, watch, app_context, service.last_at, service.usual_summary_s, deleted_by)
    if app_context.capabilities.ends_sessions:
        return life
    extraction = service.extraction
    progress = extraction.progress(watch.records)
    return extraction_view(life, conversation, watch, extraction.saved, progress, extraction.failed)


def empty_note(app_context: AppContext, service: ConversationService) -> str:
    """Say why the memory is empty, in the words of its service."""
    made = memory_words(app_context.capabilities).made
    return none_left(service.memory.emptied_by, made, had_some=bool(service.memory.known.earlier))


def used_label(app_context: AppContext) -> str:
    """Return what a card says of a record that was in a prompt, or would be recalled."""
    return "in prompt" if app_context.capabilities.tells_injected else "would be recalled"
