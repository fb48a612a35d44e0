"""Django's SQLite, with this process's writers in one line: see `turn.py`."""
