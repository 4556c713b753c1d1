"""Prints precision and recall per kind for the development part and for the part set aside. `make truth` runs it."""

from __future__ import annotations

from tests.truth.scoring import AUTHOR, FRESH, PUBLIC, REWORDINGS, SESSIONS, Score, by_kind, cases, former

HEAD = f"{'kind':<24}{'cases':>6}{'claims':>8}{'A.P':>7}{'A.R':>7}{'lost':>7}{'L.P':>7}{'L.R':>7}"


def row(kind: str, score: Score) -> str:
    """Return a line of the table; "-" where there is nothing to share."""
    shares = [
        f"{score.share(part, whole):.2f}" if score.counts[whole] else "-"
        for part, whole in (("ok", "pred"), ("right", "gold"), ("lok", "lpred"), ("lright", "lgold"))
    ]
    counts = score.counts
    return (
        f"{kind:<24}{counts['cases']:>6}{counts['gold']:>8}{shares[0]:>7}{shares[1]:>7}"
        f"{counts['lgold']:>7}{shares[2]:>7}{shares[3]:>7}"
    )


def main() -> None:
    """Print the tables."""
    own = list(cases(SESSIONS))
    for name, some in (
        ("development", [each for each in own if each["part"] == "development"]),
        ("set aside", [each for each in own if each["part"] == "set-aside"]),
        ("fresh", list(cases(FRESH))),
        ("author", list(cases(AUTHOR))),
        ("rewordings", list(cases(REWORDINGS))),
        ("former, names and values only", list(former())),
        ("tests/acceptance", list(cases(PUBLIC))),
    ):
        print(f"{name}\n{HEAD}")
        scores = by_kind(some)
        for kind in [*sorted(scores.keys() - {"all"}), "all"]:
            print(row(kind, scores[kind]))
        print()


main()
