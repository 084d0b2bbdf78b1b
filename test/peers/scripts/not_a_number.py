"""Its answer is what Python calls JSON, and nobody else."""


def init():
    pass


def run(raw_data):
    return [float("nan")]
