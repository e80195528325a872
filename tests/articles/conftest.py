"""What several modules begin with, made once for each: everybody who may hear of a version on its way."""

from copy import deepcopy

import pytest

from tests.articles.told import Cast, make_cast


@pytest.fixture(scope="module")
def kept_cast(kept_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(db: None, kept_cast: Cast) -> Cast:
    """The same people for each test, who know nothing of what another test did to them."""
    return deepcopy(kept_cast)
