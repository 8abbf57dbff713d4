"""Reading comments by rule: what they are about, and how they sound."""
