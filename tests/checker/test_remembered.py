"""What was made once and may be asked for again, within bounds."""

from hypothesis import given
from hypothesis import strategies as st

from checker.remembered import Remembered


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_what_is_found_is_what_was_kept_last_and_never_more_than_so_many(keys, most):
    remembered = Remembered[int, int](most)
    last = {}
    for number, key in enumerate(keys):
        assert remembered.keep(key, number) == number
        last[key] = number
        found = {key: value for key in last if (value := remembered.get(key)) is not None}
        assert found.items() <= last.items()
        assert found[key] == number
        assert len(found) <= most
