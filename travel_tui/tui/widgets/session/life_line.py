"""Progress line of a session's life: open, ended, summarising, stored."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class LifeLine(Widget):
    """`station` is the current stage's index, -1 before the first turn; `progress` the wait for the next, 0 to 1."""

    stage: reactive[int] = reactive(-1)
    progress: reactive[float] = reactive(0.0)
    overdue: reactive[bool] = reactive(False)
    stations: reactive[tuple[str, ...]] = reactive(("open", "ended", "summarising", "stored"))

    def render(self) -> Content:
        names = [*self.stations[:3], "overdue" if self.overdue else self.stations[3]]
        width = max(self.size.width, sum(map(len, names)) + 3)
        gap, extra = divmod(width - sum(map(len, names)), 3)
        line: list[tuple[str, str]] = []
        words: list[tuple[str, str]] = []
        for index, name in enumerate(names):
            reached = index <= self.stage
            here = index == self.stage
            room = len(name) + (gap + (1 if index < extra else 0) if index < 3 else 0)
            style = "bold $text-primary" if here else "$text" if reached else "$foreground-muted"
            if index == 3 and self.overdue:
                style = "bold $text-warning"
            line.append(("●" if reached else "○", "$primary" if reached else "$foreground-muted"))
            if index < 3:
                track = room - 1
                done = track if index < self.stage else round(track * self.progress) if here else 0
                line += [("━" * done, "$primary"), ("┈" * (track - done), "$foreground-muted")]
            words.append((name.ljust(room), style))
        return Content.assemble(*line, "\n", *words)
