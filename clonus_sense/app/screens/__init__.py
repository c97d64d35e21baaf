"""The screens, in the order of the menu; the first one is shown first.

A new screen is a module here that makes a :class:`~clonus_sense.app.screen.Screen`, a template of its name in
``templates/``, a browser module of its name in ``browser/`` if it needs one, and a line below.
"""

from clonus_sense.app.screens.about import ABOUT
from clonus_sense.app.screens.night import NIGHT
from clonus_sense.app.screens.nights import NIGHTS

SCREENS = {screen.name: screen for screen in (NIGHTS, NIGHT, ABOUT)}
