"""The weekly and the monthly report of a person's figures: as a page, and by mail."""
