"""The map of regions as tiles of one size, each about where the region lies: our own drawing, not a survey.

A tile shows a small region as well as a large one, can be tapped on a phone, and needs no borders, whose outlines are
somebody's data. What a tile is called is short; its full name stands beside it for those who hear the page.
"""

from dataclasses import dataclass
from typing import Final

from tirek.core.languages import in_language


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a region stands.

    Attributes:
        code: КАТО code.
        column: from the west, from 1.
        row: from the north, from 1.
        kk: short name.
        ru: short name.
        en: short name.
    """

    code: str
    column: int
    row: int
    kk: str
    ru: str
    en: str

    @property
    def name(self) -> str:
        """The short name in the language of the present reader."""
        return in_language(kk=self.kk, ru=self.ru, en=self.en)


COLUMNS: Final = 6
TILES: Final = (
    Tile("390000000", 3, 1, "Қостан.", "Костан.", "Qostanay"),
    Tile("590000000", 4, 1, "СҚО", "СКО", "North"),
    Tile("550000000", 5, 1, "Павлод.", "Павлод.", "Pavlodar"),
    Tile("270000000", 1, 2, "БҚО", "ЗКО", "West"),
    Tile("150000000", 2, 2, "Ақтөбе", "Актобе", "Aqtobe"),
    Tile("110000000", 3, 2, "Ақмола", "Акмола", "Aqmola"),
    Tile("710000000", 4, 2, "Астана", "Астана", "Astana"),
    Tile("350000000", 5, 2, "Қарағ.", "Караг.", "Qaragh."),
    Tile("630000000", 6, 2, "ШҚО", "ВКО", "East"),
    Tile("230000000", 1, 3, "Атырау", "Атырау", "Atyrau"),
    Tile("620000000", 4, 3, "Ұлытау", "Ұлытау", "Ulytau"),
    Tile("100000000", 5, 3, "Абай", "Абай", "Abai"),
    Tile("470000000", 1, 4, "Маңғ.", "Мангис.", "Mangys."),
    Tile("430000000", 2, 4, "Қызыл.", "Кызыл.", "Qyzyl."),
    Tile("610000000", 3, 4, "Түркіс.", "Туркес.", "Turkist."),
    Tile("310000000", 4, 4, "Жамбыл", "Жамбыл", "Zhambyl"),
    Tile("190000000", 5, 4, "Алм. о.", "Алм. о.", "Almaty r."),
    Tile("330000000", 6, 4, "Жетісу", "Жетісу", "Zhetisu"),
    Tile("790000000", 3, 5, "Шымкент", "Шымкент", "Shymkent"),
    Tile("750000000", 5, 5, "Алматы", "Алматы", "Almaty"),
)
