"""Expansion: what customers could buy more of, on its way from being spotted to the movement of the MRR it brings."""
