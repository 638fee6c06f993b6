"""What every test may rely on."""

import pytest
from hypothesis import settings

# A busy two-core machine may take long over any one example; what is slow shows as a time-out.
settings.register_profile("cunyi", deadline=None)
settings.load_profile("cunyi")


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, as the daemon does."""
    return "asyncio"
