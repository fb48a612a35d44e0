from tests.house import length


def test_no_file_is_past_the_limit():
    assert [str(fault) for fault in length.faults()] == []


def test_it_bites(tmp_path):
    (tmp_path / "vendor").mkdir()
    for path, lines in (("long.py", 501), ("just.js", 500), ("vendor/other.js", 900), ("tokens.css", 900)):
        (tmp_path / path).write_text("x\n" * lines)
    assert [str(fault) for fault in length.faults(tmp_path)] == ["long.py:501: 501 lines; the limit is 500"]
