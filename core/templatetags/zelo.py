"""Zelo's own template tags; builtin in every template."""

from django import template

register = template.Library()
