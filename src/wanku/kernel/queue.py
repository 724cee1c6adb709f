"""Leaving work for the workers, inside the caller's transaction: it is done if and only if that is committed."""

from procrastinate.contrib.django import app


def leave(task: str, *, lock: str, **facts: int | str) -> None:
    """Queue a task of `wanku.jobs.tasks` by its name, since whoever leaves work lies below the doors.

    Args:
        lock: jobs with the same lock never run at the same time.
        facts: what the task is about: keys of rows, never secrets, since jobs are stored and logged.
    """
    app.configure_task(task, lock=lock).defer(**facts)
