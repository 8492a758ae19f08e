"""The drawings look like one hand drew them, and hold nothing but lines."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tirek import ui

FOLDER = Path(ui.__file__).parent / "static" / "tirek" / "illustrations"
DRAWINGS = sorted(FOLDER.glob("*.svg"))
PALETTE = {"#004a66", "#00719a", "#bfe3f2", "#cfe6f0", "#eaf5fa", "#fff", "#ffc845", "none"}
WANTED = {
    "absorbent-sheet", "bandage", "blood-pressure-monitor", "braille-display", "cane", "cleanser", "colostomy-bag",
    "cream", "crutches",
    "diapers-adult", "diapers-child", "hearing-aid", "insoles", "laptop-screen-reader", "light-signaller", "magnifier",
    "orthopaedic-shoes", "package", "reading-machine", "smartphone", "talking-book-player", "talking-watch",
    "thermometer",
    "urine-collector", "vibrating-watch", "walking-frame-adult", "walking-frame-child", "wheelchair-child",
    "wheelchair-indoor",
    "wheelchair-light", "wheelchair-outdoor", "wheelchair-wide", "white-cane",
}  # fmt: skip


@pytest.mark.finding("J-pictures")
def test_drawings__there_is_one_for_each_family() -> None:
    assert {path.stem for path in DRAWINGS} == WANTED


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_drawing__keeps_the_common_style(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    root = ET.fromstring(source)  # noqa: S314 - our own file
    assert root.attrib["viewBox"] == "0 0 240 180"
    assert root.attrib["stroke-width"] == "3"
    assert {element.tag.split("}")[1] for element in root.iter()} <= {"svg", "g", "path", "circle", "ellipse", "rect"}
    colours = {element.attrib[name] for element in root.iter() for name in ("fill", "stroke") if name in element.attrib}
    assert colours <= PALETTE
    assert not re.search(r"href|style=|on\w+=", source)
    assert len(source) < 5000
