"""Writes: people, invitations, tokens, the workspace's settings. Import the module of the entity."""
