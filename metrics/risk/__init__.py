"""How likely a customer is to leave, and by when; read `training.py` first. ADR 0027 says why it is done so."""
