from collections.abc import AsyncIterator

import pytest

from tests.adapters.operator_page.office import Browser, Office, page_of
from tests.stage import Stage


@pytest.fixture
async def office(stage: Stage) -> AsyncIterator[Office]:
    page = page_of(stage)
    browser = Browser(page)
    assert (await browser.sign_in()).status_code == 303
    yield Office(stage, page, browser)
    page.close()
