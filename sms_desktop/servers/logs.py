"""A server's own log for its administrator: one JSON object a line on standard error. Set up by serve.

No path, token, number or text of a request is ever among it: of an exception it names type and place, since
the text of one may quote what it was about.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().strip(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["at"] = [
                f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-5:]
            ]
        return json.dumps(line)


def log_as_json(level: int = logging.INFO) -> None:
    """Send this program's records from `level` up to standard error as JSON; of libraries, errors at most."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # One line for every malformed request would let strangers fill the disk.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    # It quotes what the database said, with its address and user, once for every attempt while that is away.
    # Of a password with an @ in it, a part stands in the name of the server that was not found.
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
