"""What a day of a working week may cost before it is overtime, after the days that went before it."""

LEAST_SHARE = 0.5
MOST_SHARE = 1.5


def todays_minutes(daily: int, *, worked: int, days_worked: int, days_left: int) -> int:
    """The contracted minutes of a day: fewer than `daily` after long days of this week, more after short ones.

    The week holds `daily` for each day worked and each day left (today included). What was `worked` on the days
    gone beyond or below that is shared by the days left; no day loses or gains more than half of `daily`.
    """
    surplus = worked - daily * days_worked
    share = daily - surplus / max(days_left, 1)
    return round(min(max(share, daily * LEAST_SHARE), daily * MOST_SHARE))
