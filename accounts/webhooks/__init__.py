"""Outgoing webhooks: what can be told, the telling inside the change's transaction, the bringing afterwards."""
