"""Personal data: what is held, for how long, and who looked."""
