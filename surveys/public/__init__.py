"""The pages a customer sees: no login, no script, no cookie."""
