"""The command line: one function a command, each in the module of its kind.

Place in the flow: above all rooms; build.py, which knows what a machine and its keyboard may do, runs it.
To add a command, write it in one of these modules, or in a new one that is named here.
"""

from . import judging, making, starting, telling
from .line import app, errors

__all__ = ["app", "errors", "judging", "making", "starting", "telling"]
