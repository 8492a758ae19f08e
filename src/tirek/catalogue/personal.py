"""Why nothing of the catalogue is in what a person takes along."""

from tirek.core.personal import export

export.leaves_out("what was done with an offer: about goods, not about a person", "catalogue.OfferEvent")
export.leaves_out(
    "papers and photos of what is offered: about goods, not about a person",
    "catalogue.OfferDocument",
    "catalogue.OfferPhoto",
    "catalogue.OfferWords",
)
export.leaves_out(
    "an offer of a supplier before the commission: about goods, not about a person", "catalogue.Admission"
)
export.leaves_out(
    "dated data of the system, amended by administrators",
    "catalogue.GuaranteedAmount",
    "catalogue.KindTerms",
    "catalogue.KindProvision",
)
