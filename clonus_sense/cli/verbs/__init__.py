"""The commands, one module each; no command imports another.

Each module declares its options at the top and imports the rest inside its functions, so that ``--help`` answers fast.
"""
