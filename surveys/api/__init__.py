"""Surveys, invitations and answers over HTTP."""
