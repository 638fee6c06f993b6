"""What every test may rely on."""

import signal

import pytest
from hypothesis import settings

from tests.fuzz.tally import print_inputs
from tests.simulation.defences.told import print_planted_bugs

# A busy two-core machine may take long over any one example; what is slow shows as a time-out.
settings.register_profile("cunyi", deadline=None)
settings.load_profile("cunyi")


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background by a shell. Every program that a test starts would inherit it, and
    # be deaf to the Ctrl-C that some of them are tested with.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, as the daemon does."""
    return "asyncio"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Said here, because a run in several processes reads no deeper file than this one."""
    print_inputs(terminalreporter)
    print_planted_bugs(terminalreporter)
