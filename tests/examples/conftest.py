"""The two bundled counties, written once."""

import pytest

from examples import sample_county, shortage_county


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """Write the demo county and return its report."""
    return sample_county(tmp_path_factory.mktemp("demo") / "county")


@pytest.fixture(scope="session")
def shortage(tmp_path_factory):
    """Write the shortage county and return its report."""
    return shortage_county(tmp_path_factory.mktemp("shortage") / "county")
