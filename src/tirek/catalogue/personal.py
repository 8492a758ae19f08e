"""Why nothing of the catalogue is in what a person takes along."""

from tirek.core.personal import export

export.leaves_out("what a supplier did with an offer: about goods, not about a person", "catalogue.OfferEvent")
export.leaves_out(
    "dated data of the system, amended by administrators", "catalogue.GuaranteedAmount", "catalogue.KindTerms"
)
