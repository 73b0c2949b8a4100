"""For all tests: no network is kept in the user's cache folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The same cases in every run, so that a run takes the same time; HYPOTHESIS_PROFILE=search
# draws new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session", autouse=True)
def no_cache() -> Iterator[None]:
    """Turn the cache of loaded networks off, in child processes too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XUNCHA_CACHE", "off")
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that hold slow tests, so that no worker is left alone with one."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
