"""The expansion pipeline: what customers could buy more of, by stage, and what came of it."""
