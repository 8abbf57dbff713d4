"""What happens before the processes start: tables, static files, first content, the way in."""
