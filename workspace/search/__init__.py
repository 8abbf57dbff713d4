"""Finding a customer, a person or a page by a few words."""
