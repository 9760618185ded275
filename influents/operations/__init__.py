"""Operations, by whatever road they come: what a client may ask (`asking.py`), and having it done (`executing.py`)."""
