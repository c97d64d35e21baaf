"""A sensor played by a function: what it answers to each write, and what can be read of it."""

from clonus_sense.sensors import Read, Sleep, WaitFor, Write


def run_commands(commands, execute):
    """Run a sequence to its end, as the link does; what ``execute`` raises is thrown into it."""
    try:
        step = next(commands)
        while True:
            try:
                reply = execute(step)
            except Exception as error:
                step = commands.throw(error)
            else:
                step = commands.send(reply)
    except StopIteration as end:
        return end.value


class PlayedSensor:
    """Executes the steps of a driver and keeps them.

    ``answers`` maps the start of a written value to what the sensor indicates upon it: bytes, a list of them, an
    exception, or a function of the value.  The longest start that fits counts.
    """

    def __init__(self, answers=None, values=None):
        self.answers = dict(answers or {})
        self.values = dict(values or {})
        self.steps = []
        self._waiting = []

    @property
    def written(self):
        """Every value written, as hex."""
        return [step.data.hex() for step in self.steps if isinstance(step, Write)]

    def run(self, commands):
        """Run a sequence to its end."""
        return run_commands(commands, self._execute)

    def _execute(self, step):
        self.steps.append(step)
        if isinstance(step, Read):
            value = self.values.get(step.characteristic)
            return value() if callable(value) else value
        if isinstance(step, Write):
            self._write(step)
        if isinstance(step, WaitFor):
            fitting = [data for data in self._waiting if data.startswith(step.prefix)]
            if fitting:
                self._waiting.remove(fitting[0])
                return fitting[0]
        assert isinstance(step, Write | WaitFor | Sleep)
        return None

    def _write(self, step):
        self._waiting = []
        starts = [start for start in self.answers if step.data.startswith(start)]
        if not starts:
            return
        answer = self.answers[max(starts, key=len)]
        if callable(answer):
            answer = answer(step.data)
        if isinstance(answer, Exception):
            raise answer
        self._waiting += [answer] if isinstance(answer, bytes) else answer or []
