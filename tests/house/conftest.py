"""Prints, after the tests, the files that have grown long: no fault yet, but the next change there should split them."""

from tests.house import length


def pytest_terminal_summary(terminalreporter):
    long = length.longer_than(length.THINK)
    if long:
        terminalreporter.section(f"files over {length.THINK} lines (the limit is {length.LIMIT})")
        for lines, path in long:
            terminalreporter.write_line(f"{lines:5} {path}")
