"""Private API of Textual (8.2.8) that the client depends on, behind names of its own: no other module uses any.

Each part says why nothing public would do. `tests/tui/test_textual_compat.py` fails where a newer Textual changes
what one of them builds on. (`terminal.drivers`, `terminal.web_driver`, `terminal.input_parser`, `textual_caches` and
`timers` are such modules too.)

Mixins come before the Textual class in a list of bases. They are no widgets at run time: Textual takes styles and
bindings from the first base that is one, and their modules would be imported before they are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from textual.app import ScreenStackError
from textual.css.query import NoMatches
from textual.screen import Screen

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App
    from textual.binding import BindingsMap
    from textual.dom import DOMNode
    from textual.events import Event
    from textual.geometry import Size
    from textual.message_pump import MessagePump
    from textual.notifications import Notification
    from textual.scrollbar import ScrollBar
    from textual.strip import Strip
    from textual.widget import Widget
    from textual.widgets import Input, OptionList, TextArea
    from textual.widgets._toast import ToastRack
    from textual.widgets.text_area import Document, EditResult, Location, WrappedDocument

    _App = App[Any]
    _Screen = Screen[Any]
else:
    _App = _Screen = Document = Input = OptionList = TextArea = Widget = WrappedDocument = object


class FocusKeepsStyles(_App):
    """Keep the styles as they are when the terminal gets or loses focus, for an application that shows neither.

    `App._watch_app_focus` updates the styles of the whole screen; a public watcher runs only after that.
    """

    _only_focus_changes = False

    def _watch_app_focus(self, focus: bool) -> None:
        self._only_focus_changes = True
        super()._watch_app_focus(focus)
        self._only_focus_changes = False

    def update_styles(self, node: DOMNode, animate: bool = True) -> None:
        """Update styles as Textual does, but not those of the whole screen for a change of focus."""
        if not (self._only_focus_changes and isinstance(node, Screen)):
            super().update_styles(node, animate)


class OwnToasts(_App):
    """Show only the notifications that `shown_notices` returns, the newest first.

    `App._refresh_notifications` shows all of them on every screen, and `ToastRack.show` keeps the holder of each
    toast that was cleared, which takes a line, and scrolls to the newest before that is laid out.
    """

    def all_notices(self) -> Iterable[Notification]:
        """Return the notifications that have not expired, oldest first."""
        return self._notifications

    def shown_notices(self) -> Sequence[Notification]:
        """Return the notifications that belong on the screen in front, oldest first."""
        raise NotImplementedError

    def _refresh_notifications(self) -> None:
        from textual.widgets._toast import ToastRack

        with suppress(ScreenStackError, NoMatches):  # there is no screen yet, or none any more
            rack = self.screen.get_child_by_type(ToastRack)
            self.call_later(_show_toasts, rack, self.shown_notices())


def _show_toasts(rack: ToastRack, notifications: Sequence[Notification]) -> None:
    """Show these notifications, given oldest first, and no others."""
    from textual.widgets._toast import Toast, ToastHolder

    wanted = {rack._toast_id(each): each for each in notifications if not each.has_expired}
    rack.display = bool(wanted)
    for holder in rack.query(ToastHolder):
        if wanted.pop(holder.id or "", None) is None:
            holder.remove()
    if wanted:
        holders = [ToastHolder(Toast(each), id=name) for name, each in reversed(wanted.items())]
        rack.mount_all(holders, before=0 if rack.children else None)
        rack.scroll_home(animate=False, force=True, immediate=True)


def keep_copied(app: App[Any], text: str) -> None:
    """Have the application paste `text`, which was copied without it; `copy_to_clipboard` would also send OSC 52."""
    app._clipboard = text


def show_page_background(app: App[Any], colour: str) -> None:
    """Give the margins of the web page that shows the application a colour; without a page do nothing.

    The driver has no public getter. Colours by names are those of a terminal, which a page does not know.
    """
    show = getattr(app._driver, "show_background", None)
    if show is not None and colour.startswith("#"):
        show(colour)


def apply_keymap(bindings: BindingsMap, app: App[Any]) -> BindingsMap:
    """Give bindings the keys of the application's keymap, which has no public getter; returns them."""
    bindings.apply_keymap(app._keymap)
    return bindings


def own_bindings(node: DOMNode) -> BindingsMap:
    """Return a copy of a node's own bindings with the keymap applied; `active_bindings` has those in focus alone."""
    return apply_keymap(node._bindings.copy(), node.app)


def is_closing(pump: MessagePump) -> bool:
    """Return whether a widget, screen or application is closing; `is_running` is true until it has closed."""
    return pump._closing


def failure_of(app: App[Any]) -> Exception | None:
    """Return the exception that ended an application; Textual only prints it, and returns a status."""
    return app._exception


def forward(widget: Widget, event: Event) -> None:
    """Send an event to a widget as forwarded, so that the application does not route it a second time."""
    widget._forward_event(event)


class FrameTimer(Protocol):
    """The parts of a timer that a screen uses to draw itself."""

    def resume(self) -> None:
        """Draw from now on."""

    def pause(self) -> None:
        """Stop drawing."""


class PacedScreen(_Screen):
    """Draw the screen by the timer that `frame_timer` makes; Textual's own ticks at a fixed rate."""

    _frame_timer: FrameTimer | None = None

    def frame_timer(self, draw: Callable[[], None], failed: Callable[[Exception], None]) -> FrameTimer:
        """Make the timer: it calls `draw`, and `failed` with what that raises."""
        raise NotImplementedError

    @property
    def _update_timer(self) -> FrameTimer:  # type: ignore[override]
        if self._frame_timer is None:
            self._frame_timer = self.frame_timer(self._on_timer_update, self.app._handle_exception)
        return self._frame_timer


def ensure_result_callback(screen: Screen[Any], requester: MessagePump) -> None:
    """Give a screen an empty result callback if it has none: `switch_screen` takes one, a default screen has none."""
    if not screen._result_callbacks:
        screen._push_result_callback(requester, None)


def rendered_strips(app: App[Any]) -> list[Strip]:
    """Return the rows of the screen in front as the terminal gets them; a public export has SVG alone."""
    from textual._context import visible_screen_stack

    # As Textual does before it renders: without it a dialog would keep rows that have no screen behind them.
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips(app.size)


def count_frames(app: App[Any]) -> Callable[[], int]:
    """Return a function that returns the number of frames drawn since this call, each of a whole screen or a part."""
    display, frames = app._display, 0

    def counted(screen: Screen[Any], renderable: RenderableType | None) -> None:
        nonlocal frames
        frames += 1
        display(screen, renderable)

    app._display = counted  # type: ignore[method-assign]
    return lambda: frames


class SizeUpdates(Widget):
    """Call `after_size_update` at the end of each layout; a Resize event comes a message later, and not always."""

    def after_size_update(self, changed: bool) -> None:
        """Take that a layout has ended, and whether it changed a size."""
        raise NotImplementedError

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        self.after_size_update(changed)
        return changed


def forget_repaints(widget: Widget) -> None:
    """Drop the regions that a widget would draw again with its next change, of which all is drawn in this frame."""
    widget._repaint_regions.clear()


def follows_end(widget: Widget) -> bool:
    """Return whether a widget is anchored and was not scrolled away; `is_anchored` is true in both cases."""
    return widget.is_anchored and not widget._anchor_released


class ScrollUpdates(Widget):
    """Enclose the update of the scroll bars, and have a vertical one of another class."""

    def before_scroll_update(self) -> None:
        """Take that the scroll bars are about to be updated."""
        raise NotImplementedError

    def after_scroll_update(self) -> None:
        """Take that the scroll bars have been updated."""
        raise NotImplementedError

    def started_scrollbar(self) -> ScrollBar | None:
        """Return the vertical scroll bar; None where none was started. `vertical_scrollbar` would start one."""
        return self._vertical_scrollbar

    def start_scrollbar(self, bar: ScrollBar) -> None:
        """Start the vertical scroll bar, hidden; `Widget.vertical_scrollbar` has no class to choose."""
        self._vertical_scrollbar = bar
        bar.display = False
        self.app._start_widget(self, bar)

    def _scroll_update(self, virtual_size: Size) -> None:
        self.before_scroll_update()
        super()._scroll_update(virtual_size)
        self.after_scroll_update()


class MarkColumn(OptionList):
    """Leave columns free at the left of each option."""

    mark_width = 0

    def _get_left_gutter_width(self) -> int:
        return self.mark_width


def option_of_line(options: OptionList, number: int) -> tuple[int, int] | None:
    """Return an option and which of its lines is drawn on a line of the list; None below the last. No getter has it."""
    return options._lines[number] if number < len(options._lines) else None


class ShownValue(Input):
    """Draw `shown_value` in place of the value, which stays as it was typed."""

    def shown_value(self) -> str:
        """Return the text to draw, with as many characters as the value."""
        raise NotImplementedError

    @property
    def _value(self) -> Any:
        from rich.text import Text

        return Text(self.shown_value(), no_wrap=True, overflow="ignore", end="")


class WrappingRedraws(TextArea):
    """Draw the text again whenever it is wrapped, also for a scroll bar that comes or goes, which changes no size."""

    def _rewrap_and_refresh_virtual_size(self) -> None:
        super()._rewrap_and_refresh_virtual_size()
        self.refresh()


class OwnDocument(TextArea):
    """Edit the document that `make_document` returns; Textual only chooses between two classes of its own."""

    def make_document(self, text: str) -> tuple[Document, WrappedDocument]:
        """Return the document for a text, and how it is wrapped."""
        raise NotImplementedError

    def _set_document(self, text: str, language: str | None) -> None:
        from textual.widgets.text_area import DocumentNavigator

        super()._set_document("", language)  # not the text, which it would split and wrap in its own way first
        self.document, self.wrapped_document = self.make_document(text)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()


class KeyboardEdits(TextArea):
    """Change what keys and pastes put in and take out; the message comes after the change."""

    def typed_text(self, text: str) -> str:
        """Return the text to insert where `text` was typed or pasted."""
        raise NotImplementedError

    def typed_range(self, start: Location, end: Location) -> tuple[Location, Location]:
        """Return the range to replace where keys ask for this one."""
        raise NotImplementedError

    def delete_as_typed(self, start: Location, end: Location) -> None:
        """Delete a range as a key does, unless the text is read-only."""
        self._delete_via_keyboard(start, end)

    def edited(self, *, deleted: bool) -> None:
        """Take note of an edit by a key or a paste."""

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        result = super()._replace_via_keyboard(self.typed_text(insert), *self.typed_range(start, end))
        self.edited(deleted=False)
        return result

    def _delete_via_keyboard(self, start: Location, end: Location) -> EditResult | None:
        result = super()._delete_via_keyboard(*self.typed_range(start, end))
        self.edited(deleted=True)
        return result


class DocumentLines(Document):
    """Let a document set its lines, which Textual's own takes apart at every separator of Unicode."""

    @property
    def own_lines(self) -> list[str]:
        """The lines that the document's `text` is made of, where `lines` are those to show."""
        return self._lines

    @own_lines.setter
    def own_lines(self, lines: list[str]) -> None:
        self._lines = lines


class WrapTables(WrappedDocument):
    """Let a document be wrapped in another way: the tables of `WrappedDocument.wrap`, line by line."""

    def begin_wrapping(self, width: int, tab_width: int | None) -> None:
        """Forget how the document was wrapped; the tab width stays where it is None."""
        self._width, self._tab_width = width, tab_width or self._tab_width
        self._wrap_offsets, self._tab_width_cache = [], []
        self._offset_to_line_info, self._line_index_to_offsets = [], []

    def add_wrapped(self, line: str, breaks: list[int]) -> None:
        """Add the next line, which is wrapped before these characters of it."""
        from textual.expand_tabs import get_tab_widths

        number, first = len(self._wrap_offsets), len(self._offset_to_line_info)
        tabs = [tab for _, tab in get_tab_widths(line, self._tab_width)] if "\t" in line else []
        self._wrap_offsets.append(breaks)
        self._tab_width_cache.append(tabs)
        self._offset_to_line_info += [(number, section) for section in range(len(breaks) + 1)]
        self._line_index_to_offsets.append([*range(first, first + len(breaks) + 1)])

    @property
    def wrapped_to(self) -> int:
        """The width in cells that the document is wrapped to; 0 where it is not wrapped."""
        return self._width

    def breaks_of(self, number: int) -> list[int]:
        """Return the characters before which a line is wrapped."""
        return self._wrap_offsets[number]

    def section_at(self, y: int) -> tuple[int, int] | None:
        """Return the line that is on a row, and which of its sections; None outside the document."""
        rows = self._offset_to_line_info
        return rows[y] if 0 <= y < len(rows) else None

    def breaks_in(self, text: str, width: int) -> list[int]:
        """Return the characters before which Textual wraps a text to a width in cells."""
        from textual._wrap import compute_wrap_offsets

        return compute_wrap_offsets(text, width, self._tab_width)
