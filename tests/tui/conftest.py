from __future__ import annotations

from tests.tui.snapshots import compare_picture

__all__ = ["compare_picture"]
