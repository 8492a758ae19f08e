# ruff: noqa: INP001 - a script of its own
"""Cut the web fonts out of Debian's Noto Sans (package fonts-noto-core, SIL Open Font License).

Run by hand when the set of characters changes: ``python assets/fonts/subset.py``. The results are committed, and
``assets/manifest.json`` holds their hashes, so an ordinary build needs neither the original fonts nor fonttools.
"""

from pathlib import Path

from fontTools import subset

ORIGINALS = Path("/usr/share/fonts/truetype/noto")
TARGET = Path(__file__).resolve().parents[2] / "src" / "tirek" / "ui" / "static" / "tirek" / "fonts"
WEIGHTS = {400: "NotoSans-Regular.ttf", 700: "NotoSans-Bold.ttf"}

#: Latin with its accents, the Cyrillic of Kazakhstan and its neighbours (Kazakh Ә Ғ Қ Ң Ө Ұ Ү Һ І among them), and the
#: marks our texts use. Arrows and ticks are drawn as icons: Noto Sans does not hold them.
CHARACTERS = "".join(
    [
        "".join(map(chr, range(0x20, 0x7F))),
        "".join(map(chr, range(0xA0, 0x180))),
        "".join(map(chr, range(0x400, 0x460))),
        "ҐґҒғҖҗҚқҢңҮүҰұҲҳҶҷҺһӘәӢӣӨөӮӯ",
        "\u202f„“”‘’–—…•№₸€",
    ]
)


#: Documents are set with the same characters; their fonts are not packed for the web.
OF_DOCUMENTS = TARGET.parents[2] / "fonts"


def main() -> None:
    """Write ``noto-sans-400.woff2`` and ``noto-sans-700.woff2``, and the same as TrueType for documents."""
    for weight, name in WEIGHTS.items():
        options = subset.Options()
        options.flavor = "woff2"
        options.layout_features = ["kern", "mark", "mkmk", "locl", "ccmp", "tnum", "lnum"]
        options.hinting = False
        options.desubroutinize = True
        options.name_IDs = [0, 1, 2, 4, 5, 13, 14]
        options.drop_tables += ["DSIG"]
        font = subset.load_font(str(ORIGINALS / name), options)
        font.recalcTimestamp = False
        cut = subset.Subsetter(options=options)
        cut.populate(text=CHARACTERS)
        cut.subset(font)
        subset.save_font(font, str(TARGET / f"noto-sans-{weight}.woff2"), options)
        font.flavor = None
        # Typst passes a font by that has no PostScript name
        font["name"].setName(name.removesuffix(".ttf"), 6, 3, 1, 0x409)
        font.save(OF_DOCUMENTS / f"noto-sans-{weight}.ttf")


if __name__ == "__main__":
    main()
