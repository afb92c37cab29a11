"""What waits for a translator: listed after the tests, or with CURRENT_TRANSLATIONS=1 a failure."""

import pytest

from tools import parity

WAITS = "waits for a translator"


@pytest.fixture
def left_to_translate(record_property):
    """A function that takes a list of what waits, each in one line."""

    def tell(lines):
        assert not (lines and parity.must_be_current()), "\n".join(["", *lines])
        for line in lines:
            record_property(WAITS, line)

    return tell


def pytest_terminal_summary(terminalreporter):
    reports = terminalreporter.getreports("passed")
    lines = [text for report in reports for name, text in report.user_properties if name == WAITS]
    if lines:
        terminalreporter.section("left to translate; main and the site will need it")
    for line in lines:
        terminalreporter.write_line(line)
