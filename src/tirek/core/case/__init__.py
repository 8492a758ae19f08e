"""Cases: their registry, process, journal, deadlines and effects."""
