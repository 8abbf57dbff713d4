"""The register of losses as a page, a file and a part of a customer's page."""
