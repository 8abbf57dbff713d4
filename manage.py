#!/usr/bin/env python
"""Zelo's command line: `python manage.py help` lists the commands."""

import os
import sys


def main() -> None:
    """Hand the command line to Django with Zelo's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
