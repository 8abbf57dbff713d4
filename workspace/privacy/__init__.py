"""A person's data: found in every table, handed out, or erased."""
