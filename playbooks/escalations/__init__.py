"""Problems that went up: cause, severity, owner, until they are closed with what was learned."""
