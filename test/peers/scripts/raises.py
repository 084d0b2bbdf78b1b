"""It raises, with a text that a log must not obey."""


def init():
    pass


def run(raw_data):
    raise ValueError("no such model\n::error title=Forged::from the container")
