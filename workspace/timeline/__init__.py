"""One timeline of everything that happened with a customer: sources, one UNION read, its words."""
