"""The strategy matrix: what is done for whom, how it goes, and who is left out."""
