"""What the MRR is expected to be in three, six and twelve months; read `forecast.py` first. ADR 0028 says why so."""
