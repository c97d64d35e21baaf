"""The commands, one module each; none knows another.

Each module holds the options of its command at the top and imports what does the work inside the function that runs, so
that ``--help`` answers in a blink.
"""
