"""HTTP that leaves the house: only to addresses out there, signed, never following a redirect."""
