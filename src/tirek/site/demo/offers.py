"""Offers of the demo: plausible goods by invented makers. Texts in Kazakh, Russian and English.

Labels of sizes are as on a package, the same in every language: numbers without units, which stand with the parameters.
"""

from decimal import Decimal
from typing import Final

from tirek.catalogue.actions import OfferCard, Texts
from tirek.catalogue.rules import VariantCard

ABAI, ZHAMBYL, EVERYWHERE = (
    ["100000000"],
    ["310000000"],
    ["100000000", "310000000", "350000000", "430000000", "750000000", "710000000"],
)

#: supplier key → (kind, card)
OFFERS: Final[tuple[tuple[str, str, OfferCard], ...]] = (
    (
        "importer",
        "GI-01",
        OfferCard(
            name=Texts(
                "Ересектерге арналған «Жайлы» жөргегі", "Подгузники для взрослых «Жайлы»", "Zhaily adult diapers"
            ),
            description=Texts(
                "Жапсырмалы, ауа өткізетін, түнде де құрғақ ұстайды.",
                "На липучках, дышащие, сухо и ночью.",
                "With tabs, breathable, dry through the night.",
            ),
            maker="Zhaily Hygiene",
            country="KZ",
            delivery_days=5,
            delivers_to=EVERYWHERE,
            illustration="diapers-adult",
            variants=[
                VariantCard(
                    "S",
                    Decimal(195),
                    4000,
                    {
                        "size": "s",
                        "waist_min_cm": 55,
                        "waist_max_cm": 80,
                        "absorbency_drops": 6,
                        "type": "tabs",
                        "day_night": "both",
                    },
                ),
                VariantCard(
                    "M",
                    Decimal(205),
                    6000,
                    {
                        "size": "m",
                        "waist_min_cm": 75,
                        "waist_max_cm": 110,
                        "absorbency_drops": 7,
                        "type": "tabs",
                        "day_night": "both",
                    },
                ),
                VariantCard(
                    "L",
                    Decimal(215),
                    5000,
                    {
                        "size": "l",
                        "waist_min_cm": 100,
                        "waist_max_cm": 150,
                        "absorbency_drops": 7,
                        "type": "tabs",
                        "day_night": "both",
                    },
                ),
            ],
        ),
    ),
    (
        "workshop",
        "GI-01",
        OfferCard(
            name=Texts("«Ертіс» трусик-жөргегі", "Подгузники-трусики «Ертіс»", "Ertis pull-up diapers"),
            description=Texts(
                "Трусик тәрізді, киіп-шешу оңай.",
                "Трусики: легко надеть и снять самому.",
                "Pull-ups: easy to put on by oneself.",
            ),
            maker="Ertis",
            country="KZ",
            delivery_days=3,
            delivers_to=ABAI,
            illustration="diapers-adult",
            variants=[
                VariantCard(
                    "M",
                    Decimal(240),
                    800,
                    {
                        "size": "m",
                        "waist_min_cm": 80,
                        "waist_max_cm": 110,
                        "absorbency_drops": 5,
                        "type": "pants",
                        "day_night": "day",
                    },
                ),
                VariantCard(
                    "XL",
                    Decimal(260),
                    500,
                    {
                        "size": "xl",
                        "waist_min_cm": 120,
                        "waist_max_cm": 165,
                        "absorbency_drops": 6,
                        "type": "pants",
                        "day_night": "day",
                    },
                ),
            ],
        ),
    ),
    (
        "importer",
        "GI-02",
        OfferCard(
            name=Texts(
                "Балаларға арналған «Балапан» жөргегі", "Подгузники для детей «Балапан»", "Balapan children's diapers"
            ),
            description=Texts(
                "Жұмсақ, теріні тітіркендірмейді.", "Мягкие, не раздражают кожу.", "Soft, kind to the skin."
            ),
            maker="Zhaily Hygiene",
            country="KZ",
            delivery_days=6,
            delivers_to=EVERYWHERE,
            illustration="diapers-child",
            variants=[
                VariantCard(
                    "4 (9–14)",
                    Decimal(140),
                    7000,
                    {"child_weight_min_kg": 9, "child_weight_max_kg": 14, "type": "tabs", "day_night": "both"},
                ),
                VariantCard(
                    "5 (12–17)",
                    Decimal(145),
                    7000,
                    {"child_weight_min_kg": 12, "child_weight_max_kg": 17, "type": "tabs", "day_night": "both"},
                ),
                VariantCard(
                    "6 (16–30)",
                    Decimal(150),
                    9000,
                    {"child_weight_min_kg": 16, "child_weight_max_kg": 30, "type": "pants", "day_night": "both"},
                ),
            ],
        ),
    ),
    (
        "workshop",
        "GI-02",
        OfferCard(
            name=Texts("Түнгі «Құлыншақ» жөргегі", "Ночные подгузники «Құлыншақ»", "Qulynshaq night diapers"),
            description=Texts(
                "Түнге арналған, сіңіргіштігі жоғары.",
                "На ночь, повышенная впитываемость.",
                "For the night, extra absorbent.",
            ),
            maker="Ertis",
            country="KZ",
            delivery_days=4,
            delivers_to=ABAI,
            illustration="diapers-child",
            variants=[
                VariantCard(
                    "7 (20–36)",
                    Decimal(170),
                    2500,
                    {"child_weight_min_kg": 20, "child_weight_max_kg": 36, "type": "pants", "day_night": "night"},
                )
            ],
        ),
    ),
    (
        "importer",
        "GI-03",
        OfferCard(
            name=Texts("Сіңіргіш «Жайлы» жаймалары", "Впитывающие пелёнки «Жайлы»", "Zhaily absorbent sheets"),
            description=Texts(
                "Төсек пен арбаға төселеді.", "Для постели и коляски.", "For the bed and the wheelchair."
            ),
            maker="Zhaily Hygiene",
            country="KZ",
            delivery_days=5,
            delivers_to=EVERYWHERE,
            illustration="absorbent-sheet",
            variants=[
                VariantCard("60 × 60", Decimal(210), 9000, {"width_cm": 60, "length_cm": 60, "absorbency_ml": 900}),
                VariantCard("60 × 90", Decimal(255), 9000, {"width_cm": 60, "length_cm": 90, "absorbency_ml": 1400}),
            ],
        ),
    ),
    (
        "workshop",
        "PO-13",
        OfferCard(
            name=Texts(
                "Балаларға арналған «Қадам» жүргіші", "Детские ходунки «Қадам»", "Qadam walking frame for children"
            ),
            description=Texts(
                "Артқы тіреуі бар, арқаны тік ұстауға көмектеседі. Семейде жасалған.",
                "С задней опорой, помогают держать спину. Сделаны в Семее.",
                "Posterior support helps to stand upright. Made in Semey.",
            ),
            included=Texts("жүргіш, кілт, нұсқаулық", "ходунки, ключ, инструкция", "frame, key, instructions"),
            maker="Qadam workshop",
            country="KZ",
            warranty_months=24,
            delivery_days=10,
            delivers_to=ABAI,
            illustration="walking-frame-child",
            variants=[
                VariantCard(
                    "1 (85–110)",
                    Decimal(39000),
                    12,
                    {
                        "for": "child",
                        "type": "posterior",
                        "handle_height_min_cm": 38,
                        "handle_height_max_cm": 50,
                        "max_load_kg": 30,
                        "width_cm": 56,
                        "foldable": True,
                    },
                ),
                VariantCard(
                    "2 (105–135)",
                    Decimal(41500),
                    9,
                    {
                        "for": "child",
                        "type": "posterior",
                        "handle_height_min_cm": 48,
                        "handle_height_max_cm": 64,
                        "max_load_kg": 45,
                        "width_cm": 60,
                        "foldable": True,
                    },
                ),
            ],
        ),
    ),
    (
        "importer",
        "PO-13",
        OfferCard(
            name=Texts(
                "Төрт дөңгелекті «Step Kid» жүргіші",
                "Ходунки на четырёх колёсах «Step Kid»",
                "Step Kid four-wheel walker",
            ),
            description=Texts("Төрт дөңгелекті, тежегіші бар.", "Четыре колеса, тормоза.", "Four wheels with brakes."),
            maker="Step Mobility",
            country="TR",
            warranty_months=12,
            delivery_days=14,
            delivers_to=EVERYWHERE,
            illustration="walking-frame-child",
            variants=[
                VariantCard(
                    "S",
                    Decimal(48500),
                    20,
                    {
                        "for": "child",
                        "type": "four_wheels",
                        "handle_height_min_cm": 46,
                        "handle_height_max_cm": 62,
                        "max_load_kg": 40,
                        "width_cm": 55,
                        "foldable": True,
                    },
                )
            ],
        ),
    ),
    (
        "importer",
        "PO-13",
        OfferCard(
            name=Texts(
                "Ересектерге арналған «Step Senior» жүргіші",
                "Ходунки для взрослых «Step Senior»",
                "Step Senior walking frame",
            ),
            description=Texts("Жиналмалы, отырғышы бар.", "Складные, с сиденьем.", "Folds, with a seat."),
            maker="Step Mobility",
            country="TR",
            warranty_months=12,
            delivery_days=14,
            delivers_to=EVERYWHERE,
            illustration="walking-frame-adult",
            variants=[
                VariantCard(
                    "M",
                    Decimal(36000),
                    30,
                    {
                        "for": "adult",
                        "type": "with_seat",
                        "handle_height_min_cm": 78,
                        "handle_height_max_cm": 96,
                        "max_load_kg": 120,
                        "width_cm": 60,
                        "foldable": True,
                    },
                )
            ],
        ),
    ),
    (
        "workshop",
        "PO-12",
        OfferCard(
            name=Texts("«Тірек» таяғы", "Трость «Тірек»", "Tirek cane"),
            description=Texts(
                "Биіктігі реттеледі, қысқы ұшы бар.",
                "Регулируется по высоте, зимний наконечник.",
                "Adjustable, with a winter tip.",
            ),
            maker="Qadam workshop",
            country="KZ",
            warranty_months=12,
            delivery_days=4,
            delivers_to=ABAI,
            illustration="cane",
            variants=[
                VariantCard(
                    "75–98",
                    Decimal(4800),
                    60,
                    {"height_cm": 98, "adjustable": True, "feet": "1", "handle": "t_shaped", "max_load_kg": 110},
                )
            ],
        ),
    ),
    (
        "importer",
        "TI-01",
        OfferCard(
            name=Texts("«Жол» ақ таяғы", "Тактильная трость «Жол»", "Zhol white cane"),
            description=Texts("Бүктеледі, дөңгелекше ұшы бар.", "Складная, наконечник-ролик.", "Folding, roller tip."),
            maker="Tiflo Zhol",
            country="KZ",
            warranty_months=12,
            delivery_days=5,
            delivers_to=EVERYWHERE,
            illustration="white-cane",
            variants=[
                VariantCard(
                    "120",
                    Decimal(6200),
                    70,
                    {"length_cm": 120, "folding": True, "sections": 5, "tip": "roller", "for": "adult"},
                ),
                VariantCard(
                    "130",
                    Decimal(6400),
                    70,
                    {"length_cm": 130, "folding": True, "sections": 5, "tip": "roller", "for": "adult"},
                ),
            ],
        ),
    ),
    (
        "importer",
        "TI-09",
        OfferCard(
            name=Texts("Сөйлейтін «Дауыс» термометрі", "Говорящий термометр «Дауыс»", "Dauys talking thermometer"),
            description=Texts(
                "Қазақша немесе орысша сөйлейді, жанаспай өлшейді.",
                "Говорит по-казахски или по-русски, бесконтактный.",
                "Speaks Kazakh or Russian, contactless.",
            ),
            maker="Dauys",
            country="KZ",
            warranty_months=24,
            delivery_days=7,
            delivers_to=EVERYWHERE,
            illustration="thermometer",
            variants=[
                VariantCard(
                    "Қазақша", Decimal(9400), 40, {"place": "body", "speech_language": "kk", "contactless": True}
                ),
                VariantCard(
                    "Русский", Decimal(9400), 40, {"place": "body", "speech_language": "ru", "contactless": True}
                ),
            ],
        ),
    ),
    (
        "importer",
        "SU-05",
        OfferCard(
            name=Texts("«Жарық» сигнализаторы", "Сигнализатор «Жарық»", "Zharyq light signaller"),
            description=Texts(
                "Есік қоңырауын жарықпен және дірілмен білдіреді.",
                "Сообщает о звонке в дверь светом и вибрацией.",
                "Tells of the door bell by light and vibration.",
            ),
            maker="Dauys",
            country="KZ",
            warranty_months=24,
            delivery_days=7,
            delivers_to=EVERYWHERE,
            illustration="light-signaller",
            variants=[VariantCard("JR-2", Decimal(30500), 25, {"signal": "both", "source": "door", "wireless": True})],
        ),
    ),
    (
        "importer",
        "SM-02",
        OfferCard(
            name=Texts("Серуендік «Дала» арбасы", "Прогулочная коляска «Дала»", "Dala outdoor wheelchair"),
            description=Texts(
                "Үрлемелі дөңгелектері қарда да жүреді.",
                "Пневматические шины: проедет и по снегу.",
                "Pneumatic tyres run on snow too.",
            ),
            included=Texts("арба, сорғы, кілттер", "коляска, насос, ключи", "chair, pump, keys"),
            maker="Dala Mobility",
            country="KZ",
            warranty_months=24,
            delivery_days=12,
            delivers_to=EVERYWHERE,
            illustration="wheelchair-outdoor",
            variants=[
                VariantCard(
                    "40",
                    Decimal(179000),
                    8,
                    {
                        "seat_width_cm": 40,
                        "seat_depth_cm": 42,
                        "max_load_kg": 110,
                        "chair_weight_kg": 16,
                        "foldable": True,
                        "tyres": "pneumatic",
                        "propulsion": "hand_rims",
                    },
                ),
                VariantCard(
                    "45",
                    Decimal(183000),
                    8,
                    {
                        "seat_width_cm": 45,
                        "seat_depth_cm": 43,
                        "max_load_kg": 130,
                        "chair_weight_kg": 17,
                        "foldable": True,
                        "tyres": "pneumatic",
                        "propulsion": "hand_rims",
                    },
                ),
            ],
        ),
    ),
    (
        "workshop",
        "SM-02",
        OfferCard(
            name=Texts("«Ертіс-Жеңіл» арбасы", "Коляска «Ертіс-Жеңіл»", "Ertis light wheelchair"),
            description=Texts(
                "Жеңіл, көлікке оңай салынады. Семейде реттеледі.",
                "Лёгкая, помещается в машину. Настройка в Семее.",
                "Light, fits into a car. Adjusted in Semey.",
            ),
            included=Texts("арба, жастық", "коляска, подушка", "chair, cushion"),
            maker="Ertis",
            country="KZ",
            warranty_months=36,
            delivery_days=9,
            delivers_to=ABAI,
            illustration="wheelchair-light",
            variants=[
                VariantCard(
                    "42",
                    Decimal(212000),
                    3,
                    {
                        "seat_width_cm": 42,
                        "seat_depth_cm": 42,
                        "max_load_kg": 100,
                        "chair_weight_kg": 12,
                        "foldable": True,
                        "tyres": "solid",
                        "propulsion": "hand_rims",
                    },
                )
            ],
        ),
    ),
    (
        "importer",
        "SM-02",
        OfferCard(
            name=Texts("«Дала-Кең» арбасы", "Коляска «Дала-Кең», широкая", "Dala wide wheelchair"),
            description=Texts(
                "Отырғышы кең, ауыр салмақ көтереді.",
                "Широкое сиденье, повышенная нагрузка.",
                "A wide seat that carries more.",
            ),
            included=Texts("арба, сорғы, кілттер", "коляска, насос, ключи", "chair, pump, keys"),
            maker="Dala Mobility",
            country="KZ",
            warranty_months=24,
            delivery_days=12,
            delivers_to=EVERYWHERE,
            illustration="wheelchair-wide",
            variants=[
                VariantCard(
                    "50",
                    Decimal(184000),
                    5,
                    {
                        "seat_width_cm": 50,
                        "seat_depth_cm": 46,
                        "max_load_kg": 170,
                        "chair_weight_kg": 19,
                        "foldable": True,
                        "tyres": "pneumatic",
                        "propulsion": "hand_rims",
                    },
                )
            ],
        ),
    ),
    (
        "workshop",
        "SM-02",
        OfferCard(
            name=Texts("«Ертіс-Бала» арбасы", "Детская коляска «Ертіс-Бала»", "Ertis children's wheelchair"),
            description=Texts(
                "Балаға арналған, ата-анасы итереді.",
                "Для ребёнка, катит взрослый.",
                "For a child, pushed by a grown-up.",
            ),
            included=Texts("арба, белдік", "коляска, ремень", "chair, belt"),
            maker="Ertis",
            country="KZ",
            warranty_months=36,
            delivery_days=9,
            delivers_to=ABAI,
            illustration="wheelchair-child",
            variants=[
                VariantCard(
                    "30",
                    Decimal(168000),
                    4,
                    {
                        "seat_width_cm": 30,
                        "seat_depth_cm": 30,
                        "max_load_kg": 50,
                        "chair_weight_kg": 11,
                        "foldable": True,
                        "tyres": "solid",
                        "propulsion": "attendant",
                    },
                )
            ],
        ),
    ),
)
