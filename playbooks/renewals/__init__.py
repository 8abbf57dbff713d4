"""Renewals ahead and behind: found every night from the contracts, talked through and called by people."""
