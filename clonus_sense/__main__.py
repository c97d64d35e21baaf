"""``python -m clonus_sense`` is ``clonus-sense``."""

from clonus_sense.cli import main

if __name__ == "__main__":
    main()
