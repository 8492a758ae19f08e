"""How long what is told of waits is kept."""

from tirek.core.personal import export, retention

retention.keeps("How long a line waited: as long as the line, whose journal tells it.", "insight.Journey")
retention.keeps(
    "Published figures: numbers of people, nothing of anybody.",
    "insight.WaitingTime",
    "insight.Count",
    "insight.PreparedFigure",
    "insight.OutcomeFigure",
    "insight.Loaded",
)
retention.keeps(
    "Figures of suppliers: of the last thirteen months, made anew each night; nothing of anybody.",
    "insight.SupplierFigure",
    "insight.Pace",
)
export.leaves_out("days counted from the events of terms and orders, which the export tells", "insight.Journey")
