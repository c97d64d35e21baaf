"""Pictures and pages of a night.

``overview`` collects smallest and largest values while a recording is read, ``plots`` draws pictures, ``pages`` makes
pages, ``picture_folder`` puts pictures into a folder; ``wording``, ``words`` and ``glossary`` hold the words.
"""
