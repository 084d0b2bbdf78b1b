"""Runs the command in its arguments until stdin closes, so that it never outlives whoever started it."""
import subprocess
import sys
import threading


def end_with_stdin(server):
    sys.stdin.read()
    server.terminate()


child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
threading.Thread(target=end_with_stdin, args=[child], daemon=True).start()
sys.exit(child.wait())
