import pytest

from console.reference import policy_names, shipped_notices, shipped_policy
from monitor.errors import PolicyError


def test_the_shipped_policies() -> None:
    assert set(policy_names()) >= {"gaoxian", "xinbarag-right-banner", "national"}


@pytest.mark.parametrize("name", policy_names())
def test_each_policy_can_be_read(name: str) -> None:
    policy = shipped_policy(name, {})
    assert policy.name == name
    assert all(rule.clause for rule in policy.rules.values() if rule.enabled)


def test_an_override_that_does_not_fit_is_refused() -> None:
    with pytest.raises(PolicyError):
        shipped_policy("gaoxian", {"GX-01": {"days": -1}})


def test_the_shipped_years() -> None:
    years = [notice.year for notice in shipped_notices()]
    assert years == sorted(set(years))
    assert set(range(2004, 2027)) <= set(years)
