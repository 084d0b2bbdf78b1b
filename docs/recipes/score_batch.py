"""Sends each line of a file to the endpoint, and writes each answer as a line."""
import os
import sys
import urllib.request

source, target = sys.argv[1:]
with open(source, "rb") as requests, open(target, "wb") as answers:
    for line in requests:
        request = urllib.request.Request(
            os.environ["SCORING_URI"],
            data=line,
            headers={
                "Authorization": f"Bearer {os.environ['CREDENTIAL']}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request) as answer:
            answers.write(answer.read() + b"\n")
