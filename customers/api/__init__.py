"""Customers and their facts over HTTP: same rows, same permissions, same services as the pages."""
