"""What the tests of both apps share."""

import os
import sys
from collections.abc import Iterator

import pytest
from moto import mock_aws

# Both apps are packed from their source folders, which must hold source alone after a test run.
sys.dont_write_bytecode = True

# The archive function reads its level when it is imported, as Lambda would have it.
os.environ.pop("LOG_LEVEL", None)


@pytest.fixture(autouse=True, scope="session")
def no_account() -> Iterator[None]:
    """Keep the tests away from the real account that a developer may be signed in to."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        yield


@pytest.fixture
def aws() -> Iterator[None]:
    """An AWS in this process, empty at first."""
    with mock_aws():
        yield
