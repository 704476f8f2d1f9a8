"""The shipped playbooks."""

import pytest

from serving.playbook.declared import Playbook
from serving.playbook.shelf import shipped_playbook


@pytest.fixture(scope="session", params=["trade", "retail"])
def playbook(request: pytest.FixtureRequest) -> Playbook:
    return shipped_playbook(request.param)
