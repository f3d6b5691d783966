"""How a stop of a changed round compares with what it was."""

from enum import StrEnum


class StopMark(StrEnum):
    STAYS = "stays"
    DONE = "done"  # nothing changes it any more
    COMES = "comes"  # from another helper
    GOES = "goes"  # to another helper
    RETIMED = "retimed"
    ADDED = "added"
    OFF = "off"  # not wanted any more
    LOST = "lost"  # nobody can make it
