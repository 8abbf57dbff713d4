"""Campaigns as pages: set up, previewed, started, watched."""
