"""Its model is not where it should be."""
import os


def init():
    open(os.path.join(os.getenv("AZUREML_MODEL_DIR", "/no/such/folder"), "model.pkl"))


def run(raw_data):
    return []
