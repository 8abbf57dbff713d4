"""The portfolio: which customers match, in which order, with which columns, on which day."""
