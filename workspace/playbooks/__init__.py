"""The pages of playbooks: what they show and ask for."""
