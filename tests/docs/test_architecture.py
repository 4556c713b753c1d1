"""docs/architecture.md: its picture is of the code as it is."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from tests import architecture
from tests.docs.examples import ROOT


def test_the_picture_is_of_the_layers_as_they_are() -> None:
    assert architecture.PICTURE.read_text(encoding="utf-8") == architecture.drawn(), "`make architecture` draws it anew"
    assert str(architecture.PICTURE.relative_to(ROOT / "docs")) in (ROOT / "docs" / "architecture.md").read_text()


def test_the_picture_has_every_package_and_lies_within_its_frame() -> None:
    svg = ET.fromstring(architecture.drawn())
    texts = {text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")}
    boxes = [box for row in architecture.layers() for box in row]
    assert {box.title for box in boxes} <= texts
    package = ROOT / "travel_tui"
    there = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    drawn = {box.title for box in boxes}
    assert {name for name in there if not name.startswith("_")} <= drawn, "a package in no layer is held by no contract"
    assert float(svg.attrib["height"]) > max(
        float(text.attrib["y"]) for text in svg.iter("{http://www.w3.org/2000/svg}text")
    )
