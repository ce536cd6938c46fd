"""Money inside attributes is known by its name, however that is written."""

import re

import pytest

from metrics.access.masks import MEMBER_HIDDEN, MONEY_MEMBER


@pytest.mark.parametrize(
    ("told", "masked"),
    [
        ('{"bill_rate": "81.50", "grade": 7}', '{"bill_rate":"•••", "grade": 7}'),
        ('{"BillRate":81.5,"unit":"h"}', '{"BillRate":"•••","unit":"h"}'),
        ('{"TOTAL_AMOUNT": -1.5e3}', '{"TOTAL_AMOUNT":"•••"}'),
        ('{"netPrice":{"Value":"12"}}', '{"netPrice":{"Value":"•••"}}'),
        ('{"amounts":["1.50", 2], "kind": "a"}', '{"amounts":"•••", "kind": "a"}'),
        ('{"fee": "1 \\" 2", "x": "y"}', '{"fee":"•••", "x": "y"}'),
        ('{"department": "icu"}', '{"department": "icu"}'),
    ],
)
def test_a_member_of_any_case_is_masked(told: str, masked: str) -> None:
    assert re.sub(MONEY_MEMBER, MEMBER_HIDDEN, told) == masked
