"""Budget of a run: how many turns it may send, and how many tokens they may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """Limits of a run, and what of them is used; None means no limit.

    Turns that are being answered when the tokens run out still end, so the tokens can exceed the limit by theirs.
    Ending a session and reading or deleting memories are not turns.
    """

    max_turns: int | None = None
    max_tokens: int | None = None
    turns: int = 0
    tokens: int = 0
    exhausted: str = ""
    """Why no further turn may be sent; empty while one may."""

    def take_turn(self) -> bool:
        """Count a turn that is about to be sent; return False, and say why in `exhausted`, if it may not be."""
        if not self.exhausted and self.max_turns is not None and self.turns >= self.max_turns:
            self.exhausted = f"The run has sent {_turns(self.turns)}, the limit of --max-turns."
        if self.exhausted:
            return False
        self.turns += 1
        return True

    def spend(self, input_tokens: int | None, output_tokens: int | None) -> None:
        """Count the tokens of an answered turn; a limit that cannot be kept for lack of a count ends the run too."""
        self.tokens += (input_tokens or 0) + (output_tokens or 0)
        if self.max_tokens is None or self.exhausted:
            return
        if input_tokens is None and output_tokens is None:
            self.exhausted = "The trace of a turn reported no tokens, so the limit of --budget-tokens cannot be kept."
        elif self.tokens >= self.max_tokens:
            self.exhausted = (
                f"The run has used {self.tokens} tokens; the limit of --budget-tokens is {self.max_tokens}."
            )


def _turns(number: int) -> str:
    return "1 turn" if number == 1 else f"{number} turns"
