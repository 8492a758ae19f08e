"""Personal data of suppliers: none but the name of who entered bank details."""

from tirek.core.personal import export

export.leaves_out("bank details of a firm: about the firm, not about who entered them", "suppliers.BankAccount")
