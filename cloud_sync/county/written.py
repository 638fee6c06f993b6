"""What people write, as it is kept."""


def clean(text: str) -> str:
    """A line is a line, and nothing in it moves a terminal."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c.isprintable() or c == "\n" else " " for c in lines).strip()
