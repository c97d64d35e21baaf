"""The local web app: screens on the parts of the pages, served to this computer's own browser.

A screen is one module in ``screens/``, one template and, if it does more than show, one browser module.
"""
