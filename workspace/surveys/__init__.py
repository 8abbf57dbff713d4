"""The pages about what customers say: figures, answers, comments, what was done about them."""
