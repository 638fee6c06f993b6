"""The same code again in a moment is the same scan."""


class RepeatWindow:
    """Whether a code is new. It lasts `window_s` after the code was last seen, not first seen.

    So a slip that lies under a scanner counts once, however long it lies there. Another code in
    between ends the window: A, B, A are three scans.
    """

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._text = ""
        self._seen_s = 0.0

    def is_new(self, text: str, now_s: float) -> bool:
        """Whether this code counts; asking is seeing it."""
        again = text == self._text and now_s - self._seen_s < self._window_s
        self._text, self._seen_s = text, now_s
        return not again
