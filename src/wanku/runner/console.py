"""What the command prints: plain sentences, and what to do next."""

from rich.console import Console

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Print one line of progress or result; rich's markup is understood."""
    out.print(text, soft_wrap=True)


def warn(text: str) -> None:
    """Print what is amiss but does not stop us."""
    err.print(f"[yellow]![/] {text}", soft_wrap=True)


def fail(text: str) -> int:
    """Print why the command could not do its work, and give the exit code for that."""
    err.print("[bold red]✗[/]", end=" ")
    err.print(text, markup=False, soft_wrap=True)
    return 1
