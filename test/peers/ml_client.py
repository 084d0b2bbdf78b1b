"""Microsoft's Python client of Azure Machine Learning, one question a line.

The first line of stdin says where Azure is and who asks; each further one is a method and its arguments, as
JSON. Each gets one line on stdout: {"value": ...}, or {"error": {"type", "status", "message"}}.
"""
import json
import os
import sys

# What the libraries print must not come between the answers.
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

from azure.ai.ml import MLClient  # noqa: E402
from azure.identity import ClientSecretCredential  # noqa: E402


def shown(entity):
    """The public attributes of what the client gives."""
    return {
        name: value
        for name in dir(entity)
        if not name.startswith("_") and not callable(value := getattr(entity, name))
        if isinstance(value, (str, int, float, dict, type(None)))
    }


def answer(client, method, args):
    operations, name = method.split(".")
    value = getattr(getattr(client, operations), name)(**args)
    if name == "list":
        return [shown(each) for each in value]
    return value if isinstance(value, str) else shown(value)


def error(ex):
    return {"type": type(ex).__name__, "status": getattr(ex, "status_code", None), "message": str(ex)}


azure = json.loads(sys.stdin.readline())
ml_client = MLClient(
    ClientSecretCredential(
        azure["tenantId"],
        azure["clientId"],
        azure["clientSecret"],
        authority=azure["entraHost"],
        disable_instance_discovery=True,
    ),
    azure["subscriptionId"],
    azure["resourceGroup"],
    azure["workspace"],
    cloud="LocalAzure",
    enable_telemetry=False,
)
for line in sys.stdin:
    question = json.loads(line)
    try:
        reply = {"value": answer(ml_client, question["method"], question["args"])}
    except Exception as ex:
        reply = {"error": error(ex)}
    print(json.dumps(reply, default=str), file=answers, flush=True)
