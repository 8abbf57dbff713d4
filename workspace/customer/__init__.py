"""The reads behind the customer page, one module a section."""
