"""The bells that beat rings; each only finds what is due and hands it on."""
