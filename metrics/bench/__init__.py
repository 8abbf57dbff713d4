"""A company for benchmarks, of any size and any length of history, made by the database."""
