"""Its run() takes longer than the server lets it."""
import threading


def init():
    pass


def run(raw_data):
    threading.Event().wait()
