"""The life of a session as a line that moves: open, ended, summarising, stored."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

STATIONS = ("open", "ended", "summarising", "stored")


class LifeLine(Widget):
    """`station` is where the session is, -1 before its first turn; `progress` how far the wait for the next one is."""

    station: reactive[int] = reactive(-1)
    progress: reactive[float] = reactive(0.0)
    overdue: reactive[bool] = reactive(False)

    def render(self) -> Content:
        names = [*STATIONS[:3], "overdue" if self.overdue else "stored"]
        width = max(self.size.width, sum(map(len, names)) + 3)
        gap, extra = divmod(width - sum(map(len, names)), 3)
        line: list[tuple[str, str]] = []
        words: list[tuple[str, str]] = []
        for index, name in enumerate(names):
            reached = index <= self.station
            here = index == self.station
            room = len(name) + (gap + (1 if index < extra else 0) if index < 3 else 0)
            style = "bold $text-primary" if here else "$text" if reached else "$foreground-muted"
            if index == 3 and self.overdue:
                style = "bold $text-warning"
            line.append(("●" if reached else "○", "$primary" if reached else "$foreground-muted"))
            if index < 3:
                track = room - 1
                done = track if index < self.station else round(track * self.progress) if here else 0
                line += [("━" * done, "$primary"), ("┈" * (track - done), "$foreground-muted")]
            words.append((name.ljust(room), style))
        return Content.assemble(*line, "\n", *words)
