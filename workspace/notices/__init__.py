"""How a person wants to work and be told, and the chats that are told."""
