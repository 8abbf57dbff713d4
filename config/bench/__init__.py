"""`bench nightly`: how long a whole night takes, beside what copying its result and reading its input take."""
