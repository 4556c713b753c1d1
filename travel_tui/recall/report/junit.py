"""JUnit XML for CI systems: a failed test is a failure, an undecided one an error."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree  # only used for writing

from travel_tui.recall.report.formatting import safe, verdicts, why_with_answers
from travel_tui.recall.results import Outcome, Run, TestResult


def junit(run: Run) -> str:
    """Return the document; a suite for each file, a case for each test and repetition."""
    root = ElementTree.Element("testsuites", _counts(run.tests) | {"name": "travel-tui recall"})
    for source, group in groupby(sorted(run.tests, key=_file), key=_file):
        results = list(group)
        suite = ElementTree.SubElement(
            root, "testsuite", _counts(results) | {"name": safe(source[1]), "timestamp": run.started}
        )
        for result in results:
            _case(suite, result)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _file(result: TestResult) -> tuple[int, str]:
    return int(result.key.split("/", 1)[0]), result.source


def _counts(results: Iterable[TestResult]) -> dict[str, str]:
    listed = list(results)
    return {
        "tests": str(len(listed)),
        "failures": str(sum(result.outcome is Outcome.BROKE for result in listed)),
        "errors": str(sum(result.outcome is Outcome.UNDECIDED for result in listed)),
        "time": f"{sum(result.seconds for result in listed):.3f}",
    }


def _case(suite: ElementTree.Element, result: TestResult) -> None:
    name = f"{result.name}#{result.attempt}"
    case = ElementTree.SubElement(
        suite, "testcase", {"name": name, "classname": result.category or "recall", "time": f"{result.seconds:.3f}"}
    )
    text = safe("\n".join(why_with_answers(result)))
    if result.outcome is Outcome.BROKE:
        ElementTree.SubElement(case, "failure", {"message": verdicts(result), "type": "recall"}).text = text
    elif result.outcome is Outcome.UNDECIDED:
        ElementTree.SubElement(case, "error", {"message": safe(result.reason), "type": "undecided"}).text = text
