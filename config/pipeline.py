"""The way of the data, top to bottom. Read this first."""
