"""What a change of a setting would do to the figures, told before it is saved."""

from workspace.effects.effect import Effect, Move
from workspace.effects.hours import of_working_hours
from workspace.effects.workspace import FIGURES_DEPEND_ON, of_settings

__all__ = ["FIGURES_DEPEND_ON", "Effect", "Move", "of_settings", "of_working_hours"]
