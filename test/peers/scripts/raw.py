"""Undecorated: it gets the body as text."""
import json


def init():
    print("model loaded")


def run(raw_data):
    return [sum(row) for row in json.loads(raw_data)["data"]]
