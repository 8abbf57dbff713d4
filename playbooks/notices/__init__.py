"""Who is told of alerts, and when: by mail, at once or as a digest, and in chats; each alert to each at most once."""
