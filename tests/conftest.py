"""For all tests: no network is kept in the user's cache folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def no_cache() -> Iterator[None]:
    """Turn the cache of loaded networks off, in child processes too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XUNCHA_CACHE", "off")
        yield
