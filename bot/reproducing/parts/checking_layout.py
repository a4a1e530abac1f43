"""A layout that is as strict as Blender's own: for faults in what it is asked for."""

from __future__ import annotations

from bot.blender.harness.interface.layout import RecordingLayout


class Layout(RecordingLayout):
    """Stands in for Blender's layout, with which nothing can be drawn where there is no window."""
