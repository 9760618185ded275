"""`python -m influents.probe [PORT]`: whether the process beside it is ready; ends with 1 where it isn't.

For health checks in containers, where there is no other program to ask with. It imports nothing of the service: it is
run every few seconds.
"""

import http.client
import os
import sys

SECONDS = 4


def main(words: list[str]) -> int:
    port = int(words[0] if words else os.environ.get("INFLUENTS_PORT", "8000"))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        told = answer.read(200).decode("ascii", "replace")
    except OSError as wrong:
        sys.stderr.write(f"it doesn't answer: {wrong}\n")
        return 1
    finally:
        connection.close()
    sys.stdout.write(f"{told}\n")
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
